//! What the revocation lists in a store say of its certificates, whether the lists are current or not.
//!
//! Never says that a certificate is not revoked: that requires a current list that covers it.

use std::collections::HashMap;

use super::super::Clause::{Opc, Rfc5280};
use super::super::{Check, Look, Severity};
use super::{Entry, EntryKind, Facts, Inventory, Sightings, short};
use crate::asn1::{self, Tag};
use crate::cert::{GeneralName, GeneralNames, RevocationList, Revoked};
use crate::crypto::key::PublicKey;
use crate::oid;
use crate::path::process::Kind;
use crate::path::revocation::{Reason, canonical, reason_of};
use crate::store::List;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&STORE_REVOKED];

/// A certificate is on a list, and a revocation list beside it names it.
pub static STORE_REVOKED: Check = Check {
    id: "store-revoked",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1.3"), Opc(4, "6.1.3")],
    title: "No certificate in a store is revoked by a revocation list in it",
    why: "The CA has revoked the certificate. Programs that do not check revocation lists, or not for trusted peers, \
          still trust it.",
    remedy: "Remove it: `certkit trust remove STORE NAME`. Ask the CA's operator why it was revoked; its holder needs \
             a new certificate for a new key.",
    look: Look::Store { applies: |it| lists(it).next().is_some(), at: revoked },
};

fn lists(inventory: &Inventory) -> impl Iterator<Item = (&Entry, &RevocationList, u64)> {
    inventory.entries.iter().filter_map(|entry| match &entry.kind {
        EntryKind::RevocationList { list, issuer, .. } => Some((entry, list, *issuer)),
        _ => None,
    })
}

fn revoked(inventory: &Inventory) -> Sightings {
    let mut issued: HashMap<u64, Vec<_>> = HashMap::new();
    let mut authorities: HashMap<u64, Vec<&[u8]>> = HashMap::new();
    for (at, entry, facts) in inventory.certificates() {
        if entry.list != List::Rejected {
            issued.entry(facts.issuer).or_default().push((at, entry, facts));
        }
        authorities.entry(facts.subject).or_default().extend(facts.authority_key.as_deref());
    }
    let mut sightings: Sightings = Vec::new();
    for (place, list, issuer) in lists(inventory) {
        let Some(issued) = issued.get(&issuer) else { continue };
        let entries: HashMap<u64, Revoked<'_>> =
            entries(list).map(|it| (short(canonical(it.serial.as_bytes())), it)).collect();
        let named = |facts: &Facts| entries.get(&facts.serial);
        let keys = authorities.get(&issuer).map(Vec::as_slice).unwrap_or_default();
        if !issued.iter().any(|(_, _, facts)| named(facts).is_some()) || !keys.iter().any(|key| has_signed(key, list)) {
            continue;
        }
        for (at, entry, facts) in issued {
            if let Some(revoked) = named(facts).filter(|_| sightings.iter().all(|(known, _)| known != at)) {
                let (called, since) = (&facts.called, revocation(revoked));
                sightings.push((*at, format!("`{called}` ({}): {since}, says {}", entry.place, place.place)));
            }
        }
    }
    sightings
}

fn has_signed(spki: &[u8], list: &RevocationList) -> bool {
    PublicKey::from_spki(spki).is_ok_and(|key| list.verify_signature(&key).is_ok())
}

/// The entries of a list about certificates of its own issuer that stay revoked.
fn entries(list: &RevocationList) -> impl Iterator<Item = Revoked<'_>> {
    let issuer = list.issuer();
    let mut is_own = true;
    let own = list.entries().filter_map(Result::ok).filter(move |entry| {
        // An issuer that an entry names holds for those that follow it, too; one that cannot be decoded is no other.
        if let Some(names) = entry.extensions.find(oid::CERTIFICATE_ISSUER) {
            let names = asn1::single(names.value, Tag::SEQUENCE).map(|it| GeneralNames::validated(it.contents()));
            let is_issuer = |name: GeneralName<'_>| matches!(name, GeneralName::Directory(it) if it.matches(&issuer));
            is_own = names.flatten().map_or(true, |names| names.iter().any(is_issuer));
        }
        is_own
    });
    own.filter(|entry| reason_of(entry) != Some(Reason::REMOVED))
}

/// What an entry says, as a fact about its certificate.
fn revocation(entry: &Revoked<'_>) -> Kind {
    Kind::Revoked { since: entry.date, reason: reason_of(entry) }
}

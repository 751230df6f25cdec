//! What should not stand in a store, or not where it stands.

use super::super::Clause::{Opc, Rfc5280};
use super::super::rfc5280::fields::CERTIFICATE_UNDECODABLE;
use super::super::rfc5280::revocation::REVOCATION_UNKNOWN;
use super::super::{Check, Look, Severity};
use super::{Entry, EntryKind, Inventory, Sightings, Standing, is_in_force};
use crate::path::revocation::unfit_to_clear;
use crate::store::{Content, List, Member};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &STORE_KEY_MATERIAL,
    &STORE_TRUSTED_AND_REJECTED,
    &STORE_UNREADABLE,
    &STORE_DUPLICATE,
    &STORE_NAME_TWIN,
    &STORE_LEAF_AMONG_ISSUERS,
];

/// A private key lies among what is trusted.
pub static STORE_KEY_MATERIAL: Check = Check {
    id: "store-key-material",
    severity: Severity::Error,
    clauses: &[Opc(12, "F.1")],
    title: "No private key is in the list of trusted certificates",
    why: "Many programs and people copy, display and back up trust lists; anyone who reads a private key there can \
          impersonate its owner.",
    remedy: "Move the key to its owner's folder (`own/private` of an OPC UA application), readable only by that \
             program. If others could read it, make a new one: `certkit generate`.",
    look: Look::Store { applies: |_| true, at: key_material },
};

fn key_material(inventory: &Inventory) -> Sightings {
    let entries = inventory.entries.iter().enumerate();
    let keys = entries.filter(|(_, it)| matches!(it.kind, EntryKind::PrivateKey) && it.list != List::Own);
    let keys = keys.filter(|(_, entry)| entry.standing == Standing::Present);
    keys.map(|(at, entry)| (at, format!("a private key is in the list {}: {}", entry.list, entry.place))).collect()
}

/// A certificate is trusted and rejected.
pub static STORE_TRUSTED_AND_REJECTED: Check = Check {
    id: "store-trusted-and-rejected",
    severity: Severity::Error,
    clauses: &[Opc(12, "7.8.2")],
    title: "No certificate is both trusted and rejected",
    why: "Programs use the trusted list, but people see the certificate in the rejected list: one of the two is wrong.",
    remedy: "Decide: `certkit trust approve STORE NAME` removes it from the rejected list, `certkit trust remove` or \
             `certkit trust reject` from the trusted list.",
    look: Look::Store { applies: |it| it.entries.iter().any(|entry| entry.list == List::Rejected), at: contradiction },
};

fn contradiction(inventory: &Inventory) -> Sightings {
    let mut sightings = Vec::new();
    for same in inventory.grouped(|_, facts| facts.fingerprint).into_values() {
        let trusted = same.iter().find(|(_, entry, _)| entry.list == List::Trusted);
        let rejected = same.iter().find(|(_, entry, _)| entry.list == List::Rejected);
        if let (Some((at, trusted, facts)), Some((_, rejected, _))) = (trusted, rejected) {
            let evidence =
                format!("`{}` is trusted ({}) and rejected ({})", facts.called, trusted.place, rejected.place);
            sightings.push((*at, evidence));
        }
    }
    sightings
}

/// A file of a store cannot be read.
pub static STORE_UNREADABLE: Check = Check {
    id: "store-unreadable",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1")],
    title: "Everything in a store can be read",
    why: "No program trusts an unreadable entry, or, worse, some programs do and others do not. Some refuse the whole \
          store.",
    remedy: "Examine it with `certkit inspect`, and replace or remove it.",
    look: Look::Store { applies: |_| true, at: unreadable },
};

fn unreadable(inventory: &Inventory) -> Sightings {
    let look = |(at, entry): (usize, &Entry)| match &entry.kind {
        // What nobody looks into is told where that is.
        EntryKind::Unread { why, loss: Loss::Other } if !entry.lies_below() => {
            Some((at, format!("{}: {why}", entry.place)))
        }
        _ => None,
    };
    inventory.entries.iter().enumerate().filter_map(look).collect()
}

/// What is lost where a member of a store cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// A certificate: programs that use the store may refuse all of it.
    Certificate,
    /// A revocation list: what it revokes is not known.
    RevocationList,
    /// Something else, or unknown.
    Other,
}

impl Loss {
    /// What is lost with a member; `None` where it can be read.
    pub fn of(member: &Member) -> Option<Loss> {
        match &member.content {
            Content::DamagedList(_) | Content::UnreadList(_) => Some(Loss::RevocationList),
            Content::Unread(_) if member.place.lies_below() => Some(Loss::Other),
            Content::Undecodable(_) | Content::Unread(_) if member.place.is_for_lists() => Some(Loss::RevocationList),
            Content::Undecodable(_) => Some(Loss::Certificate),
            Content::Unread(_) => Some(Loss::Other),
            Content::Certificate(_) | Content::RevocationList(_) | Content::PrivateKey | Content::SecretKey => None,
        }
    }
}

/// What is told, wherever it is met, of a member that should be a certificate or a revocation list and tells nothing:
/// the check that it falls short of, and the evidence.
pub fn lost(member: &Member) -> Option<(&'static Check, String)> {
    let place = &member.place;
    let why = match &member.content {
        Content::RevocationList(list) => unfit_to_clear(list).map(|why| why.to_string()),
        other => other.loss(),
    }?;
    match Loss::of(member) {
        Some(Loss::Certificate) => Some((&CERTIFICATE_UNDECODABLE, format!("{place}: {why}"))),
        Some(Loss::Other) => None,
        Some(Loss::RevocationList) | None => {
            let evidence = format!("cannot read the revocation list {place}: {why}");
            Some((&REVOCATION_UNKNOWN, evidence))
        }
    }
}

/// The same certificate twice.
pub static STORE_DUPLICATE: Check = Check {
    id: "store-duplicate",
    severity: Severity::Warning,
    clauses: &[Opc(12, "7.8.2")],
    title: "A certificate is in a list only once",
    why: "If one of two copies is removed, the certificate stays trusted.",
    remedy: "Remove one of them: `certkit trust remove STORE NAME`.",
    look: Look::Store { applies: |_| true, at: duplicates },
};

fn duplicates(inventory: &Inventory) -> Sightings {
    let mut sightings = Vec::new();
    for same in inventory.grouped(|entry, facts| (entry.list, entry.group, facts.fingerprint)).into_values() {
        // The chains of several private keys have the same CAs, and should.
        let [(_, first, _), others @ ..] = same.as_slice() else { continue };
        let others = others.iter().filter(|(_, it, _)| it.standing == Standing::Present && it.list != List::Own);
        // Stacks go by one folder of issuers each, and need it there.
        let others = others.filter(|(_, it, _)| it.twin() == first.twin());
        sightings.extend(others.map(|(at, entry, facts)| {
            (*at, format!("`{}` is in the list as {} and as {}", facts.called, first.place, entry.place))
        }));
    }
    sightings
}

/// Two certificates of one name.
pub static STORE_NAME_TWIN: Check = Check {
    id: "store-name-twin",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1.2.6")],
    title: "No two keys in a list have the same name",
    why: "People identify certificates by name, and so do programs that look for an issuer: they may take the wrong \
          one. After a renewal with a new key both are needed for a while; then the old one is an unmonitored key.",
    remedy: "Remove the one that is no longer used; `certkit trust list STORE` shows dates and fingerprints.",
    look: Look::Store { applies: |_| true, at: twins },
};

fn twins(inventory: &Inventory) -> Sightings {
    let mut sightings = Vec::new();
    for mut named in inventory.grouped(|entry, facts| (entry.list, entry.group, facts.subject)).into_values() {
        named.retain(|(_, entry, _)| is_in_force(entry));
        let [(_, first, one), others @ ..] = named.as_slice() else { continue };
        let others = others.iter().filter(|(_, _, facts)| facts.key != one.key);
        sightings.extend(others.map(|(at, entry, facts)| {
            (*at, format!("two keys have the name `{}`: {} and {}", facts.called, first.place, entry.place))
        }));
    }
    sightings
}

/// An application's certificate among those that only complete chains.
pub static STORE_LEAF_AMONG_ISSUERS: Check = Check {
    id: "store-leaf-among-issuers",
    severity: Severity::Warning,
    clauses: &[Opc(12, "7.8.2")],
    title: "The issuer list contains only CAs",
    why: "Certificates in the issuer list are not trusted: an application whose certificate is there is refused.",
    remedy: "Move it: `certkit trust remove STORE NAME`, then `certkit trust add STORE FILE`.",
    look: Look::Store {
        applies: |it| it.entries.iter().any(|entry| entry.list == List::Issuer),
        at: leaf_among_issuers,
    },
};

fn leaf_among_issuers(inventory: &Inventory) -> Sightings {
    let leaves = inventory.certificates().filter(|(_, entry, facts)| entry.list == List::Issuer && !facts.is_ca);
    leaves.map(|(at, entry, facts)| (at, format!("`{}` is not a CA: {}", facts.called, entry.place))).collect()
}

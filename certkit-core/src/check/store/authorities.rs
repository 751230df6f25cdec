//! Whether a store has what its certificates need: their issuers, and the revocation lists of CAs.

use std::collections::{HashMap, HashSet};

use super::super::Clause::{Opc, Rfc5280};
use super::super::{Check, Look, Severity};
use super::{Entry, EntryKind, Facts, Inventory, Sightings, Standing, is_in_force};
use crate::moment::Moment;
use crate::store::{Kind, List};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&STORE_ORPHAN, &STORE_CRL_MISSING, &STORE_CRL_ORPHAN, &STORE_CRL_OVERDUE];

/// A certificate whose issuer is not there.
pub static STORE_ORPHAN: Check = Check {
    id: "store-orphan",
    severity: Severity::Warning,
    clauses: &[Opc(4, "6.1.3"), Rfc5280("6.1")],
    title: "The issuer of every certificate in a store is also in the store",
    why: "Most programs need the whole chain up to its root. If the issuer is in no list, they refuse even a \
          certificate that is trusted itself, unless its holder sends the issuer.",
    remedy: "Add the issuer: `certkit trust add STORE ca.cer` puts it into the right list.",
    look: Look::Store { applies: |it| it.certificates().any(|(_, _, facts)| !facts.is_self_issued), at: orphans },
};

fn orphans(inventory: &Inventory) -> Sightings {
    let mut by_subject: HashMap<u64, Vec<&Facts>> = HashMap::new();
    for (_, _, facts) in inventory.certificates().filter(|(_, entry, facts)| is_in_force(entry) && facts.is_ca) {
        by_subject.entry(facts.subject).or_default().push(facts);
    }
    let is_alone = |facts: &Facts| {
        let named = by_subject.get(&facts.issuer).map(Vec::as_slice).unwrap_or_default();
        !named.iter().any(|issuer| issuer.may_have_issued(facts))
    };
    let issued = inventory.certificates().filter(|(_, entry, facts)| is_in_force(entry) && !facts.is_self_issued);
    let alone = issued.filter(|(_, _, facts)| is_alone(facts));
    alone
        .map(|(at, entry, facts)| (at, format!("the issuer of `{}` ({}) is missing", facts.called, entry.place)))
        .collect()
}

/// The issuers that revocation lists are of.
fn listed(inventory: &Inventory) -> HashSet<u64> {
    let issuer = |entry: &Entry| match entry.kind {
        EntryKind::RevocationList { issuer, .. } => Some(issuer),
        _ => None,
    };
    inventory.entries.iter().filter_map(issuer).collect()
}

/// Whose revocation lists there are, wherever they lie.
pub(super) struct Listed(HashSet<u64>);

impl Listed {
    pub(super) fn of(inventory: &Inventory) -> Listed {
        Listed(listed(inventory))
    }

    /// Says whether there is a list of the CA that an entry is.
    pub(super) fn contains(&self, entry: &Entry) -> bool {
        matches!(&entry.kind, EntryKind::Certificate(facts) if self.0.contains(&facts.subject))
    }
}

/// A CA without a revocation list.
pub static STORE_CRL_MISSING: Check = Check {
    id: "store-crl-missing",
    severity: Severity::Warning,
    clauses: &[Opc(4, "6.1.3")],
    title: "An OPC UA store has a revocation list for every CA in it",
    why: "OPC UA applications need the revocation list of each CA of a chain, and refuse the connection without it \
          (BadCertificateRevocationUnknown, BadCertificateIssuerRevocationUnknown).",
    remedy: "Get the list from the CA, or make an empty one with `certkit revoke` if the CA is yours, and add it: \
             `certkit trust add STORE ca.crl`.",
    look: Look::Store { applies: |it| it.kind == Kind::OpcUa || !listed(it).is_empty(), at: lists_missing },
};

fn lists_missing(inventory: &Inventory) -> Sightings {
    let mut places: HashMap<u64, Vec<(&Entry, &str)>> = HashMap::new();
    for list in lists(inventory) {
        places.entry(list.issuer).or_default().push((list.entry, list.place));
    }
    let places_of = |facts: &Facts| places.get(&facts.subject).map(Vec::as_slice).unwrap_or_default();
    // What is offered is put beside each other.
    let is_offered = |entry: &Entry| entry.standing == Standing::Offered;
    let is_beside = |entry: &Entry, list: &Entry| {
        is_offered(entry) || is_offered(list) || (entry.list, entry.group) == (list.list, list.group)
    };
    let has_one = |entry: &Entry, facts: &Facts| places_of(facts).iter().any(|(list, _)| is_beside(entry, list));
    let bare = inventory.certificates().filter(|(_, entry, facts)| is_in_force(entry) && facts.is_ca);
    let bare = bare.filter(|(_, entry, facts)| !has_one(entry, facts));
    // A self-signed application with the CA flag has issued nothing but itself.
    let authorities = bare
        .filter(|(_, entry, facts)| entry.list == List::Issuer || !facts.is_self_issued || !facts.names_application);
    let evidence = |entry: &Entry, facts: &Facts| match places_of(facts).first() {
        // Programs look for it beside the list that the CA is on.
        Some((_, place)) => {
            format!("the revocation list of `{}` ({}) is not beside it: {place}", facts.called, entry.place)
        }
        None => format!("there is no revocation list of `{}` ({})", facts.called, entry.place),
    };
    authorities.map(|(at, entry, facts)| (at, evidence(entry, facts))).collect()
}

/// A revocation list without its CA.
pub static STORE_CRL_ORPHAN: Check = Check {
    id: "store-crl-orphan",
    severity: Severity::Warning,
    clauses: &[Opc(12, "7.8.2")],
    title: "The CA of every revocation list is in the store",
    why: "Programs verify a revocation list with the key of its CA. Without the CA the list has no effect; usually the \
          CA was removed and its list forgotten.",
    remedy: "Add the CA, or remove the list: `certkit trust remove STORE FILE`.",
    look: Look::Store { applies: |it| !listed(it).is_empty(), at: lists_alone },
};

fn lists_alone(inventory: &Inventory) -> Sightings {
    let subjects: HashSet<u64> = inventory.certificates().map(|(_, _, facts)| facts.subject).collect();
    lists(inventory)
        .filter(|list| !subjects.contains(&list.issuer))
        .map(|list| {
            (list.at, format!("the CA of the revocation list of `{}` ({}) is missing", list.called, list.place))
        })
        .collect()
}

/// A revocation list that should have been replaced.
pub static STORE_CRL_OVERDUE: Check = Check {
    id: "store-crl-overdue",
    severity: Severity::Error,
    clauses: &[Rfc5280("5.1.2.5"), Rfc5280("6.3.3")],
    title: "The revocation lists in a store are current",
    why: "An expired list says nothing about later revocations; careful programs refuse every certificate of its CA \
          until they have the next list.",
    remedy: "Get the current list from the CA and add it: `certkit trust add STORE ca.crl` replaces the old one.",
    look: Look::Store { applies: |it| !listed(it).is_empty(), at: lists_overdue },
};

fn lists_overdue(inventory: &Inventory) -> Sightings {
    let overdue = |list: ListEntry<'_>| {
        let due = list.next_update.filter(|due| *due < inventory.moment)?;
        let evidence = format!("the revocation list of `{}` expired at {} UTC", list.called, due.to_minute());
        Some((list.at, evidence))
    };
    lists(inventory).filter_map(overdue).collect()
}

/// A revocation list of an inventory.
struct ListEntry<'a> {
    at: usize,
    entry: &'a Entry,
    issuer: u64,
    called: &'a str,
    place: &'a str,
    next_update: Option<Moment>,
}

fn lists(inventory: &Inventory) -> impl Iterator<Item = ListEntry<'_>> {
    inventory.entries.iter().enumerate().filter_map(|(at, entry)| match &entry.kind {
        EntryKind::RevocationList { issuer, called, next_update, .. } => {
            Some(ListEntry { at, entry, issuer: *issuer, called, place: &entry.place, next_update: *next_update })
        }
        _ => None,
    })
}

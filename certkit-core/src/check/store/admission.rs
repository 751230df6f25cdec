//! What a store must not be given.

use super::super::Clause::{self, Document};
use super::super::{Check, Look, Severity};
use super::{EntryKind, Inventory, Sightings, Standing};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&PRIVATE_KEY_IN_IMPORT, &ALREADY_IN_STORE];

/// A private key is among what is to be trusted.
pub static PRIVATE_KEY_IN_IMPORT: Check = Check {
    id: "private-key-in-import",
    severity: Severity::Error,
    clauses: &[Clause::ALWAYSON_NOTE],
    title: "A file for a trust store contains no private key",
    why: "A trust store needs only the certificate. Everyone who has handled the file has the private key and can \
          impersonate its owner.",
    remedy: "Import only the certificate: `certkit convert FILE -o ca.cer --for kepware` omits the key. Tell the \
             sender; a CA whose key has been disclosed must be replaced.",
    look: Look::Store { applies: has_offer, at: key_offered },
};

fn has_offer(inventory: &Inventory) -> bool {
    inventory.entries.iter().any(|entry| entry.standing == Standing::Offered)
}

fn key_offered(inventory: &Inventory) -> Sightings {
    let is_key = |kind: &EntryKind| matches!(kind, EntryKind::PrivateKey);
    let offered = inventory.entries.iter().enumerate().filter(|(_, it)| it.standing == Standing::Offered);
    let keys = offered.filter(|(_, entry)| is_key(&entry.kind));
    keys.map(|(at, entry)| (at, format!("there is a private key in {}", entry.place))).collect()
}

/// The same certificate is there under another name.
pub static ALREADY_IN_STORE: Check = Check {
    id: "already-in-store",
    severity: Severity::Error,
    clauses: &[Document("Insights Hub (MindSphere) documentation: CA certificates of devices")],
    title: "A certificate is not in the store already under another name",
    why: "If one of two entries is removed, the certificate stays trusted under its other name.",
    remedy: "Leave it as it is, or remove the other entry first: `certkit trust remove STORE NAME`.",
    look: Look::Store { applies: has_offer, at: already_there },
};

fn already_there(inventory: &Inventory) -> Sightings {
    let mut sightings = Vec::new();
    for same in inventory.grouped(|entry, facts| (entry.list, entry.group, facts.fingerprint)).into_values() {
        let there = same.iter().find(|(_, entry, _)| entry.standing == Standing::Present);
        let Some((_, there, _)) = there else { continue };
        for (at, entry, _) in same.iter().filter(|(_, entry, _)| entry.standing == Standing::Offered) {
            // Nothing is to be done where no other name was asked for, or the same.
            if entry.name.is_some() && entry.name != there.name {
                sightings.push((*at, format!("it is already in the store as {}", there.place)));
            }
        }
    }
    sightings
}

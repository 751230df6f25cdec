//! Certificates of a store that its revocation lists speak against.

use super::super::Clause::{Opc, Rfc5280};
use super::super::{Check, Look, Severity};
use super::EntryKind;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&STORE_REVOKED];

/// A certificate is on a list, and a revocation list beside it names it.
pub static STORE_REVOKED: Check = Check {
    id: "store-revoked",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1.3"), Opc(4, "6.1.3")],
    title: "No certificate in a store is named by a revocation list in it",
    why: "The CA has taken the certificate back, and the list says so to whoever reads it. Programs that do not look \
          at revocation lists, or not at those of trusted partners, go on trusting it.",
    remedy: "Take it out: `certkit trust remove STORE NAME`. Ask those who run the CA why it was revoked; its holder \
             needs a new certificate for a new key.",
    // Whoever judges each certificate of the store tells.
    look: Look::Store {
        applies: |it| it.entries.iter().any(|entry| matches!(entry.kind, EntryKind::RevocationList { .. })),
        at: |it| it.revoked.clone(),
    },
};

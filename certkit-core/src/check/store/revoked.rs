//! Certificates of a store that a revocation list in it revokes.

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
    title: "No certificate in a store is revoked by a revocation list in it",
    why: "The CA has revoked the certificate. Programs that do not check revocation lists, or not for trusted peers, \
          still trust it.",
    remedy: "Remove it: `certkit trust remove STORE NAME`. Ask the CA's operator why it was revoked; its holder needs \
             a new certificate for a new key.",
    // Whoever judges each certificate of the store tells.
    look: Look::Store {
        applies: |it| it.entries.iter().any(|entry| matches!(entry.kind, EntryKind::RevocationList { .. })),
        at: |it| it.revoked.clone(),
    },
};

//! Extensions as such (RFC 5280 section 4.2).

use super::super::Clause::Rfc5280;
use super::super::Look::Noted;
use super::super::{Check, Severity, always};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&EXTENSION_DUPLICATE, &EXTENSION_UNDECODABLE, &EXTENSION_UNKNOWN_CRITICAL];

/// The same extension stands twice.
pub static EXTENSION_DUPLICATE: Check = Check {
    id: "extension-duplicate",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2")],
    title: "No extension stands twice",
    why: "One program reads the first, another the last, a third refuses the certificate. Which names or usages hold \
          is anybody's guess.",
    remedy: "Have the certificate issued anew. A usual cause is a request that carries extensions and a CA \
             configuration that adds its own (openssl: `copy_extensions`).",
    look: Noted(always),
};

/// An extension that certkit understands cannot be decoded.
pub static EXTENSION_UNDECODABLE: Check = Check {
    id: "extension-undecodable",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2")],
    title: "The extensions can be decoded",
    why: "A reader has to refuse a certificate with a critical extension that it cannot process, and what an \
          undecodable one says, such as host names, is lost in any case.",
    remedy: "Have the certificate issued anew with another program.",
    look: Noted(always),
};

/// A critical extension is one that clients do not know.
pub static EXTENSION_UNKNOWN_CRITICAL: Check = Check {
    id: "extension-unknown-critical",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2"), Rfc5280("6.1.4"), Rfc5280("6.1.5")],
    title: "Every critical extension is one that clients know",
    why: "\u{201c}Critical\u{201d} means: who does not understand this must refuse the certificate. A vendor's own \
          extension marked so shuts out every other vendor's program.",
    remedy: "Have the certificate issued anew with this extension not critical, or without it.",
    look: Noted(always),
};

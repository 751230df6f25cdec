//! Whether issuers may issue (RFC 5280 section 6.1.4, steps (k) to (n)).

use super::super::Clause::Rfc5280;
use super::super::Look::Facts;
use super::super::{Check, Severity, has_authority, has_issuer};
use crate::cert::extension::KeyUsage;

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&CA_FLAG_MISSING, &CA_CONSTRAINTS_NOT_CRITICAL, &PATH_LENGTH_EXCEEDED, &CA_KEY_USAGE_UNFIT, &CA_KEY_USAGE_ABSENT];

/// An issuer on the path is not a CA.
pub static CA_FLAG_MISSING: Check = Check {
    id: "ca-flag-missing",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), Rfc5280("6.1.4")],
    title: "Every issuer on the path is a CA",
    why: "A certificate without `CA:TRUE` must not issue others: otherwise every server could issue certificates for \
          any name. All programs refuse what it has issued. OpenSSL reports error 24.",
    remedy: "Reissue the issuer's certificate as a CA (basicConstraints critical, CA:TRUE; keyUsage keyCertSign, \
             cRLSign), or have the certificate issued by a real CA.",
    look: Facts(has_issuer),
};

/// A CA's basicConstraints are not critical.
pub static CA_CONSTRAINTS_NOT_CRITICAL: Check = Check {
    id: "ca-constraints-not-critical",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.9")],
    title: "A CA's basicConstraints are critical",
    why: "The standard requires it so that no program ignores the CA flag. Nearly every program reads it anyway, and \
          many old CAs are not marked critical.",
    remedy: "When the CA is next renewed, mark basicConstraints critical (openssl: `basicConstraints = critical, \
             CA:TRUE`).",
    look: Facts(has_authority),
};

/// More CAs stand below than a path length allows.
pub static PATH_LENGTH_EXCEEDED: Check = Check {
    id: "path-length-exceeded",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), Rfc5280("6.1.4")],
    title: "The path length of every CA is respected",
    why: "A path length of 0 means: issues certificates for servers and devices, but no further CA. A CA below it is \
          refused, with everything that it has issued.",
    remedy: "Have the lower CA issued by a CA that allows it, or let the upper CA issue the server's certificate \
             itself.",
    look: Facts(has_authority),
};

/// A CA's keyUsage leaves out the signing of certificates.
pub static CA_KEY_USAGE_UNFIT: Check = Check {
    id: "ca-key-usage-unfit",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.3"), Rfc5280("6.1.4")],
    title: "A CA's keyUsage allows it to sign certificates",
    why: "If keyUsage is present, only its uses are allowed. Without keyCertSign programs refuse everything that the \
          CA has issued.",
    remedy: "Reissue the CA certificate with `keyUsage = critical, keyCertSign, cRLSign`; with the same key and name, \
             the certificates it has issued stay valid.",
    look: Facts(has_authority),
};

/// The names of the bits, or that there is none.
pub(in super::super) fn listed(usage: KeyUsage) -> String {
    if usage.is_empty() { "empty".to_owned() } else { usage.names().collect::<Vec<_>>().join(", ") }
}

/// A CA has no keyUsage.
pub static CA_KEY_USAGE_ABSENT: Check = Check {
    id: "ca-key-usage-absent",
    severity: Severity::Info,
    clauses: &[Rfc5280("4.2.1.3")],
    title: "A CA has a keyUsage",
    why: "The standard requires it of CAs. Old roots have none, and TLS clients accept that; OPC UA stacks may not.",
    remedy: "When the CA is next renewed, give it `keyUsage = critical, keyCertSign, cRLSign`.",
    look: Facts(has_authority),
};

//! Whether those who issue may issue (RFC 5280 section 6.1.4, steps (k) to (n)).

use super::super::Clause::Rfc5280;
use super::super::Look::Facts;
use super::super::{Check, Severity, has_authority, has_issuer};
use crate::cert::extension::KeyUsage;

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&CA_FLAG_MISSING, &CA_CONSTRAINTS_NOT_CRITICAL, &PATH_LENGTH_EXCEEDED, &CA_KEY_USAGE_UNFIT, &CA_KEY_USAGE_ABSENT];

/// An issuer on the path is no CA.
pub static CA_FLAG_MISSING: Check = Check {
    id: "ca-flag-missing",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), Rfc5280("6.1.4")],
    title: "Every issuer on the path is a CA",
    why: "A certificate without `CA:TRUE` must not issue others: else every server could make certificates for any \
          name. All partners refuse what it has issued. OpenSSL has error 24 for it.",
    remedy: "Make the issuer anew as a CA (basicConstraints critical, CA:TRUE; keyUsage keyCertSign, cRLSign), or \
             have the certificate issued by a real CA.",
    look: Facts(has_issuer),
};

/// A CA's basicConstraints are not critical.
pub static CA_CONSTRAINTS_NOT_CRITICAL: Check = Check {
    id: "ca-constraints-not-critical",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.9")],
    title: "A CA's basicConstraints are critical",
    why: "The standard demands it so that no reader overlooks whether this is a CA. Nearly every reader looks anyway, \
          and many old CAs lack the mark.",
    remedy: "When the CA is next renewed, mark basicConstraints critical (openssl: `basicConstraints = critical, \
             CA:TRUE`).",
    look: Facts(has_authority),
};

/// More CAs stand below than a path length allows.
pub static PATH_LENGTH_EXCEEDED: Check = Check {
    id: "path-length-exceeded",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), Rfc5280("6.1.4")],
    title: "No more CAs stand below a CA than it allows",
    why: "A path length of 0 says: issues certificates for servers and devices, and no further CA. A CA that was made \
          below it nevertheless is refused with all that it has issued.",
    remedy: "Have the lower CA issued by one that allows it, or let the upper CA issue the server's certificate \
             itself.",
    look: Facts(has_authority),
};

/// A CA's keyUsage leaves out the signing of certificates.
pub static CA_KEY_USAGE_UNFIT: Check = Check {
    id: "ca-key-usage-unfit",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.3"), Rfc5280("6.1.4")],
    title: "A CA's keyUsage allows it to sign certificates",
    why: "Where keyUsage is there, it is the whole list of what the key may do. Without keyCertSign partners refuse \
          everything that the CA has issued.",
    remedy: "Make the CA certificate anew with `keyUsage = critical, keyCertSign, cRLSign`; with the same key and \
             name, what it has issued stays good.",
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
    title: "A CA states its keyUsage",
    why: "The standard asks CAs to state it. Old roots do not, and TLS clients accept that; OPC UA stacks may not.",
    remedy: "When the CA is next renewed, give it `keyUsage = critical, keyCertSign, cRLSign`.",
    look: Facts(has_authority),
};

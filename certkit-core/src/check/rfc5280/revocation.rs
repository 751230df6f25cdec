//! Revocation (RFC 5280 sections 5, 6.1.3 a 3 and 6.3).

use super::super::Clause::{BaselineRequirements, Rfc5280};
use super::super::Look::Facts;
use super::super::{Check, Severity, always};

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&REVOKED, &REVOCATION_UNKNOWN, &REVOCATION_LIST_WEAK, &REVOCATION_LIST_MISNAMED, &REVOCATION_LIST_DEPARTS];

/// The certificate is revoked.
pub static REVOKED: Check = Check {
    id: "revoked",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1.3"), Rfc5280("6.3.3")],
    title: "No certificate of the path is revoked",
    why: "The CA has taken the certificate back: its key may be in other hands, or another certificate has taken its \
          place. A revoked CA takes along everything that it issued. OpenSSL has error 23 for it.",
    remedy: "Ask those who run the CA why, and have a new certificate issued for a new key. A certificate on hold may \
             come back; all other revocations are final.",
    look: Facts(always),
};

/// Nobody can tell whether the certificate is revoked.
pub static REVOCATION_UNKNOWN: Check = Check {
    id: "revocation-unknown",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.3.3")],
    title: "For every certificate below the anchor it is known that it is not revoked",
    why: "No revocation list at hand covers the certificate: there is none, it is out of date, its signature does not \
          verify, or it is about others. That is not the same as \u{201c}not revoked\u{201d}. OpenSSL has the errors 3, \
          11, 12, 33 and 44 for it.",
    remedy: "Get the current list of the CA (`certkit inspect` shows its address) and name it with `--crl FILE`. With \
             `--revocation off` revocation is not looked at, and nothing is known of it.",
    look: Facts(always),
};

/// The list that clears a certificate is signed over a weak digest.
pub static REVOCATION_LIST_WEAK: Check = Check {
    id: "revocation-list-weak",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("7.1.3.2"), Rfc5280("5.1.1.2")],
    title: "Revocation lists and OCSP responses are signed over a digest stronger than SHA-1",
    why: "For MD5, SHA-1 and older digests somebody can prepare two lists with the same digest, one that revokes and \
          one that does not, and have the CA sign one of them. Such a list does not prove that a certificate is not \
          revoked.",
    remedy: "Have the CA sign its lists with SHA-256 or better: `certkit revoke --issuer CA.pem --issuer-key CA.key` \
             does.",
    look: Facts(always),
};

/// The list that clears a certificate names another signer than its own.
pub static REVOCATION_LIST_MISNAMED: Check = Check {
    id: "revocation-list-misnamed",
    severity: Severity::Warning,
    clauses: &[Rfc5280("5.2.1"), Rfc5280("6.3.3")],
    title: "The authorityKeyIdentifier of a revocation list fits the CA that has signed it",
    why: "The list's signature verifies, but who goes by the identifiers looks for another CA: OpenSSL then has no list \
          (error 3), whether the key's identifier, the issuer or the serial number differs, and Java none where the \
          key's identifier does. Whoever demands revocation lists refuses every certificate of the CA.",
    remedy: "Have the CA make the list anew with its own key identifier, as `certkit revoke --issuer CA.pem --issuer-key \
             CA.key` does.",
    look: Facts(always),
};

/// The list that clears a certificate is not as it should be.
pub static REVOCATION_LIST_DEPARTS: Check = Check {
    id: "revocation-list-departs",
    severity: Severity::Warning,
    clauses: &[Rfc5280("5.1"), Rfc5280("5.2")],
    title: "A revocation list is made as the standard demands",
    why: "Version 2, a number, a date for the next one and the identifier of the CA's key are what programs need to \
          tell an old list from a new one. Lists without them work with some programs and are refused by others.",
    remedy: "Make the list anew with a program that writes all of these: `certkit revoke --issuer CA.pem --issuer-key \
             CA.key`.",
    look: Facts(always),
};

//! Revocation (RFC 5280 sections 5, 6.1.3 a 3 and 6.3).

use super::super::Clause::{BaselineRequirements, Rfc, Rfc5280};
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
    why: "The CA has revoked the certificate: its key may be compromised, or the certificate was replaced. If a CA is \
          revoked, so is everything that it issued. OpenSSL reports error 23.",
    remedy: "Ask the CA's operator for the reason, and have a new certificate issued for a new key. A certificate on \
             hold may be reinstated; all other revocations are final.",
    look: Facts(always),
};

/// The revocation status of the certificate is undetermined.
pub static REVOCATION_UNKNOWN: Check = Check {
    id: "revocation-unknown",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.3.3")],
    title: "The revocation status of every certificate below the anchor is known",
    why: "No available revocation list covers the certificate: there is none, it has expired, its signature does not \
          verify, or it covers others. That does not mean \u{201c}not revoked\u{201d}. OpenSSL reports errors 3, 11, \
          12, 33 and 44.",
    remedy: "Get the current list of the CA (`certkit inspect` shows its address) and pass it to `certkit check` or \
             `certkit verify` with `--crl FILE`, or put it beside the others in the folder of `--trust`. If `--trust` \
             names the CA's certificate file alone, no list there makes the status required; `certkit verify \
             --revocation off` skips the check. The status is then unknown.",
    look: Facts(always),
};

/// The list that clears a certificate is signed over a weak digest.
pub static REVOCATION_LIST_WEAK: Check = Check {
    id: "revocation-list-weak",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("7.1.3.2"), Rfc5280("5.1.1.2")],
    title: "Revocation lists and OCSP responses are signed with a digest stronger than SHA-1",
    why: "For MD5, SHA-1 and older digests an attacker can prepare two lists with the same digest, one that revokes \
          and one that does not, and have the CA sign one of them. Such a list does not prove that a certificate is \
          not revoked.",
    remedy: "Have the CA sign its lists with SHA-256 or better: `certkit revoke --issuer CA.pem --issuer-key CA.key` \
             does.",
    look: Facts(always),
};

/// The list that clears a certificate names another signer than its own.
pub static REVOCATION_LIST_MISNAMED: Check = Check {
    id: "revocation-list-misnamed",
    severity: Severity::Warning,
    clauses: &[Rfc5280("5.2.1"), Rfc5280("6.3.3")],
    title: "The authorityKeyIdentifier of a revocation list matches the CA that signed it",
    why: "The list's signature verifies, but programs that use the identifiers look for another CA: OpenSSL ignores \
          the list (error 3) if the key identifier, the issuer or the serial number differs, Java if the key \
          identifier does. Programs that require revocation lists then refuse every certificate of the CA.",
    remedy: "Reissue the list with the CA's own key identifier, as `certkit revoke --issuer CA.pem --issuer-key \
             CA.key` does.",
    look: Facts(always),
};

/// The list that clears a certificate is not as it should be.
pub static REVOCATION_LIST_DEPARTS: Check = Check {
    id: "revocation-list-departs",
    severity: Severity::Warning,
    clauses: &[Rfc5280("5.1"), Rfc5280("5.2"), Rfc(6960, "2.4")],
    title: "A revocation list or OCSP response has the fields and dates that the standard requires",
    why: "Programs need version 2, cRLNumber, nextUpdate and authorityKeyIdentifier to distinguish an old list from a \
          new one. Lists without them work with some programs and are refused by others.",
    remedy: "Reissue the list with a program that writes all of these: `certkit revoke --issuer CA.pem --issuer-key \
             CA.key`.",
    look: Facts(always),
};

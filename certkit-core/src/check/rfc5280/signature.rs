//! Whether the signatures of a path verify (RFC 5280 section 6.1.3, step (a)(1)).

use super::super::Clause::Rfc5280;
use super::super::Look::Facts;
use super::super::{Case, Check, Severity};
use crate::cert::Certificate;
use crate::crypto::signature::Failure;
use crate::path::process::{Fact, Kind};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&SIGNATURE_INVALID, &SIGNATURE_NOT_VERIFIABLE];

/// The issuer's key did not make the signature.
pub static SIGNATURE_INVALID: Check = Check {
    id: "signature-invalid",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1.3")],
    title: "The signature was made by the issuer's key",
    why: "Either the certificate was changed after it was signed, or the issuer shown here is another one of the same \
          name, such as a recreated CA. A mistake looks the same as a forgery; every peer refuses it.",
    remedy: "Compare the key identifiers: `certkit inspect --full FILE` shows which issuer the certificate names and \
             which one is present. If the CA was recreated, have the certificate issued by the new one, or give the \
             old CA certificate to the peers.",
    look: Facts(is_verified),
};

/// certkit cannot verify a signature with this algorithm.
pub static SIGNATURE_NOT_VERIFIABLE: Check = Check {
    id: "signature-not-verifiable",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1.3")],
    title: "The signature algorithm is supported",
    why: "It is undetermined whether this certificate is genuine: certkit cannot verify its signature. Explicit curves \
          (OpenSSL: error 94), SHA-3 and Ed448 are also refused by most TLS libraries and by every OPC UA stack.",
    remedy: "Reissue the certificate with an algorithm that peers support: RSA or ECDSA (P-256, P-384) with SHA-256. \
             Until then compare its fingerprint with one that you got another way.",
    look: Facts(is_verified),
};

/// Says whether there was a signature to verify, and nothing kept certkit from it.
fn is_verified(case: &Case) -> bool {
    let is_undecided = |fact: &Fact| {
        matches!(
            fact.kind,
            Kind::SignatureFails(Failure::Unsupported(_))
                | Kind::OwnSignatureFails(Failure::Unsupported(_))
                | Kind::SignatureNotTried
                | Kind::SignedByAbsentKey
        )
    };
    let is_signed = case.path.certificates.len() > 1 || case.path.top().is_some_and(Certificate::is_self_issued);
    is_signed && !case.noted.facts.iter().any(is_undecided)
}

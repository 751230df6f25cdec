//! UA .NET Standard, with the settings of its configuration's defaults.

use super::super::validation::{Elsewhere, Kind, Objection, Step, Validation, has_rsa_key};
use super::{Extra, SESSION, Take};
use crate::cert::extension::KeyUsage;
use crate::crypto::key::KeyKind;
use crate::crypto::signature::SignatureAlgorithm;
use crate::status::StatusCode;

/// What it objects to of itself.
pub(super) fn extra(validation: &Validation) -> Vec<Extra> {
    const WEAK: &str = "it refuses SHA-1 and RSA keys below 2048 bits under every policy";
    match is_weak(validation) {
        true => vec![(1, StatusCode::BAD_CERTIFICATE_POLICY_CHECK_FAILED, WEAK)],
        false => Vec::new(),
    }
}

/// UA .NET Standard keeps all errors and tells the one that its last check found.
pub(super) fn take(objection: &Objection, validation: &Validation) -> Take {
    let is_leaf = objection.position == 0;
    match (&objection.kind, objection.step) {
        (Kind::NotAnAuthority, _) => Take::As(
            0,
            StatusCode::BAD_CERTIFICATE_CHAIN_INCOMPLETE,
            "it does not accept an issuer without the CA flag",
        ),
        (_, Step::Chain) => Take::Same(0),
        (Kind::KeyOutsidePolicy { .. } | Kind::SignatureOutsidePolicy { .. }, _) if !is_leaf => {
            Take::Not("it checks only the leaf against the security policy")
        }
        (Kind::KeyOutsidePolicy { found, .. } | Kind::KeyOutsideEveryPolicy { found }, _) if is_long_rsa(found) => {
            Take::Not("it checks only the minimum key length")
        }
        (_, Step::Policy) => Take::Same(1),
        (_, Step::Usage) if !is_leaf => Take::Same(2),
        (Kind::KeyUsageMissing { missing, .. }, _) if !misses(*missing, validation) => {
            Take::Not("it requires only dataEncipherment (RSA) or digitalSignature (ECDSA)")
        }
        (Kind::PurposeMissing { .. }, _) => Take::Not("it does not check extKeyUsage"),
        (_, Step::Usage) => Take::Same(3),
        (Kind::HostNotNamed { elsewhere: Some(Elsewhere::DomainComponents), .. }, _) => {
            Take::Not("it also accepts the domain components of the subject as a host name")
        }
        (Kind::HostNotNamed { elsewhere: Some(Elsewhere::FirstLabel), .. }, _) => {
            Take::Not("it also compares the first label of the host")
        }
        (_, Step::HostName) => Take::Same(4),
        (_, Step::Trust) => Take::Same(5),
        (_, Step::Structure | Step::Signature | Step::Validity) => Take::Same(6),
        (_, Step::Revocation) if is_leaf => Take::Same(7),
        (_, Step::Revocation) => Take::Same(8),
        (_, Step::RevocationList) => {
            Take::Not("it accepts an unknown revocation status unless RejectUnknownRevocationStatus is set")
        }
        (_, Step::ApplicationUri) => Take::Same(SESSION),
    }
}

/// Whether the leaf is below what UA .NET Standard takes by default, and no policy says so already.
fn is_weak(validation: &Validation) -> bool {
    let is_told = validation.refusals().any(|objection| objection.step == Step::Policy && objection.position == 0);
    let Some(leaf) = validation.path.certificates.first().filter(|_| !is_told) else { return false };
    let is_short = leaf
        .public_key()
        .is_ok_and(|key| matches!(key.kind, KeyKind::Rsa { .. }) && key.size().is_some_and(|bits| bits < 2048));
    let digest = leaf.signature_algorithm().ok().as_ref().and_then(SignatureAlgorithm::digest);
    is_short || digest.is_some_and(|digest| !digest.is_collision_resistant())
}

fn is_long_rsa(key: &str) -> bool {
    key.strip_prefix("RSA ").and_then(|bits| bits.parse::<u32>().ok()).is_some_and(|bits| bits > 2048)
}

/// Whether the one usage is missing that UA .NET Standard asks for.
fn misses(missing: KeyUsage, validation: &Validation) -> bool {
    let leaf = validation.path.certificates.first();
    match leaf.is_some_and(has_rsa_key) {
        true => missing.contains(KeyUsage::DATA_ENCIPHERMENT),
        false => missing.contains(KeyUsage::DIGITAL_SIGNATURE),
    }
}

//! opcua-asyncio (asyncua 2), with `CertificateValidator`, all of its options and a trust store.

use super::super::validation::{Kind, NoteKind, Objection, Peer, RSA_USAGE, Step, Validation, has_rsa_key};
use super::{Extra, Take, form, is_used_by_name};
use crate::cert::extension::{ExtendedKeyUsage, KeyUsage};
use crate::cert::{Certificate, Malformed, Time};
use crate::crypto::digest::Digest;
use crate::crypto::signature::SignatureAlgorithm;
use crate::oid;
use crate::status::StatusCode;

const TRUST: u8 = 50;
const UNTRUSTED: StatusCode = StatusCode::BAD_CERTIFICATE_UNTRUSTED;

/// What it objects to of itself.
pub(super) fn extra(validation: &Validation) -> Vec<Extra> {
    let is_told = validation.refusals().any(|objection| objection.step <= Step::Trust);
    let mut found = Vec::new();
    if validation.notes.iter().any(|note| note.position == 0 && note.kind == NoteKind::NotDer) {
        found.push((
            0,
            StatusCode::BAD_CERTIFICATE_INVALID,
            "its decoder accepts only DER, and the certificate is not DER",
        ));
    }
    let Some(leaf) = validation.path.certificates.first() else { return found };
    found.extend(form::stops_python(leaf).map(|why| (0, StatusCode::BAD_CERTIFICATE_INVALID, why)));
    if !is_told && is_out_of_its_form(leaf) {
        const REMARK: &str = "its library (cryptography) requires a serial number above 0 and UTCTime before 2050";
        found.push((TRUST, UNTRUSTED, REMARK));
    }
    if !is_told && !validation.is_listed(0) && !leaf.signature_algorithm().is_ok_and(|it| is_verified(&it)) {
        const REMARK: &str = "its library (cryptography) verifies only signatures with SHA-256, SHA-384 and SHA-512";
        found.push((TRUST, UNTRUSTED, REMARK));
    }
    if validation.peer != Peer::User && !has_rsa_key(leaf) {
        found.extend(as_if_of_rsa(leaf));
    }
    if names_no_purpose(leaf, validation.peer) {
        found.push((30, StatusCode::BAD_CERTIFICATE_USE_NOT_ALLOWED, "it does not accept anyExtendedKeyUsage alone"));
    }
    if !is_told && !validation.is_listed(0) && !validation.is_listed(1) {
        const REMARK: &str = "it requires that the issuing CA itself is trusted, not only one above";
        found.push((TRUST, UNTRUSTED, REMARK));
    }
    found
}

/// Whether a certificate departs from what its library takes, whoever trusts it.
fn is_out_of_its_form(leaf: &Certificate) -> bool {
    let serial = leaf.serial();
    let is_early = |time: Result<Time, Malformed>| time.is_ok_and(|it| it.has_other_type());
    serial.is_negative()
        || serial.is_zero()
        || serial.as_bytes().len() > 20
        || is_early(leaf.not_before_time())
        || is_early(leaf.not_after_time())
}

fn is_verified(algorithm: &SignatureAlgorithm<'_>) -> bool {
    let is_of_today = |digest: Digest| matches!(digest, Digest::Sha256 | Digest::Sha384 | Digest::Sha512);
    match algorithm {
        SignatureAlgorithm::RsaPkcs1(digest) | SignatureAlgorithm::Ecdsa(digest) => is_of_today(*digest),
        SignatureAlgorithm::RsaPss(parameters) => is_of_today(parameters.digest),
        _ => false,
    }
}

/// What it misses in the usages of a key on a curve, of which the standard wants less than of a key for RSA.
fn as_if_of_rsa(leaf: &Certificate) -> Option<Extra> {
    const USAGE: &str = "it requires the four usages of RSA keys for every key, and has no security policy for ECC";
    const PURPOSE: &str = "it requires extKeyUsage for every key, and has no security policy for ECC";
    let usage = leaf.extension::<KeyUsage>().ok().flatten();
    if usage.is_some_and(|it| !it.contains(RSA_USAGE)) {
        return Some((30, StatusCode::BAD_CERTIFICATE_USE_NOT_ALLOWED, USAGE));
    }
    let is_without = matches!(leaf.extension::<ExtendedKeyUsage<'_>>(), Ok(None));
    is_without.then_some((30, StatusCode::BAD_CERTIFICATE_INVALID, PURPOSE))
}

/// Whether the extended key usage is there and has not the purpose of the peer by its own name.
fn names_no_purpose(leaf: &Certificate, peer: Peer) -> bool {
    let wanted = if peer == Peer::Server { oid::SERVER_AUTH } else { oid::CLIENT_AUTH };
    let usage = leaf.extension::<ExtendedKeyUsage<'_>>().ok().flatten();
    usage.is_some_and(|it| {
        it.purposes().any(|purpose| purpose == oid::ANY_EXTENDED_KEY_USAGE)
            && it.purposes().all(|purpose| purpose != wanted)
    })
}

/// It looks at time, ApplicationUri and usages when the session is made, then at trust, at last at revocation.
pub(super) fn take(objection: &Objection, validation: &Validation) -> Take {
    let position = objection.position;
    let is_leaf = position == 0;
    // Whatever is trusted ends the chain: neither its own signature nor what stands above it is looked at.
    let end = usize::from(!validation.is_listed(0));
    let is_beyond = validation.is_listed(end)
        && position >= end
        && match objection.step {
            Step::Chain | Step::Signature => true,
            Step::Structure => position > 0,
            Step::Validity | Step::Usage => position > end,
            _ => false,
        };
    match (&objection.kind, objection.step) {
        _ if is_beyond => Take::Not("it ends the chain at a trusted certificate and ignores what is above"),
        (_, Step::Structure) if is_leaf => Take::Same(0),
        (_, Step::Structure | Step::Chain | Step::Signature) => {
            Take::As(TRUST, UNTRUSTED, "it treats every chain without a trusted CA as untrusted")
        }
        (_, Step::Policy) => Take::Not("it does not check certificates against a security policy"),
        (_, Step::Trust) => Take::Same(TRUST),
        (_, Step::Validity) if is_leaf => Take::Same(10),
        (_, Step::Validity) => Take::As(TRUST, UNTRUSTED, "it treats an expired issuer as untrusted"),
        (_, Step::HostName) => Take::Not("it does not compare host names"),
        (_, Step::ApplicationUri) => Take::Same(20),
        (Kind::KeyUsageMissing { is_stated: false, .. } | Kind::PurposeMissing { is_stated: false, .. }, _) => {
            Take::As(
                30,
                StatusCode::BAD_CERTIFICATE_INVALID,
                "it answers BadCertificateInvalid if keyUsage or extKeyUsage is missing",
            )
        }
        (Kind::KeyUsageMissing { .. } | Kind::PurposeMissing { .. }, _) => Take::Same(30),
        (Kind::NotAnAuthority, _) => Take::As(TRUST, UNTRUSTED, "it treats an issuer that is not a CA as untrusted"),
        (_, Step::Usage) => Take::Not("it ignores other usages and those of issuers"),
        (Kind::RevocationUnknown { useless, is_listed: true, .. }, _)
            if is_leaf && useless.iter().any(is_used_by_name) =>
        {
            Take::As(
                60,
                StatusCode::BAD_CERTIFICATE_REVOKED,
                "it looks for the serial number in every revocation list and ignores the list's issuer, dates and \
                 signature",
            )
        }
        (_, Step::RevocationList) => Take::Not("it does not require a revocation list"),
        (_, Step::Revocation) if is_leaf => Take::Same(60),
        (_, Step::Revocation) => Take::Not("it checks revocation only of the certificate itself, not of its issuers"),
    }
}

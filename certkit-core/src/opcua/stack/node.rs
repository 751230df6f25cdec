//! node-opcua, with its certificate manager (node-opcua-pki 6.21).

use super::super::validation::{Kind, NoteKind, Objection, Peer, Signer, Step, Validation, has_rsa_key};
use super::{Extra, SESSION, Take, form, is_used_by_name, listed};
use crate::cert::Certificate;
use crate::cert::extension::{AuthorityKeyIdentifier, KeyUsage, SubjectKeyIdentifier};
use crate::crypto::signature::SignatureAlgorithm;
use crate::status::StatusCode;

/// What stands for all that it does not want to name.
const HIDDEN: StatusCode = StatusCode::BAD_SECURITY_CHECKS_FAILED;

/// Its usages come after everything that its lists say.
const USAGE: u8 = 60;

/// Whether the leaf names the key of its issuer; where it does not, issuers are left out altogether.
fn names_issuer_key(validation: &Validation) -> bool {
    let key = |leaf: &Certificate| leaf.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten()?.key_id.map(drop);
    validation.path.certificates.first().and_then(key).is_some()
}

/// Whether the leaf names another key than that of its issuer.
fn names_another_key(validation: &Validation) -> bool {
    let [leaf, issuer, ..] = validation.path.certificates.as_slice() else { return false };
    let named = leaf.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten().and_then(|it| it.key_id);
    let own = issuer.extension::<SubjectKeyIdentifier<'_>>().ok().flatten();
    named.zip(own).is_some_and(|(named, own)| named != own.0)
}

/// What it objects to of itself.
pub(super) fn extra(validation: &Validation) -> Vec<Extra> {
    let mut found = Vec::new();
    let is_untrusted = validation.refusals().any(|objection| objection.step == Step::Trust);
    let is_issued = validation.path.certificates.len() > 1;
    let leaf = validation.path.certificates.first();
    if is_issued && names_another_key(validation) {
        const REMARK: &str = "it finds issuers only by key identifier, and the certificate names another one";
        found.push((10, StatusCode::BAD_CERTIFICATE_CHAIN_INCOMPLETE, REMARK));
    }
    let is_unread = |it: &Certificate| {
        matches!(it.signature_algorithm(), Ok(SignatureAlgorithm::RsaPss(_) | SignatureAlgorithm::Ed25519))
    };
    if leaf.is_some_and(is_unread) {
        found.push((0, StatusCode::BAD_CERTIFICATE_INVALID, "it does not support RSA-PSS and Ed25519 signatures"));
    }
    if leaf.is_some_and(form::has_rare_text) {
        found.push((0, StatusCode::BAD_CERTIFICATE_INVALID, "it reads no name in a VisibleString or UniversalString"));
    }
    if is_issued && !is_untrusted && !validation.is_listed(0) {
        if !names_issuer_key(validation) {
            const REMARK: &str = "it finds issuers only by key identifier, and the certificate has none";
            found.push((40, StatusCode::BAD_CERTIFICATE_UNTRUSTED, REMARK));
        } else if !validation.is_listed(1) {
            const REMARK: &str = "it requires that the issuing CA itself is trusted, not only one above";
            found.push((40, StatusCode::BAD_CERTIFICATE_UNTRUSTED, REMARK));
        }
    }
    if validation.peer != Peer::Server && validation.notes.iter().any(|note| note.kind == NoteKind::UriNotFirst) {
        found.push((SESSION, StatusCode::BAD_CERTIFICATE_URI_INVALID, "its servers compare only the first URI"));
    }
    found
}

/// It looks at the issuers first, then at signature, revocation, trust and time; the first error counts.
pub(super) fn take(objection: &Objection, validation: &Validation) -> Take {
    let position = objection.position;
    let is_leaf = position == 0;
    let is_above_leaf = !is_leaf || objection.step == Step::Chain;
    match (&objection.kind, objection.step) {
        (Kind::UnknownCritical { .. }, _) => Take::Not("it ignores unknown critical extensions"),
        (_, Step::Structure) if is_leaf => Take::Same(0),
        (_, Step::Policy) => Take::Not("it does not check certificates against a security policy"),
        (_, Step::HostName) => Take::Not("it does not compare host names"),
        (_, Step::Trust) => Take::Same(40),
        (_, Step::ApplicationUri) if validation.peer == Peer::Server => {
            Take::Not("its clients do not compare the ApplicationUri")
        }
        (_, Step::ApplicationUri) => Take::Same(SESSION),
        (Kind::KeyUsageMissing { missing, .. }, _) if is_looked_at(*missing, validation) => {
            Take::As(USAGE, objection.code(), "its servers require dataEncipherment and digitalSignature")
        }
        (_, Step::Usage) if is_leaf => {
            Take::Not("its servers require only dataEncipherment and digitalSignature, its clients no usage")
        }
        _ if is_above_leaf && !names_issuer_key(validation) => {
            Take::Not("without an authorityKeyIdentifier it does not check the issuers")
        }
        (_, Step::Chain) if position > 0 => {
            Take::As(10, HIDDEN, "it answers BadSecurityChecksFailed if an issuer's own issuer is missing")
        }
        (_, Step::Chain) => Take::Same(20),
        (Kind::AuthorityUsageMissing { .. } | Kind::PathLengthExceeded { .. } | Kind::NameConstrained { .. }, _) => {
            Take::Not("it requires only the CA flag or keyCertSign of an issuer")
        }
        (Kind::SignatureWrong { signer: Signer::Itself, .. }, _) if is_leaf => Take::As(
            20,
            HIDDEN,
            "it answers BadSecurityChecksFailed for a wrong signature of a self-signed certificate",
        ),
        (_, Step::Signature) => Take::As(20, HIDDEN, "it answers BadSecurityChecksFailed for a wrong signature"),
        (Kind::RevocationUnknown { useless, is_listed, .. }, _) if useless.iter().any(is_used_by_name) => {
            listed(*is_listed, position, if is_leaf { 30 } else { 10 })
        }
        (_, Step::RevocationList) if !is_leaf => Take::Same(10),
        (_, Step::Validity) if is_leaf => Take::Same(50),
        (_, Step::Validity) if !validation.is_listed(position) && !validation.is_listed(position.saturating_add(1)) => {
            Take::Not("it checks the dates of an issuer only if that or the CA above is trusted")
        }
        (_, Step::Validity) if position == 1 => Take::Same(10),
        _ if !is_leaf => {
            Take::As(10, HIDDEN, "it answers BadSecurityChecksFailed for errors of an issuer other than time or list")
        }
        _ => Take::Same(30),
    }
}

/// Whether its servers mind that these usages are missing.
fn is_looked_at(missing: KeyUsage, validation: &Validation) -> bool {
    let is_rsa = validation.path.certificates.first().is_some_and(has_rsa_key);
    is_rsa
        && validation.peer != Peer::Server
        && (missing.contains(KeyUsage::DATA_ENCIPHERMENT) || missing.contains(KeyUsage::DIGITAL_SIGNATURE))
}

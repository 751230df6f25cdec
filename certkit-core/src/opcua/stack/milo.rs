//! Eclipse Milo 1.x, with its file-based trust list and no optional checks.

use super::super::validation::{Kind, Objection, Step, Validation};
use super::{Extra, SESSION, Take, form};
use crate::cert::Certificate;
use crate::cert::extension::KeyUsage;
use crate::oid;
use crate::status::StatusCode;

/// What stands for all that its path builder does not tell apart.
const HIDDEN: StatusCode = StatusCode::BAD_SECURITY_CHECKS_FAILED;

const PATH: &str = "it answers BadSecurityChecksFailed if Java finds no path to a trusted certificate";

const USAGE: u8 = 30;

/// What the five usages are that it wants of a self-signed RSA certificate.
fn is_critical(leaf: &Certificate) -> bool {
    leaf.extensions().find(oid::KEY_USAGE).is_some_and(|it| it.critical)
}

/// What it objects to of itself.
pub(super) fn extra(validation: &Validation) -> Vec<Extra> {
    const REMARK: &str = "it refuses a self-signed certificate with a critical keyUsage without keyCertSign";
    let Some(leaf) = validation.path.certificates.first() else { return Vec::new() };
    let usage = leaf.extension::<KeyUsage>().ok().flatten();
    let lacks = usage.is_some_and(|it| !it.contains(KeyUsage::KEY_CERT_SIGN));
    let mut found = Vec::new();
    if form::stops_java(leaf) {
        found.push((0, StatusCode::BAD_CERTIFICATE_INVALID, "Java (JDK) does not load it: it cannot read its dates"));
    }
    if leaf.is_self_issued() && lacks && is_critical(leaf) {
        found.push((USAGE, StatusCode::BAD_CERTIFICATE_USE_NOT_ALLOWED, REMARK));
    }
    if form::hides_names_from_java(leaf) {
        const NAMES: &str = "Java (JDK) reads none of the alternative names, and finds no ApplicationUri";
        found.push((SESSION, StatusCode::BAD_CERTIFICATE_URI_INVALID, NAMES));
    }
    found
}

/// Java builds a path to a self-signed certificate of the lists; then usages and revocation are looked at.
pub(super) fn take(objection: &Objection, validation: &Validation) -> Take {
    let is_leaf = objection.position == 0;
    let leaf = validation.path.certificates.first();
    let is_self_signed = leaf.is_some_and(Certificate::is_self_issued);
    let is_root = objection.position > 0 && objection.position.saturating_add(1) == validation.path.certificates.len();
    match (&objection.kind, objection.step) {
        (_, Step::Structure) if is_leaf => Take::Same(0),
        (_, Step::Structure | Step::Chain | Step::Signature) => Take::As(10, HIDDEN, PATH),
        (_, Step::Trust) if is_self_signed => Take::As(10, HIDDEN, PATH),
        (_, Step::Trust) => Take::Same(20),
        (_, Step::Validity) if (is_leaf && is_self_signed) || is_root => {
            Take::Not("it ignores the dates of a trusted self-signed certificate and of a root")
        }
        (_, Step::Validity) => Take::As(10, HIDDEN, PATH),
        (_, Step::Policy) => {
            Take::Not("it compares the key type with the policy, but not the key length or the digest")
        }
        (_, Step::HostName) => Take::Not("it does not require a matching host name"),
        (_, Step::ApplicationUri) => Take::Same(SESSION),
        (Kind::KeyUsageMissing { is_stated: true, .. }, _) if leaf.is_some_and(is_critical) => Take::Same(USAGE),
        (Kind::KeyUsageMissing { .. }, _) => Take::Not("it checks keyUsage only if it is critical"),
        (Kind::PurposeMissing { .. }, _) if leaf.is_some_and(is_purpose_critical) => Take::Same(USAGE),
        (Kind::PurposeMissing { .. }, _) => Take::Not("it checks extKeyUsage only if it is critical"),
        (_, Step::Usage) if is_leaf => Take::Not("it accepts a CA certificate as an application's"),
        (_, Step::Usage) => Take::As(10, HIDDEN, PATH),
        (_, Step::RevocationList) => {
            Take::Not("it accepts an unknown revocation status unless REVOCATION_LISTS is set")
        }
        (_, Step::Revocation) => Take::Same(40),
    }
}

fn is_purpose_critical(leaf: &Certificate) -> bool {
    leaf.extensions().find(oid::EXTENDED_KEY_USAGE).is_some_and(|it| it.critical)
}

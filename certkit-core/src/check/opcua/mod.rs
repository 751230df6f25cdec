//! What OPC UA requires of application, user and CA certificates (OPC 10000-6 section 6.2), and of the
//! result of a validation (OPC 10000-4 section 6.1.3).
//!
//! Levels follow the text where it is confirmed; where it is not, a check warns or informs, and its words say so.

pub mod application_uri;
pub mod authority;
mod explanation;
pub mod hosts;
pub mod keys;
pub mod posture;
pub mod subject;
pub mod usage;
pub mod user;
pub mod validation;

pub use explanation::{Explanation, explanation, explanations};

use super::{Case, Check, Subject};
use crate::cert::GeneralName;
use crate::cert::extension::SubjectAltName;

/// The topics: the certificate's own first, then the validation.
pub static CHECKS: &[&[&Check]] = &[
    subject::CHECKS,
    application_uri::CHECKS,
    hosts::CHECKS,
    usage::CHECKS,
    user::CHECKS,
    keys::CHECKS,
    authority::CHECKS,
    validation::CHECKS,
];

fn is_leaf(_: &Case, subject: &Subject) -> bool {
    subject.is_leaf()
}

/// Whether the leaf is self-signed, so that its path ends with it.
fn is_self_signed_leaf(case: &Case, subject: &Subject) -> bool {
    subject.is_leaf() && subject.certificate.is_self_issued() && case.issuer_of(subject).is_none()
}

/// The alternative names; none where there are none or they cannot be decoded, which another check says.
fn names(subject: &Subject) -> Vec<GeneralName<'_>> {
    let names = subject.certificate.extension::<SubjectAltName<'_>>().ok().flatten();
    names.iter().flat_map(SubjectAltName::names).collect()
}

//! What RFC 5280 requires: first of the certificate's own fields, then of a path,
//! in the order of its section 6.1.

pub mod authority;
pub mod conformance;
pub mod constraints;
pub mod extensions;
pub mod fields;
pub mod form;
pub mod list;
pub mod path;
pub mod policies;
pub mod revocation;
pub mod signature;
pub mod validity;

use super::Check;

/// The topics in the order of the document.
pub static CHECKS: &[&[&Check]] = &[
    fields::CHECKS,
    extensions::CHECKS,
    conformance::CHECKS,
    form::CHECKS,
    path::CHECKS,
    signature::CHECKS,
    validity::CHECKS,
    revocation::CHECKS,
    list::CHECKS,
    constraints::CHECKS,
    policies::CHECKS,
    authority::CHECKS,
];

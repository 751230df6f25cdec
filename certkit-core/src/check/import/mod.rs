//! The requirements for a certificate that is added to a trust store.

pub mod authority;

use super::Check;

/// The topics.
pub static CHECKS: &[&[&Check]] = &[authority::CHECKS];

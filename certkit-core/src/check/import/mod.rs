//! What is demanded of a certificate that is put into a trust store.

pub mod authority;

use super::Check;

/// The topics.
pub static CHECKS: &[&[&Check]] = &[authority::CHECKS];

//! What Kepware's clients demand that others do not.

pub mod connection;

use super::Check;

/// The topics.
pub static CHECKS: &[&[&Check]] = &[connection::CHECKS];

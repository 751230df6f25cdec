//! Paths from a certificate up to an anchor: how they are found, and what is true of them.
//!
//! A [`Pool`] holds the certificates that may be issuers, a [`Search`] turns it into
//! [`Path`]s, best first, within a [`Budget`]. Records facts: this signature verifies,
//! that key identifier differs, here the budget was spent. Does not judge: checks decide
//! whether a path is good enough, so no path is dropped because it is bad.

mod budget;
mod found;
pub mod names;
mod pool;
pub mod process;
pub mod revocation;
mod search;
mod twins;

pub use budget::{Budget, Resource, Spent};
pub use found::{Agreement, End, Link, NearMiss, Path, Verification, WhyNot};
pub use pool::{Id, Pool};
pub use search::Search;
pub use twins::Twins;
pub(crate) use twins::twins;

//! What clients of TLS servers require beyond RFC 5280: strong algorithms, a matching
//! name, a key for the purpose, and a chain that ends at a root.

pub mod algorithms;
pub mod baseline;
pub mod chain;
pub mod connection;
pub mod names;
pub mod soundness;
pub mod usage;
#[cfg(feature = "legacy-crypto")]
pub mod weak_keys;

use super::Check;

/// The topics, the certificate's own first.
pub static CHECKS: &[&[&Check]] = &[
    algorithms::CHECKS,
    soundness::CHECKS,
    #[cfg(feature = "legacy-crypto")]
    weak_keys::CHECKS,
    #[cfg(feature = "legacy-crypto")]
    weak_keys::OF_ALL,
    names::CHECKS,
    usage::CHECKS,
    chain::CHECKS,
    chain::AS_PROGRAMS_SEE_IT,
    connection::CHECKS,
    baseline::CHECKS,
];

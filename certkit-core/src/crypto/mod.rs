//! Digests, public keys and signatures.
//!
//! The only folder that names a cryptographic backend. Says whether a signature
//! verifies, not whether its algorithm is strong enough; checks judge that. So old
//! algorithms are verified like new ones.

pub mod digest;
mod edwards;
pub mod key;
pub mod key_encryption;
#[cfg(feature = "net")]
pub mod key_exchange;
pub mod key_pair;
#[cfg(feature = "legacy-crypto")]
mod legacy;
#[cfg(not(feature = "legacy-crypto"))]
#[path = "legacy/absent.rs"]
mod legacy;
pub mod password_based;
pub mod random;
pub mod secure_channel;
pub mod signature;
pub mod signing;
mod small_factor;
pub mod strength;
#[cfg(feature = "legacy-crypto")]
pub mod weak;

/// The library that signs, verifies and speaks TLS.
pub const BACKEND: &str = "aws-lc-rs";

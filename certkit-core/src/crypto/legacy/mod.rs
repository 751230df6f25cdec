//! What the backend does not do, or not with such parameters: old digests, short keys and odd salts under RSA, DSA, old
//! curves and those of brainpool, points on Edwards curves, old ciphers, scrypt.
//!
//! Present with the feature `legacy-crypto`. Without it `absent.rs` replaces it, and reports all of that as not
//! verifiable.

pub(super) mod ciphers;
pub(super) mod dsa;
pub(super) mod edwards;
pub(super) mod rsa;
pub(super) mod scrypt;
pub(super) mod weierstrass;

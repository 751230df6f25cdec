//! Words around OpenSSL, by theme.

pub(in crate::explain) mod errors;
pub(in crate::explain) mod verify;

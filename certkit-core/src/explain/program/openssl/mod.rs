//! Words around OpenSSL, by theme.

pub(in crate::explain) mod errors;
pub(in crate::explain) mod rare;
pub(in crate::explain) mod tool;
pub(in crate::explain) mod verify;

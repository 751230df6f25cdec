//! Words around Windows, by theme.

pub(in crate::explain) mod crypt;
pub(in crate::explain) mod events;
pub(in crate::explain) mod schannel;
pub(in crate::explain) mod trust;
pub(in crate::explain) mod winhttp;

//! Gets certificates from where they are presented, and never judges them.
//!
//! Knows files and folders, and with the feature `net` endpoints, TLS handshakes, OPC UA discovery, proxies and
//! HTTP; gives raw DER. Refuses to know what is in a certificate: that begins with `cert`. All input is hostile
//! here: every length, count and wait has a bound.

pub mod file;
#[cfg(feature = "net")]
mod net;

#[cfg(feature = "net")]
pub use net::*;

//! Reads, judges and makes X.509 certificates for OPC UA, HTTPS and ThingWorx AlwaysOn.
//!
//! The flow is one sentence: a source yields a presented chain; a search turns it into
//! paths made of facts; a profile turns facts into findings; a report says what was
//! found, what passed and what nobody could look at.

pub mod asn1;
pub mod container;
pub mod crypto;
pub mod moment;
pub mod oid;
pub mod source;
pub mod text;

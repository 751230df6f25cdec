//! Asks an OPC UA server for its endpoints and certificates, as far as it tells them to anyone.
//!
//! Knows the binary encoding and the TCP transport of OPC 10000-6, as much of them as discovery
//! needs: hello, a secure channel with SecurityPolicy None, GetEndpoints and FindServers. Refuses
//! to know what a good endpoint or certificate is, and holds nothing that was said for proven: an
//! answer without security is not authenticated.

mod chain;
mod channel;
mod codec;
mod description;
mod discovery;
mod error;
mod frame;
mod service;

pub use chain::{ChainError, ChainProblem, split_chain};
pub use codec::DecodeError;
pub use description::{
    ApplicationDescription, ApplicationType, EndpointDescription, SecurityMode, TokenKind, UserToken, policy_name,
};
pub use discovery::{
    Discover, Discovery, DiscoveryExtent, OfferedCertificate, ServerClock, discover, discover_blocking,
};
pub use error::{DiscoveryAttempt, DiscoveryError, DiscoveryFault, DiscoveryStep};

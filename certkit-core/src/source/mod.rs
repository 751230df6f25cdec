//! Gets certificates from where they are presented, and never judges them.
//!
//! Knows endpoints, TLS handshakes, OPC UA discovery, proxies and HTTP; gives raw DER. Refuses to know what is in a
//! certificate: that begins with `cert`. All input is hostile here: every length, count and wait
//! has a bound.

pub mod file;
pub mod posture;
pub mod roots;

mod alert;
mod capture;
mod dial;
mod download;
mod endpoint;
mod error;
mod flight;
mod hello;
mod host;
mod http;
mod negotiated;
mod network;
mod opcua;
mod proxy;
mod reach;
mod tls;
mod wire;
mod witness;

pub use alert::Alert;
pub use capture::{Capture, ClientCertificate, ClientIdentity, Connect, Extent, Handshake};
pub use download::{
    Document, DownloadError, DownloadFault, Downloads, Limits, download, download_blocking, post_blocking,
};
pub use endpoint::{Endpoint, EndpointError, Scheme};
pub use error::{Attempt, Banner, CaptureError, Fault, IdentityError, Phase};
#[cfg(fuzzing)]
pub use flight::first_flight;
pub use host::{AuthorityError, Host, HostPort};
pub use http::{HttpAnswer, HttpFault};
pub use negotiated::{Cipher, Negotiated, Version};
pub use network::{Network, PrivateDownloads};
#[cfg(fuzzing)]
pub use opcua::converse;
pub use opcua::{
    ApplicationDescription, ApplicationType, ChainError, ChainProblem, DecodeError, Discover, Discovery,
    DiscoveryAttempt, DiscoveryError, DiscoveryExtent, DiscoveryFault, DiscoveryStep, EndpointDescription,
    OfferedCertificate, SecurityMode, ServerClock, TokenKind, UserToken, discover, discover_blocking, policy_name,
    split_chain,
};
pub use proxy::{Proxy, ProxyError};
pub use tls::{Client, capture, capture_blocking};
pub use witness::{Doubt, Possession};

/// The most certificates that are taken from one server.
pub const MAX_CERTIFICATES: usize = 128;

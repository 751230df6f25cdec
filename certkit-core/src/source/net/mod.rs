//! Gets certificates from the network: endpoints, TLS handshakes, OPC UA discovery, proxies and HTTP.

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
pub use negotiated::{Cipher, Negotiated};
pub use network::{Network, PrivateDownloads};
#[cfg(fuzzing)]
pub use opcua::converse;
pub use opcua::{
    DecodeError, Discover, Discovery, DiscoveryAttempt, DiscoveryError, DiscoveryExtent, DiscoveryFault, DiscoveryStep,
    OfferedCertificate, ServerClock, discover, discover_blocking,
};
pub use proxy::{Proxy, ProxyError};
pub use tls::{Client, capture, capture_blocking};

//! Gets certificates from the network: endpoints, TLS handshakes, OPC UA discovery, proxies and HTTP.

mod approved;
mod capture;
mod conversation;
mod dial;
mod download;
mod error;
mod est;
mod flight;
mod hello;
mod http;
mod negotiated;
mod network;
mod opcua;
pub mod posture;
mod proxy;
mod reach;
mod recording_verifier;
mod starttls;
mod tls;
mod wire;

pub use approved::{approved, capture_approved_blocking};
pub use capture::{Capture, ClientCertificate, ClientIdentity, Connect, Extent, Handshake};
pub use conversation::{Approve, Body, Conversation, ConversationError, Head};
pub use download::{
    Document, DownloadError, DownloadFault, Downloads, Limits, download, download_blocking, post_blocking,
};
pub use error::{Attempt, Banner, CaptureError, Fault, IdentityError, Phase};
pub use est::{Enrolled, Enrollment, Est, EstAddress, EstAddressError, EstError};
#[cfg(fuzzing)]
pub use flight::first_flight;
pub use http::HttpFault;
pub use negotiated::Negotiated;
pub use network::{Network, PrivateDownloads};
#[cfg(fuzzing)]
pub use opcua::converse;
pub use opcua::{
    DecodeError, Discover, Discovery, DiscoveryAttempt, DiscoveryError, DiscoveryExtent, DiscoveryFault, DiscoveryStep,
    OfferedCertificate, ServerClock, Trial, TrialError, TrialStep, Tried, discover, discover_blocking, try_session,
    try_session_blocking,
};
pub use proxy::{Proxy, ProxyError};
pub use starttls::Refusal;
pub use tls::{Client, capture, capture_blocking};

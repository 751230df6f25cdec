//! Asks an OPC UA server for its endpoints and certificates, as far as it tells them to anyone.
//!
//! Knows the binary encoding and the TCP transport of OPC 10000-6, as much of them as discovery
//! needs: hello, a secure channel with SecurityPolicy None, GetEndpoints and FindServers; and, where a user wants to
//! know whether a server lets him in, a channel with a policy over RSA and a session that is closed at once. Refuses
//! to know what a good endpoint or certificate is, and holds nothing that was said for proven: an
//! answer without security is not authenticated.

mod channel;
mod codec;
mod description;
mod discovery;
mod error;
mod frame;
mod secured;
mod service;
mod trial;

pub use codec::DecodeError;
pub use discovery::{
    Discover, Discovery, DiscoveryExtent, OfferedCertificate, ServerClock, discover, discover_blocking,
};
pub use error::{DiscoveryAttempt, DiscoveryError, DiscoveryFault, DiscoveryStep};
pub use trial::{Trial, TrialError, TrialStep, Tried, try_session, try_session_blocking};

/// Asks a server whose answers are these bytes for its endpoints and servers; gives its endpoints. For fuzzing alone.
#[cfg(fuzzing)]
pub fn converse(server: &[u8]) -> Result<Vec<crate::presented::EndpointDescription>, DiscoveryFault> {
    let stream = tokio::io::join(server, tokio::io::sink());
    let conversation = async {
        let url = "opc.tcp://plant:4840".to_owned();
        let mut connection = channel::Connection::greet(stream, url, std::time::Duration::from_secs(1)).await?;
        connection.open().await?;
        let (endpoints, _) = connection.endpoints().await?;
        connection.servers().await?;
        connection.close().await;
        Ok(endpoints)
    };
    super::tls::block_on(conversation).unwrap_or(Ok(Vec::new()))
}

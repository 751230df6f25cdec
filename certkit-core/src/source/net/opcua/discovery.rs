//! What is asked of a server, how it is reached, and what it answered.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use crate::moment::Moment;

use super::super::dial;
use super::super::error::Fault;
use super::super::proxy::{Proxy, tunnel};
use super::super::tls::block_on;
use super::channel::Connection;
use super::error::{DiscoveryAttempt, DiscoveryError, DiscoveryFault, DiscoveryStep};
use crate::presented::{
    ApplicationDescription, ChainError, Endpoint, EndpointDescription, HostPort, Scheme, split_chain,
};

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_millis(100);

/// How servers are to be asked.
#[derive(Clone, Debug)]
pub struct Discover {
    /// The time for everything together, from resolving the name to the last answer.
    /// More than a day counts as a day.
    pub timeout: Duration,
    /// Where to connect in place of the endpoint's own host and port; the server is still asked
    /// for the endpoint's URL.
    pub address: Option<HostPort>,
    /// The HTTP proxy to go through; it resolves the name then.
    pub proxy: Option<Proxy>,
    /// How much is asked.
    pub extent: DiscoveryExtent,
}

impl Default for Discover {
    /// Ten seconds, straight to the server, for its endpoints alone.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), address: None, proxy: None, extent: DiscoveryExtent::Endpoints }
    }
}

/// How much is asked of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiscoveryExtent {
    /// GetEndpoints.
    Endpoints,
    /// GetEndpoints, then FindServers.
    EndpointsAndServers,
}

/// What a server told of itself. Nothing of it is authenticated.
#[derive(Debug)]
pub struct Discovery {
    /// The URL that was asked for.
    pub url: String,
    /// The other end of the connection: with a proxy, the proxy.
    pub peer: SocketAddr,
    /// The addresses that were tried before it, and why they gave nothing.
    pub attempts: Vec<DiscoveryAttempt>,
    /// The endpoints in the server's order; may be none.
    pub endpoints: Vec<EndpointDescription>,
    /// The servers that it knows, itself among them; `None` when it was not asked.
    pub servers: Option<Result<Vec<ApplicationDescription>, DiscoveryFault>>,
    /// Its time and ours; `None` when it does not tell its own.
    pub clock: Option<ServerClock>,
}

impl Discovery {
    /// Gives the certificates of the server, each once, in the order of the endpoints that show them.
    ///
    /// A server has several where it has keys of several kinds, RSA beside ECC; its own certificate
    /// alone and the same one with its chain count as two.
    pub fn certificates(&self) -> Vec<OfferedCertificate<'_>> {
        let mut offered: Vec<OfferedCertificate<'_>> = Vec::new();
        for endpoint in &self.endpoints {
            let field = endpoint.server_certificate.as_slice();
            match offered.iter_mut().find(|it| it.field == field) {
                Some(known) => known.endpoints.push(endpoint),
                None if field.is_empty() => {}
                None => offered.push(OfferedCertificate { field, endpoints: vec![endpoint] }),
            }
        }
        offered
    }
}

/// A certificate or chain of a server, and the endpoints that show it.
#[derive(Clone, Debug)]
pub struct OfferedCertificate<'a> {
    /// The certificate field as sent: the server's own certificate, issuers may follow.
    pub field: &'a [u8],
    /// The endpoints that have exactly this field, at least one.
    pub endpoints: Vec<&'a EndpointDescription>,
}

impl OfferedCertificate<'_> {
    /// Splits the field into certificates in DER, the server's own first.
    ///
    /// # Errors
    /// As [`split_chain`].
    pub fn chain(&self) -> Result<Vec<Vec<u8>>, ChainError> {
        split_chain(self.field)
    }
}

/// A server's time when it answered, and ours when the answer was here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerClock {
    /// The server's.
    pub server: Moment,
    /// Ours.
    pub local: Moment,
}

impl ServerClock {
    /// Gives by how many seconds the server is ahead of us; negative when it is behind. Exact to
    /// about a second and the time that the answer took.
    pub fn ahead(&self) -> i64 {
        self.server.since(self.local)
    }
}

/// Asks a server for its endpoints, trying the addresses of its name in turn.
///
/// Takes at most [`Discover::timeout`], one connection for each address that is tried, and at most
/// 2 MiB of answer each time. Each address gets its share of the time that is left.
///
/// # Errors
/// When no address gave an answer, or the endpoint is not one of `opc.tcp`.
pub async fn discover(endpoint: &Endpoint, how: &Discover) -> Result<Discovery, DiscoveryError> {
    if endpoint.scheme != Scheme::OpcTcp {
        let fault = DiscoveryFault::Scheme(endpoint.scheme);
        return Err(DiscoveryError::before(endpoint.host_port(), DiscoveryStep::Preparation, fault));
    }
    let deadline = dial::deadline(how.timeout);
    let target = how.address.clone().unwrap_or_else(|| endpoint.host_port());
    let hop = how.proxy.as_ref().map_or(&target, Proxy::address);
    let addresses = match dial::resolve(hop, deadline).await {
        Ok(addresses) => addresses,
        Err(fault) => return Err(DiscoveryError::before(hop.clone(), DiscoveryStep::Resolution, fault)),
    };
    let url = url(endpoint);
    let mut attempts = Vec::new();
    for (address, share) in dial::shares(addresses, deadline) {
        let inquiry = Inquiry { how, target: &target, address, url: &url };
        match inquiry.run(share, deadline).await {
            Ok(discovery) => return Ok(Discovery { attempts, ..discovery }),
            Err((step, fault)) => attempts.push(DiscoveryAttempt { address, step, fault }),
        }
    }
    Err(DiscoveryError::farthest(target, attempts))
}

/// Asks a server from a thread without an event loop.
///
/// # Errors
/// As [`discover`]; also when the system gives no event loop.
pub fn discover_blocking(endpoint: &Endpoint, how: &Discover) -> Result<Discovery, DiscoveryError> {
    block_on(discover(endpoint, how)).unwrap_or_else(|error| {
        Err(DiscoveryError::before(endpoint.host_port(), DiscoveryStep::Preparation, Fault::Runtime(error)))
    })
}

/// Writes the URL as servers expect it: with its port, and without a path where there is none.
fn url(endpoint: &Endpoint) -> String {
    let path = match endpoint.resource.as_deref() {
        None | Some("/") => "",
        Some(path) => path,
    };
    format!("{}://{}{path}", endpoint.scheme, endpoint.host_port())
}

/// One address of one endpoint.
struct Inquiry<'a> {
    how: &'a Discover,
    target: &'a HostPort,
    address: SocketAddr,
    url: &'a str,
}

impl Inquiry<'_> {
    /// Asks for the endpoints before `share` ends, then for whatever else until `deadline`.
    async fn run(&self, share: Instant, deadline: Instant) -> Result<Discovery, (DiscoveryStep, DiscoveryFault)> {
        let start = Instant::now();
        let timed_out = || DiscoveryFault::TimedOut(start.elapsed());
        let mut step = DiscoveryStep::Connection;
        let asked = timeout_at(share, self.ask(share, &mut step)).await.unwrap_or_else(|_| Err(timed_out()));
        let (mut connection, endpoints, clock) = asked.map_err(|fault| (step, fault))?;
        let servers = match self.how.extent {
            DiscoveryExtent::Endpoints => None,
            DiscoveryExtent::EndpointsAndServers => {
                let asked = timeout_at(deadline, connection.servers()).await;
                Some(asked.unwrap_or_else(|_| Err(timed_out())))
            }
        };
        let _ = timeout(GOODBYE, connection.close()).await;
        let url = self.url.to_owned();
        Ok(Discovery { url, peer: self.address, attempts: Vec::new(), endpoints, servers, clock })
    }

    async fn ask(
        &self,
        share: Instant,
        step: &mut DiscoveryStep,
    ) -> Result<(Connection<TcpStream>, Vec<EndpointDescription>, Option<ServerClock>), DiscoveryFault> {
        let mut stream = dial::connect(self.address, share).await?;
        if let Some(proxy) = &self.how.proxy {
            *step = DiscoveryStep::Proxy;
            stream = tunnel(stream, proxy, self.target).await?;
        }
        *step = DiscoveryStep::Hello;
        let hint = self.how.timeout;
        let mut connection = Connection::greet(stream, self.url.to_owned(), hint).await?;
        *step = DiscoveryStep::SecureChannel;
        connection.open().await?;
        *step = DiscoveryStep::GetEndpoints;
        let (endpoints, server) = connection.endpoints().await?;
        let clock = server.map(|server| ServerClock { server, local: Moment::now() });
        Ok((connection, endpoints, clock))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_asked_for_the_url_that_it_expects() {
        let cases = [
            ("opc.tcp://PLC7", "opc.tcp://plc7:4840"),
            ("opc.tcp://plc7:49320/", "opc.tcp://plc7:49320"),
            ("opc.tcp://[::1]/UA/Server/", "opc.tcp://[::1]:4840/UA/Server/"),
        ];
        for (written, expected) in cases {
            assert_eq!(url(&written.parse().unwrap()), expected);
        }
    }
}

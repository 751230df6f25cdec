//! A host on which Kepware runs: the ports where its parts listen, each asked for what it shows without a log-in.

use std::net::SocketAddr;

use tokio::time::{Instant, sleep_until};

use super::super::capture::{Capture, Connect, Extent};
use super::super::dial;
use super::super::error::{CaptureError, Fault};
use super::super::opcua::{Discover, Discovery, DiscoveryError, discover};
use super::super::tls::{Client, block_on, unprepared};
use super::run::soon;
use super::{Ask, ProbeError, probe};
use crate::presented::{Endpoint, Host, HostPort, Posture, Probe, Scheme, Target};

/// A part of Kepware that listens on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The OPC UA server interface.
    UaServer,
    /// The Configuration API.
    ConfigurationApi,
    /// A REST server of the IoT Gateway.
    RestServer,
    /// The service of the IoT Gateway, which its own machine alone needs.
    GatewayService,
}

impl Part {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Part::UaServer => "OPC UA server",
            Part::ConfigurationApi => "Configuration API",
            Part::RestServer => "REST server of the IoT Gateway",
            Part::GatewayService => "service of the IoT Gateway",
        }
    }
}

/// The ports where Kepware's parts listen unless somebody has set others, with the path that each answers.
///
/// The Configuration API's ports without TLS (57412, 57413) are asked beside those with it.
const PORTS: [(Part, u16, &str); 6] = [
    (Part::UaServer, 49320, ""),
    (Part::UaServer, 49330, ""),
    (Part::ConfigurationApi, 57512, "/config/v1/about"),
    (Part::ConfigurationApi, 57513, "/config/v1/about"),
    (Part::RestServer, 39320, "/"),
    (Part::GatewayService, 57212, "/"),
];

/// The ports without TLS of the Configuration API, which are asked by themselves where the one with it is closed.
const CLEAR: [(u16, u16); 2] = [(57512, 57412), (57513, 57413)];

/// The most ports that may be named beside.
pub const MAX_PORTS: usize = 16;

/// A port of a host, and what was found there.
#[derive(Debug)]
pub struct Port {
    /// The part of Kepware that listens there by custom.
    pub part: Part,
    /// The port, as it was asked.
    pub target: Target,
    /// What was found.
    pub found: Found,
}

/// What was found at a port.
#[derive(Debug)]
pub enum Found {
    /// Nothing listens there, or nothing answers; why.
    Closed(Fault),
    /// An OPC UA server, or why what listens there is none.
    UaServer(Box<Result<Discovery, DiscoveryError>>),
    /// Something else: its chain, or why it shows none, and what probes found.
    Server {
        /// The chain over TLS, or why there is none; `None` of a port that is asked without TLS, and where it is left out.
        capture: Option<Box<Result<Capture, CaptureError>>>,
        /// What probes found.
        posture: Box<Result<Posture, ProbeError>>,
    },
}

/// Asks every port of a host where Kepware may listen, and further ones of OPC UA servers; one after the other.
///
/// A port that is closed costs one connection; an OPC UA server two; any other what [`probe`] costs, and one for its
/// chain. Takes at most [`Ask::whole`] for each port.
///
/// # Errors
/// When the name of the host leads nowhere.
pub async fn kepware(host: &Host, ua_ports: &[u16], ask: &Ask) -> Result<Vec<Port>, ProbeError> {
    let further = ua_ports.iter().take(MAX_PORTS).map(|port| (Part::UaServer, *port, ""));
    let is_asked = |it: &(Part, u16, &str)| it.0 != Part::UaServer || !ask.left_out.contains(&Probe::Ua);
    let known: Vec<(Part, u16, &str)> = PORTS.into_iter().chain(further).filter(is_asked).collect();
    let first = HostPort { host: host.clone(), port: 49320 };
    let addresses = match dial::resolve(&first, dial::deadline(ask.whole)).await {
        Ok(addresses) => addresses,
        Err(fault) => return Err(ProbeError { target: first, fault }),
    };
    let mut asked: Vec<u16> = Vec::new();
    let mut ports: Vec<Port> = Vec::new();
    let mut look = Look { ask, addresses, next: Instant::now() };
    for (part, port, resource) in known {
        if asked.contains(&port) {
            continue;
        }
        asked.push(port);
        let target = target(host, part, port, resource, false);
        let found = look.at(&target).await;
        let is_closed = matches!(found, Found::Closed(_));
        ports.push(Port { part, target, found });
        if let Some((_, clear)) = CLEAR.into_iter().find(|(secure, _)| is_closed && *secure == port) {
            let target = self::target(host, part, clear, resource, true);
            let found = look.at(&target).await;
            ports.push(Port { part, target, found });
        }
    }
    Ok(ports)
}

/// Asks a host from a thread without an event loop.
///
/// # Errors
/// As [`kepware`]; also when the system gives no event loop.
pub fn kepware_blocking(host: &Host, ua_ports: &[u16], ask: &Ask) -> Result<Vec<Port>, ProbeError> {
    let target = HostPort { host: host.clone(), port: 49320 };
    let failed = |error| Err(ProbeError { target, fault: Fault::Runtime(error) });
    block_on(kepware(host, ua_ports, ask)).unwrap_or_else(failed)
}

fn target(host: &Host, part: Part, port: u16, resource: &str, is_clear: bool) -> Target {
    let scheme = if part == Part::UaServer { Scheme::OpcTcp } else { Scheme::Https };
    let resource = if resource.is_empty() { scheme.default_resource() } else { Some(resource) };
    let endpoint = Endpoint { scheme, host: host.clone(), port, resource: resource.map(str::to_owned) };
    Target { endpoint, is_clear }
}

/// The way to the ports of a host.
struct Look<'a> {
    ask: &'a Ask,
    addresses: Vec<SocketAddr>,
    /// Before this moment no port is looked at.
    next: Instant,
}

impl Look<'_> {
    async fn at(&mut self, target: &Target) -> Found {
        if let Err(fault) = self.knock(target.endpoint.port).await {
            return Found::Closed(fault);
        }
        sleep_until(self.next).await;
        if target.endpoint.scheme == Scheme::OpcTcp {
            let how = Discover { timeout: self.ask.each, ..Discover::default() };
            return Found::UaServer(Box::new(discover(&target.endpoint, &how).await));
        }
        let posture = Box::new(probe(target, self.ask).await);
        self.next = soon(self.ask.pace);
        sleep_until(self.next).await;
        let capture = match target.is_clear || self.ask.left_out.contains(&Probe::Certificate) {
            true => None,
            false => Some(Box::new(capture(target, self.ask).await)),
        };
        self.next = soon(self.ask.pace);
        Found::Server { capture, posture }
    }

    /// Whether anything listens on a port, at the first address that says so.
    async fn knock(&mut self, port: u16) -> Result<(), Fault> {
        let mut fault = Fault::NoAddress;
        for address in &self.addresses {
            sleep_until(self.next).await;
            self.next = soon(self.ask.pace);
            match dial::connect(SocketAddr::new(address.ip(), port), soon(self.ask.each)).await {
                Ok(_) => return Ok(()),
                Err(met) => fault = met,
            }
        }
        Err(fault)
    }
}

async fn capture(target: &Target, ask: &Ask) -> Result<Capture, CaptureError> {
    let connect = Connect { timeout: ask.each, extent: Extent::Certificates, ..Connect::default() };
    let client = Client::new(connect).map_err(|error| unprepared(&target.endpoint, error.into()))?;
    client.capture(&target.endpoint).await
}

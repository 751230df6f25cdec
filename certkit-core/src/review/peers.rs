//! What a project talks to: brokers, servers and platforms, each with the object that names it.

use super::configuration::Kind;
use super::duties::{channel_driver, is_over_tls, thingworx_server};
use super::facts::Facts;
use crate::presented::{Endpoint, Scheme};
use crate::text::shown;

/// The most that are listed.
const MOST: usize = 1_000;

/// What kind of system it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerKind {
    /// An MQTT broker.
    Broker,
    /// A REST server.
    RestServer,
    /// An OPC UA server.
    UaServer,
    /// An OPC XML-DA server.
    XmlDaServer,
    /// A ThingWorx platform.
    ThingWorx,
    /// The licence server of Kepware Edge.
    LicenceServer,
}

impl PeerKind {
    /// The words for it.
    pub fn as_str(self) -> &'static str {
        match self {
            PeerKind::Broker => "MQTT broker",
            PeerKind::RestServer => "REST server",
            PeerKind::UaServer => "OPC UA server",
            PeerKind::XmlDaServer => "OPC XML-DA server",
            PeerKind::ThingWorx => "ThingWorx",
            PeerKind::LicenceServer => "licence server",
        }
    }
}

/// A system that interacts with Kepware.
#[derive(Clone, Debug)]
pub struct Peer {
    /// The source that names it.
    pub source: String,
    /// The object of the project that talks to it.
    pub by: String,
    /// What it is.
    pub kind: PeerKind,
    /// Its address as the project has it, fit for a terminal and without what may be secret.
    pub at: String,
    /// The same as an endpoint that can be asked for its certificates; `None` where it has none, or is talked to in clear.
    pub endpoint: Option<Endpoint>,
}

impl Peer {
    /// Says whether the project talks to it without TLS.
    pub fn is_clear(&self) -> bool {
        is_over_tls(&self.at) == Some(false)
    }
}

/// The systems that the projects name, in the order of their objects, each once for a source and object.
pub fn of(facts: &Facts) -> Vec<Peer> {
    let mut peers = Vec::new();
    for source in &facts.sources {
        for object in source.configuration.objects() {
            let text = |key: &str| object.text(key).filter(|it| !it.is_empty()).map(str::to_owned);
            let found = match object.kind {
                Kind::MqttClient => text("iot_gateway.MQTT_CLIENT_URL").map(|it| (PeerKind::Broker, it)),
                Kind::RestClient => text("iot_gateway.REST_CLIENT_URL").map(|it| (PeerKind::RestServer, it)),
                Kind::UaClientConnection => {
                    text("ua_gateway.UA_CLIENT_CONNECTION_URL_NAME").map(|it| (PeerKind::UaServer, it))
                }
                Kind::Channel => match channel_driver(object) {
                    "OPC UA Client" => {
                        text("opcuaclient.CHANNEL_UA_SERVER_ENDPOINT_URL").map(|it| (PeerKind::UaServer, it))
                    }
                    "MQTT Client" => text("mqtt_client.CHANNEL_HOST_ADDRESS").map(|host| {
                        let scheme =
                            if object.flag("mqtt_client.CHANNEL_SSL_TLS") == Some(true) { "ssl" } else { "tcp" };
                        let port = object.number("mqtt_client.CHANNEL_PORT_NUMBER").unwrap_or(1883);
                        (PeerKind::Broker, format!("{scheme}://{host}:{port}"))
                    }),
                    "OPC XML-DA Client" => {
                        text("opcxmldaclient.CHANNEL_SERVER_URL").map(|it| (PeerKind::XmlDaServer, it))
                    }
                    _ => None,
                },
                Kind::Project if object.flag("thingworxinterface.ENABLED") == Some(true) => {
                    let scheme = match object.flag("thingworxinterface.DISABLE_ENCRYPTION") {
                        Some(true) => "ws",
                        _ => "thingworx",
                    };
                    thingworx_server(object).map(|it| (PeerKind::ThingWorx, format!("{scheme}://{it}")))
                }
                Kind::Admin if object.flag("libadminsettings.LICENSING_SERVER_ENABLE") == Some(true) => {
                    let port = object.number("libadminsettings.LICENSING_SERVER_SSL_PORT").unwrap_or(1443);
                    text("libadminsettings.LICENSING_SERVER_NAME")
                        .map(|it| (PeerKind::LicenceServer, format!("tls://{it}:{port}")))
                }
                _ => None,
            };
            if let Some((kind, at)) = found
                && object.is_enabled()
                && peers.len() < MOST
            {
                let (by, endpoint) = (source.place(object), endpoint(&at));
                peers.push(Peer { source: source.name.clone(), by, kind, at: shown(&at), endpoint });
            }
        }
    }
    peers
}

/// The endpoint that an address of Kepware stands for, where it is one with certificates.
pub(super) fn endpoint(at: &str) -> Option<Endpoint> {
    let (scheme, rest) = at.split_once("://")?;
    let text = match scheme.to_ascii_lowercase().as_str() {
        "ssl" | "mqtts" => format!("mqtts://{rest}"),
        "https" => format!("https://{}", rest.split(['/', '?', '#']).next().unwrap_or_default()),
        scheme @ ("wss" | "opc.tcp" | "thingworx" | "tls") => format!("{scheme}://{rest}"),
        _ => return None,
    };
    text.parse().ok().filter(|it: &Endpoint| it.scheme.speaks_tls() || it.scheme == Scheme::OpcTcp)
}

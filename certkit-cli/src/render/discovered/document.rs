//! What an OPC UA server offers, as JSON.

use certkit_core::cert::Certificate;
use certkit_core::opcua::{SecurityPolicy, Standing};
use certkit_core::presented::{ApplicationDescription, Endpoint, EndpointDescription, UserToken, policy_name};
use certkit_core::source::Discovery;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::fetched::{ChainJson, FetchJson, reasons};
use super::super::findings::ReportJson;
use super::Discovered;

/// What an OPC UA server tells of itself.
#[derive(Serialize, JsonSchema)]
pub(crate) struct OpcUaJson {
    /// The URL that it was asked for.
    asked: String,
    endpoints: Vec<EndpointJson>,
    /// Its certificates, each once.
    offered: Vec<OfferedJson>,
    /// The servers that it knows; null where it was not asked, or did not tell.
    servers: Option<Vec<ApplicationJson>>,
    /// Why it did not tell them.
    servers_error: Option<String>,
    clock: Option<ClockJson>,
}

/// A way into a server.
#[derive(Serialize, JsonSchema)]
pub(crate) struct EndpointJson {
    endpoint_url: String,
    /// `None`, `Sign` or `SignAndEncrypt`.
    security_mode: String,
    /// The short name, such as `Basic256Sha256`.
    security_policy: String,
    security_policy_uri: String,
    /// `unsecured`, `deprecated`, `superseded`, `current` or `unknown`.
    policy_standing: &'static str,
    /// Higher is better in the eyes of the server; 0 is not recommended.
    security_level: u8,
    user_tokens: Vec<TokenJson>,
    transport_profile_uri: String,
    application: ApplicationJson,
    /// SHA-256 of the server's own certificate; null where it shows none that can be read.
    fingerprint_sha256: Option<String>,
}

/// What a user may show.
#[derive(Serialize, JsonSchema)]
struct TokenJson {
    /// `Anonymous`, `UserName`, `Certificate` or `IssuedToken`.
    kind: String,
    policy_id: String,
    /// What protects it on its way: its own policy or, where it has none, that of the endpoint.
    security_policy: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    issued_token_type: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    issuer_endpoint_url: String,
}

/// An application, as it describes itself.
#[derive(Serialize, JsonSchema)]
struct ApplicationJson {
    application_uri: String,
    product_uri: String,
    application_name: String,
    /// `Server`, `Client`, `ClientAndServer` or `DiscoveryServer`.
    application_type: String,
    gateway_server_uri: String,
    discovery_profile_uri: String,
    discovery_urls: Vec<String>,
}

/// A certificate of the server.
#[derive(Serialize, JsonSchema)]
struct OfferedJson {
    /// Such as `RSA 2048`.
    key: String,
    /// How many certificates the server sends.
    presented: usize,
    chain: ChainJson,
    /// Indices into `endpoints`.
    endpoints: Vec<usize>,
    /// The file that was written.
    written: Option<String>,
}

/// The server's time and ours.
#[derive(Serialize, JsonSchema)]
struct ClockJson {
    /// RFC 3339 UTC.
    server: String,
    /// RFC 3339 UTC.
    local: String,
    /// By how many seconds the server is ahead of us; negative when it is behind.
    ahead_seconds: i64,
}

impl ApplicationJson {
    fn new(it: &ApplicationDescription) -> ApplicationJson {
        ApplicationJson {
            application_uri: it.application_uri.clone(),
            product_uri: it.product_uri.clone(),
            application_name: it.application_name.clone(),
            application_type: it.application_type.to_string(),
            gateway_server_uri: it.gateway_server_uri.clone(),
            discovery_profile_uri: it.discovery_profile_uri.clone(),
            discovery_urls: it.discovery_urls.clone(),
        }
    }
}

pub(super) fn standing(uri: &str) -> &'static str {
    match SecurityPolicy::named(uri).map(|policy| policy.standing) {
        Some(Standing::Unsecured) => "unsecured",
        Some(Standing::Deprecated) => "deprecated",
        Some(Standing::Superseded) => "superseded",
        Some(Standing::Current) => "current",
        None => "unknown",
    }
}

impl EndpointJson {
    /// Describes an endpoint.
    pub(crate) fn new(endpoint: &EndpointDescription) -> EndpointJson {
        let token = |it: &UserToken| TokenJson {
            kind: it.kind.to_string(),
            policy_id: it.policy_id.clone(),
            security_policy: policy_name(endpoint.token_policy_uri(it)).to_owned(),
            issued_token_type: it.issued_token_type.clone(),
            issuer_endpoint_url: it.issuer_endpoint_url.clone(),
        };
        let chain = certkit_core::presented::split_chain(&endpoint.server_certificate);
        let ders = chain.unwrap_or_else(|error| error.certificates);
        let leaf = ders.first().and_then(|der| Certificate::from_der(der).ok());
        EndpointJson {
            endpoint_url: endpoint.endpoint_url.clone(),
            security_mode: endpoint.security_mode.to_string(),
            security_policy: policy_name(&endpoint.security_policy_uri).to_owned(),
            security_policy_uri: endpoint.security_policy_uri.clone(),
            policy_standing: standing(&endpoint.security_policy_uri),
            security_level: endpoint.security_level,
            user_tokens: endpoint.user_tokens.iter().map(token).collect(),
            transport_profile_uri: endpoint.transport_profile_uri.clone(),
            application: ApplicationJson::new(&endpoint.server),
            fingerprint_sha256: leaf.map(|it| certkit_core::text::Hex(it.fingerprint_sha256()).to_string()),
        }
    }

    /// Describes all endpoints of a server.
    pub(crate) fn all(discovery: &Discovery) -> Vec<EndpointJson> {
        discovery.endpoints.iter().map(EndpointJson::new).collect()
    }
}

impl OpcUaJson {
    fn new(found: &Discovered) -> OpcUaJson {
        let Discovered { discovery, offered, report, .. } = found;
        let servers = discovery.servers.as_ref();
        OpcUaJson {
            asked: discovery.url.clone(),
            endpoints: EndpointJson::all(discovery),
            offered: offered
                .iter()
                .map(|it| OfferedJson {
                    key: it.key(),
                    presented: it.presented.len(),
                    chain: ChainJson::new(&it.chain, report),
                    endpoints: it.endpoints.clone(),
                    written: it.written.as_ref().map(|path| path.display().to_string()),
                })
                .collect(),
            servers: servers
                .and_then(|answer| answer.as_ref().ok())
                .map(|servers| servers.iter().map(ApplicationJson::new).collect()),
            servers_error: servers.and_then(|answer| answer.as_ref().err()).map(|fault| reasons(fault)),
            clock: discovery.clock.map(|it| ClockJson {
                server: it.server.to_string(),
                local: it.local.to_string(),
                ahead_seconds: it.ahead(),
            }),
        }
    }
}

impl FetchJson {
    /// Describes what an OPC UA server told.
    pub(crate) fn discovered(endpoint: &Endpoint, found: &Discovered) -> FetchJson {
        let Discovered { discovery, is_through_proxy, offered, report } = found;
        FetchJson {
            schema: "certkit.fetch/1",
            url: endpoint.to_string(),
            host: endpoint.host.to_string(),
            port: endpoint.port,
            peer: discovery.peer.to_string(),
            through_proxy: *is_through_proxy,
            attempts: discovery.attempts.iter().map(|attempt| reasons(attempt)).collect(),
            server_name: None,
            tls_connection: None,
            handshake: None,
            handshake_fault: None,
            key_possession_proven: false,
            client_certificate: "not_asked",
            accepted_issuers: Vec::new(),
            is_client_certificate_listed: None,
            answer: None,
            presented: offered.iter().map(|it| it.presented.len()).sum(),
            chain: offered.first().map(|it| ChainJson::new(&it.chain, report)),
            part: None,
            report: ReportJson::new(report),
            kepware: None,
            written: offered.iter().find_map(|it| it.written.as_ref()).map(|path| path.display().to_string()),
            opcua: Some(OpcUaJson::new(found)),
        }
    }
}

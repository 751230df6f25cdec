//! What an OPC UA server tells of itself, for people and as JSON.

use std::path::PathBuf;

use certkit_core::cert::Certificate;
use certkit_core::chain::Chain;
use certkit_core::opcua::{SecurityPolicy, Standing};
use certkit_core::presented::{
    ApplicationDescription, Endpoint, EndpointDescription, SecurityMode, TokenKind, UserToken, policy_name,
};
use certkit_core::report::Report;
use certkit_core::source::{Discovery, ServerClock};
use certkit_core::text::{Printable, plural};
use schemars::JsonSchema;
use serde::Serialize;

use super::card::Card;
use super::fetched::{self, ChainJson, FetchJson, Written, reasons};
use super::findings::{self, ReportJson};
use crate::terminal::style::{self, paint};

/// What a server told, its certificates completed and judged.
pub(crate) struct Discovered {
    /// What it told.
    pub(crate) discovery: Discovery,
    /// Whether the other end of the connection is a proxy.
    pub(crate) is_through_proxy: bool,
    /// Its certificates, each with its chain.
    pub(crate) offered: Vec<Offered>,
    /// The findings.
    pub(crate) report: Report,
}

/// A certificate of a server.
pub(crate) struct Offered {
    /// As the server sends it: its own first.
    pub(crate) presented: Vec<Certificate>,
    /// The chain up to its top.
    pub(crate) chain: Chain,
    /// The endpoints that show it, as indices.
    pub(crate) endpoints: Vec<usize>,
    /// The file that its part was written to.
    pub(crate) written: Option<PathBuf>,
}

impl Offered {
    /// The kind of its key, as `RSA 2048`.
    pub(crate) fn key(&self) -> String {
        let key = self.presented.first().and_then(|leaf| leaf.public_key().ok().map(|key| key.to_string()));
        key.unwrap_or_else(|| "unknown key".to_owned())
    }
}

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

fn standing(uri: &str) -> &'static str {
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

/// Writes everything but the certificates themselves.
pub(crate) fn text(endpoint: &Endpoint, found: &Discovered, written: &Written) -> String {
    let Discovered { discovery, offered, report, .. } = found;
    let mut text = format!("{}\n{}", paint(style::BOLD, endpoint), connection(discovery));
    text += &format!("\n{}", endpoints(discovery));
    text += &servers(discovery);
    for (at, it) in offered.iter().enumerate() {
        let number = match offered.len() {
            1 => String::new(),
            count => format!(" {} of {count}", at + 1),
        };
        let policies = names(it.endpoints.iter().filter_map(|at| discovery.endpoints.get(*at)).map(policy));
        text += &format!(
            "\n{}\n",
            paint(style::BOLD, format_args!("Certificate{number}: {}, shown for {policies}", it.key()))
        );
        text += &fetched::path(&it.chain, report, it.presented.len());
    }
    text += &format!("\n{}", findings::text(report));
    if offered.iter().filter(|it| it.written.is_some()).count() < 2 {
        text += &fetched::outcome(written);
    } else {
        text += &format!("\nthe server has {} certificates; each has a file of its own\n", offered.len());
        for it in offered {
            if let Some(path) = &it.written {
                text += &format!("wrote {} ({})\n", Printable(path.display().to_string()), it.key());
            }
        }
    }
    match written {
        Written::File { .. } => text + &advice(),
        _ => text,
    }
}

/// What to do with the file.
fn advice() -> String {
    let text = "To trust this server: in Kepware, OPC UA Configuration Manager, Trusted Servers, Import, then Runtime, \
                Reinitialize; elsewhere copy the certificate (DER) into trusted/certs of the client's PKI folder. Nobody has \
                proven anything yet: compare the thumbprint with the one that the server itself shows.";
    format!("\n{}\n", crate::terminal::wrap(text, 0))
}

/// How far clocks may differ before it is worth a warning, in seconds.
const CLOCK: i64 = 120;

fn connection(discovery: &Discovery) -> String {
    let mut card = Card::default();
    for attempt in &discovery.attempts {
        card.line("Tried", paint(style::CARE, reasons(attempt)));
    }
    card.line("Connected", discovery.peer);
    card.line("Asked for", Printable(&discovery.url));
    if let Some(endpoint) = discovery.endpoints.first() {
        let server = &endpoint.server;
        card.line("Server", Printable(format!("{}, {}", server.application_name, server.application_type)));
        card.line("App. URI", Printable(&server.application_uri));
        card.line("Product", Printable(&server.product_uri));
        card.line("Gateway", Printable(&server.gateway_server_uri));
    }
    if let Some(clock) = discovery.clock {
        card.line("Clock", self::clock(clock));
    }
    card.finish()
}

fn clock(clock: ServerClock) -> String {
    let ahead = clock.ahead();
    if ahead.abs() <= CLOCK {
        return format!("{} UTC, as ours", clock.server.to_minute());
    }
    let distance = certkit_core::moment::distance(clock.server, clock.local);
    let words = format!(
        "{} UTC, {distance} by our clock: certificates may fail with BadCertificateTimeInvalid",
        clock.server.to_minute()
    );
    paint(style::BAD, words)
}

/// Names, each once, in a line.
fn names(all: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in all {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

fn policy(endpoint: &EndpointDescription) -> String {
    match policy_name(&endpoint.security_policy_uri) {
        "" => "(none told)".to_owned(),
        name => Printable(name).to_string(),
    }
}

/// What users may show at an endpoint, each kind once, with the policies that are not the endpoint's.
fn users(endpoint: &EndpointDescription) -> String {
    let mut kinds: Vec<(TokenKind, Vec<String>)> = Vec::new();
    for token in &endpoint.user_tokens {
        let at = kinds.iter().position(|(kind, _)| *kind == token.kind).unwrap_or_else(|| {
            kinds.push((token.kind, Vec::new()));
            kinds.len() - 1
        });
        let own = Printable(policy_name(endpoint.token_policy_uri(token))).to_string();
        let is_other = token.kind != TokenKind::Anonymous && own != policy(endpoint);
        if let Some((_, policies)) = kinds.get_mut(at).filter(|(_, policies)| is_other && !policies.contains(&own)) {
            policies.push(own);
        }
    }
    let kind = |(kind, policies): (TokenKind, Vec<String>)| match policies.is_empty() {
        true => kind.to_string(),
        false => format!("{kind} ({})", policies.join(", ")),
    };
    names(kinds.into_iter().map(kind))
}

/// Writes the endpoints as a table, those of one address together.
pub(crate) fn endpoints(discovery: &Discovery) -> String {
    let count = discovery.endpoints.len();
    let head = format!("{count} {}", plural(count, "endpoint", "endpoints"));
    let mut text = format!("{}\n", paint(style::BOLD, head));
    let width = discovery.endpoints.iter().map(|it| policy(it).chars().count()).max().unwrap_or_default().clamp(6, 40);
    let mut place = String::new();
    for endpoint in &discovery.endpoints {
        let transport = endpoint.transport_profile_uri.rsplit('/').next().unwrap_or_default();
        let here = Printable(format!("{}  {transport}", endpoint.endpoint_url)).to_string();
        if here != place {
            text += &format!("  {here}\n");
            text += &paint(style::DIM, format_args!("    level  {:width$}  {:14}  users", "policy", "mode"));
            text.push('\n');
            place = here;
        }
        let (level, mode) = (endpoint.security_level, endpoint.security_mode.to_string());
        let line = format!("    {level:5}  {:width$}  {mode:14}  {}", policy(endpoint), users(endpoint));
        let is_bad = endpoint.security_mode == SecurityMode::None
            || matches!(standing(&endpoint.security_policy_uri), "deprecated" | "unknown");
        text += &if is_bad { paint(style::BAD, line) } else { line };
        text.push('\n');
    }
    text
}

fn servers(discovery: &Discovery) -> String {
    match &discovery.servers {
        None => String::new(),
        Some(Err(fault)) => {
            format!(
                "\n{}\n",
                paint(style::CARE, format_args!("The servers that it knows were not told: {}", reasons(fault)))
            )
        }
        Some(Ok(servers)) => {
            let count = servers.len();
            let head = format!("It knows {count} {}", plural(count, "server", "servers"));
            let mut text = format!("\n{}\n", paint(style::BOLD, head));
            for server in servers {
                text += &format!(
                    "  {}  {}\n",
                    Printable(&server.application_uri),
                    paint(style::DIM, Printable(format!("{}, {}", server.application_name, server.application_type)))
                );
                for url in &server.discovery_urls {
                    text += &format!("    {}\n", Printable(url));
                }
            }
            text
        }
    }
}

//! What an OPC UA server tells of itself, for people and as JSON.

mod document;

pub(in crate::render) use document::EndpointJson;
pub(crate) use document::OpcUaJson;
use document::standing;

use std::path::PathBuf;

use certkit_core::cert::Certificate;
use certkit_core::chain::Chain;
use certkit_core::presented::{Endpoint, EndpointDescription, SecurityMode, TokenKind, policy_name};
use certkit_core::report::Report;
use certkit_core::source::{Discovery, ServerClock};
use certkit_core::text::{Printable, plural};

use super::card::Card;
use super::fetched::{self, Written, reasons};
use super::findings::{self};
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
                Reinitialize; elsewhere copy the certificate (DER) into trusted/certs of the client's PKI folder. \
                Nothing is proven yet: compare the thumbprint with the one that the server itself shows.";
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
                paint(style::CARE, format_args!("The servers that it knows could not be listed: {}", reasons(fault)))
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

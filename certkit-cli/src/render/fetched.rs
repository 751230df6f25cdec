//! What was fetched, for people and as JSON.

use std::path::PathBuf;

use certkit_core::cert::Certificate;
use certkit_core::chain::{Chain, DownloadFailure, Missing};
use certkit_core::path::{End, Path, Verification};
use certkit_core::presented::{Endpoint, Possession, Version};
use certkit_core::report::Report;
use certkit_core::source::{Capture, ClientCertificate, DownloadError, DownloadFault, Handshake};
use certkit_core::text::{Printable, plural, with_causes};
use schemars::JsonSchema;
use serde::Serialize;

use super::advice::KepwareJson;
use super::card::Card;
use super::discovered::OpcUaJson;
use super::findings::{self, ReportJson};
use crate::input::Asked;
use crate::terminal::style::{self, paint};

/// What an endpoint presented, completed and judged.
pub(crate) struct Fetched {
    /// What was seen of the connection.
    pub(crate) capture: Capture,
    /// What the server wanted to know of us.
    pub(crate) asked: Asked,
    /// Whether the other end of the connection is a proxy.
    pub(crate) is_through_proxy: bool,
    /// The chain.
    pub(crate) chain: Chain,
    /// The findings.
    pub(crate) report: Report,
}

impl Fetched {
    /// What came of an endpoint whose own certificate cannot be decoded.
    pub(crate) fn without_leaf(capture: Capture, asked: Asked, is_through_proxy: bool, report: Report) -> Fetched {
        let end = End::IssuerMissing(Vec::new());
        let path = Path { certificates: Vec::new(), ids: Vec::new(), links: Vec::new(), end };
        let chain = Chain { path, origins: Vec::new(), downloads: Vec::new() };
        Fetched { capture, asked, is_through_proxy, chain, report }
    }
}

/// Where the wanted part went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// Into a file.
    File {
        /// The file.
        path: PathBuf,
        /// How many certificates it holds.
        certificates: usize,
    },
    /// To standard output.
    StandardOutput,
    /// Nowhere: the part is empty.
    Nothing,
    /// Nowhere: the CA was asked for and not found.
    CaNotFound,
    /// Nowhere: the CA was asked for, and is none of those that the user named as the ones to trust.
    CaNotNamed,
}

/// The document of `certkit.fetch/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FetchJson {
    pub(super) schema: &'static str,
    pub(super) url: String,
    pub(super) host: String,
    pub(super) port: u16,
    /// The address that answered; with a proxy, the proxy's.
    pub(super) peer: String,
    /// Whether `peer` is a proxy.
    pub(super) through_proxy: bool,
    /// Addresses that were tried before, each with what went wrong.
    pub(super) attempts: Vec<String>,
    pub(super) server_name: Option<String>,
    pub(super) tls_connection: Option<TlsJson>,
    /// `complete`, `broken` or `clear` (read in the clear, without a handshake); null without TLS.
    pub(super) handshake: Option<&'static str>,
    /// What kept the handshake from being complete.
    pub(super) handshake_fault: Option<String>,
    /// Whether the server showed that it holds the key of its certificate.
    pub(super) key_possession_proven: bool,
    /// `not_asked`, `asked`, `demanded`, `refused` or `untold`.
    pub(super) client_certificate: &'static str,
    /// The CAs whose clients the server says it accepts, RFC 4514; empty where it names none.
    pub(super) accepted_issuers: Vec<String>,
    /// Whether one of these has issued the certificate of --client-cert; null without either.
    pub(super) is_client_certificate_listed: Option<bool>,
    pub(super) answer: Option<AnswerJson>,
    /// How many certificates the server sent.
    pub(super) presented: usize,
    /// The chain, of several the first; null where an OPC UA server has no certificate.
    pub(super) chain: Option<ChainJson>,
    /// What --part has asked for, as indices into `certificates`, leaf first; empty where it was not found or is not handed
    /// out. Null where an OPC UA server was asked.
    pub(super) part: Option<Vec<usize>>,
    #[serde(flatten)]
    pub(super) report: ReportJson,
    pub(super) kepware: Option<KepwareJson>,
    /// The file that was written, of several the first.
    pub(super) written: Option<String>,
    /// What an OPC UA server tells of itself; null for every other.
    pub(super) opcua: Option<OpcUaJson>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct TlsJson {
    /// Such as `tls_1_2`.
    version: String,
    cipher: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct AnswerJson {
    path: String,
    status: Option<u16>,
    reason: Option<String>,
    server: Option<String>,
    location: Option<String>,
    error: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ChainJson {
    /// Whether the top was found.
    complete: bool,
    /// `anchor`, `self_signed`, `issuer_missing`, `cycle`, `too_deep` or `budget_spent`.
    end: &'static str,
    /// Indices into `certificates`, leaf first.
    path: Vec<usize>,
    missing: Option<MissingJson>,
    downloads: Vec<DownloadJson>,
}

#[derive(Serialize, JsonSchema)]
struct MissingJson {
    subject_dn: String,
    key_id: Option<String>,
    issuing_certificate_urls: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct DownloadJson {
    url: String,
    /// How many certificates came.
    certificates: usize,
    error: Option<String>,
    /// The address that was not asked, since a certificate may not name one of its network; null where all were.
    not_asked: Option<NotAskedJson>,
}

/// An address that a certificate, or a redirect, may not lead to.
#[derive(Serialize, JsonSchema)]
struct NotAskedJson {
    /// The URL, of the last redirect if there were any, without user name and password.
    url: String,
    host: String,
    /// What the host resolved to; null where a proxy would have resolved it.
    address: Option<String>,
    /// `loopback`, `link-local`, `private`, `shared`, `metadata` or `special-purpose`.
    network: &'static str,
}

impl NotAskedJson {
    fn new(outcome: &Result<usize, DownloadFailure>) -> Option<NotAskedJson> {
        let Err(DownloadFailure::Download(error)) = outcome else { return None };
        let error: &DownloadError = error.downcast_ref()?;
        let DownloadFault::Private { host, address, network } = &error.fault else { return None };
        Some(NotAskedJson {
            url: error.url.to_string(),
            host: host.to_string(),
            address: address.map(|it| it.to_string()),
            network: network.as_str(),
        })
    }
}

/// The index of a certificate in a report.
fn place(report: &Report, certificate: &Certificate) -> Option<usize> {
    report.certificates.iter().position(|it| it.certificate == *certificate)
}

fn end_name(end: &End) -> &'static str {
    match end {
        End::Anchor => "anchor",
        End::SelfSigned => "self_signed",
        End::IssuerMissing(_) => "issuer_missing",
        End::Cycle => "cycle",
        End::TooDeep => "too_deep",
        End::BudgetSpent(_) => "budget_spent",
    }
}

impl ChainJson {
    /// Describes a chain whose certificates are in a report.
    pub(super) fn new(chain: &Chain, report: &Report) -> ChainJson {
        ChainJson {
            complete: chain.top().is_some(),
            end: end_name(&chain.path.end),
            path: chain.path.certificates.iter().filter_map(|it| place(report, it)).collect(),
            missing: chain.missing().map(|it| MissingJson {
                subject_dn: it.subject,
                key_id: it.key_id,
                issuing_certificate_urls: it.addresses.iter().map(ToString::to_string).collect(),
            }),
            downloads: chain
                .downloads
                .iter()
                .map(|it| DownloadJson {
                    url: it.address.to_string(),
                    certificates: *it.outcome.as_ref().unwrap_or(&0),
                    error: it.outcome.as_ref().err().map(|error| reasons(error)),
                    not_asked: NotAskedJson::new(&it.outcome),
                })
                .collect(),
        }
    }
}

/// An error with all of its reasons in one line.
pub(super) fn reasons(error: &dyn std::error::Error) -> String {
    Printable(with_causes(error)).to_string()
}

impl FetchJson {
    /// Describes what was fetched.
    pub(crate) fn new(
        endpoint: &Endpoint,
        fetched: &Fetched,
        wanted: &[&Certificate],
        written: &Written,
        kepware: Option<KepwareJson>,
    ) -> FetchJson {
        let Fetched { capture, asked, is_through_proxy, chain, report } = fetched;
        FetchJson {
            schema: "certkit.fetch/1",
            url: endpoint.to_string(),
            host: endpoint.host.to_string(),
            port: endpoint.port,
            peer: capture.peer.to_string(),
            through_proxy: *is_through_proxy,
            attempts: capture.attempts.iter().map(ToString::to_string).collect(),
            server_name: capture.server_name.clone(),
            tls_connection: capture.negotiated.map(|it| TlsJson {
                version: it.version.as_str().to_lowercase().replace([' ', '.'], "_"),
                cipher: it.cipher.to_string(),
            }),
            handshake: Some(match capture.handshake {
                Handshake::Complete => "complete",
                Handshake::Cut => "cut",
                Handshake::Broken(_) => "broken",
                Handshake::Clear(_) => "clear",
            }),
            handshake_fault: match &capture.handshake {
                Handshake::Complete | Handshake::Cut => None,
                Handshake::Broken(fault) | Handshake::Clear(fault) => Some(reasons(fault)),
            },
            key_possession_proven: capture.possession == Possession::Proven,
            client_certificate: asked.state,
            accepted_issuers: asked.accepted_issuers.clone(),
            is_client_certificate_listed: asked.is_listed,
            answer: capture.answer.as_ref().map(|answer| {
                let path = endpoint.resource.clone().unwrap_or_default();
                match answer {
                    Ok(it) => AnswerJson {
                        path,
                        status: Some(it.status),
                        reason: Some(it.reason.clone()),
                        server: it.server.clone(),
                        location: it.location.as_ref().map(ToString::to_string),
                        error: None,
                    },
                    Err(fault) => AnswerJson {
                        path,
                        status: None,
                        reason: None,
                        server: None,
                        location: None,
                        error: Some(reasons(fault)),
                    },
                }
            }),
            presented: capture.presented.len(),
            chain: Some(ChainJson::new(chain, report)),
            part: Some(wanted.iter().filter_map(|it| place(report, it)).collect()),
            report: ReportJson::new(report),
            kepware,
            written: match written {
                Written::File { path, .. } => Some(path.display().to_string()),
                _ => None,
            },
            opcua: None,
        }
    }
}

/// Writes everything but the certificates themselves.
pub(crate) fn text(endpoint: &Endpoint, fetched: &Fetched, written: &Written, advice: Option<&KepwareJson>) -> String {
    let Fetched { capture, asked, is_through_proxy, chain, report } = fetched;
    let mut text = format!("{}\n", paint(style::BOLD, endpoint));
    text += &connection(endpoint, capture, asked, *is_through_proxy);
    text += &format!("\n{}", path(chain, report, capture.presented.len()));
    text += &format!("\n{}", findings::text(report));
    if let Some(advice) = advice {
        text += &format!("\n{}", advice.text());
    }
    text + &outcome(written)
}

fn connection(endpoint: &Endpoint, capture: &Capture, asked: &Asked, is_through_proxy: bool) -> String {
    let mut card = Card::default();
    for attempt in &capture.attempts {
        card.line("Tried", paint(style::CARE, Printable(attempt.to_string())));
    }
    let name = capture.server_name.as_ref().map(|name| format!(", asked for {}", Printable(name))).unwrap_or_default();
    let peer = if is_through_proxy { "through the proxy " } else { "" };
    card.line("Connected", format!("{peer}{}{name}", capture.peer));
    if let Some(negotiated) = capture.negotiated {
        let is_obsolete = negotiated.version < Version::Tls12;
        let line = format!("{}, {}", negotiated.version, negotiated.cipher);
        card.line("TLS", if is_obsolete { paint(style::BAD, format_args!("{line} (obsolete)")) } else { line });
    }
    match &capture.handshake {
        Handshake::Complete | Handshake::Cut => {}
        Handshake::Broken(fault) => card.line("", format!("the handshake broke off: {}", reasons(fault))),
        Handshake::Clear(fault) => {
            let because = format!("the connection is obsolete, no handshake was possible: {}", reasons(fault));
            card.line("", paint(style::BAD, because));
            card.line("", "the certificates were read in the clear, where the server sends them");
        }
    }
    if let Possession::Unproven(doubt) = capture.possession {
        card.line("", paint(style::CARE, format_args!("not proven that the server holds the key: {doubt}")));
    }
    match &capture.client_certificate {
        ClientCertificate::NotAsked | ClientCertificate::Untold => {}
        ClientCertificate::Asked { .. } => card.line("Client", "the server asks for a client certificate"),
        ClientCertificate::Demanded { alert, .. } => card.line(
            "Client",
            format!("the server demands a client certificate ({alert}): --client-cert and --client-key show one"),
        ),
        ClientCertificate::Refused { alert, .. } => {
            card.line("Client", paint(style::BAD, format_args!("the server refused the client certificate ({alert})")));
        }
    }
    for (line, at) in asked.lines().into_iter().zip(0_usize..) {
        card.line(if at == 0 { "Accepts" } else { "" }, line);
    }
    if let Some(answer) = &capture.answer {
        card.line("Path", path_answer(endpoint, answer));
    }
    card.finish()
}

fn path_answer(
    endpoint: &Endpoint,
    answer: &Result<certkit_core::presented::HttpAnswer, certkit_core::source::HttpFault>,
) -> String {
    let path = Printable(endpoint.resource.clone().unwrap_or_default());
    let answer = match answer {
        Ok(answer) => answer,
        Err(fault) => return paint(style::CARE, format_args!("{path} gave no answer: {}", reasons(fault))),
    };
    let said = format!("{path} answered {} {}", answer.status, Printable(&answer.reason));
    let leads = answer.location.as_ref().map(|to| format!(", leading to {to}")).unwrap_or_default();
    match (endpoint.is_thingworx(), answer.status) {
        (true, 404) => format!("{said}: what ThingWorx gives to a plain request, and fine"),
        (true, _) => paint(
            style::CARE,
            format_args!("{said}{leads}: ThingWorx gives 404 here; is this the server, and the path?"),
        ),
        (false, _) => format!("{said}{leads}"),
    }
}

/// Says whether each certificate of a chain was signed by the next one's key.
fn are_signatures_verified(chain: &Chain) -> bool {
    chain.path.links.iter().all(|link| link.signature == Verification::Verified)
}

/// Writes the path of a chain, and what came of looking for it.
pub(super) fn path(chain: &Chain, report: &Report, presented: usize) -> String {
    let count = chain.path.certificates.len();
    let state = match chain.path.end {
        End::Anchor | End::SelfSigned if !are_signatures_verified(chain) => {
            "complete by its names, but not every signature on it was verified"
        }
        End::Anchor => "complete, ends in a trusted root",
        End::SelfSigned => "complete, ends in a self-signed certificate that no store here trusts",
        _ => "not complete",
    };
    let head =
        format!("Chain: {count} {}, {state}; {presented} presented", plural(count, "certificate", "certificates"));
    let mut text = format!("{}\n", paint(style::BOLD, head));
    for (depth, certificate) in chain.path.certificates.iter().enumerate() {
        let index = report.certificates.iter().position(|it| it.certificate == *certificate);
        let line = index.map(|index| findings::subject_line(report, index)).unwrap_or_default();
        text +=
            &format!("  {}{line}\n", if depth == 0 { String::new() } else { format!("{}└ ", "  ".repeat(depth - 1)) });
    }
    for download in &chain.downloads {
        let outcome = match &download.outcome {
            Ok(count) => format!("{count} {}", plural(*count, "certificate", "certificates")),
            Err(error) => paint(style::CARE, reasons(error)),
        };
        text += &format!("  download {}: {outcome}\n", download.address);
        if NotAskedJson::new(&download.outcome).is_some() {
            text += "           hint: --allow-private-downloads asks it anyway\n";
        }
    }
    if let Some(missing) = chain.missing() {
        text += &missing_issuer(&missing);
    }
    text
}

fn missing_issuer(missing: &Missing) -> String {
    let mut text = format!("  {} {}\n", paint(style::CARE, "missing:"), Printable(&missing.subject));
    if let Some(id) = &missing.key_id {
        text += &format!("           key id {id}\n");
    }
    for address in &missing.addresses {
        text += &format!("           offered at {address}\n");
    }
    text + "           give it with --trust FILE when you have it\n"
}

/// Says what was written.
pub(crate) fn outcome(written: &Written) -> String {
    match written {
        Written::File { path, certificates } => {
            let name = Printable(path.display().to_string());
            format!("\nwrote {name} ({certificates} {})\n", plural(*certificates, "certificate", "certificates"))
        }
        Written::CaNotFound => {
            format!("\n{}\n", paint(style::BAD, "the CA at the top of the chain was not found: nothing was written"))
        }
        Written::CaNotNamed => {
            let why = "the CA at the top of the chain is not what --trust names: nothing was written";
            let hint = "  without --trust it is written, for you to compare with one that you got on another way";
            format!("\n{}\n{hint}\n", paint(style::BAD, why))
        }
        Written::Nothing => "\nthere is no such part in this chain: nothing was written\n".to_owned(),
        Written::StandardOutput => String::new(),
    }
}

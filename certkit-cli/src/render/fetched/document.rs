//! The document of `certkit fetch`.

use certkit_core::cert::Certificate;
use certkit_core::chain::{Chain, DownloadFailure};
use certkit_core::path::End;
use certkit_core::presented::{Endpoint, Possession};
use certkit_core::report::Report;
use certkit_core::source::{DownloadError, DownloadFault, Handshake};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::advice::KepwareJson;
use super::super::discovered::OpcUaJson;
use super::super::findings::ReportJson;
use super::{Fetched, Written, place, reasons};

/// The document of `certkit.fetch/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FetchJson {
    pub(in crate::render) schema: &'static str,
    pub(in crate::render) url: String,
    pub(in crate::render) host: String,
    pub(in crate::render) port: u16,
    /// The address that answered; with a proxy, the proxy's.
    pub(in crate::render) peer: String,
    /// Whether `peer` is a proxy.
    pub(in crate::render) through_proxy: bool,
    /// Addresses that were tried before, each with what went wrong.
    pub(in crate::render) attempts: Vec<String>,
    pub(in crate::render) server_name: Option<String>,
    pub(in crate::render) tls_connection: Option<TlsJson>,
    /// `complete`, `broken` or `clear` (read in the clear, without a handshake); null without TLS.
    pub(in crate::render) handshake: Option<&'static str>,
    /// What kept the handshake from being complete.
    pub(in crate::render) handshake_fault: Option<String>,
    /// Whether the server showed that it holds the key of its certificate.
    pub(in crate::render) key_possession_proven: bool,
    /// `not_asked`, `asked`, `demanded`, `refused` or `untold`.
    pub(in crate::render) client_certificate: &'static str,
    /// The CAs whose clients the server says it accepts, RFC 4514; empty where it names none.
    pub(in crate::render) accepted_issuers: Vec<String>,
    /// Whether one of these has issued the certificate of --client-cert; null without either.
    pub(in crate::render) is_client_certificate_listed: Option<bool>,
    pub(in crate::render) answer: Option<AnswerJson>,
    /// How many certificates the server sent.
    pub(in crate::render) presented: usize,
    /// The chain, of several the first; null where an OPC UA server has no certificate.
    pub(in crate::render) chain: Option<ChainJson>,
    /// What --part has asked for, as indices into `certificates`, leaf first; empty where it was not found or is not handed
    /// out. Null where an OPC UA server was asked.
    pub(in crate::render) part: Option<Vec<usize>>,
    #[serde(flatten)]
    pub(in crate::render) report: ReportJson,
    pub(in crate::render) kepware: Option<KepwareJson>,
    /// The file that was written, of several the first.
    pub(in crate::render) written: Option<String>,
    /// What an OPC UA server tells of itself; null for every other.
    pub(in crate::render) opcua: Option<OpcUaJson>,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::render) struct TlsJson {
    /// Such as `tls_1_2`.
    version: String,
    cipher: String,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::render) struct AnswerJson {
    path: String,
    status: Option<u16>,
    reason: Option<String>,
    server: Option<String>,
    location: Option<String>,
    error: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(in crate::render) struct ChainJson {
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
pub(super) struct NotAskedJson {
    /// The URL, of the last redirect if there were any, without user name and password.
    url: String,
    host: String,
    /// What the host resolved to; null where a proxy would have resolved it.
    address: Option<String>,
    /// `loopback`, `link-local`, `private`, `shared`, `metadata` or `special-purpose`.
    network: &'static str,
}

impl NotAskedJson {
    pub(super) fn new(outcome: &Result<usize, DownloadFailure>) -> Option<NotAskedJson> {
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

fn end_name(end: &End) -> &'static str {
    match end {
        End::Anchor | End::BeyondAnchor => "anchor",
        End::SelfSigned => "self_signed",
        End::IssuerMissing(_) => "issuer_missing",
        End::Cycle => "cycle",
        End::TooDeep => "too_deep",
        End::BudgetSpent(_) => "budget_spent",
    }
}

impl ChainJson {
    /// Describes a chain whose certificates are in a report.
    pub(in crate::render) fn new(chain: &Chain, report: &Report) -> ChainJson {
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

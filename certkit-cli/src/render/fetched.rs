//! What was fetched, for people and as JSON.

mod document;

pub(in crate::render) use document::ChainJson;
pub(crate) use document::FetchJson;
use document::NotAskedJson;

use std::path::PathBuf;

use certkit_core::cert::Certificate;
use certkit_core::chain::{Chain, Missing};
use certkit_core::check::webpki::chain::DISTRUSTED;
use certkit_core::path::{End, Path, Verification};
use certkit_core::presented::{Endpoint, Possession, Version};
use certkit_core::report::Report;
use certkit_core::source::{Capture, ClientCertificate, Handshake};
use certkit_core::text::{Printable, plural, with_causes};

use super::advice::KepwareJson;
use super::card::Card;
use super::findings::{self};
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
    /// Nowhere: the CA was asked for, and a store marks a certificate of the chain as distrusted.
    CaDistrusted,
}

/// The index of a certificate in a report.
fn place(report: &Report, certificate: &Certificate) -> Option<usize> {
    report.certificates.iter().position(|it| it.certificate == *certificate)
}

/// An error with all of its reasons in one line.
pub(super) fn reasons(error: &dyn std::error::Error) -> String {
    Printable(with_causes(error)).to_string()
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
            let because = format!("the connection is obsolete, no handshake possible: {}", reasons(fault));
            card.line("", paint(style::BAD, because));
            card.line("", "the certificates were read from the unencrypted part of the handshake");
        }
    }
    if let Possession::Unproven(doubt) = capture.possession {
        card.line("", paint(style::CARE, format_args!("not proven that the server holds the key: {doubt}")));
    }
    match &capture.client_certificate {
        ClientCertificate::NotAsked | ClientCertificate::Undetermined => {}
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
        (true, 404) => format!("{said}: as expected from ThingWorx for a plain request"),
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
        End::Anchor | End::BeyondAnchor | End::SelfSigned if !are_signatures_verified(chain) => {
            "complete by names, but not every signature was verified"
        }
        End::Anchor if chain.top().is_none() => {
            "not complete: no trusted root leads on from the trusted certificate at its end"
        }
        End::BeyondAnchor if chain.top().is_none() => "not complete, but a certificate of it is trusted",
        End::Anchor | End::BeyondAnchor if report.findings.iter().any(|it| it.check.id == DISTRUSTED.id) => {
            "complete, but a trust store marks a certificate of it as distrusted"
        }
        End::Anchor => "complete, ends in a trusted root",
        End::BeyondAnchor => "complete, ends in a root above a trusted certificate",
        End::SelfSigned => "complete, ends in a self-signed certificate that is in no trust store here",
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
            text += "           hint: --allow-private-downloads allows this address\n";
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
    text + "           name it with --trust FILE when you have it\n"
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
            let hint = "  without --trust it is written, so that you can compare it over another channel";
            format!("\n{}\n{hint}\n", paint(style::BAD, why))
        }
        Written::CaDistrusted => {
            let why = "a trust store marks a certificate of the chain as distrusted: nothing was written";
            format!("\n{}\n", paint(style::BAD, why))
        }
        Written::Nothing => "\nthere is no such part in this chain: nothing was written\n".to_owned(),
        Written::StandardOutput => String::new(),
    }
}

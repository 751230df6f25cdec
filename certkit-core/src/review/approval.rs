//! Whether credentials may be sent to a server: it is pinned, or a path from its certificate to what is trusted is accepted.

use super::facts::{Presented, Signer};
use crate::assess::{Request, assess};
use crate::cert::Certificate;
use crate::check::{Expectation, HTTPS, Severity, Usage};
use crate::context::Context;
use crate::crypto::digest;
use crate::moment::Moment;
use crate::presented::Endpoint;
use crate::source::Capture;

/// What a server is held against.
#[derive(Debug)]
pub struct Approval<'a> {
    /// What is at hand: anchors, candidates, and whom the user named.
    pub context: &'a Context,
    /// The SHA-256 of certificates that are taken whoever has signed them.
    pub pins: &'a [[u8; 32]],
    /// The moment that is judged.
    pub moment: Moment,
}

impl Approval<'_> {
    /// Looks at what a server has presented: what is to be told of it, and why it may not be asked.
    ///
    /// # Errors
    /// In one sentence, when it is neither pinned nor accepted.
    pub fn look(&self, endpoint: &Endpoint, capture: &Capture) -> (Option<Presented>, Result<(), String>) {
        let mut certificates = Vec::new();
        for der in &capture.presented {
            match Certificate::from_der(der) {
                Ok(certificate) => certificates.push(certificate),
                Err(error) if certificates.is_empty() => {
                    return (None, Err(format!("its certificate cannot be decoded: {error}")));
                }
                Err(_) => {}
            }
        }
        let Some(leaf) = certificates.first() else { return (None, Err("it has presented no certificate".to_owned())) };
        let expectation = Expectation {
            host: Some(endpoint.host.to_string()),
            port: Some(endpoint.port),
            application_uri: None,
            usage: Some(Usage::TlsServer),
        };
        let request = Request {
            leaf,
            presented: &certificates,
            expectation: &expectation,
            profile: &HTTPS,
            moment: self.moment,
            connection: None,
        };
        let assessment = assess(&request, self.context, None);
        let findings = &assessment.judgement.findings;
        let is_accepted = assessment.verdict.is_accepted() && findings.iter().all(|it| it.severity != Severity::Error);
        // Who names a certificate itself trusts that one, as with a pin; whether it should be one of a CA is told elsewhere.
        let is_named = assessment.verdict.is_accepted()
            && assessment.verdict.anchor().is_some_and(|anchor| anchor.der() == leaf.der());
        let fingerprint = digest::sha256(leaf.der());
        let presented = Presented {
            part: None,
            at: endpoint.host_port().to_string(),
            subject: leaf.subject().to_string(),
            not_after: leaf.not_after().ok(),
            signer: Signer::of(leaf, &assessment.verdict),
            root: root_of(&certificates).map(|it| it.subject().to_string()),
            is_accepted,
            objections: findings.iter().map(|it| (it.check.id.to_owned(), it.severity, it.evidence.clone())).collect(),
        };
        let fingerprint_hex = crate::text::Hex(fingerprint);
        let verdict = match (self.pins.is_empty(), self.pins.contains(&fingerprint)) {
            (false, true) => Ok(()),
            (false, false) => {
                Err(format!("its certificate is not the one that is pinned; its SHA-256 is {fingerprint_hex}"))
            }
            (true, _) if is_accepted || is_named => Ok(()),
            (true, _) => {
                let judged = findings.iter().filter(|it| it.severity == Severity::Error);
                let mut errors: Vec<&str> = Vec::new();
                for error in judged.chain(assessment.verdict.errors()) {
                    if !errors.contains(&error.evidence.as_str()) {
                        errors.push(&error.evidence);
                    }
                }
                errors.truncate(3);
                if errors.is_empty() {
                    errors.push("no chain leads from it to a certificate that is trusted");
                }
                Err(format!("its certificate is not trusted: {} (SHA-256 {fingerprint_hex})", errors.join("; ")))
            }
        };
        (Some(presented), verdict)
    }
}

/// The self-signed certificate at the end of a presented chain, which calls itself a CA; `None` where the leaf is alone.
fn root_of(presented: &[Certificate]) -> Option<&Certificate> {
    let mut top = presented.first()?;
    // Each step uses another certificate up: a circle ends.
    for _ in presented {
        if top.is_self_issued() {
            break;
        }
        top = presented.iter().find(|it| it.subject().matches(&top.issuer()))?;
    }
    let is_above = presented.first().is_some_and(|leaf| leaf.der() != top.der());
    (is_above && top.is_self_signed()).then_some(top)
}

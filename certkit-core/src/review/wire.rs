//! What servers show without a log-in: certificates over TLS, and the endpoints of OPC UA servers.

use super::approval::Approval;
use super::facts::{Observation, SourceFacts, Standing, Topic};
use crate::assess::{Request, assess};
use crate::check::opcua::posture::{self, Posture};
use crate::check::{OPCUA, Severity};
use crate::source::{Connect, Discover, Endpoint, Extent, capture_blocking, discover_blocking};
use crate::text::shown;

/// Says why something failed, with its reasons.
fn told(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut reason = error.source();
    while let Some(inner) = reason {
        let inner_said = inner.to_string();
        if !said.contains(&inner_said) {
            said = format!("{said}: {inner_said}");
        }
        reason = inner.source();
    }
    said
}

/// Shakes hands with a server and notes the certificate that it presents. One connection, nothing is asked over it.
pub fn tls(endpoint: &Endpoint, connect: Connect, approval: &Approval<'_>, to: &mut SourceFacts) {
    let connect = Connect { extent: Extent::Certificates, ..connect };
    match capture_blocking(endpoint, &connect) {
        Ok(capture) => {
            let (presented, verdict) = approval.look(endpoint, &capture);
            let outcome = verdict.err().unwrap_or_else(|| "its certificate is accepted".to_owned());
            to.note_asked(format!("TLS handshake with {}", endpoint.host_port()), outcome, presented.is_some());
            to.presented = presented;
        }
        Err(error) => {
            to.note_asked(format!("TLS handshake with {}", endpoint.host_port()), "no certificate", false);
            to.error = Some(told(&error));
        }
    }
}

/// Asks an OPC UA server for its endpoints, and holds them and its certificates against the profile `opcua`.
pub fn ua(endpoint: &Endpoint, connect: &Connect, approval: &Approval<'_>, to: &mut SourceFacts) {
    let what = format!("GetEndpoints of {}", endpoint.host_port());
    let discovery = match discover_blocking(endpoint, &Discover { timeout: connect.timeout, ..Discover::default() }) {
        Ok(discovery) => discovery,
        Err(error) => {
            to.note_asked(what, "no endpoints", false);
            to.error = Some(told(&error));
            return;
        }
    };
    to.note_asked(what, format!("{} endpoints", discovery.endpoints.len()), true);
    let at = endpoint.host_port().to_string();
    let host = endpoint.host.to_string();
    let posture = Posture::new(&discovery.endpoints, Some(&host));
    let judgement = posture::judge(&posture, &OPCUA);
    let mut observe = |topic, standing, text: String| {
        let subject = format!("OPC UA server {at}");
        to.observations.push(Observation { topic, subject, standing, text });
    };
    for finding in &judgement.findings {
        let text = format!("has {}: {}", finding.check.id, finding.evidence);
        observe(Topic::UaEndpoints, standing(finding.severity), text);
    }
    if judgement.findings.iter().all(|it| it.severity == Severity::Info) && !discovery.endpoints.is_empty() {
        observe(Topic::UaEndpoints, Standing::Good, "offers nothing that is unsafe".to_owned());
    }
    for offer in posture.offers() {
        let Some(leaf) = offer.chain.first() else { continue };
        let request = Request {
            leaf,
            presented: &offer.chain,
            expectation: &offer.expectation,
            profile: &OPCUA,
            moment: approval.moment,
            connection: None,
        };
        let assessment = assess(&request, approval.context, None);
        let name = shown(&leaf.subject().to_string());
        if leaf.is_self_signed() {
            observe(Topic::UaCertificate, Standing::Bad, format!("shows {name}, which is self-signed"));
        } else {
            observe(Topic::UaCertificate, Standing::Good, format!("shows {name}, which a CA has signed"));
        }
        let errors = assessment.judgement.findings.iter().filter(|it| it.severity == Severity::Error);
        for finding in errors {
            let text = format!("has {} in {name}: {}", finding.check.id, finding.evidence);
            observe(Topic::UaCertificate, Standing::Bad, text);
        }
    }
}

fn standing(severity: Severity) -> Standing {
    match severity {
        Severity::Info => Standing::Note,
        Severity::Warning => Standing::Weak,
        Severity::Error => Standing::Bad,
    }
}

//! What servers show without a log-in: certificates over TLS, and the endpoints of OPC UA servers.

use super::approval::Approval;
use super::facts::{Observation, Signer, SourceFacts, Standing, Topic};
use crate::assess::{Request, assess};
use crate::check::opcua::posture::modes::OPCUA_NONE_ANONYMOUS;
use crate::check::opcua::posture::tokens::OPCUA_ANONYMOUS;
use crate::check::opcua::posture::{self, Posture, certificates};
use crate::check::{Check, HTTPS, OPCUA, Severity, posture as probed};
use crate::presented::{Endpoint, Posture as Port, Probe, Target};
use crate::source::posture::{Ask, probe_blocking};
use crate::source::{Connect, Discover, Extent, capture_blocking, discover_blocking};
use crate::text::{shown, with_causes};

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
            to.error = Some(with_causes(&error));
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
            to.error = Some(with_causes(&error));
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
    let found = judgement.findings.iter().map(|it| (topic_of(it.check), it)).collect::<Vec<_>>();
    for (topic, finding) in &found {
        let text = format!("has {}: {}", finding.check.id, finding.evidence);
        // The guide allows no anonymous user, and knows no degrees of that.
        let standing = if *topic == Topic::UaLogIn { Standing::Bad } else { standing(finding.severity) };
        observe(*topic, standing, text);
    }
    for (topic, text) in [
        (Topic::UaEndpoints, "offers nothing that is unsafe"),
        (Topic::UaLogIn, "lets in no user who does not say who he is"),
    ] {
        let is_free = found.iter().all(|(of, it)| *of != topic || it.severity == Severity::Info);
        if is_free && !discovery.endpoints.is_empty() {
            observe(topic, Standing::Good, text.to_owned());
        }
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
        let (standing, signed) = match Signer::of(leaf, &assessment.verdict) {
            Signer::Itself => (Standing::Bad, "which is self-signed".to_owned()),
            Signer::Authority => (Standing::Good, "which a CA has signed that is trusted".to_owned()),
            Signer::Unknown => {
                let why = assessment.verdict.errors().next().map(|it| format!(": {}", it.evidence)).unwrap_or_default();
                (
                    Standing::Weak,
                    format!("and no path from it to a CA that is trusted is accepted{why}; --trust names the CA"),
                )
            }
        };
        observe(Topic::UaCertificate, standing, format!("shows {name}, {signed}"));
        let errors = assessment.judgement.findings.iter().filter(|it| it.severity == Severity::Error);
        for finding in errors {
            let text = format!("has {} in {name}: {}", finding.check.id, finding.evidence);
            observe(Topic::UaCertificate, Standing::Bad, text);
        }
    }
}

/// What a finding about endpoints is about, by the clauses of the guide: log-ins, certificates, or the endpoints.
fn topic_of(check: &'static Check) -> Topic {
    let is_of = |checks: &[&'static Check]| checks.iter().any(|it| it.id == check.id);
    if is_of(&[&OPCUA_ANONYMOUS, &OPCUA_NONE_ANONYMOUS]) {
        Topic::UaLogIn
    } else if is_of(certificates::CHECKS) {
        Topic::UaCertificate
    } else {
        Topic::UaEndpoints
    }
}

/// What is probed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// The Configuration API.
    Api,
    /// A REST server of the IoT Gateway.
    RestServer,
}

/// Probes a port without a log-in: plain HTTP, TLS, other web sites. Says whether anything answered.
///
/// Few and paced connections, as [`probe_blocking`] makes them; all that was sent is noted.
pub fn probe(target: &Target, service: Service, ask: &Ask, to: &mut SourceFacts) -> bool {
    let port = match probe_blocking(target, ask) {
        Ok(port) => port,
        Err(error) => {
            to.note_asked(format!("probes of {target}"), with_causes(&error), false);
            return false;
        }
    };
    for sent in &port.sent {
        to.note_asked(format!("{} to {}: {}", sent.probe, sent.to, sent.what), sent.answer.clone(), true);
    }
    let topic = if service == Service::Api { Topic::PlainHttp } else { Topic::RestServer };
    let mut observe = |topic, subject: &str, standing, text: String| {
        let subject = format!("{subject} of {}", target.endpoint.host_port());
        to.observations.push(Observation { topic, subject, standing, text });
    };
    for (standing, text) in plain(&port) {
        observe(topic, "plain HTTP", standing, text);
    }
    if let Some(cors) = port.web.as_ref().and_then(|it| it.cors.as_ref()) {
        let topic = if service == Service::Api { Topic::ApiOrigins } else { Topic::RestServer };
        let (standing, text) = if cors.is_any() {
            (Standing::Bad, "lets the scripts of every web site read its answers (*)")
        } else if cors.is_reflected() {
            (Standing::Bad, "lets whatever web site asks read its answers: it repeats the origin")
        } else {
            (Standing::Good, "lets no web site that it does not know read its answers")
        };
        observe(topic, "CORS", standing, text.to_owned());
    }
    for finding in probed::judge(&port, &HTTPS).findings {
        // Plain HTTP and CORS are told above, in the words of the guide.
        if finding.severity > Severity::Info && finding.check.id.starts_with("tls-") {
            let text = format!("has {}: {}", finding.check.id, finding.evidence);
            observe(topic, "TLS", Standing::Weak, text);
        }
    }
    port.is_telling()
}

/// What is said without TLS, on the port itself and on the one beside it.
fn plain(port: &Port) -> Vec<(Standing, String)> {
    let mut said = Vec::new();
    let is_asked = |probe| !port.left_out.contains(&probe) && port.why_undetermined(probe).is_none();
    if port.answers_plainly() {
        said.push((Standing::Bad, "is answered on this port".to_owned()));
    } else if is_asked(Probe::Plain) && port.plain.is_some() {
        said.push((Standing::Good, "is not answered on this port".to_owned()));
    }
    match &port.plain_port {
        Some((beside, plain)) if plain.is_served(false) => {
            said.push((Standing::Bad, format!("is answered at {beside}: {plain}")));
        }
        Some((beside, _)) => said.push((Standing::Good, format!("is not answered at {beside}"))),
        None => {}
    }
    said
}

fn standing(severity: Severity) -> Standing {
    match severity {
        Severity::Info => Standing::Note,
        Severity::Warning => Standing::Weak,
        Severity::Error => Standing::Bad,
    }
}

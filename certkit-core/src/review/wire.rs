//! What servers show without a log-in: certificates over TLS, and the endpoints of OPC UA servers.

use super::approval::Approval;
use super::facts::{Observation, Presented, Signer, SourceFacts, Standing, Topic};
use crate::assess::{Request, assess};
use crate::check::opcua::posture::modes::{OPCUA_NONE_ANONYMOUS, OPCUA_SIGN_ONLY};
use crate::check::opcua::posture::tokens::OPCUA_ANONYMOUS;
use crate::check::opcua::posture::{self, certificates};
use crate::check::{Check, HTTPS, OPCUA, Severity, posture as posture_checks};
use crate::presented::{Endpoint, Posture, Probe, Target};
use crate::source::posture::{Ask, Found, Part, Port, ProbeError, probe_blocking};
use crate::source::{
    Capture, CaptureError, Connect, Discover, Discovery, DiscoveryError, Extent, Fault, capture_blocking,
    discover_blocking,
};
use crate::text::{shown, with_causes};

/// Shakes hands with a server and notes the certificate that it presents. One connection, nothing is asked over it.
pub fn tls(endpoint: &Endpoint, connect: Connect, approval: &Approval<'_>, to: &mut SourceFacts) {
    let connect = Connect { extent: Extent::Certificates, ..connect };
    to.error = certificate(endpoint, capture_blocking(endpoint, &connect), approval, to);
}

/// Notes the certificate that a handshake has shown; gives the reason where there is none.
fn certificate(
    endpoint: &Endpoint,
    captured: Result<Capture, CaptureError>,
    approval: &Approval<'_>,
    to: &mut SourceFacts,
) -> Option<String> {
    let what = format!("TLS handshake with {}", endpoint.host_port());
    match captured {
        Ok(capture) => {
            let (presented, verdict) = approval.look(endpoint, &capture);
            let outcome = verdict.err().unwrap_or_else(|| "its certificate is accepted".to_owned());
            to.note_asked(what, outcome, presented.is_some());
            to.presented = presented;
            None
        }
        Err(error) => {
            to.note_asked(what, "no certificate", false);
            Some(with_causes(&error))
        }
    }
}

/// Asks an OPC UA server for its endpoints, and holds them and its certificates against the profile `opcua`.
pub fn ua(endpoint: &Endpoint, connect: &Connect, approval: &Approval<'_>, to: &mut SourceFacts) {
    let told = discover_blocking(endpoint, &Discover { timeout: connect.timeout, ..Discover::default() });
    endpoints(endpoint, told, approval, to);
}

/// Holds the endpoints that an OPC UA server has told against the profile `opcua`.
fn endpoints(
    endpoint: &Endpoint,
    told: Result<Discovery, DiscoveryError>,
    approval: &Approval<'_>,
    to: &mut SourceFacts,
) {
    let what = format!("GetEndpoints of {}", endpoint.host_port());
    let discovery = match told {
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
    let posture = posture::Posture::new(&discovery.endpoints, Some(&host));
    let judgement = posture::judge(&posture, &OPCUA);
    let mut observe = |topic, standing, text: String| {
        let subject = format!("OPC UA server {at}");
        to.observations.push(Observation { topic, subject, standing, text });
    };
    let found = judgement.findings.iter().map(|it| (topic_of(it.check), it)).collect::<Vec<_>>();
    for (topic, finding) in &found {
        let text = format!("has {}: {}", finding.check.id, finding.evidence);
        let standing = match topic {
            // The guide allows no anonymous user, and knows no degrees of that.
            Topic::UaLogIn => Standing::Bad,
            Topic::UaSignOnly => Standing::Weak,
            _ => standing(finding.severity),
        };
        observe(*topic, standing, text);
    }
    for (topic, text) in [
        (Topic::UaEndpoints, "offers nothing that is unsafe"),
        (Topic::UaLogIn, "lets in no user who does not say who he is"),
    ] {
        let is_of = |of: Topic| of == topic || (of == Topic::UaSignOnly && topic == Topic::UaEndpoints);
        let is_free = found.iter().all(|(of, it)| !is_of(*of) || (*of == topic && it.severity == Severity::Info));
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
    } else if is_of(&[&OPCUA_SIGN_ONLY]) {
        Topic::UaSignOnly
    } else if is_of(certificates::CHECKS) {
        Topic::UaCertificate
    } else {
        Topic::UaEndpoints
    }
}

/// What is told of a part of Kepware that answers: plain HTTP, TLS, other web sites.
struct Topics {
    plain: Topic,
    tls: Topic,
    origins: Topic,
}

impl Topics {
    fn of(part: Part) -> Option<Topics> {
        match part {
            Part::ConfigurationApi => {
                Some(Topics { plain: Topic::PlainHttp, tls: Topic::ApiTls, origins: Topic::ApiOrigins })
            }
            Part::RestServer => {
                Some(Topics { plain: Topic::RestServer, tls: Topic::RestTls, origins: Topic::RestOrigins })
            }
            Part::GatewayService | Part::UaServer => None,
        }
    }
}

/// Takes over what was found at a port of Kepware. Says whether anything answered; all that was sent is noted.
pub fn port(port: Port, approval: &Approval<'_>, to: &mut SourceFacts) -> bool {
    let Port { part, target, found } = port;
    match found {
        Found::Closed(fault) => {
            let at = target.endpoint.host_port();
            to.note_asked(format!("connection to {at}"), with_causes(&fault), false);
            if part == Part::GatewayService && matches!(fault, Fault::Refused | Fault::TimedOut(_)) {
                let (topic, standing, subject) =
                    (Topic::GatewayService, Standing::Good, format!("{} at {at}", part.name()));
                to.observations.push(Observation { topic, subject, standing, text: "does not answer".to_owned() });
            }
            false
        }
        Found::UaServer(told) => {
            endpoints(&target.endpoint, *told, approval, to);
            true
        }
        Found::Server { capture, posture } => {
            let is_there = probed(&target, part, *posture, to);
            if let (true, Some(captured)) = (is_there, capture) {
                certificate(&target.endpoint, *captured, approval, to);
                to.presented = to.presented.take().map(|it| Presented { part: Some(part), ..it });
            }
            is_there
        }
    }
}

/// Probes a port of Kepware without a log-in. Says whether anything answered.
///
/// Few and paced connections, as [`probe_blocking`] makes them; all that was sent is noted.
pub fn probe(target: &Target, part: Part, ask: &Ask, to: &mut SourceFacts) -> bool {
    probed(target, part, probe_blocking(target, ask), to)
}

fn probed(target: &Target, part: Part, posture: Result<Posture, ProbeError>, to: &mut SourceFacts) -> bool {
    let posture = match posture {
        Ok(posture) => posture,
        Err(error) => {
            to.note_asked(format!("probes of {target}"), with_causes(&error), false);
            return false;
        }
    };
    for sent in &posture.sent {
        to.note_asked(format!("{} to {}: {}", sent.probe, sent.to, sent.what), sent.answer.clone(), true);
    }
    let at = target.endpoint.host_port();
    let mut observe = |topic, subject: &str, standing, text: String| {
        let subject = format!("{subject} of {at}");
        to.observations.push(Observation { topic, subject, standing, text });
    };
    if !posture.is_telling() {
        return false;
    }
    let Some(topics) = Topics::of(part) else {
        // On the machine itself it has to answer.
        let is_own = posture.peer.ip().is_loopback();
        let (standing, text) = match is_own {
            true => (Standing::Note, "is asked on its own machine, where it has to answer"),
            false => (Standing::Weak, "answers over the network"),
        };
        observe(Topic::GatewayService, part.name(), standing, text.to_owned());
        return true;
    };
    for (standing, text) in plain(&posture) {
        observe(topics.plain, "plain HTTP", standing, text);
    }
    let (standing, text) = match posture.web.as_ref().and_then(|it| it.cors.as_ref()) {
        Some(cors) if cors.is_any() => {
            (Standing::Bad, "lets the scripts of every web site read its answers (*)".to_owned())
        }
        Some(cors) if cors.is_reflected() => {
            (Standing::Bad, "lets whatever web site asks read its answers: it repeats the origin".to_owned())
        }
        Some(_) => (Standing::Good, "lets no web site that it does not know read its answers".to_owned()),
        None => (Standing::Unseen, not_asked(&posture, Probe::Cors)),
    };
    observe(topics.origins, "CORS", standing, text);
    for finding in posture_checks::judge(&posture, &HTTPS).findings {
        // Plain HTTP and CORS are told above, in the words of the guide.
        if finding.severity > Severity::Info && finding.check.id.starts_with("tls-") {
            let text = format!("has {}: {}", finding.check.id, finding.evidence);
            observe(topics.tls, "TLS", Standing::Weak, text);
        }
    }
    true
}

/// Why a probe shows nothing.
fn not_asked(posture: &Posture, probe: Probe) -> String {
    match posture.why_undetermined(probe) {
        Some(why) => format!("could not be made out: {why}"),
        None => format!("was not asked (--no-probe {probe})"),
    }
}

/// What is said without TLS, on the port itself and on the one beside it. What was not asked is not seen.
fn plain(posture: &Posture) -> Vec<(Standing, String)> {
    let is_clear = |probe| posture.why_undetermined(probe).is_none();
    let own = match &posture.plain {
        Some(_) if posture.answers_plainly() => (Standing::Bad, "is answered on this port".to_owned()),
        Some(_) if is_clear(Probe::Plain) => (Standing::Good, "is not answered on this port".to_owned()),
        _ => (Standing::Unseen, format!("on this port {}", not_asked(posture, Probe::Plain))),
    };
    let Some(port) = posture.target.plain_port() else { return vec![own] };
    let beside = match &posture.plain_port {
        Some((beside, plain)) if plain.is_served(false) => (Standing::Bad, format!("is answered at {beside}: {plain}")),
        Some((beside, _)) if is_clear(Probe::PlainPort) => (Standing::Good, format!("is not answered at {beside}")),
        _ => (Standing::Unseen, format!("on port {port} {}", not_asked(posture, Probe::PlainPort))),
    };
    vec![own, beside]
}

fn standing(severity: Severity) -> Standing {
    match severity {
        Severity::Info => Standing::Note,
        Severity::Warning => Standing::Weak,
        Severity::Error => Standing::Bad,
    }
}

//! What a server answers without TLS, and to web pages of others.

use super::super::Clause::{Document, KepwareDeployment, Rfc};
use super::super::Look::Probed;
use super::super::case::shown;
use super::super::{Check, Outcome, Severity};
use super::outcome;
use crate::presented::{Cors, Host, Plain, Posture, Probe};

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&HTTP_PLAIN, &CORS_ANY_ORIGIN, &CORS_ORIGIN_REFLECTED, &CORS_REFLECTED_WITH_CREDENTIALS, &HSTS_MISSING];

/// HTTP is answered without TLS.
pub static HTTP_PLAIN: Check = Check {
    id: "http-plain",
    severity: Severity::Error,
    clauses: &[KepwareDeployment("6.4.2"), KepwareDeployment("7.1.2"), Rfc(9325, "3.2")],
    title: "The server answers HTTP only over TLS",
    why: "Anyone on the network path can read and change requests and responses. Every request to the Configuration \
          API and to REST agents contains the credentials.",
    remedy: "Disable plain HTTP, or let it only redirect to https://. Kepware's Configuration API: Settings | \
             Configuration API Service, Enable HTTP: No. REST server: IoT Gateway, the agent, Use HTTPS: Yes. Tomcat: \
             remove the connector without TLS. Then change the passwords that were sent.",
    look: Probed {
        applies: |posture| {
            let is_http = |probe, plain: Option<&Plain>| {
                !matches!(plain, Some(Plain::Mqtt(_))) && (plain.is_some() || posture.why_undetermined(probe).is_some())
            };
            !posture.target.is_mqtt()
                && (is_http(Probe::Plain, posture.plain.as_ref())
                    || is_http(Probe::PlainPort, posture.plain_port.as_ref().map(|(_, plain)| plain)))
        },
        at: http_plain,
    },
};

fn http_plain(posture: &Posture) -> Outcome {
    let mut seen = Vec::new();
    if let Some(plain @ Plain::Http(_)) = posture.plain.as_ref().filter(|_| posture.answers_plainly()) {
        let port = posture.target.endpoint.port;
        let beside = if posture.speaks_tls() { ", although it also speaks TLS" } else { "" };
        seen.push(format!("port {port} answers without TLS{beside}: {plain}"));
    }
    if let Some((to, plain @ Plain::Http(_))) = posture.plain_port.as_ref().filter(|(_, it)| it.is_served(false)) {
        seen.push(format!("port {} answers without TLS: {plain}", to.port));
    }
    let evidence = (!seen.is_empty()).then(|| seen.join("; "));
    match evidence {
        None if posture.why_undetermined(Probe::Plain).is_none() => outcome(posture, Probe::PlainPort, None),
        evidence => outcome(posture, Probe::Plain, evidence),
    }
}

fn asks_cors(posture: &Posture) -> bool {
    posture.why_undetermined(Probe::Cors).is_some() || cors(posture).is_some()
}

fn cors(posture: &Posture) -> Option<&Cors> {
    posture.web.as_ref()?.cors.as_ref()
}

fn where_cors(posture: &Posture, is_meant: impl Fn(&Cors) -> bool, evidence: impl Fn(&Cors) -> String) -> Outcome {
    outcome(posture, Probe::Cors, cors(posture).filter(|it| is_meant(it)).map(evidence))
}

/// In what words origins are set right.
const ORIGINS: &str = "List the origins that need it, one by one, or none. Kepware's REST server: IoT Gateway, the \
                       agent, CORS Allowed Origins. Configuration API: Settings | Configuration API Service, CORS \
                       allowed origins. Tomcat: `cors.allowed.origins` of the CorsFilter.";

/// Every web page may read what is answered.
pub static CORS_ANY_ORIGIN: Check = Check {
    id: "cors-any-origin",
    severity: Severity::Error,
    clauses: &[KepwareDeployment("6.4.2"), KepwareDeployment("7.1.3"), Document("Fetch Standard: CORS protocol")],
    title: "The server does not allow every origin to read its responses",
    why: "If a browser inside the plant opens any Internet page, that page can read everything on the server that \
          needs no log-in, past every firewall.",
    remedy: ORIGINS,
    look: Probed {
        applies: asks_cors,
        at: |posture| {
            let evidence = |_: &Cors| "the response has Access-Control-Allow-Origin: *".to_owned();
            where_cors(posture, Cors::is_any, evidence)
        },
    },
};

/// Every origin is allowed.
pub static CORS_ORIGIN_REFLECTED: Check = Check {
    id: "cors-origin-reflected",
    severity: Severity::Error,
    clauses: &[KepwareDeployment("6.4.2"), KepwareDeployment("7.1.3"), Document("Fetch Standard: CORS protocol")],
    title: "The server does not reflect every origin as an allowed one",
    why: "This has the same effect as `*`: any Internet page opened inside the plant can read from the server.",
    remedy: ORIGINS,
    look: Probed {
        applies: asks_cors,
        at: |posture| where_cors(posture, |it| it.is_reflected() && !it.allows_credentials, reflected),
    },
};

fn reflected(cors: &Cors) -> String {
    format!("the server allows the origin {}", shown(cors.allow_origin.as_deref().unwrap_or_default()))
}

/// Every origin is allowed, with the credentials of the browser's user.
pub static CORS_REFLECTED_WITH_CREDENTIALS: Check = Check {
    id: "cors-reflected-with-credentials",
    severity: Severity::Error,
    clauses: &[KepwareDeployment("6.4.2"), KepwareDeployment("7.1.3"), Document("Fetch Standard: CORS protocol")],
    title: "The server does not allow credentials for every origin",
    why: "Any Internet page that a logged-in user opens can read and change on the server what that user may: the \
          browser sends the credentials, and gives the page the responses.",
    remedy: ORIGINS,
    look: Probed {
        applies: asks_cors,
        at: |posture| {
            let evidence = |it: &Cors| format!("{}, with credentials", reflected(it));
            where_cors(posture, |it| it.is_reflected() && it.allows_credentials, evidence)
        },
    },
};

/// Browsers are not told to come back over TLS.
pub static HSTS_MISSING: Check = Check {
    id: "hsts-missing",
    severity: Severity::Info,
    clauses: &[Rfc(6797, "6.1"), Rfc(6797, "7.2"), Rfc(9325, "3.2")],
    title: "The server sends Strict-Transport-Security",
    why: "A browser given the name without https:// first sends a plain request, which an attacker on the network path \
          can answer. With the header Strict-Transport-Security a browser does so only once.",
    remedy: "Have the server send `Strict-Transport-Security: max-age=31536000` once everything on this name speaks TLS. \
             Tomcat: the HttpHeaderSecurityFilter; nginx: `add_header`.",
    look: Probed { applies: needs_hsts, at: hsts },
};

/// Only for pages that people see in a browser: a header on an interface of machines changes nothing, and browsers pass it
/// over where the host is an address (RFC 6797 section 8.1.1).
fn needs_hsts(posture: &Posture) -> bool {
    let is_page = posture.web.as_ref().is_some_and(|web| web.is_over_tls && web.is_for_people);
    let is_named = matches!(posture.target.endpoint.host, Host::Name(_));
    is_page && is_named && !posture.left_out.contains(&Probe::Hsts)
}

fn hsts(posture: &Posture) -> Outcome {
    let header = posture.web.as_ref().and_then(|web| web.hsts.as_deref());
    let max_age = header.and_then(|header| {
        let age = header.split(';').filter_map(|part| part.trim().split_once('=')).find_map(|(name, value)| {
            name.trim().eq_ignore_ascii_case("max-age").then(|| value.trim().trim_matches('"').parse::<u64>().ok())
        });
        age.flatten()
    });
    match (header, max_age) {
        (None, _) => Outcome::NotMet("an HTML page comes without Strict-Transport-Security".to_owned()),
        (Some(_), Some(1..)) => Outcome::Met,
        (Some(header), _) => Outcome::NotMet(format!("Strict-Transport-Security has no effect as `{}`", shown(header))),
    }
}

//! What the probes saw, as JSON.

use certkit_core::presented::{Endpoint, Plain, Posture, Sent};
use certkit_core::source::Discovery;
use certkit_core::text::{Printable, plural};
use serde::Serialize;

use super::{PostureArgs, Probed};
use crate::input::Input;
use crate::terminal;
use crate::terminal::style;

/// What probes found at an endpoint, and everything that was sent to find it.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct PostureJson {
    /// As it was named.
    source: String,
    /// The address that was connected to.
    #[serde(skip_serializing_if = "Option::is_none")]
    peer: Option<String>,
    /// The TLS versions that are accepted, oldest first; empty where the port does not speak TLS, null where that was
    /// not asked.
    tls_versions: Option<Vec<&'static str>>,
    /// Weak cipher suites that were accepted; null where that was not asked.
    weak_suites: Option<Vec<String>>,
    /// Whether a suite with authenticated encryption is accepted.
    authenticated_encryption: Option<bool>,
    /// What the port answers without TLS.
    plain: Option<PlainJson>,
    /// What the port beside it answers without TLS.
    plain_port: Option<PlainJson>,
    /// What the server says to web pages of other origins.
    cors: Option<CorsJson>,
    /// The header Strict-Transport-Security.
    hsts: Option<String>,
    /// The return code for an MQTT session without a user name; 0 lets it in.
    mqtt_return_code: Option<u8>,
    /// What could not be found out, and why.
    #[serde(rename = "untold")]
    undetermined: Vec<UndeterminedJson>,
    /// The probes that were left out.
    left_out: Vec<&'static str>,
    /// Everything that was sent, a connection each.
    sent: Vec<SentJson>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct PlainJson {
    port: u16,
    /// The HTTP status; null where nothing was answered in HTTP.
    status: Option<u16>,
    /// In words.
    answer: String,
}

#[derive(Serialize, schemars::JsonSchema)]
struct CorsJson {
    /// The origin in whose name was asked.
    origin: &'static str,
    allow_origin: Option<String>,
    allow_credentials: bool,
}

#[derive(Serialize, schemars::JsonSchema)]
struct UndeterminedJson {
    probe: &'static str,
    reason: String,
}

#[derive(Serialize, schemars::JsonSchema)]
struct SentJson {
    probe: &'static str,
    to: String,
    what: String,
    answer: String,
}

impl PlainJson {
    fn new(port: u16, plain: &Plain) -> PlainJson {
        let status = match plain {
            Plain::Http(answer) => Some(answer.status),
            _ => None,
        };
        PlainJson { port, status, answer: plain.to_string() }
    }
}

impl PostureJson {
    fn new(source: &str, it: &Posture) -> PostureJson {
        let cors = it.web.as_ref().and_then(|web| web.cors.as_ref()).map(|cors| CorsJson {
            origin: certkit_core::presented::ORIGIN,
            allow_origin: cors.allow_origin.clone(),
            allow_credentials: cors.allows_credentials,
        });
        PostureJson {
            source: source.to_owned(),
            peer: Some(it.peer.to_string()),
            tls_versions: it.versions.as_ref().map(|it| it.iter().map(|it| it.as_str()).collect()),
            weak_suites: it.suites.as_ref().map(|it| it.iter().map(ToString::to_string).collect()),
            authenticated_encryption: it.aead,
            plain: it.plain.as_ref().map(|plain| PlainJson::new(it.target.endpoint.port, plain)),
            plain_port: it.plain_port.as_ref().map(|(to, plain)| PlainJson::new(to.port, plain)),
            cors,
            hsts: it.web.as_ref().and_then(|web| web.hsts.clone()),
            mqtt_return_code: it.mqtt.map(|it| it.0),
            undetermined: it
                .undetermined
                .iter()
                .map(|it| UndeterminedJson { probe: it.probe.name(), reason: it.reason.clone() })
                .collect(),
            left_out: it.left_out.iter().map(|it| it.name()).collect(),
            sent: it.sent.iter().map(SentJson::new).collect(),
        }
    }

    /// What an OPC UA server was asked, which tells everything of itself in one answer.
    fn of_opcua(source: &str, endpoint: &Endpoint, discovery: &Discovery) -> PostureJson {
        let count = discovery.endpoints.len();
        let sent = SentJson {
            probe: "endpoints",
            to: endpoint.host_port().to_string(),
            what: "OPC UA GetEndpoints over a channel without security".to_owned(),
            answer: format!("{count} {}", plural(count, "endpoint", "endpoints")),
        };
        PostureJson {
            source: source.to_owned(),
            peer: Some(discovery.peer.to_string()),
            tls_versions: None,
            weak_suites: None,
            authenticated_encryption: None,
            plain: None,
            plain_port: None,
            cors: None,
            hsts: None,
            mqtt_return_code: None,
            undetermined: Vec::new(),
            left_out: Vec::new(),
            sent: vec![sent],
        }
    }

    /// What was probed, in the order in which it was named.
    pub(in crate::command::check) fn all(probed: &[Probed], inputs: &[Input], args: &PostureArgs) -> Vec<PostureJson> {
        let of_ports = probed.iter().filter_map(|it| Some(PostureJson::new(&it.name, it.outcome.as_ref().ok()?)));
        let of_servers = inputs.iter().filter(|_| args.posture).filter_map(|input| {
            let (endpoint, _) = input.endpoint.as_ref()?;
            Some(PostureJson::of_opcua(&input.name, endpoint, input.discovery()?))
        });
        of_ports.chain(of_servers).collect()
    }

    /// Tells it to a person: what is accepted, then what was sent.
    pub(in crate::command::check) fn text(&self) -> String {
        let mut facts = Vec::new();
        match self.tls_versions.as_deref() {
            Some([]) => facts.push("no TLS".to_owned()),
            Some(versions) => facts.push(format!("accepts {}", versions.join(", "))),
            None => {}
        }
        let count = self.sent.len();
        facts.push(format!("{count} {}", plural(count, "connection", "connections")));
        if !self.left_out.is_empty() {
            facts.push(format!("left out: {}", self.left_out.join(", ")));
        }
        let mut text = format!("{}  {}\n", style::paint(style::BOLD, "Probed"), Printable(&self.source));
        text += &format!("{}\n", terminal::wrap(&facts.join("; "), 2));
        for SentJson { probe, to, what, answer } in &self.sent {
            let line = format!("{probe} to {to}: {what} \u{2192} {answer}");
            text += &format!("{}\n", style::paint(style::DIM, terminal::wrap(&line, 4)));
        }
        text
    }
}

impl SentJson {
    fn new(sent: &Sent) -> SentJson {
        let Sent { probe, to, what, answer } = sent;
        SentJson { probe: probe.name(), to: to.to_string(), what: what.clone(), answer: answer.clone() }
    }
}

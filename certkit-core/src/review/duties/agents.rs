//! Sections 6.2 to 6.4: the agents of the IoT Gateway.

mod rest_server;

use self::rest_server::{GATEWAY_SERVICE, REST_ANONYMOUS, REST_GROUP, REST_SERVER, REST_WRITE};
use super::address::is_over_tls;
use super::interfaces::BY_PROJECT;
use crate::check::Severity;
use crate::review::configuration::{Kind, Object};
use crate::review::duty::{Deviation, Duty, Part, View, Wanted};
use crate::review::facts::{Facts, SourceFacts};
use crate::review::peers::endpoint;
use crate::review::value::Secret;

/// The duties of the sections.
pub(super) static DUTIES: &[&Duty] =
    &[&BROKER, &WRITE_TOPIC, &REST_CLIENT, &REST_GROUP, &REST_SERVER, &REST_ANONYMOUS, &REST_WRITE, &GATEWAY_SERVICE];

/// Says why no duty of an agent applies: sources have looked, and there is none that is enabled.
fn none_of(facts: &Facts, kind: Kind) -> Option<String> {
    let is_used = facts.all(kind).any(|(_, it)| it.is_enabled());
    (facts.is_seen(kind) && !is_used).then(|| format!("no {} is enabled", kind.name()))
}

/// The agents of a kind that are enabled; that there is none leaves a part unseen.
fn enabled<'a>(facts: &'a Facts, kind: Kind, view: &mut View) -> Vec<(&'a SourceFacts, &'a Object)> {
    let enabled = listed(facts, kind, view);
    if enabled.is_empty() {
        view.unseen();
    }
    enabled
}

/// The agents of a kind that are enabled; tells of those that are not.
fn listed<'a>(facts: &'a Facts, kind: Kind, view: &mut View) -> Vec<(&'a SourceFacts, &'a Object)> {
    let (enabled, others): (Vec<_>, Vec<_>) = view.all(facts, kind).into_iter().partition(|(_, it)| it.is_enabled());
    for (source, agent) in others {
        view.note(source, agent.called(), "is disabled, and not counted");
    }
    for (source, agent) in &enabled {
        if agent.flag(ENABLED).is_none() {
            view.missing(source, agent.called(), ENABLED);
        }
    }
    enabled
}

/// Whether an agent works.
const ENABLED: &str = "iot_gateway.AGENTTYPES_ENABLED";

fn key(name: &str) -> String {
    format!("iot_gateway.{name}")
}

static MQTT_CLEAR: Deviation = Deviation {
    id: "kepware-mqtt-clear",
    severity: Severity::Error,
    title: "an MQTT agent connects to its broker without TLS",
    cure: "IoT Gateway | the MQTT client | Properties | Broker: write the URL as ssl://HOST:8883",
};

static MQTT_OLD_TLS: Deviation = Deviation {
    id: "kepware-mqtt-old-tls",
    severity: Severity::Error,
    title: "an MQTT agent is set to TLS 1.0 or 1.1",
    cure: "IoT Gateway | the MQTT client | Properties | Security: set the TLS version to 1.2",
};

static MQTT_ANONYMOUS: Deviation = Deviation {
    id: "kepware-mqtt-anonymous",
    severity: Severity::Error,
    title: "an MQTT agent logs in to its broker without a user or a certificate",
    cure: "IoT Gateway | the MQTT client | Properties | Security: set Username and Password, or a client certificate",
};

static PEER_CERTIFICATE: Deviation = Deviation {
    id: "kepware-peer-certificate",
    severity: Severity::Error,
    title: "a broker or server has a certificate that is not accepted",
    cure: "give the broker or server a certificate of a CA that the host trusts; `certkit check URL` shows what is \
           wrong",
};

/// Tells of the certificate of a broker or server that was followed.
fn certificate(facts: &Facts, view: &mut View, source: &SourceFacts, agent: &Object, url: &str) {
    let Some(endpoint) = endpoint(url) else { return };
    let Some((_, presented)) = facts.presented_at(&endpoint.host_port().to_string()) else { return };
    let name = crate::text::shown(&presented.subject);
    if presented.is_accepted {
        view.good(source, agent.called(), format!("gets the certificate {name}, which is accepted"));
    } else {
        let why = presented.objections.first().map(|it| format!(": {}", it.2)).unwrap_or_default();
        view.bad(
            source,
            agent.called(),
            &PEER_CERTIFICATE,
            format!(
                "gets the certificate {name}, which is not \
                                                                     accepted{why}"
            ),
        );
    }
}

static BROKER: Duty = Duty {
    id: "6.2.1",
    section: "6.2.1",
    title: "MQTT brokers use TLS, a strong log-in and a certificate of a CA",
    unneeded: |facts| none_of(facts, Kind::MqttClient),
    look: brokers,
    question: "Does each broker have a separate, strong password for Kepware, and a certificate of a CA?",
    visible_by: BY_PROJECT,
    cure: "IoT Gateway | the MQTT client | Properties: ssl:// in the URL, TLS 1.2, a separate user; `certkit check \
           mqtts://BROKER` checks the broker's certificate",
    deviations: &[&MQTT_CLEAR, &MQTT_OLD_TLS, &MQTT_ANONYMOUS, &PEER_CERTIFICATE],
    ..Duty::OF_A_PERSON
};

fn brokers(facts: &Facts, view: &mut View) {
    for (source, agent) in enabled(facts, Kind::MqttClient, view) {
        let subject = agent.called();
        let url = agent.text(&key("MQTT_CLIENT_URL")).unwrap_or_default();
        match is_over_tls(url) {
            Some(true) => {
                view.good(source, subject.clone(), format!("connects to {} over TLS", crate::text::shown(url)));
            }
            Some(false) => {
                let text = format!("connects to {} without TLS", crate::text::shown(url));
                view.bad(source, subject.clone(), &MQTT_CLEAR, text);
            }
            None => view.missing(source, subject.clone(), &key("MQTT_CLIENT_URL")),
        }
        match agent.number(&key("MQTT_TLS_VERSION")) {
            _ if is_over_tls(url) == Some(false) => {}
            Some(number @ (1 | 2)) => {
                let text = format!("is set to TLS 1.{}", number.saturating_sub(1));
                view.bad(source, subject.clone(), &MQTT_OLD_TLS, text);
            }
            Some(3) => view.good(source, subject.clone(), "is set to TLS 1.2"),
            Some(0) => view.note(source, subject.clone(), "uses the TLS version of its Java"),
            _ => view.unclear(source, agent, subject.clone(), &key("MQTT_TLS_VERSION")),
        }
        certificate(facts, view, source, agent, url);
        let has_user = agent.text(&key("MQTT_CLIENT_USERNAME")).map(|it| !it.is_empty());
        match (has_user, agent.flag(&key("MQTT_CLIENT_CERTIFICATE"))) {
            (Some(true), _) => view.good(source, subject, "logs in with a user name"),
            (_, Some(true)) => view.good(source, subject, "logs in with a certificate"),
            (None, _) => view.missing(source, subject, &key("MQTT_CLIENT_USERNAME")),
            (_, None) => view.missing(source, subject, &key("MQTT_CLIENT_CERTIFICATE")),
            _ => view.bad(source, subject, &MQTT_ANONYMOUS, "logs in without a user and without a certificate"),
        }
    }
    view.ask();
}

/// Looks at a switch of each enabled agent.
fn switch(facts: &Facts, view: &mut View, kind: Kind, wanted: &Wanted<'_>) {
    for (source, agent) in enabled(facts, kind, view) {
        view.switch(source, agent, agent.called(), wanted);
    }
}

static MQTT_WRITES: Deviation = Deviation {
    id: "kepware-mqtt-write",
    severity: Severity::Warning,
    title: "an MQTT agent accepts writes from its broker",
    cure: "IoT Gateway | the MQTT client | Properties | Subscriptions: clear Listen for Write Requests unless it is needed",
};

static WRITE_TOPIC: Duty = Duty {
    id: "6.2-write",
    section: "6.2",
    part: Part::Extra,
    title: "MQTT agents accept no writes",
    unneeded: |facts| none_of(facts, Kind::MqttClient),
    look: |facts, view| {
        let wanted = Wanted {
            key: "iot_gateway.MQTT_CLIENT_ENABLE_WRITE_TOPIC",
            value: false,
            good: "listens for no write requests",
            bad: "listens for write requests",
            deviation: &MQTT_WRITES,
        };
        switch(facts, view, Kind::MqttClient, &wanted);
    },
    visible_by: BY_PROJECT,
    cure: MQTT_WRITES_CURE,
    deviations: &[&MQTT_WRITES],
    ..Duty::OF_A_PERSON
};

const MQTT_WRITES_CURE: &str =
    "IoT Gateway | the MQTT client | Properties | Subscriptions: clear Listen for Write Requests unless it is needed";

static REST_CLEAR: Deviation = Deviation {
    id: "kepware-rest-client-clear",
    severity: Severity::Error,
    title: "a REST client agent sends without TLS",
    cure: "IoT Gateway | the REST client | Properties | Client: write the URL as https://",
};

static REST_NO_LOG_IN: Deviation = Deviation {
    id: "kepware-rest-client-anonymous",
    severity: Severity::Error,
    title: "a REST client agent has no log-in",
    cure: "IoT Gateway | the REST client | Properties | Security: set Username and Password, or a header with a token",
};

static REST_CLIENT: Duty = Duty {
    id: "6.3.1",
    section: "6.3.1",
    title: "REST servers use HTTPS, a strong log-in and a certificate of a CA",
    unneeded: |facts| none_of(facts, Kind::RestClient),
    look: rest_clients,
    question: "Does each REST server have a separate, strong password for Kepware, and a certificate of a CA?",
    visible_by: BY_PROJECT,
    cure: "IoT Gateway | the REST client | Properties: https:// in the URL, a separate user; `certkit check \
           https://SERVER` checks the server's certificate",
    deviations: &[&REST_CLEAR, &REST_NO_LOG_IN, &PEER_CERTIFICATE],
    ..Duty::OF_A_PERSON
};

fn rest_clients(facts: &Facts, view: &mut View) {
    for (source, agent) in enabled(facts, Kind::RestClient, view) {
        let subject = agent.called();
        let url = agent.text(&key("REST_CLIENT_URL")).unwrap_or_default();
        let shown = crate::text::shown(url);
        match is_over_tls(url) {
            Some(true) => view.good(source, subject.clone(), format!("sends to {shown} over TLS")),
            Some(false) => view.bad(source, subject.clone(), &REST_CLEAR, format!("sends to {shown} without TLS")),
            None => view.missing(source, subject.clone(), &key("REST_CLIENT_URL")),
        }
        certificate(facts, view, source, agent, url);
        let has_user = agent.text(&key("REST_CLIENT_USERNAME")).map(|it| !it.is_empty());
        let has_header = agent.secret(&key("REST_CLIENT_HTTP_HEADER")).map(|it| it != Secret::Empty);
        match (has_user, has_header) {
            (Some(true), _) => view.good(source, subject, "logs in with a user name"),
            (_, Some(true)) => view.good(source, subject, "sends a custom header, which may be a log-in"),
            (None, _) => view.missing(source, subject, &key("REST_CLIENT_USERNAME")),
            (_, None) => view.missing(source, subject, &key("REST_CLIENT_HTTP_HEADER")),
            _ => view.bad(source, subject, &REST_NO_LOG_IN, "has neither a user nor a header"),
        }
    }
    view.ask();
}

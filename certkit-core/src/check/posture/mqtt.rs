//! Which clients an MQTT broker accepts, and whether only over TLS.

use super::super::Clause::{Document, KepwareDeployment};
use super::super::Look::Probed;
use super::super::{Check, Outcome, Severity};
use super::outcome;
use crate::presented::{Plain, Posture, Probe};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&MQTT_PLAIN, &MQTT_ANONYMOUS];

/// MQTT is answered without TLS.
pub static MQTT_PLAIN: Check = Check {
    id: "mqtt-plain",
    severity: Severity::Error,
    clauses: &[KepwareDeployment("6.2.1"), Document("MQTT 3.1.1 section 5.4.5")],
    title: "The broker speaks MQTT only over TLS",
    why: "Anyone on the network path can read what is published and publish as another client; user names and \
          passwords are sent unencrypted.",
    remedy: "Give the broker a listener with TLS and close the one without, or bind it to localhost. mosquitto: `certfile` \
             and `keyfile` below `listener 8883`, and no `listener 1883`. In Kepware: the MQTT client agent's URL with \
             ssl:// and port 8883. Then change the passwords that were sent.",
    look: Probed { applies: |posture| posture.target.is_mqtt() && is_asked(posture), at: mqtt_plain },
};

fn is_asked(posture: &Posture) -> bool {
    let is_undetermined = |probe| posture.why_undetermined(probe).is_some();
    posture.plain.is_some()
        || posture.plain_port.is_some()
        || is_undetermined(Probe::Plain)
        || is_undetermined(Probe::PlainPort)
}

fn mqtt_plain(posture: &Posture) -> Outcome {
    let own = posture.plain.as_ref().map(|plain| (posture.target.endpoint.port, plain));
    let beside = posture.plain_port.as_ref().map(|(to, plain)| (to.port, plain));
    let seen = own.into_iter().chain(beside).filter(|(_, plain)| matches!(plain, Plain::Mqtt(_)));
    let seen: Vec<String> = seen.map(|(port, plain)| format!("port {port} answers without TLS: {plain}")).collect();
    match (!seen.is_empty()).then(|| seen.join("; ")) {
        None if posture.why_undetermined(Probe::Plain).is_none() => outcome(posture, Probe::PlainPort, None),
        evidence => outcome(posture, Probe::Plain, evidence),
    }
}

/// Sessions without a user name are let in.
pub static MQTT_ANONYMOUS: Check = Check {
    id: "mqtt-anonymous",
    severity: Severity::Error,
    clauses: &[KepwareDeployment("6.2.1"), Document("MQTT 3.1.1 section 5.4.1")],
    title: "The broker requires a user name or a client certificate",
    why: "Anyone who reaches the port can read what is published, and publish: with a write topic enabled in Kepware, \
          also write values to the plant.",
    remedy: "Require a user name and password, or client certificates. mosquitto: `allow_anonymous false` and \
             `password_file`, or `require_certificate true`. In Kepware: the MQTT client agent's Security, User name \
             and Password.",
    look: Probed {
        applies: |posture| posture.mqtt.is_some() || posture.why_undetermined(Probe::Mqtt).is_some(),
        at: |posture| {
            let accepted = posture.mqtt.filter(|it| it.is_accepted());
            let evidence = |_| "a session without a user name was accepted".to_owned();
            outcome(posture, Probe::Mqtt, accepted.map(evidence))
        },
    },
};

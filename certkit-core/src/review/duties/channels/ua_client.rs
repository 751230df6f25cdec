//! Connections to OPC UA servers: channels of the OPC UA Client driver, and the client side of the UA Gateway.

use super::super::interfaces::BY_PROJECT;
use super::{no_channel_of, of};
use crate::check::Severity;
use crate::review::configuration::{Kind, Object};
use crate::review::duty::{Deviation, Duty, Part, View};
use crate::review::facts::SourceFacts;
use crate::text::shown;

/// The driver of such channels.
pub(super) const DRIVER: &str = "OPC UA Client";

static UA_INSECURE: Deviation = Deviation {
    id: "kepware-channel-ua-insecure",
    severity: Severity::Error,
    title: "an OPC UA client channel or a connection of the UA Gateway is without security, or uses a deprecated policy",
    cure: "the channel | Properties | UA Server: Security Policy Basic256Sha256, Message Mode Sign and Encrypt. UA Gateway: \
           Client Interface | the connection | Properties: the same",
};

static UA_ANONYMOUS: Deviation = Deviation {
    id: "kepware-channel-ua-anonymous",
    severity: Severity::Warning,
    title: "an OPC UA client channel or a connection of the UA Gateway logs in anonymously",
    cure: "the channel | Properties | Authentication: set a user name and password of the server. UA Gateway: Client \
           Interface | the connection | Properties: the same",
};

pub(super) static UA_CLIENT: Duty = Duty {
    id: "6-ua-client",
    section: "6",
    part: Part::Extra,
    title: "OPC UA client channels and connections of the UA Gateway sign and encrypt, and log in",
    unneeded: |facts| {
        let has_none = facts.is_seen(Kind::UaClientConnection) && facts.all(Kind::UaClientConnection).next().is_none();
        no_channel_of(facts, DRIVER)
            .filter(|_| has_none)
            .map(|channels| format!("{channels}, and the UA Gateway has no connection"))
    },
    look: |facts, view| {
        for (source, channel) in of(facts, view, DRIVER) {
            channel_of(source, channel, view);
        }
        for (source, connection) in view.all(facts, Kind::UaClientConnection) {
            connection_of(source, connection, view);
        }
    },
    visible_by: BY_PROJECT,
    cure: UA_INSECURE.cure,
    deviations: &[&UA_INSECURE, &UA_ANONYMOUS],
    ..Duty::OF_A_PERSON
};

/// The property of a channel that holds its policy.
pub(in crate::review) const POLICY: &str = "opcuaclient.CHANNEL_UA_SERVER_SECURITY_POLICY";

/// The property of a channel that holds its message mode.
pub(in crate::review) const MODE: &str = "opcuaclient.CHANNEL_UA_SERVER_MESSAGE_MODE";

fn channel_of(source: &SourceFacts, channel: &Object, view: &mut View) {
    let subject = channel.called();
    match channel.number(POLICY) {
        Some(0) => view.bad(source, subject.clone(), &UA_INSECURE, "uses the policy None"),
        Some(1) => view.bad(source, subject.clone(), &UA_INSECURE, "uses Basic128Rsa15"),
        Some(2) => view.bad(source, subject.clone(), &UA_INSECURE, "uses Basic256"),
        Some(3) => view.good(source, subject.clone(), "uses Basic256Sha256"),
        Some(number) => match source.word(POLICY, number) {
            Some(own) if own.to_ascii_lowercase().contains("sha256") => {
                view.good(source, subject.clone(), format!("uses {}", shown(own)));
            }
            _ => view.unclear(source, channel, subject.clone(), POLICY),
        },
        None => view.unclear(source, channel, subject.clone(), POLICY),
    }
    match channel.number(MODE) {
        Some(1) => view.bad(source, subject.clone(), &UA_INSECURE, "has the message mode None"),
        Some(2) => view.weak(source, subject.clone(), &UA_INSECURE, "signs and does not encrypt"),
        Some(3) => view.good(source, subject.clone(), "signs and encrypts"),
        _ => view.unclear(source, channel, subject.clone(), MODE),
    }
    let user = "opcuaclient.CHANNEL_AUTHENTICATION_USERNAME";
    match channel.text(user) {
        Some("") => view.weak(source, subject, &UA_ANONYMOUS, "logs in anonymously"),
        Some(_) => view.good(source, subject, "logs in with a user name"),
        None => view.missing(source, subject, user),
    }
}

/// What the numbers of a connection mean is published for some of them alone: the others are not taken for secure.
fn connection_of(source: &SourceFacts, connection: &Object, view: &mut View) {
    let key = |name: &str| format!("ua_gateway.UA_CLIENT_CONNECTION_{name}");
    let subject = connection.called();
    if connection.flag(&key("ENABLED")) == Some(false) {
        view.note(source, subject, "is disabled, and not counted");
        return;
    }
    match connection.number(&key("SECURITY_POLICY")) {
        Some(0) => view.bad(source, subject.clone(), &UA_INSECURE, "uses the policy None"),
        Some(3) => view.good(source, subject.clone(), "uses a policy with SHA-256"),
        _ => view.unclear(source, connection, subject.clone(), &key("SECURITY_POLICY")),
    }
    match connection.number(&key("MESSAGE_MODE")) {
        // None, or, as the numbers of OPC UA itself go, None and Sign.
        Some(0 | 1) => view.bad(source, subject.clone(), &UA_INSECURE, "has a message mode without encryption"),
        Some(3) => view.good(source, subject.clone(), "signs and encrypts"),
        _ => view.unclear(source, connection, subject.clone(), &key("MESSAGE_MODE")),
    }
    match connection.number(&key("IDENTITY_POLICY")) {
        Some(0) => view.weak(source, subject, &UA_ANONYMOUS, "logs in anonymously"),
        Some(1 | 2) => view.good(source, subject, "logs in with a password or a certificate"),
        _ => view.unclear(source, connection, subject, &key("IDENTITY_POLICY")),
    }
}

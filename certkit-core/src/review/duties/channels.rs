//! Channels whose driver leaves a choice between secure and insecure: extras of ours under section 6, which asks to choose
//! protocols that can be secured.

mod snmp;
mod ua_client;

use std::collections::HashMap;

use self::snmp::SNMP;
use self::ua_client::UA_CLIENT;
use super::address::is_over_tls;
use super::interfaces::BY_PROJECT;
use crate::check::Severity;
use crate::review::configuration::{Kind, Object};
use crate::review::duty::{Deviation, Duty, Part, View, Wanted};
use crate::review::facts::{Facts, SourceFacts};
use crate::review::value::quoted;
use crate::text::shown;

pub(in crate::review) use self::ua_client::{MODE as UA_MODE, POLICY as UA_POLICY};

/// The duties.
pub(super) static DUTIES: &[&Duty] = &[&UA_CLIENT, &MQTT_DRIVER, &SNMP, &XML_DA, &IEC_61850, &OTHERS];

/// The driver of a channel or device.
pub(in crate::review) fn driver(object: &Object) -> &str {
    object.text(DRIVER).unwrap_or_default()
}

/// Says why a duty about channels of a kind does not apply: all are shown, and none is of that kind. One that does not
/// show its driver may be of each.
fn no_channel(facts: &Facts, is_meant: impl Fn(&str) -> bool, words: impl Into<String>) -> Option<String> {
    let is_used = facts.all(Kind::Channel).any(|(_, it)| driver(it).is_empty() || is_meant(driver(it)));
    (facts.is_seen(Kind::Channel) && !is_used).then(|| words.into())
}

fn no_channel_of(facts: &Facts, name: &str) -> Option<String> {
    no_channel(facts, |it| it == name, format!("no channel has the driver {name}"))
}

/// The property that names the driver.
const DRIVER: &str = "servermain.MULTIPLE_TYPES_DEVICE_DRIVER";

/// The channels with this driver; one that does not show its driver leaves a part unseen.
fn of<'a>(facts: &'a Facts, view: &mut View, name: &str) -> Vec<(&'a SourceFacts, &'a Object)> {
    let mut channels = view.all(facts, Kind::Channel);
    for (source, channel) in channels.iter().filter(|(_, it)| driver(it).is_empty()) {
        view.missing(source, channel.called(), DRIVER);
    }
    channels.retain(|(_, it)| driver(it) == name);
    channels
}

static MQTT_INSECURE: Deviation = Deviation {
    id: "kepware-channel-mqtt-clear",
    severity: Severity::Error,
    title: "a channel of the MQTT Client driver connects to its broker without TLS",
    cure: "the channel | Properties: set SSL/TLS to Enable, and the port to 8883",
};

static MQTT_ANONYMOUS: Deviation = Deviation {
    id: "kepware-channel-mqtt-anonymous",
    severity: Severity::Warning,
    title: "a channel of the MQTT Client driver logs in to its broker without a user or a certificate",
    cure: "the channel | Properties: set a user name and password of the broker, or Client Certificate to Enable",
};

static MQTT_DRIVER: Duty = Duty {
    id: "6-mqtt-driver",
    section: "6",
    part: Part::Extra,
    title: "channels of the MQTT Client driver use TLS, and log in",
    unneeded: |facts| no_channel_of(facts, "MQTT Client"),
    look: mqtt_drivers,
    visible_by: BY_PROJECT,
    cure: "the channel | Properties: set SSL/TLS to Enable, and the port to 8883",
    deviations: &[&MQTT_INSECURE, &MQTT_ANONYMOUS],
    ..Duty::OF_A_PERSON
};

fn mqtt_drivers(facts: &Facts, view: &mut View) {
    let tls = Wanted {
        key: "mqtt_client.CHANNEL_SSL_TLS",
        value: true,
        good: "uses TLS",
        bad: "connects to its broker without TLS",
        deviation: &MQTT_INSECURE,
    };
    for (source, channel) in of(facts, view, "MQTT Client") {
        view.switch(source, channel, channel.called(), &tls);
        let (user, certificate) = ("mqtt_client.CHANNEL_USERNAME", "mqtt_client.CHANNEL_CLIENT_CERTIFICATE");
        match (channel.text(user).map(|it| !it.is_empty()), channel.flag(certificate)) {
            (Some(true), _) => view.good(source, channel.called(), "logs in with a user name"),
            (_, Some(true)) => view.good(source, channel.called(), "logs in with a certificate"),
            (None, _) => view.missing(source, channel.called(), user),
            (_, None) => view.missing(source, channel.called(), certificate),
            _ => view.weak(source, channel.called(), &MQTT_ANONYMOUS, "logs in with neither a user nor a certificate"),
        }
    }
}

static XML_DA_CLEAR: Deviation = Deviation {
    id: "kepware-channel-xml-da-clear",
    severity: Severity::Error,
    title: "a channel of the OPC XML-DA Client driver talks to its server over plain HTTP",
    cure: "the channel | Properties | OPC XML-DA Server: write the URL as https://, where the server has that; else use OPC UA",
};

static XML_DA: Duty = Duty {
    id: "6-xml-da",
    section: "6",
    part: Part::Extra,
    title: "channels of the OPC XML-DA Client driver use HTTPS",
    unneeded: |facts| no_channel_of(facts, XML_DA_CLIENT),
    look: xml_da,
    visible_by: BY_PROJECT,
    cure: XML_DA_CLEAR.cure,
    deviations: &[&XML_DA_CLEAR],
    ..Duty::OF_A_PERSON
};

const XML_DA_CLIENT: &str = "OPC XML-DA Client";

fn xml_da(facts: &Facts, view: &mut View) {
    const URL: &str = "opcxmldaclient.CHANNEL_SERVER_URL";
    for (source, channel) in of(facts, view, XML_DA_CLIENT) {
        let url = channel.text(URL).unwrap_or_default();
        match is_over_tls(url) {
            Some(true) => view.good(source, channel.called(), format!("talks to {} over TLS", shown(url))),
            Some(false) => {
                let text = format!("talks to {} in clear", shown(url));
                view.bad(source, channel.called(), &XML_DA_CLEAR, text);
            }
            None => view.missing(source, channel.called(), URL),
        }
    }
}

static MMS_PASSWORD: Deviation = Deviation {
    id: "kepware-channel-iec-61850-password",
    severity: Severity::Warning,
    title: "a device is asked with IEC 61850 MMS and a password, which goes over the wire in clear",
    cure: "use this password nowhere else, and put the device and Kepware into a network segment of their own",
};

static IEC_61850: Duty = Duty {
    id: "6-iec-61850",
    section: "6",
    part: Part::Extra,
    title: "devices of IEC 61850 stand in a network that protects them: MMS is not encrypted, nor is its password",
    unneeded: |facts| no_channel_of(facts, MMS_CLIENT),
    look: mms,
    question: "Does the network keep others away from the devices of IEC 61850?",
    visible_by: BY_PROJECT,
    cure: "put these devices and Kepware into a network segment of their own",
    deviations: &[&MMS_PASSWORD],
};

const MMS_CLIENT: &str = "IEC 61850 MMS Client";

fn mms(facts: &Facts, view: &mut View) {
    const PASSWORD: &str = "iec_61850_mms_client.DEVICE_AUTHENTICATION_ENABLED";
    for (source, device) in devices(facts, view, MMS_CLIENT) {
        let subject = source.place(device);
        match device.flag(PASSWORD) {
            Some(true) => view.weak(source, subject, &MMS_PASSWORD, "sends its password in clear"),
            Some(false) => view.note(source, subject, "is asked without a password"),
            None => view.missing(source, subject, PASSWORD),
        }
    }
    view.ask();
}

/// The devices of the channels with this driver; what does not show them leaves a part unseen.
fn devices<'a>(facts: &'a Facts, view: &mut View, name: &str) -> Vec<(&'a SourceFacts, &'a Object)> {
    // For its channels that do not show their driver.
    of(facts, view, name);
    let mut devices = Vec::new();
    for source in facts.to_show(Kind::Channel) {
        for (place, channel) in source.configuration.placed(Kind::Channel).filter(|(_, it)| driver(it) == name) {
            if !source.configuration.is_seen_below(Kind::Device, place) {
                view.unseen_of(source, channel.called(), "does not show its devices");
            }
        }
        let is_of = |device: &&Object| {
            let channel = device.parent.and_then(|place| source.configuration.at(place));
            channel.is_some_and(|it| it.kind == Kind::Channel && driver(it) == name)
        };
        devices.extend(source.all(Kind::Device).filter(is_of).map(|device| (source, device)));
    }
    devices
}

/// Drivers that the duties above look at.
const LOOKED_AT: [&str; 6] =
    [ua_client::DRIVER, "MQTT Client", snmp::DRIVER, snmp::BULLETIN_1609, XML_DA_CLIENT, MMS_CLIENT];

static OTHERS: Duty = Duty {
    id: "6-other",
    section: "6",
    part: Part::Extra,
    title: "channels of other drivers use a protected network",
    unneeded: |facts| no_channel(facts, |it| !LOOKED_AT.contains(&it), "no channel has another driver"),
    look: others,
    question: "Most of these protocols are neither signed nor encrypted: is their network isolated?",
    visible_by: BY_PROJECT,
    cure: "put these devices and Kepware in a separate network segment",
    ..Duty::OF_A_PERSON
};

/// As many channels of one driver are named.
const NAMED: usize = 5;

fn others(facts: &Facts, view: &mut View) {
    let mut is_any = false;
    for source in view.sources(facts, Kind::Channel) {
        let mut drivers: Vec<(&str, Vec<String>, usize)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for channel in source.all(Kind::Channel).filter(|it| !LOOKED_AT.contains(&driver(it))) {
            let name = driver(channel);
            let at = *places.entry(name).or_insert(drivers.len());
            if at == drivers.len() {
                drivers.push((name, Vec::new(), 0));
            }
            if let Some((_, names, count)) = drivers.get_mut(at) {
                *count = count.saturating_add(1);
                if names.len() < NAMED {
                    names.push(quoted(channel.name()));
                }
            }
        }
        for (name, names, count) in drivers {
            is_any = true;
            let more = count.saturating_sub(names.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            view.note(source, format!("driver {}", shown(name)), format!("is that of {}{more}", names.join(", ")));
        }
    }
    if is_any {
        view.ask();
    } else {
        view.unseen();
    }
}

//! Project files: trees of any order and size, secrets, and what is none.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use certkit_core::moment::Moment;
use certkit_core::review::configuration::Kind;
use certkit_core::review::facts::{SourceFacts, SourceKind};
use certkit_core::review::project_file::{self, Form};

use super::api::judged;

fn read(text: impl AsRef<[u8]>, name: &str) -> SourceFacts {
    let mut source = SourceFacts::new(name, SourceKind::ProjectFile, Moment::now());
    project_file::read(text.as_ref(), Path::new(name), &mut source);
    source
}

#[test]
fn the_order_of_a_tree_does_not_matter() {
    let source = read(
        r#"{"project": {"channels": [{"devices": [{"tags": [{"common.ALLTYPES_NAME": "t"}],
            "snmp.DEVICE_SNMP_VERSION": 1, "common.ALLTYPES_NAME": "sw1",
            "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "SNMP"}],
            "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "SNMP", "common.ALLTYPES_NAME": "switches"}],
            "servermain.PROJECT_TITLE": "x"}}"#,
        "line.json",
    );
    assert_eq!(source.error, None);
    let device = source.all(Kind::Device).next().unwrap();
    assert_eq!(source.place(device), "channel `switches` / device `sw1`");
    let review = judged(source);
    assert_eq!(review.rows.iter().find(|it| it.duty.id == "6-snmp").unwrap().state.as_str(), "not-met");
}

#[test]
fn secrets_are_found_and_never_shown() {
    let source = read(
        r#"{"project": {"servermain.PROJECT_TITLE": "x", "thingworxinterface.APPKEY": "0000-hush-hush",
            "_iot_gateway": [{"mqtt_clients": [{"common.ALLTYPES_NAME": "m", "iot_gateway.MQTT_CLIENT_URL":
            "ssl://u:hush-hush@broker.test:8883", "iot_gateway.MQTT_CLIENT_PASSWORD": "hush-hush"}]}]}}"#,
        "line.json",
    );
    assert!(!format!("{source:?}").contains("hush"), "{source:?}");
    let review = judged(source);
    let row = review.rows.iter().find(|it| it.duty.id == "8.4.1").unwrap();
    assert_eq!(row.state.as_str(), "not-met");
    let clear: Vec<&str> =
        row.findings.iter().map(|it| it.message.as_str()).filter(|it| it.contains("clear")).collect();
    assert_eq!(clear.len(), 2, "{clear:?}");
    assert!(clear[1].ends_with("holds MQTT_CLIENT_PASSWORD, MQTT_CLIENT_URL in clear text"), "{clear:?}");
    assert!(!format!("{review:?}").contains("hush"));
}

#[test]
fn what_is_no_project_is_one_error() {
    for (text, name, word) in [
        (&b"{\"project\": {"[..], "a.json", "ends too early"),
        (b"<html>", "a.json", "not JSON"),
        (b"{\"a\": 1}", "a.json", "no project"),
        (b"", "a.json", "ends too early"),
        (b"[]", "a.json", "not formed"),
        (b"\x62\x98\x23\x44\x63\x00\xff\xff\xff\xff", "a.opf", "binary project"),
        (b"\x00\x01\x02", "a.lpf", "not published"),
        (b"{\"project\": {\"channels\": [1]}}", "a.json", "not formed"),
    ] {
        let source = read(text, name);
        assert!(source.error.as_ref().is_some_and(|it| it.contains(word)), "{word}: {source:?}");
        assert!(source.is_dead());
    }
    let deep = format!("{{\"project\": {}{}}}", "{\"project\": ".repeat(60), "}".repeat(60));
    assert!(read(deep, "a.json").error.is_some());
}

#[test]
fn texts_without_an_end_and_objects_without_number_are_bounded() {
    let long = format!("{{\"project\": {{\"servermain.PROJECT_TITLE\": \"{}\"}}}}", "a\\\"".repeat(700_000));
    let source = read(long, "a.json");
    assert!(source.error.as_ref().unwrap().contains("more than a MiB"), "{source:?}");

    let mut wide = String::from("{\"project\": {\"servermain.PROJECT_TITLE\": \"x\", \"ddeserver.ENABLE\": true");
    for number in 0..3_000 {
        let _ = write!(wide, ", \"servermain.P{number}\": 1");
    }
    wide.push_str("}}");
    let source = read(wide, "a.json");
    assert!(source.configuration.project().unwrap().properties.len() <= 1_000);
    assert!(source.configuration.omitted > 0);
}

#[test]
fn an_encrypted_project_is_known_by_its_name_alone() {
    let source = read(b"\x01\x02\x03", "line.sopf");
    assert_eq!((source.form, source.error.as_ref()), (Some(Form::Encrypted), None));
    let review = judged(source);
    assert_eq!(review.rows.iter().find(|it| it.duty.id == "8.4.1").unwrap().state.as_str(), "to-confirm");
    for text in ["-----BEGIN PRIVATE KEY-----\n", "notes", "password = hush\r\n"] {
        let source = read(text, "line.sopf");
        assert!(source.form.is_none() && source.error.as_ref().unwrap().contains("readable text"), "{source:?}");
    }
}

#[test]
fn an_unknown_number_is_told_with_its_number() {
    let source = read(
        r#"{"project": {"channels": [{"common.ALLTYPES_NAME": "ua", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "OPC UA Client",
            "opcuaclient.CHANNEL_UA_SERVER_SECURITY_POLICY": 3, "opcuaclient.CHANNEL_UA_SERVER_MESSAGE_MODE": 7,
            "opcuaclient.CHANNEL_AUTHENTICATION_USERNAME": "u"}], "_iot_gateway": [{"mqtt_clients": [
            {"common.ALLTYPES_NAME": "m", "iot_gateway.AGENTTYPES_ENABLED": true, "iot_gateway.MQTT_TLS_VERSION": 4,
            "iot_gateway.MQTT_CLIENT_URL": "ssl://b.test"}]}]}}"#,
        "line.json",
    );
    let review = judged(source);
    for (id, text) in [
        ("6-ua-client", "has the unknown number 7 for CHANNEL_UA_SERVER_MESSAGE_MODE"),
        ("6.2.1", "has the unknown number 4 for MQTT_TLS_VERSION"),
    ] {
        let row = review.rows.iter().find(|it| it.duty.id == id).unwrap();
        assert!(row.evidence.iter().any(|it| it.text.contains(text)), "{row:?}");
    }
}

#[test]
fn half_a_million_tags_are_passed_over() {
    let mut text = String::from("{\"project\": {\"servermain.PROJECT_TITLE\": \"big\", \"channels\": [");
    for channel in 0..50 {
        let comma = if channel > 0 { "," } else { "" };
        let _ = write!(text, "{comma}{{\"common.ALLTYPES_NAME\": \"c{channel}\", \"devices\": [{{\"tags\": [");
        for tag in 0..10_000 {
            let comma = if tag > 0 { "," } else { "" };
            let _ = write!(
                text,
                "{comma}{{\"common.ALLTYPES_NAME\": \"tag{tag}\", \"servermain.TAG_ADDRESS\": \"4{tag:05}\", \
                 \"servermain.TAG_DATA_TYPE\": 8}}"
            );
        }
        text.push_str("]}]}");
    }
    text.push_str("]}}");
    let begun = Instant::now();
    let source = read(text, "big.json");
    assert_eq!(source.error, None);
    assert_eq!(source.configuration.len(), 101);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn what_is_told_of_many_deep_objects_is_bounded() {
    let devices = vec![r#"{"a": 1}"#; 30_000].join(",");
    let driver = "\"servermain.MULTIPLE_TYPES_DEVICE_DRIVER\": \"SNMP\"";
    let mut inner = format!(r#"{{"common.ALLTYPES_NAME": "s", {driver}, "devices": [{devices}]}}"#);
    for _ in 0..12 {
        inner = format!(r#"{{"common.ALLTYPES_NAME": "{}", "channels": [{inner}]}}"#, "n".repeat(1000));
    }
    let text = format!(r#"{{"project": {{"servermain.PROJECT_TITLE": "x", "channels": [{inner}]}}}}"#);
    let source = read(text.as_bytes(), "deep.json");
    assert_eq!(source.error, None);
    let device = source.all(Kind::Device).next().unwrap();
    let place = source.place(device);
    assert!(place.chars().count() < 500 && place.ends_with("channel `s` / device (no name)"), "{place}");
    let review = judged(source);
    let row = review.rows.iter().find(|it| it.duty.id == "6-snmp").unwrap();
    assert_eq!(row.state.as_str(), "not-visible");
    assert!(row.evidence.len() <= 10_001, "{}", row.evidence.len());
    assert!(row.evidence.last().unwrap().text.contains("are not told one by one"), "{:?}", row.evidence.last());
    let told: usize = row.evidence.iter().map(|it| it.text.len()).sum();
    assert!(told < 10_000_000, "{told}");
}

#[test]
fn channels_that_talk_in_clear_are_deviations() {
    let of = |channel: &str, device: &str| {
        let text = format!(
            r#"{{"project": {{"servermain.PROJECT_TITLE": "x", "channels": [{{"common.ALLTYPES_NAME": "c", {channel},
                "devices": [{{"common.ALLTYPES_NAME": "d"{device}}}]}}]}}}}"#
        );
        let mut source = SourceFacts::new("line.json", SourceKind::ProjectFile, Moment::now());
        project_file::read(text.as_bytes(), Path::new("line.json"), &mut source);
        assert_eq!(source.error, None);
        let review = judged(source);
        let rows = review.rows.iter().filter(|it| it.duty.id.starts_with("6-"));
        rows.flat_map(|it| it.findings.iter().map(|it| (it.deviation.id, it.message.clone()))).collect::<Vec<_>>()
    };
    let driver = |name: &str| format!(r#""servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "{name}""#);
    let xml = |url: &str| format!(r#"{}, "opcxmldaclient.CHANNEL_SERVER_URL": "{url}""#, driver("OPC XML-DA Client"));
    assert_eq!(of(&xml("http://mes.test/da"), "")[0].0, "kepware-channel-xml-da-clear");
    assert!(of(&xml("https://mes.test/da"), "").is_empty());
    let certificate_set = of(&driver("Allen-Bradley Bulletin 1609"), r#", "a-b_bulletin_1609.DEVICE_COMMUNITY": 1"#);
    assert!(
        certificate_set[0].0 == "kepware-channel-snmp-old" && certificate_set[0].1.contains("`public`"),
        "{certificate_set:?}"
    );
    let snmp = of(&driver("SNMP"), r#", "snmp.DEVICE_SNMP_VERSION": 1, "snmp.DEVICE_COMMUNITY": 0"#);
    assert!(snmp[0].0 == "kepware-channel-snmp-old" && snmp[0].1.contains("`public`"), "{snmp:?}");
    let mms = |is_on| format!(r#", "iec_61850_mms_client.DEVICE_AUTHENTICATION_ENABLED": {is_on}"#);
    assert_eq!(of(&driver("IEC 61850 MMS Client"), &mms(true))[0].0, "kepware-channel-iec-61850-password");
    assert!(of(&driver("IEC 61850 MMS Client"), &mms(false)).is_empty());
    let mqtt = |user: &str, certificate: bool| {
        let channel = format!(
            r#"{}, "mqtt_client.CHANNEL_SSL_TLS": true, "mqtt_client.CHANNEL_USERNAME": "{user}",
            "mqtt_client.CHANNEL_CLIENT_CERTIFICATE": {certificate}"#,
            driver("MQTT Client")
        );
        of(&channel, "").iter().map(|it| it.0).collect::<Vec<_>>()
    };
    assert_eq!(mqtt("", false), ["kepware-channel-mqtt-anonymous"]);
    assert!(mqtt("meter", false).is_empty() && mqtt("", true).is_empty());
}

#[test]
fn a_project_in_utf_16_is_one_clear_error() {
    let text = r#"{"project": {"servermain.PROJECT_TITLE": "x"}}"#;
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [[&b"\xff\xfe"[..], &little].concat(), [&b"\xfe\xff"[..], &big].concat(), little, big] {
        let mut source = SourceFacts::new("line.json", SourceKind::ProjectFile, Moment::now());
        project_file::read(&bytes[..], Path::new("line.json"), &mut source);
        assert!(source.error.as_ref().is_some_and(|it| it.contains("UTF-16")), "{source:?}");
        assert!(source.hints[0].contains("UTF-8"), "{source:?}");
    }
}

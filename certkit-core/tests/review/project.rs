//! Project files: trees of any order and size, secrets, and what is none.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use certkit_core::moment::Moment;
use certkit_core::review::configuration::Kind;
use certkit_core::review::facts::{SourceFacts, SourceKind};
use certkit_core::review::project_file::{self, Form};

use crate::api::judged;

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

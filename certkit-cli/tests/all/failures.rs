//! A job that could not be done is a document for whoever asked for JSON, and a sentence for people.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn run(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
    command.args(line.split(' ')).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

/// The document of a run that fails, which stands alone on standard output.
fn failure(folder: &Path, line: &str) -> Value {
    let output = run(folder, line);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{line}: {said}");
    assert!(said.contains("error: "), "{line}: people are told, too: {said}");
    let document: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{line}: {error}: {said}"));
    let keys: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["schema", "what", "where", "because", "hints"], "{line}");
    assert_eq!(document["schema"], "certkit.error/1", "{line}");
    assert!(document["what"].as_str().is_some_and(|what| !what.is_empty()), "{line}: {document:#}");
    document
}

#[test]
fn a_failure_says_what_where_why_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        failure(folder.path(), "check --json no-such.pem"),
        json!({
            "schema": "certkit.error/1",
            "what": "no-such.pem: there is no such file or folder",
            "where": "no-such.pem",
            "because": [],
            "hints": ["check the name; `-` reads standard input"],
        })
    );
    // Nobody listens on a port that was just given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let document = failure(folder.path(), &format!("fetch --format json tls://127.0.0.1:{port}"));
    assert_eq!(document["where"], format!("127.0.0.1:{port}"));
    assert!(document["what"].as_str().unwrap().starts_with("no certificate from 127.0.0.1"), "{document:#}");
    assert!(document["because"][0].as_str().unwrap().starts_with("the connection was refused"), "{document:#}");
    assert_eq!(document["hints"], json!(["check host, port and firewalls"]));
}

#[test]
fn every_command_that_reports_has_the_document() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty.pem"), "").unwrap();
    std::fs::write(folder.path().join("empty.toml"), "").unwrap();
    for line in [
        "inspect no-such.pem",
        "fetch no-such",
        "check no-such.pem",
        "check empty.pem",
        "check --ignore no-such empty.pem",
        "check --trust no-such.pem empty.pem",
        "verify no-such.pem",
        "verify --trust no-such.pem no-such.pem",
        "verify --batch no-such.jsonl",
        "convert no-such.pem -o out.p12",
        "generate https --dns a.test --issuer no-such.pem --cert-out a --key-out b",
        "request https --dns a.test --key no-such.key",
        "sign no-such.csr --issuer no-such.pem",
        "renew no-such.pem",
        "revoke --issuer no-such.pem --crl a.crl",
        "trust list no-such.pem",
        "trust add no-such.pem no-such.pem",
        "trust remove no-such.pem no-such.pem",
        "trust reject opcua:no-such no-such.pem",
        "trust approve opcua:no-such no-such.pem",
        "trust diff no-such.pem no-such.pem",
        "trust audit no-such.pem",
        "trust undo no-such.pem",
        "preflight no-such.pem no-such.pem",
        "expiry no-such.pem",
        "expiry --config empty.toml",
        "expiry history --state no-such.db",
        "explain no-such-finding",
    ] {
        for asked in ["--json", "--format json", "--format=json"] {
            failure(folder.path(), &format!("{line} {asked}"));
        }
        // Who has not asked for it is told on standard error alone.
        let output = run(folder.path(), line);
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(3), &b""[..]), "{line}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is written");
}

#[test]
fn bad_usage_is_a_failure_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let document = failure(folder.path(), "check --json");
    assert_eq!(document["what"], "the following required arguments were not provided: <INPUT>...");
    assert_eq!(document["where"], "<INPUT>...");
    assert!(document["hints"][0].as_str().unwrap().starts_with("Usage: certkit check"), "{document:#}");
    let document = failure(folder.path(), "check --json --no-such x");
    assert_eq!(document["what"], "unexpected argument '--no-such' found");
    assert_eq!(document["where"], "--no-such");
    let document = failure(folder.path(), "check --profile nonsense --json x");
    assert!(document["what"].as_str().unwrap().contains("the profiles are ca, https"), "{document:#}");
    assert_eq!(document["where"], "--profile <PROFILE>");
    for line in ["no-such-command --json", "check --format json --at tomorrow x", "schema --json check"] {
        failure(folder.path(), line);
    }
    let output = run(folder.path(), "trust --json");
    assert_eq!(output.status.code(), Some(3));
    assert!(!output.stdout.is_empty());
    // Help is no failure, and what stands behind `--` is a name.
    assert_eq!(run(folder.path(), "check --json --help").status.code(), Some(0));
    assert_eq!(run(folder.path(), "check -- --json").stdout, b"");
}

#[test]
fn no_secret_stands_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let made =
        run(folder.path(), "generate ca --name Root --key-type ec:p256 --no-password --cert-out plain.pem --key-out k");
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let (url, bare) = ("https://user:geheim@plc7.plant.test:8443/x", "user:geheim@plc7.plant.test:8443");
    for line in [
        format!("fetch {url} --proxy {url}"),
        format!("fetch {bare} --connect {bare}"),
        format!("check {url} --at {url}"),
        format!("check --profile {bare} x"),
        format!("check --host {url} x"),
        format!("verify --trust {url} plain.pem"),
        format!("verify --trust plain.pem {url}"),
        format!("verify --trust plain.pem {bare}"),
        format!("trust list {url}"),
        format!("--{bare} check"),
        format!("check --at {bare} x"),
    ] {
        let output = run(folder.path(), &format!("{line} --json"));
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(3), "{line}: {text}");
        assert!(text.contains("certkit.error/1") && !text.contains("geheim"), "{line}: {text}");
    }
}

#[test]
fn one_document_stands_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    // A monitoring plugin has its own answer, and a line of a batch its own verdict.
    let output = run(folder.path(), "expiry --format nagios no-such.pem");
    assert!(output.stdout.starts_with(b"SSL_CERT UNKNOWN"), "{output:?}");
    std::fs::write(folder.path().join("lines.jsonl"), "{\"leaf\": \"no-such.pem\", \"trust\": \"no-such.pem\"}\n")
        .unwrap();
    let output = run(folder.path(), "verify --batch lines.jsonl --json");
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((line["schema"].as_str(), output.status.code()), (Some("certkit.verify/1"), Some(3)));
}

#[test]
fn its_schema_describes_it() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["error", "certkit.error/1"] {
        let schema: Value = serde_json::from_slice(&run(folder.path(), &format!("schema {name}")).stdout).unwrap();
        assert_eq!(schema["title"], "certkit.error/1");
        assert_eq!(schema["properties"]["schema"]["const"], "certkit.error/1");
        let mut properties: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        properties.sort();
        assert_eq!(properties, ["because", "hints", "schema", "what", "where"]);
        assert_eq!(schema["required"].as_array().unwrap().len(), 5);
    }
}

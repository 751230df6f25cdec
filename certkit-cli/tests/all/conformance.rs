//! Judges the parts of the public path-validation suites through the command, as a batch.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Judges every case of a suite with no switch but the profile; says which come out wrong, and why.
fn misses(file: &str, profile: impl Fn(&str) -> &'static str, with_crls: bool) -> Vec<String> {
    let folder = std::env::var("CERTKIT_SHARED").unwrap_or("../../shared".into());
    let text = std::fs::read(format!("{folder}/conformance/{file}.json")).unwrap();
    let suite: Value = serde_json::from_slice(&text).unwrap();
    let cases = suite["testcases"].as_array().unwrap();
    let lines: String = cases.iter().map(|case| format!("{}\n", line(case, &profile, with_crls))).collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
    let mut child =
        command.args(["verify", "--batch", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let verdicts: Vec<Value> =
        output.stdout.split(|octet| *octet == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!(verdicts.len(), cases.len());
    let mut misses = Vec::new();
    for (case, verdict) in cases.iter().zip(&verdicts) {
        assert_eq!(case["id"], verdict["id"]);
        let mut expected = &case["expected_result"];
        if !with_crls && !case["expected_result_without_crl"].is_null() {
            expected = &case["expected_result_without_crl"];
        }
        let wanted = if expected == "SUCCESS" { "accepted" } else { "rejected" };
        if verdict["verdict"] != wanted {
            misses.push(format!("{} expected {wanted}: {} {}", case["id"], verdict["error"], verdict["findings"]));
        }
    }
    misses
}

/// A case in the words of the command.
fn line(case: &Value, profile: impl Fn(&str) -> &'static str, with_crls: bool) -> Value {
    let purpose = match (&case["extended_key_usage"][0], &case["validation_kind"]) {
        (Value::String(name), _) if name == "clientAuth" => "client",
        (Value::Null, Value::String(kind)) if kind == "CLIENT" => "client",
        _ => "server",
    };
    let name = &case["expected_peer_name"];
    let is_mailbox = name["kind"] == "RFC822";
    let policy = &case["policy"];
    json!({
        "id": case["id"],
        "profile": profile(case["id"].as_str().unwrap()),
        "leaf": case["peer_certificate"],
        "trust": case["trusted_certs"],
        "untrusted": case["untrusted_intermediates"],
        "crl": if with_crls { case["crls"].clone() } else { json!([]) },
        "purpose": purpose,
        "host": if is_mailbox { Value::Null } else { name["value"].clone() },
        "email": if is_mailbox { name["value"].clone() } else { Value::Null },
        "at": case["validation_time"],
        "max_depth": case["max_chain_depth"],
        "policy": policy["initial_policy_set"],
        "explicit_policy": policy["initial_explicit_policy"].as_bool().unwrap_or_default(),
        "inhibit_map": policy["initial_policy_mapping_inhibit"].as_bool().unwrap_or_default(),
        "inhibit_any": policy["initial_inhibit_any_policy"].as_bool().unwrap_or_default(),
    })
}

/// Fails with every case that comes out wrong.
fn expect_none(misses: &[String]) {
    assert!(misses.is_empty(), "{} wrong:\n{}", misses.len(), misses.join("\n"));
}

#[test]
#[ignore = "reads the suites from the folder CERTKIT_SHARED, ../shared if it is not set"]
fn limbo_by_batch() {
    let profile = |id: &str| match id.split("::").next() {
        Some("webpki" | "online") => "webpki",
        _ => "rfc5280",
    };
    expect_none(&misses("limbo", profile, true));
}

#[test]
#[ignore = "reads the suites from the folder CERTKIT_SHARED, ../shared if it is not set"]
fn bettertls_by_batch() {
    expect_none(&misses("bettertls", |_| "tls", true));
}

#[test]
#[ignore = "reads the suites from the folder CERTKIT_SHARED, ../shared if it is not set"]
fn pkits_by_batch() {
    expect_none(&misses("pkits", |_| "rfc5280", false));
    expect_none(&misses("pkits", |_| "rfc5280", true));
}

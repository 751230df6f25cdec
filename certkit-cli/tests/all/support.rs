//! What support asks for: which certkit, and whether it works here.

use std::process::{Command, Output};

use serde_json::Value;

fn certkit(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
    command.args(arguments);
    command
}

fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Holds that a document has what its schema requires, and nothing that the schema does not know.
fn fits(document: &Value, name: &str) {
    let schema = self::document(&certkit(&["schema", name]).output().unwrap());
    let properties = schema["properties"].as_object().unwrap();
    assert_eq!(properties["schema"]["const"], document["schema"]);
    assert!(document.as_object().unwrap().keys().all(|key| properties.contains_key(key)), "{document}");
    assert!(schema["required"].as_array().unwrap().iter().all(|key| document.get(key.as_str().unwrap()).is_some()));
}

#[test]
fn version_says_what_it_was_built_from() {
    let output = certkit(&["version", "--json"]).output().unwrap();
    let version = document(&output);
    fits(&version, "version");
    assert_eq!(version["version"], env!("CARGO_PKG_VERSION"));
    assert!(version["target"].as_str().unwrap().starts_with(std::env::consts::ARCH), "{version}");
    assert_eq!(version["backend"], "aws-lc-rs");
    let is_commit = |it: &str| it.len() == 40 && it.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(version["commit"].is_null() || version["commit"].as_str().is_some_and(is_commit), "{version}");
    let text = String::from_utf8(certkit(&["version"]).output().unwrap().stdout).unwrap();
    assert!(text.starts_with(&format!("certkit {}\n", env!("CARGO_PKG_VERSION"))), "{text}");
    assert_eq!(certkit(&["version", "--format", "yaml"]).output().unwrap().status.code(), Some(3));
}

#[test]
fn selftest_passes_where_all_works_and_says_what_does_not() {
    let output = certkit(&["selftest", "--json"]).output().unwrap();
    let told = document(&output);
    fits(&told, "selftest");
    assert_eq!((output.status.code(), &told["verdict"]), (Some(0), &"ok".into()), "{told}");
    let ids: Vec<&str> = told["tests"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    for id in ["digests", "signatures", "signing", "encryption", "random", "roots", "clock", "temporary", "terminal"] {
        assert!(ids.contains(&id), "{id}: {told}");
    }
    assert_eq!(told["build"]["version"], env!("CARGO_PKG_VERSION"));
}

#[cfg(unix)]
#[test]
fn selftest_fails_where_nothing_can_be_written() {
    let output = certkit(&["selftest"]).env("TMPDIR", "/no/such/folder").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("FAILED  temporary") && text.contains("do: make the folder writable"), "{text}");
}

//! The command against real OPC UA servers, asyncua's and node-opcua's, started by `scripts/opcua up DIR` and named
//! to these tests by `CERTKIT_OPCUA=DIR`.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

/// Runs certkit; gives its status and its document or, where it has none, its words.
fn certkit(arguments: &[&str]) -> (i32, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).output().unwrap();
    let words = || Value::String(String::from_utf8_lossy(&output.stderr).into_owned());
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap_or_else(|_| words()))
}

fn parts() -> HashMap<String, String> {
    let folder = std::env::var_os("CERTKIT_OPCUA").expect("CERTKIT_OPCUA is the folder of scripts/opcua up");
    let text = std::fs::read_to_string(PathBuf::from(folder).join("opcua.env")).unwrap();
    text.lines().filter_map(|line| line.split_once('=')).map(|(key, value)| (key.into(), value.into())).collect()
}

#[test]
#[ignore = "needs the OPC UA servers of scripts/opcua"]
fn each_server_is_fetched_and_judged() {
    let parts = parts();
    for (name, status, endpoints, wanted, unwanted) in [
        (
            "ASYNCUA",
            2,
            3,
            &["opcua-none-mode", "opcua-none-anonymous", "opcua-anonymous"][..],
            &["opcua-none-only"][..],
        ),
        ("ASYNCUA_SECURE_ONLY", 1, 3, &["opcua-anonymous"], &["opcua-none-mode", "opcua-deprecated-policy"]),
        ("NODE_OPCUA", 2, 7, &["opcua-none-mode"], &["opcua-deprecated-policy"]),
        ("NODE_OPCUA_CHAIN", 1, 6, &["opcua-anonymous"], &["opcua-none-mode", "chain-incomplete"]),
        ("NODE_OPCUA_DEPRECATED", 2, 7, &["opcua-deprecated-policy", "opcua-weak-token-policy"], &[]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.der");
        let url = &parts[&format!("{name}_URL")];
        let output = file.to_str().unwrap();
        let (exit, found) = certkit(&["fetch", url, "--part", "leaf", "-o", output, "--find-servers", "--json"]);
        assert_eq!(exit, status, "{name}: {found}");
        assert_eq!(found["opcua"]["endpoints"].as_array().unwrap().len(), endpoints, "{name}");
        let uri = format!("urn:localhost:plant:{}", name.to_lowercase().replace('_', "-"));
        assert_eq!(found["opcua"]["servers"][0]["application_uri"], uri);
        assert_eq!(found["certificates"][0]["uri_names"][0], uri, "{name}");
        assert!(found["opcua"]["clock"]["ahead_seconds"].as_i64().unwrap().abs() <= 2, "{name}");
        let ids: Vec<&str> =
            found["findings"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
        assert!(wanted.iter().all(|id| ids.contains(id)), "{name}: {ids:?}");
        assert!(!unwanted.iter().any(|id| ids.contains(id)), "{name}: {ids:?}");

        // What was saved is what was judged, and is judged alike as a file.
        let (_, saved) = certkit(&["inspect", output, "--json"]);
        assert_eq!(saved["certificates"][0]["pem"], found["certificates"][0]["pem"], "{name}");
        let (exit, checked) = certkit(&["check", url, "--json"]);
        assert_eq!((exit, &checked["profiles"][0]), (status, &Value::from("opcua")), "{name}");
    }
}

#[test]
#[ignore = "needs the OPC UA servers of scripts/opcua"]
fn the_root_of_a_chain_is_saved() {
    let parts = parts();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.pem");
    let url = &parts["NODE_OPCUA_CHAIN_URL"];
    certkit(&["fetch", url, "--part", "ca", "-o", file.to_str().unwrap()]);
    let root = PathBuf::from(&parts["PKI"]).join("root.pem");
    let (_, saved) = certkit(&["inspect", file.to_str().unwrap(), "--json"]);
    let (_, made) = certkit(&["inspect", root.to_str().unwrap(), "--json"]);
    assert_eq!(saved["certificates"][0]["fingerprint_sha256"], made["certificates"][0]["fingerprint_sha256"]);
}

#[test]
#[ignore = "needs the OPC UA servers of scripts/opcua"]
fn a_server_that_refuses_a_channel_without_security_is_named() {
    let (exit, words) = certkit(&["fetch", &parts()["NODE_OPCUA_NO_DISCOVERY_URL"]]);
    assert_eq!(exit, 3);
    assert!(words.as_str().unwrap().contains("without security"), "{words}");
}

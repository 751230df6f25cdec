//! Judges the certificates of the OPC Foundation's compliance test tool through the command, as its README says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

const AT: &str = "2020-05-11T00:00:00Z";
const URI: &str = "urn:STERFIVEPC2:OPCFoundation:UaComplianceTestTool";

fn folder() -> PathBuf {
    let shared = std::env::var_os("CERTKIT_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        |shared| Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(shared),
    );
    shared.join("ctt")
}

fn name(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn certkit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).output().unwrap()
}

/// The file names with the status that the standard gives each.
fn expected() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(folder().join("expected.csv")).unwrap();
    let lines = text.lines().skip(1).map(|line| {
        let mut fields = line.split(',');
        (fields.next().unwrap().to_owned(), fields.nth(1).unwrap().to_owned())
    });
    lines.collect()
}

#[test]
#[ignore = "needs the certificates of the compliance test tool beside the workspace (CERTKIT_SHARED)"]
fn every_certificate_has_its_status_alone_on_the_last_line() {
    let pki = name(&folder().join("pki"));
    for (file, wanted) in expected() {
        let leaf = name(&folder().join("certs").join(&file));
        let question = [
            "verify",
            "--profile",
            "opcua",
            "--pki",
            &pki,
            "--security-policy",
            "Basic256Sha256",
            "--application-uri",
            URI,
            "--at",
            AT,
            &leaf,
        ];
        let output = certkit(&question);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.lines().last(), Some(wanted.as_str()), "{file}: {text}");
        let is_accepted = output.status.code().unwrap() < 2;
        assert_eq!(is_accepted, wanted == "Good", "{file}: {:?}", output.status);

        let document: Value = serde_json::from_slice(&certkit(&[&question[..], &["--json"]].concat()).stdout).unwrap();
        assert_eq!(document["status_code"], wanted, "{file}");
        assert_eq!(document["accepted"], is_accepted, "{file}");
    }
}

#[test]
#[ignore = "needs the certificates of the compliance test tool beside the workspace (CERTKIT_SHARED)"]
fn a_batch_gives_the_same() {
    let lines: Vec<String> = expected()
        .iter()
        .map(|(file, wanted)| {
            let leaf = name(&folder().join("certs").join(file));
            json!({
                "id": wanted, "profile": "opcua", "leaf": leaf, "pki": name(&folder().join("pki")),
                "security_policy": "Basic256Sha256", "application_uri": URI, "at": AT,
            })
            .to_string()
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let batch = folder.path().join("batch.jsonl");
    std::fs::write(&batch, lines.join("\n")).unwrap();
    let output = certkit(&["verify", "--batch", batch.to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    let verdicts: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(verdicts.len(), 44);
    for verdict in verdicts {
        assert_eq!(verdict["status_code"], verdict["id"], "{verdict}");
    }
}

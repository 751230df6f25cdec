//! What was not decided, and a chain to another anchor than the one that was named, is never fine.

use std::path::{Path, PathBuf};
use std::process::Command;

const AT: &str = "2026-06-01";

/// The blocks of a specimen, each with a line end.
fn blocks(specimen: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/checks").join(specimen);
    let text = std::fs::read_to_string(file).unwrap();
    let begins = text.split("-----BEGIN CERTIFICATE-----").skip(1);
    let whole = |rest: &str| {
        let body = rest.split("-----END").next().unwrap();
        format!("-----BEGIN CERTIFICATE-----{body}-----END CERTIFICATE-----\n")
    };
    begins.map(whole).collect()
}

fn file(folder: &Path, name: &str, blocks: &[String]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, blocks.concat()).unwrap();
    path
}

/// The document of a command, and its exit status.
fn run(arguments: &[&str]) -> (serde_json::Value, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).args(["--json", "--at", AT]).output();
    let output = output.unwrap();
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code())
}

fn has(document: &serde_json::Value, id: &str) -> bool {
    document["findings"].as_array().unwrap().iter().any(|it| it["id"] == id && it["severity"] == "error")
}

#[test]
fn a_signature_that_cannot_be_verified_is_not_judged() {
    let folder = tempfile::tempdir().unwrap();
    let blocks = blocks("signature-not-verifiable/bad.pem");
    let chain = file(folder.path(), "chain.pem", &blocks);
    let chain = chain.to_str().unwrap();
    let (document, status) = run(&["check", "--profile", "https", chain]);
    assert_eq!((document["verdict"].as_str(), status), (Some("not-judged"), Some(2)), "{document:#}");
    assert!(has(&document, "signature-not-verifiable"));
    let undetermined = document["untold"].as_array().unwrap();
    // One fact, one line.
    assert!(!undetermined.iter().any(|it| it["id"] == "signature-invalid"), "{document:#}");
    // What was only not asked for weighs nothing.
    assert!(undetermined.iter().any(|it| it["id"] == "host-mismatch" && it["severity"] == "info"), "{document:#}");
}

#[test]
fn what_certkit_cannot_verify_is_not_told_of_programs_that_can() {
    let folder = tempfile::tempdir().unwrap();
    let blocks = blocks("signature-not-verifiable/bad-tls.pem");
    let chain = file(folder.path(), "chain.pem", &blocks[..2]);
    let root = file(folder.path(), "root.pem", &blocks[2..]);
    for (program, verdict) in [
        ("openssl", "not-judged"),
        ("python", "not-judged"),
        ("java", "not-judged"),
        ("gnutls", "not-judged"),
        ("go", "rejected"),
        ("webpki", "rejected"),
    ] {
        let words = ["verify", "--program", program, "--trust", root.to_str().unwrap(), chain.to_str().unwrap()];
        let (document, status) = run(&words);
        let told = (document["verdict"].as_str(), document["program"]["refusals"].as_array().map(Vec::is_empty));
        assert_eq!(
            (told, status),
            ((Some(verdict), Some(verdict == "not-judged")), Some(2)),
            "{program}: {document:#}"
        );
    }
}

#[test]
fn a_chain_to_another_anchor_than_the_one_named_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    // Leaf, issuing CA, root, and an impostor of the root's name.
    let blocks = blocks("anchor-not-named/bad.pem");
    let chain = file(folder.path(), "chain.pem", &blocks[..3]);
    let chain = chain.to_str().unwrap();
    for profile in ["https", "alwayson", "opcua", "tls", "webpki", "rfc5280"] {
        for (anchor, is_fine) in [(1, true), (2, true), (3, false)] {
            let trust = file(folder.path(), "trust.pem", &blocks[anchor..=anchor]);
            let trust = trust.to_str().unwrap();
            let (document, status) = run(&["check", "--profile", profile, chain, "--trust", trust]);
            let is_told = has(&document, "anchor-not-named") || has(&document, "anchor-unknown");
            assert_eq!(is_told, !is_fine, "{profile}, anchor {anchor}: {document:#}");
            assert!(is_fine || status == Some(2), "{profile}");
        }
    }
    // Who names the built-in roots means these.
    let (document, _) = run(&["check", "--profile", "https", chain, "--trust", "mozilla"]);
    assert!(has(&document, "anchor-not-named"), "{document:#}");
    // Who names none leaves it open.
    let (document, _) = run(&["check", "--profile", "https", chain]);
    assert!(!has(&document, "anchor-not-named"), "{document:#}");
}

#[test]
fn a_server_that_says_it_is_a_ca_is_not_let_in() {
    let folder = tempfile::tempdir().unwrap();
    let server = file(folder.path(), "server.pem", &blocks("server-as-ca/bad-sha1.pem"));
    let (document, status) = run(&["check", server.to_str().unwrap()]);
    assert_eq!((has(&document, "server-as-ca"), status), (true, Some(2)), "{document:#}");
    let weak = document["findings"].as_array().unwrap().iter().find(|it| it["id"] == "root-weak-hash");
    assert_eq!(weak.unwrap()["severity"], "warning");
    let store = folder.path().join("store.pem");
    let store = format!("pem:{}", store.display());
    let (document, status) = run(&["trust", "add", &store, server.to_str().unwrap(), "--create"]);
    assert_eq!((document["outcome"].as_str(), status), (Some("refused"), Some(2)), "{document:#}");
    assert!(!folder.path().join("store.pem").exists());
}

//! `inspect` says what extensions mean, and shows as hex what it cannot read in full.

use std::path::Path;
use std::process::Command;

use rcgen::{CertificateParams, CustomExtension, KeyPair};

const SCT_LIST: &[u64] = &[1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];
const CERT_TYPE: &[u64] = &[2, 16, 840, 1, 113_730, 1, 1];
const COMMENT: &[u64] = &[2, 16, 840, 1, 113_730, 1, 13];
const SUBJECT_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 11];
const POLICY_CONSTRAINTS: &[u64] = &[2, 5, 29, 36];

/// A list of one timestamp of version 1: log, time in ms, no extensions, ECDSA with SHA-256 and a signature.
fn timestamps() -> Vec<u8> {
    let signature = [&[4, 3, 0, 4][..], &[0xaa; 4]].concat();
    let one = [&[0][..], &[0x5c; 32], &1_720_612_800_000u64.to_be_bytes(), &[0, 0], &signature].concat();
    let prefixed = |octets: &[u8]| [&u16::try_from(octets.len()).unwrap().to_be_bytes()[..], octets].concat();
    let list = prefixed(&prefixed(&one));
    [&[4, u8::try_from(list.len()).unwrap()][..], &list].concat()
}

fn file(folder: &Path, extensions: &[(&[u64], Vec<u8>)]) -> String {
    let mut params = CertificateParams::new(vec!["plc7.plant.example".to_owned()]).unwrap();
    params.custom_extensions =
        extensions.iter().map(|(oid, value)| CustomExtension::from_oid_content(oid, value.clone())).collect();
    let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    let path = folder.join("odd.pem");
    std::fs::write(&path, certificate.pem()).unwrap();
    path.to_str().unwrap().to_owned()
}

fn inspect(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_certkit")).arg("inspect").args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_is_no_secret_of_the_format_is_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let access = b"\x30\x18\x30\x16\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x05\x86\x0ahttp://x/y".to_vec();
    let file = file(
        folder.path(),
        &[
            (SCT_LIST, timestamps()),
            (CERT_TYPE, vec![3, 2, 6, 0xc0]),
            (COMMENT, b"\x16\x06made\x1bx".to_vec()),
            (SUBJECT_ACCESS, access),
            (POLICY_CONSTRAINTS, vec![0x30, 3, 0x80, 1, 2]),
        ],
    );
    let log = "5c".repeat(32);
    let wanted = [
        format!("log {log}, 2024-07-10 12:00 UTC"),
        "SSL client, SSL server".to_owned(),
        "made\\u{1b}x".to_owned(),
        "http://x/y".to_owned(),
        "a policy is required after 2 certificates".to_owned(),
    ];
    for arguments in [&[file.as_str()][..], &["--full", &file]] {
        let text = inspect(arguments);
        for part in &wanted {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }
    let document: serde_json::Value = serde_json::from_str(&inspect(&["--json", &file])).unwrap();
    let extensions = document["certificates"][0]["extensions"].as_array().unwrap();
    let comment = extensions.iter().find(|it| it["name"] == "netscapeComment").unwrap();
    assert_eq!(comment["meaning"][0], "made\u{1b}x");
    assert_eq!(comment["value_hex"], "16066d6164651b78");
    let named = extensions.iter().find(|it| it["name"] == "subjectAltName").unwrap();
    assert!(named["meaning"].is_null(), "its names have a key of their own");
}

#[test]
fn what_cannot_be_read_in_full_stays_hex() {
    let folder = tempfile::tempdir().unwrap();
    let mut cut = timestamps();
    *cut.get_mut(3).unwrap() -= 1;
    let long = [&[3, 2, 6, 0xc0][..], &[0]].concat();
    let file = file(folder.path(), &[(SCT_LIST, cut), (CERT_TYPE, long), (COMMENT, vec![0x16, 9, b'x'])]);
    let text = inspect(&[&file]);
    for part in ["signedCertificateTimestamps 04", "netscapeCertType 030206c000", "netscapeComment 160978"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

/// A request of OpenSSL whose extensionRequest holds a number in place of a list.
const ODD_REQUEST: &str = "\
-----BEGIN CERTIFICATE REQUEST-----
MIHdMIGFAgEAMA8xDTALBgNVBAMMBHBsYzcwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAATaVlG74BuUIgtsDZY+WXqiT8gmeyVZvKDPItxt+Dtv67C5kmxmeilbLOJV
g1GVvFKqWzRAj6e1075Qy8fxmStDoBQwEgYJKoZIhvcNAQkOMQUwAwIBATAKBggq
hkjOPQQDAgNHADBEAiAHbVI6suK3T9wCBnVHPlvos4EYJuIEUPyfwFVWNfGs4wIg
VxJRvJNBLe61o2EM9i1OF2X5Dd+/Rw3UMdYf8rvUjPI=
-----END CERTIFICATE REQUEST-----
";

#[test]
fn a_request_is_shown_without_the_attributes_that_cannot_be_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.csr");
    std::fs::write(&path, ODD_REQUEST).unwrap();
    let run = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_certkit")).args(words).arg(&path).output().expect("certkit runs")
    };
    let shown = run(&["inspect"]);
    let text = String::from_utf8(shown.stdout).unwrap();
    assert_eq!(shown.status.code(), Some(1), "{text}");
    assert!(text.contains("CN=plc7") && text.contains("Not shown: extensions cannot be decoded"), "{text}");
    let document: serde_json::Value = serde_json::from_slice(&run(&["inspect", "--json"]).stdout).unwrap();
    assert_eq!(document["requests"].as_array().unwrap().len(), 1, "{document}");
    assert!(document["undecodable"][0].as_str().unwrap().contains("extensions cannot be decoded"), "{document}");
    // It is a finding, and no CA issues anything by it.
    let found = run(&["check", "--json"]);
    assert!(found.status.code() == Some(2) && String::from_utf8(found.stdout).unwrap().contains("request-undecodable"));
}

//! Revocation lists and requests are judged by themselves: by `check`, at the gate of a store, and in its audit.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A CA with its list, and another one of the same name.
fn plant() -> TempDir {
    let plant = tempfile::tempdir().unwrap();
    for name in ["root", "other"] {
        done(
            &plant,
            &format!(
                "generate ca --name Root --key-type ec:p256 --no-password --cert-out {name}.pem --key-out {name}.key"
            ),
        );
        done(&plant, &format!("revoke --issuer {name}.pem --issuer-key {name}.key --crl {name}.crl"));
    }
    plant
}

fn run(plant: &TempDir, line: &str) -> (Option<i32>, String, String) {
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let output =
        Command::new(env!("CARGO_BIN_EXE_certkit")).args(words).current_dir(plant.path()).output().expect(line);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn done(plant: &TempDir, line: &str) {
    let (status, out, err) = run(plant, line);
    assert!(status < Some(2), "{line}: {out}{err}");
}

/// The exit status and the ids of the findings.
fn judged(plant: &TempDir, line: &str) -> (Option<i32>, Vec<String>) {
    let (status, out, err) = run(plant, &format!("{line} --json"));
    let document: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{line}: {error}: {out}{err}"));
    let findings = document["findings"].as_array().unwrap_or_else(|| panic!("{line}: {document:#}"));
    (status, findings.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect())
}

#[test]
fn a_list_is_judged_with_the_authority_at_hand() {
    let plant = plant();
    assert_eq!(judged(&plant, "check root.crl --trust root.pem"), (Some(0), vec![]));
    // Nobody is at hand: nobody knows what the list is worth.
    let (status, text, _) = run(&plant, "check root.crl");
    assert!(status == Some(1) && text.contains("crl-signature-invalid") && text.contains("--trust FILE"), "{text}");
    assert_eq!(judged(&plant, "check root.crl --strict").0, Some(2));
    // Whoever is trusted has not signed it, and whoever has is below nobody who is trusted.
    done(&plant, "generate ca --name Far --key-type ec:p256 --no-password --cert-out far.pem --key-out far.key");
    assert_eq!(judged(&plant, "check root.crl --trust far.pem").0, Some(2));
    assert_eq!(judged(&plant, "check root.crl --trust far.pem --untrusted root.pem").0, Some(2));
    assert_eq!(judged(&plant, "check root.crl --untrusted root.pem"), (Some(0), vec![]));
    let wrong = "crl-signature-invalid".to_owned();
    assert_eq!(judged(&plant, "check root.crl --trust other.pem"), (Some(2), vec![wrong.clone()]));
    assert_eq!(judged(&plant, "check root.crl --untrusted other.pem"), (Some(2), vec![wrong]));
    assert_eq!(
        judged(&plant, "check root.crl --trust root.pem --at 2020-01-01"),
        (Some(2), vec!["crl-not-yet-valid".to_owned()])
    );
    assert_eq!(
        judged(&plant, "check root.crl --trust root.pem --at 2030-01-01"),
        (Some(2), vec!["crl-overdue".to_owned()])
    );
    // Beside certificates, too; what cannot be decoded is an error.
    done(&plant, "revoke --issuer root.pem --issuer-key root.key --crl list.pem");
    let both = [plant.path().join("root.pem"), plant.path().join("list.pem")].map(|it| std::fs::read(it).unwrap());
    std::fs::write(plant.path().join("both.pem"), both.concat()).unwrap();
    // Java reads no such file.
    assert_eq!(judged(&plant, "check both.pem --at 2030-01-01").1, ["crl-overdue", "file-form-unread"]);
    let mut cut = both[1].clone();
    let middle = cut.len() / 2 / 65 * 65;
    cut.drain(middle..middle + 65);
    std::fs::write(plant.path().join("cut.crl"), cut).unwrap();
    assert_eq!(judged(&plant, "check cut.crl"), (Some(2), vec!["revocation-unknown".to_owned()]));
}

#[test]
fn the_gate_and_the_audit_of_a_store_say_the_same() {
    let plant = plant();
    done(&plant, "trust add opcua:pki root.pem root.crl --create");
    assert_eq!(judged(&plant, "trust audit pki"), (Some(0), vec![]));
    let (status, ids) = judged(&plant, "trust add opcua:pki other.crl");
    assert_eq!((status, ids.contains(&"crl-signature-invalid".to_owned())), (Some(2), true), "{ids:?}");
    std::fs::copy(plant.path().join("other.crl"), plant.path().join("pki/issuer/crl/foreign.crl")).unwrap();
    // A stack that does not read the file says so beside it.
    let (status, ids) = judged(&plant, "trust audit pki");
    assert_eq!((status, ids), (Some(2), vec!["crl-signature-invalid".to_owned(), "store-file-not-read".to_owned()]));
    let (_, ids) = judged(&plant, "trust audit pki --at 2020-01-01");
    assert!(ids.contains(&"crl-not-yet-valid".to_owned()), "{ids:?}");
    let (status, ids) = judged(&plant, "trust add opcua:new root.pem root.crl --create --at 2020-01-01");
    assert_eq!((status, ids.contains(&"crl-not-yet-valid".to_owned())), (Some(2), true), "{ids:?}");
}

#[test]
fn a_request_that_certkit_makes_passes_and_one_that_asks_too_much_does_not() {
    let plant = tempfile::tempdir().unwrap();
    for (kind, more) in [
        ("https", "--name twx.plant.example --dns twx.plant.example"),
        ("client", "--name line3"),
        ("ca", "--name Line"),
        ("opcua", "--subject CN=Pump,O=Plant --application-uri urn:plc7:Plant:Pump --dns plc7"),
    ] {
        done(&plant, &format!("request {kind} {more} --key-out {kind}.key --csr-out {kind}.csr --no-password"));
        assert_eq!(judged(&plant, &format!("check {kind}.csr")), (Some(0), vec![]), "{kind}");
        if kind != "ca" {
            // Whoever says what it is for is heard.
            let (_, ids) = judged(&plant, &format!("check {kind}.csr --profile ca"));
            assert!(ids.contains(&"not-a-ca".to_owned()), "{kind}: {ids:?}");
        }
    }
    let (status, ids) = judged(&plant, "check ca.csr --profile https");
    assert_eq!((status, ids.contains(&"request-asks-for-ca".to_owned())), (Some(2), true), "{ids:?}");
    let checks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/checks");
    let weak = checks.join("key-too-weak/bad-request.pem");
    let (status, ids) = judged(&plant, &format!("check {}", weak.display()));
    assert_eq!((status, ids), (Some(2), vec!["key-too-weak".to_owned()]));
    let (_, ids) = judged(&plant, "check https.csr --host other.plant.example");
    assert_eq!(ids, ["host-mismatch"]);
}

//! `certkit inventory`: certificates, keys and algorithms with their places. `scripts/pipelines` holds the bill of materials
//! against the schema of CycloneDX.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn run(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
    command.args(line.split(' ')).current_dir(folder).stdin(Stdio::null());
    command.output().unwrap()
}

fn done(folder: &Path, line: &str) -> Vec<u8> {
    let output = run(folder, line);
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A folder with a CA of EC, a server of RSA with its key in a store, and an inventory.
fn plant() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    done(at, "generate ca --subject CN=Plant,O=Plant --key-type ec:p384 --no-password -o plant-ca");
    done(at, "generate https --dns twx.plant.example --issuer plant-ca --cert-out twx.pem --key-out twx-key.pem");
    fs::create_dir(at.join("tls")).unwrap();
    fs::write(at.join("word"), "first-Secret-417\n").unwrap();
    done(at, "convert twx.pem twx-key.pem -o tls/twx.p12 --new-password-file word");
    fs::copy(at.join("twx.pem"), at.join("tls/copy.pem")).unwrap();
    fs::write(at.join("tls/note.txt"), "no certificate\n").unwrap();
    fs::write(
        at.join("plant.toml"),
        "[group.line1]\nowner = \"maintenance, line 1\"\n[[source]]\nat = \"tls\"\ngroup = \"line1\"\naccess = { password-file = \"word\" }\n\
         [[source]]\nat = \"plant-ca/ca.pem\"\nowner = \"IT\"\nnote = \"root\"\n",
    )
    .unwrap();
    folder
}

fn algorithm<'a>(document: &'a Value, name: &str) -> &'a Value {
    document["algorithms"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap()
}

#[test]
fn each_thing_is_there_once_with_all_its_places() {
    let folder = plant();
    let document: Value = serde_json::from_slice(&done(folder.path(), "inventory --config plant.toml --json")).unwrap();
    let certificates = document["certificates"].as_array().unwrap();
    assert_eq!(certificates.len(), 2, "{document}");
    let server = certificates.iter().find(|it| it["is_ca"] == false).unwrap();
    let places: Vec<&str> =
        server["occurrences"].as_array().unwrap().iter().map(|it| it["location"].as_str().unwrap()).collect();
    assert_eq!(places, ["tls/copy.pem", "tls/twx.p12"]);
    assert_eq!(server["occurrences"][0]["owner"], "maintenance, line 1");
    let rsa = algorithm(&document, "RSA 2048");
    assert_eq!((&rsa["nist_quantum_security_level"], &rsa["classical_security_level"]), (&0.into(), &112.into()));
    assert_eq!(
        (&rsa["oid"], &rsa["certificates"], &rsa["private_keys"]),
        (&"1.2.840.113549.1.1.1".into(), &1.into(), &1.into())
    );
    assert_eq!(algorithm(&document, "ECDSA-SHA384")["certificates"], 2);
    assert_eq!(algorithm(&document, "EC P-384")["classical_security_level"], 192);
    let private = document["keys"].as_array().unwrap().iter().find(|it| it["kind"] == "private").unwrap();
    assert_eq!(private["key_sha256"], server["key_sha256"]);
    assert!(private["secured_by"].as_str().unwrap().contains("PBES2"), "{private}");
    assert_eq!(document["unseen"].as_array().unwrap().len(), 0);
    // Nothing secret is told.
    assert!(!document.to_string().contains("Secret"));

    let text = String::from_utf8(done(folder.path(), "inventory --config plant.toml")).unwrap();
    assert!(text.contains("2 certificates, 1 private key, 3 algorithms; a quantum computer can break 3"), "{text}");
    let csv = String::from_utf8(done(folder.path(), "inventory --config plant.toml --format csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + 3 + 1, "{csv}");
}

#[test]
fn a_bill_of_materials_is_the_same_each_time() {
    let folder = plant();
    let line = "inventory --config plant.toml --at 2026-06-01 -o plant.cdx.json";
    done(folder.path(), line);
    let first = fs::read(folder.path().join("plant.cdx.json")).unwrap();
    done(folder.path(), &format!("{line} --jobs 1"));
    assert_eq!(first, fs::read(folder.path().join("plant.cdx.json")).unwrap());
    let bom: Value = serde_json::from_slice(&first).unwrap();
    assert_eq!((&bom["bomFormat"], &bom["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
    assert_eq!(bom["metadata"]["timestamp"], "2026-06-01T00:00:00Z");
    let components = bom["components"].as_array().unwrap();
    let of = |kind: &str| components.iter().filter(|it| it["cryptoProperties"]["assetType"] == kind).count();
    // Two public keys and a private one.
    assert_eq!((of("algorithm"), of("related-crypto-material"), of("certificate")), (3, 3, 2), "{bom}");
    let server = components.iter().find(|it| it["name"].as_str().unwrap().contains("twx.plant.example")).unwrap();
    assert_eq!(server["evidence"]["occurrences"][1]["location"], "tls/twx.p12");
    assert_eq!(server["properties"][0]["value"], "maintenance, line 1");
    let reference = &server["cryptoProperties"]["certificateProperties"]["signatureAlgorithmRef"];
    let signature = components.iter().find(|it| it["bom-ref"] == *reference).unwrap();
    assert_eq!(signature["cryptoProperties"]["algorithmProperties"]["nistQuantumSecurityLevel"], 0);
    assert_eq!(signature["cryptoProperties"]["oid"], "1.2.840.10045.4.3.3");
    assert!(bom["serialNumber"].as_str().unwrap().starts_with("urn:uuid:"));
    assert!(bom["compositions"].is_null());
}

#[test]
fn algorithms_that_withstand_quantum_computers_have_their_category() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata");
    let found = run(&root, "inventory checks/algorithm-too-new --json");
    let document: Value = serde_json::from_slice(&found.stdout).unwrap();
    let rows = document["algorithms"].as_array().unwrap().iter().filter(|it| it["name"] == "ML-DSA-44");
    let levels: Vec<(&str, u64)> =
        rows.map(|it| (it["of"].as_str().unwrap(), it["nist_quantum_security_level"].as_u64().unwrap())).collect();
    assert_eq!(levels, [("key", 2)], "{document}");
}

#[test]
fn what_could_not_be_looked_at_is_told() {
    let folder = plant();
    let at = folder.path();
    fs::write(at.join("word"), "other-Secret-911\n").unwrap();
    fs::write(at.join("tls/cut.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n").unwrap();
    let output = run(at, "inventory --config plant.toml 127.0.0.1:1 --format cyclonedx");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let bom: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(bom["compositions"][0]["aggregate"], "incomplete");
    let unseen = bom["metadata"]["properties"].to_string();
    for place in ["127.0.0.1:1", "tls/twx.p12", "tls/cut.pem"] {
        assert!(unseen.contains(place), "{place}: {unseen}");
    }
    for bad in ["inventory", "inventory no-such-file", "inventory plant-ca --jobs 0", "inventory plant-ca -o plant.xml"]
    {
        let output = run(at, bad);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0), "{bad}");
    }
}

//! What somebody has marked as not to be trusted, nobody has proven, or somebody has revoked: no way around it makes it
//! trusted again.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A folder with a root, a CA below it and a server's certificate, all made by the command, and what tells of them.
struct Plant {
    folder: tempfile::TempDir,
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

impl Plant {
    fn new() -> Plant {
        let plant = Plant { folder: tempfile::tempdir().unwrap() };
        plant.write("password", "Sesame-Opens-417\n");
        let key = ["--key-type", "ec:p256", "--no-password"];
        plant.make(
            &[&["generate", "ca", "--name", "Plant Root", "--issuing", "Plant Issuing", "-o", "ca"], &key[..]].concat(),
        );
        let server = ["generate", "https", "--name", "twx.plant.test", "--issuer", "ca/issuing", "-o", "twx"];
        plant.make(&[&server, &key[..]].concat());
        plant
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), contents).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_certkit"))
            .args(arguments)
            .current_dir(&self.folder)
            .env_remove("CERTKIT_WEAK_KEYS")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn make(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    }

    fn status(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        (output.status.code().unwrap(), said(&output))
    }

    fn ids(&self, arguments: &[&str]) -> Vec<String> {
        let output = self.run(&[&["check", "--json"], arguments].concat());
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = document["findings"].as_array().into_iter().flatten();
        findings.map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    }
}

fn openssl(plant: &Plant, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(&plant.folder).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
}

const ROOT: &str = "ca/root/ca.pem";
const ISSUING: &str = "ca/issuing/ca.pem";
const LEAF: &str = "twx/twx.plant.test.pem";
const CHAIN: &str = "twx/twx.plant.test-chain.pem";
const CURRENT: &str = "ca/issuing/ca.crl";
const ABOVE: &str = "ca/root/ca.crl";

#[test]
fn a_mark_of_distrust_goes_along_and_wins() {
    let plant = Plant::new();
    openssl(&plant, &["x509", "-in", ROOT, "-addreject", "serverAuth", "-trustout", "-out", "rejected.pem"]);
    let both = std::fs::read_to_string(plant.path(ROOT)).unwrap()
        + &std::fs::read_to_string(plant.path("rejected.pem")).unwrap();
    plant.write("both.pem", both);
    assert!(plant.ids(&["rejected.pem"]).contains(&"distrusted".to_owned()));
    for trust in ["rejected.pem", "both.pem"] {
        let (status, text) =
            plant.status(&["verify", CHAIN, "--trust", trust, "--host", "twx.plant.test", "--revocation", "off"]);
        assert!(status == 2 && text.contains("28"), "{trust}: {text}");
    }
    // What counts for clients says nothing of servers.
    openssl(&plant, &["x509", "-in", ROOT, "-addreject", "clientAuth", "-trustout", "-out", "servers.pem"]);
    let verify = |more: &[&str]| {
        plant.status(&[&["verify", CHAIN, "--trust", "servers.pem", "--revocation", "off"], more].concat())
    };
    let (status, text) = verify(&["--host", "twx.plant.test"]);
    assert_eq!(status, 0, "{text}");
    let (status, text) = verify(&["--purpose", "client"]);
    assert!(status == 2 && text.contains("distrusted"), "{text}");
    let (_, text) = plant.status(&["trust", "list", "rejected.pem"]);
    assert!(text.contains("no anchor"), "{text}");
    let (status, text) = plant.status(&["convert", "rejected.pem", "-o", "none.pem"]);
    assert!(status == 3 && text.contains("must not be trusted"), "{text}");
    // Its own file says so.
    let (status, text) =
        plant.status(&["verify", "rejected.pem", "--trust", ROOT, "--purpose", "any", "--revocation", "off"]);
    assert!(status == 2 && text.contains("distrusted"), "{text}");
    for store in ["store.pem", "opcua:store", "store.jks"] {
        let (status, text) =
            plant.status(&["trust", "add", store, "rejected.pem", "--create", "--password-file", "password"]);
        assert_eq!(status, 2, "{store}: {text}");
        assert!(text.contains("distrusted"), "{store}: {text}");
    }
    let (status, text) = plant.status(&["convert", "rejected.pem", LEAF, "-o", "plain.pem"]);
    assert_eq!(status, 1, "{text}");
    let written = std::fs::read_to_string(plant.path("plain.pem")).unwrap();
    assert_eq!(written.matches("BEGIN").count(), 1, "{text}");
}

#[test]
fn what_nobody_has_proven_is_not_exported() {
    let plant = Plant::new();
    plant.make(&["trust", "add", "jks:store", ROOT, "--create", "--password-file", "password"]);
    let (status, text) = plant.status(&["trust", "export", "jks:store", "-o", "out.pem"]);
    assert_eq!((status, plant.path("out.pem").exists()), (3, false), "{text}");
    assert!(text.contains("--password-file"), "{text}");
    let (_, text) = plant.status(&["trust", "list", "jks:store"]);
    assert!(text.contains("note"), "{text}");
    plant.make(&["trust", "export", "jks:store", "-o", "out.pem", "--password-file", "password"]);
    // A byte of it is another one: no password proves it.
    let mut bytes = std::fs::read(plant.path("store")).unwrap();
    let at = bytes.len() - 40;
    bytes[at] ^= 1;
    plant.write("store", bytes);
    let (status, text) =
        plant.status(&["trust", "export", "jks:store", "-o", "new.pem", "--password-file", "password"]);
    assert_eq!((status, plant.path("new.pem").exists()), (3, false), "{text}");
}

#[test]
fn a_list_that_cannot_be_read_is_unknown_wherever_it_lies() {
    let plant = Plant::new();
    std::fs::create_dir_all(plant.path("plain")).unwrap();
    let copy = |from: &str, to: &str| _ = std::fs::copy(plant.path(from), plant.path(to)).unwrap();
    for (from, to) in [(ROOT, "plain/root.pem"), (CURRENT, "plain/old.crl"), (ABOVE, "plain/root.crl")] {
        copy(from, to);
    }
    let verify = |trust: &str| {
        plant.status(&["verify", CHAIN, "--trust", trust, "--host", "twx.plant.test", "--revocation", "required"])
    };
    let (status, text) = verify("plain");
    assert_eq!(status, 0, "{text}");
    for content in [&b""[..], b"<html>not here</html>", b"PK\x03\x04"] {
        plant.write("plain/new.crl", content);
        let (status, text) = verify("plain");
        assert_eq!(status, 2, "{content:?}: {text}");
    }
    let hash =
        Command::new("openssl").args(["x509", "-noout", "-hash", "-in", ROOT]).current_dir(&plant.folder).output();
    let hash = String::from_utf8(hash.unwrap().stdout).unwrap();
    std::fs::create_dir_all(plant.path("hashed")).unwrap();
    copy(ROOT, &format!("hashed/{}.0", hash.trim()));
    copy(CURRENT, "hashed/0a1b2c3d.r0");
    copy(ABOVE, &format!("hashed/{}.r0", hash.trim()));
    let (status, text) = verify("hashed");
    assert_eq!(status, 0, "{text}");
    plant.write("hashed/0a1b2c3d.r1", b"PK\x03\x04");
    let (status, text) = verify("hashed");
    assert_eq!(status, 2, "{text}");
    plant.make(&["convert", ROOT, CURRENT, ABOVE, "-o", "bundle.pem"]);
    let whole = std::fs::read_to_string(plant.path("bundle.pem")).unwrap();
    let (status, text) = verify("bundle.pem");
    assert_eq!(status, 0, "{text}");
    plant.write("bundle.pem", whole + "-----BEGIN X509 CRL-----\n====\n-----END X509 CRL-----\n");
    let (status, text) = verify("bundle.pem");
    assert_eq!(status, 2, "{text}");
}

#[test]
fn a_top_that_a_list_names_is_not_fine() {
    let plant = Plant::new();
    plant.make(&["revoke", "--issuer", "ca/root", ISSUING]);
    // Who signed the list is not at hand.
    assert!(plant.ids(&["--profile", "ca", ISSUING, "--crl", ABOVE]).contains(&"revocation-unknown".to_owned()));
    let (status, text) = plant.status(&["trust", "add", "store.pem", ISSUING, "--crl", ABOVE, "--create"]);
    assert_eq!(status, 2, "{text}");
    // An anchor that its issuer has revoked is none.
    let verify = ["verify", CHAIN, "--trust", ISSUING, "--untrusted", ROOT, "--host", "twx.plant.test"];
    let (status, text) = plant.status(&[&verify[..], &["--crl", CURRENT, "--crl", ABOVE]].concat());
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("revoked"), "{text}");
}

#[test]
fn a_ca_neither_revokes_nor_renews_what_it_has_not_signed() {
    let plant = Plant::new();
    let serial =
        Command::new("openssl").args(["x509", "-noout", "-serial", "-in", LEAF]).current_dir(&plant.folder).output();
    let serial = String::from_utf8(serial.unwrap().stdout).unwrap();
    let serial = format!("0x{}", serial.trim().trim_start_matches("serial="));
    openssl(&plant, &["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "evil.key"]);
    // A CA of the same name with another key signs a certificate of the victim's number.
    plant.make(&[
        "generate",
        "ca",
        "--name",
        "Plant Root",
        "--issuing",
        "Plant Issuing",
        "--key-type",
        "ec:p256",
        "-o",
        "evil",
        "--no-password",
    ]);
    openssl(&plant, &["req", "-new", "-key", "evil.key", "-subj", "/CN=evil.plant.test", "-out", "evil.csr"]);
    let ca = ["-CA", "evil/issuing/ca.pem", "-CAkey", "evil/issuing/ca-key.pem"];
    openssl(
        &plant,
        &[&["x509", "-req", "-in", "evil.csr", "-set_serial", &serial, "-out", "forged.pem"], &ca[..]].concat(),
    );
    let before = std::fs::read(plant.path(CURRENT)).unwrap();
    let (status, text) = plant.status(&["revoke", "--issuer", "ca/issuing", "forged.pem"]);
    assert_eq!(status, 3, "{text}");
    assert!(text.contains("not signed by its key"), "{text}");
    assert_eq!(std::fs::read(plant.path(CURRENT)).unwrap(), before);
    let renew = |name: &str| plant.status(&["renew", name, "--issuer", "ca/issuing", "--cert-out", "renewed.pem"]);
    let (status, text) = renew("forged.pem");
    assert_eq!((status, plant.path("renewed.pem").exists()), (3, false), "{text}");
    plant.make(&["revoke", "--issuer", "ca/issuing", LEAF]);
    let (status, text) = renew(LEAF);
    assert_eq!((status, plant.path("renewed.pem").exists()), (3, false), "{text}");
    assert!(text.contains("has revoked"), "{text}");
}

#[test]
fn the_renewal_of_a_root_goes_in_beside_the_old_one() {
    let plant = Plant::new();
    plant.make(&["renew", ROOT, "--key", "ca/root/ca-key.pem", "--days", "5000", "--cert-out", "renewed.pem"]);
    let old = std::fs::read(plant.path(ROOT)).unwrap();
    plant.write("store.pem", old);
    let (status, text) = plant.status(&["trust", "add", "store.pem", "renewed.pem"]);
    assert!(status < 2, "{text}");
    assert!(!text.contains("looks-self-signed") && !text.contains("validity-outside-issuer"), "{text}");
}

#[test]
fn what_is_no_certificate_goes_into_no_key_store() {
    let plant = Plant::new();
    let leaf = std::fs::read_to_string(plant.path(LEAF)).unwrap();
    plant.write("odd.pem", leaf.clone() + "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
    let key = "twx/twx.plant.test-key.pem";
    let convert = ["-o", "store.p12", "--force", "--new-password-file", "password"];
    let (status, text) = plant.status(&[&["convert", "odd.pem", key], &convert[..]].concat());
    assert_eq!(status, 1, "{text}");
    let (_, text) = plant.status(&["trust", "list", "store.p12", "--password-file", "password"]);
    assert!(!text.contains("no certificate"), "{text}");
}

#[test]
fn a_store_without_a_certificate_is_not_told_of_others() {
    let plant = Plant::new();
    plant.write(
        "empty.p12",
        certkit_core::container::pkcs12::encode(&[], certkit_core::container::pkcs12::Locked::Open).unwrap(),
    );
    let ids = plant.ids(&["empty.p12", LEAF, "twx/twx.plant.test-key.pem"]);
    assert!(!ids.contains(&"trusted-entries-unseen".to_owned()), "{ids:?}");
}

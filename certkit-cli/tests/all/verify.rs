//! `certkit verify` as a user types it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::{DAY, Moment};
use serde_json::Value;

/// A root, its namesake with another key, an issuing CA and a server's certificate, in files.
struct Plant {
    folder: tempfile::TempDir,
}

impl Plant {
    fn new() -> Plant {
        let now = Moment::now();
        let root = |key: &KeyPair| {
            Template::new(Kind::Root, "CN=Test Root".parse().unwrap(), Validity::days(now, 3650))
                .issue(&key.public_key().unwrap(), &Issuer::itself(key))
                .unwrap()
        };
        let keys: Vec<KeyPair> = (0..4).map(|_| KeyPair::generate(KeyType::P256).unwrap()).collect();
        let (trusted, namesake) = (root(&keys[0]), root(&keys[1]));
        let issuing =
            Template::new(Kind::IssuingAuthority, "CN=Test Issuing".parse().unwrap(), Validity::days(now, 1825))
                .issue(&keys[2].public_key().unwrap(), &Issuer::authority(&trusted, &keys[0]).unwrap())
                .unwrap();
        let leaf = Template::new(Kind::Https, "CN=plc7.plant.test".parse().unwrap(), Validity::days(now, 365))
            .alternative_names(["plc7.plant.test", "10.0.0.7"].map(AlternativeName::host))
            .issue(&keys[3].public_key().unwrap(), &Issuer::authority(&issuing, &keys[2]).unwrap())
            .unwrap();
        let plant = Plant { folder: tempfile::tempdir().unwrap() };
        plant.write("root.pem", &text(&[&trusted]));
        plant.write("namesake.pem", &text(&[&namesake]));
        plant.write("issuing.pem", &text(&[&issuing]));
        plant.write("leaf.pem", &text(&[&leaf]));
        plant.write("chain.pem", &text(&[&leaf, &issuing]));
        plant.write("broken.pem", &pem::encode("CERTIFICATE", &leaf.der()[..leaf.der().len() - 9]));
        plant.write("root.key", &pem::encode("PRIVATE KEY", &keys[0].to_pkcs8().unwrap()));
        plant.write("issuing.key", &pem::encode("PRIVATE KEY", &keys[2].to_pkcs8().unwrap()));
        plant
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), text).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `certkit verify` in the plant's folder.
    fn verify(&self, line: &str) -> Output {
        self.run(&format!("verify {line}"))
    }

    fn run(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        command.args(line.split_whitespace()).current_dir(self.folder.path()).stdin(Stdio::null()).output().unwrap()
    }

    fn status(&self, line: &str) -> i32 {
        self.verify(line).status.code().unwrap()
    }

    fn json(&self, line: &str) -> Value {
        let output = self.verify(&format!("--json {line}"));
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{line}: {error}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// The ids of the errors.
    fn errors(&self, line: &str) -> Vec<String> {
        let json = self.json(line);
        assert_eq!(json["accepted"], json["verdict"] == "accepted");
        let findings = json["findings"].as_array().unwrap().iter();
        findings.filter(|it| it["severity"] == "error").map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    }
}

fn text(certificates: &[&Certificate]) -> String {
    certificates.iter().map(|it| pem::encode("CERTIFICATE", it.der())).collect()
}

#[test]
fn the_status_tells_accepted_rejected_and_not_judged() {
    let plant = Plant::new();
    for (line, wanted) in [
        ("--trust root.pem --revocation off chain.pem", 0),
        ("--trust root.pem --revocation off --untrusted issuing.pem leaf.pem", 0),
        ("--trust root.pem --revocation off --host plc7.plant.test --purpose server chain.pem", 0),
        ("--trust root.pem --revocation off --host 10.0.0.7 chain.pem", 0),
        ("--trust root.pem chain.pem", 1),
        // OpenSSL wants a root above it (error 20); Java takes it.
        ("--trust leaf.pem --revocation off leaf.pem", 1),
        ("--profile rfc5280 --trust root.pem --revocation off chain.pem", 0),
        ("--trust root.pem leaf.pem", 2),
        ("--trust root.pem --host plc8.plant.test chain.pem", 2),
        ("--trust root.pem --purpose client chain.pem", 2),
        ("--trust root.pem --max-depth 0 chain.pem", 2),
        ("--trust root.pem --email a@plant.test chain.pem", 2),
        ("--trust root.pem --explicit-policy chain.pem", 2),
        ("--trust root.pem --at 1999-01-01 chain.pem", 2),
        ("--trust root.pem --revocation required chain.pem", 2),
        ("--trust namesake.pem chain.pem", 2),
        ("--trust root.pem broken.pem", 2),
        ("--trust broken.pem chain.pem", 2),
        ("chain.pem", 3),
        ("--trust root.pem", 3),
        ("--trust root.pem absent.pem", 3),
        ("--trust root.pem root.key", 3),
        ("--trust absent.pem chain.pem", 3),
        ("--trust root.key chain.pem", 3),
        ("--trust root.pem --crl leaf.pem chain.pem", 3),
        ("--trust root.pem --host a..b chain.pem", 3),
        ("--trust root.pem --policy any chain.pem", 3),
        ("--trust root.pem https://plant.test", 3),
        ("--profile nonsense --trust root.pem chain.pem", 3),
    ] {
        assert_eq!(plant.status(line), wanted, "{line}");
    }
}

#[test]
fn every_reason_is_said_with_openssls_number() {
    let plant = Plant::new();
    let line = "--trust root.pem --at 2060-01-01 --host plc8.plant.test chain.pem";
    assert_eq!(plant.errors(line), ["expired", "expired", "expired", "host-mismatch"]);
    let json = plant.json(line);
    assert_eq!(json["schema"], "certkit.verify/1");
    let numbers: Vec<_> = json["findings"].as_array().unwrap().iter().map(|it| &it["openssl"]["number"]).collect();
    assert_eq!(numbers, [10, 10, 10, 62, 3]);
    assert_eq!(json["certificates"].as_array().unwrap().len(), 3);
    let text = String::from_utf8(plant.verify(line).stdout).unwrap();
    for part in ["Best candidate", "host-mismatch", "X509_V_ERR_HOSTNAME_MISMATCH", "REJECTED: 4 errors, 1 warning"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(plant.errors("--trust root.pem broken.pem"), ["certificate-undecodable"]);
}

#[test]
fn the_document_is_as_its_schema_says() {
    let plant = Plant::new();
    let schema: Value = serde_json::from_slice(&plant.run("schema verify").stdout).unwrap();
    for line in ["--trust root.pem chain.pem", "--trust namesake.pem chain.pem", "--trust root.pem broken.pem"] {
        let json = plant.json(line);
        let properties = schema["properties"].as_object().unwrap();
        assert!(json.as_object().unwrap().keys().all(|key| properties.contains_key(key)), "{line}");
        let mut required = schema["required"].as_array().unwrap().iter();
        assert!(required.all(|key| json.get(key.as_str().unwrap()).is_some()), "{line}");
    }
}

#[test]
fn the_near_miss_is_named() {
    let plant = Plant::new();
    let json = plant.json("--trust namesake.pem chain.pem");
    let near = &json["near_misses"][0];
    assert_eq!((&near["subject_dn"], &near["kind"]), (&"CN=Test Root".into(), &"signature".into()), "{json}");
    let text = String::from_utf8(plant.verify("--trust namesake.pem chain.pem").stdout).unwrap();
    assert!(text.contains("CN=Test Root is nearly the issuer of CN=Test Issuing"), "{text}");
}

#[test]
fn revocation_is_required_as_soon_as_a_list_is_given() {
    let plant = Plant::new();
    let revoke = |line: &str| assert!(plant.run(&format!("revoke {line}")).status.success(), "{line}");
    revoke("--issuer root.pem --issuer-key root.key --crl root.crl");
    revoke("--issuer issuing.pem --issuer-key issuing.key --crl issuing.crl");
    assert_eq!(plant.errors("--trust root.pem --crl root.crl chain.pem"), ["revocation-unknown"]);
    assert_eq!(plant.status("--trust root.pem --crl root.crl --crl issuing.crl chain.pem"), 0);
    assert_eq!(plant.json("--trust root.pem --crl root.crl --crl issuing.crl chain.pem")["revocation"], "required");
    revoke("--issuer issuing.pem --issuer-key issuing.key --crl issuing.crl leaf.pem");
    let line = "--trust root.pem --crl root.crl --crl issuing.crl chain.pem";
    assert_eq!(plant.errors(line), ["revoked"]);
    assert_eq!(plant.json(line)["findings"][0]["openssl"]["number"], 23);
    assert_eq!(plant.status(&format!("{line} --revocation off")), 0);
    // The same lists serve the gate, under any profile.
    for profile in ["https", "rfc5280", "tls"] {
        let line =
            format!("check --json --profile {profile} --trust root.pem --crl root.crl --crl issuing.crl chain.pem");
        let json: Value = serde_json::from_slice(&plant.run(&line).stdout).unwrap();
        let ids: Vec<_> = json["findings"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
        assert!(ids.iter().any(|id| **id == "revoked"), "{profile}: {ids:?}");
    }
}

#[test]
fn check_judges_as_relying_parties_do() {
    let plant = Plant::new();
    for (profile, host, wanted) in
        [("rfc5280", "plc7.plant.test", 0), ("webpki", "plc7.plant.test", 0), ("tls", "plc8.plant.test", 2)]
    {
        let output = plant.run(&format!("check --profile {profile} --trust root.pem --host {host} chain.pem"));
        assert_eq!(output.status.code(), Some(wanted), "{profile}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn a_batch_gives_a_verdict_a_line() {
    let plant = Plant::new();
    let root = std::fs::read_to_string(plant.file("root.pem")).unwrap();
    let chain = std::fs::read_to_string(plant.file("chain.pem")).unwrap();
    let lines = [
        serde_json::json!({"id": "a", "leaf": "chain.pem", "trust": "root.pem"}),
        serde_json::json!({"id": "b", "leaf": chain, "trust": [root], "host": "plc7.plant.test", "at": null}),
        serde_json::json!({"id": "c", "leaf": chain, "host": "plc8.plant.test"}),
        serde_json::json!({"id": "d", "leaf": "absent.pem"}),
        serde_json::json!({"id": "e", "leaf": chain, "profil": "tls"}),
        serde_json::json!({"id": "f"}),
        serde_json::json!({"id": "g", "leaf": "broken.pem"}),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    plant.write("lines.jsonl", &format!("{text}\nno json\n"));
    let output = plant.verify("--trust root.pem --revocation off --batch lines.jsonl");
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stdout).unwrap();
    let verdicts: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let words: Vec<_> = verdicts.iter().map(|it| it["verdict"].as_str().unwrap()).collect();
    let (accepted, rejected, not_judged) = ("accepted", "rejected", "not-judged");
    assert_eq!(words, [accepted, accepted, rejected, not_judged, not_judged, not_judged, rejected, not_judged]);
    // What could not be judged at all says why.
    let errors: Vec<bool> = verdicts.iter().map(|it| it["error"].is_string()).collect();
    assert_eq!(errors, [false, false, false, true, true, true, false, true]);
    let numbers: Vec<_> = verdicts.iter().map(|it| it["line"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 9]);
    assert_eq!((&verdicts[2]["id"], &verdicts[2]["findings"][0]["id"]), (&"c".into(), &"host-mismatch".into()));
    assert!(verdicts[3]["error"].as_str().unwrap().contains("absent.pem"), "{}", verdicts[3]);
    assert!(verdicts[4]["error"].as_str().unwrap().contains("profil"), "{}", verdicts[4]);
}

#[test]
fn a_batch_of_good_leaves_is_a_0_and_shares_what_it_reads() {
    let plant = Plant::new();
    let line = "{\"leaf\": \"leaf.pem\", \"untrusted\": \"issuing.pem\"}\n";
    plant.write("lines.jsonl", &line.repeat(500));
    let start = std::time::Instant::now();
    let output = plant.verify("--trust root.pem --revocation off --batch lines.jsonl");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout.split(|octet| *octet == b'\n').count(), 501);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    plant.write("empty.jsonl", "\n");
    assert_eq!(plant.status("--trust root.pem --batch empty.jsonl"), 3);
    let soon = Moment::now().plus(DAY);
    assert_eq!(plant.status(&format!("--trust root.pem --revocation off --at {} chain.pem", soon.date())), 0);
}

#[test]
fn responses_count_as_lists_do() {
    let plant = Plant::new();
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/ocsp");
    for name in ["ca.pem", "good.pem", "revoked.pem", "good-of-ca.der", "good-careless.der", "revoked-of-ca.der"] {
        std::fs::copy(data.join(name), plant.file(name)).unwrap();
    }
    let line = "--trust ca.pem --purpose any --at 2026-11-24T00:00:00Z";
    assert!(plant.errors(&format!("{line} --ocsp good-of-ca.der good.pem")).is_empty());
    assert_eq!(plant.errors(&format!("{line} --ocsp good-careless.der good.pem")), ["revocation-unknown"]);
    assert_eq!(plant.errors(&format!("{line} --ocsp revoked-of-ca.der revoked.pem")), ["revoked"]);
}

#[test]
fn what_names_no_address_is_not_asked_about() {
    let plant = Plant::new();
    let line = "--trust root.pem --online --revocation required chain.pem";
    assert_eq!(plant.errors(line), ["revocation-unknown", "revocation-unknown"]);
    assert!(plant.verify(line).stderr.is_empty());
}

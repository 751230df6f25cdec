//! What the command line promises, where files are not what people take them for: trust files with leaves in them, stores with
//! keys, bundles of everything.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType,
};
use serde_json::Value;

/// A root, an issuing CA that has expired, servers and an application of OPC UA, all issued by it.
struct Plant(tempfile::TempDir);

fn params(name: &str, until: i32) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.use_authority_key_identifier_extension = true;
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    params
}

fn authority(name: &str, until: i32) -> CertificateParams {
    let mut params = params(name, until);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn server(uri: Option<&str>) -> CertificateParams {
    let mut params = params("plc7.plant.example", 2040);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let year = 1970 + i32::try_from(now / 31_556_952).unwrap();
    params.not_before = rcgen::date_time_ymd(year, 1, 1);
    params.not_after = rcgen::date_time_ymd(year + 2, 1, 1);
    params.subject_alt_names = vec![SanType::DnsName("plc7.plant.example".try_into().unwrap())];
    params.subject_alt_names.extend(uri.map(|uri| SanType::URI(uri.try_into().unwrap())));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

impl Plant {
    fn new() -> Plant {
        let plant = Plant(tempfile::tempdir().unwrap());
        let keys = [(); 3].map(|()| KeyPair::generate().unwrap());
        let root = authority("Root", 2040);
        let root_text = root.self_signed(&keys[0]).unwrap().pem();
        let root = Issuer::from_params(&root, &keys[0]);
        let [old, issuing] = [2024, 2040].map(|until| authority("Issuing", until));
        let [old_text, issuing_text] = [&old, &issuing].map(|it| it.signed_by(&keys[1], &root).unwrap().pem());
        let by_issuing = Issuer::from_params(&issuing, &keys[1]);
        let issue = |params: CertificateParams| params.signed_by(&keys[2], &by_issuing).unwrap().pem();
        let leaf = issue(server(None));
        let mut application = server(Some("urn:plc7:Plant:App"));
        application.distinguished_name.push(DnType::CommonName, "App");
        for (name, text) in [
            ("root.pem", root_text.clone()),
            ("trust.pem", [&*leaf, &old_text, &root_text].concat()),
            ("sound.pem", [&*leaf, &issuing_text, &root_text].concat()),
            ("chain.pem", [&*leaf, &issuing_text].concat()),
            ("two.pem", [&*leaf, &issue(application), &issuing_text].concat()),
            ("web.pem", [&*issue(server(Some("spiffe://plant/plc7"))), &issuing_text].concat()),
            (
                "other.pem",
                [&*leaf, &issuing_text, &authority("Other", 2024).self_signed(&keys[0]).unwrap().pem()].concat(),
            ),
            ("leaf.pem", leaf.clone()),
            ("leaf.key", keys[2].serialize_pem()),
            ("password", "Sesame-Opens-417\n".to_owned()),
        ] {
            std::fs::write(plant.path(name), text).unwrap();
        }
        plant
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        command.args(line.split_whitespace()).current_dir(self.0.path()).stdin(Stdio::null()).output().unwrap()
    }

    fn status(&self, line: &str) -> i32 {
        self.run(line).status.code().unwrap()
    }

    /// The findings as `id` of the certificate with this index.
    fn findings(&self, line: &str) -> (Vec<String>, Vec<(String, String)>) {
        let output = self.run(line);
        let json: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{line}: {error}: {}", String::from_utf8_lossy(&output.stderr)));
        let subjects: Vec<&str> =
            json["certificates"].as_array().unwrap().iter().map(|it| it["subject_dn"].as_str().unwrap()).collect();
        let of = |it: &Value| {
            let at = it["certificate_index"].as_u64().and_then(|at| usize::try_from(at).ok());
            (it["id"].as_str().unwrap().to_owned(), at.map_or("", |at| subjects[at]).to_owned())
        };
        let profiles = json["profiles"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect();
        (profiles, json["findings"].as_array().unwrap().iter().map(of).collect())
    }
}

fn has(findings: &[(String, String)], id: &str, subject: &str) -> bool {
    findings.iter().any(|(found, of)| found == id && of.contains(subject))
}

#[test]
fn a_leaf_among_the_anchors_clears_nobody_above_it() {
    let plant = Plant::new();
    // OpenSSL 3.0: error 10 at depth 1; Java, Go and GnuTLS stop at the leaf.
    for (line, wanted) in [
        ("verify --trust trust.pem --revocation off leaf.pem", 2),
        ("verify --trust trust.pem --revocation off --program openssl leaf.pem", 2),
        ("verify --trust trust.pem --revocation off --program python leaf.pem", 2),
        ("verify --trust trust.pem --revocation off --program go leaf.pem", 0),
        // `certtool`: the issuer of a leaf that is trusted alone is unknown.
        ("verify --trust leaf.pem --revocation off --program gnutls leaf.pem", 2),
        ("verify --trust sound.pem --revocation off leaf.pem", 0),
        ("verify --trust sound.pem --revocation off --program openssl leaf.pem", 0),
        ("check --trust trust.pem --profile https leaf.pem", 2),
        ("check --trust sound.pem --profile https chain.pem", 0),
    ] {
        let output = plant.run(line);
        assert_eq!(output.status.code(), Some(wanted), "{line}: {}", String::from_utf8_lossy(&output.stdout));
    }
    let output = plant.run("verify --json --trust sound.pem --revocation off leaf.pem");
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["certificates"].as_array().unwrap().len(), 3, "up to the root: {json:#}");
}

#[test]
fn each_leaf_of_a_file_is_judged_as_what_it_is() {
    let plant = Plant::new();
    let (profiles, findings) = plant.findings("check --json --trust root.pem two.pem");
    assert_eq!(profiles, ["https", "opcua"]);
    assert!(
        !has(&findings, "opcua-organization-missing", "plc7") && has(&findings, "opcua-organization-missing", "App"),
        "{findings:?}"
    );
    let (profiles, findings) = plant.findings("check --json --trust root.pem web.pem");
    assert_eq!(profiles, ["https"], "a URI of another scheme is no ApplicationUri: {findings:?}");
    // A CA that has issued none of the others is one to be trusted, as in a store.
    let (profiles, findings) = plant.findings("check --json --trust root.pem other.pem");
    assert_eq!(profiles, ["https", "ca"]);
    assert!(has(&findings, "expired", "Other") && has(&findings, "chain-unrelated", "Other"), "{findings:?}");
}

#[test]
fn private_keys_go_where_they_are_meant_to_go() {
    let plant = Plant::new();
    for name in ["leak.crt", "leak.CER"] {
        let output = plant.run(&format!("convert leaf.key leaf.pem -o {name}"));
        let text = std::fs::read_to_string(plant.path(name)).unwrap();
        assert!(
            output.status.code() == Some(1) && !text.contains("PRIVATE KEY") && text.contains("BEGIN CERT"),
            "{text}"
        );
    }
    assert_eq!(plant.status("convert leaf.key leaf.pem -o both.pem"), 0);
    assert_eq!((plant.status("convert leaf.key -o key.crt"), plant.path("key.crt").exists()), (3, false));
    // The chain of a key is presented, and trusted by nobody for that.
    assert_eq!(plant.status("convert leaf.key sound.pem -o own.p12 --new-password-file password"), 0);
    let output = plant.run("verify --trust own.p12 --trust-password-file password --revocation off leaf.pem");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(3) && text.contains("no trusted certificate"), "{text}");
}

#[test]
fn a_report_replaces_reports_alone() {
    let plant = Plant::new();
    let before = std::fs::read(plant.path("leaf.key")).unwrap();
    for command in ["check", "expiry", "inventory"] {
        for name in ["leaf.key", "chain.pem"] {
            let kept = plant.run(&format!("{command} leaf.pem --format json -o {name}"));
            let text = String::from_utf8_lossy(&kept.stderr);
            assert!(kept.status.code() == Some(3) && text.contains("it is kept"), "{command}: {text}");
        }
        for _ in 0..2 {
            assert_ne!(plant.status(&format!("{command} leaf.pem --format json -o {command}.json")), 3, "{command}");
        }
    }
    assert_eq!(std::fs::read(plant.path("leaf.key")).unwrap(), before);
    // A store that nobody opens is kept, too, and one of another kind.
    assert_eq!(plant.status("convert leaf.key leaf.pem -o own.p12 --new-password-file password"), 0);
    std::fs::write(plant.path("other.bin"), b"\x00\x01\x02 another store").unwrap();
    for name in ["own.p12", "other.bin"] {
        assert_eq!(plant.status(&format!("check leaf.pem --format json -o {name}")), 3, "{name}");
    }
    // Nor is somebody's text, or another table.
    for (name, text) in [("notes.txt", "what I have seen"), ("table.csv", "a,b\n1,2\n"), ("plant.json", "{\"a\": 1}")] {
        std::fs::write(plant.path(name), text).unwrap();
        assert_eq!(plant.status(&format!("expiry leaf.pem --format csv -o {name}")), 3, "{name}");
        assert_eq!(std::fs::read_to_string(plant.path(name)).unwrap(), text);
    }
    for (command, formats) in [
        ("expiry", &["text", "json", "jsonl", "csv", "nagios", "prometheus", "influx", "html", "ics"][..]),
        ("check", &["text", "json", "sarif", "junit"]),
        ("inventory", &["text", "json", "csv", "cyclonedx"]),
    ] {
        for format in formats {
            for _ in 0..2 {
                let line = format!("{command} leaf.pem --format {format} -o {command}.{format}");
                assert_ne!(plant.status(&line), 3, "{line}");
            }
        }
    }
    // What is read is never written over.
    assert_eq!(plant.status("expiry merge expiry.jsonl --format jsonl -o expiry.jsonl --force"), 3);
    assert_ne!(plant.status("check leaf.pem --format json -o leaf.key --force"), 3);
}

#[test]
fn what_kepware_imports_is_cas_and_one_certificate_for_a_der_file() {
    let plant = Plant::new();
    // The leaf is presented by its holder; its CA is what to trust.
    assert_eq!(plant.status("convert chain.pem --for kepware -o trusted.cer"), 1);
    let text = std::fs::read_to_string(plant.path("trusted.cer")).unwrap();
    assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 1, "{text}");
    assert_eq!(plant.status("convert leaf.pem --for kepware -o leaf.cer"), 0);
    let refused = plant.run("convert sound.pem --for kepware -o two.der");
    let text = String::from_utf8_lossy(&refused.stderr);
    assert!(refused.status.code() == Some(3) && text.contains("--as pem"), "{text}");
    assert!(!plant.path("two.der").exists());
}

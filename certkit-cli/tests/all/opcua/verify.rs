//! `certkit verify --profile opcua|opcua-user`.

use certkit_core::cert::Certificate;
use certkit_core::generate::{
    AlternativeName, Issuer, KeyPair, KeyType, Kind, Reason, Revocations, Template, Validity,
};
use certkit_core::moment::{DAY, Moment};
use serde_json::{Value, json};

use super::{Run, holds};

const URI: &str = "urn:plc7:Plant:Pump";

/// A CA in the trusted list of a PKI folder, an application below it, and its revocation lists.
struct Plant {
    folder: tempfile::TempDir,
}

impl Plant {
    fn new() -> Plant {
        let now = Moment::now();
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        };
        let template =
            |kind, subject: &str| Template::new(kind, subject.parse().unwrap(), Validity::days(now.plus(-DAY), 365));
        let (root_key, leaf_key) =
            (KeyPair::generate(KeyType::P256).unwrap(), KeyPair::generate(KeyType::P256).unwrap());
        let root = template(Kind::Root, "CN=Plant Root,O=Plant")
            .issue(&root_key.public_key().unwrap(), &Issuer::itself(&root_key))
            .unwrap();
        let by_root = Issuer::authority(&root, &root_key).unwrap();
        let leaf: Certificate = template(Kind::OpcUa, "CN=Pump,O=Plant")
            .alternative_names([AlternativeName::Uri(URI.to_owned()), AlternativeName::host("plc7")])
            .issue(&leaf_key.public_key().unwrap(), &by_root)
            .unwrap();
        let until = now.plus(30 * DAY);
        let mut revocations = Revocations::new(&by_root).unwrap();
        write("pki/trusted/certs/root.der", root.der());
        write("pki/trusted/crl/root.crl", revocations.sign(now, until).unwrap().der());
        write("pki/issuer/certs/.keep", b"");
        write("users/trustedUser/certs/root.der", root.der());
        write("users/trusted/certs/.keep", b"");
        write("pump.der", leaf.der());
        write("root.der", root.der());
        revocations.revoke(&leaf, now, Reason::KeyCompromise).unwrap();
        write("revoking.crl", revocations.sign(now, until).unwrap().der());
        Plant { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn verify(&self, more: &[&str]) -> (i32, Value) {
        let (pki, leaf) = (self.path("pki"), self.path("pump.der"));
        let run = Run::of(&[&["verify", "--profile", "opcua", "--pki", &pki, &leaf, "--json"], more].concat());
        (run.status, run.json())
    }
}

#[test]
fn the_status_code_stands_alone_on_the_last_line() {
    let plant = Plant::new();
    let question = [
        "verify",
        "--profile",
        "opcua",
        "--pki",
        &plant.path("pki"),
        "--application-uri",
        URI,
        &plant.path("pump.der"),
    ];
    let good = Run::of(&question);
    assert_eq!((good.status, good.stdout.lines().last()), (0, Some("Good")), "{}", good.stdout);
    let other = Run::of(&[&question[..], &["--host", "10.0.0.9", "--security-policy", "Basic256Sha256"]].concat());
    assert_eq!(other.status, 2);
    assert_eq!(other.stdout.lines().last(), Some("BadCertificatePolicyCheckFailed"), "{}", other.stdout);
    for words in ["would fail next", "BadCertificateHostNameInvalid", "would tell its client BadSecurityChecksFailed"] {
        assert!(other.stdout.contains(words), "{words}: {}", other.stdout);
    }
    std::fs::write(plant.path("broken.pem"), "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n")
        .unwrap();
    let broken = Run::of(&["verify", "--profile", "opcua", "--pki", &plant.path("pki"), &plant.path("broken.pem")]);
    assert_eq!((broken.status, broken.stdout.lines().last()), (2, Some("BadCertificateInvalid")), "{}", broken.stderr);
}

#[test]
fn the_document_has_steps_objections_and_stacks() {
    let plant = Plant::new();
    let (status, found) = plant.verify(&["--application-uri", "urn:other", "--stacks", "--purpose", "client"]);
    holds(&found, "verify");
    assert_eq!(
        (status, &found["status_code"], &found["accepted"]),
        (2, &json!("BadCertificateUriInvalid"), &json!(false))
    );
    let opcua = &found["opcua"];
    assert_eq!(opcua["told"], "BadCertificateUriInvalid");
    let outcomes: Vec<&str> =
        opcua["steps"].as_array().unwrap().iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes[4..8], ["passed", "passed", "passed", "failed"], "{outcomes:?}");
    assert_eq!(outcomes[3], "not_told");
    assert_eq!(opcua["objections"][0]["step"], 8);
    let open = opcua["stacks"].as_array().unwrap().iter().find(|it| it["stack"] == "open62541").unwrap();
    assert_eq!(open["status_code"], "BadCertificateInvalid");
    assert_eq!(found["findings"][0]["id"], "opcua-certificate-uri-invalid");
    assert_eq!(found["certificates"][1]["origin"], "in the trusted list");
}

#[test]
fn lists_may_be_named_file_by_file_and_errors_switched_off() {
    let plant = Plant::new();
    let (leaf, root, crl) = (plant.path("pump.der"), plant.path("root.der"), plant.path("revoking.crl"));
    let code = |more: &[&str]| {
        let run = Run::of(&[&["verify", "--profile", "opcua", &leaf, "--json"], more].concat());
        (run.status, run.json()["status_code"].as_str().unwrap().to_owned())
    };
    assert_eq!(code(&["--trust", &root]), (2, "BadCertificateRevocationUnknown".to_owned()));
    assert_eq!(code(&["--trust", &root, "--crl", &crl]), (2, "BadCertificateRevoked".to_owned()));
    assert_eq!(code(&["--trust", &leaf, "--untrusted", &root, "--revocation", "off"]), (0, "Good".to_owned()));
    assert_eq!(code(&["--trust", &leaf, "--untrusted", &root, "--revocation", "prefer"]), (1, "Good".to_owned()));
    let waived = ["--trust", &root, "--suppress", "BadCertificateRevocationUnknown"];
    assert_eq!(code(&waived), (1, "Good".to_owned()));
    for (more, words) in [
        (&["--trust", &root, "--suppress", "BadCertificateRevoked"][..], "cannot be suppressed"),
        (&["--trust", &root, "--suppress", "Nonsense"], "not an OPC UA status code"),
        (&["--trust", &root, "--security-policy", "Basic999"], "not a security policy"),
        (&["--trust", &root, "--email", "a@b"], "has no effect"),
        (&[], "no lists"),
    ] {
        let run = Run::of(&[&["verify", "--profile", "opcua", &leaf], more].concat());
        assert_eq!((run.status, run.stdout.as_str()), (3, ""), "{more:?}");
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
    let tls = Run::of(&["verify", "--trust", &root, "--pki", &plant.path("pki"), &leaf]);
    assert_eq!(tls.status, 3);
    assert!(tls.stderr.contains("--profile opcua"), "{}", tls.stderr);
}

#[test]
fn users_have_lists_of_their_own() {
    let plant = Plant::new();
    let verify = |folder: &str| {
        let folder = plant.path(folder);
        let run = Run::of(&[
            "verify",
            "--profile",
            "opcua-user",
            "--pki",
            &folder,
            "--revocation",
            "off",
            "--application-uri",
            "urn:other",
            &plant.path("pump.der"),
            "--json",
        ]);
        (run.status, run.json())
    };
    // Of what stands in `trusted` nothing counts where users have their own.
    let (status, found) = verify("users");
    assert_eq!(
        (status, &found["status_code"], &found["profile"]),
        (0, &json!("Good"), &json!("opcua-user")),
        "{found}"
    );
    std::fs::remove_file(plant.path("users/trustedUser/certs/root.der")).unwrap();
    let (status, found) = verify("users");
    assert_eq!(status, 2);
    assert_eq!(found["opcua"]["told"], "BadIdentityTokenRejected");
}

#[test]
fn a_batch_mixes_profiles() {
    let plant = Plant::new();
    let batch = plant.path("batch.jsonl");
    let lines = [
        json!({"profile": "opcua", "leaf": plant.path("pump.der"), "pki": plant.path("pki"), "application_uri": URI}),
        json!({"profile": "opcua", "leaf": plant.path("pump.der"), "pki": plant.path("pki"), "application_uri": "urn:x"}),
        json!({"profile": "opcua", "leaf": plant.path("pump.der"), "trust": plant.path("root.der"),
               "suppress": ["BadCertificateRevocationUnknown"]}),
        json!({"profile": "rfc5280", "leaf": plant.path("pump.der"), "trust": plant.path("root.der")}),
    ];
    std::fs::write(&batch, lines.map(|line| line.to_string()).join("\n")).unwrap();
    let run = Run::of(&["verify", "--batch", &batch]);
    let codes: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["status_code"].clone()).collect();
    assert_eq!(codes, [json!("Good"), json!("BadCertificateUriInvalid"), json!("Good"), Value::Null], "{}", run.stdout);
}

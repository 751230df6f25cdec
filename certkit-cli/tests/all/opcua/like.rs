//! `--like`: a live server as the model of a new certificate.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::{DAY, Moment};
use serde_json::{Value, json};

use super::server::{acknowledge, answering, chunk, endpoint_of, header, numbers, opened};
use super::{Run, holds};

/// How Kepware calls itself.
const URI: &str = "urn:plc7:Kepware.KEPServerEX.V6:UA Server";

/// A server that shows a self-signed certificate of this key, as Kepware does.
fn kepware(key: KeyType, uri: &str) -> SocketAddr {
    let own = KeyPair::generate(key).unwrap();
    let subject = "CN=KEPServerEX/UA Server,O=Unknown".parse().unwrap();
    let certificate = Template::new(Kind::OpcUa, subject, Validity::days(Moment::now().plus(-DAY), 365))
        .alternative_names([
            AlternativeName::Uri(uri.to_owned()),
            AlternativeName::host("plc7"),
            AlternativeName::host("10.0.0.7"),
        ])
        .issue(&own.public_key().unwrap(), &Issuer::itself(&own))
        .unwrap();
    let told = [header(431, 0), numbers(&[1]), endpoint_of(uri, certificate.der())].concat();
    answering(vec![acknowledge(), opened(), chunk('F', 2, &told)])
}

/// Runs certkit in a folder.
fn run(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_certkit"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Run {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A folder with a CA and a password.
fn plant() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pw.txt"), "Correct-Horse-7-Battery\n").unwrap();
    let made = ["generate", "ca", "--name", "Plant CA", "--key-type", "rsa:2048", "--no-password", "-o", "ca"];
    assert_eq!(run(folder.path(), &made).status, 0);
    folder
}

/// A field of what was compared: the old one and the new one.
fn field<'a>(document: &'a Value, name: &str) -> (&'a str, &'a str) {
    let fields = document["compared"]["fields"].as_array().unwrap();
    let field = fields.iter().find(|it| it["field"] == name).unwrap_or_else(|| panic!("{name}: {document:#}"));
    (field["old"].as_str().unwrap(), field["new"].as_str().unwrap())
}

#[test]
fn kepware_gets_a_certificate_in_place_of_its_own() {
    let folder = plant();
    let server = kepware(KeyType::Rsa2048, URI);
    let url = format!("opc.tcp://{server}/plant");
    let command = ["generate", "opcua", "--like", &url, "--issuer", "ca", "--for", "kepware"];
    let made =
        run(folder.path(), &[&command[..], &["--password-file", "pw.txt", "--cert-out", "new.pem", "--json"]].concat());
    // The blanks are a choice that is told.
    assert_eq!(made.status, 1, "{}", made.stderr);
    let document = made.json();
    holds(&document, "generate");
    assert_eq!(field(&document, "ApplicationUri"), (URI, URI));
    assert_eq!(field(&document, "hosts"), ("plc7, 10.0.0.7", "plc7, 10.0.0.7, 127.0.0.1"));
    assert_eq!(field(&document, "issuer").0, "self-signed");
    assert!(field(&document, "issuer").1.contains("Plant CA"));
    assert_eq!(field(&document, "key").0, field(&document, "key").1);
    assert!(field(&document, "subject").1.contains("KEPServerEX/UA Server"));
    let written: Vec<&str> =
        document["written"].as_array().unwrap().iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert!(written.contains(&"KEPServerEX_UA_Server.pfx") && written.contains(&"new.pem"), "{written:?}");
    assert!(document["notes"].to_string().contains("Instance Certificates, Import Certificate"));
    // The store opens, and holds key, certificate and CA.
    let inspected =
        run(folder.path(), &["inspect", "KEPServerEX_UA_Server.pfx", "--password-file", "pw.txt", "--json"]);
    assert_eq!(inspected.status, 0, "{}", inspected.stderr);
    assert_eq!(inspected.json()["certificates"].as_array().unwrap().len(), 2);
    assert_eq!(inspected.json()["certificates"][0]["uri_names"], json!([URI]));
    // And the server, asked as before, has nothing against it.
    // The recorded server tells a time of long ago.
    let now = Moment::now().to_string();
    let uri = ["--application-uri", URI, "--role", "client", "--at", &now];
    let met = run(folder.path(), &[&["preflight", "new.pem", &url, "--json"], &uri[..]].concat());
    let codes: Vec<&str> = (0..2)
        .map(|at| met.json()["sides"][at]["status_code"].as_str().unwrap().to_owned())
        .map(|it| if it == "Good" { "Good" } else { "other" })
        .collect();
    assert_eq!(codes[1], "Good", "{}", met.stdout);

    // The PFX itself can be asked for, too.
    let store = ["preflight", "KEPServerEX_UA_Server.pfx", &url, "--json", "--password-file", "pw.txt"];
    let of_store = run(folder.path(), &[&store[..], &uri[..]].concat());
    assert_eq!(of_store.json()["sides"][1]["status_code"], "Good", "{}{}", of_store.stdout, of_store.stderr);

    // As a person reads it.
    let text = run(folder.path(), &[&command[..], &["--password-file", "pw.txt", "--force"]].concat());
    assert!(text.stderr.contains("hosts: plc7, 10.0.0.7 \u{2192} plc7, 10.0.0.7, 127.0.0.1"), "{}", text.stderr);
    assert!(text.stderr.contains("ApplicationUri: as before"), "{}", text.stderr);
    // A PFX has a password; without one nothing is written.
    let refused = run(folder.path(), &[&command[..], &["--force"]].concat());
    assert!(refused.status == 3 && refused.stderr.contains("--password-file"), "{}", refused.stderr);
}

#[test]
fn blanks_stay_by_choice_alone_and_weak_keys_do_not() {
    let folder = plant();
    let url = format!("opc.tcp://{}/plant", kepware(KeyType::P256, URI));
    let command = ["request", "opcua", "--like", &url, "--key-out", "key.pem", "-o", "new.csr", "--json"];
    let refused = run(folder.path(), &command);
    assert!(refused.status == 3 && refused.stderr.contains("blank"), "{}", refused.stderr);
    assert!(!folder.path().join("new.csr").exists());
    let made = run(folder.path(), &[&command[..], &["--keep-blanks"]].concat());
    assert_eq!(made.status, 0, "{}", made.stderr);
    assert_eq!(field(&made.json(), "ApplicationUri"), (URI, URI));
    assert_eq!(field(&made.json(), "key").0, field(&made.json(), "key").1);
    // What is named counts.
    let own = [
        "--application-uri",
        "urn:plc8:Plant:Pump",
        "--dns",
        "plc8",
        "--name",
        "Pump",
        "--key-type",
        "rsa:2048",
        "--force",
    ];
    let made = run(folder.path(), &[&command[..], &own].concat());
    assert_eq!(field(&made.json(), "ApplicationUri").1, "urn:plc8:Plant:Pump", "{}", made.stderr);
    assert_eq!(field(&made.json(), "hosts").1, "plc8");
    assert!(field(&made.json(), "subject").1.contains("CN=Pump"), "{}", made.stdout);
}

#[test]
fn a_model_is_a_server_of_the_kind() {
    let folder = plant();
    for (arguments, words) in [
        (
            ["generate", "https", "--like", "opc.tcp://127.0.0.1:1", "--key-out", "k", "--cert-out", "c"],
            "https://HOST:PORT",
        ),
        (
            ["generate", "opcua", "--like", "https://127.0.0.1:1", "--key-out", "k", "--cert-out", "c"],
            "opc.tcp://HOST:PORT",
        ),
        (["generate", "opcua", "--like", "opc.tcp://127.0.0.1:1", "--key-out", "k", "--cert-out", "c"], "refused"),
        (["generate", "https", "--for", "kepware", "--key-out", "k", "--cert-out", "c"], "generate opcua"),
        (["generate", "opcua", "--for", "rest-server", "--key-out", "k", "--cert-out", "c"], "generate https"),
    ] {
        let refused = run(folder.path(), &arguments);
        assert!(refused.status == 3 && refused.stderr.contains(words), "{arguments:?}: {}", refused.stderr);
        assert!(!folder.path().join("k").exists());
    }
}

#[test]
fn the_api_and_the_rest_server_get_a_pfx() {
    let folder = plant();
    for (program, said) in [("kepware-api", "Configuration API Service"), ("rest-server", "IoT Gateway")] {
        let name = format!("{program}.plant.example");
        let made = run(
            folder.path(),
            &[
                "generate",
                "https",
                "--for",
                program,
                "--name",
                &name,
                "--issuer",
                "ca",
                "--password-file",
                "pw.txt",
                "--json",
            ],
        );
        assert_eq!(made.status, 0, "{}", made.stderr);
        assert!(folder.path().join(format!("{name}.pfx")).exists());
        assert!(made.json()["notes"].to_string().contains(said), "{}", made.stdout);
    }
}

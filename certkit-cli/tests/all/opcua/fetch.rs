//! `certkit fetch`, `check` and `inspect` of OPC UA servers.

use std::time::Instant;

use certkit_core::cert::Certificate;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;

use super::server::{acknowledge, answering, chunk, endpoints, listen, opened};
use super::{Run, holds, ids, replay, testdata};

/// A self-signed application's certificate with a key of a type.
fn application(key_type: KeyType) -> Certificate {
    let key = KeyPair::generate(key_type).unwrap();
    Template::new(Kind::OpcUa, "CN=Pump,O=Plant".parse().unwrap(), Validity::days(Moment::now(), 365))
        .alternative_names([
            AlternativeName::Uri("urn:plc7:plant".to_owned()),
            AlternativeName::host("plc7"),
            AlternativeName::host("127.0.0.1"),
        ])
        .issue(&key.public_key().unwrap(), &Issuer::itself(&key))
        .unwrap()
}

#[test]
fn everything_that_a_server_offers_is_told_and_its_certificate_saved() {
    let address = replay("asyncua.bin");
    let url = format!("opc.tcp://{address}/plant");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plc.der");
    let run = Run::of(&[
        "fetch",
        &url,
        "--part",
        "leaf",
        "-o",
        file.to_str().unwrap(),
        "--json",
        "--find-servers",
        "--offline",
    ]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    let found = run.json();
    holds(&found, "fetch");
    assert_eq!(found["schema"], "certkit.fetch/1");
    assert_eq!(found["peer"], address.to_string());
    let endpoints = found["opcua"]["endpoints"].as_array().unwrap();
    let offered: Vec<(&str, &str, i64)> = endpoints
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap();
            (text("security_mode"), text("security_policy"), it["security_level"].as_i64().unwrap())
        })
        .collect();
    assert_eq!(
        offered,
        [("None", "None", 0), ("Sign", "Basic256Sha256", 50), ("SignAndEncrypt", "Basic256Sha256", 70)]
    );
    let kinds: Vec<&str> =
        endpoints[0]["user_tokens"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Anonymous", "Certificate", "UserName"]);
    assert_eq!(endpoints[0]["application"]["application_uri"], "urn:localhost:plant:asyncua");
    assert_eq!(found["opcua"]["servers"][0]["application_uri"], "urn:localhost:plant:asyncua");
    let found_ids = ids(&found);
    for id in ["opcua-none-mode", "opcua-none-anonymous", "opcua-anonymous"] {
        assert!(found_ids.contains(&id), "{id}: {found_ids:?}");
    }
    let none = found["findings"].as_array().unwrap().iter().find(|it| it["id"] == "opcua-none-mode").unwrap();
    assert!(none["remedy"].as_str().unwrap().contains("OPC UA Configuration Manager"), "{none}");
    assert!(none["clauses"].to_string().contains("6.1.2"), "{none}");

    let saved = Certificate::from_der(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(saved.trailing(), 0);
    assert_eq!(endpoints[2]["fingerprint_sha256"], found["certificates"][0]["fingerprint_sha256"]);
    assert_eq!(found["written"], file.to_str().unwrap());

    let text = Run::of(&["fetch", &url, "--offline"]);
    assert!(text.stdout.starts_with("-----BEGIN CERTIFICATE-----"), "{}", text.stdout);
    for words in ["3 endpoints", "SignAndEncrypt", "urn:localhost:plant:asyncua", "UserName (Basic256Sha256)"] {
        assert!(text.stderr.contains(words), "{words}: {}", text.stderr);
    }
}

#[test]
fn a_chain_is_taken_apart_into_the_parts_that_are_wanted() {
    let address = replay("node-opcua-chain.bin");
    let url = format!("opc.tcp://{address}/plant");
    for (part, count) in [("leaf", 1), ("issuers", 2), ("chain", 3), ("ca", 1)] {
        let run = Run::of(&["fetch", &url, "--part", part, "--offline"]);
        assert_eq!(run.stdout.matches("BEGIN CERTIFICATE").count(), count, "{part}: {}", run.stderr);
    }
    let checked = Run::of(&["check", &url, "--json"]).json();
    assert_eq!(checked["profiles"], serde_json::json!(["opcua"]));
    assert_eq!(checked["certificates"].as_array().unwrap().len(), 3);
    assert_eq!(checked["sources"][0]["endpoints"].as_array().unwrap().len(), 6);
    let seen = Run::of(&["inspect", &url]);
    assert_eq!(seen.status, 0, "{}", seen.stderr);
    assert!(seen.stdout.contains("6 endpoints") && seen.stdout.contains("CN=Plant OPC UA Root"), "{}", seen.stdout);
}

#[test]
fn certificates_of_several_keys_get_a_file_each() {
    let (rsa, ecc) = (application(KeyType::Rsa2048), application(KeyType::P256));
    let another = application(KeyType::P256);
    let fields = [rsa.der(), ecc.der(), rsa.der(), another.der()];
    let address = answering(vec![acknowledge(), opened(), chunk('F', 2, &endpoints(&fields))]);
    let url = format!("opc.tcp://{address}");
    let folder = tempfile::tempdir().unwrap();
    let named = |name: &str| folder.path().join(name);
    let output = named("plc7.der");
    let run = Run::of(&["fetch", &url, "--part", "leaf", "-o", output.to_str().unwrap(), "--offline"]);
    assert!(!output.exists());
    for (name, certificate) in
        [("plc7-rsa-2048.der", &rsa), ("plc7-ec-p-256.der", &ecc), ("plc7-ec-p-256-2.der", &another)]
    {
        assert_eq!(std::fs::read(named(name)).unwrap(), certificate.der(), "{name}");
        assert!(run.stderr.contains(name), "{name}: {}", run.stderr);
    }
    // All or none: one of the names is taken.
    std::fs::remove_file(named("plc7-rsa-2048.der")).unwrap();
    let again = Run::of(&["fetch", &url, "--part", "leaf", "-o", output.to_str().unwrap(), "--offline"]);
    assert_eq!(again.status, 3, "{}", again.stderr);
    assert!(!named("plc7-rsa-2048.der").exists());
    // A stream of DER has no place between them.
    let stream = Run::of(&["fetch", &url, "--part", "leaf", "--as", "der", "--offline"]);
    assert_eq!((stream.status, stream.stdout.as_str()), (3, ""));
    let json = Run::of(&["fetch", &url, "--json", "--offline"]).json();
    let keys: Vec<&str> =
        json["opcua"]["offered"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["RSA 2048", "EC P-256", "EC P-256"]);
    assert_eq!(json["opcua"]["offered"][0]["endpoints"], serde_json::json!([0, 2]));
}

#[test]
fn servers_that_cannot_be_asked_are_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plc.der");
    let silent = listen(|mut stream| {
        let _ = std::io::Read::read_to_end(&mut stream, &mut Vec::new());
    });
    let web = listen(|mut stream| {
        super::server::receive(&mut stream);
        let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let huge = answering(vec![acknowledge(), opened(), b"MSGF\xff\xff\xff\xff".to_vec()]);
    let nothing = answering(vec![acknowledge(), opened(), chunk('F', 2, &endpoints(&[]))]);
    for (address, words) in [
        (silent, "no complete answer"),
        (web, "plain HTTP"),
        (huge, "more than"),
        (replay("node-opcua-no-discovery.bin"), "without security"),
        (nothing, "no endpoint"),
    ] {
        let start = Instant::now();
        let url = format!("opc.tcp://{address}");
        let run = Run::of(&["fetch", &url, "-o", file.to_str().unwrap(), "--timeout", "2s"]);
        assert_eq!(run.status, 3, "{words}: {}", run.stderr);
        assert!(start.elapsed().as_secs() < 4, "{words}");
        assert_eq!(run.stderr.matches("certkit: error:").count(), 1, "{}", run.stderr);
        assert!(run.stderr.contains(words) && run.stderr.contains("hint:"), "{words}: {}", run.stderr);
        assert!(!file.exists());
    }
    for misplaced in
        [&["fetch", "opc.tcp://plc7", "--server-name", "plc7"][..], &["fetch", "https://plc7", "--find-servers"]]
    {
        let run = Run::of(misplaced);
        assert_eq!(run.status, 3);
        assert!(run.stderr.contains("has no effect"), "{}", run.stderr);
    }
}

/// What the generators of the stacks make is no error to the command, and serves a policy in force.
#[test]
fn what_the_stacks_make_has_no_error() {
    let mut count = 0;
    for entry in std::fs::read_dir(testdata("opcua/generators")).unwrap() {
        let file = entry.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap();
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().to_owned()
        };
        let run = Run::of(&[
            "check",
            file.to_str().unwrap(),
            "--profile",
            "opcua",
            "--at",
            &field("at:"),
            "--application-uri",
            &field("application-uri:"),
            "--json",
        ]);
        let found = run.json();
        assert!(run.status < 2, "{}: {:?}", file.display(), ids(&found));
        let policies = found["security_policies"][0]["policies"].as_array().unwrap();
        assert!(!policies.is_empty(), "{}", file.display());
        count += 1;
    }
    assert!(count >= 8);
}

#[test]
fn findings_of_two_servers_say_which_one_they_are_about() {
    let urls = ["asyncua.bin", "node-opcua-chain.bin"].map(|name| format!("opc.tcp://{}/plant", replay(name)));
    let checked = Run::of(&["check", &urls[0], &urls[1], "--json"]).json();
    let findings = checked["findings"].as_array().unwrap();
    for url in &urls {
        let own = |it: &&serde_json::Value| it["source"] == url.as_str() && it["certificate_index"].is_null();
        assert!(findings.iter().any(|it| own(&it)), "{url}: {findings:#?}");
    }
    assert!(findings.iter().all(|it| it["source"].is_string()));
    let text = Run::of(&["check", &urls[0], &urls[1]]).stdout;
    let found = text.split_once("\n\n").unwrap().1;
    assert!(!found.contains("The whole") && urls.iter().all(|url| found.contains(url)), "{text}");
}

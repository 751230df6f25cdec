//! `certkit preflight`: two applications, each with its certificate and lists.

use std::path::Path;

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::generate::{
    AlternativeName, Issuer, KeyPair, KeyType, Kind, Revocations, Template, Validity, key_file,
};
use certkit_core::moment::{DAY, Moment};
use serde_json::{Value, json};

use super::server::{acknowledge, answering, chunk, endpoints, opened};
use super::{Run, holds, replay};

/// A folder with the files of a small plant; keys on a curve are made in no time.
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
        let key = || KeyPair::generate(KeyType::P256).unwrap();
        let (root_key, client_key, server_key) = (key(), key(), key());
        let root = template(Kind::Root, "CN=Plant Root,O=Plant")
            .issue(&root_key.public_key().unwrap(), &Issuer::itself(&root_key))
            .unwrap();
        let by_root = Issuer::authority(&root, &root_key).unwrap();
        let application = |name: &str, key: &KeyPair, issuer: &Issuer<'_>| -> Certificate {
            template(Kind::OpcUa, &format!("CN={name},O=Plant"))
                .alternative_names([
                    AlternativeName::Uri(format!("urn:plc7:plant:{name}")),
                    AlternativeName::host("plc7"),
                    AlternativeName::host("127.0.0.1"),
                ])
                .issue(&key.public_key().unwrap(), issuer)
                .unwrap()
        };
        let client = application("client", &client_key, &Issuer::itself(&client_key));
        let server = application("server", &server_key, &by_root);
        write("root.der", root.der());
        write("root.crl", Revocations::new(&by_root).unwrap().sign(now, now.plus(DAY)).unwrap().der());
        write("client.der", client.der());
        write("server.pem", pem::encode("CERTIFICATE", server.der()).as_bytes());
        // Each layout in its own words.
        write("client-pki/own/certs/client.der", client.der());
        write("client-pki/trusted/certs/root.der", root.der());
        write("client-pki/trusted/crl/root.crl", &std::fs::read(folder.path().join("root.crl")).unwrap());
        let list = std::fs::read(folder.path().join("root.crl")).unwrap();
        write("client-pki/trusted/crl/root.crl.pem", pem::encode("X509 CRL", &list).as_bytes());
        let sealed = |key: &KeyPair| key_file::to_pem(key).unwrap().as_bytes().to_vec();
        write("client-pki/own/private/client.pem", &sealed(&client_key));
        write("server-pki/own/private/private_key.pem", &sealed(&server_key));
        std::fs::create_dir_all(folder.path().join("client-pki/issuer/certs")).unwrap();
        write("server-pki/own/certs/certificate.pem", pem::encode("CERTIFICATE", server.der()).as_bytes());
        write("server-pki/own/certs/client_certificate.pem", pem::encode("CERTIFICATE", server.der()).as_bytes());
        write("server-pki/Trusted/Certs/client.pem", pem::encode("CERTIFICATE", client.der()).as_bytes());
        write("server-pki/issuers/certs/root.der", root.der());
        Plant { folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn preflight(&self, own: &str, peer: &str, more: &[&str]) -> (i32, Value) {
        let (own, peer) = (self.path(own), if peer.contains("://") { peer.to_owned() } else { self.path(peer) });
        let run = Run::of(&[&["preflight", &own, &peer, "--json"], more].concat());
        (run.status, run.json())
    }
}

/// The sides' status codes: the client's, then the server's.
fn codes(document: &Value) -> [&str; 2] {
    [0, 1].map(|at| document["sides"][at]["status_code"].as_str().unwrap())
}

#[test]
fn two_that_trust_each_other_meet() {
    let plant = Plant::new();
    let more = ["--security-policy", "ECC_nistP256", "--host", "plc7"];
    let uris = ["--application-uri", "urn:plc7:plant:client", "--peer-application-uri", "urn:plc7:plant:server"];
    let (status, found) = plant.preflight("client-pki", "server-pki", &[&more[..], &uris].concat());
    holds(&found, "preflight");
    assert_eq!((status, &found["verdict"], codes(&found)), (0, &json!("opens"), ["Good", "Good"]), "{found}");
    assert_eq!(found["sides"][0]["judge"], "client");
    assert_eq!(found["sides"][0]["whose"], "own");
    assert!(found["sides"][0]["steps"].as_array().unwrap().iter().all(|it| it["outcome"] == "passed"), "{found}");
    assert!(found["common_policies"].as_array().unwrap().contains(&json!("ECC_nistP256")));
    // The same from the other side.
    let uris = ["--application-uri", "urn:plc7:plant:server", "--peer-application-uri", "urn:plc7:plant:client"];
    let roles = [&more[..], &uris, &["--role", "server"]].concat();
    let (status, found) = plant.preflight("server-pki", "client-pki", &roles);
    assert_eq!((status, codes(&found)), (0, ["Good", "Good"]), "{found}");
    assert_eq!(found["sides"][0]["whose"], "peer");
    let (own, peer) = (plant.path("server-pki"), plant.path("client-pki"));
    let text = Run::of(&[&["preflight", &own, &peer], &roles[..]].concat());
    assert!(text.stdout.ends_with("OPENS: a session opens, 0 objections\n"), "{}", text.stdout);
}

#[test]
fn what_nobody_can_tell_is_no_session_that_opens() {
    let plant = Plant::new();
    let all = [
        ["--security-policy", "ECC_nistP256"],
        ["--host", "plc7"],
        ["--application-uri", "urn:plc7:plant:client"],
        ["--peer-application-uri", "urn:plc7:plant:server"],
    ];
    assert_eq!(plant.preflight("client-pki", "server-pki", &all.concat()).0, 0);
    for left_out in all {
        let given: Vec<&str> = all.iter().filter(|it| **it != left_out).flatten().copied().collect();
        let (status, found) = plant.preflight("client-pki", "server-pki", &given);
        assert_eq!((status, &found["verdict"]), (1, &json!("not_told")), "without {left_out:?}: {found}");
        let (own, peer) = (plant.path("client-pki"), plant.path("server-pki"));
        let text = Run::of(&[&["preflight", &own, &peer], &given[..]].concat()).stdout;
        let (words, has_option) = ("NOT TOLD: nothing was found against it", text.contains(left_out[0]));
        assert!(text.contains(words) && has_option && !text.contains("OPENS"), "without {left_out:?}: {text}");
        assert!(text.contains("Good, as far as known"), "without {left_out:?}: {text}");
    }
}

#[test]
fn every_objection_of_each_side_is_told_with_its_cure() {
    let plant = Plant::new();
    std::fs::remove_dir_all(plant.path("server-pki/Trusted/Certs")).unwrap();
    std::fs::remove_dir_all(plant.path("client-pki/trusted/crl")).unwrap();
    let more = ["--host", "10.0.0.9", "--application-uri", "urn:other", "--stacks"];
    let (status, found) = plant.preflight("client-pki", "server-pki", &more);
    assert_eq!((status, &found["verdict"]), (2, &json!("refused")));
    let of = |side: usize| -> Vec<&str> {
        found["sides"][side]["objections"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["status_code"].as_str().unwrap())
            .collect()
    };
    assert_eq!(of(0), ["BadCertificateHostNameInvalid", "BadCertificateRevocationUnknown"]);
    assert_eq!(of(1), ["BadCertificateUntrusted", "BadCertificateUriInvalid"]);
    assert_eq!(found["sides"][1]["told"], "BadSecurityChecksFailed");
    let cures = |side: usize, at: usize| found["sides"][side]["objections"][at]["cures"].as_array().unwrap().clone();
    let says = |cures: &[Value], place: &str, words: &str| {
        let found = cures.iter().any(|it| it["place"] == place && it["text"].as_str().unwrap().contains(words));
        assert!(found, "{place}: {words}: {cures:?}");
    };
    says(&cures(1, 0), "certkit", &format!("certkit trust add opcua:{}", plant.path("server-pki")));
    says(&cures(1, 0), "kepware", "Trusted Clients");
    says(&cures(1, 0), "folder", "Trusted");
    says(&cures(1, 1), "certkit", "--application-uri urn:other");
    says(&cures(0, 0), "certkit", "--ip 10.0.0.9");
    says(&cures(0, 1), "folder", &Path::new("trusted").join("crl").display().to_string());
    let stacks: Vec<&str> =
        found["sides"][0]["stacks"].as_array().unwrap().iter().map(|it| it["stack"].as_str().unwrap()).collect();
    assert_eq!(stacks, ["UA .NET Standard", "open62541", "node-opcua", "asyncua", "Eclipse Milo", "gopcua"]);
    let known: Vec<&str> =
        found["sides"][0]["stacks"].as_array().unwrap().iter().map(|it| it["known_by"].as_str().unwrap()).collect();
    assert_eq!(known, ["source", "source", "run", "run", "source", "source"]);

    // What an administrator has switched off is told, and refuses nobody.
    let waived = [
        "--suppress",
        "BadCertificateHostNameInvalid",
        "--suppress",
        "BadCertificateRevocationUnknown",
        "--peer-suppress",
        "BadCertificateUriInvalid",
        "--peer-trust",
        &plant.path("client.der"),
    ];
    let (status, found) = plant.preflight("client-pki", "server-pki", &[&more[..], &waived].concat());
    assert_eq!((status, &found["verdict"], codes(&found)), (1, &json!("not_told"), ["Good", "Good"]), "{found}");
    let told = ["--security-policy", "ECC_nistP256", "--peer-application-uri", "urn:plc7:plant:server"];
    let (status, found) = plant.preflight("client-pki", "server-pki", &[&more[..], &waived, &told].concat());
    assert_eq!((status, &found["verdict"], codes(&found)), (1, &json!("opens"), ["Good", "Good"]), "{found}");
    let refused = Run::of(&[
        "preflight",
        &plant.path("client-pki"),
        &plant.path("server-pki"),
        "--suppress",
        "BadCertificateUntrusted",
    ]);
    assert_eq!(refused.status, 3);
    assert!(refused.stderr.contains("cannot be suppressed"), "{}", refused.stderr);
}

#[test]
fn a_stack_that_departs_from_the_standard_decides_where_it_is_named() {
    let plant = Plant::new();
    let wrong_host = ["--host", "10.0.0.9"];
    assert_eq!(plant.preflight("client-pki", "server-pki", &wrong_host).0, 2);
    let (status, found) =
        plant.preflight("client-pki", "server-pki", &[&wrong_host[..], &["--stack", "open62541"]].concat());
    assert_eq!((status, codes(&found)[0]), (1, "Good"), "{found}");
    assert_eq!(found["sides"][0]["standard_status_code"], "BadCertificateHostNameInvalid");
    assert!(found["sides"][0]["stack"]["remarks"].to_string().contains("host names"));
}

#[test]
fn lists_that_are_not_at_hand_are_told() {
    let plant = Plant::new();
    let (status, found) = plant.preflight("client.der", "server.pem", &[]);
    assert_eq!((status, &found["verdict"], codes(&found)), (1, &json!("not_told"), ["Good", "Good"]), "{found}");
    assert!(found["sides"][0]["lists"].is_null());
    let trust = found["sides"][0]["steps"].as_array().unwrap().iter().find(|it| it["number"] == 5).unwrap();
    assert_eq!(trust["outcome"], "not_told");
    assert!(!found["sides"][0]["trust_cures"].as_array().unwrap().is_empty());
    let text = Run::of(&["preflight", &plant.path("client.der"), &plant.path("server.pem")]);
    assert!(text.stdout.contains("not told") && text.stdout.contains("--peer-pki DIR"), "{}", text.stdout);
}

#[test]
fn a_live_server_stands_for_itself() {
    let plant = Plant::new();
    let url = |address| format!("opc.tcp://{address}/plant");
    let (_, found) = plant.preflight("client-pki", &url(replay("asyncua.bin")), &[]);
    // It is judged at the server's time, which was recorded long ago.
    assert!(found["server_clock_ahead"].as_i64().unwrap() < -86_400, "{found}");
    let of_server = found["sides"][1]["objections"].to_string();
    assert!(of_server.contains("BadCertificateTimeInvalid"), "{of_server}");
    let (_, at) = plant.preflight("client-pki", &url(replay("asyncua.bin")), &["--at", &Moment::now().to_string()]);
    assert!(at["server_clock_ahead"].is_null(), "{at}");
    // Its only policy with security takes no key on a curve.
    assert_eq!(found["endpoint"]["security_policy"], "Basic256Sha256");
    assert_eq!(found["endpoint"]["security_mode"], "SignAndEncrypt");
    assert_eq!(found["sides"][1]["status_code"], "BadCertificatePolicyCheckFailed");
    let first = &found["sides"][1]["objections"][0];
    assert!(first["cures"].to_string().contains("--key-type rsa:2048"), "{first}");
    let (status, found) =
        plant.preflight("client-pki", &url(replay("asyncua.bin")), &["--security-policy", "Aes256_Sha256_RsaPss"]);
    assert_eq!(status, 2);
    assert_eq!(found["channel"][0]["status_code"], "BadSecurityPolicyRejected");
    let bare = answering(vec![acknowledge(), opened(), chunk('F', 2, &endpoints(&[b""]))]);
    let run = Run::of(&["preflight", &plant.path("client-pki"), &url(bare)]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("shows no certificate"), "{}", run.stderr);
}

#[test]
fn what_cannot_be_judged_is_one_clear_error() {
    let plant = Plant::new();
    std::fs::create_dir(plant.folder.path().join("empty")).unwrap();
    let (client, server) = (plant.path("client.der"), plant.path("server.pem"));
    for (arguments, words) in [
        (vec![plant.path("empty"), server.clone()], "is not a PKI folder"),
        (vec![plant.path("root.crl"), server.clone()], "holds no certificate"),
        (vec!["opc.tcp://plc7".to_owned(), server.clone()], "not a URL"),
        (vec![client.clone(), "https://plc7".to_owned()], "not the URL of an OPC UA server"),
        (vec![client.clone(), server.clone(), "--security-policy".to_owned(), "None".to_owned()], "Basic256Sha256"),
        (vec![client.clone(), server.clone(), "--stack".to_owned(), "mylo".to_owned()], "milo"),
        (vec![client, server, "--pki".to_owned(), plant.path("nowhere")], "not a folder"),
    ] {
        let words_of = [&["preflight".to_owned()], &arguments[..]].concat();
        let run = Run::of(&words_of.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((run.status, run.stdout.as_str()), (3, ""), "{arguments:?}");
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    }
}

/// The ids of what is wrong with files, each with whose they are.
fn wrong(document: &Value) -> Vec<(&str, &str)> {
    let findings = document["findings"].as_array().unwrap().iter();
    findings.map(|it| (it["whose"].as_str().unwrap(), it["id"].as_str().unwrap())).collect()
}

#[test]
fn what_a_stack_does_not_read_is_not_there_for_it() {
    let plant = Plant::new();
    let more = ["--security-policy", "ECC_nistP256", "--host", "plc7"];
    // DER under a name that node-opcua takes for PEM.
    let (old, new) =
        (plant.path("server-pki/Trusted/Certs/client.pem"), plant.path("server-pki/Trusted/Certs/client.crt"));
    std::fs::remove_file(old).unwrap();
    std::fs::copy(plant.path("client.der"), new).unwrap();
    let (status, found) = plant.preflight("client-pki", "server-pki", &more);
    assert_eq!((status, wrong(&found)), (1, vec![("peer", "store-file-not-read")]), "{found}");
    assert!(found["findings"][0]["message"].to_string().contains("mv client.crt client.der"), "{found}");
    for (stack, code) in [("node-opcua", "BadCertificateUntrusted"), ("open62541", "Good")] {
        let (_, found) = plant.preflight("client-pki", "server-pki", &[&more[..], &["--peer-stack", stack]].concat());
        assert_eq!(codes(&found)[1], code, "{stack}: {found}");
    }
    // asyncua sees no list under such a name alone: a server that was revoked would be let in.
    std::fs::remove_file(plant.path("client-pki/trusted/crl/root.crl.pem")).unwrap();
    let (_, found) = plant.preflight("client-pki", "server-pki", &[&more[..], &["--stack", "asyncua"]].concat());
    let message =
        found["findings"].as_array().unwrap().iter().find(|it| it["whose"] == "own").unwrap()["message"].to_string();
    assert!(message.contains("asyncua") && message.contains("certkit convert root.crl -o root.crl.pem"), "{message}");
    let (_, found) = plant.preflight("client-pki", "server-pki", &[&more[..], &["--stack", "dotnet"]].concat());
    assert!(!wrong(&found).contains(&("own", "store-file-not-read")), "{found}");
}

#[test]
fn a_key_that_is_not_that_of_my_certificate_refuses() {
    let plant = Plant::new();
    let more = ["--security-policy", "ECC_nistP256", "--host", "plc7"];
    let (key, other) =
        (plant.path("client-pki/own/private/client.pem"), plant.path("server-pki/own/private/private_key.pem"));
    std::fs::copy(other, &key).unwrap();
    let (status, found) = plant.preflight("client-pki", "server-pki", &more);
    assert_eq!((status, &found["verdict"]), (2, &json!("refused")), "{found}");
    assert_eq!(wrong(&found), [("own", "own-key-mismatch")], "{found}");
    std::fs::remove_file(key).unwrap();
    let (status, found) = plant.preflight("client-pki", "server-pki", &more);
    assert_eq!((status, wrong(&found)), (1, vec![("own", "own-key-missing")]), "{found}");
    // Nothing is sent unless it is asked for, and then only to a server.
    let run = Run::of(&["preflight", &plant.path("client-pki"), &plant.path("server-pki"), "--try"]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("--try needs a server"), "{}", run.stderr);
}

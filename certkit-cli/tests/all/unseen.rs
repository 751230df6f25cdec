//! What could not be looked at is never fine, and what the user expects is held against something.

use std::fs;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A CA and a server's certificate below it, which the second of two revocation lists names.
struct Plant {
    folder: tempfile::TempDir,
}

impl Plant {
    fn new() -> Plant {
        let plant = Plant { folder: tempfile::tempdir().unwrap() };
        for line in [
            "generate ca --name Root --key-type ec:p256 --no-password --cert-out ca.pem --key-out ca.key",
            "generate https --key-type ec:p256 --dns plc7.plant.test --issuer ca.pem --issuer-key ca.key --cert-out leaf.pem --key-out leaf.key",
            "generate ca --name Other --key-type ec:p256 --no-password --cert-out other.pem --key-out other.key",
            "revoke --issuer ca.pem --issuer-key ca.key --crl ca.crl",
        ] {
            assert_eq!(plant.status(line), 0, "{line}");
        }
        fs::copy(plant.folder.path().join("ca.crl"), plant.folder.path().join("old.crl")).unwrap();
        assert_eq!(plant.status("revoke leaf.pem --issuer ca.pem --issuer-key ca.key --crl ca.crl"), 0);
        for (list, name) in [("old.crl", "old.pem"), ("ca.crl", "new.pem")] {
            assert_eq!(plant.status(&format!("inspect {list}")), 0);
            let document = plant.run(&format!("inspect --pem {list}"));
            let text = String::from_utf8(document.stdout).unwrap();
            let block = text.split_once("-----BEGIN").map(|(_, block)| format!("-----BEGIN{block}")).unwrap();
            plant.write(name, &block);
        }
        plant
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// Writes the second file behind the first, with a character in it that base64 does not know.
    fn damaged(&self, name: &str, whole: &str, spoilt: &str) {
        let spoilt: Vec<String> = self.read(spoilt).lines().map(str::to_owned).collect();
        let spoilt = spoilt.iter().enumerate().map(|(at, line)| match at {
            2 => format!("!{}\n", &line[1..]),
            _ => format!("{line}\n"),
        });
        self.write(name, &(self.read(whole) + &spoilt.collect::<String>()));
    }

    fn run(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        command.args(line.split(' ')).current_dir(self.folder.path()).stdin(Stdio::null()).output().unwrap()
    }

    fn status(&self, line: &str) -> i32 {
        self.run(line).status.code().unwrap()
    }

    fn json(&self, line: &str) -> Value {
        serde_json::from_slice(&self.run(line).stdout).unwrap()
    }

    fn findings(&self, line: &str) -> Vec<String> {
        let document = self.json(line);
        let findings = document["findings"].as_array().unwrap();
        findings.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn a_damaged_revocation_list_is_no_list_without_entries() {
    let plant = Plant::new();
    plant.damaged("lists.pem", "old.pem", "new.pem");
    plant.write("half.crl", "");
    fs::write(plant.folder.path().join("half.crl"), &fs::read(plant.folder.path().join("ca.crl")).unwrap()[..150])
        .unwrap();
    for command in ["check --trust ca.pem --host plc7.plant.test", "verify --trust ca.pem --host plc7.plant.test"] {
        assert_eq!(plant.status(&format!("{command} --crl old.pem leaf.pem")), 0, "{command}");
        assert_eq!(plant.status(&format!("{command} --crl new.pem leaf.pem")), 2, "{command}");
        // A list that cannot be read may be the one that revokes: the readable one does not clear the leaf.
        assert_eq!(plant.status(&format!("{command} --crl lists.pem leaf.pem")), 2, "{command}");
        assert_eq!(plant.status(&format!("{command} --crl old.pem --crl half.crl leaf.pem")), 2, "{command}");
    }
    // Alone, it tells nothing, and the leaf is rejected for want of a list.
    assert_eq!(plant.status("verify --trust ca.pem --host plc7.plant.test --crl half.crl leaf.pem"), 2);
}

#[test]
fn what_is_lost_of_an_input_is_a_finding() {
    let plant = Plant::new();
    plant.damaged("both.pem", "leaf.pem", "ca.pem");
    let line = "check --trust ca.pem --host plc7.plant.test both.pem";
    let document = plant.json(&format!("{line} --json"));
    assert_eq!((plant.status(line), document["verdict"].as_str()), (1, Some("warnings")));
    assert_eq!(plant.findings(&format!("{line} --json")), ["input-not-read"]);
    assert_eq!(plant.status(&format!("{line} --strict")), 2);
    assert_eq!(plant.status(&format!("{line} --ignore input-not-read")), 0);
    // What only adds to what is trusted is told, and no reason to object.
    plant.damaged("trusted.pem", "ca.pem", "other.pem");
    let told = plant.run("check --trust trusted.pem --host plc7.plant.test leaf.pem");
    assert_eq!(told.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&told.stderr).contains("trusted.pem: block 2"), "{told:?}");
}

#[test]
fn a_host_that_is_named_is_held_against_the_certificate() {
    let plant = Plant::new();
    // As `openssl req -x509` makes them: a server's own certificate that calls itself a CA.
    assert_eq!(plant.status("check ca.pem"), 0);
    let found = plant.findings("check --json --host wrong.plant.test ca.pem");
    assert!(found.contains(&"host-mismatch".to_owned()) || found.contains(&"san-missing".to_owned()), "{found:?}");
    let found = plant.findings("check --json --application-uri urn:plc7:Plant:A leaf.pem");
    assert!(found.contains(&"application-uri-missing".to_owned()), "{found:?}");
    // Beside the server that it is meant for, a CA stays one.
    assert_eq!(plant.status("check --host plc7.plant.test ca.pem leaf.pem"), 0);
    let noted = plant.run("check --profile ca --host plc7.plant.test ca.pem");
    assert_eq!(noted.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&noted.stderr).contains("--host has no effect"), "{noted:?}");
    for bad in ["https://plc7.plant.test/", "plc7.plant.test:8443", "plc7/x"] {
        assert_eq!(plant.status(&format!("check --host {bad} leaf.pem")), 3, "{bad}");
    }
}

#[test]
fn what_cannot_be_decoded_at_all_is_not_shown() {
    let plant = Plant::new();
    let half: String = plant.read("leaf.pem").lines().take(4).map(|line| format!("{line}\n")).collect();
    plant.write("half.pem", &(half + "-----END CERTIFICATE-----\n"));
    let refused = plant.run("inspect half.pem");
    assert_eq!((refused.status.code(), refused.stdout.as_slice()), (Some(3), &b""[..]));
    assert_eq!(plant.status("inspect half.pem leaf.pem"), 1);
    assert_eq!(plant.status("check half.pem"), 2);
}

#[test]
fn a_certificate_that_cannot_be_decoded_is_rejected_in_every_form() {
    let plant = Plant::new();
    let whole = plant.read("leaf.pem");
    let lines: Vec<&str> = whole.lines().collect();
    let der = certkit_core::container::read(whole.as_bytes()).unwrap().items[0].der.to_vec();
    fs::write(plant.folder.path().join("half.der"), &der[..der.len() / 2]).unwrap();
    let inner = |text: &str| format!("{}\n{text}{}\n", lines[0], lines[lines.len() - 1]);
    plant.write("no-end.pem", &format!("{}\n", lines[..lines.len() / 2].join("\n")));
    plant.write("half.pem", &inner(&format!("{}\n", lines[1..4].join("\n"))));
    plant.write("bad-letter.pem", &whole.replacen("MI", "M!", 1));
    plant.write("empty.pem", &inner(""));
    let names = ["half.der", "no-end.pem", "half.pem", "bad-letter.pem", "empty.pem"];
    for name in names {
        for (line, verdict) in [("check", "errors"), ("verify --trust ca.pem", "rejected")] {
            let line = format!("{line} {name} --json");
            let document = plant.json(&line);
            assert_eq!((plant.status(&line), &document["verdict"]), (2, &verdict.into()), "{line}: {document:#}");
            assert_eq!(plant.findings(&line), ["certificate-undecodable"], "{line}");
        }
        let text = fs::read(plant.folder.path().join(name)).unwrap();
        fs::create_dir_all(plant.folder.path().join("all")).unwrap();
        fs::write(plant.folder.path().join("all").join(name), text).unwrap();
    }
    assert_eq!(plant.status("check all"), 2);
    assert_eq!(plant.findings("check all --json"), ["certificate-undecodable"; 5]);
    // Where no certificate was, there is nothing to judge.
    plant.write("text.pem", "no certificate\n");
    plant.write("other.pem", &inner("").replace("CERTIFICATE", "DH PARAMETERS"));
    for name in ["text.pem", "other.pem"] {
        assert_eq!(plant.status(&format!("check {name}")), 3, "{name}");
        assert_eq!(plant.status(&format!("verify --trust ca.pem {name}")), 3, "{name}");
    }
}

#[test]
fn colours_are_kept_out_of_help_and_complaints_too() {
    let plant = Plant::new();
    let coloured = |line: &str| {
        let output = plant.run(line);
        [output.stdout, output.stderr].concat().contains(&0x1b)
    };
    assert!(coloured("--color always --help"));
    // A complaint repeats what was typed, which may be a stranger's file name: it is plain.
    assert!(!coloured("--color=always check"));
    assert!(!coloured("--color never --help") && !coloured("check --color=never"));
}

#[test]
fn what_cannot_be_reached_does_not_hide_the_others() {
    let plant = Plant::new();
    // Nobody listens on a port that was just given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let dead = format!("https://127.0.0.1:{port}");
    let line = "check --trust ca.pem --host plc7.plant.test --json";
    assert_eq!(plant.status(&format!("{line} leaf.pem")), 0);
    for lost in [dead.as_str(), "no-such-file.pem"] {
        let run = format!("{line} leaf.pem {lost} ca.pem");
        assert_eq!(plant.status(&run), 2, "{lost}");
        let document = plant.json(&run);
        assert_eq!(document["sources"].as_array().unwrap().len(), 2);
        assert_eq!(document["certificates"].as_array().unwrap().len(), 2);
        assert!(document["unreadable"][0].as_str().is_some_and(|it| it.contains(lost.trim_start_matches("https://"))));
        let findings = document["findings"].as_array().unwrap();
        let told = findings.iter().find(|it| it["id"] == "input-not-read").unwrap();
        assert_eq!((&told["severity"], &told["source"]), (&"error".into(), &lost.into()), "{told}");
        // Where nothing else could be judged, the job could not be done.
        assert_eq!(plant.status(&format!("{line} {lost}")), 3);
        assert_eq!(plant.status(&format!("{line} ca.key {lost}")), 2, "a key is judged");
        let text = plant.run(&run.replace(" --json", ""));
        assert!(String::from_utf8_lossy(&text.stdout).contains(&format!("{lost}  not read")), "{text:?}");
    }
}

#[test]
fn each_of_several_servers_in_a_file_has_its_own_chain() {
    let plant = Plant::new();
    let line = "generate https --key-type ec:p256 --dns plc8.plant.test --issuer other.pem --issuer-key other.key --cert-out leaf8.pem --key-out leaf8.key";
    assert_eq!(plant.status(line), 0);
    let servers = plant.read("leaf.pem") + &plant.read("ca.pem") + &plant.read("leaf8.pem");
    plant.write("both.pem", &(servers.clone() + &plant.read("other.pem")));
    let check = "check --profile https --trust ca.pem --trust other.pem --json";
    let found = plant.findings(&format!("{check} both.pem"));
    assert!(!found.iter().any(|id| id == "chain-unrelated"), "{found:?}");
    // What leads up from none of them is told, once.
    assert_eq!(
        plant.status(
            "generate ca --name Third --key-type ec:p256 --no-password --cert-out third.pem --key-out third.key"
        ),
        0
    );
    plant.write("three.pem", &(servers + &plant.read("third.pem")));
    let found = plant.findings(&format!("{check} three.pem"));
    assert_eq!(found.iter().filter(|id| *id == "chain-unrelated").count(), 1, "{found:?}");
}

#[test]
fn lists_among_what_is_judged_count() {
    let plant = Plant::new();
    let check = "check --trust ca.pem --host plc7.plant.test --json";
    let is_revoked = |line: &str| plant.findings(line).contains(&"revoked".to_owned());
    // Nothing is asked of a list that does not speak of it, nor of certificates of whose issuer there is none.
    assert_eq!(plant.status(&format!("{check} leaf.pem old.crl")), 0);
    for inputs in ["leaf.pem ca.crl", "ca.crl old.crl leaf.pem", "new.pem leaf.pem"] {
        assert!(is_revoked(&format!("{check} {inputs}")), "{inputs}");
    }
    fs::create_dir(plant.folder.path().join("folder")).unwrap();
    plant.write("folder/leaf.pem", &plant.read("leaf.pem"));
    fs::copy(plant.folder.path().join("ca.crl"), plant.folder.path().join("folder/ca.crl")).unwrap();
    assert!(is_revoked(&format!("{check} folder")));
    plant.write("together.pem", &(plant.read("leaf.pem") + &plant.read("new.pem")));
    assert!(is_revoked(&format!("{check} together.pem")));
    let verdict = plant.json("verify --trust ca.pem --host plc7.plant.test --json together.pem");
    assert_eq!(
        (&verdict["verdict"], &verdict["revocation"]),
        (&"rejected".into(), &"where-listed".into()),
        "{verdict:#}"
    );
    let opcua = plant.run("verify --profile opcua --trust ca.pem together.pem");
    assert!(String::from_utf8_lossy(&opcua.stdout).ends_with("BadCertificateRevoked\n"), "{opcua:?}");
    // Damaged, it may revoke what the good one clears: nobody knows any more.
    plant.damaged("damaged.pem", "old.pem", "new.pem");
    plant.write("doubtful.pem", &(plant.read("leaf.pem") + &plant.read("damaged.pem")));
    let verify = "verify --trust ca.pem --host plc7.plant.test --json";
    for line in [format!("{check} doubtful.pem"), format!("{verify} doubtful.pem")] {
        assert_eq!(plant.status(&line), 2, "{line}");
        assert!(plant.run(&line).stdout.windows(20).any(|it| it == b"\"revocation-unknown\""), "{line}");
    }
    for watched in ["folder", "together.pem"] {
        let report = plant.json(&format!("expiry --findings --trust ca.pem --json {watched}"));
        assert!(report.to_string().contains("\"revoked\""), "{watched}: {report:#}");
    }
    // What was to be a list, or an answer, and cannot be read.
    plant.write("folder/ca.crl", "<html>");
    assert_eq!(plant.findings(&format!("{check} folder")), ["input-not-read"]);
}

#[test]
fn the_first_certificate_of_a_file_is_the_one_that_is_sent() {
    let plant = Plant::new();
    plant.write("decoy.pem", &(plant.read("other.pem") + &plant.read("leaf.pem")));
    let check = "check --profile tls --trust ca.pem --trust other.pem --host plc7.plant.test --json";
    let found = plant.findings(&format!("{check} decoy.pem"));
    assert!(found.contains(&"host-mismatch".to_owned()), "{found:?}");
    assert_eq!(plant.status("verify --trust ca.pem --trust other.pem --host plc7.plant.test decoy.pem"), 2);
    // A CA that has issued what follows is only in the wrong place.
    plant.write("turned.pem", &(plant.read("ca.pem") + &plant.read("leaf.pem")));
    assert_eq!(plant.status(&format!("{check} turned.pem")), 0);
}

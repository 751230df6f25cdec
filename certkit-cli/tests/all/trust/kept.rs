//! What is kept beside a store and what is not, what is told of it, and what is not passed over.

use std::fs;

use serde_json::Value;

use super::{Plant, ids};

fn names(plant: &Plant) -> Vec<String> {
    let entries = fs::read_dir(plant.folder.path()).unwrap();
    let mut names: Vec<String> = entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn copies_of_what_was_removed_are_not_trusted() {
    let plant = Plant::new();
    fs::create_dir(plant.path("d")).unwrap();
    let both =
        fs::read_to_string(plant.path("root.pem")).unwrap() + &fs::read_to_string(plant.path("other.pem")).unwrap();
    plant.write("d/b.pem", both);
    plant.done("trust remove d/b.pem 'Plant Root'");
    assert!(plant.path("d/b.pem.certkit/backup").is_dir());
    assert_eq!(plant.lists("folder:d"), ["trusted Other Root"]);
    let inspected = plant.json("inspect d");
    assert_eq!(inspected["sources"].as_array().unwrap().len(), 1, "{inspected:#}");
}

#[test]
fn what_fails_or_is_refused_leaves_nothing() {
    let plant = Plant::new();
    fs::create_dir_all(plant.path("pki/trusted/certs")).unwrap();
    let before = names(&plant);
    for (line, wanted) in [
        ("trust undo nofile.pem", 3),
        ("trust add n.jks other.pem --create", 3),
        ("trust add n.p12 other.pem --create", 3),
        ("trust add n.jks root.crl root.pem --create --password-file password", 3),
        ("trust add opcua:new client.pem --create --at 2099-01-01", 2),
        ("trust add opcua:new root.pem --group https --list own --create --at 2099-01-01", 2),
        ("trust add n.pem client.pem --create", 2),
        ("trust remove pki Nobody", 3),
    ] {
        let (status, text) = plant.said(line);
        assert_eq!(status, wanted, "{line}: {text}");
        assert_eq!(names(&plant), before, "{line}");
        assert!(!plant.path("pki/.certkit").exists(), "{line}");
    }
}

#[test]
fn the_record_says_who_as_the_system_knows_it() {
    let plant = Plant::new();
    let add = |line: &str, variables: &[(&str, &str)]| -> Value {
        let mut command = plant.command(line);
        ["USER", "LOGNAME", "USERNAME", "SUDO_USER"].iter().for_each(|name| _ = command.env_remove(name));
        assert!(command.envs(variables.iter().copied()).output().unwrap().status.success());
        let log = fs::read_to_string(plant.path("a.pem.certkit/log.jsonl")).unwrap();
        serde_json::from_str(log.lines().last().unwrap()).unwrap()
    };
    let first = add("trust add a.pem root.pem --create", &[]);
    let second = add("trust add a.pem other.pem", &[("USER", "mallory"), ("SUDO_USER", "ann")]);
    assert_eq!((&first["called_by"], second["called_by"].as_str()), (&Value::Null, Some("ann")));
    if cfg!(unix) {
        assert!(first["user"].is_string() && first["user"] == second["user"] && second["user"] != "mallory");
    }
    // The schema knows every key of a line, and no other.
    let schema: Value = serde_json::from_slice(&plant.run("schema trust-log").stdout).unwrap();
    assert_eq!(schema["title"], "certkit.trust-log/1");
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&schema["properties"]), keys(&second));
    assert_eq!(keys(&schema["$defs"]["Subject"]["properties"]), keys(&second["certificates"][0]));
    assert_eq!(keys(&schema["$defs"]["Touched"]["properties"]), keys(&second["files"][0]));
}

#[test]
fn stores_differ_in_keys_and_lists_and_in_what_cannot_be_read() {
    let plant = Plant::new();
    plant.done(
        "generate https --name s.plant.test --dns s.plant.test --issuer root.pem --issuer-key root.key \
         --key-type ec:p256 --cert-out s.pem --key-out s.key",
    );
    plant.done("convert root.pem s.pem s.key -o keys.p12 --new-password-file password");
    plant.done("convert root.pem -o cas.p12 --new-password-file password");
    plant.done("convert root.pem root.crl -o with.pem");
    let both = "--password-file password";
    let diff = plant.json(&format!("trust diff keys.p12 cas.p12 {both}"));
    // In the one the root belongs to a key, in the other it is trusted.
    let count = |only: &str| diff[only].as_array().unwrap().len();
    assert_eq!((count("only_in_store"), count("only_in_other")), (2, 1), "{diff:#}");
    assert_eq!((diff["private_keys_in_store"].as_u64(), diff["private_keys_in_other"].as_u64()), (Some(1), Some(0)));
    assert_eq!(plant.said(&format!("trust diff keys.p12 cas.p12 {both}")).0, 1);
    assert_eq!(plant.said(&format!("trust diff keys.p12 keys.p12 {both}")).0, 0);
    let diff = plant.json("trust diff with.pem root.pem");
    assert_eq!(diff["only_in_store"][0]["what"], "revocation_list", "{diff:#}");
    assert_eq!(plant.said("trust diff with.pem root.pem").0, 1);
    // Without its password, the store tells that there is a key and nothing of the certificates.
    plant.done("convert s.key -o key.p12 --new-password-file password");
    let (status, text) = plant.said("trust diff keys.p12 key.p12");
    assert!(status == 1 && text.contains("not read in keys.p12") && text.contains("password"), "{text}");
}

#[test]
fn what_is_left_out_of_an_export_is_told() {
    let plant = Plant::new();
    plant.done(
        "generate https --name s.plant.test --dns s.plant.test --issuer root.pem --issuer-key root.key \
         --key-type ec:p256 --cert-out s.pem --key-out s.key",
    );
    plant.done("convert root.pem -o cas.p12 --new-password-file password");
    plant.done("convert root.pem root.crl -o with.pem");
    plant.done("convert s.pem s.key -o keys.p12 --new-password-file password");
    for store in ["cas.p12", "keys.p12 --list own"] {
        let (status, text) = plant.said(&format!("trust export {store}"));
        assert!(status == 3 && text.contains("--password-file") && !text.contains("nothing to export"), "{text}");
    }
    let output = plant.run("trust export with.pem");
    assert_eq!(output.stdout, fs::read(plant.path("root.pem")).unwrap());
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 revocation list is left out"));
}

#[test]
fn messages_name_what_can_be_done() {
    let plant = Plant::new();
    fs::create_dir_all(plant.path("pki/trusted/certs")).unwrap();
    for (line, word) in [
        ("trust approve opcua:pki Nobody", "`certkit trust list pki --list rejected`"),
        ("trust add n.jks other.pem --create", "a new store of this kind needs a password"),
        ("trust add n.p12 other.pem --create", "a new store of this kind needs a password"),
        ("trust add n.pem other.pem --create --alias x", "leave --alias out"),
        ("trust add hashed:n other.pem --create --alias x", "leave --alias out"),
    ] {
        let (status, text) = plant.said(line);
        assert!(status == 3 && text.contains(word), "{line}: {status}: {text}");
    }
    assert!(ids(&plant.json("trust audit pki")).is_empty());
}

#[test]
fn a_look_finishes_no_change_that_somebody_else_began() {
    let plant = Plant::new();
    fs::create_dir_all(plant.path("pki/trusted/certs")).unwrap();
    fs::create_dir_all(plant.path("pki/.certkit")).unwrap();
    plant.write("victim", "mine");
    plant.write("pki/.certkit/new-0", "evil");
    let journal = r#"{"record":{"schema":"certkit.trust-log/1","sequence":1,"time":"","user":null,"action":"add","reason":null,
        "accepted":[],"certificates":[],"revocation_lists":[],"undoes":null,
        "files":[{"path":"../victim","before":"absent","after":"absent"}]}}"#;
    plant.write("pki/.certkit/journal.json", journal);
    for line in [
        "trust list opcua:pki",
        "trust audit opcua:pki",
        "trust diff opcua:pki root.pem",
        "trust export opcua:pki",
        "trust add opcua:pki root.pem --dry-run",
        "trust undo opcua:pki --dry-run",
    ] {
        let (_, text) = plant.said(line);
        assert!(text.contains("was interrupted") && text.contains("trust undo"), "{line}: {text}");
        assert_eq!(fs::read_to_string(plant.path("victim")).unwrap(), "mine", "{line}");
        assert!(
            plant.path("pki/.certkit/journal.json").exists() && plant.path("pki/.certkit/new-0").exists(),
            "{line}"
        );
    }
    for line in ["trust add opcua:pki root.pem", "trust undo opcua:pki"] {
        let (status, text) = plant.said(line);
        assert!(status == 3 && text.contains("journal.json") && text.contains("../victim"), "{line}: {text}");
        assert_eq!(fs::read_to_string(plant.path("victim")).unwrap(), "mine", "{line}");
    }
}

#[test]
fn no_revocation_is_lost_where_several_are_made_at_once() {
    let plant = Plant::new();
    let by = "--issuer root.pem --issuer-key root.key";
    for number in 0..4 {
        plant.done(&format!(
            "generate https --name s{number}.plant.test --dns s{number}.plant.test {by} --key-type ec:p256 \
             --cert-out s{number}.pem --key-out s{number}.key"
        ));
    }
    let running: Vec<_> = (0..4)
        .map(|number| plant.command(&format!("revoke s{number}.pem {by} --crl all.crl")).spawn().unwrap())
        .collect();
    for mut child in running {
        assert!(child.wait().unwrap().success());
    }
    let list = plant.json("inspect all.crl");
    assert!(list.to_string().contains("\"revoked\":4"), "{list:#}");
    assert!(!plant.path("all.crl.lock").exists());
}

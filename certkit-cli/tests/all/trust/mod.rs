//! Trust stores on the command line: looked at, changed, and never broken.

mod gate;
mod kept;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Revocations, Template, Validity};
use certkit_core::moment::Moment;
use serde_json::Value;

const PASSWORD: &str = "Sesame-Opens-417";

/// CAs, an OPC UA client below one of them, its revocation list, and what should be refused.
struct Plant {
    folder: tempfile::TempDir,
}

impl Plant {
    fn new() -> Plant {
        let now = Moment::now();
        let [key, other_key, client_key] =
            [KeyType::Rsa2048, KeyType::P256, KeyType::Rsa2048].map(|kind| KeyPair::generate(kind).unwrap());
        let make = |kind, name: &str, key: &KeyPair, issuer: &Issuer<'_>| {
            let uri = (kind == Kind::OpcUa).then(|| AlternativeName::Uri("urn:pump:Plant:Client".to_owned()));
            let host = (kind == Kind::OpcUa).then(|| AlternativeName::host("pump.plant.test"));
            Template::new(kind, name.parse().unwrap(), Validity::days(now, 300))
                .alternative_names(uri.into_iter().chain(host))
                .issue(&key.public_key().unwrap(), issuer)
                .unwrap()
        };
        let root = make(Kind::Root, "CN=Plant Root,O=Plant", &key, &Issuer::itself(&key));
        let other = make(Kind::Root, "CN=Other Root,O=Plant", &other_key, &Issuer::itself(&other_key));
        let issuer = Issuer::authority(&root, &key).unwrap();
        let client = make(Kind::OpcUa, "CN=Pump,O=Plant", &client_key, &issuer);
        let list = Revocations::new(&issuer).unwrap().sign(now, Moment::from_unix(now.unix() + 864_000)).unwrap();
        let plant = Plant { folder: tempfile::tempdir().unwrap() };
        let text = |certificate: &Certificate| pem::encode("CERTIFICATE", certificate.der());
        plant.write("root.pem", text(&root));
        plant.write("other.pem", text(&other));
        plant.write("client.pem", text(&client));
        plant.write("client.der", client.der());
        plant.write("chain.pem", text(&client) + &text(&root));
        plant.write("root.crl", list.der());
        plant.write("root.key", pem::encode("PRIVATE KEY", &key.to_pkcs8().unwrap()));
        plant.write("leaked.pem", text(&root) + &pem::encode("PRIVATE KEY", &key.to_pkcs8().unwrap()));
        plant.write("password", format!("{PASSWORD}\n"));
        plant.write("wrong", "Simsalabim-Simsalabim-2\n");
        plant
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.path(name), contents).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        let words = line.split('\'').enumerate().flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
            _ => vec![part.to_owned()],
        });
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// The exit status, and what was said on both streams.
    fn said(&self, line: &str) -> (i32, String) {
        let output = self.run(line);
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!text.contains("panicked"), "{line}: {text}");
        (output.status.code().unwrap(), text)
    }

    /// Runs a command that must not fail.
    fn done(&self, line: &str) -> String {
        let (status, text) = self.said(line);
        assert!(status < 2, "{line}: {status}: {text}");
        text
    }

    fn json(&self, line: &str) -> Value {
        let output = self.run(&format!("{line} --json"));
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{line}: {error}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// The lists that certificates stand on, with their common names.
    fn lists(&self, store: &str) -> Vec<String> {
        let json = self.json(&format!("trust list {store} --password-file password"));
        let certificates = json["certificates"].as_array().unwrap().iter();
        let mut lists: Vec<String> = certificates
            .map(|it| format!("{} {}", it["list"].as_str().unwrap(), it["subject"]["common_name"].as_str().unwrap()))
            .collect();
        let crls = json["revocation_lists"].as_array().unwrap().iter();
        lists.extend(crls.map(|it| format!("{} crl", it["list"].as_str().unwrap())));
        lists.sort();
        // A list in an OPC UA store stands in two files.
        lists.dedup_by(|one, other| one == other && one.ends_with(" crl"));
        lists
    }
}

fn ids(json: &Value) -> Vec<&str> {
    let mut ids: Vec<&str> = json["findings"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[test]
fn every_kind_of_store_is_made_filled_and_emptied() {
    let plant = Plant::new();
    for store in ["a.pem", "a.p12", "a.jks", "jceks:a.jceks", "folder:f", "hashed:h"] {
        let all = format!("{store} --password-file password");
        assert_eq!(plant.said(&format!("trust add {all} root.pem")).0, 3, "{store} is not there");
        plant.done(&format!("trust add {all} root.pem other.pem --create"));
        assert_eq!(plant.lists(store), ["trusted Other Root", "trusted Plant Root"], "{store}");
        let again = plant.done(&format!("trust add {all} root.pem"));
        assert!(again.contains("nothing to do"), "{store}: {again}");
        plant.done(&format!("trust remove {all} 'Plant Root' --reason 'not ours'"));
        assert_eq!(plant.lists(store), ["trusted Other Root"], "{store}");
        assert_eq!(plant.said(&format!("trust remove {all} 'Plant Root'")).0, 3, "{store}");
        plant.done(&format!("trust undo {store}"));
        assert_eq!(plant.lists(store).len(), 2, "{store}");
        let exported = plant.run(&format!("trust export {all} 'Other Root'"));
        assert_eq!(exported.stdout, fs::read(plant.path("other.pem")).unwrap(), "{store}");
    }
    let log = fs::read_to_string(plant.path("a.jks.certkit/log.jsonl")).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let actions: Vec<&str> = lines.iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["add", "remove", "undo"]);
    assert_eq!((lines[1]["reason"].as_str(), lines[2]["undoes"].as_u64()), (Some("not ours"), Some(2)));
}

#[test]
fn the_gate_says_everything_at_once_and_writes_nothing() {
    let plant = Plant::new();
    plant.done("trust add cas.pem other.pem --create");
    let before = fs::read(plant.path("cas.pem")).unwrap();
    let line = "trust add cas.pem client.pem leaked.pem --at 2099-01-01";
    let json = plant.json(line);
    let found = ids(&json);
    for id in ["not-a-ca", "expired", "private-key-in-import"] {
        assert!(found.contains(&id), "{id} is not among {found:?}");
    }
    assert_eq!((json["outcome"].as_str(), plant.said(line).0), (Some("refused"), 2));
    assert_eq!(fs::read(plant.path("cas.pem")).unwrap(), before);
    assert_eq!(plant.said("trust add cas.pem client.pem --accept not-a-ca").0, 3, "no reason");
    assert_eq!(plant.said("trust add cas.pem client.pem --accept no-such-id --reason x").0, 3);
    let accepted = plant.json("trust add cas.pem client.pem --accept not-a-ca --reason 'ticket 4711'");
    assert_eq!((accepted["outcome"].as_str(), accepted["accepted"][0].as_str()), (Some("made"), Some("not-a-ca")));
    let log = fs::read_to_string(plant.path("cas.pem.certkit/log.jsonl")).unwrap();
    assert!(log.contains("ticket 4711") && log.contains("not-a-ca"), "{log}");
}

#[test]
fn the_same_certificate_under_another_name_is_refused() {
    let plant = Plant::new();
    let store = "s.jks --password-file password";
    plant.done(&format!("trust add {store} root.pem --alias first --create"));
    let refused = plant.json(&format!("trust add {store} root.pem --alias second"));
    assert_eq!((refused["outcome"].as_str(), ids(&refused)), (Some("refused"), vec!["already-in-store"]));
    assert!(plant.done(&format!("trust add {store} root.pem --alias first")).contains("nothing to do"));
    let (status, text) = plant.said(&format!("trust add {store} other.pem --alias first"));
    assert!(status == 3 && text.contains("in use"), "{text}");
}

#[test]
fn a_chain_goes_where_it_belongs() {
    let plant = Plant::new();
    fs::create_dir_all(plant.path("pki/trusted/certs")).unwrap();
    let bare = plant.json("trust add opcua:pki chain.pem --dry-run");
    assert!(ids(&bare).contains(&"store-crl-missing"), "{bare:#}");
    assert!(plant.lists("opcua:pki").is_empty());
    plant.done("trust add opcua:pki chain.pem --crl root.crl");
    assert_eq!(plant.lists("pki"), ["issuer Plant Root", "issuer crl", "trusted Pump"]);
    let note = plant.done("trust add opcua:pki other.pem");
    assert!(note.split_whitespace().collect::<Vec<_>>().join(" ").contains("--list trusted"), "{note}");
    plant.done("trust add opcua:pki other.pem --list trusted");
    assert_eq!(plant.lists("pki"), ["issuer Plant Root", "issuer crl", "trusted Other Root", "trusted Pump"]);
    assert_eq!(plant.said("trust add opcua:pki client.pem --list nowhere").0, 3);
}

#[test]
fn a_client_is_rejected_and_let_in_again() {
    let plant = Plant::new();
    fs::create_dir_all(plant.path("pki/rejected/certs")).unwrap();
    fs::create_dir_all(plant.path("pki/trusted/certs")).unwrap();
    fs::copy(plant.path("client.der"), plant.path("pki/rejected/certs/pump [X].der")).unwrap();
    assert_eq!(plant.lists("pki"), ["rejected Pump"]);
    // A maintenance window after its end: the same is judged at that moment.
    assert_eq!(plant.said("trust approve pki client.der --at 2099-01-01").0, 2);
    plant.done("trust approve pki client.der");
    assert_eq!(plant.lists("pki"), ["trusted Pump"]);
    assert!(plant.path("pki/trusted/certs/pump [X].der").is_file(), "it has kept its name");
    plant.done("trust reject pki Pump");
    assert_eq!(plant.lists("pki"), ["rejected Pump"]);
    plant.done("trust undo pki");
    assert_eq!(plant.lists("pki"), ["trusted Pump"]);
    assert_eq!(plant.said("trust approve pki Pump").0, 3, "it is not rejected");
    plant.done("trust add a.pem root.pem --create");
    assert_eq!(plant.said("trust approve a.pem 'Plant Root'").0, 3, "no such list");
    assert_eq!(plant.said("trust reject a.pem 'Plant Root'").0, 3, "no such list");
}

#[test]
fn an_audit_finds_what_is_wrong() {
    let plant = Plant::new();
    for folder in ["pki/trusted/certs", "pki/rejected/certs", "pki/issuer/certs"] {
        fs::create_dir_all(plant.path(folder)).unwrap();
    }
    fs::copy(plant.path("client.der"), plant.path("pki/rejected/certs/a.der")).unwrap();
    fs::copy(plant.path("client.der"), plant.path("pki/trusted/certs/a.der")).unwrap();
    fs::copy(plant.path("client.der"), plant.path("pki/trusted/certs/b.der")).unwrap();
    fs::copy(plant.path("leaked.pem"), plant.path("pki/trusted/certs/leaked.pem")).unwrap();
    fs::copy(plant.path("client.der"), plant.path("pki/issuer/certs/a.der")).unwrap();
    plant.write("pki/trusted/certs/noise.der", [0x30, 0x82, 0x01, 0x00, 1, 2, 3]);
    let audit = plant.json("trust audit pki");
    let wanted = [
        "store-crl-missing",
        "store-duplicate",
        "store-file-not-read",
        "store-key-material",
        "store-leaf-among-issuers",
        "store-trusted-and-rejected",
        "store-unreadable",
    ];
    assert_eq!(ids(&audit), wanted, "{audit:#}");
    let (status, text) = plant.said("trust audit pki");
    assert!(status == 2 && text.contains("store-key-material"), "{text}");
    let late = plant.json("trust audit pki --at 2099-01-01");
    assert!(ids(&late).contains(&"expired"));
    let later = Moment::from_unix(Moment::now().unix() + 250 * 86_400).date();
    assert!(!ids(&plant.json(&format!("trust audit pki --at {later}"))).contains(&"expires-soon"));
    let soon = plant.json(&format!("trust audit pki --at {later} --warn 90d --ignore store-duplicate"));
    assert!(ids(&soon).contains(&"expires-soon") && !ids(&soon).contains(&"store-duplicate"));
    assert_eq!(plant.said("trust audit pki --ignore nonsense").0, 3);
}

#[test]
fn other_commands_go_by_the_lists_of_a_store() {
    let plant = Plant::new();
    for folder in ["pki/trusted/certs", "pki/rejected/certs"] {
        fs::create_dir_all(plant.path(folder)).unwrap();
    }
    let anchored = |store: &str| {
        let json = plant.json(&format!("check client.pem --trust {store}"));
        let unknown = ids(&json).iter().any(|id| ["anchor-unknown", "chain-incomplete"].contains(id));
        (json["certificates"].as_array().unwrap().len(), unknown)
    };
    plant.done("trust add hashed:h root.pem --create");
    assert_eq!(anchored("hashed:h"), (2, false));
    plant.done("trust add pki root.pem root.crl --list trusted");
    assert_eq!(anchored("opcua:pki"), (2, false));
    plant.done("trust reject pki 'Plant Root'");
    let (status, text) = plant.said("check client.pem --trust opcua:pki");
    assert!(status == 3 && text.contains("holds no trusted certificate"), "{text}");
    assert_eq!(plant.said("check client.pem --trust windows:CurrentUser/Root").0, if cfg!(windows) { 0 } else { 3 });
    assert!(plant.json("inspect mozilla")["sources"][0]["certificates"].as_u64().unwrap() > 100);
}

#[test]
fn stores_are_compared() {
    let plant = Plant::new();
    plant.done("trust add a.pem root.pem other.pem --create");
    plant.done("trust add b.jks root.pem --create --password-file password");
    let diff = plant.json("trust diff a.pem b.jks");
    assert_eq!((diff["in_both"].as_u64(), diff["only_in_other"].as_array().unwrap().len()), (Some(1), 0));
    assert_eq!(diff["only_in_store"][0]["subject_dn"], "CN=Other Root,O=Plant");
    assert_eq!((plant.said("trust diff a.pem b.jks").0, plant.said("trust diff a.pem a.pem").0), (1, 0));
}

#[test]
fn bad_input_is_one_clear_error() {
    let plant = Plant::new();
    plant.done("trust add s.jks root.pem --create --password-file password");
    plant.done("trust add s.pem root.pem other.pem --create");
    plant.write("short", "secret\n");
    plant.write("empty", "");
    plant.write("noise.jks", b"\xfe\xed\xfe\xed\0\0\0\x02\xff\xff\xff\xff");
    let before = fs::read(plant.path("s.jks")).unwrap();
    for (line, word) in [
        ("trust list nowhere.pem", "nowhere.pem"),
        ("trust list windows:Root", "windows:CurrentUser"),
        ("trust list noise.jks", "more than 1000000 entries"),
        ("trust add s.jks other.pem", "password"),
        ("trust add s.jks other.pem --password-file wrong", "password is wrong"),
        ("trust add n.jks other.pem --create --password-file short", "14 characters"),
        ("trust add n.jks other.pem --create", "password"),
        ("trust add system root.pem", "not changed"),
        ("trust add mozilla root.pem", "built into certkit"),
        ("trust add s.pem empty", "empty"),
        ("trust add s.pem client.pem root.crl nowhere.crl", "nowhere.crl"),
        ("trust add s.jks root.crl --password-file password", "cannot hold a revocation list"),
        ("trust remove s.pem 12345678", "is not in"),
        ("trust remove s.pem ''", "is not in"),
        ("trust undo empty", "no change"),
        ("trust export s.pem Nobody", "is not in"),
        ("trust export s.pem -o s.xyz", "--as"),
        ("trust export s.pem -o root.pem", "already exists"),
        ("trust reject s.pem 'Plant Root'", "no list `rejected`"),
        ("trust list s.pem --list somewhere", "the lists are"),
        ("trust", "Usage"),
    ] {
        let (status, text) = plant.said(line);
        assert!(status == 3 && text.contains(word), "{line}: {status}: {text}");
    }
    assert_eq!(fs::read(plant.path("s.jks")).unwrap(), before);
    assert!(!plant.path("n.jks").exists());
}

/// The SHA-1 names of openssl, and what it makes of them.
#[test]
fn openssl_finds_what_lies_in_a_hashed_folder() {
    let plant = Plant::new();
    plant.done("trust add hashed:h root.pem other.pem root.crl --create");
    let hash = |name: &str| {
        let mut openssl = Command::new("openssl");
        let output = openssl.args(["x509", "-noout", "-subject_hash", "-in"]).arg(plant.path(name)).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    for (name, suffix) in [("root.pem", "0"), ("other.pem", "0"), ("root.pem", "r0")] {
        assert!(plant.path(&format!("h/{}.{suffix}", hash(name))).is_file(), "{name} {suffix}");
    }
    let verified = |extra: &[&str]| {
        let mut command = Command::new("openssl");
        command.args(["verify", "-CApath"]).arg(plant.path("h")).args(extra).arg(plant.path("client.pem"));
        command.output().unwrap().status.success()
    };
    assert!(verified(&["-no-CAfile", "-no-CAstore"]) && verified(&["-no-CAfile", "-no-CAstore", "-crl_check"]));
}

/// Kills certkit at many moments of a change: the store is the old one or the new one, or says that it was interrupted, and
/// the next change makes it whole.
#[test]
fn a_kill_at_any_moment_leaves_the_old_or_the_new_store() {
    let plant = Plant::new();
    plant.done("trust add s.jks root.pem --create --password-file password");
    fs::create_dir_all(plant.path("pki/trusted/certs")).unwrap();
    for (store, old, new) in [
        ("s.jks", vec!["trusted Plant Root"], vec!["trusted Other Root", "trusted Plant Root"]),
        ("pki", vec![], vec!["issuer Plant Root", "issuer crl", "trusted Pump"]),
    ] {
        let what = if store == "pki" { "chain.pem --crl root.crl" } else { "other.pem" };
        let line = format!("trust add {store} {what} --password-file password");
        let start = std::time::Instant::now();
        plant.done(&line);
        let whole = start.elapsed();
        plant.done(&format!("trust undo {store}"));
        let (mut olds, mut news) = (0, 0);
        for step in 0..40u32 {
            let mut child = plant.command(&line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(whole * step / 24);
            let _ = child.kill();
            child.wait().unwrap();
            if store == "s.jks" {
                let read = certkit_core::container::read_with(
                    &fs::read(plant.path(store)).unwrap(),
                    Some(PASSWORD.as_bytes()),
                );
                assert!(read.unwrap().certificates().count() >= old.len(), "step {step}");
            }
            // Whatever was begun is finished or forgotten by the next certkit that changes the store; a look does neither.
            let now = {
                let (status, text) = plant.said(&format!("trust undo {store} --dry-run"));
                assert!(status == 0 || text.contains("no change"), "step {step}: {text}");
                plant.lists(store)
            };
            if now == old {
                olds += 1;
                continue;
            }
            // Several files are not changed at one instant: a look says that it was interrupted, and the next change
            // finishes it.
            if now != new {
                let (_, text) = plant.said(&format!("trust list {store}"));
                assert!(text.contains("interrupted"), "step {step}: {now:?}: {text}");
            }
            news += 1;
            plant.done(&format!("trust undo {store}"));
            assert_eq!(plant.lists(store), old, "step {step}");
        }
        assert!(olds > 0 && news > 0, "{store}: {olds} old and {news} new of 40");
    }
}

#[test]
fn two_at_once_lose_nothing() {
    let plant = Plant::new();
    plant.done("trust add s.jks root.pem --create --password-file password");
    let line = |name: &str| format!("trust add s.jks {name}.pem --alias {name} --password-file password");
    for round in 0..5 {
        let both = ["other", "client"].map(|name| {
            plant
                .command(&format!("{} --accept not-a-ca --reason test", line(name)))
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        });
        for mut child in both {
            assert!(child.wait().unwrap().code().unwrap() < 2, "round {round}");
        }
        assert_eq!(plant.lists("s.jks").len(), 3, "round {round}");
        plant.done("trust undo s.jks");
        plant.done("trust undo s.jks");
    }
}

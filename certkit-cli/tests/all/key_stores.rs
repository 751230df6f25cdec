//! Files with private keys and stores on the command line: whose a key is, what a server will send, and which of two
//! passwords is meant.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use certkit_core::cert::Certificate;
use certkit_core::container::jks::{self, Content, Entry, Flavour};
use certkit_core::container::pem;
use certkit_core::crypto::key::KeyKind;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use serde_json::Value;

const PASSWORD: &str = "Sesame-Opens-417";
const KEYS_OWN: &str = "Another-Door-2026";

/// A serialized object of Java: a secret key by its class alone, without fields.
const SECRET: &[u8] = b"\xac\xed\x00\x05\x73\x72\x00\x01A\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x78\x70";

struct Plant {
    folder: tempfile::TempDir,
    root: Certificate,
    issuing: Certificate,
    leaf: Certificate,
    key: Vec<u8>,
    issuing_key: Vec<u8>,
}

impl Plant {
    fn new() -> Plant {
        let now = Moment::now();
        let [root_key, issuing_key, key, other] = [(); 4].map(|()| KeyPair::generate(KeyType::P256).unwrap());
        let make = |kind, name: &str, key: &KeyPair, issuer: &Issuer<'_>| {
            Template::new(kind, name.parse().unwrap(), Validity::days(now, 365))
                .alternative_names((kind == Kind::Https).then(|| AlternativeName::host("twx.plant.test")))
                .issue(&key.public_key().unwrap(), issuer)
                .unwrap()
        };
        let root = make(Kind::Root, "CN=Test Root,O=Plant", &root_key, &Issuer::itself(&root_key));
        let by_root = Issuer::authority(&root, &root_key).unwrap();
        let issuing = make(Kind::IssuingAuthority, "CN=Test Issuing,O=Plant", &issuing_key, &by_root);
        let by_issuing = Issuer::authority(&issuing, &issuing_key).unwrap();
        let leaf = make(Kind::Https, "CN=twx.plant.test", &key, &by_issuing);
        let pkcs8 = |key: &KeyPair| key.to_pkcs8().unwrap().to_vec();
        let folder = tempfile::tempdir().unwrap();
        let plant = Plant { folder, root, issuing, leaf, key: pkcs8(&key), issuing_key: pkcs8(&issuing_key) };
        let text = |it: &Certificate| pem::encode("CERTIFICATE", it.der());
        plant.write("root.pem", text(&plant.root));
        plant.write("leaf.pem", text(&plant.leaf));
        plant.write("chain.pem", text(&plant.leaf) + &text(&plant.issuing));
        plant.write("leaf.key", pem::encode("PRIVATE KEY", &plant.key));
        plant.write("other.key", pem::encode("PRIVATE KEY", &other.to_pkcs8().unwrap()));
        plant.write("password", format!("{PASSWORD}\n"));
        plant.write("own", format!("{KEYS_OWN}\n"));
        plant
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), contents).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a Java keystore of entries by their aliases.
    fn store(&self, name: &str, flavour: Flavour, entries: Vec<(&str, Content)>) {
        let entry = |(alias, content): (&str, Content)| Entry { alias: alias.to_owned(), created: 0, content };
        let entries: Vec<Entry> = entries.into_iter().map(entry).collect();
        self.write(name, jks::encode(flavour, &entries, PASSWORD.as_bytes()).unwrap());
    }

    /// The key under a password, with this chain.
    fn key_entry(&self, password: &str, chain: &[&Certificate]) -> Content {
        let sealed = jks::seal(&self.key, password.as_bytes(), Flavour::Jks).unwrap();
        Content::Key { sealed, chain: chain.iter().map(|it| it.der().to_vec()).collect() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_certkit"))
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The ids of what `check` finds, and its status.
    fn check(&self, arguments: &[&str]) -> (Vec<String>, i32) {
        let whole: Vec<&str> = ["check", "--json", "--trust", "root.pem", "--host", "twx.plant.test"]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        let output = self.run(&whole);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let ids = document["findings"].as_array().into_iter().flatten().map(|it| it["id"].as_str().unwrap().to_owned());
        (ids.collect(), output.status.code().unwrap())
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_key_is_held_against_the_certificate_beside_it() {
    let plant = Plant::new();
    assert_eq!(plant.check(&["chain.pem", "leaf.key"]), (vec![], 0));
    assert_eq!(plant.check(&["chain.pem", "other.key"]), (vec!["key-certificate-mismatch".to_owned()], 2));
    // Of a key alone it is only told whether it is weak.
    let output = plant.run(&["check", "leaf.key"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let output = plant.run(&["convert", "leaf.pem", "other.key", "-o", "pair.pem"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("none of the certificates"), "{}", said(&output));
}

/// The elements one after another, in one of this tag.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let length = u16::try_from(contents.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], &length[..], &contents].concat()
}

/// A private key in PKCS#8 with the public numbers of a certificate, which its private ones do not fit.
fn key_of(certificate: &Certificate, exponent: &[u8]) -> Vec<u8> {
    let KeyKind::Rsa { modulus, .. } = certificate.public_key().unwrap().kind else { panic!("no RSA key") };
    let one = [2, 1, 1];
    let exponent = [&[2, u8::try_from(exponent.len()).unwrap()], exponent].concat();
    let modulus = der(2, &[&[0], modulus]);
    let numbers = der(0x30, &[&[2, 1, 0], &modulus, &exponent, &one, &one, &one, &one, &one, &one]);
    let algorithm = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    der(0x30, &[&[2, 1, 0], &algorithm, &der(4, &[&numbers])])
}

#[test]
fn a_public_key_alone_is_judged_for_weakness() {
    let plant = Plant::new();
    for (name, bits) in [("sound", "2048"), ("short", "1024")] {
        let key = Command::new("openssl").args(["genrsa", bits]).output().unwrap();
        plant.write(&format!("{name}.key"), key.stdout);
        let arguments = ["rsa", "-in", &format!("{name}.key"), "-pubout", "-out", &format!("{name}.pem")];
        assert!(Command::new("openssl").args(arguments).current_dir(&plant.folder).output().unwrap().status.success());
    }
    // 2^2203 - 1 is a prime.
    let numbers = der(0x30, &[&der(2, &[&[7], &[0xff; 275]]), &[2, 3, 1, 0, 1]]);
    let algorithm = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    plant.write("prime.pem", pem::encode("PUBLIC KEY", &der(0x30, &[&algorithm, &der(3, &[&[0], &numbers])])));
    let output = plant.run(&["check", "sound.pem"]);
    let text = said(&output);
    assert!(output.status.code() == Some(0) && text.contains("the public key at block 1 (line 1), RSA 2048"), "{text}");
    for (file, id) in [("short.pem", "key-too-weak"), ("short.key", "key-too-weak"), ("prime.pem", "key-fermat")] {
        assert_eq!(plant.check(&[file]), (vec![id.to_owned()], 2), "{file}");
    }
}

#[test]
fn keys_without_a_certificate_are_looked_at() {
    let plant = Plant::new();
    let certificates = |path: &str| {
        let contents = certkit_core::container::read(&std::fs::read(specimen(path)).unwrap()).unwrap();
        contents.certificates().map(|it| Certificate::from_der(&it.der).unwrap()).collect::<Vec<_>>()
    };
    let write = |name: &str, of: &Certificate| plant.write(name, pem::encode("PRIVATE KEY", &key_of(of, &[1, 0, 1])));
    for (path, id) in [("key-roca/bad.pem", "key-roca"), ("key-fermat/bad.pem", "key-fermat")] {
        write("weak.key", &certificates(path)[0]);
        let (ids, status) = plant.check(&["weak.key"]);
        assert!(status == 2 && ids.iter().any(|it| it == id), "{path}: {ids:?}");
    }
    let both = certificates("key-shared-factor/bad.pem");
    write("one.key", &both[0]);
    write("other.key", &both[1]);
    let shared = |files: &[&str]| plant.check(files).0.iter().filter(|id| *id == "key-shared-factor").count();
    assert_eq!((shared(&["one.key", "other.key"]), shared(&["one.key"])), (2, 0));
    // One modulus with two exponents: who has one private key has the other.
    plant.write("three.key", pem::encode("PRIVATE KEY", &key_of(&both[0], &[3])));
    plant.write("again.key", pem::encode("PRIVATE KEY", &key_of(&both[0], &[1, 0, 1])));
    assert_eq!((shared(&["one.key", "three.key"]), shared(&["one.key", "again.key"])), (2, 0));
    // A key that stays shut is not judged; the password opens it.
    let sealed = Command::new("openssl")
        .args(["pkcs8", "-topk8", "-in", "leaf.key", "-out", "sealed.key", "-passout", "file:password"])
        .current_dir(&plant.folder)
        .output()
        .unwrap();
    assert!(sealed.status.success(), "{sealed:?}");
    let output = plant.run(&["check", "sealed.key"]);
    assert!(output.status.code() == Some(3) && said(&output).contains("--password-file"), "{}", said(&output));
    assert_eq!(plant.check(&["sealed.key", "--password-file", "password"]), (vec![], 0));
}

#[test]
fn a_truststore_is_no_store_of_a_server() {
    let plant = Plant::new();
    plant.store("trust.jks", Flavour::Jks, vec![("root", Content::Trusted(plant.root.der().to_vec()))]);
    let run = |more: &[&str]| {
        let output = plant.run(&[&["check", "--json", "trust.jks", "--password-file", "password"], more].concat());
        said(&output)
    };
    assert!(!run(&[]).contains("\"key-entry-missing\",\n      \"severity\""));
    for profile in ["https", "alwayson"] {
        assert!(run(&["--profile", profile]).contains("it is a truststore"), "{}", run(&["--profile", profile]));
    }
}

#[test]
fn a_damaged_key_is_no_key() {
    let plant = Plant::new();
    // The point stays that of the certificate; the scalar before it is another one.
    let mut broken = plant.key.clone();
    broken[40] ^= 1;
    plant.write("broken.key", pem::encode("PRIVATE KEY", &broken));
    assert_eq!(plant.check(&["chain.pem", "broken.key"]), (vec!["key-certificate-mismatch".to_owned()], 2));
    let output = plant.run(&["convert", "leaf.pem", "broken.key", "-o", "pair.pem"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("damaged"), "{}", said(&output));
}

#[test]
fn the_key_of_the_ca_is_not_that_of_the_server() {
    let plant = Plant::new();
    let text = std::fs::read_to_string(plant.path("chain.pem")).unwrap();
    let issuing = pem::encode("PRIVATE KEY", &plant.issuing_key);
    let own = pem::encode("PRIVATE KEY", &plant.key);
    plant.write("issuing.key", &issuing);
    plant.write("wrong.pem", format!("{text}{issuing}"));
    plant.write("both.pem", format!("{text}{issuing}{own}"));
    let mismatch = (vec!["key-certificate-mismatch".to_owned()], 2);
    assert_eq!(plant.check(&["wrong.pem"]), mismatch);
    assert_eq!(plant.check(&["chain.pem", "issuing.key"]), mismatch);
    assert_eq!(plant.check(&["both.pem"]), (vec![], 0));
    // In the folder of a CA its key stands beside what it has issued, each in a file of its own.
    plant.write("issuing.pem", pem::encode("CERTIFICATE", plant.issuing.der()));
    let (ids, _) = plant.check(&["issuing.pem", "leaf.pem", "issuing.key", "--untrusted", "issuing.pem"]);
    assert!(!ids.iter().any(|id| id == "key-certificate-mismatch"), "{ids:?}");
}

#[test]
fn every_profile_looks_at_keys_and_at_lists_of_known_ones() {
    let plant = Plant::new();
    let digest = certkit_core::crypto::digest::sha256(plant.leaf.spki());
    plant.write("known", format!("{}\n", certkit_core::text::Hex(digest)));
    for profile in ["https", "alwayson", "opcua", "tls", "webpki", "rfc5280", "ca"] {
        let (ids, status) = plant.check(&["--profile", profile, "chain.pem", "other.key", "--weak-keys", "known"]);
        assert_eq!(status, 2);
        for id in ["key-certificate-mismatch", "key-known"] {
            assert!(ids.iter().any(|it| it == id), "{profile}: {ids:?}");
        }
    }
}

#[test]
fn a_key_and_a_list_of_known_ones_are_held_against_a_request() {
    let plant = Plant::new();
    let output = plant.run(&["request", "https", "--key", "leaf.key", "--dns", "twx.plant.test", "-o", "twx.csr"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(plant.check(&["twx.csr", "leaf.key"]), (vec![], 0));
    assert_eq!(plant.check(&["twx.csr", "other.key"]), (vec!["key-certificate-mismatch".to_owned()], 2));
    let digest = certkit_core::crypto::digest::sha256(plant.leaf.spki());
    plant.write("known", format!("{}\n", certkit_core::text::Hex(digest)));
    assert_eq!(plant.check(&["twx.csr", "--weak-keys", "known"]), (vec!["key-known".to_owned()], 2));
}

#[test]
fn each_line_of_a_password_file_may_open_a_key() {
    let plant = Plant::new();
    let entry = plant.key_entry(PASSWORD, &[&plant.leaf, &plant.issuing]);
    plant.store("whole.jks", Flavour::Jks, vec![("server", entry)]);
    plant.write("several", format!("First-Of-Two-26\n{PASSWORD}\n"));
    assert_eq!(plant.check(&["whole.jks", "--password-file", "several"]), (vec![], 0));
    plant.write("issuing.pem", pem::encode("CERTIFICATE", plant.issuing.der()));
    let issuing = Content::Trusted(plant.issuing.der().to_vec());
    plant.store("trust.jks", Flavour::Jks, vec![("issuing", issuing)]);
    let wrong = plant.run(&["trust", "list", "trust.jks", "--password-file", "several", "--json"]);
    assert_eq!(wrong.status.code(), Some(0), "{}", said(&wrong));
    assert!(!said(&wrong).contains("note"), "{}", said(&wrong));
    let convert = ["convert", "trust.jks", "--password-file", "password", "-o", "trust.p12"];
    assert_eq!(plant.run(&convert).status.code(), Some(0));
    for line in [
        &["trust", "list", "trust.p12"][..],
        &["trust", "audit", "trust.p12", "--ignore", "ca-not-top"],
        &["trust", "diff", "trust.p12", "trust.jks"],
        &["trust", "add", "trust.p12", "issuing.pem", "--dry-run"],
        &["expiry", "trust.p12"],
        &["expiry", "p12:trust.p12"],
        &["inventory", "trust.p12"],
        &["verify", "leaf.pem", "--untrusted", "trust.p12", "--trust", "root.pem"],
    ] {
        let output = plant.run(&[line, &["--password-file", "several"]].concat());
        let told = said(&output);
        assert!(output.status.code() != Some(3) && !told.contains("password"), "{line:?}: {:?} {told}", output.status);
    }
}

#[test]
fn an_entry_of_java_sends_its_own_chain_and_nothing_else_of_the_store() {
    let plant = Plant::new();
    let whole = plant.key_entry(PASSWORD, &[&plant.leaf, &plant.issuing]);
    plant.store("whole.jks", Flavour::Jks, vec![("server", whole)]);
    let named = ["--password-file", "password"];
    assert_eq!(plant.check(&[&["whole.jks"], &named[..]].concat()), (vec![], 0));
    let alone = plant.key_entry(PASSWORD, &[&plant.leaf]);
    let issuing = Content::Trusted(plant.issuing.der().to_vec());
    plant.store("alone.jks", Flavour::Jks, vec![("server", alone), ("issuing", issuing)]);
    let (mut ids, status) = plant.check(&[&["alone.jks"], &named[..]].concat());
    ids.sort_unstable();
    assert_eq!((ids, status), (vec!["chain-issuers-not-sent".to_owned(), "key-entry-leaf-only".to_owned()], 1));
    let output = plant.run(&[&["trust", "audit", "jks:alone.jks"], &named[..]].concat());
    assert!(said(&output).contains("key-entry-leaf-only"), "{}", said(&output));
    // Only the leaf is sent, also where the user has the issuer, and where nobody has; of a root nothing need be sent.
    let alone = plant.key_entry(PASSWORD, &[&plant.leaf]);
    plant.store("leaf.jks", Flavour::Jks, vec![("server", alone)]);
    let given = ["leaf.jks", "--untrusted", "chain.pem", "--trust", "root.pem"];
    assert_eq!(plant.check(&[&given, &named[..]].concat()), (vec!["key-entry-leaf-only".to_owned()], 1));
    let with_gap = plant.key_entry(PASSWORD, &[&plant.leaf, &plant.root]);
    plant.store("gap.jks", Flavour::Jks, vec![("server", with_gap)]);
    let whole = plant.run(&[&["trust", "audit", "jks:whole.jks"], &named[..]].concat());
    assert_eq!(whole.status.code(), Some(0), "{}", said(&whole));
    for (store, words) in [("jks:leaf.jks", "sends only the leaf"), ("jks:gap.jks", "has a gap")] {
        let output = plant.run(&[&["trust", "audit", store], &named[..]].concat());
        assert_eq!(output.status.code(), Some(1), "{store}: {}", said(&output));
        let text = said(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("key-entry-leaf-only") && text.contains(words), "{store}: {text}");
    }
    let certificate = Content::Trusted(plant.leaf.der().to_vec());
    plant.store("keyless.jks", Flavour::Jks, vec![("server", certificate)]);
    let (ids, _) = plant.check(&[&["keyless.jks", "--untrusted", "chain.pem"], &named[..]].concat());
    assert_eq!(ids, ["key-entry-missing"]);
}

#[test]
fn a_pkcs12_store_sends_what_leads_up_by_names() {
    let plant = Plant::new();
    plant.write("issuing.pem", pem::encode("CERTIFICATE", plant.issuing.der()));
    let made = |name: &str, more: &[&str]| {
        let output = Command::new("openssl")
            .args(["pkcs12", "-export", "-inkey", "leaf.key", "-out", name, "-passout", "file:password"])
            .args(more)
            .current_dir(&plant.folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    made("whole.p12", &["-in", "chain.pem"]);
    made("leaf.p12", &["-in", "leaf.pem"]);
    made("gap.p12", &["-in", "leaf.pem", "-certfile", "root.pem"]);
    made("key.p12", &["-nocerts"]);
    let named = ["--untrusted", "issuing.pem", "--password-file", "password", "--ignore", "store-entries-unseen"];
    assert_eq!(plant.check(&[&["whole.p12"], &named[..]].concat()), (vec![], 0));
    for store in ["leaf.p12", "gap.p12"] {
        assert_eq!(
            plant.check(&[&[store], &named[..]].concat()),
            (vec!["key-entry-leaf-only".to_owned()], 1),
            "{store}"
        );
        let output = plant.run(&["trust", "audit", store, "--password-file", "password"]);
        assert!(said(&output).contains("key-entry-leaf-only"), "{}", said(&output));
    }
    // A key without any certificate serves nobody, whatever lies beside the store.
    let bare = (vec!["key-entry-missing".to_owned()], 1);
    assert_eq!(plant.check(&["key.p12", "--profile", "https", "--password-file", "password"]), bare);
    assert_eq!(plant.check(&["chain.pem", "key.p12", "--password-file", "password"]), bare);
    let output = plant.run(&["trust", "audit", "key.p12", "--password-file", "password"]);
    assert!(said(&output).contains("key-entry-missing"), "{}", said(&output));
}

#[test]
fn what_stands_above_the_root_of_an_entry_is_nobodys_leaf() {
    let plant = Plant::new();
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let other = Template::new(Kind::Https, "CN=other.plant.test".parse().unwrap(), Validity::days(Moment::now(), 365))
        .alternative_names([AlternativeName::host("other.plant.test")])
        .issue(&key.public_key().unwrap(), &Issuer::itself(&key))
        .unwrap();
    let entry = plant.key_entry(PASSWORD, &[&plant.leaf, &plant.issuing, &plant.root, &other]);
    plant.store("more.jks", Flavour::Jks, vec![("server", entry)]);
    let (ids, status) = plant.check(&["more.jks", "--password-file", "password"]);
    assert!(ids.contains(&"chain-unrelated".to_owned()) && status < 2, "{ids:?}");
    let alarms = ["key-entry-leaf-only", "host-mismatch"];
    assert!(!ids.iter().any(|it| alarms.contains(&it.as_str())), "{ids:?}");
}

#[test]
fn while_two_passwords_are_possible_nothing_is_called_damaged() {
    let plant = Plant::new();
    let entry = plant.key_entry(KEYS_OWN, &[&plant.leaf, &plant.issuing]);
    plant.store("two.jks", Flavour::Jks, vec![("server", entry)]);
    let output = plant.run(&["check", "two.jks", "--password-file", "own"]);
    assert_eq!(output.status.code(), Some(3));
    let text = said(&output);
    assert!(text.contains("its content have different passwords") && text.contains("--key-password-file"), "{text}");
    let both = ["two.jks", "--password-file", "password", "--key-password-file", "own"];
    assert_eq!(plant.check(&both), (vec!["key-password-differs".to_owned()], 1));
    // Without the key's own nobody knows whose it is, and nobody asked: no door calls that an error.
    let (ids, status) = plant.check(&both[..3]);
    assert_eq!((ids, status), (vec!["key-password-differs".to_owned()], 1));
    for command in ["inspect", "expiry"] {
        let output = plant.run(&[command, "two.jks", "--password-file", "password"]);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", said(&output));
    }
    let wrong = ["two.jks", "--password-file", "password", "--key-password-file", "password"];
    assert_eq!(plant.check(&wrong).1, 2, "a password that was given has to open it");
    plant.write("new", "Written-Anew-2026!\n");
    let convert = [&["convert"], &both[..], &["-o", "one.p12", "--new-password-file", "new"]].concat();
    let output = plant.run(&convert);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn what_a_store_holds_twice_is_told() {
    let plant = Plant::new();
    let made = |name: &str, more: &str| {
        let output = Command::new("openssl")
            .args(["pkcs12", "-export", "-inkey", "leaf.key", "-in", "chain.pem", "-certfile", more, "-out", name])
            .args(["-passout", "file:password"])
            .current_dir(&plant.folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    made("once.p12", "root.pem");
    made("twice.p12", "leaf.pem");
    let duplicates = |name: &str| {
        let (ids, _) = plant.check(&[name, "--password-file", "password"]);
        ids.iter().filter(|id| *id == "chain-duplicate").count()
    };
    assert_eq!((duplicates("once.p12"), duplicates("twice.p12")), (0, 1));
    // One CA for two keys of a Java keystore is nothing twice.
    let entry = || plant.key_entry(PASSWORD, &[&plant.leaf, &plant.issuing]);
    let issuing = Content::Trusted(plant.issuing.der().to_vec());
    plant.store("one.jks", Flavour::Jks, vec![("a", entry()), ("ca", issuing)]);
    plant.store("two.jks", Flavour::Jks, vec![("a", entry()), ("b", entry())]);
    assert_eq!((duplicates("one.jks"), duplicates("two.jks")), (0, 0));
    // Nor is one CA beside two certificates of a PKCS#12 store.
    made("ca-twice.p12", "chain.pem");
    let shown = plant.run(&["inspect", "ca-twice.p12", "--password-file", "password"]);
    assert!(said(&shown).contains("4 certificates"), "{}", said(&shown));
    let output = plant.run(&["check", "ca-twice.p12", "--password-file", "password"]);
    assert!(!said(&output).contains("holds `Test Issuing` twice"), "{}", said(&output));
}

#[test]
fn a_secret_key_is_told_and_alarms_nobody() {
    let plant = Plant::new();
    let root = Content::Trusted(plant.root.der().to_vec());
    let secret = Content::Secret(SECRET.to_vec().into());
    plant.store("secret.jceks", Flavour::Jceks, vec![("aes", secret.clone()), ("root", root)]);
    plant.store("only.jceks", Flavour::Jceks, vec![("aes", secret)]);
    let output = plant.run(&["inspect", "secret.jceks", "--password-file", "password"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("1 secret key"), "{}", said(&output));
    let output = plant.run(&["check", "only.jceks", "--password-file", "password"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("1 secret key"), "{}", said(&output));
    for store in ["jceks:secret.jceks", "jceks:only.jceks"] {
        for command in ["audit", "list"] {
            let output = plant.run(&["trust", command, store, "--password-file", "password"]);
            assert_eq!(output.status.code(), Some(0), "{command} {store}: {}", said(&output));
            assert!(said(&output).contains("1 secret key"), "{command} {store}: {}", said(&output));
        }
    }
    // A server does not start with it.
    let served = plant.check(&["only.jceks", "--profile", "https", "--password-file", "password"]);
    assert_eq!(served, (vec!["key-entry-missing".to_owned()], 1));
    for stores in [&["secret.jceks"][..], &["only.jceks", "root.pem"], &["only.jceks"]] {
        let output = plant.run(&[&["expiry", "--password-file", "password"], stores].concat());
        assert_eq!(output.status.code(), Some(0), "{stores:?}: {}", said(&output));
    }
}

/// A specimen of a check.
fn specimen(path: &str) -> String {
    format!("{}/../testdata/checks/{path}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_keys_of_a_run_are_compared_and_looked_up() {
    let plant = Plant::new();
    let both = specimen("key-shared-factor/bad.pem");
    let (ids, status) = plant.check(&[&both]);
    assert_eq!((ids.iter().filter(|id| *id == "key-shared-factor").count(), status), (2, 2), "{ids:?}");
    let (ids, _) = plant.check(&[&specimen("key-shared-factor/good-same.pem")]);
    assert!(!ids.iter().any(|id| id == "key-shared-factor"), "{ids:?}");
    let digest = certkit_core::crypto::digest::sha256(plant.leaf.spki());
    plant.write("known", format!("# ours\n{}\n", certkit_core::text::Hex(digest)));
    assert_eq!(plant.check(&["chain.pem", "--weak-keys", "known"]), (vec!["key-known".to_owned()], 2));
    let output = plant.run(&["trust", "add", "trusted.pem", "root.pem", "--create", "--weak-keys", "known"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let digest = certkit_core::crypto::digest::sha256(plant.root.spki());
    plant.write("ours", certkit_core::text::Hex(digest).to_string());
    let output = plant.run(&["trust", "add", "other.pem", "root.pem", "--create", "--weak-keys", "ours"]);
    assert!(said(&output).contains("key-known"), "{}", said(&output));
    assert_eq!((output.status.code(), plant.path("other.pem").exists()), (Some(2), false));
    for named in ["ours", "known"] {
        let output = plant.run(&["trust", "audit", "root.pem", "--weak-keys", named]);
        let is_known = said(&output).contains("key-known");
        assert_eq!(
            (is_known, output.status.code() == Some(2)),
            (named == "ours", named == "ours"),
            "{}",
            said(&output)
        );
    }
    plant.write("none", "no digits\n");
    let output = plant.run(&["check", "chain.pem", "--weak-keys", "none"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("line 1 is neither"), "{}", said(&output));
}

//! Stores of Java's keytool read by us, and ours read by keytool and openssl.
//!
//! keytool starts a Java machine each time, so these are run by the scripts and not with
//! every build. Nothing is done where keytool is missing but to fail.

use std::path::{Path, PathBuf};
use std::process::Command;

use certkit_core::cert::Certificate;
use certkit_core::container::entry::{self, CertificateEntry, Entries, KeyEntry};
use certkit_core::container::jks::Flavour;
use certkit_core::container::pkcs12::Locked;
use certkit_core::container::{
    self, ContainerError, Contents, Encoding, Integrity, ItemKind, KeyForm, StoreProblem, pem,
};
use certkit_core::crypto::password_based::Protection;
use certkit_core::generate::{Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use zeroize::Zeroizing;

const PASSWORD: &str = "Sesame-Opens-417";

struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        Bench { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs keytool with a store of this name; gives what it prints.
    fn keytool(&self, store: &str, arguments: &[&str]) -> String {
        let mut command = Command::new("keytool");
        command.args(["-J-XX:TieredStopAtLevel=1", "-J-Duser.language=en"]);
        command.args(arguments).arg("-keystore").arg(self.path(store)).args(["-storepass", PASSWORD]);
        let output = command.output().expect("keytool is needed by these tests");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "keytool {arguments:?}: {text}{said}");
        text
    }

    fn read(&self, store: &str) -> Contents {
        let bytes = std::fs::read(self.path(store)).unwrap();
        container::read_with(&bytes, Some(PASSWORD.as_bytes())).unwrap_or_else(|error| panic!("{store}: {error}"))
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }
}

fn kinds(contents: &Contents) -> Vec<&'static str> {
    contents.items.iter().map(|item| item.kind.name()).collect()
}

fn openssl(path: &Path, options: &[&str]) -> String {
    let output = Command::new("openssl")
        .args(["pkcs12", "-nodes", "-passin", &format!("pass:{PASSWORD}"), "-in"])
        .arg(path)
        .args(options)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    String::from_utf8_lossy(&output.stdout).into_owned() + &said
}

/// A root, an issuing CA and a server's certificate with its key.
struct Plant {
    root: Certificate,
    issuing: Certificate,
    leaf: Certificate,
    key: KeyPair,
}

impl Plant {
    fn new(key_type: KeyType) -> Plant {
        let now = Moment::now();
        let keys = [KeyType::P256, KeyType::P256, key_type].map(|kind| KeyPair::generate(kind).unwrap());
        let make = |kind, name: &str, key: &KeyPair, issuer: &Issuer<'_>| {
            Template::new(kind, name.parse().unwrap(), Validity::days(now, 300))
                .issue(&key.public_key().unwrap(), issuer)
                .unwrap()
        };
        let [root_key, issuing_key, key] = keys;
        let root = make(Kind::Root, "CN=Plant Root,O=Plant", &root_key, &Issuer::itself(&root_key));
        let by_root = Issuer::authority(&root, &root_key).unwrap();
        let issuing = make(Kind::IssuingAuthority, "CN=Plant Issuing,O=Plant", &issuing_key, &by_root);
        let by_issuing = Issuer::authority(&issuing, &issuing_key).unwrap();
        let leaf = make(Kind::Client, "CN=twx,O=Plant", &key, &by_issuing);
        Plant { root, issuing, leaf, key }
    }

    fn entries(&self) -> Entries {
        let other = Plant::new(KeyType::P256);
        let chain = [&self.leaf, &self.issuing, &self.root].map(|it| it.der().to_vec()).to_vec();
        Entries {
            keys: vec![KeyEntry {
                alias: Some("ThingWorx".to_owned()),
                pkcs8: self.key.to_pkcs8().unwrap(),
                chain,
                is_assumed: false,
            }],
            certificates: vec![CertificateEntry { alias: None, der: other.root.der().to_vec(), is_trusted: true }],
            ..Entries::default()
        }
    }
}

/// A store by keytool: a key of its own making, and one trusted certificate.
fn written_by_keytool(bench: &Bench, store: &str, options: &[&str]) {
    let plant = Plant::new(KeyType::P256);
    bench.write("root.pem", pem::encode("CERTIFICATE", plant.root.der()).as_bytes());
    let root = bench.path("root.pem").display().to_string();
    let make = ["-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-alias", "Server", "-dname", "CN=server"];
    bench.keytool(store, &[options, &make].concat());
    bench.keytool(store, &[options, &["-importcert", "-noprompt", "-alias", "Root", "-file", &root]].concat());
}

#[test]
#[ignore = "needs keytool, and starts Java some forty times"]
fn every_cipher_and_mac_of_keytool_is_opened() {
    let ciphers = [
        "PBEWithSHA1AndDESede",
        "PBEWithSHA1AndRC2_40",
        "PBEWithSHA1AndRC2_128",
        "PBEWithSHA1AndRC4_40",
        "PBEWithSHA1AndRC4_128",
        "PBEWithHmacSHA1AndAES_128",
        "PBEWithHmacSHA224AndAES_128",
        "PBEWithHmacSHA256AndAES_256",
        "PBEWithHmacSHA384AndAES_256",
        "PBEWithHmacSHA512AndAES_256",
    ];
    let macs = [
        "HmacPBESHA1",
        "HmacPBESHA224",
        "HmacPBESHA256",
        "HmacPBESHA384",
        "HmacPBESHA512",
        "HmacPBESHA512/224",
        "HmacPBESHA512/256",
    ];
    for (cipher, mac) in ciphers.iter().zip(macs.iter().cycle()) {
        let bench = Bench::new();
        let key = format!("-J-Dkeystore.pkcs12.keyProtectionAlgorithm={cipher}");
        let cert = format!("-J-Dkeystore.pkcs12.certProtectionAlgorithm={cipher}");
        let mac = format!("-J-Dkeystore.pkcs12.macAlgorithm={mac}");
        written_by_keytool(&bench, "store.p12", &["-storetype", "PKCS12", &key, &cert, &mac]);
        let contents = bench.read("store.p12");
        assert_eq!(kinds(&contents), ["private key", "certificate", "certificate"], "{cipher} {mac}");
        let aliases: Vec<_> = contents.items.iter().map(|item| item.alias.as_deref().unwrap().to_lowercase()).collect();
        assert_eq!(aliases, ["server", "server", "root"], "{cipher}");
        let trusted: Vec<_> = contents.items.iter().map(|item| item.is_trusted).collect();
        assert_eq!(trusted, [false, false, true], "{cipher}");
        assert_eq!(contents.skipped, [], "{cipher} {mac}");
        let ItemKind::PrivateKey(facts) = &contents.items[0].kind else { panic!() };
        assert_eq!(facts.form, KeyForm::Pkcs8, "{cipher}");
        let entries = Entries::of(&contents.items, None).unwrap();
        assert_eq!((entries.keys[0].chain.len(), entries.certificates.len()), (1, 1));
        let bytes = std::fs::read(bench.path("store.p12")).unwrap();
        let error = container::read_with(&bytes, Some(b"Simsalabim-1")).unwrap_err();
        assert!(matches!(error, ContainerError::Store { problem: StoreProblem::WrongPassword, .. }), "{error}");
    }
}

#[test]
#[ignore = "needs keytool"]
fn stores_of_keytool_without_protection_need_no_password() {
    let bench = Bench::new();
    let options = [
        "-storetype",
        "PKCS12",
        "-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE",
        "-J-Dkeystore.pkcs12.macAlgorithm=NONE",
    ];
    written_by_keytool(&bench, "open.p12", &options);
    let contents = container::read(&std::fs::read(bench.path("open.p12")).unwrap()).unwrap();
    assert_eq!(contents.certificates().count(), 2);
    assert_eq!(contents.integrity(), Some(&Integrity::Unprotected));
}

#[test]
#[ignore = "needs keytool"]
fn java_keystores_of_keytool_are_opened_and_known_by_their_content() {
    for (kind, encoding) in [("JKS", Encoding::Jks), ("JCEKS", Encoding::Jceks)] {
        let bench = Bench::new();
        // The name says PKCS#12; the content decides.
        written_by_keytool(&bench, "store.p12", &["-storetype", kind]);
        let own = ["-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-alias", "own", "-dname", "CN=own"];
        bench.keytool("store.p12", &[&["-storetype", kind, "-keypass", "Another-Password"], &own[..]].concat());
        if kind == "JCEKS" {
            bench.keytool(
                "store.p12",
                &["-storetype", kind, "-genseckey", "-keyalg", "AES", "-keysize", "256", "-alias", "secret"],
            );
        }
        let contents = bench.read("store.p12");
        assert!(contents.items.iter().all(|item| item.encoding == encoding));
        assert_eq!(contents.certificates().count(), 3);
        assert_eq!(contents.integrity(), None);
        let sealed =
            |item: &&container::Item| matches!(&item.kind, ItemKind::PrivateKey(it) if it.encryption.is_some());
        let own: Vec<_> = contents.items.iter().filter(sealed).map(|item| item.alias.as_deref()).collect();
        assert_eq!(own, [Some("own")]);
        assert_eq!(contents.skipped.len(), usize::from(kind == "JCEKS"), "{:?}", contents.skipped);
        let opened = Entries::of(&contents.items, Some(b"Another-Password")).unwrap();
        assert_eq!(opened.keys.len(), 2);
        assert!(opened.keys.iter().all(|key| key.chain.len() == 1));
        let bytes = std::fs::read(bench.path("store.p12")).unwrap();
        assert_eq!(container::read(&bytes).unwrap().certificates().count(), 3);
        let error = container::read_with(&bytes, Some(b"wrong")).unwrap_err();
        assert!(matches!(error, ContainerError::Store { problem: StoreProblem::WrongPassword, .. }), "{error}");
    }
    let bench = Bench::new();
    written_by_keytool(&bench, "store.jks", &["-storetype", "PKCS12"]);
    assert!(bench.read("store.jks").items.iter().all(|item| item.encoding == Encoding::Pkcs12));
}

#[test]
#[ignore = "needs keytool"]
fn secrets_in_a_pkcs12_store_are_told_and_left() {
    let bench = Bench::new();
    written_by_keytool(&bench, "store.p12", &["-storetype", "PKCS12"]);
    bench.keytool(
        "store.p12",
        &["-storetype", "PKCS12", "-genseckey", "-keyalg", "AES", "-keysize", "256", "-alias", "secret"],
    );
    let contents = bench.read("store.p12");
    assert_eq!(contents.items.len(), 3);
    let skipped: Vec<String> = contents.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(skipped.len(), 1, "{skipped:?}");
    assert!(skipped[0].contains("a secret, secret: PKCS#12 store: a secret that is not a private key"), "{skipped:?}");
}

#[test]
#[ignore = "needs keytool"]
fn what_we_write_is_read_by_keytool_and_openssl() {
    for key_type in [KeyType::P256, KeyType::Rsa2048] {
        let (bench, plant) = (Bench::new(), Plant::new(key_type));
        let entries = plant.entries();
        for protection in [Protection::Modern, Protection::Java8] {
            let locked = Locked::With { password: PASSWORD.as_bytes(), protection };
            bench.write("ours.p12", &entry::to_pkcs12(&entries, locked).unwrap());
            check_with_keytool(&bench, "ours.p12", &["-storetype", "PKCS12"], &plant);
            let printed = openssl(&bench.path("ours.p12"), &["-info"]);
            let wanted = match protection {
                Protection::Modern => ["MAC: sha256", "PBES2, PBKDF2, AES-256-CBC"],
                Protection::Java8 => ["MAC: sha1", "pbeWithSHA1And3-KeyTripleDES-CBC"],
            };
            assert!(wanted.iter().all(|part| printed.contains(part)), "{printed}");
            assert_eq!(container::read(printed.as_bytes()).unwrap().certificates().count(), 4);
        }
        for (flavour, kind) in [(Flavour::Jks, "JKS"), (Flavour::Jceks, "JCEKS")] {
            let bytes = entry::to_jks(&entries, flavour, PASSWORD.as_bytes(), Moment::now()).unwrap();
            bench.write("ours.jks", &bytes);
            check_with_keytool(&bench, "ours.jks", &["-storetype", kind], &plant);
        }
    }
}

/// Has keytool list the store, and move it into one of its own, which we then read.
fn check_with_keytool(bench: &Bench, store: &str, options: &[&str], plant: &Plant) {
    let listed = bench.keytool(store, &[options, &["-list", "-v"]].concat());
    assert!(listed.contains("contains 2 entries"), "{listed}");
    assert!(listed.contains("Certificate chain length: 3"), "{listed}");
    assert!(listed.contains("Entry type: trustedCertEntry") && listed.contains("Alias name: plant root"), "{listed}");
    let destination = bench.path("theirs.p12");
    let _ = std::fs::remove_file(&destination);
    let output = Command::new("keytool")
        .args(["-importkeystore", "-noprompt", "-srcstorepass", PASSWORD, "-deststorepass", PASSWORD])
        .args(["-deststoretype", "PKCS12", "-destkeystore"])
        .arg(&destination)
        .arg("-srckeystore")
        .arg(bench.path(store))
        .args(options.iter().map(|option| option.replace("-storetype", "-srcstoretype")))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let theirs = Entries::of(&bench.read("theirs.p12").items, None).unwrap();
    let [key] = &theirs.keys[..] else { panic!("{theirs:?}") };
    assert_eq!(key.alias.as_deref(), Some("thingworx"));
    assert_eq!(KeyPair::from_der(&key.pkcs8).unwrap().spki(), plant.key.spki());
    assert_eq!(key.chain, [&plant.leaf, &plant.issuing, &plant.root].map(|it| it.der().to_vec()));
}

#[test]
#[ignore = "needs keytool"]
fn a_trust_store_of_ours_is_one_for_java() {
    let bench = Bench::new();
    let plants = [Plant::new(KeyType::P256), Plant::new(KeyType::P256)];
    let certificates = plants.iter().flat_map(|plant| [&plant.root, &plant.issuing]).map(|it| CertificateEntry {
        alias: None,
        der: it.der().to_vec(),
        is_trusted: false,
    });
    let entries = Entries { certificates: certificates.collect(), ..Entries::default() };
    for (locked, options) in [
        (Locked::With { password: PASSWORD.as_bytes(), protection: Protection::Modern }, "-v"),
        (Locked::With { password: PASSWORD.as_bytes(), protection: Protection::Java8 }, "-v"),
        (Locked::Open, "-v"),
    ] {
        bench.write("trust.p12", &entry::to_pkcs12(&entries, locked).unwrap());
        let listed = bench.keytool("trust.p12", &["-list", options]);
        assert!(listed.contains("contains 4 entries"), "{listed}");
        assert_eq!(listed.matches("Entry type: trustedCertEntry").count(), 4, "{listed}");
    }
}

#[test]
#[ignore = "needs keytool"]
fn the_cacerts_of_java_are_listed_with_the_same_counts_and_fingerprints() {
    let output = Command::new("java").args(["-XshowSettings:properties", "-version"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let home = said.lines().find_map(|line| line.trim().strip_prefix("java.home = ")).unwrap().to_owned();
    let path = Path::new(&home).join("lib/security/cacerts");
    let bytes = std::fs::read(&path).unwrap();
    for password in [None, Some(&b"changeit"[..])] {
        let contents = container::read_with(&bytes, password).unwrap();
        let output = Command::new("keytool").args(["-list", "-cacerts", "-storepass", "changeit"]).output().unwrap();
        let listed = String::from_utf8_lossy(&output.stdout).into_owned();
        let count = contents.certificates().count();
        assert!(listed.contains(&format!("contains {count} entries")), "{count}: {}", &listed[..200]);
        let fingerprints: std::collections::HashSet<String> = listed
            .lines()
            .filter_map(|line| line.split_once("(SHA-256): "))
            .map(|(_, hex)| hex.trim().replace(':', "").to_lowercase())
            .collect();
        assert_eq!(fingerprints.len(), count);
        for item in contents.certificates() {
            let certificate = Certificate::from_der(&item.der).unwrap();
            let hex = certkit_core::text::Hex(certificate.fingerprint_sha256()).to_string();
            assert!(fingerprints.contains(&hex), "{:?}", item.alias);
            assert!(item.is_trusted && item.alias.is_some());
        }
    }
}

/// Keeps the secret bytes of a test's key from being forgotten in a type that shows them.
#[test]
fn entries_never_show_a_key() {
    let pkcs8 = Zeroizing::new(b"a secret number".to_vec());
    let entry = KeyEntry { alias: None, pkcs8, chain: Vec::new(), is_assumed: false };
    assert!(!format!("{entry:?}").contains("97"), "{entry:?}");
}

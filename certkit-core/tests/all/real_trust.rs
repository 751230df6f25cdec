//! Stores changed by us and read by keytool and openssl, and those of the system counted.
//!
//! keytool starts a Java machine each time, so these are run by the scripts and not with every build.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::generate::{Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use certkit_core::store::transaction::{Author, Happened, Purpose};
use certkit_core::store::{Address, Change, Group, List, Presence, Step, Store, open};

const PASSWORD: &str = "Sesame-Opens-417";

fn root(name: &str) -> Certificate {
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let validity = Validity::days(Moment::now(), 300);
    let template = Template::new(Kind::Root, format!("CN={name},O=Plant").parse().unwrap(), validity);
    template.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap()
}

fn opened(path: &Path) -> Box<dyn Store> {
    let address = Address::parse(path.as_os_str()).unwrap();
    open(&address, Some(PASSWORD.as_bytes()), Presence::MayBeNew).unwrap()
}

fn add(path: &Path, certificates: &[Certificate]) {
    let store = opened(path);
    let step = |certificate: &Certificate| Step::Add {
        certificate: certificate.clone(),
        list: List::Trusted,
        group: Group::Application,
        name: None,
    };
    let moment = Moment::now();
    let change = Change { steps: certificates.iter().map(step).collect(), moment };
    let author = Author { user: None, called_by: None, moment, reason: None };
    let locked = store.lock(Purpose::Change).unwrap();
    let happened = Happened::of(&change.steps);
    assert!(store.apply(locked.as_ref(), &change, &author, happened).unwrap().is_some());
}

fn keytool(store: &Path, options: &[&str]) -> String {
    let mut command = Command::new("keytool");
    command.args(["-J-XX:TieredStopAtLevel=1", "-J-Duser.language=en"]).args(options);
    command.arg("-keystore").arg(store).args(["-storepass", PASSWORD]);
    let output = command.output().expect("keytool is needed by these tests");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "keytool {options:?}: {said}");
    said
}

/// How many entries of a kind keytool lists.
fn listed(store: &Path, kind: &str) -> usize {
    keytool(store, &["-list"]).lines().filter(|line| line.contains(kind)).count()
}

fn print(certificate: &Certificate) -> String {
    let bytes = certificate.fingerprint_sha256();
    bytes.iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().join(":")
}

#[test]
#[ignore = "needs keytool, and starts Java some fifty times"]
fn what_keytool_has_written_in_any_cipher_is_added_to_and_read_by_it_again() {
    let ciphers = [
        "PBEWithSHA1AndDESede",
        "PBEWithSHA1AndRC2_40",
        "PBEWithSHA1AndRC2_128",
        "PBEWithSHA1AndRC4_128",
        "PBEWithHmacSHA1AndAES_128",
        "PBEWithHmacSHA256AndAES_256",
        "PBEWithHmacSHA512AndAES_256",
    ];
    let folder = tempfile::tempdir().unwrap();
    let kinds = ciphers.iter().map(|cipher| ("PKCS12", *cipher)).chain([("JKS", ""), ("JCEKS", "")]);
    for (kind, cipher) in kinds {
        let store = folder.path().join(format!("{kind}{cipher}"));
        let key = format!("-J-Dkeystore.pkcs12.keyProtectionAlgorithm={cipher}");
        let certificate = format!("-J-Dkeystore.pkcs12.certProtectionAlgorithm={cipher}");
        let make = ["-genkeypair", "-keyalg", "EC", "-alias", "server", "-dname", "CN=server", "-storetype", kind];
        let mut options: Vec<&str> = if cipher.is_empty() { Vec::new() } else { vec![&key, &certificate] };
        options.extend(make);
        if kind != "PKCS12" {
            options.extend(["-keypass", PASSWORD]);
        }
        keytool(&store, &options);
        let plant = root("Plant Root");
        add(&store, std::slice::from_ref(&plant));
        assert_eq!((listed(&store, "PrivateKeyEntry"), listed(&store, "trustedCertEntry")), (1, 1), "{kind} {cipher}");
        let exported = keytool(&store, &["-list", "-v", "-alias", "plant root"]);
        assert!(exported.contains(&print(&plant)), "{kind} {cipher}: {exported}");
        // The key is still one that its password opens.
        keytool(&store, &["-certreq", "-alias", "server"]);
        if kind == "PKCS12" {
            let mut openssl = Command::new("openssl");
            openssl.args(["pkcs12", "-legacy", "-nodes", "-passin", &format!("pass:{PASSWORD}"), "-in"]).arg(&store);
            let output = openssl.output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(text.matches("BEGIN CERTIFICATE").count() == 2 && text.contains("PRIVATE KEY"), "{cipher}: {text}");
        }
    }
}

#[test]
#[ignore = "needs keytool"]
fn new_stores_are_read_by_keytool_and_keep_what_it_adds() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["new.p12", "new.jks", "new.jceks"] {
        let store = folder.path().join(name);
        add(&store, &[root("Plant Root"), root("Other Root")]);
        assert_eq!(listed(&store, "trustedCertEntry"), 2, "{name}");
        let third = folder.path().join("third.pem");
        std::fs::write(&third, pem::encode("CERTIFICATE", root("Third").der())).unwrap();
        let file = third.display().to_string();
        keytool(&store, &["-importcert", "-noprompt", "-alias", "third", "-file", &file]);
        add(&store, &[root("Fourth")]);
        assert_eq!((listed(&store, "trustedCertEntry"), opened(&store).members().unwrap().len()), (4, 4), "{name}");
    }
}

fn certificates(address: &str) -> usize {
    let address = Address::parse(OsStr::new(address)).unwrap();
    let members = open(&address, None, Presence::Needed).unwrap().members().unwrap();
    members.iter().filter(|member| member.certificate().is_some()).count()
}

#[test]
#[ignore = "needs keytool and the certificates of Debian's ca-certificates and ca-certificates-java"]
fn what_the_system_trusts_is_counted_exactly() {
    let cacerts = PathBuf::from("/etc/ssl/certs/java/cacerts");
    let output = Command::new("keytool")
        .args(["-J-Duser.language=en", "-list", "-storepass", "changeit", "-keystore"])
        .arg(&cacerts)
        .output()
        .expect("keytool is needed by these tests");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let java = said.lines().filter(|line| line.contains("trustedCertEntry")).count();
    assert!(java > 50, "{said}");
    assert_eq!(certificates(cacerts.to_str().unwrap()), java);

    let bundle = std::fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap();
    let count = bundle.matches("-----BEGIN CERTIFICATE-----").count();
    assert_eq!(certificates("pem:/etc/ssl/certs/ca-certificates.crt"), count);
    assert_eq!(certificates("/etc/ssl/certs/ca-certificates.crt"), count);
    // OpenSSL's links may lead to more: what the administrator has put there beside the bundle.
    let names = std::fs::read_dir("/etc/ssl/certs").unwrap().map(|entry| entry.unwrap().file_name());
    let is_link = |name: &str| {
        name.split_once('.').is_some_and(|(hash, number)| hash.len() == 8 && number.parse::<u32>().is_ok())
    };
    let links = names.filter(|name| name.to_str().is_some_and(is_link)).count();
    assert_eq!(certificates("hashed:/etc/ssl/certs"), links);
    assert!(links >= count);
}

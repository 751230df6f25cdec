//! What a finding says is to be done fits the place where it was met.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use serde_json::Value;

const DAY: i64 = 86_400;

struct Plant {
    folder: tempfile::TempDir,
    root: Certificate,
    root_key: KeyPair,
}

impl Plant {
    fn new() -> Plant {
        let root_key = KeyPair::generate(KeyType::P256).unwrap();
        let start = Moment::from_unix(Moment::now().unix() - 4000 * DAY);
        let root = Template::new(Kind::Root, "CN=Plant Root,O=Plant".parse().unwrap(), Validity::days(start, 9000))
            .issue(&root_key.public_key().unwrap(), &Issuer::itself(&root_key))
            .unwrap();
        let plant = Plant { folder: tempfile::tempdir().unwrap(), root, root_key };
        plant.write("root.pem", &pem::encode("CERTIFICATE", plant.root.der()));
        plant.write("root.key", &pem::encode("PRIVATE KEY", &plant.root_key.to_pkcs8().unwrap()));
        plant
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// A certificate from some moment on for a year, by itself or by the root; its files are `NAME.pem` and `NAME.key`.
    fn make(&self, name: &str, kind: Kind, start: Moment, is_issued: bool) {
        let key = KeyPair::generate(KeyType::P256).unwrap();
        let uri = (kind == Kind::OpcUa).then(|| AlternativeName::Uri("urn:plant:pump".to_owned()));
        let certificate =
            Template::new(kind, "CN=pump.plant.test,O=Plant".parse().unwrap(), Validity::days(start, 365))
                .alternative_names(uri.into_iter().chain([AlternativeName::host("pump.plant.test")]));
        let issuer = match is_issued {
            true => Issuer::authority(&self.root, &self.root_key).unwrap(),
            false => Issuer::itself(&key),
        };
        let certificate = certificate.issue(&key.public_key().unwrap(), &issuer).unwrap();
        self.write(&format!("{name}.pem"), &pem::encode("CERTIFICATE", certificate.der()));
        self.write(&format!("{name}.key"), &pem::encode("PRIVATE KEY", &key.to_pkcs8().unwrap()));
    }

    fn command(&self, program: &str, line: &str) -> Command {
        let mut command = Command::new(program);
        command.args(line.split_whitespace()).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    /// What a command says is to be done about a finding.
    fn cure(&self, line: &str, id: &str) -> String {
        let certkit = env!("CARGO_BIN_EXE_certkit");
        let output = self.command(certkit, &format!("{line} --json")).output().unwrap();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{line}: {error}"));
        let findings = document["findings"].as_array().into_iter().flatten();
        let found = findings.chain(document["reasons"].as_array().into_iter().flatten()).find(|it| it["id"] == id);
        let found = found.unwrap_or_else(|| panic!("{line}: no {id} in {document:#}"));
        let remedy = found["remedy"].as_str().unwrap().to_owned();
        // The text says the same, folded.
        let text = self.command(certkit, line).output().unwrap();
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
        let text = words(&(String::from_utf8_lossy(&text.stdout) + String::from_utf8_lossy(&text.stderr)));
        assert!(text.contains(&words(&remedy)), "{line}: {remedy}\n{text}");
        remedy
    }
}

/// Ends a server with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn long_ago() -> Moment {
    Moment::from_unix("2019-05-17T08:30:00Z".parse::<Moment>().unwrap().unix())
}

#[test]
fn what_has_expired_in_a_store_is_taken_out_there() {
    let plant = Plant::new();
    plant.make("old", Kind::OpcUa, long_ago(), true);
    std::fs::create_dir_all(plant.path("pki/trusted/certs")).unwrap();
    std::fs::copy(plant.path("old.pem"), plant.path("pki/trusted/certs/old.pem")).unwrap();
    let cure = plant.cure("trust audit opcua:pki", "expired");
    assert!(cure.contains("certkit trust remove STORE NAME") && !cure.contains("Tomcat"), "{cure}");
}

#[test]
fn a_renewed_self_signed_application_is_trusted_anew() {
    let plant = Plant::new();
    plant.make("alone", Kind::OpcUa, long_ago(), false);
    plant.make("issued", Kind::OpcUa, long_ago(), true);
    let alone = plant.cure("check alone.pem --profile opcua", "expired");
    assert!(alone.contains("all peers have to trust the renewed certificate") && !alone.contains("Tomcat"), "{alone}");
    let issued = plant.cure("check issued.pem --profile opcua --trust root.pem", "expired");
    assert!(issued.contains("Peers that trust the CA need no change"), "{issued}");
}

#[test]
fn a_first_day_that_clocks_begin_with_leads_to_the_clock() {
    let plant = Plant::new();
    plant.make("battery", Kind::Https, Moment::from_unix(3 * DAY), false);
    plant.make("firmware", Kind::OpcUa, "2015-01-01T00:00:12Z".parse().unwrap(), false);
    plant.make("planned", Kind::Https, "2019-01-01T00:00:00Z".parse().unwrap(), true);
    for line in
        ["check battery.pem --host pump.plant.test", "check firmware.pem", "verify battery.pem --trust root.pem"]
    {
        let cure = plant.cure(line, "expired");
        assert!(cure.contains("Set the clock of the device that made it"), "{line}: {cure}");
    }
    // A CA may well begin on New Year's day.
    let cure = plant.cure("check planned.pem --trust root.pem", "expired");
    assert!(!cure.contains("clock"), "{cure}");
}

#[test]
fn a_certificate_of_the_configuration_api_is_imported_in_its_settings() {
    let plant = Plant::new();
    plant.make("api", Kind::Https, Moment::from_unix(Moment::now().unix() - DAY), false);
    let accept = "127.57.51.2:57512";
    let line = format!("s_server -accept {accept} -cert api.pem -key api.key -www");
    let server = Server(plant.command("openssl", &line).stdin(Stdio::piped()).spawn().unwrap());
    for _ in 0..100 {
        if std::net::TcpStream::connect(accept).is_ok() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    for line in [format!("check https://{accept}"), format!("fetch https://{accept}")] {
        let cure = plant.cure(&line, "self-signed");
        assert!(cure.contains("Settings | Configuration API Service | Import Certificate"), "{line}: {cure}");
        assert!(cure.contains("certkit generate https --name HOST --issuer CA"), "{line}: {cure}");
    }
    drop(server);
    // The command that it names makes one.
    let line = "generate https --name plc7 --issuer root.pem --issuer-key root.key -o made";
    assert!(plant.command(env!("CARGO_BIN_EXE_certkit"), line).output().unwrap().status.success());
    // Other servers have other settings.
    let other = plant.cure("check api.pem --profile https", "self-signed");
    assert!(!other.contains("Configuration API"), "{other}");
}

#[test]
fn an_address_that_means_every_address_is_never_certified() {
    let plant = Plant::new();
    plant.make("server", Kind::Https, Moment::from_unix(Moment::now().unix() - DAY), true);
    plant.make("application", Kind::OpcUa, Moment::from_unix(Moment::now().unix() - DAY), true);
    for (line, id) in [
        ("check server.pem --trust root.pem --host 0.0.0.0", "host-mismatch"),
        ("check application.pem --profile opcua --trust root.pem --host 0.0.0.0", "opcua-host-mismatch"),
    ] {
        let cure = plant.cure(line, id);
        assert!(
            cure.contains("no certificate should contain them") && !cure.contains("certkit generate"),
            "{line}: {cure}"
        );
    }
    let line = "preflight application.pem application.pem --host 0.0.0.0 --json";
    let output = plant.command(env!("CARGO_BIN_EXE_certkit"), line).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("0.0.0.0") && !text.contains("--ip 0.0.0.0"), "{text}");
}

#[test]
fn a_list_that_lies_elsewhere_is_moved_by_adding_it_again() {
    let plant = Plant::new();
    let certkit = env!("CARGO_BIN_EXE_certkit");
    for line in [
        "revoke --issuer root.pem --issuer-key root.key --crl root.crl",
        "trust add opcua:pki root.pem --list trusted --create",
    ] {
        let output = plant.command(certkit, line).output().unwrap();
        assert!(output.status.code().unwrap() < 2, "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::create_dir_all(plant.path("pki/issuer/crl")).unwrap();
    std::fs::copy(plant.path("root.crl"), plant.path("pki/issuer/crl/root.crl")).unwrap();
    let cure = plant.cure("trust audit opcua:pki", "store-crl-missing");
    assert!(
        cure.contains("certkit trust add STORE FILE") && cure.contains("moves the list to the folder of its CA"),
        "{cure}"
    );
    let output = plant.command(certkit, "trust add opcua:pki pki/issuer/crl/root.crl").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let audit = plant.command(certkit, "trust audit opcua:pki").output().unwrap();
    assert!(audit.status.success(), "{}", String::from_utf8_lossy(&audit.stdout));
    // Where there is none at all, one is made.
    std::fs::remove_dir_all(plant.path("pki/trusted/crl")).unwrap();
    let cure = plant.cure("trust audit opcua:pki", "store-crl-missing");
    assert!(cure.contains("certkit revoke"), "{cure}");
}

#[test]
fn what_cannot_be_verified_has_a_name() {
    let plant = Plant::new();
    let key = "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key";
    assert!(plant.command("openssl", key).output().unwrap().status.success());
    let make = |options: &str| {
        let line = format!("req -x509 -new -key rsa.key -subj /CN=x -days 9 -outform der -out x.der {options}");
        assert!(plant.command("openssl", &line).output().unwrap().status.success(), "{options}");
        std::fs::read(plant.path("x.der")).unwrap()
    };
    let inspect = |der: &[u8]| {
        std::fs::write(plant.path("y.der"), der).unwrap();
        let output = plant.command(env!("CARGO_BIN_EXE_certkit"), "inspect y.der").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let replaced = |der: &[u8], old: &[u8], new: &[u8]| {
        let mut der = der.to_vec();
        let places: Vec<usize> = (0..der.len() - old.len()).filter(|at| der[*at..].starts_with(old)).collect();
        assert!(!places.is_empty());
        places.iter().for_each(|at| der[*at..*at + old.len()].copy_from_slice(new));
        der
    };
    let sha256 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
    let sha3 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 8];
    let pss = make("-sha256 -sigopt rsa_padding_mode:pss");
    for (der, name) in [
        (make("-sha3-256"), "SHA3-256-RSA"),
        (make("-sha512-256"), "SHA512/256-RSA"),
        (replaced(&pss, &sha256, &sha3), "SHA3-256-RSA-PSS"),
    ] {
        let text = inspect(&der);
        assert!(text.contains(&format!("Signature    {name}\n")), "{name}: {text}");
        assert!(text.contains("(self-issued, signature not checked)"), "{name}: {text}");
    }
}

/// What a command says on both streams, in one line, and its status.
fn said(plant: &Plant, line: &str) -> (i32, String) {
    let output = plant.command(env!("CARGO_BIN_EXE_certkit"), line).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn where_an_issuer_is_missing_nobody_compares_roots() {
    let plant = Plant::new();
    plant.make("leaf", Kind::Https, Moment::from_unix(Moment::now().unix() - DAY), true);
    let (status, text) = said(&plant, "generate ca --name Other --key-type ec:p256 --no-password -o other");
    assert_eq!(status, 0, "{text}");
    let line = "check leaf.pem --trust other/ca.pem --host pump.plant.test";
    let cure = plant.cure(line, "anchor-not-named");
    assert!(cure.contains("Add the missing CA") && !cure.contains("fingerprint"), "{cure}");
    let (status, text) = said(&plant, line);
    let stops = "the chain stops at `CN=pump.plant.test,O=Plant`, whose issuer `CN=Plant Root,O=Plant` was not found";
    assert!(status == 2 && (text.contains(stops) || text.contains("whose issuer")), "{text}");
    // With its root it ends at one, and that is to be compared.
    let cure = plant.cure(&format!("{line} --untrusted root.pem"), "anchor-not-named");
    assert!(cure.contains("Compare the root's fingerprint"), "{cure}");
}

#[test]
fn what_makes_the_revocation_status_required_is_named() {
    let plant = Plant::new();
    for line in [
        "generate ca --name Root --issuing Issuing --key-type ec:p256 --no-password -o ca",
        "generate https --name plc7.plant.test --key-type ec:p256 --issuer ca --chain-out leaf.pem --key-out leaf.key",
    ] {
        let (status, text) = said(&plant, line);
        assert_eq!(status, 0, "{line}: {text}");
    }
    for line in ["check leaf.pem --trust ca/root --host plc7.plant.test", "expiry leaf.pem --trust ca/root --findings"]
    {
        let (status, text) = said(&plant, line);
        assert!(status > 1 || line.starts_with("expiry"), "{line}: {text}");
        let is_told = text.contains("required because of the revocation lists in ca/root");
        assert!(is_told || line.starts_with("expiry"), "{line}: {text}");
    }
    let cure = plant.cure("check leaf.pem --trust ca/root --host plc7.plant.test", "revocation-unknown");
    assert!(cure.contains("`certkit check` or `certkit verify`") && cure.contains("certificate file alone"), "{cure}");
    let (status, text) = said(&plant, "check leaf.pem --trust ca/root/ca.pem --host plc7.plant.test");
    assert_eq!(status, 0, "{text}");
}

#[test]
fn a_locked_store_asks_for_its_password() {
    let plant = Plant::new();
    std::fs::write(plant.path("pw.txt"), "Correct-Horse-7-Battery\n").unwrap();
    std::fs::write(plant.path("wrong.txt"), "Correct-Horse-8-Battery\n").unwrap();
    plant.make("leaf", Kind::Https, Moment::from_unix(Moment::now().unix() - DAY), true);
    let (status, text) = said(&plant, "convert leaf.pem leaf.key -o leaf.pfx --new-password-file pw.txt");
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("stands there without Plant Root"), "{text}");
    for line in ["check leaf.pfx", "verify --trust root.pem leaf.pfx"] {
        let (status, text) = said(&plant, line);
        assert!(status == 3 && text.contains("give it with --password-file FILE"), "{line}: {text}");
        let (status, text) = said(&plant, &format!("{line} --password-file wrong.txt"));
        assert!(status == 3 && text.contains("check the passwords"), "{line}: {text}");
        let (status, text) = said(&plant, &format!("{line} --password-file pw.txt --trust root.pem"));
        assert!(status < 2, "{line}: {text}");
    }
}

#[test]
fn kepware_is_never_told_to_take_any_certificate() {
    let plant = Plant::new();
    plant.make("platform", Kind::Https, Moment::from_unix(Moment::now().unix() - DAY), false);
    let accept = "127.57.51.3:57514";
    let line = format!("s_server -accept {accept} -cert platform.pem -key platform.key -www");
    let _server = Server(plant.command("openssl", &line).stdin(Stdio::piped()).spawn().unwrap());
    for _ in 0..100 {
        if std::net::TcpStream::connect(accept).is_ok() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let line = format!("fetch thingworx://{accept} --json");
    let output = plant.command(env!("CARGO_BIN_EXE_certkit"), &line).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let settings = &document["kepware"];
    assert_eq!(settings["trust_self_signed_certificates"], false, "{settings:#}");
    assert_eq!(settings["needs_trust_in_self_signed_certificates"], true, "{settings:#}");
    assert!(settings["notes"][0].as_str().unwrap().contains("whoever presents any self-signed"), "{settings:#}");
}

#[test]
fn the_folder_of_a_ca_is_sound() {
    let plant = Plant::new();
    for line in [
        "generate ca --name Root --issuing Issuing --key-type ec:p256 --no-password -o ca",
        "generate https --name plc7.plant.test --key-type ec:p256 --issuer ca -o made",
        "generate client --name hmi --key-type ec:p256 --issuer ca -o made",
        "generate opcua --name Pump --dns plc7 --issuer ca -o pki",
    ] {
        let (status, text) = said(&plant, line);
        assert_eq!(status, 0, "{line}: {text}");
    }
    let (_, text) = said(&plant, "check ca");
    assert!(!text.contains("chain-issuers-not-sent"), "{text}");
    assert!(text.contains("Pump can serve") && !text.contains("hmi can serve"), "{text}");
}

#[test]
fn who_is_refused_reads_why_and_by_which_number() {
    let plant = Plant::new();
    let refused = |line: &str| -> Value {
        let output = plant.command(env!("CARGO_BIN_EXE_certkit"), &format!("{line} --json")).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{line}: {output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let alone = refused("generate https --name plc7.plant.test --key-type ec:p256 -o made");
    assert!(alone["because"][0].as_str().unwrap().starts_with("self-signed: "), "{alone:#}");
    for line in [
        "generate ca --name Root --key-type ec:p256 --no-password -o ca",
        "generate client --name hmi --key-type ec:p256 --issuer ca --cert-out hmi.pem --key-out hmi.key",
        "revoke hmi.pem --issuer ca --reason keyCompromise",
    ] {
        let (status, text) = said(&plant, line);
        assert_eq!(status, 0, "{line}: {text}");
    }
    let output = plant.command(env!("CARGO_BIN_EXE_certkit"), "inspect hmi.pem --json").output().unwrap();
    let hmi: Value = serde_json::from_slice(&output.stdout).unwrap();
    let serial = hmi["certificates"][0]["serial_hex"].as_str().unwrap();
    let revoked = refused("generate client --name hmi --issuer ca --key hmi.key --cert-out new.pem");
    assert!(revoked["because"][0].as_str().unwrap().contains(&format!("serial number {serial}")), "{revoked:#}");
    let policy = "generate ca --name RSA --key-type rsa:2048 --no-password -o rsa";
    assert_eq!(said(&plant, policy).0, 0);
    let (status, text) = said(&plant, "generate opcua --name P --dns plc7 --key-type ec:p256 --issuer rsa -o pki");
    assert!(status == 3 && text.contains("leave --key-type and --key out"), "{text}");
}

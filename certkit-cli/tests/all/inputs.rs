//! Files that somebody else has prepared: what is no file, what is too large, what is damaged, what nobody has proven.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::container::pkcs12::{self, Bag, BagContent, Locked};
use certkit_core::crypto::key_encryption;
use certkit_core::crypto::password_based::Protection;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;

/// No command may wait for what never comes.
const PATIENCE: Duration = Duration::from_secs(20);

const PASSWORD: &str = "Sesame-Opens-417";

/// What no base64 is, where a certificate is promised.
const DAMAGED: &str = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";

/// A root, a server's certificate, another one, and the server's key.
struct Plant {
    folder: tempfile::TempDir,
    root: Certificate,
    key: KeyPair,
}

impl Plant {
    fn new() -> Plant {
        let now = Moment::now();
        let keys: Vec<KeyPair> = (0..2).map(|_| KeyPair::generate(KeyType::P256).unwrap()).collect();
        let root = Template::new(Kind::Root, "CN=Test Root".parse().unwrap(), Validity::days(now, 3650))
            .issue(&keys[0].public_key().unwrap(), &Issuer::itself(&keys[0]))
            .unwrap();
        let leaf = |name: &str| {
            Template::new(Kind::Https, format!("CN={name}").parse().unwrap(), Validity::days(now, 365))
                .alternative_names([AlternativeName::host(name)])
                .issue(&keys[1].public_key().unwrap(), &Issuer::authority(&root, &keys[0]).unwrap())
                .unwrap()
        };
        let (leaf, other) = (leaf("plc7.plant.test"), leaf("plc8.plant.test"));
        let plant = Plant { folder: tempfile::tempdir().unwrap(), root, key: keys.into_iter().next().unwrap() };
        plant.write("root.pem", plant.block(&plant.root));
        plant.write("leaf.pem", plant.block(&leaf));
        plant.write("other.pem", plant.block(&other));
        plant.write("root.key", pem::encode("PRIVATE KEY", &plant.key.to_pkcs8().unwrap()));
        plant
    }

    fn block(&self, certificate: &Certificate) -> String {
        pem::encode("CERTIFICATE", certificate.der())
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.file(name), content).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, line: &str) -> Output {
        self.run_with(line, None)
    }

    /// Runs a command to its end; fails where it waits for ever.
    fn run_with(&self, line: &str, password: Option<&OsStr>) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        command.args(line.split_whitespace()).current_dir(self.folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(password) = password {
            command.env("PASSWORD", password);
        }
        let mut child = command.spawn().unwrap();
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if start.elapsed() > PATIENCE {
                child.kill().unwrap();
                panic!("still running: {line}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        child.wait_with_output().unwrap()
    }

    /// Holds the exit status, and that something of these words is said.
    fn says(&self, line: &str, status: i32, words: &str) {
        let output = self.run(line);
        let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
        assert_eq!(output.status.code(), Some(status), "{line}: {said}");
        let whole: Vec<&str> = said.split_whitespace().collect();
        assert!(whole.join(" ").contains(words), "{line}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_wherever_a_file_is_named() {
    let plant = Plant::new();
    let made = Command::new("mkfifo").arg(plant.file("fifo")).status().unwrap();
    assert!(made.success());
    for odd in ["fifo", "/dev/zero"] {
        for line in [
            "check ODD",
            "inspect ODD",
            "verify ODD --trust root.pem",
            "verify leaf.pem --trust ODD",
            "verify leaf.pem --trust root.pem --crl ODD",
            "verify --trust root.pem --batch ODD",
            "trust list ODD",
            "trust add pem:new.pem ODD --create",
            "trust list root.pem --password-file ODD",
            "convert ODD -o out.pem",
            "expiry --config ODD",
            "expiry merge ODD",
            "sign ODD --issuer root.pem --issuer-key root.key",
            "revoke --issuer root.pem --issuer-key ODD --crl x.crl",
        ] {
            plant.says(&line.replace("ODD", odd), 3, "a pipe, socket or device, not a file");
        }
        // The plug-in guidelines count a file that is not read as critical.
        plant.says(&format!("expiry {odd}"), 2, "a pipe, socket or device");
    }
    std::fs::create_dir_all(plant.file("pki/trusted/certs")).unwrap();
    std::fs::create_dir_all(plant.file("pki/trusted/crl")).unwrap();
    plant.write("pki/trusted/certs/root.pem", plant.text("root.pem"));
    std::fs::rename(plant.file("fifo"), plant.file("pki/trusted/crl/newer.crl")).unwrap();
    plant.says("trust list opcua:pki", 1, "a pipe, socket or device");
    plant.says("verify root.pem --profile opcua --pki pki", 2, "a pipe, socket or device");
}

#[cfg(unix)]
#[test]
fn what_the_shell_hands_over_is_read() {
    let plant = Plant::new();
    let script = format!("'{}' inspect <(cat root.pem)", env!("CARGO_BIN_EXE_certkit"));
    let output = Command::new("bash").args(["-c", &script]).current_dir(plant.folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn no_other_certificate_stands_in_for_one_that_cannot_be_read() {
    let plant = Plant::new();
    plant.write("damaged.pem", DAMAGED.to_owned() + &plant.text("leaf.pem"));
    plant.write("cut.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n".to_owned() + &plant.text("leaf.pem"));
    plant.write(
        "bundle.pem",
        "-----BEGIN PKCS7-----\nMAMCAQE=\n-----END PKCS7-----\n".to_owned() + &plant.text("leaf.pem"),
    );
    for name in ["damaged.pem", "cut.pem", "bundle.pem"] {
        for profile in ["tls", "rfc5280", "webpki", "opcua"] {
            let line = format!("verify {name} --profile {profile} --trust root.pem --revocation off");
            plant.says(&line, 2, "error certificate-undecodable");
        }
        plant.write("lines", format!("{{\"leaf\":\"{name}\"}}\n"));
        plant.says("verify --trust root.pem --revocation off --batch lines", 2, "certificate-undecodable");
    }
    // As PEM text in a line, too, and among the files of a folder.
    let text = plant.text("damaged.pem").replace('\n', "\\n");
    plant.write("lines", format!("{{\"leaf\":\"{text}\"}}\n"));
    plant.says("verify --trust root.pem --revocation off --batch lines", 2, "certificate-undecodable");
    std::fs::create_dir(plant.file("folder")).unwrap();
    plant.write("folder/a.pem", DAMAGED);
    plant.write("folder/b.pem", plant.text("leaf.pem"));
    plant.says("verify folder --trust root.pem --revocation off", 2, "certificate-undecodable");
    // What stands before it and can be no certificate is in nobody's way.
    let key = "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n-----BEGIN NOTE-----\nYWJj\n-----END NOTE-----\n";
    plant.write("beside.pem", key.to_owned() + &plant.text("leaf.pem") + DAMAGED);
    plant.says("verify beside.pem --trust root.pem --revocation off", 0, "ACCEPTED");
    for (name, status, said) in
        [("damaged", 2, "error certificate-undecodable"), ("beside", 1, "warning input-not-read")]
    {
        plant.says(&format!("check {name}.pem --trust root.pem --host plc7.plant.test"), status, said);
    }
    // Where all are acted upon, none may be damaged.
    plant.write("roots.pem", plant.text("root.pem") + DAMAGED);
    plant.says("trust add pem:new.pem roots.pem --create", 3, "invalid character '!'");
    assert!(!plant.file("new.pem").exists());
    plant.says("revoke damaged.pem --issuer root.pem --issuer-key root.key --crl x.crl", 3, "invalid character '!'");
    plant.says(
        "renew damaged.pem --issuer root.pem --issuer-key root.key --cert-out x.pem",
        3,
        "invalid character '!'",
    );
    plant.says("revoke leaf.pem --issuer roots.pem --issuer-key root.key --crl x.crl", 3, "invalid character '!'");
}

#[test]
fn a_store_whose_mac_nobody_can_check_gives_nothing_to_trust() {
    let plant = Plant::new();
    let bag = Bag { is_trusted: true, ..Bag::new(BagContent::Certificate(plant.root.der().to_vec())) };
    let locked = Locked::With { password: PASSWORD.as_bytes(), protection: Protection::Modern };
    let sound = pkcs12::encode(&[bag], locked).unwrap();
    let sha256 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
    let at = sound.windows(sha256.len()).rposition(|it| it == sha256).unwrap() + sha256.len() - 1;
    let mut unknown = sound.to_vec();
    unknown[at] = 0x7f;
    let mut broken = sound.to_vec();
    *broken.iter_mut().nth_back(40).unwrap() ^= 1;
    plant.write("sound.p12", &sound);
    plant.write("unknown.p12", &unknown);
    plant.write("broken.p12", &broken);
    plant.write("password", PASSWORD);
    for line in [
        "trust list STORE.p12 --password-file password",
        "trust add STORE.p12 other.pem --password-file password --accept not-a-ca --reason test --dry-run",
        "trust add pem:new.pem STORE.p12 --create --dry-run --password-file password",
        "verify leaf.pem --trust STORE.p12 --trust-password-file password",
        "check leaf.pem --trust STORE.p12 --trust-password-file password",
    ] {
        let status = plant.run(&line.replace("STORE", "sound")).status.code();
        assert_ne!(status, Some(3), "{line}");
        plant.says(&line.replace("STORE", "unknown"), 3, "its content is not trusted");
        assert_eq!(plant.run(&line.replace("STORE", "broken")).status.code(), Some(3), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn a_password_of_any_bytes_opens_what_was_sealed_with_it() {
    use std::os::unix::ffi::OsStrExt as _;
    let plant = Plant::new();
    let raw = b"pl\xe4nt-\xff-secret";
    let password = Some(OsStr::from_bytes(raw));
    let sealed = key_encryption::encrypt(&plant.key.to_pkcs8().unwrap(), raw).unwrap();
    plant.write("sealed.key", pem::encode("ENCRYPTED PRIVATE KEY", &sealed));
    let bag = Bag::new(BagContent::Certificate(plant.root.der().to_vec()));
    let locked = Locked::With { password: raw, protection: Protection::Java8 };
    plant.write("store.p12", pkcs12::encode(&[bag], locked).unwrap());
    plant.write("raw", [raw, &b"\r\nand more\n"[..]].concat());
    for (line, status) in [
        ("convert sealed.key -o 1.key --no-password --password-file raw", 0),
        ("convert sealed.key -o 2.key --no-password --password-env PASSWORD", 0),
        ("revoke --issuer root.pem --issuer-key sealed.key --issuer-password-env PASSWORD --crl x.crl", 0),
        ("trust list store.p12 --password-env PASSWORD", 0),
        ("inspect store.p12 --password-file raw", 0),
        // What is written is for other programs, too.
        ("convert root.pem -o new.p12 --new-password-env PASSWORD", 3),
        ("convert store.p12 -o new.p12 --password-env PASSWORD --allow-weak-password", 3),
        ("generate ca --name New --password-env PASSWORD --allow-weak-password -o ca", 3),
        ("trust add p12:new.p12 root.pem --create --password-env PASSWORD --allow-weak-password", 3),
    ] {
        let output = plant.run_with(line, password);
        let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
        assert_eq!(output.status.code(), Some(status), "{line}: {said}");
        assert!(!said.contains("secret") && (status == 0 || said.contains("not UTF-8")), "{line}: {said}");
    }
    assert!(!plant.file("new.p12").exists());
}

#[test]
fn what_is_no_password_is_said_and_not_repeated() {
    let plant = Plant::new();
    let wide: Vec<u8> = "\u{feff}Sesame".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for content in [b"".to_vec(), b"\n".to_vec(), b"\r\nSesame".to_vec(), b"Ses\0ame".to_vec(), wide] {
        plant.write("password", content);
        plant.says("trust list root.pem --password-file password", 3, "password holds no password");
    }
    plant.write("password", "x".repeat(64 * 1024 + 1));
    plant.says("trust list root.pem --password-file password", 3, "larger than 64 KiB");
    plant.says("fetch https://127.0.0.1:1 --proxy file:password", 3, "larger than 64 KiB");
}

#[test]
fn files_without_end_are_refused_by_their_size() {
    let plant = Plant::new();
    let file = std::fs::File::create(plant.file("huge")).unwrap();
    file.set_len(1 << 36).unwrap();
    for line in ["check huge", "verify --trust root.pem --batch huge", "trust list huge", "convert huge -o x.pem"] {
        plant.says(line, 3, "larger than 256 MiB");
    }
    plant.says("expiry --config huge", 3, "larger than 32 MiB");
    plant.says("expiry merge huge", 3, "longer than");
    plant.write("lines", format!("{}\n", "x".repeat(2 << 20)));
    let report = plant.run("expiry root.pem --format jsonl");
    plant.write("report", [report.stdout, "x".repeat(2 << 20).into_bytes()].concat());
    plant.says("expiry merge report", 3, "longer than 1 MiB");
}

#[test]
fn each_line_of_a_password_file_is_tried() {
    let plant = Plant::new();
    for (name, password) in [("one", "First-Line-2026"), ("two", "Second-Line-2026")] {
        let bag = Bag { is_trusted: true, ..Bag::new(BagContent::Certificate(plant.root.der().to_vec())) };
        let locked = Locked::With { password: password.as_bytes(), protection: Protection::Java8 };
        plant.write(&format!("{name}.p12"), pkcs12::encode(&[bag], locked).unwrap());
    }
    plant.write("both", "First-Line-2026\n\nSecond-Line-2026\r\n");
    plant.write("neither", "Third-Line-2026\nFourth-Line-2026\n");
    plant.says("inspect one.p12 two.p12 --password-file both", 0, "CN=Test Root");
    plant.says("check two.p12 --profile ca --password-file both", 0, "0 errors");
    plant.says("inspect two.p12 --password-file neither", 3, "none of the 2 passwords in the file opens it");
}

#[test]
fn an_answer_of_an_ocsp_responder_is_shown_in_full() {
    let plant = Plant::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/ocsp");
    for (name, words) in [
        ("good-checked.der", "good"),
        ("revoked-of-ca.der", "revoked since"),
        ("unheard-of-ca.der", "unknown to the responder"),
        ("try-later.der", "Status tryLater"),
    ] {
        plant.write(name, std::fs::read(folder.join(name)).unwrap());
        plant.says(&format!("inspect {name} --at 2026-06-01"), 0, words);
        plant.says(&format!("inspect --full {name}"), 0, words);
        let json = String::from_utf8(plant.run(&format!("inspect --json {name}")).stdout).unwrap();
        assert!(json.contains("\"ocsp_responses\": [\n    {\n      \"status\""), "{json}");
    }
    plant.write("request.der", std::fs::read(folder.join("request.der")).unwrap());
    plant.says("inspect request.der", 3, "an OCSP request");
}

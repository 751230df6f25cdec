//! Stores on the command line: read with their passwords, and converted.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Revocations, Template, Validity};
use certkit_core::moment::Moment;
use serde_json::Value;

const PASSWORD: &str = "Sesame-Opens-417";

/// A root, an issuing CA and a server's certificate with its key, in files; and passwords.
struct Plant {
    folder: tempfile::TempDir,
}

impl Plant {
    fn new() -> Plant {
        let now = Moment::now();
        let [root_key, issuing_key, key] = [(); 3].map(|()| KeyPair::generate(KeyType::P256).unwrap());
        let make = |kind, name: &str, days, key: &KeyPair, issuer: &Issuer<'_>| {
            Template::new(kind, name.parse().unwrap(), Validity::days(now, days))
                .alternative_names((kind == Kind::Https).then(|| AlternativeName::host("twx.plant.test")))
                .issue(&key.public_key().unwrap(), issuer)
                .unwrap()
        };
        let root = make(Kind::Root, "CN=Test Root,O=Plant", 3650, &root_key, &Issuer::itself(&root_key));
        let by_root = Issuer::authority(&root, &root_key).unwrap();
        let issuing = make(Kind::IssuingAuthority, "CN=Test Issuing,O=Plant", 1825, &issuing_key, &by_root);
        let by_issuing = Issuer::authority(&issuing, &issuing_key).unwrap();
        let leaf = make(Kind::Https, "CN=twx.plant.test", 365, &key, &by_issuing);
        let plant = Plant { folder: tempfile::tempdir().unwrap() };
        let text = |certificates: &[&Certificate]| -> String {
            certificates.iter().map(|it| pem::encode("CERTIFICATE", it.der())).collect()
        };
        plant.write("root.pem", text(&[&root]));
        plant.write("sent.pem", text(&[&leaf, &issuing]));
        // In no order at all.
        plant.write("chain.pem", text(&[&root, &leaf, &issuing]));
        plant.write("leaf.key", pem::encode("PRIVATE KEY", &key.to_pkcs8().unwrap()));
        plant.write("password", format!("{PASSWORD}\n"));
        plant.write("wrong", "Simsalabim-Simsalabim-2\n");
        plant.write("weak", "changeit\n");
        plant
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), contents).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs certkit in the folder.
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_certkit"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("STORE_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn status(&self, arguments: &[&str]) -> i32 {
        self.run(arguments).status.code().unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    fn said(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    /// What `inspect` counts in a file.
    fn counts(&self, file: &str) -> (u64, u64, u64) {
        let document = self.json(&["inspect", "--json", "--password-file", "password", file]);
        let source = &document["sources"][0];
        let count = |key: &str| source[key].as_u64().unwrap();
        (count("certificates"), count("keys"), count("revocation_lists"))
    }
}

#[test]
fn every_kind_becomes_every_other_with_nothing_lost() {
    let plant = Plant::new();
    for (from, kinds) in
        [("pem", &["jks"][..]), ("p12", &["pem", "p12", "jceks"]), ("jks", &["p12", "jks"]), ("jceks", &["pem"])]
    {
        let first = format!("first.{from}");
        let made = plant.json(&[
            "convert",
            "chain.pem",
            "leaf.key",
            "-o",
            &first,
            "--new-password-env",
            "STORE_PASSWORD",
            "--json",
        ]);
        assert_eq!(made["schema"], "certkit.convert/1");
        assert_eq!(made["written"]["certificates"], 3, "{made}");
        assert_eq!(made["left_out"].as_array().unwrap().len(), 0, "{made}");
        assert_eq!(plant.counts(&first), (3, 1, 0), "{from}");
        for to in kinds {
            let second = format!("{from}.{to}");
            let status = plant.status(&["convert", &first, "-o", &second, "--password-file", "password"]);
            assert_eq!(status, 0, "{from} to {to}");
            assert_eq!(plant.counts(&second), (3, 1, 0), "{from} to {to}");
            let listed = plant.json(&["inspect", "--json", "--password-file", "password", &second]);
            let subjects: Vec<_> = listed["certificates"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it["subject_dn"].as_str().unwrap())
                .collect();
            assert_eq!(
                subjects,
                ["CN=twx.plant.test", "CN=Test Issuing,O=Plant", "CN=Test Root,O=Plant"],
                "{from} to {to}"
            );
        }
        let (status, said) =
            plant.said(&["convert", &first, "-o", &format!("{from}.p7b"), "--password-file", "password"]);
        assert_eq!(status, 1, "a key left out is a warning: {said}");
        assert!(said.contains("left out 1 private key"), "{said}");
    }
    let printed = Command::new("openssl")
        .args(["pkcs12", "-nodes", "-passin", &format!("pass:{PASSWORD}"), "-in"])
        .arg(plant.path("jks.p12"))
        .output()
        .unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    assert_eq!((printed.matches("BEGIN CERTIFICATE").count(), printed.matches("BEGIN PRIVATE KEY").count()), (3, 1));
}

#[test]
fn each_program_gets_what_it_reads() {
    let plant = Plant::new();
    for (program, with_key, without) in [
        ("kepware", "PEM", "PEM"),
        ("tomcat", "PKCS#12", "PKCS#12"),
        ("thingworx", "PKCS#12", "PKCS#12"),
        ("java8", "JKS", "JKS"),
        ("windows", "PKCS#12", "PKCS#7"),
        ("mosquitto", "PEM", "PEM"),
    ] {
        let common = ["--for", program, "--new-password-file", "password", "--json"];
        let (keyed, bare) = (format!("{program}.keyed"), format!("{program}.bare"));
        let made = plant.json(&[&["convert", "chain.pem", "leaf.key", "-o", &keyed], &common[..]].concat());
        assert_eq!(made["written"]["form"], with_key, "{program}");
        let is_kepware = program == "kepware";
        assert_eq!(made["written"]["private_keys"], u64::from(!is_kepware), "{program}");
        // Of a key store the CAs alone are trusted.
        let left_out: Vec<&str> =
            made["left_out"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap()).collect();
        let wanted: &[&str] = if is_kepware { &["private key", "certificate of the key"] } else { &[] };
        assert_eq!(left_out, wanted, "{made}");
        assert_eq!(made["written"]["certificates"], if is_kepware { 2 } else { 3 }, "{program}");
        let made = plant.json(&[&["convert", "root.pem", "-o", &bare], &common[..]].concat());
        assert_eq!(made["written"]["form"], without, "{program}");
        assert_eq!(made["written"]["certificates"], 1);
    }
    let (status, said) = plant.said(&["convert", "root.pem", "-o", "again.cer", "--for", "kepware"]);
    assert!(status == 0 && said.contains("the product must be selected in the dropdown"), "{said}");
    let chain = std::fs::read_to_string(plant.path("chain.pem")).unwrap();
    let leaf = chain.split_inclusive("-----END CERTIFICATE-----\n").nth(1).unwrap();
    plant.write("leaf.pem", leaf);
    let (status, said) = plant.said(&["convert", "leaf.pem", "leaf.key", "-o", "none.cer", "--for", "kepware"]);
    assert!(status == 3 && said.contains("--part ca") && !plant.path("none.cer").exists(), "{said}");
    let named = plant.json(&["inspect", "--json", "--password-file", "password", "tomcat.keyed"]);
    assert_eq!(named["keys"][0]["alias"], "tomcat");
    assert_eq!(named["keys"][0]["opened"], "PBES2 AES-256-CBC");
    let old = plant.json(&["inspect", "--json", "--password-file", "password", "windows.keyed"]);
    assert_eq!(old["keys"][0]["opened"], "PKCS12 SHA1-3DES-CBC");
    let (status, said) = plant.said(&["convert", "root.pem", "-o", "root.jks", "--for", "mosquitto"]);
    assert_eq!(status, 3);
    assert!(said.contains("mosquitto does not read JKS") && !plant.path("root.jks").exists(), "{said}");
    assert_eq!(plant.status(&["convert", "root.pem", "-o", "root"]), 3, "nothing says what is wanted");
    plant.write("umlaut", "Grün-und-Blau-1234\n");
    let (status, said) =
        plant.said(&["convert", "root.pem", "-o", "t.p12", "--for", "tomcat", "--password-file", "umlaut"]);
    assert!(status == 3 && said.contains("ASCII"), "{said}");
}

#[test]
fn passwords_keep_the_rule_and_nothing_is_written_without() {
    let plant = Plant::new();
    let base = ["convert", "chain.pem", "leaf.key", "-o", "out.p12"];
    let (status, said) = plant.said(&[&base[..], &["--password-file", "weak"]].concat());
    assert!(status == 3 && said.contains("too weak") && !plant.path("out.p12").exists(), "{said}");
    let (status, said) = plant.said(&base);
    assert!(status == 3 && said.contains("--new-password-file") && !plant.path("out.p12").exists(), "{said}");
    assert_eq!(plant.status(&[&base[..], &["--password-file", "weak", "--allow-weak-password"]].concat()), 0);
    assert_eq!(plant.status(&[&base[..], &["--password-file", "password"]].concat()), 3, "it is there");
    assert_eq!(plant.status(&[&base[..], &["--password-file", "password", "--force"]].concat()), 0);
    // One password in, another out.
    let change = ["convert", "out.p12", "-o", "new.p12", "--password-file", "password", "--new-password-file", "wrong"];
    assert_eq!(plant.status(&change), 0);
    assert_eq!(plant.status(&["inspect", "--password-file", "wrong", "new.p12"]), 0);
    assert_eq!(plant.status(&[&base[..3], &["-o", "open.p12", "--no-password"]].concat()), 0);
    assert_eq!(plant.counts("open.p12"), (3, 1, 0));
    assert_eq!(plant.status(&[&base[..3], &["-o", "open.jks", "--no-password"]].concat()), 3);
    // A key in PEM is encrypted with a password that nothing else needed.
    assert_eq!(plant.status(&["convert", "leaf.key", "-o", "sealed.pem", "--password-file", "password"]), 0);
    assert!(std::fs::read_to_string(plant.path("sealed.pem")).unwrap().contains("BEGIN ENCRYPTED PRIVATE KEY"));
    let (status, said) = plant.said(&["convert", "sealed.pem", "-o", "clear.pem", "--password-file", "password"]);
    assert!(status == 0 && said.contains("not encrypted"), "{said}");
    let (status, said) = plant.said(&["convert", "sealed.pem", "-o", "never.pem"]);
    assert!(status == 3 && said.contains("--password-file"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_file_with_a_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let plant = Plant::new();
    for (inputs, output, mode) in [
        (&["chain.pem", "leaf.key"][..], "keyed.p12", 0o600),
        (&["chain.pem", "leaf.key"], "keyed.pem", 0o600),
        (&["chain.pem"], "bare.pem", 0o644),
    ] {
        let arguments = [&["convert"], inputs, &["-o", output, "--new-password-file", "password"]].concat();
        assert_eq!(plant.status(&arguments), 0);
        let permissions = std::fs::metadata(plant.path(output)).unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, mode, "{output}");
    }
}

#[test]
fn a_wrong_password_an_unknown_cipher_and_a_damaged_file_are_told_apart() {
    let plant = Plant::new();
    assert_eq!(plant.status(&["convert", "chain.pem", "leaf.key", "-o", "good.p12", "--password-file", "password"]), 0);
    assert_eq!(plant.status(&["convert", "chain.pem", "leaf.key", "-o", "good.jks", "--password-file", "password"]), 0);
    for file in ["good.p12", "good.jks"] {
        for command in ["inspect", "check"] {
            let (status, said) = plant.said(&[command, "--password-file", "wrong", file]);
            assert!(status == 3 && said.contains("the password is wrong"), "{said}");
        }
        let mut bytes = std::fs::read(plant.path(file)).unwrap();
        bytes.truncate(bytes.len() - 100);
        plant.write("cut", bytes);
        let (status, said) = plant.said(&["inspect", "--password-file", "password", "cut"]);
        assert!(status == 3 && said.contains("the file is damaged"), "{said}");
    }
    let made = Command::new("openssl")
        .args(["pkcs12", "-export", "-nokeys", "-certpbe", "aes-256-ofb", "-in", "root.pem", "-out", "ofb.p12"])
        .args(["-passout", &format!("pass:{PASSWORD}")])
        .current_dir(plant.folder.path())
        .output()
        .unwrap();
    assert!(made.status.success());
    let (status, said) = plant.said(&["inspect", "--password-file", "password", "ofb.p12"]);
    assert!(status == 3 && said.contains("its cipher is unknown to certkit: AES-256-OFB"), "{said}");
    let (_, said) = plant.said(&["inspect", "ofb.p12"]);
    assert!(said.contains("AES-256-OFB"), "{said}");
}

#[test]
fn stores_are_trusted_like_files_and_java_only_what_it_trusts() {
    let plant = Plant::new();
    assert_eq!(plant.status(&["convert", "root.pem", "-o", "trust.jks", "--password-file", "password"]), 0);
    assert_eq!(plant.status(&["convert", "root.pem", "-o", "trust.p12", "--password-file", "password"]), 0);
    assert_eq!(plant.status(&["convert", "chain.pem", "leaf.key", "-o", "own.jks", "--password-file", "password"]), 0);
    let check = ["check", "sent.pem", "--host", "twx.plant.test", "--trust"];
    let finds = |store: &str, more: &[&str]| plant.status(&[&check[..], &[store], more].concat());
    assert_eq!(finds("trust.jks", &["--trust-password-file", "password"]), 0);
    assert_eq!(finds("p12:trust.p12", &["--trust-password-env", "STORE_PASSWORD"]), 0);
    assert_eq!(finds("p12:trust.p12", &[]), 3, "its certificates are encrypted");
    // The chain of a key is nothing that Java trusts.
    assert_eq!(finds("own.jks", &[]), 3);
    let (status, said) = plant.said(&[&check[..], &["jks:trust.jks"]].concat());
    assert!(status == 3 && said.contains("integrity not checked") && said.contains("--trust-password-file"), "{said}");
}

#[test]
fn a_store_whose_integrity_is_not_proven_gives_no_anchors() {
    let plant = Plant::new();
    // Certificates in clear under a MAC, as another password's, of a kind that nobody knows, and none.
    for (name, options) in [
        ("other.p12", &["-passout", "pass:another password"][..]),
        ("unknown.p12", &["-passout", "file:password", "-macalg", "sm3"]),
        ("none.p12", &["-passout", "file:password", "-nomac"]),
    ] {
        let mut openssl = Command::new("openssl");
        openssl.args(["pkcs12", "-export", "-nokeys", "-certpbe", "NONE", "-in", "root.pem", "-out", name]);
        assert!(openssl.args(options).current_dir(plant.folder.path()).output().unwrap().status.success(), "{name}");
    }
    assert_eq!(plant.status(&["convert", "root.pem", "-o", "j.jks", "--password-file", "password"]), 0);
    let mut changed = std::fs::read(plant.path("j.jks")).unwrap();
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(plant.path("changed.jks"), changed).unwrap();
    let check = ["check", "sent.pem", "--host", "twx.plant.test"];
    let verify = ["verify", "sent.pem", "--revocation", "off"];
    let password = ["--trust-password-file", "password"];
    for line in [&check[..], &verify[..]] {
        for (store, why) in [
            ("other.p12", "the password is wrong"),
            ("unknown.p12", "its content is not trusted"),
            ("none.p12", "its content is not trusted"),
            ("changed.jks", "the password is wrong"),
        ] {
            let (status, said) = plant.said(&[line, &["--trust", store], &password].concat());
            assert!(status == 3 && said.contains(why), "{line:?} {store}: {said}");
        }
        for (store, status) in [("other.p12", 3), ("unknown.p12", 3), ("changed.jks", 3)] {
            assert_eq!(plant.status(&[line, &["--trust", store]].concat()), status, "{line:?} {store}");
        }
        assert!(plant.status(&[line, &["--trust", "none.p12"]].concat()) < 2, "as good as a PEM file");
        std::fs::create_dir_all(plant.path("folder")).unwrap();
        std::fs::copy(plant.path("unknown.p12"), plant.path("folder/unknown.p12")).unwrap();
        let (status, said) = plant.said(&[line, &["--trust", "folder"], &password].concat());
        assert_eq!(status, 3, "{said}");
    }
}

#[test]
fn a_key_alone_is_nothing_for_java() {
    let plant = Plant::new();
    for kind in ["k.jks", "k.jceks"] {
        let (status, said) = plant.said(&["convert", "leaf.key", "-o", kind, "--password-file", "password"]);
        assert!(status == 3 && said.contains("without its certificate") && said.contains("hint"), "{said}");
        assert!(!plant.path(kind).exists());
    }
    assert_eq!(plant.status(&["convert", "leaf.key", "-o", "k.p12", "--password-file", "password"]), 0);
}

#[test]
fn what_a_kind_of_file_has_no_room_for_is_counted() {
    let plant = Plant::new();
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let now = Moment::now();
    let root = Template::new(Kind::Root, "CN=Lists".parse().unwrap(), Validity::days(now, 100))
        .issue(&key.public_key().unwrap(), &Issuer::itself(&key))
        .unwrap();
    let issuer = Issuer::authority(&root, &key).unwrap();
    let list = Revocations::new(&issuer).unwrap().sign(now, now.plus(86_400)).unwrap();
    plant.write("list.crl", list.der());
    let (status, said) =
        plant.said(&["convert", "root.pem", "root.pem", "list.crl", "-o", "t.jks", "--password-file", "password"]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("left out 1 revocation list") && said.contains("1 item was there more than once"), "{said}");
    for output in ["t.p12", "t.p7b", "t.pem"] {
        assert_eq!(plant.status(&["convert", "root.pem", "list.crl", "-o", output, "--password-file", "password"]), 0);
        assert_eq!(plant.counts(output), (1, 0, 1), "{output}");
    }
    let bytes = plant.run(&["convert", "root.pem", "-o", "-", "--as", "der"]).stdout;
    assert_eq!(pem::encode("CERTIFICATE", &bytes), std::fs::read_to_string(plant.path("root.pem")).unwrap());
    assert_eq!(plant.status(&["convert", "password", "-o", "x.pem"]), 3);
    assert!(Path::new("x.pem").metadata().is_err());
}

#[cfg(unix)]
#[test]
fn a_password_that_is_not_utf8_is_not_shown() {
    use std::os::unix::ffi::OsStrExt as _;
    let plant = Plant::new();
    std::fs::write(plant.path("octets"), b"Geheim\xff").unwrap();
    for (option, value) in [("--password-env", "OCTETS"), ("--password-file", "octets")] {
        let output = Command::new(env!("CARGO_BIN_EXE_certkit"))
            .args(["inspect", "--json", option, value, "root.pem"])
            .env("OCTETS", std::ffi::OsStr::from_bytes(b"Geheim\xff"))
            .current_dir(plant.folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(!said.contains("Geheim"), "{said}");
    }
}

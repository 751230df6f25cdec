//! What is made, as a user makes it: every kind and key, and everything that can be wrong with what was asked for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const PASSWORD: &str = "Correct-Horse-7-Battery";

struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Bench {
        Bench { folder: tempfile::tempdir().unwrap() }
    }

    /// With the folder `ca`: a root and an issuing CA whose keys are not encrypted.
    fn with_authority(key_type: &str) -> Bench {
        let bench = Bench::new();
        bench.done(&format!("generate ca --name Root --issuing Issuing --key-type {key_type} --no-password -o ca"));
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).stdin(Stdio::null()).env("CERTKIT_TEST_PASSWORD", PASSWORD);
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(env!("CARGO_BIN_EXE_certkit")).args(words(line)).output().unwrap()
    }

    /// Runs certkit, which has to succeed without a warning.
    fn done(&self, line: &str) -> String {
        let output = self.run(line);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{line}: {stderr}");
        stderr
    }

    fn json(&self, line: &str) -> Value {
        let output = self.run(&format!("{line} --json"));
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{line}: {error}: {stderr}"))
    }

    /// Runs certkit, which has to refuse with one error, leave every file as it was and make none.
    fn refused(&self, line: &str, because: &str) {
        let before = self.files();
        let output = self.run(line);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{line}: {stderr}");
        assert!(output.stdout.is_empty(), "{line}");
        assert_eq!(stderr.matches("error:").count(), 1, "{line}: {stderr}");
        assert!(stderr.contains(because), "{line}: {because} is missing in {stderr}");
        assert_eq!(self.files(), before, "{line}");
    }

    /// Every file and folder with its bytes, but for the lock.
    fn files(&self) -> BTreeSet<(PathBuf, Option<Vec<u8>>)> {
        fn walk(folder: &Path, found: &mut BTreeSet<(PathBuf, Option<Vec<u8>>)>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                    found.insert((path, None));
                } else if !path.ends_with("ca.lock") {
                    let bytes = std::fs::read(&path).unwrap();
                    found.insert((path, Some(bytes)));
                }
            }
        }
        let mut found = BTreeSet::new();
        walk(self.folder.path(), &mut found);
        found
    }

    /// The revocation list of one of the two CAs, as PEM.
    fn list(&self, place: &str) -> String {
        self.openssl(&format!("crl -in ca/{place}/ca.crl"))
    }

    fn openssl(&self, line: &str) -> String {
        let output = self.command("openssl").args(words(line)).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {line}: {text}");
        text
    }
}

/// Splits a line at blanks; `'` keeps them.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate().flat_map(|(at, part)| match at % 2 {
        1 => vec![part.to_owned()],
        _ => part.split_whitespace().map(str::to_owned).collect(),
    });
    parts.collect()
}

fn kinds_pass(key_type: &str) {
    let bench = Bench::with_authority(key_type);
    for (place, issuers) in [("root", ""), ("issuing", "--trust ca/root/ca.pem")] {
        bench.done(&format!("check --profile ca ca/{place}/ca.pem {issuers}"));
        bench.openssl(&format!("verify -x509_strict -CAfile ca/root/ca.pem ca/{place}/ca.pem"));
    }
    bench.done(&format!("generate https --name twx.plant.example --key-type {key_type} --issuer ca -o twx"));
    bench.done("check --profile https --host twx.plant.example --trust ca/root/ca.pem twx/twx.plant.example-chain.pem");
    bench.done(&format!("generate client --name kepware --key-type {key_type} --issuer ca -o kepware"));
    let opcua = format!("generate opcua --subject CN=App,O=Plant --dns plc7 --ip 10.0.0.7 --key-type {key_type}");
    bench.done(&format!("{opcua} --issuer ca --cert-out issued.der --key-out issued.key"));
    bench.done(&format!("{opcua} --cert-out own.der --key-out own.key"));
    bench.done("check --profile opcua own.der");
    bench.done("check --profile opcua --trust ca/root/ca.pem --untrusted ca/issuing/ca.pem issued.der");
    std::fs::write(bench.path("lists.pem"), bench.list("root") + &bench.list("issuing")).unwrap();
    bench.openssl("x509 -in issued.der -out issued.pem");
    for leaf in ["twx/twx.plant.example.pem", "kepware/kepware.pem", "issued.pem"] {
        bench.openssl(&format!(
            "verify -x509_strict -crl_check_all -CRLfile lists.pem -CAfile ca/root/ca.pem -untrusted ca/issuing/ca.pem {leaf}"
        ));
    }
    let below = "--trust ca/root/ca.pem --untrusted ca/issuing/ca.pem --crl lists.pem";
    for profile in ["tls", "webpki", "rfc5280"] {
        // Browsers know neither private names of clients nor Ed25519.
        let is_of_the_web = profile == "webpki" && key_type == "ed25519";
        if !is_of_the_web {
            let server = "--purpose server --host twx.plant.example twx/twx.plant.example.pem";
            bench.done(&format!("verify --profile {profile} {below} {server}"));
        }
        if profile != "webpki" {
            bench.done(&format!("verify --profile {profile} {below} --purpose client kepware/kepware.pem"));
        }
    }
    let application = "--application-uri urn:plc7:Plant:App --host plc7";
    bench.done(&format!("verify --profile opcua {below} {application} issued.der"));
    bench.done(&format!("verify --profile opcua --trust own.der {application} own.der"));
    let own = bench.json("inspect own.der");
    assert_eq!(own["certificates"][0]["uri_names"][0], "urn:plc7:Plant:App");
    assert_eq!(own["certificates"][0]["ip_addresses"][0], "10.0.0.7");
}

macro_rules! every_kind_passes {
    ($($name:ident: $key_type:literal,)+) => {
        $(#[test]
        fn $name() {
            kinds_pass($key_type);
        })+
    };
}

every_kind_passes! {
    every_kind_passes_with_rsa_2048: "rsa:2048",
    every_kind_passes_with_rsa_3072: "rsa:3072",
    every_kind_passes_with_rsa_4096: "rsa:4096",
    every_kind_passes_with_p256: "ec:p256",
    every_kind_passes_with_p384: "ec:p384",
    every_kind_passes_with_ed25519: "ed25519",
}

#[test]
fn what_is_asked_wrongly_is_refused_and_nothing_is_left() {
    let bench = Bench::with_authority("ec:p256");
    bench.done("generate https --name twx.plant.example --key-type ec:p256 --issuer ca -o twx");
    bench.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out other.key");
    bench.openssl("genrsa -out short.key 1024");
    for (name, more) in [("good", ""), ("ca", "-addext basicConstraints=CA:TRUE")] {
        bench.openssl(&format!(
            "req -new -key other.key -subj /CN={name} {more} -addext subjectAltName=DNS:plc7 -out {name}.csr"
        ));
    }
    bench.openssl("req -in good.csr -outform DER -out damaged.csr");
    let mut damaged = std::fs::read(bench.path("damaged.csr")).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    std::fs::write(bench.path("damaged.csr"), damaged).unwrap();
    std::fs::write(bench.path("weak.txt"), "secret\n").unwrap();
    std::fs::write(bench.path("empty.txt"), "\n").unwrap();
    std::fs::write(bench.path("a-file"), "").unwrap();
    let past =
        "req -x509 -key other.key -subj /CN=Past -days -1 -addext keyUsage=critical,keyCertSign,cRLSign -out past.pem";
    // Older releases of OpenSSL take no validity that is over.
    let is_past = bench.command("openssl").args(words(past)).output().unwrap().status.success();

    let out = "--cert-out new.pem --key-out new-key.pem";
    let table: &[(&str, &str)] = &[
        // Keys and issuers.
        ("generate https --name a.example --issuer ca/issuing/ca.pem --issuer-key other.key", "does not belong"),
        ("generate https --name a.example --issuer ca/issuing/ca.pem", "--issuer-key"),
        (
            "generate https --name a.example --issuer twx/twx.plant.example.pem --issuer-key twx/twx.plant.example-key.pem",
            "is not a CA",
        ),
        ("generate https --name a.example --issuer absent.pem --issuer-key other.key", "absent.pem"),
        ("generate https --name a.example --issuer twx", "is not a CA folder"),
        ("generate https --name a.example --key short.key --issuer ca", "1024 bits"),
        ("generate https --name a.example --key a-file --issuer ca", "a-file"),
        ("generate ca --name Third --no-password --issuer ca", "path length"),
        // Names.
        ("generate opcua --name App --dns plc7 --application-uri 'urn:plc7:My App'", "--accept application-uri-blank"),
        ("generate opcua --name App --application-uri plc7", "no scheme"),
        ("generate opcua --subject CN=App --dns plc7", "needs O="),
        ("generate opcua --name App --dns 10.0.0.7", "--ip"),
        ("generate https --name a.example --dns plc_7 --issuer ca", "plc_7"),
        ("generate https --subject CN=a,CN --issuer ca", "is not a distinguished name"),
        ("generate client --issuer ca", "needs a name"),
        ("generate ca --no-password", "needs a name"),
        ("generate client --name a --path-length 1 --issuer ca", "path length"),
        // What the checks have against it.
        ("generate https --name a.example", "--accept self-signed"),
        ("generate https --name a.example --days 1000 --issuer ca", "--accept validity-too-long"),
        ("generate https --name a.example --issuer ca --accept no-such-check", "unknown finding"),
        ("generate https --name a.example --accept validity-too-long", "--accept self-signed"),
        // Passwords.
        ("generate ca --name Root", "--password-file"),
        ("generate ca --name Root --password-file weak.txt", "--allow-weak-password"),
        ("generate ca --name Root --password-file empty.txt", "first line is empty"),
        ("generate ca --name Root --password-env CERTKIT_TEST_ABSENT", "CERTKIT_TEST_ABSENT"),
        ("generate client --name a --password-file weak.txt --issuer ca", "--allow-weak-password"),
    ];
    for (line, because) in table {
        bench.refused(&format!("{line} {out}"), because);
    }
    for (line, because) in [
        // Files.
        ("generate https --name a.example --issuer ca --cert-out a-file --key-out new-key.pem", "already exists"),
        ("generate https --name a.example --issuer ca --cert-out new.pem --key-out a-file", "already exists"),
        ("generate https --name a.example --issuer ca --cert-out both.pem --key-out both.pem", "two outputs"),
        ("generate https --name twx.plant.example --issuer ca -o twx", "already exists"),
        ("generate https --name a.example --issuer ca -o a-file", "needs a folder"),
        ("generate https --name a.example --issuer ca --cert-out a-file/new.pem --key-out new-key.pem", "a-file"),
        ("generate ca --name Root --no-password -o ca/issuing", "already exists"),
        ("generate ca --name Root --issuing Issuing --no-password -o ca", "already exists"),
        ("generate https --name a.example --issuer ca --cert-out new.pem", "private key"),
        ("generate https --name a.example --issuer ca --layout dotnet -o new", "--layout"),
        ("request https --name a.example", "private key"),
        // Requests.
        ("sign damaged.csr --issuer ca --cert-out new.pem", "not signed by its own key"),
        ("sign ca.csr --issuer ca --kind https --cert-out new.pem", "asks for a CA certificate"),
        ("sign ca.csr --issuer ca --cert-out new.pem", "asks for a CA certificate"),
        ("sign good.csr --issuer ca --kind opcua --cert-out new.pem", "needs O="),
        ("sign good.csr --cert-out new.pem", "no CA given"),
        ("sign other.key --issuer ca --cert-out new.pem", "no certificate request"),
        ("sign good.csr ca.csr --issuer ca --cert-out new.pem", "-o DIR"),
        ("sign good.csr ca.csr --issuer ca -o new", "asks for a CA certificate"),
        // Renewals.
        ("renew twx/twx.plant.example.pem --cert-out new.pem", "issued by a CA"),
        ("renew twx/twx.plant.example.pem --key other.key --issuer ca --cert-out new.pem", "does not belong"),
        ("renew ca/root/ca.pem --cert-out new.pem", "self-signed"),
        ("renew good.csr --cert-out new.pem", "no certificate"),
        // Revocations.
        ("revoke twx/twx.plant.example.pem --issuer ca/root", "was issued by"),
        ("revoke twx/twx.plant.example.pem --issuer ca/issuing/ca.pem --issuer-key ca/issuing/ca-key.pem", "--crl"),
        ("revoke ffff --issuer ca", "serial number"),
        ("revoke twx/twx.plant.example.pem --issuer ca --reason bored", "is not a revocation reason"),
        ("revoke --issuer ca --crl ca/root/ca.crl", "another issuer"),
        ("revoke --issuer ca --crl a-file", "a-file"),
        ("revoke --issuer ca --next-update 0d", "is invalid"),
    ] {
        bench.refused(line, because);
    }
    if is_past {
        bench.refused(
            &format!("generate https --name a.example --issuer past.pem --issuer-key other.key {out}"),
            "does not overlap",
        );
    }
}

#[test]
fn what_speaks_against_it_is_done_when_it_is_accepted_and_said() {
    let bench = Bench::with_authority("ec:p256");
    let output = bench.run("generate https --name a.example --days 1000 --issuer ca -o out --accept validity-too-long");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("warning  validity-too-long"), "{stderr}");
    let json = bench.json("generate https --name b.example --key-type ec:p256 -o out --accept self-signed");
    assert_eq!(json["schema"], "certkit.generate/1");
    assert_eq!(json["verdict"], "warnings");
    assert_eq!(json["findings"][0]["id"], "self-signed");
    assert_eq!(json["made"], serde_json::json!([0]));
}

#[test]
fn a_full_disk_leaves_nothing() {
    let bench = Bench::with_authority("ec:p256");
    let before = bench.files();
    let certkit = env!("CARGO_BIN_EXE_certkit");
    for line in
        ["generate https --name a.example --issuer ca -o new", "revoke --issuer ca", "generate opcua --name App -o pki"]
    {
        // A write beyond the limit fails as one to a full disk does.
        let script = format!("trap '' XFSZ; ulimit -f 0; exec '{certkit}' {line}");
        let output = bench.command("sh").args(["-c", &script]).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{line}: {stderr}");
        assert!(stderr.contains("cannot be written"), "{stderr}");
        assert_eq!(bench.files(), before, "{line}");
    }
}

#[test]
#[cfg(unix)]
fn private_keys_are_for_their_owner_and_those_of_cas_encrypted() {
    use std::os::unix::fs::PermissionsExt as _;

    let bench = Bench::new();
    let password = "--password-env CERTKIT_TEST_PASSWORD";
    bench.done(&format!("generate ca --name Root --key-type ec:p256 {password} -o ca"));
    let issuer = "--issuer ca --issuer-password-env CERTKIT_TEST_PASSWORD";
    bench.done(&format!("generate client --name a --key-type ec:p256 {issuer} {password} -o a"));
    bench.done(&format!("generate client --name b --key-type ec:p256 {issuer} -o b"));
    bench.done("generate opcua --name App --key-type ec:p256 -o pki");
    let keys: Vec<PathBuf> = bench
        .files()
        .into_iter()
        .filter(|(_, bytes)| bytes.as_ref().is_some_and(|it| it.windows(12).any(|part| part == b"PRIVATE KEY-")))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(keys.len(), 4, "{keys:?}");
    for key in &keys {
        assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600, "{key:?}");
    }
    for key in ["ca/ca-key.pem", "a/a-key.pem"] {
        let text = std::fs::read_to_string(bench.path(key)).unwrap();
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{text}");
        let shown = bench.openssl(&format!("pkey -in {key} -passin env:CERTKIT_TEST_PASSWORD -noout -text_pub"));
        assert!(shown.contains("P-256"), "{shown}");
        assert!(bench.openssl(&format!("asn1parse -in {key}")).contains("aes-256-cbc"));
    }
    bench.refused("generate client --name c --issuer ca -o c", "--issuer-password-file");
    std::fs::write(bench.path("wrong.txt"), "Wrong-Horse-7-Battery").unwrap();
    bench.refused("generate client --name c --issuer ca --issuer-password-file wrong.txt -o c", "does not open");
}

#[test]
fn a_key_of_the_users_own_is_taken_in_every_form() {
    let bench = Bench::with_authority("ec:p256");
    bench.openssl("genrsa -traditional -out pkcs1.key 2048");
    bench.openssl("ecparam -name prime256v1 -genkey -out sec1.key");
    bench.openssl("pkcs8 -topk8 -in sec1.key -out pkcs8.key -passout env:CERTKIT_TEST_PASSWORD");
    bench.openssl("rsa -in pkcs1.key -aes256 -traditional -out old.key -passout env:CERTKIT_TEST_PASSWORD");
    for (key, more) in [
        ("pkcs1", ""),
        ("sec1", ""),
        ("pkcs8", "--key-password-env CERTKIT_TEST_PASSWORD"),
        ("old", "--key-password-env CERTKIT_TEST_PASSWORD"),
    ] {
        bench.done(&format!("generate client --name {key} --key {key}.key {more} --issuer ca --cert-out {key}.pem"));
        let of_key = bench.openssl(&format!("pkey -in {key}.key -passin env:CERTKIT_TEST_PASSWORD -pubout"));
        assert_eq!(bench.openssl(&format!("x509 -in {key}.pem -noout -pubkey")), of_key, "{key}");
    }
    let pem = bench.run("generate client --name a --key sec1.key --issuer ca").stdout;
    assert!(pem.starts_with(b"-----BEGIN CERTIFICATE-----"), "without a file the certificate goes to standard output");
}

#[test]
fn a_pkcs12_store_has_the_key_and_the_whole_chain() {
    let bench = Bench::with_authority("ec:p256");
    let password = "--password-env CERTKIT_TEST_PASSWORD";
    bench.done(&format!("generate https --name twx.plant.example --issuer ca {password} --p12-out twx.p12"));
    let shown = bench.openssl("pkcs12 -in twx.p12 -passin env:CERTKIT_TEST_PASSWORD -noenc -info");
    assert_eq!(shown.matches("BEGIN CERTIFICATE").count(), 3, "{shown}");
    assert_eq!(shown.matches("BEGIN PRIVATE KEY").count(), 1, "{shown}");
    assert!(shown.contains("AES-256-CBC") && shown.contains("friendlyName: twx.plant.example"), "{shown}");
    let old = format!("generate client --name old --issuer ca {password} --p12-out old.p12 --p12-legacy");
    bench.done(&old);
    let shown = bench.openssl("pkcs12 -in old.p12 -passin env:CERTKIT_TEST_PASSWORD -noenc -info -legacy");
    assert!(shown.contains("pbeWithSHA1And3-KeyTripleDES-CBC"), "{shown}");
    bench.refused("generate client --name a --issuer ca --p12-out a.p12", "--password-file");
    bench.refused(&format!("{old} --cert-out old.pem"), "already exists");
}

#[test]
fn the_key_of_an_application_is_of_its_issuers_family() {
    let bench = Bench::with_authority("ec:p384");
    let json = bench.json("generate opcua --name App --dns plc7 --issuer ca --cert-out app.der --key-out app.key");
    assert_eq!(json["key"]["curve"], "P-384");
    let rsa = "generate opcua --name App --dns plc7 --key-type rsa:2048 --issuer ca --cert-out a.der --key-out a.key";
    bench.refused(rsa, "--accept opcua-no-current-policy");
}

#[test]
fn names_keep_their_order_and_repetitions_through_a_chain() {
    let bench = Bench::new();
    bench.done("generate ca --subject CN=Root,OU=b,OU=a,DC=plant,DC=example --key-type ec:p384 --no-password -o ca");
    bench.done("request https --subject CN=twx,OU=y,OU=x,DC=plant,DC=example --dns twx --key-type ec:p384 --key-out k -o r.csr");
    bench.done("sign r.csr --issuer ca --cert-out twx.pem");
    bench.openssl("verify -x509_strict -CAfile ca/ca.pem twx.pem");
    let shown = bench.openssl("x509 -in twx.pem -noout -subject -issuer -nameopt RFC2253");
    assert_eq!(shown, "subject=CN=twx,OU=y,OU=x,DC=plant,DC=example\nissuer=CN=Root,OU=b,OU=a,DC=plant,DC=example\n");
}

#[test]
fn a_foreign_request_gets_what_its_kind_has_and_the_rest_is_told() {
    let bench = Bench::with_authority("rsa:2048");
    bench.openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout k -out r.csr -subj /O=Plant/CN=plc7 \
         -addext subjectAltName=DNS:plc7,URI:urn:x:y,email:a@plant.example -addext keyUsage=digitalSignature,keyCertSign \
         -addext extendedKeyUsage=serverAuth,codeSigning -addext certificatePolicies=1.2.3",
    );
    let json = bench.json("sign r.csr --kind https --dns plc7.plant.example --issuer ca --cert-out plc7.pem");
    let dropped: Vec<&str> =
        json["dropped"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!(dropped.len(), 5, "{dropped:?}");
    assert_eq!(json["certificates"][0]["dns_names"], serde_json::json!(["plc7", "plc7.plant.example"]));
    let told = bench.run("sign r.csr --kind opcua --application-uri urn:plc7:Plant:App --issuer ca --cert-out opc.der");
    assert_eq!(told.status.code(), Some(3), "two ApplicationUris are one too many");
    bench.done(
        "check --profile https --host plc7.plant.example --trust ca/root/ca.pem --untrusted ca/issuing/ca.pem plc7.pem",
    );
}

#[test]
fn a_wildcard_for_everybodys_names_is_not_signed() {
    let bench = Bench::with_authority("ec:p256");
    for (name, file) in [("*.com", "com.csr"), ("*.co.uk", "uk.csr"), ("*.COM", "upper.csr")] {
        bench.openssl(&format!(
            "req -new -newkey rsa:2048 -nodes -keyout r.key -out {file} -subj /CN=plc7 -addext subjectAltName=DNS:{name}"
        ));
        for kind in ["https", "client"] {
            let line = format!("sign {file} --kind {kind} --issuer ca --cert-out out.pem");
            bench.refused(&line, "does not pass the checks");
            assert!(
                String::from_utf8_lossy(&bench.run(&line).stderr).contains("wildcard-below-public-suffix"),
                "{line}"
            );
        }
    }
}

#[test]
fn many_requests_are_signed_in_one_run() {
    let bench = Bench::with_authority("ec:p256");
    std::fs::create_dir(bench.path("requests")).unwrap();
    for name in ["a", "b", "c"] {
        bench.done(&format!(
            "request client --name {name} --key-type ec:p256 --key-out {name}.key -o requests/{name}.csr"
        ));
    }
    let json = bench.json("sign requests --kind client --issuer ca -o issued");
    assert_eq!(json["made"].as_array().unwrap().len(), 3);
    for name in ["a", "b", "c"] {
        bench.openssl(&format!("verify -CAfile ca/root/ca.pem -untrusted ca/issuing/ca.pem issued/{name}.pem"));
    }
    assert_eq!(bench.json("inspect ca/issuing/index.pem")["certificates"].as_array().unwrap().len(), 3);
}

#[test]
fn a_revocation_reaches_those_who_have_the_new_list() {
    let bench = Bench::with_authority("ec:p256");
    for name in ["one", "two"] {
        bench.done(&format!("generate client --name {name} --key-type ec:p256 --issuer ca -o out"));
    }
    bench.done("revoke out/one.pem --issuer ca --reason key-compromise");
    bench.done("revoke --issuer ca/root --next-update 180d");
    std::fs::write(bench.path("lists.pem"), bench.list("root") + &bench.list("issuing")).unwrap();
    let verify = "verify -crl_check_all -CRLfile lists.pem -CAfile ca/root/ca.pem -untrusted ca/issuing/ca.pem";
    bench.openssl(&format!("{verify} out/two.pem"));
    let output = bench.command("openssl").args(words(&format!("{verify} out/one.pem"))).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("certificate revoked"));
    bench.refused("revoke out/one.pem --issuer ca", "already");

    let two = bench.json("inspect out/two.pem")["certificates"][0]["serial_hex"].as_str().unwrap().to_owned();
    let json = bench.json(&format!("revoke {two} --issuer ca"));
    assert_eq!(json["revocation_list"]["number"], "3");
    assert_eq!(json["revocation_list"]["revoked"], 2);

    // A list beside a CA that has no folder, in the form that its name asks for.
    let issuer = "--issuer ca/issuing/ca.pem --issuer-key ca/issuing/ca-key.pem";
    bench.done(&format!("revoke {issuer} --crl list.pem"));
    bench.done(&format!("revoke out/two.pem {issuer} --crl list.pem"));
    assert!(bench.openssl("crl -in list.pem -noout -text").contains("X509v3 CRL Number: \n                2"));
}

#[test]
fn a_renewal_keeps_names_and_key_and_names_those_who_have_to_trust_it() {
    let bench = Bench::with_authority("ec:p256");
    bench.done("generate opcua --subject CN=App,O=Plant,DC=a,DC=b --dns plc7 --ip fd00::7 --key-type rsa:2048 --layout uaexpert -o pki");
    bench.done("generate opcua --subject CN=Partner,O=Plant --dns plc8 --key-type rsa:2048 --cert-out partner.der --key-out partner.key");
    std::fs::copy(bench.path("partner.der"), bench.path("pki/trusted/certs/partner.der")).unwrap();
    let json = bench
        .json("renew pki/own/certs/uaexpert.der --key pki/own/private/uaexpert_key.pem --days 400 --cert-out new.der");
    assert_eq!(json["partners"][0]["application_uri"], "urn:plc8:Plant:Partner");
    let (old, new) = (bench.json("inspect pki/own/certs/uaexpert.der"), bench.json("inspect new.der"));
    for field in ["subject_dn", "uri_names", "dns_names", "ip_addresses", "subject_key_id", "key_usage"] {
        assert_eq!(old["certificates"][0][field], new["certificates"][0][field], "{field}");
    }
    assert_ne!(old["certificates"][0]["serial_hex"], new["certificates"][0]["serial_hex"]);

    bench.done("generate https --name twx --key-type ec:p384 --issuer ca -o twx");
    bench.done("renew twx/twx-chain.pem --issuer ca --cert-out same.pem");
    bench.done("renew twx/twx.pem --issuer ca --rekey --key-out new.key --cert-out other.pem");
    let key = |name: &str| bench.openssl(&format!("x509 -in {name} -noout -pubkey"));
    assert_eq!(key("twx/twx.pem"), key("same.pem"));
    assert_eq!(key("other.pem"), bench.openssl("pkey -in new.key -pubout"));
    assert!(bench.openssl("pkey -in new.key -noout -text_pub").contains("P-384"), "a new key is of the old one's kind");
    bench.done("renew ca/root/ca.pem --key ca/root/ca-key.pem --cert-out root.pem");
    bench.openssl("verify -CAfile root.pem -untrusted ca/issuing/ca.pem twx/twx.pem");
}

#[test]
fn the_folders_of_opc_ua_are_those_that_each_stack_reads() {
    let bench = Bench::with_authority("rsa:2048");
    for (layout, own, key, folder) in [
        ("standard", "own/certs", "own/private", "rejected/certs"),
        ("dotnet", "own/certs", "own/private", "rejected/certs"),
        ("open62541", "ApplCerts/own/certs", "ApplCerts/own/private", "ApplCerts/rejected/certs"),
        ("node-opcua", "own/certs", "own/private", "rejected"),
        ("uaexpert", "own/certs", "own/private", "rejected"),
    ] {
        bench.done(&format!("generate opcua --name App --dns plc7 --issuer ca --layout {layout} -o {layout}"));
        let files = |folder: &str| -> Vec<PathBuf> {
            let entries = std::fs::read_dir(bench.path(layout).join(folder)).unwrap();
            entries.map(|entry| entry.unwrap().path()).collect()
        };
        assert!(files(folder).is_empty() && !files(own).is_empty() && files(key).len() == 1, "{layout}");
        let issuers =
            own.replace("own", if layout == "node-opcua" || layout == "uaexpert" { "issuers" } else { "issuer" });
        assert_eq!(files(&issuers).len(), 2, "{layout}");
        let lists = files(&issuers.replace("certs", "crl"));
        assert_eq!(lists.len(), 4, "{layout}: a list for each CA, in two files");
        let audit = bench.json(&format!("trust audit opcua:{layout}"));
        let ids = audit["findings"].to_string();
        assert!(!ids.contains("store-file-not-read") && !ids.contains("own-key"), "{layout}: {audit:#}");
    }
}

#[test]
fn names_of_this_machine_are_shown_before_they_are_used() {
    let bench = Bench::new();
    let told = bench.done("generate opcua --name App --key-type ec:p256 -o pki");
    let (note, card) = (told.find("names and addresses of this machine").unwrap(), told.find("Subject").unwrap());
    assert!(note < card, "{told}");
    assert!(told.contains("ApplicationUri"), "{told}");
}

#[test]
fn an_overdue_list_is_told() {
    let bench = Bench::with_authority("ec:p256");
    bench.done("revoke --issuer ca --next-update 1s");
    std::thread::sleep(std::time::Duration::from_millis(2100));
    let output = bench.run("generate client --name a --key-type ec:p256 --issuer ca -o out");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("overdue"));
    bench.done("revoke --issuer ca");
    bench.done("generate client --name b --key-type ec:p256 --issuer ca -o out");
}

#[test]
fn index_and_list_survive_a_kill_at_any_moment() {
    let bench = Bench::with_authority("ec:p256");
    bench.done("request client --name a --key-type ec:p256 --key-out a.key -o a.csr");
    let (mut issued, mut number, mut out) = (0, 1, 0);
    for round in 0..60u32 {
        let line = match round % 2 {
            0 => format!("sign a.csr --kind client --issuer ca --cert-out out-{round}.pem"),
            _ => "revoke --issuer ca".to_owned(),
        };
        let mut running = bench.command(env!("CARGO_BIN_EXE_certkit"));
        let mut running = running.args(words(&line)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // From before it has read anything to after it is done.
        std::thread::sleep(std::time::Duration::from_micros(u64::from(round) * 700));
        running.kill().unwrap();
        running.wait().unwrap();

        let index = std::fs::read_to_string(bench.path("ca/issuing/index.pem")).unwrap();
        let count = index.matches("-----BEGIN CERTIFICATE-----").count();
        assert_eq!(count, index.matches("-----END CERTIFICATE-----").count());
        assert!(count >= issued, "the index never loses anything");
        issued = count;
        if bench.path(&format!("out-{round}.pem")).exists() {
            out += 1;
            let bytes = std::fs::read_to_string(bench.path(&format!("out-{round}.pem"))).unwrap();
            assert!(index.contains(bytes.trim()), "a certificate that is out stands in the index");
        }
        let list = bench.json("inspect ca/issuing/ca.crl");
        let now: u32 = list["revocation_lists"][0]["number"].as_str().unwrap().parse().unwrap();
        assert!(now >= number, "the number never falls");
        number = now;
    }
    assert!(out <= issued);
    // Whatever the last kill has left behind, the next run works.
    bench.done("sign a.csr --kind client --issuer ca --cert-out last.pem");
    bench.done("revoke last.pem --issuer ca");
}

#[test]
fn two_runs_at_once_lose_nothing() {
    let bench = Bench::with_authority("ec:p256");
    bench.done("request client --name a --key-type ec:p256 --key-out a.key -o a.csr");
    let runs: Vec<_> = (0..8)
        .map(|at| {
            let mut command = bench.command(env!("CARGO_BIN_EXE_certkit"));
            let line = format!("sign a.csr --kind client --issuer ca --cert-out out-{at}.pem");
            command.args(words(&line)).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    assert_eq!(bench.json("inspect ca/issuing/index.pem")["certificates"].as_array().unwrap().len(), 8);
}

//! What people type by habit, and by a slip.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn fed(line: &str, given: &[u8], folder: &std::path::Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
    command.args(line.split(' ')).current_dir(folder);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("certkit starts");
    child.stdin.take().unwrap().write_all(given).unwrap();
    child.wait_with_output().unwrap()
}

fn run(line: &str) -> (i32, String) {
    let output = fed(line, b"", std::path::Path::new("."));
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), said)
}

#[test]
fn help_is_a_word_too() {
    let (status, said) = run("help");
    assert!(status == 0 && said.contains("Usage: certkit [OPTIONS] <COMMAND>"), "{said}");
    let (status, said) = run("help trust add");
    assert!(status == 0 && said.contains("Usage: certkit trust add"), "{said}");
}

#[test]
fn what_is_nearly_an_id_is_found() {
    for (typed, wanted) in [
        ("revokd", "revoked?"),
        ("exipred", "expired"),
        ("chain-incomplet", "mean chain-incomplete"),
        ("host-mismach", "mean host-mismatch"),
        ("x509: certificate signed by unknown authorit", "mean `x509: certificate signed by unknown authority`"),
        ("certificate verify faild", "certificate verify failed"),
        ("SSLHandshakException", "SSLHandshakeException"),
        ("CERT_E_UNTRUSTEDROT", "mean `CERT_E_UNTRUSTEDROOT`"),
        ("BadFoo", "nearest known is Bad"),
        ("EOF", "EOF occurred in violation of protocol"),
    ] {
        let (status, said) = run(&format!("explain {typed}"));
        assert!(status == 3 && said.contains(wanted), "{typed}: {said}");
    }
}

#[test]
fn thresholds_that_cannot_warn_are_refused() {
    for line in ["expiry mozilla --warn 7d --critical 30d", "expiry mozilla --crl-warn 1h --crl-critical 1d"] {
        let (status, said) = run(line);
        assert!(status == 3 && said.contains("nothing would ever be a warning"), "{line}: {said}");
    }
}

#[test]
fn standard_input_may_be_what_is_trusted_or_acted_upon() {
    let folder = tempfile::tempdir().unwrap();
    let make = |line: &str| {
        let made = fed(line, b"", folder.path());
        assert!(made.status.success(), "{line}: {made:?}");
    };
    make("generate ca --name Root --key-type ec:p256 --no-password -o ca");
    make("generate https --dns plc7.plant.test --key-type ec:p256 --issuer ca --cert-out leaf.pem --key-out leaf.key");
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    let root = read("ca/ca.pem");
    let verified = fed("verify --trust - --host plc7.plant.test leaf.pem", &root, folder.path());
    assert_eq!(verified.status.code(), Some(1), "{verified:?}");
    let revoked = fed("revoke - --issuer ca", &read("leaf.pem"), folder.path());
    assert_eq!(revoked.status.code(), Some(0), "{revoked:?}");
    let checked = fed("check leaf.pem --trust ca/ca.pem --crl ca/ca.crl", b"", folder.path());
    assert_eq!(checked.status.code(), Some(2), "{checked:?}");
}

#[test]
fn a_request_that_names_a_stranger_beside_its_own_names_is_not_signed() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| fed(line, b"", folder.path());
    assert!(run("generate ca --name Root --key-type ec:p256 --no-password -o ca").status.success());
    for (at, (subject, is_signed)) in [
        ("CN=plc7.plant.test", true),
        ("CN=PLC7.plant.test", true),
        ("CN=Line7", true),
        ("CN=www.bank.example", false),
        ("CN=*.com", false),
        ("CN=10.0.0.8", false),
    ]
    .into_iter()
    .enumerate()
    {
        let asked = run(&format!(
            "request https --subject {subject} --dns plc7.plant.test --key-type ec:p256 --key-out {at}.key --csr-out {at}.csr"
        ));
        assert!(asked.status.success(), "{subject}: {asked:?}");
        let signed = run(&format!("sign {at}.csr --issuer ca --cert-out {at}.pem"));
        assert_eq!(signed.status.success(), is_signed, "{subject}: {signed:?}");
        let accepted = format!("sign {at}.csr --issuer ca --cert-out {at}.pem --accept common-name-foreign");
        assert!(is_signed || run(&accepted).status.code() == Some(1), "{subject}");
    }
}

#[test]
fn a_review_is_named_where_kepware_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["ins.json", "P.OPF"] {
        std::fs::write(folder.path().join(name), "{}").unwrap();
    }
    for (word, tip) in [
        ("kepware://kep7", "`certkit review kepware://kep7`"),
        ("kepware+https://kep7:57512", "`certkit review kepware+https://kep7:57512`"),
        ("ins.json", "`certkit review ins.json`"),
        ("P.OPF", "`certkit review P.OPF`"),
        ("kep7.plant.test", "`certkit review kepware://kep7.plant.test`"),
        ("press7.pem", "`certkit inspect press7.pem`"),
        ("store.P12", "`certkit inspect store.P12`"),
    ] {
        let output = fed(word, b"", folder.path());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(3) && said.contains(tip), "{word}: {said}");
        let is_file = word.ends_with("pem") || word.ends_with("P12");
        assert!(!is_file || !said.contains("fetch"), "{said}");
    }
}

#[test]
fn a_file_that_is_called_like_standard_input_is_never_read_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str, given: &[u8]| fed(line, given, folder.path());
    let make = |line: &str| assert!(run(line, b"").status.success(), "{line}");
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    make("generate ca --name Root --key-type ec:p256 --no-password -o ca");
    for (name, other) in [("plc7", "piped"), ("stranger", "named")] {
        make(&format!(
            "generate https --name {name}.plant.test --key-type ec:p256 --issuer ca --cert-out {other}.pem --key-out {other}.key"
        ));
        make(&format!("request https --name {name}.plant.test --key {other}.key -o {other}.csr"));
    }
    let has = |output: &Output, word: &str| {
        (String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr)).contains(word)
    };
    for (suffix, lines) in [
        (
            "pem",
            &[
                "inspect -",
                "inspect pem:-",
                "check - --trust ca/ca.pem --json",
                "verify --trust ca/ca.pem --revocation off - --json",
                "convert - --as pem -o copy.pem --json",
                "trust add store.pem - --create --accept not-a-ca --reason test --json",
                "trust remove store.pem - --json",
                "expiry - --json",
                "inventory - --json",
                "renew - --issuer ca",
            ][..],
        ),
        ("csr", &["sign - --issuer ca --kind https"][..]),
        ("key", &["request https --name plc7.plant.test --key -"][..]),
    ] {
        std::fs::copy(folder.path().join(format!("named.{suffix}")), folder.path().join("-")).unwrap();
        for line in lines {
            let output = run(line, &read(&format!("piped.{suffix}")));
            assert!(has(&output, "plc7") && !has(&output, "stranger"), "{line}: {output:?}");
        }
    }
    // What one reader has taken is not there for another one.
    for line in ["verify --trust - -", "generate https --name a.b --issuer - --key-out k --cert-out c"] {
        let output = run(line, &[read("ca/ca.pem"), read("ca/ca-key.pem")].concat());
        assert!(output.status.code() == Some(3) && has(&output, "named twice"), "{line}: {output:?}");
    }
    let made = run("request https --name a.b --key - -o made.csr", &read("piped.key"));
    assert!(made.status.success(), "{made:?}");
    let shown = |line: &str| {
        let output = Command::new("openssl").args(line.split(' ')).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
        output.stdout
    };
    assert_eq!(shown("req -in made.csr -noout -pubkey"), shown("pkey -in piped.key -pubout"));
}

#[test]
fn standard_output_is_never_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| fed(line, b"", folder.path());
    assert!(run("generate ca --name Root --key-type ec:p256 --no-password -o ca").status.success());
    assert!(run("request https --name a.plant.test --key-type ec:p256 --key-out a.key -o a.csr").status.success());
    let made = "generate https --name a.plant.test --issuer ca";
    for (line, begins) in [
        ("request https --name a.plant.test --key a.key -o -".to_owned(), "-----BEGIN CERTIFICATE REQUEST-----"),
        (format!("{made} --key a.key --cert-out -"), "-----BEGIN CERTIFICATE-----"),
        (format!("{made} --key-type ec:p256 --key-out - --cert-out -"), "-----BEGIN PRIVATE KEY-----"),
        (format!("{made} --key-type ec:p256 --key-out -"), "-----BEGIN PRIVATE KEY-----"),
        (format!("{made} --key a.key --chain-out -"), "-----BEGIN CERTIFICATE-----"),
        (format!("{made} --key a.key --p12-out - --no-password"), "0"),
        ("sign a.csr --issuer ca --cert-out -".to_owned(), "-----BEGIN CERTIFICATE-----"),
        ("trust export ca/ca.pem -o -".to_owned(), "-----BEGIN CERTIFICATE-----"),
        ("convert ca/ca.pem --as pem -o -".to_owned(), "-----BEGIN CERTIFICATE-----"),
    ] {
        let output = run(&line);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{line}: {output:?}");
        assert!(output.stdout.starts_with(begins.as_bytes()), "{line}: {output:?}");
    }
    let both = String::from_utf8(run(&format!("{made} --key-type ec:p256 --key-out - --cert-out -")).stdout).unwrap();
    assert_eq!(both.matches("-----BEGIN ").count(), 2, "{both}");
    for line in [
        format!("{made} --key a.key --cert-out - --json"),
        format!("{made} --key a.key --cert-out - --p12-out - --no-password"),
        format!("{made} -o -"),
        "request https --name a.plant.test --key a.key -o - --json".to_owned(),
        "sign a.csr --issuer ca -o -".to_owned(),
        "revoke --issuer ca --crl -".to_owned(),
        "trust add - ca/ca.pem --create".to_owned(),
        "trust list -".to_owned(),
        "expiry install --cron -o - -- ca/ca.pem".to_owned(),
    ] {
        assert_eq!(run(&line).status.code(), Some(3), "{line}");
    }
    assert!(!folder.path().join("-").exists());
}

#[test]
fn the_name_of_a_server_is_among_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| fed(line, b"", folder.path());
    assert!(run("generate ca --name Root --key-type ec:p256 --no-password -o ca").status.success());
    let made = "generate https --key-type ec:p256 --issuer ca --json --key-out";
    for (at, (named, names)) in [
        ("--name plc7 --ip 10.0.0.5", vec!["plc7"]),
        ("--subject CN=plc7 --ip 10.0.0.5", vec!["plc7"]),
        ("--name plc7.plant.test --ip 10.0.0.5", vec!["plc7.plant.test"]),
        ("--name plc7 --ip 10.0.0.5 --dns plc8", vec!["plc8"]),
        ("--name 10.0.0.5 --ip 10.0.0.5", vec![]),
    ]
    .into_iter()
    .enumerate()
    {
        let output = run(&format!("{made} {at}.key --cert-out {at}.pem {named}"));
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = &document["certificates"][0];
        assert_eq!(found["dns_names"], serde_json::json!(names), "{named}: {document:#}");
        assert_eq!(found["ip_addresses"], serde_json::json!(["10.0.0.5"]), "{named}");
    }
}

#[test]
fn a_list_that_goes_elsewhere_revokes_all_that_the_ca_has_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| fed(line, b"", folder.path());
    let json = |line: &str| -> serde_json::Value { serde_json::from_slice(&run(line).stdout).unwrap() };
    assert!(run("generate ca --name Root --key-type ec:p256 --no-password -o ca").status.success());
    for name in ["a", "b", "c"] {
        let made = run(&format!("generate client --name {name} --key-type ec:p256 --issuer ca -o out"));
        assert!(made.status.success(), "{made:?}");
    }
    assert!(run("revoke out/a.pem --issuer ca").status.success());
    for (name, number, count) in [("b", "3", 2), ("c", "4", 3)] {
        let document = json(&format!("revoke out/{name}.pem --issuer ca --crl new.crl --json"));
        let list = &document["revocation_list"];
        assert!(list["number"] == number && list["revoked"] == count, "{document:#}");
        assert_eq!(
            std::fs::read(folder.path().join("new.crl")).unwrap(),
            std::fs::read(folder.path().join("ca/ca.crl")).unwrap()
        );
    }
    // A copy that went its own way brings what it has.
    assert!(run("generate client --name d --key-type ec:p256 --issuer ca -o out").status.success());
    assert!(run("revoke out/d.pem --issuer ca/ca.pem --issuer-key ca/ca-key.pem --crl new.crl").status.success());
    let document = json("revoke --issuer ca --crl new.crl --json");
    let list = &document["revocation_list"];
    assert!(list["number"] == "6" && list["revoked"] == 4, "{document:#}");
}

#[test]
fn a_secret_on_the_command_line_is_answered_with_its_place() {
    for line in ["inspect x.pfx --password geheim", "check x.pfx --storepass=geheim", "verify --pass geheim"] {
        let (status, said) = run(line);
        assert!(status == 3 && said.contains("--password-file FILE"), "{line}: {said}");
        assert!(!said.contains("geheim") && !said.contains("similar argument"), "{line}: {said}");
    }
    let (status, said) = run("inspect x.pfx --password-env GEHEIM");
    assert!(status == 3 && said.contains("--password-file") && !said.contains("GEHEIM"), "{said}");
}

#[test]
fn what_is_asked_elsewhere_is_named() {
    let (status, said) = run("fetch kepware://kep7");
    assert!(status == 3 && said.contains("certkit check kepware://HOST"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.der"), [0x30, 0x82, 0x01]).unwrap();
    std::fs::write(folder.path().join("bad.pem"), "-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n")
        .unwrap();
    let shown = fed("inspect bad.pem", b"", folder.path());
    let said = String::from_utf8_lossy(&shown.stderr).into_owned();
    assert_eq!(
        said.matches("certificate cannot be decoded").count(),
        said.lines().filter(|it| it.contains("certificate cannot")).count(),
        "{said}"
    );
}

#[test]
fn pages_and_schemas_are_found_by_the_words_of_a_command() {
    for line in ["man trust add", "man trust-add", "man expiry-install"] {
        let (status, said) = run(line);
        assert!(status == 0 && (said.contains("accept") || said.contains("systemd")), "{line}: {said}");
    }
    assert_eq!(run("man trust nonsense").0, 3);
    for (line, document) in [
        ("schema sign", "certkit.generate/1"),
        ("schema revoke", "certkit.generate/1"),
        ("schema trust add", "certkit.trust-change/1"),
        ("schema trust-list", "certkit.trust-list/1"),
        ("schema trust export", "certkit.trust-export/1"),
    ] {
        let (status, said) = run(line);
        assert!(status == 0 && said.contains(document), "{line}: {said}");
    }
    let (status, said) = run("schema trust");
    assert!(status == 3 && said.contains("trust-change") && !said.contains("inspect"), "{said}");
}

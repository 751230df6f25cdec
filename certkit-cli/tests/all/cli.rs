//! The command as a user types it: statuses, streams, files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::{DAY, Moment};
use serde_json::Value;

/// A root, an issuing CA and a server's certificate, in files.
struct Plant {
    folder: tempfile::TempDir,
}

impl Plant {
    fn new() -> Plant {
        let now = Moment::now();
        let root_key = KeyPair::generate(KeyType::P256).unwrap();
        let root = Template::new(Kind::Root, "CN=Test Root,O=Plant".parse().unwrap(), Validity::days(now, 3650))
            .issue(&root_key.public_key().unwrap(), &Issuer::itself(&root_key))
            .unwrap();
        let issuing_key = KeyPair::generate(KeyType::P256).unwrap();
        let issuing = Template::new(
            Kind::IssuingAuthority,
            "CN=Test Issuing,O=Plant".parse().unwrap(),
            Validity::days(now, 1825),
        )
        .issue(&issuing_key.public_key().unwrap(), &Issuer::authority(&root, &root_key).unwrap())
        .unwrap();
        let key = KeyPair::generate(KeyType::P256).unwrap();
        let leaf = Template::new(Kind::Https, "CN=twx.plant.test".parse().unwrap(), Validity::days(now, 365))
            .alternative_names(["twx.plant.test", "10.0.0.7"].map(AlternativeName::host))
            .issue(&key.public_key().unwrap(), &Issuer::authority(&issuing, &issuing_key).unwrap())
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let text = |certificates: &[&Certificate]| -> String {
            certificates.iter().map(|it| pem::encode("CERTIFICATE", it.der())).collect()
        };
        std::fs::write(folder.path().join("root.pem"), text(&[&root])).unwrap();
        std::fs::write(folder.path().join("leaf.pem"), text(&[&leaf])).unwrap();
        std::fs::write(folder.path().join("chain.pem"), text(&[&leaf, &issuing])).unwrap();
        std::fs::write(folder.path().join("issuing.pem"), text(&[&issuing])).unwrap();
        std::fs::write(folder.path().join("leaf.der"), leaf.der()).unwrap();
        std::fs::write(folder.path().join("leaf.key"), pem::encode("PRIVATE KEY", &key.to_pkcs8().unwrap())).unwrap();
        Plant { folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn name(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn status(arguments: &[&str]) -> i32 {
    run(arguments).status.code().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = run(arguments);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{arguments:?}: {error}: {}", String::from_utf8_lossy(&output.stderr));
    })
}

#[test]
fn help_and_version_are_answers_and_bad_usage_is_a_3() {
    for (arguments, wanted) in [
        (&["--help"][..], 0),
        (&["--version"], 0),
        (&["fetch", "--help"], 0),
        (&[], 3),
        (&["no-such-command"], 3),
        (&["check"], 3),
        (&["check", "--profile", "nonsense", "x"], 3),
        (&["check", "--at", "tomorrow", "x"], 3),
        (&["fetch", "ftp://host"], 3),
        (&["fetch", "host"], 3),
    ] {
        assert_eq!(status(arguments), wanted, "{arguments:?}");
    }
}

#[test]
fn every_help_has_examples_and_statuses() {
    let making = ["generate", "request", "sign", "renew", "revoke"];
    let looking = [
        "inspect",
        "inventory",
        "fetch",
        "check",
        "verify",
        "convert",
        "trust",
        "preflight",
        "expiry",
        "explain",
        "enroll",
        "demo",
        "schema",
        "completions",
        "man",
    ];
    for command in looking.into_iter().chain(making) {
        for flag in ["-h", "--help"] {
            let output = run(&[command, flag]);
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(text.contains("EXAMPLES") && text.contains("EXIT STATUS"), "{command} {flag}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_one_clear_error() {
    let plant = Plant::new();
    std::fs::write(plant.file("page.html"), "<!DOCTYPE html><html><body>404</body></html>").unwrap();
    std::fs::write(plant.file("empty.pem"), "").unwrap();
    std::fs::write(plant.file("noise.bin"), [0u8, 7, 200, 3, 9]).unwrap();
    for file in ["absent.pem", "page.html", "empty.pem", "noise.bin"] {
        for command in ["inspect", "check"] {
            let output = run(&[command, name(&plant.file(file))]);
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(3), "{command} {file}");
            assert!(output.stdout.is_empty(), "{command} {file}");
            assert_eq!(stderr.matches("certkit: error:").count(), 1, "{stderr}");
            assert!(stderr.contains(file), "{stderr}");
        }
    }
    assert_eq!(status(&["check", name(&plant.file("leaf.key"))]), 0, "a key alone is looked at for weakness");
}

#[test]
fn inspect_shows_what_is_there_and_never_a_secret() {
    let plant = Plant::new();
    let text = String::from_utf8(run(&["inspect", name(&plant.file("leaf.pem"))]).stdout).unwrap();
    for part in
        ["CN=twx.plant.test", "CN=Test Issuing", "10.0.0.7", "EC P-256", "ECDSA-SHA256", "serverAuth", "SHA-256"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let secret = std::fs::read_to_string(plant.file("leaf.key")).unwrap();
    let output = run(&["inspect", "--full", "--pem", name(&plant.file("leaf.key"))]);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("EC P-256"), "{shown}");
    for line in secret.lines().filter(|line| !line.starts_with('-')) {
        assert!(!shown.contains(line), "{shown}");
    }
}

#[test]
fn inspect_json_has_the_names_of_the_field() {
    let plant = Plant::new();
    let document = json(&["inspect", "--json", name(&plant.file("chain.pem")), name(&plant.file("leaf.der"))]);
    assert_eq!(document["schema"], "certkit.inspect/1");
    assert_eq!(document["sources"][0]["certificates"], 2);
    let leaf = &document["certificates"][0];
    for key in [
        "subject",
        "subject_dn",
        "serial_number",
        "serial_hex",
        "not_before",
        "not_after",
        "dns_names",
        "ip_addresses",
        "uri_names",
        "key_usage",
        "is_self_signed",
        "fingerprint_sha1",
        "fingerprint_sha256",
        "pem",
    ] {
        assert!(!leaf[key].is_null(), "{key}");
    }
    assert_eq!(leaf["dns_names"][0], "twx.plant.test");
    assert_eq!(leaf["fingerprint_sha256"], document["certificates"][2]["fingerprint_sha256"]);
    let not_after = leaf["not_after"].as_str().unwrap();
    assert!(not_after.ends_with('Z') && not_after.parse::<Moment>().is_ok());
}

#[test]
fn check_passes_what_is_right_and_says_what_is_not() {
    let plant = Plant::new();
    let (root, chain, leaf) = (plant.file("root.pem"), plant.file("chain.pem"), plant.file("leaf.pem"));
    let (root, chain, leaf) = (name(&root), name(&chain), name(&leaf));
    assert_eq!(status(&["check", root]), 0, "a root is judged as a CA");
    for host in ["twx.plant.test", "TWX.plant.test", "10.0.0.7"] {
        assert_eq!(status(&["check", chain, "--trust", root, "--host", host]), 0, "{host}");
    }
    assert_eq!(status(&["check", "--trust", root, chain]), 0, "options may stand first");
    let issuing = plant.file("issuing.pem");
    let issuing = name(&issuing);
    assert_eq!(status(&["check", leaf, "--trust", root, "--untrusted", issuing]), 0, "the issuer is given beside it");
    assert_eq!(status(&["check", leaf, issuing, "--trust", root]), 1, "the issuer is another input");
    assert_eq!(status(&["check", chain]), 1, "the root is not known");
    assert_eq!(status(&["check", chain, "--strict"]), 2);
    assert_eq!(status(&["check", chain, "--ignore", "chain-incomplete"]), 0);
    assert_eq!(status(&["check", chain, "--ignore", "no-such-id"]), 3);
    assert_eq!(status(&["check", chain, "--trust", root, "--host", "other.plant.test"]), 2);
    assert_eq!(status(&["check", leaf, "--profile", "ca"]), 2, "a leaf is no CA");
    let later = Moment::now().plus(400 * DAY).to_string();
    let expired = json(&["check", "--json", chain, "--trust", root, "--at", &later]);
    assert_eq!(expired["schema"], "certkit.check/1");
    let finding = expired["findings"].as_array().unwrap().iter().find(|it| it["id"] == "expired").unwrap();
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["certificate_index"], 0);
    assert_eq!(finding["fingerprint_sha256"], expired["certificates"][0]["fingerprint_sha256"]);
    assert!(!finding["clauses"].as_array().unwrap().is_empty());
}

#[test]
fn standard_input_is_an_input() {
    let plant = Plant::new();
    let file = std::fs::File::open(plant.file("leaf.pem")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_certkit")).args(["inspect", "-"]).stdin(file).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("twx.plant.test"));
}

#[test]
fn a_folder_is_read_whole_and_counts_what_it_passes_over() {
    let plant = Plant::new();
    std::fs::write(plant.file("readme.txt"), "nothing here").unwrap();
    let document = json(&["inspect", "--json", name(plant.folder.path())]);
    assert_eq!(document["certificates"].as_array().unwrap().len(), 6);
    assert_eq!(document["passed_over"], 1);
    let readme = plant.file("readme.txt").display().to_string();
    assert_eq!(document["passed_over_files"], serde_json::json!([readme]));
    for command in ["inspect", "check"] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_certkit")).args([command, name(plant.folder.path())]).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(text.replace("\n", "").contains("readme.txt"), "{text}");
    }
}

#[test]
fn standard_input_holds_a_password_or_an_inventory_and_is_read_once() {
    let plant = Plant::new();
    let folder = plant.folder.path();
    let run = |line: &str, input: &str| {
        use std::io::Write as _;
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        command.args(line.split(' ')).current_dir(folder);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        // Whoever refuses the line does not read it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let made = run(
        "generate client --name op --key-type ec:p256 --cert-out op.pem --key-out op.key --password-file -",
        "Correct-Horse-42-Pump\n",
    );
    assert_eq!(made.0, Some(0), "{}", made.1);
    assert!(std::fs::read_to_string(folder.join("op.key")).unwrap().contains("ENCRYPTED"));
    let read = run("expiry --config -", "[[source]]\nat = \"op.pem\"\n");
    assert!(read.0 == Some(0) && read.1.contains("op.pem"), "{}", read.1);
    for (line, input, wanted) in [("inspect - --password-file -", "x\n", 3), ("expiry - --config -", "", 2)] {
        let (status, text) = run(line, input);
        assert!(
            text.contains("it is read once, and named twice") && status == Some(wanted),
            "{line}: {status:?} {text}"
        );
    }
    let (status, text) = run("expiry op.pem --warn @1:2", "");
    assert!(status == Some(3) && text.contains("`@1:2` is no threshold"), "{text}");
}

#[test]
fn a_folder_that_was_generated_is_judged_by_its_chain() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_certkit")).args(line.split(' ')).current_dir(folder.path()).output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    for line in [
        "generate ca --name Root --key-type ec:p256 --no-password --cert-out root.pem --key-out root.key",
        "generate ca --name Issuing --key-type ec:p256 --no-password --issuer root.pem --issuer-key root.key --cert-out issuing.pem --key-out issuing.key",
        "generate https --name plc7 --dns plc7.plant.test --key-type ec:p256 --issuer issuing.pem --issuer-key issuing.key -o server",
    ] {
        let (status, text) = run(line);
        assert_eq!(status, Some(0), "{line}: {text}");
    }
    let line = "check server --trust root.pem --host plc7.plant.test";
    let (status, text) = run(line);
    assert_eq!(status, Some(0), "{text}");
    std::fs::remove_file(folder.path().join("server/plc7-chain.pem")).unwrap();
    assert_ne!(run(line).0, Some(0));
}

#[test]
fn a_damaged_block_does_not_hide_the_others() {
    let plant = Plant::new();
    let good = std::fs::read_to_string(plant.file("chain.pem")).unwrap();
    let bad = good.replacen("MII", "MI*", 1);
    std::fs::write(plant.file("damaged.pem"), bad).unwrap();
    let output = run(&["inspect", name(&plant.file("damaged.pem"))]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("CN=Test Issuing"));
    assert!(String::from_utf8(output.stderr).unwrap().contains("line"));
}

#[test]
fn schemas_describe_the_documents() {
    let plant = Plant::new();
    for (document, arguments) in [("inspect", vec!["inspect", "--json"]), ("check", vec!["check", "--json"])] {
        let schema = json(&["schema", document]);
        let file = plant.file("chain.pem");
        let value = json(&[&arguments[..], &[name(&file)]].concat());
        let properties = schema["properties"].as_object().unwrap();
        for key in value.as_object().unwrap().keys() {
            assert!(properties.contains_key(key), "{document}: {key}");
        }
        for key in schema["required"].as_array().unwrap() {
            assert!(value.get(key.as_str().unwrap()).is_some(), "{document}: {key}");
        }
    }
    assert_eq!(status(&["schema", "nonsense"]), 3);
}

#[test]
fn explain_knows_every_finding() {
    let list = String::from_utf8(run(&["explain"]).stdout).unwrap();
    assert!(list.lines().count() > 20);
    for line in list.lines() {
        let id = line.split_whitespace().next().unwrap();
        let output = run(&["explain", id]);
        assert_eq!(output.status.code(), Some(0), "{id}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("What to do") && text.contains("Demanded by"), "{text}");
        // Why a duty is one, its guide says.
        assert!(text.contains("Why") || certkit_core::review::duties::deviation(id).is_some(), "{text}");
    }
    let output = run(&["explain", "expire"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().contains("expired"));
}

#[test]
fn explain_knows_status_codes_of_opc_ua() {
    let said = |code: &str| String::from_utf8(run(&["explain", code]).stdout).unwrap();
    let text = said("BadCertificateUriInvalid");
    assert!(text.contains("0x80170000") && text.contains("step 8 of 11") && text.contains("open62541"), "{text}");
    assert_eq!(said("Bad_CertificateUriInvalid"), text);
    assert_eq!(said("0x80170000"), text);
    let document = json(&["explain", "BadCertificateRevoked", "--json"]);
    let code = &document["status_codes"][0];
    assert_eq!(code["code"], "0x801d0000");
    assert_eq!((&code["step"], &code["is_suppressible"]), (&11.into(), &false.into()));
    assert_eq!(code["told"][0], serde_json::json!({ "stack": "standard", "code": "BadSecurityChecksFailed" }));
    // A number is a status code only where its upper half holds a status.
    for number in ["403", "0x00000400", "0x80990109"] {
        let output = run(&["explain", number]);
        assert_eq!(output.status.code(), Some(3), "{number}");
        assert!(output.stdout.is_empty(), "{number}");
    }
    for (status, words) in [
        ("403", "403: Forbidden"),
        ("HTTP/1.1 401 Unauthorized", "Configuration API"),
        ("HTTP 429", "Too Many Requests"),
    ] {
        let told = String::from_utf8(run(&["explain", status]).stderr).unwrap();
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("read as an HTTP status") && told.contains(words), "{status}: {told}");
    }
    let alert = json(&["explain", "event id 36887 alert 46", "--json"]);
    assert_eq!(alert["matches"][0]["code"], "46 certificate_unknown", "{alert}");
    for (number, words) in [
        ("18", "self-signed"),
        ("62", "does not name the host"),
        ("1002", "refused the certificate of the platform"),
        ("0x800B0109", "finds no trusted CA"),
        ("-2146762487", "finds no trusted CA"),
        ("alert 48", "does not know the CA"),
    ] {
        let text = said(number);
        assert!(text.contains(words) && !text.contains("Nothing is wrong"), "{number}: {text}");
    }
    assert_eq!(said("80170000"), text);
    for good in ["0", "Good", "0x00000000"] {
        assert!(said(good).contains("Nothing is wrong"), "{good}");
    }
    let output = run(&["explain", "BadCertificatUriInvalid"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().contains("did you mean BadCertificateUriInvalid?"));
}

#[test]
fn explain_knows_what_other_programs_say() {
    let line = "2026-10-05T12:00:30Z E! [outputs.http] Post \"https://twx.plant.example:8443/in\": tls: failed to verify \
                certificate: x509: certificate signed by unknown authority";
    let document = json(&["explain", line, "--json"]);
    let error = &document["matches"][0];
    assert_eq!((&error["program"], &error["is_frame"]), (&"Go".into(), &false.into()));
    assert_eq!(error["finding_ids"][0], "anchor-unknown");
    assert_eq!(error["find_out"][0], "certkit fetch https://twx.plant.example:8443 --trust STORE");
    assert_eq!(document["named"]["urls"][0], "https://twx.plant.example:8443");
    let narrowed = json(&["explain", "18", "--program", "openssl", "--json"]);
    assert_eq!(narrowed["matches"].as_array().unwrap().len(), 1);
    assert_eq!(status(&["explain", "drive error 1002 on axis 10"]), 3);
    assert_eq!(status(&["explain", "18", "--program", "no-such-program"]), 3);
    let page = String::from_utf8(run(&["explain", "anchor-unknown"]).stdout).unwrap();
    assert!(page.contains("Similar messages") && page.contains("OpenSSL verify:"), "{page}");
}

#[test]
fn an_application_uri_picks_the_profile_for_opc_ua() {
    let generators = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/opcua/generators");
    let check = |more: &[&str]| {
        let file = format!("{generators}/net-rsa.pem");
        json(&[&["check", "--json", "--at", "2027-01-15", file.as_str()], more].concat())
    };
    let document = check(&["--application-uri", "urn:plc7:Plant:Pump"]);
    assert_eq!(document["profiles"][0], "opcua");
    assert_eq!(document["verdict"], "ok", "{document:#}");
    assert_eq!(document["security_policies"][0]["policies"][0], "Basic256Sha256");
    let document = check(&["--application-uri", "urn:PLC7:Plant:Pump"]);
    assert_eq!(document["findings"][0]["id"], "application-uri-mismatch");
    assert_eq!(document["verdict"], "errors");
    let document = check(&["--profile", "https"]);
    assert_eq!(document["security_policies"].as_array().unwrap().len(), 0);
}

#[test]
fn the_demonstration_keeps_its_promises_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_certkit"))
        .arg("demo")
        .env("TMPDIR", folder.path())
        .env("TEMP", folder.path())
        .env("TMP", folder.path())
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stdout}{stderr}");
    for id in ["self-signed", "expired", "signature-weak-hash"] {
        assert!(stdout.contains(id), "{id} is not in {stdout}");
    }
    assert!(stderr.contains("answered 404") && stderr.contains("downloaded from"), "{stderr}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Replaces what differs from run to run: ports, the temporary folder, digests.
fn steady(text: &str) -> String {
    let mut steady = String::new();
    for line in text.lines() {
        for (at, word) in line.split(' ').enumerate() {
            let word = match word {
                hex if hex.len() == 64 && hex.bytes().all(|digit| digit.is_ascii_hexdigit()) => "SHA256",
                port if port.len() > 3 && port.bytes().all(|digit| digit.is_ascii_digit()) => "PORT",
                path if path.ends_with("thingworx-ca.cer") => "thingworx-ca.cer",
                other => other,
            };
            let (head, tail) = word.split_once("127.0.0.1:").unwrap_or((word, ""));
            let tail = tail.trim_start_matches(|digit: char| digit.is_ascii_digit());
            let port = if head.len() < word.len() { "127.0.0.1:PORT" } else { "" };
            steady += &format!("{}{head}{port}{tail}", if at > 0 { " " } else { "" });
        }
        steady.push('\n');
    }
    steady
}

#[test]
fn the_readme_shows_what_the_demonstration_prints() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let shown = readme.split("a test compares the two. -->\n```console\n").nth(1).unwrap();
    let shown = steady(shown.split("```").next().unwrap().trim_end());
    let printed = steady(&String::from_utf8(run(&["demo"]).stderr).unwrap());
    assert!(printed.contains(&shown), "README.md shows\n{shown}\nwhile certkit demo prints\n{printed}");
}

#[test]
fn completions_and_manual_pages_are_made() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(run(&["completions", shell]).stdout.len() > 1000, "{shell}");
    }
    let page = String::from_utf8(run(&["man", "fetch"]).stdout).unwrap();
    assert!(page.contains(".TH") && page.contains("EXIT STATUS"), "{page}");
    assert_eq!(status(&["man", "nonsense"]), 3);
}

#[test]
fn colours_are_only_where_they_are_wanted() {
    let plant = Plant::new();
    let file = plant.file("leaf.pem");
    let plain = run(&["inspect", name(&file)]).stdout;
    assert!(!plain.contains(&0x1b));
    let coloured = run(&["--color", "always", "inspect", name(&file)]).stdout;
    assert!(coloured.contains(&0x1b));
}

#[test]
fn what_a_document_leaves_out_its_schema_does_not_require() {
    let plant = Plant::new();
    for (command, file) in [("inspect", "leaf.pem"), ("check", "chain.pem")] {
        let (schema, document) = (json(&["schema", command]), json(&[command, "--json", name(&plant.file(file))]));
        let subject = document["certificates"][0]["subject"].as_object().unwrap();
        assert!(subject.contains_key("common_name") && !subject.contains_key("country"), "{subject:?}");
        let required = schema["$defs"]["SubjectJson"]["required"].as_array().cloned().unwrap_or_default();
        let absent: Vec<_> = required.iter().filter(|key| !subject.contains_key(key.as_str().unwrap())).collect();
        assert!(absent.is_empty(), "{command}: {absent:?}");
    }
}

#[test]
fn help_names_every_kind_of_address() {
    let kinds = [
        "thingworx",
        "wss",
        "https",
        "mqtts",
        "opc.tcp",
        "tls",
        "postgres",
        "mysql",
        "mssql",
        "tds",
        "ldap",
        "ldaps",
        "smtp",
        "smtps",
        "imap",
        "imaps",
        "pop3",
        "pop3s",
        "ftp",
        "ftps",
        "amqps",
    ];
    for command in [&["check"][..], &["fetch"], &["inspect"], &["convert"], &["expiry"], &["trust", "add"]] {
        let output = run(&[command, &["--help"]].concat());
        let help = String::from_utf8_lossy(&output.stdout).into_owned();
        let unnamed: Vec<&str> = kinds.into_iter().filter(|kind| !help.contains(&format!("{kind}://"))).collect();
        assert!(unnamed.is_empty(), "{command:?}: {unnamed:?}");
    }
}

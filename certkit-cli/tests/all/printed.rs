//! Nothing from outside acts upon a terminal, and no password is repeated, whatever command is given it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use certkit_core::container::pem;
use certkit_core::generate::{Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use certkit_core::text::is_printable;

/// Escape sequences of 7 and 8 bits, bidirectional and invisible characters, a bell, DEL and a tag.
const HOSTILE: &str = "a\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{7f}\u{e0041}\rz";

fn run(folder: &Path, arguments: &[impl AsRef<OsStr>]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certkit"))
        .args(arguments)
        .current_dir(folder)
        .env("NAMED_WRONGLY", "geheim wort")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Holds that what was written to both streams shows itself and nothing else.
fn harmless(output: &Output, arguments: &[impl AsRef<OsStr> + std::fmt::Debug]) -> String {
    let text = [&*output.stdout, b"\n", &output.stderr].concat();
    let text = String::from_utf8(text).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
    let bad = text.char_indices().find(|(_, it)| *it != '\n' && !is_printable(*it));
    assert!(bad.is_none(), "{arguments:?}: {bad:?} in {text:?}");
    text
}

/// A folder in which everything that may be hostile is: names of files and folders, and a subject.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let name = format!("CN={}", HOSTILE.replace('\r', ""));
    let name = name.parse().unwrap_or_else(|_| "CN=\u{202e}plain".parse().unwrap());
    let certificate = Template::new(Kind::Root, name, Validity::days(Moment::now(), 9))
        .issue(&key.public_key().unwrap(), &Issuer::itself(&key))
        .unwrap();
    let text = pem::encode("CERTIFICATE", certificate.der());
    std::fs::write(folder.path().join("plain.pem"), &text).unwrap();
    let below = folder.path().join(format!("{HOSTILE}\nf"));
    std::fs::create_dir(&below).unwrap();
    std::fs::write(below.join(format!("{HOSTILE}\n.pem")), &text).unwrap();
    std::fs::write(below.join(format!("{HOSTILE}.cer")), "-----BEGIN CERTIFICATE-----\nAAAA").unwrap();
    std::fs::write(below.join(format!("{HOSTILE}.p12")), [0x30, 0x80, 2, 1, 3, 0x30]).unwrap();
    std::fs::write(below.join(format!("{HOSTILE}.toml")), HOSTILE).unwrap();
    folder
}

#[test]
fn hostile_names_reach_no_terminal() {
    let folder = folder();
    let whole = format!("{HOSTILE}\nf");
    let file = format!("{whole}/{HOSTILE}\n.pem");
    let odd = format!("--{HOSTILE}");
    let words = |text: &str| -> Vec<String> {
        let fill = |word: &str| {
            word.replace("DIR", &whole).replace("FILE", &file).replace("ODD", &odd).replace("BAD", HOSTILE)
        };
        text.split(' ').map(fill).collect()
    };
    for line in [
        "inspect FILE",
        "inspect DIR",
        "inspect plain.pem",
        "inspect --json DIR",
        "inspect DIR/BAD.p12",
        "inspect BAD",
        "check FILE",
        "check DIR",
        "check --json DIR",
        "check --trust FILE plain.pem",
        "check --host BAD plain.pem",
        "check --profile BAD plain.pem",
        "check --ignore BAD plain.pem",
        "check --application-uri BAD plain.pem",
        "check --at BAD plain.pem",
        "check --crl BAD plain.pem",
        "check https://BAD/",
        "check https://h/BAD",
        "verify --trust FILE FILE",
        "verify --trust plain.pem --json FILE",
        "verify --trust BAD FILE",
        "verify --batch FILE",
        "verify --trust plain.pem --policy BAD plain.pem",
        "verify --trust plain.pem --email BAD plain.pem",
        "verify --profile opcua --pki DIR FILE",
        "verify --trust plain.pem --ocsp FILE plain.pem",
        "fetch BAD",
        "fetch https://BAD",
        "fetch h:1 --server-name BAD",
        "fetch h:1 --connect BAD",
        "fetch h:1 --proxy BAD",
        "fetch h:1 --proxy env:BAD",
        "fetch h:1 --proxy file:FILE",
        "fetch h:1 --trust BAD",
        "fetch h:1 -o FILE",
        "convert FILE -o BAD",
        "convert FILE -o plain.pem",
        "convert DIR -o out.pem",
        "convert BAD -o out.pem",
        "convert FILE --to BAD",
        "trust list FILE",
        "trust list DIR",
        "trust list --json DIR",
        "trust list folder:DIR",
        "trust list BAD",
        "trust add FILE --store BAD",
        "trust add FILE --to DIR",
        "trust audit DIR",
        "trust diff FILE DIR",
        "trust export DIR -o BAD",
        "trust undo DIR",
        "trust remove BAD --from DIR",
        "preflight BAD",
        "preflight FILE DIR",
        "preflight --client DIR --server FILE",
        "inventory FILE",
        "inventory DIR",
        "inventory DIR --format json",
        "inventory DIR --format csv",
        "inventory DIR --format cyclonedx",
        "inventory BAD",
        "expiry FILE",
        "expiry DIR",
        "expiry DIR --all",
        "expiry DIR --format json",
        "expiry DIR --format csv",
        "expiry DIR --format jsonl",
        "expiry DIR --format nagios",
        "expiry DIR --format prometheus",
        "expiry DIR --format html",
        "expiry --inventory BAD",
        "expiry --config DIR/BAD.toml",
        "expiry BAD --state BAD",
        "expiry history --state FILE",
        "explain BAD",
        "generate BAD",
        "generate root --cn BAD --no-password",
        "request BAD",
        "sign FILE",
        "sign BAD",
        "enroll BAD",
        "enroll est://BAD",
        "renew FILE",
        "renew BAD",
        "revoke FILE",
        "revoke BAD",
        "schema BAD",
        "completions BAD",
        "man BAD",
        "demo BAD",
        "ODD",
        "BAD",
        "check ODD",
        "fetch h:1 ODD",
        "--color BAD check",
    ] {
        for color in [&[][..], &["--color=never".to_owned()]] {
            let arguments = [words(line), color.to_vec()].concat();
            harmless(&run(folder.path(), &arguments), &arguments);
        }
    }
    let arguments = ["inspect".to_owned(), "--color=always".to_owned(), whole];
    let output = run(folder.path(), &arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    for sequence in text.split('\u{1b}').skip(1) {
        assert!(["[0m", "[1m", "[2m", "[31m", "[32m", "[33m"].iter().any(|own| sequence.starts_with(own)), "{text:?}");
    }
}

#[test]
fn json_gives_back_the_name_that_was_escaped() {
    let folder = folder();
    let arguments = ["check", "--json", "."];
    let output = run(folder.path(), &arguments);
    let text = harmless(&output, &arguments);
    assert!(text.contains("\\u202e") && text.contains("\\u009b"), "{text}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(document.to_string().contains('\u{202e}'));
}

#[test]
fn no_password_is_repeated() {
    let folder = folder();
    let url = "https://user:geheim@plc7.plant.test:8443/x";
    let bare = "user:geheim@plc7.plant.test:8443";
    for arguments in [
        &["fetch", url][..],
        &["fetch", bare],
        &["fetch", "h:1", "--connect", bare],
        &["fetch", "h:1", "--server-name", bare],
        &["fetch", "https://user:geh/eim@h"],
        &["fetch", "h:1", "--proxy", url],
        &["fetch", "h:1", "--proxy", "env:NAMED_WRONGLY"],
        &["check", url],
        &["check", bare],
        &["inspect", url],
        &["inspect", "http://user:geheim@h/x"],
        &["verify", "--trust", url, "plain.pem"],
        &["verify", "--trust", "plain.pem", url],
        &["trust", "list", url],
        &["convert", url, "-o", "x.pem"],
        &["expiry", url],
        &["explain", url],
        &["--at", url],
        &["check", "--at", url, "x"],
        &["check", "--profile", url, "x"],
        &["preflight", url],
        &[url],
        &["check", "--trust", url, "plain.pem"],
        &["check", "--host", url, "plain.pem"],
        &["expiry", "--format", "json", url],
    ] {
        let output = run(folder.path(), arguments);
        let text = harmless(&output, arguments);
        assert!(!text.contains("geh") && !text.contains("wort"), "{arguments:?}: {text}");
    }
}

#[cfg(unix)]
#[test]
fn a_proxy_of_any_bytes_is_not_repeated() {
    use std::os::unix::ffi::OsStrExt as _;
    let output = Command::new(env!("CARGO_BIN_EXE_certkit"))
        .args(["fetch", "h:1", "--proxy", "env:PROXY_URL"])
        .env("PROXY_URL", OsStr::from_bytes(b"http://user:geheim\xff@h:1"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = harmless(&output, &["fetch"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text.contains("PROXY_URL") && !text.contains("geheim"), "{text}");
}

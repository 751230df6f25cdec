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

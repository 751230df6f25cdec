//! Text fits a terminal of 80 columns, whatever names certificates have.

use std::path::{Path, PathBuf};
use std::process::Command;

use textwrap::core::display_width;

const COLUMNS: usize = 80;

/// Both streams of a command that shows them in 80 columns.
fn said(folder: &Path, line: &str, with: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
    command.args(line.split_whitespace()).args(with).current_dir(folder).env("COLUMNS", COLUMNS.to_string());
    let output = command.output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

fn fits(folder: &Path, line: &str, with: &[&str]) {
    let said = said(folder, line, with);
    assert!(!said.is_empty(), "{line}");
    let wide: Vec<&str> = said.lines().filter(|it| display_width(it) > COLUMNS).collect();
    assert!(wide.is_empty(), "certkit {line} {}:\n{}", with.join(" "), wide.join("\n"));
}

/// Every specimen of the checks.
fn specimens() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/checks").canonicalize().unwrap();
    let mut found = Vec::new();
    for folder in std::fs::read_dir(root).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            found.push(file.unwrap().path());
        }
    }
    found.retain(|it| it.extension().is_some_and(|it| it == "pem"));
    found.sort();
    found
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let subject =
        "--subject CN=Example-Plant-Root-of-a-very-long-name-that-goes-on,O=Example,OU=Automation,L=Halle-4,C=DE";
    fits(folder, &format!("generate ca --no-password -o ca {subject}"), &[]);
    let issued = "generate https --issuer ca --dns plc7.line3.hall-4.plant.example --ip 10.0.0.7 --name plc7 -o server --no-password";
    fits(
        folder,
        issued,
        &[
            "--subject",
            "CN=\u{5de5}\u{5834}\u{306e}\u{30b5}\u{30fc}\u{30d0}\u{30fc}\u{5de5}\u{5834},O=\u{5de5}\u{5834}",
        ],
    );
    fits(folder, "inspect server/plc7.pem", &[]);
    fits(folder, "inspect --full server/plc7.pem", &[]);
    fits(folder, "check server/plc7.pem", &[]);
    fits(folder, "check --host wrong.line3.hall-4.plant.example --trust system server/plc7.pem", &[]);
    fits(folder, "verify server/plc7.pem --trust server/plc7.pem --host wrong.line3.hall-4.plant.example", &[]);
    fits(folder, "expiry .", &[]);
    fits(folder, "trust add folder:store ca/ca.pem", &[]);
    for line in ["list", "audit"] {
        fits(folder, &format!("trust {line} folder:store"), &[]);
    }
    fits(folder, "explain", &[]);
    fits(folder, "check nowhere-to-be-found-in-this-folder-of-the-plant-of-example/and-not-below-it-either.pem", &[]);
    fits(folder, "fetch tls://127.0.0.1:1", &[]);
}

#[test]
fn help_fits_too() {
    let folder = tempfile::tempdir().unwrap();
    for command in
        ["", "check", "fetch", "verify", "inspect", "convert", "generate", "trust", "trust add", "expiry", "preflight"]
    {
        for help in ["-h", "--help"] {
            fits(folder.path(), command, &[help]);
        }
    }
}

#[test]
fn every_finding_fits() {
    let folder = tempfile::tempdir().unwrap();
    for specimen in specimens().chunks(16) {
        let files: Vec<&str> = specimen.iter().map(|it| it.to_str().unwrap()).collect();
        fits(folder.path(), "check --at 2026-06-01", &files);
    }
}

#[test]
fn every_explanation_fits() {
    let folder = tempfile::tempdir().unwrap();
    let listed = said(folder.path(), "explain --json", &[]);
    let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let ids = listed["checks"].as_array().or(listed["entries"].as_array()).expect("the list of what can be explained");
    assert!(ids.len() > 100);
    for id in ids.iter().step_by(7) {
        fits(folder.path(), "explain", &[id["id"].as_str().unwrap()]);
    }
}

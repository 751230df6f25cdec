//! Types the cures that `certkit explain` prints, as they are printed.

use std::path::Path;
use std::process::{Command, Output};

use certkit_core::container::pem;
use certkit_core::generate::{Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use serde_json::Value;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&*output.stdout, &*output.stderr].concat()).into_owned()
}

/// A folder with a store as old programs write and read it, `old.p12`, a new one, `new.p12`, and their password in `pw.txt`.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pw.txt"), "Korrekt-Pferd-Batterie-7!\n").unwrap();
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let root = Template::new(Kind::Root, "CN=Plant Root".parse().unwrap(), Validity::days(Moment::now(), 900))
        .issue(&key.public_key().unwrap(), &Issuer::itself(&key))
        .unwrap();
    let both = pem::encode("CERTIFICATE", root.der()) + &pem::encode("PRIVATE KEY", &key.to_pkcs8().unwrap());
    std::fs::write(folder.path().join("both.pem"), both).unwrap();
    for arguments in [
        "convert both.pem -o old.p12 --for windows --password-file pw.txt",
        "convert both.pem -o new.p12 --password-file pw.txt",
    ] {
        let output = run(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    }
    folder
}

/// The commands that `explain` prints for a text.
fn commands(folder: &Path, text: &str) -> Vec<String> {
    let output = run(folder, &["explain", "--json", text]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let commands = document["matches"][0]["find_out"].as_array().unwrap();
    commands.iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_unknown_text_is_repeated_once_and_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["explain", "Can't say servername\ndepth of the tank"]);
    assert_eq!(output.status.code(), Some(3));
    let said = said(&output);
    assert!(said.contains("`Can't say servername depth of the tank`") && !said.contains("u{"), "{said}");
}

#[test]
fn the_cures_for_unread_stores_run_as_printed() {
    let folder = folder();
    // The words, with the file that they name, and what the file is to become.
    for (words, written) in [
        ("old.p12: Unsupported PKCS12 PFX data", &["AES-256"][..]),
        ("new.p12 Algorithm HmacPBESHA256 not available", &["JKS", "3DES"]),
    ] {
        let mut made = Vec::new();
        for command in commands(folder.path(), words) {
            let arguments: Vec<&str> = command.split(' ').skip(1).collect();
            let output = run(folder.path(), &arguments);
            assert!(output.status.success(), "{words}: {command}: {}", said(&output));
            if arguments.first() == Some(&"convert") {
                made.push(said(&output));
            }
            for name in ["NEW.p12", "NEW.jks", "NEW.pfx"] {
                let _ = std::fs::remove_file(folder.path().join(name));
            }
        }
        assert_eq!(made.len(), written.len(), "{words}");
        for (said, kind) in made.iter().zip(written) {
            assert!(said.contains(kind), "{words}: {kind}: {said}");
        }
    }
}

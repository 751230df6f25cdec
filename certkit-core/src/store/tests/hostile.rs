//! State files that somebody else has prepared: nothing outside of the store changes.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::super::*;
use super::change::{Plant, add, apply, author, held};
use crate::container::pem;
use crate::files::{self, Doubt, names};
use crate::generate::{KeyPair, KeyType};

/// Everything below a folder, with its content.
fn seen(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.symlink_metadata().unwrap().is_dir() {
            all.extend(seen(&path));
        }
        all.insert(path.clone(), fs::read(&path).unwrap_or_default());
    }
    all
}

/// A journal that puts `new-0` with these bytes where it says, and names nothing.
fn journal(state: &Path, path: &str, bytes: &[u8]) {
    journal_of(state, path, bytes, "add", "");
}

/// The same as this verb, with these certificates.
fn journal_of(state: &Path, path: &str, bytes: &[u8], action: &str, certificates: &str) {
    let sum = crate::text::Hex(crate::crypto::digest::sha256(bytes));
    fs::create_dir_all(state).unwrap();
    fs::write(state.join("new-0"), bytes).unwrap();
    let record = format!(
        "{{\"record\":{{\"schema\":\"certkit.trust-log/1\",\"sequence\":1,\"time\":\"\",\"user\":null,\
         \"action\":\"{action}\",\"reason\":null,\"accepted\":[],\"certificates\":[{certificates}],\"revocation_lists\":[],\"undoes\":null,\
         \"files\":[{{\"path\":{path:?},\"before\":\"absent\",\"after\":{{\"file\":\"{sum}\"}}}}]}}}}"
    );
    fs::write(state.join("journal.json"), record).unwrap();
}

/// A new private key.
fn key() -> String {
    pem::encode("PRIVATE KEY", &KeyPair::generate(KeyType::P256).unwrap().to_pkcs8().unwrap())
}

/// A PKI folder and a file of somebody who is to be attacked, beside it.
fn attacked() -> (Plant, PathBuf, PathBuf) {
    let plant = Plant::new();
    let pki = plant.path("pki");
    fs::create_dir_all(pki.join("trusted/certs")).unwrap();
    let outside = plant.path("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("bashrc"), "mine").unwrap();
    (plant, pki, outside)
}

#[test]
fn a_journal_reaches_nothing_outside_of_the_store() {
    let (plant, pki, outside) = attacked();
    symlink(&outside, pki.join("trusted/link")).unwrap();
    let absolute = outside.join("bashrc").display().to_string();
    for path in [
        absolute.as_str(),
        "../outside/bashrc",
        "trusted/../../outside/bashrc",
        "trusted/link/bashrc",
        ".certkit/log.jsonl",
        ".",
        "",
        "trusted",
    ] {
        journal(&pki.join(".certkit"), path, b"evil");
        let before = seen(plant.folder.path());
        let store = plant.open("opcua:", "pki");
        assert!(store.members().unwrap().is_empty());
        let Home::Files(state_folder) = store.home() else { panic!("no files") };
        assert!(state_folder.is_unfinished().unwrap());
        assert_eq!(seen(plant.folder.path()), before, "a look has written: {path}");
        let locked = store.lock(Purpose::Change);
        assert!(matches!(locked, Err(StoreError::Journal { .. })), "{path}: {locked:?}");
        assert_eq!(seen(plant.folder.path()), before, "{path}");
    }
}

#[test]
fn a_journal_beside_a_file_reaches_that_file_alone() {
    let plant = Plant::new();
    fs::write(plant.path("other.pem"), "mine").unwrap();
    for path in ["other.pem", "new.pem", "../x", "b.pem.certkit/log.jsonl"] {
        journal(&plant.path("b.pem.certkit"), path, b"evil");
        let before = seen(plant.folder.path());
        let locked = plant.open("", "b.pem").lock(Purpose::Change);
        assert!(matches!(locked, Err(StoreError::Journal { .. })), "{path}: {locked:?}");
        assert_eq!(seen(plant.folder.path()), before, "{path}");
    }
}

#[test]
fn what_was_staged_is_what_the_journal_says() {
    let (plant, pki, outside) = attacked();
    let state = pki.join(".certkit");
    let refused = |what: &str| {
        let before = seen(plant.folder.path());
        let locked = plant.open("opcua:", "pki").lock(Purpose::Change);
        assert!(matches!(locked, Err(StoreError::Journal { .. })), "{what}: {locked:?}");
        assert_eq!(seen(plant.folder.path()), before, "{what}");
    };
    journal(&state, "trusted/certs/x.der", b"evil");
    fs::write(state.join("new-0"), "other").unwrap();
    refused("other bytes");
    fs::remove_file(state.join("new-0")).unwrap();
    symlink(outside.join("bashrc"), state.join("new-0")).unwrap();
    refused("a link");
    journal(&state, "trusted/certs/x.der", b"mine");
    fs::remove_file(state.join("new-0")).unwrap();
    fs::hard_link(outside.join("bashrc"), state.join("new-0")).unwrap();
    refused("a second name");
    fs::remove_file(state.join("new-0")).unwrap();
    journal(&state, "trusted/certs/x.der", b"mine");
    // Only root may give files away.
    if std::os::unix::fs::chown(state.join("new-0"), Some(12_345), None).is_ok() {
        refused("of another user");
    }
}

#[test]
fn what_a_journal_writes_is_what_its_record_names() {
    let (plant, pki, _) = attacked();
    let (state, root) = (pki.join(".certkit"), plant.root.der());
    for folder in ["issuer/certs", "rejected", "own/private"] {
        fs::create_dir_all(pki.join(folder)).unwrap();
    }
    let named = |to: &str| {
        let sum = crate::text::Hex(plant.root.fingerprint_sha256());
        format!("{{\"subject_dn\":\"\",\"fingerprint_sha256\":\"{sum}\",\"from\":null,\"to\":{to}}}")
    };
    let refused = |what: &str, doubt: Option<Doubt>| {
        let before = seen(plant.folder.path());
        let store = plant.open("opcua:", "pki");
        let Home::Files(state_folder) = store.home() else { panic!("no files") };
        for error in [state_folder.undoable().err(), store.lock(Purpose::Undo).err(), store.lock(Purpose::Change).err()]
        {
            let is_so = match (&error, doubt) {
                (Some(StoreError::Journal { source, .. }), Some(doubt)) => {
                    matches!(&**source, StoreError::Files(files::Error::Refused { doubt: it, .. }) if *it == doubt)
                }
                (Some(StoreError::RecordUnfit { unnamed, .. }), None) => unnamed == "CN=Plant Root",
                _ => false,
            };
            assert!(is_so, "{what}: {error:?}");
        }
        assert_eq!(seen(plant.folder.path()), before, "{what}");
    };
    for (path, bytes) in [("trusted/certs/x.der", &b"#!/bin/sh"[..]), ("issuer/certs/x.der", b"")] {
        journal(&state, path, bytes);
        refused("no certificate", Some(Doubt::Content));
    }
    for path in ["x.der", "own/private/x.der", "trusted/x.der"] {
        journal_of(&state, path, root, "add", &named("\"trusted\""));
        refused("no place of a list", Some(Doubt::Name));
    }
    journal(&state, "trusted/certs/x.pem", key().as_bytes());
    refused("a key", Some(Doubt::Content));
    for action in ["add", "renew", "undo"] {
        journal(&state, "trusted/certs/x.der", root);
        refused("it is not named", None);
        journal_of(&state, "trusted/certs/x.der", root, action, &named("\"rejected\""));
        refused("it is named for another list", None);
    }
    // What was rejected is not trusted by a move that no record names.
    fs::write(pki.join("rejected/x.der"), root).unwrap();
    journal(&state, "trusted/certs/x.der", root);
    refused("a move", None);
    journal_of(&state, "trusted/certs/x.der", root, "add", &named("\"trusted\""));
    drop(plant.open("opcua:", "pki").lock(Purpose::Change).unwrap());
    assert_eq!(fs::read(pki.join("trusted/certs/x.der")).unwrap(), root);
}

#[test]
fn a_journal_makes_of_a_file_what_it_is() {
    let plant = Plant::new();
    let key = key();
    let bundle = pem::encode("CERTIFICATE", plant.root.der());
    for (now, new) in [("# mine\n", "evil\n"), (bundle.as_str(), "evil\n"), (&bundle, &format!("{bundle}{key}"))] {
        fs::write(plant.path("b.pem"), now).unwrap();
        journal(&plant.path("b.pem.certkit"), "b.pem", new.as_bytes());
        let locked = plant.open("", "b.pem").lock(Purpose::Change);
        assert!(matches!(locked, Err(StoreError::Journal { .. })), "{new}: {locked:?}");
        assert_eq!(fs::read_to_string(plant.path("b.pem")).unwrap(), now);
    }
    for name in [".bashrc", "x.sh", "below/authorized_keys"] {
        fs::create_dir_all(plant.path("folder/below")).unwrap();
        journal(&plant.path("folder/.certkit"), name, bundle.as_bytes());
        let locked = plant.open("folder:", "folder").lock(Purpose::Change);
        assert!(matches!(locked, Err(StoreError::Journal { .. })), "{name}: {locked:?}");
    }
}

#[test]
fn state_files_that_are_links_are_not_followed() {
    for name in ["log.jsonl", "lock", "journal.json", "backup"] {
        let (plant, pki, outside) = attacked();
        let state = pki.join(".certkit");
        fs::create_dir(&state).unwrap();
        symlink(if name == "backup" { outside.clone() } else { outside.join("bashrc") }, state.join(name)).unwrap();
        let before = seen(&outside);
        let store = plant.open("opcua:", "pki");
        let change = Change { steps: vec![add(&plant.leaf, List::Trusted)], moment: crate::moment::Moment::now() };
        let done = store
            .lock(Purpose::Change)
            .and_then(|locked| store.apply(locked.as_ref(), &change, &author(), Happened::default()));
        assert!(matches!(done, Err(StoreError::Files(files::Error::Refused { .. }))), "{name}: {done:?}");
        assert_eq!(seen(&outside), before, "{name}");
        assert!(held(&*store).is_empty(), "{name}");
    }
    let (plant, pki, outside) = attacked();
    symlink(&outside, pki.join(".certkit")).unwrap();
    let locked = plant.open("opcua:", "pki").lock(Purpose::Change);
    assert!(matches!(locked, Err(StoreError::Files(files::Error::Refused { doubt: Doubt::Link, .. }))), "{locked:?}");
    assert_eq!(fs::read_dir(outside).unwrap().count(), 1);
}

#[test]
fn a_record_takes_back_nothing_outside_of_the_store() {
    let (plant, pki, outside) = attacked();
    let sum = crate::text::Hex(crate::crypto::digest::sha256(b"mine"));
    for path in ["../outside/bashrc".to_owned(), outside.join("bashrc").display().to_string()] {
        journal(&pki.join(".certkit"), &path, b"mine");
        let state = pki.join(".certkit");
        let text = fs::read_to_string(state.join("journal.json")).unwrap();
        let record = text.strip_prefix("{\"record\":").and_then(|it| it.strip_suffix('}')).unwrap();
        assert!(record.contains(&sum.to_string()));
        fs::write(state.join("log.jsonl"), format!("{record}\n")).unwrap();
        fs::remove_file(state.join("journal.json")).unwrap();
        let undone = plant.open("opcua:", "pki").lock(Purpose::Undo).unwrap().unwrap().undo(&author());
        assert!(matches!(undone, Err(StoreError::Files(files::Error::Refused { .. }))), "{undone:?}");
        assert_eq!(fs::read_to_string(outside.join("bashrc")).unwrap(), "mine");
    }
}

#[test]
fn state_files_are_for_their_owner() {
    let plant = Plant::new();
    apply(&*plant.open("", "b.pem"), vec![add(&plant.root, List::Trusted)]).unwrap();
    let mode = |name: &str| fs::metadata(plant.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode("b.pem.certkit"), mode("b.pem.certkit/log.jsonl"), mode("b.pem.certkit/lock")),
        (0o700, 0o600, 0o600)
    );
}

#[test]
fn names_stay_in_their_folder_and_hide_nothing() {
    for name in
        ["../x", "a/b", "a\\b", "con", "NUL.pem", "com1", "a:b", "x\u{202e}mep", "x\n", "", ".", "..", "x ", "LPT³"]
    {
        assert!(!names::is_name(name), "{name:?}");
        let plant = Plant::new();
        let step = |group| Step::Add {
            certificate: plant.leaf.clone(),
            list: List::Trusted,
            group,
            name: Some(name.to_owned()),
        };
        for prefix in ["folder:", "opcua:"] {
            let change = Change { steps: vec![step(Group::Application)], moment: crate::moment::Moment::now() };
            let edits = plant.open(prefix, "d").edits(&change);
            assert!(matches!(edits, Err(StoreError::FileName { .. })), "{prefix} {name:?}: {edits:?}");
        }
    }
    for (text, name) in
        [("Pump 7", "Pump 7"), ("con", "_con"), ("a\u{202e}b\u{7}", "a_b_"), ("../x", "_x"), ("COM1.x", "_COM1.x")]
    {
        assert_eq!(names::fitted(text, '_'), name);
    }
    assert!(names::is_name("Pumpe Süd 7.pem") && names::is_name("console") && !names::is_device("com10"));
}

//! Folders that stacks have made and nothing is in yet: what is put in lies where the stack reads it.

use std::fs;

use super::super::*;
use super::change::{Plant, add, apply};

/// Folders that are there, the one that is named, and where a trusted and a rejected certificate go.
type Case = (&'static [&'static str], &'static str, &'static str, &'static str);

#[test]
fn empty_folders_are_told_by_their_names_and_by_what_stands_beside() {
    let cases: &[Case] = &[
        // async-opcua
        (&["own", "private", "trusted", "rejected"], "", "trusted", "rejected"),
        // TwinCAT, named at each height
        (&["PKI/CA/trusted", "PKI/CA/rejected"], "PKI/CA", "PKI/CA/trusted", "PKI/CA/rejected"),
        (&["PKI/CA/trusted", "PKI/CA/rejected"], "PKI", "PKI/CA/trusted", "PKI/CA/rejected"),
        (&["PKI/CA/trusted"], "", "PKI/CA/trusted", "PKI/CA/rejected"),
        // FactoryTalk Optix
        (
            &["PKI/Own/Certs", "PKI/Trusted/Certs", "PKI/Trusted/Crl", "PKI/Issuers/Certs", "PKI/Rejected"],
            "",
            "PKI/Trusted/Certs",
            "PKI/Rejected",
        ),
        // Two flat folders and nothing else
        (&["trusted", "rejected"], "", "trusted", "rejected"),
        // What the standard has, before its parts are made
        (&["own", "trusted", "issuer", "rejected"], "", "trusted/certs", "rejected/certs"),
    ];
    for (folders, named, trusted, rejected) in cases {
        let plant = Plant::new();
        folders.iter().for_each(|folder| fs::create_dir_all(plant.path("l").join(folder)).unwrap());
        let store = plant.open("opcua:", &format!("l/{named}"));
        apply(&*store, vec![add(&plant.leaf, List::Trusted), add(&plant.other, List::Rejected)]).unwrap();
        let count = |folder: &str| {
            let entries = fs::read_dir(plant.path("l").join(folder)).map(|entries| entries.flatten().collect());
            entries.unwrap_or_else(|_| Vec::new()).iter().filter(|entry| entry.path().is_file()).count()
        };
        assert_eq!((count(trusted), count(rejected)), (1, 1), "{folders:?} {named}");
    }
}

#[test]
fn files_are_named_alike_from_above() {
    let names = |named: &str| {
        let plant = Plant::new();
        for folder in ["own/private", "trusted/certs", "issuers/certs", "rejected"] {
            fs::create_dir_all(plant.path("l/PKI").join(folder)).unwrap();
        }
        fs::write(plant.path("l/PKI/own/private/private_key.pem"), b"").unwrap();
        let store = plant.open("opcua:", named);
        apply(&*store, vec![add(&plant.root, List::Issuer), add(&plant.leaf, List::Trusted)]).unwrap();
        let name = |folder: &str| {
            let entry = fs::read_dir(plant.path("l/PKI").join(folder)).unwrap().next().unwrap().unwrap();
            entry.file_name().into_string().unwrap()
        };
        [name("issuers/certs"), name("trusted/certs")]
    };
    for named in ["l", "l/PKI"] {
        let [issuer, trusted] = names(named);
        assert!(issuer.starts_with("issuer_Plant Root[") && issuer.ends_with("].pem"), "{named}: {issuer}");
        assert!(trusted.starts_with("Pump[") && trusted.ends_with("].pem"), "{named}: {trusted}");
    }
}

#[test]
fn a_flat_store_has_no_list_of_issuers() {
    let plant = Plant::new();
    ["own", "private", "trusted", "rejected"]
        .iter()
        .for_each(|it| fs::create_dir_all(plant.path("l").join(it)).unwrap());
    let store = plant.open("opcua:", "l");
    let change = Change { steps: vec![add(&plant.root, List::Issuer)], moment: crate::moment::Moment::now() };
    let edits = store.edits(&change);
    assert!(matches!(edits, Err(StoreError::NoFolder { list: List::Issuer, .. })), "{edits:?}");
}

#[test]
fn two_folders_of_issuers_are_both_read_and_both_written() {
    let plant = Plant::new();
    for folder in ["trusted/certs", "issuer/certs", "issuers/certs/old", "issuers/crl"] {
        fs::create_dir_all(plant.path("l").join(folder)).unwrap();
    }
    fs::write(plant.path("l/issuers/certs/root.der"), plant.root.der()).unwrap();
    fs::write(plant.path("l/issuers/certs/old/root.der"), plant.root.der()).unwrap();
    fs::write(plant.path("l/issuers/crl/root.crl"), plant.list.der()).unwrap();
    let unread = |store: &dyn Store| {
        let mut told = Vec::new();
        let each = &mut |member: Member| {
            let mut stacks: Vec<&str> = member.place.unread.iter().map(|it| it.stack).collect();
            stacks.sort_unstable();
            told.push((member.place.list, member.content.loss().is_some(), stacks));
        };
        store.visit(each).unwrap();
        told
    };
    let store = plant.open("opcua:", "l");
    let of_issuer = vec!["UA .NET Standard", "open62541"];
    let all = vec!["Eclipse Milo", "UA .NET Standard", "asyncua", "node-opcua", "open62541"];
    let list = vec!["UA .NET Standard", "asyncua", "node-opcua", "open62541"];
    let found = unread(&*store);
    assert!(found.contains(&(List::Issuer, true, all)), "{found:?}");
    assert!(found.contains(&(List::Issuer, false, of_issuer)), "{found:?}");
    assert!(found.contains(&(List::Issuer, false, list)), "{found:?}");
    apply(&*store, vec![add(&plant.other, List::Issuer)]).unwrap();
    for folder in ["issuer/certs", "issuers/certs"] {
        let names: Vec<_> =
            fs::read_dir(plant.path("l").join(folder)).unwrap().flatten().map(|it| it.file_name()).collect();
        assert!(names.iter().any(|it| it.to_string_lossy().starts_with("Other Root")), "{folder}: {names:?}");
    }
}

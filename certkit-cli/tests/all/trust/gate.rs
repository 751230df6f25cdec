//! What the gate of a store lets in, what it refuses, and what an audit says of what is there.

use std::fs;

use certkit_core::moment::Moment;

use super::{Plant, ids};

/// A list that revokes the client, newer than that of the plant.
fn revoke_client(plant: &Plant) {
    fs::copy(plant.path("root.crl"), plant.path("new.crl")).unwrap();
    plant.done("revoke client.pem --issuer root.pem --issuer-key root.key --crl new.crl");
}

#[test]
fn what_was_revoked_is_not_let_in_and_is_found() {
    let plant = Plant::new();
    revoke_client(&plant);
    let refused = plant.json("trust add opcua:pki client.pem root.pem --crl new.crl --create");
    assert_eq!((refused["outcome"].as_str(), ids(&refused)[0]), (Some("refused"), "revoked"), "{refused:#}");
    assert!(!plant.path("pki").exists(), "nothing is left of a refused store");
    // A list that is out of date names it as well.
    let late = plant.json("trust add opcua:pki client.pem root.pem --crl new.crl --create --at 2027-03-01");
    assert!(ids(&late).contains(&"revoked"), "{late:#}");
    plant.done("trust add opcua:pki client.pem root.pem --crl root.crl --create");
    assert!(!ids(&plant.json("trust audit pki")).contains(&"store-revoked"));
    plant.done("trust add pki new.crl");
    let audit = plant.json("trust audit pki");
    assert_eq!((audit["verdict"].as_str(), ids(&audit)), (Some("errors"), vec!["store-revoked"]), "{audit:#}");
    // By now the list is in the store.
    plant.done("trust reject pki Pump");
    let refused = plant.json("trust approve pki Pump");
    assert_eq!((refused["outcome"].as_str(), ids(&refused)), (Some("refused"), vec!["revoked"]));
    plant.done("trust approve pki Pump --accept revoked --reason 'until Friday'");
    let refused = plant.json("trust add a.pem client.pem new.crl root.pem --create --accept not-a-ca --reason test");
    assert!(ids(&refused).contains(&"revoked"), "{refused:#}");
}

/// A folder with each certificate of a specimen in a file of its own.
fn folder_of(plant: &Plant, specimen: &str) -> String {
    let text = fs::read_to_string(format!("{}/../testdata/checks/{specimen}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let folder = specimen.replace('/', "-");
    fs::create_dir_all(plant.path(&folder)).unwrap();
    for (at, block) in text.split("-----BEGIN CERTIFICATE").skip(1).enumerate() {
        plant.write(&format!("{folder}/{at}.pem"), format!("-----BEGIN CERTIFICATE{block}"));
    }
    folder
}

#[test]
fn an_audit_judges_each_certificate_as_the_other_doors_do() {
    let plant = Plant::new();
    for id in [
        "key-roca",
        "key-fermat",
        "key-shared-factor",
        "signature-invalid",
        "name-not-permitted",
        "name-excluded",
        "path-length-exceeded",
        "extension-unknown-critical",
    ] {
        let folder = folder_of(&plant, &format!("{id}/bad.pem"));
        let audit = plant.json(&format!("trust audit folder:{folder} --at 2026-06-01"));
        assert!(ids(&audit).contains(&id) && audit["verdict"] == "errors", "{id}: {audit:#}");
    }
}

#[test]
fn a_file_with_a_second_name_is_not_split() {
    let plant = Plant::new();
    plant.done("trust add store.pem root.pem --create");
    fs::hard_link(plant.path("store.pem"), plant.path("second.pem")).unwrap();
    let before = fs::read(plant.path("store.pem")).unwrap();
    let (status, text) = plant.said("trust add store.pem client.pem --accept not-a-ca --reason test");
    assert!(status == 3 && text.contains("second name") && text.contains("symbolic link"), "{text}");
    assert_eq!(fs::read(plant.path("store.pem")).unwrap(), before);
    fs::remove_file(plant.path("second.pem")).unwrap();
    plant.done("trust add store.pem client.pem --accept not-a-ca --reason test");
}

#[test]
fn a_revoked_authority_takes_along_what_it_has_issued() {
    let plant = Plant::new();
    plant.done(
        "generate ca --name Inter --issuer root.pem --issuer-key root.key --key-type rsa:2048 --no-password \
         --cert-out inter.pem --key-out inter.key",
    );
    plant.done(
        "generate opcua --name Low --application-uri urn:x:low --dns low.plant.test --issuer inter.pem \
         --issuer-key inter.key --cert-out low.pem --key-out low.key",
    );
    fs::copy(plant.path("root.crl"), plant.path("new.crl")).unwrap();
    plant.done("revoke inter.pem --issuer root.pem --issuer-key root.key --crl new.crl");
    let refused = plant.json("trust add opcua:pki low.pem inter.pem root.pem --crl new.crl --create");
    assert!(ids(&refused).contains(&"revoked"), "{refused:#}");
}

#[test]
fn what_is_no_authority_is_not_let_in_as_one() {
    let plant = Plant::new();
    let old = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/checks/version-not-3/bad.pem");
    let refused = plant.json(&format!("trust add a.pem '{old}' --create"));
    assert_eq!((refused["outcome"].as_str(), ids(&refused)), (Some("refused"), vec!["version-not-3"]));
    plant.done(&format!("trust add a.pem '{old}' --create --accept version-not-3 --reason 'a device of 1999'"));
    let refused = plant.json("trust add opcua:pki client.pem root.crl root.pem --list issuer --create");
    assert_eq!((refused["outcome"].as_str(), ids(&refused)), (Some("refused"), vec!["store-leaf-among-issuers"]));
}

#[test]
fn each_certificate_is_judged_as_what_it_is() {
    let plant = Plant::new();
    plant.done(
        "generate https --name s.plant.test --dns s.plant.test --issuer root.pem --issuer-key root.key \
         --key-type ec:p256 --cert-out server.pem --key-out server.key",
    );
    for folder in ["pki/trusted/certs", "pki/trustedHttps/certs", "pki/issuerHttps/certs"] {
        fs::create_dir_all(plant.path(folder)).unwrap();
    }
    let line = "trust add opcua:pki server.pem root.pem root.crl --dry-run";
    let added = plant.json(&format!("{line} --group https"));
    assert_eq!(added["outcome"], "planned", "{added:#}");
    let profiles: Vec<&str> = added["profiles"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(profiles.contains(&"https") && profiles.contains(&"ca") && !profiles.contains(&"opcua"), "{profiles:?}");
    assert_eq!(plant.json(line)["outcome"], "refused", "it is no OPC UA application");
    // Whoever asks over HTTPS is a client, and need not be a server.
    plant.done(
        "generate client --name robot7 --issuer root.pem --issuer-key root.key --key-type ec:p256 --cert-out robot.pem \
         --key-out robot.key",
    );
    let added = plant.json("trust add opcua:pki robot.pem root.pem root.crl --group https --dry-run");
    assert_eq!(added["outcome"], "planned", "{added:#}");
    assert!(added["profiles"].as_array().unwrap().contains(&"client".into()), "{added:#}");
    // A leaf does not count as a further CA, though it is offered as one.
    plant.done(
        "generate ca --name Inter --path-length 0 --issuer root.pem --issuer-key root.key --key-type ec:p256 \
         --no-password --cert-out inter.pem --key-out inter.key",
    );
    plant.done(
        "generate https --name t.plant.test --dns t.plant.test --issuer inter.pem --issuer-key inter.key \
         --key-type ec:p256 --cert-out low.pem --key-out low.key",
    );
    let refused = plant.json("trust add a.pem low.pem inter.pem root.pem --create");
    assert!(ids(&refused).contains(&"not-a-ca") && !ids(&refused).contains(&"path-length-exceeded"), "{refused:#}");
}

#[test]
fn of_several_lists_of_one_authority_the_newest_stays() {
    let plant = Plant::new();
    revoke_client(&plant);
    fs::create_dir_all(plant.path("open62541/ApplCerts/trusted/certs")).unwrap();
    for store in ["a.pem", "hashed:h", "opcua:pki", "open62541", "a.p12", "folder:f"] {
        let all = format!("{store} --password-file password --create");
        let added = plant.json(&format!("trust add {all} root.pem new.crl root.crl --list trusted"));
        assert_eq!(added["outcome"], "made", "{store}: {added:#}");
        assert!(added["notes"].to_string().contains("is left out"), "{store}: {added:#}");
        let older = plant.json(&format!("trust add {all} root.crl"));
        assert_eq!(older["outcome"], "nothing_to_do", "{store}: {older:#}");
        assert!(older["notes"].to_string().contains("in the store is newer"), "{store}: {older:#}");
        assert_eq!(plant.lists(store), ["trusted Plant Root", "trusted crl"], "{store}");
    }
}

#[test]
fn a_list_goes_with_its_authority() {
    let plant = Plant::new();
    plant.done("trust add opcua:pki root.pem root.crl --create");
    assert_eq!(plant.lists("pki"), ["issuer Plant Root", "issuer crl"]);
    plant.done("trust add pki root.pem --list trusted");
    assert_eq!(plant.lists("pki"), ["trusted Plant Root", "trusted crl"]);
    assert!(!ids(&plant.json("trust audit pki")).contains(&"store-crl-missing"));
    // Where somebody has put it elsewhere, an audit says so, and adding it again puts it right.
    fs::rename(plant.path("pki/trusted/crl"), plant.path("pki/issuer/crl")).unwrap_or_else(|_| {
        fs::remove_dir(plant.path("pki/issuer/crl")).unwrap();
        fs::rename(plant.path("pki/trusted/crl"), plant.path("pki/issuer/crl")).unwrap();
    });
    let audit = plant.json("trust audit pki");
    assert!(ids(&audit).contains(&"store-crl-missing"), "{audit:#}");
    assert!(audit.to_string().contains("is not beside it"), "{audit:#}");
    plant.done("trust add pki root.crl");
    assert_eq!(plant.lists("pki"), ["trusted Plant Root", "trusted crl"]);
    // A CA that is trusted already takes its new list there, though it would go to the issuers today.
    let other = Plant::new();
    other.done("trust add opcua:pki root.pem --list trusted --create");
    other.done("trust add pki chain.pem --crl root.crl");
    assert_eq!(other.lists("pki"), ["trusted Plant Root", "trusted Pump", "trusted crl"]);
}

#[test]
fn a_warning_begins_when_the_user_says() {
    let plant = Plant::new();
    plant.done(
        "generate https --name s.plant.test --dns s.plant.test --issuer root.pem --issuer-key root.key --days 20 \
         --key-type ec:p256 --cert-out server.pem --key-out server.key",
    );
    let warns =
        |options: &str| ids(&plant.json(&format!("trust audit server.pem {options}"))).contains(&"expires-soon");
    assert!(warns("--warn 30d") && !warns("") && !warns("--warn 10d"));
}

#[test]
fn flat_folders_stay_flat() {
    let plant = Plant::new();
    for folder in ["own", "private", "trusted", "rejected"] {
        fs::create_dir_all(plant.path("flat").join(folder)).unwrap();
    }
    fs::copy(plant.path("client.der"), plant.path("flat/rejected/Pump.der")).unwrap();
    plant.done("trust approve opcua:flat Pump");
    assert!(plant.path("flat/trusted/Pump.der").is_file());
    let (status, text) = plant.said("trust add opcua:flat root.pem root.crl");
    assert!(status == 3 && text.contains("no folder for the list `issuer`"), "{text}");
    assert!(text.contains("--list trusted") && !text.contains("opcua:DIR"), "{text}");
    plant.done("trust add opcua:flat root.pem root.crl --list trusted");
    assert_eq!(plant.lists("flat"), ["trusted Plant Root", "trusted Pump", "trusted crl"]);
}

#[test]
fn a_list_that_clears_nobody_keeps_its_certificates_out() {
    let plant = Plant::new();
    let add = "trust add opcua:pki client.pem root.pem --create --list trusted";
    // Overdue, and it is the only one; with a current one beside it nothing is in doubt.
    let late = plant.json(&format!("{add} --crl root.crl --at 2030-01-01"));
    assert!(ids(&late).contains(&"revocation-unknown"), "{late:#}");
    let overdue = Moment::from_unix(Moment::now().unix() + 20 * 86_400).date();
    let refused = plant.json(&format!("{add} --crl root.crl --at {overdue}"));
    let overdue = vec!["revocation-unknown", "store-crl-overdue"];
    assert_eq!((refused["outcome"].as_str(), ids(&refused)), (Some("refused"), overdue));
    plant.done(&format!("{add} --crl root.crl --dry-run"));
    // Damaged: it is named, and is no certificate.
    let list = fs::read(plant.path("root.crl")).unwrap();
    plant.write("torn.crl", &list[..list.len() / 2]);
    for line in [format!("{add} --crl root.crl --crl torn.crl"), "trust add a.pem torn.crl --create".to_owned()] {
        let refused = plant.json(&line);
        assert_eq!(
            (refused["outcome"].as_str(), ids(&refused)),
            (Some("refused"), vec!["revocation-unknown"]),
            "{line}"
        );
        assert!(refused["findings"].to_string().contains("torn.crl"), "{refused:#}");
    }
    // A damaged list of somebody else says nothing of these.
    let other = plant.json("trust add opcua:other other.pem --create --list trusted");
    assert_eq!(other["outcome"], "made", "{other:#}");
    // In the store it weighs as much, and `remedy` speaks of the store.
    plant.done(add);
    fs::create_dir_all(plant.path("pki/trusted/crl")).unwrap();
    fs::copy(plant.path("torn.crl"), plant.path("pki/trusted/crl/torn.crl")).unwrap();
    let audit = plant.json("trust audit pki");
    assert!(ids(&audit).contains(&"revocation-unknown"), "{audit:#}");
    assert_eq!(audit["verdict"], "errors", "{audit:#}");
    assert!(audit.to_string().contains("certkit trust add STORE ca.crl"), "{audit:#}");
}

/// The names of the files of a folder.
fn names(plant: &Plant, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(plant.path(folder)).unwrap().flatten();
    let mut names: Vec<String> = entries.map(|it| it.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_is_written_into_an_opc_ua_store_is_read_by_every_stack() {
    let plant = Plant::new();
    plant.done("trust add opcua:pki root.pem root.crl --list trusted --create");
    let written = names(&plant, "pki/trusted/crl");
    assert!(written.len() == 2 && written[0].ends_with("].crl") && written[1].ends_with("].crl.pem"), "{written:?}");
    let audit = plant.json("trust audit pki");
    assert!(!ids(&audit).contains(&"store-file-not-read"), "{audit:#}");
    // A newer list takes the place of both.
    revoke_client(&plant);
    plant.done("trust add pki new.crl");
    assert_eq!(names(&plant, "pki/trusted/crl"), written);
    let lists = plant.json("trust list pki")["revocation_lists"].as_array().unwrap().clone();
    assert_eq!(lists.len(), 2, "{lists:?}");
    assert_eq!(lists[0]["this_update"], lists[1]["this_update"]);

    // In a store with a name of old that one is kept, and what it lacks is added.
    let old = Plant::new();
    fs::create_dir_all(old.path("pki/trusted/certs")).unwrap();
    fs::create_dir_all(old.path("pki/trusted/crl")).unwrap();
    fs::copy(old.path("root.crl"), old.path("pki/trusted/crl/ca.crl")).unwrap();
    old.done("trust add opcua:pki root.pem --list trusted");
    assert!(ids(&old.json("trust audit pki")).contains(&"store-file-not-read"));
    revoke_client(&old);
    old.done("trust add pki new.crl");
    let kept = names(&old, "pki/trusted/crl");
    assert!(kept.len() == 2 && kept.contains(&"ca.crl".to_owned()) && kept[0].ends_with("].crl.pem"), "{kept:?}");
    assert!(!ids(&old.json("trust audit pki")).contains(&"store-file-not-read"));
}

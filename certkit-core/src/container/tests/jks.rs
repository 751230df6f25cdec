//! Java keystores as we write them; what keytool has to say is in the tests of real stores.

use super::*;
use crate::container::jks::{self, Content, Entry, Flavour};
use crate::container::store_problem::StoreProblem;
use crate::crypto::password_based::Budget;

const PASSWORD: &[u8] = b"Sesame-Sesame-1";

fn entries(flavour: Flavour) -> Vec<Entry> {
    let sealed = jks::seal(&AUTHORITY.key.serialize_der(), PASSWORD, flavour).unwrap();
    let chain = vec![certificate("leaf"), AUTHORITY.der.clone()];
    let entry = |alias: &str, content| Entry { alias: alias.to_owned(), created: 1_700_000_000_123, content };
    vec![
        entry("Wurzel Süd", Content::Trusted(AUTHORITY.der.clone())),
        entry("server", Content::Key { sealed, chain }),
        entry("other", Content::Other { kind: "PGP".to_owned(), bytes: b"pgp".to_vec() }),
    ]
}

fn store_error(bytes: &[u8], password: Option<&[u8]>) -> StoreProblem {
    match read_with(bytes, password) {
        Err(ContainerError::Store { problem, .. }) => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_written_is_read_back() {
    for (flavour, encoding) in [(Flavour::Jks, Encoding::Jks), (Flavour::Jceks, Encoding::Jceks)] {
        let written = entries(flavour);
        let Content::Key { chain, .. } = &written[1].content else { panic!() };
        let bytes = jks::encode(flavour, &written, PASSWORD).unwrap();
        let contents = read_with(&bytes, Some(PASSWORD)).unwrap();
        assert_eq!(kinds(&contents), ["certificate", "private key", "certificate", "certificate"]);
        let aliases: Vec<_> = contents.items.iter().map(|item| item.alias.as_deref().unwrap()).collect();
        assert_eq!(aliases, ["wurzel süd", "server", "server", "server"]);
        assert!(contents.items.iter().all(|item| item.encoding == encoding));
        assert_eq!(*contents.items[1].der, AUTHORITY.key.serialize_der());
        assert_eq!(ders(&contents)[2..], chain[..]);
        assert!(reasons(&contents)[0].contains("a certificate, other"), "{:?}", reasons(&contents));
        assert_eq!(contents.integrity(), None);
        let store = jks::read(&bytes, Some(PASSWORD)).unwrap();
        assert_eq!(store.entries[0].created, 1_700_000_000_123);
        assert_eq!(*jks::encode(flavour, &store.entries, PASSWORD).unwrap(), *bytes);
    }
}

#[test]
fn certificates_need_no_password_and_keys_stay_sealed_without() {
    for flavour in [Flavour::Jks, Flavour::Jceks] {
        let bytes = jks::encode(flavour, &entries(flavour), PASSWORD).unwrap();
        let contents = read(&bytes).unwrap();
        assert_eq!(contents.certificates().count(), 3);
        assert_eq!(contents.integrity(), Some(&Integrity::NotChecked));
        let ItemKind::PrivateKey(facts) = &contents.items[1].kind else { panic!() };
        let scheme = &facts.encryption.as_ref().unwrap().scheme;
        assert!(scheme.starts_with("Java's J"), "{scheme}");
        let clear =
            crate::crypto::key_encryption::decrypt(&contents.items[1].der, PASSWORD, &mut Budget::for_file()).unwrap();
        assert_eq!(*clear, AUTHORITY.key.serialize_der());
    }
}

#[test]
fn a_wrong_password_and_a_damaged_file_are_two_things() {
    let bytes = jks::encode(Flavour::Jks, &entries(Flavour::Jks), PASSWORD).unwrap();
    assert_eq!(store_error(&bytes, Some(b"wrong")), StoreProblem::WrongPassword);
    for cut in 4..bytes.len() {
        let problem = store_error(&bytes[..cut], Some(PASSWORD));
        assert!(matches!(problem, StoreProblem::Cut { .. }), "{cut}: {problem:?}");
    }
    let mut longer = bytes.to_vec();
    longer.push(0);
    assert!(matches!(store_error(&longer, None), StoreProblem::Unexpected { .. }));
    let mut changed = bytes.to_vec();
    changed[60] ^= 1;
    assert_eq!(store_error(&changed, Some(PASSWORD)), StoreProblem::Changed);
    let mut lie = bytes.to_vec();
    lie[8..12].copy_from_slice(&[0, 0x0f, 0, 0]);
    assert!(matches!(store_error(&lie, None), StoreProblem::Cut { .. } | StoreProblem::Unexpected { .. }));
}

#[test]
fn a_key_may_have_a_password_of_its_own() {
    let mut own = entries(Flavour::Jks);
    let sealed = jks::seal(&AUTHORITY.key.serialize_der(), b"another", Flavour::Jks).unwrap();
    own[1].content = Content::Key { sealed, chain: vec![certificate("leaf")] };
    let bytes = jks::encode(Flavour::Jks, &own, PASSWORD).unwrap();
    let contents = read_with(&bytes, Some(PASSWORD)).unwrap();
    let ItemKind::PrivateKey(facts) = &contents.items[1].kind else { panic!() };
    assert!(facts.encryption.is_some());
}

#[test]
fn the_two_halves_of_a_salt_may_be_the_same() {
    // Java turns the first half around in a way of its own, which nothing else shows.
    let mut sealed = jks::seal(&AUTHORITY.key.serialize_der(), PASSWORD, Flavour::Jceks).unwrap();
    let at = sealed.windows(2).position(|window| window == [4, 8]).unwrap() + 2;
    sealed.copy_within(at..at + 4, at + 4);
    let mut budget = Budget::for_file();
    assert!(jks::open(&sealed, PASSWORD, &mut budget).is_err());
}

//! Items grouped into entries.

use super::*;
use crate::container::entry::{Aliases, Entries, EntryError};
use crate::container::pkcs12::{self, Bag, BagContent, Key, Locked};

fn certificates(ders: &[&[u8]]) -> String {
    ders.iter().map(|der| pem::encode("CERTIFICATE", der)).collect()
}

#[test]
fn a_key_finds_its_certificate_and_the_chain_its_order() {
    let leaf_key = KeyPair::generate().unwrap();
    let issuer = Issuer::from_params(&AUTHORITY.params, &AUTHORITY.key);
    let leaf = named("twx").signed_by(&leaf_key, &issuer).unwrap().der().to_vec();
    let stranger = {
        let key = KeyPair::generate().unwrap();
        named("stranger").self_signed(&key).unwrap().der().to_vec()
    };
    let sec1 = openssl(&["ec"], leaf_key.serialize_pem().as_bytes());
    let aes = openssl(&["ec", "-aes128", "-passout", "pass:sesame"], leaf_key.serialize_pem().as_bytes());
    for key in [leaf_key.serialize_pem().as_bytes(), &sec1, &aes] {
        let text = [certificates(&[&stranger, &AUTHORITY.der, &leaf, &leaf]).as_bytes(), key].concat();
        let items = read(&text).unwrap().items;
        let entries = Entries::of(&items, Some(b"sesame")).unwrap();
        let [key] = &entries.keys[..] else { panic!("{entries:?}") };
        assert_eq!(key.chain, [leaf.clone(), AUTHORITY.der.clone()]);
        let alone: Vec<_> = entries.certificates.iter().map(|it| it.der.clone()).collect();
        assert_eq!(alone, std::slice::from_ref(&stranger));
        assert_eq!((entries.duplicates, entries.certificate_count()), (1, 3));
        crate::crypto::key_pair::KeyPair::from_der(&key.pkcs8).unwrap();
    }
    let items = read(&aes).unwrap().items;
    assert!(matches!(Entries::of(&items, None), Err(EntryError::PasswordNeeded { .. })));
    let error = Entries::of(&items, Some(b"wrong")).unwrap_err();
    assert!(error.to_string().contains("cannot be opened"), "{error}");
}

#[test]
fn a_certificate_may_be_trusted_and_in_a_chain_as_well() {
    let key = Key::Open { pkcs8: Zeroizing::new(AUTHORITY.key.serialize_der()), sealed: None };
    let own = Bag::new(BagContent::Certificate(AUTHORITY.der.clone()));
    let trusted = Bag { is_trusted: true, alias: Some("root".to_owned()), ..own.clone() };
    let bytes = pkcs12::encode(&[Bag::new(BagContent::Key(key)), own, trusted], Locked::Open).unwrap();
    let entries = Entries::of(&read(&bytes).unwrap().items, None).unwrap();
    assert_eq!(entries.keys[0].chain, std::slice::from_ref(&AUTHORITY.der));
    assert_eq!(entries.certificates.len(), 1);
    assert!(entries.certificates[0].is_trusted);
    assert_eq!(entries.duplicates, 0);
}

#[test]
fn no_two_entries_have_one_name() {
    let mut aliases = Aliases::default();
    aliases.take("Root");
    assert_eq!(aliases.give(Some("root"), None), "root (2)");
    assert_eq!(aliases.give(Some("ROOT"), None), "ROOT (3)");
    assert_eq!(aliases.give(None, Some(&AUTHORITY.der)), "Plant Root");
    assert_eq!(aliases.give(Some(""), Some(b"no certificate")), "entry");
}

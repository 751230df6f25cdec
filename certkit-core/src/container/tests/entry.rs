//! Items grouped into entries.

use super::*;
use crate::asn1::write;
use crate::cert::Certificate;
use crate::container::entry::{self, Aliases, Candidates, Entries, EntryError, Fit};
use crate::container::pkcs12::{self, Bag, BagContent, Key, Locked};
use crate::crypto::key::PublicKey;
use crate::oid::{self, Oid};

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

/// What `held` says of a key beside these certificates.
fn fit(key: &[u8], certificates: &[Certificate]) -> Fit {
    let candidates = Candidates::new(certificates.iter().map(Certificate::spki));
    let items = read(key).unwrap().items;
    let held = entry::held(&items, &candidates, &[], &[]);
    let [key] = &held[..] else { panic!("{held:?}") };
    key.fit.clone()
}

/// A key that OpenSSL makes, and a certificate with it.
fn made(arguments: &[&str]) -> (Vec<u8>, Certificate) {
    let key = openssl(&[&["genpkey"], arguments].concat(), b"");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, &key).unwrap();
    let text = openssl(&["req", "-x509", "-new", "-subj", "/CN=twx", "-key", path.to_str().unwrap()], b"");
    (key, Certificate::from_der(&read(&text).unwrap().items[0].der).unwrap())
}

#[test]
fn keys_of_every_kind_find_their_own_or_say_that_nobody_can_tell() {
    let ec = |curve: &'static str| ["-algorithm", "EC", "-pkeyopt", curve];
    for arguments in [
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"][..],
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2056"],
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3"],
        &["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
        &["-algorithm", "ED25519"],
        &ec("ec_paramgen_curve:P-256"),
        &ec("ec_paramgen_curve:P-521"),
        &ec("ec_paramgen_curve:secp256k1"),
        &ec("ec_paramgen_curve:brainpoolP384r1"),
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"],
    ] {
        let ((own_key, own), (_, other)) = (made(arguments), made(arguments));
        assert_eq!(fit(&own_key, &[other.clone(), own.clone()]), Fit::Of(1), "{arguments:?}");
        assert_eq!(fit(&own_key, &[other]), Fit::OfNone, "{arguments:?}");
        assert_eq!(fit(&own_key, &[]), Fit::Alone, "{arguments:?}");
    }
    let ((own_key, own), (_, other)) = (made(&["-algorithm", "ED448"]), made(&["-algorithm", "ED448"]));
    assert_eq!(fit(&own_key, std::slice::from_ref(&other)), Fit::OnlyOne(0));
    assert_eq!(fit(&own_key, &[own.clone(), own.clone()]), Fit::OnlyOne(0));
    assert_eq!(fit(&own_key, &[own, other]), Fit::NotTold);
}

#[test]
fn the_same_point_on_another_curve_is_another_key() {
    let (key, certificate) = made(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let half = |curve: Oid<'_>| {
        let spki = PublicKey::from_spki(certificate.spki()).unwrap();
        write::sequence(&[
            &write::sequence(&[&write::oid(oid::EC_PUBLIC_KEY), &write::oid(curve)]),
            &write::bit_string(spki.bits),
        ])
    };
    let fit_of = |spki: Vec<u8>| {
        let candidates = Candidates::new([spki.as_slice()]);
        entry::held(&read(&key).unwrap().items, &candidates, &[], &[])[0].fit.clone()
    };
    assert_eq!(fit_of(half(oid::P256)), Fit::Of(0));
    assert_eq!(fit_of(half(oid::SECP256K1)), Fit::OfNone);
    // Compressed, it is the same.
    let bits = PublicKey::from_spki(certificate.spki()).unwrap().bits.to_vec();
    let compressed = [&[2 + (bits[64] & 1)], &bits[1..33]].concat();
    let spki = write::sequence(&[
        &write::sequence(&[&write::oid(oid::EC_PUBLIC_KEY), &write::oid(oid::P256)]),
        &write::bit_string(&compressed),
    ]);
    assert_eq!(fit_of(spki), Fit::Of(0));
}

#[test]
fn who_has_not_signed_is_no_issuer_whatever_the_name() {
    let leaf_key = KeyPair::generate().unwrap();
    let issuer = Issuer::from_params(&AUTHORITY.params, &AUTHORITY.key);
    let leaf = named("twx").signed_by(&leaf_key, &issuer).unwrap().der().to_vec();
    let impostor = AUTHORITY.params.clone().self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec();
    let of = |authorities: &[&[u8]]| {
        let text = certificates(&[&[leaf.as_slice()], authorities].concat()) + &leaf_key.serialize_pem();
        let entries = Entries::of(&read(text.as_bytes()).unwrap().items, None).unwrap();
        (entries.keys[0].chain.clone(), entries.certificates.len())
    };
    assert_eq!(of(&[&impostor]), (vec![leaf.clone()], 1));
    assert_eq!(of(&[&impostor, &AUTHORITY.der]), (vec![leaf.clone(), AUTHORITY.der.clone()], 1));
}

//! PKCS#12 stores of openssl, with every cipher that it offers, and our own.

use super::*;
use crate::asn1::write;
use crate::container::pkcs12::{self, Bag, BagContent, Key, Locked};
use crate::container::store_problem::StoreProblem;
use crate::crypto::password_based::Protection;

const PASSWORD: &str = "Sesame-Sesame-1";

/// Writes a store with openssl: the authority's key and certificate, and another certificate.
fn written_by_openssl(password: &str, options: &[&str]) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let (key, more) = (directory.path().join("key"), directory.path().join("more"));
    std::fs::write(&key, AUTHORITY.key.serialize_pem()).unwrap();
    std::fs::write(&more, pem::encode("CERTIFICATE", &certificate("another"))).unwrap();
    let password = format!("pass:{password}");
    let mut arguments = vec!["pkcs12", "-export", "-passout", &password, "-name", "plant root"];
    arguments.extend(["-inkey", key.to_str().unwrap(), "-certfile", more.to_str().unwrap()]);
    arguments.extend(options);
    openssl(&arguments, pem::encode("CERTIFICATE", &AUTHORITY.der).as_bytes())
}

fn store_error(bytes: &[u8], password: Option<&str>) -> StoreProblem {
    match read_with(bytes, password.map(str::as_bytes)) {
        Err(ContainerError::Store { store: Store::Pkcs12, problem }) => problem,
        other => panic!("{other:?}"),
    }
}

fn assert_whole(contents: &Contents, said: &str) {
    assert_eq!(kinds(contents), ["certificate", "certificate", "private key"], "{said}");
    assert_eq!(contents.items[0].der.as_ref(), AUTHORITY.der, "{said}");
    assert_eq!(contents.items[0].alias.as_deref(), Some("plant root"), "{said}");
    assert_eq!(contents.items[1].alias, None, "{said}");
    assert_eq!(contents.items[2].alias.as_deref(), Some("plant root"), "{said}");
    let ItemKind::PrivateKey(facts) = &contents.items[2].kind else { panic!("{said}") };
    assert_eq!((facts.form, facts.curve.as_deref()), (KeyForm::Pkcs8, Some("P-256")), "{said}");
    let key = crate::crypto::key_pair::KeyPair::from_der(&contents.items[2].der).unwrap();
    assert_eq!(key.public_key().unwrap().bits, AUTHORITY.key.public_key_raw(), "{said}");
}

#[test]
fn every_cipher_of_openssl_is_opened() {
    let ciphers = [
        "NONE",
        "PBE-SHA1-RC2-40",
        "PBE-SHA1-RC2-128",
        "PBE-SHA1-RC4-40",
        "PBE-SHA1-RC4-128",
        "PBE-SHA1-3DES",
        "PBE-SHA1-2DES",
        "PBE-MD5-DES",
        "PBE-SHA1-DES",
        "PBE-MD5-RC2-64",
        "PBE-SHA1-RC2-64",
        "aes-128-cbc",
        "aes-192-cbc",
        "aes-256-cbc",
        "des-ede3-cbc",
        "des-cbc",
        "rc2-cbc",
        "rc2-40-cbc",
        "rc2-64-cbc",
        "camellia-128-cbc",
        "camellia-192-cbc",
        "camellia-256-cbc",
        "bf-cbc",
    ];
    for cipher in ciphers {
        let options = ["-legacy", "-keypbe", cipher, "-certpbe", cipher];
        let bytes = written_by_openssl(PASSWORD, &options);
        let contents = read_with(&bytes, Some(PASSWORD.as_bytes())).unwrap_or_else(|error| panic!("{cipher}: {error}"));
        assert_whole(&contents, cipher);
        assert_eq!(contents.skipped, [], "{cipher}");
        assert_eq!(store_error(&bytes, Some("Simsalabim-1")), StoreProblem::WrongPassword, "{cipher}");
    }
}

#[test]
fn every_mac_of_openssl_is_verified() {
    for mac in ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-224", "sha512-256"] {
        let bytes = written_by_openssl(PASSWORD, &["-macalg", mac]);
        let contents = read_with(&bytes, Some(PASSWORD.as_bytes())).unwrap();
        assert_whole(&contents, mac);
        assert_eq!(contents.integrity(), None, "{mac}");
    }
    let bytes = written_by_openssl(PASSWORD, &["-macalg", "sm3"]);
    let contents = read_with(&bytes, Some(PASSWORD.as_bytes())).unwrap();
    assert!(matches!(contents.integrity(), Some(Integrity::UnknownMac { .. })), "{contents:?}");
    let bytes = written_by_openssl(PASSWORD, &["-nomac"]);
    let contents = read_with(&bytes, Some(PASSWORD.as_bytes())).unwrap();
    assert_eq!(contents.integrity(), Some(&Integrity::Unprotected));
    assert_eq!(store_error(&bytes, Some("Simsalabim-1")), StoreProblem::WrongPassword);
}

#[test]
fn a_wrong_password_an_unknown_cipher_and_a_damaged_file_are_three_things() {
    for cipher in ["AES-256-OFB", "ARIA-256-CBC", "CAST5-CBC", "SEED-CBC", "SM4-CBC"] {
        let name = cipher.to_lowercase();
        let bytes = written_by_openssl(PASSWORD, &["-legacy", "-certpbe", &name, "-keypbe", &name]);
        assert_eq!(store_error(&bytes, Some("Simsalabim-1")), StoreProblem::WrongPassword);
        let contents = read_with(&bytes, Some(PASSWORD.as_bytes())).unwrap();
        assert_eq!(kinds(&contents), ["private key"]);
        let reasons = reasons(&contents);
        assert!(reasons[0].contains(&format!("its cipher is unknown to certkit: {cipher}")), "{reasons:?}");
        let ItemKind::PrivateKey(facts) = &contents.items[0].kind else { panic!() };
        assert_eq!(facts.encryption.as_ref().unwrap().scheme, format!("PBES2 {cipher}"));
    }

    let bytes = written_by_openssl(PASSWORD, &[]);
    for cut in 1..bytes.len() {
        match read_with(&bytes[..cut], Some(PASSWORD.as_bytes())) {
            Err(ContainerError::Store { problem: StoreProblem::Damaged { .. }, .. }) => {}
            // The first few bytes do not tell what it is.
            Err(ContainerError::NotRecognised { .. } | ContainerError::Foreign(_)) if cut < 40 => {}
            other => panic!("{cut}: {other:?}"),
        }
    }
    // One bit in the middle of the certificates, and one in the MAC.
    for at in [bytes.len() / 3, bytes.len() - 40] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let problem = store_error(&changed, Some(PASSWORD));
        assert!(matches!(problem, StoreProblem::Changed | StoreProblem::Damaged { .. }), "{at}: {problem:?}");
    }
}

#[test]
fn no_password_is_not_an_empty_one_and_both_are_tried() {
    let empty = written_by_openssl("", &[]);
    let legacy = written_by_openssl("", &["-legacy"]);
    for bytes in [&empty, &legacy] {
        for password in [None, Some(&b""[..])] {
            assert_whole(&read_with(bytes, password).unwrap(), "empty");
        }
        assert_eq!(store_error(bytes, Some("x")), StoreProblem::WrongPassword);
    }
    // No password at all, as NSS and Windows have it: the same store, with keys of nothing.
    let bags = [Bag::new(BagContent::Certificate(AUTHORITY.der.clone()))];
    let absent = pkcs12::encode(&bags, Locked::Absent { protection: Protection::Java8 }).unwrap();
    for password in [None, Some(&b""[..])] {
        assert_eq!(ders(&read_with(&absent, password).unwrap()), std::slice::from_ref(&AUTHORITY.der));
    }
}

#[test]
fn what_needs_no_password_is_read_without_one() {
    let bytes = written_by_openssl(PASSWORD, &["-certpbe", "NONE"]);
    let contents = read(&bytes).unwrap();
    assert_eq!(kinds(&contents), ["certificate", "certificate", "private key"]);
    assert_eq!(contents.integrity(), Some(&Integrity::NotChecked));
    let ItemKind::PrivateKey(facts) = &contents.items[2].kind else { panic!() };
    assert_eq!(facts.form, KeyForm::EncryptedPkcs8);

    let bytes = written_by_openssl(PASSWORD, &[]);
    let contents = read(&bytes).unwrap();
    assert_eq!(kinds(&contents), ["private key"], "a sealed key is an item");
    assert!(reasons(&contents)[0].ends_with("its password is needed"), "{:?}", reasons(&contents));
    let bytes = written_by_openssl(PASSWORD, &["-nokeys"]);
    assert_eq!(store_error(&bytes, None), StoreProblem::PasswordNeeded);
}

#[test]
fn passwords_may_have_any_character_even_as_old_openssl_had_them() {
    let password = "Öl-Pumpe-北-🔑";
    for options in [&[][..], &["-legacy"]] {
        let bytes = written_by_openssl(password, options);
        assert_whole(&read_with(&bytes, Some(password.as_bytes())).unwrap(), "UTF-8");
    }
    // What old versions made of UTF-8: every byte a character.
    let octets: String = password.bytes().map(char::from).collect();
    let old = written_by_openssl(&octets, &["-legacy"]);
    assert_whole(&read_with(&old, Some(password.as_bytes())).unwrap(), "octets");
}

#[test]
fn a_store_is_found_in_pem_and_base64_too() {
    let bytes = written_by_openssl(PASSWORD, &[]);
    for text in [pem::encode("PKCS12", &bytes).into_bytes(), openssl(&["base64"], &bytes)] {
        assert_whole(&read_with(&text, Some(PASSWORD.as_bytes())).unwrap(), "text");
        let error = read_with(&text, Some(b"wrong")).unwrap_err();
        assert!(matches!(error, ContainerError::Store { problem: StoreProblem::WrongPassword, .. }), "{error:?}");
    }
}

#[test]
fn what_costs_minutes_is_refused() {
    let mut bytes = written_by_openssl(PASSWORD, &["-iter", "65535", "-nomac"]);
    let honest = [0x02, 0x03, 0x00, 0xff, 0xff];
    let at = bytes.windows(5).position(|window| window == honest).unwrap();
    bytes[at..at + 5].copy_from_slice(&[0x02, 0x03, 0x7f, 0xff, 0xff]);
    assert_eq!(store_error(&bytes, Some(PASSWORD)), StoreProblem::TooCostly { iterations: 0x7f_ffff });
}

/// Writes every constructed value with an indefinite length and every long string in pieces.
fn as_ber(der: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut reader = Reader::new(der);
    while let Ok(element) = reader.element() {
        if element.tag.is_constructed() {
            out.extend([element.tag.0, 0x80]);
            out.extend(as_ber(element.value));
            out.extend([0, 0]);
        } else if matches!(element.tag.0, 0x04 | 0x80) && element.value.len() > 100 {
            out.extend([element.tag.0 | 0x20, 0x80]);
            for piece in element.value.chunks(100) {
                out.extend([0x04, u8::try_from(piece.len()).unwrap()]);
                out.extend(piece);
            }
            out.extend([0, 0]);
        } else {
            out.extend(element.raw);
        }
    }
    out
}

#[test]
fn ber_is_read_and_its_mac_verified() {
    for options in [&[][..], &["-legacy"], &["-certpbe", "NONE", "-keypbe", "NONE"]] {
        let bytes = written_by_openssl(PASSWORD, options);
        let ber = as_ber(&bytes);
        assert_ne!(ber, bytes);
        openssl(&["pkcs12", "-legacy", "-noout", "-passin", &format!("pass:{PASSWORD}")], &ber);
        let contents = read_with(&ber, Some(PASSWORD.as_bytes())).unwrap();
        assert_whole(&contents, "BER");
        assert_eq!(contents.integrity(), None);
    }
}

/// A key with its chain, a trusted certificate and a list.
fn bags() -> Vec<Bag> {
    let leaf = certificate("leaf");
    let key = Key::Open { pkcs8: Zeroizing::new(AUTHORITY.key.serialize_der()), sealed: None };
    let named = |content, alias: &str| Bag { alias: Some(alias.to_owned()), ..Bag::new(content) };
    vec![
        Bag { key_id: Some(b"1".to_vec()), ..named(BagContent::Key(key), "twx server") },
        Bag { key_id: Some(b"1".to_vec()), ..named(BagContent::Certificate(leaf), "twx server") },
        Bag::new(BagContent::Certificate(AUTHORITY.der.clone())),
        Bag { is_trusted: true, ..named(BagContent::Certificate(certificate("trusted")), "Wurzel Süd 🔑") },
        Bag::new(BagContent::RevocationList(revocation_list())),
    ]
}

#[test]
fn what_is_written_is_read_back_by_us_and_by_openssl() {
    for protection in [Protection::Modern, Protection::Java8] {
        let locked = Locked::With { password: PASSWORD.as_bytes(), protection };
        let bytes = pkcs12::encode(&bags(), locked).unwrap();
        assert_eq!(crate::asn1::first_deviation(&bytes), None);
        let store = pkcs12::read(&bytes, Some(PASSWORD.as_bytes())).unwrap();
        assert_eq!((store.integrity, store.protection), (Integrity::Verified, Some(protection)));
        let seen: Vec<_> =
            store.bags.iter().map(|bag| (bag.alias.clone(), bag.key_id.clone(), bag.is_trusted)).collect();
        let wanted: Vec<_> = bags().into_iter().map(|bag| (bag.alias, bag.key_id, bag.is_trusted)).collect();
        assert_eq!(seen, wanted);
        let passin = format!("pass:{PASSWORD}");
        let printed = openssl(&["pkcs12", "-nodes", "-passin", &passin], &bytes);
        let theirs = read(&printed).unwrap();
        let ours = read_with(&bytes, Some(PASSWORD.as_bytes())).unwrap();
        // openssl prints no lists.
        let ours: Vec<_> = ours.certificates().map(|item| item.der.to_vec()).collect();
        let theirs: Vec<_> = theirs.certificates().map(|item| item.der.to_vec()).collect();
        assert_eq!(ours, theirs);
        assert!(String::from_utf8_lossy(&printed).contains("BEGIN PRIVATE KEY"));
        assert_eq!(store_error(&bytes, Some("wrong")), StoreProblem::WrongPassword);
    }
}

#[test]
fn a_store_without_password_is_readable_by_all() {
    let trusted = bags().split_off(3);
    let bytes = pkcs12::encode(&trusted, Locked::Open).unwrap();
    let contents = read(&bytes).unwrap();
    assert_eq!(contents.items.len(), 2);
    assert_eq!(contents.integrity(), Some(&Integrity::Unprotected));
    openssl(&["pkcs12", "-nokeys", "-passin", "pass:"], &bytes);
}

#[test]
fn written_again_nothing_is_lost() {
    // A secret bag and attributes of strangers, put beside by hand.
    let mut first = bags();
    let secret = write::sequence(&[
        &write::oid(crate::oid::Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x05")),
        &write::element(Tag::context_constructed(0), &[b"\x30\x00"]),
    ]);
    first.push(Bag::new(BagContent::Secret(Zeroizing::new(secret))));
    let attribute = write::sequence(&[
        &write::oid(crate::oid::Oid(b"\x2b\x06\x01\x04\x01\x82\x37\x11\x01")),
        &write::set_of(vec![write::element(Tag::BMP_STRING, &[b"\0C\0S\0P"])]),
    ]);
    first[0].others.push(attribute.clone());
    let locked = Locked::With { password: PASSWORD.as_bytes(), protection: Protection::Modern };
    let bytes = pkcs12::encode(&first, locked).unwrap();
    let contents = read_with(&bytes, Some(PASSWORD.as_bytes())).unwrap();
    assert_eq!(contents.items.len(), 5);
    assert!(reasons(&contents)[0].ends_with("a secret that is not a private key"), "{:?}", reasons(&contents));
    let second = pkcs12::read(&bytes, Some(PASSWORD.as_bytes())).unwrap();
    assert_eq!(second.bags[0].others, [attribute]);
    let BagContent::Key(Key::Open { sealed: Some(sealed), .. }) = &second.bags[0].content else { panic!() };
    let again = pkcs12::encode(&second.bags, locked).unwrap();
    let third = pkcs12::read(&again, Some(PASSWORD.as_bytes())).unwrap();
    let BagContent::Key(Key::Open { sealed: Some(same), .. }) = &third.bags[0].content else { panic!() };
    assert_eq!(sealed, same);
    assert_eq!(third.bags.len(), 6);
    assert!(matches!(third.bags[5].content, BagContent::Secret(_)));
}

/// Writes every OCTET STRING as two pieces of definite length, which BER allows: NSS and old Windows do.
fn in_pieces(der: &[u8]) -> Vec<u8> {
    let (mut out, mut reader) = (Vec::new(), Reader::new(der));
    while let Ok(element) = reader.element() {
        if element.tag == Tag::OCTET_STRING {
            let (first, second) = element.value.split_at(element.value.len() / 2);
            let pieces = [first, second].map(|piece| write::element(Tag::OCTET_STRING, &[piece]));
            out.extend(write::element(Tag(0x24), &[&pieces[0], &pieces[1]]));
        } else if element.tag.is_constructed() {
            out.extend(write::element(element.tag, &[&in_pieces(element.value)]));
        } else {
            out.extend_from_slice(element.raw);
        }
    }
    out
}

#[test]
fn strings_in_pieces_are_joined() {
    for cipher in ["aes-256-cbc", "PBE-SHA1-3DES"] {
        let store = in_pieces(&written_by_openssl(PASSWORD, &["-certpbe", cipher, "-keypbe", cipher]));
        assert!(store.contains(&0x24), "no piece in it");
        assert_whole(&read_with(&store, Some(PASSWORD.as_bytes())).unwrap(), cipher);
        assert_eq!(store_error(&store, Some("another")), StoreProblem::WrongPassword);
    }
}

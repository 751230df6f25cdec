//! Small files with big bills: all the work of a file draws from one budget.

use super::*;
use crate::asn1::write;
use crate::container::item::Contents;
use crate::container::jks::{self, Content, Entry, Flavour};
use crate::container::opened::{self, Means};
use crate::container::pkcs12;
use crate::container::store_problem::StoreProblem;
use crate::crypto::password_based::{Budget, java};
use crate::oid::Oid;

const PASSWORD: &[u8] = b"changeit";
const HMAC_SHA256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02\x09";
const POSITION: Position = Position { block: 1, member: None, line: None, offset: 0 };

fn oid(bytes: &'static [u8]) -> Vec<u8> {
    write::oid(Oid(bytes))
}

fn explicit(inner: &[u8]) -> Vec<u8> {
    write::element(Tag::context_constructed(0), &[inner])
}

fn pbkdf2(iterations: u32, length: u32) -> Vec<u8> {
    let function = write::sequence(&[&oid(HMAC_SHA256), &write::NULL]);
    let (iterations, length) = (write::small_integer(iterations), write::small_integer(length));
    let parameters = write::sequence(&[&write::octet_string(b"saltsalt"), &iterations, &length, &function]);
    write::sequence(&[&oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c"), &parameters])
}

fn scrypt(cost: u32, block: u32, parallel: u32) -> Vec<u8> {
    let numbers = [cost, block, parallel].map(write::small_integer).concat();
    let parameters = write::sequence(&[&write::octet_string(b"saltsalt"), &numbers]);
    write::sequence(&[&oid(b"\x2b\x06\x01\x04\x01\xda\x47\x04\x0b"), &parameters])
}

/// A store with these encrypted parts, none of which any password opens, and this MAC.
fn store(derivations: &[Vec<u8>], mac: &[u8]) -> Vec<u8> {
    let data = oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01");
    let part = |derivation: &Vec<u8>| {
        let cipher = write::sequence(&[&oid(b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a"), &write::octet_string(&[0; 16])]);
        let parameters = write::sequence(&[derivation, &cipher]);
        let algorithm = write::sequence(&[&oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"), &parameters]);
        let sealed = write::element(Tag(0x80), &[&[0; 64]]);
        let inner = write::sequence(&[&write::small_integer(0), &write::sequence(&[&data, &algorithm, &sealed])]);
        write::sequence(&[&oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06"), &explicit(&inner)])
    };
    let parts: Vec<u8> = derivations.iter().flat_map(part).collect();
    let safe = write::sequence(&[&data, &explicit(&write::octet_string(&write::sequence(&[&parts])))]);
    write::sequence(&[&write::small_integer(3), &safe, mac])
}

fn pbmac1(iterations: u32, length: u32) -> Vec<u8> {
    let scheme = write::sequence(&[&oid(HMAC_SHA256), &write::NULL]);
    let parameters = write::sequence(&[&pbkdf2(iterations, length), &scheme]);
    let algorithm = write::sequence(&[&oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0e"), &parameters]);
    let info = write::sequence(&[&algorithm, &write::octet_string(&[0; 32])]);
    write::sequence(&[&info, &write::octet_string(b"saltsalt"), &write::small_integer(1)])
}

/// How many units of a budget it takes to read a store.
fn cost(bytes: &[u8]) -> u64 {
    let mut budget = Budget::of(1_000_000);
    let _ = pkcs12::read_within(bytes, Some(PASSWORD), &mut budget);
    1_000_000 - budget.left()
}

#[test]
fn every_factor_counts() {
    assert_eq!(cost(&store(&[], &pbmac1(1000, 32))), 1000);
    assert_eq!(cost(&store(&[], &pbmac1(1000, 1024))), 32_000);
    assert_eq!(cost(&store(&[pbkdf2(1000, 32)], &[])), 1000);
    assert_eq!(cost(&store(&vec![pbkdf2(1000, 32); 20], &[])), 20_000);
    let one = cost(&store(&[scrypt(1024, 8, 1)], &[]));
    assert_eq!(one, 3 * 1024 * 8);
    assert_eq!(cost(&store(&[scrypt(1024, 8, 4)], &[])), 4 * one);
    assert_eq!(cost(&store(&vec![scrypt(1024, 8, 1); 5], &[])), 5 * one);
}

#[test]
fn what_goes_beyond_it_is_not_begun() {
    let mut budget = Budget::of(2500);
    let problem =
        pkcs12::read_within(&store(&vec![pbkdf2(1000, 32); 20], &[]), Some(PASSWORD), &mut budget).unwrap_err();
    assert_eq!((problem, budget.left()), (StoreProblem::TooCostly { iterations: 1000 }, 500));
    // Memory is a factor of its own: as large blocks, and as many.
    for derivation in [scrypt(1 << 17, 8, 1), scrypt(2, 1 << 19, 1), scrypt(2, 1, 1 << 20)] {
        let problem = pkcs12::read(&store(&[derivation], &[]), Some(PASSWORD)).unwrap_err();
        assert!(matches!(problem, StoreProblem::TooCostly { .. }), "{problem:?}");
    }
}

#[test]
fn stores_of_one_file_share_it() {
    // One alone is within the budget of a file, four are not.
    let costly = pem::encode("PKCS12", &store(&[], &pbmac1(5_000_000, 32)));
    let text = costly.repeat(6);
    let error = read_with(text.as_bytes(), Some(PASSWORD)).unwrap_err();
    assert!(matches!(error, ContainerError::Store { problem: StoreProblem::WrongPassword, .. }), "{error:?}");
    let text = text + &pem::encode("CERTIFICATE", &AUTHORITY.der);
    let contents = read_with(text.as_bytes(), Some(PASSWORD)).unwrap();
    let is_costly =
        |skipped: &&Skipped| matches!(&skipped.why, Reason::Store { problem: StoreProblem::TooCostly { .. }, .. });
    assert_eq!((contents.items.len(), contents.skipped.iter().filter(is_costly).count()), (1, 3));
}

/// A Java store of keys that no password opens, each of which asks for these iterations.
fn java_store(keys: usize, iterations: u32) -> Vec<u8> {
    let parameters = write::sequence(&[&write::octet_string(&[0; 8]), &write::small_integer(iterations)]);
    let algorithm = write::sequence(&[&oid(b"\x2b\x06\x01\x04\x01\x2a\x02\x13\x01"), &parameters]);
    let sealed = write::sequence(&[&algorithm, &write::octet_string(&[0; 64])]);
    let entry = |number| Entry {
        alias: format!("key{number}"),
        created: 0,
        content: Content::Key { sealed: sealed.clone(), chain: vec![AUTHORITY.der.clone()] },
    };
    jks::encode(Flavour::Jceks, &(0..keys).map(entry).collect::<Vec<_>>(), PASSWORD).unwrap().to_vec()
}

#[test]
fn keys_of_a_java_store_share_it_and_stay_sealed_beyond_it() {
    let bytes = java_store(50, 100);
    let mut means = Means { passwords: Some(PASSWORD).into(), budget: Budget::of(10_000) };
    let mut contents = Contents::default();
    opened::read(&bytes, Store::Jceks, &mut means, POSITION, &mut contents).unwrap();
    assert_eq!((contents.items.len(), means.budget.left()), (100, 10_000 % 800));
    let [Skipped { why: Reason::Store { problem, .. }, .. }] = &contents.skipped[..] else { panic!("{contents:?}") };
    assert_eq!(*problem, StoreProblem::TooCostly { iterations: 100 });
    // A wrong password is held against the keys, too, and that is no work beside the budget.
    let mut means = Means { passwords: Some(b"another".as_slice()).into(), budget: Budget::of(10_000) };
    assert!(opened::read(&bytes, Store::Jceks, &mut means, POSITION, &mut contents).is_err());
    assert_eq!(means.budget.left(), 10_000 % 800);
}

#[test]
fn the_key_protector_of_jks_counts_its_digests() {
    let sealed = java::seal(&[7; 2000], PASSWORD, java::Protector::Jks).unwrap();
    let mut budget = Budget::of(1000);
    assert_eq!(*java::open(&sealed, PASSWORD, &mut budget).unwrap(), [7; 2000]);
    assert_eq!(budget.left(), 1000 - 2 * 102);
    assert!(java::open(&sealed, PASSWORD, &mut Budget::of(203)).is_err());
}

/// A secret of JCEKS: an empty array whose class has so many above it, each with these fields.
fn secret(classes: usize, fields: u16) -> Vec<u8> {
    let mut stream = b"\xac\xed\x00\x05u".to_vec();
    for _ in 0..classes {
        stream.extend(b"r\x00\x02[L\0\0\0\0\0\0\0\0\x02");
        stream.extend(fields.to_be_bytes());
        (0..fields).for_each(|_| stream.extend(b"I\0\0"));
        stream.push(0x78);
    }
    stream.extend(b"p\0\0\0\0");
    stream
}

#[test]
fn classes_of_secrets_are_bounded_where_they_would_be_copied() {
    let read = |classes, fields| {
        let content = Content::Secret(Zeroizing::new(secret(classes, fields)));
        let entry = Entry { alias: "secret".to_owned(), created: 0, content };
        jks::read(&jks::encode(Flavour::Jceks, &[entry], PASSWORD).unwrap(), Some(PASSWORD)).map(drop)
    };
    assert_eq!(read(16, 64), Ok(()));
    assert_eq!(read(17, 64), Err(StoreProblem::Depth));
    assert!(matches!(read(1, 65), Err(StoreProblem::Unexpected { .. })));
}

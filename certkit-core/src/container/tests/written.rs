//! What is written stays the same, octet for octet: digests of stores and keys that were made from fixed bytes.

use zeroize::Zeroizing;

use crate::container::entry::pair;
use crate::container::key::rsa_spki;
use crate::container::pkcs12::{self, Bag, BagContent, Key, Locked};
use crate::crypto::digest;
use crate::text::Hex;

/// The beginning of a digest.
fn mark(octets: &[u8]) -> String {
    Hex(digest::sha256(octets)).to_string()[..16].to_owned()
}

/// An element with these contents, as long as they may be below 128.
fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(contents.len()).unwrap()], contents].concat()
}

#[test]
fn stores_and_keys_are_written_as_before() {
    let number = |value: u8| element(2, &[value]);
    let pkcs1 = element(0x30, &[number(0), (3..11).flat_map(number).collect()].concat());
    let curve = element(0xa0, b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07");
    let sec1 = element(0x30, &[number(1), element(4, &[7; 32]), curve].concat());
    let wrapped = [pkcs1, sec1].map(|key| pair::to_pkcs8(Zeroizing::new(key)).unwrap());
    let keys = wrapped.each_ref().map(|key| mark(key));
    let public = element(0x30, &[element(2, &[0x55; 40]), number(3)].concat());
    let spki = mark(&rsa_spki(&public).unwrap());

    let mut certificate = Bag::new(BagContent::Certificate(vec![0x30, 0]));
    certificate.alias = Some("Anlage Süd".to_owned());
    certificate.key_id = Some(vec![1, 2, 3, 4]);
    certificate.is_trusted = true;
    certificate.others = vec![element(0x30, b"\x06\x01\x2a\x31\x02\x05\x00")];
    let mut key = Bag::new(BagContent::Key(Key::Open { pkcs8: wrapped[0].clone(), sealed: None }));
    key.alias = Some("key".to_owned());
    let sealed = element(0x30, &[element(0x30, b"\x06\x01\x2a"), element(4, &[9; 16])].concat());
    let bags = [
        certificate,
        Bag::new(BagContent::RevocationList(vec![0x30, 0])),
        key,
        Bag::new(BagContent::Key(Key::Sealed(sealed))),
        Bag::new(BagContent::Other { kind: "1.2.3".to_owned(), bag: Zeroizing::new(element(0x30, b"\x06\x01\x2a")) }),
    ];
    let store = mark(&pkcs12::encode(&bags, Locked::Open).unwrap());
    let marks = [&keys[0], &keys[1], &spki, &store];
    assert_eq!(marks, ["58d3e941c0ad8ec6", "f64e11b8fb6b29af", "6db70924b72c6d29", "fbd9fce1ba3732a9"]);
}

//! Keys that are none, or that anybody can sign under, have a fault, whoever asks.

use std::path::Path;

use certkit_core::cert::Certificate;
use certkit_core::check::{PROFILES, webpki::soundness};
use certkit_core::crypto::key::{KeyFault, KeyKind, PublicKey};
use certkit_core::crypto::signature::{Failure, Prepared, SignatureAlgorithm, verify};
use numbers::{Number, decrement, twice};

/// Big numbers, big endian, as far as these tests need them.
mod numbers {
    pub(crate) type Number = Vec<u8>;

    pub(crate) fn decrement(number: &[u8]) -> Number {
        let mut number = number.to_vec();
        for octet in number.iter_mut().rev() {
            let (less, borrows) = octet.overflowing_sub(1);
            *octet = less;
            if !borrows {
                break;
            }
        }
        number
    }

    pub(crate) fn twice(number: &[u8]) -> Number {
        let mut out = vec![0];
        out.extend_from_slice(number);
        for at in 0..out.len() {
            out[at] = out[at] << 1 | out.get(at + 1).map_or(0, |next| next >> 7);
        }
        out
    }
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let mut out = vec![tag];
    match value.len() {
        short @ ..0x80 => out.push(short as u8),
        long => out.extend([0x82, (long >> 8) as u8, long as u8]),
    }
    out.extend(value);
    out
}

fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    tlv(2, &[&[0], &number[zeros..]])
}

fn spki(algorithm: &[&[u8]], key: &[u8]) -> Vec<u8> {
    tlv(0x30, &[&tlv(0x30, algorithm), &tlv(3, &[&[0], key])])
}

const RSA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const DSA: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x38\x04\x01";
const EC: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01";

fn fault(spki: &[u8]) -> Option<KeyFault> {
    PublicKey::from_spki(spki).unwrap().fault()
}

/// The key of the first certificate of a specimen.
fn key_of(check: &str, name: &str) -> Vec<u8> {
    let checks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/checks");
    let block = pem::parse(std::fs::read(checks.join(check).join(name).with_extension("pem")).unwrap()).unwrap();
    Certificate::from_der(block.contents()).unwrap().spki().to_vec()
}

#[test]
fn rsa_numbers_are_odd_and_more_than_one() {
    let spki = key_of("key-too-weak", "good");
    let PublicKey { kind: KeyKind::Rsa { modulus, exponent, .. }, .. } = PublicKey::from_spki(&spki).unwrap() else {
        panic!("no RSA key")
    };
    let of = |modulus: &[u8], exponent: &[u8]| {
        fault(&self::spki(&[RSA, &[5, 0]], &tlv(0x30, &[&integer(modulus), &integer(exponent)])))
    };
    assert_eq!(of(modulus, exponent), None);
    for (modulus, exponent, expected) in [
        (modulus, &[][..], KeyFault::Exponent),
        (modulus, &[1], KeyFault::Exponent),
        (modulus, &[1, 0, 0], KeyFault::Exponent),
        (modulus, modulus, KeyFault::Exponent),
        (modulus, &[modulus, &[1]].concat(), KeyFault::Exponent),
        (&decrement(modulus), exponent, KeyFault::Modulus),
        (&[], exponent, KeyFault::Modulus),
        (&[1], exponent, KeyFault::Modulus),
    ] {
        assert_eq!(of(modulus, exponent), Some(expected), "{modulus:x?} {exponent:x?}");
    }
}

#[test]
fn nothing_stands_beside_the_numbers_of_a_key() {
    let (curve, point) = (b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", [4; 65]);
    let key = tlv(0x30, &[&integer(&[0xff; 256]), &integer(&[3])]);
    let longer = tlv(0x30, &[&integer(&[0xff; 256]), &integer(&[3]), &integer(&[5])]);
    let [p, q, g, y] = &sound_dsa();
    let parameters = tlv(0x30, &[&integer(p), &integer(q), &integer(g)]);
    let more = tlv(0x30, &[&integer(p), &integer(q), &integer(g), &integer(g)]);
    for (sound, unsound) in [
        (spki(&[RSA, &[5, 0]], &key), spki(&[RSA, &[5, 0]], &longer)),
        (spki(&[DSA, &parameters], &integer(y)), spki(&[DSA, &more], &integer(y))),
        (spki(&[DSA], &integer(y)), spki(&[DSA], &[integer(y), integer(y)].concat())),
        // Five bits of the last octet are no part of the key.
        (spki(&[EC, curve], &point), tlv(0x30, &[&tlv(0x30, &[EC, curve]), &tlv(3, &[&[5], &point])])),
    ] {
        assert!(PublicKey::from_spki(&sound).is_ok(), "{sound:x?}");
        assert!(PublicKey::from_spki(&unsound).is_err(), "{unsound:x?}");
    }
}

#[test]
fn points_lie_on_their_curves() {
    let p256 = key_of("san-missing", "good");
    let curve = b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
    let point = PublicKey::from_spki(&p256).unwrap().bits;
    let of = |curve: &[u8], point: &[u8]| fault(&spki(&[EC, curve], point));
    let compressed = [&[2 | point[64] & 1], &point[1..33]].concat();
    let hybrid = [&[6 | point[64] & 1], &point[1..]].concat();
    assert_eq!((of(curve, point), of(curve, &compressed)), (None, None));
    let beside = [&point[..64], &[point[64] ^ 1]].concat();
    let longer = [point, &[0]].concat();
    for octets in [&beside[..], &longer, &point[..64], &[0], &[], &[4], &hybrid, &p256] {
        assert_eq!(of(curve, octets), Some(KeyFault::NoPoint), "{octets:x?}");
    }
    // Curves that the backend does not know: P-224, whose square roots nobody here computes, and a brainpool curve.
    let p224 = key_of("key-too-weak", "bad-p224");
    let point = PublicKey::from_spki(&p224).unwrap().bits;
    let curve = b"\x06\x05\x2b\x81\x04\x00\x21";
    assert_eq!(of(curve, point), None);
    assert_eq!(of(curve, &[&[3], &point[1..29]].concat()), None);
    let with_point = |last: u8| of(curve, &[&[2], &point[1..28], &[last]].concat()).is_none();
    let count = (0..=255).filter(|last| with_point(*last)).count();
    assert!((80..176).contains(&count), "{count}");
    assert_eq!(of(curve, &[&point[..56], &[point[56] ^ 1]].concat()), Some(KeyFault::NoPoint));
}

/// Parameters and value of a DSA key.
type Dsa = [Number; 4];

fn dsa_fault([p, q, g, y]: &Dsa) -> Option<KeyFault> {
    let parameters = tlv(0x30, &[&integer(p), &integer(q), &integer(g)]);
    fault(&spki(&[DSA, &parameters], &integer(y)))
}

fn sound_dsa() -> Dsa {
    let spki = key_of("key-dsa", "bad");
    let PublicKey { kind: KeyKind::Dsa { parameters: Some([p, q, g]), y }, .. } = PublicKey::from_spki(&spki).unwrap()
    else {
        panic!("no DSA key")
    };
    [p, q, g, y].map(<[u8]>::to_vec)
}

#[test]
fn dsa_parameters_are_of_a_group_in_which_only_the_owner_signs() {
    let sound = sound_dsa();
    assert_eq!(dsa_fault(&sound), None);
    let [p, q, g, y] = &sound;
    let (one, last) = (vec![1], decrement(p));
    let mut foreign = q.clone();
    foreign[5] ^= 1;
    let small = vec![0x83];
    let huge = [vec![1], vec![0; 4999], vec![1]].concat();
    for (label, numbers) in [
        ("the generator 1", [p, q, &one, y]),
        ("the generator 0", [p, q, &vec![], y]),
        ("the generator -1", [p, q, &last, y]),
        ("a generator beyond the prime", [p, q, &twice(p), y]),
        ("a generator of another order", [p, q, &vec![2], y]),
        ("the value 1", [p, q, g, &one]),
        ("the value 0", [p, q, g, &vec![]]),
        ("the value -1", [p, q, g, &last]),
        ("a value outside of the group", [p, q, g, &vec![2]]),
        ("a subprime that is no divisor", [p, &foreign, g, y]),
        ("a divisor that is no prime", [p, &decrement(p), g, y]),
        ("a small subprime", [p, &small, g, y]),
        ("no subprime", [p, &vec![], g, y]),
        ("an even prime", [&decrement(p), q, g, y]),
        ("a small prime", [&q.clone(), &decrement(q), g, y]),
        ("no prime", [&vec![], q, g, y]),
        ("a prime whose size costs", [&huge, q, g, y]),
    ] {
        assert_eq!(dsa_fault(&numbers.map(Clone::clone)), Some(KeyFault::DsaDomain), "{label}");
    }
    // Where the parameters stand in another certificate, the value alone is looked at.
    let alone = |y: &[u8]| fault(&spki(&[DSA], &integer(y)));
    assert_eq!((alone(y), alone(&[1])), (None, Some(KeyFault::DsaDomain)));
}

#[test]
fn no_signature_holds_under_a_key_with_a_fault() {
    let [p, q, _, _] = &sound_dsa();
    // With the generator 1 and the value 1 everything is 1, and the signature (1, 1) fits every message.
    let forged = tlv(0x30, &[&[2, 1, 1], &[2, 1, 1]]);
    let parameters = tlv(0x30, &[&integer(p), &integer(q), &integer(&[1])]);
    let spki = spki(&[DSA, &parameters], &integer(&[1]));
    let key = PublicKey::from_spki(&spki).unwrap();
    let algorithm = tlv(0x30, &[b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x02"]);
    let algorithm = SignatureAlgorithm::from_der(&algorithm).unwrap();
    assert_eq!(verify(algorithm, &key, b"anything", &forged), Err(Failure::UnsoundKey));
    let prepared = Prepared::default();
    for _ in 0..3 {
        assert_eq!(prepared.verify(algorithm, &key, b"anything", &forged), Err(Failure::UnsoundKey));
    }
}

#[test]
fn every_profile_refuses_every_key_with_a_fault() {
    for profile in PROFILES {
        for check in soundness::CHECKS {
            let found = profile.checks().find(|(other, _)| other.id == check.id);
            assert_eq!(found.map(|(_, severity)| severity.name()), Some("error"), "{} {}", profile.name, check.id);
        }
    }
}

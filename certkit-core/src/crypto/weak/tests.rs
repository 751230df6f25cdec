use super::*;
use crate::text::Hex;

/// A number of this many bits that is a prime; the one after a seed.
fn prime_after(seed: UBig) -> UBig {
    let mut candidate = seed | UBig::ONE;
    while !is_prime(&candidate) {
        candidate += 2u8;
    }
    candidate
}

fn is_prime(number: &UBig) -> bool {
    let ring = ConstDivisor::new(number.clone());
    PRIMES.iter().all(|prime| number % *prime != 0)
        && [2u8, 3, 5, 7].into_iter().all(|base| ring.reduce(base).pow(&(number - 1u8)).residue() == UBig::ONE)
}

fn seed(number: u8, bits: usize) -> UBig {
    let octets: Vec<u8> = (0..bits / 8).map(|at| (at as u8).wrapping_mul(167).wrapping_add(number) | 0x80).collect();
    UBig::from_be_bytes(&octets)
}

fn bytes(number: &UBig) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

#[test]
fn weak_moduli_are_told_and_sound_ones_are_not() {
    let [p, q] = [1, 77].map(|it| prime_after(seed(it, 512)));
    assert_eq!(weakness(&bytes(&(&p * &q))), None);
    let next = prime_after(&p + 2u8);
    assert_eq!(weakness(&bytes(&(&p * &next))), Some(Weakness::ClosePrimes));
    assert_eq!(weakness(&bytes(&(&p * &p))), Some(Weakness::ClosePrimes));
    for factor in [757u16, 65_521] {
        assert_eq!(weakness(&bytes(&(&p * &q * factor))), Some(Weakness::SmallFactor(factor.into())));
    }
    for few in [p.clone(), &p * &p * &p, q.pow(5)] {
        assert_eq!(weakness(&bytes(&few)), Some(Weakness::FewPrimes));
    }
    // Primes as the library makes them: a multiple of the product, and a power of 65537 modulo it.
    let product = PRIMES.iter().fold(UBig::from(2u8), |all, it| all * *it);
    let ring = ConstDivisor::new(product.clone());
    let marked = |number: u8| {
        let power = ring.reduce(GENERATOR).pow(&UBig::from(1000u32 + u32::from(number))).residue();
        let mut candidate = seed(number, 512) / &product * &product + power;
        while !is_prime(&candidate) {
            candidate += &product;
        }
        candidate
    };
    assert_eq!(weakness(&bytes(&(marked(3) * marked(200)))), Some(Weakness::Roca));
}

#[test]
fn whoever_shares_a_prime_is_found_among_many() {
    let primes: Vec<UBig> = (0..12).map(|it| prime_after(seed(it * 20 + 1, 256))).collect();
    let mut moduli: Vec<Vec<u8>> = primes.chunks(2).map(|pair| bytes(&(&pair[0] * &pair[1]))).collect();
    let numbers = |moduli: &[Vec<u8>]| shared(&moduli.iter().map(Vec::as_slice).collect::<Vec<_>>());
    assert_eq!(numbers(&moduli), Shared::default());
    // The same key twice shares nothing.
    moduli.push(moduli[0].clone());
    assert_eq!(numbers(&moduli), Shared::default());
    moduli.push(bytes(&(&primes[0] * &primes[3])));
    let sharing = |at, with| Sharing { at, with: Some(with) };
    assert_eq!(numbers(&moduli).sharing, [sharing(0, 7), sharing(1, 7), sharing(6, 7), sharing(7, 0)]);
    assert_eq!(numbers(&[]), Shared::default());
    assert_eq!(numbers(&[vec![0], vec![1], vec![]]), Shared::default());
}

#[test]
fn lists_of_known_keys_are_read_in_every_form() {
    let modulus = [0xab; 256];
    let text = format!(
        "# Debian\n{}\n",
        &Hex(digest::sha1(format!("Modulus={}\n", "AB".repeat(256)).as_bytes())).to_string()[20..]
    );
    let mut record = digest::sha256(&modulus)[..15].to_vec();
    record.push(7);
    let records = [&[0; 16][..], &record, &[0xff; 16]].concat();
    let numbers = crate::asn1::write::sequence(&[&[&[2, 0x82, 1, 1, 0][..], &modulus].concat(), &[2, 3, 1, 0, 1]]);
    let algorithm = crate::asn1::write::sequence(&[
        &crate::asn1::write::oid(crate::oid::RSA_ENCRYPTION),
        &crate::asn1::write::NULL,
    ]);
    let spki = crate::asn1::write::sequence(&[&algorithm, &crate::asn1::write::bit_string(&numbers)]);
    let key = crate::crypto::key::PublicKey::from_spki(&spki).unwrap();
    let digest = Hex(digest::sha256(&spki)).to_string();
    for (list, count) in [(text.into_bytes(), 1), (records, 3), (digest.into_bytes(), 1)] {
        let mut known = KnownKeys::default();
        assert!(!known.has(&key));
        assert_eq!(known.add(list), Ok(count));
        assert!(known.has(&key));
    }
    let mut known = KnownKeys::default();
    assert_eq!(known.add(b"0123456789abcdef0123\nno digits\n".to_vec()), Err(NotAList::Line { line: 2 }));
    assert_eq!(known.add([[0xff; 16], [0; 16]].concat()), Err(NotAList::Order { record: 2 }));
    assert_eq!(known.add(vec![1; 17]), Err(NotAList::Order { record: 2 }));
    assert_eq!(known.add(Vec::new()), Err(NotAList::Empty));
}

#[test]
fn badkeys_lists_keys_of_every_kind_by_one_number() {
    use crate::asn1::write::{bit_string, integer, oid as named, sequence};
    use crate::oid;
    let record = |number: &[u8]| [&digest::sha256(number)[..15], &[7]].concat();
    let x = [0xa1; 32];
    let point = [&[4][..], &[&[0][..], &x[1..]].concat(), &[0xb2; 32]].concat();
    let curve = |curve| sequence(&[&named(oid::EC_PUBLIC_KEY), &named(curve)]);
    let raw = [&[0][..], &[0x31; 31]].concat();
    for (algorithm, bits, number) in [
        // Zeros at the start of a number do not count.
        (curve(oid::P256), point.clone(), &x[1..]),
        (curve(oid::SECP256K1), [&[3][..], &x].concat(), &x[..]),
        (sequence(&[&named(oid::ED25519)]), raw.clone(), &raw[1..]),
        (sequence(&[&named(oid::DSA)]), integer(&x), &x),
    ] {
        let spki = sequence(&[&algorithm, &bit_string(&bits)]);
        let key = crate::crypto::key::PublicKey::from_spki(&spki).unwrap();
        let mut known = KnownKeys::default();
        known.add(record(number)).unwrap();
        assert!(known.has(&key), "{key}");
        let mut others = KnownKeys::default();
        others.add(record(b"another")).unwrap();
        assert!(!others.has(&key), "{key}");
    }
}

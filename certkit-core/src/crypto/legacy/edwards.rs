//! Points on the curves of Bernstein and Hamburg (RFC 8032): whether they are any, and those of small order on the larger one.
//!
//! The backend does not look.

// Big numbers do not overflow; a subtraction below zero would panic, and each has its larger side first.
#![allow(clippy::arithmetic_side_effects)]

use rsa::BigUint;

use super::weierstrass::is_square;

/// Says whether these are the octets of an Ed448 or X448 key whose order divides 4: coordinates 0, 1 and -1, in every
/// spelling.
pub(in crate::crypto) fn is_small_448(octets: &[u8]) -> bool {
    let (p, one) = (prime_448(), BigUint::from(1u8));
    let coordinate = without_sign(octets);
    [BigUint::default(), one.clone(), &p - &one, p.clone(), &p + &one].contains(&coordinate)
}

/// Says whether these octets are the encoding of a point on edwards25519 (RFC 8032 section 5.1.3).
pub(in crate::crypto) fn is_ed25519(octets: &[u8]) -> bool {
    let p = prime_25519();
    // -x² + y² = 1 + d x² y², d being -121665/121666.
    let numerator = |yy: &BigUint| yy + &p - 1u8;
    let denominator =
        |yy: &BigUint| BigUint::from(121_666u32) * (&p - BigUint::from(121_665u32) * yy % &p + 121_666u32);
    decodes(octets, &p, numerator, denominator)
}

/// Says whether these octets are the encoding of a point on edwards448 (RFC 8032 section 5.2.3).
pub(in crate::crypto) fn is_ed448(octets: &[u8]) -> bool {
    let p = prime_448();
    // x² + y² = 1 + d x² y², d being -39081.
    let numerator = |yy: &BigUint| &p + 1u8 - yy;
    let denominator = |yy: &BigUint| BigUint::from(39_081u32) * yy + 1u8;
    decodes(octets, &p, numerator, denominator)
}

/// Says whether `y` lies below the prime and there is an `x` for it: whether `x²`, a fraction, is a square.
fn decodes(
    octets: &[u8],
    p: &BigUint,
    numerator: impl Fn(&BigUint) -> BigUint,
    denominator: impl Fn(&BigUint) -> BigUint,
) -> bool {
    let y = without_sign(octets);
    let yy = &y * &y % p;
    // A fraction is a square where the product of its parts is one; the denominators are never zero.
    y < *p && is_square(&(numerator(&yy) * denominator(&yy) % p), p)
}

/// The coordinate of an encoded point, without the bit for the sign of the other one. (X448 has no such bit: its 56 octets
/// are all of the number, and a set bit makes it none of those that are looked for.)
fn without_sign(octets: &[u8]) -> BigUint {
    let mut octets = octets.to_vec();
    let is_signed = matches!(octets.len(), 32 | 57);
    if let Some(last) = octets.last_mut().filter(|_| is_signed) {
        *last &= 0x7f;
    }
    BigUint::from_bytes_le(&octets)
}

/// `2^255 - 19`.
fn prime_25519() -> BigUint {
    (BigUint::from(1u8) << 255usize) - 19u8
}

/// `2^448 - 2^224 - 1`.
fn prime_448() -> BigUint {
    let one = BigUint::from(1u8);
    (&one << 448usize) - (&one << 224usize) - one
}

#[cfg(test)]
mod tests {
    use super::super::super::edwards::{EDWARDS, MONTGOMERY, is_small_25519, near_prime, small};
    use super::*;

    /// Doubles a point three times; the neutral element is `(0, 1)`.
    #[test]
    fn eight_times_a_listed_edwards_point_is_neutral() {
        let (p, one) = (prime_25519(), BigUint::from(1u8));
        let invert = |it: &BigUint| it.modpow(&(&p - BigUint::from(2u8)), &p);
        let minus = |a: &BigUint, b: &BigUint| ((a + &p) - (b % &p)) % &p;
        let d = minus(&BigUint::default(), &(BigUint::from(121_665u32) * invert(&BigUint::from(121_666u32)) % &p));
        for point in EDWARDS {
            let mut y = BigUint::from_bytes_le(&point) % &p;
            // Of the curve -x² + y² = 1 + d x² y² the squares are enough: doubling needs x y, whose square is known.
            for _ in 0..3 {
                let yy = &y * &y % &p;
                let xx = minus(&yy, &one) * invert(&((&d * &yy + &one) % &p)) % &p;
                let dxxyy = &d * &xx % &p * &yy % &p;
                y = (&yy + &xx) * invert(&minus(&one, &dxxyy)) % &p;
            }
            assert_eq!(y, one, "{point:x?}");
        }
    }

    /// On Montgomery's curve doubling needs `u` alone; the neutral element has no `u`: its denominator is zero.
    #[test]
    fn eight_times_a_listed_montgomery_point_is_neutral() {
        let p = prime_25519();
        for point in MONTGOMERY {
            let (mut x, mut z) = (BigUint::from_bytes_le(&point) % &p, BigUint::from(1u8));
            for _ in 0..3 {
                let (xx, zz, xz) = (&x * &x % &p, &z * &z % &p, &x * &z % &p);
                let difference = (&xx + &p - &zz) % &p;
                let sum = (&xx + BigUint::from(486_662u32) * &xz + &zz) % &p;
                (x, z) = (&difference * &difference % &p, BigUint::from(4u8) * &xz % &p * sum % &p);
            }
            assert_eq!(z, BigUint::default(), "{point:x?}");
        }
    }

    #[test]
    fn half_of_all_coordinates_are_of_no_point() {
        use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
        for _ in 0..8 {
            let pair = Ed25519KeyPair::generate().unwrap();
            assert!(is_ed25519(pair.public_key().as_ref()), "{pair:?}");
        }
        // The public keys of the first test vectors of RFC 8032 sections 7.1 and 7.4.
        let (key_25519, key_448) = (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe\
             8256180",
        );
        let octets = |hex: &str| {
            let digit = |digit: u8| (digit as char).to_digit(16).unwrap() as u8;
            hex.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect::<Vec<_>>()
        };
        let (key_25519, key_448) = (octets(key_25519), octets(key_448));
        assert!(is_ed25519(&key_25519) && is_ed448(&key_448));
        assert!(!is_small_25519(&key_25519) && !is_small_448(&key_448));
        let numbers = |length: usize| (0..64u8).map(move |low| [vec![low], vec![0; length - 1]].concat());
        let of_25519 = numbers(32).filter(|it| is_ed25519(it)).count();
        let of_448 = numbers(57).filter(|it| is_ed448(it)).count();
        assert!((20..44).contains(&of_25519) && (20..44).contains(&of_448), "{of_25519} {of_448}");
        // 3 and the prime are one number: the second spelling is none.
        let beyond = (3..19).find(|low| is_ed25519(&small(*low))).unwrap();
        assert!(!is_ed25519(&near_prime(0xed + beyond)));
    }

    #[test]
    fn small_coordinates_of_curve448_are_known_in_every_spelling() {
        let p = prime_448().to_bytes_le();
        let near = |first: u8| [vec![first], p[1..].to_vec()].concat();
        let last = |first: u8| [vec![first], p[1..28].to_vec(), vec![0xfe], p[29..].to_vec()].concat();
        assert_eq!(last(0xff), p);
        for octets in [vec![0; 56], [vec![1], vec![0; 55]].concat(), near(0xfe), near(0xff)] {
            assert!(is_small_448(&octets) && is_small_448(&[octets.clone(), vec![0x80]].concat()), "{octets:x?}");
        }
        assert!(!is_small_448(&[vec![5], vec![0; 55]].concat()));
    }
}

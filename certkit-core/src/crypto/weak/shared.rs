//! Moduli that share a prime with another one: the greatest common divisor of each with the product of all others.

use std::collections::HashMap;

use dashu_int::UBig;
use dashu_int::ops::{BitTest, Gcd};

/// A modulus that shares a prime with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// Its index.
    pub at: usize,
    /// The index of one with which it shares a prime; `None` where there are too many to say.
    pub with: Option<usize>,
}

/// What came of comparing moduli.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// Those that share a prime, in their order.
    pub sharing: Vec<Sharing>,
    /// How many were left out, since all together are longer than is compared at once.
    pub left_out: usize,
}

/// So many octets of moduli are compared at once: those of 100 000 keys of 4096 bits and some more.
const MOST: usize = 64 << 20;

/// Of so many that share primes it is said with which other one.
const NAMED: usize = 100;

/// Finds the moduli (big endian) that share a prime with another one. The same modulus several times is one.
///
/// Costs n log² n: some minutes for 100 000 of 2048 bits, and a gigabyte of memory.
pub fn shared(moduli: &[&[u8]]) -> Shared {
    let mut firsts: HashMap<&[u8], usize> = HashMap::new();
    let mut distinct: Vec<(usize, UBig)> = Vec::new();
    let (mut octets, mut left_out) = (0usize, 0);
    for (at, modulus) in moduli.iter().enumerate() {
        if firsts.contains_key(modulus) {
            continue;
        }
        octets += modulus.len();
        if octets > MOST {
            left_out += 1;
            continue;
        }
        firsts.insert(modulus, at);
        let number = UBig::from_be_bytes(modulus);
        if number > UBig::ONE {
            distinct.push((at, number));
        }
    }
    let common = with_others(&distinct);
    let found: Vec<(usize, &UBig)> = distinct
        .iter()
        .zip(&common)
        .filter(|(_, common)| **common != UBig::ONE)
        .map(|((at, it), _)| (*at, it))
        .collect();
    let partner = |at: usize, modulus: &UBig| {
        let others = found.iter().filter(|(other, _)| *other != at).take(NAMED);
        others.into_iter().find(|(_, other)| modulus.gcd(*other) != UBig::ONE).map(|(other, _)| *other)
    };
    let named: HashMap<usize, Option<usize>> = found
        .iter()
        .enumerate()
        .map(|(number, (at, modulus))| (*at, if number < NAMED { partner(*at, modulus) } else { None }))
        .collect();
    let sharing = moduli.iter().enumerate().filter_map(|(at, modulus)| {
        let first = firsts.get(modulus)?;
        named.get(first).map(|with| Sharing { at, with: *with })
    });
    Shared { sharing: sharing.collect(), left_out }
}

/// So many bits more than a product has are kept of a fraction below it: twenty levels of a tree lose as many.
const GUARD: usize = 64;

/// The greatest common divisor of each number with the product of all others.
///
/// The sum of the products that each leave one number out is, modulo a number, the product of all the others. Its rests are
/// found without divisions, which cost many times more than products (Bernstein, Scaled remainder trees): the fraction that it is of the whole
/// product, times the product of the numbers on the other side, is the fraction that it is of the product on this side.
fn with_others(numbers: &[(usize, UBig)]) -> Vec<UBig> {
    let mut levels: Vec<Vec<UBig>> = vec![numbers.iter().map(|(_, number)| number.clone()).collect()];
    let mut sums: Vec<UBig> = vec![UBig::ONE; numbers.len()];
    while let Some(level) = levels.last().filter(|level| level.len() > 1) {
        let pairs = level.chunks(2).zip(sums.chunks(2));
        let above = pairs.map(|(products, sums)| match (products, sums) {
            ([one, other], [sum, other_sum]) => (one * other, sum * other + one * other_sum),
            _ => (products.first().cloned().unwrap_or_default(), sums.first().cloned().unwrap_or_default()),
        });
        let (above, next): (Vec<UBig>, Vec<UBig>) = above.unzip();
        sums = next;
        levels.push(above);
    }
    let Some((root, sum)) = levels.pop().unwrap_or_default().pop().zip(sums.pop()) else { return Vec::new() };
    // Of each fraction, so many bits as its product has, and some more.
    let places = |product: &UBig| product.bit_len().saturating_add(GUARD);
    let mut fraction = (sum * reciprocal(&root, places(&root) + GUARD)) >> (root.bit_len() + GUARD);
    fraction.clear_high_bits(places(&root));
    let mut fractions = vec![fraction];
    let mut above = vec![root];
    while let Some(level) = levels.pop() {
        let below = level.iter().enumerate().map(|(at, product)| {
            let (Some(fraction), Some(whole)) = (fractions.get(at / 2), above.get(at / 2)) else { return UBig::ZERO };
            let Some(other) = level.get(at ^ 1) else { return fraction.clone() };
            let mut scaled = fraction * other;
            scaled.clear_high_bits(places(whole));
            scaled >> places(whole).saturating_sub(places(product))
        });
        fractions = below.collect();
        above = level;
    }
    let rests = above.iter().zip(&fractions).map(|(number, fraction)| {
        let half = UBig::ONE << places(number).saturating_sub(1);
        (fraction * number + half) >> places(number)
    });
    above.iter().zip(rests).map(|(number, rest)| number.gcd(rest)).collect()
}

/// The precision at which a division costs no more than products.
const DIVIDED: usize = 4096;

/// Two to the power of the bits of a number and of `places`, divided by that number, but for the last few bits (Newton).
fn reciprocal(number: &UBig, places: usize) -> UBig {
    // Of the number, no more than counts at this precision.
    let head = number >> number.bit_len().saturating_sub(places + GUARD);
    if places <= DIVIDED {
        return (UBig::ONE << (head.bit_len() + places)) / head;
    }
    let half = places / 2 + GUARD;
    let first = reciprocal(number, half);
    let correction = (first.sqr() * &head) >> (head.bit_len() + 2 * half - places);
    (first << (places - half + 1)) - correction
}

//! Moduli that share a prime with another one: the greatest common divisor of each with the product of all others.

use std::collections::HashMap;

use dashu_int::UBig;
use dashu_int::ops::Gcd;

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
/// Costs n log² n: a minute or two for 100 000 of 2048 bits, and half a gigabyte of memory.
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

/// The greatest common divisor of each number with the product of the others: a tree of products upwards, the rests of
/// the whole product modulo squares downwards.
fn with_others(numbers: &[(usize, UBig)]) -> Vec<UBig> {
    let mut levels: Vec<Vec<UBig>> = vec![numbers.iter().map(|(_, number)| number.clone()).collect()];
    while let Some(level) = levels.last().filter(|level| level.len() > 1) {
        let above = level.chunks(2).map(|pair| match pair {
            [one, other] => one * other,
            rest => rest.first().cloned().unwrap_or(UBig::ONE),
        });
        let above = above.collect();
        levels.push(above);
    }
    let mut rests = levels.pop().unwrap_or_default();
    while let Some(level) = levels.pop() {
        let below = level.iter().enumerate().map(|(at, number)| match rests.get(at / 2) {
            Some(rest) => rest % number.sqr(),
            None => UBig::ONE,
        });
        rests = below.collect();
    }
    let divisors = numbers.iter().zip(rests).map(|((_, number), rest)| number.gcd(rest / number));
    divisors.collect()
}

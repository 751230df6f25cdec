//! RSA keys whose private key can be computed by anyone, by known faults of their generators.
//!
//! Uses only public numbers, so nothing here is secret and nothing has to run in constant time.

// Big numbers do not overflow; a subtraction below zero would panic, and each has its larger side first.
#![allow(clippy::arithmetic_side_effects)]

mod known;
mod shared;

use std::sync::LazyLock;

use dashu_int::UBig;
use dashu_int::ops::SquareRoot;

pub use self::known::{KnownKeys, NotAList};
pub use self::shared::{Shared, Sharing, shared};

/// Why the private half of an RSA key can be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Its primes have the form of those that the library of Infineon's chips made until 2017 (ROCA).
    Roca,
    /// Its primes lie so close together that a hundred steps of Fermat's method find them.
    ClosePrimes,
}

/// So many steps of Fermat's method are taken (CA/B Forum Baseline Requirements section 6.1.1.3).
const STEPS: u16 = 100;

/// The primes below which every key of the library shows its form.
const MARKED: u16 = 168;

/// The exponent of which its primes are powers, modulo small primes.
const GENERATOR: u32 = 65_537;

static PRIMES: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let is_prime = |number: &u16| (2..*number).take_while(|it| it * it <= *number).all(|it| !number.is_multiple_of(it));
    (3..MARKED).step_by(2).filter(is_prime).collect()
});

/// Finds what is known to be weak about a modulus, big endian. Costs some ten microseconds for 2048 bits.
pub fn weakness(modulus: &[u8]) -> Option<Weakness> {
    let modulus = UBig::from_be_bytes(modulus);
    if modulus <= UBig::from(MARKED) {
        return None;
    }
    if has_mark(&modulus) {
        return Some(Weakness::Roca);
    }
    has_close_primes(&modulus).then_some(Weakness::ClosePrimes)
}

/// Says whether a modulus is a power of the generator modulo every small prime. One of a thousand million that are sound
/// is, too.
fn has_mark(modulus: &UBig) -> bool {
    PRIMES.iter().all(|prime| {
        let (rest, prime) = (u32::from(modulus % *prime), u32::from(*prime));
        let step = GENERATOR % prime;
        let mut power = 1;
        loop {
            if power == rest {
                return true;
            }
            power = power * step % prime;
            if power == 1 {
                return false;
            }
        }
    })
}

/// Looks for two squares whose difference is the modulus, from its root upwards.
fn has_close_primes(modulus: &UBig) -> bool {
    let root = modulus.sqrt();
    let mut middle = if root.sqr() == *modulus { root } else { root + 1u8 };
    let mut difference = middle.sqr() - modulus;
    let last = &middle + STEPS;
    while middle < last {
        if is_square(&difference) {
            return true;
        }
        difference += (&middle << 1) + 1u8;
        middle += 1u8;
    }
    false
}

/// Says whether a number is a square; most that are none have another rest modulo 64, 63, 65 or 11 than squares have.
fn is_square(number: &UBig) -> bool {
    let is_rest = |rest: u32, modulus: u32| (0..modulus).any(|it| it * it % modulus == rest % modulus);
    if !is_rest(u32::from(number % 64u8), 64) {
        return false;
    }
    let rest = number % 45_045u32;
    [63, 65, 11].into_iter().all(|modulus| is_rest(rest, modulus)) && number.sqrt().sqr() == *number
}

#[cfg(test)]
mod tests;

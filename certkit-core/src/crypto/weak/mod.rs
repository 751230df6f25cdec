//! RSA keys whose private key can be computed by anyone, by known faults of their generators.
//!
//! Uses only public numbers, so nothing here is secret and nothing has to run in constant time.

// Big numbers do not overflow; a subtraction below zero would panic, and each has its larger side first.
#![allow(clippy::arithmetic_side_effects)]

mod known;
mod shared;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use dashu_int::ops::{BitTest, Gcd, SquareRoot};

use super::digest;

pub use self::known::{KnownKeys, NotAList};
pub use self::shared::{Shared, Sharing, shared};

/// Why the private half of an RSA key can be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Its primes have the form of those that the library of Infineon's chips made until 2017 (ROCA).
    Roca,
    /// Its primes lie so close together that a hundred steps of Fermat's method find them.
    ClosePrimes,
    /// A prime below 2^16 divides it, this one.
    SmallFactor(u32),
    /// It is a prime itself, or a power of one, or a prime of it comes with Fermat's little theorem.
    FewPrimes,
}

/// So many steps of Fermat's method are taken (CA/B Forum Baseline Requirements section 6.1.1.3).
const STEPS: u16 = 100;

/// The primes below which every key of the library shows its form.
const MARKED: u16 = 168;

/// The exponent of which its primes are powers, modulo small primes.
const GENERATOR: u32 = 65_537;

static PRIMES: LazyLock<Vec<u16>> = LazyLock::new(|| primes_below(MARKED.into()).map(|it| it as u16).collect());

/// The product of the odd primes below 2^16.
static PRODUCT: LazyLock<UBig> = LazyLock::new(|| {
    let mut factors: Vec<UBig> = primes_below(1 << 16).map(UBig::from).collect();
    while factors.len() > 1 {
        factors = factors.chunks(2).map(|pair| pair.iter().fold(UBig::ONE, |all, it| all * it)).collect();
    }
    factors.pop().unwrap_or(UBig::ONE)
});

/// The longest modulus, in bits, that is raised to a power.
const POWER_BITS: usize = 4096;

/// How many moduli of a process are raised to a power: what takes milliseconds for one key takes minutes for a fleet.
const RAISED: usize = 1000;

/// How many answers are kept.
const KEPT: usize = 4096;

/// What is known of moduli, by their SHA-256: each is asked about for several checks and in many chains.
static KNOWN: LazyLock<Mutex<HashMap<[u8; 32], Option<Weakness>>>> = LazyLock::new(Mutex::default);

fn primes_below(limit: u32) -> impl Iterator<Item = u32> {
    let is_prime =
        |number: &u32| (3..*number).step_by(2).take_while(|it| it * it <= *number).all(|it| !number.is_multiple_of(it));
    (3..limit).step_by(2).filter(is_prime)
}

/// Finds what is known to be weak about a modulus, big endian. Costs some milliseconds for 2048 bits, and fifty for 4096.
/// Beyond that length, and beyond the first thousand moduli of a process, a modulus that is a prime itself is not found.
pub fn weakness(modulus: &[u8]) -> Option<Weakness> {
    let sum = digest::sha256(modulus);
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known().get(&sum) {
        return *found;
    }
    let found = find(modulus);
    let mut known = known();
    if known.len() >= KEPT {
        known.clear();
    }
    known.insert(sum, found);
    found
}

fn find(modulus: &[u8]) -> Option<Weakness> {
    let modulus = UBig::from_be_bytes(modulus);
    if modulus <= UBig::from(MARKED) {
        return None;
    }
    if has_mark(&modulus) {
        return Some(Weakness::Roca);
    }
    if let Some(factor) = small_factor(&modulus) {
        return Some(Weakness::SmallFactor(factor));
    }
    if has_close_primes(&modulus) {
        return Some(Weakness::ClosePrimes);
    }
    has_few_primes(&modulus).then_some(Weakness::FewPrimes)
}

/// The least odd prime below 2^16 that divides a modulus.
fn small_factor(modulus: &UBig) -> Option<u32> {
    let common = (&*PRODUCT % modulus).gcd(modulus);
    if common == UBig::ONE { None } else { primes_below(1 << 16).find(|it| &common % *it == 0) }
}

/// Says whether 2 to the power of the modulus, less 2, has a divisor in common with it: every prime of a prime power is one
/// (Fermat's little theorem), and any other would be a factor that was found.
fn has_few_primes(modulus: &UBig) -> bool {
    static RAISED_SO_FAR: AtomicUsize = AtomicUsize::new(0);
    if modulus.bit_len() > POWER_BITS || RAISED_SO_FAR.fetch_add(1, Ordering::Relaxed) >= RAISED {
        return [3, 5, 7, 11, 13].into_iter().any(|power| modulus.nth_root(power).pow(power) == *modulus);
    }
    let power = ConstDivisor::new(modulus.clone()).reduce(2u8).pow(modulus).residue();
    (power + modulus - 2u8).gcd(modulus) > UBig::ONE
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

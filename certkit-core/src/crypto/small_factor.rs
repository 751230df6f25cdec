//! Small prime factors of an RSA modulus, which no product of two large primes has (NIST SP 800-89 section 5.3.3).

use std::sync::LazyLock;

/// Factors below this bound are looked for.
const BOUND: u32 = 752;

/// Products of the odd primes below the bound, as many in each as 32 bits hold.
static PRODUCTS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut products: Vec<u32> = Vec::new();
    for prime in (3..BOUND).step_by(2).filter(|it| is_prime(*it)) {
        let more = products.last().and_then(|last| last.checked_mul(prime));
        match (more, products.last_mut()) {
            (Some(more), Some(last)) => *last = more,
            _ => products.push(prime),
        }
    }
    products
});

fn is_prime(odd: u32) -> bool {
    (3..odd).step_by(2).take_while(|it| it.saturating_mul(*it) <= odd).all(|it| !odd.is_multiple_of(it))
}

/// Finds an odd prime below 752 that divides a number, big endian. Costs about 10 µs for 2048 bits.
pub(super) fn small_factor(number: &[u8]) -> Option<u32> {
    let factor_of = |product: &u32| {
        let common = common_divisor(*product, rest(number, *product));
        if common > 1 { (3..BOUND).step_by(2).find(|it| common.is_multiple_of(*it)) } else { None }
    };
    PRODUCTS.iter().find_map(factor_of)
}

/// The greatest divisor of both.
fn common_divisor(one: u32, other: u32) -> u32 {
    let (mut greater, mut less) = (one, other);
    while let Some(rest) = greater.checked_rem(less) {
        (greater, less) = (less, rest);
    }
    greater
}

/// The rest of a number, big endian, modulo another one.
fn rest(number: &[u8], modulus: u32) -> u32 {
    let (first, words) = number.as_rchunks::<4>();
    let first = first.iter().fold(0, |all, octet| all << 8 | u64::from(*octet));
    let words = words.iter().map(|word| u64::from(u32::from_be_bytes(*word)));
    let modulus = u64::from(modulus.max(1));
    let rest = words.fold(first.checked_rem(modulus).unwrap_or(0), |rest, word| {
        (rest << 32 | word).checked_rem(modulus).unwrap_or(0)
    });
    u32::try_from(rest).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_small_prime_is_found_and_no_other() {
        let primes: Vec<u32> = (3..BOUND).step_by(2).filter(|it| is_prime(*it)).collect();
        assert_eq!((primes.len(), primes.last()), (132, Some(&751)));
        let held: usize =
            PRODUCTS.iter().map(|it| primes.iter().filter(|prime| it.is_multiple_of(**prime)).count()).sum();
        assert_eq!(held, 132);
        // The product of two primes above the bound, 2^31 - 1 and 2^61 - 1, and times each of the others.
        let large = ((1u128 << 31) - 1) * ((1 << 61) - 1);
        assert_eq!(small_factor(&large.to_be_bytes()), None);
        for prime in primes {
            assert_eq!(small_factor(&(large * u128::from(prime)).to_be_bytes()[1..]), Some(prime));
        }
        assert_eq!(small_factor(&[9]), Some(3));
        assert_eq!(small_factor(&757u16.to_be_bytes()), None);
    }
}

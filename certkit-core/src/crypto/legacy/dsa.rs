//! DSA (FIPS 186-4 section 4.7), which no current backend verifies.
//!
//! Only verification, so nothing here is secret and nothing need run in constant time.

// Big numbers do not overflow; a subtraction below zero would panic, and each has its larger side first.
#![allow(clippy::arithmetic_side_effects)]

use std::ops::RangeInclusive;

use num_bigint_dig::prime::probably_prime;
use rsa::BigUint;

use super::super::signature::Failure;
use crate::asn1::{self, Tag};

/// Sizes of the prime in bits (FIPS 186-4 section 4.2), which bound the cost, too.
const PRIME_BITS: RangeInclusive<usize> = 1024..=3072;
/// Sizes of the subprime in bits.
const SUBPRIME_BITS: RangeInclusive<usize> = 160..=256;

/// Says whether a public value, and its domain parameters where they are known, are what FIPS 186-4 section 4.1 demands.
///
/// Under others anybody can sign: a generator or a value of small order fits every message, and in a small group, or one
/// whose order falls apart, the private key can be computed. Whether the large number is a prime is not looked at: that
/// costs a hundred times more than all else, and who makes such keys can make weak ones of every kind. Costs about 5 ms
/// for 2048 bits.
pub(in crate::crypto) fn is_sound(parameters: Option<[&[u8]; 3]>, public: &[u8]) -> bool {
    let number = BigUint::from_bytes_be;
    let (one, public) = (BigUint::from(1u8), number(public));
    let Some([p, q, g]) = parameters.map(|all| all.map(number)) else { return public > one };
    let generates = |it: &BigUint| *it > one && *it < p && it.modpow(&q, &p) == one;
    PRIME_BITS.contains(&p.bits())
        && SUBPRIME_BITS.contains(&q.bits())
        && &p % 2u8 == one
        && (&p - &one) % &q == BigUint::default()
        && probably_prime(&q, 0)
        && generates(&g)
        && generates(&public)
}

/// Verifies a signature over a digest, with a key that [`is_sound`]. Costs about 2 ms for 2048 bits.
pub(in crate::crypto) fn verify(
    [p, q, g]: [&[u8]; 3],
    public: &[u8],
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    let (r, s) = numbers(signature).ok_or(Failure::Mismatch)?;
    let number = BigUint::from_bytes_be;
    let (p, q, g, public) = (number(p), number(q), number(g), number(public));
    let in_range = |it: &BigUint| *it != BigUint::default() && *it < q;
    if !in_range(&r) || !in_range(&s) {
        return Err(Failure::Mismatch);
    }
    let w = invert(&s, &q).ok_or(Failure::UnsoundKey)?;
    let z = leftmost_bits(digest, q.bits());
    let v = (g.modpow(&(z * &w % &q), &p) * public.modpow(&(&r * &w % &q), &p) % &p) % &q;
    if v == r { Ok(()) } else { Err(Failure::Mismatch) }
}

/// Reads the two INTEGERs of a DSA or ECDSA signature.
pub(super) fn numbers(signature: &[u8]) -> Option<(BigUint, BigUint)> {
    let mut fields = asn1::single(signature, Tag::SEQUENCE).ok()?.contents();
    let mut next = || Some(BigUint::from_bytes_be(asn1::magnitude(fields.expect(Tag::INTEGER).ok()?.value)?));
    let pair = (next()?, next()?);
    fields.finish().ok()?;
    Some(pair)
}

/// Inverts modulo a prime; `None` where the modulus turns out to be none.
pub(super) fn invert(number: &BigUint, prime: &BigUint) -> Option<BigUint> {
    let two = BigUint::from(2u8);
    let inverse = (*prime > two).then(|| number.modpow(&(prime - &two), prime))?;
    (number * &inverse % prime == BigUint::from(1u8)).then_some(inverse)
}

/// The first bits of a digest as a number.
pub(super) fn leftmost_bits(digest: &[u8], bits: usize) -> BigUint {
    let excess = digest.len().saturating_mul(8).saturating_sub(bits);
    BigUint::from_bytes_be(digest) >> excess
}

//! DSA (FIPS 186-4 section 4.7), which no current backend verifies.
//!
//! Only verification, so nothing here is secret and nothing need run in constant time.

// Big numbers do not overflow; a subtraction below zero would panic, and each has its larger side first.
#![allow(clippy::arithmetic_side_effects)]

use rsa::BigUint;

use super::signature::Failure;
use crate::asn1::{self, Tag};

/// Largest prime that is worked with, in bits: a bound on the cost.
const MAX_BITS: usize = 4096;

/// Verifies a signature over a digest. Costs about 2 ms for 2048 bits.
pub(super) fn verify([p, q, g]: [&[u8]; 3], public: &[u8], digest: &[u8], signature: &[u8]) -> Result<(), Failure> {
    let (r, s) = numbers(signature).ok_or(Failure::Mismatch)?;
    let number = BigUint::from_bytes_be;
    let (p, q, g, public) = (number(p), number(q), number(g), number(public));
    let one = BigUint::from(1u8);
    let is_sound = p.bits() <= MAX_BITS
        && (160..=512).contains(&q.bits())
        && q < p
        && [&g, &public].into_iter().all(|it| *it > one && *it < p)
        && g.modpow(&q, &p) == one;
    if !is_sound {
        return Err(Failure::Unsupported("DSA keys with such parameters"));
    }
    let in_range = |it: &BigUint| *it >= one && *it < q;
    if !in_range(&r) || !in_range(&s) {
        return Err(Failure::Mismatch);
    }
    let w = invert(&s, &q).ok_or(Failure::Unsupported("DSA keys with such parameters"))?;
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

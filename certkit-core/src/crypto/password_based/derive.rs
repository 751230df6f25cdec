//! Keys from passwords: PBKDF1 and PBKDF2 (RFC 8018 section 5), and PKCS#12's own way (RFC 7292 appendix B).

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2 as aws;
use sha1::Digest;
use sha1::digest::core_api::BlockSizeUser;
use zeroize::Zeroizing;

use super::{Error, Password};

/// A hash function under a key derivation or a MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512To224,
    Sha512To256,
}

/// Calls `$body` with `$type` being the hash function's type.
macro_rules! with_hash {
    ($hash:expr, $type:ident => $body:expr) => {
        match $hash {
            Hash::Md5 => with_hash!(@ md5::Md5, $type => $body),
            Hash::Sha1 => with_hash!(@ sha1::Sha1, $type => $body),
            Hash::Sha224 => with_hash!(@ sha2::Sha224, $type => $body),
            Hash::Sha256 => with_hash!(@ sha2::Sha256, $type => $body),
            Hash::Sha384 => with_hash!(@ sha2::Sha384, $type => $body),
            Hash::Sha512 => with_hash!(@ sha2::Sha512, $type => $body),
            Hash::Sha512To224 => with_hash!(@ sha2::Sha512_224, $type => $body),
            Hash::Sha512To256 => with_hash!(@ sha2::Sha512_256, $type => $body),
        }
    };
    (@ $concrete:ty, $type:ident => $body:expr) => {{
        type $type = $concrete;
        $body
    }};
}
pub(super) use with_hash;

impl Hash {
    /// The length of its result in bytes.
    pub(super) fn length(self) -> usize {
        with_hash!(self, H => <H as Digest>::output_size())
    }

    /// How many results make so many bytes: the iterations are done for each.
    fn blocks(self, length: usize) -> u64 {
        length.div_ceil(self.length()) as u64
    }

    /// What an iteration costs as bare digest, in units of the budget: more than the backend's, since nobody asks for
    /// many of them.
    fn weight(self) -> u64 {
        match self {
            Hash::Sha1 => 4,
            Hash::Md5 | Hash::Sha224 | Hash::Sha256 => 6,
            Hash::Sha384 | Hash::Sha512 | Hash::Sha512To224 | Hash::Sha512To256 => 12,
        }
    }
}

/// What PKCS#12 derives bytes for (RFC 7292 appendix B.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Key = 1,
    Vector = 2,
    Mac = 3,
}

/// Says what an iteration of PBKDF2 costs for a key of this length, in units of the budget.
pub(super) fn pbkdf2_weight(hash: Hash, length: usize) -> u64 {
    let weight: u64 = match hash {
        Hash::Sha1 | Hash::Sha256 => 1,
        Hash::Sha384 | Hash::Sha512 => 3,
        // What the backend does not have.
        Hash::Md5 | Hash::Sha224 | Hash::Sha512To224 | Hash::Sha512To256 => 8,
    };
    weight.saturating_mul(hash.blocks(length))
}

/// Derives a key with PBKDF2.
pub(super) fn pbkdf2(hash: Hash, password: &[u8], salt: &[u8], iterations: u32, out: &mut [u8]) -> Result<(), Error> {
    let count = NonZeroU32::new(iterations).ok_or(Error::TooCostly { iterations })?;
    let quick = match hash {
        Hash::Sha1 => Some(aws::PBKDF2_HMAC_SHA1),
        Hash::Sha256 => Some(aws::PBKDF2_HMAC_SHA256),
        Hash::Sha384 => Some(aws::PBKDF2_HMAC_SHA384),
        Hash::Sha512 => Some(aws::PBKDF2_HMAC_SHA512),
        _ => None,
    };
    match quick {
        Some(algorithm) => aws::derive(algorithm, count, salt, password, out),
        None => with_hash!(hash, H => ::pbkdf2::pbkdf2_hmac::<H>(password, salt, iterations, out)),
    }
    Ok(())
}

/// Says what an iteration of PBKDF1 costs, in units of the budget.
pub(super) fn pbkdf1_weight(hash: Hash) -> u64 {
    hash.weight()
}

/// Derives 16 bytes with PBKDF1; the first half is a key, the second a vector.
pub(super) fn pbkdf1(hash: Hash, password: &[u8], salt: &[u8], iterations: u32) -> Zeroizing<Vec<u8>> {
    let mut state = Zeroizing::new([password, salt].concat());
    for _ in 0..iterations {
        state = Zeroizing::new(with_hash!(hash, H => H::digest(&state).to_vec()));
    }
    state.truncate(16);
    state
}

/// Says what an iteration of PKCS#12's own way costs for so many bytes, in units of the budget.
pub(super) fn pkcs12_weight(hash: Hash, length: usize) -> u64 {
    hash.weight().saturating_mul(hash.blocks(length))
}

/// Derives bytes as PKCS#12 does.
pub(super) fn pkcs12(
    hash: Hash,
    purpose: Purpose,
    password: Password<'_>,
    salt: &[u8],
    iterations: u32,
    out: &mut [u8],
) {
    let password = wide(password);
    with_hash!(hash, H => pkcs12_with::<H>(purpose, &password, salt, iterations, out));
}

fn pkcs12_with<D: Digest + BlockSizeUser>(
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    out: &mut [u8],
) {
    let block = D::block_size();
    let filled =
        |bytes: &[u8]| -> Vec<u8> { bytes.iter().copied().cycle().take(bytes.len().next_multiple_of(block)).collect() };
    let diversifier = vec![purpose as u8; block];
    let mut input = Zeroizing::new(filled(salt));
    let secret = Zeroizing::new(filled(password));
    // Grows once, to its final size.
    let mut joined = Zeroizing::new(Vec::with_capacity(input.len().saturating_add(secret.len())));
    joined.extend_from_slice(&input);
    joined.extend_from_slice(&secret);
    input = joined;
    for part in out.chunks_mut(<D as Digest>::output_size()) {
        let mut state = D::new().chain_update(&diversifier).chain_update(&*input).finalize();
        for _ in 1..iterations {
            state = D::digest(&state);
        }
        part.iter_mut().zip(&state).for_each(|(to, from)| *to = *from);
        let addend: Vec<u8> = state.iter().copied().cycle().take(block).collect();
        for piece in input.chunks_mut(block) {
            add_with_one(piece, &addend);
        }
    }
}

/// Adds `addend` and one to `number`, both big endian, and drops what does not fit.
fn add_with_one(number: &mut [u8], addend: &[u8]) {
    let mut carry = 1u16;
    for (digit, other) in number.iter_mut().rev().zip(addend.iter().rev()) {
        // At most three times 255.
        let sum = u16::from(*digit).saturating_add(u16::from(*other)).saturating_add(carry);
        *digit = sum.to_be_bytes()[1];
        carry = sum >> 8;
    }
}

/// Writes a password as PKCS#12 wants it: UTF-16, with a zero at the end unless there is no password.
pub(super) fn wide(password: Password<'_>) -> Zeroizing<Vec<u8>> {
    let (Password::Text(bytes) | Password::Octets(bytes)) = password else { return Zeroizing::default() };
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len().saturating_mul(2).saturating_add(2)));
    match (password, std::str::from_utf8(bytes)) {
        (Password::Text(_), Ok(text)) => text.encode_utf16().for_each(|unit| out.extend(unit.to_be_bytes())),
        _ => bytes.iter().for_each(|octet| out.extend([0, *octet])),
    }
    out.extend([0, 0]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_carry_over_and_are_cut() {
        let mut number = [0, 0xff, 0xff];
        add_with_one(&mut number, &[0, 0, 0]);
        assert_eq!(number, [1, 0, 0]);
        let mut number = [0xff; 3];
        add_with_one(&mut number, &[0xff; 3]);
        assert_eq!(number, [0xff; 3]);
    }

    #[test]
    fn an_empty_password_is_not_the_same_as_none() {
        assert!(wide(Password::Absent).is_empty());
        assert_eq!(*wide(Password::Text(b"")), [0, 0]);
        assert_eq!(*wide(Password::Text("\u{fc}\u{1f511}".as_bytes())), *b"\x00\xfc\xd8\x3d\xdd\x11\0\0");
        assert_eq!(*wide(Password::Octets("\u{fc}".as_bytes())), *b"\x00\xc3\x00\xbc\0\0");
        assert_eq!(*wide(Password::Text(b"\xfc")), *b"\x00\xfc\0\0");
    }

    #[test]
    fn the_two_ways_to_pbkdf2_are_one() {
        for hash in [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            let (mut quick, mut slow) = ([0; 50], [0; 50]);
            pbkdf2(hash, b"password", b"salt", 3, &mut quick).unwrap();
            with_hash!(hash, H => ::pbkdf2::pbkdf2_hmac::<H>(b"password", b"salt", 3, &mut slow));
            assert_eq!(quick, slow, "{hash:?}");
        }
    }
}

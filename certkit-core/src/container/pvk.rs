//! Private keys in Microsoft's form (PVK), as `makecert` and Visual Studio write them: RSA keys, in clear or under a
//! password.
//!
//! A header, then a PRIVATEKEYBLOB (Windows CryptoAPI, RSA/Schannel key BLOBs), whose numbers are little-endian and of fixed length.

use der::Sequence;
use der::asn1::UintRef;
use zeroize::Zeroizing;

use super::foreign::Foreign;
use super::passwords::Passwords;
use crate::asn1::typed::encode;
use crate::crypto::key_encryption::{self, Error};

/// What such a file begins with.
pub(super) const MAGIC: &[u8] = b"\x1e\xf1\xb5\xb0";

/// The header of the file, and that of the blob in it.
const HEADER: usize = 24;
const BLOB: usize = 20;

/// What of the blob is never encrypted.
const CLEAR: usize = 8;

/// What comes next, of an RSA key.
const RSA: &[u8] = b"RSA2";

/// The most bits of a key; programs that write the form know no more.
const LARGEST: usize = 16_384;

/// RSAPrivateKey (RFC 8017 appendix A.1.2).
#[derive(Sequence)]
struct RsaPrivateKey<'a> {
    version: u8,
    modulus: UintRef<'a>,
    public_exponent: UintRef<'a>,
    private_exponent: UintRef<'a>,
    prime1: UintRef<'a>,
    prime2: UintRef<'a>,
    exponent1: UintRef<'a>,
    exponent2: UintRef<'a>,
    coefficient: UintRef<'a>,
}

/// The key as PKCS#1 in DER; `None` where the bytes are no such file.
///
/// # Errors
/// What the file is, where it holds no RSA key in clear and no password opens it.
pub(super) fn read(bytes: &[u8], passwords: Passwords<'_>) -> Option<Result<Zeroizing<Vec<u8>>, Foreign>> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let Some((salt, blob)) = parts(bytes) else { return Some(Err(Foreign::Pvk)) };
    let is_encrypted = rest.get(8..12).is_some_and(|it| it != [0; 4]);
    Some(match is_encrypted {
        true => opened(salt, blob, passwords).and_then(|blob| in_clear(&blob).ok_or(Foreign::Pvk)),
        false => in_clear(blob).ok_or(Foreign::Pvk),
    })
}

/// The blob in clear: its header is so anyway.
fn opened(salt: &[u8], blob: &[u8], passwords: Passwords<'_>) -> Result<Zeroizing<Vec<u8>>, Foreign> {
    let (header, encrypted) = blob.split_at_checked(CLEAR).ok_or(Foreign::Pvk)?;
    let known = || passwords.of_stores().flatten().chain(passwords.keys);
    if known().next().is_none() {
        return Err(Foreign::EncryptedPvk);
    }
    match key_encryption::decrypt_pvk(salt, encrypted, known(), RSA) {
        Ok(clear) => Ok(Zeroizing::new([header, &clear].concat())),
        Err(Error::WrongPassword) => Err(Foreign::LockedPvk),
        Err(_) => Err(Foreign::OldPvk),
    }
}

/// A number of four octets.
fn number(at: usize, from: &[u8]) -> Option<usize> {
    let octets = from.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*octets)).ok()
}

/// The salt, and the key of the length that the header announces.
fn parts(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (salt, blob) = bytes.get(HEADER..)?.split_at_checked(number(16, bytes)?)?;
    Some((salt, blob.get(..number(20, bytes)?)?))
}

fn in_clear(blob: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let bits = number(12, blob)?;
    // bType PRIVATEKEYBLOB, bVersion 2; RSAPUBKEY with the magic of private keys.
    let is_rsa = blob.starts_with(&[7, 2]) && blob.get(CLEAR..)?.starts_with(RSA);
    if !is_rsa || bits > LARGEST || bits.checked_rem(16) != Some(0) {
        return None;
    }
    let (whole, half) = (bits.div_ceil(8), bits.div_ceil(16));
    let mut rest = blob.get(BLOB..)?;
    let mut next = |length: usize| {
        let (number, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(Zeroizing::new(number.iter().rev().copied().collect::<Vec<u8>>()))
    };
    let exponent: Vec<u8> = blob.get(16..BLOB)?.iter().rev().copied().collect();
    let modulus = next(whole)?;
    let [prime1, prime2, exponent1, exponent2, coefficient] =
        [next(half)?, next(half)?, next(half)?, next(half)?, next(half)?];
    let private_exponent = next(whole)?;
    let key = RsaPrivateKey {
        version: 0,
        modulus: UintRef::new(&modulus).ok()?,
        public_exponent: UintRef::new(&exponent).ok()?,
        private_exponent: UintRef::new(&private_exponent).ok()?,
        prime1: UintRef::new(&prime1).ok()?,
        prime2: UintRef::new(&prime2).ok()?,
        exponent1: UintRef::new(&exponent1).ok()?,
        exponent2: UintRef::new(&exponent2).ok()?,
        coefficient: UintRef::new(&coefficient).ok()?,
    };
    encode(&key).ok().map(Zeroizing::new)
}

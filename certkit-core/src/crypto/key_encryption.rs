//! Encrypts private keys, and decrypts what others have encrypted.
//!
//! Writes one scheme: PBES2 with PBKDF2 and AES-256. Reads that, its relatives, and
//! the PEM encryption of OpenSSL before version 1. Refuses to guess: a scheme that it
//! does not know is named, and a wrong password is told from a damaged key as far as
//! the padding tells.

use std::num::NonZeroU32;

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm, DecryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2;
use des::cipher::{BlockDecrypt as _, KeyInit as _};
use zeroize::Zeroizing;

use super::digest::Digest;
use super::random::{self, NoRandomness};
use crate::asn1::{self, Reader, Tag, write};
use crate::oid::Oid;

/// How often PBKDF2 hashes the password of a key that is written: what OWASP advises for HMAC-SHA256 since 2023.
///
/// Costs about a quarter of a second at each use of the password, for its owner and for an attacker.
pub const ITERATIONS: u32 = 600_000;

/// The most iterations that are done for a key that is read: a hostile file must not cost minutes.
pub const MAX_ITERATIONS: u32 = 5_000_000;

/// Says why a key could not be encrypted or decrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The password is wrong, or the encrypted bytes are damaged.
    #[error("the password does not open the private key")]
    WrongPassword,
    /// The scheme is none of those that certkit decrypts.
    #[error("the private key is encrypted with {scheme}, which certkit does not decrypt")]
    Unsupported {
        /// Its name or its identifier.
        scheme: String,
    },
    /// The wrapping cannot be read.
    #[error("the encrypted private key is damaged")]
    Damaged(#[source] asn1::Error),
    /// The wrapping asks for more work than any honest one.
    #[error(
        "the private key asks for {iterations} iterations over the password; certkit does at most {MAX_ITERATIONS}"
    )]
    TooCostly {
        /// How many it asks for.
        iterations: u32,
    },
    /// No random salt.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The backend failed.
    #[error("the cryptographic backend failed to encrypt the private key")]
    Backend,
}

const PBES2: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d");
const PBKDF2: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c");
const HMAC_SHA1: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x02\x07");
const HMAC_SHA256: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x02\x09");
const HMAC_SHA384: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x02\x0a");
const HMAC_SHA512: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x02\x0b");
const AES_128_CBC: Oid<'static> = Oid(b"\x60\x86\x48\x01\x65\x03\x04\x01\x02");
const AES_192_CBC: Oid<'static> = Oid(b"\x60\x86\x48\x01\x65\x03\x04\x01\x16");
const AES_256_CBC: Oid<'static> = Oid(b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a");
const DES_EDE3_CBC: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x03\x07");

/// A cipher in CBC mode with the padding of PKCS#7.
#[derive(Clone, Copy)]
enum Cipher {
    Aes(&'static Algorithm, usize),
    TripleDes,
}

impl Cipher {
    fn from_oid(oid: Oid<'_>) -> Option<Cipher> {
        Some(match oid {
            AES_128_CBC => Cipher::Aes(&AES_128, 16),
            AES_192_CBC => Cipher::Aes(&AES_192, 24),
            AES_256_CBC => Cipher::Aes(&AES_256, 32),
            DES_EDE3_CBC => Cipher::TripleDes,
            _ => return None,
        })
    }

    /// Takes a name as it stands in a `DEK-Info` line.
    fn from_name(name: &str) -> Option<Cipher> {
        Some(match name.to_ascii_uppercase().as_str() {
            "AES-128-CBC" => Cipher::Aes(&AES_128, 16),
            "AES-192-CBC" => Cipher::Aes(&AES_192, 24),
            "AES-256-CBC" => Cipher::Aes(&AES_256, 32),
            "DES-EDE3-CBC" => Cipher::TripleDes,
            _ => return None,
        })
    }

    fn key_length(self) -> usize {
        match self {
            Cipher::Aes(_, length) => length,
            Cipher::TripleDes => 24,
        }
    }

    fn decrypt(self, key: &[u8], vector: &[u8], encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut bytes = Zeroizing::new(encrypted.to_vec());
        let length = match self {
            Cipher::Aes(algorithm, _) => {
                let vector = FixedLength::try_from(vector).map_err(|_| Error::WrongPassword)?;
                UnboundCipherKey::new(algorithm, key)
                    .and_then(PaddedBlockDecryptingKey::cbc_pkcs7)
                    .and_then(|key| Ok(key.decrypt(&mut bytes, DecryptionContext::Iv128(vector))?.len()))
                    .map_err(|_| Error::WrongPassword)?
            }
            Cipher::TripleDes => decrypt_triple_des(key, vector, &mut bytes).ok_or(Error::WrongPassword)?,
        };
        bytes.truncate(length);
        Ok(bytes)
    }
}

/// Decrypts in place and gives the length without padding.
fn decrypt_triple_des(key: &[u8], vector: &[u8], bytes: &mut [u8]) -> Option<usize> {
    let cipher = des::TdesEde3::new_from_slice(key).ok()?;
    let mut previous: [u8; 8] = vector.try_into().ok()?;
    let (blocks, []) = bytes.as_chunks_mut::<8>() else { return None };
    for block in blocks {
        let encrypted = *block;
        cipher.decrypt_block(block.into());
        block.iter_mut().zip(previous).for_each(|(octet, mask)| *octet ^= mask);
        previous = encrypted;
    }
    let padding = *bytes.last()?;
    let length = bytes.len().checked_sub(padding.into())?;
    let is_padded = (1..=8).contains(&padding) && bytes.get(length..)?.iter().all(|octet| *octet == padding);
    is_padded.then_some(length)
}

/// Encrypts a PKCS#8 key: PBES2 (RFC 8018 section 6.2), PBKDF2 with HMAC-SHA256, AES-256-CBC.
///
/// Salt and initialization vector are random. Costs [`ITERATIONS`] of PBKDF2.
pub fn encrypt(pkcs8: &[u8], password: &[u8]) -> Result<Vec<u8>, Error> {
    let salt = random::bytes::<16>()?;
    let mut key = Zeroizing::new([0; 32]);
    let iterations = NonZeroU32::new(ITERATIONS).ok_or(Error::Backend)?;
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, &salt, password, &mut *key);

    // Room for the padding, so that the clear bytes are not left behind where the buffer grows.
    let mut bytes = Zeroizing::new(Vec::with_capacity(pkcs8.len().saturating_add(16)));
    bytes.extend_from_slice(pkcs8);
    let context = UnboundCipherKey::new(&AES_256, &*key)
        .and_then(PaddedBlockEncryptingKey::cbc_pkcs7)
        .and_then(|key| key.encrypt(&mut *bytes))
        .map_err(|_| Error::Backend)?;
    let vector: &[u8] = (&context).try_into().map_err(|_| Error::Backend)?;

    let function = write::sequence(&[&write::oid(HMAC_SHA256), &write::NULL]);
    let parameters = write::sequence(&[&write::octet_string(&salt), &write::small_integer(ITERATIONS), &function]);
    let derivation = write::sequence(&[&write::oid(PBKDF2), &parameters]);
    let cipher = write::sequence(&[&write::oid(AES_256_CBC), &write::octet_string(vector)]);
    let scheme = write::sequence(&[&write::oid(PBES2), &write::sequence(&[&derivation, &cipher])]);
    Ok(write::sequence(&[&scheme, &write::octet_string(&bytes)]))
}

/// Decrypts an EncryptedPrivateKeyInfo (RFC 5958 section 3) and gives the PKCS#8 key.
///
/// Takes PBES2 with PBKDF2 over SHA-1, SHA-256, SHA-384 or SHA-512, and AES or 3DES in CBC mode.
pub fn decrypt(der: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let wrapping = Wrapping::read(der).map_err(Error::Damaged)??;
    let iterations = wrapping.iterations;
    let count = NonZeroU32::new(iterations).filter(|count| count.get() <= MAX_ITERATIONS);
    let mut key = Zeroizing::new(vec![0; wrapping.cipher.key_length()]);
    let count = count.ok_or(Error::TooCostly { iterations })?;
    pbkdf2::derive(wrapping.function, count, wrapping.salt, password, &mut key);
    let clear = wrapping.cipher.decrypt(&key, wrapping.vector, wrapping.encrypted)?;
    require_key(clear)
}

/// Decrypts the body of a PEM block with a `DEK-Info` line: its scheme's name and its initialization vector.
///
/// The key comes of one round of MD5 (OpenSSL's `EVP_BytesToKey`): such a file is barely protected.
pub fn decrypt_traditional(
    scheme: &str,
    vector: &[u8],
    encrypted: &[u8],
    password: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let unsupported = || Error::Unsupported { scheme: scheme.to_owned() };
    let cipher = Cipher::from_name(scheme).ok_or_else(unsupported)?;
    let salt = vector.get(..8).ok_or_else(unsupported)?;
    let mut key = Zeroizing::new(Vec::with_capacity(48));
    let mut previous = Zeroizing::new(Vec::new());
    while key.len() < cipher.key_length() {
        let message = Zeroizing::new([previous.as_slice(), password, salt].concat());
        previous = Zeroizing::new(Digest::Md5.of(&message));
        key.extend_from_slice(&previous);
    }
    key.truncate(cipher.key_length());
    require_key(cipher.decrypt(&key, vector, encrypted)?)
}

/// One in 256 wrong passwords leaves a sound padding; no wrong one leaves a SEQUENCE that fills the bytes.
fn require_key(clear: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Error> {
    match asn1::single(&clear, Tag::SEQUENCE) {
        Ok(_) => Ok(clear),
        Err(_) => Err(Error::WrongPassword),
    }
}

/// What stands around an encrypted key.
struct Wrapping<'a> {
    function: pbkdf2::Algorithm,
    salt: &'a [u8],
    iterations: u32,
    cipher: Cipher,
    vector: &'a [u8],
    encrypted: &'a [u8],
}

impl<'a> Wrapping<'a> {
    /// The inner error is that of a scheme that certkit does not decrypt.
    fn read(der: &'a [u8]) -> Result<Result<Wrapping<'a>, Error>, asn1::Error> {
        let mut fields = asn1::single(der, Tag::SEQUENCE)?.contents();
        let mut scheme = fields.sequence()?;
        let encrypted = fields.expect(Tag::OCTET_STRING)?.value;
        let name = Oid(scheme.oid()?);
        if name != PBES2 {
            return Ok(Err(unsupported(name)));
        }
        let mut parts = scheme.sequence()?;
        let (mut derivation, mut encryption) = (parts.sequence()?, parts.sequence()?);
        let name = Oid(derivation.oid()?);
        if name != PBKDF2 {
            return Ok(Err(unsupported(name)));
        }
        let mut parameters = derivation.sequence()?;
        let salt = parameters.expect(Tag::OCTET_STRING)?.value;
        let iterations = parameters.small_integer()?;
        parameters.optional(Tag::INTEGER)?;
        let function = match read_function(&mut parameters)? {
            Ok(function) => function,
            Err(error) => return Ok(Err(error)),
        };
        let name = Oid(encryption.oid()?);
        let Some(cipher) = Cipher::from_oid(name) else { return Ok(Err(unsupported(name))) };
        let vector = encryption.expect(Tag::OCTET_STRING)?.value;
        Ok(Ok(Wrapping { function, salt, iterations, cipher, vector, encrypted }))
    }
}

fn read_function(parameters: &mut Reader<'_>) -> Result<Result<pbkdf2::Algorithm, Error>, asn1::Error> {
    let Some(function) = parameters.optional(Tag::SEQUENCE)? else { return Ok(Ok(pbkdf2::PBKDF2_HMAC_SHA1)) };
    Ok(match Oid(function.contents().oid()?) {
        HMAC_SHA1 => Ok(pbkdf2::PBKDF2_HMAC_SHA1),
        HMAC_SHA256 => Ok(pbkdf2::PBKDF2_HMAC_SHA256),
        HMAC_SHA384 => Ok(pbkdf2::PBKDF2_HMAC_SHA384),
        HMAC_SHA512 => Ok(pbkdf2::PBKDF2_HMAC_SHA512),
        other => Err(unsupported(other)),
    })
}

fn unsupported(oid: Oid<'_>) -> Error {
    Error::Unsupported { scheme: oid.name().map_or_else(|| oid.to_string(), str::to_owned) }
}

//! How Java's own stores, JKS and JCEKS, protect keys and themselves.
//!
//! Knows Sun's two key protectors and the digest over a store. None is documented but
//! in the source and by those who rebuilt it; JKS' is SHA-1 used as a stream cipher.

use sha1::Digest as _;
use zeroize::{Zeroize as _, Zeroizing};

use super::cipher::Cipher;
use super::{Budget, Error, Password, structure};
use crate::asn1::{Element, Reader, Tag};
use crate::crypto::random;
use crate::oid::Oid;

const JKS: Oid<'static> = Oid(b"\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01");
const JCEKS: Oid<'static> = Oid(b"\x2b\x06\x01\x04\x01\x2a\x02\x13\x01");

/// Iterations for a JCEKS key: Java's own default since 8u151.
const ITERATIONS: u32 = 200_000;

/// What an iteration for a JCEKS key costs, in units of the budget: two digests.
const JCEKS_WEIGHT: u64 = 8;

/// The length of a SHA-1 digest, which is salt, block and check of the JKS protector.
const BLOCK: usize = 20;

/// One of Java's two key protectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protector {
    /// That of JKS.
    Jks,
    /// That of JCEKS: MD5 and 3DES.
    Jceks,
}

/// Gives the digest that ends a store: over the password, a phrase, and all that stands before it.
pub fn store_digest(body: &[u8], password: &[u8]) -> [u8; 20] {
    let mut digest = sha1::Sha1::new();
    digest.update(&*wide(password));
    digest.update(b"Mighty Aphrodite");
    digest.update(body);
    digest.finalize().into()
}

/// Says whether this AlgorithmIdentifier is that of one of Java's protectors.
pub fn protector(algorithm: Element<'_>) -> Option<Protector> {
    match Oid(algorithm.contents().oid().ok()?) {
        JKS => Some(Protector::Jks),
        JCEKS => Some(Protector::Jceks),
        _ => None,
    }
}

/// Opens an EncryptedPrivateKeyInfo of one of Java's protectors and gives the PKCS#8 key.
pub fn open(der: &[u8], password: &[u8], budget: &mut Budget) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut fields = Reader::new(der).sequence()?;
    let algorithm = fields.expect(Tag::SEQUENCE)?;
    let protected = fields.expect(Tag::OCTET_STRING)?;
    match protector(algorithm) {
        Some(Protector::Jks) => {
            let digests = u32::try_from(protected.value.len().div_ceil(BLOCK)).unwrap_or(u32::MAX);
            budget.take(digests, (password.len() as u64).div_ceil(32).saturating_add(1))?;
            open_jks(protected.value, password)
        }
        Some(Protector::Jceks) => {
            let mut parts = algorithm.contents();
            parts.oid()?;
            let mut parameters = parts.sequence()?;
            let salt = parameters.expect(Tag::OCTET_STRING)?;
            let iterations = parameters.small_integer()?;
            let salt = <[u8; 8]>::try_from(salt.value).map_err(|_| salt.invalid("salt of eight bytes"))?;
            budget.take(iterations, JCEKS_WEIGHT)?;
            let derived = derive_jceks(password, salt, iterations)?;
            let (key, vector) = derived.split_at_checked(24).ok_or(Error::Backend)?;
            Cipher::TripleDes.decrypt(key, vector, protected.value)
        }
        None => Err(Error::Unsupported { scheme: super::name_of(algorithm.raw) }),
    }
}

/// Protects a PKCS#8 key and gives the EncryptedPrivateKeyInfo.
pub fn seal(pkcs8: &[u8], password: &[u8], protector: Protector) -> Result<Vec<u8>, Error> {
    let (algorithm, protected) = match protector {
        Protector::Jks => {
            let salt = random::bytes::<BLOCK>()?;
            let password = wide(password);
            let mut protected = salt.to_vec();
            protected.extend(pkcs8.iter().zip(key_stream(&password, &salt)).map(|(octet, mask)| octet ^ mask));
            protected.extend(check(&password, pkcs8));
            (structure::plain(JKS)?, protected)
        }
        Protector::Jceks => {
            let salt = random::bytes::<8>()?;
            let derived = derive_jceks(password, salt, ITERATIONS)?;
            let (key, vector) = derived.split_at_checked(24).ok_or(Error::Backend)?;
            let protected = Cipher::TripleDes.encrypt(key, vector, pkcs8)?;
            (structure::salted(JCEKS, &salt, ITERATIONS)?, protected)
        }
    };
    Ok(structure::encrypted_key(&algorithm, &protected)?)
}

fn open_jks(protected: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let password = wide(password);
    let (salt, rest) = protected.split_at_checked(BLOCK).ok_or(Error::NotOpened)?;
    let (encrypted, wanted) =
        rest.len().checked_sub(BLOCK).and_then(|at| rest.split_at_checked(at)).ok_or(Error::NotOpened)?;
    let mut key = Zeroizing::new(Vec::with_capacity(encrypted.len()));
    key.extend(encrypted.iter().zip(key_stream(&password, salt)).map(|(octet, mask)| octet ^ mask));
    if check(&password, &key) == wanted { Ok(key) } else { Err(Error::NotOpened) }
}

/// The bytes that a JKS key is masked with: a chain of digests that starts at the salt.
fn key_stream<'p>(password: &'p [u8], salt: &[u8]) -> impl Iterator<Item = u8> + use<'p> {
    let digest = move |previous: &[u8]| -> [u8; BLOCK] {
        sha1::Sha1::new().chain_update(password).chain_update(previous).finalize().into()
    };
    std::iter::successors(Some(digest(salt)), move |block| Some(digest(block))).flatten()
}

fn check(password: &[u8], key: &[u8]) -> [u8; BLOCK] {
    sha1::Sha1::new().chain_update(password).chain_update(key).finalize().into()
}

/// Derives 24 bytes of key and 8 of vector: a chain of MD5 for each half of the salt.
fn derive_jceks(password: &[u8], mut salt: [u8; 8], iterations: u32) -> Result<Zeroizing<Vec<u8>>, Error> {
    if !password.is_ascii() {
        return Err(Error::Characters);
    }
    if salt[..4] == salt[4..] {
        // Meant to turn the first half around; Java does this instead, for ever.
        let [a, b, _, d, ..] = salt;
        salt[..4].copy_from_slice(&[d, a, b, d]);
    }
    let mut out = Zeroizing::new(Vec::with_capacity(32));
    for half in salt.chunks(4) {
        let mut digest = md5::Md5::new_with_prefix(half);
        let mut state = md5::digest::Output::<md5::Md5>::default();
        for number in 0..iterations {
            if number > 0 {
                digest.update(state);
            }
            digest.update(password);
            digest.finalize_into_reset(&mut state);
        }
        out.extend_from_slice(&state);
        state.as_mut_slice().zeroize();
    }
    Ok(out)
}

/// Writes a password as Java has its characters: UTF-16, without a zero at the end.
fn wide(password: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = super::derive::wide(Password::Text(password));
    let characters = out.len().saturating_sub(2);
    out.truncate(characters);
    out
}

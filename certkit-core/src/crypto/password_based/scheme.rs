//! Encryption schemes by their identifiers: PBES1 and PBES2 (RFC 8018), PKCS#12's (RFC 7292 appendix C).

use zeroize::Zeroizing;

use super::super::legacy;
use super::cipher::Cipher;
use super::derive::{self, Hash, Purpose};
use super::structure::{self, Pbes2Oids};
use super::{Budget, Error, Password, Protection};
use crate::asn1::typed::NotWritten;
use crate::asn1::{self, Element, Reader, Tag};
use crate::crypto::random;
use crate::oid::{self, Oid};

const PBES2: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d");
const PBKDF2: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c");
const SCRYPT: Oid<'static> = Oid(b"\x2b\x06\x01\x04\x01\xda\x47\x04\x0b");
const HMAC_SHA256: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x02\x09");
const AES_256_CBC: Oid<'static> = Oid(b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a");
const RC2_CBC: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x03\x02");
const PKCS12_TRIPLE_DES: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03");

/// Schemes that derive key and vector at once: of PBES1 and of PKCS#12.
#[rustfmt::skip]
const OLD: [(&[u8], Family, Hash, Cipher); 10] = [
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x03", Family::Pbes1, Hash::Md5, Cipher::Des),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x06", Family::Pbes1, Hash::Md5, Cipher::Rc2 { length: 8, bits: 64 }),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0a", Family::Pbes1, Hash::Sha1, Cipher::Des),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0b", Family::Pbes1, Hash::Sha1, Cipher::Rc2 { length: 8, bits: 64 }),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x01", Family::Pkcs12, Hash::Sha1, Cipher::Rc4 { length: 16 }),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x02", Family::Pkcs12, Hash::Sha1, Cipher::Rc4 { length: 5 }),
    (PKCS12_TRIPLE_DES.0, Family::Pkcs12, Hash::Sha1, Cipher::TripleDes),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x04", Family::Pkcs12, Hash::Sha1, Cipher::DoubleDes),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x05", Family::Pkcs12, Hash::Sha1, Cipher::Rc2 { length: 16, bits: 128 }),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06", Family::Pkcs12, Hash::Sha1, Cipher::Rc2 { length: 5, bits: 40 }),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Pbes1,
    Pkcs12,
}

/// The ciphers of PBES2 whose parameter is the vector and nothing else.
const CIPHERS: [(&[u8], Cipher); 9] = [
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x02", Cipher::Aes128),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x16", Cipher::Aes192),
    (AES_256_CBC.0, Cipher::Aes256),
    (b"\x2a\x86\x48\x86\xf7\x0d\x03\x07", Cipher::TripleDes),
    (b"\x2b\x0e\x03\x02\x07", Cipher::Des),
    (b"\x2a\x83\x08\x8c\x9a\x4b\x3d\x01\x01\x01\x02", Cipher::Camellia128),
    (b"\x2a\x83\x08\x8c\x9a\x4b\x3d\x01\x01\x01\x03", Cipher::Camellia192),
    (b"\x2a\x83\x08\x8c\x9a\x4b\x3d\x01\x01\x01\x04", Cipher::Camellia256),
    (b"\x2b\x06\x01\x04\x01\x97\x55\x01\x02", Cipher::Blowfish),
];

/// Names of the schemes of PKCS#5 and PKCS#12 and of the ciphers that PBES2 names, known or not.
const NAMES: [(&[u8], &str); 42] = [
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x01", "PBES1 MD2-DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x03", "PBES1 MD5-DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x04", "PBES1 MD2-RC2-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x06", "PBES1 MD5-RC2-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0a", "PBES1 SHA1-DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0b", "PBES1 SHA1-RC2-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d", "PBES2"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0e", "PBMAC1"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x01", "PKCS12 SHA1-RC4-128"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x02", "PKCS12 SHA1-RC4-40"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03", "PKCS12 SHA1-3DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x04", "PKCS12 SHA1-2DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x05", "PKCS12 SHA1-RC2-128-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06", "PKCS12 SHA1-RC2-40-CBC"),
    (b"\x2b\x06\x01\x04\x01\x2a\x02\x11\x01\x01", "Java's JKS key protector"),
    (b"\x2b\x06\x01\x04\x01\x2a\x02\x13\x01", "Java's JCEKS key protector (MD5-3DES)"),
    (b"\x2b\x06\x01\x04\x01\xda\x47\x04\x0b", "scrypt"),
    (b"\x2b\x0e\x03\x02\x07", "DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x03\x02", "RC2-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x03\x04", "RC4"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x03\x07", "3DES-CBC"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x02", "AES-128-CBC"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x16", "AES-192-CBC"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a", "AES-256-CBC"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x03", "AES-128-OFB"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x2b", "AES-256-OFB"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x04", "AES-128-CFB"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x2c", "AES-256-CFB"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x06", "AES-128-GCM"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x1a", "AES-192-GCM"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x2e", "AES-256-GCM"),
    (b"\x2a\x83\x08\x8c\x9a\x4b\x3d\x01\x01\x01\x02", "CAMELLIA-128-CBC"),
    (b"\x2a\x83\x08\x8c\x9a\x4b\x3d\x01\x01\x01\x03", "CAMELLIA-192-CBC"),
    (b"\x2a\x83\x08\x8c\x9a\x4b\x3d\x01\x01\x01\x04", "CAMELLIA-256-CBC"),
    (b"\x2a\x83\x1a\x8c\x9a\x6e\x01\x01\x02", "ARIA-128-CBC"),
    (b"\x2a\x83\x1a\x8c\x9a\x6e\x01\x01\x07", "ARIA-192-CBC"),
    (b"\x2a\x83\x1a\x8c\x9a\x6e\x01\x01\x0c", "ARIA-256-CBC"),
    (b"\x2a\x83\x1a\x8c\x9a\x44\x01\x04", "SEED-CBC"),
    (b"\x2b\x06\x01\x04\x01\x81\x3c\x07\x01\x01\x02", "IDEA-CBC"),
    (b"\x2a\x86\x48\x86\xf6\x7d\x07\x42\x0a", "CAST5-CBC"),
    (b"\x2b\x06\x01\x04\x01\x97\x55\x01\x02", "Blowfish-CBC"),
    (b"\x2a\x81\x1c\xcf\x55\x01\x68\x02", "SM4-CBC"),
];

/// Gives the hash function of a digest's identifier.
pub(super) fn hash_of_digest(name: Oid<'_>) -> Option<Hash> {
    Some(match name {
        oid::SHA1 => Hash::Sha1,
        oid::SHA224 => Hash::Sha224,
        oid::SHA256 => Hash::Sha256,
        oid::SHA384 => Hash::Sha384,
        oid::SHA512 => Hash::Sha512,
        Oid(b"\x60\x86\x48\x01\x65\x03\x04\x02\x05") => Hash::Sha512To224,
        Oid(b"\x60\x86\x48\x01\x65\x03\x04\x02\x06") => Hash::Sha512To256,
        Oid(b"\x2a\x86\x48\x86\xf7\x0d\x02\x05") => Hash::Md5,
        _ => return None,
    })
}

/// Gives the hash function of a MAC's identifier (RFC 8018 appendix B.1).
pub(super) fn hash_of_hmac(name: Oid<'_>) -> Option<Hash> {
    let last = name.0.strip_prefix(b"\x2a\x86\x48\x86\xf7\x0d\x02")?;
    Some(match last {
        [7] => Hash::Sha1,
        [8] => Hash::Sha224,
        [9] => Hash::Sha256,
        [10] => Hash::Sha384,
        [11] => Hash::Sha512,
        [12] => Hash::Sha512To224,
        [13] => Hash::Sha512To256,
        _ => return None,
    })
}

/// Names the scheme of an AlgorithmIdentifier: `PBES2 AES-256-CBC`, or its identifier where certkit has no name for it.
pub fn name_of(algorithm: &[u8]) -> String {
    let read = || -> Result<String, asn1::Error> {
        let mut parts = Reader::new(algorithm).sequence()?;
        let scheme = Oid(parts.oid()?);
        let mut cipher = || -> Result<String, asn1::Error> {
            let mut parameters = parts.sequence()?;
            parameters.expect(Tag::SEQUENCE)?;
            Ok(name(Oid(parameters.sequence()?.oid()?)))
        };
        Ok(match scheme {
            PBES2 => cipher().map_or_else(|_| "PBES2".to_owned(), |cipher| format!("PBES2 {cipher}")),
            other => name(other),
        })
    };
    read().unwrap_or_else(|_| "an unreadable scheme".to_owned())
}

fn name(scheme: Oid<'_>) -> String {
    let known = NAMES.iter().find(|(oid, _)| *oid == scheme.0).map(|(_, name)| *name);
    known.or(scheme.name()).map_or_else(|| scheme.to_string(), str::to_owned)
}

fn unsupported(scheme: Oid<'_>) -> Error {
    Error::Unsupported { scheme: name(scheme) }
}

/// An encryption scheme with its parameters.
#[derive(Clone, Copy, Debug)]
pub struct Scheme<'a>(Kind<'a>);

#[derive(Clone, Copy, Debug)]
enum Kind<'a> {
    Old { family: Family, hash: Hash, cipher: Cipher, salt: &'a [u8], iterations: u32 },
    Pbes2 { derivation: Derivation<'a>, cipher: Cipher, vector: &'a [u8] },
}

#[derive(Clone, Copy, Debug)]
enum Derivation<'a> {
    Pbkdf2(Pbkdf2<'a>),
    Scrypt { salt: &'a [u8], parameters: legacy::scrypt::Parameters, cost: u32 },
}

/// The parameters of PBKDF2 (RFC 8018 appendix A.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Pbkdf2<'a> {
    hash: Hash,
    salt: &'a [u8],
    iterations: u32,
    /// The length of the key, where it is said.
    pub(super) length: Option<usize>,
}

impl<'a> Pbkdf2<'a> {
    /// Reads an AlgorithmIdentifier that should be PBKDF2's.
    pub(super) fn read(algorithm: Element<'a>) -> Result<Pbkdf2<'a>, Error> {
        let mut parts = algorithm.contents();
        let name = Oid(parts.oid()?);
        if name != PBKDF2 {
            return Err(unsupported(name));
        }
        let mut parameters = parts.sequence()?;
        let salt = parameters.expect(Tag::OCTET_STRING)?.value;
        let iterations = parameters.small_integer()?;
        let length = parameters.optional(Tag::INTEGER)?.and_then(|length| asn1::small_integer(length.value));
        let hash = match parameters.optional(Tag::SEQUENCE)? {
            Some(function) => {
                let name = Oid(function.contents().oid()?);
                hash_of_hmac(name).ok_or_else(|| unsupported(name))?
            }
            None => Hash::Sha1,
        };
        let length = length.and_then(|length| usize::try_from(length).ok()).filter(|length| *length <= 1024);
        Ok(Pbkdf2 { hash, salt, iterations, length })
    }

    /// Derives a key of this length.
    pub(super) fn derive(
        &self,
        password: Password<'_>,
        length: usize,
        budget: &mut Budget,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        budget.take(self.iterations, derive::pbkdf2_weight(self.hash, length))?;
        let mut key = Zeroizing::new(vec![0; length]);
        derive::pbkdf2(self.hash, password.bytes(), self.salt, self.iterations, &mut key)?;
        Ok(key)
    }
}

impl<'a> Scheme<'a> {
    /// Reads an AlgorithmIdentifier.
    pub fn read(algorithm: Element<'a>) -> Result<Scheme<'a>, Error> {
        let mut parts = algorithm.contents();
        let name = Oid(parts.oid()?);
        if name == PBES2 {
            return Scheme::read_pbes2(parts.sequence()?);
        }
        let known = OLD.iter().find(|(oid, ..)| *oid == name.0);
        let &(_, family, hash, cipher) = known.ok_or_else(|| unsupported(name))?;
        let mut parameters = parts.sequence()?;
        let salt = parameters.expect(Tag::OCTET_STRING)?.value;
        let iterations = parameters.small_integer()?;
        Ok(Scheme(Kind::Old { family, hash, cipher, salt, iterations }))
    }

    fn read_pbes2(mut parameters: Reader<'a>) -> Result<Scheme<'a>, Error> {
        let derivation = parameters.expect(Tag::SEQUENCE)?;
        let mut encryption = parameters.sequence()?;
        let is_scrypt = Oid(derivation.contents().oid()?) == SCRYPT;
        let derivation =
            if is_scrypt { read_scrypt(derivation)? } else { Derivation::Pbkdf2(Pbkdf2::read(derivation)?) };
        let name = Oid(encryption.oid()?);
        if name == RC2_CBC {
            let mut parameters = encryption.sequence()?;
            let version = parameters.small_integer()?;
            let vector = parameters.expect(Tag::OCTET_STRING)?.value;
            let length = match derivation {
                Derivation::Pbkdf2(it) => it.length.unwrap_or(16),
                Derivation::Scrypt { .. } => 16,
            };
            let bits = rc2_bits(version).filter(|_| (1..=128).contains(&length)).ok_or_else(|| unsupported(name))?;
            return Ok(Scheme(Kind::Pbes2 { derivation, cipher: Cipher::Rc2 { length, bits }, vector }));
        }
        let cipher = CIPHERS.iter().find(|(oid, _)| *oid == name.0).map(|(_, cipher)| *cipher);
        let cipher = cipher.ok_or_else(|| unsupported(name))?;
        let vector = encryption.expect(Tag::OCTET_STRING)?.value;
        Ok(Scheme(Kind::Pbes2 { derivation, cipher, vector }))
    }

    /// Decrypts and takes the padding off.
    ///
    /// Costs what the file asks for, within the budget. [`Error::NotOpened`] is certain
    /// only in one direction: one wrong password in 256 leaves a sound padding.
    pub fn decrypt(
        &self,
        encrypted: &[u8],
        password: Password<'_>,
        budget: &mut Budget,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self.0 {
            Kind::Old { family: Family::Pkcs12, hash, cipher, salt, iterations } => {
                for length in [cipher.key_length(), cipher.vector_length()] {
                    budget.take(iterations, derive::pkcs12_weight(hash, length))?;
                }
                let mut key = Zeroizing::new(vec![0; cipher.key_length()]);
                derive::pkcs12(hash, Purpose::Key, password, salt, iterations, &mut key);
                let mut vector = vec![0; cipher.vector_length()];
                derive::pkcs12(hash, Purpose::Vector, password, salt, iterations, &mut vector);
                cipher.decrypt(&key, &vector, encrypted)
            }
            Kind::Old { family: Family::Pbes1, hash, cipher, salt, iterations } => {
                budget.take(iterations, derive::pbkdf1_weight(hash))?;
                let derived = derive::pbkdf1(hash, password.bytes(), salt, iterations);
                let (key, vector) = derived.split_at_checked(8).ok_or(Error::Backend)?;
                cipher.decrypt(key, vector, encrypted)
            }
            Kind::Pbes2 { derivation, cipher, vector } => {
                let key = match derivation {
                    Derivation::Pbkdf2(it) => it.derive(password, cipher.key_length(), budget)?,
                    Derivation::Scrypt { salt, parameters, cost } => {
                        budget.take(cost, SCRYPT_WEIGHT)?;
                        let mut key = Zeroizing::new(vec![0; cipher.key_length()]);
                        parameters.derive(password.bytes(), salt, &mut key).ok_or(Error::Backend)?;
                        key
                    }
                };
                cipher.decrypt(&key, vector, encrypted)
            }
        }
    }

    /// The set of ciphers that comes nearest, for what is to be written anew.
    pub fn protection(&self) -> Protection {
        match self.0 {
            Kind::Old { .. } => Protection::Java8,
            Kind::Pbes2 { .. } => Protection::Modern,
        }
    }
}

/// The most memory that scrypt is given: 64 MiB. OpenSSL asks for 16 and gives 32; several files are read at once.
const SCRYPT_MEMORY: u64 = 64 * 1024 * 1024;

/// What 128 bytes of scrypt's work cost, in units of the budget.
const SCRYPT_WEIGHT: u64 = 3;

/// Reads the parameters of scrypt (RFC 7914 section 7).
fn read_scrypt(algorithm: Element<'_>) -> Result<Derivation<'_>, Error> {
    let mut parts = algorithm.contents();
    parts.oid()?;
    let mut parameters = parts.sequence()?;
    let salt = parameters.expect(Tag::OCTET_STRING)?.value;
    let (n, r, p) = (parameters.small_integer()?, parameters.small_integer()?, parameters.small_integer()?);
    let invalid = || algorithm.invalid("parameter of scrypt");
    let blocks = u64::from(n).saturating_add(p.into()).saturating_add(2);
    let memory = blocks.saturating_mul(r.into()).saturating_mul(128);
    // Counted as iterations, each over 128 bytes.
    let cost = u64::from(n).saturating_mul(r.into()).saturating_mul(p.into());
    let cost = u32::try_from(cost).unwrap_or(u32::MAX);
    if memory > SCRYPT_MEMORY {
        return Err(Error::TooCostly { iterations: n });
    }
    if !n.is_power_of_two() {
        return Err(invalid().into());
    }
    let log = u8::try_from(n.trailing_zeros()).map_err(|_| invalid())?;
    if !legacy::scrypt::AVAILABLE {
        return Err(unsupported(SCRYPT));
    }
    let parameters = legacy::scrypt::Parameters::new(log, r, p).ok_or_else(invalid)?;
    Ok(Derivation::Scrypt { salt, parameters, cost })
}

/// Gives the effective bits of an RC2 version number (RFC 8018 appendix B.2.3).
fn rc2_bits(version: u32) -> Option<usize> {
    match version {
        160 => Some(40),
        120 => Some(64),
        58 => Some(128),
        256..=1024 => usize::try_from(version).ok(),
        _ => None,
    }
}

/// What was encrypted, with the scheme that it was encrypted with.
pub struct Encrypted {
    /// The AlgorithmIdentifier.
    pub algorithm: Vec<u8>,
    /// The encrypted bytes.
    pub bytes: Vec<u8>,
}

impl Encrypted {
    /// Writes both as an EncryptedPrivateKeyInfo (RFC 5958 section 3).
    pub fn private_key_info(&self) -> Result<Vec<u8>, NotWritten> {
        structure::encrypted_key(&self.algorithm, &self.bytes)
    }
}

/// Encrypts with this many iterations; salt and vector are random.
pub fn encrypt(
    clear: &[u8],
    password: Password<'_>,
    protection: Protection,
    iterations: u32,
) -> Result<Encrypted, Error> {
    let salt = random::bytes::<16>()?;
    match protection {
        Protection::Modern => {
            let vector = random::bytes::<16>()?;
            let mut key = Zeroizing::new([0; 32]);
            derive::pbkdf2(Hash::Sha256, password.bytes(), &salt, iterations, &mut *key)?;
            let bytes = Cipher::Aes256.encrypt(&*key, &vector, clear)?;
            let oids = Pbes2Oids { scheme: PBES2, derivation: PBKDF2, function: HMAC_SHA256, cipher: AES_256_CBC };
            Ok(Encrypted { algorithm: structure::pbes2(&oids, &salt, iterations, &vector)?, bytes })
        }
        Protection::Java8 => {
            let (mut key, mut vector) = (Zeroizing::new([0; 24]), [0; 8]);
            derive::pkcs12(Hash::Sha1, Purpose::Key, password, &salt, iterations, &mut *key);
            derive::pkcs12(Hash::Sha1, Purpose::Vector, password, &salt, iterations, &mut vector);
            let bytes = Cipher::TripleDes.encrypt(&*key, &vector, clear)?;
            Ok(Encrypted { algorithm: structure::salted(PKCS12_TRIPLE_DES, &salt, iterations)?, bytes })
        }
    }
}

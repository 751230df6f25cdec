//! Encrypts private keys, and decrypts what others have encrypted.
//!
//! Writes one scheme: PBES2 with PBKDF2 and AES-256. Reads what [`password_based`] knows,
//! the PEM encryption of OpenSSL before version 1, and that of Microsoft's PVK. Does not guess: an unknown
//! scheme is named, and a wrong password is distinguished from a damaged key as far as
//! the padding allows.

use zeroize::Zeroizing;

use super::digest;
use super::password_based::{self, Budget, Cipher, Password, Protection, Scheme, java};
use super::random::NoRandomness;
use crate::asn1::typed::NotWritten;
use crate::asn1::{self, Tag};

/// How often PBKDF2 hashes the password of a key that is written: what OWASP advises for HMAC-SHA256 since 2023.
///
/// Costs about a quarter of a second at each use of the password, for its owner and for an attacker.
pub const ITERATIONS: u32 = 600_000;

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
        "the private key requires {iterations} password iterations, more than certkit allows for {}",
        password_based::FOR_WHAT
    )]
    TooCostly {
        /// How many it asks for.
        iterations: u32,
    },
    /// It has no form in DER.
    #[error(transparent)]
    NotWritten(#[from] NotWritten),
    /// No random salt.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The backend failed.
    #[error("the cryptographic backend failed to encrypt the private key")]
    Backend,
}

impl Error {
    fn of(error: password_based::Error) -> Error {
        match error {
            password_based::Error::NotOpened | password_based::Error::Characters => Error::WrongPassword,
            password_based::Error::Unsupported { scheme } => Error::Unsupported { scheme },
            password_based::Error::Damaged(error) => Error::Damaged(error),
            password_based::Error::TooCostly { iterations } => Error::TooCostly { iterations },
            password_based::Error::NotWritten(error) => Error::NotWritten(error),
            password_based::Error::Randomness(error) => Error::Randomness(error),
            password_based::Error::Backend => Error::Backend,
        }
    }
}

/// Encrypts a PKCS#8 key: PBES2 (RFC 8018 section 6.2), PBKDF2 with HMAC-SHA256, AES-256-CBC.
///
/// Salt and initialization vector are random. Costs [`ITERATIONS`] of PBKDF2.
pub fn encrypt(pkcs8: &[u8], password: &[u8]) -> Result<Vec<u8>, Error> {
    let encrypted =
        password_based::encrypt(pkcs8, Password::Text(password), Protection::Modern, ITERATIONS).map_err(Error::of)?;
    Ok(encrypted.private_key_info()?)
}

/// Decrypts an EncryptedPrivateKeyInfo (RFC 5958 section 3) and gives the PKCS#8 key.
///
/// Takes PBES2 with PBKDF2 or scrypt and any of the usual ciphers, PBES1, and what PKCS#12 and Java have of
/// their own. Draws from the budget, which is that of the file in which the key stands.
pub fn decrypt(der: &[u8], password: &[u8], budget: &mut Budget) -> Result<Zeroizing<Vec<u8>>, Error> {
    let wrapping = || -> Result<_, asn1::Error> {
        let mut fields = asn1::single(der, Tag::SEQUENCE)?.contents();
        Ok((fields.expect(Tag::SEQUENCE)?, fields.expect(Tag::OCTET_STRING)?.value))
    };
    let (algorithm, encrypted) = wrapping().map_err(Error::Damaged)?;
    if java::protector(algorithm).is_some() {
        return require_key(java::open(der, password, budget).map_err(Error::of)?);
    }
    let scheme = Scheme::read(algorithm).map_err(Error::of)?;
    let clear = scheme.decrypt(encrypted, Password::Text(password), budget).map_err(Error::of)?;
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
    require_key(password_based::openssl::decrypt(scheme, vector, encrypted, password).map_err(Error::of)?)
}

/// Decrypts a key of Microsoft's form (PVK) behind its header, where one of these passwords opens it: RC4 under SHA-1 of salt
/// and password, or under 40 bits of that, as exported programs wrote it. `begin` is what the clear bytes begin with.
///
/// # Errors
/// [`Error::WrongPassword`] where none does, [`Error::Unsupported`] in a build without such ciphers.
pub fn decrypt_pvk<'p>(
    salt: &[u8],
    encrypted: &[u8],
    passwords: impl Iterator<Item = &'p [u8]>,
    begin: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    for password in passwords {
        let mut key = Zeroizing::new(digest::sha1(&Zeroizing::new([salt, password].concat())));
        for strength in [16, 5] {
            key.get_mut(strength..).unwrap_or_default().fill(0);
            let cipher = Cipher::Rc4 { length: 16 };
            let clear = cipher.decrypt(key.get(..16).unwrap_or_default(), &[], encrypted).map_err(Error::of)?;
            if clear.starts_with(begin) {
                return Ok(clear);
            }
        }
    }
    Err(Error::WrongPassword)
}

/// One in 256 wrong passwords leaves a sound padding; no wrong one leaves a SEQUENCE that fills the bytes.
fn require_key(clear: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, Error> {
    match asn1::single(&clear, Tag::SEQUENCE) {
        Ok(_) => Ok(clear),
        Err(_) => Err(Error::WrongPassword),
    }
}

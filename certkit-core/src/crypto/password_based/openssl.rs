//! The encryption of PEM blocks that OpenSSL had before it took up PKCS#8.

use zeroize::Zeroizing;

use super::Error;
use super::cipher::Cipher;
use crate::crypto::digest::Digest;

/// The names that stand in `DEK-Info` lines, and their ciphers.
#[rustfmt::skip]
const CIPHERS: [(&str, Cipher); 11] = [
    ("AES-128-CBC", Cipher::Aes128),
    ("AES-192-CBC", Cipher::Aes192),
    ("AES-256-CBC", Cipher::Aes256),
    ("DES-EDE3-CBC", Cipher::TripleDes),
    ("DES-EDE-CBC", Cipher::DoubleDes),
    ("DES-CBC", Cipher::Des),
    ("RC2-CBC", Cipher::Rc2 { length: 16, bits: 128 }),
    ("CAMELLIA-128-CBC", Cipher::Camellia128),
    ("CAMELLIA-192-CBC", Cipher::Camellia192),
    ("CAMELLIA-256-CBC", Cipher::Camellia256),
    ("BF-CBC", Cipher::Blowfish),
];

/// Decrypts with a key of one round of MD5 (`EVP_BytesToKey`), salted with the start of the vector.
pub fn decrypt(scheme: &str, vector: &[u8], encrypted: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let unsupported = || Error::Unsupported { scheme: scheme.to_owned() };
    let known = CIPHERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(scheme));
    let &(_, cipher) = known.ok_or_else(unsupported)?;
    let salt = vector.get(..8).ok_or_else(unsupported)?;
    let mut key = Zeroizing::new(Vec::with_capacity(48));
    let mut previous = Zeroizing::new(Vec::new());
    while key.len() < cipher.key_length() {
        let message = Zeroizing::new([previous.as_slice(), password, salt].concat());
        previous = Zeroizing::new(Digest::Md5.of(&message));
        key.extend_from_slice(&previous);
    }
    key.truncate(cipher.key_length());
    cipher.decrypt(&key, vector, encrypted)
}

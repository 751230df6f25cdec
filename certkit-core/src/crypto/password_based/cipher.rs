//! Ciphers that a password's key goes into: blocks in CBC mode with padding, and RC4.

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey,
    PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use zeroize::Zeroizing;

use super::super::legacy;
use super::Error;

/// A cipher with the size of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::crypto) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    /// 3DES with two keys, the first of which is used twice.
    DoubleDes,
    Des,
    /// RC2 with the length of its key in bytes and its effective size in bits.
    Rc2 {
        length: usize,
        bits: usize,
    },
    /// A stream cipher with the length of its key in bytes.
    Rc4 {
        length: usize,
    },
    Camellia128,
    Camellia192,
    Camellia256,
    Blowfish,
}

impl Cipher {
    /// The length of the key in bytes.
    pub(super) fn key_length(self) -> usize {
        match self {
            Cipher::Des => 8,
            // Blowfish takes keys of other lengths as well, which nobody uses.
            Cipher::Aes128 | Cipher::DoubleDes | Cipher::Camellia128 | Cipher::Blowfish => 16,
            Cipher::Aes192 | Cipher::TripleDes | Cipher::Camellia192 => 24,
            Cipher::Aes256 | Cipher::Camellia256 => 32,
            Cipher::Rc2 { length, .. } | Cipher::Rc4 { length } => length,
        }
    }

    /// The length of the initialization vector in bytes.
    pub(super) fn vector_length(self) -> usize {
        match self {
            Cipher::Rc4 { .. } => 0,
            Cipher::TripleDes | Cipher::DoubleDes | Cipher::Des | Cipher::Rc2 { .. } | Cipher::Blowfish => 8,
            _ => 16,
        }
    }

    /// An error where this build has no such cipher.
    fn available(self) -> Result<(), Error> {
        let is_old = !matches!(self, Cipher::Aes128 | Cipher::Aes192 | Cipher::Aes256);
        if is_old && !legacy::ciphers::AVAILABLE {
            return Err(Error::Unsupported { scheme: format!("{self:?}") });
        }
        Ok(())
    }

    /// Decrypts and takes the padding off.
    ///
    /// # Errors
    /// [`Error::NotOpened`] where lengths or padding are wrong; [`Error::Unsupported`] where this build has no such cipher.
    pub(in crate::crypto) fn decrypt(
        self,
        key: &[u8],
        vector: &[u8],
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.available()?;
        let mut bytes = Zeroizing::new(encrypted.to_vec());
        let length = match self {
            Cipher::Aes128 => decrypt_aes(&AES_128, key, vector, &mut bytes),
            Cipher::Aes192 => decrypt_aes(&AES_192, key, vector, &mut bytes),
            Cipher::Aes256 => decrypt_aes(&AES_256, key, vector, &mut bytes),
            old => legacy::ciphers::decrypt(old, key, vector, &mut bytes),
        }
        .ok_or(Error::NotOpened)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    /// Adds padding and encrypts.
    ///
    /// # Errors
    /// [`Error::Backend`] for a cipher that certkit does not write, or a wrong length; [`Error::Unsupported`] where this
    /// build has no such cipher.
    pub(super) fn encrypt(self, key: &[u8], vector: &[u8], clear: &[u8]) -> Result<Vec<u8>, Error> {
        self.available()?;
        // Room for the padding, so that no clear bytes are left behind where the buffer grows.
        let mut bytes = Zeroizing::new(Vec::with_capacity(clear.len().saturating_add(16)));
        bytes.extend_from_slice(clear);
        match self {
            Cipher::Aes256 => {
                let vector = FixedLength::try_from(vector).map_err(|_| Error::Backend)?;
                UnboundCipherKey::new(&AES_256, key)
                    .and_then(PaddedBlockEncryptingKey::cbc_pkcs7)
                    .and_then(|key| key.less_safe_encrypt(&mut *bytes, EncryptionContext::Iv128(vector)))
                    .map_err(|_| Error::Backend)?;
            }
            Cipher::TripleDes => {
                legacy::ciphers::encrypt_triple_des(key, vector, &mut bytes).ok_or(Error::Backend)?;
            }
            _ => return Err(Error::Backend),
        }
        Ok(std::mem::take(&mut *bytes))
    }
}

fn decrypt_aes(algorithm: &'static Algorithm, key: &[u8], vector: &[u8], bytes: &mut [u8]) -> Option<usize> {
    let vector = FixedLength::try_from(vector).ok()?;
    UnboundCipherKey::new(algorithm, key)
        .and_then(PaddedBlockDecryptingKey::cbc_pkcs7)
        .and_then(|key| Ok(key.decrypt(bytes, DecryptionContext::Iv128(vector))?.len()))
        .ok()
}

#[cfg(all(test, feature = "legacy-crypto"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_encrypted_is_decrypted_whatever_its_length() {
        for cipher in [Cipher::Aes256, Cipher::TripleDes] {
            let key: Vec<u8> = (1..).take(cipher.key_length()).collect();
            let vector = vec![9; cipher.vector_length()];
            for length in 0..40 {
                let clear = vec![7; length];
                let encrypted = cipher.encrypt(&key, &vector, &clear).unwrap();
                assert_eq!(encrypted.len() % cipher.vector_length(), 0);
                assert_eq!(*cipher.decrypt(&key, &vector, &encrypted).unwrap(), clear, "{cipher:?} {length}");
                assert_eq!(cipher.decrypt(&key, &vector, &encrypted[1..]), Err(Error::NotOpened));
            }
        }
    }

    #[test]
    fn the_stream_cipher_is_the_one_of_the_textbooks() {
        // RFC 6229 section 2: a key of 40 bits, the first 16 bytes of the stream.
        let stream = Cipher::Rc4 { length: 5 }.decrypt(&[1, 2, 3, 4, 5], &[], &[0; 16]).unwrap();
        assert_eq!(*stream, *b"\xb2\x39\x63\x05\xf0\x3d\xc0\x27\xcc\xc3\x52\x4a\x0a\x11\x18\xa8");
    }
}

//! Ciphers of old stores and keys: 3DES, DES, RC2, Camellia and Blowfish in CBC mode with padding, and RC4.

use des::cipher::consts::{U5, U16};
use des::cipher::generic_array::{ArrayLength, GenericArray};
use des::cipher::{BlockDecrypt, BlockEncrypt, KeyInit, StreamCipher};

use super::super::password_based::Cipher;

/// Whether this build has these ciphers.
pub(in crate::crypto) const AVAILABLE: bool = true;

/// Decrypts in place and gives the length without padding; `None` where lengths or padding are wrong, and for a cipher of
/// another kind.
pub(in crate::crypto) fn decrypt(cipher: Cipher, key: &[u8], vector: &[u8], bytes: &mut [u8]) -> Option<usize> {
    match cipher {
        Cipher::TripleDes => decrypt_cbc(&des::TdesEde3::new_from_slice(key).ok()?, vector, bytes),
        Cipher::DoubleDes => decrypt_cbc(&des::TdesEde2::new_from_slice(key).ok()?, vector, bytes),
        Cipher::Des => decrypt_cbc(&des::Des::new_from_slice(key).ok()?, vector, bytes),
        Cipher::Rc2 { bits, length } if key.len() == length => {
            decrypt_cbc(&rc2::Rc2::new_with_eff_key_len(key, bits), vector, bytes)
        }
        Cipher::Camellia128 => decrypt_cbc(&camellia::Camellia128::new_from_slice(key).ok()?, vector, bytes),
        Cipher::Camellia192 => decrypt_cbc(&camellia::Camellia192::new_from_slice(key).ok()?, vector, bytes),
        Cipher::Camellia256 => decrypt_cbc(&camellia::Camellia256::new_from_slice(key).ok()?, vector, bytes),
        Cipher::Blowfish => {
            let cipher: blowfish::Blowfish = blowfish::Blowfish::new_from_slice(key).ok()?;
            decrypt_cbc(&cipher, vector, bytes)
        }
        Cipher::Rc4 { length: 5 } => stream::<U5>(key, bytes),
        Cipher::Rc4 { .. } => stream::<U16>(key, bytes),
        Cipher::Rc2 { .. } | Cipher::Aes128 | Cipher::Aes192 | Cipher::Aes256 => None,
    }
}

/// Adds the key stream of RC4 in place; there is no padding that could be wrong.
fn stream<Length: ArrayLength<u8>>(key: &[u8], bytes: &mut [u8]) -> Option<usize> {
    rc4::Rc4::<Length>::new_from_slice(key).ok()?.apply_keystream(bytes);
    Some(bytes.len())
}

/// Adds padding and encrypts in place with 3DES, which Java 8 reads; `None` for a wrong length.
pub(in crate::crypto) fn encrypt_triple_des(key: &[u8], vector: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
    encrypt_cbc(&des::TdesEde3::new_from_slice(key).ok()?, vector, bytes)
}

/// Decrypts in place and gives the length without padding.
fn decrypt_cbc<C: BlockDecrypt>(cipher: &C, vector: &[u8], bytes: &mut [u8]) -> Option<usize> {
    let size = C::block_size();
    if vector.len() != size || !bytes.len().is_multiple_of(size) {
        return None;
    }
    let mut previous = vector.to_vec();
    for block in bytes.chunks_exact_mut(size) {
        let encrypted = block.to_vec();
        cipher.decrypt_block(GenericArray::from_mut_slice(block));
        block.iter_mut().zip(&previous).for_each(|(octet, mask)| *octet ^= mask);
        previous = encrypted;
    }
    let padding = *bytes.last()?;
    let length = bytes.len().checked_sub(padding.into())?;
    let is_padded = (1..=size).contains(&padding.into()) && bytes.get(length..)?.iter().all(|octet| *octet == padding);
    is_padded.then_some(length)
}

fn encrypt_cbc<C: BlockEncrypt>(cipher: &C, vector: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
    let size = C::block_size();
    if vector.len() != size {
        return None;
    }
    let padding = bytes.len().saturating_add(1).next_multiple_of(size).saturating_sub(bytes.len());
    bytes.extend(std::iter::repeat_n(u8::try_from(padding).ok()?, padding));
    let mut previous = vector.to_vec();
    for block in bytes.chunks_exact_mut(size) {
        block.iter_mut().zip(&previous).for_each(|(octet, mask)| *octet ^= mask);
        cipher.encrypt_block(GenericArray::from_mut_slice(block));
        previous = block.to_vec();
    }
    Some(())
}

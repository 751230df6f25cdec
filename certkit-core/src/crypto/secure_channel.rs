//! What the security policies of OPC UA do with keys (OPC 10000-7; OPC 10000-6 sections 6.7.2 to 6.7.5).
//!
//! Knows the three policies over RSA that are not deprecated; the backend does all the arithmetic. Does not know
//! messages.

use aws_lc_rs::cipher::{
    AES_128, AES_256, Algorithm as Aes, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext,
    UnboundCipherKey,
};
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    PrivateDecryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::tls_prf::{P_SHA256, Secret};
use zeroize::Zeroizing;

use super::digest::Digest;
use super::key::PublicKey;
use super::key_pair::KeyPair;
use super::signature::{self, PssParameters, SignatureAlgorithm};
use super::signing::SigningAlgorithm;

/// The bytes of an HMAC-SHA256.
pub const MAC: usize = 32;

/// The bytes of a nonce of these policies.
pub const NONCE: usize = 32;

/// The bytes of an AES block.
pub const BLOCK: usize = 16;

/// A security policy over RSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// RSA-OAEP with SHA-1, PKCS#1 v1.5 with SHA-256, AES-128.
    Aes128Sha256RsaOaep,
    /// The same with AES-256.
    Basic256Sha256,
    /// RSA-OAEP and PSS with SHA-256, AES-256.
    Aes256Sha256RsaPss,
}

/// Something that does not work: a key that is not RSA, a message that is not of the peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A key is none that the policy takes.
    #[error("a key is not an RSA key that the policy allows")]
    Key,
    /// The message was not encrypted for this key, or was changed.
    #[error("the message cannot be decrypted")]
    Encrypted,
    /// The signature or MAC is not that of the message.
    #[error("the signature of the message is wrong")]
    Signature,
    /// The backend failed.
    #[error("the cryptographic backend failed")]
    Backend,
}

impl Suite {
    /// Finds a suite by the name of its policy, such as `Basic256Sha256`.
    pub fn named(policy: &str) -> Option<Suite> {
        match policy {
            "Aes128_Sha256_RsaOaep" => Some(Suite::Aes128Sha256RsaOaep),
            "Basic256Sha256" => Some(Suite::Basic256Sha256),
            "Aes256_Sha256_RsaPss" => Some(Suite::Aes256Sha256RsaPss),
            _ => None,
        }
    }

    /// The URI of its signature algorithm, as session services name it.
    pub fn signature_uri(self) -> &'static str {
        match self {
            Suite::Aes256Sha256RsaPss => "http://opcfoundation.org/UA/security/rsa-pss-sha2-256",
            _ => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        }
    }

    fn oaep(self) -> &'static OaepAlgorithm {
        match self {
            Suite::Aes256Sha256RsaPss => &OAEP_SHA256_MGF1SHA256,
            _ => &OAEP_SHA1_MGF1SHA1,
        }
    }

    fn aes(self) -> (&'static Aes, usize) {
        match self {
            Suite::Aes128Sha256RsaOaep => (&AES_128, 16),
            _ => (&AES_256, 32),
        }
    }
}

/// The keys of both sides, before there is a channel.
pub struct Asymmetric<'a> {
    suite: Suite,
    own: &'a KeyPair,
    opening: OaepPrivateDecryptingKey,
    sealing: OaepPublicEncryptingKey,
    peer: PublicKey<'a>,
}

impl<'a> Asymmetric<'a> {
    /// Takes our key pair, and the peer's SubjectPublicKeyInfo.
    pub fn new(suite: Suite, own: &'a KeyPair, peer_spki: &'a [u8]) -> Result<Asymmetric<'a>, Error> {
        let pkcs8 = own.to_pkcs8().map_err(|_| Error::Key)?;
        let opening = PrivateDecryptingKey::from_pkcs8(&pkcs8).map_err(|_| Error::Key)?;
        let sealing = PublicEncryptingKey::from_der(peer_spki).map_err(|_| Error::Key)?;
        Ok(Asymmetric {
            suite,
            own,
            opening: OaepPrivateDecryptingKey::new(opening).map_err(|_| Error::Key)?,
            sealing: OaepPublicEncryptingKey::new(sealing).map_err(|_| Error::Key)?,
            peer: PublicKey::from_spki(peer_spki).map_err(|_| Error::Key)?,
        })
    }

    /// The bytes of a block before encryption for the peer.
    pub fn plain_block(&self) -> usize {
        self.sealing.max_plaintext_size(self.suite.oaep())
    }

    /// The bytes of a block after encryption for the peer; also those of the peer's signatures.
    pub fn peer_block(&self) -> usize {
        self.sealing.key_size_bytes()
    }

    /// The bytes of a block that was encrypted for us; also those of our signatures.
    pub fn own_block(&self) -> usize {
        self.opening.key_size_bytes()
    }

    /// Encrypts whole blocks for the peer.
    pub fn encrypt(&self, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let mut encrypted = Vec::new();
        for block in plain.chunks(self.plain_block().max(1)) {
            let mut out = vec![0; self.peer_block()];
            let written = self.sealing.encrypt(self.suite.oaep(), block, &mut out, None).map_err(|_| Error::Backend)?;
            encrypted.extend_from_slice(written);
        }
        Ok(encrypted)
    }

    /// Decrypts blocks that were encrypted for us.
    pub fn decrypt(&self, encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut plain = Zeroizing::new(Vec::new());
        for block in encrypted.chunks(self.own_block().max(1)) {
            let mut out = Zeroizing::new(vec![0; self.opening.min_output_size()]);
            let read = self.opening.decrypt(self.suite.oaep(), block, &mut out, None).map_err(|_| Error::Encrypted)?;
            plain.extend_from_slice(read);
        }
        Ok(plain)
    }

    /// Signs with our key.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signed = match self.suite {
            Suite::Aes256Sha256RsaPss => self.own.sign_pss(message),
            _ => self.own.sign(SigningAlgorithm::RsaSha256, message),
        };
        signed.map_err(|_| Error::Key)
    }

    /// Verifies what the peer has signed.
    pub fn verify(&self, message: &[u8], signed: &[u8]) -> Result<(), Error> {
        let algorithm = match self.suite {
            Suite::Aes256Sha256RsaPss => SignatureAlgorithm::RsaPss(PssParameters {
                digest: Digest::Sha256,
                mask_digest: Digest::Sha256,
                salt_length: 32,
            }),
            _ => SignatureAlgorithm::RsaPkcs1(Digest::Sha256),
        };
        signature::verify(algorithm, &self.peer, message, signed).map_err(|_| Error::Signature)
    }
}

/// The keys of one direction of a channel.
pub struct Symmetric {
    suite: Suite,
    mac: hmac::Key,
    key: Zeroizing<Vec<u8>>,
    vector: [u8; BLOCK],
}

impl Symmetric {
    /// Derives the keys of a direction: P_SHA256 over the nonces, as OPC 10000-6 section 6.7.5 has it. `secret` is the
    /// nonce of the one who receives, `seed` that of the one who sends.
    pub fn derive(suite: Suite, secret: &[u8], seed: &[u8]) -> Result<Symmetric, Error> {
        let (_, length) = suite.aes();
        let total = MAC.saturating_add(length).saturating_add(BLOCK);
        let derived = Secret::new(&P_SHA256, secret).and_then(|it| it.derive(&[], seed, total));
        let derived = derived.map_err(|_| Error::Backend)?;
        let (mac, rest) = derived.as_ref().split_at_checked(MAC).ok_or(Error::Backend)?;
        let (key, vector) = rest.split_at_checked(length).ok_or(Error::Backend)?;
        Ok(Symmetric {
            suite,
            mac: hmac::Key::new(hmac::HMAC_SHA256, mac),
            key: Zeroizing::new(key.to_vec()),
            vector: vector.try_into().map_err(|_| Error::Backend)?,
        })
    }

    /// The MAC of a message.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        hmac::sign(&self.mac, message).as_ref().to_vec()
    }

    /// Verifies a MAC.
    pub fn verify(&self, message: &[u8], mac: &[u8]) -> Result<(), Error> {
        hmac::verify(&self.mac, message, mac).map_err(|_| Error::Signature)
    }

    fn unbound(&self) -> Result<UnboundCipherKey, Error> {
        UnboundCipherKey::new(self.suite.aes().0, &self.key).map_err(|_| Error::Backend)
    }

    /// Encrypts whole blocks in place.
    pub fn encrypt(&self, blocks: &mut [u8]) -> Result<(), Error> {
        let key = EncryptingKey::cbc(self.unbound()?).map_err(|_| Error::Backend)?;
        let context = EncryptionContext::Iv128(FixedLength::from(self.vector));
        key.less_safe_encrypt(blocks, context).map(drop).map_err(|_| Error::Backend)
    }

    /// Decrypts whole blocks in place.
    pub fn decrypt(&self, blocks: &mut [u8]) -> Result<(), Error> {
        let key = DecryptingKey::cbc(self.unbound()?).map_err(|_| Error::Backend)?;
        let context = DecryptionContext::Iv128(FixedLength::from(self.vector));
        key.decrypt(blocks, context).map(drop).map_err(|_| Error::Encrypted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::key_pair::KeyType;

    const SUITES: [Suite; 3] = [Suite::Aes128Sha256RsaOaep, Suite::Basic256Sha256, Suite::Aes256Sha256RsaPss];

    #[test]
    fn what_one_side_seals_the_other_opens() {
        let [one, two] = [KeyType::Rsa2048, KeyType::Rsa3072].map(|kind| KeyPair::generate(kind).unwrap());
        for suite in SUITES {
            let mine = Asymmetric::new(suite, &one, two.spki()).unwrap();
            let theirs = Asymmetric::new(suite, &two, one.spki()).unwrap();
            let message = vec![7; mine.plain_block() * 2];
            let sealed = mine.encrypt(&message).unwrap();
            assert_eq!(sealed.len(), mine.peer_block() * 2);
            assert_eq!(*theirs.decrypt(&sealed).unwrap(), message);
            assert_eq!(theirs.decrypt(&message).err(), Some(Error::Encrypted));
            let signed = mine.sign(&message).unwrap();
            assert_eq!((signed.len(), theirs.verify(&message, &signed)), (mine.own_block(), Ok(())));
            assert_eq!(theirs.verify(b"other", &signed), Err(Error::Signature));
        }
        assert!(Asymmetric::new(SUITES[0], &KeyPair::generate(KeyType::P256).unwrap(), one.spki()).is_err());
    }

    #[test]
    fn a_direction_has_its_own_keys() {
        for suite in SUITES {
            let there = Symmetric::derive(suite, &[1; NONCE], &[2; NONCE]).unwrap();
            let back = Symmetric::derive(suite, &[2; NONCE], &[1; NONCE]).unwrap();
            let mut blocks = vec![5; BLOCK * 3];
            there.encrypt(&mut blocks).unwrap();
            assert_ne!(blocks, vec![5; BLOCK * 3]);
            there.decrypt(&mut blocks).unwrap();
            assert_eq!(blocks, vec![5; BLOCK * 3]);
            let mac = there.sign(b"message");
            assert_eq!((mac.len(), there.verify(b"message", &mac)), (MAC, Ok(())));
            assert_eq!(back.verify(b"message", &mac), Err(Error::Signature));
        }
    }

    /// P_SHA256 by the definition of RFC 5246 section 5, with HMAC alone.
    #[test]
    fn keys_are_derived_as_the_standard_has_it() {
        let (secret, seed) = ([3u8; NONCE], [4u8; NONCE]);
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let first = hmac::sign(&key, &seed);
        let expected = hmac::sign(&key, &[first.as_ref(), &seed].concat());
        let derived = Symmetric::derive(Suite::Basic256Sha256, &secret, &seed).unwrap();
        let own = hmac::Key::new(hmac::HMAC_SHA256, expected.as_ref());
        assert_eq!(derived.sign(b"x"), hmac::sign(&own, b"x").as_ref());
    }
}

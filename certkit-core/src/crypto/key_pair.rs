//! Private keys: made, read, written and signed with.
//!
//! Knows PKCS#8, PKCS#1 and SEC 1 in clear; refuses keys that are too weak to sign
//! anything that ought to be trusted. Private bytes stay with the backend, which
//! wipes them; what leaves is wiped when it is dropped.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature as aws;
use aws_lc_rs::signature::{EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use zeroize::Zeroizing;

use super::key::{Curve, KeyKind, PublicKey};
use super::signing::SigningAlgorithm;
use super::{digest, legacy};
use crate::asn1::{self, Reader, Tag};
use crate::oid::{self, Oid};

/// The kinds of keys that certkit makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// RSA with 2048 bits: the one size that suits every RSA policy of OPC UA.
    Rsa2048,
    /// RSA with 3072 bits.
    Rsa3072,
    /// RSA with 4096 bits, the most that OPC UA's policies take.
    Rsa4096,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// Ed25519.
    Ed25519,
}

impl KeyType {
    /// Every kind, smallest first within its family.
    pub const ALL: [KeyType; 6] =
        [KeyType::Rsa2048, KeyType::Rsa3072, KeyType::Rsa4096, KeyType::P256, KeyType::P384, KeyType::Ed25519];

    /// The name on the command line, such as `rsa:2048`.
    pub const fn name(self) -> &'static str {
        match self {
            KeyType::Rsa2048 => "rsa:2048",
            KeyType::Rsa3072 => "rsa:3072",
            KeyType::Rsa4096 => "rsa:4096",
            KeyType::P256 => "ec:p256",
            KeyType::P384 => "ec:p384",
            KeyType::Ed25519 => "ed25519",
        }
    }

    /// The kind that a public key is of; `None` where certkit makes none like it.
    pub fn of(key: &PublicKey<'_>) -> Option<KeyType> {
        match (&key.kind, key.size()) {
            (KeyKind::Rsa { .. }, Some(2048)) => Some(KeyType::Rsa2048),
            (KeyKind::Rsa { .. }, Some(3072)) => Some(KeyType::Rsa3072),
            (KeyKind::Rsa { .. }, Some(4096)) => Some(KeyType::Rsa4096),
            (KeyKind::Ec { curve: Curve::P256, .. }, _) => Some(KeyType::P256),
            (KeyKind::Ec { curve: Curve::P384, .. }, _) => Some(KeyType::P384),
            (KeyKind::Ed25519, _) => Some(KeyType::Ed25519),
            _ => None,
        }
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for KeyType {
    type Err = Error;

    fn from_str(text: &str) -> Result<KeyType, Error> {
        let wanted = text.to_ascii_lowercase();
        KeyType::ALL
            .into_iter()
            .find(|kind| kind.name() == wanted)
            .ok_or_else(|| Error::UnknownType { text: text.to_owned() })
    }
}

/// Says why a key could not be made, read or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No kind of key goes by this name.
    #[error("`{text}` is not a kind of key: expected rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384 or ed25519")]
    UnknownType {
        /// What was read.
        text: String,
    },
    /// The bytes are no private key.
    #[error("not a private key in PKCS#8, PKCS#1 or SEC 1 form")]
    NotAKey(#[source] asn1::Error),
    /// The key is encrypted, and nobody has decrypted it.
    #[error("the private key is encrypted: a password is needed")]
    Encrypted,
    /// The key is of a kind that certkit does not sign with.
    #[error("certkit does not sign with a private key of this type: {kind}")]
    Unsupported {
        /// The algorithm's or curve's name, or its identifier.
        kind: String,
    },
    /// The key is an RSA key of a size that nobody should sign with.
    #[error("an RSA key of {bits} bits: certkit signs with 2048 to 8192")]
    RsaSize {
        /// Size of the modulus in bits.
        bits: u32,
    },
    /// The numbers do not make a key.
    #[error("the {kind} private key is damaged: {reason}")]
    Damaged {
        /// The family, such as `RSA`.
        kind: &'static str,
        /// What the backend says about it.
        reason: String,
    },
    /// The backend made no key.
    #[error("cannot generate a {kind} key")]
    Generation {
        /// The kind that was asked for.
        kind: KeyType,
    },
    /// The key cannot be used with this algorithm.
    #[error("a key of kind {key} cannot sign with {algorithm}")]
    WrongAlgorithm {
        /// The key, such as `EC P-256`.
        key: String,
        /// The algorithm that was asked for.
        algorithm: String,
    },
    /// The backend failed while it signed or wrote the key.
    #[error("the cryptographic backend failed to {action}")]
    Backend {
        /// What it was asked to do.
        action: &'static str,
    },
}

/// A private key with its public key.
pub struct KeyPair {
    secret: Secret,
    spki: Vec<u8>,
}

enum Secret {
    Rsa(RsaKeyPair),
    Ec(Curve, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl KeyPair {
    /// Makes a key. Costs about 0.1 s for RSA 2048, 0.3 s for 3072, 0.9 s for 4096 and nothing for the others.
    pub fn generate(kind: KeyType) -> Result<KeyPair, Error> {
        let failed = |_| Error::Generation { kind };
        let rsa = |size| RsaKeyPair::generate(size).map(Secret::Rsa).map_err(failed);
        let ec =
            |curve, algorithm| EcdsaKeyPair::generate(algorithm).map(|pair| Secret::Ec(curve, pair)).map_err(failed);
        KeyPair::from_secret(match kind {
            KeyType::Rsa2048 => rsa(KeySize::Rsa2048)?,
            KeyType::Rsa3072 => rsa(KeySize::Rsa3072)?,
            KeyType::Rsa4096 => rsa(KeySize::Rsa4096)?,
            KeyType::P256 => ec(Curve::P256, &aws::ECDSA_P256_SHA256_ASN1_SIGNING)?,
            KeyType::P384 => ec(Curve::P384, &aws::ECDSA_P384_SHA384_ASN1_SIGNING)?,
            KeyType::Ed25519 => Secret::Ed25519(Ed25519KeyPair::generate().map_err(failed)?),
        })
    }

    /// Reads a private key in clear: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 appendix A.1.2) or SEC 1 (RFC 5915).
    ///
    /// Takes RSA from 2048 to 8192 bits, P-256, P-384, P-521 and Ed25519. The backend
    /// checks that the private numbers fit the public ones.
    pub fn from_der(der: &[u8]) -> Result<KeyPair, Error> {
        match Form::of(der)? {
            Form::Rsa { pkcs1 } => KeyPair::from_secret(Secret::Rsa(read_rsa(pkcs1)?)),
            Form::Ec { curve } => KeyPair::from_secret(read_ec(der, curve)?),
            Form::Ed25519 => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map_err(damaged("Ed25519"))?;
                KeyPair::from_secret(Secret::Ed25519(pair))
            }
        }
    }

    fn from_secret(secret: Secret) -> Result<KeyPair, Error> {
        let spki: Result<PublicKeyX509Der<'_>, _> = match &secret {
            Secret::Rsa(pair) => pair.public_key().as_der(),
            Secret::Ec(_, pair) => pair.public_key().as_der(),
            Secret::Ed25519(pair) => pair.public_key().as_der(),
        };
        let spki = spki.map_err(|_| Error::Backend { action: "write the public key" })?.as_ref().to_vec();
        Ok(KeyPair { secret, spki })
    }

    /// The SubjectPublicKeyInfo.
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The public key.
    pub fn public_key(&self) -> Result<PublicKey<'_>, Error> {
        PublicKey::from_spki(&self.spki).map_err(Error::NotAKey)
    }

    /// SHA-1 over the public key's bits: the key identifier of RFC 5280 section 4.2.1.2, method 1.
    pub fn key_identifier(&self) -> Result<[u8; 20], Error> {
        Ok(digest::sha1(self.public_key()?.bits))
    }

    /// Writes the private key as PKCS#8 version 1 (RFC 5208), which every reader understands.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        let failed = |_| Error::Backend { action: "write the private key" };
        let copy = |der: &[u8]| Zeroizing::new(der.to_vec());
        Ok(match &self.secret {
            Secret::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                copy(der.as_ref())
            }
            Secret::Ec(_, pair) => copy(pair.to_pkcs8v1().map_err(failed)?.as_ref()),
            Secret::Ed25519(pair) => copy(pair.to_pkcs8v1().map_err(failed)?.as_ref()),
        })
    }

    /// The algorithm that this key signs with unless another is asked for.
    ///
    /// SHA-256 for RSA of every size: the policies of OPC UA name no other. The digest
    /// of the curve's own strength for EC.
    pub fn usual_algorithm(&self) -> SigningAlgorithm {
        match &self.secret {
            Secret::Rsa(_) => SigningAlgorithm::RsaSha256,
            Secret::Ec(Curve::P384, _) => SigningAlgorithm::EcdsaSha384,
            Secret::Ec(Curve::P521, _) => SigningAlgorithm::EcdsaSha512,
            Secret::Ec(..) => SigningAlgorithm::EcdsaSha256,
            Secret::Ed25519(_) => SigningAlgorithm::Ed25519,
        }
    }

    /// Signs a message. Fails where the key is not of the algorithm's kind.
    pub fn sign(&self, algorithm: SigningAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        let failed = Error::Backend { action: "sign" };
        match (&self.secret, algorithm) {
            (Secret::Rsa(pair), SigningAlgorithm::RsaSha256) => sign_rsa(pair, &aws::RSA_PKCS1_SHA256, message),
            (Secret::Rsa(pair), SigningAlgorithm::RsaSha384) => sign_rsa(pair, &aws::RSA_PKCS1_SHA384, message),
            (Secret::Rsa(pair), SigningAlgorithm::RsaSha512) => sign_rsa(pair, &aws::RSA_PKCS1_SHA512, message),
            (Secret::Rsa(_), SigningAlgorithm::RsaSha1ForDemonstration) => {
                legacy::rsa::sign_sha1(&self.to_pkcs8()?, message).ok_or(failed)
            }
            (
                Secret::Ec(..),
                SigningAlgorithm::EcdsaSha256 | SigningAlgorithm::EcdsaSha384 | SigningAlgorithm::EcdsaSha512,
            ) if algorithm != self.usual_algorithm() => Err(self.wrong(algorithm)),
            (
                Secret::Ec(_, pair),
                SigningAlgorithm::EcdsaSha256 | SigningAlgorithm::EcdsaSha384 | SigningAlgorithm::EcdsaSha512,
            ) => match pair.sign(&SystemRandom::new(), message) {
                Ok(signature) => Ok(signature.as_ref().to_vec()),
                Err(_) => Err(failed),
            },
            (Secret::Ed25519(pair), SigningAlgorithm::Ed25519) => match pair.try_sign(message) {
                Ok(signature) => Ok(signature.as_ref().to_vec()),
                Err(_) => Err(failed),
            },
            _ => Err(self.wrong(algorithm)),
        }
    }

    /// Signs a message as RSASSA-PSS with SHA-256 and a salt of its length. Fails for keys that are not RSA.
    pub fn sign_pss(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        match &self.secret {
            Secret::Rsa(pair) => sign_rsa(pair, &aws::RSA_PSS_SHA256, message),
            _ => Err(self.wrong(SigningAlgorithm::RsaSha256)),
        }
    }

    fn wrong(&self, algorithm: SigningAlgorithm) -> Error {
        let key = self.public_key().map_or_else(|_| "unknown".to_owned(), |key| key.to_string());
        Error::WrongAlgorithm { key, algorithm: algorithm.as_verified().to_string() }
    }
}

impl fmt::Debug for KeyPair {
    /// Names the public key; the private one is never shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.public_key() {
            Ok(key) => write!(f, "KeyPair({key})"),
            Err(_) => f.write_str("KeyPair"),
        }
    }
}

fn sign_rsa(pair: &RsaKeyPair, padding: &'static dyn aws::RsaEncoding, message: &[u8]) -> Result<Vec<u8>, Error> {
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(padding, &SystemRandom::new(), message, &mut signature).map_err(|_| Error::Backend { action: "sign" })?;
    Ok(signature)
}

fn damaged(kind: &'static str) -> impl Fn(aws_lc_rs::error::KeyRejected) -> Error {
    move |rejected| Error::Damaged { kind, reason: rejected.to_string() }
}

fn read_rsa(pkcs1: &[u8]) -> Result<RsaKeyPair, Error> {
    let mut numbers = asn1::single(pkcs1, Tag::SEQUENCE).map_err(Error::NotAKey)?.contents();
    numbers.expect(Tag::INTEGER).map_err(Error::NotAKey)?;
    let modulus = numbers.expect(Tag::INTEGER).map_err(Error::NotAKey)?;
    let magnitude = asn1::magnitude(modulus.value).unwrap_or_default();
    let leading = magnitude.first().map_or(0, |first| first.leading_zeros());
    let bits = u32::try_from(magnitude.len()).unwrap_or(u32::MAX).saturating_mul(8).saturating_sub(leading);
    if !(2048..=8192).contains(&bits) {
        return Err(Error::RsaSize { bits });
    }
    RsaKeyPair::from_der(pkcs1).map_err(damaged("RSA"))
}

fn read_ec(der: &[u8], curve: Oid<'_>) -> Result<Secret, Error> {
    let (curve, algorithm): (_, &'static EcdsaSigningAlgorithm) = match curve {
        oid::P256 => (Curve::P256, &aws::ECDSA_P256_SHA256_ASN1_SIGNING),
        oid::P384 => (Curve::P384, &aws::ECDSA_P384_SHA384_ASN1_SIGNING),
        oid::P521 => (Curve::P521, &aws::ECDSA_P521_SHA512_ASN1_SIGNING),
        other => return Err(unsupported(other)),
    };
    let pair = EcdsaKeyPair::from_private_key_der(algorithm, der).map_err(damaged("EC"))?;
    Ok(Secret::Ec(curve, pair))
}

fn unsupported(oid: Oid<'_>) -> Error {
    Error::Unsupported { kind: oid.name().map_or_else(|| oid.to_string(), str::to_owned) }
}

/// What a private key's outer shape says about it.
enum Form<'a> {
    Rsa { pkcs1: &'a [u8] },
    Ec { curve: Oid<'a> },
    Ed25519,
}

impl<'a> Form<'a> {
    fn of(der: &'a [u8]) -> Result<Form<'a>, Error> {
        let mut fields = asn1::single(der, Tag::SEQUENCE).map_err(Error::NotAKey)?.contents();
        if fields.peek() == Some(Tag::SEQUENCE) {
            return Err(encrypted_or_not_a_key(fields));
        }
        let version = fields.expect(Tag::INTEGER).map_err(Error::NotAKey)?;
        match fields.peek() {
            Some(Tag::SEQUENCE) => Form::of_pkcs8(fields).map_err(Error::NotAKey)?,
            Some(Tag::INTEGER) => Ok(Form::Rsa { pkcs1: der }),
            Some(Tag::OCTET_STRING) => {
                fields.element().map_err(Error::NotAKey)?;
                let parameters = fields.optional(Tag::context_constructed(0)).map_err(Error::NotAKey)?;
                match parameters.map(|wrapper| wrapper.contents().oid()) {
                    Some(Ok(curve)) => Ok(Form::Ec { curve: Oid(curve) }),
                    Some(Err(_)) => Err(Error::Unsupported { kind: "EC with explicit parameters".to_owned() }),
                    None => Err(Error::Unsupported { kind: "EC without the name of its curve".to_owned() }),
                }
            }
            _ => Err(Error::NotAKey(version.invalid("start of a private key"))),
        }
    }

    /// Reads on after the version; the inner error is that of a key that certkit does not sign with.
    fn of_pkcs8(mut fields: Reader<'a>) -> Result<Result<Form<'a>, Error>, asn1::Error> {
        let mut algorithm = fields.sequence()?;
        let name = Oid(algorithm.oid()?);
        let key = fields.expect(Tag::OCTET_STRING)?;
        Ok(match name {
            oid::RSA_ENCRYPTION => Ok(Form::Rsa { pkcs1: key.value }),
            oid::EC_PUBLIC_KEY => match algorithm.optional(Tag::OID)? {
                Some(curve) => Ok(Form::Ec { curve: Oid(curve.value) }),
                None => Err(Error::Unsupported { kind: "EC with explicit parameters".to_owned() }),
            },
            oid::ED25519 => Ok(Form::Ed25519),
            other => Err(unsupported(other)),
        })
    }
}

fn encrypted_or_not_a_key(mut fields: Reader<'_>) -> Error {
    let is_encrypted = fields.element().and_then(|_| fields.expect(Tag::OCTET_STRING)).and_then(|_| fields.finish());
    match is_encrypted {
        Ok(()) => Error::Encrypted,
        Err(error) => Error::NotAKey(error),
    }
}

//! What may be told of a private key: its form, kind and size.
//!
//! Never decrypts, and copies nothing of the secret numbers.

use std::fmt;

use der::Sequence;
use der::asn1::{AnyRef, BitStringRef};

use super::shape::Shape;
use super::tlv;
use crate::asn1::typed::{AlgorithmIdentifier, encode};
use crate::asn1::{self, Reader, Tag};
use crate::crypto::key::{PublicKey, fixed_length};
use crate::crypto::password_based;
use crate::oid::{self, Oid};
use crate::text::Printable;

/// How a private key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyForm {
    /// PKCS#8, in clear.
    Pkcs8,
    /// PKCS#1: RSA, in clear.
    Pkcs1,
    /// SEC 1: elliptic curve, in clear.
    Sec1,
    /// OpenSSL's own form of a DSA key, in clear.
    Dsa,
    /// PKCS#8, encrypted.
    EncryptedPkcs8,
    /// OpenSSL's old form, encrypted: PEM with `Proc-Type` and `DEK-Info`.
    EncryptedTraditional,
}

impl fmt::Display for KeyForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyForm::Pkcs8 => "PKCS#8",
            KeyForm::Pkcs1 => "PKCS#1",
            KeyForm::Sec1 => "SEC 1",
            KeyForm::Dsa => "traditional DSA",
            KeyForm::EncryptedPkcs8 => "encrypted PKCS#8",
            KeyForm::EncryptedTraditional => "encrypted traditional PEM",
        })
    }
}

/// What encrypts a private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// The scheme's name, such as `PBES2 AES-256-CBC`.
    pub scheme: String,
    /// The initialization vector of a `DEK-Info` line; empty for PKCS#8, which carries its own.
    pub vector: Vec<u8>,
}

/// The kind and size of a private key; nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// How it is written.
    pub form: KeyForm,
    /// The family's name: `RSA`, `EC`, `Ed25519`; `None` where encryption hides it.
    pub algorithm: Option<String>,
    /// Size in bits; `None` where it is hidden or not known.
    pub bits: Option<u32>,
    /// The curve's name, where the key is on one and that is not hidden.
    pub curve: Option<String>,
    /// What encrypts it; `None` for a key in clear.
    pub encryption: Option<Encryption>,
    /// The scheme that it was under in its store, whose password has opened it.
    pub opened: Option<String>,
    /// Whether another password than that of its store has opened it.
    pub has_own_password: bool,
}

impl fmt::Display for KeyFacts {
    /// Writes `RSA 2048 (PKCS#8)`, `EC P-256 (SEC 1)`, `encrypted PKCS#8, PBES2 AES-256-CBC`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match (&self.algorithm, &self.curve, self.bits) {
            (Some(algorithm), Some(curve), _) => format!("{algorithm} {curve} ({})", self.form),
            // An Ed25519 key has no other size.
            (Some(algorithm), None, Some(bits)) if !algorithm.starts_with("Ed") => {
                format!("{algorithm} {bits} ({})", self.form)
            }
            (Some(algorithm), None, _) => format!("{algorithm} ({})", self.form),
            (None, ..) => self.form.to_string(),
        };
        match (&self.encryption, &self.opened) {
            (Some(encryption), _) => write!(f, "{form}, {}", Printable(&encryption.scheme)),
            (None, Some(scheme)) => write!(f, "{form}, in its store under {}", Printable(scheme)),
            (None, None) => f.write_str(&form),
        }
    }
}

impl KeyFacts {
    fn of(form: KeyForm) -> KeyFacts {
        KeyFacts {
            form,
            algorithm: None,
            bits: None,
            curve: None,
            encryption: None,
            opened: None,
            has_own_password: false,
        }
    }

    /// Tells what there is to tell of a key of this shape; `None` where the shape is no private key.
    pub(super) fn read(shape: Shape, der: &[u8]) -> Option<KeyFacts> {
        let form = match shape {
            Shape::Pkcs8 => KeyForm::Pkcs8,
            Shape::Pkcs1 => KeyForm::Pkcs1,
            Shape::Sec1 => KeyForm::Sec1,
            Shape::Dsa => KeyForm::Dsa,
            Shape::EncryptedPkcs8 => KeyForm::EncryptedPkcs8,
            _ => return None,
        };
        let mut facts = KeyFacts::of(form);
        // A key that cannot be read further is still a key, of which nothing can be told.
        let _ = match form {
            KeyForm::Pkcs8 => facts.pkcs8(der),
            KeyForm::Pkcs1 => facts.pkcs1(der),
            KeyForm::Sec1 => facts.sec1(der),
            KeyForm::Dsa => facts.dsa(der),
            KeyForm::EncryptedPkcs8 | KeyForm::EncryptedTraditional => facts.encrypted(der),
        };
        Some(facts)
    }

    /// Tells what there is to tell of an EncryptedPrivateKeyInfo, whatever its scheme.
    pub(super) fn sealed(der: &[u8]) -> KeyFacts {
        let mut facts = KeyFacts::of(KeyForm::EncryptedPkcs8);
        let _ = facts.encrypted(der);
        facts
    }

    /// Tells what the PEM lines around an encrypted key say: its label and the value of `DEK-Info`.
    pub(super) fn traditional(label: &str, dek_info: &str) -> KeyFacts {
        let (scheme, vector) = dek_info.split_once(',').unwrap_or((dek_info, ""));
        KeyFacts {
            algorithm: label.strip_suffix(" PRIVATE KEY").map(str::to_owned),
            encryption: Some(Encryption { scheme: scheme.trim().to_owned(), vector: unhex(vector.trim()) }),
            ..KeyFacts::of(KeyForm::EncryptedTraditional)
        }
    }

    fn pkcs8(&mut self, der: &[u8]) -> Result<(), asn1::Error> {
        let mut fields = Reader::new(der).sequence()?;
        fields.expect(Tag::INTEGER)?;
        let algorithm = fields.expect(Tag::SEQUENCE)?;
        let mut parts = algorithm.contents();
        match Oid(parts.oid()?) {
            oid::RSA_ENCRYPTION => self.pkcs1(fields.expect(Tag::OCTET_STRING)?.value),
            oid::RSASSA_PSS => {
                self.pkcs1(fields.expect(Tag::OCTET_STRING)?.value)?;
                self.algorithm = Some("RSA-PSS".to_owned());
                Ok(())
            }
            oid::DSA => {
                self.algorithm = Some("DSA".to_owned());
                self.bits = bits(parts.sequence()?.expect(Tag::INTEGER)?.value);
                Ok(())
            }
            _ => self.public_side(algorithm.raw),
        }
    }

    fn pkcs1(&mut self, der: &[u8]) -> Result<(), asn1::Error> {
        self.algorithm = Some("RSA".to_owned());
        let mut numbers = Reader::new(der).sequence()?;
        numbers.expect(Tag::INTEGER)?;
        self.bits = bits(numbers.expect(Tag::INTEGER)?.value);
        Ok(())
    }

    fn dsa(&mut self, der: &[u8]) -> Result<(), asn1::Error> {
        self.pkcs1(der)?;
        self.algorithm = Some("DSA".to_owned());
        Ok(())
    }

    fn sec1(&mut self, der: &[u8]) -> Result<(), asn1::Error> {
        self.algorithm = Some("EC".to_owned());
        let mut fields = Reader::new(der).sequence()?;
        fields.expect(Tag::INTEGER)?;
        fields.expect(Tag::OCTET_STRING)?;
        let parameters = fields.expect(Tag::context_constructed(0))?;
        let family = tlv::element(Tag::OID, &[oid::EC_PUBLIC_KEY.0]);
        self.public_side(&tlv::element(Tag::SEQUENCE, &[&family, parameters.value]))
    }

    /// Takes the names from a public key of the same algorithm, so that both are called the same.
    fn public_side(&mut self, algorithm: &[u8]) -> Result<(), asn1::Error> {
        let name = Oid(Reader::new(algorithm).sequence()?.oid()?);
        let no_key = tlv::element(Tag::BIT_STRING, &[&[0], &vec![0; fixed_length(name).unwrap_or(0)]]);
        let spki = tlv::element(Tag::SEQUENCE, &[algorithm, &no_key]);
        let key = PublicKey::from_spki(&spki)?;
        self.algorithm = Some(key.algorithm());
        self.bits = key.size();
        self.curve = key.curve();
        Ok(())
    }

    fn encrypted(&mut self, der: &[u8]) -> Result<(), asn1::Error> {
        let algorithm = Reader::new(der).sequence()?.expect(Tag::SEQUENCE)?;
        let scheme = password_based::name_of(algorithm.raw);
        self.encryption = Some(Encryption { scheme, vector: Vec::new() });
        Ok(())
    }
}

fn bits(value: &[u8]) -> Option<u32> {
    let magnitude = asn1::magnitude(value)?;
    let zeros = magnitude.first().map_or(0, |first| first.leading_zeros());
    u32::try_from(magnitude.len()).ok()?.checked_mul(8)?.checked_sub(zeros)
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.unwrap_or_default();
    digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |octet: u8, digit| (octet << 4) | digit)).collect()
}

/// A public key of PKCS#1 (RFC 8017 appendix A.1.1) as a SubjectPublicKeyInfo; `None` where it is none.
pub(in crate::container) fn rsa_spki(der: &[u8]) -> Option<Vec<u8>> {
    let mut fields = asn1::single(der, Tag::SEQUENCE).ok()?.contents();
    fields.expect(Tag::INTEGER).ok()?;
    fields.expect(Tag::INTEGER).ok()?;
    fields.finish().ok()?;
    let algorithm = AlgorithmIdentifier { algorithm: oid::RSA_ENCRYPTION, parameters: Some(AnyRef::NULL) };
    encode(&SubjectPublicKeyInfo { algorithm, key: BitStringRef::from_bytes(der).ok()? }).ok()
}

/// SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
#[derive(Sequence)]
struct SubjectPublicKeyInfo<'a> {
    algorithm: AlgorithmIdentifier<'a>,
    key: BitStringRef<'a>,
}

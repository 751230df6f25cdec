//! What may be told of a private key: its form, kind and size.
//!
//! Never decrypts, and copies nothing of the secret numbers.

use std::fmt;

use super::shape::Shape;
use super::tlv;
use crate::asn1::{self, Reader, Tag};
use crate::crypto::key::PublicKey;
use crate::oid::{self, Oid};

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
        match &self.encryption {
            Some(encryption) => write!(f, "{form}, {}", crate::text::Printable(&encryption.scheme)),
            None => f.write_str(&form),
        }
    }
}

impl KeyFacts {
    fn of(form: KeyForm) -> KeyFacts {
        KeyFacts { form, algorithm: None, bits: None, curve: None, encryption: None }
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
        let no_key = tlv::element(Tag::BIT_STRING, &[&[0]]);
        let spki = tlv::element(Tag::SEQUENCE, &[algorithm, &no_key]);
        let key = PublicKey::from_spki(&spki)?;
        self.algorithm = Some(key.algorithm());
        self.bits = key.size();
        self.curve = key.curve();
        Ok(())
    }

    fn encrypted(&mut self, der: &[u8]) -> Result<(), asn1::Error> {
        let mut algorithm = Reader::new(der).sequence()?.sequence()?;
        let scheme = algorithm.oid()?;
        let mut cipher = || -> Result<String, asn1::Error> {
            let mut parameters = algorithm.sequence()?;
            parameters.expect(Tag::SEQUENCE)?;
            Ok(name(parameters.sequence()?.oid()?))
        };
        let scheme = match scheme {
            PBES2 => cipher().map_or_else(|_| "PBES2".to_owned(), |cipher| format!("PBES2 {cipher}")),
            other => name(other),
        };
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

fn name(scheme: &[u8]) -> String {
    let known = SCHEMES.iter().find(|(oid, _)| *oid == scheme);
    known.map_or_else(|| Oid(scheme).to_string(), |(_, name)| (*name).to_owned())
}

const PBES2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";

/// The schemes of PKCS#5, PKCS#12 and the ciphers that PBES2 names.
const SCHEMES: [(&[u8], &str); 21] = [
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x01", "PBES1 MD2-DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x03", "PBES1 MD5-DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x04", "PBES1 MD2-RC2-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x06", "PBES1 MD5-RC2-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0a", "PBES1 SHA1-DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0b", "PBES1 SHA1-RC2-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x01", "PKCS12 SHA1-RC4-128"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x02", "PKCS12 SHA1-RC4-40"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03", "PKCS12 SHA1-3DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x04", "PKCS12 SHA1-2DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x05", "PKCS12 SHA1-RC2-128-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06", "PKCS12 SHA1-RC2-40-CBC"),
    (b"\x2b\x0e\x03\x02\x07", "DES-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x03\x02", "RC2-CBC"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x03\x07", "3DES-CBC"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x02", "AES-128-CBC"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x16", "AES-192-CBC"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a", "AES-256-CBC"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x06", "AES-128-GCM"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x1a", "AES-192-GCM"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x2e", "AES-256-GCM"),
];

//! What a public key is: its kind, its size and its numbers.

use std::fmt;

use aws_lc_rs::signature as aws;

use super::small_factor::small_factor;
use super::{edwards, legacy};
use crate::asn1::{self, Reader, Tag};
use crate::oid::{self, Oid};

/// A named elliptic curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-192, too small for anything.
    P192,
    /// NIST P-224.
    P224,
    /// NIST P-256 (secp256r1, prime256v1).
    P256,
    /// NIST P-384 (secp384r1).
    P384,
    /// NIST P-521 (secp521r1).
    P521,
    /// The curve of Bitcoin.
    Secp256k1,
    /// brainpoolP256r1.
    BrainpoolP256r1,
    /// brainpoolP384r1.
    BrainpoolP384r1,
    /// brainpoolP512r1.
    BrainpoolP512r1,
}

impl Curve {
    const ALL: [(Oid<'static>, Curve, u32); 9] = [
        (oid::P256, Curve::P256, 256),
        (oid::P384, Curve::P384, 384),
        (oid::P521, Curve::P521, 521),
        (oid::P192, Curve::P192, 192),
        (oid::P224, Curve::P224, 224),
        (oid::SECP256K1, Curve::Secp256k1, 256),
        (oid::BRAINPOOL_P256R1, Curve::BrainpoolP256r1, 256),
        (oid::BRAINPOOL_P384R1, Curve::BrainpoolP384r1, 384),
        (oid::BRAINPOOL_P512R1, Curve::BrainpoolP512r1, 512),
    ];

    fn from_oid(wanted: Oid<'_>) -> Option<Curve> {
        Curve::ALL.iter().find(|(oid, ..)| *oid == wanted).map(|(_, curve, _)| *curve)
    }

    fn row(self) -> (Oid<'static>, u32) {
        Curve::ALL.iter().find(|(_, curve, _)| *curve == self).map_or((Oid(&[]), 0), |(oid, _, bits)| (*oid, *bits))
    }

    /// Size of the field in bits.
    pub fn bits(self) -> u32 {
        self.row().1
    }

    /// The usual name, such as `P-256`.
    pub fn name(self) -> &'static str {
        self.row().0.name().unwrap_or("unnamed curve")
    }
}

/// The kind of a public key, with the numbers that checks look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind<'a> {
    /// RSA, under `rsaEncryption` or restricted to PSS.
    Rsa {
        /// The modulus, big endian without leading zeros.
        modulus: &'a [u8],
        /// The public exponent, big endian without leading zeros.
        exponent: &'a [u8],
        /// Whether the key says that it only makes PSS signatures (`rsassaPss`).
        padding: RsaPadding,
    },
    /// An elliptic curve key on a named curve.
    Ec {
        /// The curve.
        curve: Curve,
        /// The point as it stands (SEC 1).
        point: &'a [u8],
    },
    /// An elliptic curve key on a curve that certkit does not know, or that is spelt out.
    EcOther {
        /// The curve's identifier; `None` where the parameters are given explicitly.
        curve: Option<Oid<'a>>,
    },
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// DSA, with its parameters p, q, g where the key has them, and y.
    Dsa {
        /// Prime, subprime and base, each big endian without leading zeros.
        parameters: Option<[&'a [u8]; 3]>,
        /// The public value.
        y: &'a [u8],
    },
    /// Some other algorithm.
    Other(Oid<'a>),
}

/// The longest RSA modulus that is worked with, in bits: beyond what anybody needs, and where OpenSSL and Java stop.
pub const MAX_RSA_BITS: u32 = 16_384;

/// Why a key is not sound: none at all, one under which anybody can sign or read, or one that nobody computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// The RSA exponent is even, 1, or not below the modulus (RFC 8017 section 3.1).
    #[error("its exponent is even, 1, or not below its modulus")]
    Exponent,
    /// The RSA modulus is even, or 0 or 1: no product of two odd primes.
    #[error("its modulus is not a product of two odd primes")]
    Modulus,
    /// A small prime divides the RSA modulus, this one: with it the others are usually found (NIST SP 800-89 section
    /// 5.3.3).
    #[error("its modulus is a multiple of {0}")]
    SmallFactor(u32),
    /// The RSA modulus is longer than [`MAX_RSA_BITS`].
    #[error("its modulus is longer than 16384 bits")]
    TooLong,
    /// The RSA exponent is longer than 64 bits, and the modulus longer than 3072: OpenSSL and Java compute with no such key.
    #[error("its exponent is longer than 64 bits, and its modulus longer than 3072")]
    ExponentTooLong,
    /// The point cannot be decoded, or lies beside its curve, or at infinity (SEC 1 section 3.2.2, RFC 8032 section 5).
    #[error("which is not a point on its curve")]
    NoPoint,
    /// It is a point of small order on Curve25519 or Curve448 (RFC 7748 section 6).
    #[error("a point of small order on its curve")]
    SmallOrder,
    /// The DSA parameters, or the public value under them, are not what FIPS 186-4 section 4.1 demands.
    #[error("its parameters or its value are not valid for a DSA key")]
    DsaDomain,
}

/// Finds what is wrong with an RSA key's numbers, each without leading zeros.
fn rsa_fault(modulus: &[u8], exponent: &[u8]) -> Option<KeyFault> {
    let is_odd_above_1 = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1) && number != [1];
    if !is_odd_above_1(modulus) {
        Some(KeyFault::Modulus)
    } else if bit_length(modulus).is_none_or(|bits| bits > MAX_RSA_BITS) {
        Some(KeyFault::TooLong)
    } else {
        let is_below = (exponent.len(), exponent) < (modulus.len(), modulus);
        let fault = (!is_odd_above_1(exponent) || !is_below).then_some(KeyFault::Exponent);
        let is_slow = bit_length(modulus) > Some(3072) && bit_length(exponent) > Some(64);
        fault
            .or_else(|| small_factor(modulus).map(KeyFault::SmallFactor))
            .or_else(|| is_slow.then_some(KeyFault::ExponentTooLong))
    }
}

/// Says whether these are the octets of a point on the curve that is not at infinity (SEC 1 section 3.2.2). The cofactor
/// of all these curves is 1, so that every such point is a key. Costs about 5 µs where the backend knows the curve.
fn is_point(curve: Curve, octets: &[u8]) -> bool {
    let backend = match curve {
        Curve::P256 => &aws::ECDSA_P256_SHA256_ASN1,
        Curve::P384 => &aws::ECDSA_P384_SHA384_ASN1,
        Curve::P521 => &aws::ECDSA_P521_SHA512_ASN1,
        Curve::Secp256k1 => &aws::ECDSA_P256K1_SHA256_ASN1,
        Curve::P192 | Curve::P224 | Curve::BrainpoolP256r1 | Curve::BrainpoolP384r1 | Curve::BrainpoolP512r1 => {
            return legacy::weierstrass::is_point(curve, octets);
        }
    };
    // The backend takes other things for keys, too, such as a whole SubjectPublicKeyInfo.
    let coordinate = usize::try_from(curve.bits().div_ceil(8)).unwrap_or(0);
    let length = match octets.first() {
        Some(4) => coordinate.saturating_mul(2).saturating_add(1),
        Some(2 | 3) => coordinate.saturating_add(1),
        _ => return false,
    };
    octets.len() == length && aws::ParsedPublicKey::new(backend, octets).is_ok()
}

/// The x of a point (SEC 1 section 2.3.3).
pub(crate) fn abscissa(point: &[u8]) -> &[u8] {
    match point.split_first() {
        Some((2 | 3, x)) => x,
        Some((4 | 6 | 7, both)) => both.split_at_checked(both.len().div_ceil(2)).map_or(both, |(x, _)| x),
        _ => point,
    }
}

/// What an RSA key says about its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RsaPadding {
    /// Any (`rsaEncryption`).
    Any,
    /// PSS only (`rsassaPss`).
    PssOnly,
}

/// A public key as a certificate carries it (SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey<'a> {
    /// The whole SubjectPublicKeyInfo.
    pub spki: &'a [u8],
    /// The contents of its BIT STRING: what key identifiers are digests of.
    pub bits: &'a [u8],
    /// What kind of key it is.
    pub kind: KeyKind<'a>,
}

impl<'a> PublicKey<'a> {
    /// Reads a SubjectPublicKeyInfo. Whether the numbers make a sound key, [`fault`](PublicKey::fault) says.
    pub fn from_spki(spki: &'a [u8]) -> Result<PublicKey<'a>, asn1::Error> {
        let whole = asn1::single(spki, Tag::SEQUENCE)?;
        let mut fields = whole.contents();
        let mut algorithm = fields.sequence()?;
        let name = Oid(algorithm.oid()?);
        let (bits, unused) = fields.bit_string()?;
        fields.finish()?;
        // Every algorithm's key is made of whole octets.
        if unused != 0 {
            return Err(whole.invalid("public key of whole octets"));
        }
        let kind = match name {
            oid::RSA_ENCRYPTION => rsa(bits, RsaPadding::Any)?,
            oid::RSASSA_PSS => rsa(bits, RsaPadding::PssOnly)?,
            oid::EC_PUBLIC_KEY => match algorithm.optional(Tag::OID)? {
                Some(curve) => match Curve::from_oid(Oid(curve.value)) {
                    Some(curve) => KeyKind::Ec { curve, point: bits },
                    None => KeyKind::EcOther { curve: Some(Oid(curve.value)) },
                },
                None => KeyKind::EcOther { curve: None },
            },
            _ if fixed_length(name).is_some_and(|length| length != bits.len()) => {
                return Err(whole.invalid("public key of the length that its algorithm has"));
            }
            oid::ED25519 => KeyKind::Ed25519,
            oid::ED448 => KeyKind::Ed448,
            oid::DSA => {
                let parameters = match algorithm.optional(Tag::SEQUENCE)? {
                    Some(sequence) => {
                        let mut numbers = sequence.contents();
                        let all = [number(&mut numbers)?, number(&mut numbers)?, number(&mut numbers)?];
                        numbers.finish()?;
                        Some(all)
                    }
                    None => None,
                };
                let mut value = Reader::new(bits);
                let y = number(&mut value)?;
                value.finish()?;
                KeyKind::Dsa { parameters, y }
            }
            other => KeyKind::Other(other),
        };
        Ok(PublicKey { spki, bits, kind })
    }

    /// Finds what makes it no key, or one under which anybody can sign or read; `None` where it is sound as far as is known.
    ///
    /// Costs about 10 µs for RSA, up to 0.1 ms for a point and 5 ms for DSA. Nothing is known of curves that have no name here.
    pub fn fault(&self) -> Option<KeyFault> {
        let unless_point = |is_point: bool| (!is_point).then_some(KeyFault::NoPoint);
        let if_small = |is_small: bool| is_small.then_some(KeyFault::SmallOrder);
        match self.kind {
            KeyKind::Rsa { modulus, exponent, .. } => rsa_fault(modulus, exponent),
            KeyKind::Ec { curve, point } => unless_point(is_point(curve, point)),
            KeyKind::Ed25519 => if_small(edwards::is_small_25519(self.bits))
                .or_else(|| unless_point(legacy::edwards::is_ed25519(self.bits))),
            KeyKind::Ed448 => if_small(legacy::edwards::is_small_448(self.bits))
                .or_else(|| unless_point(legacy::edwards::is_ed448(self.bits))),
            KeyKind::Other(oid::X25519) => if_small(edwards::is_small_x25519(self.bits)),
            KeyKind::Other(oid::X448) => if_small(legacy::edwards::is_small_448(self.bits)),
            KeyKind::Dsa { parameters, y } => (!legacy::dsa::is_sound(parameters, y)).then_some(KeyFault::DsaDomain),
            KeyKind::EcOther { .. } | KeyKind::Other(_) => None,
        }
    }

    /// This DSA key with the parameters of another one; `None` where one of them is no such key or the other has none.
    pub fn with_parameters_of(&self, other: &PublicKey<'a>) -> Option<PublicKey<'a>> {
        match (self.kind, other.kind) {
            (KeyKind::Dsa { y, .. }, KeyKind::Dsa { parameters: parameters @ Some(_), .. }) => {
                Some(PublicKey { kind: KeyKind::Dsa { parameters, y }, ..*self })
            }
            _ => None,
        }
    }

    /// Size in bits: of the modulus, the prime or the curve's field; `None` where it is not known.
    pub fn size(&self) -> Option<u32> {
        match self.kind {
            KeyKind::Rsa { modulus, .. } => bit_length(modulus),
            KeyKind::Ec { curve, .. } => Some(curve.bits()),
            KeyKind::Ed25519 => Some(256),
            KeyKind::Ed448 => Some(456),
            KeyKind::Dsa { parameters, .. } => parameters.and_then(|[prime, ..]| bit_length(prime)),
            KeyKind::EcOther { .. } | KeyKind::Other(_) => None,
        }
    }

    /// How long the exponent of an RSA key is, in bits.
    pub fn exponent_bits(&self) -> Option<u32> {
        if let KeyKind::Rsa { exponent, .. } = self.kind { bit_length(exponent) } else { None }
    }

    /// How long the coordinates of its point are, in bits, whatever the curve is; `None` where it has no point.
    pub fn coordinate_bits(&self) -> Option<u32> {
        let octets = match self.bits {
            [4, both @ ..] => both.len().checked_div(2),
            [2 | 3, one @ ..] => Some(one.len()),
            _ => None,
        };
        let is_curve = matches!(self.kind, KeyKind::Ec { .. } | KeyKind::EcOther { .. });
        u32::try_from(octets.filter(|_| is_curve)?).ok()?.checked_mul(8)
    }

    /// The family's name: `RSA`, `EC`, `Ed25519`, `DSA`, or the identifier of what certkit does not know.
    pub fn algorithm(&self) -> String {
        match self.kind {
            KeyKind::Rsa { padding: RsaPadding::Any, .. } => "RSA".to_owned(),
            KeyKind::Rsa { padding: RsaPadding::PssOnly, .. } => "RSA-PSS".to_owned(),
            KeyKind::Ec { .. } | KeyKind::EcOther { .. } => "EC".to_owned(),
            KeyKind::Ed25519 => "Ed25519".to_owned(),
            KeyKind::Ed448 => "Ed448".to_owned(),
            KeyKind::Dsa { .. } => "DSA".to_owned(),
            KeyKind::Other(oid) => oid.called(),
        }
    }

    /// The curve's name where the key is on one.
    pub fn curve(&self) -> Option<String> {
        match self.kind {
            KeyKind::Ec { curve, .. } => Some(curve.name().to_owned()),
            KeyKind::EcOther { curve: Some(oid) } => Some(oid.called()),
            KeyKind::EcOther { curve: None } => Some("explicit parameters".to_owned()),
            _ => None,
        }
    }
}

impl fmt::Display for PublicKey<'_> {
    /// Writes `RSA 2048`, `EC P-256`, `Ed25519`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.algorithm())?;
        match (self.curve(), self.kind, self.size()) {
            (Some(curve), ..) => write!(f, " {curve}"),
            (None, KeyKind::Rsa { .. } | KeyKind::Dsa { .. }, Some(bits)) => write!(f, " {bits}"),
            _ => Ok(()),
        }
    }
}

/// Octets of every public key of an algorithm, where they are all of one length (RFC 8410 section 4, FIPS 204 section 4).
pub(crate) fn fixed_length(algorithm: Oid<'_>) -> Option<usize> {
    match algorithm {
        oid::ED25519 | oid::X25519 => Some(32),
        oid::X448 => Some(56),
        oid::ED448 => Some(57),
        oid::ML_DSA_44 => Some(1312),
        oid::ML_DSA_65 => Some(1952),
        oid::ML_DSA_87 => Some(2592),
        _ => None,
    }
}

fn rsa(bits: &[u8], padding: RsaPadding) -> Result<KeyKind<'_>, asn1::Error> {
    let mut numbers = asn1::single(bits, Tag::SEQUENCE)?.contents();
    let (modulus, exponent) = (number(&mut numbers)?, number(&mut numbers)?);
    numbers.finish()?;
    Ok(KeyKind::Rsa { modulus, exponent, padding })
}

fn number<'a>(numbers: &mut Reader<'a>) -> Result<&'a [u8], asn1::Error> {
    let element = numbers.expect(Tag::INTEGER)?;
    asn1::magnitude(element.value).ok_or(element.invalid("positive INTEGER"))
}

/// Gives the length in bits of a big-endian number without leading zeros.
fn bit_length(magnitude: &[u8]) -> Option<u32> {
    match magnitude.split_first() {
        Some((first, rest)) => {
            u32::try_from(rest.len()).ok()?.checked_mul(8)?.checked_add(8u32.checked_sub(first.leading_zeros())?)
        }
        None => Some(0),
    }
}

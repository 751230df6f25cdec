//! Which certificate belongs to a private key.

use der::asn1::{AnyRef, OctetStringRef, UintRef};
use der::{Encode as _, Sequence};
use zeroize::Zeroizing;

use crate::asn1::typed::{AlgorithmIdentifier, encode, raw};
use crate::asn1::{self, Reader, Tag};
use crate::container::key::rsa_spki;
use crate::container::shape::{self, Shape};
use crate::crypto::key::{KeyKind, PublicKey, abscissa};
use crate::crypto::key_pair::{self, KeyPair};
use crate::oid::{self, Oid};

/// What a private key tells of its public one.
pub(super) enum Half {
    /// The modulus of an RSA key, without leading zeros.
    Modulus(Vec<u8>),
    /// The point of an EC key, and the parameters that name its curve.
    Point { curve: Vec<u8>, point: Vec<u8> },
    /// The contents of the public key's BIT STRING, and the identifier of its algorithm.
    Bits { algorithm: Vec<u8>, bits: Vec<u8> },
    /// Nothing but the identifier of its algorithm and the algorithm's parameters.
    Family { algorithm: Vec<u8>, parameters: Vec<u8> },
}

/// Whether a public key is that of a private one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    Yes,
    /// It is of the same kind, and more is not known.
    Maybe,
    No,
}

/// Why nothing is known of a private key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFlaw {
    /// The bytes cannot be decoded.
    #[error("its bytes cannot be decoded")]
    Undecodable,
    /// Its private numbers do not make a key with its public ones.
    #[error("its values are not a valid key ({0})")]
    Unsound(String),
}

impl Half {
    /// Reads what a private key in clear tells: PKCS#8, or what OpenSSL has its own form for.
    ///
    /// Where the backend knows its kind, its private numbers are held against its public ones, which costs up to a
    /// millisecond.
    pub(super) fn of(clear: &[u8]) -> Result<Half, KeyFlaw> {
        let computed = match KeyPair::from_der(clear) {
            Ok(pair) => Some(pair),
            Err(key_pair::Error::Damaged { reason, .. }) => return Err(KeyFlaw::Unsound(reason)),
            Err(_) => None,
        };
        let stated = match shape::of(clear) {
            Some(Shape::Pkcs8) => stated(clear),
            Some(Shape::Sec1) => point(clear, None),
            Some(Shape::Dsa) => dsa(clear),
            _ => return Err(KeyFlaw::Undecodable),
        };
        let stated = stated.map_err(|_| KeyFlaw::Undecodable)?;
        match computed {
            Some(pair) => half_of(pair.spki()).ok_or(KeyFlaw::Undecodable),
            None => Ok(stated),
        }
    }

    /// Says whether a public key (SubjectPublicKeyInfo) is the one that belongs to it.
    pub(super) fn is_of(&self, spki: &[u8]) -> Match {
        let Some((algorithm, parameters)) = identifier(spki) else { return Match::No };
        let sure = |is_same| if is_same { Match::Yes } else { Match::No };
        match (self, half_of(spki)) {
            (Half::Modulus(own), Some(Half::Modulus(other))) => sure(*own == other),
            (Half::Point { curve, point }, Some(Half::Point { curve: other, point: other_point })) => {
                let is_named = |curve: &[u8]| curve.first() == Some(&Tag::OID.0);
                match is_same_point(point, &other_point) {
                    false => Match::No,
                    true if *curve == other => Match::Yes,
                    true if is_named(curve) && is_named(&other) => Match::No,
                    // One of two is spelt out or left out.
                    true => Match::Maybe,
                }
            }
            (Half::Bits { algorithm, bits }, Some(Half::Bits { algorithm: other, bits: other_bits })) => {
                sure(*algorithm == other && *bits == other_bits)
            }
            (Half::Family { algorithm: own, parameters: own_parameters }, _) if own == algorithm => {
                // A DSA key may have those of its issuer.
                let is_left_out = own_parameters.is_empty() || parameters.is_empty();
                if is_left_out || own_parameters == parameters { Match::Maybe } else { Match::No }
            }
            _ => Match::No,
        }
    }

    /// What a public key that belongs to it is found by.
    pub(super) fn trace(&self) -> Vec<u8> {
        match self {
            Half::Modulus(modulus) => modulus.clone(),
            Half::Point { point, .. } => abscissa(point).to_vec(),
            Half::Bits { bits, .. } => bits.clone(),
            Half::Family { algorithm, .. } => algorithm.clone(),
        }
    }
}

/// What a public key is found by: as one of its family, and by itself.
pub(super) fn traces(spki: &[u8]) -> [Option<Vec<u8>>; 2] {
    [identifier(spki).map(|(algorithm, _)| algorithm.to_vec()), half_of(spki).map(|half| half.trace())]
}

/// The identifier of a public key's algorithm, and the algorithm's parameters with their tag.
fn identifier(spki: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut algorithm = Reader::new(spki).sequence().and_then(|mut fields| fields.sequence()).ok()?;
    Some((algorithm.oid().ok()?, algorithm.rest()))
}

/// The whole of a public key.
fn half_of(spki: &[u8]) -> Option<Half> {
    let key = PublicKey::from_spki(spki).ok()?;
    let (algorithm, parameters) = identifier(spki)?;
    Some(match key.kind {
        KeyKind::Rsa { modulus, .. } => Half::Modulus(modulus.to_vec()),
        KeyKind::Ec { .. } | KeyKind::EcOther { .. } => {
            Half::Point { curve: parameters.to_vec(), point: key.bits.to_vec() }
        }
        _ => Half::Bits { algorithm: algorithm.to_vec(), bits: key.bits.to_vec() },
    })
}

/// Says whether two points are the same, one of them compressed perhaps.
fn is_same_point(one: &[u8], other: &[u8]) -> bool {
    let is_odd = |point: &[u8]| match point.first() {
        Some(2) => Some(false),
        Some(3) => Some(true),
        Some(4 | 6 | 7) => point.last().map(|last| last & 1 == 1),
        _ => None,
    };
    let is_compressed = |point: &[u8]| matches!(point.first(), Some(2 | 3));
    let is_known = is_odd(one).is_some() && is_odd(one) == is_odd(other);
    if is_compressed(one) || is_compressed(other) {
        is_known && abscissa(one) == abscissa(other)
    } else {
        one.get(1..) == other.get(1..) && one.len() > 1
    }
}

/// What a PKCS#8 key says of its public one.
fn stated(pkcs8: &[u8]) -> Result<Half, asn1::Error> {
    let mut fields = Reader::new(pkcs8).sequence()?;
    fields.expect(Tag::INTEGER)?;
    let mut identifier = fields.sequence()?;
    let (algorithm, parameters) = (identifier.oid()?, identifier.rest());
    let key = fields.expect(Tag::OCTET_STRING)?.value;
    // RFC 5958 section 2: version 2 carries the public key.
    fields.optional(Tag::context_constructed(0))?;
    let public = fields.optional(Tag::context(1))?.and_then(|it| it.value.split_first()).map(|(_, bits)| bits);
    match (Oid(algorithm), public) {
        (oid::RSA_ENCRYPTION | oid::RSASSA_PSS, _) => {
            let mut numbers = Reader::new(key).sequence()?;
            numbers.expect(Tag::INTEGER)?;
            let modulus = numbers.expect(Tag::INTEGER)?;
            asn1::magnitude(modulus.value)
                .map(|it| Half::Modulus(it.to_vec()))
                .ok_or_else(|| modulus.invalid("modulus"))
        }
        (oid::EC_PUBLIC_KEY, Some(point)) => Ok(Half::Point { curve: parameters.to_vec(), point: point.to_vec() }),
        // Keys of all curves carry the point, mostly.
        (oid::EC_PUBLIC_KEY, None) => point(key, Some(parameters)),
        (_, Some(bits)) => Ok(Half::Bits { algorithm: algorithm.to_vec(), bits: bits.to_vec() }),
        (_, None) => Ok(Half::Family { algorithm: algorithm.to_vec(), parameters: parameters.to_vec() }),
    }
}

/// The public point of a SEC 1 key, on the curve that it names unless another place has.
fn point(sec1: &[u8], named: Option<&[u8]>) -> Result<Half, asn1::Error> {
    let mut fields = Reader::new(sec1).sequence()?;
    fields.expect(Tag::INTEGER)?;
    fields.expect(Tag::OCTET_STRING)?;
    let own = fields.optional(Tag::context_constructed(0))?.map(|it| it.value);
    let curve = named.filter(|it| !it.is_empty()).or(own).unwrap_or_default().to_vec();
    match fields.optional(Tag::context_constructed(1))? {
        Some(wrapped) => Ok(Half::Point { curve, point: wrapped.contents().bit_string()?.0.to_vec() }),
        None => Ok(Half::Family { algorithm: oid::EC_PUBLIC_KEY.0.to_vec(), parameters: curve }),
    }
}

/// The public value of a DSA key in OpenSSL's form: version, p, q, g, y, x.
fn dsa(clear: &[u8]) -> Result<Half, asn1::Error> {
    let mut numbers = Reader::new(clear).sequence()?;
    numbers.expect(Tag::INTEGER)?;
    for _ in 0..3 {
        numbers.expect(Tag::INTEGER)?;
    }
    let value = numbers.expect(Tag::INTEGER)?;
    let y = asn1::magnitude(value.value).ok_or_else(|| value.invalid("public value"))?;
    Ok(Half::Bits {
        algorithm: oid::DSA.0.to_vec(),
        bits: UintRef::new(y).and_then(|y| y.to_der()).map_err(|_| value.invalid("public value"))?,
    })
}

/// The public key (SubjectPublicKeyInfo) of a private one in clear; `None` where nobody computes it here.
pub(super) fn public_of(clear: &[u8]) -> Option<Vec<u8>> {
    match KeyPair::from_der(clear) {
        Ok(pair) => Some(pair.spki().to_vec()),
        Err(_) => public_of_rsa(clear),
    }
}

/// The public numbers of an RSA key in PKCS#8, whatever the backend thinks of them.
fn public_of_rsa(pkcs8: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Reader::new(pkcs8).sequence().ok()?;
    fields.expect(Tag::INTEGER).ok()?;
    let algorithm = fields.sequence().ok()?.oid().ok()?;
    if Oid(algorithm) != oid::RSA_ENCRYPTION {
        return None;
    }
    let mut numbers = Reader::new(fields.expect(Tag::OCTET_STRING).ok()?.value).sequence().ok()?;
    numbers.expect(Tag::INTEGER).ok()?;
    let mut next = || UintRef::new(asn1::magnitude(numbers.expect(Tag::INTEGER).ok()?.value)?).ok();
    let public = RsaPublicKey { modulus: next()?, exponent: next()? };
    rsa_spki(&encode(&public).ok()?)
}

/// RSAPublicKey (RFC 8017 appendix A.1.1).
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

/// PrivateKeyInfo (RFC 5208 section 5).
#[derive(Sequence)]
struct PrivateKeyInfo<'a> {
    version: u8,
    algorithm: AlgorithmIdentifier<'a>,
    key: OctetStringRef<'a>,
}

/// Wraps a key of any clear form as PKCS#8; `None` for one that has no such form.
pub(in crate::container) fn to_pkcs8(key: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    let wrap = |algorithm, parameters| {
        let algorithm = AlgorithmIdentifier { algorithm, parameters: Some(parameters) };
        encode(&PrivateKeyInfo { version: 0, algorithm, key: OctetStringRef::new(&key).ok()? }).map(Zeroizing::new).ok()
    };
    match shape::of(&key)? {
        Shape::Pkcs8 => Some(key),
        Shape::Pkcs1 => wrap(oid::RSA_ENCRYPTION, AnyRef::NULL),
        Shape::Sec1 => {
            let mut fields = Reader::new(&key).sequence().ok()?;
            fields.expect(Tag::INTEGER).ok()?;
            fields.expect(Tag::OCTET_STRING).ok()?;
            let parameters = fields.expect(Tag::context_constructed(0)).ok()?.value;
            wrap(oid::EC_PUBLIC_KEY, raw(parameters).ok()?)
        }
        _ => None,
    }
}

//! Which certificate belongs to a private key.

use zeroize::Zeroizing;

use crate::asn1::{self, Reader, Tag, write};
use crate::cert::Certificate;
use crate::container::shape::{self, Shape};
use crate::crypto::key::KeyKind;
use crate::crypto::key_pair::KeyPair;
use crate::oid::{self, Oid};

/// What a private key tells of its public one.
pub(super) enum PublicHalf {
    /// The modulus of an RSA key, without leading zeros.
    Modulus(Vec<u8>),
    /// The contents of the public key's BIT STRING.
    Bits(Vec<u8>),
}

impl PublicHalf {
    /// Says whether this is the key of a certificate.
    pub(super) fn is_of(&self, certificate: &Certificate) -> bool {
        let Ok(key) = certificate.public_key() else { return false };
        match (self, key.kind) {
            (PublicHalf::Modulus(own), KeyKind::Rsa { modulus, .. }) => own == modulus,
            (PublicHalf::Modulus(_), _) => false,
            (PublicHalf::Bits(own), _) => own == key.bits,
        }
    }
}

/// The identifier of a private key's algorithm: of PKCS#8, or of what OpenSSL has its own form for.
pub(super) fn family(clear: &[u8]) -> Option<Vec<u8>> {
    if shape::of(clear)? == Shape::Dsa {
        return Some(oid::DSA.0.to_vec());
    }
    let mut fields = Reader::new(clear).sequence().ok()?;
    fields.expect(Tag::INTEGER).ok()?;
    Some(fields.sequence().ok()?.oid().ok()?.to_vec())
}

/// Says whether the key of a certificate is of an algorithm.
pub(super) fn is_of_family(certificate: &Certificate, family: &[u8]) -> bool {
    let own = Reader::new(certificate.spki()).sequence().and_then(|mut spki| spki.sequence()?.oid());
    own.is_ok_and(|own| own == family)
}

/// Reads what a PKCS#8 key tells of its public one; `None` for kinds that tell nothing.
pub(super) fn public_half(pkcs8: &[u8]) -> Option<PublicHalf> {
    let mut fields = Reader::new(pkcs8).sequence().ok()?;
    fields.expect(Tag::INTEGER).ok()?;
    let mut algorithm = fields.sequence().ok()?;
    let family = Oid(algorithm.oid().ok()?);
    let key = fields.expect(Tag::OCTET_STRING).ok()?.value;
    // RFC 5958 section 2: version 2 carries the public key.
    fields.optional(Tag::context_constructed(0)).ok()?;
    if let Some((0, bits)) = fields
        .optional(Tag::context(1))
        .ok()?
        .and_then(|it| it.value.split_first())
        .map(|(unused, bits)| (*unused, bits))
    {
        return Some(PublicHalf::Bits(bits.to_vec()));
    }
    match family {
        oid::RSA_ENCRYPTION | oid::RSASSA_PSS => {
            let mut numbers = Reader::new(key).sequence().ok()?;
            numbers.expect(Tag::INTEGER).ok()?;
            asn1::magnitude(numbers.expect(Tag::INTEGER).ok()?.value).map(|it| PublicHalf::Modulus(it.to_vec()))
        }
        // Keys of all sizes and curves carry the point; where one does not, it is computed.
        oid::EC_PUBLIC_KEY => point(key).map(PublicHalf::Bits).or_else(|| computed(pkcs8)),
        _ => computed(pkcs8),
    }
}

fn computed(pkcs8: &[u8]) -> Option<PublicHalf> {
    let pair = KeyPair::from_der(pkcs8).ok()?;
    let bits = pair.public_key().ok()?.bits.to_vec();
    Some(PublicHalf::Bits(bits))
}

/// The public point of a SEC 1 key.
fn point(sec1: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Reader::new(sec1).sequence().ok()?;
    fields.expect(Tag::INTEGER).ok()?;
    fields.expect(Tag::OCTET_STRING).ok()?;
    fields.optional(Tag::context_constructed(0)).ok()?;
    let mut wrapped = fields.optional(Tag::context_constructed(1)).ok()??.contents();
    wrapped.bit_string().ok().map(|(bits, _)| bits.to_vec())
}

/// Wraps a key of any clear form as PKCS#8; `None` for one that has no such form.
pub(super) fn to_pkcs8(key: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    let version = write::small_integer(0);
    let wrap = |algorithm: &[u8]| {
        let octets = Zeroizing::new(write::octet_string(&key));
        Zeroizing::new(write::sequence(&[&version, algorithm, &octets]))
    };
    match shape::of(&key)? {
        Shape::Pkcs8 => Some(key),
        Shape::Pkcs1 => Some(wrap(&write::sequence(&[&write::oid(oid::RSA_ENCRYPTION), &write::NULL]))),
        Shape::Sec1 => {
            let mut fields = Reader::new(&key).sequence().ok()?;
            fields.expect(Tag::INTEGER).ok()?;
            fields.expect(Tag::OCTET_STRING).ok()?;
            let parameters = fields.expect(Tag::context_constructed(0)).ok()?.value;
            Some(wrap(&write::sequence(&[&write::oid(oid::EC_PUBLIC_KEY), parameters])))
        }
        _ => None,
    }
}

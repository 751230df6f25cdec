//! The contents of certificates, revocation lists and requests.
//!
//! Knows the syntax of RFC 5280 and decodes leniently: what the field holds is read,
//! however odd, as long as its outer shape can be made out. Does not judge
//! the values; that is for checks. A fault in one field does not hide the
//! others: each is decoded on access.

pub mod extension;
mod general_name;
mod known;
mod name;
mod ocsp_response;
mod request;
mod revocation_list;
mod secret;
mod serial;
mod time;

pub use general_name::{GeneralName, GeneralNames, IpRange, Text};
pub(crate) use general_name::{address, may_be_application_uri};
pub use known::{Known, Stated};
pub use name::{Attribute, Name};
pub use ocsp_response::{CertStatus, OcspResponse, Responder, ResponseStatus, SingleResponse};
pub use request::Request;
pub use revocation_list::{RevocationList, Revoked, issuer_of_damaged_list};
pub use secret::{MASKED, private_key_in};
pub use serial::Serial;
pub use time::{Time, TimeForm};

use std::sync::Arc;

use crate::asn1::{self, Reader, Tag};
use crate::crypto::digest;
use crate::crypto::key::PublicKey;
use crate::crypto::signature::{self, SignatureAlgorithm};
use crate::moment::Moment;
use extension::{Decode, Extensions};

/// Says which part of a certificate, list or request could not be decoded, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{part} cannot be decoded: {source}")]
pub struct Malformed {
    /// The part by its name in RFC 5280, such as `validity` or `subjectAltName`.
    pub part: &'static str,
    /// What was wrong, with the offset from the start of the whole.
    #[source]
    pub source: asn1::Error,
}

/// Gives a reading error the name of the part that was read.
pub(crate) fn in_part(part: &'static str) -> impl Fn(asn1::Error) -> Malformed {
    move |source| Malformed { part, source }
}

/// Where a part stands in the encoding.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub(crate) fn of(element: &asn1::Element<'_>) -> Span {
        Span::from(element.offset, element.raw.len())
    }

    pub(crate) fn from(start: usize, length: usize) -> Span {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { start: clamp(start), end: clamp(start.saturating_add(length)) }
    }

    pub(crate) fn get(self, der: &[u8]) -> &[u8] {
        der.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A certificate (RFC 5280 section 4.1). Cheap to clone; holds its DER once.
///
/// Two certificates are equal when all their bytes are.
#[derive(Clone)]
pub struct Certificate {
    der: Arc<[u8]>,
    layout: Layout,
}

#[derive(Clone, Copy, Debug)]
struct Layout {
    tbs: Span,
    version: Option<u8>,
    serial: Span,
    inner_algorithm: Span,
    issuer: Span,
    not_before: Span,
    not_after: Span,
    subject: Span,
    public_key: Span,
    unique_ids: bool,
    extensions: Span,
    outer_algorithm: Span,
    signature: Span,
    trailing: u32,
}

impl Certificate {
    /// Makes out the parts of a certificate. Costs one copy and about 200 ns.
    ///
    /// Fails only where the outer shape is not that of a certificate. Bytes after its
    /// end are left out and counted by [`Certificate::trailing`].
    pub fn from_der(der: &[u8]) -> Result<Certificate, Malformed> {
        let layout = layout(der)?;
        let end = der.len().saturating_sub(layout.trailing as usize);
        Ok(Certificate { der: der.get(..end).unwrap_or(der).into(), layout })
    }

    /// All bytes of the certificate.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    fn part(&self, span: Span) -> &[u8] {
        span.get(&self.der)
    }

    /// How many bytes followed the certificate where it was read.
    pub fn trailing(&self) -> usize {
        self.layout.trailing as usize
    }

    /// The version as people count it: 1, 2 or 3. (The encoding counts from 0; 255 and more is cut.)
    pub fn version(&self) -> u8 {
        self.layout.version.unwrap_or(0).saturating_add(1)
    }

    /// Says whether the default version 1 is spelt out, which DER forbids.
    pub fn spells_default_version(&self) -> bool {
        self.layout.version == Some(0)
    }

    /// Says whether it has issuer or subject unique identifiers, which RFC 5280 section 4.1.2.8 forbids to make.
    pub fn has_unique_identifiers(&self) -> bool {
        self.layout.unique_ids
    }

    /// The serial number.
    pub fn serial(&self) -> Serial<'_> {
        Serial(self.part(self.layout.serial))
    }

    /// The issuer's name.
    pub fn issuer(&self) -> Name<'_> {
        Name::from_part(self.part(self.layout.issuer), self.layout.issuer.start as usize)
    }

    /// The subject's name.
    pub fn subject(&self) -> Name<'_> {
        Name::from_part(self.part(self.layout.subject), self.layout.subject.start as usize)
    }

    /// The first moment of the validity.
    pub fn not_before(&self) -> Result<Moment, Malformed> {
        self.not_before_time().map(|time| time.moment)
    }

    /// The last moment of the validity.
    pub fn not_after(&self) -> Result<Moment, Malformed> {
        self.not_after_time().map(|time| time.moment)
    }

    /// The first moment of the validity, as it is encoded.
    pub fn not_before_time(&self) -> Result<Time, Malformed> {
        Time::from_part(self.part(self.layout.not_before), self.layout.not_before.start as usize, "notBefore")
    }

    /// The last moment of the validity, as it is encoded.
    pub fn not_after_time(&self) -> Result<Time, Malformed> {
        Time::from_part(self.part(self.layout.not_after), self.layout.not_after.start as usize, "notAfter")
    }

    /// The subject's public key.
    pub fn public_key(&self) -> Result<PublicKey<'_>, Malformed> {
        PublicKey::from_spki(self.spki()).map_err(in_part("subjectPublicKeyInfo"))
    }

    /// The SubjectPublicKeyInfo as it is encoded.
    pub fn spki(&self) -> &[u8] {
        self.part(self.layout.public_key)
    }

    /// The signature algorithm that stands beside the signature.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm<'_>, Malformed> {
        SignatureAlgorithm::from_der(self.signature_algorithm_der()).map_err(in_part("signatureAlgorithm"))
    }

    /// The outer AlgorithmIdentifier as it is encoded.
    pub fn signature_algorithm_der(&self) -> &[u8] {
        self.part(self.layout.outer_algorithm)
    }

    /// The AlgorithmIdentifier inside the signed part; RFC 5280 section 4.1.1.2 wants it equal to the outer one.
    pub fn signed_algorithm_der(&self) -> &[u8] {
        self.part(self.layout.inner_algorithm)
    }

    /// The bytes that the signature is over.
    pub fn signed_part(&self) -> &[u8] {
        self.part(self.layout.tbs)
    }

    /// The signature.
    pub fn signature(&self) -> &[u8] {
        self.part(self.layout.signature)
    }

    /// The extensions in their order; none in versions 1 and 2.
    pub fn extensions(&self) -> Extensions<'_> {
        Extensions::from_part(self.part(self.layout.extensions), self.layout.extensions.start as usize)
    }

    /// Decodes one extension; `None` where the certificate has none of this kind.
    pub fn extension<'a, T: Decode<'a>>(&'a self) -> Result<Option<T>, Malformed> {
        self.extensions().decode()
    }

    /// Verifies the signature with an issuer's key. Judges neither algorithm nor issuer.
    pub fn verify_signature(&self, issuer: &PublicKey<'_>) -> Result<(), signature::Failure> {
        let algorithm =
            self.signature_algorithm().map_err(|_| signature::Failure::Unsupported("this signature algorithm"))?;
        signature::verify(algorithm, issuer, self.signed_part(), self.signature())
    }

    /// Says whether issuer and subject are the same name (RFC 5280 section 3.2).
    pub fn is_self_issued(&self) -> bool {
        self.issuer().matches(&self.subject())
    }

    /// Verifies the certificate's signature with its own key.
    pub fn verify_own_signature(&self) -> Result<(), signature::Failure> {
        self.public_key().map_err(|_| signature::UNREADABLE_KEY).and_then(|key| self.verify_signature(&key))
    }

    /// Says whether it is self-issued and its own key verifies its signature. Costs one verification.
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.verify_own_signature().is_ok()
    }

    /// Says whether basicConstraints declare a CA. A certificate without them, or with unreadable ones, is none.
    pub fn is_ca(&self) -> bool {
        self.extension::<extension::BasicConstraints>().is_ok_and(|constraints| constraints.is_some_and(|it| it.ca))
    }

    /// The fields that every reader needs and that cannot be decoded: names, dates, key, signature algorithm.
    pub fn undecodable_fields(&self) -> impl Iterator<Item = Malformed> + use<> {
        let name = |part, name: Name<'_>| name.fault().map(|source| Malformed { part, source });
        let faults = [
            self.signature_algorithm().err(),
            name("issuer", self.issuer()),
            self.not_before().err(),
            self.not_after().err(),
            name("subject", self.subject()),
            self.public_key().err(),
        ];
        faults.into_iter().flatten()
    }

    /// The first place where it is not written in DER, inside of the extensions that are known as well.
    pub fn first_deviation(&self) -> Option<asn1::Error> {
        let inside = || {
            self.extensions().iter().filter(|extension| extension.oid.name().is_some()).find_map(|it| {
                let deviation = asn1::first_deviation(it.value)?;
                Some(asn1::Error { offset: deviation.offset.saturating_add(it.offset), ..deviation })
            })
        };
        asn1::first_deviation(self.der()).or_else(inside)
    }

    /// SHA-256 over the certificate.
    pub fn fingerprint_sha256(&self) -> [u8; 32] {
        digest::sha256(&self.der)
    }

    /// SHA-1 over the certificate: the thumbprint of OPC UA (OPC 10000-4) and Windows.
    pub fn fingerprint_sha1(&self) -> [u8; 20] {
        digest::sha1(&self.der)
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl std::hash::Hash for Certificate {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.der.hash(state);
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.subject())
    }
}

fn layout(der: &[u8]) -> Result<Layout, Malformed> {
    let part = in_part;
    let mut outside = Reader::new(der);
    let whole = outside.expect(Tag::SEQUENCE).map_err(part("certificate"))?;
    let mut outer = whole.contents();
    let tbs = outer.expect(Tag::SEQUENCE).map_err(part("tbsCertificate"))?;
    let outer_algorithm = outer.expect(Tag::SEQUENCE).map_err(part("signatureAlgorithm"))?;
    let signature = outer.expect(Tag::BIT_STRING).map_err(part("signatureValue"))?;
    let bits = asn1::signature_octets(signature.value)
        .ok_or(signature.invalid("BIT STRING"))
        .map_err(part("signatureValue"))?;
    outer.finish().map_err(part("certificate"))?;

    let mut fields = tbs.contents();
    let version = match fields.optional(Tag::context_constructed(0)).map_err(part("version"))? {
        Some(wrapper) => {
            let number = wrapper.contents().small_integer().map_err(part("version"))?;
            Some(u8::try_from(number).unwrap_or(u8::MAX))
        }
        None => None,
    };
    let serial = fields.expect(Tag::INTEGER).map_err(part("serialNumber"))?;
    let inner_algorithm = fields.expect(Tag::SEQUENCE).map_err(part("signature"))?;
    let issuer = fields.expect(Tag::SEQUENCE).map_err(part("issuer"))?;
    let mut validity = fields.sequence().map_err(part("validity"))?;
    let not_before = validity.element().map_err(part("notBefore"))?;
    let not_after = validity.element().map_err(part("notAfter"))?;
    validity.finish().map_err(part("validity"))?;
    let subject = fields.expect(Tag::SEQUENCE).map_err(part("subject"))?;
    let public_key = fields.expect(Tag::SEQUENCE).map_err(part("subjectPublicKeyInfo"))?;
    let mut unique_ids = false;
    for number in [1, 2] {
        unique_ids |= fields.optional(Tag::context(number)).map_err(part("uniqueIdentifier"))?.is_some();
    }
    let mut extensions = Span::default();
    if let Some(wrapper) = fields.optional(Tag::context_constructed(3)).map_err(part("extensions"))? {
        let mut inside = wrapper.contents();
        let list = inside.expect(Tag::SEQUENCE).map_err(part("extensions"))?;
        inside.finish().map_err(part("extensions"))?;
        Extensions::from_part(list.raw, list.offset).validate()?;
        extensions = Span::of(&list);
    }
    fields.finish().map_err(part("tbsCertificate"))?;

    Ok(Layout {
        tbs: Span::of(&tbs),
        version,
        serial: Span::from(serial.value_offset(), serial.value.len()),
        inner_algorithm: Span::of(&inner_algorithm),
        issuer: Span::of(&issuer),
        not_before: Span::of(&not_before),
        not_after: Span::of(&not_after),
        subject: Span::of(&subject),
        public_key: Span::of(&public_key),
        unique_ids,
        extensions,
        outer_algorithm: Span::of(&outer_algorithm),
        signature: Span::from(signature.end().saturating_sub(bits.len()), bits.len()),
        trailing: u32::try_from(outside.rest().len()).unwrap_or(u32::MAX),
    })
}

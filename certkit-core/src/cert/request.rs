//! Certification requests (PKCS#10, RFC 2986).

use std::sync::Arc;

use der::asn1::{AnyRef, BitStringRef};
use der::{Sequence, TagNumber};

use super::extension::{Decode, Extensions};
use super::{Certificate, Malformed, Name, Span, in_part};
use crate::asn1::typed::{NotWritten, Verbatim, element, encode};
use crate::asn1::{self, Reader, Tag};
use crate::crypto::key::PublicKey;
use crate::crypto::signature::{self, SignatureAlgorithm};
use crate::oid::{self, Oid};

/// A request for a certificate. Cheap to clone.
#[derive(Clone)]
pub struct Request {
    der: Arc<[u8]>,
    layout: Layout,
}

#[derive(Clone, Copy)]
struct Layout {
    signed: Span,
    subject: Span,
    public_key: Span,
    extensions: Span,
    algorithm: Span,
    signature: Span,
}

impl Request {
    /// Makes out the parts of a request. Costs one copy; the signature is not verified.
    pub fn from_der(der: &[u8]) -> Result<Request, Malformed> {
        match Request::to_be_shown(der)? {
            (request, None) => Ok(request),
            (_, Some(fault)) => Err(fault),
        }
    }

    /// Makes out as much as can be shown: of attributes that cannot be decoded, what stands before, and what is
    /// wrong with them stands beside it. Nothing may be judged or issued by such a request.
    pub fn to_be_shown(der: &[u8]) -> Result<(Request, Option<Malformed>), Malformed> {
        let (layout, fault) = layout(der)?;
        Ok((Request { layout, der: der.into() }, fault))
    }

    /// All bytes of the request.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    fn part(&self, span: Span) -> &[u8] {
        span.get(&self.der)
    }

    /// The name that is asked for.
    pub fn subject(&self) -> Name<'_> {
        Name::from_part(self.part(self.layout.subject), self.layout.subject.start as usize)
    }

    /// The key that is to be certified.
    pub fn public_key(&self) -> Result<PublicKey<'_>, Malformed> {
        PublicKey::from_spki(self.spki()).map_err(in_part("subjectPublicKeyInfo"))
    }

    /// The whole SubjectPublicKeyInfo, with tag and length.
    pub fn spki(&self) -> &[u8] {
        self.part(self.layout.public_key)
    }

    /// The algorithm that the request is signed with.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm<'_>, Malformed> {
        SignatureAlgorithm::from_der(self.part(self.layout.algorithm)).map_err(in_part("signatureAlgorithm"))
    }

    /// The extensions that are asked for (the extensionRequest attribute, RFC 2985 section 5.4.2).
    pub fn extensions(&self) -> Extensions<'_> {
        Extensions::from_part(self.part(self.layout.extensions), self.layout.extensions.start as usize)
    }

    /// Decodes one of the extensions that are asked for.
    pub fn extension<'a, T: Decode<'a>>(&'a self) -> Result<Option<T>, Malformed> {
        self.extensions().decode()
    }

    /// The certificate that it would come to if a CA signed it as it stands: with its subject, key and extensions, and
    /// dates, issuer, serial number and signature that mean nothing.
    pub fn as_certificate(&self) -> Result<Certificate, Malformed> {
        let written = || -> Result<Vec<u8>, NotWritten> {
            let name = element(der::Tag::Utf8String, b"the CA that will issue it")?;
            let name = encode(&CommonName { kind: oid::COMMON_NAME, text: name })?;
            let time = |text| element(der::Tag::UtcTime, text);
            let algorithm = Verbatim(self.part(self.layout.algorithm));
            let extensions = Some(self.part(self.layout.extensions)).filter(|list| !list.is_empty());
            let wrapper = der::Tag::ContextSpecific { constructed: true, number: TagNumber::N3 };
            encode(&AsCertificate {
                content: AsContent {
                    version: 2,
                    serial: 1,
                    algorithm,
                    issuer: [element(der::Tag::Set, &name)?],
                    validity: [time(b"260101000000Z")?, time(b"270101000000Z")?],
                    subject: Verbatim(self.part(self.layout.subject)),
                    public_key: Verbatim(self.part(self.layout.public_key)),
                    extensions: extensions.map(|list| element(wrapper, list)).transpose()?,
                },
                algorithm,
                signature: BitStringRef::from_bytes(&[0])?,
            })
        };
        let too_long = asn1::Error { offset: 0, problem: asn1::Problem::Oversize };
        Certificate::from_der(&written().map_err(|_| in_part("certificationRequest")(too_long))?)
    }

    /// Verifies that the holder of the key made the request.
    pub fn verify_signature(&self) -> Result<(), signature::Failure> {
        let algorithm =
            self.signature_algorithm().map_err(|_| signature::Failure::Unsupported("this signature algorithm"))?;
        let key = self.public_key().map_err(|_| signature::Failure::Unsupported("this key"))?;
        signature::verify(algorithm, &key, self.part(self.layout.signed), self.part(self.layout.signature))
    }
}

/// A certificate made of a request, whose parts are written as they stand.
#[derive(Sequence)]
struct AsCertificate<'a> {
    content: AsContent<'a>,
    algorithm: Verbatim<'a>,
    signature: BitStringRef<'a>,
}

#[derive(Sequence)]
struct AsContent<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial: u8,
    algorithm: Verbatim<'a>,
    issuer: [AnyRef<'a>; 1],
    validity: [AnyRef<'a>; 2],
    subject: Verbatim<'a>,
    public_key: Verbatim<'a>,
    extensions: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct CommonName<'a> {
    kind: Oid<'a>,
    text: AnyRef<'a>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({})", self.subject())
    }
}

/// The parts, and what is wrong with the attributes.
fn layout(der: &[u8]) -> Result<(Layout, Option<Malformed>), Malformed> {
    let part = in_part;
    let mut outside = Reader::new(der);
    let mut outer = outside.sequence().map_err(part("certificationRequest"))?;
    outside.finish().map_err(part("certificationRequest"))?;
    let signed = outer.expect(Tag::SEQUENCE).map_err(part("certificationRequestInfo"))?;
    let algorithm = outer.expect(Tag::SEQUENCE).map_err(part("signatureAlgorithm"))?;
    let signature = outer.expect(Tag::BIT_STRING).map_err(part("signature"))?;
    let bits =
        asn1::signature_octets(signature.value).ok_or(signature.invalid("BIT STRING")).map_err(part("signature"))?;
    outer.finish().map_err(part("certificationRequest"))?;

    let mut fields = signed.contents();
    fields.expect(Tag::INTEGER).map_err(part("version"))?;
    let subject = fields.expect(Tag::SEQUENCE).map_err(part("subject"))?;
    let public_key = fields.expect(Tag::SEQUENCE).map_err(part("subjectPublicKeyInfo"))?;
    let (extensions, fault) = match fields.optional(Tag::context_constructed(0)) {
        Ok(Some(attributes)) => extensions_in(attributes.contents()),
        Ok(None) => (Span::default(), None),
        Err(error) => (Span::default(), Some(part("attributes")(error))),
    };
    let fault = fault.or_else(|| fields.finish().map_err(part("attributes")).err());
    let layout = Layout {
        signed: Span::of(&signed),
        subject: Span::of(&subject),
        public_key: Span::of(&public_key),
        extensions,
        algorithm: Span::of(&algorithm),
        signature: Span::from(signature.end().saturating_sub(bits.len()), bits.len()),
    };
    Ok((layout, fault))
}

/// The extensions that attributes ask for, and what is wrong with the attributes.
fn extensions_in(mut attributes: Reader<'_>) -> (Span, Option<Malformed>) {
    let mut extensions = None;
    let mut fault = None;
    while !attributes.is_empty() {
        match next_extensions(&mut attributes) {
            Ok(None) => {}
            // It has one value (RFC 2985 section 5.4.2): a CA may take another one of several.
            Ok(Some(list)) if extensions.is_some() => {
                fault.get_or_insert_with(|| in_part("attributes")(list.invalid("single request for extensions")));
            }
            Ok(Some(list)) => match Extensions::from_part(list.raw, list.offset).validate() {
                Ok(()) => extensions = Some(Span::of(&list)),
                Err(error) => _ = fault.get_or_insert(error),
            },
            Err(error) => {
                fault.get_or_insert_with(|| in_part("attributes")(error));
                break;
            }
        }
    }
    (extensions.unwrap_or_default(), fault)
}

/// Reads the next attribute; gives the extensions, where it asks for such.
fn next_extensions<'a>(attributes: &mut Reader<'a>) -> Result<Option<asn1::Element<'a>>, asn1::Error> {
    let mut attribute = attributes.sequence()?;
    let name = Oid(attribute.oid()?);
    let mut values = attribute.expect(Tag::SET)?.contents();
    attribute.finish()?;
    if name != oid::EXTENSION_REQUEST {
        return Ok(None);
    }
    let list = values.expect(Tag::SEQUENCE)?;
    values.finish()?;
    Ok(Some(list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write::{bit_string, element, octet_string, oid, sequence, small_integer};

    /// A request for the CA flag, with more attributes behind that one.
    fn shown(wrapper: Tag, more: &[&[u8]]) -> (Request, Option<Malformed>) {
        let extension = sequence(&[&oid(oid::BASIC_CONSTRAINTS), &octet_string(&sequence(&[&[1, 1, 255]]))]);
        let wanted = element(Tag::SET, &[&sequence(&[&extension])]);
        let attribute = sequence(&[&oid(oid::EXTENSION_REQUEST), &wanted]);
        let attributes = element(wrapper, &[&attribute, &more.concat()]);
        let algorithm = sequence(&[&oid(oid::ED25519)]);
        let key = sequence(&[&algorithm, &bit_string(&[1; 32])]);
        let signed = sequence(&[&small_integer(0), &sequence(&[]), &key, &attributes]);
        Request::to_be_shown(&sequence(&[&signed, &algorithm, &bit_string(&[2; 64])])).unwrap()
    }

    #[test]
    fn every_attribute_is_looked_at() {
        let list = Tag::context_constructed(0);
        let set = element(Tag::SET, &[&[5, 0]]);
        let challenge = sequence(&[&oid(oid::CHALLENGE_PASSWORD), &set]);
        let (request, fault) = shown(list, &[&challenge]);
        assert!(fault.is_none() && request.extensions().find(oid::BASIC_CONSTRAINTS).is_some());
        let second = sequence(&[&oid(oid::EXTENSION_REQUEST), &element(Tag::SET, &[&sequence(&[])])]);
        let two = element(Tag::SET, &[&sequence(&[]), &sequence(&[])]);
        let two = sequence(&[&oid(oid::EXTENSION_REQUEST), &two]);
        let without_set = sequence(&[&oid(oid::CHALLENGE_PASSWORD), &[5, 0]]);
        for odd in [&second[..], &two, &without_set, &[12, 1, 97], &challenge[..challenge.len() - 1]] {
            let (request, fault) = shown(list, &[odd]);
            assert_eq!(fault.map(|it| it.part), Some("attributes"), "{odd:02x?}");
            assert!(request.extensions().find(oid::BASIC_CONSTRAINTS).is_some(), "{odd:02x?}");
        }
        // In another wrapper, nothing is asked for, and the rest is shown.
        let (request, fault) = shown(Tag::SET, &[]);
        assert_eq!(fault.map(|it| it.part), Some("attributes"));
        assert!(request.public_key().is_ok() && request.extensions().find(oid::BASIC_CONSTRAINTS).is_none());
    }
}

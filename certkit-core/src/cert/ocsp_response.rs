//! Answers of OCSP responders (RFC 6960 section 4.2).

use std::sync::Arc;

use super::extension::Extensions;
use super::{Certificate, Malformed, Name, Serial, Span, Time, in_part};
use crate::asn1::{self, Element, Reader, Tag};
use crate::crypto::digest::{self, Digest};
use crate::crypto::key::PublicKey;
use crate::crypto::signature::{self, SignatureAlgorithm};
use crate::moment::Moment;
use crate::oid::{self, Oid};

/// What a responder sent. Cheap to clone.
#[derive(Clone)]
pub struct OcspResponse {
    der: Arc<[u8]>,
    status: ResponseStatus,
    layout: Option<Layout>,
}

#[derive(Clone, Copy)]
struct Layout {
    tbs: Span,
    responder: Span,
    produced_at: Moment,
    singles: Span,
    extensions: Span,
    algorithm: Span,
    signature: Span,
    certificates: Span,
}

/// Whether a responder answered at all (RFC 6960 section 4.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseStatus {
    /// It did.
    Successful,
    /// It could not read the request.
    MalformedRequest,
    /// It is out of order.
    InternalError,
    /// It is busy.
    TryLater,
    /// It wants signed requests.
    SignatureRequired,
    /// It does not answer this client, or not for this CA.
    Unauthorized,
    /// A number without a meaning.
    Other(u8),
}

impl ResponseStatus {
    fn from_code(code: u8) -> ResponseStatus {
        match code {
            0 => ResponseStatus::Successful,
            1 => ResponseStatus::MalformedRequest,
            2 => ResponseStatus::InternalError,
            3 => ResponseStatus::TryLater,
            5 => ResponseStatus::SignatureRequired,
            6 => ResponseStatus::Unauthorized,
            other => ResponseStatus::Other(other),
        }
    }
}

impl std::fmt::Display for ResponseStatus {
    /// Writes the word of RFC 6960.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ResponseStatus::Successful => "successful",
            ResponseStatus::MalformedRequest => "malformedRequest",
            ResponseStatus::InternalError => "internalError",
            ResponseStatus::TryLater => "tryLater",
            ResponseStatus::SignatureRequired => "sigRequired",
            ResponseStatus::Unauthorized => "unauthorized",
            ResponseStatus::Other(code) => return write!(f, "status {code}"),
        })
    }
}

/// Who says that it made a response.
#[derive(Clone, Copy, Debug)]
pub enum Responder<'a> {
    /// The one of this name.
    Name(Name<'a>),
    /// The one whose key has this SHA-1.
    KeyHash(&'a [u8]),
}

impl Responder<'_> {
    /// Says whether a certificate is one of this responder's.
    pub fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Responder::Name(name) => certificate.subject().matches(name),
            Responder::KeyHash(hash) => certificate.public_key().is_ok_and(|key| digest::sha1(key.bits) == *hash),
        }
    }
}

/// What a response says of one certificate.
#[derive(Clone, Copy, Debug)]
pub struct SingleResponse<'a> {
    /// The digest that the issuer is named by; `None` for one that certkit does not know.
    pub digest: Option<Digest>,
    /// The digest of the issuer's name.
    pub issuer_name_hash: &'a [u8],
    /// The digest of the issuer's key.
    pub issuer_key_hash: &'a [u8],
    /// The serial number.
    pub serial: Serial<'a>,
    /// The answer.
    pub status: CertStatus,
    /// Since when the answer is known to be right.
    pub this_update: Moment,
    /// When a newer one will be there; `None` where it always is.
    pub next_update: Option<Moment>,
    /// What else is said of this certificate.
    pub extensions: Extensions<'a>,
}

/// The answer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertStatus {
    /// It is not revoked.
    Good,
    /// It is.
    Revoked {
        /// Since when.
        since: Moment,
        /// The reason code of RFC 5280 section 5.3.1, where there is one.
        reason: Option<u8>,
    },
    /// The responder does not know it.
    Unknown,
}

impl SingleResponse<'_> {
    /// Says whether this is about a certificate that the holder of `issuer` has issued.
    ///
    /// Costs two digests, the digest of the issuer's name only where the serial number fits.
    pub fn is_about(&self, certificate: &Certificate, issuer: &PublicKey<'_>) -> bool {
        let Some(digest) = self.digest else { return false };
        self.serial == certificate.serial()
            && digest.of(certificate.issuer().der()) == self.issuer_name_hash
            && digest.of(issuer.bits) == self.issuer_key_hash
    }
}

impl OcspResponse {
    /// Makes out the parts of a response. Costs one copy and a walk over its answers.
    pub fn from_der(der: &[u8]) -> Result<OcspResponse, Malformed> {
        let part = in_part;
        let mut outside = Reader::new(der);
        let mut outer = outside.sequence().map_err(part("OCSPResponse"))?;
        outside.finish().map_err(part("OCSPResponse"))?;
        let code = outer.expect(Tag::ENUMERATED).map_err(part("responseStatus"))?;
        let status = match code.value {
            [code] => ResponseStatus::from_code(*code),
            _ => return Err(part("responseStatus")(code.invalid("ENUMERATED"))),
        };
        let layout = match outer.optional(Tag::context_constructed(0)).map_err(part("responseBytes"))? {
            Some(wrapper) if status == ResponseStatus::Successful => Some(layout(&wrapper)?),
            None if status == ResponseStatus::Successful => {
                return Err(part("responseBytes")(code.invalid("successful response: it has no responseBytes")));
            }
            _ => None,
        };
        outer.finish().map_err(part("OCSPResponse"))?;
        Ok(OcspResponse { der: der.into(), status, layout })
    }

    /// All bytes of the response.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    fn part(&self, span: impl FnOnce(&Layout) -> Span) -> &[u8] {
        self.layout.as_ref().map_or(&[], |layout| span(layout).get(&self.der))
    }

    fn reader(&self, span: impl FnOnce(&Layout) -> Span) -> Reader<'_> {
        let span = self.layout.as_ref().map(span).unwrap_or_default();
        Reader::at(span.get(&self.der), span.start as usize)
    }

    /// Whether the responder answered.
    pub fn status(&self) -> ResponseStatus {
        self.status
    }

    /// Who says that it made the response; `None` where there is no answer.
    pub fn responder(&self) -> Option<Responder<'_>> {
        let element = self.reader(|layout| layout.responder).element().ok()?;
        responder(&element).ok()
    }

    /// When the response was signed.
    pub fn produced_at(&self) -> Option<Moment> {
        self.layout.as_ref().map(|layout| layout.produced_at)
    }

    /// What is said of each certificate; nothing where there is no answer.
    pub fn singles(&self) -> impl Iterator<Item = SingleResponse<'_>> {
        let mut list = self.reader(|layout| layout.singles).sequence().unwrap_or(Reader::new(&[]));
        std::iter::from_fn(move || single(&mut list).ok())
    }

    /// Extensions of the whole response.
    pub fn extensions(&self) -> Extensions<'_> {
        let start = self.layout.as_ref().map_or(0, |layout| layout.extensions.start as usize);
        Extensions::from_part(self.part(|layout| layout.extensions), start)
    }

    /// The certificates that came along; one that cannot be decoded is left out.
    pub fn certificates(&self) -> impl Iterator<Item = Certificate> {
        let mut list = self.reader(|layout| layout.certificates);
        std::iter::from_fn(move || list.element().ok()).filter_map(|element| Certificate::from_der(element.raw).ok())
    }

    /// The signature algorithm.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm<'_>, Malformed> {
        SignatureAlgorithm::from_der(self.part(|layout| layout.algorithm)).map_err(in_part("signatureAlgorithm"))
    }

    /// Verifies the signature with a responder's key. Judges neither algorithm nor responder.
    pub fn verify_signature(&self, responder: &PublicKey<'_>) -> Result<(), signature::Failure> {
        let algorithm =
            self.signature_algorithm().map_err(|_| signature::Failure::Unsupported("this signature algorithm"))?;
        signature::verify(algorithm, responder, self.part(|layout| layout.tbs), self.part(|layout| layout.signature))
    }
}

impl std::fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OcspResponse({})", self.status)
    }
}

fn responder<'a>(element: &Element<'a>) -> Result<Responder<'a>, asn1::Error> {
    let mut inside = element.contents();
    let responder = match element.tag {
        tag if tag == Tag::context_constructed(1) => {
            let name = inside.expect(Tag::SEQUENCE)?;
            Responder::Name(Name::from_part(name.raw, name.offset))
        }
        tag if tag == Tag::context_constructed(2) => Responder::KeyHash(inside.expect(Tag::OCTET_STRING)?.value),
        _ => return Err(element.invalid("ResponderID")),
    };
    inside.finish()?;
    Ok(responder)
}

fn generalized(reader: &mut Reader<'_>) -> Result<Moment, asn1::Error> {
    Time::from_element(&reader.expect(Tag::GENERALIZED_TIME)?).map(|time| time.moment)
}

fn single<'a>(list: &mut Reader<'a>) -> Result<SingleResponse<'a>, asn1::Error> {
    let mut fields = list.sequence()?;
    let mut identity = fields.sequence()?;
    let algorithm = Oid(identity.sequence()?.oid()?);
    let issuer_name_hash = identity.expect(Tag::OCTET_STRING)?.value;
    let issuer_key_hash = identity.expect(Tag::OCTET_STRING)?.value;
    let serial = Serial(identity.expect(Tag::INTEGER)?.value);
    identity.finish()?;
    let status = status(&fields.element()?)?;
    let this_update = generalized(&mut fields)?;
    let next_update = match fields.optional(Tag::context_constructed(0))? {
        Some(wrapper) => Some(generalized(&mut wrapper.contents())?),
        None => None,
    };
    let extensions = extensions(&mut fields)?;
    fields.finish()?;
    Ok(SingleResponse {
        digest: Digest::from_oid(algorithm),
        issuer_name_hash,
        issuer_key_hash,
        serial,
        status,
        this_update,
        next_update,
        extensions: extensions
            .map_or(Extensions::from_part(&[], 0), |list| Extensions::from_part(list.raw, list.offset)),
    })
}

fn status(element: &Element<'_>) -> Result<CertStatus, asn1::Error> {
    if element.tag == Tag::context(0) && element.value.is_empty() {
        return Ok(CertStatus::Good);
    }
    if element.tag == Tag::context(2) && element.value.is_empty() {
        return Ok(CertStatus::Unknown);
    }
    if element.tag != Tag::context_constructed(1) {
        return Err(element.invalid("CertStatus"));
    }
    let mut fields = element.contents();
    let since = generalized(&mut fields)?;
    let reason = match fields.optional(Tag::context_constructed(0))? {
        Some(wrapper) => match wrapper.contents().expect(Tag::ENUMERATED)?.value {
            [code] => Some(*code),
            _ => return Err(wrapper.invalid("CRLReason")),
        },
        None => None,
    };
    fields.finish()?;
    Ok(CertStatus::Revoked { since, reason })
}

/// Takes extensions under the tag `[1]`, which both places in a response have.
fn extensions<'a>(fields: &mut Reader<'a>) -> Result<Option<Element<'a>>, asn1::Error> {
    let Some(wrapper) = fields.optional(Tag::context_constructed(1))? else { return Ok(None) };
    let list = wrapper.contents().expect(Tag::SEQUENCE)?;
    // Extensions that cannot be walked might hide a critical one.
    Extensions::from_part(list.raw, list.offset).validate().map_err(|malformed| malformed.source)?;
    Ok(Some(list))
}

fn layout(wrapper: &Element<'_>) -> Result<Layout, Malformed> {
    let part = in_part;
    let mut bytes = wrapper.contents().sequence().map_err(part("responseBytes"))?;
    let kind = bytes.expect(Tag::OID).map_err(part("responseType"))?;
    if Oid(kind.value) != oid::OCSP_BASIC {
        return Err(part("responseType")(kind.invalid("response type: only the basic one exists")));
    }
    let response = bytes.expect(Tag::OCTET_STRING).map_err(part("response"))?;
    bytes.finish().map_err(part("responseBytes"))?;
    let mut inside = response.contents();
    let mut basic = inside.sequence().map_err(part("BasicOCSPResponse"))?;
    inside.finish().map_err(part("BasicOCSPResponse"))?;
    let tbs = basic.expect(Tag::SEQUENCE).map_err(part("tbsResponseData"))?;
    let algorithm = basic.expect(Tag::SEQUENCE).map_err(part("signatureAlgorithm"))?;
    let signature = basic.expect(Tag::BIT_STRING).map_err(part("signature"))?;
    let (bits, _) = asn1::bit_string(signature.value)
        .filter(|(_, unused)| *unused == 0)
        .ok_or(signature.invalid("BIT STRING of whole octets"))
        .map_err(part("signature"))?;
    let certificates = match basic.optional(Tag::context_constructed(0)).map_err(part("certs"))? {
        Some(wrapper) => {
            let list = wrapper.contents().expect(Tag::SEQUENCE).map_err(part("certs"))?;
            Span::from(list.value_offset(), list.value.len())
        }
        None => Span::default(),
    };
    basic.finish().map_err(part("BasicOCSPResponse"))?;

    let mut fields = tbs.contents();
    if let Some(version) = fields.optional(Tag::context_constructed(0)).map_err(part("version"))?
        && version.contents().small_integer().map_err(part("version"))? != 0
    {
        return Err(part("version")(version.invalid("version: only 1 exists")));
    }
    let named = fields.element().map_err(part("responderID"))?;
    responder(&named).map_err(part("responderID"))?;
    let produced_at = generalized(&mut fields).map_err(part("producedAt"))?;
    let singles = fields.expect(Tag::SEQUENCE).map_err(part("responses"))?;
    let mut walk = singles.contents();
    while !walk.is_empty() {
        single(&mut walk).map_err(part("responses"))?;
    }
    let extensions = extensions(&mut fields).map_err(part("responseExtensions"))?;
    fields.finish().map_err(part("tbsResponseData"))?;
    Ok(Layout {
        tbs: Span::of(&tbs),
        responder: Span::of(&named),
        produced_at,
        singles: Span::of(&singles),
        extensions: extensions.map_or(Span::default(), |list| Span::of(&list)),
        algorithm: Span::of(&algorithm),
        signature: Span::from(signature.value_offset().saturating_add(1), bits.len()),
        certificates,
    })
}

//! Revocation lists (RFC 5280 section 5).

use std::sync::Arc;

use super::extension::{Decode, Extensions};
use super::{Malformed, Name, Serial, Span, Time, in_part};
use crate::asn1::{self, Reader, Tag};
use crate::crypto::key::PublicKey;
use crate::crypto::signature::{self, SignatureAlgorithm};
use crate::moment::Moment;

/// A revocation list. Cheap to clone; its entries are decoded as they are walked.
#[derive(Clone)]
pub struct RevocationList {
    der: Arc<[u8]>,
    layout: Layout,
}

#[derive(Clone, Copy)]
struct Layout {
    tbs: Span,
    version: u8,
    inner_algorithm: Span,
    issuer: Span,
    this_update: Span,
    next_update: Option<Span>,
    revoked: Span,
    extensions: Span,
    outer_algorithm: Span,
    signature: Span,
}

/// One entry of a list.
#[derive(Clone, Copy, Debug)]
pub struct Revoked<'a> {
    /// The serial number of the certificate.
    pub serial: Serial<'a>,
    /// When it was revoked.
    pub date: Moment,
    /// What else the list says about it.
    pub extensions: Extensions<'a>,
}

impl RevocationList {
    /// Makes out the parts of a list. Costs one copy; entries are not looked at.
    pub fn from_der(der: &[u8]) -> Result<RevocationList, Malformed> {
        Ok(RevocationList { layout: layout(der)?, der: der.into() })
    }

    /// All bytes of the list.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    fn part(&self, span: Span) -> &[u8] {
        span.get(&self.der)
    }

    /// The version as people count it: 1 or 2.
    pub fn version(&self) -> u8 {
        self.layout.version.saturating_add(1)
    }

    /// The name of the list's issuer.
    pub fn issuer(&self) -> Name<'_> {
        Name::from_part(self.part(self.layout.issuer), self.layout.issuer.start as usize)
    }

    /// When the list was made.
    pub fn this_update(&self) -> Result<Moment, Malformed> {
        let span = self.layout.this_update;
        Time::from_part(self.part(span), span.start as usize, "thisUpdate").map(|time| time.moment)
    }

    /// When the next one will be out; `None` where the list does not say.
    pub fn next_update(&self) -> Result<Option<Moment>, Malformed> {
        let Some(span) = self.layout.next_update else { return Ok(None) };
        Time::from_part(self.part(span), span.start as usize, "nextUpdate").map(|time| Some(time.moment))
    }

    /// Its dates as they are written, each with the name of its field; one that cannot be decoded is left out.
    pub fn dates(&self) -> impl Iterator<Item = (&'static str, Time)> {
        let spans = [("thisUpdate", Some(self.layout.this_update)), ("nextUpdate", self.layout.next_update)];
        spans.into_iter().filter_map(|(field, span)| {
            let span = span?;
            Some((field, Time::from_part(self.part(span), span.start as usize, field).ok()?))
        })
    }

    /// Says whether it has entries, be it ones that cannot be decoded.
    pub fn is_empty(&self) -> bool {
        self.entries().next().is_none()
    }

    /// The signature algorithm that stands beside the signature.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm<'_>, Malformed> {
        SignatureAlgorithm::from_der(self.part(self.layout.outer_algorithm)).map_err(in_part("signatureAlgorithm"))
    }

    /// The AlgorithmIdentifier beside the signature as it is encoded.
    pub fn signature_algorithm_der(&self) -> &[u8] {
        self.part(self.layout.outer_algorithm)
    }

    /// Says whether the list of entries is there and empty, where it has to be left out (RFC 5280 section 5.1.2.6).
    pub fn has_empty_entries(&self) -> bool {
        let part = self.part(self.layout.revoked);
        !part.is_empty() && Reader::new(part).sequence().is_ok_and(|entries| entries.is_empty())
    }

    /// Says whether the algorithm inside the signed part is the one beside the signature (RFC 5280 section 5.1.1.2).
    pub fn algorithms_agree(&self) -> bool {
        self.part(self.layout.inner_algorithm) == self.part(self.layout.outer_algorithm)
    }

    /// The list's own extensions.
    pub fn extensions(&self) -> Extensions<'_> {
        Extensions::from_part(self.part(self.layout.extensions), self.layout.extensions.start as usize)
    }

    /// Decodes one of the list's own extensions.
    pub fn extension<'a, T: Decode<'a>>(&'a self) -> Result<Option<T>, Malformed> {
        self.extensions().decode()
    }

    /// The contents octets of cRLNumber, where there is one.
    pub fn number(&self) -> Option<Serial<'_>> {
        let extension = self.extensions().find(crate::oid::CRL_NUMBER)?;
        extension.reader().expect(Tag::INTEGER).ok().map(|element| Serial(element.value))
    }

    /// Walks over the entries. One that cannot be decoded does not hide those after it, unless its end is not known.
    ///
    /// Costs about 20 ns an entry.
    pub fn entries(&self) -> impl Iterator<Item = Result<Revoked<'_>, Malformed>> {
        let start = self.layout.revoked.start as usize;
        let mut list = Reader::at(self.part(self.layout.revoked), start).sequence().unwrap_or(Reader::new(&[]));
        std::iter::from_fn(move || {
            if list.is_empty() {
                return None;
            }
            let start = list.offset();
            let entry = match list.element() {
                Ok(element) => Revoked::read(&mut Reader::at(element.raw, start)),
                Err(error) => {
                    list = Reader::new(&[]);
                    Err(error)
                }
            };
            Some(entry.map_err(in_part("revokedCertificates")))
        })
    }

    /// The encoded SEQUENCE of entries and its offset; empty where there is none.
    pub(crate) fn entries_part(&self) -> (&[u8], usize) {
        (self.part(self.layout.revoked), self.layout.revoked.start as usize)
    }

    /// Decodes the entry that starts at this offset of the list.
    pub(crate) fn entry_at(&self, offset: usize) -> Option<Revoked<'_>> {
        Revoked::read(&mut Reader::at(self.der.get(offset..)?, offset)).ok()
    }

    /// Verifies the signature with an issuer's key. Judges neither algorithm nor issuer.
    pub fn verify_signature(&self, issuer: &PublicKey<'_>) -> Result<(), signature::Failure> {
        let algorithm =
            self.signature_algorithm().map_err(|_| signature::Failure::Unsupported("this signature algorithm"))?;
        signature::verify(algorithm, issuer, self.part(self.layout.tbs), self.part(self.layout.signature))
    }
}

impl std::fmt::Debug for RevocationList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RevocationList({})", self.issuer())
    }
}

impl<'a> Revoked<'a> {
    /// Reads the entry that comes next.
    pub(crate) fn read(list: &mut Reader<'a>) -> Result<Revoked<'a>, asn1::Error> {
        let mut fields = list.sequence()?;
        let serial = Serial(fields.expect(Tag::INTEGER)?.value);
        let date = Time::from_element(&fields.element()?)?.moment;
        let extensions = match fields.optional(Tag::SEQUENCE)? {
            Some(sequence) => Extensions::from_part(sequence.raw, sequence.offset),
            None => Extensions::from_part(&[], 0),
        };
        fields.finish()?;
        Ok(Revoked { serial, date, extensions })
    }
}

/// The issuer of a revocation list that is cut off or damaged further on; `None` where nothing tells.
pub fn issuer_of_damaged_list(der: &[u8]) -> Option<Name<'_>> {
    let mut fields = Reader::new(inside(inside(der)?)?);
    if fields.peek() == Some(Tag::INTEGER) {
        fields.element().ok()?;
    }
    fields.expect(Tag::SEQUENCE).ok()?;
    let issuer = fields.expect(Tag::SEQUENCE).ok()?;
    Name::from_der(issuer.raw).ok()
}

/// What follows the tag and the length of a SEQUENCE, however much of it is there.
fn inside(der: &[u8]) -> Option<&[u8]> {
    match der {
        [0x30, 0x00..=0x7f, inside @ ..] => Some(inside),
        [0x30, length @ 0x81..=0x88, inside @ ..] => inside.get(usize::from(length & 0x7f)..),
        _ => None,
    }
}

fn layout(der: &[u8]) -> Result<Layout, Malformed> {
    let part = in_part;
    let mut outside = Reader::new(der);
    let mut outer = outside.sequence().map_err(part("certificateList"))?;
    outside.finish().map_err(part("certificateList"))?;
    let tbs = outer.expect(Tag::SEQUENCE).map_err(part("tbsCertList"))?;
    let outer_algorithm = outer.expect(Tag::SEQUENCE).map_err(part("signatureAlgorithm"))?;
    let signature = outer.expect(Tag::BIT_STRING).map_err(part("signatureValue"))?;
    let bits = asn1::signature_octets(signature.value)
        .ok_or(signature.invalid("BIT STRING"))
        .map_err(part("signatureValue"))?;
    outer.finish().map_err(part("certificateList"))?;

    let mut fields = tbs.contents();
    let version = match fields.peek() {
        Some(Tag::INTEGER) => u8::try_from(fields.small_integer().map_err(part("version"))?).unwrap_or(u8::MAX),
        _ => 0,
    };
    let inner_algorithm = fields.expect(Tag::SEQUENCE).map_err(part("signature"))?;
    let issuer = fields.expect(Tag::SEQUENCE).map_err(part("issuer"))?;
    let this_update = fields.element().map_err(part("thisUpdate"))?;
    let next_update = match fields.peek() {
        Some(Tag::UTC_TIME | Tag::GENERALIZED_TIME) => Some(fields.element().map_err(part("nextUpdate"))?),
        _ => None,
    };
    let revoked = fields.optional(Tag::SEQUENCE).map_err(part("revokedCertificates"))?;
    let mut extensions = Span::default();
    if let Some(wrapper) = fields.optional(Tag::context_constructed(0)).map_err(part("crlExtensions"))? {
        let list = wrapper.contents().expect(Tag::SEQUENCE).map_err(part("crlExtensions"))?;
        Extensions::from_part(list.raw, list.offset).validate()?;
        extensions = Span::of(&list);
    }
    fields.finish().map_err(part("tbsCertList"))?;
    Ok(Layout {
        tbs: Span::of(&tbs),
        version,
        inner_algorithm: Span::of(&inner_algorithm),
        issuer: Span::of(&issuer),
        this_update: Span::of(&this_update),
        next_update: next_update.map(|element| Span::of(&element)),
        revoked: revoked.map_or(Span::default(), |element| Span::of(&element)),
        extensions,
        outer_algorithm: Span::of(&outer_algorithm),
        signature: Span::from(signature.end().saturating_sub(bits.len()), bits.len()),
    })
}

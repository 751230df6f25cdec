//! Tells kinds of DER apart by their outer shape.
//!
//! Looks at tags only, and only as far as two kinds differ; never at whether the
//! bytes are sound. A damaged or cut certificate still has the shape of one, so
//! that the error about it comes from the reader of certificates.

use crate::asn1::Tag;

/// What bytes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Certificate,
    Request,
    RevocationList,
    Pkcs8,
    EncryptedPkcs8,
    Pkcs1,
    Sec1,
    Dsa,
    PublicKey,
    RsaPublicKey,
    OcspResponse,
    Pkcs7,
    TimeStamp,
    Pkcs12,
}

/// The extent of the element that bytes start with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// It has this many bytes.
    Whole(usize),
    /// Its length is of BER's indefinite form.
    Indefinite,
    /// The data ends first.
    Cut,
}

/// An element that may be cut: contents and what follows are as much as there is.
#[derive(Clone, Copy)]
struct Loose<'a> {
    tag: Tag,
    contents: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Loose<'a> {
    fn first(self) -> Option<Loose<'a>> {
        open(self.contents)
    }

    fn next(self) -> Option<Loose<'a>> {
        open(self.rest)
    }

    fn next_tag(self) -> Option<Tag> {
        self.next().map(|next| next.tag)
    }
}

fn header(bytes: &[u8]) -> Option<(Tag, usize, Option<usize>)> {
    let (tag, header, length) = match *bytes {
        [tag, 0x80, ..] => return Some((Tag(tag), 2, None)),
        [tag, length @ 0..=0x7f, ..] => (tag, 2, usize::from(length)),
        [tag, 0x81, a, ..] => (tag, 3, usize::from(a)),
        [tag, 0x82, a, b, ..] => (tag, 4, usize::from(u16::from_be_bytes([a, b]))),
        [tag, 0x83, a, b, c, ..] => (tag, 5, u32::from_be_bytes([0, a, b, c]) as usize),
        [tag, 0x84, a, b, c, d, ..] => (tag, 6, u32::from_be_bytes([a, b, c, d]) as usize),
        _ => return None,
    };
    Some((Tag(tag), header, Some(length)))
}

fn open(bytes: &[u8]) -> Option<Loose<'_>> {
    let (tag, header, length) = header(bytes)?;
    let after = bytes.get(header..)?;
    let (contents, rest) = after.split_at_checked(length.unwrap_or(after.len())).unwrap_or((after, &[]));
    Some(Loose { tag, contents, rest })
}

/// Gives the extent of the element that `bytes` start with.
pub(super) fn extent(bytes: &[u8]) -> Extent {
    match header(bytes) {
        Some((_, _, None)) => Extent::Indefinite,
        Some((_, header, Some(length))) => match header.checked_add(length) {
            Some(total) if total <= bytes.len() => Extent::Whole(total),
            _ => Extent::Cut,
        },
        None => Extent::Cut,
    }
}

/// Tells what `bytes` start with; `None` for anything that is not of these kinds.
pub(super) fn of(bytes: &[u8]) -> Option<Shape> {
    let outer = open(bytes).filter(|outer| outer.tag == Tag::SEQUENCE)?;
    let first = outer.first()?;
    match first.tag {
        Tag::SEQUENCE => match first.first()?.tag {
            Tag::OID => algorithm_first(first),
            Tag::INTEGER if is_token(first) => Some(Shape::TimeStamp),
            _ => to_be_signed(first),
        },
        Tag::INTEGER => version_first(first),
        Tag::ENUMERATED => response(first),
        Tag::OID if first.contents.starts_with(PKCS7) => Some(Shape::Pkcs7),
        _ => None,
    }
}

/// The arc of PKCS#7's content types, 1.2.840.113549.1.7.
const PKCS7: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07";
/// The arc of password-based encryption schemes, 1.2.840.113549.1.5.
const PKCS5: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05";
/// The arc of PKCS#12's encryption schemes, 1.2.840.113549.1.12.1.
const PKCS12_PBE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01";

/// The arc of Sun's key protectors, 1.3.6.1.4.1.42.2.
const SUN: &[u8] = b"\x2b\x06\x01\x04\x01\x2a\x02";

/// A public key or an encrypted private key: an AlgorithmIdentifier comes first.
fn algorithm_first(algorithm: Loose<'_>) -> Option<Shape> {
    let name = algorithm.first()?.contents;
    match algorithm.next_tag()? {
        Tag::BIT_STRING => Some(Shape::PublicKey),
        Tag::OCTET_STRING if [PKCS5, PKCS12_PBE, SUN].iter().any(|arc| name.starts_with(arc)) => {
            Some(Shape::EncryptedPkcs8)
        }
        _ => None,
    }
}

/// A certificate, request or list: the part that is signed comes first.
fn to_be_signed(signed: Loose<'_>) -> Option<Shape> {
    let first = signed.first()?;
    let is_time = |tag| matches!(tag, Tag::UTC_TIME | Tag::GENERALIZED_TIME);
    match first.tag {
        // [0] version, or what a damaged one became: only certificates start so.
        tag if tag == Tag::context_constructed(0) => {
            first.next().is_none_or(|serial| serial.tag == Tag::INTEGER).then_some(Shape::Certificate)
        }
        Tag::INTEGER => {
            let second = first.next().filter(|second| second.tag == Tag::SEQUENCE)?;
            match second.first().map(|inner| inner.tag) {
                // serialNumber or version, then an algorithm, then the issuer.
                Some(Tag::OID) => {
                    let issuer = second.next();
                    match issuer.and_then(Loose::next_tag) {
                        Some(tag) if is_time(tag) => Some(Shape::RevocationList),
                        Some(Tag::SEQUENCE) | None => Some(Shape::Certificate),
                        Some(_) => None,
                    }
                }
                // version, then the subject's name (which may be empty), then its key.
                Some(Tag::SET) | None => {
                    let key = second.next()?;
                    let algorithm = key.first()?;
                    (key.tag == Tag::SEQUENCE && algorithm.tag == Tag::SEQUENCE).then_some(Shape::Request)
                }
                Some(_) => None,
            }
        }
        // A version 1 list starts with its algorithm.
        Tag::SEQUENCE => {
            let issuer = first.next().filter(|issuer| issuer.tag == Tag::SEQUENCE)?;
            issuer.next_tag().is_some_and(is_time).then_some(Shape::RevocationList)
        }
        _ => None,
    }
}

/// The answer of an OCSP responder: a status of one octet, and nothing or the answer under `[0]`.
fn response(status: Loose<'_>) -> Option<Shape> {
    let is_answer = status.next_tag().is_none_or(|tag| tag == Tag::context_constructed(0));
    (status.contents.len() == 1 && is_answer).then_some(Shape::OcspResponse)
}

/// Says whether a status is followed by a time-stamp token (RFC 3161 section 2.4.2): CMS, which begins with its type.
fn is_token(status: Loose<'_>) -> bool {
    let kind = status.next().filter(|token| token.tag == Tag::SEQUENCE).and_then(Loose::first);
    kind.is_some_and(|kind| kind.tag == Tag::OID && kind.contents.starts_with(PKCS7))
}

/// A private key, an RSA public key or a PKCS#12 store: a number comes first.
fn version_first(version: Loose<'_>) -> Option<Shape> {
    let second = version.next()?;
    match (version.contents, second.tag) {
        ([3], Tag::SEQUENCE) => {
            let name = second.first().filter(|name| name.tag == Tag::OID)?;
            name.contents.starts_with(PKCS7).then_some(Shape::Pkcs12)
        }
        ([0 | 1], Tag::SEQUENCE) => {
            let name = second.first().filter(|name| name.tag == Tag::OID)?;
            (!name.contents.is_empty() && second.next_tag() == Some(Tag::OCTET_STRING)).then_some(Shape::Pkcs8)
        }
        ([1], Tag::OCTET_STRING) => Some(Shape::Sec1),
        // A modulus and a short exponent, and nothing else.
        (modulus, Tag::INTEGER) if modulus.len() > 16 => {
            (second.contents.len() <= 8 && second.rest.is_empty()).then_some(Shape::RsaPublicKey)
        }
        ([0 | 1], Tag::INTEGER) => {
            let mut count = 0u8;
            let mut number = Some(second);
            while let Some(integer) = number.filter(|integer| integer.tag == Tag::INTEGER && count < 9) {
                count = count.saturating_add(1);
                number = integer.next();
            }
            match count {
                5 => Some(Shape::Dsa),
                8 => Some(Shape::Pkcs1),
                _ => None,
            }
        }
        _ => None,
    }
}

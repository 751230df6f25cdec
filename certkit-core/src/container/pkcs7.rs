//! PKCS#7 bundles: certificates and revocation lists in a SignedData that signs nothing.
//!
//! Knows the bundle (RFC 5652 sections 5.1 and 10.2), reads no signatures and no
//! signed content, and does not look into the members.

use super::LIMIT;
use super::ber;
use super::reason::Pkcs7Problem;
use super::tlv;
use crate::asn1::{Element, Error, Problem, Reader, Tag};
use crate::oid::{self, Oid};

/// What a bundle holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Member {
    Certificate(Vec<u8>),
    RevocationList(Vec<u8>),
    /// An attribute certificate, another kind of list, or the place where the set is damaged.
    Other(Pkcs7Problem),
}

/// What was read, and from how many bytes.
pub(super) struct Bundle {
    pub(super) members: Vec<Member>,
    pub(super) used: usize,
}

/// Reads the bundle that `bytes` start with, in DER or in BER with indefinite lengths.
pub(super) fn read(bytes: &[u8]) -> Result<Bundle, Pkcs7Problem> {
    let straight = Reader::new(bytes).element().map_err(Pkcs7Problem::Structure).and_then(|outer| {
        let members = members(outer)?;
        Ok(Bundle { members, used: outer.raw.len() })
    });
    match straight {
        Err(Pkcs7Problem::Structure(Error { problem: Problem::Indefinite, .. })) => {
            let (der, used) = ber::definite(bytes)?;
            let members = members(Reader::new(&der).element()?)?;
            Ok(Bundle { members, used })
        }
        straight => straight,
    }
}

fn members(outer: Element<'_>) -> Result<Vec<Member>, Pkcs7Problem> {
    let mut content_info = outer.contents();
    let kind = Oid(content_info.oid()?);
    if kind != oid::PKCS7_SIGNED_DATA {
        return Err(Pkcs7Problem::Type(called(kind)));
    }
    let mut signed_data = content_info.expect(Tag::context_constructed(0))?.contents().sequence()?;
    signed_data.expect(Tag::INTEGER)?;
    signed_data.expect(Tag::SET)?;
    let is_time_stamp = Oid(signed_data.sequence()?.oid()?) == TIME_STAMP;
    let mut members = Vec::new();
    if let Some(certificates) = signed_data.optional(Tag::context_constructed(0))? {
        collect(certificates.contents(), Member::Certificate, &mut members)?;
    }
    if let Some(lists) = signed_data.optional(Tag::context_constructed(1))? {
        collect(lists.contents(), Member::RevocationList, &mut members)?;
    }
    match (members.is_empty(), is_time_stamp) {
        (false, _) => Ok(members),
        (true, true) => Err(Pkcs7Problem::TimeStamp),
        (true, false) => Err(Pkcs7Problem::Bare),
    }
}

/// What a time-stamp authority signs (id-ct-TSTInfo, RFC 3161 section 2.4.2).
const TIME_STAMP: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04");

/// What a message is whose content is of another type than signedData (RFC 5652, RFC 2315).
fn called(kind: Oid<'_>) -> &'static str {
    match kind.0.split_last() {
        Some((1, arc)) if oid::PKCS7_SIGNED_DATA.0.starts_with(arc) => "a message of plain data",
        Some((3 | 4, arc)) if oid::PKCS7_SIGNED_DATA.0.starts_with(arc) => {
            "a message encrypted for a recipient (envelopedData)"
        }
        Some((5, arc)) if oid::PKCS7_SIGNED_DATA.0.starts_with(arc) => "a message with a digest (digestedData)",
        Some((6, arc)) if oid::PKCS7_SIGNED_DATA.0.starts_with(arc) => "an encrypted message (encryptedData)",
        _ => "a message of an unknown type",
    }
}

fn collect(mut set: Reader<'_>, member: fn(Vec<u8>) -> Member, members: &mut Vec<Member>) -> Result<(), Pkcs7Problem> {
    while !set.is_empty() {
        if members.len() >= LIMIT {
            return Err(Pkcs7Problem::TooMany { limit: LIMIT });
        }
        members.push(match set.element() {
            Ok(element) if element.tag == Tag::SEQUENCE => member(element.raw.to_vec()),
            Ok(_) => Member::Other(Pkcs7Problem::Member),
            Err(error @ Error { problem: Problem::Indefinite, .. }) => return Err(error.into()),
            Err(error) => {
                members.push(Member::Other(error.into()));
                return Ok(());
            }
        });
    }
    Ok(())
}

/// Writes a bundle of these certificates, in this order.
///
/// Deviation: CertificateSet is a SET OF, which DER would have sorted (X.690 section
/// 11.6). RFC 5652 asks for DER only where something is signed, openssl keeps the
/// order as well, and people read a chain from leaf to root.
pub fn encode(certificates: &[&[u8]]) -> Vec<u8> {
    encode_all(certificates, &[])
}

/// Writes a bundle of these certificates and revocation lists, in this order; see [`encode`].
pub fn encode_all(certificates: &[&[u8]], lists: &[&[u8]]) -> Vec<u8> {
    let version = tlv::element(Tag::INTEGER, &[&[1]]);
    let no_digests = tlv::element(Tag::SET, &[]);
    let data = tlv::element(Tag::OID, &[oid::PKCS7_DATA.0]);
    let no_content = tlv::element(Tag::SEQUENCE, &[&data]);
    let set = tlv::element(Tag::context_constructed(0), certificates);
    let set_of_lists = match lists {
        [] => Vec::new(),
        lists => tlv::element(Tag::context_constructed(1), lists),
    };
    let no_signers = tlv::element(Tag::SET, &[]);
    let parts: [&[u8]; 6] = [&version, &no_digests, &no_content, &set, &set_of_lists, &no_signers];
    let signed_data = tlv::element(Tag::SEQUENCE, &parts);
    let content = tlv::element(Tag::context_constructed(0), &[&signed_data]);
    let content_type = tlv::element(Tag::OID, &[oid::PKCS7_SIGNED_DATA.0]);
    tlv::element(Tag::SEQUENCE, &[&content_type, &content])
}

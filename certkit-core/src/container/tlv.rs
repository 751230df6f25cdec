//! Writes elements in DER.

use crate::asn1::Tag;

/// Gives the element of this tag whose contents are `parts`, one after the other.
pub(super) fn element(tag: Tag, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().fold(0usize, |sum, part| sum.saturating_add(part.len()));
    let mut bytes = Vec::with_capacity(length.saturating_add(10));
    push_header(&mut bytes, tag, length);
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

/// Appends tag and length.
pub(super) fn push_header(bytes: &mut Vec<u8>, tag: Tag, length: usize) {
    bytes.push(tag.0);
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => bytes.push(short),
        _ => {
            let octets = length.to_be_bytes();
            let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
            let count = u8::try_from(octets.len().saturating_sub(zeros)).unwrap_or(u8::MAX);
            bytes.push(0x80 | count);
            bytes.extend(octets.iter().skip(zeros));
        }
    }
}

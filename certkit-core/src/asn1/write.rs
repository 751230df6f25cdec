//! Writes DER element by element, for those who make specimens: also ones that no type has, and wrong ones.
//!
//! Knows tags and lengths, and nothing of what is written. What certkit itself writes are types ([`super::typed`]).

use super::Tag;
use crate::oid::Oid;

/// The BOOLEAN TRUE; DER leaves FALSE out wherever it is a default.
pub const TRUE: [u8; 3] = [0x01, 0x01, 0xff];

/// The NULL.
pub const NULL: [u8; 2] = [0x05, 0x00];

/// Writes an element whose contents are `parts`, one after the other.
pub fn element(tag: Tag, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let octets = length.to_be_bytes();
    let significant: Vec<u8> = octets.into_iter().skip_while(|&octet| octet == 0).collect();
    let mut out = Vec::with_capacity(length.saturating_add(octets.len()).saturating_add(2));
    out.push(tag.0);
    match (u8::try_from(length), u8::try_from(significant.len())) {
        (Ok(short @ 0..=0x7f), _) => out.push(short),
        (_, count) => {
            out.push(0x80 | count.unwrap_or(0x7f));
            out.extend_from_slice(&significant);
        }
    }
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}

/// Writes a SEQUENCE of elements.
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(Tag::SEQUENCE, parts)
}

/// Writes a SEQUENCE of as many elements as there are.
pub fn sequence_of(members: &[Vec<u8>]) -> Vec<u8> {
    let parts: Vec<&[u8]> = members.iter().map(Vec::as_slice).collect();
    element(Tag::SEQUENCE, &parts)
}

/// Writes a SET OF, its members in the order that DER demands (X.690 clause 11.6).
pub fn set_of(mut members: Vec<Vec<u8>>) -> Vec<u8> {
    members.sort();
    let parts: Vec<&[u8]> = members.iter().map(Vec::as_slice).collect();
    element(Tag::SET, &parts)
}

/// Writes a non-negative INTEGER from its big-endian magnitude; leading zeros do not matter.
pub fn integer(magnitude: &[u8]) -> Vec<u8> {
    let zeros = magnitude.iter().take_while(|&&octet| octet == 0).count();
    let digits = magnitude.get(zeros..).unwrap_or_default();
    match digits.first() {
        Some(0x80..=0xff) | None => element(Tag::INTEGER, &[&[0], digits]),
        Some(_) => element(Tag::INTEGER, &[digits]),
    }
}

/// Writes a small INTEGER.
pub fn small_integer(value: u32) -> Vec<u8> {
    integer(&value.to_be_bytes())
}

/// Writes an OBJECT IDENTIFIER.
pub fn oid(oid: Oid<'_>) -> Vec<u8> {
    element(Tag::OID, &[oid.as_bytes()])
}

/// Writes an OCTET STRING.
pub fn octet_string(octets: &[u8]) -> Vec<u8> {
    element(Tag::OCTET_STRING, &[octets])
}

/// Writes a BIT STRING of whole octets.
pub fn bit_string(octets: &[u8]) -> Vec<u8> {
    element(Tag::BIT_STRING, &[&[0], octets])
}

/// Writes a BIT STRING of named bits, the first of `bits` being bit 0, without trailing zeros (X.690 clause 11.2.2).
pub fn named_bits(bits: impl IntoIterator<Item = bool>) -> Vec<u8> {
    let bits: Vec<bool> = bits.into_iter().collect();
    let used = bits.iter().rposition(|&bit| bit).map_or(0, |last| last.saturating_add(1));
    let octets: Vec<u8> = bits
        .get(..used)
        .unwrap_or_default()
        .chunks(8)
        .map(|chunk| chunk.iter().zip([128u8, 64, 32, 16, 8, 4, 2, 1]).filter(|(bit, _)| **bit).map(|(_, it)| it).sum())
        .collect();
    let unused = u8::try_from(used.wrapping_neg() % 8).unwrap_or(0);
    element(Tag::BIT_STRING, &[&[unused], &octets])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{first_deviation, single};

    #[test]
    fn lengths_are_as_short_as_they_can_be_and_are_read_back() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let octets = vec![0x5a; length];
            let written = octet_string(&octets);
            assert_eq!(single(&written, Tag::OCTET_STRING).unwrap().value, octets);
            assert_eq!(first_deviation(&written), None, "{length}");
        }
    }

    #[test]
    fn integers_are_never_negative_nor_longer_than_they_need_be() {
        assert_eq!(integer(&[]), [2, 1, 0]);
        assert_eq!(integer(&[0, 0, 0x7f]), [2, 1, 0x7f]);
        assert_eq!(integer(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(small_integer(256), [2, 2, 1, 0]);
    }

    #[test]
    fn named_bits_end_with_the_last_one_that_is_set() {
        assert_eq!(named_bits([true, false, true]), [3, 2, 5, 0b1010_0000]);
        assert_eq!(named_bits([false, false, false, false, false, true, true, false, false]), [3, 2, 1, 0x06]);
        assert_eq!(
            named_bits([true, false, false, false, false, false, false, false, true]),
            [3, 3, 7, 0b1000_0000, 0b1000_0000]
        );
        assert_eq!(named_bits([false; 9]), [3, 1, 0]);
    }

    #[test]
    fn members_of_a_set_are_put_in_order() {
        let set = set_of(vec![small_integer(9), octet_string(b"x"), small_integer(3)]);
        assert_eq!(first_deviation(&set), None);
        assert_eq!(set, [0x31, 9, 2, 1, 3, 2, 1, 9, 4, 1, b'x']);
    }
}

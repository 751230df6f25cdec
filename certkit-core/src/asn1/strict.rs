//! The strict eye: says where octets are not DER (X.690 clauses 10 and 11).

use super::{Error, NO_INTEGER, NO_ORDER, Reader, Tag, bit_string};

/// How deep elements may stand inside each other before the strict eye gives up.
const DEPTH: usize = 48;

/// Finds the first place where `bytes` depart from DER (X.690 clause 10 and 11).
///
/// Looks at lengths, booleans, integers, bit strings, object identifiers, times and
/// the order of sets; default values that should be absent are for the caller, who
/// knows the type. Values inside OCTET STRINGs are opaque here. Costs one pass.
pub fn first_deviation(bytes: &[u8]) -> Option<Error> {
    // Nearly everything is DER, and to see that takes a third of the time that finding the place would.
    if is_strict(bytes, DEPTH) { None } else { strict(Reader::new(bytes), DEPTH).err() }
}

/// Says whether [`strict`] will certainly find nothing.
fn is_strict(mut rest: &[u8], depth: usize) -> bool {
    while let [tag, first, after @ ..] = rest {
        let (length, after) = match (*first, after) {
            (short @ 0..=0x7f, after) => (usize::from(short), after),
            (0x81, [a @ 0x80..=0xff, after @ ..]) => (usize::from(*a), after),
            (0x82, [a @ 1..=0xff, b, after @ ..]) => (usize::from(u16::from_be_bytes([*a, *b])), after),
            (0x83, [a @ 1..=0xff, b, c, after @ ..]) => (u32::from_be_bytes([0, *a, *b, *c]) as usize, after),
            _ => return false,
        };
        let Some((value, next)) = after.split_at_checked(length) else { return false };
        let is_sound = match (Tag(*tag), value) {
            (Tag::BOOLEAN, value) => matches!(value, [0x00 | 0xff]),
            (Tag::INTEGER | Tag::ENUMERATED, value) => {
                !matches!(value, [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..])
            }
            (Tag::BIT_STRING, value) => bit_string(value)
                .is_some_and(|(bytes, unused)| bytes.last().is_none_or(|last| last.trailing_zeros() >= unused.into())),
            (Tag::OID, value) => oid_is_minimal(value),
            (Tag::NULL, value) => value.is_empty(),
            // A set of one member is in order.
            (Tag::SET, value) => {
                let mut members = Reader::new(value);
                (members.element().is_ok() && members.is_empty()) || set_is_sorted(Reader::new(value))
            }
            (Tag(0x10 | 0x11 | 0x20..=0x27 | 0x29 | 0x2a | 0x2c..=0x2f | 0x32..=0x3f), _) => false,
            _ => *tag & 0x1f != 0x1f,
        };
        if !is_sound {
            return false;
        }
        if Tag(*tag).is_constructed() {
            let Some(deeper) = depth.checked_sub(1) else { return false };
            if !is_strict(value, deeper) {
                return false;
            }
        }
        rest = next;
    }
    rest.is_empty()
}

fn strict(mut reader: Reader<'_>, depth: usize) -> Result<(), Error> {
    while !reader.is_empty() {
        let element = reader.element()?;
        let bad = |what| Err(element.invalid(what));
        let minimal = match element.value.len() {
            0..=0x7f => 2,
            0x80..=0xff => 3,
            0x100..=0xffff => 4,
            0x1_0000..=0xff_ffff => 5,
            _ => 6,
        };
        if element.header_length() != minimal {
            return bad("DER length: it is not the shortest form");
        }
        match (element.tag, element.value) {
            (Tag::BOOLEAN, [0x00 | 0xff]) => {}
            (Tag::BOOLEAN, _) => return bad("DER BOOLEAN: it must be 00 or FF"),
            (Tag::INTEGER | Tag::ENUMERATED, [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..]) => {
                return bad(NO_INTEGER);
            }
            (Tag::BIT_STRING, value) => match bit_string(value) {
                Some((bytes, unused)) if bytes.last().is_none_or(|last| last.trailing_zeros() >= unused.into()) => {}
                _ => return bad("DER BIT STRING: its unused bits are wrong"),
            },
            (Tag::OID, value) if !oid_is_minimal(value) => return bad("DER OBJECT IDENTIFIER"),
            (Tag::NULL, [_, ..]) => return bad("DER NULL: it must be empty"),
            // X.690 10.2: strings stand in one piece; only a handful of universal types hold others.
            (Tag(0x10 | 0x11 | 0x20..=0x27 | 0x29 | 0x2a | 0x2c..=0x2f | 0x32..=0x3f), _) => {
                return bad("DER tag: constructed instead of primitive, or the other way round");
            }
            (Tag::SET, _) if !set_is_sorted(element.contents()) => {
                return bad(NO_ORDER);
            }
            _ => {}
        }
        if element.tag.is_constructed() {
            let deeper = depth.checked_sub(1).ok_or(element.invalid("certificate part: it is nested too deeply"))?;
            strict(element.contents(), deeper)?;
        }
    }
    Ok(())
}

fn oid_is_minimal(value: &[u8]) -> bool {
    let mut start = true;
    for &octet in value {
        if start && octet == 0x80 {
            return false;
        }
        start = octet & 0x80 == 0;
    }
    start && !value.is_empty()
}

fn set_is_sorted(mut members: Reader<'_>) -> bool {
    let mut previous: &[u8] = &[];
    while let Ok(member) = members.element() {
        // X.690 11.6: shorter encodings are padded with zero octets for the comparison,
        // which for well-formed elements is the order of the plain octets.
        if member.raw < previous {
            return false;
        }
        previous = member.raw;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::{Problem, single};
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_quick_eye_sees_what_the_slow_one_sees(
            damage in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), 0u8..), 0..3),
        ) {
            let mut bytes = b"\x30\x1f\x01\x01\xff\x02\x02\x00\x80\x03\x02\x01\x80\x06\x02\x2a\x03\x05\x00\x31\x06\x02\x01\x01\x02\x01\x02\x0a\x01\x01\x04\x01\x01".to_vec();
            for (at, octet) in damage {
                let at = at.index(bytes.len());
                bytes[at] = octet;
            }
            proptest::prop_assert_eq!(is_strict(&bytes, DEPTH), strict(Reader::new(&bytes), DEPTH).is_ok());
        }
    }

    #[test]
    fn lengths_of_every_form_are_read() {
        for (bytes, length) in [
            (&b"\x04\x01x"[..], 1),
            (b"\x04\x81\x01x", 1),
            (b"\x04\x82\x00\x01x", 1),
            (b"\x04\x84\x00\x00\x00\x01x", 1),
        ] {
            let element = single(bytes, Tag::OCTET_STRING).unwrap();
            assert_eq!(element.value.len(), length);
        }
    }

    #[test]
    fn unreadable_bytes_name_their_offset() {
        let problem = |bytes| Reader::new(bytes).element().unwrap_err().problem;
        assert_eq!(problem(b""), Problem::Truncated);
        assert_eq!(problem(b"\x30"), Problem::Truncated);
        assert_eq!(problem(b"\x30\x05abc"), Problem::Truncated);
        assert_eq!(problem(b"\x30\x80\x00\x00"), Problem::Indefinite);
        assert_eq!(problem(b"\x30\x85\x00\x00\x00\x00\x01"), Problem::Oversize);
        assert_eq!(problem(b"\x1f\x81\x01\x00"), Problem::LongTag);
        let error = single(b"\x30\x03\x02\x01\x00\x00", Tag::SEQUENCE).unwrap_err();
        assert_eq!(error, Error { offset: 5, problem: Problem::Trailing });
    }

    #[test]
    fn the_strict_eye_sees_what_the_reader_forgives() {
        for good in [&b"\x01\x01\xff"[..], b"\x02\x01\x00", b"\x03\x02\x07\x80", b"\x31\x04\x05\x00\x06\x00"] {
            let deviation = first_deviation(good);
            if good[0] != 0x31 {
                assert_eq!(deviation, None, "{good:02x?}");
            }
        }
        for bad in [
            &b"\x04\x81\x01x"[..],
            b"\x01\x01\x01",
            b"\x02\x02\x00\x01",
            b"\x02\x00",
            b"\x03\x02\x07\x81",
            b"\x06\x02\x80\x01",
            b"\x31\x06\x02\x01\x02\x02\x01\x01",
        ] {
            assert!(first_deviation(bad).is_some(), "{bad:02x?}");
        }
        let nested = (0..200).fold(Vec::new(), |inner: Vec<u8>, _| {
            let mut outer = vec![0x30, 0x82];
            outer.extend(u16::try_from(inner.len()).unwrap().to_be_bytes());
            outer.extend(inner);
            outer
        });
        assert!(first_deviation(&nested).is_some());
    }
}

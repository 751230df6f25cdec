//! Reads the tag-length-value encoding that certificates are written in.
//!
//! Knows where an element starts and ends, and nothing of what it means. The
//! reader is lenient (it accepts what the field holds, such as lengths that are
//! longer than they need be); [`first_deviation`] is the strict eye that says
//! where the same bytes are not DER. Never allocates, never recurses without a
//! bound.

pub mod typed;
#[cfg(any(test, feature = "specimens"))]
pub mod write;

use std::fmt;

/// The identifier octet of an element; only the single-octet form occurs in certificates.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag(pub u8);

impl Tag {
    /// BOOLEAN.
    pub const BOOLEAN: Tag = Tag(0x01);
    /// INTEGER.
    pub const INTEGER: Tag = Tag(0x02);
    /// BIT STRING.
    pub const BIT_STRING: Tag = Tag(0x03);
    /// OCTET STRING.
    pub const OCTET_STRING: Tag = Tag(0x04);
    /// NULL.
    pub const NULL: Tag = Tag(0x05);
    /// OBJECT IDENTIFIER.
    pub const OID: Tag = Tag(0x06);
    /// ENUMERATED.
    pub const ENUMERATED: Tag = Tag(0x0a);
    /// UTF8String.
    pub const UTF8_STRING: Tag = Tag(0x0c);
    /// NumericString.
    pub const NUMERIC_STRING: Tag = Tag(0x12);
    /// PrintableString.
    pub const PRINTABLE_STRING: Tag = Tag(0x13);
    /// TeletexString (T61String).
    pub const TELETEX_STRING: Tag = Tag(0x14);
    /// IA5String.
    pub const IA5_STRING: Tag = Tag(0x16);
    /// UTCTime.
    pub const UTC_TIME: Tag = Tag(0x17);
    /// GeneralizedTime.
    pub const GENERALIZED_TIME: Tag = Tag(0x18);
    /// VisibleString.
    pub const VISIBLE_STRING: Tag = Tag(0x1a);
    /// UniversalString (UTF-32).
    pub const UNIVERSAL_STRING: Tag = Tag(0x1c);
    /// BMPString (UTF-16).
    pub const BMP_STRING: Tag = Tag(0x1e);
    /// SEQUENCE, always constructed.
    pub const SEQUENCE: Tag = Tag(0x30);
    /// SET, always constructed.
    pub const SET: Tag = Tag(0x31);

    /// Gives the primitive context-specific tag `[number]`.
    pub const fn context(number: u8) -> Tag {
        Tag(0x80 | number)
    }

    /// Gives the constructed context-specific tag `[number]`.
    pub const fn context_constructed(number: u8) -> Tag {
        Tag(0xa0 | number)
    }

    /// Says whether the element holds further elements.
    pub const fn is_constructed(self) -> bool {
        self.0 & 0x20 != 0
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tag 0x{:02x}", self.0)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Tag::BOOLEAN => "BOOLEAN",
            Tag::INTEGER => "INTEGER",
            Tag::BIT_STRING => "BIT STRING",
            Tag::OCTET_STRING => "OCTET STRING",
            Tag::NULL => "NULL",
            Tag::OID => "OBJECT IDENTIFIER",
            Tag::ENUMERATED => "ENUMERATED",
            Tag::UTF8_STRING => "UTF8String",
            Tag::NUMERIC_STRING => "NumericString",
            Tag::PRINTABLE_STRING => "PrintableString",
            Tag::TELETEX_STRING => "TeletexString",
            Tag::VISIBLE_STRING => "VisibleString",
            Tag::UNIVERSAL_STRING => "UniversalString",
            Tag::BMP_STRING => "BMPString",
            Tag::IA5_STRING => "IA5String",
            Tag::UTC_TIME => "UTCTime",
            Tag::GENERALIZED_TIME => "GeneralizedTime",
            Tag::SEQUENCE => "SEQUENCE",
            Tag::SET => "SET",
            Tag(other) => return write!(f, "tag 0x{other:02x}"),
        })
    }
}

/// Says why bytes could not be read, and at which offset from their start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset}: {problem}")]
pub struct Error {
    /// Offset in bytes from the start of the outermost value that is read.
    pub offset: usize,
    /// What was wrong there.
    pub problem: Problem,
}

/// What is said of an INTEGER that has no octets, or more than it needs.
const NO_INTEGER: &str = "DER INTEGER: it is empty or has superfluous leading bytes";

impl Error {
    /// Says whether it is about an INTEGER that has no octets, or more than it needs.
    pub fn is_of_integer(&self) -> bool {
        self.problem == Problem::Value(NO_INTEGER)
    }
}

/// The ways in which an element cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The bytes end inside an element.
    #[error("the data ends in the middle of a value")]
    Truncated,
    /// The length has no end (BER's indefinite form).
    #[error("a length of indefinite form, which BER has and DER forbids")]
    Indefinite,
    /// The length does not fit into 32 bits.
    #[error("a length of more than four bytes")]
    Oversize,
    /// The tag has several octets; no part of a certificate has one.
    #[error("a tag of several bytes")]
    LongTag,
    /// Another element was expected.
    #[error("expected {wanted}, found {found}")]
    Unexpected {
        /// The tag that the structure asks for.
        wanted: Tag,
        /// The tag that is there.
        found: Tag,
    },
    /// Something follows where the structure has ended.
    #[error("unexpected data after the end")]
    Trailing,
    /// The contents do not make a value of this type.
    #[error("not a valid {0}")]
    Value(&'static str),
}

/// One element: its tag, its contents, and all of its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The tag.
    pub tag: Tag,
    /// Offset of the tag from the start of the outermost value.
    pub offset: usize,
    /// Tag, length and contents.
    pub raw: &'a [u8],
    /// The contents alone.
    pub value: &'a [u8],
}

impl<'a> Element<'a> {
    /// How many octets tag and length take.
    fn header_length(&self) -> usize {
        self.raw.len().saturating_sub(self.value.len())
    }

    /// Offset of the contents from the start of the outermost value.
    pub fn value_offset(&self) -> usize {
        self.offset.saturating_add(self.header_length())
    }

    /// Offset of what follows it in the whole.
    pub fn end(&self) -> usize {
        self.value_offset().saturating_add(self.value.len())
    }

    /// Reads the elements inside.
    pub fn contents(&self) -> Reader<'a> {
        Reader { rest: self.value, offset: self.value_offset() }
    }

    /// Reports that the contents are not a valid `what`.
    pub fn invalid(&self, what: &'static str) -> Error {
        Error { offset: self.offset, problem: Problem::Value(what) }
    }
}

/// Walks over elements that stand side by side.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `bytes`, which is offset 0.
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes, offset: 0 }
    }

    /// Starts at the first byte of `bytes`, counted as `offset` in errors.
    pub fn at(bytes: &'a [u8], offset: usize) -> Self {
        Reader { rest: bytes, offset }
    }

    /// Says whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The bytes that are left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Offset of the next element.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Gives the tag of the next element without taking it.
    pub fn peek(&self) -> Option<Tag> {
        self.rest.first().map(|&octet| Tag(octet))
    }

    fn error(&self, problem: Problem) -> Error {
        Error { offset: self.offset, problem }
    }

    /// Takes the next element, whatever it is.
    pub fn element(&mut self) -> Result<Element<'a>, Error> {
        let (tag, header, length) = match *self.rest {
            [tag, ..] if tag & 0x1f == 0x1f => return Err(self.error(Problem::LongTag)),
            [tag, length @ 0..=0x7f, ..] => (tag, 2usize, usize::from(length)),
            [_, 0x80, ..] => return Err(self.error(Problem::Indefinite)),
            [tag, 0x81, a, ..] => (tag, 3, usize::from(a)),
            [tag, 0x82, a, b, ..] => (tag, 4, usize::from(u16::from_be_bytes([a, b]))),
            [tag, 0x83, a, b, c, ..] => (tag, 5, u32::from_be_bytes([0, a, b, c]) as usize),
            [tag, 0x84, a, b, c, d, ..] => (tag, 6, u32::from_be_bytes([a, b, c, d]) as usize),
            [_, 0x85..=0xff, ..] => return Err(self.error(Problem::Oversize)),
            _ => return Err(self.error(Problem::Truncated)),
        };
        let total = header.checked_add(length).ok_or(self.error(Problem::Oversize))?;
        let (raw, rest) = self.rest.split_at_checked(total).ok_or(self.error(Problem::Truncated))?;
        let value = raw.get(header..).unwrap_or_default();
        let element = Element { tag: Tag(tag), offset: self.offset, raw, value };
        self.rest = rest;
        self.offset = self.offset.saturating_add(total);
        Ok(element)
    }

    /// Takes the next element, which must have this tag.
    pub fn expect(&mut self, wanted: Tag) -> Result<Element<'a>, Error> {
        match self.peek() {
            Some(found) if found == wanted => self.element(),
            Some(found) => Err(self.error(Problem::Unexpected { wanted, found })),
            None => Err(self.error(Problem::Truncated)),
        }
    }

    /// Takes the next element if it has this tag.
    pub fn optional(&mut self, wanted: Tag) -> Result<Option<Element<'a>>, Error> {
        match self.peek() {
            Some(found) if found == wanted => self.element().map(Some),
            _ => Ok(None),
        }
    }

    /// Takes a SEQUENCE and reads inside of it.
    pub fn sequence(&mut self) -> Result<Reader<'a>, Error> {
        self.expect(Tag::SEQUENCE).map(|element| element.contents())
    }

    /// Takes an OBJECT IDENTIFIER and gives its contents.
    pub fn oid(&mut self) -> Result<&'a [u8], Error> {
        self.expect(Tag::OID).map(|element| element.value)
    }

    /// Takes a BOOLEAN; every value but zero is true, as in BER.
    pub fn boolean(&mut self) -> Result<bool, Error> {
        let element = self.expect(Tag::BOOLEAN)?;
        match element.value {
            [octet] => Ok(*octet != 0),
            _ => Err(element.invalid("BOOLEAN")),
        }
    }

    /// Takes an INTEGER between 0 and 2^32 - 1.
    pub fn small_integer(&mut self) -> Result<u32, Error> {
        let element = self.expect(Tag::INTEGER)?;
        small_integer(element.value).ok_or(element.invalid("small non-negative INTEGER"))
    }

    /// Takes a BIT STRING and gives its bytes and the count of unused bits in the last one.
    pub fn bit_string(&mut self) -> Result<(&'a [u8], u8), Error> {
        let element = self.expect(Tag::BIT_STRING)?;
        bit_string(element.value).ok_or(element.invalid("BIT STRING"))
    }

    /// Requires that nothing is left.
    pub fn finish(&self) -> Result<(), Error> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.error(Problem::Trailing)) }
    }
}

/// Reads the one element that fills `bytes`.
pub fn single(bytes: &[u8], wanted: Tag) -> Result<Element<'_>, Error> {
    let mut reader = Reader::new(bytes);
    let element = reader.expect(wanted)?;
    reader.finish()?;
    Ok(element)
}

/// Gives the octets of a signature out of a BIT STRING's contents.
///
/// Every signature is whole octets. Where some of the bits are said to be unused, that count stays in front of
/// the others, so that nothing verifies: leaving it out would accept what was changed after signing.
pub fn signature_octets(value: &[u8]) -> Option<&[u8]> {
    match bit_string(value)? {
        (octets, 0) => Some(octets),
        _ => Some(value),
    }
}

/// Gives the bytes and the count of unused bits of a BIT STRING's contents.
pub fn bit_string(value: &[u8]) -> Option<(&[u8], u8)> {
    match value {
        [unused @ 1..=7, bytes @ ..] if !bytes.is_empty() => Some((bytes, *unused)),
        [0, bytes @ ..] => Some((bytes, 0)),
        _ => None,
    }
}

/// Gives the value of an INTEGER's contents when it is between 0 and 2^32 - 1.
pub fn small_integer(value: &[u8]) -> Option<u32> {
    match value {
        [] | [0x80..=0xff, ..] => None,
        _ => value.iter().try_fold(0u32, |sum, &octet| sum.checked_mul(256)?.checked_add(octet.into())),
    }
}

/// Gives the magnitude of an INTEGER's contents without leading zeros; `None` for a negative one.
pub fn magnitude(value: &[u8]) -> Option<&[u8]> {
    match value {
        [] | [0x80..=0xff, ..] => None,
        _ => {
            let zeros = value.iter().take_while(|&&octet| octet == 0).count();
            value.get(zeros..)
        }
    }
}

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
            return bad("DER length: it is written longer than it need be");
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
                return bad("DER tag: it is constructed where it must be primitive, or the other way round");
            }
            (Tag::SET, _) if !set_is_sorted(element.contents()) => {
                return bad("DER SET OF: its members are not in order");
            }
            _ => {}
        }
        if element.tag.is_constructed() {
            let deeper = depth.checked_sub(1).ok_or(element.invalid("certificate part: it is nested too deep"))?;
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

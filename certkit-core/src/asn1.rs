//! Reads the tag-length-value encoding that certificates are written in.
//!
//! Knows where an element starts and ends, and nothing of what it means. The
//! reader is lenient (it accepts what the field holds, such as lengths that are
//! longer than necessary); [`first_deviation`] is the strict check that shows
//! where the same bytes are not DER. Never allocates, never recurses without a
//! bound.

mod strict;
pub mod typed;
#[cfg(any(test, feature = "specimens"))]
pub mod write;

use std::fmt;

pub use strict::first_deviation;

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

/// What is said of a SET whose members are out of order.
const NO_ORDER: &str = "DER SET OF: its elements are not sorted";

impl Error {
    /// Says whether it is about a SET whose members are out of order.
    pub(crate) fn is_of_order(&self) -> bool {
        self.problem == Problem::Value(NO_ORDER)
    }

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
    #[error("a length of indefinite form, which DER forbids")]
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

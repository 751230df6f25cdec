//! basicConstraints (RFC 5280 section 4.2.1.9).

use super::Decode;
use crate::asn1::{self, Reader, Tag};
use crate::oid::{self, Oid};

/// Says whether the subject is a CA, and how long a path may go on below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject is a CA.
    pub ca: bool,
    /// How many intermediates may follow below; `None` for any number.
    pub path_length: Option<u32>,
    /// Whether cA is spelt out as FALSE, which DER forbids.
    pub spells_default: bool,
}

impl<'a> Decode<'a> for BasicConstraints {
    const OID: Oid<'static> = oid::BASIC_CONSTRAINTS;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let mut fields = reader.sequence()?;
        let flag = match fields.peek() {
            Some(Tag::BOOLEAN) => Some(fields.boolean()?),
            _ => None,
        };
        let path_length = match fields.peek() {
            Some(Tag::INTEGER) => Some(fields.small_integer()?),
            _ => None,
        };
        fields.finish()?;
        Ok(BasicConstraints { ca: flag == Some(true), path_length, spells_default: flag == Some(false) })
    }
}

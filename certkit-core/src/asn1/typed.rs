//! What structures that are written have in common: they are types of the crate `der`, whose members are written strictly.

use der::asn1::AnyRef;
use der::{Decode, DecodeValue, Encode, EncodeValue, FixedTag, Header, Length, Reader, Sequence, Tag, Writer};

use crate::oid::Oid;

/// Says why something cannot be written: a member is none of its type, stands twice in a set, or is longer than 256 MiB.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it cannot be written as DER: {0}")]
pub struct NotWritten(Box<der::Error>);

impl From<der::Error> for NotWritten {
    fn from(error: der::Error) -> NotWritten {
        NotWritten(Box::new(error))
    }
}

/// Writes a structure. Allocates once and exactly: nothing secret is left behind where a buffer has grown.
pub(crate) fn encode(structure: &impl Encode) -> Result<Vec<u8>, NotWritten> {
    Ok(structure.to_der()?)
}

/// An element of this tag and these contents.
pub(crate) fn element(tag: Tag, contents: &[u8]) -> Result<AnyRef<'_>, NotWritten> {
    Ok(AnyRef::new(tag, contents)?)
}

/// An element that stands elsewhere, octet for octet.
pub(crate) fn raw(element: &[u8]) -> Result<AnyRef<'_>, NotWritten> {
    Ok(AnyRef::try_from(element)?)
}

/// An element that stands elsewhere, be it DER or not.
#[derive(Clone, Copy)]
pub(crate) struct Verbatim<'a>(pub(crate) &'a [u8]);

impl Encode for Verbatim<'_> {
    fn encoded_len(&self) -> der::Result<Length> {
        self.0.len().try_into()
    }

    fn encode(&self, writer: &mut impl Writer) -> der::Result<()> {
        writer.write(self.0)
    }
}

impl<'a> Decode<'a> for Verbatim<'a> {
    fn decode<R: Reader<'a>>(reader: &mut R) -> der::Result<Self> {
        reader.tlv_bytes().map(Verbatim)
    }
}

/// AlgorithmIdentifier (RFC 5280 section 4.1.1.2).
#[derive(Clone, Copy, Sequence)]
pub(crate) struct AlgorithmIdentifier<'a> {
    pub(crate) algorithm: Oid<'a>,
    pub(crate) parameters: Option<AnyRef<'a>>,
}

impl FixedTag for Oid<'_> {
    const TAG: Tag = Tag::ObjectIdentifier;
}

impl EncodeValue for Oid<'_> {
    fn value_len(&self) -> der::Result<Length> {
        self.as_bytes().len().try_into()
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        writer.write(self.as_bytes())
    }
}

impl<'a> DecodeValue<'a> for Oid<'a> {
    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        reader.read_slice(header.length).map(Oid)
    }
}

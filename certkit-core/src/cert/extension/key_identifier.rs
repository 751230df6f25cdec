//! Key identifiers (RFC 5280 sections 4.2.1.1 and 4.2.1.2).

use super::super::general_name::GeneralNames;
use super::super::serial::Serial;
use super::Decode;
use crate::asn1::{self, Reader, Tag};
use crate::oid::{self, Oid};

/// Names the subject's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubjectKeyIdentifier<'a>(pub &'a [u8]);

impl<'a> Decode<'a> for SubjectKeyIdentifier<'a> {
    const OID: Oid<'static> = oid::SUBJECT_KEY_IDENTIFIER;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        Ok(SubjectKeyIdentifier(reader.expect(Tag::OCTET_STRING)?.value))
    }
}

/// Names the issuer's key, by identifier, by issuer and serial, or both.
#[derive(Clone, Copy, Debug)]
pub struct AuthorityKeyIdentifier<'a> {
    /// The subjectKeyIdentifier of the issuer's certificate.
    pub key_id: Option<&'a [u8]>,
    /// The issuer's names as its own issuer knows them.
    pub issuer: Option<GeneralNames<'a>>,
    /// The serial number of the issuer's certificate.
    pub serial: Option<Serial<'a>>,
}

impl<'a> Decode<'a> for AuthorityKeyIdentifier<'a> {
    const OID: Oid<'static> = oid::AUTHORITY_KEY_IDENTIFIER;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let mut fields = reader.sequence()?;
        let key_id = fields.optional(Tag::context(0))?.map(|element| element.value);
        let issuer = fields
            .optional(Tag::context_constructed(1))?
            .map(|element| GeneralNames::validated(element.contents()))
            .transpose()?;
        let serial = fields.optional(Tag::context(2))?.map(|element| Serial(element.value));
        fields.finish()?;
        Ok(AuthorityKeyIdentifier { key_id, issuer, serial })
    }
}

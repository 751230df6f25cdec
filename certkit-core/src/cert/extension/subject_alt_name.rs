//! subjectAltName and issuerAltName (RFC 5280 sections 4.2.1.6 and 4.2.1.7).

use super::super::general_name::{GeneralName, GeneralNames};
use super::Decode;
use crate::asn1::{self, Reader};
use crate::oid::{self, Oid};

/// The subject's further names: hosts, addresses, the ApplicationUri.
#[derive(Clone, Copy, Debug)]
pub struct SubjectAltName<'a>(GeneralNames<'a>);

impl<'a> SubjectAltName<'a> {
    /// The names in their order.
    pub fn names(&self) -> impl Iterator<Item = GeneralName<'a>> + use<'a> {
        self.0.iter()
    }

    /// The first name that stops strict decoders, which lose all names with it.
    pub(crate) fn fault(&self) -> Option<asn1::Error> {
        self.0.fault()
    }
}

impl<'a> Decode<'a> for SubjectAltName<'a> {
    const OID: Oid<'static> = oid::SUBJECT_ALT_NAME;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        GeneralNames::validated(reader.sequence()?).map(SubjectAltName)
    }
}

/// The issuer's further names.
#[derive(Clone, Copy, Debug)]
pub struct IssuerAltName<'a>(pub GeneralNames<'a>);

impl<'a> Decode<'a> for IssuerAltName<'a> {
    const OID: Oid<'static> = oid::ISSUER_ALT_NAME;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        GeneralNames::validated(reader.sequence()?).map(IssuerAltName)
    }
}

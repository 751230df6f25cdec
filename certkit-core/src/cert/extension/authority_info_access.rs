//! authorityInfoAccess (RFC 5280 section 4.2.2.1).

use super::super::general_name::{GeneralName, Text};
use super::Decode;
use crate::asn1::{self, Reader};
use crate::oid::{self, Oid};

/// Where the issuer's certificate and its OCSP responder are found.
#[derive(Clone, Copy, Debug)]
pub struct AuthorityInfoAccess<'a>(Reader<'a>);

fn description<'a>(list: &mut Reader<'a>) -> Result<(Oid<'a>, GeneralName<'a>), asn1::Error> {
    let mut fields = list.sequence()?;
    let method = Oid(fields.oid()?);
    let location = GeneralName::from_element(&fields.element()?)?;
    fields.finish()?;
    Ok((method, location))
}

impl<'a> AuthorityInfoAccess<'a> {
    /// The pairs of access method and location in their order.
    pub fn iter(&self) -> impl Iterator<Item = (Oid<'a>, GeneralName<'a>)> + use<'a> {
        let mut list = self.0;
        std::iter::from_fn(move || description(&mut list).ok())
    }

    fn uris(&self, wanted: Oid<'static>) -> impl Iterator<Item = Text<'a>> + use<'a> {
        self.iter().filter_map(move |(method, location)| match location {
            GeneralName::Uri(uri) if method == wanted => Some(uri),
            _ => None,
        })
    }

    /// The addresses of the issuer's certificate.
    pub fn ca_issuers(&self) -> impl Iterator<Item = Text<'a>> + use<'a> {
        self.uris(oid::AD_CA_ISSUERS)
    }

    /// The addresses of OCSP responders.
    pub fn ocsp(&self) -> impl Iterator<Item = Text<'a>> + use<'a> {
        self.uris(oid::AD_OCSP)
    }
}

impl<'a> Decode<'a> for AuthorityInfoAccess<'a> {
    const OID: Oid<'static> = oid::AUTHORITY_INFO_ACCESS;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let list = reader.sequence()?;
        let mut walk = list;
        while !walk.is_empty() {
            description(&mut walk)?;
        }
        Ok(AuthorityInfoAccess(list))
    }
}

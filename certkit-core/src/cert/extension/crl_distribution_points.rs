//! Where revocation lists are found, and what a list covers (RFC 5280 sections 4.2.1.13, 5.2.5).

use super::super::general_name::{GeneralName, GeneralNames, Text};
use super::Decode;
use crate::asn1::{self, Element, Reader, Tag};
use crate::oid::{self, Oid};

/// How a distribution point is named.
#[derive(Clone, Copy, Debug)]
pub enum DistributionPointName<'a> {
    /// By full names, any of which will do.
    Full(GeneralNames<'a>),
    /// By the attributes that follow the CRL issuer's name (an encoded SET's contents).
    RelativeToIssuer(&'a [u8]),
}

/// A set of revocation reasons, as bits in the order of ReasonFlags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reasons(pub u16);

impl Reasons {
    /// Every reason (bits 1 to 8; bit 0 is unused).
    pub const ALL: Reasons = Reasons(0x1fe);

    fn from_element(element: &Element<'_>) -> Result<Reasons, asn1::Error> {
        let (bytes, _) = asn1::bit_string(element.value).ok_or(element.invalid("ReasonFlags"))?;
        let first = bytes.first().copied().unwrap_or(0).reverse_bits();
        let second = bytes.get(1).copied().unwrap_or(0).reverse_bits();
        Ok(Reasons(u16::from_le_bytes([first, second]) & Reasons::ALL.0))
    }
}

/// One place where a list is found.
#[derive(Clone, Copy, Debug)]
pub struct DistributionPoint<'a> {
    /// Its name; absent where only the CRL issuer is given.
    pub name: Option<DistributionPointName<'a>>,
    /// The reasons that the list covers; all where absent.
    pub reasons: Option<Reasons>,
    /// Who signs the list, where it is not the certificate's issuer.
    pub crl_issuer: Option<GeneralNames<'a>>,
}

fn point_name<'a>(wrapper: &Element<'a>) -> Result<DistributionPointName<'a>, asn1::Error> {
    let mut inside = wrapper.contents();
    let choice = inside.element()?;
    inside.finish()?;
    match choice.tag {
        Tag(0xa0) => GeneralNames::validated(choice.contents()).map(DistributionPointName::Full),
        Tag(0xa1) => Ok(DistributionPointName::RelativeToIssuer(choice.value)),
        _ => Err(choice.invalid("DistributionPointName")),
    }
}

fn point<'a>(list: &mut Reader<'a>) -> Result<DistributionPoint<'a>, asn1::Error> {
    let mut fields = list.sequence()?;
    let name = fields.optional(Tag::context_constructed(0))?.map(|element| point_name(&element)).transpose()?;
    let reasons = fields.optional(Tag::context(1))?.map(|element| Reasons::from_element(&element)).transpose()?;
    let issuer = fields.optional(Tag::context_constructed(2))?;
    let crl_issuer = issuer.map(|element| GeneralNames::validated(element.contents())).transpose()?;
    fields.finish()?;
    Ok(DistributionPoint { name, reasons, crl_issuer })
}

/// The places where lists about this certificate are found.
#[derive(Clone, Copy, Debug)]
pub struct CrlDistributionPoints<'a>(Reader<'a>);

impl<'a> CrlDistributionPoints<'a> {
    /// The places in their order.
    pub fn iter(&self) -> impl Iterator<Item = DistributionPoint<'a>> + use<'a> {
        let mut list = self.0;
        std::iter::from_fn(move || point(&mut list).ok())
    }

    /// The addresses in them, of every scheme.
    pub fn uris(&self) -> impl Iterator<Item = Text<'a>> + use<'a> {
        self.iter()
            .filter_map(|point| match point.name {
                Some(DistributionPointName::Full(names)) => Some(names),
                _ => None,
            })
            .flat_map(|names| names.iter())
            .filter_map(|name| match name {
                GeneralName::Uri(uri) => Some(uri),
                _ => None,
            })
    }

    fn read(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let list = reader.sequence()?;
        let mut walk = list;
        while !walk.is_empty() {
            point(&mut walk)?;
        }
        Ok(CrlDistributionPoints(list))
    }
}

impl<'a> Decode<'a> for CrlDistributionPoints<'a> {
    const OID: Oid<'static> = oid::CRL_DISTRIBUTION_POINTS;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        Self::read(reader)
    }
}

/// The places where deltas are found (RFC 5280 section 4.2.1.15).
#[derive(Clone, Copy, Debug)]
pub struct FreshestCrl<'a>(pub CrlDistributionPoints<'a>);

impl<'a> Decode<'a> for FreshestCrl<'a> {
    const OID: Oid<'static> = oid::FRESHEST_CRL;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        CrlDistributionPoints::read(reader).map(FreshestCrl)
    }
}

/// What a revocation list covers.
#[derive(Clone, Copy, Debug)]
pub struct IssuingDistributionPoint<'a> {
    /// The name of the point that the list is for.
    pub name: Option<DistributionPointName<'a>>,
    /// Whether it covers end-entity certificates only.
    pub only_user_certificates: bool,
    /// Whether it covers CA certificates only.
    pub only_ca_certificates: bool,
    /// The reasons that it covers; all where absent.
    pub only_some_reasons: Option<Reasons>,
    /// Whether it covers certificates of other issuers.
    pub is_indirect: bool,
    /// Whether it covers attribute certificates only.
    pub only_attribute_certificates: bool,
    /// The first of these that is spelt out as FALSE, which DER forbids.
    pub spelt_default: Option<&'static str>,
}

impl<'a> Decode<'a> for IssuingDistributionPoint<'a> {
    const OID: Oid<'static> = oid::ISSUING_DISTRIBUTION_POINT;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let mut fields = reader.sequence()?;
        let name = fields.optional(Tag::context_constructed(0))?.map(|element| point_name(&element)).transpose()?;
        let mut spelt_default = None;
        let mut flag = |element: Option<Element<'_>>, name| match element {
            Some(element) => match element.value {
                [octet] => {
                    spelt_default = spelt_default.or((*octet == 0).then_some(name));
                    Ok(*octet != 0)
                }
                _ => Err(element.invalid("BOOLEAN")),
            },
            None => Ok(false),
        };
        let only_user_certificates = flag(fields.optional(Tag::context(1))?, "onlyContainsUserCerts")?;
        let only_ca_certificates = flag(fields.optional(Tag::context(2))?, "onlyContainsCACerts")?;
        let only_some_reasons = fields.optional(Tag::context(3))?.map(|it| Reasons::from_element(&it)).transpose()?;
        let is_indirect = flag(fields.optional(Tag::context(4))?, "indirectCRL")?;
        let only_attribute_certificates = flag(fields.optional(Tag::context(5))?, "onlyContainsAttributeCerts")?;
        fields.finish()?;
        Ok(IssuingDistributionPoint {
            name,
            only_user_certificates,
            only_ca_certificates,
            only_some_reasons,
            is_indirect,
            only_attribute_certificates,
            spelt_default,
        })
    }
}

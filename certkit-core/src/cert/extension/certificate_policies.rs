//! certificatePolicies and the extensions that govern them (RFC 5280 sections 4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14).

use super::Decode;
use crate::asn1::{self, Reader, Tag};
use crate::oid::{self, Oid};

/// One policy that a certificate was issued under.
#[derive(Clone, Copy, Debug)]
pub struct PolicyInformation<'a> {
    /// The policy.
    pub policy: Oid<'a>,
    qualifiers: Reader<'a>,
}

impl<'a> PolicyInformation<'a> {
    /// The addresses of practice statements (cPSuri).
    pub fn practice_statements(&self) -> impl Iterator<Item = super::super::Text<'a>> + use<'a> {
        let mut qualifiers = self.qualifiers;
        std::iter::from_fn(move || qualifiers.sequence().ok())
            .filter_map(|mut one| (Oid(one.oid().ok()?) == oid::QUALIFIER_CPS).then_some(one))
            .filter_map(|mut one| one.optional(Tag::IA5_STRING).ok().flatten())
            .map(|uri| super::super::Text(uri.value))
    }
}

/// The policies that a certificate was issued under.
#[derive(Clone, Copy, Debug)]
pub struct CertificatePolicies<'a>(Reader<'a>);

fn information<'a>(list: &mut Reader<'a>) -> Result<PolicyInformation<'a>, asn1::Error> {
    let mut fields = list.sequence()?;
    let policy = Oid(fields.oid()?);
    let qualifiers = fields.optional(Tag::SEQUENCE)?.map_or(Reader::new(&[]), |element| element.contents());
    fields.finish()?;
    Ok(PolicyInformation { policy, qualifiers })
}

impl<'a> CertificatePolicies<'a> {
    /// The policies in their order.
    pub fn iter(&self) -> impl Iterator<Item = PolicyInformation<'a>> + use<'a> {
        let mut list = self.0;
        std::iter::from_fn(move || information(&mut list).ok())
    }
}

impl<'a> Decode<'a> for CertificatePolicies<'a> {
    const OID: Oid<'static> = oid::CERTIFICATE_POLICIES;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let list = reader.sequence()?;
        let mut walk = list;
        while !walk.is_empty() {
            information(&mut walk)?;
        }
        Ok(CertificatePolicies(list))
    }
}

/// Which policies of the issuer and the subject stand for each other.
#[derive(Clone, Copy, Debug)]
pub struct PolicyMappings<'a>(Reader<'a>);

fn mapping<'a>(list: &mut Reader<'a>) -> Result<(Oid<'a>, Oid<'a>), asn1::Error> {
    let mut fields = list.sequence()?;
    let pair = (Oid(fields.oid()?), Oid(fields.oid()?));
    fields.finish()?;
    Ok(pair)
}

impl<'a> PolicyMappings<'a> {
    /// The pairs of the issuer's and the subject's policy.
    pub fn iter(&self) -> impl Iterator<Item = (Oid<'a>, Oid<'a>)> + use<'a> {
        let mut list = self.0;
        std::iter::from_fn(move || mapping(&mut list).ok())
    }
}

impl<'a> Decode<'a> for PolicyMappings<'a> {
    const OID: Oid<'static> = oid::POLICY_MAPPINGS;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let list = reader.sequence()?;
        let mut walk = list;
        while !walk.is_empty() {
            mapping(&mut walk)?;
        }
        Ok(PolicyMappings(list))
    }
}

/// After how many certificates a policy is demanded, or mapping ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyConstraints {
    /// Certificates until an acceptable policy is required of every certificate.
    pub require_explicit_policy: Option<u32>,
    /// Certificates until mapping is no longer permitted.
    pub inhibit_policy_mapping: Option<u32>,
}

impl<'a> Decode<'a> for PolicyConstraints {
    const OID: Oid<'static> = oid::POLICY_CONSTRAINTS;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let mut fields = reader.sequence()?;
        let mut count = |number| -> Result<Option<u32>, asn1::Error> {
            let element = fields.optional(Tag::context(number))?;
            element.map(|it| asn1::small_integer(it.value).ok_or(it.invalid("small non-negative INTEGER"))).transpose()
        };
        let constraints = PolicyConstraints { require_explicit_policy: count(0)?, inhibit_policy_mapping: count(1)? };
        fields.finish()?;
        Ok(constraints)
    }
}

/// After how many certificates anyPolicy no longer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InhibitAnyPolicy(pub u32);

impl<'a> Decode<'a> for InhibitAnyPolicy {
    const OID: Oid<'static> = oid::INHIBIT_ANY_POLICY;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        reader.small_integer().map(InhibitAnyPolicy)
    }
}

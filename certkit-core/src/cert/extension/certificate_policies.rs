//! certificatePolicies and the extensions that govern them (RFC 5280 sections 4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14).

use std::borrow::Cow;

use super::super::Text;
use super::super::name::decode_string;
use super::Decode;
use crate::asn1::{self, Element, Reader, Tag};
use crate::oid::{self, Oid};

/// One policy that a certificate was issued under.
#[derive(Clone, Copy, Debug)]
pub struct PolicyInformation<'a> {
    /// The policy.
    pub policy: Oid<'a>,
    qualifiers: Reader<'a>,
}

impl<'a> PolicyInformation<'a> {
    /// The qualifiers that can be read, each with its kind, up to the first that cannot.
    pub fn qualifiers(&self) -> impl Iterator<Item = (Oid<'a>, Element<'a>)> + use<'a> {
        let mut list = self.qualifiers;
        std::iter::from_fn(move || {
            let mut one = list.sequence().ok()?;
            Some((Oid(one.oid().ok()?), one.element().ok()?))
        })
    }

    /// The addresses of practice statements (cPSuri).
    pub fn practice_statements(&self) -> impl Iterator<Item = Text<'a>> + use<'a> {
        let uris =
            self.qualifiers().filter(|(kind, value)| *kind == oid::QUALIFIER_CPS && value.tag == Tag::IA5_STRING);
        uris.map(|(_, uri)| Text(uri.value))
    }

    /// The notices for people.
    pub fn notices(&self) -> impl Iterator<Item = UserNotice<'a>> + use<'a> {
        self.qualifiers().filter(|(kind, _)| *kind == oid::QUALIFIER_USER_NOTICE).map(|(_, value)| {
            let mut fields = value.contents();
            let has_reference = fields.optional(Tag::SEQUENCE).ok().flatten().is_some();
            UserNotice { has_reference, text: fields.element().ok() }
        })
    }
}

/// A text that an issuer has for the people who rely on a certificate.
#[derive(Clone, Copy, Debug)]
pub struct UserNotice<'a> {
    /// Whether it refers to a numbered text of an organization (noticeRef).
    pub has_reference: bool,
    /// The text as it is encoded (explicitText).
    pub text: Option<Element<'a>>,
}

impl<'a> UserNotice<'a> {
    /// The text; `None` where there is none, or its octets do not fit its type.
    pub fn words(&self) -> Option<Cow<'a, str>> {
        self.text.and_then(|text| decode_string(text.tag, text.value))
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

//! Extensions as they are written (RFC 5280 section 4.2).

use der::asn1::{AnyRef, BitStringRef, OctetString, OctetStringRef, UintRef};

use super::structure::{
    AccessDescription, AuthorityKeyIdentifier, BasicConstraints, DistributionPoint, DistributionPointName, Extension,
};
use super::template::KeptExtension;
use super::{AlternativeName, Constraints, Error};
use crate::asn1::typed::{NotWritten, element};
use crate::cert::extension::KeyUsage;
use crate::oid::{self, Oid};

type Written = Result<Extension<'static>, NotWritten>;

/// Writes basicConstraints (section 4.2.1.9): critical in a CA's certificate, and in others nobody minds.
pub(super) fn basic_constraints(constraints: Constraints) -> Written {
    let value = match constraints {
        Constraints::EndEntity => BasicConstraints { ca: false, path_length: None },
        Constraints::Authority { path_length } => BasicConstraints { ca: true, path_length },
    };
    Extension::new(oid::BASIC_CONSTRAINTS, true, &value)
}

/// Writes keyUsage (section 4.2.1.3), which should be critical: named bits without trailing zeros (X.690 clause 11.2.2).
pub(super) fn key_usage(usage: KeyUsage) -> Written {
    let bits = usage.bits().reverse_bits();
    let octets = bits.to_be_bytes();
    let used = usize::try_from(u16::BITS.saturating_sub(bits.trailing_zeros())).unwrap_or_default();
    let octets = octets.get(..used.div_ceil(8)).unwrap_or_default();
    let unused = octets.last().map_or(0, |last| last.trailing_zeros());
    Extension::new(oid::KEY_USAGE, true, &BitStringRef::new(u8::try_from(unused).unwrap_or_default(), octets)?)
}

/// Writes extKeyUsage (section 4.2.1.12).
pub(super) fn extended_key_usage(purposes: &Vec<Oid<'static>>) -> Written {
    Extension::new(oid::EXTENDED_KEY_USAGE, false, purposes)
}

/// Writes what an old certificate had, as it was.
pub(super) fn kept(old: &KeptExtension) -> Written {
    Ok(Extension { id: old.oid, critical: old.critical, value: OctetString::new(old.value.as_slice())? })
}

/// Writes subjectKeyIdentifier (section 4.2.1.2), never critical.
pub(super) fn subject_key_identifier(identifier: &[u8]) -> Written {
    Extension::new(oid::SUBJECT_KEY_IDENTIFIER, false, &OctetStringRef::new(identifier)?)
}

/// Writes authorityKeyIdentifier (section 4.2.1.1) with the identifier alone, never critical.
pub(super) fn authority_key_identifier(identifier: &[u8]) -> Written {
    let value = AuthorityKeyIdentifier { key_identifier: OctetStringRef::new(identifier)? };
    Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, false, &value)
}

/// Writes subjectAltName (section 4.2.1.6).
pub(super) fn subject_alt_name(names: &[&AlternativeName], critical: bool) -> Result<Extension<'static>, Error> {
    let names = names.iter().map(|name| name.encode()).collect::<Result<Vec<_>, _>>()?;
    Ok(Extension::new(oid::SUBJECT_ALT_NAME, critical, &names)?)
}

/// Writes cRLDistributionPoints (section 4.2.1.13), a point for each address.
pub(super) fn crl_distribution_points(uris: &[String]) -> Result<Extension<'static>, Error> {
    let uris: Vec<AlternativeName> = uris.iter().cloned().map(AlternativeName::Uri).collect();
    let names = uris.iter().map(AlternativeName::encode).collect::<Result<Vec<_>, Error>>()?;
    let point = |name| DistributionPoint { name: DistributionPointName::FullName(vec![name]) };
    let points: Vec<_> = names.into_iter().map(point).collect();
    Ok(Extension::new(oid::CRL_DISTRIBUTION_POINTS, false, &points)?)
}

/// Writes cRLNumber (section 5.2.3), never critical.
pub(super) fn crl_number(magnitude: &[u8]) -> Written {
    Extension::new(oid::CRL_NUMBER, false, &UintRef::new(magnitude)?)
}

/// Writes reasonCode (section 5.3.1), never critical.
pub(super) fn reason_code(code: u8) -> Written {
    let code = [code];
    let value: AnyRef<'_> = element(der::Tag::Enumerated, &code)?;
    Extension::new(oid::REASON_CODE, false, &value)
}

/// Writes authorityInfoAccess (section 4.2.2.1), never critical.
pub(super) fn authority_info_access(ocsp: &[String], issuers: &[String]) -> Result<Extension<'static>, Error> {
    let described = |method: Oid<'static>, uris: &[String]| -> Vec<(Oid<'static>, AlternativeName)> {
        uris.iter().map(|uri| (method, AlternativeName::Uri(uri.clone()))).collect()
    };
    let places = [described(oid::AD_OCSP, ocsp), described(oid::AD_CA_ISSUERS, issuers)].concat();
    let list = places
        .iter()
        .map(|(method, uri)| Ok(AccessDescription { method: *method, location: uri.encode()? }))
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(Extension::new(oid::AUTHORITY_INFO_ACCESS, false, &list)?)
}

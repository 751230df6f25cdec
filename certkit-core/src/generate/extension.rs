//! Extensions as they are written (RFC 5280 section 4.2).

use super::{AlternativeName, Constraints, Error};
use crate::asn1::{Tag, write};
use crate::cert::extension::KeyUsage;
use crate::oid::{self, Oid};

/// Whether a reader that does not understand an extension must refuse the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Criticality {
    Critical,
    NonCritical,
}

/// Writes one Extension around its encoded value.
pub(super) fn extension(oid: Oid<'_>, criticality: Criticality, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = match criticality {
        Criticality::Critical => &write::TRUE,
        Criticality::NonCritical => &[],
    };
    write::sequence(&[&write::oid(oid), flag, &write::octet_string(value)])
}

/// Writes basicConstraints (section 4.2.1.9): critical in a CA's certificate, and in others nobody minds.
pub(super) fn basic_constraints(constraints: Constraints) -> Vec<u8> {
    let value = match constraints {
        Constraints::EndEntity => write::sequence(&[]),
        Constraints::Authority { path_length: None } => write::sequence(&[&write::TRUE]),
        Constraints::Authority { path_length: Some(length) } => {
            write::sequence(&[&write::TRUE, &write::small_integer(length)])
        }
    };
    extension(oid::BASIC_CONSTRAINTS, Criticality::Critical, &value)
}

/// Writes keyUsage (section 4.2.1.3), which should be critical.
pub(super) fn key_usage(usage: KeyUsage) -> Vec<u8> {
    let bits = [
        KeyUsage::DIGITAL_SIGNATURE,
        KeyUsage::NON_REPUDIATION,
        KeyUsage::KEY_ENCIPHERMENT,
        KeyUsage::DATA_ENCIPHERMENT,
        KeyUsage::KEY_AGREEMENT,
        KeyUsage::KEY_CERT_SIGN,
        KeyUsage::CRL_SIGN,
        KeyUsage::ENCIPHER_ONLY,
        KeyUsage::DECIPHER_ONLY,
    ];
    let value = write::named_bits(bits.map(|bit| usage.contains(bit)));
    extension(oid::KEY_USAGE, Criticality::Critical, &value)
}

/// Writes extKeyUsage (section 4.2.1.12).
pub(super) fn extended_key_usage(purposes: &[Oid<'_>]) -> Vec<u8> {
    let list: Vec<Vec<u8>> = purposes.iter().map(|purpose| write::oid(*purpose)).collect();
    extension(oid::EXTENDED_KEY_USAGE, Criticality::NonCritical, &write::sequence_of(&list))
}

/// Writes subjectKeyIdentifier (section 4.2.1.2), never critical.
pub(super) fn subject_key_identifier(identifier: &[u8]) -> Vec<u8> {
    extension(oid::SUBJECT_KEY_IDENTIFIER, Criticality::NonCritical, &write::octet_string(identifier))
}

/// Writes authorityKeyIdentifier (section 4.2.1.1) with the identifier alone, never critical.
pub(super) fn authority_key_identifier(identifier: &[u8]) -> Vec<u8> {
    let value = write::sequence(&[&write::element(Tag::context(0), &[identifier])]);
    extension(oid::AUTHORITY_KEY_IDENTIFIER, Criticality::NonCritical, &value)
}

/// Writes subjectAltName (section 4.2.1.6).
pub(super) fn subject_alt_name(names: &[AlternativeName], criticality: Criticality) -> Result<Vec<u8>, Error> {
    let list = names.iter().map(AlternativeName::encode).collect::<Result<Vec<_>, _>>()?;
    Ok(extension(oid::SUBJECT_ALT_NAME, criticality, &write::sequence_of(&list)))
}

/// Writes cRLDistributionPoints (section 4.2.1.13), a point for each address.
pub(super) fn crl_distribution_points(uris: &[String]) -> Result<Vec<u8>, Error> {
    let point = |uri: &String| {
        let full_name = write::element(Tag::context_constructed(0), &[&AlternativeName::Uri(uri.clone()).encode()?]);
        let name = write::element(Tag::context_constructed(0), &[&full_name]);
        Ok(write::sequence(&[&name]))
    };
    let list = uris.iter().map(point).collect::<Result<Vec<_>, Error>>()?;
    Ok(extension(oid::CRL_DISTRIBUTION_POINTS, Criticality::NonCritical, &write::sequence_of(&list)))
}

/// Writes authorityInfoAccess (section 4.2.2.1), never critical.
pub(super) fn authority_info_access(ocsp: &[String], issuers: &[String]) -> Result<Vec<u8>, Error> {
    let described = |method: Oid<'static>| {
        move |uri: &String| {
            let location = AlternativeName::Uri(uri.clone()).encode()?;
            Ok(write::sequence(&[&write::oid(method), &location]))
        }
    };
    let ocsp = ocsp.iter().map(described(oid::AD_OCSP));
    let issuers = issuers.iter().map(described(oid::AD_CA_ISSUERS));
    let list = ocsp.chain(issuers).collect::<Result<Vec<_>, Error>>()?;
    Ok(extension(oid::AUTHORITY_INFO_ACCESS, Criticality::NonCritical, &write::sequence_of(&list)))
}

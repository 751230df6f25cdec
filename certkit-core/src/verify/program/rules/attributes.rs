//! Which attributes of names stop each program's decoder, or make it refuse what they stand in.

use super::super::Program;
use super::scene::Scene;
use crate::asn1::Tag;
use crate::cert::Attribute;
use crate::check::Check;
use crate::check::rfc5280::fields::FIELD_UNDECODABLE;
use crate::check::rfc5280::form::names::{ATTRIBUTE_ALPHABET, ATTRIBUTE_LENGTH};
use crate::oid;
use crate::path::names::go;

/// Types of attributes that GnuTLS does not take for a DirectoryString, and therefore reads without a character as well.
const OF_OTHER_TYPES: [oid::Oid<'static>; 7] = [
    oid::COUNTRY,
    oid::SERIAL_NUMBER,
    oid::DN_QUALIFIER,
    oid::DOMAIN_COMPONENT,
    oid::EMAIL_ADDRESS,
    oid::UNSTRUCTURED_NAME,
    oid::CHALLENGE_PASSWORD,
];

/// The check and the words with which a program refuses an attribute of the subject or the issuer of a certificate.
/// What OpenSSL and Java refuse are facts of the path.
pub(super) fn refused(at: usize, scene: Scene<'_>, program: Program) -> Option<(&'static Check, &'static str)> {
    let refuses = match program {
        Program::Go => by_go,
        Program::GnuTls => by_gnutls,
        Program::OpenSsl | Program::Java | Program::Python | Program::Webpki => return None,
    };
    let certificate = scene.certificate(at)?;
    let attributes = [certificate.subject(), certificate.issuer()].into_iter().flat_map(|it| it.attributes());
    attributes.filter_map(Result::ok).find_map(|attribute| refuses(&attribute))
}

fn by_go(attribute: &Attribute<'_>) -> Option<(&'static Check, &'static str)> {
    let words = go::stops_at(attribute)?;
    // Of texts with other characters there is a check.
    let is_of_alphabet = matches!(attribute.value.tag, Tag::PRINTABLE_STRING | Tag::IA5_STRING | Tag::NUMERIC_STRING);
    Some((if is_of_alphabet { &ATTRIBUTE_ALPHABET } else { &FIELD_UNDECODABLE }, words))
}

fn by_gnutls(attribute: &Attribute<'_>) -> Option<(&'static Check, &'static str)> {
    if attribute.oid.arcs().any(|arc| arc.is_none()) {
        return Some((&FIELD_UNDECODABLE, "error parsing CRTs: ASN1 parser: Error in DER parsing"));
    }
    let is_text = attribute.oid.name().is_some() && !OF_OTHER_TYPES.contains(&attribute.oid);
    let words = "gnutls_x509_crt_get_dn: ASN1 parser: Value is not valid";
    (is_text && attribute.value.value.is_empty()).then_some((&ATTRIBUTE_LENGTH, words))
}

//! Identifiers of algorithms (RFC 3279, 4055, 5758, 8410) and signed timestamps of logs (RFC 6962).

use super::super::super::Clause::{Rfc, Rfc5280};
use super::super::super::{Check, Look, Outcome, Severity};
use super::form;
use crate::asn1::{Reader, Tag};
use crate::oid::{self, Oid};

/// The parameters of an algorithm.
#[derive(Clone, Copy)]
enum Parameters {
    /// NULL.
    Null,
    /// Nothing.
    Absent,
}

/// Algorithms of keys whose parameters are fixed.
const OF_KEYS: &[(Oid<'static>, Parameters)] = &[
    (oid::RSA_ENCRYPTION, Parameters::Null),
    (oid::ED25519, Parameters::Absent),
    (oid::ED448, Parameters::Absent),
    (oid::X25519, Parameters::Absent),
    (oid::X448, Parameters::Absent),
];

/// Algorithms of signatures whose parameters are fixed.
const OF_SIGNATURES: &[(Oid<'static>, Parameters)] = &[
    (oid::MD2_RSA, Parameters::Null),
    (oid::MD5_RSA, Parameters::Null),
    (oid::SHA1_RSA, Parameters::Null),
    (oid::SHA224_RSA, Parameters::Null),
    (oid::SHA256_RSA, Parameters::Null),
    (oid::SHA384_RSA, Parameters::Null),
    (oid::SHA512_RSA, Parameters::Null),
    (oid::SHA1_DSA, Parameters::Absent),
    (oid::SHA224_DSA, Parameters::Absent),
    (oid::SHA256_DSA, Parameters::Absent),
    (oid::SHA1_ECDSA, Parameters::Absent),
    (oid::SHA224_ECDSA, Parameters::Absent),
    (oid::SHA256_ECDSA, Parameters::Absent),
    (oid::SHA384_ECDSA, Parameters::Absent),
    (oid::SHA512_ECDSA, Parameters::Absent),
    (oid::ED25519, Parameters::Absent),
    (oid::ED448, Parameters::Absent),
    (oid::ML_DSA_44, Parameters::Absent),
    (oid::ML_DSA_65, Parameters::Absent),
    (oid::ML_DSA_87, Parameters::Absent),
];

/// Holds an AlgorithmIdentifier's contents against a table; `None` for an algorithm that is not in it.
pub(in super::super) fn parameters(mut identifier: Reader<'_>, of_signature: bool) -> Option<Outcome> {
    let table = if of_signature { OF_SIGNATURES } else { OF_KEYS };
    let name = Oid(identifier.oid().ok()?);
    let (_, wanted) = table.iter().find(|(oid, _)| *oid == name)?;
    let found = identifier.rest();
    let (is_fit, words) = match wanted {
        Parameters::Null => (found == [0x05, 0x00], "NULL"),
        Parameters::Absent => (found.is_empty(), "none"),
    };
    let seen = || match identifier.peek() {
        None => "no parameters".to_owned(),
        Some(tag) => format!("parameters of the type {tag}"),
    };
    Some(Outcome::not_met_if(!is_fit, || format!("{} has {}, but needs {words}", name.called(), seen())))
}

/// The first parameter of RSASSA-PSS (RFC 4055 section 3.1) that an AlgorithmIdentifier spells out though it is the default,
/// which DER forbids.
pub(in super::super::super) fn spelt_pss_default(identifier: &[u8]) -> Option<&'static str> {
    let mut fields = Reader::new(identifier).sequence().ok()?;
    if Oid(fields.oid().ok()?) != oid::RSASSA_PSS {
        return None;
    }
    let mut parts = fields.optional(Tag::SEQUENCE).ok()??.contents();
    let mut part = |number| Some(parts.optional(Tag::context_constructed(number)).ok()??.contents());
    let is_sha1 = |mut reader: Reader<'_>| {
        reader.sequence().and_then(|mut digest| digest.oid()).is_ok_and(|digest| Oid(digest) == oid::SHA1)
    };
    let is_mask = |mut reader: Reader<'_>| {
        let mut mask = reader.sequence().ok()?;
        (Oid(mask.oid().ok()?) == oid::MGF1).then(|| is_sha1(mask))
    };
    let is = |mut reader: Reader<'_>, number: u32| reader.small_integer().is_ok_and(|it| it == number);
    let spelt = [
        (part(0).is_some_and(is_sha1), "hashAlgorithm SHA-1"),
        (part(1).and_then(is_mask) == Some(true), "maskGenAlgorithm MGF1 with SHA-1"),
        (part(2).is_some_and(|it| is(it, 20)), "saltLength 20"),
        (part(3).is_some_and(|it| is(it, 1)), "trailerField 1"),
    ];
    spelt.into_iter().find(|(is_spelt, _)| *is_spelt).map(|(_, what)| what)
}

form!(
    /// The parameters of the key's algorithm are not as they have to be.
    KEY_PARAMETERS_UNFIT,
    "key-parameters-unfit",
    &[Rfc(3279, "2.3.1"), Rfc(4055, "1.2"), Rfc(8410, "3")],
    "The key algorithm has the correct parameters",
    "For RSA the parameters are NULL, for keys on Curve25519 and Curve448 they are absent. Programs that compare keys \
     byte for byte see two different keys, and strict parsers refuse other encodings.",
    "Reissue it; openssl and keytool encode the parameters correctly.",
    |form| {
        let mut fields = Reader::new(form.certificate.spki()).sequence().ok()?;
        parameters(fields.sequence().ok()?, false)
    }
);
form!(
    /// The parameters of the signature's algorithm are not as they have to be.
    SIGNATURE_PARAMETERS_UNFIT,
    "signature-parameters-unfit",
    &[Rfc(3279, "2.2.1"), Rfc(4055, "5"), Rfc(5758, "3.2"), Rfc(8410, "3")],
    "The signature algorithm has the correct parameters",
    "For RSA the parameters are NULL, for ECDSA, EdDSA and DSA they are absent. Programs that compare the identifier \
     byte for byte refuse other encodings.",
    "Have it reissued by a CA whose program encodes the parameters correctly.",
    |form| parameters(Reader::new(form.certificate.signed_algorithm_der()).sequence().ok()?, true)
);
form!(
    /// The list of signed timestamps is empty.
    TIMESTAMP_LIST_EMPTY,
    "timestamp-list-empty",
    &[Rfc(6962, "3.3")],
    "The list of signed certificate timestamps is not empty",
    "An empty list does not prove that the certificate was logged. Browsers refuse a public certificate without \
     timestamps.",
    "Have it reissued by a CA that logs its certificates, or without the extension.",
    |form| {
        let extension = form.certificate.extensions().find(oid::CT_SCT_LIST)?;
        let list = extension.reader().expect(Tag::OCTET_STRING).ok();
        let is_empty = list.is_none_or(|list| list.value.len() <= 2);
        Some(Outcome::not_met_if(is_empty, || "the list of timestamps is empty".to_owned()))
    }
);
form!(
    /// A precertificate has signed timestamps.
    PRECERTIFICATE_WITH_TIMESTAMPS,
    "precertificate-with-timestamps",
    &[Rfc(6962, "3.1"), Rfc(6962, "3.3"), Rfc5280("4.2")],
    "A precertificate has no signed certificate timestamps",
    "Logs issue timestamps for a precertificate; it cannot contain them. No program accepts it as a certificate \
     anyway.",
    "Ask the CA for the certificate itself.",
    |form| {
        form.certificate.extensions().find(oid::CT_PRECERT_POISON)?;
        let has_list = form.certificate.extensions().find(oid::CT_SCT_LIST).is_some();
        Some(Outcome::not_met_if(has_list, || "it has both the precertificate poison extension and timestamps".to_owned()))
    }
);

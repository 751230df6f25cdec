//! What extensions mean that have no line of their own on a card.
//!
//! The library decodes what it judges by; what it never judges (signed certificate
//! timestamps, Netscape's extensions) is read by x509-parser. What cannot be read in
//! full has no meaning here, and stays an identifier with its bytes.

use certkit_core::cert::extension::{
    CrlDistributionPoints, Extension, FreshestCrl, InhibitAnyPolicy, IssuerAltName, PolicyConstraints, PolicyMappings,
};
use certkit_core::moment::Moment;
use certkit_core::oid::{self, Oid};
use certkit_core::text::Hex;
use x509_parser::asn1_rs::{FromDer, Ia5String};
use x509_parser::extensions::{
    NSCertType, SignedCertificateTimestamp, SubjectInfoAccess, parse_ct_signed_certificate_timestamp,
};

/// What an extension says, a line for each part; empty where that is not known. Strangers' text.
pub(super) fn lines(extension: &Extension<'_>) -> Vec<String> {
    let lines: Option<Vec<String>> = match extension.oid {
        oid::POLICY_CONSTRAINTS => extension.decode::<PolicyConstraints>().ok().map(policy_constraints),
        oid::INHIBIT_ANY_POLICY => {
            extension.decode::<InhibitAnyPolicy>().ok().map(|it| vec![format!("after {} certificates", it.0)])
        }
        oid::POLICY_MAPPINGS => extension.decode::<PolicyMappings<'_>>().ok().map(|mappings| {
            mappings.iter().map(|(issuer, subject)| format!("{} is {}", issuer.called(), subject.called())).collect()
        }),
        oid::ISSUER_ALT_NAME => {
            extension.decode::<IssuerAltName<'_>>().ok().map(|it| it.0.iter().map(|name| name.to_string()).collect())
        }
        oid::FRESHEST_CRL => extension.decode::<FreshestCrl<'_>>().ok().map(|FreshestCrl(points)| uris(&points)),
        oid::CT_SCT_LIST => timestamps(extension.value),
        oid::NETSCAPE_CERT_TYPE => whole(NSCertType::from_der(extension.value)).map(|it| netscape_type(&it)),
        oid::NETSCAPE_COMMENT => whole(Ia5String::from_der(extension.value)).map(|it| vec![it.string()]),
        oid::SUBJECT_INFO_ACCESS => whole(SubjectInfoAccess::from_der(extension.value)).map(|access| {
            access.iter().map(|it| format!("{} {}", called(it.access_method.as_bytes()), it.access_location)).collect()
        }),
        _ => None,
    };
    lines.unwrap_or_default()
}

/// What was read, where nothing follows it.
fn whole<T, E>(read: Result<(&[u8], T), E>) -> Option<T> {
    match read {
        Ok(([], read)) => Some(read),
        _ => None,
    }
}

fn called(oid: &[u8]) -> String {
    Oid(oid).called()
}

fn policy_constraints(constraints: PolicyConstraints) -> Vec<String> {
    let after = |words: &str, count: Option<u32>| count.map(|count| format!("{words} after {count} certificates"));
    [
        after("a policy is required", constraints.require_explicit_policy),
        after("no mapping", constraints.inhibit_policy_mapping),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn uris(points: &CrlDistributionPoints<'_>) -> Vec<String> {
    points.uris().map(|uri| uri.to_string()).collect()
}

/// The list of RFC 6962 section 3.3: its length, then each timestamp after its own.
fn timestamps(value: &[u8]) -> Option<Vec<String>> {
    let list = whole(<&[u8]>::from_der(value))?;
    let (length, mut rest) = list.split_first_chunk::<2>()?;
    if usize::from(u16::from_be_bytes(*length)) != rest.len() {
        return None;
    }
    let mut lines = Vec::new();
    while !rest.is_empty() {
        let (after, timestamp) = parse_ct_signed_certificate_timestamp(rest).ok()?;
        lines.push(timestamp_line(&timestamp)?);
        rest = after;
    }
    Some(lines)
}

fn timestamp_line(timestamp: &SignedCertificateTimestamp<'_>) -> Option<String> {
    let moment = Moment::from_unix(i64::try_from(timestamp.timestamp / 1000).ok()?);
    Some(format!("log {}, {} UTC", Hex(timestamp.id.key_id), moment.to_minute()))
}

fn netscape_type(kind: &NSCertType) -> Vec<String> {
    let uses = [
        (kind.ssl_client(), "SSL client"),
        (kind.ssl_server(), "SSL server"),
        (kind.smime(), "S/MIME"),
        (kind.object_signing(), "object signing"),
        (kind.ssl_ca(), "SSL CA"),
        (kind.smime_ca(), "S/MIME CA"),
        (kind.object_signing_ca(), "object signing CA"),
    ];
    vec![uses.into_iter().filter_map(|(is_set, name)| is_set.then_some(name)).collect::<Vec<_>>().join(", ")]
}

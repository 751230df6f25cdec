//! Where one certificate departs from the profile of RFC 5280 section 4.
//!
//! These are demands on those who issue. Section 6.1 does not look at most of them,
//! and neither do most validators.

use std::net::IpAddr;

use super::super::names::dns::{self, Underscores};
use super::super::names::is_mailbox;
use super::{Fact, Kind, OldVersions, Reading};
use crate::cert::extension::{CertificatePolicies, KeyUsage, NameConstraints};
use crate::cert::{Certificate, GeneralName, Known, Malformed, Stated, Text, Time};
use crate::crypto::signature::SignatureAlgorithm;
use crate::oid;
use crate::text::Hex;

/// Notes where a certificate departs from section 4, in the order of the text.
///
/// Costs a pass over its bytes, about 1 µs. What depends on the path is noted by [`super::process`].
pub fn deviations(index: usize, certificate: &Certificate, known: &Known<'_>, reading: &Reading) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut note = |kind| facts.push(Fact::new(index, kind));
    if let Some(error) = certificate.first_deviation() {
        note(Kind::NotDer(error));
    }
    fields(index, certificate, known, reading, &mut note);
    criticality(known, &mut note);
    identifiers(certificate, known, &mut note);
    authority(known, &mut note);
    policies(known, &mut note);
    alternative_names(certificate, known, reading.underscores, &mut note);
    let purposes = known.extended_key_usage.as_ref().and_then(Stated::decoded);
    if purposes.is_some_and(|usage| usage.purposes().next().is_none()) {
        note(Kind::ExtendedKeyUsageEmpty);
    }
    let access = known.authority_info_access.as_ref().and_then(Stated::decoded);
    if access.is_some_and(|access| access.iter().next().is_none()) {
        note(Kind::AccessEmpty { extension: "authorityInfoAccess" });
    }
    let points = known.crl_distribution_points.as_ref().and_then(Stated::decoded);
    if points.is_some_and(|points| points.iter().next().is_none()) {
        note(Kind::AccessEmpty { extension: "cRLDistributionPoints" });
    }
    facts
}

/// Sections 4.1 and 4.2, the basic fields.
fn fields(index: usize, certificate: &Certificate, known: &Known<'_>, reading: &Reading, note: &mut impl FnMut(Kind)) {
    let (signed, beside) = (certificate.signed_algorithm_der(), certificate.signature_algorithm_der());
    if signed != beside {
        note(Kind::AlgorithmsDiffer { signed: algorithm(signed), beside: algorithm(beside) });
    }
    let has_extensions = certificate.extensions().iter().next().is_some();
    match certificate.version() {
        3 => {}
        version @ 1..=2 => {
            if has_extensions {
                note(Kind::VersionTooOld(version));
            }
            if reading.old_versions == OldVersions::Noted {
                note(Kind::VersionNot3(version));
            }
        }
        version if has_extensions => note(Kind::VersionTooOld(version)),
        version => note(Kind::VersionUnknown(version)),
    }
    form(certificate.not_before_time(), "notBefore", note);
    form(certificate.not_after_time(), "notAfter", note);
    let serial = certificate.serial();
    if serial.is_negative() {
        note(Kind::SerialNegative);
    } else if serial.is_zero() && !(known.is_ca() && certificate.is_self_issued()) {
        // Nobody revokes a root by its number; many that the world trusts have number 0.
        note(Kind::SerialZero);
    }
    if serial.as_bytes().len() > 20 {
        note(Kind::SerialTooLong { octets: serial.as_bytes().len() });
    }
    if certificate.issuer().is_empty() {
        note(Kind::IssuerEmpty);
    }
    if certificate.subject().is_empty() && (index > 0 || known.is_ca()) {
        note(Kind::CaSubjectEmpty);
    }
    if certificate.extensions().is_empty_list() {
        note(Kind::NoExtensionInList);
    }
}

/// A signature algorithm as it is written, with its name.
fn algorithm(der: &[u8]) -> String {
    match SignatureAlgorithm::from_der(der) {
        Ok(algorithm) => format!("{algorithm} ({})", Hex(der)),
        Err(_) => Hex(der).to_string(),
    }
}

/// Section 4.1.2.5, the type of times. UTCTime cannot tell later years, so only the other type can be the wrong one.
fn form(time: Result<Time, Malformed>, part: &'static str, note: &mut impl FnMut(Kind)) {
    if time.is_ok_and(|time| time.has_other_type()) {
        note(Kind::TimeOfOtherType { part });
    }
}

/// What section 4.2 says must or must not be critical.
fn criticality(known: &Known<'_>, note: &mut impl FnMut(Kind)) {
    fn is<T>(slot: Option<&Stated<T>>, critical: bool) -> bool {
        slot.is_some_and(|stated| stated.critical == critical)
    }
    let never = [
        (is(known.authority_key_identifier.as_ref(), true), "authorityKeyIdentifier"),
        (is(known.subject_key_identifier.as_ref(), true), "subjectKeyIdentifier"),
        (is(known.freshest_crl.as_ref(), true), "freshestCRL"),
        (is(known.authority_info_access.as_ref(), true), "authorityInfoAccess"),
    ];
    let rarely = [
        (is(known.issuer_alt_name.as_ref(), true), "issuerAltName"),
        (is(known.crl_distribution_points.as_ref(), true), "cRLDistributionPoints"),
    ];
    let always = [
        (is(known.basic_constraints.as_ref(), false) && known.is_ca(), "basicConstraints"),
        (is(known.name_constraints.as_ref(), false), "nameConstraints"),
        (is(known.inhibit_any_policy.as_ref(), false), "inhibitAnyPolicy"),
    ];
    // Of these certkit reads no more than the mark.
    for (kind, extension) in [
        (oid::SUBJECT_DIRECTORY_ATTRIBUTES, "subjectDirectoryAttributes"),
        (oid::SUBJECT_INFO_ACCESS, "subjectInfoAccess"),
    ] {
        if known.unknown_critical.contains(&kind) {
            note(Kind::MustNotBeCritical { extension });
        }
    }
    for (_, extension) in never.into_iter().filter(|(is_wrong, _)| *is_wrong) {
        note(Kind::MustNotBeCritical { extension });
    }
    for (_, extension) in rarely.into_iter().filter(|(is_wrong, _)| *is_wrong) {
        note(Kind::ShouldNotBeCritical { extension });
    }
    for (_, extension) in always.into_iter().filter(|(is_wrong, _)| *is_wrong) {
        note(Kind::MustBeCritical { extension });
    }
}

/// Key identifiers, sections 4.2.1.1 and 4.2.1.2.
fn identifiers(certificate: &Certificate, known: &Known<'_>, note: &mut impl FnMut(Kind)) {
    match &known.authority_key_identifier {
        // Only self-signed certificates may leave it out; what signs itself under another name is one, too.
        None => {
            if !certificate.is_self_issued() && certificate.verify_own_signature().is_err() {
                note(Kind::NoAuthorityKeyIdentifier);
            }
        }
        Some(stated) => {
            if let Some(identifier) = stated.decoded() {
                if identifier.key_id.is_none() {
                    note(Kind::NoKeyIdentifierOfAuthority);
                }
                if identifier.issuer.is_some() != identifier.serial.is_some() {
                    note(Kind::HalfAuthorityName);
                }
            }
        }
    }
    if known.is_ca() && known.subject_key_identifier.is_none() {
        note(Kind::NoSubjectKeyIdentifier);
    }
}

/// Key usage, basic constraints and name constraints, sections 4.2.1.3, 4.2.1.9 and 4.2.1.10.
fn authority(known: &Known<'_>, note: &mut impl FnMut(Kind)) {
    let is_ca = known.is_ca();
    let signs = known.usage().is_some_and(|usage| usage.contains(KeyUsage::KEY_CERT_SIGN));
    match known.usage() {
        None if is_ca && known.key_usage.is_none() => note(Kind::CaWithoutKeyUsage),
        None => {}
        Some(usage) => {
            if usage.is_empty() {
                note(Kind::KeyUsageEmpty);
            }
            if is_ca && !signs {
                note(Kind::CaWithoutKeyCertSign);
            }
            if signs && !is_ca {
                note(Kind::KeyCertSignWithoutCa);
            }
        }
    }
    let constraints = known.basic_constraints.as_ref().and_then(Stated::decoded);
    if constraints.is_some_and(|constraints| constraints.path_length.is_some() && !(constraints.ca && signs)) {
        note(Kind::PathLengthWithoutCa);
    }
    if let Some(stated) = &known.name_constraints {
        if !is_ca {
            note(Kind::NameConstraintsWithoutCa);
        }
        let is_empty = |constraints: &NameConstraints<'_>| {
            constraints.permitted().next().is_none() && constraints.excluded().next().is_none()
        };
        if stated.decoded().is_some_and(is_empty) {
            note(Kind::NameConstraintsEmpty);
        }
    }
}

/// Policies, sections 4.2.1.4 and 4.2.1.11.
fn policies(known: &Known<'_>, note: &mut impl FnMut(Kind)) {
    if let Some(constraints) = known.policy_constraints.as_ref().and_then(Stated::decoded)
        && constraints.require_explicit_policy.is_none()
        && constraints.inhibit_policy_mapping.is_none()
    {
        note(Kind::PolicyConstraintsEmpty);
    }
    let stated = known.certificate_policies.as_ref().and_then(Stated::decoded);
    let mut policies: Vec<_> =
        stated.into_iter().flat_map(CertificatePolicies::iter).map(|information| information.policy).collect();
    policies.sort_unstable();
    if let Some([policy, ..]) = policies.windows(2).find(|pair| pair.first() == pair.last()) {
        note(Kind::PolicyTwice { oid: policy.to_string() });
    }
}

/// Alternative names, section 4.2.1.6.
fn alternative_names(
    certificate: &Certificate,
    known: &Known<'_>,
    underscores: Underscores,
    note: &mut impl FnMut(Kind),
) {
    let has_subject = !certificate.subject().is_empty();
    let Some(stated) = &known.subject_alt_name else {
        if !has_subject {
            note(Kind::NoNameAtAll);
        }
        return;
    };
    if !has_subject && !stated.critical {
        note(Kind::AltNameNotCritical);
    }
    let Some(names) = stated.decoded() else { return };
    if names.names().next().is_none() {
        note(Kind::AltNameEmpty);
    }
    for name in names.names() {
        if let Some(fault) = name_fault(&name, underscores) {
            note(Kind::AltNameMalformed { name: name.to_string(), fault });
        }
    }
}

/// What is wrong with a name, if its kind demands another form.
pub(crate) fn name_fault(name: &GeneralName<'_>, underscores: Underscores) -> Option<&'static str> {
    match name {
        // Of those who tolerate much, another check speaks of addresses.
        GeneralName::Dns(text) if underscores == Underscores::Tolerated && text.to_str().parse::<IpAddr>().is_ok() => {
            None
        }
        GeneralName::Dns(text) => {
            let is_well_formed = dns::is_presentable(text.0, underscores);
            (!is_well_formed).then(|| dns_fault(*text))
        }
        GeneralName::Uri(text) if is_absolute_uri(text.0) => None,
        GeneralName::Uri(text) => text_fault(*text).or(Some("has no scheme such as `urn:`")),
        GeneralName::Email(text) if is_mailbox(text.0) => None,
        GeneralName::Email(text) => text_fault(*text).or(Some("is not a mailbox")),
        GeneralName::Ip(octets) => (!matches!(octets.len(), 4 | 16)).then_some("has neither 4 nor 16 bytes"),
        GeneralName::Directory(name) => {
            let is_well_formed = !name.is_empty() && name.attributes().all(|attribute| attribute.is_ok());
            (!is_well_formed).then_some("is not a distinguished name")
        }
        GeneralName::Unknown { .. } => Some("is of a kind that does not exist"),
        _ => None,
    }
}

fn text_fault(text: Text<'_>) -> Option<&'static str> {
    match text.0 {
        [] => Some("is empty"),
        octets if octets.iter().any(u8::is_ascii_whitespace) => Some("has a blank"),
        octets if octets.iter().any(u8::is_ascii_control) => Some("has a control character"),
        octets if !octets.is_ascii() => Some("has a character outside ASCII"),
        _ => None,
    }
}

/// What keeps a text from being a host name.
fn dns_fault(text: Text<'_>) -> &'static str {
    let name = text.to_str();
    let base = name.strip_prefix("*.").unwrap_or(&name);
    if let Some(fault) = text_fault(text) {
        return fault;
    }
    match () {
        () if name.parse::<IpAddr>().is_ok() => "is an address, not a host name",
        () if name.contains('/') => "is a URL, not a host name",
        () if name.contains(':') => "has a port",
        () if base.contains('*') => "has a `*` that is not the entire first label",
        () if name.len() > 253 || name.split('.').any(|label| label.len() > 63) => "is longer than DNS allows",
        () if name.split('.').any(str::is_empty) => "has an empty label",
        () => "has a character that host names cannot have there",
    }
}

/// Says whether there is a scheme and something after it, all in ASCII (RFC 3986 section 3).
fn is_absolute_uri(uri: &[u8]) -> bool {
    let Some(colon) = uri.iter().position(|octet| *octet == b':') else { return false };
    let (scheme, rest) = uri.split_at_checked(colon).unwrap_or_default();
    let is_scheme = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'-' | b'.');
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(is_scheme)
        && rest.len() > 1
        && rest.iter().all(u8::is_ascii_graphic)
}

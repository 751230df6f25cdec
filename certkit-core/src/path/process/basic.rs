//! Validity, extensions, basic constraints, path length, key usage and purposes (RFC 5280 sections 6.1.3 to 6.1.5).

use super::super::found::Path;
use super::{Fact, Inputs, Kind, Leaf, Member};
use crate::cert::extension::{KeyUsage, SubjectAltName};
use crate::cert::{Certificate, GeneralName, Known, Malformed, Stated};
use crate::crypto::key::KeyKind;
use crate::oid;

/// Notes fields that cannot be decoded, and keys that are not sound.
pub(super) fn fields(member: &Member<'_>, facts: &mut Vec<Fact>) {
    let mut note = |kind| facts.push(Fact::new(member.index, kind));
    member.certificate.undecodable_fields().for_each(|malformed| note(Kind::FieldUnreadable(malformed)));
    let Ok(key) = member.certificate.public_key() else { return };
    if let Some(fault) = key.fault() {
        note(Kind::KeyUnsound { key: key.to_string(), fault });
    } else if matches!((&key.kind, key.bits), (KeyKind::Ec { .. }, [2 | 3, ..])) {
        note(Kind::PointCompressed);
    }
    if key.kind == (KeyKind::EcOther { curve: None }) {
        note(Kind::CurveExplicit);
    }
}

pub(super) fn validity(member: &Member<'_>, inputs: &Inputs<'_>, facts: &mut Vec<Fact>) {
    let mut note = |kind| facts.push(Fact::new(member.index, kind));
    // Of the anchor, too: OpenSSL reads its times like any other's.
    let times =
        [(member.certificate.not_before_time(), "notBefore"), (member.certificate.not_after_time(), "notAfter")];
    for (_, part) in times.into_iter().filter(|(time, _)| time.as_ref().is_ok_and(|time| !time.is_strict)) {
        note(Kind::TimeMisspelt { part });
    }
    match member.certificate.not_before() {
        Ok(from) if from > inputs.moment => note(Kind::NotYetValid { from, at: inputs.moment }),
        Ok(_) | Err(_) => {}
    }
    match member.certificate.not_after() {
        Ok(since) if since < inputs.moment => note(Kind::Expired { since, at: inputs.moment }),
        Ok(_) | Err(_) => {}
    }
}

/// Says whether a certificate has its issuer's name, and nothing in it tells its issuer's key from its own.
///
/// OpenSSL then takes it for self-signed (`X509_check_akid` of the certificate against itself).
pub fn is_own_issuer(certificate: &Certificate, known: &Known<'_>) -> bool {
    if !certificate.is_self_issued() {
        return false;
    }
    let Some(authority) = known.authority_key_identifier.as_ref().and_then(Stated::decoded) else { return true };
    let own = known.subject_key_identifier.as_ref().and_then(Stated::decoded);
    let is_other_key = authority.key_id.zip(own).is_some_and(|(named, own)| named != own.0);
    let own_serial = certificate.serial();
    let is_other_serial = authority.serial.is_some_and(|named| named.as_bytes() != own_serial.as_bytes());
    let directory = |name| if let GeneralName::Directory(name) = name { Some(name) } else { None };
    let named = authority.issuer.and_then(|names| names.iter().find_map(directory));
    let is_other_name = named.is_some_and(|named| !named.matches(&certificate.issuer()));
    !is_other_key && !is_other_serial && !is_other_name
}

/// Says whether a certificate is its own issuer, by its name and key identifiers.
pub(crate) fn is_root(certificate: &Certificate) -> bool {
    is_own_issuer(certificate, &Known::of(certificate))
}

/// Gives why an extension cannot be decoded.
fn fault<T>(slot: Option<&Stated<T>>) -> Option<(Malformed, bool)> {
    let stated = slot?;
    stated.value.as_ref().err().map(|malformed| (*malformed, stated.critical))
}

/// Gives the alternative name that stops strict decoders.
fn unsound_name(slot: Option<&Stated<SubjectAltName<'_>>>) -> Option<(Malformed, bool)> {
    let stated = slot?;
    let source = stated.decoded()?.fault()?;
    Some((Malformed { part: "subjectAltName", source }, stated.critical))
}

/// Gives why netscapeCertType cannot be decoded.
fn unread_type(certificate: &Certificate) -> Option<(Malformed, bool)> {
    let extension = certificate.extensions().find(oid::NETSCAPE_CERT_TYPE)?;
    let mut reader = extension.reader();
    let source = reader.bit_string().and_then(|_| reader.finish()).err()?;
    Some((Malformed { part: "netscapeCertType", source }, extension.critical))
}

/// Notes critical extensions that are unknown, and extensions that cannot be decoded or stand there twice.
pub(super) fn extensions(member: &Member<'_>, facts: &mut Vec<Fact>) {
    let Known {
        authority_key_identifier,
        subject_key_identifier,
        key_usage,
        certificate_policies,
        policy_mappings,
        subject_alt_name,
        issuer_alt_name,
        basic_constraints,
        name_constraints,
        policy_constraints,
        extended_key_usage,
        crl_distribution_points,
        inhibit_any_policy,
        freshest_crl,
        authority_info_access,
        unknown_critical,
        duplicate,
    } = member.known;
    let faults = [
        fault(authority_key_identifier.as_ref()),
        fault(subject_key_identifier.as_ref()),
        fault(key_usage.as_ref()),
        fault(certificate_policies.as_ref()),
        fault(policy_mappings.as_ref()),
        fault(subject_alt_name.as_ref()),
        fault(issuer_alt_name.as_ref()),
        fault(basic_constraints.as_ref()),
        fault(name_constraints.as_ref()),
        fault(policy_constraints.as_ref()),
        fault(extended_key_usage.as_ref()),
        fault(crl_distribution_points.as_ref()),
        fault(inhibit_any_policy.as_ref()),
        fault(freshest_crl.as_ref()),
        fault(authority_info_access.as_ref()),
    ];
    let strict = [unsound_name(subject_alt_name.as_ref()), unread_type(member.certificate)];
    for (malformed, critical) in faults.into_iter().chain(strict).flatten() {
        facts.push(Fact::new(member.index, Kind::ExtensionUnreadable { malformed, critical }));
    }
    if let Some(oid) = duplicate {
        facts.push(Fact::new(member.index, Kind::ExtensionTwice { oid: oid.to_string() }));
    }
    for oid in unknown_critical {
        let oid = oid.to_string();
        facts.push(Fact::new(member.index, Kind::UnknownCriticalExtension { oid }));
    }
}

/// Notes what keeps a certificate from issuing the ones below it (6.1.4 k to n), or those that it is to issue.
pub(super) fn issuer(member: &Member<'_>, path: &[Member<'_>], inputs: &Inputs<'_>, facts: &mut Vec<Fact>) {
    let mut note = |kind| facts.push(Fact::new(member.index, kind));
    match member.known.basic_constraints.as_ref().map(Stated::decoded) {
        None => {
            let version = member.certificate.version();
            // Of version 2 programs want to be told, like of version 3.
            let is_old_root = version == 1 && member.is_self_issued && member.index.saturating_add(1) == path.len();
            note(if is_old_root { Kind::AnchorTooOld(version) } else { Kind::NoBasicConstraints });
        }
        Some(None) => {}
        Some(Some(constraints)) => {
            if !constraints.ca {
                note(Kind::NotACa);
            }
            // A leaf that issues nothing does not count, nor does what is self-issued (4.2.1.9).
            let is_counted = |other: &&Member<'_>| {
                let issues = other.index > 0 || (inputs.leaf == Leaf::Authority && other.known.is_ca());
                issues && !other.is_self_issued
            };
            let found = path.iter().take(member.index).filter(is_counted).count();
            let found = u32::try_from(found).unwrap_or(u32::MAX);
            if let Some(allowed) = constraints.path_length.filter(|allowed| found > *allowed) {
                note(Kind::PathLengthExceeded { allowed, found });
            }
        }
    }
    if let Some(usage) = member.known.usage().filter(|usage| !usage.contains(KeyUsage::KEY_CERT_SIGN)) {
        note(Kind::KeyCertSignMissing { usages: usage.names().collect() });
    }
}

/// Notes purposes that extended key usage does not allow, of the leaf and of those above it.
pub(super) fn purposes(member: &Member<'_>, inputs: &Inputs<'_>, facts: &mut Vec<Fact>) {
    let Some(usage) = member.known.extended_key_usage.as_ref().and_then(Stated::decoded) else { return };
    for purpose in inputs.purposes {
        // What Netscape and Microsoft called server gated cryptography is a server's purpose on old CAs.
        let is_gated = member.index > 0
            && *purpose == oid::SERVER_AUTH
            && (usage.lists(oid::NETSCAPE_SERVER_GATED_CRYPTO) || usage.lists(oid::MICROSOFT_SERVER_GATED_CRYPTO));
        if is_gated || usage.lists(*purpose) {
            continue;
        }
        let oid = purpose.to_string();
        let kind = if usage.allows(*purpose) {
            Kind::PurposeByAnyOnly { oid }
        } else {
            Kind::PurposeNotAllowed { oid, allowed: usage.purposes().map(|it| it.to_string()).collect() }
        };
        facts.push(Fact::new(member.index, kind));
    }
}

/// Notes that there are more intermediates than were asked for.
pub(super) fn depth(path: &Path, members: &[Member<'_>], inputs: &Inputs<'_>, facts: &mut Vec<Fact>) {
    let Some(allowed) = inputs.max_intermediates else { return };
    let last = path.certificates.len().saturating_sub(1);
    let between = members.get(1..last).unwrap_or_default();
    let found = between.iter().filter(|member| !member.is_self_issued).count();
    let found = u32::try_from(found).unwrap_or(u32::MAX);
    if found > allowed {
        facts.push(Fact::new(0, Kind::TooManyIntermediates { allowed, found }));
    }
}

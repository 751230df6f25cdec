//! `crypto/x509` of Go.

use super::Said::{self, AsOfSpecimens, Refused, Taken};
use super::scene::{Scene, is_of_text, is_trailing, is_wildcard_above};
use crate::asn1::{Error, Problem};
use crate::cert::extension::KeyUsage;
use crate::cert::{Malformed, Time, TimeForm};
use crate::crypto::key::KeyFault;
use crate::oid;
use crate::path::process::{Fact, Kind};

/// The extensions that it decodes; what stands in others it leaves as it is.
const DECODED: [oid::Oid<'static>; 10] = [
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::NAME_CONSTRAINTS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::CERTIFICATE_POLICIES,
    oid::AUTHORITY_INFO_ACCESS,
];

pub(super) fn said(fact: &Fact, scene: Scene<'_>) -> Said {
    let at = fact.certificate;
    match &fact.kind {
        // Extensions are there from version 3 on.
        Kind::VersionTooOld(4..) | Kind::VersionUnknown(_) => Refused("x509: invalid version"),
        Kind::VersionTooOld(_) => Said::taken_if(scene.is_anchor(at)),
        Kind::NameNotPermitted { by, .. } | Kind::NameExcluded { by, .. } | Kind::NameIncomparable { by, .. }
            if scene.is_anchor(*by) && scene.version(*by) < 3 =>
        {
            Taken
        }
        kind if scene.is_anchor(at) && scene.version(at) < 3 && is_of_extensions(kind) => Taken,
        Kind::AltNameMalformed { name, .. } if name.starts_with("IP:") => {
            Refused("x509: cannot parse IP address of length")
        }
        // It takes names apart where there is a constraint above.
        Kind::AltNameMalformed { fault: "has an empty label" | "has a blank", .. } if has_constraints(scene) => {
            Refused("x509: cannot parse dnsName")
        }
        Kind::AltNameMalformed { name, .. } => Said::taken_if(name.is_ascii()),
        Kind::MustNotBeCritical { extension } => Said::taken_if(*extension != "freshestCRL"),
        Kind::ShouldNotBeCritical { extension } => Said::taken_if(*extension != "issuerAltName"),
        Kind::TimeMisspelt { part } => {
            let is_general = |it: &Time| it.form == TimeForm::Generalized;
            let is_unread = |it: Time| it.has_fraction || it.has_zero_offset || (is_general(&it) && !it.has_seconds);
            if scene.time(at, part).is_some_and(is_unread) { Refused("x509: malformed") } else { Taken }
        }
        // Attributes of names `besides` looks at.
        Kind::FieldUnreadable(malformed)
            if matches!(malformed.part, "subject" | "issuer") && is_of_text(&malformed.source) =>
        {
            Taken
        }
        Kind::ExtensionUnreadable { malformed, .. }
            if !DECODED.iter().any(|it| it.name() == Some(malformed.part))
                || (malformed.part == "subjectAltName" && scene.lists_alternative_names(at)) =>
        {
            Taken
        }
        Kind::ExtensionUnreadable { malformed, .. }
            if malformed.part == "keyUsage" && is_trailing(&malformed.source) =>
        {
            let may_sign = scene.usage(at).is_none_or(|it| it.is_empty() || it.contains(KeyUsage::KEY_CERT_SIGN));
            if at == 0 || may_sign { Taken } else { Refused("x509: certificate signed by unknown authority") }
        }
        // Octets behind a value it leaves, and it counts down from -1 as well.
        Kind::ExtensionUnreadable { malformed, .. } => {
            let is_negative = malformed.part == "basicConstraints" && !is_structural(malformed);
            if is_trailing(&malformed.source) || is_negative { Taken } else { Refused("x509: invalid") }
        }
        // No usage at all is as good as none stated.
        Kind::KeyCertSignMissing { usages } => Said::taken_if(usages.is_empty()),
        Kind::PurposeNotAllowed { allowed, .. } => Said::taken_if(allowed.is_empty()),
        Kind::NameExcluded { name, subtree, .. } if is_wildcard_above(name, subtree) => Taken,
        // Of curves that it does not know, `besides` tells; a length it does not mind; a name without anything is one, to it.
        Kind::IssuerEmpty | Kind::CaSubjectEmpty | Kind::KeyWeak { .. } | Kind::KeyUnknown { .. } => Taken,
        Kind::NotDer(error)
            if error.is_of_order()
                || scene.is_behind_extension(at, error.offset)
                || scene.extension_at(at, error.offset).is_some_and(|it| !DECODED.contains(&it)) =>
        {
            Taken
        }
        Kind::NotDer(error) if error.is_of_integer() => Refused("x509: malformed"),
        Kind::KeyUnsound { key, fault: KeyFault::NoPoint } => Said::taken_if(key.starts_with("Ed")),
        // `besides` tells of every exponent that is too long for it.
        Kind::KeyUnsound { fault: KeyFault::Exponent | KeyFault::ExponentTooLong, .. } => Taken,
        _ => AsOfSpecimens,
    }
}

fn has_constraints(scene: Scene<'_>) -> bool {
    (1..scene.path.certificates.len()).any(|at| scene.version(at) == 3 && !scene.subtrees(at).is_empty())
}

fn is_structural(malformed: &Malformed) -> bool {
    !matches!(malformed.source.problem, Problem::Value(_))
}

/// Whether something is told by an extension.
fn is_of_extensions(kind: &Kind) -> bool {
    let is_inside = |error: &Error| !error.is_of_integer();
    matches!(kind, Kind::NotDer(error) if is_inside(error))
        || matches!(
            kind,
            Kind::NoBasicConstraints
                | Kind::NotACa
                | Kind::KeyCertSignMissing { .. }
                | Kind::PathLengthExceeded { .. }
                | Kind::PurposeNotAllowed { .. }
                | Kind::ExtensionUnreadable { .. }
                | Kind::UnknownCriticalExtension { .. }
                | Kind::ConstraintUnsound { .. }
                | Kind::NameConstraintsEmpty
                | Kind::ExtensionTwice { .. }
        )
}

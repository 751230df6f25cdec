//! rustls-webpki.

use super::Said::{self, AsOfSpecimens, Refused, Taken};
use super::besides::{Besides, is_over_sha_224};
use super::scene::Scene;
use crate::asn1::{Problem, Tag};
use crate::cert::GeneralName;
use crate::check::rfc5280::constraints::NAME_NOT_PERMITTED;
use crate::check::rfc5280::extensions::EXTENSION_UNDECODABLE;
use crate::check::rfc5280::fields::{FIELD_UNDECODABLE, VERSION_NOT_3};
use crate::check::rfc5280::form::names::UNIQUE_IDENTIFIER_PRESENT;
use crate::check::rfc5280::signature::SIGNATURE_NOT_VERIFIABLE;
use crate::check::webpki::usage::CA_EXCLUDES_SERVER_AUTH;
use crate::crypto::key::KeyFault;
use crate::crypto::signature::SignatureAlgorithm;
use crate::moment::Moment;
use crate::oid;
use crate::path::process::{Fact, Kind};

const BAD_DER: &str = "BadDer";
const UNSUPPORTED: &str = "UnsupportedSignatureAlgorithmContext";

/// The extensions that it decodes; what stands in others it leaves as it is.
const DECODED: [oid::Oid<'static>; 5] = [
    oid::BASIC_CONSTRAINTS,
    oid::EXTENDED_KEY_USAGE,
    oid::NAME_CONSTRAINTS,
    oid::SUBJECT_ALT_NAME,
    oid::CRL_DISTRIBUTION_POINTS,
];

pub(super) fn said(fact: &Fact, scene: Scene<'_>) -> Said {
    let at = fact.certificate;
    match &fact.kind {
        Kind::CaCurveUnusual { .. } => return AsOfSpecimens,
        Kind::KeyWeak { .. } if at > 0 && scene.curve(at).is_some() => {
            return Refused("UnsupportedSignatureAlgorithmForPublicKeyContext");
        }
        Kind::KeyWeak { .. } if at > 0 => return Refused("InvalidSignatureForPublicKey"),
        Kind::ExtensionTwice { oid } if !is_read(oid) => return Taken,
        Kind::FieldUnreadable(malformed) if scene.is_anchor(at) && malformed.part.starts_with("not") => return Taken,
        _ => {}
    }
    // An anchor is a name and a key to it; what cannot be decoded it does not take for an anchor, either.
    let is_of_form =
        !matches!(fact.kind, Kind::FieldUnreadable(_) | Kind::ExtensionTwice { .. } | Kind::VersionTooOld(_));
    if scene.is_anchor(at) && is_of_form && !matches!(fact.kind, Kind::ExtensionUnreadable { .. }) {
        return Taken;
    }
    match &fact.kind {
        Kind::ShouldNotBeCritical { extension } => Said::taken_if(*extension != "issuerAltName"),
        Kind::FieldUnreadable(malformed) => Said::taken_if(!malformed.part.starts_with("not")),
        // `besides` tells of every exponent that is too long for it.
        Kind::KeyUnsound { fault: KeyFault::ExponentTooLong, .. } => Taken,
        Kind::CaWithoutKeyCertSign => Said::taken_if(at > 0),
        Kind::UnknownCriticalExtension { oid } => Said::taken_if(*oid == oid::CT_SCT_LIST.to_string()),
        Kind::ExtensionUnreadable { malformed, .. } => {
            let is_decoded = DECODED.iter().any(|it| it.name() == Some(malformed.part));
            let is_list = malformed.part == "subjectAltName" && scene.lists_alternative_names(at);
            let is_value =
                malformed.part != "basicConstraints" && matches!(malformed.source.problem, Problem::Value(_));
            if is_decoded && !is_list && !is_value { Refused(BAD_DER) } else { Taken }
        }
        Kind::NotDer(error) => {
            let within = scene.extension_at(at, error.offset);
            Said::taken_if(error.is_of_order() || within.is_some_and(|it| !DECODED.contains(&it)))
        }
        Kind::AnchorIssuedByOther { .. } if at == 0 => Refused("UnknownIssuer"),
        Kind::IssuerEmpty | Kind::CaSubjectEmpty => Said::taken_if(scene.path.is_anchored()),
        // Ranges it compares where there is an address.
        Kind::ConstraintUnsound { subtree } if subtree.starts_with("IP:") => {
            Said::taken_if(!scene.has_name(0, |name| matches!(name, GeneralName::Ip(_))))
        }
        _ => AsOfSpecimens,
    }
}

/// Whether it reads an extension, of which it then takes no second one.
fn is_read(dotted: &str) -> bool {
    let also = [oid::KEY_USAGE, oid::CT_SCT_LIST];
    DECODED.iter().chain(&also).any(|it| it.to_string() == dotted)
}

/// What no fact of a path speaks of.
pub(super) fn besides(scene: Scene<'_>) -> Vec<Besides> {
    let below = (0..scene.path.certificates.len()).filter(|at| !scene.is_anchor(*at));
    // Of an anchor it has the constraints on names.
    let is_of_directory =
        |at: &usize| scene.subtrees(*at).iter().any(|(tree, _)| matches!(tree.base, GeneralName::Directory(_)));
    let constrained = (1..scene.path.certificates.len()).filter(is_of_directory);
    let constrained = constrained.map(|at| Besides::said(&NAME_NOT_PERMITTED, at, "NameConstraintViolation"));
    below.flat_map(|at| of_one(at, scene)).chain(constrained).collect()
}

fn of_one(at: usize, scene: Scene<'_>) -> Vec<Besides> {
    let Some(certificate) = scene.certificate(at) else { return Vec::new() };
    let algorithm = certificate.signature_algorithm();
    let has_null = matches!(algorithm, Ok(SignatureAlgorithm::Ecdsa(_)))
        && certificate.signature_algorithm_der().ends_with(&[Tag::NULL.0, 0]);
    let timestamps = certificate.extensions().find(oid::CT_SCT_LIST);
    let is_early = |time: Result<Moment, _>| time.is_ok_and(|time| time < Moment::from_unix(0));
    let refused = [
        (certificate.version() != 3, &VERSION_NOT_3, "UnsupportedCertVersion"),
        (certificate.has_unique_identifiers(), &UNIQUE_IDENTIFIER_PRESENT, "TrailingData"),
        (has_null || is_over_sha_224(at, scene), &SIGNATURE_NOT_VERIFIABLE, UNSUPPORTED),
        (is_early(certificate.not_before()), &FIELD_UNDECODABLE, "BadDerTime"),
        (at > 0 && scene.is_gated_alone(at), &CA_EXCLUDES_SERVER_AUTH, "RequiredEkuNotFoundContext"),
        (timestamps.is_some_and(|it| it.reader().expect(Tag::OCTET_STRING).is_err()), &EXTENSION_UNDECODABLE, BAD_DER),
    ];
    refused
        .into_iter()
        .filter(|(is_refused, ..)| *is_refused)
        .map(|(_, check, words)| Besides::said(check, at, words))
        .collect()
}

//! OpenSSL, and Python, which has it inside.

use super::Said::{self, AsOfSpecimens, Refused, Taken};
use super::scene::{Scene, is_gated, is_trailing, is_wildcard_above};
use crate::cert::Certificate;
use crate::cert::extension::KeyUsage;
use crate::crypto::key::{Curve, KeyFault, KeyKind};
use crate::crypto::signature::SignatureAlgorithm;
use crate::oid;
use crate::path::process::{Fact, Kind};
use crate::path::revocation::{Reason, WhyUseless};

const NOT_BEFORE: &str = "13 format error in certificate's notBefore field";
const SIGNATURE_FAILURE: &str = "7 certificate signature failure";
const NO_ISSUER: &str = "20 unable to get local issuer certificate";
const NO_CA: &str = "79 invalid CA certificate";
const NO_PURPOSE: &str = "26 unsuitable certificate purpose";

/// The extensions that it decodes of every certificate before it looks for its issuer (`x509v3_cache_extensions`).
const DECODED: [oid::Oid<'static>; 9] = [
    oid::BASIC_CONSTRAINTS,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::SUBJECT_ALT_NAME,
    oid::NAME_CONSTRAINTS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::NETSCAPE_CERT_TYPE,
];

/// Extensions that others do not know and that it takes where they are critical (`X509_supported_extension`).
const SUPPORTED: [oid::Oid<'static>; 4] =
    [oid::NETSCAPE_CERT_TYPE, oid::OCSP_NO_CHECK, oid::IP_ADDRESS_BLOCKS, oid::AUTONOMOUS_SYSTEMS];

/// Keys that certkit knows no strength of, and that it reads.
const READ_KEYS: [oid::Oid<'static>; 4] = [oid::X25519, oid::X448, oid::DIFFIE_HELLMAN, oid::DIFFIE_HELLMAN_OF_X942];

pub(super) fn said(fact: &Fact, scene: Scene<'_>) -> Said {
    let at = fact.certificate;
    match &fact.kind {
        Kind::Distrusted { is_of_openssl: true, .. } => Refused("28 certificate rejected"),
        // What others write beside a certificate it does not read.
        Kind::Distrusted { .. } => Taken,
        Kind::TimeMisspelt { part: "notBefore" } => Refused(NOT_BEFORE),
        Kind::FieldUnreadable(malformed) if malformed.part == "notBefore" => Refused(NOT_BEFORE),
        Kind::UsageUnfitForTls { is_for_old_tls, .. } => Said::taken_if(*is_for_old_tls),
        Kind::PurposeNotAllowed { oid, allowed } if at == 0 && is_gated(oid, allowed) => Taken,
        Kind::ExtensionUnreadable { malformed, .. }
            if malformed.part == "basicConstraints" && scene.has_huge_path_length(at) =>
        {
            Taken
        }
        Kind::UnknownCriticalExtension { oid } => {
            Said::taken_if(SUPPORTED.iter().any(|supported| supported.to_string() == *oid))
        }
        Kind::ShouldNotBeCritical { extension } => Said::taken_if(*extension != "issuerAltName"),
        Kind::ExtensionUnreadable { malformed, .. }
            if malformed.part == "keyUsage" && is_trailing(&malformed.source) =>
        {
            usage(at, scene)
        }
        Kind::ExtensionUnreadable { malformed, .. }
            if malformed.part == "extKeyUsage" && is_trailing(&malformed.source) =>
        {
            if scene.excludes_servers(at) {
                Refused(NO_PURPOSE)
            } else {
                Taken
            }
        }
        Kind::ExtensionUnreadable { malformed, .. } => {
            let is_decoded = DECODED.iter().any(|it| it.name() == Some(malformed.part));
            if is_decoded && !is_trailing(&malformed.source) { Refused(NO_ISSUER) } else { Taken }
        }
        Kind::ExtensionTwice { oid } => Said::taken_if(!DECODED.iter().any(|it| it.to_string() == *oid)),
        // What has keyCertSign and no basicConstraints is a CA to it at the top.
        Kind::NoBasicConstraints => Said::taken_if(scene.is_root(at) && scene.has_usage(at, KeyUsage::KEY_CERT_SIGN)),
        // The two are compared where the signature is verified.
        Kind::AlgorithmsDiffer { .. } if scene.is_anchor(at) => {
            let signed =
                scene.certificate(at).and_then(|it| SignatureAlgorithm::from_der(it.signed_algorithm_der()).ok());
            Said::taken_if(signed.is_some_and(|it| it.is_known()))
        }
        // Addresses it compares in its own way.
        Kind::ConstraintUnsound { subtree } => Said::taken_if(subtree.starts_with("IP:")),
        Kind::NameExcluded { name, subtree, .. } if is_wildcard_above(name, subtree) => Taken,
        Kind::NameNotPermitted { name, .. } | Kind::NameExcluded { name, .. } | Kind::NameIncomparable { name, .. } => {
            Said::taken_if(name.starts_with("IP:"))
        }
        // A leaf that is trusted itself it does not find as its own issuer.
        Kind::AnchorIssuedByOther { .. } if at == 0 => Refused(NO_ISSUER),
        // A delta alone is a list to it, and what a list takes back is not revoked.
        Kind::Revoked { reason: Some(Reason::REMOVED), .. } => Taken,
        Kind::RevocationUnknown { useless, .. } if matches!(useless.as_slice(), [WhyUseless::Indirect]) => {
            Refused("3 unable to get certificate CRL")
        }
        Kind::RevocationUnknown { useless, .. } => {
            let is_taken = |it: &WhyUseless| {
                matches!(
                    it,
                    WhyUseless::DeltaAlone
                        | WhyUseless::ExtensionTwice(_)
                        | WhyUseless::NoNextUpdate
                        | WhyUseless::VersionUnknown(_)
                )
            };
            Said::taken_if(!useless.is_empty() && useless.iter().all(is_taken))
        }
        Kind::KeyUnknown { .. } => {
            if is_unread_key(at, scene) {
                Refused("1 unspecified certificate verification error")
            } else {
                AsOfSpecimens
            }
        }
        Kind::IssuerHasTwin { twins, .. } => Said::taken_if(!twins.mislead_openssl()),
        // The security level of Python takes this curve.
        Kind::KeyWeak { .. } => Said::taken_if(scene.curve(at) == Some(Curve::P224)),
        // A name without anything is one, to it.
        Kind::CaSubjectEmpty | Kind::IssuerEmpty => Taken,
        // Of a key on Edwards' curves it does not look at the point until it is used.
        Kind::KeyUnsound { key, fault: KeyFault::NoPoint } => Said::taken_if(at == 0 && key.starts_with("Ed")),
        // Nor does it compute with such a key unless it has signed something.
        Kind::KeyUnsound { fault: KeyFault::ExponentTooLong, .. } if at > 0 => Refused(SIGNATURE_FAILURE),
        Kind::KeyUnsound { fault: KeyFault::ExponentTooLong, .. } => Taken,
        _ => AsOfSpecimens,
    }
}

/// Whether a key is of an algorithm that it does not have.
pub(super) fn is_unread_key(at: usize, scene: Scene<'_>) -> bool {
    let key = scene.certificate(at).map(Certificate::public_key);
    matches!(key, Some(Ok(key)) if matches!(key.kind, KeyKind::Other(oid) if !READ_KEYS.contains(&oid)))
}

/// What it makes of a keyUsage behind which octets follow: it leaves them, and reads the usage.
fn usage(at: usize, scene: Scene<'_>) -> Said {
    let Some(usage) = scene.usage(at) else { return Taken };
    let for_tls = [KeyUsage::DIGITAL_SIGNATURE, KeyUsage::KEY_ENCIPHERMENT, KeyUsage::KEY_AGREEMENT];
    let is_fit =
        if at == 0 { for_tls.iter().any(|it| usage.contains(*it)) } else { usage.contains(KeyUsage::KEY_CERT_SIGN) };
    match (usage.is_empty(), is_fit) {
        (true, _) => Refused(NO_ISSUER),
        (false, true) => Taken,
        (false, false) if at == 0 => Refused(NO_PURPOSE),
        (false, false) => Refused(NO_CA),
    }
}

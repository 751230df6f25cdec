//! The trust manager of Java.

use super::Said::{self, AsOfSpecimens, Refused, Taken};
use super::scene::{Scene, is_gated, is_of_text, is_wildcard_above};
use crate::cert::{Certificate, Time, TimeForm};
use crate::crypto::key::{KeyFault, KeyKind};
use crate::oid;
use crate::path::process::{Fact, Kind};
use crate::path::revocation::{Misnomer, NO_NEXT_UPDATE, WhyUseless};

const NO_CA: &str = "ValidatorException: TrustAnchor with subject";
const REVOKED: &str = "CertificateRevokedException: Certificate has been revoked, reason: UNSPECIFIED, revocation date";
const OTHER_KEY: &str = "CertPathValidatorException: Path does not chain with any of the trust anchors";

pub(super) fn said(fact: &Fact, scene: Scene<'_>) -> Said {
    let at = fact.certificate;
    match &fact.kind {
        Kind::IssuerHasTwin { twins, .. } => Said::taken_if(!twins.mislead_java()),
        // What stops its decoder, wherever it stands.
        Kind::FieldUnreadable(malformed) => match malformed.part {
            "notBefore" | "notAfter" => Said::taken_if(scene.is_no_day(at, malformed, 59)),
            "subject" | "issuer" if scene.has_surrogates(at) => {
                Refused("IOException: Illegal character in BMPString, index:")
            }
            "subject" | "issuer" => Said::taken_if(is_of_text(&malformed.source)),
            _ => AsOfSpecimens,
        },
        Kind::TimeMisspelt { part } => {
            let is_unread =
                |it: Time| it.form == TimeForm::Utc && (it.has_fraction || (it.has_offset && !it.has_seconds));
            Said::taken_if(!scene.time(at, part).is_some_and(is_unread))
        }
        Kind::ExtensionUnreadable { malformed, critical } => unreadable(malformed.part, *critical, at, scene),
        Kind::ConstraintUnsound { subtree } if subtree.starts_with("IP:") && scene.has_odd_range(at) => {
            if scene.has_critical(at, oid::NAME_CONSTRAINTS) {
                Refused("IOException: Invalid IPAddressName")
            } else {
                Taken
            }
        }
        Kind::NotDer(error) if error.is_of_integer() && !has_octets(at, error.offset, scene) => {
            Refused("IOException: Invalid encoding: zero length Int value")
        }
        Kind::NotDer(_) => Taken,
        Kind::KeyUnsound { fault: KeyFault::ExponentTooLong, .. } => {
            Refused("InvalidKeyException: RSA exponents can be no longer than 64 bits")
        }
        Kind::KeyUnsound { fault: KeyFault::TooLong, .. } => AsOfSpecimens,
        Kind::KeyUnsound { fault: KeyFault::Exponent, .. } => Said::taken_if(!has_exponent_1(at, scene)),
        Kind::ExtensionTwice { .. } | Kind::VersionTooOld(_) | Kind::AlgorithmsDiffer { .. } | Kind::IssuerEmpty => {
            AsOfSpecimens
        }
        Kind::CaSubjectEmpty | Kind::CaCurveUnusual { .. } | Kind::CurveExplicit => AsOfSpecimens,
        // Of an anchor it looks whether it is a CA; of one of version 1 or 2 at nothing.
        Kind::NoBasicConstraints | Kind::NotACa | Kind::KeyCertSignMissing { .. } if scene.is_anchor(at) => {
            if scene.version(at) < 3 { Taken } else { Refused(NO_CA) }
        }
        // A leaf that is trusted itself is not looked at.
        _ if scene.is_trusted_leaf() => Taken,
        Kind::KeyWeak { .. } | Kind::KeyUnknown { .. } => {
            if is_too_short(at, scene) {
                Refused("CertPathValidatorException: Algorithm constraints check failed on")
            } else {
                Taken
            }
        }
        _ if scene.is_anchor(at) => Taken,
        // Names that it does not read it does not compare.
        Kind::NameNotPermitted { name, .. } | Kind::NameExcluded { name, .. } | Kind::NameIncomparable { name, .. }
            if at == 0 && !name.starts_with("dirName:") && scene.is_unread_by_java() =>
        {
            Taken
        }
        Kind::NameExcluded { name, subtree, .. } if is_wildcard_above(name, subtree) => Taken,
        // An anchor's constraints do not count.
        Kind::NameNotPermitted { name, by }
        | Kind::NameExcluded { name, by, .. }
        | Kind::NameIncomparable { name, by } => Said::taken_if(scene.is_anchor(*by) || name.starts_with("IP:")),
        Kind::ConstraintUnsound { subtree } => Said::taken_if(subtree.starts_with("IP:")),
        Kind::KeyIdentifiersDiffer => {
            let above = at.saturating_add(1);
            let is_other = || scene.names_other_key(at) || (scene.version(above) > 2 && scene.names_other_serial(at));
            if scene.is_anchor(above) && is_other() { Refused(OTHER_KEY) } else { Taken }
        }
        Kind::DigestWeak { algorithm } => Said::taken_if(!algorithm.contains("MD5") && !algorithm.contains("MD2")),
        // It looks at purposes of the leaf alone.
        Kind::PurposeNotAllowed { oid, allowed } => Said::taken_if(at > 0 || is_gated(oid, allowed)),
        Kind::ExtendedKeyUsageEmpty => Said::taken_if(at > 0),
        Kind::ListDeparts { what: NO_NEXT_UPDATE, .. } => {
            Refused("CertPathValidatorException: Could not determine revocation status")
        }
        // Of the signer it compares the key alone.
        Kind::ListMisnamed(Misnomer::Certificate) => Taken,
        Kind::RevocationUnknown { useless, .. }
            if useless.iter().any(|it| matches!(it, WhyUseless::VersionUnknown(_))) =>
        {
            Refused("CRLException: Invalid version")
        }
        Kind::RevocationUnknown { useless, .. } => {
            let is_by_anchor = scene.is_anchor(at.saturating_add(1));
            let names_it = |it: &WhyUseless| matches!(it, WhyUseless::SignerMayNot { names_it: true });
            if is_by_anchor && useless.iter().any(names_it) {
                return Refused(REVOKED);
            }
            let is_read = |it: &WhyUseless| match it {
                // What it says of such a list it says of the departure.
                WhyUseless::NoNextUpdate | WhyUseless::Indirect => true,
                // Of an anchor it does not ask what its key is for.
                WhyUseless::SignerMayNot { .. } => is_by_anchor,
                WhyUseless::TimeMisspelt { time, .. } => {
                    time.form != TimeForm::Utc || (!time.has_fraction && (time.has_seconds || !time.has_offset))
                }
                _ => false,
            };
            Said::taken_if(!useless.is_empty() && useless.iter().all(is_read))
        }
        // It looks at mappings while a policy is left that can be mapped.
        Kind::MapsAnyPolicy => Said::taken_if(!scene.has_policies_above(at)),
        Kind::KeyUnsound { key, fault: KeyFault::NoPoint } => Said::taken_if(at == 0 && has_coordinates(key, scene)),
        _ => AsOfSpecimens,
    }
}

/// An extension that cannot be decoded: where it is critical it stops the decoder.
fn unreadable(part: &str, critical: bool, at: usize, scene: Scene<'_>) -> Said {
    match part {
        "basicConstraints" if scene.is_anchor(at) => Refused(NO_CA),
        "basicConstraints" if at > 0 => Refused("CertPathValidatorException: basic constraints check failed"),
        // The leaf below compares the octets as they are.
        "subjectKeyIdentifier" if scene.is_anchor(at) && scene.named_key(at.saturating_sub(1)).is_some() => {
            Refused(OTHER_KEY)
        }
        _ if critical => Refused("IOException"),
        _ => Taken,
    }
}

/// Whether a key is shorter than `jdk.certpath.disabledAlgorithms` allows.
fn is_too_short(at: usize, scene: Scene<'_>) -> bool {
    let Some(Ok(key)) = scene.certificate(at).map(Certificate::public_key) else { return false };
    match key.kind {
        KeyKind::Ec { curve, .. } => curve.bits() < 224,
        KeyKind::EcOther { .. } => key.coordinate_bits().is_some_and(|bits| bits < 224),
        _ => key.size().is_some_and(|bits| bits < 1024),
    }
}

/// Whether the exponent is the one that its decoder refuses.
fn has_exponent_1(at: usize, scene: Scene<'_>) -> bool {
    scene.certificate(at).and_then(|it| it.public_key().ok()?.exponent_bits()) == Some(1)
}

/// Whether an INTEGER has an octet at least.
fn has_octets(at: usize, offset: usize, scene: Scene<'_>) -> bool {
    scene.certificate(at).and_then(|it| it.der().get(offset.saturating_add(1)).copied()) != Some(0)
}

/// Whether a key has the form of a point, though it lies beside its curve.
fn has_coordinates(key: &str, scene: Scene<'_>) -> bool {
    let bits = scene.certificate(0).and_then(|it| Some(it.public_key().ok()?.bits.to_vec())).unwrap_or_default();
    key.starts_with("Ed") || (matches!(bits.as_slice(), [4, _, ..]) && matches!(bits.len(), 65 | 97 | 133))
}

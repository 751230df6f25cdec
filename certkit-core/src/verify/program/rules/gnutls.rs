//! `certtool --verify` of GnuTLS.

use super::Said::{self, AsOfSpecimens, Refused, Taken};
use super::besides::Besides;
use super::scene::{Scene, is_of_text, is_wildcard_above};
use crate::asn1::Tag;
use crate::cert::{Attribute, GeneralName, Name};
use crate::check::rfc5280::extensions::EXTENSION_UNKNOWN_CRITICAL;
use crate::check::webpki::names::SAN_MALFORMED;
use crate::check::webpki::usage::CA_EXCLUDES_SERVER_AUTH;
use crate::crypto::key::KeyFault;
use crate::oid;
use crate::path::process::{Fact, Kind};
use crate::path::revocation::WhyUseless;

const PARSER: &str = "error parsing CRTs: ASN1 parser: Error in DER parsing";
const CONSTRAINTS: &str = "The certificate chain violates the signer's constraints";
const PURPOSE: &str = "The certificate chain does not match the intended purpose";

pub(super) fn said(fact: &Fact, scene: Scene<'_>) -> Said {
    let at = fact.certificate;
    let is_anchor = scene.is_anchor(at);
    match &fact.kind {
        Kind::IssuerHasTwin { twins, .. } => Said::taken_if(!twins.mislead_gnutls()),
        Kind::AltNameMalformed { fault, .. } => Said::taken_if(*fault != "is empty"),
        Kind::MustNotBeCritical { extension } => Said::taken_if(*extension != "freshestCRL"),
        Kind::FieldUnreadable(malformed) => match malformed.part {
            "notBefore" | "notAfter" => Said::taken_if(scene.is_no_day(at, malformed, 60)),
            "subjectPublicKeyInfo" => Taken,
            _ if is_of_text(&malformed.source) => Taken,
            _ => Refused("ASN1 parser: Error in DER parsing"),
        },
        Kind::TimeMisspelt { part } => {
            Said::taken_if(!scene.time(at, part).is_some_and(|it| it.has_fraction || it.has_offset))
        }
        Kind::UnknownCriticalExtension { oid } => Said::taken_if(*oid == oid::TLS_FEATURE.to_string()),
        Kind::CaSubjectEmpty => Said::taken_if(at == 0),
        Kind::KeyIdentifiersDiffer => {
            Said::taken_if(!scene.names_other_key(at) || scene.named_key(at).is_some_and(<[u8]>::is_empty))
        }
        Kind::AnchorIssuedByOther { .. } if at == 0 => Refused("The certificate issuer is unknown"),
        Kind::LooksSelfSigned => Said::taken_if(at == 0),
        Kind::ExtensionUnreadable { malformed, .. } => match malformed.part {
            "subjectAltName" | "issuerAltName" => Refused(PARSER),
            "basicConstraints" if at > 0 && (!is_of_text(&malformed.source) || scene.has_huge_path_length(at)) => {
                Refused("The certificate issuer is not a CA")
            }
            "keyUsage" if at > 0 => Refused("Not verified. The certificate is NOT trusted"),
            "extKeyUsage" if !is_anchor => Refused(PURPOSE),
            _ => Taken,
        },
        // Somebody has chosen to trust it.
        Kind::NoBasicConstraints => Said::taken_if(scene.is_root(at)),
        Kind::PurposeNotAllowed { .. } | Kind::PurposeByAnyOnly { .. } if is_anchor => Taken,
        Kind::PurposeNotAllowed { allowed, .. } => Said::taken_if(allowed.is_empty()),
        Kind::PurposeByAnyOnly { .. } if at > 0 => Refused(PURPOSE),
        Kind::NameIncomparable { name, .. } => Said::taken_if(name.starts_with("IP:") || name.starts_with("URI:")),
        // Where there is no list that it takes, it asks for none; a date with an offset it does not read. It does not look at
        // the usage of a signer.
        Kind::RevocationUnknown { useless, .. } => {
            if useless.iter().any(|it| matches!(it, WhyUseless::SignerMayNot { names_it: true })) {
                return Refused("The certificate chain is revoked");
            }
            let is_unread = |it: &WhyUseless| matches!(it, WhyUseless::TimeMisspelt { time, .. } if time.has_offset);
            if useless.iter().any(is_unread) { Refused("The DER time encoding is invalid") } else { Taken }
        }
        Kind::NameExcluded { name, subtree, .. } if is_wildcard_above(name, subtree) => Taken,
        // To it what is permitted of one family says nothing about addresses of the other.
        Kind::NameNotPermitted { name, by } if name.starts_with("IP:") => {
            Said::taken_if(!scene.permits_of_family(*by, name.trim_start_matches("IP:").contains(':')))
        }
        // What is permitted of other forms it passes over.
        Kind::NameNotPermitted { name, .. } => Said::taken_if(name.starts_with("dirName:")),
        Kind::ConstraintUnsound { subtree } if subtree.starts_with("IP:") => Refused(CONSTRAINTS),
        Kind::VersionTooOld(version) => Said::taken_if(*version > 3),
        Kind::IssuerSpeltOtherwise { .. } => {
            Said::taken_if(!scene.is_anchor(at.saturating_add(1)) && is_told_alike(at, scene))
        }
        // It computes with any.
        Kind::KeyUnsound { fault: KeyFault::ExponentTooLong, .. } => Taken,
        _ => AsOfSpecimens,
    }
}

/// What no fact of a path speaks of.
pub(super) fn besides(scene: Scene<'_>) -> Vec<Besides> {
    let is_of_old_mail = |name: &GeneralName<'_>| matches!(name, GeneralName::X400(_) | GeneralName::EdiParty(_));
    let all = 0..scene.path.certificates.len();
    let unread = all.clone().filter(|at| scene.has_name(*at, is_of_old_mail));
    let mut found: Vec<Besides> = unread.map(|at| Besides::said(&SAN_MALFORMED, at, PARSER)).collect();
    let above = all.skip(1);
    // Of server gated cryptography it takes what Netscape called it.
    let is_gated = |at: &usize| {
        !scene.is_anchor(*at)
            && scene.is_gated_alone(*at)
            && !scene.lists_purpose(*at, oid::NETSCAPE_SERVER_GATED_CRYPTO)
    };
    found.extend(above.clone().filter(is_gated).map(|at| Besides::said(&CA_EXCLUDES_SERVER_AUTH, at, PURPOSE)));
    // What a CA says of TLS binds whom it issues certificates to.
    let binds = |at: &usize| {
        let below = at.saturating_sub(1);
        let said = scene.extension(*at, oid::TLS_FEATURE);
        said.is_some() && scene.extension(below, oid::TLS_FEATURE) != said
    };
    found.extend(above.filter(binds).map(|at| Besides::said(&EXTENSION_UNKNOWN_CRITICAL, at, CONSTRAINTS)));
    found
}

/// Whether issuer and subject are the same text as RFC 4514 writes them, which it compares of certificates that it was shown.
fn is_told_alike(at: usize, scene: Scene<'_>) -> bool {
    let (Some(lower), Some(upper)) = (scene.certificate(at), scene.certificate(at.saturating_add(1))) else {
        return false;
    };
    let told = |name: Name<'_>| -> Vec<(usize, Vec<u8>, Vec<u8>)> {
        let attributes = name.attributes().filter_map(Result::ok);
        let text = |it: &Attribute<'_>| match it.value.tag {
            Tag::UTF8_STRING | Tag::PRINTABLE_STRING | Tag::TELETEX_STRING => it.value.value.to_vec(),
            Tag::BMP_STRING => it.text().map_or_else(|| it.value.raw.to_vec(), |text| text.as_bytes().to_vec()),
            _ => it.value.raw.to_vec(),
        };
        attributes.map(|it| (it.rdn, it.oid.0.to_vec(), text(&it))).collect()
    };
    told(lower.issuer()) == told(upper.subject())
}

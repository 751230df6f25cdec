//! rustls-webpki.

use super::Said::{self, AsOfSpecimens, Taken};
use super::scene::Scene;
use crate::crypto::key::KeyFault;
use crate::path::process::{Fact, Kind};

pub(super) fn said(fact: &Fact, scene: Scene<'_>) -> Said {
    // An anchor is a name and a key to it; what cannot be decoded it does not take for an anchor, either.
    let is_of_form =
        !matches!(fact.kind, Kind::FieldUnreadable(_) | Kind::ExtensionTwice { .. } | Kind::VersionTooOld(_));
    if let Kind::CaCurveUnusual { .. } = fact.kind {
        return AsOfSpecimens;
    }
    if scene.is_anchor(fact.certificate) && is_of_form {
        return Taken;
    }
    match &fact.kind {
        Kind::ShouldNotBeCritical { extension } => Said::taken_if(*extension != "issuerAltName"),
        Kind::FieldUnreadable(malformed) => Said::taken_if(!malformed.part.starts_with("not")),
        // `besides` tells of every exponent that is too long for it.
        Kind::KeyUnsound { fault: KeyFault::ExponentTooLong, .. } => Taken,
        Kind::CaWithoutKeyCertSign => Said::taken_if(fact.certificate > 0),
        _ => AsOfSpecimens,
    }
}

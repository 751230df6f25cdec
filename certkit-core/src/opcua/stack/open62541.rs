//! open62541 with OpenSSL.

use super::super::validation::{Kind, NoteKind, Objection, Step, Validation};
use super::{Extra, SESSION, Take, is_used_by_name, listed};
use crate::status::StatusCode;

/// What it objects to of itself.
pub(super) fn extra(validation: &Validation) -> Vec<Extra> {
    match validation.notes.iter().any(|note| note.kind == NoteKind::UriNotFirst) {
        // The session is opened after the channel, so every other error comes first.
        true => vec![(SESSION, StatusCode::BAD_CERTIFICATE_INVALID, "it compares only the first URI")],
        false => Vec::new(),
    }
}

/// open62541 looks at each certificate from the leaf upwards, and at trust last.
pub(super) fn take(objection: &Objection, validation: &Validation) -> Take {
    let up = |place: u8| {
        let above = u8::try_from(objection.position).unwrap_or(u8::MAX).min(8);
        place.saturating_add(above.saturating_mul(5))
    };
    match (&objection.kind, objection.step) {
        (_, Step::Structure | Step::Chain) => Take::Same(0),
        (_, Step::Signature) => Take::Same(1),
        (_, Step::Policy) => Take::Not("its certificate group does not check the security policy"),
        (_, Step::HostName) => Take::Not("it does not compare host names"),
        (_, Step::ApplicationUri) => {
            Take::As(SESSION, StatusCode::BAD_CERTIFICATE_INVALID, "it answers BadCertificateInvalid for a wrong URI")
        }
        (Kind::KeyUsageMissing { .. }, _) => Take::Not("it does not check the keyUsage of applications"),
        (Kind::PurposeMissing { .. }, _) => Take::Not("by default it only warns about a wrong extKeyUsage"),
        (_, Step::Validity) => Take::Same(up(10)),
        (_, Step::Usage) => Take::Same(up(11)),
        (Kind::RevocationUnknown { .. }, _) if validation.has_no_list => {
            Take::Not("without any revocation list it skips the check")
        }
        (Kind::RevocationUnknown { useless, is_listed, .. }, _) if useless.iter().any(is_used_by_name) => {
            listed(*is_listed, objection.position, up(12))
        }
        (_, Step::RevocationList | Step::Revocation) => Take::Same(up(12)),
        (_, Step::Trust) => Take::Same(80),
    }
}

//! gopcua, which has neither lists nor a validation of its peers.

use super::super::validation::{NoteKind, Objection, Step, Validation};
use super::{Extra, Take, form};
use crate::cert::Certificate;
use crate::crypto::key::KeyKind;
use crate::status::StatusCode;

const ALL: &str = "it trusts any certificate that its peer presents: it has no lists and compares nothing";

/// What it objects to of itself.
pub(super) fn extra(validation: &Validation) -> Vec<Extra> {
    const KEY: &str = "it supports only RSA keys";
    let leaf = validation.path.certificates.first();
    let key = leaf.map(Certificate::public_key);
    let is_other = key.is_some_and(|key| key.is_ok_and(|key| !matches!(key.kind, KeyKind::Rsa { .. })));
    let mut found = Vec::new();
    if is_other {
        found.push((1, StatusCode::BAD_CERTIFICATE_INVALID, KEY));
    }
    found.extend(leaf.and_then(form::stops_go).map(|why| (0, StatusCode::BAD_CERTIFICATE_INVALID, why)));
    let of_leaf = validation.notes.iter().filter(|note| note.position == 0).map(|note| note.kind);
    for kind in of_leaf {
        match kind {
            // The order of a SET it does not look at.
            NoteKind::NotDer if leaf.and_then(Certificate::first_deviation).is_some_and(|it| it.is_of_order()) => {}
            NoteKind::NotDer => found.push((0, StatusCode::BAD_CERTIFICATE_INVALID, "Go decodes only DER")),
            NoteKind::SerialNegative => {
                found.push((
                    0,
                    StatusCode::BAD_CERTIFICATE_INVALID,
                    "Go decodes no negative serial number from 1.23 on",
                ));
            }
            _ => {}
        }
    }
    found
}

/// Whatever Go can decode is fine.
pub(super) fn take(objection: &Objection) -> Take {
    match objection.step {
        Step::Structure if objection.position == 0 => Take::Same(0),
        _ => Take::Not(ALL),
    }
}

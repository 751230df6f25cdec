//! What is different from the last run, as JSON.

use certkit_core::text::Hex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Change, Known};

/// What became of a place since the last run.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ChangeJson {
    /// `new`, `gone`, `renewed` or `replaced`.
    pub change: String,
    /// The source as the user named it.
    pub source: String,
    /// The path below the source; empty where the source is the place.
    pub place: String,
    /// Its number in its place, counted from 1.
    pub position: u32,
    /// Whether the public key stayed; null where there are not two to compare.
    pub is_key_kept: Option<bool>,
    /// Whether another CA has issued it; null where there are not two to compare.
    pub is_issuer_changed: Option<bool>,
    /// What stood there; null where it is new.
    pub before: Option<KnownJson>,
    /// What stands there; null where it is gone.
    pub after: Option<KnownJson>,
}

/// What stood at a place.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct KnownJson {
    /// RFC 4514.
    pub subject_dn: String,
    /// RFC 4514.
    pub issuer_dn: String,
    /// RFC 3339 UTC: notAfter or nextUpdate.
    pub not_after: Option<String>,
    /// SHA-256 over the whole, in hex.
    pub fingerprint_sha256: String,
}

impl KnownJson {
    fn new(known: &Known) -> KnownJson {
        KnownJson {
            subject_dn: known.subject.clone(),
            issuer_dn: known.issuer.clone(),
            not_after: known.not_after.map(|end| end.to_string()),
            fingerprint_sha256: Hex(known.fingerprint).to_string(),
        }
    }
}

impl ChangeJson {
    /// Describes a change.
    pub fn new(change: &Change) -> ChangeJson {
        let at = change.after().or(change.before());
        ChangeJson {
            change: change.as_str().to_owned(),
            source: at.map(|it| it.source.clone()).unwrap_or_default(),
            place: at.map(|it| it.place.clone()).unwrap_or_default(),
            position: at.map_or(0, |it| it.position),
            is_key_kept: change.keeps_key(),
            is_issuer_changed: change.changes_issuer(),
            before: change.before().map(KnownJson::new),
            after: change.after().map(KnownJson::new),
        }
    }
}

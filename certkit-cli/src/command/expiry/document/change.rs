//! What is different from the last run, as JSON.

use certkit_core::expiry::{Change, Known};
use certkit_core::text::Hex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a place since the last run.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct ChangeJson {
    /// `new`, `gone`, `renewed` or `replaced`.
    pub(crate) change: String,
    pub(crate) source: String,
    pub(crate) place: String,
    pub(crate) position: u32,
    /// Whether the public key stayed; null where there are not two to compare.
    pub(crate) is_key_kept: Option<bool>,
    /// Whether another CA has issued it; null where there are not two to compare.
    pub(crate) is_issuer_changed: Option<bool>,
    pub(crate) before: Option<KnownJson>,
    pub(crate) after: Option<KnownJson>,
}

/// What stood at a place.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct KnownJson {
    pub(crate) subject_dn: String,
    pub(crate) issuer_dn: String,
    pub(crate) not_after: Option<String>,
    pub(crate) fingerprint_sha256: String,
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
    pub(crate) fn new(change: &Change) -> ChangeJson {
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

//! What came of verifying a signature with the keys that were tried.

use std::sync::{Mutex, PoisonError};

use crate::crypto::key::{KeyKind, PublicKey};
use crate::crypto::signature::Failure;

/// Keys that were tried, and what came of it: a long list is hashed once for each.
#[derive(Debug, Default)]
pub(super) struct Tried(Mutex<Vec<Outcome>>);

/// A SubjectPublicKeyInfo, and whether its key verifies the signature.
type Outcome = (Vec<u8>, Result<(), Failure>);

impl Tried {
    /// Asks whether a key verifies the signature, or knows from the last time.
    pub(super) fn verify(&self, key: &PublicKey<'_>, ask: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        let mut tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Inherited parameters are no part of what tells keys apart; such keys are rare enough to be asked again.
        let is_complete = !matches!(key.kind, KeyKind::Dsa { .. });
        if let Some((_, result)) = tried.iter().find(|(spki, _)| is_complete && *spki == key.spki) {
            return *result;
        }
        let result = ask();
        tried.push((key.spki.to_vec(), result));
        result
    }
}

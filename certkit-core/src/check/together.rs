//! What shows only among all keys of a run.

use super::case::called;
use super::{Judgement, Look, Outcome, Profile, Situation, Weight};
use crate::cert::{Certificate, Request};
use crate::crypto::key::{KeyKind, PublicKey};
use crate::crypto::weak::KnownKeys;
use crate::text::Printable;

/// All keys of a run, and the lists of known keys that were named.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// The certificates; a finding is about one of them.
    pub certificates: &'a [Certificate],
    /// The requests, each with the name of its source; a finding about one names it.
    pub requests: &'a [(&'a str, Request)],
    /// The public keys (SubjectPublicKeyInfo) of private keys without a certificate, each with what it is called; a finding
    /// about one names it.
    pub alone: &'a [(String, Vec<u8>)],
    /// Lists of keys whose private half is public.
    pub known: Option<&'a KnownKeys>,
}

impl<'a> Keys<'a> {
    /// The keys that can be decoded, each by its place: the certificates' first.
    pub fn each(&self) -> impl Iterator<Item = (usize, PublicKey<'a>)> {
        let certificates = self.certificates.iter().map(Certificate::public_key);
        let requests = self.requests.iter().map(|(_, it)| it.public_key());
        let alone = self.alone.iter().map(|(_, spki)| PublicKey::from_spki(spki).map_err(|_| ()));
        certificates
            .map(|it| it.map_err(|_| ()))
            .chain(requests.map(|it| it.map_err(|_| ())))
            .chain(alone)
            .enumerate()
            .filter_map(|(at, key)| Some((at, key.ok()?)))
    }

    /// Whose key stands at a place.
    pub fn holder(&self, at: usize) -> String {
        let certificate = self.certificates.get(at).map(|it| called(&it.subject()));
        certificate.or_else(|| self.other(at)).unwrap_or_default()
    }

    /// Whose key stands at a place, where it is no certificate's.
    fn other(&self, at: usize) -> Option<String> {
        let at = at.checked_sub(self.certificates.len())?;
        match self.requests.get(at) {
            Some((source, request)) => {
                Some(format!("the request for {} in {}", called(&request.subject()), Printable(source)))
            }
            None => Some(self.alone.get(at.checked_sub(self.requests.len())?)?.0.clone()),
        }
    }
}

/// The modulus of an RSA key; `None` for one that `key-rsa-modulus-invalid` tells of.
pub(super) fn modulus_of<'k>(key: &PublicKey<'k>) -> Option<&'k [u8]> {
    match key.kind {
        KeyKind::Rsa { modulus, .. } if key.fault().is_none() => Some(modulus),
        _ => None,
    }
}

/// Holds the keys of a run against a profile.
pub fn judge(keys: &Keys<'_>, profile: &Profile) -> Judgement {
    let mut judgement = Judgement::default();
    let situation = |_| Situation::of(profile.setting);
    let about = |(at, outcome): (usize, Outcome)| match keys.other(at) {
        Some(other) => (None, outcome.about(|said| format!("{other}: {said}"))),
        None => (Some(at), outcome),
    };
    for (check, not_met) in profile.checks() {
        let Look::Together(at) = check.look else { continue };
        let weight = Weight { not_met, undetermined: profile.weight_undetermined(check) };
        judgement.record(check, weight, situation, at(keys).into_iter().map(about));
    }
    judgement.sort();
    judgement
}

//! What shows only among all keys of a run.

use super::{Judgement, Look, Profile, Situation, Weight};
use crate::cert::Certificate;
use crate::crypto::weak::KnownKeys;

/// All certificates of a run, and the lists of known keys that were named.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// The certificates; a finding is about one of them.
    pub certificates: &'a [Certificate],
    /// Lists of keys whose private half is public.
    pub known: Option<&'a KnownKeys>,
}

/// Holds the keys of a run against a profile.
pub fn judge(keys: &Keys<'_>, profile: &Profile) -> Judgement {
    let mut judgement = Judgement::default();
    let situation = |_| Situation::of(profile.setting);
    for (check, not_met) in profile.checks() {
        let Look::Together(at) = check.look else { continue };
        let weight = Weight { not_met, untold: profile.weight_untold(check) };
        judgement.record(check, weight, situation, at(keys).into_iter().map(|(at, it)| (Some(at), it)));
    }
    judgement.sort();
    judgement
}

//! What a server allows without log-in: TLS versions and suites, plain text, other web pages, MQTT.
//!
//! Looks at what the probes of [`source::posture`](crate::source::posture) have found. What a probe could not find out is undetermined,
//! never fine.

pub mod http;
pub mod mqtt;
pub mod suites;
pub mod versions;

use super::{Check, Judgement, Look, Outcome, Profile, Situation};
use crate::presented::{Posture, Probe};

/// The topics.
pub static CHECKS: &[&[&Check]] = &[versions::CHECKS, suites::CHECKS, http::CHECKS, mqtt::CHECKS];

/// Holds what probes found against the checks of a profile that look at it. Every check looks.
pub fn judge(posture: &Posture, profile: &Profile) -> Judgement {
    let mut judgement = Judgement::default();
    let situation = |_| Situation::of(profile.setting);
    for (check, severity) in profile.checks() {
        let Look::Probed { applies, at } = check.look else { continue };
        let outcome = applies(posture).then(|| at(posture));
        let weight = super::Weight { not_met: severity, undetermined: profile.weight_undetermined(check) };
        judgement.record(check, weight, situation, outcome.map(|outcome| (None, outcome)));
    }
    judgement.sort();
    judgement
}

/// What a probe gives: the evidence against the requirement, else the reason why it found nothing out, else that it is met.
fn outcome(posture: &Posture, probe: Probe, evidence: Option<String>) -> Outcome {
    match (evidence, posture.why_undetermined(probe)) {
        (Some(evidence), _) => Outcome::NotMet(evidence),
        (None, Some(reason)) => Outcome::Undetermined(reason.to_owned()),
        (None, None) => Outcome::Met,
    }
}

//! A case held against a profile: each of its checks looks.

use super::{Case, Check, Finding, Judgement, Look, Profile, Severity, Situation, Weight, facts};

/// Holds a case against a profile. Every check looks; none hides another.
pub fn judge(case: &Case, profile: &Profile) -> Judgement {
    judge_where(case, profile, |_| true)
}

/// Holds a case against the checks of a profile that are wanted.
fn judge_where(case: &Case, profile: &Profile, is_wanted: impl Fn(&Check) -> bool) -> Judgement {
    let mut judgement = Judgement::default();
    let situation = |subject| Situation::in_case(case, profile, subject);
    let forms = case.forms();
    for (check, not_met) in profile.checks().filter(|(check, _)| is_wanted(check)) {
        let weight = Weight { not_met, undetermined: profile.weight_undetermined(check) };
        match check.look {
            Look::Decoding
            | Look::Endpoints { .. }
            | Look::KeyStore(_)
            | Look::List { .. }
            | Look::Probed { .. }
            | Look::Request { .. } => {}
            #[cfg(feature = "legacy-crypto")]
            Look::Together(_) => {}
            #[cfg(feature = "store")]
            Look::Store { .. } => {}
            Look::Facts(is_met) => judgement.record(check, weight, situation, facts::outcomes(case, check, is_met)),
            Look::Each { applies, at } => {
                let subjects = case.subjects.iter().enumerate().filter(|(_, subject)| applies(case, subject));
                judgement.record(check, weight, situation, subjects.map(|(index, it)| (Some(index), at(case, it))));
            }
            Look::Form(at) => {
                let looks = forms.iter().filter_map(|(index, form)| Some((Some(*index), at(form)?)));
                judgement.record(check, weight, situation, looks);
            }
            Look::Whole { applies, at } => {
                judgement.record(check, weight, situation, applies(case).then(|| (None, at(case))));
            }
        }
    }
    judgement.sort();
    judgement
}

/// What a profile says of the certificates of a path, each by itself, beside what was noted of the path: the checks of form
/// that weigh, each with the position of its certificate. A decision goes by the errors among them.
pub fn forms(case: &Case, profile: &Profile) -> Vec<Finding> {
    let is_of_form = |check: &Check| matches!(check.look, Look::Form(_) | Look::Each { .. });
    let judgement = judge_where(case, profile, is_of_form);
    judgement.findings.into_iter().filter(|it| it.severity > Severity::Info).collect()
}

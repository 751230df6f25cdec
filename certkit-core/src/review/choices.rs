//! What persons have decided: waivers for deviations, and answers to what nobody but a person can tell. Both end.

use super::duties;
use super::duty::Duty;
use crate::moment::Moment;

/// A deviation that somebody accepts until a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The id of a duty or its clause, or the id of a finding.
    pub about: String,
    /// The source it holds for, as it is named; every one where there is none.
    pub source: Option<String>,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// When it ends.
    pub until: Moment,
}

/// What a person says to the question of a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The id of the duty.
    pub duty: String,
    /// Whether the duty is met.
    pub is_met: bool,
    /// Who says so.
    pub by: String,
    /// When it was said.
    pub on: Moment,
    /// When it is to be asked again.
    pub until: Moment,
    /// What else was said.
    pub note: Option<String>,
}

/// All that persons have decided.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// The waivers.
    pub waivers: Vec<Waiver>,
    /// The answers.
    pub answers: Vec<Answer>,
}

/// How long an answer holds that does not say so itself: a year.
pub const ANSWER_DAYS: i64 = 365;

/// Says whether there is a duty of this id or clause, or a finding of this id.
pub fn is_known(about: &str) -> bool {
    duties::all().any(|it| it.id == about || it.section == about) || duties::deviation(about).is_some()
}

/// All ids that a waiver may name.
pub fn known() -> impl Iterator<Item = &'static str> {
    duties::all().flat_map(|it| std::iter::once(it.id).chain(it.deviations.iter().map(|it| it.id)))
}

impl Waiver {
    /// Says whether it is about a finding of a duty at a source; whether it still holds is another question.
    pub(super) fn is_for(&self, duty: &Duty, finding: &str, source: &str) -> bool {
        let is_about = self.about == duty.id || self.about == duty.section || self.about == finding;
        // The ports of a host that is probed are sources of one name: `kepware://kep7 (kep7:49320)`.
        let is_at = |it: &str| source.strip_prefix(it).is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("));
        is_about && self.source.as_deref().is_none_or(is_at)
    }

    /// Says whether it still holds.
    pub fn is_valid(&self, moment: Moment) -> bool {
        moment < self.until
    }
}

impl Answer {
    /// Says whether it still holds; one from the future does not yet.
    pub fn is_valid(&self, moment: Moment) -> bool {
        self.on <= moment && moment < self.until
    }
}

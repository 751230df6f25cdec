//! What is new, gone or changed since another review.

use std::collections::{BTreeMap, BTreeSet};

use super::Review;
use super::duty::State;
use super::value::Value;

/// A deviation that was found: the duty, the finding's id, the source and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviating {
    /// The id of the duty.
    pub duty: String,
    /// The id of the finding.
    pub finding: String,
    /// The source.
    pub source: String,
    /// What it is about.
    pub subject: String,
}

/// A property of the configuration: the source, where the object stands, and the property's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting {
    /// The source.
    pub source: String,
    /// Where the object stands.
    pub object: String,
    /// The full name of the property.
    pub property: String,
}

/// What of a review can be compared with a later one. Holds no secret: of one that is stored, a mark.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The sources that were read.
    pub sources: BTreeSet<String>,
    /// The state of each duty.
    pub states: BTreeMap<String, String>,
    /// The deviations.
    pub deviations: BTreeSet<Deviating>,
    /// The configuration.
    pub configuration: BTreeMap<Setting, String>,
}

/// What has become of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not there before.
    New,
    /// It is no longer there.
    Gone,
    /// It is another one.
    Changed,
}

impl Fate {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Fate::New => "new",
            Fate::Gone => "gone",
            Fate::Changed => "changed",
        }
    }
}

/// A difference between two reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What has become of it.
    pub fate: Fate,
    /// What kind of thing: `deviation`, `state` or `setting`.
    pub kind: &'static str,
    /// What it is about, in words.
    pub what: String,
    /// What it was; `None` for a secret, and where it was not there.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
    /// Whether it is a deviation that nobody has accepted yet.
    pub is_new_deviation: bool,
}

impl Snapshot {
    /// Takes what can be compared out of a review.
    pub fn of(review: &Review) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for source in review.facts.sources.iter().filter(|it| !it.is_dead()) {
            snapshot.sources.insert(source.name.clone());
            for object in source.configuration.objects() {
                let place = source.place(object);
                for (property, value) in &object.properties {
                    let setting =
                        Setting { source: source.name.clone(), object: place.clone(), property: property.to_string() };
                    snapshot.configuration.insert(setting, value.to_string());
                }
            }
        }
        for row in &review.rows {
            snapshot.states.insert(row.duty.id.to_owned(), row.state.as_str().to_owned());
            for finding in &row.findings {
                snapshot.deviations.insert(Deviating {
                    duty: row.duty.id.to_owned(),
                    finding: finding.deviation.id.to_owned(),
                    source: finding.source.clone(),
                    subject: finding.subject.clone(),
                });
            }
        }
        snapshot
    }
}

/// Says whether the text of a value is that of a secret.
fn is_secret(property: &str, value: &str) -> bool {
    super::value::is_secret(property) && value.starts_with('(')
}

/// What a value that was written into a report may be shown as.
fn shown(property: &str, value: &str) -> Option<String> {
    (!is_secret(property, value)).then(|| Value::of_text(property, value)).map(|it| it.to_string())
}

/// Compares a review with an earlier one. What belongs to a source that only one of them has read is not compared.
pub fn compare(before: &Snapshot, review: &Review) -> Vec<Change> {
    let after = Snapshot::of(review);
    let is_common = |source: &str| before.sources.contains(source) && after.sources.contains(source);
    let mut changes = Vec::new();
    let told = |it: &Deviating| format!("{} ({}): {} of {}", it.finding, it.duty, it.subject, it.source);
    for new in after.deviations.difference(&before.deviations) {
        let is_waived = review.is_waived(&new.duty, &new.finding, &new.source, &new.subject);
        changes.push(Change {
            fate: Fate::New,
            kind: "deviation",
            what: told(new),
            before: None,
            after: None,
            is_new_deviation: !is_waived,
        });
    }
    for gone in before.deviations.difference(&after.deviations).filter(|it| after.sources.contains(&it.source)) {
        changes.push(Change {
            fate: Fate::Gone,
            kind: "deviation",
            what: told(gone),
            before: None,
            after: None,
            is_new_deviation: false,
        });
    }
    for (duty, state) in &after.states {
        if let Some(earlier) = before.states.get(duty).filter(|it| *it != state) {
            let is_worse = *state == State::NotMet.as_str() && review.is_met_otherwise(duty);
            changes.push(Change {
                fate: Fate::Changed,
                kind: "state",
                what: duty.clone(),
                before: Some(earlier.clone()),
                after: Some(state.clone()),
                is_new_deviation: is_worse,
            });
        }
    }
    let setting = |fate, it: &Setting, before: Option<&String>, after: Option<&String>| Change {
        fate,
        kind: "setting",
        what: format!("{} of {} in {}", it.property, it.object, it.source),
        before: before.and_then(|value| shown(&it.property, value)),
        after: after.and_then(|value| shown(&it.property, value)),
        is_new_deviation: false,
    };
    for (it, value) in after.configuration.iter().filter(|(it, _)| is_common(&it.source)) {
        match before.configuration.get(it) {
            None => changes.push(setting(Fate::New, it, None, Some(value))),
            Some(earlier) if earlier != value => changes.push(setting(Fate::Changed, it, Some(earlier), Some(value))),
            Some(_) => {}
        }
    }
    for (it, value) in before.configuration.iter().filter(|(it, _)| is_common(&it.source)) {
        if !after.configuration.contains_key(it) {
            changes.push(setting(Fate::Gone, it, Some(value), None));
        }
    }
    changes
}

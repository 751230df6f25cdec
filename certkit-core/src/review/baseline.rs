//! What is new, gone or changed since another review.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::Review;
use super::duties::OWN_REVIEW;
use super::duty::State;
use super::value::{Salt, Secret, Value};

/// A deviation that was found: the duty, the finding's id, the source, what it is about, and what was seen.
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
    /// What was seen of it.
    pub message: String,
}

/// How often a deviation was found: there may be several of one name that show the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// In all.
    pub all: usize,
    /// Without a waiver that holds.
    pub open: usize,
}

impl Count {
    /// Counts one more.
    pub fn add(&mut self, is_waived: bool) {
        self.all = self.all.saturating_add(1);
        self.open = self.open.saturating_add(usize::from(!is_waived));
    }
}

/// The properties of the objects at one place, by their full names. Of several objects that stand at one place all values
/// are kept, in the order of the source.
pub type Settings = BTreeMap<String, Vec<String>>;

/// The settings of each source, by the places of its objects.
pub type Configuration = BTreeMap<String, BTreeMap<String, Settings>>;

/// What of a review can be compared with a later one. Holds no secret: a mark of it.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// What the marks of secrets in clear are made with; `None` where there are none.
    pub salt: Option<Salt>,
    /// The sources that were read.
    pub sources: BTreeSet<String>,
    /// The state of each duty.
    pub states: BTreeMap<String, State>,
    /// The deviations.
    pub deviations: BTreeMap<Deviating, Count>,
    /// The configuration.
    pub configuration: Configuration,
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
        Snapshot::marked(review, review.salt)
    }

    /// The same with marks that can be held against those of another.
    fn marked(review: &Review, salt: Option<Salt>) -> Snapshot {
        let mut snapshot = Snapshot { salt, configuration: marked(review, salt), ..Snapshot::default() };
        for source in review.facts.sources.iter().filter(|it| !it.is_dead()) {
            snapshot.sources.insert(source.name.clone());
        }
        for row in &review.rows {
            snapshot.states.insert(row.duty.id.to_owned(), row.state);
            for finding in &row.findings {
                let deviating = Deviating {
                    duty: row.duty.id.to_owned(),
                    finding: finding.deviation.id.to_owned(),
                    source: finding.source.clone(),
                    subject: finding.subject.clone(),
                    message: finding.message.clone(),
                };
                snapshot.deviations.entry(deviating).or_default().add(finding.waiver.is_some());
            }
        }
        snapshot
    }
}

/// The configuration of each source that was read.
pub fn configuration(review: &Review) -> Configuration {
    marked(review, review.salt)
}

fn marked(review: &Review, salt: Option<Salt>) -> Configuration {
    let mut all = Configuration::new();
    for source in review.facts.sources.iter().filter(|it| !it.is_dead()) {
        let of_source = all.entry(source.name.clone()).or_default();
        for object in source.configuration.objects() {
            let settings = of_source.entry(source.place(object)).or_default();
            for (property, value) in &object.properties {
                settings.entry(property.to_string()).or_default().push(written(value, salt.as_ref()));
            }
        }
    }
    all
}

/// A value, as reports keep it.
fn written(value: &Value, salt: Option<&Salt>) -> String {
    match (value, salt) {
        (Value::Secret(Secret::Clear(clear)), Some(salt)) => format!("(secret, in clear, mark {})", clear.mark(salt)),
        _ => value.to_string(),
    }
}

/// Says whether the text of a value is that of a secret.
fn is_secret(property: &str, value: &str) -> bool {
    super::value::is_secret(property) && value.starts_with('(')
}

/// What values that were written into a report may be shown as.
fn shown(property: &str, values: &[String]) -> Option<String> {
    let is_shown = !values.is_empty() && values.iter().all(|value| !is_secret(property, value));
    let shown = values.iter().map(|value| Value::of_text(property, value).to_string());
    is_shown.then(|| shown.collect::<Vec<_>>().join(", "))
}

/// Compares a review with an earlier one. Settings of a source that only one of them has read are not compared.
pub fn compare(before: &Snapshot, review: &Review) -> Vec<Change> {
    let after = Snapshot::marked(review, before.salt);
    let mut changes = deviations(before, &after);
    let told: BTreeSet<&str> = worse(before, &after).map(|it| it.duty.as_str()).collect();
    for (duty, state) in &after.states {
        let Some(earlier) = before.states.get(duty).filter(|it| *it != state) else { continue };
        // The duty of this review follows from the others, and is no deviation beside theirs.
        let is_own = duty == OWN_REVIEW.id || told.contains(duty.as_str());
        changes.push(Change {
            fate: Fate::Changed,
            kind: "state",
            what: duty.clone(),
            before: Some(earlier.to_string()),
            after: Some(state.to_string()),
            is_new_deviation: !is_own && weight(*state) > weight(*earlier) && review.is_open(duty),
        });
    }
    for (source, objects) in &after.configuration {
        if let Some(earlier) = before.configuration.get(source).filter(|_| before.sources.contains(source)) {
            settings(source, earlier, objects, &mut changes);
        }
    }
    changes
}

/// How short a state falls; 0 where it does not.
fn weight(state: State) -> u8 {
    match state {
        State::NotMet => 2,
        State::Partly => 1,
        State::ToConfirm | State::NotVisible | State::Met | State::NotApplicable => 0,
    }
}

/// The deviations that are without a waiver more often than before.
fn worse<'a>(before: &'a Snapshot, after: &'a Snapshot) -> impl Iterator<Item = &'a Deviating> {
    let open = |it: &Deviating| before.deviations.get(it).map_or(0, |count| count.open);
    after.deviations.iter().filter(move |(it, count)| count.open > open(it)).map(|(it, _)| it)
}

fn deviations(before: &Snapshot, after: &Snapshot) -> Vec<Change> {
    let all: BTreeSet<&Deviating> = before.deviations.keys().chain(after.deviations.keys()).collect();
    let count = |of: &Snapshot, it: &Deviating| of.deviations.get(it).copied().unwrap_or_default();
    let words = |it: Count| Some(if it.open == 0 { "waived" } else { "without a waiver" }.to_owned());
    let mut changes = Vec::new();
    for it in all {
        let (old, new) = (count(before, it), count(after, it));
        let (fate, before, after) = match new.all.cmp(&old.all) {
            // What a source that was not read has shown may be there still.
            Ordering::Less if !after.sources.contains(&it.source) => continue,
            Ordering::Less => (Fate::Gone, None, None),
            Ordering::Greater => (Fate::New, None, None),
            Ordering::Equal if old.open == new.open => continue,
            Ordering::Equal => (Fate::Changed, words(old), words(new)),
        };
        let what = format!("{} ({}): {} of {}", it.finding, it.duty, it.message, it.source);
        changes.push(Change { fate, kind: "deviation", what, before, after, is_new_deviation: new.open > old.open });
    }
    changes
}

/// Compares what two reviews have seen of one source.
fn settings(
    source: &str,
    before: &BTreeMap<String, Settings>,
    after: &BTreeMap<String, Settings>,
    changes: &mut Vec<Change>,
) {
    let places: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let none = Settings::new();
    for place in places {
        let (before, after) = (before.get(place).unwrap_or(&none), after.get(place).unwrap_or(&none));
        let properties: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for property in properties {
            let values = |of: &Settings| of.get(property).cloned().unwrap_or_default();
            let (before, after) = (values(before), values(after));
            let fate = match (before.is_empty(), after.is_empty()) {
                _ if before == after => continue,
                (true, _) => Fate::New,
                (_, true) => Fate::Gone,
                _ => Fate::Changed,
            };
            changes.push(Change {
                fate,
                kind: "setting",
                what: format!("{property} of {place} in {source}"),
                before: shown(property, &before),
                after: shown(property, &after),
                is_new_deviation: false,
            });
        }
    }
}

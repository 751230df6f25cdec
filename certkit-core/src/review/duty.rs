//! A duty is a value: its clause, whom it applies to, the look, the cure, and the question where nobody but a person can
//! tell. A look writes down what it has seen; the state follows from that in one place.

use std::collections::HashMap;
use std::fmt;

use super::configuration::{Kind, Object, Switch};
use super::facts::{Facts, SourceFacts, SourceKind, Standing, Topic};
use crate::check::Severity;

/// A document that duties stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edition {
    /// "Secure ThingWorx Kepware Server Deployment", Ref. 1.012.
    ThingWorxKepwareServer,
    /// "Secure Kepware Server Deployment" for KEPServerEX, Ref. 1.013.
    KepServerEx,
    /// The technical note on secure AlwaysOn connections between Kepware and ThingWorx.
    ThingWorxNote,
}

impl Edition {
    /// How reports name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Edition::ThingWorxKepwareServer => "1.012",
            Edition::KepServerEx => "1.013",
            Edition::ThingWorxNote => "ThingWorx note",
        }
    }
}

/// Where a duty comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// It stands in these editions of the guide.
    Guide(&'static [Edition]),
    /// It stands in the technical note on ThingWorx.
    Note,
    /// It is ours: no document demands it.
    Extra,
}

/// Both editions of the guide.
pub const BOTH: Part = Part::Guide(&[Edition::ThingWorxKepwareServer, Edition::KepServerEx]);

/// The later edition alone.
pub const LATER: Part = Part::Guide(&[Edition::KepServerEx]);

impl Part {
    /// The word for it in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Guide(_) => "guide",
            Part::Note => "thingworx-note",
            Part::Extra => "extra",
        }
    }

    /// The editions in which it stands, as text.
    pub fn editions(self) -> String {
        match self {
            Part::Guide(editions) => editions.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", "),
            Part::Note => Edition::ThingWorxNote.as_str().to_owned(),
            Part::Extra => "none (extra)".to_owned(),
        }
    }
}

/// What a duty is found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// It is not met.
    NotMet,
    /// A part of it is not met.
    Partly,
    /// Nobody but a person can tell.
    ToConfirm,
    /// No source shows it.
    NotVisible,
    /// It is met.
    Met,
    /// What it is about is not in use.
    NotApplicable,
}

impl State {
    /// All of them, the most urgent first.
    pub const ALL: [State; 6] =
        [State::NotMet, State::Partly, State::ToConfirm, State::NotVisible, State::Met, State::NotApplicable];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            State::NotMet => "not-met",
            State::Partly => "partly",
            State::ToConfirm => "to-confirm",
            State::NotVisible => "not-visible",
            State::Met => "met",
            State::NotApplicable => "not-applicable",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A way in which a duty is not met: what a finding is an instance of.
#[derive(Debug)]
pub struct Deviation {
    /// Its id, which waivers and scripts name: kebab-case, for ever.
    pub id: &'static str,
    /// How heavy it is.
    pub severity: Severity,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What to do, in the words of Kepware's dialogs.
    pub cure: &'static str,
}

/// A duty.
#[derive(Debug)]
pub struct Duty {
    /// Its name, which waivers and answers name: the clause, or the clause and a word.
    pub id: &'static str,
    /// The clause.
    pub section: &'static str,
    /// Where it stands.
    pub part: Part,
    /// What it demands.
    pub title: &'static str,
    /// Says why it is not applicable; `None` where it is.
    pub unneeded: fn(&Facts) -> Option<String>,
    /// Looks.
    pub look: fn(&Facts, &mut View),
    /// What a person is asked where certkit cannot tell.
    pub question: &'static str,
    /// How it would become visible where no source shows it.
    pub visible_by: &'static str,
    /// What to do where it is not met or not known, in the words of Kepware's dialogs.
    pub cure: &'static str,
    /// The ways in which it may be missed.
    pub deviations: &'static [&'static Deviation],
}

impl Duty {
    /// A duty that a person alone can tell of; the rest of a value that says what is particular to it.
    pub const OF_A_PERSON: Duty = Duty {
        id: "",
        section: "",
        part: BOTH,
        title: "",
        unneeded: always,
        look: ask,
        question: "",
        visible_by: "",
        cure: "",
        deviations: &[],
    };
}

/// Of a duty that is always one.
pub(super) fn always(_: &Facts) -> Option<String> {
    None
}

/// Leaves a duty to a person.
pub(super) fn ask(_: &Facts, view: &mut View) {
    view.ask();
}

/// What a look has seen of one thing.
#[derive(Clone, Copy, Debug)]
pub enum Mark {
    /// It is as it should be.
    Good,
    /// It falls short in a part.
    Weak(&'static Deviation),
    /// It is not as it should be.
    Bad(&'static Deviation),
    /// It is told for its own sake, and weighs nothing.
    Note,
    /// It was not to be seen: what depends on it is not met.
    Unseen,
}

/// One thing that a look has seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The source that shows it; empty where it is about none of them alone.
    pub source: String,
    /// What it is about.
    pub subject: String,
    /// What it means.
    pub mark: Mark,
    /// What was seen.
    pub text: String,
}

/// What a property that is yes or no should be, and what is said of it.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The property, by its full name.
    pub key: &'a str,
    /// What it should be.
    pub value: bool,
    /// What is said where it is so.
    pub good: &'a str,
    /// What is said where it is not.
    pub bad: &'a str,
    /// What it is an instance of, then.
    pub deviation: &'static Deviation,
}

/// As much is told one by one of what is no deviation; a plant has some thousand objects.
const TOLD: usize = 10_000;

/// What a look writes down.
#[derive(Debug, Default)]
pub struct View {
    /// What was seen.
    pub seen: Vec<Seen>,
    /// How much more was seen that is no deviation: too much to tell one by one.
    pub left_out: usize,
    is_asked: bool,
    is_unseen: bool,
}

impl View {
    fn add(&mut self, source: &SourceFacts, subject: impl Into<String>, mark: Mark, text: impl Into<String>) {
        if self.seen.len() >= TOLD && !matches!(mark, Mark::Weak(_) | Mark::Bad(_)) {
            self.left_out = self.left_out.saturating_add(1);
            self.is_unseen |= matches!(mark, Mark::Unseen);
            return;
        }
        let seen = Seen { source: source.name.clone(), subject: subject.into(), mark, text: text.into() };
        self.seen.push(seen);
    }

    /// Notes what is as it should be.
    pub fn good(&mut self, source: &SourceFacts, subject: impl Into<String>, text: impl Into<String>) {
        self.add(source, subject, Mark::Good, text);
    }

    /// Notes what falls short in a part.
    pub fn weak(
        &mut self,
        source: &SourceFacts,
        subject: impl Into<String>,
        deviation: &'static Deviation,
        text: impl Into<String>,
    ) {
        self.add(source, subject, Mark::Weak(deviation), text);
    }

    /// Notes what is not as it should be.
    pub fn bad(
        &mut self,
        source: &SourceFacts,
        subject: impl Into<String>,
        deviation: &'static Deviation,
        text: impl Into<String>,
    ) {
        self.add(source, subject, Mark::Bad(deviation), text);
    }

    /// Notes what is worth telling and decides nothing.
    pub fn note(&mut self, source: &SourceFacts, subject: impl Into<String>, text: impl Into<String>) {
        self.add(source, subject, Mark::Note, text);
    }

    /// Takes over what sources have seen of a topic; says whether that was anything that decides.
    pub fn observe(&mut self, facts: &Facts, topic: Topic, deviation: &'static Deviation) -> bool {
        let mut is_decided = false;
        for source in facts.blind_to(topic) {
            self.unseen_of(source, "this source", "could not be read");
            is_decided = true;
        }
        for (source, it) in facts.observed(topic) {
            let mark = match it.standing {
                // What is good about another system says nothing of this one.
                Standing::Good if source.kind == SourceKind::Followed => Mark::Note,
                Standing::Good => Mark::Good,
                Standing::Weak => Mark::Weak(deviation),
                Standing::Bad => Mark::Bad(deviation),
                Standing::Note => Mark::Note,
                Standing::Unseen => Mark::Unseen,
            };
            is_decided |= !matches!(mark, Mark::Note);
            self.add(source, it.subject.clone(), mark, it.text.clone());
        }
        is_decided
    }

    /// Gives the objects of a kind, each with its source. A source that is to show them and does not, or not all of them,
    /// leaves a part unseen, whatever the others show.
    pub fn all<'a>(&mut self, facts: &'a Facts, kind: Kind) -> Vec<(&'a SourceFacts, &'a Object)> {
        self.sources(facts, kind).into_iter().flat_map(|it| it.all(kind).map(move |object| (it, object))).collect()
    }

    /// Gives the sources that are to show objects of a kind; one that does not show all of them leaves a part unseen.
    pub fn sources<'a>(&mut self, facts: &'a Facts, kind: Kind) -> Vec<&'a SourceFacts> {
        let sources: Vec<&SourceFacts> = facts.to_show(kind).collect();
        for source in sources.iter().filter(|it| !it.configuration.is_seen(kind)) {
            let what = if kind == Kind::Project { "the project".to_owned() } else { format!("every {}", kind.name()) };
            let why = source.refusal(kind).map(|it| format!(": {it}")).unwrap_or_default();
            let text = match source.is_dead() {
                true => "could not be read: what it has is not known, whatever the others show".to_owned(),
                false => format!("does not show {what}{why}"),
            };
            self.unseen_of(source, "this source", text);
        }
        sources
    }

    /// Looks at a property that is yes or no. One that is missing, or is something else, is not seen.
    pub fn switch(
        &mut self,
        source: &SourceFacts,
        object: &Object,
        subject: impl Into<String>,
        wanted: &Wanted<'_>,
    ) -> Switch {
        let seen = object.switch(wanted.key, wanted.value);
        match seen {
            Switch::Good => self.good(source, subject, wanted.good),
            Switch::Bad => self.bad(source, subject, wanted.deviation, wanted.bad),
            Switch::Unseen => self.missing(source, subject, wanted.key),
        }
        seen
    }

    /// Notes that a property is missing, or has a form that is not known: what depends on it is not seen.
    pub fn missing(&mut self, source: &SourceFacts, subject: impl Into<String>, key: &str) {
        let name = crate::text::shown(key.rsplit('.').next().unwrap_or(key));
        self.unseen_of(source, subject, format!("does not show {name}, or not in a form that is known"));
    }

    /// Notes that a property has a number that is not known, with the word that the server itself has for it, or is missing.
    pub fn unclear(&mut self, source: &SourceFacts, object: &Object, subject: impl Into<String>, key: &str) {
        let Some(number) = object.number(key) else { return self.missing(source, subject, key) };
        let name = crate::text::shown(key.rsplit('.').next().unwrap_or(key));
        let word = source.word(key, number).map(|it| format!(" ({})", crate::text::shown(it))).unwrap_or_default();
        self.unseen_of(source, subject, format!("has the unknown number {number}{word} for {name}"));
    }

    /// Notes what could not be seen: what depends on it is not met.
    pub fn unseen_of(&mut self, source: &SourceFacts, subject: impl Into<String>, text: impl Into<String>) {
        self.add(source, subject, Mark::Unseen, text);
    }

    /// Notes that a person is to be asked for the rest.
    pub fn ask(&mut self) {
        self.is_asked = true;
    }

    /// Notes that a part of the duty is shown by no source.
    pub fn unseen(&mut self) {
        self.is_unseen = true;
    }

    /// Says whether anything was seen that decides.
    pub fn is_blank(&self) -> bool {
        self.seen.iter().all(|it| matches!(it.mark, Mark::Note | Mark::Unseen))
    }

    /// What the duty is, by all that was seen. What falls short decides; what was not seen is never met.
    pub fn state(&self) -> State {
        // The worst of each thing: one that is not as it should be in one respect is not.
        let mut subjects: HashMap<(&str, &str), u8> = HashMap::new();
        let is_unseen = self.is_unseen || self.seen.iter().any(|it| matches!(it.mark, Mark::Unseen));
        for seen in &self.seen {
            let weight = match seen.mark {
                Mark::Note | Mark::Unseen => continue,
                Mark::Good => 0,
                Mark::Weak(_) => 1,
                Mark::Bad(_) => 2,
            };
            let worst = subjects.entry((&seen.source, &seen.subject)).or_default();
            *worst = weight.max(*worst);
        }
        let is = |weight: u8| subjects.values().any(|it| *it == weight);
        match (is(2), is(1), is(0)) {
            (true, _, false) => State::NotMet,
            (true, _, true) | (false, true, _) => State::Partly,
            _ if is_unseen => State::NotVisible,
            _ if self.is_asked => State::ToConfirm,
            (false, false, true) => State::Met,
            (false, false, false) => State::NotVisible,
        }
    }
}

//! What a run has seen, most urgent first.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use certkit_core::check::Severity;
use certkit_core::check::rfc5280::validity::EXPIRES_SOON;
use certkit_core::moment::Moment;

use crate::{Dated, Element, Issuers, Reason, State, Tally, Thresholds};

/// How a source is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// Over the network.
    Endpoint,
    /// As a file, folder or store.
    File,
}

impl Way {
    /// Its name in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Way::Endpoint => "endpoint",
            Way::File => "file",
        }
    }
}

/// One line of an inventory: where to look, and what its holder has said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As the user named it.
    pub name: String,
    /// How it is reached.
    pub way: Way,
    /// What its certificates are held to.
    pub thresholds: Thresholds,
    /// What its revocation lists are held to.
    pub list_thresholds: Thresholds,
    /// What public roots in it are held to; `None` where they are held to what all are.
    pub public_roots: Option<PublicRoots>,
    /// The group it belongs to.
    pub group: Option<String>,
    /// Who takes care of it.
    pub owner: Option<String>,
    /// What its holder wants to be reminded of.
    pub note: Option<String>,
    /// What is known and accepted for a time.
    pub waivers: Vec<Waiver>,
}

/// The roots that come with operating systems and browsers: nobody in a plant renews them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicRoots {
    /// What they are held to.
    pub thresholds: Thresholds,
    /// Which they are, by SHA-256.
    pub known: Arc<HashSet<[u8; 32]>>,
}

/// An alarm that is set aside until a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Why it may be.
    pub reason: String,
    /// The first moment at which the alarm is back.
    pub until: Moment,
    /// Only for the certificate or list with this SHA-256; `None` for all of the source.
    pub fingerprint: Option<[u8; 32]>,
}

/// A requirement that a certificate does not meet, as [`certkit_core::check`] has judged it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the check.
    pub id: Box<str>,
    /// How heavy it is.
    pub severity: Severity,
    /// What was seen, in one sentence.
    pub message: Box<str>,
    /// What to do.
    pub remedy: Box<str>,
}

impl Finding {
    /// How urgent it is.
    fn state(&self) -> State {
        match self.severity {
            Severity::Info => State::Ok,
            Severity::Warning => State::Warning,
            Severity::Error => State::Critical,
        }
    }
}

/// What came of looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A certificate or revocation list.
    Dated(Box<Dated>),
    /// Nothing, and why.
    Unseen(Box<Unseen>),
}

/// Why something could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The reason in one word that monitoring knows, such as `not_found` or `timed_out`.
    pub word: Box<str>,
    /// The reason in a sentence, without a full stop.
    pub reason: Box<str>,
}

impl Seen {
    /// Says of something why it could not be looked at.
    pub fn unseen(word: &str, reason: &str) -> Seen {
        Seen::Unseen(Box::new(Unseen { word: word.into(), reason: reason.into() }))
    }
}

impl Unseen {
    /// The word for a place that was looked at and holds nothing: silence there does mean something.
    pub const NOTHING_THERE: &str = "no_certificate_found";
}

/// One thing that was looked at, or should have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The source it belongs to.
    pub source: Arc<Source>,
    /// Where in the source: the path of a file below a folder; empty where the source is the place.
    pub place: Box<str>,
    /// Its number in its place, counted from 1: the element of a presented chain, the item of a file.
    pub position: u32,
    /// What was seen.
    pub seen: Seen,
    /// How urgent it is, waived or not.
    pub state: State,
    /// What speaks against it beside its dates; empty unless checks were asked for.
    pub findings: Box<[Finding]>,
    /// The place among the waivers of the source of the one that holds.
    pub waived_by: Option<u32>,
    /// Of what a server sends and its clients do not need: the anchor that their path reaches without it.
    pub beside_path: Option<Arc<str>>,
}

impl Entry {
    /// Judges what was seen at a place of a source.
    pub fn new(source: &Arc<Source>, place: &str, position: u32, seen: Seen, moment: Moment) -> Entry {
        let mut entry = Entry {
            source: Arc::clone(source),
            place: place.into(),
            position,
            seen,
            state: State::Unknown,
            findings: Box::default(),
            waived_by: None,
            beside_path: None,
        };
        entry.judge(moment);
        entry
    }

    /// Adds what speaks against it beside its dates, which counts from now on.
    #[must_use]
    pub fn with_findings(mut self, findings: Vec<Finding>, moment: Moment) -> Entry {
        self.findings = findings.into();
        self.judge(moment);
        self
    }

    /// Says that clients reach this anchor without it.
    #[must_use]
    pub fn beside_path(mut self, anchor: Option<Arc<str>>) -> Entry {
        self.beside_path = anchor;
        self
    }

    /// Judges the dates, the findings, and the waivers of the source, at another time.
    pub fn judge(&mut self, moment: Moment) {
        let dates = match &self.seen {
            Seen::Unseen(_) => State::Unknown,
            Seen::Dated(_) => self.reason(moment).map_or(State::Ok, Reason::state),
        };
        let findings = self.objections().map(Finding::state).max();
        self.state = dates.max(findings.unwrap_or(State::Ok));
        let fingerprint = self.dated().map(|dated| dated.fingerprint);
        let holds = |waiver: &Waiver| {
            moment < waiver.until && (waiver.fingerprint.is_none() || waiver.fingerprint == fingerprint)
        };
        self.waived_by = match self.state {
            State::Ok => None,
            _ => self.source.waivers.iter().position(holds).and_then(|at| u32::try_from(at).ok()),
        };
    }

    /// The findings that count: what is only worth knowing does not, and when a warning of the end begins is for the
    /// thresholds of the source to say.
    pub fn objections(&self) -> impl Iterator<Item = &Finding> {
        let counts = |it: &&Finding| it.severity > Severity::Info && *it.id != *EXPIRES_SOON.id;
        self.findings.iter().filter(counts)
    }

    /// Why its dates are not fine; `None` where they are, or where there are none.
    pub fn reason(&self, moment: Moment) -> Option<Reason> {
        let dated = self.dated()?;
        dated.reason(self.source.thresholds_of(dated.element, &dated.fingerprint), moment)
    }

    /// What was seen, where that has dates.
    pub fn dated(&self) -> Option<&Dated> {
        match &self.seen {
            Seen::Dated(dated) => Some(dated),
            Seen::Unseen(_) => None,
        }
    }

    /// The waiver that sets its alarm aside.
    pub fn waiver(&self) -> Option<&Waiver> {
        self.source.waivers.get(usize::try_from(self.waived_by?).ok()?)
    }

    /// Whether there is an alarm that nobody has to act on: it is waived, or of what no client needs.
    pub fn is_set_aside(&self) -> bool {
        self.state != State::Ok && (self.waived_by.is_some() || self.beside_path.is_some())
    }

    /// How urgent it is for whoever has to act: what is set aside is not.
    pub fn alarm(&self) -> State {
        if self.is_set_aside() { State::Ok } else { self.state }
    }

    /// The source and the place in it, in one.
    pub fn whereabouts(&self) -> String {
        match (&*self.place, self.source.name.as_str()) {
            ("", name) => name.to_owned(),
            (place, name) if name.ends_with('/') => format!("{name}{place}"),
            (place, name) => format!("{name}/{place}"),
        }
    }

    /// Orders by urgency: the alarm, then the end of the validity, then the whereabouts.
    pub fn by_urgency(&self, other: &Entry) -> Ordering {
        // What has no date stands before what has one, in its state.
        let end = |entry: &Entry| entry.dated().and_then(|dated| dated.not_after);
        (other.alarm().cmp(&self.alarm()))
            .then_with(|| other.state.cmp(&self.state))
            .then_with(|| end(self).cmp(&end(other)))
            .then_with(|| self.source.name.cmp(&other.source.name))
            .then_with(|| self.place.cmp(&other.place))
            .then_with(|| self.position.cmp(&other.position))
    }
}

impl Source {
    /// What a certificate or list of this source is held to.
    pub fn thresholds_of(&self, element: Element, fingerprint: &[u8; 32]) -> &Thresholds {
        let roots = self.public_roots.as_ref().filter(|it| element == Element::Root && it.known.contains(fingerprint));
        match (element, roots) {
            (Element::RevocationList, _) => &self.list_thresholds,
            (_, Some(roots)) => &roots.thresholds,
            (_, None) => &self.thresholds,
        }
    }
}

/// What a run has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Every entry that was kept; sorted by [`Report::sort`].
    pub entries: Vec<Entry>,
    /// What was counted, kept or not.
    pub tally: Tally,
    /// How many of the sources were not looked at because the run was stopped.
    pub left_out: u64,
    /// How many files of folders hold nothing with a date, and do not claim to.
    pub passed_over: u64,
    /// How many files of folders were left out because the inventory says so.
    pub excluded: u64,
    /// How many secret keys of key stores were seen, which have no end.
    pub secret_keys: u64,
    /// Folders that could not be entered, whichever part of the inventory says so: what is below them
    /// nobody knows.
    pub closed: Vec<(Arc<Source>, Box<str>)>,
    /// Of those that are fine and were only counted, the one that ends next.
    pub next: Option<Box<Entry>>,
    /// What the entries share.
    pub issuers: Issuers,
}

impl Report {
    /// Adds an entry.
    pub fn add(&mut self, entry: Entry) {
        self.tally.count(&entry);
        self.entries.push(entry);
    }

    /// Counts an entry that is fine and that nobody needs to see again.
    pub fn count_fine(&mut self) {
        self.tally.ok = self.tally.ok.saturating_add(1);
    }

    /// Says whether something fine would end next of all that were only counted. Makes no text.
    pub fn ends_next(&self, end: Option<Moment>, source: &str, place: &str, position: u32) -> bool {
        self.next.as_ref().is_none_or(|next| {
            let known = next.dated().and_then(|dated| dated.not_after);
            let next = (known, next.source.name.as_str(), &*next.place, next.position);
            (end, source, place, position) < next
        })
    }

    /// Keeps something fine that was only counted, if it ends next of them.
    pub fn offer_next(&mut self, entry: Entry) {
        let end = entry.dated().and_then(|dated| dated.not_after);
        if self.ends_next(end, &entry.source.name, &entry.place, entry.position) {
            self.next = Some(Box::new(entry));
        }
    }

    /// Takes over what another part of the run has seen.
    pub fn absorb(&mut self, other: Report) {
        self.entries.extend(other.entries);
        self.tally.absorb(&other.tally);
        self.left_out = self.left_out.saturating_add(other.left_out);
        self.passed_over = self.passed_over.saturating_add(other.passed_over);
        self.excluded = self.excluded.saturating_add(other.excluded);
        self.secret_keys = self.secret_keys.saturating_add(other.secret_keys);
        self.closed.extend(other.closed);
        if let Some(next) = other.next {
            self.offer_next(*next);
        }
    }

    /// Drops the entries that are fine, which stay counted, all but the one that ends next.
    pub fn drop_fine(&mut self) {
        let fine = self.entries.iter().enumerate().filter(|(_, entry)| entry.state == State::Ok);
        if let Some((at, _)) = fine.min_by(|(_, one), (_, other)| one.by_urgency(other)) {
            let soonest = self.entries.swap_remove(at);
            self.offer_next(soonest);
        }
        self.entries.retain(|entry| entry.state != State::Ok);
        self.entries.extend(self.next.take().map(|next| *next));
    }

    /// Sorts the entries, most urgent first.
    pub fn sort(&mut self) {
        self.entries.sort_unstable_by(Entry::by_urgency);
    }
}

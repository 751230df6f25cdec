//! Is this Kepware deployed as the Secure Deployment guides say, and is every deviation somebody's choice?
//!
//! Sources give [`facts`]; [duties](duty::Duty) are values that look at them; [`review`] puts both together with what
//! persons have [decided](choices), one row for each duty in the order of the guides. Refuses to change anything at a
//! source, and to keep the text of a secret.

pub mod approval;
pub mod baseline;
pub mod choices;
pub mod configuration;
pub mod configuration_api;
pub mod data_dir;
pub mod duties;
pub mod duty;
pub mod facts;
pub mod opf;
pub mod peers;
pub mod project_file;
pub mod value;
pub mod wire;

mod answers;
mod redacted;
mod tree;

use self::choices::{Answer, Choices, Waiver};
use self::duty::{Deviation, Duty, Mark, State, View};
use self::facts::{Facts, SourceFacts, SourceKind};
use self::peers::Peer;
use self::value::Salt;
use crate::check::Severity;
use crate::text::plural;

/// What was seen for a duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The source that shows it; empty where it is about none of them alone.
    pub source: String,
    /// What it is about, and what was seen of it.
    pub text: String,
    /// Whether it is something that could not be seen.
    pub is_unseen: bool,
}

/// A deviation that was found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What it is an instance of.
    pub deviation: &'static Deviation,
    /// The source that shows it.
    pub source: String,
    /// What it is about.
    pub subject: String,
    /// What was seen.
    pub message: String,
    /// The waiver that holds for it, as its place in [`Choices::waivers`].
    pub waiver: Option<usize>,
}

/// A duty with what was found of it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The duty.
    pub duty: &'static Duty,
    /// What it is.
    pub state: State,
    /// What was seen.
    pub evidence: Vec<Evidence>,
    /// How it falls short.
    pub findings: Vec<Finding>,
    /// The waivers that are about it, as places in [`Choices::waivers`]; some may have ended.
    pub waivers: Vec<usize>,
    /// The answer of a person, as its place in [`Choices::answers`]; it may have ended.
    pub answer: Option<usize>,
}

impl Row {
    /// Says whether it falls short, and nobody has accepted that.
    pub fn is_open(&self) -> bool {
        let is_short = matches!(self.state, State::NotMet | State::Partly);
        is_short && (self.findings.is_empty() || self.findings.iter().any(|it| it.waiver.is_none()))
    }

    /// Says whether it falls short, and somebody has accepted all of it.
    pub fn is_waived(&self) -> bool {
        matches!(self.state, State::NotMet | State::Partly) && !self.is_open()
    }

    /// How heavy it is: what nobody has accepted, and what nobody has told yet.
    pub fn severity(&self) -> Option<Severity> {
        match self.state {
            State::NotMet | State::Partly if self.is_open() => {
                let open = self.findings.iter().filter(|it| it.waiver.is_none());
                Some(open.map(|it| it.deviation.severity).max().unwrap_or(Severity::Error))
            }
            State::ToConfirm | State::NotVisible => Some(Severity::Warning),
            _ => None,
        }
    }
}

/// A review.
#[derive(Clone, Debug)]
pub struct Review {
    /// What the sources have shown.
    pub facts: Facts,
    /// What persons have decided.
    pub choices: Choices,
    /// The duties, in the order of the guides.
    pub rows: Vec<Row>,
    /// What interacts with the server, by its projects.
    pub peers: Vec<Peer>,
    /// What the marks of secrets are made with that stand in clear; without one they have none.
    pub salt: Option<Salt>,
}

/// Holds the facts against the duties.
///
/// Costs time in proportion to the objects of the configurations.
pub fn review(facts: Facts, choices: Choices) -> Review {
    let mut rows: Vec<Row> = duties::all().map(|duty| row(duty, &facts, &choices)).collect();
    answer_for_itself(&mut rows, &facts);
    let peers = peers::of(&facts);
    Review { facts, choices, rows, peers, salt: None }
}

fn row(duty: &'static Duty, facts: &Facts, choices: &Choices) -> Row {
    let mut row = Row {
        duty,
        state: State::NotVisible,
        evidence: Vec::new(),
        findings: Vec::new(),
        waivers: Vec::new(),
        answer: None,
    };
    if let Some(reason) = (duty.unneeded)(facts) {
        row.state = State::NotApplicable;
        row.evidence.push(Evidence { source: String::new(), text: reason, is_unseen: false });
        return row;
    }
    let mut view = View::default();
    (duty.look)(facts, &mut view);
    row.state = view.state();
    let left_out = view.left_out;
    for seen in view.seen {
        let text = format!("{} {}", seen.subject, seen.text);
        if let Mark::Weak(deviation) | Mark::Bad(deviation) = seen.mark {
            let of = choices.waivers.iter().enumerate();
            let of: Vec<usize> =
                of.filter(|(_, it)| it.is_for(duty, deviation.id, &seen.source)).map(|(at, _)| at).collect();
            let is_valid = |at: &&usize| choices.waivers.get(**at).is_some_and(|it| it.is_valid(facts.moment));
            let waiver = of.iter().find(is_valid).copied();
            row.findings.push(Finding {
                deviation,
                source: seen.source.clone(),
                subject: seen.subject,
                message: text.clone(),
                waiver,
            });
            of.into_iter().for_each(|at| note_once(&mut row.waivers, at));
        }
        row.evidence.push(Evidence { source: seen.source, text, is_unseen: matches!(seen.mark, Mark::Unseen) });
    }
    if left_out > 0 {
        let text = format!("{left_out} more that are no deviation are not told one by one");
        row.evidence.push(Evidence { source: String::new(), text, is_unseen: false });
    }
    let answers = || choices.answers.iter().enumerate().filter(|(_, it)| it.duty == duty.id);
    let answer = answers().rfind(|(_, it)| it.is_valid(facts.moment)).or_else(|| answers().next_back());
    row.answer = answer.map(|(at, _)| at);
    if let (Some((_, answer)), State::ToConfirm | State::NotVisible) = (answer, row.state)
        && answer.is_valid(facts.moment)
    {
        row.state = if answer.is_met { State::Met } else { State::NotMet };
    }
    row
}

fn note_once(places: &mut Vec<usize>, place: usize) {
    if !places.contains(&place) {
        places.push(place);
    }
}

/// Answers the duty that asks for this review: whether every deviation is somebody's choice.
fn answer_for_itself(rows: &mut [Row], facts: &Facts) {
    let short = rows.iter().filter(|it| matches!(it.state, State::NotMet | State::Partly));
    let (open, waived): (Vec<_>, Vec<_>) = short.partition(|it| it.is_open());
    let (open, waived) = (open.len(), waived.len());
    let decided = [State::Met, State::NotMet, State::Partly];
    let is_judged = rows.iter().any(|it| !it.duty.deviations.is_empty() && decided.contains(&it.state));
    let Some(own) = rows.iter_mut().find(|it| it.duty.id == duties::OWN_REVIEW.id) else { return };
    let is_blind = facts.sources.iter().all(SourceFacts::is_dead) || !is_judged;
    // A project that was not opened may be what its server has, or another one.
    let is_unopened = |it: &SourceFacts| it.form == Some(project_file::Form::Encrypted);
    let is_asked = facts.sources.iter().any(|it| it.kind == SourceKind::ConfigurationApi && !it.is_dead());
    let is_short = facts.sources.iter().any(|it| it.error.is_some() || (is_unopened(it) && !is_asked));
    own.state = match (open, waived) {
        _ if is_blind => State::NotVisible,
        // What could not be read may hold a deviation that nobody has chosen.
        (0, _) if is_short => State::NotVisible,
        (0, _) => State::Met,
        (_, 0) => State::NotMet,
        _ => State::Partly,
    };
    let duties = |count| plural(count, "duty falls", "duties fall");
    let text = match (open, waived) {
        (0, 0) => "no deviation was found by this review".to_owned(),
        (0, waived) => format!("{waived} {} short, each by somebody's choice", duties(waived)),
        (open, waived) => format!("{open} {} short without a waiver, {waived} with one", duties(open)),
    };
    own.evidence.push(Evidence { source: String::new(), text, is_unseen: false });
}

impl Review {
    /// How many duties are in a state.
    pub fn count(&self, state: State) -> usize {
        self.rows.iter().filter(|it| it.state == state).count()
    }

    /// The waivers and answers that are about nothing that was found, as sentences.
    pub fn unused(&self) -> Vec<String> {
        let is_used = |at: usize| self.rows.iter().any(|it| it.waivers.contains(&at));
        let waivers = self.choices.waivers.iter().enumerate().filter(|(at, _)| !is_used(*at));
        let waivers = waivers.map(|(_, it)| format!("the waiver for {} waives nothing that was found", it.about));
        let is_asked = |it: &Answer| self.rows.iter().any(|row| row.duty.id == it.duty);
        let answers = self.choices.answers.iter().filter(|it| !is_asked(it));
        waivers.chain(answers.map(|it| format!("the answer for {} answers no duty", it.duty))).collect()
    }

    /// The waivers that have ended and are about something that was found.
    pub fn ended(&self) -> impl Iterator<Item = &Waiver> {
        let is_about = |at: usize| self.rows.iter().any(|it| it.waivers.contains(&at));
        let waivers = self.choices.waivers.iter().enumerate().filter(move |(at, _)| is_about(*at));
        waivers.map(|(_, it)| it).filter(|it| !it.is_valid(self.facts.moment))
    }

    /// Says whether a duty falls short, and nobody has accepted that.
    fn is_open(&self, duty: &str) -> bool {
        self.rows.iter().any(|it| it.duty.id == duty && it.is_open())
    }
}

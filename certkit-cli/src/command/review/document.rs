//! The document of `certkit.review/1`.

mod baseline;
mod settings;

pub(super) use baseline::read_baseline;

use certkit_core::moment::Moment;
use certkit_core::review::baseline::{Change, Configuration, configuration};
use certkit_core::review::choices::Answer;
use certkit_core::review::duty::State;
use certkit_core::review::facts::{SourceFacts, SourceKind};
use certkit_core::review::peers::Peer;
use certkit_core::review::{Finding, Review, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::settings::SettingJson;
use super::settled::Settled;
use crate::command::expiry::end_text;

/// What this document is.
const SCHEMA: &str = "certkit.review/1";

/// A review.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct ReviewJson {
    schema: String,
    /// Who has written it.
    certkit_version: String,
    /// The moment of the review.
    moment: String,
    /// Which rows are shown; null where all are.
    shown: Option<ShownJson>,
    pub(super) summary: SummaryJson,
    pub(super) sources: Vec<SourceJson>,
    /// The duties, in the order of the guides.
    pub(super) duties: Vec<DutyJson>,
    /// What interacts with the server, by its projects (8.5.1).
    pub(super) peers: Vec<PeerJson>,
    /// What is different from the baseline; null without one.
    pub(super) changes: Option<Vec<ChangeJson>>,
    /// Waivers and answers that are about nothing that was found.
    unused: Vec<String>,
    /// What the marks of secrets in clear are made with; the reports that follow take it over.
    #[serde(default)]
    mark_salt: Option<String>,
    /// The configuration as it was read, for the next review; of a secret, its form and a mark.
    #[serde(with = "settings")]
    #[schemars(with = "Vec<SettingJson<'static>>")]
    configuration: Configuration,
}

/// Which rows are shown.
#[derive(Serialize, Deserialize, JsonSchema)]
struct ShownJson {
    sections: Vec<String>,
    states: Vec<String>,
}

/// How many duties are in which state.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct SummaryJson {
    pub(super) not_met: usize,
    pub(super) partly: usize,
    pub(super) to_confirm: usize,
    pub(super) not_visible: usize,
    pub(super) met: usize,
    pub(super) not_applicable: usize,
    /// Of those not met or met in part, how many are waived whole.
    pub(super) waived: usize,
    /// Waivers that have ended.
    pub(super) waivers_ended: usize,
    /// Answers of persons that hold.
    pub(super) answered: usize,
}

/// A source.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct SourceJson {
    pub(super) name: String,
    /// `configuration-api`, `project-file`, `probes`, `data-dir`, `thingworx` or `followed`.
    pub(super) kind: String,
    /// `read`, `partly`, `failed`, or `not-asked` of one that is listed and was not looked at.
    pub(super) state: String,
    /// When it was begun with.
    pub(super) begun: String,
    /// The product, where it tells.
    pub(super) product: Option<String>,
    /// Why it could not be read, or not to its end.
    pub(super) error: Option<String>,
    pub(super) hints: Vec<String>,
    /// What was asked, and what came of it.
    pub(super) asked: Vec<AskedJson>,
}

/// One thing that was asked.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct AskedJson {
    pub(super) what: String,
    pub(super) outcome: String,
    pub(super) is_shown: bool,
}

/// A duty.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct DutyJson {
    /// Its name, for waivers and answers.
    pub(super) id: String,
    /// The clause.
    pub(super) section: String,
    pub(super) title: String,
    /// The editions of the guide in which it stands, or the note.
    pub(super) edition: String,
    /// `guide`, `thingworx-note` or `extra`.
    pub(super) part: String,
    /// `met`, `not-met`, `partly`, `not-visible`, `to-confirm` or `not-applicable`.
    pub(super) state: String,
    pub(super) evidence: Vec<EvidenceJson>,
    pub(super) findings: Vec<FindingJson>,
    /// What to do, in the words of Kepware's dialogs.
    pub(super) remedy: String,
    /// What a person is asked; null where certkit can tell.
    pub(super) question: Option<String>,
    /// What would make it visible; null where it is.
    pub(super) visible_by: Option<String>,
    /// The waiver that is about it; null without one.
    pub(super) waiver: Option<WaiverJson>,
    /// What a person has said; null where nobody has.
    pub(super) answer: Option<AnswerJson>,
}

/// What was seen.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct EvidenceJson {
    /// The source; empty where it is about none of them alone.
    pub(super) source: String,
    pub(super) text: String,
}

/// A deviation.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct FindingJson {
    pub(super) id: String,
    pub(super) severity: String,
    pub(super) message: String,
    pub(super) source: String,
    /// What it is about.
    pub(super) subject: String,
    pub(super) remedy: String,
    pub(super) is_waived: bool,
}

/// A waiver.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct WaiverJson {
    /// The duty or finding.
    pub(super) about: String,
    /// The source it holds for; null for all.
    pub(super) source: Option<String>,
    pub(super) owner: String,
    pub(super) reason: String,
    /// When it ends.
    pub(super) until: String,
    /// The same for people: the last day on which it holds.
    #[serde(skip)]
    pub(super) last: String,
    /// Whether it has ended.
    pub(super) is_expired: bool,
}

/// An answer.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct AnswerJson {
    pub(super) is_met: bool,
    pub(super) by: String,
    pub(super) on: String,
    pub(super) until: String,
    /// Until when it holds, for people.
    #[serde(skip)]
    pub(super) last: String,
    pub(super) note: Option<String>,
    /// Whether it holds no longer, or not yet.
    pub(super) is_expired: bool,
    /// Why it does not hold, for people; empty where it does.
    #[serde(skip)]
    pub(super) why_not: &'static str,
}

/// A system that interacts with the server.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct PeerJson {
    pub(super) kind: String,
    pub(super) at: String,
    /// The object of the project that talks to it.
    pub(super) by: String,
    pub(super) source: String,
}

/// A difference from the baseline.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct ChangeJson {
    /// `new`, `gone` or `changed`.
    pub(super) change: String,
    /// `deviation`, `state` or `setting`.
    pub(super) kind: String,
    pub(super) what: String,
    /// What it was; null for a secret, and where it was not there.
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) is_new_deviation: bool,
}

impl ReviewJson {
    /// Makes it.
    pub(super) fn new(settled: &Settled<'_>) -> ReviewJson {
        let review = settled.review;
        let count = |state| settled.in_sections().filter(|it| it.state == state).count();
        let is_answered = |it: &&Row| {
            let answer = it.answer.and_then(|at| review.choices.answers.get(at));
            answer.is_some_and(|it| it.is_valid(review.facts.moment))
        };
        ReviewJson {
            schema: SCHEMA.to_owned(),
            certkit_version: env!("CARGO_PKG_VERSION").to_owned(),
            moment: review.facts.moment.to_string(),
            shown: settled.is_partial().then(|| ShownJson {
                sections: settled.sections.clone(),
                states: settled.only.iter().map(ToString::to_string).collect(),
            }),
            summary: SummaryJson {
                not_met: count(State::NotMet),
                partly: count(State::Partly),
                to_confirm: count(State::ToConfirm),
                not_visible: count(State::NotVisible),
                met: count(State::Met),
                not_applicable: count(State::NotApplicable),
                waived: settled.in_sections().filter(|it| it.is_waived()).count(),
                waivers_ended: review.ended().count(),
                answered: settled.in_sections().filter(is_answered).count(),
            },
            sources: review.facts.sources.iter().map(SourceJson::new).collect(),
            duties: settled.rows().map(|row| DutyJson::new(row, review)).collect(),
            peers: review.peers.iter().map(PeerJson::new).collect(),
            changes: settled.changes.map(|it| it.iter().map(ChangeJson::new).collect()),
            unused: review.unused(),
            mark_salt: review.salt.map(|it| it.to_string()),
            configuration: configuration(review),
        }
    }
}

/// The state of a source that is listed and was not looked at.
pub(super) const NOT_ASKED: &str = "not-asked";

/// The state of a source.
pub(super) fn state_of(source: &SourceFacts) -> &'static str {
    match &source.error {
        None if source.kind == SourceKind::Followed && !source.has_shown() => NOT_ASKED,
        None => "read",
        Some(_) if source.is_dead() => "failed",
        Some(_) => "partly",
    }
}

impl SourceJson {
    /// Why it could not be read, or was not looked at, for people.
    pub(super) fn remark(&self) -> &str {
        let last = || self.asked.last().map(|it| it.outcome.as_str()).filter(|_| self.state == NOT_ASKED);
        self.error.as_deref().or_else(last).unwrap_or_default()
    }

    fn new(source: &SourceFacts) -> SourceJson {
        let asked = source.asked.iter().map(|it| AskedJson {
            what: it.what.clone(),
            outcome: it.outcome.clone(),
            is_shown: it.is_shown,
        });
        SourceJson {
            name: source.name.clone(),
            kind: source.kind.as_str().to_owned(),
            state: state_of(source).to_owned(),
            begun: source.begun.to_string(),
            product: source.product.as_ref().map(certkit_core::review::facts::Product::called),
            error: source.error.clone(),
            hints: source.hints.clone(),
            asked: asked.collect(),
        }
    }
}

impl DutyJson {
    fn new(row: &Row, review: &Review) -> DutyJson {
        let duty = row.duty;
        let moment = review.facts.moment;
        let some = |text: &str, is_wanted: bool| (is_wanted && !text.is_empty()).then(|| text.to_owned());
        // One that holds before one that has ended.
        let waivers = || row.waivers.iter().filter_map(|at| review.choices.waivers.get(*at));
        let waiver = waivers().find(|it| it.is_valid(moment)).or_else(|| waivers().next());
        let answer = row.answer.and_then(|at| review.choices.answers.get(at));
        DutyJson {
            id: duty.id.to_owned(),
            section: duty.section.to_owned(),
            title: duty.title.to_owned(),
            edition: duty.part.editions(),
            part: duty.part.as_str().to_owned(),
            state: row.state.to_string(),
            evidence: row
                .evidence
                .iter()
                .map(|it| EvidenceJson { source: it.source.clone(), text: it.text.clone() })
                .collect(),
            findings: row.findings.iter().map(FindingJson::new).collect(),
            remedy: duty.cure.to_owned(),
            question: some(duty.question, true),
            visible_by: some(duty.visible_by, row.state == State::NotVisible),
            waiver: waiver.map(|it| WaiverJson {
                about: it.about.clone(),
                source: it.source.clone(),
                owner: it.owner.clone(),
                reason: it.reason.clone(),
                until: it.until.to_string(),
                last: end_text(it.until),
                is_expired: !it.is_valid(moment),
            }),
            answer: answer.map(|it| AnswerJson {
                is_met: it.is_met,
                by: it.by.clone(),
                on: it.on.date(),
                until: it.until.to_string(),
                last: end_text(it.until),
                note: it.note.clone(),
                is_expired: !it.is_valid(moment),
                why_not: why_not(it, moment),
            }),
        }
    }
}

/// Why an answer does not hold; nothing where it does.
pub(super) fn why_not(answer: &Answer, moment: Moment) -> &'static str {
    match answer.is_valid(moment) {
        true => "",
        false if moment < answer.on => "it is not valid yet",
        false => "it has expired",
    }
}

impl FindingJson {
    fn new(finding: &Finding) -> FindingJson {
        FindingJson {
            id: finding.deviation.id.to_owned(),
            severity: finding.deviation.severity.to_string(),
            message: finding.message.clone(),
            source: finding.source.clone(),
            subject: finding.subject.clone(),
            remedy: finding.deviation.cure.to_owned(),
            is_waived: finding.waiver.is_some(),
        }
    }
}

impl PeerJson {
    fn new(peer: &Peer) -> PeerJson {
        PeerJson {
            kind: peer.kind.as_str().to_owned(),
            at: peer.at.clone(),
            by: peer.by.clone(),
            source: peer.source.clone(),
        }
    }
}

impl ChangeJson {
    fn new(change: &Change) -> ChangeJson {
        ChangeJson {
            change: change.fate.as_str().to_owned(),
            kind: change.kind.to_owned(),
            what: change.what.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
            is_new_deviation: change.is_new_deviation,
        }
    }
}

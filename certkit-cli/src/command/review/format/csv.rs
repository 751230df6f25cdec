//! A table for spreadsheets (RFC 4180), a line for each duty.

use std::io::{self, Write};

use certkit_core::review::duty::State;
use certkit_expiry::format::csv::harmless;

use super::super::document::state_of;
use super::super::settled::Settled;
use crate::command::expiry::end_text;

const HEADINGS: [&str; 22] = [
    "section",
    "id",
    "title",
    "edition",
    "part",
    "state",
    "evidence",
    "findings",
    "remedy",
    "question",
    "waiver_owner",
    "waiver_until",
    "answered_by",
    "answered_on",
    "waiver_about",
    "waiver_reason",
    "answer_note",
    "unseen",
    "visible_by",
    "sources",
    "moment",
    "certkit_version",
];

/// Writes it.
pub(in super::super) fn write(settled: &Settled<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(to);
    table.write_record(HEADINGS)?;
    let sources = settled.review.facts.sources.iter().map(|it| {
        let shown = it.asked.iter().filter(|it| it.is_shown).count();
        format!("{} ({}, {shown} of {} answers shown)", it.name, state_of(it), it.asked.len())
    });
    let sources = sources.collect::<Vec<_>>().join("; ");
    for row in settled.rows() {
        let choices = &settled.review.choices;
        let moment = settled.review.facts.moment;
        let mut waivers = row.waivers.iter().filter_map(|at| choices.waivers.get(*at));
        let waiver = waivers.find(|it| it.is_valid(moment));
        let answer = row.answer.and_then(|at| choices.answers.get(at)).filter(|it| it.is_valid(moment));
        let told = |is_unseen: bool| {
            let evidence = row.evidence.iter().filter(|it| it.is_unseen == is_unseen || !is_unseen);
            let texts = evidence.map(|it| match it.source.as_str() {
                "" => it.text.clone(),
                source => format!("{} ({source})", it.text),
            });
            texts.collect::<Vec<_>>().join("; ")
        };
        let mut ids: Vec<&str> = row.findings.iter().map(|it| it.deviation.id).collect();
        ids.dedup();
        let cells = [
            row.duty.section.to_owned(),
            row.duty.id.to_owned(),
            row.duty.title.to_owned(),
            row.duty.part.editions(),
            row.duty.part.as_str().to_owned(),
            row.state.to_string(),
            told(false),
            ids.join(" "),
            row.duty.cure.to_owned(),
            row.duty.question.to_owned(),
            waiver.map(|it| it.owner.clone()).unwrap_or_default(),
            waiver.map(|it| end_text(it.until)).unwrap_or_default(),
            answer.map(|it| it.by.clone()).unwrap_or_default(),
            answer.map(|it| it.on.date()).unwrap_or_default(),
            waiver.map(|it| it.about.clone()).unwrap_or_default(),
            waiver.map(|it| it.reason.clone()).unwrap_or_default(),
            answer.and_then(|it| it.note.clone()).unwrap_or_default(),
            told(true),
            if row.state == State::NotVisible { row.duty.visible_by.to_owned() } else { String::new() },
            sources.clone(),
            moment.to_string(),
            env!("CARGO_PKG_VERSION").to_owned(),
        ];
        table.write_record(cells.iter().map(|cell| harmless(cell)))?;
    }
    table.flush()
}

//! A review for a terminal: short, what is not met first, with the next step.

use std::fmt::Write as _;

use certkit_core::review::Row;
use certkit_core::review::duty::{Part, State};
use certkit_core::text::{Printable, plural};

use super::super::document::state_of;
use super::super::settled::Settled;
use crate::render::style::{self, BAD, BOLD, CARE, DIM, GOOD, paint};
use crate::render::wrap;

/// As many pieces of evidence are shown of one duty.
const PIECES: usize = 6;

/// Writes it.
pub(in super::super) fn text(settled: &Settled<'_>) -> String {
    let mut out = String::new();
    head(settled, &mut out);
    changes(settled, &mut out);
    short(settled, &mut out);
    questions(settled, &mut out);
    unseen(settled, &mut out);
    for (state, words) in [(State::Met, "Met"), (State::NotApplicable, "Not applicable")] {
        let rows = settled.of(state);
        if !rows.is_empty() {
            let ids = rows.iter().map(|row| row.duty.id).collect::<Vec<_>>().join(", ");
            let _ = write!(out, "\n{}\n{}\n", paint(GOOD, words), wrap(&ids, 2));
        }
    }
    out
}

fn head(settled: &Settled<'_>, out: &mut String) {
    let review = settled.review;
    let count = |state| settled.in_sections().filter(|it| it.state == state).count();
    let open = settled.in_sections().filter(|it| it.is_open()).count();
    let waived = settled.in_sections().filter(|it| it.is_waived()).count();
    let all = settled.in_sections().count();
    let headline = match (open, waived) {
        (0, 0) => format!("No deviation was found; {} of {all} duties are met", count(State::Met)),
        (0, waived) => format!("{waived} {}, each with a waiver", plural(waived, "deviation", "deviations")),
        (open, 0) => format!("{open} of {all} duties {} short", plural(open, "falls", "fall")),
        (open, waived) => {
            format!("{open} of {all} duties {} short, {waived} more are waived", plural(open, "falls", "fall"))
        }
    };
    let _ = writeln!(out, "{}", paint(BOLD, headline));
    let counts = State::ALL.map(|state| format!("{} {state}", count(state))).join(", ");
    let _ = writeln!(out, "{}", wrap(&counts, 2));
    for source in &review.facts.sources {
        let product = source.product.as_ref().map(|it| format!(", {}", it.called())).unwrap_or_default();
        let line = match state_of(source) {
            "read" => format!("{} {}{product}", paint(GOOD, "read"), Printable(&source.name)),
            state => {
                let error = source.error.as_deref().unwrap_or_default();
                format!("{} {}{product}: {error}", paint(BAD, state), Printable(&source.name))
            }
        };
        let _ = writeln!(out, "{}", wrap(&line, 2));
        for hint in &source.hints {
            let _ = writeln!(out, "{}", wrap(&format!("hint: {hint}"), 4));
        }
    }
    for waiver in review.ended() {
        let line = format!(
            "The waiver for {} of {} has ended on {}",
            waiver.about,
            Printable(&waiver.owner),
            waiver.until.date()
        );
        let _ = writeln!(out, "{}", wrap(&paint(CARE, line), 2));
    }
    for line in review.unused() {
        let _ = writeln!(out, "{}", wrap(&paint(CARE, line), 2));
    }
}

/// As many changes are shown.
const CHANGES: usize = 20;

fn changes(settled: &Settled<'_>, out: &mut String) {
    let Some(changes) = settled.changes else { return };
    let _ = writeln!(out, "\n{}", paint(BOLD, "Since the baseline"));
    if changes.is_empty() {
        let _ = writeln!(out, "  nothing is different");
    }
    for change in changes.iter().take(CHANGES) {
        let style = if change.is_new_deviation { BAD } else { DIM };
        let values = match (&change.before, &change.after) {
            (None, None) => String::new(),
            (before, after) => {
                let shown = |it: &Option<String>| it.clone().unwrap_or_else(|| "nothing".to_owned());
                format!(": {} -> {}", shown(before), shown(after))
            }
        };
        let line =
            format!("{} {} {}{values}", paint(style, change.fate.as_str()), change.kind, Printable(&change.what));
        let _ = writeln!(out, "{}", wrap(&line, 2));
    }
    if changes.len() > CHANGES {
        let _ = writeln!(out, "  and {} more; --format json lists them", changes.len() - CHANGES);
    }
}

/// The head of a row.
fn title(row: &Row) -> String {
    let extra = if row.duty.part == Part::Extra { " (extra)" } else { "" };
    format!("{}{extra}: {}", paint(BOLD, row.duty.id), row.duty.title)
}

fn short(settled: &Settled<'_>, out: &mut String) {
    for (state, words) in [(State::NotMet, "Not met"), (State::Partly, "Met in part")] {
        let rows = settled.of(state);
        if rows.is_empty() {
            continue;
        }
        let _ = write!(out, "\n{}\n", paint(BAD, words));
        for row in rows {
            let _ = writeln!(out, "{}", wrap(&title(row), 2));
            seen(row, out);
            let choices = &settled.review.choices;
            for waiver in row.waivers.iter().filter_map(|at| choices.waivers.get(*at)) {
                if waiver.is_valid(settled.review.facts.moment) {
                    let (owner, reason) = (Printable(&waiver.owner), Printable(&waiver.reason));
                    let line = format!("waived until {} by {owner}: {reason}", waiver.until.date());
                    let _ = writeln!(out, "{}", wrap(&paint(GOOD, line), 4));
                }
            }
            answered(settled, row, out);
        }
    }
}

fn seen(row: &Row, out: &mut String) {
    let mut told: Vec<&str> = Vec::new();
    for finding in row.findings.iter().take(PIECES) {
        let severity = finding.deviation.severity;
        let line = format!("{} {} [{}]", paint(style::of(severity), severity), finding.message, finding.deviation.id);
        let _ = writeln!(out, "{}", wrap(&line, 4));
    }
    if row.findings.len() > PIECES {
        let _ = writeln!(out, "    and {} more", row.findings.len() - PIECES);
    }
    if row.findings.is_empty() {
        for evidence in row.evidence.iter().take(PIECES) {
            let _ = writeln!(out, "{}", wrap(&evidence.text, 4));
        }
    }
    for finding in row.findings.iter().filter(|it| it.waiver.is_none()) {
        if !told.contains(&finding.deviation.cure) {
            told.push(finding.deviation.cure);
            let _ = writeln!(out, "{}", wrap(&format!("{} {}", paint(DIM, "do:"), finding.deviation.cure), 4));
        }
    }
    if row.findings.is_empty() && row.is_open() {
        let _ = writeln!(out, "{}", wrap(&format!("{} {}", paint(DIM, "do:"), row.duty.cure), 4));
    }
}

fn answered(settled: &Settled<'_>, row: &Row, out: &mut String) {
    let Some(answer) = row.answer.and_then(|at| settled.review.choices.answers.get(at)) else { return };
    let word = if answer.is_met { "met" } else { "not met" };
    let ended = if answer.is_valid(settled.review.facts.moment) { "" } else { "; that holds no longer" };
    let line = format!("{} said on {} that it is {word}{ended}", Printable(&answer.by), answer.on.date());
    let _ = writeln!(out, "{}", wrap(&paint(DIM, line), 4));
}

fn questions(settled: &Settled<'_>, out: &mut String) {
    let rows = settled.of(State::ToConfirm);
    if rows.is_empty() {
        return;
    }
    let _ =
        write!(out, "\n{}\n", paint(CARE, "To be confirmed by a person ([[review.answer]] in the file of --config)"));
    for row in rows {
        let line = format!("{} {}", paint(BOLD, row.duty.id), row.duty.question);
        let _ = writeln!(out, "{}", wrap(&line, 2));
        answered(settled, row, out);
    }
}

fn unseen(settled: &Settled<'_>, out: &mut String) {
    let rows = settled.of(State::NotVisible);
    if rows.is_empty() {
        return;
    }
    let _ = write!(out, "\n{}\n", paint(CARE, "Not visible here"));
    let mut ways: Vec<&str> = rows.iter().map(|row| row.duty.visible_by).collect();
    ways.sort_unstable();
    ways.dedup();
    for way in ways {
        let ids = rows.iter().filter(|row| row.duty.visible_by == way).map(|row| row.duty.id).collect::<Vec<_>>();
        let _ = writeln!(out, "{}", wrap(&format!("{}: {way}", paint(BOLD, ids.join(", "))), 2));
    }
}

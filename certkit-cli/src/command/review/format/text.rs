//! A review for a terminal: short, what is not met first, with the next step.

use std::fmt::Write as _;

use certkit_core::review::duty::{Part, State};
use certkit_core::review::{Finding, Row};
use certkit_core::text::Printable;

use super::super::document::{NOT_ASKED, state_of, why_not};
use super::super::settled::Settled;
use crate::command::expiry::end_text;
use crate::terminal::style::{self, BAD, BOLD, CARE, DIM, GOOD, Style, paint};
use crate::terminal::wrap;

/// As many pieces of evidence are shown of one duty.
const PIECES: usize = 6;

/// As many changes are shown.
const CHANGES: usize = 20;

/// Writes a paragraph, the words that lead it set off; the marks of colours have no width, and come after the folding.
fn tell(out: &mut String, indent: usize, style: Style, lead: &str, rest: &str) {
    let text = if rest.is_empty() { lead.to_owned() } else { format!("{lead} {rest}") };
    let folded = wrap(&text, indent);
    let _ = match folded.split_once(lead) {
        Some((before, after)) => writeln!(out, "{before}{}{after}", paint(style, lead)),
        None => writeln!(out, "{folded}"),
    };
}

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
    let _ = writeln!(out, "{}", paint(BOLD, settled.headline()));
    let counts = State::ALL.map(|state| format!("{} {state}", count(state))).join(", ");
    let _ = writeln!(out, "{}", wrap(&counts, 2));
    for source in &review.facts.sources {
        let state = state_of(source);
        let product = source.product.as_ref().map(|it| format!(", {}", it.called())).unwrap_or_default();
        let error = source.error.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
        let (style, why) = match state {
            "read" => (GOOD, String::new()),
            NOT_ASKED => (CARE, source.asked.last().map(|it| format!(": {}", it.outcome)).unwrap_or_default()),
            _ => (BAD, String::new()),
        };
        tell(out, 2, style, state, &format!("{}{product}{error}{why}", Printable(&source.name)));
        for hint in &source.hints {
            tell(out, 4, DIM, "hint:", hint);
        }
    }
    for waiver in review.ended() {
        let (about, owner, end) = (&waiver.about, Printable(&waiver.owner), end_text(waiver.until));
        tell(out, 2, CARE, "ended", &format!("the waiver for {about} of {owner}, on {end}"));
    }
    for line in review.unused() {
        tell(out, 2, CARE, "unused", &line);
    }
}

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
        let rest = format!("{} {}{values}", change.kind, Printable(&change.what));
        tell(out, 2, style, change.fate.as_str(), &rest);
    }
    if changes.len() > CHANGES {
        let _ = writeln!(out, "  and {} more; --format json lists them", changes.len() - CHANGES);
    }
}

fn short(settled: &Settled<'_>, out: &mut String) {
    for (state, words) in [(State::NotMet, "Not met"), (State::Partly, "Met in part")] {
        let rows = settled.of(state);
        if rows.is_empty() {
            continue;
        }
        let _ = write!(out, "\n{}\n", paint(BAD, words));
        for row in rows {
            let extra = if row.duty.part == Part::Extra { "(extra) " } else { "" };
            tell(out, 2, BOLD, row.duty.id, &format!("{extra}{}", row.duty.title));
            seen(settled, row, out);
            let choices = &settled.review.choices;
            for waiver in row.waivers.iter().filter_map(|at| choices.waivers.get(*at)) {
                if waiver.is_valid(settled.review.facts.moment) {
                    let (owner, reason) = (Printable(&waiver.owner), Printable(&waiver.reason));
                    let source = waiver.source.as_ref().map(|it| format!("for {} alone ", Printable(it)));
                    let (source, until) = (source.unwrap_or_default(), end_text(waiver.until));
                    tell(out, 4, GOOD, "waived", &format!("{source}until {until} by {owner}: {reason}"));
                }
            }
            answered(settled, row, out);
        }
    }
}

fn seen(settled: &Settled<'_>, row: &Row, out: &mut String) {
    // What nobody has accepted comes first.
    let mut findings: Vec<&Finding> = row.findings.iter().collect();
    findings.sort_by_key(|it| it.waiver.is_some());
    let is_one = settled.review.facts.sources.len() < 2;
    for finding in findings.into_iter().take(PIECES) {
        let severity = finding.deviation.severity;
        let source = if is_one { String::new() } else { format!("{}: ", Printable(&finding.source)) };
        let rest = format!("{source}{} [{}]", finding.message, finding.deviation.id);
        let (style, lead) = match finding.waiver {
            Some(_) => (GOOD, "waived"),
            None => (style::of(severity), severity.name()),
        };
        tell(out, 4, style, lead, &rest);
    }
    if row.findings.len() > PIECES {
        let _ = writeln!(out, "    and {} more", row.findings.len() - PIECES);
    }
    if row.findings.is_empty() {
        row.evidence.iter().take(PIECES).for_each(|it| {
            let _ = writeln!(out, "{}", wrap(&it.text, 4));
        });
        if row.is_open() {
            tell(out, 4, DIM, "do:", row.duty.cure);
        }
    }
    let mut told: Vec<&str> = Vec::new();
    for finding in row.findings.iter().filter(|it| it.waiver.is_none()) {
        if !told.contains(&finding.deviation.cure) {
            told.push(finding.deviation.cure);
            tell(out, 4, DIM, "do:", finding.deviation.cure);
        }
    }
}

fn answered(settled: &Settled<'_>, row: &Row, out: &mut String) {
    let Some(answer) = row.answer.and_then(|at| settled.review.choices.answers.get(at)) else { return };
    let word = if answer.is_met { "met" } else { "not met" };
    let why = match why_not(answer, settled.review.facts.moment) {
        "" => String::new(),
        why => format!("; {why}"),
    };
    let rest = format!("by {} on {}: {word}{why}", Printable(&answer.by), answer.on.date());
    tell(out, 4, DIM, "answered", &rest);
}

fn questions(settled: &Settled<'_>, out: &mut String) {
    let rows = settled.of(State::ToConfirm);
    if rows.is_empty() {
        return;
    }
    let _ = write!(out, "\n{}\n", paint(CARE, "To be confirmed by a person"));
    let _ = writeln!(out, "{}", wrap("write answers as [[review.answer]] in the file of --config", 2));
    for row in rows {
        tell(out, 2, BOLD, row.duty.id, row.duty.question);
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
        let ids: Vec<_> = rows.iter().filter(|row| row.duty.visible_by == way).map(|row| row.duty.id).collect();
        let _ = writeln!(out, "{}", wrap(&ids.join(", "), 2));
        let _ = writeln!(out, "{}", wrap(way, 4));
        why(rows.iter().filter(|row| row.duty.visible_by == way), out);
    }
}

/// What the sources do not show, each sentence once.
fn why<'a>(rows: impl Iterator<Item = &'a &'a Row>, out: &mut String) {
    let unseen = rows.flat_map(|row| row.evidence.iter().filter(|it| it.is_unseen));
    let mut told: Vec<String> = Vec::new();
    for it in unseen {
        let sentence = format!("{}: {}", Printable(&it.source), it.text);
        if !told.contains(&sentence) {
            told.push(sentence);
        }
    }
    for sentence in told.iter().take(PIECES) {
        tell(out, 4, DIM, "unseen:", sentence);
    }
    if told.len() > PIECES {
        let _ = writeln!(out, "    and {} more", told.len() - PIECES);
    }
}

//! A table for people.

use std::fmt::Write as _;

use anstyle::Style;
use certkit_core::expiry::{Change, Entry, Seen, State, Way};
use certkit_core::moment::Moment;
use certkit_core::text::{Printable, plural};

use super::super::document::{Told, UNPROVEN};
use super::{called, element_word, name};
use crate::render::style::{self, paint};

/// Makes the table with a summary below it.
pub(in super::super) fn text(told: &Told<'_>, all: bool) -> String {
    let mut text = String::new();
    let report = told.report;
    if !report.entries.is_empty() {
        let widest = report.entries.iter().map(|entry| width(&called(entry))).max().unwrap_or(0).clamp(4, 40);
        let heading = format!("{:<9} {:>6}  {:<10}  {:<widest$}  WHERE", "STATE", "DAYS", "ENDS", "WHAT");
        let _ = writeln!(text, "{}", paint(style::BOLD, heading));
        for entry in &report.entries {
            line(&mut text, entry, told, widest);
        }
        text.push('\n');
    }
    let tally = &report.tally;
    let shown_fine = report.entries.iter().filter(|entry| entry.state == State::Ok).count() as u64;
    if tally.ok > shown_fine && !all {
        let _ = writeln!(text, "{} more are fine and not listed; --all lists them", tally.ok - shown_fine);
    }
    let counted: Vec<String> = [
        ("expired", tally.expired),
        ("critical", tally.critical),
        ("unknown", tally.unknown),
        ("warning", tally.warning),
        ("ok", tally.ok),
        ("waived", tally.waived),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(word, count)| format!("{count} {word}"))
    .collect();
    let counted = if counted.is_empty() { "nothing to look at".to_owned() } else { counted.join(", ") };
    let worst = tally.worst();
    let _ = writeln!(text, "{}: {counted}", paint(style_of(worst), worst.as_str().to_uppercase()));
    if report.left_out > 0 {
        let _ = writeln!(
            text,
            "The run was stopped: {} {} not looked at to the end",
            report.left_out,
            plural(usize::try_from(report.left_out).unwrap_or(usize::MAX), "source was", "sources were")
        );
    }
    if let Some(changes) = told.changes {
        changed(&mut text, changes);
    }
    if report.entries.iter().any(|entry| entry.source.way == Way::Endpoint && entry.dated().is_some()) {
        let _ = writeln!(text, "{}", paint(style::DIM, format!("Not proven: {UNPROVEN}")));
    }
    text
}

fn width(text: &str) -> usize {
    Printable(text).to_string().chars().count()
}

fn style_of(state: State) -> Style {
    match state {
        State::Ok => style::GOOD,
        State::Warning => style::CARE,
        State::Unknown | State::Critical | State::Expired => style::BAD,
    }
}

fn line(text: &mut String, entry: &Entry, told: &Told<'_>, widest: usize) {
    let dated = entry.dated();
    let days = dated.and_then(|dated| dated.days_left(told.moment)).map_or("-".to_owned(), |days| days.to_string());
    let end = dated.and_then(|dated| dated.not_after).map_or("-".to_owned(), Moment::date);
    let state = if entry.waived_by.is_some() { "waived" } else { entry.state.as_str() };
    let style = if entry.waived_by.is_some() { style::DIM } else { style_of(entry.state) };
    let mut what: String = Printable(called(entry)).to_string();
    if what.chars().count() > widest {
        what = what.chars().take(widest.saturating_sub(1)).collect::<String>() + "\u{2026}";
    }
    let place = Printable(entry.whereabouts());
    let element = dated.map(|dated| format!("  ({})", element_word(dated.element))).unwrap_or_default();
    let _ = writeln!(
        text,
        "{} {days:>6}  {end:<10}  {what:<widest$}  {place}{element}",
        paint(style, format!("{state:<9}"))
    );
    let mut below = |words: String| {
        let _ = writeln!(text, "{:20}{}", "", paint(style::DIM, words));
    };
    if let Seen::Unseen(unseen) = &entry.seen {
        below(format!("{}: {}", unseen.word, Printable(&unseen.reason)));
    }
    if let Some(dated) = dated.filter(|dated| dated.not_before.is_some_and(|start| start > told.moment)) {
        below(format!("not valid before {}", dated.not_before.map(|start| start.to_string()).unwrap_or_default()));
    }
    if let Some(waiver) = entry.waiver() {
        below(format!("{} until {}: {}", entry.state, waiver.until, Printable(&waiver.reason)));
    } else if entry.state != State::Ok {
        let words = [("owner", &entry.source.owner), ("note", &entry.source.note)];
        let told: Vec<String> = words
            .into_iter()
            .filter_map(|(label, word)| word.as_ref().map(|word| format!("{label}: {}", Printable(word))))
            .collect();
        if !told.is_empty() {
            below(told.join("; "));
        }
    }
}

fn changed(text: &mut String, changes: &[Change]) {
    if changes.is_empty() {
        text.push_str("Nothing has changed since the last run\n");
        return;
    }
    let _ = writeln!(text, "\n{}", paint(style::BOLD, "Since the last run"));
    for change in changes {
        let Some(at) = change.after().or(change.before()) else { continue };
        let place = if at.place.is_empty() { at.source.clone() } else { format!("{}/{}", at.source, at.place) };
        let mut words = Vec::new();
        match change.keeps_key() {
            Some(true) => words.push("key kept".to_owned()),
            Some(false) => words.push("new key".to_owned()),
            None => {}
        }
        if change.changes_issuer() == Some(true) {
            words.push(format!("now issued by {}", Printable(name::short(&at.issuer))));
        }
        let words = if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
        let style = if change.is_unexpected() { style::CARE } else { style::GOOD };
        let what = Printable(name::short(&at.subject));
        let _ = writeln!(
            text,
            "  {}  {what}  {}{words}",
            paint(style, format!("{:<8}", change.as_str())),
            Printable(place)
        );
    }
}

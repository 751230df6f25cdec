//! A table for people.

use std::fmt::Write as _;

use certkit_core::moment::Moment;
use certkit_core::text::{Printable, plural};
use certkit_expiry::format::{beside_path, called, changed, element_word, name};
use certkit_expiry::run_report::{RunReport, Since};
use certkit_expiry::{Entry, Reason, Seen, State};

use super::sources::end_text;
use crate::terminal::style::{self, Style, paint};

/// Makes the table with a summary below it, the tally in its last line.
pub(super) fn text(run: &RunReport<'_>, all: bool) -> String {
    let mut text = String::new();
    let report = run.report;
    if !report.entries.is_empty() {
        let widest = report.entries.iter().map(|entry| width(&called(entry))).max().unwrap_or(0).clamp(4, 40);
        let heading = format!("{:<9} {:>6}  {:<10}  {:<widest$}  WHERE", "STATE", "DAYS", "ENDS", "WHAT");
        let _ = writeln!(text, "{}", paint(style::BOLD, heading));
        for entry in &report.entries {
            line(&mut text, entry, run, widest);
        }
        text.push('\n');
    }
    since(&mut text, run);
    let shown_fine = report.entries.iter().filter(|entry| entry.state == State::Ok).count() as u64;
    if report.tally.ok > shown_fine && !all {
        let _ = writeln!(text, "{} more are fine and not listed; --all lists them", report.tally.ok - shown_fine);
    }
    if report.passed_over > 0 {
        let _ = writeln!(
            text,
            "{} {} no certificate or revocation list",
            report.passed_over,
            counted(report.passed_over, "file holds", "files hold")
        );
    }
    if report.secret_keys > 0 {
        let keys = counted(report.secret_keys, "secret key has", "secret keys have");
        let _ = writeln!(text, "{} {keys} no end", report.secret_keys);
    }
    if report.excluded > 0 {
        let files = counted(report.excluded, "file is", "files are");
        let _ = writeln!(text, "{} {files} left out by the inventory", report.excluded);
    }
    if report.left_out > 0 {
        let _ = writeln!(
            text,
            "The run was stopped: {} {} not read completely",
            report.left_out,
            counted(report.left_out, "source was", "sources were")
        );
    }
    if let Some(unproven) = run.unproven() {
        let _ = writeln!(text, "{}", paint(style::DIM, format!("Not proven: {unproven}")));
    }
    tally(&mut text, run);
    text
}

fn counted(count: u64, one: &'static str, many: &'static str) -> &'static str {
    plural(usize::try_from(count).unwrap_or(usize::MAX), one, many)
}

/// The whole in one line, which people use as the subject of a mail.
fn tally(text: &mut String, run: &RunReport<'_>) {
    let tally = &run.report.tally;
    let mut counts: Vec<String> = [
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
    if counts.is_empty() {
        counts.push("nothing to look at".to_owned());
    }
    let worst = tally.worst();
    let (mut word, mut style) = (worst.as_str().to_uppercase(), style_of(worst));
    let unexpected = run.unexpected().count() as u64;
    if unexpected > 0 {
        counts.push(format!("{unexpected} changed unexpectedly"));
        if worst <= State::Warning {
            (word, style) = ("CHANGED".to_owned(), style::BAD);
        }
    }
    let _ = writeln!(text, "{}: {}", paint(style, word), counts.join(", "));
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

fn line(text: &mut String, entry: &Entry, run: &RunReport<'_>, widest: usize) {
    let dated = entry.dated();
    let days = dated.and_then(|dated| dated.days_left(run.moment)).map_or("-".to_owned(), |days| days.to_string());
    let end = dated.and_then(|dated| dated.not_after).map_or("-".to_owned(), Moment::date);
    let state = if entry.is_set_aside() { "waived" } else { entry.state.as_str() };
    let style = if entry.is_set_aside() { style::DIM } else { style_of(entry.state) };
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
    if entry.reason(run.moment) == Some(Reason::NotYetValid)
        && let Some(start) = dated.and_then(|dated| dated.not_before)
    {
        below(format!("not valid before {start}"));
    }
    for finding in entry.objections() {
        below(format!("{} {}: {}", finding.severity, finding.id, Printable(&finding.message)));
    }
    if let Some(waiver) = entry.waiver() {
        below(format!("{} until {}: {}", entry.state, end_text(waiver.until), Printable(&waiver.reason)));
    } else if let Some(words) = beside_path(entry) {
        below(words);
    } else if entry.state != State::Ok {
        let words = [("owner", &entry.source.owner), ("note", &entry.source.note)];
        let run: Vec<String> = words
            .into_iter()
            .filter_map(|(label, word)| word.as_ref().map(|word| format!("{label}: {}", Printable(word))))
            .collect();
        if !run.is_empty() {
            below(run.join("; "));
        }
    }
}

/// What is different from the last run.
fn since(text: &mut String, run: &RunReport<'_>) {
    let changes = match run.since {
        None => return,
        Some(Since::Never { remembered }) => {
            let _ = writeln!(text, "This is the first run with this --state: {remembered} are remembered");
            return;
        }
        Some(Since::LastRun([])) => {
            text.push_str("Nothing has changed since the last run\n");
            return;
        }
        Some(Since::LastRun(changes)) => changes,
    };
    let _ = writeln!(text, "{}", paint(style::BOLD, "Since the last run"));
    for change in changes {
        let Some((known, place)) = changed(change) else { continue };
        let mut words = Vec::new();
        match change.keeps_key() {
            Some(true) => words.push("key kept".to_owned()),
            Some(false) => words.push("new key".to_owned()),
            None => {}
        }
        if change.changes_issuer() == Some(true) && change.before().is_some_and(|it| it.issuer == known.issuer) {
            words.push("issued by another CA of the same name".to_owned());
        } else if change.changes_issuer() == Some(true) {
            words.push(format!("now issued by {}", Printable(name::short(&known.issuer))));
        }
        let words = if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) };
        let style = if change.is_unexpected() { style::CARE } else { style::GOOD };
        let what = Printable(name::short(&known.subject));
        let _ = writeln!(
            text,
            "  {}  {what}  {}{words}",
            paint(style, format!("{:<8}", change.as_str())),
            Printable(place)
        );
    }
    text.push('\n');
}

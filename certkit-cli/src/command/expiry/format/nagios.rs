//! The answer of a monitoring plugin: one line with performance data, then a line for each alarm.

use std::io::{self, Write};

use certkit_core::expiry::{Entry, Seen, State};
use certkit_core::text::Printable;

use super::super::document::Told;
use super::{called, days, name};

/// How many alarms are told below the first line; plugins should fit on a screen.
const LINES: usize = 20;

/// How long the words of the first line may be.
const ROOM: usize = 79;

/// Writes it.
pub(in super::super) fn write(told: &Told<'_>, to: &mut dyn Write) -> io::Result<()> {
    let report = told.report;
    let word = match report.tally.worst() {
        State::Ok => "OK",
        State::Warning => "WARNING",
        // What cannot be looked at is the service's fault, as the guidelines have it.
        State::Unknown | State::Critical | State::Expired => "CRITICAL",
    };
    let first = report.entries.first();
    let is_one = first.is_some_and(|first| report.entries.iter().all(|it| it.source.name == first.source.name))
        && report.tally.all() == report.entries.len() as u64;
    let words = match first {
        None => format!("{} looked at, all fine", report.tally.all()),
        Some(first) if is_one && report.entries.len() < 20 => headline(first, told),
        Some(first) => {
            let tally = &report.tally;
            let alarms = tally.all() - tally.ok - tally.waived;
            format!("{alarms} of {} want attention; {}", tally.all(), headline(first, told))
        }
    };
    let line = shortened(&format!("SSL_CERT {word} - {}", clean(&words)));
    let data = if is_one { elements(told) } else { totals(told) };
    writeln!(to, "{line}|{data}")?;
    let alarms = report.entries.iter().filter(|entry| entry.alarm() != State::Ok);
    for entry in alarms.clone().take(LINES) {
        writeln!(to, "{}: {}", entry.state.as_str().to_uppercase(), clean(&sentence(entry, told)))?;
    }
    let more = alarms.count().saturating_sub(LINES);
    if more > 0 {
        writeln!(to, "and {more} more")?;
    }
    Ok(())
}

/// What the first line says of the most urgent entry.
fn headline(entry: &Entry, told: &Told<'_>) -> String {
    match (&entry.seen, entry.dated().and_then(|dated| dated.days_left(told.moment))) {
        (Seen::Unseen(unseen), _) => format!("{}: {}", entry.whereabouts(), unseen.word),
        (Seen::Dated(_), Some(left)) => {
            let verb = if entry.state == State::Expired { "expired" } else { "expires" };
            format!("'{}' {verb} {} ({})", called(entry), days(left), entry.source.name)
        }
        (Seen::Dated(_), None) => format!("'{}' has no end that can be read", called(entry)),
    }
}

/// What a further line says of an entry.
fn sentence(entry: &Entry, told: &Told<'_>) -> String {
    match (&entry.seen, entry.dated()) {
        (Seen::Unseen(unseen), _) => format!("{}: {}", entry.whereabouts(), unseen.reason),
        (_, Some(dated)) => {
            let end = dated.not_after.map_or("an unknown time".to_owned(), |end| end.to_string());
            let left = dated.days_left(told.moment).map(|left| format!(" ({})", days(left))).unwrap_or_default();
            let issuer = name::short(&dated.issuer);
            format!("{}: '{}' from '{issuer}' valid until {end}{left}", entry.whereabouts(), called(entry))
        }
        (_, None) => entry.whereabouts(),
    }
}

/// Days for each element of the only source, in the order in which it has them.
fn elements(told: &Told<'_>) -> String {
    let mut entries: Vec<&Entry> = told.report.entries.iter().collect();
    entries.sort_by(|one, other| (&one.place, one.position).cmp(&(&other.place, other.position)));
    let data = (1..).zip(entries).map(|(number, entry)| {
        let Some((dated, left)) = entry.dated().and_then(|it| it.days_left(told.moment).map(|left| (it, left))) else {
            return format!("days_chain_elem{number}=U;;;;");
        };
        let thresholds = entry.source.thresholds_of(dated.element);
        let end = dated.not_after.unwrap_or(told.moment);
        let [warn, critical] =
            [thresholds.warning, thresholds.critical].map(|threshold| threshold.in_days(dated.not_before, end));
        // Ranges of the guidelines: `30:` alarms below 30.
        format!("days_chain_elem{number}={left};{warn}:;{critical}:;;")
    });
    data.collect::<Vec<_>>().join(" ")
}

/// Counts where there are several sources: a label for each entry would be too many.
fn totals(told: &Told<'_>) -> String {
    let tally = &told.report.tally;
    let least = told.report.entries.iter().filter_map(|entry| entry.dated()?.days_left(told.moment)).min();
    let least = least.map_or("U".to_owned(), |days| days.to_string());
    format!(
        "days_min={least};;;; total={};;;0; ok={};;;0; warning={};0;;0; critical={};;0;0; expired={};;0;0; \
         unknown={};;0;0; waived={};;;0;",
        tally.all(),
        tally.ok,
        tally.warning,
        tally.critical,
        tally.expired,
        tally.unknown,
        tally.waived
    )
}

/// Takes away what would begin performance data or another line.
fn clean(text: &str) -> String {
    Printable(text).to_string().replace('|', "/")
}

fn shortened(line: &str) -> String {
    if line.chars().count() <= ROOM {
        return line.to_owned();
    }
    line.chars().take(ROOM - 3).collect::<String>() + "..."
}

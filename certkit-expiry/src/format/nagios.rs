//! The answer of a monitoring plugin: one line with performance data, then a line for each alarm.

use std::io::{self, Write};

use certkit_core::text::field;

use super::{called, changed, days, name};
use crate::run_report::RunReport;
use crate::{Change, Entry, Reason, Seen, State};

/// How many alarms are told below the first line; plugins should fit on a screen.
const LINES: usize = 20;

/// From how many entries on a source is told in totals instead of element by element.
const ELEMENTS: usize = 20;

/// How long the words of the first line may be.
const ROOM: usize = 79;

/// Writes it.
///
/// # Errors
/// Those of the writer.
pub fn write(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    let report = run.report;
    let mut unexpected = run.unexpected().peekable();
    let word = match report.tally.worst() {
        // What cannot be looked at is the service's fault, as the guidelines have it.
        State::Unknown | State::Critical | State::Expired => "CRITICAL",
        _ if unexpected.peek().is_some() => "CRITICAL",
        State::Warning => "WARNING",
        State::Ok => "OK",
    };
    let source = report.entries.first().map(|first| &first.source.name);
    let is_one = report.entries.iter().all(|it| Some(&it.source.name) == source)
        && report.tally.all() == report.entries.len() as u64
        && report.entries.len() < ELEMENTS;
    // What is waived is no news.
    let first = report.entries.iter().find(|it| !it.is_set_aside()).or(report.entries.first());
    let words = match first {
        None => "nothing to look at".to_owned(),
        Some(first) if is_one => headline(first, run),
        Some(first) => {
            let tally = &report.tally;
            let alarms = tally.all().saturating_sub(tally.ok).saturating_sub(tally.waived);
            format!("{alarms} of {} want attention; {}", tally.all(), headline(first, run))
        }
    };
    let change = unexpected.peek().and_then(|change| exchange(change));
    let words = change.map(|change| format!("{change}; {words}")).unwrap_or(words);
    let line = shortened(&format!("SSL_CERT {word} - {}", clean(&words)));
    let mut data = if is_one { elements(run) } else { totals(run) };
    if run.fail_on_change {
        data += &format!(" unexpected_changes={};;0;0;", run.unexpected().count());
    }
    writeln!(to, "{line}|{}", data.trim_start())?;
    let alarms = report.entries.iter().filter(|entry| entry.alarm() != State::Ok);
    let alarms = alarms.map(|entry| format!("{}: {}", entry.state.as_str().to_uppercase(), sentence(entry, run)));
    let mut lines = unexpected.filter_map(exchange).map(|change| format!("CHANGED: {change}")).chain(alarms);
    for line in lines.by_ref().take(LINES) {
        writeln!(to, "{}", clean(&line))?;
    }
    let more = lines.count();
    if more > 0 {
        writeln!(to, "and {more} more")?;
    }
    Ok(())
}

/// What stands there where nothing could be said of any certificate, for a reason in one line.
pub fn failure(reason: &str) -> String {
    format!("{}\n", shortened(&format!("SSL_CERT UNKNOWN - {}", clean(reason))))
}

/// What is said of a change.
fn exchange(change: &Change) -> Option<String> {
    let (known, place) = changed(change)?;
    Some(format!("{} '{}' ({place})", change.as_str(), name::short(&known.subject)))
}

/// What the first line says of the most urgent entry.
fn headline(entry: &Entry, run: &RunReport<'_>) -> String {
    let dated = match &entry.seen {
        Seen::Unseen(unseen) => return format!("{}: {}", entry.whereabouts(), unseen.word),
        Seen::Dated(dated) => dated,
    };
    match (dated.days_left(run.moment), dated.not_before, entry.reason(run.moment)) {
        (_, Some(start), Some(Reason::NotYetValid)) => {
            format!("'{}' not valid before {} ({})", called(entry), start.date(), entry.source.name)
        }
        (_, _, None) if entry.objections().next().is_some() => {
            format!("'{}': {} ({})", called(entry), objections(entry), entry.source.name)
        }
        (Some(left), _, reason) => {
            let verb = if reason == Some(Reason::Expired) { "expired" } else { "expires" };
            format!("'{}' {verb} {} ({})", called(entry), days(left), entry.source.name)
        }
        (None, ..) => format!("'{}' has an unreadable notAfter", called(entry)),
    }
}

/// The ids of what speaks against it beside its dates.
fn objections(entry: &Entry) -> String {
    entry.objections().map(|finding| &*finding.id).collect::<Vec<_>>().join(", ")
}

/// What a further line says of an entry.
fn sentence(entry: &Entry, run: &RunReport<'_>) -> String {
    match &entry.seen {
        Seen::Unseen(unseen) => format!("{}: {}", entry.whereabouts(), unseen.reason),
        Seen::Dated(dated) => {
            let start = match (dated.not_before, entry.reason(run.moment)) {
                (Some(start), Some(Reason::NotYetValid)) => format!("not valid before {start}, "),
                _ => String::new(),
            };
            let end = dated.not_after.map_or("an unknown time".to_owned(), |end| end.to_string());
            let left = dated.days_left(run.moment).map(|left| format!(" ({})", days(left))).unwrap_or_default();
            let issuer = name::short(&dated.issuer.name);
            let found =
                if entry.objections().next().is_some() { format!(": {}", objections(entry)) } else { String::new() };
            format!(
                "{}: '{}' from '{issuer}' {start}valid until {end}{left}{found}",
                entry.whereabouts(),
                called(entry)
            )
        }
    }
}

/// Days for each element of the only source, in the order in which it has them.
fn elements(run: &RunReport<'_>) -> String {
    let mut entries: Vec<&Entry> = run.report.entries.iter().collect();
    entries.sort_by(|one, other| (&one.place, one.position).cmp(&(&other.place, other.position)));
    let data = (1..).zip(entries).map(|(number, entry)| {
        let Some((dated, left)) = entry.dated().and_then(|it| it.days_left(run.moment).map(|left| (it, left))) else {
            return format!("days_chain_elem{number}=U;;;;");
        };
        if entry.is_set_aside() {
            return format!("days_chain_elem{number}={left};;;;");
        }
        let thresholds = entry.source.thresholds_of(dated.element, &dated.fingerprint);
        let end = dated.not_after.unwrap_or(run.moment);
        let [warn, critical] =
            [thresholds.warning, thresholds.critical].map(|threshold| threshold.in_days(dated.not_before, end));
        // Ranges of the guidelines: `30:` alarms below 30.
        format!("days_chain_elem{number}={left};{warn}:;{critical}:;;")
    });
    data.collect::<Vec<_>>().join(" ")
}

/// Counts where there are several sources, or many entries: a label for each entry would be too many.
fn totals(run: &RunReport<'_>) -> String {
    let tally = &run.report.tally;
    let least = run.report.entries.iter().filter_map(|entry| entry.dated()?.days_left(run.moment)).min();
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
    field(text).replace('|', "/")
}

fn shortened(line: &str) -> String {
    if line.chars().count() <= ROOM {
        return line.to_owned();
    }
    line.chars().take(ROOM - 3).collect::<String>() + "..."
}

//! One page for people, which needs nothing but itself: no network, no other file.

use std::io::{self, Write};

use askama::Template;
use certkit_core::moment::Moment;

use super::{called, element_word};
use crate::document::{ChangeJson, EntryJson};
use crate::run_report::RunReport;
use crate::{Entry, State};

/// How many entries the table holds; a page with more of them is no longer quick to sort.
const ROWS: usize = 5_000;

/// How many months the timeline shows one by one, the present one first.
const MONTHS: usize = 18;

/// How pages of certkit look: a style sheet.
pub const STYLE: &str = include_str!("../../templates/base.css");

/// Who has written the page.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A line of the table.
struct Row<'a> {
    /// `waived`, or how urgent it is.
    state: &'static str,
    /// Its place among the states, the most urgent first.
    rank: u8,
    name: String,
    kind: &'static str,
    place: String,
    days: Option<i64>,
    end: Option<Moment>,
    names: Vec<&'a str>,
    owner: &'a str,
    entry: EntryJson,
}

/// So many entries in a state.
struct Count {
    state: &'static str,
    count: u64,
}

/// A part of a bar.
struct Part {
    state: &'static str,
    percent: u64,
}

/// A bar of the timeline.
struct Bucket {
    name: String,
    count: u64,
    parts: Vec<Part>,
}

/// The page; its text is `templates/report.html`.
#[derive(Template)]
#[template(path = "report.html", whitespace = "minimize")]
struct Page<'a> {
    headline: String,
    moment: Moment,
    shard: Option<String>,
    left_out: u64,
    unproven: Option<&'static str>,
    omitted: u64,
    passed_over: u64,
    excluded: u64,
    tally: Vec<Count>,
    timeline: Vec<Bucket>,
    changes: Vec<ChangeJson>,
    /// What the table shows.
    entries: &'a [Entry],
}

impl Page<'_> {
    /// The lines of the table, of which one is made at a time.
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.entries.iter().map(|entry| row(entry, self.moment))
    }
}

/// The states in the order in which they are shown; what is waived comes last.
const SHOWN: [&str; 6] = ["expired", "critical", "unknown", "warning", "ok", "waived"];

fn shown(entry: &Entry) -> &'static str {
    if entry.is_set_aside() { "waived" } else { entry.state.as_str() }
}

fn rank(state: &str) -> u8 {
    SHOWN.iter().position(|known| *known == state).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn row(entry: &Entry, moment: Moment) -> Row<'_> {
    let dated = entry.dated();
    let state = shown(entry);
    Row {
        state,
        rank: rank(state),
        name: called(entry),
        kind: dated.map_or("", |dated| element_word(dated.element)),
        place: entry.whereabouts(),
        days: dated.and_then(|dated| dated.days_left(moment)),
        end: dated.and_then(|dated| dated.not_after),
        names: dated.map(|dated| dated.words.names().lines().collect()).unwrap_or_default(),
        owner: entry.source.owner.as_deref().unwrap_or_default(),
        entry: EntryJson::new(entry, moment),
    }
}

/// The months from that of `moment` on, as `2026-11`.
fn months(moment: Moment) -> Vec<String> {
    let date = moment.date();
    let mut parts = date.split('-').map_while(|part| part.parse::<i64>().ok());
    let (Some(year), Some(month)) = (parts.next(), parts.next()) else { return Vec::new() };
    // Counted from 0, as their remainders are.
    let first = year.saturating_mul(12).saturating_add(month.saturating_sub(1));
    let name = |month: i64| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12).saturating_add(1));
    (first..).take(MONTHS).map(name).collect()
}

/// Counts what ends in which month: what has ended, each month, and what comes later.
fn timeline(entries: &[Entry], moment: Moment) -> Vec<Bucket> {
    let mut names = months(moment);
    names.insert(0, "ended".to_owned());
    names.push("later".to_owned());
    let mut counts = vec![[0_u64; SHOWN.len()]; names.len()];
    for entry in entries {
        let Some(end) = entry.dated().and_then(|dated| dated.not_after) else { continue };
        let date = end.date();
        let month = date.rsplit_once('-').map_or(date.as_str(), |(month, _)| month);
        let at = match names.iter().position(|name| name == month) {
            _ if end < moment => 0,
            Some(at) => at,
            None => names.len().saturating_sub(1),
        };
        if let Some(count) = counts.get_mut(at).and_then(|it| it.get_mut(usize::from(rank(shown(entry))))) {
            *count = count.saturating_add(1);
        }
    }
    let tallest = counts.iter().map(|it| it.iter().sum::<u64>()).max().unwrap_or(0).max(1);
    let bars = names.into_iter().zip(counts).map(|(name, counts)| Bucket {
        name,
        count: counts.iter().sum(),
        parts: SHOWN
            .into_iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .map(|(state, count)| Part { state, percent: count.saturating_mul(100).div_ceil(tallest) })
            .collect(),
    });
    bars.collect()
}

/// The whole in a few words.
fn headline(run: &RunReport<'_>) -> String {
    let tally = &run.report.tally;
    let all = tally.all();
    let bad = all.saturating_sub(tally.ok).saturating_sub(tally.waived);
    let changed = match run.unexpected().count() {
        0 => String::new(),
        count => format!(", {count} changed unexpectedly"),
    };
    let words = match tally.worst() {
        _ if all == 0 => "Nothing was looked at".to_owned(),
        State::Ok if tally.waived > 0 => format!("{} of {all} are fine, the others waived", tally.ok),
        State::Ok => format!("All {all} are fine"),
        worst => format!("{bad} of {all} need action, the worst is {worst}"),
    };
    words + &changed
}

/// Writes the page.
///
/// # Errors
/// Those of the writer.
pub fn write(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    let report = run.report;
    let entries = report.entries.get(..ROWS).unwrap_or(&report.entries);
    let tally = &report.tally;
    let counts = [tally.expired, tally.critical, tally.unknown, tally.warning, tally.ok, tally.waived];
    let page = Page {
        headline: headline(run),
        moment: run.moment,
        shard: run.shard.map(|shard| shard.to_string()),
        left_out: report.left_out,
        unproven: run.unproven(),
        passed_over: report.passed_over,
        excluded: report.excluded,
        omitted: tally.all().saturating_sub(entries.len() as u64),
        tally: SHOWN.into_iter().zip(counts).map(|(state, count)| Count { state, count }).collect(),
        timeline: timeline(&report.entries, run.moment),
        changes: run.changes().unwrap_or_default().iter().map(ChangeJson::new).collect(),
        entries,
    };
    page.write_into(to)
}

#[cfg(test)]
mod tests {
    use crate::{Report, Tally};

    use super::*;

    #[test]
    fn nothing_is_called_fine_that_is_not() {
        let says = |tally: Tally| {
            let report = Report { tally, ..Report::default() };
            let moment = Moment::from_unix(0);
            headline(&RunReport::alone(&report, moment, None))
        };
        let some = Tally { ok: 3, ..Tally::default() };
        assert_eq!(says(some), "All 3 are fine");
        assert_eq!(says(Tally { waived: 1, ..some }), "3 of 4 are fine, the others waived");
        assert_eq!(says(Tally { expired: 1, ..some }), "1 of 4 need action, the worst is expired");
        assert_eq!(says(Tally::default()), "Nothing was looked at");
    }
}

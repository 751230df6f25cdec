//! One page for people, which needs nothing but itself: no network, no other file.

use std::io::{self, Write};

use certkit_core::expiry::{Entry, State, Way};
use certkit_core::moment::Moment;
use minijinja::Environment;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use serde::Serialize;

use super::super::document::{ChangeJson, EntryJson, Told, UNPROVEN};
use super::{called, element_word};

/// How many entries the table holds; a page with more of them is no longer quick to sort.
const ROWS: usize = 5_000;

/// How many months the timeline shows one by one, the present one first.
const MONTHS: usize = 18;

/// A line of the table.
#[derive(Serialize)]
struct Row {
    /// `waived`, or how urgent it is.
    state: &'static str,
    /// Its place among the states, the most urgent first.
    rank: u8,
    name: String,
    kind: &'static str,
    place: String,
    days: Option<i64>,
    end: Option<String>,
    names: Vec<String>,
    entry: EntryJson,
}

/// So many entries in a state.
#[derive(Serialize)]
struct Count {
    state: &'static str,
    count: u64,
}

/// A part of a bar.
#[derive(Serialize)]
struct Part {
    state: &'static str,
    percent: u64,
}

/// A bar of the timeline.
#[derive(Serialize)]
struct Bucket {
    name: String,
    count: u64,
    parts: Vec<Part>,
}

/// What the template is filled with.
#[derive(Serialize)]
struct Page {
    version: &'static str,
    headline: String,
    moment: String,
    shard: Option<String>,
    left_out: u64,
    unproven: Option<&'static str>,
    omitted: u64,
    tally: Vec<Count>,
    timeline: Vec<Bucket>,
    changes: Option<Vec<ChangeJson>>,
    rows: Vec<Row>,
}

/// The states in the order in which they are shown; what is waived comes last.
const SHOWN: [&str; 6] = ["expired", "critical", "unknown", "warning", "ok", "waived"];

fn shown(entry: &Entry) -> &'static str {
    if entry.waived_by.is_some() { "waived" } else { entry.state.as_str() }
}

fn rank(state: &str) -> u8 {
    SHOWN.iter().position(|known| *known == state).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

fn row(entry: &Entry, moment: Moment) -> Row {
    let dated = entry.dated();
    let state = shown(entry);
    Row {
        state,
        rank: rank(state),
        name: called(entry),
        kind: dated.map_or("", |dated| element_word(dated.element)),
        place: entry.whereabouts(),
        days: dated.and_then(|dated| dated.days_left(moment)),
        end: dated.and_then(|dated| dated.not_after).map(|end| end.to_string()),
        names: dated.map(|dated| dated.names.lines().map(str::to_owned).collect()).unwrap_or_default(),
        entry: EntryJson::new(entry, moment),
    }
}

/// The months from that of `moment` on, as `2026-11`.
fn months(moment: Moment) -> Vec<String> {
    let date = moment.date();
    let mut parts = date.split('-').map_while(|part| part.parse::<i64>().ok());
    let (Some(year), Some(month)) = (parts.next(), parts.next()) else { return Vec::new() };
    let first = year * 12 + month - 1;
    (first..).take(MONTHS).map(|month| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)).collect()
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
            None => names.len() - 1,
        };
        if let Some(count) = counts.get_mut(at).and_then(|it| it.get_mut(usize::from(rank(shown(entry))))) {
            *count += 1;
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
            .map(|(state, count)| Part { state, percent: (count * 100).div_ceil(tallest) })
            .collect(),
    });
    bars.collect()
}

/// The whole in a few words.
fn headline(told: &Told<'_>) -> String {
    let tally = &told.report.tally;
    let all = tally.all();
    let bad = all - tally.ok - tally.waived;
    match tally.worst() {
        _ if all == 0 => "Nothing was looked at".to_owned(),
        State::Ok if tally.waived > 0 => format!("{} of {all} are fine, the others waived", tally.ok),
        State::Ok => format!("All {all} are fine"),
        worst => format!("{bad} of {all} need somebody, the worst is {worst}"),
    }
}

/// Writes the page.
pub(in super::super) fn write(told: &Told<'_>, to: &mut dyn Write) -> io::Result<()> {
    let report = told.report;
    let rows: Vec<Row> = report.entries.iter().take(ROWS).map(|entry| row(entry, told.moment)).collect();
    let tally = &report.tally;
    let counts = [tally.expired, tally.critical, tally.unknown, tally.warning, tally.ok, tally.waived];
    let tally: Vec<Count> = SHOWN.into_iter().zip(counts).map(|(state, count)| Count { state, count }).collect();
    let timeline = timeline(&report.entries, told.moment);
    let changes: Option<Vec<ChangeJson>> = told.changes.map(|changes| changes.iter().map(ChangeJson::new).collect());
    let has_endpoints = report.entries.iter().any(|it| it.source.way == Way::Endpoint && it.dated().is_some());
    let mut templates = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(io::Error::other)?;
    templates.set_syntax(syntax);
    templates.add_template("report.html", include_str!("report.html")).map_err(io::Error::other)?;
    let page = templates.get_template("report.html").map_err(io::Error::other)?;
    let told = Page {
        version: env!("CARGO_PKG_VERSION"),
        headline: headline(told),
        moment: told.moment.to_string(),
        shard: told.shard.map(|shard| shard.to_string()),
        left_out: report.left_out,
        unproven: has_endpoints.then_some(UNPROVEN),
        omitted: report.tally.all().saturating_sub(rows.len() as u64),
        tally,
        timeline,
        changes,
        rows,
    };
    let page = page.render(Serde(&told)).map_err(io::Error::other)?;
    to.write_all(page.as_bytes())
}

#[cfg(test)]
mod tests {
    use certkit_core::expiry::{Report, Tally};

    use super::*;

    #[test]
    fn nothing_is_called_fine_that_is_not() {
        let says = |tally: Tally| {
            let report = Report { tally, ..Report::default() };
            let moment = Moment::from_unix(0);
            headline(&Told { report: &report, moment, shard: None, changes: None })
        };
        let some = Tally { ok: 3, ..Tally::default() };
        assert_eq!(says(some), "All 3 are fine");
        assert_eq!(says(Tally { waived: 1, ..some }), "3 of 4 are fine, the others waived");
        assert_eq!(says(Tally { expired: 1, ..some }), "1 of 4 need somebody, the worst is expired");
        assert_eq!(says(Tally::default()), "Nothing was looked at");
    }
}

//! `certkit expiry merge`: the reports of shards, joined.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use certkit_core::moment::Moment;
use certkit_core::source::file;
use certkit_expiry::document::{EntryJson, HeadJson, SCHEMA};
use certkit_expiry::run_report::RunReport;
use certkit_expiry::{Entry, Report, Shard};

use super::outputs::OutputArgs;
use super::stand_in;
use crate::arguments::{self, MomentArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosted;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", super::EXIT), after_long_help = format!("{EXAMPLES}{}", super::EXIT))]
pub(crate) struct Args {
    /// Reports of `certkit expiry --format jsonl` or json; - for standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// How old a report may be; an older one is told as `stale_part`, which is unknown.
    #[arg(long, value_name = "TIME", default_value = "2d", value_parser = arguments::span)]
    max_age: Duration,

    #[command(flatten)]
    moment: MomentArgs,

    #[command(flatten)]
    pub(super) outputs: OutputArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit expiry merge part-*.jsonl
  certkit expiry merge part-*.jsonl --max-age 26h --format prometheus -o certkit.prom

";

/// One report that was read.
struct Part {
    moment: Moment,
    shard: Option<Shard>,
    left_out: u64,
    passed_over: u64,
    excluded: u64,
    secret_keys: u64,
    entries: Vec<Entry>,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let outputs = args.outputs.outputs(args.files.iter().map(PathBuf::as_path))?;
    let mut report = Report::default();
    let mut moments: Vec<(String, Moment)> = Vec::with_capacity(args.files.len());
    let mut shards: BTreeSet<(u32, u32)> = BTreeSet::new();
    for file in &args.files {
        let part = read(file)?;
        let shard = part.shard.map(|shard| format!(" (shard {shard})")).unwrap_or_default();
        moments.push((format!("{}{shard}", file.display()), part.moment));
        report.left_out += part.left_out;
        report.passed_over += part.passed_over;
        report.excluded += part.excluded;
        report.secret_keys += part.secret_keys;
        if let Some(shard) = part.shard
            && !shards.insert((shard.count(), shard.index()))
        {
            return Err(Failure::new(format!("{}: shard {shard} was already given", file.display()))
                .hint("name the report of each shard once"));
        }
        report.entries.extend(part.entries);
    }
    // What was fine when a part was written need not be so any more; and nothing is judged earlier than it was seen.
    let newest = moments.iter().map(|(_, moment)| *moment).max();
    let moment = newest.into_iter().fold(args.moment.moment(), Moment::max);
    for mut entry in std::mem::take(&mut report.entries) {
        entry.judge(moment);
        report.add(entry);
    }
    let stale = moments.into_iter().filter_map(|(part, then)| stale(part, then, args.max_age, moment));
    stale.for_each(|entry| report.add(entry));
    for shard in missing(&shards)? {
        let reason = "no report given for this shard";
        report.add(stand_in::entry(format!("shard {shard}"), "not_reached", reason, moment));
        report.left_out += 1;
    }
    stand_in::note_emptiness(&mut report, moment);
    super::settle(&mut report, outputs.show_all());
    outputs.write(&RunReport::alone(&report, moment, None))?;
    Ok(super::exit(report.tally.worst()))
}

/// What is said of a report that is too old to speak for today; `None` where it is not.
fn stale(part: String, then: Moment, most: Duration, moment: Moment) -> Option<Entry> {
    let age = moment.since(then);
    let is_stale = u64::try_from(age).is_ok_and(|age| age > most.as_secs());
    let reason = format!("it is of {then}, and {} h old: the run that makes it may have stopped", age / 3600);
    is_stale.then(|| stand_in::entry(part, "stale_part", &reason, moment))
}

/// The shards of which no report was named.
fn missing(shards: &BTreeSet<(u32, u32)>) -> Result<Vec<Shard>, Failure> {
    let Some((count, _)) = shards.first() else { return Ok(Vec::new()) };
    if shards.iter().any(|(other, _)| other != count) {
        return Err(Failure::new("the reports are of inventories that were split differently")
            .hint("merge the shards of one run: all of them I/N with the same N"));
    }
    let absent = (0..*count).filter(|index| !shards.contains(&(*count, *index)));
    Ok(absent.filter_map(|index| Shard::new(index, *count).ok()).collect())
}

/// The most bytes of a report, of its lines one by one: some millions of entries.
const REPORT: u64 = 1024 * 1024 * 1024;

/// The most bytes of a report that is one document, and of the first line of any.
const DOCUMENT: u64 = file::LIMIT;

/// The most bytes of an entry that stands in a line of its own; it has some hundreds.
const LINE: u64 = 1024 * 1024;

/// How far is read.
#[derive(Clone, Copy)]
enum Extent {
    Line,
    All,
}

/// Appends what comes up to the end of a line, or of all; says whether anything came.
fn take(reader: &mut impl BufRead, limit: u64, extent: Extent, text: &mut String) -> io::Result<bool> {
    let mut bounded = reader.take(limit.saturating_sub(text.len() as u64));
    let read = match extent {
        Extent::Line => bounded.read_line(text),
        Extent::All => bounded.read_to_string(text),
    }?;
    if bounded.limit() == 0 {
        let problem = format!("one entry is longer than {} MiB", limit >> 20);
        return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
    }
    Ok(read > 0)
}

fn read(file: &Path) -> Result<Part, Failure> {
    let unread = || Failure::new(format!("{} cannot be read", file.display()));
    let failed = |error: io::Error| unread().because(error);
    let reader = hosted::open(file).map_err(|error| unread().because(error))?;
    let mut reader = BufReader::new(reader.take(REPORT));
    let hint = "merge reads the output of `certkit expiry --format jsonl` and `--format json`";
    let bad = |line: usize, error: serde_json::Error| {
        Failure::new(format!("{}, line {line}: not a report of certkit expiry", file.display()))
            .because(error)
            .hint(hint)
    };
    let mut first = String::new();
    take(&mut reader, DOCUMENT, Extent::Line, &mut first).map_err(failed)?;
    // A document goes over many lines, its first is a bracket; lines are each whole.
    if serde_json::from_str::<serde::de::IgnoredAny>(&first).is_err() {
        take(&mut reader, DOCUMENT, Extent::All, &mut first).map_err(failed)?;
    }
    let mut head: HeadJson = serde_json::from_str(&first).map_err(|error| bad(error.line(), error))?;
    let strange = |what: &str| Failure::new(format!("{}: {what}", file.display())).hint(hint);
    if head.schema != SCHEMA {
        return Err(strange(&format!("the schema is `{}`, not `{SCHEMA}`", head.schema)));
    }
    let moment: Moment = head.moment.parse().map_err(|_| strange("the moment cannot be read"))?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut add = |entry: EntryJson, line: usize| {
        let entry = entry.read(moment).ok_or_else(|| strange(&format!("entry {line} has an invalid value")))?;
        entries.push(entry);
        Ok::<(), Failure>(())
    };
    match head.entries.take() {
        Some(all) => all.into_iter().zip(1..).try_for_each(|(entry, line)| add(entry, line))?,
        None => {
            let mut line = String::new();
            for number in 2.. {
                line.clear();
                if !take(&mut reader, LINE, Extent::Line, &mut line).map_err(failed)? {
                    break;
                }
                add(serde_json::from_str(&line).map_err(|error| bad(number, error))?, number)?;
            }
        }
    }
    if reader.get_ref().limit() == 0 {
        return Err(
            strange(&format!("it is longer than {} MiB", REPORT >> 20)).hint("split the inventory into more shards")
        );
    }
    if entries.len() as u64 != head.total() {
        return Err(strange(&format!(
            "the file is truncated: {} entries announced, {} found",
            head.total(),
            entries.len()
        )));
    }
    Ok(Part {
        moment,
        shard: match &head.shard {
            Some(text) => Some(text.parse().map_err(|_| strange("the shard cannot be read"))?),
            None => None,
        },
        left_out: head.left_out,
        passed_over: head.passed_over,
        excluded: head.excluded,
        secret_keys: head.secret_keys,
        entries,
    })
}

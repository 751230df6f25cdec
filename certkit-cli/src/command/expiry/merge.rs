//! `certkit expiry merge`: the reports of shards, joined.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certkit_core::expiry::{Entry, Report, Seen, Shard, Source, Thresholds, Unseen, Way};
use certkit_core::moment::Moment;

use super::document::{EntryJson, HeadJson, SCHEMA, Told};
use super::outputs::OutputArgs;
use crate::exit::Exit;
use crate::failure::Failure;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", super::EXIT), after_long_help = format!("{EXAMPLES}{}", super::EXIT))]
pub(crate) struct Args {
    /// Reports of `certkit expiry --format jsonl` or json; - for standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    outputs: OutputArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit expiry merge part-*.jsonl
  certkit expiry merge part-*.jsonl --format prometheus -o certkit.prom

";

/// One report that was read.
struct Part {
    moment: Moment,
    shard: Option<Shard>,
    left_out: u64,
    entries: Vec<Entry>,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let outputs = args.outputs.outputs()?;
    let mut report = Report::default();
    let mut moment: Option<Moment> = None;
    let mut shards: BTreeSet<(u32, u32)> = BTreeSet::new();
    for file in &args.files {
        let part = read(file)?;
        moment = moment.max(Some(part.moment));
        report.left_out += part.left_out;
        if let Some(shard) = part.shard
            && !shards.insert((shard.count(), shard.index()))
        {
            return Err(Failure::new(format!("{}: shard {shard} is there already", file.display()))
                .hint("name the report of each shard once"));
        }
        part.entries.into_iter().for_each(|entry| report.add(entry));
    }
    let moment = moment.unwrap_or_else(Moment::now);
    for shard in missing(&shards)? {
        report.add(nothing_of(shard, moment));
        report.left_out += 1;
    }
    super::settle(&mut report, outputs.show_all());
    outputs.write(&Told { report: &report, moment, shard: None, changes: None })?;
    Ok(super::exit(report.tally.worst()))
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

/// What is said of a shard without a report: that nobody knows.
fn nothing_of(shard: Shard, moment: Moment) -> Entry {
    let source = Source {
        name: format!("shard {shard}"),
        way: Way::File,
        thresholds: Thresholds::CERTIFICATE,
        list_thresholds: Thresholds::REVOCATION_LIST,
        group: None,
        owner: None,
        note: None,
        waivers: Vec::new(),
    };
    let reason = "no report of this shard was named".into();
    let unseen = Unseen { word: "not_reached".into(), reason };
    Entry::new(&Arc::new(source), "", 1, Seen::Unseen(Box::new(unseen)), moment)
}

fn read(file: &Path) -> Result<Part, Failure> {
    let failed = |error: io::Error| Failure::new(format!("{} cannot be read", file.display())).because(error);
    let reader: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(file).map_err(failed)?)
    };
    let mut reader = BufReader::new(reader);
    let hint = "merge reads what `certkit expiry --format jsonl` and `--format json` have written";
    let bad = |line: usize, error: serde_json::Error| {
        Failure::new(format!("{}, line {line}: this is no report of certkit expiry", file.display()))
            .because(error)
            .hint(hint)
    };
    let mut first = String::new();
    reader.read_line(&mut first).map_err(failed)?;
    // A document goes over many lines, its first is a bracket; lines are each whole.
    if serde_json::from_str::<serde::de::IgnoredAny>(&first).is_err() {
        reader.read_to_string(&mut first).map_err(failed)?;
    }
    let mut head: HeadJson = serde_json::from_str(&first).map_err(|error| bad(error.line(), error))?;
    let strange = |what: &str| Failure::new(format!("{}: {what}", file.display())).hint(hint);
    if head.schema != SCHEMA {
        return Err(strange(&format!("the schema is `{}`, not `{SCHEMA}`", head.schema)));
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut add = |entry: EntryJson, line: usize| {
        let entry =
            entry.read().ok_or_else(|| strange(&format!("entry {line} has a value that certkit does not write")))?;
        entries.push(entry);
        Ok::<(), Failure>(())
    };
    match head.entries.take() {
        Some(all) => all.into_iter().zip(1..).try_for_each(|(entry, line)| add(entry, line))?,
        None => {
            for (line, number) in reader.lines().zip(2..) {
                let line = line.map_err(failed)?;
                add(serde_json::from_str(&line).map_err(|error| bad(number, error))?, number)?;
            }
        }
    }
    if entries.len() as u64 != head.total() {
        return Err(strange(&format!(
            "{} entries are announced and {} are there: the file was cut",
            head.total(),
            entries.len()
        )));
    }
    Ok(Part {
        moment: head.moment.parse().map_err(|_| strange("the moment cannot be read"))?,
        shard: match &head.shard {
            Some(text) => Some(text.parse().map_err(|_| strange("the shard cannot be read"))?),
            None => None,
        },
        left_out: head.left_out,
        entries,
    })
}

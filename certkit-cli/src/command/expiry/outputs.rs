//! Which formats are wanted, and where each goes: an -o belongs to the --format before it.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use certkit_core::files::{Batch, Existing, Readers};
use clap::builder::EnumValueParser;
use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, ValueEnum, value_parser};

use super::format;
use super::told::Told;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::output;
use crate::output::gate::{self, Colors};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people, most urgent first.
    Text,
    /// One JSON document with a schema.
    Json,
    /// A line of JSON for the run, then one for each entry: what `expiry merge` reads.
    Jsonl,
    /// A table for spreadsheets.
    Csv,
    /// The answer of a monitoring plugin (Nagios, Icinga, Checkmk).
    Nagios,
    /// Metrics for the textfile collector of node_exporter.
    Prometheus,
    /// A calendar with alarms.
    Ics,
    /// A page for people, in one file: a timeline, and a table that sorts and filters.
    Html,
}

impl Format {
    fn form(self) -> gate::Form {
        match self {
            Format::Json | Format::Jsonl => gate::Form::Json,
            _ => gate::Form::Lines,
        }
    }

    /// The format that a file's extension asks for.
    fn of(path: &Path) -> Option<Format> {
        Some(match path.extension()?.to_str()? {
            "txt" => Format::Text,
            "json" => Format::Json,
            "jsonl" | "ndjson" => Format::Jsonl,
            "csv" => Format::Csv,
            "prom" => Format::Prometheus,
            "ics" => Format::Ics,
            "html" | "htm" => Format::Html,
            _ => return None,
        })
    }

    /// Says whether it shows what is fine, however much that is.
    fn shows_all(self) -> bool {
        !matches!(self, Format::Text | Format::Nagios)
    }
}

/// One format and its file; standard output where there is none.
#[derive(Clone, Debug)]
struct Wanted {
    format: Option<Format>,
    file: Option<PathBuf>,
}

/// All formats of one run.
#[derive(Clone, Debug)]
pub(crate) struct OutputArgs {
    wanted: Vec<Wanted>,
    /// Whether text lists what is fine, however much that is.
    pub(crate) all: bool,
}

impl clap::Args for OutputArgs {
    fn augment_args(command: Command) -> Command {
        command
            .arg(
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .value_parser(EnumValueParser::<Format>::new())
                    .action(ArgAction::Append)
                    .help("How the report is written; may be given several times, each with its -o [default: text]"),
            )
            .arg(
                Arg::new("output")
                    .short('o')
                    .long("output")
                    .value_name("FILE")
                    .value_parser(value_parser!(PathBuf))
                    .action(ArgAction::Append)
                    .help("Write the --format before it to this file, replacing it; alone, by the extension"),
            )
            .arg(
                Arg::new("json")
                    .long("json")
                    .action(ArgAction::SetTrue)
                    .conflicts_with("format")
                    .help("Short for --format json"),
            )
            .arg(
                Arg::new("all")
                    .long("all")
                    .action(ArgAction::SetTrue)
                    .help("List what is fine in text, however much that is"),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for OutputArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<OutputArgs, clap::Error> {
        let mut parts: Vec<(usize, Wanted)> = Vec::new();
        let formats = matches.get_many::<Format>("format").into_iter().flatten();
        for (at, format) in matches.indices_of("format").into_iter().flatten().zip(formats) {
            parts.push((at, Wanted { format: Some(*format), file: None }));
        }
        let files = matches.get_many::<PathBuf>("output").into_iter().flatten();
        for (at, file) in matches.indices_of("output").into_iter().flatten().zip(files) {
            parts.push((at, Wanted { format: None, file: Some(file.clone()) }));
        }
        parts.sort_by_key(|(at, _)| *at);
        let mut wanted: Vec<Wanted> = Vec::new();
        if matches.get_flag("json") {
            wanted.push(Wanted { format: Some(Format::Json), file: None });
        }
        for (_, part) in parts {
            match (wanted.last_mut(), part.file) {
                (Some(open @ Wanted { file: None, .. }), Some(file)) => open.file = Some(file),
                (_, file) => wanted.push(Wanted { format: part.format, file }),
            }
        }
        Ok(OutputArgs { wanted, all: matches.get_flag("all") })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = OutputArgs::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Where every format goes, made sure of before any work is done.
pub(crate) struct Outputs {
    outputs: Vec<(Format, Option<PathBuf>)>,
    all: bool,
}

impl OutputArgs {
    /// The files that are named.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.wanted.iter().filter_map(|wanted| wanted.file.as_deref()).filter(|file| *file != Path::new("-"))
    }

    /// Lets a failure be told on standard output, too, where a monitoring system reads the answer of a plugin.
    pub(crate) fn answered(&self, result: Result<Exit, Failure>) -> Result<Exit, Failure> {
        let is_answer = |it: &Wanted| {
            it.format == Some(Format::Nagios) && it.file.as_ref().is_none_or(|file| file == Path::new("-"))
        };
        if let Err(failure) = &result
            && self.wanted.iter().any(is_answer)
        {
            output::print(&format::nagios::failure(failure))?;
        }
        result
    }

    /// Makes out where everything goes.
    pub(crate) fn outputs(&self) -> Result<Outputs, Failure> {
        let mut outputs: Vec<(Format, Option<PathBuf>)> = Vec::new();
        for Wanted { format, file } in &self.wanted {
            let file = file.as_ref().filter(|file| file.as_os_str() != OsStr::new("-"));
            let format = match (format, file) {
                (Some(format), _) => *format,
                (None, None) => Format::Text,
                (None, Some(file)) => Format::of(file).ok_or_else(|| {
                    Failure::new(format!("{}: the extension does not say which format is wanted", file.display()))
                        .hint(format!("name it: --format json -o {}", file.display()))
                })?,
            };
            if outputs.iter().any(|(_, other)| other.as_ref() == file) {
                let place = file.map_or("standard output".to_owned(), |file| file.display().to_string());
                return Err(Failure::new(format!("two formats are to be written to {place}"))
                    .hint("give each --format its own file: --format json -o report.json"));
            }
            outputs.push((format, file.cloned()));
        }
        if outputs.is_empty() {
            outputs.push((Format::Text, None));
        }
        Ok(Outputs { outputs, all: self.all })
    }
}

impl Outputs {
    /// Says whether any of them shows what is fine, however much that is.
    pub(crate) fn show_all(&self) -> bool {
        self.all || self.outputs.iter().any(|(format, _)| format.shows_all())
    }

    /// Writes them all, or none: files get their names when everything else is done.
    pub(crate) fn write(&self, told: &Told<'_>) -> Result<(), Failure> {
        let (files, standard): (Vec<_>, Vec<_>) = self.outputs.iter().partition(|(_, file)| file.is_some());
        let mut batch = Batch::new();
        for (format, file) in files.iter().filter_map(|(format, file)| Some((*format, file.as_ref()?))) {
            files::require_folder(file)?;
            let write = move |to: &mut dyn Write| output::gated(to, format.form(), |to| self.format(format, told, to));
            batch.add_with(file.clone(), Readers::Usual, Existing::Replace, write);
        }
        let staged = batch.stage().map_err(files::failed)?;
        for (format, _) in standard {
            match format {
                Format::Text => output::print_text(&format::text::text(told, self.all))?,
                _ => output::print_with(format.form(), |to| self.format(*format, told, to))?,
            }
        }
        files::tell(&staged.place().map_err(files::failed)?);
        Ok(())
    }

    fn format(&self, format: Format, told: &Told<'_>, to: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Text => to.write_all(gate::text(&format::text::text(told, self.all), Colors::LeftOut).as_bytes()),
            Format::Json => super::document::write(told, to),
            Format::Jsonl => super::document::write_lines(told, to),
            Format::Csv => format::csv::write(told, to),
            Format::Nagios => format::nagios::write(told, to),
            Format::Prometheus => format::prometheus::write(told, to),
            Format::Ics => format::ics::write(told, to),
            Format::Html => format::html::write(told, to),
        }
    }
}

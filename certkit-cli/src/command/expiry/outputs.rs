//! The formats of an expiry report.

use std::io::{self, Write};
use std::path::Path;

use certkit_expiry::run_report::RunReport;
use certkit_expiry::{document, format};
use clap::ValueEnum;

use super::text;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::outputs::{self, Formats};
use crate::terminal::gate::{self, Colors};

/// The format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table, most urgent first.
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
    /// Points for InfluxDB, Telegraf and VictoriaMetrics, in line protocol.
    Influx,
    /// A calendar with alarms.
    Ics,
    /// A web page in one file: a timeline, and a table that can be sorted and filtered.
    Html,
}

impl Formats for Format {
    const TEXT: Format = Format::Text;
    const JSON: Format = Format::Json;

    fn form(self) -> gate::Form {
        match self {
            Format::Json | Format::Jsonl => gate::Form::Json,
            Format::Csv | Format::Prometheus | Format::Influx | Format::Ics | Format::Nagios => gate::Form::Fields,
            Format::Text | Format::Html => gate::Form::Lines,
        }
    }

    fn of(path: &Path) -> Option<Format> {
        Some(match path.extension()?.to_str()? {
            "txt" => Format::Text,
            "json" => Format::Json,
            "jsonl" | "ndjson" => Format::Jsonl,
            "csv" => Format::Csv,
            "prom" => Format::Prometheus,
            "influx" => Format::Influx,
            "ics" => Format::Ics,
            "html" | "htm" => Format::Html,
            _ => return None,
        })
    }
}

impl Format {
    /// Says whether it shows what is fine, however much that is.
    fn shows_all(self) -> bool {
        !matches!(self, Format::Text | Format::Nagios)
    }
}

// All formats of one run.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct OutputArgs {
    #[command(flatten)]
    formats: outputs::OutputArgs<Format>,

    /// List every entry that is fine in the text format.
    #[arg(long)]
    all: bool,
}

/// Where every format goes, made sure of before any work is done.
pub(crate) struct Outputs {
    outputs: outputs::Outputs<Format>,
    all: bool,
}

impl OutputArgs {
    /// The files that are named.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.formats.files()
    }

    /// Lets a failure be told on standard output, too, where a monitoring system reads the answer of a plugin.
    pub(crate) fn answered(&self, result: Result<Exit, Failure>) -> Result<Exit, Failure> {
        if let Err(failure) = &result
            && self.formats.is_printed(Format::Nagios)
        {
            output::print(&format::nagios::failure(&failure.in_one_line()))?;
        }
        result
    }

    /// Makes out where everything goes; never over one of the `inputs` of the run.
    pub(crate) fn outputs<'a>(&self, inputs: impl IntoIterator<Item = &'a Path>) -> Result<Outputs, Failure> {
        Ok(Outputs { outputs: self.formats.outputs(inputs)?, all: self.all })
    }
}

impl Outputs {
    /// Says whether any of them shows what is fine, however much that is.
    pub(crate) fn show_all(&self) -> bool {
        self.all || self.outputs.formats().any(Format::shows_all)
    }

    /// Writes them all, or none: files get their names when everything else is done.
    pub(crate) fn write(&self, run: &RunReport<'_>) -> Result<(), Failure> {
        self.outputs.write(|| text::text(run, self.all), &|format, to| self.format(format, run, to))
    }

    fn format(&self, format: Format, run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Text => to.write_all(gate::text(&text::text(run, self.all), Colors::LeftOut).as_bytes()),
            Format::Json => document::write(run, to),
            Format::Jsonl => document::write_lines(run, to),
            Format::Csv => format::csv::write(run, to),
            Format::Nagios => format::nagios::write(run, to),
            Format::Prometheus => format::prometheus::write(run, to),
            Format::Influx => format::influx::write(run, to),
            Format::Ics => format::ics::write(run, to),
            Format::Html => format::html::write(run, to),
        }
    }
}

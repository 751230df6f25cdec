//! The formats of a review.

pub(super) mod csv;
pub(super) mod html;
pub(super) mod text;

use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;

use super::document::ReviewJson;
use super::settled::Settled;
use crate::outputs::Formats;
use crate::terminal::gate::{self, Colors};

/// How a review is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For the terminal: unmet duties first, with the next step.
    Text,
    /// One JSON document with a schema.
    Json,
    /// A table for spreadsheets: a line for each duty.
    Csv,
    /// A web page in one file: the summary first, then every duty.
    Html,
}

impl Formats for Format {
    const TEXT: Format = Format::Text;
    const JSON: Format = Format::Json;

    fn form(self) -> gate::Form {
        match self {
            Format::Json => gate::Form::Json,
            Format::Csv => gate::Form::Fields,
            Format::Text | Format::Html => gate::Form::Lines,
        }
    }

    fn of(path: &Path) -> Option<Format> {
        Some(match path.extension()?.to_str()? {
            "txt" => Format::Text,
            "json" => Format::Json,
            "csv" => Format::Csv,
            "html" | "htm" => Format::Html,
            _ => return None,
        })
    }
}

/// Writes one.
pub(super) fn write(format: Format, settled: &Settled<'_>, to: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => to.write_all(gate::text(&text::text(settled), Colors::LeftOut).as_bytes()),
        Format::Json => {
            // Piece by piece: a configuration may be long.
            let mut to = io::BufWriter::new(to);
            serde_json::to_writer_pretty(&mut to, &ReviewJson::new(settled))?;
            to.write_all(b"\n")?;
            to.flush()
        }
        Format::Csv => csv::write(settled, to),
        Format::Html => html::write(settled, to),
    }
}

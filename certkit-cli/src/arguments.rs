//! Arguments that many commands share.

use std::ffi::OsString;

use certkit_core::moment::{self, Moment};
use clap::{Args, ValueEnum};

use crate::hosted;

/// What an address may be, for the long help of whatever takes one.
pub(crate) const ADDRESSES: &str = "\
thingworx://HOST[:PORT], wss://, https://, mqtts://, opc.tcp://, ldaps://, smtps://, imaps://, pop3s://, ftps://, amqps://, \
tls://HOST:PORT or HOST:PORT; and where TLS has to be asked for: postgres://, mysql://, tds:// or mssql:// (SQL Server), \
ldap://, smtp://, imap://, pop3://, ftp://.";

/// Says what inputs are, with the addresses.
pub(crate) fn inputs(what: &str) -> String {
    format!("{what}\n\nURLs: {ADDRESSES}")
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Finds what was asked for among words that could not be made out as a whole.
    pub(crate) fn asked(words: impl Iterator<Item = OsString>) -> Color {
        let mut is_next = false;
        for word in words {
            let word = word.to_string_lossy();
            let value = if is_next { Some(&*word) } else { word.strip_prefix("--color=") };
            if let Some(color) = value.and_then(|value| Color::from_str(value, false).ok()) {
                return color;
            }
            is_next = word == "--color";
        }
        Color::default()
    }

    /// Makes it so for the rest of the run.
    pub(crate) fn apply(self) {
        // What the program does stays as it is, whatever a run that it hosts is told.
        if hosted::current().is_some() {
            return;
        }
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::AlwaysAnsi,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// The format of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text.
    #[default]
    Text,
    /// One JSON document with a schema.
    Json,
}

impl Format {
    /// Finds what was asked for among words, whether or not they could be made out as a whole.
    pub(crate) fn asked(words: impl Iterator<Item = OsString>) -> Format {
        let mut is_next = false;
        for word in words.take_while(|word| word != "--") {
            let is_json = word == "--json" || word == "--format=json" || (is_next && word == "json");
            if is_json {
                return Format::Json;
            }
            is_next = word == "--format";
        }
        Format::Text
    }
}

// The choice of format that every reporting command has.
//
// No doc comment, here and on `MomentArgs`: clap would make it the description of every command that has these.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct FormatArgs {
    /// The format of the report.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,

    /// Short for --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl FormatArgs {
    /// The requested format.
    pub(crate) fn chosen(self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

// The moment that is judged.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct MomentArgs {
    /// Judge as if it were this time (RFC 3339 or YYYY-MM-DD); default now.
    #[arg(long, value_name = "TIME")]
    at: Option<Moment>,
}

impl MomentArgs {
    /// The moment that was asked for, if any was.
    pub(crate) fn given(self) -> Option<Moment> {
        self.at
    }

    /// The moment that was asked for, or now.
    pub(crate) fn moment(self) -> Moment {
        self.at.unwrap_or_else(Moment::now)
    }
}

/// Reads a duration for clap.
pub(crate) fn span(text: &str) -> Result<std::time::Duration, moment::SpanError> {
    moment::parse_span(text)
}

//! `certkit expiry history`: what has changed in the past.

use std::path::PathBuf;

use certkit_core::text::Printable;
use certkit_expiry::database::Database;
use certkit_expiry::document::ChangeJson;
use schemars::JsonSchema;
use serde::Serialize;

use crate::arguments::{Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::output;
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The file that was given to --state.
    #[arg(long, value_name = "FILE")]
    state: PathBuf,

    /// Only changes of this source, as it was named.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,

    /// At most this many, newest first.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit expiry history --state /var/lib/certkit/state.db
  certkit expiry history --state state.db --source https://twx.plant.example --json

";

/// The document of `certkit.expiry-history/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct HistoryJson {
    schema: &'static str,
    /// Newest first.
    changes: Vec<PastJson>,
}

/// A change with its time.
#[derive(Serialize, JsonSchema)]
struct PastJson {
    /// RFC 3339 UTC: the time that the run judged.
    moment: String,
    #[serde(flatten)]
    change: ChangeJson,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let database = Database::open_existing(&args.state).map_err(super::unremembered)?;
    let history = database.history(args.source.as_deref(), args.limit).map_err(super::unremembered)?;
    match args.format.chosen() {
        Format::Json => {
            let changes =
                history.into_iter().map(|(moment, change)| PastJson { moment: moment.to_string(), change }).collect();
            output::print(&terminal::document(&HistoryJson { schema: "certkit.expiry-history/1", changes }))?;
        }
        Format::Text => {
            let mut text = String::new();
            for (moment, change) in &history {
                let known = change.after.as_ref().or(change.before.as_ref());
                let place = if change.place.is_empty() {
                    change.source.clone()
                } else {
                    format!("{}/{}", change.source, change.place)
                };
                let key = match change.is_key_kept {
                    Some(true) => ", key kept",
                    Some(false) => ", new key",
                    None => "",
                };
                let issuer = if change.is_issuer_changed == Some(true) { ", another issuer" } else { "" };
                let subject = known.map(|it| it.subject_dn.as_str()).unwrap_or_default();
                text += &format!(
                    "{}  {:<8}  {}  {}{key}{issuer}\n",
                    moment.to_minute(),
                    change.change,
                    Printable(&place),
                    Printable(subject)
                );
            }
            if history.is_empty() {
                text.push_str("nothing has changed since the first run\n");
            }
            output::print_text(&text)?;
        }
    }
    Ok(Exit::Fine)
}

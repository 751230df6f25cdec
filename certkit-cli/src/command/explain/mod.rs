//! `certkit explain`: what a finding, an OPC UA status code or a message of another program means, and what to do.

mod asked;
mod document;
mod log;
mod nearest;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use document::ExplainJson;

use std::path::PathBuf;

use certkit_core::check::opcua::explanations;
use certkit_core::check::{self, Check, Profile};
use certkit_core::review::duties;
use certkit_core::review::duty::{Deviation, Duty};
use certkit_core::status::StatusCode;

use crate::arguments::{Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::output;
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}{LOG_HELP}", exit::HELP))]
pub(crate) struct Args {
    /// The id of a finding, an OPC UA status code, or a message of another program: a code, a phrase or the whole
    /// message. Without it, all ids and status codes are listed.
    #[arg(value_name = "TEXT", allow_negative_numbers = true)]
    text: Vec<String>,

    /// The program that wrote the message, such as openssl, java, windows, curl or kepware.
    #[arg(long, value_name = "NAME")]
    program: Option<String>,

    /// A log to read, `-` for standard input: each problem once, with what to do. Also reads gzip, UTF-16 of Windows,
    /// event logs (EVTX and their exports as text or XML) and exports of Kepware.
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    log: Option<PathBuf>,

    /// Follow the log until Ctrl-C, also across rotation and truncation. With --json, one document per line.
    #[arg(long, requires = "log")]
    follow: bool,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit explain self-signed
  certkit explain BadCertificateUriInvalid
  certkit explain 0x80130000
  certkit explain 'PKIX path building failed'
  certkit explain alert 48
  certkit explain 20 --program openssl
  certkit explain -2146762487
  certkit explain --log /var/log/mosquitto/mosquitto.log
  zcat catalina.out.*.gz | certkit explain --log - --json
  certkit explain
      list every id and status code

";

/// What the statuses say of a log.
const LOG_HELP: &str = "
  With --log: 0 no known message about certificates or TLS, 1 only messages that report
  a failure and no reason or that the log has at INFO or below, 2 at least one problem,
  3 the log could not be read.";

/// The duties that a deviation falls short of.
fn duties_of(deviation: &'static Deviation) -> impl Iterator<Item = &'static Duty> {
    duties::all().filter(|duty| duty.deviations.iter().any(|it| it.id == deviation.id))
}

/// Every deviation, once.
fn deviations() -> impl Iterator<Item = &'static Deviation> {
    let mut known = std::collections::HashSet::new();
    duties::all().flat_map(|duty| duty.deviations.iter().copied()).filter(move |it| known.insert(it.id))
}

fn profiles_of(check: &'static Check) -> impl Iterator<Item = (&'static Profile, check::Severity)> {
    check::PROFILES.iter().copied().filter_map(|profile| {
        profile.checks().find(|(other, _)| other.id == check.id).map(|(_, severity)| (profile, severity))
    })
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    asked::refuse_program(args.program.as_deref())?;
    if let Some(path) = &args.log {
        return log::run(args, path);
    }
    let asked = asked::asked(args)?;
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&document::document(&asked)))?,
        Format::Text => output::print_text(&text::text(&asked))?,
    }
    Ok(Exit::Fine)
}

/// The codes that are explained, by their names.
fn known_codes() -> impl Iterator<Item = (&'static str, StatusCode)> {
    explanations().filter_map(|it| Some((it.code.name()?, it.code)))
}

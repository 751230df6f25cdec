//! `certkit review`: whether a Kepware server is deployed as the guides say, duty by duty.

mod config;
mod document;
mod format;
mod names;
mod settled;
mod sources;

pub(crate) use config::PlantToml;
pub(crate) use document::ReviewJson;

use std::path::PathBuf;
use std::time::Duration;

use certkit_core::check::Severity;
use certkit_core::presented::Probe;
use certkit_core::review::duty::State;
use certkit_core::review::facts::{Facts, Version};
use certkit_core::review::value::Salt;
use certkit_core::review::{baseline, review};
use clap::ValueEnum;

use self::format::Format;
use self::settled::Settled;
use crate::arguments::{self, MomentArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::{LogInArgs, TrustPasswordArgs};
use crate::outputs::OutputArgs;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{STATES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{STATES}{}", exit::HELP))]
pub(crate) struct Args {
    /// kepware+https://HOST:57512 (the Configuration API), project files (.json, .opf, .sopf), - for a JSON project on
    /// standard input, kepware://HOST (what the server shows without a log-in), thingworx://HOST. Further ones may stand
    /// in the file of --config.
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,

    /// The Application Data folder, on the host itself: rights, settings.ini, trust folders, private keys, stray files.
    /// `default` means the usual folders of Windows and of Kepware Edge.
    #[arg(long, value_name = "DIR")]
    data_dir: Vec<PathBuf>,

    /// Also check the brokers and servers that the projects name: one TLS handshake with each, or GetEndpoints.
    #[arg(long)]
    follow: bool,

    /// Leave a probe of kepware://HOST out: ua (GetEndpoints), certificate, versions, suites, plain, plain-port, cors, hsts
    /// or mqtt. Several times, or with commas.
    #[arg(long, value_name = "PROBE", value_parser = crate::command::check::probe, value_delimiter = ',')]
    no_probe: Vec<Probe>,

    /// The decisions of the plant (TOML): sources, waivers, answers to questions, the oldest version allowed.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// The JSON report of an earlier review: shows what is new, gone or changed since.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Exit with 2 for deviations that are not in the baseline; the others count as warnings.
    #[arg(long, requires = "baseline")]
    fail_on_new: bool,

    /// The user name for the Configuration API.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    #[command(flatten)]
    log_in: LogInArgs,

    /// What to trust for the Configuration API: a file, folder or store, system or mozilla. Its chain must end there.
    #[arg(long, value_name = "STORE")]
    trust: Vec<String>,

    #[command(flatten)]
    trust_password: TrustPasswordArgs,

    /// Accept the server certificate with this SHA-256, whoever signed it; `certkit fetch` shows it.
    #[arg(long, value_name = "SHA256")]
    pin: Vec<String>,

    /// The longest time to wait for an answer of a server; a source as a whole has twenty times that.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = arguments::span)]
    timeout: Duration,

    /// The oldest version of Kepware that is allowed here, such as 6.18: answers 8.1.1.
    #[arg(long, value_name = "VERSION", value_parser = version)]
    minimum_version: Option<Version>,

    /// Show only the duties of this section: 6.1, 5.2.1, note.
    #[arg(long, value_name = "SECTION")]
    section: Vec<String>,

    /// Show only the duties in this state.
    #[arg(long, value_enum, value_name = "STATE")]
    only: Vec<Only>,

    #[command(flatten)]
    outputs: OutputArgs<Format>,

    #[command(flatten)]
    moment: MomentArgs,
}

/// A state, as it is written on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    NotMet,
    Partly,
    ToConfirm,
    NotVisible,
    Met,
    NotApplicable,
}

impl Only {
    fn state(self) -> State {
        match self {
            Only::NotMet => State::NotMet,
            Only::Partly => State::Partly,
            Only::ToConfirm => State::ToConfirm,
            Only::NotVisible => State::NotVisible,
            Only::Met => State::Met,
            Only::NotApplicable => State::NotApplicable,
        }
    }
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit review line3.json
      a project that was saved as JSON
  certkit review kepware+https://kep7:57512 --user api-review --password-file pw.txt --trust plant-root.pem
      what the Configuration API shows; reads only
  certkit review kepware+https://kep7:57512 --user api-review --password-env PW --pin 5f2a... --config plant.toml
      a server with its self-signed certificate, and the decisions of the plant
  certkit review line3.json --follow --format html -o review.html
      the same with the brokers and servers that it connects to, as a page to print
  certkit review --data-dir default
      on the host: rights, settings and files of the Application Data folder
  certkit review line3.json --format json -o last.json
  certkit review line3.json --baseline last.json --fail-on-new
  certkit review line3.json --section 6.1 --only not-met

";

const STATES: &str = "\
STATES
  not-met, partly    a deviation: fix it, or write a waiver
  to-confirm         only a person can answer: write the answer into plant.toml
  not-visible        no source shows it; the report names one that would
  met, not-applicable

";

fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| format!("`{text}` is not a version: expected one such as 6.18"))
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let plant = args.config.as_deref().map(config::read).transpose()?.unwrap_or_default();
    let named = args.sources.iter().map(PathBuf::from).chain(plant.files());
    let inputs: Vec<PathBuf> = named.chain(args.config.clone()).chain(args.baseline.clone()).collect();
    let outputs = args.outputs.outputs(inputs.iter().map(PathBuf::as_path))?;
    let before = args.baseline.as_deref().map(document::read_baseline).transpose()?;
    let sections = settled::sections(&args.section)?;
    let moment = args.moment.moment();
    let read = sources::read(args, &plant, moment)?;
    let minimum = args.minimum_version.or(plant.minimum);
    let mut review = review(Facts { sources: read, minimum, moment }, plant.choices);
    review.salt = match before.as_ref().and_then(|it| it.salt) {
        Some(salt) => Some(salt),
        None => Some(Salt::draw().map_err(|error| Failure::new("the review cannot be marked").because(error))?),
    };
    let changes = before.as_ref().map(|before| baseline::compare(before, &review));
    let only = args.only.iter().map(|it| it.state()).collect();
    let settled = Settled { review: &review, changes: changes.as_deref(), sections, only };
    outputs.write(|| format::text::text(&settled), &|format, to| format::write(format, &settled, to))?;
    Ok(status(args, &settled))
}

/// The exit status: the heaviest that nobody has accepted; a source that could not be read is an error.
fn status(args: &Args, settled: &Settled<'_>) -> Exit {
    let heaviest = settled.in_sections().filter_map(certkit_core::review::Row::severity).max();
    let is_new = settled.changes.unwrap_or_default().iter().any(|it| it.is_new_deviation);
    let of_rows = match Exit::for_severity(heaviest) {
        Exit::Errors if args.fail_on_new => Exit::Warnings,
        exit => exit,
    };
    let of_changes = if args.fail_on_new && is_new { Exit::Errors } else { Exit::Fine };
    let is_short = settled.review.facts.sources.iter().any(|it| it.error.is_some());
    let of_sources = Exit::for_severity(is_short.then_some(Severity::Error));
    of_rows.max(of_changes).max(of_sources)
}

//! `certkit expiry`: what ends when, in many places at once.

mod config;
mod document;
mod endpoints;
mod files;
mod format;
mod gather;
mod hex;
mod history;
mod install;
mod inventory;
mod merge;
mod outputs;
mod progress;
mod stand_in;
mod state;
mod told;

pub(crate) use config::{ConfigToml, UntilToml, nearest, unreadable};
pub(crate) use document::ExpiryJson;
pub(crate) use format::csv::harmless;
pub(crate) use history::HistoryJson;
pub(crate) use inventory::until;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use certkit_core::expiry::{self, Judge, Keep, Report, Shard, Source, Threshold};

use self::gather::Manner;
use self::inventory::Given;
use self::outputs::OutputArgs;
use self::state::State;
use self::told::Told;
use crate::arguments::{self, MomentArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{Gather, StorePasswordArgs};

#[derive(clap::Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = format!("{EXAMPLES}{EXIT}"),
    after_long_help = format!("{EXAMPLES}{EXIT}")
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    /// Files, folders, stores, URLs, HOST:PORT, system, mozilla, or - for standard input.
    #[arg(value_name = "INPUT", long_help = arguments::inputs("Files, folders, stores, URLs, HOST:PORT, system, mozilla, or - for standard input."))]
    inputs: Vec<PathBuf>,

    /// An inventory (TOML): sources with owners, notes, thresholds of their own and waivers.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Warn when less validity is left: days (30 or 30d), another span (12h), or a share of the lifetime (20%) [default: 30d].
    #[arg(long, value_name = "TIME")]
    warn: Option<Threshold>,

    /// Critical when less is left [default: 7d].
    #[arg(long, value_name = "TIME")]
    critical: Option<Threshold>,

    /// Warn when less is left until the next update of a revocation list [default: 20%].
    #[arg(long, value_name = "TIME")]
    crl_warn: Option<Threshold>,

    /// Critical when less is left until the next update of a revocation list [default: 5%].
    #[arg(long, value_name = "TIME")]
    crl_critical: Option<Threshold>,

    #[command(flatten)]
    outputs: OutputArgs,

    #[command(flatten)]
    moment: MomentArgs,

    /// With how many endpoints hands are shaken at the same time. Up to four times as many (1024 at most) that
    /// have kept us waiting for a second stand beside them, so that dead ones do not slow the rest.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,

    /// How many endpoints of one host are asked at the same time; loopback has no such bound.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    per_host: u16,

    /// How often an endpoint that gave nothing is asked again, each time after twice the wait.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(..=10))]
    retries: u8,

    /// The time for one attempt at an endpoint.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = arguments::span)]
    timeout: Duration,

    /// The time for everything; what was not looked at by then is reported as unknown.
    #[arg(long, value_name = "TIME", value_parser = arguments::span)]
    deadline: Option<Duration>,

    /// Look at part I of N, counted from 0; N alone takes I from JOB_COMPLETION_INDEX.
    #[arg(long, value_name = "I/N")]
    shard: Option<String>,

    /// Judge more than the dates: add what `certkit check` finds, without downloads. An error is critical, a warning a
    /// warning; when a warning of the end begins is still for --warn to say.
    #[arg(long)]
    findings: bool,

    /// What to trust for --findings: a file, folder or store, system or mozilla. A chain has to end there; the
    /// default stores then only complete it.
    #[arg(long, value_name = "STORE", requires = "findings")]
    trust: Vec<String>,

    /// Remember in this file what was seen, and tell what is different from the last run.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Exit with 2 when something has changed that is no renewal by the same CA.
    #[arg(long, requires = "state")]
    fail_on_change: bool,

    /// Exit with 0 whatever was found, once every report is written: for jobs whose reports are judged elsewhere. What
    /// could not be done still exits with 3.
    #[arg(long)]
    exit_zero: bool,

    #[command(flatten)]
    password: StorePasswordArgs,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Join the reports of shards (jsonl or json) into one.
    Merge(merge::Args),
    /// Tell what has changed in the past, from the file of --state.
    History(history::Args),
    /// Print or write the job of every day for systemd, cron or the task scheduler of Windows.
    Install(Box<install::Args>),
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit expiry https://twx.plant.example opc.tcp://kepware:49320 /etc/ssl/plant
  certkit expiry --warn 45d --critical 14d --format nagios 10.0.0.7:443
  certkit expiry --config inventory.toml --format prometheus -o /var/lib/node_exporter/certkit.prom
  certkit expiry --config inventory.toml --format text --format json -o report.json --format ics -o plant.ics
  certkit expiry --config inventory.toml --shard 0/4 --format jsonl -o part-0.jsonl
  certkit expiry merge part-*.jsonl
  certkit expiry --config inventory.toml --state state.db --fail-on-change
  certkit expiry history --state state.db
  certkit expiry install --systemd -- --config /etc/certkit/inventory.toml

";

const EXIT: &str = "\
EXIT STATUS
  0  enough validity is left everywhere
  1  at least one warning, nothing worse
  2  something is critical or expired, or could not be looked at: an unreachable endpoint counts here
  3  the job could not be done (bad usage, no such file, bad inventory); nothing is written then";

impl Args {
    fn shard(&self) -> Result<Option<Shard>, Failure> {
        let Some(text) = &self.shard else { return Ok(None) };
        if text.contains('/') {
            return Ok(Some(text.parse().map_err(|error| Failure::new("--shard cannot be read").because(error))?));
        }
        let index = std::env::var("JOB_COMPLETION_INDEX").map_err(|_| {
            Failure::new(format!("--shard {text}: JOB_COMPLETION_INDEX does not say which part is meant"))
                .hint(format!("name the part: --shard 0/{text}; an Indexed Job of Kubernetes sets the variable"))
        })?;
        let whole = format!("{index}/{text}");
        whole
            .parse()
            .map(Some)
            .map_err(|error| Failure::new("--shard and JOB_COMPLETION_INDEX give no part").because(error))
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.command {
        Some(Command::Merge(merge)) => merge.outputs.answered(merge::run(merge)),
        Some(Command::History(history)) => history::run(history),
        Some(Command::Install(install)) => install::run(install),
        None => args.outputs.answered(look(args)),
    }
}

/// How many entries that are fine a table shows before it only counts them.
const FEW: u64 = 100;

fn look(args: &Args) -> Result<Exit, Failure> {
    let outputs = args.outputs.outputs()?;
    let shard = args.shard()?;
    let password = args.password.password()?;
    let inventory = args.config.as_deref().map(config::read).transpose()?;
    let given =
        Given { warn: args.warn, critical: args.critical, crl_warn: args.crl_warn, crl_critical: args.crl_critical };
    let watches = inventory::watches(&args.inputs, inventory.as_ref(), given, shard)?;
    let moment = args.moment.moment();
    let judge = match args.findings {
        false => None,
        true => {
            let mut gather = Gather::new();
            gather.trust(&args.trust, &password)?;
            gather.defaults();
            Some(Arc::new(Judge { context: gather.context() }))
        }
    };
    let manner = Manner {
        moment,
        judge,
        keep: if outputs.show_all() || args.state.is_some() { Keep::All } else { Keep::Urgent { fine: FEW } },
        shard,
        password: &password,
        jobs: args.jobs.into(),
        per_host: args.per_host.into(),
        retries: args.retries.into(),
        timeout: args.timeout,
        deadline: args.deadline,
    };
    let sources: Vec<Arc<Source>> = watches.iter().map(|watch| Arc::clone(&watch.source)).collect();
    let mut report = gather::gather(watches, &manner)?;
    if shard.is_none() {
        stand_in::note_emptiness(&mut report, moment);
    }
    let Some(file) = &args.state else {
        settle(&mut report, outputs.show_all());
        outputs.write(&Told::alone(&report, moment, shard))?;
        return Ok(args.exit(exit(report.tally.worst())));
    };
    let mut state = State::open(file)?;
    let compared = state.compare(&report, &sources, moment, shard)?;
    settle(&mut report, outputs.show_all());
    let since = Some(compared.since());
    let told = Told { report: &report, moment, shard, since, fail_on_change: args.fail_on_change };
    outputs.write(&told)?;
    let change = if told.unexpected().next().is_some() { Exit::Errors } else { Exit::Fine };
    // Only what was told is remembered.
    compared.remember()?;
    Ok(args.exit(exit(report.tally.worst()).max(change)))
}

impl Args {
    /// The exit status of a run that has written its reports.
    fn exit(&self, found: Exit) -> Exit {
        if self.exit_zero { Exit::Fine } else { found }
    }
}

/// Sorts, and leaves out what is fine where it is too much to show.
fn settle(report: &mut Report, show_all: bool) {
    if !show_all && report.tally.ok > FEW {
        report.drop_fine();
    }
    report.sort();
}

/// The exit status for the most urgent state.
fn exit(worst: expiry::State) -> Exit {
    match worst {
        expiry::State::Ok => Exit::Fine,
        expiry::State::Warning => Exit::Warnings,
        expiry::State::Unknown | expiry::State::Critical | expiry::State::Expired => Exit::Errors,
    }
}

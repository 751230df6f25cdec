//! `certkit expiry`: what ends when, in many places at once.

mod config;
mod endpoints;
mod files;
mod gather;
mod history;
mod install;
mod merge;
mod notice;
mod outputs;
mod owners;
mod progress;
mod serve;
mod sources;
mod stand_in;
mod text;
mod watch;

pub(crate) use config::{ConfigToml, RenewalToml, UntilToml, nearest, read, text_of, unreadable};
pub(crate) use endpoints::is_trusted;
pub(crate) use history::HistoryJson;
pub(crate) use sources::{Given, Reach, Watch, end_text, until, watches};

use std::path::PathBuf;

use certkit_expiry::database::{Database, DatabaseError};
use certkit_expiry::run_report::RunReport;
use certkit_expiry::{Keep, Report, Shard, State};

use self::notice::Notices;
use self::outputs::OutputArgs;
use self::watch::{Looked, WatchArgs};
use crate::arguments::MomentArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosted;

#[derive(clap::Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = format!("{EXAMPLES}{EXIT}"),
    after_long_help = format!("{EXAMPLES}{EXIT}")
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    watch: WatchArgs,

    #[command(flatten)]
    outputs: OutputArgs,

    #[command(flatten)]
    moment: MomentArgs,

    /// Read only part I of N, counted from 0; N alone takes I from JOB_COMPLETION_INDEX.
    #[arg(long, value_name = "I/N")]
    shard: Option<String>,

    /// Keep the results in this file, and report the changes since the last run.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Exit with 2 on a change that is not a renewal by the same CA.
    #[arg(long, requires = "state")]
    fail_on_change: bool,

    /// Exit with 0 for any result once every report is written: for jobs whose reports are judged elsewhere. A job that
    /// cannot be done still exits with 3.
    #[arg(long)]
    exit_zero: bool,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Join the reports of shards (jsonl or json) into one.
    Merge(merge::Args),
    /// Tell what has changed in the past, from the file of --state.
    History(history::Args),
    /// Run periodically, and serve the results as metrics for Prometheus, with a health page.
    Serve(Box<serve::Args>),
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
  certkit expiry serve --config /etc/certkit/inventory.toml
  certkit expiry install --systemd -- --config /etc/certkit/inventory.toml

";

const EXIT: &str = "\
EXIT STATUS
  0  enough validity is left everywhere
  1  at least one warning, nothing worse
  2  something is critical or expired, or could not be read: an unreachable endpoint counts here
  3  the job could not be done (bad usage, no such file, bad inventory); nothing is written then";

impl Args {
    fn shard(&self) -> Result<Option<Shard>, Failure> {
        let Some(text) = &self.shard else { return Ok(None) };
        if text.contains('/') {
            return Ok(Some(text.parse().map_err(|error| Failure::new("--shard cannot be read").because(error))?));
        }
        let index = std::env::var("JOB_COMPLETION_INDEX").map_err(|_| {
            Failure::new(format!("--shard {text}: JOB_COMPLETION_INDEX is missing or has no part number"))
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
        Some(Command::Serve(serve)) => serve::run(serve),
        Some(Command::Install(install)) => install::run(install),
        None => args.outputs.answered(look(args)),
    }
}

/// How many entries that are fine a table shows before it only counts them.
const FEW: u64 = 100;

fn look(args: &Args) -> Result<Exit, Failure> {
    let outputs = args.outputs.outputs(args.watch.files().chain(args.state.as_deref()))?;
    let shard = args.shard()?;
    let moment = args.moment.moment();
    let keep = if outputs.show_all() || args.state.is_some() { Keep::All } else { Keep::Urgent { fine: FEW } };
    let inventory = args.watch.inventory()?;
    // What the page runs is shown there, and nobody else is told.
    let told_of = inventory.as_ref().filter(|_| hosted::current().is_none());
    let notices = told_of.map(|it| Notices::read(it, moment)).transpose()?;
    let Looked { mut report, sources } =
        args.watch.look(inventory.as_ref(), moment, shard, keep, args.state.is_some())?;
    let Some(file) = &args.state else {
        settle(&mut report, outputs.show_all());
        let run = RunReport::alone(&report, moment, shard);
        outputs.write(&run)?;
        notices.iter().try_for_each(|it| it.send(&run))?;
        return Ok(args.exit(exit(report.tally.worst())));
    };
    let mut database = Database::open(file).map_err(unremembered)?;
    let compared = database.compare(&report, &sources, moment, shard).map_err(unremembered)?;
    settle(&mut report, outputs.show_all());
    let since = Some(compared.since());
    let run = RunReport { report: &report, moment, shard, since, fail_on_change: args.fail_on_change };
    outputs.write(&run)?;
    notices.iter().try_for_each(|it| it.send(&run))?;
    let change = if run.unexpected().next().is_some() { Exit::Errors } else { Exit::Fine };
    // Only what was told is remembered.
    compared.remember().map_err(unremembered)?;
    Ok(args.exit(exit(report.tally.worst()).max(change)))
}

impl Args {
    /// The exit status of a run that has written its reports.
    fn exit(&self, found: Exit) -> Exit {
        if self.exit_zero { Exit::Fine } else { found }
    }
}

/// Says why what is remembered cannot be used.
fn unremembered(error: DatabaseError) -> Failure {
    let hint = match &error {
        DatabaseError::Absent { .. } => Some("a run with --state FILE makes it"),
        other => other.remedy(),
    };
    let failure = match error {
        DatabaseError::Place(error) => return crate::files::failed(error),
        error => Failure::new(error.to_string()).because(error),
    };
    hint.into_iter().fold(failure, Failure::hint)
}

/// Sorts, and leaves out what is fine where it is too much to show.
fn settle(report: &mut Report, show_all: bool) {
    if !show_all && report.tally.ok > FEW {
        report.drop_fine();
    }
    report.sort();
}

/// The exit status for the most urgent state.
fn exit(worst: State) -> Exit {
    match worst {
        State::Ok => Exit::Fine,
        State::Warning => Exit::Warnings,
        State::Unknown | State::Critical | State::Expired => Exit::Errors,
    }
}

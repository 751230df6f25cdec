//! `certkit expiry install`: the run of every day, as the scheduler of the machine wants it written.
//!
//! Knows how systemd, cron and the task scheduler of Windows quote; refuses to know what a run does, and
//! never talks to a scheduler itself: what it writes is read and put in place by an administrator.

mod windows;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use certkit_core::files::{Batch, Existing, Readers, names};
use clap::{ArgGroup, FromArgMatches as _};
use zeroize::Zeroizing;

use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::files;
use crate::output;

#[derive(clap::Args, Debug)]
#[command(
    group = ArgGroup::new("scheduler").required(true).args(["systemd", "cron", "schtasks"]),
    after_help = format!("{EXAMPLES}{}", exit::HELP),
    after_long_help = format!("{EXAMPLES}{}", exit::HELP)
)]
pub(crate) struct Args {
    /// A service and a timer of systemd.
    #[arg(long)]
    systemd: bool,

    /// A line for cron.
    #[arg(long)]
    cron: bool,

    /// A task for the task scheduler of Windows, as XML.
    #[arg(long)]
    schtasks: bool,

    /// When to run, every day, in the time zone of the machine.
    #[arg(long, value_name = "HH:MM", default_value = "06:00", value_parser = time_of_day)]
    at: TimeOfDay,

    /// The name of the job.
    #[arg(long, value_name = "NAME", default_value = "certkit-expiry", value_parser = job_name)]
    name: String,

    /// Write into this folder instead of to standard output.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Replace existing files.
    #[arg(long, requires = "output")]
    force: bool,

    /// The arguments for `certkit expiry`, which runs in the current folder.
    #[arg(last = true, required = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit expiry install --systemd -- --config /etc/certkit/inventory.toml --state /var/lib/certkit/state.db
  certkit expiry install --systemd -o /etc/systemd/system -- --config /etc/certkit/inventory.toml
  certkit expiry install --cron --at 05:30 -- --warn 45d https://twx.plant.example /etc/ssl/plant
  certkit expiry install --schtasks -o . -- --config inventory.toml --format html -o report.html

";

/// A time of the day.
#[derive(Clone, Copy, Debug)]
struct TimeOfDay {
    hour: u8,
    minute: u8,
}

fn time_of_day(text: &str) -> Result<TimeOfDay, String> {
    let two = |digits: &str, end: u8| {
        let is_number = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        is_number.then(|| digits.parse::<u8>().ok()).flatten().filter(|number| *number < end)
    };
    text.split_once(':')
        .and_then(|(hour, minute)| Some(TimeOfDay { hour: two(hour, 24)?, minute: two(minute, 60)? }))
        .ok_or_else(|| "expected a time of the day from 00:00 to 23:59".to_owned())
}

fn job_name(text: &str) -> Result<String, String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    match text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && text.chars().all(is_plain)
        && names::is_name(text)
    {
        true => Ok(text.to_owned()),
        false => {
            Err("expected letters, digits, `-`, `_` and `.`, and no name that Windows keeps for a device".to_owned())
        }
    }
}

/// What is run, and where.
struct Job<'a> {
    name: &'a str,
    at: TimeOfDay,
    program: &'a str,
    /// The words after the program.
    words: Vec<&'a str>,
    /// Where relative names begin.
    folder: &'a str,
    /// The folders that the run writes to.
    writes_to: Vec<String>,
    /// After how many seconds it is ended.
    limit: u64,
}

/// How many seconds a run is given where it does not say more itself.
const LIMIT: u64 = 3_600;

/// How many seconds a run has after its own deadline, to write its report.
const SPARE: u64 = 900;

/// A file for a scheduler.
struct Made {
    name: String,
    text: String,
    bytes: Vec<u8>,
}

impl Made {
    fn new(name: String, text: String) -> Made {
        let bytes = text.clone().into_bytes();
        Made { name, text, bytes }
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if let Some(folder) = &args.output {
        files::refuse_standard(folder, "-o", "without -o, all goes to standard output")?;
    }
    let run = parsed(&args.arguments)?;
    let folder =
        std::env::current_dir().map_err(|error| Failure::new("the current folder does not exist").because(error))?;
    let program =
        std::env::current_exe().map_err(|error| Failure::new("cannot find the path of this program").because(error))?;
    let written = run.outputs.files().chain(run.state.as_deref());
    let mut writes_to: Vec<PathBuf> =
        written.map(|file| folder.join(file).parent().unwrap_or(Path::new("/")).to_path_buf()).collect();
    writes_to.sort();
    writes_to.dedup();
    let job = Job {
        name: &args.name,
        at: args.at,
        program: plain(&program)?,
        words: std::iter::once("expiry").chain(args.arguments.iter().map(String::as_str)).collect(),
        folder: plain(&folder)?,
        limit: run.watch.deadline.map_or(LIMIT, |span| LIMIT.max(span.as_secs().saturating_add(SPARE))),
        writes_to: writes_to.iter().map(|path| plain(path).map(str::to_owned)).collect::<Result<_, _>>()?,
    };
    let (made, next) = match (args.systemd, args.cron) {
        (true, _) => (systemd(&job), systemd_next(&job, args.output.as_deref())),
        (_, true) => (vec![cron(&job)], "put the line into a crontab: crontab -e".to_owned()),
        _ => (
            vec![windows::task(&job)],
            format!("as administrator: schtasks /Create /TN {0} /XML {0}.xml /RU SYSTEM", job.name),
        ),
    };
    deliver(&made, args)?;
    output::note(&format!("next: {next}"));
    Ok(Exit::Fine)
}

/// Reads the arguments as the run will.
fn parsed(arguments: &[String]) -> Result<super::Args, Failure> {
    if let Some(odd) = arguments.iter().find(|it| it.chars().any(char::is_control)) {
        return Err(Failure::new(format!("`{odd}` has a control character, which schedulers do not accept")));
    }
    let refused = |error: clap::Error| {
        let text = error.render().to_string();
        let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Failure::new(format!("`certkit expiry` does not take these arguments: {first}"))
            .hint("everything after -- is passed to it unchanged")
    };
    let command = <super::Args as clap::Args>::augment_args(clap::Command::new("expiry"));
    let words = std::iter::once("expiry").chain(arguments.iter().map(String::as_str));
    let matches = command.try_get_matches_from(words).map_err(refused)?;
    let run = super::Args::from_arg_matches(&matches).map_err(refused)?;
    if run.command.is_some() {
        return Err(Failure::new("only `certkit expiry` itself can be scheduled, not its subcommands")
            .hint("name inputs or --config FILE after --"));
    }
    if run.watch.inputs.iter().any(|input| input.as_os_str() == "-") {
        return Err(Failure::new("a scheduled job has no standard input"));
    }
    Ok(run)
}

/// The path as text that can be quoted.
fn plain(path: &Path) -> Result<&str, Failure> {
    path.to_str()
        .filter(|text| !text.chars().any(char::is_control))
        .ok_or_else(|| Failure::new(format!("{} cannot be written into a job", path.display())))
}

fn deliver(made: &[Made], args: &Args) -> Result<(), Failure> {
    let Some(folder) = &args.output else {
        let texts: Vec<String> = match made {
            [one] => vec![one.text.clone()],
            many => many.iter().map(|it| format!("# {}\n{}", it.name, it.text)).collect(),
        };
        return output::print(&texts.join("\n"));
    };
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let mut batch = Batch::new();
    for it in made {
        let path = folder.join(&it.name);
        files::require_folder(&path)?;
        batch.add(path, Readers::Usual, existing, Zeroizing::new(it.bytes.clone()));
    }
    files::tell(&batch.write().map_err(files::failed)?);
    made.iter().for_each(|it| output::note(&format!("wrote {}", folder.join(&it.name).display())));
    Ok(())
}

/// Quotes a word of a command line of systemd (systemd.service(5), systemd.unit(5)).
fn systemd_word(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{escaped}\"")
}

/// Quotes a path of a setting of systemd, where `$` is nothing special.
fn systemd_path(path: &str) -> String {
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%"))
}

fn systemd(job: &Job<'_>) -> Vec<Made> {
    // Variables are looked for in the arguments, not in the name of the program.
    let words = job.words.iter().map(|it| systemd_word(it));
    let command: Vec<String> = std::iter::once(systemd_path(job.program)).chain(words).collect();
    let mut places = String::new();
    if !job.writes_to.is_empty() {
        let paths: Vec<String> = job.writes_to.iter().map(|path| systemd_path(path)).collect();
        let _ = writeln!(places, "ReadWritePaths={}", paths.join(" "));
    }
    // Folders such as that of node_exporter belong to others.
    let writes = if job.writes_to.is_empty() { "" } else { " CAP_DAC_OVERRIDE" };
    // A private /tmp would hide what the job is about.
    let is_temporary = |path: &str| ["/tmp", "/var/tmp"].iter().any(|it| Path::new(path).starts_with(it));
    if !is_temporary(job.folder) && !job.words.iter().chain([&job.program]).any(|it| is_temporary(it)) {
        places.push_str("PrivateTmp=yes\n");
    }
    let service = format!(
        "[Unit]
Description=Warn before certificates end
Wants=network-online.target
After=network-online.target
# This unit fails when action is needed: 1 warnings, 2 critical, expired or unknown, 3 not done. Name the unit
# that sends a notification:
#OnFailure=tell-somebody@%n.service

[Service]
Type=oneshot
ExecStart={command}
WorkingDirectory={folder}
TimeoutStartSec={limit}
Nice=10
UMask=0022
ProtectSystem=strict
ProtectHome=read-only
{places}PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
NoNewPrivileges=yes
CapabilityBoundingSet=CAP_DAC_READ_SEARCH{writes}
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
",
        command = command.join(" "),
        folder = job.folder.replace('%', "%%"),
        limit = job.limit,
    );
    let timer = format!(
        "[Unit]
Description=Warn before certificates end, every day

[Timer]
OnCalendar=*-*-* {:02}:{:02}:00
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target
",
        job.at.hour, job.at.minute
    );
    vec![Made::new(format!("{}.service", job.name), service), Made::new(format!("{}.timer", job.name), timer)]
}

fn systemd_next(job: &Job<'_>, folder: Option<&Path>) -> String {
    let start = format!("systemctl daemon-reload && systemctl enable --now {}.timer", job.name);
    match folder {
        Some(folder) if folder.starts_with("/etc/systemd") => start,
        _ => format!("put both files into /etc/systemd/system, then {start}"),
    }
}

/// Quotes a word for sh in a line of cron, which takes a bare `%` for the end of the command (crontab(5)).
fn cron_word(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''").replace('%', r"\%"))
}

fn cron(job: &Job<'_>) -> Made {
    let command: Vec<String> = std::iter::once(&job.program).chain(&job.words).map(|it| cron_word(it)).collect();
    let text = format!(
        "# Warn before certificates end. Cron mails what a job prints to MAILTO; with -o for every --format it prints nothing.\n\
         {} {} * * * cd {} && {}\n",
        job.at.minute,
        job.at.hour,
        cron_word(job.folder),
        command.join(" ")
    );
    Made::new(format!("{}.cron", job.name), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_each_scheduler_reads_them() {
        assert_eq!(systemd_word(r#"50% of "a\b" $HOME"#), r#""50%% of \"a\\b\" $$HOME""#);
        assert_eq!(systemd_path(r"/a b/100%/$x"), r#""/a b/100%%/$x""#);
        assert_eq!(cron_word("it's 20%"), r"'it'\''s 20\%'");
    }

    #[test]
    fn times_and_names_are_held_to_their_form() {
        for bad in ["6:00", "24:00", "06:60", "0600", "06:00:00", "+6:00"] {
            assert!(time_of_day(bad).is_err(), "{bad}");
        }
        assert!(time_of_day("23:59").is_ok());
        for bad in ["", "-x", "a b", "a/b", "a%i"] {
            assert!(job_name(bad).is_err(), "{bad}");
        }
    }
}

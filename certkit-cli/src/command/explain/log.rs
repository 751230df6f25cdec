//! `certkit explain --log`: what is wrong in a log, each problem once.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use certkit_core::explain::log::{Log, NoLog, Problem, is_evtx, unpacked};
use certkit_core::moment::Moment;
use certkit_core::source::file;
use certkit_core::text::plural;
use serde::Serialize;

use super::Args;
use super::document::{ExplainJson, NamedJson};
use crate::arguments::Format;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosted;
use crate::input;
use crate::interrupt::interrupted;
use crate::output;
use crate::render::messages::{self, MatchJson};
use crate::terminal;

/// How much is read at once, in bytes.
const BLOCK: usize = 1 << 18;

/// How much of it is looked through before it is asked whether anybody still waits, in bytes.
const PART: usize = 1 << 14;

/// How many bytes tell whether a file is a log.
const START: u64 = 4096;

/// How long a log that is followed may be silent before what it has told counts as whole.
const PAUSE: Duration = Duration::from_millis(400);

/// How often a person sees how far it is, in blocks.
const SHOWN: usize = 256;

/// What was read of a log.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct LogJson {
    /// The file, or `-` for standard input.
    file: String,
    /// How many lines were read; of an event log of Windows, how many events.
    lines: u64,
    /// What of it was not read, and why; null where all was.
    unread: Option<String>,
}

impl LogJson {
    fn new(file: String, log: &Log, unread: Option<String>) -> LogJson {
        let binary = (log.binary() > 0).then(|| format!("{} bytes in it are not text", log.binary()));
        let damaged = log.damaged();
        let damaged = (damaged > 0).then(|| format!("{damaged} of its events or chunks are damaged"));
        LogJson { file, lines: log.lines(), unread: unread.or(binary).or(damaged) }
    }
}

/// Reads a log and tells what is wrong in it.
pub(super) fn run(args: &Args, path: &Path) -> Result<Exit, Failure> {
    let mut log = Log::new(Moment::now(), args.program.as_deref().unwrap_or_default());
    let format = args.format.chosen();
    let name = path.display().to_string();
    if args.follow {
        let mut news = News { recognised: Vec::new(), format, name };
        follow(path, &mut log, &mut news)?;
        return Ok(exit(&log.problems()));
    }
    let mut stream = unpacked(open(path)?).map_err(|error| unreadable(path, error))?;
    let mut start = Vec::new();
    let read = stream.by_ref().take(START).read_to_end(&mut start);
    match read {
        Err(error) if start.is_empty() => return Err(unreadable(path, error)),
        // It is told below, where reading goes on.
        _ => refuse(path, &start)?,
    }
    log.push(&start);
    let mut block = vec![0; BLOCK];
    let mut count: usize = 0;
    let mut unread = None;
    loop {
        match stream.read(&mut block) {
            Ok(0) => break,
            Ok(length) => {
                for part in block.get(..length).unwrap_or_default().chunks(PART) {
                    hosted::require_wanted()?;
                    log.push(part);
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Of a file that is packed and was cut off, the beginning is worth reading.
            Err(error) => {
                unread = Some(format!("the rest cannot be read: {error}"));
                break;
            }
        }
        count = count.saturating_add(1);
        if count.is_multiple_of(SHOWN) && output::is_watched() {
            output::show_progress(&format!("{} lines", log.lines()));
        }
    }
    if count >= SHOWN && output::is_watched() {
        output::show_progress("");
    }
    log.pause();
    let problems = log.problems();
    // What was not read may tell of more.
    let read = LogJson::new(name, &log, unread);
    let of_rest = if read.unread.is_some() { Exit::Warnings } else { Exit::Fine };
    match format {
        Format::Json => output::print(&terminal::document(&document(&problems, read)))?,
        Format::Text => output::print_text(&text(&problems, &read))?,
    }
    Ok(exit(&problems).max(of_rest))
}

fn open(path: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    hosted::open(path).map_err(input::unreadable)
}

fn unreadable(path: &Path, error: io::Error) -> Failure {
    Failure::new(format!("{} cannot be read", path.display())).at(path.display()).because(error)
}

/// Says what to do with a file that is no log.
fn refuse(path: &Path, start: &[u8]) -> Result<(), Failure> {
    let name = path.display();
    Err(match NoLog::of(start) {
        None => return Ok(()),
        Some(NoLog::Journal) => {
            Failure::new(format!("{name} is a binary journal of systemd, which certkit does not read"))
                .hint("convert it to text: journalctl --file FILE | certkit explain --log -")
        }
        Some(NoLog::Utf32) => Failure::new(format!("{name} is text in UTF-32, which certkit does not read"))
            .hint("convert it: iconv -f UTF-32 -t UTF-8 FILE | certkit explain --log -"),
        Some(NoLog::Binary) => {
            Failure::new(format!("{name} is not a text file")).hint("name a text log; unpack or decrypt it first")
        }
        Some(NoLog::Packed(kind, command)) => Failure::new(format!("{name} is a compressed file ({kind})"))
            .hint(format!("unpack it: {command} FILE | certkit explain --log -")),
    }
    .at(path.display()))
}

/// The heaviest problem makes the status.
fn exit(problems: &[Problem]) -> Exit {
    Exit::for_severity(problems.iter().map(Problem::severity).max())
}

fn document(problems: &[Problem], log: LogJson) -> ExplainJson {
    ExplainJson {
        schema: "certkit.explain/1",
        checks: Vec::new(),
        deviations: Vec::new(),
        duties: Vec::new(),
        status_codes: Vec::new(),
        matches: problems.iter().map(MatchJson::of_log).collect(),
        named: NamedJson::default(),
        log: Some(log),
    }
}

fn text(problems: &[Problem], log: &LogJson) -> String {
    let (name, lines) = (&log.file, log.lines);
    let lines = format!("{lines} {}", plural(usize::try_from(lines).unwrap_or(usize::MAX), "line", "lines"));
    let rest = log.unread.iter().map(|it| format!("\nNot read completely: {it}")).collect::<String>();
    if problems.is_empty() {
        let head = format!("{name}: no known message about certificates or TLS in {lines}{rest}");
        return format!("{}\n", terminal::wrap(&head, 0));
    }
    let count = problems.len();
    let head = format!("{name}: {count} {} in {lines}{rest}", plural(count, "problem", "problems"));
    let mut text = format!("{}\n\n", terminal::wrap(&head, 0));
    for (problem, number) in problems.iter().zip(1..) {
        text += &messages::problem_text(problem, number);
    }
    text
}

/// What a log that is followed has told already.
struct News {
    /// Each problem with its count.
    recognised: Vec<(Problem, u64)>,
    format: Format,
    name: String,
}

impl News {
    /// Tells what is new: a problem in full at its first time, then a line each time that it happens.
    fn tell(&mut self, log: &Log) -> Result<(), Failure> {
        for problem in log.problems() {
            let before = self.recognised.iter_mut().find(|(known, _)| known.known.is(problem.known));
            let (is_first, is_new) = match &before {
                Some((_, count)) => (false, *count != problem.count),
                None => (true, true),
            };
            if !is_new {
                continue;
            }
            match before {
                Some((_, count)) => *count = problem.count,
                None => self.recognised.push((problem.clone(), problem.count)),
            }
            match self.format {
                Format::Json => {
                    let read = LogJson::new(self.name.clone(), log, None);
                    let document = document(std::slice::from_ref(&problem), read);
                    output::print(&terminal::document_line(&document))?;
                }
                Format::Text if is_first => {
                    output::print_text(&messages::problem_text(&problem, self.recognised.len()))?;
                }
                Format::Text => output::print_text(&messages::again_text(&problem))?,
            }
        }
        Ok(())
    }
}

/// Reads on as the log grows, until Ctrl-C.
fn follow(path: &Path, log: &mut Log, news: &mut News) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::new("cannot start the event loop").because(error))?;
    let is_over = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_over);
    runtime.spawn(async move {
        interrupted().await;
        flag.store(true, Ordering::Relaxed);
    });
    let followed = if path == Path::new("-") {
        follow_stream(log, news, &is_over)
    } else {
        follow_file(path, log, news, &is_over)
    };
    runtime.shutdown_background();
    log.pause();
    news.tell(log)?;
    followed
}

/// Reads a stream until it ends; what it has told is said as soon as it pauses.
fn follow_stream(log: &mut Log, news: &mut News, is_over: &AtomicBool) -> Result<(), Failure> {
    let (sender, receiver) = sync_channel::<io::Result<Vec<u8>>>(2);
    // It ends with the program where the stream does not: a read cannot be interrupted.
    std::thread::spawn(move || {
        let mut block = vec![0; BLOCK];
        loop {
            let read = io::stdin().read(&mut block).map(|length| block.get(..length).unwrap_or_default().to_vec());
            let is_last = read.as_ref().map_or_else(|error| error.kind() != ErrorKind::Interrupted, Vec::is_empty);
            if sender.send(read).is_err() || is_last {
                return;
            }
        }
    });
    let mut is_begun = false;
    while !is_over.load(Ordering::Relaxed) {
        match receiver.recv_timeout(PAUSE) {
            Ok(Ok(bytes)) => {
                if !std::mem::replace(&mut is_begun, true) {
                    refuse_followed(Path::new("-"), &bytes)?;
                }
                log.push(&bytes);
            }
            Ok(Err(error)) if error.kind() == ErrorKind::Interrupted => {}
            Ok(Err(error)) => return Err(unreadable(Path::new("-"), error)),
            Err(RecvTimeoutError::Timeout) => log.pause(),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        news.tell(log)?;
    }
    Ok(())
}

fn refuse_followed(path: &Path, start: &[u8]) -> Result<(), Failure> {
    if start.starts_with(&[0x1f, 0x8b]) {
        return Err(Failure::new("a compressed log cannot be followed").at(path.display()).hint("leave out --follow"));
    }
    if is_evtx(start) {
        let problem = format!("{} is a Windows event log (EVTX), which cannot be followed", path.display());
        return Err(Failure::new(problem).at(path.display()).hint("leave out --follow to read its current content"));
    }
    refuse(path, start)
}

/// Reads a file as it grows. Where another has taken its name it goes on with that one, where it was cut it begins anew.
fn follow_file(path: &Path, log: &mut Log, news: &mut News, is_over: &AtomicBool) -> Result<(), Failure> {
    let mut file = file::open(path).map_err(input::unreadable)?;
    let mut place: u64 = 0;
    let mut block = vec![0; BLOCK];
    while !is_over.load(Ordering::Relaxed) {
        let length = match file.read(&mut block) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read.map_err(|error| unreadable(path, error))?,
        };
        let bytes = block.get(..length).unwrap_or_default();
        if place == 0 && length > 0 {
            refuse_followed(path, bytes)?;
        }
        place = place.saturating_add(u64::try_from(length).unwrap_or(0));
        log.push(bytes);
        if length > 0 {
            news.tell(log)?;
            continue;
        }
        if let Some(other) = successor(path, &file, place) {
            log.restart();
            file = other;
            place = 0;
            continue;
        }
        std::thread::sleep(PAUSE);
        log.pause();
        news.tell(log)?;
    }
    Ok(())
}

/// Opens what is to be read in place of a file: another one under its name, or itself from the beginning.
fn successor(path: &Path, file: &File, place: u64) -> Option<File> {
    let own = file.metadata().ok()?;
    // Between two names there may be none.
    let named = std::fs::metadata(path).ok()?;
    let is_other = id(&named) != id(&own);
    let is_cut = own.len() < place;
    (is_other || is_cut).then(|| file::open(path).ok())?
}

#[cfg(unix)]
fn id(found: &std::fs::Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (found.dev(), found.ino())
}

/// Elsewhere a file that is open keeps its name.
#[cfg(not(unix))]
fn id(_: &std::fs::Metadata) -> (u64, u64) {
    (0, 0)
}

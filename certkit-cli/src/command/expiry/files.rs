//! Reads files, folders and stores, several at the same time, in memory for one file a thread.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use certkit_core::container::{Block, ContainerError, Contents, Passwords};
use certkit_core::source::file::{self, FileError, Outcome, Visited, Walk};
use certkit_core::store::roots;
use certkit_core::store::{self, Address, Content, Member, Presence, StoreError};
use certkit_core::text::with_causes;
use certkit_expiry::{Entry, Look, Report, Shard, Unseen};

use super::gather::{RunOptions, Stop};
use super::owners::Owners;
use super::progress::Progress;
use super::sources::{Reach, Watch};
use crate::hosted;

/// How many files a thread takes at once.
const BATCH: usize = 64;

/// A file of this size is read as a bundle, piece by piece, where it can be.
const LARGE: u64 = 4 * 1024 * 1024;

/// What a thread is told to do.
enum Task {
    /// Read this file, which the source names or which stands in the folder that it names.
    Read { watch: usize, path: PathBuf },
    /// Say what the walk met.
    Met { watch: usize, visited: Box<Visited> },
    /// Count that files of the folder are left out.
    Excluded { watch: usize, count: u64 },
    /// Say that the folder has no file in it.
    PassedOver { watch: usize },
    /// Take what is built in, or say why a source is closed.
    Store { watch: usize },
}

/// Hands out tasks, one source after the other.
struct Queue<'a> {
    watches: &'a [Watch],
    next: usize,
    walk: Option<Walking>,
    /// Sources that were begun and not ended.
    is_spent: bool,
}

/// A folder on the way.
struct Walking {
    watch: usize,
    walk: Walk,
    /// Whether there was no file in it so far that counts.
    is_passed_over: bool,
    /// How many files of it were left out.
    excluded: u64,
}

/// Says whether a file, or files of a folder, were handed over under this name.
fn is_handed(path: &Path) -> bool {
    hosted::current().is_some_and(|run| run.has(path))
}

/// Says whether the inventory leaves a file of a folder out.
fn is_excluded(watch: Option<&Watch>, path: &Path) -> bool {
    watch.is_some_and(|watch| !watch.exclude.is_empty() && watch.exclude.is_match(place_below(watch, path)))
}

impl Queue<'_> {
    fn fill(&mut self, tasks: &mut Vec<Task>) {
        while tasks.len() < BATCH {
            if let Some(Walking { watch, walk, is_passed_over, excluded }) = &mut self.walk {
                match walk.next() {
                    Some(Ok(path)) if is_excluded(self.watches.get(*watch), &path) => *excluded += 1,
                    Some(Ok(path)) => {
                        *is_passed_over = false;
                        tasks.push(Task::Read { watch: *watch, path });
                    }
                    Some(Err(visited)) => {
                        *is_passed_over &= !matches!(visited.outcome, Outcome::Failed(_));
                        tasks.push(Task::Met { watch: *watch, visited });
                    }
                    None => {
                        tasks.extend(is_passed_over.then_some(Task::PassedOver { watch: *watch }));
                        tasks.extend((*excluded > 0).then_some(Task::Excluded { watch: *watch, count: *excluded }));
                        self.walk = None;
                    }
                }
                continue;
            }
            let watch = self.next;
            let Some(found) = self.watches.get(watch) else {
                self.is_spent = true;
                return;
            };
            self.next += 1;
            match &found.reach {
                Reach::Path(path) if is_handed(path) => {
                    let below = hosted::current().and_then(|run| run.folder(path));
                    let below = below.unwrap_or_else(|| vec![path.clone()]);
                    tasks.extend(below.into_iter().map(|path| Task::Read { watch, path }));
                }
                Reach::Path(path) if path.is_dir() => match file::walk(path) {
                    Ok(walk) => self.walk = Some(Walking { watch, walk, is_passed_over: true, excluded: 0 }),
                    Err(error) => tasks.push(Task::Met {
                        watch,
                        visited: Box::new(Visited { path: path.clone(), outcome: Outcome::Failed(error) }),
                    }),
                },
                Reach::Path(path) => tasks.push(Task::Read { watch, path: path.clone() }),
                Reach::Stdin | Reach::System | Reach::Mozilla | Reach::Store(_) | Reach::Closed(_) => {
                    tasks.push(Task::Store { watch });
                }
                Reach::Endpoint(_) => {}
            }
        }
    }
}

/// Reads all of them with so many threads.
pub(crate) fn read(
    watches: &[Watch],
    manner: &RunOptions<'_>,
    threads: usize,
    progress: &Progress,
    stop: &Stop,
) -> Report {
    let owners = Owners::of(watches);
    let queue = Mutex::new(Queue { watches, next: 0, walk: None, is_spent: false });
    // In one list from the start: joined at the end, all of them would be in memory almost twice.
    let kept: Mutex<Vec<Entry>> = Mutex::new(Vec::new());
    let work = || {
        let mut report = Report::default();
        let mut tasks = Vec::with_capacity(BATCH);
        while !stop.is_set() {
            queue.lock().unwrap_or_else(PoisonError::into_inner).fill(&mut tasks);
            if tasks.is_empty() {
                break;
            }
            progress.all.fetch_add(tasks.len() as u64, Ordering::Relaxed);
            for task in tasks.drain(..) {
                do_task(&task, &owners, watches, manner, stop, &mut report);
                progress.done.fetch_add(1, Ordering::Relaxed);
            }
            kept.lock().unwrap_or_else(PoisonError::into_inner).append(&mut report.entries);
        }
        report
    };
    let join = hosted::joined();
    let mut report = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .filter(|_| !watches.is_empty())
            .map(|_| {
                scope.spawn(|| {
                    join();
                    work()
                })
            })
            .collect();
        let mut report = work();
        for other in others {
            if let Ok(part) = other.join() {
                report.absorb(part);
            }
        }
        report
    });
    report.entries = kept.into_inner().unwrap_or_else(PoisonError::into_inner);
    let queue = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !queue.is_spent {
        let begun = queue.walk.as_ref().map_or(queue.next, |walking| walking.watch);
        for watch in watches.iter().skip(begun) {
            look(watch, "", manner).unseen(
                1,
                "not_reached",
                "the run was stopped before the file was read completely",
                &mut report,
            );
            report.left_out += 1;
        }
    }
    report
}

fn look<'a>(watch: &'a Watch, place: &'a str, manner: &'a RunOptions<'_>) -> Look<'a> {
    Look {
        source: &watch.source,
        place,
        moment: manner.moment,
        keep: manner.keep,
        judge: manner.judge.as_deref(),
        routes: None,
        issuer_keys: manner.issuer_keys,
    }
}

/// The path below the folder of a source, with the same strokes on every system.
fn place_below(watch: &Watch, path: &Path) -> String {
    let Reach::Path(root) = &watch.reach else { return String::new() };
    let below = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
    if cfg!(windows) { below.replace('\\', "/") } else { below }
}

fn do_task(
    task: &Task,
    owners: &Owners<'_>,
    watches: &[Watch],
    manner: &RunOptions<'_>,
    stop: &Stop,
    report: &mut Report,
) {
    let (Task::Read { watch, .. }
    | Task::Met { watch, .. }
    | Task::Excluded { watch, .. }
    | Task::PassedOver { watch }
    | Task::Store { watch }) = task;
    let at = *watch;
    let Some(watch) = watches.get(at) else { return };
    match task {
        Task::Read { path, .. } if !owners.is_owner(at, path) => {}
        Task::Read { path, .. } => read_one(watch, path, manner, stop, report),
        Task::Met { visited, .. } => {
            if let Outcome::Failed(error) = &visited.outcome {
                let place = place_below(watch, &visited.path);
                if is_ours(watch, &place, manner) {
                    failed(&look(watch, &place, manner), error, report);
                }
                report.closed.push((Arc::clone(&watch.source), place.into()));
            }
        }
        Task::PassedOver { .. } => {
            if is_ours(watch, "", manner) {
                let reason = "the folder is empty: is it mounted?";
                look(watch, "", manner).unseen(1, Unseen::NOTHING_THERE, reason, report);
            }
        }
        // Every part of the inventory walks over the whole folder; one of them counts.
        Task::Excluded { count, .. } if is_ours(watch, "", manner) => report.excluded += count,
        Task::Excluded { .. } => {}
        Task::Store { .. } => read_store(watch, manner, report),
    }
}

/// Says whether a file of a folder, or the folder itself, belongs to this part of the inventory.
fn is_ours(watch: &Watch, place: &str, manner: &RunOptions<'_>) -> bool {
    let name = &watch.source.name;
    let is_in = |shard: Shard| if place.is_empty() { shard.has(name) } else { shard.has(&format!("{name}/{place}")) };
    manner.shard.is_none_or(is_in)
}

/// What names of files end in that are to hold certificates or revocation lists.
const CLAIMS: [&str; 10] = ["crt", "cer", "der", "p12", "pfx", "jks", "p7b", "p7c", "crl", "pem"];

/// Says whether a file that holds none is no cause for concern: it does not claim to, or holds what else PEM is for.
fn is_other(path: &Path, error: &ContainerError) -> bool {
    let extension = path.extension().unwrap_or_default();
    error.is_foreign()
        && (matches!(error, ContainerError::Damaged { .. })
            || !CLAIMS.iter().any(|claim| extension.eq_ignore_ascii_case(claim)))
}

fn failed(look: &Look<'_>, error: &FileError, report: &mut Report) {
    let reason = with_causes(error);
    let is_locked = reason.contains("password");
    let word = match error.word() {
        "bad_pkcs12" | "bad_jks" if is_locked => "bad_passphrase",
        word => word,
    };
    look.unseen(1, word, &reason, report);
}

fn read_one(watch: &Watch, path: &Path, manner: &RunOptions<'_>, stop: &Stop, report: &mut Report) {
    let place = place_below(watch, path);
    if !is_ours(watch, &place, manner) {
        return;
    }
    let look = look(watch, &place, manner);
    if !is_handed(path)
        && std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() >= LARGE)
        && read_bundle(&look, path, stop, report)
    {
        return;
    }
    let is_named = place.is_empty();
    match hosted::read_file_with(hosted::current().as_deref(), path, passwords(watch, manner)) {
        Ok(contents) => taken(&look, &contents, is_named, report),
        Err(FileError::Content { source, .. }) if !is_named && is_other(path, &source) => report.passed_over += 1,
        Err(error) => failed(&look, &error, report),
    }
}

/// Adds what was read; a file that the user named and that holds nothing is not fine.
fn taken(look: &Look<'_>, contents: &Contents, is_named: bool, report: &mut Report) {
    if look.contents(contents, report) {
        return;
    }
    // A secret key has no end, and was not lost.
    if is_named && contents.secrets() == 0 {
        look.unseen(1, Unseen::NOTHING_THERE, "it holds neither a certificate nor a revocation list", report);
    } else {
        report.passed_over += 1;
    }
}

/// Reads a large PEM bundle block by block; says whether it was one.
fn read_bundle(look: &Look<'_>, path: &Path, stop: &Stop, report: &mut Report) -> bool {
    let Ok(blocks) = file::open_bundle(path) else { return false };
    let mut position: u32 = 0;
    for block in blocks {
        if stop.is_set() {
            look.unseen(position.saturating_add(1), "not_reached", "the run was stopped within this folder", report);
            return true;
        }
        let next = position.saturating_add(1);
        let is_counted = match block {
            Ok(Block::Item(item)) => look.item(&item, next, report),
            Ok(Block::Skipped(skipped)) => look.skipped(&skipped, next, report),
            Err(error) => {
                look.unseen(next, "read_failed", &error.to_string(), report);
                true
            }
        };
        position = position.saturating_add(u32::from(is_counted));
    }
    position > 0
}

fn read_store(watch: &Watch, manner: &RunOptions<'_>, report: &mut Report) {
    let look = look(watch, "", manner);
    match &watch.reach {
        Reach::Stdin => match hosted::read_file_with(None, Path::new("-"), passwords(watch, manner)) {
            Ok(contents) => taken(&look, &contents, true, report),
            Err(error) => failed(&look, &error, report),
        },
        Reach::System => match roots::system() {
            Ok(found) => each(&look, found.certificates.iter().map(Vec::as_slice), report),
            Err(error) => look.unseen(1, "read_failed", &error.to_string(), report),
        },
        Reach::Mozilla => each(&look, roots::mozilla(), report),
        Reach::Store(address) => match members(address, passwords(watch, manner)) {
            Ok(members) => {
                for (position, member) in (1..).zip(&members) {
                    add_member(&look, member, position, report);
                }
            }
            Err(error) => look.unseen(1, "read_failed", &error.to_string(), report),
        },
        Reach::Closed(why) => look.unseen(1, "not_opened", why, report),
        Reach::Path(_) | Reach::Endpoint(_) => {}
    }
}

fn members(address: &Address, passwords: Passwords<'_>) -> Result<Vec<Member>, StoreError> {
    store::open(address, passwords, Presence::Needed)?.members()
}

/// The passwords of a source: its own, else those of the run.
fn passwords<'a>(watch: &'a Watch, manner: &'a RunOptions<'_>) -> Passwords<'a> {
    watch.access.password.as_ref().unwrap_or(manner.password).all()
}

fn add_member(look: &Look<'_>, member: &Member, position: u32, report: &mut Report) {
    match &member.content {
        Content::Certificate(certificate) => look.certificate(certificate.der(), position, report),
        Content::RevocationList(list) => look.revocation_list(list.der(), position, report),
        Content::PrivateKey | Content::SecretKey => {}
        lost => look.unseen(position, "decode_failed", &lost.loss().unwrap_or_default(), report),
    }
}

fn each<'a>(look: &Look<'_>, ders: impl Iterator<Item = &'a [u8]>, report: &mut Report) {
    for (position, der) in (1..).zip(ders) {
        look.certificate(der, position, report);
    }
}

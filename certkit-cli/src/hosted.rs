//! A run that is not the whole program: a task of the page that `certkit ui` serves.
//!
//! It has its own standard output, is handed files that lie in memory alone, asks nobody for a password, and ends when
//! its page says so. A command does not know the difference: it asks here what is its own.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use certkit_core::container::{Contents, Passwords};
use certkit_core::source::file::{self, FileError, OWN, PassedOver, Visited};
use zeroize::Zeroizing;

use crate::exit::Exit;

thread_local! {
    /// The run that this thread works for.
    static CURRENT: RefCell<Option<Arc<Hosted>>> = const { RefCell::new(None) };
}

/// A file that a run is handed; wiped when dropped.
pub(crate) struct Handed {
    /// The name by which the command line means it.
    pub(crate) name: String,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// Whoever waits for a run.
pub(crate) trait Waiting: Send + Sync {
    /// Learns how far it is.
    fn tell(&self, line: &str);

    /// Says whether the run is not wanted any more.
    fn is_stopped(&self) -> bool;

    /// Ends when the run is not wanted any more.
    fn stopped(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// Nobody wants the run any more.
#[derive(Debug)]
pub(crate) struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody waits for this any more")
    }
}

/// What a run has come to.
pub(crate) struct Outcome {
    /// What stands on its standard output.
    pub(crate) document: Vec<u8>,
    /// What stands on its standard error.
    pub(crate) notes: String,
    pub(crate) exit: Exit,
}

/// A run with its own files and its own streams.
pub(crate) struct Hosted {
    handed: Vec<Handed>,
    waiting: Box<dyn Waiting>,
    said: Mutex<Said>,
}

/// What a run has written.
#[derive(Debug, Default)]
struct Said {
    document: Vec<u8>,
    notes: String,
}

/// The run that this thread works for; `None` where it is the program itself.
pub(crate) fn current() -> Option<Arc<Hosted>> {
    CURRENT.with_borrow(Clone::clone)
}

/// Makes threads work for the run of the one that calls this.
pub(crate) fn joined() -> impl Fn() + Send + Sync + 'static {
    let run = current();
    move || CURRENT.set(run.clone())
}

/// Fails where the run of this thread is not wanted any more. Whatever may take long asks before each of its steps.
pub(crate) fn require_wanted() -> Result<(), Stopped> {
    if current().is_some_and(|run| run.waiting.is_stopped()) { Err(Stopped) } else { Ok(()) }
}

/// Does a piece of work for every item on all processors, unless the run is stopped.
pub(crate) fn across_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Result<Vec<R>, Stopped> {
    let run = current();
    let is_wanted = || run.as_ref().is_none_or(|run| !run.waiting.is_stopped());
    let done = certkit_core::verify::across_cores(items, |item| is_wanted().then(|| work(item)));
    done.into_iter().collect::<Option<Vec<R>>>().ok_or(Stopped)
}

/// Does work as a run of its own, and gives what it has said.
pub(crate) fn host(handed: Vec<Handed>, waiting: Box<dyn Waiting>, work: impl FnOnce() -> Exit) -> Outcome {
    let run = Arc::new(Hosted { handed, waiting, said: Mutex::default() });
    CURRENT.set(Some(Arc::clone(&run)));
    let exit = work();
    CURRENT.set(None);
    let said = std::mem::take(&mut *run.said());
    Outcome { document: said.document, notes: said.notes, exit }
}

/// What standard input is called.
pub(crate) const STANDARD_INPUT: &str = "standard input";

/// Whether a name means standard input, or standard output for what is written: never a file that has this name.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What is read under a name, for a sentence.
pub(crate) fn called(path: &Path) -> &Path {
    if is_standard(path) { Path::new(STANDARD_INPUT) } else { path }
}

/// Standard input, for whoever names it first: it can be read once. The run of a page has none.
fn standard_input() -> Result<io::Stdin, FileError> {
    static IS_READ: AtomicBool = AtomicBool::new(false);
    let why = match current() {
        Some(_) => "there is none here",
        None if IS_READ.swap(true, Ordering::Relaxed) => "it is read once, and named twice: give one of them as a file",
        None => return Ok(io::stdin()),
    };
    Err(FileError::Read { path: PathBuf::from(STANDARD_INPUT), source: io::Error::other(why) })
}

/// Reads no more than `limit` bytes of a file of the disk, or of standard input.
pub(crate) fn read_bytes_within(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, FileError> {
    match is_standard(path) {
        true => file::read_stream_bytes(standard_input()?, Path::new(STANDARD_INPUT), limit),
        false => file::read_bytes_within(path, limit),
    }
}

/// Opens a file that was handed over, standard input, or a file of the disk.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read + Send>, FileError> {
    match current().and_then(|run| run.file(path).map(|bytes| Zeroizing::new(bytes.to_vec()))) {
        Some(bytes) => Ok(Box::new(Cursor::new(bytes))),
        None if is_standard(path) => Ok(Box::new(standard_input()?)),
        None => Ok(Box::new(file::open(path)?)),
    }
}

/// Reads the bytes of a file of the disk, or of standard input.
pub(crate) fn read_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, FileError> {
    read_bytes_within(path, file::LIMIT)
}

/// Reads the text of a file of the disk, or of standard input, of no more than `limit` bytes.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<Zeroizing<String>, FileError> {
    match is_standard(path) {
        true => file::read_stream_text(standard_input()?, Path::new(STANDARD_INPUT), limit),
        false => file::read_text(path, limit),
    }
}

/// Reads all that stands in a file: of those that a run was handed, else of standard input or the disk.
pub(crate) fn read_file_with(
    run: Option<&Hosted>,
    path: &Path,
    passwords: Passwords<'_>,
) -> Result<Contents, FileError> {
    match run.and_then(|run| run.file(path)) {
        Some(bytes) => file::read_stream_with(bytes, path, passwords),
        None if is_standard(path) => file::read_stream_with(standard_input()?, Path::new(STANDARD_INPUT), passwords),
        None => file::read_file_with(path, passwords),
    }
}

impl Hosted {
    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes of a file that was handed over under this name.
    pub(crate) fn file(&self, path: &Path) -> Option<&[u8]> {
        self.handed.iter().find(|it| Path::new(&it.name) == path).map(|it| it.bytes.as_slice())
    }

    /// The files below a folder that was handed over under this name, in the order in which a folder is walked.
    pub(crate) fn folder(&self, path: &Path) -> Option<Vec<PathBuf>> {
        let below =
            self.handed.iter().map(|it| PathBuf::from(&it.name)).filter(|it| it.starts_with(path) && it != path);
        // What certkit keeps of its own in a store is no part of it.
        let is_own = |it: &PathBuf| it.iter().any(|part| part.as_encoded_bytes().ends_with(OWN.as_bytes()));
        let mut below: Vec<PathBuf> = below.filter(|it| !is_own(it)).collect();
        below.sort();
        (!below.is_empty()).then_some(below)
    }

    /// Reads one file of a folder that was handed over.
    pub(crate) fn visit(&self, path: &Path, passwords: Passwords<'_>) -> Visited {
        let outcome = match read_file_with(Some(self), path, passwords) {
            Ok(contents) => file::Outcome::Read(contents),
            Err(FileError::Content { source, .. }) if source.is_foreign() => {
                file::Outcome::PassedOver(PassedOver::Content(source))
            }
            Err(error) => file::Outcome::Failed(error),
        };
        Visited { path: path.to_owned(), outcome }
    }

    /// Says whether something was handed over under this name.
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.file(path).is_some() || self.folder(path).is_some()
    }

    /// Writes to its standard output.
    pub(crate) fn write(&self, bytes: &[u8]) {
        self.said().document.extend_from_slice(bytes);
    }

    /// Whether anything was written to its standard output.
    pub(crate) fn is_begun(&self) -> bool {
        !self.said().document.is_empty()
    }

    /// Writes a line to its standard error.
    pub(crate) fn note(&self, line: &str) {
        let mut said = self.said();
        said.notes.push_str(line);
        said.notes.push('\n');
    }

    /// Tells whoever waits how far it is.
    pub(crate) fn show_progress(&self, line: &str) {
        self.waiting.tell(line);
    }

    /// Waits until nobody wants it any more.
    pub(crate) async fn stopped(&self) {
        self.waiting.stopped().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Page(Arc<AtomicBool>);

    impl Waiting for Page {
        fn tell(&self, _: &str) {}

        fn is_stopped(&self) -> bool {
            self.0.load(Ordering::Relaxed)
        }

        fn stopped(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::pending())
        }
    }

    #[test]
    fn what_takes_long_ends_when_nobody_waits() {
        let gone = Arc::new(AtomicBool::new(false));
        let work = || {
            let items: Vec<u32> = (0..1000).collect();
            assert_eq!(across_cores(&items, |it| *it).unwrap(), items);
            let done = across_cores(&items, |_| gone.store(true, Ordering::Relaxed));
            assert!(done.is_err() && require_wanted().is_err());
            Exit::Fine
        };
        host(Vec::new(), Box::new(Page(Arc::clone(&gone))), work);
        assert!(require_wanted().is_ok(), "a program that hosts nothing has nobody who goes away");
    }
}

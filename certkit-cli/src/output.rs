//! Files that are written whole or not at all, and the two streams: nothing else writes to them.

#![allow(clippy::disallowed_methods, reason = "the one place that may write to the streams")]

pub(crate) mod fold;
pub(crate) mod gate;

use std::fs::File;
use std::io::{self, IsTerminal as _, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::NamedTempFile;

use crate::failure::Failure;
use gate::{Colors, Gate};

/// Whether a file that is already there may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It is kept, and the job fails.
    Keep,
    /// It is replaced.
    Replace,
}

/// Writes a file: a temporary one beside it, synced, then renamed. A symbolic link stays one, its target is
/// written; what is replaced leaves its permissions.
pub(crate) fn write_file(path: &Path, contents: &[u8], existing: Existing) -> Result<(), Failure> {
    write_file_with(path, existing, |file| file.write_all(contents))
}

/// Writes a file piece by piece, whole or not at all as [`write_file`] does.
pub(crate) fn write_file_with(
    path: &Path,
    existing: Existing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    stage(path, existing, write)?.place()
}

/// A file that is written and synced, and does not yet stand where it belongs.
#[derive(Debug)]
pub(crate) struct Staged {
    file: NamedTempFile,
    /// What the user named.
    path: PathBuf,
    /// Where that leads.
    target: Target,
    existing: Existing,
}

/// What a path leads to.
#[derive(Debug)]
enum Target {
    /// A file, which may not be there yet.
    File(PathBuf),
    /// A device or pipe, which nothing can take the place of.
    Special,
}

/// Writes a file beside its place, which [`Staged::place`] gives it. What can be known to fail there fails here.
pub(crate) fn stage(
    path: &Path,
    existing: Existing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Staged, Failure> {
    if existing == Existing::Keep && path.symlink_metadata().is_ok() {
        return Err(kept(path));
    }
    if path.is_dir() {
        return Err(Failure::new(format!("{} is a folder: a file name is needed", path.display())).at(path.display()));
    }
    let there = std::fs::metadata(path).ok();
    let is_special = there.as_ref().is_some_and(|it| !it.is_file());
    let target = if is_special { Target::Special } else { Target::File(followed(path)?) };
    let folder = match &target {
        Target::File(file) => folder_of(file),
        Target::Special => &std::env::temp_dir(),
    };
    if !folder.is_dir() {
        return Err(Failure::new(format!(
            "{} cannot be written: there is no folder {}",
            path.display(),
            folder.display()
        ))
        .at(path.display())
        .hint("make the folder first, or choose another one with -o"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".certkit-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    // The system's word names the temporary file, of which nobody has heard.
    let mut file = builder.tempfile_in(folder).map_err(|error| unwritten(path, error.kind().into()))?;
    let failed = |error: io::Error| unwritten(path, error);
    if let Some(there) = there.filter(|_| !is_special) {
        keep_rights(file.as_file(), &there, false).map_err(failed)?;
    }
    let mut buffer = io::BufWriter::new(file.as_file_mut());
    write(&mut buffer).and_then(|()| buffer.flush()).map_err(failed)?;
    drop(buffer);
    file.as_file().sync_all().map_err(failed)?;
    Ok(Staged { file, path: path.to_owned(), target, existing })
}

impl Staged {
    /// Puts the file where it belongs.
    pub(crate) fn place(mut self) -> Result<(), Failure> {
        let path = &self.path;
        match (&self.target, self.existing) {
            (Target::Special, _) => copy(self.file.as_file_mut(), path).map_err(|error| unwritten(path, error)),
            (Target::File(target), Existing::Keep) => match self.file.persist_noclobber(target) {
                Ok(_) => Ok(()),
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(kept(path)),
                Err(error) => Err(unwritten(path, error.error)),
            },
            (Target::File(target), Existing::Replace) => {
                self.file.persist(target).map(drop).map_err(|error| unwritten(path, error.error))
            }
        }
    }
}

/// Gives a new file the owner, group and permissions of the old one; a secret is no longer for everyone.
#[cfg(unix)]
pub(crate) fn keep_rights(file: &File, old: &std::fs::Metadata, is_secret: bool) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let fresh = file.metadata()?;
    if (fresh.uid(), fresh.gid()) != (old.uid(), old.gid()) {
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    // After the owner: giving a file away takes some of its rights.
    let mask = if is_secret { 0o770 } else { 0o777 };
    file.set_permissions(std::fs::Permissions::from_mode(old.mode() & mask))
}

/// On Windows a new file inherits the rights of its folder, as the old one did.
#[cfg(not(unix))]
pub(crate) fn keep_rights(_: &File, _: &std::fs::Metadata, _: bool) -> io::Result<()> {
    Ok(())
}

fn copy(from: &mut File, to: &Path) -> io::Result<()> {
    from.rewind()?;
    io::copy(from, &mut File::options().write(true).open(to)?).map(drop)
}

fn unwritten(path: &Path, error: io::Error) -> Failure {
    Failure::new(format!("{} cannot be written", path.display())).at(path.display()).because(error)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// How many links are followed one after the other: as many as Linux does.
const LINKS: usize = 40;

/// The file that a symbolic link leads to in the end, there or not; what is no link stays itself.
pub(crate) fn followed(path: &Path) -> Result<PathBuf, Failure> {
    let mut target = path.to_owned();
    for _ in 0..LINKS {
        match std::fs::read_link(&target) {
            Ok(link) => target = folder_of(&target).join(link),
            Err(_) => return Ok(target),
        }
    }
    Err(Failure::new(format!("{} cannot be written: its symbolic links lead in a circle", path.display()))
        .at(path.display()))
}

/// Says that a file was kept.
pub(crate) fn kept(path: &Path) -> Failure {
    Failure::new(format!("{} is already there and was kept", path.display()))
        .at(path.display())
        .hint("add --force to replace it, or choose another name with -o")
}

/// Whether anything was written to standard output.
static IS_BEGUN: AtomicBool = AtomicBool::new(false);

/// Says whether anything was written to standard output in this run.
pub(crate) fn is_begun() -> bool {
    IS_BEGUN.load(Ordering::Relaxed)
}

/// Standard output, for one who writes to it now.
fn standard_output() -> io::Stdout {
    IS_BEGUN.store(true, Ordering::Relaxed);
    io::stdout()
}

/// Writes text for people to standard output: as [`print`] does, in lines that fit the terminal.
pub(crate) fn print_text(text: &str) -> Result<(), Failure> {
    match fold::columns(&io::stdout()) {
        Some(columns) => print(&fold::fold(text, columns)),
        None => print(text),
    }
}

/// Writes text to standard output, through the gate. A reader that has gone away ends the program quietly.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    match anstream::AutoStream::choice(&io::stdout()) {
        anstream::ColorChoice::Never => print_bytes(gate::text(text, Colors::LeftOut).as_bytes()),
        _ => print_colored(&gate::text(text, Colors::Shown)),
    }
}

/// Writes the help to standard output: nothing in it comes from outside, and its colours are those of the parser.
pub(crate) fn print_help(text: &str) -> Result<(), Failure> {
    match anstream::AutoStream::choice(&io::stdout()) {
        anstream::ColorChoice::Never => print_bytes(&anstream::adapter::strip_bytes(text.as_bytes()).into_vec()),
        _ => print_colored(text),
    }
}

fn print_colored(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::AutoStream::auto(standard_output()).lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).or_else(quiet_if_closed)
}

/// Writes bytes to standard output as they are: certificates, stores, scripts for shells.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = standard_output().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).or_else(quiet_if_closed)
}

/// Writes to standard output piece by piece, through the gate. A reader that has gone away ends the program quietly.
pub(crate) fn print_with(
    form: gate::Form,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let stdout = io::BufWriter::new(standard_output().lock());
    gated(stdout, form, write).or_else(quiet_if_closed)
}

/// Writes piece by piece through the gate.
pub(crate) fn gated(
    to: impl Write,
    form: gate::Form,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut gate = Gate::new(to, form);
    write(&mut gate)?;
    gate.finish()
}

/// Writes words to standard error, through the gate.
pub(crate) fn note(text: &str) {
    let text = fold::columns(&io::stderr()).map_or_else(|| text.to_owned(), |columns| fold::fold(text, columns));
    // Where nobody listens, nothing can be said. What cannot show colours leaves them out by itself.
    let _ = writeln!(anstream::stderr().lock(), "{}", gate::text(&text, Colors::Shown));
}

/// Whether a person looks at standard output.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether a person looks at standard error.
pub(crate) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Writes a line over the one before, where a person looks at standard error.
pub(crate) fn show_progress(line: &str) {
    let _ = write!(io::stderr(), "\r\u{1b}[K{}", gate::text(line, Colors::LeftOut));
}

fn quiet_if_closed(error: io::Error) -> Result<(), Failure> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Failure::new("standard output cannot be written").because(error)),
    }
}

//! Files that are written whole or not at all, and the two streams.

use std::io::{self, Write};
use std::path::Path;

use crate::failure::Failure;

/// Whether a file that is already there may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It is kept, and the job fails.
    Keep,
    /// It is replaced.
    Replace,
}

/// Writes a file: a temporary one beside it, synced, then renamed.
pub(crate) fn write_file(path: &Path, contents: &[u8], existing: Existing) -> Result<(), Failure> {
    write_file_with(path, existing, |file| file.write_all(contents))
}

/// Writes a file piece by piece, whole or not at all as [`write_file`] does.
pub(crate) fn write_file_with(
    path: &Path,
    existing: Existing,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let failed = |error: io::Error| Failure::new(format!("{} cannot be written", path.display())).because(error);
    if existing == Existing::Keep && path.symlink_metadata().is_ok() {
        return Err(kept(path));
    }
    if path.is_dir() {
        return Err(Failure::new(format!("{} is a folder: a file name is needed", path.display())));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".certkit-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    let mut buffer = io::BufWriter::new(&mut file);
    write(&mut buffer).and_then(|()| buffer.flush()).map_err(failed)?;
    drop(buffer);
    file.as_file().sync_all().map_err(failed)?;
    match existing {
        Existing::Keep => file.persist_noclobber(path).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => kept(path),
            _ => failed(error.error),
        })?,
        Existing::Replace => file.persist(path).map_err(|error| failed(error.error))?,
    };
    Ok(())
}

/// Says that a file was kept.
pub(crate) fn kept(path: &Path) -> Failure {
    Failure::new(format!("{} is already there and was kept", path.display()))
        .hint("add --force to replace it, or choose another name with -o")
}

/// Writes data to standard output. A reader that has gone away ends the program quietly.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    match anstream::AutoStream::choice(&io::stdout()) {
        // Stripped beforehand, since the stripping stream would make a write of every piece between colours.
        anstream::ColorChoice::Never => print_bytes(&anstream::adapter::strip_bytes(text.as_bytes()).into_vec()),
        _ => {
            let mut stdout = anstream::stdout().lock();
            stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).or_else(quiet_if_closed)
        }
    }
}

/// Writes bytes to standard output as they are.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).or_else(quiet_if_closed)
}

/// Writes to standard output piece by piece. A reader that has gone away ends the program quietly.
pub(crate) fn print_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    write(&mut stdout).and_then(|()| stdout.flush()).or_else(quiet_if_closed)
}

/// Writes words to standard error.
pub(crate) fn note(text: &str) {
    // Where nobody listens, nothing can be said.
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

fn quiet_if_closed(error: io::Error) -> Result<(), Failure> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Failure::new("standard output cannot be written").because(error)),
    }
}

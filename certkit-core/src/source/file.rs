//! Reads files, folders and streams.
//!
//! Knows paths and the ways in which reading goes wrong; what the bytes are is for
//! [`container`]. Paths stay paths, so that those of Windows and those that
//! are no UTF-8 survive.

mod error;
mod folder;
mod open;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use zeroize::{Zeroize as _, Zeroizing};

pub use self::error::FileError;
pub use self::folder::{
    OWN, Outcome, PassedOver, Visited, Walk, read_folder, read_folder_with, visit, visit_with, walk, walk_whole,
};
use crate::container::{self, Blocks, Contents, ItemKind, Passwords};

/// The most bytes that are read into memory from one file: 256 MiB. [`open_bundle`] has no such bound.
pub const LIMIT: u64 = 256 * 1024 * 1024;

/// How much of a bundle is read at once.
const BUFFER: usize = 128 * 1024;

/// Reads all that stands in a file, whatever its name says.
///
/// Fails when nothing could be taken from it.
pub fn read_file(path: &Path) -> Result<Contents, FileError> {
    read_file_with(path, Passwords::NONE)
}

/// Reads all that stands in a file; opens a store with this password, or these, as [`container::read_opened`] does.
pub fn read_file_with<'p>(path: &Path, passwords: impl Into<Passwords<'p>>) -> Result<Contents, FileError> {
    let (file, size) = open::open(path)?;
    read_bounded(file, size, LIMIT, path, passwords.into())
}

/// Reads a file whose certificates are to be anchors: refuses a store whose integrity is not proven.
pub fn read_anchors<'p>(path: &Path, passwords: impl Into<Passwords<'p>>) -> Result<Contents, FileError> {
    let passwords = passwords.into();
    let contents = read_file_with(path, passwords)?;
    match contents.unproven(passwords.store) {
        Some(source) => Err(FileError::Content { path: path.to_owned(), source }),
        None => Ok(contents),
    }
}

/// Reads all that stands in a stream, such as standard input; `name` stands for it in errors.
pub fn read_stream(stream: impl Read, name: &Path) -> Result<Contents, FileError> {
    read_stream_with(stream, name, Passwords::NONE)
}

/// Reads all that stands in a stream; opens a store with this password.
pub fn read_stream_with<'p>(
    stream: impl Read,
    name: &Path,
    passwords: impl Into<Passwords<'p>>,
) -> Result<Contents, FileError> {
    read_bounded(stream, 0, LIMIT, name, passwords.into())
}

/// Opens a PEM bundle of any size, to be read in constant memory.
pub fn open_bundle(path: &Path) -> Result<Blocks<BufReader<File>>, FileError> {
    open(path).map(|file| Blocks::new(BufReader::with_capacity(BUFFER, file)))
}

/// Opens a file to be read: a regular one, or a stream that the caller's shell has handed over (`/dev/fd/63`).
///
/// Fails with [`FileError::Special`] for every other pipe, socket and device, and waits for none.
pub fn open(path: &Path) -> Result<File, FileError> {
    open::open(path).map(|(file, _)| file)
}

/// Reads the bytes of a file; they are wiped when dropped.
pub fn read_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, FileError> {
    read_bytes_within(path, LIMIT)
}

/// Reads the bytes of a stream, such as standard input, as [`read_bytes_within`] does those of a file; `name` stands for
/// it in errors.
pub fn read_stream_bytes(stream: impl Read, name: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, FileError> {
    bytes_bounded(stream, 0, limit, name)
}

/// Reads the bytes of a file that has no more than `limit` of them; they are wiped when dropped.
pub fn read_bytes_within(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let (file, size) = open::open(path)?;
    bytes_bounded(file, size, limit, path)
}

/// Reads up to `limit` bytes from the start of a file.
pub fn read_start(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut start = Vec::new();
    let read = open(path)?.take(limit).read_to_end(&mut start);
    read.map(|_| start).map_err(|error| FileError::read(path, error))
}

/// Reads a file of no more than `limit` bytes of text; what is no UTF-8 is an error that does not repeat it.
pub fn read_text(path: &Path, limit: u64) -> Result<Zeroizing<String>, FileError> {
    text_of(&read_bytes_within(path, limit)?, path)
}

/// Reads a stream of text, such as standard input, as [`read_text`] does a file; `name` stands for it in errors.
pub fn read_stream_text(stream: impl Read, name: &Path, limit: u64) -> Result<Zeroizing<String>, FileError> {
    text_of(&bytes_bounded(stream, 0, limit, name)?, name)
}

fn text_of(bytes: &[u8], path: &Path) -> Result<Zeroizing<String>, FileError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(error) => Err(FileError::read(path, io::Error::new(io::ErrorKind::InvalidData, error))),
    }
}

/// Reads to the end of `stream`, which is expected after `size` bytes and refused after `limit`.
fn bytes_bounded(mut stream: impl Read, size: u64, limit: u64, path: &Path) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let too_large = || FileError::TooLarge { path: path.to_owned(), limit };
    if size > limit {
        return Err(too_large());
    }
    // One byte more, so that the end is seen without another allocation.
    let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    let mut room = usize::try_from(size).unwrap_or(0).saturating_add(1).max(4096).min(most);
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    loop {
        let spare = room.saturating_sub(bytes.len()) as u64;
        let read = stream.by_ref().take(spare).read_to_end(&mut bytes);
        let read = read.map_err(|error| FileError::read(path, error))?;
        if bytes.len() as u64 > limit {
            return Err(too_large());
        }
        if (read as u64) < spare {
            break;
        }
        // Growing in place would leave a copy behind that nobody wipes.
        room = room.saturating_mul(2).min(most);
        let mut larger = Zeroizing::new(Vec::with_capacity(room));
        larger.extend_from_slice(&bytes);
        bytes = larger;
    }
    Ok(bytes)
}

/// Reads what stands in a stream.
fn read_bounded(
    stream: impl Read,
    size: u64,
    limit: u64,
    path: &Path,
    passwords: Passwords<'_>,
) -> Result<Contents, FileError> {
    let mut bytes = bytes_bounded(stream, size, limit, path)?;
    let result = container::read_opened(&bytes, passwords);
    let result = result.map_err(|source| FileError::Content { path: path.to_owned(), source });
    if result.as_ref().is_ok_and(is_open) {
        // Nothing secret was in it: no time is spent on wiping.
        drop(std::mem::take(&mut *bytes));
    } else {
        bytes.zeroize();
    }
    result
}

fn is_open(contents: &Contents) -> bool {
    let is_open = |kind: &ItemKind| matches!(kind, ItemKind::Certificate | ItemKind::RevocationList);
    contents.skipped.is_empty() && contents.items.iter().all(|item| is_open(&item.kind))
}

#[cfg(all(test, feature = "store"))]
mod tests;

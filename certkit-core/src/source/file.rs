//! Reads files, folders and streams.
//!
//! Knows paths and the ways in which reading goes wrong; what the bytes are is for
//! [`container`]. Paths stay paths, so that those of Windows and those that
//! are no UTF-8 survive.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File, FileType};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use zeroize::{Zeroize as _, Zeroizing};

use crate::container::{self, Blocks, ContainerError, Contents, ItemKind};
use crate::text::Printable;

/// The most bytes that are read into memory from one file: 256 MiB. [`open_bundle`] has no such bound.
pub const LIMIT: u64 = 256 * 1024 * 1024;

/// How much of a bundle is read at once.
const BUFFER: usize = 128 * 1024;

/// Says why a file or folder could not be read. Every variant names the path.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is nothing of this name.
    #[error("{}: there is no such file or folder", shown(.path))]
    NotFound {
        /// What was to be read.
        path: PathBuf,
    },
    /// The file may not be read by this user.
    #[error("{}: permission denied", shown(.path))]
    PermissionDenied {
        /// What was to be read.
        path: PathBuf,
    },
    /// A symbolic link that leads nowhere, or in a circle.
    #[error("{}: a symbolic link that leads nowhere", shown(.path))]
    BrokenSymlink {
        /// The link.
        path: PathBuf,
    },
    /// A folder where a file was expected.
    #[error("{}: a folder, not a file", shown(.path))]
    Folder {
        /// What was to be read.
        path: PathBuf,
    },
    /// A file where a folder was expected.
    #[error("{}: not a folder", shown(.path))]
    NotFolder {
        /// What was to be read.
        path: PathBuf,
    },
    /// Folders inside of folders beyond the bound.
    #[error("{}: more than {DEPTH} folders inside each other", shown(.path))]
    Depth {
        /// The folder that was not entered.
        path: PathBuf,
    },
    /// More bytes than are read into memory.
    #[error("{}: larger than {} MiB, the most that is read at once", shown(.path), LIMIT / (1024 * 1024))]
    TooLarge {
        /// What was to be read.
        path: PathBuf,
    },
    /// A folder's entries cannot be listed.
    #[error("{}: the folder cannot be listed", shown(.path))]
    Walk {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// Reading failed.
    #[error("{}: cannot be read", shown(.path))]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The content yields nothing.
    #[error("{}: nothing could be taken from it", shown(.path))]
    Content {
        /// What was read.
        path: PathBuf,
        /// Why it yields nothing.
        source: ContainerError,
    },
}

fn shown(path: &Path) -> Printable<String> {
    Printable(path.to_string_lossy().into_owned())
}

impl FileError {
    /// Names the reason in the one word that monitoring knows it by.
    pub fn word(&self) -> &'static str {
        match self {
            FileError::NotFound { .. } => "not_found",
            FileError::PermissionDenied { .. } => "permission_denied",
            FileError::BrokenSymlink { .. } => "broken_symlink",
            FileError::Folder { .. } | FileError::TooLarge { .. } | FileError::Read { .. } => "read_failed",
            FileError::NotFolder { .. } | FileError::Depth { .. } | FileError::Walk { .. } => "walk_error",
            FileError::Content { source, .. } => source.word(),
        }
    }

    /// The file or folder that it is about.
    pub fn path(&self) -> &Path {
        match self {
            FileError::NotFound { path }
            | FileError::PermissionDenied { path }
            | FileError::BrokenSymlink { path }
            | FileError::Folder { path }
            | FileError::NotFolder { path }
            | FileError::Depth { path }
            | FileError::TooLarge { path }
            | FileError::Walk { path, .. }
            | FileError::Read { path, .. }
            | FileError::Content { path, .. } => path,
        }
    }

    /// Sorts the operating system's answer; `other` makes what has no name of its own.
    fn of(path: &Path, source: io::Error, other: fn(PathBuf, io::Error) -> FileError) -> FileError {
        let path = path.to_owned();
        let is_link = || fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink());
        match source.kind() {
            io::ErrorKind::NotFound if is_link() => FileError::BrokenSymlink { path },
            io::ErrorKind::NotFound => FileError::NotFound { path },
            io::ErrorKind::PermissionDenied => FileError::PermissionDenied { path },
            io::ErrorKind::IsADirectory => FileError::Folder { path },
            io::ErrorKind::NotADirectory => FileError::NotFolder { path },
            _ if is_link() && fs::metadata(&path).is_err() => FileError::BrokenSymlink { path },
            _ => other(path, source),
        }
    }

    fn read(path: &Path, source: io::Error) -> FileError {
        FileError::of(path, source, |path, source| FileError::Read { path, source })
    }

    fn walk(path: &Path, source: io::Error) -> FileError {
        FileError::of(path, source, |path, source| FileError::Walk { path, source })
    }
}

/// Reads all that stands in a file, whatever its name says.
///
/// Pipes and devices are read as well. Fails when nothing could be taken from it.
pub fn read_file(path: &Path) -> Result<Contents, FileError> {
    read_file_with(path, None)
}

/// Reads all that stands in a file; opens a store with this password, as [`container::read_with`] does.
pub fn read_file_with(path: &Path, password: Option<&[u8]>) -> Result<Contents, FileError> {
    let (file, size) = open(path)?;
    read_bounded(file, size, LIMIT, path, password)
}

/// Reads a file whose certificates are to be anchors: refuses a store whose integrity is not proven.
pub fn read_anchors(path: &Path, password: Option<&[u8]>) -> Result<Contents, FileError> {
    let contents = read_file_with(path, password)?;
    match contents.unproven(password) {
        Some(source) => Err(FileError::Content { path: path.to_owned(), source }),
        None => Ok(contents),
    }
}

/// Reads all that stands in a stream, such as standard input; `name` stands for it in errors.
pub fn read_stream(stream: impl Read, name: &Path) -> Result<Contents, FileError> {
    read_stream_with(stream, name, None)
}

/// Reads all that stands in a stream; opens a store with this password.
pub fn read_stream_with(stream: impl Read, name: &Path, password: Option<&[u8]>) -> Result<Contents, FileError> {
    read_bounded(stream, 0, LIMIT, name, password)
}

/// Opens a PEM bundle of any size, to be read in constant memory.
pub fn open_bundle(path: &Path) -> Result<Blocks<BufReader<File>>, FileError> {
    open(path).map(|(file, _)| Blocks::new(BufReader::with_capacity(BUFFER, file)))
}

/// Opens a file and tells its size, which is 0 for pipes and devices.
fn open(path: &Path) -> Result<(File, u64), FileError> {
    // Windows opens no folders and calls that a lack of permission; Unix opens them and
    // fails at the first read.
    let opened = File::open(path).and_then(|file| file.metadata().map(|metadata| (file, metadata)));
    match opened {
        Ok((file, metadata)) if !metadata.is_dir() => Ok((file, metadata.len())),
        Err(error) if !path.is_dir() => Err(FileError::read(path, error)),
        _ => Err(FileError::Folder { path: path.to_owned() }),
    }
}

/// Reads the bytes of a file; they are wiped when dropped.
pub fn read_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let (file, size) = open(path)?;
    bytes_bounded(file, size, LIMIT, path)
}

/// Reads a file of text, bounded as all others are; what is no UTF-8 is an error that does not repeat it.
pub fn read_text(path: &Path) -> Result<Zeroizing<String>, FileError> {
    text_of(&read_bytes(path)?, path)
}

/// Reads a stream of text, such as standard input, as [`read_text`] does a file; `name` stands for it in errors.
pub fn read_stream_text(stream: impl Read, name: &Path) -> Result<Zeroizing<String>, FileError> {
    text_of(&bytes_bounded(stream, 0, LIMIT, name)?, name)
}

fn text_of(bytes: &[u8], path: &Path) -> Result<Zeroizing<String>, FileError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(error) => Err(FileError::read(path, io::Error::new(io::ErrorKind::InvalidData, error))),
    }
}

/// Reads to the end of `stream`, which is expected after `size` bytes and refused after `limit`.
fn bytes_bounded(mut stream: impl Read, size: u64, limit: u64, path: &Path) -> Result<Zeroizing<Vec<u8>>, FileError> {
    // One byte more, so that the end is seen without another allocation.
    let mut room = usize::try_from(size.min(limit)).unwrap_or(0).saturating_add(1).max(4096);
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    loop {
        let spare = room.saturating_sub(bytes.len()) as u64;
        let read = stream.by_ref().take(spare).read_to_end(&mut bytes);
        let read = read.map_err(|error| FileError::read(path, error))?;
        if bytes.len() as u64 > limit {
            return Err(FileError::TooLarge { path: path.to_owned() });
        }
        if (read as u64) < spare {
            break;
        }
        // Growing in place would leave a copy behind that nobody wipes.
        room = room.saturating_mul(2);
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
    password: Option<&[u8]>,
) -> Result<Contents, FileError> {
    let mut bytes = bytes_bounded(stream, size, limit, path)?;
    let result = container::read_with(&bytes, password);
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

/// The folder in a store in which certkit keeps its record and copies; beside a file, the end of that folder's name.
pub const OWN: &str = ".certkit";

/// Says whether a folder is one of certkit's own by its name: what lies there was trusted once, and may be no more.
fn is_own(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.as_encoded_bytes().ends_with(OWN.as_bytes()))
}

/// How deep folders may stand inside each other.
const DEPTH: usize = 32;

/// What became of one entry of a folder.
#[derive(Debug)]
pub struct Visited {
    /// Its path, which starts with the path that was asked for.
    pub path: PathBuf,
    /// What was found there.
    pub outcome: Outcome,
}

/// What was found in one entry of a folder.
#[derive(Debug)]
pub enum Outcome {
    /// At least one item.
    Read(Contents),
    /// Nothing that concerns certkit.
    PassedOver(PassedOver),
    /// Something that should have been readable.
    Failed(FileError),
}

/// Why an entry of a folder does not concern certkit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassedOver {
    /// It holds no certificates.
    #[error(transparent)]
    Content(ContainerError),
    /// A pipe, socket or device.
    #[error("not a regular file")]
    Special,
    /// A folder that was already entered by another way.
    #[error("a link to a folder that is read already")]
    Again,
}

/// Reads every file of a folder and of those in it, in the order of their names.
///
/// Follows symbolic links, and enters no folder twice. Reads while it is iterated: one
/// file is in memory at a time. To read several at once, take [`walk`] and [`visit`].
pub fn read_folder(path: &Path) -> Result<impl Iterator<Item = Visited> + use<>, FileError> {
    read_folder_with(path, None)
}

/// Reads every file of a folder; opens stores with this password.
pub fn read_folder_with<'p>(
    path: &Path,
    password: Option<&'p [u8]>,
) -> Result<impl Iterator<Item = Visited> + use<'p>, FileError> {
    Ok(walk(path)?.map(move |step| step.map_or_else(|visited| *visited, |path| visit_with(path, password))))
}

/// Reads one file of a folder.
pub fn visit(path: PathBuf) -> Visited {
    visit_with(path, None)
}

/// Reads one file of a folder; opens a store with this password.
pub fn visit_with(path: PathBuf, password: Option<&[u8]>) -> Visited {
    let outcome = match read_file_with(&path, password) {
        Ok(contents) => Outcome::Read(contents),
        Err(FileError::Content { source, .. }) if source.is_foreign() => {
            Outcome::PassedOver(PassedOver::Content(source))
        }
        Err(error) => Outcome::Failed(error),
    };
    Visited { path, outcome }
}

/// Walks over a folder without reading its files.
pub fn walk(path: &Path) -> Result<Walk, FileError> {
    let mut walk = Walk { levels: Vec::new(), entered: HashSet::new() };
    walk.enter(path)?;
    Ok(walk)
}

/// Yields the regular files of a folder and of those in it, in the order of their names;
/// as an error, every entry that is no such file.
#[derive(Debug)]
pub struct Walk {
    /// The folders on the way.
    levels: Vec<Level>,
    /// The folders that were entered, by their real paths.
    entered: HashSet<PathBuf>,
}

/// A folder that is being walked over.
#[derive(Debug)]
struct Level {
    folder: PathBuf,
    /// What is left of it, last name first.
    entries: Vec<(OsString, FileType)>,
}

impl Walk {
    /// Lists a folder, unless it was entered before.
    fn enter(&mut self, path: &Path) -> Result<Option<PassedOver>, FileError> {
        if self.levels.len() >= DEPTH {
            return Err(FileError::Depth { path: path.to_owned() });
        }
        let entries = fs::read_dir(path).map_err(|error| FileError::walk(path, error))?;
        let real = fs::canonicalize(path).map_err(|error| FileError::walk(path, error))?;
        if !self.entered.insert(real) {
            return Ok(Some(PassedOver::Again));
        }
        let listed = entries.map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))));
        let mut entries: Vec<_> = listed.collect::<io::Result<_>>().map_err(|error| FileError::walk(path, error))?;
        entries.sort_by(|(a, _), (b, _)| b.cmp(a));
        self.levels.push(Level { folder: path.to_owned(), entries });
        Ok(None)
    }

    fn look(&mut self, path: PathBuf, file_type: FileType) -> Option<Result<PathBuf, Box<Visited>>> {
        if file_type.is_file() {
            return Some(Ok(path));
        }
        let outcome = match fs::metadata(&path) {
            Ok(found) if found.is_file() => return Some(Ok(path)),
            // What certkit keeps of its own in a store or beside it is no part of it.
            Ok(found) if found.is_dir() && is_own(&path) => return None,
            Ok(found) if found.is_dir() => match self.enter(&path) {
                Ok(None) => return None,
                Ok(Some(reason)) => Outcome::PassedOver(reason),
                Err(error) => Outcome::Failed(error),
            },
            Ok(_) => Outcome::PassedOver(PassedOver::Special),
            Err(error) => Outcome::Failed(FileError::read(&path, error)),
        };
        Some(Err(Box::new(Visited { path, outcome })))
    }
}

impl Iterator for Walk {
    type Item = Result<PathBuf, Box<Visited>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let level = self.levels.last_mut()?;
            let Some((name, file_type)) = level.entries.pop() else {
                self.levels.pop();
                continue;
            };
            let path = level.folder.join(name);
            if let Some(step) = self.look(path, file_type) {
                return Some(step);
            }
        }
    }
}

#[cfg(test)]
mod tests;

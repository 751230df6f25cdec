//! Why a file or folder could not be read.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::folder::DEPTH;
use crate::container::{ContainerError, Contents};
use crate::text::{Address, Printable, password_of};

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
    #[error("{}: a broken symbolic link", shown(.path))]
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
    /// A pipe, a socket or a device where a file was expected.
    #[error("{}: a pipe, socket or device, not a file", shown(.path))]
    Special {
        /// What was not opened.
        path: PathBuf,
    },
    /// More bytes than such a file may have.
    #[error("{}: larger than {}, the limit for such a file", shown(.path), size(*.limit))]
    TooLarge {
        /// What was to be read.
        path: PathBuf,
        /// The most bytes that are read.
        limit: u64,
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
    #[error("{}: no usable content", shown(.path))]
    Content {
        /// What was read.
        path: PathBuf,
        /// Why it yields nothing.
        source: ContainerError,
    },
}

/// Writes a bound, which is a whole number of KiB.
fn size(bytes: u64) -> String {
    let kibibytes = bytes >> 10;
    if kibibytes.is_multiple_of(1024) { format!("{} MiB", kibibytes >> 10) } else { format!("{kibibytes} KiB") }
}

/// A path, which may be an address that somebody has misspelt.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if password_of(&text).is_some() { Address::new(text).to_string() } else { Printable(text).to_string() }
}

impl FileError {
    /// As [`ContainerError::into_undecodable`].
    ///
    /// # Errors
    /// The error as it was, where there was no certificate.
    pub fn into_undecodable(self) -> Result<Contents, FileError> {
        match self {
            FileError::Content { path, source } => {
                source.into_undecodable().map_err(|source| FileError::Content { path, source })
            }
            other => Err(other),
        }
    }

    /// Names the reason in the one word that monitoring knows it by.
    pub fn word(&self) -> &'static str {
        match self {
            FileError::NotFound { .. } => "not_found",
            FileError::PermissionDenied { .. } => "permission_denied",
            FileError::BrokenSymlink { .. } => "broken_symlink",
            FileError::Folder { .. }
            | FileError::Special { .. }
            | FileError::TooLarge { .. }
            | FileError::Read { .. } => "read_failed",
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
            | FileError::Special { path }
            | FileError::TooLarge { path, .. }
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

    pub(crate) fn read(path: &Path, source: io::Error) -> FileError {
        FileError::of(path, source, |path, source| FileError::Read { path, source })
    }

    pub(super) fn walk(path: &Path, source: io::Error) -> FileError {
        FileError::of(path, source, |path, source| FileError::Walk { path, source })
    }
}

//! Says why files were not written.

use std::io;
use std::path::{Path, PathBuf};

use crate::text::Printable;

fn shown(path: &Path) -> Printable<String> {
    Printable(path.to_string_lossy().into_owned())
}

/// Says why files were not written. Whatever failed, they are as they were.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another certkit is at work.
    #[error("{}: another certkit is changing it", shown(.path))]
    Busy {
        /// The file or store.
        path: PathBuf,
    },
    /// A file could not be written.
    #[error("{} cannot be written", shown(.path))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file could not be looked at.
    #[error("{} cannot be read", shown(.path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A folder could not be made.
    #[error("cannot create the folder {}", shown(.path))]
    Make {
        /// The folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The new file could not be given to the owner of the old one.
    #[error("{} belongs to another user, and the new file cannot get the same owner", shown(.path))]
    Owner {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// There is such a file already, and it is not to be replaced.
    #[error("{} already exists and was kept", shown(.path))]
    Kept {
        /// The file.
        path: PathBuf,
    },
    /// A folder stands where a file is to be written.
    #[error("{} is a folder: a file name is needed", shown(.path))]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// Links that lead to each other.
    #[error("{} cannot be written: its symbolic links form a loop", shown(.path))]
    Circle {
        /// The first of them.
        path: PathBuf,
    },
    /// Two files are to be written to one place.
    #[error("{} is named for two outputs", shown(.path))]
    Twice {
        /// The place.
        path: PathBuf,
    },
    /// What stands there is not touched, since somebody else may have put it there for certkit to fall over.
    #[error("{}: {doubt}; nothing is written", shown(.path))]
    Refused {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        doubt: Doubt,
    },
}

impl Error {
    /// The file, folder or store that it is about.
    pub fn path(&self) -> &Path {
        match self {
            Error::Busy { path }
            | Error::Write { path, .. }
            | Error::Read { path, .. }
            | Error::Make { path, .. }
            | Error::Owner { path, .. }
            | Error::Kept { path }
            | Error::Folder { path }
            | Error::Circle { path }
            | Error::Twice { path }
            | Error::Refused { path, .. } => path,
        }
    }
}

/// Why something is not touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// It leads elsewhere.
    #[error("it is a symbolic link, which is not followed here")]
    Link,
    /// A link, file or pipe of somebody else in a folder such as /tmp.
    #[error("another user created it in a world-writable folder")]
    Planted,
    /// It is a folder, pipe, socket or device.
    #[error("it is not a regular file")]
    NoFile,
    /// Something else stands where a folder was expected.
    #[error("it is not a folder")]
    NoFolder,
    /// Neither the caller nor the owner of the store has made it.
    #[error("its owner is neither you nor the owner of the store")]
    Foreign,
    /// Others than its owner may write there.
    #[error("users other than its owner may write to it")]
    Open,
    /// Somebody else owns it.
    #[error("its owner is neither you nor root")]
    Others,
    /// Who may write it is not known on this system.
    #[error("this system does not show who may write to it")]
    Undetermined,
    /// It is the same file as another one elsewhere.
    #[error("it has a second name elsewhere (a hard link)")]
    Shared,
    /// It lies outside of the store.
    #[error("it is outside the store")]
    Outside,
    /// It is not what the journal says.
    #[error("it differs from the journal")]
    Changed,
    /// A change of this store makes no such file.
    #[error("a change of this store creates no file of this name")]
    Name,
    /// What it would hold is not what such a file holds.
    #[error("its new content is not that of a file with certificates or revocation lists, as it is or has to be")]
    Content,
}

impl Error {
    /// The same of the file that the user named, where it is about one that stands in for that.
    pub(super) fn of(self, path: &Path) -> Error {
        let path = path.to_owned();
        match self {
            Error::Write { source, .. } => Error::Write { path, source },
            Error::Owner { source, .. } => Error::Owner { path, source },
            Error::Refused { doubt, .. } => Error::Refused { path, doubt },
            other => other,
        }
    }

    /// Makes an error of reading out of what the operating system says.
    #[cfg(unix)]
    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
        move |source| Error::Read { path: path.to_owned(), source }
    }

    /// Makes an error of writing out of what the operating system says.
    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
        move |source| Error::Write { path: path.to_owned(), source }
    }
}

//! Why a database cannot be used, and what to do.

use std::io;
use std::path::{Path, PathBuf};

use certkit_core::files;

/// Why what is remembered cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// There is no such file.
    #[error("{}: there is no such file", file.display())]
    Absent {
        /// The file.
        file: PathBuf,
    },
    /// The file cannot be read.
    #[error("{} cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Nothing may be written at this place.
    #[error(transparent)]
    Place(#[from] files::Error),
    /// It is not one that certkit has made, or not any more.
    #[error("{}: {what}", file.display())]
    Strange {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        what: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// SQLite cannot use it.
    #[error("{}: cannot open the state database", file.display())]
    Sqlite {
        /// The file.
        file: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A change of the past is not written as certkit writes one.
    #[error("{}: a change in it cannot be read", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
}

impl DatabaseError {
    pub(super) fn of(file: &Path, source: rusqlite::Error) -> DatabaseError {
        DatabaseError::Sqlite { file: file.to_owned(), source }
    }

    /// What to do about it, where that is known.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            DatabaseError::Strange { remedy, .. } => Some(remedy),
            DatabaseError::Sqlite { source, .. } => match source.sqlite_error_code()? {
                rusqlite::ErrorCode::NotADatabase => Some("the file is of another kind: name one of your own"),
                rusqlite::ErrorCode::DatabaseBusy => Some("another run has held it too long: try again"),
                _ => None,
            },
            _ => None,
        }
    }
}

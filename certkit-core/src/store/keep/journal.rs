//! The change that is being made, written down before the first file is touched.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::change::After;
use super::super::error::StoreError;
use super::disk;
use super::record::Record;

/// What a file is, by its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is none.
    Absent,
    /// A file, by its SHA-256 in hex.
    File(String),
    /// A symbolic link, by where it leads.
    Link(String),
}

/// The SHA-256 of a file in hex.
pub(super) fn sum(bytes: &[u8]) -> String {
    super::hex_sum(bytes)
}

impl State {
    /// What a file will be.
    pub(super) fn of(after: &After) -> State {
        match after {
            After::Absent => State::Absent,
            After::Bytes(bytes) | After::Secret(bytes) | After::Restored { bytes, .. } => State::File(sum(bytes)),
            After::Link(target) => State::Link(target.to_string_lossy().into_owned()),
        }
    }
}

/// The change that is being made.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    pub(super) record: Record,
}

impl Journal {
    /// Writes it: from here on the change is made, whoever finishes it.
    pub(super) fn write(&self, path: &Path) -> Result<(), StoreError> {
        let failed = |source: serde_json::Error| StoreError::Write { path: path.to_owned(), source: source.into() };
        let text = serde_json::to_vec(self).map_err(failed)?;
        let staged = path.with_extension("tmp");
        disk::write_new(&staged, &text)?;
        fs::rename(&staged, path).map_err(StoreError::write(path))?;
        disk::sync_folder(path.parent().unwrap_or(Path::new(".")))
    }

    /// Reads the one that was left behind, if there is one.
    pub(super) fn read(path: &Path) -> Result<Option<Journal>, StoreError> {
        match fs::read(path) {
            Ok(text) => serde_json::from_slice(&text)
                .map(Some)
                .map_err(|_| StoreError::Record { path: path.to_owned(), line: 1 }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Write { path: path.to_owned(), source }),
        }
    }
}

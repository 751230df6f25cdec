//! The change that is being made, written down before the first file is touched.

use std::ffi::OsStr;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::super::change::After;
use super::super::error::StoreError;
use super::disk;
use super::ground::Owners;
use super::record::Record;
use crate::files::{self, Doubt, Folder};
use crate::source::file::LIMIT;

/// Its name.
pub(super) const NAME: &str = "journal.json";

/// Its name while it is written.
pub(super) const STAGED: &str = "journal.tmp";

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
            After::Link(target) => State::Link(target.to_string_lossy().into_owned()),
            other => other.bytes().map_or(State::Absent, |bytes| State::File(sum(bytes))),
        }
    }
}

/// The change that is being made, or taken back because it did not hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    pub(super) record: Record,
    /// Whether what uses the files is part of it.
    #[serde(default)]
    pub(super) is_used: bool,
    /// Whether the old files are being put back.
    #[serde(default)]
    pub(super) is_taken_back: bool,
}

impl Journal {
    /// Writes it: from here on the change is made, whoever finishes it.
    pub(super) fn write(&self, state: &Folder, owners: Owners) -> Result<(), StoreError> {
        let name = OsStr::new(NAME);
        let failed = |source| files::Error::Write { path: state.path(name), source };
        let text = Zeroizing::new(serde_json::to_vec(self).map_err(|error| failed(error.into()))?);
        let staged = OsStr::new(STAGED);
        state.remove(staged)?;
        disk::write(state, staged, &text)?;
        if let Some(file) = state.open_writable(staged)? {
            owners.store.give_ownership(&file).map_err(failed)?;
        }
        state.rename(staged, state, name).map_err(failed)?;
        Ok(state.sync()?)
    }

    /// Reads the one that was left behind, if there is one.
    pub(super) fn read(state: &Folder, owners: Owners) -> Result<Option<Journal>, StoreError> {
        let name = OsStr::new(NAME);
        let Some((text, about)) = state.read(name, LIMIT)? else { return Ok(None) };
        if !owners.include(about.rights) {
            return Err(state.doubt(name, Doubt::Foreign).into());
        }
        let damaged = |_| StoreError::Record { path: state.path(name), line: 1 };
        serde_json::from_slice(&text).map(Some).map_err(damaged)
    }
}

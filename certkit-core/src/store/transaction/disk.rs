//! Single files of a store: written in certkit's folder, given the rights of the old one, synced, renamed.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use zeroize::Zeroizing;

use super::super::change::After;
use super::super::error::StoreError;
use super::ground::Owners;
use super::journal::{self, State};
use crate::files::{self, Doubt, Folder, Found, Readers};
use crate::source::file::LIMIT;

/// Makes a folder and those above it; gives those that were not there, the lowest first.
pub(super) fn make_folder(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let missing = folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.is_dir());
    let missing = missing.map(Path::to_owned).collect();
    fs::create_dir_all(folder).map_err(files::Error::write(folder))?;
    Ok(missing)
}

/// Takes away folders that were made for nothing, as far as nothing is in them.
pub(super) fn unmake_folders(made: &[PathBuf]) {
    for folder in made {
        // What somebody else has put something into stays.
        let _ = fs::remove_dir(folder);
    }
}

/// A file of the store, there or not, in its folder.
#[derive(Debug)]
pub(super) struct Spot {
    pub(super) folder: Folder,
    pub(super) name: OsString,
}

impl Spot {
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path(&self.name)
    }

    fn doubt(&self, doubt: Doubt) -> StoreError {
        self.folder.doubt(&self.name, doubt).into()
    }

    /// What the file is, links not followed.
    pub(super) fn state(&self) -> Result<State, StoreError> {
        match self.folder.found(&self.name)? {
            Found::Absent => Ok(State::Absent),
            Found::Link => {
                let target = self.folder.target(&self.name)?;
                let text = target.to_str().ok_or_else(|| StoreError::PathNotText { path: self.path() })?;
                Ok(State::Link(text.to_owned()))
            }
            Found::File(_) => {
                let read = self.folder.read(&self.name, LIMIT)?;
                Ok(read.map_or(State::Absent, |(bytes, _)| State::File(journal::sum(&bytes))))
            }
            Found::Folder | Found::Special => Err(self.doubt(Doubt::NoFile)),
        }
    }

    /// The bytes of the file, or of what a link leads to in the same folder; none where it leads elsewhere.
    pub(super) fn content(&self) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match self.folder.found(&self.name)? {
            Found::File(_) => Ok(self.folder.read(&self.name, LIMIT)?.map(|(bytes, _)| bytes)),
            Found::Link => self.led_to(&self.folder.target(&self.name)?),
            _ => Ok(None),
        }
    }

    /// The bytes of the file of the same folder that a link would lead to.
    pub(super) fn led_to(&self, target: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let mut parts = target.components();
        match (parts.next(), parts.next()) {
            (Some(Component::Normal(name)), None) if matches!(self.folder.found(name)?, Found::File(_)) => {
                Ok(self.folder.read(name, LIMIT)?.map(|(bytes, _)| bytes))
            }
            _ => Ok(None),
        }
    }

    /// The permissions of the file, where it is one and the system has such.
    pub(super) fn mode(&self) -> Result<Option<u32>, StoreError> {
        match self.folder.found(&self.name)? {
            Found::File(about) => Ok(about.rights.mode()),
            _ => Ok(None),
        }
    }

    /// Refuses what is neither a link nor a regular file of those that a change may be finished or taken back for.
    pub(super) fn refuse_foreign(&self, owners: Owners) -> Result<(), StoreError> {
        match self.folder.found(&self.name)? {
            Found::File(about) if !owners.include(about.rights) => Err(self.doubt(Doubt::Foreign)),
            Found::Folder | Found::Special => Err(self.doubt(Doubt::NoFile)),
            Found::Absent | Found::Link | Found::File(_) => Ok(()),
        }
    }

    /// Refuses a file that its user may not write: a rename would get around that. Refuses to replace one that has another
    /// name as well: it would stay as it is under that.
    pub(super) fn refuse_unfit(&self, after: &After) -> Result<(), StoreError> {
        match self.folder.found(&self.name)? {
            Found::File(about) if about.is_shared && !matches!(after, After::Absent) => Err(self.doubt(Doubt::Shared)),
            Found::File(_) => Ok(self.folder.open_writable(&self.name).map(drop)?),
            _ => Ok(()),
        }
    }

    /// Keeps a copy, for its owner alone. Links need none: where they lead stands in the record.
    pub(super) fn copy(&self, copies: &Folder, copy: &OsStr) -> Result<(), StoreError> {
        let Found::File(_) = self.folder.found(&self.name)? else { return Ok(()) };
        match self.folder.copy(&self.name, copies, copy, |rights| rights.with_mode(0o600))? {
            Some(file) => Ok(file.sync_all().map_err(files::Error::write(&copies.path(copy)))?),
            None => Ok(()),
        }
    }

    /// Writes what the file shall be to another place, with the rights and the owner of the file.
    pub(super) fn stage(&self, after: &After, into: &Folder, staged: &OsStr) -> Result<(), StoreError> {
        into.remove(staged)?;
        let (bytes, like, readers) = match after {
            After::Absent => return Ok(()),
            After::Link(target) => return Ok(into.link(target, staged)?),
            After::Bytes(bytes) => (bytes, None, Readers::Everyone),
            After::Secret(bytes) => (bytes, None, Readers::Owner),
            After::Restored { bytes, rights } => (bytes, Some(*rights), Readers::Owner),
        };
        let rights = match self.folder.found(&self.name)? {
            Found::File(about) => Some(about.rights),
            _ => like,
        };
        let is_secret = matches!(after, After::Secret(_));
        let file = into.write_new(staged, rights, readers, |file| {
            if is_secret {
                into.seal(staged)?;
            }
            file.write_all(bytes)
        })?;
        Ok(file.sync_all().map_err(files::Error::write(&into.path(staged)))?)
    }

    /// Renames what was staged into place, or removes the file.
    pub(super) fn place(&self, after: &State, from: &Folder, staged: &OsStr) -> Result<(), StoreError> {
        match after {
            State::Absent => Ok(self.folder.remove(&self.name)?),
            State::File(_) | State::Link(_) => match from.rename(staged, &self.folder, &self.name) {
                Err(error) if error.kind() == io::ErrorKind::CrossesDevices => self.place_across(after, from, staged),
                moved => Ok(moved.map_err(files::Error::write(&self.path()))?),
            },
        }
    }

    /// Renames within the file system of the file, which is another one.
    fn place_across(&self, after: &State, from: &Folder, staged: &OsStr) -> Result<(), StoreError> {
        let beside = OsStr::new(".certkit-new");
        let content = match after {
            State::Link(target) => After::Link(target.into()),
            _ => {
                let gone = || files::Error::Write { path: from.path(staged), source: io::ErrorKind::NotFound.into() };
                let (bytes, about) = from.read(staged, LIMIT)?.ok_or_else(gone)?;
                After::Restored { bytes, rights: about.rights }
            }
        };
        let staged_beside = self.stage(&content, &self.folder, beside);
        let moved = staged_beside.and_then(|()| {
            let moved = self.folder.rename(beside, &self.folder, &self.name);
            Ok(moved.map_err(files::Error::write(&self.path()))?)
        });
        if let Err(error) = moved {
            // What cannot be written whole is cleared away; the failure that led here is the one that is told.
            let _ = self.folder.remove(beside);
            return Err(error);
        }
        Ok(from.remove(staged)?)
    }
}

/// Writes a new file for its owner, and syncs it.
pub(super) fn write(into: &Folder, name: &OsStr, bytes: &Zeroizing<Vec<u8>>) -> Result<(), StoreError> {
    let file = into.write_new(name, None, Readers::Owner, |file| file.write_all(bytes))?;
    Ok(file.sync_all().map_err(files::Error::write(&into.path(name)))?)
}

/// Clears away new files that were never put in place.
pub(super) fn clear(state: &Folder) -> Result<(), StoreError> {
    for name in state.names()? {
        let is_ours = name.to_str().is_some_and(|name| name.starts_with("new-") || name == journal::STAGED);
        if is_ours && state.found(&name)? != Found::Folder {
            state.remove(&name)?;
        }
    }
    Ok(())
}

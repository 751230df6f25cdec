//! The folders of a store and of certkit beside it, held open; the files in them by the names of a record.

use std::ffi::{OsStr, OsString};
use std::path::{Component, Path};

use zeroize::Zeroizing;

use super::super::error::StoreError;
use super::disk::Spot;
use super::{Reach, StateFolder, journal};
use crate::files::{self, About, Doubt, Folder, Found, Readers, Rights, is_plain};
use crate::source::file::{LIMIT, OWN};

/// Those whose files count as the store's own: who runs certkit, who owns the store, and who may do everything anyway.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owners {
    pub(crate) store: Rights,
}

impl Owners {
    /// Says whether something belongs to one of them.
    pub(crate) fn include(self, rights: Rights) -> bool {
        rights.is_root() || rights.is_callers() || rights.has_owner_of(self.store)
    }
}

/// The folders of a store.
#[derive(Debug)]
pub(super) struct Ground {
    /// The folder that the store's files lie in.
    pub(super) base: Folder,
    /// That of certkit's own.
    pub(super) state: Folder,
    /// Whose files are the store's own.
    pub(super) owners: Owners,
}

/// The folder with the copies.
pub(super) const BACKUP: &str = "backup";

/// The name of the folder with the copies from before a change.
pub(super) fn folder_of(sequence: u64) -> OsString {
    format!("{sequence:06}").into()
}

impl Ground {
    /// Opens the folders; `None` where there are none.
    pub(super) fn find(state_folder: &StateFolder) -> Result<Option<Ground>, StoreError> {
        if !state_folder.base.is_dir() {
            return Ok(None);
        }
        let (base, owners) = base_of(state_folder)?;
        let Some(state) = base.enter(&state_folder.state)? else { return Ok(None) };
        Ground { base, state, owners }.vetted(state_folder).map(Some)
    }

    /// Opens the folders, that of certkit made where it is not there; says whether it was made.
    pub(super) fn make(state_folder: &StateFolder) -> Result<(Ground, bool), StoreError> {
        let (base, owners) = base_of(state_folder)?;
        let (state, is_made) = base.enter_or_make(&state_folder.state, Readers::Owner)?;
        let ground = Ground { base, state, owners }.vetted(state_folder)?;
        if is_made {
            let failed = |source| files::Error::Write { path: ground.base.path(&state_folder.state), source };
            ground.state.give(ground.owners.store).map_err(failed)?;
        }
        Ok((ground, is_made))
    }

    fn vetted(self, state_folder: &StateFolder) -> Result<Ground, StoreError> {
        if self.owners.include(self.state.rights()?) {
            Ok(self)
        } else {
            Err(self.base.doubt(&state_folder.state, Doubt::Foreign).into())
        }
    }

    /// The copy of a file from before a change, in a folder that nobody else writes into, where it has this sum.
    pub(super) fn copy(
        &self,
        sequence: u64,
        name: &OsStr,
        sum: &str,
    ) -> Result<(Zeroizing<Vec<u8>>, About), StoreError> {
        let mut folder = self.state.again()?;
        let gone =
            || StoreError::CopyGone { path: self.state.path(OsStr::new(BACKUP)).join(folder_of(sequence)).join(name) };
        for name in [OsString::from(BACKUP), folder_of(sequence)] {
            let next = folder.enter(&name)?.ok_or_else(gone)?;
            if !self.owners.include(next.rights()?) {
                return Err(folder.doubt(&name, Doubt::Foreign).into());
            }
            folder = next;
        }
        if folder.rights()?.is_open_to_others() {
            return Err(folder.doubt(OsStr::new(""), Doubt::Open).into());
        }
        folder.read(name, LIMIT)?.filter(|(bytes, _)| journal::sum(bytes) == *sum).ok_or_else(gone)
    }

    /// Finds a file by its name in a record; `None` where its folder is not there.
    pub(super) fn spot(&self, state_folder: &StateFolder, name: &str) -> Result<Option<Spot>, StoreError> {
        let (folders, file) = state_folder.parts(name)?;
        let mut folder = self.base.again()?;
        for part in folders {
            match folder.enter(part)? {
                Some(next) => folder = next,
                None => return Ok(None),
            }
        }
        Ok(Some(Spot { folder, name: file.to_owned() }))
    }

    /// Finds a file by its name in a record, and makes its folders where they are not there; notes these.
    pub(super) fn spot_made(
        &self,
        state_folder: &StateFolder,
        name: &str,
        made: &mut Vec<Spot>,
    ) -> Result<Spot, StoreError> {
        let (folders, file) = state_folder.parts(name)?;
        let mut folder = self.base.again()?;
        for part in folders {
            let (next, is_made) = folder.enter_or_make(part, Readers::Everyone)?;
            if is_made {
                made.push(Spot { folder, name: part.to_owned() });
            }
            folder = next;
        }
        Ok(Spot { folder, name: file.to_owned() })
    }
}

fn base_of(state_folder: &StateFolder) -> Result<(Folder, Owners), StoreError> {
    let base = Folder::at(&state_folder.base)?;
    let file = match &state_folder.reach {
        Reach::One(name) => Some(base.found(name)?),
        _ => None,
    };
    let store = match file {
        Some(Found::File(about)) => about.rights,
        _ => base.rights()?,
    };
    Ok((base, Owners { store }))
}

impl StateFolder {
    /// The folders and the file that a name in a record is of; refuses what leads out of the store, or into certkit's
    /// own folder.
    pub(super) fn parts<'a>(&self, name: &'a str) -> Result<(Vec<&'a OsStr>, &'a OsStr), StoreError> {
        let outside = || files::Error::Refused { path: self.base.join(name), doubt: Doubt::Outside };
        let mut parts = Vec::new();
        for component in Path::new(name).components() {
            let Component::Normal(part) = component else { return Err(outside().into()) };
            let is_own = |text: &str| text.to_ascii_lowercase().ends_with(OWN);
            if part.to_str().is_none_or(|text| !is_plain(text, cfg!(windows)) || is_own(text)) {
                return Err(outside().into());
            }
            parts.push(part);
        }
        let file = parts.pop().ok_or_else(outside)?;
        let is_other = matches!(&self.reach, Reach::One(only) if only != file || !parts.is_empty());
        if is_other { Err(outside().into()) } else { Ok((parts, file)) }
    }
}

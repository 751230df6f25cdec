//! Changes files of a store all or none, and keeps a record of it.
//!
//! Knows files, renames and locks; what the files say it asks only where a record is to be taken back. Beside a store lies a
//! folder of certkit's own: the lock, the record (JSON lines), copies from before each change
//! and, while a change goes on, the new files and the journal. Renaming the journal into place
//! is the moment of change: whoever is killed before it has changed nothing, and what was
//! killed after it is finished by the next change. A file alone is replaced by one rename, so
//! that no reader ever sees a broken one.
//!
//! That folder may have come with a store from somebody else: reading a store finishes nothing,
//! and a change touches only files in the store, whatever record and journal say.

mod disk;
mod ground;
mod holding;
mod journal;
mod locked;
mod record;
mod recover;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use self::journal::State;
pub use self::locked::Locked;
pub use self::record::{Author, Happened, Record, Subject, Touched};

use self::ground::Ground;
use self::journal::Journal;
use super::error::StoreError;
use super::member::List;
use crate::crypto::digest;
use crate::files::{self, Doubt, Folder, Found, wait};
use crate::moment::Moment;
use crate::source::file::OWN;

/// How long another certkit may hold a store.
const PATIENCE: Duration = Duration::from_secs(10);

/// The name of the lock in that folder.
const LOCK: &str = "lock";

/// What a store is locked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A change. An interrupted one whose files have to be taken by what uses them is in its way.
    Change,
    /// Taking the last change back; an interrupted one counts as made.
    Undo,
    /// A change whose files have to be taken by what uses them; an interrupted one of these is left to be settled.
    Use,
}

/// The folder of certkit's own beside a store.
#[derive(Clone, Debug)]
pub struct StateFolder {
    /// The file or folder that is the store.
    root: PathBuf,
    /// The folder that its files lie in.
    base: PathBuf,
    /// The name of certkit's folder in that.
    state: OsString,
    /// The files that a change may touch.
    reach: Reach,
}

/// The files that a change of a store may touch.
#[derive(Clone, Debug)]
pub(super) enum Reach {
    /// The one that is the store.
    One(OsString),
    /// Those that are there, and new ones that this says of the folder in the store and the name.
    Named(fn(&Path, &str) -> bool),
    /// Those that are there, and new ones in the folders of these lists, from the store's folder on.
    Lists(Vec<(PathBuf, List)>),
    /// Those that are there.
    There,
}

impl StateFolder {
    /// The keeper of a store that is one file: `FILE.certkit` beside it. The path is no link.
    pub(super) fn beside(file: &Path) -> StateFolder {
        let name = file.file_name().unwrap_or_default().to_owned();
        let mut state = name.clone();
        state.push(".certkit");
        let base = file.parent().filter(|base| !base.as_os_str().is_empty()).unwrap_or(Path::new("."));
        StateFolder { root: file.to_owned(), base: base.to_owned(), state, reach: Reach::One(name) }
    }

    /// The keeper of a store that is a folder: `.certkit` in it. The path is no link.
    pub(super) fn within(folder: &Path, reach: Reach) -> StateFolder {
        StateFolder { root: folder.to_owned(), base: folder.to_owned(), state: OWN.into(), reach }
    }

    /// The keeper of files that are changed together: one alone as a store that is a file, several from the lowest folder
    /// that all of them are in. Links are followed first; gives the files that they lead to, in the same order.
    pub fn of_files(files: &[&Path]) -> Result<(StateFolder, Vec<PathBuf>), StoreError> {
        let real: Vec<PathBuf> =
            files.iter().map(|file| super::file::resolve(file).map(|(real, _)| real)).collect::<Result<_, _>>()?;
        let first = real.first().cloned().unwrap_or_default();
        if real.iter().all(|file| *file == first) {
            return Ok((StateFolder::beside(&first), real));
        }
        let is_common = |folder: &&Path| real.iter().all(|file| file.starts_with(folder));
        let folder = first.ancestors().skip(1).find(is_common).filter(|folder| folder.parent().is_some());
        match folder {
            Some(folder) => Ok((StateFolder::within(folder, Reach::There), real)),
            None => Err(StoreError::NothingInCommon { path: first }),
        }
    }

    /// The file with the record of changes.
    pub fn record_path(&self) -> PathBuf {
        self.base.join(&self.state).join(record::NAME)
    }

    /// The file with a change that is being made, or was interrupted.
    pub fn journal_path(&self) -> PathBuf {
        self.base.join(&self.state).join(journal::NAME)
    }

    /// Waits until no other certkit changes the store, and finishes what a killed one left undone, as far as that is for
    /// such a purpose.
    pub fn lock(&self, purpose: Purpose) -> Result<Locked, StoreError> {
        let start = Instant::now();
        let name = OsStr::new(LOCK);
        loop {
            let above = disk::make_folder(&self.base)?;
            let (ground, made) = match Ground::make(self) {
                Ok(made) => made,
                Err(error) if is_gone(&error) && start.elapsed() < PATIENCE => continue,
                Err(error) => return Err(error),
            };
            let is_new = ground.state.found(name)? == Found::Absent;
            let (lock, about) = match ground.state.open_or_create(name).map_err(StoreError::from) {
                Ok(opened) => opened,
                // Another certkit has changed nothing, and taken its folder away.
                Err(error) if is_gone(&error) && start.elapsed() < PATIENCE => continue,
                Err(error) => return Err(error),
            };
            if !ground.owners.include(about.rights) {
                return Err(ground.state.doubt(name, Doubt::Foreign).into());
            }
            let failed = |source| files::Error::Write { path: ground.state.path(name), source };
            ground.owners.store.give_ownership(&lock).map_err(failed)?;
            wait(&lock, &self.root, start, PATIENCE)?;
            if !matches!(ground.state.found(name)?, Found::File(named) if named.id == about.id) {
                continue;
            }
            let state_folder = self.clone();
            let mut locked = Locked {
                state_folder,
                ground,
                above,
                is_made: made,
                finished: None,
                pending: None,
                put_back: None,
                _lock: lock,
            };
            if let Err(error) = locked.recover(purpose) {
                if is_new {
                    locked.ground.state.remove(name)?;
                }
                return Err(error);
            }
            return Ok(locked);
        }
    }

    /// Says whether a change was interrupted, or is being made right now. Writes nothing.
    pub fn is_unfinished(&self) -> Result<bool, StoreError> {
        let Ok(base) = Folder::at(&self.base) else { return Ok(false) };
        let Some(state) = base.enter(&self.state)? else { return Ok(false) };
        Ok(state.found(OsStr::new(journal::NAME))? != Found::Absent)
    }

    /// The record of changes, oldest first. Writes nothing.
    pub fn records(&self) -> Result<Vec<Record>, StoreError> {
        Ground::find(self)?.map_or(Ok(Vec::new()), |ground| record::read(&ground.state, ground.owners))
    }

    /// The change that would be taken back, held against the files: one that was interrupted counts as made. Writes nothing.
    pub fn undoable(&self) -> Result<Record, StoreError> {
        let nothing = || StoreError::NothingToUndo { path: self.root.clone() };
        let ground = Ground::find(self)?.ok_or_else(nothing)?;
        let record = match Journal::read(&ground.state, ground.owners)? {
            Some(journal) if !journal.is_taken_back => {
                ground.interrupted(self, &journal.record)?;
                return Ok(journal.record);
            }
            _ => self.last_of(record::read(&ground.state, ground.owners)?)?,
        };
        self.refuse_unnamed(&ground, &record)?;
        Ok(record)
    }

    /// The last change that was not taken back.
    fn last_of(&self, mut records: Vec<Record>) -> Result<Record, StoreError> {
        let undone: Vec<u64> = records.iter().filter_map(|record| record.undoes).collect();
        records.retain(|record| record.undoes.is_none() && !undone.contains(&record.sequence));
        records.pop().ok_or_else(|| StoreError::NothingToUndo { path: self.root.clone() })
    }

    /// Names a file as the record does: from the store's folder on. One elsewhere is refused, and so is one that a
    /// link in the store leads out to.
    fn name(&self, path: &Path) -> Result<String, StoreError> {
        let outside = || files::Error::Refused { path: path.to_owned(), doubt: Doubt::Outside };
        let mut missing = vec![path.file_name().ok_or_else(outside)?];
        let mut above = path.parent().ok_or_else(outside)?;
        let real = loop {
            match std::fs::canonicalize(above) {
                Ok(real) => break real,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    missing.push(above.file_name().ok_or_else(outside)?);
                    above = above.parent().ok_or_else(outside)?;
                }
                Err(source) => return Err(files::Error::Write { path: above.to_owned(), source }.into()),
            }
        };
        let base = std::fs::canonicalize(&self.base).unwrap_or_else(|_| self.base.clone());
        let mut short = real.strip_prefix(&base).map_err(|_| outside())?.to_owned();
        short.extend(missing.into_iter().rev());
        short.to_str().map(str::to_owned).ok_or_else(|| StoreError::PathNotText { path: path.to_owned() })
    }
}

/// Whether somebody has taken a folder away meanwhile.
fn is_gone(error: &StoreError) -> bool {
    matches!(error, StoreError::Files(files::Error::Write { source, .. }) if source.kind() == io::ErrorKind::NotFound)
}

/// Says in hex what bytes a file holds.
fn hex_sum(bytes: &[u8]) -> String {
    crate::text::Hex(digest::sha256(bytes)).to_string()
}

/// The time of a record.
fn stamp(moment: Moment) -> String {
    moment.to_string()
}

/// Decodes what stands in a journal or a record of changes. For fuzzing alone.
#[cfg(fuzzing)]
pub fn decode(bytes: &[u8]) {
    let _ = serde_json::from_slice::<Journal>(bytes);
    let _ = serde_json::from_slice::<Record>(bytes);
}

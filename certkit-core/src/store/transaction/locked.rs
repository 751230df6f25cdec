//! A store that is being changed.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};

use super::super::change::{After, Edit};
use super::super::error::StoreError;
use super::disk::{self, Spot};
use super::ground::{BACKUP, Ground, folder_of};
use super::holding::{Holding, Sides};
use super::journal::{self, Journal, State};
use super::record::{self, Author, Happened, Record, Subject, Touched};
use super::{LOCK, StateFolder};
use crate::files::{self, Doubt, Folder, Readers};

/// From how many changes copies are kept.
const COPIES: u64 = 50;

/// A store that no other certkit changes until this is dropped. Where nothing was changed, nothing is left then.
#[derive(Debug)]
pub struct Locked {
    pub(super) state_folder: StateFolder,
    pub(super) ground: Ground,
    /// The folders that were made for the store, the lowest first.
    pub(super) above: Vec<PathBuf>,
    /// Whether certkit's folder was made for this.
    pub(super) is_made: bool,
    pub(super) finished: Option<Record>,
    /// The change that was interrupted, is in place, and is not yet taken by what uses its files.
    pub(super) pending: Option<Journal>,
    /// The change that had not held and was being put back when it was interrupted.
    pub(super) put_back: Option<Record>,
    pub(super) _lock: File,
}

impl Drop for Locked {
    fn drop(&mut self) {
        let names = self.ground.state.names().unwrap_or_default();
        if self.is_made && names.iter().all(|name| name == LOCK) {
            // Whoever waits for this lock sees that it has no name any more, and takes a new one.
            let _ = self.ground.state.remove(OsStr::new(LOCK));
            self.ground.base.remove_folder(&self.state_folder.state);
            disk::unmake_folders(&self.above);
        }
    }
}

/// The name of a new file while it waits for its place.
pub(super) fn staged(number: usize) -> OsString {
    format!("new-{number}").into()
}

/// The name of a copy.
pub(super) fn copy_of(number: usize) -> OsString {
    number.to_string().into()
}

impl Locked {
    /// The change that had been interrupted, and was finished when this store was locked.
    pub fn finished(&self) -> Option<&Record> {
        self.finished.as_ref()
    }

    /// The files of a change that had not held and was being taken back when it was interrupted: the old ones are back now.
    /// None where there was no such change.
    pub fn files_put_back(&self) -> impl Iterator<Item = PathBuf> {
        self.put_back.iter().flat_map(|record| &record.files).map(|file| self.state_folder.base.join(&file.path))
    }

    /// The files of a change that was interrupted before what uses them had taken them: they are in place, and
    /// [`Locked::settle`] is asked whether they stay. None where there is no such change.
    pub fn files_pending(&self) -> impl Iterator<Item = PathBuf> {
        let files = self.pending.iter().flat_map(|journal| &journal.record.files);
        files.map(|file| self.state_folder.base.join(&file.path))
    }

    /// Records the change of [`Locked::files_pending`], where it is sound; else puts the old files back, and says so with
    /// the error that was given.
    pub fn settle(&mut self, sound: Result<(), StoreError>) -> Result<(), StoreError> {
        match self.pending.take() {
            Some(journal) => self.hold(journal, &[], sound).map(drop),
            None => sound,
        }
    }

    pub(super) fn spot(&self, name: &str) -> Result<Option<Spot>, StoreError> {
        self.ground.spot(&self.state_folder, name)
    }

    /// What a file of a record is now.
    pub(super) fn state(&self, name: &str) -> Result<State, StoreError> {
        self.spot(name)?.map_or(Ok(State::Absent), |spot| spot.state())
    }

    /// The permissions of a file of a record.
    fn mode(&self, name: &str) -> Result<Option<u32>, StoreError> {
        self.spot(name)?.map_or(Ok(None), |spot| spot.mode())
    }

    pub(super) fn records(&self) -> Result<Vec<Record>, StoreError> {
        record::read(&self.ground.state, self.ground.owners)
    }

    /// Makes the files so, all or none, and records it. `is_sound` looks at the store once all are in place.
    ///
    /// Gives `None` where all is so already. Where something fails, the old files are there.
    pub fn commit(
        &self,
        edits: &[Edit],
        author: &Author,
        happened: Happened,
        is_sound: &dyn Fn() -> Result<(), StoreError>,
    ) -> Result<Option<Record>, StoreError> {
        if let Some(journal) = &self.pending {
            return Err(self.waiting(journal));
        }
        let is_used = happened.is_used;
        let sequence = self.records()?.last().map_or(1, |last| last.sequence.saturating_add(1));
        let mut touched = Vec::new();
        let mut wanted: Vec<(&Edit, String)> = Vec::new();
        for edit in edits {
            let path = self.state_folder.name(&edit.path)?;
            let (before, after) = (self.state(&path)?, State::of(&edit.after));
            if before != after {
                touched.push(Touched { path: path.clone(), before, after, mode: self.mode(&path)? });
                wanted.push((edit, path));
            }
        }
        if wanted.is_empty() {
            return Ok(None);
        }
        let record = Record::new(sequence, author, happened, touched);
        let record = if is_used { self.completed(record, &wanted)? } else { record };
        let journal = Journal { record, is_used, is_taken_back: false };
        let record = &journal.record;
        let mut made = Vec::new();
        if let Err(error) = self.prepare(&journal, &wanted, &mut made) {
            self.forget(sequence, &made);
            return Err(error);
        }
        self.finish(record)?;
        let is_other = |file: &&Touched| self.state(&file.path).is_ok_and(|state| state != file.after);
        let sound = match record.files.iter().find(is_other) {
            Some(file) => Err(StoreError::ReadBack { path: self.state_folder.base.join(&file.path) }),
            None => is_sound(),
        };
        self.hold(journal, &made, sound).map(Some)
    }

    /// A record that names all that its files put in and take out: who renews a file knows one certificate of it.
    fn completed(&self, record: Record, wanted: &[(&Edit, String)]) -> Result<Record, StoreError> {
        let mut holding = Holding::default();
        for (edit, name) in wanted {
            let before = self.spot(name)?.map_or(Ok(None), |spot| spot.content())?;
            holding.hold(name, &Sides { before, after: edit.after.bytes().cloned() });
        }
        let (certificates, revocation_lists) = holding.subjects(&self.state_folder);
        let with = |mut known: Vec<Subject>, more: Vec<Subject>| {
            known.retain(|it| more.iter().all(|other| other.fingerprint_sha256 != it.fingerprint_sha256));
            known.into_iter().chain(more).collect()
        };
        Ok(Record {
            certificates: with(record.certificates.clone(), certificates),
            revocation_lists: with(record.revocation_lists.clone(), revocation_lists),
            ..record
        })
    }

    /// Records a change that is in place and sound; puts the old files back where it is not.
    fn hold(&self, journal: Journal, made: &[Spot], sound: Result<(), StoreError>) -> Result<Record, StoreError> {
        if let Err(error) = sound {
            let sequence = journal.record.sequence;
            self.put_back(journal)?;
            self.forget(sequence, made);
            return Err(error);
        }
        self.close(&journal.record)?;
        Ok(journal.record)
    }

    /// Makes copies of the old files and writes the new ones beside, then the journal. Notes the folders that it makes.
    fn prepare(&self, journal: &Journal, wanted: &[(&Edit, String)], made: &mut Vec<Spot>) -> Result<(), StoreError> {
        let record = &journal.record;
        let Ground { state, owners, .. } = &self.ground;
        let failed = |source| files::Error::Write { path: state.path(OsStr::new(BACKUP)), source };
        let (backup, _) = state.enter_or_make(OsStr::new(BACKUP), Readers::Owner)?;
        backup.give(owners.store).map_err(failed)?;
        backup.remove_with_files(&folder_of(record.sequence))?;
        let (copies, is_new) = backup.enter_or_make(&folder_of(record.sequence), Readers::Owner)?;
        if !is_new {
            return Err(backup.doubt(&folder_of(record.sequence), Doubt::NoFile).into());
        }
        copies.give(owners.store).map_err(failed)?;
        for (number, (edit, name)) in wanted.iter().enumerate() {
            let spot = self.ground.spot_made(&self.state_folder, name, made)?;
            spot.refuse_unfit(&edit.after)?;
            spot.copy(&copies, &copy_of(number))?;
            spot.stage(&edit.after, state, &staged(number))?;
        }
        copies.sync()?;
        journal.write(state, *owners)
    }

    /// Clears away what a change that did not hold has left; what cannot be cleared is in nobody's way.
    pub(super) fn forget(&self, sequence: u64, made: &[Spot]) {
        let state = &self.ground.state;
        if state.remove(OsStr::new(journal::NAME)).is_err() {
            // The next certkit finishes what stands in it.
            return;
        }
        let _ = disk::clear(state);
        if let Ok(Some(backup)) = state.enter(OsStr::new(BACKUP)) {
            let _ = backup.remove_with_files(&folder_of(sequence));
        }
        state.remove_folder(OsStr::new(BACKUP));
        for Spot { folder, name } in made.iter().rev() {
            folder.remove_folder(name);
        }
    }

    /// Takes the last change back that is not taken back yet, unless somebody else has changed its files since.
    pub fn undo(&self, author: &Author) -> Result<Record, StoreError> {
        let state_folder = &self.state_folder;
        let record = state_folder.last_of(self.records()?)?;
        for file in &record.files {
            if let Some(spot) = self.spot(&file.path)? {
                spot.refuse_foreign(self.ground.owners)?;
            }
            if self.state(&file.path)? != file.after {
                return Err(StoreError::ChangedSince { path: state_folder.base.join(&file.path) });
            }
        }
        state_folder.refuse_unnamed(&self.ground, &record)?;
        let edits = self.undo_edits(&record)?;
        let happened = Happened {
            action: "undo".to_owned(),
            undoes: Some(record.sequence),
            certificates: record.certificates.iter().map(Subject::reversed).collect(),
            revocation_lists: record.revocation_lists.iter().map(Subject::reversed).collect(),
            ..Happened::default()
        };
        let done = self.commit(&edits, author, happened, &|| Ok(()))?;
        done.ok_or_else(|| StoreError::NothingToUndo { path: state_folder.root.clone() })
    }

    /// What taking a change back does to the files.
    pub(super) fn undo_edits(&self, record: &Record) -> Result<Vec<Edit>, StoreError> {
        let mut edits = Vec::new();
        for (number, file) in record.files.iter().enumerate().rev() {
            let path = self.state_folder.base.join(&file.path);
            let after = match &file.before {
                State::Absent => After::Absent,
                State::Link(target) => After::Link(target.into()),
                State::File(sum) => {
                    let (bytes, about) = self.ground.copy(record.sequence, &copy_of(number), sum)?;
                    // The copy is its owner's alone, whoever may read the file.
                    let rights = file.mode.map_or(about.rights, |mode| about.rights.with_mode(mode));
                    After::Restored { bytes, rights }
                }
            };
            edits.push(Edit { path, after });
        }
        Ok(edits)
    }

    /// Puts the new files in place, and makes it last.
    fn finish(&self, record: &Record) -> Result<(), StoreError> {
        let mut folders: Vec<&Path> = Vec::new();
        let mut changed = Vec::new();
        for (number, file) in record.files.iter().enumerate() {
            let Some(spot) = self.spot(&file.path)? else { continue };
            spot.place(&file.after, &self.ground.state, &staged(number))?;
            let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
            if !folders.contains(&folder) {
                folders.push(folder);
                changed.push(spot.folder);
            }
        }
        Ok(changed.iter().try_for_each(Folder::sync)?)
    }

    /// Records a change that is in place, and forgets the oldest copies.
    pub(super) fn close(&self, record: &Record) -> Result<(), StoreError> {
        let Ground { state, owners, .. } = &self.ground;
        record::append(state, *owners, record)?;
        state.remove(OsStr::new(journal::NAME))?;
        state.sync()?;
        if let Some(old) = record.sequence.checked_sub(COPIES)
            && let Ok(Some(backup)) = state.enter(OsStr::new(BACKUP))
        {
            // What is left of them is in nobody's way.
            let _ = backup.remove_with_files(&folder_of(old));
        }
        Ok(())
    }
}

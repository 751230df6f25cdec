//! Changes files of a store all or none, and keeps a record of it.
//!
//! Knows files, renames and locks; refuses to know what the files say. Beside a store lies a
//! folder of certkit's own: the lock, the record (JSON lines), copies from before each change
//! and, while a change goes on, the new files and the journal. Renaming the journal into place
//! is the moment of change: whoever is killed before it has changed nothing, and what was
//! killed after it is finished by the next certkit. A file alone is replaced by one rename, so
//! that no reader ever sees a broken one.

mod disk;
mod journal;
mod record;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use self::journal::State;
pub use self::record::{Author, Happened, Record, Subject, Touched};

use self::journal::Journal;
use super::change::{After, Edit};
use super::error::StoreError;
use crate::crypto::digest;
use crate::moment::Moment;
use crate::source::file::OWN;

/// How long another certkit may hold a store.
const PATIENCE: Duration = Duration::from_secs(10);

/// The name of the lock in that folder.
const LOCK: &str = "lock";

/// From how many changes copies are kept.
const COPIES: u64 = 50;

/// The folder of certkit's own beside a store.
#[derive(Clone, Debug)]
pub struct Keeper {
    /// The file or folder that is the store.
    root: PathBuf,
    state: PathBuf,
}

/// A store that no other certkit changes until this is dropped. Where nothing was changed, nothing is left then.
#[derive(Debug)]
pub struct Locked {
    keeper: Keeper,
    /// The folders that were made for the lock, the lowest first.
    made: Vec<PathBuf>,
    _lock: File,
}

impl Drop for Locked {
    fn drop(&mut self) {
        let names = fs::read_dir(&self.keeper.state).into_iter().flatten().flatten().map(|entry| entry.file_name());
        if !self.made.is_empty() && names.into_iter().all(|name| name == LOCK) {
            // Whoever waits for this lock sees that it has no name any more, and takes a new one.
            let _ = fs::remove_file(self.keeper.lock_path());
            disk::unmake_folders(&self.made);
        }
    }
}

impl Keeper {
    /// The keeper of a store that is one file: `FILE.certkit` beside it. The path is no link.
    pub(super) fn beside(file: &Path) -> Keeper {
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".certkit");
        Keeper { root: file.to_owned(), state: file.with_file_name(name) }
    }

    /// The keeper of a store that is a folder: `.certkit` in it.
    pub(super) fn within(folder: &Path) -> Keeper {
        Keeper { root: folder.to_owned(), state: folder.join(OWN) }
    }

    /// The file with the record of changes.
    pub fn record_path(&self) -> PathBuf {
        self.state.join("log.jsonl")
    }

    /// Waits until no other certkit changes the store, and finishes what a killed one left undone.
    pub fn lock(&self) -> Result<Locked, StoreError> {
        let start = Instant::now();
        loop {
            let made = disk::make_folder(&self.state)?;
            let opened = File::options().create(true).truncate(false).write(true).open(self.lock_path());
            let lock = match opened {
                Ok(lock) => lock,
                // Another certkit has changed nothing, and taken its folder away.
                Err(error) if error.kind() == io::ErrorKind::NotFound && start.elapsed() < PATIENCE => continue,
                Err(source) => return Err(StoreError::Write { path: self.lock_path(), source }),
            };
            self.wait_for(&lock, start)?;
            if disk::is_named(&lock, &self.lock_path()) {
                let locked = Locked { keeper: self.clone(), made, _lock: lock };
                locked.recover()?;
                return Ok(locked);
            }
        }
    }

    fn wait_for(&self, lock: &File, start: Instant) -> Result<(), StoreError> {
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(TryLockError::WouldBlock) => return Err(StoreError::Busy { path: self.root.clone() }),
                Err(TryLockError::Error(source)) => return Err(StoreError::Write { path: self.lock_path(), source }),
            }
        }
    }

    /// Says whether a killed certkit has left a change undone.
    pub fn is_unfinished(&self) -> bool {
        self.journal_path().exists()
    }

    /// The record of changes, oldest first.
    pub fn records(&self) -> Result<Vec<Record>, StoreError> {
        record::read(&self.record_path())
    }

    fn lock_path(&self) -> PathBuf {
        self.state.join(LOCK)
    }

    fn journal_path(&self) -> PathBuf {
        self.state.join("journal.json")
    }

    /// Where the copies from before a change lie.
    fn copies(&self, sequence: u64) -> PathBuf {
        self.state.join("backup").join(format!("{sequence:06}"))
    }

    fn copy(&self, sequence: u64, number: usize) -> PathBuf {
        self.copies(sequence).join(number.to_string())
    }

    fn staged(&self, number: usize) -> PathBuf {
        self.state.join(format!("new-{number}"))
    }

    /// Names a file as the record does: from the store on where it is in it.
    fn name(&self, path: &Path) -> Result<String, StoreError> {
        let base = if self.root.is_dir() { Some(self.root.as_path()) } else { self.root.parent() };
        let short = base.and_then(|base| path.strip_prefix(base).ok()).unwrap_or(path);
        short.to_str().map(str::to_owned).ok_or_else(|| StoreError::PathNotText { path: path.to_owned() })
    }

    fn path(&self, name: &str) -> PathBuf {
        let base = if self.root.is_dir() { Some(self.root.as_path()) } else { self.root.parent() };
        base.map_or_else(|| PathBuf::from(name), |base| base.join(name))
    }
}

impl Locked {
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
        let keeper = &self.keeper;
        let sequence = keeper.records()?.last().map_or(1, |last| last.sequence.saturating_add(1));
        let mut touched = Vec::new();
        let mut wanted: Vec<(&Edit, State)> = Vec::new();
        for edit in edits {
            let (before, after) = (disk::state(&edit.path)?, State::of(&edit.after));
            if before != after {
                touched.push(Touched { path: keeper.name(&edit.path)?, before, after: after.clone() });
                wanted.push((edit, after));
            }
        }
        if wanted.is_empty() {
            return Ok(None);
        }
        let record = Record::new(sequence, author, happened, touched);
        let mut made = Vec::new();
        if let Err(error) = self.prepare(&record, &wanted, &mut made) {
            self.forget(sequence, &made);
            return Err(error);
        }
        self.finish(&record)?;
        let is_read_back = record
            .files
            .iter()
            .find(|file| disk::state(&keeper.path(&file.path)).is_ok_and(|state| state != file.after));
        let sound = match is_read_back {
            Some(file) => Err(StoreError::ReadBack { path: keeper.path(&file.path) }),
            None => is_sound(),
        };
        if let Err(error) = sound {
            self.put_back(&record)?;
            self.forget(sequence, &made);
            return Err(error);
        }
        self.close(&record)?;
        Ok(Some(record))
    }

    /// Makes copies of the old files and writes the new ones beside, then the journal. Notes the folders that it makes.
    fn prepare(&self, record: &Record, wanted: &[(&Edit, State)], made: &mut Vec<PathBuf>) -> Result<(), StoreError> {
        let keeper = &self.keeper;
        let copies = keeper.copies(record.sequence);
        disk::make_private_folder(&copies)?;
        for (number, (edit, _)) in wanted.iter().enumerate() {
            disk::refuse_unwritable(&edit.path)?;
            disk::copy(&edit.path, &keeper.copy(record.sequence, number))?;
            made.splice(..0, disk::make_folder(edit.path.parent().unwrap_or(Path::new(".")))?);
            disk::stage(&edit.after, &edit.path, &keeper.staged(number))?;
        }
        disk::sync_folder(&copies)?;
        Journal { record: record.clone() }.write(&keeper.journal_path())
    }

    /// Clears away what a change that did not hold has left; what cannot be cleared is in nobody's way.
    fn forget(&self, sequence: u64, made: &[PathBuf]) {
        let copies = self.keeper.copies(sequence);
        if disk::remove(&self.keeper.journal_path()).is_err() {
            // The next certkit finishes what stands in it.
            return;
        }
        let _ = disk::clear(&self.keeper.state);
        let _ = fs::remove_dir_all(&copies);
        disk::unmake_folders(&[copies.parent().unwrap_or(&copies).to_owned()]);
        disk::unmake_folders(made);
    }

    /// Takes the last change back that is not taken back yet, unless somebody else has changed its files since.
    pub fn undo(&self, author: &Author) -> Result<Record, StoreError> {
        let keeper = &self.keeper;
        let record = self.undoable()?;
        for file in &record.files {
            let path = keeper.path(&file.path);
            if disk::state(&path)? != file.after {
                return Err(StoreError::ChangedSince { path });
            }
        }
        let edits = self.undo_edits(&record)?;
        let happened = Happened {
            action: "undo".to_owned(),
            undoes: Some(record.sequence),
            certificates: record.certificates.iter().map(Subject::reversed).collect(),
            revocation_lists: record.revocation_lists.iter().map(Subject::reversed).collect(),
            ..Happened::default()
        };
        let done = self.commit(&edits, author, happened, &|| Ok(()))?;
        done.ok_or_else(|| StoreError::NothingToUndo { path: keeper.root.clone() })
    }

    /// The change that would be taken back.
    pub fn undoable(&self) -> Result<Record, StoreError> {
        let mut records = self.keeper.records()?;
        let undone: Vec<u64> = records.iter().filter_map(|record| record.undoes).collect();
        records.retain(|record| record.undoes.is_none() && !undone.contains(&record.sequence));
        records.pop().ok_or_else(|| StoreError::NothingToUndo { path: self.keeper.root.clone() })
    }

    /// What taking a change back does to the files.
    fn undo_edits(&self, record: &Record) -> Result<Vec<Edit>, StoreError> {
        let keeper = &self.keeper;
        let mut edits = Vec::new();
        for (number, file) in record.files.iter().enumerate().rev() {
            let path = keeper.path(&file.path);
            let copy = keeper.copy(record.sequence, number);
            let after = match &file.before {
                State::Absent => After::Absent,
                State::Link(target) => After::Link(target.into()),
                State::File(sum) => {
                    let bytes = fs::read(&copy).map_err(|_| StoreError::CopyGone { path: copy.clone() })?;
                    if journal::sum(&bytes) != *sum {
                        return Err(StoreError::CopyGone { path: copy });
                    }
                    After::Restored { bytes: zeroize::Zeroizing::new(bytes), like: copy }
                }
            };
            edits.push(Edit { path, after });
        }
        Ok(edits)
    }

    /// Puts the new files in place, and makes it last.
    fn finish(&self, record: &Record) -> Result<(), StoreError> {
        let mut folders: Vec<PathBuf> = Vec::new();
        for (number, file) in record.files.iter().enumerate() {
            let path = self.keeper.path(&file.path);
            disk::place(&file.after, &self.keeper.staged(number), &path)?;
            if let Some(folder) = path.parent().filter(|folder| folders.iter().all(|known| known != folder)) {
                folders.push(folder.to_owned());
            }
        }
        folders.iter().try_for_each(|folder| disk::sync_folder(folder))
    }

    /// Puts the old files back after a change that did not hold.
    fn put_back(&self, record: &Record) -> Result<(), StoreError> {
        for edit in self.undo_edits(record)? {
            let staged = self.keeper.staged(0);
            disk::stage(&edit.after, &edit.path, &staged)?;
            disk::place(&State::of(&edit.after), &staged, &edit.path)?;
        }
        disk::remove(&self.keeper.journal_path())
    }

    /// Records a change that is in place, and forgets the oldest copies.
    fn close(&self, record: &Record) -> Result<(), StoreError> {
        record::append(&self.keeper.record_path(), record)?;
        disk::remove(&self.keeper.journal_path())?;
        disk::sync_folder(&self.keeper.state)?;
        if let Some(old) = record.sequence.checked_sub(COPIES) {
            // What is left of them is in nobody's way.
            let _ = fs::remove_dir_all(self.keeper.copies(old));
        }
        Ok(())
    }

    /// Finishes a change whose certkit was killed, or clears away what it had begun.
    fn recover(&self) -> Result<(), StoreError> {
        let keeper = &self.keeper;
        if let Some(Journal { record }) = Journal::read(&keeper.journal_path())? {
            for (number, file) in record.files.iter().enumerate() {
                let path = keeper.path(&file.path);
                let is_open = match file.after {
                    // Somebody may have written the file anew meanwhile; that one stays.
                    State::Absent => disk::state(&path)? == file.before,
                    _ => keeper.staged(number).symlink_metadata().is_ok(),
                };
                if is_open {
                    disk::place(&file.after, &keeper.staged(number), &path)?;
                }
            }
            if keeper.records()?.last().is_none_or(|last| last.sequence < record.sequence) {
                record::append(&keeper.record_path(), &record)?;
            }
            disk::remove(&keeper.journal_path())?;
        }
        disk::clear(&keeper.state)
    }
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

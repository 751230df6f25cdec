//! What a run that was killed has left beside the files it wrote, and how the next one that writes there deals with it.
//!
//! While a [`Batch`](super::Batch) is written, each of its folders holds a note of its own, `.certkit-ID`, locked for
//! as long as its run lives; new files wait as `.certkit-ID-N`. Once all of them are whole, the first note gets the
//! list of them: from there on the set is written, and whoever finds the note without its run finishes it. Without a
//! list nothing was put in place, and what waits is cleared away.
//!
//! A folder may have come from somebody else, such notes included. A note counts only where each new file that still
//! waits is the very one that was written (device, number and time of change, which only the owner of the file system
//! can choose), and it replaces only what stood there then.

use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::mark::{Id, Mark, is_unfinished};
use super::{Doubt, Error, Folder, Found, Readers};

/// The most bytes of a note: some hundred for each file of a set.
const LIMIT: u64 = 64 << 20;

/// How many runs are settled at once; a folder of a stranger may hold any number of such names.
const MOST: usize = 64;

/// What stands in a note.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Note {
    /// The files that are put in place.
    Set(Vec<Planned>),
    /// The folder in which that is said.
    Beside(OsString),
}

/// A file that waits for its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Planned {
    pub(super) folder: OsString,
    pub(super) name: OsString,
    pub(super) number: usize,
    pub(super) new: Mark,
    /// What it replaces.
    pub(super) old: Option<Mark>,
}

/// The notes of a run that lives.
#[derive(Debug)]
pub(super) struct Notes {
    id: Id,
    /// The notes, locked, and the folders that they are in, by their full paths.
    held: Vec<(PathBuf, File)>,
    is_listed: bool,
}

impl Default for Notes {
    fn default() -> Notes {
        Notes { id: Id::new(), held: Vec::new(), is_listed: false }
    }
}

impl Notes {
    pub(super) fn new_file(&self, number: usize) -> OsString {
        self.id.new_file(number)
    }

    pub(super) fn old_file(&self, number: usize) -> OsString {
        self.id.old_file(number)
    }

    /// Makes the note of a folder: all of them before the first file waits in it.
    pub(super) fn enter(&mut self, folder: &Folder) -> Result<(), Error> {
        let failed = |source| Error::Write { path: folder.path.clone(), source };
        let path = fs::canonicalize(&folder.path).map_err(failed)?;
        let mut note = loop {
            let name = self.id.note();
            let note = folder.write_new(&name, None, Readers::Owner, |_| Ok(())).map_err(|it| it.of(&folder.path))?;
            note.lock().map_err(failed)?;
            // Before it was locked it may have been taken for one that was left behind.
            if folder.found(&name)? != Found::Absent {
                break note;
            }
        };
        if let Some((first, _)) = self.held.first() {
            write(&mut note, &Note::Beside(first.clone().into())).map_err(failed)?;
        }
        self.held.push((path, note));
        Ok(())
    }

    /// The full path of the folder that was entered as this one.
    pub(super) fn path(&self, folder: usize) -> OsString {
        self.held.get(folder).map(|(path, _)| path.clone().into()).unwrap_or_default()
    }

    /// The numbers of the folders, in an order that every run has.
    pub(super) fn in_order(&self) -> impl Iterator<Item = usize> + use<> {
        let mut numbers: Vec<usize> = (0..self.held.len()).collect();
        numbers.sort_by_key(|number| self.path(*number));
        numbers.into_iter()
    }

    /// Lists the files of a set: from here on they are written, whoever puts them in place.
    pub(super) fn list(&mut self, files: Vec<Planned>, folders: &[Folder]) -> Result<(), Error> {
        if self.is_listed {
            return Ok(());
        }
        folders.iter().try_for_each(Folder::sync)?;
        let Some((path, note)) = self.held.first_mut() else { return Ok(()) };
        write(note, &Note::Set(files)).and_then(|()| note.sync_all()).map_err(Error::write(path))?;
        self.is_listed = true;
        Ok(())
    }

    /// Takes the list back, before the files are.
    pub(super) fn unlist(&self) {
        if let Some((_, note)) = self.held.first().filter(|_| self.is_listed) {
            // What cannot be taken back is finished by the next run.
            let _ = note.set_len(0).and_then(|()| note.sync_all());
        }
    }

    /// Takes the notes away: the list last.
    pub(super) fn leave(&mut self, folders: &[Folder]) {
        for folder in folders.iter().rev() {
            // Left behind it is in nobody's way.
            let _ = folder.remove(&self.id.note());
        }
    }

    /// Lets go of the locks, as the system does for a run that is killed.
    #[cfg(test)]
    pub(super) fn die(&mut self) {
        self.held.clear();
    }
}

fn write(note: &mut File, content: &Note) -> io::Result<()> {
    note.write_all(&serde_json::to_vec(content)?)
}

/// What was done about runs that were killed, and about other names of what was replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Files that got the content they were to have.
    pub finished: Vec<PathBuf>,
    /// Files that were changed since, and are kept as they are.
    pub kept: Vec<PathBuf>,
    /// How many files that were never put in place were cleared away.
    pub cleared: usize,
    /// Notes that do not fit what lies there, so that nothing was done.
    pub doubtful: Vec<PathBuf>,
    /// Files that were replaced and have another name elsewhere (a hard link), which keeps the old content.
    pub parted: Vec<PathBuf>,
}

impl Settled {
    /// Adds what was done elsewhere.
    pub fn extend(&mut self, other: Settled) {
        self.finished.extend(other.finished);
        self.kept.extend(other.kept);
        self.cleared = self.cleared.saturating_add(other.cleared);
        self.doubtful.extend(other.doubtful);
        self.parted.extend(other.parted);
    }
}

/// Finishes or clears away what killed runs have left in a folder, and in those that they wrote into together with it.
///
/// Passes over what belongs to others, and to runs that live. What cannot be settled hinders nobody, and is told.
pub(super) fn settle(folder: &Folder, settled: &mut Settled) {
    let mut runs: BTreeMap<Id, Vec<OsString>> = BTreeMap::new();
    for name in folder.names().unwrap_or_default() {
        if let Some(id) = Id::of(&name) {
            runs.entry(id).or_default().push(name);
        }
    }
    for (id, names) in runs.into_iter().take(MOST) {
        if settle_one(folder, id, &names, settled).is_err() {
            settled.doubtful.push(folder.path(&id.note()));
        }
    }
}

/// What a note says.
enum Said {
    /// There is none, or it is somebody else's.
    Nothing,
    /// It is a run's that lives.
    Lives,
    /// It is this; `None` where it was not written to its end.
    This(Option<Note>, File),
}

/// Locks a note, and reads it: by the handle that has the lock, since Windows lets no other one do so.
fn read(folder: &Folder, name: &OsStr) -> Result<Said, Error> {
    let Found::File(about) = folder.found(name)? else { return Ok(Said::Nothing) };
    if !about.rights.is_callers() || about.is_shared {
        return Ok(Said::Nothing);
    }
    let (lock, opened) = folder.open_or_create(name)?;
    let failed = |source| Error::Write { path: folder.path(name), source };
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Said::Lives),
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    // Its run may have ended meanwhile.
    if opened.id != about.id || !matches!(folder.found(name)?, Found::File(now) if now.id == about.id) {
        return Ok(Said::Nothing);
    }
    let mut bytes = Vec::new();
    let read = (&lock).take(LIMIT.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if read as u64 > LIMIT {
        return Err(failed(io::ErrorKind::FileTooLarge.into()));
    }
    Ok(Said::This(serde_json::from_slice(&bytes).ok(), lock))
}

fn settle_one(folder: &Folder, id: Id, names: &[OsString], settled: &mut Settled) -> Result<(), Error> {
    let note = id.note();
    if folder.found(&note)? == Found::Absent {
        clear(folder, id, names, settled);
        return Ok(());
    }
    match read(folder, &note)? {
        Said::Nothing | Said::Lives => Ok(()),
        Said::This(Some(Note::Set(files)), _lock) => finish(folder, id, &files, settled),
        Said::This(Some(Note::Beside(path)), _lock) => {
            if let Ok(first) = Folder::at(Path::new(&path)) {
                match read(&first, &note)? {
                    Said::Lives => return Ok(()),
                    Said::This(Some(Note::Set(files)), _lock) => return finish(&first, id, &files, settled),
                    Said::This(..) => clear(&first, id, &names_in(&first, id)?, settled),
                    Said::Nothing => {}
                }
            }
            clear(folder, id, names, settled);
            Ok(())
        }
        Said::This(None, _lock) => {
            clear(folder, id, names, settled);
            Ok(())
        }
    }
}

/// The files of a run in a folder.
fn names_in(folder: &Folder, id: Id) -> Result<Vec<OsString>, Error> {
    Ok(folder.names()?.into_iter().filter(|name| Id::of(name) == Some(id)).collect())
}

/// Removes those of the caller's among a run's files from a folder, its note last.
fn clear(folder: &Folder, id: Id, names: &[OsString], settled: &mut Settled) {
    let note = id.note();
    let remove = |name: &OsString| {
        let is_own = matches!(folder.found(name), Ok(Found::File(about)) if about.rights.is_callers());
        is_own && folder.remove(name).is_ok()
    };
    let waiting = names.iter().filter(|name| **name != note);
    settled.cleared = settled.cleared.saturating_add(waiting.filter(|name| remove(name)).count());
    remove(&note);
}

/// Puts the files of a set in place that still wait for it.
fn finish(first: &Folder, id: Id, files: &[Planned], settled: &mut Settled) -> Result<(), Error> {
    let doubt = || first.doubt(&id.note(), Doubt::Changed);
    let mut folders: HashMap<&OsStr, Folder> = HashMap::new();
    let mut waiting = Vec::new();
    // All is looked at before anything is done.
    for file in files {
        let mut parts = Path::new(&file.name).components();
        let is_plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(it)), None) if it == file.name);
        if !is_plain || is_unfinished(&file.name) || !Path::new(&file.folder).is_absolute() {
            return Err(doubt());
        }
        if !folders.contains_key(file.folder.as_os_str()) {
            folders.insert(&file.folder, Folder::at(Path::new(&file.folder))?);
        }
        let Some(folder) = folders.get(file.folder.as_os_str()) else { continue };
        match folder.found(&id.new_file(file.number))? {
            Found::Absent => {}
            Found::File(about) if about.mark == Some(file.new) && about.rights.is_callers() => waiting.push(file),
            _ => return Err(doubt()),
        }
    }
    for file in waiting {
        let Some(folder) = folders.get(file.folder.as_os_str()) else { continue };
        let new = id.new_file(file.number);
        let placed = match (folder.found(&file.name)?, file.old) {
            (Found::Absent, None) => folder.rename_new(&new, folder, &file.name),
            (Found::File(about), Some(old)) if about.mark == Some(old) => folder.rename(&new, folder, &file.name),
            _ => {
                settled.kept.push(folder.path(&file.name));
                continue;
            }
        };
        placed.map_err(Error::write(&folder.path(&file.name)))?;
        settled.finished.push(folder.path(&file.name));
    }
    for folder in folders.values() {
        folder.sync()?;
    }
    // Copies of the old files, which nobody counts.
    let mut copies = Settled::default();
    for folder in folders.values() {
        if !folder.is(first)? {
            clear(folder, id, &names_in(folder, id)?, &mut copies);
        }
    }
    clear(first, id, &names_in(first, id)?, &mut copies);
    Ok(())
}

/// Decodes what stands in a note. For fuzzing alone.
#[cfg(fuzzing)]
pub fn decode(bytes: &[u8]) {
    let _ = serde_json::from_slice::<Note>(bytes);
}

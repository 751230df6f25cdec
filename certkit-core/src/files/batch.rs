//! Files that a user has named, written all or none.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::named::{Existing, Target, parent};
use super::unfinished::{self, Notes, Planned, Settled};
use super::{Doubt, Error, Folder, Found, Handle, Mark, Readers, Rights, refuse_planted_links};

/// Gives the content of a file, piece by piece.
type Fill<'a> = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + 'a>;

struct New<'a> {
    path: PathBuf,
    readers: Readers,
    existing: Existing,
    fill: Fill<'a>,
}

/// Files that are written all or none.
///
/// A symbolic link stays one, and the file that it leads to is written; a device or pipe is written into. Folders
/// that are missing are made. Whoever is killed leaves every file as it was or as it shall be, and those earlier in
/// the order of the batch are never older than those after them; the next run that writes into one of their folders
/// finishes what was begun, or clears it away. Where the system does not tell one file from another (Windows), it
/// only clears away.
#[derive(Default)]
pub struct Batch<'a> {
    new: Vec<New<'a>>,
    folders: Vec<PathBuf>,
}

impl std::fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.new.iter().map(|it| &it.path)).finish()
    }
}

impl<'a> Batch<'a> {
    /// Begins one.
    pub fn new() -> Batch<'a> {
        Batch::default()
    }

    /// Plans a file.
    pub fn add(&mut self, path: PathBuf, readers: Readers, existing: Existing, bytes: Zeroizing<Vec<u8>>) {
        self.add_with(path, readers, existing, move |file| file.write_all(&bytes));
    }

    /// Plans a file that is written piece by piece.
    pub fn add_with(
        &mut self,
        path: PathBuf,
        readers: Readers,
        existing: Existing,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()> + 'a,
    ) {
        self.new.push(New { path, readers, existing, fill: Box::new(fill) });
    }

    /// Plans a folder that is there even if no file is put into it.
    pub fn add_folder(&mut self, path: PathBuf) {
        self.folders.push(path);
    }

    /// Writes all, or none and says why. Tells what was done about runs that were killed in the same folders.
    pub fn write(self) -> Result<Settled, Error> {
        self.stage()?.place()
    }

    /// Writes everything beside its place, which [`Staged::place`] gives it. What can be known to fail there fails here.
    pub fn stage(self) -> Result<Staged, Error> {
        let Batch { new, folders } = self;
        let mut staged = Staged::default();
        let targets: Result<Vec<Target>, Error> = new.iter().map(|it| Target::of(&it.path, it.existing)).collect();
        folders.iter().try_for_each(|folder| staged.make(folder))?;
        let count = new.len();
        let mut seen = HashSet::new();
        for (new, target) in new.into_iter().zip(targets?) {
            let unwritten = |error: io::Error| Error::Write { path: new.path.clone(), source: error };
            let path = match target {
                Target::Special => {
                    let mut bytes = Zeroizing::new(Vec::new());
                    (new.fill)(&mut *bytes).map_err(unwritten)?;
                    staged.special.push((new.path, bytes));
                    continue;
                }
                Target::File(path) => path,
            };
            let folder = staged.folder(parent(&path))?;
            let name = path.file_name().ok_or_else(|| Error::Folder { path: new.path.clone() })?;
            if !seen.insert((folder, name.to_owned())) {
                return Err(Error::Twice { path: new.path });
            }
            staged.write(folder, name, new, count)?;
        }
        staged.sync(count)?;
        Ok(staged)
    }
}

/// A file that is written beside its place.
#[derive(Debug)]
struct Waiting {
    /// What the user named.
    path: PathBuf,
    /// The number of its folder.
    folder: usize,
    name: OsString,
    temporary: OsString,
    existing: Existing,
    /// Tells the new file, where the system can.
    new: Option<Mark>,
    /// Whether it replaces a file.
    is_old: bool,
    /// A copy of that, so that it can be taken back.
    copy: Option<OsString>,
    is_placed: bool,
}

/// Files that are written and synced, and do not yet stand where they belong. Dropped, they are gone.
#[derive(Debug, Default)]
pub struct Staged {
    files: Vec<Waiting>,
    special: Vec<(PathBuf, Zeroizing<Vec<u8>>)>,
    folders: Vec<Folder>,
    /// What the next run shall know if this one is killed.
    notes: Notes,
    settled: Settled,
    /// The numbers of the folders, by how they were called.
    numbers: HashMap<PathBuf, usize>,
    /// The folders that were made, the highest first.
    made: Vec<PathBuf>,
    is_done: bool,
}

/// From how many files on a file system is synced as a whole: once, instead of once for each of them.
const MANY: usize = 16;

/// Whether a file system is synced as a whole.
fn is_synced_whole(count: usize) -> bool {
    cfg!(target_os = "linux") && count >= MANY
}

impl Staged {
    /// Opens a folder, made where it is missing.
    fn folder(&mut self, path: &Path) -> Result<usize, Error> {
        if let Some(number) = self.numbers.get(path) {
            return Ok(*number);
        }
        self.make(path)?;
        let folder = Folder::find(path)?;
        let mut number = 0;
        while let Some(known) = self.folders.get(number)
            && !known.is(&folder)?
        {
            number = number.saturating_add(1);
        }
        if number == self.folders.len() {
            unfinished::settle(&folder, &mut self.settled);
            self.folders.push(folder.again()?);
            self.notes.enter(&folder)?;
        }
        self.numbers.insert(path.to_owned(), number);
        Ok(number)
    }

    fn make(&mut self, folder: &Path) -> Result<(), Error> {
        if folder.is_dir() {
            return Ok(());
        }
        if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
            self.make(above)?;
        }
        refuse_planted_links(folder)?;
        match builder(folder).create(folder) {
            Ok(()) => self.made.push(folder.to_owned()),
            // Somebody else was quicker.
            Err(_) if folder.is_dir() => {}
            Err(source) => return Err(Error::Make { path: folder.to_owned(), source }),
        }
        Ok(())
    }

    /// Writes one of so many files beside its place.
    fn write(&mut self, number: usize, name: &OsStr, new: New<'_>, count: usize) -> Result<(), Error> {
        let New { path, readers, existing, fill } = new;
        let Some(folder) = self.folders.get(number) else { return Ok(()) };
        let old = match (existing, folder.found(name)?) {
            (_, Found::Absent) => None,
            (Existing::Keep, _) => return Err(Error::Kept { path }),
            (Existing::Update, Found::File(about)) if about.is_shared => return Err(folder.doubt(name, Doubt::Shared)),
            (Existing::Replace | Existing::Update, Found::File(about)) => Some(about),
            (_, Found::Folder) => return Err(Error::Folder { path }),
            (_, Found::Link) => return Err(folder.doubt(name, Doubt::Link)),
            (_, Found::Special) => return Err(folder.doubt(name, Doubt::NoFile)),
        };
        if old.as_ref().is_some_and(|about| about.is_shared) {
            self.settled.parted.push(path.clone());
        }
        // One file alone is there with its one rename, and is never taken back.
        let place = self.files.len();
        let copy = (old.is_some() && count > 1).then(|| self.notes.old_file(place));
        let is_secret = readers == Readers::Owner;
        let rights = old.map(|it| it.rights);
        let rights = if is_secret { rights.map(Rights::of_secret) } else { rights };
        let temporary = self.notes.new_file(place);
        self.files.push(Waiting {
            path: path.clone(),
            folder: number,
            name: name.to_owned(),
            temporary: temporary.clone(),
            existing,
            new: None,
            is_old: old.is_some(),
            copy: copy.clone(),
            is_placed: false,
        });
        let file = folder.write_new(&temporary, rights, readers, |file| {
            if is_secret {
                folder.seal(&temporary)?;
            }
            let mut buffer = io::BufWriter::new(file);
            fill(&mut buffer)?;
            buffer.flush()
        });
        // The word of the system names the temporary file, of which nobody has heard.
        let file = file.map_err(|error| error.of(&path))?;
        if !is_synced_whole(count) {
            file.sync_all().map_err(Error::write(&path))?;
        }
        if let (Some(waiting), Found::File(about)) =
            (self.files.last_mut(), Handle::about(&file).map_err(Error::write(&path))?)
        {
            waiting.new = about.mark;
        }
        if let Some(copy) = copy {
            folder.copy(name, folder, &copy, |rights| rights).map_err(|error| error.of(&path))?;
        }
        Ok(())
    }

    /// Makes sure that what was written outlives a power failure before it gets its name.
    fn sync(&self, count: usize) -> Result<(), Error> {
        #[cfg(target_os = "linux")]
        if is_synced_whole(count) {
            return self.folders.iter().try_for_each(Folder::sync_file_system);
        }
        let _ = count;
        Ok(())
    }

    /// Puts all files where they belong, or none.
    pub fn place(mut self) -> Result<Settled, Error> {
        if self.files.len() > 1 {
            // Else files of two runs that replace the same ones could end up mixed.
            self.notes.in_order().filter_map(|number| self.folders.get(number)).for_each(Folder::take);
        }
        self.list()?;
        self.rename(usize::MAX)?;
        self.folders.iter().try_for_each(Folder::sync)?;
        for (path, bytes) in &self.special {
            write_into(path, bytes).map_err(Error::write(path))?;
        }
        self.is_done = true;
        Ok(std::mem::take(&mut self.settled))
    }

    /// Notes what belongs where, so that somebody else can finish it. One file alone needs no such note.
    pub(super) fn list(&mut self) -> Result<(), Error> {
        let mut planned = Vec::new();
        for (number, file) in self.files.iter().enumerate() {
            let (Some(folder), Some(new)) = (self.folders.get(file.folder), file.new) else { return Ok(()) };
            let old = match folder.found(&file.name)? {
                Found::File(about) => about.mark,
                _ => None,
            };
            planned.push(Planned { folder: self.notes.path(file.folder), name: file.name.clone(), number, new, old });
        }
        if planned.len() > 1 { self.notes.list(planned, &self.folders) } else { Ok(()) }
    }

    /// Renames the first so many files.
    pub(super) fn rename(&mut self, count: usize) -> Result<(), Error> {
        for file in self.files.iter_mut().take(count).filter(|file| !file.is_placed) {
            let Some(folder) = self.folders.get(file.folder) else { continue };
            let placed = match file.existing {
                Existing::Keep => folder.rename_new(&file.temporary, folder, &file.name),
                Existing::Replace | Existing::Update => folder.rename(&file.temporary, folder, &file.name),
            };
            placed.map_err(|source| match (source.kind(), file.existing) {
                (io::ErrorKind::AlreadyExists, Existing::Keep) => Error::Kept { path: file.path.clone() },
                _ => Error::Write { path: file.path.clone(), source },
            })?;
            file.is_placed = true;
        }
        Ok(())
    }

    /// Leaves everything as a run does that is killed here.
    #[cfg(test)]
    pub(super) fn die(mut self) {
        self.notes.die();
        std::mem::forget(self);
    }

    /// Puts back what stood there before.
    fn take_back(&self, folder: &Folder, file: &Waiting) {
        // What can be done is done; the failure that led here is the one that is told.
        let _ = match &file.copy {
            Some(copy) => folder.rename(copy, folder, &file.name),
            None if file.is_old => Ok(()),
            None => folder.remove(&file.name).map_err(io::Error::other),
        };
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.is_done {
            self.notes.unlist();
        }
        for file in self.files.iter().rev() {
            let Some(folder) = self.folders.get(file.folder) else { continue };
            if file.is_placed && !self.is_done {
                self.take_back(folder, file);
            }
            let left = [Some(&file.temporary).filter(|_| !file.is_placed), file.copy.as_ref()];
            for name in left.into_iter().flatten() {
                // Left behind it is in nobody's way.
                let _ = folder.remove(name);
            }
        }
        self.notes.leave(&self.folders);
        if !self.is_done {
            for folder in self.made.iter().rev() {
                // Somebody else may have put something there meanwhile.
                let _ = fs::remove_dir(folder);
            }
        }
    }
}

/// Writes into a pipe or device that the user has named: opening one that nobody reads must not wait for ever.
#[cfg(unix)]
fn write_into(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let start = std::time::Instant::now();
    loop {
        #[expect(clippy::disallowed_methods, reason = "the user named a pipe or device to be written into")]
        match fs::File::options().write(true).custom_flags(flags).open(path) {
            Ok(mut file) => {
                rustix::fs::fcntl_setfl(&file, OFlags::empty())?;
                return file.write_all(bytes);
            }
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) => {
                if start.elapsed() >= super::PATIENCE {
                    return Err(io::Error::new(io::ErrorKind::TimedOut, "nobody reads this pipe"));
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Writes into a pipe or device that the user has named.
#[cfg(not(unix))]
fn write_into(path: &Path, bytes: &[u8]) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "the user named a pipe or device to be written into")]
    let mut file = fs::File::options().write(true).open(path)?;
    file.write_all(bytes)
}

/// A folder for private keys is for their owner, any other as usual.
fn builder(folder: &Path) -> fs::DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has such modes"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    if folder.file_name().is_some_and(|name| name.eq_ignore_ascii_case("private")) {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    }
    #[cfg(not(unix))]
    let _ = folder;
    builder
}

//! How files are written: whole or not at all, several of them all or none, and never through a stranger's link.
//!
//! A folder is held open, and what is in it is looked up by its name there: no link is followed,
//! nothing but a regular file is opened, and nobody can put another folder in place meanwhile.
//! A [`Batch`] writes files that a user has named: links to them are followed first, each file is written
//! beside its place, synced, and renamed; what a killed run has left of that, the next one settles. Refuses to know
//! what the files say.

#[cfg(feature = "store")]
mod batch;
mod error;
#[cfg(feature = "store")]
mod lock;
mod mark;
mod named;
pub mod names;
#[cfg(not(unix))]
mod other;
#[cfg(feature = "store")]
mod unfinished;
#[cfg(unix)]
mod unix;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

#[cfg(feature = "store")]
pub use self::batch::{Batch, Staged};
pub use self::error::{Doubt, Error};
#[cfg(feature = "store")]
pub use self::lock::FileLock;
#[cfg(feature = "store")]
pub(crate) use self::lock::wait;
pub(crate) use self::mark::Mark;
#[cfg(feature = "store")]
pub(crate) use self::mark::is_unfinished;
pub(crate) use self::named::refuse_planted_links;
pub use self::named::{Existing, read, refuse, require_own, vet};
#[cfg(not(unix))]
use self::other::Handle;
#[cfg(not(unix))]
pub use self::other::Rights;
#[cfg(feature = "store")]
pub use self::unfinished::Settled;
#[cfg(fuzzing)]
pub use self::unfinished::decode;
#[cfg(unix)]
use self::unix::Handle;
#[cfg(unix)]
pub use self::unix::Rights;

#[cfg(all(test, feature = "store"))]
mod tests;

/// What stands under a name, links not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Absent,
    File(About),
    Link,
    Folder,
    /// A pipe, socket or device.
    Special,
}

/// What the file system knows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) rights: Rights,
    /// Whether it has another name, elsewhere.
    pub(crate) is_shared: bool,
    /// Tells it from any other file; all alike where the system cannot say.
    pub(crate) id: (u64, u64),
    /// Tells it from what it was before, too, where the system can say.
    pub(crate) mark: Option<Mark>,
}

/// Who may read a file or enter a folder that is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Everyone.
    Everyone,
    /// Whoever the user lets read new files.
    Usual,
    /// Its owner.
    Owner,
}

/// How long another run may keep a folder or a pipe from being written into.
const PATIENCE: Duration = Duration::from_secs(10);

/// A folder that is held open.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    handle: Handle,
}

/// The bytes of a file, and what was seen of it when it was opened.
type ReadFile = (Zeroizing<Vec<u8>>, About);

impl Folder {
    /// Opens a folder by its path, the last link of which is not followed.
    pub(crate) fn at(path: &Path) -> Result<Folder, Error> {
        let handle = Handle::open(path).map_err(Error::write(path))?;
        Ok(Folder { path: path.to_owned(), handle })
    }

    /// Opens a folder that a user has named: links to it are followed.
    pub(crate) fn find(path: &Path) -> Result<Folder, Error> {
        refuse_planted_links(path)?;
        let handle = Handle::find(path).map_err(Error::write(path))?;
        Ok(Folder { path: path.to_owned(), handle })
    }

    /// Whether another one is the same, whatever it is called.
    pub(crate) fn is(&self, other: &Folder) -> Result<bool, Error> {
        self.handle.is(&other.handle).map_err(Error::write(&self.path))
    }

    /// The same folder, once more.
    pub(crate) fn again(&self) -> Result<Folder, Error> {
        let handle = self.handle.again().map_err(Error::write(&self.path))?;
        Ok(Folder { path: self.path.clone(), handle })
    }

    /// Opens a folder in this one; `None` where there is none.
    pub(crate) fn enter(&self, name: &OsStr) -> Result<Option<Folder>, Error> {
        match self.handle.enter(name) {
            Ok(handle) => Ok(Some(Folder { path: self.path(name), handle })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => match self.found(name)? {
                Found::Folder => Err(Error::Write { path: self.path(name), source }),
                Found::Link => Err(self.doubt(name, Doubt::Link)),
                _ => Err(self.doubt(name, Doubt::NoFolder)),
            },
        }
    }

    /// Opens a folder in this one, made where there is none; says whether it was made.
    pub(crate) fn enter_or_make(&self, name: &OsStr, readers: Readers) -> Result<(Folder, bool), Error> {
        if let Some(folder) = self.enter(name)? {
            return Ok((folder, false));
        }
        match self.handle.make(name, readers) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Error::Write { path: self.path(name), source: error });
            }
            _ => {}
        }
        match self.enter(name)? {
            Some(folder) => Ok((folder, true)),
            None => Err(Error::Write { path: self.path(name), source: io::ErrorKind::NotFound.into() }),
        }
    }

    /// Where it is, for messages.
    pub(crate) fn path(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }

    /// Says that what stands under a name is not touched.
    pub(crate) fn doubt(&self, name: &OsStr, doubt: Doubt) -> Error {
        Error::Refused { path: self.path(name), doubt }
    }

    /// What stands under a name.
    pub(crate) fn found(&self, name: &OsStr) -> Result<Found, Error> {
        match self.handle.found(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Absent),
            found => found.map_err(|source| Error::Write { path: self.path(name), source }),
        }
    }

    /// Opens a regular file to read it; `None` where there is nothing of that name.
    pub(crate) fn open(&self, name: &OsStr) -> Result<Option<(File, About)>, Error> {
        self.regular(name, self.handle.read(name))
    }

    /// Reads a regular file of at most so many bytes; `None` where there is nothing of that name.
    pub(crate) fn read(&self, name: &OsStr, limit: u64) -> Result<Option<ReadFile>, Error> {
        let failed = |source| Error::Write { path: self.path(name), source };
        let Some((file, about)) = self.open(name)? else { return Ok(None) };
        let too_large = || Err(failed(io::ErrorKind::FileTooLarge.into()));
        if file.metadata().map_err(failed)?.len() > limit {
            return too_large();
        }
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > limit {
            return too_large();
        }
        Ok(Some((bytes, about)))
    }

    /// Opens a regular file to write into it, made for its owner alone where there is none.
    pub(crate) fn open_or_create(&self, name: &OsStr) -> Result<(File, About), Error> {
        let opened = self.regular(name, self.handle.open_or_create(name))?;
        opened.ok_or_else(|| Error::Write { path: self.path(name), source: io::ErrorKind::NotFound.into() })
    }

    /// Opens a regular file that is there to write into it: says whether that may be done.
    pub(crate) fn open_writable(&self, name: &OsStr) -> Result<Option<File>, Error> {
        Ok(self.regular(name, self.handle.write(name))?.map(|(file, _)| file))
    }

    /// Looks at what was opened: nothing but a regular file will do.
    fn regular(&self, name: &OsStr, opened: io::Result<File>) -> Result<Option<(File, About)>, Error> {
        let failed = |source| Error::Write { path: self.path(name), source };
        match opened {
            Ok(file) => match Handle::about(&file).map_err(failed)? {
                Found::File(about) => Ok(Some((file, about))),
                _ => Err(self.doubt(name, Doubt::NoFile)),
            },
            Err(source) => match self.found(name)? {
                Found::Absent => Ok(None),
                Found::File(_) => Err(failed(source)),
                Found::Link => Err(self.doubt(name, Doubt::Link)),
                Found::Folder | Found::Special => Err(self.doubt(name, Doubt::NoFile)),
            },
        }
    }

    /// Writes a new file; fails where there is something of that name. Until it is whole, it is its owner's alone.
    pub(crate) fn write_new(
        &self,
        name: &OsStr,
        rights: Option<Rights>,
        readers: Readers,
        content: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<File, Error> {
        let failed = |source| Error::Write { path: self.path(name), source };
        let born = if rights.is_some() { Readers::Owner } else { readers };
        let mut file = self.handle.create(name, born).map_err(failed)?;
        // As far as the user lets new files be read, which nothing but a new file tells.
        let usual = Handle::close_to_others(&file).map_err(failed)?;
        content(&mut file).map_err(failed)?;
        match (rights, readers) {
            (Some(rights), _) => {
                rights.give(&file).map_err(|source| Error::Owner { path: self.path(name), source })?;
            }
            (None, Readers::Owner) => {}
            (None, Readers::Everyone) => Handle::open_to_everyone(&file).map_err(failed)?,
            (None, Readers::Usual) => Handle::open_as(&file, usual).map_err(failed)?,
        }
        Ok(file)
    }

    /// Takes a new and still empty file from all but its owner where it cannot be made so (Windows).
    pub(crate) fn seal(&self, name: &OsStr) -> io::Result<()> {
        self.handle.seal(name)
    }

    /// Copies a regular file, with the rights that are made of its own. `None` where there is nothing of that name.
    pub(crate) fn copy(
        &self,
        name: &OsStr,
        to: &Folder,
        copy: &OsStr,
        rights: impl FnOnce(Rights) -> Rights,
    ) -> Result<Option<File>, Error> {
        let Some((mut file, about)) = self.open(name)? else { return Ok(None) };
        let content = |copy: &mut File| io::copy(&mut file, copy).map(drop);
        to.write_new(copy, Some(rights(about.rights)), Readers::Owner, content).map(Some)
    }

    /// Where a symbolic link leads.
    pub(crate) fn target(&self, name: &OsStr) -> Result<PathBuf, Error> {
        self.handle.target(name).map_err(|source| Error::Write { path: self.path(name), source })
    }

    /// Makes a symbolic link.
    pub(crate) fn link(&self, target: &Path, name: &OsStr) -> Result<(), Error> {
        self.handle.link(target, name).map_err(|source| Error::Write { path: self.path(name), source })
    }

    /// Renames a file, in place of what has the new name.
    pub(crate) fn rename(&self, name: &OsStr, to: &Folder, new: &OsStr) -> io::Result<()> {
        self.handle.rename(name, &to.handle, new)
    }

    /// Renames a file to a name that nothing has; fails where something has it.
    pub(crate) fn rename_new(&self, name: &OsStr, to: &Folder, new: &OsStr) -> io::Result<()> {
        self.handle.rename_new(name, &to.handle, new)
    }

    /// Removes a file that may be gone already.
    pub(crate) fn remove(&self, name: &OsStr) -> Result<(), Error> {
        match self.handle.remove(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::Write { path: self.path(name), source: error })
            }
            _ => Ok(()),
        }
    }

    /// Removes a folder as far as nothing is in it.
    pub(crate) fn remove_folder(&self, name: &OsStr) {
        // What somebody else has put something into stays.
        let _ = self.handle.remove_folder(name);
    }

    /// Removes a folder with the files in it; folders in it stay, and it with them.
    pub(crate) fn remove_with_files(&self, name: &OsStr) -> Result<(), Error> {
        let Some(folder) = self.enter(name)? else { return Ok(()) };
        for file in folder.names()? {
            folder.remove(&file)?;
        }
        self.remove_folder(name);
        Ok(())
    }

    /// The names in it, in no order.
    pub(crate) fn names(&self) -> Result<Vec<std::ffi::OsString>, Error> {
        self.handle.names().map_err(Error::write(&self.path))
    }

    /// Waits a while until no other certkit puts files in place in it. Not for ever: everybody who may read a folder can
    /// take it. It is let go of with the last handle.
    pub(crate) fn take(&self) {
        let start = Instant::now();
        while !self.handle.take() && start.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Makes the names in it last.
    pub(crate) fn sync(&self) -> Result<(), Error> {
        self.handle.sync().map_err(Error::write(&self.path))
    }

    /// Makes everything that was written to its file system last.
    #[cfg(target_os = "linux")]
    pub(crate) fn sync_file_system(&self) -> Result<(), Error> {
        self.handle.sync_file_system().map_err(Error::write(&self.path))
    }

    /// Who owns it, and who may do what.
    pub(crate) fn rights(&self) -> Result<Rights, Error> {
        self.handle.rights().map_err(Error::write(&self.path))
    }

    /// Gives it to an owner.
    pub(crate) fn give(&self, to: Rights) -> io::Result<()> {
        self.handle.give(to)
    }
}

/// Says whether a part of a path names an entry of its folder, and nothing else, on this system.
pub(crate) fn is_plain(part: &str, is_windows: bool) -> bool {
    let is_name = !part.is_empty() && part != "." && part != ".." && !part.contains(['/', '\0']);
    is_name && (!is_windows || !part.contains(['\\', ':']) && !names::is_device(part))
}

//! Folders and files that somebody else may have prepared.
//!
//! A folder is held open, and what is in it is looked up by its name there: no link is followed,
//! nothing but a regular file is opened, and nobody can put another folder in place meanwhile.
//! Refuses to know what the files say.

mod lock;
#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::{Doubt, StoreError};
use crate::source::file::LIMIT;

pub use self::lock::FileLock;
pub(super) use self::lock::wait;
#[cfg(not(unix))]
use self::other::Handle;
#[cfg(not(unix))]
pub use self::other::Rights;
#[cfg(not(unix))]
pub(super) use self::other::open_to;
#[cfg(unix)]
use self::unix::Handle;
#[cfg(unix)]
pub use self::unix::Rights;
#[cfg(unix)]
pub(super) use self::unix::open_to;

/// What stands under a name, links not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Absent,
    File(About),
    Link,
    Folder,
    /// A pipe, socket or device.
    Special,
}

/// What the file system knows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct About {
    pub(super) rights: Rights,
    /// Whether it has another name, elsewhere.
    pub(super) is_shared: bool,
    /// Tells it from any other file; all alike where the system cannot say.
    pub(super) id: (u64, u64),
}

/// Who may read a file or enter a folder that is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readers {
    Everyone,
    Owner,
}

/// A folder that is held open.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    handle: Handle,
}

/// The bytes of a file, and what was seen of it when it was opened.
type ReadFile = (Zeroizing<Vec<u8>>, About);

impl Folder {
    /// Opens a folder by its path, the last link of which is not followed.
    pub(super) fn open(path: &Path) -> Result<Folder, StoreError> {
        let handle = Handle::open(path).map_err(StoreError::write(path))?;
        Ok(Folder { path: path.to_owned(), handle })
    }

    /// The same folder, once more.
    pub(super) fn again(&self) -> Result<Folder, StoreError> {
        let handle = self.handle.again().map_err(StoreError::write(&self.path))?;
        Ok(Folder { path: self.path.clone(), handle })
    }

    /// Opens a folder in this one; `None` where there is none.
    pub(super) fn enter(&self, name: &OsStr) -> Result<Option<Folder>, StoreError> {
        match self.handle.enter(name) {
            Ok(handle) => Ok(Some(Folder { path: self.path(name), handle })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => match self.found(name)? {
                Found::Folder => Err(StoreError::Write { path: self.path(name), source }),
                Found::Link => Err(self.doubt(name, Doubt::Link)),
                _ => Err(self.doubt(name, Doubt::NoFolder)),
            },
        }
    }

    /// Opens a folder in this one, made where there is none; says whether it was made.
    pub(super) fn enter_or_make(&self, name: &OsStr, readers: Readers) -> Result<(Folder, bool), StoreError> {
        if let Some(folder) = self.enter(name)? {
            return Ok((folder, false));
        }
        match self.handle.make(name, readers) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(StoreError::Write { path: self.path(name), source: error });
            }
            _ => {}
        }
        match self.enter(name)? {
            Some(folder) => Ok((folder, true)),
            None => Err(StoreError::Write { path: self.path(name), source: io::ErrorKind::NotFound.into() }),
        }
    }

    /// Where it is, for messages.
    pub(super) fn path(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }

    /// Says that what stands under a name is not touched.
    pub(super) fn doubt(&self, name: &OsStr, doubt: Doubt) -> StoreError {
        StoreError::Refused { path: self.path(name), doubt }
    }

    /// What stands under a name.
    pub(super) fn found(&self, name: &OsStr) -> Result<Found, StoreError> {
        match self.handle.found(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Absent),
            found => found.map_err(|source| StoreError::Write { path: self.path(name), source }),
        }
    }

    /// Reads a regular file; `None` where there is nothing of that name.
    pub(super) fn read(&self, name: &OsStr) -> Result<Option<ReadFile>, StoreError> {
        let failed = |source| StoreError::Write { path: self.path(name), source };
        let Some((file, about)) = self.regular(name, self.handle.read(name))? else { return Ok(None) };
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(LIMIT.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > LIMIT {
            return Err(failed(io::ErrorKind::FileTooLarge.into()));
        }
        Ok(Some((bytes, about)))
    }

    /// Opens a regular file to write into it, made for its owner alone where there is none.
    pub(super) fn open_or_create(&self, name: &OsStr) -> Result<(File, About), StoreError> {
        let opened = self.regular(name, self.handle.open_or_create(name))?;
        opened.ok_or_else(|| StoreError::Write { path: self.path(name), source: io::ErrorKind::NotFound.into() })
    }

    /// Opens a regular file that is there to write into it: says whether that may be done.
    pub(super) fn open_writable(&self, name: &OsStr) -> Result<Option<File>, StoreError> {
        Ok(self.regular(name, self.handle.write(name))?.map(|(file, _)| file))
    }

    /// Looks at what was opened: nothing but a regular file will do.
    fn regular(&self, name: &OsStr, opened: io::Result<File>) -> Result<Option<(File, About)>, StoreError> {
        let failed = |source| StoreError::Write { path: self.path(name), source };
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

    /// Makes a new file, for its owner alone; fails where there is something of that name.
    pub(super) fn create(&self, name: &OsStr) -> Result<File, StoreError> {
        self.handle.create(name).map_err(|source| StoreError::Write { path: self.path(name), source })
    }

    /// Where a symbolic link leads.
    pub(super) fn target(&self, name: &OsStr) -> Result<PathBuf, StoreError> {
        self.handle.target(name).map_err(|source| StoreError::Write { path: self.path(name), source })
    }

    /// Makes a symbolic link.
    pub(super) fn link(&self, target: &Path, name: &OsStr) -> Result<(), StoreError> {
        self.handle.link(target, name).map_err(|source| StoreError::Write { path: self.path(name), source })
    }

    /// Renames a file, in place of what has the new name.
    pub(super) fn rename(&self, name: &OsStr, to: &Folder, new: &OsStr) -> io::Result<()> {
        self.handle.rename(name, &to.handle, new)
    }

    /// Removes a file that may be gone already.
    pub(super) fn remove(&self, name: &OsStr) -> Result<(), StoreError> {
        match self.handle.remove(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::Write { path: self.path(name), source: error })
            }
            _ => Ok(()),
        }
    }

    /// Removes a folder as far as nothing is in it.
    pub(super) fn remove_folder(&self, name: &OsStr) {
        // What somebody else has put something into stays.
        let _ = self.handle.remove_folder(name);
    }

    /// Removes a folder with the files in it; folders in it stay, and it with them.
    pub(super) fn remove_with_files(&self, name: &OsStr) -> Result<(), StoreError> {
        let Some(folder) = self.enter(name)? else { return Ok(()) };
        for file in folder.names()? {
            folder.remove(&file)?;
        }
        self.remove_folder(name);
        Ok(())
    }

    /// The names in it, in no order.
    pub(super) fn names(&self) -> Result<Vec<std::ffi::OsString>, StoreError> {
        self.handle.names().map_err(StoreError::write(&self.path))
    }

    /// Makes the names in it last.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        self.handle.sync().map_err(StoreError::write(&self.path))
    }

    /// Who owns it, and who may do what.
    pub(super) fn rights(&self) -> Result<Rights, StoreError> {
        self.handle.rights().map_err(StoreError::write(&self.path))
    }

    /// Gives it to an owner.
    pub(super) fn give(&self, to: Rights) -> io::Result<()> {
        self.handle.give(to)
    }
}

/// Those whose files count as the store's own: who runs certkit, who owns the store, and who may do everything anyway.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owners {
    pub(super) store: Rights,
}

impl Owners {
    /// Says whether something belongs to one of them.
    pub(super) fn include(self, rights: Rights) -> bool {
        rights.is_root() || rights.is_callers() || rights.has_owner_of(self.store)
    }
}

/// Says whether a part of a path names an entry of its folder, and nothing else, on this system.
pub(super) fn is_plain(part: &str, is_windows: bool) -> bool {
    let is_name = !part.is_empty() && part != "." && part != ".." && !part.contains(['/', '\0']);
    is_name && (!is_windows || !part.contains(['\\', ':']) && !super::names::is_device(part))
}

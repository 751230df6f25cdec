//! One run at a time: from reading a file to replacing it, nobody else may.

use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use super::error::{Doubt, Error};
use super::named::{followed, parent};
use super::unfinished::{self, Settled};
use super::{Folder, Found};

/// A file that no other certkit reads and replaces until this is dropped.
///
/// The lock is a file of its own, since the one that it is for is replaced; it goes with the lock.
#[derive(Debug)]
pub struct FileLock {
    folder: Folder,
    name: OsString,
    settled: Settled,
    _file: File,
}

impl FileLock {
    /// Waits until no other run holds the lock of a file, there or not: `FILE.lock` beside where links lead.
    pub fn of(path: &Path, patience: Duration) -> Result<FileLock, Error> {
        let real = followed(path)?;
        let mut name = real.file_name().unwrap_or_default().to_owned();
        name.push(".lock");
        FileLock::named(parent(&real), &name, patience)
    }

    /// Waits until no other run holds a lock of this name in a folder.
    pub fn named(folder: &Path, name: &OsStr, patience: Duration) -> Result<FileLock, Error> {
        let folder = Folder::find(folder)?;
        let start = Instant::now();
        loop {
            let (file, about) = folder.open_or_create(name)?;
            if about.is_shared {
                return Err(folder.doubt(name, Doubt::Shared));
            }
            wait(&file, &folder.path(name), start, patience)?;
            // Who held it before has taken its name away.
            if matches!(folder.found(name)?, Found::File(named) if named.id == about.id) {
                let mut settled = Settled::default();
                // Before anybody reads what is to be replaced.
                unfinished::settle(&folder, &mut settled);
                return Ok(FileLock { folder, name: name.to_owned(), settled, _file: file });
            }
        }
    }
}

impl FileLock {
    /// What was done about runs that were killed in the same folder.
    pub fn settled(&self) -> &Settled {
        &self.settled
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Left behind it is in nobody's way.
        let _ = self.folder.remove(&self.name);
    }
}

/// Waits for a lock.
pub(crate) fn wait(lock: &File, path: &Path, start: Instant, patience: Duration) -> Result<(), Error> {
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if start.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => return Err(Error::Busy { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(Error::Write { path: path.to_owned(), source }),
        }
    }
}

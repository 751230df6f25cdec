//! Folders by their handles, as every Unix has them.

#![expect(
    clippy::disallowed_methods,
    reason = "a folder's own files are opened below its handle, and looked at after opening"
)]

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, Mode, OFlags};

use super::{About, Found, Mark, Readers};

/// Owner, group and permissions of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    user: u32,
    group: u32,
    mode: u32,
}

impl Rights {
    fn of(found: &Metadata) -> Rights {
        Rights { user: found.uid(), group: found.gid(), mode: found.mode() & 0o777 }
    }

    /// Whether root owns it.
    pub(crate) fn is_root(self) -> bool {
        self.user == 0
    }

    /// Whether the user of this process owns it.
    pub(crate) fn is_callers(self) -> bool {
        self.user == rustix::process::geteuid().as_raw()
    }

    pub(crate) fn has_owner_of(self, other: Rights) -> bool {
        self.user == other.user
    }

    /// Whether others than its owner may write.
    pub(crate) fn is_open_to_others(self) -> bool {
        self.mode & 0o022 != 0
    }

    /// The rights of a secret in its place: a group that alone could read it still can; where everybody could, nobody has
    /// chosen who may, and its owner alone can.
    pub(crate) fn of_secret(self) -> Rights {
        let kept = if self.mode & 0o007 == 0 { 0o740 } else { 0o600 };
        Rights { mode: self.mode & kept, ..self }
    }

    /// The same owner and group with other permissions, none of which lets everyone write.
    pub(crate) fn with_mode(self, mode: u32) -> Rights {
        Rights { mode: mode & 0o775, ..self }
    }

    /// The permissions.
    #[expect(clippy::unnecessary_wraps, reason = "not every system has them")]
    pub(crate) fn mode(self) -> Option<u32> {
        Some(self.mode)
    }

    /// Gives a file these rights, and its owner and group.
    pub(crate) fn give(self, file: &File) -> io::Result<()> {
        let fresh = file.metadata()?;
        if (fresh.uid(), fresh.gid()) != (self.user, self.group) {
            std::os::unix::fs::fchown(file, Some(self.user), Some(self.group))?;
        }
        // After the owner: giving a file away takes some of its rights.
        file.set_permissions(Permissions::from_mode(self.mode))
    }

    /// Gives a file to its owner and group where root has made it, and keeps its permissions.
    pub(crate) fn give_ownership(self, file: impl std::os::fd::AsFd) -> io::Result<()> {
        if rustix::process::geteuid().is_root() && self.user != 0 {
            std::os::unix::fs::fchown(file, Some(self.user), Some(self.group))?;
        }
        Ok(())
    }
}

/// What tells a file that was changed last at this time.
#[allow(clippy::unnecessary_fallible_conversions, reason = "the types of these numbers differ between systems")]
fn mark((device, number): (u64, u64), seconds: impl TryInto<i64>, nanoseconds: impl TryInto<u32>) -> Option<Mark> {
    Some(Mark { device, number, seconds: seconds.try_into().ok()?, nanoseconds: nanoseconds.try_into().ok()? })
}

/// A folder that is open.
#[derive(Debug)]
pub(super) struct Handle(OwnedFd);

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
/// Opening a pipe must not wait for somebody at its other end.
const FILE: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

impl Handle {
    pub(super) fn open(path: &Path) -> io::Result<Handle> {
        Ok(Handle(fs::openat(CWD, path, FOLDER, Mode::empty())?))
    }

    /// Opens a folder that links may lead to.
    pub(super) fn find(path: &Path) -> io::Result<Handle> {
        Ok(Handle(fs::openat(CWD, path, FOLDER.difference(OFlags::NOFOLLOW), Mode::empty())?))
    }

    pub(super) fn is(&self, other: &Handle) -> io::Result<bool> {
        let [one, two] = [fs::fstat(&self.0)?, fs::fstat(&other.0)?];
        Ok((one.st_dev, one.st_ino) == (two.st_dev, two.st_ino))
    }

    pub(super) fn again(&self) -> io::Result<Handle> {
        self.0.try_clone().map(Handle)
    }

    pub(super) fn enter(&self, name: &OsStr) -> io::Result<Handle> {
        Ok(Handle(fs::openat(&self.0, name, FOLDER, Mode::empty())?))
    }

    pub(super) fn make(&self, name: &OsStr, readers: Readers) -> io::Result<()> {
        let mode = if readers == Readers::Owner { 0o700 } else { 0o777 };
        Ok(fs::mkdirat(&self.0, name, Mode::from_raw_mode(mode))?)
    }

    fn file(&self, name: &OsStr, flags: OFlags) -> io::Result<File> {
        self.file_with(name, flags, 0o600)
    }

    fn file_with(&self, name: &OsStr, flags: OFlags, mode: fs::RawMode) -> io::Result<File> {
        Ok(File::from(fs::openat(&self.0, name, FILE | flags, Mode::from_raw_mode(mode))?))
    }

    pub(super) fn read(&self, name: &OsStr) -> io::Result<File> {
        self.file(name, OFlags::RDONLY)
    }

    pub(super) fn write(&self, name: &OsStr) -> io::Result<File> {
        self.file(name, OFlags::WRONLY)
    }

    pub(super) fn open_or_create(&self, name: &OsStr) -> io::Result<File> {
        self.file(name, OFlags::RDWR | OFlags::CREATE)
    }

    /// As far as the user lets new files be read.
    pub(super) fn create(&self, name: &OsStr, readers: Readers) -> io::Result<File> {
        let mode = if readers == Readers::Owner { 0o600 } else { 0o644 };
        self.file_with(name, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL, mode)
    }

    /// Lets everyone read a file, whatever the user lets be done with new ones.
    pub(super) fn open_to_everyone(file: &File) -> io::Result<()> {
        file.set_permissions(Permissions::from_mode(0o644))
    }

    /// Takes the folder for this run alone, until it is let go of; says whether nobody else has it.
    pub(super) fn take(&self) -> bool {
        !matches!(fs::flock(&self.0, fs::FlockOperation::NonBlockingLockExclusive), Err(rustix::io::Errno::WOULDBLOCK))
    }

    /// Takes a new and still empty file from all but its owner, where it cannot be made so.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "other systems have work to do")]
    pub(super) fn seal(&self, _: &OsStr) -> io::Result<()> {
        Ok(())
    }

    /// Lets nobody but its owner read a new file; gives who might.
    pub(super) fn close_to_others(file: &File) -> io::Result<Permissions> {
        let usual = file.metadata()?.permissions();
        if usual.mode() & 0o077 != 0 {
            file.set_permissions(Permissions::from_mode(0o600))?;
        }
        Ok(usual)
    }

    /// Lets those read a file that might when it was new.
    pub(super) fn open_as(file: &File, usual: Permissions) -> io::Result<()> {
        file.set_permissions(usual)
    }

    /// What an open file is.
    pub(super) fn about(file: &File) -> io::Result<Found> {
        let found = file.metadata()?;
        let kind = found.file_type();
        Ok(if kind.is_file() {
            let (rights, id) = (Rights::of(&found), (found.dev(), found.ino()));
            let mark = mark(id, found.ctime(), found.ctime_nsec());
            Found::File(About { rights, is_shared: found.nlink() > 1, id, mark })
        } else if kind.is_dir() {
            Found::Folder
        } else if kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device() {
            Found::Special
        } else {
            Found::Link
        })
    }

    #[expect(clippy::useless_conversion, reason = "the types of these numbers differ between systems")]
    pub(super) fn found(&self, name: &OsStr) -> io::Result<Found> {
        let found = fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
        Ok(match fs::FileType::from_raw_mode(found.st_mode) {
            fs::FileType::RegularFile => {
                let mode = u32::from(found.st_mode) & 0o777;
                let rights = Rights { user: found.st_uid, group: found.st_gid, mode };
                // Only told apart from each other, whatever their sign.
                #[allow(
                    clippy::cast_sign_loss,
                    clippy::unnecessary_cast,
                    reason = "some systems count devices with a sign"
                )]
                let id = (found.st_dev as u64, found.st_ino as u64);
                let mark = mark(id, found.st_ctime, found.st_ctime_nsec);
                Found::File(About { rights, is_shared: found.st_nlink > 1, id, mark })
            }
            fs::FileType::Directory => Found::Folder,
            fs::FileType::Symlink => Found::Link,
            _ => Found::Special,
        })
    }

    pub(super) fn target(&self, name: &OsStr) -> io::Result<PathBuf> {
        let target = fs::readlinkat(&self.0, name, Vec::new())?;
        Ok(PathBuf::from(OsString::from_vec(target.into_bytes())))
    }

    pub(super) fn link(&self, target: &Path, name: &OsStr) -> io::Result<()> {
        Ok(fs::symlinkat(target, &self.0, name)?)
    }

    pub(super) fn rename(&self, name: &OsStr, to: &Handle, new: &OsStr) -> io::Result<()> {
        Ok(fs::renameat(&self.0, name, &to.0, new)?)
    }

    pub(super) fn rename_new(&self, name: &OsStr, to: &Handle, new: &OsStr) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        match fs::renameat_with(&self.0, name, &to.0, new, fs::RenameFlags::NOREPLACE) {
            // Not every file system knows it.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {}
            done => return Ok(done?),
        }
        fs::linkat(&self.0, name, &to.0, new, AtFlags::empty())?;
        self.remove(name)
    }

    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    pub(super) fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(&self.0, name, AtFlags::REMOVEDIR)?)
    }

    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in fs::Dir::read_from(&self.0)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name != "." && name != ".." {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(fs::fsync(&self.0)?)
    }

    #[cfg(target_os = "linux")]
    pub(super) fn sync_file_system(&self) -> io::Result<()> {
        Ok(fs::syncfs(&self.0)?)
    }

    pub(super) fn rights(&self) -> io::Result<Rights> {
        Ok(Rights::of(&File::from(self.0.try_clone()?).metadata()?))
    }

    pub(super) fn give(&self, to: Rights) -> io::Result<()> {
        to.give_ownership(self.0.as_fd())
    }
}

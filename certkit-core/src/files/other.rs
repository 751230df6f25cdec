//! Folders by their paths, where there are no handles of them to look names up in.
//!
//! What is a reparse point (a symbolic link, a junction) is not followed: each name is looked at
//! before it is used, and files are opened as what they are themselves.

#![expect(
    clippy::disallowed_methods,
    reason = "a folder's own files are opened below its handle, and looked at after opening"
)]

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::{About, Found, Readers};

/// Owner and permissions: a new file inherits those of its folder, as the old one did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights;

impl Rights {
    pub(crate) fn is_root(self) -> bool {
        true
    }

    pub(crate) fn is_callers(self) -> bool {
        true
    }

    pub(crate) fn has_owner_of(self, _: Rights) -> bool {
        true
    }

    pub(crate) fn is_open_to_others(self) -> bool {
        false
    }

    pub(crate) fn of_secret(self) -> Rights {
        self
    }

    pub(crate) fn with_mode(self, _: u32) -> Rights {
        self
    }

    pub(crate) fn mode(self) -> Option<u32> {
        None
    }

    pub(crate) fn give(self, _: &File) -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn give_ownership(self, _: &File) -> io::Result<()> {
        Ok(())
    }
}

/// A folder by its path.
#[derive(Debug)]
pub(super) struct Handle(PathBuf);

#[cfg(windows)]
fn is_link(found: &Metadata) -> bool {
    use std::os::windows::fs::MetadataExt as _;
    const REPARSE_POINT: u32 = 0x400;
    found.file_attributes() & REPARSE_POINT != 0
}

#[cfg(not(windows))]
fn is_link(found: &Metadata) -> bool {
    found.is_symlink()
}

/// Says whether a name stands for a device here.
fn is_device(name: &OsStr) -> bool {
    cfg!(windows) && super::names::is_device(&name.to_string_lossy())
}

/// Opens what has a name, not what that leads to.
fn options() -> OpenOptions {
    #[cfg_attr(not(windows), expect(unused_mut, reason = "only Windows has such a flag"))]
    let mut options = File::options();
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt as _;
        const OPEN_REPARSE_POINT: u32 = 0x0020_0000;
        options.custom_flags(OPEN_REPARSE_POINT);
    }
    options
}

fn sorted(found: &Metadata) -> Found {
    if is_link(found) {
        Found::Link
    } else if found.is_file() {
        Found::File(About { rights: Rights, is_shared: false, id: (0, 0), mark: None })
    } else if found.is_dir() {
        Found::Folder
    } else {
        Found::Special
    }
}

impl Handle {
    pub(super) fn open(path: &Path) -> io::Result<Handle> {
        match sorted(&fs::symlink_metadata(path)?) {
            Found::Folder => Ok(Handle(path.to_owned())),
            _ => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// Opens a folder that links may lead to.
    pub(super) fn find(path: &Path) -> io::Result<Handle> {
        Handle::open(&fs::canonicalize(path)?)
    }

    pub(super) fn is(&self, other: &Handle) -> io::Result<bool> {
        Ok(self.0 == other.0)
    }

    pub(super) fn again(&self) -> io::Result<Handle> {
        Handle::open(&self.0)
    }

    pub(super) fn enter(&self, name: &OsStr) -> io::Result<Handle> {
        Handle::open(&self.0.join(name))
    }

    pub(super) fn make(&self, name: &OsStr, _: Readers) -> io::Result<()> {
        fs::create_dir(self.0.join(name))
    }

    /// Folders cannot be taken.
    pub(super) fn take(&self) -> bool {
        true
    }

    /// The path of a file; the names of devices lead to none, wherever they stand.
    fn file(&self, name: &OsStr) -> io::Result<PathBuf> {
        if is_device(name) { Err(io::ErrorKind::InvalidInput.into()) } else { Ok(self.0.join(name)) }
    }

    /// Takes inherited rights to a new and still empty file away, and leaves those of the user.
    #[cfg(windows)]
    pub(super) fn seal(&self, name: &OsStr) -> io::Result<()> {
        let user = std::env::var("USERNAME").map_err(io::Error::other)?;
        // By its full path, so that nothing of that name in the current folder is run instead.
        let system = std::env::var_os("SystemRoot").unwrap_or_else(|| "C:\\Windows".into());
        let done = std::process::Command::new(Path::new(&system).join("System32").join("icacls.exe"))
            .arg(self.0.join(name))
            .args(["/inheritance:r", "/grant:r", &format!("{user}:F")])
            .output()?;
        if done.status.success() {
            Ok(())
        } else {
            Err(io::Error::other("icacls could not restrict the private key to its owner"))
        }
    }

    /// There is no way to take it from others.
    #[cfg(not(windows))]
    pub(super) fn seal(&self, _: &OsStr) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn read(&self, name: &OsStr) -> io::Result<File> {
        options().read(true).open(self.file(name)?)
    }

    pub(super) fn write(&self, name: &OsStr) -> io::Result<File> {
        options().write(true).open(self.file(name)?)
    }

    pub(super) fn open_or_create(&self, name: &OsStr) -> io::Result<File> {
        options().read(true).write(true).create(true).truncate(false).open(self.file(name)?)
    }

    pub(super) fn create(&self, name: &OsStr, _: Readers) -> io::Result<File> {
        options().write(true).create_new(true).open(self.file(name)?)
    }

    /// A new file has the rights of its folder.
    pub(super) fn open_to_everyone(_: &File) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn close_to_others(_: &File) -> io::Result<Rights> {
        Ok(Rights)
    }

    pub(super) fn open_as(_: &File, _: Rights) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn about(file: &File) -> io::Result<Found> {
        Ok(sorted(&file.metadata()?))
    }

    pub(super) fn found(&self, name: &OsStr) -> io::Result<Found> {
        if is_device(name) {
            return Ok(Found::Special);
        }
        Ok(sorted(&fs::symlink_metadata(self.0.join(name))?))
    }

    pub(super) fn target(&self, name: &OsStr) -> io::Result<PathBuf> {
        fs::read_link(self.0.join(name))
    }

    #[cfg(windows)]
    pub(super) fn link(&self, target: &Path, name: &OsStr) -> io::Result<()> {
        std::os::windows::fs::symlink_file(target, self.0.join(name))
    }

    #[cfg(not(windows))]
    pub(super) fn link(&self, _: &Path, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn rename(&self, name: &OsStr, to: &Handle, new: &OsStr) -> io::Result<()> {
        fs::rename(self.0.join(name), to.0.join(new))
    }

    pub(super) fn rename_new(&self, name: &OsStr, to: &Handle, new: &OsStr) -> io::Result<()> {
        let (from, new) = (self.0.join(name), to.0.join(new));
        match fs::hard_link(&from, &new) {
            Ok(()) => fs::remove_file(from),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // A file system without hard links, such as that of a USB stick.
            Err(_) if fs::symlink_metadata(&new).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(from, new),
        }
    }

    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    pub(super) fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_dir(self.0.join(name))
    }

    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        fs::read_dir(&self.0)?.map(|entry| Ok(entry?.file_name())).collect()
    }

    /// Only on Unix is a folder synced like a file.
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn rights(&self) -> io::Result<Rights> {
        Ok(Rights)
    }

    pub(super) fn give(&self, _: Rights) -> io::Result<()> {
        Ok(())
    }
}

//! What a user has named: where it leads, and whether it may be written.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Doubt, Error, Folder, Found};

/// Whether a file that is already there may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It is kept, and nothing is written.
    Keep,
    /// It is replaced; its owner, group and permissions stay. Another name of it (a hard link) keeps the old content, and
    /// [`Settled::parted`](super::Settled::parted) says so.
    Replace,
    /// It is replaced by what was made from it. Refused where it has another name, under which nobody would see the new.
    Update,
}

/// What a path leads to.
pub(super) enum Target {
    /// A file, which may not be there yet.
    File(PathBuf),
    /// A device or pipe, which nothing can take the place of.
    Special,
}

impl Target {
    pub(super) fn of(path: &Path, existing: Existing) -> Result<Target, Error> {
        if path.is_dir() {
            return Err(Error::Folder { path: path.to_owned() });
        }
        if existing == Existing::Keep && path.symlink_metadata().is_ok() {
            return Err(Error::Kept { path: path.to_owned() });
        }
        let file = followed(path)?;
        let is_special = fs::metadata(path).is_ok_and(|found| !found.is_file());
        Ok(if is_special { Target::Special } else { Target::File(file) })
    }
}

/// Refuses a place where nothing may be written, before any work is done.
pub fn refuse(path: &Path, existing: Existing) -> Result<(), Error> {
    Target::of(path, existing).map(drop)
}

/// How many links are followed one after the other: as many as Linux does.
const LINKS: usize = 40;

/// The file that a symbolic link leads to in the end, there or not; what is no link stays itself.
///
/// As Linux does (`fs.protected_symlinks`, `fs.protected_regular`), it touches nothing that somebody else has put into
/// a folder such as /tmp.
pub(super) fn followed(path: &Path) -> Result<PathBuf, Error> {
    let mut target = path.to_owned();
    for _ in 0..LINKS {
        if is_planted(&target) {
            return Err(Error::Refused { path: path.to_owned(), doubt: Doubt::Planted });
        }
        match fs::read_link(&target) {
            Ok(link) => target = parent(&target).join(link),
            Err(_) => return Ok(target),
        }
    }
    Err(Error::Circle { path: path.to_owned() })
}

/// Refuses a path that a link of somebody else in such a folder is part of.
pub(crate) fn refuse_planted_links(path: &Path) -> Result<(), Error> {
    match path.ancestors().find(|it| it.is_symlink() && is_planted(it)) {
        Some(link) => Err(Error::Refused { path: link.to_owned(), doubt: Doubt::Planted }),
        None => Ok(()),
    }
}

/// Whether neither the caller nor the owner of the folder has put something into a folder where everyone may.
#[cfg(unix)]
fn is_planted(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    const STICKY_FOR_EVERYONE: u32 = 0o1002;
    let (Ok(found), Ok(folder)) = (path.symlink_metadata(), parent(path).metadata()) else { return false };
    let is_own = [rustix::process::geteuid().as_raw(), folder.uid()].contains(&found.uid());
    folder.mode() & STICKY_FOR_EVERYONE == STICKY_FOR_EVERYONE && !is_own
}

/// Elsewhere such folders are each user's own.
#[cfg(not(unix))]
fn is_planted(_: &Path) -> bool {
    false
}

/// Reads a file that is to be replaced by what is made of it, `None` where there is none yet: links are followed as a
/// [`Batch`](super::Batch) does, and nothing but a regular file of at most so many bytes will do.
///
/// A link that leads nowhere is an error.
pub fn read(path: &Path, limit: u64) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let file = followed(path)?;
    let name = file.file_name().ok_or_else(|| Error::Folder { path: path.to_owned() })?;
    match Folder::find(parent(&file))?.read(name, limit).map_err(|error| error.of(path))? {
        Some((bytes, _)) => Ok(Some(bytes)),
        None if path.symlink_metadata().is_ok() => Err(Error::write(path)(io::ErrorKind::NotFound.into())),
        None => Ok(None),
    }
}

/// Looks at a file that something else than certkit's own writer will open by its name: gives its full path and, where
/// it is there, the file.
///
/// Nothing but a regular file of at most so many bytes will do, which the caller, root or the owner of its folder owns,
/// which has no other name, and which no link leads to.
pub fn vet(path: &Path, limit: u64) -> Result<(PathBuf, Option<File>), Error> {
    let name = path.file_name().ok_or_else(|| Error::Folder { path: path.to_owned() })?;
    let folder = Folder::find(parent(path))?;
    // SQLite does not know the form that Windows gives full paths.
    let full = if cfg!(windows) {
        path.to_owned()
    } else {
        fs::canonicalize(parent(path)).map_err(Error::write(path))?.join(name)
    };
    let about = match folder.found(name)? {
        Found::Absent => return Ok((full, None)),
        Found::File(about) => about,
        Found::Link => return Err(folder.doubt(name, Doubt::Link)),
        Found::Folder => return Err(Error::Folder { path: path.to_owned() }),
        Found::Special => return Err(folder.doubt(name, Doubt::NoFile)),
    };
    let rights = about.rights;
    if !(rights.is_callers() || rights.is_root() || rights.has_owner_of(folder.rights()?)) {
        return Err(folder.doubt(name, Doubt::Foreign));
    }
    if about.is_shared {
        return Err(folder.doubt(name, Doubt::Shared));
    }
    let Some((file, now)) = folder.open(name)? else { return Ok((full, None)) };
    let failed = |source| Error::Write { path: path.to_owned(), source };
    if now.id != about.id {
        return Err(folder.doubt(name, Doubt::Changed));
    }
    match file.metadata().map_err(failed)?.len() {
        size if size > limit => Err(failed(io::ErrorKind::FileTooLarge.into())),
        _ => Ok((full, Some(file))),
    }
}

/// Refuses a file that others than the caller and root may write, or put another one in place of: what such a file names
/// is not run. Every link on the way to it counts, and every folder that one of them or the file stands in.
#[cfg(unix)]
pub fn require_own(path: &Path) -> Result<(), Error> {
    require_own_way(path, LINKS)?;
    match fs::metadata(path).map_err(Error::read(path))?.is_file() {
        true => Ok(()),
        false => Err(Error::Refused { path: path.to_owned(), doubt: Doubt::NoFile }),
    }
}

#[cfg(unix)]
fn require_own_way(path: &Path, links: usize) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt as _;
    const OTHERS: u32 = 0o022;
    const STICKY: u32 = 0o1000;
    let full = std::path::absolute(path).map_err(Error::read(path))?;
    let caller = rustix::process::geteuid().as_raw();
    for place in full.ancestors() {
        let found = place.symlink_metadata().map_err(Error::read(place))?;
        let refused = |doubt| Err(Error::Refused { path: place.to_owned(), doubt });
        // Of a folder such as /tmp, nobody takes away what others have put there.
        let is_kept = found.is_dir() && found.mode() & STICKY != 0;
        if ![caller, 0].contains(&found.uid()) {
            return refused(Doubt::Others);
        }
        if found.is_symlink() {
            let target = fs::read_link(place).map_err(Error::read(place))?;
            let Some(links) = links.checked_sub(1) else { return refused(Doubt::Link) };
            require_own_way(&place.parent().unwrap_or(place).join(target), links)?;
        } else if found.mode() & OTHERS != 0 && !is_kept {
            return refused(Doubt::Open);
        }
    }
    Ok(())
}

/// Who may write a file no safe call tells here.
#[cfg(not(unix))]
pub fn require_own(path: &Path) -> Result<(), Error> {
    Err(Error::Refused { path: path.to_owned(), doubt: Doubt::Undetermined })
}

/// The folder that a file is in.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

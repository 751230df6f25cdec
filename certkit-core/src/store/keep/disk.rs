//! Single files: written beside, given the rights of the old one, synced, renamed.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::super::change::After;
use super::super::error::StoreError;
use super::journal::{self, State};

/// Makes a folder and those above it; gives those that were not there, the lowest first.
pub(super) fn make_folder(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let missing = folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.is_dir());
    let missing = missing.map(Path::to_owned).collect();
    fs::create_dir_all(folder).map_err(StoreError::write(folder))?;
    Ok(missing)
}

/// Takes away folders that were made for nothing, as far as nothing is in them.
pub(super) fn unmake_folders(made: &[PathBuf]) {
    for folder in made {
        // What somebody else has put something into stays.
        let _ = fs::remove_dir(folder);
    }
}

/// Says whether an open file is the one that has this name now.
pub(super) fn is_named(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let id = |it: &fs::Metadata| (it.dev(), it.ino());
        matches!((file.metadata(), fs::metadata(path)), (Ok(open), Ok(named)) if id(&open) == id(&named))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

/// Makes a folder for its owner alone, and empties one that is there.
pub(super) fn make_private_folder(folder: &Path) -> Result<(), StoreError> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(StoreError::write(folder))?;
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(StoreError::write(folder))
}

/// Makes the names in a folder last: on Unix a folder is synced like a file.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(StoreError::write(folder))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// What a file is, links not followed.
pub(super) fn state(path: &Path) -> Result<State, StoreError> {
    let failed = |source| StoreError::Write { path: path.to_owned(), source };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(State::Absent),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(State::Absent),
        Err(source) => Err(failed(source)),
        Ok(found) if found.is_symlink() => {
            let target = fs::read_link(path).map_err(failed)?;
            let text = target.to_str().ok_or_else(|| StoreError::PathNotText { path: path.to_owned() })?;
            Ok(State::Link(text.to_owned()))
        }
        Ok(_) => fs::read(path).map(|bytes| State::File(journal::sum(&bytes))).map_err(failed),
    }
}

/// Refuses a file that its user may not write: a rename would get around that.
pub(super) fn refuse_unwritable(path: &Path) -> Result<(), StoreError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => {
            File::options().write(true).open(path).map(drop).map_err(StoreError::write(path))
        }
        _ => Ok(()),
    }
}

/// Keeps a copy of a file, for its owner alone. Links need none: where they lead stands in the record.
pub(super) fn copy(path: &Path, copy: &Path) -> Result<(), StoreError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => {
            let bytes = zeroize::Zeroizing::new(fs::read(path).map_err(StoreError::write(path))?);
            write_new(copy, &bytes)?;
            // In a folder that nobody else enters.
            let file = File::options().write(true).open(copy).map_err(StoreError::write(copy))?;
            rights(&file, path, Mode::OwnerOnly)
        }
        _ => Ok(()),
    }
}

/// Writes a new file for its owner alone, and syncs it.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    create(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .map_err(StoreError::write(path))
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes what a file shall be to another place, with the rights and the owner of the file.
pub(super) fn stage(after: &After, path: &Path, staged: &Path) -> Result<(), StoreError> {
    let (bytes, like, mode) = match after {
        After::Absent => return Ok(()),
        After::Link(target) => return link(target, staged),
        After::Bytes(bytes) => (bytes, path, Mode::Everyone),
        After::Secret(bytes) => (bytes, path, Mode::OwnerOnly),
        After::Restored { bytes, like } => (bytes, if path.exists() { path } else { like.as_path() }, Mode::OwnerOnly),
    };
    let mut file = create(staged).map_err(StoreError::write(staged))?;
    file.write_all(bytes).map_err(StoreError::write(staged))?;
    rights(&file, like, mode)?;
    file.sync_all().map_err(StoreError::write(staged))
}

/// Who reads a file that was not there before.
#[derive(Clone, Copy, Debug)]
enum Mode {
    Everyone,
    OwnerOnly,
}

/// Gives a new file the rights and the owner of the old one.
#[cfg(unix)]
fn rights(file: &File, path: &Path, new: Mode) -> Result<(), StoreError> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let failed = StoreError::write(path);
    let Ok(old) = fs::metadata(path) else {
        let mode = match new {
            Mode::Everyone => 0o644,
            Mode::OwnerOnly => 0o600,
        };
        return file.set_permissions(fs::Permissions::from_mode(mode)).map_err(failed);
    };
    let fresh = file.metadata().map_err(StoreError::write(path))?;
    if (fresh.uid(), fresh.gid()) != (old.uid(), old.gid()) {
        fchown(file, Some(old.uid()), Some(old.gid()))
            .map_err(|source| StoreError::Owner { path: path.to_owned(), source })?;
    }
    // After the owner: giving a file away takes some of its rights.
    file.set_permissions(fs::Permissions::from_mode(old.mode() & 0o7777)).map_err(failed)
}

/// On Windows a new file inherits the rights of its folder, as the old one did.
#[cfg(not(unix))]
fn rights(_: &File, _: &Path, _: Mode) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(unix)]
fn link(target: &Path, staged: &Path) -> Result<(), StoreError> {
    let _ = fs::remove_file(staged);
    std::os::unix::fs::symlink(target, staged).map_err(StoreError::write(staged))
}

#[cfg(not(unix))]
fn link(target: &Path, staged: &Path) -> Result<(), StoreError> {
    let _ = fs::remove_file(staged);
    std::os::windows::fs::symlink_file(target, staged).map_err(StoreError::write(staged))
}

/// Renames what was staged into place, or removes the file.
pub(super) fn place(after: &State, staged: &Path, path: &Path) -> Result<(), StoreError> {
    match after {
        State::Absent => remove(path),
        State::File(_) | State::Link(_) => match fs::rename(staged, path) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => across(after, staged, path),
            moved => moved.map_err(StoreError::write(path)),
        },
    }
}

/// Renames within the file system of `path`, which is another one.
fn across(after: &State, staged: &Path, path: &Path) -> Result<(), StoreError> {
    let beside = path.with_file_name(".certkit-new");
    let content = match after {
        State::Link(target) => After::Link(target.into()),
        _ => {
            let bytes = zeroize::Zeroizing::new(fs::read(staged).map_err(StoreError::write(staged))?);
            After::Restored { bytes, like: staged.to_owned() }
        }
    };
    stage(&content, path, &beside)?;
    fs::rename(&beside, path).map_err(StoreError::write(path))?;
    remove(staged)
}

/// Removes a file that may be gone already.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::Write { path: path.to_owned(), source: error })
        }
        _ => Ok(()),
    }
}

/// Clears away new files that were never put in place.
pub(super) fn clear(state: &Path) -> Result<(), StoreError> {
    let entries = fs::read_dir(state).map_err(StoreError::write(state))?;
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with("new-") || name == "journal.tmp");
        if is_ours {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

//! Walks over folders, and reads what is in them.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

use super::{FileError, read_file_with};
use crate::container::{ContainerError, Contents, Passwords};

/// The folder in a store in which certkit keeps its record and copies; beside a file, the end of that folder's name.
pub const OWN: &str = ".certkit";

/// Says whether a folder is one of certkit's own: in a store, or beside the file whose name it bears. What lies there was
/// trusted once, and may be no more.
fn is_own(folder: &Path) -> bool {
    let Some(name) = folder.file_name() else { return false };
    let beside = || name.to_str().and_then(|name| name.strip_suffix(OWN)).map(|file| folder.with_file_name(file));
    name == OWN || beside().is_some_and(|file| file.is_file())
}

/// How deep folders may stand inside each other.
pub(super) const DEPTH: usize = 32;

/// The link beside the files of a volume that Kubernetes mounts, which leads to the folder that they are in.
const MOUNTED: &str = "..data";

/// What became of one entry of a folder.
#[derive(Debug)]
pub struct Visited {
    /// Its path, which starts with the path that was asked for.
    pub path: PathBuf,
    /// What was found there.
    pub outcome: Outcome,
}

/// What was found in one entry of a folder.
#[derive(Debug)]
pub enum Outcome {
    /// At least one item.
    Read(Contents),
    /// Nothing that concerns certkit.
    PassedOver(PassedOver),
    /// Something that should have been readable.
    Failed(FileError),
}

/// Why an entry of a folder does not concern certkit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassedOver {
    /// It holds no certificates.
    #[error(transparent)]
    Content(ContainerError),
    /// A pipe, socket or device.
    #[error("not a regular file")]
    Special,
    /// In a store, a file of certkit's own that never came to its place: it is no member.
    #[error("left behind by a certkit that was killed; the next one that writes into this folder clears it away")]
    Unfinished,
    /// A folder that was already entered by another way.
    #[error("a link to a folder that was already read")]
    Again,
}

/// Reads every file of a folder and of those in it, in the order of their names.
///
/// Follows symbolic links, and enters no folder twice. Reads while it is iterated: one
/// file is in memory at a time. To read several at once, take [`walk`] and [`visit`].
pub fn read_folder(path: &Path) -> Result<impl Iterator<Item = Visited> + use<>, FileError> {
    read_folder_with(path, Passwords::NONE)
}

/// Reads every file of a folder; opens stores with this password.
pub fn read_folder_with<'p>(
    path: &Path,
    passwords: Passwords<'p>,
) -> Result<impl Iterator<Item = Visited> + use<'p>, FileError> {
    Ok(walk(path)?.map(move |step| step.map_or_else(|visited| *visited, |path| visit_with(path, passwords))))
}

/// Reads one file of a folder.
pub fn visit(path: PathBuf) -> Visited {
    visit_with(path, Passwords::NONE)
}

/// Reads one file of a folder; opens a store with this password, or these.
pub fn visit_with<'p>(path: PathBuf, passwords: impl Into<Passwords<'p>>) -> Visited {
    let outcome = match read_file_with(&path, passwords) {
        Ok(contents) => Outcome::Read(contents),
        Err(FileError::Content { source, .. }) if source.is_foreign() => {
            Outcome::PassedOver(PassedOver::Content(source))
        }
        Err(error) => Outcome::Failed(error),
    };
    Visited { path, outcome }
}

/// Walks over a folder without reading its files.
pub fn walk(path: &Path) -> Result<Walk, FileError> {
    begin(path, false)
}

/// Walks over a folder without reading its files, and leaves nothing out: neither what certkit keeps there of its own nor
/// what Kubernetes mounts twice.
pub fn walk_whole(path: &Path) -> Result<Walk, FileError> {
    begin(path, true)
}

fn begin(path: &Path, is_whole: bool) -> Result<Walk, FileError> {
    let mut walk = Walk { levels: Vec::new(), entered: HashSet::new(), is_whole };
    walk.enter(path)?;
    Ok(walk)
}

/// Yields the regular files of a folder and of those in it, in the order of their names;
/// as an error, every entry that is no such file.
#[derive(Debug)]
pub struct Walk {
    /// The folders on the way.
    levels: Vec<Level>,
    /// The folders that were entered, by their real paths.
    entered: HashSet<PathBuf>,
    /// Whether nothing is left out.
    is_whole: bool,
}

/// A folder that is being walked over.
#[derive(Debug)]
struct Level {
    folder: PathBuf,
    /// What is left of it, last name first.
    entries: Vec<(OsString, FileType)>,
}

impl Walk {
    /// The folders that were entered up to now, by their real paths.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.entered.iter().map(PathBuf::as_path)
    }

    /// Lists a folder, unless it was entered before.
    fn enter(&mut self, path: &Path) -> Result<Option<PassedOver>, FileError> {
        if self.levels.len() >= DEPTH {
            return Err(FileError::Depth { path: path.to_owned() });
        }
        let entries = fs::read_dir(path).map_err(|error| FileError::walk(path, error))?;
        let real = fs::canonicalize(path).map_err(|error| FileError::walk(path, error))?;
        if !self.entered.insert(real) {
            return Ok(Some(PassedOver::Again));
        }
        let listed = entries.map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))));
        let mut entries: Vec<_> = listed.collect::<io::Result<_>>().map_err(|error| FileError::walk(path, error))?;
        // What Kubernetes mounts stands there twice: as it is linked to, and in `..data`, which each renewal replaces.
        if !self.is_whole && entries.iter().any(|(name, kind)| name == MOUNTED && kind.is_symlink()) {
            entries.retain(|(name, kind)| !name.as_encoded_bytes().starts_with(b"..") || kind.is_file());
        }
        entries.sort_by(|(a, _), (b, _)| b.cmp(a));
        self.levels.push(Level { folder: path.to_owned(), entries });
        Ok(None)
    }

    fn look(&mut self, path: PathBuf, file_type: FileType) -> Option<Result<PathBuf, Box<Visited>>> {
        if file_type.is_file() {
            return Some(Ok(path));
        }
        let outcome = match fs::metadata(&path) {
            Ok(found) if found.is_file() => return Some(Ok(path)),
            // What certkit keeps of its own in a store or beside it is no part of it.
            Ok(found) if found.is_dir() && !self.is_whole && is_own(&path) => return None,
            Ok(found) if found.is_dir() => match self.enter(&path) {
                Ok(None) => return None,
                Ok(Some(reason)) => Outcome::PassedOver(reason),
                Err(error) => Outcome::Failed(error),
            },
            Ok(_) => Outcome::PassedOver(PassedOver::Special),
            Err(error) => Outcome::Failed(FileError::read(&path, error)),
        };
        Some(Err(Box::new(Visited { path, outcome })))
    }
}

impl Iterator for Walk {
    type Item = Result<PathBuf, Box<Visited>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let level = self.levels.last_mut()?;
            let Some((name, file_type)) = level.entries.pop() else {
                self.levels.pop();
                continue;
            };
            let path = level.folder.join(name);
            if let Some(step) = self.look(path, file_type) {
                return Some(step);
            }
        }
    }
}

//! The folder below which the page reads and writes.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;

/// The most entries of one folder that are listed.
const MOST: usize = 5000;

/// The folder below which everything lies that the page can name.
#[derive(Debug)]
pub(crate) struct Folder {
    /// As the user named it.
    named: PathBuf,
    /// Where it really is.
    real: PathBuf,
}

/// Why a name is not taken.
#[derive(Debug)]
pub(crate) enum Outside {
    /// It does not name anything below the folder.
    Elsewhere(String),
    /// It is not there, or cannot be looked at.
    NotThere(String, io::Error),
}

/// What stands in a folder.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Listing {
    /// The folder, from the one that is served.
    path: String,
    folders: Vec<String>,
    files: Vec<String>,
    /// Whether there is more.
    is_cut: bool,
}

impl Folder {
    pub(crate) fn new(named: &Path) -> io::Result<Folder> {
        let real = fs::canonicalize(named)?;
        if !real.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        Ok(Folder { named: std::path::absolute(named)?, real })
    }

    /// As the user named it.
    pub(crate) fn named(&self) -> &Path {
        &self.named
    }

    /// The path of something that is there.
    pub(crate) fn existing(&self, name: &str) -> Result<PathBuf, Outside> {
        let path = self.joined(name)?;
        let real = fs::canonicalize(&path).map_err(|error| Outside::NotThere(name.to_owned(), error))?;
        if real.starts_with(&self.real) { Ok(path) } else { Err(Outside::Elsewhere(name.to_owned())) }
    }

    /// The path of something that may come into being: its folder is there.
    pub(crate) fn new_entry(&self, name: &str) -> Result<PathBuf, Outside> {
        let path = self.joined(name)?;
        if fs::symlink_metadata(&path).is_ok() {
            return self.existing(name);
        }
        let parent = path.parent().filter(|_| path != self.named).unwrap_or(&self.named);
        let real = fs::canonicalize(parent).map_err(|error| Outside::NotThere(name.to_owned(), error))?;
        if real.starts_with(&self.real) { Ok(path) } else { Err(Outside::Elsewhere(name.to_owned())) }
    }

    /// Follows a name from the folder downwards, and nowhere else.
    fn joined(&self, name: &str) -> Result<PathBuf, Outside> {
        let is_down = |part: Component<'_>| match part {
            // A colon leads to other drives and to streams beside a file.
            Component::Normal(part) => !cfg!(windows) || !part.as_encoded_bytes().contains(&b':'),
            _ => false,
        };
        let is_inside = Path::new(name).components().all(is_down) && !name.contains('\0');
        match name {
            // The folder itself.
            "" => Ok(self.named.clone()),
            _ if is_inside => Ok(self.named.join(name)),
            _ => Err(Outside::Elsewhere(name.to_owned())),
        }
    }

    /// Lists a folder; what has no name that can be shown and typed is left out.
    pub(crate) fn list(&self, name: &str) -> Result<Listing, Outside> {
        let path = self.existing(name)?;
        let failed = |error| Outside::NotThere(name.to_owned(), error);
        let mut listing = Listing { path: name.to_owned(), ..Listing::default() };
        for entry in fs::read_dir(&path).map_err(failed)? {
            let Ok(entry) = entry else { continue };
            let Ok(file_name) = entry.file_name().into_string() else { continue };
            if listing.folders.len() + listing.files.len() >= MOST {
                listing.is_cut = true;
                break;
            }
            // Through links, too; what leads outside is refused when it is asked for.
            match fs::metadata(entry.path()) {
                Ok(found) if found.is_dir() => listing.folders.push(file_name),
                Ok(found) if found.is_file() => listing.files.push(file_name),
                _ => {}
            }
        }
        let order = |name: &String| (name.starts_with('.'), name.to_lowercase());
        listing.folders.sort_by_key(order);
        listing.files.sort_by_key(order);
        Ok(listing)
    }
}

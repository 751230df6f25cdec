//! What is written to files, and in which order; how, [the library](certkit_core::files) knows.

use std::io;
use std::path::{Path, PathBuf};

use certkit_core::files::{Batch, Error, Existing, Readers};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// What a file holds; in the order in which they are put in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Content {
    /// A private key: first, since a certificate without its key is worth nothing.
    PrivateKey,
    /// A PKCS#12 store of a private key and its chain.
    KeyStore,
    /// A CA's index: before the certificates, which must not be out without an entry.
    Index,
    /// A revocation list.
    RevocationList,
    /// A request.
    Request,
    /// A certificate.
    Certificate,
    /// A certificate with its issuers.
    Chain,
}

impl Content {
    fn readers(self) -> Readers {
        match self {
            Content::PrivateKey | Content::KeyStore => Readers::Owner,
            _ => Readers::Usual,
        }
    }

    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Content::PrivateKey => "private key",
            Content::KeyStore => "PKCS#12 store",
            Content::Index => "index",
            Content::RevocationList => "revocation list",
            Content::Request => "request",
            Content::Certificate => "certificate",
            Content::Chain => "chain",
        }
    }
}

/// A file to be written.
#[derive(Debug)]
struct Planned {
    path: PathBuf,
    content: Content,
    bytes: Zeroizing<Vec<u8>>,
    existing: Existing,
}

/// Files to be written all or none.
#[derive(Debug, Default)]
pub(crate) struct Files {
    planned: Vec<Planned>,
    folders: Vec<PathBuf>,
}

impl Files {
    /// Plans a file.
    pub(crate) fn add(&mut self, path: PathBuf, content: Content, bytes: impl Into<Vec<u8>>, existing: Existing) {
        self.planned.push(Planned { path, content, bytes: Zeroizing::new(bytes.into()), existing });
    }

    /// Plans a folder that is there even if no file is put into it.
    pub(crate) fn add_folder(&mut self, path: PathBuf) {
        self.folders.push(path);
    }

    /// Writes all, or none and says why. Gives what was written in the order in which it was planned.
    pub(crate) fn write(self) -> Result<Vec<(PathBuf, Content)>, Failure> {
        let Files { mut planned, folders } = self;
        let told = planned.iter().map(|it| (it.path.clone(), it.content)).collect();
        planned.sort_by_key(|it| it.content);
        let mut batch = batch();
        folders.into_iter().for_each(|folder| batch.add_folder(folder));
        for Planned { path, content, bytes, existing } in planned {
            batch.add(path, content.readers(), existing, bytes);
        }
        batch.write().map_err(failed)?;
        Ok(told)
    }
}

/// Begins to write files.
pub(crate) fn batch<'a>() -> Batch<'a> {
    Batch::new(seal)
}

/// Says why files were not written, and what to do.
pub(crate) fn failed(error: Error) -> Failure {
    let hint = hint(&error);
    let failure = Failure::new(error.to_string()).because(error);
    if hint.is_empty() { failure } else { failure.hint(hint) }
}

/// What to do about it, where that is known.
pub(crate) fn hint(error: &Error) -> &'static str {
    match error {
        Error::Kept { .. } => "add --force to replace it, or choose another name with -o",
        Error::Owner { .. } => "run certkit as that user, or as root",
        Error::Refused { .. } => "look at who has put it there; move it away, or choose another name",
        Error::Busy { .. } => "wait for it to end, and try again",
        _ => "",
    }
}

/// Refuses a place where nothing may be written, before any work is done.
pub(crate) fn refuse(path: &Path, existing: Existing) -> Result<(), Failure> {
    certkit_core::files::refuse(path, existing).map_err(failed)
}

/// Refuses a file whose folder is missing: a report that is written every day has its place.
pub(crate) fn require_folder(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() {
        return Ok(());
    }
    let message = format!("{} cannot be written: there is no folder {}", path.display(), folder.display());
    Err(Failure::new(message).hint("make the folder first, or choose another one with -o"))
}

/// Where the system lets a file be made for its owner alone, there is nothing left to do.
#[cfg(not(windows))]
#[expect(clippy::unnecessary_wraps, reason = "it fails on Windows")]
fn seal(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes inherited rights away and leaves those of the user.
#[cfg(windows)]
fn seal(path: &Path) -> io::Result<()> {
    let user = std::env::var("USERNAME").map_err(io::Error::other)?;
    // By its full path, so that nothing of that name in the current folder is run instead.
    let system = std::env::var_os("SystemRoot").unwrap_or_else(|| "C:\\Windows".into());
    let done = std::process::Command::new(Path::new(&system).join("System32").join("icacls.exe"))
        .arg(path)
        .args(["/inheritance:r", "/grant:r", &format!("{user}:F")])
        .output()?;
    if done.status.success() {
        Ok(())
    } else {
        Err(io::Error::other("icacls did not limit the rights of the private key to its owner"))
    }
}

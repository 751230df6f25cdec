//! Several files that are written all or none.
//!
//! Knows folders, temporary files and renames; refuses to know what the files say. Every file
//! is first written whole beside its place and synced, then all are renamed, private keys first:
//! a disk that fills up or a folder that cannot be written leaves everything as it was.

#[cfg(target_os = "linux")]
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use certkit_core::source::file;
use serde::Serialize;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::output::{self, Existing};

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
    /// Whether it is for its owner only.
    fn is_secret(self) -> bool {
        matches!(self, Content::PrivateKey | Content::KeyStore)
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

impl Planned {
    /// The file that is replaced where the user named a link to it. A device or pipe is nothing to put a file over.
    fn followed(self) -> Result<Planned, Failure> {
        if self.existing == Existing::Keep {
            return Ok(self);
        }
        let path = output::followed(&self.path)?;
        if fs::metadata(&path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            return Err(Failure::new(format!("{} is no regular file, and was kept", self.path.display()))
                .at(self.path.display())
                .hint("choose another name; what is printed can be piped on"));
        }
        Ok(Planned { path, ..self })
    }
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
        let told: Vec<(PathBuf, Content)> = self.planned.iter().map(|it| (it.path.clone(), it.content)).collect();
        let planned: Result<Vec<Planned>, Failure> = self.planned.into_iter().map(Planned::followed).collect();
        let planned = planned?;
        let mut order: Vec<&Planned> = planned.iter().collect();
        order.sort_by_key(|it| it.content);
        for (at, planned) in order.iter().enumerate() {
            if order.iter().take(at).any(|earlier| earlier.path == planned.path) {
                return Err(Failure::new(format!("{} is named twice for what is written", planned.path.display())));
            }
            refuse(&planned.path, planned.existing)?;
        }
        let mut folders = Folders::default();
        for folder in &self.folders {
            folders.make(folder)?;
        }
        let mut ready: Vec<(&Planned, NamedTempFile)> = Vec::with_capacity(order.len());
        for planned in order {
            let folder = folder_of(&planned.path);
            folders.make(folder)?;
            let file = temporary(folder, planned, &planned.bytes).map_err(|error| failed(planned, error))?;
            ready.push((planned, file));
        }
        sync(&ready)?;
        let mut placed = Placed::default();
        for (planned, file) in ready {
            placed.put(planned, file)?;
        }
        placed.sync()?;
        placed.files.clear();
        folders.made.clear();
        Ok(told)
    }
}

/// Refuses a place where nothing may be written, before any work is done.
pub(crate) fn refuse(path: &Path, existing: Existing) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(Failure::new(format!("{} is a folder: a file name is needed", path.display())));
    }
    match existing {
        Existing::Keep if path.symlink_metadata().is_ok() => Err(output::kept(path)),
        _ => Ok(()),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn failed(planned: &Planned, error: io::Error) -> Failure {
    Failure::new(format!("{} cannot be written", planned.path.display())).at(planned.path.display()).because(error)
}

/// From how many files on a file system is synced as a whole: once, instead of once for each of them.
#[cfg(target_os = "linux")]
const MANY: usize = 16;

/// Makes sure that what was written outlives a power failure before it gets its name.
fn sync(ready: &[(&Planned, NamedTempFile)]) -> Result<(), Failure> {
    #[cfg(target_os = "linux")]
    if ready.len() >= MANY {
        let folders: BTreeMap<&Path, &(&Planned, NamedTempFile)> =
            ready.iter().map(|one| (folder_of(&one.0.path), one)).collect();
        return folders.into_values().try_for_each(|(planned, file)| {
            rustix::fs::syncfs(file.as_file()).map_err(|error| failed(planned, error.into()))
        });
    }
    ready.iter().try_for_each(|(planned, file)| file.as_file().sync_all().map_err(|error| failed(planned, error)))
}

/// Writes a temporary file with the rights of the one that it replaces; a new one with a key is for its owner alone.
fn temporary(folder: &Path, planned: &Planned, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".certkit-");
    #[cfg(unix)]
    {
        let mode = if planned.content.is_secret() { 0o600 } else { 0o644 };
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    }
    let mut file = builder.tempfile_in(folder)?;
    #[cfg(windows)]
    if planned.content.is_secret() {
        owner_only(file.path())?;
    }
    file.write_all(bytes)?;
    if planned.existing == Existing::Replace
        && let Ok(old) = fs::metadata(&planned.path)
    {
        output::keep_rights(file.as_file(), &old, planned.content.is_secret())?;
    }
    Ok(file)
}

/// Takes inherited rights away and leaves those of the user.
#[cfg(windows)]
fn owner_only(path: &Path) -> io::Result<()> {
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

/// Folders that were made for this; those that are left empty are removed again.
#[derive(Default)]
struct Folders {
    made: Vec<PathBuf>,
}

impl Folders {
    fn make(&mut self, folder: &Path) -> Result<(), Failure> {
        if folder.is_dir() {
            return Ok(());
        }
        if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
            self.make(above)?;
        }
        builder(folder)
            .create(folder)
            .map_err(|error| Failure::new(format!("the folder {} cannot be made", folder.display())).because(error))?;
        self.made.push(folder.to_owned());
        Ok(())
    }
}

/// A folder for private keys is for their owner, any other as usual.
fn builder(folder: &Path) -> fs::DirBuilder {
    #[cfg(unix)]
    if folder.file_name().is_some_and(|name| name.eq_ignore_ascii_case("private")) {
        let mut builder = fs::DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        return builder;
    }
    #[cfg(not(unix))]
    let _ = folder;
    fs::DirBuilder::new()
}

impl Drop for Folders {
    fn drop(&mut self) {
        for folder in self.made.iter().rev() {
            // Somebody else may have put something there meanwhile.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Files that are in place, each with what stood there before; taken back unless cleared.
#[derive(Default)]
struct Placed<'a> {
    files: Vec<InPlace<'a>>,
}

/// A file that is in place.
struct InPlace<'a> {
    planned: &'a Planned,
    before: Option<Zeroizing<Vec<u8>>>,
}

impl<'a> Placed<'a> {
    fn put(&mut self, planned: &'a Planned, file: NamedTempFile) -> Result<(), Failure> {
        let before = match planned.existing {
            Existing::Keep => None,
            Existing::Replace => file::read_bytes(&planned.path).ok(),
        };
        match planned.existing {
            Existing::Keep => file.persist_noclobber(&planned.path).map_err(|error| match error.error.kind() {
                io::ErrorKind::AlreadyExists => output::kept(&planned.path),
                _ => failed(planned, error.error),
            })?,
            Existing::Replace => file.persist(&planned.path).map_err(|error| failed(planned, error.error))?,
        };
        self.files.push(InPlace { planned, before });
        Ok(())
    }

    /// Makes the renames last: on Unix a folder is synced like a file.
    #[cfg_attr(unix, expect(clippy::disallowed_methods, reason = "a folder of ours, which is no file to be read"))]
    fn sync(&self) -> Result<(), Failure> {
        #[cfg(unix)]
        for folder in self.files.iter().map(|it| folder_of(&it.planned.path)).collect::<std::collections::BTreeSet<_>>()
        {
            fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| {
                Failure::new(format!("the folder {} cannot be written", folder.display())).because(error)
            })?;
        }
        Ok(())
    }
}

impl Drop for Placed<'_> {
    fn drop(&mut self) {
        for InPlace { planned, before } in self.files.iter().rev() {
            let path = &planned.path;
            // What can be done was done; the failure that led here is the one that is told.
            let _ = match before {
                None => fs::remove_file(path),
                Some(bytes) => temporary(folder_of(path), planned, bytes)
                    .and_then(|file| file.persist(path).map_err(|error| error.error))
                    .map(drop),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rename_that_fails_takes_back_the_ones_before() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("index"), "old").unwrap();
        let mut files = Files::default();
        files.add(at("new/key"), Content::PrivateKey, "secret", Existing::Keep);
        files.add(at("index"), Content::Index, "new", Existing::Replace);
        // The same file by two names: nobody sees it before the second rename.
        files.add(at("certificate"), Content::Certificate, "one", Existing::Keep);
        files.add(folder.path().join(".").join("certificate"), Content::Chain, "two", Existing::Keep);
        assert!(files.write().is_err());
        assert_eq!(fs::read_to_string(at("index")).unwrap(), "old");
        let left: Vec<PathBuf> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(left, [at("index")]);
    }

    #[test]
    fn one_place_for_two_files_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("both.pem");
        let mut files = Files::default();
        files.add(path.clone(), Content::PrivateKey, "secret", Existing::Replace);
        files.add(path.clone(), Content::Certificate, "one", Existing::Replace);
        assert!(files.write().is_err());
        assert!(!path.exists());
    }
}

//! What is written to files, and in which order; how, [the library](certkit_core::files) knows.

use std::path::{Path, PathBuf};

use certkit_core::files::{Batch, Doubt, Error, Existing, FileLock, Readers, Settled};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::arguments::Format;
use crate::failure::Failure;
use crate::hosted::is_standard;
use crate::output;

/// What standard output is called.
pub(crate) const STANDARD_OUTPUT: &str = "standard output";

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

    /// Writes all, or none and says why: files get their names when everything else is done. Gives what was written in
    /// the order in which it was planned.
    pub(crate) fn write(self) -> Result<Vec<(PathBuf, Content)>, Failure> {
        let Files { mut planned, folders } = self;
        let place = |path: &Path| if is_standard(path) { PathBuf::from(STANDARD_OUTPUT) } else { path.to_owned() };
        let told = planned.iter().map(|it| (place(&it.path), it.content)).collect();
        planned.sort_by_key(|it| it.content);
        let (printed, filed): (Vec<Planned>, Vec<Planned>) = planned.into_iter().partition(|it| is_standard(&it.path));
        require_printable(&printed)?;
        let mut batch = Batch::new();
        folders.into_iter().for_each(|folder| batch.add_folder(folder));
        for Planned { path, content, bytes, existing } in filed {
            batch.add(path, content.readers(), existing, bytes);
        }
        let staged = batch.stage().map_err(failed)?;
        printed.iter().try_for_each(|it| output::print_bytes(&it.bytes))?;
        tell(&staged.place().map_err(failed)?);
        Ok(told)
    }
}

/// Refuses a store on a terminal, and beside anything else on standard output.
fn require_printable(printed: &[Planned]) -> Result<(), Failure> {
    if printed.iter().all(|it| it.content != Content::KeyStore) {
        return Ok(());
    }
    if output::is_terminal() {
        return Err(Failure::new("binary output is not written to a terminal").hint("name a file"));
    }
    match printed {
        [_] => Ok(()),
        _ => Err(Failure::new("a PKCS#12 store and another file cannot both go to standard output")
            .hint("name a file for one of them")),
    }
}

/// Says what was done about runs that were killed, and about other names of what was replaced.
pub(crate) fn tell(settled: &Settled) {
    let note = |text: &str| output::note(&format!("certkit: note: {text}"));
    let Settled { finished, kept, cleared, doubtful, parted } = settled;
    for path in finished {
        note(&format!("{}: an earlier certkit was killed while it wrote this file: completed now", path.display()));
    }
    for path in kept {
        let path = path.display();
        note(&format!(
            "{path}: an earlier certkit was killed while it wrote this file: the file has changed since and \
                       is kept"
        ));
    }
    match cleared {
        0 => {}
        1 => note("an earlier certkit was killed here: removed 1 incomplete file"),
        count => {
            note(&format!("an earlier certkit was killed here: removed {count} incomplete files"));
        }
    }
    for path in doubtful {
        let path = path.display();
        note(&format!("{path}: left by a killed certkit or by another program: not touched; check it and remove it"));
    }
    for path in parted {
        let path = path.display();
        note(&format!(
            "{path}: replaced, but it has a second name elsewhere (a hard link), which keeps the old content"
        ));
    }
}

/// Tells what a lock has found of runs that were killed, and gives it on.
pub(crate) fn locked(lock: Result<FileLock, Error>) -> Result<FileLock, Failure> {
    let lock = lock.map_err(failed)?;
    tell(lock.settled());
    Ok(lock)
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
        Error::Kept { .. } => "add --force to replace it, or name another file",
        Error::Owner { .. } => "run certkit as that user, or as root",
        Error::Refused { doubt: Doubt::Shared, .. } => "remove the other name, or make it a symbolic link to this one",
        Error::Refused { .. } => "find out who created it; move it away, or choose another name",
        Error::Busy { .. } => "wait for it to finish, and try again",
        _ => "",
    }
}

/// Refuses a place where nothing may be written, before any work is done.
pub(crate) fn refuse(path: &Path, existing: Existing) -> Result<(), Failure> {
    if is_standard(path) { Ok(()) } else { certkit_core::files::refuse(path, existing).map_err(failed) }
}

/// Refuses places where nothing may be written, which standard output is where the `report` goes there as JSON.
pub(crate) fn refuse_any<'p>(
    paths: impl IntoIterator<Item = &'p Path>,
    existing: Existing,
    report: Format,
) -> Result<(), Failure> {
    paths.into_iter().try_for_each(|path| match is_standard(path) && report == Format::Json {
        true => Err(Failure::new("the file and the report cannot both go to standard output")
            .hint("name a file in place of -, or leave --json out")),
        false => refuse(path, existing),
    })
}

/// Refuses - where a folder or a file that is changed is needed; `what` is the option.
pub(crate) fn refuse_standard(path: &Path, what: &str, hint: &str) -> Result<(), Failure> {
    if is_standard(path) {
        return Err(Failure::new(format!("{what} cannot be standard input or output")).at("-").hint(hint));
    }
    Ok(())
}

/// Refuses a file whose folder is missing: a report that is written every day has its place.
pub(crate) fn require_folder(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() {
        return Ok(());
    }
    let message = format!("cannot write {}: there is no folder {}", path.display(), folder.display());
    Err(Failure::new(message).hint("create the folder first, or choose another one with -o"))
}

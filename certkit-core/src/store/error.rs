//! Says why a store was not read or not changed.

use std::io;
use std::path::PathBuf;

use super::member::{Group, List};
use crate::asn1::typed::NotWritten;
use crate::container::StoreProblem;
use crate::files;
use crate::source::file::FileError;
use crate::store::roots::RootsError;
use crate::text::Printable;

fn shown(path: &std::path::Path) -> Printable<String> {
    Printable(path.to_string_lossy().into_owned())
}

/// Says why a store was not read or not changed. Whatever failed, the store is as it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is none.
    #[error("`{}` is not a store: {reason}", Printable(.address))]
    Address {
        /// As it was given.
        address: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A file or folder could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A store under a password could not be opened or made.
    #[error("{}: {problem}", shown(.path))]
    Container {
        /// The store.
        path: PathBuf,
        /// Why.
        problem: StoreProblem,
    },
    /// What is added has no form in DER.
    #[error(transparent)]
    NotWritten(#[from] NotWritten),
    /// The system's roots could not be read.
    #[error("the roots of the operating system cannot be read")]
    Roots(#[from] RootsError),
    /// It is not a store that can be changed.
    #[error("{store} is not changed: {reason}")]
    ReadOnly {
        /// The store.
        store: String,
        /// Why, and what to do instead.
        reason: &'static str,
    },
    /// The store has no room for such a thing.
    #[error("{store} cannot hold {what}")]
    NoRoom {
        /// The store.
        store: String,
        /// What it is.
        what: &'static str,
    },
    /// The store has no such list.
    #[error("{store} has no list `{list}`")]
    NoList {
        /// The store.
        store: String,
        /// The list.
        list: List,
    },
    /// The application of an OPC UA store has no folder for such a list.
    #[error("{store} has no folder for the list `{list}` of the group `{}`", .group.name())]
    NoFolder {
        /// The store.
        store: String,
        /// The list.
        list: List,
        /// The group.
        group: Group,
    },
    /// The name is in use.
    #[error("{store}: the name `{}` is in use", Printable(.name))]
    NameTaken {
        /// The store.
        store: String,
        /// The name.
        name: String,
    },
    /// What is to be taken out is not there (any more).
    #[error("{store}: {what} no longer exists")]
    Gone {
        /// The store.
        store: String,
        /// What was to be taken out.
        what: String,
    },
    /// It can only be taken out together with something else.
    #[error("{store}: {what} cannot be removed: {reason}")]
    Bound {
        /// The store.
        store: String,
        /// What was to be taken out.
        what: String,
        /// What holds it.
        reason: &'static str,
    },
    /// A file could not be written.
    #[error(transparent)]
    Files(#[from] files::Error),
    /// The name of a file is no text, so that it cannot be written down.
    #[error("{}: the file name is not Unicode, so the change cannot be recorded", shown(.path))]
    PathNotText {
        /// The file.
        path: PathBuf,
    },
    /// What was read back is not what was written; the old state was put back.
    #[error("{}: the content read back differs from what was written; the old content was restored", shown(.path))]
    ReadBack {
        /// The file.
        path: PathBuf,
    },
    /// What uses the files does not go on with the new ones; the old state was put back.
    #[error("{}: the new content was not put to use; the old content was restored", shown(.path))]
    NotTakenOver {
        /// The file or folder.
        path: PathBuf,
    },
    /// Files that are changed together have no folder in common.
    #[error("{}: it shares only the root folder with the other files of the change; the record of a change needs \
             another common folder", shown(.path))]
    NothingInCommon {
        /// The first of them.
        path: PathBuf,
    },
    /// The record of changes cannot be read.
    #[error("{}: the record of changes is damaged in line {line}", shown(.path))]
    Record {
        /// The file of the record.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// A change was interrupted before what uses the files had taken them.
    #[error("{}: a change of these files ({}) was interrupted, and it is unknown whether they are in use; nothing is \
             changed", shown(.path), Printable(.action))]
    Waiting {
        /// The store.
        path: PathBuf,
        /// The verb of that change.
        action: String,
    },
    /// There is no change to take back.
    #[error("{}: no change by certkit to undo", shown(.path))]
    NothingToUndo {
        /// The store.
        path: PathBuf,
    },
    /// Somebody else has changed the store since.
    #[error("{} was changed since by another program; nothing is undone", shown(.path))]
    ChangedSince {
        /// The file.
        path: PathBuf,
    },
    /// The record of a change does not name what the change was about.
    #[error("{}: change {sequence} puts in or takes out `{}`, which its record does not name; nothing is written", shown(.path), Printable(.unnamed))]
    RecordUnfit {
        /// The record.
        path: PathBuf,
        /// The number of the change.
        sequence: u64,
        /// The subject of a certificate, or the issuer of a revocation list.
        unnamed: String,
    },
    /// The copy that a change would be taken back from is gone.
    #[error("{}: the copy from before the change no longer exists", shown(.path))]
    CopyGone {
        /// The copy.
        path: PathBuf,
    },
    /// A journal that names what no change of this store may touch.
    #[error("{}: this journal of an interrupted change names `{}`, which is not allowed; nothing is written", shown(.path), Printable(.named))]
    Journal {
        /// The journal.
        path: PathBuf,
        /// What it names.
        named: String,
        /// Why that is refused.
        #[source]
        source: Box<StoreError>,
    },
    /// A name that no file may have here or on Windows.
    #[error("{store}: `{}` is not a valid file name", Printable(.name))]
    FileName {
        /// The store.
        store: String,
        /// The name.
        name: String,
    },
    /// Windows refused.
    #[error("{store}: Windows refuses: {what}")]
    Windows {
        /// The store.
        store: String,
        /// What was tried.
        what: &'static str,
        /// What Windows says.
        source: io::Error,
    },
}

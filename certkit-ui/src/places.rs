//! What a task is about, as the page names it, and as a command line names it.

use std::path::{Component, Path};

use certkit_core::presented::Endpoint;
use certkit_core::text::Address;
use serde::Deserialize;

use crate::engine::Handed;
use crate::folder::{Folder, Outside};

/// Something that the page names.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Given {
    /// A file that was handed over, or a folder of such files.
    Dropped(String),
    /// A file or folder below that of the page.
    Place(String),
    /// An endpoint.
    Address(String),
    /// A store that is no file.
    Store(String),
}

/// Why a task is not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// A name that leads elsewhere.
    #[error(transparent)]
    Outside(#[from] Outside),
    /// A file that was not handed over.
    #[error("`{0}` was not handed over")]
    NotDropped(String),
    /// A file whose name cannot be taken.
    #[error(
        "a file named `{0}` cannot be taken: its name is empty or `-`, has a colon, leads elsewhere or is there twice"
    )]
    FileName(String),
    /// Something that is no endpoint. A password in it is not repeated.
    #[error("`{0}` is no endpoint: thingworx://HOST, https://HOST, opc.tcp://HOST:PORT or HOST:PORT")]
    Address(Address),
    /// A file that was handed over where one of the disk is meant.
    #[error("`{0}` was handed over; this has to be a file or folder of this machine, named with its path")]
    Dropped(String),
    /// Something that is no store.
    #[error("`{0}` is no store: a file or folder, system, mozilla or windows:CurrentUser\\Root")]
    Store(String),
    /// Something that is no fingerprint.
    #[error("`{0}` is no fingerprint: 64 or 40 hex digits")]
    Fingerprint(String),
    /// A password that a line of a file cannot hold.
    #[error("a password of more than one line cannot be taken")]
    Password,
    /// Something that the task needs.
    #[error("{0} is not named")]
    Missing(&'static str),
}

/// Where the names of a task lead.
pub(crate) struct Places<'a> {
    pub(crate) folder: &'a Folder,
    pub(crate) handed: &'a [Handed],
}

/// Requires the name of a file that is handed over to stay what it is: a name.
pub(crate) fn require_name(name: &str, others: &[Handed]) -> Result<(), Refusal> {
    let is_down = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let is_new = others.iter().all(|other| other.name != name);
    // What has a colon may be taken for an endpoint or a store, and `-` for standard input.
    let is_name = !["", "-"].contains(&name) && name.len() <= 1024 && !name.contains(['\0', ':']) && is_down && is_new;
    if is_name { Ok(()) } else { Err(Refusal::FileName(name.to_owned())) }
}

impl Places<'_> {
    /// The word that means something of this machine or of another one, and nothing that was handed over: what reads it
    /// looks for it on the disk.
    pub(crate) fn place(&self, given: &Given) -> Result<String, Refusal> {
        match given {
            Given::Dropped(name) => Err(Refusal::Dropped(name.clone())),
            _ => self.word(given),
        }
    }

    /// The words of several that are on the disk.
    pub(crate) fn places(&self, given: &[Given]) -> Result<Vec<String>, Refusal> {
        given.iter().map(|it| self.place(it)).collect()
    }

    /// The word that means it.
    pub(crate) fn word(&self, given: &Given) -> Result<String, Refusal> {
        match given {
            Given::Dropped(name) => {
                let is_it = |it: &Handed| Path::new(&it.name).starts_with(name);
                if name.is_empty() || !self.handed.iter().any(is_it) {
                    return Err(Refusal::NotDropped(name.clone()));
                }
                Ok(name.clone())
            }
            Given::Place(name) => Ok(self.folder.existing(name)?.to_string_lossy().into_owned()),
            Given::Address(text) => address(text),
            Given::Store(name) if name == "system" || name == "mozilla" || name.starts_with("windows:") => {
                Ok(name.clone())
            }
            Given::Store(name) => Err(Refusal::Store(name.clone())),
        }
    }

    /// The words of several.
    pub(crate) fn words(&self, given: &[Given]) -> Result<Vec<String>, Refusal> {
        given.iter().map(|it| self.word(it)).collect()
    }

    /// The path of something that comes into being.
    pub(crate) fn new_entry(&self, name: &str) -> Result<String, Refusal> {
        Ok(self.folder.new_entry(name)?.to_string_lossy().into_owned())
    }
}

/// An endpoint with its scheme, so that no file is meant by it.
fn address(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if !Endpoint::resembles(text) {
        return Err(Refusal::Address(Address::new(text)));
    }
    Ok(if text.contains("://") { text.to_owned() } else { format!("tls://{text}") })
}

/// A fingerprint, which is what the page means a certificate of a store by.
pub(crate) fn fingerprint(text: &str) -> Result<String, Refusal> {
    let is_one = matches!(text.len(), 40 | 64) && text.bytes().all(|it| it.is_ascii_hexdigit());
    if is_one { Ok(text.to_owned()) } else { Err(Refusal::Fingerprint(text.to_owned())) }
}

//! What a task is about, as the page names it, and as a command line names it.

use std::path::{Component, Path};

use certkit_core::presented::{Endpoint, EndpointError};
use certkit_core::text::{Address, Printable, with_causes};
use serde::Deserialize;

use crate::engine::Handed;
use crate::folder::{Folder, Outside};
use crate::page::Language;

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
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A name that leads elsewhere.
    Outside(Outside),
    /// A file that was not handed over.
    NotDropped(String),
    /// A file whose name cannot be taken.
    FileName(String),
    /// Something that is no endpoint. A password in it is not repeated.
    Address(Address, EndpointError),
    /// Something that is no server of a review.
    Server(Address),
    /// A file that was handed over where one of the disk is meant.
    Dropped(String),
    /// An endpoint, or a store that is no file, where a file or folder is meant.
    NotPlace(Address),
    /// Something that is no store.
    Store(String),
    /// Something that is no fingerprint.
    Fingerprint(String),
    /// A password that a line of a file cannot hold.
    Password,
    /// A text and a log to explain.
    TwoQuestions,
    /// Something that the task needs, by the name of the text that says so.
    Missing(&'static str),
}

impl From<Outside> for Refusal {
    fn from(outside: Outside) -> Refusal {
        Refusal::Outside(outside)
    }
}

impl Refusal {
    /// Says it in a language; the reason of a system or a parser stays as it is.
    pub(crate) fn told(&self, language: &'static Language) -> String {
        let (name, what, cause) = match self {
            Refusal::Outside(Outside::Elsewhere(it)) => ("refused.elsewhere", it.clone(), None),
            Refusal::Outside(Outside::NotThere(it, error)) => {
                ("refused.not.there", it.clone(), Some(with_causes(error)))
            }
            Refusal::NotDropped(it) => ("refused.not.dropped", it.clone(), None),
            Refusal::FileName(it) => ("refused.file.name", it.clone(), None),
            Refusal::Address(it, error) => ("refused.address", it.to_string(), Some(with_causes(error))),
            Refusal::Server(it) => ("refused.server", it.to_string(), None),
            Refusal::Dropped(it) => ("refused.dropped", it.clone(), None),
            Refusal::NotPlace(it) => ("refused.not.place", it.to_string(), None),
            Refusal::Store(it) => ("refused.store", it.clone(), None),
            Refusal::Fingerprint(it) => ("refused.fingerprint", it.clone(), None),
            Refusal::Password => ("refused.password", String::new(), None),
            Refusal::TwoQuestions => ("refused.two.questions", String::new(), None),
            Refusal::Missing(name) => (*name, String::new(), None),
        };
        let text = language.say(name).replace("{what}", &what);
        Printable(cause.map_or(text.clone(), |cause| format!("{text} ({cause})"))).to_string()
    }
}

/// Words that mean a store that is no file.
const BUILTIN: [&str; 2] = ["system", "mozilla"];

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

/// The name by which a command line means a file that was handed over: never the word of a store.
pub(crate) fn handed_name(name: &str) -> String {
    let is_store =
        Path::new(name).components().next().is_some_and(|it| BUILTIN.iter().any(|word| it.as_os_str() == *word));
    if is_store { format!("./{name}") } else { name.to_owned() }
}

impl Places<'_> {
    /// The path of a file or folder of this machine.
    pub(crate) fn place(&self, given: &Given) -> Result<String, Refusal> {
        match given {
            Given::Place(name) => Ok(self.folder.existing(name)?.to_string_lossy().into_owned()),
            Given::Dropped(name) => Err(Refusal::Dropped(name.clone())),
            Given::Address(name) | Given::Store(name) => Err(Refusal::NotPlace(Address::new(name.as_str()))),
        }
    }

    /// The word that means a file or folder, of this machine or handed over.
    pub(crate) fn file(&self, given: &Given) -> Result<String, Refusal> {
        if let Given::Dropped(_) = given { self.word(given) } else { self.place(given) }
    }

    /// The word that means a store: a file or folder of this machine, or one that is no file.
    pub(crate) fn store(&self, given: &Given) -> Result<String, Refusal> {
        match given {
            Given::Store(name) if is_store(name) => Ok(name.clone()),
            Given::Store(name) => Err(Refusal::Store(name.clone())),
            _ => self.place(given),
        }
    }

    /// The words of several stores.
    pub(crate) fn stores(&self, given: &[Given]) -> Result<Vec<String>, Refusal> {
        given.iter().map(|it| self.store(it)).collect()
    }

    /// The word that means something that is read, wherever it is.
    pub(crate) fn word(&self, given: &Given) -> Result<String, Refusal> {
        match given {
            Given::Dropped(name) => {
                let word = handed_name(name);
                let is_it = |it: &Handed| Path::new(&it.name).starts_with(&word);
                if name.is_empty() || !self.handed.iter().any(is_it) {
                    return Err(Refusal::NotDropped(name.clone()));
                }
                Ok(word)
            }
            Given::Address(text) => address(text),
            _ => self.store(given),
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

/// Says whether a word means a store that is no file. What stands behind `windows:` is no path, on no system.
fn is_store(word: &str) -> bool {
    let of_windows = |rest: &str| {
        let (location, name) = rest.split_once('\\')?;
        let is_location = ["CurrentUser", "LocalMachine"].contains(&location);
        (is_location && !name.is_empty() && !name.contains(['/', '\\', ':', '\0'])).then_some(())
    };
    BUILTIN.contains(&word) || word.strip_prefix("windows:").and_then(of_windows).is_some()
}

/// An endpoint with its scheme, so that neither a file nor a store is meant by it.
fn address(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let endpoint: Result<Endpoint, EndpointError> = text.parse();
    match endpoint {
        Ok(_) if text.contains("://") => Ok(text.to_owned()),
        Ok(endpoint) => Ok(endpoint.to_string()),
        Err(error) => Err(Refusal::Address(Address::new(text), error)),
    }
}

/// A fingerprint, which is what the page means a certificate of a store by.
pub(crate) fn fingerprint(text: &str) -> Result<String, Refusal> {
    let is_one = matches!(text.len(), 40 | 64) && text.bytes().all(|it| it.is_ascii_hexdigit());
    if is_one { Ok(text.to_owned()) } else { Err(Refusal::Fingerprint(text.to_owned())) }
}

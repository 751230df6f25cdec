//! What stands in a store, each thing with its place.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::cert::{Certificate, Malformed, RevocationList};
use crate::text::Printable;

/// The lists that a store may have. Most have one: what is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// What is trusted.
    Trusted,
    /// CAs that only complete chains.
    Issuer,
    /// The owner's certificates: those of private keys, with their chains.
    Own,
    /// What was refused and waits for somebody to look at it.
    Rejected,
}

impl List {
    /// Every list.
    pub const ALL: [List; 4] = [List::Trusted, List::Issuer, List::Own, List::Rejected];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            List::Trusted => "trusted",
            List::Issuer => "issuer",
            List::Own => "own",
            List::Rejected => "rejected",
        }
    }

    /// Finds a list by its name.
    pub fn named(name: &str) -> Option<List> {
        List::ALL.into_iter().find(|list| list.name() == name)
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whom the lists of an OPC UA application are about. Other stores know the first only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Other applications.
    #[default]
    Application,
    /// People who open sessions.
    User,
    /// Partners over HTTPS.
    Https,
}

impl Group {
    /// Every group.
    pub const ALL: [Group; 3] = [Group::Application, Group::User, Group::Https];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Group::Application => "application",
            Group::User => "user",
            Group::Https => "https",
        }
    }

    /// Finds a group by its name.
    pub fn named(name: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.name() == name)
    }
}

/// Where something stands in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The list.
    pub list: List,
    /// Whom the list is about.
    pub group: Group,
    /// Its name in the store: an alias or friendly name.
    pub name: Option<String>,
    /// The file that holds it; `None` where the store is no file.
    pub path: Option<PathBuf>,
}

impl Place {
    /// A place in the one list of a file.
    pub(super) fn in_file(list: List, path: &std::path::Path) -> Place {
        Place { list, group: Group::Application, name: None, path: Some(path.to_owned()) }
    }

    /// Adds a name.
    pub(super) fn called(self, name: Option<String>) -> Place {
        Place { name, ..self }
    }
}

impl fmt::Display for Place {
    /// Writes the name in quotes where there is one, else the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, &self.path) {
            (Some(name), _) => write!(f, "`{}`", Printable(name)),
            (None, Some(path)) => write!(f, "{}", Printable(path.to_string_lossy())),
            (None, None) => write!(f, "the list {}", self.list),
        }
    }
}

/// One thing in a store.
#[derive(Clone, Debug)]
pub struct Member {
    /// What it is.
    pub content: Content,
    /// Where it stands.
    pub place: Place,
}

impl Member {
    /// The certificate, if that is what it is.
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.content {
            Content::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }

    /// The revocation list, if that is what it is.
    pub fn revocation_list(&self) -> Option<&RevocationList> {
        match &self.content {
            Content::RevocationList(list) => Some(list),
            _ => None,
        }
    }
}

/// What a member of a store is.
#[derive(Clone, Debug)]
pub enum Content {
    /// A certificate.
    Certificate(Certificate),
    /// What should be a certificate or a revocation list and cannot be decoded.
    Undecodable(Malformed),
    /// A revocation list.
    RevocationList(RevocationList),
    /// A private key; nothing of it is told.
    PrivateKey,
    /// Something that was not read, and why.
    Unread(String),
}

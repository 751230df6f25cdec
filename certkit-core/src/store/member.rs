//! What stands in a store, each thing with its place.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::hashed;
use super::reader::{Folder, Kind, Lying, Unread};
use crate::cert::{Certificate, Malformed, Name, RevocationList, issuer_of_damaged_list};
use crate::container::{Distrust, Oddity};
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
    /// How it lies in its folder, where that is one that OPC UA stacks read for themselves.
    pub lying: Option<Box<Lying>>,
    /// The stacks that go by the folder and do not read it.
    pub unread: Vec<Unread>,
    /// What is odd about the form of its file; told at the first member of it.
    pub forms: Vec<Oddity>,
    /// Why it is no anchor, and for whom, where its file says so.
    pub distrust: Option<Box<Distrust>>,
}

impl Place {
    /// A place on a list, of which nothing else is known.
    pub fn on(list: List) -> Place {
        Place {
            list,
            group: Group::Application,
            name: None,
            path: None,
            lying: None,
            unread: Vec::new(),
            forms: Vec::new(),
            distrust: None,
        }
    }

    /// A place in the one list of a file.
    pub(super) fn in_file(list: List, path: &Path) -> Place {
        Place { path: Some(path.to_owned()), ..Place::on(list) }
    }

    /// Says whether it lies in a folder that nobody looks into.
    pub fn lies_below(&self) -> bool {
        self.lying.as_ref().is_some_and(|it| it.folder == Folder::Below)
    }

    /// Says whether its file is one for revocation lists, by its name or its folder. Hidden files are nobody's lists.
    pub fn is_for_lists(&self) -> bool {
        !self.lies_below() && self.path.as_deref().is_some_and(is_for_lists)
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

/// Says whether a file is one for revocation lists, by its name or its folder. Notes of programs are nobody's lists.
pub fn is_for_lists(path: &Path) -> bool {
    let lower = |part: &std::ffi::OsStr| part.to_string_lossy().to_ascii_lowercase();
    let folder = path.parent().and_then(Path::file_name).map(lower);
    let is_named = || path.file_name().map(lower).is_some_and(|it| it.contains(".crl") || hashed::is_list_name(&it));
    !is_note(path) && (is_named() || folder.is_some_and(|folder| ["crl", "crls"].contains(&folder.as_str())))
}

/// Files that Windows puts into folders that somebody has looked at.
const NOTES: [&str; 4] = ["thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini"];

/// Says whether a file is a note that a program or the operating system keeps for itself, by its name: hidden files, of
/// macOS `.DS_Store` among them, and those of Windows.
pub fn is_note(path: &Path) -> bool {
    let is_note = |name: &str| name.starts_with('.') || NOTES.iter().any(|note| name.eq_ignore_ascii_case(note));
    path.file_name().is_some_and(|name| is_note(&name.to_string_lossy()))
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
    /// What should be a certificate and cannot be decoded.
    Undecodable(Malformed),
    /// A revocation list.
    RevocationList(RevocationList),
    /// What should be a revocation list and cannot be decoded.
    DamagedList(DamagedList),
    /// A private key; nothing of it is told.
    PrivateKey,
    /// A secret that is no private key, such as a secret key of JCEKS; nothing of it is told.
    SecretKey,
    /// What was to be a revocation list and was not read, and why.
    UnreadList(String),
    /// Something that was not read, and why.
    Unread(String),
}

impl Content {
    /// Decodes a certificate.
    pub fn certificate(der: &[u8]) -> Content {
        Certificate::from_der(der).map_or_else(Content::Undecodable, Content::Certificate)
    }

    /// What readers of folders take it for.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Content::Certificate(_) | Content::Undecodable(_) => Kind::Certificate,
            Content::RevocationList(_) | Content::DamagedList(_) | Content::UnreadList(_) => Kind::RevocationList,
            Content::PrivateKey | Content::SecretKey | Content::Unread(_) => Kind::Other,
        }
    }

    /// Decodes a revocation list.
    pub fn revocation_list(der: &[u8]) -> Content {
        match RevocationList::from_der(der) {
            Ok(list) => Content::RevocationList(list),
            Err(error) => Content::DamagedList(DamagedList { der: der.into(), error }),
        }
    }

    /// Why it could not be read, where it could not.
    pub fn loss(&self) -> Option<String> {
        match self {
            Content::Undecodable(error) => Some(error.to_string()),
            Content::DamagedList(list) => Some(list.error.to_string()),
            Content::Unread(why) | Content::UnreadList(why) => Some(why.clone()),
            Content::Certificate(_) | Content::RevocationList(_) | Content::PrivateKey | Content::SecretKey => None,
        }
    }
}

/// What should be a revocation list and cannot be decoded.
#[derive(Clone, Debug)]
pub struct DamagedList {
    der: Box<[u8]>,
    /// Why.
    pub error: Malformed,
}

impl DamagedList {
    /// What there is of it.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whose list it was to be, where that much of it can be decoded.
    pub fn issuer(&self) -> Option<Name<'_>> {
        issuer_of_damaged_list(&self.der)
    }
}

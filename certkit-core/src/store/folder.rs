//! A folder of files, whatever they are called: every file in it and below it counts.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::change::{Change, Edit, Step, supersedes};
use super::error::StoreError;
use super::file::{is_same, members, other_list};
use super::member::{Content, List, Member, Place};
use super::opcua::plain_name;
use super::passwords::KeptPasswords;
use super::transaction::{Reach, StateFolder};
use super::{Address, Home, Kind, Store, authority, pem, reading};
use crate::cert::{Certificate, RevocationList};
use crate::container::{self, Encoding, Item, pem as pem_text};
use crate::files::{is_unfinished, names};
use crate::source::file::{self, FileError, Outcome, PassedOver, Visited};
use crate::text::with_causes;

/// The extensions that files of certificates and revocation lists have.
const EXTENSIONS: [&str; 10] = ["pem", "crt", "cer", "cert", "der", "crl", "p7b", "p7c", "p12", "pfx"];

/// A folder of files.
#[derive(Debug)]
pub(super) struct FolderStore {
    pub(super) address: Address,
    pub(super) path: PathBuf,
    pub(super) passwords: KeptPasswords,
}

impl Store for FolderStore {
    fn address(&self) -> &Address {
        &self.address
    }

    fn kind(&self) -> Kind {
        Kind::Folder
    }

    fn visit(&self, each: &mut dyn FnMut(Member)) -> Result<(), StoreError> {
        if !self.path.exists() {
            return Ok(());
        }
        let mut paths = Vec::new();
        for step in file::walk(&self.path)? {
            match step {
                Ok(path) if authority::is_index(&path) => {}
                Ok(path) if path.file_name().is_some_and(is_unfinished) => {
                    let outcome = Outcome::PassedOver(PassedOver::Unfinished);
                    give(Visited { path, outcome }, List::Trusted, each);
                }
                Ok(path) => paths.push(path),
                Err(visited) => give(*visited, List::Trusted, each),
            }
        }
        reading::read_all(&paths, self.passwords.lend(), &mut |visited| give(visited, List::Trusted, each));
        Ok(())
    }

    fn home(&self) -> Home {
        let is_one = |_: &Path, name: &str| {
            let extension = Path::new(name).extension().and_then(|it| it.to_str()).map(str::to_ascii_lowercase);
            extension.is_some_and(|it| EXTENSIONS.contains(&it.as_str()))
        };
        Home::Files(StateFolder::within(&self.path, Reach::Named(is_one)))
    }

    fn edits(&self, change: &Change) -> Result<Vec<Edit>, StoreError> {
        let store = self.address.to_string();
        if let Some(list) = change.steps.iter().find_map(other_list) {
            return Err(StoreError::NoList { store, list });
        }
        let mut files = Files::default();
        let extension = self.extension();
        for step in &change.steps {
            match step {
                Step::Add { certificate, name, .. } => {
                    let base = match name {
                        None => plain_name(&certificate.subject()),
                        Some(name) if names::is_name(name) => name.clone(),
                        Some(name) => return Err(StoreError::FileName { store, name: name.clone() }),
                    };
                    let path = files.free(&self.path, &base, extension);
                    files.write(path, pem_text::encode("CERTIFICATE", certificate.der()).into_bytes());
                }
                Step::AddRevocationList { revocation_list, .. } => {
                    self.visit_lists(&mut |path, old| {
                        if supersedes(revocation_list, old) {
                            files.remove(path.to_owned());
                        }
                    })?;
                    let path = files.free(&self.path, &plain_name(&revocation_list.issuer()), "crl");
                    files.write(path, pem_text::encode("X509 CRL", revocation_list.der()).into_bytes());
                }
                Step::Remove(member) => files.take_out(&store, member)?,
                Step::Move { to, .. } => return Err(StoreError::NoList { store, list: *to }),
            }
        }
        Ok(files.into_edits())
    }
}

impl FolderStore {
    /// The extension that certificates have here.
    fn extension(&self) -> &'static str {
        let has = |wanted: &str| {
            std::fs::read_dir(&self.path).is_ok_and(|entries| {
                entries.flatten().any(|entry| Path::new(&entry.file_name()).extension().is_some_and(|it| it == wanted))
            })
        };
        // What reads such folders often looks at one extension alone.
        if !has("pem") && has("crt") { "crt" } else { "pem" }
    }

    fn visit_lists(&self, each: &mut dyn FnMut(&Path, &RevocationList)) -> Result<(), StoreError> {
        self.visit(&mut |member| {
            if let (Content::RevocationList(list), Some(path)) = (&member.content, &member.place.path) {
                each(path, list);
            }
        })
    }
}

/// Gives what was found in one file of a folder that should hold nothing but certificates and lists.
pub(super) fn give_all(visited: Visited, list: List, each: &mut dyn FnMut(Member)) {
    match &visited.outcome {
        Outcome::PassedOver(why) => {
            each(Member { content: Content::Unread(why.to_string()), place: Place::in_file(list, &visited.path) });
        }
        _ => give(visited, list, each),
    }
}

/// Gives what was found in one file of a folder; what is no certificate or list does not concern it.
pub(super) fn give(visited: Visited, list: List, each: &mut dyn FnMut(Member)) {
    let Visited { path, outcome } = visited;
    match outcome {
        // What nobody has proven is shown as unread, so that no caller makes anchors of it.
        Outcome::Read(contents) => match contents.unproven(None) {
            Some(why) => {
                let place = Place::in_file(list, &path);
                each(Member {
                    content: Content::Unread(with_causes(&FileError::Content { path, source: why })),
                    place,
                });
            }
            None => members(contents, &Place::in_file(list, &path), each),
        },
        Outcome::PassedOver(PassedOver::Again) => {}
        // What was to be a list may revoke anybody.
        Outcome::PassedOver(why) => {
            let place = Place::in_file(list, &path);
            if place.is_for_lists() {
                each(Member { content: Content::UnreadList(why.to_string()), place });
            }
        }
        Outcome::Failed(error) => {
            each(Member { content: Content::Unread(with_causes(&error)), place: Place::in_file(list, &path) });
        }
    }
}

/// Files of a folder that are about to be written or removed.
#[derive(Debug, Default)]
pub(super) struct Files {
    wanted: Vec<(PathBuf, Option<Vec<u8>>)>,
    /// The paths of those.
    paths: HashSet<PathBuf>,
    /// For names that several want, the number that comes next.
    numbers: HashMap<PathBuf, u32>,
}

impl Files {
    /// A path that is not in use: with a number behind the name where that is.
    pub(super) fn free(&mut self, folder: &Path, base: &str, extension: &str) -> PathBuf {
        let dot = if extension.is_empty() { "" } else { "." };
        let first = folder.join(format!("{base}{dot}{extension}"));
        let mut number = self.numbers.get(&first).copied().unwrap_or(1);
        loop {
            let name = match number {
                1 => format!("{base}{dot}{extension}"),
                _ => format!("{base} ({number}){dot}{extension}"),
            };
            let path = folder.join(name);
            number = number.saturating_add(1);
            if self.is_free(&path) {
                self.numbers.insert(first, number);
                return path;
            }
        }
    }

    /// Says whether a path is not in use, and will not be.
    pub(super) fn is_free(&self, path: &Path) -> bool {
        !self.paths.contains(path) && path.symlink_metadata().is_err()
    }

    /// Plans a file.
    pub(super) fn write(&mut self, path: PathBuf, bytes: Vec<u8>) {
        self.want(path, Some(bytes));
    }

    /// Plans to remove a file.
    pub(super) fn remove(&mut self, path: PathBuf) {
        self.want(path, None);
    }

    fn want(&mut self, path: PathBuf, bytes: Option<Vec<u8>>) {
        self.paths.insert(path.clone());
        self.wanted.push((path, bytes));
    }

    /// Takes one thing out of its file; a file that holds nothing else is removed.
    pub(super) fn take_out(&mut self, store: &str, member: &Member) -> Result<(), StoreError> {
        let what = || member.place.to_string();
        let gone = || StoreError::Gone { store: store.to_owned(), what: what() };
        let path = member.place.path.as_deref().ok_or_else(gone)?;
        let real = std::fs::canonicalize(path).map_err(|_| gone())?;
        // Several may be taken out of one file.
        let is_wanted = self.paths.contains(&real) || self.paths.contains(path);
        let earlier = is_wanted.then(|| self.wanted.iter().rposition(|(other, _)| *other == real || other == path));
        let earlier = earlier.flatten();
        let bytes = match earlier.and_then(|at| self.wanted.get(at)) {
            Some((_, Some(bytes))) => Zeroizing::new(bytes.clone()),
            Some((_, None)) => return Err(gone()),
            None => file::read_bytes(&real)?,
        };
        let contents =
            container::read(&bytes).map_err(|source| FileError::Content { path: path.to_owned(), source })?;
        let (found, rest): (Vec<&Item>, Vec<&Item>) = contents.items.iter().partition(|item| is_same(item, member));
        let after = match (found.as_slice(), rest.as_slice()) {
            ([], _) => return Err(gone()),
            // The link goes, and what it leads to stays: that is not of this folder.
            (_, []) if contents.skipped.iter().all(container::Skipped::is_harmless) => (path.to_owned(), None),
            (found, _) if found.iter().all(|item| item.encoding == Encoding::Pem) => {
                (real, Some(pem::without(&bytes, found)))
            }
            _ => {
                let reason = "its file holds other content, and is not a PEM bundle";
                return Err(StoreError::Bound { store: store.to_owned(), what: what(), reason });
            }
        };
        if let Some(at) = earlier {
            self.wanted.remove(at);
        }
        self.want(after.0, after.1);
        Ok(())
    }

    pub(super) fn into_edits(self) -> Vec<Edit> {
        let edit = |(path, bytes): (PathBuf, Option<Vec<u8>>)| match bytes {
            Some(bytes) => Edit::write(path, bytes),
            None => Edit::remove(path),
        };
        self.wanted.into_iter().map(edit).collect()
    }
}

/// A certificate in the form that its folder has.
pub(super) fn encoded(certificate: &Certificate, form: container::Form) -> Vec<u8> {
    match form {
        container::Form::Pem => pem_text::encode("CERTIFICATE", certificate.der()).into_bytes(),
        _ => certificate.der().to_vec(),
    }
}

//! The PKI folder of an OPC UA application: trusted, issuer, own and rejected, with their revocation lists.
//!
//! Private keys in `own` are not read. Certificates that are moved keep the name of their file.

use std::fs;
use std::path::{Path, PathBuf};

use super::change::{Change, Edit, Step, supersedes};
use super::error::StoreError;
use super::folder::{self, Files, encoded};
use super::keep::Keeper;
use super::member::{Group, List, Member};
use super::opcua::plain_name;
use super::places::{Places, Shelf};
use super::{Address, Home, Kind, Store, reading};
use crate::cert::{Certificate, RevocationList};
use crate::container::{self, Form, pem};
use crate::files::names;
use crate::source::file::{self, FileError};

/// The PKI folder of an OPC UA application.
#[derive(Debug)]
pub(super) struct PkiStore {
    pub(super) address: Address,
    pub(super) path: PathBuf,
    pub(super) places: Places,
}

/// Where the lists of one group of an OPC UA application are.
#[derive(Clone, Debug)]
pub struct PkiFolders {
    /// Certificates that are trusted.
    pub trusted: PathBuf,
    /// CAs that only complete chains.
    pub issuers: PathBuf,
}

/// Opens what one group of an OPC UA application goes by: its lists and its own certificates, and nothing that it has
/// rejected. `None` where the folder has no such list.
///
/// An application without lists of its own for a group has those for applications for all.
pub fn open_group(root: &Path, group: Group) -> Option<(Box<dyn Store>, PkiFolders)> {
    let mut shelves = Places::find(root).shelves;
    let is_list = |shelf: &&Shelf| matches!(shelf.list, List::Trusted | List::Issuer);
    let has = |group: Group| shelves.iter().filter(is_list).any(|it| it.group == group && it.is_there());
    let group = [group, Group::Application].into_iter().find(|group| has(*group))?;
    shelves.retain(|shelf| shelf.group == group && shelf.list != List::Rejected);
    let folder = |list: List| {
        let shelf = shelves.iter().find(|shelf| shelf.list == list);
        shelf.map_or_else(|| root.join(list.name()), |shelf| shelf.certificates.clone())
    };
    let folders = PkiFolders { trusted: folder(List::Trusted), issuers: folder(List::Issuer) };
    let address = Address::Path { kind: Some(Kind::OpcUa), path: root.to_owned() };
    Some((Box::new(PkiStore { address, path: root.to_owned(), places: Places { shelves } }), folders))
}

impl PkiStore {
    fn shelf(&self, list: List, group: Group) -> Result<&Shelf, StoreError> {
        let missing = || StoreError::NoFolder { store: self.address.to_string(), list, group };
        self.places.shelf(list, group).ok_or_else(missing)
    }

    /// The file that a certificate gets on a list.
    fn file_of(&self, files: &mut Files, certificate: &Certificate, shelf: &Shelf) -> PathBuf {
        let layout = shelf.layout;
        let name =
            if shelf.list == List::Issuer { layout.issuer_name(certificate) } else { layout.trusted_name(certificate) };
        let path = shelf.certificates.join(&name);
        if path.symlink_metadata().is_err() {
            return path;
        }
        // Somebody has put another thing under this name.
        let (base, extension) = name.rsplit_once('.').filter(|(_, it)| it.len() == 3).unwrap_or((&name, ""));
        files.free(&shelf.certificates, base, extension)
    }

    fn add_list(
        &self,
        files: &mut Files,
        new: &RevocationList,
        authority: Option<&Certificate>,
        shelf: &Shelf,
    ) -> Result<(), StoreError> {
        let folder = shelf.revocation_lists.as_ref().ok_or_else(|| StoreError::NoRoom {
            store: format!("{}, list {}", self.address, shelf.list),
            what: "a revocation list",
        })?;
        let mut old: Vec<Member> = Vec::new();
        self.visit_folder(folder, shelf, &mut |member| {
            if member.revocation_list().is_some_and(|list| supersedes(new, list)) {
                old.push(member);
            }
        })?;
        let layout = shelf.layout;
        // Its reader knows that name; a link leads to where the list is kept.
        let last = old.pop().and_then(|last| last.place.path).map(|last| fs::canonicalize(&last).unwrap_or(last));
        let named = authority.map(|it| folder.join(layout.list_name(it))).filter(|path| files.is_free(path));
        let path = last.or(named).unwrap_or_else(|| files.free(folder, &plain_name(&new.issuer()), "crl"));
        for other in old.iter().filter(|other| other.place.path.as_ref() != Some(&path)) {
            files.take_out(&self.address.to_string(), other)?;
        }
        let is_pem = layout.form() == Form::Pem || path.extension().is_some_and(|it| it == "pem");
        let bytes = if is_pem { pem::encode("X509 CRL", new.der()).into_bytes() } else { new.der().to_vec() };
        files.write(path, bytes);
        Ok(())
    }

    /// Moves a certificate: with its file where it is alone in it.
    fn move_to(&self, files: &mut Files, member: &Member, to: List) -> Result<(), StoreError> {
        let store = self.address.to_string();
        let shelf = self.shelf(to, member.place.group)?;
        let gone = || StoreError::Gone { store: store.clone(), what: member.place.to_string() };
        let (Some(certificate), Some(path)) = (member.certificate(), &member.place.path) else { return Err(gone()) };
        let bytes = file::read_bytes(path)?;
        let contents = container::read(&bytes).map_err(|source| FileError::Content { path: path.clone(), source })?;
        let name = path.file_name().unwrap_or_default();
        let kept = shelf.certificates.join(name);
        let is_alone = contents.items.len() == 1 && contents.skipped.is_empty();
        let (target, content) = if is_alone && kept.symlink_metadata().is_err() && to != List::Issuer {
            (kept, bytes.to_vec())
        } else {
            (self.file_of(files, certificate, shelf), encoded(certificate, shelf.layout.form()))
        };
        // Trust goes first and comes last.
        if to == List::Rejected {
            files.take_out(&store, member)?;
            files.write(target, content);
        } else {
            files.write(target, content);
            files.take_out(&store, member)?;
        }
        Ok(())
    }

    /// The files of one folder, not of those in it.
    fn visit_folder(&self, folder: &Path, shelf: &Shelf, each: &mut dyn FnMut(Member)) -> Result<(), StoreError> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(FileError::Walk { path: folder.to_owned(), source }.into()),
        };
        let mut paths: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| !path.is_dir()).collect();
        paths.sort();
        reading::read_all(&paths, None, &mut |visited| {
            folder::give_all(visited, shelf.list, &mut |mut member| {
                member.place.group = shelf.group;
                each(member);
            });
        });
        Ok(())
    }
}

impl Store for PkiStore {
    fn address(&self) -> &Address {
        &self.address
    }

    fn kind(&self) -> Kind {
        Kind::OpcUa
    }

    fn lists(&self) -> &'static [List] {
        &List::ALL
    }

    fn visit(&self, each: &mut dyn FnMut(Member)) -> Result<(), StoreError> {
        if !self.path.exists() {
            return Ok(());
        }
        for shelf in &self.places.shelves {
            self.visit_folder(&shelf.certificates, shelf, each)?;
            if let Some(lists) = shelf.revocation_lists.as_ref().filter(|lists| **lists != shelf.certificates) {
                self.visit_folder(lists, shelf, each)?;
            }
        }
        Ok(())
    }

    fn home(&self) -> Home {
        Home::Files(Keeper::within(&self.path))
    }

    fn edits(&self, change: &Change) -> Result<Vec<Edit>, StoreError> {
        let mut files = Files::default();
        for step in &change.steps {
            match step {
                Step::Add { certificate, list, group, name } => {
                    let shelf = self.shelf(*list, *group)?;
                    let path = match name {
                        None => self.file_of(&mut files, certificate, shelf),
                        Some(name) => {
                            if !names::is_name(name) {
                                let store = self.address.to_string();
                                return Err(StoreError::FileName { store, name: name.clone() });
                            }
                            let path = shelf.certificates.join(name);
                            if path.symlink_metadata().is_ok() {
                                return Err(StoreError::NameTaken {
                                    store: self.address.to_string(),
                                    name: name.clone(),
                                });
                            }
                            path
                        }
                    };
                    files.write(path, encoded(certificate, shelf.layout.form()));
                }
                Step::AddRevocationList { revocation_list, authority, list, group } => {
                    let shelf = self.shelf(*list, *group)?;
                    self.add_list(&mut files, revocation_list, authority.as_ref(), shelf)?;
                }
                Step::Remove(member) => files.take_out(&self.address.to_string(), member)?,
                Step::Move { member, to } => self.move_to(&mut files, member, *to)?,
            }
        }
        Ok(files.into_edits())
    }
}

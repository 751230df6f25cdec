//! The PKI folder of an OPC UA application: trusted, issuer, own and rejected, with their revocation lists.
//!
//! Private keys in `own` are held against their certificates, and nothing of them is kept. Certificates that are moved keep the name of their file.

use std::fs;
use std::path::{Path, PathBuf};

use super::change::{Change, Edit, Step, supersedes};
use super::error::StoreError;
use super::folder::{self, Files, encoded};
use super::member::{Content, Group, List, Member, Place};
use super::opcua::plain_list_names;
use super::own::Identity;
use super::passwords::KeptPasswords;
use super::places::{ListFolder, Places};
use super::reader::{self, Folder, Lying, READERS, Reader, Reading};
use super::transaction::{Reach, StateFolder};
use super::{Address, Home, Kind, Store, reading};
use crate::cert::{Certificate, RevocationList};
use crate::container::{self, Encoding, Form, ItemKind, Passwords, pem};
use crate::files::names;
use crate::source::file::{self, FileError, Outcome};

/// The PKI folder of an OPC UA application.
#[derive(Debug)]
pub(super) struct PkiStore {
    pub(super) address: Address,
    pub(super) path: PathBuf,
    pub(super) places: Places,
    pub(super) passwords: KeptPasswords,
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
    let mut list_folders = Places::find(root).list_folders;
    let is_list = |list_folder: &&ListFolder| matches!(list_folder.list, List::Trusted | List::Issuer);
    let has = |group: Group| list_folders.iter().filter(is_list).any(|it| it.group == group && it.is_there());
    let group = [group, Group::Application].into_iter().find(|group| has(*group))?;
    list_folders.retain(|list_folder| list_folder.group == group && list_folder.list != List::Rejected);
    let folder = |list: List| {
        let list_folder = list_folders.iter().find(|list_folder| list_folder.list == list);
        list_folder.map_or_else(|| root.join(list.name()), |list_folder| list_folder.certificates.clone())
    };
    let folders = PkiFolders { trusted: folder(List::Trusted), issuers: folder(List::Issuer) };
    let address = Address::Path { kind: Some(Kind::OpcUa), path: root.to_owned() };
    Some((
        Box::new(PkiStore {
            address,
            path: root.to_owned(),
            places: Places { list_folders },
            passwords: KeptPasswords::default(),
        }),
        folders,
    ))
}

impl PkiStore {
    /// The folders of a list, at least one.
    fn folders_of(&self, list: List, group: Group) -> Result<Vec<&ListFolder>, StoreError> {
        let found = self.places.folders_of(list, group);
        let missing = || StoreError::NoFolder { store: self.address.to_string(), list, group };
        if found.is_empty() { Err(missing()) } else { Ok(found) }
    }

    /// The file that a certificate gets on a list.
    fn file_of(&self, files: &mut Files, certificate: &Certificate, list_folder: &ListFolder) -> PathBuf {
        let layout = list_folder.layout;
        let name = if list_folder.list == List::Issuer {
            layout.issuer_name(certificate)
        } else {
            layout.trusted_name(certificate)
        };
        let path = list_folder.certificates.join(&name);
        if path.symlink_metadata().is_err() {
            return path;
        }
        // Somebody has put another thing under this name.
        let (base, extension) = name.rsplit_once('.').filter(|(_, it)| it.len() == 3).unwrap_or((&name, ""));
        files.free(&list_folder.certificates, base, extension)
    }

    /// The file of this name on a list.
    fn named(&self, name: &str, list_folder: &ListFolder) -> Result<PathBuf, StoreError> {
        let store = self.address.to_string();
        if !names::is_name(name) {
            return Err(StoreError::FileName { store, name: name.to_owned() });
        }
        let path = list_folder.certificates.join(name);
        match path.symlink_metadata().is_ok() {
            true => Err(StoreError::NameTaken { store, name: name.to_owned() }),
            false => Ok(path),
        }
    }

    fn add_list(
        &self,
        files: &mut Files,
        new: &RevocationList,
        authority: Option<&Certificate>,
        list_folder: &ListFolder,
    ) -> Result<(), StoreError> {
        let folder = list_folder.revocation_lists.as_ref().ok_or_else(|| StoreError::NoRoom {
            store: format!("{}, list {}", self.address, list_folder.list),
            what: "a revocation list",
        })?;
        let mut old: Vec<Member> = Vec::new();
        self.visit_folder(folder, list_folder, &mut |member| {
            if member.revocation_list().is_some_and(|list| supersedes(new, list)) {
                old.push(member);
            }
        })?;
        let names = authority.map_or_else(|| plain_list_names(&new.issuer()), |it| list_folder.layout.list_names(it));
        let mut targets: Vec<(PathBuf, Form)> = Vec::new();
        // Its reader knows that name; a link leads to where the list is kept.
        if let Some(last) = old.last().and_then(|last| last.place.path.as_ref()) {
            let path = fs::canonicalize(last).unwrap_or_else(|_| last.clone());
            let is_pem = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("pem"));
            targets.push((path, if is_pem { Form::Pem } else { Form::Der }));
        }
        for (name, form) in names {
            let is_old = |path: &Path| old.iter().any(|it| it.place.path.as_deref() == Some(path));
            let planned = folder.join(&name);
            let (base, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
            let is_taken = !is_old(&planned) && !files.is_free(&planned);
            let path = if is_taken { files.free(folder, base, extension) } else { planned };
            let is_needed = READERS.iter().any(|reader| {
                let read = |path: &Path, form: Form| reads(reader, new, path, form);
                read(&path, form) && !targets.iter().any(|(path, form)| read(path, *form))
            });
            if is_needed {
                targets.push((path, form));
            }
        }
        for other in &old {
            let is_kept = |(path, _): &(PathBuf, Form)| other.place.path.as_ref() == Some(path);
            let real = other.place.path.as_ref().and_then(|path| fs::canonicalize(path).ok());
            if !targets.iter().any(|target| is_kept(target) || Some(&target.0) == real.as_ref()) {
                files.take_out(&self.address.to_string(), other)?;
            }
        }
        for (path, form) in targets {
            let bytes =
                if form == Form::Pem { pem::encode("X509 CRL", new.der()).into_bytes() } else { new.der().to_vec() };
            files.write(path, bytes);
        }
        Ok(())
    }

    /// Moves a certificate: with its file where it is alone in it.
    fn move_to(&self, files: &mut Files, member: &Member, to: List) -> Result<(), StoreError> {
        let store = self.address.to_string();
        let list_folders = self.folders_of(to, member.place.group)?;
        let gone = || StoreError::Gone { store: store.clone(), what: member.place.to_string() };
        let (Some(certificate), Some(path)) = (member.certificate(), &member.place.path) else { return Err(gone()) };
        let bytes = file::read_bytes(path)?;
        let contents = container::read(&bytes).map_err(|source| FileError::Content { path: path.clone(), source })?;
        let name = path.file_name().unwrap_or_default();
        let is_alone = contents.items.len() == 1 && contents.skipped.is_empty();
        // Trust goes first and comes last.
        if to == List::Rejected {
            files.take_out(&store, member)?;
        }
        for list_folder in list_folders {
            let kept = list_folder.certificates.join(name);
            if is_alone && kept.symlink_metadata().is_err() && to != List::Issuer {
                files.write(kept, bytes.to_vec());
            } else {
                let target = self.file_of(files, certificate, list_folder);
                files.write(target, encoded(certificate, list_folder.layout.form()));
            }
        }
        if to != List::Rejected {
            files.take_out(&store, member)?;
        }
        Ok(())
    }

    /// The files of one folder, not of those in it.
    fn visit_folder(
        &self,
        folder: &Path,
        list_folder: &ListFolder,
        each: &mut dyn FnMut(Member),
    ) -> Result<(), StoreError> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(FileError::Walk { path: folder.to_owned(), source }.into()),
        };
        let (folders, mut paths): (Vec<PathBuf>, Vec<PathBuf>) =
            entries.flatten().map(|entry| entry.path()).partition(|path| path.is_dir());
        paths.sort();
        let is_read = matches!(list_folder.list, List::Trusted | List::Issuer);
        if is_read {
            visit_below(&folders, list_folder, each);
        }
        let (place, readers) = (Folder::of(folder, list_folder), Reader::of(list_folder.layout));
        reading::read_all(&paths, Passwords::NONE, &mut |visited| {
            let contents = match &visited.outcome {
                Outcome::Read(contents) => Some(contents),
                _ => None,
            };
            let all = if is_read { Lying::all(contents, place, list_folder.twin) } else { Vec::new() };
            let name = reader::name_of(&visited.path);
            let mut number = 0;
            folder::give_all(visited, list_folder.list, &mut |mut member| {
                member.place.group = list_folder.group;
                // What was passed over in a file is told before what was taken from it, and is no thing of its own.
                let is_lost = matches!(member.content, Content::Unread(_) | Content::UnreadList(_));
                let is_taken = !is_lost || all.len() < 2;
                if let Some(lying) = all.get(number).filter(|_| is_taken) {
                    number = number.saturating_add(1);
                    member.place.unread = reader::unread(readers, &name, member.content.kind(), lying);
                    member.place.lying = Some(Box::new(lying.clone()));
                }
                each(member);
            });
        });
        Ok(())
    }
}

/// Tells of certificates and revocation lists in folders below that of a list, which no stack looks into.
fn visit_below(folders: &[PathBuf], list_folder: &ListFolder, each: &mut dyn FnMut(Member)) {
    let is_of_layout = |path: &Path| {
        let name = reader::name_of(path);
        name.starts_with('.') || ["certs", "crl", "crls", "private"].iter().any(|it| name.eq_ignore_ascii_case(it))
    };
    let below = folders.iter().filter(|path| !is_of_layout(path)).flat_map(|path| file::walk(path).ok()).flatten();
    let mut paths: Vec<PathBuf> = below.flatten().collect();
    paths.sort();
    reading::read_all(&paths, Passwords::NONE, &mut |visited| {
        let Outcome::Read(contents) = &visited.outcome else { return };
        let has_any =
            contents.items.iter().any(|it| matches!(it.kind, ItemKind::Certificate | ItemKind::RevocationList));
        if has_any {
            let place = Place { group: list_folder.group, ..Place::in_file(list_folder.list, &visited.path) };
            let lying = Lying::below();
            let unread = reader::unread(Reader::of(list_folder.layout), "", reader::Kind::Other, &lying);
            let why = "it is in a subfolder, which no stack looks into".to_owned();
            each(Member {
                content: Content::Unread(why),
                place: Place { lying: Some(Box::new(lying)), unread, ..place },
            });
        }
    });
}

/// Whether a stack would read a revocation list in a file of this name and form.
fn reads(reader: &Reader, list: &RevocationList, path: &Path, form: Form) -> bool {
    let encoding = Some(if form == Form::Pem { Encoding::Pem } else { Encoding::Der });
    let octets = list.der().len();
    let lying = Lying { folder: Folder::RevocationLists, encoding, octets, number: 0, count: 1, twin: None };
    reader.reads(&reader::name_of(path), reader::Kind::RevocationList, &lying) == Reading::Read
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
        for list_folder in &self.places.list_folders {
            self.visit_folder(&list_folder.certificates, list_folder, each)?;
            if let Some(lists) =
                list_folder.revocation_lists.as_ref().filter(|lists| **lists != list_folder.certificates)
            {
                self.visit_folder(lists, list_folder, each)?;
            }
        }
        Ok(())
    }

    fn identity(&self) -> Option<Identity> {
        let list_folder = self.places.folders_of(List::Own, Group::Application).into_iter().next()?;
        Some(Identity::read(
            &list_folder.certificates,
            self.places.keys().as_deref(),
            list_folder.layout,
            self.passwords.lend(),
        ))
    }

    fn home(&self) -> Home {
        let real = |folder: &PathBuf| fs::canonicalize(folder).unwrap_or_else(|_| folder.clone());
        let short = |folder: &PathBuf| real(folder).strip_prefix(&self.path).ok().map(Path::to_owned);
        let folders = self.places.list_folders.iter().flat_map(|it| {
            let both = [Some(&it.certificates), it.revocation_lists.as_ref()].into_iter().flatten();
            both.filter_map(|folder| Some((short(folder)?, it.list)))
        });
        Home::Files(StateFolder::within(&self.path, Reach::Lists(folders.collect())))
    }

    fn edits(&self, change: &Change) -> Result<Vec<Edit>, StoreError> {
        let mut files = Files::default();
        for step in &change.steps {
            match step {
                Step::Add { certificate, list, group, name } => {
                    for list_folder in self.folders_of(*list, *group)? {
                        let path = match name {
                            None => self.file_of(&mut files, certificate, list_folder),
                            Some(name) => self.named(name, list_folder)?,
                        };
                        files.write(path, encoded(certificate, list_folder.layout.form()));
                    }
                }
                Step::AddRevocationList { revocation_list, authority, list, group } => {
                    for list_folder in self.folders_of(*list, *group)? {
                        self.add_list(&mut files, revocation_list, authority.as_ref(), list_folder)?;
                    }
                }
                Step::Remove(member) => files.take_out(&self.address.to_string(), member)?,
                Step::Move { member, to } => self.move_to(&mut files, member, *to)?,
            }
        }
        Ok(files.into_edits())
    }
}

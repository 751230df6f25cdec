//! Stores that are one file: what is common to PEM bundles, PKCS#12 and Java keystores.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::change::{After, Change, Edit, Step};
use super::error::StoreError;
use super::member::{Content, List, Member, Place};
use super::transaction::StateFolder;
use super::{Address, Home, Kind, Store, java, pem, pkcs12};
use crate::container::jks::Flavour;
use crate::container::{Contents, Item, ItemKind, StoreProblem};
use crate::files::refuse_planted_links;
use crate::source::file::{self, FileError};

/// A store that is one file.
pub(super) struct FileStore {
    pub(super) address: Address,
    /// Where it is, links resolved.
    pub(super) path: PathBuf,
    pub(super) form: Form,
    /// The one that opens it.
    pub(super) password: Option<Zeroizing<Vec<u8>>>,
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Pkcs12,
    Java(Flavour),
}

impl std::fmt::Debug for FileStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileStore({:?}, {})", self.form, self.path.display())
    }
}

impl FileStore {
    /// Says whether there is such a file.
    pub(super) fn exists(&self) -> bool {
        self.path.exists()
    }

    /// The bytes of the file; none where there is none yet.
    pub(super) fn bytes(&self) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        if self.exists() { Ok(file::read_bytes(&self.path)?) } else { Ok(Zeroizing::default()) }
    }

    /// The file with new content.
    pub(super) fn edit(&self, bytes: Vec<u8>, has_key: bool) -> Edit {
        let bytes = Zeroizing::new(bytes);
        let after = if has_key { After::Secret(bytes) } else { After::Bytes(bytes) };
        Edit { path: self.path.clone(), after }
    }

    pub(super) fn name(&self) -> String {
        self.address.to_string()
    }

    pub(super) fn problem(&self, problem: StoreProblem) -> StoreError {
        StoreError::Container { path: self.path.clone(), problem }
    }

    pub(super) fn gone(&self, member: &Member) -> StoreError {
        StoreError::Gone { store: self.name(), what: member.place.to_string() }
    }
}

impl Store for FileStore {
    fn address(&self) -> &Address {
        &self.address
    }

    fn kind(&self) -> Kind {
        match self.form {
            Form::Plain => Kind::Pem,
            Form::Pkcs12 => Kind::Pkcs12,
            Form::Java(Flavour::Jks) => Kind::Jks,
            Form::Java(Flavour::Jceks) => Kind::Jceks,
        }
    }

    fn visit(&self, each: &mut dyn FnMut(Member)) -> Result<(), StoreError> {
        match self.form {
            Form::Plain => pem::visit(self, each),
            Form::Pkcs12 => pkcs12::visit(self, each),
            Form::Java(_) => java::visit(self, each),
        }
    }

    fn home(&self) -> Home {
        Home::Files(StateFolder::beside(&self.path))
    }

    fn edits(&self, change: &Change) -> Result<Vec<Edit>, StoreError> {
        if let Some(list) = change.steps.iter().find_map(other_list) {
            return Err(StoreError::NoList { store: self.name(), list });
        }
        match self.form {
            Form::Plain => pem::edits(self, change),
            Form::Pkcs12 => pkcs12::edits(self, change),
            Form::Java(flavour) => java::edits(self, flavour, change),
        }
    }
}

/// The list of a step that such a store does not have.
pub(super) fn other_list(step: &Step) -> Option<List> {
    match step {
        Step::Add { list, .. } | Step::AddRevocationList { list, .. } => (*list != List::Trusted).then_some(*list),
        Step::Move { to, .. } => Some(*to),
        Step::Remove(_) => None,
    }
}

/// Gives the items of a file as members.
pub(super) fn members(contents: Contents, place: &Place, each: &mut dyn FnMut(Member)) {
    let mut forms = contents.oddities;
    let mut each = |mut member: Member| {
        member.place.forms = std::mem::take(&mut forms);
        each(member);
    };
    for skipped in contents.skipped.iter().filter(|skipped| !skipped.is_harmless()) {
        let why = skipped.to_string();
        let content = if skipped.claims_list() { Content::UnreadList(why) } else { Content::Unread(why) };
        each(Member { content, place: place.clone() });
    }
    for item in contents.items {
        let content = match item.kind {
            ItemKind::Certificate => Content::certificate(&item.der),
            ItemKind::RevocationList => Content::revocation_list(&item.der),
            ItemKind::PrivateKey(_) => Content::PrivateKey,
            ItemKind::Request | ItemKind::PublicKey => Content::Unread(format!("{}: a {}", item.position, item.kind)),
            ItemKind::OcspResponse => Content::Unread(format!("{}: an {}", item.position, item.kind)),
        };
        let distrust = item.distrust().cloned().map(Box::new);
        let mut place = Place { distrust, ..place.clone().called(item.alias) };
        if item.rejected.is_some_and(|it| it.servers) && place.list == List::Trusted {
            place.list = List::Rejected;
        }
        each(Member { content, place });
    }
}

/// Says whether an item is what a member was made of, by its bytes.
pub(super) fn is_same(item: &Item, member: &Member) -> bool {
    match &member.content {
        Content::Certificate(certificate) => {
            item.kind == ItemKind::Certificate && is_der_of(certificate.der(), &item.der)
        }
        Content::RevocationList(list) => item.kind == ItemKind::RevocationList && is_der_of(list.der(), &item.der),
        _ => false,
    }
}

/// What follows a certificate in its wrapping is none of it.
pub(super) fn is_der_of(der: &[u8], bytes: &[u8]) -> bool {
    !der.is_empty() && bytes.starts_with(der)
}

/// Where a file is, links resolved; and whether it is there. A link that leads nowhere is an error.
pub(super) fn resolve(path: &Path) -> Result<(PathBuf, bool), StoreError> {
    refuse_planted_links(path)?;
    match std::fs::canonicalize(path) {
        Ok(real) => Ok((real, true)),
        Err(_) if path.symlink_metadata().is_ok() => Err(FileError::BrokenSymlink { path: path.to_owned() }.into()),
        Err(_) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let folder = std::fs::canonicalize(folder).map_err(|_| FileError::NotFound { path: folder.to_owned() })?;
            Ok((folder.join(path.file_name().unwrap_or_default()), false))
        }
    }
}

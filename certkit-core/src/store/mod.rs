//! Where trust is kept: one kind of store in each file, all behind [`Store`].
//!
//! Knows how programs keep the certificates that they trust, and how their files are changed
//! without ever being broken: see [`keep`]. Refuses to judge what is in a store, and decides
//! nothing about trust: a [`Change`] is the user's.

mod address;
pub mod authority;
mod builtin;
mod change;
mod error;
mod file;
mod folder;
mod hashed;
mod java;
mod member;
pub mod opcua;
mod own;
mod passwords;
mod pem;
mod pkcs12;
mod pki;
mod places;
pub mod reader;
mod reading;
pub mod roots;
pub mod transaction;
mod windows;

#[cfg(all(test, feature = "generate"))]
mod tests;

use std::collections::HashSet;
use std::path::Path;

use zeroize::Zeroizing;

pub use self::address::{Address, Kind};
pub use self::change::{After, Change, Edit, Step, is_complete, supersedes};
pub use self::error::StoreError;
pub use self::hashed::subject_hash;
pub use self::member::{Content, DamagedList, Group, List, Member, Place, is_for_lists, is_note};
pub use self::own::{Identity, KeyState};
pub use self::pki::{PkiFolders, open_group};
pub use self::windows::Location;

use self::file::{FileStore, Form};
use self::folder::FolderStore;
use self::hashed::HashedStore;
use self::pki::PkiStore;
use self::places::Places;
use self::transaction::{Author, Happened, Locked, Purpose, Record, StateFolder};
use crate::container::jks::Flavour;
use crate::container::{self, Passwords, Store as Wrapped};
use crate::source::file::FileError;

/// A place where trust is kept.
pub trait Store: std::fmt::Debug {
    /// How the user names it.
    fn address(&self) -> &Address;

    /// What kind of store it is, as its content says.
    fn kind(&self) -> Kind;

    /// The lists that it has.
    fn lists(&self) -> &'static [List] {
        &[List::Trusted]
    }

    /// Gives what stands in it, one after the other, in a fixed order.
    ///
    /// Holds one file at a time, or some hundreds of small ones. What cannot be decoded is
    /// given as such; fails only where the store as a whole cannot be read.
    fn visit(&self, each: &mut dyn FnMut(Member)) -> Result<(), StoreError>;

    /// What its owner shows of itself, where such stores have that: certificates and private keys of its own.
    fn identity(&self) -> Option<Identity> {
        None
    }

    /// Where it is kept.
    fn home(&self) -> Home;

    /// What a change does to its files. Writes nothing.
    fn edits(&self, change: &Change) -> Result<Vec<Edit>, StoreError>;
}

/// Where a store is kept.
#[derive(Debug)]
pub enum Home {
    /// In files, which are changed all or none.
    Files(StateFolder),
    /// In the operating system, which takes one change after the other.
    System(windows::WindowsStore),
    /// Nowhere that certkit could write.
    Nowhere,
}

impl dyn Store + '_ {
    /// Everything that stands in it.
    pub fn members(&self) -> Result<Vec<Member>, StoreError> {
        let mut members = Vec::new();
        self.visit(&mut |member| members.push(member))?;
        Ok(members)
    }

    /// Keeps other certkits from changing it; `None` where the operating system sees to that.
    pub fn lock(&self, purpose: Purpose) -> Result<Option<Locked>, StoreError> {
        match self.home() {
            Home::Files(state_folder) => state_folder.lock(purpose).map(Some),
            Home::System(_) => Ok(None),
            Home::Nowhere => {
                self.edits(&Change { steps: Vec::new(), moment: crate::moment::Moment::from_unix(0) }).map(|_| None)
            }
        }
    }

    /// Makes a change, all of it or nothing, and reads it back. Gives `None` where all is so already.
    pub fn apply(
        &self,
        locked: Option<&Locked>,
        change: &Change,
        author: &Author,
        happened: Happened,
    ) -> Result<Option<Record>, StoreError> {
        match (self.home(), locked) {
            (Home::System(store), _) => store.apply(change).map(|()| None),
            (_, Some(locked)) => {
                let edits = self.edits(change)?;
                locked.commit(&edits, author, happened, &|| self.read_back(change))
            }
            (..) => self.edits(change).map(|_| None),
        }
    }

    /// Says whether everything that was put in is there now.
    fn read_back(&self, change: &Change) -> Result<(), StoreError> {
        let mut missing: HashSet<&[u8]> = change.steps.iter().filter_map(Step::put_in).collect();
        self.visit(&mut |member| match &member.content {
            Content::Certificate(certificate) => _ = missing.remove(certificate.der()),
            Content::RevocationList(list) => _ = missing.remove(list.der()),
            _ => {}
        })?;
        if missing.is_empty() {
            return Ok(());
        }
        let path = match self.address() {
            Address::Path { path, .. } => path.clone(),
            other => other.to_string().into(),
        };
        Err(StoreError::ReadBack { path })
    }
}

impl Step {
    /// The bytes of what is in the store afterwards.
    fn put_in(&self) -> Option<&[u8]> {
        match self {
            Step::Add { certificate, .. } => Some(certificate.der()),
            Step::AddRevocationList { revocation_list, .. } => Some(revocation_list.der()),
            Step::Move { member, .. } => member.certificate().map(crate::cert::Certificate::der),
            Step::Remove(_) => None,
        }
    }
}

/// Whether a store has to be there when it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It has.
    Needed,
    /// It may come into being by the first change.
    MayBeNew,
}

/// Opens a store. Passwords are for PKCS#12 and Java keystores; the content is opened when it is read, and before that
/// only where the one among several passwords is to be found that opens it.
///
/// # Errors
/// When it is not there and has to be, cannot be read, or is a file in place of a folder.
pub fn open<'p>(
    address: &Address,
    passwords: impl Into<Passwords<'p>>,
    presence: Presence,
) -> Result<Box<dyn Store>, StoreError> {
    let (kind, path) = match address {
        Address::System | Address::Mozilla => return Ok(Box::new(builtin::BuiltIn { address: address.clone() })),
        Address::Windows { .. } => return windows::open(address),
        Address::Path { kind, path } => (*kind, path),
    };
    let (real, exists) = file::resolve(path)?;
    if !exists && presence == Presence::Needed {
        return Err(FileError::NotFound { path: path.clone() }.into());
    }
    let address = address.clone();
    let passwords = passwords.into();
    if exists && real.is_dir() || !exists && is_folder(kind) {
        return Ok(match kind.unwrap_or_else(|| folder_kind(&real)) {
            Kind::OpcUa => {
                Box::new(PkiStore { address, places: Places::find(&real), path: real, passwords: passwords.into() })
            }
            Kind::Hashed => Box::new(HashedStore { address, path: real }),
            _ => Box::new(FolderStore { address, path: real, passwords: passwords.into() }),
        });
    }
    if exists && is_folder(kind) {
        return Err(FileError::NotFolder { path: path.clone() }.into());
    }
    // What a file is, it says itself; a new one is what was asked for.
    let (form, password) = if exists { form_of(&real, passwords)? } else { (new_form(kind, &real), passwords.store) };
    let password = password.map(|it| Zeroizing::new(it.to_vec()));
    Ok(Box::new(FileStore { address, path: real, form, password }))
}

/// Says whether a folder has the lists of an OPC UA application, or is that of its user's or its server's PKI.
pub fn has_opcua_lists(folder: &Path) -> bool {
    places::is_pki(folder)
}

fn is_folder(kind: Option<Kind>) -> bool {
    matches!(kind, Some(Kind::Folder | Kind::Hashed | Kind::OpcUa))
}

/// What a folder is by what is in it.
fn folder_kind(folder: &Path) -> Kind {
    if places::is_pki(folder) {
        Kind::OpcUa
    } else if hashed::is_hashed(folder) {
        Kind::Hashed
    } else {
        Kind::Folder
    }
}

/// What a file is, and the password that opens it.
fn form_of<'p>(path: &Path, passwords: Passwords<'p>) -> Result<(Form, Option<&'p [u8]>), StoreError> {
    let bytes = crate::source::file::read_bytes(path)?;
    let Some(wrapped) = container::store_in(&bytes) else { return Ok((Form::Plain, None)) };
    let form = match wrapped {
        Wrapped::Pkcs12 => Form::Pkcs12,
        Wrapped::Jks => Form::Java(Flavour::Jks),
        Wrapped::Jceks => Form::Java(Flavour::Jceks),
    };
    Ok((form, container::fitting(&bytes, wrapped, passwords)))
}

/// What a new file shall be: as the prefix says, else as people expect of its name.
fn new_form(kind: Option<Kind>, path: &Path) -> Form {
    use crate::container::target::Wrapping;
    match (kind, Wrapping::from_extension(path)) {
        (Some(Kind::Pkcs12), _) | (None, Some(Wrapping::Pkcs12)) => Form::Pkcs12,
        (Some(Kind::Jks), _) | (None, Some(Wrapping::Jks)) => Form::Java(Flavour::Jks),
        (Some(Kind::Jceks), _) | (None, Some(Wrapping::Jceks)) => Form::Java(Flavour::Jceks),
        _ => Form::Plain,
    }
}

//! The certificate stores of Windows.
//!
//! Knows locations, names and what may be done, on every system, so that each of them compiles it; the calls to Windows
//! stand in a file of their own. On other systems there is no such store, and opening one says so.

#[cfg(not(windows))]
mod elsewhere;
#[cfg(windows)]
mod handle;

#[cfg(not(windows))]
use elsewhere::Handle;
#[cfg(windows)]
use handle::Handle;

use super::change::{Change, Step};
use super::error::StoreError;
use super::{Address, Store};
use super::{Content, Edit, Home, Kind, List, Member, change::supersedes, file::other_list, member::Place};

/// Whose store it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// The user's; shows what the machine trusts as well.
    CurrentUser,
    /// The machine's.
    LocalMachine,
}

impl Location {
    /// As Windows names it.
    pub fn name(self) -> &'static str {
        match self {
            Location::CurrentUser => "CurrentUser",
            Location::LocalMachine => "LocalMachine",
        }
    }

    /// Finds a location by its name.
    pub fn named(name: &str) -> Option<Location> {
        [Location::CurrentUser, Location::LocalMachine].into_iter().find(|it| it.name().eq_ignore_ascii_case(name))
    }
}

/// A store of Windows.
#[derive(Clone, Debug)]
pub struct WindowsStore {
    address: Address,
}

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// Something that was done and may have to be taken back.
#[derive(Debug)]
enum Done {
    Added(Vec<u8>),
    Removed(Vec<u8>),
}

/// Opens a store of Windows. Nothing is made: a name that there is not is an error, and so is every name elsewhere.
pub(super) fn open(address: &Address) -> Result<Box<dyn Store>, StoreError> {
    if cfg!(not(windows)) {
        let reason = "Windows stores are available only on Windows; `certutil -store Root NAME ca.cer` exports a file \
                      there";
        return Err(StoreError::Address { address: address.to_string(), reason });
    }
    let store = WindowsStore { address: address.clone() };
    store.opened(Access::Read)?;
    Ok(Box::new(store))
}

impl WindowsStore {
    fn opened(&self, access: Access) -> Result<Handle, StoreError> {
        let Address::Windows { location, name } = &self.address else {
            return Err(StoreError::Address { address: self.address.to_string(), reason: "not a Windows store" });
        };
        Handle::open(*location, name, access).map_err(self.refused("opening it"))
    }

    fn refused(&self, what: &'static str) -> impl FnOnce(std::io::Error) -> StoreError + '_ {
        move |source| StoreError::Windows { store: self.address.to_string(), what, source }
    }

    /// Makes a change. What was done before a step that fails is taken back.
    pub(super) fn apply(&self, change: &Change) -> Result<(), StoreError> {
        self.edits(change)?;
        let handle = self.opened(Access::Write)?;
        let mut done: Vec<Done> = Vec::new();
        for step in &change.steps {
            if let Err(error) = self.take(&handle, step, &mut done) {
                done.iter().rev().for_each(|done| take_back(&handle, done));
                return Err(error);
            }
        }
        handle.commit().map_err(self.refused("keeping the change"))
    }

    fn take(&self, handle: &Handle, step: &Step, done: &mut Vec<Done>) -> Result<(), StoreError> {
        match step {
            Step::Add { certificate, .. } => {
                handle.add_certificate(certificate.der()).map_err(self.refused("adding the certificate"))?;
                done.push(Done::Added(certificate.der().to_vec()));
            }
            Step::AddRevocationList { revocation_list, .. } => {
                for old in handle.revocation_lists() {
                    let is_old = crate::cert::RevocationList::from_der(&old);
                    if is_old.is_ok_and(|old| supersedes(revocation_list, &old)) {
                        handle.remove_list(&old).map_err(self.refused("removing the old revocation list"))?;
                    }
                }
                handle.add_list(revocation_list.der()).map_err(self.refused("adding the revocation list"))?;
            }
            Step::Remove(member) => {
                let gone = || StoreError::Gone { store: self.address.to_string(), what: member.place.to_string() };
                let was_there = match &member.content {
                    Content::Certificate(it) => {
                        done.push(Done::Removed(it.der().to_vec()));
                        handle.remove_certificate(it.der())
                    }
                    Content::RevocationList(it) => handle.remove_list(it.der()),
                    _ => return Err(gone()),
                };
                if !was_there.map_err(self.refused("removing it"))? {
                    return Err(gone());
                }
            }
            Step::Move { to, .. } => {
                return Err(StoreError::NoList { store: self.address.to_string(), list: *to });
            }
        }
        Ok(())
    }
}

/// Takes back what was done; what cannot be taken back is told by the error that led here.
fn take_back(handle: &Handle, done: &Done) {
    let _ = match done {
        Done::Added(der) => handle.remove_certificate(der).map(drop),
        Done::Removed(der) => handle.add_certificate(der),
    };
}

impl Store for WindowsStore {
    fn address(&self) -> &Address {
        &self.address
    }

    fn kind(&self) -> Kind {
        Kind::Windows
    }

    fn visit(&self, each: &mut dyn FnMut(Member)) -> Result<(), StoreError> {
        let handle = self.opened(Access::Read)?;
        let place = Place::on(List::Trusted);
        for (der, name) in handle.certificates() {
            each(Member { content: Content::certificate(&der), place: place.clone().called(name) });
        }
        for der in handle.revocation_lists() {
            each(Member { content: Content::revocation_list(&der), place: place.clone() });
        }
        Ok(())
    }

    fn home(&self) -> Home {
        Home::System(self.clone())
    }

    fn edits(&self, change: &Change) -> Result<Vec<Edit>, StoreError> {
        match change.steps.iter().find_map(other_list) {
            Some(list) => Err(StoreError::NoList { store: self.address.to_string(), list }),
            None => Ok(Vec::new()),
        }
    }
}

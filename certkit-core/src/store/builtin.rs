//! What the operating system and Mozilla trust: read, never changed.

use super::change::{Change, Edit};
use super::error::StoreError;
use super::member::{Content, List, Member, Place};
use super::{Address, Home, Kind, Store};
use crate::store::roots;

/// A list that comes with the system or with certkit.
#[derive(Debug)]
pub(super) struct BuiltIn {
    pub(super) address: Address,
}

impl Store for BuiltIn {
    fn address(&self) -> &Address {
        &self.address
    }

    fn kind(&self) -> Kind {
        if self.address == Address::Mozilla { Kind::Mozilla } else { Kind::System }
    }

    fn visit(&self, each: &mut dyn FnMut(Member)) -> Result<(), StoreError> {
        let place = Place::on(List::Trusted);
        if self.address == Address::Mozilla {
            roots::mozilla().for_each(|der| each(Member { content: Content::certificate(der), place: place.clone() }));
            return Ok(());
        }
        let found = roots::system()?;
        found
            .certificates
            .iter()
            .for_each(|der| each(Member { content: Content::certificate(der), place: place.clone() }));
        for problem in found.problems {
            each(Member { content: Content::Unread(problem.to_string()), place: place.clone() });
        }
        Ok(())
    }

    fn home(&self) -> Home {
        Home::Nowhere
    }

    fn edits(&self, _: &Change) -> Result<Vec<Edit>, StoreError> {
        let reason = if self.address == Address::Mozilla {
            "it is built into certkit"
        } else if cfg!(windows) {
            "name a store of Windows, such as windows:LocalMachine\\Root"
        } else {
            "name the file or folder itself, such as /etc/ssl/certs or /usr/local/share/ca-certificates"
        };
        Err(StoreError::ReadOnly { store: self.address.to_string(), reason })
    }
}

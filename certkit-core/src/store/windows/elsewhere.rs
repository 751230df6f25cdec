//! Stands in for the calls to Windows on other systems, where no store can be opened.

use std::convert::Infallible;
use std::io;

use super::{Access, Location};

/// An open store, of which there is none.
#[derive(Debug)]
pub(super) struct Handle(Infallible);

impl Handle {
    pub(super) fn open(_: Location, _: &str, _: Access) -> io::Result<Handle> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn certificates(&self) -> Vec<(Vec<u8>, Option<String>)> {
        match self.0 {}
    }

    pub(super) fn revocation_lists(&self) -> Vec<Vec<u8>> {
        match self.0 {}
    }

    pub(super) fn add_certificate(&self, _: &[u8]) -> io::Result<()> {
        match self.0 {}
    }

    pub(super) fn add_list(&self, _: &[u8]) -> io::Result<()> {
        match self.0 {}
    }

    pub(super) fn remove_certificate(&self, _: &[u8]) -> io::Result<bool> {
        match self.0 {}
    }

    pub(super) fn remove_list(&self, _: &[u8]) -> io::Result<bool> {
        match self.0 {}
    }

    pub(super) fn commit(&self) -> io::Result<()> {
        match self.0 {}
    }
}

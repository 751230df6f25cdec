//! The lists that a validation goes by: trusted certificates, issuers, and the revocation lists of both.

use std::collections::HashSet;

use crate::cert::{Certificate, Malformed, Name, RevocationList};
use crate::path::Pool;
use crate::path::revocation::Lists;

/// One of the two lists of an OPC UA trust list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// What is trusted: applications and CAs.
    Trusted,
    /// CAs that only complete chains.
    Issuers,
}

/// Certificates and revocation lists of a trust list (OPC 10000-12 TrustListDataType).
#[derive(Debug, Default)]
pub struct TrustLists {
    trusted: HashSet<Certificate>,
    issuers: HashSet<Certificate>,
    revocation: Lists,
    /// On which shelves each revocation list stands, by its place.
    shelves: Vec<Vec<Shelf>>,
}

impl TrustLists {
    /// Makes empty lists: they trust nobody.
    pub fn new() -> TrustLists {
        TrustLists::default()
    }

    /// Takes revocation lists, with the shelves that each stands on, by its place.
    pub fn over(revocation: Lists, shelves: Vec<Vec<Shelf>>) -> TrustLists {
        TrustLists { revocation, shelves, ..TrustLists::default() }
    }

    /// Adds a certificate.
    pub fn add(&mut self, shelf: Shelf, certificate: Certificate) {
        match shelf {
            Shelf::Trusted => self.trusted.insert(certificate),
            Shelf::Issuers => self.issuers.insert(certificate),
        };
    }

    /// Adds a revocation list.
    pub fn add_revocation_list(&mut self, shelf: Shelf, list: RevocationList) {
        let place = self.revocation.add(list);
        self.shelve(shelf, place);
    }

    /// Decodes a revocation list and adds it to shelves; one that cannot be decoded is kept as unread, with where it is.
    pub fn take_revocation_list(&mut self, shelves: &[Shelf], der: &[u8], origin: &str) -> Result<(), Malformed> {
        let place = self.revocation.take(der, origin)?;
        shelves.iter().for_each(|shelf| self.shelve(*shelf, place));
        Ok(())
    }

    /// Adds what was to be a revocation list and cannot be read, with its issuer where that is known, and the reason.
    pub fn add_unread_revocation_list(&mut self, issuer: Option<&Name<'_>>, reason: impl Into<String>) {
        self.revocation.add_unread(issuer, reason);
    }

    fn shelve(&mut self, shelf: Shelf, place: usize) {
        if place >= self.shelves.len() {
            self.shelves.resize(place.saturating_add(1), Vec::new());
        }
        if let Some(shelves) = self.shelves.get_mut(place)
            && !shelves.contains(&shelf)
        {
            shelves.push(shelf);
        }
    }

    /// Says whether a certificate is trusted itself, byte for byte.
    pub fn trusts(&self, certificate: &Certificate) -> bool {
        self.trusted.contains(certificate)
    }

    /// Says whether there is no revocation list at all.
    pub fn has_no_revocation_list(&self) -> bool {
        self.revocation.is_empty()
    }

    pub(super) fn revocation(&self) -> &Lists {
        &self.revocation
    }

    /// Says whether a revocation list lies where its issuer's certificate does.
    pub(super) fn lies_beside(&self, place: usize, issuer: &Certificate) -> bool {
        let shelves = self.shelves.get(place).map(Vec::as_slice).unwrap_or_default();
        (self.trusted.contains(issuer) && shelves.contains(&Shelf::Trusted))
            || (self.issuers.contains(issuer) && shelves.contains(&Shelf::Issuers))
    }

    /// All certificates as candidates for issuers, with those that were sent along.
    pub(super) fn pool(&self, sent: &[Certificate]) -> Pool {
        let mut pool = Pool::new();
        for certificate in self.trusted.iter().chain(&self.issuers).chain(sent) {
            pool.add(certificate.clone());
        }
        pool
    }
}

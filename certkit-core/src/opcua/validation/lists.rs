//! The lists that a validation goes by: trusted certificates, issuers, and the revocation lists of both.

use std::collections::HashSet;

use crate::cert::{Certificate, Malformed, Name, RevocationList};
use crate::path::Pool;
use crate::path::revocation::Lists;

/// One of the two lists of an OPC UA trust list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListRole {
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
    roles: Vec<Vec<ListRole>>,
}

impl TrustLists {
    /// Makes empty lists: they trust nobody.
    pub fn new() -> TrustLists {
        TrustLists::default()
    }

    /// Takes revocation lists, with the shelves that each stands on, by its place.
    pub fn over(revocation: Lists, roles: Vec<Vec<ListRole>>) -> TrustLists {
        TrustLists { revocation, roles, ..TrustLists::default() }
    }

    /// Adds a certificate.
    pub fn add(&mut self, role: ListRole, certificate: Certificate) {
        match role {
            ListRole::Trusted => self.trusted.insert(certificate),
            ListRole::Issuers => self.issuers.insert(certificate),
        };
    }

    /// Adds a revocation list.
    pub fn add_revocation_list(&mut self, role: ListRole, list: RevocationList) {
        let place = self.revocation.add(list);
        self.place_in(role, place);
    }

    /// Decodes a revocation list and adds it to shelves; one that cannot be decoded is kept as unread, with where it is.
    pub fn take_revocation_list(&mut self, roles: &[ListRole], der: &[u8], origin: &str) -> Result<(), Malformed> {
        let place = self.revocation.take(der, origin)?;
        roles.iter().for_each(|role| self.place_in(*role, place));
        Ok(())
    }

    /// Adds what was to be a revocation list and cannot be read, with its issuer where that is known, and the reason.
    pub fn add_unread_revocation_list(&mut self, issuer: Option<&Name<'_>>, reason: impl Into<String>) {
        self.revocation.add_unread(issuer, reason);
    }

    fn place_in(&mut self, role: ListRole, place: usize) {
        if place >= self.roles.len() {
            self.roles.resize(place.saturating_add(1), Vec::new());
        }
        if let Some(roles) = self.roles.get_mut(place)
            && !roles.contains(&role)
        {
            roles.push(role);
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
        let roles = self.roles.get(place).map(Vec::as_slice).unwrap_or_default();
        (self.trusted.contains(issuer) && roles.contains(&ListRole::Trusted))
            || (self.issuers.contains(issuer) && roles.contains(&ListRole::Issuers))
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

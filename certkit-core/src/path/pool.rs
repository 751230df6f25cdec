//! The certificates that may be issuers, found by their subject.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::budget::{Budget, Spent};
use crate::cert::extension::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, SubjectKeyIdentifier};
use crate::cert::{Certificate, GeneralName, Name};
use crate::container::Distrust;
use crate::crypto::signature::{Failure, Prepared};
use crate::moment::Moment;
use crate::oid;

/// Names a certificate of a [`Pool`]; the first one added is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub(super) u32);

impl Id {
    /// The place in the order in which certificates were added.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Certificates that may be issuers, each once, and which of them are anchors.
///
/// A pool may stand on another one, which is then shared: anchors and stores are read
/// once, and each peer's own certificates go into a small pool on top.
#[derive(Debug, Default)]
pub struct Pool {
    base: Option<Arc<Pool>>,
    entries: Vec<Entry>,
    by_subject: HashMap<u64, Vec<Id>>,
    by_bytes: HashMap<u64, Vec<Id>>,
    /// By the identifiers of their keys; filled when first asked for.
    by_key: OnceLock<HashMap<u64, Vec<Id>>>,
    /// Anchors that the pool below does not know as such.
    raised: Vec<Id>,
    /// Whom nobody should trust, and why.
    distrusted: HashMap<Certificate, Distrust>,
    /// What searches over the pool have spent in vain.
    vain: Vain,
}

/// What all searches over a pool have spent on candidates that were not the issuer, as in a [`Budget`].
#[derive(Debug, Default)]
struct Vain {
    signatures: AtomicU32,
    names: AtomicU32,
}

/// A certificate with what a search wants to know of it, found out when first asked for.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) certificate: Certificate,
    is_anchor: bool,
    subject: OnceLock<u64>,
    traits: OnceLock<Traits>,
    /// The certificate's key, for verifying what it has signed.
    pub(super) prepared: Prepared,
    /// Whether candidates for its issuer have signed it. Kept between searches.
    verified: RwLock<Vec<(Id, Result<(), Failure>)>>,
}

/// What a search wants to know of a certificate.
#[derive(Debug)]
pub(super) struct Traits {
    pub(super) key_identifier: Option<Box<[u8]>>,
    pub(super) authority_key_identifier: Option<Box<[u8]>>,
    pub(super) authority_serial: Option<Box<[u8]>>,
    /// Whether its authorityKeyIdentifier has names of its issuer's issuer.
    pub(super) names_issuer: bool,
    pub(super) may_sign_certificates: bool,
    pub(super) not_before: Option<Moment>,
    pub(super) not_after: Option<Moment>,
}

impl Entry {
    pub(super) fn new(certificate: Certificate) -> Entry {
        Entry {
            certificate,
            is_anchor: false,
            subject: OnceLock::new(),
            traits: OnceLock::new(),
            prepared: Prepared::default(),
            verified: RwLock::new(Vec::new()),
        }
    }

    /// The hash of its subject (see [`Name::canonical_hash`]).
    pub(super) fn subject(&self) -> u64 {
        *self.subject.get_or_init(|| self.certificate.subject().canonical_hash())
    }

    pub(super) fn traits(&self) -> &Traits {
        self.traits.get_or_init(|| {
            let certificate = &self.certificate;
            let mut traits = Traits {
                key_identifier: None,
                authority_key_identifier: None,
                authority_serial: None,
                names_issuer: false,
                may_sign_certificates: false,
                not_before: certificate.not_before().ok(),
                not_after: certificate.not_after().ok(),
            };
            let (mut is_ca, mut signs) = (false, true);
            for extension in certificate.extensions().iter() {
                match extension.oid {
                    oid::SUBJECT_KEY_IDENTIFIER => {
                        let identifier = extension.decode::<SubjectKeyIdentifier<'_>>();
                        traits.key_identifier = identifier.ok().map(|it| it.0.into());
                    }
                    oid::AUTHORITY_KEY_IDENTIFIER => {
                        let Ok(authority) = extension.decode::<AuthorityKeyIdentifier<'_>>() else { continue };
                        traits.authority_key_identifier = authority.key_id.map(Box::from);
                        traits.names_issuer = authority.issuer.is_some();
                        traits.authority_serial = authority.serial.map(|serial| serial.as_bytes().into());
                    }
                    oid::BASIC_CONSTRAINTS => {
                        is_ca = extension.decode::<BasicConstraints>().is_ok_and(|constraints| constraints.ca);
                    }
                    oid::KEY_USAGE => {
                        let usage = extension.decode::<KeyUsage>();
                        signs = usage.is_ok_and(|usage| usage.contains(KeyUsage::KEY_CERT_SIGN));
                    }
                    _ => {}
                }
            }
            traits.may_sign_certificates = is_ca && signs;
            traits
        })
    }

    /// Says whether authorityKeyIdentifier names `issuer` by its own issuer; `None` where it does not say.
    pub(super) fn names_issuer_of(&self, issuer: &Certificate) -> Option<bool> {
        let authority = self.certificate.extension::<AuthorityKeyIdentifier<'_>>().ok()??;
        // OpenSSL looks at the first directory name alone.
        authority.issuer?.iter().find_map(|name| match name {
            GeneralName::Directory(name) => Some(name.matches(&issuer.issuer())),
            _ => None,
        })
    }
}

/// What all searches over a pool may spend in vain before each gets less: a second or two.
const ALL: Spent = Spent { signatures: 8192, names_compared: 1 << 18, paths: 0 };

/// What each search has from then on.
const LEAST: Spent = Spent { signatures: 64, names_compared: 128, paths: 0 };

/// So many certificates are searched one by one, which is faster than keeping tables.
const FEW: usize = 8;

fn hash_of(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

impl Pool {
    /// Notes that nobody should trust a certificate, and why: no path with it is accepted, whoever trusts it besides.
    pub fn distrust(&mut self, certificate: Certificate, distrust: Distrust) {
        let Distrust { servers, clients, is_of_openssl, .. } = distrust;
        let known = self.distrusted.entry(certificate).or_insert(distrust);
        (known.servers, known.clients) = (known.servers || servers, known.clients || clients);
        known.is_of_openssl &= is_of_openssl;
    }

    /// Why nobody should trust a certificate; `None` where nothing says so.
    pub fn distrusted(&self, certificate: &Certificate) -> Option<&Distrust> {
        let own = if self.distrusted.is_empty() { None } else { self.distrusted.get(certificate) };
        own.or_else(|| self.base.as_ref()?.distrusted(certificate))
    }

    /// Makes an empty pool.
    pub fn new() -> Pool {
        Pool::default()
    }

    /// Makes a pool on top of another one, whose certificates keep their ids.
    pub fn over(base: Arc<Pool>) -> Pool {
        Pool { base: Some(base), ..Pool::default() }
    }

    /// Notes work that has led nowhere; all pools over one share what they may spend.
    pub(super) fn note_in_vain(&self, spent: Spent) {
        match &self.base {
            Some(base) => base.note_in_vain(spent),
            None => {
                for (count, more) in
                    [(&self.vain.signatures, spent.signatures), (&self.vain.names, spent.names_compared)]
                {
                    // What is counted at the same time elsewhere may be lost, which makes no difference.
                    count.store(count.load(Ordering::Relaxed).saturating_add(more), Ordering::Relaxed);
                }
            }
        }
    }

    /// What is left of a budget: less for each search, once all of them have spent much in vain.
    pub(super) fn left_of(&self, budget: Budget) -> Budget {
        match &self.base {
            Some(base) => base.left_of(budget),
            None => {
                let left = |spent: &AtomicU32, bound: u32, all: u32, least: u32| match spent.load(Ordering::Relaxed) {
                    spent if spent < all => bound,
                    _ => bound.min(least),
                };
                Budget {
                    signatures: left(&self.vain.signatures, budget.signatures, ALL.signatures, LEAST.signatures),
                    names_compared: left(
                        &self.vain.names,
                        budget.names_compared,
                        ALL.names_compared,
                        LEAST.names_compared,
                    ),
                    ..budget
                }
            }
        }
    }

    fn below(&self) -> usize {
        self.base.as_ref().map_or(0, |base| base.len())
    }

    /// How many certificates there are.
    pub fn len(&self) -> usize {
        self.below().saturating_add(self.entries.len())
    }

    /// Says whether there is no certificate.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a candidate; gives the id that it has already where its bytes are known. Costs about 1 µs.
    pub fn add(&mut self, certificate: Certificate) -> Id {
        if let Some(known) = self.find(&certificate) {
            return known;
        }
        // Four thousand million certificates do not fit into memory.
        let id = Id(u32::try_from(self.len()).unwrap_or(u32::MAX));
        self.entries.push(Entry::new(certificate));
        match self.entries.len().checked_sub(FEW) {
            None | Some(0) => {}
            Some(1) => self.own_ids().for_each(|id| self.list(id)),
            Some(_) => self.list(id),
        }
        if self.by_key.get().is_some()
            && let Some(key) = self.key_of(id)
            && let Some(table) = self.by_key.get_mut()
        {
            table.entry(key).or_default().push(id);
        }
        id
    }

    /// A hash of the identifier of a certificate's key.
    fn key_of(&self, id: Id) -> Option<u64> {
        self.entry(id)?.traits().key_identifier.as_deref().map(hash_of)
    }

    /// The certificates whose key has this identifier, and perhaps others.
    pub(super) fn identified(&self, key_identifier: &[u8]) -> Vec<Id> {
        let mut all = self.base.as_ref().map_or_else(Vec::new, |base| base.identified(key_identifier));
        let by_key = self.by_key.get_or_init(|| {
            let mut table: HashMap<u64, Vec<Id>> = HashMap::new();
            for id in self.own_ids() {
                if let Some(key) = self.key_of(id) {
                    table.entry(key).or_default().push(id);
                }
            }
            table
        });
        all.extend(by_key.get(&hash_of(key_identifier)).into_iter().flatten());
        all
    }

    /// Enters a certificate into the look-up tables.
    fn list(&mut self, id: Id) {
        let Some(entry) = self.entry(id) else { return };
        let (subject, bytes) = (entry.subject(), hash_of(entry.certificate.der()));
        self.by_subject.entry(subject).or_default().push(id);
        self.by_bytes.entry(bytes).or_default().push(id);
    }

    /// Adds an anchor, or makes one of a candidate that is there.
    pub fn add_anchor(&mut self, certificate: Certificate) -> Id {
        let id = self.add(certificate);
        if self.is_anchor(id) {
            return id;
        }
        let place = id.index().checked_sub(self.below());
        match place.and_then(|at| self.entries.get_mut(at)) {
            Some(entry) => entry.is_anchor = true,
            None => self.raised.push(id),
        }
        id
    }

    /// Finds a certificate by its bytes.
    pub fn find(&self, certificate: &Certificate) -> Option<Id> {
        if let Some(known) = self.base.as_ref().and_then(|base| base.find(certificate)) {
            return Some(known);
        }
        let is_it = |id: &Id| self.certificate(*id) == Some(certificate);
        if self.entries.len() <= FEW {
            return self.own_ids().find(is_it);
        }
        self.by_bytes.get(&hash_of(certificate.der()))?.iter().copied().find(is_it)
    }

    /// The ids of this pool without those of the one below.
    fn own_ids(&self) -> impl Iterator<Item = Id> + use<> {
        let end = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (end(self.below())..end(self.len())).map(Id)
    }

    pub(super) fn entry(&self, id: Id) -> Option<&Entry> {
        match id.index().checked_sub(self.below()) {
            Some(at) => self.entries.get(at),
            None => self.base.as_ref()?.entry(id),
        }
    }

    /// Asks whether `issuer` has signed `child`, or knows from an earlier search.
    ///
    /// Known is what both have in the pool of the child and those below it; what lies on top changes.
    pub(super) fn verified(
        &self,
        child: Id,
        issuer: Id,
        ask: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if child.index() < self.below()
            && let Some(base) = &self.base
        {
            return base.verified(child, issuer, ask);
        }
        let Some(entry) = self.entry(child).filter(|_| issuer.index() < self.len()) else { return ask() };
        let known = entry.verified.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, result)) = known.iter().find(|(id, _)| *id == issuer) {
            return *result;
        }
        drop(known);
        let result = ask();
        entry.verified.write().unwrap_or_else(PoisonError::into_inner).push((issuer, result));
        result
    }

    /// Verifies a certificate's signature with its own key; one that is in the pool is asked once.
    pub(crate) fn own_signature(&self, id: Option<Id>, certificate: &Certificate) -> Result<(), Failure> {
        match id {
            Some(id) => self.verified(id, id, || certificate.verify_own_signature()),
            None => certificate.verify_own_signature(),
        }
    }

    /// The certificate of this id; `None` for an id of another pool.
    pub fn certificate(&self, id: Id) -> Option<&Certificate> {
        self.entry(id).map(|entry| &entry.certificate)
    }

    /// Says whether the certificate of this id is an anchor.
    pub fn is_anchor(&self, id: Id) -> bool {
        match (id.index().checked_sub(self.below()), &self.base) {
            (Some(at), _) => self.entries.get(at).is_some_and(|entry| entry.is_anchor),
            (None, Some(base)) => base.is_anchor(id) || self.raised.contains(&id),
            (None, None) => false,
        }
    }

    /// All ids in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = Id> + use<> {
        (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(Id)
    }

    /// The certificates whose subject is this name (RFC 5280 section 7.1).
    pub fn issued_to(&self, name: &Name<'_>) -> Vec<Id> {
        let hash = name.canonical_hash();
        self.hashed(hash).filter(|&id| self.certificate(id).is_some_and(|it| it.subject().matches(name))).collect()
    }

    /// The certificates whose subject has this hash: those of one name, and perhaps others.
    pub(super) fn hashed<'p>(&'p self, hash: u64) -> Box<dyn Iterator<Item = Id> + 'p> {
        let listed = self.by_subject.get(&hash).into_iter().flatten().copied();
        let few = (self.entries.len() <= FEW).then(|| self.own_ids()).into_iter().flatten();
        let here = few.filter(move |id| self.entry(*id).is_some_and(|entry| entry.subject() == hash)).chain(listed);
        match &self.base {
            Some(base) => Box::new(base.hashed(hash).chain(here)),
            None => Box::new(here),
        }
    }
}

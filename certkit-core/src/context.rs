//! What is at hand for a run: certificates that complete chains and where each was found, revocation lists, OCSP
//! responses, and whom the user named as the ones to trust.
//!
//! A run gathers it once; every leaf is then judged over the same pool, which remembers what it
//! has verified. What could not be read belongs to it: a list that cannot be decoded makes the revocation of its
//! issuer unknown for everybody. Refuses to judge, and to read anything by itself.

#[cfg(feature = "store")]
mod gathering;

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "store")]
pub use gathering::{Gathering, Taken, lost_list};

use crate::cert::Certificate;
use crate::container::{Distrust, Oddity};
use crate::opcua::TrustLists;
use crate::opcua::validation::ListRole;
use crate::path::revocation::{Lists, Responses};
use crate::path::{Id, Pool};
use crate::text::Address;

/// Where a certificate was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The endpoint, or the file that is judged, presented it.
    Presented,
    /// It is in a file, folder or store that the user named, as the user named it.
    Given(String),
    /// The operating system trusts it.
    System,
    /// It is one of the embedded Mozilla roots.
    Mozilla,
    /// It was downloaded from an address that a certificate names for its issuer.
    Downloaded(Address),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Presented => f.write_str("presented"),
            Origin::Given(store) => write!(f, "found in {store}"),
            Origin::System => f.write_str("found in the system's roots"),
            Origin::Mozilla => f.write_str("found in the embedded Mozilla roots"),
            Origin::Downloaded(address) => write!(f, "downloaded from {address}"),
        }
    }
}

/// Whether the certificates of a supply may end a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// They may: the user or the system trusts them.
    Anchors,
    /// They may only complete it.
    Candidates,
}

/// Certificates that a chain may be completed from.
#[derive(Clone, Debug)]
pub struct CertificateSet {
    /// Where they were found.
    pub origin: Origin,
    /// Whether they may end a path.
    pub trust: Trust,
    /// The certificates.
    pub certificates: Vec<Certificate>,
}

/// What revocation lists and OCSP responses have to tell, where there are any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listening {
    /// They have to clear every certificate below the anchor.
    #[default]
    Required,
    /// Where there are lists of an issuer, they have to clear its certificates; of the others nothing is asked.
    WhereListed,
}

/// The anchors and candidates of a run, each with the place where it was found first.
#[derive(Debug, Default)]
pub struct Context {
    pool: Arc<Pool>,
    /// The places, each once for all certificates of a supply.
    places: Vec<Origin>,
    /// For each certificate of the pool, in its order, which place it is from.
    found: Vec<usize>,
    /// Certificates that were given as anchors, and as candidates as well.
    both: Vec<Certificate>,
    /// Beside which certificates each revocation list lies, by its place.
    beside: Vec<Vec<Trust>>,
    /// What could not be read, each in a sentence.
    pub unread: Vec<String>,
    /// The texts with anchors, as other programs have to read them.
    pub texts: Vec<AnchorText>,
    /// The revocation lists, and what was to be one and could not be read.
    pub lists: Lists,
    /// The OCSP responses.
    pub responses: Responses,
    /// What these have to tell.
    pub listening: Listening,
    /// What was named to trust or to complete chains and has lists beside its certificates, so that they have to clear all.
    pub listed_in: Vec<String>,
    /// The anchors that were named as the ones to trust, all of which are in the pool: a path has to end at one of
    /// them. `None` where it was left open whom to trust.
    pub named: Option<Vec<Certificate>>,
}

/// A text with anchors, such as a file of PEM.
#[derive(Clone, Debug)]
pub struct AnchorText {
    /// Its name, fit for a terminal.
    pub name: String,
    /// What is odd about its form.
    pub oddities: Vec<Oddity>,
    /// Whether a block of it was to be a certificate or a list and cannot be decoded.
    pub is_damaged: bool,
    /// The certificates in it.
    pub certificates: Vec<Certificate>,
}

impl Context {
    /// Takes up everything that is at hand. Costs about 1 µs a certificate.
    ///
    /// A certificate of several supplies is an anchor if one of them makes it one, and is from the first.
    pub fn new(certificate_sets: impl IntoIterator<Item = CertificateSet>) -> Context {
        let (mut pool, mut places, mut found, mut both) = (Pool::new(), Vec::new(), Vec::new(), Vec::new());
        for CertificateSet { origin, trust, certificates } in certificate_sets {
            for certificate in certificates {
                let known = pool.find(&certificate).map(|id| pool.is_anchor(id));
                if known.is_some_and(|is_anchor| is_anchor != (trust == Trust::Anchors)) {
                    both.push(certificate.clone());
                }
                let id = match trust {
                    Trust::Anchors => pool.add_anchor(certificate),
                    Trust::Candidates => pool.add(certificate),
                };
                if id.index() == found.len() {
                    found.push(places.len());
                }
            }
            places.push(origin);
        }
        Context { pool: Arc::new(pool), places, found, both, ..Context::default() }
    }

    /// Adds the anchors that the user named as the ones to trust; `None` leaves open whom to trust.
    #[must_use]
    pub fn trusting(self, named: Option<Vec<Certificate>>) -> Context {
        Context { named, ..self }
    }

    /// Adds whom nobody should trust, each with the reason.
    #[must_use]
    pub fn distrusting(mut self, certificates: impl IntoIterator<Item = (Certificate, Distrust)>) -> Context {
        let mut all = certificates.into_iter().peekable();
        if all.peek().is_some() {
            let mut pool = Pool::over(Arc::clone(&self.pool));
            all.for_each(|(certificate, distrust)| pool.distrust(certificate, distrust));
            self.pool = Arc::new(pool);
        }
        self
    }

    /// Adds revocation lists, and what was to be one and could not be read.
    #[must_use]
    pub fn listening_to(self, lists: Lists) -> Context {
        Context { lists, ..self }
    }

    /// The lists of an OPC UA application that has it so: its anchors are trusted, its candidates are issuers, and each
    /// revocation list lies beside the certificates that it was found with.
    pub fn into_trust_lists(self) -> TrustLists {
        let role = |trust: &Trust| match trust {
            Trust::Anchors => ListRole::Trusted,
            Trust::Candidates => ListRole::Issuers,
        };
        let roles = self.beside.iter().map(|beside| beside.iter().map(role).collect()).collect();
        let mut lists = TrustLists::over(self.lists, roles);
        for id in self.pool.ids() {
            // What must not be an anchor for somebody is none of an application.
            let is_anchor =
                |it: &&Certificate| !self.pool.is_anchor(id) || !self.pool.distrusted(it).is_some_and(|it| it.servers);
            if let Some(certificate) = self.pool.certificate(id).filter(is_anchor) {
                let role = if self.pool.is_anchor(id) { ListRole::Trusted } else { ListRole::Issuers };
                lists.add(role, certificate.clone());
            }
        }
        self.both.into_iter().for_each(|certificate| lists.add(ListRole::Issuers, certificate));
        lists
    }

    /// The certificates, ready to be searched and to be built upon.
    pub fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    /// Where a certificate of the pool was found; `None` for one that a pool on top has.
    pub fn origin(&self, id: Id) -> Option<&Origin> {
        self.places.get(*self.found.get(id.index())?)
    }

    /// Where a certificate was found; `None` where it is not among these.
    pub fn origin_of(&self, certificate: &Certificate) -> Option<&Origin> {
        self.origin(self.pool.find(certificate)?)
    }
}

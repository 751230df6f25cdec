//! What is at hand for a run: certificates that complete chains, and where each was found.
//!
//! A run gathers it once; every leaf is then judged over the same pool, which remembers what it
//! has verified. Refuses to judge, and to read anything by itself.

use std::fmt;
use std::sync::Arc;

use crate::cert::Certificate;
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
pub struct Supply {
    /// Where they were found.
    pub origin: Origin,
    /// Whether they may end a path.
    pub trust: Trust,
    /// The certificates.
    pub certificates: Vec<Certificate>,
}

/// The anchors and candidates of a run, each with the place where it was found first.
#[derive(Clone, Debug, Default)]
pub struct Context {
    pool: Arc<Pool>,
    /// The places, each once for all certificates of a supply.
    places: Vec<Origin>,
    /// For each certificate of the pool, in its order, which place it is from.
    found: Vec<usize>,
}

impl Context {
    /// Takes up everything that is at hand. Costs about 1 µs a certificate.
    ///
    /// A certificate of several supplies is an anchor if one of them makes it one, and is from the first.
    pub fn new(supplies: impl IntoIterator<Item = Supply>) -> Context {
        let (mut pool, mut places, mut found) = (Pool::new(), Vec::new(), Vec::new());
        for Supply { origin, trust, certificates } in supplies {
            for certificate in certificates {
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
        Context { pool: Arc::new(pool), places, found }
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

//! Completes a presented chain up to its top, and says from where each certificate came.
//!
//! Knows how to look: among what was presented, in the context of the run, then at the
//! addresses that certificates name for their issuers. Refuses to judge what it finds.
//! Stands on the floor of checks because it joins two modules of the floor below,
//! paths and sources.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::cert::Certificate;
use crate::cert::extension::{AuthorityInfoAccess, AuthorityKeyIdentifier};
use crate::container::published::{self, PublishedProblem};
use crate::context::{Context, Origin};
use crate::moment::Moment;
use crate::path::{Budget, End, Id, NearMiss, Path, Pool, Resource, Search};
use crate::source::{DownloadError, MAX_CERTIFICATES};
use crate::text::{Address, Hex};

/// Fetches what stands at an address.
pub type Download<'a> = dyn FnMut(&Address) -> Result<Vec<u8>, DownloadError> + 'a;

/// An attempt to download an issuer.
#[derive(Debug)]
pub struct Downloaded {
    /// The address.
    pub address: Address,
    /// How many certificates it gave, or why none.
    pub outcome: Result<usize, DownloadFailure>,
}

/// Says why a download gave no certificate.
#[derive(Debug, thiserror::Error)]
pub enum DownloadFailure {
    /// Nothing came.
    #[error(transparent)]
    Download(#[from] DownloadError),
    /// What came is no certificate.
    #[error("what came is no certificate: {0}")]
    Content(#[from] PublishedProblem),
}

/// What is known about an issuer that was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its subject, RFC 4514.
    pub subject: String,
    /// The identifier of its key, as lower-case hex.
    pub key_id: Option<String>,
    /// Where the certificate below says that it can be had.
    pub addresses: Vec<Address>,
    /// Certificates that nearly were it.
    pub near_misses: Vec<NearMiss>,
}

/// A chain with its origins.
#[derive(Debug)]
pub struct Chain {
    /// The best path from the first certificate upwards.
    pub path: Path,
    /// Where each certificate of the path was found.
    pub origins: Vec<Origin>,
    /// What was downloaded on the way.
    pub downloads: Vec<Downloaded>,
}

/// How many issuers are downloaded for one chain at most.
const MAX_DOWNLOADS: usize = 8;

impl Chain {
    /// Builds the best path from `leaf`, with downloads where the context does not have the issuer.
    ///
    /// Without `download` nothing is asked of the network. At most eight downloads are tried. Costs the search alone:
    /// the context is shared, and only what was presented is added on top of it.
    pub fn complete(
        leaf: &Certificate,
        presented: &[Certificate],
        context: &Context,
        moment: Moment,
        mut download: Option<&mut Download<'_>>,
    ) -> Chain {
        let mut pool = Pool::over(Arc::clone(context.pool()));
        let sent: HashSet<Id> = presented.iter().map(|certificate| pool.add(certificate.clone())).collect();
        let mut from: HashMap<Id, Address> = HashMap::new();
        let mut downloads: Vec<Downloaded> = Vec::new();
        loop {
            let path = best_path(&pool, leaf, moment);
            let next = match (&path.end, path.top()) {
                (End::IssuerMissing(_), Some(top)) => addresses(top)
                    .into_iter()
                    .find(|address| downloads.iter().all(|earlier| earlier.address != *address)),
                _ => None,
            };
            let (Some(address), Some(get)) = (next, download.as_mut().filter(|_| downloads.len() < MAX_DOWNLOADS))
            else {
                let origin = |id: Id| match from.get(&id) {
                    _ if sent.contains(&id) => Origin::Presented,
                    Some(address) => Origin::Downloaded(address.clone()),
                    None => context.origin(id).cloned().unwrap_or(Origin::Presented),
                };
                let origins = path.ids.iter().map(|id| id.map_or(Origin::Presented, origin)).collect();
                return Chain { path, origins, downloads };
            };
            let outcome = fetch_certificates(&address, *get).map(|found| {
                for certificate in &found {
                    let (known, id) = (pool.len(), pool.add(certificate.clone()));
                    if id.index() == known {
                        from.insert(id, address.clone());
                    }
                }
                found.len()
            });
            downloads.push(Downloaded { address, outcome });
        }
    }

    /// The self-signed certificate or anchor at the top; `None` where the top was not found.
    pub fn top(&self) -> Option<&Certificate> {
        match self.path.end {
            End::Anchor | End::SelfSigned => self.path.top(),
            _ => None,
        }
    }

    /// What is known about the issuer that was not found.
    pub fn missing(&self) -> Option<Missing> {
        let (End::IssuerMissing(near_misses), Some(top)) = (&self.path.end, self.path.top()) else { return None };
        Some(Missing {
            subject: top.issuer().to_string(),
            key_id: top
                .extension::<AuthorityKeyIdentifier<'_>>()
                .ok()
                .flatten()
                .and_then(|id| id.key_id)
                .map(|id| Hex(id).to_string()),
            addresses: addresses(top),
            near_misses: near_misses.clone(),
        })
    }

    /// Where a certificate of the path was found; `Presented` for any other.
    pub fn origin_of(&self, certificate: &Certificate) -> Origin {
        let position = self.path.certificates.iter().position(|it| it == certificate);
        position.and_then(|at| self.origins.get(at).cloned()).unwrap_or(Origin::Presented)
    }
}

fn best_path(pool: &Pool, leaf: &Certificate, moment: Moment) -> Path {
    // A search always hands out one path; a budget that allows none would leave the leaf alone.
    Search::new(pool, leaf, moment, Budget::default()).next().unwrap_or_else(|| Path {
        certificates: vec![leaf.clone()],
        ids: vec![pool.find(leaf)],
        links: Vec::new(),
        end: End::BudgetSpent(Resource::Paths),
    })
}

/// The addresses where the issuer of a certificate can be had.
fn addresses(certificate: &Certificate) -> Vec<Address> {
    let access = certificate.extension::<AuthorityInfoAccess<'_>>().ok().flatten();
    access.iter().flat_map(AuthorityInfoAccess::ca_issuers).map(|address| Address::new(address.to_str())).collect()
}

fn fetch_certificates(address: &Address, get: &mut Download<'_>) -> Result<Vec<Certificate>, DownloadFailure> {
    let bytes = get(address)?;
    let published = published::read(&bytes, MAX_CERTIFICATES)?;
    // One that cannot be decoded is no issuer of anything.
    Ok(published.certificates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect())
}

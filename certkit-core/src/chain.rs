//! A chain that was completed up to its top, from where each of its certificates came, and the downloads on the way.
//!
//! Knows which addresses certificates name for their issuers. Refuses to look for paths and to judge them.
//! Stands on the floor of checks because it joins two modules of the floor below,
//! paths and sources.

use crate::cert::Certificate;
use crate::cert::extension::{AuthorityInfoAccess, AuthorityKeyIdentifier};
use crate::container::published::{self, PublishedProblem};
use crate::context::Origin;
use crate::path::process::is_root;
use crate::path::{End, NearMiss, Path};
use crate::presented::MAX_CERTIFICATES;
use crate::text::{Address, Hex};

/// Says why nothing came from an address, in the words of whoever asked there.
pub type DownloadError = Box<dyn std::error::Error + Send + Sync>;

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
    Download(DownloadError),
    /// What came is no certificate.
    #[error("the downloaded data is not a certificate: {0}")]
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
pub(crate) const MAX_DOWNLOADS: usize = 8;

impl Chain {
    /// The certificate at the top, which is its own issuer; `None` where it was not found: the chain may end before, at an
    /// anchor that another CA has issued.
    pub fn top(&self) -> Option<&Certificate> {
        match self.path.end {
            End::Anchor | End::BeyondAnchor | End::SelfSigned => self.path.top().filter(|top| is_root(top)),
            _ => None,
        }
    }

    /// What is known about the issuer that was not found.
    pub fn missing(&self) -> Option<Missing> {
        let top = self.path.top()?;
        let near_misses = match &self.path.end {
            End::IssuerMissing(near_misses) => near_misses.clone(),
            End::Anchor | End::BeyondAnchor if self.top().is_none() => Vec::new(),
            _ => return None,
        };
        Some(Missing {
            subject: top.issuer().to_string(),
            key_id: top
                .extension::<AuthorityKeyIdentifier<'_>>()
                .ok()
                .flatten()
                .and_then(|id| id.key_id)
                .map(|id| Hex(id).to_string()),
            addresses: addresses(top),
            near_misses,
        })
    }
}

/// The addresses where the issuer of a certificate can be had.
pub(crate) fn addresses(certificate: &Certificate) -> Vec<Address> {
    let access = certificate.extension::<AuthorityInfoAccess<'_>>().ok().flatten();
    access.iter().flat_map(AuthorityInfoAccess::ca_issuers).map(|address| Address::new(address.to_str())).collect()
}

pub(crate) fn fetch_certificates(
    address: &Address,
    get: &mut Download<'_>,
) -> Result<Vec<Certificate>, DownloadFailure> {
    let bytes = get(address).map_err(DownloadFailure::Download)?;
    let published = published::read(&bytes, MAX_CERTIFICATES)?;
    // One that cannot be decoded is no issuer of anything.
    Ok(published.certificates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect())
}

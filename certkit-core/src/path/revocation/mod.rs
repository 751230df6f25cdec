//! What revocation lists (RFC 5280 section 6.3) and OCSP responses (RFC 6960) say of the certificates of a path.
//!
//! Knows scopes, indirect lists, deltas, reasons, list issuers other than the CA and
//! responders that a CA has authorised. Distinguishes why a status is not known: no list,
//! an expired one, one whose signature does not verify, one that covers something
//! else, an unauthorised responder. Does not decide whether an unknown status is
//! acceptable, and fetches nothing.

mod departures;
mod doubt;
mod index;
mod list;
mod listed;
mod request;
mod responder;
mod scope;
mod signer;
mod status;
mod tried;

pub(crate) use departures::NO_NEXT_UPDATE;
pub use departures::{departures, weak_digest};
pub use list::{Lists, Unread, may_name, unfit_to_clear};
pub use request::ocsp_request;
pub use responder::{Responses, decides};
pub use status::{Departure, Evidence, Misnomer, Reason, Status, Useless, WhyUseless, reason_of};

use super::found::Path;
use super::{Budget, Pool};
use crate::cert::Known;
use crate::moment::Moment;
use status::Inquiry;

/// What the status of certificates is told from.
pub struct Sources<'a> {
    /// Where issuers of lists, responders and their issuers are found.
    pub pool: &'a Pool,
    /// The lists.
    pub lists: &'a Lists,
    /// The OCSP responses.
    pub responses: &'a Responses,
    /// The time that is judged.
    pub moment: Moment,
    /// What may be spent on finding the issuers of lists.
    pub budget: Budget,
    /// Says whether the path of a list's issuer will do; its revocation is looked at besides.
    pub accepts: &'a dyn Fn(&Path, &[Known<'_>]) -> bool,
}

/// Tells the status of every certificate of a path below its anchor, leaf first.
///
/// Costs a look-up for each, and once for each list a walk over its entries and the
/// verification of its signature; for each response two digests and two verifications.
pub fn statuses(path: &Path, known: &[Known<'_>], sources: &Sources<'_>) -> Vec<Status> {
    let inquiry = Inquiry::new(sources);
    let below = path.certificates.len().saturating_sub(1);
    (0..below).map(|index| inquiry.status(path, known, index)).collect()
}

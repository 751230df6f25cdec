//! Where a list that clears departs from what is demanded of those who issue it.

use super::list::List;
use super::status::Departure;
use crate::crypto::signature::SignatureAlgorithm;
use crate::oid;

/// The algorithm of a signature over a digest for which others can be found, so that it proves little.
pub(super) fn weak_digest(algorithm: SignatureAlgorithm<'_>) -> Option<String> {
    algorithm.digest().is_some_and(|digest| !digest.is_collision_resistant()).then(|| algorithm.to_string())
}

/// Where a usable list departs from section 5.
pub(super) fn departures(at: usize, list: &List) -> Vec<Departure> {
    let list_extensions = list.list.extensions();
    let number = list_extensions.find(oid::CRL_NUMBER);
    let wrong = [
        (list.list.version() != 2, "5.1.2.1", "its version is not 2"),
        (matches!(list.list.next_update(), Ok(None)), "5.1.2.5", "it does not say when the next one is due"),
        (list_extensions.find(oid::AUTHORITY_KEY_IDENTIFIER).is_none(), "5.2.1", "it has no authorityKeyIdentifier"),
        (number.is_none(), "5.2.3", "it has no cRLNumber"),
        (number.is_some_and(|number| number.critical), "5.2.3", "its cRLNumber is critical"),
        (
            list_extensions.find(oid::ISSUING_DISTRIBUTION_POINT).is_some_and(|point| !point.critical),
            "5.2.5",
            "its issuingDistributionPoint is not critical",
        ),
        (list_extensions.duplicate().is_some(), "5.2", "it has an extension twice"),
    ];
    let departed = wrong.into_iter().filter(|(is_wrong, ..)| *is_wrong);
    departed.map(|(_, section, what)| Departure { list: at, section, what }).collect()
}

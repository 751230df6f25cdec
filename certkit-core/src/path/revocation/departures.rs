//! Where a list departs from what is demanded of those who issue it.

use super::status::Departure;
use crate::cert::RevocationList;
use crate::crypto::signature::SignatureAlgorithm;
use crate::oid;

/// The algorithm of a signature over a digest for which others can be found, so that it proves little.
pub fn weak_digest(algorithm: SignatureAlgorithm<'_>) -> Option<String> {
    algorithm.digest().is_some_and(|digest| !digest.is_collision_resistant()).then(|| algorithm.to_string())
}

/// Where the dates of the list at a place depart from section 5.1.2 of RFC 5280, though programs read them.
pub(super) fn misdated(at: usize, list: &RevocationList) -> Option<Departure> {
    let (field, _) = list.dates().find(|(_, time)| time.has_other_type())?;
    let (section, what) = match field {
        "nextUpdate" => ("5.1.2.5", "its nextUpdate is a GeneralizedTime before 2050"),
        _ => ("5.1.2.4", "its thisUpdate is a GeneralizedTime before 2050"),
    };
    Some(Departure { list: at, section, what })
}

/// What is said of a list that does not say when the next one is due.
pub(crate) const NO_NEXT_UPDATE: &str = "it has no nextUpdate";

/// Where the list at a place departs from section 5 of RFC 5280.
pub fn departures(at: usize, list: &RevocationList) -> Vec<Departure> {
    let extensions = list.extensions();
    let number = extensions.find(oid::CRL_NUMBER);
    let wrong = [
        (list.version() != 2, "5.1.2.1", "its version is not 2"),
        (matches!(list.next_update(), Ok(None)), "5.1.2.5", NO_NEXT_UPDATE),
        (extensions.find(oid::AUTHORITY_KEY_IDENTIFIER).is_none(), "5.2.1", "it has no authorityKeyIdentifier"),
        (number.is_none(), "5.2.3", "it has no cRLNumber"),
        (
            list.number().is_some_and(|it| it.as_bytes().first().is_some_and(|first| *first >= 0x80)),
            "5.2.3",
            "its cRLNumber is negative",
        ),
        (list.number().is_some_and(|it| it.as_bytes().len() > 20), "5.2.3", "its cRLNumber has more than 20 bytes"),
        (number.is_some_and(|number| number.critical), "5.2.3", "its cRLNumber is critical"),
        (
            extensions.find(oid::ISSUING_DISTRIBUTION_POINT).is_some_and(|point| !point.critical),
            "5.2.5",
            "its issuingDistributionPoint is not critical",
        ),
        (extensions.duplicate().is_some(), "5.2", "it has an extension twice"),
    ];
    let departed = wrong.into_iter().filter(|(is_wrong, ..)| *is_wrong);
    departed.map(|(_, section, what)| Departure { list: at, section, what }).collect()
}

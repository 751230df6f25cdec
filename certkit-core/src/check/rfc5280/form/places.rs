//! Where lists and issuers are found (RFC 5280 sections 4.2.1.13, 4.2.1.15 and 4.2.2.1).

use super::super::super::Clause::Rfc5280;
use super::super::super::{Check, Form, Look, Outcome, Severity};
use super::{form, unless_found};
use crate::cert::extension::{DistributionPoint, DistributionPointName};
use crate::cert::{GeneralName, Stated, Text};
use crate::oid;

/// Holds every distribution point against a rule; `None` where there is none.
fn no_point(form: &Form<'_>, fault: impl Fn(&DistributionPoint<'_>) -> Option<&'static str>) -> Option<Outcome> {
    let full = form.known.crl_distribution_points.as_ref().and_then(Stated::decoded);
    let delta = form.known.freshest_crl.as_ref().and_then(Stated::decoded).map(|it| it.0);
    let points = || full.copied().into_iter().chain(delta).flat_map(|list| list.iter());
    points().next()?;
    Some(unless_found(points().filter_map(|point| fault(&point)).map(str::to_owned)))
}

/// Says whether an address is one that programs fetch from.
fn is_fetchable(uri: Text<'_>) -> bool {
    let starts = |scheme: &[u8]| uri.0.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    [b"http://".as_slice(), b"https://", b"ldap://", b"ldaps://"].into_iter().any(starts)
}

form!(
    /// A distribution point names neither a place nor a signer.
    DISTRIBUTION_POINT_INCOMPLETE,
    "distribution-point-incomplete",
    &[Rfc5280("4.2.1.13")],
    "A distribution point has an address or a cRLIssuer",
    "With reasons alone no program can find the list.",
    "Reissue it with an address: `crlDistributionPoints = URI:http://pki.plant.example/ca.crl`.",
    |form| no_point(form, |point| {
        (point.name.is_none() && point.crl_issuer.is_none()).then_some("a distribution point has neither an address nor a cRLIssuer")
    })
);
form!(
    /// A distribution point has no address that can be fetched.
    DISTRIBUTION_POINT_NOT_FETCHABLE,
    "distribution-point-not-fetchable",
    &[Rfc5280("4.2.1.13")],
    "A distribution point has an address with http or ldap",
    "Programs fetch lists only from such addresses; otherwise the list has to be configured.",
    "At the next renewal add an address with http; until then pass the list with `--crl FILE`.",
    |form| no_point(form, |point| {
        let is_reached = match point.name {
            Some(DistributionPointName::Full(names)) => {
                names.iter().any(|name| matches!(name, GeneralName::Uri(uri) if is_fetchable(uri)))
            }
            // An entry of a directory that is not named; a point that says nothing at all has a check of its own.
            Some(DistributionPointName::RelativeToIssuer(_)) => false,
            None => point.crl_issuer.is_none(),
        };
        (!is_reached).then_some("a distribution point has no address with http or ldap")
    })
);
form!(
    /// No address of the issuer's certificate can be fetched.
    ISSUER_ADDRESS_NOT_FETCHABLE,
    "issuer-address-not-fetchable",
    &[Rfc5280("4.2.2.1")],
    "An authorityInfoAccess with caIssuers has an address with http or ldap",
    "Programs that complete a chain fetch the issuer only from such addresses.",
    "At the next renewal write `authorityInfoAccess = caIssuers;URI:http://pki.plant.example/ca.cer`.",
    |form| {
        let access = form.known.authority_info_access.as_ref()?.decoded()?;
        access.iter().find(|(method, _)| *method == oid::AD_CA_ISSUERS)?;
        let is_reached = access.ca_issuers().any(is_fetchable);
        Some(Outcome::not_met_if(!is_reached, || "caIssuers has no address with http or ldap".to_owned()))
    }
);

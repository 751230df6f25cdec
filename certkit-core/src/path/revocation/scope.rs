//! Which certificates and reasons a list covers (RFC 5280 sections 5.2.5, 6.3.3 b to e).

use super::list::List;
use super::status::WhyUseless;
use crate::asn1::{Reader, Tag};
use crate::cert::extension::{
    CrlDistributionPoints, DistributionPoint, DistributionPointName, IssuingDistributionPoint, Reasons,
};
use crate::cert::{Certificate, GeneralName, GeneralNames, Known, Name, Stated};

/// A place where the status of a certificate is found: one it names, or its issuer as such.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    Named(DistributionPoint<'a>),
    /// No place in particular: lists of the certificate's issuer.
    Issuer,
}

impl<'a> Place<'a> {
    pub(super) fn reasons(&self) -> Reasons {
        match self {
            Place::Named(point) => point.reasons.unwrap_or(Reasons::ALL),
            Place::Issuer => Reasons::ALL,
        }
    }

    /// The names of those who sign lists at this place, where it is not the certificate's issuer.
    pub(super) fn list_issuers(&self) -> Vec<Name<'a>> {
        let names = match self {
            Place::Named(point) => point.crl_issuer,
            Place::Issuer => None,
        };
        let directory = |name| match name {
            GeneralName::Directory(name) => Some(name),
            _ => None,
        };
        names.into_iter().flat_map(|names| names.iter()).filter_map(directory).collect()
    }
}

/// How many distribution points of a certificate are looked at.
pub(super) const MAX_PLACES: usize = 256;

/// The places that a certificate names.
pub(super) fn places<'a>(own: &Known<'a>) -> impl Iterator<Item = Place<'a>> {
    let points = own.crl_distribution_points.as_ref().and_then(Stated::decoded);
    points.into_iter().flat_map(CrlDistributionPoints::iter).map(Place::Named)
}

/// Says whether a list of a certificate's issuer tells nothing of it: it covers other certificates, or is found elsewhere.
pub(super) fn is_elsewhere(list: &List, certificate: &Certificate) -> bool {
    let own = Known::of(certificate);
    let is_covered = |place: Place<'_>| covers(list, &place, &own, certificate).is_ok();
    places(&own).nth(MAX_PLACES).is_none() && !places(&own).chain([Place::Issuer]).any(is_covered)
}

/// Says for which reasons a list covers a certificate at a place (6.3.3 b, d).
///
/// One whose scope cannot be decoded may cover everything.
pub(super) fn covers(
    list: &List,
    place: &Place<'_>,
    own: &Known<'_>,
    certificate: &Certificate,
) -> Result<Reasons, WhyUseless> {
    let Ok(scope) = list.scope() else { return Ok(Reasons::ALL) };
    let list_issuer = &list.list.issuer();
    let has_own_issuers = !place.list_issuers().is_empty();
    let issuer = certificate.issuer();
    let is_indirect = scope.as_ref().is_some_and(|scope| scope.is_indirect);
    if has_own_issuers && !is_indirect && !list_issuer.matches(&issuer) {
        return Err(WhyUseless::OutOfScope);
    }
    let Some(scope) = scope else { return Ok(place.reasons()) };
    let is_ca = own.is_ca();
    let is_elsewhere = !is_at(&scope, place, list_issuer, &issuer)
        || (scope.only_user_certificates && is_ca)
        || (scope.only_ca_certificates && !is_ca)
        || scope.only_attribute_certificates;
    if is_elsewhere {
        return Err(WhyUseless::OutOfScope);
    }
    Ok(Reasons(place.reasons().0 & scope.only_some_reasons.unwrap_or(Reasons::ALL).0))
}

/// Says whether a list's distribution point is this place (6.3.3 b 2 i).
///
/// `list_issuer` signs the list, `issuer` the certificate.
fn is_at(scope: &IssuingDistributionPoint<'_>, place: &Place<'_>, list_issuer: &Name<'_>, issuer: &Name<'_>) -> bool {
    let Some(found) = &scope.name else { return true };
    match place {
        Place::Named(DistributionPoint { name: Some(wanted), crl_issuer, .. }) => {
            // A relative name goes on from whoever signs the list.
            let directory = |name: GeneralName<'_>| match name {
                GeneralName::Directory(name) => Some(name.der().to_vec()),
                _ => None,
            };
            let relative_to = crl_issuer.and_then(|names| names.iter().find_map(directory));
            let relative_to = relative_to.unwrap_or_else(|| issuer.der().to_vec());
            share(&Spelt::new(found, list_issuer.der()), &Spelt::new(wanted, &relative_to))
        }
        Place::Named(DistributionPoint { name: None, crl_issuer: Some(names), .. }) => {
            share(&Spelt::new(found, list_issuer.der()), &Spelt::Full(*names))
        }
        Place::Named(_) => false,
        Place::Issuer => {
            let spelt = Spelt::new(found, list_issuer.der());
            spelt.names().iter().any(|name| matches!(name, GeneralName::Directory(name) if name.matches(issuer)))
        }
    }
}

/// A distribution point's name, relative ones written out.
enum Spelt<'a> {
    Full(GeneralNames<'a>),
    Written(Vec<u8>),
}

impl<'a> Spelt<'a> {
    fn new(name: &DistributionPointName<'a>, issuer: &[u8]) -> Spelt<'a> {
        match name {
            DistributionPointName::Full(names) => Spelt::Full(*names),
            DistributionPointName::RelativeToIssuer(attributes) => Spelt::Written(extend(issuer, attributes)),
        }
    }

    fn names(&self) -> Vec<GeneralName<'_>> {
        match self {
            Spelt::Full(names) => names.iter().collect(),
            Spelt::Written(der) => Name::from_der(der).map(GeneralName::Directory).into_iter().collect(),
        }
    }
}

fn share(one: &Spelt<'_>, other: &Spelt<'_>) -> bool {
    let others = other.names();
    one.names().iter().any(|name| {
        others.iter().any(|other| match (name, other) {
            (GeneralName::Directory(name), GeneralName::Directory(other)) => name.matches(other),
            _ => name == other,
        })
    })
}

/// Appends a relative name to a name.
fn extend(name: &[u8], attributes: &[u8]) -> Vec<u8> {
    let own = Reader::new(name).sequence().map(|inside| inside.rest()).unwrap_or_default();
    let relative = wrap(Tag::SET, attributes);
    wrap(Tag::SEQUENCE, &[own, &relative].concat())
}

fn wrap(tag: Tag, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|octet| *octet == 0).collect();
    let mut out = vec![tag.0];
    match length.as_slice() {
        [] => out.push(0),
        [short @ 0..=0x7f] => out.push(*short),
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(0x7f));
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(contents);
    out
}

//! The status of one certificate (RFC 5280 section 6.3.3).

use std::cell::RefCell;

use super::list::{List, Lookup};
use super::scope::{Place, is_at};
use super::{Sources, responder, signer};
use crate::asn1::Tag;
use crate::cert::extension::{CrlDistributionPoints, IssuingDistributionPoint, Reasons};
use crate::cert::{Certificate, Known, Malformed, Name, ResponseStatus, Revoked, Stated};
use crate::crypto::signature::Failure;
use crate::moment::Moment;
use crate::oid;
use crate::path::found::Path;

/// What is known about the revocation of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Lists that cover it for every reason do not have it, or a responder says that it is good.
    Good {
        /// What says so.
        by: Vec<Evidence>,
        /// Where these lists depart from section 5.
        departures: Vec<Departure>,
    },
    /// A list has it, or a responder says that it is revoked.
    Revoked {
        /// What says so.
        by: Evidence,
        /// Since when.
        since: Moment,
        /// Why, where the list says.
        reason: Option<Reason>,
    },
    /// Nothing at hand tells.
    Unknown {
        /// The lists and responses for its issuer that were looked at, and why none of them tells.
        useless: Vec<Useless>,
    },
}

/// What a status is told from, by its place in its collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// A revocation list, in [`super::Lists`].
    List(usize),
    /// An OCSP response, in [`super::Responses`].
    Response(usize),
}

/// Where a list departs from what section 5 demands of those who issue it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The list's place.
    pub list: usize,
    /// The clause of RFC 5280.
    pub section: &'static str,
    /// What is wrong.
    pub what: &'static str,
}

/// Why a certificate was revoked (section 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason(pub u8);

impl Reason {
    /// The certificate is no longer on hold (removeFromCRL).
    pub const REMOVED: Reason = Reason(8);

    /// Says whether a revocation for this reason is never taken back.
    pub fn is_final(self) -> bool {
        !matches!(self.0, 6 | 8)
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            0 => "unspecified",
            1 => "keyCompromise",
            2 => "cACompromise",
            3 => "affiliationChanged",
            4 => "superseded",
            5 => "cessationOfOperation",
            6 => "certificateHold",
            8 => "removeFromCRL",
            9 => "privilegeWithdrawn",
            10 => "aACompromise",
            other => return write!(f, "reason {other}"),
        })
    }
}

/// A list or a response that does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Useless {
    /// Which one.
    pub by: Evidence,
    /// Why.
    pub why: WhyUseless,
}

/// Why a list or a response does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyUseless {
    /// Its time has not come.
    NotYetValid {
        /// When it will.
        from: Moment,
    },
    /// A newer one should be out.
    Expired {
        /// Since when.
        since: Moment,
    },
    /// It covers other certificates, or is found elsewhere.
    OutOfScope,
    /// It does not cover every reason.
    SomeReasons,
    /// No certificate at hand belongs to the key that signed it.
    SignerMissing,
    /// Its signature does not verify.
    Signature(Failure),
    /// The one who signed it may not sign lists, or answer for the CA.
    SignerMayNot,
    /// The one who signed it has no acceptable path to the same anchor; a responder's must begin with the same CA.
    SignerUnproven,
    /// It has a critical extension that certkit does not understand.
    UnknownCritical(String),
    /// It is a delta, and the complete list that it goes with is not there.
    DeltaAlone,
    /// The responder did not answer the question.
    NoAnswer(ResponseStatus),
    /// The responder does not know the certificate.
    NotKnown,
    /// It cannot be decoded.
    Malformed(Malformed),
}

/// A running inquiry; remembers which signers it is already looking at.
pub(super) struct Inquiry<'a> {
    pub(super) sources: &'a Sources<'a>,
    pub(super) signers: RefCell<Vec<signer::Known>>,
    /// Certificates of responders that are being looked at.
    pub(super) responders: RefCell<Vec<Certificate>>,
}

/// How deep list issuers may depend on the lists of other list issuers.
pub(super) const MAX_NESTING: usize = 4;

/// A certificate under inquiry.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) path: &'a Path,
    pub(super) index: usize,
    pub(super) certificate: &'a Certificate,
}

/// What has been found so far.
#[derive(Default)]
struct Found {
    reasons: u16,
    by: Vec<Evidence>,
    departures: Vec<Departure>,
    useless: Vec<Useless>,
}

impl<'a> Inquiry<'a> {
    pub(super) fn new(sources: &'a Sources<'a>) -> Inquiry<'a> {
        Inquiry { sources, signers: RefCell::default(), responders: RefCell::default() }
    }

    /// Tells the status of one certificate. What one list or response has revoked, no other one clears.
    pub(super) fn status(&self, path: &Path, known: &[Known<'_>], index: usize) -> Status {
        let (Some(certificate), Some(own)) = (path.certificates.get(index), known.get(index)) else {
            return Status::Unknown { useless: Vec::new() };
        };
        let subject = Subject { path, index, certificate };
        let listed = self.listed(&subject, own);
        if matches!(listed, Status::Revoked { .. }) {
            return listed;
        }
        match (listed, responder::told(self, &subject, known)) {
            (_, revoked @ Status::Revoked { .. }) => revoked,
            (good @ Status::Good { .. }, _) | (_, good @ Status::Good { .. }) => good,
            (Status::Unknown { mut useless }, Status::Unknown { useless: responses }) => {
                useless.extend(responses);
                Status::Unknown { useless }
            }
            (listed, _) => listed,
        }
    }

    /// What the lists say of a certificate.
    fn listed(&self, subject: &Subject<'_>, own: &Known<'_>) -> Status {
        let points = own.crl_distribution_points.as_ref().and_then(Stated::decoded);
        let places = points.into_iter().flat_map(CrlDistributionPoints::iter).map(Place::Named);
        let mut found = Found::default();
        for place in places.chain([Place::Issuer]) {
            let names = match place.list_issuers() {
                names if names.is_empty() => vec![subject.certificate.issuer()],
                names => names,
            };
            for name in &names {
                for (at, list) in self.sources.lists.issued_by(name) {
                    match self.ask(subject, own, &place, at, list, found.reasons) {
                        Ok(None) => {}
                        Ok(Some(Answer::Clear { reasons, departures })) => {
                            found.reasons |= reasons.0;
                            found.by.push(Evidence::List(at));
                            found.departures.extend(departures);
                        }
                        Ok(Some(Answer::Revoked { since, reason, list })) => {
                            return Status::Revoked { by: Evidence::List(list), since, reason };
                        }
                        Err(why) => {
                            let useless = Useless { by: Evidence::List(at), why };
                            if !found.useless.contains(&useless) {
                                found.useless.push(useless);
                            }
                        }
                    }
                    if found.reasons == Reasons::ALL.0 {
                        return Status::Good { by: found.by, departures: found.departures };
                    }
                }
            }
        }
        found.useless.extend(found.by.iter().map(|list| Useless { by: *list, why: WhyUseless::SomeReasons }));
        // That a list is out of scope at one place says nothing where another place failed for a weightier reason.
        let weighty: Vec<Evidence> =
            found.useless.iter().filter(|it| it.why != WhyUseless::OutOfScope).map(|it| it.by).collect();
        found.useless.retain(|it| it.why != WhyUseless::OutOfScope || !weighty.contains(&it.by));
        Status::Unknown { useless: found.useless }
    }

    /// Asks one list at one place. `None` where it adds nothing to what is known.
    fn ask(
        &self,
        subject: &Subject<'_>,
        own: &Known<'_>,
        place: &Place<'_>,
        at: usize,
        list: &List,
        reasons_so_far: u16,
    ) -> Result<Option<Answer>, WhyUseless> {
        if list.delta_base().is_some() {
            return Err(WhyUseless::DeltaAlone);
        }
        let scope = list.scope().map_err(WhyUseless::Malformed)?;
        let covered = covers(scope.as_ref(), place, own, &list.list.issuer(), subject.certificate)?;
        // (e) A list that covers no further reason is of no use.
        if covered.0 & !reasons_so_far == 0 {
            return Ok(None);
        }
        let delta = self.delta_for(list);
        let age = self.dates(list);
        if !matches!(age, Ok(()) | Err(WhyUseless::Expired { .. })) {
            age.clone()?;
        }
        self.signed(subject, list)?;
        let delta = delta.filter(|(_, delta)| self.signed(subject, delta).is_ok());
        // (i), (j) and (k)
        let base = look_up(list, subject.certificate)?;
        // An old base is as good as new with a delta that is current (section 5.2.4). Without
        // one it no longer clears anybody, but what it revoked for good stays revoked.
        if delta.is_none() && !base.as_ref().is_some_and(|entry| reason_of(entry).is_none_or(Reason::is_final)) {
            age?;
        }
        let newer = match delta {
            Some((place, delta)) => look_up(delta, subject.certificate)?.map(|entry| (place, entry)),
            None => None,
        };
        let entry = match newer {
            Some((_, entry)) if reason_of(&entry) == Some(Reason(8)) => None,
            Some((place, entry)) => Some((place, entry)),
            None => base.map(|entry| (at, entry)),
        };
        Ok(Some(match entry {
            Some((list, entry)) => Answer::Revoked { list, since: entry.date, reason: reason_of(&entry) },
            None => Answer::Clear { reasons: covered, departures: departures(at, list) },
        }))
    }

    fn dates(&self, list: &List) -> Result<(), WhyUseless> {
        let moment = self.sources.moment;
        let from = list.list.this_update().map_err(WhyUseless::Malformed)?;
        if from > moment {
            return Err(WhyUseless::NotYetValid { from });
        }
        match list.list.next_update().map_err(WhyUseless::Malformed)? {
            Some(since) if since < moment => Err(WhyUseless::Expired { since }),
            _ => Ok(()),
        }
    }

    /// Finds the delta that goes with a complete list, the newest where there are several (6.3.3 c, 5.2.4).
    fn delta_for(&self, base: &List) -> Option<(usize, &'a List)> {
        let number = base.list.number().and_then(|number| magnitude(number.as_bytes()))?;
        let issuer = base.list.issuer();
        let lists: Vec<(usize, &'a List)> = self.sources.lists.issued_by(&issuer);
        let goes_with = |delta: &List| {
            let newer = delta.list.number().and_then(|number| magnitude(number.as_bytes()));
            let starts = delta.delta_base().flatten().is_some_and(|start| at_most(start, number));
            let is_newer = newer.is_some_and(|newer| !at_most(newer, number));
            let same_scope = scope_der(base) == scope_der(delta);
            let same_key = match (base.key_identifier(), delta.key_identifier()) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            };
            starts && is_newer && same_scope && same_key && self.dates(delta).is_ok()
        };
        lists.into_iter().filter(|(_, delta)| goes_with(delta)).max_by_key(|(_, delta)| delta.list.this_update().ok())
    }

    /// Says whether the list is signed by someone who may, and has no extension that certkit does not understand.
    fn signed(&self, subject: &Subject<'_>, list: &List) -> Result<(), WhyUseless> {
        if let Some(oid) = list.unknown_critical() {
            return Err(WhyUseless::UnknownCritical(oid.to_string()));
        }
        signer::prove(self, subject, list)
    }
}

/// The list's scope as it is encoded.
fn scope_der(list: &List) -> Option<&[u8]> {
    list.list.extensions().find(oid::ISSUING_DISTRIBUTION_POINT).map(|it| it.value)
}

/// What a usable list answers.
enum Answer {
    Clear { reasons: Reasons, departures: Vec<Departure> },
    Revoked { list: usize, since: Moment, reason: Option<Reason> },
}

/// Says for which reasons a list covers a certificate at a place (6.3.3 b, d).
fn covers(
    scope: Option<&IssuingDistributionPoint<'_>>,
    place: &Place<'_>,
    own: &Known<'_>,
    list_issuer: &Name<'_>,
    certificate: &Certificate,
) -> Result<Reasons, WhyUseless> {
    let has_own_issuers = !place.list_issuers().is_empty();
    let issuer = certificate.issuer();
    let is_indirect = scope.is_some_and(|scope| scope.is_indirect);
    if has_own_issuers && !is_indirect && !list_issuer.matches(&issuer) {
        return Err(WhyUseless::OutOfScope);
    }
    let Some(scope) = scope else { return Ok(place.reasons()) };
    let is_ca = own.is_ca();
    let is_elsewhere = !is_at(scope, place, list_issuer, &issuer)
        || (scope.only_user_certificates && is_ca)
        || (scope.only_ca_certificates && !is_ca)
        || scope.only_attribute_certificates;
    if is_elsewhere {
        return Err(WhyUseless::OutOfScope);
    }
    Ok(Reasons(place.reasons().0 & scope.only_some_reasons.unwrap_or(Reasons::ALL).0))
}

fn look_up<'a>(list: &'a List, certificate: &Certificate) -> Result<Option<Revoked<'a>>, WhyUseless> {
    match list.look_up(certificate) {
        Lookup::Absent => Ok(None),
        Lookup::Listed(entry) => Ok(Some(entry)),
        Lookup::UnknownCritical(oid) => Err(WhyUseless::UnknownCritical(oid)),
        Lookup::Malformed(source) => Err(WhyUseless::Malformed(Malformed { part: "revokedCertificates", source })),
    }
}

/// The reason that an entry of a list gives.
pub fn reason_of(entry: &Revoked<'_>) -> Option<Reason> {
    let extension = entry.extensions.find(oid::REASON_CODE)?;
    match extension.reader().expect(Tag::ENUMERATED).ok()?.value {
        [code] => Some(Reason(*code)),
        _ => None,
    }
}

fn magnitude(number: &[u8]) -> Option<&[u8]> {
    crate::asn1::magnitude(number)
}

/// Compares magnitudes without leading zeros.
fn at_most(one: &[u8], other: &[u8]) -> bool {
    (one.len(), one) <= (other.len(), other)
}

/// Where a usable list departs from section 5.
fn departures(at: usize, list: &List) -> Vec<Departure> {
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

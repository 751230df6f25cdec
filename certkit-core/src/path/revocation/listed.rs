//! What revocation lists say of one certificate (RFC 5280 section 6.3.3).
//!
//! Every list that covers the certificate is asked, whatever the order in which they were given: a revocation by any
//! valid list counts, a hold until a newer list lifts it, and only the newest complete lists clear. What may hold a
//! newer word and cannot be relied upon leaves the status unknown.

use std::collections::BTreeMap;

use super::departures::{departures, misdated, weak_digest};
use super::doubt::Doubt;
use super::index::is_final;
use super::list::{Age, List};
use super::scope::{MAX_PLACES, Place, covers, places};
use super::signer::{self, Signer};
use super::status::{Evidence, Inquiry, Misnomer, Reason, Status, Subject, Useless, WhyUseless, reason_of};
use crate::cert::extension::{Reasons, SubjectKeyIdentifier};
use crate::cert::{Known, Revoked};
use crate::moment::Moment;
use crate::oid;

/// What looking for the signer of a list costs, measured in looks at a list.
const SIGNER: u32 = 64;

/// A list that covers the certificate.
struct Covering<'a> {
    at: usize,
    list: &'a List,
    /// For which reasons.
    reasons: u16,
    age: Age<'a>,
    /// Why it is not current.
    dates: Result<(), WhyUseless>,
}

/// Something that a newer list may make void, for the reasons that it is about.
struct Claim<'a, T> {
    age: Age<'a>,
    reasons: u16,
    what: T,
}

/// An entry that can be lifted.
struct Held {
    /// The list.
    at: usize,
    since: Moment,
    reason: Reason,
    /// What is wrong with the dates of the list.
    ended: Option<WhyUseless>,
}

/// What the lists have said so far.
#[derive(Default)]
struct Said<'a> {
    /// Complete lists that clear.
    clear: Vec<Claim<'a, &'a Covering<'a>>>,
    /// Deltas that lift a hold.
    lifted: Vec<Claim<'a, ()>>,
    /// Entries that put the certificate on hold, with what says so; by a list that has ended where that is said.
    held: Vec<Claim<'a, Held>>,
    /// What keeps older lists from clearing: for good, or only where it is newer than they are.
    doubts: Vec<Claim<'a, Doubt>>,
    useless: Vec<Useless>,
    /// Lists that name another signer than their own.
    misnamed: Vec<(usize, Misnomer)>,
    /// Whether certkit has given up.
    is_exhausted: bool,
}

/// Tells what the lists say of a certificate.
pub(super) fn status_of(inquiry: &Inquiry<'_>, subject: &Subject<'_>, own: &Known<'_>) -> Status {
    let mut said = Said::default();
    let unread = unread(inquiry, subject, own, &mut said.useless);
    let covering = covering(inquiry, subject, own, &mut said);
    let mut deltas: Vec<&Covering<'_>> = Vec::new();
    for delta in covering.iter().filter(|it| it.list.delta_base().is_some()) {
        match said.hear(inquiry, subject, delta) {
            Heard::Revoked(status) => return status,
            Heard::Nothing => {}
            Heard::Valid(_) => deltas.push(delta),
        }
    }
    let mut has_base = false;
    for complete in covering.iter().filter(|it| it.list.delta_base().is_none()) {
        let entry = match said.hear(inquiry, subject, complete) {
            Heard::Revoked(status) => return status,
            Heard::Nothing => continue,
            Heard::Valid(entry) => entry,
        };
        let mut goes_with_current = false;
        let mut is_stale = false;
        for delta in &deltas {
            if !inquiry.spend(1) {
                break;
            }
            let relation = relation(complete, delta);
            goes_with_current |= relation == Relation::GoesWith && delta.dates.is_ok();
            is_stale |= relation == Relation::Ahead;
        }
        has_base |= goes_with_current;
        if is_stale {
            // Another complete list is out already: this one is not the newest.
            said.useless(complete, WhyUseless::NewerBaseMissing);
            said.doubts.push(complete.claim(Doubt::Weak));
        } else if let (Err(why), false) = (&complete.dates, goes_with_current) {
            // An old base is as good as new with a delta that is current (section 5.2.4).
            said.useless(complete, why.clone());
        } else if entry.is_none() || said.is_lifted(complete) {
            said.clear.push(complete.claim(complete));
        }
    }
    if !has_base {
        deltas.iter().for_each(|delta| said.useless(delta, WhyUseless::DeltaAlone));
    }
    said.is_exhausted |= inquiry.is_exhausted();
    said.conclude(unread)
}

/// Notes what could not be read and may be about the certificate; says whether there is anything.
fn unread(inquiry: &Inquiry<'_>, subject: &Subject<'_>, own: &Known<'_>, useless: &mut Vec<Useless>) -> bool {
    let mut signers = vec![subject.certificate.issuer()];
    signers.extend(places(own).take(MAX_PLACES).flat_map(|place| place.list_issuers()).take(MAX_PLACES));
    for (at, unread) in inquiry.sources.lists.unread().enumerate() {
        if signers.iter().any(|name| unread.concerns(name)) {
            useless.push(Useless { by: Evidence::Unread(at), why: WhyUseless::Unread(unread.reason.clone()) });
        }
    }
    !useless.is_empty()
}

/// The lists that cover a certificate at any place, newest first.
fn covering<'a>(
    inquiry: &Inquiry<'a>,
    subject: &Subject<'_>,
    own: &Known<'_>,
    said: &mut Said<'_>,
) -> Vec<Covering<'a>> {
    let issuer = subject.certificate.issuer();
    let mut found: BTreeMap<usize, (&'a List, Result<Reasons, WhyUseless>)> = BTreeMap::new();
    said.is_exhausted |= places(own).nth(MAX_PLACES).is_some();
    'places: for place in places(own).take(MAX_PLACES).chain([Place::Issuer]) {
        let names = match place.list_issuers() {
            names if names.is_empty() => vec![issuer],
            names => names,
        };
        for name in &names {
            for (at, list) in inquiry.sources.lists.issued_by(name) {
                if !inquiry.spend(1) {
                    said.is_exhausted = true;
                    break 'places;
                }
                let here = covers(list, &place, own, subject.certificate);
                match (&mut found.entry(at).or_insert((list, Err(WhyUseless::OutOfScope))).1, here) {
                    (Ok(known), Ok(more)) => known.0 |= more.0,
                    (known @ Err(_), here) => *known = here,
                    (Ok(_), Err(_)) => {}
                }
            }
        }
    }
    let mut covering: Vec<Covering<'a>> = Vec::new();
    for (at, (list, reasons)) in found {
        match reasons {
            Ok(reasons) if reasons.0 != 0 => {
                let dates = dates(inquiry, list);
                covering.push(Covering { at, list, reasons: reasons.0, age: list.age(), dates });
            }
            Ok(_) => said.useless.push(Useless { by: Evidence::List(at), why: WhyUseless::OutOfScope }),
            Err(why) => said.useless.push(Useless { by: Evidence::List(at), why }),
        }
    }
    covering.sort_by(|one, other| {
        (other.age.0.is_none(), other.age, one.at).cmp(&(one.age.0.is_none(), one.age, other.at))
    });
    covering
}

fn dates(inquiry: &Inquiry<'_>, list: &List) -> Result<(), WhyUseless> {
    let moment = inquiry.sources.moment;
    let from = list.list.this_update().map_err(WhyUseless::Malformed)?;
    if from > moment {
        return Err(WhyUseless::NotYetValid { from });
    }
    match list.list.next_update().map_err(WhyUseless::Malformed)? {
        Some(since) if since < moment => Err(WhyUseless::Expired { since }),
        _ => Ok(()),
    }
}

/// How a delta stands to a complete list (section 5.2.4 and 6.3.3 c).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// It is about another scope or of another key, or the complete list is newer.
    None,
    GoesWith,
    /// It goes with a complete list that is newer than this one.
    Ahead,
}

fn relation(base: &Covering<'_>, delta: &Covering<'_>) -> Relation {
    let same_key = match (base.list.key_identifier(), delta.list.key_identifier()) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    if !same_key || scope_der(base.list) != scope_der(delta.list) {
        return Relation::None;
    }
    let at_most = |one: &[u8], other: &[u8]| (one.len(), one) <= (other.len(), other);
    match (base.list.number(), delta.list.number(), delta.list.delta_base().flatten()) {
        (Some(base), Some(delta), _) if at_most(delta, base) => Relation::None,
        (Some(base), Some(_), Some(start)) if at_most(start, base) => Relation::GoesWith,
        (Some(_), Some(_), Some(_)) => Relation::Ahead,
        // Nobody can tell by the numbers.
        _ if delta.age.0 > base.age.0 => Relation::Ahead,
        _ => Relation::None,
    }
}

/// The list's scope as it is encoded.
fn scope_der(list: &List) -> Option<&[u8]> {
    list.list.extensions().find(oid::ISSUING_DISTRIBUTION_POINT).map(|it| it.value)
}

/// What came of asking a list.
enum Heard<'a> {
    /// It revokes the certificate.
    Revoked(Status),
    /// It says nothing, or nothing that could be relied upon.
    Nothing,
    /// It can be relied upon; its entry, where it has one, is a hold.
    Valid(Option<Revoked<'a>>),
}

impl<'a> Covering<'a> {
    fn claim<T>(&self, what: T) -> Claim<'a, T> {
        Claim { age: self.age, reasons: self.reasons, what }
    }
}

impl<'a> Said<'a> {
    fn useless(&mut self, list: &Covering<'_>, why: WhyUseless) {
        self.useless.push(Useless { by: Evidence::List(list.at), why });
    }

    /// Asks one list, and shows that it can be relied upon where what it says matters.
    fn hear(&mut self, inquiry: &Inquiry<'_>, subject: &Subject<'_>, it: &Covering<'a>) -> Heard<'a> {
        let (entry, trouble) = it.list.look_up(subject.certificate);
        let is_delta = it.list.delta_base().is_some();
        let cleared = self.clear.iter().fold(0, |reasons, claim| reasons | claim.reasons);
        if entry.is_none() && trouble.is_none() && !is_delta && it.reasons & !cleared == 0 {
            // Newer lists clear already, and this one has nothing to say against it.
            return Heard::Nothing;
        }
        if !inquiry.spend(SIGNER) {
            self.is_exhausted = true;
            return Heard::Nothing;
        }
        let signer = signer::prove(inquiry, subject, it.list);
        if let Ok(Signer::Misnamed(misnomer)) = signer {
            self.misnamed.push((it.at, misnomer));
        }
        if let Err(why) = signer {
            if matches!(why, WhyUseless::Signature(_)) && may_be_damaged(subject, it.list) {
                let names_it = entry.is_some() || trouble.is_some();
                self.doubts.push(it.claim(if names_it { Doubt::Strong } else { Doubt::Weak }));
            }
            self.useless(it, trouble.filter(|_| matches!(why, WhyUseless::Signature(_))).unwrap_or(why));
            return Heard::Nothing;
        }
        let reason = entry.as_ref().and_then(reason_of);
        let early = it.dates.as_ref().err().filter(|why| matches!(why, WhyUseless::NotYetValid { .. }));
        // What an old list has revoked for good stays revoked, and what one that is dated ahead has revoked already is.
        let is_due = |entry: &Revoked<'_>| early.is_none() || entry.date <= inquiry.sources.moment;
        if let Some(entry) = entry.filter(|entry| is_final(entry) && is_due(entry)) {
            let by = Evidence::List(it.at);
            return Heard::Revoked(Status::Revoked { by, since: entry.date, reason });
        }
        if let Some(why) = early {
            // It clears nobody; where it names the certificate, the CA has said more than is known from the others.
            if entry.is_some() || trouble.is_some() {
                self.doubts.push(it.claim(Doubt::Strong));
            }
            self.useless(it, why.clone());
            return Heard::Nothing;
        }
        if let Some(why) = trouble {
            // Who reads such dates goes by them.
            let ended = it.dates.clone().err().filter(|_| matches!(why, WhyUseless::TimeMisspelt { .. }));
            for why in [Some(why), ended].into_iter().flatten() {
                self.useless(it, why);
            }
            self.doubts.push(it.claim(Doubt::Strong));
            return Heard::Nothing;
        }
        if let Some(entry) = &entry {
            match reason {
                Some(Reason::REMOVED) if is_delta && it.dates.is_ok() => self.lifted.push(it.claim(())),
                Some(Reason::REMOVED) if is_delta => {}
                _ => self.held.push(it.claim(Held {
                    at: it.at,
                    since: entry.date,
                    reason: reason.unwrap_or(Reason::HOLD),
                    ended: it.dates.clone().err(),
                })),
            }
        }
        Heard::Valid(entry)
    }

    /// Says whether a newer delta lifts the hold of a list.
    fn is_lifted(&self, list: &Covering<'_>) -> bool {
        self.lifted.iter().any(|it| it.age > list.age && list.reasons & !it.reasons == 0)
    }

    /// The reasons for which newer lists clear.
    fn cleared_since(&self, is_newer: impl Fn(&Age<'_>) -> bool) -> u16 {
        let clear = self.clear.iter().filter(|it| is_newer(&it.age)).map(|it| it.reasons);
        clear.fold(0, |all, reasons| all | reasons)
    }

    fn conclude(mut self, has_unread: bool) -> Status {
        let mut is_in_doubt = has_unread || self.is_exhausted;
        for claim in &self.held {
            let lifted = self.lifted.iter().filter(|it| it.age > claim.age).fold(0, |all, it| all | it.reasons);
            if claim.reasons & !(lifted | self.cleared_since(|age| *age > claim.age)) == 0 {
                continue;
            }
            let Held { at, since, reason, ended } = &claim.what;
            if ended.is_none() {
                return Status::Revoked { by: Evidence::List(*at), since: *since, reason: Some(*reason) };
            }
            is_in_doubt = true;
        }
        is_in_doubt |= self.doubts.iter().any(|doubt| {
            let is_dated = doubt.age.0.is_some();
            let cleared = self.cleared_since(|age| is_dated && doubt.what.is_outweighed(&doubt.age, age));
            doubt.reasons & !cleared != 0
        });
        if !is_in_doubt && self.cleared_since(|_| true) == Reasons::ALL.0 {
            let lists = || self.clear.iter().map(|it| it.what);
            let misnomer = |at: usize| self.misnamed.iter().find(|it| it.0 == at).map(|it| it.1);
            let named =
                self.clear.iter().filter(|it| misnomer(it.what.at).is_none()).fold(0, |all, it| all | it.reasons);
            let untaken: Option<Vec<WhyUseless>> = lists().map(|it| it.list.untaken()).collect();
            return Status::Good {
                misnamed: lists().find_map(|it| misnomer(it.at)).filter(|_| named != Reasons::ALL.0),
                untaken: untaken.and_then(|all| all.into_iter().next()),
                by: lists().map(|it| Evidence::List(it.at)).collect(),
                departures: lists()
                    .flat_map(|it| departures(it.at, &it.list.list).into_iter().chain(misdated(it.at, &it.list.list)))
                    .collect(),
                weak: lists().filter_map(|it| weak_digest(it.list.list.signature_algorithm().ok()?)).collect(),
            };
        }
        if self.is_exhausted {
            self.useless.push(Useless { by: Evidence::Limit, why: WhyUseless::TooMuch });
        }
        if !is_in_doubt {
            let partial = self.clear.iter().map(|it| Evidence::List(it.what.at));
            self.useless.extend(partial.map(|by| Useless { by, why: WhyUseless::SomeReasons }));
        }
        Status::Unknown { useless: self.useless, is_in_doubt }
    }
}

/// Says whether a list whose signature does not verify may be one of the CA's own that was damaged on the way: it does
/// not say that it is of another key.
fn may_be_damaged(subject: &Subject<'_>, list: &List) -> bool {
    let issuer = subject.path.certificates.get(subject.index.saturating_add(1));
    let own = issuer.filter(|it| it.subject().matches(&list.list.issuer()));
    let own = own.and_then(|it| it.extension::<SubjectKeyIdentifier<'_>>().ok().flatten());
    match (own, list.key_identifier()) {
        (Some(own), Some(named)) => own.0 == named,
        _ => true,
    }
}

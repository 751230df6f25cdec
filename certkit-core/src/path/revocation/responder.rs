//! What OCSP responses say of a certificate, and whether the responder may (RFC 6960 sections 3.2 and 4.2.2).

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::departures::weak_digest;
use super::doubt::Doubt;
use super::status::{Evidence, Inquiry, MAX_NESTING, Reason, Status, Subject, Useless, WhyUseless};
use super::tried::Tried;
use crate::cert::extension::{ExtendedKeyUsage, Extensions, KeyUsage};
use crate::cert::{CertStatus, Certificate, Known, OcspResponse, Responder, ResponseStatus, SingleResponse};
use crate::crypto::key::PublicKey;
use crate::crypto::signature::Failure;
use crate::moment::{DAY, Moment};
use crate::oid;
use crate::path::found::{Agreement, Link, Path, Verification};

/// The available OCSP responses, each once.
#[derive(Debug, Default)]
pub struct Responses {
    responses: Vec<Response>,
    /// The places of the responses, by an unpredictable hash of their bytes.
    by_bytes: HashMap<u64, Vec<usize>>,
    hasher: RandomState,
}

/// A response with what was found out about it.
#[derive(Debug)]
struct Response {
    response: OcspResponse,
    tried: Tried,
}

impl Responses {
    /// Makes an empty collection.
    pub fn new() -> Responses {
        Responses::default()
    }

    /// Adds a response; gives its place, which is the old one where its bytes are known.
    pub fn add(&mut self, response: OcspResponse) -> usize {
        let same_hash = self.by_bytes.entry(self.hasher.hash_one(response.der())).or_default();
        let is_same =
            |place: &&usize| self.responses.get(**place).is_some_and(|other| other.response.der() == response.der());
        if let Some(known) = same_hash.iter().find(is_same) {
            return *known;
        }
        let place = self.responses.len();
        same_hash.push(place);
        self.responses.push(Response { response, tried: Tried::default() });
        place
    }

    /// The response at a place.
    pub fn get(&self, place: usize) -> Option<&OcspResponse> {
        self.responses.get(place).map(|known| &known.response)
    }

    /// The responses in the order of their places.
    pub fn iter(&self) -> impl Iterator<Item = &OcspResponse> {
        self.responses.iter().map(|known| &known.response)
    }

    /// Says whether there is no response.
    pub fn is_empty(&self) -> bool {
        self.responses.is_empty()
    }
}

/// How far the clocks of responders may be ahead, in seconds: their answers begin when they are asked.
const SKEW: i64 = 300;

/// What looking for the signer of an answer costs, measured in looks at an answer.
const ANSWER: u32 = 64;

/// How many certificates are tried as the responder's.
const MAX_RESPONDERS: usize = 16;

/// The CA that has issued the certificate under inquiry.
struct Issuer<'a> {
    certificate: &'a Certificate,
    key: PublicKey<'a>,
}

/// Tells what the responses say of a certificate. What one of them has revoked for good stays revoked; else the newest
/// answer counts, be it that the responder does not know the certificate. What may be a newer answer and cannot be relied
/// upon keeps the older ones from clearing.
pub(super) fn status_of(inquiry: &Inquiry<'_>, subject: &Subject<'_>, known: &[Known<'_>]) -> Status {
    let mut useless = Vec::new();
    let mut answers: Vec<(Moment, CertStatus, usize)> = Vec::new();
    let mut doubts: Vec<(Moment, Doubt)> = Vec::new();
    let above = subject.index.saturating_add(1);
    let (Some(certificate), Some(key)) = (subject.path.certificates.get(above), subject.path.key(above)) else {
        return Status::unknown(useless);
    };
    let issuer = Issuer { certificate, key };
    let responses = &inquiry.sources.responses.responses;
    'responses: for (place, response) in responses.iter().enumerate() {
        let by = Evidence::Response(place);
        let status = response.response.status();
        if status != ResponseStatus::Successful {
            useless.push(Useless { by, why: WhyUseless::NoAnswer(status) });
        }
        for single in response.response.singles().filter(|it| it.is_about(subject.certificate, &issuer.key)) {
            if !inquiry.spend(ANSWER) {
                useless.push(Useless { by: Evidence::Limit, why: WhyUseless::TooMuch });
                return Status::Unknown { useless, is_in_doubt: true };
            }
            match response.ask(&single, inquiry, subject, known, &issuer) {
                Ok(told) => answers.push((single.this_update, told, place)),
                Err(why) => {
                    doubts.extend(doubt(&why, &single.status).map(|doubt| (single.this_update, doubt)));
                    useless.push(Useless { by, why });
                }
            }
            if answers.last().is_some_and(|(_, told, _)| is_final(told)) {
                break 'responses;
            }
        }
    }
    let weight = |told: &CertStatus| match told {
        CertStatus::Good => 0,
        CertStatus::Unknown => 1,
        CertStatus::Revoked { .. } => 2,
    };
    let newest = answers.iter().max_by_key(|(since, told, _)| (is_final(told), *since, weight(told)));
    let is_outweighed = |(at, doubt): &(Moment, Doubt)| newest.is_some_and(|it| doubt.is_outweighed(at, &it.0));
    let is_in_doubt = !doubts.iter().all(is_outweighed);
    let Some((_, told, place)) = newest else { return Status::Unknown { useless, is_in_doubt } };
    let by = Evidence::Response(*place);
    match told {
        CertStatus::Good if is_in_doubt => Status::Unknown { useless, is_in_doubt },
        CertStatus::Good => {
            let algorithm = responses.get(*place).and_then(|it| it.response.signature_algorithm().ok());
            let weak = algorithm.and_then(weak_digest).into_iter().collect();
            Status::Good { by: vec![by], departures: Vec::new(), weak, misnamed: None, untaken: None }
        }
        CertStatus::Revoked { since, reason } => Status::Revoked { by, since: *since, reason: reason.map(Reason) },
        CertStatus::Unknown => {
            useless.push(Useless { by, why: WhyUseless::NotKnown });
            Status::Unknown { useless, is_in_doubt }
        }
    }
}

/// Says whether a response answers for a certificate at a moment, so that no other responder has to be asked: it is current,
/// says good or revoked, and the issuer or a certificate in it has signed it. Whether that one may, is not looked at.
pub fn decides(response: &OcspResponse, certificate: &Certificate, issuer: &PublicKey<'_>, moment: Moment) -> bool {
    let is_answer = |single: &SingleResponse<'_>| {
        single.is_about(certificate, issuer)
            && single.status != CertStatus::Unknown
            && (age(single, moment).is_ok() || is_final(&single.status))
    };
    let is_by = |key: &PublicKey<'_>| response.verify_signature(key).is_ok();
    response.status() == ResponseStatus::Successful
        && response.singles().any(|single| is_answer(&single))
        && (is_by(issuer)
            || response.certificates().take(MAX_RESPONDERS).any(|it| it.public_key().is_ok_and(|key| is_by(&key))))
}

/// Says whether an answer is never taken back.
fn is_final(told: &CertStatus) -> bool {
    matches!(told, CertStatus::Revoked { reason, .. } if reason.is_none_or(|it| Reason(it).is_final()))
}

/// How much an answer weighs that cannot be relied upon; `None` where it is no word of the CA's, or its time is over.
fn doubt(why: &WhyUseless, told: &CertStatus) -> Option<Doubt> {
    match why {
        WhyUseless::UnknownCritical(_) => Some(Doubt::Strong),
        // It is newer than every answer that clears.
        WhyUseless::NotYetValid { .. } if *told != CertStatus::Good => Some(Doubt::Strong),
        WhyUseless::Signature(_) if *told == CertStatus::Good => Some(Doubt::Weak),
        WhyUseless::Signature(_) => Some(Doubt::Strong),
        // Whoever has signed it is not at hand: that may be a responder of the CA.
        WhyUseless::SignerMissing if *told != CertStatus::Good => Some(Doubt::Strong),
        _ => None,
    }
}

fn is_revoked(status: &Status) -> bool {
    matches!(status, Status::Revoked { .. })
}

impl Response {
    /// Gives what the response tells where it can be relied upon.
    fn ask(
        &self,
        single: &SingleResponse<'_>,
        inquiry: &Inquiry<'_>,
        subject: &Subject<'_>,
        known: &[Known<'_>],
        issuer: &Issuer<'_>,
    ) -> Result<CertStatus, WhyUseless> {
        let moment = inquiry.sources.moment;
        let age = age(single, moment);
        self.prove(inquiry, subject, known, issuer)?;
        for extensions in [self.response.extensions(), single.extensions] {
            if let Some(oid) = unknown_critical(&extensions) {
                return Err(WhyUseless::UnknownCritical(oid.to_string()));
            }
        }
        // What an old answer tells of a revocation for good stays true, and so is one of the past in an answer dated ahead.
        let was_revoked = matches!(single.status, CertStatus::Revoked { since, .. } if since <= moment);
        match age {
            Err(why @ WhyUseless::NotYetValid { .. }) if !(is_final(&single.status) && was_revoked) => Err(why),
            Err(why) if !is_final(&single.status) => Err(why),
            _ => Ok(single.status),
        }
    }

    /// Finds who signed the response and shows that they may answer for the issuer (section 4.2.2.2).
    fn prove(
        &self,
        inquiry: &Inquiry<'_>,
        subject: &Subject<'_>,
        known: &[Known<'_>],
        issuer: &Issuer<'_>,
    ) -> Result<(), WhyUseless> {
        let responder = self.response.responder().ok_or(WhyUseless::SignerMissing)?;
        let mut worst = WhyUseless::SignerMissing;
        if responder.is(issuer.certificate) {
            match self.verify(&issuer.key) {
                Ok(()) => return Ok(()),
                Err(failure) => worst = WhyUseless::Signature(failure),
            }
        }
        let pool = inquiry.sources.pool;
        let material = match responder {
            Responder::Name(name) => pool.issued_to(&name),
            Responder::KeyHash(_) => pool.ids().collect(),
        };
        let issued = |other: &&Certificate| other.issuer().matches(&issuer.certificate.subject());
        let material = material.into_iter().filter_map(|id| pool.certificate(id)).filter(issued).cloned();
        let others = self.response.certificates().chain(material);
        for other in others.filter(|other| responder.is(other)).take(MAX_RESPONDERS) {
            let Ok(key) = other.public_key() else { continue };
            if let Err(failure) = self.verify(&key) {
                if worst == WhyUseless::SignerMissing {
                    worst = WhyUseless::Signature(failure);
                }
                continue;
            }
            if !may_answer(&other) {
                worst = WhyUseless::SignerMayNot { names_it: false };
                continue;
            }
            // It must come from the very CA, by name and by key.
            let is_of_issuer = other.issuer().matches(&issuer.certificate.subject())
                && other.signed_algorithm_der() == other.signature_algorithm_der()
                && other.verify_signature(&issuer.key).is_ok();
            if is_of_issuer && is_acceptable(inquiry, subject, known, &other) {
                return Ok(());
            }
            worst = WhyUseless::SignerUnproven;
        }
        Err(worst)
    }

    fn verify(&self, key: &PublicKey<'_>) -> Result<(), Failure> {
        self.tried.verify(key, || self.response.verify_signature(key))
    }
}

/// Says whether the answer holds at a moment.
fn age(single: &SingleResponse<'_>, moment: Moment) -> Result<(), WhyUseless> {
    if single.this_update > moment.plus(SKEW) {
        return Err(WhyUseless::NotYetValid { from: single.this_update });
    }
    // Where newer answers are always there, only a recent one will do (section 3.2, item 5).
    let since = single.next_update.unwrap_or(single.this_update.plus(DAY));
    if since < moment { Err(WhyUseless::Expired { since }) } else { Ok(()) }
}

/// The first critical extension that certkit does not understand.
fn unknown_critical<'a>(extensions: &Extensions<'a>) -> Option<oid::Oid<'a>> {
    let is_known = |oid| {
        matches!(
            oid,
            oid::OCSP_NONCE
                | oid::OCSP_CRL
                | oid::OCSP_ARCHIVE_CUTOFF
                | oid::OCSP_EXTENDED_REVOKE
                | oid::REASON_CODE
                | oid::INVALIDITY_DATE
        )
    };
    extensions.iter().find(|it| it.critical && !is_known(it.oid)).map(|it| it.oid)
}

/// Says whether a certificate is one for a responder that its issuer has authorised (section 4.2.2.2).
fn may_answer(responder: &Certificate) -> bool {
    let purposes = responder.extension::<ExtendedKeyUsage<'_>>();
    let usage = responder.extension::<KeyUsage>();
    // The CA must say so in as many words: for any purpose is not enough.
    purposes.is_ok_and(|purposes| purposes.is_some_and(|it| it.lists(oid::OCSP_SIGNING)))
        && usage.is_ok_and(|usage| {
            usage.is_none_or(|it| it.contains(KeyUsage::DIGITAL_SIGNATURE) || it.contains(KeyUsage::NON_REPUDIATION))
        })
}

/// Says whether a responder's certificate will do on top of the path of its CA, and is not revoked.
fn is_acceptable(inquiry: &Inquiry<'_>, subject: &Subject<'_>, known: &[Known<'_>], responder: &Certificate) -> bool {
    let above = subject.index.saturating_add(1);
    let link = Link {
        signature: Verification::Verified,
        key_identifier: Agreement::Unstated,
        issuer_and_serial: Agreement::Unstated,
    };
    let upper = subject.path;
    let mut path = Path {
        certificates: vec![responder.clone()],
        ids: vec![inquiry.sources.pool.find(responder)],
        links: vec![link],
        end: upper.end.clone(),
    };
    path.certificates.extend(upper.certificates.get(above..).unwrap_or_default().iter().cloned());
    path.ids.extend(upper.ids.get(above..).unwrap_or_default());
    path.links.extend(upper.links.get(above..).unwrap_or_default());
    let mut extensions = vec![Known::of(responder)];
    extensions.extend(known.get(above..).unwrap_or_default().iter().cloned());
    (inquiry.sources.accepts)(&path, &extensions) && !is_responder_revoked(inquiry, responder, &path, &extensions)
}

/// Says whether a responder's own certificate is revoked, unless its CA says that this is not to be asked.
///
/// An unknown status does not matter: section 4.2.2.2.1 leaves that to the client.
fn is_responder_revoked(inquiry: &Inquiry<'_>, responder: &Certificate, path: &Path, known: &[Known<'_>]) -> bool {
    if responder.extensions().find(oid::OCSP_NO_CHECK).is_some() {
        return false;
    }
    {
        let mut responders = inquiry.responders.borrow_mut();
        // A responder that is being looked at vouches for itself.
        if responders.contains(responder) {
            return false;
        }
        if responders.len() >= MAX_NESTING {
            return true;
        }
        responders.push(responder.clone());
    }
    let status = inquiry.status(path, known, 0);
    inquiry.responders.borrow_mut().pop();
    is_revoked(&status)
}

//! Asks the network for the revocation of a path's certificates: OCSP responders, and places of revocation lists.
//!
//! Knows where certificates say that this is found, and how much may be spent on it. Refuses to
//! judge what comes back: that is for [`path::revocation`](crate::path::revocation). Stands on the
//! floor of checks because it joins two modules of the floor below, paths and sources.

use std::collections::{BTreeMap, HashSet};
use std::iter;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::asn1::typed::NotWritten;
use crate::cert::extension::{AuthorityInfoAccess, CrlDistributionPoints};
use crate::cert::{Certificate, GeneralName, Malformed, Name, OcspResponse, RevocationList};
use crate::container::published::{self, PublishedProblem};
use crate::crypto::key::PublicKey;
use crate::moment::Moment;
use crate::path::Path;
use crate::path::revocation::{Lists, Responses, decides, ocsp_request};
use crate::source::{Document, DownloadError, Limits, PrivateDownloads, Proxy, download_blocking, post_blocking};
use crate::text::Address;

/// The most bytes of a revocation list; the largest ones in use have some ten million.
const MAX_LIST: usize = 64 << 20;

/// The most bytes of an answer.
const MAX_RESPONSE: usize = 64 << 10;

/// How many addresses of one kind are tried for one certificate.
const MAX_ADDRESSES: usize = 3;

/// How many addresses that were not asked, and issuers of lists, are looked at.
const MAX_NAMED: usize = 8;

/// How many lists one place may hand out together.
const MAX_LISTS: usize = 128;

/// How many bytes are kept for the next time they are asked for.
const MAX_KEPT: usize = 256 << 20;

/// Asks the network, and remembers what it was told.
///
/// Can be shared between threads; each address is asked once for each question.
#[derive(Debug)]
pub struct Online {
    timeout: Duration,
    proxy: Option<Proxy>,
    private: PrivateDownloads,
    kept: Mutex<Kept>,
}

/// What came of asking an address; shared by all who ask the same.
type Outcome = Arc<Result<Vec<u8>, DownloadError>>;

#[derive(Debug, Default)]
struct Kept {
    /// By address and question.
    answers: BTreeMap<(Address, Vec<u8>), Outcome>,
    bytes: usize,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A revocation list.
    List,
    /// The answer of an OCSP responder.
    Response,
}

/// An address that gave nothing.
#[derive(Clone, Debug)]
pub struct Miss {
    /// The address, as the certificate has it.
    pub address: Address,
    /// What was asked for.
    pub wanted: Wanted,
    /// The certificate, as its position on the path: 0 is the leaf.
    pub position: usize,
    /// What happened.
    pub why: WhyMissed,
}

/// Why an address gave nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WhyMissed {
    /// Nothing came, or too much, or too late.
    #[error("{}", in_one_line(.0))]
    Download(Outcome),
    /// The question has no form in DER.
    #[error(transparent)]
    NotAsked(#[from] NotWritten),
    /// What came is no OCSP response.
    #[error("the answer is not an OCSP response: {0}")]
    NoResponse(#[source] Malformed),
    /// What came is no revocation list.
    #[error("the answer is not a revocation list")]
    NoList,
    /// Others were asked already.
    #[error("only {MAX_ADDRESSES} addresses of a certificate are asked")]
    TooMany,
    /// The time was used up before its turn came.
    #[error("the time limit was reached before it was asked")]
    NoTimeLeft,
}

/// Writes an error and its causes in one line.
fn in_one_line(outcome: &Result<Vec<u8>, DownloadError>) -> String {
    let Err(error) = outcome else { return String::new() };
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

impl Online {
    /// Prepares to ask, with this much time for all addresses of one leaf together; `private` says whether they may
    /// lead elsewhere than to the public internet.
    pub fn new(timeout: Duration, proxy: Option<Proxy>, private: PrivateDownloads) -> Online {
        Online { timeout, proxy, private, kept: Mutex::default() }
    }

    /// Gives the end of the time for one leaf, which begins now.
    pub fn deadline(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.timeout).unwrap_or(now)
    }

    /// Asks for the revocation of every certificate below the top of a path; adds what came to what is at hand.
    ///
    /// Gives the addresses that had nothing. Only `http` is followed. Of several responders the first one whose answer
    /// decides about the certificate at `moment` counts; all places of lists are asked, and every list of an answer
    /// counts. What cannot be read of such an answer is kept as unread. Asks nothing after `deadline`.
    pub fn ask(
        &self,
        path: &Path,
        lists: &mut Lists,
        responses: &mut Responses,
        moment: Moment,
        deadline: Instant,
    ) -> Vec<Miss> {
        let mut misses = Vec::new();
        let below = path.certificates.len().saturating_sub(1);
        for (position, certificate) in path.certificates.iter().take(below).enumerate() {
            let mut errand = Errand { online: self, moment, deadline, position, misses: &mut misses };
            let issuer = path.key(position.saturating_add(1));
            let is_decided = issuer.is_some_and(|issuer| errand.response(certificate, &issuer, responses));
            errand.list(certificate, is_decided, lists);
        }
        misses
    }

    fn fetch(&self, address: &Address, question: Option<&[u8]>, limits: &Limits) -> Outcome {
        let key = (address.clone(), question.unwrap_or_default().to_vec());
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().answers.get(&key) {
            return Arc::clone(known);
        }
        let proxy = self.proxy.as_ref();
        let outcome = Arc::new(match question {
            Some(bytes) => {
                let document = Document { media_type: "application/ocsp-request", bytes };
                post_blocking(address, &document, limits, proxy)
            }
            None => download_blocking(address, limits, proxy),
        });
        let mut kept = kept();
        let size = outcome.as_ref().as_ref().map_or(0, Vec::len);
        if kept.bytes.saturating_add(size) <= MAX_KEPT {
            kept.bytes = kept.bytes.saturating_add(size);
            kept.answers.insert(key, Arc::clone(&outcome));
        }
        outcome
    }
}

/// Asks for one certificate.
struct Errand<'a> {
    online: &'a Online,
    moment: Moment,
    deadline: Instant,
    position: usize,
    misses: &'a mut Vec<Miss>,
}

impl Errand<'_> {
    /// Says whether an answer decides.
    fn response(&mut self, certificate: &Certificate, issuer: &PublicKey<'_>, responses: &mut Responses) -> bool {
        let access = certificate.extension::<AuthorityInfoAccess<'_>>().ok().flatten();
        let uris = access.iter().flat_map(AuthorityInfoAccess::ocsp).map(|it| Address::new(it.to_str()));
        let question = ocsp_request(certificate, issuer);
        let (addresses, left_out) = first_of(uris);
        for address in addresses {
            let asked = question.as_deref().map_err(|error| WhyMissed::NotAsked(error.clone()));
            let found =
                asked.and_then(|question| self.fetch(&address, Some(question), MAX_RESPONSE)).and_then(|body| {
                    let body = body.as_ref().as_ref().map_or(&[][..], Vec::as_slice);
                    OcspResponse::from_der(body).map_err(WhyMissed::NoResponse)
                });
            match found {
                Ok(response) => {
                    let is_decided = decides(&response, certificate, issuer, self.moment);
                    responses.add(response);
                    if is_decided {
                        return true;
                    }
                }
                Err(why) => self.miss(address, Wanted::Response, why),
            }
        }
        left_out
            .into_iter()
            .take(MAX_NAMED)
            .for_each(|address| self.miss(address, Wanted::Response, WhyMissed::TooMany));
        false
    }

    /// Where none of the addresses that are asked gives a list that can tell, one of the others may have the list that
    /// revokes: nobody can say that it does not.
    fn list(&mut self, certificate: &Certificate, is_decided: bool, lists: &mut Lists) {
        let points = certificate.extension::<CrlDistributionPoints<'_>>().ok().flatten();
        let uris = points.iter().flat_map(CrlDistributionPoints::uris).map(|it| Address::new(it.to_str()));
        let (addresses, left_out) = first_of(uris);
        // Several points may share the reasons out among several lists.
        for address in addresses {
            let taken = self.fetch(&address, None, MAX_LIST).and_then(|body| {
                let body = body.as_ref().as_ref().map_or(&[][..], Vec::as_slice);
                take_lists(body, &address, lists)
            });
            taken.unwrap_or_else(|why| self.miss(address, Wanted::List, why));
        }
        let issuers = points.iter().flat_map(CrlDistributionPoints::iter).filter_map(|point| point.crl_issuer);
        let named = issuers.flat_map(|names| names.iter()).filter_map(|name| match name {
            GeneralName::Directory(name) => Some(name),
            _ => None,
        });
        let signers: Vec<Name<'_>> = iter::once(certificate.issuer()).chain(named.take(MAX_NAMED)).collect();
        let can_tell = |list: &RevocationList| {
            let is_current = list.this_update().is_ok_and(|begin| begin <= self.moment)
                && list.next_update().is_ok_and(|end| end.is_none_or(|end| self.moment <= end));
            is_current && signers.iter().any(|name| list.issuer().matches(name))
        };
        if !left_out.is_empty() && !is_decided && !lists.iter().any(can_tell) {
            let names: Vec<String> = left_out.iter().take(MAX_NAMED).map(Address::to_string).collect();
            let more = left_out.len().saturating_sub(names.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            lists.add_unread(
                Some(&certificate.issuer()),
                format!("{}{more} not asked: {}", names.join(", "), WhyMissed::TooMany),
            );
        }
        left_out.into_iter().take(MAX_NAMED).for_each(|address| self.miss(address, Wanted::List, WhyMissed::TooMany));
    }

    fn fetch(&self, address: &Address, question: Option<&[u8]>, bytes: usize) -> Result<Outcome, WhyMissed> {
        let timeout = self.deadline.saturating_duration_since(Instant::now());
        if timeout.is_zero() {
            return Err(WhyMissed::NoTimeLeft);
        }
        let limits = Limits { bytes, timeout, private: self.online.private, ..Limits::default() };
        let outcome = self.online.fetch(address, question, &limits);
        if outcome.is_err() { Err(WhyMissed::Download(outcome)) } else { Ok(outcome) }
    }

    fn miss(&mut self, address: Address, wanted: Wanted, why: WhyMissed) {
        self.misses.push(Miss { address, wanted, position: self.position, why });
    }
}

fn is_http(address: &Address) -> bool {
    address.written().get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"))
}

/// The addresses that are asked, each once, and those that are left out.
fn first_of(all: impl Iterator<Item = Address>) -> (Vec<Address>, Vec<Address>) {
    let mut seen = HashSet::new();
    let mut asked: Vec<Address> = all.filter(|it| is_http(it) && seen.insert(it.clone())).collect();
    let left_out = asked.split_off(asked.len().min(MAX_ADDRESSES));
    (asked, left_out)
}

/// Takes the lists of an answer: one in DER, as it should be, or several in DER, PEM or PKCS#7. What is damaged or comes
/// besides may be another list.
fn take_lists(body: &[u8], address: &Address, lists: &mut Lists) -> Result<(), WhyMissed> {
    let origin = address.to_string();
    let published = match published::read(body, MAX_LISTS) {
        Ok(published) if published.revocation_lists.is_empty() => return Err(WhyMissed::NoList),
        Ok(published) => published,
        Err(PublishedProblem::Nothing | PublishedProblem::Foreign(_) | PublishedProblem::Store(_)) => {
            return Err(WhyMissed::NoList);
        }
        Err(
            damaged @ (PublishedProblem::TooMany { .. }
            | PublishedProblem::Pkcs7(_)
            | PublishedProblem::Base64(_)
            | PublishedProblem::Unfinished),
        ) => {
            lists.add_unread(None, format!("{origin}: {damaged}"));
            return Ok(());
        }
    };
    for der in &published.revocation_lists {
        // One that cannot be decoded is kept as unread.
        let _ = lists.take(der, &origin);
    }
    if published.has_rest {
        lists.add_unread(None, format!("{origin}: something that cannot be read follows the revocation list"));
    }
    Ok(())
}

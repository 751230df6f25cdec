//! The one way to a verdict: from a request and a context to a path, its facts, and their judgement by a profile.
//!
//! Every command that judges and every user of the library uses it. Finds the best path ([`crate::verify`]),
//! with downloads of missing issuers where a fetcher is given, and checks the presented chain and the path against the
//! profile ([`check`](crate::check)). Reads and gathers nothing: that is done by the [`Context`].

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::cert::Certificate;
use crate::chain::{self, Chain, Download, Downloaded, MAX_DOWNLOADS};
use crate::check::rfc5280::revocation::REVOCATION_UNKNOWN;
use crate::check::{self, Case, Connection, Expectation, Judgement, Profile, Subject, Usage};
use crate::context::{Context, Listening, Origin};
use crate::moment::Moment;
use crate::oid::Oid;
use crate::path::names::Peer;
use crate::path::process::is_root;
use crate::path::{End, Id, Pool};
use crate::text::Address;
use crate::verify::{Question, Revocation, TrustMaterial, Verdict, verify};

/// What is to be judged, and what is expected of it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The certificate.
    pub leaf: &'a Certificate,
    /// What was presented with it, in its order, itself included.
    pub presented: &'a [Certificate],
    /// What it is expected to serve.
    pub expectation: &'a Expectation,
    /// What it is held against.
    pub profile: &'a Profile,
    /// The time that is judged.
    pub moment: Moment,
    /// The connection that it was presented over; `None` where it came from elsewhere.
    pub connection: Option<&'a Connection>,
}

/// What came of a request.
#[derive(Debug)]
pub struct Assessment {
    /// Whether a path is accepted, and why not.
    pub verdict: Verdict,
    /// Where each certificate of the verdict's path was found.
    pub origins: Vec<Origin>,
    /// What was downloaded on the way.
    pub downloads: Vec<Downloaded>,
    /// The certificates that were judged: those of the path, then what was presented beside it.
    pub subjects: Vec<Subject>,
    /// The checks that are not met, met, and undetermined.
    pub judgement: Judgement,
}

impl Request<'_> {
    /// What the key is to be used for.
    fn purposes(&self) -> &'static [Oid<'static>] {
        self.expectation.usage.or(self.profile.usage).map_or(&[], Usage::purposes)
    }

    /// Whom the leaf has to name. What is no host at all is in no certificate.
    fn peers(&self) -> Vec<Peer> {
        let host = self.expectation.host.as_deref();
        host.map(|host| Peer::from_host(host).unwrap_or_else(|_| Peer::Host(host.to_owned()))).into_iter().collect()
    }
}

/// Judges a certificate with the chain that was presented with it, over what is at hand.
///
/// Revocation is looked at where the context has lists or responses. Without `download`
/// nothing is asked of the network; with it, at most eight missing issuers are. Costs a search for paths with the
/// signatures of those that are judged, and the looks of the profile.
pub fn assess(request: &Request<'_>, context: &Context, mut download: Option<&mut Download<'_>>) -> Assessment {
    let mut pool = Pool::over(Arc::clone(context.pool()));
    let sent: HashSet<Id> = request.presented.iter().map(|certificate| pool.add(certificate.clone())).collect();
    let is_told = !context.lists.is_empty() || !context.responses.is_empty();
    let peers = request.peers();
    let question = Question {
        purposes: request.purposes(),
        peers: &peers,
        revocation: match context.listening {
            _ if !is_told => Revocation::Off,
            Listening::Required => Revocation::Required,
            Listening::WhereListed => Revocation::WhereListed,
        },
        ..Question::new(request.profile, request.moment)
    };
    let mut from: HashMap<Id, Address> = HashMap::new();
    let mut downloads: Vec<Downloaded> = Vec::new();
    let verdict = loop {
        let material = TrustMaterial { pool: &pool, lists: &context.lists, responses: &context.responses };
        let verdict = verify(request.leaf, &material, &question);
        let (Some(address), Some(get)) = (wanted(&verdict, &downloads), download.as_mut()) else { break verdict };
        let outcome = chain::fetch_certificates(&address, *get).map(|found| {
            for certificate in &found {
                let (known, id) = (pool.len(), pool.add(certificate.clone()));
                if id.index() == known {
                    from.insert(id, address.clone());
                }
            }
            found.len()
        });
        downloads.push(Downloaded { address, outcome });
    };
    let origin = |id: Id| match from.get(&id) {
        _ if sent.contains(&id) => Origin::Presented,
        Some(address) => Origin::Downloaded(address.clone()),
        None => context.origin(id).cloned().unwrap_or(Origin::Presented),
    };
    let path = &verdict.path;
    let origins = path.ids.iter().map(|id| id.map_or(Origin::Presented, origin)).collect();
    let role = request.profile.role_of(request.leaf);
    let (expectation, limits) = (request.expectation, &request.profile.limits);
    let mut case = Case::new(path, &verdict.processed, role, request.presented, expectation, request.moment, limits)
        .trusting(context.named.as_deref());
    case.connection = request.connection;
    let mut judgement = check::judge(&case, request.profile);
    if question.revocation == Revocation::Required {
        tell_why(&mut judgement, &context.listed_in);
    }
    let subjects = case.subjects;
    Assessment { verdict, origins, downloads, subjects, judgement }
}

/// Says whose lists make the status required, where nobody has named them.
fn tell_why(judgement: &mut Judgement, listed_in: &[String]) {
    let unknown = judgement.findings.iter_mut().filter(|it| it.check.id == REVOCATION_UNKNOWN.id);
    for finding in unknown.filter(|_| !listed_in.is_empty()) {
        finding.evidence += &format!("; required because of the revocation lists in {}", listed_in.join(", "));
    }
}

/// The address where the issuer can be had that a path lacks; `None` where it lacks none, or all were asked.
fn wanted(verdict: &Verdict, downloads: &[Downloaded]) -> Option<Address> {
    let top = verdict.path.top()?;
    let goes_on = match verdict.path.end {
        End::IssuerMissing(_) => true,
        End::Anchor | End::BeyondAnchor => !is_root(top),
        _ => false,
    };
    if !goes_on {
        return None;
    }
    let is_new = |address: &Address| downloads.iter().all(|earlier| earlier.address != *address);
    if downloads.len() < MAX_DOWNLOADS { chain::addresses(top).into_iter().find(is_new) } else { None }
}

impl Assessment {
    /// The certificates that were judged, each with the place where it was found; those presented are from `own`.
    pub fn found(&self, own: &Origin) -> Vec<(Subject, Origin)> {
        let origin = |it: &Subject| match it.position.and_then(|at| self.origins.get(at)) {
            None | Some(Origin::Presented) => own.clone(),
            Some(other) => other.clone(),
        };
        self.subjects.iter().map(|it| (it.clone(), origin(it))).collect()
    }

    /// The path with its origins and the downloads, for who hands it out.
    pub fn into_chain(self) -> Chain {
        Chain { path: self.verdict.path, origins: self.origins, downloads: self.downloads }
    }
}

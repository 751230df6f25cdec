//! What a specimen asks of a path that is processed.

use certkit_core::cert::RevocationList;
use certkit_core::check::{Case, Judgement, Profile, Unasked, Usage, judge, leaf_among};
use certkit_core::container::Distrust;
use certkit_core::oid::{self, Oid};
use certkit_core::path::names::Peer;
use certkit_core::path::process::PolicyInputs;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::path::{Budget, Pool};
use certkit_core::verify::{Question, Revocation, TrustMaterial, Verdict, verify};

use super::Specimen;

/// What is asked beyond host and usage, and the lists that are at hand.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    email: Option<String>,
    policies: Vec<Vec<u8>>,
    max_depth: Option<u32>,
    names_compared: Option<u32>,
    revocation: Option<Revocation>,
    pub(crate) lists: Vec<RevocationList>,
}

impl Asked {
    /// Takes a line of the header; says whether it is one of these.
    pub(crate) fn take(&mut self, key: &str, value: &str) -> bool {
        match key {
            "email" => self.email = Some(value.to_owned()),
            "policy" => self.policies.push(oid::encode(value).expect(value)),
            "max-depth" => self.max_depth = Some(value.parse().expect(value)),
            "names-compared" => self.names_compared = Some(value.parse().expect(value)),
            "revocation" if value == "prefer" => self.revocation = Some(Revocation::Preferred),
            _ => return false,
        }
        true
    }
}

/// Whom the leaf of a specimen has to name.
pub(crate) fn peers(specimen: &Specimen) -> Vec<Peer> {
    let host = specimen.expectation.host.as_deref();
    let host = host.map(|host| Peer::from_host(host).unwrap_or_else(|_| Peer::Host(host.to_owned())));
    host.into_iter().chain(specimen.asked.email.clone().map(Peer::Mailbox)).collect()
}

/// Finds the best path of a specimen, and decides.
pub(crate) fn verdict(specimen: &Specimen, budget: Budget) -> Verdict {
    let asked = &specimen.asked;
    let mut pool = Pool::new();
    for anchor in &specimen.trust {
        pool.add_anchor(anchor.clone());
    }
    for candidate in specimen.presented.iter().chain(&specimen.untrusted) {
        pool.add(candidate.clone());
    }
    for number in &specimen.distrusted {
        pool.distrust(specimen.trust[*number].clone(), Distrust::entire("its store marks it as rejected"));
    }
    let mut lists = Lists::new();
    asked.lists.iter().for_each(|list| _ = lists.add(list.clone()));
    let leaf = &specimen.presented[leaf_among(&specimen.presented).expect("a certificate")];
    let peers = peers(specimen);
    let policies: Vec<Oid<'_>> = asked.policies.iter().map(|policy| Oid(policy)).collect();
    let default = if lists.is_empty() { Revocation::Off } else { Revocation::Required };
    let question = Question {
        purposes: match specimen.expectation.usage.or(specimen.profile.usage.filter(|_| !is_decided(specimen.profile)))
        {
            Some(Usage::TlsServer) => &[oid::SERVER_AUTH],
            Some(Usage::TlsClient) => &[oid::CLIENT_AUTH],
            None => &[],
        },
        peers: &peers,
        max_intermediates: asked.max_depth,
        policies: PolicyInputs { initial: &policies, ..PolicyInputs::default() },
        revocation: asked.revocation.unwrap_or(default),
        budget: Budget { names_compared: asked.names_compared.unwrap_or(budget.names_compared), ..budget },
        ..Question::new(specimen.profile, specimen.moment)
    };
    verify(leaf, &TrustMaterial { pool: &pool, lists: &lists, responses: &Responses::new() }, &question)
}

/// Finds the best path of a specimen and judges it.
pub(crate) fn judged(specimen: &Specimen, budget: Budget) -> Judgement {
    let verdict = verdict(specimen, budget);
    let leaf = &specimen.presented[leaf_among(&specimen.presented).expect("a certificate")];
    let (role, limits) = (specimen.profile.role_of(leaf), &specimen.profile.limits);
    let (expectation, noted) = (&specimen.expectation, &verdict.processed);
    let mut case = Case::new(&verdict.path, noted, role, &specimen.presented, expectation, specimen.moment, limits)
        .trusting(specimen.are_anchors_named.then_some(&specimen.trust));
    case.connection = specimen.connection.as_ref();
    judge(&case, specimen.profile)
}

/// Whether a profile is a relying party's: it is asked what is asked of it, and nothing besides.
pub(crate) fn is_decided(profile: &Profile) -> bool {
    profile.unasked == Unasked::Undetermined
}

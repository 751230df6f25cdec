//! What a specimen asks of a path that is processed.

use certkit_core::cert::RevocationList;
use certkit_core::check::{Case, Judgement, Processed, Usage, judge, leaf_among};
use certkit_core::oid::{self, Oid};
use certkit_core::path::names::Peer;
use certkit_core::path::process::PolicyInputs;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::path::{Budget, Path, Pool};
use certkit_core::verify::{AtHand, Question, Revocation, revocation_of, verify};

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

/// What the lists of a specimen tell of a path, where it has any.
pub(crate) fn revocation(specimen: &Specimen, pool: &Pool, path: &Path) -> Option<Processed> {
    let mut lists = Lists::new();
    specimen.asked.lists.iter().for_each(|list| _ = lists.add(list.clone()));
    if lists.is_empty() {
        return None;
    }
    let at_hand = AtHand { pool, lists: &lists, responses: &Responses::new() };
    let question = Question { revocation: Revocation::Required, ..Question::new(specimen.profile, specimen.moment) };
    Some(revocation_of(path, &at_hand, &question))
}

/// Processes the best path of a specimen and judges what is noted.
pub(crate) fn process(specimen: &Specimen) -> Judgement {
    let asked = &specimen.asked;
    let mut pool = Pool::new();
    for anchor in &specimen.trust {
        pool.add_anchor(anchor.clone());
    }
    for candidate in specimen.presented.iter().chain(&specimen.untrusted) {
        pool.add(candidate.clone());
    }
    let mut lists = Lists::new();
    asked.lists.iter().for_each(|list| _ = lists.add(list.clone()));
    let leaf = &specimen.presented[leaf_among(&specimen.presented).expect("a certificate")];
    let host = specimen.expectation.host.as_deref().map(|host| Peer::from_host(host).unwrap());
    let peers: Vec<Peer> = host.into_iter().chain(asked.email.clone().map(Peer::Mailbox)).collect();
    let policies: Vec<Oid<'_>> = asked.policies.iter().map(|policy| Oid(policy)).collect();
    let default = if lists.is_empty() { Revocation::Off } else { Revocation::Required };
    let budget = Budget::default();
    let question = Question {
        purposes: match specimen.expectation.usage {
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
    let verdict = verify(leaf, &AtHand { pool: &pool, lists: &lists, responses: &Responses::new() }, &question);
    let (role, limits) = (specimen.profile.role_of(leaf), &specimen.profile.limits);
    let case = Case::new(&verdict.path, role, &specimen.presented, &specimen.expectation, specimen.moment, limits);
    judge(&case.processed(&verdict.processed), specimen.profile)
}

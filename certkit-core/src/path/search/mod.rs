//! The search for paths, best first.
//!
//! Partial paths wait in a queue, cheapest first; the cheapest is taken, its topmost
//! link is verified, and it grows by every candidate for its issuer. Paths without an
//! anchor, and those with a link that fails, wait until nothing better is left. The
//! order never depends on the order in which the pool was filled.

mod frontier;
mod link;
mod rank;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::found::{Agreement, End, Link, NearMiss, Path, Verification, WhyNot};

use super::pool::{Entry, Id, Pool};
use super::{Budget, Resource, Spent};
use crate::cert::Certificate;
use crate::moment::Moment;
use frontier::{Cost, Node, State, Ticket, Tier, Verified};

/// Looks for paths from a leaf; as an iterator it hands them out, best first.
///
/// Before all others come paths that reach an anchor over links that verify: those
/// whose certificates are valid at the moment, whose key identifiers agree and whose
/// issuers may issue, the shortest first. Then come paths that end elsewhere, then
/// those with a link that does not verify. At least one path is always handed out.
///
/// Costs what its [`Budget`] allows; work that is not asked for is not done.
#[derive(Debug)]
pub struct Search<'p> {
    pool: &'p Pool,
    moment: Moment,
    budget: Budget,
    spent: Spent,
    exhausted: Option<Resource>,
    leaf: Entry,
    leaf_id: Option<Id>,
    nodes: Vec<Node>,
    queue: BinaryHeap<Reverse<Ticket>>,
    /// How often the queue was pushed to: earlier tickets come first among equals.
    pushed: usize,
    verified: Vec<Verified>,
    has_started: bool,
}

impl<'p> Search<'p> {
    /// Starts at `leaf`; validity at `moment` decides which paths come first.
    pub fn new(pool: &'p Pool, leaf: &Certificate, moment: Moment, budget: Budget) -> Search<'p> {
        Search {
            pool,
            moment,
            budget: pool.left_of(budget),
            spent: Spent::default(),
            exhausted: None,
            leaf: Entry::new(leaf.clone()),
            leaf_id: pool.find(leaf),
            nodes: Vec::with_capacity(8),
            queue: BinaryHeap::with_capacity(8),
            pushed: 0,
            verified: Vec::with_capacity(8),
            has_started: false,
        }
    }

    /// The best path. Where nothing may be spent it is the leaf alone.
    pub fn best(mut self) -> Path {
        self.next().unwrap_or_else(|| Path {
            certificates: vec![self.leaf.certificate.clone()],
            ids: vec![self.leaf_id],
            links: Vec::new(),
            end: End::BudgetSpent(Resource::Paths),
        })
    }

    /// What has been used of the budget so far.
    pub fn spent(&self) -> Spent {
        self.spent
    }

    /// What ran out and cut the search short: better paths may exist than were handed out.
    pub fn exhausted(&self) -> Option<Resource> {
        self.exhausted
    }

    fn entry(&self, id: Option<Id>) -> &Entry {
        id.and_then(|id| self.pool.entry(id)).unwrap_or(&self.leaf)
    }

    fn is_anchor(&self, id: Option<Id>) -> bool {
        id.is_some_and(|id| self.pool.is_anchor(id))
    }

    fn spend_name(&mut self) -> bool {
        let fits = self.spent.names_compared < self.budget.names_compared;
        if fits {
            self.spent.names_compared = self.spent.names_compared.saturating_add(1);
        } else {
            self.exhausted = Some(Resource::NamesCompared);
        }
        fits
    }

    fn push(&mut self, node: usize, state: State, cost: Cost) {
        let is_anchor = self.is_anchor(self.nodes.get(node).and_then(|node| node.id));
        if is_anchor && !matches!(state, State::Untried | State::Failed) {
            return;
        }
        let number = self.pushed;
        self.pushed = number.saturating_add(1);
        self.queue.push(Reverse(Ticket { cost, not_anchor: !is_anchor, number, node, state }));
    }

    /// Walks from a node down to the leaf.
    fn downward(&self, node: usize) -> impl Iterator<Item = (usize, &Node)> {
        let here = |at: usize| self.nodes.get(at).map(|node| (at, node));
        std::iter::successors(here(node), move |(_, node)| here(node.below?))
    }

    fn path(&mut self, node: usize, end: End) -> Path {
        self.spent.paths = self.spent.paths.saturating_add(1);
        let mut path = Path { certificates: Vec::new(), ids: Vec::new(), links: Vec::new(), end };
        let mut settled: Vec<(usize, Verification)> = Vec::new();
        for (at, node) in self.downward(node) {
            path.certificates.push(self.entry(node.id).certificate.clone());
            path.ids.push(node.id);
            settled.extend(&node.settled);
            let signature = settled.iter().find(|(below, _)| *below == at).map(|(_, signature)| *signature);
            path.links.extend(node.link.map(|link| Link { signature: signature.unwrap_or(link.signature), ..link }));
        }
        path.certificates.reverse();
        path.ids.reverse();
        path.links.reverse();
        path
    }

    fn start(&mut self) {
        self.has_started = true;
        let cost = Cost { penalty: self.penalty(self.leaf_id), length: 1, ..Cost::default() };
        self.add_node(self.leaf_id, None, None, cost);
        self.push(0, State::Untried, cost);
    }

    fn add_node(&mut self, id: Option<Id>, below: Option<usize>, link: Option<Link>, cost: Cost) -> usize {
        let length = cost.length;
        let misses = Vec::new();
        let (lacks_parameters, settled) = (false, Vec::new());
        let node =
            Node { id, below, link, length, waiting: 0, has_issuer: false, misses, cost, lacks_parameters, settled };
        self.nodes.push(node);
        self.nodes.len().saturating_sub(1)
    }

    /// Queues every candidate for the issuer of a node's certificate. `None` when the budget is spent.
    fn expand(&mut self, at: usize) -> Option<()> {
        let Some(node) = self.nodes.get(at) else { return Some(()) };
        let (id, cost, length) = (node.id, node.cost, node.length);
        let ended =
            |state: State, end: u8| (state, Cost { tier: cost.tier.max(Tier::Ended), end: cost.end.max(end), ..cost });
        if length >= self.budget.depth {
            let (state, cost) = ended(State::TooDeep, 3);
            self.push(at, state, cost);
            return Some(());
        }
        let pool = self.pool;
        let own = self.entry(id).certificate.clone();
        let wanted = own.issuer();
        let mut has_cycle = false;
        let mut candidates: Vec<Id> = Vec::new();
        for candidate in pool.hashed(wanted.canonical_hash()) {
            if !self.spend_name() {
                return None;
            }
            let Some(entry) = pool.entry(candidate) else { continue };
            if !entry.certificate.subject().matches(&wanted) {
                continue;
            }
            let stands_in_path = self.downward(at).any(|(_, node)| {
                let other = &self.entry(node.id).certificate;
                let is_twin =
                    entry.certificate.spki() == other.spki() && entry.subject() == self.entry(node.id).subject();
                // A leaf may be the renewed twin of an anchor: their common key has signed it.
                let is_renewed = node.below.is_none() && pool.is_anchor(candidate);
                node.id == Some(candidate) || *other == entry.certificate || (is_twin && !is_renewed)
            });
            if stands_in_path {
                has_cycle |= id != Some(candidate) && own != entry.certificate;
            } else {
                candidates.push(candidate);
            }
        }
        let vain = u32::try_from(candidates.len()).unwrap_or(u32::MAX).saturating_sub(1);
        pool.note_in_vain(Spent { names_compared: vain, ..Spent::default() });
        candidates.sort_by(|a, b| {
            let der = |id: &Id| pool.certificate(*id).map(Certificate::der);
            der(a).cmp(&der(b))
        });
        let is_self_signed = own.is_self_issued() && {
            match self.verify(id, id) {
                Verification::NotTried => return None,
                verified => verified == Verification::Verified,
            }
        };
        for candidate in &candidates {
            let (key_identifier, issuer_and_serial) = self.agreement(id, *candidate);
            let weigh = |agreement, differs, unstated| match agreement {
                Agreement::Agrees => 0,
                Agreement::Unstated => unstated,
                Agreement::Differs => differs,
            };
            let penalty = [
                cost.penalty,
                self.penalty(Some(*candidate)),
                weigh(key_identifier, 10, 1),
                weigh(issuer_and_serial, 5, 0),
            ];
            let penalty = penalty.into_iter().fold(0, u32::saturating_add);
            let cost = Cost { penalty, length: length.saturating_add(1), ..cost };
            let link = Link { signature: Verification::NotTried, key_identifier, issuer_and_serial };
            let above = self.add_node(Some(*candidate), Some(at), Some(link), cost);
            self.push(above, State::Untried, cost);
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.waiting = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
            node.has_issuer = is_self_signed;
        }
        let (state, end) = match (is_self_signed, candidates.is_empty(), has_cycle) {
            (true, ..) => (State::SelfSigned, 0),
            (false, true, true) => (State::Cycle, 2),
            (false, true, false) => (State::IssuerMissing, 1),
            (false, false, _) => return Some(()),
        };
        let (state, cost) = ended(state, end);
        self.push(at, state, cost);
        Some(())
    }

    /// Collects who nearly was the issuer of a node's certificate.
    fn near_misses(&mut self, at: usize) -> Vec<NearMiss> {
        let Some(node) = self.nodes.get(at) else { return Vec::new() };
        let mut misses = node.misses.clone();
        let own = self.entry(node.id);
        if let Some(wanted) = &own.traits().authority_key_identifier {
            let issuer = own.certificate.issuer();
            let has_identifier = |id: &Id| {
                self.pool.entry(*id).is_some_and(|entry| {
                    entry.traits().key_identifier.as_deref() == Some(wanted)
                        && !entry.certificate.subject().matches(&issuer)
                })
            };
            let named = self
                .pool
                .identified(wanted)
                .into_iter()
                .filter(has_identifier)
                .map(|id| NearMiss { id, why: WhyNot::Name });
            misses.extend(named.take(MAX_NEAR_MISSES));
        }
        let der = |miss: &NearMiss| self.pool.certificate(miss.id).map(Certificate::der);
        misses.sort_by(|a, b| der(a).cmp(&der(b)));
        misses.truncate(MAX_NEAR_MISSES);
        misses
    }

    /// Hands out the partial path at which the budget ran out, and ends the search.
    fn give_up(&mut self, at: usize) -> Option<Path> {
        let resource = self.exhausted?;
        self.queue.retain(|Reverse(ticket)| !matches!(ticket.state, State::Untried | State::Failed));
        Some(self.path(at, End::BudgetSpent(resource)))
    }
}

/// How many near misses are worth naming.
const MAX_NEAR_MISSES: usize = 8;

impl Iterator for Search<'_> {
    type Item = Path;

    fn next(&mut self) -> Option<Path> {
        if !self.has_started {
            self.start();
        }
        loop {
            if self.spent.paths >= self.budget.paths {
                if !self.queue.is_empty() {
                    self.exhausted = Some(Resource::Paths);
                }
                return None;
            }
            let Reverse(ticket) = self.queue.pop()?;
            let at = ticket.node;
            match ticket.state {
                State::SelfSigned => return Some(self.path(at, End::SelfSigned)),
                State::Cycle => return Some(self.path(at, End::Cycle)),
                State::TooDeep => return Some(self.path(at, End::TooDeep)),
                State::IssuerMissing => {
                    let misses = self.near_misses(at);
                    return Some(self.path(at, End::IssuerMissing(misses)));
                }
                State::Untried => match self.try_link(at) {
                    None => return self.give_up(at),
                    Some(false) => continue,
                    Some(true) => {}
                },
                State::Failed => {}
            }
            let id = self.nodes.get(at).and_then(|node| node.id);
            if self.is_anchor(id) {
                // The leaf's issuers are of interest even where the leaf itself is trusted.
                if at == 0 && self.expand(at).is_none() {
                    return self.give_up(at);
                }
                return Some(self.path(at, End::Anchor));
            }
            if self.expand(at).is_none() {
                return self.give_up(at);
            }
        }
    }
}

//! Verifying the links of partial paths.

use super::Search;
use super::frontier::{Cost, State, Tier, Verified};
use crate::crypto::key::KeyKind;
use crate::crypto::signature::{self, Failure, UNREADABLE_KEY};
use crate::path::found::{Agreement, NearMiss, Verification, WhyNot};
use crate::path::pool::Id;
use crate::path::{Resource, Spent};

/// What verifying with inherited parameters costs (see [`signature::cost`]).
const DSA_COST: u32 = 16;

impl Search<'_> {
    pub(super) fn spend_signature(&mut self, weight: u32) -> bool {
        let sum = self.spent.signatures.saturating_add(weight);
        let fits = sum <= self.budget.signatures;
        if fits {
            self.spent.signatures = sum;
        } else {
            self.exhausted = Some(Resource::Signatures);
        }
        fits
    }

    /// Verifies that `issuer` signed `child`; asks each pair once.
    pub(super) fn verify(&mut self, child: Option<Id>, issuer: Option<Id>) -> Verification {
        let upper = self.entry(issuer);
        let same_key = |known: &&Verified| {
            known.child == child
                && (known.issuer == issuer || self.entry(known.issuer).certificate.spki() == upper.certificate.spki())
        };
        if let Some(known) = self.verified.iter().find(same_key) {
            return known.result;
        }
        let lower = self.entry(child);
        let Ok(key) = upper.certificate.public_key() else { return Verification::Failed(UNREADABLE_KEY) };
        let Ok(algorithm) = lower.certificate.signature_algorithm() else {
            return Verification::Failed(Failure::Unsupported("this signature algorithm"));
        };
        let cost = signature::cost(algorithm, &key);
        if !self.spend_signature(cost) {
            return Verification::NotTried;
        }
        let (lower, upper) = (self.entry(child), self.entry(issuer));
        let (Ok(key), Ok(algorithm)) = (upper.certificate.public_key(), lower.certificate.signature_algorithm()) else {
            return Verification::Failed(UNREADABLE_KEY);
        };
        let ask = || {
            let certificate = &lower.certificate;
            let result = upper.prepared.verify(algorithm, &key, certificate.signed_part(), certificate.signature());
            if result.is_err() {
                self.pool.note_in_vain(Spent { signatures: cost, ..Spent::default() });
            }
            result
        };
        let result = match (child, issuer) {
            (Some(child), Some(issuer)) => self.pool.verified(child, issuer, ask),
            _ => ask(),
        };
        let result = result.map_or_else(Verification::Failed, |()| Verification::Verified);
        self.verified.push(Verified { child, issuer, result });
        result
    }

    /// Verifies with a DSA key whose parameters stand in another certificate (RFC 5280 section 6.1.4 d to f).
    fn verify_inherited(&mut self, child: Option<Id>, issuer: Option<Id>, parameters: Option<Id>) -> Verification {
        let lacking = Verification::Failed(Failure::Unsupported("a DSA key without its parameters"));
        if !self.spend_signature(DSA_COST) {
            return Verification::NotTried;
        }
        let (lower, upper, source) = (self.entry(child), self.entry(issuer), self.entry(parameters));
        let (Ok(key), Ok(source)) = (upper.certificate.public_key(), source.certificate.public_key()) else {
            return lacking;
        };
        match key.with_parameters_of(&source) {
            Some(key) => {
                lower.certificate.verify_signature(&key).map_or_else(Verification::Failed, |()| Verification::Verified)
            }
            None => lacking,
        }
    }

    /// Verifies the topmost link of a node. `None` when the budget is spent.
    pub(super) fn try_link(&mut self, at: usize) -> Option<bool> {
        let Some((node, below)) = self.nodes.get(at).and_then(|node| Some((node, node.below?))) else {
            return Some(true);
        };
        let (id, mut cost) = (node.id, node.cost);
        let child = self.nodes.get(below).and_then(|node| node.id);
        if self.lacks_parameters(id) && !self.is_anchor(id) {
            if let Some(node) = self.nodes.get_mut(at) {
                node.lacks_parameters = true;
            }
            if let Some(parent) = self.nodes.get_mut(below) {
                parent.waiting = parent.waiting.saturating_sub(1);
                parent.has_issuer = true;
            }
            return Some(true);
        }
        let own = self.verify(child, id);
        let result = if own == Verification::Verified { self.settle(at, below) } else { own };
        if result == Verification::NotTried {
            return None;
        }
        let mut key_identifier = Agreement::Unstated;
        if let Some(link) = self.nodes.get_mut(at).and_then(|node| node.link.as_mut()) {
            link.signature = own;
            key_identifier = link.key_identifier;
        }
        let has_verified = result == Verification::Verified;
        let mut is_abandoned = false;
        if let Some(parent) = self.nodes.get_mut(below) {
            parent.waiting = parent.waiting.saturating_sub(1);
            parent.has_issuer |= has_verified;
            if let (Verification::Failed(failure), Some(id)) = (result, id) {
                parent.misses.push(NearMiss { id, why: WhyNot::Signature(failure) });
            }
            is_abandoned = parent.waiting == 0 && !parent.has_issuer;
        }
        if has_verified {
            return Some(true);
        }
        let tier = if key_identifier == Agreement::Differs { Tier::Unrelated } else { Tier::Broken };
        cost.tier = cost.tier.max(tier);
        if let Some(node) = self.nodes.get_mut(at) {
            node.cost = cost;
        }
        self.push(at, State::Failed, cost);
        if is_abandoned && let Some(parent) = self.nodes.get(below) {
            let cost = Cost { tier: parent.cost.tier.max(Tier::Abandoned), end: 1, ..parent.cost };
            self.push(below, State::IssuerMissing, cost);
        }
        Some(false)
    }

    pub(super) fn lacks_parameters(&self, id: Option<Id>) -> bool {
        let key = self.entry(id).certificate.public_key();
        key.is_ok_and(|key| matches!(key.kind, KeyKind::Dsa { parameters: None, .. }))
    }

    /// Verifies the links below that wait for parameters which a node's key has, or has not.
    pub(super) fn settle(&mut self, at: usize, below: usize) -> Verification {
        let source = self.nodes.get(at).and_then(|node| node.id);
        let waiting: Vec<usize> =
            self.downward(below).take_while(|(_, node)| node.lacks_parameters).map(|(at, _)| at).collect();
        let mut worst = Verification::Verified;
        for upper in waiting {
            let id = self.nodes.get(upper).and_then(|node| node.id);
            let child = self.nodes.get(upper).and_then(|node| self.nodes.get(node.below?)).and_then(|node| node.id);
            let result = self.verify_inherited(child, id, source);
            if let Some(node) = self.nodes.get_mut(at) {
                node.settled.push((upper, result));
            }
            if result != Verification::Verified {
                worst = result;
            }
        }
        worst
    }
}

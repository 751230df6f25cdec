//! One path, processed and weighed.

use super::openssl;
use super::{AtHand, Near, Question, Reason, Revocation, Verdict};
use crate::cert::Known;
use crate::check::{AnchorForm, Baseline, Basis, Processed, Profile, Reading, Severity, check_for};
use crate::path::process::{self, Fact, Inputs, Kind, Tier};
use crate::path::revocation::{Sources, Status, statuses};
use crate::path::{End, Path, Resource, Verification, WhyNot};

/// A path with what is true of it.
pub(super) struct Candidate {
    path: Path,
    facts: Vec<Fact>,
    /// How many of the facts lead to a rejection.
    pub(super) errors: usize,
    /// Whether revocation was looked at: it is not where the path is rejected anyway and another may be better.
    is_inquired: bool,
}

/// How the profile reads what is left open.
fn reading(profile: &Profile) -> Reading {
    match profile.basis {
        Basis::Facts(reading) => reading,
        Basis::Looks => Reading::IN_PRACTICE,
    }
}

/// How heavy a fact is; `None` for what the profile leaves to another check.
fn weigh(fact: &Fact, length: usize, question: &Question<'_>) -> Option<Severity> {
    let check = check_for(fact, length);
    if question.profile.without.iter().any(|other| other.id == check.id) {
        return None;
    }
    Some(match fact.kind {
        Kind::RevocationUnknown { .. } if question.revocation == Revocation::Required => Severity::Error,
        // Whatever the profile says of the words: nothing is accepted that reaches no anchor.
        Kind::NotAnchored { .. } | Kind::SignatureFails(_) | Kind::SignatureNotTried => Severity::Error,
        _ => question.profile.severity_of(check),
    })
}

fn errors(facts: &[Fact], length: usize, question: &Question<'_>) -> usize {
    facts.iter().filter(|fact| weigh(fact, length, question) == Some(Severity::Error)).count()
}

/// What processing notes of a path, revocation aside.
fn facts(path: &Path, known: &[Known<'_>], question: &Question<'_>) -> Vec<Fact> {
    let reading = reading(question.profile);
    let inputs = Inputs {
        moment: question.moment,
        policies: question.policies,
        purposes: question.purposes,
        max_intermediates: question.max_intermediates,
        leading_period: reading.leading_period,
        names_compared: question.budget.names_compared,
    };
    let mut facts = process::process(path, known, &inputs);
    for (index, (certificate, known)) in path.certificates.iter().zip(known).enumerate() {
        let is_top = index.saturating_add(1) == path.certificates.len();
        let is_anchor = is_top && index > 0 && path.end == End::Anchor;
        if !is_anchor || reading.anchor == AnchorForm::Judged {
            facts.extend(process::letter(index, certificate, known));
        }
        if reading.baseline == Baseline::Asked {
            let tier = match index {
                0 => Tier::Subscriber,
                _ if is_top && certificate.is_self_issued() => Tier::Root,
                _ => Tier::Subordinate,
            };
            facts.extend(process::baseline(index, certificate, known, tier));
        }
    }
    facts.extend(process::strength(path));
    facts.extend(process::end(path));
    if let (Some(leaf), Some(known)) = (path.certificates.first(), known.first()) {
        facts.extend(process::usage(known, question.purposes));
        facts.extend(question.peers.iter().filter_map(|peer| process::peer(leaf, known, peer, reading.peer)));
    }
    facts
}

/// What is told of the revocation of the certificates of a path, leaf first.
pub(super) fn statuses_of(
    path: &Path,
    known: &[Known<'_>],
    at_hand: &AtHand<'_>,
    question: &Question<'_>,
) -> Vec<Status> {
    let below = path.certificates.len().saturating_sub(1);
    if question.revocation == Revocation::Preferred && at_hand.tells_nothing() {
        // Said once, and not of every CA as well.
        return (0..below.min(1)).map(|_| Status::Unknown { useless: Vec::new(), is_in_doubt: false }).collect();
    }
    let inputs = Inputs { leading_period: reading(question.profile).leading_period, ..Inputs::at(question.moment) };
    let accepts = |path: &Path, known: &[Known<'_>]| {
        errors(&process::process(path, known, &inputs), path.certificates.len(), question) == 0
    };
    let sources = Sources {
        pool: at_hand.pool,
        lists: at_hand.lists,
        responses: at_hand.responses,
        moment: question.moment,
        budget: question.budget,
        accepts: &accepts,
    };
    statuses(path, known, &sources)
}

impl Candidate {
    /// Processes a path. Revocation is looked at where nothing else speaks against it.
    pub(super) fn judge(path: Path, at_hand: &AtHand<'_>, question: &Question<'_>) -> Candidate {
        let length = path.certificates.len();
        let known: Vec<Known<'_>> = path.certificates.iter().map(Known::of).collect();
        let mut facts = facts(&path, &known, question);
        let mut errors = errors(&facts, length, question);
        let is_inquired = errors == 0 && question.revocation != Revocation::Off;
        if is_inquired {
            let told = process::revocation(statuses_of(&path, &known, at_hand, question));
            errors = self::errors(&told, length, question);
            facts.extend(told);
        }
        drop(known);
        Candidate { path, facts, errors, is_inquired }
    }

    /// Says whether nothing speaks against it.
    pub(super) fn is_accepted(&self) -> bool {
        self.errors == 0 && self.path.is_anchored()
    }

    /// Makes the verdict of it, with every reason.
    pub(super) fn conclude(
        mut self,
        tried: u32,
        exhausted: Option<Resource>,
        at_hand: &AtHand<'_>,
        question: &Question<'_>,
    ) -> Verdict {
        let is_accepted = self.is_accepted();
        let length = self.path.certificates.len();
        if !self.is_inquired && question.revocation != Revocation::Off {
            let known: Vec<Known<'_>> = self.path.certificates.iter().map(Known::of).collect();
            self.facts.extend(process::revocation(statuses_of(&self.path, &known, at_hand, question)));
        }
        if let Some(resource) = exhausted.filter(|_| !is_accepted)
            && !matches!(self.path.end, End::BudgetSpent(_))
        {
            self.facts.push(process::unanchored(&self.path, End::BudgetSpent(resource)));
        }
        let mut reasons: Vec<Reason> = Vec::new();
        for fact in &self.facts {
            let Some(severity) = weigh(fact, length, question) else { continue };
            reasons.push(Reason {
                check: check_for(fact, length),
                severity,
                position: fact.certificate,
                evidence: fact.kind.to_string(),
                openssl: openssl::of(fact, length),
            });
        }
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.severity));
        let near_misses = if is_accepted { Vec::new() } else { near_misses(&self.path, at_hand) };
        let processed = Processed { facts: self.facts, ..question.unasked() };
        Verdict { path: self.path, reasons, near_misses, tried, exhausted, processed, is_accepted }
    }
}

/// Who nearly was an issuer on the path: those whose key did not sign, and those whose name differs.
fn near_misses(path: &Path, at_hand: &AtHand<'_>) -> Vec<Near> {
    let mut near = Vec::new();
    for (position, link) in path.links.iter().enumerate() {
        let above = path.certificates.get(position.saturating_add(1));
        if let (Verification::Failed(failure), Some(certificate)) = (link.signature, above) {
            near.push(Near { certificate: certificate.clone(), of: position, why: WhyNot::Signature(failure) });
        }
    }
    if let End::IssuerMissing(misses) = &path.end {
        let of = path.certificates.len().saturating_sub(1);
        near.extend(misses.iter().filter_map(|miss| {
            Some(Near { certificate: at_hand.pool.certificate(miss.id)?.clone(), of, why: miss.why })
        }));
    }
    near
}

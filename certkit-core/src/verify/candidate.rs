//! One path, processed and weighed.

use super::openssl;
use super::program::{Program, Refusers, takes};
use super::{Near, Question, Revocation, TrustMaterial, Verdict};
use crate::cert::{Certificate, Known};
use crate::check::webpki::chain::{ANCHOR_NOT_TOP, ISSUER_NAME_TWIN};
use crate::check::{Check, Finding, Processed, Severity, Situation, check_for, cure, is_undetermined};
use crate::path::process::{self, Above, Fact, Inputs, Kind, Need, TakenLists};
use crate::path::revocation::{Sources, Status, WhyUseless, statuses};
use crate::path::{self, End, Path, Resource, Search, Verification, WhyNot};
use crate::text::Hex;

/// A path with what is true of it.
pub(super) struct Candidate {
    path: Path,
    facts: Vec<Fact>,
    /// How many of the facts lead to a rejection.
    pub(super) errors: usize,
    /// Whether revocation was looked at: it is not where the path is rejected anyway and another may be better.
    is_inquired: bool,
}

/// Which check a fact falls short of, and how heavy that is; `None` for what the profile does not ask for, or leaves to
/// another check.
fn weigh(fact: &Fact, path: &Path, question: &Question<'_>) -> Option<(&'static Check, Severity)> {
    let check = check_for(fact, path);
    let severity = match fact.kind {
        Kind::RevocationUnknown { need: Need::Required, .. } => Severity::Error,
        Kind::RevocationUnknown { need: Need::Preferred, .. } => Severity::Warning,
        // Whatever the profile says of the words: nothing is accepted that reaches no anchor.
        Kind::NotAnchored { .. } | Kind::SignatureFails(_) | Kind::SignatureNotTried => Severity::Error,
        _ if !question.profile.has(check) => return None,
        // Who goes by what programs do is told what OpenSSL or Java do with this form of it.
        _ if goes_by_programs(question) && is_mild(fact, path) => Severity::Warning,
        _ if is_undetermined(&fact.kind) => question.profile.weight_undetermined(check),
        _ => question.profile.severity_of(check),
    };
    Some((check, severity))
}

/// Whether the profile says what programs do, and not what a standard demands.
fn goes_by_programs(question: &Question<'_>) -> bool {
    question.profile.reading.lists == TakenLists::ByPrograms
}

/// Whether OpenSSL takes some forms of what falls short of a check and has a number for others.
fn takes_by_form(kind: &Kind) -> bool {
    matches!(kind, Kind::PurposeNotAllowed { .. } | Kind::UnknownCriticalExtension { .. } | Kind::PeerNotNamed { .. })
}

/// Whether OpenSSL and Java take a purpose or a critical extension that others refuse.
fn is_mild(fact: &Fact, path: &Path) -> bool {
    matches!(fact.kind, Kind::PurposeNotAllowed { .. } | Kind::UnknownCriticalExtension { .. })
        && [Program::OpenSsl, Program::Java].into_iter().all(|program| takes(fact, path, program))
}

fn errors(facts: &[Fact], path: &Path, question: &Question<'_>) -> usize {
    let is_error = |fact: &&Fact| matches!(weigh(fact, path, question), Some((_, Severity::Error)));
    facts.iter().filter(is_error).count()
}

impl Question<'_> {
    /// What section 6.1.1 calls the inputs, for paths from this leaf.
    pub(super) fn inputs(&self, leaf: &Certificate) -> Inputs<'_> {
        Inputs {
            policies: self.policies,
            purposes: self.purposes,
            max_intermediates: self.max_intermediates,
            peers: self.peers,
            names_compared: self.budget.names_compared,
            ..self.profile.inputs(leaf, self.moment)
        }
    }
}

/// What is told of the revocation of the certificates of a path, leaf first.
fn revocation_of(path: &Path, known: &[Known<'_>], material: &TrustMaterial<'_>, question: &Question<'_>) -> Vec<Fact> {
    let need = match question.revocation {
        Revocation::Preferred => Need::Preferred,
        Revocation::WhereListed | Revocation::Required | Revocation::Off => Need::Required,
    };
    let reading = question.profile.reading;
    let below = path.certificates.len().saturating_sub(1);
    if need == Need::Preferred && material.tells_nothing() {
        // Said once, and not of every CA as well.
        let unknown = || Status::Unknown { useless: Vec::new(), is_in_doubt: false };
        return process::revocation((0..below.min(1)).map(|_| unknown()).collect(), need, reading.lists);
    }
    let inputs = Inputs { reading, ..Inputs::at(question.moment) };
    let accepts =
        |path: &Path, known: &[Known<'_>]| errors(&process::process(path, known, &inputs), path, question) == 0;
    let sources = Sources {
        pool: material.pool,
        lists: material.lists,
        responses: material.responses,
        moment: question.moment,
        budget: question.budget,
        accepts: &accepts,
    };
    if question.revocation != Revocation::WhereListed {
        let mut facts = process::revocation(statuses(path, known, &sources), need, reading.lists);
        facts.extend(against_top(path, material));
        return facts;
    }
    let mut facts = against(path, material);
    if !material.tells_nothing() {
        let told = process::revocation(statuses(path, known, &sources), need, reading.lists);
        // Of others nothing is asked: nobody lists what their issuer revokes, or a list speaks against them already.
        let is_unlisted =
            |fact: &Fact| matches!(&fact.kind, Kind::RevocationUnknown { useless, .. } if useless.is_empty());
        let is_known = |fact: &Fact| facts.iter().any(|known| known.certificate == fact.certificate);
        let uncleared: Vec<Fact> = told.into_iter().filter(|fact| !is_unlisted(fact) && !is_known(fact)).collect();
        facts.extend(uncleared);
    }
    facts
}

/// What lists say against the top of a path, which nobody asks to clear it: an anchor that is revoked is none, and of what
/// is no anchor a list that names it counts, whoever signed it. Where nobody is at hand who could have signed a list that
/// names an anchor, it may be revoked.
fn against_top(path: &Path, material: &TrustMaterial<'_>) -> Option<Fact> {
    let said = said_against(path.certificates.len().checked_sub(1)?, path.top()?, material)?;
    let counts = match &said.kind {
        Kind::RevocationUnknown { useless, .. } => !path.is_anchored() || useless.contains(&WhyUseless::SignerMissing),
        _ => true,
    };
    counts.then_some(said)
}

/// What lists say against the certificates of a path, whatever their dates; those that have issued themselves included.
fn against(path: &Path, material: &TrustMaterial<'_>) -> Vec<Fact> {
    path.certificates
        .iter()
        .enumerate()
        .filter_map(|(at, certificate)| said_against(at, certificate, material))
        .collect()
}

/// What lists say against one of them.
fn said_against(position: usize, certificate: &Certificate, material: &TrustMaterial<'_>) -> Option<Fact> {
    let authorities = material.pool.issued_to(&certificate.issuer());
    let keys = authorities.iter().filter_map(|id| material.pool.certificate(*id)?.public_key().ok());
    let kind = match material.lists.against(certificate, &keys.collect::<Vec<_>>())? {
        Status::Revoked { since, reason, .. } => Kind::Revoked { since, reason },
        // Nobody revokes what has issued itself, except by name.
        Status::Unknown { useless, .. } if !certificate.is_self_issued() => {
            let useless = useless.into_iter().map(|it| it.why).collect();
            Kind::RevocationUnknown { useless, need: Need::Required }
        }
        Status::Unknown { .. } | Status::Good { .. } => return None,
    };
    Some(Fact { certificate: position, kind })
}

/// How many paths above an anchor are looked at.
const ABOVE: usize = 8;

/// The paths that lead on from an anchor that another CA has issued to a root that counts, best first. Where a root needs
/// no trust and none is at hand, as far as issuers are known.
/// A search ends at each anchor on the way; it goes on from there.
fn continued(path: &Path, material: &TrustMaterial<'_>, question: &Question<'_>) -> Vec<Path> {
    let (mut open, mut next, mut whole, mut parts) = (vec![path.clone()], 0, Vec::new(), Vec::new());
    let needs_trust = question.profile.reading.above == Above::Trusted;
    while let Some(here) = open.get(next).cloned() {
        next = next.saturating_add(1);
        let Some(top) = here.top() else { continue };
        let above = Search::new(material.pool, top, question.moment, question.budget);
        let is_sound = |it: &Path| it.links.iter().all(|link| link.signature == Verification::Verified);
        for above in above.take(ABOVE).filter(|it| is_sound(it) && it.certificates.len() > 1) {
            let end = match above.end {
                End::Anchor => End::Anchor,
                End::SelfSigned | End::IssuerMissing(_) if !needs_trust => End::BeyondAnchor,
                _ => continue,
            };
            let is_trusted = end == End::Anchor;
            let Some(joined) = here.clone().joined(Path { end, ..above }) else { continue };
            if joined.top().is_some_and(process::is_root) {
                whole.push(joined);
            } else if !is_trusted {
                parts.push(joined);
            } else if open.len() < ABOVE {
                open.push(joined);
            }
        }
    }
    if whole.is_empty() { parts } else { whole }
}

/// What there is to note of an anchor that another CA has issued.
fn issued_by_other(path: &Path, known: &[Known<'_>]) -> Option<Fact> {
    let (top, own) = (path.top().filter(|_| path.is_anchored())?, known.last()?);
    if process::is_own_issuer(top, own) {
        return None;
    }
    let certificate = path.certificates.len().saturating_sub(1);
    Some(Fact { certificate, kind: Kind::AnchorIssuedByOther { called: process::called(&top.subject()) } })
}

/// Notes of certificates whose issuer a program takes another one for.
fn of_twins(path: &Path, material: &TrustMaterial<'_>, question: &Question<'_>) -> Vec<Fact> {
    let twins = path::twins(path, material.pool, question.moment);
    twins
        .filter(|(_, twins, _)| twins.mislead_openssl() || twins.mislead_gnutls() || twins.mislead_java())
        .filter_map(|(certificate, twins, first)| {
            let called = process::called(&path.certificates.get(certificate)?.issuer());
            let other = Hex(material.pool.certificate(first)?.fingerprint_sha256()).to_string();
            Some(Fact { certificate, kind: Kind::IssuerHasTwin { twins, called, other } })
        })
        .collect()
}

impl Candidate {
    /// Processes a path: up to a root where the question asks for that and a path leads on from its anchor. Revocation is
    /// looked at where nothing else speaks against it.
    pub(super) fn judge(
        path: Path,
        material: &TrustMaterial<'_>,
        question: &Question<'_>,
        inputs: &Inputs<'_>,
    ) -> Candidate {
        let known: Vec<Known<'_>> = path.certificates.iter().map(Known::of).collect();
        let by_other = issued_by_other(&path, &known).filter(|_| question.profile.has(&ANCHOR_NOT_TOP));
        let above = by_other.as_ref().map(|_| continued(&path, material, question)).unwrap_or_default();
        let leads_on = !above.is_empty();
        if leads_on && question.to_root {
            let whole = above.into_iter().map(|whole| Candidate::judge(whole, material, question, inputs));
            if let Some(best) = whole.min_by_key(|it| it.errors) {
                return best;
            }
        }
        let own_signature = |top: &Certificate| material.pool.own_signature(path.ids.last().copied().flatten(), top);
        let mut facts = process::facts(&path, &known, inputs, own_signature);
        facts.extend(by_other.filter(|_| !leads_on));
        if question.profile.has(&ISSUER_NAME_TWIN) {
            facts.extend(of_twins(&path, material, question));
        }
        facts.extend(path.certificates.iter().enumerate().filter_map(|(certificate, it)| {
            let distrust = material.pool.distrusted(it).filter(|it| it.counts_for(inputs.purposes))?;
            let (why, is_of_openssl) = (distrust.why.clone(), distrust.is_of_openssl);
            Some(Fact { certificate, kind: Kind::Distrusted { why, is_of_openssl } })
        }));
        let mut errors = errors(&facts, &path, question);
        let is_inquired = errors == 0 && question.revocation != Revocation::Off;
        if is_inquired {
            let told = revocation_of(&path, &known, material, question);
            errors = self::errors(&told, &path, question);
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
        material: &TrustMaterial<'_>,
        question: &Question<'_>,
    ) -> Verdict {
        let is_accepted = self.is_accepted();
        if !self.is_inquired && question.revocation != Revocation::Off {
            let known: Vec<Known<'_>> = self.path.certificates.iter().map(Known::of).collect();
            self.facts.extend(revocation_of(&self.path, &known, material, question));
        }
        if let Some(resource) = exhausted.filter(|_| !is_accepted)
            && !matches!(self.path.end, End::BudgetSpent(_))
        {
            self.facts.push(process::unanchored(&self.path, End::BudgetSpent(resource)));
        }
        let refusers = goes_by_programs(question).then(|| Refusers::new(&self.path, question.peers));
        let mut reasons: Vec<Finding> = Vec::new();
        let mut is_undecided = true;
        for fact in &self.facts {
            let Some((check, severity)) = weigh(fact, &self.path, question) else { continue };
            is_undecided &= severity != Severity::Error || check.is_of_undecided() || is_undetermined(&fact.kind);
            let situation = Situation {
                certificate: self.path.certificates.get(fact.certificate),
                is_authority: fact.certificate > 0,
                ..Situation::of(question.profile.setting)
            };
            let (evidence, remedy) = (fact.kind.to_string(), cure(check, &situation));
            let finding = Finding::new(check, severity, Some(fact.certificate), evidence, remedy);
            let refused_by = refusers.as_ref().map(|it| it.of(fact, check));
            let is_taken = takes_by_form(&fact.kind)
                && refused_by.as_ref().is_some_and(|it| it.iter().all(|name| !name.starts_with("OpenSSL")));
            let openssl = openssl::of(fact, self.path.certificates.len()).filter(|_| !is_taken);
            reasons.push(Finding { openssl, refused_by, ..finding });
        }
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.severity));
        let near_misses = if is_accepted { Vec::new() } else { near_misses(&self.path, material) };
        let processed = Processed { facts: self.facts, ..question.unasked() };
        let is_anchor = |id: &Option<path::Id>| id.is_some_and(|id| material.pool.is_anchor(id));
        let anchor = self.path.ids.iter().rposition(is_anchor).filter(|_| self.path.is_anchored());
        Verdict {
            anchor,
            path: self.path,
            reasons,
            near_misses,
            tried,
            exhausted,
            processed,
            is_accepted,
            is_undecided,
        }
    }
}

/// Who nearly was an issuer on the path: those whose key did not sign, and those whose name differs.
fn near_misses(path: &Path, material: &TrustMaterial<'_>) -> Vec<Near> {
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
            Some(Near { certificate: material.pool.certificate(miss.id)?.clone(), of, why: miss.why })
        }));
    }
    near
}

//! What was found, what passed and what is undetermined.
//!
//! One report serves every output format. It collects the judgements of all cases of
//! a run, names each certificate once, and gives the verdict that exit statuses are
//! made of.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::assess::Assessment;
#[cfg(feature = "legacy-crypto")]
use crate::cert::Request;
use crate::cert::{Certificate, Malformed};
#[cfg(feature = "legacy-crypto")]
use crate::check::HTTPS;
use crate::check::rfc5280::fields::{CERTIFICATE_UNDECODABLE, FILE_FORM_UNREAD, INPUT_NOT_READ, form_unread};
#[cfg(feature = "legacy-crypto")]
use crate::check::together::{self, Keys};
#[cfg(feature = "legacy-crypto")]
use crate::check::webpki::weak_keys::KEY_SHARED_FACTOR;
use crate::check::{
    Check, Finding, Judgement, Profile, Role, Setting, Severity, Situation, Subject, Undetermined, cure,
};
use crate::container::{Oddity, Skipped};
use crate::context::Origin;
#[cfg(feature = "legacy-crypto")]
use crate::crypto::weak::KnownKeys;
use crate::moment::Moment;

/// One certificate of a report.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The certificate.
    pub certificate: Certificate,
    /// Its place in the first case that it was part of.
    pub role: Role,
    /// Its position on that case's path, counted from 0 at the judged certificate.
    pub position: Option<usize>,
    /// Where it was found.
    pub origin: Origin,
}

/// The overall verdict of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong.
    Ok,
    /// There are warnings only.
    Warnings,
    /// Something is wrong.
    Errors,
    /// No error is known, but something decisive is undetermined. Counts as an error.
    NotJudged,
}

impl Verdict {
    /// The word that documents use.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Warnings => "warnings",
            Verdict::Errors => "errors",
            Verdict::NotJudged => "not-judged",
        }
    }

    /// What findings, and what nobody could tell, come to.
    pub fn of(findings: &[Finding], undetermined: &[Undetermined]) -> Verdict {
        let is_wrong = |it: &Finding| it.severity == Severity::Error && !it.check.is_of_undecided();
        match heaviest(findings, undetermined) {
            None | Some(Severity::Info) => Verdict::Ok,
            Some(Severity::Warning) => Verdict::Warnings,
            Some(Severity::Error) if findings.iter().any(is_wrong) => Verdict::Errors,
            Some(Severity::Error) => Verdict::NotJudged,
        }
    }
}

/// The heaviest severity of findings and of what nobody could tell; `None` where there is nothing.
pub fn heaviest(findings: &[Finding], undetermined: &[Undetermined]) -> Option<Severity> {
    let undetermined = undetermined.iter().map(|it| it.severity);
    findings.iter().map(|it| it.severity).chain(undetermined).max()
}

/// Makes every warning an error.
pub fn be_strict(findings: &mut [Finding], undetermined: &mut [Undetermined]) {
    let severities = findings.iter_mut().map(|it| &mut it.severity);
    severities
        .chain(undetermined.iter_mut().map(|it| &mut it.severity))
        .filter(|severity| **severity == Severity::Warning)
        .for_each(|severity| *severity = Severity::Error);
}

/// All that came of a run.
#[derive(Clone, Debug)]
pub struct Report {
    /// The time that was judged.
    pub moment: Moment,
    /// The profiles that were used, each once by its name.
    pub profiles: Vec<&'static Profile>,
    /// Every certificate that was looked at, once.
    pub certificates: Vec<Reported>,
    /// What is not met, in the order in which it was found, each about one of [`Report::certificates`] or a whole;
    /// [`Report::sorted`] has the heaviest first.
    pub findings: Vec<Finding>,
    /// Findings that the user asked to ignore.
    pub ignored: Vec<Finding>,
    /// What was looked at and is met wherever it applies.
    pub passed: Vec<&'static Check>,
    /// What does not concern anything here.
    pub not_applicable: Vec<&'static Check>,
    /// What is undetermined.
    pub undetermined: Vec<Undetermined>,
    /// What is looked at now.
    source: Option<Arc<str>>,
    known: Known,
}

/// What stands in a report already, so that each thing is said once however much there is.
#[derive(Clone, Debug, Default)]
struct Known {
    certificates: HashMap<Certificate, usize>,
    /// The findings by what they say, as indices.
    findings: HashMap<Said, usize>,
    /// What nobody could tell, likewise.
    undetermined: HashMap<Said, usize>,
    sources: HashSet<Arc<str>>,
    /// How each check stands, by its id.
    standings: HashMap<&'static str, Standing>,
}

/// How a check stands in a report: what failed anywhere has not passed, what passed applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    NotApplicable,
    Passed,
    Failed,
}

/// What is said about a certificate, or about the whole of a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Said {
    id: &'static str,
    certificate: Option<usize>,
    source: Option<Arc<str>>,
    words: String,
}

impl Report {
    /// Starts an empty report.
    pub fn new(moment: Moment) -> Report {
        Report {
            moment,
            profiles: Vec::new(),
            certificates: Vec::new(),
            findings: Vec::new(),
            ignored: Vec::new(),
            passed: Vec::new(),
            not_applicable: Vec::new(),
            undetermined: Vec::new(),
            source: None,
            known: Known::default(),
        }
    }

    /// Says what is looked at from here on, as the user named it; `None` for all together.
    pub fn look_at(&mut self, source: Option<&str>) {
        self.source = source.map(Arc::from);
        self.known.sources.extend(self.source.clone());
    }

    /// How many sources were looked at.
    pub fn sources(&self) -> usize {
        self.known.sources.len()
    }

    /// Adds what came of a request. `own` is where what was presented with it was found.
    pub fn add(&mut self, profile: &'static Profile, assessment: &Assessment, own: &Origin) {
        self.add_judged(profile, assessment.found(own), &assessment.judgement);
    }

    /// Adds what came of a case, whose subjects come each with the place where it was found.
    fn add_judged(
        &mut self,
        profile: &'static Profile,
        subjects: impl IntoIterator<Item = (Subject, Origin)>,
        judgement: &Judgement,
    ) {
        let mut place = |(Subject { certificate, role, position, .. }, origin): (Subject, Origin)| {
            let next = self.certificates.len();
            *self.known.certificates.entry(certificate).or_insert_with_key(|certificate| {
                self.certificates.push(Reported { certificate: certificate.clone(), role, position, origin });
                next
            })
        };
        let places: Vec<usize> = subjects.into_iter().map(&mut place).collect();
        self.take_over(profile, judgement, |subject| subject.and_then(|index| places.get(index).copied()));
    }

    /// Adds what came of looking at endpoints or at a store, which is about no single certificate.
    pub fn add_posture(&mut self, profile: &'static Profile, judgement: &Judgement) {
        self.take_over(profile, judgement, |_| None);
    }

    /// Adds what was found about something that the user named beside what is judged.
    pub fn add_beside(&mut self, judgement: &Judgement) {
        judgement.findings.iter().for_each(|it| self.push(Finding { subject: None, ..it.clone() }));
    }

    /// Looks at what shows only among all keys of the run, private keys without a certificate (as `alone`, each with what it is
    /// called and its SubjectPublicKeyInfo) among them: by the first of its profiles that has such a check, or, where
    /// known keys are asked for, as for a server.
    #[cfg(feature = "legacy-crypto")]
    pub fn look_together(
        &mut self,
        requests: &[(&str, Request)],
        alone: &[(String, Vec<u8>)],
        known: Option<&KnownKeys>,
    ) {
        let own = self.profiles.iter().copied().find(|profile| profile.has(&KEY_SHARED_FACTOR));
        let is_wanted = known.is_some() || !alone.is_empty();
        let Some(profile) = own.or_else(|| is_wanted.then_some(&HTTPS)) else { return };
        let certificates: Vec<Certificate> = self.certificates.iter().map(|it| it.certificate.clone()).collect();
        let judgement = together::judge(&Keys { certificates: &certificates, requests, alone, known }, profile);
        self.take_over(profile, &judgement, |subject| subject);
    }

    fn take_over(
        &mut self,
        profile: &'static Profile,
        judgement: &Judgement,
        place: impl Fn(Option<usize>) -> Option<usize>,
    ) {
        if !self.profiles.iter().any(|known| known.name == profile.name) {
            self.profiles.push(profile);
        }
        for finding in &judgement.findings {
            self.push(Finding { subject: place(finding.subject), ..finding.clone() });
        }
        for undetermined in &judgement.undetermined {
            self.push_undetermined(Undetermined { subject: place(undetermined.subject), ..undetermined.clone() });
        }
        judgement.passed.iter().for_each(|check| self.stand(check, Standing::Passed));
        judgement.not_applicable.iter().for_each(|check| self.stand(check, Standing::NotApplicable));
    }

    /// Notes how a check stands, and keeps the lists of those that passed and of those that do not apply apart.
    fn stand(&mut self, check: &'static Check, standing: Standing) {
        let before = self.known.standings.get(check.id).copied();
        if before.is_some_and(|before| before >= standing) {
            return;
        }
        self.known.standings.insert(check.id, standing);
        let is_other = |other: &&Check| other.id != check.id;
        match before {
            Some(Standing::NotApplicable) => self.not_applicable.retain(is_other),
            Some(Standing::Passed) => self.passed.retain(is_other),
            Some(Standing::Failed) | None => {}
        }
        match standing {
            Standing::NotApplicable => self.not_applicable.push(check),
            Standing::Passed => self.passed.push(check),
            Standing::Failed => {}
        }
    }

    /// What is said about a certificate is said once, about a whole once for each source.
    fn said(&mut self, check: &'static Check, certificate: Option<usize>, words: &str) -> Said {
        self.stand(check, Standing::Failed);
        let source = self.source.clone().filter(|_| certificate.is_none());
        Said { id: check.id, certificate, source, words: words.to_owned() }
    }

    /// Adds a finding, or makes the same one as heavy where it was found before.
    fn push(&mut self, finding: Finding) {
        let said = self.said(finding.check, finding.subject, &finding.evidence);
        let next = self.findings.len();
        let at = *self.known.findings.entry(said).or_insert(next);
        match self.findings.get_mut(at) {
            Some(known) => known.severity = known.severity.max(finding.severity),
            None => self.findings.push(Finding { source: self.source.clone(), ..finding }),
        }
    }

    /// Adds what nobody could tell, or makes the same as heavy where it was met before.
    fn push_undetermined(&mut self, undetermined: Undetermined) {
        let said = self.said(undetermined.check, undetermined.subject, &undetermined.reason);
        let next = self.undetermined.len();
        let at = *self.known.undetermined.entry(said).or_insert(next);
        match self.undetermined.get_mut(at) {
            Some(known) => known.severity = known.severity.max(undetermined.severity),
            None => self.undetermined.push(Undetermined { source: self.source.clone(), ..undetermined }),
        }
    }

    /// Adds a certificate that could not be decoded, so that no case could be made of it.
    pub fn add_undecodable(&mut self, place: &str, error: &Malformed) {
        let check = &CERTIFICATE_UNDECODABLE;
        self.add_loose(check, check.severity, format!("{place}: {error}"), check.remedy);
    }

    /// Adds what was to go into a store and tells nothing, a certificate or a revocation list, by the check that it falls short of.
    pub fn add_lost(&mut self, check: &'static Check, evidence: String) {
        self.add_loose(check, check.severity, evidence, cure(check, &Situation::of(Setting::Store)));
    }

    /// Adds a part of what was given that could not be read: what it is, where, and why, in one sentence.
    pub fn add_unread(&mut self, evidence: String) {
        self.add_loose(&INPUT_NOT_READ, INPUT_NOT_READ.severity, evidence, INPUT_NOT_READ.remedy);
    }

    /// Adds that a file is in a form which other programs do not read.
    pub fn add_form(&mut self, oddity: Oddity) {
        let check = &FILE_FORM_UNREAD;
        self.add_loose(check, check.severity, form_unread(oddity), check.remedy);
    }

    /// Adds that a store is in a form which keeps its readers from what would be put into it.
    pub fn add_store_form(&mut self, oddity: Oddity) {
        let evidence = format!("the store: {}; added certificates would not be read either", form_unread(oddity));
        let remedy = "Rewrite the store first: `certkit convert STORE -o NEW.pem`, and replace it with NEW.pem.";
        self.add_loose(&FILE_FORM_UNREAD, Severity::Error, evidence, remedy);
    }

    /// Adds what was to be judged and could not be taken out of its file: a certificate, or what may have been one.
    pub fn add_not_taken(&mut self, lost: &Skipped, evidence: String) {
        let check = if lost.claims_certificate() { &CERTIFICATE_UNDECODABLE } else { &INPUT_NOT_READ };
        self.add_loose(check, Severity::Error, evidence, check.remedy);
    }

    /// Adds something that was named and could not be read at all, and why: it was to be judged, and is not.
    pub fn add_unreached(&mut self, evidence: String) {
        self.add_loose(&INPUT_NOT_READ, Severity::Error, evidence, INPUT_NOT_READ.remedy);
    }

    /// Adds a finding about something of which no case could be made.
    fn add_loose(&mut self, check: &'static Check, severity: Severity, evidence: String, remedy: &'static str) {
        self.push(Finding::new(check, severity, None, evidence, remedy));
    }

    /// The findings, heaviest first; of one severity those about a whole before those about certificates, in their order.
    pub fn sorted(&self) -> Vec<&Finding> {
        let mut sorted: Vec<&Finding> = self.findings.iter().collect();
        sorted.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.subject));
        sorted
    }

    /// Sets aside what has these ids: findings, and what nobody could tell.
    pub fn ignore(&mut self, ids: &[String]) {
        let is_named = |check: &Check| ids.iter().any(|id| id == check.id);
        self.ignored.extend(self.findings.extract_if(.., |it| is_named(it.check)));
        self.ignored.extend(self.undetermined.extract_if(.., |it| is_named(it.check)).map(|it| Finding {
            source: it.source,
            ..Finding::new(it.check, it.severity, it.subject, it.reason, it.remedy.unwrap_or(it.check.remedy))
        }));
        // Whatever is added later stands at other places.
        self.known.findings.clear();
        self.known.undetermined.clear();
    }

    /// Makes every warning an error.
    pub fn be_strict(&mut self) {
        be_strict(&mut self.findings, &mut self.undetermined);
    }

    /// The checks with the severity of what is not met and of what nobody could tell.
    pub fn weights(&self) -> impl Iterator<Item = (&'static Check, Severity)> + '_ {
        let findings = self.findings.iter().map(|it| (it.check, it.severity));
        findings.chain(self.undetermined.iter().map(|it| (it.check, it.severity)))
    }

    /// The heaviest severity of all findings and of all that nobody could tell; `None` where there is nothing.
    pub fn heaviest(&self) -> Option<Severity> {
        heaviest(&self.findings, &self.undetermined)
    }

    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(&self.findings, &self.undetermined)
    }

    /// The ids of what weighs as an error, each once: findings, and what nobody could tell.
    pub fn errors(&self) -> Vec<&'static str> {
        let mut ids: Vec<&str> = Vec::new();
        for (check, _) in self.weights().filter(|(_, severity)| *severity == Severity::Error) {
            if !ids.contains(&check.id) {
                ids.push(check.id);
            }
        }
        ids
    }
}

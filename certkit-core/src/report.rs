//! Says what was found, what passed and what nobody could look at.
//!
//! One report serves every output format. It collects the judgements of all cases of
//! a run, names each certificate once, and gives the verdict that exit statuses are
//! made of.

use crate::cert::{Certificate, Malformed};
use crate::chain::Origin;
use crate::check::rfc5280::fields::{CERTIFICATE_UNDECODABLE, INPUT_NOT_READ};
use crate::check::{Case, Check, Judgement, Profile, Role, Severity};
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

/// One finding of a report.
#[derive(Clone, Debug)]
pub struct ReportedFinding {
    /// The requirement that is not met.
    pub check: &'static Check,
    /// How heavy it is.
    pub severity: Severity,
    /// The certificate that it is about, as an index into [`Report::certificates`].
    pub certificate: Option<usize>,
    /// What was seen, in one sentence.
    pub evidence: String,
}

/// One requirement that nobody could look at.
#[derive(Clone, Debug)]
pub struct ReportedUntold {
    /// The requirement.
    pub check: &'static Check,
    /// The certificate that it is about, as an index into [`Report::certificates`].
    pub certificate: Option<usize>,
    /// How heavy it is that nobody can tell.
    pub severity: Severity,
    /// Why nobody can tell.
    pub reason: String,
}

/// What a report comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong.
    Ok,
    /// There are warnings only.
    Warnings,
    /// Something is wrong.
    Errors,
    /// Nothing is known to be wrong, but what decides could not be determined. Weighs as an error.
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
}

/// All that came of a run.
#[derive(Clone, Debug)]
pub struct Report {
    /// The time that was judged.
    pub moment: Moment,
    /// The names of the profiles that were used, each once.
    pub profiles: Vec<&'static str>,
    /// Every certificate that was looked at, once.
    pub certificates: Vec<Reported>,
    /// What is not met, heaviest first.
    pub findings: Vec<ReportedFinding>,
    /// Findings that the user asked to ignore.
    pub ignored: Vec<ReportedFinding>,
    /// What was looked at and is met wherever it applies.
    pub passed: Vec<&'static Check>,
    /// What does not concern anything here.
    pub not_applicable: Vec<&'static Check>,
    /// What nobody could tell.
    pub untold: Vec<ReportedUntold>,
}

fn insert(list: &mut Vec<&'static Check>, check: &'static Check) {
    if !list.iter().any(|known| known.id == check.id) {
        list.push(check);
    }
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
            untold: Vec::new(),
        }
    }

    /// Adds what came of a case. `origin` says where a certificate was found.
    pub fn add(
        &mut self,
        case: &Case<'_>,
        profile: &Profile,
        judgement: &Judgement,
        origin: impl Fn(&Certificate) -> Origin,
    ) {
        let places: Vec<usize> = case
            .subjects
            .iter()
            .map(|subject| {
                let known = self.certificates.iter().position(|it| it.certificate == subject.certificate);
                known.unwrap_or_else(|| {
                    self.certificates.push(Reported {
                        certificate: subject.certificate.clone(),
                        role: subject.role,
                        position: subject.position,
                        origin: origin(&subject.certificate),
                    });
                    self.certificates.len().saturating_sub(1)
                })
            })
            .collect();
        self.take_over(profile, judgement, |subject| subject.and_then(|index| places.get(index).copied()));
    }

    /// Adds what came of looking at endpoints or at a store, which is about no single certificate.
    pub fn add_posture(&mut self, profile: &Profile, judgement: &Judgement) {
        self.take_over(profile, judgement, |_| None);
    }

    fn take_over(&mut self, profile: &Profile, judgement: &Judgement, place: impl Fn(Option<usize>) -> Option<usize>) {
        if !self.profiles.contains(&profile.name) {
            self.profiles.push(profile.name);
        }
        for finding in &judgement.findings {
            let reported = ReportedFinding {
                check: finding.check,
                severity: finding.severity,
                certificate: place(finding.subject),
                evidence: finding.evidence.clone(),
            };
            let is_known = self.findings.iter().any(|known| {
                known.check.id == reported.check.id
                    && known.certificate == reported.certificate
                    && known.evidence == reported.evidence
            });
            if !is_known {
                self.findings.push(reported);
            }
        }
        for untold in &judgement.untold {
            let certificate = place(untold.subject);
            let known = |it: &&mut ReportedUntold| it.check.id == untold.check.id && it.certificate == certificate;
            if let Some(known) = self.untold.iter_mut().find(known) {
                known.severity = known.severity.max(untold.severity);
            } else {
                let (check, severity, reason) = (untold.check, untold.severity, untold.reason.clone());
                self.untold.push(ReportedUntold { check, certificate, severity, reason });
            }
        }
        judgement.passed.iter().for_each(|check| insert(&mut self.passed, check));
        judgement.not_applicable.iter().for_each(|check| insert(&mut self.not_applicable, check));
        self.settle();
    }

    /// Adds a certificate that could not be decoded, so that no case could be made of it.
    pub fn add_undecodable(&mut self, place: &str, error: &Malformed) {
        self.add_loose(&CERTIFICATE_UNDECODABLE, format!("{place}: {error}"));
    }

    /// Adds a part of what was given that could not be read: what it is, where, and why, in one sentence.
    pub fn add_unread(&mut self, evidence: String) {
        self.add_loose(&INPUT_NOT_READ, evidence);
    }

    /// Adds a finding about something of which no case could be made.
    fn add_loose(&mut self, check: &'static Check, evidence: String) {
        self.findings.push(ReportedFinding { check, severity: check.severity, certificate: None, evidence });
        self.settle();
    }

    /// Makes what this check has found an error, where the job asked for is impossible with it.
    pub fn be_strict_about(&mut self, check: &Check) {
        let findings = self.findings.iter_mut().map(|it| (it.check, &mut it.severity));
        for (_, severity) in findings
            .chain(self.untold.iter_mut().map(|it| (it.check, &mut it.severity)))
            .filter(|(other, _)| other.id == check.id)
        {
            *severity = Severity::Error;
        }
        self.settle();
    }

    /// Keeps the lists apart: what failed anywhere has not passed, what passed applied.
    fn settle(&mut self) {
        self.findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.certificate));
        self.untold.sort_by_key(|untold| (std::cmp::Reverse(untold.severity), untold.certificate));
        let has_failed = |check: &Check| {
            self.findings.iter().any(|it| it.check.id == check.id)
                || self.untold.iter().any(|it| it.check.id == check.id)
        };
        self.passed.retain(|check| !has_failed(check));
        let passed = &self.passed;
        self.not_applicable.retain(|check| !has_failed(check) && !passed.iter().any(|it| it.id == check.id));
    }

    /// Sets aside what has these ids: findings, and what nobody could tell.
    pub fn ignore(&mut self, ids: &[String]) {
        let is_named = |check: &Check| ids.iter().any(|id| id == check.id);
        self.ignored.extend(self.findings.extract_if(.., |it| is_named(it.check)));
        self.ignored.extend(self.untold.extract_if(.., |it| is_named(it.check)).map(|it| ReportedFinding {
            check: it.check,
            severity: it.severity,
            certificate: it.certificate,
            evidence: it.reason,
        }));
    }

    /// Makes every warning an error.
    pub fn be_strict(&mut self) {
        let findings = self.findings.iter_mut().map(|it| &mut it.severity);
        for severity in findings.chain(self.untold.iter_mut().map(|it| &mut it.severity)) {
            if *severity == Severity::Warning {
                *severity = Severity::Error;
            }
        }
    }

    /// The checks with the severity of what is not met and of what nobody could tell.
    pub fn weights(&self) -> impl Iterator<Item = (&'static Check, Severity)> + '_ {
        let findings = self.findings.iter().map(|it| (it.check, it.severity));
        findings.chain(self.untold.iter().map(|it| (it.check, it.severity)))
    }

    /// The heaviest severity of all findings and of all that nobody could tell; `None` where there is nothing.
    pub fn heaviest(&self) -> Option<Severity> {
        self.weights().map(|(_, severity)| severity).max()
    }

    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        let is_wrong = |it: &ReportedFinding| it.severity == Severity::Error && !it.check.is_of_undecided();
        match self.heaviest() {
            None | Some(Severity::Info) => Verdict::Ok,
            Some(Severity::Warning) => Verdict::Warnings,
            Some(Severity::Error) if self.findings.iter().any(is_wrong) => Verdict::Errors,
            Some(Severity::Error) => Verdict::NotJudged,
        }
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

    /// The findings about one certificate.
    pub fn findings_about(&self, certificate: Option<usize>) -> impl Iterator<Item = &ReportedFinding> {
        self.findings.iter().filter(move |finding| finding.certificate == certificate)
    }
}

//! Findings, for people and as JSON.

use std::collections::HashMap;

use certkit_core::cert::{Certificate, Name};
use certkit_core::check::{Check, Clause, Finding, Role, Severity, Undetermined};
use certkit_core::report::{Report, Verdict};
use certkit_core::text::{Hex, Printable, plural};
use certkit_core::verify::{across_cores, program};
use schemars::JsonSchema;
use serde::Serialize;

use super::json::CertificateJson;
use crate::terminal::style::{self, paint};

/// A finding in a JSON document.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FindingJson {
    id: &'static str,
    /// `error`, `warning` or `info`.
    severity: &'static str,
    message: String,
    /// Index into `certificates`; null for a finding about the whole.
    certificate_index: Option<usize>,
    fingerprint_sha256: Option<String>,
    clauses: Vec<String>,
    remedy: &'static str,
    /// The programs that refuse a certificate for it, with their numbers; left out where none does, or none was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refused_by: Vec<String>,
    /// What was looked at when it was found, as the user named it; left out where that was all there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

impl FindingJson {
    /// Describes a finding, with the certificate that it is about.
    pub(crate) fn new(finding: &Finding, about: Option<&Certificate>) -> Self {
        FindingJson {
            id: finding.check.id,
            severity: finding.severity.name(),
            message: finding.evidence.clone(),
            certificate_index: about.and(finding.subject),
            fingerprint_sha256: about.map(|certificate| Hex(certificate.fingerprint_sha256()).to_string()),
            clauses: finding.check.clauses.iter().map(ToString::to_string).collect(),
            remedy: finding.remedy,
            source: finding.source.as_deref().map(str::to_owned),
            refused_by: refused_by(finding).to_vec(),
        }
    }

    /// Names what was looked at, where the finding does not.
    pub(crate) fn of(mut self, source: &str) -> Self {
        self.source.get_or_insert_with(|| source.to_owned());
        self
    }
}

/// A requirement that nobody could look at.
#[derive(Serialize, JsonSchema)]
pub(crate) struct UndeterminedJson {
    id: &'static str,
    /// How heavy it is that nobody can tell: `error`, `warning` or `info`.
    severity: &'static str,
    reason: String,
    certificate_index: Option<usize>,
    /// What to do about it; left out where the reason says what to give.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'static str>,
    /// What was looked at, as the user named it; left out where that was all there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

/// The parts that every judging document has.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ReportJson {
    /// `ok`, `warnings`, `errors`, or `not-judged`: nothing is known to be wrong, but what decides could not be
    /// determined.
    verdict: &'static str,
    /// RFC 3339 UTC: the time that was judged.
    moment: String,
    profiles: Vec<&'static str>,
    pub(crate) certificates: Vec<CertificateJson>,
    findings: Vec<FindingJson>,
    /// Findings that the user asked to ignore.
    ignored: Vec<FindingJson>,
    /// Ids of what was looked at and is met.
    passed: Vec<&'static str>,
    /// Ids of what does not concern anything here.
    not_applicable: Vec<&'static str>,
    /// What nobody could tell, and why.
    #[serde(rename = "untold")]
    undetermined: Vec<UndeterminedJson>,
}

fn ids(checks: &[&'static Check]) -> Vec<&'static str> {
    checks.iter().map(|check| check.id).collect()
}

/// The names of the profiles of a report.
fn names(report: &Report) -> Vec<&'static str> {
    report.profiles.iter().map(|profile| profile.name).collect()
}

/// The word for a role.
pub(crate) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Leaf => "leaf",
        Role::Authority => "authority",
        Role::Aside => "aside",
        Role::Stray => "stray",
    }
}

impl ReportJson {
    /// Describes a report.
    pub(crate) fn new(report: &Report) -> ReportJson {
        let finding = |it: &Finding| {
            let about = it.subject.and_then(|at| report.certificates.get(at));
            FindingJson::new(it, about.map(|it| &it.certificate))
        };
        ReportJson {
            verdict: report.verdict().name(),
            moment: report.moment.to_string(),
            profiles: names(report),
            certificates: across_cores(&report.certificates, |it| {
                let mut json = CertificateJson::new(&it.certificate, report.moment);
                json.origin = Some(it.origin.to_string());
                json.role = Some(role_name(it.role));
                json
            }),
            findings: report.sorted().into_iter().map(finding).collect(),
            ignored: report.ignored.iter().map(finding).collect(),
            passed: ids(&report.passed),
            not_applicable: ids(&report.not_applicable),
            undetermined: report
                .undetermined
                .iter()
                .map(|it| UndeterminedJson {
                    id: it.check.id,
                    severity: it.severity.name(),
                    reason: it.reason.clone(),
                    certificate_index: it.subject,
                    remedy: it.remedy,
                    source: it.source.as_deref().map(str::to_owned),
                })
                .collect(),
        }
    }
}

/// The sign and word that a severity stands under.
pub(crate) fn badge(severity: Severity) -> String {
    let sign = match severity {
        Severity::Info => "i",
        Severity::Warning => "!",
        Severity::Error => "x",
    };
    paint(style::of(severity), format_args!("{sign} {severity}"))
}

/// A subject on one line.
pub(crate) fn subject_words(subject: &Name<'_>) -> String {
    if subject.is_empty() { "(no subject)".to_owned() } else { Printable(format!("{subject:#}")).to_string() }
}

/// Names a certificate of a report in one line.
pub(crate) fn subject_line(report: &Report, index: usize) -> String {
    let Some(it) = report.certificates.get(index) else { return String::new() };
    let name = subject_words(&it.certificate.subject());
    let role = match (it.role, it.certificate.is_self_issued()) {
        (Role::Leaf, _) => "leaf",
        (Role::Authority, true) => "root CA",
        (Role::Authority, false) => "CA",
        (Role::Aside, _) => "on another path",
        (Role::Stray, _) => "not on the path",
    };
    format!("{}  {}", paint(style::BOLD, name), paint(style::DIM, format_args!("{role}, {}", it.origin)))
}

/// Writes the findings, source by source and certificate by certificate, then what nobody could tell and the sum.
pub(crate) fn text(report: &Report) -> String {
    let mut wholes: Vec<(Option<&str>, String)> = Vec::new();
    let mut at: HashMap<Option<&str>, usize> = HashMap::new();
    let mut about: Vec<String> = vec![String::new(); report.certificates.len()];
    // What thousands of certificates have in common is laid out once.
    let mut known: HashMap<_, String> = HashMap::new();
    for finding in report.sorted() {
        let number = finding.openssl.map(|it| it.number);
        let common = (finding.check.id, finding.severity, finding.remedy, number, finding.refused_by.as_deref());
        let common = known.entry(common).or_insert_with(|| advice(finding));
        let one = evidence(finding) + common;
        if let Some(certificate) = finding.subject.and_then(|at| about.get_mut(at)) {
            *certificate += &one;
            continue;
        }
        let source = finding.source.as_deref().filter(|_| report.sources() > 1);
        let place = *at.entry(source).or_insert_with(|| {
            wholes.push((source, String::new()));
            wholes.len() - 1
        });
        wholes[place].1 += &one;
    }
    let mut text = String::new();
    for (source, findings) in wholes {
        let heading = source.map_or_else(|| "The whole".to_owned(), |source| Printable(source).to_string());
        text += &format!("{}\n{findings}\n", paint(style::BOLD, heading));
    }
    for (index, findings) in about.iter().enumerate().filter(|(_, findings)| !findings.is_empty()) {
        text += &format!("{}\n{findings}\n", subject_line(report, index));
    }
    text + &undetermined(report) + &sum(report)
}

/// What nobody could tell: of certificates each reason once with how many it concerns, of a whole with its source.
fn undetermined(report: &Report) -> String {
    let mut reasons: Vec<(&Undetermined, usize)> = Vec::new();
    let mut known: HashMap<(&str, Severity, &str, Option<&str>), usize> = HashMap::new();
    for undetermined in &report.undetermined {
        let source = undetermined.source.as_deref().filter(|_| undetermined.subject.is_none());
        let at = *known
            .entry((undetermined.check.id, undetermined.severity, &undetermined.reason, source))
            .or_insert(reasons.len());
        match reasons.get_mut(at) {
            Some((_, count)) => *count += 1,
            None => reasons.push((undetermined, 1)),
        }
    }
    let mut text = String::new();
    for (Undetermined { check, severity, reason, source, subject, .. }, count) in &reasons {
        let how_many = if *count > 1 { format!(" ({count} certificates)") } else { String::new() };
        let source = source.as_deref().filter(|_| subject.is_none());
        let source = source.map(|source| format!("{}: ", Printable(source))).unwrap_or_default();
        // What was only not asked for is no more than a note.
        let badge = match severity {
            Severity::Info => paint(style::CARE, "? not told"),
            heavy => paint(style::of(*heavy), format_args!("? not told, {heavy}")),
        };
        text += &format!("{badge} {}{how_many}: {source}{}\n", check.id, Printable(reason));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Writes a finding: what was seen, what to do, its clauses, and OpenSSL's number where that is known.
pub(crate) fn one(finding: &Finding) -> String {
    evidence(finding) + &advice(finding)
}

/// What was seen.
fn evidence(finding: &Finding) -> String {
    // The evidence made its strangers' text printable where it was written.
    let evidence = crate::terminal::wrap(&finding.evidence, 4);
    format!("  {}  {}\n{evidence}\n", badge(finding.severity), paint(style::BOLD, finding.check.id))
}

/// The programs that refuse a certificate for it.
fn refused_by(finding: &Finding) -> &[String] {
    finding.refused_by.as_deref().unwrap_or_else(|| program::refused_by(finding.check.id))
}

/// What to do about a finding, who refuses it, its clauses: the same for all findings of its check, remedy and number.
fn advice(finding: &Finding) -> String {
    let mut text = String::new();
    if finding.severity > Severity::Info {
        text += &format!("{}\n", crate::terminal::wrap(&format!("do: {}", finding.remedy), 4));
    }
    let refused = refused_by(finding);
    if finding.severity > Severity::Info && !refused.is_empty() {
        let refused = format!("refused by {}", refused.join(", "));
        text += &format!("{}\n", paint(style::DIM, crate::terminal::wrap(&refused, 4)));
    }
    let openssl = finding.openssl.map(|it| format!("OpenSSL error {} ({})", it.number, it.name));
    let clauses = Some(clauses(finding.check.clauses)).filter(|clauses| !clauses.is_empty());
    let known: Vec<String> = clauses.into_iter().chain(openssl).collect();
    if !known.is_empty() {
        text += &format!("{}\n", paint(style::DIM, crate::terminal::wrap(&known.join("; "), 4)));
    }
    text
}

/// Clauses, each document named once: `RFC 5280 sections 4.1.2.5, 6.1.3; …`.
pub(crate) fn clauses(clauses: &[Clause]) -> String {
    let mut documents: Vec<(String, Vec<&str>)> = Vec::new();
    for clause in clauses {
        let document = clause.document();
        match documents.iter_mut().find(|(known, _)| *known == document) {
            Some((_, sections)) => sections.extend(clause.section()),
            None => documents.push((document, clause.section().into_iter().collect())),
        }
    }
    let named = documents.into_iter().map(|(document, sections)| match sections.len() {
        0 => document,
        count => format!("{document} {} {}", plural(count, "section", "sections"), sections.join(", ")),
    });
    named.collect::<Vec<_>>().join("; ")
}

/// The last line: how many of each, and what was not looked at.
fn sum(report: &Report) -> String {
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    let verdict = match report.verdict() {
        Verdict::Ok => paint(style::GOOD, "OK"),
        Verdict::Warnings => paint(style::CARE, "WARNINGS"),
        Verdict::Errors => paint(style::BAD, "ERRORS"),
        Verdict::NotJudged => paint(style::BAD, "NOT JUDGED"),
    };
    let mut parts = vec![
        format!("{errors} {}", plural(errors, "error", "errors")),
        format!("{warnings} {}", plural(warnings, "warning", "warnings")),
    ];
    if notes > 0 {
        parts.push(format!("{notes} {}", plural(notes, "note", "notes")));
    }
    parts.push(format!("{} passed", report.passed.len()));
    if !report.undetermined.is_empty() {
        parts.push(format!("{} not told", report.undetermined.len()));
    }
    if !report.ignored.is_empty() {
        let names: Vec<&str> = report.ignored.iter().map(|finding| finding.check.id).collect();
        parts.push(format!("{} ignored ({})", report.ignored.len(), names.join(", ")));
    }
    let profiles = match report.profiles.len() {
        0 => String::new(),
        count => format!("; {} {}", plural(count, "profile", "profiles"), names(report).join(", ")),
    };
    format!("{verdict}: {}{profiles}\n", parts.join(", "))
}

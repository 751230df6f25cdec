//! What is wrong with what stands in a store.

use certkit_core::check::store::{Entry, EntryKind, Facts, Inventory};
use certkit_core::check::{Finding, Judgement, Severity};
use certkit_core::text::{Hex, plural};
use schemars::JsonSchema;
use serde::Serialize;

use crate::render::style::{self, paint};
use crate::render::{findings, wrap};

/// The document of `certkit.trust-audit/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AuditJson {
    schema: &'static str,
    store: String,
    kind: &'static str,
    /// `ok`, `warnings` or `errors`.
    verdict: &'static str,
    /// RFC 3339 UTC: the time that was judged.
    moment: String,
    certificates: usize,
    revocation_lists: usize,
    private_keys: usize,
    findings: Vec<AuditFindingJson>,
    /// Ids of what was looked at and is met.
    passed: Vec<&'static str>,
}

/// A finding of an audit.
#[derive(Serialize, JsonSchema)]
struct AuditFindingJson {
    id: &'static str,
    /// `error`, `warning` or `info`.
    severity: &'static str,
    message: String,
    /// Who it is about, where it is about a certificate.
    subject: Option<String>,
    fingerprint_sha256: Option<String>,
    /// The list that it stands on.
    list: Option<&'static str>,
    /// Its name in the store, or its file.
    place: Option<String>,
    clauses: Vec<String>,
    remedy: &'static str,
}

/// A store that was audited, and what came of it.
pub(crate) struct Audited<'a> {
    /// How it is named.
    pub(crate) store: &'a str,
    pub(crate) inventory: &'a Inventory,
    pub(crate) judgement: &'a Judgement,
}

impl Audited<'_> {
    fn count(&self, is_kind: fn(&EntryKind) -> bool) -> usize {
        self.inventory.entries.iter().filter(|it| is_kind(&it.kind)).count()
    }

    fn certificates(&self) -> usize {
        self.count(|it| matches!(it, EntryKind::Certificate(_)))
    }

    /// The entry that a finding is about, and what is known of it where it is a certificate.
    fn entry(&self, finding: &Finding) -> (Option<&Entry>, Option<&Facts>) {
        let entry = finding.subject.and_then(|at| self.inventory.entries.get(at));
        let facts = entry.and_then(|entry| match &entry.kind {
            EntryKind::Certificate(facts) => Some(facts),
            _ => None,
        });
        (entry, facts)
    }

    fn describe(&self, finding: &Finding) -> AuditFindingJson {
        let (entry, facts) = self.entry(finding);
        AuditFindingJson {
            id: finding.check.id,
            severity: finding.severity.name(),
            message: finding.evidence.clone(),
            subject: facts.map(|facts| facts.called.to_string()),
            fingerprint_sha256: facts.map(|facts| Hex(facts.fingerprint).to_string()),
            list: entry.map(|entry| entry.list.name()),
            place: entry.map(|entry| entry.place.to_string()),
            clauses: finding.check.clauses.iter().map(ToString::to_string).collect(),
            remedy: finding.check.remedy,
        }
    }

    fn heaviest(&self) -> Option<Severity> {
        self.judgement.findings.iter().map(|finding| finding.severity).max()
    }

    /// Describes what is wrong with the store.
    pub(crate) fn json(&self) -> AuditJson {
        AuditJson {
            schema: "certkit.trust-audit/1",
            store: self.store.to_owned(),
            kind: self.inventory.kind.name(),
            verdict: match self.heaviest() {
                None | Some(Severity::Info) => "ok",
                Some(Severity::Warning) => "warnings",
                Some(Severity::Error) => "errors",
            },
            moment: self.inventory.moment.to_string(),
            certificates: self.certificates(),
            revocation_lists: self.count(|it| matches!(it, EntryKind::RevocationList { .. })),
            private_keys: self.count(|it| matches!(it, EntryKind::PrivateKey)),
            findings: self.judgement.findings.iter().map(|finding| self.describe(finding)).collect(),
            passed: self.judgement.passed.iter().map(|check| check.id).collect(),
        }
    }

    /// Says what is wrong with the store, kind by kind.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // There may be a hundred thousand findings; of each kind, the first ones are shown.
        let mut kinds: Vec<(&Finding, Vec<&Finding>, usize)> = Vec::new();
        for finding in &self.judgement.findings {
            match kinds.iter_mut().find(|(first, ..)| first.check.id == finding.check.id) {
                Some((_, shown, count)) => {
                    *count += 1;
                    if shown.len() < SHOWN {
                        shown.push(finding);
                    }
                }
                None => kinds.push((finding, vec![finding], 1)),
            }
        }
        for (first, shown, count) in kinds {
            let badge = findings::badge(first.severity);
            text += &format!("{badge}  {} ({count})\n", paint(style::BOLD, first.check.id));
            for finding in &shown {
                let (entry, facts) = self.entry(finding);
                let subject = facts.map(|it| it.called.as_ref()).filter(|it| !finding.evidence.contains(*it));
                let place = entry.map_or("", |entry| entry.place.as_ref());
                let who = subject.map_or_else(String::new, |it| format!("{it} ({place}): "));
                text += &format!("{}\n", wrap(&format!("{who}{}", finding.evidence), 4));
            }
            if count > shown.len() {
                text += &format!("    and {} more; --json tells all\n", count - shown.len());
            }
            text += &format!("{}\n\n", wrap(&format!("do: {}", first.check.remedy), 4));
        }
        let of = |severity| self.judgement.findings.iter().filter(|it| it.severity == severity).count();
        let (errors, warnings, certificates) = (of(Severity::Error), of(Severity::Warning), self.certificates());
        let verdict = match self.heaviest() {
            None | Some(Severity::Info) => paint(style::GOOD, "OK"),
            Some(Severity::Warning) => paint(style::CARE, "WARNINGS"),
            Some(Severity::Error) => paint(style::BAD, "ERRORS"),
        };
        text + &format!(
            "{verdict}: {}: {certificates} {}, {errors} {}, {warnings} {}\n",
            self.store,
            plural(certificates, "certificate", "certificates"),
            plural(errors, "error", "errors"),
            plural(warnings, "warning", "warnings"),
        )
    }
}

/// How many findings of one kind are shown to people.
const SHOWN: usize = 20;

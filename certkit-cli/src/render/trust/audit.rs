//! What is wrong with what stands in a store.

use certkit_core::check::store::{Entry, EntryKind, Facts, Inventory};
use certkit_core::check::{Finding, Judgement, Severity, Undetermined};
use certkit_core::report::Verdict;
use certkit_core::text::{Hex, plural};
use schemars::JsonSchema;
use serde::Serialize;

use crate::render::findings;
use crate::terminal::style::{self, paint};
use crate::terminal::wrap;

/// The document of `certkit.trust-audit/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AuditJson {
    schema: &'static str,
    store: String,
    kind: &'static str,
    /// `ok`, `warnings`, `errors`, or `not-judged`: nothing is known to be wrong, but what decides could not be
    /// determined.
    verdict: &'static str,
    /// RFC 3339 UTC: the time that was judged.
    moment: String,
    certificates: usize,
    revocation_lists: usize,
    private_keys: usize,
    /// Secrets that are no private keys; nothing of them is judged.
    secret_keys: usize,
    findings: Vec<AuditFindingJson>,
    /// Ids of what was looked at and is met.
    passed: Vec<&'static str>,
    /// What nobody could tell of a certificate, and why.
    #[serde(rename = "untold")]
    undetermined: Vec<AuditUndeterminedJson>,
}

/// What nobody could tell of a certificate.
#[derive(Serialize, JsonSchema)]
struct AuditUndeterminedJson {
    id: &'static str,
    /// How heavy it is that nobody can tell: `error`, `warning` or `info`.
    severity: &'static str,
    reason: String,
    subject: Option<String>,
    fingerprint_sha256: Option<String>,
    /// Its name in the store, or its file.
    place: Option<String>,
    /// What to do about it; left out where the reason says what to give.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'static str>,
    /// The store, as the user named it.
    source: String,
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
    /// The store, as the user named it.
    source: String,
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

    fn secret_keys(&self) -> usize {
        self.count(|it| matches!(it, EntryKind::SecretKey))
    }

    /// The entry that something is about, and what is known of it where it is a certificate.
    fn entry(&self, subject: Option<usize>) -> (Option<&Entry>, Option<&Facts>) {
        let entry = subject.and_then(|at| self.inventory.entries.get(at));
        let facts = entry.and_then(|entry| match &entry.kind {
            EntryKind::Certificate(facts) => Some(facts),
            _ => None,
        });
        (entry, facts)
    }

    fn describe(&self, finding: &Finding) -> AuditFindingJson {
        let (entry, facts) = self.entry(finding.subject);
        AuditFindingJson {
            id: finding.check.id,
            severity: finding.severity.name(),
            message: finding.evidence.clone(),
            subject: facts.map(|facts| facts.called.to_string()),
            fingerprint_sha256: facts.map(|facts| Hex(facts.fingerprint).to_string()),
            list: entry.map(|entry| entry.list.name()),
            place: entry.map(|entry| entry.place.to_string()),
            clauses: finding.check.clauses.iter().map(ToString::to_string).collect(),
            remedy: finding.remedy,
            source: self.store.to_owned(),
        }
    }

    fn describe_undetermined(&self, undetermined: &Undetermined) -> AuditUndeterminedJson {
        let (entry, facts) = self.entry(undetermined.subject);
        AuditUndeterminedJson {
            id: undetermined.check.id,
            severity: undetermined.severity.name(),
            reason: undetermined.reason.clone(),
            subject: facts.map(|facts| facts.called.to_string()),
            fingerprint_sha256: facts.map(|facts| Hex(facts.fingerprint).to_string()),
            place: entry.map(|entry| entry.place.to_string()),
            remedy: undetermined.remedy,
            source: self.store.to_owned(),
        }
    }

    fn verdict(&self) -> Verdict {
        Verdict::of(&self.judgement.findings, &self.judgement.undetermined)
    }

    /// Describes what is wrong with the store.
    pub(crate) fn json(&self) -> AuditJson {
        AuditJson {
            schema: "certkit.trust-audit/1",
            store: self.store.to_owned(),
            kind: self.inventory.kind.name(),
            verdict: self.verdict().name(),
            moment: self.inventory.moment.to_string(),
            certificates: self.certificates(),
            revocation_lists: self.count(|it| matches!(it, EntryKind::RevocationList { .. })),
            private_keys: self.count(|it| matches!(it, EntryKind::PrivateKey)),
            secret_keys: self.secret_keys(),
            findings: self.judgement.findings.iter().map(|finding| self.describe(finding)).collect(),
            passed: self.judgement.passed.iter().map(|check| check.id).collect(),
            undetermined: self
                .judgement
                .undetermined
                .iter()
                .map(|undetermined| self.describe_undetermined(undetermined))
                .collect(),
        }
    }

    /// Says what is wrong with the store, kind by kind.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // There may be a hundred thousand findings; of each kind, the first ones are shown.
        let mut kinds: Vec<(&Finding, Vec<&Finding>, usize)> = Vec::new();
        for finding in &self.judgement.findings {
            match kinds
                .iter_mut()
                .find(|(first, ..)| (first.check.id, first.remedy) == (finding.check.id, finding.remedy))
            {
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
                let (entry, facts) = self.entry(finding.subject);
                let subject = facts.map(|it| it.called.as_ref()).filter(|it| !finding.evidence.contains(*it));
                let place = entry.map_or("", |entry| entry.place.as_ref());
                let who = subject.map_or_else(String::new, |it| format!("{it} ({place}): "));
                text += &format!("{}\n", wrap(&format!("{who}{}", finding.evidence), 4));
            }
            if count > shown.len() {
                text += &format!("    and {} more; --json lists all\n", count - shown.len());
            }
            text += &format!("{}\n\n", wrap(&format!("do: {}", first.remedy), 4));
        }
        for undetermined in self.judgement.undetermined.iter().take(SHOWN) {
            let (entry, facts) = self.entry(undetermined.subject);
            let (who, place) = (facts.map_or("", |it| it.called.as_ref()), entry.map_or("", |it| it.place.as_ref()));
            let badge = findings::badge(undetermined.severity);
            text += &format!("{badge}  {} cannot be told\n", paint(style::BOLD, undetermined.check.id));
            let who = entry.map_or_else(String::new, |_| format!("{who} ({place}): "));
            text += &format!("{}\n\n", wrap(&format!("{who}{}", undetermined.reason), 4));
        }
        if self.judgement.undetermined.len() > SHOWN {
            text += &format!(
                "and {} more that could not be checked; --json lists all\n\n",
                self.judgement.undetermined.len() - SHOWN
            );
        }
        let of = |severity| self.judgement.findings.iter().filter(|it| it.severity == severity).count();
        let (errors, warnings, certificates) = (of(Severity::Error), of(Severity::Warning), self.certificates());
        let verdict = match self.verdict() {
            Verdict::Ok => paint(style::GOOD, "OK"),
            Verdict::Warnings => paint(style::CARE, "WARNINGS"),
            Verdict::Errors => paint(style::BAD, "ERRORS"),
            Verdict::NotJudged => paint(style::BAD, "NOT JUDGED"),
        };
        let secret_keys = match self.secret_keys() {
            0 => String::new(),
            count => format!(", {count} {}", plural(count, "secret key", "secret keys")),
        };
        text + &format!(
            "{verdict}: {}: {certificates} {}{secret_keys}, {errors} {}, {warnings} {}\n",
            self.store,
            plural(certificates, "certificate", "certificates"),
            plural(errors, "error", "errors"),
            plural(warnings, "warning", "warnings"),
        )
    }
}

/// How many findings of one kind are shown to people.
const SHOWN: usize = 20;

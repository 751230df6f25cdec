//! The report as a JSON document, as lines, and read back from either.

mod change;

use std::io::{self, Write};
use std::sync::Arc;

use certkit_core::check::Severity;
use certkit_core::expiry::{
    Dated, Element, Entry, Finding, Reason, Seen, Source, Threshold, Thresholds, Waiver, Way, Words,
};
use certkit_core::moment::Moment;
use certkit_core::text::Hex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use self::change::ChangeJson;
use super::hex::{decimal, digest};
use super::run_report::RunReport;

/// The name of the document.
pub(crate) const SCHEMA: &str = "certkit.expiry/1";

/// The document of `certkit.expiry/1`.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct ExpiryJson {
    pub(crate) schema: String,
    /// RFC 3339 UTC: the time that was judged.
    pub(crate) moment: String,
    /// `ok`, `warning`, `unknown`, `critical` or `expired`: the most urgent of what is not set aside.
    pub(crate) state: String,
    /// Part of the inventory, such as `0/8`; null for all of it.
    pub(crate) shard: Option<String>,
    pub(crate) summary: SummaryJson,
    /// How many sources were not looked at to their end, because the run was stopped.
    pub(crate) left_out: u64,
    /// How many files of folders hold nothing with a date, and do not claim to.
    pub(crate) passed_over: u64,
    /// How many files of folders were left out because the inventory says so.
    #[serde(default)]
    pub(crate) excluded: u64,
    /// What the run has not proven; null where that does not apply.
    pub(crate) unproven: Option<String>,
    /// What is different from the last run; null without --state.
    pub(crate) changes: Option<Vec<ChangeJson>>,
    /// Most urgent first.
    pub(crate) entries: Vec<EntryJson>,
}

/// How many entries are in which state. What is waived, or needed by no client, counts as waived alone.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub(crate) struct SummaryJson {
    total: u64,
    ok: u64,
    warning: u64,
    unknown: u64,
    critical: u64,
    expired: u64,
    waived: u64,
}

/// A certificate or revocation list with its dates, or a place that could not be looked at.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct EntryJson {
    /// `ok`, `warning`, `unknown`, `critical` or `expired`, waived or not.
    pub(crate) state: String,
    /// `expired`, `not_yet_valid`, `below_critical`, `below_warning` or `no_end`; null where the dates are fine or
    /// could not be looked at.
    #[serde(default)]
    pub(crate) reason: Option<String>,
    /// The source as the user named it.
    pub(crate) source: String,
    /// `endpoint` or `file`.
    pub(crate) way: String,
    /// The path below the source; empty where the source is the place.
    pub(crate) place: String,
    /// Its number in its place, counted from 1.
    pub(crate) position: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    /// The threshold of a warning, such as `30d` or `20%`.
    pub(crate) warn: String,
    /// The threshold below which it is critical.
    pub(crate) critical: String,
    /// The waiver that sets the alarm aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) waived: Option<WaiverJson>,
    /// Of what a server sends and its clients do not need, which sets the alarm aside: the anchor (RFC 4514) that their
    /// path reaches without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) beside_path: Option<String>,
    /// Why it could not be looked at; null where it was.
    pub(crate) error: Option<UnseenJson>,
    /// What was seen; null where it could not be looked at.
    pub(crate) seen: Option<SeenJson>,
    /// What speaks against it beside its dates, with --findings; errors make the state `critical`, warnings `warning`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) findings: Vec<EntryFindingJson>,
}

/// A certificate or revocation list.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct SeenJson {
    /// `leaf`, `issuer`, `root` or `crl`.
    pub(crate) element: String,
    /// RFC 4514; of a revocation list, its issuer.
    pub(crate) subject_dn: String,
    /// RFC 4514.
    pub(crate) issuer_dn: String,
    /// Decimal; empty where there is none.
    #[serde(default)]
    pub(crate) serial_number: String,
    pub(crate) serial_hex: String,
    /// RFC 3339 UTC: notBefore or thisUpdate.
    pub(crate) not_before: Option<String>,
    /// RFC 3339 UTC: notAfter or nextUpdate.
    pub(crate) not_after: Option<String>,
    /// Whole days until the end, negative after it.
    pub(crate) days_left: Option<i64>,
    pub(crate) dns_names: Vec<String>,
    pub(crate) ip_addresses: Vec<String>,
    pub(crate) uri_names: Vec<String>,
    pub(crate) email_addresses: Vec<String>,
    pub(crate) fingerprint_sha256: String,
    /// SHA-256 over the SubjectPublicKeyInfo; null for a revocation list.
    pub(crate) public_key_sha256: Option<String>,
}

/// Why something could not be looked at.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct UnseenJson {
    /// One word, such as `not_found`, `bad_pem` or `timed_out`.
    pub(crate) code: String,
    pub(crate) message: String,
}

/// An alarm that is set aside.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct WaiverJson {
    pub(crate) reason: String,
    /// RFC 3339 UTC: the moment at which the alarm is back.
    pub(crate) until: String,
}

/// A requirement that is not met.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct EntryFindingJson {
    pub(crate) id: String,
    /// `error`, `warning` or `info`.
    pub(crate) severity: String,
    pub(crate) message: String,
    pub(crate) remedy: String,
}

fn owned<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(str::to_owned).collect()
}

impl SeenJson {
    fn new(dated: &Dated, moment: Moment) -> SeenJson {
        SeenJson {
            element: dated.element.as_str().to_owned(),
            subject_dn: dated.words.subject().to_owned(),
            issuer_dn: dated.issuer.to_string(),
            serial_number: decimal(dated.words.serial()),
            serial_hex: dated.words.serial().to_owned(),
            not_before: dated.not_before.map(|moment| moment.to_string()),
            not_after: dated.not_after.map(|moment| moment.to_string()),
            days_left: dated.days_left(moment),
            dns_names: owned(dated.names("DNS")),
            ip_addresses: owned(dated.names("IP")),
            uri_names: owned(dated.names("URI")),
            email_addresses: owned(dated.names("email")),
            fingerprint_sha256: Hex(dated.fingerprint).to_string(),
            public_key_sha256: (dated.element != Element::RevocationList).then(|| Hex(dated.key).to_string()),
        }
    }

    fn read(self) -> Option<Dated> {
        let kinds = [
            ("DNS", self.dns_names),
            ("IP", self.ip_addresses),
            ("URI", self.uri_names),
            ("email", self.email_addresses),
        ];
        let names = kinds.iter().flat_map(|(kind, names)| names.iter().map(move |name| format!("{kind}:{name}")));
        let moment = |text: Option<String>| text.map(|text| text.parse().ok()).map_or(Some(None), |it| it.map(Some));
        Some(Dated {
            element: Element::named(&self.element)?,
            words: Words::new(&self.subject_dn, &self.serial_hex, &names.collect::<Vec<_>>().join("\n")),
            issuer: self.issuer_dn.into(),
            not_before: moment(self.not_before)?,
            not_after: moment(self.not_after)?,
            fingerprint: digest(&self.fingerprint_sha256)?,
            key: self.public_key_sha256.map_or(Some([0; 32]), |hex| digest(&hex))?,
        })
    }
}

impl EntryJson {
    /// Describes an entry.
    pub(crate) fn new(entry: &Entry, moment: Moment) -> EntryJson {
        let source = &entry.source;
        let held = |dated: &Dated| source.thresholds_of(dated.element, &dated.fingerprint);
        let thresholds = entry.dated().map_or(&source.thresholds, held);
        EntryJson {
            state: entry.state.to_string(),
            reason: entry.reason(moment).map(|reason| Reason::as_str(reason).to_owned()),
            source: source.name.clone(),
            way: source.way.as_str().to_owned(),
            place: entry.place.to_string(),
            position: entry.position,
            group: source.group.clone(),
            owner: source.owner.clone(),
            note: source.note.clone(),
            warn: thresholds.warning.to_string(),
            critical: thresholds.critical.to_string(),
            waived: entry
                .waiver()
                .map(|waiver| WaiverJson { reason: waiver.reason.clone(), until: waiver.until.to_string() }),
            beside_path: entry.beside_path.as_deref().filter(|_| entry.is_set_aside()).map(str::to_owned),
            error: match &entry.seen {
                Seen::Unseen(unseen) => {
                    Some(UnseenJson { code: unseen.word.to_string(), message: unseen.reason.to_string() })
                }
                Seen::Dated(_) => None,
            },
            seen: entry.dated().map(|dated| SeenJson::new(dated, moment)),
            findings: entry
                .findings
                .iter()
                .map(|finding| EntryFindingJson {
                    id: finding.id.to_string(),
                    severity: finding.severity.name().to_owned(),
                    message: finding.message.to_string(),
                    remedy: finding.remedy.to_string(),
                })
                .collect(),
        }
    }

    /// Makes an entry of what was read, judged at a moment of its own; `None` where a value is none that certkit writes.
    pub(crate) fn read(self, moment: Moment) -> Option<Entry> {
        let threshold = |text: &str| text.parse::<Threshold>().ok();
        let thresholds = Thresholds { warning: threshold(&self.warn)?, critical: threshold(&self.critical)? };
        let waiver = match self.waived {
            Some(it) => Some(Waiver { reason: it.reason, until: it.until.parse().ok()?, fingerprint: None }),
            None => None,
        };
        let source = Source {
            name: self.source,
            way: [Way::Endpoint, Way::File].into_iter().find(|way| way.as_str() == self.way)?,
            thresholds,
            list_thresholds: thresholds,
            public_roots: None,
            group: self.group,
            owner: self.owner,
            note: self.note,
            waivers: waiver.into_iter().collect(),
        };
        let seen = match (self.seen, self.error) {
            (Some(seen), None) => Seen::Dated(Box::new(seen.read()?)),
            (None, Some(error)) => Seen::unseen(&error.code, &error.message),
            _ => return None,
        };
        let finding = |it: EntryFindingJson| {
            let severity = [Severity::Info, Severity::Warning, Severity::Error]
                .into_iter()
                .find(|known| known.name() == it.severity)?;
            Some(Finding { id: it.id.into(), severity, message: it.message.into(), remedy: it.remedy.into() })
        };
        let findings = self.findings.into_iter().map(finding).collect::<Option<_>>()?;
        let entry = Entry::new(&Arc::new(source), &self.place, self.position, seen, moment);
        Some(entry.with_findings(findings, moment).beside_path(self.beside_path.map(Into::into)))
    }
}

/// The document without its entries, which are written one by one.
#[derive(Serialize)]
struct Head<'a, E> {
    schema: &'a str,
    moment: String,
    state: &'a str,
    shard: Option<String>,
    summary: SummaryJson,
    left_out: u64,
    passed_over: u64,
    excluded: u64,
    unproven: Option<&'a str>,
    changes: Option<Vec<ChangeJson>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<E>,
}

/// Entries as a sequence of which one is made at a time.
struct Each<'a>(&'a [Entry], Moment);

impl Serialize for Each<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|entry| EntryJson::new(entry, self.1)))
    }
}

fn head<'a>(run: &RunReport<'a>, entries: Option<Each<'a>>) -> Head<'a, Each<'a>> {
    let tally = &run.report.tally;
    Head {
        schema: SCHEMA,
        moment: run.moment.to_string(),
        state: tally.worst().as_str(),
        shard: run.shard.map(|shard| shard.to_string()),
        summary: SummaryJson {
            total: tally.all(),
            ok: tally.ok,
            warning: tally.warning,
            unknown: tally.unknown,
            critical: tally.critical,
            expired: tally.expired,
            waived: tally.waived,
        },
        left_out: run.report.left_out,
        passed_over: run.report.passed_over,
        excluded: run.report.excluded,
        unproven: run.unproven(),
        changes: run.changes().map(|changes| changes.iter().map(ChangeJson::new).collect()),
        entries,
    }
}

/// Writes the document.
pub(crate) fn write(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *to, &head(run, Some(Each(&run.report.entries, run.moment))))?;
    writeln!(to)
}

/// Writes lines: the document without its entries, then an entry a line.
pub(crate) fn write_lines(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *to, &head(run, None))?;
    writeln!(to)?;
    for entry in &run.report.entries {
        serde_json::to_writer(&mut *to, &EntryJson::new(entry, run.moment))?;
        writeln!(to)?;
    }
    Ok(())
}

/// The first line of a report in lines, or what stands around the entries of a document.
#[derive(Deserialize)]
pub(crate) struct HeadJson {
    pub(crate) schema: String,
    pub(crate) moment: String,
    pub(crate) shard: Option<String>,
    summary: SummaryJson,
    pub(crate) left_out: u64,
    #[serde(default)]
    pub(crate) passed_over: u64,
    #[serde(default)]
    pub(crate) excluded: u64,
    #[serde(default)]
    pub(crate) entries: Option<Vec<EntryJson>>,
}

impl HeadJson {
    /// How many entries belong to it: fewer are a file that was cut.
    pub(crate) fn total(&self) -> u64 {
        self.summary.total
    }
}

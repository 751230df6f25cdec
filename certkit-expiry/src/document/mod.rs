//! The report as a JSON document, as lines, and read back from either.

mod change;

use std::io::{self, Write};
use std::sync::Arc;

use certkit_core::check::Severity;
use certkit_core::moment::Moment;
use certkit_core::text::Hex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::change::ChangeJson;
use crate::hex::{decimal, digest};
use crate::run_report::RunReport;
use crate::{Dated, Element, Entry, Finding, Issuer, Reason, Seen, Source, Threshold, Thresholds, Waiver, Way, Words};

/// The name of the document.
pub const SCHEMA: &str = "certkit.expiry/1";

/// The document of `certkit.expiry/1`.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ExpiryJson {
    /// [`SCHEMA`].
    pub schema: String,
    /// RFC 3339 UTC: the time that was judged.
    pub moment: String,
    /// `ok`, `warning`, `unknown`, `critical` or `expired`: the most urgent of what is not set aside.
    pub state: String,
    /// Part of the inventory, such as `0/8`; null for all of it.
    pub shard: Option<String>,
    /// How many entries are in which state.
    pub summary: SummaryJson,
    /// How many sources were not looked at to their end, because the run was stopped.
    pub left_out: u64,
    /// How many files of folders hold nothing with a date, and do not claim to.
    pub passed_over: u64,
    /// How many files of folders were left out because the inventory says so.
    #[serde(default)]
    pub excluded: u64,
    /// How many secret keys of key stores were seen, which have no end.
    #[serde(default)]
    pub secret_keys: u64,
    /// What the run has not proven; null where that does not apply.
    pub unproven: Option<String>,
    /// What is different from the last run; null without --state.
    pub changes: Option<Vec<ChangeJson>>,
    /// Most urgent first.
    pub entries: Vec<EntryJson>,
}

/// How many entries are in which state. What is waived, or needed by no client, counts as waived alone.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub struct SummaryJson {
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
pub struct EntryJson {
    /// `ok`, `warning`, `unknown`, `critical` or `expired`, waived or not.
    pub state: String,
    /// `expired`, `not_yet_valid`, `below_critical`, `below_warning` or `no_end`; null where the dates are fine or
    /// could not be looked at.
    #[serde(default)]
    pub reason: Option<String>,
    /// The source as the user named it.
    pub source: String,
    /// `endpoint` or `file`.
    pub way: String,
    /// The path below the source; empty where the source is the place.
    pub place: String,
    /// Its number in its place, counted from 1.
    pub position: u32,
    /// The group of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Who takes care of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What its holder wants to be reminded of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The threshold of a warning, such as `30d` or `20%`.
    pub warn: String,
    /// The threshold below which it is critical.
    pub critical: String,
    /// The waiver that sets the alarm aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<WaiverJson>,
    /// Of what a server sends and its clients do not need, which sets the alarm aside: the anchor (RFC 4514) that their
    /// path reaches without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside_path: Option<String>,
    /// Why it could not be looked at; null where it was.
    pub error: Option<UnseenJson>,
    /// What was seen; null where it could not be looked at.
    pub seen: Option<SeenJson>,
    /// What speaks against it beside its dates, with --findings; errors make the state `critical`, warnings `warning`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<EntryFindingJson>,
}

/// A certificate or revocation list.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct SeenJson {
    /// `leaf`, `issuer`, `root` or `crl`.
    pub element: String,
    /// RFC 4514; of a revocation list, its issuer.
    pub subject_dn: String,
    /// RFC 4514.
    pub issuer_dn: String,
    /// Decimal; empty where there is none.
    #[serde(default)]
    pub serial_number: String,
    /// The serial number, or the number of the list, in hex.
    pub serial_hex: String,
    /// RFC 3339 UTC: notBefore or thisUpdate.
    pub not_before: Option<String>,
    /// RFC 3339 UTC: notAfter or nextUpdate.
    pub not_after: Option<String>,
    /// Whole days until the end, negative after it.
    pub days_left: Option<i64>,
    /// Subject alternative names: host names.
    pub dns_names: Vec<String>,
    /// Subject alternative names: IP addresses.
    pub ip_addresses: Vec<String>,
    /// Subject alternative names: URIs.
    pub uri_names: Vec<String>,
    /// Subject alternative names: addresses of mail.
    pub email_addresses: Vec<String>,
    /// SHA-256 over the whole, in hex.
    pub fingerprint_sha256: String,
    /// SHA-256 over the SubjectPublicKeyInfo; null for a revocation list.
    pub public_key_sha256: Option<String>,
}

/// Why something could not be looked at.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct UnseenJson {
    /// One word, such as `not_found`, `bad_pem` or `timed_out`.
    pub code: String,
    /// The reason in a sentence.
    pub message: String,
}

/// An alarm that is set aside.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct WaiverJson {
    /// Why it may be.
    pub reason: String,
    /// RFC 3339 UTC: the moment at which the alarm is back.
    pub until: String,
}

/// A requirement that is not met.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct EntryFindingJson {
    /// The id of the check.
    pub id: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// What was seen.
    pub message: String,
    /// What to do.
    pub remedy: String,
    /// What was looked at: the source of the entry.
    #[serde(default)]
    pub source: String,
}

fn owned<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.map(str::to_owned).collect()
}

impl SeenJson {
    fn new(dated: &Dated, moment: Moment) -> SeenJson {
        SeenJson {
            element: dated.element.as_str().to_owned(),
            subject_dn: dated.words.subject().to_owned(),
            issuer_dn: dated.issuer.name.to_string(),
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
            issuer: Arc::new(Issuer { name: self.issuer_dn.into(), key_id: Box::default(), key: None }),
            not_before: moment(self.not_before)?,
            not_after: moment(self.not_after)?,
            fingerprint: digest(&self.fingerprint_sha256)?,
            key: self.public_key_sha256.map_or(Some([0; 32]), |hex| digest(&hex))?,
        })
    }
}

impl EntryJson {
    /// Describes an entry.
    pub fn new(entry: &Entry, moment: Moment) -> EntryJson {
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
                    source: source.name.clone(),
                })
                .collect(),
        }
    }

    /// Makes an entry of what was read, judged at a moment of its own; `None` where a value is none that certkit writes.
    pub fn read(self, moment: Moment) -> Option<Entry> {
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
    secret_keys: u64,
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
        secret_keys: run.report.secret_keys,
        unproven: run.unproven(),
        changes: run.changes().map(|changes| changes.iter().map(ChangeJson::new).collect()),
        entries,
    }
}

/// Writes the document.
///
/// # Errors
/// Those of the writer.
pub fn write(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *to, &head(run, Some(Each(&run.report.entries, run.moment))))?;
    writeln!(to)
}

/// Writes lines: the document without its entries, then an entry a line.
///
/// # Errors
/// Those of the writer.
pub fn write_lines(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
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
pub struct HeadJson {
    /// [`SCHEMA`], if it is one of ours.
    pub schema: String,
    /// RFC 3339 UTC: the time that was judged.
    pub moment: String,
    /// The part of the inventory; `None` for all of it.
    pub shard: Option<String>,
    summary: SummaryJson,
    /// How many sources were not looked at to their end.
    pub left_out: u64,
    /// How many files hold nothing with a date.
    #[serde(default)]
    pub passed_over: u64,
    /// How many files were left out because the inventory says so.
    #[serde(default)]
    pub excluded: u64,
    /// How many secret keys of key stores were seen.
    #[serde(default)]
    pub secret_keys: u64,
    /// The entries of a document; `None` where they follow in lines.
    #[serde(default)]
    pub entries: Option<Vec<EntryJson>>,
}

impl HeadJson {
    /// How many entries belong to it: fewer are a file that was cut.
    pub fn total(&self) -> u64 {
        self.summary.total
    }
}

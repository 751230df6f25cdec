//! Metrics under the names and labels of the known exporters, for the textfile collector.
//!
//! Files have those of x509-certificate-exporter, endpoints those of ssl_exporter and
//! blackbox_exporter. Times are absolute, no sample has a timestamp, every series is there once.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write};

use certkit_core::moment::Moment;
use certkit_core::text::field;

use super::name;
use crate::hex::decimal;
use crate::run_report::RunReport;
use crate::{Dated, Element, Entry, Seen, State, Way};

type Labels = Vec<(&'static str, String)>;
type Value = fn(&Entry, &RunReport<'_>) -> Option<(i64, Labels)>;

/// A metric: its name, what it says, and how it is made of an entry.
struct Metric {
    name: &'static str,
    help: &'static str,
    value: Value,
}

#[rustfmt::skip]
const METRICS: &[Metric] = &[
    Metric { name: "x509_cert_not_after", help: "The end of the validity as Unix time.",
        value: |entry, _| certificate(entry, Way::File, |it| it.not_after, file_labels) },
    Metric { name: "x509_cert_not_before", help: "The start of the validity as Unix time.",
        value: |entry, _| certificate(entry, Way::File, |it| it.not_before, file_labels) },
    Metric { name: "x509_cert_expired", help: "1 if the validity has ended, 0 otherwise.",
        value: |entry, run| {
            let (end, labels) = certificate(entry, Way::File, |it| it.not_after, file_labels)?;
            Some((i64::from(end < run.moment.unix()), labels))
        } },
    Metric { name: "x509_crl_next_update", help: "When the next revocation list is due, as Unix time.",
        value: |entry, _| list(entry, |it| it.not_after) },
    Metric { name: "x509_crl_this_update", help: "When the revocation list was made, as Unix time.",
        value: |entry, _| list(entry, |it| it.not_before) },
    Metric { name: "x509_crl_stale", help: "1 if the next revocation list is overdue, 0 otherwise.",
        value: |entry, run| {
            let (due, labels) = list(entry, |it| it.not_after)?;
            Some((i64::from(due < run.moment.unix()), labels))
        } },
    Metric { name: "x509_cert_error", help: "1 for a file that could not be read.",
        value: |entry, _| match &entry.seen {
            Seen::Unseen(unseen) if entry.source.way == Way::File => {
                let mut labels = place_labels(entry);
                labels.push(("reason", unseen.word.to_string()));
                Some((1, labels))
            }
            _ => None,
        } },
    Metric { name: "ssl_cert_not_after", help: "The end of the validity as Unix time.",
        value: |entry, _| certificate(entry, Way::Endpoint, |it| it.not_after, endpoint_labels) },
    Metric { name: "ssl_cert_not_before", help: "The start of the validity as Unix time.",
        value: |entry, _| certificate(entry, Way::Endpoint, |it| it.not_before, endpoint_labels) },
    Metric { name: "certkit_beside_path_not_after",
        help: "The end of the validity of what an endpoint sends and no client needs, as Unix time.",
        value: |entry, _| {
            let dated = entry.dated().filter(|_| is_beside_path(entry))?;
            Some((dated.not_after?.unix(), endpoint_labels(entry, dated)))
        } },
];

/// Writes them.
///
/// # Errors
/// Those of the writer.
pub fn write(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    for Metric { name, help, value } in METRICS {
        let mut known: HashSet<u64> = HashSet::new();
        let hasher = RandomState::new();
        for entry in &run.report.entries {
            let Some((value, labels)) = value(entry, run) else { continue };
            let labels = written(&labels);
            if known.is_empty() {
                writeln!(to, "# HELP {name} {help}\n# TYPE {name} gauge")?;
            }
            // The same certificate twice in one file is one series.
            if known.insert(hasher.hash_one(&labels)) {
                writeln!(to, "{name}{{{labels}}} {value}")?;
            }
        }
    }
    endpoints(run, to)?;
    run_metrics(run, to)
}

/// What is said of an endpoint as a whole.
fn endpoints(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut earliest: BTreeMap<&str, Option<Moment>> = BTreeMap::new();
    for entry in run.report.entries.iter().filter(|entry| entry.source.way == Way::Endpoint) {
        if is_beside_path(entry) {
            continue;
        }
        let end = entry.dated().and_then(|dated| dated.not_after);
        let known = earliest.entry(&entry.source.name).or_insert(end);
        *known = [*known, end].into_iter().flatten().min();
    }
    if earliest.is_empty() {
        return Ok(());
    }
    writeln!(
        to,
        "# HELP ssl_probe_success 1 if the endpoint showed its chain, 0 otherwise.\n# TYPE ssl_probe_success gauge"
    )?;
    for (target, end) in &earliest {
        writeln!(
            to,
            "ssl_probe_success{{{}}} {}",
            written(&[("target", (*target).to_owned())]),
            i64::from(end.is_some())
        )?;
    }
    let name = "probe_ssl_earliest_cert_expiry";
    let mut is_first = true;
    for (target, end) in earliest {
        let Some(end) = end else { continue };
        if std::mem::take(&mut is_first) {
            writeln!(
                to,
                "# HELP {name} The earliest end in the chain, of what clients need, as Unix time.\n# TYPE {name} gauge"
            )?;
        }
        writeln!(to, "{name}{{{}}} {}", written(&[("target", target.to_owned())]), end.unix())?;
    }
    Ok(())
}

/// What is said of the run.
fn run_metrics(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    let tally = &run.report.tally;
    writeln!(
        to,
        "# HELP certkit_expiry_entries How many certificates, revocation lists and unreadable places are in a state."
    )?;
    writeln!(to, "# TYPE certkit_expiry_entries gauge")?;
    for (state, count) in [
        (State::Ok.as_str(), tally.ok),
        (State::Warning.as_str(), tally.warning),
        (State::Critical.as_str(), tally.critical),
        (State::Expired.as_str(), tally.expired),
        (State::Unknown.as_str(), tally.unknown),
        ("waived", tally.waived),
    ] {
        writeln!(to, "certkit_expiry_entries{{state=\"{state}\"}} {count}")?;
    }
    writeln!(to, "# HELP certkit_expiry_left_out How many sources were not read because the run was stopped.")?;
    writeln!(to, "# TYPE certkit_expiry_left_out gauge\ncertkit_expiry_left_out {}", run.report.left_out)?;
    writeln!(to, "# HELP certkit_expiry_run_timestamp_seconds The time that was judged, as Unix time.")?;
    writeln!(
        to,
        "# TYPE certkit_expiry_run_timestamp_seconds gauge\ncertkit_expiry_run_timestamp_seconds {}",
        run.moment.unix()
    )
}

fn certificate(
    entry: &Entry,
    way: Way,
    pick: fn(&Dated) -> Option<Moment>,
    labels: fn(&Entry, &Dated) -> Labels,
) -> Option<(i64, Labels)> {
    if is_beside_path(entry) {
        return None;
    }
    let dated = entry.dated().filter(|it| it.element != Element::RevocationList && entry.source.way == way)?;
    Some((pick(dated)?.unix(), labels(entry, dated)))
}

/// Whether no client needs it: the alerts that people have on the usual metrics are not for it.
fn is_beside_path(entry: &Entry) -> bool {
    entry.is_set_aside() && entry.beside_path.is_some()
}

fn list(entry: &Entry, pick: fn(&Dated) -> Option<Moment>) -> Option<(i64, Labels)> {
    let dated = entry.dated().filter(|it| it.element == Element::RevocationList)?;
    let mut labels = place_labels(entry);
    labels.extend(name_labels(&dated.issuer.name, &ISSUER));
    Some((pick(dated)?.unix(), labels))
}

fn place_labels(entry: &Entry) -> Labels {
    let path = entry.whereabouts();
    let file = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    vec![("filename", file), ("filepath", path)]
}

const SUBJECT: [(&str, &str); 6] = [
    ("subject_C", "C"),
    ("subject_ST", "ST"),
    ("subject_L", "L"),
    ("subject_O", "O"),
    ("subject_OU", "OU"),
    ("subject_CN", "CN"),
];

const ISSUER: [(&str, &str); 6] = [
    ("issuer_C", "C"),
    ("issuer_ST", "ST"),
    ("issuer_L", "L"),
    ("issuer_O", "O"),
    ("issuer_OU", "OU"),
    ("issuer_CN", "CN"),
];

/// What a name has of these; what it has not would be an empty label, which is none.
fn name_labels(text: &str, kinds: &[(&'static str, &str)]) -> Labels {
    let attributes = name::attributes(text);
    let value = |kind: &str| attributes.iter().find(|(known, _)| *known == kind).map(|(_, value)| value.clone());
    kinds.iter().filter_map(|(label, kind)| value(kind).map(|value| (*label, value))).collect()
}

fn file_labels(entry: &Entry, dated: &Dated) -> Labels {
    let mut labels = place_labels(entry);
    labels.push(("serial_number", decimal(dated.words.serial())));
    labels.extend(name_labels(dated.words.subject(), &SUBJECT));
    labels.extend(name_labels(&dated.issuer.name, &ISSUER));
    labels
}

fn endpoint_labels(entry: &Entry, dated: &Dated) -> Labels {
    let common = |name: &str| name::first(name, "CN").unwrap_or_default();
    let units: Vec<String> = name::attributes(dated.words.subject())
        .into_iter()
        .filter(|(kind, _)| *kind == "OU")
        .map(|(_, value)| value)
        .collect();
    // Between commas, so that a pattern finds whole names.
    let between = |names: Vec<&str>| if names.is_empty() { String::new() } else { format!(",{},", names.join(",")) };
    let mut labels = vec![
        ("target", entry.source.name.clone()),
        ("serial_no", decimal(dated.words.serial())),
        ("issuer_cn", common(&dated.issuer.name)),
        ("cn", common(dated.words.subject())),
        ("dnsnames", between(dated.names("DNS").collect())),
        ("ips", between(dated.names("IP").collect())),
        ("emails", between(dated.names("email").collect())),
        ("ou", between(units.iter().map(String::as_str).collect())),
    ];
    labels.retain(|(_, value)| !value.is_empty());
    labels
}

/// Writes labels, their values escaped as the text format wants it.
fn written(labels: &[(&'static str, String)]) -> String {
    let mut text = String::new();
    for (name, value) in labels {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(name);
        text.push_str("=\"");
        for letter in field(value).chars() {
            if matches!(letter, '\\' | '"') {
                text.push('\\');
            }
            text.push(letter);
        }
        text.push('"');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped() {
        assert_eq!(written(&[("a", "x\"y\\z".to_owned()), ("b", String::new())]), "a=\"x\\\"y\\\\z\",b=\"\"");
        // What a terminal would act upon is written out, and its backslash escaped as any other.
        let odd = ["\u{1b}[2J", "\u{202e}x", "a\nb", "\u{2028}"].map(|value| ("a", value.to_owned()));
        assert_eq!(written(&odd), r#"a="\\u{1b}[2J",a="\\u{202e}x",a="a\\u{a}b",a="\\u{2028}""#);
        assert_eq!(written(&[("a", "https://u:p@x".to_owned())]), "a=\"https://***@x\"");
    }
}

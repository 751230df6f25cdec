//! Points for InfluxDB, Telegraf (`exec`) and VictoriaMetrics, in line protocol: one for each entry, one for the run.

use std::io::{self, Write};

use certkit_core::text::field;

use crate::run_report::RunReport;
use crate::{Seen, State};

/// Nanoseconds of a second, in which the protocol counts.
const NANOSECONDS: i64 = 1_000_000_000;

/// Writes it.
///
/// # Errors
/// Those of the writer.
pub fn write(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    let at = run.moment.unix().saturating_mul(NANOSECONDS);
    for entry in &run.report.entries {
        let dated = entry.dated();
        let position = entry.position.to_string();
        let tags = [
            ("source", &*entry.source.name),
            ("place", &*entry.place),
            ("position", &position),
            ("name", &super::called(entry)),
            ("element", dated.map_or("", |it| it.element.as_str())),
            ("group", entry.source.group.as_deref().unwrap_or_default()),
            ("owner", entry.source.owner.as_deref().unwrap_or_default()),
        ];
        write!(to, "certkit_expiry{} state=\"{}\",state_code={}i", tagged(&tags), entry.state, code(entry.alarm()))?;
        if let Some(end) = dated.and_then(|it| it.not_after) {
            let left = end.unix().saturating_sub(run.moment.unix());
            write!(to, ",not_after={}i,seconds_left={left}i", end.unix())?;
        }
        if let Seen::Unseen(unseen) = &entry.seen {
            write!(to, ",error_code=\"{}\"", text(&unseen.word))?;
        }
        writeln!(to, " {at}")?;
    }
    let states = [State::Ok, State::Warning, State::Unknown, State::Critical, State::Expired];
    let count = |state| run.report.entries.iter().filter(|entry| entry.state == state).count();
    let counts: Vec<String> = states.iter().map(|state| format!("{state}={}i", count(*state))).collect();
    writeln!(to, "certkit_expiry_run {} {at}", counts.join(","))
}

/// The numbers of monitoring plugins.
fn code(state: State) -> u8 {
    match state {
        State::Ok => 0,
        State::Warning => 1,
        State::Critical | State::Expired => 2,
        State::Unknown => 3,
    }
}

/// Tags behind the name of a measurement; those without a value are left out.
fn tagged(tags: &[(&str, &str)]) -> String {
    let written = tags.iter().filter(|(_, value)| !value.is_empty());
    written.map(|(name, value)| format!(",{name}={}", tag(value))).collect()
}

/// A value of a tag: what parts tags is escaped, and no backslash stands before what follows.
fn tag(value: &str) -> String {
    let mut out = String::new();
    for letter in field(value).chars() {
        if matches!(letter, ',' | '=' | ' ') {
            out.push('\\');
        }
        out.push(if letter == '\\' { '/' } else { letter });
    }
    out
}

/// A text in a field.
fn text(value: &str) -> String {
    field(value).replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parts_tags_is_escaped() {
        assert_eq!(tagged(&[("a", "x y,z=1"), ("b", ""), ("c", "C:\\pki\\")]), ",a=x\\ y\\,z\\=1,c=C:/pki/");
        assert_eq!(tag("a\nb"), "a/u{a}b");
        assert_eq!(text("say \"no\"\\"), "say \\\"no\\\"\\\\");
    }
}

//! A calendar (RFC 5545): an event at the end of every validity, with alarms before it.

use std::io::{self, Write};

use certkit_core::moment::{DAY, Moment};
use certkit_core::text::Hex;
use certkit_core::text::field;

use super::{called, element_word, name};
use crate::Entry;
use crate::run_report::RunReport;

/// The longest line in octets, its end not counted (section 3.1).
const LINE: usize = 75;

/// Writes it.
///
/// # Errors
/// Those of the writer.
pub fn write(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//certkit//expiry//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Certificates",
    ] {
        fold(line, to)?;
    }
    for entry in &run.report.entries {
        event(entry, run.moment, to)?;
    }
    fold("END:VCALENDAR", to)
}

fn event(entry: &Entry, moment: Moment, to: &mut dyn Write) -> io::Result<()> {
    let Some((dated, end)) = entry.dated().and_then(|dated| dated.not_after.map(|end| (dated, end))) else {
        return Ok(());
    };
    // The calendar of RFC 5545 has four digits for a year.
    let (Some(start), Some(stamp)) = (stamped(end), stamped(moment)) else { return Ok(()) };
    let what = called(entry);
    let verb = if end < moment { "expired" } else { "expires" };
    let summary = format!("{what} ({}) {verb}: {}", element_word(dated.element), entry.source.name);
    let mut description = vec![
        format!("Subject: {}", dated.words.subject()),
        format!("Issuer: {}", name::short(&dated.issuer.name)),
        format!("Where: {}", entry.whereabouts()),
        format!("Ends: {end}"),
        format!("SHA-256: {}", Hex(dated.fingerprint)),
    ];
    description.extend(entry.source.owner.as_ref().map(|owner| format!("Owner: {owner}")));
    description.extend(entry.source.note.as_ref().map(|note| format!("Note: {note}")));
    let place = certkit_core::crypto::digest::sha256(format!("{}\n{}", entry.whereabouts(), entry.position).as_bytes());
    let place = place.first_chunk::<8>().copied().unwrap_or_default();
    let lines = [
        "BEGIN:VEVENT".to_owned(),
        // The same certificate in the same place is the same event, whenever the calendar is written.
        format!("UID:{}-{}@certkit", Hex(dated.fingerprint), Hex(place)),
        format!("DTSTAMP:{stamp}"),
        format!("DTSTART:{start}"),
        "DURATION:PT1H".to_owned(),
        format!("SUMMARY:{}", escaped(&summary)),
        format!("DESCRIPTION:{}", escaped(&description.join("\n"))),
        "TRANSP:TRANSPARENT".to_owned(),
        "CATEGORIES:certificates".to_owned(),
    ];
    for line in lines {
        fold(&line, to)?;
    }
    let thresholds = entry.source.thresholds_of(dated.element, &dated.fingerprint);
    let mut days = [thresholds.warning, thresholds.critical]
        .map(|threshold| threshold.in_days(dated.not_before, end).clamp(1, 3650))
        .to_vec();
    days.dedup();
    if !entry.is_set_aside() {
        for days in days.into_iter().filter(|days| end.plus(days.saturating_neg().saturating_mul(DAY)) > moment) {
            for line in ["BEGIN:VALARM", "ACTION:DISPLAY"] {
                fold(line, to)?;
            }
            fold(&format!("TRIGGER:-P{days}D"), to)?;
            fold(&format!("DESCRIPTION:{}", escaped(&format!("{what} expires in {days} days"))), to)?;
            fold("END:VALARM", to)?;
        }
    }
    fold("END:VEVENT", to)
}

/// A point in time in UTC, `20261122T080000Z`; `None` beyond the year 9999.
fn stamped(moment: Moment) -> Option<String> {
    let text = moment.to_string();
    (text.len() == "2026-11-22T08:00:00Z".len() && !text.starts_with('-')).then(|| text.replace(['-', ':'], ""))
}

/// Escapes a text value (section 3.3.11); of a stranger's text, what a terminal would act upon, too.
fn escaped(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| field(line).replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,"))
        .collect();
    lines.join("\\n")
}

/// Writes a line, folded where it is long: never inside of a character.
fn fold(line: &str, to: &mut dyn Write) -> io::Result<()> {
    let mut rest = line;
    let mut room = LINE;
    while rest.len() > room {
        let cut = (1..=room).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(cut);
        write!(to, "{piece}\r\n ")?;
        rest = after;
        room = LINE - 1;
    }
    write!(to, "{rest}\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut written = Vec::new();
        let line = format!("SUMMARY:{}", "ü".repeat(100));
        fold(&line, &mut written).unwrap();
        let text = String::from_utf8(written).unwrap();
        assert!(text.split("\r\n").all(|piece| piece.len() <= LINE), "{text}");
        assert_eq!(text.replace("\r\n ", "").trim_end(), line);
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(escaped("a,b;c\\d\ne\u{1b}"), "a\\,b\\;c\\\\d\\ne\\\\u{1b}");
    }
}

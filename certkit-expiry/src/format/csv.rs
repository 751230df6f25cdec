//! A table for spreadsheets (RFC 4180), a line for each entry.

use std::io::{self, Write};

use certkit_core::text::Hex;
use certkit_core::text::field;

use crate::run_report::RunReport;
use crate::{Reason, Seen};

const HEADINGS: [&str; 20] = [
    "state",
    "waived_until",
    "days_left",
    "not_before",
    "not_after",
    "element",
    "subject_dn",
    "issuer_dn",
    "serial_hex",
    "names",
    "fingerprint_sha256",
    "source",
    "place",
    "position",
    "group",
    "owner",
    "note",
    "error_code",
    "error_message",
    "reason",
];

/// Writes it.
///
/// # Errors
/// Those of the writer.
pub fn write(run: &RunReport<'_>, to: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(to);
    table.write_record(HEADINGS)?;
    for entry in &run.report.entries {
        let dated = entry.dated();
        let text = |text: Option<String>| text.unwrap_or_default();
        let (code, message) = match &entry.seen {
            Seen::Unseen(unseen) => (&*unseen.word, unseen.reason.to_string()),
            Seen::Dated(_) => {
                let findings = entry.objections().map(|it| format!("{}: {}", it.id, it.message));
                let findings = findings.chain(super::beside_path(entry));
                ("", findings.collect::<Vec<_>>().join("; "))
            }
        };
        let cells = [
            entry.state.to_string(),
            text(entry.waiver().map(|waiver| waiver.until.to_string())),
            text(dated.and_then(|dated| dated.days_left(run.moment)).map(|days| days.to_string())),
            text(dated.and_then(|dated| dated.not_before).map(|start| start.to_string())),
            text(dated.and_then(|dated| dated.not_after).map(|end| end.to_string())),
            text(dated.map(|dated| dated.element.as_str().to_owned())),
            text(dated.map(|dated| dated.words.subject().to_owned())),
            text(dated.map(|dated| dated.issuer.name.to_string())),
            text(dated.map(|dated| dated.words.serial().to_owned())),
            text(dated.map(|dated| dated.words.names().replace('\n', " "))),
            text(dated.map(|dated| Hex(dated.fingerprint).to_string())),
            entry.source.name.clone(),
            entry.place.to_string(),
            entry.position.to_string(),
            text(entry.source.group.clone()),
            text(entry.source.owner.clone()),
            text(entry.source.note.clone()),
            code.to_owned(),
            message,
            text(entry.reason(run.moment).map(|reason| Reason::as_str(reason).to_owned())),
        ];
        table.write_record(cells.iter().map(|cell| harmless(cell)))?;
    }
    table.flush()
}

/// Spreadsheets take a cell that begins like a formula for one, whoever wrote it; also after blanks, and in the wide
/// forms of East Asia. Controls and line breaks are written as what they are.
pub fn harmless(cell: &str) -> String {
    let is_number = cell.parse::<i64>().is_ok();
    let first = cell.trim_start().chars().next();
    let cell = field(cell);
    match first {
        Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠') if !is_number => format!("'{cell}"),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        assert_eq!(harmless("=cmd()"), "'=cmd()");
        assert_eq!(harmless(" \t@SUM(A1)"), "' \\u{9}@SUM(A1)");
        assert_eq!(harmless("＝cmd()"), "'＝cmd()");
        assert_eq!(harmless("a\r\n=cmd()\u{1b}[2J"), "a\\u{d}\\u{a}=cmd()\\u{1b}[2J");
        assert_eq!(harmless("-12"), "-12");
        assert_eq!(harmless("plc7"), "plc7");
    }
}

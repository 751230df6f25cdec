//! Which files a report never takes the place of: what the run reads, and, without `--force`, what is no report.

use std::fs;
use std::path::Path;

use certkit_core::source::file;

use crate::failure::Failure;

/// How much of a file is read to tell what it is: of text, its end tells.
const START: u64 = 16 << 20;

/// How much of the beginning tells what the other formats are.
const BEGINNING: usize = 4096;

/// With what reports of certkit begin: tables, an answer of a plugin, metrics.
const BEGINNINGS: [&str; 12] = [
    "section,id,title,edition,",
    "state,waived_until,days_left,",
    "kind,name,algorithm,",
    "SSL_CERT ",
    "# HELP x509_cert_not_after The end of the validity",
    "# HELP x509_crl_next_update When the next revocation list",
    "# HELP x509_cert_error 1 for a file",
    "# HELP ssl_cert_not_after The end of the validity",
    "# HELP ssl_probe_success 1 if the endpoint showed",
    "# HELP certkit_",
    "certkit_expiry",
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//certkit//",
];

/// What stands near the beginning of the others: JSON with a schema, SARIF and CycloneDX, web pages, JUnit.
const MARKS: [&str; 5] = [
    "\"certkit.",
    "\"name\": \"certkit\"",
    "\"bom-ref\": \"algorithm:",
    "<meta name=\"generator\" content=\"certkit ",
    "<testsuites name=\"certkit ",
];

/// Refuses to write over what the run reads.
pub(super) fn keep_inputs<'a>(file: &Path, inputs: impl IntoIterator<Item = &'a Path>) -> Result<(), Failure> {
    // What cannot be found is not there yet, and is none of the inputs.
    let Ok(real) = fs::canonicalize(file) else { return Ok(()) };
    if inputs.into_iter().any(|it| fs::canonicalize(it).is_ok_and(|it| it == real)) {
        return Err(Failure::new("it is an input of this run: it is kept")
            .at(file.display())
            .hint("name another file with -o"));
    }
    Ok(())
}

/// Refuses to replace what is no report of certkit. Nothing is lost of an empty file.
pub(super) fn keep_others(file: &Path) -> Result<(), Failure> {
    // What cannot be opened is not there, or no regular file: whoever writes tells.
    let Ok(start) = file::read_start(file, START) else { return Ok(()) };
    let text = String::from_utf8_lossy(start.get(..BEGINNING).unwrap_or(&start));
    let text = text.trim_start_matches('\u{feff}');
    let is_report = text.is_empty()
        || BEGINNINGS.iter().any(|it| text.starts_with(it))
        || MARKS.iter().any(|it| text.contains(it))
        || is_text(&String::from_utf8_lossy(&start));
    if is_report {
        return Ok(());
    }
    Err(Failure::new("it is no report of certkit: it is kept")
        .at(file.display())
        .hint("name another file with -o, or add --force to replace it"))
}

/// Says whether a text ends as those for people do, with what all of it comes to, or begins as that of a review.
fn is_text(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (counts, last) = (lines.nth(1).unwrap_or_default(), text.trim_end().lines().next_back().unwrap_or_default());
    let has_sum = last.split_once(": ").is_some_and(|(word, counts)| {
        SUMS.contains(&word) && COUNTED.iter().any(|it| counts.split([' ', ',', ';']).any(|counted| counted == *it))
    });
    let is_inventory = last.contains(" private keys, ") && last.contains(" algorithms");
    has_sum || is_inventory || (counts.contains(" not-met, ") && counts.contains(" to-confirm, "))
}

/// The words that a text for people ends with, before what was counted.
const SUMS: [&str; 9] =
    ["OK", "WARNING", "WARNINGS", "ERRORS", "NOT JUDGED", "CRITICAL", "EXPIRED", "UNKNOWN", "CHANGED"];

/// What is counted there.
const COUNTED: [&str; 10] =
    ["error", "errors", "ok", "warning", "critical", "expired", "unknown", "waived", "changed", "nothing"];

#[cfg(test)]
mod tests {
    use super::is_text;

    #[test]
    fn texts_for_people_are_known_by_their_end() {
        for end in ["OK: 3 ok", "CHANGED: 1 ok, 1 changed unexpectedly", "OK: 2 waived", "ERRORS: 1 error, 0 warnings"]
        {
            assert!(is_text(&format!("STATE\n\n{end}\n")), "{end}");
        }
        for text in ["", "a note", "OK: it was done", "TODO: 3 errors to look at", "a,b\n1,2\n"] {
            assert!(!is_text(text), "{text}");
        }
    }
}

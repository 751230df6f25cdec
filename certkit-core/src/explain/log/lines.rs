//! What the form of a line says.

use std::borrow::Cow;

use crate::explain::level::beginning;

/// Says whether a copy of an event of Windows begins, as the event viewer makes it.
pub(super) fn starts_copy(line: &str) -> bool {
    ["Log Name:", "Protokollname:"].iter().any(|start| line.starts_with(start))
}

/// Gives the line that has this place.
pub(super) fn line_at(text: &str, at: usize) -> &str {
    let (before, behind) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |it| it.saturating_add(1));
    let end = behind.find('\n').map_or(text.len(), |it| at.saturating_add(it));
    text.get(start..end).unwrap_or_default()
}

/// Words and their beginnings by which a line tells of what did not go well, whatever else it says.
const TROUBLE: &[&str] = &[
    "error",
    "exception",
    "fail",
    "refus",
    "reject",
    "unable",
    "cannot",
    "fehler",
    "bad",
    "invalid",
    "untrusted",
    "revoked",
    "denied",
    "unknown",
    "mismatch",
    "warn",
    "alert",
];

/// Marks that may stand around a word.
const MARKS: &[char] = &['.', ',', ';', ':', '!', '(', ')', '[', ']', '<', '>', '|', '-'];

/// Says whether a line tells as news of no weight that something went well.
///
/// Names that a peer has chosen may stand in the line: a word counts where it stands alone, behind the level and before
/// anything that has the form of a name or a value.
pub(super) fn tells_success(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_told = ["success", "succeeded", "erfolgreich"].iter().any(|word| lower.contains(word));
    if !is_told || TROUBLE.iter().any(|word| lower.contains(word)) {
        return false;
    }
    let is_level = |word: &str| ["info", "debug", "trace", "information", "notice"].contains(&word);
    let is_success = |word: &str| ["success", "successful", "successfully", "succeeded", "erfolgreich"].contains(&word);
    let mut words = lower.split_whitespace().map(|word| word.trim_matches(MARKS));
    words.by_ref().any(is_level)
        && words.take_while(|word| !word.contains(['=', ':', '/', '"', '\'', '@'])).any(is_success)
}

/// Marks behind which the program's own line begins.
const PREFIXES: &[&str] = &["\"log\":\"", " stdout F ", " stderr F ", "]: ", " | "];

/// Says whether a line goes on with what the line before has begun, as the lines of a stack trace do.
pub(super) fn goes_on(line: &str) -> bool {
    let is_trace = |text: &str| {
        let words = text.trim_start();
        ["Caused by", "Suppressed:", "... ", "at ", "--->", "--- End", "Traceback", "\\tat ", "\\t... "]
            .iter()
            .any(|start| words.starts_with(start))
    };
    if line.starts_with([' ', '\t']) || is_trace(line) {
        return true;
    }
    let start = beginning(line, 160);
    let mut inner = PREFIXES.iter().filter_map(|prefix| start.split_once(prefix));
    inner.any(|(_, rest)| rest.starts_with([' ', '\t']) || is_trace(rest))
}

/// Gives a line without the colours of a terminal.
pub(super) fn without_colours(line: Cow<'_, str>) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return line;
    }
    let mut pieces = line.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.strip_prefix('[').and_then(|rest| rest.find(|it: char| it.is_ascii_alphabetic()));
        plain.push_str(end.map_or(piece, |end| piece.get(end.saturating_add(2)..).unwrap_or_default()));
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_left_out() {
        let told = |line: &str| without_colours(Cow::Borrowed(line)).into_owned();
        assert_eq!(told("\u{1b}[31m2026 x\u{1b}[0m"), "2026 x");
        assert_eq!(told("\u{1b}[1;31m  at\u{1b}[0m\u{1b} y"), "  at y");
    }

    #[test]
    fn the_name_of_a_peer_makes_no_success() {
        for line in [
            "2026-10-05 10:00:00 INFO  Certificate was imported successfully: PKIX",
            "2026-10-05 10:00:00 [info] TLS handshake succeeded, peer CN=plc7",
            "2026-10-05 10:00:00 INFO renewal successful, old certificate has expired",
            "10/5/2026\t7:58:12 AM\tInformation\tRuntime\tTrust list loaded successfully.",
        ] {
            assert!(tells_success(line), "{line}");
        }
        for line in [
            "2026-10-05 10:00:00 INFO  TLS login peer=10.0.0.3 success=false reason=\"certificate has expired\"",
            "2026-10-05 10:00:00 [info] BadCertificateUntrusted for application urn:success:evil",
            "2026-10-05 10:00:00 INFO  OpcUa BadCertificateUntrusted CN=success",
            "2026-10-05 10:00:00 INFO  PKIX path building of CN=my success plant",
            "2026-10-05 10:00:00 INFO  PKIX path building of \"success\"",
            "2026-10-05 10:00:00 ERROR not done: success",
            "success 2026-10-05 INFO PKIX",
        ] {
            assert!(!tells_success(line), "{line}");
        }
    }
}

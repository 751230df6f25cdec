//! What the form of a line says.

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

/// Says whether a line tells as news of no weight that something went well.
pub(super) fn tells_success(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = || lower.split(|letter: char| !letter.is_alphanumeric());
    let has = |known: &[&str]| words().any(|word| known.contains(&word));
    has(&["info", "debug", "trace", "information", "notice"])
        && has(&["success", "successful", "successfully", "succeeded", "erfolgreich"])
        && !has(&[
            "error",
            "exception",
            "fail",
            "failed",
            "failure",
            "refused",
            "rejected",
            "unable",
            "cannot",
            "fehler",
        ])
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
    let start: String = line.chars().take(160).collect();
    let mut inner = PREFIXES.iter().filter_map(|prefix| start.split_once(prefix));
    inner.any(|(_, rest)| rest.starts_with("  ") || rest.starts_with(['\t']) || is_trace(rest))
}

//! Text for people and documents for programs, fit for a terminal: colours, width, and nothing that acts upon it.

pub(crate) mod fold;
pub(crate) mod gate;
pub(crate) mod style;

/// Writes a JSON document. What acts upon a terminal is escaped as JSON has it: C0, DEL, C1, bidirectional and
/// invisible characters as `\uXXXX`, in keys as well, so that a reader gets back exactly what was meant.
pub(crate) fn document(value: &impl serde::Serialize) -> String {
    // Maps with keys that are no strings are the only thing that can fail, and there is none.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    gate::json(&text)
}

/// Writes a JSON document in one line, as [`document`] does.
pub(crate) fn document_line(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    gate::json(&text)
}

/// Breaks a text into lines of at most 80 columns, each indented.
pub(crate) fn wrap(text: &str, indent: usize) -> String {
    text.split('\n').map(|paragraph| fold::fill(paragraph, indent)).collect::<Vec<_>>().join("\n")
}

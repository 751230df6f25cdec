//! How reports are written, a file for each form. No decisions are made here.

use crate::output::gate;

pub(crate) mod advice;
pub(crate) mod card;
pub(crate) mod converted;
pub(crate) mod discovered;
pub(crate) mod fetched;
pub(crate) mod findings;
pub(crate) mod json;
pub(crate) mod made;
pub(crate) mod meeting;
pub(crate) mod opinion;
pub(crate) mod style;
pub(crate) mod trust;
pub(crate) mod validated;
pub(crate) mod verified;

/// Writes a JSON document. What acts upon a terminal is escaped as JSON has it: C0, DEL, C1, bidirectional and
/// invisible characters as `\uXXXX`, in keys as well, so that a reader gets back exactly what was meant.
pub(crate) fn document(value: &impl serde::Serialize) -> String {
    // Maps with keys that are no strings are the only thing that can fail, and there is none.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    gate::json(&text)
}

/// Breaks a text into lines of at most 96 columns, each indented.
pub(crate) fn wrap(text: &str, indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = " ".repeat(indent);
        let mut is_empty = true;
        for word in paragraph.split(' ') {
            if !is_empty && line.chars().count() + 1 + word.chars().count() > 96 {
                lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        lines.push(line);
    }
    lines.join("\n")
}

//! What is made of answers of the Configuration API that are not read into a configuration, and of names in its paths.

use std::io::Read;

use serde::Deserialize;

use crate::source::Body;

/// The most bytes of an answer that is kept whole while it is looked at.
pub(super) const KEPT: u64 = 2 * 1024 * 1024;

/// The most words that are taken from one definition, and how deep they are looked for.
const WORDS: usize = 100;

/// Finds the words for the numbers of a property in a definition: `{symbolic_name, enumeration: {word: number}}`.
pub(super) fn find_words(definition: &serde_json::Value, property: &str, depth: usize, words: &mut Vec<(i64, String)>) {
    use serde_json::Value;
    if depth > 16 || words.len() >= WORDS {
        return;
    }
    match definition {
        Value::Array(list) => list.iter().for_each(|it| find_words(it, property, depth.saturating_add(1), words)),
        Value::Object(map) => {
            if let (Some(Value::String(name)), Some(Value::Object(enumeration))) =
                (map.get("symbolic_name"), map.get("enumeration"))
                && name == property
            {
                let known = enumeration.iter().filter_map(|(word, number)| Some((number.as_i64()?, word.clone())));
                words.extend(known.take(WORDS));
            } else {
                map.values().for_each(|it| find_words(it, property, depth.saturating_add(1), words));
            }
        }
        _ => {}
    }
}

/// Writes a name as a part of a path.
pub(super) fn encoded(name: &str) -> String {
    let mut path = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

/// Reads an answer of a form of its own; a byte order mark is passed over.
pub(super) fn from_json<T: for<'de> Deserialize<'de>>(body: &mut impl Read, limit: u64) -> Result<T, String> {
    let mut text = Vec::new();
    body.take(limit).read_to_end(&mut text).map_err(|error| error.to_string())?;
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    serde_json::from_slice(text).map_err(|_| "the answer is not the JSON that is expected".to_owned())
}

/// Counts the elements of an array that have more than what describes a page.
pub(super) fn count(body: &mut Body<'_, '_>) -> Result<usize, String> {
    let list: Vec<std::collections::BTreeMap<String, serde_json::Value>> = from_json(body, KEPT)?;
    let is_entry = |it: &&std::collections::BTreeMap<String, serde_json::Value>| {
        it.keys().any(|key| matches!(key.as_str(), "timestamp" | "common.ALLTYPES_NAME" | "id" | "name" | "Name"))
    };
    Ok(list.iter().filter(is_entry).count())
}

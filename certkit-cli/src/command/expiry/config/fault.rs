//! What is wrong with a TOML file, and what was meant.

use std::path::Path;

use crate::failure::Failure;

/// Says what is wrong with a TOML file, where, and what was meant.
pub(crate) fn unreadable(file: &Path, text: &str, error: &toml::de::Error, schema: &str) -> Failure {
    let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
    let message = error.message();
    let failure = Failure::new(format!("{}, line {line}: {message}", file.display()));
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = quoted.next().filter(|_| message.starts_with("unknown field"));
    let meant = unknown.and_then(|unknown| nearest(unknown, quoted));
    match meant {
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None => failure.hint(format!("`certkit schema {schema}` lists the valid settings")),
    }
}

/// The longest word that is held against others, in bytes: what it costs grows with the length of both.
const WORD: usize = 64;

/// The word that is nearest to the one that was written, if one is near.
pub(crate) fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let known = known.filter(|word| word.len() <= WORD && written.len() <= WORD);
    let best = known.map(|word| (distance(written, word), word)).min_by_key(|(far, _)| *far);
    best.filter(|(far, word)| *far <= word.len().max(written.len()) / 2).map(|(_, word)| word)
}

/// How many letters must be added, taken away or changed.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut before = at;
        let mut left = at + 1;
        for (cell, counterpart) in row.iter_mut().skip(1).zip(other.chars()) {
            let changed = before + usize::from(letter != counterpart);
            before = *cell;
            left = changed.min(before + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found() {
        let known = ["warn", "critical", "owner"];
        assert_eq!(nearest("wran", known.into_iter()), Some("warn"));
        assert_eq!(nearest("criticle", known.into_iter()), Some("critical"));
        assert_eq!(nearest("colour", known.into_iter()), None);
        // Two that are long would cost the product of their lengths.
        let long = "x".repeat(1 << 20);
        assert_eq!(nearest(&long, [long.as_str(), "x"].into_iter()), None);
    }
}

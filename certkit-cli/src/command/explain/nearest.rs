//! What comes nearest to words that nobody knows.

use std::cmp::Ordering;

use certkit_core::check;
use certkit_core::explain::{self, Known, without_end};

use super::{deviations, known_codes};

/// How alike a name has to be to what was typed, of 1.
const ALIKE: f64 = 0.6;

/// How much less alike than the first one others may be that are named with it.
const MARGIN: f64 = 0.05;

/// What it counts that one word of a message is alike, of 1.
const WORD: f64 = 0.8;

/// How many are named.
const MOST: usize = 3;

/// A name with how alike it is to what was typed.
type Near = (f64, String);

/// Says what was probably meant; at least the one that is nearest by its letters.
pub(super) fn hint(text: &str) -> String {
    let wanted = text.to_lowercase();
    let (own, others) = (own(&wanted), of_others(&wanted));
    let best = |near: &[Near]| near.first().map_or(0.0, |(alike, _)| *alike);
    let nearest = if best(&own) >= best(&others) { &own } else { &others };
    let first = best(nearest);
    if first > ALIKE {
        let near = nearest.iter().take_while(|(alike, _)| *alike > ALIKE && first - alike < MARGIN).take(MOST);
        return format!("did you mean {}?", near.map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", "));
    }
    let has_word = |id: &str| id.contains(&wanted) || wanted.split('-').any(|it| it.len() > 3 && id.contains(it));
    let with_word: Vec<&str> = own.iter().map(|(_, id)| id.as_str()).filter(|id| has_word(id)).take(2 * MOST).collect();
    if !with_word.is_empty() {
        return format!("did you mean {}?", with_word.join(", "));
    }
    let similar: Vec<String> = explain::nearest(text, MOST).into_iter().map(|it| of_program(&it.words(), it)).collect();
    if !similar.is_empty() {
        return format!("similar: {}", similar.join(", "));
    }
    // Where nothing is near, names that begin alike are of one kind.
    let begins = |name: &str| strsim::jaro_winkler(&wanted, &name.to_lowercase());
    let names = own.iter().map(|(_, name)| name.as_str());
    let name = names.max_by(|one, other| begins(one).total_cmp(&begins(other))).unwrap_or_default();
    format!("the nearest known is {name}; `certkit explain` lists every id")
}

/// Puts the nearest first.
fn sorted(mut near: Vec<Near>) -> Vec<Near> {
    near.sort_by(|(one, _), (other, _)| other.partial_cmp(one).unwrap_or(Ordering::Equal));
    near
}

/// How alike two texts are, where they can be alike at all.
fn likeness(wanted: &str, name: &str) -> f64 {
    let name = name.to_lowercase();
    let (short, long) = (wanted.len().min(name.len()), wanted.len().max(name.len()));
    // Much longer ones differ by their length alone.
    if short.saturating_mul(2) < long { 0.0 } else { strsim::normalized_damerau_levenshtein(wanted, &name) }
}

/// The ids of findings, and the status codes of OPC UA.
fn own(wanted: &str) -> Vec<Near> {
    let ids = check::all().map(|check| check.id).chain(deviations().map(|it| it.id));
    let names = ids.chain(known_codes().map(|(name, _)| name));
    let plain = wanted.replace('_', "");
    sorted(names.map(|name| (likeness(wanted, name).max(likeness(&plain, name)), name.to_owned())).collect())
}

/// What other programs say: by its code, by its words, and by each of these where one word was typed.
fn of_others(wanted: &str) -> Vec<Near> {
    let is_word = !wanted.contains(char::is_whitespace);
    let mut near: Vec<Near> = Vec::new();
    for known in explain::all() {
        let codes = [known.entry.name(), known.entry.code];
        let by_code = codes.into_iter().map(|code| (likeness(wanted, code), of_program(code, known)));
        let by_words = known.patterns().map(|(pattern, _)| {
            let of_word = |word: &str| if is_word { likeness(wanted, word) * WORD } else { 0.0 };
            let words = pattern.split(|it: char| !it.is_alphanumeric() && it != '_').map(of_word);
            (words.fold(likeness(wanted, &pattern), f64::max), of_program(without_end(&pattern), known))
        });
        near.extend(by_code.chain(by_words).max_by(|(one, _), (other, _)| one.total_cmp(other)));
    }
    let mut near = sorted(near);
    near.dedup_by(|(_, one), (_, other)| one == other);
    near
}

/// The words of a program, for a sentence.
fn of_program(words: &str, known: Known) -> String {
    format!("`{words}` ({})", known.program.name)
}

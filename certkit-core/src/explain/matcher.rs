//! Finds what is known in a text: one automaton over the longest literal piece of every pattern.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;

use super::entry::Known;
use super::normal::Normal;
use super::place::{is_foreign, is_of_word};
use super::typed::says_nothing;

/// How far a variable part may reach, in bytes.
const REACH: usize = 400;

/// What ends a pattern behind which no further word may stand.
pub(super) const END: &str = "<end>";

/// Gives a pattern without the mark of its end, for people.
pub fn without_end(pattern: &str) -> &str {
    pattern.trim_end_matches(END)
}

/// How often one entry may be found in one text.
const MOST: usize = 8;

/// A known phrase that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What was recognised.
    pub known: Known,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// Where it begins again, in bytes.
    pub(super) again: Vec<usize>,
    /// The letters of the pattern that are not variable.
    pub literal: usize,
    /// Whether the pattern needed a word of its program nearby.
    pub is_weak: bool,
    /// The variable parts, with the names that the pattern gives them.
    pub variables: Vec<(String, String)>,
}

#[derive(Debug)]
enum Piece {
    Text(Vec<u8>),
    /// Any text within a line.
    Any(String),
    /// Three hex digits.
    Hex,
}

struct Pattern {
    known: Known,
    pieces: Vec<Piece>,
    /// The piece that the automaton looks for.
    key: usize,
    literal: usize,
    is_weak: bool,
    /// Whether no further word may follow.
    is_whole: bool,
}

struct Matcher {
    automaton: AhoCorasick,
    /// The patterns of each key.
    patterns: Vec<Vec<Pattern>>,
}

static MATCHER: LazyLock<Option<Matcher>> = LazyLock::new(|| {
    let mut keys: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut patterns: Vec<Vec<Pattern>> = Vec::new();
    let mut literals = Vec::new();
    for known in super::all() {
        for (text, is_weak) in known.patterns() {
            let whole = text.strip_suffix(END);
            let pieces = pieces(whole.unwrap_or(&text));
            let length = |piece: &Piece| if let Piece::Text(text) = piece { text.len() } else { 0 };
            let literal = pieces.iter().map(length).sum();
            let Some(key) = (0..pieces.len()).max_by_key(|&index| pieces.get(index).map_or(0, length)) else {
                continue;
            };
            let Some(Piece::Text(word)) = pieces.get(key) else { continue };
            let slot = *keys.entry(word.clone()).or_insert_with(|| {
                literals.push(word.clone());
                patterns.push(Vec::new());
                patterns.len().saturating_sub(1)
            });
            if let Some(list) = patterns.get_mut(slot) {
                list.push(Pattern { known, pieces, key, literal, is_weak, is_whole: whole.is_some() });
            }
        }
    }
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(&literals)
        .ok()
        .map(|automaton| Matcher { automaton, patterns })
});

/// Calls `found` with each place of a comparable text where a known phrase may stand, in the order of their ends.
pub(super) fn each_place(text: &[u8], mut found: impl FnMut(Range<usize>)) {
    let Some(matcher) = MATCHER.as_ref() else { return };
    for place in matcher.automaton.find_overlapping_iter(text) {
        let patterns = matcher.patterns.get(place.pattern().as_usize());
        if patterns.into_iter().flatten().any(|pattern| pattern.stands_apart(text, place.start(), place.end())) {
            found(place.range());
        }
    }
}

/// Takes a pattern apart.
fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    let mut text = String::new();
    let finish = |text: &mut String, pieces: &mut Vec<Piece>| {
        if !text.is_empty() {
            pieces.push(Piece::Text(Normal::new(text).bytes));
            text.clear();
        }
    };
    while let Some((before, after)) = rest.split_once('<') {
        text += before;
        match after.split_once('>').filter(|(name, _)| !name.is_empty() && name.chars().all(is_of_name)) {
            Some((name, behind)) => {
                finish(&mut text, &mut pieces);
                pieces.push(if name == "fff" { Piece::Hex } else { Piece::Any(name.to_owned()) });
                rest = behind;
            }
            None => {
                text.push('<');
                rest = after;
            }
        }
    }
    text += rest;
    finish(&mut text, &mut pieces);
    pieces
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "_:./ -".contains(letter)
}

/// A match in the comparable text.
struct Found {
    start: usize,
    end: usize,
    variables: Vec<(String, Range<usize>)>,
}

impl Pattern {
    /// Looks for the other pieces around the key.
    fn around(&self, text: &Normal, start: usize, end: usize) -> Option<Found> {
        let mut found = Found { start, end, variables: Vec::new() };
        self.backwards(text, &mut found)?;
        self.forwards(text, &mut found)?;
        let (first, last) = (text.bytes.get(found.start)?, text.bytes.get(found.end.checked_sub(1)?)?);
        let before = found.start.checked_sub(1).and_then(|at| text.bytes.get(at));
        let after = text.bytes.get(found.end);
        let cuts = |inner: u8, outer: Option<&u8>| is_of_word(inner) && outer.is_some_and(|&outer| is_of_word(outer));
        // Beside a variable part a word may go on.
        let is_cut_before = matches!(self.pieces.first(), Some(Piece::Text(_))) && cuts(*first, before);
        let is_cut_after = matches!(self.pieces.last(), Some(Piece::Text(_))) && cuts(*last, after);
        let is_foreign = is_foreign(&text.bytes, found.start, found.end);
        let goes_on = self.is_whole && text.goes_on(found.end);
        (!is_cut_before && !is_cut_after && !is_foreign && !goes_on).then_some(found)
    }

    /// Says whether no word goes on beyond the key, where the pattern ends with it.
    fn stands_apart(&self, text: &[u8], start: usize, end: usize) -> bool {
        let is_word = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|byte| is_of_word(*byte));
        let is_cut_before = self.key == 0 && is_word(Some(start)) && is_word(start.checked_sub(1));
        let is_last = self.key.saturating_add(1) == self.pieces.len();
        let is_cut_after = is_last && is_word(end.checked_sub(1)) && is_word(Some(end));
        let is_foreign = self.pieces.len() == 1 && is_foreign(text, start, end);
        !(is_cut_before || is_cut_after || is_foreign)
    }

    fn backwards(&self, text: &Normal, found: &mut Found) -> Option<()> {
        let mut variable = None;
        for piece in self.pieces.get(..self.key)?.iter().rev() {
            match piece {
                Piece::Any(name) => variable = Some(name),
                Piece::Hex => found.start = hex(text, found.start.checked_sub(3)?)?,
                Piece::Text(word) => match variable.take() {
                    Some(name) => {
                        let from = text.line_start(found.start).max(found.start.saturating_sub(REACH));
                        let at = memmem::rfind(text.slice(from, found.start), word)?.saturating_add(from);
                        found.variables.push((name.clone(), at.saturating_add(word.len())..found.start));
                        found.start = at;
                    }
                    None => {
                        let at = found.start.checked_sub(word.len())?;
                        (text.slice(at, found.start) == word.as_slice()).then_some(())?;
                        found.start = at;
                    }
                },
            }
        }
        if let Some(name) = variable {
            let from = text.line_start(found.start).max(found.start.saturating_sub(REACH));
            let before = text.slice(from, found.start).trim_ascii_end();
            let end = from.saturating_add(before.len());
            let word = before.iter().rev().take_while(|&&byte| byte != b' ').count();
            found.variables.push((name.clone(), end.saturating_sub(word)..end));
        }
        Some(())
    }

    fn forwards(&self, text: &Normal, found: &mut Found) -> Option<()> {
        let mut variable = None;
        for piece in self.pieces.get(self.key.saturating_add(1)..)? {
            match piece {
                Piece::Any(name) => variable = Some(name),
                Piece::Hex => found.end = hex(text, found.end)?.saturating_add(3),
                Piece::Text(word) => {
                    let at = match variable.take() {
                        Some(name) => {
                            let to = text.line_end(found.end).min(found.end.saturating_add(REACH));
                            let at = memmem::find(text.slice(found.end, to), word)?.saturating_add(found.end);
                            found.variables.push((name.clone(), found.end..at));
                            at
                        }
                        None => {
                            let rest = text.slice(found.end, text.bytes.len());
                            rest.starts_with(word).then_some(found.end)?
                        }
                    };
                    found.end = at.saturating_add(word.len());
                }
            }
        }
        if let Some(name) = variable {
            let to = text.line_end(found.end).min(found.end.saturating_add(REACH));
            let after = text.slice(found.end, to);
            let length = after.iter().position(|&byte| byte == b'\'').unwrap_or(after.len());
            found.variables.push((name.clone(), found.end..found.end.saturating_add(length)));
        }
        Some(())
    }
}

/// The place, if three hex digits stand there.
fn hex(text: &Normal, at: usize) -> Option<usize> {
    let digits = text.slice(at, at.saturating_add(3));
    (digits.len() == 3 && digits.iter().all(u8::is_ascii_hexdigit)).then_some(at)
}

/// Says whether a word of the context of the program stands in the text.
fn has_context(known: Known, context: &[u8]) -> bool {
    let words = known.program.context;
    words.is_empty() || words.iter().any(|word| memmem::find(context, word.as_bytes()).is_some())
}

/// Finds all that is known in a text; `before` are the lines above it, for phrases that need company.
///
/// Reasons come before words that only announce one, and the longer phrase before the shorter.
pub fn recognise(text: &str, before: &str) -> Vec<Hit> {
    recognise_below(text, || before.to_owned())
}

/// Finds all that is known in a text; the lines above it are asked for where a phrase needs company.
pub(super) fn recognise_below(text: &str, before: impl Fn() -> String) -> Vec<Hit> {
    let normal = Normal::new(text);
    let company = OnceCell::new();
    let is_told = |pattern: &Pattern| {
        !pattern.is_weak || has_context(pattern.known, company.get_or_init(|| context(&before(), &normal)))
    };
    let hits = hits(text, &normal, is_told);
    // A text that was wrapped has ends of lines within what varies.
    if hits.is_empty() && text.trim().contains('\n') {
        return self::hits(text, &Normal::new(text).unwrapped(), is_told);
    }
    hits
}

/// Finds a phrase that is common elsewhere, where it is all that somebody asks about but for a level or a program.
pub fn recognise_phrase(text: &str) -> Vec<Hit> {
    let is_phrase = |hit: &Hit| {
        let part = |range: Option<&str>| range.unwrap_or_default().to_lowercase();
        let words = part(text.get(hit.span.clone()));
        let rest = part(text.get(..hit.span.start)) + " " + &part(text.get(hit.span.end..));
        let mut rest = rest.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        !words.contains(|letter: char| letter.is_ascii_digit()) && rest.all(says_nothing)
    };
    let mut hits = hits(text, &Normal::new(text), |pattern| pattern.is_weak);
    hits.retain(is_phrase);
    hits
}

/// The text with the lines above it, the words apart.
fn context(before: &str, text: &Normal) -> Vec<u8> {
    let mut context = vec![b' '];
    for byte in Normal::new(before).bytes.iter().chain(b" ").chain(&text.bytes).chain(b" ") {
        context.push(if is_of_word(*byte) || b".:-".contains(byte) { *byte } else { b' ' });
    }
    context
}

fn hits(text: &str, normal: &Normal, is_told: impl Fn(&Pattern) -> bool) -> Vec<Hit> {
    let Some(matcher) = MATCHER.as_ref() else { return Vec::new() };
    let mut hits: Vec<Hit> = Vec::new();
    for place in matcher.automaton.find_overlapping_iter(&normal.bytes) {
        for pattern in matcher.patterns.get(place.pattern().as_usize()).into_iter().flatten() {
            if !is_told(pattern) {
                continue;
            }
            if hits.iter().filter(|hit| hit.known.is(pattern.known)).count() >= MOST {
                continue;
            }
            let Some(found) = pattern.around(normal, place.start(), place.end()) else { continue };
            let original = |range: &Range<usize>| {
                let range = normal.origin(range.start)..normal.origin(range.end);
                text.get(range).unwrap_or_default().trim().to_owned()
            };
            hits.push(Hit {
                known: pattern.known,
                span: normal.origin(found.start)..normal.origin(found.end),
                again: Vec::new(),
                literal: pattern.literal,
                is_weak: pattern.is_weak,
                variables: found.variables.iter().map(|(name, range)| (name.clone(), original(range))).collect(),
            });
        }
    }
    best(&hits, text)
}

/// Leaves out what stands within something longer, and all but the best of each entry.
fn best(hits: &[Hit], text: &str) -> Vec<Hit> {
    // What stands in a variable part of another phrase is told by that, not hidden; so is a reason with what varies in an
    // announcement.
    let is_told_by = |outer: &Hit, inner: &Hit| {
        let words = text.get(inner.span.clone()).unwrap_or_default();
        let is_announced = outer.known.entry.is_frame && !inner.known.entry.is_frame;
        let mut values = outer.variables.iter().map(|(_, value)| value.as_str());
        values.any(|value| value.contains(words) || (is_announced && !value.is_empty() && words.contains(value)))
    };
    let hides = |outer: &Hit, inner: &Hit| {
        !outer.known.is(inner.known)
            && !is_told_by(outer, inner)
            && outer.span.start <= inner.span.start
            && outer.span.end >= inner.span.end
            && outer.literal > inner.literal
    };
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits.iter().filter(|hit| !hits.iter().any(|outer| hides(outer, hit))) {
        match kept.iter_mut().find(|other| other.known.is(hit.known)) {
            Some(other) if other.literal < hit.literal => {
                let old = std::mem::replace(other, hit.clone());
                other.variables.extend(old.variables);
                other.again.extend(old.again);
                other.again.push(old.span.start);
            }
            Some(other) => {
                other.variables.extend(hit.variables.iter().cloned());
                other.again.push(hit.span.start);
            }
            None => kept.push(hit.clone()),
        }
    }
    kept.sort_by_key(|hit| (hit.known.entry.is_frame, hit.is_weak, std::cmp::Reverse(hit.literal)));
    kept
}

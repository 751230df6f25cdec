//! What was typed alone: a number, a name, or a number behind the name of its program.

use std::collections::BTreeSet;

use super::entry::Known;
use crate::status::StatusCode;

/// Words that say nothing beside a number.
const FILLERS: &[&str] = &[
    "a", "alert", "code", "err", "errno", "error", "event", "exit", "fatal", "hresult", "id", "no", "num", "number",
    "received", "reason", "return", "ssl", "status", "the", "tls", "verify",
];

/// A number with what was typed around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The number.
    pub number: i64,
    /// The words beside it that name a program, in lower case.
    pub programs: Vec<String>,
    /// Whether nothing but the number was typed.
    pub is_bare: bool,
}

impl Typed {
    /// Reads `18`, `0x800B0109`, `-2146762487`, `alert 48`, `curl: (60)`, `TW 1002`; none where other words stand there.
    pub fn read(text: &str) -> Option<Typed> {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_' || letter == '.';
        let mut number = None;
        let mut words = Vec::new();
        for word in text.split(|letter: char| !is_part(letter)).filter(|word| !word.is_empty()) {
            match read_number(word) {
                Some(read) if number.is_none() => number = Some(read),
                Some(_) => return None,
                None => words.push(word.to_lowercase()),
            }
        }
        let mut programs: Vec<String> = words.iter().filter(|word| is_program(word)).cloned().collect();
        // `verify` is a word of OpenSSL, unless another program is named.
        if programs.is_empty() && words.iter().any(|word| word == "verify") {
            programs.push("openssl".to_owned());
        }
        if words.len() > 6 || !words.iter().all(|word| says_nothing(word)) {
            return None;
        }
        Some(Typed { number: number?, programs, is_bare: words.is_empty() })
    }

    /// Gives the entries that have the number, the likelier first.
    pub fn known(&self) -> Vec<Known> {
        let same =
            |other: i64| other == self.number || as_word(other).is_some_and(|it| as_word(self.number) == Some(it));
        let named = |known: &Known| self.programs.iter().any(|key| known.is_of(key));
        let all: Vec<Known> =
            super::all().filter(|known| known.entry.numbers.iter().any(|&other| same(other))).collect();
        each_once(all.into_iter().filter(|it| self.programs.is_empty() || named(it)).collect())
    }
}

/// The 32 bits of a number that is too large to be small: an HRESULT or a status code, signed or not.
fn as_word(number: i64) -> Option<u32> {
    match u32::try_from(number) {
        Ok(word) => (word > 0x7fff_ffff).then_some(word),
        Err(_) => i32::try_from(number).ok().filter(|it| *it < -1_000_000).map(i32::cast_unsigned),
    }
}

/// Says whether a word in lower case says nothing beside a number or a phrase, or names its program.
pub(super) fn says_nothing(word: &str) -> bool {
    FILLERS.contains(&word) || is_program(word)
}

fn is_program(word: &str) -> bool {
    super::PROGRAMS.iter().any(|program| program.keys.contains(&word))
}

fn read_number(word: &str) -> Option<i64> {
    let (is_negative, digits) = word.strip_prefix('-').map_or((false, word), |rest| (true, rest));
    let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let number = match hex {
        Some(hex) => i64::from(u32::from_str_radix(hex, 16).ok().filter(|_| !hex.starts_with('+'))?),
        // The packed codes of OpenSSL are hex without a mark.
        None if is_packed(digits) => i64::from(u32::from_str_radix(digits, 16).ok()?),
        None if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse::<i64>().ok()?,
        None => return None,
    };
    Some(if is_negative { number.checked_neg()? } else { number })
}

fn is_packed(digits: &str) -> bool {
    let is_hex = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex && (digits.starts_with('0') || digits.contains(|letter: char| letter.is_ascii_alphabetic()))
}

/// Gives a name without case, blanks and marks.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Gives the entries of a name, such as `CERT_HAS_EXPIRED` or `CRYPT_E_REVOKED`.
pub fn by_name(name: &str) -> Vec<Known> {
    let wanted = plain(name);
    let is_named = |known: &Known| plain(known.entry.name()) == wanted || plain(known.entry.code) == wanted;
    if wanted.is_empty() { Vec::new() } else { each_once(super::all().filter(is_named).collect()) }
}

/// Leaves out a code that its program has told of already.
fn each_once(known: Vec<Known>) -> Vec<Known> {
    let mut kept: Vec<Known> = Vec::new();
    for it in known {
        let is_same = |other: &Known| other.program.name == it.program.name && other.entry.code == it.entry.code;
        if !kept.iter().any(is_same) {
            kept.push(it);
        }
    }
    kept
}

/// What stacks of OPC UA write before the name of a status code.
const PREFIXES: &[&str] = &["UA_STATUSCODE_", "OpcUa_", "Status"];

/// Gives the name of a status code without what a stack writes before it.
fn without_prefix(name: &str) -> &str {
    let starts = |prefix: &&str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let prefix = PREFIXES.iter().find(|prefix| starts(prefix)).map_or(0, |prefix| prefix.len());
    name.get(prefix..).unwrap_or(name)
}

/// Gives the OPC UA status codes that a text names, by name or as hex.
pub fn statuses(text: &str) -> Vec<StatusCode> {
    let mut found: Vec<StatusCode> = Vec::new();
    for word in text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_') {
        let name = without_prefix(word);
        if !name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("bad") || start.eq_ignore_ascii_case("0x8")) {
            continue;
        }
        let Ok(code) = name.parse::<StatusCode>() else { continue };
        let code = StatusCode(if code.has_sound_flags() { code.0 & 0xffff_0000 } else { continue });
        if code.name().is_some() && !found.contains(&code) {
            found.push(code);
        }
    }
    found
}

/// Gives what comes nearest to a text that is not known, at most `most`.
pub fn nearest(text: &str, most: usize) -> Vec<Known> {
    let words = |text: &str| -> BTreeSet<String> {
        let letters = text.split(|letter: char| !letter.is_alphanumeric());
        letters.filter(|word| word.len() > 2).map(str::to_lowercase).collect()
    };
    let wanted = words(text);
    let score = |known: Known| {
        let shared = |(pattern, _): (String, bool)| {
            let own = words(&pattern);
            let both = own.intersection(&wanted).map(String::len).sum::<usize>();
            (both.saturating_mul(100).checked_div(own.iter().map(String::len).sum::<usize>()).unwrap_or(0), both)
        };
        known.patterns().map(shared).filter(|(percent, both)| *percent >= 50 && *both >= 8).max().unwrap_or_default()
    };
    let mut scored: Vec<_> = super::all().map(|known| (score(known), known)).filter(|(it, _)| it.0 > 0).collect();
    scored.sort_by_key(|(it, _)| std::cmp::Reverse(*it));
    scored.into_iter().map(|(_, known)| known).take(most).collect()
}

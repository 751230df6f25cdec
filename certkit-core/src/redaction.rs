//! Takes secrets out of what somebody says who was sent them.
//!
//! A server may repeat what it was sent, in whatever form: as it is, as a part of a URL, of JSON or of HTML, or in Base64.
//! What it says goes into reports that others read.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

/// What stands in place of a secret.
const HIDDEN: &str = "***";

/// The fewest characters of a secret that is looked for: shorter ones stand in every text by chance.
const SHORTEST: usize = 4;

/// As many characters of a secret at the end of a text are the beginning of it: the text was cut there.
const CUT: usize = 6;

/// The fewest octets of a secret that is taken for repeated where it stands in binary data.
const IN_BINARY: usize = 8;

/// Secrets that are to be shown nowhere; wiped when dropped.
#[derive(Clone, Default)]
pub struct Redaction {
    /// The characters of each form.
    forms: Vec<Zeroizing<Vec<char>>>,
    /// The secrets as octets, where they are long enough to be looked for in binary data.
    octets: Vec<Zeroizing<Vec<u8>>>,
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction").field("forms", &self.forms.len()).finish_non_exhaustive()
    }
}

impl Redaction {
    /// Hides a secret, and its Base64, from now on.
    pub fn add(&mut self, secret: &[u8]) {
        // What is no UTF-8 is ISO 8859-1, in which every octet is a character.
        let latin = || Zeroizing::new(secret.iter().map(|it| char::from(*it)).collect::<String>());
        let text = std::str::from_utf8(secret).map_or_else(|_| latin(), |it| Zeroizing::new(it.to_owned()));
        if text.chars().count() < SHORTEST {
            return;
        }
        self.add_form(&text);
        self.add_base64(secret);
        if secret.len() >= IN_BINARY {
            self.octets.push(Zeroizing::new(secret.to_vec()));
        }
    }

    /// Hides the Base64 of some octets that a secret stands in, such as a name and a password.
    pub fn add_base64(&mut self, octets: &[u8]) {
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            self.add_form(&Zeroizing::new(engine.encode(octets)));
        }
    }

    fn add_form(&mut self, text: &str) {
        let form = Zeroizing::new(text.chars().collect::<Vec<char>>());
        if form.len() >= SHORTEST && !self.forms.contains(&form) {
            self.forms.push(form);
        }
    }

    /// Gives a text with three asterisks in place of each secret, whichever of its characters are percent-encoded,
    /// escaped as in JSON, or written as references of HTML.
    ///
    /// Costs time in proportion to the length of the text.
    pub fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut out = String::new();
        let (mut done, mut at) = (0_usize, 0_usize);
        while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = text.get(at..).unwrap_or_default();
            let Some(length) = self.forms.iter().filter_map(|form| length_of(form, rest)).max() else {
                at = at.saturating_add(first.len_utf8());
                continue;
            };
            out.push_str(text.get(done..at).unwrap_or_default());
            out.push_str(HIDDEN);
            at = at.saturating_add(length);
            done = at;
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// Says whether a secret stands in a text.
    pub fn is_in(&self, text: &str) -> bool {
        matches!(self.hide(text), Cow::Owned(_))
    }

    /// Says whether a secret of eight octets or more stands in binary data as it is.
    pub fn is_in_octets(&self, octets: &[u8]) -> bool {
        self.octets.iter().any(|it| memchr::memmem::find(octets, it).is_some())
    }
}

/// How many octets at the beginning of a text are a form of a secret; `None` where it begins with something else.
fn length_of(form: &[char], text: &str) -> Option<usize> {
    let mut ends = vec![0_usize];
    for (matched, wanted) in form.iter().enumerate() {
        if matched >= CUT && ends.contains(&text.len()) {
            return Some(text.len());
        }
        let mut next = Vec::new();
        for end in ends {
            let rest = text.get(end..).unwrap_or_default();
            for (read, length) in readings(rest).into_iter().flatten() {
                // What could not be read may have been it.
                if read == *wanted || (read == char::REPLACEMENT_CHARACTER && !wanted.is_ascii()) {
                    let end = end.saturating_add(length);
                    if !next.contains(&end) {
                        next.push(end);
                    }
                }
            }
        }
        if next.is_empty() {
            return None;
        }
        ends = next;
    }
    ends.into_iter().max()
}

/// A character, and how many octets of a text stand for it.
type Reading = Option<(char, usize)>;

/// What the beginning of a text may stand for: itself, and what it is encoded for.
fn readings(text: &str) -> [Reading; 3] {
    let Some(first) = text.chars().next() else { return [None; 3] };
    let plain = Some((first, first.len_utf8()));
    match first {
        '%' => [plain, percent(text), percent_of_utf8(text)],
        '+' => [plain, Some((' ', 1)), None],
        '\\' => [plain, escape(text), None],
        '&' => [plain, reference(text), None],
        _ => [plain, None, None],
    }
}

/// An octet that is percent-encoded (RFC 3986 section 2.1), taken for ISO 8859-1.
fn percent(text: &str) -> Reading {
    octet(text).map(|it| (char::from(it), 3))
}

fn octet(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    hexadecimal(digits).and_then(|it| u8::try_from(it).ok())
}

/// A character whose UTF-8 is percent-encoded.
fn percent_of_utf8(text: &str) -> Reading {
    let mut octets = Vec::new();
    for place in [0, 3, 6, 9] {
        octets.push(octet(text.get(place..)?)?);
        if let Ok(read) = std::str::from_utf8(&octets) {
            return read.chars().next().map(|it| (it, octets.len().saturating_mul(3)));
        }
    }
    None
}

/// An escaped character of JSON (RFC 8259 section 7), or of `text::Printable`.
fn escape(text: &str) -> Reading {
    let rest = text.strip_prefix('\\')?;
    let plain = |it: char| Some((it, 2));
    match rest.chars().next()? {
        it @ ('"' | '\\' | '/' | '\'') => plain(it),
        'b' => plain('\u{8}'),
        'f' => plain('\u{c}'),
        'n' => plain('\n'),
        'r' => plain('\r'),
        't' => plain('\t'),
        'u' => match rest.strip_prefix("u{") {
            Some(rest) => {
                let digits = rest.get(..rest.find('}')?)?;
                char::from_u32(hexadecimal(digits)?).map(|it| (it, digits.len().saturating_add(4)))
            }
            None => unit(text).and_then(|first| match char::from_u32(first) {
                Some(it) => Some((it, 6)),
                None => {
                    let units = [u16::try_from(first).ok()?, u16::try_from(unit(text.get(6..)?)?).ok()?];
                    char::decode_utf16(units).next()?.ok().map(|it| (it, 12))
                }
            }),
        },
        _ => None,
    }
}

/// The four digits after `\u`.
fn unit(text: &str) -> Option<u32> {
    text.strip_prefix("\\u").and_then(|it| hexadecimal(it.get(..4)?))
}

/// A character reference of HTML.
fn reference(text: &str) -> Reading {
    const NAMES: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
    let name = text.strip_prefix('&')?;
    let name = name.get(..name.bytes().take(10).position(|it| it == b';')?)?;
    let read = match name.strip_prefix('#') {
        Some(number) => char::from_u32(match number.strip_prefix(['x', 'X']) {
            Some(digits) => hexadecimal(digits)?,
            None => number.parse().ok()?,
        })?,
        None => NAMES.iter().find(|it| it.0 == name)?.1,
    };
    Some((read, name.len().saturating_add(2)))
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let is_whole = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_hexdigit());
    if is_whole { u32::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redaction() -> Redaction {
        let mut redaction = Redaction::default();
        redaction.add("Pa\"ss w+ö/\\1".as_bytes());
        redaction.add_base64("api:Pa\"ss w+ö/\\1".as_bytes());
        redaction
    }

    #[test]
    fn a_secret_is_hidden_in_every_form() {
        for (said, shown) in [
            ("it was Pa\"ss w+ö/\\1, so", "it was ***, so"),
            ("/log-in?p=Pa%22ss+w%2B%C3%B6%2F%5C1&x=1", "/log-in?p=***&x=1"),
            ("Pa%22ss%20w%2b%f6%2f%5c1", "***"),
            ("%50%61%22%73%73%20%77%2B%C3%B6%2F%5C%31", "***"),
            (r#"{"p": "Pa\"ss w+\u00f6\/\\1"}"#, r#"{"p": "***"}"#),
            ("<p>Pa&quot;ss w&#43;&#xF6;/\\1</p>", "<p>***</p>"),
            ("Pa\"ss w+\u{fffd}/\\1 twice Pa\"ss w+ö/\\1", "*** twice ***"),
            ("Basic YXBpOlBhInNzIHcrw7YvXDE=", "Basic ***="),
            ("Basic YXBpOlBhInNzIHcrw7YvXDE%3D", "Basic ***%3D"),
            ("alone: UGEic3MgdyvDti9cMQ==", "alone: ***=="),
            ("and cut: Pa\"ss w", "and cut: ***"),
            ("Pa\"ss", "Pa\"ss"),
            ("nothing", "nothing"),
            ("", ""),
        ] {
            assert_eq!(redaction().hide(said), shown, "{said}");
        }
    }

    #[test]
    fn what_stands_everywhere_is_no_secret() {
        let mut redaction = Redaction::default();
        redaction.add(b"the");
        redaction.add(b"");
        assert_eq!(redaction.hide("the end"), "the end");
        assert!(!format!("{:?}", self::redaction()).contains("Pa"));
    }

    #[test]
    fn octets_of_another_set_of_characters_are_a_secret_too() {
        let mut redaction = Redaction::default();
        redaction.add(b"stra\xdfen-7");
        assert_eq!(redaction.hide("straßen-7 stra%DFen-7 stra%C3%9Fen-7"), "*** *** ***");
        assert!(redaction.is_in_octets(b"\x30\x09stra\xdfen-7\x00"));
        assert!(!redaction.is_in_octets(b"strassen-7"));
    }

    #[test]
    fn a_long_text_costs_time_in_proportion() {
        let mut redaction = Redaction::default();
        redaction.add("\\".repeat(64).as_bytes());
        let text = format!("{}x", "\\".repeat(60)).repeat(40);
        assert_eq!(redaction.hide(&text), text);
    }
}

//! What leaves the program as text passes here: nothing of it acts upon a terminal, and no URL shows its password.
//!
//! Text from outside is made fit for reading where sentences are built, with [`Printable`](certkit_core::text::Printable);
//! whoever forgets it is caught here. Colours of our own come as marks with a number that no stranger can guess.

use std::borrow::Cow;
use std::ffi::OsString;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write};
use std::sync::{LazyLock, PoisonError, RwLock};

use certkit_core::redaction::Redaction;
use certkit_core::text::{is_printable, password_of, without_users};

/// The passwords of addresses that stand in the command line.
static TYPED: RwLock<Option<Redaction>> = RwLock::new(None);

/// Hides the passwords of a command line's addresses from now on, however these are misspelt or cut when they are told.
pub(crate) fn hide_passwords_of(words: &[OsString]) {
    for word in words.iter().filter_map(|word| word.to_str()) {
        let value =
            word.split_once('=').filter(|(option, _)| option.starts_with("--")).map_or(word, |(_, value)| value);
        let Some(password) = password_of(value) else { continue };
        let mut typed = TYPED.write().unwrap_or_else(PoisonError::into_inner);
        let typed = typed.get_or_insert_default();
        typed.add(password.as_bytes());
        // A path is told in parts.
        password.split(['/', '\\']).for_each(|part| typed.add(part.as_bytes()));
    }
}

/// Hides what is secret in a text: of URLs, and of what was typed.
fn without_secrets(text: &str) -> Cow<'_, str> {
    let hidden = without_users(text);
    match &*TYPED.read().unwrap_or_else(PoisonError::into_inner) {
        Some(typed) => Cow::Owned(typed.hide(&hidden).into_owned()),
        None => hidden,
    }
}

/// What each of our marks begins with, and a letter ends: an escape sequence, so that it takes no columns and is never
/// broken, with a number that is new in every run.
static MARK: LazyLock<String> = LazyLock::new(|| format!("\u{1b}[{:020}", RandomState::new().hash_one(0)));

/// Makes a mark; `e` ends a style.
pub(crate) fn mark(style: char) -> String {
    format!("{}{style}", *MARK)
}

/// Whether marks become colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colors {
    /// As the escape sequences of terminals.
    Shown,
    /// They are left out.
    LeftOut,
}

/// Lets a text out: lines of it, and our colours; every other control character is written as `\u{…}`.
pub(crate) fn text(text: &str, colors: Colors) -> String {
    let text = without_secrets(text);
    let mut out = String::with_capacity(text.len());
    for (part, at) in text.split(MARK.as_str()).zip(0..) {
        let mut characters = part.chars();
        if at > 0 {
            let style = characters.next().unwrap_or('e');
            if colors == Colors::Shown {
                out.push_str(sequence(style));
            }
        }
        copy(characters.as_str(), &mut out, escape);
    }
    out
}

fn sequence(style: char) -> &'static str {
    match style {
        'b' => "\u{1b}[1m",
        'd' => "\u{1b}[2m",
        'g' => "\u{1b}[32m",
        'y' => "\u{1b}[33m",
        'r' => "\u{1b}[31m",
        _ => "\u{1b}[0m",
    }
}

/// Copies a text; every character that acts upon a terminal is written by `odd`.
fn copy(text: &str, out: &mut String, odd: fn(char, &mut String)) {
    let mut rest = text;
    while !rest.is_empty() {
        // Nearly all of it is plain, and copied as a whole.
        let is_odd = |byte: u8| !matches!(byte, b' '..=b'~' | b'\n');
        let (plain, after) = rest.split_at(rest.bytes().position(is_odd).unwrap_or(rest.len()));
        out.push_str(plain);
        let mut characters = after.chars();
        match characters.next() {
            Some(character) if is_printable(character) => out.push(character),
            Some(character) => odd(character, out),
            None => {}
        }
        rest = characters.as_str();
    }
}

fn escape(character: char, out: &mut String) {
    out.extend(character.escape_unicode());
}

/// Lets a JSON document out: the same characters are escaped as JSON has it, so that nothing is lost.
pub(crate) fn json(document: &str) -> String {
    let document = without_secrets(document);
    let mut out = String::with_capacity(document.len());
    copy(&document, &mut out, |character, out| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            *out += &format!("\\u{unit:04x}");
        }
    });
    out
}

/// How what is written piece by piece is let out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// JSON, whose escapes are its own.
    Json,
    /// Any other text; lines may end with CR LF.
    Lines,
    /// Lines whose fields have been made fit by [`field`](certkit_core::text::field), before they were escaped and joined: an address that one
    /// begins ends with it.
    Fields,
}

/// Lets out what is written piece by piece, line by line.
pub(crate) struct Gate<W: Write> {
    to: W,
    form: Form,
    /// What has no end yet: a line, or as much of it as is held back.
    held: Vec<u8>,
}

/// How much of a line is held back at most.
const HELD: usize = 1 << 20;

impl<W: Write> Gate<W> {
    pub(crate) fn new(to: W, form: Form) -> Gate<W> {
        Gate { to, form, held: Vec::new() }
    }

    fn let_out(&mut self, length: usize) -> io::Result<()> {
        let rest = self.held.split_off(length.min(self.held.len()));
        let lines = std::mem::replace(&mut self.held, rest);
        let lines = String::from_utf8_lossy(&lines);
        let out = match self.form {
            Form::Json => json(&lines),
            Form::Lines | Form::Fields => {
                let lines =
                    if self.form == Form::Fields { lines } else { Cow::Owned(without_secrets(&lines).into_owned()) };
                let mut out = String::with_capacity(lines.len());
                for line in lines.split_inclusive('\n') {
                    let (line, end) = match line.strip_suffix("\r\n") {
                        Some(line) => (line, "\r\n"),
                        None => (line, ""),
                    };
                    copy(line, &mut out, escape);
                    out.push_str(end);
                }
                out
            }
        };
        self.to.write_all(out.as_bytes())
    }

    /// Lets out all that is left.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.let_out(usize::MAX)?;
        self.to.flush()
    }
}

impl<W: Write> Write for Gate<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if bytes.contains(&b'\n') || self.held.len() > HELD {
            let end = self.held.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
            // A line without end: as far as whole characters go.
            let whole = || self.held.iter().rposition(u8::is_ascii).map_or(self.held.len(), |at| at + 1);
            let end = end.unwrap_or_else(whole);
            self.let_out(end)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use certkit_core::text::field;

    use super::*;

    const HOSTILE: &str = "a\u{1b}[31mb\u{9b}c\u{202e}d\u{200b}e\r\u{7f}\u{fdd0}0000000000000000r\tf\n";

    #[test]
    fn only_our_own_colours_pass() {
        let own = format!("{}x{}", mark('r'), mark('e'));
        assert_eq!(text(&own, Colors::Shown), "\u{1b}[31mx\u{1b}[0m");
        assert_eq!(text(&own, Colors::LeftOut), "x");
        let out = text(HOSTILE, Colors::Shown);
        assert!(out.trim_end().chars().all(is_printable), "{out:?}");
        assert!(out.starts_with("a\\u{1b}[31mb\\u{9b}c\\u{202e}d"), "{out}");
    }

    #[test]
    fn json_loses_nothing() {
        let written = serde_json::to_string_pretty(&[HOSTILE, "\u{e0041}\u{10ffff}"]).unwrap();
        let out = json(&written);
        assert!(out.chars().all(|c| c == '\n' || is_printable(c)), "{out:?}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&out).unwrap(), [HOSTILE, "\u{e0041}\u{10ffff}"]);
    }

    #[test]
    fn an_address_ends_with_its_field() {
        let mut out = Vec::new();
        let mut gate = Gate::new(&mut out, Form::Fields);
        let fields = ["CN=https://x", "email:a@b.example", "http://u:p@h/"].map(field);
        gate.write_all(format!("{}\u{9b}\r\n", fields.join(",")).as_bytes()).unwrap();
        gate.finish().unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "CN=https://x,email:a@b.example,http://***@h/\\u{9b}\r\n");
    }

    #[test]
    fn pieces_are_let_out_as_a_whole() {
        let mut out = Vec::new();
        let mut gate = Gate::new(&mut out, Form::Lines);
        for byte in "ü\u{202e}\r\nhttp://u:p@h/\rx\u{9b}".as_bytes() {
            gate.write_all(&[*byte]).unwrap();
        }
        gate.finish().unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "ü\\u{202e}\r\nhttp://***@h/\\u{d}x\\u{9b}");
    }
}

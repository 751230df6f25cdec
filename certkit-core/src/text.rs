//! Makes strangers' text fit for a terminal.
//!
//! Knows which characters could move a cursor, hide or reorder text; knows nothing
//! of where the text came from. Everything that a certificate says reaches a person
//! through [`Printable`].

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::ops::Range;

/// Shows text with everything escaped that a terminal would act upon.
///
/// Control characters, bidirectional overrides, invisible and unassigned characters
/// appear as `\u{…}`; a backslash is doubled only where it would be mistaken for one
/// of these. Letters of every script stay as they are.
#[derive(Clone, Copy)]
pub struct Printable<T>(pub T);

impl<T: AsRef<str>> fmt::Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.as_ref();
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            let fake_escape = character == '\\' && text.get(at..).is_some_and(|rest| rest.starts_with("\\u{"));
            if is_printable(character) && !fake_escape {
                continue;
            }
            f.write_str(text.get(plain..at).unwrap_or_default())?;
            write!(f, "\\u{{{:x}}}", u32::from(character))?;
            plain = at.saturating_add(character.len_utf8());
        }
        f.write_str(text.get(plain..).unwrap_or_default())
    }
}

/// How much of a stranger's text a sentence has room for, in characters.
const ROOM: usize = 160;

/// Strangers' text for a sentence: fit for a terminal, and cut where it would drown the rest.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{}\u{2026}", Printable(text.get(..end).unwrap_or_default())),
        None => Printable(text).to_string(),
    }
}

/// Says whether a character shows itself and nothing else.
pub fn is_printable(character: char) -> bool {
    match character {
        ' '..='~' => true,
        // Soft hyphen, Arabic letter mark, Hangul and Khmer fillers, Mongolian separators.
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' => false,
        // Zero-width and bidirectional controls, line and paragraph separators.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => false,
        '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' => false,
        // Private use, tags and noncharacters.
        '\u{e000}'..='\u{f8ff}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'.. => false,
        _ => !character.is_control() && u32::from(character) & 0xfffe != 0xfffe,
    }
}

/// An address as a certificate, a server or a user wrote it, with what may be secret in it.
///
/// `Display` and `Debug` show it without the user name and password, and fit for a terminal; nothing
/// outside this crate gets at them.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(String);

impl Address {
    /// Takes an address over.
    pub fn new(written: impl Into<String>) -> Address {
        Address(written.into())
    }

    /// Gives the address as it was written, to ask there.
    pub(crate) fn written(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Printable(without_secrets(&self.0)))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// What stands in place of a user name and password.
const HIDDEN: &str = "***";

/// Hides the user name and password of an address, also where a URL parser would have to guess them.
pub fn without_user(address: &str) -> Cow<'_, str> {
    match user_of(address) {
        Some(user) => Cow::Owned(format!(
            "{}{HIDDEN}{}",
            address.get(..user.start).unwrap_or_default(),
            address.get(user.end..).unwrap_or_default()
        )),
        None => Cow::Borrowed(address),
    }
}

/// The password of an address that a user has typed, however the address is misspelt (`https:/u:p@h`, `u:p@h:443`); `None`
/// where there is none, as in a URN or a distinguished name.
pub fn password_of(address: &str) -> Option<&str> {
    let user = user_of(address)?;
    let start = address.get(..user.start)?;
    let before = address.get(..user.end)?;
    let named = before.get(start.rfind(['/', '\\']).map_or(0, |at| at.saturating_add(1))..)?;
    let (name, password) = named.split_once(':')?;
    let is_name = !name.contains(|c: char| c.is_whitespace() || "=,;".contains(c));
    let is_other = ["urn", "mailto", "uri", "email", "tag", "tel"].iter().any(|it| name.eq_ignore_ascii_case(it));
    // `ticket: ann@plant` is prose.
    let is_prose = password.starts_with(char::is_whitespace);
    (is_name && !is_other && !is_prose && !password.is_empty()).then_some(password)
}

/// Where the user name and password of an address stand.
fn user_of(address: &str) -> Option<Range<usize>> {
    let is_scheme = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    // `scheme:user:password@host` without slashes is one, too, for browsers and for the parser of downloads.
    let slashes = ['/', '\\'];
    let encoded = address.find("//").filter(|at| {
        let scheme = address.get(..*at).unwrap_or_default();
        scheme.len() > 3
            && scheme.get(scheme.len().saturating_sub(3)..).is_some_and(|it| it.eq_ignore_ascii_case("%3a"))
    });
    let address_after = encoded.and_then(|at| address.get(at..)).unwrap_or(address);
    let after_scheme = match address_after.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme.trim_start()) && (rest.starts_with(slashes) || rest.contains('@')) => {
            rest
        }
        _ => address_after,
    };
    let rest = after_scheme.trim_start_matches(slashes);
    let start = address.len().saturating_sub(rest.len());
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    let at = match authority.rfind('@') {
        Some(at) => Some(at),
        // No port is one: the slash stands in a password that should have been encoded.
        None => {
            let is_odd = |port: &str| !port.is_empty() && !port.bytes().all(|byte| byte.is_ascii_digit());
            let is_cut =
                !authority.starts_with('[') && authority.rsplit_once(':').is_some_and(|(_, port)| is_odd(port));
            if is_cut { rest.rfind('@') } else { None }
        }
    };
    at.filter(|at| *at > 0).map(|at| start..start.saturating_add(at))
}

/// What stands in the names of parameters whose values are secret.
const SECRET: [&str; 15] = [
    "pass",
    "pwd",
    "secret",
    "token",
    "credential",
    "signature",
    "apikey",
    "api_key",
    "api-key",
    "appkey",
    "app_key",
    "app-key",
    "authorization",
    "session",
    "jwt",
];

/// Names of parameters whose values are secret, where the whole name is one of these.
const SECRETS: [&str; 4] = ["key", "sig", "code", "auth"];

/// Says whether the value of a parameter is secret, by its name.
pub(crate) fn is_secret_parameter(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    SECRETS.contains(&lower.as_str()) || SECRET.iter().any(|word| lower.contains(word))
}

/// Hides the user name and password of an address, and the values of parameters that are secret by their names
/// (`?password=`, `;pwd=`).
pub fn without_secrets(address: &str) -> Cow<'_, str> {
    let address = without_user(address);
    let marks = ['?', '&', ';', '#'];
    let mut out = String::new();
    let mut done = 0usize;
    for (at, _) in address.match_indices(marks) {
        let from = at.saturating_add(1);
        let rest = address.get(from..).unwrap_or_default();
        let part = rest.get(..rest.find(['?', '&', ';', '#']).unwrap_or(rest.len())).unwrap_or_default();
        let Some((name, value)) = part.split_once('=').filter(|(_, value)| !value.is_empty()) else { continue };
        if is_secret_parameter(name) {
            let start = from.saturating_add(name.len()).saturating_add(1);
            out.push_str(address.get(done..start).unwrap_or_default());
            out.push_str(HIDDEN);
            done = start.saturating_add(value.len());
        }
    }
    if done == 0 {
        return address;
    }
    out.push_str(address.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// What stands before a host, as people write it.
const SLASHES: [char; 2] = ['/', '\\'];

/// Hides the user names, passwords and other secrets of all URLs in a text; whatever follows `://` up to a blank or quote is
/// one. Where the marks are misspelt (`:/`, `//`, `:\\`), a name and a password are hidden.
pub fn without_users(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0usize;
    for at in memchr::memchr2_iter(b'/', b'\\', text.as_bytes()) {
        let from = at.saturating_add(1);
        let before = text.get(..at).unwrap_or_default();
        let rest = text.get(from..).unwrap_or_default();
        if from < done || !before.ends_with([':', '/', '\\']) || rest.starts_with(SLASHES) {
            continue;
        }
        let is_url = before.ends_with(SLASHES) && before.trim_end_matches(SLASHES).ends_with(':');
        let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '|');
        let url = rest.get(..rest.find(ends).unwrap_or(rest.len())).unwrap_or_default();
        // Bounded: no further than the address of another one.
        let url = url.get(..url.find("://").unwrap_or(url.len())).unwrap_or_default();
        let hidden = if is_url || has_password(url) { without_secrets_after(url) } else { None };
        if let Some(hidden) = hidden {
            out.push_str(text.get(done..from).unwrap_or_default());
            out.push_str(&hidden);
            done = from.saturating_add(url.len());
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// Says whether what follows the slashes of an address begins with a name and a password.
fn has_password(slashes: &str) -> bool {
    let authority = slashes.get(..slashes.find(['/', '\\', '?', '#']).unwrap_or(slashes.len())).unwrap_or_default();
    authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

/// What follows the slashes of an address, its secrets hidden; `None` where there are none.
fn without_secrets_after(slashes: &str) -> Option<String> {
    match without_secrets(&format!("//{slashes}")) {
        Cow::Owned(hidden) => hidden.strip_prefix("//").map(str::to_owned),
        Cow::Borrowed(_) => None,
    }
}

/// Makes a text fit to be a field of a format that escapes and joins fields in its own way: printable, without the users and
/// passwords of URLs.
pub fn field(text: &str) -> String {
    Printable(without_users(text)).to_string()
}

/// Writes bytes as lower-case hexadecimal without separators.
#[derive(Clone, Copy)]
pub struct Hex<T>(pub T);

impl<T: AsRef<[u8]>> fmt::Display for Hex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        for octet in self.0.as_ref() {
            for nibble in [octet >> 4, octet & 15] {
                f.write_char(DIGITS.get(usize::from(nibble)).copied().unwrap_or('?'))?;
            }
        }
        Ok(())
    }
}

/// Writes an error with its causes in one line, each said once.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let reason = inner.to_string();
        if !said.contains(&reason) {
            said = format!("{said}: {reason}");
        }
        cause = inner.source();
    }
    said
}

/// Gives `one` or `many`, as the count wants it.
pub fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

#[cfg(test)]
mod tests;

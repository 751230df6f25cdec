//! The values of properties. A secret is none of them: what is kept of one cannot be printed.

use std::fmt;

use crate::crypto::digest;
use crate::crypto::random::{self, NoRandomness};
use crate::text::{Printable, is_secret_parameter, shown, without_users};

/// The most characters that are kept of a text.
const ROOM: usize = 1024;

/// How many digits Kepware's own form of a stored secret has at the least.
const STORED: usize = 64;

/// What stands in the names of properties that hold a secret.
const SECRET: [&str; 9] = [
    "PASSWORD",
    "PASSPHRASE",
    "APPKEY",
    "HTTP_HEADER",
    "CUSTOM_COMMUNITY",
    "SECRET",
    "TOKEN",
    "PRIVATE_KEY",
    "CREDENTIAL",
];

/// What a property holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Text, without what may be secret in the addresses in it.
    Text(String),
    /// A secret.
    Secret(Secret),
    /// A list, an object or null.
    Other,
}

/// What is known of a secret: never its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// There is none.
    Empty,
    /// It is in the form in which Kepware stores secrets: long hexadecimal. The mark tells one from another.
    Stored(Mark),
    /// It stands there in clear.
    Clear(Clear),
}

/// The SHA-256 of a secret that stands in clear. It is shown nowhere, since short secrets can be guessed from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Clear([u8; 32]);

impl fmt::Debug for Clear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clear")
    }
}

impl Clear {
    /// A mark that tells whether another secret stands there later: two octets of the SHA-256 under a salt, by which nobody
    /// makes sure of a guess. One change in 65536 goes unseen.
    pub fn mark(&self, salt: &Salt) -> String {
        let digest = digest::sha256(&[salt.0.as_slice(), &self.0].concat());
        crate::text::Hex(digest.get(..2).unwrap_or_default()).to_string()
    }
}

/// What the marks of secrets in one line of reports are made with, so that those of two lines cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt([u8; 16]);

impl Salt {
    /// Draws one.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn draw() -> Result<Salt, NoRandomness> {
        random::bytes().map(Salt)
    }

    /// Reads one that was written; `None` for what is none.
    pub fn parse(text: &str) -> Option<Salt> {
        let digit = |at: usize| text.get(at..at.saturating_add(2)).and_then(|it| u8::from_str_radix(it, 16).ok());
        let mut salt = [0; 16];
        for (octet, at) in salt.iter_mut().zip((0..).step_by(2)) {
            *octet = digit(at)?;
        }
        (text.len() == 32).then_some(Salt(salt))
    }
}

impl fmt::Display for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", crate::text::Hex(self.0))
    }
}

/// Eight octets of the SHA-256 of a stored secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark([u8; 8]);

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", crate::text::Hex(self.0))
    }
}

impl Secret {
    /// Looks at a secret and forgets it.
    pub fn of(text: &str) -> Secret {
        let is_hexadecimal = text.len() >= STORED
            && text.len().is_multiple_of(2)
            && text.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it));
        match text {
            "" => Secret::Empty,
            _ if is_hexadecimal => {
                let mut mark = [0; 8];
                mark.iter_mut().zip(digest::sha256(text.as_bytes())).for_each(|(to, from)| *to = from);
                Secret::Stored(Mark(mark))
            }
            _ => Secret::Clear(Clear(digest::sha256(text.as_bytes()))),
        }
    }
}

/// Says whether the text of a property is a secret, by its name.
pub fn is_secret(key: &str) -> bool {
    let name = key.rsplit('.').next().unwrap_or(key);
    let name = name.to_ascii_uppercase();
    SECRET.iter().any(|it| name.contains(it))
}

impl Value {
    /// Takes a text over as the value of a property: a secret where the property holds one, and without the user names,
    /// passwords, queries and fragments of addresses, where tokens stand, and without the path of what may be a webhook.
    pub fn of_text(key: &str, text: &str) -> Value {
        if is_secret(key) {
            return Value::Secret(Secret::of(text));
        }
        let hidden = without_connection_passwords(&without_users(text));
        let mut kept = without_query(hidden);
        if key.ends_with("REST_CLIENT_URL") {
            kept = without_path(kept);
        }
        if let Some((end, _)) = kept.char_indices().nth(ROOM) {
            kept.truncate(end);
        }
        Value::Text(kept)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Flag(true) => f.write_str("yes"),
            Value::Flag(false) => f.write_str("no"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Text(text) => f.write_str(&shown(text)),
            Value::Secret(Secret::Empty) => f.write_str("(no secret)"),
            Value::Secret(Secret::Stored(mark)) => write!(f, "(secret, stored form, mark {mark})"),
            Value::Secret(Secret::Clear(_)) => f.write_str("(secret, in clear)"),
            Value::Other => f.write_str("(not read)"),
        }
    }
}

/// Hides the query and the fragment of an address, whole or without its host, and leaves the name of a parameter that is
/// secret: `https://mes/in?token=***`.
fn without_query(text: String) -> String {
    let Some(at) = text.find(['?', '#']) else { return text };
    let (before, rest) = text.split_at_checked(at).unwrap_or((&text, ""));
    let (mark, rest) = rest.split_at_checked(1).unwrap_or((rest, ""));
    let is_whole = before.contains("://");
    let is_query = mark == "?" && (before.starts_with('/') || rest.contains('='));
    if !is_whole && !is_query {
        return text;
    }
    let parameters = rest.split(['?', '#', '&', ';']).filter_map(|it| it.split_once('='));
    let secret = parameters.filter(|(_, value)| !value.is_empty()).map(|it| it.0).find(|it| is_secret_parameter(it));
    match secret {
        Some(name) => format!("{before}{mark}{name}={HIDDEN}"),
        None => format!("{before}{mark}{HIDDEN}"),
    }
}

/// Hides the path of an address.
fn without_path(text: String) -> String {
    let start = text.find("://").map_or(0, |at| at.saturating_add(3));
    let Some(at) = text.get(start..).and_then(|rest| rest.find('/')).map(|at| start.saturating_add(at)) else {
        return text;
    };
    let (host, path) = text.split_at_checked(at).unwrap_or((&text, ""));
    let (path, query) = path.split_at_checked(path.find(['?', '#']).unwrap_or(path.len())).unwrap_or((path, ""));
    if path.len() > 1 { format!("{host}/{HIDDEN}{query}") } else { text }
}

/// What stands in place of a password in a text.
const HIDDEN: &str = "***";

/// The words of connection strings (ODBC, OLE DB) before a password.
const PASSWORD_WORDS: [&str; 4] = ["PWD", "PASSWORD", "PASSWD", "PASSPHRASE"];

/// Hides the passwords of a connection string: `DSN=a;UID=b;PWD=***`.
fn without_connection_passwords(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('=') {
        let word = before.rsplit(';').next().unwrap_or(before).trim();
        // A word of its own, or one at the end of a longer name: `Jet OLEDB:Database Password`.
        let last = word.rsplit([' ', ':']).next().unwrap_or(word);
        let value = end_of_value(after);
        out.push_str(before);
        out.push('=');
        let (shown, next) = after.split_at_checked(value).unwrap_or((after, ""));
        let is_password = PASSWORD_WORDS.iter().any(|it| last.eq_ignore_ascii_case(it));
        out.push_str(if is_password && !shown.trim().is_empty() { HIDDEN } else { shown });
        rest = next;
    }
    out.push_str(rest);
    out
}

/// How long the value at the beginning of a text is: to the semicolon, or to the end of its braces or quotes.
fn end_of_value(text: &str) -> usize {
    let close = match text.trim_start().chars().next() {
        Some('{') => '}',
        Some(quote @ ('"' | '\'')) => quote,
        _ => return text.find(';').unwrap_or(text.len()),
    };
    let start = text.len().saturating_sub(text.trim_start().len()).saturating_add(1);
    let closed = text.get(start..).and_then(|it| it.find(close)).map(|it| start.saturating_add(it));
    let from = closed.unwrap_or(text.len());
    // A doubled mark stands for itself; whatever follows up to the semicolon belongs to the value.
    text.get(from..).and_then(|it| it.find(';')).map_or(text.len(), |it| from.saturating_add(it))
}

/// Says whether a secret stood in a text that was taken over: of an address, of its query, or of a connection string.
pub(super) fn had_password(text: &str) -> bool {
    let is_hidden = |part: &str| {
        let word = part.split_once('=').filter(|it| it.1.trim() == HIDDEN).map(|it| it.0.trim());
        let last = word.and_then(|it| it.rsplit([' ', ':']).next());
        last.is_some_and(|it| PASSWORD_WORDS.iter().any(|word| it.eq_ignore_ascii_case(word)))
    };
    let query = text.split_once(['?', '#']).and_then(|(_, query)| query.strip_suffix("=***"));
    text.contains("://***@") || query.is_some_and(is_secret_parameter) || text.split(';').any(is_hidden)
}

/// A stranger's name in quotes, fit for a sentence.
pub(super) fn quoted(name: &str) -> String {
    let shown = shown(name);
    if shown.is_empty() { "(no name)".to_owned() } else { format!("`{}`", Printable(shown)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_secret_is_kept() {
        let clear = Value::of_text("iot_gateway.REST_CLIENT_PASSWORD", "not-a-real-password");
        let stored = Value::of_text("thingworxinterface.APPKEY", &"5f".repeat(40));
        for value in [&clear, &stored] {
            let told = format!("{value} {value:?}");
            assert!(!told.contains("not-a-real") && !told.contains("5f5f5f"), "{told}");
        }
        assert!(matches!(clear, Value::Secret(Secret::Clear(_))));
        assert!(matches!(stored, Value::Secret(Secret::Stored(_))));
        assert_eq!(Value::of_text("x.USER_PASSWORD", ""), Value::Secret(Secret::Empty));
        // A UUID or a short token is one that somebody has written there.
        assert!(matches!(Value::of_text("x.APPKEY", &"ab".repeat(16)), Value::Secret(Secret::Clear(_))));
    }

    #[test]
    fn marks_of_secrets_in_clear_are_short_and_salted() {
        let mark = |text: &str, salt: &Salt| match Secret::of(text) {
            Secret::Clear(clear) => clear.mark(salt),
            _ => String::new(),
        };
        let (one, other) = (Salt::draw().unwrap(), Salt::draw().unwrap());
        let marks = |salt: &Salt| ["a", "b", "c", "d"].map(|it| mark(it, salt));
        assert_eq!(marks(&one), marks(&Salt::parse(&one.to_string()).unwrap()));
        assert_ne!(marks(&one), marks(&other));
        assert!(mark("a", &one).len() == 4 && marks(&one).iter().skip(1).any(|it| *it != mark("a", &one)));
        assert_eq!(Salt::parse("5f"), None);
    }

    #[test]
    fn connection_strings_lose_their_passwords() {
        let told = |text: &str| Value::of_text("datalogger.LOG_GROUP_DSN", text).to_string();
        assert_eq!(told("DSN=a;UID=b;PWD=hush;Port=1"), "DSN=a;UID=b;PWD=***;Port=1");
        assert_eq!(told("dsn=a; password = {hu;sh}}1};x=2"), "dsn=a; password =***;x=2");
        assert_eq!(told("Jet OLEDB:Database Password=\"hu;sh\""), "Jet OLEDB:Database Password=***");
        assert_eq!(told("DSN=a;PWD={hush"), "DSN=a;PWD=***");
        assert_eq!(told("DSN=a;PWD=;Trusted_Connection=yes"), "DSN=a;PWD=;Trusted_Connection=yes");
        assert_eq!(told("a = b"), "a = b");
        assert!(had_password(&told("DSN=a;PWD=hush")) && !had_password("DSN=a;PWD=;x=1") && !had_password("PWD"));
    }

    #[test]
    fn addresses_lose_what_may_be_secret() {
        let url = |text: &str| Value::of_text("iot_gateway.MQTT_CLIENT_URL", text).to_string();
        for (text, shown) in [
            ("https://u:p@mes.example/in?token=abc", "https://***@mes.example/in?token=***"),
            (
                "https://mes.example/in?page=abc&x-amz-security-token=abc",
                "https://mes.example/in?x-amz-security-token=***",
            ),
            ("https://mes.example/in?abc", "https://mes.example/in?***"),
            ("https://mes.example/in#abc", "https://mes.example/in#***"),
            ("https://mes.example/in#access_token=abc", "https://mes.example/in#access_token=***"),
            ("/Thingworx/WS?appKey=abc", "/Thingworx/WS?appKey=***"),
            ("mes.example/in?sig=abc", "mes.example/in?sig=***"),
            ("https://mes.example/in", "https://mes.example/in"),
        ] {
            assert_eq!(url(text), shown, "{text}");
            assert_eq!(had_password(shown), shown.contains("=***"), "{shown}");
        }
        assert_eq!(Value::of_text("x.MQTT_CLIENT_TOPIC", "why?").to_string(), "why?");
        assert_eq!(Value::of_text("x.MQTT_CLIENT_TOPIC", "plant/#").to_string(), "plant/#");
        // The path of a webhook is its secret.
        let hook = |text: &str| Value::of_text("iot_gateway.REST_CLIENT_URL", text).to_string();
        assert_eq!(hook("https://hooks.example/services/T000/abc?x=1"), "https://hooks.example/***?***");
        assert_eq!(hook("https://mes.example/"), "https://mes.example/");
        assert_eq!(hook("https://mes.example:8443"), "https://mes.example:8443");
    }
}

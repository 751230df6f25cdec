//! Takes hosts, files and aliases out of a text, for use in the answer.

mod words;

use std::borrow::Cow;

use super::matcher::Hit;
use words::{ENDINGS, FILES_OR_COUNTRIES, GUIDED, GUIDES, OTHER_FILES, SCHEMES, TARGETS};

/// What a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Addresses: a scheme, a host and perhaps a port, such as `https://twx.plant.example:8443`.
    pub urls: Vec<String>,
    /// Hosts, perhaps with a port.
    pub hosts: Vec<String>,
    /// Those that have connected from elsewhere, perhaps with the port that they happened to have.
    pub peers: Vec<String>,
    /// Files that may hold certificates or keys.
    pub files: Vec<String>,
    /// Aliases of entries in keystores.
    pub aliases: Vec<String>,
}

/// What stands before the address of one that has connected.
const PEERS: &[&str] = &["client", "from", "peer", "peername", "remote"];

/// Addresses on which a program listens and that nobody is reached by.
const LISTENERS: &[&str] = &["0.0.0.0", "255.255.255.255"];

/// The port of resolvers, which speak no TLS.
const RESOLVER: u16 = 53;

/// The longest part that is taken over, in letters.
const LONGEST: usize = 253;

impl Parts {
    /// Takes the parts out of a text and out of what varies in phrases found in it.
    pub fn of(text: &str, hits: &[Hit]) -> Parts {
        let mut parts = Parts::default();
        for line in text.lines() {
            parts.line(&without_escapes(line));
        }
        for hit in hits {
            parts.variables(&hit.variables);
        }
        // Who has connected is no target, and a name with its port says more than without.
        let Parts { hosts, peers, .. } = &parts;
        let is_told = |host: &String| {
            hosts.iter().any(|other| other.strip_prefix(host.as_str()).is_some_and(|it| it.starts_with(':')))
        };
        parts.hosts = hosts.iter().filter(|host| !peers.contains(host) && !is_told(host)).cloned().collect();
        parts
    }

    /// Takes up what a line names by its form: addresses, names with a port, files.
    fn line(&mut self, line: &str) {
        let mut before: Vec<&str> = Vec::new();
        for word in line.split(is_end) {
            let word = word.trim_end_matches(['.', ':', '!', '?', '\\']);
            if word.is_empty() {
                continue;
            }
            let name = before.last().copied().unwrap_or_default();
            // Addresses, names with a port and files all have one of these.
            if !word.contains(['.', ':']) {
                before.push(word);
                continue;
            }
            if PEERS.iter().any(|known| known.eq_ignore_ascii_case(name)) && is_of_peer(word) {
                keep(&mut self.peers, word);
            } else if let Some((scheme, rest)) = word.split_once("://") {
                let mut guided = before.iter().rev().take(GUIDED).map(|word| word.to_lowercase());
                // Pages to be read have no other scheme.
                let is_target = scheme != "https" || before.is_empty() || leads_to_target(&name.to_lowercase());
                if is_target && !guided.any(|word| GUIDES.contains(&word.as_str())) {
                    self.url(scheme, rest);
                }
            } else {
                self.word(word);
            }
            before.push(word);
        }
    }

    /// Takes up what varies in a phrase.
    fn variables(&mut self, variables: &[(String, String)]) {
        let value_of =
            |wanted: &str| variables.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        let port = value_of("port").map(|value| value.split(|letter: char| !letter.is_ascii_digit()).next());
        let port = port.flatten().filter(|port| port.parse::<u16>().is_ok());
        for (name, value) in variables {
            let value = first(value);
            match (name.as_str(), port) {
                ("host", Some(port)) if !value.contains(':') => self.host(&format!("{value}:{port}")),
                ("host" | "hostname" | "ip", _) => self.host(value),
                ("peer", _) if is_of_peer(value) => keep(&mut self.peers, value),
                ("alias", _) if is_harmless(value) => keep(&mut self.aliases, value),
                ("file" | "path", _) if is_harmless(value) => keep(&mut self.files, value),
                _ => {}
            }
        }
    }

    /// Adds what another text names.
    pub fn join(&mut self, other: &Parts) {
        let pairs = [
            (&mut self.urls, &other.urls),
            (&mut self.hosts, &other.hosts),
            (&mut self.peers, &other.peers),
            (&mut self.files, &other.files),
            (&mut self.aliases, &other.aliases),
        ];
        for (own, new) in pairs {
            new.iter().for_each(|value| keep(own, value));
        }
    }

    fn url(&mut self, scheme: &str, rest: &str) {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // What stands before an @ may be a password.
        let host = authority.rsplit('@').next().unwrap_or_default();
        if SCHEMES.contains(&scheme) && is_target(host) {
            keep(&mut self.urls, &format!("{scheme}://{host}"));
            keep(&mut self.hosts, host);
        }
    }

    fn word(&mut self, word: &str) {
        let is_file = word
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)));
        if is_file && is_harmless(word) {
            keep(&mut self.files, word);
            return;
        }
        let authority = word.split('/').next().unwrap_or_default();
        if let Some((name, Some(_))) = with_port(authority)
            && name.contains('.')
        {
            self.host(authority);
        }
    }

    fn host(&mut self, value: &str) {
        if is_target(value) {
            keep(&mut self.hosts, value);
        }
    }

    /// Puts what the text names into a command in place of `HOST:PORT` and `FILE`.
    ///
    /// Where it names several hosts or none, the command stays as it is.
    pub fn fill(&self, command: &str) -> String {
        let mut filled = command.to_owned();
        if let [url] = self.urls.as_slice() {
            for scheme in SCHEMES {
                filled = filled.replace(&format!("{scheme}://HOST:PORT"), url);
                filled = filled.replace(&format!("{scheme}://HOST"), url);
            }
        }
        if let [host] = self.hosts.as_slice() {
            let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
            let with_port = if name.len() == host.len() { format!("{host}:PORT") } else { host.clone() };
            filled = filled.replace("HOST:PORT", &with_port);
            filled = filled.split(' ').map(|word| word.replace("HOST", name)).collect::<Vec<_>>().join(" ");
        }
        if let [file] = self.files.as_slice() {
            let words = filled.split(' ').map(|word| if word == "FILE" { file.as_str() } else { word });
            filled = words.collect::<Vec<_>>().join(" ");
        }
        filled
    }
}

fn keep(list: &mut Vec<String>, value: &str) {
    if list.len() < 8 && !list.iter().any(|other| other == value) {
        list.push(value.to_owned());
    }
}

/// What may stand in a command line without quotes.
fn is_harmless(value: &str) -> bool {
    let is_plain = |letter: char| letter.is_alphanumeric() || "._-/\\:+@".contains(letter);
    !value.is_empty() && value.len() <= LONGEST && !value.starts_with('-') && value.chars().all(is_plain)
}

fn is_host(value: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ".-:_".contains(letter);
    is_harmless(value) && value.chars().all(is_plain) && value.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// Says whether an address behind this word is one that is connected to.
fn leads_to_target(word: &str) -> bool {
    TARGETS.contains(&word)
        || ["url", "uri", "host", "server", "endpoint", "address"].iter().any(|it| word.ends_with(it))
}

/// Into so many strings of JSON one within the other a line may have been put.
const NESTED: usize = 3;

/// Undoes the escapes of a line of JSON (RFC 8259 section 7), once for each string that it was put into.
fn without_escapes(line: &str) -> Cow<'_, str> {
    let mut line = Cow::Borrowed(line);
    for _ in 0..NESTED {
        let is_json = line.contains("\\\"") || (line.contains('\\') && line.trim_start().starts_with('{'));
        if !is_json {
            break;
        }
        let mut plain = String::with_capacity(line.len());
        let mut rest = &*line;
        while let Some((before, after)) = rest.split_once('\\') {
            plain.push_str(before);
            let mut letters = after.chars();
            match letters.next() {
                Some('n' | 'r' | 't' | 'b' | 'f') => plain.push(' '),
                Some('u') => {
                    let code = after.get(1..5).and_then(|it| u32::from_str_radix(it, 16).ok()).and_then(char::from_u32);
                    plain.push(code.unwrap_or(' '));
                    letters = after.get(code.map_or(1, |_| 5)..).unwrap_or_default().chars();
                }
                Some(letter) => plain.push(letter),
                None => {}
            }
            rest = letters.as_str();
        }
        plain.push_str(rest);
        line = Cow::Owned(plain);
    }
    line
}

/// What ends a word.
fn is_end(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '"' | '\'' | '`' | '‘' | '’' | '“' | '”' | '<' | '>' | '(' | ')')
        || matches!(letter, '[' | ']' | '{' | '}' | '|' | ',' | ';' | '=')
}

/// Gives what varies without what follows it in the same line.
fn first(value: &str) -> &str {
    let value = value.trim_matches(|letter| is_end(letter) || letter == '\\');
    match value.split_once(char::is_whitespace) {
        // Where no mark ends the word, it is one of many.
        Some((word, _)) if !word.ends_with([':', ',', '.', ';', '\'', '"', ')']) => value,
        Some((word, _)) => word.trim_end_matches([':', ',', '.', ';']).trim_matches(is_end),
        None => value.trim_end_matches([':', '.']),
    }
}

/// Takes a port off: a number of its own behind the only colon.
fn with_port(authority: &str) -> Option<(&str, Option<u16>)> {
    match authority.split_once(':') {
        None => Some((authority, None)),
        Some((name, port)) => Some((name, Some(port.parse().ok().filter(|port| *port > 0)?))),
    }
}

/// Says whether something can be connected to: no file, no listener, no resolver.
fn is_target(authority: &str) -> bool {
    let Some((name, port)) = with_port(authority) else { return false };
    is_host(name) && !is_file(name) && !LISTENERS.contains(&name) && port != Some(RESOLVER)
}

/// Says whether this is an address, or a name with a port.
fn is_of_peer(value: &str) -> bool {
    let is_address = |name: &str| name.parse::<std::net::IpAddr>().is_ok();
    let named = with_port(value).is_some_and(|(name, port)| is_address(name) || port.is_some());
    named && is_target(value) || (is_address(value) && is_host(value))
}

fn is_file(name: &str) -> bool {
    let Some((before, ending)) = name.rsplit_once('.') else { return false };
    let ending = ending.to_ascii_lowercase();
    let is_known = |list: &[&str]| list.contains(&ending.as_str());
    is_known(ENDINGS) || is_known(OTHER_FILES) || (is_known(FILES_OR_COUNTRIES) && !before.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_json_name_what_their_texts_name() {
        for line in [
            r#"Get "https://b.example:9443/x": tls: failed"#,
            r#"{"level":"error","msg":"Get \"https://b.example:9443/x\": tls: failed"}"#,
            r#"time=1 msg="Get \"https://b.example:9443/x\": tls: failed""#,
            r#"{"log":"{\"msg\":\"Get \\\"https://b.example:9443/x\\\": tls: failed\"}\n"}"#,
            r#"{"message":"Get \u0022https:\/\/b.example:9443\/x\u0022: tls: failed"}"#,
        ] {
            let parts = Parts::of(line, &[]);
            assert_eq!(parts.urls, ["https://b.example:9443"], "{line}");
            assert_eq!(parts.hosts, ["b.example:9443"], "{line}");
        }
        // A backslash of Windows is none of JSON.
        assert_eq!(Parts::of(r"cannot read C:\new\test.pem", &[]).files, [r"C:\new\test.pem"]);
    }
}

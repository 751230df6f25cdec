//! Takes hosts, files and aliases out of a text, for use in the answer.

use super::matcher::Hit;

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

const SCHEMES: &[&str] = &["https", "opc.tcp", "mqtts", "thingworx", "wss", "ldaps"];

const ENDINGS: &[&str] =
    &["pem", "crt", "cer", "der", "key", "p12", "pfx", "jks", "jceks", "p7b", "crl", "keystore", "truststore"];

/// Endings of source files, whose lines look like the ports of hosts.
const SOURCES: &[&str] =
    &[".java", ".kt", ".scala", ".go", ".py", ".js", ".ts", ".rs", ".c", ".cc", ".cpp", ".h", ".cs"];

/// What stands before the address of one that has connected.
const PEERS: &[&str] = &["client", "from", "peer", "remote"];

/// The longest part that is taken over, in letters.
const LONGEST: usize = 253;

impl Parts {
    /// Takes the parts out of a text and out of what varies in phrases found in it.
    pub fn of(text: &str, hits: &[Hit]) -> Parts {
        let mut parts = Parts::default();
        let is_end = |letter: char| letter.is_whitespace() || "\"'`<>()[]{}|,;=".contains(letter);
        let mut name = "";
        for word in text.split(is_end).filter(|word| !word.is_empty()) {
            let word = word.trim_end_matches(['.', ':', '!', '?']);
            if PEERS.contains(&name) && is_host(word) && word.contains(['.', ':']) {
                keep(&mut parts.peers, word);
            } else if name == "host" {
                parts.host(word);
            } else {
                parts.word(word);
            }
            name = word;
        }
        for (name, value) in hits.iter().flat_map(|hit| &hit.variables) {
            let value = value.trim_matches(is_end);
            match name.as_str() {
                "host" | "hostname" | "ip" | "name in use" => parts.host(value),
                "alias" if is_harmless(value) => keep(&mut parts.aliases, value),
                "file" | "path" if is_harmless(value) => keep(&mut parts.files, value),
                _ => {}
            }
        }
        parts
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

    fn word(&mut self, word: &str) {
        if let Some((scheme, rest)) = word.split_once("://") {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            // What stands before an @ may be a password.
            let host = authority.rsplit('@').next().unwrap_or_default();
            if SCHEMES.contains(&scheme) && is_host(host) {
                keep(&mut self.urls, &format!("{scheme}://{host}"));
                keep(&mut self.hosts, host);
            }
            return;
        }
        let is_file = word
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)));
        if is_file && is_harmless(word) {
            keep(&mut self.files, word);
            return;
        }
        let authority = word.split('/').next().unwrap_or_default();
        if let Some((name, port)) = authority.rsplit_once(':')
            && port.parse::<u16>().is_ok_and(|port| port > 0)
            && name.contains('.')
            && !SOURCES.iter().any(|ending| name.ends_with(ending))
            && !name.contains(':')
            && is_host(authority)
        {
            self.host(authority);
        }
    }

    fn host(&mut self, value: &str) {
        if is_host(value) {
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

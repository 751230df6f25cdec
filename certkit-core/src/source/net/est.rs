//! Enrollment over Secure Transport (RFC 7030, as RFC 8951 corrects it): asks a CA for its certificates and for one's own.
//!
//! Knows the questions and the forms of the answers. Refuses to judge what was issued, and to have a private key made by
//! the server.

use std::fmt;
use std::io::Read as _;
use std::str::FromStr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::capture::Connect;
use super::conversation::{Approve, Body, Conversation, ConversationError, Head};
use crate::container::{self, ContainerError};
use crate::presented::{Endpoint, EndpointError};
use crate::text::{Address, Printable};

/// The most bytes of an answer.
const LIMIT: u64 = 1024 * 1024;

/// The most bytes of what a server says about a refusal.
const SAID: u64 = 512;

/// Where the questions are asked (RFC 7030 section 3.2.2).
const WELL_KNOWN: &str = "/.well-known/est";

/// The server, and which of its CAs is meant: `est://HOST[:PORT][/LABEL]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EstAddress {
    /// The server, `https`.
    pub endpoint: Endpoint,
    /// The label of the CA, where the server has several (RFC 7030 section 3.2.2).
    pub label: Option<String>,
}

/// Why a text is no address of an EST server.
#[derive(Debug, thiserror::Error)]
pub enum EstAddressError {
    /// It begins with something else.
    #[error("it does not begin with est://")]
    Scheme,
    /// The server cannot be read.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// A server that makes private keys knows them.
    #[error("server-side key generation is not supported: keys are made here, and only the request is sent")]
    ServerKey,
    /// What follows the server is no label.
    #[error("`{}` is not a CA label: expected est://HOST[:PORT][/LABEL]", Printable(.0))]
    Label(String),
}

impl FromStr for EstAddress {
    type Err = EstAddressError;

    fn from_str(text: &str) -> Result<EstAddress, EstAddressError> {
        let rest = text.strip_prefix("est://").ok_or(EstAddressError::Scheme)?;
        let (server, path) = rest.split_once('/').unwrap_or((rest, ""));
        let endpoint: Endpoint = format!("https://{server}").parse()?;
        let path = path.trim_end_matches('/');
        let label =
            path.strip_prefix(WELL_KNOWN.trim_start_matches('/')).map_or(path, |rest| rest.trim_start_matches('/'));
        let is_plain = |it: char| it.is_ascii_alphanumeric() || "-._~".contains(it);
        match label {
            "" => Ok(EstAddress { endpoint, label: None }),
            label if label.rsplit('/').next() == Some("serverkeygen") => Err(EstAddressError::ServerKey),
            // Names of questions are no labels (RFC 7030 section 3.2.2).
            "cacerts" | "simpleenroll" | "simplereenroll" | "fullcmc" | "csrattrs" | "." | ".." => {
                Err(EstAddressError::Label(label.to_owned()))
            }
            label if label.chars().all(is_plain) => Ok(EstAddress { endpoint, label: Some(label.to_owned()) }),
            label => Err(EstAddressError::Label(label.to_owned())),
        }
    }
}

/// What is asked of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enrollment {
    /// A certificate (RFC 7030 section 4.2.1).
    First,
    /// A certificate in place of another of the same names (RFC 7030 section 4.2.2).
    Again,
}

impl Enrollment {
    fn question(self) -> &'static str {
        match self {
            Enrollment::First => "simpleenroll",
            Enrollment::Again => "simplereenroll",
        }
    }
}

/// What a server says to a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Enrolled {
    /// The certificates that it gives, in DER.
    Issued(Vec<Vec<u8>>),
    /// Nothing yet; so many seconds later it may be asked again with the same request.
    Later(u64),
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum EstError {
    /// The server could not be asked.
    #[error(transparent)]
    Conversation(#[from] ConversationError),
    /// It says something else than yes.
    #[error("{question} got the status {status}{}", Said(.said, .location.as_ref()))]
    Refused {
        /// What was asked.
        question: &'static str,
        /// The HTTP status.
        status: u16,
        /// The beginning of its own words.
        said: String,
        /// Where it would send us.
        location: Option<Address>,
    },
    /// The answer could not be read to its end.
    #[error("the answer to {question} cannot be read")]
    Read {
        /// What was asked.
        question: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The answer is longer than any such answer is.
    #[error("the answer to {question} is longer than {LIMIT} bytes")]
    TooLarge {
        /// What was asked.
        question: &'static str,
    },
    /// A certificate holds the password that the server was sent: everybody who is shown the certificate would know it.
    #[error(
        "a certificate in the answer to {question} holds the password that the server was sent: change that password"
    )]
    Repeated {
        /// What was asked.
        question: &'static str,
    },
    /// The answer holds no certificates.
    #[error("the answer to {question} holds no certificates that can be read")]
    Content {
        /// What was asked.
        question: &'static str,
        /// Why, where it could not be read at all.
        #[source]
        source: Option<ContainerError>,
    },
}

/// A server's own words, where it has any.
struct Said<'a>(&'a str, Option<&'a Address>);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.1) {
            (_, Some(location)) => write!(f, ": it redirects to {location}, which is not followed"),
            ("", None) => Ok(()),
            (said, None) => write!(f, ": {}", Printable(said)),
        }
    }
}

/// A conversation with an EST server.
#[derive(Debug)]
pub struct Est<'a> {
    conversation: Conversation<'a>,
    base: String,
}

impl<'a> Est<'a> {
    /// Prepares a conversation; nothing is asked yet. As [`Conversation::new`].
    ///
    /// # Errors
    /// When the system gives no event loop.
    pub fn new(
        address: &EstAddress,
        connect: Connect,
        whole: Duration,
        approve: Box<Approve<'a>>,
    ) -> Result<Est<'a>, EstError> {
        let mut conversation = Conversation::new(address.endpoint.clone(), connect, whole, approve)?;
        conversation.accept("*/*");
        let base = match &address.label {
            Some(label) => format!("{WELL_KNOWN}/{label}"),
            None => WELL_KNOWN.to_owned(),
        };
        Ok(Est { conversation, base })
    }

    /// Logs in with a name and a password (RFC 7030 section 3.2.3).
    pub fn log_in(&mut self, user: &str, password: &[u8]) {
        self.conversation.log_in(user, password);
    }

    /// Asks for the certificates of the CA (RFC 7030 section 4.1).
    ///
    /// # Errors
    /// When the server cannot be asked, refuses, or answers with something else.
    pub fn ca_certificates(&mut self) -> Result<Vec<Vec<u8>>, EstError> {
        let question = "cacerts";
        let path = format!("{}/{question}", self.base);
        let (head, body) = self.conversation.get(&path)?;
        match head.status {
            200 => certificates(question, body),
            _ => Err(refused(question, head, body)),
        }
    }

    /// Sends a request (PKCS#10, DER) for a certificate.
    ///
    /// # Errors
    /// As of [`Est::ca_certificates`].
    pub fn enroll(&mut self, how: Enrollment, request: &[u8]) -> Result<Enrolled, EstError> {
        let question = how.question();
        let path = format!("{}/{question}", self.base);
        let message = STANDARD.encode(request).into_bytes();
        let (head, body) = self.conversation.post_for(&path, "application/pkcs10", message)?;
        match (head.status, head.retry_after) {
            (200, _) => certificates(question, body).map(Enrolled::Issued),
            (202, Some(seconds)) => Ok(Enrolled::Later(seconds)),
            _ => Err(refused(question, head, body)),
        }
    }
}

fn refused(question: &'static str, head: Head, mut body: Body<'_, '_>) -> EstError {
    let is_text = head.content_type.as_deref().is_some_and(|it| it.starts_with("text/plain"));
    let said = if is_text { body.words(SAID) } else { String::new() };
    EstError::Refused { question, status: head.status, said, location: head.location }
}

/// Reads a certs-only message (RFC 7030 section 4.1.3), in base64 or not.
fn certificates(question: &'static str, mut body: Body<'_, '_>) -> Result<Vec<Vec<u8>>, EstError> {
    let mut bytes = Vec::new();
    let read = body.by_ref().take(LIMIT.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|source| EstError::Read { question, source })?;
    if bytes.len() as u64 > LIMIT {
        return Err(EstError::TooLarge { question });
    }
    let content = |source| EstError::Content { question, source };
    let contents = container::read(&bytes).map_err(|error| content(Some(error)))?;
    if contents.skipped.iter().any(|it| !it.is_harmless()) {
        return Err(content(None));
    }
    let found: Vec<Vec<u8>> = contents.certificates().map(|item| item.der.to_vec()).collect();
    if found.iter().any(|der| body.redaction().is_in_octets(der)) {
        return Err(EstError::Repeated { question });
    }
    if found.is_empty() { Err(content(None)) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_a_server_and_a_ca() {
        let read = |text: &str| text.parse::<EstAddress>().map(|it| (it.endpoint.host_port().to_string(), it.label));
        assert_eq!(read("est://ca.plant.example").unwrap(), ("ca.plant.example:443".to_owned(), None));
        assert_eq!(read("est://10.0.0.7:8085/").unwrap(), ("10.0.0.7:8085".to_owned(), None));
        let labelled = ("ca:9443".to_owned(), Some("line-3".to_owned()));
        for text in ["est://ca:9443/line-3", "est://ca:9443/.well-known/est/line-3", "est://ca:9443/line-3/"] {
            assert_eq!(read(text).unwrap(), labelled, "{text}");
        }
        for text in ["est://ca/serverkeygen", "est://ca/.well-known/est/line-3/serverkeygen"] {
            assert!(matches!(read(text), Err(EstAddressError::ServerKey)), "{text}");
        }
        for text in ["https://ca", "est://", "est://ca/a/b", "est://ca/cacerts", "est://ca/a?b", "est://ca/.."] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}

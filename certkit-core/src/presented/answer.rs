//! What a port answers in HTTP and MQTT to somebody who has no password.

use std::fmt;

use crate::text::{Address, Printable};

/// The head of an answer. All texts are as the server sent them: nothing in them is escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// The words after the status code; the standard ones when the server sent none.
    pub reason: String,
    /// The `Server` header.
    pub server: Option<String>,
    /// The `Location` header.
    pub location: Option<Address>,
}

/// What a broker answers to a session without a user name (MQTT 3.1.1 section 3.2.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MqttAnswer(
    /// The return code.
    pub u8,
);

impl MqttAnswer {
    /// Whether the session was let in.
    pub fn is_accepted(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for MqttAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            0 => "connection accepted",
            1 => "this protocol version is not accepted",
            2 => "this client identifier is not accepted",
            3 => "the server is not available",
            4 => "bad user name or password",
            5 => "not authorized",
            other => return write!(f, "return code {other}"),
        })
    }
}

/// The page elsewhere in whose name is asked: a name that nobody can have (RFC 6761 section 6.4).
pub const ORIGIN: &str = "https://certkit-probe.invalid";

/// What a port answers to a request without TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plain {
    /// Nothing that could be read, in words.
    Refused(String),
    /// An answer in HTTP.
    Http(HttpAnswer),
    /// An answer in MQTT.
    Mqtt(MqttAnswer),
}

impl Plain {
    /// Whether this is what the server is for, said without TLS; `speaks_tls` where the port speaks TLS as well. A
    /// redirect to `https://` is none, nor is a port with TLS that says that TLS is missing.
    pub fn is_served(&self, speaks_tls: bool) -> bool {
        match self {
            Plain::Refused(_) => false,
            Plain::Mqtt(_) => true,
            Plain::Http(answer) => {
                let leads_to_tls = (300..400).contains(&answer.status)
                    && answer.location.as_ref().is_some_and(|it| {
                        let scheme = it.written().split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
                        scheme.as_deref() == Some("https")
                    });
                let demands_tls = answer.status == 426 || (speaks_tls && answer.status == 400);
                !leads_to_tls && !demands_tls
            }
        }
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Plain::Refused(reason) => f.write_str(reason),
            Plain::Mqtt(answer) => write!(f, "MQTT: {answer}"),
            Plain::Http(answer) => match answer.reason.as_str() {
                "" => write!(f, "HTTP {}", answer.status),
                reason => write!(f, "HTTP {} {}", answer.status, Printable(reason)),
            },
        }
    }
}

/// What a page says to browsers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// Whether it came over TLS.
    pub is_over_tls: bool,
    /// The answer to the request.
    pub answer: HttpAnswer,
    /// Which other origins may read what it answers; `None` where that was not asked.
    pub cors: Option<Cors>,
    /// The header Strict-Transport-Security as sent.
    pub hsts: Option<String>,
    /// Whether it is made for people: HTML, a cookie, or a way to another page.
    pub is_for_people: bool,
}

/// What a server answers to a request in the name of [`ORIGIN`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cors {
    /// The header Access-Control-Allow-Origin as sent.
    pub allow_origin: Option<String>,
    /// Whether a browser may send along what logs its user in.
    pub allows_credentials: bool,
}

impl Cors {
    /// Whether every origin is let in.
    pub fn is_any(&self) -> bool {
        self.allow_origin.as_deref() == Some("*")
    }

    /// Whether the origin that asks is let in, whatever it is.
    pub fn is_reflected(&self) -> bool {
        self.allow_origin.as_deref() == Some(ORIGIN)
    }
}

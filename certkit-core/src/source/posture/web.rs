//! What a server says to browsers: one request as a page elsewhere would send it, and the question before one.

use std::fmt;

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap};
use hyper::{Method, Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};

use super::super::host::HostPort;
use super::super::http::{AGENT, HttpAnswer, HttpFault, exchange, text};
use super::mqtt::MqttAnswer;
use crate::text::Printable;

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
    fn new(headers: &HeaderMap) -> Cors {
        let credentials = text(headers, &header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
        Cors {
            allow_origin: text(headers, &header::ACCESS_CONTROL_ALLOW_ORIGIN).map(|it| it.trim().to_owned()),
            allows_credentials: credentials.is_some_and(|it| it.trim().eq_ignore_ascii_case("true")),
        }
    }

    /// Whether every origin is let in.
    pub fn is_any(&self) -> bool {
        self.allow_origin.as_deref() == Some("*")
    }

    /// Whether the origin that asks is let in, whatever it is.
    pub fn is_reflected(&self) -> bool {
        self.allow_origin.as_deref() == Some(ORIGIN)
    }
}

impl Web {
    /// Reads the head of an answer.
    pub(super) fn new<B>(response: &Response<B>, is_over_tls: bool, asks_cors: bool) -> Web {
        let headers = response.headers();
        let kind = text(headers, &header::CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
        Web {
            is_over_tls,
            answer: HttpAnswer::new(response),
            cors: asks_cors.then(|| Cors::new(headers)),
            hsts: text(headers, &header::STRICT_TRANSPORT_SECURITY),
            is_for_people: kind.starts_with("text/html")
                || headers.contains_key(header::SET_COOKIE)
                || response.status().is_redirection(),
        }
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// The page, as anybody asks for it.
    Page,
    /// The page, in the name of another page.
    FromElsewhere,
    /// Whether another page may send a request with a log-in.
    MayElsewhere,
}

impl Question {
    pub(super) fn in_words(self, resource: &str) -> String {
        match self {
            Question::Page => format!("GET {resource}"),
            Question::FromElsewhere => format!("GET {resource} with Origin: {ORIGIN}"),
            Question::MayElsewhere => format!("OPTIONS {resource} with Origin: {ORIGIN}"),
        }
    }
}

/// Asks once; the caller bounds the time.
pub(super) async fn ask<S>(
    stream: S,
    to: &HostPort,
    is_over_tls: bool,
    resource: &str,
    question: Question,
) -> Result<Response<hyper::body::Incoming>, HttpFault>
where
    S: AsyncRead + AsyncWrite + Send + Unpin,
{
    let default = if is_over_tls { 443 } else { 80 };
    let host = if to.port == default { to.host.to_string() } else { to.to_string() };
    let method = if question == Question::MayElsewhere { Method::OPTIONS } else { Method::GET };
    let mut request = Request::builder()
        .method(method)
        .uri(resource)
        .header(header::HOST, host)
        .header(header::USER_AGENT, AGENT)
        .header(header::ACCEPT, "*/*")
        .header(header::CONNECTION, "close");
    if question != Question::Page {
        request = request.header(header::ORIGIN, ORIGIN);
    }
    if question == Question::MayElsewhere {
        request = request
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization");
    }
    exchange(stream, request.body(Empty::<Bytes>::new()).map_err(HttpFault::Request)?).await
}

/// Adds what the question before a request was answered with, where the request itself was not let in.
pub(super) fn add_preflight<B>(web: &mut Web, response: &Response<B>) {
    let asked = Cors::new(response.headers());
    if asked.allow_origin.is_some() {
        web.cors = Some(asked);
    }
}

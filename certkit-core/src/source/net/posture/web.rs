//! What a server says to browsers: one request as a page elsewhere would send it, and the question before one.

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap};
use hyper::{Method, Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};

use super::super::http::{AGENT, HttpFault, exchange, text};
use crate::presented::{Cors, HostPort, HttpAnswer, ORIGIN, Web};

impl Cors {
    fn new(headers: &HeaderMap) -> Cors {
        let credentials = text(headers, &header::ACCESS_CONTROL_ALLOW_CREDENTIALS);
        Cors {
            allow_origin: text(headers, &header::ACCESS_CONTROL_ALLOW_ORIGIN).map(|it| it.trim().to_owned()),
            allows_credentials: credentials.is_some_and(|it| it.trim().eq_ignore_ascii_case("true")),
        }
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

//! HTTP/1.1 as far as a certificate tool needs it: one plain request, the head of its answer.
//!
//! Refuses to know websockets, bodies, cookies and redirects.

use std::error::Error as _;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::presented::{Alert, HttpAnswer};
use crate::text::Address;

/// The most that is read of the head of an answer, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// The most headers that are read.
const MAX_HEADERS: usize = 100;

/// What is said in User-Agent.
pub(super) const AGENT: &str = concat!("certkit/", env!("CARGO_PKG_VERSION"));

impl HttpAnswer {
    pub(super) fn new<B>(response: &Response<B>) -> Self {
        Self {
            status: response.status().as_u16(),
            reason: reason(response),
            server: text(response.headers(), &header::SERVER),
            location: text(response.headers(), &header::LOCATION).map(Address::new),
        }
    }
}

/// Gives the words after the status code, the standard ones if there were none.
pub(super) fn reason<B>(response: &Response<B>) -> String {
    let phrase = response.extensions().get::<hyper::ext::ReasonPhrase>();
    match phrase.map(|phrase| String::from_utf8_lossy(phrase.as_bytes()).trim().to_owned()) {
        // Newer servers, such as Tomcat 10, send the number alone.
        Some(words) if !words.is_empty() => words,
        _ => response.status().canonical_reason().unwrap_or_default().to_owned(),
    }
}

pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Why there was no answer to an HTTP request.
#[derive(Debug, thiserror::Error)]
pub enum HttpFault {
    /// The path or URL cannot be put into a request.
    #[error("the path cannot be sent")]
    Request(#[source] hyper::http::Error),
    /// Silence, or an answer that never ended.
    #[error("no complete HTTP answer within {:.1} s", .0.as_secs_f32())]
    TimedOut(
        /// How long it was waited for.
        Duration,
    ),
    /// The server hung up.
    #[error("the server closed the connection without an HTTP answer")]
    Closed,
    /// The server ended TLS instead.
    #[error("the server answered the request with the TLS alert {0}")]
    Alert(Alert),
    /// What came is not HTTP, or its head is longer than what is read; the source says which.
    #[error("the answer cannot be read as HTTP")]
    NotHttp(#[source] hyper::Error),
    /// The connection failed otherwise.
    #[error("the HTTP exchange failed")]
    Failed(#[source] hyper::Error),
}

impl From<hyper::Error> for HttpFault {
    fn from(error: hyper::Error) -> Self {
        let mut cause = error.source();
        while let Some(inner) = cause {
            // What rustls met stands inside the error of the stream, not behind it.
            let stream = inner.downcast_ref::<io::Error>();
            let tls = stream.and_then(|stream| stream.get_ref()?.downcast_ref());
            if let Some(rustls::Error::AlertReceived(alert)) = tls {
                return Self::Alert((*alert).into());
            }
            if let Some(
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe,
            ) = stream.map(io::Error::kind)
            {
                return Self::Closed;
            }
            cause = inner.source();
        }
        if error.is_parse() {
            Self::NotHttp(error)
        } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
            Self::Closed
        } else {
            Self::Failed(error)
        }
    }
}

/// Gives a connection with our bounds on it.
pub(super) fn bounded() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(MAX_HEAD).max_headers(MAX_HEADERS);
    builder
}

/// Runs a connection for as long as an exchange over it takes.
///
/// In place of a spawned task: nothing outlives the exchange when its deadline drops it.
pub(super) async fn alongside<C, E, T>(connection: C, exchange: E) -> T
where
    C: Future<Output = hyper::Result<()>>,
    E: Future<Output = T>,
{
    let mut connection = pin!(connection);
    let mut exchange = pin!(exchange);
    let mut over = false;
    poll_fn(move |cx| {
        if let Poll::Ready(outcome) = exchange.as_mut().poll(cx) {
            return Poll::Ready(outcome);
        }
        // How the connection ended, the exchange learns from the connection itself.
        if !over && connection.as_mut().poll(cx).is_ready() {
            over = true;
            return exchange.as_mut().poll(cx);
        }
        Poll::Pending
    })
    .await
}

/// Asks once for a resource and reads the head of the answer; the caller bounds the time.
pub(super) async fn ask<S>(stream: S, host: &str, resource: &str) -> Result<HttpAnswer, HttpFault>
where
    S: AsyncRead + AsyncWrite + Send + Unpin,
{
    let request = Request::get(resource)
        .header(header::HOST, host)
        .header(header::USER_AGENT, AGENT)
        .header(header::ACCEPT, "*/*")
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(HttpFault::Request)?;
    Ok(HttpAnswer::new(&exchange(stream, request).await?))
}

/// Sends one request and reads the head of the answer, whose body is left; the caller bounds the time.
pub(super) async fn exchange<S>(stream: S, request: Request<Empty<Bytes>>) -> Result<Response<Incoming>, HttpFault>
where
    S: AsyncRead + AsyncWrite + Send + Unpin,
{
    let (mut sender, connection) = bounded().handshake(TokioIo::new(stream)).await?;
    Ok(alongside(connection, sender.send_request(request)).await?)
}

//! Several questions over HTTPS to one server that its caller has approved.
//!
//! The caller sees what the server has presented before anything is asked, and says whether it may be: a secret in the
//! request reaches nobody else. Only `GET` is asked, and a message handed over with `POST` by who wants that; redirects are
//! answers like others, and are not followed. Every wait has a bound; how long an answer may be, whoever reads it decides.
//!
//! A server may repeat the secret that it was sent: heads, words and errors are given without it. A body that is read as
//! data is as the server sent it; whoever shows any of it takes [`Conversation::redaction`].

mod body;

pub use body::Body;

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::SendRequest;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::http::request;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::runtime::Runtime;
use tokio::time::{Instant, timeout_at};

use super::approved;
use super::capture::{Capture, Connect};
use super::dial;
use super::error::CaptureError;
use super::http::{AGENT, HttpFault, alongside, bounded, text};
use super::tls::Client;
use crate::presented::{Alert, Endpoint};
use crate::redaction::Redaction;
use crate::text::{Address, with_causes};

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ConversationError {
    /// The server could not be reached, or does not speak TLS.
    #[error("{0}")]
    Unreached(#[source] Box<CaptureError>),
    /// Its connection is none over which a secret may be sent.
    #[error("its TLS is not secure: {0}")]
    Unsafe(&'static str),
    /// It broke the handshake off, with these words.
    #[error("it rejects the connection: {0}")]
    Alert(Alert),
    /// The caller does not approve of it.
    #[error("{0}")]
    Refused(String),
    /// The exchange failed.
    #[error("{0}")]
    Http(#[source] HttpFault),
    /// It failed with words that hold the secret that the server was sent; they are not repeated.
    #[error("the connection failed, and what it says of that holds the secret that it was sent: change that secret")]
    Repeated,
    /// The time for everything is over.
    #[error("the time limit for this source was reached")]
    Over,
    /// The operating system gave no event loop.
    #[error("cannot start the event loop")]
    Runtime(#[source] io::Error),
}

impl From<HttpFault> for ConversationError {
    fn from(fault: HttpFault) -> Self {
        ConversationError::Http(fault)
    }
}

/// The head of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The status code.
    pub status: u16,
    /// Where the server would send us; nobody goes there.
    pub location: Option<Address>,
    /// How long it wants to be left alone, in seconds, where it says so.
    pub retry_after: Option<u64>,
    /// What it says the body is.
    pub content_type: Option<String>,
    /// `Access-Control-Allow-Origin`.
    pub allowed_origin: Option<String>,
}

/// A connection that goes on by itself while something waits for it, also after its end.
struct Driver {
    connection: Pin<Box<dyn Future<Output = hyper::Result<()>>>>,
    is_over: bool,
}

impl Future for Driver {
    type Output = hyper::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<hyper::Result<()>> {
        if self.is_over {
            return Poll::Pending;
        }
        let outcome = self.connection.as_mut().poll(context);
        self.is_over = outcome.is_ready();
        outcome
    }
}

struct Open {
    sender: SendRequest<Full<Bytes>>,
    driver: Driver,
}

/// Says whether a server may be asked, by what it has presented; the reason, where it may not.
pub type Approve<'a> = dyn FnMut(&Capture) -> Result<(), String> + 'a;

/// A conversation with one server.
pub struct Conversation<'a> {
    runtime: Runtime,
    client: Client,
    endpoint: Endpoint,
    authorization: Option<HeaderValue>,
    redaction: Redaction,
    accept: &'static str,
    silence: Duration,
    end: Instant,
    approve: Box<Approve<'a>>,
    /// What was approved already.
    approved: Option<Vec<Vec<u8>>>,
    open: Option<Open>,
}

impl fmt::Debug for Conversation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversation").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl<'a> Conversation<'a> {
    /// Prepares a conversation; nothing is asked yet. `connect.timeout` is the longest silence, `whole` the time for all.
    ///
    /// # Errors
    /// When the system gives no event loop.
    pub fn new(
        endpoint: Endpoint,
        connect: Connect,
        whole: Duration,
        approve: Box<Approve<'a>>,
    ) -> Result<Conversation<'a>, ConversationError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = runtime.map_err(ConversationError::Runtime)?;
        let silence = connect.timeout;
        let client = Client::new(connect).map_err(|_| ConversationError::Unsafe("cannot create an HTTP client"))?;
        let end = dial::deadline(whole);
        Ok(Conversation {
            runtime,
            client,
            endpoint,
            authorization: None,
            redaction: Redaction::default(),
            accept: "application/json",
            silence,
            end,
            approve,
            approved: None,
            open: None,
        })
    }

    /// Says with every further request which types of answers are understood; `application/json` where nothing is said.
    pub(super) fn accept(&mut self, types: &'static str) {
        self.accept = types;
    }

    /// Sends this name and password with every further request (RFC 7617). A colon in the name would end it.
    pub fn log_in(&mut self, user: &str, password: &[u8]) {
        use base64::Engine as _;
        use zeroize::Zeroizing;
        self.redaction.add(password);
        self.redaction.add_base64(&Zeroizing::new([user.as_bytes(), b":", password].concat()));
        // Kepware reads ISO 8859-1; what has no place there is sent as it is.
        let latin = |text: &str| text.chars().map(|it| u8::try_from(u32::from(it))).collect::<Result<Vec<u8>, _>>();
        let user = latin(user).unwrap_or_else(|_| user.as_bytes().to_vec());
        let password = std::str::from_utf8(password).ok().and_then(|it| latin(it).ok()).unwrap_or(password.to_vec());
        let pair = Zeroizing::new([&user, &b":"[..], &Zeroizing::new(password)].concat());
        self.redaction.add_base64(&pair);
        let text = Zeroizing::new(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(&*pair)));
        if let Ok(mut value) = HeaderValue::from_str(&text) {
            value.set_sensitive(true);
            self.authorization = Some(value);
        }
    }

    /// Sends this value of `Authorization` with every further request.
    ///
    /// # Errors
    /// When it cannot stand in a header; it is not repeated.
    pub fn authorize(&mut self, value: &[u8]) -> Result<(), ConversationError> {
        // After the name of the scheme.
        value.split(|it| *it == b' ').next_back().into_iter().for_each(|secret| self.redaction.add(secret));
        let value = HeaderValue::from_bytes(value);
        let mut value =
            value.map_err(|_| ConversationError::Unsafe("its authorization is not valid in an HTTP header"))?;
        value.set_sensitive(true);
        self.authorization = Some(value);
        Ok(())
    }

    /// Hands a message of some type over, once, and gives the head of the answer.
    ///
    /// # Errors
    /// As of [`Conversation::get`].
    pub fn post(&mut self, path: &str, content_type: &str, message: Vec<u8>) -> Result<Head, ConversationError> {
        // Nobody reads what else it says.
        self.post_for(path, content_type, message).map(|(head, _)| head)
    }

    /// Hands a message of some type over, once, and gives the head of the answer with its body to be read.
    ///
    /// # Errors
    /// As of [`Conversation::get`].
    pub fn post_for(
        &mut self,
        path: &str,
        content_type: &str,
        message: Vec<u8>,
    ) -> Result<(Head, Body<'_, 'a>), ConversationError> {
        let until = self.until()?;
        self.connect(until)?;
        let request = Request::post(path).header(header::CONTENT_TYPE, content_type);
        let response = self.send(request, message)?;
        Ok(self.answer(response))
    }

    /// The secrets that the server was sent: what it says may hold them.
    pub fn redaction(&self) -> &Redaction {
        &self.redaction
    }

    /// Takes the secret out of an error.
    fn cleaned(&self, error: ConversationError) -> ConversationError {
        match error {
            ConversationError::Refused(why) => ConversationError::Refused(self.redaction.hide(&why).into_owned()),
            error if self.redaction.is_in(&with_causes(&error)) => ConversationError::Repeated,
            error => error,
        }
    }

    fn answer(&mut self, response: Response<Incoming>) -> (Head, Body<'_, 'a>) {
        let head = head(&response, &self.redaction);
        (head, Body::new(self, response.into_body()))
    }

    /// The longest that the next wait may take; an error once the time is over.
    fn until(&self) -> Result<Instant, ConversationError> {
        let now = Instant::now();
        if now >= self.end {
            return Err(ConversationError::Over);
        }
        Ok(now.checked_add(self.silence).unwrap_or(self.end).min(self.end))
    }

    /// Asks for a path below the server, and gives the head of the answer with its body to be read.
    ///
    /// # Errors
    /// When the server cannot be reached, is not approved, is silent for too long or does not speak HTTP.
    pub fn get(&mut self, path: &str) -> Result<(Head, Body<'_, 'a>), ConversationError> {
        let until = self.until()?;
        let is_reused = self.open.as_ref().is_some_and(|it| !it.driver.is_over && !it.sender.is_closed());
        if !is_reused {
            self.connect(until)?;
        }
        let response = match self.send(Request::get(path), Vec::new()) {
            // A server may end a connection between two questions.
            Err(ConversationError::Http(HttpFault::Closed)) if is_reused => {
                let until = self.until()?;
                self.connect(until)?;
                self.send(Request::get(path), Vec::new())?
            }
            other => other?,
        };
        Ok(self.answer(response))
    }

    fn connect(&mut self, until: Instant) -> Result<(), ConversationError> {
        self.open = None;
        let (known, approve) = (&self.approved, &mut self.approve);
        let approve = |capture: &Capture| match known {
            Some(known) if *known == capture.presented => Ok(()),
            _ => approve(capture),
        };
        let met = approved::meet(&self.client, &self.endpoint, until, approve);
        let met = self.runtime.block_on(met);
        let (presented, stream) = met.map_err(|error| self.cleaned(error))?;
        self.approved = Some(presented);
        let handshake =
            self.runtime.block_on(async { timeout_at(until, bounded().handshake(TokioIo::new(stream))).await });
        let (sender, connection) =
            handshake.map_err(|_| HttpFault::TimedOut(self.silence))?.map_err(HttpFault::from)?;
        self.open = Some(Open { sender, driver: Driver { connection: Box::pin(connection), is_over: false } });
        Ok(())
    }

    fn send(&mut self, request: request::Builder, message: Vec<u8>) -> Result<Response<Incoming>, ConversationError> {
        let until = self.until()?;
        let host = match self.endpoint.port {
            443 => self.endpoint.host.to_string(),
            _ => self.endpoint.host_port().to_string(),
        };
        let mut request = request
            .header(header::HOST, host)
            .header(header::USER_AGENT, AGENT)
            .header(header::ACCEPT, self.accept)
            .body(Full::new(Bytes::from(message)))
            .map_err(HttpFault::Request)?;
        if let Some(value) = &self.authorization {
            request.headers_mut().insert(header::AUTHORIZATION, value.clone());
        }
        let Some(Open { sender, driver }) = &mut self.open else { return Err(HttpFault::Closed.into()) };
        let exchange = async {
            sender.ready().await.map_err(|_| HttpFault::Closed)?;
            sender.send_request(request).await.map_err(HttpFault::from)
        };
        let response = self.runtime.block_on(async { timeout_at(until, alongside(driver, exchange)).await });
        match response {
            Ok(response) => response.map_err(|fault| self.cleaned(fault.into())),
            Err(_) => {
                self.open = None;
                Err(HttpFault::TimedOut(self.silence).into())
            }
        }
    }
}

fn head(response: &Response<Incoming>, redaction: &Redaction) -> Head {
    let text = |name: &HeaderName| text(response.headers(), name).map(|it| redaction.hide(&it).into_owned());
    Head {
        status: response.status().as_u16(),
        location: text(&header::LOCATION).map(Address::new),
        retry_after: text(&header::RETRY_AFTER).and_then(|it| it.trim().parse().ok()),
        content_type: text(&header::CONTENT_TYPE),
        allowed_origin: text(&header::ACCESS_CONTROL_ALLOW_ORIGIN),
    }
}

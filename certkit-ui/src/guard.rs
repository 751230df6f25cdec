//! Who may talk to the server: the browser of the user who started it, and no page but its own.
//!
//! A request has to name this server as its host, so that a name that an attacker lets point here (DNS rebinding) leads
//! nowhere. What comes from another page says so in `Origin` and `Sec-Fetch-Site` and is refused. Everything but the
//! link of the start needs the cookie, which the browser sends below a path that nobody else knows: a program of
//! somebody else on another port of this machine never gets to see it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::page::Language;
use crate::secret::Secret;

/// The name of the cookie.
const COOKIE: &str = "certkit";

/// What a browser may do with whatever comes from here.
const HEADERS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), usb=()"),
];

/// What is known of those who may talk to the server.
#[derive(Debug)]
pub(crate) struct Guard {
    /// The hosts that are this server.
    hosts: Vec<String>,
    /// The link of the start, until it was used.
    token: Mutex<Option<Secret>>,
    begun: Instant,
    token_lives: Duration,
    /// The folder below which everything lies.
    pub(crate) folder: Secret,
    cookie: Secret,
}

impl Guard {
    pub(crate) fn new(port: u16, token_lives: Duration) -> std::io::Result<Guard> {
        Ok(Guard {
            hosts: ["127.0.0.1", "[::1]", "localhost"].map(|host| format!("{host}:{port}")).to_vec(),
            token: Mutex::new(Some(Secret::new()?)),
            begun: Instant::now(),
            token_lives,
            folder: Secret::new()?,
            cookie: Secret::new()?,
        })
    }

    /// The path of the link that opens the page, once.
    pub(crate) fn link(&self) -> String {
        let token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        token.as_ref().map_or_else(String::new, |token| format!("/open/{}", token.word()))
    }

    /// Takes the word of the link for the cookie, once.
    pub(crate) fn open(&self, word: &str) -> Option<HeaderValue> {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if !token.as_ref().is_some_and(|token| token.is(word)) || self.begun.elapsed() > self.token_lives {
            return None;
        }
        *token = None;
        let (folder, cookie) = (self.folder.word(), self.cookie.word());
        let mut cookie =
            HeaderValue::try_from(format!("{COOKIE}={cookie}; Path=/{folder}/; HttpOnly; SameSite=Strict")).ok()?;
        cookie.set_sensitive(true);
        Some(cookie)
    }

    /// Why a request is not answered (the name of a text), whatever it asks for.
    fn objection(&self, method: &Method, headers: &HeaderMap) -> Option<&'static str> {
        let one = |name: HeaderName| {
            let mut all = headers.get_all(name).iter();
            (all.next().map(|it| it.to_str().unwrap_or("?")), all.next().is_some())
        };
        let host = match one(header::HOST) {
            (Some(host), false) if self.hosts.iter().any(|it| it == host) => host,
            _ => return Some("refused.host"),
        };
        let is_own = |origin: &str| origin.strip_prefix("http://") == Some(host);
        match one(header::ORIGIN) {
            (None, _) if method == Method::GET || method == Method::HEAD => None,
            (Some(origin), false) if is_own(origin) => None,
            _ => Some("refused.other.page"),
        }
    }

    /// Why a request is not answered that asks for more than the link of the start.
    fn objection_inside(&self, headers: &HeaderMap) -> Option<&'static str> {
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        if !matches!(site, None | Some(b"same-origin" | b"none")) {
            return Some("refused.other.page");
        }
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut pairs = cookies.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
        let is_known = pairs.any(|(name, value)| name == COOKIE && self.cookie.is(value));
        (!is_known).then_some("refused.not.opened")
    }
}

/// Refuses a request; `why` is the name of the text that says so.
pub(crate) fn refused(status: StatusCode, why: &str, headers: &HeaderMap) -> Response {
    let language = Language::of(headers);
    (status, format!("certkit: {} {}\n", language.say(why), language.say("refused.advice"))).into_response()
}

/// Lets in what is meant for this server and comes from nobody else's page, and tells the browser what it may do.
pub(crate) async fn everywhere(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let mut response = match guard.objection(request.method(), request.headers()) {
        Some(why) => refused(StatusCode::FORBIDDEN, why, request.headers()),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Lets in whoever has opened the page.
pub(crate) async fn inside(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    match guard.objection_inside(request.headers()) {
        Some(why) => refused(StatusCode::FORBIDDEN, why, request.headers()),
        None => next.run(request).await,
    }
}

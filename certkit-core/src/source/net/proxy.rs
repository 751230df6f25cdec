//! A way through an HTTP proxy: its address, its password, and the CONNECT request.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Empty;
use hyper::Request;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use zeroize::Zeroizing;

use super::error::{Banner, Fault};
use super::http::{AGENT, alongside, bounded, reason};
use crate::presented::{HostPort, split_authority};

/// An HTTP proxy, read from `http://[USER:PASSWORD@]HOST[:PORT]` or `HOST:PORT`.
///
/// User and password are sent to the proxy as Basic authorization and never shown: neither
/// `Display` nor `Debug` nor an error has them.
#[derive(Clone)]
pub struct Proxy {
    address: HostPort,
    /// `user:password` in Base64.
    credentials: Option<Zeroizing<String>>,
}

impl Proxy {
    /// Gives where the proxy is.
    pub fn address(&self) -> &HostPort {
        &self.address
    }

    /// Gives the value of `Proxy-Authorization`, marked as a secret.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        let credentials = self.credentials.as_ref()?;
        let basic = Zeroizing::new(format!("Basic {}", credentials.as_str()));
        let mut value = HeaderValue::from_str(&basic).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.address)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let credentials = self.credentials.as_ref().map(|_| "hidden");
        f.debug_struct("Proxy").field("address", &self.address).field("credentials", &credentials).finish()
    }
}

impl FromStr for Proxy {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let (authority, path) = match rest.find(['/', '?', '#']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        let default_port = match scheme.to_ascii_lowercase().as_str() {
            "http" => Some(80),
            "" => None,
            // It may be a password with "://" in it, and is not repeated.
            _ => {
                return Err(ProxyError::Scheme);
            }
        };
        if !matches!(path, "" | "/") {
            return Err(ProxyError::Path);
        }
        let (host, port) = split_authority(place).map_err(|_| ProxyError::Authority)?;
        let port = port.or(default_port).ok_or(ProxyError::MissingPort)?;
        Ok(Self { address: HostPort { host, port }, credentials: user.map(basic) })
    }
}

/// RFC 7617 section 2: user and password, here freed of their URL encoding, in Base64.
fn basic(user: &str) -> Zeroizing<String> {
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let mut plain = Zeroizing::new(Vec::with_capacity(user.len().saturating_add(1)));
    undo_percent(name, &mut plain);
    plain.push(b':');
    undo_percent(password, &mut plain);
    Zeroizing::new(STANDARD.encode(plain.as_slice()))
}

fn undo_percent(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let decoded = match after {
            [high, low, ..] if first == b'%' => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => u8::try_from((high << 4) | low).ok(),
                _ => None,
            },
            _ => None,
        };
        out.push(decoded.unwrap_or(first));
        let used = if decoded.is_some() { 3 } else { 1 };
        rest = rest.get(used..).unwrap_or_default();
    }
}

/// Why a text is not a proxy. No message repeats the text: there may be a password in it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ProxyError {
    /// Not an HTTP proxy.
    #[error("the scheme of the proxy is not http; expected http://HOST:PORT")]
    Scheme,
    /// Something after the port.
    #[error("the proxy has a path; expected http://HOST:PORT")]
    Path,
    /// Neither a port nor a scheme that has one.
    #[error("the proxy has no port; expected http://HOST:PORT")]
    MissingPort,
    /// Host or port cannot be read.
    #[error("the proxy has no valid host and port; expected http://HOST:PORT")]
    Authority,
}

/// Asks a proxy for a tunnel and gives the connection back as that tunnel (RFC 9110 section 9.3.6).
///
/// The head of the answer is bounded; the caller bounds the time.
pub(super) async fn tunnel(stream: TcpStream, proxy: &Proxy, target: &HostPort) -> Result<TcpStream, Fault> {
    let place = target.to_string();
    let mut request = Request::connect(&place)
        .header(header::HOST, &place)
        .header(header::USER_AGENT, AGENT)
        .body(Empty::<Bytes>::new())
        .map_err(Fault::ProxyRequest)?;
    if let Some(value) = proxy.authorization() {
        request.headers_mut().insert(header::PROXY_AUTHORIZATION, value);
    }
    let (mut sender, connection) = bounded().handshake(TokioIo::new(stream)).await.map_err(Fault::ProxyAnswer)?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(Fault::ProxyAnswer)?;
        if !response.status().is_success() {
            return Err(Fault::ProxyRefused { status: response.status().as_u16(), reason: reason(&response) });
        }
        hyper::upgrade::on(response).await.map_err(Fault::ProxyAnswer)
    };
    let upgraded = alongside(connection.with_upgrades(), exchange).await?;
    match upgraded.downcast::<TokioIo<TcpStream>>() {
        // A TLS server waits for the hello: who speaks first is something else.
        Ok(parts) => match Banner::read(&parts.read_buf) {
            Some(banner) => Err(Fault::NotTls(banner)),
            None if parts.read_buf.is_empty() => Ok(parts.io.into_inner()),
            None => Err(Fault::NotTls(Banner::Binary(parts.read_buf.to_vec()))),
        },
        Err(_) => Err(Fault::Closed),
    }
}

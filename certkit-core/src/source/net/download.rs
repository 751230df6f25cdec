//! Fetches what a certificate points to: issuers (AIA), CRLs and the answers of OCSP responders, over plain HTTP.
//!
//! The address comes from a stranger's certificate, so everything is bounded and only `http` is
//! followed (RFC 5280 section 8 warns of loops that `https` here would make). Refuses to know what
//! was downloaded. A stranger may name servers of the public internet; any other only where
//! [`PrivateDownloads`] lets him. That is held against every address that is connected to, after the name was
//! resolved and after each redirect; what was judged is what is connected to. Through a proxy only addresses can be
//! held against it, not names: the proxy resolves them, and its own rules decide where they may lead.

mod fault;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub use self::fault::{DownloadError, DownloadFault};
use super::dial;
use super::error::Fault;
use super::http::{AGENT, HttpFault, alongside, bounded, reason};
use super::network::{Network, PrivateDownloads};
use super::proxy::Proxy;
use crate::presented::{Host, HostPort};
use crate::text::Address;

/// Bounds of one download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes that are taken.
    pub bytes: usize,
    /// The time for everything together, redirects included.
    pub timeout: Duration,
    /// The most redirects that are followed.
    pub redirects: u8,
    /// Whether an address that is not on the public internet may be asked.
    pub private: PrivateDownloads,
}

impl Default for Limits {
    /// One MiB, ten seconds, three redirects, nothing but the public internet.
    fn default() -> Self {
        Self {
            bytes: 1024 * 1024,
            timeout: Duration::from_secs(10),
            redirects: 3,
            private: PrivateDownloads::default(),
        }
    }
}

/// The downloads of one run, which share its time.
#[derive(Clone, Copy, Debug)]
pub struct Downloads<'a> {
    limits: Limits,
    proxy: Option<&'a Proxy>,
    end: Instant,
}

impl<'a> Downloads<'a> {
    /// Begins now: the time of `limits` is that of all downloads together.
    pub fn begin(limits: Limits, proxy: Option<&'a Proxy>) -> Downloads<'a> {
        Downloads { limits, proxy, end: dial::deadline(limits.timeout) }
    }

    /// Downloads in what is left of the time.
    ///
    /// # Errors
    /// As [`download_blocking`]; also when no time is left.
    pub fn get(&self, url: &Address) -> Result<Vec<u8>, DownloadError> {
        let timeout = self.end.saturating_duration_since(Instant::now());
        if timeout.is_zero() {
            return Err(DownloadError { url: url.clone(), fault: DownloadFault::NoTimeLeft });
        }
        download_blocking(url, &Limits { timeout, ..self.limits }, self.proxy)
    }
}

/// Downloads from a thread without an event loop.
///
/// # Errors
/// As [`download`]; also when the system gives no event loop.
pub fn download_blocking(url: &Address, limits: &Limits, proxy: Option<&Proxy>) -> Result<Vec<u8>, DownloadError> {
    blocking(url, None, limits, proxy)
}

/// Posts a document from a thread without an event loop, and gives the body of the answer.
///
/// # Errors
/// As [`download`]; also when the system gives no event loop.
pub fn post_blocking(
    url: &Address,
    document: &Document<'_>,
    limits: &Limits,
    proxy: Option<&Proxy>,
) -> Result<Vec<u8>, DownloadError> {
    blocking(url, Some(document), limits, proxy)
}

/// What is posted.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

fn blocking(
    url: &Address,
    document: Option<&Document<'_>>,
    limits: &Limits,
    proxy: Option<&Proxy>,
) -> Result<Vec<u8>, DownloadError> {
    super::tls::block_on(exchange(url, document, limits, proxy))
        .unwrap_or_else(|error| Err(DownloadError { url: url.clone(), fault: DownloadFault::Runtime(error) }))
}

/// Downloads the body of an `http` URL, following redirects to other `http` URLs.
///
/// # Errors
/// When any bound of `limits` is met, and for every answer but 200.
pub async fn download(url: &Address, limits: &Limits, proxy: Option<&Proxy>) -> Result<Vec<u8>, DownloadError> {
    exchange(url, None, limits, proxy).await
}

async fn exchange(
    url: &Address,
    document: Option<&Document<'_>>,
    limits: &Limits,
    proxy: Option<&Proxy>,
) -> Result<Vec<u8>, DownloadError> {
    let start = Instant::now();
    let errand = Errand { document, limits, proxy, start, deadline: dial::deadline(limits.timeout) };
    let mut at = url.clone();
    let mut base = None;
    for _ in 0..=limits.redirects {
        let step = async {
            let parsed = allowed(base.as_ref(), at.written())?;
            let outcome = errand.get(&parsed).await?;
            base = Some(parsed);
            Ok(outcome)
        };
        match step.await {
            Ok(Outcome::Body(body)) => return Ok(body),
            Ok(Outcome::Elsewhere(location)) => at = Address::new(location),
            Err(fault) => return Err(DownloadError { url: at, fault }),
        }
    }
    Err(DownloadError { url: at, fault: DownloadFault::TooManyRedirects(limits.redirects) })
}

/// Reads an address, relative to the one before it, and lets only plain HTTP pass.
fn allowed(base: Option<&Url>, text: &str) -> Result<Url, DownloadFault> {
    let url = Url::options().base_url(base).parse(text)?;
    if url.scheme() != "http" {
        return Err(DownloadFault::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() || url.port() == Some(0) {
        return Err(DownloadFault::Authority);
    }
    Ok(url)
}

fn refusal(host: &Host, address: Option<IpAddr>, judged: IpAddr) -> DownloadFault {
    DownloadFault::Private { host: host.clone(), address, network: Network::of(judged) }
}

enum Outcome {
    Body(Vec<u8>),
    Elsewhere(String),
}

/// What one download may use up.
struct Errand<'a> {
    document: Option<&'a Document<'a>>,
    limits: &'a Limits,
    proxy: Option<&'a Proxy>,
    start: Instant,
    deadline: Instant,
}

impl Errand<'_> {
    async fn get(&self, url: &Url) -> Result<Outcome, DownloadFault> {
        let host = match url.host().ok_or(DownloadFault::Authority)? {
            url::Host::Domain(name) => Host::Name(name.to_owned()),
            url::Host::Ipv4(address) => Host::V4(address),
            url::Host::Ipv6(address) => Host::V6(address),
        };
        let port = url.port_or_known_default().unwrap_or(80);
        let target = HostPort { host, port };
        let request = self.request(url, &target)?;
        let stream = self.open(&target).await?;
        timeout_at(self.deadline, self.exchange(stream, request))
            .await
            .unwrap_or_else(|_| Err(HttpFault::TimedOut(self.start.elapsed()).into()))
    }

    fn request(&self, url: &Url, target: &HostPort) -> Result<Request<Full<Bytes>>, DownloadFault> {
        let mut resource = url.path().to_owned();
        if let Some(query) = url.query() {
            resource.push('?');
            resource.push_str(query);
        }
        let host = match target.port {
            80 => target.host.to_string(),
            _ => target.to_string(),
        };
        // A proxy is told the whole address (RFC 9112 section 3.2.2).
        let place = match self.proxy {
            Some(_) => format!("http://{host}{resource}"),
            None => resource,
        };
        let (builder, body) = match self.document {
            // A redirect is followed with the same question: a responder that has moved is still to be asked.
            Some(document) => {
                let builder = Request::post(place).header(header::CONTENT_TYPE, document.media_type);
                (builder, Bytes::copy_from_slice(document.bytes))
            }
            None => (Request::get(place), Bytes::new()),
        };
        let mut request = builder
            .header(header::HOST, host)
            .header(header::USER_AGENT, AGENT)
            .header(header::ACCEPT, "*/*")
            .header(header::CONNECTION, "close")
            .body(Full::new(body))
            .map_err(HttpFault::Request)?;
        if let Some(value) = self.proxy.and_then(Proxy::authorization) {
            request.headers_mut().insert(header::PROXY_AUTHORIZATION, value);
        }
        Ok(request)
    }

    /// Connects to the server, or to the proxy; the addresses that are judged are those that are connected to.
    async fn open(&self, target: &HostPort) -> Result<TcpStream, DownloadFault> {
        self.hold_unresolved(&target.host)?;
        let hop = self.proxy.map_or(target, Proxy::address);
        let mut addresses = dial::resolve(hop, self.deadline).await.map_err(DownloadFault::Unreachable)?;
        if self.proxy.is_none() {
            addresses = self.permitted(target, addresses)?;
        }
        let mut last = Fault::NoAddress;
        for (address, share) in dial::shares(addresses, self.deadline) {
            match dial::connect(address, share).await {
                Ok(stream) => return Ok(stream),
                Err(fault) => last = fault,
            }
        }
        Err(DownloadFault::Unreachable(last))
    }

    /// Takes out what may not be asked; where nothing is left, says so.
    fn permitted(&self, target: &HostPort, addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, DownloadFault> {
        let (permitted, refused): (Vec<_>, Vec<_>) =
            addresses.into_iter().partition(|address| self.limits.private.allow(address.ip()));
        match refused.first() {
            Some(first) if permitted.is_empty() => Err(refusal(&target.host, Some(first.ip()), first.ip())),
            _ => Ok(permitted),
        }
    }

    /// Holds against the policy what no resolver is needed for: an address, and the name of the machine itself. All that
    /// can be held where a proxy resolves.
    fn hold_unresolved(&self, host: &Host) -> Result<(), DownloadFault> {
        let meant = match host {
            Host::Name(name) => {
                let name = name.trim_end_matches('.').to_ascii_lowercase();
                let is_own = name == "localhost" || name.ends_with(".localhost");
                is_own.then_some(IpAddr::V4(Ipv4Addr::LOCALHOST))
            }
            Host::V4(_) | Host::V6(_) => host.address(),
        };
        match meant {
            Some(address) if !self.limits.private.allow(address) => Err(refusal(host, host.address(), address)),
            _ => Ok(()),
        }
    }

    async fn exchange(&self, stream: TcpStream, request: Request<Full<Bytes>>) -> Result<Outcome, DownloadFault> {
        let (mut sender, connection) = bounded().handshake(TokioIo::new(stream)).await.map_err(HttpFault::from)?;
        let exchange = async {
            let response = sender.send_request(request).await.map_err(HttpFault::from)?;
            match response.status() {
                StatusCode::OK => self.body(response).await.map(Outcome::Body),
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => response
                    .headers()
                    .get(header::LOCATION)
                    .and_then(|location| location.to_str().ok())
                    .map(|location| Outcome::Elsewhere(location.to_owned()))
                    .ok_or(DownloadFault::Redirect),
                status => Err(DownloadFault::Status { status: status.as_u16(), reason: reason(&response) }),
            }
        };
        alongside(connection, exchange).await
    }

    async fn body(&self, response: Response<hyper::body::Incoming>) -> Result<Vec<u8>, DownloadFault> {
        let limit = self.limits.bytes;
        let mut incoming = response.into_body();
        let mut body = Vec::new();
        while let Some(frame) = incoming.frame().await {
            // Trailers say nothing that is wanted.
            let Ok(data) = frame.map_err(HttpFault::from)?.into_data() else {
                continue;
            };
            if data.len() > limit.saturating_sub(body.len()) {
                return Err(DownloadFault::TooLarge(limit));
            }
            body.extend_from_slice(&data);
        }
        Ok(body)
    }
}

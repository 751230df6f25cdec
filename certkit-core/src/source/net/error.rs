//! Why no certificate could be got. Knows faults of the way, never of a certificate.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use super::starttls::Refusal;
use crate::presented::{Alert, HostPort, MAX_CERTIFICATES, Scheme};

impl From<rustls::AlertDescription> for Alert {
    fn from(description: rustls::AlertDescription) -> Self {
        Self(description.into())
    }
}

/// How far a capture came. Later phases compare greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Before the network was touched.
    Preparation,
    /// Asking for the addresses of the name.
    Resolution,
    /// Opening the TCP connection.
    Connection,
    /// Asking the proxy for a tunnel.
    Proxy,
    /// Asking the server to go over to TLS, where its protocol begins in clear.
    Request,
    /// The TLS handshake.
    Handshake,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Preparation => "preparation",
            Self::Resolution => "name resolution",
            Self::Connection => "connection",
            Self::Proxy => "proxy",
            Self::Request => "request for TLS",
            Self::Handshake => "TLS handshake",
        })
    }
}

/// No chain was got from an endpoint.
#[derive(Debug, thiserror::Error)]
#[error("no certificate from {target}{}: the {phase} failed", At(*address))]
pub struct CaptureError {
    /// What was to be connected to.
    pub target: HostPort,
    /// The address (of the proxy, if there is one) that came farthest.
    pub address: Option<SocketAddr>,
    /// How far it came.
    pub phase: Phase,
    /// What happened there.
    #[source]
    pub fault: Box<Fault>,
    /// The other addresses that were tried, in order.
    pub attempts: Vec<Attempt>,
}

impl CaptureError {
    /// Makes the error of the address that came farthest, the last of them if there are several.
    pub(super) fn farthest(target: HostPort, mut attempts: Vec<Attempt>) -> Self {
        let best = (0..attempts.len()).max_by_key(|&at| attempts.get(at).map(|it| it.phase));
        match best {
            Some(at) => {
                let best = attempts.remove(at);
                Self { target, address: Some(best.address), phase: best.phase, fault: Box::new(best.fault), attempts }
            }
            None => {
                Self { target, address: None, phase: Phase::Resolution, fault: Box::new(Fault::NoAddress), attempts }
            }
        }
    }
}

/// ` at ADDRESS`, where there is one.
pub(super) struct At(pub(super) Option<SocketAddr>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address) => write!(f, " at {address}"),
            None => Ok(()),
        }
    }
}

/// An address that was tried and gave nothing.
#[derive(Debug, thiserror::Error)]
#[error("{address}: the {phase} failed")]
pub struct Attempt {
    /// The address.
    pub address: SocketAddr,
    /// How far it came.
    pub phase: Phase,
    /// What happened there.
    #[source]
    pub fault: Fault,
}

/// What can go wrong between us and a certificate.
///
/// Text that a stranger sent is escaped in every message.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The endpoint is one that is not asked by a TLS handshake.
    #[error("{0}:// endpoints do not speak TLS; their certificate is queried over their own protocol")]
    WithoutTls(
        /// How it was named.
        Scheme,
    ),
    /// The client certificate cannot be used.
    #[error("the client certificate cannot be used")]
    Identity(#[from] IdentityError),
    /// The operating system gave no event loop.
    #[error("cannot start the event loop")]
    Runtime(#[source] io::Error),
    /// The resolver failed.
    #[error("the name could not be resolved")]
    Unresolved(#[source] io::Error),
    /// The resolver answered without an address.
    #[error("the name has no address")]
    NoAddress,
    /// Nobody listens on the port, or a firewall says so.
    #[error("the connection was refused: nothing listens on this port, or a firewall rejects it")]
    Refused,
    /// Any other failure of the network.
    #[error("the network failed")]
    Network(#[source] io::Error),
    /// Silence, or an answer that never ended.
    #[error("no complete answer within {:.1} s", .0.as_secs_f32())]
    TimedOut(
        /// How long this step was waited for.
        Duration,
    ),
    /// Nothing more is asked of a server that does not answer.
    #[error("not queried: {0} connections before it had no answer")]
    LeftAlone(
        /// How many in a row.
        usize,
    ),
    /// The other side hung up.
    #[error("the server closed the connection before it had sent a certificate")]
    Closed,
    /// A server whose protocol begins in clear does not go over to TLS.
    #[error("{0}")]
    BeforeTls(Refusal),
    /// Another protocol is spoken on the port.
    #[error("the port does not speak TLS: it answered {0}")]
    NotTls(Banner),
    /// Another protocol than MQTT is spoken on the port.
    #[error("the port does not speak MQTT: it answered {0}")]
    NotMqtt(Banner),
    /// The server gave a TLS alert.
    #[error("the server ended the handshake with the TLS alert {0}")]
    Alert(Alert),
    /// TLS was spoken, but not as the standards say or not as we can.
    #[error("the TLS handshake is not possible")]
    Tls(#[source] rustls::Error),
    /// A handshake message of the plain hello cannot be read.
    #[error("the server sent a malformed {0}")]
    Malformed(
        /// Which message.
        &'static str,
    ),
    /// The server agreed on TLS and then presented nothing.
    #[error("the server presented no certificate")]
    NoCertificate,
    /// More was sent than is read.
    #[error("the server sent more than {limit} {unit}")]
    TooLarge {
        /// The bound.
        limit: usize,
        /// What is counted.
        unit: &'static str,
    },
    /// The host has characters that cannot stand in a request to a proxy.
    #[error("the host cannot be sent to the proxy")]
    ProxyRequest(#[source] hyper::http::Error),
    /// The proxy said no.
    #[error("the proxy refused the tunnel with status {status}{}", Reason(reason))]
    ProxyRefused {
        /// The HTTP status.
        status: u16,
        /// The words after it, as sent.
        reason: String,
    },
    /// The proxy did not speak HTTP, or hung up.
    #[error("the proxy gave no valid HTTP answer")]
    ProxyAnswer(#[source] hyper::Error),
    /// Neither the proper handshake nor the plain hello for older servers was understood.
    #[error("{}; to a hello for older servers: {}", Whole(modern), Whole(plain))]
    Twice {
        /// What the proper handshake met.
        modern: Box<Fault>,
        /// What the plain hello met.
        plain: Box<Fault>,
    },
}

/// A fault with its causes, where it stands beside another and cannot be a source itself.
struct Whole<'a>(&'a Fault);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(inner) = cause {
            write!(f, ": {inner}")?;
            cause = inner.source();
        }
        Ok(())
    }
}

struct Reason<'a>(&'a str);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => Ok(()),
            reason => write!(f, " {}", reason.escape_debug()),
        }
    }
}

impl Fault {
    pub(super) fn too_many_certificates() -> Self {
        Self::TooLarge { limit: MAX_CERTIFICATES, unit: "certificates" }
    }

    /// Joins this fault of a proper handshake with that of the plain hello after it.
    pub(super) fn and_plain(self, plain: Self) -> Self {
        match (&self, &plain) {
            (Self::Closed, Self::Closed) => self,
            (Self::Alert(one), Self::Alert(other)) if one == other => self,
            // Known only now: what seemed a strange handshake was none.
            (_, Self::NotTls(_)) => plain,
            _ => Self::Twice { modern: Box::new(self), plain: Box::new(plain) },
        }
    }

    /// Says it in one line, with its causes.
    pub(super) fn in_one_line(&self) -> String {
        Whole(self).to_string()
    }

    /// Says whether a server that met us so may still answer a plain hello for older servers.
    pub(super) fn may_be_obsolete(&self) -> bool {
        matches!(self, Self::Alert(_) | Self::Tls(_) | Self::Closed)
    }

    /// Reads a failure of a stream whose first bytes were `head`.
    pub(super) fn from_stream(error: io::Error, head: &[u8]) -> Self {
        if let Some(banner) = Banner::read(head) {
            return Self::NotTls(banner);
        }
        if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
            return Self::from_rustls(tls);
        }
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Network(error),
        }
    }

    fn from_rustls(error: &rustls::Error) -> Self {
        use rustls::InvalidMessage::{CertificatePayloadTooLarge, HandshakePayloadTooLarge};
        match error {
            rustls::Error::AlertReceived(alert) => Self::Alert((*alert).into()),
            rustls::Error::NoCertificatesPresented => Self::NoCertificate,
            rustls::Error::InvalidMessage(CertificatePayloadTooLarge | HandshakePayloadTooLarge) => {
                Self::TooLarge { limit: 0xffff, unit: "bytes in one message" }
            }
            other => Self::Tls(other.clone()),
        }
    }
}

/// The first words of a server that does not speak TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Banner {
    /// HTTP without TLS: its status line.
    Http(String),
    /// SSH: its version line.
    Ssh(String),
    /// Some other protocol made of text: its first line.
    Text(String),
    /// Anything else: its first bytes.
    Binary(Vec<u8>),
}

impl Banner {
    /// The most that is kept of a first line.
    const LINE: usize = 80;
    /// The most that is kept of bytes without meaning.
    const BYTES: usize = 16;

    /// Judges the first bytes of an answer; `None` when they begin like TLS or there are none.
    pub(super) fn read(head: &[u8]) -> Option<Self> {
        match head {
            [] | [20..=24] | [20..=24, 3, ..] => return None,
            _ => {}
        }
        let line = head.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
        let line = line.get(..Self::LINE).unwrap_or(line);
        let printable = !line.is_empty() && line.iter().all(|byte| matches!(byte, 0x20..=0x7e));
        if !printable {
            let start = head.get(..Self::BYTES).unwrap_or(head);
            return Some(Self::Binary(start.to_vec()));
        }
        let text = String::from_utf8_lossy(line).into_owned();
        Some(if line.starts_with(b"HTTP/") {
            Self::Http(text)
        } else if line.starts_with(b"SSH-") {
            Self::Ssh(text)
        } else {
            Self::Text(text)
        })
    }
}

impl fmt::Display for Banner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(line) => write!(f, "in plain HTTP: {}", line.escape_debug()),
            Self::Ssh(line) => write!(f, "as an SSH server: {}", line.escape_debug()),
            Self::Text(line) => write!(f, "in plain text: {}", line.escape_debug()),
            Self::Binary(bytes) => {
                f.write_str("with the bytes")?;
                bytes.iter().try_for_each(|byte| write!(f, " {byte:02x}"))
            }
        }
    }
}

/// Why a client certificate and its key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// No certificate was given.
    #[error("the client identity has no certificate")]
    NoCertificate,
    /// The key is none of PKCS#8, PKCS#1 and SEC1.
    #[error("the client key is not PKCS#8, PKCS#1 or SEC1 in DER: {0}")]
    KeyForm(
        /// What the reader met.
        &'static str,
    ),
    /// The key is of a kind or size that TLS cannot use here.
    #[error("the client key cannot sign for TLS")]
    Key(#[source] rustls::Error),
    /// Certificate and key are not a pair.
    #[error("the client certificate does not belong to the client key")]
    Mismatch(#[source] rustls::Error),
}

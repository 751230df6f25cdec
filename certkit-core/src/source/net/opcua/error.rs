//! Why a server could not be asked for its endpoints. Knows faults of the way and of the protocol,
//! never of a certificate.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use crate::status::StatusCode;
use crate::text::{Hex, Printable};

use super::super::error::{At, Banner, Fault};
use super::codec::DecodeError;
use crate::presented::{HostPort, Scheme};

/// How far a discovery came. Later steps compare greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiscoveryStep {
    /// Before the network was touched.
    Preparation,
    /// Asking for the addresses of the name.
    Resolution,
    /// Opening the TCP connection.
    Connection,
    /// Asking the proxy for a tunnel.
    Proxy,
    /// Hello and acknowledge.
    Hello,
    /// Opening a secure channel with SecurityPolicy None.
    SecureChannel,
    /// Asking for the endpoints.
    GetEndpoints,
}

impl fmt::Display for DiscoveryStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Preparation => "preparation",
            Self::Resolution => "name resolution",
            Self::Connection => "connection",
            Self::Proxy => "proxy",
            Self::Hello => "OPC UA hello",
            Self::SecureChannel => "opening of a channel without security",
            Self::GetEndpoints => "question for the endpoints",
        })
    }
}

/// No endpoints were got from a server.
#[derive(Debug, thiserror::Error)]
#[error("no endpoints from {target}{}: the {step} failed", At(*address))]
pub struct DiscoveryError {
    /// What was to be connected to.
    pub target: HostPort,
    /// The address (of the proxy, if there is one) that came farthest.
    pub address: Option<SocketAddr>,
    /// How far it came.
    pub step: DiscoveryStep,
    /// What happened there.
    #[source]
    pub fault: Box<DiscoveryFault>,
    /// The other addresses that were tried, in order.
    pub attempts: Vec<DiscoveryAttempt>,
}

impl DiscoveryError {
    /// Makes the error of a discovery that reached no address.
    pub(super) fn before(target: HostPort, step: DiscoveryStep, fault: impl Into<DiscoveryFault>) -> Self {
        Self { target, address: None, step, fault: Box::new(fault.into()), attempts: Vec::new() }
    }

    /// Makes the error of the address that came farthest, the last of them if there are several.
    pub(super) fn farthest(target: HostPort, mut attempts: Vec<DiscoveryAttempt>) -> Self {
        let best = (0..attempts.len()).max_by_key(|&at| attempts.get(at).map(|it| it.step));
        match best {
            Some(at) => {
                let best = attempts.remove(at);
                Self { target, address: Some(best.address), step: best.step, fault: Box::new(best.fault), attempts }
            }
            None => Self::before(target, DiscoveryStep::Resolution, Fault::NoAddress),
        }
    }
}

/// An address that was tried and gave nothing.
#[derive(Debug, thiserror::Error)]
#[error("{address}: the {step} failed")]
pub struct DiscoveryAttempt {
    /// The address.
    pub address: SocketAddr,
    /// How far it came.
    pub step: DiscoveryStep,
    /// What happened there.
    #[source]
    pub fault: DiscoveryFault,
}

/// What can go wrong between us and the endpoints of a server.
///
/// Text that a stranger sent is escaped in every message.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryFault {
    /// The endpoint is one of TLS, which has nothing to discover.
    #[error("{0}:// does not support GetEndpoints; expected opc.tcp://HOST[:PORT]")]
    Scheme(
        /// How it was named.
        Scheme,
    ),
    /// The server was not reached.
    #[error(transparent)]
    Unreached(Fault),
    /// The network failed in the middle of it.
    #[error("the network failed")]
    Network(#[source] io::Error),
    /// Silence, or an answer that never ended.
    #[error("no complete answer within {:.1} s", .0.as_secs_f32())]
    TimedOut(
        /// How long all steps with this address were waited for.
        Duration,
    ),
    /// The other side hung up.
    #[error("the server closed the connection without a complete answer")]
    Closed,
    /// TLS is spoken on the port.
    #[error("the port speaks TLS, not OPC UA; expected tls://HOST:PORT for it")]
    SpeaksTls,
    /// Another protocol is spoken on the port.
    #[error("the port does not speak OPC UA: it answered {0}")]
    NotOpcUa(Banner),
    /// The server gave an error of the transport.
    #[error("the server ended the connection with {}", Said(*.status, reason))]
    ServerError {
        /// Its code.
        status: StatusCode,
        /// Its words, as sent, shortened; may be empty.
        reason: String,
    },
    /// The server gave up in the middle of an answer.
    #[error("the server aborted its answer with {}", Said(*.status, reason))]
    Aborted {
        /// Its code.
        status: StatusCode,
        /// Its words, as sent, shortened; may be empty.
        reason: String,
    },
    /// The server answered that it does not do as asked.
    #[error("the server refused the request with {}", Said(*.0, ""))]
    Refused(
        /// Its code.
        StatusCode,
    ),
    /// The server does not let anyone in without a certificate, not even to ask for endpoints.
    #[error(
        "the server does not open a channel without security, although GetEndpoints must work on one; it would send \
         its certificate to a client that opens a signed channel with its own certificate, which certkit does not do"
    )]
    NoneRefused(
        /// What it did instead.
        #[source]
        Box<DiscoveryFault>,
    ),
    /// A message of a type that has no place here.
    #[error("the server sent a message of type {found}; expected {expected}")]
    UnexpectedMessage {
        /// The type that came.
        found: &'static str,
        /// The type that was to come.
        expected: &'static str,
    },
    /// Bytes that begin no message, after messages that were right.
    #[error("the server sent the bytes {} where a message begins", Hex(.0))]
    NotAMessage(
        /// The first bytes.
        [u8; 8],
    ),
    /// The answer to another service.
    #[error("the server sent the answer {}; expected {expected}", Number(*found))]
    UnexpectedAnswer {
        /// The number of its encoding, if it is one of OPC UA's own.
        found: Option<u32>,
        /// The name of what was to come.
        expected: &'static str,
    },
    /// The answer to a request that was not made.
    #[error("the server answered request {found}; expected an answer to request {expected}")]
    UnexpectedRequest {
        /// The number that came.
        found: u32,
        /// The number that was asked with.
        expected: u32,
    },
    /// The channel was opened with another policy than was asked for.
    #[error("the server opened the channel with the security policy \"{}\"; expected None", Printable(.0))]
    UnexpectedPolicy(
        /// The policy of the answer.
        String,
    ),
    /// More was sent, or announced, than is read.
    #[error("the server sent more than {limit} {unit}")]
    TooLarge {
        /// The bound.
        limit: u32,
        /// What is counted.
        unit: &'static str,
    },
    /// A message that was not sealed for us, or not by the server.
    #[error("a message of the secure channel cannot be used")]
    Sealed(#[source] crate::crypto::secure_channel::Error),
    /// A message that cannot be decoded.
    #[error("the server sent a malformed {message}")]
    Malformed {
        /// Which one.
        message: &'static str,
        /// What is wrong with it.
        source: DecodeError,
    },
}

impl DiscoveryFault {
    /// Reads the first bytes of a server that does not answer as OPC UA servers do.
    pub(super) fn stranger(head: &[u8]) -> Self {
        match Banner::read(head) {
            Some(banner) => Self::NotOpcUa(banner),
            None => Self::SpeaksTls,
        }
    }

    /// Says whether a server that says so to a channel without security wants one with it.
    fn wants_security(&self) -> bool {
        match self {
            Self::Closed => true,
            Self::ServerError { status, .. } | Self::Refused(status) => {
                let name = status.name().unwrap_or_default();
                name.starts_with("BadSecurity") || name.contains("Certificate")
            }
            _ => false,
        }
    }

    /// Reads a fault of the opening of a channel without security.
    pub(super) fn of_channel(self) -> Self {
        if self.wants_security() { Self::NoneRefused(Box::new(self)) } else { self }
    }
}

impl From<Fault> for DiscoveryFault {
    fn from(fault: Fault) -> Self {
        match fault {
            // Of a proxy's tunnel: whoever is at its end spoke first.
            Fault::NotTls(banner) => Self::NotOpcUa(banner),
            Fault::TimedOut(after) => Self::TimedOut(after),
            other => Self::Unreached(other),
        }
    }
}

impl From<io::Error> for DiscoveryFault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Network(error),
        }
    }
}

/// A code, what it says, and what the server has to say about it.
struct Said<'a>(StatusCode, &'a str);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        if let Some(meaning) = self.0.meaning().filter(|_| self.0.is_bad()) {
            write!(f, ", {meaning}")?;
        }
        match self.1 {
            "" => Ok(()),
            reason => write!(f, "; its message: {}", Printable(reason)),
        }
    }
}

struct Number(Option<u32>);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => write!(f, "i={number}"),
            None => f.write_str("of a type that is not OPC UA's own"),
        }
    }
}

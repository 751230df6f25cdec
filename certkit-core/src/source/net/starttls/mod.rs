//! What is said before a TLS handshake where a protocol begins in clear and goes over to TLS when it is asked to.
//!
//! Knows as much of each protocol as it takes to ask. Reads no octet beyond the answer, so that nothing which a stranger
//! sends in clear is taken for what comes over TLS; every answer is bounded, and the caller bounds the time.

mod binary;
mod envelope;
mod lines;

use std::fmt;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

pub(super) use self::envelope::Envelope;

use super::error::Fault;
use crate::presented::Scheme;
use crate::text::Printable;

/// The most octets of an answer, and of one of its lines.
const ANSWER: usize = 64 * 1024;
const LINE: usize = 4096;

/// Why a server does not go over to TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It says that it will not; its words, where it has any.
    Refused {
        /// The protocol.
        protocol: &'static str,
        /// What it said.
        words: String,
    },
    /// It does not offer TLS on this port.
    NotOffered {
        /// The protocol.
        protocol: &'static str,
    },
    /// What it said is not of the protocol.
    OtherProtocol {
        /// The protocol.
        protocol: &'static str,
        /// What it said.
        words: String,
    },
}

/// The most characters of what a server said that are repeated.
const SHOWN: usize = 200;

fn shown(words: &str) -> String {
    let cut: String = words.trim().chars().take(SHOWN).collect();
    if cut.is_empty() { "nothing".to_owned() } else { format!("\u{201c}{}\u{201d}", Printable(cut)) }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Refused { protocol, words } => {
                write!(f, "the {protocol} server rejects the connection before TLS: it says {}", shown(words))
            }
            Refusal::NotOffered { protocol } => write!(f, "the {protocol} server has no TLS on this port"),
            Refusal::OtherProtocol { protocol, words } => {
                write!(f, "the port does not speak {protocol}: it says {}", shown(words))
            }
        }
    }
}

fn protocol(scheme: Scheme) -> Option<&'static str> {
    Some(match scheme {
        Scheme::Postgres => "PostgreSQL",
        Scheme::MySql => "MySQL",
        Scheme::Ldap => "LDAP",
        Scheme::Smtp => "SMTP",
        Scheme::Imap => "IMAP",
        Scheme::Pop3 => "POP3",
        Scheme::Ftp => "FTP",
        Scheme::Tds => "TDS (SQL Server)",
        _ => return None,
    })
}

/// Asks a server to go over to TLS, where its protocol begins in clear.
pub(super) async fn ask(stream: &mut TcpStream, scheme: Scheme, deadline: Instant) -> Result<(), Fault> {
    let Some(protocol) = protocol(scheme) else { return Ok(()) };
    let start = Instant::now();
    let mut talk = Talk { stream, protocol, read: 0 };
    let asked = async {
        match scheme {
            Scheme::Postgres => binary::postgres(&mut talk).await,
            Scheme::MySql => binary::mysql(&mut talk).await,
            Scheme::Ldap => binary::ldap(&mut talk).await,
            Scheme::Tds => binary::tds(&mut talk).await,
            Scheme::Smtp => lines::smtp(&mut talk).await,
            Scheme::Imap => lines::imap(&mut talk).await,
            Scheme::Pop3 => lines::pop3(&mut talk).await,
            Scheme::Ftp => lines::ftp(&mut talk).await,
            _ => Ok(()),
        }
    };
    timeout_at(deadline, asked).await.unwrap_or_else(|_| Err(Fault::TimedOut(start.elapsed())))
}

/// A conversation before TLS.
struct Talk<'a> {
    stream: &'a mut TcpStream,
    protocol: &'static str,
    read: usize,
}

impl Talk<'_> {
    async fn say(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let said = self.stream.write_all(bytes).await;
        said.map_err(|error| Fault::from_stream(error, &[]))
    }

    /// Reads so many octets and none beyond.
    async fn octets(&mut self, count: usize) -> Result<Vec<u8>, Fault> {
        self.read = self.read.saturating_add(count);
        if self.read > ANSWER {
            return Err(Fault::TooLarge { limit: ANSWER, unit: "bytes before TLS" });
        }
        let mut bytes = vec![0; count];
        match self.stream.read_exact(&mut bytes).await {
            Ok(_) => Ok(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(Fault::Closed),
            Err(error) => Err(Fault::from_stream(error, &[])),
        }
    }

    /// Reads a line, without its end.
    async fn line(&mut self) -> Result<String, Fault> {
        let mut line = Vec::new();
        loop {
            let octet = self.octets(1).await?;
            match octet.first() {
                Some(b'\n') | None => break,
                Some(octet) if line.len() < LINE => line.push(*octet),
                Some(_) => return Err(Fault::TooLarge { limit: LINE, unit: "bytes in a line before TLS" }),
            }
        }
        Ok(String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line)).into_owned())
    }

    fn refused(&self, words: impl Into<String>) -> Fault {
        Fault::BeforeTls(Refusal::Refused { protocol: self.protocol, words: words.into() })
    }

    fn not_offered(&self) -> Fault {
        Fault::BeforeTls(Refusal::NotOffered { protocol: self.protocol })
    }

    fn other(&self, words: impl Into<String>) -> Fault {
        Fault::BeforeTls(Refusal::OtherProtocol { protocol: self.protocol, words: words.into() })
    }
}

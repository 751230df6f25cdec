//! Hosts and ports as people write them.
//!
//! Knows names (IDN in, ASCII out), IPv4, bracketed IPv6 and ports. Refuses to know addresses of
//! names: resolving happens where the connection is made.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A host: a name or an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A DNS name in lower-case ASCII; a trailing dot is kept.
    Name(String),
    /// An IPv4 address.
    V4(Ipv4Addr),
    /// An IPv6 address, without zone.
    V6(Ipv6Addr),
}

impl Host {
    /// Gives the address, if it is one.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Name(_) => None,
            Self::V4(address) => Some(IpAddr::V4(*address)),
            Self::V6(address) => Some(IpAddr::V6(*address)),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::V4(address) => write!(f, "{address}"),
            Self::V6(address) => write!(f, "[{address}]"),
        }
    }
}

impl FromStr for Host {
    type Err = AuthorityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(AuthorityError::MissingHost);
        }
        if let Some(inner) = text.strip_prefix('[') {
            return match inner.strip_suffix(']').map(str::parse) {
                Some(Ok(address)) => Ok(Self::V6(address)),
                _ if inner.contains('%') => Err(AuthorityError::Zone { host: text.to_owned() }),
                _ => Err(AuthorityError::BadIpv6 { host: text.to_owned() }),
            };
        }
        if text.contains(':') {
            return Err(if text.parse::<Ipv6Addr>().is_ok() {
                AuthorityError::BareIpv6 { host: text.to_owned() }
            } else {
                AuthorityError::Colons { text: text.to_owned() }
            });
        }
        // The URL standard would undo percent-encoding in a host; nobody means that here.
        if text.contains('%') {
            return Err(bad_name(text, url::ParseError::InvalidDomainCharacter));
        }
        match url::Host::parse(text).map_err(|source| bad_name(text, source))? {
            url::Host::Domain(name) => {
                let whole = name.strip_suffix('.').unwrap_or(&name);
                let fits = whole.len() <= 253 && whole.split('.').all(|label| (1..=63).contains(&label.len()));
                if fits { Ok(Self::Name(name)) } else { Err(AuthorityError::BadLabels { host: text.to_owned() }) }
            }
            // The URL standard reads 127.1 or 0x7f000001 as an address, too: more often a slip.
            url::Host::Ipv4(address) if text.parse() == Ok(address) => Ok(Self::V4(address)),
            url::Host::Ipv4(address) => Err(AuthorityError::OddIpv4 { host: text.to_owned(), address }),
            url::Host::Ipv6(address) => Ok(Self::V6(address)),
        }
    }
}

fn bad_name(host: &str, source: url::ParseError) -> AuthorityError {
    AuthorityError::BadName { host: host.to_owned(), source }
}

/// A host with its port, written `HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostPort {
    /// The host.
    pub host: Host,
    /// The port, never 0 when it was read from a text.
    pub port: u16,
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl FromStr for HostPort {
    type Err = AuthorityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, port) = split_authority(text.trim())?;
        let port = port.ok_or_else(|| AuthorityError::MissingPort { text: text.to_owned() })?;
        Ok(Self { host, port })
    }
}

/// Splits `HOST` or `HOST:PORT`.
pub(crate) fn split_authority(text: &str) -> Result<(Host, Option<u16>), AuthorityError> {
    // First of all, so that no other message can repeat a password.
    if text.contains('@') {
        return Err(AuthorityError::UserInfo);
    }
    let (host, port) = if text.starts_with('[') {
        match text.find(']').and_then(|at| at.checked_add(1)) {
            Some(end) => {
                let (host, rest) = text.split_at(end);
                match rest.strip_prefix(':') {
                    Some(port) => (host, Some(port)),
                    None if rest.is_empty() => (host, None),
                    None => {
                        return Err(AuthorityError::BadPort { port: rest.to_owned() });
                    }
                }
            }
            None => (text, None),
        }
    } else {
        match text.split_once(':') {
            // More than one colon: the whole is judged as a host, which names the fault.
            Some((_, port)) if port.contains(':') => (text, None),
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        }
    };
    let host = host.parse()?;
    let port = port.map(read_port).transpose()?;
    Ok((host, port))
}

fn read_port(text: &str) -> Result<u16, AuthorityError> {
    // `u16` alone would read "+443".
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(port) if digits && port != 0 => Ok(port),
        _ => Err(AuthorityError::BadPort { port: text.to_owned() }),
    }
}

/// Why a text is not a host, or not a host and port.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AuthorityError {
    /// Nothing where the host should be.
    #[error("the host is missing; expected HOST or HOST:PORT")]
    MissingHost,
    /// User name or password in front of the host. The text is not repeated.
    #[error("a user name or password before the host is not used; expected HOST or HOST:PORT")]
    UserInfo,
    /// Nothing where the port should be.
    #[error("{text:?} has no port; expected HOST:PORT")]
    MissingPort {
        /// What was read.
        text: String,
    },
    /// Not a number from 1 to 65535.
    #[error("the port is {port:?}; expected a number from 1 to 65535")]
    BadPort {
        /// What stands there.
        port: String,
    },
    /// An IPv6 address without brackets: where it ends and the port begins is anybody's guess.
    #[error("{host} is an IPv6 address without brackets; expected [ADDRESS]:PORT")]
    BareIpv6 {
        /// What was read.
        host: String,
    },
    /// More than one colon.
    #[error("{text:?} has more than one colon; expected HOST:PORT or [IPv6]:PORT")]
    Colons {
        /// What was read.
        text: String,
    },
    /// Brackets without an IPv6 address in them.
    #[error("{host:?} is not an IPv6 address in brackets")]
    BadIpv6 {
        /// What was read.
        host: String,
    },
    /// An IPv6 address with a zone.
    #[error("{host:?} has a zone, which is not supported; expected [ADDRESS]")]
    Zone {
        /// What was read.
        host: String,
    },
    /// A short or non-decimal form of an IPv4 address.
    #[error("{host:?} is no host name, and as an address it would mean {address}; expected that")]
    OddIpv4 {
        /// What was read.
        host: String,
        /// The address it stands for by the URL standard.
        address: Ipv4Addr,
    },
    /// A label that is empty or longer than 63, or a name longer than 253.
    #[error("{host:?} is not a host name; labels have 1 to 63 characters, the whole at most 253")]
    BadLabels {
        /// What was read.
        host: String,
    },
    /// Characters that no host name has.
    #[error("{host:?} is not a host name")]
    BadName {
        /// What was read.
        host: String,
        /// Why not.
        source: url::ParseError,
    },
}

//! What a person may write to name an endpoint that shows certificates, and what it means.
//!
//! Knows the schemes, their ports and paths, and how to write an endpoint back. Refuses to know
//! whether anything listens there: nothing here touches the network or the file system.

use std::borrow::Cow;
use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use url::Url;

use super::host::{AuthorityError, Host, HostPort, split_authority};
use crate::text::without_user;

/// The longest endpoint that is read, in bytes.
const MAX_ENDPOINT: usize = 2048;

/// Where ThingWorx AlwaysOn listens on its server.
const ALWAYS_ON: &str = "/Thingworx/WS";

/// The language spoken there, as far as it decides port and path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `thingworx://`: the AlwaysOn websocket, port 443, `/Thingworx/WS`.
    ThingWorx,
    /// `wss://`: a websocket, port 443.
    Wss,
    /// `https://`: port 443.
    Https,
    /// `mqtts://`: port 8883, no path.
    Mqtts,
    /// `opc.tcp://`: OPC UA, port 4840. The only one without TLS: it is asked with
    /// `source::discover`.
    OpcTcp,
    /// `postgres://`: PostgreSQL, port 5432, TLS when it is asked for.
    Postgres,
    /// `mysql://`: MySQL and MariaDB, port 3306, TLS when it is asked for.
    MySql,
    /// `tds://`: SQL Server, port 1433, TLS in packets of its own.
    Tds,
    /// `ldap://`: port 389, STARTTLS.
    Ldap,
    /// `ldaps://`: port 636.
    Ldaps,
    /// `smtp://`: port 25, STARTTLS.
    Smtp,
    /// `smtps://`: port 465.
    Smtps,
    /// `imap://`: port 143, STARTTLS.
    Imap,
    /// `imaps://`: port 993.
    Imaps,
    /// `pop3://`: port 110, STLS.
    Pop3,
    /// `pop3s://`: port 995.
    Pop3s,
    /// `ftp://`: port 21, AUTH TLS.
    Ftp,
    /// `ftps://`: port 990.
    Ftps,
    /// `amqps://`: port 5671.
    Amqps,
    /// `tls://HOST:PORT` or a bare `HOST:PORT`: nothing known but TLS. With a path behind it, a bare one is `https`.
    Tls,
}

impl Scheme {
    /// Every scheme, as it stands before `://`, and the port that is meant when none is written; `tls` has none.
    const ALL: [(Self, &'static str, Option<u16>); 20] = [
        (Self::ThingWorx, "thingworx", Some(443)),
        (Self::Wss, "wss", Some(443)),
        (Self::Https, "https", Some(443)),
        (Self::Mqtts, "mqtts", Some(8883)),
        (Self::OpcTcp, "opc.tcp", Some(4840)),
        (Self::Tls, "tls", None),
        (Self::Postgres, "postgres", Some(5432)),
        (Self::MySql, "mysql", Some(3306)),
        (Self::Tds, "tds", Some(1433)),
        (Self::Ldap, "ldap", Some(389)),
        (Self::Ldaps, "ldaps", Some(636)),
        (Self::Smtp, "smtp", Some(25)),
        (Self::Smtps, "smtps", Some(465)),
        (Self::Imap, "imap", Some(143)),
        (Self::Imaps, "imaps", Some(993)),
        (Self::Pop3, "pop3", Some(110)),
        (Self::Pop3s, "pop3s", Some(995)),
        (Self::Ftp, "ftp", Some(21)),
        (Self::Ftps, "ftps", Some(990)),
        (Self::Amqps, "amqps", Some(5671)),
    ];

    /// Other names of a scheme, as connection strings have them.
    const OTHERS: [(&'static str, Self); 4] =
        [("postgresql", Self::Postgres), ("mariadb", Self::MySql), ("sqlserver", Self::Tds), ("mssql", Self::Tds)];

    fn row(self) -> (&'static str, Option<u16>) {
        let row = Self::ALL.into_iter().find(|(scheme, ..)| *scheme == self);
        row.map_or(("tls", None), |(_, name, port)| (name, port))
    }

    /// Gives the scheme as it stands before `://`.
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// Gives the port that is meant when none is written; `tls` has none.
    pub fn default_port(self) -> Option<u16> {
        self.row().1
    }

    /// Gives the path that is meant when none is written; `None` where the scheme has no paths.
    pub fn default_resource(self) -> Option<&'static str> {
        match self {
            Self::ThingWorx => Some(ALWAYS_ON),
            Self::Wss | Self::Https | Self::OpcTcp => Some("/"),
            _ => None,
        }
    }

    /// Says whether TLS is spoken there, at once or when it is asked for.
    pub fn speaks_tls(self) -> bool {
        self != Self::OpcTcp
    }

    /// Says whether connection strings name something behind the host, which decides nothing here.
    fn names_more(self) -> bool {
        matches!(self, Self::Postgres | Self::MySql | Self::Tds | Self::Amqps | Self::Ldap | Self::Ldaps)
    }

    /// Says whether the protocol begins in clear, and TLS has to be asked for.
    pub fn begins_in_clear(self) -> bool {
        use Scheme::{Ftp, Imap, Ldap, MySql, Pop3, Postgres, Smtp, Tds};
        matches!(self, Postgres | MySql | Tds | Ldap | Smtp | Imap | Pop3 | Ftp)
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An endpoint: where it is and, for HTTP and OPC UA, which path is asked for there.
///
/// Written back by `Display` in its shortest form, which reads as the same endpoint again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    /// How it was named.
    pub scheme: Scheme,
    /// The host, IDN already in its ASCII form.
    pub host: Host,
    /// The port, never 0.
    pub port: u16,
    /// Path and query for schemes that have them, percent-encoded.
    pub resource: Option<String>,
}

impl Endpoint {
    /// Says whether this is ThingWorx AlwaysOn: by its scheme, or by the path on a web scheme.
    pub fn is_thingworx(&self) -> bool {
        match self.scheme {
            Scheme::ThingWorx => true,
            Scheme::Wss | Scheme::Https => self.resource.as_deref().is_some_and(|resource| {
                let path = resource.split('?').next().unwrap_or_default();
                path.trim_end_matches('/').eq_ignore_ascii_case(ALWAYS_ON)
            }),
            _ => false,
        }
    }

    /// Gives host and port alone.
    pub fn host_port(&self) -> HostPort {
        HostPort { host: self.host.clone(), port: self.port }
    }

    /// Says whether a text is meant as a URL or `HOST:PORT` rather than as the name of a file.
    ///
    /// True for everything with a `scheme://`, also schemes that [`Endpoint`] does not know, and
    /// for a host of two or more characters with a numeric port (`C:1` stays a Windows path).
    /// Does not look at the file system, and does not know the prefixes of stores.
    pub fn resembles(text: &str) -> bool {
        let text = text.trim();
        if let Some((scheme, _)) = text.split_once("://") {
            return scheme.len() > 1
                && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        }
        // A path behind the port is one of HTTP: HOST:8443/Thingworx/WS.
        let text = text.find('/').and_then(|at| text.get(..at)).unwrap_or(text);
        let Some((host, port)) = text.rsplit_once(':') else {
            return false;
        };
        // Where a user name and password stand, they are refused as such, not repeated as the name of a file.
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let numeric = (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
        let bracketed = host.starts_with('[') && host.ends_with(']');
        numeric
            && host.chars().count() > 1
            && !host.contains(|c: char| matches!(c, '/' | '\\') || c.is_whitespace())
            && (bracketed || !host.contains(':') || text.parse::<Ipv6Addr>().is_ok())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        if self.scheme.default_port() != Some(self.port) {
            write!(f, ":{}", self.port)?;
        }
        match self.resource.as_deref() {
            Some(resource) if self.scheme.default_resource() != Some(resource) => f.write_str(resource),
            _ => Ok(()),
        }
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text),
        };
        let (authority, tail) = match rest.find(['/', '?', '#']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        // First of all, so that no other message can repeat a password.
        if authority.contains('@') || matches!(without_user(text), Cow::Owned(_)) {
            return Err(EndpointError::UserInfo);
        }
        let context = || text.to_owned();
        if text.is_empty() {
            return Err(EndpointError::Empty);
        }
        if text.len() > MAX_ENDPOINT {
            return Err(EndpointError::TooLong { length: text.len() });
        }
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(EndpointError::WhiteSpace { text: context() });
        }
        let scheme = match scheme {
            Some(written) => known_scheme(written, text)?,
            // Only the web has paths, and PTC's note writes its address so.
            None if tail.len() > 1 => Scheme::Https,
            None => Scheme::Tls,
        };
        let (host, port) =
            split_authority(authority).map_err(|source| EndpointError::Authority { text: context(), source })?;
        // Without a scheme the port is what tells an endpoint from a file.
        let default = if text.contains("://") { scheme.default_port() } else { None };
        let port =
            port.or(default).ok_or_else(|| EndpointError::MissingPort { text: context(), host: host.to_string() })?;
        let resource = resource(scheme, tail, text)?;
        let endpoint = Self { scheme, host, port, resource };
        // Written out, a letter outside ASCII takes several: what is read is read back.
        match endpoint.to_string().len() {
            length if length > MAX_ENDPOINT => Err(EndpointError::TooLong { length }),
            _ => Ok(endpoint),
        }
    }
}

fn known_scheme(written: &str, text: &str) -> Result<Scheme, EndpointError> {
    let lower = written.to_ascii_lowercase();
    let other = Scheme::OTHERS.into_iter().find(|(name, _)| *name == lower).map(|(_, scheme)| scheme);
    let known = Scheme::ALL.into_iter().find(|(_, name, _)| *name == lower).map(|(scheme, ..)| scheme).or(other);
    known.ok_or_else(|| match lower.as_str() {
        "http" | "ws" | "mqtt" | "amqp" => EndpointError::WithoutTls { text: text.to_owned(), scheme: lower.clone() },
        _ => EndpointError::UnknownScheme { text: text.to_owned(), scheme: written.to_owned() },
    })
}

/// Reads what follows host and port: normalised as a browser would, without its fragment.
fn resource(scheme: Scheme, tail: &str, text: &str) -> Result<Option<String>, EndpointError> {
    let Some(default) = scheme.default_resource() else {
        return match tail {
            "" | "/" => Ok(None),
            // The name of a data base or of a virtual host, as connection strings have it.
            _ if scheme.names_more() => Ok(None),
            _ => Err(EndpointError::UnexpectedPath { text: text.to_owned(), path: tail.to_owned() }),
        };
    };
    // The host is checked already; the stand-in keeps this about the path alone.
    let url = Url::parse(&format!("https://host{tail}"))
        .map_err(|source| EndpointError::BadPath { text: text.to_owned(), source })?;
    Ok(Some(match (url.path(), url.query()) {
        ("/", None) => default.to_owned(),
        (path, None) => path.to_owned(),
        (path, Some(query)) => format!("{path}?{query}"),
    }))
}

/// Why a text is not an endpoint: what was read and what was expected.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EndpointError {
    /// Nothing was written.
    #[error("the endpoint is empty; expected a URL such as thingworx://HOST or HOST:PORT")]
    Empty,
    /// Longer than any sensible URL.
    #[error("the endpoint has {length} characters; at most {MAX_ENDPOINT} are read")]
    TooLong {
        /// The length found, in bytes.
        length: usize,
    },
    /// A blank or control character inside.
    #[error("{text:?} has white space or a control character in it")]
    WhiteSpace {
        /// What was read.
        text: String,
    },
    /// A scheme that is not known here.
    #[error(
        "{text:?} starts with the unknown scheme {scheme:?}; expected thingworx, wss, https, mqtts, opc.tcp, postgres, \
         mysql, tds, ldap, ldaps, smtp, smtps, imap, imaps, pop3, pop3s, ftp, ftps, amqps or tls"
    )]
    UnknownScheme {
        /// What was read.
        text: String,
        /// The part before `://`.
        scheme: String,
    },
    /// A scheme that has no TLS, and so no certificate.
    #[error(
        "{text:?}: {scheme}:// is not encrypted and so shows no certificate; expected {scheme}s:// or another TLS scheme"
    )]
    WithoutTls {
        /// What was read.
        text: String,
        /// The part before `://`, in lower case.
        scheme: String,
    },
    /// User name or password in front of the host. The text is not repeated.
    #[error("a user name or password before the host is not used; expected HOST or HOST:PORT")]
    UserInfo,
    /// Host or port cannot be read.
    #[error("{text:?} is not an endpoint")]
    Authority {
        /// What was read.
        text: String,
        /// What is wrong with host or port.
        source: AuthorityError,
    },
    /// No port, and the scheme has none of its own.
    #[error("{text:?} has no port; expected {host}:PORT, or a scheme that has one: https://{host}")]
    MissingPort {
        /// What was read.
        text: String,
        /// The host in it.
        host: String,
    },
    /// A path where the scheme has none.
    #[error("{text:?} has the path {path:?}; only thingworx, wss, https and opc.tcp have paths")]
    UnexpectedPath {
        /// What was read.
        text: String,
        /// The part after host and port.
        path: String,
    },
    /// A path that cannot be read.
    #[error("{text:?} has a path that cannot be read")]
    BadPath {
        /// What was read.
        text: String,
        /// Why not.
        source: url::ParseError,
    },
}

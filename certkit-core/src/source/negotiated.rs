//! What client and server agreed on, by the names people know.

use std::fmt;

/// A protocol version that a server chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// SSL 3.0.
    Ssl30,
    /// TLS 1.0.
    Tls10,
    /// TLS 1.1.
    Tls11,
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

impl Version {
    /// Reads the two bytes of the wire.
    pub(super) fn from_wire(number: u16) -> Option<Self> {
        Some(match number {
            0x0300 => Self::Ssl30,
            0x0301 => Self::Tls10,
            0x0302 => Self::Tls11,
            0x0303 => Self::Tls12,
            0x0304 => Self::Tls13,
            _ => return None,
        })
    }

    /// Gives the two bytes of the wire.
    pub(super) fn to_wire(self) -> u16 {
        match self {
            Self::Ssl30 => 0x0300,
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
        }
    }

    /// Gives the version before this one.
    pub(super) fn before(self) -> Option<Self> {
        Self::from_wire(self.to_wire().checked_sub(1)?)
    }

    /// Gives the name with its number, such as `TLS 1.2`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ssl30 => "SSL 3.0",
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A cipher suite, written with its IANA name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cipher(
    /// The number on the wire.
    pub u16,
);

impl fmt::Display for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match rustls::CipherSuite::from(self.0).as_str() {
            // rustls alone writes the suites of TLS 1.3 as TLS13_AES_…
            Some(name) => match name.strip_prefix("TLS13_") {
                Some(rest) => write!(f, "TLS_{rest}"),
                None => f.write_str(name),
            },
            None => write!(f, "0x{:04X}", self.0),
        }
    }
}

/// Version and cipher suite of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Negotiated {
    /// The protocol version.
    pub version: Version,
    /// The cipher suite.
    pub cipher: Cipher,
}

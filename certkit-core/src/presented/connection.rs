//! What a TLS connection to a server shows beside its certificates.

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
    pub fn from_wire(number: u16) -> Option<Self> {
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
    #[cfg(feature = "net")]
    pub(crate) fn to_wire(self) -> u16 {
        match self {
            Self::Ssl30 => 0x0300,
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
        }
    }

    /// Gives the version before this one.
    #[cfg(feature = "net")]
    pub(crate) fn before(self) -> Option<Self> {
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

/// Whether the server showed that it holds the key of its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Possession {
    /// Its signature over this very handshake verifies with the certificate.
    Proven,
    /// It does not, or nobody could look.
    Unproven(Doubt),
}

/// Why possession of the key is not proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Doubt {
    /// The signature does not verify. Keys below RSA 2048 end here, too: they are not tried.
    #[error("the signature over the handshake does not verify, or its key is too short to try")]
    BadSignature,
    /// The key or the scheme is of a kind that cannot be verified here.
    #[error("the signature over the handshake is of a kind that cannot be verified here")]
    Unsupported,
    /// The certificate cannot be read far enough to find its key.
    #[error("the certificate could not be read to verify the handshake with it")]
    Unreadable,
    /// The handshake did not come as far as the signature.
    #[error("the handshake ended before a signature")]
    NotReached,
    /// The certificates were read in the clear; no handshake took place.
    #[error("the certificates were read in the clear, without a handshake")]
    InTheClear,
}

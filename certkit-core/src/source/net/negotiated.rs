//! What client and server agreed on, by the names people know.

use std::fmt;

use crate::presented::Version;

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

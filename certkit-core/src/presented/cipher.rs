//! Cipher suites by the names people know.

use std::fmt;

/// A cipher suite, written with its IANA name; without the feature `net`, which brings the names, with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cipher(
    /// The number on the wire.
    pub u16,
);

impl Cipher {
    #[cfg(feature = "net")]
    fn name(self) -> Option<&'static str> {
        rustls::CipherSuite::from(self.0).as_str()
    }

    #[cfg(not(feature = "net"))]
    fn name(self) -> Option<&'static str> {
        None
    }
}

impl fmt::Display for Cipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            // rustls alone writes the suites of TLS 1.3 as TLS13_AES_…
            Some(name) => match name.strip_prefix("TLS13_") {
                Some(rest) => write!(f, "TLS_{rest}"),
                None => f.write_str(name),
            },
            None => write!(f, "0x{:04X}", self.0),
        }
    }
}

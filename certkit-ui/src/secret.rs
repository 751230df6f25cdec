//! Random words that nobody can guess, compared in constant time.

use std::fmt;
use std::io;

use aws_lc_rs::constant_time;
use certkit_core::crypto::random;
use certkit_core::text::Hex;
use zeroize::Zeroizing;

/// A random word of 256 bits.
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new() -> io::Result<Secret> {
        let bytes = Zeroizing::new(random::bytes::<32>().map_err(io::Error::other)?);
        Ok(Secret(Zeroizing::new(Hex(bytes.as_slice()).to_string())))
    }

    /// The word itself.
    pub(crate) fn word(&self) -> &str {
        &self.0
    }

    /// Says whether somebody knows it.
    pub(crate) fn is(&self, word: &str) -> bool {
        constant_time::verify_slices_are_equal(self.0.as_bytes(), word.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

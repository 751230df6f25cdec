//! Random words that nobody can guess, compared in constant time.

use std::fmt;
use std::io;

use aws_lc_rs::{constant_time, rand};
use certkit_core::text::Hex;
use zeroize::Zeroizing;

/// A random word of 256 bits.
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn new() -> io::Result<Secret> {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::fill(bytes.as_mut_slice()).map_err(|_| io::Error::other("the system gave no random numbers"))?;
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

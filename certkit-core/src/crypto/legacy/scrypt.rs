//! scrypt (RFC 7914), which few files are encrypted with.

/// Whether this build has scrypt.
pub(in crate::crypto) const AVAILABLE: bool = true;

/// The parameters of a derivation.
#[derive(Clone, Copy, Debug)]
pub(in crate::crypto) struct Parameters(scrypt::Params);

impl Parameters {
    /// `None` where RFC 7914 section 2 does not allow them.
    pub(in crate::crypto) fn new(log: u8, r: u32, p: u32) -> Option<Parameters> {
        scrypt::Params::new(log, r, p, 32).ok().map(Parameters)
    }

    /// Fills `key`; `None` where it has a length that scrypt does not give.
    pub(in crate::crypto) fn derive(&self, password: &[u8], salt: &[u8], key: &mut [u8]) -> Option<()> {
        scrypt::scrypt(password, salt, &self.0, key).ok()
    }
}

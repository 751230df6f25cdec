//! What the stores and keys of a file are opened with.

/// The password of stores, and that of the private keys in them where it is another one.
#[derive(Clone, Copy, Default)]
pub struct Passwords<'p> {
    /// What opens stores, and the keys in them unless those have a password of their own.
    pub store: Option<&'p [u8]>,
    /// What opens private keys that the password of their store does not open.
    pub keys: Option<&'p [u8]>,
}

impl Passwords<'_> {
    /// None at all.
    pub const NONE: Passwords<'static> = Passwords { store: None, keys: None };
}

impl<'p> From<Option<&'p [u8]>> for Passwords<'p> {
    fn from(store: Option<&'p [u8]>) -> Passwords<'p> {
        Passwords { store, keys: None }
    }
}

impl std::fmt::Debug for Passwords<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

//! What the stores and keys of a file are opened with.

use zeroize::Zeroizing;

/// The passwords of stores, and that of the private keys in them where it is another one.
#[derive(Clone, Copy, Default)]
pub struct Passwords<'p> {
    /// What opens stores, and the keys in them unless those have a password of their own.
    pub store: Option<&'p [u8]>,
    /// Further passwords of stores, tried in turn on a store that `store` does not open.
    pub others: &'p [Zeroizing<Vec<u8>>],
    /// What opens private keys that the password of their store does not open.
    pub keys: Option<&'p [u8]>,
}

impl Passwords<'_> {
    /// None at all.
    pub const NONE: Passwords<'static> = Passwords { store: None, others: &[], keys: None };
}

impl<'p> Passwords<'p> {
    /// What is tried on a store, in turn: always one at least, and `None` only where there is no password.
    pub(crate) fn of_stores(self) -> impl Iterator<Item = Option<&'p [u8]>> {
        std::iter::once(self.store).chain(self.others.iter().map(|it| Some(it.as_slice())))
    }
}

impl<'p> From<Option<&'p [u8]>> for Passwords<'p> {
    fn from(store: Option<&'p [u8]>) -> Passwords<'p> {
        Passwords { store, ..Passwords::NONE }
    }
}

impl std::fmt::Debug for Passwords<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

//! Passwords that a store keeps until it is read.

use zeroize::Zeroizing;

use crate::container::Passwords;

/// Passwords of stores that are kept for later reading. Wiped when dropped.
#[derive(Default)]
pub(super) struct KeptPasswords(Vec<Zeroizing<Vec<u8>>>);

impl KeptPasswords {
    /// Lends them for one reading.
    pub(super) fn lend(&self) -> Passwords<'_> {
        match self.0.split_first() {
            Some((first, others)) => Passwords { store: Some(first), others, keys: None },
            None => Passwords::NONE,
        }
    }
}

impl std::fmt::Debug for KeptPasswords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptPasswords")
    }
}

impl From<Passwords<'_>> for KeptPasswords {
    fn from(passwords: Passwords<'_>) -> KeptPasswords {
        KeptPasswords(passwords.of_stores().flatten().map(|it| Zeroizing::new(it.to_vec())).collect())
    }
}

//! How an item is wrapped.

use std::fmt;

use super::foreign::Store;

/// How an item was wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// PEM: base64 between BEGIN and END lines.
    Pem,
    /// The bare bytes.
    Der,
    /// Base64 without BEGIN and END lines.
    Base64,
    /// A member of a PKCS#7 bundle, whatever that was wrapped in.
    Pkcs7,
    /// In a PKCS#12 store.
    Pkcs12,
    /// In a Java keystore.
    Jks,
    /// In a Java keystore of the other kind.
    Jceks,
    /// A private key in Microsoft's own form.
    Pvk,
    /// In a store of Windows: serialized, or exported from the registry.
    WindowsStore,
}

impl Encoding {
    /// Says whether it is that of a store, which has one password for all that is in it.
    pub fn is_store(self) -> bool {
        matches!(self, Encoding::Pkcs12 | Encoding::Jks | Encoding::Jceks)
    }

    /// How the items of a store are wrapped.
    pub(super) fn of_store(store: Store) -> Encoding {
        match store {
            Store::Pkcs12 => Encoding::Pkcs12,
            Store::Jks => Encoding::Jks,
            Store::Jceks => Encoding::Jceks,
        }
    }

    /// Says whether each private key in it has certificates of its own.
    pub fn has_entries(self) -> bool {
        matches!(self, Encoding::Jks | Encoding::Jceks)
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Encoding::Pem => "PEM",
            Encoding::Der => "DER",
            Encoding::Base64 => "base64",
            Encoding::Pkcs7 => "PKCS#7",
            Encoding::Pkcs12 => "PKCS#12",
            Encoding::Jks => "JKS",
            Encoding::Jceks => "JCEKS",
            Encoding::Pvk => "PVK",
            Encoding::WindowsStore => "Windows store",
        })
    }
}

//! Java's own stores, JKS and JCEKS: entries under aliases, with a digest at the end.
//!
//! Knows the layout that Java reads and writes, which is documented nowhere but there.
//! Refuses to check anything of the certificates. An entry that certkit has no use for
//! keeps its bytes, so that who writes a store anew loses nothing.

mod octets;
mod read;
mod serial;
mod write;

use std::fmt;

use zeroize::Zeroizing;

pub use self::read::{read, read_within};
pub use self::write::encode;

use super::store_problem::{Integrity, StoreProblem};
use crate::crypto::password_based::java::{self, Protector};
use crate::crypto::password_based::{self, Budget};

const MAGIC_JKS: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
const MAGIC_JCEKS: [u8; 4] = [0xce; 4];

/// The length of the digest that ends a store.
const DIGEST: usize = 20;

/// Which of the two a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// JKS, Java's default until version 8.
    Jks,
    /// JCEKS, with better protected private keys.
    Jceks,
}

/// A store as it was read.
#[derive(Clone, Debug)]
pub struct Jks {
    /// Which of the two it is.
    pub flavour: Flavour,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
    /// Whether it is known to be as it was written.
    pub integrity: Integrity,
}

/// One entry of a store.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name. Java writes lower case and finds no other.
    pub alias: String,
    /// When it was made, as the writer's clock had it: milliseconds since 1970.
    pub created: i64,
    /// What it is.
    pub content: Content,
}

/// What an entry is.
#[derive(Clone)]
pub enum Content {
    /// A trusted certificate.
    Trusted(Vec<u8>),
    /// A private key with its certificate and those above it.
    Key {
        /// The EncryptedPrivateKeyInfo with one of Java's protectors; a password of its own opens it.
        sealed: Vec<u8>,
        /// The certificates, the key's own first.
        chain: Vec<Vec<u8>>,
    },
    /// A secret key of JCEKS: a serialized object, as it stands.
    Secret(Zeroizing<Vec<u8>>),
    /// A certificate that is not X.509.
    Other {
        /// What Java calls its kind.
        kind: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Content::Trusted(der) => write!(f, "Trusted({} bytes)", der.len()),
            Content::Key { chain, .. } => write!(f, "Key(chain of {})", chain.len()),
            Content::Secret(_) => f.write_str("Secret"),
            Content::Other { kind, .. } => write!(f, "Other({kind})"),
        }
    }
}

/// Opens a sealed key and gives it as PKCS#8.
pub fn open(sealed: &[u8], password: &[u8], budget: &mut Budget) -> Result<Zeroizing<Vec<u8>>, StoreProblem> {
    java::open(sealed, password, budget).map_err(|error| match error {
        password_based::Error::NotOpened => StoreProblem::OtherPassword,
        error => error.into(),
    })
}

/// Seals a PKCS#8 key for a store of this flavour.
pub fn seal(pkcs8: &[u8], password: &[u8], flavour: Flavour) -> Result<Vec<u8>, StoreProblem> {
    let protector = match flavour {
        Flavour::Jks => Protector::Jks,
        Flavour::Jceks => Protector::Jceks,
    };
    java::seal(pkcs8, password, protector).map_err(StoreProblem::from)
}

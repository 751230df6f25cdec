//! Why a store yields nothing, or not all: what its password does not open, and what cannot be read.

use super::reason::Pkcs7Problem;
use crate::asn1;
use crate::asn1::typed::NotWritten;
use crate::crypto::password_based;
use crate::text::Printable;

/// Why a store, or a part of it, was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreProblem {
    /// It is encrypted, and no password was given.
    #[error("it is encrypted: its password is needed")]
    PasswordNeeded,
    /// The password is not that of the store.
    ///
    /// Where nothing in the store is encrypted, a change after it was written looks the same.
    #[error("the password is wrong")]
    WrongPassword,
    /// The password is that of the store, but not of this part of it.
    #[error("its password differs from that of the store")]
    OtherPassword,
    /// The password opens a key or a part of it, but it is not the one that the whole was authenticated with.
    #[error(
        "the password opens only a part of it: either the store and its content have different passwords, or it was \
         changed after it was written"
    )]
    Changed,
    /// A cipher or MAC that certkit does not know.
    #[error("its cipher is unknown to certkit: {}", Printable(.scheme))]
    UnknownCipher {
        /// Its name, or its identifier where it has no name.
        scheme: String,
    },
    /// A password that the scheme has no way to take.
    #[error("the password has characters that its cipher does not support; use only ASCII")]
    Characters,
    /// It asks for more work than any honest store.
    #[error("it requires {iterations} password iterations, more than certkit allows for {}", password_based::FOR_WHAT)]
    TooCostly {
        /// How many it asks for.
        iterations: u32,
    },
    /// It has no form in DER.
    #[error(transparent)]
    NotWritten(#[from] NotWritten),
    /// The structure cannot be read.
    #[error("the file is damaged{}: {problem}", within(*.part))]
    Damaged {
        /// Which encrypted part it is in, counted from 1; `None` for the file itself.
        part: Option<usize>,
        /// What is wrong, and where in that part.
        problem: asn1::Error,
    },
    /// The data ends before all entries were read.
    #[error("the file is damaged: it ends in the middle of entry {entry}, at byte {offset}")]
    Cut {
        /// The entry, counted from 1; 0 for what stands before the first.
        entry: usize,
        /// The byte, counted from 0.
        offset: usize,
    },
    /// Something that should not stand where it stands.
    #[error("the file is damaged: {what} at byte {offset}")]
    Unexpected {
        /// What it is.
        what: &'static str,
        /// The byte, counted from 0.
        offset: usize,
    },
    /// Values stand too deep inside each other.
    #[error("the file is damaged: it is nested too deep")]
    Depth,
    /// More entries than are read into memory.
    #[error("it has more than {limit} entries")]
    TooMany {
        /// The bound.
        limit: usize,
    },
    /// It is locked with a certificate instead of a password.
    #[error("it is locked with a certificate (signed or enveloped), not with a password")]
    PublicKeyMode,
    /// A secret key or password: no certificate, and nothing that certkit shows.
    #[error("a secret that is not a private key")]
    Secret,
    /// Whether it is as it was written is not known, so that nothing in it may be trusted.
    #[error("its content is not trusted: {integrity}")]
    Unproven {
        /// What is known.
        integrity: Integrity,
    },
    /// A kind of entry that certkit does not know.
    #[error("an unknown kind of entry ({})", Printable(.kind))]
    UnknownEntry {
        /// Its identifier.
        kind: String,
    },
    /// An entry that this kind of store has no room for: too long, or of another kind of store.
    #[error("entry {entry} cannot be written to a store of this kind")]
    Unwritable {
        /// The entry, counted from 1.
        entry: usize,
    },
    /// A private key without a certificate, which this kind of store has no room for.
    #[error("entry {entry} is a private key without its certificate, which this kind of store requires")]
    KeyAlone {
        /// The entry, counted from 1.
        entry: usize,
    },
    /// There is no such store yet, and one of its kind has a password.
    #[error("a new store of this kind needs a password")]
    NewPasswordNeeded,
    /// The backend failed, or gave no random bytes.
    #[error("the cryptographic backend failed")]
    Backend,
}

fn within(part: Option<usize>) -> String {
    part.map_or_else(String::new, |part| format!(", in encrypted part {part}"))
}

impl From<asn1::Error> for StoreProblem {
    fn from(problem: asn1::Error) -> StoreProblem {
        StoreProblem::Damaged { part: None, problem }
    }
}

impl From<Pkcs7Problem> for StoreProblem {
    fn from(problem: Pkcs7Problem) -> StoreProblem {
        match problem {
            Pkcs7Problem::Structure(problem) => problem.into(),
            _ => StoreProblem::Depth,
        }
    }
}

impl From<password_based::Error> for StoreProblem {
    fn from(error: password_based::Error) -> StoreProblem {
        match error {
            password_based::Error::NotOpened => StoreProblem::WrongPassword,
            password_based::Error::Characters => StoreProblem::Characters,
            password_based::Error::Unsupported { scheme } => StoreProblem::UnknownCipher { scheme },
            password_based::Error::Damaged(problem) => problem.into(),
            password_based::Error::TooCostly { iterations } => StoreProblem::TooCostly { iterations },
            password_based::Error::NotWritten(error) => StoreProblem::NotWritten(error),
            password_based::Error::Randomness(_) | password_based::Error::Backend => StoreProblem::Backend,
        }
    }
}

impl StoreProblem {
    /// Says whether a password, or another one, would help.
    pub fn is_about_password(&self) -> bool {
        matches!(self, StoreProblem::PasswordNeeded | StoreProblem::WrongPassword | StoreProblem::OtherPassword)
    }
}

/// Whether a store is known to be as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Integrity {
    /// Its password says so.
    Verified,
    /// Nobody looked, since no password was given.
    NotChecked,
    /// Nobody could look, since its MAC is of a kind that certkit does not know.
    UnknownMac {
        /// The kind.
        scheme: String,
    },
    /// There is nothing to look at.
    Unprotected,
}

impl std::fmt::Display for Integrity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Integrity::Verified => f.write_str("integrity verified"),
            Integrity::NotChecked => f.write_str("integrity not checked (no password)"),
            Integrity::UnknownMac { scheme } => {
                write!(f, "integrity not checked ({} is unknown)", Printable(scheme))
            }
            Integrity::Unprotected => f.write_str("integrity not protected"),
        }
    }
}

//! Why something could not be taken: for one block, and for a whole container.

use std::fmt;

use super::foreign::{Foreign, Store};
use super::item::{Contents, Skipped};
use super::store_problem::{Integrity, StoreProblem};
use crate::asn1;
use crate::text::{Printable, plural};

/// Why one block or value was passed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The BEGIN line has no end.
    #[error("its BEGIN line does not end in five hyphens")]
    BeginLine,
    /// Base64 of a certificate, list, request or key that stands in no block.
    #[error(
        "it is not in a PEM block: its BEGIN line is damaged or missing; put `-----BEGIN {label}-----` before it and \
         `-----END {label}-----` after it"
    )]
    Stray {
        /// The label that it should have.
        label: &'static str,
    },
    /// The END line has no end.
    #[error("its END line does not end in five hyphens")]
    EndLine,
    /// The data ends, or the next block begins, before the END line.
    #[error("its END line is missing: {0}")]
    NoEnd(Cut),
    /// BEGIN and END name different things.
    #[error("its END line says \"{}\"", Printable(.end))]
    LabelMismatch {
        /// What the END line says.
        end: String,
    },
    /// There is nothing between BEGIN and END.
    #[error("it is empty")]
    Empty,
    /// The text between BEGIN and END is not base64.
    #[error("base64: {problem} at line {line} (byte {offset})")]
    Base64 {
        /// The line of the whole text, counted from 1.
        line: u64,
        /// The byte of the whole text, counted from 0.
        offset: u64,
        /// What is wrong there.
        problem: Base64Problem,
    },
    /// It is larger than such a thing may be.
    #[error("it is longer than {limit} bytes of text, the limit for its kind")]
    TooLarge {
        /// The bound in bytes.
        limit: usize,
    },
    /// Parameters of a key pair; the key repeats them.
    #[error("key parameters, which the key itself repeats")]
    Parameters,
    /// What openssl appends to a TRUSTED CERTIFICATE.
    #[error("{bytes} bytes of trust settings that only openssl uses")]
    TrustSettings {
        /// How many bytes were cut off.
        bytes: usize,
    },
    /// White space or zero bytes after the last value.
    #[error("{bytes} bytes of padding")]
    Padding {
        /// How many.
        bytes: usize,
    },
    /// Data after the last value.
    #[error("{bytes} bytes that are not a certificate, list, request or key")]
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// More things in one container than are read into memory.
    #[error("more than {limit} in one container; the rest was not read")]
    TooMany {
        /// The bound.
        limit: usize,
    },
    /// Base64 within a text that has PEM blocks in clear: what the text is for stands in those.
    #[error("base64 outside the PEM blocks is not read; to read it, put it in a separate file")]
    BesideClear,
    /// A label of another world, such as OpenSSH's.
    #[error("a block of this kind holds no certificate")]
    Label,
    /// The bytes are not what the label promises.
    #[error("the bytes are no {wanted}")]
    Content {
        /// What the label promises.
        wanted: &'static str,
    },
    /// The data ends before what it says that it holds.
    #[error("it is damaged: it ends in the middle, at byte {at}")]
    Cut {
        /// Its length in bytes.
        at: u64,
    },
    /// A PKCS#7 bundle that cannot be read.
    #[error("PKCS#7: {0}")]
    Pkcs7(#[from] Pkcs7Problem),
    /// A store, or a part of one, that was not read.
    #[error("{store}: {problem}")]
    Store {
        /// The kind of store.
        store: Store,
        /// Why.
        problem: StoreProblem,
    },
    /// A store whose content was taken without knowing that nobody changed it.
    #[error("{integrity}")]
    Integrity {
        /// The kind of store.
        store: Store,
        /// What is known.
        integrity: Integrity,
    },
}

/// What stands where an END line should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cut {
    /// The data ends.
    #[error("the data ends")]
    End,
    /// Another block begins.
    #[error("another block begins at line {0}")]
    Begin(u64),
}

/// What is wrong with base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base64Problem {
    /// A character outside of the alphabet.
    Character(u8),
    /// Padding that is not at the end.
    Padding,
    /// One character too many or too few.
    Length,
}

impl fmt::Display for Base64Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Base64Problem::Character(octet @ 0x21..=0x7e) => write!(f, "invalid character {:?}", char::from(*octet)),
            Base64Problem::Character(octet) => write!(f, "invalid character 0x{octet:02x}"),
            Base64Problem::Padding => f.write_str("padding ('=') that is not at the end"),
            Base64Problem::Length => f.write_str("a character is missing or too many"),
        }
    }
}

/// Why a PKCS#7 bundle yields nothing, or not all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Pkcs7Problem {
    /// The structure cannot be read.
    #[error(transparent)]
    Structure(#[from] asn1::Error),
    /// Not of type signedData, the only one that carries certificates openly.
    #[error("it is {0}; only signed messages (signedData) have readable certificates")]
    Type(&'static str),
    /// A time-stamp token to which no certificate was added.
    #[error("it is a time-stamp token without certificates (request them: openssl ts -query -cert)")]
    TimeStamp,
    /// There is neither a certificate nor a revocation list in it.
    #[error("it holds neither a certificate nor a revocation list")]
    Bare,
    /// A member that is neither an X.509 certificate nor a revocation list.
    #[error("a member that is neither an X.509 certificate nor a revocation list")]
    Member,
    /// More members than are read.
    #[error("it has more than {limit} members")]
    TooMany {
        /// The bound.
        limit: usize,
    },
    /// Values of indefinite length stand too deep inside each other.
    #[error("it is nested too deep")]
    Depth,
}

/// Why a container yields nothing at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    /// No bytes, or white space only.
    #[error("it is empty; expected a certificate in PEM or DER form")]
    Empty,
    /// A store that yields nothing.
    #[error("this is a {store}: {problem}")]
    Store {
        /// The kind of store.
        store: Store,
        /// Why it yields nothing.
        problem: StoreProblem,
    },
    /// Something that has nothing to do with certificates.
    #[error("this is {0}; expected a certificate in PEM or DER form")]
    Foreign(Foreign),
    /// Blocks there were, but none could be read.
    #[error("{}", damaged(.skipped))]
    Damaged {
        /// Every one of them with its reason; never empty.
        skipped: Vec<Skipped>,
    },
    /// Text that would be base64, were it not for one place.
    #[error("this is base64 without BEGIN and END lines, but {problem} at line {line} (byte {offset})")]
    Base64 {
        /// The line, counted from 1.
        line: u64,
        /// The byte, counted from 0.
        offset: u64,
        /// What is wrong there.
        problem: Base64Problem,
    },
    /// Binary data whose structure ends early or is of another kind.
    #[error(
        "{size} bytes of binary data that are not a certificate, list, request or key: {}; a DER certificate starts \
         with a SEQUENCE (0x30)",
        at_fault(.stopped)
    )]
    NotRecognised {
        /// How many bytes there are.
        size: usize,
        /// Where reading stopped; `None` where the bytes are DER, of something else.
        stopped: Option<asn1::Error>,
    },
}

fn damaged(skipped: &[Skipped]) -> String {
    let count = skipped.len();
    let blocks = plural(count, "block was", "blocks were");
    match skipped.iter().find(|one| !one.is_harmless()).or(skipped.first()) {
        Some(first) => format!("{count} {blocks} found, but none usable: {first}"),
        None => "nothing usable".to_owned(),
    }
}

fn at_fault(stopped: &Option<asn1::Error>) -> String {
    stopped.map_or_else(|| "well-formed, but of another kind".to_owned(), |error| error.to_string())
}

impl ContainerError {
    /// What was passed over, where a certificate was among it: one that cannot be decoded is there, and is to be judged.
    ///
    /// # Errors
    /// The error as it was, where there was no certificate.
    pub fn into_undecodable(self) -> Result<Contents, ContainerError> {
        match self {
            ContainerError::Damaged { skipped } if skipped.iter().any(Skipped::claims_certificate) => {
                Ok(Contents { skipped, ..Contents::default() })
            }
            other => Err(other),
        }
    }

    /// Says whether there never was a certificate in it, as far as can be told.
    ///
    /// A folder has many such files, and none of them is worth a warning.
    pub fn is_foreign(&self) -> bool {
        match self {
            ContainerError::Empty | ContainerError::Foreign(_) | ContainerError::NotRecognised { .. } => true,
            ContainerError::Damaged { skipped } => {
                skipped.iter().all(|one| one.is_harmless() || one.why == Reason::Label)
            }
            ContainerError::Store { .. } | ContainerError::Base64 { .. } => false,
        }
    }

    /// Names the reason in the one word that monitoring knows it by.
    pub fn word(&self) -> &'static str {
        match self {
            ContainerError::Empty | ContainerError::Foreign(_) | ContainerError::NotRecognised { .. } => {
                "no_certificate_found"
            }
            ContainerError::Store { store: Store::Pkcs12, .. } => "bad_pkcs12",
            ContainerError::Store { .. } => "bad_jks",
            ContainerError::Damaged { skipped } if skipped.iter().all(|one| one.position.line.is_none()) => {
                "decode_failed"
            }
            ContainerError::Damaged { .. } if self.is_foreign() => "no_certificate_found",
            ContainerError::Damaged { .. } | ContainerError::Base64 { .. } => "bad_pem",
        }
    }
}

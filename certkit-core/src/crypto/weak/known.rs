//! Keys whose private half is public: lists of them, as others publish them.

use std::collections::HashSet;

use crate::crypto::digest;
use crate::crypto::key::{KeyKind, PublicKey, abscissa};
use crate::oid;
use crate::text::Hex;

/// Lists of keys that everybody knows.
///
/// Takes text, a line for each key: twenty digits as in Debian's `openssl-blacklist` (of the SHA-1 of OpenSSL's line
/// `Modulus=…`), or the SHA-256 of a SubjectPublicKeyInfo; and the `blocklist.dat` of badkeys (records of 16 octets in their
/// order: the SHA-256, but for its end, of a modulus, of the x of a point, of the public value of DSA, or of the octets of any other key).
#[derive(Clone, Debug, Default)]
pub struct KnownKeys {
    debian: HashSet<[u8; 10]>,
    keys: HashSet<[u8; 32]>,
    records: Vec<Vec<u8>>,
}

/// The bytes are no list of keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAList {
    /// Text that is of neither form.
    #[error(
        "line {line} is neither twenty hexadecimal digits (openssl-blacklist) nor a SHA-256 of a public key (64 digits)"
    )]
    Line {
        /// The line, counted from 1.
        line: usize,
    },
    /// Records that do not stand in their order.
    #[error("record {record} of 16 octets does not follow the one before it: this is not a blocklist.dat of badkeys")]
    Order {
        /// The record, counted from 1.
        record: usize,
    },
    /// There is nothing in it.
    #[error("it contains no key")]
    Empty,
}

/// The octets of a record, and those of its digest.
const RECORD: usize = 16;
const DIGEST: usize = 15;

impl KnownKeys {
    /// Adds a list; gives how many keys are in it.
    pub fn add(&mut self, bytes: Vec<u8>) -> Result<usize, NotAList> {
        let is_text = bytes.iter().take(4096).all(|it| it.is_ascii_graphic() || it.is_ascii_whitespace());
        let count = if is_text { self.add_text(&bytes)? } else { self.add_records(bytes)? };
        if count == 0 { Err(NotAList::Empty) } else { Ok(count) }
    }

    fn add_text(&mut self, bytes: &[u8]) -> Result<usize, NotAList> {
        let mut count: usize = 0;
        for (line, number) in bytes.split(|it| *it == b'\n').zip(1..) {
            let line = line.trim_ascii();
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            let digits = unhex(line).ok_or(NotAList::Line { line: number })?;
            if let Ok(debian) = <[u8; 10]>::try_from(digits.as_slice()) {
                self.debian.insert(debian);
            } else {
                let key = <[u8; 32]>::try_from(digits.as_slice()).map_err(|_| NotAList::Line { line: number })?;
                self.keys.insert(key);
            }
            count = count.saturating_add(1);
        }
        Ok(count)
    }

    fn add_records(&mut self, bytes: Vec<u8>) -> Result<usize, NotAList> {
        let (records, rest) = bytes.as_chunks::<RECORD>();
        let ordered = records
            .windows(2)
            .position(|pair| !matches!(pair, [one, other] if one.get(..DIGEST) <= other.get(..DIGEST)));
        let count = records.len();
        match ordered {
            Some(at) => Err(NotAList::Order { record: at.saturating_add(2) }),
            None if !rest.is_empty() => Err(NotAList::Order { record: count.saturating_add(1) }),
            None => {
                self.records.push(bytes);
                Ok(count)
            }
        }
    }

    /// Says whether a key is in one of the lists.
    pub fn has(&self, key: &PublicKey<'_>) -> bool {
        if self.keys.contains(&digest::sha256(key.spki)) {
            return true;
        }
        let is_debian = match key.kind {
            KeyKind::Rsa { modulus, .. } if !self.debian.is_empty() => {
                let line = format!("Modulus={}\n", Hex(modulus).to_string().to_uppercase());
                digest::sha1(line.as_bytes()).last_chunk::<10>().is_some_and(|end| self.debian.contains(end))
            }
            _ => false,
        };
        let own = digest::sha256(counted(key));
        let is_listed = |list: &Vec<u8>| {
            let (records, _) = list.as_chunks::<RECORD>();
            records.binary_search_by(|record| record.iter().take(DIGEST).cmp(own.iter().take(DIGEST))).is_ok()
        };
        is_debian || self.records.iter().any(is_listed)
    }
}

/// What badkeys takes the digest of: a number of the key, without leading zeros.
fn counted<'k>(key: &PublicKey<'k>) -> &'k [u8] {
    let number = match key.kind {
        KeyKind::Rsa { modulus, .. } => modulus,
        KeyKind::Ec { point, .. } => abscissa(point),
        KeyKind::EcOther { .. } => abscissa(key.bits),
        KeyKind::Dsa { y, .. } => y,
        KeyKind::Ed25519 | KeyKind::Ed448 | KeyKind::Other(oid::X25519 | oid::X448) => key.bits,
        // Of newer ones, every octet.
        KeyKind::Other(_) => return key.bits,
    };
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    number.get(zeros..).unwrap_or_default()
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let value = |digit: &u8| char::from(*digit).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let (pairs, rest) = digits.as_chunks::<2>();
    let octet = |[high, low]: &[u8; 2]| Some((value(high)? << 4) | value(low)?);
    if rest.is_empty() { pairs.iter().map(octet).collect() } else { None }
}

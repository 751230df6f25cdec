//! keyUsage (RFC 5280 section 4.2.1.3).

use super::Decode;
use crate::asn1::{self, Reader};
use crate::oid::{self, Oid};

/// What the key may be used for, as a set of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// No use at all.
    pub const NONE: KeyUsage = KeyUsage(0);
    /// Signing of data other than certificates and CRLs.
    pub const DIGITAL_SIGNATURE: KeyUsage = KeyUsage(1 << 0);
    /// Signing that commits (contentCommitment).
    pub const NON_REPUDIATION: KeyUsage = KeyUsage(1 << 1);
    /// Encryption of keys.
    pub const KEY_ENCIPHERMENT: KeyUsage = KeyUsage(1 << 2);
    /// Encryption of data itself.
    pub const DATA_ENCIPHERMENT: KeyUsage = KeyUsage(1 << 3);
    /// Diffie-Hellman.
    pub const KEY_AGREEMENT: KeyUsage = KeyUsage(1 << 4);
    /// Signing of certificates.
    pub const KEY_CERT_SIGN: KeyUsage = KeyUsage(1 << 5);
    /// Signing of revocation lists.
    pub const CRL_SIGN: KeyUsage = KeyUsage(1 << 6);
    /// Encryption only, with key agreement.
    pub const ENCIPHER_ONLY: KeyUsage = KeyUsage(1 << 7);
    /// Decryption only, with key agreement.
    pub const DECIPHER_ONLY: KeyUsage = KeyUsage(1 << 8);

    const NAMES: [&'static str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];

    /// The bits, the first named one being the lowest.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Says whether every bit of `wanted` is set.
    pub fn contains(self, wanted: KeyUsage) -> bool {
        self.0 & wanted.0 == wanted.0
    }

    /// The bits that are set in either.
    pub const fn union(self, other: KeyUsage) -> KeyUsage {
        KeyUsage(self.0 | other.0)
    }

    /// The bits that are set here and not in `other`.
    pub fn without(self, other: KeyUsage) -> KeyUsage {
        KeyUsage(self.0 & !other.0)
    }

    /// The bits that are set in both.
    pub fn intersection(self, other: KeyUsage) -> KeyUsage {
        KeyUsage(self.0 & other.0)
    }

    /// Says whether no bit is set, which RFC 5280 forbids.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names of the bits that are set, as RFC 5280 spells them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().enumerate().filter(move |(bit, _)| self.0 >> bit & 1 == 1).map(|(_, name)| name)
    }
}

impl<'a> Decode<'a> for KeyUsage {
    const OID: Oid<'static> = oid::KEY_USAGE;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let (bytes, _) = reader.bit_string()?;
        let first = bytes.first().copied().unwrap_or(0).reverse_bits();
        let second = bytes.get(1).copied().unwrap_or(0).reverse_bits();
        Ok(KeyUsage(u16::from_le_bytes([first, second]) & 0x1ff))
    }
}

//! Digests of bytes, for fingerprints, key identifiers and signatures.

use aws_lc_rs::digest as aws;
use sha2::Digest as _;

use crate::oid::{self, Oid};

/// The digest algorithms that certificates are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digest {
    /// MD5, 128 bits; collisions take seconds.
    Md5,
    /// SHA-1, 160 bits; collisions are affordable since 2017.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Digest {
    /// The algorithm of this identifier; `None` for one that certkit does not know.
    pub fn from_oid(name: Oid<'_>) -> Option<Digest> {
        Some(match name {
            oid::MD5 => Digest::Md5,
            oid::SHA1 => Digest::Sha1,
            oid::SHA224 => Digest::Sha224,
            oid::SHA256 => Digest::Sha256,
            oid::SHA384 => Digest::Sha384,
            oid::SHA512 => Digest::Sha512,
            _ => return None,
        })
    }

    /// The name as NIST writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Digest::Md5 => "MD5",
            Digest::Sha1 => "SHA-1",
            Digest::Sha224 => "SHA-224",
            Digest::Sha256 => "SHA-256",
            Digest::Sha384 => "SHA-384",
            Digest::Sha512 => "SHA-512",
        }
    }

    /// Says whether collisions are out of reach (SHA-224 and stronger).
    pub const fn is_collision_resistant(self) -> bool {
        !matches!(self, Digest::Md5 | Digest::Sha1)
    }

    /// Gives the digest of `bytes`.
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Digest::Md5 => md5::Md5::digest(bytes).to_vec(),
            Digest::Sha1 => sha1(bytes).to_vec(),
            Digest::Sha224 => sha2::Sha224::digest(bytes).to_vec(),
            Digest::Sha256 => sha256(bytes).to_vec(),
            Digest::Sha384 => sha2::Sha384::digest(bytes).to_vec(),
            Digest::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
        }
    }
}

/// Gives the SHA-1 of `bytes`: the thumbprint of OPC UA and Windows.
pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    whole(&aws::SHA1_FOR_LEGACY_USE_ONLY, bytes)
}

/// Gives the SHA-256 of `bytes`: the fingerprint that certkit names certificates by.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    whole(&aws::SHA256, bytes)
}

/// Gives a digest whose length is `N`, from the backend that has asked the processor for its abilities anyway.
fn whole<const N: usize>(algorithm: &'static aws::Algorithm, bytes: &[u8]) -> [u8; N] {
    let mut octets = [0; N];
    let digest = aws::digest(algorithm, bytes);
    octets.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    octets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Hex;

    #[test]
    fn digests_of_abc_are_those_of_fips_180() {
        assert_eq!(Hex(sha1(b"abc")).to_string(), "a9993e364706816aba3e25717850c26c9cd0d89d");
        let sha256_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Hex(sha256(b"abc")).to_string(), sha256_of_abc);
    }
}

//! Digests of bytes, for fingerprints, key identifiers and signatures.

use sha1::Digest as _;

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
    sha1::Sha1::digest(bytes).into()
}

/// Gives the SHA-256 of `bytes`: the fingerprint that certkit names certificates by.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

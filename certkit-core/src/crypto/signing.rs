//! The signature algorithms that certkit signs with: fewer than those it verifies.

use der::asn1::AnyRef;

use super::digest::Digest;
use super::signature::SignatureAlgorithm;
use crate::asn1::typed::{AlgorithmIdentifier, NotWritten, encode};
use crate::oid::{self, Oid};

/// A signature algorithm to sign with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SigningAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-256 (RFC 4055 section 5); the one that every OPC UA RSA policy takes.
    RsaSha256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RsaSha384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaSha512,
    /// RSA PKCS#1 v1.5 with SHA-1. For demonstrations and tests only: nobody should trust what it signs.
    RsaSha1ForDemonstration,
    /// ECDSA with SHA-256 (RFC 5758 section 3.2), for P-256.
    EcdsaSha256,
    /// ECDSA with SHA-384, for P-384.
    EcdsaSha384,
    /// ECDSA with SHA-512, for P-521.
    EcdsaSha512,
    /// Ed25519 (RFC 8410 section 3).
    Ed25519,
}

impl SigningAlgorithm {
    /// The identifier that the algorithm goes by.
    pub fn oid(self) -> Oid<'static> {
        match self {
            SigningAlgorithm::RsaSha256 => oid::SHA256_RSA,
            SigningAlgorithm::RsaSha384 => oid::SHA384_RSA,
            SigningAlgorithm::RsaSha512 => oid::SHA512_RSA,
            SigningAlgorithm::RsaSha1ForDemonstration => oid::SHA1_RSA,
            SigningAlgorithm::EcdsaSha256 => oid::SHA256_ECDSA,
            SigningAlgorithm::EcdsaSha384 => oid::SHA384_ECDSA,
            SigningAlgorithm::EcdsaSha512 => oid::SHA512_ECDSA,
            SigningAlgorithm::Ed25519 => oid::ED25519,
        }
    }

    /// The AlgorithmIdentifier.
    ///
    /// RSA has NULL parameters (RFC 4055 section 5); ECDSA (RFC 5758 section 3.2) and
    /// Ed25519 (RFC 8410 section 3) have none at all.
    pub(crate) fn structure(self) -> AlgorithmIdentifier<'static> {
        let parameters = match self.as_verified() {
            SignatureAlgorithm::RsaPkcs1(_) => Some(AnyRef::NULL),
            _ => None,
        };
        AlgorithmIdentifier { algorithm: self.oid(), parameters }
    }

    /// The AlgorithmIdentifier as it is written.
    pub fn identifier(self) -> Result<Vec<u8>, NotWritten> {
        encode(&self.structure())
    }

    /// The same algorithm as those who verify know it.
    pub fn as_verified(self) -> SignatureAlgorithm<'static> {
        match self {
            SigningAlgorithm::RsaSha256 => SignatureAlgorithm::RsaPkcs1(Digest::Sha256),
            SigningAlgorithm::RsaSha384 => SignatureAlgorithm::RsaPkcs1(Digest::Sha384),
            SigningAlgorithm::RsaSha512 => SignatureAlgorithm::RsaPkcs1(Digest::Sha512),
            SigningAlgorithm::RsaSha1ForDemonstration => SignatureAlgorithm::RsaPkcs1(Digest::Sha1),
            SigningAlgorithm::EcdsaSha256 => SignatureAlgorithm::Ecdsa(Digest::Sha256),
            SigningAlgorithm::EcdsaSha384 => SignatureAlgorithm::Ecdsa(Digest::Sha384),
            SigningAlgorithm::EcdsaSha512 => SignatureAlgorithm::Ecdsa(Digest::Sha512),
            SigningAlgorithm::Ed25519 => SignatureAlgorithm::Ed25519,
        }
    }
}

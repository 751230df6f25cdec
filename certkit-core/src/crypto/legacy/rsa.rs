//! RSA with digests, salts and key sizes that the backend does not take, through the `rsa` crate.

use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::SignatureScheme;

use super::super::digest::{self, Digest};
use super::super::signature::Failure;

/// Verifies a signature with PKCS#1 v1.5 padding.
pub(in crate::crypto) fn verify_pkcs1(
    modulus: &[u8],
    exponent: &[u8],
    digest: Digest,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    verify(modulus, exponent, pkcs1_scheme(digest), &digest.of(message), signature)
}

/// Verifies a signature with PSS padding.
pub(in crate::crypto) fn verify_pss(
    modulus: &[u8],
    exponent: &[u8],
    digest: Digest,
    salt: usize,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    verify(modulus, exponent, pss_scheme(digest, salt), &digest.of(message), signature)
}

/// Signs with SHA-1 and PKCS#1 v1.5 padding, for specimens of what is weak; `None` where the key cannot.
pub(in crate::crypto) fn sign_sha1(pkcs8: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let key = rsa::RsaPrivateKey::from_pkcs8_der(pkcs8).ok()?;
    let scheme = rsa::Pkcs1v15Sign::new::<sha1::Sha1>();
    key.sign_with_rng(&mut rsa::rand_core::OsRng, scheme, &digest::sha1(message)).ok()
}

fn pkcs1_scheme(digest: Digest) -> rsa::Pkcs1v15Sign {
    match digest {
        Digest::Md5 => rsa::Pkcs1v15Sign::new::<md5::Md5>(),
        Digest::Sha1 => rsa::Pkcs1v15Sign::new::<sha1::Sha1>(),
        Digest::Sha224 => rsa::Pkcs1v15Sign::new::<sha2::Sha224>(),
        Digest::Sha256 => rsa::Pkcs1v15Sign::new::<sha2::Sha256>(),
        Digest::Sha384 => rsa::Pkcs1v15Sign::new::<sha2::Sha384>(),
        Digest::Sha512 => rsa::Pkcs1v15Sign::new::<sha2::Sha512>(),
    }
}

fn pss_scheme(digest: Digest, salt: usize) -> rsa::Pss {
    match digest {
        Digest::Md5 => rsa::Pss::new_with_salt::<md5::Md5>(salt),
        Digest::Sha1 => rsa::Pss::new_with_salt::<sha1::Sha1>(salt),
        Digest::Sha224 => rsa::Pss::new_with_salt::<sha2::Sha224>(salt),
        Digest::Sha256 => rsa::Pss::new_with_salt::<sha2::Sha256>(salt),
        Digest::Sha384 => rsa::Pss::new_with_salt::<sha2::Sha384>(salt),
        Digest::Sha512 => rsa::Pss::new_with_salt::<sha2::Sha512>(salt),
    }
}

fn verify<S: SignatureScheme>(
    modulus: &[u8],
    exponent: &[u8],
    scheme: S,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    let number = rsa::BigUint::from_bytes_be;
    // Whoever calls has looked at both: the package takes no exponent beyond 33 bits otherwise.
    let key = rsa::RsaPublicKey::new_unchecked(number(modulus), number(exponent));
    key.verify(scheme, digest, signature).map_err(|_| Failure::Mismatch)
}

//! Signature algorithms, and whether a signature verifies.
//!
//! The backend verifies what it knows; with the feature `legacy-crypto` MD5, SHA-224, RSA keys and PSS
//! salts outside its limits go to the `rsa` crate, DSA and old curves are done in `legacy`, so that what is
//! too weak is judged as weak and not as unsupported.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_lc_rs::signature as aws;

use super::digest::Digest;
use super::key::{Curve, KeyFault, KeyKind, PublicKey, RsaPadding};
use super::legacy;
use crate::asn1::{self, Reader, Tag};
use crate::oid::{self, Oid};

/// A signature algorithm as an AlgorithmIdentifier names it (RFC 5280 section 4.1.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm<'a> {
    /// RSA with PKCS#1 v1.5 padding.
    RsaPkcs1(Digest),
    /// RSA with PSS padding.
    RsaPss(PssParameters),
    /// RSA with PSS padding over a digest that certkit does not know, which the identifier names.
    OtherPss(Oid<'a>),
    /// ECDSA.
    Ecdsa(Digest),
    /// DSA.
    Dsa(Digest),
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// ML-DSA at the level that the identifier names.
    MlDsa(Oid<'a>),
    /// Some other algorithm.
    Other(Oid<'a>),
}

/// The parameters of RSASSA-PSS (RFC 4055 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PssParameters {
    /// The digest of the message.
    pub digest: Digest,
    /// The digest inside the mask generation function.
    pub mask_digest: Digest,
    /// Length of the salt in bytes.
    pub salt_length: u32,
}

impl<'a> SignatureAlgorithm<'a> {
    /// Reads an AlgorithmIdentifier.
    pub fn from_der(der: &'a [u8]) -> Result<SignatureAlgorithm<'a>, asn1::Error> {
        let mut fields = asn1::single(der, Tag::SEQUENCE)?.contents();
        let name = Oid(fields.oid()?);
        Ok(match name {
            oid::SHA256_RSA => SignatureAlgorithm::RsaPkcs1(Digest::Sha256),
            oid::SHA256_ECDSA => SignatureAlgorithm::Ecdsa(Digest::Sha256),
            oid::SHA384_RSA => SignatureAlgorithm::RsaPkcs1(Digest::Sha384),
            oid::SHA512_RSA => SignatureAlgorithm::RsaPkcs1(Digest::Sha512),
            oid::SHA1_RSA | oid::SHA1_RSA_OIW => SignatureAlgorithm::RsaPkcs1(Digest::Sha1),
            oid::SHA224_RSA => SignatureAlgorithm::RsaPkcs1(Digest::Sha224),
            oid::MD5_RSA => SignatureAlgorithm::RsaPkcs1(Digest::Md5),
            oid::RSASSA_PSS => pss(&mut fields)?,
            oid::SHA384_ECDSA => SignatureAlgorithm::Ecdsa(Digest::Sha384),
            oid::SHA512_ECDSA => SignatureAlgorithm::Ecdsa(Digest::Sha512),
            oid::SHA224_ECDSA => SignatureAlgorithm::Ecdsa(Digest::Sha224),
            oid::SHA1_ECDSA => SignatureAlgorithm::Ecdsa(Digest::Sha1),
            oid::ED25519 => SignatureAlgorithm::Ed25519,
            oid::ED448 => SignatureAlgorithm::Ed448,
            oid::SHA1_DSA => SignatureAlgorithm::Dsa(Digest::Sha1),
            oid::SHA224_DSA => SignatureAlgorithm::Dsa(Digest::Sha224),
            oid::SHA256_DSA => SignatureAlgorithm::Dsa(Digest::Sha256),
            oid::ML_DSA_44 | oid::ML_DSA_65 | oid::ML_DSA_87 => SignatureAlgorithm::MlDsa(name),
            other => SignatureAlgorithm::Other(other),
        })
    }

    /// Says whether certkit knows what it is made of, and so how strong it is; it may know the name of another one.
    pub fn is_known(&self) -> bool {
        !matches!(self, SignatureAlgorithm::Other(_) | SignatureAlgorithm::OtherPss(_))
    }

    /// Says whether it is over a digest for which collisions can be made.
    pub fn is_weak(&self) -> bool {
        *self == SignatureAlgorithm::Other(oid::MD2_RSA)
            || self.digest().is_some_and(|digest| !digest.is_collision_resistant())
    }

    /// The digest that stands between the message and the signature, where there is one.
    ///
    /// EdDSA and ML-DSA hash inside and never weakly; for an unknown algorithm nothing can be said.
    pub fn digest(&self) -> Option<Digest> {
        match *self {
            SignatureAlgorithm::RsaPkcs1(digest)
            | SignatureAlgorithm::Ecdsa(digest)
            | SignatureAlgorithm::Dsa(digest) => Some(digest),
            SignatureAlgorithm::RsaPss(parameters) => Some(parameters.digest),
            _ => None,
        }
    }
}

impl fmt::Display for SignatureAlgorithm<'_> {
    /// Writes the name that people have in scripts: `SHA256-RSA`, `ECDSA-SHA384`, `Ed25519`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |digest: Digest| digest.name().replace('-', "");
        match self {
            SignatureAlgorithm::RsaPkcs1(digest) => write!(f, "{}-RSA", plain(*digest)),
            SignatureAlgorithm::RsaPss(parameters) => write!(f, "{}-RSA-PSS", plain(parameters.digest)),
            SignatureAlgorithm::Ecdsa(digest) => write!(f, "ECDSA-{}", plain(*digest)),
            SignatureAlgorithm::Dsa(digest) => write!(f, "DSA-{}", plain(*digest)),
            SignatureAlgorithm::Ed25519 => f.write_str("Ed25519"),
            SignatureAlgorithm::Ed448 => f.write_str("Ed448"),
            SignatureAlgorithm::OtherPss(digest) => write!(f, "{}-RSA-PSS", digest.called()),
            SignatureAlgorithm::MlDsa(oid) | SignatureAlgorithm::Other(oid) => f.write_str(&oid.called()),
        }
    }
}

fn pss<'a>(fields: &mut Reader<'a>) -> Result<SignatureAlgorithm<'a>, asn1::Error> {
    let (mut digest, mut mask_digest, mut salt_length) = (oid::SHA1, oid::SHA1, 20);
    let Some(sequence) = fields.optional(Tag::SEQUENCE)? else { return Ok(of_pss(digest, mask_digest, salt_length)) };
    let mut parts = sequence.contents();
    if let Some(part) = parts.optional(Tag::context_constructed(0))? {
        digest = digest_identifier(&mut part.contents())?;
    }
    if let Some(part) = parts.optional(Tag::context_constructed(1))? {
        let mut mask = part.contents().sequence()?;
        let function = mask.expect(Tag::OID)?;
        if Oid(function.value) != oid::MGF1 {
            return Err(function.invalid("mask generation function: only MGF1 exists"));
        }
        mask_digest = digest_identifier(&mut mask)?;
    }
    if let Some(part) = parts.optional(Tag::context_constructed(2))? {
        salt_length = part.contents().small_integer()?;
    }
    Ok(of_pss(digest, mask_digest, salt_length))
}

/// The algorithm with these digests; the first one that certkit does not know names it.
fn of_pss<'a>(digest: Oid<'a>, mask: Oid<'a>, salt_length: u32) -> SignatureAlgorithm<'a> {
    match (Digest::from_oid(digest), Digest::from_oid(mask)) {
        (Some(digest), Some(mask_digest)) => {
            SignatureAlgorithm::RsaPss(PssParameters { digest, mask_digest, salt_length })
        }
        (None, _) => SignatureAlgorithm::OtherPss(digest),
        (_, None) => SignatureAlgorithm::OtherPss(mask),
    }
}

fn digest_identifier<'a>(reader: &mut Reader<'a>) -> Result<Oid<'a>, asn1::Error> {
    Ok(Oid(reader.sequence()?.expect(Tag::OID)?.value))
}

/// Says why a signature was not found to verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The key did not make this signature over these bytes.
    #[error("the signature does not verify")]
    Mismatch,
    /// A key of this kind cannot make a signature of this algorithm.
    #[error("the signature algorithm does not match the signer's key")]
    KeyKind,
    /// Anybody can sign under a key like this, so that the signature tells nothing.
    #[error("the signer's key is not valid")]
    UnsoundKey,
    /// certkit cannot verify this combination of algorithm and key; nothing is known.
    #[error("certkit cannot verify {0}")]
    Unsupported(&'static str),
}

/// What comes of a signature whose signer's key cannot be decoded.
pub(crate) const UNREADABLE_KEY: Failure = Failure::Unsupported("a key that cannot be decoded");

/// What is not supported where a curve is spelt out instead of named.
pub(crate) const EXPLICIT_CURVE: &str = "signatures on a curve with explicit parameters";

/// Who verifies a combination of algorithm and key.
enum Route<'a> {
    /// The backend.
    Backend(&'static dyn aws::VerificationAlgorithm),
    /// The backend, with an RSA key. Giving it the numbers spares it from reading them a second time.
    BackendRsa { parameters: &'static aws::RsaParameters, modulus: &'a [u8], exponent: &'a [u8] },
    /// The `rsa` crate, with PKCS#1 padding.
    RsaPkcs1 { modulus: &'a [u8], exponent: &'a [u8], digest: Digest },
    /// The `rsa` crate, with PSS padding.
    RsaPss { modulus: &'a [u8], exponent: &'a [u8], digest: Digest, salt: usize },
    /// `legacy`, with ECDSA.
    Weierstrass { curve: Curve, point: &'a [u8], digest: Digest },
    /// `legacy`, with DSA.
    Dsa { parameters: [&'a [u8]; 3], public: &'a [u8], digest: Digest },
}

fn route<'a>(algorithm: SignatureAlgorithm<'_>, key: &PublicKey<'a>) -> Result<Route<'a>, Failure> {
    let (bits, exponent_bits) = (key.size().unwrap_or(0), key.exponent_bits());
    // What a verification may cost; up to 256 bits the Baseline Requirements allow.
    if bits > 3072 && exponent_bits > Some(256) {
        return Err(Failure::Unsupported("RSA keys with so long an exponent"));
    }
    // The backend takes no exponent beyond 33 bits.
    let fits_backend = |least| (least..=8192).contains(&bits) && exponent_bits <= Some(33);
    Ok(match (algorithm, key.kind) {
        (SignatureAlgorithm::RsaPkcs1(digest), KeyKind::Rsa { modulus, exponent, padding: RsaPadding::Any }) => {
            let backend = |parameters| Route::BackendRsa { parameters, modulus, exponent };
            match digest {
                Digest::Sha1 if fits_backend(1024) => backend(&aws::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
                Digest::Sha256 if fits_backend(1024) => backend(&aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
                Digest::Sha384 if fits_backend(2048) => backend(&aws::RSA_PKCS1_2048_8192_SHA384),
                Digest::Sha512 if fits_backend(1024) => backend(&aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
                _ => Route::RsaPkcs1 { modulus, exponent, digest },
            }
        }
        (SignatureAlgorithm::RsaPss(parameters), KeyKind::Rsa { modulus, exponent, padding }) => {
            let PssParameters { digest, mask_digest, salt_length } = parameters;
            // The backend does not read keys that are limited to PSS.
            let plain = digest == mask_digest && fits_backend(2048) && padding == RsaPadding::Any;
            let backend = |parameters| Route::BackendRsa { parameters, modulus, exponent };
            match (digest, salt_length) {
                (Digest::Sha256, 32) if plain => backend(&aws::RSA_PSS_2048_8192_SHA256),
                (Digest::Sha384, 48) if plain => backend(&aws::RSA_PSS_2048_8192_SHA384),
                (Digest::Sha512, 64) if plain => backend(&aws::RSA_PSS_2048_8192_SHA512),
                _ if digest != mask_digest => return Err(Failure::Unsupported("PSS with two different digests")),
                _ => {
                    let salt = usize::try_from(salt_length).unwrap_or(usize::MAX);
                    if salt > modulus.len() {
                        return Err(Failure::Mismatch);
                    }
                    Route::RsaPss { modulus, exponent, digest, salt }
                }
            }
        }
        (SignatureAlgorithm::Ecdsa(digest), KeyKind::Ec { curve, point }) => match (curve, digest) {
            (Curve::P256, Digest::Sha1) => Route::Backend(&aws::ECDSA_P256_SHA1_ASN1),
            (Curve::P256, Digest::Sha256) => Route::Backend(&aws::ECDSA_P256_SHA256_ASN1),
            (Curve::P256, Digest::Sha384) => Route::Backend(&aws::ECDSA_P256_SHA384_ASN1),
            (Curve::P256, Digest::Sha512) => Route::Backend(&aws::ECDSA_P256_SHA512_ASN1),
            (Curve::P384, Digest::Sha256) => Route::Backend(&aws::ECDSA_P384_SHA256_ASN1),
            (Curve::P384, Digest::Sha384) => Route::Backend(&aws::ECDSA_P384_SHA384_ASN1),
            (Curve::P384, Digest::Sha512) => Route::Backend(&aws::ECDSA_P384_SHA512_ASN1),
            (Curve::P521, Digest::Sha1) => Route::Backend(&aws::ECDSA_P521_SHA1_ASN1),
            (Curve::P521, Digest::Sha224) => Route::Backend(&aws::ECDSA_P521_SHA224_ASN1),
            (Curve::P521, Digest::Sha256) => Route::Backend(&aws::ECDSA_P521_SHA256_ASN1),
            (Curve::P521, Digest::Sha384) => Route::Backend(&aws::ECDSA_P521_SHA384_ASN1),
            (Curve::P521, Digest::Sha512) => Route::Backend(&aws::ECDSA_P521_SHA512_ASN1),
            (Curve::Secp256k1, Digest::Sha256) => Route::Backend(&aws::ECDSA_P256K1_SHA256_ASN1),
            (curve, digest) => Route::Weierstrass { curve, point, digest },
        },
        (SignatureAlgorithm::Ed25519, KeyKind::Ed25519) => Route::Backend(&aws::ED25519),
        (SignatureAlgorithm::MlDsa(level), KeyKind::Other(name)) if level == name => match level {
            oid::ML_DSA_44 => Route::Backend(&aws::ML_DSA_44),
            oid::ML_DSA_65 => Route::Backend(&aws::ML_DSA_65),
            _ => Route::Backend(&aws::ML_DSA_87),
        },
        (SignatureAlgorithm::Dsa(digest), KeyKind::Dsa { parameters: Some(parameters), y }) => {
            Route::Dsa { parameters, public: y, digest }
        }
        (SignatureAlgorithm::Dsa(_), KeyKind::Dsa { parameters: None, .. }) => {
            return Err(Failure::Unsupported("a DSA key without its parameters"));
        }
        (_, KeyKind::EcOther { curve: None }) => return Err(Failure::Unsupported(EXPLICIT_CURVE)),
        (SignatureAlgorithm::Ecdsa(_), KeyKind::EcOther { .. }) => {
            return Err(Failure::Unsupported("signatures on this curve"));
        }
        (SignatureAlgorithm::Ed448, KeyKind::Ed448) => return Err(Failure::Unsupported("Ed448 signatures")),
        (SignatureAlgorithm::Other(_) | SignatureAlgorithm::OtherPss(_), _) => {
            return Err(Failure::Unsupported("this signature algorithm"));
        }
        _ => return Err(Failure::KeyKind),
    })
}

/// Verifies that the holder of `key` signed `message`.
///
/// Judges nothing else: an MD5 signature under a 512-bit key verifies when its numbers
/// do. Costs one public-key operation, from 20 µs (RSA 2048) to 10 ms (odd curves), and a look at the key
/// ([`PublicKey::fault`]).
pub fn verify(
    algorithm: SignatureAlgorithm<'_>,
    key: &PublicKey<'_>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    soundness(key)?;
    verify_sound(algorithm, key, message, signature)
}

/// Says why nothing is verified with a key, if so.
fn soundness(key: &PublicKey<'_>) -> Result<(), Failure> {
    match key.fault() {
        // Few programs compute with such a key, and those that do find its signatures right.
        None | Some(KeyFault::ExponentTooLong) => Ok(()),
        Some(KeyFault::TooLong) => Err(Failure::Unsupported("RSA keys of more than 16384 bits")),
        Some(_) => Err(Failure::UnsoundKey),
    }
}

/// Verifies with a key that has no fault.
fn verify_sound(
    algorithm: SignatureAlgorithm<'_>,
    key: &PublicKey<'_>,
    message: &[u8],
    signature: &[u8],
) -> Result<(), Failure> {
    match route(algorithm, key)? {
        // The backend takes keys as a certificate's BIT STRING holds them.
        Route::Backend(backend) => {
            aws::UnparsedPublicKey::new(backend, key.bits).verify(message, signature).map_err(|_| Failure::Mismatch)
        }
        Route::BackendRsa { parameters, modulus, exponent } => aws::RsaPublicKeyComponents { n: modulus, e: exponent }
            .verify(parameters, message, signature)
            .map_err(|_| Failure::Mismatch),
        other => verify_outside(&other, message, signature),
    }
}

/// Says how much a verification costs, in units of one with an RSA key of usual size.
pub fn cost(algorithm: SignatureAlgorithm<'_>, key: &PublicKey<'_>) -> u32 {
    match route(algorithm, key) {
        Ok(Route::BackendRsa { .. }) => key.size().unwrap_or(0).div_ceil(4096).max(1).pow(2),
        Ok(Route::Backend(_)) => 2,
        Ok(Route::RsaPkcs1 { modulus, exponent, .. } | Route::RsaPss { modulus, exponent, .. }) => {
            let units = |octets: &[u8], each| u32::try_from(octets.len().div_ceil(each)).unwrap_or(u32::MAX);
            units(modulus, 256).saturating_pow(2).max(2).saturating_mul(units(exponent, 4))
        }
        Ok(Route::Weierstrass { .. } | Route::Dsa { .. }) => 16,
        Err(_) => 0,
    }
}

fn verify_outside(route: &Route<'_>, message: &[u8], signature: &[u8]) -> Result<(), Failure> {
    match *route {
        Route::RsaPkcs1 { modulus, exponent, digest } => {
            legacy::rsa::verify_pkcs1(modulus, exponent, digest, message, signature)
        }
        Route::RsaPss { modulus, exponent, digest, salt } => {
            legacy::rsa::verify_pss(modulus, exponent, digest, salt, message, signature)
        }
        Route::Weierstrass { curve, point, digest } => {
            legacy::weierstrass::verify(curve, point, &digest.of(message), signature)
        }
        Route::Dsa { parameters, public, digest } => {
            legacy::dsa::verify(parameters, public, &digest.of(message), signature)
        }
        Route::Backend(_) | Route::BackendRsa { .. } => Err(Failure::Unsupported("this signature algorithm")),
    }
}

/// A key that many signatures are verified with: what parsing it gave is kept from the second one on.
///
/// Costs some memory and saves 2 to 10 µs a signature. Can be shared between threads.
#[derive(Debug, Default)]
pub struct Prepared {
    soundness: OnceLock<Result<(), Failure>>,
    was_used: AtomicBool,
    parsed: OnceLock<(usize, aws::ParsedPublicKey)>,
}

impl Prepared {
    /// Does what [`verify`] does. `key` must be the same each time.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm<'_>,
        key: &PublicKey<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Failure> {
        (*self.soundness.get_or_init(|| soundness(key)))?;
        let backend: &'static dyn aws::VerificationAlgorithm = match route(algorithm, key)? {
            Route::Backend(backend) => backend,
            Route::BackendRsa { parameters, .. } => parameters,
            other => return verify_outside(&other, message, signature),
        };
        // Most keys are met once, and preparing them would cost more than it saves.
        if !self.was_used.swap(true, Ordering::Relaxed) {
            return verify_sound(algorithm, key, message, signature);
        }
        // A CA signs with one algorithm nearly always; the first one that is seen is kept.
        let address = std::ptr::from_ref(backend).addr();
        let kept = match self.parsed.get() {
            Some(kept) => Some(kept),
            None => match aws::ParsedPublicKey::new(backend, key.bits) {
                Ok(parsed) => Some(self.parsed.get_or_init(|| (address, parsed))),
                Err(_) => return Err(Failure::Mismatch),
            },
        };
        let verified = match kept {
            Some((known, parsed)) if *known == address => parsed.verify_sig(message, signature),
            _ => aws::UnparsedPublicKey::new(backend, key.bits).verify(message, signature),
        };
        verified.map_err(|_| Failure::Mismatch)
    }
}

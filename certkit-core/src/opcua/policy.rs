//! The security policies of OPC UA as data, and which of them a certificate can serve.
//!
//! Knows what a policy demands of certificates (OPC 10000-7 section 6.6, OPC 10000-6 section 6.1).
//! Does not know how messages are protected, or whether an offered policy is advisable.

use std::fmt;

use crate::cert::Certificate;
use crate::crypto::digest::Digest;
use crate::crypto::key::{Curve, KeyKind, PublicKey, RsaPadding};
use crate::crypto::signature::SignatureAlgorithm;

/// What the URIs of all security policies begin with.
const PREFIX: &str = "http://opcfoundation.org/UA/SecurityPolicy#";

/// How the standard stands to a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No security at all.
    Unsecured,
    /// Broken by today's measure, withdrawn since edition 1.04.
    Deprecated,
    /// Not broken; a newer policy for the same keys has taken its place.
    Superseded,
    /// To be used.
    Current,
}

/// The keys that a policy takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRange {
    /// No certificate is used.
    Unused,
    /// RSA with a modulus of so many bits.
    Rsa {
        /// The fewest.
        least: u32,
        /// The most.
        most: u32,
    },
    /// An elliptic curve.
    Ec(Curve),
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
}

/// What a certificate may be signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignatureRange {
    Unused,
    /// RSA with PKCS#1 v1.5 padding over this digest; a stronger one is taken, too.
    Rsa(Digest),
    /// ECDSA over this digest; a stronger one is taken, too.
    Ecdsa(Digest),
    Ed25519,
    Ed448,
}

/// A security policy.
#[derive(Debug, PartialEq, Eq)]
pub struct SecurityPolicy {
    /// Its short name, such as `Basic256Sha256`.
    pub name: &'static str,
    /// How the standard stands to it.
    pub standing: Standing,
    /// The keys that it takes, of every certificate of a chain.
    pub keys: KeyRange,
    signatures: SignatureRange,
    /// The length of the nonces in octets.
    pub nonce_octets: u16,
    /// What protects messages, in short.
    pub protection: &'static str,
}

/// Where a certificate fits a policy only by a lenient reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leniency {
    /// The signature is over a stronger digest than the policy names; the text does not speak of that.
    StrongerDigest,
    /// The key is on a larger curve of the family; UA .NET Standard accepts that.
    LargerCurve,
}

/// Why a certificate does not fit a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The key is of another family, or of another size.
    Key {
        /// The key, as `RSA 1024`.
        found: String,
    },
    /// The signature is none that the policy allows.
    Signature {
        /// The algorithm, as `SHA1-RSA`.
        found: String,
    },
    /// Key or signature algorithm cannot be decoded.
    Undecodable,
}

/// Writes the rows of the policies for one kind of elliptic curve: the plain one and its two successors.
macro_rules! curve_rows {
    ($name:literal, $keys:expr, $signatures:expr, $nonce:literal, $plain:literal) => {
        [
            SecurityPolicy {
                name: $name,
                standing: Standing::Superseded,
                keys: $keys,
                signatures: $signatures,
                nonce_octets: $nonce,
                protection: $plain,
            },
            SecurityPolicy {
                name: concat!($name, "_AesGcm"),
                standing: Standing::Current,
                keys: $keys,
                signatures: $signatures,
                nonce_octets: $nonce,
                protection: "AES-GCM",
            },
            SecurityPolicy {
                name: concat!($name, "_ChaChaPoly"),
                standing: Standing::Current,
                keys: $keys,
                signatures: $signatures,
                nonce_octets: $nonce,
                protection: "ChaCha20-Poly1305",
            },
        ]
    };
}

const OLD_RSA: KeyRange = KeyRange::Rsa { least: 1024, most: 2048 };
const RSA: KeyRange = KeyRange::Rsa { least: 2048, most: 4096 };

const fn rsa(
    name: &'static str,
    standing: Standing,
    keys: KeyRange,
    digest: Digest,
    nonce_octets: u16,
    protection: &'static str,
) -> SecurityPolicy {
    SecurityPolicy { name, standing, keys, signatures: SignatureRange::Rsa(digest), nonce_octets, protection }
}

static RSA_POLICIES: [SecurityPolicy; 8] = [
    SecurityPolicy {
        name: "None",
        standing: Standing::Unsecured,
        keys: KeyRange::Unused,
        signatures: SignatureRange::Unused,
        nonce_octets: 0,
        protection: "none",
    },
    rsa("Basic128Rsa15", Standing::Deprecated, OLD_RSA, Digest::Sha1, 16, "RSA PKCS#1 v1.5, SHA-1, AES-128-CBC"),
    rsa("Basic256", Standing::Deprecated, OLD_RSA, Digest::Sha1, 32, "RSA OAEP, SHA-1, AES-256-CBC"),
    rsa("Basic256Sha256", Standing::Current, RSA, Digest::Sha256, 32, "RSA OAEP, SHA-256, AES-256-CBC"),
    rsa("Aes128_Sha256_RsaOaep", Standing::Current, RSA, Digest::Sha256, 32, "RSA OAEP, SHA-256, AES-128-CBC"),
    rsa("Aes256_Sha256_RsaPss", Standing::Current, RSA, Digest::Sha256, 32, "RSA OAEP-SHA256, PSS, AES-256-CBC"),
    rsa("RSA_DH_AesGcm", Standing::Current, RSA, Digest::Sha256, 384, "Diffie-Hellman, AES-GCM"),
    rsa("RSA_DH_ChaChaPoly", Standing::Current, RSA, Digest::Sha256, 384, "Diffie-Hellman, ChaCha20-Poly1305"),
];

static CURVE_POLICIES: [[SecurityPolicy; 3]; 6] = [
    curve_rows!(
        "ECC_nistP256",
        KeyRange::Ec(Curve::P256),
        SignatureRange::Ecdsa(Digest::Sha256),
        64,
        "AES-128-CBC, HMAC-SHA256"
    ),
    curve_rows!(
        "ECC_nistP384",
        KeyRange::Ec(Curve::P384),
        SignatureRange::Ecdsa(Digest::Sha384),
        96,
        "AES-256-CBC, HMAC-SHA384"
    ),
    curve_rows!(
        "ECC_brainpoolP256r1",
        KeyRange::Ec(Curve::BrainpoolP256r1),
        SignatureRange::Ecdsa(Digest::Sha256),
        64,
        "AES-128-CBC, HMAC-SHA256"
    ),
    curve_rows!(
        "ECC_brainpoolP384r1",
        KeyRange::Ec(Curve::BrainpoolP384r1),
        SignatureRange::Ecdsa(Digest::Sha384),
        96,
        "AES-256-CBC, HMAC-SHA384"
    ),
    curve_rows!("ECC_curve25519", KeyRange::Ed25519, SignatureRange::Ed25519, 32, "ChaCha20-Poly1305"),
    curve_rows!("ECC_curve448", KeyRange::Ed448, SignatureRange::Ed448, 56, "ChaCha20-Poly1305"),
];

/// Names that old servers send and no edition in force has.
pub const RETIRED: &[&str] = &["Basic128", "Basic192", "Basic192Rsa15", "Basic256Rsa15"];

impl SecurityPolicy {
    /// Every policy, from None over RSA to the curves.
    pub fn all() -> impl Iterator<Item = &'static SecurityPolicy> {
        RSA_POLICIES.iter().chain(CURVE_POLICIES.iter().flatten())
    }

    /// Finds a policy by its short name, in any case, or by its whole URI.
    pub fn named(name: &str) -> Option<&'static SecurityPolicy> {
        match name.strip_prefix(PREFIX) {
            Some(short) => SecurityPolicy::all().find(|policy| policy.name == short),
            None => SecurityPolicy::all().find(|policy| policy.name.eq_ignore_ascii_case(name)),
        }
    }

    /// The whole URI.
    pub fn uri(&self) -> String {
        format!("{PREFIX}{}", self.name)
    }

    /// Says whether messages under it are protected by algorithms that hold today.
    pub fn is_sound(&self) -> bool {
        matches!(self.standing, Standing::Current | Standing::Superseded)
    }

    /// Says whether a certificate of a chain fits, and where only by a lenient reading.
    ///
    /// Looks at key and signature algorithm, not at whether the signature verifies.
    pub fn fits(&self, certificate: &Certificate) -> Result<Vec<Leniency>, Misfit> {
        let key = certificate.public_key().map_err(|_| Misfit::Undecodable)?;
        let signature = certificate.signature_algorithm().map_err(|_| Misfit::Undecodable)?;
        let key = self.fits_key(&key)?;
        let signature = self.fits_signature(&signature)?;
        Ok(key.into_iter().chain(signature).collect())
    }

    /// Says whether it takes certificates, and those with this key, whatever they are signed with.
    pub(super) fn takes(&self, key: &PublicKey<'_>) -> bool {
        self.keys != KeyRange::Unused && self.fits_key(key).is_ok()
    }

    fn fits_key(&self, key: &PublicKey<'_>) -> Result<Option<Leniency>, Misfit> {
        let misfit = || Misfit::Key { found: key.to_string() };
        match (self.keys, key.kind) {
            (KeyRange::Unused, _) | (KeyRange::Ed25519, KeyKind::Ed25519) | (KeyRange::Ed448, KeyKind::Ed448) => {
                Ok(None)
            }
            (KeyRange::Rsa { least, most }, KeyKind::Rsa { padding: RsaPadding::Any, .. }) => {
                let fits = key.size().is_some_and(|bits| (least..=most).contains(&bits));
                if fits { Ok(None) } else { Err(misfit()) }
            }
            (KeyRange::Ec(wanted), KeyKind::Ec { curve, .. }) if curve == wanted => Ok(None),
            (KeyRange::Ec(Curve::P256), KeyKind::Ec { curve: Curve::P384, .. })
            | (KeyRange::Ec(Curve::BrainpoolP256r1), KeyKind::Ec { curve: Curve::BrainpoolP384r1, .. }) => {
                Ok(Some(Leniency::LargerCurve))
            }
            _ => Err(misfit()),
        }
    }

    fn fits_signature(&self, signature: &SignatureAlgorithm<'_>) -> Result<Option<Leniency>, Misfit> {
        let misfit = || Misfit::Signature { found: signature.to_string() };
        let compare = |found: Digest, wanted: Digest| match strength(found).cmp(&strength(wanted)) {
            std::cmp::Ordering::Less => Err(misfit()),
            std::cmp::Ordering::Equal => Ok(None),
            // The old policies say "SHA-1 or stronger" themselves.
            std::cmp::Ordering::Greater => Ok((wanted != Digest::Sha1).then_some(Leniency::StrongerDigest)),
        };
        match (self.signatures, *signature) {
            (SignatureRange::Unused, _)
            | (SignatureRange::Ed25519, SignatureAlgorithm::Ed25519)
            | (SignatureRange::Ed448, SignatureAlgorithm::Ed448) => Ok(None),
            (SignatureRange::Rsa(wanted), SignatureAlgorithm::RsaPkcs1(found))
            | (SignatureRange::Ecdsa(wanted), SignatureAlgorithm::Ecdsa(found)) => compare(found, wanted),
            _ => Err(misfit()),
        }
    }
}

/// How strong a digest is against collisions, in no unit.
fn strength(digest: Digest) -> u8 {
    match digest {
        Digest::Md5 => 0,
        Digest::Sha1 => 1,
        Digest::Sha224 => 2,
        Digest::Sha256 => 3,
        Digest::Sha384 => 4,
        Digest::Sha512 => 5,
    }
}

impl fmt::Display for SecurityPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Display for KeyRange {
    /// Writes what it takes, such as `RSA of 2048 to 4096 bits`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyRange::Unused => f.write_str("no key"),
            KeyRange::Rsa { least, most } => write!(f, "RSA of {least} to {most} bits"),
            KeyRange::Ec(curve) => write!(f, "EC {}", curve.name()),
            KeyRange::Ed25519 => f.write_str("Ed25519"),
            KeyRange::Ed448 => f.write_str("Ed448"),
        }
    }
}

impl SecurityPolicy {
    /// What a certificate may be signed with, such as `RSA with SHA-256`.
    pub fn signatures(&self) -> String {
        match self.signatures {
            SignatureRange::Unused => "nothing".to_owned(),
            SignatureRange::Rsa(digest) => format!("RSA (PKCS #1 v1.5) with {} or stronger", digest.name()),
            SignatureRange::Ecdsa(digest) => format!("ECDSA with {} or stronger", digest.name()),
            SignatureRange::Ed25519 => "Ed25519".to_owned(),
            SignatureRange::Ed448 => "Ed448".to_owned(),
        }
    }
}

/// The security policies that a certificate can serve, those in force first.
///
/// Looks at the certificate alone; a chain has to fit certificate by certificate. None needs no certificate and is
/// not among them.
pub fn policies_for(certificate: &Certificate) -> Vec<&'static SecurityPolicy> {
    let fits = |policy: &&'static SecurityPolicy| policy.keys != KeyRange::Unused && policy.fits(certificate).is_ok();
    let mut policies: Vec<&'static SecurityPolicy> = SecurityPolicy::all().filter(fits).collect();
    policies.sort_by_key(|policy| match policy.standing {
        Standing::Current => 0,
        Standing::Superseded => 1,
        Standing::Deprecated | Standing::Unsecured => 2,
    });
    policies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_found_by_name_and_by_uri() {
        for policy in SecurityPolicy::all() {
            assert_eq!(SecurityPolicy::named(policy.name), Some(policy));
            assert_eq!(SecurityPolicy::named(&policy.uri()), Some(policy));
            assert_eq!(SecurityPolicy::all().filter(|other| other.name == policy.name).count(), 1);
        }
        assert_eq!(SecurityPolicy::named("basic256sha256").map(|it| it.name), Some("Basic256Sha256"));
        for name in RETIRED.iter().chain(&["", "Basic512", "http://opcfoundation.org/UA/SecurityPolicy#basic256"]) {
            assert_eq!(SecurityPolicy::named(name), None, "{name}");
        }
        assert_eq!(SecurityPolicy::all().count(), 26);
    }

    #[test]
    fn two_policies_are_deprecated_and_six_superseded() {
        let with = |standing| SecurityPolicy::all().filter(move |policy| policy.standing == standing);
        let deprecated: Vec<&str> = with(Standing::Deprecated).map(|policy| policy.name).collect();
        assert_eq!(deprecated, ["Basic128Rsa15", "Basic256"]);
        assert!(with(Standing::Superseded).all(|policy| policy.name.matches('_').count() == 1));
        assert_eq!(with(Standing::Superseded).count(), 6);
    }
}

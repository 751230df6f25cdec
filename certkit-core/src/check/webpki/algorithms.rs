//! Whether digests and keys are strong enough, and of a kind that clients know.

use super::super::Clause::{BaselineRequirements, KepwareDeployment, Rfc};
use super::super::Look::{Each, Facts};
use super::super::case::shown;
use super::super::{Case, Check, Outcome, Role, Severity, Subject, always};
use crate::cert::Certificate;
use crate::crypto::key::{Curve, KeyFault, KeyKind, PublicKey};
use crate::crypto::signature::SignatureAlgorithm;
use crate::oid;
use crate::text::Hex;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &SIGNATURE_WEAK_HASH,
    &ROOT_WEAK_HASH,
    &KEY_TOO_WEAK,
    &KEY_DSA,
    &KEY_RSA_EXPONENT_UNUSUAL,
    &KEY_CURVE_EXPLICIT,
    &KEY_CURVE_UNUSUAL,
    &KEY_POINT_COMPRESSED,
    &ALGORITHM_TOO_NEW,
];

/// The signature is over a digest for which collisions can be made.
pub static SIGNATURE_WEAK_HASH: Check = Check {
    id: "signature-weak-hash",
    severity: Severity::Error,
    clauses: &[
        BaselineRequirements("7.1.3.2"),
        KepwareDeployment("6.1.3"),
        KepwareDeployment("6.2.1"),
        KepwareDeployment("6.3.1"),
        KepwareDeployment("6.4.2"),
    ],
    title: "The signature uses a digest stronger than SHA-1",
    why: "For MD5, SHA-1 and older digests an attacker can prepare two certificates with the same digest and have the \
          harmless one signed; the signature is then valid for the other one, too. Current TLS libraries, browsers and \
          OPC UA stacks refuse such signatures.",
    remedy: "Reissue the certificate with SHA-256: `keytool -sigalg SHA256withRSA` or `openssl req -sha256`. If an old \
             device cannot use SHA-256, let a CA issue its certificate.",
    look: Facts(|case| case.subjects.iter().any(|it| it.is_on_path() && !is_root(it))),
};

/// A root's own self-signature is over such a digest.
pub static ROOT_WEAK_HASH: Check = Check {
    id: "root-weak-hash",
    severity: Severity::Info,
    clauses: &[BaselineRequirements("7.1.3.2")],
    title: "A root's self-signature uses a digest stronger than SHA-1",
    why: "This is not a fault of the root. A root is trusted because it is in a trust store, not because of its \
          self-signature; no program relies on that. The digest in the certificates below it matters, and is checked \
          there.",
    remedy: "If the root is already trusted, no action is needed. Before an import ask the CA for a root with SHA-256 \
             or better, and verify the fingerprint of this one another way. A CA that still has such a root may be old \
             in other respects, too: check its key and its expiry date.",
    look: Each { applies: |_, subject| subject.is_on_path() && is_root(subject), at: weak_hash },
};

/// A CA that is self-issued. A leaf that is so has no one else to rely on, and counts as signed by an issuer.
fn is_root(subject: &Subject) -> bool {
    subject.role == Role::Authority && subject.certificate.is_self_issued()
}

fn weak_hash(_: &Case, subject: &Subject) -> Outcome {
    let algorithm = match subject.certificate.signature_algorithm() {
        Ok(algorithm) => algorithm,
        Err(malformed) => return Outcome::Undetermined(malformed.to_string()),
    };
    let is_weak = match algorithm {
        SignatureAlgorithm::Other(oid::MD2_RSA) => true,
        other if !other.is_known() => {
            return Outcome::Undetermined(format!(
                "certkit does not know the strength of the signature algorithm {other}"
            ));
        }
        known => known.digest().is_some_and(|digest| !digest.is_collision_resistant()),
    };
    Outcome::not_met_if(is_weak, || format!("it is signed with {algorithm}"))
}

/// The key is short enough to be found out.
pub static KEY_TOO_WEAK: Check = Check {
    id: "key-too-weak",
    severity: Severity::Error,
    clauses: &[
        BaselineRequirements("6.1.5"),
        KepwareDeployment("6.2.1"),
        KepwareDeployment("6.3.1"),
        KepwareDeployment("6.4.2"),
    ],
    title: "The key has at least 2048 bits (RSA) or 256 bits (elliptic curve)",
    why: "With enough machines, shorter private keys can be computed from the certificate. TLS libraries with default \
          settings and OPC UA security policies refuse them, often with an error that names neither key nor length.",
    remedy: "Make a new key and have a certificate issued for it: `keytool -genkeypair -keyalg RSA -keysize 2048` or \
             `openssl genrsa 2048`. The old key cannot be made longer.",
    look: Facts(always),
};

/// Smallest curve in bits.
pub(super) const CURVE_BITS: u32 = 256;

/// The key is one for DSA.
pub static KEY_DSA: Check = Check {
    id: "key-dsa",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("6.1.5"), Rfc(8446, "4.2.3")],
    title: "The key is not a DSA key",
    why: "TLS 1.3 has no DSA, and clients no longer offer it for older versions. `keytool -genkeypair` of older Java \
          versions makes a DSA key without -keyalg: the keystore loads, and no client connects.",
    remedy: "Make an RSA or EC key and have a certificate issued for it: `keytool -genkeypair -keyalg RSA -keysize \
             2048`.",
    look: Each { applies: |_, subject| subject.is_on_path(), at: dsa },
};

fn dsa(_: &Case, subject: &Subject) -> Outcome {
    with_key(&subject.certificate, |key| {
        Outcome::not_met_if(matches!(key.kind, KeyKind::Dsa { .. }), || format!("the key is {key}"))
    })
}

/// The RSA exponent is outside the usual range.
pub static KEY_RSA_EXPONENT_UNUSUAL: Check = Check {
    id: "key-rsa-exponent-unusual",
    severity: Severity::Warning,
    clauses: &[BaselineRequirements("6.1.6")],
    title: "The RSA exponent is between 65537 and 2^31",
    why: "Small exponents such as 3 are secure in theory, but have allowed forgeries with faulty verifiers. Up to 2^256 \
          the Baseline Requirements allow, but Go takes at most 31 bits and Chrome 33: they refuse the certificate \
          (`x509: invalid RSA public exponent`) or what its key signs.",
    remedy: "At the next renewal make a new key with the exponent 65537, the default of every program.",
    look: Each {
        applies: |case, subject| has_rsa_key(case, subject) && case.minds_form_of(subject),
        at: exponent_unusual,
    },
};

fn has_rsa_key(_: &Case, subject: &Subject) -> bool {
    subject.is_on_path() && subject.certificate.public_key().is_ok_and(|key| matches!(key.kind, KeyKind::Rsa { .. }))
}

fn exponent_unusual(_: &Case, subject: &Subject) -> Outcome {
    with_key(&subject.certificate, |key| match key.kind {
        KeyKind::Rsa { exponent, .. } => {
            let is_small = exponent.len() < 3 || (exponent.len() == 3 && exponent < &[1, 0, 1][..]);
            let is_usual = !is_small && key.exponent_bits() <= Some(31);
            let is_sound = !matches!(key.fault(), Some(KeyFault::Exponent | KeyFault::ExponentTooLong));
            Outcome::not_met_if(is_sound && !is_usual, || format!("the exponent is {}", number(exponent)))
        }
        _ => Outcome::Met,
    })
}

fn number(magnitude: &[u8]) -> String {
    match magnitude {
        [] => "0".to_owned(),
        _ if magnitude.len() <= 4 => magnitude.iter().fold(0u64, |sum, octet| sum << 8 | u64::from(*octet)).to_string(),
        _ => format!("0x{}", shown(&Hex(magnitude).to_string())),
    }
}

/// The curve is spelt out instead of named.
pub static KEY_CURVE_EXPLICIT: Check = Check {
    id: "key-curve-explicit",
    severity: Severity::Error,
    clauses: &[Rfc(5480, "2.1.1")],
    title: "The key names its curve",
    why: "Explicit curve parameters can be chosen so that signatures can be forged, which has happened in practice. \
          Java and OpenSSL refuse such a certificate.",
    remedy: "Make a new key with a named curve: `openssl ecparam -name prime256v1 -param_enc named_curve -genkey`.",
    look: Facts(always),
};

/// The curve is one that TLS clients do not commonly know.
pub static KEY_CURVE_UNUSUAL: Check = Check {
    id: "key-curve-unusual",
    severity: Severity::Warning,
    clauses: &[BaselineRequirements("6.1.5"), Rfc(8446, "4.2.3")],
    title: "The key's curve is P-256, P-384, P-521 or Ed25519",
    why: "These are the curves that current TLS clients support. Others, such as brainpool, secp256k1 or Ed448, work \
          with some peers and fail with others (\u{201c}handshake failure\u{201d}).",
    remedy: "Unless all peers support this curve, make a new key on P-256: `openssl ecparam -name prime256v1 -genkey`, \
             or `keytool -genkeypair -keyalg EC -groupname secp256r1`.",
    look: Each { applies: |_, subject| subject.is_on_path(), at: curve_unusual },
};

fn curve_unusual(_: &Case, subject: &Subject) -> Outcome {
    with_key(&subject.certificate, |key| {
        let is_unusual = match key.kind {
            // Curves below 256 bits are too weak, which another check says.
            KeyKind::Ec { curve, .. } => {
                curve.bits() >= CURVE_BITS && !matches!(curve, Curve::P256 | Curve::P384 | Curve::P521)
            }
            KeyKind::EcOther { curve } => curve.is_some(),
            KeyKind::Ed448 => true,
            KeyKind::Ed25519 | KeyKind::Rsa { .. } | KeyKind::Dsa { .. } | KeyKind::Other(_) => false,
        };
        Outcome::not_met_if(is_unusual, || format!("the key is {key}"))
    })
}

fn with_key(certificate: &Certificate, look: impl FnOnce(&PublicKey<'_>) -> Outcome) -> Outcome {
    match certificate.public_key() {
        Ok(key) => look(&key),
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}

/// Only one coordinate of an EC key is written.
pub static KEY_POINT_COMPRESSED: Check = Check {
    id: "key-point-compressed",
    severity: Severity::Warning,
    clauses: &[Rfc(5480, "2.2")],
    title: "EC keys are uncompressed points",
    why: "The compressed form is allowed, and rare. Java refuses the certificate with `Only uncompressed point format \
          supported`; OpenSSL, GnuTLS and Go read it.",
    remedy: "Rewrite the key uncompressed, `openssl ec -in KEY -conv_form uncompressed -out NEW`, and have the \
             certificate reissued for it; the key itself stays the same.",
    look: Facts(always),
};

/// A key or signature is of a kind that programs in the field cannot decode yet.
pub static ALGORITHM_TOO_NEW: Check = Check {
    id: "algorithm-too-new",
    severity: Severity::Warning,
    clauses: &[Rfc(9881, "2"), Rfc(9881, "4")],
    title: "Deployed programs support the key and signature algorithms",
    why: "ML-DSA is secure but new: OpenSSL before 3.5 and Java before 24 cannot decode such keys or verify such \
          signatures, and neither can devices that are in use. They refuse the connection.",
    remedy: "If every client is new enough, no action is needed. Otherwise use RSA or an EC key for now, for instance \
             `certkit generate https --key-type ec:p256`.",
    look: Facts(always),
};

//! Whether a key is valid, and not one that lets anyone sign or decrypt.

use super::super::Clause::{BaselineRequirements, Document, Rfc};
use super::super::Look::Facts;
use super::super::{Case, Check, Severity, Subject};
use crate::crypto::key::{KeyFault, KeyKind};
use crate::oid;

/// The checks of this topic. Every profile has them all: without a sound key nothing else counts.
pub static CHECKS: &[&Check] = &[
    &KEY_RSA_EXPONENT_INVALID,
    &KEY_RSA_MODULUS_INVALID,
    &KEY_RSA_TOO_LONG,
    &KEY_SMALL_FACTOR,
    &KEY_NOT_ON_CURVE,
    &KEY_SMALL_ORDER,
    &KEY_DSA_PARAMETERS_UNSOUND,
];

/// The check for what is wrong with a key.
pub(in super::super) fn check_for(fault: KeyFault) -> &'static Check {
    match fault {
        KeyFault::Exponent | KeyFault::ExponentTooLong => &KEY_RSA_EXPONENT_INVALID,
        KeyFault::Modulus => &KEY_RSA_MODULUS_INVALID,
        KeyFault::SmallFactor(_) => &KEY_SMALL_FACTOR,
        KeyFault::TooLong => &KEY_RSA_TOO_LONG,
        KeyFault::NoPoint => &KEY_NOT_ON_CURVE,
        KeyFault::SmallOrder => &KEY_SMALL_ORDER,
        KeyFault::DsaDomain => &KEY_DSA_PARAMETERS_UNSOUND,
    }
}

/// Says whether a key on the path is of a kind that can have the fault.
fn has(case: &Case, is_wanted: fn(&KeyKind<'_>) -> bool) -> bool {
    let key = |subject: &Subject| subject.certificate.public_key().is_ok_and(|key| is_wanted(&key.kind));
    case.subjects.iter().any(|subject| subject.is_on_path() && key(subject))
}

fn is_rsa(kind: &KeyKind<'_>) -> bool {
    matches!(kind, KeyKind::Rsa { .. })
}

/// The RSA exponent makes no sound key.
pub static KEY_RSA_EXPONENT_INVALID: Check = Check {
    id: "key-rsa-exponent-invalid",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("6.1.6"), Rfc(8017, "3.1")],
    title: "The RSA exponent is odd, at least 3, below the modulus, and short if the modulus is long",
    why: "With an even exponent there is no private key, with the exponent 1 a \u{201c}signature\u{201d} is the \
          message itself and anyone can make it; one above the modulus can be the exponent 1 in disguise. With a \
          modulus of more than 3072 bits OpenSSL and Java take no exponent of more than 64 bits. Libraries refuse such \
          a key, OpenSSL with `bad e value` in the handshake.",
    remedy: "Make a new key with another program and have a certificate issued for it.",
    look: Facts(|case| has(case, is_rsa)),
};

/// The RSA modulus cannot be the product of two odd primes.
pub static KEY_RSA_MODULUS_INVALID: Check = Check {
    id: "key-rsa-modulus-invalid",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("6.1.6"), Rfc(8017, "3.1")],
    title: "The RSA modulus is odd and greater than 1",
    why: "The modulus of an RSA key is the product of odd primes. An even one is damaged or made up; its factor 2 is \
          known, and the private key can usually be computed. Libraries refuse such a key, or fail at the first \
          signature.",
    remedy: "Compare the certificate with where it came from: it may be damaged. If it is not, make a new key with another \
             program and have a certificate issued for it.",
    look: Facts(|case| has(case, is_rsa)),
};

/// The modulus has a small factor.
pub static KEY_SMALL_FACTOR: Check = Check {
    id: "key-small-factor",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("6.1.6"), Document("NIST SP 800-89 section 5.3.3")],
    title: "The RSA modulus has no factor below 752",
    why: "The modulus of an RSA key is the product of two large primes. One with a small factor is damaged or made up, \
          and its private key can usually be computed.",
    remedy: "Compare the certificate with where it came from: it may be damaged. If it is not, make a new key with another \
             program and have a certificate issued for it.",
    look: Facts(|case| has(case, is_rsa)),
};

/// The RSA modulus is longer than programs compute with.
pub static KEY_RSA_TOO_LONG: Check = Check {
    id: "key-rsa-too-long",
    severity: Severity::Error,
    clauses: &[Rfc(8017, "3.1")],
    title: "The RSA modulus has no more than 16384 bits",
    why: "RFC 8017 sets no limit, but programs do: OpenSSL and Java refuse to compute with more than 16384 bits, \
          others with more than 8192 or 4096. Verifying a signature with such a key is far slower than with any other, \
          and the connection fails.",
    remedy: "Make a new key and have a certificate issued for it: `certkit request --key-type rsa:4096`, or `ec:p256`.",
    look: Facts(|case| has(case, is_rsa)),
};

/// The point is not on its curve, or cannot be decoded.
pub static KEY_NOT_ON_CURVE: Check = Check {
    id: "key-not-on-curve",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("6.1.6"), Rfc(5480, "2.2"), Rfc(8032, "5.1.3")],
    title: "The key is a valid point on its curve",
    why: "Such a key is a point on a curve. A value of another length, a point off the curve or the point at infinity \
          is not a key: it verifies no signature, and a program that computes with such a point can reveal its own \
          private key. Libraries refuse the certificate, mostly with no more than \u{201c}invalid public key\u{201d}.",
    remedy: "Compare the certificate with where it came from: it may be damaged. If it is not, make a new key with another \
             program (`certkit request --key-type ec:p256`) and have a certificate issued for it.",
    look: Facts(|case| has(case, is_on_curve)),
};

fn is_on_curve(kind: &KeyKind<'_>) -> bool {
    matches!(kind, KeyKind::Ec { .. } | KeyKind::Ed25519 | KeyKind::Ed448)
}

/// The key is a point of small order.
pub static KEY_SMALL_ORDER: Check = Check {
    id: "key-small-order",
    severity: Severity::Error,
    clauses: &[Rfc(8032, "5.1.7"), Rfc(7748, "6.1")],
    title: "A key on Curve25519 or Curve448 does not have small order",
    why: "A few points on these curves are not usable keys: a signature that is valid for one message is valid for \
          others, too, and a secret agreed with them is public. No program makes such a key by accident.",
    remedy: "Find out who made this certificate, and do not trust anything signed with its key. Make a new key with \
             another program: `certkit request --key-type ed25519`.",
    look: Facts(|case| has(case, can_be_small)),
};

fn can_be_small(kind: &KeyKind<'_>) -> bool {
    matches!(kind, KeyKind::Ed25519 | KeyKind::Ed448 | KeyKind::Other(oid::X25519 | oid::X448))
}

/// The parameters of the DSA key let anyone sign.
pub static KEY_DSA_PARAMETERS_UNSOUND: Check = Check {
    id: "key-dsa-parameters-unsound",
    severity: Severity::Error,
    clauses: &[Rfc(3279, "2.3.2")],
    title: "The parameters of a DSA key form a valid group",
    why: "A DSA key comes with its own group: a prime of 1024 to 3072 bits, a prime divisor of the number below it, \
          and a generator of that order. If one of them is wrong, or the key is not in the group, anyone can make a \
          valid signature.",
    remedy: "Find out who made this certificate, and do not trust anything signed with its key. Make an RSA or EC key \
             and have a certificate issued for it: `certkit request --key-type rsa:2048`.",
    look: Facts(|case| has(case, |kind| matches!(kind, KeyKind::Dsa { .. }))),
};

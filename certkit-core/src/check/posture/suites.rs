//! Which weak cipher suites a server accepts (RFC 9325 section 4).

use super::super::Clause::{KepwareDeployment, Rfc};
use super::super::Look::Probed;
use super::super::{Check, Clause, Outcome, Severity};
use super::outcome;
use crate::presented::{Posture, Probe, Version, Weakness};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &TLS_SUITE_NULL,
    &TLS_SUITE_ANONYMOUS,
    &TLS_SUITE_EXPORT,
    &TLS_SUITE_RC4,
    &TLS_SUITE_DES,
    &TLS_SUITE_SMALL_BLOCK,
    &TLS_NO_FORWARD_SECRECY,
    &TLS_CBC_ONLY,
];

fn is_asked(posture: &Posture) -> bool {
    posture.suites.is_some() || posture.why_undetermined(Probe::Suites).is_some()
}

fn weak(posture: &Posture, weakness: Weakness) -> Outcome {
    let chosen = posture.has(weakness);
    outcome(posture, Probe::Suites, chosen.map(|it| format!("the server accepts {it}")))
}

const MODERN: &str = "Enable on the server only ECDHE suites with AES-GCM or ChaCha20-Poly1305, and TLS 1.3. Tomcat: \
                      `ciphers` at the connector; nginx: `ssl_ciphers`; mosquitto: `ciphers`; Windows: the order of \
                      cipher suites in the group policy. An old device may need new firmware, or a gateway in front of \
                      it.";

/// RFC 9325 on cipher suites, and where the guide asks for strong and modern encryption.
const CLAUSES: &[Clause] =
    &[Rfc(9325, "4.1"), KepwareDeployment("6.2.1"), KepwareDeployment("6.3.1"), KepwareDeployment("6.4.2")];

/// Nothing is encrypted.
pub static TLS_SUITE_NULL: Check = Check {
    id: "tls-suite-null",
    severity: Severity::Error,
    clauses: CLAUSES,
    title: "The server accepts no suite without encryption",
    why: "The connection looks like TLS, but anyone on the network path can read it, passwords included.",
    remedy: MODERN,
    look: Probed { applies: is_asked, at: |posture| weak(posture, Weakness::Null) },
};

/// The server shows no certificate.
pub static TLS_SUITE_ANONYMOUS: Check = Check {
    id: "tls-suite-anonymous",
    severity: Severity::Error,
    clauses: &[Rfc(5246, "A.5"), KepwareDeployment("6.2.1"), KepwareDeployment("6.3.1"), KepwareDeployment("6.4.2")],
    title: "The server accepts no suite without a certificate",
    why: "Neither side is authenticated: an attacker on the network path can impersonate the server to the client and \
          the client to the server.",
    remedy: MODERN,
    look: Probed { applies: is_asked, at: |posture| weak(posture, Weakness::Anonymous) },
};

/// Keys as exports once had to have.
pub static TLS_SUITE_EXPORT: Check = Check {
    id: "tls-suite-export",
    severity: Severity::Error,
    clauses: CLAUSES,
    title: "The server accepts no suite of export strength",
    why: "Keys of 40 bits are found in seconds, and other clients can be downgraded to them (FREAK, Logjam).",
    remedy: MODERN,
    look: Probed { applies: is_asked, at: |posture| weak(posture, Weakness::Export) },
};

/// RC4.
pub static TLS_SUITE_RC4: Check = Check {
    id: "tls-suite-rc4",
    severity: Severity::Error,
    clauses: &[
        Rfc(7465, "2"),
        Rfc(9325, "4.1"),
        KepwareDeployment("6.2.1"),
        KepwareDeployment("6.3.1"),
        KepwareDeployment("6.4.2"),
    ],
    title: "The server accepts no suite with RC4",
    why: "A secret that RC4 encrypts often enough, such as a password or a cookie, can be recovered by an \
          eavesdropper; RC4 was prohibited in 2015.",
    remedy: MODERN,
    look: Probed { applies: is_asked, at: |posture| weak(posture, Weakness::Rc4) },
};

/// Keys of 56 bits.
pub static TLS_SUITE_DES: Check = Check {
    id: "tls-suite-des",
    severity: Severity::Error,
    clauses: CLAUSES,
    title: "The server accepts no suite with DES",
    why: "Keys of 56 bits are found within a day.",
    remedy: MODERN,
    look: Probed { applies: is_asked, at: |posture| weak(posture, Weakness::Des) },
};

/// 3DES and IDEA.
pub static TLS_SUITE_SMALL_BLOCK: Check = Check {
    id: "tls-suite-small-block",
    severity: Severity::Warning,
    clauses: CLAUSES,
    title: "The server accepts no suite with 3DES or IDEA",
    why: "Blocks of 64 bits repeat within some gigabytes of one connection, and repetitions reveal the plaintext \
          (Sweet32). Connections in a plant last for months.",
    remedy: MODERN,
    look: Probed { applies: is_asked, at: |posture| weak(posture, Weakness::SmallBlock) },
};

/// The key exchange has no forward secrecy.
pub static TLS_NO_FORWARD_SECRECY: Check = Check {
    id: "tls-no-forward-secrecy",
    severity: Severity::Warning,
    clauses: CLAUSES,
    title: "The server accepts only key exchange with forward secrecy",
    why: "With static RSA, DH or ECDH, anyone who gets the server's key later can decrypt recorded traffic; new \
          attacks on static RSA also appear every few years.",
    remedy: MODERN,
    look: Probed { applies: is_asked, at: |posture| weak(posture, Weakness::StaticKeyExchange) },
};

/// There is no suite with authenticated encryption.
pub static TLS_CBC_ONLY: Check = Check {
    id: "tls-cbc-only",
    severity: Severity::Warning,
    clauses: &[Rfc(9325, "4.2"), KepwareDeployment("6.2.1"), KepwareDeployment("6.3.1"), KepwareDeployment("6.4.2")],
    title: "The server accepts suites with authenticated encryption",
    why: "Suites in CBC mode encrypt and authenticate separately, which has led to repeated attacks (Lucky 13, BEAST); \
          some current clients no longer support them.",
    remedy: MODERN,
    look: Probed {
        applies: |posture| {
            let has_tls12 = |it: &Vec<Version>| it.iter().any(|it| *it >= Version::Tls12);
            is_asked(posture) && posture.versions.as_ref().is_none_or(has_tls12)
        },
        at: |posture| {
            let is_lacking = posture.aead == Some(false);
            let evidence = || "the server refuses AES-GCM, AES-CCM and ChaCha20-Poly1305".to_owned();
            outcome(posture, Probe::Suites, is_lacking.then(evidence))
        },
    },
};

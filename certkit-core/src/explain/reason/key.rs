//! Keys and algorithms.

use super::{Reason, cause};

/// The key is too small.
pub static TOO_WEAK: Reason = Reason {
    meaning: "A key in the chain is smaller than the program accepts.",
    causes: &[
        cause("An old device has an RSA key of 1024 bits.", "`certkit inspect` shows the size."),
        cause("The program's security level was raised by an update.", "An older version accepts the key."),
    ],
    commands: &["certkit check FILE"],
    cure: "Make a new key (RSA 2048 or more, or P-256) and a new certificate; a CA with a small key has to be replaced.",
    findings: &["key-too-weak"],
};

/// The signature uses MD5 or SHA-1.
pub static WEAK_HASH: Reason = Reason {
    meaning: "A certificate is signed with an algorithm that is no longer accepted, mostly SHA-1 or MD5.",
    causes: &[
        cause("The CA still signs with SHA-1.", "`certkit inspect` shows the signature algorithm."),
        cause("An intermediate CA is old.", "The leaf is signed with SHA-256, and the CA above it is not."),
    ],
    commands: &["certkit check FILE"],
    cure: "Let the CA sign with SHA-256 and issue the certificate again.",
    findings: &["signature-weak-hash", "root-weak-hash"],
};

/// An algorithm is switched off.
pub static ALGORITHM_DISABLED: Reason = Reason {
    meaning: "The program disables an algorithm or a key size that the chain uses.",
    causes: &[
        cause("SHA-1 or MD5 in a signature.", "`certkit check` reports signature-weak-hash."),
        cause("An RSA key below 2048 bits.", "`certkit check` reports key-too-weak."),
        cause("An unusual curve, or DSA.", "`certkit check` reports key-curve-unusual or key-dsa."),
    ],
    commands: &["certkit check FILE"],
    cure: "Reissue the certificate with RSA 2048 or P-256 and SHA-256; do not enable the algorithm again.",
    findings: &["signature-weak-hash", "key-too-weak", "key-curve-unusual", "key-dsa"],
};

/// The curve is spelled out.
pub static EXPLICIT_CURVE: Reason = Reason {
    meaning: "The key has explicit curve parameters instead of a named curve.",
    causes: &[cause("It was made by an old tool or a device.", "`certkit check` reports key-curve-explicit.")],
    commands: &["certkit check FILE"],
    cure: "Make a new key on a named curve, such as P-256.",
    findings: &["key-curve-explicit"],
};

/// A key or a signature is of a kind that the program cannot read.
pub static UNREADABLE: Reason = Reason {
    meaning: "The program cannot read a key of the chain, or does not know the algorithm of a key or signature.",
    causes: &[
        cause("The algorithm or curve is newer or rarer than the program.", "`certkit inspect` shows both."),
        cause(
            "The key is written in an unusual way: a compressed point, or explicit curve parameters.",
            "`certkit check` says so.",
        ),
        cause("The key is damaged or invalid.", "`certkit check` reports key-not-on-curve or key-rsa-modulus-invalid."),
    ],
    commands: &["certkit inspect FILE", "certkit check FILE"],
    cure: "Make a new key that every program reads (RSA 2048 or P-256) and a new certificate.",
    findings: &[
        "algorithm-too-new",
        "key-curve-unusual",
        "key-curve-explicit",
        "key-point-compressed",
        "key-not-on-curve",
        "key-rsa-modulus-invalid",
        "key-rsa-exponent-invalid",
        "key-rsa-too-long",
    ],
};

/// The program is set to Suite B.
pub static SUITE_B: Reason = Reason {
    meaning: "The program is set to Suite B, which allows P-256 and P-384 with SHA-256 and SHA-384 only.",
    causes: &[cause("A certificate of the chain has another key or signature.", "`certkit inspect` shows them.")],
    commands: &["certkit inspect FILE"],
    cure: "Remove Suite B from the settings, or issue the whole chain with P-256 or P-384.",
    findings: &[],
};

/// The key does not belong to the certificate.
pub static MISMATCH: Reason = Reason {
    meaning: "The private key does not belong to the certificate.",
    causes: &[
        cause(
            "The certificate was renewed with a new key, but only one of the two files was copied.",
            "The dates of the files differ.",
        ),
        cause("The first certificate of the file is that of the CA.", "`certkit check FILE` reports chain-order."),
        cause("The reply of the CA belongs to another request.", "The public keys differ."),
    ],
    commands: &["certkit inspect FILE", "certkit check FILE"],
    cure: "Use a certificate and key that belong together, with the leaf first in the file.",
    findings: &["key-certificate-mismatch", "chain-order"],
};

/// The peer could not prove that it has the key.
pub static NOT_PROVEN: Reason = Reason {
    meaning: "The other side could not prove that it has the private key of its certificate.",
    causes: &[
        cause("Certificate and key of the server do not belong together.", "Every client complains."),
        cause("Something on the way changes the data.", "It happens on one network only."),
        cause("The library does not support the signature.", "`certkit fetch` gets the certificate without complaint."),
    ],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Configure the server with the key that belongs to its certificate, and restart it.",
    findings: &["key-possession-unproven"],
};

/// Windows cannot use the private key.
pub static WINDOWS_KEY: Reason = Reason {
    meaning: "Windows has the certificate, but the program cannot use its private key.",
    causes: &[
        cause("The account of the service may not read the key.", "An administrator's program can use it."),
        cause("The certificate was imported without its key.", "The certificate shows no key in the snap-in."),
        cause("The key is in the store of a user, and the service runs as another.", "It is under CurrentUser."),
        cause("The key is in a provider (CNG) that the program does not support.", "An older program complains."),
    ],
    commands: &["certkit trust list windows:LocalMachine\\My"],
    cure: "Import the PFX into the computer's store (LocalMachine\\My), and give the account of the service the right to read \
           the key.",
    findings: &[],
};

/// The key may not be exported.
pub static NOT_EXPORTABLE: Reason = Reason {
    meaning: "The key was imported as not exportable.",
    causes: &[cause("The import did not mark the key as exportable.", "The export wizard offers no private key.")],
    commands: &[],
    cure: "Import the PFX again with the key marked exportable, or make a new key.",
    findings: &[],
};

/// The own OPC UA certificate and key do not work together.
pub static OPCUA_OWN: Reason = Reason {
    meaning: "The OPC UA application's own certificate and private key do not work together, or cannot be read.",
    causes: &[
        cause("The certificate was replaced, and the key was not.", "The files have different dates."),
        cause("The key is encrypted, or in a form that the stack does not read.", "`certkit inspect` shows its kind."),
        cause("The peer still has the old certificate of this application.", "It worked before the renewal."),
    ],
    commands: &["certkit inspect FILE", "certkit preflight pki opc.tcp://HOST:PORT"],
    cure: "Put a matching certificate and key in the application's own folder, and give the certificate to the peers.",
    findings: &["opcua-endpoint-key-unfit"],
};

/// No certificate is configured.
pub static NONE_CONFIGURED: Reason = Reason {
    meaning: "A certificate with its private key is needed here, and none is configured.",
    causes: &[
        cause("The settings name none, or the wrong name.", "The settings and the store name different ones."),
        cause("The store has the certificate without its key.", "It is listed as a trusted certificate."),
    ],
    commands: &["certkit trust list STORE", "certkit inspect FILE"],
    cure: "Make or import a certificate with its key, and name it in the settings.",
    findings: &[],
};

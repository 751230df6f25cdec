//! Words of Go about the form of certificates.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{connection, file, key, purpose, store, time, trust};

/// What Go says about the form of certificates.
pub(in crate::explain) static GO_CERTIFICATE: Program = Program {
    name: "Go",
    keys: &["go"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "the source of Go 1.19 (crypto/x509); a run of it",
    entries: &[
        Entry::new(
            "tls-handshake-timeout",
            &connection::NETWORK,
            &["net/http: TLS handshake timeout", "TLS handshake timeout"],
        )
        .source("the source of Go (net/http)"),
        Entry::new(
            "malformed",
            &purpose::MALFORMED,
            &[
                "x509: malformed <what>",
                "x509: trailing data",
                "x509: invalid RDNSequence",
                "x509: certificate contains duplicate extensions",
                "x509: invalid authority info access",
                "x509: invalid extended key usages",
                "x509: invalid basic constraints",
                "x509: invalid key usage",
                "x509: inner and outer signature algorithm identifiers don't match",
                "x509: RSA key missing NULL parameters",
                "x509: invalid subject key identifier",
                "x509: invalid authority key identifier",
                "x509: invalid certificate policies",
                "x509: invalid CRL distribution points",
                "x509: invalid version",
                "x509: empty <what>",
                "x509: invalid <what>",
            ],
        ),
        Entry::new(
            "malformed-time",
            &time::MISSPELT,
            &[
                "x509: malformed UTCTime",
                "x509: malformed GeneralizedTime",
                "x509: malformed validity",
                "x509: unsupported time format",
            ],
        ),
        Entry::new(
            "names",
            &purpose::CONSTRAINTS_UNSUPPORTED,
            &[
                "x509: SAN dNSName is malformed",
                "x509: SAN rfc822Name is malformed",
                "x509: SAN uniformResourceIdentifier is malformed",
                "x509: cannot parse dnsName",
                "x509: cannot parse rfc822Name",
                "x509: cannot parse URI",
                "x509: cannot parse IP address of length <n>",
                "x509: empty name constraints extension",
            ],
        ),
        Entry::new(
            "key-form",
            &key::UNREADABLE,
            &[
                "x509: unsupported elliptic curve",
                "x509: failed to unmarshal elliptic curve point",
                "x509: invalid RSA modulus",
                "x509: invalid RSA public exponent",
                "x509: RSA modulus is not a positive number",
                "x509: invalid ECDSA parameters",
                "x509: wrong Ed25519 public key size",
                "x509: unknown public key algorithm",
                "x509: cannot verify signature: algorithm unimplemented",
                "x509: invalid DSA parameters",
            ],
        ),
        Entry::new("not-standards-compliant", &key::ALGORITHM_DISABLED, &["certificate is not standards compliant"])
            .source("the verifier of macOS as Go prints it")
            .certainty(Certainty::Medium),
        Entry::new("not-trusted-macos", &trust::UNKNOWN_ISSUER, &["x509: '<name>' certificate is not trusted"])
            .source("the verifier of macOS as Go prints it")
            .certainty(Certainty::Medium),
        Entry::new(
            "key-not-parsed",
            &file::NOT_READABLE,
            &[
                "tls: failed to parse private key",
                "tls: found a certificate rather than a key in the PEM for the private key",
                "tls: failed to find PEM block with type ending in \"PRIVATE KEY\"",
                "asn1: structure error: tags don't match",
            ],
        )
        .source("the source of Go (crypto/tls)"),
        Entry::new("key-type", &key::MISMATCH, &["tls: private key type does not match public key type"])
            .source("the source of Go (crypto/tls)"),
        Entry::new(
            "key-of-server",
            &key::UNREADABLE,
            &["tls: server's certificate contains an unsupported type of public key"],
        )
        .source("the source of Go (crypto/tls)"),
        Entry::new(
            "message-too-long",
            &connection::NOT_TLS,
            &["tls: handshake message of length <n> bytes exceeds maximum"],
        )
        .source("the source of Go (crypto/tls)"),
        Entry::new(
            "issuer-name",
            &trust::WRONG_TWIN,
            &["x509: issuer name does not match subject from issuing certificate"],
        )
        .source("the source of Go"),
        Entry::new("no-system-roots", &store::EMPTY, &["x509: failed to load system roots and no roots provided"])
            .source("the source of Go"),
        Entry::new(
            "decryption-password",
            &file::PASSWORD,
            &["x509: decryption password incorrect", "pkcs12: decryption password incorrect"],
        )
        .source("the source of Go"),
        Entry::new(
            "pkcs12-algorithm",
            &file::ENCRYPTION_UNKNOWN,
            &["pkcs12: unknown digest algorithm", "pkcs12: unknown encryption algorithm", "pkcs12: algorithm"],
        )
        .source("the source of golang.org/x/crypto/pkcs12"),
        Entry::new(
            "signature",
            &trust::SIGNATURE_WRONG,
            &[
                "x509: ECDSA verification failure",
                "x509: Ed25519 verification failure",
                "crypto/rsa: verification error",
            ],
        )
        .source("the source of Go"),
        Entry::new(
            "signature-algorithms",
            &connection::NOTHING_IN_COMMON,
            &[
                "tls: peer doesn't support any of the certificate's signature algorithms",
                "tls: server chose an unconfigured cipher suite",
            ],
        )
        .source("the source of Go (crypto/tls)"),
        Entry::new(
            "algorithm-refused",
            &key::ALGORITHM_DISABLED,
            &[
                "tls: certificate used with invalid signature algorithm",
                "tls: client certificate used with invalid signature algorithm",
            ],
        )
        .source("the source of Go (crypto/tls)"),
        Entry::new(
            "rsa-too-large",
            &key::ALGORITHM_DISABLED,
            &[
                "tls: server sent certificate containing RSA key larger than <n> bits",
                "tls: client sent certificate containing RSA key larger than <n> bits",
            ],
        )
        .since("Go 1.20.7")
        .source("the source of Go (crypto/tls)"),
        Entry::new("rsa-insecure", &key::TOO_WEAK, &["crypto/rsa: <n>-bit keys are insecure"])
            .since("Go 1.24")
            .source("the source of Go (crypto/rsa)"),
        Entry::new(
            "private-key-form",
            &file::NOT_READABLE,
            &["x509: failed to parse private key (use Parse<form> instead", "x509: failed to parse EC private key"],
        )
        .source("the source of Go (crypto/x509)"),
        Entry::new(
            "duplicate-extension",
            &purpose::MALFORMED,
            &["x509: certificate contains duplicate extension with OID <oid>"],
        )
        .source("the source of Go (crypto/x509)"),
    ],
};

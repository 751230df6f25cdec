//! Words of GnuTLS.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, revocation, time, trust};

/// What GnuTLS says.
pub(in crate::explain) static GNUTLS: Program = Program {
    name: "GnuTLS",
    keys: &["gnutls"],
    context: &["gnutls", "certtool"],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of GnuTLS 3.7.9, wget 1.21",
    entries: &[
        Entry::new(
            "issuer-unknown",
            &trust::UNKNOWN_ISSUER,
            &[
                "The certificate issuer is unknown",
                "doesn't have a known issuer",
                "The certificate of '<host>' doesn't have a known issuer",
            ],
        ),
        Entry::new(
            "chain-expired",
            &time::EXPIRED,
            &["The certificate chain uses expired certificate", "The certificate of <host> has expired"],
        ),
        Entry::new(
            "chain-not-yet",
            &time::NOT_YET_VALID,
            &["The certificate chain uses not yet valid certificate", "The certificate of <host> is not yet activated"],
        ),
        Entry::new(
            "name-mismatch",
            &purpose::WRONG_HOST,
            &[
                "The name in the certificate does not match the expected",
                "The certificate's owner does not match hostname",
                "The certificate's owner does not match hostname '<host>'",
            ],
        ),
        Entry::new(
            "not-ca",
            &purpose::NOT_A_CA,
            &["The certificate issuer is not a CA", "The certificate signer of <host> was not a CA"],
        ),
        Entry::new(
            "constraints",
            &purpose::NAME_CONSTRAINED,
            &["The certificate chain violates the signer's constraints"],
        ),
        Entry::new("purpose", &purpose::WRONG_PURPOSE, &["The certificate chain does not match the intended purpose"]),
        Entry::new(
            "insecure",
            &key::WEAK_HASH,
            &["The certificate chain uses insecure algorithm", "was signed using an insecure algorithm"],
        ),
        Entry::new(
            "critical",
            &purpose::CRITICAL_EXTENSION,
            &["The certificate contains an unknown critical extension"],
        ),
        Entry::new(
            "revoked",
            &revocation::REVOKED,
            &["The certificate chain is revoked", "The certificate of <host> has been revoked"],
        )
        .source("GnuTLS texts")
        .certainty(Certainty::Medium),
        Entry::new(
            "-12 fatal alert",
            &alert::ALERT,
            &["GNUTLS_E_FATAL_ALERT_RECEIVED", "A TLS fatal alert has been received"],
        )
        .numbers(&[-12])
        .frame(),
        Entry::new(
            "-15 unexpected packet",
            &connection::NOT_TLS,
            &["GNUTLS_E_UNEXPECTED_PACKET", "An unexpected TLS packet was received"],
        )
        .numbers(&[-15]),
        Entry::new("-43 certificate error", &alert::FRAME, &["GNUTLS_E_CERTIFICATE_ERROR", "Error in the certificate"])
            .numbers(&[-43])
            .frame(),
        Entry::new(
            "-48 key usage violation",
            &purpose::WRONG_PURPOSE,
            &["GNUTLS_E_KEY_USAGE_VIOLATION", "Key usage violation in certificate has been detected"],
        )
        .numbers(&[-48])
        .source("GnuTLS library"),
        Entry::new(
            "-60 key mismatch",
            &key::MISMATCH,
            &["GNUTLS_E_CERTIFICATE_KEY_MISMATCH", "The certificate and the given key do not match"],
        )
        .numbers(&[-60]),
        Entry::new(
            "-87 no cipher suites",
            &connection::NOTHING_IN_COMMON,
            &["GNUTLS_E_NO_CIPHER_SUITES", "No supported cipher suites have been found"],
        )
        .numbers(&[-87]),
        Entry::new(
            "-110 premature termination",
            &connection::CLOSED,
            &["GNUTLS_E_PREMATURE_TERMINATION", "The TLS connection was non-properly terminated"],
        )
        .numbers(&[-110]),
        Entry::new(
            "-112 certificate required",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["GNUTLS_E_CERTIFICATE_REQUIRED", "Fatal error: Certificate is required"],
        )
        .weak(&["Certificate is required"])
        .numbers(&[-112]),
        Entry::new("-54 pull", &connection::NETWORK, &["GNUTLS_E_PULL_ERROR", "Error in the pull function"])
            .numbers(&[-54]),
        Entry::new(
            "-324 unsorted",
            &key::MISMATCH,
            &["GNUTLS_E_CERTIFICATE_LIST_UNSORTED", "The provided X.509 certificate list is not sorted"],
        )
        .numbers(&[-324])
        .source("GnuTLS library"),
        Entry::new("-89 pk signature", &key::NOT_PROVEN, &["Public key signature verification has failed"])
            .numbers(&[-89])
            .source("a run of gnutls-cli against Tomcat with a foreign key"),
        Entry::new(
            "-207 base64 header",
            &file::NOT_READABLE,
            &["Base64 unexpected header error", "import error: No certificate was found"],
        )
        .numbers(&[-207]),
        Entry::new("signature-invalid", &trust::SIGNATURE_WRONG, &["The signature in the certificate is invalid"]),
        Entry::new(
            "not-trusted",
            &trust::NOT_VERIFIED,
            &[
                "The certificate of '<host>' is not trusted",
                "Status: The certificate is NOT trusted",
                "Not verified. The certificate is NOT trusted",
                "PKI verification of server certificate failed",
            ],
        )
        .frame(),
        Entry::new(
            "not-parsed",
            &purpose::MALFORMED,
            &[
                "error parsing CRTs: <reason>",
                "ASN1 parser: <reason>",
                "The requested data were not available",
                "Duplicate extension in X.509 certificate",
                "Unknown Subject Alternative name in X.509 certificate",
            ],
        ),
        Entry::new(
            "time-misspelt",
            &time::MISSPELT,
            &["The DER time encoding is invalid", "Error in the time fields of certificate"],
        ),
        Entry::new(
            "dh-prime",
            &connection::VERSION_OLD,
            &["The Diffie-Hellman prime sent by the server is not acceptable"],
        )
        .numbers(&[-63]),
        Entry::new("trust-file", &file::NOT_LOADED, &["Error setting the x509 trust file"]),
        Entry::new(
            "-34 base64",
            &file::NOT_READABLE,
            &["GNUTLS_E_BASE64_DECODING_ERROR", "import error: Base64 decoding error"],
        )
        .numbers(&[-34])
        .source("the texts of GnuTLS 3.7.9 and certtool"),
        Entry::new(
            "-9 packet length",
            &connection::CLOSED,
            &["GNUTLS_E_UNEXPECTED_PACKET_LENGTH", "A TLS packet with unexpected length was received"],
        )
        .numbers(&[-9])
        .source("public logs (GnuTLS 2 and 3.0)"),
        Entry::new(
            "-10 invalid session",
            &connection::CLOSED,
            &["GNUTLS_E_INVALID_SESSION", "The specified session has been invalidated for some reason"],
        )
        .numbers(&[-10])
        .source("a run of wget 1.21.3 with GnuTLS 3.7.9 against a server that refused it"),
    ],
};

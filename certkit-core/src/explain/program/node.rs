//! Words of Node.js.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, revocation, time, trust};

/// What Node.js says.
pub(in crate::explain) static NODE_JS: Program = Program {
    name: "Node.js",
    keys: &["node"],
    context: &["node:", "node.js", "nodejs", " node ", " npm ", "tls_wrap", "at tlssocket"],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of Node 20 and 24",
    entries: &[
        Entry::new("DEPTH_ZERO_SELF_SIGNED_CERT", &trust::SELF_SIGNED, &["DEPTH_ZERO_SELF_SIGNED_CERT"]),
        Entry::new("SELF_SIGNED_CERT_IN_CHAIN", &trust::ROOT_NOT_TRUSTED, &["SELF_SIGNED_CERT_IN_CHAIN"]),
        Entry::new("UNABLE_TO_VERIFY_LEAF_SIGNATURE", &trust::CHAIN_NOT_SENT, &["UNABLE_TO_VERIFY_LEAF_SIGNATURE"]),
        Entry::new("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", &trust::UNKNOWN_ISSUER, &["UNABLE_TO_GET_ISSUER_CERT_LOCALLY"]),
        Entry::new("UNABLE_TO_GET_ISSUER_CERT", &trust::UNKNOWN_ISSUER, &["UNABLE_TO_GET_ISSUER_CERT"])
            .source("Node documentation")
            .certainty(Certainty::Medium),
        Entry::new("CERT_HAS_EXPIRED", &time::EXPIRED, &["CERT_HAS_EXPIRED"]),
        Entry::new("CERT_NOT_YET_VALID", &time::NOT_YET_VALID, &["CERT_NOT_YET_VALID"]),
        Entry::new("CERT_REVOKED", &revocation::REVOKED, &["CERT_REVOKED"])
            .source("Node documentation")
            .certainty(Certainty::Medium),
        Entry::new("CRL_HAS_EXPIRED", &revocation::LIST_OVERDUE, &["CRL_HAS_EXPIRED"])
            .source("Node documentation")
            .certainty(Certainty::Medium),
        Entry::new("UNABLE_TO_GET_CRL", &revocation::UNKNOWN, &["UNABLE_TO_GET_CRL"])
            .source("Node documentation")
            .certainty(Certainty::Medium),
        Entry::new(
            "ERR_TLS_CERT_ALTNAME_INVALID",
            &purpose::WRONG_HOST,
            &[
                "ERR_TLS_CERT_ALTNAME_INVALID",
                "Hostname/IP does not match certificate's altnames: <reason>",
                "does not match certificate's altnames: Host: <host>. is not in the cert's altnames",
                "does not match certificate's altnames: IP: <host> is not in the cert's list",
            ],
        ),
        Entry::new("INVALID_PURPOSE", &purpose::WRONG_PURPOSE, &["code: 'INVALID_PURPOSE'"]).weak(&["INVALID_PURPOSE"]),
        Entry::new("PATH_LENGTH_EXCEEDED", &purpose::PATH_TOO_LONG, &["PATH_LENGTH_EXCEEDED"]),
        Entry::new("INVALID_CA", &purpose::NOT_A_CA, &["code: 'INVALID_CA'"])
            .weak(&["INVALID_CA"])
            .source("Node documentation")
            .certainty(Certainty::Medium),
        Entry::new("CERT_SIGNATURE_FAILURE", &trust::SIGNATURE_WRONG, &["CERT_SIGNATURE_FAILURE"])
            .source("Node documentation")
            .certainty(Certainty::Medium),
        Entry::new("CERT_UNTRUSTED", &trust::UNKNOWN_ISSUER, &["CERT_UNTRUSTED"])
            .source("Node documentation")
            .certainty(Certainty::Medium),
        Entry::new("CERT_REJECTED", &trust::UNKNOWN_ISSUER, &["code: 'CERT_REJECTED'"])
            .weak(&["CERT_REJECTED"])
            .source("Node documentation")
            .certainty(Certainty::Medium),
        Entry::new("CERT_CHAIN_TOO_LONG", &purpose::PATH_TOO_LONG, &["CERT_CHAIN_TOO_LONG"])
            .source("Node documentation")
            .certainty(Certainty::Medium),
        Entry::new("UNSPECIFIED", &alert::FRAME, &["code: 'UNSPECIFIED'"]).weak(&["UNSPECIFIED"]).frame(),
        Entry::new("ERR_OSSL_X509_KEY_VALUES_MISMATCH", &key::MISMATCH, &["ERR_OSSL_X509_KEY_VALUES_MISMATCH"]),
        Entry::new("ERR_OSSL_BAD_DECRYPT", &file::PASSWORD, &["ERR_OSSL_BAD_DECRYPT"]),
        Entry::new("ERR_OSSL_PEM_NO_START_LINE", &file::NOT_READABLE, &["ERR_OSSL_PEM_NO_START_LINE"]),
        Entry::new(
            "ERR_CRYPTO_UNSUPPORTED_OPERATION",
            &file::ENCRYPTION_OLD,
            &["ERR_CRYPTO_UNSUPPORTED_OPERATION", "Unsupported PKCS12 PFX data"],
        ),
        Entry::new("ERR_OSSL_EVP_UNSUPPORTED", &file::ENCRYPTION_OLD, &["ERR_OSSL_EVP_UNSUPPORTED"])
            .since("Node.js 17")
            .source("common knowledge"),
        Entry::new(
            "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"],
        )
        .since("Node.js 12, the first with TLS 1.3"),
        Entry::new("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", &trust::UNKNOWN_ISSUER, &["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA"]),
        Entry::new(
            "ERR_SSL_WRONG_VERSION_NUMBER",
            &connection::NOT_TLS,
            &["ERR_SSL_WRONG_VERSION_NUMBER", "EPROTO <...> wrong version number"],
        )
        .source("a run as EPROTO with the same text"),
        Entry::new(
            "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
            &connection::NOTHING_IN_COMMON,
            &["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE"],
        )
        .source("a run as EPROTO; name of newer versions seen in public code")
        .certainty(Certainty::Medium),
        Entry::new("ERR_SSL_CA_MD_TOO_WEAK", &key::WEAK_HASH, &["ERR_SSL_CA_MD_TOO_WEAK"]),
        Entry::new(
            "ECONNRESET before TLS",
            &connection::CLOSED,
            &["Client network socket disconnected before secure TLS connection was established"],
        )
        .weak(&["ECONNRESET before TLS"]),
        Entry::new(
            "ERR_TLS_CERT_SIGNATURE_ALGORITHM_UNSUPPORTED",
            &key::WEAK_HASH,
            &["ERR_TLS_CERT_SIGNATURE_ALGORITHM_UNSUPPORTED"],
        )
        .source("Node documentation")
        .certainty(Certainty::Medium),
        Entry::new("socket-hang-up", &connection::CLOSED, &["socket hang up"]).frame(),
        Entry::new("EPROTO", &alert::FRAME, &["code: 'EPROTO'", "write EPROTO"]).frame(),
        Entry::new("ERR_OSSL_UNSUPPORTED", &file::ENCRYPTION_OLD, &["ERR_OSSL_UNSUPPORTED"]).frame(),
        Entry::new("ERR_CRYPTO_OPERATION_FAILED", &file::NOT_READABLE, &["ERR_CRYPTO_OPERATION_FAILED"])
            .frame()
            .source("Node documentation")
            .certainty(Certainty::Medium),
        Entry::new(
            "ERR_OSSL_WRONG_TAG",
            &file::NOT_READABLE,
            &["ERR_OSSL_WRONG_TAG", "ERR_OSSL_ASN1_WRONG_TAG", "ERR_OSSL_ASN1_HEADER_TOO_LONG"],
        ),
        Entry::new(
            "ERR_OSSL_INTERRUPTED_OR_CANCELLED",
            &file::PASSWORD,
            &["ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED", "ERR_OSSL_INTERRUPTED_OR_CANCELLED"],
        ),
        Entry::new("ERR_TLS_INVALID_PROTOCOL_VERSION", &connection::VERSION_OLD, &["ERR_TLS_INVALID_PROTOCOL_VERSION"])
            .source("Node documentation"),
        Entry::new(
            "NODE_TLS_REJECT_UNAUTHORIZED",
            &connection::NOT_VERIFYING,
            &["NODE_TLS_REJECT_UNAUTHORIZED environment variable to '0'"],
        ),
        Entry::new("secure-context", &file::NOT_READABLE, &[])
            .weak(&["Error: not enough data", "Error: header too long"])
            .source("a run of Node 20.20"),
        Entry::new("secure-context-password", &file::PASSWORD, &[])
            .weak(&["Error: bad decrypt"])
            .source("the error tables of OpenSSL 3.0.19, as Node prints them")
            .certainty(Certainty::Medium),
    ],
};

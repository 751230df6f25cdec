//! Words of Chrome and Edge, Firefox.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, revocation, time, trust};

/// What Chrome and Edge says.
pub(in crate::explain) static CHROME_AND_EDGE: Program = Program {
    name: "Chrome and Edge",
    keys: &["chrome", "browser"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "chromium net_error_list.h",
    entries: &[
        Entry::new(
            "ERR_CERT_AUTHORITY_INVALID",
            &trust::UNKNOWN_ISSUER,
            &["NET::ERR_CERT_AUTHORITY_INVALID", "net::ERR_CERT_AUTHORITY_INVALID", "ERR_CERT_AUTHORITY_INVALID"],
        ),
        Entry::new(
            "ERR_CERT_COMMON_NAME_INVALID",
            &purpose::NO_ALTERNATIVE_NAME,
            &["NET::ERR_CERT_COMMON_NAME_INVALID", "net::ERR_CERT_COMMON_NAME_INVALID", "ERR_CERT_COMMON_NAME_INVALID"],
        ),
        Entry::new(
            "ERR_CERT_DATE_INVALID",
            &time::OUTSIDE_VALIDITY,
            &["NET::ERR_CERT_DATE_INVALID", "net::ERR_CERT_DATE_INVALID", "ERR_CERT_DATE_INVALID"],
        ),
        Entry::new(
            "ERR_CERT_REVOKED",
            &revocation::REVOKED,
            &["NET::ERR_CERT_REVOKED", "net::ERR_CERT_REVOKED", "ERR_CERT_REVOKED"],
        ),
        Entry::new(
            "ERR_CERT_INVALID",
            &file::NOT_READABLE,
            &["NET::ERR_CERT_INVALID", "net::ERR_CERT_INVALID", "ERR_CERT_INVALID"],
        ),
        Entry::new(
            "ERR_CERT_WEAK_SIGNATURE_ALGORITHM",
            &key::WEAK_HASH,
            &[
                "NET::ERR_CERT_WEAK_SIGNATURE_ALGORITHM",
                "net::ERR_CERT_WEAK_SIGNATURE_ALGORITHM",
                "ERR_CERT_WEAK_SIGNATURE_ALGORITHM",
            ],
        ),
        Entry::new(
            "ERR_CERT_WEAK_KEY",
            &key::TOO_WEAK,
            &["NET::ERR_CERT_WEAK_KEY", "net::ERR_CERT_WEAK_KEY", "ERR_CERT_WEAK_KEY"],
        ),
        Entry::new(
            "ERR_CERT_NAME_CONSTRAINT_VIOLATION",
            &purpose::NAME_CONSTRAINED,
            &[
                "NET::ERR_CERT_NAME_CONSTRAINT_VIOLATION",
                "net::ERR_CERT_NAME_CONSTRAINT_VIOLATION",
                "ERR_CERT_NAME_CONSTRAINT_VIOLATION",
            ],
        ),
        Entry::new(
            "ERR_CERT_VALIDITY_TOO_LONG",
            &time::TOO_LONG,
            &["NET::ERR_CERT_VALIDITY_TOO_LONG", "net::ERR_CERT_VALIDITY_TOO_LONG", "ERR_CERT_VALIDITY_TOO_LONG"],
        ),
        Entry::new(
            "ERR_CERTIFICATE_TRANSPARENCY_REQUIRED",
            &trust::ROOT_NOT_TRUSTED,
            &[
                "NET::ERR_CERTIFICATE_TRANSPARENCY_REQUIRED",
                "net::ERR_CERTIFICATE_TRANSPARENCY_REQUIRED",
                "ERR_CERTIFICATE_TRANSPARENCY_REQUIRED",
            ],
        ),
        Entry::new(
            "ERR_CERT_UNABLE_TO_CHECK_REVOCATION",
            &revocation::UNKNOWN,
            &[
                "NET::ERR_CERT_UNABLE_TO_CHECK_REVOCATION",
                "net::ERR_CERT_UNABLE_TO_CHECK_REVOCATION",
                "ERR_CERT_UNABLE_TO_CHECK_REVOCATION",
            ],
        ),
        Entry::new(
            "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
            &connection::NOTHING_IN_COMMON,
            &[
                "NET::ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
                "net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
                "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
            ],
        ),
        Entry::new(
            "ERR_SSL_PROTOCOL_ERROR",
            &connection::NOT_TLS,
            &["NET::ERR_SSL_PROTOCOL_ERROR", "net::ERR_SSL_PROTOCOL_ERROR", "ERR_SSL_PROTOCOL_ERROR"],
        ),
        Entry::new(
            "ERR_SSL_OBSOLETE_VERSION",
            &connection::VERSION_OLD,
            &["NET::ERR_SSL_OBSOLETE_VERSION", "net::ERR_SSL_OBSOLETE_VERSION", "ERR_SSL_OBSOLETE_VERSION"],
        ),
        Entry::new(
            "ERR_BAD_SSL_CLIENT_AUTH_CERT",
            &purpose::CLIENT_CERTIFICATE_REFUSED,
            &["NET::ERR_BAD_SSL_CLIENT_AUTH_CERT", "net::ERR_BAD_SSL_CLIENT_AUTH_CERT", "ERR_BAD_SSL_CLIENT_AUTH_CERT"],
        ),
        Entry::new(
            "ERR_SSL_CLIENT_AUTH_CERT_NEEDED",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &[
                "NET::ERR_SSL_CLIENT_AUTH_CERT_NEEDED",
                "net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED",
                "ERR_SSL_CLIENT_AUTH_CERT_NEEDED",
            ],
        ),
        Entry::new(
            "ERR_SSL_KEY_USAGE_INCOMPATIBLE",
            &purpose::KEY_USAGE_UNFIT,
            &[
                "NET::ERR_SSL_KEY_USAGE_INCOMPATIBLE",
                "net::ERR_SSL_KEY_USAGE_INCOMPATIBLE",
                "ERR_SSL_KEY_USAGE_INCOMPATIBLE",
            ],
        ),
        Entry::new(
            "ERR_SSL_SERVER_CERT_BAD_FORMAT",
            &file::NOT_READABLE,
            &[
                "NET::ERR_SSL_SERVER_CERT_BAD_FORMAT",
                "net::ERR_SSL_SERVER_CERT_BAD_FORMAT",
                "ERR_SSL_SERVER_CERT_BAD_FORMAT",
            ],
        ),
        Entry::new(
            "ERR_SSL_UNRECOGNIZED_NAME_ALERT",
            &connection::NAME_UNKNOWN,
            &[
                "NET::ERR_SSL_UNRECOGNIZED_NAME_ALERT",
                "net::ERR_SSL_UNRECOGNIZED_NAME_ALERT",
                "ERR_SSL_UNRECOGNIZED_NAME_ALERT",
            ],
        ),
        Entry::new(
            "ERR_CERT_SYMANTEC_LEGACY",
            &trust::ROOT_NOT_TRUSTED,
            &["NET::ERR_CERT_SYMANTEC_LEGACY", "ERR_CERT_SYMANTEC_LEGACY"],
        ),
        Entry::new(
            "ERR_SSL_CLIENT_AUTH_SIGNATURE_FAILED",
            &key::WINDOWS_KEY,
            &["NET::ERR_SSL_CLIENT_AUTH_SIGNATURE_FAILED", "ERR_SSL_CLIENT_AUTH_SIGNATURE_FAILED"],
        ),
        Entry::new("ERR_CONNECTION_CLOSED", &connection::CLOSED, &["ERR_CONNECTION_CLOSED", "ERR_CONNECTION_RESET"]),
        Entry::new(
            "not-private",
            &alert::FRAME,
            &["Your connection is not private", "Your connection isn't private", "Ihre Verbindung ist nicht privat"],
        )
        .frame()
        .source("pages of Chrome and Edge"),
    ],
};

/// What Firefox says.
pub(in crate::explain) static FIREFOX: Program = Program {
    name: "Firefox",
    keys: &["firefox", "browser"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "nss headers",
    entries: &[
        Entry::new("SEC_ERROR_UNKNOWN_ISSUER", &trust::UNKNOWN_ISSUER, &["SEC_ERROR_UNKNOWN_ISSUER"]),
        Entry::new("SEC_ERROR_EXPIRED_CERTIFICATE", &time::EXPIRED, &["SEC_ERROR_EXPIRED_CERTIFICATE"]),
        Entry::new("SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE", &time::EXPIRED, &["SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE"]),
        Entry::new("SEC_ERROR_REVOKED_CERTIFICATE", &revocation::REVOKED, &["SEC_ERROR_REVOKED_CERTIFICATE"]),
        Entry::new("SEC_ERROR_UNTRUSTED_ISSUER", &trust::UNKNOWN_ISSUER, &["SEC_ERROR_UNTRUSTED_ISSUER"]),
        Entry::new("SEC_ERROR_BAD_SIGNATURE", &trust::SIGNATURE_WRONG, &["SEC_ERROR_BAD_SIGNATURE"]),
        Entry::new("SEC_ERROR_CA_CERT_INVALID", &purpose::NOT_A_CA, &["SEC_ERROR_CA_CERT_INVALID"]),
        Entry::new(
            "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED",
            &key::WEAK_HASH,
            &["SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED"],
        ),
        Entry::new(
            "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID",
            &purpose::PATH_TOO_LONG,
            &["SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID"],
        ),
        Entry::new(
            "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION",
            &purpose::CRITICAL_EXTENSION,
            &["SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION"],
        ),
        Entry::new("SEC_ERROR_INADEQUATE_CERT_TYPE", &purpose::WRONG_PURPOSE, &["SEC_ERROR_INADEQUATE_CERT_TYPE"])
            .source("common knowledge")
            .certainty(Certainty::Medium),
        Entry::new("SEC_ERROR_INADEQUATE_KEY_USAGE", &purpose::WRONG_PURPOSE, &["SEC_ERROR_INADEQUATE_KEY_USAGE"])
            .source("common knowledge")
            .certainty(Certainty::Medium),
        Entry::new("SEC_ERROR_REUSED_ISSUER_AND_SERIAL", &trust::SERIAL_TWICE, &["SEC_ERROR_REUSED_ISSUER_AND_SERIAL"])
            .source("common knowledge")
            .certainty(Certainty::Medium),
        Entry::new("SSL_ERROR_BAD_CERT_DOMAIN", &purpose::WRONG_HOST, &["SSL_ERROR_BAD_CERT_DOMAIN"]),
        Entry::new("SSL_ERROR_NO_CYPHER_OVERLAP", &connection::NOTHING_IN_COMMON, &["SSL_ERROR_NO_CYPHER_OVERLAP"]),
        Entry::new("SSL_ERROR_UNSUPPORTED_VERSION", &connection::VERSION_OLD, &["SSL_ERROR_UNSUPPORTED_VERSION"]),
        Entry::new("SSL_ERROR_RX_RECORD_TOO_LONG", &connection::NOT_TLS, &["SSL_ERROR_RX_RECORD_TOO_LONG"]),
        Entry::new("SSL_ERROR_BAD_CERT_ALERT", &purpose::CLIENT_CERTIFICATE_REFUSED, &["SSL_ERROR_BAD_CERT_ALERT"]),
        Entry::new(
            "SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT"],
        )
        .source("common knowledge")
        .certainty(Certainty::Medium),
        Entry::new(
            "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT",
            &trust::SELF_SIGNED,
            &["MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT"],
        )
        .source("common knowledge (mozilla::pkix)")
        .certainty(Certainty::Medium),
        Entry::new(
            "MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY",
            &trust::LEAF_IS_CA,
            &["MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY"],
        )
        .source("common knowledge (mozilla::pkix)")
        .certainty(Certainty::Medium),
        Entry::new(
            "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE",
            &time::NOT_YET_VALID,
            &["MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE"],
        )
        .source("common knowledge (mozilla::pkix)")
        .certainty(Certainty::Medium),
        Entry::new(
            "MOZILLA_PKIX_ERROR_INADEQUATE_KEY_SIZE",
            &key::TOO_WEAK,
            &["MOZILLA_PKIX_ERROR_INADEQUATE_KEY_SIZE"],
        )
        .source("common knowledge (mozilla::pkix)")
        .certainty(Certainty::Medium),
        Entry::new("MOZILLA_PKIX_ERROR_MITM_DETECTED", &trust::ROOT_NOT_TRUSTED, &["MOZILLA_PKIX_ERROR_MITM_DETECTED"])
            .source("common knowledge (mozilla::pkix)")
            .certainty(Certainty::Medium),
        Entry::new(
            "MOZILLA_PKIX_ERROR_V1_CERT_USED_AS_CA",
            &purpose::NOT_A_CA,
            &["MOZILLA_PKIX_ERROR_V1_CERT_USED_AS_CA"],
        )
        .source("common knowledge (mozilla::pkix)")
        .certainty(Certainty::Medium),
        Entry::new(
            "SSL_ERROR_HANDSHAKE_FAILURE_ALERT",
            &alert::HANDSHAKE_FAILURE,
            &["SSL_ERROR_HANDSHAKE_FAILURE_ALERT"],
        ),
        Entry::new("SSL_ERROR_WEAK_SERVER_CERT_KEY", &key::TOO_WEAK, &["SSL_ERROR_WEAK_SERVER_CERT_KEY"])
            .certainty(Certainty::Medium),
        Entry::new("SEC_ERROR_BAD_DER", &purpose::MALFORMED, &["SEC_ERROR_BAD_DER"]),
        Entry::new("SEC_ERROR_EXTENSION_NOT_FOUND", &purpose::MALFORMED, &["SEC_ERROR_EXTENSION_NOT_FOUND"])
            .certainty(Certainty::Medium),
        Entry::new(
            "SEC_ERROR_OCSP_INVALID_SIGNING_CERT",
            &revocation::LIST_WRONG,
            &["SEC_ERROR_OCSP_INVALID_SIGNING_CERT"],
        ),
        Entry::new("PR_END_OF_FILE_ERROR", &connection::CLOSED, &["PR_END_OF_FILE_ERROR"]),
        Entry::new("PR_CONNECT_RESET_ERROR", &connection::CLOSED, &["PR_CONNECT_RESET_ERROR"]),
    ],
};

//! More words of Chrome and Edge, Firefox.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, key, purpose, revocation, time, trust};

/// What Chrome and Edge say besides.
pub(in crate::explain) static CHROME_MORE: Program = Program {
    name: "Chrome and Edge",
    keys: &["chrome", "browser"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "chromium net_error_list.h",
    entries: &[
        Entry::new(
            "ERR_CERT_NO_REVOCATION_MECHANISM",
            &revocation::UNKNOWN,
            &["NET::ERR_CERT_NO_REVOCATION_MECHANISM", "ERR_CERT_NO_REVOCATION_MECHANISM"],
        ),
        Entry::new(
            "ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN",
            &trust::PIN_DIFFERS,
            &["NET::ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN", "ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN"],
        ),
        Entry::new(
            "ERR_SSL_WEAK_SERVER_EPHEMERAL_DH_KEY",
            &connection::VERSION_OLD,
            &["NET::ERR_SSL_WEAK_SERVER_EPHEMERAL_DH_KEY", "ERR_SSL_WEAK_SERVER_EPHEMERAL_DH_KEY"],
        ),
        Entry::new(
            "ERR_SSL_FALLBACK_BEYOND_MINIMUM_VERSION",
            &connection::VERSION_OLD,
            &["NET::ERR_SSL_FALLBACK_BEYOND_MINIMUM_VERSION", "ERR_SSL_FALLBACK_BEYOND_MINIMUM_VERSION"],
        ),
        Entry::new(
            "ERR_CERT_CONTAINS_ERRORS",
            &purpose::MALFORMED,
            &["NET::ERR_CERT_CONTAINS_ERRORS", "ERR_CERT_CONTAINS_ERRORS"],
        ),
        Entry::new(
            "ERR_CERT_NON_UNIQUE_NAME",
            &purpose::WRONG_HOST,
            &["NET::ERR_CERT_NON_UNIQUE_NAME", "ERR_CERT_NON_UNIQUE_NAME"],
        ),
        Entry::new(
            "ERR_TIMED_OUT",
            &connection::NETWORK,
            &[
                "ERR_TIMED_OUT",
                "ERR_CONNECTION_TIMED_OUT",
                "ERR_CONNECTION_REFUSED",
                "ERR_NAME_NOT_RESOLVED",
                "ERR_ADDRESS_UNREACHABLE",
            ],
        ),
        Entry::new(
            "ERR_SSL_CLIENT_AUTH_CERT_NO_PRIVATE_KEY",
            &key::WINDOWS_KEY,
            &["ERR_SSL_CLIENT_AUTH_CERT_NO_PRIVATE_KEY", "ERR_SSL_CLIENT_AUTH_PRIVATE_KEY_ACCESS_DENIED"],
        )
        .source("net_error_list.h of Chromium"),
    ],
};

/// What Firefox says besides.
pub(in crate::explain) static FIREFOX_MORE: Program = Program {
    name: "Firefox",
    keys: &["firefox", "browser"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "nss headers; mozilla::pkix",
    entries: &[
        Entry::new("SSL_ERROR_INTERNAL_ERROR_ALERT", &alert::INTERNAL_ERROR, &["SSL_ERROR_INTERNAL_ERROR_ALERT"])
            .certainty(Certainty::Medium),
        Entry::new("SSL_ERROR_ACCESS_DENIED_ALERT", &alert::ACCESS_DENIED, &["SSL_ERROR_ACCESS_DENIED_ALERT"])
            .certainty(Certainty::Medium),
        Entry::new("SSL_ERROR_UNKNOWN_CA_ALERT", &alert::UNKNOWN_CA, &["SSL_ERROR_UNKNOWN_CA_ALERT"])
            .certainty(Certainty::Medium),
        Entry::new("SSL_ERROR_EXPIRED_CERT_ALERT", &alert::EXPIRED, &["SSL_ERROR_EXPIRED_CERT_ALERT"])
            .certainty(Certainty::Medium),
        Entry::new("SSL_ERROR_REVOKED_CERT_ALERT", &alert::REVOKED, &["SSL_ERROR_REVOKED_CERT_ALERT"])
            .certainty(Certainty::Medium),
        Entry::new("SSL_ERROR_PROTOCOL_VERSION_ALERT", &connection::VERSION_OLD, &["SSL_ERROR_PROTOCOL_VERSION_ALERT"])
            .certainty(Certainty::Medium),
        Entry::new("SSL_ERROR_DECRYPT_ERROR_ALERT", &alert::DECRYPT_ERROR, &["SSL_ERROR_DECRYPT_ERROR_ALERT"])
            .certainty(Certainty::Medium),
        Entry::new(
            "SSL_ERROR_UNRECOGNIZED_NAME_ALERT",
            &connection::NAME_UNKNOWN,
            &["SSL_ERROR_UNRECOGNIZED_NAME_ALERT"],
        )
        .certainty(Certainty::Medium),
        Entry::new("SEC_ERROR_OCSP_SERVER_ERROR", &revocation::UNKNOWN, &["SEC_ERROR_OCSP_SERVER_ERROR"])
            .certainty(Certainty::Medium),
        Entry::new("SEC_ERROR_OCSP_UNKNOWN_CERT", &revocation::UNKNOWN, &["SEC_ERROR_OCSP_UNKNOWN_CERT"])
            .certainty(Certainty::Medium),
        Entry::new(
            "SEC_ERROR_OCSP_FUTURE_RESPONSE",
            &revocation::LIST_NOT_YET_VALID,
            &["SEC_ERROR_OCSP_FUTURE_RESPONSE"],
        )
        .certainty(Certainty::Medium),
        Entry::new("SEC_ERROR_OCSP_OLD_RESPONSE", &revocation::LIST_NOT_YET_VALID, &["SEC_ERROR_OCSP_OLD_RESPONSE"])
            .certainty(Certainty::Medium),
        Entry::new("SEC_ERROR_CRL_INVALID", &revocation::LIST_UNREADABLE, &["SEC_ERROR_CRL_INVALID"])
            .certainty(Certainty::Medium),
        Entry::new("SEC_ERROR_CRL_EXPIRED", &revocation::LIST_OVERDUE, &["SEC_ERROR_CRL_EXPIRED"])
            .certainty(Certainty::Medium),
        Entry::new("SEC_ERROR_BASIC_CONSTRAINTS_INVALID", &purpose::NOT_A_CA, &["SEC_ERROR_BASIC_CONSTRAINTS_INVALID"])
            .certainty(Certainty::Medium),
        Entry::new(
            "SEC_ERROR_CERT_NOT_IN_NAME_SPACE",
            &purpose::NAME_CONSTRAINED,
            &["SEC_ERROR_CERT_NOT_IN_NAME_SPACE"],
        )
        .certainty(Certainty::Medium),
        Entry::new(
            "MOZILLA_PKIX_ERROR_NOT_YET_VALID_ISSUER_CERTIFICATE",
            &time::NOT_YET_VALID,
            &["MOZILLA_PKIX_ERROR_NOT_YET_VALID_ISSUER_CERTIFICATE"],
        )
        .certainty(Certainty::Medium),
        Entry::new(
            "MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING",
            &revocation::UNKNOWN,
            &["MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING"],
        )
        .certainty(Certainty::Medium),
        Entry::new(
            "MOZILLA_PKIX_ERROR_EMPTY_ISSUER_NAME",
            &purpose::FORM_WRONG,
            &["MOZILLA_PKIX_ERROR_EMPTY_ISSUER_NAME"],
        )
        .certainty(Certainty::Medium),
        Entry::new(
            "MOZILLA_PKIX_ERROR_SIGNATURE_ALGORITHM_MISMATCH",
            &purpose::MALFORMED,
            &["MOZILLA_PKIX_ERROR_SIGNATURE_ALGORITHM_MISMATCH"],
        )
        .certainty(Certainty::Medium),
    ],
};

//! Words of mbedTLS.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, store, time, trust};

/// What mbedTLS says.
pub(in crate::explain) static MBEDTLS: Program = Program {
    name: "mbedTLS",
    keys: &["mbedtls"],
    context: &["mbed", "x509", "ssl"],
    carriers: &[],
    weak_carriers: &[],
    source: "mbedtls 2.28 headers",
    entries: &[
        Entry::new(
            "-0x2700",
            &trust::NOT_VERIFIED,
            &[
                "-0x2700",
                "X509_CERT_VERIFY_FAILED",
                "x509_verify_cert() returned -9984",
                "X509 - Certificate verification failed, e.g. CRL, CA or signature check failed",
            ],
        )
        .weak(&["-9984"])
        .numbers(&[-9984])
        .frame()
        .certainty(Certainty::Medium),
        Entry::new("-0x7780", &alert::ALERT, &["-0x7780", "SSL_FATAL_ALERT_MESSAGE"])
            .weak(&["-30592"])
            .numbers(&[-30592])
            .frame()
            .certainty(Certainty::Medium),
        Entry::new("-0x7280", &connection::CLOSED, &["-0x7280", "SSL_CONN_EOF"])
            .weak(&["-29312"])
            .numbers(&[-29312])
            .certainty(Certainty::Medium),
        Entry::new("-0x7480", &purpose::CLIENT_CERTIFICATE_MISSING, &["-0x7480", "SSL_NO_CLIENT_CERTIFICATE"])
            .weak(&["-29824"])
            .numbers(&[-29824])
            .certainty(Certainty::Medium),
        Entry::new("-0x7680", &store::EMPTY, &["-0x7680", "SSL_CA_CHAIN_REQUIRED"])
            .weak(&["-30336"])
            .numbers(&[-30336])
            .certainty(Certainty::Medium),
        Entry::new("-0x2180", &file::NOT_READABLE, &["-0x2180", "X509_INVALID_FORMAT"])
            .weak(&["-8576"])
            .numbers(&[-8576])
            .certainty(Certainty::Medium),
        Entry::new("-0x1080", &file::NOT_READABLE, &["-0x1080", "PEM_NO_HEADER_FOOTER_PRESENT"])
            .weak(&["-4224"])
            .numbers(&[-4224])
            .certainty(Certainty::Medium),
        Entry::new("-0x1380", &file::PASSWORD, &["-0x1380", "PEM_PASSWORD_MISMATCH"])
            .weak(&["-4992"])
            .numbers(&[-4992])
            .certainty(Certainty::Medium),
        Entry::new(
            "mbedtls-not-trusted",
            &trust::UNKNOWN_ISSUER,
            &[
                "mbedtls-not-trusted",
                "BADCERT_NOT_TRUSTED",
                "The certificate is not correctly signed by the trusted CA",
            ],
        )
        .certainty(Certainty::Medium),
        Entry::new(
            "mbedtls-cn-mismatch",
            &purpose::WRONG_HOST,
            &["mbedtls-cn-mismatch", "BADCERT_CN_MISMATCH", "Common Name (CN) does not match with the expected CN"],
        )
        .certainty(Certainty::Medium),
        Entry::new("-0x6E80", &connection::VERSION_OLD, &["-0x6E80", "SSL_BAD_HS_PROTOCOL_VERSION"])
            .weak(&["-28288"])
            .numbers(&[-28288])
            .certainty(Certainty::Medium),
        Entry::new("-0x7880", &connection::CLOSED, &["-0x7880", "SSL_PEER_CLOSE_NOTIFY"])
            .weak(&["-30848"])
            .numbers(&[-30848])
            .certainty(Certainty::Medium),
        Entry::new(
            "mbedtls-bad-md",
            &key::WEAK_HASH,
            &["The certificate is signed with an unacceptable hash", "BADCERT_BAD_MD"],
        )
        .certainty(Certainty::Medium),
        Entry::new(
            "mbedtls-bad-key",
            &key::TOO_WEAK,
            &["The certificate is signed with an unacceptable key", "BADCERT_BAD_KEY"],
        )
        .certainty(Certainty::Medium),
        Entry::new("mbedtls-expired", &time::EXPIRED, &["The certificate validity has expired", "BADCERT_EXPIRED"])
            .certainty(Certainty::Medium),
        Entry::new(
            "mbedtls-future",
            &time::NOT_YET_VALID,
            &["The certificate validity starts in the future", "BADCERT_FUTURE"],
        )
        .certainty(Certainty::Medium),
    ],
};

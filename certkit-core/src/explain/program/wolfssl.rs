//! Words of wolfSSL.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, purpose, time, trust};

/// What wolfSSL says.
pub(in crate::explain) static WOLFSSL: Program = Program {
    name: "wolfSSL",
    keys: &["wolfssl"],
    context: &["wolfssl", "wolf"],
    carriers: &["wolfSSL error {n}"],
    weak_carriers: &["{n}"],
    source: "the headers of wolfSSL (error-crypt.h, error-ssl.h)",
    entries: &[
        Entry::new("-140 ASN_PARSE_E", &purpose::MALFORMED, &["ASN_PARSE_E"])
            .numbers(&[-140])
            .certainty(Certainty::Medium),
        Entry::new("-150 ASN_BEFORE_DATE_E", &time::NOT_YET_VALID, &["ASN_BEFORE_DATE_E"])
            .numbers(&[-150])
            .certainty(Certainty::Medium),
        Entry::new("-151 ASN_AFTER_DATE_E", &time::EXPIRED, &["ASN_AFTER_DATE_E"])
            .numbers(&[-151])
            .certainty(Certainty::Medium),
        Entry::new("-155 ASN_SIG_CONFIRM_E", &trust::SIGNATURE_WRONG, &["ASN_SIG_CONFIRM_E"])
            .numbers(&[-155])
            .certainty(Certainty::Medium),
        Entry::new("-188 ASN_NO_SIGNER_E", &trust::UNKNOWN_ISSUER, &["ASN_NO_SIGNER_E"])
            .numbers(&[-188])
            .certainty(Certainty::Medium),
        Entry::new("-308 SOCKET_ERROR_E", &connection::NETWORK, &[])
            .weak(&["SOCKET_ERROR_E"])
            .numbers(&[-308])
            .certainty(Certainty::Medium),
        Entry::new("-313 FATAL_ERROR", &alert::ALERT, &[])
            .weak(&["FATAL_ERROR"])
            .numbers(&[-313])
            .frame()
            .certainty(Certainty::Medium),
        Entry::new("-322 DOMAIN_NAME_MISMATCH", &purpose::WRONG_HOST, &[])
            .weak(&["DOMAIN_NAME_MISMATCH"])
            .numbers(&[-322])
            .certainty(Certainty::Medium),
        Entry::new("-326 VERSION_ERROR", &connection::VERSION_OLD, &[])
            .weak(&["VERSION_ERROR"])
            .numbers(&[-326])
            .certainty(Certainty::Medium),
    ],
};

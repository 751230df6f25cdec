//! Words of Internet Explorer and the old Edge.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, purpose, revocation, time, trust};

/// What Internet Explorer and old Edge says.
pub(in crate::explain) static EXPLORER: Program = Program {
    name: "Internet Explorer and old Edge",
    keys: &["edge", "browser"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "the documentation of Internet Explorer",
    entries: &[
        Entry::new("DLG_FLAGS_INVALID_CA", &trust::UNKNOWN_ISSUER, &["DLG_FLAGS_INVALID_CA"])
            .certainty(Certainty::Medium),
        Entry::new("DLG_FLAGS_SEC_CERT_CN_INVALID", &purpose::WRONG_HOST, &["DLG_FLAGS_SEC_CERT_CN_INVALID"])
            .certainty(Certainty::Medium),
        Entry::new("DLG_FLAGS_SEC_CERT_DATE_INVALID", &time::OUTSIDE_VALIDITY, &["DLG_FLAGS_SEC_CERT_DATE_INVALID"])
            .certainty(Certainty::Medium),
        Entry::new("DLG_FLAGS_SEC_CERT_REV_FAILED", &revocation::UNKNOWN, &["DLG_FLAGS_SEC_CERT_REV_FAILED"])
            .certainty(Certainty::Medium),
        Entry::new("INET_E_SECURITY_PROBLEM", &alert::FRAME, &["INET_E_SECURITY_PROBLEM"])
            .frame()
            .certainty(Certainty::Medium),
    ],
};

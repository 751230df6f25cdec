//! Words of WinHTTP.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, purpose, revocation, time, trust};

/// What WinHTTP says.
pub(in crate::explain) static WINHTTP: Program = Program {
    name: "WinHTTP",
    keys: &["windows", "winhttp"],
    context: &["winhttp"],
    carriers: &["{name}"],
    weak_carriers: &["{n}"],
    source: "winhttp.h and wininet.h of mingw-w64",
    entries: &[
        Entry::new(
            "12037 ERROR_WINHTTP_SECURE_CERT_DATE_INVALID",
            &time::EXPIRED,
            &["0x80072F05", "ERROR_INTERNET_SEC_CERT_DATE_INVALID"],
        )
        .numbers(&[12037])
        .certainty(Certainty::Medium),
        Entry::new(
            "12038 ERROR_WINHTTP_SECURE_CERT_CN_INVALID",
            &purpose::WRONG_HOST,
            &["0x80072F06", "ERROR_INTERNET_SEC_CERT_CN_INVALID"],
        )
        .numbers(&[12038])
        .certainty(Certainty::Medium),
        Entry::new(
            "12044 ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["0x80072F0C", "ERROR_INTERNET_CLIENT_AUTH_CERT_NEEDED"],
        )
        .numbers(&[12044])
        .certainty(Certainty::Medium),
        Entry::new(
            "12045 ERROR_WINHTTP_SECURE_INVALID_CA",
            &trust::UNKNOWN_ISSUER,
            &["0x80072F0D", "ERROR_INTERNET_INVALID_CA"],
        )
        .numbers(&[12045])
        .certainty(Certainty::Medium),
        Entry::new("12057 ERROR_WINHTTP_SECURE_CERT_REV_FAILED", &revocation::UNKNOWN, &["0x80072F19"])
            .numbers(&[12057])
            .certainty(Certainty::Medium),
        Entry::new("12157 ERROR_WINHTTP_SECURE_CHANNEL_ERROR", &connection::VERSION_OLD, &["0x80072F7D"])
            .numbers(&[12157])
            .certainty(Certainty::Medium),
        Entry::new("12175 ERROR_WINHTTP_SECURE_FAILURE", &alert::FRAME, &["0x80072F8F"])
            .numbers(&[12175])
            .certainty(Certainty::Medium),
        Entry::new("12179 ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE", &purpose::WRONG_PURPOSE, &["0x80072F93"])
            .numbers(&[12179])
            .certainty(Certainty::Medium),
        Entry::new("12029 ERROR_WINHTTP_CANNOT_CONNECT", &connection::NETWORK, &["0x80072EFD"])
            .numbers(&[12029])
            .certainty(Certainty::Medium),
        Entry::new("12002 ERROR_WINHTTP_TIMEOUT", &connection::NETWORK, &["0x80072EE2"])
            .numbers(&[12002])
            .certainty(Certainty::Medium),
        Entry::new("12007 ERROR_WINHTTP_NAME_NOT_RESOLVED", &connection::NETWORK, &["0x80072EE7"])
            .numbers(&[12007])
            .certainty(Certainty::Medium),
        Entry::new("12030 ERROR_WINHTTP_CONNECTION_ERROR", &connection::CLOSED, &["0x80072EFE"])
            .numbers(&[12030])
            .certainty(Certainty::Medium),
    ],
};

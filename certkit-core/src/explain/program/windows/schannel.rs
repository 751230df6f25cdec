//! Words of Schannel.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{alert, connection, key, purpose, time, trust};

/// What Schannel says.
pub(in crate::explain) static SCHANNEL: Program = Program {
    name: "Schannel",
    keys: &["windows", "schannel"],
    context: &["schannel", "sspi", "tls", "ssl"],
    carriers: &["{hex}", "{signed}", "{name}"],
    weak_carriers: &[],
    source: "MicrosoftDocs/win32#desktop-src/SecAuthN/schannel-error-codes-for-tls-and-ssl-alerts.md; winerror.h of mingw-w64",
    entries: &[
        Entry::new(
            "0x80090302 SEC_E_UNSUPPORTED_FUNCTION",
            &connection::VERSION_OLD,
            &["The function requested is not supported"],
        )
        .numbers(&[2148074242]),
        Entry::new(
            "0x80090304 SEC_E_INTERNAL_ERROR",
            &alert::FRAME,
            &["The Local Security Authority cannot be contacted"],
        )
        .numbers(&[2148074244]),
        Entry::new(
            "0x80090308 SEC_E_INVALID_TOKEN",
            &connection::GARBLED,
            &["The token supplied to the function is invalid"],
        )
        .numbers(&[2148074248]),
        Entry::new("0x8009030C SEC_E_LOGON_DENIED", &purpose::CLIENT_CERTIFICATE_REFUSED, &[])
            .weak(&["The logon attempt failed"])
            .numbers(&[2148074252]),
        Entry::new(
            "0x8009030D SEC_E_UNKNOWN_CREDENTIALS",
            &key::WINDOWS_KEY,
            &["The credentials supplied to the package were not recognized"],
        )
        .numbers(&[2148074253]),
        Entry::new(
            "0x8009030E SEC_E_NO_CREDENTIALS",
            &key::NONE_CONFIGURED,
            &["No credentials are available in the security package"],
        )
        .numbers(&[2148074254]),
        Entry::new(
            "0x8009030F SEC_E_MESSAGE_ALTERED",
            &key::NOT_PROVEN,
            &["message or signature supplied for verification has been altered"],
        )
        .numbers(&[2148074255]),
        Entry::new(
            "0x80090320 SEC_E_INCOMPLETE_CREDENTIALS",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["credentials supplied were not complete"],
        )
        .numbers(&[2148074272]),
        Entry::new(
            "0x80090322 SEC_E_WRONG_PRINCIPAL",
            &purpose::WRONG_HOST,
            &["The target principal name is incorrect"],
        )
        .numbers(&[2148074274]),
        Entry::new(
            "0x80090325 SEC_E_UNTRUSTED_ROOT",
            &trust::UNKNOWN_ISSUER,
            &["issued by an authority that is not trusted"],
        )
        .numbers(&[2148074277]),
        Entry::new(
            "0x80090326 SEC_E_ILLEGAL_MESSAGE",
            &connection::NOTHING_IN_COMMON,
            &["message received was unexpected or badly formatted"],
        )
        .numbers(&[2148074278]),
        Entry::new(
            "0x80090327 SEC_E_CERT_UNKNOWN",
            &purpose::CLIENT_CERTIFICATE_REFUSED,
            &["unknown error occurred while processing the certificate"],
        )
        .numbers(&[2148074279]),
        Entry::new("0x80090328 SEC_E_CERT_EXPIRED", &time::EXPIRED, &["The received certificate has expired"])
            .numbers(&[2148074280]),
        Entry::new("0x80090330 SEC_E_DECRYPT_FAILURE", &key::NOT_PROVEN, &["specified data could not be decrypted"])
            .numbers(&[2148074288]),
        Entry::new(
            "0x80090331 SEC_E_ALGORITHM_MISMATCH",
            &connection::VERSION_OLD,
            &["do not possess a common algorithm"],
        )
        .numbers(&[2148074289]),
        Entry::new(
            "0x80090349 SEC_E_CERT_WRONG_USAGE",
            &purpose::WRONG_PURPOSE,
            &["certificate is not valid for the requested usage"],
        )
        .numbers(&[2148074313]),
        Entry::new(
            "0x80090367 SEC_E_APPLICATION_PROTOCOL_MISMATCH",
            &connection::VERSION_OLD,
            &["none of the application protocols"],
        )
        .numbers(&[2148074343]),
        Entry::new(
            "0x80090318 SEC_E_INCOMPLETE_MESSAGE",
            &connection::GARBLED,
            &["The supplied message is incomplete"],
        )
        .numbers(&[2148074264]),
        Entry::new(
            "SEC_I_CONTINUE_NEEDED",
            &alert::NO_WEIGHT,
            &["The function completed successfully, but must be called again to complete the context"],
        )
        .numbers(&[590610]),
        Entry::new(
            "handshake-not-received",
            &connection::CLOSED,
            &["schannel: failed to receive handshake, SSL/TLS connection failed"],
        )
        .frame()
        .source("the source of curl"),
    ],
};

//! Words of TLS alert.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, key, purpose, revocation, sent, time};

/// What TLS alert says.
pub(in crate::explain) static TLS_ALERT: Program = Program {
    name: "TLS alert",
    keys: &["tls", "alert"],
    context: &[],
    carriers: &[
        "SSL alert number {n}",
        "error:0A000{alert}",
        "error:14<fff>{alert}",
        "Received alert [{n}]",
        "fatal alert code is {n}",
        "36887<text>alert {n}",
        "fatal alert was received: {n}",
        "AlertDesc: {n}",
        "TLS-Protokoll definierten Code: {n}",
        "Remoteendpunkt empfangen. <text> TLS-Protokoll definierten Code: {n}",
        "schwerwiegende Warnung empfangen: {n}",
        "Received fatal alert: {name}",
        "fatal; Alert: {name}",
        "alert {words}",
        "remote error: tls: {words}",
        "received fatal alert: {camel}",
        "TLS alert: '{camel}'",
        "Fatal - {words}",
        "SSL3 alert read:fatal:{words}",
        "RECV <version> ALERT: fatal, description = {name}",
    ],
    weak_carriers: &[],
    source: "a run of OpenSSL 3.0, 3.5, 4.0; Java 11-25; Go; GnuTLS; rustls",
    entries: &[
        Entry::new("10 unexpected_message", &connection::GARBLED, &[]).numbers(&[10]),
        Entry::new("20 bad_record_mac", &connection::GARBLED, &[]).numbers(&[20]),
        Entry::new("40 handshake_failure", &alert::HANDSHAKE_FAILURE, &[]).numbers(&[40]),
        Entry::new("42 bad_certificate", &alert::BAD_CERTIFICATE, &[]).numbers(&[42]),
        Entry::new("43 unsupported_certificate", &alert::UNSUPPORTED_CERTIFICATE, &["TLS alert: 'UnsupportedCert'"])
            .numbers(&[43]),
        Entry::new("44 certificate_revoked", &alert::REVOKED, &["remote error: tls: revoked certificate"])
            .numbers(&[44]),
        Entry::new("45 certificate_expired", &alert::EXPIRED, &["remote error: tls: expired certificate"])
            .numbers(&[45]),
        Entry::new("46 certificate_unknown", &alert::CERTIFICATE_UNKNOWN, &["remote error: tls: unknown certificate"])
            .numbers(&[46]),
        Entry::new("47 illegal_parameter", &connection::GARBLED, &[]).numbers(&[47]),
        Entry::new("48 unknown_ca", &alert::UNKNOWN_CA, &["remote error: tls: unknown certificate authority"])
            .numbers(&[48]),
        Entry::new("49 access_denied", &alert::ACCESS_DENIED, &[]).numbers(&[49]),
        Entry::new("50 decode_error", &connection::GARBLED, &["remote error: tls: error decoding message"])
            .numbers(&[50]),
        Entry::new("51 decrypt_error", &alert::DECRYPT_ERROR, &["remote error: tls: error decrypting message"])
            .numbers(&[51]),
        Entry::new(
            "70 protocol_version",
            &connection::VERSION_OLD,
            &["remote error: tls: protocol version not supported"],
        )
        .numbers(&[70]),
        Entry::new(
            "71 insufficient_security",
            &alert::INSUFFICIENT_SECURITY,
            &["remote error: tls: insufficient security level", "TLS alert: 'InsuffientSecurity'"],
        )
        .numbers(&[71]),
        Entry::new("80 internal_error", &alert::INTERNAL_ERROR, &[]).numbers(&[80]),
        Entry::new("86 inappropriate_fallback", &connection::VERSION_OLD, &[]).numbers(&[86]),
        Entry::new("109 missing_extension", &connection::GARBLED, &[]).since("TLS 1.3").numbers(&[109]),
        Entry::new(
            "110 unsupported_extension",
            &connection::GARBLED,
            &["tlsv1 unsupported extension", "TLS alert: 'UnsupportedExt'"],
        )
        .numbers(&[110]),
        Entry::new(
            "112 unrecognized_name",
            &connection::NAME_UNKNOWN,
            &["tlsv1 unrecognized name", "received fatal alert: UnrecognisedName", "TLS alert: 'UnrecognisedName'"],
        )
        .numbers(&[112]),
        Entry::new("116 certificate_required", &purpose::CLIENT_CERTIFICATE_MISSING, &[])
            .since("TLS 1.3")
            .numbers(&[116]),
        Entry::new("120 no_application_protocol", &connection::NO_PROTOCOL, &[])
            .since("RFC 7301, 2014")
            .numbers(&[120]),
        Entry::new(
            "21 decryption_failed (reserved)",
            &key::NOT_PROVEN,
            &["alert decryption failed", "TLS alert: 'DecryptionFailed'"],
        )
        .numbers(&[21])
        .source("the error tables of OpenSSL 3.0.19 and 4.0.3")
        .certainty(Certainty::Medium),
    ],
};

/// Alerts that the program which writes the log has sent.
pub(in crate::explain) static TLS_ALERT_SENT: Program = Program {
    name: "TLS alert",
    keys: &["tls", "alert"],
    context: &[],
    carriers: &[
        "generated and sent to the remote endpoint. <text> alert code is {n}",
        "generated and sent to the remote endpoint. <text> error code is {n}",
        "TLS protocol defined fatal error code is {n}",
        "fatal alert was generated: {n}",
        "Event ID: 36888, Computer: <computer>, <message>AlertDesc: {n}",
        "generiert und an den Remoteendpunkt gesendet. <text> TLS-Protokoll definierten Code: {n}",
        "schwerwiegende Warnung wurde generiert: {n}",
        "SSL3 alert write:fatal:{words}",
        "SEND <version> ALERT: fatal, description = {name}",
    ],
    weak_carriers: &[],
    source: "texts of Windows events; a run of OpenSSL 3.0",
    entries: &[
        Entry::new("10 unexpected_message", &connection::GARBLED, &[]).numbers(&[10]),
        Entry::new("20 bad_record_mac", &connection::GARBLED, &[]).numbers(&[20]),
        Entry::new("40 handshake_failure", &connection::NOTHING_IN_COMMON, &[]).numbers(&[40]),
        Entry::new("42 bad_certificate", &sent::CERTIFICATE, &[]).numbers(&[42]),
        Entry::new("43 unsupported_certificate", &purpose::WRONG_PURPOSE, &[]).numbers(&[43]),
        Entry::new("44 certificate_revoked", &revocation::REVOKED, &[]).numbers(&[44]),
        Entry::new("45 certificate_expired", &time::EXPIRED, &[]).numbers(&[45]),
        Entry::new("46 certificate_unknown", &sent::CERTIFICATE, &[]).numbers(&[46]),
        Entry::new("47 illegal_parameter", &connection::GARBLED, &[]).numbers(&[47]),
        Entry::new("48 unknown_ca", &sent::UNKNOWN_CA, &[]).numbers(&[48]),
        Entry::new("49 access_denied", &connection::NOT_AUTHORISED, &[]).numbers(&[49]),
        Entry::new("50 decode_error", &connection::GARBLED, &[]).numbers(&[50]),
        Entry::new("51 decrypt_error", &key::NOT_PROVEN, &[]).numbers(&[51]),
        Entry::new("70 protocol_version", &connection::VERSION_OLD, &[]).numbers(&[70]),
        Entry::new("71 insufficient_security", &connection::VERSION_OLD, &[]).numbers(&[71]),
        Entry::new("80 internal_error", &sent::FAULT, &[]).numbers(&[80]),
        Entry::new("109 missing_extension", &connection::GARBLED, &[]).since("TLS 1.3").numbers(&[109]),
        Entry::new("112 unrecognized_name", &connection::NAME_UNKNOWN, &[]).numbers(&[112]),
        Entry::new("116 certificate_required", &purpose::CLIENT_CERTIFICATE_MISSING, &[])
            .since("TLS 1.3")
            .numbers(&[116]),
        Entry::new("120 no_application_protocol", &connection::NO_PROTOCOL, &[])
            .since("RFC 7301, 2014")
            .numbers(&[120]),
    ],
};

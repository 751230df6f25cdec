//! Words of Go.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, time, trust};

/// What Go says.
pub(in crate::explain) static GO: Program = Program {
    name: "Go",
    keys: &["go"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of blackbox_exporter of Debian 12, Go",
    entries: &[
        Entry::new("unknown-authority", &trust::UNKNOWN_ISSUER, &["x509: certificate signed by unknown authority"]),
        Entry::new(
            "cannot-sign-this-kind",
            &purpose::NOT_A_CA,
            &["parent certificate cannot sign this kind of certificate"],
        ),
        Entry::new("insecure-algorithm", &key::WEAK_HASH, &["x509: cannot verify signature: insecure algorithm <alg>"])
            .since("Go 1.18 for SHA-1"),
        Entry::new(
            "expired",
            &time::EXPIRED,
            &["x509: certificate has expired or is not yet valid: current time <t> is after <t>"],
        ),
        Entry::new(
            "not-yet-valid",
            &time::NOT_YET_VALID,
            &["x509: certificate has expired or is not yet valid: current time <t> is before <t>"],
        ),
        Entry::new(
            "expired-or-not-yet",
            &time::OUTSIDE_VALIDITY,
            &["x509: certificate has expired or is not yet valid"],
        ),
        Entry::new("valid-for-other", &purpose::WRONG_HOST, &["x509: certificate is valid for <names>, not <host>"]),
        Entry::new(
            "no-ip-sans",
            &purpose::WRONG_HOST,
            &["x509: cannot validate certificate for <ip> because it doesn't contain any IP SANs"],
        ),
        Entry::new(
            "legacy-common-name",
            &purpose::NO_ALTERNATIVE_NAME,
            &["x509: certificate relies on legacy Common Name field, use SANs instead"],
        )
        .since("Go 1.15"),
        Entry::new(
            "not-valid-for-any-names",
            &purpose::NO_ALTERNATIVE_NAME,
            &["x509: certificate is not valid for any names, but wanted to match <host>"],
        )
        .source("common knowledge")
        .certainty(Certainty::Medium),
        Entry::new(
            "incompatible-usage",
            &purpose::WRONG_PURPOSE,
            &["x509: certificate specifies an incompatible key usage"],
        ),
        Entry::new(
            "too-many-intermediates",
            &purpose::PATH_TOO_LONG,
            &["x509: too many intermediates for path length constraint"],
        ),
        Entry::new(
            "not-authorized-for-name",
            &purpose::NAME_CONSTRAINED,
            &["x509: a root or intermediate certificate is not authorized to sign for this name"],
        ),
        Entry::new("unhandled-critical", &purpose::CRITICAL_EXTENSION, &["x509: unhandled critical extension"]),
        Entry::new(
            "not-authorized-to-sign",
            &purpose::NOT_A_CA,
            &["x509: certificate is not authorized to sign other certificates"],
        )
        .source("common knowledge")
        .certainty(Certainty::Medium),
        Entry::new("negative-serial", &purpose::FORM_WRONG, &["x509: negative serial number"])
            .since("Go 1.23")
            .source("common knowledge (Go 1.23 and later)")
            .certainty(Certainty::Medium),
        Entry::new(
            "first-record",
            &connection::NOT_TLS,
            &[
                "tls: first record does not look like a TLS handshake",
                "tls: oversized record received with length",
                "malformed HTTP response \"\\x15\\x03",
            ],
        ),
        Entry::new(
            "http-response-to-https",
            &connection::NOT_TLS,
            &["http: server gave HTTP response to HTTPS client"],
        ),
        Entry::new("http-request-to-https", &connection::NOT_TLS, &["client sent an HTTP request to an HTTPS server"])
            .source("common knowledge"),
        Entry::new("handshake-error-from", &alert::FRAME, &["http: TLS handshake error from <peer>: <reason>"])
            .frame()
            .source("public logs"),
        Entry::new("local-error", &alert::FRAME, &["local error: tls: <text>"]).frame(),
        Entry::new(
            "invalid-signature-by-server",
            &key::NOT_PROVEN,
            &["tls: invalid signature by the server certificate"],
        )
        .source("a run of Go against Tomcat with a foreign key"),
        Entry::new("private-key-mismatch", &key::MISMATCH, &["tls: private key does not match public key"])
            .source("common knowledge"),
        Entry::new(
            "no-pem-in-cert",
            &file::NOT_READABLE,
            &[
                "tls: failed to find any PEM data in certificate input",
                "tls: failed to find any PEM data in key input",
                "tls: failed to find certificate PEM data",
                "tls: failed to find \"CERTIFICATE\" PEM block",
                "tls: failed to find PEM block with type",
            ],
        )
        .source("common knowledge"),
        Entry::new(
            "client-no-cert",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["tls: client didn't provide a certificate"],
        )
        .source("common knowledge"),
        Entry::new(
            "client-cert-verify",
            &alert::FRAME,
            &[
                "tls: failed to verify certificate: x509: <reason>",
                "tls: failed to verify client certificate: <reason>",
            ],
        )
        .frame()
        .source("common knowledge (Go 1.20 and later)"),
        Entry::new(
            "no-cipher-supported",
            &connection::NOTHING_IN_COMMON,
            &["tls: no cipher suite supported by both client and server"],
        )
        .source("common knowledge"),
        Entry::new(
            "unsupported-versions",
            &connection::VERSION_OLD,
            &[
                "tls: client offered only unsupported versions: [<v>]",
                "tls: server selected unsupported protocol version",
                "tls: no supported versions satisfy MinVersion and MaxVersion",
            ],
        )
        .source("common knowledge"),
    ],
};

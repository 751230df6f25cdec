//! Words of nginx, HAProxy, stunnel.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, revocation, trust};

/// What nginx says.
pub(in crate::explain) static NGINX: Program = Program {
    name: "nginx",
    keys: &["nginx"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of nginx 1.22",
    entries: &[
        Entry::new(
            "no-required-cert",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["No required SSL certificate was sent", "client sent no required SSL certificate"],
        ),
        Entry::new(
            "ssl-certificate-error",
            &purpose::CLIENT_CERTIFICATE_REFUSED,
            &["400 The SSL certificate error", "client SSL certificate verify error: (<n>:<text>)"],
        )
        .frame(),
        Entry::new(
            "plain-http-to-https",
            &connection::NOT_TLS,
            &["The plain HTTP request was sent to HTTPS port", "client sent plain HTTP request to HTTPS port"],
        ),
        Entry::new(
            "upstream-verify-error",
            &trust::UNKNOWN_ISSUER,
            &["upstream SSL certificate verify error: (<n>:<text>)"],
        )
        .frame(),
        Entry::new(
            "upstream-handshake",
            &alert::FRAME,
            &["SSL_do_handshake() failed (<error>) while SSL handshaking to upstream"],
        )
        .frame(),
        Entry::new(
            "client-handshake",
            &alert::FRAME,
            &["SSL_do_handshake() failed (<error>) while SSL handshaking, client: <peer>"],
        )
        .frame(),
        Entry::new("use-private-key", &key::MISMATCH, &["SSL_CTX_use_PrivateKey(\"<file>\") failed"]),
        Entry::new(
            "cannot-load-certificate",
            &file::NOT_READABLE,
            &["cannot load certificate \"<file>\"", "cannot load certificate key \"<file>\""],
        )
        .frame(),
        Entry::new("use-certificate", &key::ALGORITHM_DISABLED, &["SSL_CTX_use_certificate(\"<file>\") failed"])
            .frame(),
        Entry::new(
            "upstream-name",
            &purpose::WRONG_HOST,
            &["upstream SSL certificate does not match \"<host>\" while", "upstream SSL certificate does not match"],
        )
        .source("the source of nginx"),
        Entry::new("pem-read-aux", &file::NOT_READABLE, &["PEM_read_bio_X509_AUX() failed"])
            .source("the source of nginx"),
        Entry::new(
            "stapling-issuer",
            &trust::CHAIN_NOT_SENT,
            &["\"ssl_stapling\" ignored, issuer certificate not found"],
        )
        .source("the source of nginx"),
        Entry::new("verify-locations", &file::NOT_LOADED, &["SSL_CTX_load_verify_locations(\"<file>\") failed"])
            .frame()
            .source("the source of nginx"),
        Entry::new("no-certificate", &key::NONE_CONFIGURED, &["no \"ssl_certificate\" is defined"])
            .source("the source of nginx"),
        Entry::new("ocsp-verify", &revocation::LIST_WRONG, &["OCSP_basic_verify() failed"])
            .source("the source of nginx"),
    ],
};

/// What HAProxy says.
pub(in crate::explain) static HAPROXY: Program = Program {
    name: "HAProxy",
    keys: &["haproxy"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of HAProxy 2.6",
    entries: &[
        Entry::new(
            "ssl-handshake-failure",
            &alert::FRAME,
            &[
                "<frontend>/<bind>: SSL handshake failure",
                "<peer> [<date>] <frontend>/<bind>: SSL handshake failure",
                "Layer6 invalid response, info: \"SSL handshake failure\"",
            ],
        )
        .frame(),
        Entry::new(
            "client-cert-not-trusted",
            &purpose::CLIENT_CERTIFICATE_REFUSED,
            &[
                "SSL client certificate not trusted",
                "<peer> [<date>] <frontend>/<bind>: SSL client certificate not trusted",
                "<peer> [<date>] <frontend>/<bind>: SSL client CA chain cannot be verified",
                "SSL client CA chain cannot be verified",
            ],
        ),
        Entry::new("inconsistencies", &key::MISMATCH, &["inconsistencies between private key and certificate loaded"]),
        Entry::new("no-private-key", &key::NONE_CONFIGURED, &["No Private Key found in '<file>'"]),
        Entry::new(
            "unable-to-load",
            &file::NOT_LOADED,
            &[
                "unable to load SSL private key from PEM file '<file>'",
                "unable to load SSL certificate from PEM file '<file>'",
                "unable to load certificate from file '<file>'",
            ],
        )
        .source("the source of HAProxy"),
    ],
};

/// What stunnel says.
pub(in crate::explain) static STUNNEL: Program = Program {
    name: "stunnel",
    keys: &["stunnel"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of stunnel 5",
    entries: &[Entry::new(
        "rejected-by-cert",
        &purpose::CLIENT_CERTIFICATE_REFUSED,
        &["CERT: Pre-verification error: <reason>", "Rejected by CERT at depth=<n>"],
    )
    .frame()],
};

//! Words of Python.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, trust};

/// What Python says.
pub(in crate::explain) static PYTHON: Program = Program {
    name: "Python",
    keys: &["python"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of Python 3.11",
    entries: &[
        Entry::new(
            "CERTIFICATE_VERIFY_FAILED",
            &trust::NOT_VERIFIED,
            &["[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: <reason> (_ssl.c:<n>)"],
        )
        .frame(),
        Entry::new(
            "hostname-mismatch-valid-for",
            &purpose::WRONG_HOST,
            &["Hostname mismatch, certificate is not valid for '<host>'"],
        ),
        Entry::new(
            "ip-mismatch-valid-for",
            &purpose::WRONG_HOST,
            &["IP address mismatch, certificate is not valid for '<ip>'"],
        ),
        Entry::new("pem-lib", &file::NOT_READABLE, &["[SSL] PEM lib", "[X509] PEM lib"]),
        Entry::new(
            "UNEXPECTED_EOF",
            &connection::CLOSED,
            &[
                "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol",
                "SSLEOFError: EOF occurred in violation of protocol",
            ],
        ),
        Entry::new("handshake-timeout", &connection::NETWORK, &["The handshake operation timed out"]),
        Entry::new(
            "max-retries-ssl",
            &alert::FRAME,
            &[
                "Max retries exceeded with url: <url> (Caused by SSLError(<reason>))",
                "HTTPSConnectionPool(host='<host>', port=<port>): Max retries exceeded with url: <url> (Caused by SSLError(<reason>))",
                "Cannot connect to host <host>:<port> ssl:",
            ],
        )
        .frame()
        .source("public logs"),
        Entry::new("key-values-mismatch", &key::MISMATCH, &["[X509: KEY_VALUES_MISMATCH] key values mismatch"]),
        Entry::new("hostname-doesnt-match", &purpose::WRONG_HOST, &["hostname '<host>' doesn't match '<name>'", "hostname '<host>' doesn't match either of"]).source("the source of Python 3.6 and urllib3"),
        Entry::new("ca-bundle-missing", &file::NOT_OPENED, &["Could not find a suitable TLS CA certificate bundle, invalid path: <file>"]).source("the source of requests"),
        Entry::new("client-certificate-missing-file", &file::NOT_OPENED, &["Could not find the TLS certificate file, invalid path: <file>", "Could not find the TLS key file, invalid path: <file>"]).source("the source of requests"),
        Entry::new("server-hostname", &alert::PROGRAM_FAULT, &["check_hostname requires server_hostname"]).source("the source of Python"),
        Entry::new("pem-not-loaded", &file::NOT_READABLE, &["Unable to load PEM file"]).source("the source of cryptography"),
        Entry::new("unverified-request", &connection::NOT_VERIFYING, &["Unverified HTTPS request is being made to host '<host>'", "Unverified HTTPS request is being made"]).source("the source of urllib3"),
        Entry::new("zero-return", &connection::CLOSED, &["TLS/SSL connection has been closed (EOF)"]).frame().source("the source of Python"),
        Entry::new("deserialize", &file::NOT_READABLE, &["Could not deserialize key data"]).source("the source of cryptography"),
        Entry::new("password-not-given", &file::PASSWORD, &["Password was not given but private key is encrypted", "Invalid password or PKCS12 data", "Bad decrypt. Incorrect password?"]).source("the source of cryptography"),
        Entry::new("password-not-needed", &file::PASSWORD, &["Password was given but private key is not encrypted"]).source("the source of cryptography"),
    ],
};

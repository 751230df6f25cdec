//! Words of Apache httpd.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{alert, connection, key, purpose, trust};

/// What Apache httpd says.
pub(in crate::explain) static APACHE: Program = Program {
    name: "Apache httpd",
    keys: &["apache", "httpd"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "the source of Apache httpd 2.4 (mod_ssl)",
    entries: &[
        Entry::new(
            "AH01906",
            &trust::LEAF_IS_CA,
            &["AH01906:", "server certificate is a CA certificate (BasicConstraints"],
        ),
        Entry::new(
            "AH01909",
            &purpose::WRONG_HOST,
            &["AH01909: <host>:<port>:<n> server certificate does NOT include an ID", "AH01909:"],
        ),
        Entry::new("AH01961", &connection::NOT_TLS, &["AH01961:", "SSL Proxy requested for <host> but not enabled"]),
        Entry::new("AH02003", &alert::FRAME, &["AH02003:", "SSL Proxy connect failed"]).frame(),
        Entry::new("AH00898", &alert::FRAME, &["AH00898:", "Error during SSL Handshake with remote server"]).frame(),
        Entry::new(
            "AH02008",
            &alert::FRAME,
            &["AH02008: SSL library error <n> in handshake (server <listener>)", "AH02008:"],
        )
        .frame(),
        Entry::new(
            "AH02039",
            &purpose::CLIENT_CERTIFICATE_REFUSED,
            &["AH02039:", "Certificate Verification: Error (<n>)"],
        )
        .frame(),
        Entry::new(
            "AH02032",
            &connection::NAME_UNKNOWN,
            &["AH02032:", "Hostname <name> provided via SNI and hostname <name> provided via HTTP"],
        ),
        Entry::new(
            "AH02565",
            &key::MISMATCH,
            &["AH02565: Certificate and private key <name> from <file> and", "AH02565:"],
        ),
        Entry::new(
            "AH02572",
            &key::NONE_CONFIGURED,
            &["AH02572:", "Failed to configure at least one certificate and key for"],
        ),
        Entry::new("AH02312", &alert::FRAME, &["AH02312:"]).frame(),
    ],
};

//! Words of Tomcat.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, key, store};

/// What Tomcat says.
pub(in crate::explain) static TOMCAT: Program = Program {
    name: "Tomcat",
    keys: &["tomcat"],
    context: &["tomcat", "catalina", "connector"],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of Tomcat 10.1, Java 17",
    entries: &[
        Entry::new(
            "connector-init-failed",
            &store::CONNECTOR,
            &[
                "Failed to initialize component [Connector[\"https-<impl>-<port>\"]]",
                "Failed to initialize component [Connector[",
                "Protocol handler initialization failed",
            ],
        )
        .frame(),
        Entry::new("error-creating-sslcontext", &alert::FRAME, &["Error creating SSLContext"]).frame(),
        Entry::new(
            "alias-not-key-entry",
            &store::ALIAS_MISSING,
            &[
                "Alias name [<alias>] does not identify a key entry",
                "Alias name <alias> does not identify a key entry",
                "jsse.alias_no_key_entry",
            ],
        )
        .source("a run of Tomcat 10.1; the second spelling is that of older versions"),
        Entry::new(
            "tls-at-http-connector",
            &connection::NOT_TLS,
            &["Invalid character found in method name [0x16<bytes>"],
        )
        .source("public logs of Tomcat 8.5 and later"),
        Entry::new(
            "no-sslhostconfig",
            &key::NONE_CONFIGURED,
            &["No SSLHostConfig element was found with the hostName [<name>] to match the defaultSSLHostConfigName"],
        )
        .source("public logs of Tomcat 9 and 10.1"),
        Entry::new(
            "failed-load-keystore",
            &file::NOT_READABLE,
            &["Failed to load keystore type [<type>] with path [<path>] due to [<reason>]"],
        )
        .source("common knowledge (Tomcat 8.5-9)")
        .certainty(Certainty::Medium),
        Entry::new(
            "certificatefile-must-be-defined",
            &key::NONE_CONFIGURED,
            &["SSLHostConfig attribute certificateFile must be defined when using an SSL connector"],
        ),
        Entry::new("requires-tls", &connection::NOT_TLS, &["This combination of host and port requires TLS"]),
        Entry::new(
            "pem-insecure",
            &file::HARMLESS,
            &["The PEM file [<file>] is using [<alg>] which is considered insecure"],
        ),
        Entry::new(
            "jsse-trustanchors",
            &store::EMPTY,
            &["IllegalArgumentException: the trustAnchors parameter must be non-empty"],
        ),
    ],
};

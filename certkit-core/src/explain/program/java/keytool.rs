//! Words of keytool.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{connection, file, key, store};

/// What keytool says.
pub(in crate::explain) static KEYTOOL: Program = Program {
    name: "keytool",
    keys: &["java", "keytool"],
    context: &["keytool"],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of keytool of Java 17",
    entries: &[
        Entry::new("alias-exists", &store::ALIAS_TAKEN, &["Certificate not imported, alias <<alias>> already exists"]),
        Entry::new(
            "already-in-keystore",
            &store::ALIAS_TAKEN,
            &[
                "Certificate already exists in keystore under alias <<alias>>",
                "Certificate already exists in system-wide CA keystore",
            ],
        ),
        Entry::new("not-x509", &file::NOT_READABLE, &["Input not an X.509 certificate"]),
        Entry::new("reply-keys-differ", &key::MISMATCH, &["Public keys in reply and keystore don't match"]),
        Entry::new("no-chain-from-reply", &store::REPLY_INCOMPLETE, &["Failed to establish chain from reply"]),
        Entry::new(
            "reply-no-public-key",
            &key::MISMATCH,
            &["Certificate reply does not contain public key for <<alias>>"],
        )
        .source("resource classes of Java 17")
        .certainty(Certainty::Medium),
        Entry::new("alias-missing", &store::ALIAS_MISSING, &["Alias <<alias>> does not exist"]),
        Entry::new(
            "password-6",
            &store::PASSWORD_SHORT,
            &[
                "Keystore password must be at least 6 characters",
                "Keystore password is too short - must be at least 6 characters",
            ],
        ),
        Entry::new(
            "p12-keypass",
            &file::HARMLESS,
            &["Different store and key passwords not supported for PKCS12 KeyStores"],
        ),
        Entry::new("parse-input", &file::NOT_READABLE, &["Failed to parse input"]),
        Entry::new("no-cert-from-server", &connection::NETWORK, &["No certificate from the SSL server"]),
        Entry::new(
            "risk-weak",
            &store::RISKY,
            &[
                "uses the <alg> signature algorithm which is considered a security risk",
                "uses a <n>-bit <alg> key which is considered a security risk",
            ],
        ),
        Entry::new("reply-incomplete", &store::REPLY_INCOMPLETE, &["Incomplete certificate chain in reply"]),
        Entry::new("key-pair-alias", &store::ALIAS_TAKEN, &["Key pair not generated, alias <<alias>> already exists"]),
        Entry::new(
            "reply-identical",
            &store::ALIAS_TAKEN,
            &["Certificate reply and certificate in keystore are identical"],
        ),
        Entry::new("jks-proprietary", &file::HARMLESS, &["The JKS keystore uses a proprietary format"]),
        Entry::new("name-format", &store::NAME_MISSPELT, &["Incorrect AVA format", "Incorrect AVA RFC2253 format"])
            .source("class files of Java 17"),
    ],
};

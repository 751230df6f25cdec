//! Words of Java keystore.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{file, key, store};

/// What Java keystore says.
pub(in crate::explain) static JAVA_KEYSTORE: Program = Program {
    name: "Java keystore",
    keys: &["java"],
    context: &["keystore", "truststore", "tomcat", "catalina", "keytool"],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of Java 11.0.13, 17, 21, 25",
    entries: &[
        Entry::new(
            "keystore-tampered",
            &file::PASSWORD,
            &["Keystore was tampered with, or password was incorrect", "Password verification failed"],
        ),
        Entry::new("keystore-password-incorrect", &file::PASSWORD, &["keystore password was incorrect"])
            .covers(&[&file::PASSWORD])
            .source("a run of Java 11.0.5 with the right password; 11.0.13 opens the file"),
        Entry::new(
            "given-final-block",
            &file::PASSWORD,
            &["Given final block not properly padded. Such issues can arise if a bad key is used during decryption"],
        )
        .source("a run of Java 11.0.5-25, Tomcat"),
        Entry::new(
            "hmacpbesha256",
            &file::ENCRYPTION_UNKNOWN,
            &[
                "Algorithm HmacPBESHA256 not available",
                "Integrity check failed: java.security.NoSuchAlgorithmException",
                "parseAlgParameters failed: ObjectIdentifier() -- data isn't an object ID (tag = 48)",
            ],
        )
        .since("met where Java is older than 8u301 or 11.0.12")
        .source("common knowledge (Java 8 before 8u301)")
        .certainty(Certainty::Medium),
        Entry::new(
            "cannot-recover-key",
            &file::KEY_PASSWORD,
            &["Cannot recover key", "UnrecoverableKeyException: Get Key failed"],
        )
        .source("a run of Java 17"),
        Entry::new(
            "invalid-keystore-format",
            &file::NOT_READABLE,
            &["Invalid keystore format", "Unrecognized keystore format. Please load it with a specified type"],
        ),
        Entry::new(
            "derinputstream-lengthtag",
            &file::NOT_READABLE,
            &["DerInputStream.getLength(): lengthTag=<n>, too big"],
        )
        .source("a run of Java 11, 17, 21 with keystore.type.compat=false"),
        Entry::new("toderinputstream-tag", &file::NOT_READABLE, &["toDerInputStream rejects tag type <n>"]),
        Entry::new(
            "dervalue-biginteger",
            &file::NOT_READABLE,
            &["DerValue.getBigIntegerInternal, not expected 48", "DER input, Integer tag error"],
        ),
        Entry::new("eof-store", &file::NOT_READABLE, &["EOFException: not enough content"])
            .weak(&["java.io.EOFException"]),
        Entry::new("tag-number-over-30", &file::NOT_READABLE, &["Tag number over 30 is not supported"])
            .numbers(&[30])
            .source("a run of Java 17"),
        Entry::new("keystoreexception-not-found", &file::NOT_READABLE, &["KeyStoreException: <type> not found"])
            .source("a run of Java 17"),
        Entry::new(
            "problem-accessing-trust-store",
            &file::PASSWORD,
            &["problem accessing trust store", "Error constructing implementation (algorithm: Default"],
        )
        .source("a run of Java 17"),
        Entry::new("store-file-missing", &file::NOT_OPENED, &["Keystore file does not exist: <file>"])
            .weak(&["FileNotFoundException: <file>"])
            .source("a run of Java 17"),
        Entry::new(
            "key-without-chain",
            &store::KEY_WITHOUT_CHAIN,
            &["Private key must be accompanied by certificate chain"],
        ),
        Entry::new(
            "illegal-key-size",
            &file::ENCRYPTION_UNKNOWN,
            &["InvalidKeyException: Illegal key size", "exception unwrapping private key"],
        )
        .source("common knowledge (Java 8 before 8u161)")
        .certainty(Certainty::Medium),
        Entry::new("non-private-keys", &file::NOT_READABLE, &["Cannot store non-PrivateKeys"])
            .source("class files of Java 17")
            .certainty(Certainty::Medium),
        Entry::new("no-valid-keystore", &file::NOT_LOADED, &["IllegalStateException: no valid keystore"])
            .source("common knowledge (Eclipse Jetty)")
            .certainty(Certainty::Medium),
        Entry::new("spring-resource", &file::NOT_LOADED, &["SSLInitializationException: class path resource"])
            .frame()
            .source("common knowledge (Apache HttpClient)")
            .certainty(Certainty::Medium),
        Entry::new("provider-key-exception", &key::UNREADABLE, &["ProviderException: java.security.KeyException"])
            .frame()
            .source("public pages")
            .certainty(Certainty::Medium),
        Entry::new("algid-parse", &file::NOT_READABLE, &["algid parse error, not a sequence"])
            .source("class files of Java 17"),
    ],
};

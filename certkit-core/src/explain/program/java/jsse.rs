//! Words of Java.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, key, purpose, revocation, store, time, trust};

/// What Java says.
pub(in crate::explain) static JAVA: Program = Program {
    name: "Java",
    keys: &["java"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of Java 17",
    entries: &[
        Entry::new(
            "pkix-path-building-failed",
            &trust::UNKNOWN_ISSUER,
            &["PKIX path building failed", "unable to find valid certification path to requested target"],
        )
        .source("a run of Java 11.0.13, 17, 21, 25"),
        Entry::new(
            "pkix-path-validation-failed",
            &trust::NOT_VERIFIED,
            &["PKIX path validation failed: java.security.cert.CertPathValidatorException: <reason>"],
        )
        .frame()
        .source("a run of Java 11.0.13, 17, 21, 25"),
        Entry::new(
            "validity-check-failed",
            &time::EXPIRED,
            &[
                "validity check failed",
                "CertificateExpiredException: NotAfter: <date>",
                "CertificateExpiredException",
                "ValidatorException: Certificate expired",
            ],
        )
        .source("a run of Java 11.0.13, 17, 21, 25"),
        Entry::new(
            "certificate-not-yet-valid",
            &time::NOT_YET_VALID,
            &["CertificateNotYetValidException: NotBefore: <date>", "CertificateNotYetValidException"],
        )
        .source("a run of Java 11.0.13, 17, 21, 25"),
        Entry::new(
            "no-san-dns-name-matching",
            &purpose::WRONG_HOST,
            &["No subject alternative DNS name matching <host> found", "No name matching <host> found"],
        )
        .source("a run of Java 11.0.13, 17, 21, 25"),
        Entry::new(
            "no-san-ip-matching",
            &purpose::WRONG_HOST,
            &["No subject alternative names matching IP address <ip> found"],
        )
        .source("a run of Java 11.0.13, 17, 21, 25"),
        Entry::new(
            "uri-syntax",
            &purpose::ALTERNATIVE_NAME_UNREAD,
            &["URISyntaxException: Illegal character in opaque part at index <n>: <uri>", "invalid URI name:<uri>"],
        )
        .source("a run of Java 17"),
        Entry::new("no-san-present", &purpose::NO_ALTERNATIVE_NAME, &["No subject alternative names present"]),
        Entry::new(
            "httpclient-san-mismatch",
            &purpose::WRONG_HOST,
            &[
                "Certificate for <<host>> doesn't match any of the subject alternative names: [<names>]",
                "Hostname <host> not verified",
                "The hostname <host> could not be verified",
                "SSLPeerUnverifiedException",
            ],
        )
        .source("common knowledge (Apache HttpClient, OkHttp)")
        .certainty(Certainty::Medium),
        Entry::new(
            "eku-tls-server",
            &purpose::WRONG_PURPOSE,
            &["Extended key usage does not permit use for TLS server authentication"],
        )
        .source("a run of Java 11.0.13, 17, 21, 25"),
        Entry::new(
            "eku-tls-client",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["Extended key usage does not permit use for TLS client authentication"],
        ),
        Entry::new(
            "key-usage-validator",
            &purpose::KEY_USAGE_UNFIT,
            &[
                "KeyUsage does not allow digital signatures",
                "KeyUsage does not allow key encipherment",
                "KeyUsage does not allow key agreement",
            ],
        )
        .source("class files of Java 17 (EndEntityChecker)")
        .certainty(Certainty::Medium),
        Entry::new(
            "basic-constraints-not-ca",
            &purpose::NOT_A_CA,
            &["basic constraints check failed: this is not a CA certificate"],
        ),
        Entry::new(
            "ca-key-usage-keycertsign",
            &purpose::NOT_A_CA,
            &["CA key usage check failed: keyCertSign bit is not set"],
        ),
        Entry::new(
            "pathlen-violated",
            &purpose::PATH_TOO_LONG,
            &["basic constraints check failed: pathLenConstraint violated"],
        ),
        Entry::new("name-constraints-check-failed", &purpose::NAME_CONSTRAINED, &["name constraints check failed"]),
        Entry::new(
            "unrecognized-critical-extension",
            &purpose::CRITICAL_EXTENSION,
            &["unrecognized critical extension(s)", "Certificate contains unsupported critical extensions"],
        ),
        Entry::new(
            "path-does-not-chain",
            &trust::WRONG_TWIN,
            &["Path does not chain with any of the trust anchors", "subject/issuer name chaining check failed"],
        ),
        Entry::new(
            "signature-check-failed",
            &trust::SIGNATURE_WRONG,
            &["signature check failed", "Certificate signature validation failed"],
        )
        .source("class files of Java 17")
        .certainty(Certainty::Medium),
        Entry::new(
            "algorithm-constraints",
            &key::ALGORITHM_DISABLED,
            &["Algorithm constraints check failed on <what>"],
        ),
        Entry::new(
            "certificates-do-not-conform",
            &key::ALGORITHM_DISABLED,
            &[
                "Certificates do not conform to algorithm constraints",
                "Certificates does not conform to algorithm constraints",
            ],
        )
        .source("class files of Java 17; older Java has the second spelling"),
        Entry::new(
            "could-not-determine-revocation",
            &revocation::UNKNOWN,
            &[
                "Could not determine revocation status",
                "Unable to determine revocation status",
                "Certificate does not specify OCSP responder",
            ],
        ),
        Entry::new(
            "certificate-has-been-revoked",
            &revocation::REVOKED,
            &[
                "Certificate has been revoked, reason: <reason>",
                "revocation status check failed: Certificate has been revoked",
            ],
        )
        .source("class files of Java 17")
        .certainty(Certainty::Medium),
        Entry::new(
            "legacy-root-distrust",
            &trust::ROOT_NOT_TRUSTED,
            &["issued after <date> and anchored by a distrusted legacy <CA> root CA"],
        )
        .source("class files of Java 17 (CADistrustPolicy)"),
        Entry::new(
            "trust-anchor-not-found-android",
            &trust::UNKNOWN_ISSUER,
            &["Trust anchor for certification path not found"],
        )
        .source("common knowledge (Android, Conscrypt)")
        .certainty(Certainty::Medium),
        Entry::new("trustanchors-empty", &store::EMPTY, &["the trustAnchors parameter must be non-empty"]),
        Entry::new(
            "no-available-authentication-scheme",
            &connection::NOTHING_IN_COMMON,
            &["No available authentication scheme"],
        ),
        Entry::new("no-cipher-suites-in-common", &connection::NOTHING_IN_COMMON, &["no cipher suites in common"]),
        Entry::new(
            "client-requested-protocol",
            &connection::VERSION_OLD,
            &[
                "Client requested protocol <version> is not enabled or supported in server context",
                "The client supported protocol versions [<v>] are not accepted by server preferences [<v>]",
                "The server selected protocol version <version> is not accepted by client preferences [<v>]",
                "Server chose <version>, but that protocol version is not enabled or not supported by the client",
            ],
        ),
        Entry::new(
            "no-appropriate-protocol",
            &connection::VERSION_OLD,
            &["No appropriate protocol (protocol is disabled or cipher suites are inappropriate)"],
        )
        .since("Java 8u291 and 11.0.11 for TLS 1.0 and 1.1"),
        Entry::new(
            "unrecognized-ssl-message",
            &connection::NOT_TLS,
            &[
                "Unrecognized SSL message, plaintext connection?",
                "Unsupported or unrecognized SSL message",
                "NotSslRecordException",
                "not an SSL/TLS record:",
                "plaintext connection?",
            ],
        )
        .source("a run of Java 11-25; the first spelling is Java 8 and SSLEngine"),
        Entry::new(
            "remote-host-terminated",
            &connection::CLOSED,
            &[
                "Remote host terminated the handshake",
                "Remote host closed connection during handshake",
                "SSL peer shut down incorrectly",
            ],
        )
        .source("a run of Java 11.0.13, 17, 21, 25"),
        Entry::new(
            "insufficient-buffer-aead",
            &alert::PEER_REFUSED,
            &[
                "Insufficient buffer remaining for AEAD cipher fragment (2)",
                "Insufficient buffer remaining for AEAD cipher fragment (2). Needs to be more than tag size (16)",
                "Unexpected plaintext alert received: Level: fatal; Alert: <name>",
            ],
        )
        .since("Java 11, the first with TLS 1.3; another form from Java 22")
        .source("a run of servers on Java 11, 17, 21; second form Java 25"),
        Entry::new(
            "empty-client-certificate-chain",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["Empty client certificate chain", "null cert chain", "Empty server certificate chain"],
        )
        .source("a run of Java 11-25; the second spelling is Java 8"),
        Entry::new(
            "certverify-signature",
            &key::NOT_PROVEN,
            &[
                "Invalid CertificateVerify signature",
                "Invalid ECDH ServerKeyExchange signature",
                "Invalid CertificateVerify message",
            ],
        )
        .source("a run of Java 17 against Tomcat with a foreign key"),
        Entry::new(
            "general-sslengine-problem",
            &alert::FRAME,
            &["General SSLEngine problem", "General OpenSslEngine problem"],
        )
        .frame()
        .source("PTC help, eMessage smoke test exception 1")
        .certainty(Certainty::Medium),
        Entry::new(
            "dh-keypair-generate",
            &connection::VERSION_OLD,
            &[
                "Could not generate DH keypair",
                "Prime size must be multiple of 64",
                "DHPublicKey does not comply to algorithm constraints",
                "ECPublicKey does not comply to algorithm constraints",
                "ServerKeyExchange does not comply to algorithm constraints",
                "ServerKeyExchange for <algorithm> does not comply with algorithm constraints",
            ],
        )
        .source("common knowledge; class files of Java 17")
        .certainty(Certainty::Medium),
        Entry::new("received-fatal-alert", &alert::ALERT, &["Received fatal alert: <name>"])
            .frame()
            .source("a run of Java 11.0.13, 17, 21, 25"),
        Entry::new(
            "chain-length",
            &purpose::CHAIN_TOO_LONG,
            &["The certificate chain length (<n>) exceeds the maximum allowed length (<n>)"],
        )
        .source("class files of Java 17"),
        Entry::new(
            "message-size",
            &connection::MESSAGE_TOO_LARGE,
            &["The size of the handshake message (<n>) exceeds the maximum allowed size (<n>)"],
        )
        .source("class files of Java 17"),
    ],
};

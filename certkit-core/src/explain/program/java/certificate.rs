//! Words of Java about the form of certificates and keys.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{connection, key, purpose, revocation, time, trust};

/// What Java says about the form of certificates and keys.
pub(in crate::explain) static JAVA_CERTIFICATE: Program = Program {
    name: "Java",
    keys: &["java"],
    context: &["java", "javax", "sun.security", "keytool", "certpathvalidator", "certificateexception", "ioexception"],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of Java 17",
    entries: &[
        Entry::new(
            "connection-reset",
            &connection::CLOSED,
            &[
                "SocketException: Connection reset",
                "SocketException: Broken pipe",
                "SocketException: Software caused connection abort",
            ],
        )
        .frame(),
        Entry::new("inbound-closed", &connection::CLOSED, &["closing inbound before receiving peer's close_notify"])
            .frame(),
        Entry::new("handshake-alert-name", &connection::NAME_UNKNOWN, &["handshake alert: unrecognized_name"])
            .source("common knowledge (Java 7 and 8)")
            .certainty(Certainty::Medium),
        Entry::new("premaster-secret", &key::NOT_PROVEN, &["RSA premaster secret error"])
            .source("common knowledge (Java 7 and 8)")
            .certainty(Certainty::Medium),
        Entry::new(
            "could-not-parse",
            &purpose::MALFORMED,
            &[
                "Could not parse certificate: <reason>",
                "Unable to initialize, java.io.IOException: <reason>",
                "Short read of DER length",
                "Incomplete BER/DER data",
                "no more data allowed for version 1 certificate",
                "Invalid encoded CertificateValidity",
                "Duplicate extensions not allowed",
                "Signature algorithm mismatch",
                "Invalid encoding: zero length Int value",
                "IOException: extra data at the end",
                "CertificateParsingException: signed fields invalid",
                "StringIndexOutOfBoundsException: String index out of range: 0",
            ],
        )
        .weak(&["IOException: Too short", "IOException: Empty input"]),
        Entry::new("parse-time", &time::MISSPELT, &["Parse UTC time, invalid", "Parse Generalized time, invalid"]),
        Entry::new(
            "certificate-incomplete",
            &purpose::EXTENSIONS_DISAGREE,
            &[
                "SubjectAlternativeName extension MUST be marked critical when subject field is empty",
                "X.509 Certificate is incomplete: <reason>",
            ],
        ),
        Entry::new("empty-issuer", &purpose::FORM_WRONG, &["Empty issuer DN not allowed in X509Certificates"]),
        Entry::new(
            "name-form",
            &purpose::MALFORMED,
            &[
                "invalid URI name",
                "DNSName components must consist of letters, digits, and hyphens",
                "Contains non-LDH ASCII characters",
                "DNSName components must begin with a letter",
                "URI name must include scheme",
            ],
        ),
        Entry::new(
            "name-constraint-form",
            &purpose::CONSTRAINTS_UNSUPPORTED,
            &[
                "Maximum BaseDistance in name constraints not supported",
                "Non-zero Minimum BaseDistance for name constraints not supported",
                "invalid URI name constraint",
            ],
        ),
        Entry::new(
            "key-form",
            &key::UNREADABLE,
            &[
                "Only named ECParameters supported",
                "Unknown named curve",
                "Curve not supported",
                "Only uncompressed point format supported",
                "Point does not match field size",
                "key length must be",
                "exponent is smaller than 3",
                "RSA keys must be no longer than 16384 bits",
                "RSA exponents can be no longer than 64 bits",
                "Unsupported curve",
            ],
        ),
        Entry::new("rsa-too-short", &key::TOO_WEAK, &["RSA keys must be at least 512 bits long"]),
        Entry::new(
            "signature-does-not-match",
            &trust::SIGNATURE_WRONG,
            &["SignatureException: Signature does not match", "Signature does not match."],
        ),
        Entry::new(
            "anchor-not-ca",
            &purpose::NOT_A_CA,
            &["TrustAnchor with subject <subject> is not a CA certificate", "is not a CA certificate"],
        ),
        Entry::new("no-trusted-certificate", &trust::UNKNOWN_ISSUER, &["No trusted certificate found"]),
        Entry::new(
            "netscape-type",
            &purpose::WRONG_PURPOSE,
            &["Netscape cert type does not permit use for SSL <side>", "Netscape cert type does not permit use"],
        ),
        Entry::new("crl-sign-bits", &revocation::LIST_WRONG, &["incorrect KeyUsage extension bits"]),
        Entry::new(
            "policy-tree",
            &purpose::POLICY,
            &[
                "non-null policy tree required and policy tree is null",
                "encountered a subjectDomainPolicy of ANY_POLICY",
                "encountered an issuerDomainPolicy of ANY_POLICY",
            ],
        ),
        Entry::new(
            "tag-mismatch",
            &connection::GARBLED,
            &["SSLException: Tag mismatch", "AEADBadTagException: Tag mismatch"],
        ),
        Entry::new("record-version", &connection::NOT_TLS, &["Unsupported record version"]),
        Entry::new("extension-not-expected", &connection::GARBLED, &["should not be presented in certificate_request"])
            .source("public issues (Java 11.0.0 to 11.0.2)")
            .certainty(Certainty::Medium),
        Entry::new(
            "no-issuer-certificate",
            &trust::UNKNOWN_ISSUER,
            &["No issuer certificate for certificate in certification path found"],
        )
        .source("Bouncy Castle")
        .certainty(Certainty::Medium),
        Entry::new("wrong-key-usage", &purpose::KEY_USAGE_UNFIT, &["InvalidKeyException: Wrong key usage"]),
        Entry::new("pkcs11", &key::UNREADABLE, &["CKR_DOMAIN_PARAMS_INVALID"])
            .source("public issues")
            .certainty(Certainty::Medium),
        Entry::new("ocsp-response", &revocation::UNKNOWN, &["OCSP response error: <status>"]),
        Entry::new(
            "cleartext",
            &connection::NOT_ENCRYPTED,
            &["CLEARTEXT communication to <host> not permitted by network security policy"],
        )
        .source("OkHttp and Android")
        .certainty(Certainty::Medium),
        Entry::new(
            "ssl-reset",
            &connection::CLOSED,
            &["SSLException: Connection reset", "SSLException: Socket closed"],
        )
        .frame(),
    ],
};

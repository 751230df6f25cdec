//! What section 4 of RFC 5280 requires of issuers, and few programs check.
//!
//! The profile `rfc5280` takes every one of these at its word; to most clients they are blemishes.

use super::super::Clause::{BaselineRequirements, Rfc5280};
use super::super::Look::Facts;
use super::super::{Check, Severity, always};

/// The checks of this topic, in the order of the document.
pub static CHECKS: &[&Check] = &[
    &TIME_MISSPELT,
    &TIME_OF_OTHER_TYPE,
    &EXTENSIONS_EMPTY,
    &EXTENSION_MUST_NOT_BE_CRITICAL,
    &EXTENSION_SHOULD_NOT_BE_CRITICAL,
    &EXTENSION_MUST_BE_CRITICAL,
    &NAME_CONSTRAINTS_NOT_CRITICAL,
    &AUTHORITY_KEY_ID_MISSING,
    &AUTHORITY_KEY_ID_WITHOUT_KEY,
    &AUTHORITY_KEY_ID_HALF_NAMED,
    &KEY_IDENTIFIERS_DIFFER,
    &SUBJECT_KEY_ID_MISSING,
    &KEY_USAGE_EMPTY,
    &CA_WITHOUT_KEY_CERT_SIGN,
    &KEY_CERT_SIGN_WITHOUT_CA,
    &NAME_MISSING,
    &SAN_NOT_CRITICAL,
    &SAN_EMPTY,
    &ANCHOR_CONSTRAINTS_NOT_CRITICAL,
    &PATH_LENGTH_WITHOUT_CA,
    &NAME_CONSTRAINTS_WITHOUT_CA,
    &NAME_CONSTRAINTS_EMPTY,
    &EXT_KEY_USAGE_EMPTY,
    &PURPOSE_BY_ANY_ONLY,
    &CA_PURPOSE_BY_ANY_ONLY,
    &ACCESS_EMPTY,
];

/// Those that OpenSSL or Java refuses a certificate for (`testdata/programs.csv`).
pub static REFUSED_IN_PRACTICE: &[&Check] = &[
    &TIME_MISSPELT,
    &KEY_IDENTIFIERS_DIFFER,
    &EXTENSION_MUST_NOT_BE_CRITICAL,
    &EXTENSION_SHOULD_NOT_BE_CRITICAL,
    &NAME_MISSING,
    &SAN_NOT_CRITICAL,
    &CA_PURPOSE_BY_ANY_ONLY,
];

/// A blemish, as a check.
macro_rules! blemish {
    ($(#[doc = $doc:literal])* $name:ident, $id:literal, $sections:expr, $title:literal, $why:literal, $remedy:literal) => {
        $(#[doc = $doc])*
        pub static $name: Check = Check {
            id: $id,
            severity: Severity::Warning,
            clauses: $sections,
            title: $title,
            why: $why,
            remedy: $remedy,
            look: Facts(always),
        };
    };
}

blemish!(
    /// A time is written in another way than it must be.
    TIME_MISSPELT,
    "time-misspelt",
    &[Rfc5280("4.1.2.5.1"), Rfc5280("4.1.2.5.2")],
    "Times are UTC with whole seconds",
    "Some programs refuse times without seconds, with fractions or with an offset: OpenSSL refuses all of them (errors \
     13 and 14), GnuTLS, Go and Java some.",
    "Reissue the certificate with a current program; openssl and keytool encode times correctly."
);
// Deviation: the letter forbids it, but no reader has ever minded, and NIST's PKITS has such a path that is to be
// accepted. So it is a blemish to those who go by the letter, too.
blemish!(
    /// A year before 2050 has four digits.
    TIME_OF_OTHER_TYPE,
    "time-of-other-type",
    &[Rfc5280("4.1.2.5")],
    "Times until 2049 are UTCTime",
    "Every program also reads GeneralizedTime here; only strict programs for embedded devices may not.",
    "No action is needed; at the next renewal use a program that follows RFC 5280, such as openssl or keytool."
);
blemish!(
    /// The identifiers of the issuer's key differ in both certificates.
    KEY_IDENTIFIERS_DIFFER,
    "key-identifiers-differ",
    &[Rfc5280("4.2.1.1"), Rfc5280("4.2.1.2")],
    "The authorityKeyIdentifier matches the issuer's certificate",
    "The signature verifies, but programs that use the identifiers look for another issuer: OpenSSL reports it as \
     missing (error 20) if the key identifier, the issuer or the serial number differs. GnuTLS compares the key \
     identifier, Java does so below its trust anchor, and Go not at all.",
    "Send and trust the issuer's certificate with that subjectKeyIdentifier, or reissue the lower certificate."
);
blemish!(
    /// There is a list of extensions without any.
    EXTENSIONS_EMPTY,
    "extensions-empty",
    &[Rfc5280("4.1"), Rfc5280("4.1.2.9")],
    "The list of extensions is not empty",
    "The list, if present, must contain at least one extension. Strict parsers refuse an empty one as malformed.",
    "Reissue the certificate with another program, and with the extensions that its kind needs."
);
blemish!(
    /// An extension is critical and must not be.
    EXTENSION_MUST_NOT_BE_CRITICAL,
    "extension-must-not-be-critical",
    &[Rfc5280("4.2.1.1"), Rfc5280("4.2.1.2"), Rfc5280("4.2.1.8"), Rfc5280("4.2.1.15"), Rfc5280("4.2.2.1"), Rfc5280("4.2.2.2")],
    "Key identifiers, subjectDirectoryAttributes, freshestCRL and info access are not critical",
    "These extensions only help to find something. Marked critical, they exclude every program that does not need \
     them; the standard forbids it. OpenSSL (error 34) and Java refuse the certificate.",
    "Reissue the certificate with this extension not critical."
);
blemish!(
    /// An extension is critical and should not be.
    EXTENSION_SHOULD_NOT_BE_CRITICAL,
    "extension-should-not-be-critical",
    &[Rfc5280("4.2.1.7"), Rfc5280("4.2.1.13")],
    "The issuerAltName and cRLDistributionPoints are not critical",
    "Marked critical, they exclude every program that does not read them. Java refuses a certificate with critical \
     cRLDistributionPoints, Java and OpenSSL (error 34) one with a critical issuerAltName.",
    "Reissue the certificate with this extension not critical."
);
blemish!(
    /// An extension is not critical and must be.
    EXTENSION_MUST_BE_CRITICAL,
    "extension-must-be-critical",
    &[Rfc5280("4.2.1.11"), Rfc5280("4.2.1.14")],
    "The policyConstraints and inhibitAnyPolicy are critical",
    "Programs that do not know a constraint may skip it if it is not critical; then the CA may do more than it should.",
    "When the CA is next renewed, mark this extension critical, for instance `inhibitAnyPolicy = critical, \
     0`."
);
blemish!(
    /// nameConstraints are not critical.
    NAME_CONSTRAINTS_NOT_CRITICAL,
    "name-constraints-not-critical",
    &[Rfc5280("4.2.1.10"), BaselineRequirements("7.1.2.5.2")],
    "The nameConstraints are critical",
    "RFC 5280 requires it, so that no program skips the constraint. The Baseline Requirements leave it open, since old \
     clients refuse unknown critical extensions; programs that process name constraints apply them either way.",
    "When the CA is next renewed, mark the extension critical: `nameConstraints = critical, permitted;DNS:plant.example`."
);
blemish!(
    /// The issuer's key is not identified.
    AUTHORITY_KEY_ID_MISSING,
    "authority-key-id-missing",
    &[Rfc5280("4.2.1.1")],
    "A certificate that is not self-signed has an authorityKeyIdentifier",
    "If several CA certificates have the same name, after a renewal for instance, the identifier shows which one is \
     the issuer. Without it some programs take the wrong one and report a bad signature. OpenSSL reports error 85 \
     (with `-x509_strict`).",
    "Reissue the certificate with `authorityKeyIdentifier = keyid`; `certkit sign` and `certkit generate` always write \
     it."
);
blemish!(
    /// The issuer's key is identified in another way than by its identifier.
    AUTHORITY_KEY_ID_WITHOUT_KEY,
    "authority-key-id-without-key",
    &[Rfc5280("4.2.1.1")],
    "The authorityKeyIdentifier has a keyIdentifier",
    "A reference by issuer and serial number alone breaks as soon as the CA's certificate is renewed, even with the \
     same key.",
    "Reissue the certificate with `authorityKeyIdentifier = keyid`, in place of `issuer:always` alone."
);
blemish!(
    /// Only one of issuer and serial number is there.
    AUTHORITY_KEY_ID_HALF_NAMED,
    "authority-key-id-half-named",
    &[Rfc5280("4.2.1.1")],
    "The authorityKeyIdentifier has both issuer and serial number, or neither",
    "One without the other identifies no certificate. Strict parsers refuse the extension.",
    "Reissue the certificate with `authorityKeyIdentifier = keyid`."
);
blemish!(
    /// A CA does not identify its key.
    SUBJECT_KEY_ID_MISSING,
    "subject-key-id-missing",
    &[Rfc5280("4.2.1.2")],
    "A CA has a subjectKeyIdentifier",
    "Certificates that the CA issues refer to this identifier. Without it programs have to try every CA certificate \
     with that name. OpenSSL reports error 86 (with `-x509_strict`).",
    "When the CA is next renewed, give it `subjectKeyIdentifier = hash`."
);
blemish!(
    /// keyUsage allows nothing.
    KEY_USAGE_EMPTY,
    "key-usage-empty",
    &[Rfc5280("4.2.1.3")],
    "The keyUsage has at least one bit",
    "Without a bit the key may not be used for anything; strict programs refuse every use.",
    "Reissue the certificate with the usages of its kind, or without keyUsage."
);
blemish!(
    /// A CA may not sign certificates.
    CA_WITHOUT_KEY_CERT_SIGN,
    "ca-without-key-cert-sign",
    &[Rfc5280("4.2.1.3"), Rfc5280("4.2.1.9")],
    "The keyUsage of a CA has keyCertSign",
    "The certificate is a CA whose key may not sign certificates: one of the two is wrong. Programs refuse it as an \
     issuer.",
    "Reissue it as a CA with `keyUsage = critical, keyCertSign, cRLSign`, or with `CA:FALSE`."
);
blemish!(
    /// keyCertSign without CA:TRUE.
    KEY_CERT_SIGN_WITHOUT_CA,
    "key-cert-sign-without-ca",
    &[Rfc5280("4.2.1.3"), Rfc5280("4.2.1.9")],
    "Only a CA has keyCertSign",
    "The key may sign certificates, but no program accepts them. Recipes that copy every usage into one certificate \
     are the usual cause. OpenSSL reports error 82 (with `-x509_strict`).",
    "Reissue the certificate without keyCertSign."
);
blemish!(
    /// There is no name at all.
    NAME_MISSING,
    "name-missing",
    &[Rfc5280("4.1.2.6"), Rfc5280("4.2.1.6")],
    "A certificate has a subject or a subjectAltName",
    "Without either the key has no owner. Java refuses to read the certificate; OpenSSL reports error 84 (with \
     `-x509_strict`, which Python 3.13 sets).",
    "Reissue it with the names by which its peers know it."
);
blemish!(
    /// The only names are in a subjectAltName that is not critical.
    SAN_NOT_CRITICAL,
    "san-not-critical",
    &[Rfc5280("4.2.1.6")],
    "The subjectAltName is critical where the subject is empty",
    "A program that does not know the extension sees no name at all. Java refuses to read the certificate; OpenSSL \
     reports error 88 (with `-x509_strict`, which Python 3.13 sets).",
    "Reissue it with `subjectAltName = critical, \u{2026}`, or with a subject."
);
blemish!(
    /// subjectAltName has no name.
    SAN_EMPTY,
    "san-empty",
    &[Rfc5280("4.2.1.6")],
    "The subjectAltName is not empty",
    "An empty list is malformed; strict parsers refuse the certificate. OpenSSL reports error 87 (with \
     `-x509_strict`).",
    "Reissue it with the names in use, or without the extension."
);
blemish!(
    /// The basicConstraints of the topmost certificate are not critical.
    ANCHOR_CONSTRAINTS_NOT_CRITICAL,
    "anchor-constraints-not-critical",
    &[Rfc5280("4.2.1.9")],
    "The basicConstraints of the trust anchor are critical",
    "The standard requires it of every CA. Here it is the trust anchor: OpenSSL reports error 89 (with \
     `-x509_strict`), other programs accept it.",
    "When the root is next renewed, mark basicConstraints critical (openssl: `basicConstraints = critical, CA:TRUE`)."
);
blemish!(
    /// There is a path length without a CA that signs certificates.
    PATH_LENGTH_WITHOUT_CA,
    "path-length-without-ca",
    &[Rfc5280("4.2.1.9")],
    "Only a CA with keyCertSign has a path length",
    "It limits what a CA may issue and has no meaning here; perhaps a CA was intended. OpenSSL reports errors 80 and \
     81 (with `-x509_strict`).",
    "Reissue it without the path length, or as a CA with keyCertSign."
);
blemish!(
    /// A certificate that is not a CA has name constraints.
    NAME_CONSTRAINTS_WITHOUT_CA,
    "name-constraints-without-ca",
    &[Rfc5280("4.2.1.10")],
    "Only a CA has nameConstraints",
    "They limit what a CA may issue and have no meaning here; strict programs refuse the certificate.",
    "Reissue it without nameConstraints."
);
blemish!(
    /// The name constraints say nothing.
    NAME_CONSTRAINTS_EMPTY,
    "name-constraints-empty",
    &[Rfc5280("4.2.1.10")],
    "The nameConstraints are not empty",
    "An empty sequence is forbidden; some programs ignore it, others refuse it as malformed.",
    "Reissue the CA's certificate with constraints, or without the extension."
);
blemish!(
    /// extKeyUsage lists nothing.
    EXT_KEY_USAGE_EMPTY,
    "ext-key-usage-empty",
    &[Rfc5280("4.2.1.12")],
    "The extKeyUsage is not empty",
    "An empty list is malformed. Some programs then refuse every purpose, others allow every purpose.",
    "Reissue it with the purposes of its kind, such as serverAuth, or without the extension."
);
blemish!(
    /// A purpose is allowed only in that every one is.
    PURPOSE_BY_ANY_ONLY,
    "purpose-by-any-only",
    &[Rfc5280("4.2.1.12")],
    "The extKeyUsage lists the purpose itself, not only anyExtendedKeyUsage",
    "Section 4.2.1.12 leaves it to clients whether anyExtendedKeyUsage is enough; those built on OpenSSL and rustls \
     require their own purpose.",
    "Reissue it with the purpose, for example `extendedKeyUsage = serverAuth`."
);
blemish!(
    /// A CA is allowed a purpose only in that every one is.
    CA_PURPOSE_BY_ANY_ONLY,
    "ca-purpose-by-any-only",
    &[Rfc5280("4.2.1.12")],
    "A CA's extKeyUsage lists the purpose itself, not only anyExtendedKeyUsage",
    "A CA's extKeyUsage limits the purposes of what it issues. OpenSSL (error 26) requires the purpose itself in every \
     CA of the chain including the root, GnuTLS in those below the root; Java and Go accept anyExtendedKeyUsage.",
    "Reissue the CA certificate without extKeyUsage, or with the purpose: `extendedKeyUsage = serverAuth, clientAuth`."
);
blemish!(
    /// An extension that should say where something is found says nothing.
    ACCESS_EMPTY,
    "access-empty",
    &[Rfc5280("4.2.1.13"), Rfc5280("4.2.2.1")],
    "The authorityInfoAccess and cRLDistributionPoints are not empty",
    "An empty list is malformed; strict parsers refuse the certificate.",
    "Reissue it with the addresses, or without the extension."
);

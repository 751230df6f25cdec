//! What section 4 of RFC 5280 demands of those who issue, and few readers look at.
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
    "Times are in UTC with whole seconds",
    "Times without seconds, with fractions or with an offset are read by some and refused by others: OpenSSL refuses all of them (errors 13 and 14), GnuTLS, Go and Java some.",
    "Have the certificate issued anew with a program of today; openssl and keytool write times as they must be."
);
// Deviation: the letter forbids it, but no reader has ever minded, and NIST's PKITS has such a path that is to be
// accepted. So it is a blemish to those who go by the letter, too.
blemish!(
    /// A year before 2050 has four digits.
    TIME_OF_OTHER_TYPE,
    "time-of-other-type",
    &[Rfc5280("4.1.2.5")],
    "Times until 2049 are UTCTime, with two digits for the year",
    "Every reader takes the other type as well; only strict programs for embedded devices may expect what they always see.",
    "Nothing need be done; when it is issued anew, use a program that goes by RFC 5280, such as openssl or keytool."
);
blemish!(
    /// The identifiers of the issuer's key differ in both certificates.
    KEY_IDENTIFIERS_DIFFER,
    "key-identifiers-differ",
    &[Rfc5280("4.2.1.1"), Rfc5280("4.2.1.2")],
    "The authorityKeyIdentifier of a certificate fits its issuer's",
    "The signature verifies, but who goes by the identifiers looks for another issuer: OpenSSL then says that it is missing (error 20), for the key's identifier, the issuer or the serial number alone. GnuTLS compares the key's identifier; Java does below its trust anchor, and Go not at all.",
    "Send and trust the issuer's certificate that has the subjectKeyIdentifier that is named, or have the lower one issued anew."
);
blemish!(
    /// There is a list of extensions without any.
    EXTENSIONS_EMPTY,
    "extensions-empty",
    &[Rfc5280("4.1"), Rfc5280("4.1.2.9")],
    "A certificate without extensions has no list of them",
    "The list, where it is there, has to hold one extension at least. Strict readers refuse an empty one as malformed.",
    "Have the certificate issued anew with another program, at best with the extensions that its kind needs."
);
blemish!(
    /// An extension is critical and must not be.
    EXTENSION_MUST_NOT_BE_CRITICAL,
    "extension-must-not-be-critical",
    &[Rfc5280("4.2.1.1"), Rfc5280("4.2.1.2"), Rfc5280("4.2.1.8"), Rfc5280("4.2.1.15"), Rfc5280("4.2.2.1"), Rfc5280("4.2.2.2")],
    "Key identifiers, attributes, freshest lists and access to information are not critical",
    "These only help to find something. Marked critical, they shut out every program that does not need them; the \
     standard forbids it. OpenSSL (error 34) and Java refuse the certificate.",
    "Have the certificate issued anew with this extension not critical."
);
blemish!(
    /// An extension is critical and should not be.
    EXTENSION_SHOULD_NOT_BE_CRITICAL,
    "extension-should-not-be-critical",
    &[Rfc5280("4.2.1.7"), Rfc5280("4.2.1.13")],
    "Other names of the issuer and places of revocation lists are not critical",
    "Marked critical, they shut out every program that does not read them. Java refuses a certificate with critical \
     cRLDistributionPoints, Java and OpenSSL (error 34) one with a critical issuerAltName.",
    "Have the certificate issued anew with this extension not critical."
);
blemish!(
    /// An extension is not critical and must be.
    EXTENSION_MUST_BE_CRITICAL,
    "extension-must-be-critical",
    &[Rfc5280("4.2.1.11"), Rfc5280("4.2.1.14")],
    "Constraints on policies are critical",
    "A constraint that is not critical may be skipped by programs that do not know it, and then the CA may do more than \
     it should.",
    "When the CA is next renewed, mark this extension critical, for instance `inhibitAnyPolicy = critical, \
     0`."
);
blemish!(
    /// nameConstraints are not critical.
    NAME_CONSTRAINTS_NOT_CRITICAL,
    "name-constraints-not-critical",
    &[Rfc5280("4.2.1.10"), BaselineRequirements("7.1.2.5.2")],
    "Constraints on names are critical",
    "RFC 5280 demands it, so that nobody overlooks the constraint. The Baseline Requirements leave it open, since old \
     clients refuse what they do not know; whoever processes name constraints honours them either way.",
    "When the CA is next renewed, mark the extension critical: `nameConstraints = critical, permitted;DNS:plant.example`."
);
blemish!(
    /// The issuer's key is not identified.
    AUTHORITY_KEY_ID_MISSING,
    "authority-key-id-missing",
    &[Rfc5280("4.2.1.1")],
    "A certificate that is not self-signed identifies its issuer's key",
    "Where several CA certificates have one name, after a renewal for instance, the identifier tells readers which one \
     is meant. Without it some take the wrong one and report a bad signature. OpenSSL has error 85 for it (with \
     `-x509_strict`).",
    "Have the certificate issued anew with `authorityKeyIdentifier = keyid`; `certkit sign` and `certkit generate` write \
     it by themselves."
);
blemish!(
    /// The issuer's key is identified in another way than by its identifier.
    AUTHORITY_KEY_ID_WITHOUT_KEY,
    "authority-key-id-without-key",
    &[Rfc5280("4.2.1.1")],
    "The authorityKeyIdentifier has the identifier of the issuer's key",
    "By issuer and serial number alone the reference breaks as soon as the CA's certificate is renewed, though its key \
     is the same.",
    "Have the certificate issued anew with `authorityKeyIdentifier = keyid`, in place of `issuer:always` alone."
);
blemish!(
    /// Only one of issuer and serial number is there.
    AUTHORITY_KEY_ID_HALF_NAMED,
    "authority-key-id-half-named",
    &[Rfc5280("4.2.1.1")],
    "The authorityKeyIdentifier has both issuer and serial number, or neither",
    "One without the other names no certificate. Strict readers refuse the extension.",
    "Have the certificate issued anew with `authorityKeyIdentifier = keyid`."
);
blemish!(
    /// A CA does not identify its key.
    SUBJECT_KEY_ID_MISSING,
    "subject-key-id-missing",
    &[Rfc5280("4.2.1.2")],
    "A CA identifies its key",
    "What the CA issues refers to this identifier. Without it readers have to try every CA certificate of that name. \
     OpenSSL has error 86 for it (with `-x509_strict`).",
    "When the CA is next renewed, give it `subjectKeyIdentifier = hash`."
);
blemish!(
    /// keyUsage allows nothing.
    KEY_USAGE_EMPTY,
    "key-usage-empty",
    &[Rfc5280("4.2.1.3")],
    "The keyUsage has at least one bit",
    "A key that may be used for nothing is of no use; readers that take the extension at its word refuse every use.",
    "Have the certificate issued anew with the usages of its kind, or without keyUsage."
);
blemish!(
    /// A CA may not sign certificates.
    CA_WITHOUT_KEY_CERT_SIGN,
    "ca-without-key-cert-sign",
    &[Rfc5280("4.2.1.3"), Rfc5280("4.2.1.9")],
    "The keyUsage of a CA has keyCertSign",
    "The certificate says that it is a CA, and that its key may not sign certificates: one of the two is wrong. As \
     an issuer it is refused.",
    "Have it issued anew: as a CA with `keyUsage = critical, keyCertSign, cRLSign`, or with `CA:FALSE`."
);
blemish!(
    /// keyCertSign without CA:TRUE.
    KEY_CERT_SIGN_WITHOUT_CA,
    "key-cert-sign-without-ca",
    &[Rfc5280("4.2.1.3"), Rfc5280("4.2.1.9")],
    "Only a CA has keyCertSign",
    "The key may sign certificates, and nobody would accept them. Recipes that copy every usage into one certificate \
     are the usual cause. OpenSSL has error 82 for it (with `-x509_strict`).",
    "Have the certificate issued anew without keyCertSign."
);
blemish!(
    /// There is no name at all.
    NAME_MISSING,
    "name-missing",
    &[Rfc5280("4.1.2.6"), Rfc5280("4.2.1.6")],
    "A certificate has a subject or a subjectAltName",
    "Without either it says for nobody whose key this is. Java refuses to read it; OpenSSL has error 84 for it (with \
     `-x509_strict`, which Python 3.13 sets).",
    "Have it issued anew with the names by which its partners know it."
);
blemish!(
    /// The only names are in a subjectAltName that is not critical.
    SAN_NOT_CRITICAL,
    "san-not-critical",
    &[Rfc5280("4.2.1.6")],
    "The subjectAltName is critical where the subject is empty",
    "A program that does not know the extension would see a certificate for nobody. Java refuses to read it; OpenSSL \
     has error 88 for it (with `-x509_strict`, which Python 3.13 sets).",
    "Have it issued anew with `subjectAltName = critical, \u{2026}`, or with a subject."
);
blemish!(
    /// subjectAltName has no name.
    SAN_EMPTY,
    "san-empty",
    &[Rfc5280("4.2.1.6")],
    "The subjectAltName, where there is one, has a name",
    "An empty list is malformed; strict readers refuse the certificate. OpenSSL has error 87 for it (with \
     `-x509_strict`).",
    "Have it issued anew with the names in use, or without the extension."
);
blemish!(
    /// The basicConstraints of the topmost certificate are not critical.
    ANCHOR_CONSTRAINTS_NOT_CRITICAL,
    "anchor-constraints-not-critical",
    &[Rfc5280("4.2.1.9")],
    "The basicConstraints of the CA at the top are critical",
    "The standard demands it of every CA. Of the one that is trusted most it is held to strictly: OpenSSL has error 89 \
     for it (with `-x509_strict`), other readers accept it.",
    "When the root is next renewed, mark basicConstraints critical (openssl: `basicConstraints = critical, CA:TRUE`)."
);
blemish!(
    /// There is a path length without a CA that signs certificates.
    PATH_LENGTH_WITHOUT_CA,
    "path-length-without-ca",
    &[Rfc5280("4.2.1.9")],
    "Only a CA that signs certificates has a path length",
    "It limits what a CA may issue, so it means nothing here; who wrote it may have meant a CA. OpenSSL has the errors \
     80 and 81 for it (with `-x509_strict`).",
    "Have it issued anew without the path length, or as a CA with keyCertSign."
);
blemish!(
    /// There are name constraints in what is no CA.
    NAME_CONSTRAINTS_WITHOUT_CA,
    "name-constraints-without-ca",
    &[Rfc5280("4.2.1.10")],
    "Only a CA has nameConstraints",
    "They limit what a CA may issue, and mean nothing here; strict readers refuse the certificate.",
    "Have it issued anew without nameConstraints."
);
blemish!(
    /// The name constraints say nothing.
    NAME_CONSTRAINTS_EMPTY,
    "name-constraints-empty",
    &[Rfc5280("4.2.1.10")],
    "The nameConstraints permit or exclude something",
    "An empty sequence is forbidden; to one reader it limits nothing, to another it is malformed.",
    "Have the CA's certificate issued anew with constraints, or without the extension."
);
blemish!(
    /// extKeyUsage lists nothing.
    EXT_KEY_USAGE_EMPTY,
    "ext-key-usage-empty",
    &[Rfc5280("4.2.1.12")],
    "The extKeyUsage, where there is one, lists a purpose",
    "An empty list is malformed. Who takes it at its word refuses every purpose, others take it as no limit.",
    "Have it issued anew with the purposes of its kind, such as serverAuth, or without the extension."
);
blemish!(
    /// A purpose is allowed only in that every one is.
    PURPOSE_BY_ANY_ONLY,
    "purpose-by-any-only",
    &[Rfc5280("4.2.1.12")],
    "The extKeyUsage names the purpose itself",
    "Section 4.2.1.12 leaves it to clients whether any purpose is enough; those built on OpenSSL and rustls want their own to be named.",
    "Have it issued anew with the purpose, for example `extendedKeyUsage = serverAuth`."
);
blemish!(
    /// A CA is allowed a purpose only in that every one is.
    CA_PURPOSE_BY_ANY_ONLY,
    "ca-purpose-by-any-only",
    &[Rfc5280("4.2.1.12")],
    "The extKeyUsage of a CA, where there is one, names the purpose of what it issues",
    "A CA's extKeyUsage bounds what it may issue for. OpenSSL (error 26) wants the purpose itself to be named, of every CA of the chain and of the root; GnuTLS of those below the root; Java and Go take anyExtendedKeyUsage.",
    "Have the CA issued anew without extKeyUsage, which bounds nothing, or with the purpose: `extendedKeyUsage = serverAuth, clientAuth`."
);
blemish!(
    /// An extension that should say where something is found says nothing.
    ACCESS_EMPTY,
    "access-empty",
    &[Rfc5280("4.2.1.13"), Rfc5280("4.2.2.1")],
    "The authorityInfoAccess and cRLDistributionPoints name a place",
    "An empty list is malformed; strict readers refuse the certificate.",
    "Have it issued anew with the addresses, or without the extension."
);

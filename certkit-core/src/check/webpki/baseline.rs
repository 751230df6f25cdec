//! What the CA/Browser Forum demands of public TLS server certificates and browsers look at (Baseline
//! Requirements section 7.1).

use super::super::Clause::BaselineRequirements;
use super::super::Look::Facts;
use super::super::{Check, Clause, Severity, always, has_leaf};

/// The checks of this topic, in the order of the document.
pub static CHECKS: &[&Check] = &[
    &KEY_FORBIDDEN,
    &SIGNATURE_FORBIDDEN,
    &AUTHORITY_KEY_ID_NAMES_ISSUER,
    &ROOT_HAS_PURPOSES,
    &ROOT_NAMES_OTHER_KEY,
    &SERVER_PURPOSES_MISSING,
    &ANY_PURPOSE_LISTED,
    &WILDCARD_BELOW_PUBLIC_SUFFIX,
    &COMMON_NAME_DUPLICATE,
    &COMMON_NAME_FOREIGN,
    &COMMON_NAME_NOT_REPEATED,
];

/// A demand on public certificates, as a check.
macro_rules! demand {
    ($(#[doc = $doc:literal])* $name:ident, $id:literal, $severity:ident, $clauses:expr, $title:literal, $why:literal, $remedy:literal) => {
        $(#[doc = $doc])*
        pub static $name: Check = Check {
            id: $id,
            severity: Severity::$severity,
            clauses: $clauses,
            title: $title,
            why: $why,
            remedy: $remedy,
            look: Facts(always),
        };
    };
}

const KEYS: &[Clause] =
    &[BaselineRequirements("6.1.5"), BaselineRequirements("6.1.6"), BaselineRequirements("7.1.3.1")];

demand!(
    /// The key is of a kind or size that is forbidden.
    KEY_FORBIDDEN,
    "key-forbidden",
    Error,
    KEYS,
    "The key is RSA of 2048 bits or more, or on P-256, P-384 or P-521",
    "Browsers accept no other keys in public certificates: no DSA, no Ed25519, no odd sizes, no RSA restricted to PSS.",
    "Have a certificate issued for a new key: `certkit request --key-type rsa:2048`, or `ec:p256`."
);
demand!(
    /// The signature algorithm is forbidden.
    SIGNATURE_FORBIDDEN,
    "signature-forbidden",
    Error,
    &[BaselineRequirements("7.1.3.2")],
    "The signature is RSA or ECDSA over SHA-256, SHA-384 or SHA-512",
    "Browsers accept no other signatures in public certificates. SHA-1 is accepted only in the self-signatures of old \
     roots.",
    "Have the certificate reissued by a CA that signs with one of these."
);
demand!(
    /// The issuer is identified by name and serial number.
    AUTHORITY_KEY_ID_NAMES_ISSUER,
    "authority-key-id-names-issuer",
    Error,
    &[BaselineRequirements("7.1.2.11.1")],
    "The authorityKeyIdentifier has neither issuer nor serial number",
    "Public CAs renew and cross-sign their certificates; a reference to one of them by serial number breaks valid \
     paths.",
    "Reissue the certificate with `authorityKeyIdentifier = keyid`."
);
demand!(
    /// A root is limited to purposes.
    ROOT_HAS_PURPOSES,
    "root-has-purposes",
    Error,
    &[BaselineRequirements("7.1.2.1.2")],
    "A root has no extKeyUsage",
    "The operators of trust stores decide what a public root is trusted for, not the root.",
    "Reissue the root without extKeyUsage."
);
demand!(
    /// A root's authorityKeyIdentifier is not its own key's.
    ROOT_NAMES_OTHER_KEY,
    "root-names-other-key",
    Error,
    &[BaselineRequirements("7.1.2.1.3")],
    "The authorityKeyIdentifier of a root identifies its own key",
    "A root is its own issuer. With another identifier, programs look for another issuer.",
    "Reissue the root with its own key's identifier, or without authorityKeyIdentifier."
);
demand!(
    /// A server's certificate has no extKeyUsage.
    SERVER_PURPOSES_MISSING,
    "server-purposes-missing",
    Error,
    &[BaselineRequirements("7.1.2.7.10")],
    "A server's certificate has an extKeyUsage",
    "A public certificate has to state that it is for servers. Without the extension it is also valid for mail and \
     code.",
    "Reissue it with `extendedKeyUsage = serverAuth`."
);
demand!(
    /// A server's certificate is good for any purpose.
    ANY_PURPOSE_LISTED,
    "any-purpose-listed",
    Error,
    &[BaselineRequirements("7.1.2.7.10")],
    "A server's extKeyUsage does not contain anyExtendedKeyUsage",
    "With anyExtendedKeyUsage a server's key could sign mail and code, too; public CAs must not issue it.",
    "Reissue it with `extendedKeyUsage = serverAuth`."
);
/// A wildcard matches every name below a public suffix.
pub static WILDCARD_BELOW_PUBLIC_SUFFIX: Check = Check {
    id: "wildcard-below-public-suffix",
    severity: Severity::Warning,
    clauses: &[BaselineRequirements("3.2.2.6")],
    title: "No wildcard is directly below a public suffix",
    why: "Below `com` or `co.uk` anyone can register names; no one may have a certificate for all of them. Browsers \
          ignore such a wildcard.",
    remedy: "Reissue it with wildcards only below your own domain.",
    look: Facts(has_leaf),
};

demand!(
    /// There are several common names.
    COMMON_NAME_DUPLICATE,
    "common-name-duplicate",
    Error,
    &[BaselineRequirements("7.1.4.3")],
    "A server's certificate has at most one common name",
    "Programs that still look at the common name differ in which one they take.",
    "Reissue it with at most one common name; put further names into the subjectAltName."
);
demand!(
    /// The common name is not among the alternative names.
    COMMON_NAME_FOREIGN,
    "common-name-foreign",
    Error,
    &[BaselineRequirements("7.1.4.3")],
    "A server's common name is identical to one of its alternative names",
    "The CA has not verified that the holder may use this name, and programs that still read the common name accept \
     it.",
    "Reissue it with the common name among the alternative names, or without a common name."
);
demand!(
    /// The common name is not among the alternative names, but claims nothing beyond them.
    COMMON_NAME_NOT_REPEATED,
    "common-name-not-repeated",
    Warning,
    &[BaselineRequirements("7.1.4.3")],
    "The common name is repeated among the alternative names",
    "Here it is only the domain of a wildcard, or the alternative names are the machine's own; it claims nothing that \
     they do not cover.",
    "At the next renewal put the common name among the alternative names."
);

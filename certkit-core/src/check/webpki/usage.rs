//! Whether the key may be used for TLS (RFC 5280 sections 4.2.1.3 and 4.2.1.12, RFC 8446).

use super::super::Clause::{BaselineRequirements, Document, Rfc, Rfc5280};
use super::super::Look::{Each, Facts};
use super::super::case::shown;
use super::super::rfc5280::fields::named;
use super::super::{Case, Check, Outcome, Severity, Subject, Usage, always, has_issuer, has_leaf, has_server};
use crate::cert::extension::ExtendedKeyUsage;
use crate::oid;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &SERVER_AUTH_MISSING,
    &SERVER_AUTH_BY_ANY_ONLY,
    &CLIENT_AUTH_MISSING,
    &CA_EXCLUDES_SERVER_AUTH,
    &KEY_USAGE_UNFIT_FOR_TLS,
    &NETSCAPE_CERT_TYPE_UNFIT,
    &LEAF_IS_CA,
];

/// Says whether the subject is a leaf that answers TLS connections, as it does unless something else is expected.
pub(in super::super) fn serves_tls(case: &Case, subject: &Subject) -> bool {
    subject.is_leaf() && case.expectation.usage != Some(Usage::TlsClient)
}

/// The purposes are limited to others than serverAuth.
pub static SERVER_AUTH_MISSING: Check = Check {
    id: "server-auth-missing",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.12"), BaselineRequirements("7.1.2.7.10")],
    title: "A server's extKeyUsage, if present, allows serverAuth",
    why: "If extKeyUsage is present, only its purposes are allowed. A certificate for clients, mail or code only is \
          refused as a server's; one without extKeyUsage is accepted. OpenSSL reports error 26.",
    remedy: "Reissue it with `extendedKeyUsage = serverAuth` (keytool: `-ext eku=serverAuth`), and add clientAuth if \
             the same certificate also opens connections.",
    look: Facts(has_server),
};

/// Server authentication is only allowed by anyExtendedKeyUsage.
pub static SERVER_AUTH_BY_ANY_ONLY: Check = Check {
    id: "server-auth-by-any-only",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.12"), BaselineRequirements("7.1.2.7.10")],
    title: "A server's extKeyUsage lists serverAuth, not only anyExtendedKeyUsage",
    why: "Clients may refuse a certificate that lists only anyExtendedKeyUsage; those built on OpenSSL do (error 26).",
    remedy: "Reissue it with `extendedKeyUsage = serverAuth` (keytool: `-ext eku=serverAuth`).",
    look: Each { applies: serves_tls, at: by_any_only },
};

fn by_any_only(_: &Case, subject: &Subject) -> Outcome {
    with_purposes(subject, |purposes| {
        let is_by_any = purposes.allows(oid::SERVER_AUTH) && !purposes.lists(oid::SERVER_AUTH);
        Outcome::not_met_if(is_by_any, || format!("its extKeyUsage is {} without serverAuth", purpose_names(purposes)))
    })
}

/// The purposes are limited to others than clientAuth.
pub static CLIENT_AUTH_MISSING: Check = Check {
    id: "client-auth-missing",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.12")],
    title: "A client's extKeyUsage, if present, allows clientAuth",
    why: "If extKeyUsage is present, only its purposes are allowed. Servers that ask for a client certificate refuse \
          one without clientAuth; public CAs have begun to omit it.",
    remedy: "Reissue it with `extendedKeyUsage = clientAuth` (keytool: `-ext eku=clientAuth`), by a private CA if a \
             public one does not offer it.",
    look: Facts(always),
};

/// A CA on the path limits what it issues to other purposes.
pub static CA_EXCLUDES_SERVER_AUTH: Check = Check {
    id: "ca-excludes-server-auth",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.12"), BaselineRequirements("7.1.2.10.6")],
    title: "The extKeyUsage of each CA on the path, if present, allows serverAuth",
    why: "Windows, OpenSSL and browsers apply an issuing CA's extKeyUsage to every certificate that it issues: they do \
          not accept a server certificate from a CA for mail or clients.",
    remedy: "Have the server's certificate issued by another CA, or the CA's certificate renewed with serverAuth, or \
             without extKeyUsage.",
    look: Facts(has_issuer),
};

/// keyUsage does not allow what TLS does with the key.
pub static KEY_USAGE_UNFIT_FOR_TLS: Check = Check {
    id: "key-usage-unfit-for-tls",
    severity: Severity::Error,
    clauses: &[Rfc(8446, "4.4.2.2"), Rfc5280("4.2.1.3")],
    title: "The keyUsage, if present, allows digitalSignature",
    why: "In TLS 1.3, and in TLS 1.2 with every cipher that is still recommended, the server proves its identity with \
          a signature. A key that may only encipher is refused by Java and others, or limits the connection to \
          obsolete ciphers.",
    remedy: "Reissue it with `keyUsage = critical, digitalSignature, keyEncipherment` (RSA) or `keyUsage = critical, \
             digitalSignature` (EC).",
    look: Facts(has_leaf),
};

/// The type that Netscape gave certificates is another one.
pub static NETSCAPE_CERT_TYPE_UNFIT: Check = Check {
    id: "netscape-cert-type-unfit",
    severity: Severity::Error,
    clauses: &[
        Document("Netscape Certificate Extensions, netscape-cert-type"),
        Document("openssl-verification-options, Certificate Extensions"),
    ],
    title: "The netscapeCertType, if present, matches the use",
    why: "The extension is older than extendedKeyUsage, and old templates of openssl.cnf still write it (`nsCertType = \
          client, email`). If the extension is present, OpenSSL (error 26) and Java require sslServer of a server and \
          sslClient of a client; others ignore it.",
    remedy: "Reissue it without `nsCertType`; extendedKeyUsage replaces it.",
    look: Facts(has_leaf),
};

/// The leaf is a CA.
pub static LEAF_IS_CA: Check = Check {
    id: "leaf-is-ca",
    severity: Severity::Warning,
    clauses: &[BaselineRequirements("7.1.2.7.8")],
    title: "A server's certificate is not a CA certificate",
    why: "Anyone who trusts this certificate lets its holder issue certificates for any name. Some clients refuse a CA \
          certificate from a server. Recipes that copy `CA:TRUE` into everything are the usual cause.",
    remedy: "Reissue it with `basicConstraints = critical, CA:FALSE`.",
    look: Facts(has_leaf),
};

fn with_purposes(subject: &Subject, look: impl FnOnce(&ExtendedKeyUsage<'_>) -> Outcome) -> Outcome {
    match subject.certificate.extension::<ExtendedKeyUsage<'_>>() {
        Ok(Some(purposes)) => look(&purposes),
        Ok(None) => Outcome::Met,
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}

fn purpose_names(purposes: &ExtendedKeyUsage<'_>) -> String {
    let names: Vec<String> = purposes.purposes().map(named).collect();
    if names.is_empty() { "empty".to_owned() } else { shown(&names.join(", ")) }
}

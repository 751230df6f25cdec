//! Extensions as such (RFC 5280 section 4.2).

use super::super::Clause::Rfc5280;
use super::super::Look::{Each, Facts};
use super::super::{Case, Check, Clause, Outcome, Severity, Subject, always};
use super::fields::named;
use crate::cert::private_key_in;

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&EXTENSION_DUPLICATE, &EXTENSION_UNDECODABLE, &EXTENSION_UNKNOWN_CRITICAL, &PRIVATE_KEY_IN_CERTIFICATE];

/// The same extension stands twice.
pub static EXTENSION_DUPLICATE: Check = Check {
    id: "extension-duplicate",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2")],
    title: "No extension occurs twice",
    why: "One program reads the first, another the last, a third refuses the certificate. It is undefined which names \
          or usages apply.",
    remedy: "Reissue the certificate. A usual cause is a request with extensions and a CA configuration that adds its \
             own (openssl: `copy_extensions`).",
    look: Facts(always),
};

/// An extension that certkit understands cannot be decoded.
pub static EXTENSION_UNDECODABLE: Check = Check {
    id: "extension-undecodable",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2")],
    title: "The extensions can be decoded",
    why: "A program has to refuse a certificate with a critical extension that it cannot process, and the content of \
          an undecodable one, such as host names, is lost in any case.",
    remedy: "Reissue the certificate with another program.",
    look: Facts(always),
};

/// A critical extension is one that clients do not know.
pub static EXTENSION_UNKNOWN_CRITICAL: Check = Check {
    id: "extension-unknown-critical",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2"), Rfc5280("6.1.4"), Rfc5280("6.1.5")],
    title: "Clients know every critical extension",
    why: "\u{201c}Critical\u{201d} means that programs that do not know the extension must refuse the certificate. A \
          vendor's own critical extension excludes every other vendor's program.",
    remedy: "Reissue the certificate with this extension not critical, or without it.",
    look: Facts(always),
};

/// A private key stands inside of the certificate.
pub static PRIVATE_KEY_IN_CERTIFICATE: Check = Check {
    id: "private-key-in-certificate",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2"), Clause::ALWAYSON_NOTE],
    title: "The certificate does not contain a private key",
    why: "Everyone who connects gets the certificate, and with it a private key in one of its extensions or names, \
          such as a comment that a script filled with the wrong file.",
    remedy: "Stop using the key at once: make a new one, have a certificate issued for it, and have this one revoked. \
             Find out where else the key is used.",
    look: Each { applies: |_, subject| subject.is_on_path(), at: private_key },
};

fn private_key(_: &Case, subject: &Subject) -> Outcome {
    let certificate = &subject.certificate;
    let extensions = certificate.extensions();
    let secret = extensions.iter().find_map(|it| Some((named(it.oid), private_key_in(it.value)?)));
    let of_name = |what: &str, der: &[u8]| private_key_in(der).map(|form| (what.to_owned(), form));
    let secret = secret
        .or_else(|| of_name("subject", certificate.subject().der()))
        .or_else(|| of_name("issuer", certificate.issuer().der()));
    secret.map_or(Outcome::Met, |(place, form)| Outcome::NotMet(format!("a private key ({form}) is in its {place}")))
}

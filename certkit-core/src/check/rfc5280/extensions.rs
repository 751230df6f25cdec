//! Extensions as such (RFC 5280 section 4.2).

use std::collections::HashSet;

use super::super::Clause::Rfc5280;
use super::super::Look::Each;
use super::super::case::shown;
use super::super::{Case, Check, Outcome, Severity, Subject};
use super::fields::named;
use crate::cert::extension::{
    AuthorityInfoAccess, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints, Decode,
    ExtendedKeyUsage, Extension, FreshestCrl, InhibitAnyPolicy, IssuerAltName, KeyUsage, NameConstraints,
    PolicyConstraints, PolicyMappings, SubjectAltName, SubjectKeyIdentifier,
};
use crate::cert::{Certificate, Malformed};
use crate::oid::{self, Oid};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&EXTENSION_DUPLICATE, &EXTENSION_UNDECODABLE, &EXTENSION_UNKNOWN_CRITICAL];

/// The same extension stands twice.
pub static EXTENSION_DUPLICATE: Check = Check {
    id: "extension-duplicate",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2")],
    title: "No extension stands twice",
    why: "One program reads the first, another the last, a third refuses the certificate. Which names or usages \
          hold is anybody's guess.",
    remedy: "Have the certificate issued anew. A usual cause is a request that carries extensions and a CA \
             configuration that adds its own (openssl: `copy_extensions`).",
    look: Each { applies: |_, subject| subject.is_on_path(), at: duplicate },
};

fn duplicate(_: &Case, subject: &Subject) -> Outcome {
    let mut seen = HashSet::new();
    match subject.certificate.extensions().iter().find(|extension| !seen.insert(extension.oid)) {
        Some(extension) => Outcome::NotMet(format!("{} stands there more than once", named(extension.oid))),
        None => Outcome::Met,
    }
}

/// An extension that certkit understands cannot be decoded.
pub static EXTENSION_UNDECODABLE: Check = Check {
    id: "extension-undecodable",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2")],
    title: "The extensions can be decoded",
    why: "A reader has to refuse a certificate with a critical extension that it cannot process, and what an \
          undecodable one says, such as host names, is lost in any case.",
    remedy: "Have the certificate issued anew with another program.",
    look: Each { applies: |_, subject| subject.is_on_path(), at: undecodable },
};

fn undecodable(_: &Case, subject: &Subject) -> Outcome {
    match decode_all(&subject.certificate) {
        Ok(()) => Outcome::Met,
        Err(malformed) => Outcome::NotMet(malformed.to_string()),
    }
}

fn decode_all(certificate: &Certificate) -> Result<(), Malformed> {
    fn decodes<'a, T: Decode<'a>>(extension: &Extension<'a>) -> Result<(), Malformed> {
        extension.decode::<T>().map(drop)
    }
    certificate.extensions().iter().try_for_each(|extension| match extension.oid {
        oid::SUBJECT_KEY_IDENTIFIER => decodes::<SubjectKeyIdentifier<'_>>(&extension),
        oid::KEY_USAGE => decodes::<KeyUsage>(&extension),
        oid::SUBJECT_ALT_NAME => decodes::<SubjectAltName<'_>>(&extension),
        oid::ISSUER_ALT_NAME => decodes::<IssuerAltName<'_>>(&extension),
        oid::BASIC_CONSTRAINTS => decodes::<BasicConstraints>(&extension),
        oid::NAME_CONSTRAINTS => decodes::<NameConstraints<'_>>(&extension),
        oid::CRL_DISTRIBUTION_POINTS => decodes::<CrlDistributionPoints<'_>>(&extension),
        oid::CERTIFICATE_POLICIES => decodes::<CertificatePolicies<'_>>(&extension),
        oid::POLICY_MAPPINGS => decodes::<PolicyMappings<'_>>(&extension),
        oid::AUTHORITY_KEY_IDENTIFIER => decodes::<AuthorityKeyIdentifier<'_>>(&extension),
        oid::POLICY_CONSTRAINTS => decodes::<PolicyConstraints>(&extension),
        oid::EXTENDED_KEY_USAGE => decodes::<ExtendedKeyUsage<'_>>(&extension),
        oid::FRESHEST_CRL => decodes::<FreshestCrl<'_>>(&extension),
        oid::INHIBIT_ANY_POLICY => decodes::<InhibitAnyPolicy>(&extension),
        oid::AUTHORITY_INFO_ACCESS => decodes::<AuthorityInfoAccess<'_>>(&extension),
        _ => Ok(()),
    })
}

/// A critical extension is one that clients do not know.
pub static EXTENSION_UNKNOWN_CRITICAL: Check = Check {
    id: "extension-unknown-critical",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2"), Rfc5280("6.1.4"), Rfc5280("6.1.5")],
    title: "Every critical extension is one that clients know",
    why: "\u{201c}Critical\u{201d} means: who does not understand this must refuse the certificate. A vendor's own \
          extension marked so shuts out every other vendor's program.",
    remedy: "Have the certificate issued anew with this extension not critical, or without it.",
    look: Each { applies: |_, subject| subject.is_on_path(), at: unknown_critical },
};

/// What the usual libraries process when it is critical.
const UNDERSTOOD: [Oid<'static>; 17] = [
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::ISSUER_ALT_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::NAME_CONSTRAINTS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::POLICY_CONSTRAINTS,
    oid::EXTENDED_KEY_USAGE,
    oid::FRESHEST_CRL,
    oid::INHIBIT_ANY_POLICY,
    oid::AUTHORITY_INFO_ACCESS,
    oid::TLS_FEATURE,
    oid::NETSCAPE_CERT_TYPE,
];

fn unknown_critical(_: &Case, subject: &Subject) -> Outcome {
    let unknown: Vec<String> = subject
        .certificate
        .extensions()
        .iter()
        .filter(|extension| extension.critical && !UNDERSTOOD.contains(&extension.oid))
        .map(|extension| named(extension.oid))
        .collect();
    Outcome::not_met_if(!unknown.is_empty(), || {
        format!("critical and not commonly known: {}", shown(&unknown.join(", ")))
    })
}

//! Who the subject is, and whose key is whose (OPC 10000-6 sections 6.2.2 to 6.2.4).

use super::super::Clause::{Opc, Rfc5280};
use super::super::Look::Each;
use super::super::case::shown;
use super::super::{Case, Check, Outcome, Severity, Subject};
use crate::cert::extension::{AuthorityKeyIdentifier, SubjectKeyIdentifier};
use crate::oid;
use crate::path::Agreement;
use crate::text::Hex;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &OPCUA_COMMON_NAME_MISSING,
    &OPCUA_ORGANIZATION_MISSING,
    &OPCUA_ISSUER_KEY_UNNAMED,
    &OPCUA_ISSUER_KEY_DIFFERS,
    &OPCUA_OWN_KEY_UNNAMED,
];

fn has_name(case: &Case, subject: &Subject) -> bool {
    subject.is_leaf() || (subject.is_authority() && case.minds_form_of(subject))
}

/// The subject has no common name.
pub static OPCUA_COMMON_NAME_MISSING: Check = Check {
    id: "opcua-common-name-missing",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.2"), Opc(6, "6.2.3"), Opc(6, "6.2.4")],
    title: "The subject has a common name",
    why: "The standard requires it: the name of the application, the user or the CA. Lists of trusted and rejected \
          certificates show it, stores use it for file names, and stacks refuse a certificate with an empty subject.",
    remedy: "Recreate the certificate with a common name, such as `CN=Pump Control,O=Plant`.",
    look: Each { applies: has_name, at: common_name },
};

fn common_name(_: &Case, subject: &Subject) -> Outcome {
    let name = subject.certificate.subject();
    let is_missing = name.first(oid::COMMON_NAME).is_none_or(|text| text.trim().is_empty());
    Outcome::not_met_if(is_missing, || match name.is_empty() {
        true => "its subject is empty".to_owned(),
        false => format!("its subject is {}", shown(&format!("{name:#}"))),
    })
}

/// The subject has no organization.
pub static OPCUA_ORGANIZATION_MISSING: Check = Check {
    id: "opcua-organization-missing",
    severity: Severity::Warning,
    clauses: &[Opc(6, "6.2.2")],
    title: "The subject has an organization",
    why: "The newest text of edition 1.05 requires the organization that runs the application; earlier ones do not, \
          and no stack refuses a certificate without it. So this is a warning.",
    remedy: "At the next renewal add the organization: `CN=Pump Control,O=Plant`.",
    look: Each { applies: super::is_leaf, at: organization },
};

fn organization(_: &Case, subject: &Subject) -> Outcome {
    let name = subject.certificate.subject();
    Outcome::not_met_if(name.first(oid::ORGANIZATION).is_none(), || {
        format!("its subject is {}", shown(&format!("{name:#}")))
    })
}

/// A certificate that is not self-signed does not name its issuer's key.
pub static OPCUA_ISSUER_KEY_UNNAMED: Check = Check {
    id: "opcua-issuer-key-unnamed",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.2"), Opc(6, "6.2.4"), Rfc5280("4.2.1.1")],
    title: "A certificate issued by a CA has an authorityKeyIdentifier",
    why: "The standard requires an authorityKeyIdentifier. After a CA was renewed there are two with the same name, \
          and only the identifier shows which of them issued the certificate; node-opcua uses only the identifier and \
          finds no issuer without it.",
    remedy: "Reissue it with `authorityKeyIdentifier = keyid` (openssl).",
    look: Each { applies: is_issued, at: issuer_key },
};

fn is_issued(case: &Case, subject: &Subject) -> bool {
    has_name(case, subject) && !subject.certificate.is_self_issued()
}

fn issuer_key(_: &Case, subject: &Subject) -> Outcome {
    match subject.certificate.extension::<AuthorityKeyIdentifier<'_>>() {
        Ok(None) => Outcome::NotMet("it has no authorityKeyIdentifier".to_owned()),
        Ok(Some(authority)) => Outcome::not_met_if(authority.key_id.is_none() && authority.serial.is_none(), || {
            "its authorityKeyIdentifier is empty".to_owned()
        }),
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}

/// The issuer's key that is named is not the issuer's.
pub static OPCUA_ISSUER_KEY_DIFFERS: Check = Check {
    id: "opcua-issuer-key-differs",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.1"), Opc(6, "6.2.2")],
    title: "The authorityKeyIdentifier matches the issuer's key",
    why: "The signature verifies, but the certificate names another key. Stacks that look for the issuer by the \
          identifier do not find it and answer BadCertificateChainIncomplete.",
    remedy: "Compare both with `certkit inspect --full FILE`. If the CA's certificate was recreated with another \
             program, reissue it with the old identifier, or reissue the certificate.",
    look: Each { applies: |case, subject| case.issuer_of(subject).is_some(), at: issuer_key_differs },
};

fn issuer_key_differs(case: &Case, subject: &Subject) -> Outcome {
    let link = subject.position.and_then(|position| case.path.links.get(position));
    let differs = link.is_some_and(|link| link.key_identifier == Agreement::Differs);
    Outcome::not_met_if(differs, || {
        let named = subject.certificate.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten();
        let named = named.and_then(|it| it.key_id).map(|key| Hex(key).to_string()).unwrap_or_default();
        let issuer = case.issuer_of(subject);
        let own = issuer.and_then(|it| it.certificate.extension::<SubjectKeyIdentifier<'_>>().ok().flatten());
        let own = own.map(|key| Hex(key.0).to_string()).unwrap_or_default();
        format!("it names {}, its issuer has {}", shown(&named), shown(&own))
    })
}

/// Identifiers are missing that are recommended.
pub static OPCUA_OWN_KEY_UNNAMED: Check = Check {
    id: "opcua-own-key-unnamed",
    severity: Severity::Info,
    clauses: &[Opc(6, "6.2.2"), Rfc5280("4.2.1.2")],
    title: "A certificate has a subjectKeyIdentifier, a self-signed one also an authorityKeyIdentifier",
    why: "The identifiers are recommended, not required. node-opcua needs both: without them it does not recognize a \
          self-signed certificate and checks only its trusted list.",
    remedy: "At the next renewal add `subjectKeyIdentifier = hash` and `authorityKeyIdentifier = keyid:always` \
             (openssl).",
    look: Each { applies: has_name, at: own_key },
};

fn own_key(_: &Case, subject: &Subject) -> Outcome {
    let extensions = subject.certificate.extensions();
    let mut missing = Vec::new();
    if extensions.find(oid::SUBJECT_KEY_IDENTIFIER).is_none() {
        missing.push("subjectKeyIdentifier");
    }
    if subject.certificate.is_self_issued() && extensions.find(oid::AUTHORITY_KEY_IDENTIFIER).is_none() {
        missing.push("authorityKeyIdentifier");
    }
    Outcome::not_met_if(!missing.is_empty(), || format!("it has no {}", missing.join(" and no ")))
}

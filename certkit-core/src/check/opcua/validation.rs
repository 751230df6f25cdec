//! The results of OPC 10000-4 section 6.1.3, a check for each status code, in the order of the standard's steps.
//!
//! They look at a validation that was made, and concern nothing where none was. Why and remedy are also what
//! `explain BadCertificate...` says.

use super::super::Clause::{KepwareDeployment, Opc, Rfc5280};
use super::super::Look::Each;
use super::super::{Case, Check, Clause, Outcome, Severity, Subject};
use crate::opcua::validation::{Effect, NoteKind, Objection, Step};
use crate::status::StatusCode;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &OPCUA_CERTIFICATE_INVALID,
    &OPCUA_CERTIFICATE_CHAIN_INCOMPLETE,
    &OPCUA_CERTIFICATE_POLICY_CHECK_FAILED,
    &OPCUA_CERTIFICATE_UNTRUSTED,
    &OPCUA_CERTIFICATE_TIME_INVALID,
    &OPCUA_CERTIFICATE_ISSUER_TIME_INVALID,
    &OPCUA_CERTIFICATE_HOST_NAME_INVALID,
    &OPCUA_CERTIFICATE_URI_INVALID,
    &OPCUA_CERTIFICATE_USE_NOT_ALLOWED,
    &OPCUA_CERTIFICATE_ISSUER_USE_NOT_ALLOWED,
    &OPCUA_CERTIFICATE_REVOCATION_UNKNOWN,
    &OPCUA_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN,
    &OPCUA_CERTIFICATE_REVOKED,
    &OPCUA_CERTIFICATE_ISSUER_REVOKED,
    &OPCUA_ERROR_SUPPRESSED,
    &OPCUA_LENIENTLY_ACCEPTED,
];

/// The check for a result of a validation.
pub fn of(code: StatusCode) -> Option<&'static Check> {
    let id = kebab(code.name()?.strip_prefix("Bad")?);
    CHECKS.iter().copied().find(|check| check.id.strip_prefix("opcua-") == Some(id.as_str()))
}

/// `CertificateUriInvalid` as `certificate-uri-invalid`.
fn kebab(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len().saturating_add(8));
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

fn is_validated_leaf(case: &Case, subject: &Subject) -> bool {
    case.validation.is_some() && subject.position == Some(0)
}

fn is_validated_issuer(case: &Case, subject: &Subject) -> bool {
    case.validation.is_some() && subject.is_issuer()
}

fn is_validated(case: &Case, subject: &Subject) -> bool {
    case.validation.is_some() && subject.is_on_path()
}

/// The objections of some steps to a subject that lead to a refusal.
fn objections(case: &Case, subject: &Subject, steps: &[Step]) -> Outcome {
    let is_meant = |objection: &&Objection| {
        Some(objection.position) == subject.position
            && objection.effect == Effect::Refused
            && steps.contains(&objection.step)
    };
    let said = |objection: &Objection| objection.kind.to_string();
    let objections = case.validation.iter().flat_map(|validation| validation.objections.iter());
    let evidence: Vec<String> = objections.filter(is_meant).take(4).map(said).collect();
    Outcome::not_met_if(!evidence.is_empty(), || evidence.join("; "))
}

macro_rules! result_checks {
    ($($(#[$doc:meta])* $name:ident {
        id: $id:literal,
        applies: $applies:ident,
        steps: $steps:expr,
        clauses: $clauses:expr,
        title: $title:literal,
        why: $why:literal,
        remedy: $remedy:literal,
    })*) => {
        $(
            $(#[$doc])*
            pub static $name: Check = Check {
                id: $id,
                severity: Severity::Error,
                clauses: $clauses,
                title: $title,
                why: $why,
                remedy: $remedy,
                look: Each { applies: $applies, at: |case, subject| objections(case, subject, $steps) },
            };
        )*
    };
}

const VALIDATION: Clause = Opc(4, "6.1.3");

result_checks! {
    /// Steps 1 and 3: `BadCertificateInvalid`.
    OPCUA_CERTIFICATE_INVALID {
        id: "opcua-certificate-invalid",
        applies: is_validated,
        steps: &[Step::Structure, Step::Signature],
        clauses: &[VALIDATION, Rfc5280("4.1")],
        title: "The certificate can be read, and its signature verifies",
        why: "BadCertificateInvalid: the structure cannot be decoded, a name is empty, or a signature of the chain \
              does not verify. The file is damaged, was changed after it was signed, or the CA was recreated with \
              another key under the same name. open62541 also returns this for a wrong ApplicationUri.",
        remedy: "Copy the file again from where it was made, in binary mode, and compare thumbprints on both sides. If \
                 the CA was recreated, have the certificate issued by the new one and replace the CA in the lists.",
    }
    /// Step 2: `BadCertificateChainIncomplete`.
    OPCUA_CERTIFICATE_CHAIN_INCOMPLETE {
        id: "opcua-certificate-chain-incomplete",
        applies: is_validated,
        steps: &[Step::Chain],
        clauses: &[VALIDATION, Opc(6, "6.2.6")],
        title: "Every issuer up to the root is in one of the lists",
        why: "BadCertificateChainIncomplete: an issuer is in neither list and was not sent. The chain has to end at a \
              self-signed root, even if the certificate itself or a CA below the root is trusted. Usually the \
              application's certificate was trusted without its CA, or the sub-CA was added without the root.",
        remedy: "Put every CA of the chain up to the root, each with its revocation list, into issuers/certs and \
                 issuers/crl; those whose certificates are all to be trusted into trusted/certs and trusted/crl. With \
                 certkit: `certkit trust add opcua:PKI ca.der`.",
    }
    /// Step 4: `BadCertificatePolicyCheckFailed`.
    OPCUA_CERTIFICATE_POLICY_CHECK_FAILED {
        id: "opcua-certificate-policy-check-failed",
        applies: is_validated,
        steps: &[Step::Policy],
        clauses: &[VALIDATION, Opc(7, "6.6"), KepwareDeployment("6.1.3")],
        title: "The security policy allows the keys and signatures of the chain",
        why: "BadCertificatePolicyCheckFailed: a key is too short, too long or of a type that the endpoint's policy \
              does not allow, or a signature uses SHA-1. Certificates of old devices, and an endpoint whose policy is \
              for another key type, are the usual causes.",
        remedy: "Create a new key and certificate for the application with RSA 2048 and SHA-256, which every current \
                 RSA policy allows (`certkit generate opcua`), or choose an endpoint whose policy allows the key. In \
                 Kepware: OPC UA Configuration Manager, Instance Certificates, Reissue certificate.",
    }
    /// Step 5: `BadCertificateUntrusted`.
    OPCUA_CERTIFICATE_UNTRUSTED {
        id: "opcua-certificate-untrusted",
        applies: is_validated_leaf,
        steps: &[Step::Trust],
        clauses: &[VALIDATION],
        title: "The certificate or a CA of its chain is in the trusted list",
        why: "BadCertificateUntrusted: the certificate is not trusted yet. This is normal at the first connection, and \
              after an application was reinstalled with a new certificate. A CA in the issuer list only completes \
              chains; node-opcua requires the certificate itself even if its CA is trusted.",
        remedy: "Compare the thumbprint with the one that the other side shows, then trust the certificate: move it \
                 from rejected to trusted/certs (`certkit trust approve opcua:PKI CERT`). In Kepware: OPC UA \
                 Configuration Manager, Trusted Clients (or Trusted Servers), Trust; then Runtime, Reinitialize.",
    }
    /// Step 6: `BadCertificateTimeInvalid`.
    OPCUA_CERTIFICATE_TIME_INVALID {
        id: "opcua-certificate-time-invalid",
        applies: is_validated_leaf,
        steps: &[Step::Validity],
        clauses: &[VALIDATION, Rfc5280("4.1.2.5")],
        title: "The certificate is valid at the time of the check",
        why: "BadCertificateTimeInvalid: the certificate has expired or is not valid yet. If a new certificate fails \
              here, a clock is wrong: a controller without battery starts in 1970, or local time was used as UTC.",
        remedy: "Compare the clocks of both sides with UTC. If they are right, renew the certificate, preferably with \
                 the same key, names and ApplicationUri, and let the peers trust the new one: `certkit renew`. In \
                 Kepware: OPC UA Configuration Manager, Instance Certificates, Reissue certificate.",
    }
    /// Step 6 for an issuer: `BadCertificateIssuerTimeInvalid`.
    OPCUA_CERTIFICATE_ISSUER_TIME_INVALID {
        id: "opcua-certificate-issuer-time-invalid",
        applies: is_validated_issuer,
        steps: &[Step::Validity],
        clauses: &[VALIDATION, Rfc5280("4.1.2.5")],
        title: "Every issuer is valid at the time of the check",
        why: "BadCertificateIssuerTimeInvalid: a CA of the chain has expired or is not valid yet, which invalidates \
              everything that it issued.",
        remedy: "Renew the CA's certificate with the same key and name, and add it to or replace it in the lists of \
                 all peers; the certificates it issued stay valid.",
    }
    /// Step 7: `BadCertificateHostNameInvalid`.
    OPCUA_CERTIFICATE_HOST_NAME_INVALID {
        id: "opcua-certificate-host-name-invalid",
        applies: is_validated_leaf,
        steps: &[Step::HostName],
        clauses: &[VALIDATION, Opc(6, "6.2.2")],
        title: "The host of the URL is among the hosts of the server's certificate",
        why: "BadCertificateHostNameInvalid: the client reached the server by a name or address that its certificate \
              does not have. Usual causes: the computer was renamed, an address is used but the certificate has only \
              the name, or a router is in between.",
        remedy: "Use a host in the URL that the certificate has, or recreate the server's certificate with every name \
                 and address in use: `certkit generate opcua --dns NAME --ip ADDRESS`. An administrator of the client \
                 may disable the check.",
    }
    /// Step 8: `BadCertificateUriInvalid`.
    OPCUA_CERTIFICATE_URI_INVALID {
        id: "opcua-certificate-uri-invalid",
        applies: is_validated_leaf,
        steps: &[Step::ApplicationUri],
        clauses: &[VALIDATION, Opc(4, "5.7.2"), Opc(6, "6.2.2")],
        title: "The peer's ApplicationUri is the one in its certificate",
        why: "BadCertificateUriInvalid: the ApplicationUri of the application's description and the URI in the \
              subjectAltName of its certificate are not identical. The application's settings were changed or copied \
              after the certificate was made, the certificate was made by a tool with another URI, or it has no URI at \
              all.",
        remedy: "Look at the certificate's URI with `certkit inspect FILE` and set the application's ApplicationUri to \
                 it, or recreate the certificate with the application's: `certkit generate opcua --application-uri \
                 URI`.",
    }
    /// Step 9: `BadCertificateUseNotAllowed`.
    OPCUA_CERTIFICATE_USE_NOT_ALLOWED {
        id: "opcua-certificate-use-not-allowed",
        applies: is_validated_leaf,
        steps: &[Step::Usage],
        clauses: &[VALIDATION, Opc(6, "6.2.2"), Opc(6, "6.2.3")],
        title: "The certificate allows its use",
        why: "BadCertificateUseNotAllowed: keyUsage or extKeyUsage lacks a required value, or an application presents \
              a CA certificate. Certificates that were made for web servers lack dataEncipherment, nonRepudiation and \
              clientAuth.",
        remedy: "Recreate the certificate for OPC UA: keyUsage digitalSignature, nonRepudiation, keyEncipherment, \
                 dataEncipherment (RSA), extKeyUsage serverAuth and clientAuth, CA:FALSE. `certkit generate opcua` \
                 does this.",
    }
    /// Step 9 for an issuer: `BadCertificateIssuerUseNotAllowed`.
    OPCUA_CERTIFICATE_ISSUER_USE_NOT_ALLOWED {
        id: "opcua-certificate-issuer-use-not-allowed",
        applies: is_validated_issuer,
        steps: &[Step::Usage],
        clauses: &[VALIDATION, Opc(6, "6.2.4"), Rfc5280("6.1.4")],
        title: "Every issuer may issue certificates and revocation lists",
        why: "BadCertificateIssuerUseNotAllowed: an issuer is not a CA, its keyUsage lacks keyCertSign or cRLSign, or \
              its path length is exceeded.",
        remedy: "Reissue the CA's certificate with `CA:TRUE` and `keyUsage = critical, keyCertSign, cRLSign`; with the \
                 same key and name, the certificates it has issued stay valid.",
    }
    /// Step 10: `BadCertificateRevocationUnknown`.
    OPCUA_CERTIFICATE_REVOCATION_UNKNOWN {
        id: "opcua-certificate-revocation-unknown",
        applies: is_validated_leaf,
        steps: &[Step::RevocationList],
        clauses: &[VALIDATION, Opc(6, "6.2.4"), Rfc5280("6.3")],
        title: "A revocation list of the issuer is available",
        why: "BadCertificateRevocationUnknown: there is no revocation list of the CA that issued the certificate, it \
              has expired, or its signature does not verify. Private CAs often issue none; an empty one is required \
              then. A self-signed certificate needs no list.",
        remedy: "Get the CA's current revocation list, or make one (`certkit revoke --issuer ca.pem --issuer-key \
                 ca.key`), and put it into the crl folder beside the CA: trusted/crl or issuers/crl. Renew it before \
                 its nextUpdate.",
    }
    /// Step 10 for an issuer: `BadCertificateIssuerRevocationUnknown`.
    OPCUA_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN {
        id: "opcua-certificate-issuer-revocation-unknown",
        applies: is_validated_issuer,
        steps: &[Step::RevocationList],
        clauses: &[VALIDATION, Opc(6, "6.2.4"), Rfc5280("6.3")],
        title: "A revocation list is available for every CA below the root",
        why: "BadCertificateIssuerRevocationUnknown: the sub-CA's list is present, but not that of the CA above it, \
              which shows whether the sub-CA itself is revoked. Each CA of the chain needs its own.",
        remedy: "Put the revocation list of every CA up to the root beside its certificate: trusted/crl or \
                 issuers/crl.",
    }
    /// Step 11: `BadCertificateRevoked`.
    OPCUA_CERTIFICATE_REVOKED {
        id: "opcua-certificate-revoked",
        applies: is_validated_leaf,
        steps: &[Step::Revocation],
        clauses: &[VALIDATION, Rfc5280("6.3")],
        title: "The certificate is not on its issuer's revocation list",
        why: "BadCertificateRevoked: the CA has revoked the certificate: its key may be compromised, or it was \
              replaced. The error applies even if the certificate is in the trusted list, and cannot be suppressed. \
              The peer receives BadSecurityChecksFailed.",
        remedy: "Ask the CA's operator for the reason, and have a new certificate issued for a new key. Remove the \
                 revoked one from all trusted lists.",
    }
    /// Step 11 for an issuer: `BadCertificateIssuerRevoked`.
    OPCUA_CERTIFICATE_ISSUER_REVOKED {
        id: "opcua-certificate-issuer-revoked",
        applies: is_validated_issuer,
        steps: &[Step::Revocation],
        clauses: &[VALIDATION, Rfc5280("6.3")],
        title: "No CA of the chain is on a revocation list",
        why: "BadCertificateIssuerRevoked: a sub-CA was revoked by the CA above it, and with it everything that it \
              issued.",
        remedy: "Have every certificate that the sub-CA issued reissued by another CA, and remove the sub-CA from all \
                 lists.",
    }
}

/// An error was switched off.
pub static OPCUA_ERROR_SUPPRESSED: Check = Check {
    id: "opcua-error-suppressed",
    severity: Severity::Warning,
    clauses: &[VALIDATION, Opc(12, "7.8.2")],
    title: "No validation error was suppressed",
    why: "An administrator may suppress certain errors; the certificate is then accepted. The standard requires every \
          one of them in the audit log.",
    remedy: "Fix the cause and remove the suppression.",
    look: Each { applies: is_validated, at: suppressed },
};

fn suppressed(case: &Case, subject: &Subject) -> Outcome {
    let suppressed = case.validation.iter().flat_map(|validation| validation.suppressed());
    let said: Vec<String> = suppressed
        .filter(|objection| Some(objection.position) == subject.position)
        .take(4)
        .map(|objection| format!("{}: {}", objection.code().name().unwrap_or_default(), objection.kind))
        .collect();
    Outcome::not_met_if(!said.is_empty(), || said.join("; "))
}

/// Something was accepted by a lenient reading.
pub static OPCUA_LENIENTLY_ACCEPTED: Check = Check {
    id: "opcua-leniently-accepted",
    severity: Severity::Warning,
    clauses: &[VALIDATION],
    title: "Nothing was accepted that a stricter peer may refuse",
    why: "The standard can be read more strictly here, or well-known stacks do not follow it. certkit used the lenient \
          reading; a peer with the strict one refuses the certificate.",
    remedy: "No action is needed while all peers accept it. At the next renewal fix it.",
    look: Each { applies: is_validated, at: lenient },
};

fn lenient(case: &Case, subject: &Subject) -> Outcome {
    let notes = case.validation.iter().flat_map(|validation| validation.notes.iter());
    let kinds = notes.filter(|note| Some(note.position) == subject.position).map(|note| note.kind);
    // What no stack that is known minds is for the other checks to tell.
    let is_minded = |kind: &NoteKind| !matches!(kind, NoteKind::LongerThanIssuer | NoteKind::StrongerDigest);
    let said: Vec<String> = kinds.filter(is_minded).map(|kind| kind.to_string()).collect();
    Outcome::not_met_if(!said.is_empty(), || said.join("; "))
}

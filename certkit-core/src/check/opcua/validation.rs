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
        why: "BadCertificateInvalid: the structure cannot be made out, a name is empty, or a signature of the chain was \
              not made by the key that should have made it. The file was damaged on its way, was changed after it was \
              signed, or the CA was set up anew with another key under the same name. open62541 also answers this to a \
              wrong ApplicationUri.",
        remedy: "Copy the file again from where it was made, in binary mode, and compare thumbprints on both sides. If \
                 the CA was set up anew, have the certificate issued by the new one and exchange the CA in the lists.",
    }
    /// Step 2: `BadCertificateChainIncomplete`.
    OPCUA_CERTIFICATE_CHAIN_INCOMPLETE {
        id: "opcua-certificate-chain-incomplete",
        applies: is_validated,
        steps: &[Step::Chain],
        clauses: &[VALIDATION, Opc(6, "6.2.6")],
        title: "Every issuer up to the root is in one of the lists",
        why: "BadCertificateChainIncomplete: an issuer is in neither list and was not sent along. The chain has to \
              lead up to a self-signed root, even where the certificate itself or a CA below the root is trusted. \
              Somebody trusted the application's certificate and forgot its CA, or put the sub-CA into the list and \
              forgot the root.",
        remedy: "Put every CA of the chain up to the root, each with its revocation list, into issuers/certs and \
                 issuers/crl; those whose certificates are all to be trusted into trusted/certs and trusted/crl. With \
                 the tool: `certkit trust add opcua:PKI ca.der`.",
    }
    /// Step 4: `BadCertificatePolicyCheckFailed`.
    OPCUA_CERTIFICATE_POLICY_CHECK_FAILED {
        id: "opcua-certificate-policy-check-failed",
        applies: is_validated,
        steps: &[Step::Policy],
        clauses: &[VALIDATION, Opc(7, "6.6"), KepwareDeployment("6.1.3")],
        title: "Keys and signatures of the chain fit the security policy",
        why: "BadCertificatePolicyCheckFailed: a key is too short, too long or of another kind than the policy of the \
              endpoint takes, or a signature is over SHA-1. Certificates of old devices, and an endpoint whose policy \
              is for another kind of key, are the usual causes.",
        remedy: "Make the application a new key and certificate with RSA 2048 and SHA-256, which every current RSA \
                 policy takes (`certkit generate opcua`), or choose an endpoint whose policy fits the key. In Kepware: \
                 OPC UA Configuration Manager, Instance Certificates, Reissue certificate.",
    }
    /// Step 5: `BadCertificateUntrusted`.
    OPCUA_CERTIFICATE_UNTRUSTED {
        id: "opcua-certificate-untrusted",
        applies: is_validated_leaf,
        steps: &[Step::Trust],
        clauses: &[VALIDATION],
        title: "The certificate or a CA of its chain is in the trusted list",
        why: "BadCertificateUntrusted: nobody has trusted the certificate yet. That is the normal case at the first \
              contact, and after an application was installed anew and has a new certificate. A CA in the issuer list \
              completes chains and trusts nothing; node-opcua also wants the certificate itself where a CA is trusted.",
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
        title: "The moment lies inside the validity of the certificate",
        why: "BadCertificateTimeInvalid: the certificate has expired or is not valid yet. When a fresh certificate \
              fails here, a clock is wrong: a controller without battery lives in 1970, and local time was taken for \
              UTC.",
        remedy: "Compare the clocks of both sides with UTC. If they are right, make the certificate anew, best with \
                 the same key, names and ApplicationUri, and have the partners trust the new one: `certkit renew`. In \
                 Kepware: OPC UA Configuration Manager, Instance Certificates, Reissue certificate.",
    }
    /// Step 6 for an issuer: `BadCertificateIssuerTimeInvalid`.
    OPCUA_CERTIFICATE_ISSUER_TIME_INVALID {
        id: "opcua-certificate-issuer-time-invalid",
        applies: is_validated_issuer,
        steps: &[Step::Validity],
        clauses: &[VALIDATION, Rfc5280("4.1.2.5")],
        title: "The moment lies inside the validity of every issuer",
        why: "BadCertificateIssuerTimeInvalid: a CA of the chain has expired or is not valid yet, and takes along \
              everything that it issued.",
        remedy: "Renew the CA's certificate with the same key and name, and put the new one beside or in place of the \
                 old one in the lists of all partners; what the CA issued stays good.",
    }
    /// Step 7: `BadCertificateHostNameInvalid`.
    OPCUA_CERTIFICATE_HOST_NAME_INVALID {
        id: "opcua-certificate-host-name-invalid",
        applies: is_validated_leaf,
        steps: &[Step::HostName],
        clauses: &[VALIDATION, Opc(6, "6.2.2")],
        title: "The host of the URL is among the hosts of the server's certificate",
        why: "BadCertificateHostNameInvalid: the client reached the server by a name or address that its certificate \
              does not have. The computer was renamed, an address is used where the certificate has the name alone, or \
              a router stands between them.",
        remedy: "Use a host in the URL that the certificate has, or make the server's certificate anew with every name \
                 and address in use: `certkit generate opcua --dns NAME --ip ADDRESS`. An administrator of the client \
                 may switch the check off.",
    }
    /// Step 8: `BadCertificateUriInvalid`.
    OPCUA_CERTIFICATE_URI_INVALID {
        id: "opcua-certificate-uri-invalid",
        applies: is_validated_leaf,
        steps: &[Step::ApplicationUri],
        clauses: &[VALIDATION, Opc(4, "5.7.2"), Opc(6, "6.2.2")],
        title: "The ApplicationUri that the peer tells is the one in its certificate",
        why: "BadCertificateUriInvalid: the ApplicationUri of the application's description and the URI in the \
              subjectAltName of its certificate differ, in whatever letter. The application's settings were changed \
              or copied after the certificate was made, the certificate was made by a tool with another URI, or it has \
              no URI at all.",
        remedy: "Look at the certificate's URI with `certkit inspect FILE` and set the application's ApplicationUri to \
                 it, or make the certificate anew with the application's: `certkit generate opcua --application-uri \
                 URI`.",
    }
    /// Step 9: `BadCertificateUseNotAllowed`.
    OPCUA_CERTIFICATE_USE_NOT_ALLOWED {
        id: "opcua-certificate-use-not-allowed",
        applies: is_validated_leaf,
        steps: &[Step::Usage],
        clauses: &[VALIDATION, Opc(6, "6.2.2"), Opc(6, "6.2.3")],
        title: "The certificate may be used for what it is used for",
        why: "BadCertificateUseNotAllowed: keyUsage or extKeyUsage lack something, or a CA's certificate is shown for \
              an application's. Certificates that were made for web servers lack dataEncipherment, nonRepudiation and \
              clientAuth.",
        remedy: "Make the certificate anew for OPC UA: keyUsage digitalSignature, nonRepudiation, keyEncipherment, \
                 dataEncipherment (RSA), extKeyUsage serverAuth and clientAuth, CA:FALSE. `certkit generate opcua` \
                 does so by itself.",
    }
    /// Step 9 for an issuer: `BadCertificateIssuerUseNotAllowed`.
    OPCUA_CERTIFICATE_ISSUER_USE_NOT_ALLOWED {
        id: "opcua-certificate-issuer-use-not-allowed",
        applies: is_validated_issuer,
        steps: &[Step::Usage],
        clauses: &[VALIDATION, Opc(6, "6.2.4"), Rfc5280("6.1.4")],
        title: "Every issuer may issue certificates and revocation lists",
        why: "BadCertificateIssuerUseNotAllowed: an issuer is no CA, its keyUsage lacks keyCertSign or cRLSign, or more \
              CAs stand below it than it allows.",
        remedy: "Make the CA's certificate anew with `CA:TRUE` and `keyUsage = critical, keyCertSign, cRLSign`; with \
                 the same key and name, what it has issued stays good.",
    }
    /// Step 10: `BadCertificateRevocationUnknown`.
    OPCUA_CERTIFICATE_REVOCATION_UNKNOWN {
        id: "opcua-certificate-revocation-unknown",
        applies: is_validated_leaf,
        steps: &[Step::RevocationList],
        clauses: &[VALIDATION, Opc(6, "6.2.4"), Rfc5280("6.3")],
        title: "A revocation list of the issuer is at hand",
        why: "BadCertificateRevocationUnknown: there is no revocation list of the CA that issued the certificate, it \
              has expired, or its signature does not verify. Private CAs often make none; one without entries is \
              wanted then, too. A self-signed certificate needs no list.",
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
        title: "A revocation list is at hand for every CA below the root",
        why: "BadCertificateIssuerRevocationUnknown: the list of the sub-CA is there, but not that of the CA above it, \
              which would say whether the sub-CA itself was revoked. Each CA of the chain needs its own.",
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
        why: "BadCertificateRevoked: the CA has revoked the certificate: its key may be in other hands, or a new \
              certificate has taken its place. That the certificate itself is in the trusted list does not help, and \
              nobody may waive it. The peer is told BadSecurityChecksFailed.",
        remedy: "Ask those who run the CA why, and have a new certificate issued for a new key. Take the revoked one \
                 out of all trusted lists.",
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
        remedy: "Have every certificate that the sub-CA issued issued anew by another one, and take the sub-CA out of \
                 all lists.",
    }
}

/// An error was switched off.
pub static OPCUA_ERROR_SUPPRESSED: Check = Check {
    id: "opcua-error-suppressed",
    severity: Severity::Warning,
    clauses: &[VALIDATION, Opc(12, "7.8.2")],
    title: "No error of the validation was switched off",
    why: "An administrator may switch certain errors off, and the certificate is accepted then. The standard wants \
          every one of them in the audit trail all the same.",
    remedy: "Mend the cause and take the suppression back.",
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
    title: "Nothing was accepted that a stricter partner may refuse",
    why: "In places the text can be read more strictly, or well-known stacks do not follow it. Here the lenient \
          reading was taken; a partner that takes the other one refuses the certificate.",
    remedy: "Nothing need be done while all partners accept it. At the next renewal mend what is named.",
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

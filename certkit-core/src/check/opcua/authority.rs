//! What is demanded of CAs (OPC 10000-6 section 6.2.4).

use super::super::Clause::{Opc, Rfc5280};
use super::super::Look::Each;
use super::super::case::shown;
use super::super::rfc5280::authority::listed;
use super::super::rfc5280::fields::named;
use super::super::{Case, Check, Outcome, Severity, Subject};
use crate::cert::extension::{ExtendedKeyUsage, KeyUsage};
use crate::opcua::validation::AUTHORITY_USAGE;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&OPCUA_CA_KEY_USAGE, &OPCUA_CA_PURPOSES];

fn is_authority(_: &Case, subject: &Subject) -> bool {
    subject.is_authority()
}

/// A CA may not sign both certificates and lists.
pub static OPCUA_CA_KEY_USAGE: Check = Check {
    id: "opcua-ca-key-usage",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.4"), Opc(4, "6.1.3"), Rfc5280("4.2.1.3")],
    title: "The keyUsage of a CA allows it to sign certificates and revocation lists",
    why: "OPC UA peers check revocation, so a CA needs cRLSign and keyCertSign. UA .NET Standard and open62541 require \
          both and answer BadCertificateIssuerUseNotAllowed; older editions of the standard did not list the bits. A \
          CA made for web servers may lack one.",
    remedy: "Reissue the CA certificate with `keyUsage = critical, keyCertSign, cRLSign`; with the same key and name, \
             the certificates it has issued stay valid.",
    look: Each { applies: is_authority, at: key_usage },
};

fn key_usage(_: &Case, subject: &Subject) -> Outcome {
    match subject.certificate.extension::<KeyUsage>() {
        Ok(Some(usage)) => {
            let missing = AUTHORITY_USAGE.without(usage);
            Outcome::not_met_if(!missing.is_empty(), || {
                format!("its keyUsage is {} without {}", listed(usage), listed(missing))
            })
        }
        Ok(None) => Outcome::NotMet("it has no keyUsage".to_owned()),
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}

/// A CA is limited to purposes.
pub static OPCUA_CA_PURPOSES: Check = Check {
    id: "opcua-ca-purposes",
    severity: Severity::Info,
    clauses: &[Opc(6, "6.2.4"), Rfc5280("4.2.1.12")],
    title: "A CA for OPC UA has no extKeyUsage",
    why: "The standard's table of CA certificates has no extKeyUsage. If a CA has one, Windows and OpenSSL apply it to \
          everything that it issues: applications need serverAuth and clientAuth.",
    remedy: "No action is needed if both serverAuth and clientAuth are listed; otherwise renew the CA's certificate \
             without extKeyUsage.",
    look: Each { applies: is_authority, at: purposes },
};

fn purposes(_: &Case, subject: &Subject) -> Outcome {
    match subject.certificate.extension::<ExtendedKeyUsage<'_>>() {
        Ok(Some(purposes)) => {
            let stated: Vec<String> = purposes.purposes().take(8).map(named).collect();
            Outcome::NotMet(format!("its extKeyUsage is {}", shown(&stated.join(", "))))
        }
        Ok(None) => Outcome::Met,
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}

//! What the certificate of an application may be used for (OPC 10000-6 section 6.2.2).

use super::super::Clause::{Opc, Rfc5280};
use super::super::Look::Each;
use super::super::case::shown;
use super::super::rfc5280::authority::listed;
use super::super::rfc5280::fields::named;
use super::super::{Case, Check, Outcome, Severity, Subject, Usage};
use super::{is_leaf, is_self_signed_leaf};
use crate::cert::Known;
use crate::cert::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use crate::oid::{self, Oid};
use crate::opcua::validation::{RSA_USAGE, has_rsa_key, is_authority};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &OPCUA_CONSTRAINTS_MISSING,
    &OPCUA_CA_FLAG_ON_LEAF,
    &OPCUA_LEAF_IS_CA,
    &OPCUA_KEY_USAGE,
    &OPCUA_KEY_CERT_SIGN_MISSING,
    &OPCUA_KEY_USAGE_EXCESSIVE,
    &OPCUA_PURPOSE_MISSING,
];

/// There are no basicConstraints.
pub static OPCUA_CONSTRAINTS_MISSING: Check = Check {
    id: "opcua-constraints-missing",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.2"), Opc(6, "6.2.3")],
    title: "The certificate of an application or user has basicConstraints with CA:FALSE",
    why: "The standard requires basicConstraints in every certificate. Without them it is undefined whether it is a \
          CA, and careful peers refuse it.",
    remedy: "Recreate the certificate with `basicConstraints = critical, CA:FALSE`.",
    look: Each { applies: is_leaf, at: constraints_missing },
};

fn constraints_missing(_: &Case, subject: &Subject) -> Outcome {
    Outcome::not_met_if(subject.certificate.extensions().find(oid::BASIC_CONSTRAINTS).is_none(), || {
        "it has no basicConstraints".to_owned()
    })
}

/// A self-signed leaf has the CA flag, as was the habit.
pub static OPCUA_CA_FLAG_ON_LEAF: Check = Check {
    id: "opcua-ca-flag-on-leaf",
    severity: Severity::Warning,
    clauses: &[Opc(6, "6.2.2"), Opc(4, "6.1.3")],
    title: "A self-signed certificate of an application has CA:FALSE",
    why: "Before edition 1.05 self-signed certificates usually had `CA:TRUE`; the current text requires `CA:FALSE`. \
          Peers still accept the old form if they check revocation, should refuse it if they do not, and an \
          administrator may refuse it altogether. The path length should then be 0.",
    remedy: "At the next renewal use `basicConstraints = critical, CA:FALSE`, as `certkit generate opcua` does.",
    look: Each { applies: is_self_signed_leaf, at: ca_flag },
};

fn ca_flag(_: &Case, subject: &Subject) -> Outcome {
    let known = Known::of(&subject.certificate);
    let constraints = subject.certificate.extension::<BasicConstraints>().ok().flatten();
    Outcome::not_met_if(known.is_ca() && !is_authority(&known), || {
        match constraints.and_then(|constraints| constraints.path_length) {
            None => "it is self-signed and has CA:TRUE, without a path length of 0".to_owned(),
            Some(length) => format!("it is self-signed and has CA:TRUE with the path length {length}"),
        }
    })
}

/// The leaf is a real CA.
pub static OPCUA_LEAF_IS_CA: Check = Check {
    id: "opcua-leaf-is-ca",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.2"), Opc(6, "6.2.3"), Opc(4, "6.1.3")],
    title: "The certificate of an application or user is not a CA certificate",
    why: "Anyone who trusts this certificate lets its holder issue certificates for any application. Peers answer \
          BadCertificateUseNotAllowed.",
    remedy: "Have a separate certificate issued for the application, with `basicConstraints = critical, CA:FALSE`.",
    look: Each { applies: is_leaf, at: leaf_is_ca },
};

fn leaf_is_ca(case: &Case, subject: &Subject) -> Outcome {
    let known = Known::of(&subject.certificate);
    let is_tolerated = is_self_signed_leaf(case, subject) && !is_authority(&known);
    Outcome::not_met_if(known.is_ca() && !is_tolerated, || match is_authority(&known) {
        true => "it has CA:TRUE, keyCertSign and cRLSign".to_owned(),
        false => "it has CA:TRUE, and a CA issued it".to_owned(),
    })
}

/// Usages are missing that the standard lists.
pub static OPCUA_KEY_USAGE: Check = Check {
    id: "opcua-key-usage",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.2"), Opc(4, "6.1.3"), Rfc5280("4.2.1.3")],
    title: "The keyUsage of an application has every bit that OPC UA requires",
    why: "The standard requires digitalSignature, nonRepudiation, keyEncipherment and dataEncipherment for RSA keys, \
          digitalSignature for elliptic curves. Peers answer BadCertificateUseNotAllowed if one is missing. UA .NET \
          Standard checks only dataEncipherment, so a certificate made for web servers fails there.",
    remedy: "Recreate the certificate with `keyUsage = critical, digitalSignature, nonRepudiation, keyEncipherment, \
             dataEncipherment` (RSA) or `keyUsage = critical, digitalSignature` (EC), and also keyCertSign if it is \
             self-signed.",
    look: Each { applies: is_leaf, at: key_usage },
};

fn key_usage(_: &Case, subject: &Subject) -> Outcome {
    let wanted = if has_rsa_key(&subject.certificate) { RSA_USAGE } else { KeyUsage::DIGITAL_SIGNATURE };
    match subject.certificate.extension::<KeyUsage>() {
        Ok(Some(usage)) => {
            let missing = wanted.without(usage);
            Outcome::not_met_if(!missing.is_empty(), || {
                format!("its keyUsage is {} without {}", listed(usage), listed(missing))
            })
        }
        Ok(None) => Outcome::NotMet(format!("it has no keyUsage; {} are required", listed(wanted))),
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}

/// A self-signed leaf may not sign certificates.
pub static OPCUA_KEY_CERT_SIGN_MISSING: Check = Check {
    id: "opcua-key-cert-sign-missing",
    severity: Severity::Warning,
    clauses: &[Opc(6, "6.2.2")],
    title: "The keyUsage of a self-signed certificate allows it to sign certificates",
    why: "A self-signed certificate signs itself, and the standard's table requires keyCertSign for it. Few stacks \
          check it, and node-opcua creates its own without it; so this is a warning.",
    remedy: "At the next renewal add keyCertSign to its keyUsage. This does not make it a CA.",
    look: Each { applies: is_self_signed_leaf, at: key_cert_sign },
};

fn key_cert_sign(_: &Case, subject: &Subject) -> Outcome {
    match subject.certificate.extension::<KeyUsage>() {
        Ok(Some(usage)) => Outcome::not_met_if(!usage.contains(KeyUsage::KEY_CERT_SIGN), || {
            format!("its keyUsage is {} without keyCertSign", listed(usage))
        }),
        // Another check says that there is none, or none that can be decoded.
        Ok(None) | Err(_) => Outcome::Met,
    }
}

/// The keyUsage has bits that are not needed.
pub static OPCUA_KEY_USAGE_EXCESSIVE: Check = Check {
    id: "opcua-key-usage-excessive",
    severity: Severity::Info,
    clauses: &[Opc(6, "6.2.2")],
    title: "The keyUsage of an application has only the bits that OPC UA requires",
    why: "Further bits are allowed but not recommended. UA .NET Standard adds nonRepudiation and keyAgreement to \
          certificates on elliptic curves; all peers accept them.",
    remedy: "No action is needed.",
    look: Each { applies: is_leaf, at: key_usage_excessive },
};

fn key_usage_excessive(case: &Case, subject: &Subject) -> Outcome {
    let mut wanted = if has_rsa_key(&subject.certificate) { RSA_USAGE } else { KeyUsage::DIGITAL_SIGNATURE };
    if is_self_signed_leaf(case, subject) {
        wanted = wanted.union(KeyUsage::KEY_CERT_SIGN);
    }
    let usage = subject.certificate.extension::<KeyUsage>().ok().flatten();
    let further = usage.map(|usage| usage.without(wanted)).filter(|further| !further.is_empty());
    match further {
        // That a CA is no application's is said elsewhere.
        Some(further) if !is_authority(&Known::of(&subject.certificate)) => {
            Outcome::NotMet(format!("its keyUsage also has {}", listed(further)))
        }
        _ => Outcome::Met,
    }
}

/// The purpose of the application's part is missing.
pub static OPCUA_PURPOSE_MISSING: Check = Check {
    id: "opcua-purpose-missing",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.2"), Opc(4, "6.1.3"), Rfc5280("4.2.1.12")],
    title: "The extKeyUsage of an application has serverAuth, clientAuth or both",
    why: "With an RSA key the standard requires extKeyUsage: serverAuth for a server, clientAuth for a client. On \
          elliptic curves it is optional, and limits the purposes if present. open62541 warns or refuses with \
          BadCertificateUseNotAllowed.",
    remedy: "Recreate the certificate with `extendedKeyUsage = serverAuth, clientAuth`, which allows both roles.",
    look: Each { applies: is_leaf, at: purpose },
};

fn purpose(case: &Case, subject: &Subject) -> Outcome {
    let (any_of, wanted): (&[Oid<'_>], &str) = match case.expectation.usage {
        Some(Usage::TlsServer) => (&[oid::SERVER_AUTH], "serverAuth"),
        Some(Usage::TlsClient) => (&[oid::CLIENT_AUTH], "clientAuth"),
        None => (&[oid::SERVER_AUTH, oid::CLIENT_AUTH], "serverAuth or clientAuth"),
    };
    match subject.certificate.extension::<ExtendedKeyUsage<'_>>() {
        Ok(Some(purposes)) => Outcome::not_met_if(!any_of.iter().any(|purpose| purposes.allows(*purpose)), || {
            let stated: Vec<String> = purposes.purposes().take(8).map(named).collect();
            format!("its extKeyUsage is {} without {wanted}", shown(&stated.join(", ")))
        }),
        Ok(None) => Outcome::not_met_if(has_rsa_key(&subject.certificate), || {
            format!("it has an RSA key and no extKeyUsage; {wanted} is required")
        }),
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}

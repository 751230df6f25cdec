//! Whether a certificate that is put among the trusted CAs is one.

use super::super::Clause::{self, KepwareDeployment, Opc, Rfc5280};
use super::super::Look::Each;
use super::super::case::{called, shown};
use super::super::{Case, Check, Outcome, Severity, Subject};
use crate::cert::extension::{BasicConstraints, KeyUsage, SubjectAltName};
use crate::cert::{Certificate, GeneralName};
use crate::crypto::signature::Failure;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&NOT_A_CA, &SERVER_AS_CA, &CA_BY_DEFAULT, &CA_NOT_TOP];

/// A leaf is imported where a CA is wanted.
pub static NOT_A_CA: Check = Check {
    id: "not-a-ca",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), Clause::ALWAYSON_NOTE],
    title: "The imported certificate is a CA",
    why: "A server's own certificate among the trusted CAs makes only itself trusted, if the program accepts it at \
          all, and has to be replaced at every renewal. Usually the wrong certificate of the chain was exported: the \
          first instead of the last.",
    remedy: "Import the CA at the top of the chain: `certkit fetch URL --part ca -o ca.cer` writes it. In Kepware it \
             goes to Administration > Settings > Certificate Store > Extend Trust Store.",
    look: Each { applies: |_, subject| is_imported(subject), at: not_a_ca },
};

fn is_imported(subject: &Subject) -> bool {
    subject.is_authority() && subject.position == Some(0)
}

fn not_a_ca(_: &Case, subject: &Subject) -> Outcome {
    let certificate = &subject.certificate;
    match certificate.extension::<BasicConstraints>() {
        Ok(Some(constraints)) if constraints.ca => Outcome::Met,
        Ok(Some(_)) => Outcome::NotMet("its basicConstraints have CA:FALSE".to_owned()),
        Ok(None) if certificate.version() < 3 && certificate.is_self_issued() => {
            Outcome::Undetermined("a version 1 root has no CA flag".to_owned())
        }
        Ok(None) => Outcome::NotMet("it has no basicConstraints with CA:TRUE".to_owned()),
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}

/// A server's self-signed certificate says that it is a CA.
pub static SERVER_AS_CA: Check = Check {
    id: "server-as-ca",
    severity: Severity::Error,
    clauses: &[KepwareDeployment("6.1.3"), KepwareDeployment("7.1.3"), Rfc5280("4.2.1.3")],
    title: "The imported CA is not a server's self-signed certificate",
    why: "`openssl req -x509` always writes `CA:TRUE`. A certificate with a host name and without keyCertSign was made \
          for a server. Trusting it as a CA means trusting every certificate that this server's key signs, for any \
          name, and importing it again at every renewal.",
    remedy: "Have the server's certificate issued by your plant's or company's CA and import that CA's root. If it \
             really is a CA, reissue it without host names and with `keyUsage = critical, keyCertSign, cRLSign`: \
             `certkit generate ca`.",
    look: Each { applies: |_, subject| is_imported(subject) && subject.certificate.is_ca(), at: server_as_ca },
};

fn server_as_ca(_: &Case, subject: &Subject) -> Outcome {
    let certificate = &subject.certificate;
    if !certificate.is_self_issued() {
        return Outcome::Met;
    }
    let may_sign = match certificate.extension::<KeyUsage>() {
        Ok(usage) => usage.is_some_and(|usage| usage.contains(KeyUsage::KEY_CERT_SIGN)),
        Err(malformed) => return Outcome::Undetermined(malformed.to_string()),
    };
    let names = match certificate.extension::<SubjectAltName<'_>>() {
        Ok(names) => names,
        Err(malformed) => return Outcome::Undetermined(malformed.to_string()),
    };
    let is_host = |name: &GeneralName<'_>| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
    let host = names.iter().flat_map(SubjectAltName::names).find(is_host);
    match host.filter(|_| !may_sign) {
        Some(host) => Outcome::NotMet(format!(
            "it is self-signed, has the host name `{}` and no keyCertSign: a server certificate, not a CA certificate",
            shown(&host.to_string())
        )),
        None => Outcome::Met,
    }
}

/// A self-signed certificate has the flag of a CA and nothing else.
pub static CA_BY_DEFAULT: Check = Check {
    id: "ca-by-default",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.3"), Opc(6, "6.2.2")],
    title: "A certificate with the CA flag is intended as a CA",
    why: "`openssl req -x509` always writes `CA:TRUE`, and most certificates with that flag and neither usages nor \
          names were meant for a server or an OPC UA application, where they do not work either.",
    remedy: "Find out what it is for, and recreate it: `certkit generate ca`, `certkit generate https --name HOST` or \
             `certkit generate opcua`. `certkit check --profile https FILE` or `--profile opcua` checks it for that \
             use.",
    look: Each { applies: |_, subject| is_imported(subject) && subject.certificate.is_ca(), at: by_default },
};

fn by_default(_: &Case, subject: &Subject) -> Outcome {
    Outcome::not_met_if(is_by_default(&subject.certificate), || {
        "it is self-signed, has the CA flag, and neither a subjectAltName nor keyCertSign nor cRLSign. As a CA it \
         lacks keyUsage (keyCertSign, cRLSign); as a server a subjectAltName with its host, and serverAuth; as an OPC \
         UA application a subjectAltName with its ApplicationUri, keyUsage and extKeyUsage"
            .to_owned()
    })
}

/// Whether a certificate has the flag of a CA because its maker sets it on everything: it has signed itself, and has
/// neither names nor the usages of a CA.
fn is_by_default(certificate: &Certificate) -> bool {
    is_flagged_alone(certificate) && matches!(certificate.extension::<SubjectAltName<'_>>(), Ok(None))
}

/// Whether a certificate has signed itself, and has the flag of a CA without the usages of one, whatever names it has.
pub(in super::super) fn is_flagged_alone(certificate: &Certificate) -> bool {
    let lacks = |usage: Option<KeyUsage>| {
        usage.is_none_or(|it| !it.contains(KeyUsage::KEY_CERT_SIGN) && !it.contains(KeyUsage::CRL_SIGN))
    };
    certificate.is_ca() && certificate.is_self_issued() && certificate.extension::<KeyUsage>().is_ok_and(lacks)
}

/// An intermediate is imported; the root stands above it.
pub static CA_NOT_TOP: Check = Check {
    id: "ca-not-top",
    severity: Severity::Info,
    clauses: &[Rfc5280("6.1.1")],
    title: "The imported CA is the root of its chain",
    why: "Some programs accept an intermediate as a trusted CA; others, such as OpenSSL by default, look for its \
          issuer and fail without it. Intermediates are also replaced more often than roots.",
    remedy: "Import the root as well, or instead: `certkit fetch URL --part ca -o ca.cer` finds it.",
    look: Each { applies: |_, subject| is_imported(subject) && subject.certificate.is_ca(), at: not_top },
};

fn not_top(case: &Case, subject: &Subject) -> Outcome {
    let certificate = &subject.certificate;
    if let Some(why) = case.path.end.given_up() {
        return Outcome::Undetermined(format!("the root of its chain was not found: {why}"));
    }
    // Whether a signature that certkit cannot verify is its own, `signature-not-verifiable` says.
    let is_own = matches!(certificate.verify_own_signature(), Ok(()) | Err(Failure::Unsupported(_)));
    if certificate.is_self_issued() && !is_own {
        return Outcome::NotMet("its issuer has the same name, but another key signed it".to_owned());
    }
    Outcome::not_met_if(!certificate.is_self_issued(), || {
        let issuer = format!("it is issued by {}", shown(&format!("{:#}", certificate.issuer())));
        match case.path.top().filter(|top| top.is_self_issued()) {
            Some(top) => format!("{issuer}; the root of its chain is {}", called(&top.subject())),
            None => format!("{issuer}; the root of its chain was not found"),
        }
    })
}

//! Whether a certificate that is put among the trusted CAs is one.

use super::super::Clause::{KepwareDeployment, Rfc5280};
use super::super::Look::Each;
use super::super::case::{called, shown};
use super::super::{Case, Check, Outcome, Severity, Subject};
use crate::cert::extension::BasicConstraints;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&NOT_A_CA, &CA_NOT_TOP];

/// A leaf is imported where a CA is wanted.
pub static NOT_A_CA: Check = Check {
    id: "not-a-ca",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), KepwareDeployment("7.1.3")],
    title: "What is imported as a CA is one",
    why: "A server's own certificate among the trusted CAs vouches for nothing but itself, if the program takes it at \
          all, and has to be exchanged at every renewal. Most often the wrong certificate of the chain was exported: \
          the first instead of the last.",
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
        Ok(Some(_)) => Outcome::NotMet("its basicConstraints say CA:FALSE".to_owned()),
        Ok(None) if certificate.version() < 3 && certificate.is_self_issued() => {
            Outcome::Untold("a root of version 1 cannot say whether it is a CA".to_owned())
        }
        Ok(None) => Outcome::NotMet("it has no basicConstraints, which would say CA:TRUE".to_owned()),
        Err(malformed) => Outcome::Untold(malformed.to_string()),
    }
}

/// An intermediate is imported; the root stands above it.
pub static CA_NOT_TOP: Check = Check {
    id: "ca-not-top",
    severity: Severity::Info,
    clauses: &[Rfc5280("6.1.1")],
    title: "The CA that is imported is the top of its chain",
    why: "Some programs accept an intermediate as a trusted CA; others, as OpenSSL does by default, go on to look for \
          its issuer and fail without it. Intermediates are also exchanged more often than roots.",
    remedy: "Import the root as well, or instead: `certkit fetch URL --part ca -o ca.cer` finds it.",
    look: Each { applies: |_, subject| is_imported(subject) && subject.certificate.is_ca(), at: not_top },
};

fn not_top(case: &Case, subject: &Subject) -> Outcome {
    let certificate = &subject.certificate;
    Outcome::not_met_if(!certificate.is_self_issued(), || {
        let issuer = format!("it is issued by {}", shown(&format!("{:#}", certificate.issuer())));
        match case.path.top().filter(|top| top.is_self_issued()) {
            Some(top) => format!("{issuer}; the top of its chain is {}", called(&top.subject())),
            None => format!("{issuer}; the top of its chain was not found"),
        }
    })
}

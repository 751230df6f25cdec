//! Whether those who issue may issue (RFC 5280 section 6.1.4, steps (k) to (n)).

use super::super::Clause::Rfc5280;
use super::super::Look::Each;
use super::super::{Case, Check, Outcome, Severity, Subject};
use crate::cert::extension::{BasicConstraints, KeyUsage};
use crate::oid;
use crate::text::plural;

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&CA_FLAG_MISSING, &CA_CONSTRAINTS_NOT_CRITICAL, &PATH_LENGTH_EXCEEDED, &CA_KEY_USAGE_UNFIT, &CA_KEY_USAGE_ABSENT];

/// An issuer on the path is no CA.
pub static CA_FLAG_MISSING: Check = Check {
    id: "ca-flag-missing",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), Rfc5280("6.1.4")],
    title: "Every issuer on the path is a CA",
    why: "A certificate without `CA:TRUE` must not issue others: else every server could make certificates for any \
          name. All partners refuse what it has issued. OpenSSL has error 24 for it.",
    remedy: "Make the issuer anew as a CA (basicConstraints critical, CA:TRUE; keyUsage keyCertSign, cRLSign), or \
             have the certificate issued by a real CA.",
    look: Each { applies: |_, subject| subject.is_issuer(), at: ca_flag },
};

fn ca_flag(_: &Case, subject: &Subject) -> Outcome {
    let certificate = &subject.certificate;
    match certificate.extension::<BasicConstraints>() {
        Ok(Some(constraints)) if constraints.ca => Outcome::Met,
        Ok(Some(_)) => Outcome::NotMet("it issued the certificate below it and says CA:FALSE".to_owned()),
        Ok(None) if certificate.version() < 3 && certificate.is_self_issued() => {
            Outcome::Untold("a root of version 1 cannot say whether it is a CA".to_owned())
        }
        Ok(None) => Outcome::NotMet("it issued the certificate below it and has no basicConstraints".to_owned()),
        Err(malformed) => Outcome::Untold(malformed.to_string()),
    }
}

/// A CA's basicConstraints are not critical.
pub static CA_CONSTRAINTS_NOT_CRITICAL: Check = Check {
    id: "ca-constraints-not-critical",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.9")],
    title: "A CA's basicConstraints are critical",
    why: "The standard demands it so that no reader overlooks whether this is a CA. Nearly every reader looks anyway, \
          and many old CAs lack the mark.",
    remedy: "When the CA is next renewed, mark basicConstraints critical (openssl: `basicConstraints = critical, \
             CA:TRUE`).",
    look: Each {
        applies: |case, subject| declares_ca(case, subject) && case.minds_form_of(subject),
        at: constraints_critical,
    },
};

fn declares_ca(_: &Case, subject: &Subject) -> bool {
    subject.is_authority() && subject.certificate.is_ca()
}

fn constraints_critical(_: &Case, subject: &Subject) -> Outcome {
    let extension = subject.certificate.extensions().find(oid::BASIC_CONSTRAINTS);
    Outcome::not_met_if(extension.is_some_and(|it| !it.critical), || {
        "its basicConstraints say CA:TRUE and are not critical".to_owned()
    })
}

/// More CAs stand below than a path length allows.
pub static PATH_LENGTH_EXCEEDED: Check = Check {
    id: "path-length-exceeded",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), Rfc5280("6.1.4")],
    title: "No more CAs stand below a CA than it allows",
    why: "A path length of 0 says: issues certificates for servers and devices, and no further CA. A CA that was made \
          below it nevertheless is refused with all that it has issued.",
    remedy: "Have the lower CA issued by one that allows it, or let the upper CA issue the server's certificate \
             itself.",
    look: Each { applies: |_, subject| path_length(subject).is_some(), at: path_length_exceeded },
};

fn path_length(subject: &Subject) -> Option<u32> {
    let constraints = subject.certificate.extension::<BasicConstraints>().ok().flatten()?;
    constraints.path_length.filter(|_| constraints.ca && subject.is_issuer())
}

fn path_length_exceeded(case: &Case, subject: &Subject) -> Outcome {
    let (Some(limit), Some(position)) = (path_length(subject), subject.position) else { return Outcome::Met };
    // A CA that is imported for itself counts: whatever it issues would be refused. What is no CA issues nothing,
    // unless the path has it as an issuer.
    let is_counted = |other: &&Subject| other.is_issuer() || (other.is_authority() && other.certificate.is_ca());
    let below = case.subjects.iter().take(position).filter(is_counted);
    let below = below.filter(|other| !other.certificate.is_self_issued()).count();
    Outcome::not_met_if(u32::try_from(below).is_ok_and(|below| below > limit), || {
        let allowed = plural(limit as usize, "CA", "CAs");
        format!("it allows {limit} further {allowed} below it, and {below} {} there", plural(below, "stands", "stand"))
    })
}

/// A CA's keyUsage leaves out the signing of certificates.
pub static CA_KEY_USAGE_UNFIT: Check = Check {
    id: "ca-key-usage-unfit",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.3"), Rfc5280("6.1.4")],
    title: "A CA's keyUsage allows it to sign certificates",
    why: "Where keyUsage is there, it is the whole list of what the key may do. Without keyCertSign partners refuse \
          everything that the CA has issued.",
    remedy: "Make the CA certificate anew with `keyUsage = critical, keyCertSign, cRLSign`; with the same key and \
             name, what it has issued stays good.",
    look: Each { applies: |case, subject| subject.is_issuer() || declares_ca(case, subject), at: key_usage },
};

fn key_usage(_: &Case, subject: &Subject) -> Outcome {
    match subject.certificate.extension::<KeyUsage>() {
        Ok(Some(usage)) => Outcome::not_met_if(!usage.contains(KeyUsage::KEY_CERT_SIGN), || {
            format!("its keyUsage is {} without keyCertSign", listed(usage))
        }),
        Ok(None) => Outcome::Met,
        Err(malformed) => Outcome::Untold(malformed.to_string()),
    }
}

/// The names of the bits, or that there is none.
pub(in super::super) fn listed(usage: KeyUsage) -> String {
    if usage.is_empty() { "empty".to_owned() } else { usage.names().collect::<Vec<_>>().join(", ") }
}

/// A CA has no keyUsage.
pub static CA_KEY_USAGE_ABSENT: Check = Check {
    id: "ca-key-usage-absent",
    severity: Severity::Info,
    clauses: &[Rfc5280("4.2.1.3")],
    title: "A CA states its keyUsage",
    why: "The standard asks CAs to state it. Old roots do not, and TLS clients accept that; OPC UA stacks may not.",
    remedy: "When the CA is next renewed, give it `keyUsage = critical, keyCertSign, cRLSign`.",
    look: Each {
        applies: |case, subject| declares_ca(case, subject) && case.minds_form_of(subject),
        at: key_usage_absent,
    },
};

fn key_usage_absent(_: &Case, subject: &Subject) -> Outcome {
    Outcome::not_met_if(subject.certificate.extensions().find(oid::KEY_USAGE).is_none(), || {
        "it has no keyUsage".to_owned()
    })
}

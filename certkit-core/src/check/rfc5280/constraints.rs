//! Whether the names of a path lie where those above allow them (RFC 5280 sections 4.2.1.10, 6.1.3 b and c), and
//! whether the leaf names the mailbox that is asked for.

use super::super::Clause::{Rfc, Rfc5280};
use super::super::Look::Facts;
use super::super::{Check, Severity, always};

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&NAME_NOT_PERMITTED, &NAME_EXCLUDED, &NAME_INCOMPARABLE, &NAME_CONSTRAINT_UNSOUND, &EMAIL_MISMATCH];

/// A name lies outside of what a CA above may issue for.
pub static NAME_NOT_PERMITTED: Check = Check {
    id: "name-not-permitted",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.10"), Rfc5280("6.1.3")],
    title: "Every name is permitted by the name constraints of the CAs above",
    why: "A CA above is limited to certain domains, addresses or directory names, and this name is not one of them. \
          Every program that supports name constraints refuses the certificate, even if its other names are permitted. \
          OpenSSL reports error 47.",
    remedy: "Have the certificate reissued without this name, or by a CA that may issue for it. `certkit inspect CA` \
             shows what a CA permits.",
    look: Facts(always),
};

/// A name lies in what a CA above must not issue for.
pub static NAME_EXCLUDED: Check = Check {
    id: "name-excluded",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.10"), Rfc5280("6.1.3")],
    title: "No name is excluded by the name constraints of a CA above",
    why: "A CA above excludes certain domains, addresses or directory names, and this name is one of them; a wildcard \
          counts if it can match one. OpenSSL reports error 48.",
    remedy: "Have the certificate reissued without this name, or by a CA that may issue for it.",
    look: Facts(always),
};

/// A name is of a kind that is constrained, and cannot be compared.
pub static NAME_INCOMPARABLE: Check = Check {
    id: "name-incomparable",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.10")],
    title: "Every constrained name can be compared with the constraint",
    why: "A CA above limits names of this kind, and this one is malformed or of a kind that certkit does not compare. \
          A program that cannot decide whether a name is permitted has to refuse it. OpenSSL reports errors 51 to 53.",
    remedy: "Reissue the certificate with a well-formed name, or without a name of this kind.",
    look: Facts(always),
};

/// A constraint cannot be applied as it stands.
pub static NAME_CONSTRAINT_UNSOUND: Check = Check {
    id: "name-constraint-unsound",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.10")],
    title: "A CA's name constraints can be applied",
    why: "The constraint is malformed: an address without its mask, a URL instead of a host, or a minimum or maximum, \
          which the standard forbids. Programs that skip it trust the CA for more than intended; careful ones refuse \
          the CA. OpenSSL reports errors 49 and 52.",
    remedy: "Reissue the CA's certificate with valid constraints, for instance `permitted;DNS:plant.example` or \
             `permitted;IP:10.0.0.0/255.0.0.0`.",
    look: Facts(always),
};

/// A constraint on host names is empty, and Java has to apply it.
pub static NAME_CONSTRAINT_ON_EVERY_HOST: Check = Check {
    id: "name-constraint-on-every-host",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.10")],
    title: "No dNSName constraint is empty",
    why: "An empty dNSName permits or excludes every host. Java fails with `StringIndexOutOfBoundsException` and \
          refuses every server below a CA that has it, unless that CA is the trust anchor itself, whose constraints \
          Java ignores.",
    remedy: "Reissue the CA's certificate without the constraint if it permits every host, or with the domains that it \
             is for.",
    look: Facts(always),
};

/// The requested mailbox is not among the names.
pub static EMAIL_MISMATCH: Check = Check {
    id: "email-mismatch",
    severity: Severity::Error,
    clauses: &[Rfc5280("7.5"), Rfc(8550, "3")],
    title: "The certificate has the mailbox for which it is used",
    why: "Mail programs compare the address of a message with the e-mail names in the certificate: case-sensitively \
          before the `@`, ignoring case after it. OpenSSL reports error 63.",
    remedy: "Use the address that the certificate has, or reissue it with the one in use: `openssl req -addext \
             subjectAltName=email:line3@plant.example`.",
    look: Facts(always),
};

//! The path as a whole: its length, its purposes, and the work that it takes (RFC 5280 sections 4.2.1.12, 6.1).

use super::super::Clause::{BaselineRequirements, Rfc5280};
use super::super::Look::Facts;
use super::super::{Check, Severity, always};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&BUDGET_EXHAUSTED, &TOO_MANY_INTERMEDIATES, &ANCHOR_TOO_OLD, &PURPOSE_NOT_ALLOWED];

/// The search or the comparison of names was given up.
pub static BUDGET_EXHAUSTED: Check = Check {
    id: "budget-exhausted",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1")],
    title: "The path can be judged with the work that a sound one takes",
    why: "There are more signatures, names or certificates than any sound chain has. Certificates that are made so can \
          keep a naive program busy for hours; certkit stops and says so. A good path may exist that was not reached.",
    remedy: "Give fewer certificates: the ones that the peer sends and the anchors that matter. A chain that really is \
             so long or has so many names should be issued anew.",
    look: Facts(always),
};

/// More CAs stand on the path than were asked for.
pub static TOO_MANY_INTERMEDIATES: Check = Check {
    id: "too-many-intermediates",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1")],
    title: "No more CAs stand between leaf and anchor than were asked for",
    why: "The one who asks has set a limit to the length of the path (`--max-depth`). OpenSSL has error 22 for it.",
    remedy: "Raise the limit if the chain is as it should be, or have the leaf issued by a CA nearer to the anchor.",
    look: Facts(always),
};

/// The anchor is of a version that has no basicConstraints.
pub static ANCHOR_TOO_OLD: Check = Check {
    id: "anchor-too-old",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), Rfc5280("6.1.4")],
    title: "The root is of version 3 and says that it is a CA",
    why: "Roots of the nineties, and some that devices make today, are of version 1: they cannot say that they are CAs. \
          OpenSSL and Java take whoever stands in the trust store at his word; those who go by the letter refuse them.",
    remedy: "When the root is next renewed, make it one of version 3 with `basicConstraints = critical, CA:TRUE`.",
    look: Facts(always),
};

/// The purposes leave out the one that is asked for.
pub static PURPOSE_NOT_ALLOWED: Check = Check {
    id: "purpose-not-allowed",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.12"), BaselineRequirements("7.1.2.10.6")],
    title: "Every extKeyUsage on the path, where there is one, allows the purpose that is asked for",
    why: "Where extKeyUsage is there, it is the whole list of purposes; that of a CA limits all that it issues. OpenSSL \
          has error 26 for it, Java `Extended key usage does not permit use for TLS client authentication`.",
    remedy: "Have the certificate issued anew with the purpose in its extKeyUsage, by a CA whose own extKeyUsage, where \
             it has one, lists it, too.",
    look: Facts(always),
};

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
    title: "The path stays within the limits of path processing",
    why: "There are more signatures, names or certificates than any legitimate chain has. Such certificates can keep a \
          program busy for hours; certkit stops. A valid path may exist that was not reached.",
    remedy: "Pass fewer certificates: those that the peer sends and the required anchors. Reissue a chain that really \
             is so long or has so many names.",
    look: Facts(always),
};

/// More CAs stand on the path than were asked for.
pub static TOO_MANY_INTERMEDIATES: Check = Check {
    id: "too-many-intermediates",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1")],
    title: "The path is within the limit of `--max-depth`",
    why: "`--max-depth` limits the number of CAs between leaf and anchor. OpenSSL reports error 22.",
    remedy: "Raise the limit if the chain is correct, or have the leaf issued by a CA nearer to the anchor.",
    look: Facts(always),
};

/// The anchor is of a version that has no basicConstraints.
pub static ANCHOR_TOO_OLD: Check = Check {
    id: "anchor-too-old",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), Rfc5280("6.1.4")],
    title: "The root is version 3 and marked as a CA",
    why: "Roots from the 1990s, and some that devices make today, are version 1, which has no CA flag. OpenSSL and \
          Java accept any root in the trust store; strict programs refuse these.",
    remedy: "When the root is next renewed, make it version 3 with `basicConstraints = critical, CA:TRUE`.",
    look: Facts(always),
};

/// The purposes leave out the one that is asked for.
pub static PURPOSE_NOT_ALLOWED: Check = Check {
    id: "purpose-not-allowed",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.12"), BaselineRequirements("7.1.2.10.6")],
    title: "Every extKeyUsage on the path, if present, allows the requested purpose",
    why: "If extKeyUsage is present, only its purposes are allowed; a CA's limits everything that it issues. OpenSSL \
          reports error 26, Java `Extended key usage does not permit use for TLS client authentication`.",
    remedy: "Have the certificate reissued with the purpose in its extKeyUsage, by a CA whose own extKeyUsage, if \
             present, lists it, too.",
    look: Facts(always),
};

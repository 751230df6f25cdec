//! Certificate policies (RFC 5280 sections 4.2.1.4, 4.2.1.5, 4.2.1.11, 6.1.3 to 6.1.5).

use super::super::Clause::Rfc5280;
use super::super::Look::Facts;
use super::super::{Check, Severity, always};

/// The checks of this topic: first those that decide, then those of form.
pub static CHECKS: &[&Check] = &[
    &POLICY_REQUIRED,
    &POLICY_MAPS_ANY,
    &POLICY_CONSTRAINTS_NOT_CRITICAL,
    &POLICY_CONSTRAINTS_EMPTY,
    &POLICY_DUPLICATE,
];

/// A policy is demanded, and none is valid.
pub static POLICY_REQUIRED: Check = Check {
    id: "policy-required",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1.3"), Rfc5280("6.1.5")],
    title: "If a certificate policy is required, the path has a valid one",
    why: "`--policy` or a CA on the path requires a certificate policy. None is in every certificate from the anchor \
          down, mappings included. OpenSSL reports error 43.",
    remedy: "Look at `certificatePolicies` of each certificate with `certkit inspect`; reissue the one that lacks the \
             policy, or require a policy that the path has (`--policy OID`).",
    look: Facts(always),
};

/// A CA maps anyPolicy.
pub static POLICY_MAPS_ANY: Check = Check {
    id: "policy-maps-any",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.5"), Rfc5280("6.1.4")],
    title: "No CA maps a policy to or from anyPolicy",
    why: "Such a mapping makes every policy equal to every other one; the standard forbids it, and programs that \
          process policies refuse the CA. OpenSSL reports error 42.",
    remedy: "Reissue the CA's certificate with mappings between named policies only.",
    look: Facts(always),
};

/// policyConstraints are not critical, and the path meets them.
pub static POLICY_CONSTRAINTS_NOT_CRITICAL: Check = Check {
    id: "policy-constraints-not-critical",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.11")],
    title: "The policyConstraints are critical",
    why: "The standard requires it, so that no program ignores them. Older CAs followed a standard that left it open; \
          this path satisfies the constraints.",
    remedy: "When the CA is next renewed, mark policyConstraints critical.",
    look: Facts(always),
};

/// policyConstraints demand nothing.
pub static POLICY_CONSTRAINTS_EMPTY: Check = Check {
    id: "policy-constraints-empty",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.11")],
    title: "The policyConstraints are not empty",
    why: "An empty sequence is forbidden; programs differ in how they handle it, and strict ones refuse the CA.",
    remedy: "Reissue the CA's certificate with requireExplicitPolicy or inhibitPolicyMapping, or without the \
             extension.",
    look: Facts(always),
};

/// A policy stands twice.
pub static POLICY_DUPLICATE: Check = Check {
    id: "policy-duplicate",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.4")],
    title: "No certificate policy is listed twice",
    why: "The standard forbids it, since the two entries may differ. OpenSSL refuses such policies with error 42 when \
          it processes policies.",
    remedy: "Reissue the certificate with each policy once.",
    look: Facts(always),
};

//! Certificate policies (RFC 5280 sections 6.1.3 d to f, 6.1.4 a to j, 6.1.5 a, b and g).
//!
//! The tree of the text grows exponentially with hostile mappings. Its question can
//! be answered from one level at a time (RFC 9618): which policies are expected next,
//! and does any of them go back to one that the user accepts.

use std::collections::BTreeMap;

use super::{Fact, Kind, Member};
use crate::cert::Stated;
use crate::cert::extension::{CertificatePolicies, PolicyMappings};
use crate::oid::{self, Oid};

/// Which policies the relying party asks for (6.1.1 c, e, f and g).
#[derive(Clone, Copy, Debug, Default)]
pub struct PolicyInputs<'a> {
    /// The acceptable policies; none means any.
    pub initial: &'a [Oid<'a>],
    /// Whether the path must be valid for one of them.
    pub explicit: Explicit,
    /// Whether policies may be mapped.
    pub mapping: Inhibited,
    /// Whether anyPolicy counts in certificates.
    pub any_policy: Inhibited,
}

/// Whether a policy must be valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Explicit {
    /// Only where a certificate of the path demands it.
    #[default]
    NotRequired,
    /// From the first certificate on.
    Required,
}

/// Whether something is switched off from the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inhibited {
    /// Only where a certificate of the path does so.
    #[default]
    No,
    /// From the first certificate on.
    Yes,
}

/// What is valid after a certificate: anyPolicy, and each policy that is expected next,
/// with whether it goes back to one that the user accepts.
#[derive(Default)]
struct Valid<'a> {
    any: bool,
    expected: BTreeMap<Oid<'a>, bool>,
}

impl Valid<'_> {
    fn is_null(&self) -> bool {
        !self.any && self.expected.is_empty()
    }
}

/// Notes whether a policy is valid where one is demanded, and policy constraints that are not critical.
pub(super) fn policies(members: &[Member<'_>], inputs: &PolicyInputs<'_>, facts: &mut Vec<Fact>) {
    let is_met = walk(members, inputs, facts) == Demand::Met;
    for member in members.iter().filter(|it| it.known.policy_constraints.as_ref().is_some_and(|it| !it.critical)) {
        // Deviation: section 4.2.1.11 wants them critical. RFC 3280 did not, and NIST's PKITS has them so in paths
        // that are to be accepted: a demand that was put to the path, and met, cannot have been overlooked.
        let kind = if is_met {
            Kind::PolicyConstraintsMetButNotCritical
        } else {
            Kind::MustBeCritical { extension: "policyConstraints" }
        };
        facts.push(Fact::new(member.index, kind));
    }
}

/// What came of the demand for a policy.
#[derive(PartialEq, Eq)]
enum Demand {
    None,
    Met,
    NotMet,
}

/// Walks the certificates below the anchor, top first.
/// What there is to note of a mapping to or from anyPolicy (RFC 5280 section 4.2.1.5).
fn maps_any(member: &Member<'_>) -> Option<Fact> {
    let mappings = member.known.policy_mappings.as_ref().and_then(Stated::decoded)?;
    let is_any = |(from, to): (Oid<'_>, Oid<'_>)| from == oid::ANY_POLICY || to == oid::ANY_POLICY;
    mappings.iter().any(is_any).then(|| Fact::new(member.index, Kind::MapsAnyPolicy))
}

fn walk(members: &[Member<'_>], inputs: &PolicyInputs<'_>, facts: &mut Vec<Fact>) -> Demand {
    let accepts_all = inputs.initial.is_empty() || inputs.initial.contains(&oid::ANY_POLICY);
    let accepts = |policy: Oid<'_>| accepts_all || inputs.initial.contains(&policy);
    let start = |is_set: bool| if is_set { 0 } else { members.len().saturating_add(1) };
    let mut explicit_policy = start(inputs.explicit == Explicit::Required);
    let mut policy_mapping = start(inputs.mapping == Inhibited::Yes);
    let mut inhibit_any = start(inputs.any_policy == Inhibited::Yes);
    let mut valid = Valid { any: true, expected: BTreeMap::new() };

    for member in members.iter().rev() {
        let is_last = member.index == 0;
        let stated = member.known.certificate_policies.as_ref().and_then(Stated::decoded);
        // (d) and (e)
        let mut here = match stated {
            Some(policies) if !valid.is_null() => {
                let any_counts = inhibit_any > 0 || (!is_last && member.is_self_issued);
                descend(&valid, policies, any_counts, accepts)
            }
            _ => Valid::default(),
        };
        // (f)
        if explicit_policy == 0 && here.is_null() {
            facts.push(Fact::new(member.index, Kind::PolicyRequired));
            return Demand::NotMet;
        }
        if is_last {
            // It issues nothing on this path, and is judged as what it is.
            facts.extend(maps_any(member).filter(|_| member.known.is_ca()));
            explicit_policy = explicit_policy.saturating_sub(1);
        } else {
            // 6.1.4 (a) and (b)
            if let Some(mappings) = member.known.policy_mappings.as_ref().and_then(Stated::decoded) {
                facts.extend(maps_any(member));
                here = map(&here, mappings, policy_mapping > 0, accepts);
            }
            // (h)
            if !member.is_self_issued {
                explicit_policy = explicit_policy.saturating_sub(1);
                policy_mapping = policy_mapping.saturating_sub(1);
                inhibit_any = inhibit_any.saturating_sub(1);
            }
        }
        // (i) and (j); of the last certificate only an explicit policy that is required at once counts.
        let lower = |counter: &mut usize, limit: Option<u32>| {
            if let Some(limit) = limit.and_then(|limit| usize::try_from(limit).ok()) {
                *counter = limit.min(*counter);
            }
        };
        let constraints = member.known.policy_constraints.as_ref().and_then(Stated::decoded);
        let require = constraints.and_then(|it| it.require_explicit_policy);
        if is_last {
            lower(&mut explicit_policy, require.filter(|skip| *skip == 0));
        } else {
            lower(&mut explicit_policy, require);
            lower(&mut policy_mapping, constraints.and_then(|it| it.inhibit_policy_mapping));
            let any = member.known.inhibit_any_policy.as_ref().and_then(Stated::decoded);
            lower(&mut inhibit_any, any.map(|it| it.0));
        }
        valid = here;
    }
    // 6.1.5 (g): what is left must go back to a policy that the user accepts.
    let is_accepted = valid.any || valid.expected.values().any(|accepted| *accepted);
    match (explicit_policy, is_accepted) {
        _ if members.is_empty() => Demand::None,
        (0, true) => Demand::Met,
        (0, false) => {
            facts.push(Fact::new(0, Kind::PolicyRequired));
            Demand::NotMet
        }
        _ => Demand::None,
    }
}

/// Goes down one certificate: which of its policies are expected, or covered by anyPolicy (6.1.3 d).
fn descend<'a>(
    above: &Valid<'a>,
    policies: &CertificatePolicies<'a>,
    any_counts: bool,
    accepts: impl Fn(Oid<'_>) -> bool,
) -> Valid<'a> {
    let mut here = Valid::default();
    let mut has_any = false;
    for policy in policies.iter().map(|information| information.policy) {
        if policy == oid::ANY_POLICY {
            has_any = true;
        } else if let Some(accepted) = above.expected.get(&policy) {
            here.expected.insert(policy, *accepted);
        } else if above.any {
            here.expected.insert(policy, accepts(policy));
        }
    }
    if has_any && any_counts {
        here.any = above.any;
        for (policy, accepted) in &above.expected {
            here.expected.entry(*policy).or_insert(*accepted);
        }
    }
    here
}

/// Replaces policies by those that they are mapped to, or drops them where mapping is inhibited (6.1.4 b).
fn map<'a>(
    here: &Valid<'a>,
    mappings: &PolicyMappings<'a>,
    is_allowed: bool,
    accepts: impl Fn(Oid<'_>) -> bool,
) -> Valid<'a> {
    let mut mapped: BTreeMap<Oid<'a>, Option<bool>> = BTreeMap::new();
    for (from, _) in mappings.iter() {
        let accepted = here.expected.get(&from).copied().or_else(|| here.any.then(|| accepts(from)));
        mapped.insert(from, accepted);
    }
    let kept = here.expected.iter().filter(|(policy, _)| !mapped.contains_key(policy));
    let mut next = Valid { any: here.any, expected: kept.map(|(policy, accepted)| (*policy, *accepted)).collect() };
    if is_allowed {
        for (from, to) in mappings.iter() {
            if let Some(accepted) = mapped.get(&from).copied().flatten() {
                *next.expected.entry(to).or_insert(false) |= accepted;
            }
        }
    }
    next
}

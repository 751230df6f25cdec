//! Name constraints (RFC 5280 sections 4.2.1.10, 6.1.3 b and c).

use super::super::names::dns::{self, Underscores};
use super::super::names::{Fit, fit, subtree_is_sound};
use super::{ConstrainedNames, Fact, Inputs, Kind, Member};
use crate::cert::extension::{NameConstraints, SubjectAltName, Subtree};
use crate::cert::{GeneralName, Stated, Text};
use crate::oid;

/// The names of a certificate that constraints apply to.
fn names_of<'a>(member: &Member<'a>, common: Option<&'a str>) -> Vec<GeneralName<'a>> {
    let mut names = Vec::new();
    let subject = member.certificate.subject();
    if !subject.is_empty() {
        names.push(GeneralName::Directory(subject));
    }
    let alternative = member.known.subject_alt_name.as_ref().and_then(Stated::decoded);
    names.extend(alternative.into_iter().flat_map(SubjectAltName::names));
    if member.known.subject_alt_name.is_none() {
        names.extend(common.map(|common| GeneralName::Dns(Text(common.as_bytes()))));
    }
    // Where no mailbox stands in the alternative name, one in the subject counts.
    if !names.iter().any(|name| matches!(name, GeneralName::Email(_))) {
        let attributes = subject.attributes().filter_map(Result::ok);
        let addresses = attributes.filter(|attribute| attribute.oid == oid::EMAIL_ADDRESS);
        names.extend(addresses.map(|attribute| GeneralName::Email(Text(attribute.value.value))));
    }
    names
}

/// Notes that a certificate spells its issuer's name otherwise than the one above does.
pub(super) fn spelling(member: &Member<'_>, above: &Member<'_>) -> Option<Fact> {
    let (issuer, subject) = (member.certificate.issuer(), above.certificate.subject());
    let in_strings = !issuer.is_alike_in_strings(&subject);
    (issuer.der() != subject.der()).then(|| Fact::new(member.index, Kind::IssuerSpeltOtherwise { in_strings }))
}

/// Notes constraints on host names that are empty, where a certificate below names a host. Costs a pass over the names.
pub(super) fn on_every_host(members: &[Member<'_>]) -> impl Iterator<Item = Fact> {
    let names_host = |member: &Member<'_>| {
        let names = member.known.subject_alt_name.as_ref().and_then(Stated::decoded);
        let has_hosts = names.is_some_and(|it| it.names().any(|name| matches!(name, GeneralName::Dns(_))));
        // The common name stands in where it is a host's.
        let common = || member.certificate.subject().first(oid::COMMON_NAME);
        has_hosts || common().is_some_and(|it| dns::is_host_name(it.as_bytes(), Underscores::Forbidden))
    };
    members.iter().enumerate().filter_map(move |(at, member)| {
        let constraints = member.known.name_constraints.as_ref().and_then(Stated::decoded)?;
        let mut subtrees = constraints.permitted().chain(constraints.excluded());
        let is_empty = subtrees.any(|it| matches!(it.base, GeneralName::Dns(Text([]))));
        let is_met = is_empty && members.iter().take(at).any(names_host);
        is_met.then(|| Fact::new(member.index, Kind::ConstraintOnEveryHost))
    })
}

/// Constraints and where they stand.
struct Holder<'a> {
    index: usize,
    constraints: &'a NameConstraints<'a>,
    subtrees: usize,
}

/// Holds the names of every certificate against the constraints of all above it.
pub(super) fn constraints(members: &[Member<'_>], inputs: &Inputs<'_>, facts: &mut Vec<Fact>) {
    let mut holders: Vec<Holder<'_>> = Vec::new();
    let mut left = u64::from(inputs.names_compared);
    for member in members.iter().rev() {
        // Self-issued certificates are exempt, unless they are the last ones (6.1.3 b).
        if !holders.is_empty() && (member.index == 0 || !member.is_self_issued) {
            let is_looked_at = member.index == 0 && inputs.reading.constrained == ConstrainedNames::CommonNameToo;
            let common = member.certificate.subject().first(oid::COMMON_NAME);
            let is_host = |it: &&str| it.contains('.') && dns::is_host_name(it.as_bytes(), Underscores::Forbidden);
            let names = names_of(member, common.as_deref().filter(|_| is_looked_at).filter(is_host));
            for holder in &holders {
                let pairs = u64::try_from(names.len().saturating_mul(holder.subtrees)).unwrap_or(u64::MAX);
                match left.checked_sub(pairs) {
                    Some(rest) => left = rest,
                    None => {
                        facts.push(Fact::new(member.index, Kind::NamesNotCompared));
                        return;
                    }
                }
                for name in &names {
                    facts.extend(judge(member.index, name, holder, inputs));
                }
            }
        }
        let Some(constraints) = member.known.name_constraints.as_ref().and_then(Stated::decoded) else { continue };
        let mut subtrees = 0usize;
        for subtree in constraints.permitted().chain(constraints.excluded()) {
            subtrees = subtrees.saturating_add(1);
            if !subtree.is_whole || !subtree_is_sound(&subtree.base, inputs.reading.leading_period) {
                let subtree = subtree.base.to_string();
                facts.push(Fact::new(member.index, Kind::ConstraintUnsound { subtree }));
            }
        }
        holders.push(Holder { index: member.index, constraints, subtrees });
    }
}

/// Holds one name against the constraints of one certificate.
fn judge(index: usize, name: &GeneralName<'_>, holder: &Holder<'_>, inputs: &Inputs<'_>) -> Option<Fact> {
    let by = holder.index;
    let fit = |subtree: &Subtree<'_>| fit(name, &subtree.base, inputs.reading.leading_period);
    let mut is_incomparable = false;
    for subtree in holder.constraints.excluded() {
        match fit(&subtree) {
            Fit::Within | Fit::Partly => {
                let subtree = subtree.base.to_string();
                return Some(Fact::new(index, Kind::NameExcluded { name: name.to_string(), subtree, by }));
            }
            Fit::Incomparable => is_incomparable = true,
            Fit::Unrelated | Fit::Outside | Fit::BadBase => {}
        }
    }
    let (mut is_limited, mut is_permitted) = (false, false);
    for subtree in holder.constraints.permitted() {
        match fit(&subtree) {
            Fit::Unrelated => continue,
            Fit::Within => is_permitted = true,
            Fit::Incomparable => is_incomparable = true,
            Fit::Partly | Fit::Outside | Fit::BadBase => {}
        }
        is_limited = true;
        if is_permitted {
            break;
        }
    }
    let kind = if is_incomparable {
        Kind::NameIncomparable { name: name.to_string(), by }
    } else if is_limited && !is_permitted {
        Kind::NameNotPermitted { name: name.to_string(), by }
    } else {
        return None;
    };
    Some(Fact::new(index, kind))
}

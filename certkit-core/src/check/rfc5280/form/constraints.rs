//! Constraints on names as a CA writes them (RFC 5280 section 4.2.1.10).

use super::super::super::Clause::Rfc5280;
use super::super::super::case::shown;
use super::super::super::{Check, Form, Look, Outcome, Severity};
use super::{form, unless_found};
use crate::cert::GeneralName;
use crate::cert::extension::Subtree;
use crate::path::names::dns::{Underscores, is_host_name};

/// Holds every subtree against a rule; `None` where there are no constraints.
fn no_subtree(form: &Form<'_>, fault: impl Fn(&Subtree<'_>) -> Option<&'static str>) -> Option<Outcome> {
    let constraints = form.known.name_constraints.as_ref()?.decoded()?;
    let subtrees = constraints.permitted().chain(constraints.excluded());
    Some(unless_found(
        subtrees.filter_map(|subtree| {
            fault(&subtree).map(|fault| format!("`{}` {fault}", shown(&subtree.base.to_string())))
        }),
    ))
}

form!(
    /// A constraint is on a kind of name that programs do not compare.
    NAME_CONSTRAINT_KIND,
    "name-constraint-kind",
    &[Rfc5280("4.2.1.10")],
    "Name constraints are on name types that programs compare",
    "No standard defines how to compare X.400 addresses, EDI party names and registered identifiers. With a critical \
     constraint on one, programs refuse every certificate with such a name.",
    "When the CA is next renewed, omit the constraint.",
    |form| no_subtree(form, |subtree| match subtree.base {
        GeneralName::X400(_) => Some("is a constraint on X.400 addresses"),
        GeneralName::EdiParty(_) => Some("is a constraint on EDI party names"),
        GeneralName::RegisteredId(_) => Some("is a constraint on registered identifiers"),
        _ => None,
    })
);
form!(
    /// A constraint on URIs is not a fully qualified domain name.
    NAME_CONSTRAINT_HOST,
    "name-constraint-host",
    &[Rfc5280("4.2.1.10")],
    "A constraint on URIs is a fully qualified domain name",
    "It is compared with the host of a URI: a fully qualified host, or a domain with a leading period. Anything else \
     matches nothing, or is refused.",
    "When the CA is next renewed, write the constraint as `permitted;URI:plant.example` or `permitted;URI:.plant.example`.",
    |form| no_subtree(form, |subtree| {
        let GeneralName::Uri(host) = subtree.base else { return None };
        let name = host.0.strip_prefix(b".").unwrap_or(host.0);
        let is_full = name.contains(&b'.') && is_host_name(name, Underscores::Tolerated);
        (!is_full).then_some("is not a fully qualified domain name")
    })
);
form!(
    /// A constraint on host names begins with a period.
    NAME_CONSTRAINT_LEADING_DOT,
    "name-constraint-leading-dot",
    &[Rfc5280("4.2.1.10")],
    "A constraint on host names does not begin with a period",
    "The standard allows the period only for URIs and mail addresses. OpenSSL applies it to all names below the \
     domain, others refuse the CA.",
    "When the CA is next renewed, write the domain alone: `permitted;DNS:plant.example` covers all below it.",
    |form| no_subtree(form, |subtree| {
        let GeneralName::Dns(name) = subtree.base else { return None };
        name.0.starts_with(b".").then_some("begins with a period")
    })
);
form!(
    /// A constraint has a minimum or a maximum.
    NAME_CONSTRAINT_DEPTH,
    "name-constraint-depth",
    &[Rfc5280("4.2.1.10")],
    "Name constraints have no minimum or maximum",
    "The fields are unused: minimum must be 0 and maximum absent. Careful programs refuse a CA with other values.",
    "When the CA is next renewed, omit minimum and maximum.",
    |form| no_subtree(form, |subtree| (!subtree.is_whole).then_some("has a minimum or a maximum"))
);

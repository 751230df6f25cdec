//! What the way to the server has to be like for Kepware.

use super::super::Look::Whole;
use super::super::{Case, Check, Clause, Outcome, Severity};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&HOST_IS_IPV6];

/// The host is an IPv6 address.
pub static HOST_IS_IPV6: Check = Check {
    id: "host-is-ipv6",
    severity: Severity::Warning,
    clauses: &[Clause::Document("PTC's SDK for the Kepware Configuration API, README")],
    title: "Kepware reaches the server by a name or an IPv4 address",
    why: "Kepware does not support IPv6: it cannot connect to such an address, whatever the certificate has.",
    remedy: "Enter a name that resolves to an IPv4 address as Host in Kepware's project properties, and fetch from \
             that name.",
    look: Whole { applies: |case| case.expectation.host.is_some(), at: is_ipv6 },
};

fn is_ipv6(case: &Case) -> Outcome {
    let address = case.expectation.address().filter(std::net::IpAddr::is_ipv6);
    match address {
        Some(address) => Outcome::NotMet(format!("the host is the IPv6 address {address}")),
        None => Outcome::Met,
    }
}

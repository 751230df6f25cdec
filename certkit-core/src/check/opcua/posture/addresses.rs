//! Where a server says that its endpoints are (OPC 10000-4 sections 5.5.4 and 7.14).

use std::net::IpAddr;

use super::super::super::Clause::Opc;
use super::super::super::Look::Endpoints;
use super::super::super::case::shown;
use super::super::super::{Check, Outcome, Severity};
use super::{Endpoint, Posture};
use crate::cert::GeneralName;
use crate::cert::extension::SubjectAltName;
use crate::opcua::validation::names_host;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&OPCUA_ENDPOINT_HOST_UNNAMED, &OPCUA_ENDPOINT_URL_ELSEWHERE];

/// The host of an endpoint's URL, without brackets; `None` where there is none.
fn host_of(endpoint: &Endpoint) -> Option<String> {
    let (_, rest) = endpoint.description.endpoint_url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let host = match place.strip_prefix('[') {
        Some(address) => address.split_once(']')?.0,
        None => place.split(':').next()?,
    };
    (!host.is_empty()).then(|| host.to_owned())
}

fn hosts(endpoints: impl Iterator<Item = String>) -> Vec<String> {
    let mut hosts: Vec<String> = Vec::new();
    for host in endpoints {
        if !hosts.iter().any(|known| known.eq_ignore_ascii_case(&host)) && hosts.len() < 6 {
            hosts.push(host);
        }
    }
    hosts
}

fn quoted(hosts: &[String]) -> String {
    hosts.iter().map(|host| format!("`{}`", shown(host))).collect::<Vec<_>>().join(", ")
}

/// The URL that the server tells has a host that its certificate does not.
pub static OPCUA_ENDPOINT_HOST_UNNAMED: Check = Check {
    id: "opcua-endpoint-host-unnamed",
    severity: Severity::Warning,
    clauses: &[Opc(4, "6.1.3"), Opc(4, "5.5.4")],
    title: "The host of an endpoint's URL is in the certificate of the endpoint",
    why: "Clients take the URL that the server returns and compare its host with the certificate: if they differ, \
          clients warn, or refuse with BadCertificateHostNameInvalid. Usual cause: the computer was renamed, or the \
          certificate has its name in another form.",
    remedy: "Recreate the server's certificate with the host in its URLs: `certkit generate opcua --dns NAME`; in \
             Kepware: OPC UA Configuration Manager, Instance Certificates, Reissue certificate; then Runtime, \
             Reinitialize.",
    look: Endpoints { applies: |posture| posture.endpoints.iter().any(|it| named(it).is_some()), at: unnamed },
};

/// Whether the certificate has the host of the URL; `None` where it names no host or there is no certificate.
fn named(endpoint: &Endpoint) -> Option<bool> {
    let names = endpoint.certificate()?.extension::<SubjectAltName<'_>>().ok().flatten()?;
    let names: Vec<GeneralName<'_>> = names.names().collect();
    // That it names no host at all is for the checks of certificates.
    let has_host = names.iter().any(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)));
    let host = host_of(endpoint).filter(|_| has_host)?;
    Some(names_host(&names, &host))
}

fn unnamed(posture: &Posture) -> Outcome {
    let unnamed = posture.endpoints.iter().filter(|endpoint| named(endpoint) == Some(false)).filter_map(host_of);
    let unnamed = hosts(unnamed);
    Outcome::not_met_if(!unnamed.is_empty(), || format!("in the URL but not in the certificate: {}", quoted(&unnamed)))
}

/// Says whether a URL has an address that means every address of a machine.
pub(super) fn tell_every_address(posture: &Posture) -> bool {
    let is_every = |host: String| host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified());
    posture.endpoints.iter().filter_map(host_of).any(is_every)
}

/// The URL that the server tells leads elsewhere than the one that was asked.
pub static OPCUA_ENDPOINT_URL_ELSEWHERE: Check = Check {
    id: "opcua-endpoint-url-elsewhere",
    severity: Severity::Info,
    clauses: &[Opc(4, "5.5.4")],
    title: "The endpoint URLs have the host that was queried",
    why: "Clients continue with the URL that the server returns. If its host is `localhost`, `0.0.0.0` or a name that \
          the client cannot resolve, discovery works and the connection fails; many clients offer to keep the original \
          host.",
    remedy: "Set the host name or network adapter of the server's endpoint, in Kepware: OPC UA Configuration Manager, \
             Server Endpoints, Edit; or let the client keep its own host.",
    look: Endpoints { applies: |posture| posture.endpoints.iter().any(|it| host_of(it).is_some()), at: elsewhere },
};

fn elsewhere(posture: &Posture) -> Outcome {
    let is_nowhere = |host: &str| {
        host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback() || address.is_unspecified())
    };
    let asked = posture.host.map(|host| host.trim_start_matches('[').trim_end_matches(']'));
    let is_elsewhere = |host: &String| match asked {
        // Who asked for this machine got this machine.
        Some(asked) => !host.eq_ignore_ascii_case(asked),
        None => is_nowhere(host),
    };
    let elsewhere = hosts(posture.endpoints.iter().filter_map(host_of).filter(is_elsewhere));
    Outcome::not_met_if(!elsewhere.is_empty(), || match asked {
        Some(asked) => format!("`{}` was queried, the URLs have {}", shown(asked), quoted(&elsewhere)),
        None => format!("the URLs have {}", quoted(&elsewhere)),
    })
}

//! Which hosts a server's certificate names (OPC 10000-6 section 6.2.2, OPC 10000-4 section 6.1.3).

use super::super::Clause::Opc;
use super::super::Look::Each;
use super::super::case::shown;
use super::super::{Case, Check, Outcome, Severity, Subject, Usage};
use super::names;
use crate::cert::GeneralName;
use crate::opcua::validation::names_host;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&OPCUA_HOST_MISSING, &OPCUA_HOST_MISMATCH, &OPCUA_HOST_LOCAL_ONLY];

fn hosts<'a>(subject: &'a Subject) -> Vec<GeneralName<'a>> {
    let is_host = |name: &GeneralName<'a>| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
    names(subject).into_iter().filter(is_host).collect()
}

fn list(hosts: &[GeneralName<'_>]) -> String {
    hosts.iter().take(8).map(|host| shown(&host.to_string())).collect::<Vec<_>>().join(", ")
}

/// Whether it may be a server's: a client needs no host.
fn may_serve(case: &Case, subject: &Subject) -> bool {
    subject.is_leaf() && case.expectation.usage != Some(Usage::TlsClient)
}

/// No host name or address stands in a server's certificate.
pub static OPCUA_HOST_MISSING: Check = Check {
    id: "opcua-host-missing",
    severity: Severity::Error,
    clauses: &[Opc(6, "6.2.2"), Opc(4, "6.1.3")],
    title: "A server's certificate contains the hosts by which clients reach it",
    why: "Clients compare the host of the URL with the names and addresses in the server's certificate and warn, or \
          refuse with BadCertificateHostNameInvalid. A client's certificate needs no host.",
    remedy: "Recreate the certificate with every name and address that clients use, including a router's external one: \
             `certkit generate opcua --dns plc7 --ip 10.0.0.7`.",
    look: Each { applies: may_serve, at: missing },
};

fn missing(case: &Case, subject: &Subject) -> Outcome {
    let is_server = case.expectation.usage == Some(Usage::TlsServer) || case.expectation.host.is_some();
    match (hosts(subject).is_empty(), is_server) {
        (false, _) => Outcome::Met,
        (true, true) => Outcome::NotMet("it has neither a DNS name nor an address".to_owned()),
        (true, false) => Outcome::NotGiven("it names no host; whether it is for a server is not known".to_owned()),
    }
}

/// The host that clients use is not among the names.
pub static OPCUA_HOST_MISMATCH: Check = Check {
    id: "opcua-host-mismatch",
    severity: Severity::Warning,
    clauses: &[Opc(4, "6.1.3"), Opc(6, "6.2.2")],
    title: "The certificate contains the host by which clients reach the server",
    why: "If the host of the URL is not in the certificate, a client reports BadCertificateHostNameInvalid; some ask \
          the operator, some refuse. Names are compared ignoring case, addresses as addresses, and OPC UA has no \
          wildcards. Older Kepware certificates have only the full computer name, so clients that use an address fail.",
    remedy: "Use a name in the client's URL that the certificate has, or recreate the certificate with the name or \
             address in use: `certkit generate opcua --dns NAME --ip ADDRESS`.",
    look: Each { applies: is_reached, at: mismatch },
};

fn is_reached(case: &Case, subject: &Subject) -> bool {
    may_serve(case, subject) && case.expectation.host.is_some() && !hosts(subject).is_empty()
}

fn mismatch(case: &Case, subject: &Subject) -> Outcome {
    let Some(host) = case.expectation.host.as_deref() else { return Outcome::Met };
    let hosts = hosts(subject);
    Outcome::not_met_if(!names_host(&hosts, host), || {
        let stands_as_name = case.expectation.address().is_some()
            && hosts.iter().any(|name| matches!(name, GeneralName::Dns(text) if text.to_str() == host));
        let hint = if stands_as_name { "; the address is there as a DNS name" } else { "" };
        format!("`{}` is not among its hosts: {}{hint}", shown(host), list(&hosts))
    })
}

/// Only names of the machine itself stand there.
pub static OPCUA_HOST_LOCAL_ONLY: Check = Check {
    id: "opcua-host-local-only",
    severity: Severity::Warning,
    clauses: &[Opc(6, "6.2.2"), Opc(4, "6.1.3")],
    title: "The hosts in the certificate can be reached from other machines",
    why: "A certificate for `localhost` works only for clients on the same machine. It was made before the computer \
          had its name, or with a program's default.",
    remedy: "Recreate the certificate with the name and the address by which other machines reach it: `certkit \
             generate opcua --dns plc7 --ip 10.0.0.7`.",
    look: Each { applies: |case, subject| may_serve(case, subject) && !hosts(subject).is_empty(), at: local_only },
};

fn local_only(_: &Case, subject: &Subject) -> Outcome {
    let hosts = hosts(subject);
    let is_local = |name: &GeneralName<'_>| match name {
        GeneralName::Dns(text) => text.to_str().eq_ignore_ascii_case("localhost"),
        GeneralName::Ip(octets) => crate::cert::address(octets).is_some_and(|address| address.is_loopback()),
        _ => false,
    };
    Outcome::not_met_if(hosts.iter().all(is_local), || format!("it contains no hosts other than {}", list(&hosts)))
}

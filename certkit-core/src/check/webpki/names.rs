//! Whether the certificate names the host that clients ask for (RFC 9525).

use std::net::IpAddr;

use super::super::Clause::{BaselineRequirements, Rfc, Rfc5280};
use super::super::Look::Each;
use super::super::case::shown;
use super::super::{Case, Check, Outcome, Reading, Severity, Subject};
use super::usage::serves_tls;
use crate::cert::extension::SubjectAltName;
use crate::cert::{GeneralName, Known, Text};
use crate::oid;
use crate::path::names::{Peer, PeerRules, dns, peer_matches};
use crate::path::process::is_host;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&SAN_MISSING, &HOST_MISMATCH, &ADDRESS_AS_DNS_NAME, &SAN_MALFORMED];

/// No host name or address stands in the subjectAltName.
pub static SAN_MISSING: Check = Check {
    id: "san-missing",
    severity: Severity::Error,
    clauses: &[Rfc(9525, "6.3"), BaselineRequirements("7.1.2.7.12"), Rfc5280("4.2.1.6")],
    title: "A server's certificate names its hosts in the subjectAltName",
    why: "Browsers, Go and every client that follows the standard look for the host in the subjectAltName and nowhere \
          else. Others still fall back to the common name, so such a certificate works with one client and fails with \
          the next. Vendors' instructions that make one with `/CN=name` alone are the usual cause.",
    remedy: "Have it issued anew with every name and address that clients use: `keytool -ext \
             san=dns:plc7.plant.example,ip:10.0.0.7`, or `openssl req -addext \
             subjectAltName=DNS:plc7.plant.example,IP:10.0.0.7`.",
    look: Each { applies: serves_tls, at: san_missing },
};

fn san_missing(_: &Case, subject: &Subject) -> Outcome {
    let certificate = &subject.certificate;
    match certificate.extension::<SubjectAltName<'_>>() {
        Ok(None) => Outcome::NotMet(match certificate.subject().first(oid::COMMON_NAME) {
            Some(name) => format!("it has no subjectAltName; its common name `{}` does not count", shown(&name)),
            None => "it has no subjectAltName".to_owned(),
        }),
        Ok(Some(names)) if !names.names().any(|name| is_host(&name)) => Outcome::NotMet(format!(
            "its subjectAltName has neither a DNS name nor an address: {}",
            list(names.names())
        )),
        Ok(Some(_)) => Outcome::Met,
        Err(malformed) => Outcome::Untold(malformed.to_string()),
    }
}

/// The host that clients ask for is none of the names.
pub static HOST_MISMATCH: Check = Check {
    id: "host-mismatch",
    severity: Severity::Error,
    clauses: &[Rfc(9525, "6.1"), Rfc(9525, "6.3"), Rfc(9525, "6.4")],
    title: "The certificate names the host by which clients reach the server",
    why: "A client compares what stands in its own settings with the names in the certificate, letter by letter: an \
          address is not compared with names, a short name not with a full one, and `*` stands for one label only. \
          OpenSSL has the errors 62 (name) and 64 (address) for it, ThingWorx's C SDK 1001 (`TW_SOCKET_INIT_ERROR`).",
    remedy: "Best enter in the client (Kepware: project properties, ThingWorx, Host) a name that the certificate has. \
             If that cannot be, have the certificate issued anew with the name or address in use as a further entry; \
             an address has to be an IP entry, not a DNS entry.",
    look: Each { applies: |case, subject| serves_tls(case, subject) && names_a_host(subject), at: host_mismatch },
};

/// Without any host in the certificate, that is what is wrong, whichever host is asked for.
fn names_a_host(subject: &Subject) -> bool {
    match subject.certificate.extension::<SubjectAltName<'_>>() {
        Ok(names) => names.is_some_and(|names| names.names().any(|name| is_host(&name))),
        Err(_) => true,
    }
}

fn host_mismatch(case: &Case, subject: &Subject) -> Outcome {
    let certificate = &subject.certificate;
    let names = match certificate.extension::<SubjectAltName<'_>>() {
        Ok(names) => names,
        Err(malformed) => return Outcome::Untold(malformed.to_string()),
    };
    let Some(host) = case.expectation.host.as_deref() else {
        return Outcome::NotGiven(
            "it is not known by which name or address clients reach the server: say it with `--host NAME`".to_owned(),
        );
    };
    let names: Vec<GeneralName<'_>> = names.iter().flat_map(SubjectAltName::names).collect();
    // What is no host at all is in no certificate.
    let peer = Peer::from_host(host);
    let fits = peer.as_ref().is_ok_and(|peer| peer_matches(certificate, &Known::of(certificate), peer, PEER));
    Outcome::not_met_if(!fits, || {
        let hint = match &peer {
            Ok(Peer::Address(address)) => hint_for_address(*address, &names),
            Ok(Peer::Host(name)) => hint_for_name(name, &names),
            Ok(Peer::Mailbox(_)) | Err(_) => "",
        };
        format!("`{}` is not among its names: {}{hint}", shown(host), list(names.iter().copied()))
    })
}

/// How the leaf has to name its peer.
const PEER: PeerRules = Reading::IN_PRACTICE.peer;

/// Says whether an address stands there as a name.
fn is_address_as_name(name: &GeneralName<'_>, address: IpAddr) -> bool {
    matches!(name, GeneralName::Dns(text) if text.to_str().parse() == Ok(address))
}

fn has_address(names: &[GeneralName<'_>], address: IpAddr) -> bool {
    names.iter().any(|name| matches!(name, GeneralName::Ip(octets) if crate::cert::address(octets) == Some(address)))
}

fn hint_for_address(address: IpAddr, names: &[GeneralName<'_>]) -> &'static str {
    if names.iter().any(|name| is_address_as_name(name, address)) {
        "; the address stands there as a DNS name, which clients do not compare with an address"
    } else if names.iter().any(|name| matches!(name, GeneralName::Ip(_))) {
        ""
    } else {
        "; an address is used, and the certificate has names only"
    }
}

fn hint_for_name(host: &str, names: &[GeneralName<'_>]) -> &'static str {
    let host = host.strip_suffix('.').unwrap_or(host).as_bytes();
    let dns = || {
        names.iter().filter_map(|name| match name {
            GeneralName::Dns(text) => Some(text.0),
            _ => None,
        })
    };
    let is_short_for = |name: &[u8]| {
        let (first, rest) = name.split_at_checked(host.len()).unwrap_or_default();
        first.eq_ignore_ascii_case(host) && rest.first() == Some(&b'.')
    };
    let is_too_wide = |base: &[u8]| dns::is_below(host, base) && dns::is_public_suffix(base, PEER.suffixes);
    let wildcards = || dns().filter_map(dns::wildcard_domain);
    if dns().any(is_short_for) {
        "; the short name is used, and the certificate has the full one"
    } else if wildcards().any(is_too_wide) {
        "; `*` does not count below a domain that everybody can register names in"
    } else if wildcards().any(|base| dns::is_below(host, base)) {
        "; `*` stands for one label only"
    } else if dns().next().is_none() {
        "; a name is used, and the certificate has addresses only"
    } else {
        ""
    }
}

/// An address stands as a DNS name.
pub static ADDRESS_AS_DNS_NAME: Check = Check {
    id: "address-as-dns-name",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.6"), Rfc(9525, "6.3")],
    title: "An address stands in the subjectAltName as an address",
    why: "Clients that are given an address compare it with the IP entries only; an address that stands as a DNS name \
          fits nothing.",
    remedy: "Have it issued anew with the address as an IP entry: `IP:10.0.0.7` instead of `DNS:10.0.0.7` (keytool: \
             `ip:`).",
    look: Each { applies: serves_tls, at: address_as_dns_name },
};

fn address_as_dns_name(_: &Case, subject: &Subject) -> Outcome {
    let names = match subject.certificate.extension::<SubjectAltName<'_>>() {
        Ok(names) => names,
        Err(malformed) => return Outcome::Untold(malformed.to_string()),
    };
    let names: Vec<GeneralName<'_>> = names.iter().flat_map(SubjectAltName::names).collect();
    // Some name it both ways for the sake of very old clients; that harms nobody.
    let is_useless = |name: &&GeneralName<'_>| match name {
        GeneralName::Dns(text) => text.to_str().parse().is_ok_and(|address| !has_address(&names, address)),
        _ => false,
    };
    let useless: Vec<GeneralName<'_>> = names.iter().filter(is_useless).copied().collect();
    Outcome::not_met_if(!useless.is_empty(), || {
        format!("addresses that stand as DNS names, and not as IP: {}", list(useless.iter().copied()))
    })
}

/// A name in the subjectAltName is not written as its kind demands.
pub static SAN_MALFORMED: Check = Check {
    id: "san-malformed",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.6"), Rfc(9525, "6.3")],
    title: "The names in the subjectAltName are written as their kinds demand",
    why: "A blank, an umlaut, a port or `https://` in a name makes an entry that fits nothing; and some programs, \
          keytool among them, give up on the whole certificate because of one such entry.",
    remedy: "Have it issued anew with plain names: DNS entries of letters, digits, hyphens and dots, other scripts as \
             `xn--\u{2026}`; URIs in ASCII with blanks as %20.",
    look: Each { applies: |_, subject| subject.is_leaf(), at: san_malformed },
};

fn san_malformed(_: &Case, subject: &Subject) -> Outcome {
    let names = match subject.certificate.extension::<SubjectAltName<'_>>() {
        Ok(names) => names,
        Err(malformed) => return Outcome::Untold(malformed.to_string()),
    };
    let fault = |name: GeneralName<'_>| fault(&name).map(|fault| format!("`{}` {fault}", shown(&name.to_string())));
    let faults: Vec<String> = names.iter().flat_map(SubjectAltName::names).filter_map(fault).collect();
    Outcome::not_met_if(!faults.is_empty(), || shortened(&faults, "; "))
}

fn fault(name: &GeneralName<'_>) -> Option<&'static str> {
    match name {
        GeneralName::Dns(text) => dns_fault(*text),
        GeneralName::Uri(text) => text_fault(*text).or_else(|| {
            let has_scheme = text.to_str().split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme));
            (!has_scheme).then_some("has no scheme such as `urn:`")
        }),
        GeneralName::Email(text) => {
            text_fault(*text).or_else(|| (!text.to_str().contains('@')).then_some("has no `@`"))
        }
        GeneralName::Ip(octets) => (!matches!(octets.len(), 4 | 16)).then_some("has neither 4 nor 16 bytes"),
        _ => None,
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.'))
}

fn text_fault(text: Text<'_>) -> Option<&'static str> {
    match text.0 {
        [] => Some("is empty"),
        octets if octets.iter().any(u8::is_ascii_whitespace) => Some("has a blank"),
        octets if octets.iter().any(u8::is_ascii_control) => Some("has a control character"),
        octets if !octets.is_ascii() => Some("has a character outside ASCII"),
        _ => None,
    }
}

fn dns_fault(text: Text<'_>) -> Option<&'static str> {
    let name = text.to_str();
    let base = name.strip_prefix("*.").unwrap_or(&name);
    text_fault(text).or_else(|| {
        Some(match () {
            // Another check speaks of addresses.
            () if name.parse::<IpAddr>().is_ok() => return None,
            () if name.contains('/') => "is a URL, not a host name",
            () if name.contains(':') => "has a port",
            () if base.contains('*') => "has a `*` that is not the whole first label",
            () if name.len() > 253 || name.split('.').any(|label| label.len() > 63) => "is longer than DNS allows",
            () if name.split('.').any(str::is_empty) => "has an empty label",
            () if !base.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.')) => {
                "has a character that host names cannot have"
            }
            () => return None,
        })
    })
}

/// How many names or faults a sentence has room for.
const ROOM: usize = 8;

fn list<'a>(names: impl Iterator<Item = GeneralName<'a>>) -> String {
    let names: Vec<String> = names.map(|name| shown(&name.to_string())).collect();
    if names.is_empty() { "none at all".to_owned() } else { shortened(&names, ", ") }
}

fn shortened(parts: &[String], separator: &str) -> String {
    let shown = parts.get(..ROOM).unwrap_or(parts).join(separator);
    match parts.len().saturating_sub(ROOM) {
        0 => shown,
        more => format!("{shown}{separator}and {more} more"),
    }
}

//! Whether the certificate names the host that clients ask for (RFC 9525).

use std::net::IpAddr;

use super::super::Clause::{BaselineRequirements, Document, Rfc, Rfc5280};
use super::super::Look::{Each, Facts};
use super::super::case::shown;
use super::super::{Case, Check, Outcome, Severity, Subject, always, has_server};
use super::usage::serves_tls;
use crate::cert::GeneralName;
use crate::cert::extension::SubjectAltName;

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&SAN_MISSING, &HOST_MISMATCH, &HOST_UNDERSCORE, &ADDRESS_AS_DNS_NAME, &SAN_MALFORMED, &SAN_UNREAD_BY_JAVA];

/// No host name or address stands in the subjectAltName.
pub static SAN_MISSING: Check = Check {
    id: "san-missing",
    severity: Severity::Error,
    clauses: &[Rfc(9525, "6.3"), BaselineRequirements("7.1.2.7.12"), Rfc5280("4.2.1.6")],
    title: "A server's certificate names its hosts in the subjectAltName",
    why: "Browsers, Go and every client that follows the standard look for the host only in the subjectAltName. Others \
          still fall back to the common name, so such a certificate works with one client and fails with another. \
          Vendors' instructions with `/CN=name` alone are the usual cause.",
    remedy: "Reissue it with every name and address that clients use: `keytool -ext \
             san=dns:plc7.plant.example,ip:10.0.0.7`, or `openssl req -addext \
             subjectAltName=DNS:plc7.plant.example,IP:10.0.0.7`.",
    look: Facts(has_server),
};

/// The host that clients use is not among the names.
pub static HOST_MISMATCH: Check = Check {
    id: "host-mismatch",
    severity: Severity::Error,
    clauses: &[Rfc(9525, "6.1"), Rfc(9525, "6.3"), Rfc(9525, "6.4")],
    title: "The certificate contains the host by which clients reach the server",
    why: "A client compares the host in its own settings with the names in the certificate: an address does not match \
          a name, a short name does not match a full one, and `*` matches one label only. OpenSSL reports errors 62 \
          (name) and 64 (address), ThingWorx's C SDK 1001 (`TW_SOCKET_INIT_ERROR`).",
    remedy: "Enter in the client (Kepware: project properties, ThingWorx, Host) a name that the certificate has. \
             Otherwise reissue the certificate with the name or address in use as a further entry; an address has to \
             be an IP entry, not a DNS entry.",
    look: Facts(has_server),
};

/// The host that clients ask for has an underscore in its name.
pub static HOST_UNDERSCORE: Check = Check {
    id: "host-underscore",
    severity: Severity::Error,
    clauses: &[Rfc(9525, "6.3"), Rfc5280("4.2.1.6")],
    title: "The name by which clients reach the server has no underscore",
    why: "An underscore is allowed in DNS but not in a host name. Java fails with `Contains non-LDH ASCII characters` \
          whatever the certificate has; OpenSSL accepts the name if the certificate has exactly it, never by a \
          wildcard (error 62).",
    remedy: "Give the server a further name without an underscore, such as one with a hyphen, reissue the certificate \
             with it, and enter it in the clients.",
    look: Facts(has_server),
};

fn has_address(names: &[GeneralName<'_>], address: IpAddr) -> bool {
    names.iter().any(|name| matches!(name, GeneralName::Ip(octets) if crate::cert::address(octets) == Some(address)))
}

/// An address stands as a DNS name.
pub static ADDRESS_AS_DNS_NAME: Check = Check {
    id: "address-as-dns-name",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.6"), Rfc(9525, "6.3")],
    title: "IP addresses in the subjectAltName are IP entries",
    why: "Clients compare an address with the IP entries only; an address in a DNS entry matches nothing.",
    remedy: "Reissue it with the address as an IP entry: `IP:10.0.0.7` instead of `DNS:10.0.0.7` (keytool: `ip:`).",
    look: Each { applies: serves_tls, at: address_as_dns_name },
};

fn address_as_dns_name(_: &Case, subject: &Subject) -> Outcome {
    let names = match subject.certificate.extension::<SubjectAltName<'_>>() {
        Ok(names) => names,
        Err(malformed) => return Outcome::Undetermined(malformed.to_string()),
    };
    let names: Vec<GeneralName<'_>> = names.iter().flat_map(SubjectAltName::names).collect();
    // Some name it both ways for the sake of very old clients; that harms nobody.
    let is_useless = |name: &&GeneralName<'_>| match name {
        GeneralName::Dns(text) => text.to_str().parse().is_ok_and(|address| !has_address(&names, address)),
        _ => false,
    };
    let useless: Vec<GeneralName<'_>> = names.iter().filter(is_useless).copied().collect();
    Outcome::not_met_if(!useless.is_empty(), || {
        format!("addresses in DNS entries but not in IP entries: {}", list(useless.iter().copied()))
    })
}

/// A name in the subjectAltName is not written as its kind demands.
pub static SAN_MALFORMED: Check = Check {
    id: "san-malformed",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.6"), Rfc(9525, "6.3")],
    title: "The names in the subjectAltName are well-formed",
    why: "An entry with a space, an umlaut, a port or `https://` matches nothing; some programs, keytool among them, \
          refuse the whole certificate because of one such entry.",
    remedy: "Reissue it with plain names: DNS entries of letters, digits, hyphens and dots, other scripts as \
             `xn--\u{2026}`; URIs in ASCII with spaces as %20.",
    look: Facts(always),
};

/// Java cannot decode the subjectAltName.
pub static SAN_UNREAD_BY_JAVA: Check = Check {
    id: "san-unread-by-java",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.6"), Rfc(2396, "2.4.3"), Document("java.net.URI of Java SE 17")],
    title: "Java can decode the subjectAltName",
    why: "Java decodes all names of the subjectAltName or none. One entry that it rejects is enough: a URI with a \
          space, `\\`, `{`, `|`, `^` or a lone `%`, without a scheme, or with a dot at the end of its host; an empty \
          mailbox; an address of neither 4 nor 16 bytes. Java then looks for the host only in the common name (`No \
          name matching \u{2026} found`) and finds no address (`No subject alternative names present`); where the \
          extension is critical, it does not read the certificate. OpenSSL ignores such an entry.",
    remedy: "Reissue it without that entry, or in a form that Java reads: `%20` for a space in a URI. `certkit inspect \
             FILE` shows all entries.",
    look: Facts(always),
};

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

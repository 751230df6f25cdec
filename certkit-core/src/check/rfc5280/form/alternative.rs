//! Alternative names (RFC 5280 sections 4.2.1.6, 4.2.1.7 and 7.2, RFC 5891).

use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

use super::super::super::Clause::{Rfc, Rfc5280};
use super::super::super::case::shown;
use super::super::super::{Check, Form, Look, Outcome, Severity};
use super::{form, is_normal, unless_found};
use crate::cert::extension::SubjectAltName;
use crate::cert::{GeneralName, Stated};
use crate::path::names::dns::{Underscores, is_host_name};
use crate::path::process::name_fault;

/// The names of both extensions, each with that of the extension.
fn names<'k, 'a>(form: &'k Form<'a>) -> impl Iterator<Item = (&'static str, GeneralName<'a>)> + use<'k, 'a> {
    let of_subject = form.known.subject_alt_name.as_ref().and_then(Stated::decoded);
    let of_issuer = form.known.issuer_alt_name.as_ref().and_then(Stated::decoded);
    let of_subject = of_subject.into_iter().flat_map(SubjectAltName::names).map(|name| ("subjectAltName", name));
    of_subject.chain(of_issuer.into_iter().flat_map(|it| it.0.iter()).map(|name| ("issuerAltName", name)))
}

form!(
    /// subjectAltName is critical beside a subject.
    SAN_CRITICAL_BESIDE_SUBJECT,
    "san-critical-beside-subject",
    &[Rfc5280("4.2.1.6")],
    "The subjectAltName beside a subject is not critical",
    "Marked critical, it excludes programs that look for the name in the subject; there are few of them left.",
    "No action is needed; at the next renewal make it not critical.",
    |form| {
        let stated = form.known.subject_alt_name.as_ref()?;
        let is_wrong = stated.critical && !form.certificate.subject().is_empty();
        Some(Outcome::not_met_if(is_wrong, || "subjectAltName is critical, and the subject has a name".to_owned()))
    }
);

/// The host of a URI with an authority (RFC 3986 section 3.2); `None` where it has none. Those of http have one always.
fn host(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once("://")?;
    let is_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let authority = rest.split(['/', '?', '#']).next()?;
    let server = authority.rsplit('@').next()?;
    if server.starts_with('[') {
        return server.split_inclusive(']').next();
    }
    server.split(':').next().filter(|host| is_http || !host.is_empty())
}

/// Says whether a host is an address or a full domain name.
fn is_full(host: &str) -> bool {
    let inside = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_address = inside.is_some_and(|it| it.parse::<Ipv6Addr>().is_ok()) || host.parse::<Ipv4Addr>().is_ok();
    let name = host.strip_suffix('.').unwrap_or(host);
    is_address || (name.contains('.') && is_host_name(name.as_bytes(), Underscores::Tolerated))
}

form!(
    /// The host of a URI is neither an address nor a full domain name.
    URI_HOST_UNFIT,
    "uri-host-unfit",
    &[Rfc5280("4.2.1.6"), Rfc5280("4.2.1.7")],
    "The host of a URI is a fully qualified domain name or an address",
    "A host like `plc7` means a different machine in every network; name constraints cannot be applied to it.",
    "No action is needed within a plant; in a new certificate write the full name, or a `urn:` without a host.",
    |form| {
        let uris = || names(form).filter_map(|(extension, name)| match name {
            GeneralName::Uri(uri) => Some((extension, uri)),
            _ => None,
        });
        uris().next()?;
        let unfit = uris().filter_map(|(extension, uri)| {
            let uri = uri.to_str();
            let host = host(&uri).filter(|host| !is_full(host))?;
            Some(format!("{extension}: `{}` has the host `{}`", shown(&uri), shown(host)))
        });
        Some(unless_found(unfit))
    }
);

/// What is wrong with a label that is said to be written in Punycode.
fn international_fault(label: &str) -> Option<&'static str> {
    let rest = label.get(..4).filter(|start| start.eq_ignore_ascii_case("xn--")).and_then(|_| label.get(4..))?;
    // A label of DNS has 63 octets at most; a longer one is malformed in another way.
    match (rest.len() <= 59).then(|| idna::punycode::decode_to_string(rest))? {
        None => Some("is not valid Punycode"),
        Some(text) if text.is_ascii() => Some("encodes no character outside ASCII"),
        Some(text) if !is_normal(&text) => Some("encodes a text that is not in normal form C"),
        Some(_) => None,
    }
}

form!(
    /// An internationalised host name is not one.
    INTERNATIONAL_NAME_UNFIT,
    "international-name-unfit",
    &[Rfc5280("7.2"), Rfc(5891, "4.1"), Rfc(5891, "4.4")],
    "Host names with `xn--` are valid internationalized names",
    "Such a name cannot be typed or shown, and no client uses it.",
    "Reissue it with the name in the Punycode form that a registry or a browser writes.",
    |form| {
        let faults = names(form).filter_map(|(extension, name)| {
            let GeneralName::Dns(text) = name else { return None };
            let text = text.to_str();
            let (label, fault) = text.split('.').find_map(|label| Some((label, international_fault(label)?)))?;
            Some(format!("{extension}: in `{}` the label `{}` {fault}", shown(&text), shown(label)))
        });
        Some(unless_found(faults))
    }
);
form!(
    /// issuerAltName has no name.
    ISSUER_ALT_NAME_EMPTY,
    "issuer-alt-name-empty",
    &[Rfc5280("4.2.1.7")],
    "The issuerAltName is not empty",
    "An empty list is malformed; strict parsers refuse the certificate.",
    "Reissue it without the extension.",
    |form| {
        let names = form.known.issuer_alt_name.as_ref()?.decoded()?;
        Some(Outcome::not_met_if(names.0.iter().next().is_none(), || "issuerAltName is an empty list".to_owned()))
    }
);
form!(
    /// A name of issuerAltName is malformed.
    ISSUER_ALT_NAME_MALFORMED,
    "issuer-alt-name-malformed",
    &[Rfc5280("4.2.1.6"), Rfc5280("4.2.1.7")],
    "The names in the issuerAltName are well-formed",
    "Few programs read the extension, and strict ones refuse the certificate.",
    "Reissue it with well-formed names, or without the extension.",
    |form| {
        let names = form.known.issuer_alt_name.as_ref()?.decoded()?;
        let malformed = names.0.iter().filter_map(|name| {
            let fault = name_fault(&name, Underscores::Forbidden)?;
            Some(format!("`{}` {fault}", shown(&name.to_string())))
        });
        Some(unless_found(malformed))
    }
);

//! Which host each program finds among the names of a leaf.

use super::super::Program;
use super::scene::Scene;
use crate::cert::GeneralName;
use crate::path::names::dns::{Underscores, is_host_name};
use crate::path::names::java;

/// Whether the program finds the host.
pub(super) fn finds(host: &str, scene: Scene<'_>, program: Program) -> bool {
    let names = scene.alternative_names(program);
    let is_host =
        |name: &GeneralName<'_>| if let GeneralName::Dns(it) = name { Some(it.to_str().into_owned()) } else { None };
    let hosts: Vec<String> = names.iter().filter_map(is_host).collect();
    let common = scene.common_names();
    match program {
        // Any of the common names will do.
        Program::OpenSsl | Program::Python => {
            let of_part = program == Program::OpenSsl;
            let fits = |name: &str| fits_openssl(name, host, of_part);
            if hosts.is_empty() { common.iter().any(|it| fits(it)) } else { hosts.iter().any(|it| fits(it)) }
        }
        Program::Java => {
            let fits = |name: &str| java::fits(name, host);
            if hosts.is_empty() { common.last().is_some_and(|it| fits(it)) } else { hosts.iter().any(|it| fits(it)) }
        }
        // Of the common name it thinks where there is but one, and no other name that servers have.
        Program::GnuTls => match common.as_slice() {
            [only] if !names.iter().any(is_of_servers) => fits_gnutls(only, host),
            _ => hosts.iter().any(|it| fits_gnutls(it, host)),
        },
        Program::Go => hosts.iter().any(|it| fits_go(it, host)),
        Program::Webpki => hosts.iter().any(|it| fits_webpki(it, host)),
    }
}

fn is_of_servers(name: &GeneralName<'_>) -> bool {
    matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_) | GeneralName::Uri(_))
}

/// A `*` stands for a first label that is not empty, or for what is left of one, below a domain of two labels at least
/// (`X509_check_host`); Python asks for whole labels.
fn fits_openssl(name: &str, host: &str, takes_parts: bool) -> bool {
    if name.eq_ignore_ascii_case(host) {
        return true;
    }
    let (Some((pattern, domain)), Some((label, above))) = (name.split_once('.'), host.split_once('.')) else {
        return false;
    };
    let Some((before, after)) = pattern.split_once('*') else { return false };
    let is_plain = |text: &str| text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let is_whole = before.is_empty() && after.is_empty();
    let is_part = takes_parts
        && before.is_empty() != after.is_empty()
        && is_plain(before)
        && is_plain(after)
        && !is_international(pattern)
        && !is_international(label);
    domain.contains('.')
        && is_host_name(domain.as_bytes(), Underscores::Forbidden)
        && domain.eq_ignore_ascii_case(above)
        && between(label, before, after).is_some_and(|it| is_plain(it) && ((is_whole && !it.is_empty()) || is_part))
}

fn is_international(label: &str) -> bool {
    label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
}

/// What stands between the begin and the end of a label.
fn between<'a>(label: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = label.get(before.len()..)?;
    let (middle, end) = rest.split_at_checked(rest.len().checked_sub(after.len())?)?;
    let begins = label.get(..before.len())?.eq_ignore_ascii_case(before);
    (begins && end.eq_ignore_ascii_case(after)).then_some(middle)
}

/// A `*` that begins a name stands for the begin of the first label, above two labels at least.
fn fits_gnutls(name: &str, host: &str) -> bool {
    let Some(rest) = name.strip_prefix('*').filter(|rest| rest.matches('.').count() > 1) else {
        return name.eq_ignore_ascii_case(host);
    };
    let Some(begin) = host.len().checked_sub(rest.len()).and_then(|at| host.split_at_checked(at)) else { return false };
    !begin.0.contains('.') && begin.1.eq_ignore_ascii_case(rest)
}

/// A `*` stands for the whole first label, whatever is above it; a dot at the end of the host does not count.
fn fits_go(name: &str, host: &str) -> bool {
    let relative = host.strip_suffix('.').unwrap_or(host);
    let (domain, above) = match (name.strip_prefix("*."), relative.split_once('.')) {
        (Some(domain), Some((_, above))) => (domain, above),
        _ if name == "*" => return !relative.contains('.'),
        _ => (name, relative),
    };
    domain.eq_ignore_ascii_case(above) || name.eq_ignore_ascii_case(host)
}

/// A `*` stands for the whole first label, above two labels at least; a dot at the end of the host does not count.
fn fits_webpki(name: &str, host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_ascii = host.is_ascii() && !host.contains(':');
    let fits = match (name.strip_prefix("*."), host.split_once('.')) {
        (Some(domain), Some((_, above))) => domain.contains('.') && domain.eq_ignore_ascii_case(above),
        _ => name.eq_ignore_ascii_case(host),
    };
    is_ascii && fits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the programs answered; a letter for each that finds the host: OpenSSL, Python, Java, GnuTLS, Go.
    #[test]
    fn wildcards_stand_for_what_each_program_takes_them_for() {
        let asked = "twx.plant.example";
        for (name, host, expected) in [
            ("TWX.Plant.Example", asked, "opjgG"),
            ("*.plant.example", asked, "opjgG"),
            ("*.example", asked, ""),
            ("tw*.plant.example", asked, "oj"),
            ("twx*.plant.example", asked, "oj"),
            ("*x.plant.example", asked, "ojg"),
            ("t*x.plant.example", asked, "j"),
            ("twx.*.example", asked, "j"),
            ("*.*.example", asked, "j"),
            ("*.example", "plc7.example", "jG"),
            ("*.co.uk", "plc.co.uk", "opjgG"),
            ("*", "plc7", "G"),
            ("twx.plant.example.", asked, ""),
            (asked, "twx.plant.example.", "jG"),
            ("*.plant.example", "twx.plant.example.", "jG"),
            ("twx.plant.example.", "twx.plant.example.", "opgG"),
            ("*.plant.example", "plc_7.plant.example", "gG"),
            ("plc_7.plant.example", "plc_7.plant.example", "opgG"),
            ("*.plant.example", "xn--mller-kva.plant.example", "opjgG"),
            ("xn--*.plant.example", "xn--mller-kva.plant.example", ""),
            ("xn--m*.plant.example", "xn--mller-kva.plant.example", ""),
            ("x*.plant.example", "xn--mller-kva.plant.example", ""),
            ("*a.plant.example", "xn--mller-kva.plant.example", "g"),
            ("twx.plant.example ", asked, ""),
            // The Kelvin sign is no `k`.
            ("\u{212a}epware.example", "kepware.example", ""),
        ] {
            let found = [
                ('o', fits_openssl(name, host, true)),
                ('p', fits_openssl(name, host, false)),
                ('j', java::fits(name, host)),
                ('g', fits_gnutls(name, host)),
                ('G', fits_go(name, host)),
            ];
            let found: String = found.into_iter().filter(|it| it.1).map(|it| it.0).collect();
            assert_eq!(found, expected, "{name} {host}");
        }
    }
}

//! What Java makes of alternative names: one that its decoder does not take costs it all of them.
//!
//! `sun.security.x509.GeneralNames` decodes all names or none, and leaves an extension that it cannot decode unread unless it
//! is critical. Its URIs are those of `java.net.URI` (RFC 2396), with a host that ends without a dot.

use std::net::Ipv6Addr;

use crate::cert::{GeneralName, Text};

/// What keeps Java from decoding a name, and with it all those beside it.
pub(crate) fn unread(name: &GeneralName<'_>) -> Option<&'static str> {
    match name {
        GeneralName::Email(Text([])) => Some("is empty"),
        GeneralName::Email(Text(mailbox)) => ends_at_host(mailbox).then_some("ends with `@`"),
        GeneralName::Uri(Text(uri)) => uri_fault(uri),
        // A range of addresses is one of the forms that it knows.
        GeneralName::Ip(octets) => (!matches!(octets.len(), 4 | 8 | 16 | 32)).then_some("has neither 4 nor 16 bytes"),
        GeneralName::RegisteredId(oid) | GeneralName::Other { oid, .. } => {
            (!oid.is_sound()).then_some("is not an object identifier")
        }
        GeneralName::EdiParty([]) => Some("is empty"),
        // It never finds the name of the party.
        GeneralName::EdiParty(_) => Some("is an EDI party name"),
        GeneralName::Unknown { .. } => Some("is of a kind that does not exist"),
        GeneralName::Dns(_) | GeneralName::X400(_) | GeneralName::Directory(_) => None,
    }
}

/// Whether Java takes a name for a host: a `*` stands for what is in any one label (`matchAllWildcards`), which is read in its
/// own script.
pub(crate) fn fits(name: &str, host: &str) -> bool {
    if !name.is_ascii() {
        return false;
    }
    let in_script = |text: &str| idna::domain_to_unicode(text).0;
    let (name, host) = (in_script(name), in_script(host.strip_suffix('.').unwrap_or(host)));
    let is_whole = name.rsplit_once('*').is_none_or(|(_, after)| after.contains('.') && name != "*.");
    let (labels, wanted) = (name.split('.'), host.split('.'));
    is_whole
        && !host.contains('_')
        && labels.clone().count() == wanted.clone().count()
        && labels.zip(wanted).all(|(one, other)| label_fits(one, other))
}

/// Whether a label with stars stands for another.
fn label_fits(pattern: &str, label: &str) -> bool {
    let (pattern, label) = (pattern.to_ascii_lowercase(), label.to_ascii_lowercase());
    let Some((before, rest)) = pattern.split_once('*') else { return pattern == label };
    let Some(mut left) = label.strip_prefix(before) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    left.ends_with(last)
}

/// Whether a mailbox ends behind its first `@`.
fn ends_at_host(mailbox: &[u8]) -> bool {
    mailbox.iter().position(|octet| *octet == b'@').is_some_and(|at| at.saturating_add(1) == mailbox.len())
}

/// What keeps `java.net.URI` or `sun.security.x509.URIName` from taking a URI.
fn uri_fault(uri: &[u8]) -> Option<&'static str> {
    let is_of_scheme = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'-' | b'.');
    let end = uri.iter().position(|octet| matches!(octet, b':' | b'/' | b'?' | b'#'));
    let split = end.and_then(|end| uri.split_at_checked(end)).filter(|(_, rest)| rest.first() == Some(&b':'));
    let Some((scheme, rest)) = split else {
        return Some(character_fault(uri).unwrap_or("has no scheme such as `urn:`"));
    };
    if !scheme.first().is_some_and(u8::is_ascii_alphabetic) || !scheme.iter().all(is_of_scheme) {
        return Some(character_fault(uri).unwrap_or("has no scheme such as `urn:`"));
    }
    let rest = rest.get(1..).unwrap_or_default();
    let (before, fragment) = cut(rest, b'#');
    if before.is_empty() {
        return Some("ends after its scheme");
    }
    if let Some(fault) = character_fault(rest) {
        return Some(fault);
    }
    let is_sound = are_of_uri(fragment)
        && match before.strip_prefix(b"/") {
            None => are_of_uri(before),
            Some(_) => is_hierarchy(before, before.len() == rest.len()),
        };
    if !is_sound {
        return Some("is not a URI of RFC 2396");
    }
    let host = before.strip_prefix(b"//").and_then(server);
    host.is_some_and(|host| host.ends_with(b".")).then_some("has a dot at the end of its host")
}

/// The part up to a separator, and what follows it.
fn cut(text: &[u8], separator: u8) -> (&[u8], &[u8]) {
    let at = text.iter().position(|octet| *octet == separator).unwrap_or(text.len());
    (text.get(..at).unwrap_or_default(), text.get(at.saturating_add(1)..).unwrap_or_default())
}

/// What no part of a URI may have. Octets beyond ASCII are taken as they are.
fn character_fault(text: &[u8]) -> Option<&'static str> {
    if text.iter().any(u8::is_ascii_whitespace) {
        return Some("has a blank");
    }
    if text.iter().any(u8::is_ascii_control) {
        return Some("has a control character");
    }
    if text.iter().any(|octet| b"<>\"{}|\\^`".contains(octet)) {
        return Some("has a character that URIs cannot have");
    }
    let is_escape = |rest: &[u8]| rest.get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    let mut after_percent = text.split(|octet| *octet == b'%').skip(1);
    after_percent.any(|rest| !is_escape(rest)).then_some("has a `%` without two hexadecimal digits")
}

/// Whether all octets may stand in an opaque part, a query or a fragment.
fn are_of_uri(text: &[u8]) -> bool {
    text.iter().all(|octet| *octet != b'#')
}

fn are_of_path(text: &[u8]) -> bool {
    text.iter().all(|octet| !matches!(octet, b'[' | b']' | b'#'))
}

/// `//authority/path?query`, with an authority or something behind it.
fn is_hierarchy(text: &[u8], is_last: bool) -> bool {
    let (before, _) = cut(text, b'?');
    let Some(rest) = before.strip_prefix(b"//") else { return are_of_path(before) };
    let (authority, path) = cut(rest, b'/');
    let is_alone = is_last && rest.len() == authority.len() && before.len() == text.len();
    if authority.is_empty() { !is_alone && are_of_path(path) } else { is_authority(authority) && are_of_path(path) }
}

/// Any registered name, or a server whose address stands in brackets.
fn is_authority(authority: &[u8]) -> bool {
    are_of_path(authority) || is_address(authority)
}

/// Whether it is `user@[address]:port`.
fn is_address(authority: &[u8]) -> bool {
    let at = authority.iter().position(|octet| *octet == b'@');
    let (user, server) = at.and_then(|at| authority.split_at_checked(at)).unwrap_or((&[], authority));
    let server = server.strip_prefix(b"@").unwrap_or(server);
    let Some(rest) = server.strip_prefix(b"[").filter(|rest| rest.contains(&b']')) else { return false };
    let (inside, port) = cut(rest, b']');
    let is_address = std::str::from_utf8(inside).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok());
    is_address && are_of_path(user) && is_port(port)
}

fn is_port(port: &[u8]) -> bool {
    let digits = port.strip_prefix(b":").map(|it| std::str::from_utf8(it).unwrap_or("-"));
    port.is_empty() || digits.is_some_and(|it| it.is_empty() || (!it.starts_with('+') && it.parse::<i32>().is_ok()))
}

/// The host of an authority that is a server's by its looks, without user and port.
fn server(hierarchy: &[u8]) -> Option<&[u8]> {
    let (authority, _) = cut(hierarchy, b'/');
    let (authority, _) = cut(authority, b'?');
    let at = authority.iter().position(|octet| *octet == b'@').map_or(0, |at| at.saturating_add(1));
    let server = authority.get(at..)?;
    let (host, _) = cut(server, b':');
    let is_sound = is_port(server.get(host.len()..)?) && is_host(host.strip_suffix(b".").unwrap_or(host));
    is_sound.then_some(host)
}

/// Labels of letters, digits and hyphens between, the last of several beginning with a letter.
fn is_host(host: &[u8]) -> bool {
    let labels: Vec<&[u8]> = host.split(|octet| *octet == b'.').collect();
    let is_label = |label: &&[u8]| {
        let ends = [label.first(), label.last()];
        ends.into_iter().all(|end| end.is_some_and(u8::is_ascii_alphanumeric))
            && label.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
    };
    let begins = labels.last().and_then(|last| last.first());
    labels.iter().all(is_label) && (labels.len() == 1 || begins.is_some_and(u8::is_ascii_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::Tag;
    use crate::oid::Oid;

    /// As `SubjectAltNameExtension` of JDK 17 answered.
    #[test]
    fn a_uri_is_what_java_takes_for_one() {
        for uri in [
            "urn:plc7:App",
            "urn:a%20b",
            "urn:?a",
            "urn:[a]",
            "urn:a'b~c",
            "http:///x",
            "http:/x",
            "http:?a",
            "http://?a",
            "http://#",
            "http://a_b:80/x",
            "http://-a/",
            "http://a..b/",
            "http://a.1./",
            "http://a_b./",
            "http://h:x/",
            "http://[::1]:80/",
            "http://h%41/",
            "http://a@b@c/",
            "mailto:a@b",
            "file:///c:/a",
            "urn:pl\u{e9}",
            "http://h/?[a]",
        ] {
            assert_eq!(uri_fault(uri.as_bytes()), None, "{uri}");
        }
        for (uri, fault) in [
            ("", "has no scheme such as `urn:`"),
            ("plc7/App", "has no scheme such as `urn:`"),
            ("1rn:a", "has no scheme such as `urn:`"),
            ("//h/x", "has no scheme such as `urn:`"),
            ("urn:", "ends after its scheme"),
            ("urn:#a", "ends after its scheme"),
            ("urn:plc 7", "has a blank"),
            (" urn:a", "has a blank"),
            ("urn:a\x7fb", "has a control character"),
            ("urn:a\\b", "has a character that URIs cannot have"),
            ("urn:{a}", "has a character that URIs cannot have"),
            ("urn:%7", "has a `%` without two hexadecimal digits"),
            ("http://", "is not a URI of RFC 2396"),
            ("http://h/[a]", "is not a URI of RFC 2396"),
            ("urn:a#b#c", "is not a URI of RFC 2396"),
            ("http://[::1", "is not a URI of RFC 2396"),
            ("http://[::1]x/", "is not a URI of RFC 2396"),
            ("http://[fe80::1%25en]/", "is not a URI of RFC 2396"),
            ("http://a.b./x", "has a dot at the end of its host"),
            ("http://u@a.b.:80/x", "has a dot at the end of its host"),
        ] {
            assert_eq!(uri_fault(uri.as_bytes()), Some(fault), "{uri}");
        }
    }

    #[test]
    fn the_other_names_are_what_java_takes_them_for() {
        let (five, empty, padded): ([u8; 5], _, _) = ([1; 5], Text(b""), Oid(b"\x2a\x80\x01"));
        for (name, is_read) in [
            (GeneralName::Email(empty), false),
            (GeneralName::Email(Text(b"a@")), false),
            (GeneralName::Email(Text(b"a b")), true),
            (GeneralName::Dns(empty), true),
            (GeneralName::Dns(Text(b"a b")), true),
            (GeneralName::Ip(&five), false),
            (GeneralName::Ip(&[10, 0, 0, 0, 255, 0, 0, 0]), true),
            (GeneralName::RegisteredId(Oid(b"\x2a\x03")), true),
            (GeneralName::RegisteredId(Oid(b"\x2a\x83")), false),
            (GeneralName::RegisteredId(padded), false),
            (GeneralName::X400(b""), true),
            (GeneralName::EdiParty(b""), false),
            (GeneralName::Unknown { tag: Tag(0x89), value: b"a" }, false),
        ] {
            assert_eq!(unread(&name).is_none(), is_read, "{name}");
        }
    }
}

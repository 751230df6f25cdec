//! Whether a name lies in a subtree of name constraints (RFC 5280 section 4.2.1.10).

use std::net::Ipv6Addr;

use super::dns::{self, Underscores};
use crate::asn1::{self, Tag};
use crate::cert::{GeneralName, IpRange, Name};
use crate::oid;

/// What a period at the start of a DNS constraint means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadingPeriod {
    /// Nothing: RFC 5280 has it for hosts of URIs and mailboxes alone.
    Malformed,
    /// All names below, but not the name itself: the reading of OpenSSL and others.
    OnlyBelow,
}

/// How a name stands to a subtree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// They are of different forms: the subtree says nothing about the name.
    Unrelated,
    /// Everything that the name stands for lies inside.
    Within,
    /// Some of what the name stands for lies inside: of a wildcard, or of an IPv4 address in the clothes of IPv6.
    Partly,
    /// Nothing that the name stands for lies inside.
    Outside,
    /// The subtree's base is not well formed.
    BadBase,
    /// The name is not well formed, or of a form that certkit cannot compare.
    Incomparable,
}

/// Finds how `name` stands to the subtree with this base.
pub fn fit(name: &GeneralName<'_>, base: &GeneralName<'_>, period: LeadingPeriod) -> Fit {
    match (name, base) {
        (GeneralName::Dns(name), GeneralName::Dns(base)) => dns_fit(name.0, base.0, period),
        (GeneralName::Ip(octets), GeneralName::Ip(range)) => ip_fit(octets, range),
        (GeneralName::Email(name), GeneralName::Email(base)) => mailbox_fit(name.0, base.0),
        (GeneralName::Other { oid: oid::ON_SMTP_UTF8_MAILBOX, value }, GeneralName::Email(base)) => {
            utf8_mailbox_fit(value, base.0)
        }
        (GeneralName::Uri(name), GeneralName::Uri(base)) => uri_fit(name.0, base.0),
        (GeneralName::Directory(name), GeneralName::Directory(base)) => directory_fit(name, base),
        (GeneralName::Other { oid: name, .. }, GeneralName::Other { oid: base, .. }) if name == base => {
            Fit::Incomparable
        }
        (GeneralName::X400(_), GeneralName::X400(_))
        | (GeneralName::EdiParty(_), GeneralName::EdiParty(_))
        | (GeneralName::RegisteredId(_), GeneralName::RegisteredId(_)) => Fit::Incomparable,
        (GeneralName::Unknown { tag: name, .. }, GeneralName::Unknown { tag: base, .. }) if name == base => {
            Fit::Incomparable
        }
        _ => Fit::Unrelated,
    }
}

/// Says whether a base is well formed, whatever the names below are.
pub(in crate::path) fn subtree_is_sound(base: &GeneralName<'_>, period: LeadingPeriod) -> bool {
    match base {
        GeneralName::Dns(base) => dns_base(base.0, period).is_some(),
        GeneralName::Ip(octets) => IpRange::from_octets(octets).is_some_and(|range| range.has_prefix_mask()),
        GeneralName::Email(base) => is_mailbox_base(base.0),
        GeneralName::Uri(base) => is_domain_base(base.0),
        GeneralName::Directory(base) => base.fault().is_none(),
        _ => true,
    }
}

fn inside(is_inside: bool) -> Fit {
    if is_inside { Fit::Within } else { Fit::Outside }
}

/// Takes a DNS constraint apart: its domain, and whether the domain itself lies inside.
fn dns_base(base: &[u8], period: LeadingPeriod) -> Option<(&[u8], bool)> {
    match base {
        [] => Some((base, true)),
        [b'.', domain @ ..] if period == LeadingPeriod::OnlyBelow => {
            (domain.is_empty() || dns::is_host_name(domain, Underscores::Tolerated)).then_some((domain, false))
        }
        domain => dns::is_host_name(domain, Underscores::Tolerated).then_some((domain, true)),
    }
}

fn dns_fit(name: &[u8], base: &[u8], period: LeadingPeriod) -> Fit {
    let Some((domain, with_itself)) = dns_base(base, period) else { return Fit::BadBase };
    let lies_inside = |name: &[u8]| {
        domain.is_empty() || dns::is_below(name, domain) || (with_itself && name.eq_ignore_ascii_case(domain))
    };
    if !dns::is_presentable(name, Underscores::Tolerated) {
        return Fit::Incomparable;
    }
    match dns::wildcard_domain(name) {
        None => inside(lies_inside(name)),
        // Every name that the wildcard stands for lies below its domain.
        Some(parent) if domain.is_empty() || dns::is_at_or_below(parent, domain) => Fit::Within,
        Some(parent) => {
            let labels = |name: &[u8]| name.split(|octet| *octet == b'.').count();
            let is_child = dns::is_below(domain, parent) && labels(domain) == labels(parent).saturating_add(1);
            if is_child && with_itself { Fit::Partly } else { Fit::Outside }
        }
    }
}

/// An IPv4 address that is written as one of IPv6 (RFC 4291 section 2.5.5.2) reaches the same host: what excludes the one
/// excludes the other. What permits the one permits that form alone, as OpenSSL, Java and Go compare them.
fn ip_fit(octets: &[u8], range: &[u8]) -> Fit {
    let Some(range) = IpRange::from_octets(range).filter(IpRange::has_prefix_mask) else { return Fit::BadBase };
    if !matches!(octets.len(), 4 | 16) {
        return Fit::Incomparable;
    }
    match mapped(octets) {
        Some(four) => match (range.contains(octets), range.unmapped().contains(&four)) {
            (true, true) => Fit::Within,
            (false, false) => Fit::Outside,
            // Inside in one of its two forms.
            _ => Fit::Partly,
        },
        None if range.contains(octets) => Fit::Within,
        None if range.unmapped().contains(octets) => Fit::Partly,
        None => Fit::Outside,
    }
}

/// The IPv4 address that an IPv6 address stands for.
fn mapped(octets: &[u8]) -> Option<[u8; 4]> {
    let sixteen = <[u8; 16]>::try_from(octets).ok()?;
    Ipv6Addr::from(sixteen).to_ipv4_mapped().map(|four| four.octets())
}

/// Takes a mailbox apart at its last `@`.
fn mailbox(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = text.iter().rposition(|octet| *octet == b'@')?;
    let (local, rest) = text.split_at_checked(at)?;
    let host = rest.get(1..)?;
    let is_quoted = local.len() > 2 && local.first() == Some(&b'"') && local.last() == Some(&b'"');
    let is_plain = |octet: &u8| octet.is_ascii_graphic() && !matches!(octet, b'@' | b'"' | b'(' | b')' | b'<' | b'>');
    let is_local = !local.is_empty() && (is_quoted || local.iter().all(is_plain)) && text.is_ascii();
    (is_local && dns::is_host_name(host, Underscores::Tolerated)).then_some((local, host))
}

/// Says whether this is a mailbox: a local part in ASCII, an `@` and a host name.
pub(in crate::path) fn is_mailbox(text: &[u8]) -> bool {
    mailbox(text).is_some()
}

fn is_domain_base(base: &[u8]) -> bool {
    base.is_empty() || dns::is_host_name(base.strip_prefix(b".").unwrap_or(base), Underscores::Tolerated)
}

fn is_mailbox_base(base: &[u8]) -> bool {
    if base.contains(&b'@') { mailbox(base).is_some() } else { is_domain_base(base) }
}

/// A host lies in `.domain` below it, in `domain` only if it is the same.
fn host_fit(host: &[u8], base: &[u8]) -> Fit {
    inside(match base {
        [] => true,
        [b'.', domain @ ..] => dns::is_below(host, domain),
        same => host.eq_ignore_ascii_case(same),
    })
}

fn mailbox_fit(name: &[u8], base: &[u8]) -> Fit {
    if !is_mailbox_base(base) {
        return Fit::BadBase;
    }
    let Some((local, host)) = mailbox(name) else { return Fit::Incomparable };
    match mailbox(base) {
        Some((wanted_local, wanted_host)) => inside(local == wanted_local && host.eq_ignore_ascii_case(wanted_host)),
        None => host_fit(host, base),
    }
}

/// An internationalized mailbox (RFC 9598 section 6) counts by its host, which is in A-labels, as any other; its local part
/// is not compared.
fn utf8_mailbox_fit(value: &[u8], base: &[u8]) -> Fit {
    if !is_mailbox_base(base) {
        return Fit::BadBase;
    }
    let Ok(name) = asn1::single(value, Tag::UTF8_STRING) else { return Fit::Incomparable };
    let at = name.value.iter().rposition(|octet| *octet == b'@');
    let host = at.and_then(|at| name.value.get(at.saturating_add(1)..));
    let Some(host) = host.filter(|host| dns::is_host_name(host, Underscores::Tolerated)) else {
        return Fit::Incomparable;
    };
    match mailbox(base) {
        Some((_, wanted)) if host.eq_ignore_ascii_case(wanted) => Fit::Incomparable,
        Some(_) => Fit::Outside,
        None => host_fit(host, base),
    }
}

/// The host of a URI's authority (RFC 3986 section 3.2), where it is a name and not an address. Where something stands in
/// the authority that does not belong there (a backslash, several `@`), readers disagree on it.
fn uri_host(uri: &[u8]) -> Option<&[u8]> {
    let colon = uri.iter().position(|octet| *octet == b':')?;
    let rest = uri.get(colon..)?.strip_prefix(b"://")?;
    let end = rest.iter().position(|octet| matches!(octet, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let authority = rest.get(..end)?;
    let host = match authority.iter().position(|octet| *octet == b'@') {
        Some(at) => {
            let (user, host) = authority.split_at_checked(at)?;
            let is_plain = |octet: &u8| octet.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:".contains(octet);
            host.get(1..).filter(|_| user.iter().all(is_plain))?
        }
        None => authority,
    };
    let mut parts = host.splitn(2, |octet| *octet == b':');
    let (host, port) = (parts.next()?, parts.next().unwrap_or_default());
    (dns::is_host_name(host, Underscores::Tolerated) && port.iter().all(u8::is_ascii_digit)).then_some(host)
}

fn uri_fit(name: &[u8], base: &[u8]) -> Fit {
    if !is_domain_base(base) {
        return Fit::BadBase;
    }
    uri_host(name).map_or(Fit::Incomparable, |host| host_fit(host, base))
}

/// What cannot be decoded may say anything, also to the next reader.
fn directory_fit(name: &Name<'_>, base: &Name<'_>) -> Fit {
    if base.fault().is_some() {
        Fit::BadBase
    } else if name.fault().is_some() {
        Fit::Incomparable
    } else {
        inside(name.is_within(base))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cert::Text;

    fn dns(name: &str, base: &str, period: LeadingPeriod) -> Fit {
        fit(&GeneralName::Dns(Text(name.as_bytes())), &GeneralName::Dns(Text(base.as_bytes())), period)
    }

    #[test]
    fn dns_subtrees_hold_the_name_and_all_below() {
        for (name, base, expected) in [
            ("example.com", "example.com", Fit::Within),
            ("a.b.EXAMPLE.com", "example.com", Fit::Within),
            ("badexample.com", "example.com", Fit::Outside),
            ("com", "example.com", Fit::Outside),
            ("anything", "", Fit::Within),
            ("*.example.com", "example.com", Fit::Within),
            ("*.example.com", "foo.example.com", Fit::Partly),
            ("*.example.com", "a.foo.example.com", Fit::Outside),
            ("*.example.com", "other.com", Fit::Outside),
            (".example.com", "example.com", Fit::Incomparable),
            ("foo.example.com", ".example.com", Fit::BadBase),
            ("foo.example.com", "*.example.com", Fit::BadBase),
        ] {
            assert_eq!(dns(name, base, LeadingPeriod::Malformed), expected, "{name} {base}");
        }
        assert_eq!(dns("foo.example.com", ".example.com", LeadingPeriod::OnlyBelow), Fit::Within);
        assert_eq!(dns("example.com", ".example.com", LeadingPeriod::OnlyBelow), Fit::Outside);
    }

    #[test]
    fn mailboxes_count_to_the_letter_before_the_at() {
        let mailbox = |name: &str, base: &str| {
            fit(
                &GeneralName::Email(Text(name.as_bytes())),
                &GeneralName::Email(Text(base.as_bytes())),
                LeadingPeriod::Malformed,
            )
        };
        for (name, base, expected) in [
            ("a@example.com", "a@EXAMPLE.com", Fit::Within),
            ("A@example.com", "a@example.com", Fit::Outside),
            ("**@example.com", "**@example.com", Fit::Within),
            ("*@example.com", "**@example.com", Fit::Outside),
            ("a@example.com", "example.com", Fit::Within),
            ("a@sub.example.com", "example.com", Fit::Outside),
            ("a@sub.example.com", ".example.com", Fit::Within),
            ("a@example.com", ".example.com", Fit::Outside),
            ("a@example.com", "x@y@example.com", Fit::BadBase),
            ("example.com", "example.com", Fit::Incomparable),
        ] {
            assert_eq!(mailbox(name, base), expected, "{name} {base}");
        }
    }

    #[test]
    fn internationalized_mailboxes_count_by_their_host() {
        let utf8 = |text: &str| [&[0x0c, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        for (name, base, expected) in [
            (utf8("käthe@example.com"), "example.com", Fit::Within),
            (utf8("käthe@EVIL.net"), "example.com", Fit::Outside),
            (utf8("käthe@sub.example.com"), ".example.com", Fit::Within),
            (utf8("käthe@müller.de"), "example.com", Fit::Incomparable),
            (utf8("käthe@example.com"), "kathe@example.com", Fit::Incomparable),
            (utf8("käthe@evil.net"), "kathe@example.com", Fit::Outside),
            (utf8("käthe"), "example.com", Fit::Incomparable),
            (utf8("käthe@example.com"), "x@y@example.com", Fit::BadBase),
            (b"\x16\x01a".to_vec(), "example.com", Fit::Incomparable),
        ] {
            let other = GeneralName::Other { oid: oid::ON_SMTP_UTF8_MAILBOX, value: &name };
            let base = GeneralName::Email(Text(base.as_bytes()));
            assert_eq!(fit(&other, &base, LeadingPeriod::Malformed), expected, "{name:?}");
        }
    }

    #[test]
    fn uris_count_by_their_host() {
        let uri = |name: &str, base: &str| {
            fit(
                &GeneralName::Uri(Text(name.as_bytes())),
                &GeneralName::Uri(Text(base.as_bytes())),
                LeadingPeriod::Malformed,
            )
        };
        for (name, base, expected) in [
            ("https://host.example.com:443/path", "host.example.com", Fit::Within),
            ("https://user@host.example.com?x", ".example.com", Fit::Within),
            ("https://example.com/", ".example.com", Fit::Outside),
            ("https://example.com.evil.net/", "example.com", Fit::Outside),
            ("https://example.com:443@evil.net/", "example.com", Fit::Outside),
            ("https://evil.net\\@example.com/", "example.com", Fit::Incomparable),
            ("https://evil.net@x@example.com/", "example.com", Fit::Incomparable),
            ("https://evil.net @example.com/", "example.com", Fit::Incomparable),
            ("https://example.com:80:evil.net/", "example.com", Fit::Incomparable),
            ("https://10.0.0.7/", "example.com", Fit::Incomparable),
            ("urn:plc7:app", "example.com", Fit::Incomparable),
        ] {
            assert_eq!(uri(name, base), expected, "{name} {base}");
        }
    }

    #[test]
    fn addresses_lie_in_ranges_of_their_family() {
        let ip =
            |name: &[u8], base: &[u8]| fit(&GeneralName::Ip(name), &GeneralName::Ip(base), LeadingPeriod::Malformed);
        let range = [192, 0, 2, 0, 255, 255, 255, 0];
        assert_eq!(ip(&[192, 0, 2, 9], &range), Fit::Within);
        assert_eq!(ip(&[192, 0, 3, 9], &range), Fit::Outside);
        assert_eq!(ip(&[0; 16], &range), Fit::Outside);
        assert_eq!(ip(&range, &range), Fit::Incomparable);
        assert_eq!(ip(&[192, 0, 2, 9], &[192, 0, 2, 0, 255, 0, 255, 0]), Fit::BadBase);
        assert_eq!(ip(&[192, 0, 2, 9], &[0; 16]), Fit::BadBase);
    }

    #[test]
    fn an_ipv4_address_in_the_clothes_of_ipv6_is_an_ipv4_address() {
        let six = |text: &str| text.parse::<Ipv6Addr>().unwrap().octets();
        let range = |base: &str, ones: usize| {
            let mask = u128::MAX.checked_shl(128 - u32::try_from(ones).unwrap()).unwrap_or(0).to_be_bytes();
            [six(base), mask].concat()
        };
        let four = [10, 0, 0, 0, 255, 0, 0, 0].to_vec();
        for (name, range, expected) in [
            (six("::ffff:10.0.0.7").to_vec(), four.clone(), Fit::Partly),
            (six("::ffff:11.0.0.7").to_vec(), four.clone(), Fit::Outside),
            (six("2001:db8::7").to_vec(), four, Fit::Outside),
            (six("::ffff:10.0.0.7").to_vec(), range("::ffff:10.0.0.0", 104), Fit::Within),
            (vec![10, 0, 0, 7], range("::ffff:10.0.0.0", 104), Fit::Partly),
            (vec![11, 0, 0, 7], range("::ffff:10.0.0.0", 104), Fit::Outside),
            (vec![10, 0, 0, 7], range("::", 0), Fit::Outside),
            (six("::ffff:10.0.0.7").to_vec(), range("::", 0), Fit::Partly),
            (six("::ffff:10.0.0.7").to_vec(), range("2001:db8::", 32), Fit::Outside),
        ] {
            let found = fit(&GeneralName::Ip(&name), &GeneralName::Ip(&range), LeadingPeriod::Malformed);
            assert_eq!(found, expected, "{name:?} {range:?}");
        }
    }

    #[test]
    fn a_directory_name_that_cannot_be_decoded_is_never_outside() {
        // O=Evil; the same whose value is cut short; O=Evil as BMPString of odd length.
        let base = b"\x30\x0f\x31\x0d\x30\x0b\x06\x03\x55\x04\x0a\x0c\x04Evil";
        let cut = b"\x30\x0f\x31\x0d\x30\x0b\x06\x03\x55\x04\x0a\x0c\x05Evil";
        let odd = b"\x30\x10\x31\x0e\x30\x0c\x06\x03\x55\x04\x0a\x1e\x05Evil!";
        let foul = b"\x30\x10\x31\x0e\x30\x0c\x06\x03\x55\x04\x0a\x0c\x05Evil\xff";
        let surrogate = b"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x0a\x1e\x02\xd8\x00";
        let beyond = b"\x30\x0f\x31\x0d\x30\x0b\x06\x03\x55\x04\x0a\x1c\x04\0\x11\0\0";
        let other = b"\x30\x0f\x31\x0d\x30\x0b\x06\x03\x55\x04\x0a\x0c\x04Good";
        let name = |der: &'static [u8]| GeneralName::Directory(Name::from_der(der).unwrap());
        for (subject, expected) in [
            (&base[..], Fit::Within),
            (&cut[..], Fit::Incomparable),
            (&odd[..], Fit::Incomparable),
            (&foul[..], Fit::Incomparable),
            (&surrogate[..], Fit::Incomparable),
            (&beyond[..], Fit::Incomparable),
            (&other[..], Fit::Outside),
        ] {
            assert_eq!(fit(&name(subject), &name(base), LeadingPeriod::Malformed), expected);
        }
        for unsound in [&cut[..], &odd[..], &foul[..], &surrogate[..], &beyond[..]] {
            assert_eq!(fit(&name(base), &name(unsound), LeadingPeriod::Malformed), Fit::BadBase);
            assert!(!subtree_is_sound(&name(unsound), LeadingPeriod::Malformed));
        }
    }
}

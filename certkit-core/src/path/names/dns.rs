//! Host names as certificates write them (RFC 5280 section 4.2.1.6, RFC 6125 section 6.4).

/// What labels may hold beside letters, digits and inner hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Underscores {
    /// They are forbidden, as RFC 1123 has it.
    Forbidden,
    /// They are tolerated, as the net has it.
    Tolerated,
}

/// Says whether this is a host name in preferred syntax (RFC 1034 section 3.5, RFC 1123 section 2.1).
///
/// No trailing dot, no wildcard; the last label must not be a number, so that no address passes.
pub fn is_host_name(name: &[u8], underscores: Underscores) -> bool {
    let is_label = |label: &[u8]| {
        let inner = |octet: &u8| {
            octet.is_ascii_alphanumeric() || *octet == b'-' || (*octet == b'_' && underscores == Underscores::Tolerated)
        };
        (1..=63).contains(&label.len())
            && label.iter().all(inner)
            && label.first() != Some(&b'-')
            && label.last() != Some(&b'-')
    };
    let is_number = |label: &[u8]| label.iter().all(u8::is_ascii_digit);
    name.len() <= 253
        && name.split(|octet| *octet == b'.').all(is_label)
        && name.rsplit(|octet| *octet == b'.').next().is_some_and(|last| !is_number(last))
}

/// Takes the `*.` off a wildcard name.
pub fn wildcard_domain(name: &[u8]) -> Option<&[u8]> {
    name.strip_prefix(b"*.")
}

/// Says whether this is a host name, or one whose first label is a wildcard.
pub fn is_presentable(name: &[u8], underscores: Underscores) -> bool {
    is_host_name(wildcard_domain(name).unwrap_or(name), underscores)
}

/// Below which domains of the list of publicsuffix.org a wildcard stands for the names of strangers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffixes {
    /// Those of registries (the section "ICANN domains"), such as `com` and `co.uk`: what section 3.2.2.6 of the Baseline
    /// Requirements has CAs consult, and what browsers do.
    OfRegistries,
    /// Those of companies, too (the section "private domains"), such as `s3.amazonaws.com`, where strangers get names from
    /// the one owner, who holds a certificate for all of them.
    OfCompaniesToo,
}

/// Says whether many parties register names directly below this domain (publicsuffix.org).
///
/// A domain of one label counts as such whether it is known or not. The list is embedded.
pub fn is_public_suffix(domain: &[u8], suffixes: Suffixes) -> bool {
    let lower = domain.to_ascii_lowercase();
    let counts = |kind| kind == psl::Type::Icann || suffixes == Suffixes::OfCompaniesToo;
    let is_known = psl::suffix(&lower).is_some_and(|it| it.typ().is_some_and(counts) && it.as_bytes() == lower);
    is_known || !domain.contains(&b'.')
}

/// What a `*` may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wildcards {
    /// A whole label, as RFC 9525 section 6.3 demands.
    WholeLabel,
    /// The begin or the end of a label, too, as RFC 6125 section 6.4.3 allowed and OpenSSL and Java still do.
    PartOfLabel,
}

/// Compares a name of a certificate with the name of a host (RFC 6125 section 6.4).
///
/// Only ASCII counts, and only its case does not. A wildcard stands in the first label for what `wildcards` says,
/// never for a label with an underscore (OpenSSL's and Java's rule), and counts only below a domain that is none of
/// the `suffixes`: not below `com` or `co.uk`. A dot at the end of `host` does not count. A name that is not well
/// formed matches nothing.
pub fn matches(presented: &[u8], host: &[u8], suffixes: Suffixes, wildcards: Wildcards) -> bool {
    let host = host.strip_suffix(b".").unwrap_or(host);
    if !is_host_name(host, Underscores::Tolerated) {
        return false;
    }
    let (label, domain) = split(presented);
    let Some(star) = label.iter().position(|octet| *octet == b'*') else {
        return is_host_name(presented, Underscores::Tolerated) && presented.eq_ignore_ascii_case(host);
    };
    let (before, from_star) = label.split_at_checked(star).unwrap_or_default();
    let after = from_star.get(1..).unwrap_or_default();
    let (host_label, above) = split(host);
    let stands_for_part = wildcards == Wildcards::PartOfLabel && before.is_empty() != after.is_empty();
    let is_international = |label: &[u8]| label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"xn--"));
    let is_fit = match (before.is_empty(), after.is_empty()) {
        (true, true) => true,
        _ => stands_for_part && !is_international(host_label) && !is_international(label) && is_label(before, after),
    };
    is_fit
        && is_host_name(domain, Underscores::Tolerated)
        && above.eq_ignore_ascii_case(domain)
        && !host_label.contains(&b'_')
        && stands_for(host_label, before, after)
        && !is_public_suffix(domain, suffixes)
}

/// The first label, and what follows its dot.
fn split(name: &[u8]) -> (&[u8], &[u8]) {
    let dot = name.iter().position(|octet| *octet == b'.').unwrap_or(name.len());
    (name.get(..dot).unwrap_or_default(), name.get(dot.saturating_add(1)..).unwrap_or_default())
}

/// Says whether what stands beside a `*` is of letters, digits and hyphens.
fn is_label(before: &[u8], after: &[u8]) -> bool {
    before.iter().chain(after).all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
}

/// Says whether a label begins and ends with what stands beside a `*`, with something between.
fn stands_for(label: &[u8], before: &[u8], after: &[u8]) -> bool {
    let starts = label.get(..before.len()).is_some_and(|start| start.eq_ignore_ascii_case(before));
    let rest = label.get(before.len()..).unwrap_or_default();
    let end = rest.len().checked_sub(after.len()).filter(|between| *between > 0);
    starts && end.and_then(|end| rest.get(end..)).is_some_and(|end| end.eq_ignore_ascii_case(after))
}

/// Says whether `name` is `domain` or lies below it.
pub fn is_at_or_below(name: &[u8], domain: &[u8]) -> bool {
    name.eq_ignore_ascii_case(domain) || is_below(name, domain)
}

/// Says whether `name` lies below `domain`, with one label more or many.
pub fn is_below(name: &[u8], domain: &[u8]) -> bool {
    let Some(start) = name.len().checked_sub(domain.len()).filter(|start| *start > 0) else { return false };
    let (front, back) = name.split_at_checked(start).unwrap_or_default();
    back.eq_ignore_ascii_case(domain) && front.last() == Some(&b'.') && front.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferred_syntax_is_known() {
        let longest = "a".repeat(63);
        for good in ["example.com", "a", "xn--bcher-kva.example", "3com.com", "1.2.example", longest.as_str()] {
            assert!(is_host_name(good.as_bytes(), Underscores::Forbidden), "{good}");
        }
        let (label, name) = ("a".repeat(64), ["abcdefghij"; 30].join("."));
        for bad in
            ["", ".", ".com", "com.", "a..b", "-a.com", "a-.com", "a b.com", "*.com", "8.8.8.8", "ä.de", &label, &name]
        {
            assert!(!is_host_name(bad.as_bytes(), Underscores::Tolerated), "{bad}");
        }
        assert!(is_host_name(b"_dmarc.plc_7.example", Underscores::Tolerated));
        assert!(!is_host_name(b"plc_7.example", Underscores::Forbidden));
    }

    #[test]
    fn a_wildcard_is_one_whole_label() {
        for (presented, host, expected) in [
            ("example.com", "EXAMPLE.com", true),
            ("example.com", "example.com.", true),
            ("*.example.com", "foo.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "a.foo.example.com", false),
            ("f*.example.com", "foo.example.com", false),
            ("foo.*.com", "foo.example.com", false),
            ("*.*.com", "foo.example.com", false),
            ("*.com", "example.com", false),
            ("*", "localhost", false),
            (".example.com", "foo.example.com", false),
            ("example.com.", "example.com", false),
            ("example.com", "example.com..", false),
            ("10.0.0.7", "10.0.0.7", false),
            // The Kelvin sign is no `k`, the long s no `s`.
            ("\u{212a}epware.example", "kepware.example", false),
            ("\u{17f}cada.example", "scada.example", false),
            ("*.example.co.uk", "www.example.co.uk", true),
            ("*.co.uk", "example.co.uk", false),
            ("*.plant.local", "plc7.plant.local", true),
            ("*.local", "plc7.local", false),
            ("*.example.com", "a_b.example.com", false),
            ("a_b.example.com", "a_b.example.com", true),
            ("s3.amazonaws.com", "s3.amazonaws.com", true),
        ] {
            for suffixes in [Suffixes::OfRegistries, Suffixes::OfCompaniesToo] {
                let found = matches(presented.as_bytes(), host.as_bytes(), suffixes, Wildcards::WholeLabel);
                assert_eq!(found, expected, "{presented} {host} {suffixes:?}");
            }
        }
    }

    #[test]
    fn a_wildcard_may_be_part_of_a_label_where_that_is_allowed() {
        for (presented, host, expected) in [
            ("plc*.plant.example", "plc7.plant.example", true),
            ("*7.plant.example", "PLC7.plant.example", true),
            ("*.plant.example", "plc7.plant.example", true),
            ("plc*.plant.example", "plc.plant.example", false),
            ("plc*.plant.example", "plc7.hall.plant.example", false),
            ("p*7.plant.example", "plc7.plant.example", false),
            ("plc7.*.example", "plc7.plant.example", false),
            ("x*.plant.example", "xn--bcher-kva.plant.example", false),
            ("xn--*.plant.example", "xn--bcher-kva.plant.example", false),
            ("plc*.plant.example", "plc_7.plant.example", false),
            ("p**.plant.example", "plc7.plant.example", false),
            ("plc*.com", "plc7.com", false),
            ("plc*", "plc7", false),
        ] {
            let found = |wildcards| matches(presented.as_bytes(), host.as_bytes(), Suffixes::OfRegistries, wildcards);
            assert_eq!(found(Wildcards::PartOfLabel), expected, "{presented} {host}");
            assert!(presented.starts_with("*.") || !found(Wildcards::WholeLabel), "{presented} {host}");
        }
    }

    #[test]
    fn below_the_suffix_of_a_company_its_owner_has_wildcards() {
        for (presented, host) in [
            ("*.S3.amazonaws.com", "bucket.s3.amazonaws.com"),
            ("*.github.io", "somebody.github.io"),
            ("*.azurewebsites.net", "plant.azurewebsites.net"),
        ] {
            let found = |suffixes| matches(presented.as_bytes(), host.as_bytes(), suffixes, Wildcards::WholeLabel);
            assert!(found(Suffixes::OfRegistries) && !found(Suffixes::OfCompaniesToo), "{presented}");
        }
    }
}

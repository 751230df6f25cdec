//! Where one certificate departs from the CA/Browser Forum's Baseline Requirements
//! for TLS server certificates (section 7.1, version 2).
//!
//! Only what a relying party can see and what makes a difference to it; the
//! requirements on policies, serial numbers' randomness and the like are for linters.

use std::net::{IpAddr, Ipv4Addr};

use super::super::names::dns::{self, Suffixes};
use super::{Fact, Kind};
use crate::cert::extension::{AuthorityKeyIdentifier, ExtendedKeyUsage, SubjectAltName};
use crate::cert::{Certificate, GeneralName, Known, Stated, address};
use crate::crypto::digest::Digest;
use crate::crypto::key::{Curve, KeyKind, RsaPadding};
use crate::crypto::signature::SignatureAlgorithm;
use crate::oid::{self, Oid};

/// The place of a certificate in the hierarchy of the Baseline Requirements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// A server's certificate.
    Subscriber,
    /// A CA that another CA has issued.
    Subordinate,
    /// A CA at the top, self-issued.
    Root,
}

/// Notes where a certificate departs from section 7.1, in the order of the text.
pub fn baseline(index: usize, certificate: &Certificate, known: &Known<'_>, tier: Tier) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut note = |kind| facts.push(Fact::new(index, kind));
    authority_key_identifier(certificate, known, tier, &mut note);
    match tier {
        Tier::Root if known.extended_key_usage.is_some() => note(Kind::RootHasPurposes),
        Tier::Root | Tier::Subordinate => {}
        Tier::Subscriber => {
            purposes(known, &mut note);
            alternative_names(certificate, known, &mut note);
        }
    }
    key(certificate, &mut note);
    signature(certificate, tier, &mut note);
    facts
}

/// Sections 7.1.2.1.3 and 7.1.2.11.1.
///
/// Deviation: section 7.1.2.1.3 lets a root name no certificate at all. Roots that browsers still have name their own,
/// by issuer and serial number; that sends nobody elsewhere.
fn authority_key_identifier(certificate: &Certificate, known: &Known<'_>, tier: Tier, note: &mut impl FnMut(Kind)) {
    let Some(authority) = known.authority_key_identifier.as_ref().and_then(Stated::decoded) else { return };
    let names_certificate = authority.issuer.is_some() || authority.serial.is_some();
    if names_certificate && !(tier == Tier::Root && names_itself(authority, certificate)) {
        note(Kind::AuthorityNamedByIssuer);
    }
    let own = known.subject_key_identifier.as_ref().and_then(Stated::decoded).map(|own| own.0);
    if tier == Tier::Root && authority.key_id != own {
        note(Kind::RootNamesOtherKey);
    }
}

/// Says whether issuer and serial number are those of the certificate that has them.
fn names_itself(authority: &AuthorityKeyIdentifier<'_>, certificate: &Certificate) -> bool {
    let is_own =
        |name: GeneralName<'_>| matches!(name, GeneralName::Directory(name) if name.matches(&certificate.issuer()));
    authority.serial == Some(certificate.serial()) && authority.issuer.is_some_and(|names| names.iter().all(is_own))
}

/// Section 7.1.2.7.10.
fn purposes(known: &Known<'_>, note: &mut impl FnMut(Kind)) {
    let Some(stated) = &known.extended_key_usage else { return note(Kind::NoPurposes) };
    if stated.critical {
        note(Kind::MustNotBeCritical { extension: "extKeyUsage" });
    }
    let is_any = |usage: &ExtendedKeyUsage<'_>| usage.lists(oid::ANY_EXTENDED_KEY_USAGE);
    if stated.decoded().is_some_and(is_any) {
        note(Kind::AnyPurpose);
    }
}

/// Sections 7.1.2.7.12, 3.2.2.6 and 7.1.4.3.
fn alternative_names(certificate: &Certificate, known: &Known<'_>, note: &mut impl FnMut(Kind)) {
    let Some(stated) = &known.subject_alt_name else { return };
    if stated.critical && !certificate.subject().is_empty() {
        note(Kind::MustNotBeCritical { extension: "subjectAltName" });
    }
    let names: Vec<GeneralName<'_>> = stated.decoded().into_iter().flat_map(SubjectAltName::names).collect();
    let mut common_names = certificate.subject().all(oid::COMMON_NAME);
    if let Some(common_name) = common_names.next()
        && let Some(kind) = common_name_fault(&common_name, &names)
    {
        note(kind);
    }
    if common_names.next().is_some() {
        note(Kind::CommonNameTwice);
    }
}

/// Notes what browsers and other clients object to in a server's certificate: a CA flag, no host at all, and
/// wildcards below a public suffix (sections 7.1.2.7.8, 7.1.2.7.12 and 3.2.2.6).
pub(super) fn server(leaf: &Certificate, known: &Known<'_>, purposes: &[Oid<'_>]) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut note = |kind| facts.push(Fact::new(0, kind));
    if known.is_ca() {
        note(Kind::SubscriberIsCa);
    }
    let is_server = purposes.is_empty() || purposes.contains(&oid::SERVER_AUTH);
    match &known.subject_alt_name {
        None if !is_server => {}
        None => {
            let common_name = leaf.subject().first(oid::COMMON_NAME).map(|name| name.to_string());
            note(Kind::NoAltName { common_name, names: None });
        }
        Some(stated) => {
            let names: Vec<GeneralName<'_>> = stated.decoded().into_iter().flat_map(SubjectAltName::names).collect();
            if is_server && stated.decoded().is_some() && !names.iter().any(is_host) {
                let names = names.iter().take(NAMES_TOLD).map(ToString::to_string).collect();
                note(Kind::NoAltName { common_name: None, names: Some(names) });
            }
            names.iter().filter_map(wildcard_fault).for_each(&mut note);
        }
    }
    facts
}

/// How many names are told where none of them is the one that counts.
pub(super) const NAMES_TOLD: usize = 8;

/// Says whether a name is a host's: a DNS name or an address.
fn is_host(name: &GeneralName<'_>) -> bool {
    matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_))
}

/// Finds a wildcard directly below a public suffix. Below the suffix of a company its owner may have one.
fn wildcard_fault(name: &GeneralName<'_>) -> Option<Kind> {
    let is_of_registry = |domain: &[u8]| dns::is_public_suffix(domain, Suffixes::OfRegistries);
    match name {
        GeneralName::Dns(text) if dns::wildcard_domain(text.0).is_some_and(is_of_registry) => {
            Some(Kind::WildcardBelowPublicSuffix { name: text.to_string() })
        }
        _ => None,
    }
}

/// Finds what is wrong with a common name: it has to repeat an alternative name to the letter.
fn common_name_fault(common_name: &str, names: &[GeneralName<'_>]) -> Option<Kind> {
    let repeats = |name: &GeneralName<'_>| match name {
        GeneralName::Dns(text) => text.0 == common_name.as_bytes(),
        GeneralName::Ip(octets) => address(octets).is_some_and(|it| it.to_string() == common_name),
        _ => false,
    };
    if names.iter().any(repeats) {
        return None;
    }
    let common_name_is_address = common_name.parse::<IpAddr>().is_ok() || loose_ipv4(common_name).is_some();
    let is_wildcards_own = |name: &GeneralName<'_>| {
        let domain = |text: &crate::cert::Text<'_>| dns::wildcard_domain(text.0) == Some(common_name.as_bytes());
        matches!(name, GeneralName::Dns(text) if domain(text))
    };
    let is_loopback = |name: &GeneralName<'_>| match name {
        GeneralName::Dns(text) => dns::is_at_or_below(text.0, b"localhost"),
        GeneralName::Ip(octets) => address(octets).is_some_and(|it| it.is_loopback()),
        _ => false,
    };
    // Deviation: section 7.1.4.3 knows no exception. But a wildcard is issued to whoever proved control of its
    // domain, so that domain claims nothing more; and names of this very machine are none that the document governs.
    let is_harmless = names.iter().any(is_wildcards_own) || names.iter().all(is_loopback);
    let name = common_name.to_owned();
    Some(if is_harmless && !common_name_is_address {
        Kind::CommonNameNotRepeated { name }
    } else {
        Kind::CommonNameForeign { name }
    })
}

/// Reads an IPv4 address as old resolvers do: hexadecimal, octal and leading zeros included.
fn loose_ipv4(text: &str) -> Option<Ipv4Addr> {
    let part = |part: &str| match part.strip_prefix("0x").or(part.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None if !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit()) => part.parse().ok(),
        None => None,
    };
    let parts: Vec<u32> = text.split('.').map(part).collect::<Option<_>>()?;
    let (last, front) = parts.split_last().filter(|_| parts.len() <= 4)?;
    let front = front.iter().try_fold(0u32, |sum, part| Some(sum << 8 | u32::from(u8::try_from(*part).ok()?)))?;
    let shift = 32u32.checked_sub(u32::try_from(parts.len().checked_sub(1)?).ok()?.checked_mul(8)?)?;
    Some(Ipv4Addr::from(front.checked_shl(shift).unwrap_or(0) | last))
}

/// Sections 6.1.5, 6.1.6 and 7.1.3.1.
fn key(certificate: &Certificate, note: &mut impl FnMut(Kind)) {
    let Ok(key) = certificate.public_key() else { return };
    let why = match key.kind {
        KeyKind::Rsa { padding: RsaPadding::PssOnly, .. } => "it is restricted to PSS",
        KeyKind::Rsa { .. } => match key.size().unwrap_or(0) {
            ..2048 => "it has less than 2048 bits",
            bits if bits % 8 != 0 => "its bit length is not divisible by eight",
            _ => return,
        },
        KeyKind::Ec { curve: Curve::P256 | Curve::P384 | Curve::P521, .. } => return,
        KeyKind::Ec { .. } | KeyKind::EcOther { curve: Some(_) } => "its curve is not P-256, P-384 or P-521",
        KeyKind::EcOther { curve: None } => "its curve is not named",
        _ => "it is neither RSA nor ECDSA",
    };
    note(Kind::KeyForbidden { key: key.to_string(), why });
}

/// Section 7.1.3.2. A root may still have signed itself over SHA-1.
fn signature(certificate: &Certificate, tier: Tier, note: &mut impl FnMut(Kind)) {
    let strong = |digest: Digest| matches!(digest, Digest::Sha256 | Digest::Sha384 | Digest::Sha512);
    let Ok(algorithm) = certificate.signature_algorithm() else { return };
    let is_allowed = match algorithm {
        SignatureAlgorithm::RsaPkcs1(Digest::Sha1) => tier == Tier::Root,
        SignatureAlgorithm::RsaPkcs1(digest) | SignatureAlgorithm::Ecdsa(digest) => strong(digest),
        SignatureAlgorithm::RsaPss(parameters) => strong(parameters.digest),
        _ => false,
    };
    if !is_allowed {
        note(Kind::SignatureForbidden { algorithm: algorithm.to_string() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cert::Text;

    #[test]
    fn common_names_repeat_an_alternative_name() {
        let dns = |name: &'static str| GeneralName::Dns(Text(name.as_bytes()));
        let foreign = |name: &str| Some(Kind::CommonNameForeign { name: name.to_owned() });
        let mild = |name: &str| Some(Kind::CommonNameNotRepeated { name: name.to_owned() });
        let address = GeneralName::Ip(&[192, 168, 1, 1]);
        let six = GeneralName::Ip(&[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
        for (name, names, expected) in [
            ("a.example", &[dns("b.example"), dns("a.example")][..], None),
            ("A.example", &[dns("a.example")], foreign("A.example")),
            ("x.example", &[dns("a.example")], foreign("x.example")),
            ("a.example", &[dns("*.a.example")], mild("a.example")),
            ("a.example", &[dns("localhost"), GeneralName::Ip(&[127, 0, 0, 1])], mild("a.example")),
            ("127.1", &[GeneralName::Ip(&[127, 0, 0, 1])], foreign("127.1")),
            ("192.168.1.1", &[address], None),
            ("192.168.001.001", &[address], foreign("192.168.001.001")),
            ("0xC0A80101", &[address], foreign("0xC0A80101")),
            ("2001:db8::1:0:0:1", &[six], None),
            ("2001:db8:0:0:1::1", &[six], foreign("2001:db8:0:0:1::1")),
        ] {
            assert_eq!(common_name_fault(name, names), expected, "{name}");
        }
    }

    #[test]
    fn old_spellings_of_addresses_are_known() {
        for (text, address) in
            [("0xC0A80101", "192.168.1.1"), ("127.1", "127.0.0.1"), ("192.168.001.001", "192.168.1.1")]
        {
            assert_eq!(loose_ipv4(text).map(|it| it.to_string()).as_deref(), Some(address));
        }
        for text in ["", "a.example", "1.2.3.4.5", "300.1.1.1", "-1", "0x"] {
            assert_eq!(loose_ipv4(text), None, "{text}");
        }
    }
}

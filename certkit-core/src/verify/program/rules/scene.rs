//! The path, asked what the rules want to know of it.

use std::borrow::Cow;
use std::net::IpAddr;

use super::Program;
use crate::asn1::{self, Element, Problem, Reader, Tag};
use crate::cert::extension::{
    AuthorityKeyIdentifier, BasicConstraints, Decode, ExtendedKeyUsage, KeyUsage, NameConstraints, SubjectAltName,
    SubjectKeyIdentifier, Subtree,
};
use crate::cert::{Certificate, GeneralName, IpRange, Known, Malformed, Time};
use crate::crypto::key::{Curve, KeyKind};
use crate::oid::{self, Oid};
use crate::path::names::{Peer, java};
use crate::path::process::is_own_issuer;
use crate::path::{End, Path};

/// A path, and whom its leaf has to name.
#[derive(Clone, Copy)]
pub(in super::super) struct Scene<'a> {
    pub(in super::super) path: &'a Path,
    pub(in super::super) peers: &'a [Peer],
}

/// How a program holds addresses against constraints on them.
pub(super) enum Ranged {
    /// One lies in what is excluded.
    Excluded,
    /// One lies in nothing that is permitted.
    NotPermitted,
    /// A constraint has neither 8 nor 32 octets.
    BadLength,
}

impl<'a> Scene<'a> {
    pub(super) fn certificate(self, at: usize) -> Option<&'a Certificate> {
        self.path.certificates.get(at)
    }

    /// Whether the certificate is the anchor above the leaf.
    pub(super) fn is_anchor(self, at: usize) -> bool {
        at > 0 && self.is_top(at) && self.path.end == End::Anchor
    }

    /// Whether the leaf is trusted itself, and nothing stands above it.
    pub(super) fn is_trusted_leaf(self) -> bool {
        self.is_top(0) && self.path.end == End::Anchor
    }

    /// The curve that its key is on.
    pub(super) fn curve(self, at: usize) -> Option<Curve> {
        match self.certificate(at)?.public_key().ok()?.kind {
            KeyKind::Ec { curve, .. } => Some(curve),
            _ => None,
        }
    }

    /// Whether its key is on a curve with a name that certkit does not know.
    pub(super) fn is_on_other_curve(self, at: usize) -> bool {
        let key = self.certificate(at).map(Certificate::public_key);
        matches!(key, Some(Ok(key)) if matches!(key.kind, KeyKind::EcOther { curve: Some(_) }))
    }

    /// What it says of being a CA.
    pub(super) fn basic_constraints(self, at: usize) -> Option<BasicConstraints> {
        self.certificate(at)?.extension::<BasicConstraints>().ok().flatten()
    }

    fn is_top(self, at: usize) -> bool {
        at.saturating_add(1) == self.path.certificates.len()
    }

    /// Whether it is at the top and has its own name as its issuer's, and no other key.
    pub(super) fn is_root(self, at: usize) -> bool {
        self.is_top(at) && self.certificate(at).is_some_and(|it| is_own_issuer(it, &Known::of(it)))
    }

    /// Whether all certificates from here up to the anchor have policies.
    pub(super) fn has_policies_above(self, at: usize) -> bool {
        let above = self.path.certificates.iter().enumerate().skip(at).filter(|(at, _)| !self.is_anchor(*at));
        above.map(|(_, it)| it.extensions()).all(|it| it.iter().any(|it| it.oid == oid::CERTIFICATE_POLICIES))
    }

    pub(super) fn version(self, at: usize) -> u8 {
        self.certificate(at).map_or(3, Certificate::version)
    }

    /// What its keyUsage says, though octets follow behind it.
    pub(super) fn usage(self, at: usize) -> Option<KeyUsage> {
        self.leniently::<KeyUsage>(at)
    }

    /// Whether its usages, which it states, have this one.
    pub(super) fn has_usage(self, at: usize, wanted: KeyUsage) -> bool {
        self.usage(at).is_some_and(|it| it.contains(wanted))
    }

    /// Whether its extKeyUsage, though octets follow behind it, leaves out serverAuth.
    pub(super) fn excludes_servers(self, at: usize) -> bool {
        self.leniently::<ExtendedKeyUsage<'a>>(at).is_some_and(|it| !it.lists(oid::SERVER_AUTH))
    }

    /// Whether its extKeyUsage is what Netscape or Microsoft called server gated cryptography, and no purpose of TLS.
    pub(super) fn is_gated_alone(self, at: usize) -> bool {
        let gated = [oid::NETSCAPE_SERVER_GATED_CRYPTO, oid::MICROSOFT_SERVER_GATED_CRYPTO];
        let usage = self
            .certificate(at)
            .filter(|it| it.version() >= 3)
            .and_then(|it| it.extension::<ExtendedKeyUsage<'a>>().ok()?);
        usage.is_some_and(|it| {
            gated.into_iter().any(|wanted| it.lists(wanted))
                && !it.allows(oid::SERVER_AUTH)
                && !it.allows(oid::CLIENT_AUTH)
        })
    }

    /// Whether its extKeyUsage lists a purpose.
    pub(super) fn lists_purpose(self, at: usize, purpose: Oid<'_>) -> bool {
        self.leniently::<ExtendedKeyUsage<'a>>(at).is_some_and(|it| it.lists(purpose))
    }

    /// The value of an extension, as it stands.
    pub(super) fn extension(self, at: usize, wanted: Oid<'_>) -> Option<&'a [u8]> {
        self.certificate(at)?.extensions().find(wanted).map(|it| it.value)
    }

    /// An extension, though octets follow behind its value.
    fn leniently<T: Decode<'a>>(self, at: usize) -> Option<T> {
        let mut extensions = self.certificate(at)?.extensions().iter();
        T::decode(&mut extensions.find(|it| it.oid == T::OID)?.reader()).ok()
    }

    /// One of the times of its validity.
    pub(super) fn time(self, at: usize, part: &str) -> Option<Time> {
        let certificate = self.certificate(at)?;
        if part == "notBefore" { certificate.not_before_time() } else { certificate.not_after_time() }.ok()
    }

    /// Whether a time that cannot be decoded is written as it should be, and tells of a day that no month has, or of a
    /// second up to the last one.
    pub(super) fn is_no_day(self, at: usize, malformed: &Malformed, last: u32) -> bool {
        let octets = self.certificate(at).and_then(|it| it.der().get(malformed.source.offset..));
        let time = octets.and_then(|octets| Reader::new(octets).element().ok());
        let Some([digits @ .., b'Z']) = time.map(|it| it.value) else { return false };
        let pairs: Vec<u32> = digits.chunks(2).filter_map(|it| std::str::from_utf8(it).ok()?.parse().ok()).collect();
        let Some([month, day, hour, minute, second]) = pairs.last_chunk() else { return false };
        let is_spelt = matches!(digits.len(), 12 | 14) && digits.iter().all(u8::is_ascii_digit);
        is_spelt && (1..=12).contains(month) && (1..=31).contains(day) && *hour < 24 && *minute < 60 && *second <= last
    }

    /// Whether it has an extension of this kind, which is critical.
    pub(super) fn has_critical(self, at: usize, wanted: Oid<'_>) -> bool {
        self.certificate(at).is_some_and(|it| it.extensions().iter().any(|it| it.critical && it.oid == wanted))
    }

    /// The constraints that it puts on names.
    pub(super) fn constraints(self, at: usize) -> Option<NameConstraints<'a>> {
        self.certificate(at)?.extension::<NameConstraints<'a>>().ok().flatten()
    }

    /// The subtrees of its constraints, permitted ones first, each with whether it is permitted.
    pub(super) fn subtrees(self, at: usize) -> Vec<(Subtree<'a>, bool)> {
        let Some(constraints) = self.constraints(at) else { return Vec::new() };
        let permitted = constraints.permitted().map(|it| (it, true));
        permitted.chain(constraints.excluded().map(|it| (it, false))).collect()
    }

    /// The alternative names of the leaf as a program reads them, though octets follow behind them.
    pub(super) fn alternative_names(self, program: Program) -> Vec<GeneralName<'a>> {
        match program {
            Program::Java if self.is_unread_by_java() => Vec::new(),
            // Of what they do not know they look at no more than the length.
            Program::Go | Program::Webpki => {
                self.listed_names(0).iter().filter_map(|it| GeneralName::from_element(it).ok()).collect()
            }
            _ => self.leniently::<SubjectAltName<'a>>(0).map(|it| it.names().collect()).unwrap_or_default(),
        }
    }

    /// The alternative names of a certificate, as far as they are a list, whatever stands in them.
    fn listed_names(self, at: usize) -> Vec<Element<'a>> {
        let extension = self.certificate(at).and_then(|it| it.extensions().find(oid::SUBJECT_ALT_NAME));
        let Some(Ok(mut names)) = extension.map(|it| it.reader().sequence()) else { return Vec::new() };
        std::iter::from_fn(move || names.element().ok()).collect()
    }

    /// Whether its alternative names are a list, whatever stands in them.
    pub(super) fn lists_alternative_names(self, at: usize) -> bool {
        let extension = self.certificate(at).and_then(|it| it.extensions().find(oid::SUBJECT_ALT_NAME));
        let Some(Ok(mut names)) = extension.map(|it| it.reader().sequence()) else { return false };
        while names.element().is_ok() {}
        names.is_empty()
    }

    /// Whether a certificate has this among its alternative names.
    pub(super) fn names(self, at: usize, wanted: &str) -> bool {
        self.listed_names(at)
            .iter()
            .any(|it| GeneralName::from_element(it).is_ok_and(|name| name.to_string() == wanted))
    }

    /// Whether its alternative names have such a one.
    pub(super) fn has_name(self, at: usize, is_such: impl Fn(&GeneralName<'a>) -> bool) -> bool {
        self.listed_names(at).iter().any(|it| GeneralName::from_element(it).is_ok_and(|name| is_such(&name)))
    }

    /// Whether its subject or issuer has a BMPString with a character that takes two units.
    pub(super) fn has_surrogates(self, at: usize) -> bool {
        self.certificate(at).is_some_and(|it| {
            let mut attributes = [it.subject(), it.issuer()].into_iter().flat_map(|name| name.attributes());
            attributes.any(|it| it.is_ok_and(|it| it.has_surrogates()))
        })
    }

    /// Whether a range of its constraints has a length that no address and no range has.
    pub(super) fn has_odd_range(self, at: usize) -> bool {
        self.subtrees(at)
            .iter()
            .any(|(tree, _)| address(&tree.base).is_some_and(|it| !matches!(it.len(), 4 | 8 | 16 | 32)))
    }

    /// The extension in whose value this place is.
    pub(super) fn extension_at(self, at: usize, offset: usize) -> Option<Oid<'a>> {
        let extensions = self.certificate(at)?.extensions();
        let mut extensions = extensions.iter();
        let found = extensions.find(|it| (it.offset..=it.offset.saturating_add(it.value.len())).contains(&offset));
        found.map(|it| it.oid)
    }

    /// Whether its key is on P-224.
    pub(super) fn is_on_p224(self, at: usize) -> bool {
        self.curve(at) == Some(Curve::P224)
    }

    /// Whether the leaf has hosts among its alternative names.
    pub(super) fn has_hosts(self) -> bool {
        let names = self.leniently::<SubjectAltName<'a>>(0);
        names.is_some_and(|it| it.names().any(|name| matches!(name, GeneralName::Dns(_))))
    }

    /// Whether the leaf has an alternative name for which Java reads none of them.
    pub(super) fn is_unread_by_java(self) -> bool {
        let names = self.certificate(0).and_then(|it| it.extension::<SubjectAltName<'a>>().ok().flatten());
        names.is_some_and(|it| it.names().any(|name| java::unread(&name).is_some()))
    }

    /// Whether the leaf has this address, be it in the form of IPv4 or of IPv6.
    pub(super) fn names_address(self, wanted: IpAddr) -> bool {
        let octets = self.alternative_names(Program::Go);
        let mut addresses = octets.iter().filter_map(address).filter_map(crate::cert::address);
        addresses.any(|it| it.to_canonical() == wanted.to_canonical())
    }

    /// Whether the constraints of a CA permit addresses of IPv6, or of IPv4.
    pub(super) fn permits_of_family(self, at: usize, is_six: bool) -> bool {
        let length = if is_six { 32 } else { 8 };
        let subtrees = self.subtrees(at);
        subtrees.iter().any(|(tree, permitted)| *permitted && address(&tree.base).is_some_and(|it| it.len() == length))
    }

    /// The common names of the leaf.
    pub(super) fn common_names(self) -> Vec<Cow<'a, str>> {
        self.certificate(0).map(|it| it.subject().all(oid::COMMON_NAME).collect()).unwrap_or_default()
    }

    /// Whether the certificate above has another key identifier than this one names.
    pub(super) fn names_other_key(self, at: usize) -> bool {
        let Some(named) = self.named_key(at) else { return false };
        let above = self.certificate(at.saturating_add(1)).map(Certificate::extension::<SubjectKeyIdentifier<'_>>);
        matches!(above, Some(Ok(Some(key))) if key.0 != named)
    }

    /// Whether the certificate above has another serial number than this one names.
    pub(super) fn names_other_serial(self, at: usize) -> bool {
        let named =
            self.certificate(at).and_then(|it| it.extension::<AuthorityKeyIdentifier<'a>>().ok().flatten()?.serial);
        let above = self.certificate(at.saturating_add(1)).map(Certificate::serial);
        named.zip(above).is_some_and(|(named, own)| named.as_bytes() != own.as_bytes())
    }

    /// Whether its path length is a positive number that certkit does not take for one, being too large.
    pub(super) fn has_huge_path_length(self, at: usize) -> bool {
        let Some(certificate) = self.certificate(at) else { return false };
        let Some(extension) = certificate.extensions().find(oid::BASIC_CONSTRAINTS) else { return false };
        let length = || {
            let mut fields = extension.reader().sequence()?;
            if fields.peek() == Some(Tag::BOOLEAN) {
                fields.element()?;
            }
            fields.expect(Tag::INTEGER)
        };
        length().is_ok_and(|it| it.value.len() > 2 && it.value.first().is_some_and(|first| *first < 0x80))
    }

    /// Whether this place is behind the value of one of its extensions.
    pub(super) fn is_behind_extension(self, at: usize, offset: usize) -> bool {
        let Some(certificate) = self.certificate(at) else { return false };
        certificate.extensions().iter().any(|extension| {
            let mut value = extension.reader();
            value.element().is_ok() && !value.is_empty() && value.offset() == offset
        })
    }

    /// The key identifier that it names as its issuer's.
    pub(super) fn named_key(self, at: usize) -> Option<&'a [u8]> {
        self.certificate(at)?.extension::<AuthorityKeyIdentifier<'a>>().ok().flatten()?.key_id
    }

    /// Holds the addresses of the leaf against the constraints on addresses of those above it, masks with gaps as they
    /// are; `looks_at` says whose constraints count. To Java a range of another length contains nothing, to others it is an
    /// error.
    pub(super) fn ranged(self, program: Program, looks_at: impl Fn(usize) -> bool) -> Option<Ranged> {
        let minds_length = program != Program::Java;
        let names = self.alternative_names(program);
        let addresses: Vec<&[u8]> = names.iter().filter_map(address).collect();
        for at in (1..self.path.certificates.len()).filter(|at| looks_at(*at)) {
            let subtrees = self.subtrees(at);
            let ranges = || subtrees.iter().filter_map(|(tree, permitted)| Some((address(&tree.base)?, *permitted)));
            let contains =
                |range: &[u8], octets: &[u8]| IpRange::from_octets(range).is_some_and(|it| it.contains(octets));
            for octets in &addresses {
                let is_odd = |(range, _): (&[u8], bool)| {
                    IpRange::from_octets(range).is_none() || !matches!(octets.len(), 4 | 16)
                };
                if minds_length && ranges().any(is_odd) {
                    return Some(Ranged::BadLength);
                }
                if ranges().any(|(range, permitted)| !permitted && contains(range, octets)) {
                    return Some(Ranged::Excluded);
                }
                let mut permitted = ranges().filter(|(_, permitted)| *permitted).peekable();
                if permitted.peek().is_some() && !permitted.any(|(range, _)| contains(range, octets)) {
                    return Some(Ranged::NotPermitted);
                }
            }
        }
        None
    }
}

/// Whether a server's purpose is stated by what Netscape or Microsoft called server gated cryptography.
pub(super) fn is_gated(purpose: &str, allowed: &[String]) -> bool {
    let gated = [oid::NETSCAPE_SERVER_GATED_CRYPTO, oid::MICROSOFT_SERVER_GATED_CRYPTO].map(|it| it.to_string());
    purpose == oid::SERVER_AUTH.to_string() && allowed.iter().any(|it| gated.contains(it))
}

/// Whether a name is a wildcard that covers a subtree and does not lie in it: programs compare it as it is written.
pub(super) fn is_wildcard_above(name: &str, subtree: &str) -> bool {
    let wildcard = name.strip_prefix("DNS:").filter(|it| it.starts_with("*."));
    let tree = subtree.strip_prefix("DNS:").map(|it| it.trim_start_matches('.').to_ascii_lowercase());
    wildcard.zip(tree).is_some_and(|(name, tree)| !name.to_ascii_lowercase().ends_with(&tree))
}

/// The octets of a name that is an address or a range of them.
fn address<'a>(name: &GeneralName<'a>) -> Option<&'a [u8]> {
    if let GeneralName::Ip(octets) = name { Some(octets) } else { None }
}

/// Whether something follows a value that is whole.
pub(super) fn is_trailing(error: &asn1::Error) -> bool {
    error.problem == Problem::Trailing
}

/// Whether a text in a name does not fit its type, and the name can be read otherwise.
pub(super) fn is_of_text(error: &asn1::Error) -> bool {
    matches!(error.problem, Problem::Value(_))
}

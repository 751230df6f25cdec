//! What a relying party checks besides section 6.1: where the path ends, the names of the leaf, the strength of keys and
//! digests, and the revocation status.

use std::net::IpAddr;

use super::super::found::{End, Path};
use super::super::names::{Peer, PeerRules, dns, peer_matches};
use super::super::revocation::Status;
use super::baseline::NAMES_TOLD;
use super::{Fact, Inputs, Kind, Leaf, Need, OwnSignature, TakenLists, TlsUsage};
use crate::asn1::Reader;
use crate::cert::extension::{AuthorityInfoAccess, AuthorityKeyIdentifier, KeyUsage, SubjectAltName};
use crate::cert::{Certificate, GeneralName, Known, Name, Stated};
use crate::crypto::key::{Curve, KeyKind};
use crate::crypto::signature::{Failure, SignatureAlgorithm};
use crate::oid::{self, Oid};
use crate::text::{Address, Hex, shown};

/// Notes that the topmost certificate is not an anchor, if it is not.
pub(super) fn end(path: &Path) -> Option<Fact> {
    (!path.end.is_trusted()).then(|| unanchored(path, path.end.clone()))
}

/// The fact that the path ends without an anchor.
pub fn unanchored(path: &Path, end: End) -> Fact {
    let top = path.certificates.len().saturating_sub(1);
    let called = path.top().map(|top| called(&top.subject())).unwrap_or_default();
    let issuer = path.top().map(issuer_of).unwrap_or_default();
    Fact::new(top, Kind::NotAnchored { end, called, issuer, is_alone: top == 0 })
}

/// What people call the bearer of a name, in quotes and fit for a terminal.
pub(crate) fn called(name: &Name<'_>) -> String {
    match name.short() {
        Some(short) => format!("`{}`", shown(&short)),
        None => "a certificate without a name".to_owned(),
    }
}

/// The issuer of a certificate, with what it says of where that is found; fit for a terminal.
fn issuer_of(below: &Certificate) -> String {
    let issuer = below.issuer();
    let mut said = if issuer.is_empty() { "it has no name".to_owned() } else { shown(&format!("{issuer:#}")) };
    let authority = below.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten();
    if let Some(key) = authority.and_then(|it| it.key_id) {
        said.push_str(&format!(", key identifier {}", shown(&Hex(key).to_string())));
    }
    let access = below.extension::<AuthorityInfoAccess<'_>>().ok().flatten();
    if let Some(address) = access.iter().flat_map(AuthorityInfoAccess::ca_issuers).next() {
        said.push_str(&format!(", offered for download at {}", shown(&Address::new(address.to_str()).to_string())));
    }
    said
}

/// Notes of the topmost certificate, which has its own name as its issuer's, that it has not signed itself: what came of
/// verifying its signature with its own key.
///
/// An anchor above the leaf is trusted as it stands: it only must not lie about having signed itself.
pub(super) fn own_signature(
    index: usize,
    own: Result<(), Failure>,
    known: &Known<'_>,
    is_anchor: bool,
) -> Option<Fact> {
    let names_other = known.authority_key_identifier.as_ref().and_then(Stated::decoded).and_then(|it| it.key_id);
    let own_id = known.subject_key_identifier.as_ref().and_then(Stated::decoded).map(|own| own.0);
    let is_others = names_other.is_some_and(|key| own_id.is_some_and(|own| own != key));
    let kind = match own {
        Ok(()) => return None,
        Err(Failure::Unsupported(_)) if is_anchor => return None,
        Err(Failure::Mismatch | Failure::KeyKind) if is_others && is_anchor => return None,
        Err(Failure::Mismatch | Failure::KeyKind) if is_others => Kind::SignedByAbsentKey,
        Err(failure) => Kind::OwnSignatureFails(failure),
    };
    Some(Fact::new(index, kind))
}

/// Fewest bits of a curve.
const CURVE_BITS: u32 = 256;

/// Notes keys that are too short, and signatures over weak digests on which the path relies.
///
/// Nobody relies on the signature of the topmost certificate, unless the reading says so: then a leaf that has signed
/// itself relies on its own. Costs about 100 ns a certificate.
pub(super) fn strength(path: &Path, inputs: &Inputs<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (index, certificate) in path.certificates.iter().enumerate() {
        let is_relied_on = index < path.links.len()
            || (inputs.reading.own_signature != OwnSignature::Ignored
                && !(certificate.is_self_issued() && (index > 0 || inputs.leaf == Leaf::Authority)));
        if is_relied_on && let Ok(algorithm) = certificate.signature_algorithm() {
            let said = || algorithm.to_string();
            if algorithm.is_weak() {
                facts.push(Fact::new(index, Kind::DigestWeak { algorithm: said() }));
            } else if matches!(algorithm, SignatureAlgorithm::MlDsa(_)) {
                facts.push(Fact::new(index, Kind::TooNew { algorithm: said() }));
            }
        }
        let Ok(key) = certificate.public_key() else { continue };
        let limit = match key.kind {
            KeyKind::Other(oid::ML_DSA_44 | oid::ML_DSA_65 | oid::ML_DSA_87) => {
                facts.push(Fact::new(index, Kind::TooNew { algorithm: key.to_string() }));
                continue;
            }
            KeyKind::Rsa { .. } | KeyKind::Dsa { .. } => inputs.modulus_bits,
            KeyKind::Ec { curve, .. } => {
                let is_usual = matches!(curve, Curve::P256 | Curve::P384 | Curve::P521);
                if index > 0 && !is_usual && curve.bits() >= CURVE_BITS {
                    facts.push(Fact::new(index, Kind::CaCurveUnusual { key: key.to_string() }));
                }
                CURVE_BITS
            }
            // Its curve is spelt out, which is a fact of its own.
            KeyKind::EcOther { curve: None } | KeyKind::Ed25519 | KeyKind::Ed448 => continue,
            // Whatever the curve is, so short coordinates make a small one.
            KeyKind::EcOther { .. } if key.coordinate_bits().is_some_and(|bits| bits < CURVE_BITS) => CURVE_BITS,
            KeyKind::EcOther { .. } | KeyKind::Other(_) => {
                facts.push(Fact::new(index, Kind::KeyUnknown { key: key.to_string() }));
                continue;
            }
        };
        if key.size().is_none_or(|bits| bits < limit) {
            facts.push(Fact::new(index, Kind::KeyWeak { key: key.to_string(), least: limit }));
        }
    }
    facts
}

/// Notes of the leaf that it does not name a peer, where it does not.
pub(super) fn peer(leaf: &Certificate, known: &Known<'_>, peer: &Peer, rules: PeerRules) -> Option<Fact> {
    if peer_matches(leaf, known, peer, rules) {
        let name = match peer {
            Peer::Host(name) if name.contains('_') => name.clone(),
            Peer::Host(_) | Peer::Address(_) | Peer::Mailbox(_) => return None,
        };
        return Some(Fact::new(0, Kind::PeerWithUnderscore { name }));
    }
    let is_alike = |name: &GeneralName<'_>| match peer {
        Peer::Host(_) | Peer::Address(_) => matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)),
        Peer::Mailbox(_) => matches!(name, GeneralName::Email(_)),
    };
    let alternative = known.subject_alt_name.as_ref().and_then(Stated::decoded);
    let alike: Vec<GeneralName<'_>> =
        alternative.into_iter().flat_map(SubjectAltName::names).filter(is_alike).collect();
    let hint = match peer {
        Peer::Address(address) => hint_for_address(*address, &alike),
        Peer::Host(name)
            if alike.is_empty() && leaf.subject().all(oid::COMMON_NAME).any(|it| it.eq_ignore_ascii_case(name)) =>
        {
            "; its common name is not looked at (RFC 9525), though OpenSSL and Java still do"
        }
        Peer::Host(name) => hint_for_name(name, &alike, rules.suffixes),
        Peer::Mailbox(_) => "",
    };
    let mut names: Vec<String> = alike.iter().take(NAMES_TOLD).map(ToString::to_string).collect();
    if let Some(more @ 1..) = alike.len().checked_sub(NAMES_TOLD) {
        names.push(format!("and {more} more"));
    }
    Some(Fact::new(0, Kind::PeerNotNamed { peer: peer.clone(), names, hint }))
}

fn hint_for_address(address: IpAddr, names: &[GeneralName<'_>]) -> &'static str {
    let is_as_name =
        |name: &GeneralName<'_>| matches!(name, GeneralName::Dns(text) if text.to_str().parse() == Ok(address));
    if names.iter().any(is_as_name) {
        "; the address is there as a DNS name, which clients do not compare with an address"
    } else if names.is_empty() || names.iter().any(|name| matches!(name, GeneralName::Ip(_))) {
        ""
    } else {
        "; an address is used, but the certificate has only names"
    }
}

fn hint_for_name(host: &str, names: &[GeneralName<'_>], suffixes: dns::Suffixes) -> &'static str {
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
    let is_too_wide = |base: &[u8]| dns::is_below(host, base) && dns::is_public_suffix(base, suffixes);
    let wildcards = || dns().filter_map(dns::wildcard_domain);
    if names.is_empty() {
        ""
    } else if dns().any(is_short_for) {
        "; the short name is used, but the certificate has the full one"
    } else if wildcards().any(is_too_wide) {
        "; `*` is ignored directly below a public suffix"
    } else if wildcards().any(|base| dns::is_below(host, base)) {
        if host.contains(&b'_') {
            "; `*` does not match a label with an underscore"
        } else {
            "; `*` matches one label only"
        }
    } else if dns().next().is_none() {
        "; a name is used, but the certificate has only addresses"
    } else {
        ""
    }
}

/// Notes of the leaf that its key usage does not allow what TLS does with a server's or a client's key.
pub(super) fn usage(known: &Known<'_>, inputs: &Inputs<'_>) -> Option<Fact> {
    let usage = known.usage()?;
    let allows = |usages: &[KeyUsage]| usages.iter().any(|wanted| usage.contains(*wanted));
    let (signs, agrees, enciphers) = (KeyUsage::DIGITAL_SIGNATURE, KeyUsage::KEY_AGREEMENT, KeyUsage::KEY_ENCIPHERMENT);
    let wanted = inputs.reading.tls_usage;
    let is_unfit = |purpose: &Oid<'_>, wanted| match (*purpose, wanted) {
        (oid::SERVER_AUTH | oid::CLIENT_AUTH, TlsUsage::Signatures) => !allows(&[signs]),
        (oid::SERVER_AUTH, TlsUsage::Any) => !allows(&[signs, agrees, enciphers]),
        (oid::CLIENT_AUTH, TlsUsage::Any) => !allows(&[signs, agrees]),
        _ => false,
    };
    let is_unfit_for = |wanted| inputs.purposes.iter().any(|purpose| is_unfit(purpose, wanted));
    let is_for_old_tls = !is_unfit_for(TlsUsage::Any);
    let usages = || usage.names().collect();
    is_unfit_for(wanted).then(|| Fact::new(0, Kind::UsageUnfitForTls { usages: usages(), wanted, is_for_old_tls }))
}

/// The types of netscapeCertType, first bit first.
const CERT_TYPES: [&str; 8] =
    ["sslClient", "sslServer", "emailProtection", "objectSigning", "reserved", "sslCA", "emailCA", "objectSigningCA"];

/// Notes of the leaf that its netscapeCertType, where it has one, is not that of a TLS server or client.
pub(super) fn cert_type(leaf: &Certificate, inputs: &Inputs<'_>) -> Option<Fact> {
    let extensions = leaf.extensions();
    let own = extensions.iter().find(|it| it.oid == oid::NETSCAPE_CERT_TYPE)?;
    let (octets, _) = Reader::new(own.value).bit_string().ok()?;
    let bits = octets.first().copied().unwrap_or_default();
    let has = |at: usize| bits & (0x80u8 >> at) != 0;
    let wanted = |purpose: &Oid<'_>| match *purpose {
        oid::CLIENT_AUTH => Some(0),
        oid::SERVER_AUTH => Some(1),
        _ => None,
    };
    let lacking = inputs.purposes.iter().filter_map(wanted).find(|at| !has(*at))?;
    let types = CERT_TYPES.into_iter().enumerate().filter(|(at, _)| has(*at)).map(|(_, name)| name).collect();
    let wanted = CERT_TYPES.get(lacking)?;
    Some(Fact::new(0, Kind::CertTypeUnfitForTls { types, wanted }))
}

/// Notes what the statuses of the certificates of a path say against it, leaf first.
pub fn revocation(statuses: Vec<Status>, need: Need, taken: TakenLists) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (index, status) in statuses.into_iter().enumerate() {
        match status {
            Status::Good { departures, weak, misnamed, untaken, .. } => {
                let weak = weak.into_iter().map(|algorithm| Kind::ListWeak { algorithm });
                let departures = departures.iter().map(|it| Kind::ListDeparts { section: it.section, what: it.what });
                let misnamed = misnamed.map(Kind::ListMisnamed);
                let untaken = untaken.filter(|_| taken == TakenLists::ByPrograms);
                let untaken = untaken.map(|why| Kind::RevocationUnknown { useless: vec![why], need });
                let kinds = weak.chain(misnamed).chain(untaken).chain(departures);
                facts.extend(kinds.map(|kind| Fact::new(index, kind)));
            }
            Status::Revoked { since, reason, .. } => facts.push(Fact::new(index, Kind::Revoked { since, reason })),
            Status::Unknown { useless, .. } => {
                let useless = useless.into_iter().map(|it| it.why).collect();
                facts.push(Fact::new(index, Kind::RevocationUnknown { useless, need }));
            }
        }
    }
    facts
}

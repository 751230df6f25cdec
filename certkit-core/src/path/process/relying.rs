//! What a relying party asks besides section 6.1: where the path ends, whom the leaf names, how strong keys and
//! digests are, and what is told of revocation.

use super::super::found::{End, Path};
use super::super::names::{Peer, PeerRules, peer_matches};
use super::super::revocation::Status;
use super::{Fact, Kind};
use crate::cert::extension::{KeyUsage, SubjectAltName};
use crate::cert::{Certificate, GeneralName, Known, Stated};
use crate::crypto::key::KeyKind;
use crate::oid::{self, Oid};

/// Notes of the topmost certificate that it is no anchor, where it is none.
pub fn end(path: &Path) -> Option<Fact> {
    (path.end != End::Anchor).then(|| unanchored(path, path.end.clone()))
}

/// The fact that the path ends without an anchor.
pub fn unanchored(path: &Path, end: End) -> Fact {
    let top = path.certificates.len().saturating_sub(1);
    let issuer = path.top().map(|top| format!("{:#}", top.issuer())).unwrap_or_default();
    Fact::new(top, Kind::NotAnchored { end, issuer })
}

/// Fewest bits of an RSA or DSA key.
const MODULUS_BITS: u32 = 2048;

/// Fewest bits of a curve.
const CURVE_BITS: u32 = 256;

/// Notes keys that are too short, and signatures over weak digests on which the path relies.
///
/// Nobody relies on the signature of the topmost certificate. Costs about 100 ns a certificate.
pub fn strength(path: &Path) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (index, certificate) in path.certificates.iter().enumerate() {
        if index < path.links.len()
            && let Ok(algorithm) = certificate.signature_algorithm()
            && algorithm.digest().is_some_and(|digest| !digest.is_collision_resistant())
        {
            facts.push(Fact::new(index, Kind::DigestWeak { algorithm: algorithm.to_string() }));
        }
        let Ok(key) = certificate.public_key() else { continue };
        let limit = match key.kind {
            KeyKind::Rsa { .. } | KeyKind::Dsa { .. } => MODULUS_BITS,
            KeyKind::Ec { .. } => CURVE_BITS,
            _ => continue,
        };
        if key.size().is_some_and(|bits| bits < limit) {
            facts.push(Fact::new(index, Kind::KeyWeak { key: key.to_string() }));
        }
    }
    facts
}

/// How many names are told where none of them is the peer's.
const NAMES_TOLD: usize = 8;

/// Notes of the leaf that it does not name a peer, where it does not.
pub fn peer(leaf: &Certificate, known: &Known<'_>, peer: &Peer, rules: PeerRules) -> Option<Fact> {
    if peer_matches(leaf, known, peer, rules) {
        return None;
    }
    let is_alike = |name: &GeneralName<'_>| match peer {
        Peer::Host(_) | Peer::Address(_) => matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_)),
        Peer::Mailbox(_) => matches!(name, GeneralName::Email(_)),
    };
    let alternative = known.subject_alt_name.as_ref().and_then(Stated::decoded);
    let names = alternative.into_iter().flat_map(SubjectAltName::names).filter(is_alike);
    let names = names.take(NAMES_TOLD).map(|name| name.to_string()).collect();
    Some(Fact::new(0, Kind::PeerNotNamed { peer: peer.clone(), names }))
}

/// Notes of the leaf that its key usage allows nothing of what TLS does with a server's or a client's key.
pub fn usage(known: &Known<'_>, purposes: &[Oid<'_>]) -> Option<Fact> {
    let usage = known.usage()?;
    let allows = |usages: &[KeyUsage]| usages.iter().any(|wanted| usage.contains(*wanted));
    let (signs, agrees, enciphers) = (KeyUsage::DIGITAL_SIGNATURE, KeyUsage::KEY_AGREEMENT, KeyUsage::KEY_ENCIPHERMENT);
    let is_unfit = |purpose: &Oid<'_>| match *purpose {
        oid::SERVER_AUTH => !allows(&[signs, agrees, enciphers]),
        oid::CLIENT_AUTH => !allows(&[signs, agrees]),
        _ => false,
    };
    let usages = || usage.names().collect();
    purposes.iter().any(is_unfit).then(|| Fact::new(0, Kind::UsageUnfitForTls { usages: usages() }))
}

/// Notes what the statuses of the certificates of a path say against it, leaf first.
pub fn revocation(statuses: Vec<Status>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (index, status) in statuses.into_iter().enumerate() {
        match status {
            Status::Good { departures, weak, .. } => {
                let weak = weak.into_iter().map(|algorithm| Kind::ListWeak { algorithm });
                let departures = departures.iter().map(|it| Kind::ListDeparts { section: it.section, what: it.what });
                facts.extend(weak.chain(departures).map(|kind| Fact::new(index, kind)));
            }
            Status::Revoked { since, reason, .. } => facts.push(Fact::new(index, Kind::Revoked { since, reason })),
            Status::Unknown { useless, .. } => {
                let useless = useless.into_iter().map(|it| it.why).collect();
                facts.push(Fact::new(index, Kind::RevocationUnknown { useless }));
            }
        }
    }
    facts
}

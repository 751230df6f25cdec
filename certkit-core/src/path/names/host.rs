//! Whether a certificate names the peer that was asked for.

use std::net::IpAddr;

use super::dns::{self, Suffixes, Wildcards};
use crate::cert::extension::SubjectAltName;
use crate::cert::{Certificate, GeneralName, Known, Stated};
use crate::oid;

/// Whom a certificate should name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peer {
    /// A host by its name.
    Host(String),
    /// A host by its address.
    Address(IpAddr),
    /// A mailbox.
    Mailbox(String),
}

/// Says why a text names no peer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is neither a host name nor an address")]
pub struct PeerError {
    /// What was read.
    pub text: String,
}

impl Peer {
    /// Reads a host name or an address; an IPv6 address may stand in brackets, other scripts are put into ASCII.
    pub fn from_host(text: &str) -> Result<Peer, PeerError> {
        let inside = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if let Ok(address) = inside.unwrap_or(text).parse() {
            return Ok(Peer::Address(address));
        }
        // Certificates have names of other scripts in their ASCII form.
        let ascii = if text.is_ascii() { Ok(text.to_owned()) } else { idna::domain_to_ascii(text) };
        let ascii = ascii.unwrap_or_else(|_| text.to_owned());
        let text = ascii.as_str();
        let name = text.strip_suffix('.').unwrap_or(text);
        if inside.is_none() && dns::is_host_name(name.as_bytes(), dns::Underscores::Tolerated) {
            Ok(Peer::Host(text.to_owned()))
        } else {
            Err(PeerError { text: text.to_owned() })
        }
    }
}

/// Whether the common name counts where subjectAltName names no host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommonName {
    /// It does not, as RFC 9525 demands.
    Ignored,
    /// It does, as RFC 2818 allowed and OpenSSL and Java still do.
    Considered,
}

/// How strictly a certificate has to name its peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerRules {
    /// Whether the common name counts.
    pub common_name: CommonName,
    /// Where wildcards do not count.
    pub suffixes: Suffixes,
    /// What a wildcard may stand for.
    pub wildcards: Wildcards,
}

/// Says whether the certificate names the peer.
///
/// Host names follow RFC 6125 section 6.4; addresses are compared octet by octet;
/// the local part of a mailbox counts to the letter, its host does not (RFC 5280
/// section 7.5).
pub fn peer_matches(certificate: &Certificate, known: &Known<'_>, peer: &Peer, rules: PeerRules) -> bool {
    let names = known.subject_alt_name.as_ref().and_then(Stated::decoded);
    let mut names_hosts = false;
    for name in names.into_iter().flat_map(SubjectAltName::names) {
        let is_match = match (name, peer) {
            (GeneralName::Dns(presented), Peer::Host(host)) => {
                names_hosts = true;
                dns::matches(presented.0, host.as_bytes(), rules.suffixes, rules.wildcards)
            }
            (GeneralName::Ip(octets), Peer::Address(address)) => {
                names_hosts = true;
                crate::cert::address(octets) == Some(*address)
            }
            (GeneralName::Email(presented), Peer::Mailbox(mailbox)) => same_mailbox(presented.0, mailbox.as_bytes()),
            _ => false,
        };
        if is_match {
            return true;
        }
    }
    if names_hosts || rules.common_name == CommonName::Ignored {
        return false;
    }
    let last = certificate.subject().all(oid::COMMON_NAME).last();
    match (last, peer) {
        (Some(text), Peer::Host(host)) => {
            dns::matches(text.as_bytes(), host.as_bytes(), rules.suffixes, rules.wildcards)
        }
        _ => false,
    }
}

fn same_mailbox(one: &[u8], other: &[u8]) -> bool {
    let split = |text: &[u8]| text.iter().rposition(|octet| *octet == b'@');
    match (split(one), split(other)) {
        (Some(a), Some(b)) => {
            let (one_local, one_host) = one.split_at_checked(a).unwrap_or_default();
            let (other_local, other_host) = other.split_at_checked(b).unwrap_or_default();
            !one_local.is_empty() && one_local == other_local && one_host.eq_ignore_ascii_case(other_host)
        }
        _ => false,
    }
}

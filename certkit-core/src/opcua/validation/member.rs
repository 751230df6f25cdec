//! Steps 6 to 8, 10 and 11: dates, names and revocation.

use std::borrow::Cow;
use std::net::IpAddr;

use super::{Elsewhere, Found, Kind, NoteKind, Peer, Step, TrustLists};
use crate::cert::extension::SubjectAltName;
use crate::cert::{Certificate, GeneralName, Known, RevocationList, Stated};
use crate::oid;
use crate::path::revocation::{Evidence, Responses, Sources, Status, statuses};
use crate::path::{Budget, Path, Pool};

/// Step 6.
pub(super) fn validity(path: &Path, found: &mut Found<'_>) {
    let moment = found.question.moment;
    for (position, certificate) in path.certificates.iter().enumerate() {
        // What cannot be decoded is for step 1.
        if let Ok(from) = certificate.not_before()
            && moment < from
        {
            found.object(Step::Validity, position, Kind::NotYetValid { from });
        }
        if let Ok(since) = certificate.not_after()
            && since < moment
        {
            found.object(Step::Validity, position, Kind::Expired { since });
        }
    }
}

/// Steps 7 and 8; they concern the leaf alone.
pub(super) fn names(path: &Path, known: &[Known<'_>], found: &mut Found<'_>) {
    let (Some(leaf), Some(known)) = (path.certificates.first(), known.first()) else { return };
    if found.question.peer == Peer::User {
        return;
    }
    let names: Vec<GeneralName<'_>> =
        known.subject_alt_name.as_ref().and_then(Stated::decoded).into_iter().flat_map(SubjectAltName::names).collect();
    // Only a client checks by which name it reached its peer.
    if let Some(host) = found.question.host
        && found.question.peer != Peer::Client
        && !names_host(&names, host)
    {
        let hosts: Vec<String> = names.iter().filter_map(host_of).collect();
        let elsewhere = elsewhere(leaf, &names, host);
        let host = host.to_owned();
        found.object(Step::HostName, 0, Kind::HostNotNamed { host, names: hosts, elsewhere });
    }
    if let Some(expected) = found.question.application_uri {
        let uris: Vec<String> = names
            .iter()
            .filter_map(|name| match name {
                GeneralName::Uri(uri) => Some(uri.to_str().into_owned()),
                _ => None,
            })
            .collect();
        if uris.iter().any(|uri| uri == expected && uri.trim().contains(' ')) {
            found.note(0, NoteKind::UriBlank);
        }
        match uris.iter().position(|uri| uri == expected) {
            Some(0) => {}
            Some(_) => found.note(0, NoteKind::UriNotFirst),
            None => {
                let expected = expected.to_owned();
                found.object(Step::ApplicationUri, 0, Kind::UriDiffers { expected, found: uris });
            }
        }
    }
}

/// A dNSName or iPAddress as text.
fn host_of(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::Dns(text) => Some(text.to_str().into_owned()),
        GeneralName::Ip(octets) => crate::cert::address(octets).map(|address| address.to_string()),
        _ => None,
    }
}

fn address_of(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Compares without case, addresses as addresses, and without wildcards, which OPC UA does not have.
pub(crate) fn names_host(names: &[GeneralName<'_>], host: &str) -> bool {
    match address_of(host) {
        Some(address) => names.iter().any(|name| match name {
            GeneralName::Ip(octets) => crate::cert::address(octets) == Some(address),
            _ => false,
        }),
        None => names.iter().any(|name| match name {
            GeneralName::Dns(text) => without_dot(&text.to_str()).eq_ignore_ascii_case(without_dot(host)),
            _ => false,
        }),
    }
}

/// Where UA .NET Standard finds a host that is in none of the names.
fn elsewhere(leaf: &Certificate, names: &[GeneralName<'_>], host: &str) -> Option<Elsewhere> {
    let components: Vec<String> = leaf.subject().all(oid::DOMAIN_COMPONENT).map(Cow::into_owned).collect();
    if !components.is_empty() && components.join(".").eq_ignore_ascii_case(without_dot(host)) {
        return Some(Elsewhere::DomainComponents);
    }
    let (first, _) = host.split_once('.').filter(|_| address_of(host).is_none())?;
    names_host(names, first).then_some(Elsewhere::FirstLabel)
}

/// Steps 10 and 11, for every certificate below the top.
pub(super) fn revocation(path: &Path, known: &[Known<'_>], pool: &Pool, lists: &TrustLists, found: &mut Found<'_>) {
    let sources = Sources {
        pool,
        lists: lists.revocation(),
        responses: &Responses::new(),
        moment: found.question.moment,
        budget: Budget::default(),
        // Lists come from the CA itself; OPC UA knows no others.
        accepts: &|_, _| false,
    };
    for (position, status) in statuses(path, known, &sources).into_iter().enumerate() {
        let above = position.saturating_add(1);
        let (Some(certificate), Some(issuer)) = (path.certificates.get(position), path.certificates.get(above)) else {
            continue;
        };
        match status {
            Status::Good { by, weak, .. } => {
                if !weak.is_empty() {
                    found.note(position, NoteKind::ListWeak);
                }
                let lies_beside = |by: &Evidence| matches!(by, Evidence::List(at) if lists.lies_beside(*at, issuer));
                if !by.iter().any(lies_beside) {
                    found.note(position, NoteKind::ListElsewhere);
                }
            }
            Status::Revoked { since, reason, .. } => {
                found.object(Step::Revocation, position, Kind::Revoked { since, reason });
            }
            Status::Unknown { useless, .. } => {
                let is_listed = useless
                    .iter()
                    .filter_map(|it| match it.by {
                        Evidence::List(at) => lists.revocation().get(at),
                        _ => None,
                    })
                    .any(|list| lists_certificate(list, certificate));
                let useless = useless.into_iter().map(|it| it.why).collect();
                let issuer = format!("{:#}", certificate.issuer());
                found.object(Step::RevocationList, position, Kind::RevocationUnknown { issuer, useless, is_listed });
            }
        }
    }
}

/// Says whether a list that cannot be relied upon has the certificate.
fn lists_certificate(list: &RevocationList, certificate: &Certificate) -> bool {
    list.issuer().matches(&certificate.issuer())
        && list.entries().filter_map(Result::ok).any(|entry| entry.serial == certificate.serial())
}

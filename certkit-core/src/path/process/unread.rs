//! Alternative names that Java does not read, where that matters.

use super::{Fact, Inputs, Kind, Uris};
use crate::cert::extension::SubjectAltName;
use crate::cert::{Certificate, GeneralName, Known};
use crate::oid;
use crate::path::names::{Peer, java};

/// Notes that Java cannot decode the alternative names, where they are critical or it misses one of them.
pub(super) fn names(index: usize, certificate: &Certificate, known: &Known<'_>, inputs: &Inputs<'_>) -> Option<Fact> {
    let stated = known.subject_alt_name.as_ref()?;
    let names = stated.decoded()?;
    let is_of_others =
        |name: &GeneralName<'_>| matches!(name, GeneralName::Uri(_)) && inputs.reading.uris == Uris::Apart;
    let judged = names.names().filter(|name| !is_of_others(name));
    let (name, fault) = judged.filter_map(|name| java::unread(&name).map(|fault| (name.to_string(), fault))).next()?;
    // Of the name of an EDI party it finds no part when it looks for a host, and gives up.
    let is_party = |name: GeneralName<'_>| matches!(name, GeneralName::EdiParty(_)) && name.is_sound();
    let is_fatal = || names.names().any(is_party) && inputs.peers.iter().any(|it| !matches!(it, Peer::Mailbox(_)));
    let is_missed = || index == 0 && (misses(certificate, names, inputs) || is_fatal());
    (stated.critical || is_missed())
        .then(|| Fact::new(index, Kind::AltNamesUnread { name, fault, critical: stated.critical }))
}

/// Whether something is lost to who has the common name alone: a peer that is asked for; if none is, a host of a server or
/// any name of somebody else. Of clients nobody compares names.
fn misses(leaf: &Certificate, names: &SubjectAltName<'_>, inputs: &Inputs<'_>) -> bool {
    let last = leaf.subject().all(oid::COMMON_NAME).last();
    let is_common = |host: &str| last.as_ref().is_some_and(|common| java::fits(common, host));
    let is_lost = |peer: &Peer| match peer {
        Peer::Host(host) => !is_common(host),
        Peer::Address(_) => true,
        Peer::Mailbox(_) => false,
    };
    if !inputs.peers.is_empty() {
        return inputs.peers.iter().any(is_lost);
    }
    let is_lost_host = |name: GeneralName<'_>| match name {
        GeneralName::Dns(host) => !last.as_ref().is_some_and(|common| common.eq_ignore_ascii_case(&host.to_str())),
        GeneralName::Ip(_) => true,
        _ => false,
    };
    inputs.purposes.is_empty() || (inputs.purposes.contains(&oid::SERVER_AUTH) && names.names().any(is_lost_host))
}

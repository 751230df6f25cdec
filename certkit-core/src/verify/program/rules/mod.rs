//! Where a program refuses some forms of what falls short of a check and takes others, or looks at it in some places alone:
//! a file for each program.

mod attributes;
mod besides;
mod gnutls;
mod go;
mod hosts;
mod java;
mod openssl;
mod scene;
#[cfg(test)]
mod tests;
mod uris;
mod webpki;

pub(super) use besides::besides;
pub(super) use scene::Scene;

use super::Program;
use crate::crypto::signature::{EXPLICIT_CURVE, Failure};
use crate::path::names::Peer;
use crate::path::process::{Fact, Kind, Need};

/// What a program does with a form of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// What it did with the specimens of the check.
    AsOfSpecimens,
    /// It takes it.
    Taken,
    /// It refuses it, in these words.
    Refused(&'static str),
    /// It may verify what certkit cannot.
    Unknown,
}

impl Said {
    fn taken_if(is_taken: bool) -> Said {
        if is_taken { Said::Taken } else { Said::AsOfSpecimens }
    }
}

/// What a program does with what is true of a certificate of the path.
pub(super) fn said(fact: &Fact, scene: Scene<'_>, program: Program) -> Said {
    match (&fact.kind, program) {
        (Kind::SignatureFails(Failure::Unsupported(EXPLICIT_CURVE)), Program::GnuTls) => {
            Said::Refused("Not verified. The certificate is NOT trusted")
        }
        // Go and webpki know no algorithm that certkit does not know.
        (
            Kind::SignatureFails(Failure::Unsupported(_)) | Kind::OwnSignatureFails(Failure::Unsupported(_)),
            Program::OpenSsl | Program::Python | Program::Java | Program::GnuTls,
        ) => Said::Unknown,
        // Nobody has asked them for lists.
        (Kind::RevocationUnknown { need: Need::Preferred, .. }, _) => Said::Taken,
        // Who asks for a host is told of the host.
        (Kind::NoAltName { .. }, _) => Said::Taken,
        // Who holds the common name against constraints, `besides` tells.
        (Kind::NameNotPermitted { name, .. } | Kind::NameExcluded { name, .. }, _)
            if fact.certificate == 0 && name.starts_with("DNS:") && !scene.has_hosts() =>
        {
            Said::Taken
        }
        // Each looks for a host in its own way, and `besides` tells what it finds.
        (Kind::PeerNotNamed { peer: Peer::Host(_), .. }, _) => Said::Taken,
        // Of mailboxes they look at alternative names alone.
        (
            Kind::NameNotPermitted { name, .. } | Kind::NameExcluded { name, .. } | Kind::NameIncomparable { name, .. },
            Program::Java | Program::Go | Program::Webpki,
        ) if name.starts_with("email:") && !scene.names(fact.certificate, name) => Said::Taken,
        (Kind::KeyUnknown { .. }, Program::Python) => {
            if openssl::is_unread_key(fact.certificate, scene) {
                Said::AsOfSpecimens
            } else {
                Said::Refused("unknown certificate type")
            }
        }
        (Kind::KeyWeak { .. }, Program::Python) if fact.certificate > 0 && !scene.is_on_p224(fact.certificate) => {
            Said::Refused("67 CA certificate key too weak")
        }
        // An address of IPv4 in the form of IPv6 is the same one to them.
        (Kind::PeerNotNamed { peer: Peer::Address(address), .. }, Program::Java | Program::Go)
            if scene.names_address(*address) =>
        {
            Said::Taken
        }
        (Kind::PeerWithUnderscore { .. }, Program::Java) => Said::Taken,
        // How the others take such a name, `AltNameMalformed` says; whom Java does not find any more, `besides`.
        (Kind::AltNamesUnread { critical, .. }, program) => {
            if *critical && program == Program::Java {
                Said::Refused("")
            } else {
                Said::Taken
            }
        }
        (_, Program::OpenSsl | Program::Python) => openssl::said(fact, scene),
        (_, Program::Java) => java::said(fact, scene),
        (_, Program::GnuTls) => gnutls::said(fact, scene),
        (_, Program::Go) => go::said(fact, scene),
        (_, Program::Webpki) => webpki::said(fact, scene),
    }
}

//! What an inventory keeps of the members of a store.

use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::sync::LazyLock;

use super::super::case::shown;
use super::super::list;
use super::super::profile::names_uri;
use super::content;
use crate::cert::extension::{AuthorityKeyIdentifier, SubjectKeyIdentifier};
use crate::cert::{Certificate, GeneralName, RevocationList};
use crate::container::Oddity;
use crate::moment::Moment;
use crate::store::reader::{Folder, Lying, Unread};
use crate::store::{Content, Group, List, Member};

/// Whether a member is in the store or about to be put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is there.
    Present,
    /// It is offered.
    Offered,
}

/// What an inventory keeps of a member.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The list it is on, or would be on.
    pub list: List,
    /// The issuer of the list.
    pub group: Group,
    /// Whether it is there.
    pub standing: Standing,
    /// Its name in the store, where it has one.
    pub name: Option<Box<str>>,
    /// Where it stands, in words.
    pub place: Box<str>,
    /// The file that it stands in, and how it lies in a folder that OPC UA stacks read.
    pub(super) path: Option<Box<Path>>,
    pub(super) lying: Option<Box<Lying>>,
    /// The stacks that do not read it.
    pub(super) unread: Box<[Unread]>,
    /// What is odd about the form of its file, at the first entry of it.
    pub(super) forms: Box<[Oddity]>,
    /// What it is.
    pub kind: EntryKind,
}

/// What a member is.
#[derive(Clone, Debug)]
pub enum EntryKind {
    /// A certificate.
    Certificate(Facts),
    /// A revocation list.
    RevocationList {
        /// A hash of its issuer's name.
        issuer: u64,
        /// Its issuer, for people.
        called: Box<str>,
        /// When the next one was due, if it says so.
        next_update: Option<Moment>,
        /// The list.
        list: RevocationList,
    },
    /// A private key.
    PrivateKey,
    /// A secret that is no private key: nothing that is judged.
    SecretKey,
    /// What could not be read.
    Unread {
        /// Why.
        why: Box<str>,
        /// What is lost with it.
        loss: content::Loss,
    },
}

/// What is kept of a certificate.
#[derive(Clone, Debug)]
pub struct Facts {
    /// SHA-256 of its bytes.
    pub fingerprint: [u8; 32],
    /// What people call it, fit for a terminal.
    pub called: Box<str>,
    /// Whether it is a CA's.
    pub is_ca: bool,
    /// Whether subject and issuer are the same.
    pub is_self_issued: bool,
    /// Whether it names a URI, as OPC UA applications do.
    pub(super) names_application: bool,
    pub(super) subject: u64,
    pub(super) issuer: u64,
    pub(super) key: u64,
    /// The SubjectPublicKeyInfo of a CA, which revocation lists are verified with.
    pub(super) authority_key: Option<Box<[u8]>>,
    /// Whether its keyUsage lets it sign revocation lists.
    pub(super) may_sign_lists: bool,
    /// The identifiers of its key and of its issuer's.
    pub(super) own_id: Option<u64>,
    issuer_id: Option<u64>,
    serial: u64,
}

/// A name for look-ups, which nobody can foresee: the key of this hash is made anew in every process.
pub(super) fn short(bytes: &[u8]) -> u64 {
    static KEYED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    KEYED.hash_one(bytes)
}

impl Facts {
    pub(super) fn new(certificate: &Certificate) -> Facts {
        let subject = certificate.subject();
        let own_id = certificate.extension::<SubjectKeyIdentifier<'_>>().ok().flatten();
        let issuer_id = certificate.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten();
        let is_ca = certificate.is_ca();
        Facts {
            fingerprint: certificate.fingerprint_sha256(),
            called: subject.short().map_or_else(|| "a certificate without a name".into(), |name| shown(&name).into()),
            is_ca,
            is_self_issued: certificate.is_self_issued(),
            names_application: names_uri(certificate),
            subject: subject.canonical_hash(),
            issuer: certificate.issuer().canonical_hash(),
            key: short(certificate.spki()),
            authority_key: is_ca.then(|| certificate.spki().into()),
            may_sign_lists: list::may_sign_lists(certificate),
            own_id: own_id.map(|id| short(id.0)),
            issuer_id: issuer_id.and_then(|id| id.key_id).map(short),
            serial: short(certificate.serial().as_bytes()),
        }
    }

    /// Says whether what an authorityKeyIdentifier says is true of this.
    pub(super) fn may_be(&self, named: &AuthorityKeyIdentifier<'_>) -> bool {
        let issuer = |name: GeneralName<'_>| match name {
            GeneralName::Directory(name) => Some(name.canonical_hash() == self.issuer),
            _ => None,
        };
        named.key_id.map(short).zip(self.own_id).is_none_or(|(wanted, own)| wanted == own)
            && named.serial.is_none_or(|serial| short(serial.as_bytes()) == self.serial)
            && named.issuer.is_none_or(|names| names.iter().find_map(issuer).unwrap_or(true))
    }

    /// Says whether this may have issued the other: by name, and by key identifier where both have one.
    pub(super) fn may_have_issued(&self, other: &Facts) -> bool {
        let agree = match (self.own_id, other.issuer_id) {
            (Some(own), Some(wanted)) => own == wanted,
            _ => true,
        };
        self.subject == other.issuer && agree
    }
}

impl Entry {
    /// The name of its folder of issuers, where there are two.
    pub(super) fn twin(&self) -> Option<&'static str> {
        self.lying.as_ref()?.twin
    }

    /// Says whether it lies in a folder that nobody looks into.
    pub(super) fn lies_below(&self) -> bool {
        self.lying.as_ref().is_some_and(|it| it.folder == Folder::Below)
    }

    pub(super) fn new(member: &Member, standing: Standing) -> Entry {
        let place = &member.place;
        let kind = match &member.content {
            Content::Certificate(certificate) => EntryKind::Certificate(Facts::new(certificate)),
            Content::RevocationList(list) => EntryKind::RevocationList {
                issuer: list.issuer().canonical_hash(),
                called: shown(&list.issuer().short().unwrap_or_default()).into(),
                next_update: list.next_update().ok().flatten(),
                list: list.clone(),
            },
            Content::PrivateKey => EntryKind::PrivateKey,
            Content::SecretKey => EntryKind::SecretKey,
            lost => EntryKind::Unread {
                why: lost.loss().unwrap_or_default().into(),
                loss: content::Loss::of(member).unwrap_or(content::Loss::Other),
            },
        };
        Entry {
            list: place.list,
            group: place.group,
            standing,
            name: place.name.as_deref().map(Into::into),
            place: place.to_string().into(),
            path: place.path.as_deref().filter(|_| place.lying.is_some()).map(Into::into),
            lying: place.lying.clone(),
            unread: place.unread.as_slice().into(),
            forms: place.forms.as_slice().into(),
            kind,
        }
    }
}

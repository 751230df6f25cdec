//! What is to become of a store, and how its files shall then look.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::member::{Group, List, Member};
use crate::cert::{Certificate, RevocationList};
use crate::files::Rights;
use crate::moment::Moment;

/// A user's decision about a store: steps that are taken all or none.
#[derive(Clone, Debug)]
pub struct Change {
    /// The steps, in their order.
    pub steps: Vec<Step>,
    /// When it was decided; entries of Java keystores say when they were made.
    pub moment: Moment,
}

/// One step of a change.
#[derive(Clone, Debug)]
pub enum Step {
    /// Puts a certificate in.
    Add {
        /// The certificate.
        certificate: Certificate,
        /// Onto which list.
        list: List,
        /// Whom the list is about.
        group: Group,
        /// Under which name; made from the subject where there is none.
        name: Option<String>,
    },
    /// Puts a revocation list in, in place of older ones of the same issuer. A change has one of those that
    /// [supersede](supersedes) each other.
    AddRevocationList {
        /// The revocation list.
        revocation_list: RevocationList,
        /// The CA that it is of, where that is known: some stores name files after it.
        authority: Option<Certificate>,
        /// Beside which list.
        list: List,
        /// Whom the list is about.
        group: Group,
    },
    /// Takes something out.
    Remove(Member),
    /// Puts a certificate onto another list.
    Move {
        /// What.
        member: Member,
        /// Onto which list.
        to: List,
    },
}

/// How one file shall look. Symbolic links are files of their own here.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The file.
    pub path: PathBuf,
    /// What it shall be.
    pub after: After,
}

/// What a file shall be.
#[derive(Clone, Debug)]
pub enum After {
    /// A file with these bytes.
    Bytes(Zeroizing<Vec<u8>>),
    /// The same, readable by its owner only where it is new.
    Secret(Zeroizing<Vec<u8>>),
    /// A file with these bytes, and with these rights where it is new.
    Restored {
        /// The bytes.
        bytes: Zeroizing<Vec<u8>>,
        /// The rights of its copy.
        rights: Rights,
    },
    /// A symbolic link.
    Link(PathBuf),
    /// Nothing.
    Absent,
}

impl After {
    /// The bytes of the file; none of a link, and of nothing.
    pub(super) fn bytes(&self) -> Option<&Zeroizing<Vec<u8>>> {
        match self {
            After::Bytes(bytes) | After::Secret(bytes) | After::Restored { bytes, .. } => Some(bytes),
            After::Link(_) | After::Absent => None,
        }
    }
}

impl Edit {
    pub(super) fn write(path: PathBuf, bytes: impl Into<Vec<u8>>) -> Edit {
        Edit { path, after: After::Bytes(Zeroizing::new(bytes.into())) }
    }

    pub(super) fn remove(path: PathBuf) -> Edit {
        Edit { path, after: After::Absent }
    }
}

/// Says whether a revocation list is for all certificates of its issuer: no delta, and of no distribution point.
pub fn is_complete(list: &RevocationList) -> bool {
    let partial = [crate::oid::ISSUING_DISTRIBUTION_POINT, crate::oid::DELTA_CRL_INDICATOR];
    partial.into_iter().all(|oid| list.extensions().find(oid).is_none())
}

/// Says whether a new revocation list takes the place of an old one: both complete, of one issuer, the old one not
/// later by its date nor, of the same date, by its number.
pub fn supersedes(new: &RevocationList, old: &RevocationList) -> bool {
    let is_later = match (new.this_update(), old.this_update()) {
        (Ok(new_date), Ok(old_date)) if new_date == old_date => match (number(new), number(old)) {
            (Some(new), Some(old)) => new >= old,
            _ => true,
        },
        (Ok(new), Ok(old)) => new > old,
        _ => false,
    };
    is_later && new.issuer().matches(&old.issuer()) && is_complete(new) && is_complete(old)
}

/// A list's number, so that two can be compared.
fn number(list: &RevocationList) -> Option<(usize, &[u8])> {
    let digits = crate::asn1::magnitude(list.number()?.as_bytes())?;
    Some((digits.len(), digits))
}

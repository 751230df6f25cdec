//! A change that can be taken back, held against the files: its record may have come with the store.

use std::collections::BTreeMap;

use super::super::error::StoreError;
use super::ground::Ground;
use super::journal::State;
use super::locked::copy_of;
use super::record::{Record, Subject};
use super::{RENEWAL, StateFolder, hex_sum};
use crate::cert::{Certificate, RevocationList};
use crate::container::{self, ItemKind};
use crate::files::Found;
use crate::source::file::LIMIT;

/// A change that can be taken back.
#[derive(Clone, Debug)]
pub struct Undoable {
    /// What the record says of it.
    pub record: Record,
    /// What else taking it back puts in or takes out, as the files say: what a renewal has changed besides its certificate.
    pub unlisted: Vec<Unlisted>,
}

/// A certificate or revocation list that a record does not name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// Its subject (of a revocation list, its issuer), RFC 4514.
    pub subject_dn: String,
    /// SHA-256 in hex.
    pub fingerprint_sha256: String,
    /// Whether it is put in; else it is taken out.
    pub is_put_in: bool,
}

/// What files hold, by its SHA-256: its name, and whether it is a revocation list.
type Held = BTreeMap<String, (String, bool)>;

impl StateFolder {
    /// Holds a record against the files that it names and their copies from before the change. What needs a password to be
    /// read is passed over.
    ///
    /// # Errors
    /// Where the files differ in a certificate or list that the record of a change of a store does not name.
    pub(super) fn held_against(&self, ground: &Ground, record: Record) -> Result<Undoable, StoreError> {
        let (mut now, mut before) = (Held::new(), Held::new());
        for (number, file) in record.files.iter().enumerate() {
            if let Some(spot) = ground.spot(self, &file.path)?
                && matches!(spot.folder.found(&spot.name)?, Found::File(_))
                && let Some((bytes, _)) = spot.folder.read(&spot.name, LIMIT)?
            {
                hold(&bytes, &mut now);
            }
            if let State::File(sum) = &file.before {
                hold(&ground.copy(record.sequence, &copy_of(number), sum)?.0, &mut before);
            }
        }
        let is_named = |sum: &String, (name, is_list): &(String, bool)| {
            let is_of = |it: &Subject| it.fingerprint_sha256 == *sum;
            // A new list takes the place of the old ones of its issuer.
            let is_by = |it: &Subject| *is_list && it.subject_dn == *name;
            record.certificates.iter().any(is_of) || record.revocation_lists.iter().any(|it| is_of(it) || is_by(it))
        };
        let differing = |one: &Held, other: &Held, is_put_in: bool| -> Vec<Unlisted> {
            let only = one.iter().filter(|(sum, what)| !other.contains_key(*sum) && !is_named(sum, what));
            let unlisted = only.map(|(sum, (name, _))| Unlisted {
                subject_dn: name.clone(),
                fingerprint_sha256: sum.clone(),
                is_put_in,
            });
            unlisted.collect()
        };
        let mut unlisted = differing(&before, &now, true);
        unlisted.extend(differing(&now, &before, false));
        match unlisted.first() {
            Some(first) if record.action != RENEWAL => Err(StoreError::RecordUnfit {
                path: self.record_path(),
                sequence: record.sequence,
                unnamed: first.subject_dn.clone(),
            }),
            _ => Ok(Undoable { record, unlisted }),
        }
    }
}

/// Notes the certificates and revocation lists of a file.
fn hold(bytes: &[u8], held: &mut Held) {
    let Ok(contents) = container::read(bytes) else { return };
    for item in contents.items {
        let is_list = item.kind == ItemKind::RevocationList;
        let name = match item.kind {
            ItemKind::Certificate => Certificate::from_der(&item.der).map(|it| it.subject().to_string()),
            ItemKind::RevocationList => RevocationList::from_der(&item.der).map(|it| it.issuer().to_string()),
            _ => continue,
        };
        // What cannot be decoded is trusted by nobody.
        let Ok(name) = name else { continue };
        held.insert(hex_sum(&item.der), (name, is_list));
    }
}

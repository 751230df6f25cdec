//! What the files of a change hold, against what its record says of it: journal, record and copies may have come with the
//! store. What needs a password to be read is passed over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::super::error::StoreError;
use super::super::member::{Group, List};
use super::ground::Ground;
use super::journal::State;
use super::locked::copy_of;
use super::record::{Record, Subject, Touched};
use super::{Reach, StateFolder, hex_sum};
use crate::cert::{Certificate, RevocationList};
use crate::container::{self, ItemKind, Store};
use crate::files::{self, Doubt};

/// The bytes of a file before a change and after it; none where it is not there.
#[derive(Debug, Default)]
pub(super) struct Sides {
    pub(super) before: Option<Zeroizing<Vec<u8>>>,
    pub(super) after: Option<Zeroizing<Vec<u8>>>,
}

/// What the files of a change hold.
#[derive(Debug, Default)]
pub(super) struct Holding {
    before: Held,
    after: Held,
}

/// By folder and SHA-256.
type Held = BTreeMap<(PathBuf, String), What>;

/// A certificate or revocation list: the name of its subject or issuer.
#[derive(Clone, Debug)]
struct What {
    name: String,
    is_list: bool,
}

/// What a change puts into a folder, or takes out of it.
#[derive(Debug)]
struct Difference<'a> {
    folder: &'a Path,
    sum: &'a str,
    what: &'a What,
    is_put_in: bool,
}

impl Holding {
    /// Notes what a file holds.
    pub(super) fn hold(&mut self, file: &str, sides: &Sides) {
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        for (bytes, held) in [(&sides.before, &mut self.before), (&sides.after, &mut self.after)] {
            bytes.iter().for_each(|bytes| hold(folder, bytes, held));
        }
    }

    fn differences(&self) -> impl Iterator<Item = Difference<'_>> {
        let sides = [(&self.before, &self.after, false), (&self.after, &self.before, true)];
        sides.into_iter().flat_map(|(one, other, is_put_in)| {
            let only = one.iter().filter(|(key, _)| !other.contains_key(*key));
            only.map(move |((folder, sum), what)| Difference { folder, sum, what, is_put_in })
        })
    }

    /// Refuses a record that does not name what its change puts in or takes out.
    pub(super) fn refuse_unnamed(&self, state_folder: &StateFolder, record: &Record) -> Result<(), StoreError> {
        let unnamed = self.differences().find(|it| !it.is_named(state_folder.list_of(it.folder), record));
        unnamed.map_or(Ok(()), |it| {
            Err(StoreError::RecordUnfit {
                path: state_folder.record_path(),
                sequence: record.sequence,
                unnamed: it.what.name.clone(),
            })
        })
    }

    /// What is put in and taken out, for the record of a change that does not know it: certificates, and revocation lists.
    /// Files of no list are their owner's.
    pub(super) fn subjects(&self, state_folder: &StateFolder) -> (Vec<Subject>, Vec<Subject>) {
        let (lists, certificates): (Vec<_>, Vec<_>) = self.differences().partition(|it| it.what.is_list);
        let subject = |it: Difference<'_>| {
            let list = Some(state_folder.list_of(it.folder).unwrap_or(List::Own));
            let (from, to) = if it.is_put_in { (None, list) } else { (list, None) };
            let (subject_dn, fingerprint_sha256) = (it.what.name.clone(), it.sum.to_owned());
            Subject { subject_dn, fingerprint_sha256, from, to, group: Group::default() }
        };
        (certificates.into_iter().map(subject).collect(), lists.into_iter().map(subject).collect())
    }
}

impl Difference<'_> {
    /// Says whether a record names it, where it is on this list.
    fn is_named(&self, list: Option<List>, record: &Record) -> bool {
        let is_at = |said: Option<List>| said.is_some() && (list.is_none() || list == said);
        let is_of =
            |it: &Subject| it.fingerprint_sha256 == self.sum && is_at(if self.is_put_in { it.to } else { it.from });
        // A new list takes the place of the old ones of its issuer, and they come back when it is taken back.
        let is_by = |it: &Subject| it.subject_dn == self.what.name && self.is_put_in == record.undoes.is_some();
        match self.what.is_list {
            true => record.revocation_lists.iter().any(|it| is_of(it) || is_by(it)),
            false => record.certificates.iter().any(is_of),
        }
    }
}

/// Notes the certificates and revocation lists of a file. What cannot be decoded is trusted by nobody.
fn hold(folder: &Path, bytes: &[u8], held: &mut Held) {
    let Ok(contents) = container::read(bytes) else { return };
    for item in contents.items {
        let found = match item.kind {
            ItemKind::Certificate => Certificate::from_der(&item.der).ok().map(|it| {
                let sum = crate::text::Hex(it.fingerprint_sha256()).to_string();
                (sum, What { name: it.subject().to_string(), is_list: false })
            }),
            ItemKind::RevocationList => RevocationList::from_der(&item.der)
                .ok()
                .map(|it| (hex_sum(it.der()), What { name: it.issuer().to_string(), is_list: true })),
            _ => None,
        };
        if let Some((sum, what)) = found {
            held.insert((folder.to_owned(), sum), what);
        }
    }
}

/// What kind of content a file has.
struct Content<'a> {
    bytes: &'a [u8],
    wrapped: Option<Store>,
    /// The kinds of what else is in it than certificates and revocation lists; none where nothing of it can be read.
    others: Option<BTreeSet<&'static str>>,
}

impl Content<'_> {
    fn of(bytes: &[u8]) -> Content<'_> {
        let items = container::read(bytes).map(|contents| contents.items).unwrap_or_default();
        let is_other = |kind: &ItemKind| !matches!(kind, ItemKind::Certificate | ItemKind::RevocationList);
        let others = items.iter().map(|item| &item.kind).filter(|kind| is_other(kind)).map(ItemKind::name);
        let others = (!items.is_empty()).then(|| others.collect());
        Content { bytes, wrapped: container::store_in(bytes), others }
    }

    /// Says whether it is nothing but certificates and revocation lists.
    fn is_public(&self) -> bool {
        self.others.as_ref().is_some_and(BTreeSet::is_empty)
    }

    /// Says whether a change makes this of it.
    fn becomes(&self, new: &Content<'_>) -> bool {
        let is_line = |line: &[u8]| self.bytes.split(|it| *it == b'\n').any(|old| old == line);
        self.wrapped == new.wrapped
            && match (&self.others, &new.others) {
                (Some(old), Some(others)) => others.is_subset(old),
                (None, Some(others)) => others.is_empty() || self.wrapped.is_some(),
                // A bundle that was emptied keeps the lines between its blocks.
                (_, None) => self.wrapped.is_some() || new.bytes.split(|it| *it == b'\n').all(is_line),
            }
    }
}

impl StateFolder {
    /// Refuses to make of a file what no change of this store makes of it.
    pub(super) fn refuse_unfit(&self, file: &str, now: Option<&[u8]>, new: Option<&[u8]>) -> Result<(), StoreError> {
        let refused = |doubt| Err(files::Error::Refused { path: self.base.join(file), doubt }.into());
        let is_one = matches!(self.reach, Reach::One(_));
        let is_fit = match (now.map(Content::of), new.map(Content::of)) {
            (None, Some(_)) if !self.makes(file) => return refused(Doubt::Name),
            (None, None) => true,
            (None, Some(new)) => new.is_public() || (is_one && new.wrapped.is_some()),
            (Some(now), None) => is_one || (now.is_public() && !matches!(self.reach, Reach::There)),
            (Some(now), Some(new)) => now.becomes(&new),
        };
        if is_fit { Ok(()) } else { refused(Doubt::Content) }
    }

    /// Says whether a change may make a file that is not there.
    fn makes(&self, file: &str) -> bool {
        let path = Path::new(file);
        let (folder, name) = (path.parent().unwrap_or(Path::new("")), path.file_name().and_then(|it| it.to_str()));
        match &self.reach {
            Reach::One(_) => true,
            Reach::There => false,
            Reach::Named(is_fit) => name.is_some_and(|name| is_fit(folder, name)),
            Reach::Lists(_) => self.list_of(folder).is_some(),
        }
    }

    /// The list that a folder in the store is of, where it has several.
    fn list_of(&self, folder: &Path) -> Option<List> {
        let Reach::Lists(lists) = &self.reach else { return None };
        lists.iter().find(|(known, _)| known == folder).map(|(_, list)| *list)
    }

    /// Holds a record against the files that it names and their copies from before the change.
    ///
    /// # Errors
    /// Where the files differ in a certificate or list that the record does not name.
    pub(super) fn refuse_unnamed(&self, ground: &Ground, record: &Record) -> Result<(), StoreError> {
        let mut holding = Holding::default();
        for (number, file) in record.files.iter().enumerate() {
            let after = ground.spot(self, &file.path)?.map_or(Ok(None), |spot| spot.content())?;
            let before = ground.before(self, record, number, file)?;
            holding.hold(&file.path, &Sides { before, after });
        }
        holding.refuse_unnamed(self, record)
    }
}

impl Ground {
    /// What a file was before a change: its copy, or what a link leads to in its folder.
    pub(super) fn before(
        &self,
        state_folder: &StateFolder,
        record: &Record,
        number: usize,
        file: &Touched,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match &file.before {
            State::Absent => Ok(None),
            State::File(sum) => Ok(Some(self.copy(record.sequence, &copy_of(number), sum)?.0)),
            State::Link(target) => {
                self.spot(state_folder, &file.path)?.map_or(Ok(None), |spot| spot.led_to(Path::new(target)))
            }
        }
    }
}

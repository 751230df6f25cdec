//! The folders of OpenSSL: `<hash>.N` for certificates, `<hash>.rN` for revocation lists.
//!
//! OpenSSL looks up a subject's hash and reads from 0 upwards until a file is missing, so
//! numbers have no gaps. Files of other names are not looked at, as OpenSSL does not.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use der::Sequence;

use super::change::{After, Change, Edit, Step, supersedes};
use super::error::StoreError;
use super::file::{is_same, other_list};
use super::member::{Content, List, Member};
use super::transaction::{Reach, StateFolder};
use super::{Address, Home, Kind, Store, folder, reading};
use crate::asn1::Tag;
use crate::asn1::typed::{NotWritten, Verbatim, element, encode};
use crate::cert::{Name, RevocationList};
use crate::container::{self, Passwords, pem};
use crate::crypto::digest;
use crate::oid::Oid;
use crate::source::file::{self, FileError};
use crate::text::Hex;

/// A folder of OpenSSL.
#[derive(Debug)]
pub(super) struct HashedStore {
    pub(super) address: Address,
    pub(super) path: PathBuf,
}

/// Says whether a folder has files of such names.
pub(super) fn is_hashed(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_str().is_some_and(|name| Slot::of(name).is_some()))
}

/// Says whether a file of this name is a revocation list of such a folder.
pub(super) fn is_list_name(name: &str) -> bool {
    Slot::of(name).is_some_and(|slot| slot.series == Series::Lists)
}

/// What stands behind the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Series {
    Certificates,
    Lists,
}

/// A name such as `5ed36f99.0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    hash: String,
    series: Series,
    number: u32,
}

impl Slot {
    fn of(name: &str) -> Option<Slot> {
        let (hash, number) = name.split_once('.')?;
        let is_hex = |octet: u8| octet.is_ascii_digit() || (b'a'..=b'f').contains(&octet);
        let (series, number) = match number.strip_prefix('r') {
            Some(number) => (Series::Lists, number),
            None => (Series::Certificates, number),
        };
        let is_slot = hash.len() == 8 && hash.bytes().all(is_hex) && number.bytes().all(|it| it.is_ascii_digit());
        let number = number.parse().ok().filter(|_| is_slot)?;
        Some(Slot { hash: hash.to_owned(), series, number })
    }

    fn name(&self) -> String {
        let mark = if self.series == Series::Lists { "r" } else { "" };
        format!("{}.{mark}{}", self.hash, self.number)
    }
}

/// The hash that OpenSSL looks a name up by since version 1.0, as in `openssl x509 -subject_hash`.
pub fn subject_hash(name: &Name<'_>) -> Result<String, NotWritten> {
    let mut rdns: Vec<(usize, Vec<Vec<u8>>)> = Vec::new();
    for attribute in name.attributes().map_while(Result::ok) {
        // Numbers and whatever else is no text are taken as they are.
        let text = if attribute.value.tag == Tag::NUMERIC_STRING { None } else { attribute.text() };
        let value = match text {
            Some(text) => encode(&element(der::Tag::Utf8String, folded(&text).as_bytes())?)?,
            None => attribute.value.raw.to_vec(),
        };
        let member = encode(&Attribute { kind: attribute.oid, value: Verbatim(&value) })?;
        match rdns.last_mut() {
            Some((rdn, set)) if *rdn == attribute.rdn => set.push(member),
            _ => rdns.push((attribute.rdn, vec![member])),
        }
    }
    let mut names = Vec::new();
    for (_, mut set) in rdns {
        set.sort();
        names.extend(encode(&element(der::Tag::Set, &set.concat())?)?);
    }
    let [first, second, third, fourth, ..] = digest::sha1(&names);
    Ok(Hex([fourth, third, second, first]).to_string())
}

/// AttributeTypeAndValue.
#[derive(Sequence)]
struct Attribute<'a> {
    kind: Oid<'a>,
    value: Verbatim<'a>,
}

/// Lower case in ASCII, blanks at the ends taken away, several in a row made one.
fn folded(text: &str) -> String {
    let is_blank = |letter: char| matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
    let words = text.split(is_blank).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_ascii_lowercase()
}

impl HashedStore {
    /// The names in use, in their order.
    fn slots(&self) -> Result<Vec<Slot>, StoreError> {
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        let failed = |source| FileError::Walk { path: self.path.clone(), source };
        let mut slots = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            slots.extend(entry.map_err(failed)?.file_name().to_str().and_then(Slot::of));
        }
        slots.sort();
        Ok(slots)
    }

    fn gone(&self, member: &Member) -> StoreError {
        StoreError::Gone { store: self.address.to_string(), what: member.place.to_string() }
    }

    /// Where a slot with its content is taken from before a change.
    fn load(&self, slot: &Slot) -> Result<Held, StoreError> {
        let path = self.path.join(slot.name());
        let is_link = path.symlink_metadata().is_ok_and(|found| found.is_symlink());
        let after = match is_link.then(|| fs::read_link(&path)) {
            Some(Ok(target)) => After::Link(target),
            _ => After::Bytes(file::read_bytes(&path)?),
        };
        let bytes = file::read_bytes(&path)?;
        Ok(Held { after, bytes: bytes.to_vec() })
    }

    /// The files of one hash and series, which are numbered anew at the end.
    fn row(&self, rows: &mut Rows, hash: &str, series: Series) -> Result<usize, StoreError> {
        let key = (hash.to_owned(), series);
        if let Some(at) = rows.places.get(&key) {
            return Ok(*at);
        }
        let (mut held, mut before) = (Vec::new(), Vec::new());
        for slot in rows.slots.get(&key).into_iter().flatten() {
            held.push(self.load(slot)?);
            before.push(slot.number);
        }
        let at = rows.all.len();
        rows.all.push(Row { hash: hash.to_owned(), series, held, before });
        rows.places.insert(key, at);
        Ok(at)
    }
}

/// The files that a change is about.
#[derive(Debug, Default)]
struct Rows {
    all: Vec<Row>,
    places: HashMap<(String, Series), usize>,
    /// The names in use, in their order.
    slots: HashMap<(String, Series), Vec<Slot>>,
}

/// What one file holds.
#[derive(Debug)]
struct Held {
    after: After,
    bytes: Vec<u8>,
}

/// The files of one hash.
#[derive(Debug)]
struct Row {
    hash: String,
    series: Series,
    held: Vec<Held>,
    /// The numbers that were in use.
    before: Vec<u32>,
}

impl Row {
    fn path(&self, folder: &Path, number: u32) -> PathBuf {
        folder.join(Slot { hash: self.hash.clone(), series: self.series, number }.name())
    }
}

impl Store for HashedStore {
    fn address(&self) -> &Address {
        &self.address
    }

    fn kind(&self) -> Kind {
        Kind::Hashed
    }

    fn visit(&self, each: &mut dyn FnMut(Member)) -> Result<(), StoreError> {
        let paths: Vec<PathBuf> = self.slots()?.iter().map(|slot| self.path.join(slot.name())).collect();
        // Links under the hash of older versions lead to the same certificates.
        let mut seen = HashSet::new();
        reading::read_all(&paths, Passwords::NONE, &mut |visited| {
            folder::give_all(visited, List::Trusted, &mut |member| {
                let is_new = match &member.content {
                    Content::Certificate(certificate) => seen.insert(certificate.fingerprint_sha256()),
                    _ => true,
                };
                if is_new {
                    each(member);
                }
            });
        });
        Ok(())
    }

    fn home(&self) -> Home {
        let is_slot = |folder: &Path, name: &str| folder.as_os_str().is_empty() && Slot::of(name).is_some();
        Home::Files(StateFolder::within(&self.path, Reach::Named(is_slot)))
    }

    fn edits(&self, change: &Change) -> Result<Vec<Edit>, StoreError> {
        if let Some(list) = change.steps.iter().find_map(other_list) {
            return Err(StoreError::NoList { store: self.address.to_string(), list });
        }
        let mut rows = Rows::default();
        for slot in self.slots()? {
            rows.slots.entry((slot.hash.clone(), slot.series)).or_default().push(slot);
        }
        let mut named: Vec<Edit> = Vec::new();
        for step in &change.steps {
            match step {
                Step::Add { certificate, .. } => {
                    let at = self.row(&mut rows, &subject_hash(&certificate.subject())?, Series::Certificates)?;
                    let text = pem::encode("CERTIFICATE", certificate.der()).into_bytes();
                    if let Some(row) = rows.all.get_mut(at) {
                        row.push(text);
                    }
                }
                Step::AddRevocationList { revocation_list, .. } => {
                    let at = self.row(&mut rows, &subject_hash(&revocation_list.issuer())?, Series::Lists)?;
                    let text = pem::encode("X509 CRL", revocation_list.der()).into_bytes();
                    if let Some(row) = rows.all.get_mut(at) {
                        row.held
                            .retain(|held| !lists_of(&held.bytes).iter().any(|old| supersedes(revocation_list, old)));
                        row.push(text);
                    }
                }
                Step::Remove(member) => {
                    let name = member.place.path.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
                    let slot = name.and_then(Slot::of).ok_or_else(|| self.gone(member))?;
                    let at = self.row(&mut rows, &slot.hash, slot.series)?;
                    let row = rows.all.get_mut(at).ok_or_else(|| self.gone(member))?;
                    let is_meant = |held: &Held| {
                        container::read(&held.bytes).is_ok_and(|it| it.items.iter().any(|item| is_same(item, member)))
                    };
                    let (out, kept): (Vec<Held>, Vec<Held>) =
                        std::mem::take(&mut row.held).into_iter().partition(is_meant);
                    row.held = kept;
                    if out.is_empty() {
                        return Err(self.gone(member));
                    }
                    named.extend(out.iter().filter_map(|held| self.file_behind(&held.after)));
                }
                Step::Move { to, .. } => {
                    return Err(StoreError::NoList { store: self.address.to_string(), list: *to });
                }
            }
        }
        let mut edits: Vec<Edit> = Vec::new();
        for row in rows.all {
            let mut next = 0u32;
            for held in &row.held {
                edits.push(Edit { path: row.path(&self.path, next), after: held.after.clone() });
                next = next.saturating_add(1);
            }
            let left = row.before.iter().filter(|number| **number >= next);
            edits.extend(left.map(|number| Edit::remove(row.path(&self.path, *number))));
        }
        edits.extend(named);
        Ok(edits)
    }
}

impl Row {
    fn push(&mut self, text: Vec<u8>) {
        self.held.push(Held { after: After::Bytes(zeroize::Zeroizing::new(text.clone())), bytes: text });
    }
}

impl HashedStore {
    /// The file of this folder that a link leads to: `rehash` would make the link again.
    fn file_behind(&self, after: &After) -> Option<Edit> {
        match after {
            After::Link(target) if target.components().count() == 1 => Some(Edit::remove(self.path.join(target))),
            _ => None,
        }
    }
}

fn lists_of(bytes: &[u8]) -> Vec<RevocationList> {
    let contents = container::read(bytes).unwrap_or_default();
    let lists = contents.items.iter().filter(|item| item.kind == container::ItemKind::RevocationList);
    lists.filter_map(|item| RevocationList::from_der(&item.der).ok()).collect()
}

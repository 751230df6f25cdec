//! A file of certificates without a password: a PEM bundle. Text around the blocks stays as it is.
//!
//! DER, PKCS#7 and base64 are read as well; they are not changed in place.

use std::ops::Range;
use std::path::Path;

use super::change::{Change, Edit, Step, supersedes};
use super::error::StoreError;
use super::file::{self, FileStore};
use super::member::{List, Member, Place};
use crate::cert::RevocationList;
use crate::container::{self, ContainerError, Contents, Encoding, Item, ItemKind, pem};
use crate::source::file::FileError;

/// Gives what stands in the file, in its order.
pub(super) fn visit(store: &FileStore, each: &mut dyn FnMut(Member)) -> Result<(), StoreError> {
    if let Some(contents) = read(&store.path, &store.bytes()?)? {
        file::members(contents, &Place::in_file(List::Trusted, &store.path), each);
    }
    Ok(())
}

/// Reads a bundle; an empty file is an empty bundle.
fn read(path: &Path, bytes: &[u8]) -> Result<Option<Contents>, StoreError> {
    match container::read(bytes) {
        Ok(contents) => Ok(Some(contents)),
        Err(ContainerError::Empty) => Ok(None),
        Err(source) => Err(FileError::Content { path: path.to_owned(), source }.into()),
    }
}

/// What the file says after a change.
pub(super) fn edits(store: &FileStore, change: &Change) -> Result<Vec<Edit>, StoreError> {
    let mut bytes = store.bytes()?.to_vec();
    refuse_other(store, &bytes)?;
    for step in &change.steps {
        change_one(store, &mut bytes, step)?;
    }
    let has_key = read(&store.path, &bytes)?
        .is_some_and(|contents| contents.items.iter().any(|item| matches!(item.kind, ItemKind::PrivateKey(_))));
    Ok(vec![store.edit(bytes, has_key)])
}

/// Refuses what is no PEM bundle; what is added to one leaves it one.
fn refuse_other(store: &FileStore, bytes: &[u8]) -> Result<(), StoreError> {
    let contents = read(&store.path, bytes)?.unwrap_or_default();
    if contents.items.iter().any(|item| item.encoding != Encoding::Pem) || bytes.contains(&0) {
        return Err(StoreError::ReadOnly {
            store: store.name(),
            reason: "only PEM is changed in place; `certkit convert FILE -o FILE.pem` writes it",
        });
    }
    Ok(())
}

fn change_one(store: &FileStore, bytes: &mut Vec<u8>, step: &Step) -> Result<(), StoreError> {
    match step {
        Step::Add { certificate, .. } => append(bytes, "CERTIFICATE", certificate.der()),
        Step::AddRevocationList { revocation_list, .. } => {
            let is_old = |item: &&Item| {
                let old = RevocationList::from_der(&item.der);
                item.kind == ItemKind::RevocationList && old.is_ok_and(|old| supersedes(revocation_list, &old))
            };
            let contents = read(&store.path, bytes)?.unwrap_or_default();
            let old: Vec<&Item> = contents.items.iter().filter(is_old).collect();
            *bytes = without(bytes, &old);
            append(bytes, "X509 CRL", revocation_list.der());
        }
        Step::Remove(member) => {
            let is_meant = |item: &&Item| file::is_same(item, member);
            let contents = read(&store.path, bytes)?.unwrap_or_default();
            let found: Vec<&Item> = contents.items.iter().filter(is_meant).collect();
            if found.is_empty() {
                return Err(store.gone(member));
            }
            *bytes = without(bytes, &found);
        }
        Step::Move { to, .. } => return Err(StoreError::NoList { store: store.name(), list: *to }),
    }
    Ok(())
}

/// Adds a block at the end, on a line of its own.
fn append(text: &mut Vec<u8>, label: &str, der: &[u8]) {
    if text.last().is_some_and(|octet| *octet != b'\n') {
        text.push(b'\n');
    }
    text.extend_from_slice(pem::encode(label, der).as_bytes());
}

/// Takes blocks out, each to the end of its last line.
pub(super) fn without(bytes: &[u8], items: &[&Item]) -> Vec<u8> {
    let cut: Vec<Range<usize>> = items.iter().filter_map(|item| extent(bytes, item)).collect();
    let mut text = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for range in cut {
        text.extend_from_slice(bytes.get(from..range.start).unwrap_or_default());
        from = range.end;
    }
    text.extend_from_slice(bytes.get(from..).unwrap_or_default());
    text
}

fn extent(bytes: &[u8], item: &Item) -> Option<Range<usize>> {
    let start = usize::try_from(item.position.offset).ok()?;
    let rest = bytes.get(start..)?;
    let end = memchr::memmem::find(rest, b"-----END ")?;
    let line = rest.get(end..)?.iter().position(|octet| *octet == b'\n');
    let end = line.map_or(rest.len(), |line| end.saturating_add(line).saturating_add(1));
    Some(start..start.saturating_add(end))
}

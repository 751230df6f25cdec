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
    for step in &change.steps {
        let contents = read(&store.path, &bytes)?.unwrap_or_default();
        bytes = changed(store, &bytes, &contents, step)?;
    }
    let has_key = read(&store.path, &bytes)?
        .is_some_and(|contents| contents.items.iter().any(|item| matches!(item.kind, ItemKind::PrivateKey(_))));
    Ok(vec![store.edit(bytes, has_key)])
}

fn changed(store: &FileStore, bytes: &[u8], contents: &Contents, step: &Step) -> Result<Vec<u8>, StoreError> {
    if contents.items.iter().any(|item| item.encoding != Encoding::Pem) || bytes.contains(&0) {
        return Err(StoreError::ReadOnly {
            store: store.name(),
            reason: "only PEM is changed in place; `certkit convert FILE -o FILE.pem` writes it",
        });
    }
    match step {
        Step::Add { certificate, .. } => Ok(appended(bytes, "CERTIFICATE", certificate.der())),
        Step::AddRevocationList { revocation_list, .. } => {
            let is_old = |item: &&Item| {
                let old = RevocationList::from_der(&item.der);
                item.kind == ItemKind::RevocationList && old.is_ok_and(|old| supersedes(revocation_list, &old))
            };
            let old: Vec<&Item> = contents.items.iter().filter(is_old).collect();
            Ok(appended(&without(bytes, &old), "X509 CRL", revocation_list.der()))
        }
        Step::Remove(member) => {
            let is_meant = |item: &&Item| file::is_same(item, member);
            let found: Vec<&Item> = contents.items.iter().filter(is_meant).collect();
            if found.is_empty() {
                return Err(store.gone(member));
            }
            Ok(without(bytes, &found))
        }
        Step::Move { to, .. } => Err(StoreError::NoList { store: store.name(), list: *to }),
    }
}

/// Adds a block at the end, on a line of its own.
pub(super) fn appended(bytes: &[u8], label: &str, der: &[u8]) -> Vec<u8> {
    let mut text = bytes.to_vec();
    if text.last().is_some_and(|octet| *octet != b'\n') {
        text.push(b'\n');
    }
    text.extend_from_slice(pem::encode(label, der).as_bytes());
    text
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

//! Java keystores (JKS, JCEKS): trusted entries, and the chains of private keys, which stay as they are.

use super::change::{Change, Edit, Step};
use super::error::StoreError;
use super::file::{FileStore, is_der_of};
use super::member::{Content as What, List, Member, Place};
use crate::container::StoreProblem;
use crate::container::entry::Aliases;
use crate::container::jks::{self, Content, Entry, Flavour};

/// Gives what stands in the store. Without a password its integrity is not looked at.
pub(super) fn visit(store: &FileStore, each: &mut dyn FnMut(Member)) -> Result<(), StoreError> {
    if !store.exists() {
        return Ok(());
    }
    let read = jks::read(&store.bytes()?, store.password.as_deref().map(Vec::as_slice));
    for entry in read.map_err(|problem| store.problem(problem))?.entries {
        let place = |list| Place::in_file(list, &store.path).called(Some(entry.alias.clone()));
        match &entry.content {
            Content::Trusted(der) => each(Member { content: What::certificate(der), place: place(List::Trusted) }),
            Content::Key { chain, .. } => {
                each(Member { content: What::PrivateKey, place: place(List::Own) });
                chain.iter().for_each(|der| each(Member { content: What::certificate(der), place: place(List::Own) }));
            }
            Content::Secret(_) => {
                each(Member { content: What::SecretKey, place: place(List::Own) });
            }
            Content::Other { kind, .. } => {
                let content = What::Unread(format!("a certificate of the kind {kind}"));
                each(Member { content, place: place(List::Trusted) });
            }
        }
    }
    Ok(())
}

/// What the file says after a change. The password is needed: the digest at the end is made with it.
pub(super) fn edits(store: &FileStore, flavour: Flavour, change: &Change) -> Result<Vec<Edit>, StoreError> {
    let password = store.password.as_deref().map(Vec::as_slice);
    let missing = || if store.exists() { StoreProblem::PasswordNeeded } else { StoreProblem::NewPasswordNeeded };
    let password = password.ok_or_else(|| store.problem(missing()))?;
    let (mut entries, flavour) = if store.exists() {
        let read = jks::read(&store.bytes()?, Some(password)).map_err(|problem| store.problem(problem))?;
        (read.entries, read.flavour)
    } else {
        (Vec::new(), flavour)
    };
    let mut aliases = Aliases::default();
    entries.iter().for_each(|entry| aliases.take(&entry.alias));
    for step in &change.steps {
        match step {
            Step::Add { certificate, name, .. } => {
                let is_taken = |name: &String| entries.iter().any(|it| it.alias.eq_ignore_ascii_case(name));
                if let Some(name) = name.clone().filter(is_taken) {
                    return Err(StoreError::NameTaken { store: store.name(), name });
                }
                entries.push(Entry {
                    alias: aliases.give(name.as_deref(), Some(certificate.der())),
                    created: change.moment.unix().saturating_mul(1000),
                    content: Content::Trusted(certificate.der().to_vec()),
                });
            }
            Step::Remove(member) => remove(store, &mut entries, member)?,
            Step::AddRevocationList { .. } => {
                return Err(StoreError::NoRoom { store: store.name(), what: "a revocation list" });
            }
            Step::Move { to, .. } => return Err(StoreError::NoList { store: store.name(), list: *to }),
        }
    }
    let has_key = entries.iter().any(|entry| matches!(entry.content, Content::Key { .. } | Content::Secret(_)));
    let bytes = jks::encode(flavour, &entries, password).map_err(|problem| store.problem(problem))?;
    Ok(vec![store.edit(bytes.to_vec(), has_key)])
}

fn remove(store: &FileStore, entries: &mut Vec<Entry>, member: &Member) -> Result<(), StoreError> {
    if member.place.list == List::Own {
        return Err(StoreError::Bound {
            store: store.name(),
            what: member.place.to_string(),
            reason: "it belongs to a private key",
        });
    }
    let before = entries.len();
    entries.retain(|entry| {
        let is_named = member.place.name.as_ref().is_none_or(|name| *name == entry.alias);
        let is_meant = match (&entry.content, member.certificate()) {
            (Content::Trusted(der), Some(certificate)) => is_der_of(certificate.der(), der),
            _ => false,
        };
        !(is_named && is_meant)
    });
    if entries.len() == before { Err(store.gone(member)) } else { Ok(()) }
}

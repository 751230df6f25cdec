//! PKCS#12 stores: trusted certificates, and the chains of private keys, which stay as they are.

use super::change::{Change, Edit, Step, supersedes};
use super::error::StoreError;
use super::file::{FileStore, is_der_of};
use super::member::{Content, List, Member, Place};
use crate::cert::RevocationList;
use crate::container::entry::Aliases;
use crate::container::pkcs12::{self, Bag, BagContent, Locked, Pkcs12};
use crate::container::{Integrity, StoreProblem};
use crate::crypto::password_based::Protection;

/// Gives what stands in the store.
pub(super) fn visit(store: &FileStore, each: &mut dyn FnMut(Member)) -> Result<(), StoreError> {
    let opened = open(store)?;
    let has_key = has_key(&opened.bags);
    for closed in &opened.closed {
        let content = Content::Unread(format!("an encrypted part: {}", closed.why));
        each(Member { content, place: Place::in_file(List::Trusted, &store.path) });
    }
    for bag in opened.bags {
        let list = if has_key && !bag.is_trusted { List::Own } else { List::Trusted };
        let (content, list) = match &bag.content {
            BagContent::Certificate(der) => (Content::certificate(der), list),
            BagContent::RevocationList(der) => (Content::revocation_list(der), List::Trusted),
            BagContent::Key(_) => (Content::PrivateKey, List::Own),
            BagContent::Secret(_) => (Content::SecretKey, List::Own),
            BagContent::Other { kind, .. } => (Content::Unread(format!("an entry of the kind {kind}")), list),
        };
        each(Member { content, place: Place::in_file(list, &store.path).called(bag.alias) });
    }
    Ok(())
}

fn has_key(bags: &[Bag]) -> bool {
    bags.iter().any(|bag| matches!(bag.content, BagContent::Key(_)))
}

fn open(store: &FileStore) -> Result<Pkcs12, StoreError> {
    if !store.exists() {
        let (bags, closed) = (Vec::new(), Vec::new());
        let protection = Some(Protection::Modern);
        return Ok(Pkcs12 { bags, closed, integrity: Integrity::Unprotected, protection, has_mac: true });
    }
    let password = store.password.as_deref().map(Vec::as_slice);
    let opened = pkcs12::read(&store.bytes()?, password).map_err(|problem| store.problem(problem))?;
    // What stands in a store is trusted: not where nobody can tell whether it was changed, and its author meant to.
    match opened.integrity {
        integrity @ Integrity::UnknownMac { .. } => Err(store.problem(StoreProblem::Unproven { integrity })),
        _ => Ok(opened),
    }
}

/// What the file says after a change, under the ciphers that it had.
pub(super) fn edits(store: &FileStore, change: &Change) -> Result<Vec<Edit>, StoreError> {
    let opened = open(store)?;
    if let Some(closed) = opened.closed.first() {
        return Err(store.problem(closed.why.clone()));
    }
    let password = store.password.as_deref().map(Vec::as_slice);
    let locked = match (&opened.integrity, password) {
        (Integrity::NotChecked, None) => return Err(store.problem(StoreProblem::PasswordNeeded)),
        // As Java writes its cacerts since version 18.
        _ if !opened.has_mac && opened.protection.is_none() => Locked::Open,
        (_, None) if !store.exists() => return Err(store.problem(StoreProblem::NewPasswordNeeded)),
        (_, password) => Locked::With {
            password: password.unwrap_or_default(),
            protection: opened.protection.unwrap_or(Protection::Modern),
        },
    };
    let has_key = has_key(&opened.bags);
    let mut bags = opened.bags;
    let mut aliases = Aliases::default();
    bags.iter().filter_map(|bag| bag.alias.as_deref()).for_each(|alias| aliases.take(alias));
    for step in &change.steps {
        match step {
            Step::Add { certificate, name, .. } => {
                let is_taken = |name: &String| {
                    bags.iter().any(|bag| bag.alias.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(name)))
                };
                if let Some(name) = name.clone().filter(is_taken) {
                    return Err(StoreError::NameTaken { store: store.name(), name });
                }
                let alias = Some(aliases.give(name.as_deref(), Some(certificate.der())));
                let content = BagContent::Certificate(certificate.der().to_vec());
                bags.push(Bag { alias, is_trusted: true, ..Bag::new(content) });
            }
            Step::AddRevocationList { revocation_list, .. } => {
                bags.retain(|bag| match &bag.content {
                    BagContent::RevocationList(der) => {
                        !RevocationList::from_der(der).is_ok_and(|old| supersedes(revocation_list, &old))
                    }
                    _ => true,
                });
                bags.push(Bag::new(BagContent::RevocationList(revocation_list.der().to_vec())));
            }
            Step::Remove(member) => remove(store, &mut bags, member)?,
            Step::Move { to, .. } => return Err(StoreError::NoList { store: store.name(), list: *to }),
        }
    }
    let bytes = pkcs12::encode(&bags, locked).map_err(|problem| store.problem(problem))?;
    Ok(vec![store.edit(bytes, has_key)])
}

fn remove(store: &FileStore, bags: &mut Vec<Bag>, member: &Member) -> Result<(), StoreError> {
    if member.place.list == List::Own {
        return Err(StoreError::Bound {
            store: store.name(),
            what: member.place.to_string(),
            reason: "it belongs to a private key",
        });
    }
    let before = bags.len();
    bags.retain(|bag| {
        let is_named = member.place.name == bag.alias;
        let is_meant = match (&bag.content, &member.content) {
            (BagContent::Certificate(der), Content::Certificate(meant)) => is_der_of(meant.der(), der),
            (BagContent::RevocationList(der), Content::RevocationList(meant)) => is_der_of(meant.der(), der),
            _ => false,
        };
        !(is_named && is_meant)
    });
    if bags.len() == before { Err(store.gone(member)) } else { Ok(()) }
}

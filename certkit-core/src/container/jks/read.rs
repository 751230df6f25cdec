//! Reads JKS and JCEKS.

use zeroize::Zeroizing;

use super::octets::Octets;
use super::{Content, DIGEST, Entry, Flavour, Integrity, Jks, MAGIC_JCEKS, MAGIC_JKS, StoreProblem, serial};
use crate::container::LIMIT;
use crate::crypto::password_based::Budget;
use crate::crypto::password_based::java;

/// The most certificates that the chain of one key may have.
const CHAIN: u32 = 1000;

/// Reads a store. Without a password, the digest at its end is not looked at.
///
/// Keys stay sealed: each may have a password of its own. A password that fits neither
/// the digest nor any key is wrong; one that opens a key but does not fit the digest
/// says that the store was changed.
pub fn read(bytes: &[u8], password: Option<&[u8]>) -> Result<Jks, StoreProblem> {
    read_within(bytes, password, &mut Budget::for_file())
}

/// Reads a store that may be one of several in a file, as [`read`] does one that is the whole file.
pub fn read_within(bytes: &[u8], password: Option<&[u8]>, budget: &mut Budget) -> Result<Jks, StoreProblem> {
    let mut octets = Octets::new(bytes);
    let flavour = match octets.take(4)? {
        magic if magic == MAGIC_JKS => Flavour::Jks,
        magic if magic == MAGIC_JCEKS => Flavour::Jceks,
        _ => return Err(StoreProblem::Unexpected { what: "no magic number of a Java store", offset: 0 }),
    };
    let version = octets.int()?;
    if !matches!(version, 1 | 2) {
        return Err(octets.unexpected("a version that is neither 1 nor 2 before it"));
    }
    let count = usize::try_from(octets.int()?).unwrap_or(usize::MAX);
    if count > LIMIT {
        return Err(StoreProblem::TooMany { limit: LIMIT });
    }
    // The count may be a lie: no room is made before there are as many entries.
    let mut entries = Vec::new();
    for number in 1..=count {
        octets.entry = number;
        entries.push(entry(&mut octets, version, flavour)?);
    }
    let body = bytes.get(..octets.offset()).unwrap_or_default();
    octets.entry = count;
    let digest = octets.take(DIGEST)?;
    if !octets.rest().is_empty() {
        return Err(octets.unexpected("data after the end"));
    }
    let integrity = match password {
        None => Integrity::NotChecked,
        Some(password) if java::store_digest(body, password) == digest => Integrity::Verified,
        Some(password) if opens_a_key(&entries, password, budget) => return Err(StoreProblem::Changed),
        Some(_) => return Err(StoreProblem::WrongPassword),
    };
    Ok(Jks { flavour, entries, integrity })
}

fn entry(octets: &mut Octets<'_>, version: u32, flavour: Flavour) -> Result<Entry, StoreProblem> {
    let tag = octets.int()?;
    let alias = octets.text()?;
    let created = octets.long()?;
    let content = match (tag, flavour) {
        (1, _) => {
            let sealed = octets.bytes()?.to_vec();
            let count = octets.int()?;
            if count > CHAIN {
                return Err(octets.unexpected("an implausible chain length"));
            }
            let chain = (0..count).map(|_| certificate(octets, version).map(|(_, der)| der.to_vec()));
            Content::Key { sealed, chain: chain.collect::<Result<_, _>>()? }
        }
        (2, _) => match certificate(octets, version)? {
            (kind, der) if kind == "X.509" => Content::Trusted(der.to_vec()),
            (kind, bytes) => Content::Other { kind, bytes: bytes.to_vec() },
        },
        (3, Flavour::Jceks) => Content::Secret(Zeroizing::new(serial::skip(octets)?.to_vec())),
        _ => return Err(octets.unexpected("an unknown kind of entry")),
    };
    Ok(Entry { alias, created, content })
}

/// Takes a certificate with its kind, which version 1 does not say.
fn certificate<'a>(octets: &mut Octets<'a>, version: u32) -> Result<(String, &'a [u8]), StoreProblem> {
    let kind = if version == 1 { "X.509".to_owned() } else { octets.text()? };
    Ok((kind, octets.bytes()?))
}

fn opens_a_key(entries: &[Entry], password: &[u8], budget: &mut Budget) -> bool {
    entries.iter().any(|entry| match &entry.content {
        Content::Key { sealed, .. } => java::open(sealed, password, budget).is_ok(),
        _ => false,
    })
}

//! Writes entries as stores.

use std::collections::{HashMap, HashSet};

use zeroize::Zeroizing;

use super::{CertificateEntry, Entries};
use crate::cert::Certificate;
use crate::container::jks::{self, Content, Flavour};
use crate::container::pkcs12::{self, Bag, BagContent, Key, Locked};
use crate::container::store_problem::StoreProblem;
use crate::crypto::digest;
use crate::moment::Moment;

/// Gives names that no other entry has, whatever case they are written in.
#[derive(Clone, Debug, Default)]
pub struct Aliases {
    taken: HashSet<String>,
    /// For names that several want, the number that comes next.
    numbers: HashMap<String, u32>,
}

/// No alias that certkit makes up is longer.
const LENGTH: usize = 80;

impl Aliases {
    /// Takes a name that is in use.
    pub fn take(&mut self, alias: &str) {
        self.taken.insert(alias.to_lowercase());
    }

    /// Gives this name, or that of the certificate's subject where it has none; with a number where it is taken.
    pub fn give(&mut self, wanted: Option<&str>, certificate: Option<&[u8]>) -> String {
        let base = match wanted {
            Some(alias) if !alias.is_empty() => alias.to_owned(),
            _ => subject(certificate).unwrap_or_else(|| "entry".to_owned()),
        };
        let mut alias = base.clone();
        if self.taken.insert(alias.to_lowercase()) {
            return alias;
        }
        let number = self.numbers.entry(base.clone()).or_insert(2);
        while !self.taken.insert(alias.to_lowercase()) {
            alias = format!("{base} ({number})");
            *number = number.saturating_add(1);
        }
        alias
    }
}

fn subject(certificate: Option<&[u8]>) -> Option<String> {
    let decoded = Certificate::from_der(certificate?).ok()?;
    let name = decoded.subject().short()?;
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(LENGTH).collect();
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// Writes a PKCS#12 store.
///
/// A certificate that stands alone is marked as trusted for Java where its store said so,
/// and where there is no private key: such a store is a trust store.
pub fn to_pkcs12(entries: &Entries, locked: Locked<'_>) -> Result<Vec<u8>, StoreProblem> {
    let mut aliases = Aliases::default();
    let mut bags = Vec::new();
    for key in &entries.keys {
        let own = key.chain.first().map(Vec::as_slice);
        let alias = aliases.give(key.alias.as_deref(), own);
        let key_id = Some(digest::sha1(own.unwrap_or(&key.pkcs8)).to_vec());
        let content = BagContent::Key(Key::Open { pkcs8: key.pkcs8.clone(), sealed: None });
        bags.push(Bag { alias: Some(alias.clone()), key_id: key_id.clone(), ..Bag::new(content) });
        for (der, place) in key.chain.iter().zip(0..) {
            let bag = Bag::new(BagContent::Certificate(der.clone()));
            let is_own = place == 0;
            bags.push(if is_own { Bag { alias: Some(alias.clone()), key_id: key_id.clone(), ..bag } } else { bag });
        }
    }
    for CertificateEntry { alias, der, is_trusted } in &entries.certificates {
        let alias = aliases.give(alias.as_deref(), Some(der));
        let bag = Bag::new(BagContent::Certificate(der.clone()));
        bags.push(Bag { alias: Some(alias), is_trusted: *is_trusted || entries.keys.is_empty(), ..bag });
    }
    bags.extend(entries.lists.iter().map(|list| Bag::new(BagContent::RevocationList(list.clone()))));
    pkcs12::encode(&bags, locked)
}

/// Writes a Java keystore. Every certificate that stands alone is trusted there; revocation lists have no place in it.
pub fn to_jks(
    entries: &Entries,
    flavour: Flavour,
    password: &[u8],
    created: Moment,
) -> Result<Zeroizing<Vec<u8>>, StoreProblem> {
    let created = created.unix().saturating_mul(1000);
    let mut aliases = Aliases::default();
    let mut written = Vec::new();
    for (key, entry) in entries.keys.iter().zip(1..) {
        let own = key.chain.first().ok_or(StoreProblem::KeyAlone { entry })?;
        let alias = aliases.give(key.alias.as_deref(), Some(own));
        let sealed = jks::seal(&key.pkcs8, password, flavour)?;
        written.push(jks::Entry { alias, created, content: Content::Key { sealed, chain: key.chain.clone() } });
    }
    for CertificateEntry { alias, der, .. } in &entries.certificates {
        let alias = aliases.give(alias.as_deref(), Some(der));
        written.push(jks::Entry { alias, created, content: Content::Trusted(der.clone()) });
    }
    jks::encode(flavour, &written, password)
}

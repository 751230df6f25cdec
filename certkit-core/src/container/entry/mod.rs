//! Items as stores have them: private keys with their chains, certificates that stand alone, lists.
//!
//! Knows which certificate belongs to which key and which one issued which, by numbers
//! and names. Refuses to judge any of it: a chain is as long as what is there.

mod convert;
mod held;
pub(super) mod pair;
mod write;

use std::collections::{HashMap, HashSet};

use zeroize::Zeroizing;

pub use self::convert::{WriteError, Writing, Written, write};
pub use self::held::{Candidates, Fit, HeldKey, held};
pub use self::pair::KeyFlaw;
pub use self::write::{Aliases, to_jks, to_pkcs12};

use self::pair::Half;
use super::item::{Item, ItemKind, Position};
use super::key::{KeyFacts, KeyForm};
use super::passwords::Passwords;
use crate::cert::Certificate;
use crate::crypto::password_based::Budget;
use crate::crypto::{key_encryption, signature};
use crate::text::Printable;

/// No chain is followed further.
const CHAIN: usize = 32;

/// What stands in a store.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    /// Private keys, each with its chain.
    pub keys: Vec<KeyEntry>,
    /// Certificates that stand alone.
    pub certificates: Vec<CertificateEntry>,
    /// Revocation lists.
    pub lists: Vec<Vec<u8>>,
    /// How many items were there more than once and are kept once.
    pub duplicates: usize,
}

/// A private key and the certificates that go with it.
#[derive(Clone)]
pub struct KeyEntry {
    /// Its name, where it has one.
    pub alias: Option<String>,
    /// The key: PKCS#8 in clear.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// The certificates, the key's own first, each issued by the next; empty where there is none for it.
    pub chain: Vec<Vec<u8>>,
    /// Whether the certificate is its own only because no other has a key of its kind: nobody computes its public half here.
    pub is_assumed: bool,
}

impl std::fmt::Debug for KeyEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyEntry({:?}, chain of {})", self.alias, self.chain.len())
    }
}

/// A certificate that stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateEntry {
    /// Its name, where it has one.
    pub alias: Option<String>,
    /// Its bytes.
    pub der: Vec<u8>,
    /// Whether its store says that it is trusted.
    pub is_trusted: bool,
}

/// Why items are no entries.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// A private key stays encrypted.
    #[error("{position}: the private key{} cannot be opened", called(.alias))]
    Sealed {
        /// Where it stood.
        position: Position,
        /// Its name.
        alias: Option<String>,
        /// Why.
        source: key_encryption::Error,
    },
    /// A private key is encrypted, and there is no password.
    #[error("{position}: the private key{} is encrypted ({}): its password is needed", called(.alias), Printable(.scheme))]
    PasswordNeeded {
        /// Where it stood.
        position: Position,
        /// Its name.
        alias: Option<String>,
        /// What encrypts it.
        scheme: String,
    },
    /// A private key that cannot be written as PKCS#8.
    #[error("{position}: the private key{} has a format that stores do not accept ({form})", called(.alias))]
    Form {
        /// Where it stood.
        position: Position,
        /// Its name.
        alias: Option<String>,
        /// The form.
        form: KeyForm,
    },
    /// A private key that nobody could use.
    #[error("{position}: the private key{} is damaged", called(.alias))]
    Flawed {
        /// Where it stood.
        position: Position,
        /// Its name.
        alias: Option<String>,
        /// What is wrong with it.
        source: KeyFlaw,
    },
    /// A private key that does not tell which certificate is its own, beside several that come into question.
    #[error(
        "{position}: cannot find the certificate of the private key{}: certkit computes no public key of this kind \
         ({kind}), and several certificates have such a key",
        called(.alias)
    )]
    NotTold {
        /// Where it stood.
        position: Position,
        /// Its name.
        alias: Option<String>,
        /// Its kind.
        kind: String,
    },
}

fn called(alias: &Option<String>) -> String {
    alias.as_ref().map_or_else(String::new, |alias| format!(" `{}`", Printable(alias)))
}

impl Entries {
    /// Groups items; encrypted keys are opened with this password.
    ///
    /// Requests and public keys have no place in a store and are left to the caller. An
    /// item that is there twice is kept once, unless it is trusted and in a chain as well.
    pub fn of(items: &[Item], password: Option<&[u8]>) -> Result<Entries, EntryError> {
        Entries::of_files(1, items, &[password.into()])
    }

    /// Groups the items of several files, as [`Entries::of`] does those of one.
    pub fn of_files(count: usize, items: &[Item], passwords: &[Passwords<'_>]) -> Result<Entries, EntryError> {
        let mut budget = Budget::for_files(count);
        let mut entries = Entries::default();
        let mut pool = Pool::default();
        let mut kinds = Vec::new();
        let (mut seen_keys, mut seen_lists) = (HashSet::new(), HashSet::new());
        for item in items {
            let is_new = match &item.kind {
                ItemKind::Certificate => pool.add(item),
                ItemKind::RevocationList => {
                    let is_new = seen_lists.insert(item.der.to_vec());
                    if is_new {
                        entries.lists.push(item.der.to_vec());
                    }
                    is_new
                }
                ItemKind::PrivateKey(facts) => {
                    let pkcs8 = open_with(item, facts, passwords, &mut budget)?;
                    let is_new = seen_keys.insert(crate::crypto::digest::sha256(&pkcs8));
                    if is_new {
                        kinds.push((item.position, facts.to_string()));
                        entries.keys.push(KeyEntry {
                            alias: item.alias.clone(),
                            pkcs8,
                            chain: Vec::new(),
                            is_assumed: false,
                        });
                    }
                    is_new
                }
                ItemKind::Request | ItemKind::PublicKey | ItemKind::OcspResponse => true,
            };
            if !is_new {
                entries.duplicates = entries.duplicates.saturating_add(1);
            }
        }
        let candidates = pool.candidates();
        for (key, (position, kind)) in entries.keys.iter_mut().zip(kinds) {
            let alias = || key.alias.clone();
            let half =
                Half::of(&key.pkcs8).map_err(|source| EntryError::Flawed { position, alias: alias(), source })?;
            let own = match candidates.fit(&half) {
                Fit::NotTold => return Err(EntryError::NotTold { position, alias: alias(), kind }),
                Fit::Of(_) => candidates.of(&half).1,
                Fit::OnlyOne(at) => {
                    key.is_assumed = true;
                    vec![at]
                }
                _ => Vec::new(),
            };
            key.chain = pool.chain_for(key.alias.as_deref(), own);
        }
        entries.certificates = pool.into_alone();
        Ok(entries)
    }

    /// Gives the certificates and lists without the private keys; chains become certificates that stand alone.
    pub fn without_keys(self) -> Entries {
        let chains = self.keys.into_iter().flat_map(|key| {
            let mut alias = key.alias;
            key.chain.into_iter().map(move |der| CertificateEntry { alias: alias.take(), der, is_trusted: false })
        });
        let mut certificates: Vec<CertificateEntry> = Vec::new();
        for certificate in chains.chain(self.certificates) {
            if certificates.iter().all(|known| known.der != certificate.der) {
                certificates.push(certificate);
            }
        }
        Entries { keys: Vec::new(), certificates, lists: self.lists, duplicates: self.duplicates }
    }

    /// How many certificates there are, those of chains among them.
    pub fn certificate_count(&self) -> usize {
        self.keys.iter().fold(self.certificates.len(), |sum, key| sum.saturating_add(key.chain.len()))
    }
}

/// Gives a key in clear, as PKCS#8, with the first password that opens it: those of keys come before those of stores.
fn open_with(
    item: &Item,
    facts: &KeyFacts,
    passwords: &[Passwords<'_>],
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, EntryError> {
    let keys = passwords.iter().filter_map(|it| it.keys);
    let all = keys.chain(passwords.iter().filter_map(|it| it.store));
    let mut tried = None;
    for password in all {
        match open(item, facts, Some(password), budget) {
            Err(why @ EntryError::Sealed { .. }) => tried = Some(why),
            told => return told,
        }
    }
    tried.map_or_else(|| open(item, facts, None, budget), Err)
}

/// Gives a key in clear, as PKCS#8.
fn open(
    item: &Item,
    facts: &KeyFacts,
    password: Option<&[u8]>,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, EntryError> {
    let (position, alias) = (item.position, item.alias.clone());
    let clear = match &facts.encryption {
        None => Zeroizing::new(item.der.to_vec()),
        Some(encryption) => {
            let scheme = encryption.scheme.clone();
            let needed = EntryError::PasswordNeeded { position, alias: alias.clone(), scheme };
            let password = password.ok_or(needed)?;
            let opened = match facts.form {
                KeyForm::EncryptedTraditional => {
                    key_encryption::decrypt_traditional(&encryption.scheme, &encryption.vector, &item.der, password)
                }
                _ => key_encryption::decrypt(&item.der, password, budget),
            };
            opened.map_err(|source| EntryError::Sealed { position, alias: alias.clone(), source })?
        }
    };
    pair::to_pkcs8(clear).ok_or(EntryError::Form { position, alias, form: facts.form })
}

/// The certificates that chains are made of.
#[derive(Default)]
struct Pool {
    members: Vec<Member>,
    by_bytes: HashMap<Vec<u8>, usize>,
}

struct Member {
    entry: CertificateEntry,
    /// `None` for one that cannot be decoded, which stands alone for ever.
    decoded: Option<Certificate>,
    is_in_chain: bool,
}

impl Pool {
    /// Says whether the certificate was not there yet.
    fn add(&mut self, item: &Item) -> bool {
        let entry = CertificateEntry { alias: item.alias.clone(), der: item.der.to_vec(), is_trusted: item.is_trusted };
        if let Some(known) = self.by_bytes.get(&entry.der).and_then(|at| self.members.get_mut(*at)) {
            // A trusted entry beside the same certificate in a chain is no duplicate.
            let is_other = entry.is_trusted && !known.entry.is_trusted;
            if is_other {
                known.entry = entry;
            }
            return is_other;
        }
        self.by_bytes.insert(entry.der.clone(), self.members.len());
        let decoded = Certificate::from_der(&entry.der).ok();
        self.members.push(Member { entry, decoded, is_in_chain: false });
        true
    }

    /// The public keys of its members, each by the index of its member; of one that cannot be decoded, none.
    fn candidates(&self) -> Candidates {
        Candidates::new(self.members.iter().map(|it| it.decoded.as_ref().map(Certificate::spki).unwrap_or_default()))
    }

    /// Takes the certificate of a key, one of these, and those above it.
    fn chain_for(&mut self, alias: Option<&str>, mut own: Vec<usize>) -> Vec<Vec<u8>> {
        // Of several, the one of the same name; else one that is no CA, as after a renewal of both.
        own.sort_by_key(|at| {
            let member = self.members.get(*at);
            let is_named = alias.is_some() && member.is_some_and(|it| it.entry.alias.as_deref() == alias);
            (!is_named, member.and_then(|it| it.decoded.as_ref()).is_some_and(Certificate::is_ca))
        });
        let first = own.first().and_then(|at| self.members.get_mut(*at));
        let Some((first, mut last)) = first.and_then(|it| it.decoded.clone().map(|own| (it, own))) else {
            return Vec::new();
        };
        first.is_in_chain = true;
        let mut chain = vec![first.entry.der.clone()];
        while chain.len() < CHAIN && !last.is_self_issued() {
            let Some(issuer) = self.issuer_of(&last, &chain) else { break };
            issuer.is_in_chain = true;
            chain.push(issuer.entry.der.clone());
            match &issuer.decoded {
                Some(certificate) => last = certificate.clone(),
                None => break,
            }
        }
        chain
    }

    /// Finds who issued a certificate: of its issuer's name, with a key that verifies the signature, or of which nobody can
    /// tell whether it does.
    fn issuer_of(&mut self, certificate: &Certificate, chain: &[Vec<u8>]) -> Option<&mut Member> {
        let verification = |issuer: &Certificate| match issuer.public_key() {
            Ok(key) => certificate.verify_signature(&key),
            Err(_) => Err(signature::UNREADABLE_KEY),
        };
        let named = self.members.iter_mut().filter(|member| {
            let is_named = |it: &Certificate| it.subject().matches(&certificate.issuer());
            let has_not_signed = |it: &Certificate| verification(it) == Err(signature::Failure::Mismatch);
            let decoded = member.decoded.as_ref().filter(|it| is_named(it));
            decoded.is_some_and(|it| !has_not_signed(it)) && !chain.contains(&member.entry.der)
        });
        let mut named: Vec<&mut Member> = named.collect();
        if named.len() > 1 {
            named.sort_by_key(|member| member.decoded.as_ref().is_none_or(|it| verification(it).is_err()));
        }
        named.into_iter().next()
    }

    /// What is in no chain, and what is trusted beside being in one.
    fn into_alone(self) -> Vec<CertificateEntry> {
        let alone = self.members.into_iter().filter(|member| !member.is_in_chain || member.entry.is_trusted);
        alone.map(|member| member.entry).collect()
    }
}

//! Turns opened stores into items, each with its alias.

use zeroize::Zeroizing;

use super::encoding::Encoding;
use super::foreign::Store;
use super::item::{Block, Der, Item, ItemKind, Position, Skipped};
use super::jks::{self, Content};
use super::key::KeyFacts;
use super::passwords::Passwords;
use super::pkcs12::{self, BagContent, Closed, Key};
use super::reason::Reason;
use super::shape;
use super::store_problem::{Integrity, StoreProblem};
use crate::asn1::{Reader, Tag};
use crate::crypto::key_encryption;
use crate::crypto::password_based::{self, Budget};

/// A store that is being turned into items.
struct Opened<'a, F> {
    store: Store,
    position: Position,
    found: &'a mut F,
}

/// Which password has opened a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lock {
    OfStore,
    OfItsOwn,
}

/// A key in clear, and which password has opened it.
type Unlocked = (Zeroizing<Vec<u8>>, Lock);

/// What the stores of a file are opened with: passwords, and work that all of them share.
#[derive(Debug)]
pub(super) struct Means<'p> {
    pub(super) passwords: Passwords<'p>,
    pub(super) budget: Budget,
}

impl<'p> Means<'p> {
    /// What there is for one file.
    pub(super) fn for_file(passwords: Passwords<'p>) -> Means<'p> {
        Means { passwords, budget: Budget::for_file() }
    }
}

/// Reads a store of this kind and appends what it holds to `found`.
pub(super) fn read(
    bytes: &[u8],
    store: Store,
    means: &mut Means<'_>,
    position: Position,
    found: &mut impl Extend<Block>,
) -> Result<(), StoreProblem> {
    let (content, password) = first_opened(bytes, store, means);
    let mut opened = Opened { store, position, found };
    match content? {
        StoreContent::Pkcs12(content) => opened.pkcs12(content, means),
        StoreContent::Jks(content) => opened.jks(content, password, means),
    }
    Ok(())
}

/// Gives the password that opens a store: the first one where none does. Costs nothing where there is one alone.
pub fn fitting<'p>(bytes: &[u8], store: Store, passwords: Passwords<'p>) -> Option<&'p [u8]> {
    if passwords.others.is_empty() {
        return passwords.store;
    }
    first_opened(bytes, store, &mut Means::for_file(passwords)).1
}

/// What a store holds.
enum StoreContent {
    Pkcs12(pkcs12::Pkcs12),
    Jks(jks::Jks),
}

/// Tries the passwords in turn; what the first one gives where none opens the store.
fn first_opened<'p>(
    bytes: &[u8],
    store: Store,
    means: &mut Means<'p>,
) -> (Result<StoreContent, StoreProblem>, Option<&'p [u8]>) {
    let mut refused = None;
    for password in means.passwords.of_stores() {
        let content = match store {
            Store::Pkcs12 => pkcs12::read_within(bytes, password, &mut means.budget).map(StoreContent::Pkcs12),
            Store::Jks | Store::Jceks => jks::read_within(bytes, password, &mut means.budget).map(StoreContent::Jks),
        };
        if !is_wrong(&content) {
            return (content, password);
        }
        refused.get_or_insert((content, password));
    }
    refused.unwrap_or((Err(StoreProblem::PasswordNeeded), None))
}

/// Says whether another password may open what this one did not.
fn is_wrong(content: &Result<StoreContent, StoreProblem>) -> bool {
    let is_wrong = |problem: &StoreProblem| matches!(problem, StoreProblem::WrongPassword | StoreProblem::Changed);
    match content {
        Ok(StoreContent::Pkcs12(content)) => content.closed.iter().any(|closed| is_wrong(&closed.why)),
        Ok(StoreContent::Jks(_)) => false,
        Err(problem) => is_wrong(problem),
    }
}

impl<F: Extend<Block>> Opened<'_, F> {
    fn pkcs12(&mut self, store: pkcs12::Pkcs12, means: &mut Means<'_>) {
        let mut closed = store.closed.into_iter().peekable();
        let mut number = 0usize;
        for (bag, before) in store.bags.into_iter().zip(0..) {
            while let Some(Closed { why, .. }) = closed.next_if(|closed| closed.after <= before) {
                number = number.saturating_add(1);
                self.skip(number, None, "an encrypted part", why);
            }
            number = number.saturating_add(1);
            let alias = bag.alias;
            match bag.content {
                BagContent::Certificate(der) => self.certificate(number, alias, bag.is_trusted, der),
                BagContent::RevocationList(der) => {
                    self.push(number, alias, false, ItemKind::RevocationList, Der::Open(der));
                }
                BagContent::Key(Key::Open { pkcs8, sealed }) => {
                    self.key(number, alias, pkcs8, sealed.as_deref(), Lock::OfStore);
                }
                BagContent::Key(Key::Sealed(sealed)) => {
                    let password = means.passwords.keys;
                    let opened = password.map(|it| key_encryption::decrypt(&sealed, it, &mut means.budget));
                    match opened {
                        Some(Ok(pkcs8)) => self.key(number, alias, pkcs8, Some(&sealed), Lock::OfItsOwn),
                        _ => self.sealed(number, alias, sealed),
                    }
                }
                BagContent::Secret(_) => self.skip(number, alias, "a secret", StoreProblem::Secret),
                BagContent::Other { kind, .. } => {
                    self.skip(number, alias, "an entry", StoreProblem::UnknownEntry { kind });
                }
            }
        }
        for Closed { why, .. } in closed {
            number = number.saturating_add(1);
            self.skip(number, None, "an encrypted part", why);
        }
        self.integrity(store.integrity);
    }

    fn jks(&mut self, store: jks::Jks, password: Option<&[u8]>, means: &mut Means<'_>) {
        let mut is_spent = false;
        for (entry, number) in store.entries.into_iter().zip(1..) {
            let alias = Some(entry.alias);
            match entry.content {
                Content::Trusted(der) => self.certificate(number, alias, true, der),
                Content::Key { sealed, chain } => {
                    match open(&sealed, password, means) {
                        Some(Ok((pkcs8, lock))) => self.key(number, alias.clone(), pkcs8, Some(&sealed), lock),
                        Some(Err(problem @ StoreProblem::TooCostly { .. })) => {
                            // Once: what it costs to open them says nothing new of those that follow.
                            if !std::mem::replace(&mut is_spent, true) {
                                self.skip(number, alias.clone(), "a private key and others after it", problem);
                            }
                            self.sealed(number, alias.clone(), sealed);
                        }
                        _ => self.sealed(number, alias.clone(), sealed),
                    }
                    for der in chain {
                        self.certificate(number, alias.clone(), false, der);
                    }
                }
                Content::Secret(_) => self.skip(number, alias, "a secret key", StoreProblem::Secret),
                Content::Other { kind, .. } => {
                    self.skip(number, alias, "a certificate", StoreProblem::UnknownEntry { kind });
                }
            }
        }
        self.integrity(store.integrity);
    }

    fn position(&self, number: usize) -> Position {
        Position { member: Some(number), ..self.position }
    }

    fn push(&mut self, number: usize, alias: Option<String>, is_trusted: bool, kind: ItemKind, der: Der) {
        let encoding = match self.store {
            Store::Pkcs12 => Encoding::Pkcs12,
            Store::Jks => Encoding::Jks,
            Store::Jceks => Encoding::Jceks,
        };
        let item = Item { kind, der, encoding, position: self.position(number), alias, is_trusted, rejected: None };
        self.found.extend([Block::Item(item)]);
    }

    fn certificate(&mut self, number: usize, alias: Option<String>, is_trusted: bool, der: Vec<u8>) {
        self.push(number, alias, is_trusted, ItemKind::Certificate, Der::Open(der));
    }

    fn key(
        &mut self,
        number: usize,
        alias: Option<String>,
        pkcs8: Zeroizing<Vec<u8>>,
        sealed: Option<&[u8]>,
        lock: Lock,
    ) {
        let shape = shape::of(&pkcs8);
        let Some(mut facts) = shape.and_then(|shape| KeyFacts::read(shape, &pkcs8)) else {
            return self.skip_for(number, alias, "a key", Reason::Content { wanted: "private key" });
        };
        facts.opened = sealed.and_then(scheme_of);
        facts.has_own_password = lock == Lock::OfItsOwn;
        self.push(number, alias, false, ItemKind::PrivateKey(Box::new(facts)), Der::Secret(pkcs8));
    }

    fn sealed(&mut self, number: usize, alias: Option<String>, sealed: Vec<u8>) {
        let facts = KeyFacts::sealed(&sealed);
        let der = Der::Secret(Zeroizing::new(sealed));
        self.push(number, alias, false, ItemKind::PrivateKey(Box::new(facts)), der);
    }

    fn skip(&mut self, number: usize, alias: Option<String>, what: &str, problem: StoreProblem) {
        let why = Reason::Store { store: self.store, problem };
        self.skip_for(number, alias, what, why);
    }

    fn skip_for(&mut self, number: usize, alias: Option<String>, what: &str, why: Reason) {
        let what = alias.map_or_else(|| what.to_owned(), |alias| format!("{what}, {alias}"));
        self.found.extend([Block::Skipped(Skipped { position: self.position(number), what, why })]);
    }

    fn integrity(&mut self, integrity: Integrity) {
        if integrity != Integrity::Verified {
            let what = self.store.to_string();
            let why = Reason::Integrity { store: self.store, integrity };
            let skipped = Skipped { position: self.position, what, why };
            self.found.extend([Block::Skipped(skipped)]);
        }
    }
}

/// Opens a key of a Java store with the password of the store, or with that of keys; `None` where neither is given.
fn open(sealed: &[u8], store: Option<&[u8]>, means: &mut Means<'_>) -> Option<Result<Unlocked, StoreProblem>> {
    let tried = [(store, Lock::OfStore), (means.passwords.keys, Lock::OfItsOwn)];
    let mut opened = None;
    for (password, lock) in tried {
        let Some(password) = password.filter(|_| !matches!(opened, Some(Ok(_)))) else { continue };
        opened = Some(jks::open(sealed, password, &mut means.budget).map(|pkcs8| (pkcs8, lock)));
    }
    opened
}

/// Names what an EncryptedPrivateKeyInfo is encrypted with.
fn scheme_of(sealed: &[u8]) -> Option<String> {
    let algorithm = Reader::new(sealed).sequence().ok()?.expect(Tag::SEQUENCE).ok()?;
    Some(password_based::name_of(algorithm.raw))
}

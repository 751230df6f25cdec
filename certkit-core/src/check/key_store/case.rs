//! The keys of one file, and its other contents.

use std::sync::Arc;

use super::*;
use crate::cert::{Certificate, Name, Request};
use crate::container::entry::{self, Candidates, Fit, HeldKey};
use crate::container::{Contents, Encoding, Item, ItemKind, Passwords, Position};
use crate::path::Pool;
use crate::text::Printable;

/// Something with a public key that a private key may belong to.
#[derive(Clone, Debug)]
pub struct Beside {
    /// What it is.
    pub holder: Holder,
    /// Where it stands; `None` where that is another file.
    pub position: Option<Position>,
    /// Which of the files it is from, or of the servers that showed it.
    pub source: usize,
    /// Whether its store says that it is trusted.
    pub is_trusted: bool,
}

/// What has a public key.
#[derive(Clone, Debug)]
pub enum Holder {
    /// A certificate.
    Certificate(Certificate),
    /// A request for one.
    Request(Request),
}

impl Beside {
    fn spki(&self) -> &[u8] {
        match &self.holder {
            Holder::Certificate(certificate) => certificate.spki(),
            Holder::Request(request) => request.spki(),
        }
    }

    pub(super) fn certificate(&self) -> Option<&Certificate> {
        match &self.holder {
            Holder::Certificate(certificate) => Some(certificate),
            Holder::Request(_) => None,
        }
    }
}

/// All public keys that the private keys of a file are held against.
#[derive(Clone, Debug, Default)]
pub struct PublicKeys {
    pub(super) all: Vec<Beside>,
    candidates: Candidates,
}

impl PublicKeys {
    /// Lays out these; each private key finds its own at once, however many there are.
    pub fn new(all: Vec<Beside>) -> PublicKeys {
        let candidates = Candidates::new(all.iter().map(Beside::spki));
        PublicKeys { all, candidates }
    }

    /// What a file holds, the `source`th.
    pub fn in_file(contents: &Contents, source: usize) -> Vec<Beside> {
        let held = contents.items.iter().filter_map(|item| {
            let holder = match item.kind {
                ItemKind::Certificate => Holder::Certificate(Certificate::from_der(&item.der).ok()?),
                ItemKind::Request => Holder::Request(Request::from_der(&item.der).ok()?),
                _ => return None,
            };
            Some(Beside { holder, position: Some(item.position), source, is_trusted: item.is_trusted })
        });
        held.collect()
    }
}

/// A file with private keys, or a store, under judgement.
#[derive(Clone, Debug)]
pub struct KeyStoreCase {
    /// How its items are wrapped.
    pub encoding: Encoding,
    /// Its private keys.
    pub keys: Vec<HeldKey>,
    /// Its public keys (SubjectPublicKeyInfo), each with what it is called, where it has nothing else.
    pub lone: Vec<(String, Vec<u8>)>,
    /// Its certificates and requests, or those that its keys were held against.
    pub public_keys: Arc<PublicKeys>,
    /// Whether it has neither certificates nor requests itself.
    pub is_bare: bool,
    /// Whether the user says that a server starts with it, whatever it holds.
    pub is_servers: bool,
    /// What else is at hand, where issuers may be found that it does not hold.
    pub pool: Option<Arc<Pool>>,
}

impl KeyStoreCase {
    /// Lays out a case over what stands in a file; `others` is what its keys may belong to where it has neither certificates
    /// nor requests itself. `None` where it has neither a key nor is a store, or where nothing can be said of it: it
    /// has private keys alone, and all stay encrypted, or it is empty and no server's.
    ///
    /// Costs the password iterations of encrypted keys.
    pub fn of(
        contents: &Contents,
        others: &Arc<PublicKeys>,
        passwords: &[Passwords<'_>],
        is_servers: bool,
    ) -> Option<KeyStoreCase> {
        let encoding = contents.encoding()?;
        let (lone, keys, public_keys) = (lone(contents), Vec::new(), Arc::default());
        if !lone.is_empty() {
            let (is_bare, is_servers, pool) = (true, false, None);
            return Some(KeyStoreCase { encoding, keys, lone, public_keys, is_bare, is_servers, pool });
        }
        let is_key = |it: &Item| matches!(it.kind, ItemKind::PrivateKey(_));
        if !encoding.is_store() && !contents.items.iter().any(is_key) {
            return None;
        }
        let own = PublicKeys::in_file(contents, 0);
        let is_any = contents.items.iter().any(|it| matches!(it.kind, ItemKind::Certificate | ItemKind::Request));
        // An empty store says nothing of what others hold.
        if !is_any && !contents.items.iter().any(is_key) {
            let (is_bare, pool) = (true, None);
            return is_servers.then_some(KeyStoreCase { encoding, keys, lone, public_keys, is_bare, is_servers, pool });
        }
        let public_keys = if is_any { Arc::new(PublicKeys::new(own)) } else { Arc::clone(others) };
        let places: Vec<(usize, Position)> = if is_any {
            public_keys.all.iter().enumerate().filter_map(|(at, it)| Some((at, it.position?))).collect()
        } else {
            Vec::new()
        };
        let keys = entry::held(&contents.items, &public_keys.candidates, &places, passwords);
        if public_keys.all.is_empty() && keys.iter().all(|key| key.fit == Fit::Locked) {
            return None;
        }
        Some(KeyStoreCase { encoding, keys, lone, public_keys, is_bare: !is_any, is_servers, pool: None })
    }

    /// The certificates at hand whose subject is this, beyond its own.
    pub(super) fn issued_to(&self, name: &Name<'_>) -> Vec<&Certificate> {
        let pool = self.pool.as_ref();
        let found = pool.into_iter().flat_map(|pool| pool.issued_to(name).into_iter().map(|id| pool.certificate(id)));
        found.flatten().collect()
    }

    /// The private keys that belong to nothing at hand, and public keys, each with what it is called and its public key.
    pub fn alone(&self) -> impl Iterator<Item = (String, &[u8])> {
        let private = self.keys.iter().filter_map(|key| Some((name_of(key), key.spki.as_deref()?)));
        private.chain(self.lone.iter().map(|(name, spki)| (name.clone(), spki.as_slice())))
    }

    pub(super) fn certificate(&self, at: usize) -> Option<&Certificate> {
        self.public_keys.all.get(at).and_then(Beside::certificate)
    }

    /// What its keys were held against, for a sentence.
    pub(super) fn held_against(&self) -> &'static str {
        if self.certificates().next().is_some() { "certificates" } else { "requests" }
    }

    pub(super) fn certificates(&self) -> impl Iterator<Item = (&Beside, &Certificate)> {
        self.public_keys.all.iter().filter_map(|it| Some((it, it.certificate()?)))
    }

    /// The certificates that Java sends with a key, that of the key first: those of its entry up to a root, in PKCS#12 those
    /// that lead up by their names, of each name the first. `None` where a file has no entries, or the key opened to
    /// nobody.
    pub(super) fn sent_with(&self, key: &HeldKey) -> Option<Vec<&Certificate>> {
        let Some(entry) = &key.chain else {
            let own = self.certificate(key.fit.candidate().filter(|_| self.encoding == Encoding::Pkcs12)?)?;
            let mut chain = vec![own];
            while let Some(last) = chain.last().filter(|it| !it.is_self_issued()) {
                let issuer = last.issuer();
                let above = self.certificates().map(|(_, it)| it).find(|it| it.subject().matches(&issuer));
                let Some(above) = above.filter(|it| !chain.contains(it)) else { break };
                chain.push(above);
            }
            return Some(chain);
        };
        let mut chain: Vec<&Certificate> = entry.iter().map_while(|at| self.certificate(*at)).collect();
        let root = chain.iter().position(|it| it.is_self_issued());
        chain.truncate(root.map_or(usize::MAX, |at| at.saturating_add(1)));
        Some(chain)
    }

    /// The certificates that lead up from those of keys by their names, these among them.
    pub(super) fn led_up_to(&self) -> HashSet<usize> {
        let mut found: HashSet<usize> = HashSet::new();
        let mut by_name: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (at, it) in self.public_keys.all.iter().enumerate() {
            if let Some(certificate) = it.certificate() {
                by_name.entry(certificate.subject().canonical()).or_default().push(at);
            }
        }
        let mut wanted: Vec<usize> = self.keys.iter().filter_map(|key| key.fit.candidate()).collect();
        while let Some(at) = wanted.pop() {
            if !found.insert(at) {
                continue;
            }
            let Some(certificate) = self.certificate(at) else { continue };
            wanted.extend(by_name.get(&certificate.issuer().canonical()).into_iter().flatten());
        }
        found
    }

    /// The first end-entity certificate below each CA of a file, by the file and that CA's name; none if a private key
    /// matches such a certificate, or cannot be decrypted.
    pub(super) fn servers_without_key(&self) -> HashMap<(usize, Vec<u8>), &Certificate> {
        let is_its = |key: &HeldKey| {
            let of = key.fit.candidate().and_then(|at| self.certificate(at));
            key.fit.is_encrypted() || of.is_some_and(|it| !it.is_ca())
        };
        let mut servers = HashMap::new();
        if !self.keys.iter().any(is_its) {
            for (it, certificate) in self.certificates().filter(|(_, it)| !it.is_ca()) {
                servers.entry((it.source, certificate.issuer().canonical())).or_insert(certificate);
            }
        }
        servers
    }
}

/// The public keys of a file that has nothing else.
fn lone(contents: &Contents) -> Vec<(String, Vec<u8>)> {
    let named = |item: &Item| (format!("the public key at {}", item.position), item.der.to_vec());
    match contents.items.iter().all(|item| item.kind == ItemKind::PublicKey) {
        true => contents.items.iter().map(named).collect(),
        false => Vec::new(),
    }
}

/// What a key is called in a sentence.
pub(super) fn name_of(key: &HeldKey) -> String {
    match &key.alias {
        Some(alias) => format!("the private key `{}`", Printable(alias)),
        None => format!("the private key at {}", key.position),
    }
}

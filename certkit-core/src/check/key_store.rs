//! What a server starts with: whether its keys are those of its certificates, and what programs find in its store.
//!
//! A file with private keys, or a store, is no case; [`judge`] looks at it by itself.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Clause::{Document, Rfc};
use super::Look::KeyStore;
use super::case::called;
use super::{Check, Judgement, Outcome, Profile, Severity, Situation, Weight};
use crate::cert::{Certificate, Request};
use crate::container::entry::{self, Candidates, Fit, HeldKey};
use crate::container::{Contents, Encoding, Item, ItemKind, Passwords, Position};
use crate::crypto::key_encryption;
use crate::text::{Printable, plural};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &KEY_CERTIFICATE_MISMATCH,
    &KEY_ENTRY_MISSING,
    &KEY_ENTRY_LEAF_ONLY,
    &KEY_PASSWORD_DIFFERS,
    &STORE_ENTRIES_UNSEEN,
    &TRUSTED_ENTRIES_UNSEEN,
];

/// The topic, as documents list it.
pub static TOPICS: &[&[&Check]] = &[CHECKS];

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

    fn certificate(&self) -> Option<&Certificate> {
        match &self.holder {
            Holder::Certificate(certificate) => Some(certificate),
            Holder::Request(_) => None,
        }
    }
}

/// All public keys that the private keys of a file are held against.
#[derive(Clone, Debug, Default)]
pub struct AtHand {
    all: Vec<Beside>,
    candidates: Candidates,
}

impl AtHand {
    /// Lays out these; each private key finds its own at once, however many there are.
    pub fn new(all: Vec<Beside>) -> AtHand {
        let candidates = Candidates::new(all.iter().map(Beside::spki));
        AtHand { all, candidates }
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
    /// Its certificates and requests, or those that its keys were held against.
    pub at_hand: Arc<AtHand>,
}

impl KeyStoreCase {
    /// Lays out a case over what stands in a file; `others` is what its keys may belong to where it has neither certificates
    /// nor requests itself. `None` where it has neither a private key nor is a store, or where there is nothing to hold
    /// them against.
    ///
    /// Costs what encrypted keys ask for.
    pub fn of(contents: &Contents, others: &Arc<AtHand>, passwords: &[Passwords<'_>]) -> Option<KeyStoreCase> {
        let encoding = contents.items.first()?.encoding;
        let is_key = |it: &Item| matches!(it.kind, ItemKind::PrivateKey(_));
        if !encoding.is_store() && !contents.items.iter().any(is_key) {
            return None;
        }
        let own = AtHand::in_file(contents, 0);
        let is_any = contents.items.iter().any(|it| matches!(it.kind, ItemKind::Certificate | ItemKind::Request));
        let at_hand = if is_any { Arc::new(AtHand::new(own)) } else { Arc::clone(others) };
        // An empty store says nothing of what others hold.
        if at_hand.all.is_empty() || !(is_any || contents.items.iter().any(is_key)) {
            return None;
        }
        let places: Vec<(usize, Position)> = if is_any {
            at_hand.all.iter().enumerate().filter_map(|(at, it)| Some((at, it.position?))).collect()
        } else {
            Vec::new()
        };
        let keys = entry::held(&contents.items, &at_hand.candidates, &places, passwords);
        Some(KeyStoreCase { encoding, keys, at_hand })
    }

    fn certificate(&self, at: usize) -> Option<&Certificate> {
        self.at_hand.all.get(at).and_then(Beside::certificate)
    }

    /// What its keys were held against, for a sentence.
    fn held_against(&self) -> &'static str {
        if self.certificates().next().is_some() { "certificates" } else { "requests" }
    }

    fn certificates(&self) -> impl Iterator<Item = (&Beside, &Certificate)> {
        self.at_hand.all.iter().filter_map(|it| Some((it, it.certificate()?)))
    }

    /// The certificates that lead up from those of keys by their names, these among them.
    fn led_up_to(&self) -> HashSet<usize> {
        let mut found: HashSet<usize> = HashSet::new();
        let mut by_name: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (at, it) in self.at_hand.all.iter().enumerate() {
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

    /// The first certificate that is no CA's below each CA of a file, by the file and that CA's name; none where a private key
    /// is that of such a certificate, or stays encrypted.
    fn servers_without_key(&self) -> HashMap<(usize, Vec<u8>), &Certificate> {
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

/// What a key is called in a sentence.
fn name_of(key: &HeldKey) -> String {
    match &key.alias {
        Some(alias) => format!("the private key `{}`", Printable(alias)),
        None => format!("the private key at {}", key.position),
    }
}

/// Holds a file against a profile.
pub fn judge(case: &KeyStoreCase, profile: &Profile) -> Judgement {
    let mut judgement = Judgement::default();
    let situation = |_| Situation::of(profile.setting);
    for (check, not_met) in profile.checks() {
        let KeyStore(at) = check.look else { continue };
        let weight = Weight { not_met, untold: profile.weight_untold(check) };
        judgement.record(check, weight, situation, at(case).into_iter().map(|it| (None, it)));
    }
    judgement.sort();
    judgement
}

/// A private key is not that of its certificate.
pub static KEY_CERTIFICATE_MISMATCH: Check = Check {
    id: "key-certificate-mismatch",
    severity: Severity::Error,
    clauses: &[Rfc(8446, "4.4.3"), Rfc(5246, "7.4.3")],
    title: "A private key is that of its certificate",
    why: "The server signs each handshake with its private key, and clients verify that with the key in its certificate. \
          Where these are of two pairs, nginx and Apache do not start (`key values mismatch`), and Java refuses \
          every connection. Mostly the certificate was issued for a newer or older request.",
    remedy: "Find the key that the request was made with, or request a certificate for this one: `certkit request --key \
             FILE`. nginx takes `ssl_certificate` (the server's certificate first, then its issuers) and \
             `ssl_certificate_key`, Tomcat `certificateFile`, `certificateChainFile` and `certificateKeyFile`.",
    look: KeyStore(mismatch),
};

fn mismatch(case: &KeyStoreCase) -> Vec<Outcome> {
    let servers = case.servers_without_key();
    let below = |at: usize| {
        let holder = case.at_hand.all.get(at)?;
        let authority = holder.certificate().filter(|it| it.is_ca())?;
        servers.get(&(holder.source, authority.subject().canonical())).copied()
    };
    let looked = case.keys.iter().map(|key| {
        let name = name_of(key);
        let own = key.chain.as_ref().and_then(|chain| chain.first()).and_then(|at| case.certificate(*at));
        match &key.fit {
            Fit::Of(at) => match below(*at).filter(|_| key.chain.is_none()) {
                Some(leaf) => Outcome::NotMet(format!(
                    "{name}, {}, is that of the CA, and none is that of {}: a server cannot use it, and whoever has it \
                     issues certificates",
                    key.kind,
                    called(&leaf.subject())
                )),
                None => Outcome::Met,
            },
            Fit::OnlyOne(_) => Outcome::Untold(format!(
                "{name} ({}) may be that of its certificate, and need not: certkit computes no public key of this kind. \
                 `openssl pkey -in FILE -pubout` and `openssl x509 -in FILE -noout -pubkey` show both",
                key.kind
            )),
            Fit::OfNone | Fit::Alone => Outcome::NotMet(match own {
                Some(own) => format!("{name}, {}, is not that of its certificate, {}", key.kind, called(&own.subject())),
                None => format!("{name}, {}, is that of none of the {} beside it", key.kind, case.held_against()),
            }),
            Fit::Flawed(flaw) => Outcome::NotMet(format!("{name}, {}, is damaged: {flaw}", key.kind)),
            Fit::NotTold => Outcome::Untold(format!(
                "whose {name} ({}) is could not be told: certkit computes no public key of this kind, and several \
                 certificates have one like it",
                key.kind
            )),
            Fit::Sealed(key_encryption::Error::WrongPassword) => {
                Outcome::Untold(format!("{name} stays encrypted: no password that was given opens it"))
            }
            Fit::Sealed(why) => Outcome::Untold(format!("{name} stays encrypted: {why}")),
            Fit::Locked => Outcome::NotGiven(format!(
                "{name} is encrypted: --password-file, or --key-password-file where it has one of its own, shows whether it \
                 fits"
            )),
        }
    });
    looked.collect()
}

/// A store of a server has no private key.
pub static KEY_ENTRY_MISSING: Check = Check {
    id: "key-entry-missing",
    severity: Severity::Warning,
    clauses: &[Document("Apache Tomcat documentation, SSL/TLS configuration"), Rfc(5246, "7.4.2")],
    title: "The store of a server holds its private key",
    why: "A server proves with its private key that the certificate is its own. From a store with the certificate alone \
          Tomcat does not start (`Alias name does not identify a key entry`), and other Java servers refuse every \
          connection with `handshake_failure`. Mostly the CA's answer was imported under another alias, or into a store \
          in which the key was never made.",
    remedy: "Import the CA's answer into the store with the key and under the key's alias: `keytool -importcert \
             -alias NAME -file chain.p7b`; or put key and chain together: `certkit convert server.pem server.key -o \
             server.p12`. As a store of trusted certificates it is in order: `certkit trust audit`.",
    look: KeyStore(missing),
};

fn missing(case: &KeyStoreCase) -> Vec<Outcome> {
    let leaf = case.certificates().find(|(_, it)| !it.is_ca());
    match leaf {
        Some((_, leaf)) if case.encoding.is_store() => {
            vec![Outcome::not_met_if(case.keys.is_empty(), || {
                format!("the {} holds {} and no private key", store_name(case.encoding), called(&leaf.subject()))
            })]
        }
        _ => Vec::new(),
    }
}

fn store_name(encoding: Encoding) -> String {
    format!("{encoding} store")
}

/// The key entry of a Java keystore has one certificate, and its issuer stands elsewhere in the store.
pub static KEY_ENTRY_LEAF_ONLY: Check = Check {
    id: "key-entry-leaf-only",
    severity: Severity::Warning,
    clauses: &[Rfc(5246, "7.4.2"), Rfc(8446, "4.4.2"), Document("Java keytool documentation, -importcert")],
    title: "The key entry of a Java keystore has the CAs that lead up from its certificate",
    why: "Java presents the chain of the key entry and nothing else of the store. CAs that were imported as entries of their \
          own are trusted, and never sent: clients that know the root alone refuse the connection with `unable to find \
          valid certification path`.",
    remedy: "Import the CA's answer as one chain under the alias of the key: `keytool -importcert -alias NAME -file \
             chain.p7b` (or `-trustcacerts`, where the CAs are in the store already).",
    look: KeyStore(leaf_only),
};

fn leaf_only(case: &KeyStoreCase) -> Vec<Outcome> {
    let entries = case.keys.iter().filter_map(|key| Some((key, key.chain.as_deref()?)));
    let looked = entries.map(|(key, chain)| {
        let [only] = chain else { return Outcome::Met };
        let Some(leaf) = case.certificate(*only) else { return Outcome::Met };
        let issuer = leaf.issuer();
        let is_issuer = |(_, it): &(_, &Certificate)| it.subject().matches(&issuer) && !it.is_self_issued();
        match case.certificates().find(is_issuer) {
            Some((_, issuer)) => Outcome::NotMet(format!(
                "the entry of {} has one certificate, so that the server will send only that; its issuer {} stands in the \
                 store as an entry of its own",
                name_of(key),
                called(&issuer.subject())
            )),
            None => Outcome::Met,
        }
    });
    looked.collect()
}

/// A private key in a store has a password of its own.
pub static KEY_PASSWORD_DIFFERS: Check = Check {
    id: "key-password-differs",
    severity: Severity::Warning,
    clauses: &[Document("Java keytool documentation, -keypass"), Rfc(7292, "5")],
    title: "A private key in a store has the password of the store",
    why: "Most programs know one password for store and key. Java fails with `Cannot recover key` where they differ, unless \
          both are configured (Tomcat: `certificateKeystorePassword` and `certificateKeyPassword`); for PKCS#12 keytool \
          does not know a second password at all, and Windows imports no such file.",
    remedy: "Give the key the password of the store: `keytool -keypasswd -alias NAME -keystore FILE`, or write the store \
             anew with one password: `certkit convert FILE -o NEW --new-password-file PASSWORD`.",
    look: KeyStore(password_differs),
};

fn password_differs(case: &KeyStoreCase) -> Vec<Outcome> {
    let keys = case.keys.iter().filter(|key| case.encoding.is_store() && is_told(key));
    keys.map(|key| {
        Outcome::not_met_if(key.has_own_password, || format!("{} has another password than its store", name_of(key)))
    })
    .collect()
}

/// Whether anything is known of the password of a key.
fn is_told(key: &HeldKey) -> bool {
    key.has_own_password || !key.fit.is_encrypted()
}

/// Java does not see certificates of a PKCS#12 store that other programs see.
pub static STORE_ENTRIES_UNSEEN: Check = Check {
    id: "store-entries-unseen",
    severity: Severity::Info,
    clauses: &[Document("Java Cryptography Architecture, PKCS12 KeyStore type"), Rfc(7292, "4.2.3")],
    title: "Java sees every certificate of a PKCS#12 store",
    why: "In PKCS#12 nothing says whom to trust. Java takes a certificate for an entry if it has an attribute of its own \
          (trustedKeyUsage) or leads up from a private key, and passes over the others: `keytool -list` shows fewer entries \
          than OpenSSL certificates.",
    remedy: "Take them out, or have them in the chain of the key: `certkit convert FILE -o NEW.p12`.",
    look: KeyStore(unseen),
};

/// Java sees nothing in a PKCS#12 store of trusted certificates, or not all of them.
pub static TRUSTED_ENTRIES_UNSEEN: Check = Check {
    id: "trusted-entries-unseen",
    severity: Severity::Warning,
    clauses: &[Document("Java Cryptography Architecture, PKCS12 KeyStore type"), Rfc(7292, "4.2.3")],
    title: "Java sees every certificate of a PKCS#12 store of trusted ones",
    why: "In PKCS#12 nothing says whom to trust. Java takes a certificate for trusted if it has an attribute of its own \
          (trustedKeyUsage), which OpenSSL and Windows do not write: `keytool -list` shows 0 entries, and a Java client fails \
          with `the trustAnchors parameter must be non-empty`.",
    remedy: "Write it anew with the attribute: `certkit convert FILE -o NEW.p12 --for tomcat`, or import the certificates with \
             keytool. Programs that are not made in Java read it as it is.",
    look: KeyStore(trusted_unseen),
};

fn trusted_unseen(case: &KeyStoreCase) -> Vec<Outcome> {
    if case.keys.is_empty() { passed_over(case) } else { Vec::new() }
}

fn unseen(case: &KeyStoreCase) -> Vec<Outcome> {
    if case.keys.is_empty() { Vec::new() } else { passed_over(case) }
}

/// Which certificates of a PKCS#12 store Java passes over.
fn passed_over(case: &KeyStoreCase) -> Vec<Outcome> {
    if case.encoding != Encoding::Pkcs12 {
        return Vec::new();
    }
    // Which certificate belongs to a key that stays shut is not known; Java finds it by its identifier.
    if case.keys.iter().any(|key| key.fit.candidate().is_none()) {
        return vec![];
    }
    let led = case.led_up_to();
    let all = case.at_hand.all.iter().enumerate();
    let passed_over: Vec<&Certificate> =
        all.filter(|(at, it)| !it.is_trusted && !led.contains(at)).filter_map(|(_, it)| it.certificate()).collect();
    vec![Outcome::not_met_if(!passed_over.is_empty(), || {
        let trusted = case.certificates().filter(|(it, _)| it.is_trusted).count();
        let (keys, certificates) = (case.keys.len(), case.certificates().count());
        let seen = keys.saturating_add(trusted);
        let first = passed_over.first().map(|it| called(&it.subject())).unwrap_or_default();
        let more = match passed_over.len().saturating_sub(1) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!(
            "Java sees {seen} {}, OpenSSL {keys} {} and {certificates} {}: Java passes over {first}{more}",
            plural(seen, "entry", "entries"),
            plural(keys, "private key", "private keys"),
            plural(certificates, "certificate", "certificates"),
        )
    })]
}

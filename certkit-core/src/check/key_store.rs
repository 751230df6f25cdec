//! What a server starts with: whether its keys are those of its certificates, and what programs find in its store.
//!
//! A file with private keys, or a store, is no case; [`judge`] looks at it by itself.

use super::Clause::{Document, Rfc};
use super::Look::KeyStore;
use super::case::called;
use super::{Check, Judgement, Outcome, Profile, Severity, Situation, Weight};
use crate::cert::Certificate;
use crate::container::entry::{self, Fit, HeldKey};
use crate::container::{Contents, Encoding, Passwords, Position};
use crate::text::{Printable, plural};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &KEY_CERTIFICATE_MISMATCH,
    &KEY_ENTRY_MISSING,
    &KEY_ENTRY_LEAF_ONLY,
    &KEY_PASSWORD_DIFFERS,
    &STORE_ENTRIES_UNSEEN,
];

/// The topic, as documents list it.
pub static TOPICS: &[&[&Check]] = &[CHECKS];

/// A certificate of a file.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The certificate.
    pub certificate: Certificate,
    /// Where it stands; `None` where that is another file.
    pub position: Option<Position>,
    /// Whether its store says that it is trusted.
    pub is_trusted: bool,
}

/// A file with private keys, or a store, under judgement.
#[derive(Clone, Debug)]
pub struct KeyStoreCase {
    /// How its items are wrapped.
    pub encoding: Encoding,
    /// Its private keys.
    pub keys: Vec<HeldKey>,
    /// Its certificates, or those of other files that its keys were held against.
    pub certificates: Vec<Beside>,
}

impl KeyStoreCase {
    /// Lays out a case over what stands in a file; `others` are the certificates that its keys may belong to where it has
    /// none itself. `None` where it has neither a private key nor is a store, or where there is no certificate at all.
    ///
    /// Costs what encrypted keys ask for.
    pub fn of(contents: &Contents, others: &[Certificate], passwords: Passwords<'_>) -> Option<KeyStoreCase> {
        let encoding = contents.items.first()?.encoding;
        let is_key = |it: &crate::container::Item| matches!(it.kind, crate::container::ItemKind::PrivateKey(_));
        if !is_store(encoding) && !contents.items.iter().any(is_key) {
            return None;
        }
        let own = contents.certificates().filter_map(|item| {
            let certificate = Certificate::from_der(&item.der).ok()?;
            Some(Beside { certificate, position: Some(item.position), is_trusted: item.is_trusted })
        });
        let mut certificates: Vec<Beside> = own.collect();
        if contents.certificates().next().is_none() {
            let others = others.iter().cloned();
            certificates =
                others.map(|certificate| Beside { certificate, position: None, is_trusted: false }).collect();
        }
        if certificates.is_empty() {
            return None;
        }
        let held: Vec<_> = certificates.iter().map(|it| (it.position, &it.certificate)).collect();
        let keys = entry::held(&contents.items, &held, passwords);
        Some(KeyStoreCase { encoding, keys, certificates })
    }

    fn certificate(&self, at: usize) -> Option<&Certificate> {
        self.certificates.get(at).map(|it| &it.certificate)
    }

    /// The certificates that lead up from those of keys by their names, these among them.
    fn led_up_to(&self) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut wanted: Vec<usize> = self.keys.iter().filter_map(|key| key.fit.certificate()).collect();
        while let Some(at) = wanted.pop() {
            if found.contains(&at) {
                continue;
            }
            found.push(at);
            let Some(certificate) = self.certificate(at) else { continue };
            let issuer = certificate.issuer();
            let named =
                self.certificates.iter().enumerate().filter(|(_, it)| it.certificate.subject().matches(&issuer));
            wanted.extend(named.map(|(at, _)| at));
        }
        found
    }
}

fn is_store(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::Pkcs12 | Encoding::Jks | Encoding::Jceks)
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
    let looked = case.keys.iter().map(|key| {
        let name = name_of(key);
        let own = key.chain.as_ref().and_then(|chain| chain.first()).and_then(|at| case.certificate(*at));
        match key.fit {
            Fit::Of(_) | Fit::OnlyOne(_) => Outcome::Met,
            Fit::OfNone | Fit::Alone => Outcome::NotMet(match own {
                Some(own) => format!("{name}, {}, is not that of its certificate, {}", key.kind, called(&own.subject())),
                None => format!("{name}, {}, is that of none of the certificates beside it", key.kind),
            }),
            Fit::NotTold => Outcome::Untold(format!(
                "whose {name} ({}) is could not be told: certkit computes no public key of this kind, and several \
                 certificates have one like it",
                key.kind
            )),
            Fit::Locked { is_tried: true } => {
                Outcome::Untold(format!("{name} stays encrypted: no password that was given opens it"))
            }
            Fit::Locked { is_tried: false } => Outcome::NotGiven(format!(
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
    let leaf = case.certificates.iter().find(|it| !it.certificate.is_ca());
    match leaf {
        Some(leaf) if is_store(case.encoding) => {
            let leaf = &leaf.certificate;
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
        let is_issuer = |it: &&Beside| it.certificate.subject().matches(&issuer) && !it.certificate.is_self_issued();
        match case.certificates.iter().find(is_issuer) {
            Some(issuer) => Outcome::NotMet(format!(
                "the entry of {} has one certificate, so that the server will send only that; its issuer {} stands in the \
                 store as an entry of its own",
                name_of(key),
                called(&issuer.certificate.subject())
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
    let keys = case.keys.iter().filter(|key| is_store(case.encoding) && is_told(key));
    keys.map(|key| {
        Outcome::not_met_if(key.has_own_password, || format!("{} has another password than its store", name_of(key)))
    })
    .collect()
}

/// Whether anything is known of the password of a key.
fn is_told(key: &HeldKey) -> bool {
    key.has_own_password || !matches!(key.fit, Fit::Locked { .. })
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
    remedy: "As a store of trusted certificates for Java write it anew with the attribute: `certkit convert FILE -o NEW.p12 \
             --for tomcat`, or import them with keytool. In the store of a server take them out.",
    look: KeyStore(unseen),
};

fn unseen(case: &KeyStoreCase) -> Vec<Outcome> {
    if case.encoding != Encoding::Pkcs12 {
        return Vec::new();
    }
    // Which certificate belongs to a key that stays shut is not known; Java finds it by its identifier.
    if case.keys.iter().any(|key| key.fit.certificate().is_none()) {
        return vec![];
    }
    let led = case.led_up_to();
    let all = case.certificates.iter().enumerate();
    let passed_over: Vec<&Beside> =
        all.filter(|(at, it)| !it.is_trusted && !led.contains(at)).map(|(_, it)| it).collect();
    vec![Outcome::not_met_if(!passed_over.is_empty(), || {
        let trusted = case.certificates.iter().filter(|it| it.is_trusted).count();
        let (keys, certificates) = (case.keys.len(), case.certificates.len());
        let seen = keys.saturating_add(trusted);
        let first = passed_over.first().map(|it| called(&it.certificate.subject())).unwrap_or_default();
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

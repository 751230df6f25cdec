//! What a server starts with: whether its keys are those of its certificates, and what programs find in its store.
//!
//! A file with private keys, or a store, is no case; [`judge`] looks at it by itself.

mod case;

use case::name_of;
pub use case::{Beside, Holder, KeyStoreCase, PublicKeys};

use std::collections::{HashMap, HashSet};

use super::Clause::{Document, Rfc};
use super::Look::KeyStore;
use super::case::called;
use super::webpki::chain::CHAIN_DUPLICATE;
#[cfg(feature = "legacy-crypto")]
use super::webpki::weak_keys;
use super::{Check, Judgement, Outcome, Profile, Severity, Situation, Weight};
use crate::cert::Certificate;
use crate::container::Encoding;
use crate::container::entry::{Fit, HeldKey};
use crate::crypto::key::PublicKey;
use crate::crypto::key_encryption;
use crate::text::plural;

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

/// Holds a file against a profile.
pub fn judge(case: &KeyStoreCase, profile: &Profile) -> Judgement {
    let mut judgement = Judgement::default();
    let situation = |_| Situation::of(profile.setting);
    for (check, not_met) in profile.checks() {
        let looked = match check.look {
            KeyStore(at) => at(case),
            _ if check.id == CHAIN_DUPLICATE.id => twice(case),
            #[cfg(feature = "legacy-crypto")]
            _ => weak_keys::alone(check, case.alone(), profile.limits.rsa_bits),
            #[cfg(not(feature = "legacy-crypto"))]
            _ => continue,
        };
        let weight = Weight { not_met, undetermined: profile.weight_undetermined(check) };
        judgement.record(check, weight, situation, looked.into_iter().map(|it| (None, it)));
    }
    judgement.sort();
    judgement
}

/// Certificates of private keys that a PKCS#12 store holds twice. CAs are there once for each key that they lead up from.
fn twice(case: &KeyStoreCase) -> Vec<Outcome> {
    if case.encoding != Encoding::Pkcs12 {
        return Vec::new();
    }
    let own = case.keys.iter().filter_map(|key| case.certificate(key.fit.candidate()?));
    let own: HashSet<&Certificate> = own.collect();
    let mut known = HashSet::new();
    let held = case.certificates().map(|(_, it)| it).filter(|it| own.contains(it));
    let again: Vec<&Certificate> = held.filter(|it| !known.insert(*it)).collect();
    if again.is_empty() {
        return vec![Outcome::Met];
    }
    let store = store_name(case.encoding);
    let said = |it: &&Certificate| {
        let name = called(&it.subject());
        Outcome::NotMet(format!(
            "the {store} holds {name} twice: old .NET refuses such a file with a message about its password"
        ))
    };
    again.iter().map(said).collect()
}

/// A private key is not that of its certificate.
pub static KEY_CERTIFICATE_MISMATCH: Check = Check {
    id: "key-certificate-mismatch",
    severity: Severity::Error,
    clauses: &[Rfc(8446, "4.4.3"), Rfc(5246, "7.4.3")],
    title: "A private key matches its certificate",
    why: "The server signs each handshake with its private key, and clients verify that with the key in its \
          certificate. If they do not match, nginx and Apache do not start (`key values mismatch`), and Java refuses \
          every connection. Usually the certificate was issued for a newer or older request.",
    remedy: "Find the key that the request was made with, or request a certificate for this one: `certkit request --key \
             FILE`. nginx takes `ssl_certificate` (the server's certificate first, then its issuers) and \
             `ssl_certificate_key`, Tomcat `certificateFile`, `certificateChainFile` and `certificateKeyFile`.",
    look: KeyStore(mismatch),
};

fn mismatch(case: &KeyStoreCase) -> Vec<Outcome> {
    let servers = case.servers_without_key();
    let below = |at: usize| {
        let holder = case.public_keys.all.get(at)?;
        let authority = holder.certificate().filter(|it| it.is_ca())?;
        servers.get(&(holder.source, authority.subject().canonical())).copied()
    };
    let looked = case.keys.iter().map(|key| {
        let name = name_of(key);
        let own = key.chain.as_ref().and_then(|chain| chain.first()).and_then(|at| case.certificate(*at));
        match &key.fit {
            Fit::Of(at) => match below(*at).filter(|_| key.chain.is_none()) {
                Some(leaf) => Outcome::NotMet(format!(
                    "{name}, {}, is the CA's, and no key matches {}: a server cannot use it, and anyone who has it can \
                     issue certificates",
                    key.kind,
                    called(&leaf.subject())
                )),
                None => Outcome::Met,
            },
            Fit::OnlyOne(_) => Outcome::Undetermined(format!(
                "whether {name} ({}) matches its certificate is undetermined: certkit cannot compute a public key of \
                 this type. `openssl pkey -in FILE -pubout` and `openssl x509 -in FILE -noout -pubkey` show both",
                key.kind
            )),
            Fit::Alone if case.public_keys.all.is_empty() => Outcome::NotGiven(format!(
                "{name}, {}, stands alone: name its certificate beside it, `certkit check CERTIFICATE KEY`",
                key.kind
            )),
            Fit::OfNone | Fit::Alone => Outcome::NotMet(match own {
                Some(own) => format!(
                    "{name}, {}, does not match its certificate, \
                                      {}",
                    key.kind,
                    called(&own.subject())
                ),
                None => format!("{name}, {}, matches none of the {} in the file", key.kind, case.held_against()),
            }),
            Fit::Flawed(flaw) => Outcome::NotMet(format!("{name}, {}, is damaged: {flaw}", key.kind)),
            Fit::NotTold => Outcome::Undetermined(format!(
                "which certificate {name} ({}) matches is undetermined: certkit cannot compute a public key of this \
                 type, and several certificates have one",
                key.kind
            )),
            Fit::Sealed(key_encryption::Error::WrongPassword) => {
                Outcome::Undetermined(format!("{name} cannot be decrypted: no given password opens it"))
            }
            Fit::Sealed(why) => Outcome::Undetermined(format!("{name} cannot be decrypted: {why}")),
            Fit::Locked if key.has_own_password => Outcome::NotGiven(format!(
                "{name} has its own password: give --key-password-file to check whether it matches"
            )),
            Fit::Locked => Outcome::NotGiven(format!(
                "{name} is encrypted: give --password-file, or --key-password-file if it has its own password, to \
                 check whether it matches"
            )),
        }
    });
    looked.chain(case.lone.iter().map(lone)).collect()
}

/// A public key that stands alone: what it is, and what is judged of it.
fn lone((name, spki): &(String, Vec<u8>)) -> Outcome {
    match PublicKey::from_spki(spki) {
        Ok(key) => Outcome::NotGiven(format!(
            "{name}, {key}, stands alone: its strength is judged; its private key and certificate are not here"
        )),
        Err(error) => Outcome::Undetermined(format!("{name} cannot be decoded: {error}")),
    }
}

/// A store of a server has no private key, or nothing else.
pub static KEY_ENTRY_MISSING: Check = Check {
    id: "key-entry-missing",
    severity: Severity::Warning,
    clauses: &[Document("Apache Tomcat documentation, SSL/TLS configuration"), Rfc(5246, "7.4.2")],
    title: "A server's store contains its private key and its certificate",
    why: "A server needs a certificate and the private key of it. With a store that has only the certificate Tomcat does \
          not start (`Alias name does not identify a key entry`), and other Java servers refuse every connection with \
          `handshake_failure`, as with a store that has only the key. Usually the CA's reply was imported under another alias, or into a store without the \
          key.",
    remedy: "Import the CA's reply into the store with the key, under the key's alias: `keytool -importcert -alias \
             NAME -file chain.p7b`; or put key and chain together: `certkit convert server.pem server.key -o \
             server.p12`. If it is a trust store, check it with `certkit trust audit`.",
    look: KeyStore(missing),
};

fn missing(case: &KeyStoreCase) -> Vec<Outcome> {
    let leaf = case.certificates().find(|(_, it)| !it.is_ca());
    let store = store_name(case.encoding);
    if let Some(key) = case.keys.first().filter(|_| case.is_bare && case.encoding.is_store()) {
        let key = name_of(key);
        return vec![Outcome::NotMet(format!("the {store} contains {key} and no certificate: no server can use it"))];
    }
    match leaf {
        // Whoever is served with it is told so by its file alone.
        None if case.is_servers && case.encoding.is_store() => {
            let count = case.certificates().count();
            let trusted = plural(count, "certificate of a CA", "certificates of CAs");
            vec![Outcome::not_met_if(case.keys.is_empty(), || match count {
                0 => format!("the {store} holds neither a certificate nor a private key"),
                _ => format!("the {store} holds {count} {trusted} and no private key: it is a truststore"),
            })]
        }
        Some((_, leaf)) if case.encoding.is_store() => {
            vec![Outcome::not_met_if(case.keys.is_empty(), || {
                format!("the {store} contains {} and no private key", called(&leaf.subject()))
            })]
        }
        _ => Vec::new(),
    }
}

fn store_name(encoding: Encoding) -> String {
    format!("{encoding} store")
}

/// The key entry of a keystore has not the whole chain.
pub static KEY_ENTRY_LEAF_ONLY: Check = Check {
    id: "key-entry-leaf-only",
    severity: Severity::Warning,
    clauses: &[Rfc(5246, "7.4.2"), Rfc(8446, "4.4.2"), Document("Java keytool documentation, -importcert")],
    title: "The key entry of a keystore contains the whole chain",
    why: "Java presents only the chain of the key entry: in a Java keystore what was imported with the key, in PKCS#12 \
          the certificates that lead up from it by their names. CAs imported as separate entries of a Java keystore are \
          trusted but never sent. Clients that know only the root refuse the connection with `unable to find valid \
          certification path`.",
    remedy: "Import the CA's reply as one chain under the alias of the key: `keytool -importcert -alias NAME -file \
             chain.p7b` (or `-trustcacerts`, if the CAs are already in the store); or put key and chain together: \
             `certkit convert server.pem chain.pem server.key -o server.p12`.",
    look: KeyStore(leaf_only),
};

fn leaf_only(case: &KeyStoreCase) -> Vec<Outcome> {
    // No server starts with a key that does not match.
    let keys = case.keys.iter().filter(|key| !matches!(key.fit, Fit::OfNone | Fit::Flawed(_)));
    let entries = keys.filter_map(|key| Some((key, case.sent_with(key)?)));
    let looked = entries.map(|(key, chain)| {
        let entry = format!("the entry of {}", name_of(key));
        let mut pairs = chain.iter().zip(chain.iter().skip(1));
        if let Some((below, above)) = pairs.find(|(below, above)| !below.issuer().matches(&above.subject())) {
            return Outcome::NotMet(format!(
                "{entry} has a gap: {} was issued by {}, and {} follows it",
                called(&below.subject()),
                called(&below.issuer()),
                called(&above.subject())
            ));
        }
        let Some(last) = chain.last().filter(|it| !it.is_self_issued()) else { return Outcome::Met };
        let issuer = last.issuer();
        let is_issuer = |it: &&Certificate| it.subject().matches(&issuer);
        let in_store: Vec<&Certificate> = case.certificates().map(|(_, it)| it).filter(is_issuer).collect();
        let elsewhere = case.issued_to(&issuer);
        // Of a root nobody needs to be sent anything.
        if in_store.iter().chain(&elsewhere).any(|it| it.is_self_issued()) {
            return Outcome::Met;
        }
        let sent = match chain.len() {
            1 => format!("{entry} has only one certificate, and the server sends only the leaf"),
            _ => format!("{entry} ends with {}", called(&last.subject())),
        };
        let issuer = called(&issuer);
        match (in_store.is_empty(), elsewhere.is_empty()) {
            (false, _) => Outcome::NotMet(format!("{sent}; its issuer {issuer} is a separate entry of the store")),
            (true, false) => Outcome::NotMet(format!("{sent}; its issuer {issuer} is not in the entry")),
            (true, true) if chain.len() == 1 => Outcome::NotMet(format!(
                "{sent}; its issuer {issuer} is not in the store: clients refuse the connection unless they trust \
                 {issuer} itself"
            )),
            (true, true) => Outcome::Met,
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
    why: "Most programs support one password for store and key. Java fails with `Cannot recover key` if they differ, \
          unless both are configured (Tomcat: `certificateKeystorePassword` and `certificateKeyPassword`); for PKCS#12 \
          keytool supports no second password, and Windows imports no such file.",
    remedy: "Give the key the password of the store: `keytool -keypasswd -alias NAME -keystore FILE`, or rewrite the \
             store with one password: `certkit convert FILE -o NEW --new-password-file PASSWORD`.",
    look: KeyStore(password_differs),
};

fn password_differs(case: &KeyStoreCase) -> Vec<Outcome> {
    let keys = case.keys.iter().filter(|key| case.encoding.is_store() && is_told(key));
    keys.map(|key| {
        Outcome::not_met_if(key.has_own_password, || {
            format!(
                "{} has a different password from its \
                                                              store",
                name_of(key)
            )
        })
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
    why: "PKCS#12 does not mark trusted certificates. Java treats a certificate as an entry if it has Java's own \
          attribute (trustedKeyUsage) or is in the chain of a private key, and ignores the others: `keytool -list` \
          shows fewer entries than OpenSSL shows certificates.",
    remedy: "Remove them, or add them to the chain of the key: `certkit convert FILE -o NEW.p12`.",
    look: KeyStore(unseen),
};

/// Java sees nothing in a PKCS#12 store of trusted certificates, or not all of them.
pub static TRUSTED_ENTRIES_UNSEEN: Check = Check {
    id: "trusted-entries-unseen",
    severity: Severity::Warning,
    clauses: &[Document("Java Cryptography Architecture, PKCS12 KeyStore type"), Rfc(7292, "4.2.3")],
    title: "Java sees every certificate of a PKCS#12 trust store",
    why: "PKCS#12 does not mark trusted certificates. Java trusts a certificate if it has Java's own attribute \
          (trustedKeyUsage), which OpenSSL and Windows do not write: `keytool -list` shows 0 entries, and a Java \
          client fails with `the trustAnchors parameter must be non-empty`.",
    remedy: "Rewrite it with the attribute: `certkit convert FILE -o NEW.p12 --for tomcat`, or import the certificates \
             with keytool. Programs not written in Java read it as it is.",
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
    let all = case.public_keys.all.iter().enumerate();
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
            "Java sees {seen} {}, OpenSSL {keys} {} and {certificates} {}: Java ignores {first}{more}",
            plural(seen, "entry", "entries"),
            plural(keys, "private key", "private keys"),
            plural(certificates, "certificate", "certificates"),
        )
    })]
}

//! What was seen, each thing once, with every place where it stands: what all formats are written from.

use std::collections::BTreeMap;
use std::sync::Arc;

use certkit_core::cert::Certificate;
use certkit_core::container::KeyFacts;
use certkit_core::crypto::digest;
use certkit_core::crypto::key::PublicKey;
use certkit_core::crypto::key_pair::KeyPair;
use certkit_core::crypto::strength;
use certkit_core::moment::Moment;
use certkit_core::oid::Oid;
use certkit_core::text::Hex;
use certkit_expiry::Source;
use schemars::JsonSchema;
use serde::Serialize;

use super::gather::{Looked, What};

/// The document of `certkit.inventory/1`: which certificates, keys and algorithms are where.
#[derive(Serialize, JsonSchema)]
pub(crate) struct InventoryJson {
    pub(super) schema: &'static str,
    /// The time of the run.
    pub(super) moment: String,
    /// Algorithms of keys and signatures, by name.
    pub(super) algorithms: Vec<AlgorithmJson>,
    /// Certificates, each once.
    pub(super) certificates: Vec<CertificateJson>,
    /// Public keys, each once, and private keys by the place where they stand.
    pub(super) keys: Vec<KeyJson>,
    /// What TLS servers agreed on.
    pub(super) connections: Vec<ConnectionJson>,
    /// What could not be looked at.
    pub(super) unseen: Vec<UnseenJson>,
}

/// An algorithm of keys or signatures.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct AlgorithmJson {
    /// Its name, with the size of the key or its curve: `RSA 2048`, `EC P-256`, `SHA256-RSA`, `ML-DSA-65`.
    pub(super) name: String,
    /// Its object identifier; null where it is not known.
    pub(super) oid: Option<String>,
    /// What it is of: `key` or `signature`.
    pub(super) of: Use,
    /// The size of the key in bits, where there is one.
    pub(super) bits: Option<u32>,
    pub(super) curve: Option<String>,
    /// Bits of security against computers of today (NIST SP 800-57 part 1); null where that is not known, and for signatures.
    pub(super) classical_security_level: Option<u32>,
    /// The security category of NIST against quantum computers, 1 to 5; 0 where these break it, null where it is not known.
    pub(super) nist_quantum_security_level: Option<u8>,
    /// How many certificates have such a key, or are signed so.
    pub(super) certificates: usize,
    /// How many private keys there are.
    pub(super) private_keys: usize,
}

/// What an algorithm is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Use {
    Key,
    Signature,
}

/// A certificate.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CertificateJson {
    pub(super) subject_dn: String,
    pub(super) issuer_dn: String,
    pub(super) serial_hex: String,
    pub(super) not_before: Option<String>,
    pub(super) not_after: Option<String>,
    pub(super) fingerprint_sha256: String,
    pub(super) is_ca: bool,
    /// The SHA-256 of its public key (SubjectPublicKeyInfo), as in `keys`.
    pub(super) key_sha256: String,
    /// The name of the algorithm of its signature, as in `algorithms`; null where it cannot be decoded.
    pub(super) signature_algorithm: Option<String>,
    pub(super) occurrences: Vec<OccurrenceJson>,
}

/// A key.
#[derive(Serialize, JsonSchema)]
pub(crate) struct KeyJson {
    pub(super) kind: KeyKind,
    /// The name of its algorithm, as in `algorithms`; null where encryption hides it, or it cannot be decoded.
    pub(super) algorithm: Option<String>,
    pub(super) bits: Option<u32>,
    /// The SHA-256 of the public key (SubjectPublicKeyInfo); null for a private key whose public one is not known.
    pub(super) key_sha256: Option<String>,
    /// What encrypts the private key where it stands; null where nothing does, and for public keys.
    pub(super) secured_by: Option<String>,
    pub(super) occurrences: Vec<OccurrenceJson>,
}

/// Which half of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyKind {
    Public,
    Private,
}

/// What servers agreed on with certkit.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ConnectionJson {
    /// Such as `TLS 1.3`.
    pub(super) version: &'static str,
    /// The name of IANA.
    pub(super) cipher_suite: String,
    pub(super) occurrences: Vec<OccurrenceJson>,
}

/// A place where something stands.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct OccurrenceJson {
    /// The source, as the user or the inventory names it, and the path below it.
    pub(super) location: String,
    /// Its number in that place, counted from 1.
    pub(super) position: usize,
    pub(super) owner: Option<String>,
    pub(super) group: Option<String>,
    pub(super) note: Option<String>,
}

/// A place that could not be looked at.
#[derive(Serialize, JsonSchema)]
pub(crate) struct UnseenJson {
    pub(super) location: String,
    pub(super) reason: String,
    pub(super) owner: Option<String>,
}

/// What was made out of so far.
#[derive(Default)]
struct Assets {
    algorithms: BTreeMap<(String, Use), AlgorithmJson>,
    certificates: BTreeMap<(String, String), CertificateJson>,
    keys: BTreeMap<(KeyKind, String), KeyJson>,
    connections: BTreeMap<(&'static str, String), ConnectionJson>,
    unseen: Vec<UnseenJson>,
}

impl InventoryJson {
    /// Puts together what was seen.
    pub(super) fn new(looked: Vec<Looked>, moment: Moment) -> InventoryJson {
        let mut assets = Assets::default();
        for Looked { source, seen, unseen } in looked {
            for (place, reason) in unseen {
                let location = location(&source, &place);
                assets.unseen.push(UnseenJson { location, reason, owner: source.owner.clone() });
            }
            for seen in seen {
                assets.add(&source, &seen.place, seen.position, seen.what);
            }
        }
        InventoryJson {
            schema: "certkit.inventory/1",
            moment: moment.to_string(),
            algorithms: assets.algorithms.into_values().collect(),
            certificates: assets.certificates.into_values().collect(),
            keys: assets.keys.into_values().collect(),
            connections: assets.connections.into_values().collect(),
            unseen: assets.unseen,
        }
    }
}

fn location(source: &Source, place: &str) -> String {
    match (place, source.name.as_str()) {
        ("", name) => name.to_owned(),
        (place, name) => format!("{}/{place}", name.trim_end_matches('/')),
    }
}

impl Assets {
    fn add(&mut self, source: &Arc<Source>, place: &str, position: usize, what: What) {
        let occurrence = OccurrenceJson {
            location: location(source, place),
            position,
            owner: source.owner.clone(),
            group: source.group.clone(),
            note: source.note.clone(),
        };
        match what {
            What::Certificate(der) => match Certificate::from_der(&der) {
                Ok(certificate) => self.certificate(&certificate, occurrence),
                Err(error) => self.miss(occurrence, error.to_string()),
            },
            What::PublicKey(spki) => self.public_key(&spki, occurrence),
            What::PrivateKey { der, facts } => self.private_key(&der, &facts, &occurrence),
            What::Connection(negotiated) => {
                let (version, suite) = (negotiated.version.as_str(), negotiated.cipher.to_string());
                let entry = self.connections.entry((version, suite.clone()));
                let new = || ConnectionJson { version, cipher_suite: suite, occurrences: Vec::new() };
                entry.or_insert_with(new).occurrences.push(occurrence);
            }
        }
    }

    fn miss(&mut self, at: OccurrenceJson, reason: String) {
        self.unseen.push(UnseenJson { location: at.location, reason, owner: at.owner });
    }

    fn certificate(&mut self, certificate: &Certificate, at: OccurrenceJson) {
        self.public_key(certificate.spki(), at.clone());
        let fingerprint_sha256 = Hex(certificate.fingerprint_sha256()).to_string();
        let subject_dn = certificate.subject().to_string();
        let key = (subject_dn.clone(), fingerprint_sha256.clone());
        if let Some(known) = self.certificates.get_mut(&key) {
            known.occurrences.push(at);
            return;
        }
        if let Ok(key) = certificate.public_key() {
            self.of_key(&key).certificates += 1;
        }
        let signature = certificate.signature_algorithm().ok().map(|it| it.to_string());
        if let Some(name) = &signature {
            let oid = strength::algorithm_oid(certificate.signature_algorithm_der()).ok();
            let algorithm = self.algorithms.entry((name.clone(), Use::Signature));
            let new = || AlgorithmJson {
                nist_quantum_security_level: oid.and_then(strength::quantum_category),
                ..AlgorithmJson::new(name, Use::Signature, oid)
            };
            algorithm.or_insert_with(new).certificates += 1;
        }
        let made = CertificateJson {
            subject_dn,
            issuer_dn: certificate.issuer().to_string(),
            serial_hex: certificate.serial().to_hex(),
            not_before: certificate.not_before().ok().map(|it| it.to_string()),
            not_after: certificate.not_after().ok().map(|it| it.to_string()),
            fingerprint_sha256,
            is_ca: certificate.is_ca(),
            key_sha256: Hex(digest::sha256(certificate.spki())).to_string(),
            signature_algorithm: signature,
            occurrences: vec![at],
        };
        self.certificates.insert(key, made);
    }

    fn of_key(&mut self, key: &PublicKey<'_>) -> &mut AlgorithmJson {
        let name = key.to_string();
        let new = || {
            let oid = strength::key_oid(key);
            AlgorithmJson {
                bits: key.size(),
                curve: key.curve(),
                classical_security_level: strength::classical_bits(key),
                nist_quantum_security_level: oid.and_then(strength::quantum_category),
                ..AlgorithmJson::new(&name, Use::Key, oid)
            }
        };
        self.algorithms.entry((name.clone(), Use::Key)).or_insert_with(new)
    }

    fn public_key(&mut self, spki: &[u8], at: OccurrenceJson) {
        let sha256 = Hex(digest::sha256(spki)).to_string();
        let key = PublicKey::from_spki(spki).ok();
        if let Some(key) = &key {
            self.of_key(key);
        }
        let new = || KeyJson {
            kind: KeyKind::Public,
            algorithm: key.as_ref().map(ToString::to_string),
            bits: key.as_ref().and_then(PublicKey::size),
            key_sha256: Some(sha256.clone()),
            secured_by: None,
            occurrences: Vec::new(),
        };
        self.keys.entry((KeyKind::Public, sha256.clone())).or_insert_with(new).occurrences.push(at);
    }

    /// Adds a private key: one that is there twice counts twice, since each copy can be lost.
    fn private_key(&mut self, der: &[u8], facts: &KeyFacts, at: &OccurrenceJson) {
        let here = (KeyKind::Private, format!("{} {}", at.location, at.position));
        // A file may be named by itself and by its folder.
        if self.keys.contains_key(&here) {
            return;
        }
        let pair = facts.encryption.is_none().then(|| KeyPair::from_der(der).ok()).flatten();
        let spki = pair.as_ref().map(KeyPair::spki);
        let algorithm = match spki.map(PublicKey::from_spki) {
            Some(Ok(key)) => {
                let algorithm = self.of_key(&key);
                algorithm.private_keys += 1;
                Some(algorithm.name.clone())
            }
            _ => facts.algorithm.as_ref().map(|family| {
                let name = match (&facts.curve, facts.bits) {
                    (Some(curve), _) => format!("{family} {curve}"),
                    (None, Some(bits)) if ["RSA", "RSA-PSS", "DSA"].contains(&family.as_str()) => {
                        format!("{family} {bits}")
                    }
                    _ => family.clone(),
                };
                let new = || AlgorithmJson {
                    bits: facts.bits,
                    curve: facts.curve.clone(),
                    ..AlgorithmJson::new(&name, Use::Key, None)
                };
                self.algorithms.entry((name.clone(), Use::Key)).or_insert_with(new).private_keys += 1;
                name
            }),
        };
        let secured_by = facts.encryption.as_ref().map(|it| it.scheme.clone()).or_else(|| facts.opened.clone());
        let made = KeyJson {
            kind: KeyKind::Private,
            algorithm,
            bits: facts.bits,
            key_sha256: spki.map(|spki| Hex(digest::sha256(spki)).to_string()),
            secured_by,
            occurrences: vec![at.clone()],
        };
        self.keys.insert(here, made);
    }
}

impl AlgorithmJson {
    fn new(name: &str, of: Use, oid: Option<Oid<'_>>) -> AlgorithmJson {
        AlgorithmJson {
            name: name.to_owned(),
            oid: oid.map(|it| it.to_string()),
            of,
            bits: None,
            curve: None,
            classical_security_level: None,
            nist_quantum_security_level: None,
            certificates: 0,
            private_keys: 0,
        }
    }
}

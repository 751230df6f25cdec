//! A file with private keys, as the header of a specimen describes it.

use std::sync::Arc;

use certkit_core::cert::Certificate;
use certkit_core::check::key_store::{Beside, Holder, KeyStoreCase, PublicKeys};
use certkit_core::container::entry::{Fit, HeldKey, KeyFlaw};
use certkit_core::container::{Encoding, Position};
use certkit_core::crypto::key_encryption;

/// How it is wrapped, its keys, and the numbers of the certificates that it marks as trusted.
#[derive(Clone)]
pub(crate) struct KeyStore {
    encoding: Encoding,
    keys: Vec<HeldKey>,
    pub(crate) trusted: Vec<usize>,
}

impl KeyStore {
    pub(crate) fn new(encoding: &str) -> KeyStore {
        let encoding = match encoding {
            "pem" => Encoding::Pem,
            "p12" => Encoding::Pkcs12,
            "jks" => Encoding::Jks,
            other => panic!("key-store: {other}"),
        };
        KeyStore { encoding, keys: Vec::new(), trusted: Vec::new() }
    }

    /// Adds a key: `NAME of N | only-one N | of-none | not-told | damaged | locked | tried [chain N,N] [own-password]`; certificates count from 0.
    pub(crate) fn add(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        let alias = words.next().map(str::to_owned);
        let number = |word: Option<&str>| word.and_then(|it| it.parse().ok()).unwrap_or_else(|| panic!("key: {line}"));
        let (mut fit, mut chain, mut has_own_password) = (Fit::OfNone, None, false);
        while let Some(word) = words.next() {
            match word {
                "of" => fit = Fit::Of(number(words.next())),
                "of-none" => fit = Fit::OfNone,
                "not-told" => fit = Fit::NotTold,
                "only-one" => fit = Fit::OnlyOne(number(words.next())),
                "damaged" => fit = Fit::Flawed(KeyFlaw::Undecodable),
                "locked" => fit = Fit::Locked,
                "tried" => fit = Fit::Sealed(key_encryption::Error::WrongPassword),
                "chain" => chain = Some(words.next().expect(line).split(',').map(|it| number(Some(it))).collect()),
                "own-password" => has_own_password = true,
                other => panic!("key: {other}"),
            }
        }
        let position = Position { block: 1, member: Some(1), line: None, offset: 0 };
        self.keys.push(HeldKey {
            alias,
            position,
            kind: "RSA 2048 (PKCS#8)".to_owned(),
            fit,
            chain,
            has_own_password,
            spki: None,
        });
    }

    pub(crate) fn case(&self, certificates: &[Certificate]) -> KeyStoreCase {
        let beside = certificates.iter().enumerate().map(|(at, certificate)| Beside {
            holder: Holder::Certificate(certificate.clone()),
            position: None,
            source: 0,
            is_trusted: self.trusted.contains(&at),
        });
        KeyStoreCase {
            encoding: self.encoding,
            keys: self.keys.clone(),
            lone: Vec::new(),
            public_keys: Arc::new(PublicKeys::new(beside.collect())),
            is_bare: false,
            is_servers: false,
            pool: None,
        }
    }
}

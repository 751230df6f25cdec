//! The file with a certificate that is renewed: what stands in it, and the same file with another certificate.

use std::path::{Path, PathBuf};

use certkit_core::cert::Certificate;
use certkit_core::check;
use certkit_core::container::entry::{self, Entries, Writing};
use certkit_core::container::target::Wrapping;
use certkit_core::container::{self, Contents, Encoding, Form, Item, ItemKind, KeyFacts, Reason, Skipped, Store};
use certkit_core::crypto::password_based::Protection;
use certkit_core::files;
use certkit_core::generate::KeyPair;
use certkit_core::moment::Moment;
use certkit_core::source::file::LIMIT;
use certkit_core::text::Printable;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::input::Secret;

/// The file, read.
pub(super) struct Held {
    path: PathBuf,
    /// The certificate that is renewed.
    pub(super) old: Certificate,
    /// Its private key, where the file has it.
    pub(super) key: Option<KeyPair>,
    wrapping: Wrapping,
    /// What stands in the file beside the chain, and how its key is kept.
    with_key: Option<(Entries, Protection)>,
    /// What a key in a file without a store is encrypted with, as it was.
    encrypted: Encrypted,
    /// Those above the certificate that the file has.
    issuers: Vec<Certificate>,
    /// Comments of a PEM file, each a line.
    comments: Vec<u8>,
}

/// Whose password a private key in PEM or DER is encrypted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encrypted {
    /// It is in clear.
    No,
    /// The one that stores have.
    WithStores,
    /// The one that keys have.
    WithKeys,
}

/// Passwords of the file.
#[derive(Clone, Copy)]
pub(super) struct Passwords<'a> {
    /// That of the store.
    pub(super) store: Option<&'a Secret>,
    /// That of a private key.
    pub(super) key: Option<&'a Secret>,
}

impl Held {
    /// Reads the file. Fails where what is in it could not be written again.
    pub(super) fn read(path: &Path, passwords: Passwords<'_>) -> Result<Held, Failure> {
        let shown = &path.display().to_string();
        let bytes = files::read(path, LIMIT).map_err(crate::files::failed)?;
        let bytes = bytes.ok_or_else(|| Failure::new(format!("{shown}: there is no such file")).at(shown))?;
        let password = passwords.store.map(|it| it.as_slice());
        let contents = container::read_with(&bytes, password)
            .map_err(|error| Failure::new(format!("{shown} cannot be read")).at(shown).because(error))?;
        if let Some(error) = contents.unproven(password) {
            return Err(Failure::new(format!("{shown} cannot be read"))
                .at(shown)
                .because(error)
                .hint("name the password of the store in its `access`: password-file or password-env"));
        }
        if let Some(lost) = lost(&contents) {
            return Err(Failure::new(format!("{shown} holds content that would be lost on rewriting: {lost}"))
                .at(shown)
                .hint("keep it in a file of its own"));
        }
        let wrapping = wrapping(container::store_in(&bytes), &contents, path)?;
        let comments = if wrapping == Wrapping::Plain(Form::Pem) { comments(&bytes) } else { Ok(Vec::new()) };
        let comments = comments.map_err(|line| {
            let found = format!("{shown} holds content that would be lost on rewriting: the text in line {line}");
            Failure::new(found).at(shown).hint("keep certificate and key in files of their own")
        })?;
        let facts: Vec<&KeyFacts> = contents
            .items
            .iter()
            .filter_map(|item| match &item.kind {
                ItemKind::PrivateKey(facts) => Some(&**facts),
                _ => None,
            })
            .collect();
        match facts.as_slice() {
            [] if !matches!(wrapping, Wrapping::Plain(_)) => {
                Err(Failure::new(format!("{shown} holds no private key that its password opens")).at(shown))
            }
            [] => Ok(Held { comments, ..Held::without_key(path, wrapping, &contents)? }),
            [facts] => Ok(Held { comments, ..Held::with_key(path, wrapping, &contents, facts, passwords)? }),
            _ => Err(Failure::new(format!("{shown} holds {} private keys: ambiguous", facts.len()))
                .at(shown)
                .hint("keep each key with its chain in a file of its own")),
        }
    }

    fn without_key(path: &Path, wrapping: Wrapping, contents: &Contents) -> Result<Held, Failure> {
        let decoded: Result<Vec<Certificate>, _> =
            contents.certificates().map(|item| Certificate::from_der(&item.der)).collect();
        let mut issuers = decoded.map_err(|error| {
            Failure::new(format!("{}: a certificate cannot be decoded", path.display())).because(error)
        })?;
        let Some(at) = check::leaf_among(&issuers) else {
            return Err(Failure::new(format!("{} holds no certificate", path.display())).at(path.display()));
        };
        let old = issuers.swap_remove(at);
        let has_issued = |upper: &Certificate, lower: &Certificate| lower.issuer().matches(&upper.subject());
        let is_above =
            |it: &Certificate| has_issued(it, &old) || issuers.iter().any(|lower| lower != it && has_issued(it, lower));
        if let Some(other) = issuers.iter().find(|it| !is_above(it)) {
            let name = Printable(other.subject().to_string());
            return Err(Failure::new(format!("{} holds {name}, which issued no certificate in it", path.display()))
                .at(path.display())
                .hint("`renew` needs a file with one certificate, with or without its issuers"));
        }
        let encrypted = Encrypted::No;
        Ok(Held {
            path: path.to_owned(),
            old,
            key: None,
            wrapping,
            with_key: None,
            encrypted,
            issuers,
            comments: Vec::new(),
        })
    }

    fn with_key(
        path: &Path,
        wrapping: Wrapping,
        contents: &Contents,
        facts: &KeyFacts,
        passwords: Passwords<'_>,
    ) -> Result<Held, Failure> {
        let shown = &path.display().to_string();
        let unusable = || Failure::new(format!("{shown}: the private key cannot be used")).at(shown);
        if facts.has_own_password {
            return Err(Failure::new(format!("{shown}: its private key has a different password from the store"))
                .at(shown)
                .hint("`certkit convert` writes both with one password; else renew it by hand"));
        }
        let encrypted = match (&facts.encryption, &facts.opened, passwords.key) {
            (None, None, _) => Encrypted::No,
            (Some(_), _, Some(_)) => Encrypted::WithKeys,
            _ => Encrypted::WithStores,
        };
        let password = passwords.key.or(passwords.store).map(|it| it.as_slice());
        let entries = Entries::of(&contents.items, password).map_err(|error| {
            unusable().because(error).hint("name its password in `renew`: key-password-file or key-password-env")
        })?;
        let Some((own, chain)) = entries.keys.first().and_then(|it| it.chain.split_first()) else {
            return Err(Failure::new(format!("{shown}: none of its certificates belongs to its private key")).at(shown));
        };
        let decode = |der: &Vec<u8>| {
            Certificate::from_der(der)
                .map_err(|error| Failure::new(format!("{shown}: a certificate cannot be decoded")).because(error))
        };
        let (old, issuers) = (decode(own)?, chain.iter().map(decode).collect::<Result<_, _>>()?);
        let key = entries.keys.first().map(|it| KeyPair::from_der(&it.pkcs8)).transpose();
        let key = key.map_err(|error| unusable().because(error))?;
        // Whoever reads a store with ciphers of the past may read no others.
        let is_old = facts.opened.as_ref().is_some_and(|scheme| !scheme.starts_with("PBES2"));
        let protection = if is_old { Protection::Java8 } else { Protection::Modern };
        let with_key = Some((entries, protection));
        Ok(Held { path: path.to_owned(), old, key, wrapping, with_key, encrypted, issuers, comments: Vec::new() })
    }

    /// The same file with a new certificate, and those above it as far as the old file had such. `key` is a new one.
    pub(super) fn with(
        &self,
        new: &Certificate,
        above: &[Certificate],
        key: Option<&KeyPair>,
        passwords: Passwords<'_>,
        moment: Moment,
    ) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let has_root = self.issuers.iter().any(Certificate::is_self_issued);
        let is_kept = |it: &&Certificate| !self.issuers.is_empty() && (has_root || !it.is_self_issued());
        let mut chain: Vec<&Certificate> = std::iter::once(new).chain(above.iter().filter(is_kept)).collect();
        // The file of a CA may hold less than the chain that leads up from it.
        while let Some(next) = self.issuers.iter().find(|it| {
            let is_above = chain.last().is_some_and(|last| last.issuer().matches(&it.subject()));
            is_above && !chain.contains(it)
        }) {
            chain.push(next);
        }
        let chain: Vec<Vec<u8>> = chain.into_iter().map(|it| it.der().to_vec()).collect();
        let (mut entries, protection) = match &self.with_key {
            Some((entries, protection)) => (entries.clone(), *protection),
            None => (Entries::default(), Protection::Modern),
        };
        match entries.keys.first_mut() {
            Some(entry) => {
                entry.chain = chain;
                if let Some(key) = key {
                    entry.pkcs8 = key.to_pkcs8().map_err(|error| self.unwritten().because(error))?;
                }
            }
            None => {
                entries.certificates = chain
                    .into_iter()
                    .map(|der| entry::CertificateEntry { alias: None, der, is_trusted: false })
                    .collect();
            }
        }
        let password = match self.wrapping {
            Wrapping::Plain(_) => match self.encrypted {
                Encrypted::No => None,
                Encrypted::WithStores => passwords.store,
                Encrypted::WithKeys => passwords.key,
            },
            _ => passwords.store,
        };
        let writing = Writing {
            wrapping: self.wrapping,
            password: password.map(|it| it.as_slice()),
            protection,
            created: moment,
        };
        let written = entry::write(&entries, &writing).map_err(|error| self.unwritten().because(error))?;
        match (written.keys_left_out, written.lists_left_out) {
            (0, 0) if self.comments.is_empty() => Ok(written.bytes),
            (0, 0) => Ok(Zeroizing::new([&self.comments, written.bytes.as_slice()].concat())),
            _ => Err(self.unwritten().hint("keep keys and revocation lists in files of their own")),
        }
    }

    fn unwritten(&self) -> Failure {
        Failure::new(format!("{} cannot be rewritten", Printable(self.path.display().to_string())))
            .at(self.path.display())
    }

    /// Whether its private key stands in the file.
    pub(super) fn has_key(&self) -> bool {
        self.with_key.is_some()
    }
}

/// What of a file would be missing if it were written again; `None` where all would be there.
fn lost(contents: &Contents) -> Option<String> {
    let is_kept = |it: &&Skipped| match it.why {
        Reason::Integrity { .. } | Reason::Padding { .. } => true,
        // The key repeats them; those of DH no key has.
        Reason::Parameters => it.what == "EC PARAMETERS",
        _ => false,
    };
    let skipped = contents.skipped.iter().find(|it| !is_kept(it)).map(ToString::to_string);
    let has_key = contents.items.iter().any(|item| matches!(item.kind, ItemKind::PrivateKey(_)));
    let has_place = |item: &&Item| match item.kind {
        ItemKind::Certificate | ItemKind::PrivateKey(_) => true,
        ItemKind::RevocationList => has_key,
        _ => false,
    };
    skipped.or_else(|| contents.items.iter().find(|item| !has_place(item)).map(|item| item.kind.to_string()))
}

/// The comments between and around the blocks of a PEM file, which are kept above them. What OpenSSL writes about a
/// certificate that is renewed goes with it. Fails with the number of a line that is something else, such as one of a
/// configuration.
fn comments(bytes: &[u8]) -> Result<Vec<u8>, usize> {
    const DESCRIBED: [&[u8]; 6] =
        [b"Bag Attributes", b"Key Attributes", b"Certificate:", b"Private-Key:", b"subject", b"issuer"];
    let mut kept = Vec::new();
    let mut is_inside = false;
    for (line, number) in bytes.split_inclusive(|octet| *octet == b'\n').zip(1..) {
        let text = line.trim_ascii();
        if text.starts_with(b"-----") {
            is_inside = text.starts_with(b"-----BEGIN");
        } else if is_inside || text.is_empty() {
        } else if text.starts_with(b"#") || text.starts_with(b";") {
            kept.extend_from_slice(text);
            kept.push(b'\n');
        } else if !line.starts_with(b" ") && !DESCRIBED.iter().any(|it| text.starts_with(it)) {
            return Err(number);
        }
    }
    Ok(kept)
}

/// The kind of a file.
fn wrapping(store: Option<Store>, contents: &Contents, path: &Path) -> Result<Wrapping, Failure> {
    let form = match store {
        Some(Store::Pkcs12) => return Ok(Wrapping::Pkcs12),
        Some(Store::Jks) => return Ok(Wrapping::Jks),
        Some(Store::Jceks) => return Ok(Wrapping::Jceks),
        None => contents.items.first().map(|item| item.encoding),
    };
    let is_alike = contents.items.iter().all(|item| Some(item.encoding) == form);
    match form {
        Some(Encoding::Pem) if is_alike => Ok(Wrapping::Plain(Form::Pem)),
        Some(Encoding::Der) if is_alike => Ok(Wrapping::Plain(Form::Der)),
        _ => Err(Failure::new(format!("{} has a format that cannot be rewritten", path.display()))
            .at(path.display())
            .hint("convert it to PEM, DER, PKCS#12 or JKS with `certkit convert`")),
    }
}

//! The certificate and key that are shown to a server that asks for one.

use std::path::{Path, PathBuf};

use certkit_core::container::entry::Entries;
use certkit_core::container::{ContainerError, Contents, Encoding, ItemKind, StoreProblem};
use certkit_core::generate::KeyPair;
use certkit_core::source::ClientIdentity;
use certkit_core::source::file::FileError;
use zeroize::Zeroizing;

use super::identities::Identities;
use super::secret::{Secret, named, open_key, open_key_of};
use super::store_password::StorePassword;
use super::unreadable;
use crate::failure::Failure;
use crate::hosted;

// Who the client says it is.
#[derive(clap::Args, Debug)]
pub(crate) struct ClientArgs {
    /// Show this certificate to a server that asks for one: PEM, DER, or a store with its key (PKCS#12, JKS). Of several
    /// (repeat the option) those are shown first whose CA the server names, until it accepts one.
    #[arg(long, value_name = "FILE")]
    client_cert: Vec<PathBuf>,

    /// The key of the client certificate; of several, in the same order. Default: the one in its file.
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    client_key: Vec<PathBuf>,

    /// The password of the client's key, or of the store with it, is the first line of this file.
    #[arg(long, value_name = "FILE", requires = "client_cert", conflicts_with = "client_password_env")]
    client_password_file: Option<PathBuf>,

    /// The password of the client's key, or of the store with it, is in this environment variable.
    #[arg(long, value_name = "VAR", requires = "client_cert")]
    client_password_env: Option<String>,
}

impl ClientArgs {
    /// Whether a certificate was named.
    pub(crate) fn is_given(&self) -> bool {
        !self.client_cert.is_empty()
    }

    /// Reads the certificate, those above it, and the key; asks for the key's password where none is named.
    pub(crate) fn identity(&self) -> Result<Option<ClientIdentity>, Failure> {
        if self.client_cert.len() > 1 {
            return Err(Failure::new("one client certificate is used here").at("--client-cert"));
        }
        Ok(self.identities()?.0.pop().map(|(_, identity)| identity))
    }

    /// The same of all that are named.
    pub(crate) fn identities(&self) -> Result<Identities, Failure> {
        let (certificates, keys) = (self.client_cert.len(), self.client_key.len());
        if keys > 0 && keys != certificates {
            return Err(Failure::new(format!("{certificates} --client-cert, and {keys} --client-key"))
                .at("--client-key")
                .hint("name a key for each certificate, in the same order; a certificate whose key is in its file has that as its --client-key"));
        }
        let password = match self.client_cert.is_empty() {
            true => None,
            false => named(self.client_password_file.as_deref(), self.client_password_env.as_deref())?,
        };
        let options = "--client-password-file or --client-password-env";
        let named = self.client_cert.iter().enumerate().map(|(at, certificate)| {
            let key = self.client_key.get(at).map(PathBuf::as_path);
            let identity = client_identity(certificate, key, password.as_ref(), options)?;
            Ok((certificate.display().to_string(), identity))
        });
        Ok(Identities(named.collect::<Result<_, Failure>>()?))
    }
}

/// Reads a certificate, those above it, and its key, which stands in the same file where no other is named; asks for the
/// key's password where none is given. `options` name it.
pub(crate) fn client_identity(
    certificate: &Path,
    key: Option<&Path>,
    password: Option<&Secret>,
    options: &str,
) -> Result<ClientIdentity, Failure> {
    let contents = read(certificate, password, options)?;
    let chain = chain(certificate, &contents, password, options)?;
    let contents = match key {
        Some(key) if key != certificate => read(key, password, options)?,
        _ => contents,
    };
    let found = contents.items.iter().find_map(|item| match &item.kind {
        ItemKind::PrivateKey(facts) => Some((item, facts)),
        _ => None,
    });
    let Some((item, facts)) = found else {
        let failure = Failure::new(format!("{} holds no private key", key.unwrap_or(certificate).display()));
        return Err(if key.is_none() {
            failure.hint("name the file of its key: --client-key FILE, or `client-key` in an inventory")
        } else {
            failure
        });
    };
    let key = key.unwrap_or(certificate);
    let key = if facts.encryption.is_none() {
        Zeroizing::new(item.der.to_vec())
    } else {
        open_key_of(key, &contents, password, options)?
            .to_pkcs8()
            .map_err(|error| Failure::new(format!("{}: the key cannot be used", key.display())).because(error))?
    };
    Ok(ClientIdentity { chain, key })
}

/// Reads a file, which may be a store under the password of the key.
fn read(path: &Path, password: Option<&Secret>, options: &str) -> Result<Contents, Failure> {
    hosted::read_file_with(hosted::current().as_deref(), path, password.map(|it| it.as_slice()).into()).map_err(
        |error| match &error {
            FileError::Content {
                source: ContainerError::Store { problem: StoreProblem::PasswordNeeded, .. }, ..
            } => Failure::new(format!("{} is encrypted", path.display()))
                .at(path.display())
                .hint(format!("give its password with {options}")),
            _ => unreadable(error),
        },
    )
}

/// The certificates to be sent: in a store, those that lead up from that of its key.
fn chain(path: &Path, contents: &Contents, password: Option<&Secret>, options: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let mut chain: Vec<Vec<u8>> = contents.certificates().map(|item| item.der.to_vec()).collect();
    if contents.encoding().is_some_and(Encoding::is_store) {
        let entries = Entries::of(&contents.items, password.map(|it| it.as_slice()));
        let mut keys = entries
            .map_err(|error| {
                let failure = Failure::new(format!("{}: the key cannot be used", path.display())).because(error);
                if password.is_none() { failure.hint(format!("give its password with {options}")) } else { failure }
            })?
            .keys;
        if keys.len() > 1 {
            return Err(Failure::new(format!("{} holds {} private keys: ambiguous", path.display(), keys.len()))
                .hint("keep each key with its chain in a file of its own"));
        }
        chain = keys.pop().map_or(chain, |key| key.chain);
    }
    if chain.is_empty() {
        return Err(Failure::new(format!("{} holds no certificate", path.display())));
    }
    Ok(chain)
}

// The private key of one's own OPC UA application.
#[derive(clap::Args, Debug)]
pub(crate) struct OwnKeyArgs {
    /// For --try: the private key of your certificate. Default: the matching one in own/private.
    #[arg(long, value_name = "FILE", requires = "is_tried")]
    key: Option<PathBuf>,

    /// The password of OWN, where it is a PFX, and for --try of the key, is the first line of this file.
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    password_file: Option<PathBuf>,

    /// The password of OWN, where it is a PFX, and for --try of the key, is in this environment variable.
    #[arg(long, value_name = "VAR")]
    password_env: Option<String>,
}

impl OwnKeyArgs {
    /// What opens the file of the certificate.
    pub(crate) fn store_password(&self) -> Result<StorePassword, Failure> {
        let given = named(self.password_file.as_deref(), self.password_env.as_deref())?;
        Ok(StorePassword::of_own(given))
    }

    /// Opens the key; `found` is where it lies if none is named.
    pub(crate) fn open(&self, found: Option<&Path>) -> Result<KeyPair, Failure> {
        let path =
            self.key.as_deref().or(found).ok_or_else(|| {
                Failure::new("no private key found for your certificate").hint("name it with --key FILE")
            })?;
        let password = named(self.password_file.as_deref(), self.password_env.as_deref())?;
        open_key(path, password.as_ref(), "--password-file or --password-env")
    }
}

/// Reads the fingerprint of a server that is to be taken: 64 hexadecimal digits, with or without colons.
pub(crate) fn pin(text: &str) -> Result<[u8; 32], Failure> {
    let digits: Vec<u8> = text.bytes().filter(|it| *it != b':').collect();
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let octets: Option<Vec<u8>> = digits.chunks(2).map(octet).collect();
    octets.and_then(|it| <[u8; 32]>::try_from(it).ok()).ok_or_else(|| {
        Failure::new("--pin is not a SHA-256: expected 64 hexadecimal digits")
            .at(text)
            .hint("`certkit fetch https://HOST:PORT` shows the fingerprint; compare it with the host before you pin it")
    })
}

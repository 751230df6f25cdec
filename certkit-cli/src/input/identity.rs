//! The certificate and key that are shown to a server that asks for one.

use std::path::{Path, PathBuf};

use certkit_core::container::ItemKind;
use certkit_core::generate::KeyPair;
use certkit_core::source::{ClientIdentity, file};
use zeroize::Zeroizing;

use super::secret::{Secret, named, open_key};
use super::store_password::StorePassword;
use super::unreadable;
use crate::failure::Failure;

// Who the client says it is.
#[derive(clap::Args, Debug)]
pub(crate) struct ClientArgs {
    /// Show this certificate to a server that asks for one.
    #[arg(long, value_name = "FILE", requires = "client_key")]
    client_cert: Option<PathBuf>,

    /// The key of the client certificate.
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    client_key: Option<PathBuf>,

    /// The password of the client's key is the first line of this file.
    #[arg(long, value_name = "FILE", requires = "client_key", conflicts_with = "client_password_env")]
    client_password_file: Option<PathBuf>,

    /// The password of the client's key is in this environment variable.
    #[arg(long, value_name = "VAR", requires = "client_key")]
    client_password_env: Option<String>,
}

impl ClientArgs {
    /// Whether a certificate was named.
    pub(crate) fn is_given(&self) -> bool {
        self.client_cert.is_some()
    }

    /// Reads the certificate, those above it, and the key; asks for the key's password where none is named.
    pub(crate) fn identity(&self) -> Result<Option<ClientIdentity>, Failure> {
        let (Some(certificate), Some(key)) = (&self.client_cert, &self.client_key) else { return Ok(None) };
        let password = named(self.client_password_file.as_deref(), self.client_password_env.as_deref())?;
        let options = "--client-password-file or --client-password-env";
        client_identity(certificate, key, password.as_ref(), options).map(Some)
    }
}

/// Reads a certificate, those above it, and its key; asks for the key's password where none is given. `options` name it.
pub(crate) fn client_identity(
    certificate: &Path,
    key: &Path,
    password: Option<&Secret>,
    options: &str,
) -> Result<ClientIdentity, Failure> {
    let contents = file::read_file(certificate).map_err(unreadable)?;
    let chain: Vec<Vec<u8>> = contents.certificates().map(|item| item.der.to_vec()).collect();
    if chain.is_empty() {
        return Err(Failure::new(format!("{} holds no certificate", certificate.display())));
    }
    let contents = file::read_file(key).map_err(unreadable)?;
    let found = contents.items.iter().find_map(|item| match &item.kind {
        ItemKind::PrivateKey(facts) => Some((item, facts)),
        _ => None,
    });
    let Some((item, facts)) = found else {
        return Err(Failure::new(format!("{} holds no private key", key.display())));
    };
    let key = if facts.encryption.is_none() {
        Zeroizing::new(item.der.to_vec())
    } else {
        open_key(key, password, options)?
            .to_pkcs8()
            .map_err(|error| Failure::new(format!("{}: the key cannot be used", key.display())).because(error))?
    };
    Ok(ClientIdentity { chain, key })
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

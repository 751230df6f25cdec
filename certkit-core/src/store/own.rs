//! What an OPC UA application shows of itself: its certificates, and the private keys that go with them.
//!
//! Keys are opened to learn their public halves; nothing else of them is kept.

use std::fs;
use std::path::{Path, PathBuf};

use super::opcua::{DOTNET, Layout, NODE_OPCUA, STANDARD, UAEXPERT};
use crate::cert::Certificate;
use crate::container::{ContainerError, Contents, ItemKind, KeyForm, Passwords, StoreProblem};
use crate::crypto::key_encryption;
use crate::crypto::key_pair::{Error as KeyError, KeyPair};
use crate::crypto::password_based::Budget;
use crate::source::file::{self, FileError};

/// The most files of one folder that are looked at.
const LIMIT: usize = 100;

/// The most bytes of a file that can be a certificate or key of one's own.
const LARGEST: u64 = 1 << 20;

/// The certificates and private keys of an application.
#[derive(Clone, Debug)]
pub struct Identity {
    /// How its stack names files.
    pub layout: &'static Layout,
    /// Its certificates, each the first of its file.
    pub certificates: Vec<(PathBuf, Certificate)>,
    /// Its private keys.
    pub keys: Vec<(PathBuf, KeyState)>,
}

/// What came of opening a private key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It opened: its SubjectPublicKeyInfo.
    Opened(Vec<u8>),
    /// Nobody can tell here: a password is missing, or it may not be read; why.
    Closed(String),
    /// It is no private key that anybody could use; why.
    Damaged(String),
}

impl Identity {
    /// Reads the folder of certificates and that of keys; a key that is sealed is opened with these passwords.
    ///
    /// Looks at a hundred files of each at most, of a mebibyte at most; opening a sealed key may cost a second.
    pub fn read(
        certificates: &Path,
        keys: Option<&Path>,
        layout: &'static Layout,
        passwords: Passwords<'_>,
    ) -> Identity {
        let first = |path: PathBuf| {
            let contents = file::read_file(&path).ok()?;
            let certificate = contents.certificates().find_map(|item| Certificate::from_der(&item.der).ok())?;
            Some((path, certificate))
        };
        Identity {
            layout,
            certificates: files(certificates).into_iter().filter_map(first).collect(),
            keys: keys.into_iter().flat_map(files).map(|path| (path.clone(), opened(&path, passwords))).collect(),
        }
    }

    /// The names under which the stack looks for the key of a certificate's file; none where it does not go by names.
    pub fn key_names(&self, certificate: &Path) -> Vec<String> {
        let is = |other: &Layout| self.layout.name == other.name;
        let base = certificate.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // async-opcua has one certificate, and one key beside.
        let is_flat = certificate.parent().is_some_and(|folder| folder.ends_with("own"));
        match () {
            () if is(&NODE_OPCUA) => vec!["private_key.pem".to_owned()],
            () if is(&UAEXPERT) && base == "uaexpert" => vec!["uaexpert_key.pem".to_owned()],
            // Several stacks have such folders, and each a name of its own.
            () if is(&UAEXPERT) && !is_flat => {
                let own = [".pem", ".pfx", ".key", "_key.pem"].map(|end| format!("{base}{end}"));
                own.into_iter().chain(["private_key.pem".to_owned()]).collect()
            }
            () if (is(&DOTNET) || is(&STANDARD)) && !is_flat => vec![format!("{base}.pfx"), format!("{base}.pem")],
            () => Vec::new(),
        }
    }
}

/// The files of a folder, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_fit = |path: &PathBuf| path.metadata().is_ok_and(|it| it.is_file() && it.len() <= LARGEST);
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_fit).collect();
    paths.sort();
    paths.truncate(LIMIT);
    paths
}

fn opened(path: &Path, passwords: Passwords<'_>) -> KeyState {
    let mut told = None;
    // Some write stores with a password of no letters.
    for password in [None].into_iter().chain(passwords.of_stores()).chain([Some(&b""[..])]) {
        let state = match file::read_file_with(path, password) {
            Ok(contents) => of_contents(&contents, password),
            Err(FileError::Content { source, .. }) => match &source {
                ContainerError::Store {
                    problem: StoreProblem::PasswordNeeded | StoreProblem::WrongPassword, ..
                } => KeyState::Closed(source.to_string()),
                _ => KeyState::Damaged(source.to_string()),
            },
            Err(other) => KeyState::Closed(other.to_string()),
        };
        match state {
            KeyState::Closed(_) => _ = told.get_or_insert(state),
            other => return other,
        }
    }
    told.unwrap_or_else(none)
}

fn none() -> KeyState {
    KeyState::Damaged("it holds no private key".to_owned())
}

/// Opens the first private key among what a file holds.
fn of_contents(contents: &Contents, password: Option<&[u8]>) -> KeyState {
    let keys = contents.items.iter().find_map(|item| match &item.kind {
        ItemKind::PrivateKey(facts) => Some((facts, &item.der)),
        _ => None,
    });
    let Some((facts, der)) = keys else { return none() };
    let pair = match (&facts.encryption, password) {
        (None, _) => KeyPair::from_der(der),
        (Some(_), None) => Err(KeyError::Encrypted),
        (Some(encryption), Some(password)) => {
            let clear = match facts.form {
                KeyForm::EncryptedTraditional => {
                    key_encryption::decrypt_traditional(&encryption.scheme, &encryption.vector, der, password)
                }
                _ => key_encryption::decrypt(der, password, &mut Budget::for_file()),
            };
            match clear {
                Ok(clear) => KeyPair::from_der(&clear),
                Err(error) => return KeyState::Closed(error.to_string()),
            }
        }
    };
    match pair {
        Ok(pair) => KeyState::Opened(pair.spki().to_vec()),
        Err(error @ (KeyError::NotAKey(_) | KeyError::Damaged { .. })) => KeyState::Damaged(error.to_string()),
        Err(other) => KeyState::Closed(other.to_string()),
    }
}

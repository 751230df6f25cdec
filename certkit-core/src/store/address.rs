//! How a store is named: a prefix and a path, or a word.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::windows::Location;
use crate::text::Printable;

/// The kinds of stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A PEM bundle, or another file of certificates without a password.
    Pem,
    /// A folder of files.
    Folder,
    /// A folder as OpenSSL reads it.
    Hashed,
    /// The PKI folder of an OPC UA application.
    OpcUa,
    /// PKCS#12.
    Pkcs12,
    /// A Java keystore.
    Jks,
    /// A Java keystore of the other kind.
    Jceks,
    /// A store of Windows.
    Windows,
    /// What the operating system trusts.
    System,
    /// What Mozilla trusts.
    Mozilla,
}

impl Kind {
    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Pem => "file of certificates",
            Kind::Folder => "folder of files",
            Kind::Hashed => "OpenSSL hashed folder",
            Kind::OpcUa => "OPC UA PKI folder",
            Kind::Pkcs12 => "PKCS#12 store",
            Kind::Jks => "Java keystore (JKS)",
            Kind::Jceks => "Java keystore (JCEKS)",
            Kind::Windows => "store of Windows",
            Kind::System => "roots of the operating system",
            Kind::Mozilla => "roots of Mozilla",
        }
    }

    /// The word in documents.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Pem => "pem",
            Kind::Folder => "folder",
            Kind::Hashed => "hashed",
            Kind::OpcUa => "opcua",
            Kind::Pkcs12 => "p12",
            Kind::Jks => "jks",
            Kind::Jceks => "jceks",
            Kind::Windows => "windows",
            Kind::System => "system",
            Kind::Mozilla => "mozilla",
        }
    }
}

/// The prefixes, each with the kind of store that it names.
const PREFIXES: [(&str, Kind); 8] = [
    ("pem:", Kind::Pem),
    ("folder:", Kind::Folder),
    ("hashed:", Kind::Hashed),
    ("opcua:", Kind::OpcUa),
    ("p12:", Kind::Pkcs12),
    ("pkcs12:", Kind::Pkcs12),
    ("jks:", Kind::Jks),
    ("jceks:", Kind::Jceks),
];

/// How a store is named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// `system`.
    System,
    /// `mozilla`.
    Mozilla,
    /// `windows:CurrentUser\Root`.
    Windows {
        /// Whose store.
        location: Location,
        /// Its name.
        name: String,
    },
    /// A file or folder; its kind where a prefix says it.
    Path {
        /// What the prefix says.
        kind: Option<Kind>,
        /// The file or folder.
        path: PathBuf,
    },
}

impl Address {
    /// Reads an address. What has no prefix, and what is there under its whole name, is a path.
    pub fn parse(text: &OsStr) -> Result<Address, StoreError> {
        let path = || Address::Path { kind: None, path: PathBuf::from(text) };
        let Some(word) = text.to_str() else { return Ok(path()) };
        let prefix = PREFIXES.iter().find_map(|(prefix, kind)| Some((*kind, word.strip_prefix(prefix)?)));
        let bad = |reason| StoreError::Address { address: word.to_owned(), reason };
        match (word, prefix) {
            ("system", _) => Ok(Address::System),
            ("mozilla", _) => Ok(Address::Mozilla),
            _ if Path::new(text).exists() => Ok(path()),
            (_, Some((_, ""))) => Err(bad("the prefix needs a path")),
            (_, Some((kind, rest))) => Ok(Address::Path { kind: Some(kind), path: PathBuf::from(rest) }),
            _ => match word.strip_prefix("windows:") {
                None => Ok(path()),
                Some(rest) => {
                    let (location, name) = rest.split_once(['\\', '/']).filter(|(_, name)| !name.is_empty()).ok_or_else(
                        || bad("a store of Windows is named like windows:CurrentUser\\Root or windows:LocalMachine\\CA"),
                    )?;
                    let location = Location::named(location)
                        .ok_or_else(|| bad("the stores of Windows are in CurrentUser or LocalMachine"))?;
                    Ok(Address::Windows { location, name: name.to_owned() })
                }
            },
        }
    }
}

impl fmt::Display for Address {
    /// Writes the address without control characters; of a path, no prefix.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::System => f.write_str("system"),
            Address::Mozilla => f.write_str("mozilla"),
            Address::Windows { location, name } => write!(f, "windows:{}\\{}", location.name(), Printable(name)),
            Address::Path { path, .. } => write!(f, "{}", Printable(path.to_string_lossy())),
        }
    }
}

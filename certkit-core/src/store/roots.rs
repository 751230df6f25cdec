//! The roots that the operating system and Mozilla trust.
//!
//! Gives their bytes. Whether a root is sound, expired or meant for another purpose is
//! not looked at here.

use std::fs;
use std::path::{Path, PathBuf};

use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use crate::source::file::{self, FileError};

/// What the operating system trusts.
#[derive(Debug)]
pub struct Roots {
    /// The certificates in DER, in the order in which the system gives them.
    pub certificates: Vec<Vec<u8>>,
    /// What could not be read beside them.
    pub problems: Vec<Problem>,
}

/// Something in the system's list that could not be read.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Problem(#[from] rustls_native_certs::Error);

/// Says why the system gave no roots at all.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// The system has a list, but it cannot be read.
    #[error("the roots of the operating system cannot be read{}", more(*.count))]
    Unreadable {
        /// How many problems there were.
        count: usize,
        /// The first of them.
        #[source]
        first: Problem,
    },
    /// A variable of the environment names something else than a list.
    #[error("cannot read the roots of the operating system from {variable}")]
    Misled {
        /// The variable.
        variable: &'static str,
        /// What is wrong with it.
        #[source]
        source: Box<FileError>,
    },
    /// There is no list, or an empty one.
    #[error("the operating system has no list of trusted roots, or an empty one")]
    Empty,
}

fn more(count: usize) -> String {
    match count.saturating_sub(1) {
        0 => String::new(),
        others => format!(" ({others} more problems)"),
    }
}

/// The variable that names a file with the roots of the system, as OpenSSL has it.
const FILE: &str = "SSL_CERT_FILE";

/// The variable that names folders with them.
const FOLDERS: &str = "SSL_CERT_DIR";

/// The most bytes of a file with roots: some hundred times as many as there are.
const LARGEST: u64 = 64 << 20;

/// Refuses what the crate behind [`system`] would wait for, or take for a list without end.
fn vet(variable: &'static str, path: Option<PathBuf>) -> Result<(), RootsError> {
    let Some(path) = path else { return Ok(()) };
    let found = |path: &Path| {
        let file = file::open(path)?;
        let size = file.metadata().map_err(|error| FileError::read(path, error))?.len();
        if size > LARGEST { Err(FileError::TooLarge { path: path.to_owned(), limit: LARGEST }) } else { Ok(()) }
    };
    found(&path).map_err(|source| RootsError::Misled { variable, source: Box::new(source) })
}

/// Reads the roots that the operating system trusts.
///
/// Fails only when there are none, or where the environment names what is no list. The crate behind it honours
/// `SSL_CERT_FILE` and `SSL_CERT_DIR`, and on Windows it leaves out expired roots. Reads a few hundred files
/// or a few hundred kilobytes: call it once.
pub fn system() -> Result<Roots, RootsError> {
    vet(FILE, std::env::var_os(FILE).map(PathBuf::from))?;
    let folders = std::env::var_os(FOLDERS);
    for folder in folders.iter().flat_map(std::env::split_paths) {
        // A folder that cannot be listed is one of the crate's own problems.
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            vet(FOLDERS, path.is_file().then_some(path))?;
        }
    }
    let found = rustls_native_certs::load_native_certs();
    let count = found.errors.len();
    let mut problems = found.errors.into_iter().map(Problem);
    if found.certs.is_empty() {
        return Err(match problems.next() {
            Some(first) => RootsError::Unreadable { count, first },
            None => RootsError::Empty,
        });
    }
    let certificates = found.certs.into_iter().map(|certificate| certificate.to_vec()).collect();
    Ok(Roots { certificates, problems: problems.collect() })
}

/// Gives the roots that Mozilla trusts for TLS servers, in DER, as of when certkit was built.
pub fn mozilla() -> impl ExactSizeIterator<Item = &'static [u8]> {
    TLS_SERVER_ROOT_CERTS.iter().map(|certificate| &**certificate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::container::{self, ItemKind};

    #[cfg(unix)]
    #[test]
    fn only_files_of_a_bearable_size_name_roots() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        rustix::fs::mknodat(rustix::fs::CWD, at("pipe"), rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        fs::File::create(at("sparse")).unwrap().set_len(LARGEST + 1).unwrap();
        fs::write(at("file"), "").unwrap();
        for (name, is_fine) in [("pipe", false), ("sparse", false), ("absent", false), ("", false), ("file", true)] {
            let vetted = vet(FILE, Some(at(name)));
            assert_eq!(vetted.is_ok(), is_fine, "{name}: {vetted:?}");
        }
        assert!(vet(FILE, None).is_ok());
    }

    #[test]
    fn every_root_of_mozilla_is_one_certificate() {
        assert!(mozilla().len() > 100);
        for root in mozilla() {
            let contents = container::read(root).unwrap();
            assert_eq!((contents.items.len(), contents.skipped.len()), (1, 0));
            assert_eq!(contents.items[0].kind, ItemKind::Certificate);
            assert_eq!(&*contents.items[0].der, root);
        }
    }

    #[test]
    fn the_system_answers_with_roots_or_a_reason() {
        match system() {
            Ok(roots) => assert!(roots.certificates.iter().all(|root| container::read(root).is_ok())),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

//! The folder of a small CA.
//!
//! `ca.pem` is its certificate, `ca-key.pem` its key, `chain.pem` the certificate with those above it,
//! `ca.crl` its revocation list (DER), `index.pem` everything that it has issued. Whether something is
//! revoked stands in the list alone, so that the two cannot contradict each other. Index and list are
//! replaced whole; a lock that the operating system takes away from the dead keeps two runs apart.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::container::{self, Encoding, ItemKind, pem};
use certkit_core::files::{Error, Existing, FileLock};
use certkit_core::generate::Kind;
use certkit_core::moment::Moment;
use certkit_core::source::file::LIMIT;
use certkit_core::store::authority::{CERTIFICATE, INDEX, KEY};
use zeroize::Zeroizing;

use super::outputs::encode;
use crate::failure::Failure;
use crate::files::{self, Content, Files};

const CHAIN: &str = "chain.pem";
const LIST: &str = "ca.crl";
const LOCK: &str = "ca.lock";

/// Where the issuing CA lies below the folder of a CA with two tiers.
pub(crate) const ISSUING: &str = "issuing";
/// Where the root lies.
pub(crate) const ROOT: &str = "root";

/// How long another run may hold the folder.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The folder of a CA.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

/// A folder that no other run changes until this is dropped.
#[derive(Debug)]
pub(crate) struct Locked {
    folder: Folder,
    _lock: FileLock,
}

impl Folder {
    /// The folder of a new CA.
    pub(crate) fn new(path: PathBuf) -> Folder {
        Folder { path }
    }

    /// Finds a CA in a folder: its own, or the issuing one where there are two tiers.
    pub(crate) fn find(path: &Path) -> Option<Folder> {
        [path.to_owned(), path.join(ISSUING)]
            .into_iter()
            .find(|path| path.join(CERTIFICATE).is_file())
            .map(|path| Folder { path })
    }

    /// Its certificate with those above it.
    pub(crate) fn chain(&self) -> PathBuf {
        self.path.join(CHAIN)
    }

    /// Its certificate.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.path.join(CERTIFICATE)
    }

    /// Its private key.
    pub(crate) fn key(&self) -> PathBuf {
        self.path.join(KEY)
    }

    /// Its revocation list.
    pub(crate) fn list(&self) -> PathBuf {
        self.path.join(LIST)
    }

    /// Reads its revocation list, where there is one.
    pub(crate) fn read_list(&self) -> Result<Option<RevocationList>, Failure> {
        Ok(find_list(&self.list())?.map(|(list, _)| list))
    }

    /// Reads the certificates that it has issued.
    pub(crate) fn issued(&self) -> Result<Vec<Certificate>, Failure> {
        self.index().map(|(_, issued)| issued)
    }

    /// Reads the index, and the certificates in it.
    fn index(&self) -> Result<(Zeroizing<Vec<u8>>, Vec<Certificate>), Failure> {
        let path = self.path.join(INDEX);
        let damaged = || {
            Failure::new(format!("{}: the index of the CA cannot be read", path.display()))
                .hint("restore it from a backup; certkit issues no certificate without it")
        };
        let text = read(&path)?.ok_or_else(damaged)?;
        if !text.windows(10).any(|window| window == b"-----BEGIN") {
            return Ok((text, Vec::new()));
        }
        let contents = container::read(&text).map_err(|error| damaged().because(error))?;
        if let Some(lost) = contents.skipped.iter().find(|lost| lost.claims_certificate()) {
            return Err(damaged().because(lost.why.clone()));
        }
        let decoded: Result<Vec<Certificate>, _> =
            contents.certificates().map(|item| Certificate::from_der(&item.der)).collect();
        let issued = decoded.map_err(|error| damaged().because(error))?;
        Ok((text, issued))
    }

    /// Waits until no other run changes the folder.
    pub(crate) fn lock(&self) -> Result<Locked, Failure> {
        let lock = files::locked(FileLock::named(&self.path, OsStr::new(LOCK), PATIENCE))?;
        Ok(Locked { folder: self.clone(), _lock: lock })
    }

    /// The lists of this CA and of a root beside it.
    pub(crate) fn read_lists(&self) -> Result<Vec<RevocationList>, Failure> {
        let beside = self.path.parent().map(|above| Folder { path: above.join(ROOT) });
        let own = self.read_list()?;
        let is_above = |it: &Folder| it.path != self.path && it.certificate().is_file();
        let above = beside.filter(is_above).map(|it| it.read_list()).transpose()?.flatten();
        Ok(own.into_iter().chain(above).collect())
    }

    /// Refuses to put a new CA over an old one.
    pub(crate) fn refuse(&self, existing: Existing) -> Result<(), Failure> {
        [self.key(), self.certificate(), self.path.join(INDEX), self.list(), self.chain()]
            .iter()
            .try_for_each(|path| files::refuse(path, existing))
    }

    /// Plans all files of a new CA.
    pub(crate) fn plan(&self, new: &NewAuthority<'_>, existing: Existing, moment: Moment, files: &mut Files) {
        let all: Vec<&Certificate> = std::iter::once(new.certificate).chain(new.issuers).collect();
        let mut index = b"# Every certificate that this CA has issued.\n".to_vec();
        for certificate in new.issued {
            index.extend(entry(certificate, Kind::IssuingAuthority, moment));
        }
        files.add(self.key(), Content::PrivateKey, new.key, existing);
        files.add(self.path.join(INDEX), Content::Index, index, existing);
        files.add(self.list(), Content::RevocationList, new.list.der(), existing);
        let certificate = new.certificate;
        files.add(self.certificate(), Content::Certificate, encode(&[certificate], &self.certificate()), existing);
        files.add(self.chain(), Content::Chain, encode(&all, &self.chain()), existing);
    }
}

/// What the folder of a new CA begins with.
#[derive(Debug)]
pub(crate) struct NewAuthority<'a> {
    /// Its certificate.
    pub(crate) certificate: &'a Certificate,
    /// Those above it.
    pub(crate) issuers: &'a [Certificate],
    /// Its private key, as PEM.
    pub(crate) key: &'a str,
    /// Its first revocation list.
    pub(crate) list: &'a RevocationList,
    /// CAs below it that were made together with it.
    pub(crate) issued: &'a [&'a Certificate],
}

/// A certificate in the index.
fn entry(certificate: &Certificate, kind: Kind, moment: Moment) -> Vec<u8> {
    let (serial, kind) = (certificate.serial().to_hex(), kind.name());
    // Nothing of the subject: a name may look like the beginning of a PEM block.
    format!("\n# {serial} {kind}, issued {moment}\n{}", pem::encode("CERTIFICATE", certificate.der())).into_bytes()
}

impl Locked {
    /// Plans the index with these certificates added.
    pub(crate) fn record<'a>(
        &self,
        made: impl IntoIterator<Item = (&'a Certificate, Kind)>,
        moment: Moment,
        files: &mut Files,
    ) -> Result<(), Failure> {
        // What cannot be read must not be overwritten.
        let (mut text, _) = self.folder.index()?;
        for (certificate, kind) in made {
            text.extend(entry(certificate, kind, moment));
        }
        files.add(self.folder.path.join(INDEX), Content::Index, text.as_slice(), Existing::Update);
        Ok(())
    }
}

/// Reads a file that is to be replaced by what is made of it: a regular one, or none.
fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    certkit_core::files::read(path, LIMIT).map_err(|error| match error {
        Error::Write { source, .. } => Failure::new(format!("{} cannot be read", path.display())).because(source),
        other => files::failed(other),
    })
}

/// Reads a revocation list, the only one of its file, and how it is written; `None` where there is no file. One that
/// is there and cannot be read is a failure: what it revokes would be valid again.
pub(crate) fn find_list(path: &Path) -> Result<Option<(RevocationList, Encoding)>, Failure> {
    let Some(bytes) = read(path)? else { return Ok(None) };
    let undecoded = || Failure::new(format!("{}: the revocation list cannot be decoded", path.display()));
    let contents = container::read(&bytes).map_err(|error| undecoded().because(error))?;
    let mut lists = contents.items.iter().filter(|item| item.kind == ItemKind::RevocationList);
    match (lists.next(), lists.next()) {
        (Some(item), None) => {
            let list = RevocationList::from_der(&item.der).map_err(|error| undecoded().because(error))?;
            Ok(Some((list, item.encoding)))
        }
        (None, _) => Err(Failure::new(format!("{} holds no revocation list", path.display()))),
        _ => Err(Failure::new(format!("{} holds several revocation lists", path.display()))),
    }
}

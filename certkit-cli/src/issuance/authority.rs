//! The CA that signs.

use std::path::{Path, PathBuf};

use certkit_core::cert::Certificate;
use certkit_core::context::{CertificateSet, Context, Origin, Trust};
use certkit_core::generate::{Issuer, KeyPair, Subject};
use certkit_core::moment::{self, DAY, Moment};
use certkit_core::path::revocation::Lists;
use certkit_core::path::{Budget, Search};

use super::folder::Folder;
use super::not_made;
use crate::failure::Failure;
use crate::input::{self, IssuerPasswordArgs};

// The CA on the command line.
#[derive(clap::Args, Debug)]
pub(crate) struct IssuerArgs {
    /// The CA that signs: its certificate, with or without its issuers, or the folder of a CA made by certkit.
    #[arg(long, value_name = "CA")]
    issuer: Option<PathBuf>,

    /// The private key of the CA; not needed for the folder of a CA.
    #[arg(long, value_name = "KEY", requires = "issuer")]
    issuer_key: Option<PathBuf>,

    #[command(flatten)]
    password: IssuerPasswordArgs,
}

/// A CA with its key.
#[derive(Debug)]
pub(crate) struct Authority {
    /// Its certificate, and those above it as far as they are known.
    pub(crate) chain: Vec<Certificate>,
    /// Its key.
    pub(crate) key: KeyPair,
    /// Its folder, where it has one.
    pub(crate) folder: Option<Folder>,
}

impl IssuerArgs {
    /// Reads the CA that was named; none where the certificate is to be self-signed.
    pub(crate) fn read(&self) -> Result<Option<Authority>, Failure> {
        let Some(named) = &self.issuer else { return Ok(None) };
        Authority::open(named, self.issuer_key.as_deref(), |key| self.password.open(key)).map(Some)
    }

    /// Reads the CA where there has to be one.
    pub(crate) fn required(&self) -> Result<Authority, Failure> {
        self.read()?.ok_or_else(|| {
            Failure::new("no CA given")
                .hint("--issuer CA.pem --issuer-key KEY, or --issuer DIR for a CA made by certkit")
        })
    }
}

/// Puts a CA first and those above it in their order; others of the file are left out.
fn ordered(mut found: Vec<Certificate>, own: usize) -> Vec<Certificate> {
    let certificate = found.swap_remove(own);
    let certificate_set = CertificateSet { origin: Origin::Presented, trust: Trust::Candidates, certificates: found };
    let context = Context::new([certificate_set]);
    Search::new(context.pool(), &certificate, Moment::now(), Budget::default()).best().certificates
}

impl Authority {
    /// Reads a CA: its certificate, or its folder. `open` reads the private key from a file.
    pub(crate) fn open(
        named: &Path,
        key: Option<&Path>,
        open: impl FnOnce(&Path) -> Result<KeyPair, Failure>,
    ) -> Result<Authority, Failure> {
        let folder = Folder::find(named);
        if named.is_dir() && folder.is_none() {
            return Err(Failure::new(format!("{} is not a CA folder: it has no ca.pem", named.display()))
                .hint("`certkit generate ca -o DIR` creates one; for other CAs name the certificate file"));
        }
        let (certificates, key_file) = match (&folder, key) {
            (Some(folder), key) => (folder.chain(), key.map_or_else(|| folder.key(), Path::to_owned)),
            // A certificate and its key may stand in one file.
            (None, key) => (named.to_owned(), key.unwrap_or(named).to_owned()),
        };
        let (contents, found) = input::certificates(&certificates)?;
        if found.is_empty() {
            return Err(Failure::new(format!(
                "{} holds no certificate: --issuer needs a CA certificate",
                certificates.display()
            )));
        }
        let has_key =
            contents.items.iter().any(|item| matches!(item.kind, certkit_core::container::ItemKind::PrivateKey(_)));
        if folder.is_none() && key.is_none() && !has_key {
            return Err(Failure::new("the private key of the issuer is missing").hint("name it: --issuer-key FILE"));
        }
        let key = open(&key_file)?;
        let own = found.iter().position(|certificate| certificate.spki() == key.spki()).unwrap_or(0);
        let authority = Authority { chain: ordered(found, own), key, folder };
        authority.issuer()?;
        Ok(authority)
    }

    /// Its certificate.
    pub(crate) fn certificate(&self) -> Result<&Certificate, Failure> {
        self.chain.first().ok_or_else(|| Failure::new("the CA has no certificate"))
    }

    /// The CA as one who signs. Fails where it is none, or has another key.
    pub(crate) fn issuer(&self) -> Result<Issuer<'_>, Failure> {
        Issuer::authority(self.certificate()?, &self.key).map_err(|error| not_made("the signature", error))
    }

    /// What its folder tells of revocation: its own list, and that of a root beside it.
    pub(crate) fn lists(&self) -> Result<Lists, Failure> {
        let mut lists = Lists::new();
        let read = self.folder.as_ref().map(Folder::read_lists).transpose()?;
        read.into_iter().flatten().for_each(|list| _ = lists.add(list));
        Ok(lists)
    }

    /// Its name.
    pub(crate) fn subject(&self) -> Result<Subject, Failure> {
        Ok(Subject::from_name(&self.certificate()?.subject()))
    }

    /// Says when the revocation list in its folder is overdue, or soon will be.
    pub(crate) fn list_note(&self, now: Moment) -> Result<Option<Overdue>, Failure> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let next = folder.read_list()?.and_then(|list| list.next_update().ok().flatten());
        let cure = format!(
            "make the next one with `certkit revoke --issuer {}`",
            folder.certificate().parent().unwrap_or(&folder.list()).display()
        );
        Ok(match next {
            None => Some(Overdue { is_over: true, note: format!("the CA has no revocation list; {cure}") }),
            Some(next) if next <= now => {
                let note = format!(
                    "the revocation list of the CA is overdue since {}: OPC UA and strict clients reject the \
                     certificates it issued; {cure}",
                    next.to_minute()
                );
                Some(Overdue { is_over: true, note })
            }
            Some(next) if next.since(now) < 7 * DAY => {
                let when = moment::distance(next, now);
                Some(Overdue { is_over: false, note: format!("the revocation list of the CA is due {when}; {cure}") })
            }
            Some(_) => None,
        })
    }
}

/// A revocation list that wants care.
#[derive(Debug)]
pub(crate) struct Overdue {
    /// Whether it is too late already.
    pub(crate) is_over: bool,
    /// What to say.
    pub(crate) note: String,
}

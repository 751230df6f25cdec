//! The PKI folder of an OPC UA application: its lists, and its own certificate.
//!
//! Knows the folders of the common layouts (`issuer` and `issuers`, with and without `certs`, those of open62541 and
//! of UA .NET Standard) in any case; what a file is, its content says. Never reads private keys.

use std::path::{Path, PathBuf};

use certkit_core::cert::Certificate;
use certkit_core::container::ItemKind;
use certkit_core::opcua::TrustLists;
use certkit_core::opcua::validation::{Shelf, Suppressions};
use certkit_core::source::file::{self, Outcome};
use certkit_core::status::StatusCode;
use certkit_core::text::Printable;

use super::{revocation, unreadable};
use crate::failure::Failure;
use crate::output;

/// Whose lists are meant: a PKI may keep those of users apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Whose {
    /// Those for applications.
    Applications,
    /// Those for users.
    Users,
}

impl Whose {
    /// The folders of groups, of trusted certificates and of issuers, each by the names that stacks give them.
    fn names(self) -> [&'static [&'static str]; 3] {
        match self {
            Whose::Applications => [&["ApplCerts"], &["trusted"], &["issuers", "issuer"]],
            Whose::Users => [
                &["UserTokenCerts"],
                &["trustedUser", "trustedUsers", "trusted"],
                &["issuerUser", "issuersUser", "issuers", "issuer"],
            ],
        }
    }
}

/// A PKI folder that was read.
#[derive(Debug)]
pub(crate) struct Pki {
    /// Where its lists are.
    pub(crate) places: Places,
    /// Its lists.
    pub(crate) lists: TrustLists,
    /// Files with the application's own certificates, each with what stands in the file beside it.
    pub(crate) own: Vec<(PathBuf, Vec<Certificate>)>,
}

/// Where the lists of a PKI folder are.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// The whole, as the user named it.
    pub(crate) root: PathBuf,
    /// Where trusted certificates stand.
    pub(crate) trusted: PathBuf,
    /// Where CAs stand that only complete chains.
    pub(crate) issuers: PathBuf,
}

/// Finds a folder by one of its names, in any case.
fn folder(parent: &Path, names: &[&str]) -> Option<PathBuf> {
    let named = |entry: &std::fs::DirEntry, name: &str| {
        entry.file_name().to_str().is_some_and(|found| found.eq_ignore_ascii_case(name))
    };
    names.iter().find_map(|name| {
        let entries = std::fs::read_dir(parent).ok()?;
        entries.flatten().find(|entry| named(entry, name) && entry.path().is_dir()).map(|entry| entry.path())
    })
}

impl Pki {
    /// Reads a PKI folder.
    pub(crate) fn read(root: &Path, whose: Whose) -> Result<Pki, Failure> {
        if !root.is_dir() {
            return Err(Failure::new(format!("{} is no folder", root.display())).at(root.display()).hint(
                "the folder of an OPC UA application is wanted: the one with trusted and issuers (or issuer) in it",
            ));
        }
        let [groups, trusted, issuers] = whose.names();
        let base = folder(root, groups).unwrap_or_else(|| root.to_owned());
        let (trusted_folder, issuer_folder) = (folder(&base, trusted), folder(&base, issuers));
        if trusted_folder.is_none() && issuer_folder.is_none() {
            return Err(Failure::new(format!("{} is no PKI folder: there is no `trusted` in it", root.display()))
                .at(root.display())
                .hint("expected is trusted/certs, trusted/crl, issuer/certs (or issuers/certs) and issuer/crl"));
        }
        let places = Places {
            root: root.to_owned(),
            trusted: certificates_in(trusted_folder.clone().unwrap_or_else(|| base.join("trusted"))),
            issuers: certificates_in(issuer_folder.clone().unwrap_or_else(|| base.join("issuer"))),
        };
        let mut pki = Pki { places, lists: TrustLists::new(), own: Vec::new() };
        for (shelf, folder) in [(Shelf::Trusted, trusted_folder), (Shelf::Issuers, issuer_folder)] {
            if let Some(folder) = folder {
                pki.shelve(shelf, &folder)?;
            }
        }
        if let Some(own) = folder(&base, &["own"]) {
            pki.own = own_certificates(&own)?;
        }
        Ok(pki)
    }

    fn shelve(&mut self, shelf: Shelf, folder: &Path) -> Result<(), Failure> {
        for visited in file::read_folder_with(folder, None).map_err(unreadable)? {
            let is_for_lists = is_for_lists(&visited.path, folder);
            let taker = &mut (&mut self.lists, &[shelf][..]);
            let contents = match &visited.outcome {
                Outcome::Read(contents) => match contents.unproven(None) {
                    Some(why) => {
                        let path = Printable(visited.path.display().to_string());
                        output::note(&format!("certkit: note: not read: {path}: {why}"));
                        continue;
                    }
                    None => contents,
                },
                _ if is_for_lists => {
                    revocation::take_unread(&visited, taker);
                    continue;
                }
                Outcome::PassedOver(_) => continue,
                Outcome::Failed(error) => {
                    output::note(&format!("certkit: note: not read: {error}"));
                    continue;
                }
            };
            let name = visited.path.display().to_string();
            if is_for_lists {
                revocation::take_named(contents, &name, taker);
            } else {
                revocation::take_lists(contents, &name, taker);
            }
            for item in contents.items.iter().filter(|item| item.kind == ItemKind::Certificate) {
                if let Err(error) = Certificate::from_der(&item.der).map(|it| self.lists.add(shelf, it)) {
                    let path = Printable(visited.path.display().to_string());
                    output::note(&format!("certkit: note: {path}: {}: {error}", item.kind));
                }
            }
        }
        Ok(())
    }

    /// Its own certificate: the file, the certificate, and what is sent along with it.
    pub(crate) fn own_certificate(&self) -> Result<(&Path, &Certificate, &[Certificate]), Failure> {
        let none = || {
            Failure::new(format!("{} holds no certificate of its own", self.places.root.display()))
                .at(self.places.root.display())
                .hint("it should stand in own/certs; or name the file of the certificate and the folder with --pki")
        };
        let (file, certificates) = self.own.first().ok_or_else(none)?;
        let (certificate, sent) = certificates.split_first().ok_or_else(none)?;
        if let Some((other, _)) = self.own.iter().find(|(_, others)| others.first() != Some(certificate)) {
            return Err(Failure::new(format!(
                "{} holds several certificates of its own: {} and {}",
                self.places.root.display(),
                file.display(),
                other.display()
            ))
            .hint("name the file that is meant, and the folder with --pki or --peer-pki"));
        }
        Ok((file, certificate, sent))
    }
}

/// Says whether a file below a list's folder is to hold revocation lists, by its folder or its own name.
pub(super) fn is_for_lists(path: &Path, folder: &Path) -> bool {
    let below = path.strip_prefix(folder).unwrap_or(path);
    below.components().any(|part| ["crl", "crls"].iter().any(|name| part.as_os_str().eq_ignore_ascii_case(name)))
        || path.extension().is_some_and(|it| it.eq_ignore_ascii_case("crl"))
}

/// The folder for certificates in a list: `certs` where there is one.
fn certificates_in(list: PathBuf) -> PathBuf {
    folder(&list, &["certs", "cert"]).unwrap_or(list)
}

fn own_certificates(own: &Path) -> Result<Vec<(PathBuf, Vec<Certificate>)>, Failure> {
    // Keys are nobody's business here.
    let place = certificates_in(own.to_owned());
    let mut found = Vec::new();
    for visited in file::read_folder_with(&place, None).map_err(unreadable)? {
        let is_private = visited
            .path
            .strip_prefix(&place)
            .is_ok_and(|below| below.components().any(|part| part.as_os_str().eq_ignore_ascii_case("private")));
        if let (Outcome::Read(contents), false) = (visited.outcome, is_private) {
            let certificates: Vec<Certificate> =
                contents.certificates().filter_map(|item| Certificate::from_der(&item.der).ok()).collect();
            if !certificates.is_empty() {
                found.push((visited.path, certificates));
            }
        }
    }
    Ok(found)
}

/// Reads what an administrator has switched off.
pub(crate) fn suppressions(codes: &[StatusCode]) -> Result<Suppressions, Failure> {
    Suppressions::of(codes).map_err(|error| {
        Failure::new(error.to_string())
            .hint("`certkit explain CODE` says of each whether an administrator may switch it off")
    })
}

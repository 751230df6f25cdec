//! Revocation lists: the one loader of every command that reads them.
//!
//! What is to tell of revocation and cannot be read is handed on as such, since it may revoke anybody: nothing is passed
//! over in silence.

use std::path::Path;

use certkit_core::cert::issuer_of_damaged_list;
use certkit_core::container::{self, Contents, ItemKind};
use certkit_core::opcua::TrustLists;
use certkit_core::opcua::validation::Shelf;
use certkit_core::path::revocation::Lists;
use certkit_core::source::file::{self, Outcome, PassedOver, Visited};
use certkit_core::store::DamagedList;
use certkit_core::text::Printable;

use super::{StorePassword, called, text_of, unreadable};
use crate::failure::Failure;
use crate::output;

/// Whoever takes revocation lists, and what was to be one.
pub(crate) trait Taker {
    /// Takes a list as it is encoded; gives the reason where it cannot be decoded.
    fn take(&mut self, der: &[u8], origin: &str) -> Option<String>;

    /// Takes what cannot be read: the start of it, which may name its issuer, and the reason.
    fn take_unread(&mut self, start: &[u8], reason: &str);
}

impl Taker for Lists {
    fn take(&mut self, der: &[u8], origin: &str) -> Option<String> {
        Lists::take(self, der, origin).err().map(|error| error.to_string())
    }

    fn take_unread(&mut self, start: &[u8], reason: &str) {
        self.add_unread(issuer_of_damaged_list(start).as_ref(), reason);
    }
}

/// The lists of an OPC UA application, with the shelves that a revocation list lies on.
impl Taker for (&mut TrustLists, &[Shelf]) {
    fn take(&mut self, der: &[u8], origin: &str) -> Option<String> {
        self.0.take_revocation_list(self.1, der, origin).err().map(|error| error.to_string())
    }

    fn take_unread(&mut self, start: &[u8], reason: &str) {
        self.0.add_unread_revocation_list(issuer_of_damaged_list(start).as_ref(), reason);
    }
}

/// Reads the files, folders and PEM texts that are to hold revocation lists. One without any fails the whole.
pub(crate) fn take_files(
    named: &[impl AsRef<Path>],
    password: &StorePassword,
    taker: &mut dyn Taker,
) -> Result<(), Failure> {
    for path in named.iter().map(AsRef::as_ref) {
        let name = called(&path.to_string_lossy());
        let count = match text_of(path) {
            Some(text) => {
                let unreadable = |error| Failure::new(format!("{name} cannot be read")).because(error);
                take_named(&container::read(text.as_bytes()).map_err(unreadable)?, &name, taker)
            }
            None if path.is_dir() => {
                take_folder(path, password, taker)?;
                continue;
            }
            None => {
                let inputs = super::read(&[path.to_owned()], password)?;
                inputs.read.iter().map(|input| take_named(&input.contents, &name, taker)).sum()
            }
        };
        if count == 0 {
            return Err(no_list(&name));
        }
    }
    Ok(())
}

/// Reads a folder of revocation lists.
fn take_folder(folder: &Path, password: &StorePassword, taker: &mut dyn Taker) -> Result<(), Failure> {
    let mut count = 0;
    for visited in file::read_folder_with(folder, password.bytes()).map_err(unreadable)? {
        count += match &visited.outcome {
            Outcome::Read(contents) => take_named(contents, &visited.path.display().to_string(), taker),
            Outcome::PassedOver(_) | Outcome::Failed(_) => take_unread(&visited, taker),
        };
    }
    if count == 0 { Err(no_list(&folder.display().to_string())) } else { Ok(()) }
}

/// Takes what a file for revocation lists holds, what could not be read of it included; gives how many there are.
pub(super) fn take_named(contents: &Contents, name: &str, taker: &mut dyn Taker) -> usize {
    let mut count = take_lists(contents, name, taker);
    for loss in contents.skipped.iter().filter(|skipped| !skipped.is_harmless()) {
        count += 1;
        unread(&[], &format!("{name}: {loss}"), taker);
    }
    count
}

/// Takes the revocation lists of any file; gives how many there are, those that cannot be decoded included.
pub(super) fn take_lists(contents: &Contents, name: &str, taker: &mut dyn Taker) -> usize {
    let mut count = 0;
    for item in contents.items.iter().filter(|item| item.kind == ItemKind::RevocationList) {
        count += 1;
        if let Some(error) = taker.take(&item.der, name) {
            tell(&format!("{name}: a revocation list cannot be decoded: {error}"));
        }
    }
    count
}

/// Takes a file of a folder for revocation lists that holds none that can be read; gives whether it counts.
pub(super) fn take_unread(visited: &Visited, taker: &mut dyn Taker) -> usize {
    let reason = match &visited.outcome {
        Outcome::Read(_) | Outcome::PassedOver(PassedOver::Again) => return 0,
        Outcome::PassedOver(reason) => format!("{}: {reason}", visited.path.display()),
        Outcome::Failed(error) => error.to_string(),
    };
    // Programs keep their own notes under such names, and no lists.
    if visited.path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
        return 0;
    }
    // Where not even its start can be read, nothing tells whose list it was to be.
    unread(&file::read_start(&visited.path, START).unwrap_or_default(), &reason, taker);
    1
}

/// Takes a file that was to hold a revocation list, and could not be read.
pub(super) fn take_lost(path: &Path, why: &str, taker: &mut dyn Taker) {
    unread(&file::read_start(path, START).unwrap_or_default(), &format!("{}: {why}", path.display()), taker);
}

/// Takes a list of a store that cannot be decoded.
pub(super) fn take_damaged(list: &DamagedList, file: &Path, taker: &mut dyn Taker) {
    unread(list.der(), &format!("{}: {}", file.display(), list.error), taker);
}

fn unread(start: &[u8], reason: &str, taker: &mut dyn Taker) {
    taker.take_unread(start, reason);
    tell(reason);
}

fn tell(reason: &str) {
    output::note(&format!(
        "certkit: note: {}; what it revokes is not known, so nothing is known of its issuer's certificates",
        Printable(reason)
    ));
}

/// How much of a file is read to learn whose list it was to be.
const START: u64 = 64 * 1024;

/// Says that there is no revocation list where one is expected.
fn no_list(name: &str) -> Failure {
    Failure::new(format!("{}: there is no revocation list in it", Printable(name)))
        .at(name)
        .hint("--crl wants revocation lists as PEM or DER; `certkit inspect FILE` shows what is in a file")
}

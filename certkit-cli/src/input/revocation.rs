//! Revocation lists that the user names.

use std::path::PathBuf;

use certkit_core::cert::RevocationList;
use certkit_core::container::{Contents, ItemKind};
use certkit_core::path::revocation::Lists;
use certkit_core::text::Printable;

use super::StorePassword;
use crate::failure::Failure;
use crate::output;

/// Reads the files that are to hold revocation lists. One without any fails the whole.
pub(crate) fn revocation_lists(named: &[PathBuf], password: &StorePassword) -> Result<Lists, Failure> {
    let mut lists = Lists::new();
    for path in named {
        let inputs = super::read(std::slice::from_ref(path), password)?;
        let name = path.display().to_string();
        if let Some(loss) = inputs.losses().next() {
            return Err(not_whole(&loss));
        }
        let items = inputs.read.iter().flat_map(|input| &input.contents.items);
        let mut found = items.filter(|item| item.kind == ItemKind::RevocationList).peekable();
        if found.peek().is_none() {
            return Err(no_list(&name));
        }
        for item in found {
            let undecodable = |error| not_whole(&format!("{name}: a revocation list cannot be decoded: {error}"));
            lists.add(RevocationList::from_der(&item.der).map_err(undecodable)?);
        }
    }
    Ok(lists)
}

/// Says that part of what is to tell of revocation cannot be read: the rest may miss what was revoked since.
pub(crate) fn not_whole(loss: &str) -> Failure {
    Failure::new(loss.to_owned()).hint(
        "get the revocation list again from its CA; without this part nobody can tell what it revokes, so nothing was \
         judged",
    )
}

/// Says that there is no revocation list where one is expected.
pub(crate) fn no_list(name: &str) -> Failure {
    Failure::new(format!("{}: there is no revocation list in it", Printable(name)))
        .hint("--crl wants revocation lists as PEM or DER; `certkit inspect FILE` shows what is in a file")
}

/// Takes the revocation lists of a file over; gives how many there are, those that cannot be decoded included.
pub(crate) fn take_lists(contents: &Contents, name: &str, lists: &mut Lists) -> usize {
    let mut count = 0;
    for item in contents.items.iter().filter(|item| item.kind == ItemKind::RevocationList) {
        count += 1;
        match RevocationList::from_der(&item.der) {
            Ok(list) => _ = lists.add(list),
            Err(error) => output::note(&format!(
                "certkit: note: {}: a revocation list cannot be decoded, and tells nothing: {error}",
                Printable(name)
            )),
        }
    }
    count
}

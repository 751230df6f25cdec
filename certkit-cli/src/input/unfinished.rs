//! Changes of stores that were interrupted.

use certkit_core::store::{Home, Store};
use certkit_core::text::Printable;

use crate::output;

/// Says where a change was interrupted, and how it is finished or dropped. Reading a store does neither.
pub(crate) fn note_unfinished(store: &dyn Store) {
    let Home::Files(state_folder) = store.home() else { return };
    let name = Printable(store.address().to_string());
    match state_folder.is_unfinished() {
        Ok(false) => {}
        Ok(true) => output::note(&format!(
            "certkit: note: a change of {name} is in progress or was interrupted; if no other certkit is running, the \
             next change completes it (a renewal: `certkit renew --due`), `certkit trust undo` undoes it, and deleting \
             {} drops it",
            Printable(state_folder.journal_path().to_string_lossy())
        )),
        Err(error) => {
            output::note(&format!("certkit: note: cannot tell whether a change of {name} was interrupted: {error}"));
        }
    }
}

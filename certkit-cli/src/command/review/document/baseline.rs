//! The report of an earlier review, read again.

use std::path::Path;

use certkit_core::review::baseline::{Deviating, Snapshot};
use certkit_core::review::duty::State;
use certkit_core::review::value::Salt;

use super::super::names::tidy;
use super::{NOT_ASKED, ReviewJson, SCHEMA};
use crate::failure::Failure;
use crate::hosted;

/// The most bytes of a baseline.
const LIMIT: u64 = 256 * 1024 * 1024;

impl ReviewJson {
    /// Takes out of it what can be compared; `None` where a duty has a state that there is none of.
    fn snapshot(self) -> Option<Snapshot> {
        let salt = self.mark_salt.as_deref().and_then(Salt::parse);
        let mut snapshot = Snapshot { salt, ..Snapshot::default() };
        // A report of an earlier version may name a source otherwise.
        snapshot.configuration.extend(self.configuration.into_iter().map(|(source, it)| (tidy(&source), it)));
        let read = self.sources.into_iter().filter(|it| !matches!(it.state.as_str(), "failed" | NOT_ASKED));
        snapshot.sources.extend(read.map(|it| tidy(&it.name)));
        for duty in self.duties {
            for it in duty.findings {
                let deviating = Deviating {
                    duty: duty.id.clone(),
                    finding: it.id,
                    source: tidy(&it.source),
                    subject: it.subject,
                    message: it.message,
                };
                snapshot.deviations.entry(deviating).or_default().add(it.is_waived);
            }
            let state = State::ALL.into_iter().find(|it| it.as_str() == duty.state)?;
            snapshot.states.insert(duty.id, state);
        }
        Some(snapshot)
    }
}

/// Reads the JSON report of an earlier review.
pub(in super::super) fn read_baseline(path: &Path) -> Result<Snapshot, Failure> {
    let text = hosted::read_text(path, LIMIT)
        .map_err(|error| Failure::new(format!("{} cannot be read", path.display())).because(error))?;
    let hint = "write one with `certkit review SOURCE --format json -o last.json`";
    let other = || Failure::new(format!("{} is no JSON report of a review", path.display())).hint(hint);
    let document: ReviewJson = serde_json::from_str(&text).map_err(|_| other())?;
    if document.schema != SCHEMA {
        return Err(other());
    }
    if document.shown.is_some() {
        let message = format!("{} shows some of the duties only: nothing can be held against it", path.display());
        return Err(Failure::new(message).hint("write it again without --section and --only"));
    }
    document.snapshot().ok_or_else(other)
}

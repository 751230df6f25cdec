//! How many entries of a run are in which state.

use crate::{Entry, State};

/// How many entries are in which state; what is waived counts apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Enough validity is left.
    pub ok: u64,
    /// Less than the first threshold.
    pub warning: u64,
    /// Nobody knows.
    pub unknown: u64,
    /// Less than the second threshold.
    pub critical: u64,
    /// Ended.
    pub expired: u64,
    /// An alarm that is set aside: by a waiver, or because no client needs what it is about.
    pub waived: u64,
}

impl Tally {
    /// Counts an entry.
    pub fn count(&mut self, entry: &Entry) {
        let place = match entry.state {
            _ if entry.is_set_aside() => &mut self.waived,
            State::Ok => &mut self.ok,
            State::Warning => &mut self.warning,
            State::Unknown => &mut self.unknown,
            State::Critical => &mut self.critical,
            State::Expired => &mut self.expired,
        };
        *place = place.saturating_add(1);
    }

    /// Adds what another part of the run has counted.
    pub fn absorb(&mut self, other: &Tally) {
        self.ok = self.ok.saturating_add(other.ok);
        self.warning = self.warning.saturating_add(other.warning);
        self.unknown = self.unknown.saturating_add(other.unknown);
        self.critical = self.critical.saturating_add(other.critical);
        self.expired = self.expired.saturating_add(other.expired);
        self.waived = self.waived.saturating_add(other.waived);
    }

    /// How many were counted.
    pub fn all(&self) -> u64 {
        [self.ok, self.warning, self.unknown, self.critical, self.expired, self.waived]
            .into_iter()
            .fold(0, u64::saturating_add)
    }

    /// The most urgent state of all that is not waived.
    pub fn worst(&self) -> State {
        match self {
            Tally { expired: 1.., .. } => State::Expired,
            Tally { critical: 1.., .. } => State::Critical,
            Tally { unknown: 1.., .. } => State::Unknown,
            Tally { warning: 1.., .. } => State::Warning,
            _ => State::Ok,
        }
    }
}

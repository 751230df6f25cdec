//! How urgent an entry is.

use std::fmt;

/// The state of an entry; more urgent ones compare greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Enough validity is left.
    Ok,
    /// Less than the first threshold is left.
    Warning,
    /// It could not be looked at, or does not say until when it is valid: nobody knows.
    Unknown,
    /// Less than the second threshold is left, or the validity has not begun.
    Critical,
    /// It has ended.
    Expired,
}

impl State {
    /// Every state, least urgent first.
    pub const ALL: [State; 5] = [State::Ok, State::Warning, State::Unknown, State::Critical, State::Expired];

    /// Its name in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Unknown => "unknown",
            State::Critical => "critical",
            State::Expired => "expired",
        }
    }

    /// Finds the state of a name.
    pub fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

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
}

/// Why the dates of an entry are not fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The validity has ended.
    Expired,
    /// The validity has not begun.
    NotYetValid,
    /// Less than the second threshold is left.
    BelowCritical,
    /// Less than the first threshold is left.
    BelowWarning,
    /// It does not say until when it is valid, or not so that it can be read.
    NoEnd,
}

impl Reason {
    /// Its name in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Expired => "expired",
            Reason::NotYetValid => "not_yet_valid",
            Reason::BelowCritical => "below_critical",
            Reason::BelowWarning => "below_warning",
            Reason::NoEnd => "no_end",
        }
    }

    /// How urgent it is.
    pub fn state(self) -> State {
        match self {
            Reason::Expired => State::Expired,
            Reason::NotYetValid | Reason::BelowCritical => State::Critical,
            Reason::BelowWarning => State::Warning,
            Reason::NoEnd => State::Unknown,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

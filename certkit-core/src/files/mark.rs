//! How the files of a run that is not finished are called, and how a file is told from every other.

use std::ffi::{OsStr, OsString};
use std::hash::{BuildHasher as _, RandomState};

/// What all such names begin with.
const PREFIX: &str = ".certkit-";

/// How many digits follow.
const DIGITS: usize = 16;

/// The files of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id(u64);

impl Id {
    /// One that nobody guesses.
    pub(super) fn new() -> Id {
        Id(RandomState::new().hash_one(0))
    }

    /// The run that a file is of, by its name.
    pub(super) fn of(name: &OsStr) -> Option<Id> {
        let rest = name.to_str()?.strip_prefix(PREFIX)?;
        let (digits, end) = rest.split_at_checked(DIGITS)?;
        let is_one = digits.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
        (is_one && (end.is_empty() || end.starts_with('-'))).then_some(())?;
        u64::from_str_radix(digits, 16).ok().map(Id)
    }

    pub(super) fn note(self) -> OsString {
        format!("{PREFIX}{:016x}", self.0).into()
    }

    pub(super) fn new_file(self, number: usize) -> OsString {
        format!("{PREFIX}{:016x}-{number}", self.0).into()
    }

    pub(super) fn old_file(self, number: usize) -> OsString {
        format!("{PREFIX}{:016x}-{number}-old", self.0).into()
    }
}

/// Says whether a file is one that waits for its place, or waited when its run was killed, by its name.
pub(crate) fn is_unfinished(name: &OsStr) -> bool {
    Id::of(name).is_some()
}

/// Tells a file, as it was when it was looked at, from every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "store", derive(serde::Deserialize, serde::Serialize), serde(deny_unknown_fields))]
pub(crate) struct Mark {
    pub(super) device: u64,
    pub(super) number: u64,
    pub(super) seconds: i64,
    pub(super) nanoseconds: u32,
}

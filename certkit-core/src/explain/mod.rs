//! What the words and numbers of other programs mean, and what to do about it.
//!
//! Knows phrases, numbers and names that programs write about certificates and TLS, and the reasons behind them. Refuses to
//! guess: a number is explained by every program that has it, and what is not known is not explained.

pub mod entry;
mod matcher;
mod normal;
mod parts;
mod program;
pub mod reason;
mod typed;

pub use entry::{Certainty, Entry, Known, Program};
pub use matcher::{Hit, recognise};
pub use parts::Parts;
pub use program::PROGRAMS;
pub use typed::{Typed, by_name, nearest, statuses};

/// Gives every entry with its program, the likelier programs first.
pub fn all() -> impl Iterator<Item = Known> {
    PROGRAMS.iter().flat_map(|&program| program.entries.iter().map(move |entry| Known { program, entry }))
}

/// Gives the entries that tell the fault of a finding.
pub fn told_as(finding: &str) -> impl Iterator<Item = Known> {
    all().filter(move |known| known.entry.reason.findings.first().is_some_and(|first| *first == finding))
}

//! What the words and numbers of other programs mean, and what to do about it.
//!
//! Knows phrases, numbers and names that programs write about certificates and TLS, and the reasons behind them. Refuses to
//! guess: a number is explained by every program that has it, and what is not known is not explained.

pub mod entry;
mod level;
#[cfg(feature = "logs")]
pub mod log;
// Logs alone use all of it.
#[cfg_attr(not(feature = "logs"), allow(dead_code))]
mod matcher;
#[cfg_attr(not(feature = "logs"), allow(dead_code))]
mod normal;
mod parts;
#[cfg_attr(not(feature = "logs"), allow(dead_code))]
mod place;
mod program;
pub mod reason;
mod reference;
mod typed;

pub use entry::{Certainty, Entry, Known, Program};
pub use level::is_quiet;
pub use matcher::{Hit, recognise, recognise_phrase, without_end};
pub use parts::Parts;
pub use program::PROGRAMS;
pub use reference::{reference, said_of};
pub use typed::{Typed, by_name, nearest, statuses};

/// Gives every entry with its program, the likelier programs first.
pub fn all() -> impl Iterator<Item = Known> {
    PROGRAMS.iter().flat_map(|&program| program.entries.iter().map(move |entry| Known { program, entry }))
}

/// Gives the entries that tell the fault of a finding, those first that mean it above all.
pub fn told_as(finding: &str) -> impl Iterator<Item = Known> {
    let place = move |known: &Known| known.entry.reason.findings.iter().position(|id| *id == finding);
    let mut told: Vec<(usize, Known)> = all().filter_map(|known| Some((place(&known)?, known))).collect();
    told.sort_by_key(|(place, _)| *place);
    told.into_iter().map(|(_, known)| known)
}

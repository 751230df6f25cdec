//! Says of many sources how long what they hold is still valid.
//!
//! A source yields entries: certificates and revocation lists with their dates, and places
//! that could not be looked at. Thresholds turn an entry and a moment into a state; a report
//! holds the entries of a run, most urgent first. A database remembers a run for the next one,
//! and formats write what there is to tell. Refuses to know how sources are reached and where a
//! report goes.

// All input is hostile: nothing here may panic on it.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::panic,
        clippy::disallowed_methods
    )
)]

mod change;
mod dated;
mod judge;
mod look;
mod report;
mod route;
mod shard;
mod state;
mod tally;
mod threshold;
mod words;

pub mod hex;

// What a run tells.
pub mod run_report;

// The report as JSON, and read back.
pub mod document;

// What is remembered between runs.
pub mod database;

// The report for other programs and for spreadsheets.
pub mod format;

pub use change::{Change, Known, changes};
pub use dated::{Dated, Element};
pub use judge::{Beside, Judge, Shown};
pub use look::{Keep, Look};
pub use report::{Entry, Finding, PublicRoots, Report, Seen, Source, Unseen, Waiver, Way};
pub use route::Routes;
pub use shard::{Shard, ShardError};
pub use state::{Reason, State};
pub use tally::Tally;
pub use threshold::{Threshold, ThresholdError, Thresholds};
pub use words::{Issuer, Issuers, Words};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

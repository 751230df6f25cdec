//! Says of many sources how long what they hold is still valid.
//!
//! A source yields entries: certificates and revocation lists with their dates, and places
//! that could not be looked at. Thresholds turn an entry and a moment into a state; a report
//! holds the entries of a run, most urgent first. Knows dates, states and their order.
//! Refuses to know how sources are reached, where a report goes, and whether a certificate is
//! any good beyond its dates.

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
pub use words::{Issuers, Words};

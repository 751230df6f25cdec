//! What there is to tell of a run: what every format is written from.

use certkit_core::moment::Moment;

use crate::{Change, Report, Shard, Way};

/// What is not proven of an endpoint's certificate here.
const UNPROVEN: &str = "only the chains of endpoints were read: `certkit check` verifies private key, trust and host \
                        name";

/// A report with what belongs to the run as a whole.
#[derive(Debug)]
pub struct RunReport<'a> {
    /// The entries, sorted.
    pub report: &'a Report,
    /// The time that was judged.
    pub moment: Moment,
    /// The part of the inventory that was looked at.
    pub shard: Option<Shard>,
    /// What is different from the last run; `None` where nothing is remembered.
    pub since: Option<Since<'a>>,
    /// Whether changes that are not expected are an alarm.
    pub fail_on_change: bool,
}

/// What a run has to compare itself with.
#[derive(Clone, Copy, Debug)]
pub enum Since<'a> {
    /// Nothing: it is the first.
    Never {
        /// How many entries are remembered from now on.
        remembered: usize,
    },
    /// The last run.
    LastRun(&'a [Change]),
}

impl<'a> RunReport<'a> {
    /// Tells of a run with which nothing is compared.
    pub fn alone(report: &'a Report, moment: Moment, shard: Option<Shard>) -> RunReport<'a> {
        RunReport { report, moment, shard, since: None, fail_on_change: false }
    }

    /// What is different from the last run; `None` where nothing is remembered.
    pub fn changes(&self) -> Option<&'a [Change]> {
        match self.since? {
            Since::Never { .. } => Some(&[]),
            Since::LastRun(changes) => Some(changes),
        }
    }

    /// The changes that are an alarm.
    pub fn unexpected(&self) -> impl Iterator<Item = &'a Change> + use<'a> {
        let changes = if self.fail_on_change { self.changes() } else { None };
        changes.unwrap_or_default().iter().filter(|change| change.is_unexpected())
    }

    /// What the run has not proven; `None` where that does not apply.
    pub fn unproven(&self) -> Option<&'static str> {
        let is_shown = self.report.entries.iter().any(|it| it.source.way == Way::Endpoint && it.dated().is_some());
        is_shown.then_some(UNPROVEN)
    }
}

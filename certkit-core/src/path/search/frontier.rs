//! What waits in the queue of a search, and what makes one path worse than another.

use crate::path::found::{Link, NearMiss, Verification};
use crate::path::pool::Id;

/// A certificate on top of a partial path.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: Option<Id>,
    pub(super) below: Option<usize>,
    pub(super) link: Option<Link>,
    pub(super) length: u16,
    /// Links to candidates that wait to be verified.
    pub(super) waiting: u32,
    /// Whether a candidate was found to be its issuer.
    pub(super) has_issuer: bool,
    pub(super) misses: Vec<NearMiss>,
    pub(super) cost: Cost,
    /// Whether the link waits for the parameters of this certificate's key, which stand further up.
    pub(super) lacks_parameters: bool,
    /// What came of such links below, in paths through this node.
    pub(super) settled: Vec<(usize, Verification)>,
}

/// What makes a path worse than another one, weightiest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    pub(super) tier: Tier,
    pub(super) end: u8,
    pub(super) penalty: u32,
    pub(super) length: u16,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// May still reach an anchor over links that verify.
    #[default]
    Live,
    /// Ended elsewhere.
    Ended,
    /// Holds a link that fails though identifiers do not speak against it.
    Broken,
    /// Ended because every candidate failed.
    Abandoned,
    /// Holds a link that fails between certificates that do not belong together.
    Unrelated,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket {
    pub(super) cost: Cost,
    pub(super) not_anchor: bool,
    pub(super) number: usize,
    pub(super) node: usize,
    pub(super) state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// The link to the node below is not verified yet.
    Untried,
    /// The link failed; the path is only for showing.
    Failed,
    SelfSigned,
    IssuerMissing,
    Cycle,
    TooDeep,
}

#[derive(Debug)]
pub(super) struct Verified {
    pub(super) child: Option<Id>,
    pub(super) issuer: Option<Id>,
    pub(super) result: Verification,
}

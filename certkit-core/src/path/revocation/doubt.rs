//! How much a list or a response weighs that may hold a newer word and cannot be relied upon.

/// Why it cannot be relied upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Its signature is good, or it names the certificate: one of the same age does not outweigh it.
    Strong,
    /// It has nothing against the certificate, and may be a damaged copy: a good one of the same age outweighs it.
    Weak,
}

impl Doubt {
    /// Says whether something that can be relied upon is new enough to outweigh it.
    pub(super) fn is_outweighed<A: Ord>(self, own: &A, other: &A) -> bool {
        match self {
            Doubt::Strong => other > own,
            Doubt::Weak => other >= own,
        }
    }
}

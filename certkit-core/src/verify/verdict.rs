//! What came of verifying a certificate.

use crate::cert::Certificate;
use crate::check::{Finding, Processed, Severity};
use crate::path::{Path, Resource, WhyNot};

/// A certificate that nearly was an issuer on the path.
#[derive(Clone, Debug)]
pub struct Near {
    /// The certificate.
    pub certificate: Certificate,
    /// Whose issuer it nearly was, as a position on the path.
    pub of: usize,
    /// What kept it from that.
    pub why: WhyNot,
}

/// The decision, with the path that was found or the best candidate.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The path that is accepted, or the best one of those that are not.
    pub path: Path,
    /// What does not meet the profile, heaviest first, then in the order of processing; each is about the certificate
    /// at its position on the path, and an error leads to the rejection.
    pub reasons: Vec<Finding>,
    /// Certificates that nearly were issuers on a path that is not accepted.
    pub near_misses: Vec<Near>,
    /// How many paths were judged.
    pub tried: u32,
    /// What ran out during the search: a better path may exist.
    pub exhausted: Option<Resource>,
    /// What was noted of the path, for [`Case::new`](crate::check::Case::new).
    pub processed: Processed,
    pub(super) is_accepted: bool,
    /// The position of the anchor on the path; that of the topmost where there are several.
    pub(super) anchor: Option<usize>,
    /// Whether no reason for a rejection is known for certain.
    pub(super) is_undecided: bool,
}

impl Verdict {
    /// Says whether the certificate is accepted; there may be warnings.
    pub fn is_accepted(&self) -> bool {
        self.is_accepted
    }

    /// Says whether it is not accepted though nothing is known to be wrong: what decides could not be determined.
    pub fn is_undecided(&self) -> bool {
        !self.is_accepted && self.is_undecided
    }

    /// The reasons for a rejection; none where the certificate is accepted.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.reasons.iter().filter(|reason| reason.severity == Severity::Error)
    }

    /// What speaks against the certificate without leading to its rejection.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.reasons.iter().filter(|reason| reason.severity == Severity::Warning)
    }

    /// The anchor; `None` where the path reaches none.
    pub fn anchor(&self) -> Option<&Certificate> {
        self.path.certificates.get(self.anchor?)
    }
}

//! Paths that are processed as a relying party does, for the profiles that judge what is noted then, and what
//! revocation lists tell under every profile.

use certkit_core::cert::Certificate;
use certkit_core::check::{Expectation, Processed, Profile, Usage};
use certkit_core::context::Context;
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::path::Path;
use certkit_core::path::names::Peer;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::verify::{AtHand, Question, Revocation, Verdict, revocation_of, verify};

/// What paths are found and told from.
pub(super) struct Processing {
    /// The certificates of all stores and of all inputs.
    pub(super) context: Context,
    /// The anchors that were named as the ones to trust.
    pub(super) anchors: Option<Vec<Certificate>>,
    lists: Lists,
    responses: Responses,
}

impl Processing {
    /// Takes the certificates and the revocation lists of a run.
    pub(super) fn new(context: Context, anchors: Option<Vec<Certificate>>, lists: Lists) -> Processing {
        Processing { context, anchors, lists, responses: Responses::new() }
    }

    /// Decides under a profile that judges what is noted.
    pub(super) fn decide(
        &self,
        certificate: &Certificate,
        profile: &'static Profile,
        expectation: &Expectation,
        peers: &[Peer],
        moment: Moment,
    ) -> Verdict {
        let question = Question {
            purposes: if expectation.usage == Some(Usage::TlsServer) { &[oid::SERVER_AUTH] } else { &[] },
            peers,
            revocation: if self.lists.is_empty() { Revocation::Off } else { Revocation::Required },
            ..Question::new(profile, moment)
        };
        verify(certificate, &self.at_hand(), &question)
    }

    /// What the lists tell of a path; `None` where there are none.
    pub(super) fn revocation(&self, path: &Path, profile: &'static Profile, moment: Moment) -> Option<Processed> {
        if self.lists.is_empty() {
            return None;
        }
        let question = Question { revocation: Revocation::Required, ..Question::new(profile, moment) };
        Some(revocation_of(path, &self.at_hand(), &question))
    }

    fn at_hand(&self) -> AtHand<'_> {
        AtHand { pool: self.context.pool(), lists: &self.lists, responses: &self.responses }
    }
}

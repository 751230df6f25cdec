//! Paths that are processed as a relying party does, for the profiles that judge what is noted then, and what
//! revocation lists tell under every profile.

use std::sync::{Arc, OnceLock};

use certkit_core::cert::Certificate;
use certkit_core::chain::{Origin, Supply, Trust};
use certkit_core::check::{Expectation, Processed, Profile, Usage};
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::path::names::Peer;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::path::{Path, Pool};
use certkit_core::verify::{AtHand, Question, Revocation, Verdict, revocation_of, verify};

use crate::failure::Failure;
use crate::input;

/// What paths are found and told from.
pub(super) struct Processing<'a> {
    supplies: &'a [Supply],
    /// The anchors that were named as the ones to trust.
    pub(super) anchors: Option<&'a [Certificate]>,
    lists: Lists,
    responses: Responses,
    pool: OnceLock<Arc<Pool>>,
}

impl<'a> Processing<'a> {
    /// Takes the supplies and the revocation lists of a run.
    pub(super) fn new(supplies: &'a [Supply], anchors: Option<&'a [Certificate]>, lists: Lists) -> Processing<'a> {
        Processing { supplies, anchors, lists, responses: Responses::new(), pool: OnceLock::new() }
    }

    /// The certificates of all supplies, with what was presented on top.
    fn pool(&self, presented: &[Certificate]) -> Pool {
        let base = self.pool.get_or_init(|| {
            let mut pool = Pool::new();
            for supply in self.supplies {
                for certificate in &supply.certificates {
                    match supply.trust {
                        Trust::Anchors => pool.add_anchor(certificate.clone()),
                        Trust::Candidates => pool.add(certificate.clone()),
                    };
                }
            }
            Arc::new(pool)
        });
        let mut pool = Pool::over(Arc::clone(base));
        presented.iter().for_each(|certificate| _ = pool.add(certificate.clone()));
        pool
    }

    /// Decides under a profile that judges what is noted.
    pub(super) fn decide(
        &self,
        certificate: &Certificate,
        presented: &[Certificate],
        profile: &'static Profile,
        expectation: &Expectation,
        moment: Moment,
    ) -> Result<Verdict, Failure> {
        let peers: Vec<Peer> = match &expectation.host {
            Some(host) => vec![Peer::from_host(host).map_err(input::bad_host)?],
            None => Vec::new(),
        };
        let question = Question {
            purposes: if expectation.usage == Some(Usage::TlsServer) { &[oid::SERVER_AUTH] } else { &[] },
            peers: &peers,
            revocation: if self.lists.is_empty() { Revocation::Off } else { Revocation::Required },
            ..Question::new(profile, moment)
        };
        let pool = self.pool(presented);
        Ok(verify(certificate, &self.at_hand(&pool), &question))
    }

    /// What the lists tell of a path; `None` where there are none.
    pub(super) fn revocation(
        &self,
        path: &Path,
        presented: &[Certificate],
        profile: &'static Profile,
        moment: Moment,
    ) -> Option<Processed> {
        if self.lists.is_empty() {
            return None;
        }
        let question = Question { revocation: Revocation::Required, ..Question::new(profile, moment) };
        let pool = self.pool(presented);
        Some(revocation_of(path, &self.at_hand(&pool), &question))
    }

    fn at_hand<'p>(&'p self, pool: &'p Pool) -> AtHand<'p> {
        AtHand { pool, lists: &self.lists, responses: &self.responses }
    }

    /// Where a certificate was found.
    pub(super) fn origin_of(&self, certificate: &Certificate) -> Origin {
        let supply = self.supplies.iter().find(|supply| supply.certificates.contains(certificate));
        supply.map_or(Origin::Presented, |supply| supply.origin.clone())
    }
}

//! Search and validation over whatever certificates, lists and responses the bytes hold.
//!
//! The first byte says which certificates are anchors; after it stand DER values, one after the other:
//! the leaf, then all others.

#![no_main]

use certkit_core::asn1::Reader;
use certkit_core::cert::{Certificate, Known, OcspResponse, RevocationList};
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::path::process::{Baseline, Inputs, Reading, facts, process};
use certkit_core::path::revocation::{Lists, Responses, Sources, statuses};
use certkit_core::path::{Budget, Path, Pool, Search};
use libfuzzer_sys::fuzz_target;

/// What a run hands out at most.
const PATHS: usize = 8;

struct World {
    leaf: Certificate,
    others: Vec<(Certificate, bool)>,
    lists: Lists,
    responses: Responses,
}

impl World {
    fn read(bytes: &[u8]) -> Option<World> {
        let (anchors, rest) = bytes.split_first()?;
        let mut reader = Reader::new(rest);
        let mut certificates = Vec::new();
        let (mut lists, mut responses) = (Lists::new(), Responses::new());
        while let Ok(element) = reader.element() {
            if let Ok(certificate) = Certificate::from_der(element.raw) {
                certificates.push(certificate);
            } else if let Ok(list) = RevocationList::from_der(element.raw) {
                lists.add(list);
            } else if let Ok(response) = OcspResponse::from_der(element.raw) {
                responses.add(response);
            }
        }
        let mut certificates = certificates.into_iter();
        let leaf = certificates.next()?;
        let is_anchor = |at: usize| anchors >> (at % 8) & 1 == 1;
        let others = certificates.enumerate().map(|(at, certificate)| (certificate, is_anchor(at))).collect();
        Some(World { leaf, others, lists, responses })
    }

    fn pool<'a>(&'a self, others: impl Iterator<Item = &'a (Certificate, bool)>) -> Pool {
        let mut pool = Pool::new();
        for (certificate, is_anchor) in others {
            match is_anchor {
                true => pool.add_anchor(certificate.clone()),
                false => pool.add(certificate.clone()),
            };
        }
        pool
    }

    /// Says whether any path is without objections.
    fn accepts(&self, pool: &Pool, moment: Moment) -> bool {
        let purposes = [oid::SERVER_AUTH];
        let reading = Reading { baseline: Baseline::Asked, ..Reading::BEFORE_USE };
        let inputs = Inputs { purposes: &purposes, reading, ..Inputs::at(moment) };
        let accepts = |path: &Path, known: &[Known<'_>]| process(path, known, &Inputs::at(moment)).is_empty();
        let (lists, responses) = (&self.lists, &self.responses);
        let sources = Sources { pool, lists, responses, moment, budget: Budget::default(), accepts: &accepts };
        let mut is_accepted = false;
        for path in Search::new(pool, &self.leaf, moment, Budget::default()).take(PATHS) {
            let known: Vec<Known<'_>> = path.certificates.iter().map(Known::of).collect();
            let objections = process(&path, &known, &inputs);
            facts(&path, &known, &inputs, Certificate::verify_own_signature);
            statuses(&path, &known, &sources);
            if path.is_anchored() {
                assert!(path.top().is_some_and(|top| pool.find(top).is_some_and(|id| pool.is_anchor(id))));
                is_accepted |= objections.is_empty();
            }
        }
        is_accepted
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some(world) = World::read(bytes) else { return };
    let moment = world.leaf.not_before().unwrap_or(Moment::from_unix(1_780_000_000));
    let forwards = world.accepts(&world.pool(world.others.iter()), moment);
    let backwards = world.accepts(&world.pool(world.others.iter().rev()), moment);
    assert_eq!(forwards, backwards, "the order of the pool changes the verdict");
});

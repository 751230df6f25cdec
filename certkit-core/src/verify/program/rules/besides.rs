//! What no fact of a path speaks of, and single programs refuse.

use std::borrow::Cow;

use super::super::{Program, Refusal, of_check};
use super::scene::{Ranged, Scene};
use crate::cert::GeneralName;
use crate::check::Check;
use crate::check::rfc5280::constraints::{NAME_CONSTRAINT_UNSOUND, NAME_EXCLUDED, NAME_NOT_PERMITTED};
use crate::check::rfc5280::extensions::EXTENSION_UNKNOWN_CRITICAL;
use crate::check::rfc5280::fields::TRAILING_DATA;
use crate::oid;
use crate::path::names::{Fit, LeadingPeriod, fit};

/// A refusal.
pub(in super::super) struct Besides {
    check: &'static Check,
    position: usize,
    number: Option<u32>,
}

impl Besides {
    fn new(check: &'static Check, position: usize) -> Besides {
        Besides { check, position, number: None }
    }

    /// The refusal in the words of the program.
    pub(in super::super) fn refusal(self, program: Program) -> Refusal {
        let Besides { check, position, number } = self;
        match of_check(check, position, program, number) {
            Some(told) if number.is_none() || told.number == number => told,
            _ => Refusal { check, position, number, words: Cow::Borrowed("") },
        }
    }
}

/// Bytes behind a certificate, critical extensions that a program does not know, and names that it holds against
/// constraints in its own way.
pub(in super::super) fn besides(scene: Scene<'_>, program: Program) -> Vec<Besides> {
    let mut found = Vec::new();
    for (at, certificate) in scene.path.certificates.iter().enumerate() {
        if certificate.trailing() > 0 && !scene.is_anchor(at) && of_check(&TRAILING_DATA, at, program, None).is_some() {
            found.push(Besides::new(&TRAILING_DATA, at));
        }
        if has_unknown(at, scene, program) {
            found.push(Besides::new(&EXTENSION_UNKNOWN_CRITICAL, at));
        }
    }
    match program {
        Program::OpenSsl | Program::Python => {
            found.extend(ranged(scene.ranged(true, |_| true), true));
            found.extend(common_name(scene, |_| true));
        }
        Program::Java => {
            found.extend(ranged(scene.ranged(false, |at| !scene.is_anchor(at)), false));
            found.extend(common_name(scene, |at| !scene.is_anchor(at)));
        }
        Program::GnuTls => {
            found.extend(common_name(scene, |_| true));
            found.extend(
                (1..scene.path.certificates.len())
                    .filter(|at| has_other_forms(*at, scene))
                    .map(|at| Besides::new(&NAME_CONSTRAINT_UNSOUND, at)),
            );
        }
        Program::Go | Program::Webpki => {}
    }
    found
}

/// Whether a certificate has a critical extension that the program does not know.
fn has_unknown(at: usize, scene: Scene<'_>, program: Program) -> bool {
    let has = |wanted| scene.has_critical(at, wanted);
    match program {
        Program::OpenSsl | Program::Java | Program::Python => false,
        Program::GnuTls => has(oid::POLICY_CONSTRAINTS) || has(oid::POLICY_MAPPINGS),
        Program::Go if scene.version(at) < 3 => false,
        Program::Go => {
            let is_unknown = |base: &GeneralName<'_>| {
                !matches!(base, GeneralName::Dns(_) | GeneralName::Ip(_) | GeneralName::Email(_) | GeneralName::Uri(_))
            };
            let of_policies = [oid::POLICY_CONSTRAINTS, oid::POLICY_MAPPINGS, oid::INHIBIT_ANY_POLICY];
            let has_names = scene.subtrees(at).iter().any(|(tree, _)| is_unknown(&tree.base));
            of_policies.into_iter().any(has) || (has_names && has(oid::NAME_CONSTRAINTS))
        }
        Program::Webpki => {
            let of_policies = [oid::POLICY_CONSTRAINTS, oid::POLICY_MAPPINGS, oid::INHIBIT_ANY_POLICY];
            !scene.is_anchor(at) && of_policies.into_iter().any(has)
        }
    }
}

/// GnuTLS: forms of names that it does not compare, where they are excluded, and those that it does not know.
fn has_other_forms(at: usize, scene: Scene<'_>) -> bool {
    scene.subtrees(at).iter().any(|(tree, permitted)| match tree.base {
        GeneralName::Dns(_) | GeneralName::Email(_) | GeneralName::Ip(_) => false,
        GeneralName::Directory(_) | GeneralName::Uri(_) => !permitted,
        _ => true,
    })
}

fn ranged(found: Option<Ranged>, has_numbers: bool) -> Option<Besides> {
    let (check, number) = match found? {
        Ranged::Excluded => (&NAME_EXCLUDED, 48),
        Ranged::NotPermitted => (&NAME_NOT_PERMITTED, 47),
        Ranged::BadLength => (&NAME_CONSTRAINT_UNSOUND, 53),
    };
    Some(Besides { number: Some(number).filter(|_| has_numbers), ..Besides::new(check, 0) })
}

/// The common name of a leaf that names no host is held against constraints on hosts; `looks_at` says whose count.
fn common_name(scene: Scene<'_>, looks_at: impl Fn(usize) -> bool) -> Option<Besides> {
    let names = scene.alternative_names();
    let has_hosts = names.iter().any(|it| matches!(it, GeneralName::Dns(_)));
    let common = scene.certificate(0)?.subject().first(oid::COMMON_NAME).filter(|it| !has_hosts && it.contains('.'))?;
    let name = GeneralName::Dns(crate::cert::Text(common.as_bytes()));
    let lies_in = |base: &GeneralName<'_>| fit(&name, base, LeadingPeriod::OnlyBelow) == Fit::Within;
    (1..scene.path.certificates.len()).filter(|at| looks_at(*at)).find_map(|at| {
        let subtrees: Vec<_> =
            scene.subtrees(at).into_iter().filter(|(it, _)| matches!(it.base, GeneralName::Dns(_))).collect();
        if subtrees.iter().any(|(it, permitted)| !permitted && lies_in(&it.base)) {
            return Some(Besides { number: Some(48), ..Besides::new(&NAME_EXCLUDED, 0) });
        }
        let mut permitted = subtrees.iter().filter(|(_, permitted)| *permitted).peekable();
        let is_out = permitted.peek().is_some() && !permitted.any(|(it, _)| lies_in(&it.base));
        is_out.then(|| Besides { number: Some(47), ..Besides::new(&NAME_NOT_PERMITTED, 0) })
    })
}

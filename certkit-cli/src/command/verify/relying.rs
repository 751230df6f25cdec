//! The relying parties of RFC 5280, of the web, and of TLS in practice.

use std::sync::Arc;

use certkit_core::cert::Certificate;
use certkit_core::check::{self, Profile};
use certkit_core::moment::Moment;
use certkit_core::oid::{self, Oid};
use certkit_core::path::Pool;
use certkit_core::path::names::Peer;
use certkit_core::path::process::{Explicit, Inhibited, PolicyInputs};
use certkit_core::text::Printable;
use certkit_core::verify::program::{self, Program};
use certkit_core::verify::{AtHand, Question, Revocation, verify};

use super::online;
use super::options::{Options, ProfileName, Purpose};
use super::shelf::Shelf;
use crate::failure::Failure;
use crate::input::{self, called};
use crate::render::verified::{Judged, Opinion, Outcome};

/// Judges the leaf that is named under a profile.
pub(super) fn judge(options: &Options, profile: &'static Profile, shelf: &Shelf) -> Result<Judged, Failure> {
    let name = options.leaf.as_deref().ok_or_else(|| {
        Failure::new("no certificate is named")
            .hint("a line of a batch has it in the field `leaf`, as a file or as PEM text")
    })?;
    let gathered = shelf.gather(options)?;
    let leaves = shelf.leaves(name)?;
    let moment = options.at.unwrap_or_else(Moment::now);
    let default = if gathered.tells_revocation { Revocation::Required } else { Revocation::Preferred };
    let revocation = options.revocation.map_or(default, Revocation::from);
    let outcome = match leaves.first() {
        Some(Err(reason)) => Outcome::Undecodable(reason.clone()),
        _ => {
            let sent: Vec<Certificate> = leaves.into_iter().filter_map(Result::ok).collect();
            let leaf = check::leaf_among(&sent).and_then(|at| sent.get(at)).cloned();
            let leaf = leaf.ok_or_else(|| Failure::new(format!("{}: there is no certificate in it", called(name))))?;
            let mut pool = Pool::over(Arc::clone(&gathered.pool));
            sent.into_iter().filter(|it| *it != leaf).for_each(|it| _ = pool.add(it));
            let (peers, policies) = (peers(options)?, policies(options)?);
            let initial: Vec<Oid<'_>> = policies.iter().map(|policy| Oid(policy)).collect();
            let question = Question {
                purposes: purposes(options),
                peers: &peers,
                max_intermediates: options.max_depth,
                policies: PolicyInputs {
                    initial: &initial,
                    explicit: if options.explicit_policy { Explicit::Required } else { Explicit::NotRequired },
                    mapping: inhibited(options.inhibit_map),
                    any_policy: inhibited(options.inhibit_any),
                },
                revocation,
                ..Question::new(profile, moment)
            };
            let at_hand = AtHand { pool: &pool, lists: &gathered.lists, responses: &gathered.responses };
            let verdict = match options.online && revocation != Revocation::Off {
                true => online::decide(&leaf, &at_hand, &question, &shelf.online),
                false => verify(&leaf, &at_hand, &question),
            };
            Outcome::Decided(Box::new(verdict))
        }
    };
    let origin = |certificate: &Certificate| {
        let known = gathered.origins.iter().find(|(known, _)| known == certificate);
        known.map_or_else(|| called(name), |(_, origin)| origin.clone())
    };
    let origins = match &outcome {
        Outcome::Decided(verdict) => verdict.path.certificates.iter().map(origin).collect(),
        Outcome::Undecodable(_) | Outcome::Validated(_) => Vec::new(),
    };
    let program = options.program.map(Program::from).map(|program| {
        let refusals = match &outcome {
            Outcome::Decided(verdict) => program::refusals(verdict, program),
            Outcome::Undecodable(_) | Outcome::Validated(_) => vec![program::undecodable(program)],
        };
        Opinion { program, refusals }
    });
    Ok(Judged { leaf: called(name), profile: profile.name, program, moment, revocation, outcome, origins })
}

/// What the key is to be used for.
fn purposes(options: &Options) -> &'static [Oid<'static>] {
    let is_servers = options.profile != Some(ProfileName::Rfc5280) && options.email.is_none();
    match options.purpose {
        Some(Purpose::Server) => &[oid::SERVER_AUTH],
        Some(Purpose::Client) => &[oid::CLIENT_AUTH],
        Some(Purpose::Any) => &[],
        None if is_servers => &[oid::SERVER_AUTH],
        None => &[],
    }
}

/// Whom the leaf has to name.
fn peers(options: &Options) -> Result<Vec<Peer>, Failure> {
    let mut peers = Vec::new();
    if let Some(host) = &options.host {
        peers.push(Peer::from_host(host).map_err(input::bad_host)?);
    }
    if let Some(address) = &options.email {
        if !address.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty()) {
            return Err(
                Failure::new(format!("`{}` is no mailbox", Printable(address))).hint("for example line3@plant.example")
            );
        }
        peers.push(Peer::Mailbox(address.clone()));
    }
    Ok(peers)
}

/// The acceptable policies, encoded.
fn policies(options: &Options) -> Result<Vec<Vec<u8>>, Failure> {
    let encode = |dotted: &String| {
        oid::encode(dotted).ok_or_else(|| {
            Failure::new(format!("`{}` is no policy", Printable(dotted)))
                .hint("dotted numbers, for example 2.5.29.32.0 for any policy")
        })
    };
    options.policy.iter().map(encode).collect()
}

fn inhibited(is_inhibited: bool) -> Inhibited {
    if is_inhibited { Inhibited::Yes } else { Inhibited::No }
}

//! The relying parties of RFC 5280, of the web, and of TLS in practice.

use std::sync::Arc;

use certkit_core::cert::Certificate;
use certkit_core::check::{self, Case, Expectation, Profile, Usage};
use certkit_core::context::{Context, Listening, Origin};
use certkit_core::moment::Moment;
use certkit_core::oid::{self, Oid};
use certkit_core::path::Pool;
use certkit_core::path::names::Peer;
use certkit_core::path::process::{Explicit, Inhibited, PolicyInputs};
use certkit_core::text::Printable;
use certkit_core::verify::program::{self, Program, Refusal};
use certkit_core::verify::{Question, Revocation, TrustMaterial, Verdict, verify};

use super::evidence::{EvidenceCache, Sent};
use super::online;
use super::options::{Options, Purpose};
use crate::failure::Failure;
use crate::input::{self, called};
use crate::verdict::{Asked, Judged, ProgramVerdict};

/// Judges the leaf that is named under a profile.
pub(super) fn judge(options: &Options, profile: &'static Profile, cache: &EvidenceCache) -> Result<Judged, Failure> {
    let file = cache.leaf(options)?;
    let context = cache.context(options, &file)?;
    let name = called(options.leaf.as_deref().unwrap_or_default());
    let moment = options.at.unwrap_or_else(Moment::now);
    let is_told = !context.lists.is_empty() || !context.responses.is_empty();
    let default = match context.listening {
        _ if !is_told => Revocation::Preferred,
        Listening::Required => Revocation::Required,
        Listening::WhereListed => Revocation::WhereListed,
    };
    let revocation = options.revocation.map_or(default, Revocation::from);
    let asked = Asked { leaf: name.clone(), profile, moment, revocation };
    let Sent { leaf, beside } = match file.sent {
        Ok(sent) => sent,
        Err(reason) => {
            let verdict_of_program = options.program.map(Program::from).map(|it| ProgramVerdict {
                program: it,
                refusals: vec![program::undecodable(it)],
                unasked: None,
            });
            return Ok(Judged::undecodable(asked, reason, None).by(verdict_of_program));
        }
    };
    let mut pool = Pool::over(Arc::clone(context.pool()));
    beside.into_iter().filter(|it| *it != leaf).for_each(|it| _ = pool.add(it));
    let (peers, policies) = (peers(options)?, policies(options)?);
    let initial: Vec<Oid<'_>> = policies.iter().map(|policy| Oid(policy)).collect();
    let mut question = Question {
        purposes: purposes(options, profile),
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
    question.to_root = options.program.is_none_or(|it| Program::from(it).goes_to_root());
    let material = TrustMaterial { pool: &pool, lists: &context.lists, responses: &context.responses };
    let verdict = match options.online && revocation != Revocation::Off {
        true => online::decide(&leaf, &material, &question, &cache.online),
        false => verify(&leaf, &material, &question),
    };
    let origins = verdict.path.certificates.iter().map(|it| origin(&context, it).unwrap_or_else(|| name.clone()));
    let origins = origins.collect();
    let verdict_of_program = options.program.map(Program::from).map(|it| ProgramVerdict {
        program: it,
        refusals: unread(&context, &verdict, it)
            .map_or_else(|| program::refusals(&verdict, &peers, it), |refusal| vec![refusal]),
        unasked: program::unasked(&verdict, it),
    });
    let expectation = Expectation::default();
    let (path, noted, limits) = (&verdict.path, &verdict.processed, &profile.limits);
    let case = Case::new(path, noted, profile.role_of(&leaf), &[], &expectation, moment, limits);
    let forms = check::forms(&case, profile);
    Ok(Judged::decided(asked, verdict, forms).found(origins).by(verdict_of_program))
}

/// Why a program does not read the text that the anchor of a path is in.
fn unread(context: &Context, verdict: &Verdict, program: Program) -> Option<Refusal> {
    let anchor = verdict.anchor()?;
    let text = context.texts.iter().find(|text| text.certificates.contains(anchor))?;
    let position = verdict.path.certificates.len().saturating_sub(1);
    program::unread(text, program).map(|refusal| Refusal { position, ..refusal })
}

/// Where a certificate of the context was found; `None` for what came with the leaf.
fn origin(context: &Context, certificate: &Certificate) -> Option<String> {
    let id = context.pool().find(certificate)?;
    let place = match context.origin(id)? {
        Origin::Given(name) => called(name),
        Origin::Mozilla => "mozilla".to_owned(),
        _ => "system".to_owned(),
    };
    Some(if context.pool().is_anchor(id) { format!("trusted: {place}") } else { format!("found in {place}") })
}

/// What the key is to be used for.
fn purposes(options: &Options, profile: &Profile) -> &'static [Oid<'static>] {
    match options.purpose {
        Some(Purpose::Server) => &[oid::SERVER_AUTH],
        Some(Purpose::Client) => &[oid::CLIENT_AUTH],
        Some(Purpose::Any) => &[],
        // A mailbox is no server's.
        None if options.email.is_some() => &[],
        None => profile.usage.map_or(&[], Usage::purposes),
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
            return Err(Failure::new(format!("`{}` is not a mailbox", Printable(address)))
                .hint("for example line3@plant.example"));
        }
        peers.push(Peer::Mailbox(address.clone()));
    }
    Ok(peers)
}

/// The acceptable policies, encoded.
fn policies(options: &Options) -> Result<Vec<Vec<u8>>, Failure> {
    let encode = |dotted: &String| {
        oid::encode(dotted).ok_or_else(|| {
            Failure::new(format!("`{}` is not a policy", Printable(dotted)))
                .hint("dotted numbers, for example 2.5.29.32.0 for any policy")
        })
    };
    options.policy.iter().map(encode).collect()
}

fn inhibited(is_inhibited: bool) -> Inhibited {
    if is_inhibited { Inhibited::Yes } else { Inhibited::No }
}

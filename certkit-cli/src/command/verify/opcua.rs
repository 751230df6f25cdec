//! OPC UA applications and users: the validation of OPC 10000-4 section 6.1.3, by trusted and issuer lists.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use certkit_core::cert::Certificate;
use certkit_core::check::{self, Case, Expectation, Processed, Role};
use certkit_core::context::Trust;
use certkit_core::moment::Moment;
use certkit_core::opcua::validation::{Peer, Revocation as Steps, Shelf as List, Step, Suppressions};
use certkit_core::opcua::{Question, SecurityPolicy, Stack, TrustLists, validate};
use certkit_core::status::StatusCode;
use certkit_core::text::Printable;
use certkit_core::verify::Revocation;

use super::options::{Options, ProfileName, Purpose};
use super::shelf::Shelf;
use crate::failure::Failure;
use crate::input::{self, DefaultTrust, Pki, Whose, called};
use crate::render::validated::Validated;
use crate::render::verified::{Judged, Outcome};

/// What a question names: a PKI folder, trusted certificates, issuers, revocation lists.
type Key = [Vec<String>; 4];

/// How many sets of lists are kept at most.
const SETS: usize = 256;

/// Lists that were read, by what was named.
#[derive(Debug, Default)]
pub(super) struct Listed(Mutex<HashMap<(Key, Whose), Arc<TrustLists>>>);

/// Judges the leaf that is named.
pub(super) fn judge(options: &Options, shelf: &Shelf) -> Result<Judged, Failure> {
    let is_user = options.profile == Some(ProfileName::OpcuaUser);
    refuse_misplaced(options)?;
    let name = options.leaf.as_deref().ok_or_else(|| {
        Failure::new("no certificate is named")
            .hint("a line of a batch has it in the field `leaf`, as a file or as PEM text")
    })?;
    let lists = lists(options, shelf, if is_user { Whose::Users } else { Whose::Applications })?;
    let leaves = shelf.leaves(name)?;
    let moment = options.at.unwrap_or_else(Moment::now);
    let revocation = options.revocation.map_or(Revocation::Required, Revocation::from);
    let peer = match options.purpose {
        _ if is_user => Peer::User,
        Some(Purpose::Server) => Peer::Server,
        Some(Purpose::Client) => Peer::Client,
        Some(Purpose::Any) | None => Peer::Application,
    };
    let profile = if is_user { check::OPCUA_USER.name } else { check::OPCUA.name };
    let policy = options.security_policy.as_deref().map(policy).transpose()?;
    let suppressed = suppressions(options, revocation)?;
    let mut leaves = leaves.into_iter();
    let mut origins = Vec::new();
    // A certificate field of OPC UA has the leaf first.
    let outcome = match leaves.next() {
        None => return Err(Failure::new(format!("{}: there is no certificate in it", called(name)))),
        Some(Err(reason)) => Outcome::Undecodable(reason),
        Some(Ok(leaf)) => {
            let sent: Vec<Certificate> = leaves.filter_map(Result::ok).collect();
            let question = Question {
                policy,
                application_uri: options.application_uri.as_deref(),
                host: options.host.as_deref(),
                suppressed,
                revocation: if revocation == Revocation::Off { Steps::Off } else { Steps::Required },
                ..Question::new(peer, moment)
            };
            let validation = validate(&leaf, &sent, &lists, &question);
            let (expectation, noted) = (Expectation::default(), Processed::default());
            let limits = &check::OPCUA_VALIDATION.limits;
            let case = Case::new(&validation.path, &noted, Role::Leaf, &sent, &expectation, moment, limits)
                .validated(&validation);
            let findings = check::judge(&case, &check::OPCUA_VALIDATION).findings;
            let origin = |(at, certificate): (usize, &Certificate)| match at {
                _ if validation.is_listed(at) => "in the trusted list".to_owned(),
                0 => called(name),
                _ if sent.contains(certificate) => "sent along".to_owned(),
                _ => "in the issuer list".to_owned(),
            };
            origins = validation.path.certificates.iter().enumerate().map(origin).collect();
            let untold = untold(&question);
            let stacks: &[Stack] = if options.stacks { &Stack::ALL } else { &[] };
            Outcome::Validated(Box::new(Validated { findings, untold, stacks, validation }))
        }
    };
    Ok(Judged { leaf: called(name), profile, program: None, moment, revocation, outcome, origins })
}

/// The steps that nobody asked about.
fn untold(question: &Question<'_>) -> Vec<Step> {
    let is_application = question.peer != Peer::User;
    let missing = [
        (question.policy.is_none(), Step::Policy),
        (is_application && question.host.is_none() && question.peer != Peer::Client, Step::HostName),
        (is_application && question.application_uri.is_none(), Step::ApplicationUri),
        (question.revocation == Steps::Off, Step::RevocationList),
        (question.revocation == Steps::Off, Step::Revocation),
    ];
    missing.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, step)| step).collect()
}

/// Refuses what OPC UA has no word for.
fn refuse_misplaced(options: &Options) -> Result<(), Failure> {
    let misplaced = [
        (options.email.is_some(), "--email"),
        (!options.policy.is_empty(), "--policy"),
        (options.explicit_policy, "--explicit-policy"),
        (options.inhibit_map, "--inhibit-map"),
        (options.inhibit_any, "--inhibit-any"),
        (options.max_depth.is_some(), "--max-depth"),
        (!options.ocsp.is_empty(), "--ocsp"),
    ];
    match misplaced.into_iter().find(|(is_given, _)| *is_given) {
        Some((_, option)) => Err(Failure::new(format!("{option} means nothing for OPC UA"))
            .hint("OPC 10000-4 section 6.1.3 knows lists, a security policy, an ApplicationUri and a host")),
        None if options.pki.is_none() && options.trust.is_empty() => {
            Err(Failure::new("there are no lists, so nothing could be accepted")
                .hint("--pki DIR names the PKI folder of the application that judges; --trust FILE what it trusts"))
        }
        None => Ok(()),
    }
}

fn policy(name: &str) -> Result<&'static SecurityPolicy, Failure> {
    SecurityPolicy::named(name).ok_or_else(|| {
        let names: Vec<&str> = SecurityPolicy::all().map(|policy| policy.name).collect();
        Failure::new(format!("`{}` is no security policy", Printable(name))).hint(names.join(", "))
    })
}

/// What an administrator has switched off; what may stay unknown is suppressed, too.
fn suppressions(options: &Options, revocation: Revocation) -> Result<Suppressions, Failure> {
    let mut codes: Vec<StatusCode> = Vec::new();
    for name in &options.suppress {
        codes.push(name.parse().map_err(|_| {
            Failure::new(format!("`{}` is no status code of OPC UA", Printable(name)))
                .hint("for example BadCertificateTimeInvalid; `certkit explain` lists them")
        })?);
    }
    if revocation == Revocation::Preferred {
        codes.extend([
            StatusCode::BAD_CERTIFICATE_REVOCATION_UNKNOWN,
            StatusCode::BAD_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN,
        ]);
    }
    input::suppressions(&codes)
}

/// Reads the lists that a question names, unless another one has named the same.
fn lists(options: &Options, shelf: &Shelf, whose: Whose) -> Result<Arc<TrustLists>, Failure> {
    let pki = options.pki.iter().cloned().collect();
    let key = ([pki, options.trust.clone(), options.untrusted.clone(), options.crl.clone()], whose);
    if let Some(known) = shelf.listed.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(Arc::clone(known));
    }
    let mut lists = match &options.pki {
        Some(folder) => Pki::read(Path::new(folder), whose)?.lists,
        None => TrustLists::new(),
    };
    // Nobody can say of the file of a revocation list in which of the two folders it lies.
    let both: &[List] = &[List::Trusted, List::Issuers];
    let named =
        [(&options.trust, Trust::Anchors, &shelf.trusting), (&options.untrusted, Trust::Candidates, &shelf.password)];
    for (names, trust, password) in named {
        let supplies = input::supplies(names, trust, DefaultTrust::Excluded, password, Some(&mut (&mut lists, both)))?;
        input::shelve(&mut lists, supplies);
    }
    input::take_files(&options.crl, &shelf.password, &mut (&mut lists, both))?;
    let lists = Arc::new(lists);
    let mut known = shelf.listed.0.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= SETS {
        known.clear();
    }
    known.insert(key, Arc::clone(&lists));
    Ok(lists)
}

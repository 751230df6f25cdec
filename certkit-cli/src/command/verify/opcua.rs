//! OPC UA applications and users: the validation of OPC 10000-4 section 6.1.3, by trusted and issuer lists.

use certkit_core::cert::Certificate;
use certkit_core::check::{self, Case, Expectation, Processed, Role};
use certkit_core::moment::Moment;
use certkit_core::opcua::validation::{Peer, Revocation as Steps, Step, Suppressions};
use certkit_core::opcua::{Question, SecurityPolicy, Stack, validate};
use certkit_core::status::StatusCode;
use certkit_core::store::Group;
use certkit_core::text::Printable;
use certkit_core::verify::Revocation;

use super::evidence::{EvidenceCache, Sent};
use super::options::{Options, ProfileName, Purpose};
use crate::failure::Failure;
use crate::input::{self, called};
use crate::verdict::Validated;
use crate::verdict::{Asked, Judged};

/// Judges the leaf that is named.
pub(super) fn judge(options: &Options, cache: &EvidenceCache) -> Result<Judged, Failure> {
    let is_user = options.profile == Some(ProfileName::OpcuaUser);
    refuse_misplaced(options)?;
    let group = if is_user { Group::User } else { Group::Application };
    let file = cache.leaf(options)?;
    let lists = cache.trust_lists(options, &file, group, None)?;
    let name = called(options.leaf.as_deref().unwrap_or_default());
    let moment = options.at.unwrap_or_else(Moment::now);
    let revocation = options.revocation.map_or(Revocation::Required, Revocation::from);
    let peer = match options.purpose {
        _ if is_user => Peer::User,
        Some(Purpose::Server) => Peer::Server,
        Some(Purpose::Client) => Peer::Client,
        Some(Purpose::Any) | None => Peer::Application,
    };
    let profile = if is_user { &check::OPCUA_USER } else { &check::OPCUA };
    let policy = options.security_policy.as_deref().map(policy).transpose()?;
    let suppressed = suppressions(options, revocation)?;
    let asked = Asked { leaf: name.clone(), profile, moment, revocation };
    let Sent { leaf, beside: sent } = match &file.sent {
        Ok(sent) => sent,
        Err(reason) => {
            return Ok(Judged::undecodable(asked, reason.clone(), Some(StatusCode::BAD_CERTIFICATE_INVALID)));
        }
    };
    let question = Question {
        policy,
        application_uri: options.application_uri.as_deref(),
        host: options.host.as_deref(),
        suppressed,
        revocation: if revocation == Revocation::Off { Steps::Off } else { Steps::Required },
        ..Question::new(peer, moment)
    };
    let validation = validate(leaf, sent, &lists, &question);
    let (expectation, noted) = (Expectation::default(), Processed::default());
    let limits = &check::OPCUA_VALIDATION.limits;
    let case =
        Case::new(&validation.path, &noted, Role::Leaf, sent, &expectation, moment, limits).validated(&validation);
    let findings = check::judge(&case, &check::OPCUA_VALIDATION).findings;
    let origin = |(at, certificate): (usize, &Certificate)| match at {
        _ if validation.is_listed(at) => "in the trusted list".to_owned(),
        0 => name.clone(),
        _ if sent.contains(certificate) => "sent along".to_owned(),
        _ => "in the issuer list".to_owned(),
    };
    let origins = validation.path.certificates.iter().enumerate().map(origin).collect();
    let mut stacks = Vec::new();
    for stack in if options.stacks { &Stack::ALL[..] } else { &[] } {
        // Each goes by the files that it reads.
        let as_read = match stack.reader().filter(|_| options.pki.is_some()) {
            Some(reader) => validate(leaf, sent, &*cache.trust_lists(options, &file, group, Some(reader))?, &question),
            None => validation.clone(),
        };
        stacks.push(stack.predict(&as_read));
    }
    let validated = Validated { findings, undetermined: undetermined(&question), stacks, validation };
    Ok(Judged::validated(asked, validated).found(origins))
}

/// The steps that nobody asked about.
fn undetermined(question: &Question<'_>) -> Vec<Step> {
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
        Some((_, option)) => Err(Failure::new(format!("{option} has no effect for OPC UA"))
            .hint("OPC 10000-4 section 6.1.3 uses only lists, a security policy, an ApplicationUri and a host")),
        None if options.pki.is_none() && options.trust.is_empty() => {
            Err(Failure::new("no lists given, so no certificate can be accepted").hint(
                "name the PKI folder of the judging application with --pki DIR, or its trusted certificates with \
                       --trust FILE",
            ))
        }
        None => Ok(()),
    }
}

fn policy(name: &str) -> Result<&'static SecurityPolicy, Failure> {
    SecurityPolicy::named(name).ok_or_else(|| {
        let names: Vec<&str> = SecurityPolicy::all().map(|policy| policy.name).collect();
        Failure::new(format!("`{}` is not a security policy", Printable(name))).hint(names.join(", "))
    })
}

/// What an administrator has switched off; what may stay unknown is suppressed, too.
fn suppressions(options: &Options, revocation: Revocation) -> Result<Suppressions, Failure> {
    let mut codes: Vec<StatusCode> = Vec::new();
    for name in &options.suppress {
        codes.push(name.parse().map_err(|_| {
            Failure::new(format!("`{}` is not an OPC UA status code", Printable(name)))
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

//! Inputs that are laid out and judged: each end entity with its file as its presented chain, all of them over what
//! is at hand for the run.

use certkit_core::cert::Certificate;
use certkit_core::chain::Chain;
use certkit_core::check::{self, Basis, Case, Expectation, Judgement, Profile, Role, Subject, Usage};
use certkit_core::context::Origin;
use certkit_core::moment::Moment;
use certkit_core::path::names::Peer;
use certkit_core::report::Report;
use certkit_core::text::Printable;
use certkit_core::verify::across_cores;

use super::Args;
use super::beside::{self, Beside};
use super::processed::Processing;
use crate::command::fetch::{self, opcua::Expected};
use crate::failure::Failure;
use crate::input::{self, Input, Seen};

/// An input that is ready to be judged.
struct Laid<'a> {
    input: &'a Input,
    profile: &'static Profile,
    beside: Beside,
    expectation: Expectation,
    /// Whom a leaf has to name.
    peers: Vec<Peer>,
    is_import: bool,
    /// What could not be decoded, each with its place.
    undecodable: Vec<(String, certkit_core::cert::Malformed)>,
}

/// What came of one certificate.
struct Judged {
    subjects: Vec<(Subject, Origin)>,
    judgement: Judgement,
    /// Whether more was presented with it than was looked at.
    is_cut: bool,
}

/// Judges all inputs, each under its profile, on all processors.
pub(super) fn judge(
    inputs: &[Input],
    profiles: &[&'static Profile],
    args: &Args,
    processing: &Processing,
    report: &mut Report,
) -> Result<(), Failure> {
    let laid = inputs.iter().zip(profiles).map(|(input, profile)| Laid::new(input, args, profile));
    let laid: Vec<Laid<'_>> = laid.collect::<Result<_, _>>()?;
    let moment = report.moment;
    let work = laid.iter().flat_map(|it| it.beside.judged().iter().map(move |certificate| (it, certificate)));
    let work: Vec<(&Laid<'_>, &Certificate)> = work.collect();
    let mut judged = across_cores(&work, |(laid, it)| laid.judge(it, args, processing, moment)).into_iter();
    for laid in &laid {
        let name = &laid.input.name;
        report.look_at(Some(name));
        laid.undecodable.iter().for_each(|(place, error)| report.add_undecodable(place, error));
        if let Some(lost) = input::lost_first(&laid.input.contents).filter(|_| laid.beside.judged().is_empty()) {
            // What was to be judged is not.
            report.add_unreached(format!("{}: {lost}", Printable(name)));
        }
        if let Some(discovery) = laid.input.discovery().filter(|_| is_asked(args)) {
            let host = laid.expectation.host.as_deref().unwrap_or_default();
            let anchors = processing.anchors.as_deref();
            let expected = Expected { host, application_uri: args.application_uri.as_deref(), anchors };
            let told =
                |path: &certkit_core::path::Path, _: &[Certificate]| processing.revocation(path, &check::OPCUA, moment);
            fetch::opcua::judge(discovery, &expected, &processing.context, &told, None, report);
        }
        let mut is_cut = false;
        for Judged { subjects, judgement, is_cut: own } in judged.by_ref().take(laid.beside.judged().len()) {
            report.add_judged(laid.profile, subjects, &judgement);
            is_cut |= own;
        }
        if is_cut {
            let limit = beside::LIMIT;
            report.add_unread(format!(
                "{}: more than {limit} CAs lead up from one certificate by their names; the others count as not sent",
                Printable(name)
            ));
        }
    }
    Ok(())
}

/// Says whether what an OPC UA server tells of itself is to be judged.
fn is_asked(args: &Args) -> bool {
    args.profile.is_none_or(|it| it.name == check::OPCUA.name)
}

impl<'a> Laid<'a> {
    /// Takes each end entity of an input; each CA where there are only CAs, or where CAs are imported.
    fn new(input: &'a Input, args: &Args, profile: &'static Profile) -> Result<Laid<'a>, Failure> {
        let mut certificates: Vec<Certificate> = Vec::new();
        let mut undecodable = Vec::new();
        for (position, decoded) in input.certificates() {
            match decoded {
                Ok(certificate) => certificates.push(certificate),
                Err(error) => undecodable.push((format!("{}, {position}", Printable(&input.name)), error)),
            }
        }
        let is_opcua = [check::OPCUA.name, check::OPCUA_USER.name].contains(&profile.name);
        let is_import = profile.role == Role::Authority;
        let expectation = Expectation {
            host: args.host.clone().or_else(|| input.endpoint.as_ref().map(|(endpoint, _)| endpoint.host.to_string())),
            application_uri: args.application_uri.clone(),
            // What an OPC UA application is, server or client, nobody can see from outside.
            usage: (profile.role == Role::Leaf && !is_opcua).then_some(Usage::TlsServer),
        };
        let is_named = matches!(profile.basis, Basis::Facts(_));
        let host = expectation.host.as_deref().filter(|_| is_named);
        let peers = host.map(Peer::from_host).transpose().map_err(input::bad_host)?.into_iter().collect();
        let is_authority =
            |it: &Certificate| if is_opcua { profile.role_of(it) == Role::Authority } else { it.is_ca() };
        // Where the holder's own certificate cannot be decoded, the next one does not stand for it.
        let is_first_lost = input::lost_first(&input.contents).is_some()
            || input.certificates().next().is_some_and(|(_, decoded)| decoded.is_err());
        let judged: Vec<usize> = if input.discovery().is_some() && is_asked(args) {
            Vec::new()
        } else if is_import {
            (0..certificates.len()).collect()
        } else if input.endpoint.is_some() {
            // A server's own certificate comes first.
            (0..certificates.len().min(usize::from(!is_first_lost))).collect()
        } else {
            let leaves = certificates.iter().enumerate().filter(|(_, it)| !is_authority(it));
            let leaves: Vec<usize> = leaves.map(|(at, _)| at).collect();
            if leaves.is_empty() && !is_first_lost {
                check::leaf_among(&certificates).into_iter().collect()
            } else {
                leaves
            }
        };
        let beside = Beside::new(certificates, &judged, is_import);
        Ok(Laid { input, profile, beside, expectation, peers, is_import, undecodable })
    }

    /// Judges one of its certificates.
    fn judge(&self, certificate: &Certificate, args: &Args, processing: &Processing, moment: Moment) -> Judged {
        let profile = self.profile;
        let presented = self.beside.of(certificate);
        let (mut presented, is_cut) = (presented.certificates, presented.is_cut);
        let chain = Chain::complete(certificate, &presented, &processing.context, moment, None);
        if is_cut {
            // Whatever else is left out, what the path needs is there.
            let lacks = |it: &&Certificate| self.beside.has(it) && !presented.contains(it);
            let missing: Vec<Certificate> = chain.path.certificates.iter().filter(lacks).cloned().collect();
            presented.extend(missing);
        }
        if self.input.endpoint.is_none() && !self.is_import {
            // What --untrusted adds to a file stands for what its holder will send along.
            let is_sent = |it: &&Certificate| matches!(chain.origin_of(it), Origin::Given(store) if args.untrusted.contains(&store));
            presented.extend(chain.path.certificates.iter().filter(is_sent).cloned());
        }
        let decided = match profile.basis {
            Basis::Facts(_) => Some(processing.decide(certificate, profile, &self.expectation, &self.peers, moment)),
            Basis::Looks => None,
        };
        let told = processing.revocation(&chain.path, profile, moment);
        let path = decided.as_ref().map_or(&chain.path, |verdict| &verdict.path);
        let role = profile.role_of(certificate);
        let mut case = Case::new(path, role, &presented, &self.expectation, moment, &profile.limits)
            .trusting(processing.anchors.as_deref());
        if let Some((_, Seen::Tls(connection))) = self.input.endpoint {
            case = case.over(connection);
        }
        if let Some(processed) = decided.as_ref().map(|verdict| &verdict.processed).or(told.as_ref()) {
            case = case.processed(processed);
        }
        let judgement = check::judge(&case, profile);
        let own = || Origin::Given(self.input.name.clone());
        let origin = |it: &Certificate| match &decided {
            Some(_) => processing.context.origin_of(it).cloned().unwrap_or_else(own),
            None => match chain.origin_of(it) {
                Origin::Presented => own(),
                other => other,
            },
        };
        let subjects = case.subjects.into_iter().map(|it| {
            let origin = origin(&it.certificate);
            (it, origin)
        });
        Judged { subjects: subjects.collect(), judgement, is_cut }
    }
}

//! Inputs that are laid out and judged: each end entity with its file as its presented chain, all of them over what
//! is at hand for the run.

use certkit_core::assess::{Assessment, Request, assess};
use certkit_core::cert::{Certificate, Malformed};
use certkit_core::check::{self, CA, Expectation, Profile, Role};
use certkit_core::context::{Context, Origin};
use certkit_core::moment::Moment;
use certkit_core::path::Path;
use certkit_core::path::names::Peer;
use certkit_core::report::Report;
use certkit_core::store::authority;
use certkit_core::text::Printable;

use super::beside::{self, Beside};
use super::{Args, apart, keys};
use crate::command::fetch::{self, opcua::Expected};
use crate::failure::Failure;
use crate::hosted;
use crate::input::{self, Input, Seen};

/// An input that is ready to be judged.
struct Laid<'a> {
    input: &'a Input,
    chosen: Chosen,
    beside: Beside,
    expectation: Expectation,
    is_import: bool,
    /// What could not be decoded, each with its place.
    undecodable: Vec<(String, &'a Malformed)>,
    /// The chain that lies beside the file of one certificate, as `generate` writes it.
    chain: Option<Vec<Certificate>>,
    /// The first certificate of a file whose order is that of presentation, where it is a CA and not judged as such.
    first: Option<Certificate>,
}

/// The profile of an input.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub(super) profile: &'static Profile,
    /// Whether each certificate is judged as what it is by its own looks, since nobody has said what they are.
    pub(super) by_each: bool,
}

/// What came of one certificate.
struct Judged {
    profile: &'static Profile,
    assessment: Assessment,
    /// Whether more was presented with it than was looked at.
    is_cut: bool,
}

/// Judges all inputs, each under its profile, on all processors.
pub(super) fn judge(
    inputs: &[Input],
    profiles: &[Chosen],
    args: &Args,
    context: &Context,
    report: &mut Report,
) -> Result<(), Failure> {
    let chains = beside::chains(inputs);
    let laid = inputs.iter().zip(profiles).map(|(input, chosen)| {
        let chain = beside::chain_of(input, &chains);
        Ok(Laid { chain, ..Laid::new(input, args, *chosen)? })
    });
    let laid: Vec<Laid<'_>> = laid.collect::<Result<_, Failure>>()?;
    let moment = report.moment;
    let work = laid.iter().flat_map(|it| it.judged().map(move |certificate| (it, certificate)));
    let work: Vec<(&Laid<'_>, &Certificate)> = work.collect();
    let mut judged = hosted::across_cores(&work, |(laid, it)| laid.judge(it, args, context, moment))?.into_iter();
    for laid in &laid {
        hosted::require_wanted()?;
        let name = &laid.input.name;
        report.look_at(Some(name));
        laid.undecodable.iter().for_each(|(place, error)| report.add_undecodable(place, error));
        if let Some(lost) = laid.input.contents.lost_before_first().filter(|_| laid.beside.judged().is_empty()) {
            // What was to be judged is not.
            report.add_not_taken(lost, format!("{}: {lost}", Printable(name)));
        }
        if let Some(discovery) = laid.input.discovery().filter(|_| is_asked(args)) {
            let host = laid.expectation.host.as_deref().unwrap_or_default();
            let expected = Expected { host, application_uri: args.application_uri.as_deref() };
            fetch::opcua::judge(discovery, &expected, context, &Origin::Given(name.clone()), None, report);
        }
        apart::judge(laid.input, &laid.expectation, args.profile, context, report);
        let mut is_cut = false;
        let own: Vec<Judged> = judged.by_ref().take(laid.judged().count()).collect();
        // Whoever sends the file presents its first certificate, unless that has issued another one.
        let is_used = |it: &Certificate| own.iter().any(|own| own.assessment.verdict.path.certificates.contains(it));
        let first = laid.first.as_ref().filter(|it| !own.is_empty() && !is_used(it));
        let first = first.map(|it| laid.judge(it, args, context, moment));
        for Judged { profile, assessment, is_cut: own } in first.into_iter().chain(own) {
            report.add(profile, &assessment, &Origin::Given(name.clone()));
            is_cut |= own;
        }
        if is_cut {
            let limit = beside::LIMIT;
            report.add_unread(format!(
                "{}: more than {limit} CAs match as issuers of one certificate by name; the others are ignored",
                Printable(name)
            ));
        }
    }
    Ok(())
}

/// Says whether what an OPC UA server tells of itself is to be judged.
fn is_asked(args: &Args) -> bool {
    args.profile.is_none_or(Profile::looks_at_endpoints)
}

impl<'a> Laid<'a> {
    /// Takes each end entity of an input; each CA where there are only CAs, or where CAs are imported.
    fn new(input: &'a Input, args: &Args, chosen: Chosen) -> Result<Laid<'a>, Failure> {
        let profile = chosen.profile;
        let mut certificates: Vec<Certificate> = Vec::new();
        let mut undecodable = Vec::new();
        for (position, decoded) in input.decoded() {
            match decoded {
                Ok(certificate) => certificates.push(certificate.clone()),
                Err(error) => undecodable.push((format!("{}, {position}", Printable(&input.name)), error)),
            }
        }
        let is_import = profile.role == Role::Authority;
        let expectation = Expectation {
            host: args.host.clone().or_else(|| input.endpoint.as_ref().map(|(endpoint, _)| endpoint.host.to_string())),
            port: input.endpoint.as_ref().map(|(endpoint, _)| endpoint.port),
            application_uri: args.application_uri.clone(),
            usage: profile.usage,
        };
        expectation.host.as_deref().map(Peer::from_host).transpose().map_err(input::bad_host)?;
        // Whoever has issued another of the file is no holder of its own there, whatever it looks like: to TLS, unless it
        // comes first, and to OPC UA where it has the flag of a CA; what an application is, that profile knows.
        let issuers = beside::issuers(&certificates);
        let has_issued = |it: &Certificate| issuers.contains(&it.subject().canonical());
        let is_authority = |at: usize, it: &Certificate| match profile.usage {
            Some(_) => it.is_ca() || (at > 0 && has_issued(it)),
            None => profile.role_of(it) == Role::Authority || (it.is_ca() && has_issued(it)),
        };
        // Where the holder's own certificate cannot be decoded, the next one does not stand for it.
        let is_first_lost = input.contents.lost_before_first().is_some()
            || input.decoded().first().is_some_and(|(_, decoded)| decoded.is_err());
        let entries = if is_import { Vec::new() } else { keys::entries(input) };
        let judged: Vec<usize> = if input.discovery().is_some() && is_asked(args) {
            Vec::new()
        } else if is_import {
            (0..certificates.len()).collect()
        } else if input.endpoint.is_some() {
            // A server's own certificate comes first.
            (0..certificates.len().min(usize::from(!is_first_lost))).collect()
        } else {
            let has_key = |it: &Certificate| entries.iter().any(|chain| chain.first() == Some(it));
            // What else the chain of an entry has is sent with it, and served by nobody.
            let is_sent_along =
                |it: &Certificate| entries.iter().any(|chain| chain.iter().skip(1).any(|sent| sent == it));
            let is_leaf =
                |(at, it): &(usize, &Certificate)| has_key(it) || (!is_authority(*at, it) && !is_sent_along(it));
            let leaves = certificates.iter().enumerate().filter(is_leaf);
            let leaves: Vec<usize> = leaves.map(|(at, _)| at).collect();
            if leaves.is_empty() && !is_first_lost {
                check::leaf_among(&certificates).into_iter().collect()
            } else {
                leaves
            }
        };
        let is_in_order = keys::is_in_order(input);
        let is_presented = !is_import && input.endpoint.is_none() && !is_first_lost && is_in_order;
        let first = certificates.first().filter(|_| is_presented && !judged.contains(&0)).cloned();
        let beside = Beside::new(certificates, &judged, &issuers, is_import, entries, is_in_order);
        Ok(Laid { input, chosen, beside, expectation, is_import, undecodable, chain: None, first })
    }

    /// What is judged, in the order of the file; at the end the CAs that lead up from nothing else there, where nobody
    /// has said what the file is: whatever they are for, they are to be trusted by somebody.
    fn judged(&self) -> impl Iterator<Item = &Certificate> {
        let apart = self.beside.unrelated().filter(|_| self.chosen.by_each);
        self.beside.judged().iter().chain(apart)
    }

    /// The profile of one of its certificates.
    fn profile_of(&self, certificate: &Certificate) -> &'static Profile {
        if !self.chosen.by_each {
            return self.chosen.profile;
        }
        if self.beside.is_unrelated(certificate) {
            return &CA;
        }
        let own = Profile::suited(None, std::slice::from_ref(certificate));
        if own.role == Role::Leaf { own } else { self.chosen.profile }
    }

    /// Judges one of its certificates.
    fn judge(&self, certificate: &Certificate, args: &Args, context: &Context, moment: Moment) -> Judged {
        let presented = self.beside.of(certificate);
        let (mut presented, is_cut) = (presented.certificates, presented.is_cut);
        if let Some(chain) = &self.chain {
            presented.clone_from(chain);
        }
        let connection = match &self.input.endpoint {
            Some((_, Seen::Tls(connection, _))) => Some(connection),
            _ => None,
        };
        let profile = self.profile_of(certificate);
        let expectation = &Expectation { usage: profile.usage, ..self.expectation.clone() };
        let assess = |presented: &[Certificate]| {
            assess(&Request { leaf: certificate, presented, expectation, profile, moment, connection }, context, None)
        };
        let assessment = assess(&presented);
        let sent = self.sent(&assessment.verdict.path, &presented, args, context, is_cut);
        if sent.is_empty() {
            return Judged { profile, assessment, is_cut };
        }
        presented.extend(sent);
        Judged { profile, assessment: assess(&presented), is_cut }
    }

    /// What counts as presented besides, since the path has it.
    fn sent(
        &self,
        path: &Path,
        presented: &[Certificate],
        args: &Args,
        context: &Context,
        is_cut: bool,
    ) -> Vec<Certificate> {
        // Whatever else is left out, what the path needs is there.
        let is_left_out = |it: &Certificate| is_cut && self.beside.has(it);
        // What --untrusted adds to a file stands for what its holder will send along.
        let is_from_file = self.input.endpoint.is_none() && !self.is_import;
        // The index of a CA is sent by nobody: what it has issued is presented elsewhere, with its issuers.
        let is_index = authority::is_index(std::path::Path::new(&self.input.name));
        let is_added = |it: &Certificate| {
            let origin = context.origin_of(it);
            is_from_file && (is_index || matches!(origin, Some(Origin::Given(store)) if args.untrusted.contains(store)))
        };
        let is_sent = |it: &&Certificate| !presented.contains(it) && (is_left_out(it) || is_added(it));
        path.certificates.iter().filter(is_sent).cloned().collect()
    }
}

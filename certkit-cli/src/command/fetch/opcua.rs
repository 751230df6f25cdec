//! `certkit fetch opc.tcp://…`: what an OPC UA server tells of its endpoints, and its certificates.

use std::path::{Path, PathBuf};

use certkit_core::assess::{Request, assess};
use certkit_core::cert::Certificate;
use certkit_core::chain::Download;
use certkit_core::check::opcua::posture::{self, Posture};
use certkit_core::check::{Expectation, OPCUA, Usage};
use certkit_core::container::Form;
use certkit_core::context::{Context, Origin};
use certkit_core::files::names;
use certkit_core::presented::{Endpoint, EndpointDescription, Scheme};
use certkit_core::report::Report;
use certkit_core::source::{self, Discover, Discovery, DiscoveryExtent, Proxy};
use certkit_core::text::Address;

use super::{Args, Part, encode, form, part};
use crate::arguments::Format;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{Content, Files};
use crate::input;
use crate::output;
use crate::render::discovered::{self, Discovered, Offered};
use crate::render::fetched::{FetchJson, Written, outcome};
use crate::terminal;

/// Refuses options that mean nothing for the endpoint.
pub(super) fn refuse_misplaced(endpoint: &Endpoint, args: &Args) -> Result<(), Failure> {
    let is_opcua = endpoint.scheme == Scheme::OpcTcp;
    let misplaced = [
        (
            is_opcua && args.server_name.is_some(),
            "--server-name",
            "put the name in the URL and add --connect HOST:PORT",
        ),
        (is_opcua && args.client.is_given(), "--client-cert", "GetEndpoints needs none"),
        (!is_opcua && args.find_servers, "--find-servers", "it needs a URL that begins with opc.tcp://"),
    ];
    match misplaced.into_iter().find(|(is_misplaced, ..)| *is_misplaced) {
        Some((_, option, hint)) => {
            Err(Failure::new(format!("{option} has no effect for a {}:// endpoint", endpoint.scheme)).hint(hint))
        }
        None => Ok(()),
    }
}

pub(super) fn run(endpoint: &Endpoint, args: &Args, context: &Context, proxy: Option<&Proxy>) -> Result<Exit, Failure> {
    let known = args.weak_keys.known()?;
    let extent = if args.find_servers { DiscoveryExtent::EndpointsAndServers } else { DiscoveryExtent::Endpoints };
    let how = Discover { timeout: args.timeout, address: args.connect.clone(), proxy: proxy.cloned(), extent };
    let discovery = source::discover_blocking(endpoint, &how).map_err(input::undiscovered)?;
    let knows_servers = matches!(&discovery.servers, Some(Ok(servers)) if !servers.is_empty());
    if discovery.endpoints.is_empty() && !knows_servers {
        return Err(Failure::new(format!("{} lists no endpoint", endpoint.host_port())).hint(
            "it is still starting, or has no endpoint configured; --find-servers lists the other servers it knows",
        ));
    }
    let mut report = Report::new(args.moment.moment());
    report.look_at(Some(&endpoint.to_string()));
    for (at, der) in input::offered(&discovery).iter().enumerate() {
        if let Err(error) = Certificate::from_der(der) {
            report.add_undecodable(&format!("certificate {} of the server", at + 1), &error);
        }
    }
    let downloads = args.downloads(endpoint, discovery.peer, proxy);
    let mut download = |address: &Address| Ok(downloads.get(address)?);
    let host = endpoint.host.to_string();
    let expected = Expected { host: &host, application_uri: None };
    let download: Option<&mut Download<'_>> = if args.offline { None } else { Some(&mut download) };
    let offered = judge(&discovery, &expected, context, &Origin::Presented, download, &mut report);
    if known.is_some() {
        report.look_together(&[], &[], known.as_ref());
    }
    deliver(endpoint, Discovered { discovery, is_through_proxy: proxy.is_some(), offered, report }, args)
}

/// What a server is expected to be.
pub(crate) struct Expected<'a> {
    /// The host by which it is reached.
    pub(crate) host: &'a str,
    /// Its ApplicationUri, in place of the one that it tells.
    pub(crate) application_uri: Option<&'a str>,
}

/// Completes and judges every certificate of a server, found at `own`, then its endpoints.
pub(crate) fn judge(
    discovery: &Discovery,
    expected: &Expected<'_>,
    context: &Context,
    own: &Origin,
    mut download: Option<&mut Download<'_>>,
    report: &mut Report,
) -> Vec<Offered> {
    let mut offered = Vec::new();
    for Held { presented, endpoints } in held(discovery) {
        let Some(leaf) = presented.first() else { continue };
        let named = endpoints.iter().filter_map(|at| discovery.endpoints.get(*at)).map(|endpoint| {
            // Behind a gateway the certificate is the gateway's.
            let server = &endpoint.server;
            if server.gateway_server_uri.is_empty() { &server.application_uri } else { &server.gateway_server_uri }
        });
        let uri = expected.application_uri.or(named.map(String::as_str).find(|uri| !uri.is_empty()));
        let expectation = Expectation {
            host: Some(expected.host.to_owned()),
            port: None,
            application_uri: uri.map(str::to_owned),
            usage: Some(Usage::TlsServer),
        };
        let request = Request {
            leaf,
            presented: &presented,
            expectation: &expectation,
            profile: &OPCUA,
            moment: report.moment,
            connection: None,
        };
        let assessment = assess(&request, context, download.as_deref_mut());
        report.add(&OPCUA, &assessment, own);
        offered.push(Offered { presented, chain: assessment.into_chain(), endpoints, written: None });
    }
    let posture = Posture::new(&discovery.endpoints, Some(expected.host));
    report.add_posture(&OPCUA, &posture::judge(&posture, &OPCUA));
    offered
}

/// A certificate of a server with what came with it, and the endpoints that show it.
struct Held {
    presented: Vec<Certificate>,
    endpoints: Vec<usize>,
}

/// The server's own certificates, each once: with its chain where some endpoints show it with and others without.
///
/// What is whole in a field counts, whatever follows; that something does is for the checks of endpoints.
fn held(discovery: &Discovery) -> Vec<Held> {
    let mut held: Vec<Held> = Vec::new();
    for offered in discovery.certificates() {
        let ders = offered.chain().unwrap_or_else(|error| error.certificates);
        let presented: Vec<Certificate> = ders.iter().map_while(|der| Certificate::from_der(der).ok()).collect();
        let shows = |(_, it): &(usize, &EndpointDescription)| it.server_certificate == offered.field;
        let endpoints = discovery.endpoints.iter().enumerate().filter(shows).map(|(at, _)| at);
        match held.iter_mut().find(|known| !presented.is_empty() && known.presented.first() == presented.first()) {
            Some(known) => {
                known.endpoints.extend(endpoints);
                if presented.len() > known.presented.len() {
                    known.presented = presented;
                }
            }
            None if presented.is_empty() => {}
            None => held.push(Held { presented, endpoints: endpoints.collect() }),
        }
    }
    held
}

/// Writes what was asked for, and says the rest.
fn deliver(endpoint: &Endpoint, mut found: Discovered, args: &Args) -> Result<Exit, Failure> {
    let form = form(args);
    let exit = Exit::for_severity(found.report.heaviest());
    let written = write(&mut found, form, args)?;
    // A server without certificates is told of; a part that was asked for and is not there is an error.
    let is_missing = matches!(written, Written::CaNotFound | Written::CaNotNamed | Written::CaDistrusted)
        || (written == Written::Nothing && args.part == Part::Issuers);
    match args.format.chosen() {
        Format::Json => {
            output::print(&terminal::document(&FetchJson::discovered(endpoint, &found)))?;
            if is_missing {
                output::note(outcome(&written).trim());
            }
        }
        Format::Text => {
            output::note(discovered::text(endpoint, &found, &written).trim_end());
            if written == Written::StandardOutput {
                for offered in &found.offered {
                    output::print_bytes(&encode(&part(&offered.chain, args.part), form))?;
                }
            }
        }
    }
    Ok(if is_missing { exit.max(Exit::Errors) } else { exit })
}

/// Writes the wanted part of every chain, all or none.
fn write(found: &mut Discovered, form: Form, args: &Args) -> Result<Written, Failure> {
    let parts = || found.offered.iter().map(|it| part(&it.chain, args.part));
    let is_nothing = parts().all(|part| part.is_empty());
    if args.part == Part::Ca && (is_nothing || parts().any(|part| part.is_empty())) {
        return Ok(Written::CaNotFound);
    }
    if let Some(withheld) = super::withheld(&found.report).filter(|_| args.part == Part::Ca) {
        return Ok(withheld);
    }
    if is_nothing {
        return Ok(Written::Nothing);
    }
    let count = parts().filter(|part| !part.is_empty()).count();
    let Some(output) = args.file() else {
        return match args.format.chosen() {
            Format::Text if form == Form::Der && count > 1 => {
                Err(Failure::new(format!("the server has {count} certificates, and a DER file holds only one"))
                    .hint("name a file with -o: each certificate is written to a separate file"))
            }
            _ => Ok(Written::StandardOutput),
        };
    };
    let paths = names(&found.offered, output, args.part);
    let mut files = Files::default();
    let mut certificates = 0;
    for (offered, path) in found.offered.iter().zip(&paths) {
        if let Some(path) = path {
            let wanted = part(&offered.chain, args.part);
            certificates += wanted.len();
            files.add(path.clone(), Content::Certificate, encode(&wanted, form), args.existing());
        }
    }
    files.write()?;
    for (offered, path) in found.offered.iter_mut().zip(paths) {
        offered.written = path;
    }
    Ok(Written::File { path: output.to_owned(), certificates })
}

/// Where each part goes: where there is one, into the file that was named; of several, each has its key in the name.
fn names(offered: &[Offered], output: &Path, wanted: Part) -> Vec<Option<PathBuf>> {
    let has_part = |it: &Offered| !part(&it.chain, wanted).is_empty();
    if offered.iter().filter(|it| has_part(it)).count() < 2 {
        return offered.iter().map(|it| has_part(it).then(|| output.to_owned())).collect();
    }
    let mut taken: Vec<PathBuf> = Vec::new();
    let name = |it: &Offered| {
        let stem = output.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let extension = output.extension().map(|it| format!(".{}", it.to_string_lossy())).unwrap_or_default();
        let key = names::fitted(&it.key().to_lowercase().replace(' ', "-"), '_');
        let of = |number: usize| match number {
            1 => output.with_file_name(format!("{stem}-{key}{extension}")),
            number => output.with_file_name(format!("{stem}-{key}-{number}{extension}")),
        };
        let free = (1..=offered.len()).map(of).find(|path| !taken.contains(path)).unwrap_or_else(|| of(1));
        taken.push(free.clone());
        free
    };
    let mut name = name;
    offered.iter().map(|it| has_part(it).then(|| name(it))).collect()
}

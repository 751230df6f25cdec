//! `certkit fetch`: the chain of an endpoint, completed up to its CA and checked.

mod kepware;
pub(crate) mod opcua;
mod part;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use certkit_core::assess::{Request, assess};
use certkit_core::cert::Certificate;
use certkit_core::chain::Chain;
use certkit_core::check::webpki::chain;
use certkit_core::check::{Check, Expectation, Profile, Usage};
use certkit_core::container::target::Wrapping;
use certkit_core::container::{Form, pem, pkcs7};
use certkit_core::context::{Context, Origin};
use certkit_core::files::Existing;
use certkit_core::moment::Moment;
use certkit_core::presented::{Endpoint, Host, HostPort, Scheme};
use certkit_core::report::Report;
use certkit_core::source::{self, Capture, Connect, Downloads, Limits, PrivateDownloads, Proxy};
use certkit_core::text::Address;

use crate::arguments::{self, Format, FormatArgs, MomentArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::files::{self, Content, Files};
use crate::hosted::is_standard;
use crate::input::{self, Asked, ClientArgs, Gather, KnownKeysArgs, Shown, TrustPasswordArgs};
use crate::output;
pub(crate) use crate::render::fetched::FetchJson;
use crate::render::fetched::{self, Fetched, Written};
use crate::terminal;
use kepware::Top;
pub(crate) use part::{As, Part};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// Where to ask: thingworx://HOST[:PORT], https://, opc.tcp://, postgres://, HOST:PORT and others.
    #[arg(long_help = arguments::ADDRESSES)]
    url: String,

    /// The part of the chain to write.
    #[arg(long, value_enum, default_value_t, value_name = "PART")]
    part: Part,

    /// Write to this file instead of standard output; its extension selects the format.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// The format: pem, der or p7b. Default: by the file's extension, else pem.
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Option<As>,

    /// Replace an existing file.
    #[arg(long)]
    force: bool,

    /// What to trust: a file, folder or store (p12:FILE, jks:FILE), system or mozilla. A chain must end there; the
    /// default stores then only complete it.
    #[arg(long, value_name = "STORE")]
    trust: Vec<String>,

    #[command(flatten)]
    trust_password: TrustPasswordArgs,

    /// Do not use the roots of the system and of Mozilla.
    #[arg(long)]
    no_default_trust: bool,

    /// Download nothing.
    #[arg(long)]
    offline: bool,

    /// Also download issuers from private, link-local and loopback addresses if the endpoint has no such address
    /// itself.
    ///
    /// The addresses come from certificates that are not verified yet. Without this option only addresses of the public
    /// internet and of the endpoint's own network are used. Behind a proxy, the proxy resolves the names.
    #[arg(long, conflicts_with = "offline")]
    allow_private_downloads: bool,

    /// The time for the connection, and the same time again for all downloads together.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = arguments::span)]
    timeout: Duration,

    /// Send this server name (SNI), and expect it in the certificate.
    #[arg(long, value_name = "NAME")]
    server_name: Option<Host>,

    /// Connect here instead of to the host of the URL.
    #[arg(long, value_name = "HOST:PORT")]
    connect: Option<HostPort>,

    /// Use this HTTP proxy: http://HOST:PORT, or env:NAME or file:FILE with its URL.
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,

    #[command(flatten)]
    client: ClientArgs,

    #[command(flatten)]
    weak_keys: KnownKeysArgs,

    /// Also ask an OPC UA server for the other servers that it knows.
    #[arg(long)]
    find_servers: bool,

    #[command(flatten)]
    moment: MomentArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit fetch thingworx://twx.plant.example --part ca -o thingworx-ca.cer
      the file that Kepware imports under Settings | Certificate Store | Extend Trust Store
  certkit fetch https://10.0.0.5:8443 --server-name twx.plant.example
  certkit fetch mqtts://broker.plant.example --trust plant-root.pem -o chain.pem
  certkit fetch 10.0.0.7:443 --part leaf --as der -o plc7.der
  certkit fetch https://twx.plant.example --proxy http://proxy:3128 --json
  certkit fetch opc.tcp://plc7.plant.example:49320 --part leaf -o plc7.der
      the certificate of an OPC UA server, and everything that its endpoints offer

";

impl Args {
    /// The file to write to; standard output where there is none.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !is_standard(path))
    }

    fn existing(&self) -> Existing {
        if self.force { Existing::Replace } else { Existing::Keep }
    }

    /// Begins the downloads of a run: beside the endpoint, or wherever the user lets them go.
    ///
    /// What stands behind a proxy can be told of an address only, not of a name.
    pub(super) fn downloads<'a>(
        &self,
        endpoint: &Endpoint,
        peer: SocketAddr,
        proxy: Option<&'a Proxy>,
    ) -> Downloads<'a> {
        let own = match proxy {
            None => Some(peer.ip()),
            Some(_) => self.connect.as_ref().map_or(&endpoint.host, |connect| &connect.host).address(),
        };
        let private = match own {
            _ if self.allow_private_downloads => PrivateDownloads::Allowed,
            Some(own) => PrivateDownloads::Beside(own),
            None => PrivateDownloads::Refused,
        };
        Downloads::begin(Limits { timeout: self.timeout, private, ..Limits::default() }, proxy)
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let endpoint: Endpoint = args.url.parse().map_err(|error| input::bad_endpoint(&args.url, error))?;
    refuse_early(args)?;
    opcua::refuse_misplaced(&endpoint, args)?;
    let proxy = args.proxy.as_deref().map(input::proxy).transpose()?;
    let mut gather = Gather::new();
    gather.trust(&args.trust, &args.trust_password.password()?)?;
    if !args.no_default_trust {
        gather.defaults();
    }
    let context = gather.context();
    if endpoint.scheme == Scheme::OpcTcp {
        return opcua::run(&endpoint, args, &context, proxy.as_ref());
    }
    let known = args.weak_keys.known()?;
    let own = args.client.identities()?;
    let (capture, shown) = own.capture(|client_identity| {
        let connect = Connect {
            timeout: args.timeout,
            server_name: args.server_name.clone(),
            address: args.connect.clone(),
            proxy: proxy.clone(),
            client_identity,
            ..Connect::default()
        };
        source::capture_blocking(&endpoint, &connect).map_err(input::unreachable)
    })?;
    let host = args.server_name.as_ref().unwrap_or(&endpoint.host).to_string();
    let mut fetched = judge(&endpoint, capture, &shown, &host, args, &context, proxy.as_ref())?;
    if known.is_some() {
        fetched.report.look_together(&[], &[], known.as_ref());
    }
    deliver(&endpoint, &fetched, args)
}

/// Refuses what can be refused before anything is asked of the network.
fn refuse_early(args: &Args) -> Result<(), Failure> {
    let writes_bytes = args.file().is_none() && args.form.is_some_and(|form| form != As::Pem);
    if args.format.chosen() == Format::Text && writes_bytes && output::is_terminal() {
        return Err(Failure::new("binary output is not written to a terminal").hint("name a file with -o"));
    }
    match args.file() {
        Some(path) if args.form.is_none() && is_of_other_kind(path) => {
            Err(Failure::new(format!("{}: fetch writes only PEM, DER and PKCS#7", path.display()))
                .at(path.display())
                .hint(
                    "name the file .cer, .pem, .der or .p7b; `certkit convert` makes PKCS#12 and Java keystores of it",
                ))
        }
        Some(path) => files::refuse(path, args.existing()),
        None => Ok(()),
    }
}

/// Says whether the name of a file is that of a store under a password.
fn is_of_other_kind(path: &Path) -> bool {
    Wrapping::from_extension(path).is_some_and(|wrapping| !matches!(wrapping, Wrapping::Plain(_)))
}

/// Completes and judges what an endpoint presented.
pub(crate) fn judge(
    endpoint: &Endpoint,
    capture: Capture,
    shown: &Shown,
    host: &str,
    args: &Args,
    context: &Context,
    proxy: Option<&Proxy>,
) -> Result<Fetched, Failure> {
    let moment: Moment = args.moment.moment();
    let asked = Asked::new(&capture.client_certificate, shown);
    let mut report = Report::new(moment);
    report.look_at(Some(&endpoint.to_string()));
    let mut presented: Vec<Certificate> = Vec::new();
    let mut is_leaf_lost = false;
    for (at, der) in capture.presented.iter().enumerate() {
        match Certificate::from_der(der) {
            Ok(certificate) => presented.push(certificate),
            Err(error) => {
                is_leaf_lost |= at == 0;
                report.add_undecodable(&format!("certificate {} of the server", at + 1), &error);
            }
        }
    }
    // The next one does not stand for the server's own.
    let leaf = match presented.as_slice() {
        _ if is_leaf_lost => return Ok(Fetched::without_leaf(capture, asked, proxy.is_some(), report)),
        [leaf, ..] => leaf,
        [] => return Err(Failure::new(format!("{} presented no certificate", endpoint.host_port()))),
    };
    let downloads = args.downloads(endpoint, capture.peer, proxy);
    let mut download = |address: &Address| Ok(downloads.get(address)?);
    let suited = Profile::suited(Some(input::scheme(endpoint)), &presented);
    let profile = if args.part == Part::Ca { suited.up_to_top() } else { suited };
    let expectation = Expectation {
        host: Some(host.to_owned()),
        port: Some(endpoint.port),
        application_uri: None,
        usage: Some(Usage::TlsServer),
    };
    let connection = input::connection(&capture, shown);
    let request = Request {
        leaf,
        presented: &presented,
        expectation: &expectation,
        profile,
        moment,
        connection: Some(&connection),
    };
    let assessment = assess(&request, context, (!args.offline).then_some(&mut download));
    report.add(profile, &assessment, &Origin::Presented);
    Ok(Fetched { capture, asked, is_through_proxy: proxy.is_some(), chain: assessment.into_chain(), report })
}

/// Writes what was asked for, and says the rest.
fn deliver(endpoint: &Endpoint, fetched: &Fetched, args: &Args) -> Result<Exit, Failure> {
    let withheld = if args.part == Part::Ca { withheld(&fetched.report) } else { None };
    let wanted = if withheld.is_some() { Vec::new() } else { part(&fetched.chain, args.part) };
    let exit = Exit::for_severity(fetched.report.heaviest());
    let form = form(args);
    let is_encoded = args.file().is_some() || args.format.chosen() == Format::Text;
    if form == Form::Der && wanted.len() > 1 && is_encoded {
        return Err(Failure::new(format!("DER holds one certificate, and there are {}", wanted.len()))
            .at(args.file().map_or_else(|| "--as der".to_owned(), |path| path.display().to_string()))
            .hint("--part leaf or --part ca chooses one; PEM (.pem) and PKCS#7 (.p7b) hold several"));
    }
    let written = match (args.file(), wanted.is_empty()) {
        (_, true) if args.part == Part::Ca => {
            withheld.filter(|_| fetched.chain.top().is_some()).unwrap_or(Written::CaNotFound)
        }
        (_, true) => Written::Nothing,
        (Some(path), false) => {
            let mut files = Files::default();
            files.add(path.to_owned(), Content::Certificate, encode(&wanted, form), args.existing());
            files.write()?;
            Written::File { path: path.to_owned(), certificates: wanted.len() }
        }
        (None, false) => Written::StandardOutput,
    };
    let top = match (fetched.chain.top(), fetched.chain.path.certificates.len()) {
        (Some(own), 1) => Top::OwnCertificate(own),
        (Some(top), _) => Top::Authority(top),
        (None, _) => Top::Unknown,
    };
    let file = match (&written, args.part, top) {
        (Written::File { path, .. }, Part::Ca, _) => Some(path.display().to_string()),
        _ => None,
    };
    let advice = endpoint.is_thingworx().then(|| kepware::settings(endpoint, top, file));
    match args.format.chosen() {
        Format::Json => {
            let document = FetchJson::new(endpoint, fetched, &wanted, &written, advice);
            output::print(&terminal::document(&document))?;
            if wanted.is_empty() {
                output::note(fetched::outcome(&written).trim());
            }
        }
        Format::Text => {
            output::note(fetched::text(endpoint, fetched, &written, advice.as_ref()).trim_end());
            if written == Written::StandardOutput {
                output::print_bytes(&encode(&wanted, form))?;
            }
        }
    }
    // What was asked for is not there.
    Ok(if wanted.is_empty() { exit.max(Exit::Errors) } else { exit })
}

/// Why the CA of a chain is shown and not handed out for an import: what the user trusts speaks against it.
fn withheld(report: &Report) -> Option<Written> {
    let has = |check: &Check| report.findings.iter().any(|it| it.check.id == check.id);
    match () {
        () if has(&chain::DISTRUSTED) => Some(Written::CaDistrusted),
        () if has(&chain::ANCHOR_NOT_NAMED) => Some(Written::CaNotNamed),
        () => None,
    }
}

/// The form that was asked for, by --as or by the extension of the file.
fn form(args: &Args) -> Form {
    match (args.form, args.file()) {
        (Some(form), _) => form.into(),
        (None, Some(path)) => Form::from_extension(path).unwrap_or(Form::Pem),
        (None, None) => Form::Pem,
    }
}

/// The certificates of a part; for the CA none where the top was not found.
fn part(chain: &Chain, part: Part) -> Vec<&Certificate> {
    let certificates = &chain.path.certificates;
    match part {
        Part::Leaf => certificates.iter().take(1).collect(),
        Part::Issuers => certificates.iter().skip(1).collect(),
        Part::Chain => certificates.iter().collect(),
        Part::Ca => chain.top().into_iter().collect(),
    }
}

fn encode(certificates: &[&Certificate], form: Form) -> Vec<u8> {
    match form {
        Form::Pem => {
            certificates.iter().map(|it| pem::encode("CERTIFICATE", it.der())).collect::<String>().into_bytes()
        }
        Form::Der => certificates.iter().flat_map(|it| it.der()).copied().collect(),
        Form::Pkcs7 => pkcs7::encode(&certificates.iter().map(|it| it.der()).collect::<Vec<_>>()),
    }
}

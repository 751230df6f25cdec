//! One side of a meeting: who it is and what it trusts, from files, folders and endpoints.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use certkit_core::cert::extension::SubjectAltName;
use certkit_core::cert::{Certificate, GeneralName};
use certkit_core::check::store::{AUDIT, Inventory, Standing};
use certkit_core::check::{self, Finding, Profile};
use certkit_core::moment::Moment;
use certkit_core::opcua::validation::Suppressions;
use certkit_core::opcua::{SecurityPolicy, Stack, TrustLists};
use certkit_core::presented::{Endpoint, EndpointDescription, Scheme, split_chain};
use certkit_core::source::{self, Discover, Discovery};
use certkit_core::store::reader::Reader;
use certkit_core::store::{self, Address, Group, KeyState, Kind, Presence};

use super::cures::Role;
use super::{Args, RoleArg};
use crate::command::trust::failed;
use crate::failure::Failure;
use crate::input::{self, Gather, Pki, StorePassword};

/// One of two applications.
pub(super) struct Side {
    /// Whether it is the user's own.
    pub(super) whose: &'static str,
    /// As the user named it.
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) certificate: Certificate,
    /// What it sends along.
    pub(super) sent: Vec<Certificate>,
    /// The file of its certificate, or the name to save it under.
    pub(super) file: PathBuf,
    pub(super) application_uri: Option<String>,
    /// The host by which it is reached.
    pub(super) host: Option<String>,
    pub(super) lists: Option<TrustLists>,
    /// The lists as stacks read them, where their files make a difference.
    pub(super) lists_as: Vec<(Stack, TrustLists)>,
    /// Where its lists were read.
    pub(super) lists_name: Option<String>,
    pub(super) pki: Option<Pki>,
    pub(super) suppressed: Suppressions,
    pub(super) stack: Option<Stack>,
    /// What it told, where it was asked.
    pub(super) discovery: Option<Discovery>,
}

/// A certificate with what is known of its bearer.
struct Found {
    certificate: Certificate,
    sent: Vec<Certificate>,
    file: PathBuf,
    application_uri: Option<String>,
    host: Option<String>,
    pki: Option<(Pki, Gather)>,
    discovery: Option<Discovery>,
}

/// The files with lists that were named beside a folder.
struct Files<'a> {
    pki: Option<&'a Path>,
    trust: &'a [PathBuf],
    untrusted: &'a [PathBuf],
    crl: &'a [PathBuf],
}

impl Side {
    /// The user's own application.
    pub(super) fn own(args: &Args) -> Result<Side, Failure> {
        if args.own.to_str().is_some_and(|text| Endpoint::resembles(text) && !args.own.exists()) {
            return Err(Failure::new(
                "the first argument is your own application: a certificate or a PKI folder, not a \
                                     URL",
            )
            .hint("certkit preflight OWN opc.tcp://HOST:PORT"));
        }
        let files = Files { pki: args.pki.as_deref(), trust: &args.trust, untrusted: &args.untrusted, crl: &args.crl };
        let found = find(&args.own, "--pki", &args.key.store_password()?)?;
        let role = if args.role == RoleArg::Client { Role::Client } else { Role::Server };
        let mut side = found.with_lists("own", &args.own, role, &files, &stacks(args.stack, args))?;
        side.application_uri = args.application_uri.clone().or(side.application_uri);
        side.suppressed = input::suppressions(&args.suppress)?;
        side.stack = args.stack;
        Ok(side)
    }

    /// The other one.
    pub(super) fn peer(args: &Args) -> Result<Side, Failure> {
        let files = Files {
            pki: args.peer_pki.as_deref(),
            trust: &args.peer_trust,
            untrusted: &args.peer_untrusted,
            crl: &args.peer_crl,
        };
        let is_url = |text: &str| Endpoint::resembles(text) && !args.peer.exists();
        let (found, role) = match args.peer.to_str().filter(|text| is_url(text)) {
            Some(_) if args.role == RoleArg::Server => {
                return Err(Failure::new(
                    "--role server says that yours is the server, but the other one is a server URL",
                )
                .hint("name the client's certificate or PKI folder instead"));
            }
            Some(url) => (ask(url, args)?, Role::Server),
            None if args.role == RoleArg::Client => {
                (find(&args.peer, "--peer-pki", &StorePassword::NONE)?, Role::Server)
            }
            None => (find(&args.peer, "--peer-pki", &StorePassword::NONE)?, Role::Client),
        };
        let mut side = found.with_lists("peer", &args.peer, role, &files, &stacks(args.peer_stack, args))?;
        side.application_uri = args.peer_application_uri.clone().or(side.application_uri);
        side.suppressed = input::suppressions(&args.peer_suppress)?;
        side.stack = args.peer_stack;
        Ok(side)
    }
}

/// The stacks that are asked of a side.
fn stacks(named: Option<Stack>, args: &Args) -> Vec<Stack> {
    if args.stacks { Stack::ALL.to_vec() } else { named.into_iter().collect() }
}

impl Files<'_> {
    /// Adds what was named beside a folder.
    fn add_to(&self, gather: &mut Gather) -> Result<(), Failure> {
        let password = &StorePassword::NONE;
        gather.trust(self.trust, password)?;
        gather.untrusted(self.untrusted, password)?;
        gather.lists(self.crl, password)
    }
}

impl Found {
    fn with_lists(
        self,
        whose: &'static str,
        name: &Path,
        role: Role,
        files: &Files<'_>,
        stacks: &[Stack],
    ) -> Result<Side, Failure> {
        let pki = match files.pki {
            Some(folder) => Some(read_pki(folder, None)?),
            None => self.pki,
        };
        let is_named = pki.is_some() || ![files.trust, files.untrusted, files.crl].iter().all(|it| it.is_empty());
        let lists_name = is_named.then(|| match &pki {
            Some((pki, _)) => pki.root.display().to_string(),
            None => "the files that were named".to_owned(),
        });
        let (pki, mut gather) = match pki {
            Some((pki, gather)) => (Some(pki), gather),
            None => (None, Gather::new()),
        };
        files.add_to(&mut gather)?;
        let mut lists_as = Vec::new();
        for &stack in stacks {
            if let (Some(reader), Some(pki)) = (stack.reader(), &pki) {
                let (_, mut gather) = read_pki(&pki.root, Some(reader))?;
                files.add_to(&mut gather)?;
                lists_as.push((stack, gather.trust_lists_as_told()));
            }
        }
        Ok(Side {
            whose,
            name: name.display().to_string(),
            role,
            certificate: self.certificate,
            sent: self.sent,
            file: self.file,
            application_uri: self.application_uri,
            host: self.host,
            lists: is_named.then(|| gather.trust_lists()),
            lists_as,
            lists_name,
            pki,
            suppressed: Suppressions::default(),
            stack: None,
            discovery: self.discovery,
        })
    }
}

/// Reads the PKI folder of an application, with the lists that it goes by: all of it, or what a stack reads.
fn read_pki(folder: &Path, reader: Option<&Reader>) -> Result<(Pki, Gather), Failure> {
    let mut gather = Gather::new();
    Ok((gather.pki(folder, Group::Application, reader)?, gather))
}

impl Side {
    /// Its lists as a stack reads them.
    pub(super) fn lists_by(&self, stack: Option<Stack>) -> Option<&TrustLists> {
        let read = stack.and_then(|stack| self.lists_as.iter().find(|(other, _)| *other == stack));
        read.map(|(_, lists)| lists).or(self.lists.as_ref())
    }

    /// The first URI of its certificate.
    pub(super) fn certificate_uri(&self) -> Option<String> {
        let names = self.certificate.extension::<SubjectAltName<'_>>().ok().flatten()?;
        names.names().find_map(|name| match name {
            GeneralName::Uri(uri) => std::str::from_utf8(uri.0).ok().map(str::to_owned),
            _ => None,
        })
    }

    /// Where its private key lies in its folder: the one that fits, or one that may.
    pub(super) fn key_file(&self) -> Option<PathBuf> {
        let address = Address::Path { kind: Some(Kind::OpcUa), path: self.pki.as_ref()?.root.clone() };
        let identity = store::open(&address, None, Presence::Needed).ok()?.identity()?;
        let fits = |state: &KeyState| matches!(state, KeyState::Opened(spki) if spki == self.certificate.spki());
        let may_fit = |state: &KeyState| matches!(state, KeyState::Closed(_));
        let find = |test: &dyn Fn(&KeyState) -> bool| identity.keys.iter().find(|(_, state)| test(state));
        find(&fits).or_else(|| find(&may_fit)).map(|(path, _)| path.clone())
    }

    /// What is wrong with the files of its folder: what its stack does not read, and what the user's own application
    /// shows of itself.
    pub(super) fn findings(&self, moment: Moment) -> Result<Vec<Finding>, Failure> {
        let Some(pki) = &self.pki else { return Ok(Vec::new()) };
        let address = Address::Path { kind: Some(Kind::OpcUa), path: pki.root.clone() };
        let store = store::open(&address, None, Presence::Needed).map_err(failed)?;
        let mut inventory = Inventory::new(store.kind(), moment);
        store.visit(&mut |member| inventory.add(&member, Standing::Present)).map_err(failed)?;
        inventory.identity = store.identity();
        if let Some(reader) = self.stack.and_then(Stack::reader) {
            inventory.read_by(reader);
        }
        if self.whose != "own" || !self.file.starts_with(&pki.root) {
            inventory.identity = None;
        }
        let source = Some(Arc::from(pki.root.display().to_string()));
        let findings = check::store::judge(&inventory, &FOLDER).findings.into_iter();
        Ok(findings.map(|it| Finding { source: source.clone(), ..it }).collect())
    }
}

/// What is looked at in a PKI folder before two applications meet.
static FOLDER: Profile = Profile { tables: &[check::store::files::CHECKS, check::store::identity::CHECKS], ..AUDIT };

/// Finds a certificate in a file or a PKI folder.
fn find(path: &Path, option: &str, password: &StorePassword) -> Result<Found, Failure> {
    if path.is_dir() {
        let (pki, gather) = read_pki(path, None)?;
        let (file, certificate, sent) = pki.own_certificate()?;
        let (file, certificate, sent) = (file.to_owned(), certificate.clone(), sent.to_vec());
        return Ok(Found {
            certificate,
            sent,
            file,
            application_uri: None,
            host: None,
            pki: Some((pki, gather)),
            discovery: None,
        });
    }
    let inputs = input::read(&[path.to_owned()], password)?;
    if let Some(lost) = inputs.read.first().and_then(|input| input.contents.lost_before_first()) {
        let what = format!("{}: {lost}", path.display());
        return Err(Failure::new(what).at(path.display()).hint("the application's own certificate comes first"));
    }
    let decoded = inputs.read.into_iter().flat_map(input::Input::into_decoded);
    let mut certificates: Vec<Certificate> = Vec::new();
    for (position, certificate) in decoded {
        certificates.push(certificate.map_err(|error| {
            Failure::new(format!("{}, {position}: the certificate cannot be decoded", path.display()))
                .at(path.display())
                .because(error)
        })?);
    }
    if certificates.is_empty() {
        return Err(Failure::new(format!("{} holds no certificate", path.display()))
            .hint(format!("name the certificate of an application, or its PKI folder; name lists with {option}")));
    }
    let certificate = certificates.remove(0);
    let file = path.to_owned();
    Ok(Found { certificate, sent: certificates, file, application_uri: None, host: None, pki: None, discovery: None })
}

/// Asks a server for its endpoints; takes the certificate of those that fit the policy that is wanted.
fn ask(url: &str, args: &Args) -> Result<Found, Failure> {
    let endpoint: Endpoint = url.parse().map_err(|error| input::bad_endpoint(url, error))?;
    if endpoint.scheme != Scheme::OpcTcp {
        return Err(Failure::new(format!("`{url}` is not the URL of an OPC UA server"))
            .hint("use a URL that begins with opc.tcp://, such as opc.tcp://plc7:49320"));
    }
    let how = Discover { timeout: args.timeout, ..Discover::default() };
    let discovery = source::discover_blocking(&endpoint, &how).map_err(input::undiscovered)?;
    let shown = |is_wanted: &dyn Fn(&EndpointDescription) -> bool| {
        let shown = discovery.endpoints.iter().filter(|it| !it.server_certificate.is_empty() && is_wanted(it));
        shown.max_by_key(|it| it.security_level)
    };
    let wanted = args.security_policy.map(SecurityPolicy::uri);
    let best = wanted.and_then(|uri| shown(&|it| it.security_policy_uri == uri)).or_else(|| shown(&|_| true));
    let Some(best) = best else {
        return Err(Failure::new(format!("{} shows no certificate", endpoint.host_port()))
            .hint("it has no endpoint with security: `certkit fetch` shows its endpoints"));
    };
    let ders = split_chain(&best.server_certificate).unwrap_or_else(|error| error.certificates);
    let mut certificates = Vec::new();
    for der in &ders {
        certificates.push(Certificate::from_der(der).map_err(|error| {
            Failure::new(format!("the certificate of {} cannot be decoded", endpoint.host_port())).because(error)
        })?);
    }
    if certificates.is_empty() {
        return Err(Failure::new(format!("{} sent something that is not a certificate", endpoint.host_port()))
            .hint("`certkit fetch` shows its endpoints"));
    }
    let certificate = certificates.remove(0);
    let server = &best.server;
    let uri = if server.gateway_server_uri.is_empty() { &server.application_uri } else { &server.gateway_server_uri };
    Ok(Found {
        certificate,
        sent: certificates,
        file: PathBuf::from("server.der"),
        application_uri: (!uri.is_empty()).then(|| uri.clone()),
        host: Some(endpoint.host.to_string()),
        pki: None,
        discovery: Some(discovery),
    })
}

//! A live server as the model of what is made: its names, its ApplicationUri and its kind of key.

use std::net::IpAddr;

use certkit_core::cert::extension::SubjectAltName;
use certkit_core::cert::{Certificate, GeneralName};
use certkit_core::generate::{AlternativeName, KeyType, Kind, Subject};
use certkit_core::presented;
use certkit_core::presented::{EndpointDescription, Host, HostPort, Scheme, split_chain};
use certkit_core::source::{self, Connect, Discover, Extent};
use certkit_core::text::{Address, Printable};

use crate::failure::Failure;
use crate::input;

// The server on the command line.
#[derive(clap::Args, Debug)]
pub(crate) struct LikeArgs {
    /// Take name, hosts, ApplicationUri and key type from the current certificate of this server, such as
    /// opc.tcp://plc7:49320 or https://plc7:57512. Other options take precedence. Old and new are shown.
    #[arg(long, value_name = "URL")]
    like: Option<String>,

    /// Keep blanks in the ApplicationUri if the application has them: OPC UA compares it character by character,
    /// although the standard allows none. `generate --for kepware` does so.
    #[arg(long)]
    keep_blanks: bool,
}

/// What a server shows.
#[derive(Debug)]
pub(crate) struct Model {
    /// The server, as it was named.
    pub(crate) url: String,
    /// Its certificate.
    pub(crate) certificate: Certificate,
    /// Its name.
    pub(super) subject: Subject,
    /// The ApplicationUri that it tells of itself; of a server without one, that of its certificate.
    pub(super) application_uri: Option<String>,
    /// The hosts of its certificate, and those by which it is reached.
    pub(super) hosts: Vec<AlternativeName>,
    /// The kind of its key, where one of that kind may be made.
    pub(crate) key: Option<KeyType>,
    /// What the user should know.
    pub(super) notes: Vec<String>,
}

impl LikeArgs {
    /// Whether blanks in the ApplicationUri stay.
    pub(crate) fn keeps_blanks(&self) -> bool {
        self.keep_blanks
    }

    /// Asks the server, where one was named.
    pub(crate) fn ask(&self, kind: Kind) -> Result<Option<Model>, Failure> {
        let Some(url) = &self.like else { return Ok(None) };
        let endpoint: presented::Endpoint = url.parse().map_err(|error| input::bad_endpoint(url, error))?;
        let is_opcua = endpoint.scheme == Scheme::OpcTcp;
        if is_opcua != (kind == Kind::OpcUa) || kind.is_authority() {
            let wanted = if kind == Kind::OpcUa { "opc.tcp://HOST:PORT" } else { "https://HOST:PORT" };
            return Err(Failure::new(format!(
                "{} cannot be the model for a certificate of kind {}",
                Address::new(url),
                kind.name()
            ))
            .at("--like")
            .hint(match kind.is_authority() {
                true => "a CA has no server; leave --like out".to_owned(),
                false => format!("name a server of that kind: {wanted}"),
            }));
        }
        if is_opcua { of_opcua(url, &endpoint) } else { of_tls(url, &endpoint) }.map(Some)
    }
}

fn of_opcua(url: &str, endpoint: &presented::Endpoint) -> Result<Model, Failure> {
    let discovery = source::discover_blocking(endpoint, &Discover::default()).map_err(input::undiscovered)?;
    let shown = discovery.endpoints.iter().filter(|it| !it.server_certificate.is_empty());
    let Some(best) = shown.max_by_key(|it| it.security_level) else {
        return Err(Failure::new(format!("{} shows no certificate", endpoint.host_port()))
            .hint("it has no endpoint with security; give the names of the new certificate yourself"));
    };
    let ders = split_chain(&best.server_certificate).unwrap_or_else(|error| error.certificates);
    let mut model = Model::new(url, endpoint, ders.first())?;
    let told = Some(best.server.application_uri.clone()).filter(|uri| !uri.is_empty());
    match (&told, &model.application_uri) {
        (Some(told), Some(old)) if told != old => model.notes.push(format!(
            "the server uses {told}, its certificate has {old}: the new one has the value of the server"
        )),
        _ => {}
    }
    model.application_uri = told.or(model.application_uri);
    discovery.endpoints.iter().filter_map(host_of).for_each(|host| model.add_host(&host));
    Ok(model)
}

/// The host by which an endpoint tells to be reached; `None` where it means every address, or its own machine alone.
fn host_of(description: &EndpointDescription) -> Option<Host> {
    let (_, rest) = description.endpoint_url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.parse::<HostPort>().map(|it| it.host).or_else(|_| authority.parse::<Host>()).ok()?;
    let is_lasting = |host: &Host| match host.address() {
        Some(address) => !address.is_unspecified() && !address.is_loopback(),
        None => host.to_string() != "localhost",
    };
    Some(host).filter(is_lasting)
}

fn of_tls(url: &str, endpoint: &presented::Endpoint) -> Result<Model, Failure> {
    let connect = Connect { extent: Extent::Chain, ..Connect::default() };
    let capture = source::capture_blocking(endpoint, &connect).map_err(input::unreachable)?;
    Model::new(url, endpoint, capture.presented.first())
}

fn address(octets: &[u8]) -> Option<IpAddr> {
    let of_four = || <[u8; 4]>::try_from(octets).map(IpAddr::from);
    of_four().or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from)).ok()
}

impl Model {
    fn new(url: &str, endpoint: &presented::Endpoint, der: Option<&Vec<u8>>) -> Result<Model, Failure> {
        let certificate = der.map(|der| Certificate::from_der(der)).transpose().map_err(|error| {
            Failure::new(format!("the certificate of {} cannot be decoded", endpoint.host_port())).because(error)
        })?;
        let certificate =
            certificate.ok_or_else(|| Failure::new(format!("{} shows no certificate", endpoint.host_port())))?;
        let key = certificate.public_key().ok().and_then(|key| KeyType::of(&key));
        let mut model = Model {
            url: url.to_owned(),
            subject: Subject::from_name(&certificate.subject()),
            application_uri: None,
            hosts: Vec::new(),
            key,
            notes: Vec::new(),
            certificate: certificate.clone(),
        };
        if key.is_none() {
            model.notes.push(format!("its key is {}: the new one has the default type", model.key_in_words()));
        }
        let names = certificate.extension::<SubjectAltName<'_>>().ok().flatten();
        for name in names.iter().flat_map(SubjectAltName::names) {
            match name {
                GeneralName::Uri(uri) if model.application_uri.is_none() => {
                    model.application_uri = Some(uri.to_str().into_owned());
                }
                GeneralName::Dns(name) => model.add(AlternativeName::host(&name.to_str())),
                GeneralName::Ip(octets) => model.hosts.extend(address(octets).map(AlternativeName::Ip)),
                _ => {}
            }
        }
        model.add_host(&endpoint.host);
        Ok(model)
    }

    fn key_in_words(&self) -> String {
        self.certificate.public_key().map_or_else(|error| error.to_string(), |key| key.to_string())
    }

    fn add_host(&mut self, host: &Host) {
        self.add(AlternativeName::host(&host.to_string()));
    }

    fn add(&mut self, name: AlternativeName) {
        match name.validate() {
            Ok(()) if !self.hosts.contains(&name) => self.hosts.push(name),
            Ok(()) => {}
            Err(_) => {
                let note = format!(
                    "{} of the old certificate was left out: it is not a host name",
                    Printable(name.to_string())
                );
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
            }
        }
    }
}

//! Whom a certificate is for: from the command line, and from this machine where the line says nothing.

use std::net::IpAddr;

use certkit_core::generate::{AlternativeName, Kind, Subject};
use certkit_core::oid;
use certkit_core::text::Printable;

use super::{Model, not_made};
use crate::failure::Failure;
use crate::input::names_of_this_machine;

// Names on the command line.
#[derive(clap::Args, Debug)]
pub(crate) struct SubjectArgs {
    /// The whole name (RFC 4514), such as "CN=plc7,O=Plant,DC=plant,DC=example".
    #[arg(long, value_name = "DN")]
    subject: Option<String>,

    /// Only the common name: the host of a server; the usual name of an application, client or CA.
    ///
    /// O= is that of the issuer, else Unknown for opcua. With --subject it is only used in the ApplicationUri. Default
    /// for opcua and https: this machine.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// The ApplicationUri of an OPC UA application. Default: urn:HOST:ORGANIZATION:NAME.
    #[arg(long, value_name = "URI")]
    application_uri: Option<String>,

    /// Host names by which others reach it. Default for https: the common name; else those of this machine.
    #[arg(long, value_name = "NAME")]
    dns: Vec<String>,

    /// Addresses by which others reach it. Default: those of this machine, where its names are taken.
    #[arg(long, value_name = "ADDRESS")]
    ip: Vec<IpAddr>,
}

/// What stays of the attribute where nobody has said which organization it is.
const UNKNOWN: &str = "Unknown";

/// Whom a certificate is for.
#[derive(Debug)]
pub(crate) struct Whose {
    /// Its name.
    pub(crate) subject: Subject,
    /// Its other names.
    pub(crate) names: Vec<AlternativeName>,
    /// What the user should know of them.
    pub(crate) notes: Vec<String>,
}

impl SubjectArgs {
    /// What `--name` alone says.
    pub(crate) fn called(name: &str) -> SubjectArgs {
        let (subject, application_uri) = (None, None);
        SubjectArgs { subject, name: Some(name.to_owned()), application_uri, dns: Vec::new(), ip: Vec::new() }
    }

    /// Alternative names in the order in which they are written.
    pub(crate) fn names(uri: Option<AlternativeName>, dns: &[String], ip: &[IpAddr]) -> Vec<AlternativeName> {
        let dns = dns.iter().cloned().map(AlternativeName::Dns);
        uri.into_iter().chain(dns).chain(ip.iter().copied().map(AlternativeName::Ip)).collect()
    }

    /// Completes what was given for a certificate of this kind. `issuer` has the organization that is taken over.
    pub(crate) fn resolve(&self, kind: Kind, issuer: Option<&Subject>) -> Result<Whose, Failure> {
        self.resolve_like(kind, issuer, None)
    }

    /// The same, with a model for what was not given.
    pub(crate) fn resolve_like(
        &self,
        kind: Kind,
        issuer: Option<&Subject>,
        model: Option<&Model>,
    ) -> Result<Whose, Failure> {
        let mut notes = model.map(|model| model.notes.clone()).unwrap_or_default();
        let of_model = model.map(|model| &model.subject);
        let given = match (&self.subject, &self.name) {
            (Some(text), _) => Some(text.parse::<Subject>().map_err(|error| not_made("the name", error))?),
            (None, Some(_)) => None,
            // One that the kind does not allow is made anew around what people call it.
            (None, None) => of_model.filter(|it| common_name(it).is_some() && has_all(kind, it)).cloned(),
        };
        let told = model.filter(|_| kind == Kind::OpcUa).and_then(|model| model.application_uri.clone());
        let uri = self.application_uri.clone().or(told).map(AlternativeName::Uri);
        let is_uri_known = uri.is_some();
        let mut names = SubjectArgs::names(uri, &self.dns, &self.ip);
        if self.dns.is_empty() && self.ip.is_empty() {
            names.extend(model.iter().flat_map(|model| model.hosts.iter().cloned()));
        }
        let called = self.name.clone().or_else(|| common_name(given.as_ref().or(of_model)?));
        self.add_hosts(kind, called.as_deref(), &mut names, &mut notes)?;
        let host = names.iter().find_map(|name| match name {
            AlternativeName::Dns(name) => Some(name.clone()),
            _ => None,
        });
        let called = match called.or_else(|| host.filter(|_| kind == Kind::Https || kind == Kind::OpcUa)) {
            Some(called) => called,
            None if given.is_some() => String::new(),
            None => {
                return Err(Failure::new(format!("a certificate of kind {} needs a name", kind.name()))
                    .hint("--name NAME, or --subject \"CN=…,O=…\""));
            }
        };
        let subject = match given {
            Some(subject) => subject,
            None => build(kind, &called, issuer, &mut notes)?,
        };
        if kind == Kind::OpcUa && !is_uri_known {
            let uri = application_uri(&subject, &called, &names);
            if let AlternativeName::Uri(uri) = &uri {
                notes.push(format!("the ApplicationUri is {uri}; configure the same one in the application"));
            }
            names.insert(0, uri);
        }
        Ok(Whose { subject, names, notes })
    }

    /// Adds the hosts of a server that were not given.
    fn add_hosts(
        &self,
        kind: Kind,
        called: Option<&str>,
        names: &mut Vec<AlternativeName>,
        notes: &mut Vec<String>,
    ) -> Result<(), Failure> {
        let has_host = names.iter().any(AlternativeName::is_host);
        // The name of a model is a host only where it looks like one: the model may serve no name at all.
        let is_chosen = self.name.is_some() || self.subject.is_some();
        let may_be_host = |called: &&str| !has_host || is_chosen || called.contains('.');
        let named = called.filter(|called| kind == Kind::Https && self.dns.is_empty() && may_be_host(called));
        if let Some(host) = named.map(AlternativeName::host).filter(|host| host.validate().is_ok()) {
            // Only the alternative names count, so that a name like a host's has to be there, too.
            if !names.contains(&host) {
                names.insert(0, host);
            }
            return Ok(());
        }
        if has_host || !matches!(kind, Kind::Https | Kind::OpcUa) {
            return Ok(());
        }
        let own = names_of_this_machine();
        if own.is_empty() {
            return Err(Failure::new("this machine has no name or address that others can reach")
                .hint("name the host: --dns NAME or --ip ADDRESS"));
        }
        let list = own.iter().map(|it| Printable(it.to_string()).to_string()).collect::<Vec<_>>().join(", ");
        notes.push(format!("using the names and addresses of this machine, {list}; choose others with --dns and --ip"));
        names.extend(own);
        Ok(())
    }
}

fn common_name(subject: &Subject) -> Option<String> {
    subject.name().first(oid::COMMON_NAME).map(std::borrow::Cow::into_owned)
}

/// Whether a name has every attribute that a kind needs.
fn has_all(kind: Kind, subject: &Subject) -> bool {
    kind.form().attributes.iter().all(|wanted| subject.name().first(*wanted).is_some())
}

fn organization(subject: &Subject) -> Option<String> {
    subject.name().first(oid::ORGANIZATION).map(std::borrow::Cow::into_owned)
}

/// Makes a name around what people call it.
fn build(kind: Kind, called: &str, issuer: Option<&Subject>, notes: &mut Vec<String>) -> Result<Subject, Failure> {
    let inherited = issuer.and_then(organization);
    let mut attributes = Vec::new();
    match (&inherited, kind) {
        (Some(organization), _) => attributes.push((oid::ORGANIZATION, organization.as_str())),
        (None, Kind::OpcUa) => {
            notes.push(format!("no organization given: using O={UNKNOWN}; set it with --subject \"CN=…,O=…\""));
            attributes.push((oid::ORGANIZATION, UNKNOWN));
        }
        (None, _) => {}
    }
    attributes.push((oid::COMMON_NAME, called));
    Subject::from_attributes(attributes).map_err(|error| not_made("the name", error))
}

/// The usual ApplicationUri: `urn:HOST:ORGANIZATION:NAME`, without an organization that nobody knows.
fn application_uri(subject: &Subject, called: &str, names: &[AlternativeName]) -> AlternativeName {
    let host = names.iter().find_map(|name| match name {
        AlternativeName::Dns(name) => Some(name.clone()),
        AlternativeName::Ip(address) => Some(address.to_string()),
        _ => None,
    });
    let organization = organization(subject).filter(|it| it != UNKNOWN).unwrap_or_default();
    let host = host.unwrap_or_default();
    let parts: Vec<&str> =
        [host.as_str(), organization.as_str(), called].into_iter().filter(|it| !it.is_empty()).collect();
    AlternativeName::urn(&parts)
}

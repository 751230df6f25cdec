//! What is made is judged before it is written, by the same flow as what others made.

use std::borrow::Cow;

use certkit_core::assess::{Request, assess};
use certkit_core::cert::extension::SubjectAltName;
use certkit_core::cert::{Certificate, GeneralName, Known};
use certkit_core::check::opcua::keys::OPCUA_NO_CURRENT_POLICY;
use certkit_core::check::{
    self, CA, CLIENT, Expectation, HTTPS, OPCUA_ISSUED, Profile, Role, Severity, rfc5280, webpki,
};
use certkit_core::context::{CertificateSet, Context, Origin, Trust};
use certkit_core::generate::Kind;
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::path::names::dns::{Suffixes, Wildcards};
use certkit_core::path::names::{CommonName, Peer, PeerRules, peer_matches};
use certkit_core::path::revocation::{Lists, Reason, Status};
use certkit_core::report::Report;
use certkit_core::text::Printable;

use super::authority::Authority;
use super::folder::Folder;
use crate::failure::Failure;
use crate::output;
use crate::render::findings;
use crate::render::made::application_uri;

// What the user takes upon himself.
#[derive(clap::Args, Debug)]
pub(crate) struct AcceptArgs {
    /// Accept a finding with this id; it becomes a warning.
    #[arg(long, value_name = "ID")]
    accept: Vec<String>,
}

impl AcceptArgs {
    /// What is accepted, where that stands elsewhere than on the command line.
    pub(crate) fn of(accept: Vec<String>) -> AcceptArgs {
        AcceptArgs { accept }
    }

    /// What is accepted, and further findings that follow from what was asked for.
    pub(crate) fn and(&self, ids: &[&str]) -> AcceptArgs {
        AcceptArgs { accept: self.accept.iter().cloned().chain(ids.iter().map(|id| (*id).to_owned())).collect() }
    }

    /// Refuses ids that are none, before any work is done.
    pub(crate) fn validate(&self) -> Result<(), Failure> {
        match self.accept.iter().find(|id| check::find(id).is_none()) {
            Some(id) => Err(Failure::new(format!("unknown finding `{id}`: nothing would be accepted"))
                .hint("`certkit explain` lists every id")),
            None => Ok(()),
        }
    }
}

/// A server's certificate before anybody trusts it: whoever issues it need not be the top of a chain.
static SERVER: Profile = Profile { without: &[&webpki::chain::ANCHOR_NOT_TOP], ..HTTPS };

/// The same of a client's.
static OF_CLIENT: Profile = Profile {
    without: &[
        &webpki::chain::ANCHOR_NOT_TOP,
        &rfc5280::validity::VALIDITY_TOO_LONG,
        &webpki::usage::SERVER_AUTH_MISSING,
        &webpki::usage::SERVER_AUTH_BY_ANY_ONLY,
        &webpki::usage::CA_EXCLUDES_SERVER_AUTH,
    ],
    ..CLIENT
};

/// The profile that a kind is judged under.
fn profile(kind: Kind) -> &'static Profile {
    match kind {
        Kind::Root | Kind::IssuingAuthority => &CA,
        Kind::Https => &SERVER,
        Kind::OpcUa => &OPCUA_ISSUED,
        Kind::Client => &OF_CLIENT,
    }
}

/// What is thought of everything that a command makes.
#[derive(Debug)]
pub(crate) struct Judgements {
    report: Report,
    /// The lists of the CA that issues, and of its root.
    lists: Lists,
    /// What that CA has issued, where somebody keeps count.
    issued: Vec<Certificate>,
}

impl Judgements {
    /// Starts with nothing made. Reads what the folder of the CA that issues tells of revocation.
    pub(crate) fn new(moment: Moment, authority: Option<&Authority>) -> Result<Judgements, Failure> {
        let folder = authority.and_then(|it| it.folder.as_ref());
        let lists = authority.map(Authority::lists).transpose()?.unwrap_or_default();
        let issued = folder.filter(|_| !lists.is_empty()).map(Folder::issued).transpose()?.unwrap_or_default();
        Ok(Judgements { report: Report::new(moment), lists, issued })
    }

    /// Says what it is that the next certificates are made of, as the user named it.
    pub(crate) fn look_at(&mut self, source: &str) {
        self.report.look_at(Some(source));
    }

    /// Judges a certificate with its issuers, of which the topmost is taken for trusted.
    pub(crate) fn add(&mut self, kind: Kind, made: &Certificate, issuers: &[Certificate]) {
        let moment = self.report.moment;
        let presented: Vec<Certificate> = std::iter::once(made).chain(issuers).cloned().collect();
        let top = presented.last().cloned().into_iter().collect();
        let certificate_set =
            CertificateSet { origin: Origin::Given("the issuer".to_owned()), trust: Trust::Anchors, certificates: top };
        let profile = profile(kind);
        let presented = if profile.role == Role::Authority { vec![made.clone()] } else { presented };
        // What it names is what was asked for; whether the application has it nobody here can tell.
        let application_uri = (kind == Kind::OpcUa).then(|| application_uri(made)).flatten();
        let expectation = Expectation { usage: profile.usage, application_uri, ..Expectation::default() };
        let request =
            Request { leaf: made, presented: &presented, expectation: &expectation, profile, moment, connection: None };
        self.report.add(profile, &assess(&request, &Context::new([certificate_set]), None), &Origin::Presented);
        let why = self.revoked_issuer(issuers).or_else(|| self.revoked_key(made, issuers));
        if let Some(why) = why {
            self.report.add_lost(&rfc5280::revocation::REVOKED, why);
        }
    }

    /// Holds against a certificate that somebody else asked for what nobody has looked at: a common name that is a host, and
    /// none of its alternative names.
    pub(crate) fn add_foreign_names(&mut self, made: &Certificate) {
        for name in foreign_common_names(made) {
            let evidence = format!(
                "its common name {} is not among its alternative names, and some programs accept the common name",
                Printable(name)
            );
            self.report.add_lost(&webpki::baseline::COMMON_NAME_FOREIGN, evidence);
        }
    }

    /// Says that a CA which leads up from what is made is revoked, whose word counts for nothing then.
    fn revoked_issuer(&self, issuers: &[Certificate]) -> Option<String> {
        let mut pairs = issuers.iter().zip(issuers.iter().skip(1));
        pairs.find_map(|(it, above)| {
            let reason = self.revoked(it, above)?;
            Some(format!("{}, which issues it, is revoked{}", Printable(it.subject().to_string()), in_brackets(reason)))
        })
    }

    /// Says that the key of what is made was certified before and is revoked: it may be in other hands.
    fn revoked_key(&self, made: &Certificate, issuers: &[Certificate]) -> Option<String> {
        let authority = issuers.first()?;
        let mut same = self.issued.iter().filter(|it| it.spki() == made.spki() && *it != made);
        same.find_map(|it| {
            let reason = self.revoked(it, authority).filter(|it| !it.is_some_and(Reason::leaves_key_sound))?;
            let (name, serial) = (Printable(it.subject().to_string()), it.serial().to_hex());
            Some(format!(
                "its key was certified before, in {name} with the serial number {serial}, which is revoked{}",
                in_brackets(reason)
            ))
        })
    }

    /// The reason, where a list says that an issuer has revoked a certificate.
    fn revoked(&self, certificate: &Certificate, issuer: &Certificate) -> Option<Option<Reason>> {
        let key = issuer.public_key().ok()?;
        match self.lists.against(certificate, std::slice::from_ref(&key))? {
            Status::Revoked { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// Hands out the report, or refuses where a warning or an error was not accepted.
    pub(crate) fn settle(mut self, accepted: &AcceptArgs) -> Result<Report, Failure> {
        let is_accepted = |id: &str| accepted.accept.iter().any(|other| other == id);
        let mut open: Vec<&'static str> = Vec::new();
        for (check, _) in self.report.weights().filter(|(_, severity)| *severity > Severity::Info) {
            if !is_accepted(check.id) && !open.contains(&check.id) {
                open.push(check.id);
            }
        }
        if !open.is_empty() {
            output::note(&findings::text(&self.report));
            let self_signed = open.contains(&"self-signed");
            let weights = self.report.findings.iter().filter(|it| it.severity > Severity::Info);
            let told = weights.map(|it| format!("{}: {}", it.check.id, it.evidence));
            let untold = self.report.undetermined.iter().filter(|it| it.severity > Severity::Info);
            let told = told.chain(untold.map(|it| format!("{}: {}", it.check.id, it.reason))).collect();
            let failure =
                Failure::new("the requested certificate does not pass the checks; nothing was written").told(told);
            let failure = if self_signed {
                failure.hint("issue it from a CA: --issuer CA (create one with `certkit generate ca`)")
            } else {
                failure
            };
            let failure = if open.contains(&OPCUA_NO_CURRENT_POLICY.id) {
                failure.hint(
                    "leave --key-type and --key out: the new key is then of the issuer's kind; or issue from a CA with a \
                     key of the wanted kind",
                )
            } else {
                failure
            };
            return Err(failure.hint(format!("to issue it anyway: --accept {}", open.join(" "))));
        }
        for finding in &mut self.report.findings {
            if finding.severity == Severity::Error {
                finding.severity = Severity::Warning;
            }
        }
        Ok(self.report)
    }
}

fn in_brackets(reason: Option<Reason>) -> String {
    reason.map(|it| format!(" ({it})")).unwrap_or_default()
}

/// The common names that are hosts, addresses or wildcards, and not among the alternative names where these have any.
fn foreign_common_names(certificate: &Certificate) -> Vec<String> {
    let known = Known::of(certificate);
    let Ok(Some(names)) = certificate.extension::<SubjectAltName<'_>>() else { return Vec::new() };
    let host = |name: GeneralName<'_>| match name {
        GeneralName::Dns(text) => Some(text.to_string().to_ascii_lowercase()),
        GeneralName::Ip(_) => Some(String::new()),
        _ => None,
    };
    let hosts: Vec<String> = names.names().filter_map(host).collect();
    if hosts.is_empty() {
        return Vec::new();
    }
    let rules = PeerRules {
        common_name: CommonName::Ignored,
        suffixes: Suffixes::OfRegistries,
        wildcards: Wildcards::WholeLabel,
    };
    let is_foreign = |name: &String| {
        let name = name.to_ascii_lowercase();
        let is_covered = match Peer::from_host(&name) {
            Ok(peer) => {
                (!name.contains('.') && matches!(peer, Peer::Host(_)))
                    || peer_matches(certificate, &known, &peer, rules)
            }
            Err(_) => !name.contains('*'),
        };
        !is_covered && !hosts.contains(&name)
    };
    certificate.subject().all(oid::COMMON_NAME).map(Cow::into_owned).filter(is_foreign).collect()
}

//! What was made: for people on standard error, or as JSON.

use std::path::PathBuf;

use certkit_core::cert::extension::SubjectAltName;
use certkit_core::cert::{Certificate, GeneralName, Request, RevocationList};
use certkit_core::check::Severity;
use certkit_core::generate::{Dropped, KeyPair};
use certkit_core::report::Report;
use certkit_core::text::{Hex, Printable, plural};
use schemars::JsonSchema;
use serde::Serialize;

use super::card::{self, Detail};
use super::compared::ComparedJson;
use super::findings::{self, ReportJson};
use super::json::{PublicKeyJson, RequestJson, RevocationListJson};
use crate::files::Content;
use crate::terminal::style::{self, paint};

/// The document of `certkit.generate/1`: what `generate`, `request`, `sign`, `renew` and `revoke` have made.
#[derive(Serialize, JsonSchema)]
pub(crate) struct GenerateJson {
    schema: &'static str,
    /// The command that made it.
    command: &'static str,
    /// The files that were written, in the order in which they were planned.
    written: Vec<WrittenJson>,
    /// The certificates that were made, as indices into `certificates`; the others are their issuers.
    made: Vec<usize>,
    /// The private key that belongs to it; null where none was made or used.
    key: Option<KeyJson>,
    /// The request that was made.
    request: Option<RequestJson>,
    /// The revocation list that was made.
    revocation_list: Option<RevocationListJson>,
    /// What a request or an old certificate asked for and did not get.
    dropped: Vec<DroppedJson>,
    /// Who has to trust the new file before it is used.
    partners: Vec<PartnerJson>,
    /// With --like: what the server shows now beside what was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<ComparedJson>,
    /// What else the user should know.
    notes: Vec<String>,
    #[serde(flatten)]
    report: ReportJson,
}

/// A file that was written.
#[derive(Serialize, JsonSchema)]
struct WrittenJson {
    path: String,
    content: Content,
}

/// What may be told of a private key.
#[derive(Serialize, JsonSchema)]
struct KeyJson {
    #[serde(flatten)]
    public: PublicKeyJson,
    /// Whether it was made here.
    is_new: bool,
    /// Whether it was written encrypted; null where it was not written.
    is_encrypted: Option<bool>,
}

/// Something that was asked for and not granted.
#[derive(Serialize, JsonSchema)]
struct DroppedJson {
    what: String,
    why: &'static str,
}

/// Somebody who has to trust a new certificate.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct PartnerJson {
    /// What people call it.
    pub(crate) name: String,
    /// Its ApplicationUri, where it has one.
    pub(crate) application_uri: Option<String>,
    pub(crate) fingerprint_sha256: Option<String>,
    /// Where it was found.
    pub(crate) origin: String,
    /// What has to be done there.
    pub(crate) action: String,
}

/// How the private key came about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyUse {
    /// Whether it was made here.
    pub(crate) is_new: bool,
    /// Whether it was written encrypted; `None` where it was not written.
    pub(crate) is_encrypted: Option<bool>,
}

/// Everything that a command has made.
#[derive(Debug)]
pub(crate) struct Made<'a> {
    /// The command.
    pub(crate) command: &'static str,
    /// The certificates.
    pub(crate) certificates: Vec<&'a Certificate>,
    /// What is thought of them.
    pub(crate) report: Report,
    /// The key that belongs to them.
    pub(crate) key: Option<(&'a KeyPair, KeyUse)>,
    /// The request.
    pub(crate) request: Option<&'a Request>,
    /// The revocation list.
    pub(crate) list: Option<&'a RevocationList>,
    /// What was not granted.
    pub(crate) dropped: Vec<Dropped>,
    /// Who has to trust the new file.
    pub(crate) partners: Vec<PartnerJson>,
    /// What the model of it shows beside it.
    pub(crate) compared: Option<ComparedJson>,
    /// What was said before it was made.
    pub(crate) told: Vec<String>,
    /// What else is to be said.
    pub(crate) notes: Vec<String>,
    /// What is wrong besides, such as an overdue list.
    pub(crate) warnings: Vec<String>,
}

impl<'a> Made<'a> {
    /// Starts with a command that has made nothing yet.
    pub(crate) fn new(command: &'static str, report: Report) -> Made<'a> {
        Made {
            command,
            certificates: Vec::new(),
            report,
            key: None,
            request: None,
            list: None,
            dropped: Vec::new(),
            partners: Vec::new(),
            compared: None,
            told: Vec::new(),
            notes: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The document.
    pub(crate) fn json(&self, written: &[(PathBuf, Content)]) -> GenerateJson {
        let place = |made: &&Certificate| self.report.certificates.iter().position(|it| it.certificate == **made);
        GenerateJson {
            schema: "certkit.generate/1",
            command: self.command,
            written: written
                .iter()
                .map(|(path, content)| WrittenJson { path: path.display().to_string(), content: *content })
                .collect(),
            made: self.certificates.iter().filter_map(place).collect(),
            key: self.key.as_ref().and_then(|(key, facts)| {
                let public = PublicKeyJson::new(&key.public_key().ok()?);
                Some(KeyJson { public, is_new: facts.is_new, is_encrypted: facts.is_encrypted })
            }),
            request: self.request.map(RequestJson::new),
            revocation_list: self.list.map(RevocationListJson::new),
            dropped: self.dropped.iter().map(|it| DroppedJson { what: it.what.clone(), why: it.why }).collect(),
            partners: self.partners.clone(),
            compared: self.compared.clone(),
            notes: self.warnings.iter().chain(&self.told).chain(&self.notes).cloned().collect(),
            report: ReportJson::new(&self.report),
        }
    }

    /// The words.
    pub(crate) fn text(&self, written: &[(PathBuf, Content)]) -> String {
        let moment = self.report.moment;
        let mut text = String::new();
        match self.certificates.as_slice() {
            [one] => text += &card::certificate(one, moment, Detail::Glance),
            many => {
                for certificate in many {
                    let name = Printable(format!("{:#}", certificate.subject()));
                    let serial = certificate.serial().to_hex();
                    text += &format!("  {}  {name}\n", paint(style::DIM, serial));
                }
            }
        }
        if let Some(request) = self.request {
            text += &card::request(request, Detail::Glance);
        }
        if let Some(list) = self.list {
            text += &card::revocation_list(list, moment, Detail::Glance);
        }
        for dropped in &self.dropped {
            text += &format!("{} {dropped}\n", paint(style::CARE, "not granted"));
        }
        if self.report.heaviest() > Some(Severity::Info) {
            text += &format!("\n{}", findings::text(&self.report));
        }
        for (path, content) in written {
            let protection = match (content, &self.key) {
                (Content::PrivateKey | Content::KeyStore, Some((_, KeyUse { is_encrypted: Some(true), .. }))) => {
                    ", encrypted"
                }
                (Content::PrivateKey, _) => ", not encrypted",
                (Content::KeyStore, _) => ", with the empty password",
                _ => "",
            };
            text += &format!("wrote {} ({}{protection})\n", Printable(path.display().to_string()), content.name());
        }
        text += &self.compared.as_ref().map(ComparedJson::text).unwrap_or_default();
        text += &self.partners();
        for warning in &self.warnings {
            text += &format!("{}\n", crate::terminal::wrap(&format!("warning: {}", Printable(warning)), 0));
        }
        for note in &self.notes {
            text += &format!("{}\n", crate::terminal::wrap(&format!("note: {}", Printable(note)), 0));
        }
        text
    }

    fn partners(&self) -> String {
        if self.partners.is_empty() {
            return String::new();
        }
        let count = self.partners.len();
        let mut text = format!("{count} {} trust the new file:\n", plural(count, "partner has to", "partners have to"));
        for partner in &self.partners {
            let uri = partner.application_uri.as_deref().map(|uri| format!("  {}", Printable(uri))).unwrap_or_default();
            text +=
                &format!("  {}{uri}  {}\n", Printable(&partner.name), paint(style::DIM, Printable(&partner.origin)));
            text += &format!("{}\n", crate::terminal::wrap(&Printable(&partner.action).to_string(), 4));
        }
        text
    }
}

impl PartnerJson {
    /// Describes the bearer of a certificate as a partner.
    pub(crate) fn new(certificate: &Certificate, origin: String, action: String) -> PartnerJson {
        PartnerJson {
            name: certificate.subject().short().unwrap_or_else(|| certificate.subject().to_string()),
            application_uri: application_uri(certificate),
            fingerprint_sha256: Some(Hex(certificate.fingerprint_sha256()).to_string()),
            origin,
            action,
        }
    }
}

/// The first URI among the alternative names.
pub(crate) fn application_uri(certificate: &Certificate) -> Option<String> {
    let names = certificate.extension::<SubjectAltName<'_>>().ok().flatten();
    names.iter().flat_map(SubjectAltName::names).find_map(|name| match name {
        GeneralName::Uri(uri) => Some(uri.to_string()),
        _ => None,
    })
}

//! What sources give: facts, each with the source that shows it. Nothing is judged here.

mod product;

pub use product::{Product, Version};

use super::configuration::{Configuration, Kind, Object};
use super::project_file::Form;
use crate::cert::Certificate;
use crate::check::Severity;
use crate::moment::Moment;
use crate::source::posture::Part;
use crate::verify::Verdict;

/// What kind of source it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// The Configuration API of a server.
    ConfigurationApi,
    /// A project file.
    ProjectFile,
    /// Probes of a server without a log-in.
    Probes,
    /// A folder of the host.
    DataFolder,
    /// A ThingWorx server.
    ThingWorx,
    /// Something that the project names and that was followed.
    Followed,
}

impl SourceKind {
    /// The word for it in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            SourceKind::ConfigurationApi => "configuration-api",
            SourceKind::ProjectFile => "project-file",
            SourceKind::Probes => "probes",
            SourceKind::DataFolder => "data-dir",
            SourceKind::ThingWorx => "thingworx",
            SourceKind::Followed => "followed",
        }
    }
}

/// One thing that was asked, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What was asked: `GET /config/v1/about`.
    pub what: String,
    /// What came of it, in a few words.
    pub outcome: String,
    /// Whether it showed something.
    pub is_shown: bool,
}

/// Who has signed a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    /// Its own key.
    Itself,
    /// A CA: a path to one that is trusted was accepted.
    Authority,
    /// Somebody else; what names itself a CA may be one or not.
    Unknown,
}

impl Signer {
    /// Takes it from what came of judging a certificate.
    pub(super) fn of(leaf: &Certificate, verdict: &Verdict) -> Signer {
        // One that is trusted for itself tells nothing of who has signed it.
        let anchor = verdict.anchor().filter(|anchor| anchor.der() != leaf.der());
        match anchor {
            _ if leaf.is_self_signed() => Signer::Itself,
            Some(_) if verdict.is_accepted() => Signer::Authority,
            _ => Signer::Unknown,
        }
    }
}

/// A certificate that a server has presented, as far as duties ask for it.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The part of Kepware that has presented it; `None` for another server.
    pub part: Option<Part>,
    /// The server, as `HOST:PORT`.
    pub at: String,
    /// The subject of its own certificate.
    pub subject: String,
    /// When it ends.
    pub not_after: Option<Moment>,
    /// Who has signed it.
    pub signer: Signer,
    /// The name of the self-signed certificate that its presented chain ends at; who that is nobody has verified.
    pub root: Option<String>,
    /// Whether a path to what is trusted was accepted.
    pub is_accepted: bool,
    /// What speaks against it: id, weight, sentence.
    pub objections: Vec<(String, Severity, String)>,
}

/// How somebody logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogIn {
    /// The name of the user.
    pub user: String,
    /// Why the password that was used is weak; `None` where nothing speaks against it.
    pub weakness: Option<String>,
}

/// The size of a log or a list that the API shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It was not asked for, or not shown.
    No,
    /// It was shown, with so many entries.
    Entries(usize),
}

/// What an observation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Who may read and write the Application Data folder and the keys in it.
    FolderRights,
    /// Backups on the host.
    Backups,
    /// Samples, tests and scripts on the host.
    Samples,
    /// Project files on the host that are under no password.
    ProjectFiles,
    /// Secrets that stand in clear in them.
    ProjectSecrets,
    /// Whether the Configuration API answers over plain HTTP.
    PlainHttp,
    /// Which versions and suites of TLS the Configuration API accepts.
    ApiTls,
    /// Which web sites may read what the Configuration API answers.
    ApiOrigins,
    /// Whether a REST server answers over plain HTTP.
    RestServer,
    /// Which versions and suites of TLS a REST server accepts.
    RestTls,
    /// Which web sites may read what a REST server answers.
    RestOrigins,
    /// Whether the service of the IoT Gateway answers other machines.
    GatewayService,
    /// What stands in the trust folders of OPC UA.
    TrustList,
    /// What the endpoints of an OPC UA server offer.
    UaEndpoints,
    /// Whether an OPC UA server offers connections that are signed and not encrypted.
    UaSignOnly,
    /// The certificate of an OPC UA server.
    UaCertificate,
    /// Whether an OPC UA server lets users in who do not say who they are.
    UaLogIn,
}

/// How something that was observed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As it should be.
    Good,
    /// Short in a part.
    Weak,
    /// Not as it should be.
    Bad,
    /// Worth knowing.
    Note,
    /// It could not be looked at, or not to its end.
    Unseen,
}

/// Something that a source has seen for itself, beside a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// What it is about.
    pub topic: Topic,
    /// The thing.
    pub subject: String,
    /// How it stands.
    pub standing: Standing,
    /// What was seen.
    pub text: String,
}

/// What one source shows.
#[derive(Clone, Debug)]
pub struct SourceFacts {
    /// The source, as it was named.
    pub name: String,
    /// What kind of source it is.
    pub kind: SourceKind,
    /// When it was begun with.
    pub begun: Moment,
    /// Why it could not be read, or not to its end.
    pub error: Option<String>,
    /// What to do about that.
    pub hints: Vec<String>,
    /// What was asked, in order.
    pub asked: Vec<Asked>,
    /// Why objects of a kind are not shown, or not all of them.
    pub refusals: Vec<(Kind, String)>,
    /// The product, where it tells.
    pub product: Option<Product>,
    /// The configuration.
    pub configuration: Configuration,
    /// What kind of project file it is.
    pub form: Option<Form>,
    /// The log-in that was accepted.
    pub log_in: Option<LogIn>,
    /// The certificate that its server presented.
    pub presented: Option<Presented>,
    /// What it has seen beside a configuration.
    pub observations: Vec<Observation>,
    /// The event log.
    pub event_log: Shown,
    /// The log of the Configuration API's transactions.
    pub transaction_log: Shown,
    /// The audit log.
    pub audit_log: Shown,
    /// The backups of the project.
    pub backups: Shown,
    /// Numbers that a definition of the server itself has given words to: property, number, word.
    pub words: Vec<(String, i64, String)>,
}

impl SourceFacts {
    /// Begins with a source.
    pub fn new(name: impl Into<String>, kind: SourceKind, begun: Moment) -> SourceFacts {
        SourceFacts {
            name: name.into(),
            kind,
            begun,
            error: None,
            hints: Vec::new(),
            asked: Vec::new(),
            refusals: Vec::new(),
            product: None,
            configuration: Configuration::default(),
            form: None,
            log_in: None,
            presented: None,
            observations: Vec::new(),
            event_log: Shown::No,
            transaction_log: Shown::No,
            audit_log: Shown::No,
            backups: Shown::No,
            words: Vec::new(),
        }
    }

    /// Says whether it showed anything at all.
    pub fn is_dead(&self) -> bool {
        // The certificate of a server that nothing was asked of shows nothing of its configuration.
        let is_presented = self.presented.is_some() && self.kind != SourceKind::ConfigurationApi;
        let is_silent = self.product.is_none() && self.configuration.is_empty() && self.observations.is_empty();
        self.error.is_some() && is_silent && !is_presented
    }

    /// Notes what was asked.
    pub fn note_asked(&mut self, what: impl Into<String>, outcome: impl Into<String>, is_shown: bool) {
        self.asked.push(Asked { what: what.into(), outcome: outcome.into(), is_shown });
    }

    /// Says whether anything that was asked was shown.
    pub fn has_shown(&self) -> bool {
        self.asked.iter().any(|it| it.is_shown)
    }

    /// What was asked last and what came of it, in one sentence, where it showed nothing.
    pub(super) fn last_refusal(&self) -> Option<String> {
        self.asked.last().filter(|it| !it.is_shown).map(|it| format!("{} answered {}", it.what, it.outcome))
    }

    /// Why objects of a kind are not shown, where the source has said so.
    pub fn refusal(&self, kind: Kind) -> Option<&str> {
        self.refusals.iter().find(|(of, _)| *of == kind).map(|(_, why)| why.as_str())
    }

    /// The objects of a kind.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        self.configuration.all(kind)
    }

    /// Says whether it is one that objects of a kind are to be seen in: users and groups stand in no project file.
    pub fn is_to_show(&self, kind: Kind) -> bool {
        let is_api = self.kind == SourceKind::ConfigurationApi;
        match kind {
            Kind::User | Kind::Group | Kind::Permission => is_api,
            Kind::UaEndpoint | Kind::Admin => is_api && (self.is_dead() || self.is_edge()),
            _ => is_api || self.kind == SourceKind::ProjectFile,
        }
    }

    /// Says whether it is one that a topic is to be seen at; other ways may lead to it, too.
    fn is_to_observe(&self, topic: Topic) -> bool {
        match topic {
            Topic::UaEndpoints | Topic::UaCertificate | Topic::UaLogIn => self.kind == SourceKind::Probes,
            // What is told beside another topic, or where something answers alone.
            Topic::UaSignOnly | Topic::ApiTls | Topic::RestTls | Topic::RestOrigins | Topic::GatewayService => false,
            Topic::FolderRights | Topic::Backups | Topic::Samples | Topic::TrustList | Topic::PlainHttp => {
                self.kind == SourceKind::DataFolder
            }
            Topic::ApiOrigins | Topic::RestServer | Topic::ProjectFiles | Topic::ProjectSecrets => false,
        }
    }

    /// The word that the server's own definition has for a number of a property.
    pub fn word(&self, key: &str, number: i64) -> Option<&str> {
        self.words.iter().find(|it| it.0 == key && it.1 == number).map(|it| it.2.as_str())
    }

    /// Says whether it is a Kepware Edge.
    pub fn is_edge(&self) -> bool {
        self.product.as_ref().is_some_and(|it| it.is_edge)
    }

    /// Where an object stands.
    pub fn place(&self, object: &Object) -> String {
        self.configuration.path_of(object)
    }
}

/// All that is known of what is reviewed.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The sources, in the order in which they were named.
    pub sources: Vec<SourceFacts>,
    /// The oldest version that the plant wants, where somebody said it.
    pub minimum: Option<Version>,
    /// The moment of the review.
    pub moment: Moment,
}

impl Facts {
    /// The sources that objects of a kind are to be seen in.
    pub fn to_show(&self, kind: Kind) -> impl Iterator<Item = &SourceFacts> {
        self.sources.iter().filter(move |it| it.is_to_show(kind))
    }

    /// Says whether all objects of a kind were looked at in every source that they are to be seen in: one that does not
    /// show them may have what no other has.
    pub fn is_seen(&self, kind: Kind) -> bool {
        let mut sources = self.to_show(kind).peekable();
        sources.peek().is_some() && sources.all(|it| it.configuration.is_seen(kind))
    }

    /// The sources that could not be read, and at which a topic was to be seen.
    pub fn blind_to(&self, topic: Topic) -> impl Iterator<Item = &SourceFacts> {
        self.sources.iter().filter(move |it| it.is_dead() && it.is_to_observe(topic))
    }

    /// What sources have seen of a topic.
    pub fn observed(&self, topic: Topic) -> impl Iterator<Item = (&SourceFacts, &Observation)> {
        let of = move |it: &&Observation| it.topic == topic;
        self.sources.iter().flat_map(move |source| source.observations.iter().filter(of).map(move |it| (source, it)))
    }

    /// The certificate that was seen at `HOST:PORT` by a source that was to look there.
    pub fn presented_at(&self, at: &str) -> Option<(&SourceFacts, &Presented)> {
        let mut seen = self.sources.iter().filter_map(|it| Some((it, it.presented.as_ref()?)));
        seen.find(|(_, it)| it.at.eq_ignore_ascii_case(at))
    }

    /// The projects, each with its source.
    pub fn projects(&self) -> impl Iterator<Item = (&SourceFacts, &Object)> {
        self.sources.iter().filter_map(|it| Some((it, it.configuration.project()?)))
    }

    /// The objects of a kind, each with its source.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = (&SourceFacts, &Object)> {
        self.sources.iter().flat_map(move |it| it.all(kind).map(move |object| (it, object)))
    }
}

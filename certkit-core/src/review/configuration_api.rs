//! Asks the Configuration API of a server what it shows. `GET` only: no service is called, nothing is changed.
//!
//! `/about` decides what else is asked. A path that is refused is not visible, and no failure of the whole; a log-in that
//! is refused is not tried again, since accounts are locked after some tries.

mod answer;
mod words;

use answer::fail;

use std::io::Read;
use std::time::Duration;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::answers::{count, encoded, from_json};
use super::approval::Approval;
use super::configuration::Kind;
use super::duties::channel_driver;
use super::facts::{LogIn, Presented, Product, Shown, SourceFacts, Version};
use super::project_file::{self, Page};
use crate::presented::Endpoint;
use crate::source::posture::Part;
use crate::source::{Capture, Connect, Conversation};

/// Below which all paths stand.
const ROOT: &str = "/config/v1";

/// The most bytes of one answer; a project of half a million tags has less.
const ANSWER: u64 = 1024 * 1024 * 1024;

/// The most bytes of an answer about one thing.
const SMALL: u64 = 16 * 1024 * 1024;

/// The most pages of one collection.
const PAGES: usize = 1_000;

/// The most questions to one server.
const QUESTIONS: usize = 3_000;

/// The most waits for one path of a server that is busy.
const WAITS: u32 = 3;

/// The longest wait for a server that is busy.
const WAIT: Duration = Duration::from_secs(5);

/// What to look at where no Configuration API answers.
const SWITCHED_OFF: &str = "is the Configuration API enabled (Settings | Configuration API Service), and is this its HTTPS port? \
                            Kepware has 57512, Kepware Edge 57513";

/// What to do where a password stands in answers.
const REPEATED: &str = "the password of --user stands in what this server answers, shown as ***: change it, and find out who \
                        put it there";

/// How much longer than one silence a whole source may take.
const PATIENCE: u32 = 20;

/// Who asks.
#[derive(Debug)]
pub struct Credentials {
    /// The name of the user.
    pub user: String,
    /// The password, as its holder gives it; wiped when dropped.
    pub password: Zeroizing<Vec<u8>>,
    /// Why this password is weak, where it is.
    pub weakness: Option<String>,
}

/// What came of a question.
enum Reply<T> {
    Shown(T),
    NotShown,
    /// The server is not to be asked anything more.
    Ended,
}

/// One review of one server.
struct Round<'f, 'a> {
    conversation: Conversation<'a>,
    facts: &'f mut SourceFacts,
    /// Whether a path that needs a log-in was answered.
    is_logged_in: bool,
    has_user: bool,
    questions: usize,
    /// What came of paths that were not answered and may be another time.
    unanswered: Vec<String>,
    /// What was answered with something else than what such a path shows.
    unreadable: Vec<String>,
}

/// Asks the Configuration API at an endpoint (`https`), and writes what it shows into the facts.
///
/// What the server presents is held against `approval` before the first question: credentials go nowhere else. Where an
/// answer repeats the password, the facts have `***` in its place.
pub fn ask(
    endpoint: &Endpoint,
    connect: Connect,
    credentials: Option<Credentials>,
    approval: &Approval<'_>,
    facts: &mut SourceFacts,
) {
    let whole = connect.timeout.saturating_mul(PATIENCE);
    let mut presented = None;
    let approve = |capture: &Capture| {
        let (seen, verdict) = approval.look(endpoint, capture);
        presented = seen;
        verdict
    };
    let mut conversation = match Conversation::new(endpoint.clone(), connect, whole, Box::new(approve)) {
        Ok(conversation) => conversation,
        Err(error) => return fail(facts, &error),
    };
    if let Some(credentials) = &credentials {
        conversation.log_in(&credentials.user, &credentials.password);
    }
    let has_user = credentials.is_some();
    let redaction = conversation.redaction().clone();
    let mut round = Round {
        conversation,
        facts,
        is_logged_in: false,
        has_user,
        questions: 0,
        unanswered: Vec::new(),
        unreadable: Vec::new(),
    };
    round.all();
    round.tell_unanswered();
    round.tell_unreadable();
    let is_logged_in = round.is_logged_in;
    drop(round);
    facts.presented = presented.map(|it| Presented { part: Some(Part::ConfigurationApi), ..it });
    let is_repeated = facts.hide(&redaction);
    let Some(Credentials { user, weakness, .. }) = credentials else { return };
    if is_repeated {
        // A weak one may be a word that stands there anyway.
        if weakness.is_none() {
            let what = "its answers repeat the password that it was sent";
            facts.error = Some(facts.error.take().map_or(what.to_owned(), |error| format!("{what}; {error}")));
        }
        facts.hints.push(REPEATED.to_owned());
    }
    if is_logged_in {
        facts.log_in = Some(LogIn { user, weakness });
    }
}

#[derive(Deserialize)]
struct About {
    product_name: Option<String>,
    product_id: Option<String>,
    product_version: Option<String>,
}

impl Round<'_, '_> {
    fn all(&mut self) {
        match self.get("/about", |body| from_json::<About>(body, SMALL)) {
            Reply::Shown(about) => self.note_product(about),
            // Before 6.13 there was none.
            Reply::NotShown => {}
            Reply::Ended => return,
        }
        if self.project().and_then(|()| self.words()).is_none() {
            return;
        }
        let _ = self.administration();
    }

    fn note_product(&mut self, about: About) {
        let (Some(name), Some(written)) = (about.product_name, about.product_version) else {
            let error = "its /about names no product: it is no Configuration API of Kepware";
            self.facts.error.get_or_insert(error.to_owned());
            return;
        };
        let is_edge = about.product_id.as_deref() == Some("013") || name.contains("Edge");
        let version = Version::parse(&written);
        self.facts.product = Some(Product { name, written, version, is_edge });
    }

    /// Says whether the product is at least of a version; what is not known is taken for an old one.
    fn is_since(&self, server: Version, edge: Version) -> bool {
        let product = self.facts.product.as_ref();
        product.is_some_and(|it| it.version.is_some_and(|version| version >= if it.is_edge { edge } else { server }))
    }

    fn project(&mut self) -> Option<()> {
        if self.is_since(Version(6, 17, 0), Version(1, 10, 0)) {
            let facts = |round: &mut Self| std::mem::take(&mut round.facts.configuration);
            let mut whole = facts(self);
            let reply = self.get("/project?content=serialize", |body| {
                project_file::read_json(body.take(ANSWER), &mut whole).map_err(|error| error.to_string())
            });
            match reply {
                // Where it answers as if it had been asked for the properties alone, the rest is asked for below.
                Reply::Shown(()) if whole.is_seen(Kind::Channel) => {
                    self.facts.configuration = whole;
                    return Some(());
                }
                Reply::Shown(()) | Reply::NotShown => {}
                Reply::Ended => return None,
            }
        }
        self.one("/project", Kind::Project)?;
        if !self.facts.has_shown() {
            self.tell_silent();
            return None;
        }
        self.collection("/project/channels", Kind::Channel, None)?;
        for (path, kind) in
            [("mqtt_clients", Kind::MqttClient), ("rest_clients", Kind::RestClient), ("rest_servers", Kind::RestServer)]
        {
            self.collection(&format!("/project/_iot_gateway/{path}"), kind, None)?;
        }
        if self.is_since(Version(6, 16, 0), Version(u32::MAX, 0, 0)) {
            self.one("/project/_ua_gateway/ua_server_interfaces/Server%20Interface", Kind::UaServerInterface)?;
            let connections = "/project/_ua_gateway/ua_client_interfaces/Client%20Interface/ua_client_connections";
            self.collection(connections, Kind::UaClientConnection, None)?;
        } else if self.facts.product.as_ref().is_some_and(|it| it.version.is_some()) {
            // Before 6.16 and on Edge there is no UA Gateway.
            self.facts.configuration.note_seen(Kind::UaServerInterface, None);
            self.facts.configuration.note_seen(Kind::UaClientConnection, None);
        }
        self.devices()
    }

    /// Devices are asked for where their driver leaves a choice.
    fn devices(&mut self) -> Option<()> {
        const CHOOSING: [&str; 3] = ["SNMP", "Allen-Bradley Bulletin 1609", "IEC 61850 MMS Client"];
        let channels = self.facts.configuration.objects().iter().enumerate();
        let channels = channels.filter(|(_, it)| it.kind == Kind::Channel && CHOOSING.contains(&channel_driver(it)));
        let channels: Vec<(usize, String)> = channels.map(|(at, it)| (at, it.name().to_owned())).collect();
        for (at, name) in channels {
            self.collection(&format!("/project/channels/{}/devices", encoded(&name)), Kind::Device, Some(at))?;
        }
        Some(())
    }

    fn administration(&mut self) -> Option<()> {
        let is_edge = self.facts.product.as_ref().is_some_and(|it| it.is_edge);
        self.collection("/admin/server_users", Kind::User, None)?;
        self.collection("/admin/server_usergroups", Kind::Group, None)?;
        let groups = self.facts.configuration.objects().iter().enumerate().filter(|(_, it)| it.kind == Kind::Group);
        let groups: Vec<(usize, String)> = groups.map(|(at, it)| (at, it.name().to_owned())).collect();
        for (at, name) in groups {
            let path = format!("/admin/server_usergroups/{}/project_permissions", encoded(&name));
            self.collection(&path, Kind::Permission, Some(at))?;
        }
        self.one("/admin", Kind::Admin)?;
        if is_edge {
            self.collection("/admin/ua_endpoints", Kind::UaEndpoint, None)?;
        }
        self.facts.event_log = self.count("/event_log?limit=100")?;
        self.facts.transaction_log = self.count("/log?limit=100")?;
        if self.is_since(Version(6, 18, 0), Version(1, 11, 0)) {
            self.facts.audit_log = self.count("/audit_log?limit=100")?;
            self.facts.backups = self.count("/project/backups")?;
        }
        Some(())
    }

    /// Asks for one object.
    fn one(&mut self, path: &str, kind: Kind) -> Option<()> {
        let mut configuration = std::mem::take(&mut self.facts.configuration);
        let before = configuration.len();
        let reply = self.get(path, |body| {
            project_file::read_object(body.take(SMALL), kind, &mut configuration).map_err(|it| it.to_string())
        });
        match reply {
            Reply::Shown(()) => configuration.note_seen(kind, None),
            _ => {
                configuration.truncate(before);
                self.note_refusal(kind);
            }
        }
        self.facts.configuration = configuration;
        (!matches!(reply, Reply::Ended)).then_some(())
    }

    /// Asks for a collection, page by page where the server answers in pages.
    fn collection(&mut self, path: &str, kind: Kind, parent: Option<usize>) -> Option<()> {
        let mut configuration = std::mem::take(&mut self.facts.configuration);
        let first = configuration.len();
        let mut asked = path.to_owned();
        let mut is_whole = false;
        let mut is_ended = false;
        let mut is_refused = false;
        let mut is_named = true;
        for number in 2..PAGES {
            let before = configuration.len();
            let reply = self.get(&asked, |body| {
                project_file::read_collection(body.take(ANSWER), kind, parent, &mut configuration)
                    .map_err(|it| it.to_string())
            });
            let page = match reply {
                Reply::Shown(page) => page,
                Reply::NotShown | Reply::Ended => {
                    is_ended = matches!(reply, Reply::Ended);
                    is_refused = true;
                    configuration.truncate(before);
                    break;
                }
            };
            let Page { elements, is_paged, .. } = page;
            is_named &= page.is_named;
            // A page that repeats what is known is the end, whatever the server means by it.
            let known = |it: &super::configuration::Object| {
                configuration.objects().get(first..before).unwrap_or_default().iter().any(|old| old.name() == it.name())
            };
            let is_news = configuration.objects().get(before..).unwrap_or_default().iter().any(|it| !known(it));
            if !is_news && before > first {
                configuration.truncate(before);
            }
            if !is_paged || !is_news || elements == 0 {
                is_whole = true;
                break;
            }
            asked = format!("{path}?pageNumber={number}&pageSize={elements}");
        }
        // There is no server without a user and a group that are built in.
        let is_empty = configuration.len() == first && matches!(kind, Kind::User | Kind::Group | Kind::Permission);
        if is_whole && is_named && !is_empty {
            configuration.note_seen(kind, parent);
        } else {
            let fault =
                if is_whole { "200, but it is empty, or has elements without a name" } else { "200, without an end" };
            if !is_refused {
                self.facts.note_asked(format!("GET {ROOT}{path}"), fault, false);
            }
            if !is_refused && !is_empty {
                self.unreadable.extend(self.facts.last_refusal());
            }
            self.note_refusal(kind);
        }
        self.facts.configuration = configuration;
        (!is_ended).then_some(())
    }

    /// Keeps why objects of a kind are not shown: what came of the last question.
    fn note_refusal(&mut self, kind: Kind) {
        if let Some(why) = self.facts.last_refusal() {
            self.facts.refusals.push((kind, why));
        }
    }

    /// Counts the entries of a log or list.
    fn count(&mut self, path: &str) -> Option<Shown> {
        match self.get(path, count) {
            Reply::Shown(entries) => Some(Shown::Entries(entries)),
            Reply::NotShown => Some(Shown::No),
            Reply::Ended => None,
        }
    }
}

//! The tasks of the page, each as the command line that does it.

mod store;

use certkit_core::text::Address;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::command_line::CommandLine;
use crate::engine::Handed;
use crate::places::{Given, Places, Refusal};

/// A password; wiped when dropped.
pub(crate) type Password = Zeroizing<String>;

/// What the page asks for.
#[derive(Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case")]
pub(crate) enum Task {
    Check(Check),
    Fetch(Fetch),
    Explain(Explain),
    Preflight(Preflight),
    Expiry(Expiry),
    Generate(Box<Generate>),
    Review(Box<Review>),
    TrustList(store::List),
    TrustAdd(store::Add),
    TrustMove(store::Move),
    TrustUndo(store::Undo),
}

/// The form of a report.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Form {
    #[default]
    Json,
    Html,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Check {
    inputs: Vec<Given>,
    #[serde(default)]
    profile: String,
    #[serde(default)]
    host: String,
    #[serde(default)]
    application_uri: String,
    #[serde(default)]
    trust: Vec<Given>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fetch {
    host: String,
    #[serde(default)]
    server_name: String,
    #[serde(default)]
    trust: Vec<Given>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Explain {
    #[serde(default)]
    text: String,
    log: Option<Given>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preflight {
    own: Option<Given>,
    peer: Option<Given>,
    #[serde(default)]
    role: String,
    #[serde(default)]
    application_uri: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expiry {
    inputs: Vec<Given>,
    config: Option<Given>,
    #[serde(default)]
    warn: String,
    #[serde(default)]
    critical: String,
    #[serde(default)]
    form: Form,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Generate {
    kind: Kind,
    #[serde(default)]
    name: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    application_uri: String,
    #[serde(default)]
    dns: Vec<String>,
    #[serde(default)]
    ip: Vec<String>,
    #[serde(default)]
    days: String,
    #[serde(default)]
    key_type: String,
    issuer: Option<Given>,
    issuer_key: Option<Given>,
    /// Findings that are accepted.
    #[serde(default)]
    accept: Vec<String>,
    /// The folder that is made or filled.
    folder: String,
    #[serde(default)]
    password: Option<Password>,
    #[serde(default)]
    issuer_password: Option<Password>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Opcua,
    Https,
    Ca,
    Client,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Review {
    sources: Vec<Given>,
    /// `kepware+https://HOST:57512` or `kepware://HOST`.
    #[serde(default)]
    servers: Vec<String>,
    data_dir: Option<Given>,
    config: Option<Given>,
    #[serde(default)]
    user: String,
    #[serde(default)]
    password: Option<Password>,
    #[serde(default)]
    pin: String,
    #[serde(default)]
    trust: Vec<Given>,
    #[serde(default)]
    follow: bool,
    #[serde(default)]
    form: Form,
}

/// A command line, and the secrets that it names.
pub(crate) struct Order {
    pub(crate) words: CommandLine,
    pub(crate) secrets: Vec<Handed>,
    /// Whether something is written: then it goes on to its end, whether somebody waits for it or not.
    pub(crate) writes: bool,
}

impl Order {
    fn new(words: CommandLine) -> Order {
        Order { words, secrets: Vec::new(), writes: false }
    }

    fn writing(words: CommandLine) -> Order {
        Order { writes: true, ..Order::new(words) }
    }

    /// Names passwords in a file that lies in memory: one in each line.
    fn passwords(&mut self, option: &str, all: &[Password], places: &Places<'_>) -> Result<(), Refusal> {
        let mut known: Vec<&str> = Vec::new();
        for password in all.iter().map(|it| it.as_str()).filter(|it| !it.is_empty()) {
            if password.contains(['\n', '\r', '\0']) {
                return Err(Refusal::Password);
            }
            if !known.contains(&password) {
                known.push(password);
            }
        }
        if known.is_empty() {
            return Ok(());
        }
        let names = (1..).map(|at| if at == 1 { "password.txt".to_owned() } else { format!("password-{at}.txt") });
        let taken = |name: &String| places.handed.iter().chain(&self.secrets).any(|it| it.name == *name);
        let name = names.into_iter().find(|name| !taken(name)).unwrap_or_default();
        self.words.option(option, &name);
        let mut bytes = Zeroizing::new(Vec::with_capacity(known.iter().map(|it| it.len() + 1).sum()));
        for password in known {
            bytes.extend_from_slice(password.as_bytes());
            bytes.push(b'\n');
        }
        self.secrets.push(Handed { name, bytes });
        Ok(())
    }
}

impl Task {
    /// The command line that does it. `passwords` are those of the files that are read.
    pub(crate) fn order(&self, passwords: &[Password], places: &Places<'_>) -> Result<Order, Refusal> {
        match self {
            Task::Check(it) => it.order(passwords, places),
            Task::Fetch(it) => it.order(places),
            Task::Explain(it) => it.order(places),
            Task::Preflight(it) => it.order(places),
            Task::Expiry(it) => it.order(passwords, places),
            Task::Generate(it) => it.order(places),
            Task::Review(it) => it.order(places),
            Task::TrustList(it) => it.order(passwords, places),
            Task::TrustAdd(it) => it.order(passwords, places),
            Task::TrustMove(it) => it.order(passwords, places),
            Task::TrustUndo(it) => it.order(places),
        }
    }
}

impl Form {
    fn add_to(self, words: &mut CommandLine) {
        words.option("format", if matches!(self, Form::Html) { "html" } else { "json" });
    }
}

/// Names several with the same option.
fn options(words: &mut CommandLine, name: &str, all: &[String]) {
    all.iter().for_each(|it| words.option(name, it));
}

/// Begins a command that reports.
fn reporting(command: &[&str]) -> CommandLine {
    let mut words = CommandLine::new(command);
    words.flag("json");
    words
}

impl Check {
    fn order(&self, passwords: &[Password], places: &Places<'_>) -> Result<Order, Refusal> {
        let mut order = Order::new(reporting(&["check"]));
        order.words.option("profile", &self.profile);
        order.words.option("host", &self.host);
        order.words.option("application-uri", &self.application_uri);
        options(&mut order.words, "trust", &places.stores(&self.trust)?);
        order.passwords("password-file", passwords, places)?;
        if self.inputs.is_empty() {
            return Err(Refusal::Missing("refused.missing.file"));
        }
        places.words(&self.inputs)?.into_iter().for_each(|it| order.words.name(it));
        Ok(order)
    }
}

impl Fetch {
    fn order(&self, places: &Places<'_>) -> Result<Order, Refusal> {
        let host = self.host.trim();
        if host.is_empty() {
            return Err(Refusal::Missing("refused.missing.host"));
        }
        let mut words = reporting(&["fetch"]);
        words.option("part", "ca");
        words.option("server-name", &self.server_name);
        options(&mut words, "trust", &places.stores(&self.trust)?);
        words.name(if host.contains("://") { host.to_owned() } else { format!("thingworx://{host}") });
        Ok(Order::new(words))
    }
}

impl Explain {
    fn order(&self, places: &Places<'_>) -> Result<Order, Refusal> {
        let mut words = reporting(&["explain"]);
        match (&self.log, self.text.trim()) {
            (Some(log), "") => words.option("log", &places.file(log)?),
            (None, "") => return Err(Refusal::Missing("refused.missing.message")),
            (None, text) => words.name(text),
            (Some(_), _) => return Err(Refusal::TwoQuestions),
        }
        Ok(Order::new(words))
    }
}

impl Preflight {
    fn order(&self, places: &Places<'_>) -> Result<Order, Refusal> {
        let mut words = reporting(&["preflight"]);
        words.option("role", &self.role);
        words.option("application-uri", &self.application_uri);
        words.name(places.file(self.own.as_ref().ok_or(Refusal::Missing("refused.missing.own"))?)?);
        words.name(places.word(self.peer.as_ref().ok_or(Refusal::Missing("refused.missing.peer"))?)?);
        Ok(Order::new(words))
    }
}

impl Expiry {
    fn order(&self, passwords: &[Password], places: &Places<'_>) -> Result<Order, Refusal> {
        let mut order = Order::new(CommandLine::new(&["expiry"]));
        self.form.add_to(&mut order.words);
        order.words.option("warn", &self.warn);
        order.words.option("critical", &self.critical);
        if let Some(config) = &self.config {
            order.words.option("config", &places.place(config)?);
        } else if self.inputs.is_empty() {
            return Err(Refusal::Missing("refused.missing.inputs"));
        }
        order.passwords("password-file", passwords, places)?;
        places.words(&self.inputs)?.into_iter().for_each(|it| order.words.name(it));
        Ok(order)
    }
}

impl Generate {
    fn order(&self, places: &Places<'_>) -> Result<Order, Refusal> {
        let (kind, must_have_password) = match self.kind {
            Kind::Opcua => ("opcua", false),
            Kind::Https => ("https", false),
            Kind::Client => ("client", false),
            Kind::Ca => ("ca", true),
        };
        let mut order = Order::writing(reporting(&["generate", kind]));
        order.words.option("name", &self.name);
        order.words.option("subject", &self.subject);
        order.words.option("application-uri", &self.application_uri);
        options(&mut order.words, "dns", &self.dns);
        options(&mut order.words, "ip", &self.ip);
        order.words.option("days", &self.days);
        order.words.option("key-type", &self.key_type);
        for (option, given) in [("issuer", &self.issuer), ("issuer-key", &self.issuer_key)] {
            if let Some(given) = given {
                order.words.option(option, &places.place(given)?);
            }
        }
        options(&mut order.words, "accept", &self.accept);
        let password = self.password.as_ref().filter(|it| !it.is_empty());
        match password {
            Some(password) => order.passwords("password-file", std::slice::from_ref(password), places)?,
            None if must_have_password => return Err(Refusal::Missing("refused.missing.ca.password")),
            None => {}
        }
        if let Some(password) = &self.issuer_password {
            order.passwords("issuer-password-file", std::slice::from_ref(password), places)?;
        }
        if self.folder.trim().is_empty() {
            return Err(Refusal::Missing("refused.missing.folder"));
        }
        order.words.option("output", &places.new_entry(self.folder.trim())?);
        Ok(order)
    }
}

impl Review {
    fn order(&self, places: &Places<'_>) -> Result<Order, Refusal> {
        let mut order = Order::new(CommandLine::new(&["review"]));
        self.form.add_to(&mut order.words);
        if self.follow {
            order.words.flag("follow");
        }
        for (option, given) in [("config", &self.config), ("data-dir", &self.data_dir)] {
            if let Some(given) = given {
                order.words.option(option, &places.place(given)?);
            }
        }
        order.words.option("user", &self.user);
        if !self.user.trim().is_empty() {
            let password = self.password.as_ref().filter(|it| !it.is_empty());
            let password = password.ok_or(Refusal::Missing("refused.missing.user.password"))?;
            order.passwords("password-file", std::slice::from_ref(password), places)?;
        }
        order.words.option("pin", &self.pin);
        options(&mut order.words, "trust", &places.stores(&self.trust)?);
        let sources = self.sources.iter().map(|it| places.file(it)).collect::<Result<Vec<String>, _>>()?;
        for server in &self.servers {
            let server = server.trim();
            let is_server = ["kepware+https://", "kepware://", "thingworx://", "opc.tcp://"];
            if !is_server.iter().any(|scheme| server.starts_with(scheme)) {
                return Err(Refusal::Server(Address::new(server)));
            }
            order.words.name(server);
        }
        if sources.is_empty() && self.servers.is_empty() && self.config.is_none() && self.data_dir.is_none() {
            return Err(Refusal::Missing("refused.missing.sources"));
        }
        sources.into_iter().for_each(|it| order.words.name(it));
        Ok(order)
    }
}

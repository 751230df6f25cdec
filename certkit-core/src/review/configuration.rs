//! A configuration of Kepware as a flat list of objects: the project, its channels, agents and interfaces, and what the
//! user manager has.

use std::collections::{BTreeMap, BTreeSet};

use super::value::{Secret, Value, had_password, quoted};

/// The most objects that are kept of one source; a plant has some thousand.
const MOST: usize = 200_000;

/// The most properties that are kept of one object.
const PROPERTIES: usize = 1_000;

/// How much is kept of all properties of one source together, in bytes of names and texts.
const ROOM: usize = 64 * 1024 * 1024;

/// The most characters of a place: it is told with each thing that is seen there.
const PATH: usize = 400;

/// What a property takes beside its name and text.
const OVERHEAD: usize = 64;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The project with its client interfaces.
    Project,
    /// A channel.
    Channel,
    /// A device of a channel.
    Device,
    /// An MQTT client agent of the IoT Gateway.
    MqttClient,
    /// A REST client agent.
    RestClient,
    /// A REST server agent.
    RestServer,
    /// An agent for ThingWorx, of old versions.
    ThingWorxClient,
    /// The server side of the UA Gateway.
    UaServerInterface,
    /// An endpoint of the UA Gateway.
    UaServerEndpoint,
    /// A connection of the client side of the UA Gateway.
    UaClientConnection,
    /// A log group of the DataLogger.
    LogGroup,
    /// A user of the user manager.
    User,
    /// A group of the user manager.
    Group,
    /// What a group may do with one kind of object.
    Permission,
    /// A UA endpoint of Kepware Edge.
    UaEndpoint,
    /// The settings of the logs and, on Edge, of the licence server.
    Admin,
}

impl Kind {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Project => "project",
            Kind::Channel => "channel",
            Kind::Device => "device",
            Kind::MqttClient => "MQTT client agent",
            Kind::RestClient => "REST client agent",
            Kind::RestServer => "REST server agent",
            Kind::ThingWorxClient => "ThingWorx agent",
            Kind::UaServerInterface => "UA Gateway server",
            Kind::UaServerEndpoint => "UA Gateway endpoint",
            Kind::UaClientConnection => "UA Gateway connection",
            Kind::LogGroup => "log group",
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Permission => "permission",
            Kind::UaEndpoint => "UA endpoint",
            Kind::Admin => "administration",
        }
    }
}

/// What a property shows that is yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// It is as it should be.
    Good,
    /// It is the other way.
    Bad,
    /// It is missing, or is neither yes nor no: nobody knows what the server makes of that.
    Unseen,
}

/// One object with its properties.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// The object it belongs to, as its place in the list.
    pub parent: Option<usize>,
    /// Its properties by their full names.
    pub properties: BTreeMap<Box<str>, Value>,
}

impl Object {
    /// Its name; empty where it has none.
    pub fn name(&self) -> &str {
        self.text("common.ALLTYPES_NAME").unwrap_or_default()
    }

    /// A property that is yes or no; `None` where it is missing or something else.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.properties.get(key)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// Holds a property that is yes or no against what it should be.
    pub fn switch(&self, key: &str, wanted: bool) -> Switch {
        match self.flag(key) {
            Some(flag) if flag == wanted => Switch::Good,
            Some(_) => Switch::Bad,
            None => Switch::Unseen,
        }
    }

    /// A property that is a number.
    pub fn number(&self, key: &str) -> Option<i64> {
        match self.properties.get(key)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A property that is a text.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.properties.get(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A property that is a secret.
    pub fn secret(&self, key: &str) -> Option<Secret> {
        match self.properties.get(key)? {
            Value::Secret(secret) => Some(*secret),
            _ => None,
        }
    }

    /// The names of its properties that hold a secret in clear.
    pub fn clear_secrets(&self) -> Vec<&str> {
        let is_clear = |value: &Value| match value {
            Value::Text(text) => had_password(text),
            value => matches!(value, Value::Secret(Secret::Clear(_))),
        };
        let clear = self.properties.iter().filter(|(_, value)| is_clear(value));
        clear.map(|(key, _)| key.rsplit('.').next().unwrap_or(key)).collect()
    }

    /// How it is called in a sentence: `MQTT client agent `line-3``.
    pub fn called(&self) -> String {
        match self.kind {
            Kind::Project | Kind::Admin => self.kind.name().to_owned(),
            kind => format!("{} {}", kind.name(), quoted(self.name())),
        }
    }

    /// Whether it works: an agent that is switched off is shown and not counted.
    pub fn is_enabled(&self) -> bool {
        self.flag("iot_gateway.AGENTTYPES_ENABLED").unwrap_or(true)
    }
}

/// What one source shows of a configuration.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    objects: Vec<Object>,
    /// What was looked at whole: all objects of a kind, or all of those below the object at a place.
    seen: BTreeSet<(Kind, Option<usize>)>,
    /// How much of the room is used.
    used: usize,
    /// How many objects and properties were left out, since there were too many.
    pub omitted: u64,
}

impl Configuration {
    /// Adds an object and gives its place; `None` where there are too many.
    pub fn add(&mut self, kind: Kind, parent: Option<usize>) -> Option<usize> {
        if self.objects.len() >= MOST {
            self.omitted = self.omitted.saturating_add(1);
            return None;
        }
        self.objects.push(Object { kind, parent, properties: BTreeMap::new() });
        self.objects.len().checked_sub(1)
    }

    /// Forgets the objects from this place on.
    pub(super) fn truncate(&mut self, place: usize) {
        self.objects.truncate(place);
    }

    /// Gives the object at a place.
    pub fn at(&self, place: usize) -> Option<&Object> {
        self.objects.get(place)
    }

    /// Keeps a property of the object at a place, as far as there is room. Of one that has two values none is known.
    pub fn keep(&mut self, place: Option<usize>, key: &str, value: Value) {
        let Some(object) = place.and_then(|it| self.objects.get_mut(it)) else { return };
        let text = if let Value::Text(text) = &value { text.len() } else { 0 };
        let used = self.used.saturating_add(key.len()).saturating_add(text).saturating_add(OVERHEAD);
        if used > ROOM || object.properties.len() >= PROPERTIES {
            self.omitted = self.omitted.saturating_add(1);
            return;
        }
        self.used = used;
        let is_other = object.properties.get(key).is_some_and(|old| *old != value);
        object.properties.insert(key.into(), if is_other { Value::Other } else { value });
    }

    /// Notes that all objects of a kind were looked at, or all of those below the object at a place: that there are none
    /// is a fact then.
    pub fn note_seen(&mut self, kind: Kind, parent: Option<usize>) {
        self.seen.insert((kind, parent));
    }

    /// Says whether all objects of a kind were looked at.
    pub fn is_seen(&self, kind: Kind) -> bool {
        self.seen.contains(&(kind, None)) && self.omitted == 0
    }

    /// Says whether all objects of a kind were looked at that are below the object at a place.
    pub fn is_seen_below(&self, kind: Kind, place: usize) -> bool {
        self.is_seen(kind) || (self.seen.contains(&(kind, Some(place))) && self.omitted == 0)
    }

    /// The objects of a kind, each with its place.
    pub fn placed(&self, kind: Kind) -> impl Iterator<Item = (usize, &Object)> {
        self.objects.iter().enumerate().filter(move |(_, it)| it.kind == kind)
    }

    /// The objects of a kind.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(move |it| it.kind == kind)
    }

    /// All objects.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    pub(super) fn objects_mut(&mut self) -> &mut [Object] {
        &mut self.objects
    }

    /// The project, where one was read.
    pub fn project(&self) -> Option<&Object> {
        self.all(Kind::Project).next()
    }

    /// Where an object stands, from the project down: `channel press-ua / device press7`. Of a long one, its end.
    pub fn path_of(&self, object: &Object) -> String {
        let mut path = object.called();
        let mut above = object.parent;
        // A parent stands before its children: this ends.
        while let Some(parent) = above.and_then(|place| self.at(place)).filter(|_| path.len() <= PATH) {
            if parent.kind != Kind::Project {
                path = format!("{} / {path}", parent.called());
            }
            above = parent.parent;
        }
        match path.char_indices().rev().nth(PATH) {
            Some((start, _)) => format!("\u{2026}{}", path.get(start..).unwrap_or_default()),
            None => path,
        }
    }

    /// The number of objects that were read.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Says whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

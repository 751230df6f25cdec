//! Reads project files: JSON exports, V6 binary projects, and the name ending of those that are encrypted.
//!
//! A JSON project is read as a stream: tags, by far the most of it, are passed over without being kept.

use std::fmt;
use std::io::{BufReader, Read};
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::configuration::{Configuration, Kind};
use super::facts::{Product, SourceFacts, Version};
use super::opf;
use super::value::Value;

/// How much is read at once.
const BUFFER: usize = 256 * 1024;

/// The longest text in a project, in bytes.
const TEXT: usize = 1024 * 1024;

/// How deep collections may stand in each other; a project has five.
const DEPTH: usize = 16;

/// What a project file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON export, readable for everybody.
    Json,
    /// A V6 binary project without a password.
    Opf,
    /// A project under a password, by its name: not opened.
    Encrypted,
}

/// The most bytes that are read of a project file: a GiB.
pub const LIMIT: u64 = 1024 * 1024 * 1024;

/// Reads a project file, of which `path` is the name; what goes wrong stands in the facts.
pub fn read(mut stream: impl Read, path: &Path, to: &mut SourceFacts) {
    let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default().to_ascii_lowercase();
    let mut start = Vec::new();
    if let Err(error) = stream.by_ref().take(opf::MAGIC.len() as u64).read_to_end(&mut start) {
        to.error = Some(format!("it cannot be read: {error}"));
        return;
    }
    let is_text = start.iter().find(|it| !it.is_ascii_whitespace()).is_some_and(|it| matches!(it, b'{' | 0xef));
    let stream = start.as_slice().chain(stream);
    if start == opf::MAGIC {
        to.form = Some(Form::Opf);
        let mut stream = stream;
        let mut magic = [0; opf::MAGIC.len()];
        let read = stream.read_exact(&mut magic).map_err(opf::OpfError::from);
        match read.and_then(|()| opf::read_opf(stream, &mut to.configuration)) {
            Ok(written) => {
                let version = Version::parse(&written);
                to.note_asked("the file", format!("a binary project of {}", crate::text::shown(&written)), true);
                to.product = Some(Product { name: "Kepware".to_owned(), written, version, is_edge: false });
            }
            Err(error) => {
                to.configuration = Configuration::default();
                to.error = Some(error.to_string());
                to.hints.push("save the project as JSON, and name that file".to_owned());
            }
        }
    } else if !is_text && !start.is_empty() && matches!(ending.as_str(), "sopf" | "slpf") {
        to.form = Some(Form::Encrypted);
        to.note_asked("the file", "a project under a password, by its name; it was not opened", true);
    } else if !is_text && ending == "lpf" {
        to.error = Some("binary projects of Kepware Edge cannot be read: their form is not published".to_owned());
        to.hints.push("ask the Configuration API: kepware+https://HOST:57513".to_owned());
    } else {
        to.form = Some(Form::Json);
        match read_json(stream, &mut to.configuration) {
            Ok(()) => to.note_asked("the file", format!("a JSON project, {} objects", to.configuration.len()), true),
            Err(error) => {
                to.configuration = Configuration::default();
                to.form = None;
                to.error = Some(error.to_string());
                to.hints
                    .push("a project is saved with Configuration | File | Save As, as JSON, .opf or .sopf".to_owned());
            }
        }
    }
}

/// Why a text is no JSON project.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// It is no JSON, or stops too early.
    #[error("it is no JSON project: {0}")]
    Json(String),
    /// It is JSON of something else.
    #[error("it is JSON, and no project of Kepware: there is no property of a project in it")]
    NoProject,
}

impl From<serde_json::Error> for ProjectError {
    fn from(error: serde_json::Error) -> Self {
        // What the parser says names places and kinds; a value of the file may stand in it, and is left out.
        let what = match error.classify() {
            serde_json::error::Category::Eof => "it ends too early",
            serde_json::error::Category::Io => return ProjectError::Json(crate::text::shown(&error.to_string())),
            serde_json::error::Category::Syntax => "it is not JSON",
            serde_json::error::Category::Data => "it is not formed as a project",
        };
        ProjectError::Json(format!("{what}, line {}, column {}", error.line(), error.column()))
    }
}

/// Passes over a byte order mark, and refuses a text that is longer than any: a parser would have to keep it.
struct Unmarked<R> {
    stream: R,
    start: [u8; 3],
    /// What of the start is not given out yet.
    left: std::ops::Range<usize>,
    is_begun: bool,
    /// How long the text is in which the stream stands; `None` outside of one.
    text: Option<usize>,
    is_escaped: bool,
}

impl<R: Read> Unmarked<R> {
    fn begin(&mut self) -> std::io::Result<()> {
        self.is_begun = true;
        let mut filled = 0_usize;
        while let Some(rest) = self.start.get_mut(filled..).filter(|it| !it.is_empty()) {
            match self.stream.read(rest) {
                Ok(0) => break,
                Ok(read) => filled = filled.saturating_add(read),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.left = if self.start == [0xef, 0xbb, 0xbf] { 0..0 } else { 0..filled };
        Ok(())
    }
}

impl<R> Unmarked<R> {
    /// Follows the texts in what was read.
    fn watch(&mut self, mut bytes: &[u8]) -> std::io::Result<()> {
        while !bytes.is_empty() {
            let Some(length) = self.text else {
                let Some(at) = memchr::memchr(b'"', bytes) else { return Ok(()) };
                self.text = Some(0);
                bytes = bytes.get(at.saturating_add(1)..).unwrap_or_default();
                continue;
            };
            let at = if self.is_escaped { Some(0) } else { memchr::memchr2(b'"', b'\\', bytes) };
            let length = length.saturating_add(at.unwrap_or(bytes.len())).saturating_add(1);
            if length > TEXT {
                return Err(std::io::Error::new(
                    std::io::ErrorKind::InvalidData,
                    "there is a text of more than a MiB in it",
                ));
            }
            self.text = Some(length);
            let Some(at) = at else { return Ok(()) };
            if self.is_escaped {
                self.is_escaped = false;
            } else if bytes.get(at) == Some(&b'"') {
                self.text = None;
            } else {
                self.is_escaped = true;
            }
            bytes = bytes.get(at.saturating_add(1)..).unwrap_or_default();
        }
        Ok(())
    }
}

impl<R: Read> Read for Unmarked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.fill(buffer)?;
        self.watch(buffer.get(..count).unwrap_or_default())?;
        Ok(count)
    }
}

impl<R: Read> Unmarked<R> {
    fn fill(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if !self.is_begun {
            self.begin()?;
        }
        let head = self.start.get(self.left.clone()).unwrap_or_default();
        if head.is_empty() {
            return self.stream.read(buffer);
        }
        let count = head.len().min(buffer.len());
        buffer.iter_mut().zip(head).for_each(|(to, from)| *to = *from);
        self.left.start = self.left.start.saturating_add(count);
        Ok(count)
    }
}

fn json(stream: impl Read) -> serde_json::Deserializer<serde_json::de::IoRead<impl Read>> {
    let stream = Unmarked { stream, start: [0; 3], left: 0..0, is_begun: false, text: None, is_escaped: false };
    serde_json::Deserializer::from_reader(BufReader::with_capacity(BUFFER, stream))
}

/// How a tree is formed: whether it is a whole project, or properties alone.
#[derive(Default)]
struct Shape {
    /// Whether all stands in `project`, as in exports.
    is_wrapped: bool,
    /// Whether there are collections in it; the answer of `GET /project` has none.
    has_collections: bool,
    /// Whether a collection is null in place of a list.
    is_short: bool,
}

/// Reads a JSON project, or what `?content=serialize` answers; a byte order mark is passed over.
///
/// Collections that a whole project does not have are empty ones. What `GET /project` answers has none of any kind, and
/// shows the properties of the project alone.
///
/// # Errors
/// When it is no JSON or no project. Costs time in proportion to its length, and memory in proportion to its channels and
/// devices, not to its tags.
pub fn read_json(stream: impl Read, to: &mut Configuration) -> Result<(), ProjectError> {
    let mut source = json(stream);
    let mut shape = Shape::default();
    let root = Tree { to, shape: &mut shape, kind: Kind::Project, spot: Spot::Below(None), depth: 0 };
    let place = root.deserialize(&mut source)?;
    source.end()?;
    let is_project = place.and_then(|it| to.at(it)).is_some_and(|it| !it.properties.is_empty())
        || to.objects().iter().any(|it| matches!(it.kind, Kind::Channel));
    if !is_project {
        return Err(ProjectError::NoProject);
    }
    to.note_seen(Kind::Project, None);
    if shape.is_wrapped && shape.has_collections && !shape.is_short {
        COLLECTED.into_iter().for_each(|kind| to.note_seen(kind, None));
    }
    Ok(())
}

/// What the collections of a whole project hold.
const COLLECTED: [Kind; 9] = [
    Kind::Channel,
    Kind::Device,
    Kind::MqttClient,
    Kind::RestClient,
    Kind::RestServer,
    Kind::ThingWorxClient,
    Kind::UaServerInterface,
    Kind::UaServerEndpoint,
    Kind::UaClientConnection,
];

/// What came of reading a collection of the Configuration API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many elements have a name or a time.
    pub elements: usize,
    /// Whether there was one without either: what a paged answer ends with.
    pub is_paged: bool,
    /// Whether each element with properties has a name.
    pub is_named: bool,
}

/// Reads one object, as the Configuration API answers it.
///
/// # Errors
/// When it is no JSON, no object, or an object without a property.
pub fn read_object(stream: impl Read, kind: Kind, to: &mut Configuration) -> Result<(), ProjectError> {
    let mut source = json(stream);
    let mut shape = Shape::default();
    let root = Tree { to, shape: &mut shape, kind, spot: Spot::Below(None), depth: 0 };
    let place = root.deserialize(&mut source)?;
    source.end()?;
    match place.and_then(|it| to.at(it)) {
        Some(object) if object.properties.is_empty() => Err(ProjectError::NoProject),
        _ => Ok(()),
    }
}

/// Reads an array of objects, as the Configuration API answers it.
///
/// # Errors
/// When it is no JSON, or no array.
pub fn read_collection(
    stream: impl Read,
    kind: Kind,
    parent: Option<usize>,
    to: &mut Configuration,
) -> Result<Page, ProjectError> {
    let mut source = json(stream);
    let page = Elements { to, shape: &mut Shape::default(), parent, kind }.deserialize(&mut source)?;
    source.end()?;
    Ok(page)
}

/// The kind of the elements of a collection, by its name in the tree.
fn collection(name: &str) -> Option<Kind> {
    Some(match name {
        "channels" => Kind::Channel,
        "devices" => Kind::Device,
        "mqtt_clients" => Kind::MqttClient,
        "rest_clients" => Kind::RestClient,
        "rest_servers" => Kind::RestServer,
        "thingworx_clients" => Kind::ThingWorxClient,
        "ua_server_interfaces" => Kind::UaServerInterface,
        "ua_server_endpoints" => Kind::UaServerEndpoint,
        "ua_client_connections" => Kind::UaClientConnection,
        "log_groups" => Kind::LogGroup,
        _ => return None,
    })
}

/// Collections that only hold others, or properties of the project.
fn is_wrapping(name: &str) -> bool {
    matches!(
        name,
        "project" | "client_interfaces" | "_iot_gateway" | "_ua_gateway" | "ua_client_interfaces" | "_datalogger"
    )
}

/// Namespaces of devices whose properties are looked at; of all others the driver and the address are enough.
const DEVICES: [&str; 6] =
    ["servermain.", "snmp.", "a-b_bulletin_1609.", "iec_61850_mms_client.", "siemens_s7_plus_ethernet.", "yokogawa"];

fn is_kept(kind: Kind, key: &str) -> bool {
    match kind {
        Kind::Device => {
            key == "common.ALLTYPES_NAME"
                || matches!(key, "servermain.MULTIPLE_TYPES_DEVICE_DRIVER" | "servermain.DEVICE_ID_STRING")
                || (!key.starts_with("servermain.") && DEVICES.iter().any(|it| key.starts_with(it)))
                || super::value::is_secret(key)
        }
        _ => key != "PROJECT_ID" && key != "common.ALLTYPES_DESCRIPTION",
    }
}

/// An object of the tree: a new one, or one that this only adds to.
struct Tree<'a> {
    to: &'a mut Configuration,
    shape: &'a mut Shape,
    kind: Kind,
    spot: Spot,
    depth: usize,
}

/// Where the properties of an object go.
#[derive(Clone, Copy)]
enum Spot {
    /// To a new object below this one.
    Below(Option<usize>),
    /// To this object; nowhere if there is none.
    At(Option<usize>),
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of a project")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<usize>, A::Error> {
        let depth = self.depth.saturating_add(1);
        if depth > DEPTH {
            return Err(A::Error::custom("too many collections inside each other"));
        }
        let place = match self.spot {
            Spot::Below(parent) => self.to.add(self.kind, parent),
            Spot::At(place) => place,
        };
        while let Some(key) = map.next_key::<String>()? {
            let inner = match collection(&key) {
                Some(kind) => Some((kind, Spot::Below(place))),
                None => is_wrapping(&key).then_some((self.kind, Spot::At(place))),
            };
            match inner {
                Some((kind, spot)) => {
                    match key.as_str() {
                        "project" => self.shape.is_wrapped = true,
                        _ => self.shape.has_collections = true,
                    }
                    let (to, shape) = (&mut *self.to, &mut *self.shape);
                    map.next_value_seed(Branches { to, shape, kind, spot, depth })?;
                }
                None if key.contains('.') && is_kept(self.kind, &key) => {
                    let value = map.next_value_seed(Property(&key))?;
                    // The name of an interface is none of the project's.
                    if self.kind != Kind::Project || key != "common.ALLTYPES_NAME" {
                        self.to.keep(place, &key, value);
                    }
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(place)
    }
}

/// A collection of the tree: its elements, or one that stands alone.
struct Branches<'a> {
    to: &'a mut Configuration,
    shape: &'a mut Shape,
    kind: Kind,
    spot: Spot,
    depth: usize,
}

impl Branches<'_> {
    fn element(&mut self) -> Tree<'_> {
        Tree { to: &mut *self.to, shape: &mut *self.shape, kind: self.kind, spot: self.spot, depth: self.depth }
    }
}

impl<'de> DeserializeSeed<'de> for Branches<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Branches<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a collection of a project")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.shape.is_short = true;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<(), A::Error> {
        self.element().visit_map(map).map(|_| ())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(self.element())?.is_some() {}
        Ok(())
    }
}

/// The value of a property.
pub(super) struct Property<'a>(pub(super) &'a str);

impl Property<'_> {
    /// A number; one that may be a secret is not kept.
    fn number(&self, number: Option<i64>) -> Value {
        number.filter(|_| !super::value::is_secret(self.0)).map_or(Value::Other, Value::Number)
    }
}

impl<'de> DeserializeSeed<'de> for Property<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Property<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(self.number(Some(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(self.number(i64::try_from(number).ok()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        #[expect(clippy::cast_possible_truncation, reason = "fractions are told apart, and the range is looked at")]
        let whole = number.trunc() as i64;
        // A fraction is none of the numbers that properties have, and stands for none of them.
        let is_whole = number.abs() < 9e15 && number.fract() == 0.0;
        Ok(self.number(is_whole.then_some(whole)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::of_text(self.0, text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }
}

/// The elements of an answer of the API.
struct Elements<'a> {
    to: &'a mut Configuration,
    shape: &'a mut Shape,
    parent: Option<usize>,
    kind: Kind,
}

impl Elements<'_> {
    fn element(&mut self) -> Tree<'_> {
        let (to, shape) = (&mut *self.to, &mut *self.shape);
        Tree { to, shape, kind: self.kind, spot: Spot::Below(self.parent), depth: 0 }
    }
}

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = Page;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Page, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = Page;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Page, A::Error> {
        let mut page = Page { is_named: true, ..Page::default() };
        while let Some(place) = list.next_element_seed(self.element())? {
            match place {
                // The element that a paged answer ends with.
                Some(place) if self.to.at(place).is_none_or(|it| it.name().is_empty()) => {
                    page.is_named &= self.to.at(place).is_none_or(|it| it.properties.is_empty());
                    self.to.truncate(place);
                    page.is_paged = true;
                }
                _ => page.elements = page.elements.saturating_add(1),
            }
        }
        Ok(page)
    }
}

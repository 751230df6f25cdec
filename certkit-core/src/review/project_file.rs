//! Reads project files: JSON exports, V6 binary projects, and the name ending of those that are encrypted.
//!
//! A JSON project is read as a stream: tags, by far the most of it, are passed over without being kept.

use std::io::{BufReader, Read};
use std::path::Path;

use serde::de::DeserializeSeed as _;

use super::configuration::{Configuration, Kind};
use super::facts::{Product, SourceFacts, Version};
use super::opf;
pub use super::tree::Page;
use super::tree::{Elements, Shape, Tree};

/// How much is read at once.
const BUFFER: usize = 256 * 1024;

/// The longest text in a project, in bytes.
const TEXT: usize = 1024 * 1024;

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
    if let Err(error) = stream.by_ref().take(START).read_to_end(&mut start) {
        to.error = Some(format!("it cannot be read: {error}"));
        return;
    }
    let is_text = start.iter().find(|it| !it.is_ascii_whitespace()).is_some_and(|it| matches!(it, b'{' | 0xef));
    let stream = start.as_slice().chain(stream);
    if start.starts_with(&opf::MAGIC) {
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
    } else if is_utf16(&start) {
        to.error = Some("it is text in UTF-16, in which projects are not read".to_owned());
        to.hints.push(
            "save it as UTF-8; in PowerShell: Get-Content FILE | Set-Content -Encoding utf8 OTHER-FILE".to_owned(),
        );
    } else if !is_text && !start.is_empty() && matches!(ending.as_str(), "sopf" | "slpf") && is_readable(&start) {
        to.error = Some(format!("it is named .{ending} and holds readable text: it is no project under a password"));
        to.hints.push("save the project as .sopf with a password, and delete this file if it holds secrets".to_owned());
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

/// How many bytes tell what a file is.
const START: u64 = 64;

/// Says whether all of the beginning is text, which that of an encrypted file is not.
fn is_readable(start: &[u8]) -> bool {
    start.iter().all(|it| matches!(it, b' '..=b'~' | b'\t' | b'\r' | b'\n'))
}

/// Says whether a JSON text begins as it does in UTF-16, with a byte order mark or without.
fn is_utf16(start: &[u8]) -> bool {
    [[0xff, 0xfe], [0xfe, 0xff], [b'{', 0], [0, b'{']].iter().any(|it| start.starts_with(it))
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
    let root = Tree::new(to, &mut shape, Kind::Project);
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

/// Reads one object, as the Configuration API answers it.
///
/// # Errors
/// When it is no JSON, no object, or an object without a property.
pub fn read_object(stream: impl Read, kind: Kind, to: &mut Configuration) -> Result<(), ProjectError> {
    let mut source = json(stream);
    let mut shape = Shape::default();
    let root = Tree::new(to, &mut shape, kind);
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

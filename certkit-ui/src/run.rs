//! A task that is run: what the page hands over in, what comes of it out, as events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use zeroize::Zeroizing;

use crate::alive::Use;
use crate::engine::{Answer, Handed, Watch, Watcher};
use crate::page::Language;
use crate::places::{self, Places, Refusal};
use crate::serve::{LIMIT, Server};
use crate::task::{Order, Password, Task};

/// The most files that one task is handed.
const FILES: usize = 2000;

/// The most bytes of what the page says of a task.
const SAID: usize = 1024 * 1024;

/// The stack of a run: that of a program of its own.
const STACK: usize = 8 * 1024 * 1024;

/// What the page asks for: the first line of a request, as JSON. Then follow the bytes of the files, one after the other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    task: Task,
    #[serde(default)]
    files: Vec<File>,
    /// Passwords of files that are read.
    #[serde(default)]
    passwords: Vec<Password>,
}

/// A file that is handed over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    size: usize,
}

/// What the page is told at the end.
#[derive(Serialize)]
struct Completed {
    document: String,
    notes: String,
    status: u8,
}

/// Why nothing is run.
enum Unasked {
    Malformed(&'static str),
    /// By the name of the text that says so.
    TooMuch(&'static str),
    Refused(Refusal),
}

impl From<Refusal> for Unasked {
    fn from(refusal: Refusal) -> Unasked {
        Unasked::Refused(refusal)
    }
}

impl Unasked {
    fn response(self, language: &'static Language) -> Response {
        match self {
            Unasked::Malformed(why) => (StatusCode::BAD_REQUEST, why).into_response(),
            Unasked::TooMuch(name) => (StatusCode::PAYLOAD_TOO_LARGE, language.say(name)).into_response(),
            Unasked::Refused(refusal) => (StatusCode::UNPROCESSABLE_ENTITY, refusal.told(language)).into_response(),
        }
    }
}

/// Runs a task.
pub(crate) async fn run(State(server): State<Arc<Server>>, headers: HeaderMap, body: Body) -> Response {
    // No form of another page sends this kind, and its script has to ask first.
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/octet-stream") {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "a task is expected").into_response();
    }
    let language = Language::of(&headers);
    let free = |slots: &Arc<Semaphore>| Arc::clone(slots).try_acquire_owned();
    let (Ok(slot), Ok(thread)) = (free(&server.runs), free(&server.threads)) else {
        return (StatusCode::SERVICE_UNAVAILABLE, language.say("refused.busy")).into_response();
    };
    let (asked, handed) = match read(body, &headers).await {
        Ok(read) => read,
        Err(unasked) => return unasked.response(language),
    };
    let places = Places { folder: &server.folder, handed: &handed };
    let Order { words, secrets, writes } = match asked.task.order(&asked.passwords, &places) {
        Ok(order) => order,
        Err(refusal) => return Unasked::Refused(refusal).response(language),
    };
    let handed: Vec<Handed> = handed.into_iter().chain(secrets).collect();
    let typed = words.typed();
    let (watch, watcher) = Watch::new(writes);
    let (sender, answer) = oneshot::channel();
    let engine = Arc::clone(&server.engine);
    let work = move || {
        let answer = engine.run(&words.all(), handed, watch);
        // Who has gone away does not want it.
        let _ = sender.send(answer);
        drop::<OwnedSemaphorePermit>(thread);
    };
    if std::thread::Builder::new().name("task".to_owned()).stack_size(STACK).spawn(work).is_err() {
        return (StatusCode::SERVICE_UNAVAILABLE, language.say("refused.busy")).into_response();
    }
    let steps =
        Steps { typed: Some(typed), watcher, answer: Some(answer), language, _slot: slot, _use: server.life.begin() };
    let events = stream::unfold(steps, |mut steps| async { Some((Ok::<_, Infallible>(steps.next().await?), steps)) });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

/// Reads what the page says of a task, and the files that follow.
async fn read(body: Body, headers: &HeaderMap) -> Result<(Asked, Vec<Handed>), Unasked> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse::<usize>().ok());
    let length = length.ok_or(Unasked::Malformed("the length of the task is missing"))?;
    if length > LIMIT {
        return Err(Unasked::TooMuch("refused.large"));
    }
    // As large as it is said to be: nothing that grows leaves a copy behind that nobody wipes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    let mut body = body;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Unasked::Malformed("the task was cut"))?;
        let chunk = frame.data_ref().map(AsRef::as_ref).unwrap_or_default();
        if bytes.len() + chunk.len() > length {
            return Err(Unasked::TooMuch("refused.large"));
        }
        bytes.extend_from_slice(chunk);
    }
    let mut lines = bytes.splitn(2, |it| *it == b'\n');
    let (said, mut rest) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    if said.len() > SAID {
        return Err(Unasked::Malformed("too much is said of the task"));
    }
    let asked: Asked = serde_json::from_slice(said).map_err(|_| Unasked::Malformed("the task is not understood"))?;
    if asked.files.len() > FILES {
        return Err(Unasked::TooMuch("refused.many"));
    }
    let mut handed: Vec<Handed> = Vec::new();
    for File { name, size } in &asked.files {
        places::require_name(name, &handed)?;
        let (file, after) = rest.split_at_checked(*size).ok_or(Unasked::Malformed("a file is cut"))?;
        handed.push(Handed { name: places::handed_name(name), bytes: Zeroizing::new(file.to_vec()) });
        rest = after;
    }
    if rest.is_empty() { Ok((asked, handed)) } else { Err(Unasked::Malformed("more follows than the files")) }
}

/// What a page is told of a run, step by step. When the page goes away, the run is told to stop.
struct Steps {
    typed: Option<String>,
    watcher: Watcher,
    answer: Option<oneshot::Receiver<Answer>>,
    language: &'static Language,
    /// Free again when the page goes away, though a run may still wait for a server.
    _slot: OwnedSemaphorePermit,
    _use: Use,
}

impl Steps {
    async fn next(&mut self) -> Option<Event> {
        if let Some(typed) = self.typed.take() {
            return Some(event("command", &typed));
        }
        let answer = self.answer.as_mut()?;
        tokio::select! {
            biased;
            answer = answer => {
                self.answer = None;
                Some(match answer {
                    Ok(answer) => event("answer", &Completed {
                        document: String::from_utf8_lossy(&answer.document).into_owned(),
                        notes: answer.notes,
                        status: answer.status,
                    }),
                    Err(_) => event("failed", &self.language.say("refused.broken")),
                })
            }
            Some(line) = self.watcher.progress.recv() => Some(event("progress", &line)),
        }
    }
}

/// An event with a value as JSON.
fn event(name: &str, value: &impl Serialize) -> Event {
    Event::default().event(name).json_data(value).unwrap_or_else(|_| Event::default().event("failed").data("\"\""))
}

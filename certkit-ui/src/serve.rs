//! The server: on this machine alone.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path as UrlPath, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse as _, Json, Response};
use axum::routing::{get, post};
use futures_util::stream;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::alive::{Life, Use};
use crate::engine::Engine;
use crate::folder::Folder;
use crate::guard::{self, Guard};
use crate::places::Refusal;
use crate::{page, run};

/// The most bytes of one request: what is dropped onto the page at once.
pub(crate) const LIMIT: usize = 64 * 1024 * 1024;

/// How many tasks pages wait for at the same time.
const RUNS: usize = 8;

/// How many threads work for tasks: those that nobody waits for any more end when what they read, or a server, answers.
const THREADS: usize = 64;

/// How often a page that is open is asked whether it still is.
const PULSE: Duration = Duration::from_secs(10);

/// How long answers that are on their way have when the server ends.
const GRACE: Duration = Duration::from_millis(300);

/// How the page is served.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port; 0 for any that is free.
    pub port: u16,
    /// The folder below which the page reads and writes.
    pub folder: PathBuf,
    /// How long the server goes on when no page is open.
    pub idle: Duration,
    /// How long the link of the start may be used.
    pub link_lives: Duration,
    /// The version that the page shows.
    pub version: &'static str,
    /// The style that the page has in common with the reports of the program.
    pub style: &'static str,
}

/// What all answers need.
pub(crate) struct Server {
    pub(crate) guard: Arc<Guard>,
    pub(crate) folder: Folder,
    pub(crate) life: Arc<Life>,
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) runs: Arc<Semaphore>,
    pub(crate) threads: Arc<Semaphore>,
    version: &'static str,
    style: &'static str,
}

/// A server that has its port.
pub struct Bound {
    server: Arc<Server>,
    listeners: Vec<TcpListener>,
    port: u16,
    options: Options,
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bound").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Bound {
    /// Takes a port of loopback, of IPv4 and where there is one, of IPv6.
    pub async fn new(engine: Arc<dyn Engine>, options: Options) -> io::Result<Bound> {
        let folder = Folder::new(&options.folder)?;
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let port = first.local_addr()?.port();
        // Where somebody else has that port of IPv6, or there is none, IPv4 will do.
        let second = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
        let server = Server {
            guard: Arc::new(Guard::new(port, options.link_lives)?),
            folder,
            life: Life::new(),
            engine,
            runs: Arc::new(Semaphore::new(RUNS)),
            threads: Arc::new(Semaphore::new(THREADS)),
            version: options.version,
            style: options.style,
        };
        let listeners = std::iter::once(first).chain(second).collect();
        Ok(Bound { server: Arc::new(server), listeners, port, options })
    }

    /// The link that opens the page, once.
    pub fn link(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.server.guard.link())
    }

    /// Serves until the page ends it, nobody needs it any more, or `interrupted` comes.
    pub async fn serve(self, interrupted: impl Future<Output = ()>) -> io::Result<()> {
        let Bound { server, listeners, options, .. } = self;
        let life = Arc::clone(&server.life);
        let router = router(server);
        let mut serving = tokio::task::JoinSet::new();
        for listener in listeners {
            let router = router.clone();
            serving.spawn(async move { axum::serve(listener, router).await });
        }
        tokio::select! {
            Some(ended) = serving.join_next() => ended.map_err(io::Error::other)?,
            () = life.watch(options.idle, options.link_lives) => Ok(()),
            () = life.ended() => {
                tokio::time::sleep(GRACE).await;
                Ok(())
            }
            () = interrupted => {
                life.end();
                tokio::time::sleep(GRACE).await;
                Ok(())
            }
        }
    }
}

fn router(server: Arc<Server>) -> Router {
    let guard = Arc::clone(&server.guard);
    let folder = format!("/{}", guard.folder.word());
    let inside = Router::new()
        .route("/", get(shown))
        .route("/page.css", get(styled))
        .route("/page.js", get(|| asset("text/javascript", page::SCRIPT.to_owned())))
        .route("/icon.svg", get(|| asset("image/svg+xml", page::ICON.to_owned())))
        .route("/alive", get(alive))
        .route("/folder", get(listed))
        .route("/run", post(run::run))
        .route("/end", post(end))
        .layer(from_fn_with_state(Arc::clone(&guard), guard::inside));
    Router::new()
        .nest(&format!("{folder}/"), inside)
        .route("/open/{word}", get(open))
        .fallback(
            |headers: HeaderMap| async move { guard::refused(StatusCode::NOT_FOUND, "refused.no.page", &headers) },
        )
        .layer(from_fn_with_state(guard, guard::everywhere))
        .with_state(server)
}

async fn asset(kind: &'static str, text: String) -> Response {
    ([(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))], text).into_response()
}

async fn styled(State(server): State<Arc<Server>>) -> Response {
    asset("text/css", format!("{}{}", server.style, page::STYLE)).await
}

/// Takes the link of the start for the cookie. The page that follows is asked for by this one, not by what opened the
/// link: only then does a browser send the cookie.
///
/// Whoever only looks whether the link is there (`HEAD`) does not use it up.
async fn open(
    State(server): State<Arc<Server>>,
    UrlPath(word): UrlPath<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    match server.guard.open(&word) {
        Some(cookie) => {
            let page = page::opened(&headers, server.guard.folder.word());
            ([(header::SET_COOKIE, cookie)], Html(page)).into_response()
        }
        None => {
            let why = page::Language::of(&headers).say("refused.link");
            (StatusCode::FORBIDDEN, format!("certkit: {why}\n")).into_response()
        }
    }
}

async fn shown(State(server): State<Arc<Server>>, headers: HeaderMap) -> Response {
    Html(page::page(&headers, server.version, &server.folder.named().to_string_lossy())).into_response()
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    of: String,
}

async fn listed(State(server): State<Arc<Server>>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    let language = page::Language::of(&headers);
    let listing = tokio::task::spawn_blocking(move || server.folder.list(&asked.of).map_err(Refusal::from)).await;
    match listing {
        Ok(Ok(listing)) => Json(listing).into_response(),
        Ok(Err(refusal)) => (StatusCode::UNPROCESSABLE_ENTITY, refusal.told(language)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Says that a page is open for as long as it is, and tells it when the server ends.
async fn alive(State(server): State<Arc<Server>>) -> Response {
    let open = Some((server.life.begin(), Arc::clone(&server.life)));
    let events = stream::unfold(open, |open: Option<(Use, Arc<Life>)>| async {
        let (_use, life) = open?;
        life.ended().await;
        Some((Ok::<_, std::convert::Infallible>(Event::default().event("ended").data("")), None))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(PULSE)).into_response()
}

async fn end(State(server): State<Arc<Server>>) -> StatusCode {
    server.life.end();
    StatusCode::NO_CONTENT
}

//! The pages of `certkit expiry serve`: metrics, health, and what there is.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::{Board, Known, Round};

/// How many connections are open at the same time. An answer takes no time, so that the oldest one waits for its peer.
const CONNECTIONS: usize = 64;

/// The time for a request to come in, and for a connection that is kept open.
const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(300);

/// A look may take this long before the last one counts as too old.
const GRACE: Duration = Duration::from_secs(600);

/// The type of metrics, as Prometheus asks for it.
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";
const PAGE: &str = "text/html; charset=utf-8";

const START: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>certkit expiry</title></head>\n\
                     <body><h1>certkit expiry</h1>\n<ul><li><a href=\"/metrics\">metrics</a> for Prometheus</li>\n\
                     <li><a href=\"/health\">health</a></li></ul>\n</body></html>\n";

/// Answers for as long as it is asked.
pub(super) async fn serve(listener: TcpListener, board: Arc<Board>) {
    let mut open: VecDeque<AbortHandle> = VecDeque::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Of a machine without room for a connection, the next one may have some.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let board = Arc::clone(&board);
        open.retain(|it| !it.is_finished());
        if open.len() >= CONNECTIONS
            && let Some(oldest) = open.pop_front()
        {
            oldest.abort();
        }
        let answering = tokio::spawn(async move {
            let answering = service_fn(|request| {
                let answer = answer(&request, &board);
                async move { Ok::<_, Infallible>(answer) }
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(16 * 1024);
            // Who breaks off has no use for an answer.
            let _ = timeout(LONGEST, http.serve_connection(TokioIo::new(stream), answering)).await;
        });
        open.push_back(answering.abort_handle());
    }
}

fn answer(request: &Request<Incoming>, board: &Board) -> Response<Full<Bytes>> {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return page(StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET is supported here\n".to_owned());
    }
    let known = board.known.read().unwrap_or_else(PoisonError::into_inner);
    match request.uri().path() {
        "/" => page(StatusCode::OK, PAGE, START.to_owned()),
        "/metrics" => metrics(&known),
        "/health" => health(&known, board.every),
        _ => page(StatusCode::NOT_FOUND, TEXT, "there is no such page: /metrics or /health\n".to_owned()),
    }
}

fn metrics(known: &Known) -> Response<Full<Bytes>> {
    let Some(Round { metrics, .. }) = &known.last else {
        return page(StatusCode::SERVICE_UNAVAILABLE, TEXT, "the first run is not complete\n".to_owned());
    };
    let mut text = metrics.clone();
    let _ = write!(
        text,
        "# HELP certkit_expiry_run_failed 1 if the last run failed, so that all other values are older.\n# TYPE \
         certkit_expiry_run_failed gauge\ncertkit_expiry_run_failed {}\n",
        u8::from(known.failure.is_some())
    );
    page(StatusCode::OK, METRICS, text)
}

/// Says whether the metrics are what they should be; what they say of certificates is not for this page.
fn health(known: &Known, every: Duration) -> Response<Full<Bytes>> {
    let mut text = String::new();
    let mut status = StatusCode::OK;
    match &known.last {
        None => {
            status = StatusCode::SERVICE_UNAVAILABLE;
            text.push_str("starting: the first run is not complete\n");
        }
        Some(Round { moment, ended, tally, .. }) => {
            let is_late = ended.elapsed() > every.saturating_add(GRACE);
            if is_late || known.failure.is_some() {
                status = StatusCode::SERVICE_UNAVAILABLE;
            }
            let word = if status == StatusCode::OK { "ok" } else { "failing" };
            let _ = writeln!(text, "{word}: the last run was at {moment}");
            if is_late {
                let _ = writeln!(text, "the next one is overdue: the interval is {} s", every.as_secs());
            }
            let _ = writeln!(
                text,
                "{} entries: {} expired, {} critical, {} unknown, {} warning, {} ok, {} waived",
                tally.all(),
                tally.expired,
                tally.critical,
                tally.unknown,
                tally.warning,
                tally.ok,
                tally.waived
            );
        }
    }
    if let Some(failure) = &known.failure {
        let _ = writeln!(text, "later runs failed: {failure}");
    }
    page(status, TEXT, text)
}

fn page(status: StatusCode, kind: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

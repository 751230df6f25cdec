//! Asks endpoints for their chains: so many at the same time, so many of one host, again where one gave nothing.

use std::collections::HashMap;
use std::collections::hash_map;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use certkit_core::context::Context;
use certkit_core::moment::Moment;
use certkit_core::presented::{Endpoint, Host, Scheme};
use certkit_core::review::approval::Approval;
use certkit_core::source::{
    Capture, CaptureError, Client, Connect, Discover, DiscoveryError, DiscoveryFault, DiscoveryStep, Extent, Fault,
    Phase, discover,
};
use certkit_core::text::{Printable, with_causes};
use certkit_expiry::{Entry, Judge, Keep, Look, Report, Routes, Seen, Shown, Unseen};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::config::Access;
use super::gather::{RunOptions, Stop};
use super::progress::Progress;
use super::sources::{Reach, Watch};
use crate::failure::Failure;
use crate::input;

/// After this an endpoint counts as slow, and another one may be asked beside it.
const SLOW: Duration = Duration::from_secs(1);

/// The wait before the second attempt; doubled for each after it.
const BACKOFF: Duration = Duration::from_millis(500);

/// How endpoints are asked.
pub(crate) struct Pace {
    /// For each place among the sources, who asks it.
    clients: Vec<Arc<Client>>,
    discover: Discover,
    moment: Moment,
    keep: Keep,
    judge: Option<Arc<Judge>>,
    routes: Arc<Routes>,
    issuer_keys: bool,
    retries: u32,
    per_host: usize,
    /// Room for those that are being asked.
    active: Semaphore,
    /// Room for those that keep us waiting.
    waiting: Semaphore,
}

impl Pace {
    /// Prepares.
    pub(crate) fn new(watches: &[Watch], manner: &RunOptions<'_>) -> Result<Pace, Failure> {
        Ok(Pace {
            clients: clients(watches, manner.timeout)?,
            discover: Discover { timeout: manner.timeout, ..Discover::default() },
            moment: manner.moment,
            keep: manner.keep,
            judge: manner.judge.clone(),
            routes: Arc::clone(&manner.routes),
            issuer_keys: manner.issuer_keys,
            retries: manner.retries,
            per_host: manner.per_host,
            active: Semaphore::new(manner.jobs),
            waiting: Semaphore::new(manner.jobs.saturating_mul(4).min(1024)),
        })
    }
}

/// Makes who asks each of the sources: one for all that are opened alike.
fn clients(watches: &[Watch], timeout: Duration) -> Result<Vec<Arc<Client>>, Failure> {
    let mut known: HashMap<*const Access, Arc<Client>> = HashMap::new();
    let of = |watch: &Watch| match known.entry(Arc::as_ptr(&watch.access)) {
        hash_map::Entry::Occupied(client) => Ok(Arc::clone(client.get())),
        hash_map::Entry::Vacant(place) => {
            let access = &watch.access;
            let connect = Connect {
                timeout,
                server_name: access.server_name.clone(),
                client_identity: access.identity.clone(),
                // A server that wants a certificate may show its own to whoever has one alone.
                extent: if access.identity.is_some() { Extent::Certificates } else { Extent::Chain },
                ..Connect::default()
            };
            let client = Client::new(connect).map_err(|error| {
                let failure = Failure::new("endpoints cannot be queried").because(error);
                if access.identity.is_some() { failure.at(Printable(&watch.source.name)) } else { failure }
            })?;
            Ok(Arc::clone(place.insert(Arc::new(client))))
        }
    };
    watches.iter().map(of).collect()
}

/// Why an endpoint gave nothing.
struct Failed {
    word: &'static str,
    reason: String,
    /// Whether another attempt may give more.
    is_passing: bool,
}

/// What one endpoint gave: chains, each with its place.
type Chains = Vec<(String, Vec<Vec<u8>>)>;

/// Asks all of them.
pub(crate) async fn ask(watches: Vec<Watch>, pace: Pace, progress: Arc<Progress>, stop: Arc<Stop>) -> Report {
    progress.all.fetch_add(watches.len() as u64, Ordering::Relaxed);
    let pace = Arc::new(pace);
    let mut hosts: HashMap<Host, Arc<Semaphore>> = HashMap::new();
    let mut tasks = JoinSet::new();
    let mut is_done = vec![false; watches.len()];
    for (at, watch) in watches.iter().enumerate() {
        let Reach::Endpoint(endpoint) = &watch.reach else { continue };
        // This machine is nobody else's: it needs no sparing.
        let is_own = endpoint.host.address().is_some_and(|address| address.is_loopback());
        let host = (!is_own).then(|| {
            Arc::clone(hosts.entry(endpoint.host.clone()).or_insert_with(|| Arc::new(Semaphore::new(pace.per_host))))
        });
        tasks.spawn(ask_one(at, endpoint.clone(), host, Arc::clone(&pace)));
    }
    let mut report = Report::default();
    let mut stopped = std::pin::pin!(stop.wait());
    loop {
        let ended = tokio::select! {
            ended = tasks.join_next() => ended,
            () = &mut stopped => None,
        };
        let Some(ended) = ended else { break };
        let Ok((at, outcome)) = ended else { continue };
        let Some(watch) = watches.get(at) else { continue };
        if let Some(mark) = is_done.get_mut(at) {
            *mark = true;
        }
        progress.done.fetch_add(1, Ordering::Relaxed);
        // The applications of OPC UA have lists of their own, which nobody knows here.
        let is_tls = !matches!(&watch.reach, Reach::Endpoint(endpoint) if endpoint.scheme == Scheme::OpcTcp);
        let look = |place| Look {
            source: &watch.source,
            place,
            moment: pace.moment,
            keep: pace.keep,
            judge: pace.judge.as_deref(),
            routes: is_tls.then_some(&*pace.routes),
            issuer_keys: pace.issuer_keys,
        };
        match outcome {
            Ok(chains) => {
                let Reach::Endpoint(endpoint) = &watch.reach else { continue };
                let host = watch.access.server_name.as_ref().unwrap_or(&endpoint.host).to_string();
                let shown = Shown { scheme: input::scheme(endpoint), host: &host, port: endpoint.port };
                chains.iter().for_each(|(place, chain)| look(place).chain(chain, shown, &mut report));
            }
            Err(failed) => {
                progress.failed.fetch_add(1, Ordering::Relaxed);
                look("").unseen(1, failed.word, &failed.reason, &mut report);
            }
        }
    }
    for (watch, _) in watches.iter().zip(&is_done).filter(|(_, is_done)| !**is_done) {
        let reason = Seen::unseen("not_reached", "the run was stopped before it had answered");
        report.add(Entry::new(&watch.source, "", 1, reason, pace.moment));
        report.left_out += 1;
    }
    report
}

async fn ask_one(
    at: usize,
    endpoint: Endpoint,
    host: Option<Arc<Semaphore>>,
    pace: Arc<Pace>,
) -> (usize, Result<Chains, Failed>) {
    let mut attempt: u32 = 0;
    loop {
        let outcome = attempt_once(at, &endpoint, host.as_deref(), &pace).await;
        match outcome {
            Err(failed) if failed.is_passing && attempt < pace.retries => {
                tokio::time::sleep(BACKOFF.saturating_mul(1 << attempt.min(6))).await;
                attempt += 1;
            }
            outcome => return (at, outcome),
        }
    }
}

async fn attempt_once(at: usize, endpoint: &Endpoint, host: Option<&Semaphore>, pace: &Pace) -> Result<Chains, Failed> {
    // The semaphores are never closed; who cannot wait for one goes on without.
    let _of_host = match host {
        Some(host) => host.acquire().await.ok(),
        None => None,
    };
    let active = pace.active.acquire().await.ok();
    // In a box: who only waits for a turn must not hold the room of a handshake.
    let mut work = Box::pin(async {
        match endpoint.scheme {
            Scheme::OpcTcp => discovered(endpoint, pace).await,
            _ => captured(at, endpoint, pace).await,
        }
    });
    match timeout(SLOW, &mut work).await {
        Ok(outcome) => outcome,
        Err(_) => match pace.waiting.try_acquire() {
            // Dead endpoints wait for their end beside the others, not before them.
            Ok(_waiting) => {
                drop(active);
                work.await
            }
            Err(_) => work.await,
        },
    }
}

async fn captured(at: usize, endpoint: &Endpoint, pace: &Pace) -> Result<Chains, Failed> {
    let Some(client) = pace.clients.get(at) else { return Ok(Chains::new()) };
    let routes = Arc::clone(&pace.routes);
    let approve = |capture: &Capture| is_trusted(routes.context(), endpoint, client.server_name_in_place(), capture);
    let capture = client.capture_approved(endpoint, approve).await.map_err(|error| Failed {
        word: capture_word(&error),
        is_passing: error.phase != Phase::Preparation,
        reason: with_causes(&error),
    })?;
    Ok(vec![(String::new(), capture.presented)])
}

/// Whether a server is one that a client certificate may be shown to: trusted now, and for the name that is asked for.
pub(crate) fn is_trusted(context: &Context, endpoint: &Endpoint, name: Option<&Host>, capture: &Capture) -> bool {
    let approval = Approval { context, pins: &[], moment: Moment::now() };
    let endpoint = Endpoint { host: name.unwrap_or(&endpoint.host).clone(), ..endpoint.clone() };
    approval.look(&endpoint, capture).1.is_ok()
}

async fn discovered(endpoint: &Endpoint, pace: &Pace) -> Result<Chains, Failed> {
    let passing =
        |error: &DiscoveryError| Failed { word: discovery_word(error), is_passing: true, reason: with_causes(error) };
    let discovery = discover(endpoint, &pace.discover).await.map_err(|error| passing(&error))?;
    let mut chains: Chains = Vec::new();
    for offered in discovery.certificates() {
        let chain = offered.chain().map_err(|error| Failed {
            word: "decode_failed",
            is_passing: false,
            reason: with_causes(&error),
        })?;
        // The same certificate with and without its issuers is one; the longer chain says more.
        match chains.iter_mut().find(|(_, known)| known.first() == chain.first()) {
            Some((_, known)) if known.len() < chain.len() => *known = chain,
            Some(_) => {}
            None => chains.push((String::new(), chain)),
        }
    }
    if chains.is_empty() {
        let reason = "the server has no certificate: none of its endpoints uses one".to_owned();
        return Err(Failed { word: Unseen::NOTHING_THERE, is_passing: false, reason });
    }
    // A server with keys of several kinds has a certificate for each.
    for (number, (place, _)) in (1..).zip(&mut chains).skip(1) {
        *place = format!("certificate {number}");
    }
    Ok(chains)
}

fn capture_word(error: &CaptureError) -> &'static str {
    match (&*error.fault, error.phase) {
        (Fault::TimedOut(_), _) => "timed_out",
        (Fault::Refused, _) => "connection_refused",
        (_, Phase::Resolution) => "not_resolved",
        (Fault::NotTls(_) | Fault::BeforeTls(_), _) => "not_tls",
        (_, Phase::Connection | Phase::Proxy) => "connect_failed",
        _ => "handshake_failed",
    }
}

fn discovery_word(error: &DiscoveryError) -> &'static str {
    match (&*error.fault, error.step) {
        (DiscoveryFault::TimedOut(_) | DiscoveryFault::Unreached(Fault::TimedOut(_)), _) => "timed_out",
        (DiscoveryFault::Unreached(Fault::Refused), _) => "connection_refused",
        (_, DiscoveryStep::Resolution) => "not_resolved",
        _ => "connect_failed",
    }
}

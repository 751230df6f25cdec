//! Looks at every source: files on threads, endpoints on an event loop, both at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use certkit_core::moment::Moment;
use certkit_expiry::{Judge, Keep, Report, Routes, Shard};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::endpoints;
use super::files;
use super::progress::Progress;
use super::sources::{Reach, Watch};
use crate::failure::Failure;
use crate::hosted;
use crate::input::StorePassword;
use crate::interrupt::interrupted;

/// How a run goes about it.
pub(crate) struct RunOptions<'a> {
    pub(crate) moment: Moment,
    pub(crate) keep: Keep,
    /// Judges more than the dates, where that is wanted.
    pub(crate) judge: Option<Arc<Judge>>,
    /// Finds out what of a chain the clients of a server need.
    pub(crate) routes: Arc<Routes>,
    /// Whether the keys of issuers are looked up, to be remembered.
    pub(crate) issuer_keys: bool,
    pub(crate) shard: Option<Shard>,
    pub(crate) password: &'a StorePassword,
    /// How many endpoints are asked at the same time.
    pub(crate) jobs: usize,
    /// How many of one host.
    pub(crate) per_host: usize,
    /// How often an endpoint that gave nothing is asked again.
    pub(crate) retries: u32,
    /// The time for one attempt.
    pub(crate) timeout: Duration,
    /// The time for everything.
    pub(crate) deadline: Option<Duration>,
}

/// Tells all who work that it is enough.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    is_set: AtomicBool,
    notify: Notify,
}

impl Stop {
    /// Says whether it is enough.
    pub(crate) fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Relaxed)
    }

    fn set(&self) {
        self.is_set.store(true, Ordering::Relaxed);
        self.notify.notify_waiters();
    }

    /// Waits until it is enough.
    pub(crate) async fn wait(&self) {
        let notified = self.notify.notified();
        if !self.is_set() {
            notified.await;
        }
    }
}

/// Looks at all of them. What the end of the time or Ctrl-C leaves out is in the report as such.
pub(crate) fn gather(watches: Vec<Watch>, manner: &RunOptions<'_>) -> Result<Report, Failure> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let is_endpoint = |watch: &Watch| matches!(watch.reach, Reach::Endpoint(_));
    let (remote, local): (Vec<Watch>, Vec<Watch>) = watches.into_iter().partition(is_endpoint);
    let workers = if remote.len() > 1 { threads } else { 1 };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .on_thread_start(hosted::joined())
        .enable_all()
        .build()
        .map_err(|error| Failure::new("cannot start the event loop").because(error))?;
    let progress = Arc::new(Progress::default());
    let stop = Arc::new(Stop::default());
    runtime.spawn(watch_over(Arc::clone(&stop), Arc::clone(&progress), manner.deadline));
    let shown = Arc::clone(&progress);
    runtime.spawn(async move { shown.show().await });
    let asking = if remote.is_empty() {
        None
    } else {
        let pace = endpoints::Pace::new(&remote, manner)?;
        Some(runtime.spawn(endpoints::ask(remote, pace, Arc::clone(&progress), Arc::clone(&stop))))
    };
    let mut report = files::read(&local, manner, threads, &progress, &stop);
    if let Some(asking) = asking {
        match runtime.block_on(asking) {
            Ok(asked) => report.absorb(asked),
            Err(error) => return Err(Failure::new("the endpoints could not be queried").because(error)),
        }
    }
    progress.end();
    // A resolver that hangs must not hold the report.
    runtime.shutdown_background();
    Ok(report)
}

/// Stops the run at its deadline and when it is interrupted; a second interruption ends the program at once.
async fn watch_over(stop: Arc<Stop>, progress: Arc<Progress>, deadline: Option<Duration>) {
    let end = async {
        match deadline.and_then(|span| Instant::now().checked_add(span)) {
            Some(end) => tokio::time::sleep_until(end).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = end => {}
        () = interrupted() => {
            progress.end();
            crate::output::note("certkit: note: stopped; the results so far follow");
        }
    }
    stop.set();
    // Of a run of the page there is one wish to end it, and the program goes on.
    if hosted::current().is_none() {
        interrupted().await;
        crate::exit::at_once();
    }
}

//! `certkit expiry serve`: a look at everything every hour, served as metrics for whoever scrapes.
//!
//! Knows rounds and what came of the last one; the server beside it knows pages.

mod server;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use certkit_core::moment::Moment;
use certkit_expiry::format::prometheus;
use certkit_expiry::run_report::RunReport;
use certkit_expiry::{Keep, Tally};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::watch::{Looked, WatchArgs};
use crate::arguments;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::interrupt::interrupted;
use crate::output;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    #[command(flatten)]
    watch: WatchArgs,

    /// Where to listen. There is no log-in and no TLS: whoever can connect can read the names of all certificates.
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9219))]
    listen: SocketAddr,

    /// The time from the end of one run to the start of the next. Each run reads the inventory and the passwords again.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = arguments::span)]
    every: Duration,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit expiry serve --config /etc/certkit/inventory.toml
      http://127.0.0.1:9219/metrics for Prometheus, http://127.0.0.1:9219/health for whoever watches the watcher
  certkit expiry serve --listen 10.0.0.9:9219 --every 15m https://twx.plant.example /etc/ssl/plant

";

/// What came of a look.
struct Round {
    /// When its moment was.
    moment: Moment,
    ended: Instant,
    tally: Tally,
    /// The page of the metrics.
    metrics: String,
}

/// What is known at present.
#[derive(Default)]
struct Known {
    /// The last look that was made to its end.
    last: Option<Round>,
    /// Why no look could be made since then.
    failure: Option<String>,
}

/// What rounds write and pages read.
struct Board {
    every: Duration,
    known: RwLock<Known>,
}

impl Board {
    fn publish(&self, outcome: Result<Round, Failure>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(round) => *known = Known { last: Some(round), failure: None },
            Err(failure) => {
                let failure = failure.in_one_line();
                output::note(&format!("certkit: note: the run failed: {failure}"));
                known.failure = Some(failure);
            }
        }
    }
}

/// Looks and serves until it is interrupted. What is wrong with the arguments and the inventory at the start ends it,
/// before anybody relies on it.
pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    if args.every.is_zero() {
        return Err(Failure::new("--every 0s would run without a pause").hint("an hour is usual: --every 1h"));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new("cannot start the event loop").because(error))?;
    let board = Arc::new(Board { every: args.every, known: RwLock::default() });
    let listener = runtime.block_on(TcpListener::bind(args.listen)).map_err(|error| {
        Failure::new(format!("cannot listen on {}", args.listen))
            .because(error)
            .hint("choose another address or port: --listen 127.0.0.1:9220")
    })?;
    tell(listener.local_addr().unwrap_or(args.listen));
    runtime.spawn(server::serve(listener, Arc::clone(&board)));
    let (wish, mut end) = watch::channel(false);
    runtime.spawn(async move {
        interrupted().await;
        wish.send_replace(true);
    });
    let mut is_first = true;
    loop {
        let outcome = round(&args.watch);
        // What was stopped on its way is not what there is.
        if *end.borrow() {
            break;
        }
        match outcome {
            Err(failure) if is_first => return Err(failure),
            outcome => board.publish(outcome),
        }
        is_first = false;
        let is_ended = runtime.block_on(async { timeout(args.every, end.changed()).await.is_ok() });
        if is_ended {
            break;
        }
    }
    runtime.shutdown_background();
    Ok(Exit::Fine)
}

/// Says where it is served.
fn tell(address: SocketAddr) {
    output::note(&format!("certkit: note: metrics at http://{address}/metrics, health at http://{address}/health"));
    if !address.ip().is_loopback() {
        output::note("certkit: note: there is no log-in: whoever can connect can read the names of all certificates");
    }
}

/// Looks once.
fn round(watch: &WatchArgs) -> Result<Round, Failure> {
    let moment = Moment::now();
    let Looked { mut report, .. } = watch.look(watch.inventory()?.as_ref(), moment, None, Keep::All, false)?;
    report.sort();
    let mut metrics = Vec::new();
    prometheus::write(&RunReport::alone(&report, moment, None), &mut metrics)
        .map_err(|error| Failure::new("the metrics cannot be written").because(error))?;
    let metrics = String::from_utf8_lossy(&metrics).into_owned();
    Ok(Round { moment, ended: Instant::now(), tally: report.tally, metrics })
}

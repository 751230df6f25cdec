//! One look at everything that is watched.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use certkit_core::moment::Moment;
use certkit_expiry::{Judge, Keep, Report, Routes, Shard, Source, Threshold};

use super::config::{self, Inventory};
use super::gather::{self, RunOptions};
use super::sources::{self, Given, Reach};
use super::stand_in;
use crate::arguments;
use crate::failure::Failure;
use crate::input::{Gather, StorePasswordArgs};

// What is watched, and how.
#[derive(clap::Args, Debug)]
pub(crate) struct WatchArgs {
    /// Files, folders, stores, URLs, HOST:PORT, system, mozilla, or - for standard input.
    #[arg(value_name = "INPUT", long_help = arguments::inputs("Files, folders, stores, URLs, HOST:PORT, system, mozilla, or - for standard input."))]
    pub(super) inputs: Vec<PathBuf>,

    /// An inventory (TOML): sources with owners, notes, thresholds of their own and waivers.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Warn when less validity is left: days (30 or 30d), another span (12h), or a share of the lifetime (20%) [default: 30d].
    #[arg(long, value_name = "TIME")]
    warn: Option<Threshold>,

    /// Critical when less is left [default: 7d].
    #[arg(long, value_name = "TIME")]
    critical: Option<Threshold>,

    /// Warn when less is left until the next update of a revocation list [default: 20%].
    #[arg(long, value_name = "TIME")]
    crl_warn: Option<Threshold>,

    /// Critical when less is left until the next update of a revocation list [default: 5%].
    #[arg(long, value_name = "TIME")]
    crl_critical: Option<Threshold>,

    /// How many TLS handshakes run at the same time. Up to four times as many (at most 1024) endpoints that have not
    /// answered for a second wait beside them, so that dead ones do not slow down the rest.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,

    /// How many endpoints of one host are queried at the same time; loopback has no limit.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    per_host: u16,

    /// How often an endpoint without an answer is tried again, with a doubled wait each time.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(..=10))]
    retries: u8,

    /// The time for one attempt at an endpoint.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = arguments::span)]
    timeout: Duration,

    /// The time for the whole run; what was not read by then is reported as unknown.
    #[arg(long, value_name = "TIME", value_parser = arguments::span)]
    pub(super) deadline: Option<Duration>,

    /// Judge more than the dates: add the findings of `certkit check`, without downloads. An error counts as critical,
    /// a warning as a warning; --warn still sets when a warning of the end begins.
    #[arg(long)]
    findings: bool,

    /// What the clients of servers trust, for --findings, for which certificates of a chain they need, and for whom the
    /// client certificate of the inventory is shown to: a file, folder or store, system or mozilla. A chain has to end there; the default stores then only complete it.
    #[arg(long, value_name = "STORE")]
    trust: Vec<String>,

    #[command(flatten)]
    password: StorePasswordArgs,
}

/// What a look has seen.
pub(crate) struct Looked {
    pub(crate) report: Report,
    pub(crate) sources: Vec<Arc<Source>>,
}

impl WatchArgs {
    /// What is read by its name.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.inputs.iter().chain(&self.config).map(PathBuf::as_path)
    }

    /// Reads the inventory.
    pub(crate) fn inventory(&self) -> Result<Option<Inventory>, Failure> {
        self.config.as_deref().map(config::read).transpose()
    }

    /// Reads the passwords, and looks at all sources of a part; for what is remembered, at the keys of issuers, too.
    pub(crate) fn look(
        &self,
        inventory: Option<&Inventory>,
        moment: Moment,
        shard: Option<Shard>,
        keep: Keep,
        issuer_keys: bool,
    ) -> Result<Looked, Failure> {
        let password = self.password.password()?;
        let given = Given {
            warn: self.warn,
            critical: self.critical,
            crl_warn: self.crl_warn,
            crl_critical: self.crl_critical,
        };
        let watches = sources::watches(&self.inputs, inventory, given, shard)?;
        let mut gather = Gather::new();
        gather.trust(&self.trust, &password)?;
        let paths = watches.iter().filter_map(|watch| match &watch.reach {
            Reach::Path(path) => Some(path),
            _ => None,
        });
        let judged: Vec<PathBuf> = paths.filter(|_| self.findings).cloned().collect();
        let context = move || {
            gather.defaults();
            // What the sources tell of revocation, and the CAs in them, count for all of them: they are read for it before
            // they are judged.
            judged.iter().for_each(|path| gather.judged_in(path));
            Arc::new(gather.context())
        };
        let (judge, routes) = match self.findings {
            false => (None, Routes::new(context)),
            true => {
                let context = context();
                (Some(Arc::new(Judge { context: Arc::clone(&context) })), Routes::new(move || context))
            }
        };
        let manner = RunOptions {
            moment,
            judge,
            routes: Arc::new(routes),
            keep,
            issuer_keys,
            shard,
            password: &password,
            jobs: self.jobs.into(),
            per_host: self.per_host.into(),
            retries: self.retries.into(),
            timeout: self.timeout,
            deadline: self.deadline,
        };
        let sources: Vec<Arc<Source>> = watches.iter().map(|watch| Arc::clone(&watch.source)).collect();
        let mut report = gather::gather(watches, &manner)?;
        if shard.is_none() {
            stand_in::note_emptiness(&mut report, moment);
        }
        Ok(Looked { report, sources })
    }
}

//! Probes what a port lets anybody do who knows no password.
//!
//! Gives the facts of [`presented::Posture`](crate::presented::Posture). Every probe is a connection of its own, one
//! after the other, [`Ask::pace`] apart, and none goes beyond what a browser or client does that begins to connect:
//! handshakes end before a key is agreed, one page is asked for, no name and no password is sent. A device that
//! answers nothing twice is left alone.

mod kepware;
mod mqtt;
mod run;
mod web;

use std::time::Duration;

pub use kepware::{Found, MAX_PORTS, Part, Port, kepware, kepware_blocking};

use super::capture::{Connect, Extent};
use super::dial;
use super::error::Fault;
use super::tls::{Client, block_on};
use crate::presented::{HostPort, Posture, Probe, Target};
use run::Run;

/// The most connections that are made to one target.
pub const MAX_CONNECTIONS: usize = 24;

/// How probes are made.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The time for everything together.
    pub whole: Duration,
    /// The time for one probe.
    pub each: Duration,
    /// The time between the beginnings of two connections, at least.
    pub pace: Duration,
    /// What is not to be asked.
    pub left_out: Vec<Probe>,
    /// Where to connect in place of the target's own host and port.
    pub address: Option<HostPort>,
}

impl Default for Ask {
    /// Everything, within a minute, five seconds each, five connections in a second at most.
    fn default() -> Self {
        Self {
            whole: Duration::from_secs(60),
            each: Duration::from_secs(5),
            pace: Duration::from_millis(200),
            left_out: Vec::new(),
            address: None,
        }
    }
}

/// Nothing answers at a target.
#[derive(Debug, thiserror::Error)]
#[error("{target} does not answer")]
pub struct ProbeError {
    /// What was to be connected to.
    pub target: HostPort,
    /// Why not.
    #[source]
    pub fault: Fault,
}

/// Probes a target.
///
/// Takes at most [`Ask::whole`] and [`MAX_CONNECTIONS`] connections, usually eight; never two at a time.
///
/// # Errors
/// When no address of the target lets itself be connected to.
pub async fn probe(target: &Target, ask: &Ask) -> Result<Posture, ProbeError> {
    let to = ask.address.clone().unwrap_or_else(|| target.endpoint.host_port());
    let error = |fault| ProbeError { target: to.clone(), fault };
    let connect = Connect { extent: Extent::Certificates, ..Connect::default() };
    let client = Client::new(connect).map_err(|source| error(source.into()))?;
    let run = Run::reach(target, ask, &to, &client, dial::deadline(ask.whole)).await.map_err(error)?;
    Ok(run.all().await)
}

/// Probes a target from a thread without an event loop.
///
/// # Errors
/// As [`probe`]; also when the system gives no event loop.
pub fn probe_blocking(target: &Target, ask: &Ask) -> Result<Posture, ProbeError> {
    let failed = |error| Err(ProbeError { target: target.endpoint.host_port(), fault: Fault::Runtime(error) });
    block_on(probe(target, ask)).unwrap_or_else(failed)
}

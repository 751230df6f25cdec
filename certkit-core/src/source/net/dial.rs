//! From a host and port to an open TCP connection: addresses, shares of the time, faults by name.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};

use super::error::Fault;
use crate::presented::{Host, HostPort};

/// The most addresses of one name that are tried.
const MAX_ADDRESSES: usize = 16;

/// The longest that anything takes.
const MAX_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// Gives the end of a time that begins now; more than a day counts as a day.
pub(super) fn deadline(timeout: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(timeout.min(MAX_TIMEOUT)).unwrap_or(now)
}

/// Gives the addresses of a host in the resolver's order, each once, never an empty list.
pub(super) async fn resolve(target: &HostPort, deadline: Instant) -> Result<Vec<SocketAddr>, Fault> {
    let name = match &target.host {
        Host::Name(name) => name.as_str(),
        Host::V4(address) => return Ok(vec![SocketAddr::from((*address, target.port))]),
        Host::V6(address) => return Ok(vec![SocketAddr::from((*address, target.port))]),
    };
    let start = Instant::now();
    let found = timeout_at(deadline, lookup_host((name, target.port)))
        .await
        .map_err(|_| Fault::TimedOut(start.elapsed()))?
        .map_err(Fault::Unresolved)?;
    let mut addresses = Vec::new();
    for address in found {
        if addresses.len() < MAX_ADDRESSES && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        return Err(Fault::NoAddress);
    }
    Ok(addresses)
}

/// Goes through addresses, each with a fair share of what is left of the time when its turn comes.
pub(super) fn shares(
    addresses: Vec<SocketAddr>,
    deadline: Instant,
) -> impl Iterator<Item = (SocketAddr, Instant)> + Send {
    let count = addresses.len();
    (0..count).rev().zip(addresses).map(move |(after, address)| {
        let now = Instant::now();
        let turns = u32::try_from(after).unwrap_or(u32::MAX).saturating_add(1);
        let share = deadline.saturating_duration_since(now).checked_div(turns).unwrap_or(Duration::ZERO);
        (address, now.checked_add(share).unwrap_or(deadline))
    })
}

/// Opens a TCP connection.
pub(super) async fn connect(address: SocketAddr, deadline: Instant) -> Result<TcpStream, Fault> {
    let start = Instant::now();
    let stream = timeout_at(deadline, TcpStream::connect(address))
        .await
        .map_err(|_| Fault::TimedOut(start.elapsed()))?
        .map_err(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused => Fault::Refused,
            io::ErrorKind::TimedOut => Fault::TimedOut(start.elapsed()),
            _ => Fault::Network(error),
        })?;
    // Hellos are small and waited for; a refusal of the option costs speed only.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

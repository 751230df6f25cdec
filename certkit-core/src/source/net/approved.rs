//! Connections over TLS to a server that its caller has approved.
//!
//! The caller sees what the server has presented before anything is said over TLS, and before a certificate of our own
//! is shown. Nothing that came before TLS is taken
//! for what came over it.

use std::fmt;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;
use tokio_rustls::client::TlsStream;

use super::capture::{Capture, ClientCertificate, Connect, Extent, Handshake};
use super::conversation::ConversationError;
use super::dial;
use super::error::{Attempt, CaptureError, Fault};
use super::reach::Reach;
use super::recording_verifier::{Shown, Watched};
use super::tls::{Client, block_on, client, unprepared};
use crate::presented::{Endpoint, Possession};

/// How many servers behind one address are tried for the one that was seen before.
const SERVERS: usize = 3;

/// What a server has presented, and the connection to it.
type Met = (Vec<Vec<u8>>, TlsStream<Watched>);

/// Connects to a server that `approve` lets pass, and goes over to TLS where its protocol begins in clear.
///
/// # Errors
/// When the server cannot be reached, does not go over to TLS, or is not approved.
pub async fn approved(
    endpoint: &Endpoint,
    timeout: Duration,
    approve: impl FnMut(&Capture) -> Result<(), String>,
) -> Result<impl AsyncRead + AsyncWrite + fmt::Debug + Send + Sync + Unpin + 'static, ConversationError> {
    let connect = Connect { timeout, extent: Extent::Certificates, ..Connect::default() };
    let client = Client::new(connect).map_err(|error| unreached(unprepared(endpoint, error.into())))?;
    let (_, stream) = meet(&client, endpoint, dial::deadline(timeout), approve).await?;
    Ok(stream)
}

impl Client {
    /// Captures the chain of an endpoint, and shows the client identity to a server that `approve` lets pass, and to no
    /// other: it is seen without it first. Takes up to twice [`Connect::timeout`].
    ///
    /// # Errors
    /// Those of [`Client::capture`].
    pub async fn capture_approved(
        &self,
        endpoint: &Endpoint,
        approve: impl FnOnce(&Capture) -> bool,
    ) -> Result<Capture, CaptureError> {
        if self.identity.is_none() {
            return self.capture(endpoint).await;
        }
        let seen = self.capture_shown(endpoint, Shown::Nobody).await?;
        let is_asked = !matches!(seen.client_certificate, ClientCertificate::NotAsked);
        if !is_asked || seen.possession != Possession::Proven || !approve(&seen) {
            return Ok(seen);
        }
        // Who is another one now is shown nothing; what was seen stays.
        Ok(self.capture_shown(endpoint, Shown::Only(&seen.presented)).await.unwrap_or(seen))
    }
}

/// Captures a chain from a thread without an event loop, as [`Client::capture_approved`] does.
///
/// # Errors
/// Those of [`Client::capture`]; also when the client identity cannot be used, or the system gives no event loop.
pub fn capture_approved_blocking(
    endpoint: &Endpoint,
    connect: &Connect,
    approve: impl FnOnce(&Capture) -> bool,
) -> Result<Capture, CaptureError> {
    let client = client(endpoint, connect)?;
    block_on(client.capture_approved(endpoint, approve))
        .unwrap_or_else(|error| Err(unprepared(endpoint, Fault::Runtime(error))))
}

fn unreached(error: CaptureError) -> ConversationError {
    ConversationError::Unreached(Box::new(error))
}

/// Connects to the first address of an endpoint that answers, and holds what it presents against `approve`.
pub(super) async fn meet(
    client: &Client,
    endpoint: &Endpoint,
    until: Instant,
    mut approve: impl FnMut(&Capture) -> Result<(), String>,
) -> Result<Met, ConversationError> {
    let target = endpoint.host_port();
    let addresses = dial::resolve(&target, until).await.map_err(|fault| {
        let mut error = CaptureError::farthest(target.clone(), Vec::new());
        error.fault = Box::new(fault);
        unreached(error)
    })?;
    // Our own certificate is for the server that was approved: it is seen without it first.
    let first = if client.identity.is_some() { Shown::Nobody } else { Shown::Anybody };
    let mut attempts: Vec<Attempt> = Vec::new();
    for (address, deadline) in dial::shares(addresses, until) {
        let reach = Reach { client, target: &target, address, deadline, shown: first };
        let (capture, stream) = match reach.shake_hands(endpoint).await {
            Ok(met) => met,
            Err((phase, fault)) => {
                attempts.push(Attempt { address, phase, fault });
                continue;
            }
        };
        approve(&capture).map_err(ConversationError::Refused)?;
        require_proof(&capture)?;
        if client.identity.is_none() {
            return met(capture, stream);
        }
        drop(stream);
        let mut presented = capture.presented;
        // One address may be several servers, each with a certificate of its own.
        for _ in 0..SERVERS {
            let reach = Reach { client, target: &target, address, deadline, shown: Shown::Only(&presented) };
            let (capture, stream) = reach.shake_hands(endpoint).await.map_err(|(phase, fault)| {
                unreached(CaptureError::farthest(target.clone(), vec![Attempt { address, phase, fault }]))
            })?;
            if capture.presented == presented {
                require_proof(&capture)?;
                return met(capture, stream);
            }
            approve(&capture).map_err(ConversationError::Refused)?;
            presented = capture.presented;
        }
        return Err(ConversationError::Unsafe("it presents another certificate each time"));
    }
    Err(unreached(CaptureError::farthest(target, attempts)))
}

/// Refuses who cannot show that he holds the key: he may have copied the certificate.
fn require_proof(capture: &Capture) -> Result<(), ConversationError> {
    match capture.possession {
        Possession::Proven => Ok(()),
        Possession::Unproven(_) => Err(ConversationError::Unsafe(
            "it does not prove in TLS 1.2 or 1.3 that it holds the key of its certificate",
        )),
    }
}

fn met(capture: Capture, stream: Option<TlsStream<Watched>>) -> Result<Met, ConversationError> {
    match (capture.handshake, stream) {
        (Handshake::Complete, Some(stream)) => Ok((capture.presented, stream)),
        (Handshake::Broken(Fault::Alert(alert)), _) => Err(ConversationError::Alert(alert)),
        _ => Err(ConversationError::Unsafe("the handshake was not completed")),
    }
}

//! Connections over TLS to a server that its caller has approved.
//!
//! The caller sees what the server has presented before anything is said over TLS. Nothing that came before TLS is taken
//! for what came over it.

use std::fmt;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;
use tokio_rustls::client::TlsStream;

use super::capture::{Capture, Connect, Extent, Handshake};
use super::conversation::ConversationError;
use super::dial;
use super::error::{Attempt, CaptureError};
use super::reach::Reach;
use super::tls::{Client, unprepared};
use super::witness::Watched;
use crate::presented::{Endpoint, Possession};

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
    let mut attempts: Vec<Attempt> = Vec::new();
    for (address, deadline) in dial::shares(addresses, until) {
        let reach = Reach { client, target: &target, address, deadline };
        let (capture, stream) = match reach.shake_hands(endpoint).await {
            Ok(met) => met,
            Err((phase, fault)) => {
                attempts.push(Attempt { address, phase, fault });
                continue;
            }
        };
        approve(&capture).map_err(ConversationError::Refused)?;
        // Whoever cannot show that he holds the key may have copied the certificate.
        if capture.possession != Possession::Proven || !matches!(capture.handshake, Handshake::Complete) {
            return Err(ConversationError::Unsafe(
                "it does not prove in TLS 1.2 or 1.3 that it holds the key of its certificate",
            ));
        }
        let stream = stream.ok_or(ConversationError::Unsafe("the handshake was not completed"))?;
        return Ok((capture.presented, stream));
    }
    Err(unreached(CaptureError::farthest(target, attempts)))
}

//! Tries a server with a certificate and its key: a secure channel and a session, as any client opens them.
//!
//! Knows what is sent, in which order, and how far it came. Refuses to judge: what the server answers is given as it
//! is. Nothing is read or written on the session, which is closed at once.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use crate::cert::Certificate;
use crate::crypto::key_pair::KeyPair;
use crate::crypto::random;
use crate::crypto::secure_channel::{NONCE, Suite};
use crate::status::StatusCode;

use super::super::dial;
use super::super::tls::block_on;
use super::channel::{answer, malformed};
use super::error::DiscoveryFault;
use super::secured::{Parties, Secured};
use super::service::{self, ACTIVATE_SESSION, CLOSE_SESSION, CREATE_SESSION, SessionClient};
use crate::presented::{EndpointDescription, SecurityMode, TokenKind, policy_name, split_chain};

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_millis(500);

/// With what a server is tried.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    /// The endpoint, as the server describes it: with a policy over RSA, in mode Sign or SignAndEncrypt.
    pub endpoint: &'a EndpointDescription,
    /// Where to connect: the address at which it told its endpoints.
    pub address: SocketAddr,
    /// Our certificate, and those above it that are sent along.
    pub own: &'a [Certificate],
    /// The key of our certificate.
    pub key: &'a KeyPair,
    /// The ApplicationUri that we tell.
    pub application_uri: &'a str,
    /// The time for everything together.
    pub timeout: Duration,
}

/// How far a trial came. Later steps compare greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrialStep {
    /// Opening the TCP connection.
    Connection,
    /// Hello and acknowledge.
    Hello,
    /// Opening the secure channel: the server looks at our certificate.
    SecureChannel,
    /// Creating the session: it may look once more, and compares the ApplicationUri.
    CreateSession,
    /// Activating it: it looks at the user, who is anonymous.
    ActivateSession,
}

impl TrialStep {
    /// The name of the service, or of what there is before services.
    pub const fn name(self) -> &'static str {
        match self {
            TrialStep::Connection => "Connection",
            TrialStep::Hello => "Hello",
            TrialStep::SecureChannel => "OpenSecureChannel",
            TrialStep::CreateSession => "CreateSession",
            TrialStep::ActivateSession => "ActivateSession",
        }
    }
}

/// What a server answered.
#[derive(Debug)]
pub enum Tried {
    /// A session was opened, and closed again.
    Opened,
    /// A session was created: the certificates are accepted. It was not activated, since the endpoint lets nobody in
    /// without showing who he is.
    Created,
    /// The server refused at this step.
    Refused {
        /// Where.
        step: TrialStep,
        /// Its code.
        status: StatusCode,
        /// Its words, as sent, shortened; may be empty.
        words: String,
    },
    /// The server gave no answer that could be understood; some hang up in place of one.
    Broken {
        /// Where.
        step: TrialStep,
        /// What happened.
        fault: DiscoveryFault,
    },
}

/// Why a server cannot be tried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrialError {
    /// The policy is none that certkit speaks.
    #[error(
        "unsupported security policy {0}: certkit opens channels with Basic256Sha256, Aes128_Sha256_RsaOaep and \
         Aes256_Sha256_RsaPss"
    )]
    Policy(
        /// Its name or URI.
        String,
    ),
    /// The endpoint has no security, or a mode that nobody knows.
    #[error("the endpoint has no security, so no certificate can be tried")]
    Mode,
    /// The server's certificate cannot be decoded.
    #[error("the server's certificate cannot be decoded")]
    Certificate,
    /// There is no runtime to be had.
    #[error("the network cannot be used: {0}")]
    Runtime(
        /// Why.
        String,
    ),
}

/// Tries a server; waits for it.
pub fn try_session_blocking(trial: &Trial<'_>) -> Result<Tried, TrialError> {
    block_on(try_session(trial)).unwrap_or_else(|error| Err(TrialError::Runtime(error.to_string())))
}

/// Tries a server: one connection.
pub async fn try_session(trial: &Trial<'_>) -> Result<Tried, TrialError> {
    let endpoint = trial.endpoint;
    let policy = policy_name(&endpoint.security_policy_uri);
    let suite = Suite::named(policy).ok_or_else(|| TrialError::Policy(policy.to_owned()))?;
    if !matches!(endpoint.security_mode, SecurityMode::Sign | SecurityMode::SignAndEncrypt) {
        return Err(TrialError::Mode);
    }
    let chain = split_chain(&endpoint.server_certificate).unwrap_or_else(|error| error.certificates);
    let peer = chain.first().and_then(|der| Certificate::from_der(der).ok()).ok_or(TrialError::Certificate)?;
    let own: Vec<u8> = trial.own.iter().flat_map(|it| it.der().iter().copied()).collect();
    let parties = Parties { suite, endpoint, own: &own, key: trial.key, peer: peer.der(), peer_spki: peer.spki() };
    let mut step = TrialStep::Connection;
    let deadline = dial::deadline(trial.timeout);
    let tried = timeout_at(deadline, run(trial, parties, &mut step, deadline)).await;
    Ok(match tried.unwrap_or_else(|_| Err(DiscoveryFault::TimedOut(trial.timeout))) {
        Ok(tried) => tried,
        Err(DiscoveryFault::ServerError { status, reason } | DiscoveryFault::Aborted { status, reason }) => {
            Tried::Refused { step, status, words: reason }
        }
        Err(DiscoveryFault::Refused(status)) => Tried::Refused { step, status, words: String::new() },
        Err(fault) => Tried::Broken { step, fault },
    })
}

async fn run(
    trial: &Trial<'_>,
    parties: Parties<'_>,
    step: &mut TrialStep,
    deadline: Instant,
) -> Result<Tried, DiscoveryFault> {
    let endpoint = trial.endpoint;
    let stream = dial::connect(trial.address, deadline).await?;
    *step = TrialStep::Hello;
    let own = parties.own;
    let suite = parties.suite;
    let mut secured = Secured::greet(stream, parties).await?;
    *step = TrialStep::SecureChannel;
    let mode = if endpoint.security_mode == SecurityMode::Sign { 2 } else { 3 };
    secured.open(|number, nonce| service::open_secured_channel(number, trial.timeout, mode, nonce)).await?;
    *step = TrialStep::CreateSession;
    let asked = session(trial, own, suite, &mut secured, step).await;
    let _ = timeout(GOODBYE, secured.close(service::close_secure_channel)).await;
    asked
}

/// Creates, activates and closes a session.
async fn session<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin>(
    trial: &Trial<'_>,
    own: &[u8],
    suite: Suite,
    secured: &mut Secured<'_, S>,
    step: &mut TrialStep,
) -> Result<Tried, DiscoveryFault> {
    let endpoint = trial.endpoint;
    let nonce: [u8; NONCE] = random::bytes().map_err(|_| crate::crypto::secure_channel::Error::Backend)?;
    let client = SessionClient {
        application_uri: trial.application_uri,
        server_uri: &endpoint.server.gateway_server_uri,
        endpoint_url: &endpoint.endpoint_url,
        nonce: &nonce,
        certificate: own,
    };
    let body = secured.ask(CREATE_SESSION, |number| service::create_session(number, trial.timeout, &client)).await?;
    let created =
        answer(CREATE_SESSION, &body)?.session().map_err(|source| malformed(CREATE_SESSION.answer, source))?;
    let anonymous = endpoint.user_tokens.iter().find(|it| it.kind == TokenKind::Anonymous);
    let tried = match anonymous {
        None => Ok(Tried::Created),
        Some(token) => {
            *step = TrialStep::ActivateSession;
            let signed = [created.certificate, created.nonce].concat();
            let signature = secured.sign(&signed)?;
            let request = |number| {
                service::activate_session(
                    number,
                    trial.timeout,
                    created.token,
                    (suite.signature_uri(), &signature),
                    &token.policy_id,
                )
            };
            match secured.ask(ACTIVATE_SESSION, request).await {
                Ok(body) => answer(ACTIVATE_SESSION, &body).map(|_| Tried::Opened),
                Err(fault) => Err(fault),
            }
        }
    };
    // One that was refused is closed as well.
    let close = secured.ask(CLOSE_SESSION, |number| service::close_session(number, trial.timeout, created.token));
    let _ = timeout(GOODBYE, close).await;
    tried
}

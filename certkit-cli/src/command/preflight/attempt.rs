//! A real attempt: a channel and a session with the user's certificate, on the user's request alone.

use certkit_core::presented::EndpointDescription;
use certkit_core::source::{DiscoveryFault, Trial, TrialError, Tried, try_session_blocking};

use super::Args;
use super::cures::Role;
use super::side::Side;
use crate::failure::Failure;
use crate::preflight::{Attempt, Judged};

/// Connects to the endpoint with my certificate and its key; `foretold` is what preflight says of the server.
pub(super) fn attempt(
    own: &Side,
    peer: &Side,
    endpoint: Option<&EndpointDescription>,
    args: &Args,
    foretold: &Judged,
) -> Result<Attempt, Failure> {
    let (Some(discovery), Role::Client) = (&peer.discovery, own.role) else {
        return Err(Failure::new("--try connects to a server, and none is named")
            .hint("certkit preflight OWN opc.tcp://HOST:PORT --try"));
    };
    let Some(endpoint) = endpoint else {
        return Err(Failure::new("there is no endpoint to be tried")
            .hint("without --try, preflight says what speaks against any of them"));
    };
    let key = args.key.open(own.key_file().as_deref())?;
    if key.spki() != own.certificate.spki() {
        return Err(Failure::new("the private key is not that of your certificate")
            .hint("--key FILE names the one that was made together with it"));
    }
    let uri = own.application_uri.clone().or_else(|| own.certificate_uri()).ok_or_else(|| {
        Failure::new("your certificate has no ApplicationUri to be told to the server")
            .hint("--application-uri URI names it")
    })?;
    let chain: Vec<_> = std::iter::once(&own.certificate).chain(&own.sent).cloned().collect();
    let trial = Trial {
        endpoint,
        address: discovery.peer,
        own: &chain,
        key: &key,
        application_uri: &uri,
        timeout: args.timeout,
    };
    let tried = try_session_blocking(&trial).map_err(|error| match error {
        TrialError::Policy(_) => Failure::new(error.to_string()).hint("--security-policy names another one"),
        other => Failure::new(other.to_string()),
    })?;
    match tried {
        Tried::Broken { fault: fault @ DiscoveryFault::Unreached(_), .. } => {
            Err(Failure::new("the server could not be reached once more").because(fault))
        }
        tried => {
            let is_trust_undetermined = foretold.verdict.is_trust_undetermined();
            Ok(Attempt { tried, predicted: foretold.reported(), is_trust_undetermined })
        }
    }
}

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
        return Err(Failure::new("--try needs a server").hint("certkit preflight OWN opc.tcp://HOST:PORT --try"));
    };
    let Some(endpoint) = endpoint else {
        return Err(
            Failure::new("there is no endpoint to try").hint("run it without --try to see why no endpoint can be used")
        );
    };
    let key = args.key.open(own.key_file().as_deref())?;
    if key.spki() != own.certificate.spki() {
        return Err(Failure::new("the private key does not belong to your certificate")
            .hint("name the right one with --key FILE"));
    }
    let uri = own.application_uri.clone().or_else(|| own.certificate_uri()).ok_or_else(|| {
        Failure::new("your certificate has no ApplicationUri to send to the server")
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
        TrialError::Policy(_) => Failure::new(error.to_string()).hint("choose another one with --security-policy"),
        other => Failure::new(other.to_string()),
    })?;
    match tried {
        Tried::Broken { fault: fault @ DiscoveryFault::Unreached(_), .. } => {
            Err(Failure::new("the server could not be reached a second time").because(fault))
        }
        tried => {
            let is_trust_undetermined = foretold.verdict.is_trust_undetermined();
            Ok(Attempt { tried, predicted: foretold.reported(), is_trust_undetermined })
        }
    }
}

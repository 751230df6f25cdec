//! What a server's endpoints tell of its security: modes, policies, tokens, certificates and addresses.
//!
//! Looks at the answer to GetEndpoints. Nothing of it is authenticated, so a finding is about what was said. What is
//! wrong with the certificates themselves is for the checks of certificates: [`Posture::offers`] gives them with
//! what is expected of them.

pub mod addresses;
pub mod certificates;
pub mod modes;
pub mod tokens;

use std::fmt;

use super::super::case::shown;
use super::super::{Check, Expectation, Judgement, Look, Outcome, Profile, Situation, Usage};
use crate::cert::Certificate;
use crate::opcua::{SecurityPolicy, Standing};
use crate::presented::{EndpointDescription, SecurityMode, policy_name, split_chain};

/// The topics.
pub static CHECKS: &[&[&Check]] = &[modes::CHECKS, tokens::CHECKS, certificates::CHECKS, addresses::CHECKS];

/// A server's endpoints with their certificates decoded.
#[derive(Clone, Debug)]
pub struct Posture<'a> {
    /// The endpoints in the server's order.
    pub endpoints: Vec<Endpoint<'a>>,
    /// The host that was asked; `None` where the answer came from elsewhere.
    pub host: Option<&'a str>,
}

/// An endpoint with its certificate.
#[derive(Clone, Debug)]
pub struct Endpoint<'a> {
    /// What the server said.
    pub description: &'a EndpointDescription,
    /// Its chain, the server's own certificate first; the reason where it cannot be made out.
    pub chain: Chain,
}

/// The certificates of a field, or the reason why they cannot be made out.
pub type Chain = Result<Vec<Certificate>, String>;

/// A certificate that a server offers, and what is expected of it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The server's own certificate first, then what came with it.
    pub chain: Vec<Certificate>,
    /// The host that was asked, the ApplicationUri of the endpoint, a server's part.
    pub expectation: Expectation,
}

impl<'a> Posture<'a> {
    /// Decodes the certificates of endpoints. Costs a few microseconds for each certificate.
    pub fn new(endpoints: &'a [EndpointDescription], host: Option<&'a str>) -> Posture<'a> {
        let mut known: Vec<(&[u8], Chain)> = Vec::new();
        let mut decoded = |field: &'a [u8]| match known.iter().find(|(other, _)| *other == field) {
            Some((_, chain)) => chain.clone(),
            None => {
                let chain = decode(field);
                known.push((field, chain.clone()));
                chain
            }
        };
        let endpoints = endpoints
            .iter()
            .map(|description| Endpoint { description, chain: decoded(&description.server_certificate) })
            .collect();
        Posture { endpoints, host }
    }

    /// The certificates, each once, with what is expected of them.
    pub fn offers(&self) -> Vec<Offer> {
        let mut offers: Vec<Offer> = Vec::new();
        for endpoint in &self.endpoints {
            let Some(chain) = endpoint.chain.as_ref().ok().filter(|chain| !chain.is_empty()) else { continue };
            let uri = &endpoint.description.server.application_uri;
            let expectation = Expectation {
                host: self.host.map(str::to_owned),
                port: None,
                application_uri: (!uri.is_empty()).then(|| uri.clone()),
                usage: Some(Usage::TlsServer),
            };
            if !offers.iter().any(|other| other.chain == *chain && other.expectation == expectation) {
                offers.push(Offer { chain: chain.clone(), expectation });
            }
        }
        offers
    }

    fn secured(&self) -> impl Iterator<Item = &Endpoint<'a>> {
        self.endpoints.iter().filter(|endpoint| endpoint.is_secured())
    }

    fn unsecured(&self) -> impl Iterator<Item = &Endpoint<'a>> {
        self.endpoints.iter().filter(|endpoint| endpoint.is_open())
    }
}

fn decode(field: &[u8]) -> Chain {
    let chain = split_chain(field).map_err(|error| error.to_string())?;
    chain.iter().map(|der| Certificate::from_der(der).map_err(|error| error.to_string())).collect()
}

impl Endpoint<'_> {
    /// The policy, where it is one that is known.
    fn policy(&self) -> Option<&'static SecurityPolicy> {
        SecurityPolicy::named(&self.description.security_policy_uri)
    }

    fn standing(&self) -> Option<Standing> {
        self.policy().map(|policy| policy.standing)
    }

    /// Whether messages are protected by a policy, by what the endpoint says of itself.
    fn is_secured(&self) -> bool {
        matches!(self.description.security_mode, SecurityMode::Sign | SecurityMode::SignAndEncrypt)
    }

    /// Whether messages go in the clear: mode None, and no TLS below.
    fn is_open(&self) -> bool {
        let url = self.description.endpoint_url.to_ascii_lowercase();
        let has_tls = ["https:", "opc.https:", "wss:", "opc.wss:"].iter().any(|scheme| url.starts_with(scheme));
        self.description.security_mode == SecurityMode::None && !has_tls
    }

    /// The server's own certificate.
    fn certificate(&self) -> Option<&Certificate> {
        self.chain.as_ref().ok()?.first()
    }
}

impl fmt::Display for Endpoint<'_> {
    /// Writes policy and mode, as `Basic256Sha256 SignAndEncrypt`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let description = self.description;
        match description.security_policy_uri.as_str() {
            "" => f.write_str("no policy")?,
            uri => f.write_str(&shown(policy_name(uri)))?,
        }
        write!(f, " {}", description.security_mode)
    }
}

/// Names endpoints, each kind once.
fn list<'e, 'a: 'e>(endpoints: impl Iterator<Item = &'e Endpoint<'a>>) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for endpoint in endpoints {
        let name = endpoint.to_string();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    // A server may describe a thousand endpoints.
    const MANY: usize = 8;
    let more = names.len().saturating_sub(MANY);
    names.truncate(MANY);
    let list = names.join(", ");
    match (list.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(list),
        (false, more) => Some(format!("{list} and {more} more")),
    }
}

/// Not met where an endpoint is named.
fn none_of<'e, 'a: 'e>(endpoints: impl Iterator<Item = &'e Endpoint<'a>>) -> Outcome {
    list(endpoints).map_or(Outcome::Met, |list| Outcome::NotMet(format!("offered: {list}")))
}

/// Holds a server's endpoints against the checks of a profile that look at endpoints. Every check looks.
pub fn judge(posture: &Posture<'_>, profile: &Profile) -> Judgement {
    let mut judgement = Judgement::default();
    let is_misplaced = addresses::tell_every_address(posture);
    let situation = |_| Situation { is_misplaced, ..Situation::of(profile.setting) };
    for (check, severity) in profile.checks() {
        let Look::Endpoints { applies, at } = check.look else { continue };
        let outcome = applies(posture).then(|| at(posture));
        let weight = crate::check::Weight { not_met: severity, undetermined: profile.weight_undetermined(check) };
        judgement.record(check, weight, situation, outcome.map(|outcome| (None, outcome)));
    }
    judgement.sort();
    judgement
}

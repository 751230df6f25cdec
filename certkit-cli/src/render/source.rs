//! What was read, as JSON.

use certkit_core::container::ItemKind;
use schemars::JsonSchema;
use serde::Serialize;

use super::discovered::EndpointJson;
use crate::input::{Asked, Input};

/// What is said of an input in a JSON document.
#[derive(Serialize, JsonSchema)]
pub(crate) struct SourceJson {
    name: String,
    /// How its items were wrapped, such as `PEM` or `PKCS#12`.
    forms: Vec<String>,
    certificates: usize,
    requests: usize,
    revocation_lists: usize,
    keys: usize,
    ocsp_responses: usize,
    /// What was found and not used, each with its place and the reason.
    skipped: Vec<String>,
    /// What is not known of a store's integrity; left out where it is verified, or there is no store.
    #[serde(skip_serializing_if = "Option::is_none")]
    integrity: Option<String>,
    /// The endpoints that an OPC UA server tells; left out for every other source.
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoints: Option<Vec<EndpointJson>>,
    /// What a server wants to know of its clients; left out where it does not ask, and for every other source.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_certificate: Option<Asked>,
}

impl SourceJson {
    /// Describes an input.
    pub(crate) fn new(input: &Input) -> SourceJson {
        SourceJson {
            name: input.name.clone(),
            forms: input.forms().iter().map(ToString::to_string).collect(),
            integrity: input.contents.integrity().map(ToString::to_string),
            certificates: input.count(|kind| *kind == ItemKind::Certificate),
            requests: input.count(|kind| *kind == ItemKind::Request),
            revocation_lists: input.count(|kind| *kind == ItemKind::RevocationList),
            keys: input.count(|kind| matches!(kind, ItemKind::PrivateKey(_) | ItemKind::PublicKey)),
            ocsp_responses: input.count(|kind| *kind == ItemKind::OcspResponse),
            skipped: input.contents.skipped.iter().map(ToString::to_string).collect(),
            endpoints: input.discovery().map(EndpointJson::all),
            client_certificate: input.asked().cloned(),
        }
    }
}

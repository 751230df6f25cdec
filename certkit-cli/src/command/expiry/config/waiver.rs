//! Alarms that are set aside until a date, as the inventory has them.

use certkit_expiry::Waiver;
use certkit_expiry::hex::digest;
use schemars::JsonSchema;
use serde::Deserialize;

use super::super::sources;
use super::Inventory;
use crate::failure::Failure;

/// An alarm that is set aside until a date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WaiverToml {
    /// Why it may be.
    reason: String,
    /// The last day on which it holds (2027-01-31), or the moment at which it ends (RFC 3339).
    #[schemars(with = "String")]
    until: UntilToml,
    /// Only for the certificate with this SHA-256, in hex.
    fingerprint_sha256: Option<String>,
}

/// A date of TOML, or a text.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "expected a date such as 2027-01-31")]
pub(crate) enum UntilToml {
    Date(toml::value::Datetime),
    Text(String),
}

impl UntilToml {
    /// As it is written.
    pub(crate) fn text(&self) -> String {
        match self {
            UntilToml::Date(date) => date.to_string(),
            UntilToml::Text(text) => text.clone(),
        }
    }
}

impl WaiverToml {
    pub(super) fn read(&self, inventory: &Inventory) -> Result<Waiver, Failure> {
        if self.reason.trim().is_empty() {
            return Err(inventory
                .failure("a waiver has no reason")
                .hint("say why the alarm may be set aside: reason = \"the line stands still\""));
        }
        let text = self.until.text();
        let until = sources::until(&text).ok_or_else(|| {
            inventory
                .failure(&format!("`{text}` is no end of a waiver"))
                .hint("write the last day on which it holds: until = 2027-01-31")
        })?;
        let fingerprint = match &self.fingerprint_sha256 {
            None => None,
            Some(hex) => Some(digest(&hex.replace(':', "").to_lowercase()).ok_or_else(|| {
                inventory
                    .failure(&format!("`{hex}` is no SHA-256 fingerprint"))
                    .hint("64 hexadecimal digits, as `certkit inspect` shows them")
            })?),
        };
        Ok(Waiver { reason: self.reason.clone(), until, fingerprint })
    }
}

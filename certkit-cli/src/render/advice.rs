//! What to enter in Kepware, in the words of its dialogs.

use certkit_core::text::Printable;
use schemars::JsonSchema;
use serde::Serialize;

use crate::terminal::style::{self, paint};

/// The settings of Kepware's ThingWorx interface that follow from a chain.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct KepwareJson {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) resource: String,
    /// What to import under Settings | Certificate Store | Extend Trust Store; null where the top of the chain is not known.
    pub(crate) import: Option<String>,
    pub(crate) trust_self_signed_certificates: bool,
    /// Whether Kepware would connect only with that setting, which takes an attacker's certificate, too.
    pub(crate) needs_trust_in_self_signed_certificates: bool,
    pub(crate) trust_all_certificates: bool,
    pub(crate) disable_encryption: bool,
    /// SHA-256 of what is to be imported; null where nothing is.
    pub(crate) fingerprint_sha256: Option<String>,
    /// What else the person in front of the dialog should know.
    pub(crate) notes: Vec<String>,
}

impl KepwareJson {
    /// Writes the settings as a person would read them off.
    pub(crate) fn text(&self) -> String {
        let yes_no = |is_on: bool| if is_on { "Yes" } else { "No" };
        let mut text = format!("{}\n", paint(style::BOLD, "Settings in Kepware (project properties, ThingWorx)"));
        let line = |label: &str, value: &str| {
            format!("  {}{}\n", paint(style::DIM, format_args!("{label:32}")), Printable(value))
        };
        text += &line("Host", &self.host);
        text += &line("Port", &self.port.to_string());
        text += &line("Resource", &self.resource);
        text += &line("Trust self-signed certificates", yes_no(self.trust_self_signed_certificates));
        text += &line("Trust all certificates", yes_no(self.trust_all_certificates));
        text += &line("Disable encryption", yes_no(self.disable_encryption));
        if let (Some(import), Some(fingerprint)) = (&self.import, &self.fingerprint_sha256) {
            text += &line("Import first", import);
            text += &line("", "under Settings | Certificate Store | Extend Trust Store");
            text += &line("Before that, compare SHA-256", fingerprint);
            text += &line("", "with the value that the administrator of ThingWorx reads out to you");
        }
        for note in &self.notes {
            text += &format!("{}\n", crate::terminal::wrap(&format!("Note: {note}"), 2));
        }
        text
    }
}

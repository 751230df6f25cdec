//! What to enter in Kepware, in the words of its dialogs.

use certkit_core::cert::Certificate;
use certkit_core::source::Endpoint;
use certkit_core::text::{Hex, Printable};
use schemars::JsonSchema;
use serde::Serialize;

use super::style::{self, paint};

/// The settings of Kepware's ThingWorx interface that follow from a chain.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct KepwareJson {
    host: String,
    port: u16,
    resource: String,
    /// What to import under Settings | Certificate Store | Extend Trust Store; null where the top of the chain is not known.
    import: Option<String>,
    trust_self_signed_certificates: bool,
    trust_all_certificates: bool,
    disable_encryption: bool,
    /// SHA-256 of what is to be imported; null where nothing is.
    fingerprint_sha256: Option<String>,
    /// What else the person in front of the dialog should know.
    notes: Vec<String>,
}

/// What the chain of a server ended in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Top<'a> {
    /// A CA.
    Authority(&'a Certificate),
    /// The server's own certificate, signed by itself.
    OwnCertificate(&'a Certificate),
    /// Nobody knows.
    Unknown,
}

impl KepwareJson {
    /// Derives the settings. `file` is where the top was written, if it was.
    pub(crate) fn new(endpoint: &Endpoint, top: Top<'_>, file: Option<String>) -> KepwareJson {
        let mut notes = Vec::new();
        let certificate = match top {
            Top::Authority(certificate) | Top::OwnCertificate(certificate) => Some(certificate),
            Top::Unknown => None,
        };
        let import = match top {
            Top::Authority(authority) => {
                let name = authority.subject().short().unwrap_or_else(|| "the CA".to_owned());
                Some(file.unwrap_or_else(|| format!("{name} (write it with --part ca -o FILE.cer)")))
            }
            Top::OwnCertificate(_) => {
                notes.push(
                    "The server signed its own certificate. The sound cure is a certificate from your CA on the server; \
                     until then Kepware connects only with Trust self-signed certificates: Yes."
                        .to_owned(),
                );
                file
            }
            Top::Unknown => {
                notes.push(
                    "The CA at the top was not found. Ask the administrator of ThingWorx for it, then run certkit \
                     again with --trust FILE. Do not switch checks off instead."
                        .to_owned(),
                );
                None
            }
        };
        KepwareJson {
            host: endpoint.host.to_string(),
            port: endpoint.port,
            resource: endpoint.resource.clone().unwrap_or_default(),
            import,
            trust_self_signed_certificates: matches!(top, Top::OwnCertificate(_)),
            trust_all_certificates: false,
            disable_encryption: false,
            fingerprint_sha256: certificate.map(|it| Hex(it.fingerprint_sha256()).to_string()),
            notes,
        }
    }

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
            text += &line("", "with what the administrator of ThingWorx reads out to you");
        }
        for note in &self.notes {
            text += &format!("{}\n", super::wrap(&format!("Note: {note}"), 2));
        }
        text
    }
}

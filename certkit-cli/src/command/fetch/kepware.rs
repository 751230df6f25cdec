//! What the chain of a ThingWorx server asks of Kepware's settings.

use certkit_core::cert::Certificate;
use certkit_core::presented::Endpoint;
use certkit_core::text::Hex;

use crate::render::advice::KepwareJson;

/// What the chain of a server ended in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Top<'a> {
    /// A CA.
    Authority(&'a Certificate),
    /// The server's own certificate, signed by itself.
    OwnCertificate(&'a Certificate),
    /// Nobody knows.
    Unknown,
}

/// Derives the settings. `file` is where the top was written, if it was.
pub(super) fn settings(endpoint: &Endpoint, top: Top<'_>, file: Option<String>) -> KepwareJson {
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
                "The server certificate is self-signed, so Kepware refuses it. It would connect with Trust self-signed \
                 certificates: Yes, but then to whoever presents any self-signed certificate. Install a certificate \
                 from your CA on the server instead."
                    .to_owned(),
            );
            file
        }
        Top::Unknown => {
            notes.push(
                "The root CA was not found. Get it from the administrator of ThingWorx, then run certkit again with \
                 --trust FILE. Do not switch checks off instead."
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
        trust_self_signed_certificates: false,
        needs_trust_in_self_signed_certificates: matches!(top, Top::OwnCertificate(_)),
        trust_all_certificates: false,
        disable_encryption: false,
        fingerprint_sha256: certificate.map(|it| Hex(it.fingerprint_sha256()).to_string()),
        notes,
    }
}

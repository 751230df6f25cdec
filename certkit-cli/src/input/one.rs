//! One input: where it came from, and what was in it.

use std::sync::OnceLock;

use certkit_core::cert::Certificate;
use certkit_core::container::{Contents, Encoding, Item, ItemKind, Skipped};
use certkit_core::presented::Endpoint;
use certkit_core::source::{Capture, Discovery};
use certkit_core::text::{Printable, plural};

use super::asked::Asked;
use super::{Decoded, Seen, Shown, connection, loose, offered};

/// One file, stream or endpoint, with what was found in it.
#[derive(Debug)]
pub(crate) struct Input {
    /// As the user named it; below a folder, its path.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) contents: Contents,
    /// The endpoint that presented it, and what else was seen there.
    pub(crate) endpoint: Option<(Endpoint, Seen)>,
    /// Its certificates, once they were asked for.
    decoded: OnceLock<Vec<Decoded>>,
}

impl Input {
    pub(super) fn new(name: impl Into<String>, contents: Contents, endpoint: Option<(Endpoint, Seen)>) -> Input {
        Input { name: name.into(), contents, endpoint, decoded: OnceLock::new() }
    }

    /// What an OPC UA server has told.
    pub(crate) fn of_discovery(endpoint: Endpoint, name: &str, discovery: Discovery) -> Input {
        let contents = loose(offered(&discovery));
        Input::new(name, contents, Some((endpoint, Seen::OpcUa(Box::new(discovery)))))
    }

    /// What a server has shown over TLS.
    pub(crate) fn of_capture(endpoint: Endpoint, name: &str, capture: Capture, shown: &Shown) -> Input {
        let asked = Asked::new(&capture.client_certificate, shown);
        let seen = Seen::Tls(connection(&capture, shown), Box::new(asked));
        Input::new(name, loose(capture.presented), Some((endpoint, seen)))
    }

    /// How many items are of a kind.
    pub(crate) fn count(&self, is_kind: fn(&ItemKind) -> bool) -> usize {
        self.contents.items.iter().filter(|item| is_kind(&item.kind)).count()
    }

    /// The certificates. Each is decoded once.
    pub(crate) fn decoded(&self) -> &[Decoded] {
        let decode = |item: &Item| (item.position, Certificate::from_der(&item.der));
        self.decoded.get_or_init(|| self.contents.certificates().map(decode).collect())
    }

    /// The certificates, for who keeps them.
    pub(crate) fn into_decoded(self) -> Vec<Decoded> {
        self.decoded();
        self.decoded.into_inner().unwrap_or_default()
    }

    /// The certificates that could be decoded.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.decoded().iter().filter_map(|(_, decoded)| decoded.as_ref().ok())
    }

    /// How its items were wrapped, each form once.
    pub(crate) fn forms(&self) -> Vec<Encoding> {
        let mut forms: Vec<Encoding> = Vec::new();
        for item in &self.contents.items {
            if !forms.contains(&item.encoding) {
                forms.push(item.encoding);
            }
        }
        forms
    }

    /// Says what was found: `PEM, 2 certificates, 1 private key`.
    pub(crate) fn summary(&self) -> String {
        let mut parts: Vec<String> = self.forms().iter().map(ToString::to_string).collect();
        if self.contents.items.is_empty() {
            parts.push(if self.endpoint.is_some() { "no certificate" } else { "nothing in it" }.to_owned());
        }
        for (is_kind, one, many) in KINDS {
            let count = self.count(*is_kind);
            if count > 0 {
                parts.push(format!("{count} {}", plural(count, one, many)));
            }
        }
        let secrets = self.contents.secrets();
        if secrets > 0 {
            parts.push(format!("{secrets} {}", plural(secrets, "secret key", "secret keys")));
        }
        if let Some(integrity) = self.contents.integrity() {
            parts.push(integrity.to_string());
        }
        let lost = self.lost().count();
        if lost > 0 {
            parts.push(format!("{lost} ignored"));
        }
        parts.join(", ")
    }

    /// What was found and could not be used, each with its place and the reason.
    pub(crate) fn losses(&self) -> impl Iterator<Item = String> {
        self.lost().map(|skipped| format!("{}: {skipped}", Printable(&self.name)))
    }

    /// What was found and could not be used.
    pub(crate) fn lost(&self) -> impl Iterator<Item = &Skipped> {
        self.contents.skipped.iter().filter(|skipped| !skipped.is_harmless())
    }

    /// What a server wanted to know of us, where it asked.
    pub(crate) fn asked(&self) -> Option<&Asked> {
        match &self.endpoint {
            Some((_, Seen::Tls(_, asked))) => Some(&**asked).filter(|asked| asked.is_asked()),
            _ => None,
        }
    }

    /// What an OPC UA server told, where the input is one.
    pub(crate) fn discovery(&self) -> Option<&Discovery> {
        match &self.endpoint {
            Some((_, Seen::OpcUa(discovery))) => Some(discovery),
            _ => None,
        }
    }
}

type Kind = (fn(&ItemKind) -> bool, &'static str, &'static str);

const KINDS: &[Kind] = &[
    (|kind| *kind == ItemKind::Certificate, "certificate", "certificates"),
    (|kind| *kind == ItemKind::Request, "request", "requests"),
    (|kind| *kind == ItemKind::RevocationList, "revocation list", "revocation lists"),
    (|kind| matches!(kind, ItemKind::PrivateKey(_)), "private key", "private keys"),
    (|kind| *kind == ItemKind::PublicKey, "public key", "public keys"),
    (|kind| *kind == ItemKind::OcspResponse, "OCSP response", "OCSP responses"),
];

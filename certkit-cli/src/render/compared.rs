//! What a live server shows beside what was made for it.

use certkit_core::cert::extension::SubjectAltName;
use certkit_core::cert::{Certificate, GeneralName, Request};
use certkit_core::text::{Hex, Printable};
use schemars::JsonSchema;
use serde::Serialize;

use crate::terminal::style::{self, paint};

/// The certificate that a server shows, and what is made in its place.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ComparedJson {
    /// The server, as it was named.
    source: String,
    /// Of the certificate that it shows now.
    fingerprint_sha256: String,
    /// Field by field.
    fields: Vec<FieldJson>,
}

/// One field of both.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct FieldJson {
    field: &'static str,
    old: String,
    new: String,
}

/// What is compared of one side.
struct Side {
    subject: String,
    uri: String,
    hosts: String,
    key: String,
    issuer: Option<String>,
    until: Option<String>,
}

impl Side {
    fn names<'a>(names: impl Iterator<Item = GeneralName<'a>>) -> (String, String) {
        let (mut uris, mut hosts) = (Vec::new(), Vec::new());
        for name in names {
            match name {
                GeneralName::Uri(uri) => uris.push(uri.to_string()),
                GeneralName::Dns(host) => hosts.push(host.to_string()),
                name @ GeneralName::Ip(_) => hosts.push(name.to_string().trim_start_matches("IP:").to_owned()),
                _ => {}
            }
        }
        (uris.join(", "), hosts.join(", "))
    }

    fn of_certificate(it: &Certificate) -> Side {
        let names = it.extension::<SubjectAltName<'_>>().ok().flatten();
        let (uri, hosts) = Side::names(names.iter().flat_map(SubjectAltName::names));
        let issuer = if it.is_self_issued() { "self-signed".to_owned() } else { format!("{:#}", it.issuer()) };
        Side {
            subject: format!("{:#}", it.subject()),
            uri,
            hosts,
            key: it.public_key().map_or_else(|error| error.to_string(), |key| key.to_string()),
            issuer: Some(issuer),
            until: it.not_after().ok().map(|end| end.date().to_string()),
        }
    }

    fn of_request(it: &Request) -> Side {
        let extensions = it.extensions();
        let names = extensions.decode::<SubjectAltName<'_>>().ok().flatten();
        let (uri, hosts) = Side::names(names.iter().flat_map(SubjectAltName::names));
        let key = it.public_key().map_or_else(|error| error.to_string(), |key| key.to_string());
        Side { subject: format!("{:#}", it.subject()), uri, hosts, key, issuer: None, until: None }
    }
}

impl ComparedJson {
    /// Compares a certificate with the one that it replaces.
    pub(crate) fn certificates(source: &str, old: &Certificate, new: &Certificate) -> ComparedJson {
        ComparedJson::new(source, old, Side::of_certificate(new))
    }

    /// Compares a request with the certificate that is to be replaced.
    pub(crate) fn request(source: &str, old: &Certificate, new: &Request) -> ComparedJson {
        ComparedJson::new(source, old, Side::of_request(new))
    }

    fn new(source: &str, old: &Certificate, new: Side) -> ComparedJson {
        let before = Side::of_certificate(old);
        let both = [
            ("subject", Some(before.subject), Some(new.subject)),
            ("ApplicationUri", Some(before.uri), Some(new.uri)),
            ("hosts", Some(before.hosts), Some(new.hosts)),
            ("key", Some(before.key), Some(new.key)),
            ("issuer", before.issuer, new.issuer),
            ("valid until", before.until, new.until),
        ];
        let fields = both.into_iter().filter_map(|(field, old, new)| {
            let (old, new) = (old?, new?);
            (!(old.is_empty() && new.is_empty())).then_some(FieldJson { field, old, new })
        });
        ComparedJson {
            source: source.to_owned(),
            fingerprint_sha256: Hex(old.fingerprint_sha256()).to_string(),
            fields: fields.collect(),
        }
    }

    /// A line or two for each field.
    pub(crate) fn text(&self) -> String {
        let mut text =
            format!("{}\n", paint(style::BOLD, format_args!("Beside what {} shows", Printable(&self.source))));
        for FieldJson { field, old, new } in &self.fields {
            let shown = |value: &str| if value.is_empty() { "none".to_owned() } else { Printable(value).to_string() };
            let line = match old == new {
                true => format!("{field}: as before, {}", shown(old)),
                false => format!("{field}: {} \u{2192} {}", shown(old), shown(new)),
            };
            text += &format!("{}\n", crate::terminal::wrap(&line, 2));
        }
        text
    }
}

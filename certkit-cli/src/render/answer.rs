//! What an OCSP responder answered: as a card and as JSON.

use certkit_core::cert::{CertStatus, OcspResponse, Responder, SingleResponse};
use certkit_core::moment::{self, Moment};
use certkit_core::text::{Hex, Printable, plural};
use schemars::JsonSchema;
use serde::Serialize;

use super::card::{Card, Detail, certificate, extensions, name, signature_line};
use crate::terminal::style::{self, paint};

/// Shows an answer: who gave it, and what it says of each certificate.
pub(crate) fn card(response: &OcspResponse, now: Moment, detail: Detail) -> String {
    let mut card = Card::default();
    card.line("Status", response.status());
    match response.responder() {
        Some(Responder::Name(it)) => card.line("Responder", name(&it)),
        Some(Responder::KeyHash(hash)) => card.line("Responder", format!("the holder of the key {}", Hex(hash))),
        None => return card.finish(),
    }
    if let Some(made) = response.produced_at() {
        card.line("Made", format!("{} UTC", made.to_minute()));
    }
    card.line(
        "Signature",
        match response.signature_algorithm() {
            Ok(algorithm) => signature_line(&algorithm),
            Err(error) => paint(style::BAD, Printable(error.to_string())),
        },
    );
    for single in response.singles() {
        card.line("Certificate", format!("{}: {}", single.serial.to_hex(), told(&single)));
        card.line("", period(&single, response.produced_at(), now));
        if detail == Detail::Full {
            card.line(
                "",
                format!("issuer: name {}, key {}", Hex(single.issuer_name_hash), Hex(single.issuer_key_hash)),
            );
            extensions(&mut card, &single.extensions, detail);
        }
    }
    extensions(&mut card, &response.extensions(), detail);
    let sent: Vec<_> = response.certificates().collect();
    let count = sent.len();
    card.line(
        "Sent along",
        if count == 0 { String::new() } else { format!("{count} {}", plural(count, "certificate", "certificates")) },
    );
    let mut text = card.finish();
    for it in sent.iter().filter(|_| detail == Detail::Full) {
        text += &format!("\n{}", certificate(it, now, detail));
    }
    text
}

fn told(single: &SingleResponse<'_>) -> String {
    match single.status {
        CertStatus::Good => paint(style::GOOD, "good"),
        CertStatus::Unknown => paint(style::BAD, "unknown to the responder"),
        CertStatus::Revoked { since, reason } => {
            let reason = reason.map(|code| format!(", reason {code}")).unwrap_or_default();
            paint(style::BAD, format!("revoked since {} UTC{reason}", since.to_minute()))
        }
    }
}

/// From when to when the answer holds, and whether it is older than the response that carries it.
fn period(single: &SingleResponse<'_>, made: Option<Moment>, now: Moment) -> String {
    let start = single.this_update.to_minute();
    let end = match single.next_update {
        Some(next) if next < now => {
            let overdue = format!("overdue since {}", moment::distance(next, now));
            format!("{} UTC  {}", next.to_minute(), paint(style::BAD, overdue))
        }
        Some(next) => format!("{} UTC  due {}", next.to_minute(), moment::distance(next, now)),
        None => "no newer one announced".to_owned(),
    };
    match made {
        Some(made) if single.this_update > made => {
            format!("{start} .. {end}\n{}", paint(style::BAD, "it holds from a time after the response was made"))
        }
        _ => format!("{start} .. {end}"),
    }
}

/// The answer of an OCSP responder.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AnswerJson {
    /// The word of RFC 6960, such as `successful`.
    status: String,
    /// The responder by its name; null where it is named by its key, or there is no answer.
    responder_dn: Option<String>,
    /// The responder by the SHA-1 of its key.
    responder_key_id: Option<String>,
    produced_at: Option<String>,
    signature_algorithm: Option<String>,
    answers: Vec<SingleJson>,
    /// How many certificates came along.
    certificates: usize,
}

/// What is said of one certificate.
#[derive(Serialize, JsonSchema)]
struct SingleJson {
    serial_hex: String,
    /// `good`, `revoked` or `unknown`.
    told: &'static str,
    revoked_since: Option<String>,
    /// The reason code of RFC 5280 section 5.3.1.
    reason: Option<u8>,
    this_update: String,
    next_update: Option<String>,
    issuer_name_hash: String,
    issuer_key_hash: String,
}

impl AnswerJson {
    /// Describes a response.
    pub(crate) fn new(response: &OcspResponse) -> AnswerJson {
        let (responder_dn, responder_key_id) = match response.responder() {
            Some(Responder::Name(name)) => (Some(name.to_string()), None),
            Some(Responder::KeyHash(hash)) => (None, Some(Hex(hash).to_string())),
            None => (None, None),
        };
        AnswerJson {
            status: response.status().to_string(),
            responder_dn,
            responder_key_id,
            produced_at: response.produced_at().map(|it| it.to_string()),
            signature_algorithm: response.signature_algorithm().ok().map(|it| it.to_string()),
            answers: response.singles().map(|single| SingleJson::new(&single)).collect(),
            certificates: response.certificates().count(),
        }
    }
}

impl SingleJson {
    fn new(single: &SingleResponse<'_>) -> SingleJson {
        let (told, revoked_since, reason) = match single.status {
            CertStatus::Good => ("good", None, None),
            CertStatus::Unknown => ("unknown", None, None),
            CertStatus::Revoked { since, reason } => ("revoked", Some(since.to_string()), reason),
        };
        SingleJson {
            serial_hex: single.serial.to_hex(),
            told,
            revoked_since,
            reason,
            this_update: single.this_update.to_string(),
            next_update: single.next_update.map(|it| it.to_string()),
            issuer_name_hash: Hex(single.issuer_name_hash).to_string(),
            issuer_key_hash: Hex(single.issuer_key_hash).to_string(),
        }
    }
}

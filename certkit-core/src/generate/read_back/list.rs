//! Reads back a revocation list.

use x509_parser::revocation_list::RevokedCertificate;

use super::{Comparison, Meaning, says_authority, trailing, unread};
use crate::generate::revocation::Entry;
use crate::generate::{Error, SigningAlgorithm};
use crate::moment::Moment;
use crate::oid;
use crate::text::Hex;

/// What a revocation list shall say.
pub(in crate::generate) struct WantedList<'a> {
    pub(in crate::generate) algorithm: SigningAlgorithm,
    /// The issuer's encoded name.
    pub(in crate::generate) issuer: &'a [u8],
    pub(in crate::generate) this_update: Moment,
    pub(in crate::generate) next_update: Moment,
    /// The list's number, big endian.
    pub(in crate::generate) number: &'a [u8],
    pub(in crate::generate) authority_key_id: &'a [u8],
    pub(in crate::generate) entries: &'a [Entry],
}

/// Reads a revocation list, and fails where it does not say what was asked. Costs about 1 µs an entry.
pub(in crate::generate) fn revocation_list(der: &[u8], wanted: &WantedList<'_>) -> Result<(), Error> {
    let document = "revocation list";
    let read = x509_parser::parse_x509_crl(der).map_err(|error| unread(document, &error))?;
    let ([], found) = read else { return Err(trailing(document)) };
    let list = &found.tbs_cert_list;
    let mut fields = Comparison::of(document);
    fields.field("version", "1", &list.version.map_or_else(|| "none".to_owned(), |it| it.0.to_string()));
    fields.algorithm("inner signature algorithm", wanted.algorithm, &list.signature);
    fields.algorithm("signature algorithm", wanted.algorithm, &found.signature_algorithm);
    fields.name("issuer", wanted.issuer, &list.issuer);
    fields.number("thisUpdate", wanted.this_update.unix(), list.this_update.timestamp());
    let next = list.next_update.map_or_else(|| "none".to_owned(), |it| it.timestamp().to_string());
    fields.field("nextUpdate", &wanted.next_update.unix().to_string(), &next);
    fields.extensions(
        &[
            Meaning::new(oid::AUTHORITY_KEY_IDENTIFIER, false, says_authority(Some(wanted.authority_key_id), false)),
            Meaning::new(
                oid::CRL_NUMBER,
                false,
                x509_parser::num_bigint::BigUint::from_bytes_be(wanted.number).to_string(),
            ),
        ],
        list.extensions(),
    );
    fields.number("number of entries", wanted.entries.len(), list.revoked_certificates.len());
    for (wanted, found) in wanted.entries.iter().zip(&list.revoked_certificates) {
        if !is_as_asked(wanted, found) {
            fields.field("entry", &wanted.to_string(), &shown(found));
        }
    }
    fields.outcome()
}

fn is_as_asked(wanted: &Entry, found: &RevokedCertificate<'_>) -> bool {
    let mut extensions = found.extensions().iter();
    wanted.serial == found.raw_serial()
        && wanted.date.unix() == found.revocation_date.timestamp()
        && wanted.reason.is_none_or(|reason| {
            found.reason_code().is_some_and(|(is_critical, code)| !is_critical && code.0 == reason)
                && extensions.next().is_some_and(|it| it.oid.as_bytes() == oid::REASON_CODE.as_bytes())
        })
        && wanted.kept.iter().all(|(oid, value)| {
            extensions.next().is_some_and(|it| !it.critical && it.oid.as_bytes() == oid && it.value == value)
        })
        && extensions.next().is_none()
}

fn shown(found: &RevokedCertificate<'_>) -> String {
    let extensions = found.extensions().len();
    let date = Moment::from_unix(found.revocation_date.timestamp());
    let reason = found.reason_code().map_or_else(String::new, |(_, code)| format!(", reason {}", code.0));
    format!("{} of {date}{reason}, extensions: {extensions}", Hex(found.raw_serial()))
}

//! What was exported from a store, as JSON.

use certkit_core::container::entry::Entries;
use certkit_core::container::target::Wrapping;
use certkit_core::crypto::digest;
use certkit_core::{cert::Certificate, text::Hex};
use schemars::JsonSchema;
use serde::Serialize;

/// The document of `certkit.trust-export/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ExportJson {
    schema: &'static str,
    /// The store, as the user named it.
    store: String,
    /// The file that was written.
    path: String,
    /// Its format, in words.
    form: &'static str,
    /// What stands in it.
    certificates: Vec<ExportedJson>,
    left_out: LeftOutJson,
}

/// A certificate that was exported.
#[derive(Serialize, JsonSchema)]
struct ExportedJson {
    /// Its name in the store, where it has one.
    alias: Option<String>,
    /// The subject (RFC 4514); null where the certificate cannot be decoded.
    subject_dn: Option<String>,
    fingerprint_sha256: String,
}

/// What of the store is not in the file.
#[derive(Serialize, JsonSchema)]
pub(crate) struct LeftOutJson {
    /// How many revocation lists there are.
    pub(crate) revocation_lists: usize,
    /// How many certificates the store marks as rejected.
    pub(crate) rejected: usize,
    /// What could not be read, each with its place and the reason.
    pub(crate) unread: Vec<String>,
}

impl ExportJson {
    /// Describes what was written to a file.
    pub(crate) fn new(
        store: String,
        path: String,
        wrapping: Wrapping,
        entries: &Entries,
        left_out: LeftOutJson,
    ) -> ExportJson {
        let certificates = entries.certificates.iter().map(|it| ExportedJson {
            alias: it.alias.clone(),
            subject_dn: Certificate::from_der(&it.der).ok().map(|it| it.subject().to_string()),
            fingerprint_sha256: Hex(digest::sha256(&it.der)).to_string(),
        });
        ExportJson {
            schema: "certkit.trust-export/1",
            store,
            path,
            form: wrapping.title(),
            certificates: certificates.collect(),
            left_out,
        }
    }
}

//! Who has to be given a new certificate before it is used.

use std::path::Path;

use certkit_core::cert::Certificate;

use crate::failure::Failure;
use crate::input::{Gather, StorePassword};
use crate::render::made::PartnerJson;

/// Who trusts, or may trust, the old certificate.
pub(super) struct Partners {
    pub(super) list: Vec<PartnerJson>,
}

impl Partners {
    /// Looks into the stores that were named, and into the trusted list beside an application's own certificate.
    pub(super) fn find(mut named: Vec<String>, file: &Path, old: &Certificate) -> Result<Partners, Failure> {
        named.extend(trusted_beside(file));
        let mut list = Vec::new();
        let mut gather = Gather::new();
        gather.untrusted(&named, &StorePassword::NONE)?;
        for certificate_set in gather.certificate_sets() {
            for certificate in certificate_set.certificates.iter().filter(|it| *it != old && !it.is_ca()) {
                let action = "add the new certificate to its trusted list".to_owned();
                let partner = PartnerJson::new(certificate, certificate_set.origin.to_string(), action);
                if list.iter().all(|known: &PartnerJson| known.fingerprint_sha256 != partner.fingerprint_sha256) {
                    list.push(partner);
                }
            }
        }
        Ok(Partners { list })
    }

    /// Says in one sentence who has to do something.
    pub(super) fn note(&self, old: &Certificate, is_issued: bool, has_new_key: bool) -> String {
        let how = if has_new_key {
            "the key is new"
        } else {
            "the key and the names stay, but OPC UA stacks compare whole certificates"
        };
        let who = if old.is_ca() && is_issued {
            "everyone who imported the old CA certificate needs"
        } else if old.is_ca() {
            "everybody who trusts this CA needs"
        } else if is_issued {
            "partners that trust the CA need no change; those with the old certificate itself in a list need"
        } else {
            "every partner that trusts the old certificate needs"
        };
        format!("{who} the new file before it is used: {how}")
    }
}

/// The trusted lists of the PKI folder that holds the certificate as the application's own.
fn trusted_beside(certificate: &Path) -> Option<String> {
    let certificates = certificate.parent()?;
    let own = certificates.parent()?;
    let is = |path: &Path, name: &str| path.file_name().is_some_and(|found| found.eq_ignore_ascii_case(name));
    let trusted = own.parent()?.join("trusted").join("certs");
    let has_files = || std::fs::read_dir(&trusted).is_ok_and(|mut entries| entries.next().is_some());
    (is(certificates, "certs") && is(own, "own") && has_files()).then(|| trusted.display().to_string())
}

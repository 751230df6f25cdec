//! What RFC 5280 section 5 demands of the form of revocation lists, and no program in the field looks at.

use super::super::super::Clause::{Rfc, Rfc5280};
use super::super::super::Look::List;
use super::super::super::list::ListCase;
use super::super::super::{Check, Outcome, Severity};
use super::algorithms::parameters;
use crate::asn1::{Reader, Tag};
use crate::cert::Revoked;
use crate::oid;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &CRL_SIGNATURE_PARAMETERS_UNFIT,
    &CRL_ENTRIES_EMPTY,
    &CRL_ENTRY_AFTER_LIST,
    &CRL_REASON_UNFIT,
    &CRL_EXTENSIONS_EMPTY,
];

/// The parameters of the signature's algorithm are not as they have to be.
pub static CRL_SIGNATURE_PARAMETERS_UNFIT: Check = Check {
    id: "crl-signature-parameters-unfit",
    severity: Severity::Info,
    clauses: &[Rfc5280("5.1.1.2"), Rfc(3279, "2.2.1"), Rfc(4055, "5"), Rfc(5758, "3.2")],
    title: "The signature algorithm of a revocation list has the correct parameters",
    why: "For RSA the parameters are NULL, for ECDSA, EdDSA and DSA they are absent. Programs that compare the \
          identifier byte for byte refuse other encodings.",
    remedy: "Reissue the list with a program that encodes the parameters correctly, such as `certkit revoke`.",
    look: List { applies: |case| fit(case).is_some(), at: |case| fit(case).unwrap_or(Outcome::Met) },
};

fn fit(case: &ListCase<'_>) -> Option<Outcome> {
    parameters(Reader::new(case.list.signature_algorithm_der()).sequence().ok()?, true)
}

/// There is a list of entries without any.
pub static CRL_ENTRIES_EMPTY: Check = Check {
    id: "crl-entries-empty",
    severity: Severity::Info,
    clauses: &[Rfc5280("5.1.2.6")],
    title: "A revocation list without revoked certificates omits the list of entries",
    why: "The field must be absent then. Strict parsers refuse an empty one as malformed, and with it the whole \
          revocation list.",
    remedy: "Reissue the list with another program, such as `certkit revoke`.",
    look: List {
        applies: |_| true,
        at: |case| {
            Outcome::not_met_if(case.list.has_empty_entries(), || "its list of entries is present and empty".to_owned())
        },
    },
};

/// Something was revoked after the list was made.
pub static CRL_ENTRY_AFTER_LIST: Check = Check {
    id: "crl-entry-after-list",
    severity: Severity::Info,
    clauses: &[Rfc5280("5.1.2.4"), Rfc5280("5.1.2.6")],
    title: "Revocation dates are not later than the list's thisUpdate",
    why: "A revocation date after thisUpdate was not known at that time: the clock of the CA was changed, or the date \
          was typed. Programs treat the certificate as revoked from now on.",
    remedy: "Correct the clock of the CA and reissue the list.",
    look: List { applies: has_entries, at: entry_after_list },
};

fn has_entries(case: &ListCase<'_>) -> bool {
    case.list.entries().next().is_some()
}

/// The first entry with a fault, in words.
fn entry(case: &ListCase<'_>, fault: impl Fn(&Revoked<'_>) -> Option<String>) -> Outcome {
    let faulty = case
        .list
        .entries()
        .filter_map(Result::ok)
        .find_map(|it| Some(format!("the entry of {} {}", it.serial.to_hex(), fault(&it)?)));
    faulty.map_or(Outcome::Met, Outcome::NotMet)
}

fn entry_after_list(case: &ListCase<'_>) -> Outcome {
    let Ok(made) = case.list.this_update() else { return Outcome::Met };
    entry(case, |it| (it.date > made).then(|| format!("is dated {} UTC, after the list", it.date.to_minute())))
}

/// A reason code is not valid for an entry.
pub static CRL_REASON_UNFIT: Check = Check {
    id: "crl-reason-unfit",
    severity: Severity::Info,
    clauses: &[Rfc5280("5.3.1")],
    title: "The reason codes in a revocation list are valid for entries",
    why: "Reason 0 must be omitted, 7 and those above 10 do not exist, and 8 (removeFromCRL) is allowed only in \
          deltas. Strict parsers refuse the entry or the whole list.",
    remedy: "Reissue the list with another reason, or without one: `certkit revoke --reason superseded`.",
    look: List { applies: has_entries, at: reasons },
};

fn reasons(case: &ListCase<'_>) -> Outcome {
    let is_delta = case.list.extensions().find(oid::DELTA_CRL_INDICATOR).is_some();
    entry(case, |it| {
        let code = it.extensions.find(oid::REASON_CODE)?.reader().expect(Tag::ENUMERATED).ok();
        match code.map(|code| code.value) {
            Some([0]) => Some("has reason 0, which must be omitted".to_owned()),
            Some([8]) if !is_delta => Some("has reason 8 (removeFromCRL), but the list is not a delta".to_owned()),
            Some([1..=6 | 8..=10]) => None,
            Some([other]) => Some(format!("has reason {other}, which does not exist")),
            _ => Some("has a reason that cannot be decoded".to_owned()),
        }
    })
}

/// There is a list of extensions without any.
pub static CRL_EXTENSIONS_EMPTY: Check = Check {
    id: "crl-extensions-empty",
    severity: Severity::Info,
    clauses: &[Rfc5280("5.1.2.7"), Rfc5280("5.2")],
    title: "The extension list of a revocation list is not empty",
    why: "The list, if present, must contain at least one extension; strict parsers refuse an empty one.",
    remedy: "Reissue the revocation list with a cRLNumber and an authorityKeyIdentifier, as `certkit revoke` does.",
    look: List {
        applies: |_| true,
        at: |case| {
            Outcome::not_met_if(case.list.extensions().is_empty_list(), || {
                "its list of extensions is present and empty".to_owned()
            })
        },
    },
};

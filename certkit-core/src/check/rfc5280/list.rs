//! Revocation lists by themselves (RFC 5280 section 5).

use super::super::Clause::{Document, Rfc5280};
use super::super::Look::List;
use super::super::list::{Demand, ListCase, Proof};
use super::super::{Check, Outcome, Severity};
use super::form;
use crate::cert::TimeForm;
use crate::cert::extension::{IssuingDistributionPoint, Reasons};
use crate::crypto::signature::Failure;
use crate::moment::Moment;
use crate::oid;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &CRL_SIGNATURE_INVALID,
    &CRL_SIGNER_MAY_NOT,
    &CRL_NOT_YET_VALID,
    &CRL_OVERDUE,
    &CRL_TIME_MISSPELT,
    &CRL_SCOPE_PARTIAL,
    &CRL_EMPTY_BARE,
    &form::lists::CRL_SIGNATURE_PARAMETERS_UNFIT,
    &form::lists::CRL_ENTRIES_EMPTY,
    &form::lists::CRL_ENTRY_AFTER_LIST,
    &form::lists::CRL_REASON_UNFIT,
    &form::lists::CRL_EXTENSIONS_EMPTY,
];

/// No available CA with the issuer's name signed the list.
pub static CRL_SIGNATURE_INVALID: Check = Check {
    id: "crl-signature-invalid",
    severity: Severity::Error,
    clauses: &[Rfc5280("5.1.1.3"), Rfc5280("6.3.3")],
    title: "A revocation list is signed by the CA named as its issuer",
    why: "Anyone can write an empty list. Programs verify the signature with the key of the CA and discard the list if \
          it fails: OpenSSL reports error 8, OPC UA applications have no revocation status and refuse every \
          certificate of the CA. A CA that was recreated with its old name and a new key is the usual cause.",
    remedy: "Get the list from the CA whose certificate is in use. If the CA is yours, reissue the list: `certkit \
             revoke --issuer CA.pem --issuer-key CA.key --crl FILE`.",
    look: List { applies: |_| true, at: signature },
};

fn signature(case: &ListCase) -> Outcome {
    let unknown = match case.list.signature_algorithm() {
        Ok(algorithm) if algorithm.is_known() => None,
        Ok(algorithm) => Some(algorithm.to_string()),
        Err(malformed) => Some(malformed.to_string()),
    };
    match (case.proof, unknown) {
        (Proof::Verified { .. }, _) => Outcome::Met,
        (_, Some(what)) => Outcome::Undetermined(format!("certkit cannot verify {what}")),
        (Proof::Fails(Failure::Unsupported(what)), None) => {
            Outcome::Undetermined(format!("certkit cannot verify {what}"))
        }
        (Proof::Fails(failure), None) => {
            Outcome::NotMet(format!("the available certificate of that name did not sign it: {failure}"))
        }
        (Proof::NobodyAtHand, None) => {
            let missing = "the CA certificate is missing, so the signature cannot be verified: pass it with `--trust \
                           FILE` or `--untrusted FILE`";
            match case.demand {
                Demand::Any => Outcome::NotGiven(missing.to_owned()),
                Demand::AtHand => Outcome::NotShown(missing.to_owned()),
                Demand::Trusted => Outcome::Undetermined(
                    "no CA of that name has a path to a trusted certificate, so the signature cannot be verified"
                        .to_owned(),
                ),
            }
        }
    }
}

/// The CA that has signed the list may not sign lists.
pub static CRL_SIGNER_MAY_NOT: Check = Check {
    id: "crl-signer-may-not",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.3"), Rfc5280("6.3.3")],
    title: "The keyUsage of a revocation list's signer allows cRLSign",
    why: "OpenSSL (error 35), Java and the OPC UA stacks discard a list whose CA has a keyUsage without cRLSign: \
          programs that require revocation lists then refuse every certificate of the CA.",
    remedy: "Reissue the CA's certificate with `keyUsage = critical, keyCertSign, cRLSign` and the same key; the list \
             stays valid.",
    look: List { applies: |case| matches!(case.proof, Proof::Verified { .. }), at: signer_may },
};

fn signer_may(case: &ListCase) -> Outcome {
    let may_not = matches!(case.proof, Proof::Verified { may_sign_lists: false, .. });
    Outcome::not_met_if(may_not, || "the CA that signed it has a keyUsage without cRLSign".to_owned())
}

/// The time of the list has not come.
pub static CRL_NOT_YET_VALID: Check = Check {
    id: "crl-not-yet-valid",
    severity: Severity::Error,
    clauses: &[Rfc5280("5.1.2.4"), Rfc5280("6.3.3")],
    title: "The thisUpdate of a revocation list is not in the future",
    why: "Programs discard a list whose thisUpdate is in the future: OpenSSL reports error 11. Usually the clock of \
          the CA or of this machine is wrong, or one of them is set to another time zone.",
    remedy: "Correct the clocks, preferably with a time server (NTP), and reissue the list: `certkit revoke --issuer \
             CA.pem --issuer-key CA.key --crl FILE`.",
    look: List { applies: |case| case.list.this_update().is_ok(), at: not_yet_valid },
};

fn not_yet_valid(case: &ListCase) -> Outcome {
    let from = case.list.this_update().ok().filter(|from| *from > case.moment);
    from.map_or(Outcome::Met, |from| Outcome::NotMet(format!("its thisUpdate is {} UTC", from.to_minute())))
}

/// The successor of the list was due.
pub static CRL_OVERDUE: Check = Check {
    id: "crl-overdue",
    severity: Severity::Error,
    clauses: &[Rfc5280("5.1.2.5"), Rfc5280("6.3.3")],
    title: "A revocation list has not expired",
    why: "A list says nothing about revocations after its nextUpdate. Programs that require lists refuse every \
          certificate of the CA until they have the next one: OpenSSL with error 12, OPC UA applications with \
          BadCertificateRevocationUnknown.",
    remedy: "Get the current list from the CA. If the CA is yours, make it: `certkit revoke --issuer CA.pem \
             --issuer-key CA.key --crl FILE`, and do so before each nextUpdate.",
    look: List { applies: |case| matches!(case.list.next_update(), Ok(Some(_))), at: overdue },
};

fn overdue(case: &ListCase) -> Outcome {
    let due = case.list.next_update().ok().flatten().filter(|due| *due < case.moment);
    due.map_or(Outcome::Met, |due| Outcome::NotMet(format!("its nextUpdate was {} UTC", due.to_minute())))
}

/// A date of the list is written in another way than it must be.
pub static CRL_TIME_MISSPELT: Check = Check {
    id: "crl-time-misspelt",
    severity: Severity::Warning,
    clauses: &[Rfc5280("5.1.2.4"), Rfc5280("5.1.2.5")],
    title: "The dates of a revocation list are UTCTime until 2049, UTC with whole seconds",
    why: "Strict parsers refuse a list with a GeneralizedTime before 2050, or with a time without seconds, with a \
          fraction or with an offset.",
    remedy: "Reissue the list with another program, such as `certkit revoke`.",
    look: List { applies: |case| case.list.dates().next().is_some(), at: times },
};

/// 2050-01-01: from here on UTCTime has no years.
const YEAR_2050: Moment = Moment::from_unix(2_524_608_000);

fn times(case: &ListCase) -> Outcome {
    for (field, time) in case.list.dates() {
        if !time.is_strict {
            return Outcome::NotMet(format!("its {field} is not UTC with whole seconds"));
        }
        if time.form == TimeForm::Generalized && time.moment < YEAR_2050 {
            return Outcome::NotMet(format!("its {field} is a GeneralizedTime; until 2049 it has to be a UTCTime"));
        }
    }
    Outcome::Met
}

/// The list covers only some certificates or reasons.
pub static CRL_SCOPE_PARTIAL: Check = Check {
    id: "crl-scope-partial",
    severity: Severity::Info,
    clauses: &[Rfc5280("5.2.4"), Rfc5280("5.2.5")],
    title: "A revocation list covers all certificates of its CA and all reasons",
    why: "A delta, or a list for some reasons, for CAs or end entities only, or for other CAs' certificates proves \
          nothing about certificates outside its scope. Programs without support for scopes, such as the OPC UA \
          stacks, treat it as complete or refuse it because of the critical extension.",
    remedy: "If a peer refuses it, ask the CA for its complete list.",
    look: List { applies: |_| true, at: scope },
};

fn scope(case: &ListCase) -> Outcome {
    if case.list.extensions().find(oid::DELTA_CRL_INDICATOR).is_some() {
        return Outcome::NotMet("it is a delta: it contains only changes since a complete list".to_owned());
    }
    let Ok(Some(point)) = case.list.extension::<IssuingDistributionPoint<'_>>() else { return Outcome::Met };
    let limits = [
        (point.only_user_certificates, "end-entity certificates only"),
        (point.only_ca_certificates, "CA certificates only"),
        (point.only_attribute_certificates, "attribute certificates only"),
        (point.is_indirect, "other issuers' certificates, too"),
        (
            point.only_some_reasons.is_some_and(|reasons| reasons.0 & Reasons::ALL.0 != Reasons::ALL.0),
            "some reasons only",
        ),
        (point.name.is_some(), "only certificates that name its distribution point"),
    ];
    let told: Vec<&str> = limits.into_iter().filter(|(is_limited, _)| *is_limited).map(|(_, words)| words).collect();
    Outcome::not_met_if(!told.is_empty(), || format!("it covers {}", told.join(", ")))
}

/// The list has neither entries nor extensions.
pub static CRL_EMPTY_BARE: Check = Check {
    id: "crl-empty-bare",
    severity: Severity::Info,
    clauses: &[Rfc5280("5.1.2.6"), Document("UA-.NETStandard, decoder of revocation lists")],
    title: "A revocation list without entries has extensions",
    why: "Such a list ends after its dates. Older releases of the OPC UA stack for .NET cannot read it; they have no \
          revocation status and refuse the certificates of the CA.",
    remedy: "Reissue it with a cRLNumber and an authorityKeyIdentifier: `certkit revoke --issuer CA.pem --issuer-key \
             CA.key --crl FILE`.",
    look: List { applies: |case| case.list.is_empty(), at: empty_bare },
};

fn empty_bare(case: &ListCase) -> Outcome {
    let is_bare = case.list.extensions().iter().next().is_none();
    Outcome::not_met_if(is_bare, || "it has neither entries nor extensions".to_owned())
}

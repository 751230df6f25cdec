//! The same verdict from every door: situations run through every command that judges, and the library.
//!
//! Under one profile the ids, the severities and the exit status are the same. Where a situation cannot occur at a
//! door, or is told otherwise there, `differences.rs` says so, with the reason.

mod beside;
mod differences;
mod door;
mod gathered;
mod library;
mod plant;
mod server;

use std::collections::BTreeSet;

use crate::opcua_server as opcua;
use certkit_core::check;
use differences::{ABSENT, DIFFERENT, PARTLY};
use door::{Door, status_of};
use plant::{Holder, Plant, Situation};

/// What holds under a profile, in every situation that is not left out.
type Expected = &'static [(&'static str, &'static [&'static str])];

/// A profile with the doors that judge by it.
struct Family {
    profile: &'static str,
    holder: Holder,
    doors: &'static [Door],
    expected: Expected,
}

/// Runs every situation through every door of a family.
fn hold(family: &Family) {
    let folder = tempfile::tempdir().unwrap();
    let situations = Plant::new(folder.path(), family.holder).situations();
    let mut wrong: Vec<String> = Vec::new();
    let mut told_apart: BTreeSet<(&str, &str)> = BTreeSet::new();
    for situation in &situations {
        let Situation { name, .. } = situation;
        let expected = family.expected.iter().find(|(it, _)| it == name);
        let expected: BTreeSet<String> = match expected {
            Some((_, said)) => said.iter().map(|it| (*it).to_owned()).collect(),
            None => {
                wrong.push(format!("{name}: not in the table"));
                BTreeSet::new()
            }
        };
        for door in family.doors {
            let (profile, name) = (family.profile, *name);
            if ABSENT.iter().any(|it| it.doors.contains(&door.name) && it.situations.contains(&name)) {
                continue;
            }
            let told = (door.open)(situation, family.profile);
            let partly = PARTLY.iter().find(|(it, _)| *it == door.name && family.profile != "store");
            let is_asked = |said: &&String| {
                // Of what is revoked and stands in a store, an audit speaks under an id of its own.
                let said = said.replace(" revoked", " store-revoked");
                let check = said.split(' ').next_back().and_then(check::find);
                partly.is_none_or(|(_, profile)| check.is_some_and(|it| profile.has(it)))
            };
            let expected: BTreeSet<String> = expected.iter().filter(is_asked).cloned().collect();
            let known = DIFFERENT.iter().find(|it| it.is_about(profile, door.name, name));
            let (wanted, status) = match known {
                Some(known) => {
                    told_apart.insert((door.name, name));
                    (known.said.iter().map(|it| (*it).to_owned()).collect(), known.status)
                }
                None => (expected.clone(), status_of(&expected)),
            };
            let is_same = wanted == expected && status == status_of(&expected);
            if known.is_some() && is_same {
                wrong.push(format!("{name}, {}: a known difference that is none", door.name));
            }
            if told.said != wanted || told.status.is_some_and(|it| it != status) {
                wrong
                    .push(format!("{name}, {}: {:?} {:?}, not {status} {wanted:?}", door.name, told.status, told.said));
            }
        }
    }
    for known in DIFFERENT.iter().filter(|it| it.profile == family.profile) {
        let cases = known.doors.iter().flat_map(|door| known.situations.iter().map(move |it| (*door, *it)));
        let unknown = cases.filter(|case| !told_apart.contains(case));
        wrong.extend(unknown.map(|(door, name)| format!("{name}, {door}: a known difference in no case")));
    }
    assert!(wrong.is_empty(), "{}:\n{}", family.profile, wrong.join("\n"));
}

#[test]
fn every_exception_has_its_reason() {
    assert!(DIFFERENT.iter().all(|it| it.reason.len() > 20) && ABSENT.iter().all(|it| it.reason.len() > 20));
}

#[test]
fn a_server_under_tls() {
    hold(&Family {
        profile: "tls",
        holder: Holder::Server,
        doors: &[door::CHECK_FILE, door::CHECK_URL, door::VERIFY, door::BATCH, library::VERIFY],
        expected: &[
            ("good", &[]),
            ("expired", &["error expired"]),
            ("not yet valid", &["error not-yet-valid"]),
            ("revoked", &["error revoked"]),
            ("list damaged", &["error revocation-unknown"]),
            ("list missing", &["warning revocation-unknown"]),
            ("list expired", &["error revocation-unknown"]),
            ("anchor not trusted", &["error chain-incomplete"]),
            ("issuer missing", &["error chain-incomplete"]),
            ("weak digest", &["error signature-weak-hash"]),
            ("weak key", &["error key-too-weak"]),
            ("wrong host", &["error host-mismatch"]),
            ("undecodable", &["error certificate-undecodable"]),
            ("unusable", &["error key-usage-unfit-for-tls", "error server-auth-missing"]),
            ("odd form", &["error distribution-point-incomplete"]),
            ("unknown algorithm", &["error signature-not-verifiable"]),
            ("self-signed, weak", &["error anchor-unknown", "warning ca-key-usage-absent"]),
            ("name not permitted", &["error name-not-permitted"]),
            ("issuer expired", &["error expired"]),
            ("root expired", &["error expired"]),
        ],
    });
}

#[test]
fn a_server_under_https() {
    hold(&Family {
        profile: "https",
        holder: Holder::Server,
        doors: &[door::CHECK_FILE, door::CHECK_URL, door::FETCH, door::EXPIRY_FILE, door::EXPIRY_URL, library::ASSESS],
        expected: &[
            ("good", &[]),
            ("expired", &["error expired"]),
            ("not yet valid", &["error not-yet-valid"]),
            ("revoked", &["error revoked"]),
            ("list damaged", &["error revocation-unknown"]),
            ("list missing", &[]),
            ("list expired", &["error revocation-unknown"]),
            ("anchor not trusted", &["error anchor-not-named", "warning chain-incomplete"]),
            ("issuer missing", &["error anchor-not-named", "warning chain-incomplete"]),
            ("weak digest", &["error signature-weak-hash"]),
            ("weak key", &["error key-too-weak"]),
            ("wrong host", &["error host-mismatch"]),
            ("undecodable", &["error certificate-undecodable"]),
            ("unusable", &["error key-usage-unfit-for-tls", "error server-auth-missing"]),
            ("odd form", &["error distribution-point-incomplete"]),
            ("unknown algorithm", &["error signature-not-verifiable"]),
            (
                "self-signed, weak",
                &["error anchor-not-named", "error self-signed", "error signature-weak-hash", "warning leaf-is-ca"],
            ),
            ("name not permitted", &["error name-not-permitted"]),
            ("issuer expired", &["error expired", "warning validity-outside-issuer"]),
            ("root expired", &["error expired", "warning validity-outside-issuer"]),
        ],
    });
}

#[test]
fn an_application_under_opcua() {
    hold(&Family {
        profile: "opcua",
        holder: Holder::Application,
        doors: &[
            door::CHECK_FILE,
            door::TRUST_ADD_OPCUA,
            door::TRUST_ADD_LISTED,
            door::CHECK_OPCUA,
            door::FETCH_OPCUA,
            door::EXPIRY_FILE,
            door::TRUST_AUDIT_OPCUA,
        ],
        expected: &[
            ("good", &[]),
            ("expired", &["error expired"]),
            ("not yet valid", &["error not-yet-valid"]),
            ("revoked", &["error revoked"]),
            ("list damaged", &["error revocation-unknown"]),
            ("list missing", &[]),
            ("list expired", &["error revocation-unknown"]),
            ("anchor not trusted", &["error anchor-not-named"]),
            ("issuer missing", &["error anchor-not-named"]),
            ("weak digest", &["error signature-weak-hash"]),
            ("weak key", &["error key-too-weak"]),
            ("wrong host", &["warning opcua-host-mismatch"]),
            ("undecodable", &["error certificate-undecodable"]),
            ("unusable", &["error opcua-key-usage", "error opcua-purpose-missing"]),
            ("unknown algorithm", &["error opcua-no-current-policy", "error signature-not-verifiable"]),
            (
                "self-signed, weak",
                &[
                    "error anchor-not-named",
                    "error opcua-key-usage",
                    "error opcua-purpose-missing",
                    "error signature-weak-hash",
                    "warning opcua-ca-flag-on-leaf",
                ],
            ),
            ("name not permitted", &["error name-not-permitted"]),
            ("issuer expired", &["error expired", "warning validity-outside-issuer"]),
            ("root expired", &["error expired", "warning validity-outside-issuer"]),
            ("leaf trusted", &[]),
            ("leaf trusted, issuer expired", &["error expired", "warning validity-outside-issuer"]),
            ("leaf trusted, root expired", &["error expired", "warning validity-outside-issuer"]),
            ("leaf trusted, issuer revoked", &["error revoked"]),
            ("leaf trusted, issuer missing", &["error anchor-not-top"]),
            ("CA trusted", &[]),
            ("CA trusted, root expired", &["error expired", "warning validity-outside-issuer"]),
            ("CA trusted and revoked", &["error revoked"]),
            ("CA trusted, root missing", &["error anchor-not-top"]),
        ],
    });
}

#[test]
fn an_application_by_the_steps_of_the_standard() {
    hold(&Family {
        profile: "steps",
        holder: Holder::Application,
        doors: &[door::VERIFY_PKI, door::VERIFY_LISTS, door::BATCH_PKI, door::PREFLIGHT, library::VALIDATE],
        expected: &[
            ("good", &[]),
            ("expired", &["error BadCertificateTimeInvalid"]),
            ("not yet valid", &["error BadCertificateTimeInvalid"]),
            ("revoked", &["error BadCertificateRevoked"]),
            ("list damaged", &["error BadCertificateRevocationUnknown"]),
            ("list missing", &["error BadCertificateRevocationUnknown"]),
            ("list expired", &["error BadCertificateRevocationUnknown"]),
            ("anchor not trusted", &["error BadCertificateChainIncomplete"]),
            ("issuer missing", &["error BadCertificateChainIncomplete"]),
            ("weak digest", &["error BadCertificatePolicyCheckFailed"]),
            ("weak key", &["error BadCertificatePolicyCheckFailed"]),
            ("wrong host", &["error BadCertificateHostNameInvalid"]),
            ("undecodable", &["error BadCertificateInvalid"]),
            ("unusable", &["error BadCertificateUseNotAllowed"]),
            ("unknown algorithm", &["error BadCertificateInvalid"]),
            ("self-signed, weak", &["error BadCertificatePolicyCheckFailed"]),
            ("name not permitted", &["error BadCertificateUseNotAllowed"]),
            ("issuer expired", &["error BadCertificateIssuerTimeInvalid"]),
            ("root expired", &["error BadCertificateIssuerTimeInvalid"]),
            ("leaf trusted", &[]),
            ("leaf trusted, issuer expired", &["error BadCertificateIssuerTimeInvalid"]),
            ("leaf trusted, root expired", &["error BadCertificateIssuerTimeInvalid"]),
            ("leaf trusted, issuer revoked", &["error BadCertificateIssuerRevoked"]),
            ("leaf trusted, issuer missing", &["error BadCertificateChainIncomplete"]),
            ("CA trusted", &[]),
            ("CA trusted, root expired", &["error BadCertificateIssuerTimeInvalid"]),
            ("CA trusted and revoked", &["error BadCertificateIssuerRevoked"]),
            ("CA trusted, root missing", &["error BadCertificateChainIncomplete"]),
        ],
    });
}

#[test]
fn a_ca_under_ca() {
    hold(&Family {
        profile: "ca",
        holder: Holder::Authority,
        doors: &[door::CHECK_FILE, door::TRUST_ADD_PEM, door::EXPIRY_FILE, door::TRUST_AUDIT],
        expected: &[
            ("good", &[]),
            ("expired", &["error expired"]),
            ("not yet valid", &["error not-yet-valid"]),
            ("revoked", &["error revoked"]),
            ("list damaged", &["error revocation-unknown"]),
            ("list missing", &[]),
            ("list expired", &["error revocation-unknown"]),
            ("anchor not trusted", &["error anchor-not-named"]),
            ("weak digest", &["error signature-weak-hash"]),
            ("weak key", &["error key-too-weak"]),
            ("undecodable", &["error certificate-undecodable"]),
            ("unusable", &["error ca-key-usage-unfit"]),
            ("unknown algorithm", &["error signature-not-verifiable"]),
            ("self-signed, weak", &["error anchor-not-named", "warning ca-by-default", "warning root-weak-hash"]),
        ],
    });
}

#[test]
fn a_ca_that_stands_in_a_store() {
    // What an audit says of the store as a whole, beside what it says of each as the other doors do.
    hold(&Family {
        profile: "store",
        holder: Holder::Authority,
        doors: &[door::TRUST_AUDIT_WHOLE],
        expected: &[
            ("good", &["warning store-crl-missing"]),
            ("expired", &["error expired", "warning store-crl-missing"]),
            ("not yet valid", &["error not-yet-valid", "warning store-crl-missing"]),
            ("revoked", &["error store-revoked", "warning store-crl-missing"]),
            ("list damaged", &["error revocation-unknown", "warning store-crl-missing"]),
            ("list missing", &[]),
            ("list expired", &["error revocation-unknown", "error store-crl-overdue", "warning store-crl-missing"]),
            ("anchor not trusted", &["warning store-crl-orphan", "warning store-crl-missing", "warning store-orphan"]),
            ("weak digest", &["error signature-weak-hash", "warning store-crl-missing"]),
            ("weak key", &["error key-too-weak", "warning store-crl-missing"]),
            ("undecodable", &["error certificate-undecodable"]),
            ("unusable", &["warning store-crl-missing"]),
            ("unknown algorithm", &["error signature-not-verifiable", "warning store-crl-missing"]),
            ("self-signed, weak", &["warning root-weak-hash", "warning store-crl-missing"]),
        ],
    });
}

//! Judges the parts of the public path-validation suites.

use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::check::{Profile, RFC5280, TLS, WEBPKI};
use certkit_core::moment::Moment;
use certkit_core::oid::{self, Oid};
use certkit_core::path::Pool;
use certkit_core::path::names::Peer;
use certkit_core::path::process::{Explicit, Inhibited, PolicyInputs};
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::verify::{Question, Revocation, TrustMaterial, verify};
use serde::Deserialize;

#[derive(Deserialize)]
struct Suite {
    testcases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    features: Vec<String>,
    validation_kind: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    validation_time: Option<String>,
    extended_key_usage: Vec<String>,
    expected_peer_name: Option<PeerName>,
    max_chain_depth: Option<u32>,
    crls: Vec<String>,
    expected_result: String,
    policy: Option<Policy>,
    expected_result_without_crl: Option<String>,
}

#[derive(Deserialize)]
struct PeerName {
    kind: String,
    value: String,
}

#[derive(Deserialize)]
struct Policy {
    initial_policy_set: Vec<String>,
    initial_explicit_policy: bool,
    initial_policy_mapping_inhibit: bool,
    initial_inhibit_any_policy: bool,
}

fn ders(texts: &[String]) -> Vec<Vec<u8>> {
    texts.iter().flat_map(|text| pem::parse_many(text).unwrap()).map(pem::Pem::into_contents).collect()
}

fn certificates(texts: &[String]) -> Vec<Certificate> {
    ders(texts).iter().filter_map(|der| Certificate::from_der(der).ok()).collect()
}

fn reasons(case: &Case, profile: &'static Profile, with_crls: bool) -> Vec<String> {
    let Ok(leaf) = Certificate::from_der(&ders(std::slice::from_ref(&case.peer_certificate))[0]) else {
        return vec!["leaf cannot be decoded".into()];
    };
    let moment: Moment = case.validation_time.as_deref().map_or_else(Moment::now, |text| text.parse().unwrap());
    let mut pool = Pool::new();
    certificates(&case.trusted_certs).into_iter().for_each(|it| _ = pool.add_anchor(it));
    certificates(&case.untrusted_intermediates).into_iter().for_each(|it| _ = pool.add(it));
    let mut lists = Lists::new();
    if with_crls {
        ders(&case.crls).iter().for_each(|der| _ = lists.add(RevocationList::from_der(der).unwrap()));
    }
    let mut purposes: Vec<Oid<'_>> = case
        .extended_key_usage
        .iter()
        .map(|name| match name.as_str() {
            "serverAuth" => oid::SERVER_AUTH,
            "clientAuth" => oid::CLIENT_AUTH,
            other => panic!("{other}"),
        })
        .collect();
    if purposes.is_empty() {
        purposes.push(if case.validation_kind == "SERVER" { oid::SERVER_AUTH } else { oid::CLIENT_AUTH });
    }
    let policies: Vec<Vec<u8>> =
        case.policy.iter().flat_map(|it| &it.initial_policy_set).map(|it| oid::encode(it).unwrap()).collect();
    let initial: Vec<Oid<'_>> = policies.iter().map(|it| Oid(it)).collect();
    let flag = |flag: fn(&Policy) -> bool| case.policy.as_ref().is_some_and(flag);
    let inhibited = |is: bool| if is { Inhibited::Yes } else { Inhibited::No };
    let peers: Vec<Peer> = case
        .expected_peer_name
        .iter()
        .map(|name| match name.kind.as_str() {
            "RFC822" => Peer::Mailbox(name.value.clone()),
            _ => Peer::from_host(&name.value).unwrap(),
        })
        .collect();
    let question = Question {
        purposes: &purposes,
        peers: &peers,
        max_intermediates: case.max_chain_depth,
        policies: PolicyInputs {
            initial: &initial,
            explicit: if flag(|it| it.initial_explicit_policy) { Explicit::Required } else { Explicit::NotRequired },
            mapping: inhibited(flag(|it| it.initial_policy_mapping_inhibit)),
            any_policy: inhibited(flag(|it| it.initial_inhibit_any_policy)),
        },
        revocation: if lists.is_empty() { Revocation::Preferred } else { Revocation::Required },
        ..Question::new(profile, moment)
    };
    let verdict = verify(&leaf, &TrustMaterial { pool: &pool, lists: &lists, responses: &Responses::new() }, &question);
    assert_eq!(verdict.is_accepted(), verdict.errors().next().is_none(), "{}: {:?}", case.id, verdict.reasons);
    verdict.errors().map(|it| format!("{:?} {}: {}", it.subject, it.check.id, it.evidence)).collect()
}

/// Judges a suite; says which cases come out wrong, and why.
fn misses(file: &str, profile: impl Fn(&Case) -> &'static Profile, with_crls: bool) -> Vec<String> {
    let folder = std::env::var("CERTKIT_SHARED").unwrap_or("../../shared".into());
    let text = std::fs::read(format!("{folder}/conformance/{file}.json")).unwrap();
    let suite: Suite = serde_json::from_slice(&text).unwrap();
    let mut misses = Vec::new();
    for case in &suite.testcases {
        let start = std::time::Instant::now();
        let reasons = reasons(case, profile(case), with_crls);
        let time = start.elapsed();
        let mut expected = case.expected_result.as_str();
        if !with_crls {
            expected = case.expected_result_without_crl.as_deref().unwrap_or(expected);
        }
        if (expected == "SUCCESS") != reasons.is_empty() {
            misses.push(format!("{} expected {expected}: {} {:?}", case.id, reasons.join("; "), case.features));
        }
        if time.as_millis() > 500 {
            misses.push(format!("{} took {time:?}", case.id));
        }
    }
    misses
}

/// Fails with every case that comes out wrong.
fn expect_none(misses: &[String]) {
    assert!(misses.is_empty(), "{} wrong:\n{}", misses.len(), misses.join("\n"));
}

#[test]
#[ignore = "reads the suites from the folder CERTKIT_SHARED, ../shared if it is not set"]
fn limbo() {
    let profile = |case: &Case| match case.id.split("::").next() {
        Some("webpki" | "online") => &WEBPKI,
        _ => &RFC5280,
    };
    expect_none(&misses("limbo", profile, true));
}

#[test]
#[ignore = "reads the suites from the folder CERTKIT_SHARED, ../shared if it is not set"]
fn bettertls() {
    expect_none(&misses("bettertls", |_| &TLS, true));
}

#[test]
#[ignore = "reads the suites from the folder CERTKIT_SHARED, ../shared if it is not set"]
fn pkits() {
    expect_none(&misses("pkits", |_| &RFC5280, false));
    expect_none(&misses("pkits", |_| &RFC5280, true));
}

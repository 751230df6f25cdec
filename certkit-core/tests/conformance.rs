//! Judges the parts of the public path-validation suites.

use certkit_core::cert::{Certificate, Known, RevocationList};
use certkit_core::moment::Moment;
use certkit_core::oid::{self, Oid};
use certkit_core::path::names::dns::Wildcards;
use certkit_core::path::names::{CommonName, LeadingPeriod, Peer, PeerRules, peer_matches};
use certkit_core::path::process::{
    Explicit, Fact, Inhibited, Inputs, Kind, PolicyInputs, Tier, baseline, letter, process,
};
use certkit_core::path::revocation::{Lists, Responses, Sources, Status, statuses};
use certkit_core::path::{Budget, Pool, Search};
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

#[derive(Clone, Copy, PartialEq, Debug)]
enum Profile {
    Rfc5280,
    Webpki,
    Tls,
}

fn is_fatal(fact: &Fact, profile: Profile, length: usize) -> bool {
    let is_top = fact.certificate + 1 == length;
    match &fact.kind {
        Kind::SignatureFails(_)
        | Kind::SignatureNotTried
        | Kind::ValidityUnreadable(_)
        | Kind::NotYetValid { .. }
        | Kind::Expired { .. }
        | Kind::NameNotPermitted { .. }
        | Kind::NameExcluded { .. }
        | Kind::NameIncomparable { .. }
        | Kind::NamesNotCompared
        | Kind::ConstraintUnsound { .. }
        | Kind::PolicyRequired
        | Kind::MapsAnyPolicy
        | Kind::NoBasicConstraints
        | Kind::NotACa
        | Kind::PathLengthExceeded { .. }
        | Kind::TooManyIntermediates { .. }
        | Kind::KeyCertSignMissing
        | Kind::UnknownCriticalExtension { .. }
        | Kind::ExtensionUnreadable { .. }
        | Kind::PurposeNotAllowed { .. }
        | Kind::ExtensionTwice { .. }
        | Kind::AlgorithmsDiffer => true,
        Kind::SignatureForbidden { .. } => profile == Profile::Webpki,
        Kind::MustBeCritical { extension: "basicConstraints" } => is_top && profile != Profile::Tls,
        Kind::PolicyConstraintsMetButNotCritical
        | Kind::WildcardBelowPublicSuffix { .. }
        | Kind::CommonNameNotRepeated { .. } => false,
        _ => profile != Profile::Tls,
    }
}

fn reasons(case: &Case, profile: Profile, with_crls: bool) -> Vec<String> {
    let Ok(leaf) = Certificate::from_der(&ders(std::slice::from_ref(&case.peer_certificate))[0]) else {
        return vec!["leaf cannot be decoded".into()];
    };
    let moment: Moment = case.validation_time.as_deref().map_or_else(Moment::now, |text| text.parse().unwrap());
    let mut pool = Pool::new();
    certificates(&case.trusted_certs).into_iter().for_each(|it| _ = pool.add_anchor(it));
    certificates(&case.untrusted_intermediates).into_iter().for_each(|it| _ = pool.add(it));
    let mut lists = Lists::new();
    ders(&case.crls).iter().for_each(|der| _ = lists.add(RevocationList::from_der(der).unwrap()));
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
    let inputs = Inputs {
        purposes: &purposes,
        max_intermediates: case.max_chain_depth,
        policies: PolicyInputs {
            initial: &initial,
            explicit: if flag(|it| it.initial_explicit_policy) { Explicit::Required } else { Explicit::NotRequired },
            mapping: inhibited(flag(|it| it.initial_policy_mapping_inhibit)),
            any_policy: inhibited(flag(|it| it.initial_inhibit_any_policy)),
        },
        leading_period: if profile == Profile::Rfc5280 { LeadingPeriod::Malformed } else { LeadingPeriod::OnlyBelow },
        ..Inputs::at(moment)
    };
    let peer = case.expected_peer_name.as_ref().map(|name| match name.kind.as_str() {
        "RFC822" => Peer::Mailbox(name.value.clone()),
        _ => Peer::from_host(&name.value).unwrap(),
    });
    let rules = PeerRules {
        common_name: CommonName::Ignored,
        wildcards: if profile == Profile::Webpki { Wildcards::BelowRegistered } else { Wildcards::BelowTwoLabels },
    };
    let mut first = None;
    for path in Search::new(&pool, &leaf, moment, Budget::default()) {
        let known: Vec<Known<'_>> = path.certificates.iter().map(Known::of).collect();
        let mut facts = process(&path, &known, &inputs);
        for (index, (certificate, known)) in path.certificates.iter().zip(&known).enumerate() {
            facts.extend(letter(index, certificate, known));
            if profile == Profile::Webpki {
                let tier = match index {
                    0 => Tier::Subscriber,
                    _ if certificate.is_self_issued() => Tier::Root,
                    _ => Tier::Subordinate,
                };
                facts.extend(baseline(index, certificate, known, tier));
            }
        }
        let mut reasons: Vec<String> = facts
            .iter()
            .filter(|fact| is_fatal(fact, profile, path.certificates.len()))
            .map(|fact| format!("{} {:?}", fact.certificate, fact.kind))
            .collect();
        let is_weak = |certificate: &Certificate| {
            let digest = certificate.signature_algorithm().ok().and_then(|it| it.digest());
            digest.is_some_and(|digest| !digest.is_collision_resistant())
        };
        let below = &path.certificates[..path.certificates.len() - 1];
        if profile == Profile::Tls && below.iter().any(is_weak) {
            reasons.push("weak digest".into());
        }
        if !path.is_anchored() {
            reasons.push(format!("end {:?}", path.end));
        }
        if let Some(peer) = &peer
            && !peer_matches(&leaf, &known[0], peer, rules)
        {
            reasons.push("peer not named".into());
        }
        if with_crls && case.features.iter().any(|it| it == "has-crl") {
            let accepts = |path: &certkit_core::path::Path, known: &[Known<'_>]| {
                let facts = process(path, known, &Inputs::at(moment));
                !facts.iter().any(|fact| is_fatal(fact, profile, path.certificates.len()))
            };
            let (responses, budget) = (Responses::new(), Budget::default());
            let sources =
                Sources { pool: &pool, lists: &lists, responses: &responses, moment, budget, accepts: &accepts };
            for (index, status) in statuses(&path, &known, &sources).iter().enumerate() {
                match status {
                    Status::Good { departures, .. } if departures.is_empty() => {}
                    other => reasons.push(format!("{index} {other:?}")),
                }
            }
        }
        if reasons.is_empty() {
            return reasons;
        }
        first.get_or_insert(reasons);
    }
    first.unwrap()
}

/// Judges a suite; says which cases come out wrong, and why.
fn misses(file: &str, profile: impl Fn(&Case) -> Profile, with_crls: bool) -> Vec<String> {
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
        Some("webpki" | "online") => Profile::Webpki,
        _ => Profile::Rfc5280,
    };
    expect_none(&misses("limbo", profile, true));
}

#[test]
#[ignore = "reads the suites from the folder CERTKIT_SHARED, ../shared if it is not set"]
fn bettertls() {
    expect_none(&misses("bettertls", |_| Profile::Tls, true));
}

#[test]
#[ignore = "reads the suites from the folder CERTKIT_SHARED, ../shared if it is not set"]
fn pkits() {
    expect_none(&misses("pkits", |_| Profile::Rfc5280, false));
    expect_none(&misses("pkits", |_| Profile::Rfc5280, true));
}

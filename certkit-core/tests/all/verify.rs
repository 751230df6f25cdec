//! The decision of a relying party: budgets, near misses, what is shared, and that order makes no difference.

use std::sync::Arc;

use certkit_core::cert::Certificate;
use certkit_core::check::{PROFILES, Severity, TLS};
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::{DAY, Moment};
use certkit_core::oid;
use certkit_core::path::names::Peer;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::path::{Budget, Pool, WhyNot};
use certkit_core::verify::{Question, Revocation, TrustMaterial, Verdict, across_cores, verify};

/// Two roots of one name, an issuing CA in three editions, and a server's certificate.
struct World {
    now: Moment,
    root: Certificate,
    namesake: Certificate,
    issuing: Vec<Certificate>,
    leaf: Certificate,
}

impl World {
    fn new() -> World {
        let now = Moment::now();
        let keys: Vec<KeyPair> = (0..4).map(|_| KeyPair::generate(KeyType::P256).unwrap()).collect();
        let root = |key: &KeyPair| {
            Template::new(Kind::Root, "CN=Root".parse().unwrap(), Validity::days(now.plus(-100 * DAY), 3650))
                .issue(&key.public_key().unwrap(), &Issuer::itself(key))
                .unwrap()
        };
        let (trusted, namesake) = (root(&keys[0]), root(&keys[1]));
        let issue = |from: Moment, days, top: &Certificate, key: &KeyPair| {
            Template::new(Kind::IssuingAuthority, "CN=Issuing".parse().unwrap(), Validity::days(from, days))
                .issue(&keys[2].public_key().unwrap(), &Issuer::authority(top, key).unwrap())
                .unwrap()
        };
        let issuing = vec![
            issue(now, 1825, &trusted, &keys[0]),
            issue(now.plus(-90 * DAY), 30, &trusted, &keys[0]),
            issue(now, 1825, &namesake, &keys[1]),
        ];
        let leaf = Template::new(Kind::Https, "CN=plc7.plant.test".parse().unwrap(), Validity::days(now, 90))
            .alternative_names([AlternativeName::host("plc7.plant.test")])
            .issue(&keys[3].public_key().unwrap(), &Issuer::authority(&issuing[0], &keys[2]).unwrap())
            .unwrap();
        World { now, root: trusted, namesake, issuing, leaf }
    }

    /// Asks with these anchors and candidates.
    fn ask(&self, anchors: &[&Certificate], others: &[&Certificate], question: &Question<'_>) -> Verdict {
        let mut pool = Pool::new();
        anchors.iter().for_each(|it| _ = pool.add_anchor((*it).clone()));
        others.iter().for_each(|it| _ = pool.add((*it).clone()));
        let (lists, responses) = (Lists::new(), Responses::new());
        verify(&self.leaf, &TrustMaterial { pool: &pool, lists: &lists, responses: &responses }, question)
    }

    fn question(&self) -> Question<'static> {
        Question { revocation: Revocation::Off, ..Question::new(&TLS, self.now) }
    }
}

fn said(verdict: &Verdict) -> Vec<(usize, &'static str, Severity)> {
    verdict.reasons.iter().map(|reason| (reason.subject.unwrap(), reason.check.id, reason.severity)).collect()
}

#[test]
fn no_order_of_the_inputs_changes_the_verdict() {
    let world = World::new();
    let all: Vec<&Certificate> = world.issuing.iter().chain([&world.namesake]).collect();
    let peers = [Peer::from_host("plc8.plant.test").unwrap()];
    let asked = world.question();
    let questions = [asked.clone(), Question { peers: &peers, ..asked }];
    for (question, anchors) in questions.iter().flat_map(|it| [(it, vec![&world.root]), (it, vec![])]) {
        let first = world.ask(&anchors, &all, question);
        for turn in 0..all.len() {
            let mut turned = all.clone();
            turned.rotate_left(turn);
            for mirrored in [false, true] {
                if mirrored {
                    turned.reverse();
                }
                let verdict = world.ask(&anchors, &turned, question);
                assert_eq!(verdict.is_accepted(), first.is_accepted());
                assert_eq!(verdict.path.certificates, first.path.certificates);
                assert_eq!(said(&verdict), said(&first));
            }
        }
    }
    assert!(world.ask(&[&world.root], &all, &questions[0]).is_accepted());
}

#[test]
fn what_nearly_was_the_issuer_is_named() {
    let world = World::new();
    let verdict = world.ask(&[&world.namesake], &[&world.issuing[0]], &world.question());
    assert!(!verdict.is_accepted() && verdict.anchor().is_none());
    let near = &verdict.near_misses[0];
    assert_eq!((&near.certificate, near.of), (&world.namesake, 1));
    assert!(matches!(near.why, WhyNot::Signature(_)));
}

#[test]
fn a_spent_budget_is_a_reason() {
    let world = World::new();
    let all: Vec<&Certificate> = world.issuing.iter().collect();
    for budget in [
        Budget { signatures: 0, ..Budget::default() },
        Budget { names_compared: 0, ..Budget::default() },
        Budget { paths: 0, ..Budget::default() },
        Budget { depth: 2, ..Budget::default() },
    ] {
        let verdict = world.ask(&[&world.root], &all, &Question { budget, ..world.question() });
        assert!(!verdict.is_accepted(), "{budget:?}");
        assert!(verdict.errors().any(|reason| reason.check.id == "budget-exhausted"), "{:?}", said(&verdict));
    }
}

#[test]
fn without_a_list_revocation_is_a_warning_or_an_error_as_asked() {
    let world = World::new();
    for (revocation, accepted, count) in
        [(Revocation::Off, true, 0), (Revocation::Preferred, true, 1), (Revocation::Required, false, 2)]
    {
        let question = Question { revocation, ..world.question() };
        let verdict = world.ask(&[&world.root], &[&world.issuing[0]], &question);
        assert_eq!(verdict.is_accepted(), accepted, "{revocation:?}");
        let unknown = verdict.reasons.iter().filter(|reason| reason.check.id == "revocation-unknown");
        assert_eq!(unknown.count(), count, "{revocation:?}");
    }
}

#[test]
fn no_profile_accepts_what_reaches_no_anchor() {
    let world = World::new();
    for profile in PROFILES.iter().copied() {
        let question = Question { profile, ..world.question() };
        assert!(!world.ask(&[], &[&world.issuing[0], &world.root], &question).is_accepted(), "{}", profile.name);
        assert!(!world.ask(&[&world.namesake], &[&world.issuing[0]], &question).is_accepted(), "{}", profile.name);
        assert!(!world.ask(&[], &[], &question).is_accepted(), "{}", profile.name);
    }
}

#[test]
fn many_peers_share_what_is_known_of_their_issuers() {
    let world = World::new();
    let mut base = Pool::new();
    base.add_anchor(world.root.clone());
    base.add(world.issuing[0].clone());
    let base = Arc::new(base);
    let leaves = vec![world.leaf.clone(); 64];
    let (lists, responses) = (Lists::new(), Responses::new());
    let question = Question { purposes: &[oid::SERVER_AUTH], ..world.question() };
    let accepted = across_cores(&leaves, |leaf| {
        let pool = Pool::over(Arc::clone(&base));
        verify(leaf, &TrustMaterial { pool: &pool, lists: &lists, responses: &responses }, &question).is_accepted()
    });
    assert_eq!(accepted, vec![true; 64]);
}

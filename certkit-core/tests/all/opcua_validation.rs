//! OPC UA certificates: what the stacks make is accepted, and what they and the standard refuse is told.

use super::plant::Plant;
use super::specimen;
use super::specimen::Specimen;
use certkit_core::check::opcua::posture::{self, Posture};
use certkit_core::check::{Expectation, OPCUA, Profile, Severity, Usage};
use certkit_core::generate::KeyType;
use certkit_core::moment::DAY;
use certkit_core::opcua::validation::{CaFlag, ListRole, NoteKind, Peer, Revocation, Step, Suppressions};
use certkit_core::opcua::{Question, Stack, TrustLists, policies_for, validate};
use certkit_core::report::Report;
use certkit_core::status::StatusCode;

fn generated() -> Vec<(String, Specimen)> {
    let folder = specimen::root().join("opcua/generators");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| (file.file_stem().unwrap().to_string_lossy().into(), Specimen::read(file))).collect()
}

#[test]
fn what_the_stacks_make_has_no_error_and_serves_a_current_policy() {
    let all = generated();
    assert!(all.len() >= 8);
    for (name, specimen) in &all {
        for usage in [None, Some(Usage::TlsServer), Some(Usage::TlsClient)] {
            let host = (usage == Some(Usage::TlsServer)).then(|| "plc7".to_owned());
            let expectation = Expectation { host, usage, ..specimen.expectation.clone() };
            let specimen = Specimen { validation: None, expectation, ..specimen.clone() };
            let judgement = specimen.judge();
            let errors: Vec<_> = judgement
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .map(|finding| (finding.check.id, &finding.evidence))
                .collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
            assert!(judgement.passed.len() > 20, "{name}");
        }
        assert!(policies_for(&specimen.presented[0]).iter().any(|policy| policy.is_sound()), "{name}");
        let certificates = &specimen.presented[..1];
        assert_eq!(Profile::suited(None, certificates).name, OPCUA.name, "{name}");
    }
}

#[test]
fn what_the_stacks_make_is_good_once_it_is_trusted() {
    for (name, specimen) in generated().iter().filter(|(_, specimen)| specimen.presented.len() == 1) {
        let mut lists = TrustLists::new();
        lists.add(ListRole::Trusted, specimen.presented[0].clone());
        let question = |peer| Question {
            policy: specimen.validation.as_ref().unwrap().policy,
            application_uri: specimen.expectation.application_uri.as_deref(),
            ..Question::new(peer, specimen.moment)
        };
        for peer in [Peer::Application, Peer::Server, Peer::Client] {
            let validation = validate(&specimen.presented[0], &[], &lists, &question(peer));
            assert_eq!(validation.status(), StatusCode::GOOD, "{name}: {:?}", validation.objections);
            // gopcua and asyncua know RSA keys alone; Milo insists on keyCertSign where a self-signed one has a critical keyUsage.
            let is_rsa = specimen.presented[0].public_key().is_ok_and(|key| key.algorithm() == "RSA");
            let is_liked = |stack: &Stack| match stack {
                Stack::Gopcua | Stack::Asyncua => is_rsa,
                Stack::Milo => name != "node-opcua",
                _ => true,
            };
            for stack in Stack::ALL.into_iter().filter(is_liked) {
                assert_eq!(stack.predict(&validation).status, StatusCode::GOOD, "{name}: {}", stack.name());
            }
        }
        let untrusted = validate(&specimen.presented[0], &[], &TrustLists::new(), &question(Peer::Server));
        assert_eq!(untrusted.status(), StatusCode::BAD_CERTIFICATE_UNTRUSTED, "{name}");
        assert!(untrusted.belongs_among_rejected(), "{name}");
        assert_eq!(untrusted.reported(), StatusCode::BAD_SECURITY_CHECKS_FAILED);
    }
}

#[test]
fn the_ca_flag_of_a_self_signed_one_is_tolerated_while_revocation_is_checked() {
    let all = generated();
    let (_, specimen) = all.iter().find(|(name, _)| name == "asyncua").unwrap();
    let leaf = &specimen.presented[0];
    let mut lists = TrustLists::new();
    lists.add(ListRole::Trusted, leaf.clone());
    let question = Question::new(Peer::Application, specimen.moment);
    let noted = validate(leaf, &[], &lists, &question);
    assert_eq!((noted.status(), noted.notes[0].kind), (StatusCode::GOOD, NoteKind::CaFlagTolerated));
    for question in [
        Question { revocation: Revocation::Off, ..question.clone() },
        Question { ca_flag: CaFlag::Refused, ..question.clone() },
    ] {
        let refused = validate(leaf, &[], &lists, &question);
        assert_eq!(refused.status(), StatusCode::BAD_CERTIFICATE_USE_NOT_ALLOWED);
    }
}

/// What the standard and each stack say of the plant's leaf.
fn said(plant: &Plant, question: &Question<'_>) -> [StatusCode; 4] {
    let validation = validate(&plant.leaf, &[], &plant.lists, question);
    let [net, open, node, ..] = Stack::ALL.map(|stack| stack.predict(&validation).status);
    [validation.status(), net, open, node]
}

#[test]
fn stacks_differ_where_they_are_known_to() {
    use StatusCode as S;
    let plant = Plant::new();
    let at = |plant: &Plant| Question::new(Peer::Application, plant.now);
    // The leaf is not known, its CA is trusted.
    assert_eq!(said(&plant.clone_with(Plant::trust_ca), &at(&plant)), [S::GOOD; 4]);
    let good = plant.clone_with(Plant::trust_leaf);
    assert_eq!(said(&good, &at(&plant)), [S::GOOD; 4]);
    // Known CA, the leaf untrusted and revoked.
    let revoked = plant.clone_with(|plant| {
        plant.know_ca();
        plant.list_root();
        plant.revoke_leaf();
    });
    assert_eq!(
        said(&revoked, &at(&plant)),
        [
            S::BAD_CERTIFICATE_UNTRUSTED,
            S::BAD_CERTIFICATE_UNTRUSTED,
            S::BAD_CERTIFICATE_REVOKED,
            S::BAD_CERTIFICATE_REVOKED
        ]
    );
    // Known CA without a list; the root's list keeps open62541 from leaving the check out.
    let unlisted = plant.clone_with(|plant| {
        plant.know_ca();
        plant.list_root();
    });
    assert_eq!(
        said(&unlisted, &at(&plant)),
        [
            S::BAD_CERTIFICATE_UNTRUSTED,
            S::BAD_CERTIFICATE_UNTRUSTED,
            S::BAD_CERTIFICATE_REVOCATION_UNKNOWN,
            S::BAD_CERTIFICATE_REVOCATION_UNKNOWN
        ]
    );
    // The leaf is revoked, the root's list is missing.
    let half = plant.clone_with(|plant| {
        plant.trust_leaf_and_know_ca();
        plant.revoke_leaf();
    });
    assert_eq!(
        said(&half, &at(&plant)),
        [
            S::BAD_CERTIFICATE_REVOKED,
            S::BAD_CERTIFICATE_REVOKED,
            S::BAD_CERTIFICATE_REVOKED,
            S::BAD_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN
        ]
    );
    // No list at all.
    let bare = plant.clone_with(Plant::trust_leaf_and_know_ca);
    assert_eq!(
        said(&bare, &at(&plant)),
        [S::BAD_CERTIFICATE_REVOCATION_UNKNOWN, S::GOOD, S::GOOD, S::BAD_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN]
    );
    // Lists that have ended.
    let late = Question::new(Peer::Application, plant.now.plus(40 * DAY));
    assert_eq!(said(&good, &late), [S::BAD_CERTIFICATE_REVOCATION_UNKNOWN, S::GOOD, S::GOOD, S::GOOD]);
    // The leaf has expired and is not trusted.
    let later = Question::new(Peer::Application, plant.now.plus(400 * DAY));
    let expired = plant.clone_with(Plant::know_ca);
    assert_eq!(said(&expired, &later)[0], S::BAD_CERTIFICATE_UNTRUSTED);
    // Another URI.
    let other = Question { application_uri: Some("urn:other"), ..at(&plant) };
    assert_eq!(
        said(&good, &other),
        [
            S::BAD_CERTIFICATE_URI_INVALID,
            S::BAD_CERTIFICATE_URI_INVALID,
            S::BAD_CERTIFICATE_INVALID,
            S::BAD_CERTIFICATE_URI_INVALID
        ]
    );
}

#[test]
fn for_some_the_issuing_ca_has_to_be_trusted_itself() {
    use StatusCode as S;
    let plant = Plant::with_leaf_key(KeyType::Rsa2048);
    let at = Question::new(Peer::Client, plant.now);
    let root_alone = plant.clone_with(|plant| {
        plant.lists.add(ListRole::Trusted, plant.root.clone());
        plant.lists.add(ListRole::Issuers, plant.issuing.clone());
        plant.list_both();
    });
    let validation = validate(&plant.leaf, &[], &root_alone.lists, &at);
    assert_eq!(
        Stack::ALL.map(|stack| stack.predict(&validation).status),
        [S::GOOD, S::GOOD, S::BAD_CERTIFICATE_UNTRUSTED, S::BAD_CERTIFICATE_UNTRUSTED, S::GOOD, S::GOOD]
    );
    // For asyncua what is trusted ends the chain, and a list is not missed.
    let leaf_alone = plant.clone_with(|plant| plant.lists.add(ListRole::Trusted, plant.leaf.clone()));
    let validation = validate(&plant.leaf, &[], &leaf_alone.lists, &at);
    assert_eq!(validation.status(), S::BAD_CERTIFICATE_CHAIN_INCOMPLETE);
    let asyncua = Stack::Asyncua.predict(&validation);
    assert_eq!(asyncua.status, S::GOOD, "{asyncua:?}");
    assert!(!asyncua.remarks.is_empty());
    assert_eq!(Stack::NodeOpcua.predict(&validation).reported, S::BAD_SECURITY_CHECKS_FAILED);
    assert_eq!(
        ["dotnet", "UA .NET Standard", "NODE-OPCUA", "asyncua"].map(Stack::named).map(|it| it.is_some()),
        [true; 4]
    );
    assert_eq!(Stack::named("mylo"), None);
}

#[test]
fn for_asyncua_a_key_on_a_curve_needs_the_usages_of_one_for_rsa() {
    let plant = Plant::new().clone_with(Plant::trust_leaf);
    for peer in [Peer::Application, Peer::Server, Peer::Client] {
        let validation = validate(&plant.leaf, &[], &plant.lists, &Question::new(peer, plant.now));
        assert_eq!(validation.status(), StatusCode::GOOD);
        let asyncua = Stack::Asyncua.predict(&validation);
        assert_eq!(asyncua.status, StatusCode::BAD_CERTIFICATE_USE_NOT_ALLOWED, "{asyncua:?}");
        assert!(asyncua.remarks.iter().any(|it| it.contains("four usages")), "{asyncua:?}");
    }
}

#[test]
fn everything_that_would_fail_next_is_told_in_order() {
    let plant = Plant::new().clone_with(Plant::know_ca);
    let question = Question {
        application_uri: Some("urn:other"),
        host: Some("other.plant.example"),
        policy: certkit_core::opcua::SecurityPolicy::named("Basic256Sha256"),
        ..Question::new(Peer::Server, plant.now.plus(400 * DAY))
    };
    let validation = validate(&plant.leaf, &[], &plant.lists, &question);
    let steps: Vec<(Step, usize)> = validation.objections.iter().map(|it| (it.step, it.position)).collect();
    let wanted = [
        (Step::Policy, 0),
        (Step::Policy, 1),
        (Step::Policy, 2),
        (Step::Trust, 0),
        (Step::Validity, 0),
        (Step::HostName, 0),
        (Step::ApplicationUri, 0),
        (Step::RevocationList, 0),
        (Step::RevocationList, 1),
    ];
    assert_eq!(steps, wanted);
    assert_eq!(validation.status(), StatusCode::BAD_CERTIFICATE_POLICY_CHECK_FAILED);
    assert!(!validation.belongs_among_rejected());
}

#[test]
fn what_was_sent_completes_a_chain_and_trusts_nobody() {
    let plant = Plant::new();
    let question = Question { revocation: Revocation::Off, ..Question::new(Peer::Client, plant.now) };
    let sent = [plant.issuing.clone(), plant.root.clone()];
    let status = |lists: &TrustLists, sent: &[_]| validate(&plant.leaf, sent, lists, &question).status();
    assert_eq!(status(&TrustLists::new(), &[]), StatusCode::BAD_CERTIFICATE_CHAIN_INCOMPLETE);
    assert_eq!(status(&TrustLists::new(), &sent), StatusCode::BAD_CERTIFICATE_UNTRUSTED);
    let mut lists = TrustLists::new();
    lists.add(ListRole::Trusted, plant.root.clone());
    assert_eq!(status(&lists, &[]), StatusCode::BAD_CERTIFICATE_CHAIN_INCOMPLETE);
    assert_eq!(status(&lists, &sent), StatusCode::GOOD);
    // Trust in the CA below the root does not end the chain there.
    let mut lists = TrustLists::new();
    lists.add(ListRole::Trusted, plant.issuing.clone());
    assert_eq!(status(&lists, &[]), StatusCode::BAD_CERTIFICATE_CHAIN_INCOMPLETE);
}

#[test]
fn users_are_judged_without_host_and_uri_and_told_about_their_token() {
    let plant = Plant::new().clone_with(Plant::know_ca);
    let question = Question {
        application_uri: Some("urn:other"),
        host: Some("other.plant.example"),
        ..Question::new(Peer::User, plant.now)
    };
    let validation = validate(&plant.leaf, &[], &plant.lists, &question);
    assert_eq!(validation.status(), StatusCode::BAD_CERTIFICATE_UNTRUSTED);
    assert_eq!(validation.reported(), StatusCode::BAD_IDENTITY_TOKEN_REJECTED);
    assert!(validation.objections.iter().all(|it| !matches!(it.step, Step::HostName | Step::ApplicationUri)));
}

#[test]
fn what_is_marked_critical_cannot_be_waived() {
    // The keys of the plant are on a curve: its leaf may not be a CA, and its constraints are critical.
    let plant = Plant::new().clone_with(Plant::trust_leaf);
    let suppressed = Suppressions::of(&[StatusCode::BAD_CERTIFICATE_USE_NOT_ALLOWED]).unwrap();
    let question = Question { suppressed, ..Question::new(Peer::Application, plant.now) };
    let validation = validate(&plant.issuing, &[], &plant.lists, &question);
    assert!(validation.refusals().any(|it| it.code() == StatusCode::BAD_CERTIFICATE_USE_NOT_ALLOWED));
}

#[test]
fn a_recorded_server_is_judged_with_its_certificates() {
    let file = specimen::root().join("checks/opcua-server-self-signed/bad.pem");
    let specimen = Specimen::read(&file);
    let endpoints = specimen.described();
    let posture = Posture::new(&endpoints, Some("plc7.plant.example"));
    let [offer] = &posture.offers()[..] else { panic!("one certificate is offered") };
    assert_eq!(offer.chain, specimen.presented);
    assert_eq!(offer.expectation.host.as_deref(), Some("plc7.plant.example"));
    assert_eq!(offer.expectation.usage, Some(Usage::TlsServer));
    let mut report = Report::new(specimen.moment);
    report.add_posture(&OPCUA, &posture::judge(&posture, &OPCUA));
    let ids: Vec<&str> = report.findings.iter().map(|finding| finding.check.id).collect();
    assert_eq!(ids, ["opcua-server-self-signed"]);
    assert!(report.passed.iter().any(|check| check.id == "opcua-none-mode"));
    let of_nobody = posture::judge(&Posture::new(&[], None), &OPCUA);
    assert!(of_nobody.findings.is_empty() && of_nobody.passed.is_empty() && !of_nobody.not_applicable.is_empty());
}

/// A certificate that decoders refuse is noted, and refused by the stacks that are made with them.
#[test]
fn what_a_decoder_refuses_its_stack_refuses() {
    for (name, kind, refusing) in [
        ("not-der/bad.pem", NoteKind::NotDer, &[Stack::Asyncua, Stack::Gopcua][..]),
        ("serial-not-positive/bad-negative.pem", NoteKind::SerialNegative, &[Stack::Gopcua]),
    ] {
        let specimen = Specimen::read(&specimen::root().join("checks").join(name));
        let leaf = &specimen.presented[0];
        let mut lists = TrustLists::new();
        lists.add(ListRole::Trusted, leaf.clone());
        let validation = validate(leaf, &[], &lists, &Question::new(Peer::Client, specimen.moment));
        assert!(validation.notes.iter().any(|note| note.kind == kind), "{name}: {:?}", validation.notes);
        for stack in [Stack::Asyncua, Stack::Gopcua] {
            let prediction = stack.predict(&validation);
            let is_refused = prediction.remarks.iter().any(|it| it.contains("decode"));
            assert_eq!(is_refused, refusing.contains(&stack), "{name}: {prediction:?}");
        }
    }
}

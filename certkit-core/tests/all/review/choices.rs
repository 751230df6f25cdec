//! Waivers, answers and baselines.

use std::path::Path;

use certkit_core::moment::{DAY, Moment};
use certkit_core::review::baseline::{Fate, Snapshot, compare};
use certkit_core::review::choices::{Answer, Choices, Waiver};
use certkit_core::review::duty::State;
use certkit_core::review::facts::{Facts, SourceFacts, SourceKind};
use certkit_core::review::value::Salt;
use certkit_core::review::{Review, Row, project_file, review};

const NOW: Moment = Moment::from_unix(1_800_000_000);

fn line(dde: bool, key: &str) -> SourceFacts {
    let text = format!(
        r#"{{"project": {{"servermain.PROJECT_TITLE": "x", "ddeserver.ENABLE": {dde}, "hdaserver.ENABLE": true,
            "thingworxinterface.APPKEY": "{key}"}}}}"#
    );
    let mut source = SourceFacts::new("line.json", SourceKind::ProjectFile, NOW);
    project_file::read(text.as_bytes(), Path::new("line.json"), &mut source);
    assert_eq!(source.error, None);
    source
}

fn judged(source: SourceFacts, choices: Choices) -> Review {
    review(Facts { sources: vec![source], minimum: None, moment: NOW }, choices)
}

fn row<'a>(review: &'a Review, duty: &str) -> &'a Row {
    review.rows.iter().find(|it| it.duty.id == duty).unwrap()
}

fn waiver(about: &str, source: Option<&str>, until: Moment) -> Waiver {
    let (owner, reason) = ("M. Weber".to_owned(), "the old HMI".to_owned());
    Waiver { about: about.to_owned(), source: source.map(str::to_owned), owner, reason, until }
}

#[test]
fn a_waiver_holds_for_its_source_until_its_end() {
    let with = |waiver| judged(line(true, ""), Choices { waivers: vec![waiver], answers: Vec::new() });
    for (given, is_waived, is_used) in [
        (waiver("5.2-dde", None, NOW.plus(DAY)), true, true),
        (waiver("kepware-dde-enabled", Some("line.json"), NOW.plus(DAY)), true, true),
        (waiver("5.2", None, NOW.plus(DAY)), true, true),
        (waiver("5.2-dde", Some("other.json"), NOW.plus(DAY)), false, false),
        (waiver("5.2-ae", None, NOW.plus(DAY)), false, false),
        (waiver("5.2-dde", None, NOW), false, true),
    ] {
        let told = format!("{given:?}");
        let review = with(given);
        let row = row(&review, "5.2-dde");
        assert_eq!(row.state, State::NotMet, "{told}");
        assert_eq!(row.is_waived(), is_waived, "{told}");
        assert_eq!(review.unused().is_empty(), is_used, "{told}");
        assert_eq!(review.ended().count() == 1, is_used && !is_waived, "{told}");
    }
}

#[test]
fn a_person_answers_what_cannot_be_seen_for_a_time() {
    let answer = |is_met, until| Choices {
        waivers: Vec::new(),
        answers: vec![Answer {
            duty: "3.1-malware".to_owned(),
            is_met,
            by: "M. Weber".to_owned(),
            on: NOW.plus(-DAY),
            until,
            note: None,
        }],
    };
    let state = |choices| row(&judged(line(true, ""), choices), "3.1-malware").state;
    assert_eq!(state(Choices::default()), State::ToConfirm);
    assert_eq!(state(answer(true, NOW.plus(DAY))), State::Met);
    assert_eq!(state(answer(false, NOW.plus(DAY))), State::NotMet);
    assert_eq!(state(answer(true, NOW)), State::ToConfirm);
}

#[test]
fn every_deviation_has_to_be_a_choice() {
    let state = |waivers| row(&judged(line(true, ""), Choices { waivers, answers: Vec::new() }), "8.5.2").state;
    let all = ["5.2", "8.4.1", "note-self-signed"].map(|it| waiver(it, None, NOW.plus(DAY))).to_vec();
    assert_eq!(state(Vec::new()), State::NotMet);
    assert_eq!(state(all[..1].to_vec()), State::Partly);
    assert_eq!(state(all), State::Met);
}

#[test]
fn a_baseline_tells_what_is_new_gone_and_changed() {
    let (one, other) = ("5f".repeat(40), "6a".repeat(40));
    let before = Snapshot::of(&judged(line(false, &one), Choices::default()));
    assert!(compare(&before, &judged(line(false, &one), Choices::default())).is_empty());

    let after = judged(line(true, &other), Choices::default());
    let changes = compare(&before, &after);
    let is =
        |fate, kind, word: &str| changes.iter().any(|it| it.fate == fate && it.kind == kind && it.what.contains(word));
    assert!(is(Fate::New, "deviation", "kepware-dde-enabled"), "{changes:?}");
    assert!(is(Fate::Changed, "state", "5.2-dde"), "{changes:?}");
    let dde = changes.iter().find(|it| it.kind == "setting" && it.what.contains("ddeserver.ENABLE")).unwrap();
    assert_eq!((dde.before.as_deref(), dde.after.as_deref()), (Some("no"), Some("yes")));
    let key = changes.iter().find(|it| it.what.contains("APPKEY")).unwrap();
    assert_eq!((key.fate, &key.before, &key.after), (Fate::Changed, &None, &None));
    assert_eq!(changes.iter().filter(|it| it.is_new_deviation).count(), 1);

    let back = compare(&Snapshot::of(&after), &judged(line(false, &other), Choices::default()));
    assert!(back.iter().any(|it| it.fate == Fate::Gone && it.kind == "deviation"));
    assert!(back.iter().all(|it| !it.is_new_deviation));
}

/// A project with channels of the OPC UA client, each with its policy and message mode.
fn channels(of: &[(&str, u8, u8)]) -> SourceFacts {
    let channels: Vec<String> = of
        .iter()
        .map(|(name, policy, mode)| {
            format!(
                r#"{{"common.ALLTYPES_NAME": "{name}", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "OPC UA Client",
                    "opcuaclient.CHANNEL_UA_SERVER_SECURITY_POLICY": {policy},
                    "opcuaclient.CHANNEL_UA_SERVER_MESSAGE_MODE": {mode},
                    "opcuaclient.CHANNEL_AUTHENTICATION_USERNAME": "u"}}"#
            )
        })
        .collect();
    let text = format!(r#"{{"project": {{"servermain.PROJECT_TITLE": "x", "channels": [{}]}}}}"#, channels.join(", "));
    let mut source = SourceFacts::new("line.json", SourceKind::ProjectFile, NOW);
    project_file::read(text.as_bytes(), Path::new("line.json"), &mut source);
    assert_eq!(source.error, None);
    source
}

#[test]
fn what_has_become_worse_under_an_old_name_is_new() {
    let plain = |of: &[(&str, u8, u8)]| judged(channels(of), Choices::default());
    let new = |before: &Review, after: &Review| {
        compare(&Snapshot::of(before), after).iter().filter(|it| it.is_new_deviation).count()
    };
    let before = plain(&[("a", 3, 2)]);
    assert_eq!(new(&before, &before), 0);
    // In one respect more; in another way; in a channel of the same name.
    assert_eq!(new(&before, &plain(&[("a", 0, 2)])), 1);
    assert_eq!(new(&before, &plain(&[("a", 3, 1)])), 1);
    assert_eq!(new(&before, &plain(&[("a", 3, 2), ("a", 0, 1)])), 2);
    assert_eq!(new(&before, &plain(&[("a", 3, 2), ("a", 3, 2)])), 1, "the same once more");
    // What has become better is not.
    assert_eq!(new(&plain(&[("a", 3, 2), ("a", 0, 1)]), &before), 0);
    assert_eq!(new(&before, &plain(&[("a", 3, 3)])), 0);
    let changes = compare(&Snapshot::of(&before), &plain(&[("a", 3, 2), ("a", 0, 1)]));
    let policy = changes.iter().find(|it| it.kind == "setting" && it.what.contains("SECURITY_POLICY")).unwrap();
    assert_eq!((policy.before.as_deref(), policy.after.as_deref()), (Some("3"), Some("3, 0")));

    // A state that falls shorter, though nothing is found that was not found before.
    let both = plain(&[("a", 3, 1), ("b", 3, 3)]);
    let alone = plain(&[("a", 3, 1)]);
    assert_eq!((row(&both, "6-ua-client").state, row(&alone, "6-ua-client").state), (State::Partly, State::NotMet));
    assert_eq!(new(&both, &alone), 1);
    assert_eq!(new(&alone, &both), 0);
}

#[test]
fn a_deviation_whose_waiver_has_ended_is_new() {
    let at = |until| {
        let waivers = vec![waiver("5.2-dde", None, until)];
        judged(line(true, ""), Choices { waivers, answers: Vec::new() })
    };
    let (waived, open) = (at(NOW.plus(DAY)), at(NOW));
    let changes = compare(&Snapshot::of(&waived), &open);
    let ended = changes.iter().find(|it| it.kind == "deviation").unwrap();
    assert_eq!((ended.fate, ended.before.as_deref(), ended.is_new_deviation), (Fate::Changed, Some("waived"), true));
    assert!(compare(&Snapshot::of(&open), &waived).iter().all(|it| !it.is_new_deviation));
    assert!(compare(&Snapshot::of(&waived), &waived).is_empty());
}

#[test]
fn a_secret_in_clear_that_changes_is_a_change() {
    let with = |secret: &str| {
        let text = format!(r#"{{"project": {{"client_interfaces": [], "x.APPKEY": "{secret}"}}}}"#);
        let mut source = SourceFacts::new("line.json", SourceKind::ProjectFile, NOW);
        project_file::read(text.as_bytes(), Path::new("line.json"), &mut source);
        let mut review = judged(source, Choices::default());
        review.salt = Some(Salt::parse("00112233445566778899aabbccddeeff").unwrap());
        review
    };
    let before = Snapshot::of(&with("hush-one"));
    assert!(!format!("{before:?}").contains("hush"));
    assert!(compare(&before, &with("hush-one")).is_empty());
    let changes = compare(&before, &with("hush-two"));
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!((changes[0].fate, &changes[0].before, &changes[0].after), (Fate::Changed, &None, &None));
    // A report that was written before there were marks has none to compare.
    let old = Snapshot { salt: None, ..Snapshot::of(&judged(with("x").facts.sources.remove(0), Choices::default())) };
    assert!(compare(&old, &with("hush-two")).is_empty());
}

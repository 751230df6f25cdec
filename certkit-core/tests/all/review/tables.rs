//! The tables of testdata/review, which were written by hand, against the answers of the stand-in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use certkit_core::check::Severity;
use certkit_core::crypto::digest;
use certkit_core::moment::Moment;
use certkit_core::review::duties;
use certkit_core::review::duty::{Part, State};
use certkit_core::review::facts::{SourceFacts, SourceKind};
use certkit_core::review::{Review, project_file};

use super::api::judged;
use super::server::{Answer, PASSWORD, Server, Signed};

fn stand_in(name: &str) -> PathBuf {
    let shared = std::env::var("CERTKIT_SHARED").unwrap_or_else(|_| "../../shared".to_owned());
    Path::new(&shared).join("kepware/standin").join(name)
}

fn table() -> Vec<Vec<String>> {
    let text = include_str!("../../../../testdata/review/tables.csv");
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Holds a review against a column.
fn hold(column: &str, review: &Review) {
    let table = table();
    let at = table[0].iter().position(|it| it == column).unwrap();
    let mut wrong = Vec::new();
    for line in &table[1..] {
        let row = review.rows.iter().find(|it| it.duty.id == line[0]).unwrap_or_else(|| panic!("no duty {}", line[0]));
        if row.state.as_str() != line[at] {
            wrong.push(format!("{}: {} in place of {}: {:#?}", line[0], row.state, line[at], row.evidence));
        }
    }
    assert!(wrong.is_empty(), "{column}\n{}", wrong.join("\n"));
}

fn file(variant: &str) -> Review {
    let path = stand_in(variant).join("project-export.json");
    let mut source = SourceFacts::new("project-export.json", SourceKind::ProjectFile, Moment::now());
    project_file::read(std::fs::File::open(&path).unwrap(), &path, &mut source);
    assert_eq!(source.error, None);
    judged(source)
}

#[test]
#[ignore = "needs the stand-in's answers, which are kept outside of the repository"]
fn saved_projects_give_the_table_of_a_person() {
    hold("insecure_file", &file("insecure"));
    hold("guide_file", &file("guide"));
}

fn api(variant: &str, signed: Signed) -> SourceFacts {
    let folder = stand_in(variant);
    let read = |name: &str| std::fs::read(folder.join(name)).map_or(Answer::status(404), Answer::json);
    let answers = BTreeMap::from([
        ("/about", read("about.json")),
        ("/project", read("project.json")),
        ("/project?content=serialize", read("project-export.json")),
        ("/project/channels", read("channels.json")),
        ("/project/_iot_gateway/mqtt_clients", read("mqtt_clients.json")),
        ("/project/_iot_gateway/rest_clients", read("rest_clients.json")),
        ("/project/_iot_gateway/rest_servers", read("rest_servers.json")),
        ("/admin", read("admin.json")),
        ("/admin/server_users", read("server_users.json")),
        ("/admin/server_usergroups", read("server_usergroups.json")),
        ("/admin/server_usergroups/Server%20Users/project_permissions", read("project_permissions.json")),
        ("/event_log?limit=100", read("event_log.json")),
    ]);
    let server = Server::fixed(signed, answers);
    match signed {
        Signed::ByRoot => server.review(PASSWORD),
        Signed::ByItself => server.review_with(PASSWORD, &[digest::sha256(server.leaf.der())], None),
    }
}

#[test]
#[ignore = "needs the stand-in's answers, which are kept outside of the repository"]
fn the_api_gives_the_table_of_a_person() {
    for (variant, signed) in [("insecure", Signed::ByItself), ("guide", Signed::ByRoot)] {
        let source = api(variant, signed);
        assert_eq!(source.error, None);
        hold(&format!("{variant}_api"), &judged(source));
    }
}

#[test]
#[ignore = "needs the stand-in's answers, which are kept outside of the repository"]
fn a_binary_project_tells_what_is_known_of_it() {
    for (variant, expected) in [("insecure", State::NotMet), ("guide", State::Met)] {
        let path = stand_in(variant).join("project.opf");
        let mut source = SourceFacts::new("project.opf", SourceKind::ProjectFile, Moment::now());
        project_file::read(std::fs::File::open(&path).unwrap(), &path, &mut source);
        assert_eq!(source.error, None);
        let review = judged(source);
        let state = |id: &str| review.rows.iter().find(|it| it.duty.id == id).unwrap().state;
        assert_eq!(state("5.2.1"), expected);
        assert_eq!(state("note-trust-all"), expected);
        assert_eq!(state("6.2.1"), State::NotVisible, "the agents of MQTT are not read");
        assert_eq!(state("8.4.1"), State::NotMet);
    }
}

#[test]
fn every_duty_has_its_row_and_what_it_needs() {
    let listed: BTreeSet<String> = table().into_iter().skip(1).map(|mut it| it.remove(0)).collect();
    let known: BTreeSet<String> = duties::all().map(|it| it.id.to_owned()).collect();
    assert_eq!(listed, known);
    assert_eq!(duties::all().count(), known.len(), "two duties have one id");
    let mut ids = BTreeMap::new();
    for duty in duties::all() {
        assert!(!duty.title.is_empty() && !duty.cure.is_empty() && !duty.section.is_empty(), "{}", duty.id);
        assert!(!duty.question.is_empty() || !duty.visible_by.is_empty(), "{}", duty.id);
        assert_eq!(matches!(duty.part, Part::Note), duty.section.starts_with("note"), "{}", duty.id);
        for deviation in duty.deviations {
            let is_one =
                ids.insert(deviation.id, std::ptr::from_ref(*deviation)).is_none_or(|it| std::ptr::eq(it, *deviation));
            assert!(is_one && deviation.id.starts_with("kepware-") && !deviation.cure.is_empty(), "{}", deviation.id);
            assert!(deviation.severity > Severity::Info);
        }
    }
}

#[test]
fn duties_stand_in_the_order_of_the_guide() {
    let sections: Vec<Vec<u32>> = duties::all()
        .filter(|it| it.part != Part::Note)
        .map(|it| it.section.split('.').map(|it| it.parse().unwrap()).collect())
        .collect();
    for (one, next) in sections.iter().zip(&sections[1..]) {
        // An extra stands after the clauses of its section.
        let (one, next) = (&one[..one.len().min(2)], &next[..next.len().min(2)]);
        assert!(one <= next, "{one:?} before {next:?}");
    }
}

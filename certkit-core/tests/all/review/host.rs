//! The folder of a host, and settings held against what servers show.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use certkit_core::moment::Moment;
use certkit_core::review::duty::State;
use certkit_core::review::facts::{Facts, Presented, Signer, SourceFacts, SourceKind};
use certkit_core::review::{Review, data_dir, project_file, review};

use super::api::judged;

fn write(folder: &Path, name: &str, text: &str, mode: u32) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
}

fn look(folder: &Path) -> Review {
    let mut source = SourceFacts::new("data", SourceKind::DataFolder, Moment::now());
    data_dir::read(folder, &mut source);
    assert_eq!(source.error, None);
    judged(source)
}

fn state(review: &Review, duty: &str) -> State {
    review.rows.iter().find(|it| it.duty.id == duty).unwrap().state
}

#[test]
fn a_closed_folder_meets_what_an_open_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
    write(
        path,
        "settings.ini",
        "[Other]\nEnabled=0\n[Config API Service]\nEnabled= 1\nAllowInsecureCommunications = 0\n",
        0o600,
    );
    let review = look(path);
    for duty in ["5.1.1", "7.1.2", "3.4-backups", "3.4-samples"] {
        assert_eq!(state(&review, duty), State::Met, "{duty}");
    }
    assert_eq!(state(&review, "6.1-trust"), State::NotVisible);

    write(path, "settings.ini", "[Config API Service]\r\nAllowInsecureCommunications=1\r\n", 0o644);
    write(path, "old.opf.bak", "", 0o600);
    write(path, "simdemo.json", "{}", 0o600);
    write(path, "UA/Server/pki.pem", "-----BEGIN PRIVATE KEY-----\nhush\n", 0o604);
    let review = look(path);
    for duty in ["5.1.1", "7.1.2", "3.4-backups", "3.4-samples"] {
        assert_eq!(state(&review, duty), State::NotMet, "{duty}");
    }
    let rights = review.rows.iter().find(|it| it.duty.id == "5.1.1").unwrap();
    let told = format!("{:?}", rights.findings);
    assert!(told.contains("settings.ini") && told.contains("pki.pem") && !told.contains("hush"), "{told}");
}

#[test]
fn a_project_file_that_lies_about_is_readable_for_whoever_gets_it() {
    let of = |name: &str, content: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        fs::write(folder.path().join(name), content).unwrap();
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o600)).unwrap();
        let review = look(folder.path());
        let row = review.rows.iter().find(|it| it.duty.id == "8.4.1").unwrap();
        (row.state, row.findings.iter().map(|it| it.deviation.id).collect::<Vec<_>>())
    };
    let export = br#"{"project": {"servermain.PROJECT_TITLE": "x"}}"#;
    let binary = [0x62, 0x98, 0x23, 0x44, 0x63, 0x00, 0x05];
    let left = (State::NotMet, vec!["kepware-project-readable"]);
    assert_eq!(of("line3.json", export), left);
    assert_eq!(of("line3.json.old", export), left);
    assert_eq!(of("Line3.OPF", &binary), left);
    for (name, content) in [("a.json", &b"{}"[..]), ("line3.sopf", &binary), ("line3.opf", b"")] {
        assert_eq!(of(name, content), (State::ToConfirm, Vec::new()), "{name}");
    }
}

#[test]
fn folders_are_looked_at_as_files_are() {
    let of = |mode: u32, name: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        write(folder.path(), "UA/Server/cert/readme.txt", "", 0o600);
        for inner in ["UA", "UA/Server", "UA/Server/cert"] {
            fs::set_permissions(folder.path().join(inner), fs::Permissions::from_mode(0o700)).unwrap();
        }
        fs::create_dir_all(folder.path().join(name)).unwrap();
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
        state(&look(folder.path()), "5.1.1")
    };
    for name in ["UA", "UA/Server/cert", "empty", "lists.certkit", "..data"] {
        assert_eq!(of(0o700, name), State::Met, "{name}");
        for mode in [0o777, 0o704, 0o702] {
            assert_eq!(of(mode, name), State::NotMet, "{name} {mode:o}");
        }
    }
}

#[test]
fn a_link_is_as_open_as_what_it_leads_to() {
    let (folder, beside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    write(beside.path(), "line.opf", "", 0o666);
    std::os::unix::fs::symlink(beside.path().join("nothing"), folder.path().join("gone")).unwrap();
    assert_eq!(state(&look(folder.path()), "5.1.1"), State::Met, "a link that leads nowhere opens nothing");
    std::os::unix::fs::symlink(beside.path().join("line.opf"), folder.path().join("line.opf")).unwrap();
    assert_eq!(state(&look(folder.path()), "5.1.1"), State::NotMet);
}

#[test]
fn where_a_step_fails_nothing_is_met() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    // Deeper than is looked, which fails for every user; a folder without rights does not for root.
    let mut path = folder.path().to_owned();
    for _ in 0..40 {
        path.push("d");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    }
    let mut source = SourceFacts::new("data", SourceKind::DataFolder, Moment::now());
    data_dir::read(folder.path(), &mut source);
    assert!(source.error.as_ref().is_some_and(|it| it.contains("inside each other")), "{source:?}");
    let review = judged(source);
    for duty in ["5.1.1", "3.4-backups", "3.4-samples", "6.1-trust", "7.1.2"] {
        assert_eq!(state(&review, duty), State::NotVisible, "{duty}");
    }
    // What falls short does so all the same.
    write(folder.path(), "line.bak", "", 0o604);
    let mut source = SourceFacts::new("data", SourceKind::DataFolder, Moment::now());
    data_dir::read(folder.path(), &mut source);
    let review = judged(source);
    for duty in ["5.1.1", "3.4-backups"] {
        assert_eq!(state(&review, duty), State::NotMet, "{duty}");
    }
}

#[test]
fn what_lies_in_a_folder_of_backups_is_one() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "Backup 2026/line3.opf", "", 0o600);
    write(folder.path(), "Examples/line3.opf", "", 0o600);
    let review = look(folder.path());
    for duty in ["3.4-backups", "3.4-samples"] {
        assert_eq!(state(&review, duty), State::NotMet, "{duty}");
    }
}

#[test]
fn settings_that_are_not_known_are_not_met() {
    let of = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "settings.ini", &format!("[Config API Service]\n{text}"), 0o600);
        state(&look(folder.path()), "7.1.2")
    };
    assert_eq!(of("Enabled=1\nAllowInsecureCommunications=0\n"), State::Met);
    assert_eq!(of("Enabled=0\n"), State::Met);
    for text in ["Enabled=0\nAllowInsecureCommunications=yes\n", "Enabled=off\n", "Enabled=1\n", ""] {
        assert_eq!(of(text), State::NotVisible, "{text}");
    }
}

#[test]
fn a_trust_folder_is_audited_as_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let bad = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/checks/signature-weak-hash/bad.pem");
    write(folder.path(), "UA/Server/cert/weak.pem", &fs::read_to_string(bad).unwrap(), 0o600);
    let review = look(folder.path());
    let row = review.rows.iter().find(|it| it.duty.id == "6.1-trust").unwrap();
    assert_eq!(row.state, State::NotMet, "{row:?}");
    assert!(row.findings.iter().any(|it| it.message.contains("signature-weak-hash")), "{row:?}");
}

#[test]
fn a_folder_that_is_none_is_one_error() {
    let mut source = SourceFacts::new("data", SourceKind::DataFolder, Moment::now());
    data_dir::read(Path::new("/nowhere/at/all"), &mut source);
    assert!(source.is_dead());
}

/// A project with its settings of ThingWorx, and what the platform shows.
fn thingworx(trust_all: bool, self_signed: bool, shown: Option<Signer>) -> Review {
    thingworx_with(trust_all, self_signed, shown.map(|signer| (signer, None)))
}

/// The same with the root that the chain of the platform ends at.
fn thingworx_with(trust_all: bool, self_signed: bool, shown: Option<(Signer, Option<&str>)>) -> Review {
    let text = format!(
        r#"{{"project": {{"servermain.PROJECT_TITLE": "x", "thingworxinterface.ENABLED": true,
            "thingworxinterface.HOSTNAME": "twx.test", "thingworxinterface.PORT": 8443,
            "thingworxinterface.TRUST_ALL_CERTIFICATES": {trust_all},
            "thingworxinterface.ALLOW_SELF_SIGNED_CERTIFICATE": {self_signed}}}}}"#
    );
    let mut project = SourceFacts::new("line.json", SourceKind::ProjectFile, Moment::now());
    project_file::read(text.as_bytes(), Path::new("line.json"), &mut project);
    let mut sources = vec![project];
    if let Some((signer, root)) = shown {
        let mut server = SourceFacts::new("thingworx://twx.test:8443", SourceKind::ThingWorx, Moment::now());
        server.presented = Some(Presented {
            part: None,
            root: root.map(str::to_owned),
            at: "twx.test:8443".to_owned(),
            subject: "CN=twx.test".to_owned(),
            not_after: None,
            signer,
            is_accepted: false,
            objections: Vec::new(),
        });
        sources.push(server);
    }
    review(Facts { sources, minimum: None, moment: Moment::now() }, Default::default())
}

#[test]
fn settings_of_thingworx_are_held_against_what_it_shows() {
    for (self_signed, shown, expected) in [
        (false, None, State::Met),
        (true, None, State::Partly),
        (true, Some(Signer::Itself), State::Met),
        (true, Some(Signer::Authority), State::NotMet),
        (true, Some(Signer::Unknown), State::Partly),
    ] {
        assert_eq!(state(&thingworx(false, self_signed, shown), "note-self-signed"), expected);
    }
    for (signer, is_known) in [(Signer::Authority, true), (Signer::Unknown, false)] {
        let review = thingworx(true, false, Some(signer));
        let row = review.rows.iter().find(|it| it.duty.id == "note-trust-all").unwrap();
        let command = "`certkit fetch thingworx://twx.test:8443 --part ca";
        assert_eq!(row.findings[0].message.contains(command), is_known, "{row:?}");
    }
    // A chain up to a root can be imported, whoever that is.
    let message = |review: &Review, id: &str| {
        let row = review.rows.iter().find(|it| it.duty.id == id).unwrap();
        (row.state, row.findings[0].message.clone())
    };
    let review = thingworx_with(true, true, Some((Signer::Unknown, Some("CN=Plant Root"))));
    for id in ["note-trust-all", "note-self-signed"] {
        let (state, said) = message(&review, id);
        assert!(state == State::NotMet && said.contains("chain up to the CA CN=Plant Root"), "{said}");
    }
}

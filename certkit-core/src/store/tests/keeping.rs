//! Changes are made all or none, whoever is in the way.

use std::fs;

use super::super::*;
use super::change::{Plant, add, apply, author, held};
use crate::moment::Moment;

#[cfg(unix)]
#[test]
fn links_are_followed_and_rights_are_kept() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let plant = Plant::new();
    fs::create_dir(plant.path("real")).unwrap();
    apply(&*plant.open("", "real/b.pem"), vec![add(&plant.root, List::Trusted)]).unwrap();
    fs::set_permissions(plant.path("real/b.pem"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink(plant.path("real/b.pem"), plant.path("link.pem")).unwrap();
    let store = plant.open("", "link.pem");
    apply(&*store, vec![add(&plant.other, List::Trusted)]).unwrap();
    assert!(plant.path("link.pem").symlink_metadata().unwrap().is_symlink());
    assert_eq!(fs::metadata(plant.path("real/b.pem")).unwrap().permissions().mode() & 0o7777, 0o640);
    assert_eq!(held(&*store).len(), 2);
    // Only root may give files away.
    if std::os::unix::fs::chown(plant.path("real/b.pem"), Some(12_345), Some(12_346)).is_ok() {
        use std::os::unix::fs::MetadataExt as _;
        apply(&*store, vec![add(&plant.leaf, List::Trusted)]).unwrap();
        let owner = fs::metadata(plant.path("real/b.pem")).unwrap();
        assert_eq!((owner.uid(), owner.gid(), owner.mode() & 0o7777), (12_345, 12_346, 0o640));
        store.lock(Purpose::Undo).unwrap().unwrap().undo(&author()).unwrap();
    }
    // Both names share one record.
    let locked = plant.open("", "real/b.pem").lock(Purpose::Change).unwrap().unwrap();
    assert_eq!(locked.undo(&author()).unwrap().undoes, Some(2));
    assert_eq!(fs::metadata(plant.path("real/b.pem")).unwrap().permissions().mode() & 0o7777, 0o640);
    symlink("nowhere", plant.path("broken.pem")).unwrap();
    let address = Address::Path { kind: None, path: plant.path("broken.pem") };
    assert!(open(&address, None, Presence::MayBeNew).is_err());
}

#[cfg(unix)]
#[test]
fn a_store_with_keys_is_for_its_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let plant = Plant::new();
    let store = plant.open("", "b.pem");
    apply(&*store, vec![add(&plant.root, List::Trusted)]).unwrap();
    let mode = |name: &str| fs::metadata(plant.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("b.pem"), 0o644);
    apply(&*store, vec![add(&plant.other, List::Trusted)]).unwrap();
    assert_eq!((mode("b.pem.certkit/backup/000002"), mode("b.pem.certkit/backup/000002/0")), (0o700, 0o600));
}

#[cfg(unix)]
#[test]
fn a_file_that_comes_back_has_its_permissions_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let plant = Plant::new();
    let store = plant.open("folder:", "folder");
    apply(&*store, vec![add(&plant.root, List::Trusted)]).unwrap();
    let file =
        fs::read_dir(plant.path("folder")).unwrap().map(|it| it.unwrap().path()).find(|it| it.is_file()).unwrap();
    let mode = || fs::metadata(&file).unwrap().permissions().mode() & 0o7777;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let [member] = <[Member; 1]>::try_from(store.members().unwrap()).unwrap();
    apply(&*store, vec![Step::Remove(member)]).unwrap();
    assert_eq!(
        fs::metadata(plant.path("folder/.certkit/backup/000002/0")).unwrap().permissions().mode() & 0o777,
        0o600
    );
    // Whoever writes into the record does not open the file to everyone.
    let log = plant.path("folder/.certkit/log.jsonl");
    let text = fs::read_to_string(&log).unwrap();
    assert!(text.contains("\"mode\":416"), "{text}");
    let undo = || store.lock(Purpose::Undo).unwrap().unwrap().undo(&author()).unwrap();
    undo();
    assert_eq!(mode(), 0o640);
    fs::remove_dir_all(plant.path("folder/.certkit")).unwrap();
    let [member] = <[Member; 1]>::try_from(store.members().unwrap()).unwrap();
    apply(&*store, vec![Step::Remove(member)]).unwrap();
    let text = fs::read_to_string(&log).unwrap();
    fs::write(&log, text.replace("\"mode\":416", "\"mode\":4095")).unwrap();
    undo();
    assert_eq!(mode(), 0o775);
}

#[test]
fn what_somebody_else_has_changed_is_not_taken_back() {
    let plant = Plant::new();
    let store = plant.open("", "b.pem");
    apply(&*store, vec![add(&plant.root, List::Trusted)]).unwrap();
    let mut text = fs::read(plant.path("b.pem")).unwrap();
    text.extend_from_slice(b"# mine\n");
    fs::write(plant.path("b.pem"), &text).unwrap();
    let undone = store.lock(Purpose::Undo).unwrap().unwrap().undo(&author());
    assert!(matches!(undone, Err(StoreError::ChangedSince { .. })), "{undone:?}");
    assert_eq!(fs::read(plant.path("b.pem")).unwrap(), text);
}

#[test]
fn the_record_outlives_half_a_line() {
    let plant = Plant::new();
    let store = plant.open("", "b.pem");
    apply(&*store, vec![add(&plant.root, List::Trusted)]).unwrap();
    let log = plant.path("b.pem.certkit/log.jsonl");
    let mut text = fs::read_to_string(&log).unwrap();
    assert!(text.contains("\"user\":\"ann\"") && text.contains("certkit.trust-log/1"), "{text}");
    text.push_str("{\"schema\":");
    fs::write(&log, text).unwrap();
    assert_eq!(apply(&*store, vec![add(&plant.other, List::Trusted)]).unwrap().sequence, 2);
    assert_eq!(fs::read_to_string(&log).unwrap().lines().count(), 2);
}

#[test]
fn what_a_killed_certkit_has_begun_is_finished_or_forgotten() {
    let plant = Plant::new();
    let store = plant.open("opcua:", "pki");
    apply(&*store, vec![add(&plant.root, List::Issuer), add(&plant.leaf, List::Trusted)]).unwrap();
    let own = plant.path("pki/.certkit");
    // Killed before the journal: what was staged goes away.
    fs::write(own.join("new-0"), b"half").unwrap();
    drop(store.lock(Purpose::Change).unwrap());
    assert!(!own.join("new-0").exists());
    // Killed between two renames: the second is made.
    let record = fs::read_to_string(own.join("log.jsonl")).unwrap();
    let files: serde_json::Value = serde_json::from_str(&record).unwrap();
    let second = plant.path("pki").join(files["files"][1]["path"].as_str().unwrap());
    fs::rename(&second, own.join("new-1")).unwrap();
    fs::write(own.join("journal.json"), format!("{{\"record\":{}}}", record.trim_end())).unwrap();
    fs::remove_file(own.join("log.jsonl")).unwrap();
    drop(store.lock(Purpose::Change).unwrap());
    assert!(second.is_file() && !own.join("journal.json").exists());
    assert_eq!(fs::read_to_string(own.join("log.jsonl")).unwrap(), record);
    assert_eq!(held(&*store).len(), 2);
}

/// Two files that are changed together, whoever uses them; `saved` is what lay beside them while it was asked whether they
/// are sound.
#[cfg(unix)]
struct Used {
    plant: Plant,
    state_folder: StateFolder,
    saved: Vec<(std::path::PathBuf, Vec<u8>)>,
}

#[cfg(unix)]
impl Used {
    fn new() -> Used {
        let plant = Plant::new();
        fs::create_dir(plant.path("own")).unwrap();
        let files = [plant.path("own/key"), plant.path("own/certificate")];
        files.iter().for_each(|file| fs::write(file, plant.text("old")).unwrap());
        let (state_folder, files) = StateFolder::of_files(&files.each_ref().map(std::path::PathBuf::as_path)).unwrap();
        let edit = |path: &std::path::PathBuf| Edit {
            path: path.clone(),
            after: After::Bytes(plant.text("new").into_bytes().into()),
        };
        let edits: Vec<Edit> = files.iter().map(edit).collect();
        let happened = Happened { action: "renew".to_owned(), is_used: true, ..Happened::default() };
        let saved = std::cell::RefCell::new(Vec::new());
        let refused = || {
            let state = plant.path("own/.certkit");
            for name in ["journal.json", "backup/000001/0", "backup/000001/1"] {
                saved.borrow_mut().push((state.join(name), fs::read(state.join(name)).unwrap()));
            }
            Err(StoreError::NotTakenOver { path: plant.path("own") })
        };
        let committed = state_folder.lock(Purpose::Use).unwrap().commit(&edits, &author(), happened, &refused);
        assert!(matches!(committed, Err(StoreError::NotTakenOver { .. })), "{committed:?}");
        let used = Used { state_folder, saved: saved.take(), plant };
        assert_eq!(
            (used.now(), used.state_folder.is_unfinished().unwrap()),
            (["old", "old"].map(str::to_owned), false)
        );
        used
    }

    fn now(&self) -> [String; 2] {
        ["own/key", "own/certificate"].map(|name| {
            let text = fs::read_to_string(self.plant.path(name)).unwrap();
            let word = ["old", "new", "other"].into_iter().find(|word| self.plant.text(word) == text);
            word.map_or(text, str::to_owned)
        })
    }

    /// As a killed certkit has left it: what lay beside the files, and the files.
    fn killed(&self, is_taken_back: bool, now: [&str; 2]) {
        use std::os::unix::fs::PermissionsExt as _;
        for (path, bytes) in &self.saved {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text = String::from_utf8_lossy(bytes)
                .replace("\"is_taken_back\":false", &format!("\"is_taken_back\":{is_taken_back}"));
            fs::write(path, text).unwrap();
        }
        for folder in ["own/.certkit", "own/.certkit/backup", "own/.certkit/backup/000001"] {
            fs::set_permissions(self.plant.path(folder), fs::Permissions::from_mode(0o700)).unwrap();
        }
        ["own/key", "own/certificate"]
            .iter()
            .zip(now)
            .for_each(|(name, text)| fs::write(self.plant.path(name), self.plant.text(text)).unwrap());
    }
}

#[cfg(unix)]
#[test]
fn a_change_that_was_being_taken_back_is_no_change_that_was_made() {
    let used = Used::new();
    for half in [["new", "new"], ["new", "old"], ["old", "new"], ["old", "old"]] {
        used.killed(true, half);
        assert!(matches!(used.state_folder.undoable(), Err(StoreError::NothingToUndo { .. })));
        let refused = used.state_folder.lock(Purpose::Change);
        assert!(matches!(refused, Err(StoreError::Waiting { .. })), "{refused:?}");
        assert_eq!(used.now(), half);
        let locked = used.state_folder.lock(Purpose::Use).unwrap();
        assert_eq!((locked.files_put_back().count(), locked.files_pending().count()), (2, 0));
        assert_eq!(used.now(), ["old", "old"], "{half:?}");
        assert!(!used.state_folder.is_unfinished().unwrap() && used.state_folder.records().unwrap().is_empty());
    }
    // What somebody else has written meanwhile stays.
    used.killed(true, ["new", "other"]);
    drop(used.state_folder.lock(Purpose::Use).unwrap());
    assert_eq!(used.now(), ["old", "other"]);
}

#[cfg(unix)]
#[test]
fn a_change_that_nobody_has_taken_yet_waits_for_who_settles_it() {
    let used = Used::new();
    used.killed(false, ["new", "new"]);
    assert!(matches!(used.state_folder.lock(Purpose::Change), Err(StoreError::Waiting { .. })));
    // Killed once more before it was settled: it still waits.
    drop(used.state_folder.lock(Purpose::Use).unwrap());
    let mut locked = used.state_folder.lock(Purpose::Use).unwrap();
    assert_eq!((locked.files_pending().count(), locked.files_put_back().count()), (2, 0));
    let more = locked.commit(&[], &author(), Happened::default(), &|| Ok(()));
    assert!(matches!(more, Err(StoreError::Waiting { .. })), "{more:?}");
    let refused = locked.settle(Err(StoreError::NotTakenOver { path: used.plant.path("own") }));
    assert!(matches!(refused, Err(StoreError::NotTakenOver { .. })), "{refused:?}");
    drop(locked);
    assert_eq!((used.now(), used.state_folder.is_unfinished().unwrap()), (["old", "old"].map(str::to_owned), false));

    used.killed(false, ["new", "new"]);
    used.state_folder.lock(Purpose::Use).unwrap().settle(Ok(())).unwrap();
    assert_eq!((used.now()[0].as_str(), used.state_folder.records().unwrap().len()), ("new", 1));
    used.state_folder.lock(Purpose::Undo).unwrap().undo(&author()).unwrap();
    assert_eq!(used.now(), ["old", "old"]);
}

#[test]
fn two_at_once_take_turns() {
    let plant = Plant::new();
    let store = plant.open("", "b.pem");
    let locked = store.lock(Purpose::Change).unwrap();
    std::thread::scope(|scope| {
        let other = scope.spawn(|| apply(&*plant.open("", "b.pem"), vec![add(&plant.root, List::Trusted)]));
        std::thread::sleep(std::time::Duration::from_millis(100));
        assert!(!plant.path("b.pem").exists(), "it has not waited");
        drop(locked);
        assert!(other.join().unwrap().is_some());
    });
    assert!(plant.path("b.pem").exists());
}

#[test]
fn a_damaged_store_is_not_written() {
    let plant = Plant::new();
    fs::write(plant.path("s.jks"), b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x09").unwrap();
    let store = plant.open("", "s.jks");
    let change = Change { steps: vec![add(&plant.root, List::Trusted)], moment: Moment::now() };
    assert!(matches!(store.edits(&change), Err(StoreError::Container { .. })));
    assert!(store.members().is_err());
}

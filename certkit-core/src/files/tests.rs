//! Several files are written all or none, over whatever stands there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::*;

/// Files that are to be written, each with this text.
fn batch<'a>(files: &[(PathBuf, Readers, Existing)]) -> Batch<'a> {
    let mut batch = Batch::new();
    for (path, readers, existing) in files {
        batch.add(path.clone(), *readers, *existing, Zeroizing::new(b"new".to_vec()));
    }
    batch
}

/// Everything in a folder, with its text, and where links lead.
fn all(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if let Ok(target) = fs::read_link(&path) {
            found.push((path, target.display().to_string()));
        } else if path.is_dir() {
            found.push((path.clone(), "a folder".to_owned()));
            found.extend(all(&path));
        } else {
            found.push((path.clone(), fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
    found
}

use Existing::{Keep, Replace};
use Readers::{Owner, Usual};

#[test]
fn a_rename_that_fails_takes_back_the_ones_before() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("index"), "old").unwrap();
    fs::write(at("list"), "old").unwrap();
    let before = all(folder.path());
    let files = [(at("new/key"), Owner, Keep), (at("index"), Usual, Replace), (at("list"), Usual, Replace)];
    let staged = batch(&files).stage().unwrap();
    // Somebody else is quicker.
    fs::remove_file(at("list")).unwrap();
    fs::create_dir(at("list")).unwrap();
    assert!(matches!(staged.place(), Err(Error::Write { path, .. }) if path == at("list")));
    fs::remove_dir(at("list")).unwrap();
    fs::write(at("list"), "old").unwrap();
    assert_eq!(all(folder.path()), before);
}

#[test]
fn what_somebody_else_has_put_there_meanwhile_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let staged = batch(&[(at("key"), Owner, Keep), (at("certificate"), Usual, Keep)]).stage().unwrap();
    fs::write(at("certificate"), "theirs").unwrap();
    assert!(matches!(staged.place(), Err(Error::Kept { path }) if path == at("certificate")));
    assert_eq!(all(folder.path()), [(at("certificate"), "theirs".to_owned())]);
}

#[test]
fn what_fails_before_it_is_in_place_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file"), "old").unwrap();
    let before = all(folder.path());
    drop(batch(&[(at("a/b/key"), Owner, Keep), (at("file"), Usual, Replace)]).stage().unwrap());
    assert_eq!(all(folder.path()), before);
    let below_file = [(at("a/key"), Owner, Keep), (at("file/x"), Usual, Keep)];
    assert!(matches!(batch(&below_file).write(), Err(Error::Make { .. })));
    let mut failing = batch(&[(at("a/key"), Owner, Keep)]);
    failing.add_with(at("b/half"), Usual, Keep, |file| {
        file.write_all(b"half")?;
        Err(io::ErrorKind::StorageFull.into())
    });
    assert!(matches!(failing.write(), Err(Error::Write { path, .. }) if path == at("b/half")));
    for (files, is_so) in [
        (vec![(at("file"), Usual, Keep)], (|error| matches!(error, Error::Kept { .. })) as fn(&Error) -> bool),
        (vec![(folder.path().to_owned(), Usual, Replace)], |error| matches!(error, Error::Folder { .. })),
        (vec![(at("x/./both"), Usual, Keep), (at("x/both"), Usual, Keep)], |error| {
            matches!(error, Error::Twice { .. })
        }),
        (vec![(at("file"), Usual, Replace), (at("./file"), Owner, Replace)], |error| {
            matches!(error, Error::Twice { .. })
        }),
    ] {
        let error = batch(&files).write().unwrap_err();
        assert!(is_so(&error), "{error:?}");
    }
    assert_eq!(all(folder.path()), before);
}

#[test]
fn many_files_of_many_folders_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = (0..1_200).map(|at| (folder.path().join(format!("{}/{at}", at % 3)), Usual, Keep)).collect();
    batch(&files).write().unwrap();
    let found = all(folder.path());
    assert_eq!(found.iter().filter(|(_, text)| text == "new").count(), 1_200);
    assert_eq!(found.len(), 1_203);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn links_modes_owner_and_group_stay() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("real")).unwrap();
        for (name, mode) in [("real/key", 0o644), ("real/group", 0o640), ("real/list", 0o604)] {
            fs::write(at(name), "old").unwrap();
            fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        symlink("real/list", at("one")).unwrap();
        symlink(at("one"), at("two")).unwrap();
        symlink("real/absent", at("new")).unwrap();
        // Only root may give files away.
        let is_root = rustix::process::geteuid().is_root();
        if is_root {
            std::os::unix::fs::chown(at("real/list"), Some(4321), Some(1234)).unwrap();
        }
        let owner = |path: &Path| (fs::metadata(path).unwrap().uid(), fs::metadata(path).unwrap().gid());
        let before = owner(&at("real/list"));
        let files = [
            (at("real/key"), Owner, Replace),
            (at("real/group"), Owner, Replace),
            (at("two"), Usual, Replace),
            (at("new"), Owner, Replace),
        ];
        // Put back, they are as they were as well.
        let staged = batch(&files).stage().unwrap();
        fs::create_dir(at("real/absent")).unwrap();
        assert!(staged.place().is_err());
        fs::remove_dir(at("real/absent")).unwrap();
        assert_eq!((mode(&at("real/key")), mode(&at("real/list"))), (0o644, 0o604));
        assert_eq!(owner(&at("real/list")), before);
        assert_eq!(fs::read_to_string(at("two")).unwrap(), "old");
        batch(&files).write().unwrap();
        assert!(at("one").is_symlink() && at("two").is_symlink() && at("new").is_symlink());
        assert!(files.iter().all(|(path, ..)| fs::read_to_string(path).unwrap() == "new"));
        // A secret is no longer for everyone.
        let modes = ["real/key", "real/group", "real/list", "real/absent"].map(|name| mode(&at(name)));
        assert_eq!(modes, [0o600, 0o640, 0o604, 0o600]);
        assert_eq!(owner(&at("real/list")), before);
        assert_eq!(all(&at("real")).len(), 4);
    }

    /// What a folder holds but for certkit's own files, and how many of these there are.
    fn apart(folder: &Path) -> (Vec<(PathBuf, String)>, usize) {
        let (own, others): (Vec<_>, Vec<_>) =
            all(folder).into_iter().partition(|(path, _)| is_unfinished(path.file_name().unwrap()));
        (others, own.len())
    }

    #[test]
    fn a_run_that_is_killed_is_finished_or_cleared_away_by_the_next() {
        let names = ["private/key", "index", "list", "certs/new"];
        // Killed before the list of files is written, then after so many renames of four.
        for renames in [None, Some(0), Some(1), Some(2), Some(3), Some(4)] {
            for next in ["private/other", "certs/other", "other"] {
                let folder = tempfile::tempdir().unwrap();
                let at = |name: &str| folder.path().join(name);
                for name in ["private/key", "index", "list", "certs/x"] {
                    fs::create_dir_all(at(name).parent().unwrap()).unwrap();
                    fs::write(at(name), "old").unwrap();
                }
                let before = all(folder.path());
                let files: Vec<_> = names.iter().map(|name| (at(name), Usual, Replace)).collect();
                let mut staged = batch(&files).stage().unwrap();
                if let Some(count) = renames {
                    staged.list().unwrap();
                    staged.rename(count).unwrap();
                }
                staged.die();
                let (_, left) = apart(folder.path());
                assert!(left > 0, "{renames:?}");
                let settled = batch(&[(at(next), Usual, Keep)]).write().unwrap();
                fs::remove_file(at(next)).unwrap();
                let (now, left) = apart(folder.path());
                match renames {
                    None => {
                        assert_eq!(now, before);
                        assert!(settled.cleared > 0 && settled.finished.is_empty(), "{settled:?}");
                    }
                    Some(count) => {
                        assert!(names.iter().all(|name| fs::read_to_string(at(name)).unwrap() == "new"), "{count}");
                        assert_eq!((settled.finished.len(), settled.kept.len()), (4 - count, 0), "{settled:?}");
                    }
                }
                assert!(settled.doubtful.is_empty());
                // A folder that nobody has written into since keeps what waits there; nothing else is left.
                assert!(left == 0 || renames.is_none(), "{left}");
                for name in ["private/other", "certs/other", "other"] {
                    batch(&[(at(name), Usual, Keep)]).write().unwrap();
                }
                assert_eq!(apart(folder.path()).1, 0);
            }
        }
    }

    #[test]
    fn a_lock_finishes_what_a_killed_run_has_begun_before_anything_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("index"), "old").unwrap();
        let mut staged = batch(&[(at("key"), Owner, Keep), (at("index"), Usual, Replace)]).stage().unwrap();
        staged.list().unwrap();
        staged.rename(1).unwrap();
        staged.die();
        let lock = FileLock::named(folder.path(), "lock".as_ref(), Duration::ZERO).unwrap();
        assert_eq!(lock.settled().finished, [at("index")]);
        assert_eq!(fs::read_to_string(at("index")).unwrap(), "new");
    }

    #[test]
    fn what_was_changed_since_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("list"), "old").unwrap();
        let files = [(at("key"), Owner, Keep), (at("list"), Usual, Replace), (at("new"), Usual, Keep)];
        let mut staged = batch(&files).stage().unwrap();
        staged.list().unwrap();
        staged.rename(1).unwrap();
        staged.die();
        for name in ["list", "new"] {
            fs::write(at(name), "theirs").unwrap();
        }
        let settled = batch(&[(at("other"), Usual, Keep)]).write().unwrap();
        assert_eq!((settled.finished.len(), settled.kept), (0, vec![at("list"), at("new")]));
        let (now, left) = apart(folder.path());
        assert_eq!(left, 0);
        let theirs = now.iter().filter(|(_, text)| text == "theirs").count();
        assert_eq!((now.len(), theirs), (4, 2));
    }

    #[test]
    fn a_run_that_lives_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mut staged = batch(&[(at("a"), Owner, Keep), (at("sub/b"), Usual, Keep)]).stage().unwrap();
        for name in ["c", "sub/d"] {
            assert_eq!(batch(&[(at(name), Usual, Keep)]).write().unwrap(), Settled::default());
        }
        staged.list().unwrap();
        staged.rename(1).unwrap();
        assert_eq!(batch(&[(at("sub/e"), Usual, Keep)]).write().unwrap(), Settled::default());
        staged.place().unwrap();
        assert_eq!(apart(folder.path()), (all(folder.path()), 0));
    }

    #[test]
    fn notes_that_came_from_elsewhere_move_nothing() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        fs::write(at("profile"), "mine").unwrap();
        let mut staged = batch(&[(at("x/key"), Owner, Keep), (at("x/list"), Usual, Keep)]).stage().unwrap();
        staged.list().unwrap();
        staged.die();
        // Unpacked elsewhere, with the paths that belong there and a file that shall be replaced.
        let own: Vec<_> =
            all(&at("x")).into_iter().map(|(path, text)| (path.file_name().unwrap().to_owned(), text)).collect();
        fs::remove_dir_all(at("x")).unwrap();
        for (name, text) in &own {
            let text = text.replace("/x\"", "\"").replace("\"list\"", "\"profile\"");
            let here = home.path().canonicalize().unwrap();
            let bytes = |path: &Path| format!("{:?}", path.as_os_str().as_encoded_bytes()).replace(' ', "");
            let list = format!("{:?}", b"list").replace(' ', "");
            let profile = format!("{:?}", b"profile").replace(' ', "");
            let text = text.replace(&bytes(&here.join("x")), &bytes(&here)).replace(&list, &profile);
            fs::write(at(name.to_str().unwrap()), text).unwrap();
        }
        let settled = batch(&[(at("other"), Usual, Keep)]).write().unwrap();
        assert_eq!((settled.doubtful.len(), settled.finished.len(), settled.cleared), (1, 0, 0), "{settled:?}");
        assert_eq!(fs::read_to_string(at("profile")).unwrap(), "mine");
        assert!(!at("key").exists());
        // Nor does what is no list, or is another user's.
        for (name, _) in &own {
            fs::remove_file(at(name.to_str().unwrap())).unwrap();
        }
        for odd in ["{\"set\":[{}]}", "{\"beside\":{\"Unix\":[47,101,116,99]}}", "[[[[", "{\"set\":[]}"] {
            fs::write(at(".certkit-00000000000000aa"), odd).unwrap();
            fs::write(at(".certkit-00000000000000aa-0"), "x").unwrap();
            symlink("profile", at(".certkit-00000000000000aa-1")).unwrap();
            batch(&[(at("another"), Usual, Replace)]).write().unwrap();
            assert_eq!(fs::read_to_string(at("profile")).unwrap(), "mine");
            let _ = fs::remove_file(at(".certkit-00000000000000aa-1"));
        }
    }

    #[test]
    fn secrets_are_born_so() {
        let folder = tempfile::tempdir().unwrap();
        let (tree, private) = (folder.path().to_owned(), folder.path().join("own/private"));
        let mut secret = Batch::new();
        let seen = std::rc::Rc::new(std::cell::Cell::new(0));
        let (look, at) = (seen.clone(), private.clone());
        secret.add_with(private.join("key"), Owner, Keep, move |file| {
            file.write_all(b"secret")?;
            let modes = fs::read_dir(&at)?.map(|entry| mode(&entry.unwrap().path()));
            look.set(modes.max().unwrap_or_default());
            Ok(())
        });
        secret.write().unwrap();
        assert_eq!((seen.get(), mode(&private), mode(&private.join("key"))), (0o600, 0o700, 0o600));
        assert_eq!(all(&tree).len(), 3);
    }

    #[test]
    fn devices_and_pipes_are_written_into() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        symlink("pipe", &link).unwrap();
        let read = pipe.clone();
        let reader = std::thread::spawn(move || fs::read_to_string(read).unwrap());
        batch(&[(link, Usual, Replace), ("/dev/null".into(), Usual, Replace)]).write().unwrap();
        assert_eq!(reader.join().unwrap(), "new");
        let full = batch(&[(folder.path().join("file"), Usual, Replace), ("/dev/full".into(), Usual, Replace)]).write();
        assert!(full.is_err() || !cfg!(target_os = "linux"));
        assert_eq!(folder.path().join("file").exists(), full.is_ok());
        let special = read_regular(&pipe);
        assert!(matches!(special, Err(Error::Refused { doubt: Doubt::NoFile, .. })), "{special:?}");
    }

    fn read_regular(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        read(path, 1 << 10)
    }

    #[test]
    fn links_that_lead_nowhere_or_in_a_circle_are_no_absent_files() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        symlink("circle", at("circle")).unwrap();
        symlink("nowhere", at("broken")).unwrap();
        assert!(matches!(batch(&[(at("circle"), Usual, Replace)]).write(), Err(Error::Circle { .. })));
        assert!(matches!(batch(&[(at("broken"), Usual, Keep)]).write(), Err(Error::Kept { .. })));
        assert!(matches!(read_regular(&at("circle")), Err(Error::Circle { .. })));
        assert!(matches!(read_regular(&at("broken")), Err(Error::Write { .. })));
        assert!(matches!(read_regular(&at("absent")), Ok(None)));
    }

    #[test]
    fn what_is_planted_in_a_folder_for_everyone_is_not_touched() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("tmp")).unwrap();
        fs::write(at("victim"), "mine").unwrap();
        symlink(at("victim"), at("tmp/link")).unwrap();
        symlink(at("tmp/link"), at("mine")).unwrap();
        fs::write(at("tmp/file"), "theirs").unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, at("tmp/pipe"), rustix::fs::FileType::Fifo, 0o666.into(), 0).unwrap();
        for name in ["tmp/link", "tmp/file", "tmp/pipe"] {
            std::os::unix::fs::lchown(at(name), Some(4321), Some(4321)).unwrap();
        }
        let before = |mode| {
            fs::set_permissions(at("tmp"), fs::Permissions::from_mode(mode)).unwrap();
            ["tmp/link", "tmp/file", "tmp/pipe", "mine"]
                .map(|name| batch(&[(at(name), Owner, Replace)]).stage().map(drop))
        };
        for refused in before(0o1777) {
            assert!(matches!(refused, Err(Error::Refused { doubt: Doubt::Planted, .. })), "{refused:?}");
        }
        assert!(matches!(read(&at("tmp/link"), 10), Err(Error::Refused { .. })));
        assert_eq!(fs::read_to_string(at("victim")).unwrap(), "mine");
        // Nor is a folder reached through such a link.
        fs::create_dir_all(at("etc/sub")).unwrap();
        symlink(at("etc"), at("tmp/dir")).unwrap();
        std::os::unix::fs::lchown(at("tmp/dir"), Some(4321), Some(4321)).unwrap();
        for name in ["tmp/dir/new", "tmp/dir/sub/new", "tmp/dir/made/new"] {
            let refused = batch(&[(at(name), Owner, Keep)]).write();
            assert!(matches!(refused, Err(Error::Refused { doubt: Doubt::Planted, .. })), "{name}: {refused:?}");
        }
        assert_eq!(all(&at("etc")), [(at("etc/sub"), "a folder".to_owned())]);
        assert!(before(0o755).iter().all(Result::is_ok));
    }
}

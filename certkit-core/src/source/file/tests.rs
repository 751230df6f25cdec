//! Files and folders as they are found on disk.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use super::folder::DEPTH;
use super::*;
use crate::container::{Block, Foreign, pem};
use crate::store::roots;

fn root(number: usize) -> Vec<u8> {
    roots::mozilla().nth(number).unwrap().to_vec()
}

fn block(number: usize) -> String {
    pem::encode("CERTIFICATE", &root(number))
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// One line for each entry: its path within the folder, and what became of it.
fn listing(path: &Path) -> Vec<String> {
    let line = |visited: Visited| {
        let name = visited.path.strip_prefix(path).unwrap().display().to_string().replace('\\', "/");
        match visited.outcome {
            Outcome::Read(contents) => format!("{name}: {}", contents.items.len()),
            Outcome::PassedOver(reason) => format!("{name}: passed over: {reason}"),
            Outcome::Failed(error) => format!("{name}: {}", error.word()),
        }
    };
    read_folder(path).unwrap().map(line).collect()
}

#[test]
fn content_decides_and_not_the_name() {
    let folder = folder(&[("a.txt", &root(0)), ("b.der", block(1).as_bytes())]);
    assert_eq!(&*read_file(&folder.path().join("a.txt")).unwrap().items[0].der, root(0));
    assert_eq!(&*read_file(&folder.path().join("b.der")).unwrap().items[0].der, root(1));
}

#[test]
fn every_failure_has_its_word_and_names_the_path() {
    let folder = folder(&[
        ("text", b"Hello"),
        ("damaged.pem", b"-----BEGIN CERTIFICATE-----\nAA!A\n-----END CERTIFICATE-----"),
        ("empty", b""),
        ("store", b"\xfe\xed\xfe\xed\0\0\0\x02"),
    ]);
    let path = |name: &str| folder.path().join(name);
    for (name, word) in [
        ("missing", "not_found"),
        ("missing/inside", "not_found"),
        ("", "read_failed"),
        ("text", "no_certificate_found"),
        ("empty", "no_certificate_found"),
        ("damaged.pem", "bad_pem"),
        ("store", "bad_jks"),
    ] {
        let error = read_file(&path(name)).unwrap_err();
        assert_eq!(error.word(), word, "{name}");
        assert_eq!(error.path(), path(name), "{name}");
        assert!(error.to_string().starts_with(&*path(name).to_string_lossy()), "{error}");
    }
    assert!(matches!(read_file(folder.path()), Err(FileError::Folder { .. })));
    assert!(matches!(walk(&path("text")), Err(FileError::NotFolder { .. })));
    assert!(matches!(walk(&path("missing")), Err(FileError::NotFound { .. })));
    let source = std::error::Error::source(&read_file(&path("text")).unwrap_err()).unwrap().to_string();
    assert_eq!(source, format!("this is {}; expected a certificate in PEM or DER form", Foreign::Text));
}

#[test]
fn folders_are_read_in_the_order_of_names_with_a_reason_for_every_file() {
    let folder = folder(&[
        ("b/2.der", &root(2)),
        ("b/1.pem", (block(0) + &block(1)).as_bytes()),
        ("a.pem", block(0).as_bytes()),
        ("b/deep/README.md", b"# Certificates\n"),
        ("c.html", b"<html>"),
        ("broken.pem", b"-----BEGIN CERTIFICATE-----\nMII"),
        ("store.jks", b"\xfe\xed\xfe\xed\0\0\0\x02"),
    ]);
    assert_eq!(
        listing(folder.path()),
        [
            "a.pem: 1",
            "b/1.pem: 2",
            "b/2.der: 1",
            "b/deep/README.md: passed over: this is text without a PEM block (-----BEGIN CERTIFICATE-----); \
             expected a certificate in PEM or DER form",
            "broken.pem: bad_pem",
            "c.html: passed over: this is an HTML page; expected a certificate in PEM or DER form",
            "store.jks: bad_jks",
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_never_in_a_circle() {
    use std::os::unix::fs::symlink;
    let other = folder(&[("linked.pem", block(3).as_bytes())]);
    let folder = folder(&[("real/a.pem", block(0).as_bytes())]);
    let path = |name: &str| folder.path().join(name);
    symlink("real/a.pem", path("hash.0")).unwrap();
    symlink(other.path(), path("other")).unwrap();
    symlink("..", path("real/up")).unwrap();
    symlink("nowhere", path("dangling")).unwrap();
    symlink("myself", path("myself")).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
    assert_eq!(
        listing(folder.path()),
        [
            "dangling: broken_symlink",
            "hash.0: 1",
            "myself: broken_symlink",
            "other/linked.pem: 1",
            "real/a.pem: 1",
            "real/up: passed over: a link to a folder that was already read",
            "socket: passed over: not a regular file",
        ]
    );
    drop(socket);
    assert!(matches!(read_file(&path("dangling")), Err(FileError::BrokenSymlink { .. })));
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_survive() {
    use std::os::unix::ffi::OsStringExt as _;
    let folder = folder(&[]);
    let name = OsString::from_vec(b"S\xfcd\x1b[2J.pem".to_vec());
    fs::write(folder.path().join(&name), block(0)).unwrap();
    let visited: Vec<_> = read_folder(folder.path()).unwrap().collect();
    assert_eq!(visited[0].path.file_name(), Some(&*name));
    assert!(matches!(&visited[0].outcome, Outcome::Read(contents) if contents.items.len() == 1));
    let error = FileError::NotFound { path: name.into() };
    assert_eq!(error.to_string(), "S\u{fffd}d\\u{1b}[2J.pem: there is no such file or folder");
}

#[test]
fn folders_beyond_the_bound_are_not_entered() {
    let deep: PathBuf = std::iter::repeat_n("d", DEPTH + 3).collect();
    let folder = folder(&[(deep.join("a.pem").to_str().unwrap(), block(0).as_bytes())]);
    let visited: Vec<_> = read_folder(folder.path()).unwrap().collect();
    assert!(matches!(&visited[..], [Visited { outcome: Outcome::Failed(FileError::Depth { .. }), .. }]));
}

#[test]
fn streams_are_read_up_to_the_bound() {
    let contents = read_stream(block(0).as_bytes(), Path::new("-")).unwrap();
    assert_eq!(&*contents.items[0].der, root(0));
    // Text of several sizes, so that the buffer grows.
    for lines in [0, 1, 4094, 4095, 4096, 4097, 100_000] {
        let text = "\n".repeat(lines) + &block(0);
        assert!(
            read_bounded(text.as_bytes(), 0, text.len() as u64, Path::new("-"), Passwords::NONE).is_ok(),
            "{lines}"
        );
        let error =
            read_bounded(text.as_bytes(), 0, text.len() as u64 - 1, Path::new("-"), Passwords::NONE).unwrap_err();
        assert!(matches!(error, FileError::TooLarge { .. }), "{lines}");
    }
    let endless = io::repeat(b'\n');
    assert!(matches!(
        read_bounded(endless, 0, 1 << 20, Path::new("-"), Passwords::NONE),
        Err(FileError::TooLarge { .. })
    ));
}

#[test]
fn bundles_are_read_one_by_one() {
    let folder = folder(&[("bundle.pem", (0..100).map(block).collect::<String>().as_bytes())]);
    let blocks = open_bundle(&folder.path().join("bundle.pem")).unwrap();
    let ders = blocks.map(|block| match block.unwrap() {
        Block::Item(item) => item.der.to_vec(),
        Block::Skipped(skipped) => panic!("{skipped}"),
    });
    assert!(ders.eq((0..100).map(root)));
    assert!(matches!(open_bundle(folder.path()), Err(FileError::Folder { .. })));
    assert!(matches!(open_bundle(&folder.path().join("none")), Err(FileError::NotFound { .. })));
}

#[test]
fn what_certkit_keeps_of_stores_is_passed_over() {
    let block = block(0);
    let bytes = block.as_bytes();
    let folder = folder(&[
        ("a.certkit", bytes),
        ("b.pem", bytes),
        ("b.pem.certkit/backup/000001/0", bytes),
        (".certkit/backup/000001/0", bytes),
    ]);
    let names = |path: &Path| {
        let visited: Vec<_> = read_folder(path).unwrap().collect();
        visited.iter().map(|it| it.path.file_name().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(folder.path()), ["a.certkit", "b.pem"]);
    // Who names such a folder means it.
    assert_eq!(names(&folder.path().join("b.pem.certkit")), ["0"]);
}

#[cfg(unix)]
fn fifo(path: &Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_never_opened() {
    let folder = folder(&[("a.pem", block(0).as_bytes())]);
    let path = |name: &str| folder.path().join(name);
    fifo(&path("fifo"));
    for (link, target) in
        [("zero", "/dev/zero"), ("terminal", "/dev/tty"), ("linked", "fifo"), ("handed", "/dev/stdin")]
    {
        std::os::unix::fs::symlink(target, path(link)).unwrap();
    }
    let socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
    // Each of these would wait for ever, or read without end, were it opened.
    let special = |result: Result<(), FileError>| matches!(result, Err(FileError::Special { .. }));
    for name in ["fifo", "zero", "linked", "socket"] {
        assert!(special(read_file(&path(name)).map(drop)), "{name}");
        assert!(special(read_anchors(&path(name), None).map(drop)), "{name}");
        assert!(special(read_bytes(&path(name)).map(drop)), "{name}");
        assert!(special(read_text(&path(name), 10).map(drop)), "{name}");
        assert!(special(read_start(&path(name), 10).map(drop)), "{name}");
        assert!(special(open_bundle(&path(name)).map(drop)), "{name}");
        assert!(special(open(&path(name)).map(drop)), "{name}");
        // Where a list of names is read, it counts as something that could not be.
        assert!(matches!(visit(path(name)).outcome, Outcome::Failed(FileError::Special { .. })), "{name}");
    }
    let passed_over = |visited: &Visited| matches!(visited.outcome, Outcome::PassedOver(PassedOver::Special));
    let visited: Vec<_> = read_folder(folder.path()).unwrap().collect();
    assert!(visited.iter().filter(|it| passed_over(it)).count() >= 5, "{visited:?}");
    drop(socket);
}

#[cfg(unix)]
#[test]
fn what_the_shell_has_handed_over_is_read_as_a_stream() {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    let (reader, mut writer) = io::pipe().unwrap();
    writer.write_all(block(0).as_bytes()).unwrap();
    drop(writer);
    let contents = read_file(Path::new(&format!("/dev/fd/{}", reader.as_raw_fd()))).unwrap();
    assert_eq!(&*contents.items[0].der, root(0));
    let zero = File::open("/dev/zero").unwrap();
    let read = read_bytes_within(Path::new(&format!("/dev/fd/{}", zero.as_raw_fd())), 1 << 20);
    assert!(matches!(read, Err(FileError::TooLarge { .. })));
}

#[test]
fn bounds_hold_and_are_said() {
    let folder = folder(&[("text", b"twelve bytes")]);
    let path = folder.path().join("text");
    assert_eq!(read_text(&path, 12).unwrap().as_str(), "twelve bytes");
    assert_eq!(read_start(&path, 6).unwrap(), b"twelve");
    let error = |limit| read_bytes_within(&path, limit).unwrap_err();
    assert!(matches!(error(11), FileError::TooLarge { limit: 11, .. }));
    let said = FileError::TooLarge { path: "x".into(), limit: 64 << 10 }.to_string();
    assert_eq!(said, "x: larger than 64 KiB, the limit for such a file");
    // What has no bytes behind its size is refused by that size, before room is made.
    File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    assert!(matches!(read_file(&path), Err(FileError::TooLarge { limit: LIMIT, .. })));
}

#[cfg(unix)]
#[test]
fn a_volume_that_kubernetes_mounts_counts_once() {
    use std::os::unix::fs::symlink;
    let folder = folder(&[("..2026_11_29/tls.crt", block(0).as_bytes())]);
    symlink("..2026_11_29", folder.path().join("..data")).unwrap();
    symlink("..data/tls.crt", folder.path().join("tls.crt")).unwrap();
    assert_eq!(listing(folder.path()), ["tls.crt: 1"]);
    // Without that link nothing is left out.
    fs::remove_file(folder.path().join("..data")).unwrap();
    fs::remove_file(folder.path().join("tls.crt")).unwrap();
    assert_eq!(listing(folder.path()), ["..2026_11_29/tls.crt: 1"]);
}

//! What commands write: all or nothing, over links, permissions and owners that stay, whoever else writes as well.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

struct Bench {
    folder: TempDir,
}

impl Bench {
    /// With a CA in `ca` whose key is not encrypted, a certificate `a.pem` of it with its key, and a request.
    fn new() -> Bench {
        let bench = Bench { folder: tempfile::tempdir().unwrap() };
        bench.done("generate ca --name Root --key-type ec:p256 --no-password -o ca");
        bench.done("generate client --name a --key-type ec:p256 --issuer ca --cert-out a.pem --key-out a.key");
        bench.done("request client --name b --key a.key -o b.csr");
        bench
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        command.current_dir(self.folder.path()).stdin(Stdio::null()).args(line.split_whitespace());
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    fn start(&self, line: &str) -> Child {
        self.command(line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs certkit, which has to succeed, with warnings or without.
    fn done(&self, line: &str) {
        let output = self.run(line);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{line}: {output:?}");
    }

    /// Runs certkit, which has to refuse within a moment and to change nothing.
    fn refused(&self, line: &str, because: &str) {
        let before = self.files();
        let start = Instant::now();
        let mut child = self.command(line).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        while child.try_wait().unwrap().is_none() && start.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{line}: {stderr}");
        assert!(stderr.contains(because), "{line}: {because} is missing in {stderr}");
        assert_eq!(self.files(), before, "{line}");
    }

    /// Every file below the folder with its bytes.
    fn files(&self) -> BTreeSet<(PathBuf, Vec<u8>)> {
        fn walk(folder: &Path, found: &mut BTreeSet<(PathBuf, Vec<u8>)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let is_file = path.is_file();
                if path.is_dir() {
                    walk(&path, found);
                }
                let bytes = if is_file { fs::read(&path).unwrap() } else { Vec::new() };
                found.insert((path, bytes));
            }
        }
        let mut found = BTreeSet::new();
        walk(self.folder.path(), &mut found);
        found
    }

    fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.at(name)).unwrap().mode() & 0o7777
    }
}

/// Every command that writes a file that is named, each with that name.
const WRITERS: [(&str, &str); 10] = [
    ("out.p7b", "convert a.pem -o out.p7b --force"),
    ("keyed.pem", "convert a.pem a.key -o keyed.pem --force"),
    ("c.pem", "generate client --name c --key-type ec:p256 --issuer ca --cert-out c.pem --key-out c.key --force"),
    ("c.key", "generate client --name c --key-type ec:p256 --issuer ca --cert-out c.pem --key-out c.key --force"),
    ("d.csr", "request client --name d --key a.key -o d.csr --force"),
    ("b.pem", "sign b.csr --issuer ca --cert-out b.pem --force"),
    ("a2.pem", "renew a.pem --issuer ca --cert-out a2.pem --force"),
    ("plant.crl", "revoke --issuer ca --crl plant.crl"),
    ("ca/index.pem", "sign b.csr --issuer ca --cert-out b2.pem --force"),
    ("r.csv", "expiry a.pem -o r.csv"),
];

#[test]
fn links_permissions_and_owners_stay() {
    let bench = Bench::new();
    bench.done("trust export ca/ca.pem -o export.pem");
    fs::create_dir(bench.at("real")).unwrap();
    let is_root = fs::metadata(bench.at("real")).unwrap().uid() == 0;
    for (name, line) in WRITERS.into_iter().chain([("export.pem", "trust export ca/ca.pem -o export.pem --force")]) {
        bench.done(line);
        let (named, real) = (bench.at(name), bench.at("real").join(name.replace('/', "-")));
        fs::rename(&named, &real).unwrap();
        symlink(&real, &named).unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        if is_root {
            chown(&real, Some(4321), Some(1234)).unwrap();
        }
        let before = fs::metadata(&real).unwrap();
        bench.done(line);
        let after = fs::metadata(&real).unwrap();
        assert!(named.is_symlink(), "{line}: the link was replaced");
        assert_ne!(before.ino(), after.ino(), "{line}: not a new file in the place of the old one");
        let rights = |it: &fs::Metadata| (it.mode() & 0o7777, it.uid(), it.gid());
        assert_eq!(rights(&after), rights(&before), "{line}");
    }
    let left: Vec<_> = bench.files().into_iter().map(|(path, _)| path).collect();
    assert!(left.iter().all(|it| !it.file_name().unwrap().to_string_lossy().starts_with(".certkit-")), "{left:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_takes_nothing_leaves_the_others_as_they_were() {
    let bench = Bench::new();
    fs::write(bench.at("new.key"), "mine").unwrap();
    // Not even root makes files there.
    for line in [
        "generate client --name c --key-type ec:p256 --issuer ca --key-out new.key --cert-out /proc/c.pem --force",
        "generate client --name c --key-type ec:p256 --issuer ca --key-out below/new.key --cert-out /proc/c.pem",
        "request client --name c --key-type ec:p256 --key-out new.key -o /proc/c.csr --force",
        "renew a.pem --issuer ca --rekey --key-out new.key --cert-out /proc/c.pem --force",
        "sign b.csr --issuer ca --cert-out b.pem --chain-out /proc/b.pem",
        "sign b.csr --issuer ca -o a.key/x",
        "revoke a.pem --issuer ca --crl /proc/ca.crl",
        "convert a.pem -o /proc/a.p7b",
        "trust export ca/ca.pem -o /proc/a.pem",
        "expiry a.pem -o r.csv -o /proc/r.json",
    ] {
        bench.refused(line, "");
    }
}

#[test]
fn new_files_are_as_open_as_the_user_has_them_and_secrets_are_not() {
    let bench = Bench::new();
    for (umask, name, open) in [("022", "x", 0o644), ("077", "y", 0o600), ("000", "z", 0o644)] {
        let line = format!(
            "umask {umask}; \"$0\" convert a.pem -o {name}.p7b && \"$0\" convert a.pem a.key -o {name}.pem \
             && \"$0\" generate client --name c --key-type ec:p256 --issuer ca -o {name}"
        );
        let mut command = Command::new("sh");
        command.current_dir(bench.folder.path()).args(["-c", &line, env!("CARGO_BIN_EXE_certkit")]);
        assert!(command.output().unwrap().status.success());
        assert_eq!(bench.mode(&format!("{name}.p7b")), open, "{umask}");
        assert_eq!(bench.mode(&format!("{name}/c.pem")), open, "{umask}");
        assert_eq!(bench.mode(&format!("{name}.pem")), 0o600, "{umask}");
        assert_eq!(bench.mode(&format!("{name}/c-key.pem")), 0o600, "{umask}");
    }
}

#[test]
fn pipes_and_devices_that_are_named_are_written_into() {
    let bench = Bench::new();
    assert!(Command::new("mkfifo").arg(bench.at("pipe")).status().unwrap().success());
    for line in [
        "convert a.pem --as pem -o pipe --force",
        "trust export ca/ca.pem --as pem -o pipe --force",
        "expiry a.pem --format csv -o pipe",
    ] {
        let pipe = bench.at("pipe");
        let reader = std::thread::spawn(move || fs::read_to_string(pipe).unwrap());
        bench.done(line);
        assert!(!reader.join().unwrap().is_empty(), "{line}");
    }
    let output = bench.run("convert a.pem --as pem -o /dev/stdout --force");
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    bench.refused("convert a.pem --as pem -o pipe", "was kept");
}

#[test]
fn the_files_of_a_ca_are_regular_ones() {
    for name in ["index.pem", "ca.crl"] {
        let bench = Bench::new();
        fs::remove_file(bench.at("ca").join(name)).unwrap();
        assert!(Command::new("mkfifo").arg(bench.at("ca").join(name)).status().unwrap().success());
        let line =
            if name == "ca.crl" { "revoke a.pem --issuer ca" } else { "sign b.csr --issuer ca --cert-out b.pem" };
        bench.refused(line, "not a regular file");
        // A list that cannot be seen has revoked something, perhaps.
        fs::remove_file(bench.at("ca").join(name)).unwrap();
        symlink("elsewhere", bench.at("ca").join(name)).unwrap();
        bench.refused(line, "cannot be read");
    }
}

#[test]
fn eight_at_once_lose_nothing() {
    let bench = Bench::new();
    let all = |lines: Vec<String>| {
        let running: Vec<(String, Child)> = lines.into_iter().map(|line| (line.clone(), bench.start(&line))).collect();
        for (line, mut child) in running {
            assert_eq!(child.wait().unwrap().code(), Some(0), "{line}");
        }
    };
    all((0..8).map(|at| format!("sign b.csr --issuer ca --cert-out {at}.pem")).collect());
    let index = fs::read_to_string(bench.at("ca/index.pem")).unwrap();
    assert_eq!(index.matches("BEGIN CERTIFICATE").count(), 9);
    for at in 0..8 {
        let certificate = fs::read_to_string(bench.at(&format!("{at}.pem"))).unwrap();
        assert!(index.contains(certificate.trim()), "{at}.pem is not in the index");
    }
    for (issuer, list) in [("ca", "ca/ca.crl"), ("ca/ca.pem --issuer-key ca/ca-key.pem", "plant.crl")] {
        all((0..8).map(|at| format!("revoke {at}.pem --issuer {issuer} --crl {list}")).collect());
        let text =
            Command::new("openssl").args(["crl", "-noout", "-text", "-in"]).arg(bench.at(list)).output().unwrap();
        assert_eq!(String::from_utf8(text.stdout).unwrap().matches("Serial Number:").count(), 8, "{list}");
    }
    // One of eight makes the file, and the others keep it; no one's half of key and certificate stays.
    let line = "generate client --name n --key-type ec:p256 --cert-out one/n.pem --key-out one/n.key";
    let running: Vec<Child> = (0..8).map(|_| bench.start(line)).collect();
    let made = running.into_iter().filter_map(|mut it| (it.wait().unwrap().code() != Some(3)).then_some(())).count();
    assert_eq!(made, 1);
    bench.done("convert one/n.pem one/n.key -o both.p12 --no-password");
    assert_eq!(fs::read_dir(bench.at("one")).unwrap().count(), 2);
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_or_the_new() {
    let bench = Bench::new();
    bench.done("convert a.pem -o out.pem");
    bench.done("convert a.pem ca/ca.pem -o both.pem");
    let (one, both) = (fs::read(bench.at("out.pem")).unwrap(), fs::read(bench.at("both.pem")).unwrap());
    let mut seen = BTreeSet::new();
    // On a machine that is busy the command is slow to start: then the kills come later and later, until one is late enough.
    for round in 0..600u64 {
        if round >= 60 && seen.len() == 2 {
            break;
        }
        let inputs = if round % 2 == 0 { "a.pem ca/ca.pem" } else { "a.pem" };
        let mut child = bench.start(&format!("convert {inputs} -o out.pem --force"));
        std::thread::sleep(Duration::from_micros(round * 500));
        let _ = child.kill();
        child.wait().unwrap();
        let found = fs::read(bench.at("out.pem")).unwrap();
        assert!(found == one || found == both, "neither the old nor the new: {} bytes", found.len());
        seen.insert(found.len());
    }
    assert_eq!(seen.len(), 2, "all were killed too early, or too late");
    bench.done("convert a.pem -o out.pem --force");
}

#[test]
fn names_of_strangers_become_harmless_names() {
    let bench = Bench::new();
    fs::create_dir(bench.at("in")).unwrap();
    let odd = [
        "nul.csr",
        "CON.csr",
        "x\u{202e}gpj.csr",
        "y\u{1b}[31m.csr",
        "z:stream.csr",
        "a\\b.csr",
        "fine name.csr",
        "\u{7f}.csr",
    ];
    odd.iter().for_each(|name| _ = fs::copy(bench.at("b.csr"), bench.at("in").join(name)).unwrap());
    bench.done("sign in --issuer ca -o issued");
    fs::copy(bench.at("a.pem"), bench.at("x\u{202e}.pem")).unwrap();
    bench.done("renew x\u{202e}.pem --issuer ca -o renewed");
    for (subject, folder) in [("nul", "n"), ("\u{202e}gpj", "u"), ("../../evil", "e"), ("COM1", "c")] {
        bench.done(&format!("generate client --name {subject} --key-type ec:p256 --issuer ca -o {folder}"));
        bench.done(&format!("generate opcua --name {subject} --key-type ec:p256 -o {folder}-pki"));
    }
    let made: Vec<String> = ["issued", "renewed", "n", "u", "e", "c"]
        .iter()
        .flat_map(|folder| fs::read_dir(bench.at(folder)).unwrap())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(made.len(), odd.len() + 1 + 4 * 3, "{made:?}");
    assert!(made.contains(&"fine name.pem".to_owned()), "{made:?}");
    let all = bench.files();
    let pki = all.iter().filter(|(path, _)| path.iter().any(|part| part.to_string_lossy().ends_with("-pki")));
    let names = pki.map(|(path, _)| path.file_name().unwrap().to_str().unwrap().to_owned()).chain(made);
    for name in names {
        let stem = name.split('.').next().unwrap().to_ascii_lowercase();
        assert!(!["nul", "con", "com1"].contains(&stem.as_str()), "{name:?}");
        assert!(!name.contains(|it: char| it.is_control() || "\u{202e}\\:".contains(it)), "{name:?}");
        assert!(!name.starts_with('.'), "{name:?}");
    }
}

#[test]
fn a_second_name_does_not_keep_an_old_list_in_silence() {
    let bench = Bench::new();
    bench.done("revoke --issuer ca --crl served.crl");
    fs::hard_link(bench.at("served.crl"), bench.at("www.crl")).unwrap();
    bench.refused("revoke a.pem --issuer ca --crl served.crl", "it has a second name elsewhere (a hard link)");
    // What is only replaced is written, and the other name told.
    fs::hard_link(bench.at("a.pem"), bench.at("b.pem")).unwrap();
    let output = bench.run("convert ca/ca.pem -o a.pem --force");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("which keeps the old content"), "{stderr}");
    assert_ne!(fs::read(bench.at("a.pem")).unwrap(), fs::read(bench.at("b.pem")).unwrap());
}

//! `certkit ui`: what the page is told is what the command prints.
#![cfg(feature = "ui")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

fn certkit(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
    command.args(words).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

/// The page of a folder, opened.
struct Page {
    process: Child,
    host: String,
    path: String,
    cookie: String,
}

/// What came of a task.
struct Answer {
    document: String,
    command: String,
    status: u64,
}

impl Page {
    fn new(folder: &Path) -> Page {
        let mut process = Command::new(env!("CARGO_BIN_EXE_certkit"))
            .args(["ui", "--no-browser", "--folder"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut link = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut link).unwrap();
        let (host, link) = link.trim().strip_prefix("http://").unwrap().split_once('/').unwrap();
        let host = host.to_owned();
        let opened =
            say(&host, format!("GET /{link} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes());
        let between = |begin: &str, end: &str| {
            let rest = opened.split(begin).nth(1).unwrap();
            rest.split(end).next().unwrap().to_owned()
        };
        Page { process, path: between("url=", "\""), cookie: between("set-cookie: ", ";"), host }
    }

    fn post(&self, name: &str, kind: &str, body: &[u8]) -> String {
        let Page { host, path, cookie, .. } = self;
        let mut said = format!(
            "POST {path}{name} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n\
             Connection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        said.extend_from_slice(body);
        say(host, &said)
    }

    /// Does a task with files that are dropped.
    fn run(&self, task: &Value, files: &[(String, Vec<u8>)], passwords: &[&str]) -> Answer {
        let said: Vec<Value> = files.iter().map(|(name, it)| json!({ "name": name, "size": it.len() })).collect();
        let asked = json!({ "task": task, "files": said, "passwords": passwords });
        let mut body = format!("{asked}\n").into_bytes();
        files.iter().for_each(|(_, bytes)| body.extend_from_slice(bytes));
        let said = self.post("run", "application/octet-stream", &body);
        let data = |name: &str| -> Value {
            let event = said.split(&format!("event: {name}\n")).nth(1).unwrap_or_else(|| panic!("{name}: {said}"));
            // The body comes in chunks; none of their marks looks like the end of an event.
            let data = event.split("\n\n").next().unwrap().strip_prefix("data: ").unwrap();
            serde_json::from_str(data).unwrap()
        };
        let answer = data("answer");
        Answer {
            document: answer["document"].as_str().unwrap().to_owned(),
            command: data("command").as_str().unwrap().to_owned(),
            status: answer["status"].as_u64().unwrap(),
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Says something, and gives the whole answer without the marks of its chunks.
fn say(host: &str, said: &[u8]) -> String {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(said).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4;
    let (head, mut rest) = answer.split_at(end);
    let head = String::from_utf8_lossy(head).to_lowercase();
    let mut body = Vec::new();
    if !head.contains("transfer-encoding: chunked") {
        body.extend_from_slice(rest);
        rest = &[];
    }
    while let Some(at) = rest.windows(2).position(|it| it == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..at]).unwrap().trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.extend_from_slice(&rest[at + 2..at + 2 + size]);
        rest = &rest[at + 2 + size + 2..];
    }
    head + &String::from_utf8(body).unwrap()
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { below(&path, found) } else { found.push(path) }
    }
}

/// The files below a folder, as a browser names them.
fn dropped(root: &Path, folder: &str) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    below(&root.join(folder), &mut found);
    let name = |path: &Path| path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    found.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
}

/// Requires a task to give what a command line prints, to the byte.
fn require_same(
    page: &Page,
    folder: &Path,
    task: &Value,
    files: &[(String, Vec<u8>)],
    passwords: &[&str],
    words: &[&str],
) {
    let answer = page.run(task, files, passwords);
    let printed = certkit(folder, words);
    assert_eq!(Some(answer.status), printed.status.code().map(|it| it as u64), "{words:?}");
    let printed = String::from_utf8(printed.stdout).unwrap();
    // Both were judged at their own now.
    let moment = |text: &str| serde_json::from_str::<Value>(text).unwrap()["moment"].as_str().map(str::to_owned);
    let printed = match (moment(&printed), moment(&answer.document)) {
        (Some(then), Some(now)) => {
            printed.replace(&format!("\"moment\": \"{then}\""), &format!("\"moment\": \"{now}\""))
        }
        _ => printed,
    };
    // A day may have ended between the two.
    let timeless = |text: &str| {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("\"days_left\""));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(timeless(&answer.document), timeless(&printed), "{words:?}");
}

const PASSWORD: &str = "Tall-Kettle-Orbit-97!";

fn plant() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("password.txt"), format!("{PASSWORD}\n")).unwrap();
    for words in [
        &["generate", "ca", "--name", "Plant Root CA", "-o", "ca", "--password-file", "password.txt"][..],
        &["generate", "opcua", "--name", "Pump", "-o", "pki"],
        &[
            "generate",
            "https",
            "--name",
            "plc7.plant.example",
            "--issuer",
            "ca",
            "--issuer-password-file",
            "password.txt",
            "--password-file",
            "password.txt",
            "--p12-out",
            "plc7.p12",
        ],
    ] {
        let output = certkit(folder.path(), words);
        assert_ne!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    }
    folder
}

#[test]
fn a_dropped_file_gives_what_check_prints() {
    let plant = plant();
    let folder = plant.path();
    std::fs::write(folder.join("garbage.bin"), [0, 159, 146, 150]).unwrap();
    let page = Page::new(folder);
    let file = |name: &str| vec![(name.to_owned(), std::fs::read(folder.join(name)).unwrap())];
    let check = |names: &[&str]| json!({ "task": "check", "inputs": names.iter().map(|it| json!({ "dropped": it })).collect::<Vec<_>>() });
    for name in ["ca/ca.pem", "ca/ca.crl", "plc7.p12", "garbage.bin"] {
        require_same(&page, folder, &check(&[name]), &file(name), &[], &["check", "--json", name]);
    }
    let with = ["check", "--json", "--password-file=password.txt", "plc7.p12"];
    require_same(&page, folder, &check(&["plc7.p12"]), &file("plc7.p12"), &[PASSWORD], &with);
    let answer = page.run(&check(&["plc7.p12"]), &file("plc7.p12"), &["wrong password"]);
    assert!(answer.document.contains("certkit.error/1") && answer.status == 3, "{}", answer.document);
    assert!(!answer.document.contains("wrong password"), "{}", answer.document);
    require_same(&page, folder, &check(&["pki"]), &dropped(folder, "pki"), &[], &["check", "--json", "pki"]);
    // What is called like a store is a file.
    std::fs::copy(folder.join("ca/ca.pem"), folder.join("mozilla")).unwrap();
    require_same(&page, folder, &check(&["mozilla"]), &file("mozilla"), &[], &["check", "--json", "./mozilla"]);
}

/// One program does many runs: what one file costs is no debt of the next.
#[test]
fn a_store_that_costs_much_is_opened_as_often_as_it_is_dropped() {
    let folder = plant();
    let made = Command::new("openssl")
        .args("pkcs12 -export -nokeys -in ca/ca.pem -out dear.p12 -passout pass:Sesame-Opens-417".split(' '))
        .args(["-iter", "1000000"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let file = ("dear.p12".to_owned(), std::fs::read(folder.path().join("dear.p12")).unwrap());
    let page = Page::new(folder.path());
    let task = json!({ "task": "check", "inputs": [{ "dropped": "dear.p12" }] });
    for turn in 0..7 {
        let answer = page.run(&task, std::slice::from_ref(&file), &["Sesame-Opens-417"]);
        assert!(answer.status < 3, "{turn}: {}", answer.document);
    }
}

#[test]
fn dropped_folders_of_specimens_give_what_check_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("testdata/checks");
    let page = Page::new(&root);
    let mut folders: Vec<String> = std::fs::read_dir(&root)
        .unwrap()
        .filter_map(|it| it.ok().filter(|it| it.path().is_dir())?.file_name().into_string().ok())
        .collect();
    folders.sort();
    // One in ten, of all kinds: each is a folder of specimens and of files that are none.
    let folders: Vec<&str> = folders.iter().step_by(10).map(String::as_str).collect();
    let files: Vec<_> = folders.iter().flat_map(|it| dropped(&root, it)).collect();
    assert!(folders.len() > 20 && files.len() > 40, "{} {}", folders.len(), files.len());
    let inputs: Vec<Value> = folders.iter().map(|it| json!({ "dropped": it })).collect();
    let words: Vec<&str> = ["check", "--json"].into_iter().chain(folders.iter().copied()).collect();
    require_same(&page, &root, &json!({ "task": "check", "inputs": inputs }), &files, &[], &words);
}

#[test]
fn other_tasks_give_what_their_commands_print() {
    let plant = plant();
    let folder = plant.path().canonicalize().unwrap();
    let folder = folder.as_path();
    let page = Page::new(folder);
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let own = dropped(folder, "pki/own/certs").swap_remove(0);
    let file = vec![("pump.der".to_owned(), own.1)];
    std::fs::write(folder.join("pump.der"), &file[0].1).unwrap();
    require_same(
        &page,
        folder,
        &json!({ "task": "explain", "text": "BadCertificateUntrusted" }),
        &[],
        &[],
        &["explain", "--json", "BadCertificateUntrusted"],
    );
    require_same(
        &page,
        folder,
        &json!({ "task": "preflight", "own": { "place": "pki" }, "peer": { "dropped": "pump.der" } }),
        &file,
        &[],
        &["preflight", "--json", &at("pki"), "pump.der"],
    );
    require_same(
        &page,
        folder,
        &json!({ "task": "expiry", "inputs": [{ "place": "ca" }] }),
        &[],
        &[],
        &["expiry", "--format=json", &at("ca")],
    );
    let ca = dropped(folder, "ca");
    let expiry = |name: &str| json!({ "task": "expiry", "inputs": [{ "dropped": name }] });
    for name in ["ca", "ca/ca.pem"] {
        require_same(&page, folder, &expiry(name), &ca, &[], &["expiry", "--format=json", name]);
    }
    require_same(
        &page,
        folder,
        &json!({ "task": "trust-list", "store": { "place": "pki" } }),
        &[],
        &[],
        &["trust", "list", "--json", &at("pki")],
    );
    // A dead host: the words of the command.
    let dead = json!({ "task": "fetch", "host": "127.0.0.1:1" });
    require_same(&page, folder, &dead, &[], &[], &["fetch", "--json", "--part=ca", "thingworx://127.0.0.1:1"]);
}

#[test]
fn a_change_of_a_store_is_planned_made_and_undone() {
    let plant = plant();
    let folder = plant.path();
    let page = Page::new(folder);
    let ca = vec![("ca.pem".to_owned(), std::fs::read(folder.join("ca/ca.pem")).unwrap())];
    let add = |confirmed: bool| json!({ "task": "trust-add", "store": { "place": "pki" }, "inputs": [{ "dropped": "ca.pem" }], "list": "trusted", "confirmed": confirmed });
    let outcome = |answer: &Answer| {
        serde_json::from_str::<Value>(&answer.document).unwrap()["outcome"].as_str().unwrap_or_default().to_owned()
    };
    let count = || dropped(folder, "pki/trusted").len();
    let planned = page.run(&add(false), &ca, &[]);
    assert!(
        outcome(&planned) == "planned" && count() == 0 && planned.command.contains("--dry-run"),
        "{}",
        planned.document
    );
    let made = page.run(&add(true), &ca, &[]);
    assert!(outcome(&made) == "made" && count() == 1 && !made.command.contains("--dry-run"), "{}", made.document);
    let undone = page.run(&json!({ "task": "trust-undo", "store": { "place": "pki" }, "confirmed": true }), &[], &[]);
    assert!(outcome(&undone) == "made" && count() == 0, "{}", undone.document);
}

#[test]
fn a_certificate_is_made_below_the_folder() {
    let plant = plant();
    let page = Page::new(plant.path());
    let task =
        json!({ "task": "generate", "kind": "opcua", "name": "Line 3", "folder": "line3", "password": PASSWORD });
    let answer = page.run(&task, &[], &[]);
    assert!(answer.status < 3 && !answer.command.contains(PASSWORD), "{} {}", answer.command, answer.document);
    assert!(
        dropped(plant.path(), "line3").iter().any(|(_, bytes)| bytes.starts_with(b"-----BEGIN ENCRYPTED PRIVATE KEY"))
    );
    let task = json!({ "task": "generate", "kind": "ca", "name": "Other CA", "folder": "ca", "password": PASSWORD });
    let again = page.run(&task, &[], &[]);
    assert!(again.status == 3 && again.document.contains("certkit.error/1"), "{}", again.document);
}

#[test]
fn the_button_ends_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut page = Page::new(folder.path());
    assert!(page.post("end", "text/plain", b"").contains("204"));
    for _ in 0..100 {
        if let Some(status) = page.process.try_wait().unwrap() {
            assert_eq!(status.code(), Some(0));
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("it goes on");
}

#[test]
fn a_port_that_is_taken_and_a_folder_that_is_none_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for words in [
        &["ui", "--no-browser", "--port", &port][..],
        &["ui", "--no-browser", "--folder", "none"],
        &["ui", "--listen", "0.0.0.0"],
    ] {
        let output = certkit(folder.path(), words);
        assert_eq!(output.status.code(), Some(3), "{words:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{words:?}");
    }
}

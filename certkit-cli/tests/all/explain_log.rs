//! `certkit explain --log` as a user types it: files, streams, logs that grow.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const ERROR: &str = "2026-10-05 08:14:56 ERROR wget: PKIX path building failed for https://twx.plant.example:8443/x\n";
const FRAME: &str = "2026-10-05 08:14:56 ERROR Unable to start: Error creating SSLContext\n";

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).output().unwrap()
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn statuses_and_documents_say_what_was_found() {
    let folder = tempfile::tempdir().unwrap();
    let log = write(
        folder.path(),
        "a.log",
        format!("{ERROR}2026-10-05 09:00:00 INFO 62 of 403\n{}", ERROR.replace("08:14", "09:15")),
    );
    let output = run(&["explain", "--log", &log, "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&document["schema"], &document["log"]["lines"]), (&"certkit.explain/1".into(), &3.into()));
    let found = document["matches"].as_array().unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["code"], "pkix-path-building-failed");
    assert_eq!((&found[0]["count"], &found[0]["lines"]), (&2.into(), &serde_json::json!([1, 3])));
    assert_eq!((&found[0]["first"], &found[0]["last"]), (&"2026-10-05T08:14:56".into(), &"2026-10-05T09:15:56".into()));
    assert_eq!(found[0]["hosts"], serde_json::json!(["twx.plant.example:8443"]));
    assert_eq!(found[0]["find_out"][0], "certkit fetch https://twx.plant.example:8443 --trust STORE");
    let schema: Value = serde_json::from_slice(&run(&["schema", "explain"]).stdout).unwrap();
    let properties = schema["$defs"]["MatchJson"]["properties"].as_object().unwrap();
    assert!(found[0].as_object().unwrap().keys().eq(properties.keys()));
    assert!(document.as_object().unwrap().keys().all(|key| schema["properties"].get(key).is_some()));

    let text = String::from_utf8(run(&["explain", "--log", &log]).stdout).unwrap();
    assert!(
        text.contains("2 times, from 2026-10-05 08:14:56 to 2026-10-05 09:15:56") && text.contains("What to do"),
        "{text}"
    );
    let quiet = write(folder.path(), "b.log", "2026-10-05 08:00:00 INFO certificate store: 18 entries\n");
    let output = run(&["explain", "--log", &quiet]);
    assert!(output.status.code() == Some(0) && String::from_utf8(output.stdout).unwrap().contains("no known message"));
    assert_eq!(run(&["explain", "--log", &write(folder.path(), "c.log", FRAME)]).status.code(), Some(1));
    assert_eq!(run(&["explain", "--log", &write(folder.path(), "d.log", "")]).status.code(), Some(0));
    assert_eq!(run(&["explain", "--log", &log, "--program", "curl"]).status.code(), Some(0));
}

#[test]
fn what_is_no_log_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let zip = write(folder.path(), "x.zip", b"PK\x03\x04xxxx");
    assert_eq!(run(&["explain", "--log", &zip]).status.code(), Some(3));
    assert_eq!(run(&["explain", "--log", folder.path().to_str().unwrap()]).status.code(), Some(3));
    assert_eq!(run(&["explain", "--log", "nowhere.log"]).status.code(), Some(3));
    assert_eq!(run(&["explain", "--follow"]).status.code(), Some(3));
    assert_eq!(run(&["explain", "--log", &zip, "--program", "none-such"]).status.code(), Some(3));
    // A file that is cut off in the middle of its packed form.
    let cut = write(folder.path(), "cut.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b]);
    assert_eq!(run(&["explain", "--log", &cut]).status.code(), Some(3));
}

#[test]
fn what_a_program_takes_lightly_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let quiet = ERROR.replace("ERROR", "INFO");
    for (name, lines, status, severity) in [
        ("quiet.log", quiet.clone(), 1, "warning"),
        ("loud.log", ERROR.to_owned(), 2, "error"),
        ("both.log", [&quiet, ERROR].concat(), 2, "error"),
        ("frame.log", FRAME.to_owned(), 1, "warning"),
    ] {
        let log = write(folder.path(), name, lines);
        let output = run(&["explain", "--log", &log, "--json"]);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            (output.status.code(), &document["matches"][0]["severity"]),
            (Some(status), &severity.into()),
            "{name}"
        );
    }
    let text = String::from_utf8(run(&["explain", "--log", folder.path().join("quiet.log").to_str().unwrap()]).stdout)
        .unwrap();
    assert!(text.contains("a warning: its level is INFO or below"), "{text}");
    let severity = |words: &str| {
        let document: Value = serde_json::from_slice(&run(&["explain", words, "--json"]).stdout).unwrap();
        document["matches"][0]["severity"].as_str().unwrap().to_owned()
    };
    assert_eq!(severity("PKIX path building failed"), "error");
    assert_eq!(severity("[info] 911#911: PKIX path building failed"), "warning");
    assert_eq!(severity("Verify return code: 0 (ok)"), "info");
    assert_eq!(severity("Can't use SSL_get_servername"), "info");
}

#[test]
fn an_event_log_of_windows_is_read_and_what_is_damaged_of_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let packed = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/evtx/system.evtx.gz");
    let output = run(&["explain", "--log", packed, "--json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &document["log"]["lines"]), (Some(2), &4.into()));
    assert_eq!((&document["log"]["unread"], &document["matches"][0]["count"]), (&Value::Null, &2.into()));
    let mut bytes = Vec::new();
    certkit_core::explain::log::unpacked(std::fs::File::open(packed).unwrap())
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    let whole = write(folder.path(), "System.evtx", &bytes);
    let output = run(&["explain", "--log", &whole, "--follow"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(3) && said.contains("leave out --follow"), "{said}");
    let cut = write(folder.path(), "cut.evtx", &bytes[..5000]);
    let output = run(&["explain", "--log", &cut, "--json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{document}");
    assert!(document["log"]["unread"].as_str().unwrap().contains("damaged"), "{document}");
}

#[cfg(unix)]
#[test]
fn what_was_not_read_of_a_log_is_told_and_weighs() {
    let folder = tempfile::tempdir().unwrap();
    let packed = |bytes: &[u8]| {
        let mut gzip = Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        gzip.stdin.take().unwrap().write_all(bytes).unwrap();
        gzip.wait_with_output().unwrap().stdout
    };
    let quiet = packed("2026-10-05 08:00:00 INFO nothing to see\n".repeat(2000).as_bytes());
    let loud = packed(ERROR.as_bytes());
    let whole = write(folder.path(), "whole.gz", [&quiet[..], &loud].concat());
    let output = run(&["explain", "--log", &whole, "--json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &document["log"]["unread"]), (Some(2), &Value::Null));
    for (name, bytes, status) in [
        ("cut.gz", quiet[..quiet.len() - 12].to_vec(), 1),
        ("junk.gz", [&quiet[..], b"JUNK", &loud].concat(), 1),
        ("late.gz", [&loud[..], b"JUNK"].concat(), 2),
    ] {
        let log = write(folder.path(), name, bytes);
        let output = run(&["explain", "--log", &log, "--json"]);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(status), "{name}: {document}");
        assert!(document["log"]["unread"].as_str().unwrap().contains("the rest cannot be read"), "{name}: {document}");
        let text = String::from_utf8(run(&["explain", "--log", &log]).stdout).unwrap();
        assert!(text.contains("Not read completely"), "{name}: {text}");
    }
    let noise: Vec<u8> = (0..20_000_u32).map(|it| it.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let log =
        write(folder.path(), "late.log", ["2026-10-05 08:00:00 INFO quiet\n".repeat(500).as_bytes(), &noise].concat());
    let output = run(&["explain", "--log", &log, "--json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{document}");
    assert!(document["log"]["unread"].as_str().unwrap().contains("are not text"), "{document}");
    let utf32: Vec<u8> = ERROR.chars().flat_map(|it| u32::from(it).to_be_bytes()).collect();
    for (name, bytes) in [
        ("twice.gz", packed(&loud)),
        ("wide.log", utf32),
        ("x.lz4", b"\x04\x22\x4d\x18xxxx".to_vec()),
        ("x.Z", b"\x1f\x9d\x90xxxx".to_vec()),
        ("x.journal", b"LPKSHHRHxxxx".to_vec()),
    ] {
        let output = run(&["explain", "--log", &write(folder.path(), name, bytes)]);
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(3), true), "{name}: {output:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("hint"), "{name}");
    }
    let mixed = [FRAME.repeat(200).into_bytes(), ERROR.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    let output = run(&["explain", "--log", &write(folder.path(), "mixed.log", mixed), "--json"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("pkix-path-building-failed"));
}

#[test]
fn nothing_of_a_log_acts_upon_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let line = "x \u{1b}]0;owned\u{7} PKIX \u{1b}[31mpath building failed\u{1b}[0m \u{9b}2J https://a:secret@b.plant.example/\n";
    let log = write(folder.path(), "a\u{1b}[2J.log", line);
    for more in [&[][..], &["--json"]] {
        let output = run(&[&["explain", "--log", log.as_str()], more].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("pkix-path-building-failed") && !text.contains(['\u{1b}', '\u{9b}', '\u{7}']), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_by_name_is_refused_and_standard_input_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    assert_eq!(run(&["explain", "--log", fifo.to_str().unwrap()]).status.code(), Some(3));
    let mut child = start(&["explain", "--log", "-", "--json"]);
    child.stdin.take().unwrap().write_all(ERROR.as_bytes()).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(2));
}

fn start(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What a running command has written, line by line, as it comes.
fn lines(child: &mut Child) -> std::sync::mpsc::Receiver<String> {
    let mut stdout = child.stdout.take().unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let mut byte = [0];
        while stdout.read(&mut byte).unwrap_or(0) > 0 {
            text.push(byte[0]);
            if byte[0] == b'\n' {
                let _ = sender.send(String::from_utf8(std::mem::take(&mut text)).unwrap());
            }
        }
    });
    receiver
}

#[cfg(unix)]
#[test]
fn a_log_that_grows_is_followed_through_rotation_and_cutting_until_ctrl_c() {
    let folder = tempfile::tempdir().unwrap();
    let log = write(folder.path(), "grows.log", ERROR);
    let mut child = start(&["explain", "--log", &log, "--follow", "--json"]);
    let said = lines(&mut child);
    let count = |wanted: u64| {
        let line = said.recv_timeout(Duration::from_secs(20)).expect("a line");
        let document: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(document["matches"][0]["count"], wanted, "{line}");
    };
    count(1);
    let append =
        |text: &str| std::fs::File::options().append(true).open(&log).unwrap().write_all(text.as_bytes()).unwrap();
    append(&ERROR.replace("08:14", "08:20"));
    count(2);
    std::fs::rename(&log, folder.path().join("grows.log.1")).unwrap();
    std::fs::write(&log, ERROR.replace("08:14", "08:30")).unwrap();
    count(3);
    std::fs::write(&log, ERROR.replace("08:14", "08:40").replace(" for ", " ")).unwrap();
    count(4);
    let begun = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_stream_that_is_followed_tells_while_it_is_open() {
    let mut child = start(&["explain", "--log", "-", "--follow"]);
    let said = lines(&mut child);
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(ERROR.as_bytes()).unwrap();
    assert!(said.recv_timeout(Duration::from_secs(20)).unwrap().starts_with("1. Java: pkix-path-building-failed"));
    stdin.write_all(ERROR.replace("08:14", "08:20").as_bytes()).unwrap();
    while !said.recv_timeout(Duration::from_secs(20)).unwrap().starts_with("again, 2 times") {}
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

//! What single programs do: in `explain`, beside findings, and as the verdict of `verify`; and what must not be shown.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn json(arguments: &[&str]) -> (Option<i32>, Value) {
    let (status, out) = run(&[arguments, &["--json"]].concat());
    (status, serde_json::from_str(&out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {out}")))
}

/// The blocks of a part of a specimen, as a file.
fn part(folder: &TempDir, specimen: &str, part: &str) -> String {
    let text = std::fs::read_to_string(checks().join(specimen)).unwrap();
    let (mut now, mut found) = ("presented", String::new());
    for line in text.lines() {
        match line.strip_prefix("part: ") {
            Some(name) => now = name,
            None if now == part && !line.is_empty() && !line.contains(": ") && !line.starts_with('#') => {
                found += &format!("{line}\n");
            }
            None => {}
        }
    }
    let file = folder.path().join(format!("{part}.pem"));
    std::fs::write(&file, found).unwrap();
    file.to_str().unwrap().to_owned()
}

fn checks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/checks")
}

#[test]
fn explain_says_who_refuses_and_who_accepts() {
    let (_, text) = run(&["explain", "key-identifiers-differ"]);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("refused by OpenSSL (20), Java (some forms), GnuTLS (some forms), Python (20)"), "{text}");
    assert!(words.contains("accepted by Go, webpki"), "{text}");
    let (_, document) = json(&["explain", "expired"]);
    let first = &document["checks"][0]["programs"][0];
    assert_eq!((first["program"].as_str(), first["number"].as_u64()), (Some("openssl"), Some(10)), "{document:#}");
}

#[test]
fn a_program_gives_its_own_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let specimen = "key-identifiers-differ/bad-serial.pem";
    let (leaf, trust) = (part(&folder, specimen, "presented"), part(&folder, specimen, "trust"));
    let asked = |program| json(&["verify", "--program", program, "--trust", &trust, "--at", "2026-06-01", &leaf]);
    for (program, is_accepted) in
        [("openssl", false), ("python", false), ("java", true), ("go", true), ("webpki", true)]
    {
        let (status, document) = asked(program);
        assert_eq!(document["accepted"], is_accepted, "{program}: {document:#}");
        assert_eq!(status, Some(if is_accepted { 0 } else { 2 }), "{program}");
        assert_eq!(document["program"]["name"], program);
    }
    let (_, document) = asked("openssl");
    assert_eq!(document["program"]["refusals"][0]["number"], 20);
    assert_eq!(document["program"]["refusals"][0]["id"], "key-identifiers-differ");
    // The finding names who refuses, too.
    let finding = &document["findings"].as_array().unwrap().iter().find(|it| it["id"] == "key-identifiers-differ");
    assert_eq!(finding.unwrap()["refused_by"][0], "OpenSSL (20)");
    let line = ["verify", "--program", "openssl", "--trust", &trust, "--at", "2026-06-01", &leaf];
    let (status, text) = run(&line);
    assert!(status == Some(2) && text.contains("error 20 unable to get local issuer certificate"), "{text}");
    let (status, _) = run(&["verify", "--program", "java", "--profile", "opcua", "--pki", "x", &leaf]);
    assert_eq!(status, Some(3));
}

/// An error that a program was never asked about is neither accepted nor refused by it.
#[test]
fn what_a_program_was_never_asked_is_not_judged() {
    let folder = tempfile::tempdir().unwrap();
    let specimen = "key-identifiers-differ/good-all.pem";
    let (leaf, trust) = (part(&folder, specimen, "presented"), part(&folder, specimen, "trust"));
    let asked = |more: &[&str]| {
        json(&[&["verify", "--program", "go", "--trust", &trust, "--at", "2026-06-01", &leaf], more].concat())
    };
    let (status, document) = asked(&[]);
    assert_eq!((status, document["verdict"].as_str()), (Some(0), Some("accepted")), "{document:#}");
    for (more, id) in
        [(["--email", "line3@plant.example"], "email-mismatch"), (["--max-depth", "0"], "too-many-intermediates")]
    {
        let (status, document) = asked(&more);
        assert_eq!((status, document["verdict"].as_str()), (Some(2), Some("not-judged")), "{document:#}");
        assert_eq!(document["program"]["unasked"], id);
    }
}

#[test]
fn a_private_key_in_a_certificate_is_found_and_never_shown() {
    for file in ["bad.pem", "bad-pem.pem", "bad-base64.pem"] {
        let folder = tempfile::tempdir().unwrap();
        let leaf = part(&folder, &format!("private-key-in-certificate/{file}"), "presented");
        let (status, document) = json(&["check", "--profile", "https", "--at", "2026-06-01", &leaf]);
        let ids: Vec<&str> =
            document["findings"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
        assert!(status == Some(2) && ids.contains(&"private-key-in-certificate"), "{file}: {ids:?}");
        for line in [
            &["inspect"][..],
            &["inspect", "--full"],
            &["inspect", "--pem"],
            &["inspect", "--json"],
            &["check", "--json"],
            &["check"],
        ] {
            let (_, out) = run(&[line, &[leaf.as_str()]].concat());
            // The words of the key, and the same in hex and in base64 at each place of three.
            for secret in
                ["Noch kein Schluessel", "4e6f6368206b65696e", "Tm9jaCBrZWlu", "9jaCBrZWluIFNj", "Ob2NoIGtlaW4g"]
            {
                assert!(!out.contains(secret), "{file}, {line:?} shows {secret}");
            }
        }
    }
}

#[test]
fn a_file_that_others_do_not_read_is_told_with_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let leaf = part(&folder, "chain-order/good.pem", "presented");
    let text = std::fs::read_to_string(&leaf).unwrap();
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.bytes().flat_map(|octet| [octet, 0])).collect();
    for (content, is_told) in [
        (text.clone().into_bytes(), false),
        (wide, true),
        (text.replace("-----\n-----", "----------").into_bytes(), true),
    ] {
        std::fs::write(&leaf, content).unwrap();
        let (_, document) = json(&["check", "--profile", "https", "--at", "2026-06-01", &leaf]);
        let found = document["findings"].as_array().unwrap().iter().find(|it| it["id"] == "file-form-unread");
        assert_eq!(found.is_some(), is_told, "{document:#}");
        if let Some(found) = found {
            assert!(found["message"].as_str().unwrap().contains("OpenSSL, Java"), "{found:#}");
        }
    }
    // What `convert` writes is read by all.
    let new = folder.path().join("new.pem");
    let (status, _) = run(&["convert", &leaf, "-o", new.to_str().unwrap()]);
    assert!(status < Some(2));
    let (_, document) = json(&["check", "--profile", "https", "--at", "2026-06-01", new.to_str().unwrap()]);
    assert!(!document["findings"].as_array().unwrap().iter().any(|it| it["id"] == "file-form-unread"));
}

#[test]
fn a_store_that_its_readers_do_not_read_is_told_and_nothing_is_added_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = part(&folder, "chain-order/good.pem", "trust");
    let store = folder.path().join("store.pem");
    let spaced = std::fs::read_to_string(&root).unwrap().replace('\n', "\n\n");
    let other = part(&folder, "anchor-not-top/good-both.pem", "trust");
    let store_name = store.to_str().unwrap();
    let forms = |document: &Value| -> Vec<String> {
        let found = document["findings"].as_array().into_iter().flatten();
        let found = found.filter(|it| it["id"] == "file-form-unread");
        found.map(|it| format!("{} {}", it["severity"].as_str().unwrap(), it["message"].as_str().unwrap())).collect()
    };
    std::fs::write(&store, &spaced).unwrap();
    let (status, audited) = json(&["trust", "audit", store_name, "--at", "2026-06-01"]);
    let told = forms(&audited);
    assert!(status >= Some(1) && told.len() == 1, "{audited:#}");
    assert!(told[0].starts_with("warning ") && told[0].contains("OpenSSL, Python cannot read all of it"), "{told:?}");
    let (status, added) = json(&["trust", "add", store_name, &other, "--at", "2026-06-01"]);
    assert!(status == Some(2) && forms(&added).iter().any(|it| it.starts_with("error the store: ")), "{added:#}");
    assert_eq!(std::fs::read_to_string(&store).unwrap(), spaced);

    // What is written anew takes it, and an odd form of what is added is told, for it is not what is written.
    let new = folder.path().join("new.pem");
    assert!(run(&["convert", store_name, "-o", new.to_str().unwrap()]).0 < Some(2));
    std::fs::write(&store, std::fs::read_to_string(&other).unwrap().replace('\n', "\n\n")).unwrap();
    let (status, added) = json(&["trust", "add", new.to_str().unwrap(), store_name, "--at", "2026-06-01"]);
    assert!(status < Some(2) && forms(&added).iter().all(|it| it.starts_with("warning ")), "{added:#}");
    assert_eq!(forms(&added).len(), 1);
    let (_, audited) = json(&["trust", "audit", new.to_str().unwrap(), "--at", "2026-06-01"]);
    assert_eq!(forms(&audited), [""; 0]);
}

#[test]
fn a_block_with_a_damaged_begin_line_is_told_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let leaf = part(&folder, "chain-order/good.pem", "presented");
    let text = std::fs::read_to_string(&leaf).unwrap();
    let at = text.rfind("-----BEGIN").unwrap();
    std::fs::write(&leaf, format!("{}{}", &text[..at], text[at..].replace("-----", "----"))).unwrap();
    let store = folder.path().join("store.pem");
    for command in [
        &["check", "--profile", "https", "--at", "2026-06-01", &leaf][..],
        &["inspect", &leaf],
        &["convert", &leaf, "-o", folder.path().join("new.pem").to_str().unwrap()],
        &["trust", "audit", &leaf],
        &["trust", "add", store.to_str().unwrap(), &leaf, "--create", "--at", "2026-06-01"],
        &["verify", &leaf, "--trust", &leaf],
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_certkit")).args(command).output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        let said = String::from_utf8_lossy(&said).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("it is not in a PEM block"), "{command:?}: {said}");
        assert_ne!(done.status.code(), Some(0), "{command:?}: {said}");
    }
    assert!(!store.exists());
}

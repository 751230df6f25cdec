//! Holds the words of other programs: each entry is recognised by its own, and only by them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use certkit_core::check;
use certkit_core::explain::{self, Known, Parts, Typed, by_name, nearest, recognise, statuses};
use certkit_core::status::StatusCode;

/// Words that stand for several things, each of which is told.
const AMBIGUOUS: &[&str] = &[
    "could not resolve host",
    "fatal - certificate expired",
    "fatal - certificate revoked",
    "keystore was tampered with, or password was incorrect",
    "unsupported pkcs12 pfx data",
];

/// A pattern with its variable parts filled.
fn filled(pattern: &str) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('<') {
        text += before;
        match after.split_once('>') {
            Some(("fff", behind)) => {
                text += "0AB";
                rest = behind;
            }
            Some((name, _)) if name.starts_with('<') => {
                text.push('<');
                rest = after;
            }
            Some(("end", behind)) => rest = behind,
            Some((_, behind)) => {
                text += "x1";
                rest = behind;
            }
            None => {
                text.push('<');
                rest = after;
            }
        }
    }
    text + rest
}

fn told(known: Known) -> String {
    format!("{}|{}", known.program.name, known.entry.code)
}

fn found(text: &str) -> Vec<String> {
    recognise(text, "").into_iter().map(|hit| told(hit.known)).collect()
}

#[test]
fn every_pattern_is_recognised_as_its_entry() {
    let mut wrong = Vec::new();
    for known in explain::all() {
        for (pattern, is_weak) in known.patterns() {
            let before = if is_weak { known.program.context.first().copied().unwrap_or_default() } else { "" };
            let text = format!("2026-10-05 08:14:56 ERROR {}", filled(&pattern).to_uppercase().replace('\'', "\""));
            if !recognise(&text, before).iter().any(|hit| hit.known.is(known)) {
                wrong.push(format!("{}: {pattern}", told(known)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are not recognised:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn findings_exist() {
    for known in explain::all() {
        for id in known.entry.reason.findings {
            assert!(check::find(id).is_some(), "{}: {id}", told(known));
        }
        assert!(!known.entry.reason.causes.is_empty() && !known.source().is_empty(), "{}", told(known));
    }
    assert!(explain::told_as("anchor-unknown").count() > 20);
}

#[test]
fn a_pattern_stands_for_one_entry_or_is_known_to_be_ambiguous() {
    let mut entries: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for known in explain::all() {
        for (pattern, _) in known.patterns() {
            let told = told(known);
            let list = entries.entry(pattern.to_lowercase()).or_default();
            if !list.contains(&told) {
                list.push(told);
            }
        }
    }
    entries.retain(|_, list| list.len() > 1);
    let twice: Vec<&str> = entries.keys().map(String::as_str).collect();
    assert_eq!(twice, AMBIGUOUS, "{entries:#?}");
}

#[test]
fn codes_are_unique_within_a_program() {
    // An alert has two meanings: received and sent.
    let sense = |known: Known| if known.source().contains("Windows events") { " sent" } else { "" };
    let mut codes: Vec<String> = explain::all().map(|known| told(known) + sense(known)).collect();
    let count = codes.len();
    assert!(count > 600, "{count}");
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), count);
}

#[test]
fn numbers_have_every_meaning() {
    let known = |text: &str| -> Vec<String> {
        Typed::read(text).map(|typed| typed.known().into_iter().map(told).collect()).unwrap_or_default()
    };
    assert!(known("18").first().is_some_and(|it| it.starts_with("OpenSSL verify|18")), "{:?}", known("18"));
    assert!(known("18").iter().any(|it| it.starts_with("Beckhoff")));
    assert!(known("1002").first().is_some_and(|it| it.contains("TW_INVALID_SSL_CERT")));
    assert!(known("1002").iter().any(|it| it.starts_with("WebSocket")));
    assert_eq!(known("TW 1002"), ["ThingWorx C SDK, EMS, Kepware native interface|1002 TW_INVALID_SSL_CERT"]);
    assert_eq!(known("alert 48"), ["TLS alert|48 unknown_ca"]);
    assert_eq!(known("alert number 42"), ["TLS alert|42 bad_certificate"]);
    assert_eq!(known("curl: (60)"), ["curl|curl 60"]);
    for text in ["0x800B0109", "0X800b0109", "-2146762487", "2148204809"] {
        assert_eq!(known(text), ["Windows|0x800B0109 CERT_E_UNTRUSTEDROOT"], "{text}");
    }
    assert_eq!(known("403"), Vec::<String>::new());
    assert_eq!(Typed::read("18 parts for station 62"), None);
    assert_eq!(known(""), Vec::<String>::new());
    assert!(by_name("cert_e_untrustedroot").len() == 1 && by_name("").is_empty());
}

#[test]
fn quotes_case_white_space_and_wrapping_do_not_matter() {
    let pkix = "Java|pkix-path-building-failed";
    assert!(found("pkix   PATH building\n  failed").contains(&pkix.to_owned()));
    assert!(found("\u{1b}[31mPKIX path building failed\u{1b}[0m: sun.security").contains(&pkix.to_owned()));
    assert!(found("“certificate has expired”").iter().any(|it| it.starts_with("OpenSSL verify|10")));
    // A longer word that has the name in it is another word.
    assert_eq!(found("MY_CERT_HAS_EXPIRED_LATER"), Vec::<String>::new());
    assert_eq!(found("drive error 1002 on axis 10, code 0x0018"), Vec::<String>::new());
    assert_eq!(found(""), Vec::<String>::new());
    assert_eq!(found("\\"), Vec::<String>::new());
}

#[test]
fn what_varies_is_taken_out() {
    let text = "Post \"https://twx.plant.example:8443/in\": tls: failed to verify certificate: x509: certificate signed by \
                unknown authority";
    let parts = Parts::of(text, &recognise(text, ""));
    assert_eq!(parts.urls, ["https://twx.plant.example:8443"]);
    assert_eq!(
        parts.fill("certkit fetch https://HOST:PORT --trust STORE"),
        "certkit fetch https://twx.plant.example:8443 --trust STORE"
    );
    // A password in an address and the signs of a shell are not taken over.
    let parts = Parts::of("https://user:geheim@h.example/x https://$(reboot)/ '/etc/x;reboot.pem'", &[]);
    assert_eq!(parts.urls, ["https://h.example"]);
    assert!(parts.files.iter().all(|file| !file.contains(';')), "{parts:?}");
}

#[test]
fn status_codes_are_found_and_numbers_of_windows_are_none() {
    let names = |text: &str| -> Vec<_> { statuses(text).into_iter().filter_map(StatusCode::name).collect() };
    assert_eq!(names("StatusBadTooManySessions (0x80560000)"), ["BadTooManySessions"]);
    assert!(names("0x800B0109 0x80090325 0x80070056 0x80131501").is_empty());
}

#[test]
fn what_is_near_is_offered() {
    let near: Vec<String> = nearest("path building has failed for pkix", 3).into_iter().map(told).collect();
    assert!(near.contains(&"Java|pkix-path-building-failed".to_owned()), "{near:?}");
    assert!(nearest("tag Line3 changed", 3).is_empty());
}

/// Excerpts of logs with what has to be recognised, from the folder `errors/logs` of `CERTKIT_SHARED`.
#[test]
#[ignore = "needs the excerpts of logs, which are not part of the repository: CERTKIT_SHARED names their folder"]
fn excerpts_of_logs_are_recognised() {
    let shared = std::env::var_os("CERTKIT_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let folder = shared.join("errors/logs");
    let (mut missing, mut expected) = (Vec::new(), 0);
    for entry in std::fs::read_dir(&folder).expect("the folder of excerpts") {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "log") {
            continue;
        }
        let log = std::fs::read_to_string(&path).unwrap();
        let wanted = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let wanted: serde_json::Value = serde_json::from_str(&wanted).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let lines: Vec<&str> = log.lines().collect();
        let found: Vec<Vec<String>> = (0..lines.len())
            .map(|at| recognise(lines[at], &lines[at.saturating_sub(3)..at].join(" ")))
            .map(|hits| hits.into_iter().map(|hit| told(hit.known)).collect())
            .collect();
        let recognitions = wanted["recognitions"].as_array().unwrap();
        for it in recognitions {
            expected += 1;
            let line = usize::try_from(it["line"].as_u64().unwrap()).unwrap();
            let code = format!("{}|{}", it["program"].as_str().unwrap(), it["code"].as_str().unwrap());
            if !found[line - 1].contains(&code) {
                missing.push(format!("{name}:{line}: {code}, found {:?}", found[line - 1]));
            }
        }
        if recognitions.is_empty() {
            assert!(found.iter().all(Vec::is_empty), "{name}: {found:?}");
        }
        for words in wanted["must_not"].as_array().unwrap().iter().filter_map(|it| it.as_str()) {
            assert!(!found.iter().flatten().any(|it| it.replace('|', " ") == words), "{name}: {words}");
        }
    }
    assert!(expected > 0);
    assert!(missing.is_empty(), "{} of {expected} are missing:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn the_reference_is_fresh() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("errors.md");
    let fresh = explain::reference();
    if std::env::var_os("CERTKIT_BLESS").is_some() {
        std::fs::write(&file, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == fresh,
        "certkit-core/errors.md is out of date; write it anew with\n    \
         CERTKIT_BLESS=1 cargo test -p certkit-core --test explain the_reference_is_fresh"
    );
}

/// The collection `errors/errors.csv` of `CERTKIT_SHARED`: each row's words lead to its entry and to a finding of the row.
#[test]
#[ignore = "needs the collection of errors, which is not part of the repository: CERTKIT_SHARED names its folder"]
fn the_collection_agrees() {
    let shared = std::env::var_os("CERTKIT_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let table = std::fs::read_to_string(shared.join("errors/errors.csv")).expect("the collection");
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in records(&table).skip(1) {
        let [program, code, patterns, .., findings, _, _] = row.as_slice() else { panic!("{row:?}") };
        if patterns.starts_with("context:") {
            continue;
        }
        count += 1;
        let name = format!("{program}|{code}");
        let Some(known) = explain::all().find(|known| told(*known) == name) else {
            wrong.push(format!("{name}: no entry"));
            continue;
        };
        let own = known.entry.reason.findings;
        let ids: Vec<&str> = findings.split_whitespace().filter(|id| check::find(id).is_some()).collect();
        let is_told = ids.is_empty() || ids.iter().any(|id| own.contains(id));
        if !is_told {
            wrong.push(format!("{name}: {ids:?}, certkit has {own:?}"));
        }
        for pattern in patterns.trim_start_matches("wrap: ").split(" || ") {
            let (pattern, is_weak) = pattern.strip_prefix("weak:").map_or((pattern, false), |rest| (rest, true));
            // A bare number is explained behind words such as `error` alone.
            let is_number = pattern.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
            let text = if is_number { format!("error {pattern}") } else { filled(pattern) };
            let needs_company =
                is_weak || known.patterns().any(|(own, is_weak)| is_weak && own.eq_ignore_ascii_case(pattern));
            let before = if needs_company { known.program.context.first().copied().unwrap_or_default() } else { "" };
            let found = recognise(&text, before);
            // Of two that mean the same fault, the longer words win.
            let is_same = |hit: &explain::Hit| hit.known.entry.reason.findings.iter().any(|id| own.contains(id));
            let is_found = found.iter().any(|hit| {
                hit.known.is(known) || std::ptr::eq(hit.known.entry.reason, known.entry.reason) || is_same(hit)
            });
            let is_too_common = pattern == "is before <t>";
            if !is_found && !is_too_common && !text.trim().is_empty() {
                wrong.push(format!(
                    "{name}: `{pattern}` gives {:?}",
                    found.into_iter().map(|hit| told(hit.known)).collect::<Vec<_>>()
                ));
            }
        }
    }
    assert!(count > 600 && wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The records of a table as RFC 4180 has it.
fn records(table: &str) -> impl Iterator<Item = Vec<String>> {
    let (mut rows, mut row, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = table.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !is_quoted => {}
            other => cell.push(other),
        }
    }
    rows.into_iter()
}

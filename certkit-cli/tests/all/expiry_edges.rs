//! `certkit expiry` where it could call something fine that is not: nothing there, nothing to read, nothing written.

use std::process::{Command, Output};

use certkit_core::generate::{KeyPair, KeyType, key_file};
use serde_json::Value;

use super::expiry_plant::{AT, Plant, at, status, text};

fn codes(report: &Value) -> Vec<(String, String)> {
    let entries = report["entries"].as_array().unwrap().iter().filter(|it| !it["error"].is_null());
    let word = |it: &Value| it.as_str().unwrap().to_owned();
    entries.map(|it| (word(&it["place"]), word(&it["error"]["code"]))).collect()
}

fn last_line(output: &Output) -> String {
    text(&output.stdout).lines().last().unwrap_or_default().to_owned()
}

#[test]
fn parts_of_different_days_are_judged_at_one_moment_and_old_ones_told() {
    let plant = Plant::new();
    plant.leaf("short", 1);
    std::fs::write(
        plant.file("waived.toml"),
        "[[source]]\nat = \"pki/expired.pem\"\n[[source.waiver]]\nreason = \"x\"\nuntil = 2026-06-01\n",
    )
    .unwrap();
    let part = |file: &str, at: &str, input: &[&str]| {
        plant.run(&[input, &["--at", at, "--warn", "1h", "--critical", "1m", "-o", file]].concat());
    };
    part("old.jsonl", AT, &["pki/short.pem"]);
    part("waived.jsonl", AT, &["--config", "waived.toml"]);
    part("new.jsonl", "2026-06-02T20:00:00Z", &["pki/fine.pem"]);
    let now = ["--at", "2026-06-02T21:00:00Z"];
    let merge = |words: &[&str]| plant.run(&[&["merge"], words, &now].concat());
    let merged = merge(&["old.jsonl", "waived.jsonl", "new.jsonl", "--max-age", "1d", "--json"]);
    assert_eq!(status(&merged), 2, "{merged:?}");
    let report: Value = serde_json::from_slice(&merged.stdout).unwrap();
    assert_eq!(report["summary"]["expired"], 2, "{report}");
    assert_eq!(report["summary"]["waived"], 0, "the waiver has ended: {report}");
    let stale: Vec<&Value> =
        report["entries"].as_array().unwrap().iter().filter(|it| it["error"]["code"] == "stale_part").collect();
    assert_eq!(stale.len(), 2, "{report}");
    assert_eq!(stale[0]["source"], "old.jsonl");
    assert!(stale[0]["error"]["message"].as_str().unwrap().contains("45 h old"), "{report}");
    // Those of one day belong together.
    part("near.jsonl", "2026-06-02T00:00:00Z", &["pki/fine.pem"]);
    assert_eq!(status(&merge(&["near.jsonl", "new.jsonl"])), 0);
    part("near.jsonl", "2026-05-31T20:59:00Z", &["pki/fine.pem"]);
    assert_eq!(status(&merge(&["near.jsonl", "new.jsonl"])), 2, "two days are the most");
    // That all are equally old makes none of them fresh.
    let late = plant.run(&["merge", "new.jsonl", "--at", "2026-06-12"]);
    assert!(status(&late) == 2 && text(&late.stdout).contains("stale_part"), "{late:?}");
    assert_eq!(status(&plant.run(&["merge", "new.jsonl", "--at", "2026-06-12", "--max-age", "30d"])), 0);
    assert_eq!(status(&plant.run(&["merge", "new.jsonl"])), 2, "now it is old");
}

#[cfg(unix)]
#[test]
fn a_state_that_cannot_be_written_leaves_no_file() {
    let plant = Plant::new();
    // Less than its tables take, and less than what is remembered takes.
    for blocks in [0, 4, 16] {
        let certkit = env!("CARGO_BIN_EXE_certkit");
        let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec '{certkit}' expiry pki/fine.pem --state state.db");
        let folder = plant.file("pki").parent().unwrap().to_owned();
        let output = Command::new("bash").args(["-c", &line]).current_dir(&folder).output().unwrap();
        assert_eq!(status(&output), 3, "{blocks}: {output:?}");
        assert!(!plant.file("state.db").exists() && !plant.file("state.db-journal").exists(), "{blocks}");
    }
    plant.run(&["pki/fine.pem", "--state", "state.db"]);
    assert!(plant.file("state.db").exists());
}

#[test]
fn nothing_to_look_at_is_not_fine() {
    let plant = Plant::new();
    for inventory in ["", "[defaults]\nwarn = 30\n", "[[source]]\nat = []\n"] {
        std::fs::write(plant.file("inventory.toml"), inventory).unwrap();
        let output = plant.run(&["--config", "inventory.toml"]);
        assert_eq!(status(&output), 3, "{inventory}: {output:?}");
        let told = text(&output.stderr);
        assert!(told.contains("no input given") && told.contains("[[source]]"), "{told}");
    }
    std::fs::create_dir_all(plant.file("empty/below")).unwrap();
    let report = plant.json(&["empty", "pki"]);
    assert_eq!(codes(&report), [(String::new(), "no_certificate_found".to_owned())]);
    assert_eq!(status(&plant.run(&["--at", AT, "pki/fine.pem", "empty"])), 2);
    // Each part knows it, one of them says it.
    let parts: Vec<String> = ["0", "1", "2"]
        .iter()
        .map(|index| {
            let file = format!("part-{index}.jsonl");
            plant.run(&["empty", "pki", "--at", AT, "--shard", &format!("{index}/3"), "-o", &file]);
            file
        })
        .collect();
    let files: Vec<&str> = parts.iter().map(String::as_str).collect();
    let joined = plant.run(&[&["merge", "--json", "--at", AT], files.as_slice()].concat());
    assert_eq!(serde_json::from_slice::<Value>(&joined.stdout).unwrap(), report);
    // A folder in which there is something, and nothing with a date.
    std::fs::create_dir(plant.file("papers")).unwrap();
    std::fs::write(plant.file("papers/readme.txt"), "no certificate\n").unwrap();
    let output = plant.run(&["papers"]);
    assert_eq!((status(&output), last_line(&output).as_str()), (2, "UNKNOWN: 1 unknown"), "{output:?}");
}

#[test]
fn a_file_is_held_to_its_name_and_others_are_counted() {
    let plant = Plant::new();
    let write = |name: &str, text: &str| std::fs::write(plant.file(&format!("pki/{name}")), text).unwrap();
    write("empty.CRT", "");
    write("page.pem", "<html>not here</html>");
    write("notes.txt", "no certificate\n");
    write("params.pem", "-----BEGIN DH PARAMETERS-----\nMAYCAQcCAQI=\n-----END DH PARAMETERS-----\n");
    let key = key_file::to_pem(&KeyPair::generate(KeyType::P256).unwrap()).unwrap();
    write("key.pem", &key);
    let report = plant.json(&["pki"]);
    let nothing = "no_certificate_found".to_owned();
    assert_eq!(codes(&report), [("empty.CRT".to_owned(), nothing.clone()), ("page.pem".to_owned(), nothing)]);
    assert_eq!(report["passed_over"], 3, "{report}");
    let output = plant.run(&["--at", AT, "pki"]);
    assert!(text(&output.stdout).contains("3 files hold no certificate or revocation list\n"), "{output:?}");
    for index in ["0", "1"] {
        plant.run(&["pki", "--at", AT, "--shard", &format!("{index}/2"), "-o", &format!("{index}.jsonl")]);
    }
    let joined: Value =
        serde_json::from_slice(&plant.run(&["merge", "0.jsonl", "1.jsonl", "--json", "--at", AT]).stdout).unwrap();
    assert_eq!(joined, report);
}

#[test]
fn what_was_there_is_gone_when_the_folder_was_entered_and_not_otherwise() {
    let plant = Plant::new();
    let changes = |more: &[&str]| -> Vec<String> {
        let report = plant.json(&[&["pki", "--state", "state.db"], more].concat());
        let changes = report["changes"].as_array().unwrap();
        changes.iter().map(|it| format!("{} {}", it["change"], it["place"]).replace('"', "")).collect()
    };
    std::fs::create_dir(plant.file("pki/below")).unwrap();
    std::fs::rename(plant.file("pki/fine.pem"), plant.file("pki/below/fine.pem")).unwrap();
    assert!(changes(&[]).is_empty());
    // A link that leads nowhere stands where the folder stood: nobody knows what is below it, in no part.
    std::fs::rename(plant.file("pki/below"), plant.file("elsewhere")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", plant.file("pki/below")).unwrap();
        for shard in ["0/3", "1/3", "2/3"] {
            assert!(changes(&["--shard", shard]).is_empty(), "{shard}");
        }
        std::fs::remove_file(plant.file("pki/below")).unwrap();
    }
    std::fs::rename(plant.file("elsewhere"), plant.file("pki/below")).unwrap();
    assert!(changes(&[]).is_empty());
    std::fs::remove_dir_all(plant.file("pki")).unwrap();
    std::fs::create_dir(plant.file("pki")).unwrap();
    let told = changes(&[]);
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told.iter().all(|it| it.starts_with("gone ")), "{told:?}");
    assert!(changes(&[]).is_empty(), "what was told once is known");
}

#[test]
#[cfg(unix)]
fn a_file_that_several_sources_lead_to_counts_once() {
    let plant = Plant::new();
    std::fs::create_dir_all(plant.file("m/..1")).unwrap();
    std::fs::copy(plant.file("pki/fine.pem"), plant.file("m/..1/tls.pem")).unwrap();
    std::os::unix::fs::symlink("..1", plant.file("m/..data")).unwrap();
    std::os::unix::fs::symlink("..data/tls.pem", plant.file("m/tls.pem")).unwrap();
    let places = |sources: &[&str]| -> Vec<String> {
        let report = plant.json(sources);
        let entries = report["entries"].as_array().unwrap();
        entries.iter().map(|it| format!("{} {}", it["source"], it["place"]).replace('"', "")).collect()
    };
    assert_eq!(places(&["m"]).len(), 1);
    for sources in [&["m/tls.pem", "m/..data/tls.pem"][..], &["m", "m/..data"], &["m", "m/..data", "m/tls.pem"]] {
        assert_eq!(places(sources).len(), 1, "{sources:?}: {:?}", places(sources));
    }
    // Who names it most closely has it; what he leaves out stays with the others.
    let inventory = "[[source]]\nat = \"pki\"\nowner = \"IT\"\n[[source]]\nat = \"pki/fine.pem\"\nowner = \"OT\"\n";
    std::fs::write(plant.file("two.toml"), inventory).unwrap();
    let report = plant.json(&["--config", "two.toml"]);
    let all = report["entries"].as_array().unwrap();
    let fine: Vec<_> = all.iter().filter(|it| it["owner"] == "OT" || it["place"] == "fine.pem").collect();
    assert!(fine.len() == 1 && fine[0]["owner"] == "OT", "{fine:?}");
    assert_eq!(all.len(), places(&["pki"]).len());
}

#[test]
fn all_files_are_written_or_none() {
    let plant = Plant::new();
    std::fs::create_dir(plant.file("folder.csv")).unwrap();
    for (bad, because) in [("folder.csv", "is a folder"), ("absent/r.csv", "there is no folder absent")] {
        let output = plant.run(&["--at", AT, "pki", "--format", "text", "-o", "-", "-o", "r.json", "-o", bad]);
        assert_eq!(status(&output), 3, "{output:?}");
        let told = text(&output.stderr);
        assert!(told.contains(bad) && told.contains(because) && !told.contains(".certkit-"), "{told}");
        assert!(output.stdout.is_empty() && !plant.file("r.json").exists(), "{bad}: {output:?}");
    }
    let left: Vec<_> = std::fs::read_dir(plant.folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".certkit-")), "{left:?}");
}

#[test]
#[cfg(unix)]
fn links_stay_and_what_is_replaced_leaves_its_permissions() {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let plant = Plant::new();
    let mode = |name: &str| std::fs::metadata(plant.file(name)).unwrap().permissions().mode() & 0o777;
    std::fs::create_dir(plant.file("real")).unwrap();
    symlink("real/r.json", plant.file("r.json")).unwrap();
    let run = || {
        let output = plant.run(&["--at", AT, "pki/fine.pem", "-o", "r.json", "--format", "csv", "-o", "/dev/null"]);
        assert_eq!(status(&output), 0, "{output:?}");
    };
    run();
    std::fs::set_permissions(plant.file("real/r.json"), Permissions::from_mode(0o640)).unwrap();
    std::fs::write(plant.file("real/r.json"), "").unwrap();
    run();
    assert!(plant.file("r.json").is_symlink());
    assert_eq!(mode("real/r.json"), 0o640);
    assert!(std::fs::metadata(plant.file("real/r.json")).unwrap().len() > 0);
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
    symlink("circle.json", plant.file("circle.json")).unwrap();
    let circle = plant.run(&["--at", AT, "pki/fine.pem", "-o", "circle.json"]);
    assert_eq!(status(&circle), 3);
    assert!(text(&circle.stderr).contains("circle.json cannot be written"), "{circle:?}");
}

#[test]
fn an_unexpected_change_is_told_where_it_alarms() {
    let plant = Plant::new();
    let run = |format: &str| {
        plant.run(&["pki/fine.pem", "--at", AT, "--state", "state.db", "--fail-on-change", "--format", format])
    };
    let first = run("text");
    assert_eq!(last_line(&first), "OK: 1 ok");
    assert!(text(&first.stdout).contains("This is the first run with this --state: 1 are remembered\n"), "{first:?}");
    let second = run("text");
    assert!(text(&second.stdout).contains("Nothing has changed since the last run\n"), "{second:?}");
    plant.leaf("fine", 190);
    let output = run("nagios");
    assert_eq!(status(&output), 2);
    let answer = text(&output.stdout);
    assert!(answer.starts_with("SSL_CERT CRITICAL - replaced 'fine.plant.test' (pki/fine.pem); "), "{answer}");
    assert!(answer.contains(" unexpected_changes=1;;0;0;\nCHANGED: replaced 'fine.plant.test'"), "{answer}");
    assert!(run("nagios").stdout.starts_with(b"SSL_CERT OK - "));
    plant.leaf("fine", 180);
    let output = run("text");
    assert_eq!((status(&output), last_line(&output).as_str()), (2, "CHANGED: 1 ok, 1 changed unexpectedly"));
}

#[test]
fn a_ca_of_the_same_name_with_another_key_is_another() {
    let (plant, stranger) = (Plant::new(), Plant::new());
    let run = |more: &[&str]| {
        plant.run(&[&["pki/fine.pem", "--at", AT, "--state", "state.db", "--fail-on-change"], more].concat())
    };
    assert_eq!(status(&run(&[])), 0);
    plant.leaf("fine", 210);
    assert_eq!(status(&run(&[])), 0, "a renewal");
    stranger.leaf("fine", 220);
    std::fs::copy(stranger.file("pki/fine.pem"), plant.file("pki/fine.pem")).unwrap();
    let output = run(&[]);
    assert_eq!(status(&output), 2, "{output:?}");
    assert!(text(&output.stdout).contains("issued by another CA of the same name"), "{output:?}");
    // So it is with the CA beside it, which has a key of its own.
    let (text_of, file) =
        (|of: &Plant| std::fs::read_to_string(of.file("pki/root.pem")).unwrap(), plant.file("pki/fine.pem"));
    let with_ca = |of: &Plant| {
        let leaf = std::fs::read_to_string(of.file("pki/fine.pem")).unwrap();
        std::fs::write(&file, leaf + &text_of(of)).unwrap();
    };
    let known = |of: &Plant| {
        with_ca(of);
        let report: Value = serde_json::from_slice(&run(&["--json"]).stdout).unwrap();
        report["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["change"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    plant.leaf("fine", 230);
    assert_eq!(known(&plant), ["replaced", "new"]);
    stranger.leaf("fine", 240);
    assert_eq!(known(&stranger), ["replaced", "replaced"]);
}

#[test]
fn what_only_bears_a_name_of_certkit_is_watched() {
    let plant = Plant::new();
    std::fs::create_dir(plant.file("pki/.certkit")).unwrap();
    std::fs::copy(plant.file("pki/expired.pem"), plant.file("pki/.certkit/kept.pem")).unwrap();
    std::fs::rename(plant.file("pki/expired.pem"), plant.file("pki/.certkit-00000000000000aa-0")).unwrap();
    let output = plant.run(&["pki", "--at", AT]);
    assert!(status(&output) == 2 && text(&output.stdout).contains("EXPIRED: 1 expired"), "{output:?}");
    let checked = plant.certkit(&["check", "pki"]);
    assert!(text(&checked.stdout).contains("expired.plant.test"), "{checked:?}");
    let listed = plant.certkit(&["trust", "list", "pki"]);
    assert!(!text(&listed.stdout).contains("expired.plant.test"), "it is no member of a store: {listed:?}");
}

#[test]
fn what_is_not_yet_valid_says_so() {
    let plant = Plant::new();
    let early = ["pki/fine.pem", "--at", "2026-01-01"];
    let report = plant.run(&[&early[..], &["--json"]].concat());
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let entry = &report["entries"][0];
    assert_eq!((&entry["state"], &entry["reason"]), (&"critical".into(), &"not_yet_valid".into()));
    let start = at(-100);
    let answer = text(&plant.run(&[&early[..], &["--format", "nagios"]].concat()).stdout);
    let first = format!("SSL_CERT CRITICAL - 'fine.plant.test' not valid before {} (pki/fine....|", start.date());
    assert!(answer.starts_with(&first), "{answer}");
    assert!(answer.contains(&format!("' not valid before {start}, valid until ")), "{answer}");
    let table = text(&plant.run(&[&early[..], &["--format", "csv"]].concat()).stdout);
    assert!(table.lines().all(|line| line.ends_with(",reason") || line.ends_with(",not_yet_valid")), "{table}");
    let report = plant.json(&["pki"]);
    let reasons: Vec<&str> =
        report["entries"].as_array().unwrap().iter().map(|it| it["reason"].as_str().unwrap_or("-")).collect();
    assert_eq!(reasons, ["expired", "below_critical", "below_warning", "-", "-"]);
    let serial = report["entries"][0]["seen"]["serial_number"].as_str().unwrap();
    assert!(serial.parse::<u128>().is_ok(), "{serial}");
}

#[test]
fn what_is_fine_and_ends_next_is_always_told() {
    let plant = Plant::new();
    for number in 0..110 {
        plant.leaf(&format!("plc{number}"), 1000 + number);
    }
    plant.leaf("next", 150);
    for gone in ["warning", "critical", "expired"] {
        std::fs::remove_file(plant.file(&format!("pki/{gone}.pem"))).unwrap();
    }
    let answer = text(&plant.run(&["--at", AT, "pki", "--format", "nagios"]).stdout);
    let first = "SSL_CERT OK - 0 of 113 want attention; 'next.plant.test' expires in 150 days...|days_min=150;;;;";
    assert!(answer.starts_with(first), "{answer}");
    let table = text(&plant.run(&["--at", AT, "pki"]).stdout);
    assert!(table.lines().nth(1).unwrap().starts_with("ok           150 "), "{table}");
    assert!(table.contains("112 more are fine and not listed") && table.ends_with("OK: 113 ok\n"), "{table}");
    // Beside a format that keeps all, and of parts that were joined, it is the same.
    let both = plant.run(&["--at", AT, "pki", "--format", "nagios", "--format", "jsonl", "-o", "all.jsonl"]);
    assert!(text(&both.stdout).contains("|days_min=150;"), "{both:?}");
    assert_eq!(text(&plant.run(&["merge", "all.jsonl", "--format", "nagios", "--at", AT]).stdout), answer);
}

#[test]
fn a_waiver_says_why() {
    let plant = Plant::new();
    std::fs::write(
        plant.file("inventory.toml"),
        "[[source]]\nat = \"pki\"\n[[source.waiver]]\nreason = \" \"\nuntil = 2027-01-31\n",
    )
    .unwrap();
    let output = plant.run(&["--config", "inventory.toml"]);
    assert_eq!(status(&output), 3);
    assert!(text(&output.stderr).contains("a waiver has no reason"), "{output:?}");
}

#[test]
fn a_plugin_answers_where_monitoring_listens() {
    let plant = Plant::new();
    for arguments in [&["absent"][..], &["merge", "absent.jsonl"], &["pki", "--config", "absent.toml"]] {
        let output = plant.run(&[arguments, &["--format", "nagios"]].concat());
        assert_eq!(status(&output), 3);
        let answer = text(&output.stdout);
        assert!(answer.starts_with("SSL_CERT UNKNOWN - absent") && answer.lines().count() == 1, "{answer}");
        assert!(text(&output.stderr).starts_with("certkit: error: absent"), "{output:?}");
    }
    assert!(plant.run(&["absent", "--format", "nagios", "-o", "answer.txt"]).stdout.is_empty());
}

#[test]
fn a_server_of_opc_ua_that_is_silent_has_timed_out() {
    let plant = Plant::new();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("opc.tcp://{}", silent.local_addr().unwrap());
    let report = plant.json(&["--retries", "0", "--timeout", "1s", &url]);
    assert_eq!(codes(&report), [(String::new(), "timed_out".to_owned())], "{report}");
}

#[test]
#[cfg(unix)]
fn a_run_that_is_interrupted_tells_what_it_has_seen() {
    let plant = Plant::new();
    for signal in ["INT", "TERM"] {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}", silent.local_addr().unwrap());
        let run = Command::new(env!("CARGO_BIN_EXE_certkit"))
            .args(["expiry", "pki/fine.pem", &url, "--at", AT, "--timeout", "60s", "--json"])
            .current_dir(plant.folder.path())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        // It has begun, and waits for an answer that never comes.
        let connection = silent.accept().unwrap();
        // The file beside it is read meanwhile.
        std::thread::sleep(std::time::Duration::from_secs(1));
        let sent = Command::new("kill").args([&format!("-{signal}"), &run.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let output = run.wait_with_output().unwrap();
        drop(connection);
        assert_eq!(status(&output), 2, "{signal}: {output:?}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(codes(&report), [(String::new(), "not_reached".to_owned())]);
        assert_eq!((&report["left_out"], &report["summary"]["ok"]), (&1.into(), &1.into()));
        assert_eq!(text(&output.stderr), "certkit: note: stopped; the results so far follow\n");
    }
}

#[test]
#[cfg(unix)]
fn what_may_not_be_entered_is_called_so() {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;
    let plant = Plant::new();
    let locked = plant.file("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::rename(plant.file("pki/fine.pem"), locked.join("fine.pem")).unwrap();
    let run = |more: &[&str]| plant.run(&[&["--at", AT], more].concat());
    assert_eq!(status(&run(&["locked", "--state", "state.db"])), 0);
    std::fs::set_permissions(&locked, Permissions::from_mode(0o000)).unwrap();
    // Root may enter what it likes.
    if std::fs::read_dir(&locked).is_err() {
        let named = run(&["locked/fine.pem"]);
        assert_eq!(status(&named), 3);
        assert!(text(&named.stderr).contains("locked/fine.pem: permission denied"), "{named:?}");
        let told = text(&run(&["locked", "--state", "state.db"]).stdout);
        assert!(told.contains("permission_denied") && told.contains("Nothing has changed"), "{told}");
    }
    std::fs::set_permissions(&locked, Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn no_name_breaks_the_form_of_a_report() {
    let plant = Plant::new();
    std::fs::create_dir(plant.file("odd")).unwrap();
    for (file, name) in [("url", "https://x"), ("odd", "\u{1b}[31mred\u{7}\u{202e}evil\u{2028}\"\\")] {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec![]).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.subject_alt_names.push(rcgen::SanType::Rfc822Name("a@b.example".try_into().unwrap()));
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2026, 6, 4);
        let leaf = params.self_signed(&key).unwrap();
        std::fs::write(plant.file(&format!("odd/{file}.pem")), leaf.pem()).unwrap();
    }
    let told = |format: &str| text(&plant.run(&["odd", "--at", AT, "--format", format]).stdout);
    // An address in one cell hides nothing in the next.
    let table = told("csv");
    let columns = table.lines().next().unwrap().split(',').count();
    let row = table.lines().find(|it| it.contains("https://x")).unwrap();
    assert_eq!(row.split(',').count(), columns, "{table}");
    assert!(row.contains("email:a@b.example"), "{table}");
    // Backslashes stand before what the format lets them stand before.
    let metrics = told("prometheus");
    assert!(metrics.contains(r#"subject_CN="\\u{1b}[31mred\\u{7}\\u{202e}evil\\u{2028}\"\\""#), "{metrics}");
    for format in ["csv", "nagios", "prometheus", "influx", "ics"] {
        let told = told(format);
        assert!(!told.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{2028}']), "{format}: {told}");
    }
    // A password stays hidden where a line is folded.
    let source =
        "[[source]]\nat = \"odd\"\nnote = \"see https://reader:Sesame-Opens-417@wiki.plant.test/a/long/path\"\n";
    std::fs::write(plant.file("inventory.toml"), source).unwrap();
    for format in ["csv", "ics", "json", "html"] {
        let told = text(&plant.run(&["--config", "inventory.toml", "--at", AT, "--format", format]).stdout);
        assert!(!told.replace("\r\n ", "").contains("Sesame"), "{format}: {told}");
    }
}

//! `certkit expiry` as a user types it: what ends when, in every format, and the same however it is split.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::expiry_plant::{AT, Plant, at, status, text};

fn entries(report: &Value) -> Vec<(String, String)> {
    let entries = report["entries"].as_array().unwrap();
    entries
        .iter()
        .map(|it| (it["state"].as_str().unwrap().to_owned(), it["place"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn a_folder_is_told_most_urgent_first() {
    let plant = Plant::new();
    std::fs::write(plant.file("pki/torn.pem"), "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
        .unwrap();
    std::fs::write(plant.file("pki/readme.txt"), "no certificate\n").unwrap();
    let report = plant.json(&["pki"]);
    let told = entries(&report);
    let told: Vec<(&str, &str)> = told.iter().map(|(state, place)| (state.as_str(), place.as_str())).collect();
    assert_eq!(
        told,
        [
            ("expired", "expired.pem"),
            ("critical", "critical.pem"),
            ("unknown", "torn.pem"),
            ("warning", "warning.pem"),
            ("ok", "fine.pem"),
            ("ok", "root.pem"),
        ]
    );
    assert_eq!(report["state"], "expired");
    assert_eq!(report["summary"]["total"], 6);
    assert_eq!(report["entries"][0]["seen"]["days_left"], -5);
    assert_eq!(report["entries"][5]["seen"]["element"], "root");
    let output = plant.run(&["--at", AT, "pki"]);
    assert_eq!(status(&output), 2);
    let table = text(&output.stdout);
    assert!(table.lines().nth(1).unwrap().starts_with("expired"), "{table}");
    assert!(table.contains("EXPIRED: 1 expired, 1 critical, 1 unknown, 1 warning, 2 ok"), "{table}");
}

#[test]
fn the_status_is_that_of_monitoring() {
    let plant = Plant::new();
    for (file, expected) in [("fine", 0), ("warning", 1), ("critical", 2), ("expired", 2)] {
        let output = plant.run(&["--at", AT, &format!("pki/{file}.pem")]);
        assert_eq!(status(&output), expected, "{file}: {output:?}");
    }
    let loose = plant.run(&["--at", AT, "--warn", "10", "--critical", "2d", "pki/warning.pem", "pki/critical.pem"]);
    assert_eq!(status(&loose), 1, "{loose:?}");
    // 300 days in all, 200 left: more than 60 %, less than 70 %.
    assert_eq!(status(&plant.run(&["--at", AT, "--warn", "60%", "pki/fine.pem"])), 0);
    assert_eq!(status(&plant.run(&["--at", AT, "--warn", "70%", "pki/fine.pem"])), 1);
    let missing = plant.run(&["pki/absent.pem"]);
    assert_eq!(status(&missing), 3);
    assert!(missing.stdout.is_empty() && text(&missing.stderr).contains("no such file"));
    assert_eq!(status(&plant.run(&[])), 3);
    // A job whose reports are judged elsewhere is done when they are written, and only then.
    assert_eq!(status(&plant.run(&["--at", AT, "--exit-zero", "--warn", "70%", "pki/fine.pem"])), 0);
    assert_eq!(status(&plant.run(&["--at", AT, "--exit-zero", "pki"])), 0);
    assert_eq!(status(&plant.run(&["--exit-zero", "--config", "none.toml"])), 3);
    assert_eq!(status(&plant.run(&["--warn", "soon", "pki"])), 3);
}

#[test]
fn an_endpoint_that_does_not_answer_is_never_fine() {
    let plant = Plant::new();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = plant.run(&["--at", AT, "--retries", "0", &closed.to_string(), "pki/fine.pem"]);
    assert_eq!(status(&output), 2);
    assert!(text(&output.stdout).contains("connection_refused"), "{output:?}");
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", silent.local_addr().unwrap());
    let report = plant.json(&["--retries", "0", "--timeout", "1s", &url]);
    assert_eq!(report["entries"][0]["error"]["code"], "timed_out", "{report}");
    // The deadline ends what would take longer, and says so.
    let report = plant.json(&["--timeout", "60s", "--deadline", "1s", &url]);
    assert_eq!(report["entries"][0]["error"]["code"], "not_reached", "{report}");
    assert_eq!(report["left_out"], 1);
}

#[test]
fn formats_go_each_to_its_own_file() {
    let plant = Plant::new();
    let output = plant.run(&[
        "--at",
        AT,
        "pki",
        "--format",
        "nagios",
        "--format",
        "json",
        "-o",
        "r.json",
        "-o",
        "r.csv",
        "-o",
        "r.ics",
        "--format",
        "prometheus",
        "-o",
        "r.prom",
        "-o",
        "r.jsonl",
        "-o",
        "r.influx",
        "-o",
        "r.txt",
    ]);
    assert_eq!(status(&output), 2, "{output:?}");
    let plugin = text(&output.stdout);
    assert!(plugin.starts_with("SSL_CERT CRITICAL - 'expired.plant.test' expired 5 days ago (pki)|"), "{plugin}");
    assert!(plugin.contains("days_chain_elem1=3;30:;7:;;"), "{plugin}");
    let json: Value = serde_json::from_slice(&std::fs::read(plant.file("r.json")).unwrap()).unwrap();
    assert_eq!(json["schema"], "certkit.expiry/1");
    let csv = std::fs::read_to_string(plant.file("r.csv")).unwrap();
    assert_eq!(csv.lines().count(), 6, "{csv}");
    let metrics = std::fs::read_to_string(plant.file("r.prom")).unwrap();
    let end = at(3).unix();
    assert!(
        metrics.lines().any(|line| line.starts_with(
            "x509_cert_not_after{filename=\"critical.pem\",filepath=\"pki/critical.pem\",serial_number=\""
        ) && line.ends_with(&format!(" {end}"))),
        "{metrics}"
    );
    let points = std::fs::read_to_string(plant.file("r.influx")).unwrap();
    let time = format!(" {}000000000", at(0).unix());
    assert!(points.lines().all(|line| line.ends_with(&time)) && points.lines().count() == 6, "{points}");
    assert!(
        points.lines().any(|line| line.starts_with("certkit_expiry,source=pki,place=critical.pem,")
            && line.contains(&format!(" state=\"critical\",state_code=2i,not_after={end}i,seconds_left=259200i"))),
        "{points}"
    );
    let calendar = std::fs::read_to_string(plant.file("r.ics")).unwrap();
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 5, "{calendar}");
    assert!(calendar.contains("DTSTART:20260604T000000Z\r\n"), "{calendar}");
    assert!(calendar.contains("TRIGGER:-P30D\r\n"), "{calendar}");
    assert!(std::fs::read_to_string(plant.file("r.txt")).unwrap().starts_with("STATE"));
    // Files are replaced; two formats in one place are a mistake.
    assert_eq!(status(&plant.run(&["--at", AT, "pki/fine.pem", "-o", "r.json"])), 0);
    assert_eq!(status(&plant.run(&["pki", "--format", "json", "--format", "csv"])), 3);
    assert_eq!(status(&plant.run(&["pki", "-o", "report"])), 3);
}

#[test]
fn shards_joined_are_the_whole() {
    let plant = Plant::new();
    for number in 0..40 {
        plant.leaf(&format!("plc{number}"), number * 5);
    }
    let whole = plant.json(&["pki"]);
    let mut files = Vec::new();
    let mut sizes = Vec::new();
    for index in ["0", "1", "2"] {
        let file = format!("part-{index}.jsonl");
        plant.run(&["pki", "--at", AT, "--shard", &format!("{index}/3"), "--format", "jsonl", "-o", &file]);
        sizes.push(std::fs::read_to_string(plant.file(&file)).unwrap().lines().count() - 1);
        files.push(file);
    }
    assert_eq!(sizes.iter().sum::<usize>(), 45, "{sizes:?}");
    assert!(sizes.iter().all(|size| *size > 5), "{sizes:?}");
    let merge = |files: &[String]| {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        plant.run(&[&["merge", "--json", "--at", AT], files.as_slice()].concat())
    };
    let joined: Value = serde_json::from_slice(&merge(&files).stdout).unwrap();
    assert_eq!(joined, whole);
    // One that is missing is not fine; one that was cut is no report.
    let part: Value = serde_json::from_slice(&merge(&files[..2]).stdout).unwrap();
    assert_eq!(part["left_out"], 1);
    assert!(part["entries"].as_array().unwrap().iter().any(|it| it["source"] == "shard 2/3"));
    let cut = std::fs::read_to_string(plant.file(&files[0])).unwrap();
    std::fs::write(plant.file(&files[0]), cut.trim_end().rsplit_once('\n').unwrap().0).unwrap();
    let refused = merge(&files);
    assert_eq!(status(&refused), 3);
    assert!(text(&refused.stderr).contains("the file is truncated"), "{refused:?}");
}

#[test]
fn the_index_of_a_job_is_a_shard() {
    let plant = Plant::new();
    let run = |index: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        command.args(["expiry", "pki", "--at", AT, "--shard", "3", "--json"]).current_dir(plant.folder.path());
        match index {
            Some(index) => command.env("JOB_COMPLETION_INDEX", index),
            None => command.env_remove("JOB_COMPLETION_INDEX"),
        };
        command.output().unwrap()
    };
    let report: Value = serde_json::from_slice(&run(Some("2")).stdout).unwrap();
    assert_eq!(report["shard"], "2/3");
    assert_eq!(status(&run(Some("3"))), 3);
    assert_eq!(status(&run(None)), 3);
}

#[test]
fn an_inventory_has_owners_groups_and_waivers() {
    let plant = Plant::new();
    let inventory = |until: &str| {
        format!(
            r#"
[defaults]
warn = "40d"
owner = "plant IT"

[group.line1]
warn = 10
note = "behind the press"

[[source]]
at = "pki/warning.pem"
group = "line1"

[[source]]
at = ["pki/fine.pem", "pki/critical.pem"]
owner = "maintenance"

[[source]]
at = "pki/expired.pem"
[[source.waiver]]
reason = "the line stands still"
until = {until}
"#
        )
    };
    std::fs::write(plant.file("inventory.toml"), inventory("2026-06-01")).unwrap();
    let report = plant.json(&["--config", "inventory.toml"]);
    let by_source = |report: &Value, name: &str| {
        report["entries"].as_array().unwrap().iter().find(|it| it["source"] == name).unwrap().clone()
    };
    let warning = by_source(&report, "pki/warning.pem");
    assert_eq!((&warning["state"], &warning["warn"]), (&"ok".into(), &"10d".into()));
    assert_eq!((&warning["owner"], &warning["note"]), (&"plant IT".into(), &"behind the press".into()));
    assert_eq!(by_source(&report, "pki/critical.pem")["owner"], "maintenance");
    // The day of the date still counts.
    let expired = by_source(&report, "pki/expired.pem");
    assert_eq!(expired["waived"]["until"], "2026-06-02T00:00:00Z");
    assert_eq!(report["state"], "critical");
    assert_eq!(report["summary"]["waived"], 1);
    // When the waiver has ended, the alarm is back.
    std::fs::write(plant.file("inventory.toml"), inventory("\"2026-05-31\"")).unwrap();
    let report = plant.json(&["--config", "inventory.toml"]);
    assert_eq!(report["state"], "expired");
    assert!(by_source(&report, "pki/expired.pem")["waived"].is_null());
}

#[test]
fn a_fault_in_the_inventory_is_told_with_its_line() {
    let plant = Plant::new();
    let refused = |inventory: &str| {
        std::fs::write(plant.file("inventory.toml"), inventory).unwrap();
        let output = plant.run(&["--config", "inventory.toml"]);
        assert_eq!(status(&output), 3, "{inventory}: {output:?}");
        text(&output.stderr)
    };
    let told = refused("[[source]]\nat = \"pki\"\nwran = \"3d\"\n");
    assert!(told.contains("line 3") && told.contains("did you mean `warn`?"), "{told}");
    let told = refused("[defaults]\nwarn = \"soon\"\n");
    assert!(told.contains("line 2") && told.contains("`soon` is no threshold"), "{told}");
    let told = refused("[[source]]\nat = \"pki\"\n[source.public-roots]\nwarn = \"200%\"\n");
    assert!(told.contains("line 4") && told.contains("`200%`"), "{told}");
    let told = refused("[group.line1]\n[[source]]\nat = \"pki\"\ngroup = \"line\"\n");
    assert!(told.contains("did you mean `line1`?"), "{told}");
    let told = refused("[[source]]\nat = \"pki\"\n[[source.waiver]]\nreason = \"x\"\nuntil = \"never\"\n");
    assert!(told.contains("`never` is no end"), "{told}");
    refused("[[source]\n");
}

#[test]
fn the_documents_have_the_shape_of_their_schema() {
    let plant = Plant::new();
    let report = plant.json(&["pki"]);
    let schema = |name: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_certkit")).args(["schema", name]).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
    };
    let described = schema("expiry");
    assert_eq!(described["properties"]["schema"]["const"], "certkit.expiry/1");
    fits(&report, &described, &described, "report");
    assert!(schema("expiry-config")["$defs"]["SourceToml"]["properties"]["crl-warn"].is_object());
}

/// Says whether every key of a value is described, and every key that must be there is.
fn fits(value: &Value, schema: &Value, root: &Value, place: &str) {
    let resolved = |schema: &Value| -> Value {
        let link = |schema: &Value| schema["$ref"].as_str().map(|link| root.pointer(&link[1..]).unwrap().clone());
        let other = schema["anyOf"].as_array().and_then(|any| any.iter().find_map(link));
        link(schema).or(other).unwrap_or_else(|| schema.clone())
    };
    let schema = resolved(schema);
    match value {
        Value::Object(keys) => {
            for (key, value) in keys {
                let inner = &schema["properties"][key];
                assert!(!inner.is_null(), "{place}.{key} is not described");
                fits(value, inner, root, &format!("{place}.{key}"));
            }
            for key in schema["required"].as_array().into_iter().flatten() {
                assert!(keys.contains_key(key.as_str().unwrap()), "{place} lacks {key}");
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fits(value, &schema["items"], root, place)),
        _ => {}
    }
}

#[test]
fn what_has_changed_is_told_and_remembered() {
    let plant = Plant::new();
    let run = |more: &[&str]| plant.run(&[&["pki", "--at", AT, "--state", "state.db", "--json"], more].concat());
    let changes = |output: &Output| -> Vec<String> {
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        let changes = report["changes"].as_array().unwrap();
        changes
            .iter()
            .map(|it| format!("{} {} {} {}", it["change"], it["place"], it["is_key_kept"], it["is_issuer_changed"]))
            .map(|line| line.replace('"', ""))
            .collect()
    };
    assert!(changes(&run(&[])).is_empty(), "the first run has nothing to compare with");
    assert!(changes(&run(&["--fail-on-change"])).is_empty());
    plant.leaf("fine", 300);
    plant.leaf("new", 100);
    std::fs::remove_file(plant.file("pki/expired.pem")).unwrap();
    plant.leaf("warning", 15);
    let told = changes(&run(&[]));
    assert_eq!(
        told,
        [
            "gone expired.pem null null",
            "renewed fine.pem true false",
            "new new.pem null null",
            "replaced warning.pem true false",
        ]
    );
    assert!(changes(&run(&[])).is_empty(), "what was told once is known");
    let history = plant.run(&["history", "--state", "state.db"]);
    assert_eq!(text(&history.stdout).lines().count(), 4, "{history:?}");
    let history = plant.run(&["history", "--state", "state.db", "--json", "--limit", "1"]);
    let history: Value = serde_json::from_slice(&history.stdout).unwrap();
    assert_eq!(history["changes"][0]["change"], "replaced");
    assert_eq!(history["changes"][0]["moment"], "2026-06-01T00:00:00Z");
    // A renewal is expected, a stranger is not.
    let fine = ["pki/fine.pem", "--at", AT, "--state", "fine.db", "--fail-on-change"];
    assert_eq!(status(&plant.run(&fine)), 0);
    plant.leaf("fine", 310);
    assert_eq!(status(&plant.run(&fine)), 0);
    plant.leaf("fine", 305);
    assert_eq!(status(&plant.run(&fine)), 2);
    assert_eq!(status(&plant.run(&fine)), 0);
}

#[test]
fn what_is_remembered_survives_two_runs_at_once_and_strange_files() {
    let plant = Plant::new();
    let spawn = || {
        Command::new(env!("CARGO_BIN_EXE_certkit"))
            .args(["expiry", "pki", "--at", AT, "--state", "state.db"])
            .current_dir(plant.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    // One of them is killed somewhere on its way.
    let mut doomed = spawn();
    let runs: Vec<_> = (0..6).map(|_| spawn()).collect();
    doomed.kill().unwrap();
    doomed.wait().unwrap();
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert_eq!(status(&output), 2, "{output:?}");
    }
    assert_eq!(
        text(&plant.run(&["history", "--state", "state.db"]).stdout),
        "nothing has changed since the first run\n"
    );
    std::fs::write(plant.file("notes.txt"), "not a database, but long enough to be looked at as one\n".repeat(40))
        .unwrap();
    let strange = plant.run(&["pki", "--state", "notes.txt"]);
    assert_eq!(status(&strange), 3);
    assert!(strange.stdout.is_empty() && text(&strange.stderr).contains("notes.txt"), "{strange:?}");
    assert_eq!(status(&plant.run(&["history", "--state", "absent.db"])), 3);
    assert!(!plant.file("absent.db").exists());
}

#[test]
fn findings_stand_beside_the_dates_when_they_are_wanted() {
    let plant = Plant::new();
    let report = plant.json(&["pki/expired.pem", "--findings", "--trust", "pki/root.pem"]);
    let findings = report["entries"][0]["findings"].as_array().unwrap();
    let ids: Vec<&str> = findings.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"expired"), "{ids:?}");
    assert!(!ids.iter().any(|id| id.contains("unknown")), "the root is trusted: {ids:?}");
    assert!(findings.iter().all(|it| !it["remedy"].as_str().unwrap().is_empty()));
    assert!(plant.json(&["pki/expired.pem"])["entries"][0].get("findings").is_none());
}

#[test]
fn stores_that_are_built_in_are_watched_too() {
    let plant = Plant::new();
    let report = plant.json(&["mozilla"]);
    assert!(report["summary"]["total"].as_u64().unwrap() > 100);
    assert_eq!(plant.json(&["opcua:pki"])["summary"]["total"], 5);
}

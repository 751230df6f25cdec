//! `certkit review` as a user types it: statuses, formats, waivers, baselines, bad input.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        desk.write("line.json", PROJECT);
        desk
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn run(&self, arguments: &str) -> Output {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &str, input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_certkit"))
            .arg("review")
            .args(arguments.split_whitespace())
            .current_dir(self.0.path())
            .env("NO_PASSWORD_HERE", "")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn json(&self, arguments: &str) -> (Option<i32>, Value) {
        let output = self.run(&format!("{arguments} --json"));
        let document = serde_json::from_slice(&output.stdout);
        (output.status.code(), document.unwrap_or_else(|_| panic!("{}", said(&output))))
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn duty<'a>(document: &'a Value, id: &str) -> &'a Value {
    document["duties"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap()
}

const PROJECT: &str = r#"{"project": {"servermain.PROJECT_TITLE": "x",
  "client_interfaces": [{"common.ALLTYPES_NAME": "opcdaserver", "opcdaserver.PROJECT_OPC_DA_1_ENABLED": false,
    "opcdaserver.PROJECT_OPC_DA_2_ENABLED": true, "opcdaserver.PROJECT_OPC_DA_3_ENABLED": true}],
  "channels": [{"common.ALLTYPES_NAME": "=cmd()", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "MQTT Client",
    "mqtt_client.CHANNEL_HOST_ADDRESS": "b.test", "mqtt_client.CHANNEL_SSL_TLS": false,
    "mqtt_client.CHANNEL_PASSWORD": "hush-hush"}]}}"#;

#[test]
fn a_project_is_reviewed_and_its_deviations_fail_the_run() {
    let desk = Desk::new();
    let output = desk.run("line.json");
    assert_eq!(output.status.code(), Some(2));
    let text = said(&output);
    assert!(text.contains("5.2.1") && text.contains("kepware-opc-da-enabled") && text.contains("Project Properties"));
    assert!(text.find("Not met").unwrap() < text.find("To be confirmed").unwrap());
    assert!(!text.contains("hush"), "{text}");

    let (status, document) = desk.json("line.json");
    assert_eq!((status, document["schema"].as_str()), (Some(2), Some("certkit.review/1")));
    assert_eq!(duty(&document, "5.2.1")["state"], "partly");
    assert_eq!(duty(&document, "5.2.1")["section"], "5.2.1");
    assert_eq!(duty(&document, "6-mqtt-driver")["state"], "not-met");
    assert_eq!(duty(&document, "6-mqtt-driver")["part"], "extra");
    assert_eq!(document["peers"][0]["at"], "tcp://b.test:1883");
    assert!(!document.to_string().contains("hush"));
}

#[test]
fn sections_and_states_choose_rows_and_decide_the_status() {
    let desk = Desk::new();
    let (status, document) = desk.json("line.json --section 4");
    assert_eq!(status, Some(1), "questions are open, and nothing falls short");
    assert_eq!(document["duties"].as_array().unwrap().len(), 3);
    let (_, document) = desk.json("line.json --only not-met --only partly");
    assert!(
        document["duties"].as_array().unwrap().iter().all(|it| it["state"] == "not-met" || it["state"] == "partly")
    );
    let output = desk.run("line.json --section 6.9");
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("no duty in section"));
}

const PLANT: &str = r#"
[defaults]
owner = "for certkit expiry"

[[review.waiver]]
duty = "5.2.1"
owner = "M. Weber"
reason = "the old HMI"
until = 2099-01-01

[[review.waiver]]
finding = "kepware-channel-mqtt-clear"
owner = "M. Weber"
reason = "until the new broker is there"
until = 2020-01-01

[[review.answer]]
duty = "3.1-malware"
met = true
by = "M. Weber"
on = 2026-01-01
until = 2099-01-01
"#;

#[test]
fn what_a_plant_has_decided_is_shown_and_ends() {
    let desk = Desk::new();
    desk.write("plant.toml", PLANT);
    let (_, document) = desk.json("line.json --config plant.toml");
    let waived = duty(&document, "5.2.1");
    assert_eq!((&waived["state"], &waived["waiver"]["owner"]), (&"partly".into(), &"M. Weber".into()));
    assert_eq!(waived["waiver"]["is_expired"], false);
    assert_eq!(duty(&document, "6-mqtt-driver")["waiver"]["is_expired"], true);
    assert_eq!(duty(&document, "3.1-malware")["state"], "met");
    assert_eq!(document["summary"]["waived"], 1);
    assert_eq!(document["summary"]["waivers_ended"], 1);
    let output = desk.run("line.json --config plant.toml --section 5.2.1");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));

    for (text, word) in [
        (
            "[[review.waiver]]\nduty = \"5.2.9\"\nowner = \"a\"\nreason = \"b\"\nuntil = 2099-01-01",
            "unknown duty or finding",
        ),
        ("[[review.waiver]]\nowner = \"a\"\nreason = \"b\"\nuntil = 2099-01-01", "either a duty or a finding"),
        ("[[review.waiver]]\nduty = \"5.2.1\"\nowner = \"a\"\nreason = \" \"\nuntil = 2099-01-01", "no reason"),
        ("[[review.waiver]]\nduty = \"5.2.1\"\nowner = \"a\"\nreason = \"b\"\nuntil = \"soon\"", "not a date"),
        ("[[review.wavier]]\nduty = \"5.2.1\"", "did you mean `waiver`"),
        ("[review]\nminimum-version = \"new\"", "not a version"),
    ] {
        desk.write("bad.toml", text);
        let output = desk.run("line.json --config bad.toml");
        assert_eq!(output.status.code(), Some(3));
        assert!(said(&output).contains(word), "{word}: {}", said(&output));
    }
}

#[test]
fn a_new_deviation_fails_and_an_old_one_does_not() {
    let desk = Desk::new();
    assert_eq!(desk.run("line.json --format json -o last.json").status.code(), Some(2));
    let output = desk.run("line.json --baseline last.json --fail-on-new");
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("nothing is different"));

    desk.write("line.json", &PROJECT.replace("_DA_1_ENABLED\": false", "_DA_1_ENABLED\": true"));
    let (status, document) = desk.json("line.json --baseline last.json --fail-on-new");
    assert_eq!(status, Some(2));
    let changes = document["changes"].as_array().unwrap();
    assert!(changes.iter().any(|it| it["kind"] == "deviation" && it["change"] == "new"));
    assert!(changes.iter().any(|it| it["kind"] == "setting" && it["before"] == "no" && it["after"] == "yes"));

    assert_eq!(desk.run("line.json --fail-on-new").status.code(), Some(3));
    assert_eq!(desk.run("line.json --baseline line.json").status.code(), Some(3));
    desk.run("line.json --only met --format json -o part.json");
    let output = desk.run("line.json --baseline part.json");
    assert!(said(&output).contains("some of the duties only"), "{}", said(&output));
}

#[test]
fn a_dead_source_hides_no_other_and_alone_fails() {
    let desk = Desk::new();
    desk.write("broken.json", "{\"project\": ");
    let (status, document) = desk.json("line.json broken.json missing.json kepware+https://127.0.0.1:1");
    assert_eq!(status, Some(2));
    let states: Vec<&str> =
        document["sources"].as_array().unwrap().iter().map(|it| it["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["read", "failed", "failed", "failed"]);
    assert_eq!(duty(&document, "5.2.1")["state"], "partly");
    // What the living one shows is told, and is not called met.
    desk.write(
        "good.json",
        r#"{"project": {"client_interfaces": [{"thingworxinterface.ENABLED": true,
        "thingworxinterface.TRUST_ALL_CERTIFICATES": false}]}}"#,
    );
    let row = |arguments: &str| duty(&desk.json(arguments).1, "note-trust-all").clone();
    assert_eq!(row("good.json")["state"], "met");
    let beside = row("good.json missing.json");
    let told = beside["evidence"].to_string();
    assert_eq!(beside["state"], "not-visible");
    assert!(told.contains("is set to No") && told.contains("could not be read"), "{told}");

    for (arguments, word) in [
        ("broken.json", "ends too early"),
        ("missing.json", "no such file"),
        ("kepware+https://127.0.0.1:1", "refused"),
        ("kepware+http://kep7:57412", "plain HTTP"),
        ("ftp://kep7", "not a source of a review"),
        ("", "nothing to review"),
        ("kepware+https://127.0.0.1:1 --user a", "no password given for a"),
        ("kepware+https://127.0.0.1:1 --pin 12", "not a SHA-256"),
    ] {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments}: {}", said(&output));
        assert!(output.stdout.is_empty() && said(&output).contains(word), "{arguments}: {}", said(&output));
    }
}

#[test]
fn a_source_that_cannot_be_asked_hides_no_other() {
    let desk = Desk::new();
    let api = "[[review.source]]\nat = \"kepware+https://127.0.0.1:1\"\nuser = \"a\"\npassword-file = \"missing\"\n";
    desk.write("plant.toml", &format!("[[review.source]]\nat = \"line.json\"\n{api}"));
    let (status, document) = desk.json("--config plant.toml");
    assert_eq!(status, Some(2), "{document:#}");
    let sources = document["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 2, "{sources:#?}");
    let failed: Vec<_> = sources.iter().filter(|it| it["error"].is_string()).collect();
    assert!(failed.len() == 1 && failed[0]["error"].as_str().unwrap().contains("missing"), "{sources:#?}");
    assert_eq!(duty(&document, "5.2.1")["state"], "partly");
    desk.write("plant.toml", api);
    let output = desk.run("--config plant.toml");
    assert!(output.status.code() == Some(3) && said(&output).contains("missing"), "{}", said(&output));
}

#[test]
fn standard_input_and_tables_for_spreadsheets() {
    let desk = Desk::new();
    let output = desk.run_with("- --format csv", PROJECT);
    let text = said(&output);
    assert!(text.starts_with("section,id,title"), "{text}");
    assert!(text.lines().any(|it| it.starts_with("5.2.1,5.2.1,") && it.contains(",partly,")), "{text}");
    assert!(text.lines().all(|it| !it.contains(",=cmd") && !it.contains("\"=cmd")), "{text}");
}

#[test]
fn a_page_shows_strangers_names_as_text() {
    let desk = Desk::new();
    desk.write("line.json", &PROJECT.replace("=cmd()", "<script>alert(1)</script>"));
    let output = desk.run("line.json --format html -o page.html --format text");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let page = std::fs::read_to_string(desk.0.path().join("page.html")).unwrap();
    assert!(page.contains("&#60;script&#62;alert(1)") && !page.contains("<script>alert"), "{page}");
    assert!(page.contains("kepware-channel-mqtt-clear") && page.contains("5.2.1") && !page.contains("hush"));
    // Nothing is fetched from elsewhere.
    assert!(!page.contains("src=") && !page.contains("url(") && !page.contains("@import"));
}

#[test]
fn a_folder_of_the_host_and_what_a_project_names_are_sources() {
    let desk = Desk::new();
    std::fs::create_dir(desk.0.path().join("data")).unwrap();
    desk.write("data/settings.ini", "[Config API Service]\nAllowInsecureCommunications=1\n");
    let (status, document) = desk.json("--data-dir data");
    assert_eq!(status, Some(2));
    assert_eq!(duty(&document, "7.1.2")["state"], "not-met");
    assert_eq!(desk.run("--data-dir nowhere").status.code(), Some(3));

    // Nothing listens there: the peer is listed, and its failure hides nothing.
    desk.write("line.json", &PROJECT.replace("\"channels\"", "\"_iot_gateway\": [{\"rest_clients\": [{\"common.ALLTYPES_NAME\": \"r\", \"iot_gateway.REST_CLIENT_URL\": \"https://127.0.0.1:1/in?key=hush\"}]}], \"channels\""));
    let (_, document) = desk.json("line.json");
    assert_eq!(document["sources"].as_array().unwrap().len(), 1);
    let (_, followed) = desk.json("line.json --follow --timeout 1s");
    let clear = followed["sources"].as_array().unwrap().iter().find(|it| it["name"] == "tcp://b.test:1883").unwrap();
    assert_eq!((&clear["kind"], &clear["state"]), (&"followed".into(), &"not-asked".into()));
    assert!(clear["asked"][0]["outcome"].to_string().contains("in clear"), "{clear}");
    assert!(document["peers"].as_array().unwrap().iter().any(|it| it["at"] == "https://127.0.0.1:1/***?key=***"));
    let (status, document) = desk.json("line.json --follow");
    assert_eq!(status, Some(2));
    assert_eq!(document["sources"][1]["state"], "failed");
    assert!(!document.to_string().contains("hush"));
    let (status, _) = desk.json("line.json kepware://127.0.0.1:1 thingworx://127.0.0.1:1");
    assert_eq!(status, Some(2));
}

#[test]
fn what_one_project_does_not_show_is_not_met_by_another() {
    let desk = Desk::new();
    let whole = r#"{"project": {"client_interfaces": [{"thingworxinterface.ENABLED": true,
        "thingworxinterface.TRUST_ALL_CERTIFICATES": false}]}}"#;
    desk.write("p1.json", whole);
    desk.write("p4.json", &whole.replace("false", "\"false\""));
    desk.write("flat.json", r#"{"a.b": 1}"#);
    let states = |arguments: &str| {
        let (_, document) = desk.json(arguments);
        ["note-trust-all", "6.2.1"].map(|it| duty(&document, it)["state"].as_str().unwrap().to_owned())
    };
    assert_eq!(states("p1.json"), ["met", "not-applicable"]);
    assert_eq!(states("p1.json p4.json"), ["not-visible", "not-applicable"]);
    assert_eq!(states("flat.json"), ["not-visible", "not-visible"]);
    assert_eq!(states("p1.json flat.json"), ["not-visible", "not-visible"]);
    let output = desk.run("p1.json p4.json --section note");
    assert!(said(&output).contains("does not show TRUST_ALL_CERTIFICATES"), "{}", said(&output));
}

#[test]
fn a_waiver_until_the_last_day_is_written_as_a_date() {
    let desk = Desk::new();
    desk.write("plant.toml", &PLANT.replace("2099-01-01", "9999-12-31"));
    let output = desk.run("line.json --config plant.toml");
    assert!(said(&output).contains("until 9999-12-31 by M. Weber"), "{}", said(&output));
    let plant = PLANT.replace("2099-01-01", "2098-12-31");
    desk.write("plant.toml", &plant);
    for format in ["csv", "html"] {
        let output = said(&desk.run(&format!("line.json --config plant.toml --format {format}")));
        assert!(output.contains("2098-12-31") && !output.contains("2099-01-01"), "{output}");
    }
}

#[test]
fn every_deviation_is_explained() {
    let listed = Command::new(env!("CARGO_BIN_EXE_certkit")).args(["explain", "--json"]).output().unwrap();
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let ids: Vec<&str> = listed["deviations"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"kepware-ua-anonymous") && ids.len() > 30, "{ids:?}");
    let one = Command::new(env!("CARGO_BIN_EXE_certkit")).args(["explain", "kepware-ua-anonymous"]).output().unwrap();
    let text = String::from_utf8(one.stdout).unwrap();
    assert!(one.status.success() && text.contains("Allow anonymous login") && text.contains("6.1.1"), "{text}");
    for (clause, duties) in [("5.2.1", 1), ("clause 6.1", 4), ("6-snmp", 1)] {
        let told = Command::new(env!("CARGO_BIN_EXE_certkit")).args(["explain", clause, "--json"]).output().unwrap();
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        assert_eq!(told["duties"].as_array().map(Vec::len), Some(duties), "{told}");
        let text = Command::new(env!("CARGO_BIN_EXE_certkit")).args(["explain", clause]).output().unwrap();
        assert!(text.status.success() && said(&text).contains("What to do"), "{}", said(&text));
    }
}

#[test]
fn a_report_takes_the_place_of_no_input() {
    let desk = Desk::new();
    desk.write("plant.toml", PLANT);
    desk.write("notes.txt", "what I have seen today\n");
    desk.write("table.csv", "a,b\n1,2\n");
    assert_eq!(desk.run("line.json --format json -o last.json").status.code(), Some(2));
    let files = || {
        ["line.json", "plant.toml", "last.json", "notes.txt", "table.csv"]
            .map(|name| std::fs::read(desk.0.path().join(name)).unwrap())
    };
    let before = files();
    for (arguments, word) in [
        ("line.json --format json -o line.json", "an input of this run"),
        ("line.json --format json -o ./line.json --force", "an input of this run"),
        ("line.json --config plant.toml --format html -o plant.toml --force", "an input of this run"),
        ("line.json --baseline last.json --format json -o last.json", "an input of this run"),
        ("last.json --format html -o line.json", "no report of certkit"),
        ("line.json -o notes.txt", "no report of certkit"),
        ("line.json -o table.csv", "no report of certkit"),
    ] {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments}: {}", said(&output));
        assert!(said(&output).contains(word), "{arguments}: {}", said(&output));
        assert!(files() == before, "{arguments}");
    }
    for _ in 0..2 {
        let output = desk.run("line.json -o r.txt -o r.csv -o r.html -o r.json");
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    }
    assert_eq!(desk.run("line.json -o notes.txt --force").status.code(), Some(2));
}

#[test]
fn a_source_has_one_name_however_it_is_typed() {
    let desk = Desk::new();
    desk.run("line.json --format json -o last.json");
    let whole = desk.0.path().canonicalize().unwrap().join("line.json");
    for typed in ["./line.json", &whole.display().to_string()] {
        let output = desk.run(&format!("{typed} --baseline last.json --fail-on-new"));
        assert!(output.status.code() == Some(1) && said(&output).contains("nothing is different"), "{}", said(&output));
    }
    desk.write("plant.toml", &PLANT.replace("duty = \"5.2.1\"", "duty = \"5.2.1\"\nsource = \"line.json\""));
    let output = desk.run("./line.json --config plant.toml --section 5.2.1");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn an_answer_that_lies_ahead_is_not_valid_yet_and_a_table_tells_when_and_why() {
    let desk = Desk::new();
    desk.write("plant.toml", &PLANT.replace("on = 2026-01-01", "on = 2098-11-01"));
    let output = desk.run("line.json --config plant.toml --section 3.1");
    assert!(said(&output).contains("it is not valid yet") && !said(&output).contains("expired"), "{}", said(&output));
    let table = said(&desk.run("line.json --config plant.toml --format csv"));
    for word in ["waiver_reason", "the old HMI", "line.json (read", "certkit_version", env!("CARGO_PKG_VERSION")] {
        assert!(table.contains(word), "{word}: {table}");
    }
}

#[test]
fn the_client_side_of_the_gateway_is_looked_at() {
    let desk = Desk::new();
    let gateway = |policy: u8, mode: u8, identity: u8| {
        format!(
            r#""_ua_gateway": [{{"ua_client_interfaces": [{{"common.ALLTYPES_NAME": "Client Interface", "ua_client_connections": [
            {{"common.ALLTYPES_NAME": "press", "ua_gateway.UA_CLIENT_CONNECTION_URL_NAME": "opc.tcp://press:4840",
            "ua_gateway.UA_CLIENT_CONNECTION_SECURITY_POLICY": {policy}, "ua_gateway.UA_CLIENT_CONNECTION_MESSAGE_MODE": {mode},
            "ua_gateway.UA_CLIENT_CONNECTION_IDENTITY_POLICY": {identity}}}]}}]}}], "channels""#
        )
    };
    let row = |policy, mode, identity| {
        desk.write("line.json", &PROJECT.replace("\"channels\"", &gateway(policy, mode, identity)));
        let (_, document) = desk.json("line.json");
        let duty = duty(&document, "6-ua-client");
        let ids: Vec<String> =
            duty["findings"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
        (duty["state"].as_str().unwrap().to_owned(), ids.join(" "), duty["evidence"].to_string())
    };
    let (state, ids, _) = row(0, 1, 0);
    assert_eq!(
        (state.as_str(), ids.as_str()),
        ("not-met", "kepware-channel-ua-insecure kepware-channel-ua-insecure kepware-channel-ua-anonymous")
    );
    assert_eq!(row(3, 3, 1).0, "met");
    let (state, _, evidence) = row(3, 2, 1);
    assert!(
        state == "not-visible" && evidence.contains("unknown number 2 for UA_CLIENT_CONNECTION_MESSAGE_MODE"),
        "{evidence}"
    );
}

#[test]
fn what_a_host_of_kepware_does_not_answer_is_told_and_no_failure() {
    let desk = Desk::new();
    let output = desk.run("line.json kepware://127.0.0.1:1 --timeout 1s");
    assert!(said(&output).contains("failed kepware://127.0.0.1:1"), "{}", said(&output));
    // What is left out is not asked.
    let (_, document) = desk.json("line.json kepware://127.0.0.1 --no-probe ua,certificate --timeout 1s");
    let source = document["sources"].as_array().unwrap().iter().find(|it| it["kind"] == "probes").unwrap();
    let asked = source["asked"].to_string();
    assert!(asked.contains(":57212") && !asked.contains(":49320") && !asked.contains(":49330"), "{asked}");
}

#[test]
fn secrets_of_stray_projects_and_connection_strings_are_told_and_never_shown() {
    let desk = Desk::new();
    std::fs::create_dir(desk.0.path().join("data")).unwrap();
    desk.write("data/old.json", PROJECT);
    let (_, document) = desk.json("--data-dir data");
    let row = duty(&document, "8.4.1");
    assert!(row["findings"].to_string().contains("holds CHANNEL_PASSWORD in clear text"), "{row:#}");
    assert!(row["findings"].to_string().contains("kepware-secret-in-clear") && !document.to_string().contains("hush"));

    let dsn = "\"channels\": [{\"common.ALLTYPES_NAME\": \"db\", \"odbcclient.CHANNEL_DATA_SOURCE_NAME\": \"DSN=a;UID=b;PWD=hush;\"}, ";
    desk.write("line.json", &PROJECT.replace("\"channels\": [", dsn));
    let (_, document) = desk.json("line.json");
    assert!(duty(&document, "8.4.1")["findings"].to_string().contains("CHANNEL_DATA_SOURCE_NAME in clear text"));
    assert!(!document.to_string().contains("hush") && document.to_string().contains("PWD=***;"));

    desk.write("line.sopf", "-----BEGIN PRIVATE KEY-----\n");
    let output = desk.run("line.sopf");
    assert!(
        output.status.code() == Some(3) && said(&output).contains("no project under a password"),
        "{}",
        said(&output)
    );
}

#[test]
fn channels_of_many_drivers_are_no_matter_of_time() {
    let desk = Desk::new();
    let channels: Vec<String> = (0..60_000)
        .map(|it| {
            format!("{{\"common.ALLTYPES_NAME\": \"c{it}\", \"servermain.MULTIPLE_TYPES_DEVICE_DRIVER\": \"d{it}\"}}")
        })
        .collect();
    desk.write("line.json", &format!("{{\"project\": {{\"channels\": [{}]}}}}", channels.join(",")));
    let start = std::time::Instant::now();
    let (_, document) = desk.json("line.json");
    assert_eq!(duty(&document, "6-other")["state"], "to-confirm");
    assert!(start.elapsed() < std::time::Duration::from_secs(40), "{:?}", start.elapsed());
}

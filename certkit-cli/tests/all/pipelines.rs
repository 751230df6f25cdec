//! `check` for pipelines: SARIF and JUnit's XML. `scripts/formats` holds both against their schemas.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const EXPIRED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/checks/expired/bad.pem");

fn check(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certkit")).current_dir(folder).arg("check").args(arguments).output().unwrap()
}

/// A folder with an expired certificate below a name that XML and URIs have to escape.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("line 3 & <4>")).unwrap();
    std::fs::copy(EXPIRED, folder.path().join("line 3 & <4>/expired.pem")).unwrap();
    folder
}

const AT: [&str; 3] = ["line 3 & <4>", "--at", "2027-07-15"];

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn sarif_has_a_rule_and_a_place_for_each_result() {
    let folder = folder();
    let output = check(folder.path(), &[&AT[..], &["--format", "sarif", "--ignore", "san-missing"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let results = run["results"].as_array().unwrap();
    let expired = results.iter().find(|it| it["ruleId"] == "expired").unwrap();
    assert_eq!(expired["level"], "error");
    let place = &expired["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "line%203%20%26%20%3C4%3E/expired.pem");
    assert_eq!(place["region"]["startLine"], 1);
    for result in results {
        let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][at]["id"], result["ruleId"]);
        assert_eq!(result["partialFingerprints"]["certkitFinding/v1"].as_str().unwrap().len(), 64);
    }
}

#[test]
fn what_is_ignored_is_suppressed_and_skipped() {
    let folder = folder();
    let arguments =
        [&AT[..], &["--ignore", "expired", "--format", "sarif", "--format", "junit", "-o", "j.xml"]].concat();
    let document: Value = serde_json::from_slice(&check(folder.path(), &arguments).stdout).unwrap();
    let results = document["runs"][0]["results"].as_array().unwrap();
    let expired = results.iter().find(|it| it["ruleId"] == "expired").unwrap();
    assert_eq!(expired["suppressions"][0]["kind"], "external");
    assert!(results.iter().filter(|it| it["ruleId"] != "expired").all(|it| it.get("suppressions").is_none()));
    let xml = text(std::fs::read(folder.path().join("j.xml")).unwrap());
    assert!(xml.contains("name=\"expired\"><skipped type=\"ignored\""), "{xml}");
}

#[test]
fn junit_counts_what_it_lists() {
    let folder = folder();
    let output = check(folder.path(), &[&AT[..], &["--format", "junit"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let xml = text(output.stdout);
    assert!(
        xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"certkit check\" "),
        "{xml}"
    );
    assert!(!xml.contains("line 3 & <4>") && xml.contains("/expired.pem\" tests="), "{xml}");
    assert!(xml.contains("name=\"expired\"><failure type=\"error\" message=\""), "{xml}");
    let told = |what: &str| -> usize {
        let (_, rest) = xml.split_once(&format!(" {what}=\"")).unwrap();
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    assert_eq!(told("tests"), xml.matches("<testcase ").count());
    assert_eq!(told("failures"), xml.matches("<failure ").count());
    assert!(told("tests") > told("failures") && told("failures") > 0);
}

#[test]
fn what_could_not_be_read_and_what_nobody_could_tell_are_told() {
    let folder = folder();
    let arguments = [&AT[..], &["--crl", "none.crl", "--format", "junit"]].concat();
    // A list that is not there is a failure of the job, and gives no report at all.
    let output = check(folder.path(), &arguments);
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(3), true));
    let unverifiable = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/checks/signature-not-verifiable/bad-root.pem");
    let output = check(folder.path(), &[unverifiable, "--format", "junit"]);
    assert!(text(output.stdout).contains("name=\"root-weak-hash\"><error type=\"warning\" message=\""));
    std::fs::write(folder.path().join("torn.pem"), "-----BEGIN CERTIFICATE-----\nAAAA").unwrap();
    let output = check(folder.path(), &[".", "--at", "2027-07-15", "--format", "junit"]);
    let said = text(output.stdout);
    assert!(said.contains("<testcase classname=\"./torn.pem\" name=\"certificate-undecodable\"><failure "), "{said}");
}

#[test]
fn several_formats_are_written_in_one_run() {
    let folder = folder();
    let arguments = ["--format", "text", "--format", "sarif", "-o", "c.sarif", "-o", "c.xml", "-o", "c.json"];
    let output = check(folder.path(), &[&AT[..], &arguments].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(text(output.stdout).contains("error"), "words go to standard output");
    for (file, start) in [("c.sarif", "{"), ("c.xml", "<?xml"), ("c.json", "{")] {
        assert!(text(std::fs::read(folder.path().join(file)).unwrap()).starts_with(start), "{file}");
    }
    // One that is not known is refused before anything is looked at.
    let output = check(folder.path(), &[&AT[..], &["-o", "report.yaml"]].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(!folder.path().join("report.yaml").exists());
}

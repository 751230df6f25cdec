//! What OpenSSL and Java refuse is an error under the profile `tls`: by what they said of the specimens when
//! `scripts/programs` asked them.

#[expect(dead_code, reason = "shared with tests that need more of it")]
mod specimen;

use std::collections::BTreeMap;
use std::process::Command;

use certkit_core::check::{Profile, Severity, TLS, Usage};
use specimen::Specimen;

/// The columns that weigh as errors under `tls`: what either refuses fails at the plant.
const WEIGHED: [&str; 2] = ["openssl", "java"];

/// The fields of a line of the table.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut is_quoted) = (vec![String::new()], false);
    for char in line.chars() {
        match char {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            other => fields.last_mut().unwrap().push(other),
        }
    }
    fields
}

/// What each program said of each specimen.
fn table() -> BTreeMap<String, BTreeMap<String, String>> {
    let text = std::fs::read_to_string(specimen::root().join("programs.csv")).unwrap();
    let mut lines = text.lines().map(fields);
    let programs: Vec<String> =
        lines.next().unwrap().iter().skip(1).map(|head| head.split(' ').next().unwrap().to_owned()).collect();
    lines
        .map(|row| {
            assert_eq!(row.len(), programs.len() + 1, "{row:?}");
            let said = row.iter().skip(1).cloned();
            (row[0].clone(), programs.iter().cloned().zip(said).collect())
        })
        .collect()
}

/// Where certkit and a program judge otherwise for good reason: `SPECIMEN PROGRAM: REASON` a line.
fn reasons() -> BTreeMap<(String, String), String> {
    let text = std::fs::read_to_string(specimen::root().join("programs-reasons.txt")).unwrap();
    text.lines()
        .map(|line| {
            let (place, reason) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
            let (specimen, program) = place.split_once(' ').unwrap_or_else(|| panic!("{line}"));
            ((specimen.to_owned(), program.to_owned()), reason.to_owned())
        })
        .collect()
}

/// The specimen under `tls`, asked what the programs were asked.
fn under_tls(name: &str) -> Vec<&'static str> {
    let specimen = Specimen::read(&specimen::root().join("checks").join(name));
    let profile: &'static Profile = &TLS;
    let mut asked = Specimen { profile, ..specimen };
    asked.expectation.usage = asked.expectation.usage.or(Some(Usage::TlsServer));
    let findings = asked.judge().findings;
    findings.iter().filter(|it| it.severity == Severity::Error).map(|it| it.check.id).collect()
}

#[test]
fn what_openssl_or_java_refuses_is_an_error_under_tls() {
    let mut reasons = reasons();
    let mut failures = Vec::new();
    let table = table();
    assert!(table.len() > 250, "{}", table.len());
    for (name, said) in &table {
        let errors = under_tls(name);
        for program in WEIGHED {
            let differs = said[program] != "accepts" && errors.is_empty();
            match (differs, reasons.remove(&(name.clone(), program.to_owned()))) {
                (true, None) => failures.push(format!("{name} {program}: {}", said[program])),
                (false, Some(_)) => failures.push(format!("{name} {program}: a reason, and no difference")),
                _ => {}
            }
        }
        // The other way round: what every program accepts needs a reason to be refused.
        let is_accepted = said.values().all(|words| words == "accepts");
        match (is_accepted && !errors.is_empty(), reasons.remove(&(name.clone(), "all".to_owned()))) {
            (true, None) => failures.push(format!("{name} all: accepted by all, and refused for {errors:?}")),
            (false, Some(_)) => failures.push(format!("{name} all: a reason, and no difference")),
            _ => {}
        }
    }
    failures.extend(reasons.keys().map(|(name, program)| format!("{name} {program}: no such row")));
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
#[ignore = "asks openssl and what else of java, certtool and go is installed; wants python3"]
fn the_table_of_programs_is_fresh() {
    let script = specimen::root().parent().unwrap().join("scripts/programs");
    let output = Command::new(script).arg("--check").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

//! Judges the certificates of the OPC Foundation's compliance test tool by OPC 10000-4 section 6.1.3.

use std::path::{Path, PathBuf};

use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::opcua::validation::{ListRole, Peer};
use certkit_core::opcua::{Question, SecurityPolicy, TrustLists, Validation, validate};
use certkit_core::status::StatusCode;

fn folder() -> PathBuf {
    let shared = std::env::var_os("CERTKIT_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        |shared| Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(shared),
    );
    shared.join("ctt")
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect()
}

fn lists() -> TrustLists {
    let mut lists = TrustLists::new();
    for (role, name) in [(ListRole::Trusted, "trusted"), (ListRole::Issuers, "issuers")] {
        let shelf_folder = folder().join("pki").join(name);
        for der in files(&shelf_folder.join("certs")) {
            lists.add(role, Certificate::from_der(&der).unwrap());
        }
        for der in files(&shelf_folder.join("crl")) {
            lists.add_revocation_list(role, RevocationList::from_der(&der).unwrap());
        }
    }
    lists
}

fn question() -> Question<'static> {
    Question {
        policy: SecurityPolicy::named("Basic256Sha256"),
        application_uri: Some("urn:STERFIVEPC2:OPCFoundation:UaComplianceTestTool"),
        ..Question::new(Peer::Application, "2020-05-11T00:00:00Z".parse().unwrap())
    }
}

fn judge(file: &str, lists: &TrustLists, question: &Question<'_>) -> Validation {
    let der = std::fs::read(folder().join("certs").join(file)).unwrap();
    validate(&Certificate::from_der(&der).unwrap(), &[], lists, question)
}

#[test]
#[ignore = "needs the certificates of the compliance test tool beside the workspace (CERTKIT_SHARED)"]
fn every_application_certificate_has_the_status_that_the_standard_gives_it() {
    let (lists, question) = (lists(), question());
    let expected = std::fs::read_to_string(folder().join("expected.csv")).unwrap();
    let (mut right, mut wrong) = (0, Vec::new());
    for line in expected.lines().skip(1) {
        let mut fields = line.split(',');
        let (file, status) = (fields.next().unwrap(), fields.nth(1).unwrap());
        let validation = judge(file, &lists, &question);
        let wanted: StatusCode = status.parse().unwrap();
        if validation.status() == wanted {
            right += 1;
        } else {
            let said: Vec<String> =
                validation.objections.iter().map(|it| format!("{} {}", it.code(), it.kind)).collect();
            wrong.push(format!("{file}: wanted {wanted}, found {}: {said:#?}", validation.status()));
        }
    }
    assert!(wrong.is_empty(), "{right} right; {}", wrong.join("\n"));
    assert_eq!(right, 44);
}

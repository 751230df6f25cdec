//! What a build without any feature does: it reads, checks and verifies.

mod floors;

use std::path::PathBuf;

use certkit_core::check::HTTPS;
use certkit_core::{
    Certificate, CertificateSet, Context, Expectation, Moment, Origin, Report, Request, Trust, Verdict, assess,
};

/// The certificates of a specimen: what is presented, then its root.
fn certificates(name: &str) -> Vec<Certificate> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/checks").join(name);
    let blocks = pem::parse_many(std::fs::read(&file).unwrap()).unwrap();
    blocks.iter().map(|block| Certificate::from_der(block.contents()).unwrap()).collect()
}

/// What the profile `https` says of a chain whose last certificate is trusted.
fn judged(name: &str, host: &str) -> Report {
    let all = certificates(name);
    let (root, presented) = all.split_last().unwrap();
    let trusted = CertificateSet {
        origin: Origin::Given("root".to_owned()),
        trust: Trust::Anchors,
        certificates: vec![root.clone()],
    };
    let context = Context::new([trusted]);
    let moment = Moment::from_unix(1_780_272_000);
    let expectation = Expectation { host: Some(host.to_owned()), ..Expectation::default() };
    let request = Request {
        leaf: &presented[0],
        presented,
        expectation: &expectation,
        profile: &HTTPS,
        moment,
        connection: None,
    };
    let mut report = Report::new(moment);
    report.add(&HTTPS, &assess(&request, &context, None), &Origin::Presented);
    report
}

#[test]
fn a_chain_is_verified_and_checked() {
    let report = judged("host-mismatch/good.pem", "plc7.plant.example");
    assert_eq!(report.verdict(), Verdict::Ok, "{:?}", report.findings);
}

#[test]
fn another_host_is_a_finding() {
    let report = judged("host-mismatch/good.pem", "plc8.plant.example");
    assert_eq!(report.verdict(), Verdict::Errors);
    assert!(report.findings.iter().any(|finding| finding.check.id == "host-mismatch"));
}

/// MD5 is verified with the feature `legacy-crypto` alone.
#[test]
fn what_cannot_be_verified_is_not_fine() {
    let report = judged("signature-weak-hash/bad-md5.pem", "plc7.plant.example");
    assert_ne!(report.verdict(), Verdict::Ok);
    let is_told = report.findings.iter().any(|finding| finding.check.id == "signature-not-verifiable");
    assert_eq!(is_told, cfg!(not(feature = "legacy-crypto")), "{:?}", report.findings);
}

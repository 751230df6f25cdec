//! Holds a chain against a profile and tells every finding: `cargo run --example lint -- CHAIN.pem [ROOT.pem]`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to whoever runs it")]

use std::error::Error;
use std::fs;

use certkit_core::check::HTTPS;
use certkit_core::container::{self, ItemKind};
use certkit_core::{Certificate, CertificateSet, Context, Expectation, Moment, Origin, Report, Request, Trust, assess};

fn read(file: &str) -> Result<Vec<Certificate>, Box<dyn Error>> {
    let contents = container::read(&fs::read(file)?)?;
    let certificates = contents.items.iter().filter(|item| item.kind == ItemKind::Certificate);
    Ok(certificates.map(|item| Certificate::from_der(&item.der)).collect::<Result<_, _>>()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = std::env::args().skip(1);
    let presented = read(&files.next().ok_or("name a file with a chain")?)?;
    let leaf = presented.first().ok_or("there is no certificate in it")?;
    // What is trusted is gathered once, however many chains are judged.
    let mut certificate_sets = Vec::new();
    for file in files {
        let certificates = read(&file)?;
        certificate_sets.push(CertificateSet { origin: Origin::Given(file), trust: Trust::Anchors, certificates });
    }
    let context = Context::new(certificate_sets);
    let expectation = Expectation { host: Some("thingworx.plant.example".to_owned()), ..Expectation::default() };
    let moment = Moment::now();
    let request =
        Request { leaf, presented: &presented, expectation: &expectation, profile: &HTTPS, moment, connection: None };
    let mut report = Report::new(moment);
    report.add(&HTTPS, &assess(&request, &context, None), &Origin::Presented);
    for finding in &report.findings {
        println!("{} {}: {}", finding.severity, finding.check.id, finding.evidence);
        println!("    do: {}", finding.remedy);
    }
    println!("verdict: {}", report.verdict().name());
    Ok(())
}

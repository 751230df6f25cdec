//! Fetches the chain of a ThingWorx server and prints the CA that Kepware has to trust:
//! `cargo run --features net --example fetch_thingworx_ca -- https://HOST/Thingworx/WS`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to whoever runs it")]

use std::error::Error;

use certkit_core::check::ALWAYSON;
use certkit_core::container::pem;
use certkit_core::presented::Endpoint;
use certkit_core::source::{Connect, Downloads, Limits, capture_blocking};
use certkit_core::{Certificate, Context, Expectation, Moment, Request, assess};

fn main() -> Result<(), Box<dyn Error>> {
    let endpoint: Endpoint = std::env::args().nth(1).ok_or("name the address of a server")?.parse()?;
    let capture = capture_blocking(&endpoint, &Connect::default())?;
    let presented = capture.presented.iter().map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, _>>()?;
    let leaf = presented.first().ok_or("the server sent no certificate")?;
    let expectation = Expectation { host: Some(endpoint.host.to_string()), ..Expectation::default() };
    let request = Request {
        leaf,
        presented: &presented,
        expectation: &expectation,
        profile: &ALWAYSON,
        moment: Moment::now(),
        connection: None,
    };
    // Issuers that the server does not send are fetched from where the certificates say.
    let downloads = Downloads::begin(Limits::default(), None);
    let assessment = assess(&request, &Context::default(), Some(&mut |address| Ok(downloads.get(address)?)));
    for finding in &assessment.judgement.findings {
        eprintln!("{} {}: {}", finding.severity, finding.check.id, finding.evidence);
    }
    let chain = assessment.into_chain();
    let ca = chain.top().ok_or("the chain does not reach its CA")?;
    print!("{}", pem::encode("CERTIFICATE", ca.der()));
    Ok(())
}

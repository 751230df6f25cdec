//! What x509-parser reads of certificates: one JSON line for each path of standard input, for `scripts/wild`.

use std::io::{self, BufRead as _, Write as _};

use serde_json::{Value, json};
use x509_parser::pem::Pem;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// Describes one certificate; null where it cannot be read.
fn fields(der: &[u8]) -> Value {
    let Ok((rest, certificate)) = X509Certificate::from_der(der) else { return Value::Null };
    let names = certificate.subject_alternative_name();
    json!({
        "version": certificate.version().0.saturating_add(1),
        "serial": certificate.raw_serial().iter().map(|octet| format!("{octet:02x}")).collect::<String>(),
        "not_before": certificate.validity().not_before.timestamp(),
        "not_after": certificate.validity().not_after.timestamp(),
        "extensions": certificate.extensions().iter().map(|it| it.oid.to_id_string()).collect::<Vec<_>>(),
        "names": names.ok().flatten().map(|it| it.value.general_names.len()),
        "is_ca": certificate.basic_constraints().ok().flatten().is_some_and(|it| it.value.ca),
        "signature": certificate.signature_algorithm.algorithm.to_id_string(),
        "length": der.len().saturating_sub(rest.len()),
    })
}

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for path in io::stdin().lock().lines() {
        let path = path?;
        let bytes = std::fs::read(&path)?;
        let all: Vec<Value> = if bytes.starts_with(&[0x30]) {
            vec![fields(&bytes)]
        } else {
            let blocks = Pem::iter_from_buffer(&bytes).filter_map(Result::ok);
            blocks.filter(|pem| pem.label == "CERTIFICATE").map(|pem| fields(&pem.contents)).collect()
        };
        writeln!(out, "{}", json!({ "path": path, "certificates": all }))?;
    }
    out.flush()
}

//! SARIF 2.1.0 (OASIS): one run, a rule for each check that is named, a result for each finding.

use std::collections::HashMap;
use std::path::Path;

use certkit_core::crypto::digest;
use certkit_core::presented::Endpoint;
use certkit_core::report::Report;
use certkit_core::text::{Hex, without_secrets};
use serde_json::{Value, json};

use super::{Entry, Kind, entries};
use certkit_core::check::{Check, Severity};

/// The document; its names are those of the standard.
pub(super) fn document(report: &Report) -> Value {
    let entries = entries(report);
    let mut rules: Vec<&'static Check> = Vec::new();
    for entry in &entries {
        if !rules.iter().any(|rule| rule.id == entry.check.id) {
            rules.push(entry.check);
        }
    }
    let mut known = HashMap::new();
    let results: Vec<Value> = entries.iter().map(|entry| result(entry, &rules, &mut known)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "certkit",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_iter().map(rule).collect::<Vec<_>>(),
            } },
            "invocations": [{ "executionSuccessful": true }],
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn rule(check: &'static Check) -> Value {
    json!({
        "id": check.id,
        "shortDescription": { "text": check.title },
        "fullDescription": { "text": if check.why.is_empty() { check.title } else { check.why } },
        "help": { "text": check.remedy },
        "defaultConfiguration": { "level": level(check.severity) },
        "properties": { "clauses": check.clauses.iter().map(ToString::to_string).collect::<Vec<_>>() },
    })
}

/// What tells one finding from another; `known` counts those that are told apart by nothing else.
fn identity(parts: [&str; 3], known: &mut HashMap<String, usize>) -> String {
    let whole = parts.join("\0");
    let count = known.entry(whole.clone()).or_default();
    *count += 1;
    let whole = if *count > 1 { format!("{whole}\0{count}") } else { whole };
    Hex(digest::sha256(whole.as_bytes())).to_string()
}

fn result(entry: &Entry<'_>, rules: &[&'static Check], known: &mut HashMap<String, usize>) -> Value {
    let fingerprint = entry.about.map(|it| Hex(it.certificate.fingerprint_sha256()).to_string());
    // The same finding of the same certificate is the same, whatever its words are tomorrow.
    let parts = [entry.check.id, fingerprint.as_deref().unwrap_or_default(), entry.source.unwrap_or_default()];
    let mut result = json!({
        "ruleId": entry.check.id,
        "ruleIndex": rules.iter().position(|rule| rule.id == entry.check.id),
        "level": level(entry.severity),
        "message": { "text": entry.sentence() },
        "locations": [],
        "partialFingerprints": { "certkitFinding/v1": identity(parts, known) },
        "properties": { "remedy": entry.remedy },
    });
    let mut location = json!({});
    if let Some(source) = entry.source.filter(|source| *source != "-") {
        location["physicalLocation"] = physical(source);
    }
    if let (Some(subject), Some(fingerprint)) = (entry.subject(), &fingerprint) {
        location["logicalLocations"] = json!([{ "name": subject, "fullyQualifiedName": fingerprint }]);
        result["properties"]["fingerprint_sha256"] = json!(fingerprint);
    }
    if location.as_object().is_some_and(|it| !it.is_empty()) {
        result["locations"] = json!([location]);
    }
    if entry.kind == Kind::Ignored {
        result["suppressions"] = json!([{ "kind": "external", "justification": "--ignore" }]);
    }
    result
}

/// The file or endpoint. A file gets a region as well: code hosting shows no result without a line.
fn physical(source: &str) -> Value {
    // As it was named: a file of that name is read before an endpoint is asked.
    if source.contains("://") || (Endpoint::resembles(source) && !Path::new(source).exists()) {
        return json!({ "artifactLocation": { "uri": without_secrets(source) } });
    }
    json!({ "artifactLocation": { "uri": uri(source) }, "region": { "startLine": 1 } })
}

/// A path as a URI (RFC 3986, RFC 8089): relative where the path is.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let path = path.strip_prefix("./").unwrap_or(&path);
    let has_drive = cfg!(windows) && path.as_bytes().get(1) == Some(&b':');
    let mut uri = match (path.starts_with('/'), has_drive) {
        (true, _) => "file://".to_owned(),
        (false, true) => "file:///".to_owned(),
        (false, false) => String::new(),
    };
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri += &format!("%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_without_a_certificate_are_told_apart() {
        let mut known = HashMap::new();
        let parts = ["chain-duplicate", "", "a.p12"];
        let first = identity(parts, &mut known);
        assert_ne!(first, identity(parts, &mut known));
        assert_eq!(first, identity(parts, &mut HashMap::new()));
    }

    #[test]
    fn a_path_becomes_a_uri() {
        for (path, wanted) in [
            ("certs/plc7.pem", "certs/plc7.pem"),
            ("./plc7.pem", "plc7.pem"),
            ("line 3/Gerät.pem", "line%203/Ger%C3%A4t.pem"),
            ("plc7:443", "plc7%3A443"),
        ] {
            assert_eq!(uri(path), wanted);
        }
        #[cfg(unix)]
        assert_eq!(uri("/etc/ssl/a#b.pem"), "file:///etc/ssl/a%23b.pem");
        #[cfg(windows)]
        assert_eq!(uri("C:\\plc\\a.pem"), "file:///C%3A/plc/a.pem");
        let endpoint = physical("plc7:443");
        assert_eq!((&endpoint["artifactLocation"]["uri"], &endpoint["region"]), (&json!("plc7:443"), &Value::Null));
        assert_eq!(physical("https://user:secret@plc7/")["artifactLocation"]["uri"], "https://***@plc7/");
    }
}

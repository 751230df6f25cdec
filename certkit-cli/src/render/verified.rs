//! A trust decision, for people and as JSON.

use certkit_core::cert::Certificate;
use certkit_core::check::{Finding, Severity};
use certkit_core::crypto::signature::Failure;
use certkit_core::path::WhyNot;
use certkit_core::text::{Hex, Printable, plural};
use certkit_core::verify::Near;
use certkit_core::verify::program::Refusal;
use schemars::JsonSchema;
use serde::Serialize;

use super::findings::{FindingJson, one};
use super::json::CertificateJson;
use super::opcua_validation::code_name;
use super::validated::{self, ValidationJson};
use crate::terminal::gate;
use crate::terminal::style::{self, paint};
use crate::verdict::{Decision, Judged, Outcome, ProgramVerdict};

/// The document of `certkit.verify/1`, and of each line of a batch.
#[derive(Serialize, JsonSchema)]
pub(crate) struct VerifyJson {
    schema: &'static str,
    /// In a batch: the number of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// In a batch: what the line had in its field `id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<serde_json::Value>,
    /// `accepted`, `rejected`, or `not-judged`: nothing is known to be wrong, but what decides could not be determined.
    /// A line of a batch that could not be judged at all is `not-judged` as well, with the reason in `error`.
    verdict: &'static str,
    accepted: bool,
    /// Why a line of a batch could not be judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Under the profiles of OPC UA: the StatusCode.
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<String>,
    /// Under the profiles of OPC UA: the steps, and what they object to.
    #[serde(skip_serializing_if = "Option::is_none")]
    opcua: Option<ValidationJson>,
    /// The program whose verdict this is, with its reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<ProgramVerdictJson>,
    /// The name of the leaf's file.
    leaf: Option<String>,
    profile: Option<&'static str>,
    /// RFC 3339 UTC: the time that was judged.
    moment: Option<String>,
    /// `required`, `prefer`, `where-listed` or `off`.
    revocation: Option<&'static str>,
    /// The path, leaf first: the one that is accepted, or the best candidate.
    certificates: Vec<PathCertificateJson>,
    /// The anchor of a path that reaches one.
    anchor_fingerprint_sha256: Option<String>,
    findings: Vec<ReasonJson>,
    /// Certificates that nearly were issuers, and what kept them from it.
    near_misses: Vec<NearJson>,
    /// How many paths were judged.
    paths_tried: u32,
    /// What ran out during the search; a better path may exist.
    search_exhausted: Option<String>,
}

/// What a single program does with the leaf.
#[derive(Serialize, JsonSchema)]
struct ProgramVerdictJson {
    name: &'static str,
    /// The version that was asked.
    version: &'static str,
    refusals: Vec<RefusalJson>,
    /// The id of an error that the program was never asked about; the verdict is `not-judged` where it refuses nothing
    /// else.
    unasked: Option<&'static str>,
}

/// Why a program refuses the leaf.
#[derive(Serialize, JsonSchema)]
struct RefusalJson {
    /// The number that the program has for it, where it has numbers.
    number: Option<u32>,
    /// Its words, as far as they are the same for every certificate.
    words: String,
    /// The id of the finding.
    id: &'static str,
    /// Index into `certificates`.
    certificate_index: usize,
}

impl ProgramVerdictJson {
    fn new(verdict_of_program: &ProgramVerdict) -> ProgramVerdictJson {
        let refusal = |it: &Refusal| RefusalJson {
            number: it.number,
            words: it.words.to_string(),
            id: it.check.id,
            certificate_index: it.position,
        };
        ProgramVerdictJson {
            name: verdict_of_program.program.name(),
            version: verdict_of_program.program.version(),
            refusals: verdict_of_program.refusals.iter().map(refusal).collect(),
            unasked: verdict_of_program.unasked.map(|check| check.id),
        }
    }
}

/// A certificate of the path.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum PathCertificateJson {
    Whole(Box<CertificateJson>),
    /// In a line of a batch.
    Short(ShortJson),
}

/// A certificate in a line of a batch.
#[derive(Serialize, JsonSchema)]
struct ShortJson {
    subject_dn: String,
    serial_hex: String,
    not_after: Option<String>,
    fingerprint_sha256: String,
    origin: Option<String>,
}

/// A reason for a rejection, or a warning.
#[derive(Serialize, JsonSchema)]
struct ReasonJson {
    #[serde(flatten)]
    finding: FindingJson,
    /// What OpenSSL has for it.
    openssl: Option<OpensslJson>,
}

/// An error of OpenSSL's verification.
#[derive(Serialize, JsonSchema)]
struct OpensslJson {
    number: u32,
    name: &'static str,
}

/// A certificate that nearly was an issuer.
#[derive(Serialize, JsonSchema)]
struct NearJson {
    subject_dn: String,
    fingerprint_sha256: String,
    /// Whose issuer it nearly was: index into `certificates`.
    certificate_index: usize,
    /// `signature` or `name`.
    kind: &'static str,
    why: String,
}

/// How much of the certificates a document holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Short,
}

impl Judged {
    fn json(&self, extent: Extent) -> VerifyJson {
        let mut json = VerifyJson {
            leaf: Some(self.leaf.clone()),
            program: self.program.as_ref().map(ProgramVerdictJson::new),
            profile: Some(self.profile.name),
            moment: Some(self.moment.to_string()),
            revocation: Some(self.revocation.name()),
            verdict: self.decision.name(),
            accepted: self.is_accepted(),
            status_code: self.status.map(code_name),
            ..VerifyJson::empty()
        };
        match &self.outcome {
            Outcome::Undecodable(finding) => {
                json.findings
                    .push(ReasonJson { finding: FindingJson::new(finding, None).of(&self.leaf), openssl: None });
            }
            Outcome::Validated(it) => {
                let path = &it.validation.path.certificates;
                json.certificates = self.path(path, extent);
                json.findings = ReasonJson::all(&it.findings, path, &self.leaf);
                json.opcua = Some(ValidationJson::new(it));
            }
            Outcome::Decided(verdict) => {
                let hex = |certificate: &Certificate| Hex(certificate.fingerprint_sha256()).to_string();
                let path = &verdict.path.certificates;
                json.certificates = self.path(path, extent);
                json.anchor_fingerprint_sha256 = verdict.anchor().map(hex);
                json.findings = ReasonJson::all(&verdict.reasons, path, &self.leaf);
                json.near_misses = verdict
                    .near_misses
                    .iter()
                    .map(|near| NearJson {
                        subject_dn: near.certificate.subject().to_string(),
                        fingerprint_sha256: hex(&near.certificate),
                        certificate_index: near.of,
                        kind: if near.why == WhyNot::Name { "name" } else { "signature" },
                        why: why(near),
                    })
                    .collect();
                json.paths_tried = verdict.tried;
                json.search_exhausted = verdict.exhausted.map(|resource| resource.to_string());
            }
        }
        json
    }

    /// The certificates of a path, each with where it was found.
    fn path(&self, path: &[Certificate], extent: Extent) -> Vec<PathCertificateJson> {
        let certificate = |(at, it)| self.certificate(it, self.origins.get(at).cloned(), extent);
        path.iter().enumerate().map(certificate).collect()
    }

    fn certificate(&self, certificate: &Certificate, origin: Option<String>, extent: Extent) -> PathCertificateJson {
        if extent == Extent::Whole {
            let mut json = CertificateJson::new(certificate, self.moment);
            json.origin = origin;
            return PathCertificateJson::Whole(Box::new(json));
        }
        PathCertificateJson::Short(ShortJson {
            subject_dn: certificate.subject().to_string(),
            serial_hex: certificate.serial().to_hex(),
            not_after: certificate.not_after().ok().map(|moment| moment.to_string()),
            fingerprint_sha256: Hex(certificate.fingerprint_sha256()).to_string(),
            origin,
        })
    }
}

impl ReasonJson {
    /// Describes what was found on the path of a leaf.
    fn all(findings: &[Finding], path: &[Certificate], leaf: &str) -> Vec<ReasonJson> {
        let reason = |it: &Finding| ReasonJson {
            finding: FindingJson::new(it, it.subject.and_then(|at| path.get(at))).of(leaf),
            openssl: it.openssl.map(|it| OpensslJson { number: it.number, name: it.name }),
        };
        findings.iter().map(reason).collect()
    }
}

impl VerifyJson {
    fn empty() -> VerifyJson {
        VerifyJson {
            schema: "certkit.verify/1",
            line: None,
            id: None,
            verdict: Decision::NotJudged.name(),
            accepted: false,
            error: None,
            status_code: None,
            opcua: None,
            leaf: None,
            program: None,
            profile: None,
            moment: None,
            revocation: None,
            certificates: Vec::new(),
            anchor_fingerprint_sha256: None,
            findings: Vec::new(),
            near_misses: Vec::new(),
            paths_tried: 0,
            search_exhausted: None,
        }
    }

    /// Writes it in one line.
    fn in_one_line(&self) -> String {
        // Maps with keys that are no strings are the only thing that can fail, and there is none.
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        gate::json(&line)
    }
}

/// The decision as a document.
pub(crate) fn document(judged: &Judged) -> String {
    crate::terminal::document(&judged.json(Extent::Whole))
}

/// The decision as a line of a batch.
pub(crate) fn line(number: usize, id: Option<serde_json::Value>, judged: &Judged) -> String {
    VerifyJson { line: Some(number), id, ..judged.json(Extent::Short) }.in_one_line()
}

/// The verdict on a line of a batch that could not be judged.
pub(crate) fn not_judged(number: usize, id: Option<serde_json::Value>, error: &str) -> String {
    VerifyJson { line: Some(number), id, error: Some(error.to_owned()), ..VerifyJson::empty() }.in_one_line()
}

/// What kept a certificate from being the issuer.
fn why(near: &Near) -> String {
    match near.why {
        WhyNot::Signature(failure @ Failure::Unsupported(_)) => {
            format!("it has the issuer's name; whether its key signed cannot be told: {failure}")
        }
        WhyNot::Signature(failure) => format!("it has the issuer's name, but its key did not sign: {failure}"),
        WhyNot::Name => "it has the identifier of the issuer's key, but another name".to_owned(),
    }
}

fn name(certificate: &Certificate) -> String {
    let subject = certificate.subject();
    if subject.is_empty() { "(no subject)".to_owned() } else { Printable(format!("{subject:#}")).to_string() }
}

/// The decision for people: the path, every reason by its certificate, near misses, and the decision again.
pub(crate) fn text(judged: &Judged) -> String {
    let verdict = match &judged.outcome {
        Outcome::Decided(verdict) => verdict,
        Outcome::Undecodable(finding) => {
            let status = judged.status.map(|code| format!("{}\n", code_name(code))).unwrap_or_default();
            let (heading, finding) = (paint(style::BOLD, &judged.leaf), one(finding));
            return format!("{heading}\n{finding}\n{}{status}", sum(judged));
        }
        Outcome::Validated(it) => {
            let heading = if judged.is_accepted() { "Path" } else { "Best candidate for a path" };
            let path = path(judged, heading, &it.validation.path.certificates);
            let (sum, status) = (sum(judged), judged.status.map(code_name).unwrap_or_default());
            // The code alone, so that a script may take the last line.
            return format!("{path}\n{}{sum}{status}\n", validated::text(it));
        }
    };
    let heading = if verdict.is_accepted() { "Path" } else { "Best candidate for a path" };
    let mut text = path(judged, heading, &verdict.path.certificates);
    text.push('\n');
    for (at, certificate) in verdict.path.certificates.iter().enumerate() {
        let mut reasons = verdict.reasons.iter().filter(|reason| reason.subject == Some(at)).peekable();
        if reasons.peek().is_none() {
            continue;
        }
        text += &format!("{}\n", paint(style::BOLD, name(certificate)));
        for reason in reasons {
            text += &one(reason);
        }
        text.push('\n');
    }
    for near in &verdict.near_misses {
        let below = verdict.path.certificates.get(near.of).map(name).unwrap_or_default();
        let said = format!("{} is nearly the issuer of {below}: {}", name(&near.certificate), why(near));
        text += &format!("{}\n{}\n\n", paint(style::CARE, "near miss"), crate::terminal::wrap(&said, 4));
    }
    text + &sum(judged)
}

/// The path, leaf first, with where each certificate was found.
fn path(judged: &Judged, heading: &str, certificates: &[Certificate]) -> String {
    let mut text = format!("{}\n", paint(style::BOLD, heading));
    for (at, certificate) in certificates.iter().enumerate() {
        let branch = if at == 0 { String::new() } else { format!("{}\u{2514} ", "  ".repeat(at - 1)) };
        let origin = judged.origins.get(at).map(String::as_str).unwrap_or_default();
        text += &format!("  {branch}{}  {}\n", name(certificate), paint(style::DIM, origin));
    }
    text
}

/// What a program says, a line for each reason.
fn verdict_of_program(verdict_of_program: &ProgramVerdict, path: &[Certificate]) -> String {
    let program = format!("{} {}", verdict_of_program.program.title(), verdict_of_program.program.version());
    if verdict_of_program.refusals.is_empty() {
        return match verdict_of_program.unasked {
            Some(check) => format!("the verdict of {program} is unknown: {}\n", check.id),
            None => format!("{program} accepts it\n"),
        };
    }
    let mut text = format!("{program} rejects it\n");
    for Refusal { check, position, number, words } in &verdict_of_program.refusals {
        let number = number.map(|number| format!("error {number} ")).unwrap_or_default();
        let of = path.get(*position).map(|it| format!(" for {}", name(it))).unwrap_or_default();
        text += &format!("{}\n", crate::terminal::wrap(&format!("{number}{words}{of} ({})", check.id), 4));
    }
    text
}

/// The last line.
fn sum(judged: &Judged) -> String {
    let verdict = match judged.decision {
        Decision::Accepted => paint(style::GOOD, "ACCEPTED"),
        Decision::Rejected => paint(style::BAD, "REJECTED"),
        Decision::NotJudged => paint(style::BAD, "NOT JUDGED"),
    };
    let count = |severity| judged.findings().iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let (errors_word, warnings_word) = (plural(errors, "error", "errors"), plural(warnings, "warning", "warnings"));
    let (profile, revocation) = (judged.profile.name, judged.revocation.name());
    if let Some(it) = &judged.program {
        let path = match &judged.outcome {
            Outcome::Decided(decided) => decided.path.certificates.as_slice(),
            Outcome::Undecodable(_) | Outcome::Validated(_) => &[],
        };
        let title = it.program.title();
        return format!("{}\n{verdict} by {title}, revocation {revocation}\n", verdict_of_program(it, path));
    }
    format!(
        "{verdict}: {errors} {errors_word}, {warnings} {warnings_word}; profile {profile}, revocation {revocation}\n"
    )
}

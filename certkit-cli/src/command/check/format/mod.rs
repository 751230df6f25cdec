//! The formats of what a check has found.

mod junit;
mod sarif;

use std::io::{self, Write};
use std::path::Path;

use certkit_core::check::{Check, Finding, Severity};
use certkit_core::report::{Report, Reported};
use certkit_core::text::{Printable, plural};
use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Serialize;

use super::PoliciesJson;
use super::posture::PostureJson;
use crate::input::Inputs;
use crate::outputs::Formats;
use crate::render::findings::{self, ReportJson};
use crate::render::source::SourceJson;
use crate::terminal;
use crate::terminal::gate::{self, Colors};
use crate::terminal::style::{self, paint};

/// The format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text.
    Text,
    /// One JSON document with a schema.
    Json,
    /// SARIF 2.1.0, for code hosting platforms.
    Sarif,
    /// JUnit XML, for CI servers.
    Junit,
}

impl Formats for Format {
    const TEXT: Format = Format::Text;
    const JSON: Format = Format::Json;

    fn form(self) -> gate::Form {
        match self {
            Format::Json | Format::Sarif => gate::Form::Json,
            Format::Text | Format::Junit => gate::Form::Lines,
        }
    }

    fn of(path: &Path) -> Option<Format> {
        Some(match path.extension()?.to_str()? {
            "txt" => Format::Text,
            "json" => Format::Json,
            "sarif" => Format::Sarif,
            "xml" => Format::Junit,
            _ => return None,
        })
    }
}

/// The document of `certkit.check/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CheckJson<'a> {
    schema: &'static str,
    sources: Vec<SourceJson>,
    /// Files and endpoints that could not be read, each with the reason.
    unreadable: Vec<String>,
    /// Under the profile opcua: the security policies that each application's certificate can serve.
    security_policies: Vec<PoliciesJson>,
    /// With --posture: what probes found at each endpoint, and what was sent to find it.
    #[serde(skip_serializing_if = "<[PostureJson]>::is_empty")]
    posture: &'a [PostureJson],
    #[serde(flatten)]
    report: ReportJson,
}

/// What a run has looked at, and what came of it.
pub(super) struct Looked<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) posture: &'a [PostureJson],
    pub(super) report: &'a Report,
}

impl Looked<'_> {
    /// Writes it in a format.
    pub(super) fn write(&self, format: Format, to: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Text => to.write_all(gate::text(&self.text(), Colors::LeftOut).as_bytes()),
            Format::Json => to.write_all(terminal::document(&self.json()).as_bytes()),
            Format::Sarif => to.write_all(terminal::document(&sarif::document(self.report)).as_bytes()),
            Format::Junit => junit::write(self.report, to),
        }
    }

    fn json(&self) -> CheckJson<'_> {
        let unreached = self.inputs.unreached.iter().map(|(_, failure)| failure.in_one_line());
        CheckJson {
            schema: "certkit.check/1",
            sources: self.inputs.read.iter().map(SourceJson::new).collect(),
            unreadable: self.inputs.failed.iter().map(ToString::to_string).chain(unreached).collect(),
            security_policies: super::policies(self.report),
            posture: self.posture,
            report: ReportJson::new(self.report),
        }
    }

    /// Text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for input in &self.inputs.read {
            let name = Printable(&input.name);
            text += &format!("{}  {}\n", paint(style::BOLD, name), input.summary());
            if let Some(asked) = input.asked() {
                let lines = asked.lines();
                let end = if lines.is_empty() { "" } else { " of" };
                text += &format!("  the server asks for a client certificate{end}\n");
                lines.iter().for_each(|line| text += &format!("    {line}\n"));
            }
        }
        for (name, _) in &self.inputs.unreached {
            text += &format!("{}  {}\n", paint(style::BOLD, Printable(name)), paint(style::BAD, "not read"));
        }
        if let Some(names) = self.inputs.passed_over() {
            let count = self.inputs.passed_over.len();
            let said = format!("{count} {} nothing to check: {names}", plural(count, "file holds", "files hold"));
            text += &format!("{}\n", terminal::wrap(&said, 0));
        }
        for probed in self.posture {
            text += &format!("\n{}", probed.text());
        }
        format!("{text}\n{}{}", super::policies_text(self.report), findings::text(self.report))
    }
}

/// What a pipeline is told: something that is not met, something that nobody could tell, or something set aside.
struct Entry<'a> {
    check: &'static Check,
    severity: Severity,
    kind: Kind,
    message: &'a str,
    remedy: &'a str,
    about: Option<&'a Reported>,
    source: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    NotMet,
    Undetermined,
    Ignored,
}

/// All that is told of a report, heaviest first.
fn entries(report: &Report) -> Vec<Entry<'_>> {
    let about = |subject: Option<usize>| subject.and_then(|at| report.certificates.get(at));
    let undetermined = report.undetermined.iter().map(|it| Entry {
        check: it.check,
        severity: it.severity,
        kind: Kind::Undetermined,
        message: &it.reason,
        remedy: it.remedy.unwrap_or_default(),
        about: about(it.subject),
        source: it.source.as_deref(),
    });
    let findings = report.sorted().into_iter().map(|it| Entry::new(Kind::NotMet, it, about(it.subject)));
    let ignored = report.ignored.iter().map(|it| Entry::new(Kind::Ignored, it, about(it.subject)));
    findings.chain(undetermined).chain(ignored).collect()
}

impl<'a> Entry<'a> {
    fn new(kind: Kind, finding: &'a Finding, about: Option<&'a Reported>) -> Entry<'a> {
        Entry {
            check: finding.check,
            severity: finding.severity,
            kind,
            message: &finding.evidence,
            remedy: finding.remedy,
            about,
            source: finding.source.as_deref(),
        }
    }

    /// The subject of the certificate that it is about, on one line.
    fn subject(&self) -> Option<String> {
        let subject = self.about?.certificate.subject();
        Some(findings::subject_words(&subject))
    }

    /// What is said, with the certificate that it is said of.
    fn sentence(&self) -> String {
        let what = Printable(self.message);
        let said = match self.kind {
            Kind::Undetermined => format!("not told: {what}"),
            Kind::NotMet | Kind::Ignored => what.to_string(),
        };
        self.subject().map_or(said.clone(), |subject| format!("{subject}: {said}"))
    }
}

//! What a validation of OPC 10000-4 section 6.1.3 objects to, for people and as JSON.

use certkit_core::check::opcua::explanation;
use certkit_core::opcua::Prediction;
use certkit_core::opcua::validation::{Effect, Objection, Step, Validation};
use certkit_core::status::StatusCode;
use certkit_core::text::{Hex, Printable};
use schemars::JsonSchema;
use serde::Serialize;

use crate::preflight::{Cure, Place};
use crate::terminal::style::{self, paint};

/// Something that a step does not accept.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ObjectionJson {
    /// Such as `BadCertificateUntrusted`.
    status_code: String,
    /// The step of OPC 10000-4 section 6.1.3, from 1.
    step: u8,
    step_title: &'static str,
    /// The certificate, as its position on the path: 0 is the leaf.
    position: usize,
    /// RFC 4514.
    subject_dn: Option<String>,
    fingerprint_sha256: Option<String>,
    message: String,
    /// Whether an administrator has switched this error off.
    is_suppressed: bool,
    /// The id of the finding for it.
    id: Option<&'static str>,
    clauses: Vec<String>,
    remedy: Option<&'static str>,
    /// What cures it here, each with the place to do it.
    cures: Vec<Cure>,
}

/// A step with its outcome.
#[derive(Serialize, JsonSchema)]
pub(crate) struct StepJson {
    number: u8,
    title: &'static str,
    /// `passed`, `failed`, `suppressed` or `not_told`.
    outcome: &'static str,
}

/// What a stack would make of it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PredictionJson {
    /// `UA .NET Standard`, `open62541`, `node-opcua`, `asyncua`, `Eclipse Milo` or `gopcua`.
    pub(crate) stack: &'static str,
    /// How that is known: `run` where it is held against the stack itself, `source` where its source was read.
    known_by: &'static str,
    /// Its own result.
    pub(crate) status_code: String,
    /// What it would tell its peer.
    told: String,
    /// Why its result is not the standard's, and which settings would change it.
    remarks: Vec<&'static str>,
}

/// The name of a status code.
pub(crate) fn code_name(code: StatusCode) -> String {
    code.name().map_or_else(|| format!("{:#010x}", code.0), str::to_owned)
}

impl Cure {
    /// Writes it with its place; a command stays in one line, since it is copied.
    pub(crate) fn text(&self) -> String {
        let head = match self.place {
            Place::Certkit => "do: ",
            Place::Folder => "or: ",
            Place::Kepware => "in Kepware: ",
            Place::Setting => "set: ",
        };
        let line = Printable(format!("{head}{}", self.text)).to_string();
        match self.place {
            Place::Certkit => format!("    {line}\n"),
            _ => format!("{}\n", crate::terminal::wrap(&line, 4)),
        }
    }
}

impl ObjectionJson {
    /// Describes an objection of a validation.
    pub(crate) fn new(objection: &Objection, validation: &Validation, cures: Vec<Cure>) -> ObjectionJson {
        let certificate = validation.path.certificates.get(objection.position);
        let known = explanation(objection.code());
        ObjectionJson {
            status_code: code_name(objection.code()),
            step: objection.step.number(),
            step_title: objection.step.title(),
            position: objection.position,
            subject_dn: certificate.map(|it| it.subject().to_string()),
            fingerprint_sha256: certificate.map(|it| Hex(it.fingerprint_sha256()).to_string()),
            message: objection.kind.to_string(),
            is_suppressed: objection.effect == Effect::Suppressed,
            id: known.and_then(|it| it.check).map(|check| check.id),
            clauses: known.iter().flat_map(|it| it.clauses).map(ToString::to_string).collect(),
            remedy: known.map(|it| it.remedy),
            cures,
        }
    }
}

impl StepJson {
    /// Describes every step.
    pub(crate) fn all(validation: &Validation, undetermined: &[Step]) -> Vec<StepJson> {
        let outcome = |step: Step| {
            if validation.refusals().any(|it| it.step == step) {
                "failed"
            } else if undetermined.contains(&step) {
                "not_told"
            } else if validation.suppressed().any(|it| it.step == step) {
                "suppressed"
            } else {
                "passed"
            }
        };
        Step::ALL.map(|step| StepJson { number: step.number(), title: step.title(), outcome: outcome(step) }).into()
    }
}

impl PredictionJson {
    /// Describes a prediction.
    pub(crate) fn new(it: &Prediction) -> PredictionJson {
        PredictionJson {
            stack: it.stack.name(),
            known_by: it.stack.known_by().name(),
            status_code: code_name(it.status),
            told: code_name(it.reported),
            remarks: it.remarks.clone(),
        }
    }
}

/// Writes an objection with what cures it.
pub(crate) fn text(objection: &Objection, validation: &Validation, cures: &[Cure]) -> String {
    let (sign, colour) = match objection.effect {
        Effect::Refused => ("x", style::BAD),
        Effect::Suppressed => ("- suppressed:", style::CARE),
    };
    let subject = validation.path.certificates.get(objection.position).filter(|_| objection.position > 0);
    let about = subject.map(|it| format!(", about {}", Printable(format!("{:#}", it.subject())))).unwrap_or_default();
    let mut text = format!(
        "  {}  {}\n",
        paint(colour, format_args!("{sign} {}", code_name(objection.code()))),
        paint(style::DIM, format_args!("step {}, {}{about}", objection.step.number(), objection.step.title()))
    );
    // The evidence made its strangers' text printable where it was written.
    text += &format!("{}\n", crate::terminal::wrap(&objection.kind.to_string(), 4));
    if objection.effect == Effect::Suppressed {
        return text;
    }
    text += &cures.iter().map(Cure::text).collect::<String>();
    if cures.is_empty()
        && let Some(known) = explanation(objection.code())
    {
        text += &format!("{}\n", crate::terminal::wrap(&format!("do: {}", known.remedy), 4));
    }
    text
}

/// Writes what every stack would make of it; nothing where nobody asked.
pub(crate) fn stacks(predictions: &[Prediction]) -> String {
    if predictions.is_empty() {
        return String::new();
    }
    let title = paint(style::BOLD, "By stack");
    let how = paint(style::DIM, "(run: held against the stack itself; source: as its source says)");
    format!("  {title}  {how}\n") + &predictions.iter().map(predicted).collect::<String>()
}

/// Writes what one stack would make of it.
pub(crate) fn predicted(prediction: &Prediction) -> String {
    let colour = if prediction.status == StatusCode::GOOD { style::GOOD } else { style::BAD };
    let told = match prediction.reported == prediction.status {
        true => String::new(),
        false => format!(", tells its peer {}", code_name(prediction.reported)),
    };
    let mut text = format!(
        "    {:16}  {:6}  {}{told}\n",
        prediction.stack.name(),
        prediction.stack.known_by().name(),
        paint(colour, code_name(prediction.status))
    );
    for remark in &prediction.remarks {
        text += &format!("{}\n", paint(style::DIM, crate::terminal::wrap(remark, 8)));
    }
    text
}

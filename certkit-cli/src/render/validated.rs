//! A decision by OPC 10000-4 section 6.1.3, for people and as JSON.

use certkit_core::opcua::validation::Step;
use certkit_core::status::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use super::opcua_validation::{self, ObjectionJson, PredictionJson, StepJson, code_name};
use crate::terminal::style::{self, paint};
use crate::verdict::Validated;

/// What a decision of OPC UA has besides.
#[derive(Serialize, JsonSchema)]
pub(super) struct ValidationJson {
    /// What a server would tell its client instead of the status code.
    told: String,
    /// The steps of OPC 10000-4 section 6.1.3 in their order.
    steps: Vec<StepJson>,
    /// In the order in which the standard meets them: the first that is not suppressed decides, the others would
    /// fail next.
    objections: Vec<ObjectionJson>,
    /// What was accepted by a lenient reading.
    notes: Vec<String>,
    /// The lowest certificate of the path that is in the trusted list; null where there is none.
    trusted_index: Option<usize>,
    /// What every stack would make of it, where that was asked for.
    stacks: Vec<PredictionJson>,
}

impl ValidationJson {
    /// Describes it.
    pub(super) fn new(it: &Validated) -> ValidationJson {
        let validation = &it.validation;
        ValidationJson {
            told: code_name(validation.reported()),
            steps: StepJson::all(validation, &it.undetermined),
            objections: validation.objections.iter().map(|it| ObjectionJson::new(it, validation, Vec::new())).collect(),
            notes: validation.notes.iter().map(|note| note.kind.to_string()).collect(),
            trusted_index: validation.trusted,
            stacks: it.stacks.iter().map(PredictionJson::new).collect(),
        }
    }
}

/// The decision for people, after the path: steps, objections, what is told instead, stacks.
pub(super) fn text(it: &Validated) -> String {
    let validation = &it.validation;
    let mut text = format!("{}\n", paint(style::BOLD, "Steps of OPC 10000-4 section 6.1.3"));
    for step in Step::ALL {
        let outcome = if validation.refusals().any(|it| it.step == step) {
            paint(style::BAD, "failed")
        } else if it.undetermined.contains(&step) {
            paint(style::DIM, "not asked")
        } else if validation.suppressed().any(|it| it.step == step) {
            paint(style::CARE, "suppressed")
        } else {
            paint(style::GOOD, "passed")
        };
        text += &format!("  {:2}  {:26} {outcome}\n", step.number(), step.title());
    }
    for (at, objection) in validation.objections.iter().enumerate() {
        let is_next = at > 0 && validation.refusals().next().is_some_and(|first| !std::ptr::eq(first, objection));
        text += match (at, is_next) {
            (0, _) => "\n",
            (1, true) => "\n  would fail next:\n",
            _ => "",
        };
        text += &opcua_validation::text(objection, validation, &[]);
    }
    for note in &validation.notes {
        text += &format!("\n{}\n", crate::terminal::wrap(&format!("! note: {}", note.kind), 2));
    }
    if validation.status() != StatusCode::GOOD {
        text += &format!("\na server would tell its client {}\n", code_name(validation.reported()));
    }
    if !it.stacks.is_empty() {
        text += &format!("\n{}", opcua_validation::stacks(&it.stacks));
    }
    text + "\n"
}

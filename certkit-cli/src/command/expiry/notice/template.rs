//! Fills templates with what a run has seen.

use certkit_expiry::document;
use certkit_expiry::run_report::RunReport;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde_json::Value;

use super::super::text;
use crate::failure::Failure;
use crate::terminal::gate::{self, Colors};

/// What templates speak of.
pub(super) struct Words {
    values: Value,
    /// The document of the run.
    pub(super) document: Vec<u8>,
}

impl Words {
    /// The document `certkit.expiry/1`, `report` (the table), `headline` (its last line) and `host` (this machine).
    pub(super) fn of(run: &RunReport<'_>) -> Result<Words, Failure> {
        let unwritten = |error: std::io::Error| Failure::new("the report of the run cannot be prepared").because(error);
        let mut document = Vec::new();
        document::write(run, &mut document).map_err(unwritten)?;
        let mut values: Value =
            serde_json::from_slice(&document).map_err(|error| unwritten(std::io::Error::other(error)))?;
        let report = gate::text(&text::text(run, false), Colors::LeftOut);
        let headline = report.trim_end().lines().next_back().unwrap_or_default().to_owned();
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        if let Some(values) = values.as_object_mut() {
            for (name, text) in [("report", report), ("headline", headline), ("host", host)] {
                values.insert(name.to_owned(), Value::String(text));
            }
        }
        Ok(Words { values, document })
    }

    /// Fills a template; `what` it is for stands in errors.
    pub(super) fn fill(&self, template: &str, what: &str) -> Result<String, Failure> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.render_str(template, Serde(&self.values)).map_err(|error| {
            Failure::new(format!("the template of {what} cannot be filled")).because(error).hint(
                "it may use report, headline, host and the fields of `certkit schema expiry`, such as {{ \
                       headline }}",
            )
        })
    }
}
